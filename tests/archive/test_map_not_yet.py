"""What this version cannot do is listed with how many it is about. Counted by hand over `small_company`."""

import copy
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.mapping import Mapping, parse_mapping


@pytest.fixture(scope="module")
def whole(small_archive: Path) -> Mapping:
    return parse_mapping(default_mapping(small_archive), path=Path("acme.mapping.yaml"))


def test_what_is_not_yet_there_is_counted(small_archive: Path, whole: Mapping) -> None:
    data = copy.deepcopy(whole.data)
    data["ccs"]["policy"] = "participants"
    data["people"]["policy"] = "match"
    found = coverage(small_archive, Mapping(path=whole.path, data=data, lines=whole.lines))
    [gap] = found.unsupported
    assert (gap.block, gap.value, gap.count) == ("ccs", "policy: participants", 0)
    assert gap.where == whole.where("ccs", "policy")
    assert "this version cannot" in gap.why


def test_a_rule_for_a_ticket_type_the_workspace_lacks_is_counted(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    data = copy.deepcopy(whole.data)
    data["rules"] = [{"where": "true", "ticket": "Bug", "reason": "all"}]
    changed = Mapping(path=whole.path, data=data, lines=whole.lines)
    found = coverage(small_archive, changed, workspace=workspace)
    assert [gap.count for gap in found.missing if gap.value == "Bug"] == [9]
