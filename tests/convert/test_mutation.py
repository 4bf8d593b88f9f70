"""Valid exports of every form with bytes damaged at random.

Each case must end in an error in words or in a dataset that is right about itself, and what stands on lines
that were not touched must be in it unchanged. A longer run by hand, told to begin elsewhere:

    DESKFERRY_MUTATIONS=100000 DESKFERRY_SEED=7 pytest tests/convert/test_mutation.py
"""

import json
import os
import random
import tempfile
from functools import cache
from pathlib import Path

import pytest

from deskferry.convert.parse_json import parse
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError, RefusedError

from .excerpts import Excerpt, excerpts, forms, packed
from .mutate import Edit, altered, applied, edits
from .untouched import Records, compare, hit, places, records, without

CASES = int(os.environ.get("DESKFERRY_MUTATIONS", "2000"))
SEED = int(os.environ.get("DESKFERRY_SEED", "1"))
FORMS = forms()


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
        dataset, account = _converted(Path(folder), one, applied(one.text, changes))
        touched = hit(one, changes)
        expected = _of_untouched(one, touched, account) if touched is not None else {}
        if touched is not None and expected:
            assert dataset is not None, (one.name, changes, "all was refused though records were untouched")
            compare(expected, dataset, places(one, changes, touched), one=one, context=(one.name, changes))


def check_sound(one: Excerpt, text: bytes) -> str | None:
    """Convert a text; None when there is a dataset, and it is sound, else what was said."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _converted(Path(folder), one, text, raises=True)
        except InputError as error:
            return str(error)
    return None


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


@cache
def _of_untouched(one: Excerpt, touched: frozenset[int], account: str | None) -> Records:
    """What the records that were not touched give on their own."""
    with tempfile.TemporaryDirectory() as folder:
        dataset, _ = _converted(Path(folder), one, without(one, touched))
        return records(dataset) if dataset is not None else {}
