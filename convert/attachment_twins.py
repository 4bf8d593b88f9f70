"""Attachments of one ticket that were told twice: by a form that gives them ids, and by one that does not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from .run_lines import Line, number
from .settle import Tally, Verdict

_FIRST = number(0)  # made ids are below


def without_attachment_doubles(
    attachments: Sequence[tuple[Line, bytes]], replaced: Mapping[int, int], tally: Tally
) -> list[tuple[Line, bytes]]:
    """An attachment with an id replaces the one of the same link, or the same name in the same comment.

    replaced: ids of comments that were made -> of those that took their place; what hung on one hangs on the
    other then.
    """
    if not any(line.group[-20:] < _FIRST for line, _ in attachments):
        return list(attachments)
    read = [orjson.loads(body) for _, body in attachments]
    real = [one for one in read if not one.get("id_made")]
    links = {_link(one) for one in real} - {""}
    names = Counter((one.get("comment_id"), one.get("file_name")) for one in real)
    kept = []
    for (line, body), one in zip(attachments, read, strict=True):
        before = one.get("comment_id")
        comment = replaced.get(before, before)
        name = (comment, one.get("file_name"))
        # Beside one that has an id, in a comment that has one too, it is another file.
        told_twice = one.get("id_made") and (before is None or before in replaced)
        if told_twice and (_link(one) in links or names[name] > 0):
            names[name] -= 1
            tally.add(line, Verdict.ACCEPTED, count=-1)
            tally.add(line, Verdict.SUPERSEDED)
        elif comment != before:
            one["comment_id"] = comment
            kept.append((line, orjson.dumps(one, option=orjson.OPT_SORT_KEYS)))
        else:
            kept.append((line, body))
    return kept


def _link(attachment: Mapping[str, Any]) -> str:
    """Where its bytes are; old exports say http, new ones https."""
    link = attachment.get("content_url") or attachment.get("url") or ""
    return str(link).partition("://")[2]
