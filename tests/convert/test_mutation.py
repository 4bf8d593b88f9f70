"""Valid exports of every form with bytes damaged at random.

Each case must end in an error in words or in a dataset that is right about itself, and what stands on lines
that were not touched must be in it unchanged. A longer run by hand, told to begin elsewhere:

    DESKFERRY_MUTATIONS=100000 DESKFERRY_SEED=7 pytest tests/convert/test_mutation.py
"""

import json
import os
import random
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.parse_json import parse
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError, RefusedError

from .excerpts import Excerpt, excerpts, forms, packed

CASES = int(os.environ.get("DESKFERRY_MUTATIONS", "2000"))
SEED = int(os.environ.get("DESKFERRY_SEED", "1"))
FORMS = forms()
Record = dict[str, Any]
Edit = tuple[int, int, bytes]  # bytes from, bytes to, what stands there now

TOKENS = [
    *(b"\0", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\r\n", b"'", b"<", b">", b"&", b"]]>"),
    *(b"\xff", b"\xc3", b"\xed\xa0\xbd", b"\xef\xbb\xbf", b"\xf0\x9f\x98", b"\xe2\x80\xa8", b"\x1b", b"\x01"),
    *(b"\\ud83d", b"\\u0000", b"\\ude00\\ud83d", b"&#0;", b"&#xD800;", b"&nope;", b"<!--", b"<![CDATA["),
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 30, b"9" * 400 + b".0", b"1.5", b"1.03006E+13", b"-1", b"null"),
    *(
        b"true",
        b"{}",
        b"[]",
        b'""',
        b'"x"',
        b"0",
        b'"id":1,"id":2,',
        b"[" * 200,
        b'{"a":' * 200,
        b"<a>" * 200,
    ),
    *(
        b"\n// a remark\n",
        b"\n\n",
        b"}{",
        b"}\n{",
        b",,",
        b'"\n"',
        b" " * 50,
        b"\n{\n",
        b"</ticket>",
        b"<x/>",
    ),
]


