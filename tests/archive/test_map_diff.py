"""What two mappings do differently: tickets with another target, answers, calls."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_diff import difference
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping, parse_mapping


@pytest.fixture(scope="module")
def old(small_archive: Path) -> Mapping:
    return parse_mapping(default_mapping(small_archive), path=Path("old.yaml"))


def changed(mapping: Mapping, change: Callable[[dict[str, Any]], object]) -> Mapping:
    data = copy.deepcopy(mapping.data)
    change(data)
    return Mapping(path=Path("new.yaml"), data=data, lines=mapping.lines)


def test_the_same_mapping_differs_in_nothing(small_archive: Path, old: Mapping) -> None:
    found = difference(small_archive, old, old)
    assert (found.tickets, found.moved, found.moves, found.changes) == (11, 0, [], [])
    assert found.calls_before == found.calls_after > 0


def test_tickets_that_move_are_counted_with_examples_and_calls(small_archive: Path, old: Mapping) -> None:
    def change(data: dict[str, Any]) -> None:
        data["rules"][-2] |= {"conversation": "bare"}
        data["rules"].insert(0, {"where": "id = 102", "drop": True, "reason": "no"})

    found = difference(small_archive, old, changed(old, change))
    assert [(move.before, move.after, move.tickets, move.examples) for move in found.moves] == [
        ("conversation: note", "conversation: bare", 2, [110, 111]),
        ("conversation: note", "drop", 1, [102]),
    ]
    # 102 is closed and has one tag: opening, note, attributes, tag, close; its requester has no other.
    assert (found.moves[1].calls_before, found.moves[1].calls_after) == (5, 0)
    assert found.moves[0].calls_before - found.moves[0].calls_after == 2
    assert (found.moved, found.calls_before - found.calls_after) == (3, 5 + 1 + 2)


def test_other_answers_are_listed_with_how_many_they_are_about(small_archive: Path, old: Mapping) -> None:
    def change(data: dict[str, Any]) -> None:
        data["tags"]["values"]["vip"] = {"drop": True, "reason": "old"}
        data["custom_fields"]["values"]["51"]["options"]["kettle"] = {"rename": "Pot"}
        data["private_notes"]["policy"] = "archive_only"
        data["assign"] = "none"
        data["staff"]["decided_by"] = "Ada"

    found = difference(small_archive, old, changed(old, change))
    assert {(item.block, item.value, item.count, item.before, item.after) for item in found.changes} == {
        ("tags", "vip", 1, "keep", "drop: old"),
        ("options", "51: kettle", 1, "keep", "rename Pot"),
        ("private_notes", "policy", 0, "internal", "archive_only"),
        ("assign", "", 0, "open", "none"),
    }
    assert (found.moves, found.calls_before - found.calls_after) == ([], 1)


def test_a_wildcard_counts_like_the_names_it_stands_for(small_archive: Path, old: Mapping) -> None:
    def rest(data: dict[str, Any]) -> None:
        data["tags"]["values"] = {"*": {"keep": True, "reason": "all"}}

    found = difference(small_archive, old, changed(old, rest))
    assert found.calls_after - found.calls_before == 3  # the three tags that mirrored a field


def test_a_bad_rule_is_named_in_its_file(small_archive: Path, old: Mapping) -> None:
    bad = changed(old, lambda data: data["rules"][0].update(where="status::int = 1"))
    with pytest.raises(InputError) as caught:
        difference(small_archive, old, bad)
    assert str(caught.value.where).startswith("new.yaml:")
