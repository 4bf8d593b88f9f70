"""Whether a note on a contact or company was made whose answer is lost: by author and words.

Intercom dates such notes itself, so there is no second to know them by.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from deskferry.schemas.canonical import digest
from deskferry.templates.clean import canonical_html

from .action import Kind, Ref
from .answers import Failed
from .client import Call, Client
from .ledger_file import Row
from .made import as_object, listed
from .perform import Patience, perform, require
from .verdict import Made, NotMade, Unclear, Verdict

_PATHS = {Kind.CONTACT: "contacts", Kind.COMPANY: "companies"}
_PAGES = 100  # of notes; a target that names no last page must not hold us for ever


def find_note(client: Client, row: Row, *, resolve: Callable[[Ref], str], patience: Patience) -> Verdict:
    """Whether the note of `row` stands on its contact or company."""
    id_ = resolve(Ref(row.kind, row.key))
    notes = notes_of(client, row.kind, id_, patience)
    if isinstance(notes, Failed):
        return Unclear(f"{row.kind} {id_} is gone")
    hits = [str(note.get("id")) for note in notes if is_note(note, row.witness)]
    if len(hits) > 1:
        return Unclear(f"sent once, but stands {len(hits)} times: notes {', '.join(hits)}")
    return Made(hits[0]) if hits else NotMade()


def notes_of(client: Client, kind: Kind, id_: str, patience: Patience) -> list[Mapping[str, Any]] | Failed:
    """Every note on a contact or company; Failed when that is gone."""
    first = Call("GET", f"/{_PATHS[kind]}/{id_}/notes", fresh=True)
    result = perform(client, first, patience)
    if isinstance(result, Failed) and result.status in (404, 410):
        return result
    return list(_pages(client, first.path, require(result, f"reading the notes of {kind} {id_}"), patience))


def is_note(note: Mapping[str, Any], witness: Mapping[str, Any]) -> bool:
    """A note is by this author and says these words."""
    author = str(as_object(note.get("author")).get("id"))
    words = digest(canonical_html(str(note.get("body") or "")))
    return author == str(witness["admin_id"]) and words == witness["words"]


def _pages(client: Client, path: str, body: Any, patience: Patience) -> Iterator[Mapping[str, Any]]:
    for page in range(2, _PAGES + 2):
        yield from listed(body, "data")
        total = as_object(as_object(body).get("pages")).get("total_pages")
        if not isinstance(total, int) or page > total:
            return
        call = Call("GET", f"{path}?page={page}")
        body = require(perform(client, call, patience), f"reading {path}")
