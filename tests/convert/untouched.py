"""Which records a change of bytes did not touch, and whether they came through as they were."""

import re
from collections.abc import Sequence
from typing import Any

from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES

from .excerpts import Excerpt
from .mutate import Edit

Record = dict[str, Any]
Records = dict[tuple[Any, ...], Record]
_ELEMENT = re.compile(rb"(?s)<([a-z-]+)(?: [^<>]*)?>.*?\n  </\1>")


def spans(one: Excerpt) -> list[tuple[int, int]]:
    """Where each record stands: lines, or elements right below the root. None where no end is certain."""
    if one.text.lstrip()[:1] == b"<":
        root = one.text.find(b"\n  <")
        return [found.span() for found in _ELEMENT.finditer(one.text, root + 3)] if root > 0 else []
    if not one.framed:
        return []
    found, at = [], 0
    for line in one.text.split(b"\n"):
        found.append((at, at + len(line) + 1))
        at += len(line) + 1
    return found


def hit(one: Excerpt, changes: Sequence[Edit]) -> frozenset[int] | None:
    """Numbers of the spans that a change touches; None where it may have touched all of them."""
    every = spans(one)
    text = one.text
    for start, end, new in changes:
        text = text[:start] + new + text[end:]
    first = changes[0][0] if changes else 0
    marked = text[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK")  # another encoding, or packed
    if not every or marked or (one.header and first < every[0][1]):
        return None
    if one.text.lstrip()[:1] == b"<":
        opened = any(sign in new for _, _, new in changes for sign in (b"<!", b"<?"))
        return None if opened or first <= every[0][0] else frozenset(_hit(every, changes))
    return frozenset(_hit(every, changes))


def _hit(every: Sequence[tuple[int, int]], changes: Sequence[Edit]) -> list[int]:
    return [
        number
        for number, (start, end) in enumerate(every)
        for first, last, new in changes
        # Whole lines that were put between lines touch none.
        if first < end and last >= start and not (first == last == start and new.endswith(b"\n"))
    ]


def without(one: Excerpt, numbers: frozenset[int]) -> bytes:
    """The text without those spans."""
    text = one.text
    for number, (start, end) in reversed(list(enumerate(spans(one)))):
        if number in numbers:
            text = text[:start] + text[end:]
    return text


def places(one: Excerpt, changes: Sequence[Edit], touched: frozenset[int]) -> frozenset[int]:
    """Where the spans that were not touched begin now; for rows of a table, which they are."""
    found = []
    for number, (start, _) in enumerate(spans(one)):
        if number not in touched:
            before = [change for change in changes if change[1] <= start and change[0] <= start]
            if one.header:
                moved = sum(new.count(b"\n") - one.text[a:b].count(b"\n") for a, b, new in before)
                found.append(number + 1 + moved)
            else:
                found.append(start + sum(len(new) - (b - a) for a, b, new in before))
    return frozenset(found)


def records(dataset: Dataset) -> Records:
    """All records of a dataset by entity and key."""
    return {
        (entity.name, *(record[key] for key in entity.key)): record
        for entity in ENTITIES.values()
        for record in dataset.records(entity.name)
    }


_OURS = frozenset(("source", "position", "roles_seen"))
_BY_NAME = frozenset(
    ("submitter_id", "assignee_id", "group_id", "organization_id", "extra")
)  # told by all rows


def compare(
    expected: Records,
    dataset: Dataset,
    intact: frozenset[int],
    *,
    one: Excerpt,
    context: Any,
) -> None:
    ours = _OURS | _BY_NAME if one.header else _OURS
    kept = records(dataset)

    def from_damage(key: tuple[Any, ...]) -> bool:
        record = kept.get(key)
        return record is not None and _place(record) not in intact

    for key, record in expected.items():
        if key[0] == "ticket_links" or record.get("placeholder") or record.get("reconstructed"):
            continue  # made, from everything there is
        owner = record.get("ticket_id")
        if owner is not None and from_damage(("tickets", owner)):
            continue  # its ticket may be deleted now
        found = kept.get(key)
        if found is None and record.get("id_made"):
            continue  # a damaged twin may have taken its place
        assert found is not None, (key, context)
        if not from_damage(key):
            plain = [{name: v for name, v in r.items() if name not in ours} for r in (record, found)]
            assert plain[0] == plain[1], (key, context)


def _place(record: Record) -> int:
    return int(record["source"].split("#", 1)[0].partition(":")[2])
