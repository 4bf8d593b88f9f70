"""Valid exports with bytes damaged at random: an error in words, or a dataset that is right about itself."""

import json
import random
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskferry.convert.parse_json import parse
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.errors import InputError

SAMPLES = Path(__file__).parents[2] / "sample_exports"
NASTY = [
    b"\0",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\\",
    b"\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"NaN",
    b"null",
    b"1e999",
    b"\\ud83d",
]


@cache
def originals() -> dict[str, bytes]:
    """A few kilobytes of each form: name -> bytes."""
    found = {}
    for path in sorted((SAMPLES / "official").glob("*.zip")):
        with zipfile.ZipFile(path) as packed:
            name = packed.namelist()[0]
            found[f"{path.stem}.json"] = b"".join(packed.read(name).splitlines(keepends=True)[:4])
    for name in ("groups.json", "ticket_fields.json", "identities.json"):
        found[name] = (SAMPLES / "api" / name).read_bytes()
    found["ticket_1.json"] = (SAMPLES / "api" / "comments" / "ticket_1.json").read_bytes()
    found["account.csv"] = b"".join(
        next((SAMPLES / "csv").glob("*.csv")).read_bytes().splitlines(keepends=True)[:6]
    )
    zipped = sorted((SAMPLES / "official").glob("*.zip"))[0]
    found["packed.zip"] = zipped.read_bytes()
    return found


JSON_NAMES = [name for name in sorted(originals()) if name.endswith(".json")]


def damaged(text: bytes, *, seed: int, times: int) -> bytes:
    rng = random.Random(seed)
    for _ in range(times):
        at, length = rng.randrange(len(text) + 1), rng.choice((0, 1, 1, 2, 8, 200))
        match rng.randrange(5):
            case 0:
                text = text[:at] + rng.choice(NASTY) + text[at:]
            case 1:
                text = text[:at] + rng.choice(NASTY) + text[at + length :]
            case 2:
                text = text[:at] + bytes(rng.randrange(256) for _ in range(length)) + text[at + length :]
            case 3:
                text = text[:at] + text[at + length :]
            case _:
                text = text[:at] if rng.random() < 0.3 else text[:at] + text[max(0, at - length) :]
    return text


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(name=st.sampled_from(sorted(originals())), seed=st.integers(0, 2**32), times=st.integers(1, 4))
def test_damage_never_ends_in_a_traceback_or_in_a_wrong_count(name: str, seed: int, times: int) -> None:
    check(name, seed=seed, times=times)


def check(name: str, *, seed: int, times: int) -> None:
    _convert_and_count(name, damaged(originals()[name], seed=seed, times=times))


def _convert_and_count(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export, into = Path(folder) / name, Path(folder) / "result"
        export.write_bytes(content)
        try:
            dataset = convert([export], into, timezone="Europe/Oslo")
        except InputError:
            assert [path.name for path in Path(folder).iterdir()] == [name]
        else:
            assert [finding for finding in recount(dataset) if finding.difference] == []


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    "",
    "x",
    "7",
    [],
    {},
    [[1]],
    [None],
    {"id": {}},
    2**70,
    "1.03006E+13",
]


def altered(value: Any, rng: random.Random) -> Any:
    """`value` with something odd at one random place in it."""
    if rng.random() < 0.12 or not isinstance(value, (dict, list)) or not value:
        return rng.choice(ODD)
    if isinstance(value, dict):
        key = rng.choice(sorted(value))
        if rng.random() < 0.1:
            return {name: held for name, held in value.items() if name != key}
        return {**value, key: altered(value[key], rng)}
    at = rng.randrange(len(value))
    return [*value[:at], altered(value[at], rng), *value[at + 1 :]]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(name=st.sampled_from(JSON_NAMES), seed=st.integers(0, 2**32), times=st.integers(1, 6))
def test_odd_values_anywhere_are_kept_mended_or_rejected(name: str, seed: int, times: int) -> None:
    check_altered(name, seed=seed, times=times)


def check_altered(name: str, *, seed: int, times: int) -> None:
    rng = random.Random(seed)
    values = [value for _, value in parse(originals()[name]).values]
    for _ in range(times):
        at = rng.randrange(len(values))
        values[at] = altered(values[at], rng)
    _convert_and_count(name, "\n".join(map(json.dumps, values)).encode())


@pytest.mark.parametrize("name", sorted(originals()))
def test_the_undamaged_originals_are_sound(name: str) -> None:
    check(name, seed=0, times=0)
