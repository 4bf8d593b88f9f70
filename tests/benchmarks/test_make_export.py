"""The export that the benchmark makes is one that Zendesk could have made."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.run import convert

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def write_export(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield import_module("make_export").write_export
    sys.modules.pop("make_export")


def test_the_same_seed_gives_the_same_bytes(write_export: Any, tmp_path: Path) -> None:
    first, again, other = (
        [path.read_bytes() for path in write_export(tmp_path / name, size=200_000, slices=2, seed=seed)]
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert first == again
    assert first != other


def test_its_lines_are_as_rich_as_real_ones(write_export: Any, tmp_path: Path) -> None:
    [path] = write_export(tmp_path, size=200_000, seed=1)
    tickets = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert {len(ticket) for ticket in tickets} == {41}
    assert {len(ticket["requester"]) for ticket in tickets} == {38}
    assert sum(len(ticket["comments"]) for ticket in tickets) > 3 * len(tickets)


def test_nothing_of_it_is_rejected_and_slices_overlap(write_export: Any, tmp_path: Path) -> None:
    paths = write_export(tmp_path / "export", size=2_000_000, slices=3, seed=1)
    entities = convert(paths, tmp_path / "dataset", workers=1).manifest["entities"]
    assert not any(counts["rejected"] for counts in entities.values())
    assert entities["tickets"]["superseded"] > 0
    assert entities["tickets"]["repeated"] > 0
    assert entities["users"]["repeated"] > entities["users"]["accepted"]