@pytest.mark.parametrize("form", FORMS)
def test_damage_is_said_and_costs_only_what_it_hits(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # half of the time of so small a conversion
    files = [one for one in excerpts(form) if one.text]
    for number in range(_share(0.7)):
        rng = random.Random(f"{SEED} {form} {number}")
        check_damaged(files[number % len(files)], edits(files[number % len(files)].text, rng))


@pytest.mark.parametrize("form", FORMS)
def test_damaged_packing_is_said(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    files = packed(form)
    for number in range(_share(0.15)):
        rng = random.Random(f"{SEED} {form} packed {number}")
        one = files[number % len(files)]
        check_sound(one, applied(one.text, edits(one.text, rng)))


@pytest.mark.parametrize("form", FORMS)
def test_odd_values_anywhere_are_kept_mended_or_rejected(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    files = [one for one in excerpts(form) if one.text[:1] in b"{["]
    for number in range(_share(0.15) if files else 0):
        rng = random.Random(f"{SEED} {form} odd {number}")
        one = files[number % len(files)]
        values = [value for _, value in parse(one.text).values]
        for _ in range(rng.randrange(1, 7)):
            at = rng.randrange(len(values))
            values[at] = altered(values[at], rng)
        check_sound(one, "\n".join(map(json.dumps, values)).encode())


@pytest.mark.parametrize("form", FORMS)
def test_the_undamaged_excerpts_are_sound(form: str) -> None:
    said = [check_sound(one, one.text) for one in (*excerpts(form), *packed(form))]
    assert said.count(None) > len(said) / 2
    # Alone, what a tool wrote for itself is nothing known.
    assert all(text is None or "nothing in here is recognised" in text for text in said), said


def check_damaged(one: Excerpt, changes: list[Edit]) -> None:
    """The whole claim for one damaged file."""
    with tempfile.TemporaryDirectory() as folder:
        text = applied(one.text, changes)
        dataset, account = _converted(Path(folder), one, text)
        if not one.framed or text[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK"):
            return
        hit = frozenset(_hit(one.text, changes))
        if one.header and (0 in hit or changes[0][0] == 0):
            return  # nothing says what the rows mean
        expected = _untouched(one, hit, account)
        if expected:
            assert dataset is not None, (one.name, changes, "all was refused though lines were untouched")
            ours = _OURS | _BY_NAME if one.header else _OURS
            _compare(expected, dataset, _places(one, changes, hit), ours=ours, context=(one.name, changes))


def check_sound(one: Excerpt, text: bytes) -> str | None:
    """Convert a text; None when there is a dataset, and it is sound, else what was said."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _converted(Path(folder), one, text, raises=True)
        except InputError as error:
            return str(error)
    return None


def edits(text: bytes, rng: random.Random) -> list[Edit]:
    """One to three changes at places that do not overlap, first to last."""
    wanted = rng.choice((1, 1, 1, 2, 3))
    found: list[Edit] = []
    for start, end, new in sorted(_edit(text, rng) for _ in range(wanted)):
        if not found or start > found[-1][1]:
            found.append((start, end, new))
    return found


def _edit(text: bytes, rng: random.Random) -> Edit:
    at = rng.randrange(len(text) + 1)
    end = min(len(text), at + rng.choice((0, 1, 1, 2, 4, 8, 30, 200)))
    piece = text[at:end]
    line = text.rfind(b"\n", 0, at) + 1
    match rng.randrange(12):
        case 0:
            return (at, len(text), b"")  # cut off
        case 1:
            return (at, end, b"")
        case 2:
            return (at, end, piece * 2)
        case 3:
            other = min(len(text), end + len(piece))
            return (at, other, text[end:other] + piece)
        case 4:
            return (at, end, bytes(byte ^ (1 << rng.randrange(8)) for byte in piece))
        case 5:
            return (at, end, bytes(rng.randrange(256) for _ in piece))
        case 6:
            added = (b"// by hand\n", text.split(b"\n", 1)[0] + b"\n", b"\n", b"{\n", b"x\n")
            return (line, line, rng.choice(added))
        case 7:
            return (at, at, b"\n" + piece)  # half a line, twice
        case 8 if (newline := text.find(b"\n", at)) >= 0:
            return (newline, newline + 1, rng.choice((b"", b"\r\n", b"\r", b",\n", b"\n\n")))
        case 9:
            return (at, end, rng.choice(TOKENS))
        case _:
            return (at, at, rng.choice(TOKENS))


def applied(text: bytes, changes: list[Edit]) -> bytes:
    """The text with its changes."""
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    return text


ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 1e300, "", "x", "7", [], {}, [[1]], [None], {"id": {}}, 2**70, "1.03006E+13"),
    *(
        float("nan"),
        float("inf"),
        "\ud83d",
        "\0",
        [{}],
        {"": ""},
        "null",
        "{'a': 1}",
        "a\x01b\x02c\nd",
        10**400,
    ),
]


def altered(value: Any, rng: random.Random) -> Any:
    """`value` with something odd at one random place in it."""
    if rng.random() < 0.12 or not isinstance(value, (dict, list)) or not value:
        return rng.choice(ODD)
    if isinstance(value, dict):
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: held for name, held in value.items() if name != key}
        if rng.random() < 0.05:
            return {**value, rng.choice(("\x01", "a/b~c", "", "\ud83d", "id")): value[key]}
        return {**value, key: altered(value[key], rng)}
    at = rng.randrange(len(value))
    return [*value[:at], altered(value[at], rng), *value[at + 1 :]]


def _share(part: float) -> int:
    return -(-int(CASES * part) // len(FORMS))


def _converted(
    folder: Path, one: Excerpt, text: bytes, *, raises: bool = False
) -> tuple[Dataset | None, str | None]:
    """The dataset of a text and the account it was asked for; no dataset where it was refused."""
    export = folder / "export" / one.name
    export.parent.mkdir(parents=True)
    export.write_bytes(text)
    account = None
    try:
        try:
            dataset = convert([folder / "export"], folder / "result", timezone="Europe/Oslo", workers=1)
        except RefusedError as error:
            if "two Zendesk accounts" not in str(error):
                raise
            account = "haldenbikes"
            dataset = convert(
                [folder / "export"], folder / "result", timezone="Europe/Oslo", workers=1, account=account
            )
    except InputError:
        assert [path.name for path in folder.iterdir()] == ["export"]
        if raises:
            raise
        return None, account
    found = [finding for finding in recount(dataset) if finding.difference]
    assert found == [], (one.name, text)
    return dataset, account


def _spans(text: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split(b"\n"):
        yield at, at + len(line) + 1
        at += len(line) + 1


def _hit(text: bytes, changes: list[Edit]) -> Iterator[int]:
    """Numbers of the lines a change touches, or whose newline it does."""
    for number, (start, end) in enumerate(_spans(text)):
        for first, last, new in changes:
            whole = first == last == start and new.endswith(b"\n")  # lines put between lines
            if first < end and last >= start and not whole:
                yield number


@cache
def _untouched(one: Excerpt, hit: frozenset[int], account: str | None) -> dict[tuple[str, Any], Record]:
    """What the lines that were not hit give on their own."""
    lines = one.text.split(b"\n")
    kept = b"\n".join(line for number, line in enumerate(lines) if number not in hit)
    with tempfile.TemporaryDirectory() as folder:
        dataset, _ = _converted(Path(folder), one, kept)
        return _records(dataset) if dataset is not None else {}


def _records(dataset: Dataset) -> dict[tuple[str, Any], Record]:
    return {
        (entity.name, *(record[key] for key in entity.key)): record
        for entity in ENTITIES.values()
        for record in dataset.records(entity.name)
    }


def _places(one: Excerpt, changes: list[Edit], hit: frozenset[int]) -> frozenset[int]:
    """Where the lines that were not hit begin now; for rows of a table, which they are."""
    found = []
    for number, (start, _) in enumerate(_spans(one.text)):
        if number not in hit:
            before = [change for change in changes if change[1] <= start and change[0] <= start]
            if one.header:
                moved = sum(new.count(b"\n") - one.text[a:b].count(b"\n") for a, b, new in before)
                found.append(number + 1 + moved)
            else:
                found.append(start + sum(len(new) - (b - a) for a, b, new in before))
    return frozenset(found)


_OURS = frozenset(("source", "position", "roles_seen"))
_BY_NAME = frozenset(
    ("submitter_id", "assignee_id", "group_id", "organization_id", "extra")
)  # told by all rows


def _compare(
    expected: dict[tuple[str, Any], Record],
    dataset: Dataset,
    places: frozenset[int],
    *,
    ours: frozenset[str],
    context: Any,
) -> None:
    kept = _records(dataset)

    def from_damage(key: tuple[str, Any]) -> bool:
        record = kept.get(key)
        return record is not None and _place(record) not in places

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
