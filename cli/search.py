"""`deskferry search`: who said this, when, and where."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from deskferry.archive.search import Hit, Where, search, unmet

from . import options
from .audit import day
from .main import root
from .outcome import Outcome
from .progress import Display
from .stages import with_archive
from .verb import verb
from .words import command, number, plural

_THREAD = (
    "select created_at, author_name, public, text from comment_thread where ticket_id = {} order by position"
)
_DAY = click.DateTime(["%Y-%m-%d"])


@verb(root, "search")
@options.dataset
@click.argument("text")
@click.option("--from", "first", type=_DAY, metavar="DATE", help="Only comments of this day (UTC) or later.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="Only comments of this day (UTC) or earlier.")
@click.option("--requester", metavar="WHO", help="Only tickets of this e-mail, user id or part of a name.")
@click.option("--tag", help="Only tickets with this tag.")
@click.option("--private/--public", "private", default=None, help="Only internal, or only public comments.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many hits.")
def run(
    display: Display,
    dataset: Path,
    text: str,
    first: datetime | None,
    last: datetime | None,
    requester: str | None,
    tag: str | None,
    private: bool | None,  # noqa: FBT001 -- click hands every option over by name
    limit: int,
) -> Outcome:
    """Find TEXT in the comments of DATASET, newest first. Upper and lower case do not matter."""
    opened = with_archive(dataset, display)
    where = Where(
        first=day(first),
        last=day(last),
        requester=requester,
        tag=tag,
        public=None if private is None else not private,
    )
    found, hits = search(opened.archive, text, where=where, limit=limit)
    return Outcome(
        data={"found": found, "hits": [asdict(hit) for hit in hits]},
        lines=screen(found, hits) if found else nothing(opened.archive, text, where),
        next=command("sql", dataset, _THREAD.format(hits[0].ticket_id))
        if hits
        else command("audit", dataset),
    )


def screen(found: int, hits: list[Hit]) -> list[str]:
    """One line a hit, the text in it between two stars on either side."""
    more = f", the newest {number(len(hits))} of them" if found > len(hits) else ""
    return [f"{plural(found, 'comment')}{more}", *map(_line, hits)]


def nothing(archive: Path, text: str, where: Where) -> list[str]:
    """Why nothing was found: the text is nowhere, or the conditions keep it out."""
    anywhere = where != Where() and search(archive, text, where=Where(), limit=1)[0]
    if not anywhere:
        why = f"nothing found: no comment holds '{text}'"
    else:
        holds = "holds" if anywhere == 1 else "hold"
        why = f"nothing found with these filters; {plural(anywhere, 'comment')} {holds} '{text}' without them"
    return [why, *unmet(archive, where)]


def _line(hit: Hit) -> str:
    seen = "public" if hit.public else "private"
    marked = f"{hit.snippet[: hit.start]}**{hit.snippet[hit.start : hit.end]}**{hit.snippet[hit.end :]}"
    return f"#{hit.ticket_id}  {hit.created_at or 'undated'}  {hit.author or 'unknown'}  {seen}  {marked}"
