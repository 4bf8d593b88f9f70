"""Comments of one ticket that were told twice: with an id or an author by one form, without by another."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from .made import fingerprint
from .run_lines import Line
from .settle import Tally, Verdict


def without_doubles(
    comments: list[tuple[Line, bytes]], tally: Tally
) -> tuple[list[tuple[Line, bytes]], dict[int, int]]:
    """A comment with an id replaces the one of the same content whose id was made.

    So does one whose author is told by id replace one whose author is not. Returns those that stay, and the
    ids that were replaced -> those that took their place. What stays is private where its twin was: Zendesk
    makes a public comment private, never the other way round.
    """
    made = [line.info.endswith(b"\x021") for line, _ in comments]
    if not any(made) or (all(made) and len({line.info.startswith(b"\x02") for line, _ in comments}) == 1):
        return comments, {}
    read = [orjson.loads(body) for _, body in comments]
    twins = _twins(read)
    replaced = {read[one]["id"]: read[other]["id"] for one, other in twins.items()}
    private = {other for one, other in twins.items() if _says_private(read[one])}
    kept = []
    for index, (line, body) in enumerate(comments):
        if index in twins:
            tally.add(line, Verdict.ACCEPTED, count=-1)
            tally.add(line, Verdict.SUPERSEDED)
        elif index in private and read[index]["public"]:
            hidden = {**read[index], "public": False}
            kept.append((line, orjson.dumps(hidden, option=orjson.OPT_SORT_KEYS)))
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
    return {**twins, **_paired(read, nameless, others, mark=_without_author)}


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


def _says_private(comment: Mapping[str, Any]) -> bool:
    return not comment["public"] and not comment.get("visibility_unknown")
