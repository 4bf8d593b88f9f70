"""Comments of one ticket that were told twice: by a form that gives them ids, and by one that does not."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from .made import fingerprint
from .run_lines import Line
from .settle import Tally, Verdict


def without_doubles(
    comments: list[tuple[Line, bytes]], tally: Tally
) -> tuple[list[tuple[Line, bytes]], dict[int, int]]:
    """A comment with an id replaces the one of the same content whose id was made.

    Returns those that stay, and the ids that were replaced -> those that took their place. What stays is
    private where its twin was: Zendesk makes a public comment private, never the other way round.
    """
    made = [line.info.endswith(b"\x021") for line, _ in comments]
    if not any(made) or all(made):
        return comments, {}
    read = [orjson.loads(body) for _, body in comments]
    marks = [fingerprint(comment) for comment in read]
    real: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for comment, mark, is_made in zip(read, marks, made, strict=True):
        if not is_made:
            real[mark].append(comment["id"])
    replaced: dict[int, int] = {}
    hidden = _hidden(read, marks, made)
    kept = []
    for (line, body), comment, mark, is_made in zip(comments, read, marks, made, strict=True):
        if is_made and real[mark]:
            replaced[comment["id"]] = real[mark].pop(0)
            tally.add(line, Verdict.ACCEPTED, count=-1)
            tally.add(line, Verdict.SUPERSEDED)
        elif not is_made and comment["public"] and hidden[mark] > 0:
            hidden[mark] -= 1
            comment["public"] = False
            kept.append((line, orjson.dumps(comment, option=orjson.OPT_SORT_KEYS)))
        else:
            kept.append((line, body))
    return kept, replaced


def _hidden(
    comments: Sequence[Mapping[str, Any]], marks: Sequence[tuple[Any, ...]], made: Sequence[bool]
) -> Counter[tuple[Any, ...]]:
    """How many public comments with an id have a twin without one that was said to be private."""
    hidden: Counter[tuple[Any, ...]] = Counter()
    for comment, mark, is_made in zip(comments, marks, made, strict=True):
        if not comment["public"] and not comment.get("visibility_unknown"):
            hidden[mark] += 1 if is_made else -1
    return hidden
