"""Comments of one ticket that were told twice: with an id or an author by one form, without by another.

They are known by their text; where that was redacted or spoilt since, by being alone at their second.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from .made import fingerprint
from .run_lines import Line
from .settle import Tally, Verdict

_TEXTS = ("body", "html_body", "plain_body")
_REDACTED = "▇"  # what Zendesk puts in the place of redacted text
_SECOND = len("2024-05-01T10:00:00")


def without_doubles(
    comments: list[tuple[Line, bytes]], tally: Tally
) -> tuple[list[tuple[Line, bytes]], dict[int, int]]:
    """A comment with an id replaces the one of the same content whose id was made.

    So does one whose author is told by id replace one whose author is not. Returns those that stay, and the
    ids that were replaced -> those that took their place. What stays is private where its twin was: Zendesk
    makes a public comment private, never the other way round. So with redaction: it stays where one shows it.
    """
    made = [line.info.endswith(b"\x021") for line, _ in comments]
    if not any(made) or (all(made) and len({line.info.startswith(b"\x02") for line, _ in comments}) == 1):
        return comments, {}
    read = [orjson.loads(body) for _, body in comments]
    twins = _twins(read)
    replaced = {read[one]["id"]: read[other]["id"] for one, other in twins.items()}
    gone = {other: read[one] for one, other in twins.items()}
    kept = []
    for index, (line, body) in enumerate(comments):
        if index in twins:
            tally.add(line, Verdict.ACCEPTED, count=-1)
            tally.add(line, Verdict.SUPERSEDED)
        elif index in gone and (hidden := _hidden(read[index], gone[index])):
            kept.append((line, orjson.dumps({**read[index], **hidden}, option=orjson.OPT_SORT_KEYS)))
        else:
            kept.append((line, body))
    return kept, replaced


def _twins(read: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Places of comments -> the place of the one that says the same and more."""
    made = [index for index, comment in enumerate(read) if comment.get("id_made")]
    real = [index for index, comment in enumerate(read) if not comment.get("id_made")]
    twins = _paired(read, made, real, mark=fingerprint)
    nameless = [index for index in made if index not in twins and read[index].get("author_id") is None]
    others = [index for index in range(len(read)) if index not in twins and index not in nameless]
    twins |= _paired(read, nameless, others, mark=_without_author)
    return {**twins, **_alone(read, made, real, twins=twins)}


def _alone(
    read: Sequence[Mapping[str, Any]],
    made: Sequence[int],
    real: Sequence[int],
    *,
    twins: Mapping[int, int],
) -> dict[int, int]:
    """Pairs whose texts differ: nobody else, of those without a twin, may have said them at that second."""
    taken = {*twins, *twins.values()}
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index in real:
        at = _second(read[index])
        if at and index not in taken:
            free[at].append(index)
    could: dict[int, list[int]] = {}
    met: defaultdict[int, int] = defaultdict(int)
    for index in made:
        if index not in taken:
            could[index] = [
                one for one in free.get(_second(read[index]), ()) if _one_author(read, index, one)
            ]
            for one in could[index]:
                met[one] += 1
    return {index: of[0] for index, of in could.items() if len(of) == 1 and met[of[0]] == 1}


def _second(comment: Mapping[str, Any]) -> str:
    at = str(comment.get("created_at") or "")
    return at[:_SECOND] if len(at) >= _SECOND else ""


def _one_author(read: Sequence[Mapping[str, Any]], *indexes: int) -> bool:
    return len({read[index].get("author_id") for index in indexes} - {None}) < len(indexes)


def _paired(
    read: Sequence[Mapping[str, Any]],
    made: Sequence[int],
    others: Sequence[int],
    *,
    mark: Callable[[Mapping[str, Any]], tuple[Any, ...]],
) -> dict[int, int]:
    free: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index in others:
        free[mark(read[index])].append(index)
    pairs: dict[int, int] = {}
    # Who knows its visibility chooses first: of equal texts the private one meets the private one.
    for index in sorted(made, key=lambda index: bool(read[index].get("visibility_unknown"))):
        if of := free[mark(read[index])]:
            like = [one for one in of if read[one]["public"] == read[index]["public"]]
            pairs[index] = (like or of)[0]
            of.remove(pairs[index])
    return pairs


def _without_author(comment: Mapping[str, Any]) -> tuple[Any, ...]:
    at, _, text = fingerprint(comment)
    return at, text


def _hidden(comment: Mapping[str, Any], twin: Mapping[str, Any]) -> dict[str, Any]:
    """What a comment must no longer show, since its twin does not."""
    hidden: dict[str, Any] = {}
    if comment["public"] and _says_private(twin):
        hidden["public"] = False
    if _is_redacted(twin) and not _is_redacted(comment):
        hidden |= {key: twin.get(key) for key in _TEXTS if key in comment or key in twin}
    return hidden


def _is_redacted(comment: Mapping[str, Any]) -> bool:
    return any(_REDACTED in str(comment.get(key) or "") for key in _TEXTS)


def _says_private(comment: Mapping[str, Any]) -> bool:
    return not comment["public"] and not comment.get("visibility_unknown")
