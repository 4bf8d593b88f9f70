"""The gate finds each gap, names its line, and lets nothing through unseen."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping, parse_mapping
from deskferry.schemas.validate import complaints

PATH = Path("acme.mapping.yaml")


@pytest.fixture(scope="session")
def text(small_archive: Path) -> str:
    return default_mapping(small_archive)


@pytest.fixture(scope="session")
def whole(text: str) -> Mapping:
    return parse_mapping(text, path=PATH)


def changed(mapping: Mapping, change: Callable[[dict[str, Any]], object]) -> Mapping:
    data = copy.deepcopy(mapping.data)
    change(data)
    assert complaints("mapping", data) == []
    return Mapping(path=mapping.path, data=data, lines=mapping.lines)


@pytest.mark.parametrize(
    ("block", "value", "count"),
    [
        ("statuses", "closed", 1),
        ("custom_statuses", "Waiting for courier", 1),
        ("groups", "No: really?", 1),
        ("agents", "left@acme.test", 1),
        ("custom_fields", "50", 1),
        ("tags", "vip", 1),
    ],
)
def test_a_value_without_an_answer_is_named_with_its_line(
    small_archive: Path, text: str, block: str, value: str, count: int
) -> None:
    lines = [line for line in text.splitlines() if not line.startswith(f'    "{value}": ')]
    mapping = parse_mapping("\n".join(lines), path=PATH)
    found = coverage(small_archive, mapping)
    [gap] = found.unmapped
    assert (gap.block, gap.value, gap.count, gap.why) == (block, value, count, "no entry")
    assert gap.where == mapping.where(block, "values")
    file, _, line = gap.where.rpartition(":")
    assert file == str(PATH)
    assert lines[int(line) - 1] == "  values:"
    assert found.mapped == found.live - 1


def test_case_alone_is_no_gap(small_archive: Path, whole: Mapping) -> None:
    def shout(data: dict[str, Any]) -> None:
        agents = data["agents"]["values"]
        agents["Left@ACME.test"] = agents.pop("left@acme.test")

    assert coverage(small_archive, changed(whole, shout)).unmapped == []


def test_rules_decide_which_values_are_live(small_archive: Path, whole: Mapping) -> None:
    everything = [{"where": "true", "conversation": "note", "reason": "all"}]
    loose = {"merged": "rules", "deleted": "rules"}
    mapping = changed(whole, lambda data: data.update(rules=everything, merged_and_deleted=loose))
    found = coverage(small_archive, mapping)
    gaps = {(gap.block, gap.value) for gap in found.unmapped}
    assert gaps == {("statuses", "deleted"), ("tags", "archive_only_tag"), ("groups", "id:99")}
    nothing = [{"where": "true", "archive_only": True, "reason": "none"}]
    assert coverage(small_archive, changed(whole, lambda data: data.update(rules=nothing))).live == 0


def test_a_wildcard_takes_the_rest_and_is_counted(small_archive: Path, whole: Mapping) -> None:
    def drop_rest(data: dict[str, Any]) -> None:
        data["tags"]["values"] = {"vip": {"keep": True}, "*": {"drop": True, "reason": "noise"}}

    found = coverage(small_archive, changed(whole, drop_rest))
    assert (found.unmapped, found.wildcards, found.mapped) == ([], 4, found.live)


@pytest.mark.parametrize(
    ("block", "answer", "why"),
    [
        ("tags", {"keep": True}, "needs a reason"),
        ("agents", {"unassigned": True}, "needs a reason"),
        ("custom_fields", {"attribute": "x", "reason": "y"}, "cannot name one attribute"),
    ],
)
def test_a_wildcard_that_says_too_little_is_a_gap(
    small_archive: Path, whole: Mapping, block: str, answer: dict[str, Any], why: str
) -> None:
    mapping = changed(whole, lambda data: data[block].update(values={"*": answer}))
    [gap] = coverage(small_archive, mapping).unmapped
    assert (gap.block, gap.value) == (block, "*")
    assert why in gap.why
    assert gap.count > 0


def test_suggestions_are_counted_until_somebody_has_looked(small_archive: Path, whole: Mapping) -> None:
    assert coverage(small_archive, whole).suggested == 1
    looked = changed(whole, lambda data: data["custom_fields"]["values"]["99"].pop("suggested"))
    assert coverage(small_archive, looked).suggested == 0


def test_fields_may_share_an_attribute_of_one_type_only(small_archive: Path, whole: Mapping) -> None:
    def share(kind: str) -> Callable[[dict[str, Any]], None]:
        def change(data: dict[str, Any]) -> None:
            data["custom_fields"]["values"]["54"] = {"attribute": "Product", "type": kind}

        return change

    assert coverage(small_archive, changed(whole, share("string"))).unmapped == []
    [gap] = coverage(small_archive, changed(whole, share("integer"))).unmapped
    assert (gap.block, gap.value) == ("custom_fields", "54")
    assert 'attribute "Product" is integer here and string for field 51' in gap.why


def test_what_is_named_but_not_so_in_the_workspace_is_missing(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    def name_them(data: dict[str, Any]) -> None:
        data["agents"]["values"]["agent@acme.test"] = {"admin": "nobody@acme.test"}
        data["agents"]["values"]["left@acme.test"] = {"admin": "left@acme.test"}
        data["groups"]["values"]["No: really?"] = {"team": "Nowhere"}
        data["groups"]["values"]["Support"] = {"team": "support"}
        data["staff"]["migration_admin"] = "writer@acme.test"

    mapping = changed(whole, name_them)
    found = coverage(small_archive, mapping, workspace=workspace)
    assert found.unmapped == []
    assert {(gap.block, gap.value, gap.why) for gap in found.missing} == {
        ("agents", "agent@acme.test", "no admin nobody@acme.test in the workspace"),
        ("agents", "left@acme.test", "admin left@acme.test has no seat"),
        ("groups", "No: really?", 'no team "Nowhere" in the workspace'),
        ("custom_fields", "51", 'attribute "Product" is integer in the workspace, not string'),
        ("staff", "writer@acme.test", "no admin writer@acme.test in the workspace"),
    }
    assert all(gap.where.startswith(f"{PATH}:") for gap in found.missing)
    assert coverage(small_archive, mapping).missing == []
    nobody = changed(mapping, lambda data: data.update(assign="none"))
    assert {gap.block for gap in coverage(small_archive, nobody, workspace=workspace).missing} == {
        "custom_fields",
        "staff",
    }


def test_two_teams_of_one_name_are_no_target(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    workspace["teams"].append({"id": "9", "name": "Support"})
    mapping = changed(whole, lambda data: data["groups"]["values"].update(Support={"team": "Support"}))
    whys = [gap.why for gap in coverage(small_archive, mapping, workspace=workspace).missing]
    assert '2 teams are called "Support"' in whys


def test_a_mapping_of_another_account_is_refused(small_archive: Path, whole: Mapping) -> None:
    other = changed(whole, lambda data: data.update(account="globex"))
    with pytest.raises(InputError, match="globex") as caught:
        coverage(small_archive, other)
    assert caught.value.where == whole.where("account")
    assert coverage(small_archive, changed(whole, lambda data: data.update(account=None))).unmapped == []


def test_a_bad_rule_is_named_with_its_line(small_archive: Path, whole: Mapping) -> None:
    for where in ("sttus = 'x'", "status::int = 3"):
        bad = changed(whole, lambda data, where=where: data["rules"][0].update(where=where))  # type: ignore[misc]
        with pytest.raises(InputError) as caught:
            coverage(small_archive, bad)
        assert caught.value.where == whole.where("rules", 0, "where")
