"""Articles of the Help Center, and what readers wrote under them."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .normalize_configuration import read_configuration
from .normalize_record import normalized, whole_number
from .run_lines import PARTIAL
from .set_aside import set_aside

_COMMENTS_OF = {"article": "article_comments", "post": "post_comments"}


def comment_kind(record: Mapping[str, Any]) -> str | None:
    """The configuration kind of a comment in the Help Center or the community; None for one of a ticket.

    Zendesk calls all of them comments, in its addresses and as the key of their pages.
    """
    source, url = record.get("source_type"), record.get("url")
    if isinstance(source, str) and source.lower() in _COMMENTS_OF:
        return _COMMENTS_OF[source.lower()]
    if isinstance(url, str) and "/community/posts/" in url:
        return _COMMENTS_OF["post"]
    return _COMMENTS_OF["article"] if isinstance(url, str) and "/help_center/" in url else None


def read_article(raw: dict[str, Any], pointer: str, out: Collector, *, level: int) -> None:
    """Hand an article to `out`.

    A dump made for each language holds an article once for each, under one id. The copy in the language it
    was written in stands for the article; the others are kept as translations too, so that no text is lost.
    """
    try:
        record = normalized("articles", raw, zone=out.zone)
        set_aside("articles", record, raw)
    except RecordError as error:
        out.reject("articles", pointer, error, key=whole_number(raw.get("id")))
        return
    locale, written_in = raw.get("locale"), raw.get("source_locale")
    translated = isinstance(locale, str) and isinstance(written_in, str) and locale != written_in
    kept = out.keep("articles", record, pointer, level=PARTIAL if translated else level)
    if kept is not None and translated:
        read_configuration("translations", f"article/{kept['id']}/{locale}", raw, pointer, out)
