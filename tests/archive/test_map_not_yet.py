"""What this version cannot do is listed with how many it is about. Counted by hand over `small_company`."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.mapping import Mapping, parse_mapping


@pytest.fixture(scope="module")
def whole(small_archive: Path) -> Mapping:
    return parse_mapping(default_mapping(small_archive), path=Path("acme.mapping.yaml"))


def _list(data: dict[str, Any]) -> None:
    data["custom_fields"]["values"]["51"] = {"attribute": "Product", "type": "list"}


@pytest.mark.parametrize(
    ("change", "block", "count"),
    [
        (_list, "custom_fields", 1),
    ],
)
def test_what_is_not_yet_there_is_counted(
    small_archive: Path, whole: Mapping, change: Callable[[dict[str, Any]], None], block: str, count: int
) -> None:
    data = copy.deepcopy(whole.data)
    change(data)
    found = coverage(small_archive, Mapping(path=whole.path, data=data, lines=whole.lines))
    assert [(gap.block, gap.count) for gap in found.unsupported] == [(block, count)]


def test_a_rule_for_a_ticket_type_the_workspace_lacks_is_counted(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    data = copy.deepcopy(whole.data)
    data["rules"] = [{"where": "true", "ticket": "Bug", "reason": "all"}]
    changed = Mapping(path=whole.path, data=data, lines=whole.lines)
    found = coverage(small_archive, changed, workspace=workspace)
    assert [gap.count for gap in found.missing if gap.value == "Bug"] == [9]
