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
from deskferry.schemas.ticket_types import STATES
from deskferry.schemas.validate import complaints

from .conftest import BuildArchive

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


def test_options_are_answered_one_by_one(small_archive: Path, whole: Mapping) -> None:
    def forget(data: dict[str, Any]) -> None:
        data["custom_fields"]["values"]["51"]["options"] = {"pot": {"keep": True}}

    found = coverage(small_archive, changed(whole, forget))
    [gap] = found.unmapped
    assert (gap.block, gap.value, gap.count, gap.why) == ("options", "51: kettle", 1, "no entry")
    assert [(item.block, item.value) for item in found.warnings] == [("options", "51: pot")]
    dropped = changed(whole, lambda data: data["custom_fields"]["values"].update({"51": DROPPED}))
    assert coverage(small_archive, dropped).unmapped == []


DROPPED = {"drop": True, "reason": "unused"}


def test_options_that_the_mapping_does_not_list_are_kept_and_counted(
    small_archive: Path, whole: Mapping
) -> None:
    found = coverage(
        small_archive, changed(whole, lambda data: data["custom_fields"]["values"]["51"].pop("options"))
    )
    assert (found.unmapped, found.defaults) == ([], 1)


def test_a_mapping_without_the_newer_blocks_is_complete_by_default(
    small_archive: Path, whole: Mapping
) -> None:
    newer = ("brands", "forms", "channels", "priorities", "types", "csat", "redact", "merged_and_deleted")
    old = changed(whole, lambda data: [data.pop(name) for name in newer])
    found = coverage(small_archive, old)
    assert (found.gaps, found.wildcards) == ([], 0)
    assert found.defaults == 3  # a brand, a form, a channel
    assert found.mapped == found.live


def test_what_became_live_since_is_found(
    archive_of: BuildArchive, small_company: dict[str, Any], whole: Mapping
) -> None:
    """Another export of the same account: a new status, an option nobody defined, an agent nobody knows."""
    company = copy.deepcopy(small_company)
    company["custom_statuses"].append({"id": 42, "agent_label": "Lost in transit", "status_category": "hold"})
    ticket = company["tickets"][0]
    ticket |= {"custom_status_id": 42, "assignee_id": 777, "custom_fields": {"51": "samovar", "77": "new"}}
    ticket |= {"tags": ["new_tag"], "via": {"channel": "sms"}, "priority": "urgent"}
    found = coverage(archive_of(**company), whole)
    assert {(gap.block, gap.value) for gap in found.unmapped} == {
        ("custom_statuses", "Lost in transit"),
        ("options", "51: samovar"),
        ("agents", "id:777"),
        ("custom_fields", "77"),
        ("tags", "new_tag"),
        ("channels", "sms"),
        ("priorities", "urgent"),
    }
    why = {gap.value: gap.why for gap in found.unmapped}
    assert why["51: samovar"] == "no entry; no definition in the export either"
    assert ("custom_statuses", "Waiting for courier") in {(item.block, item.value) for item in found.warnings}


def test_an_option_without_a_definition_is_a_suggestion_of_a_new_mapping_and_a_warning_of_an_old_one(
    archive_of: BuildArchive, small_company: dict[str, Any]
) -> None:
    company = copy.deepcopy(small_company)
    company["tickets"][0]["custom_fields"]["51"] = "samovar"
    archive = archive_of(**company)
    mapping = parse_mapping(default_mapping(archive), path=PATH)
    found = coverage(archive, mapping)
    assert found.unmapped == []
    assert ("options", "51: samovar") in {(item.block, item.value) for item in found.suggestions}
    old = changed(mapping, lambda data: data["custom_fields"]["values"]["51"].pop("options"))
    [warning] = coverage(archive, old).warnings
    assert (warning.value, "no definition" in warning.why) == ("51: samovar", True)


@pytest.mark.parametrize(
    ("change", "block", "value", "why"),
    [
        (
            lambda d: d["transcript"].update(timezone="Europe/Olso"),
            "transcript",
            "Europe/Olso",
            "unknown zone",
        ),
        (lambda d: d["staff"].update(migration_admin="Boss"), "staff", "Boss", "named by e-mail"),
        (
            lambda d: d["agents"]["values"].update({"left@acme.test": {"placeholder": True}}),
            "agents",
            "left@acme.test",
            "staff.placeholder names no admin",
        ),
        (
            lambda d: d["custom_fields"]["values"].update({"50": {"attribute": "Zendesk_Status"}}),
            "custom_fields",
            "50",
            "holds something else",
        ),
        (
            lambda d: d["custom_fields"]["values"].update({"50": {"attribute": "colours"}}),
            "custom_fields",
            "55",
            'is spelled "colours" for field 50',
        ),
        (
            lambda d: d["tags"]["values"].update({"vip": {"attribute": "Urgent", "value": "yes"}}),
            "tags",
            "vip",
            'attribute "Urgent" is string here and boolean for field 52',
        ),
        (
            lambda d: d["custom_fields"]["values"].update(
                {"50": {"attribute": "Order", "options": {"x": {"keep": True}}}}
            ),
            "custom_fields",
            "50",
            "a field of type text has no options",
        ),
        (
            lambda d: d["custom_fields"]["values"].update({"50": {"attribute": "Order", "type": "integer"}}),
            "custom_fields",
            "50",
            'no value is of type integer for "Order", such as "A: 1"',
        ),
        (
            lambda d: d["redact"].update(patterns=[{"name": "x", "pattern": "("}]),
            "redact",
            "x",
            "no regular expression",
        ),
    ],
)
def test_an_answer_that_cannot_be_carried_out_is_a_gap(
    small_archive: Path,
    whole: Mapping,
    change: Callable[[dict[str, Any]], object],
    block: str,
    value: str,
    why: str,
) -> None:
    [gap] = coverage(small_archive, changed(whole, change)).unmapped
    assert (gap.block, gap.value) == (block, value)
    assert why in gap.why
    assert gap.where.startswith(f"{PATH}:")


def test_values_that_do_not_fit_are_counted_beforehand(archive_of: BuildArchive) -> None:
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        ticket_fields=[
            {"id": 60, "title": "Count", "type": "text"},
            {
                "id": 61,
                "title": "Stars",
                "type": "tagger",
                "custom_field_options": [
                    {"name": "One", "value": "star_1"},
                    {"name": "None", "value": "none"},
                ],
            },
        ],
        tickets=[
            {
                "id": number,
                "requester_id": 1,
                "status": "open",
                "custom_fields": {"60": text, "61": "star_1" if number < 4 else "none"},
            }
            for number, text in enumerate(["1", "2", "many", "2"], 1)
        ],
        comments=[
            {"id": n, "ticket_id": n, "position": 1, "author_id": 1, "public": True} for n in range(1, 5)
        ],
    )
    mapping = parse_mapping(default_mapping(archive), path=PATH)

    def typed(data: dict[str, Any]) -> None:
        data["custom_fields"]["values"] = {
            "60": {"attribute": "Count", "type": "integer"},
            "61": {
                "attribute": "Stars",
                "type": "integer",
                "options": {"star_1": {"rename": "1"}, "none": {"keep": True}},
            },
        }

    found = coverage(archive, changed(mapping, typed))
    assert found.gaps == []
    assert {item.value: item.why for item in found.warnings} == {
        "60": '1 of 4 values are not of type integer, such as "many": in the transcript only',
        "61": '1 of 4 values are not of type integer, such as "none": in the transcript only',
    }


def test_what_may_not_be_meant_is_a_warning(small_archive: Path, whole: Mapping) -> None:
    def load_all(data: dict[str, Any]) -> None:
        data["rules"] = [{"where": "true", "conversation": "note", "reason": "all"}]
        data["merged_and_deleted"] = {"merged": "rules", "deleted": "rules"}
        data["purpose"] = "reporting"

    found = coverage(small_archive, changed(whole, load_all))
    assert [(item.value, item.count) for item in found.warnings[:4]] == [
        ("deleted or scrubbed in Zendesk", 2),
        ("merged into another one", 1),
        ("never visible to a customer", 3),
        ("reporting", 11),
    ]


def test_the_workspace_is_searched_for_clashes(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    workspace["conversation_attributes"] = [
        {"id": "1", "name": "COLOURS", "data_type": "string"},
        {"id": "2", "name": "Urgent", "data_type": "boolean"},
        {"id": "3", "name": "Urgent", "data_type": "boolean"},
        {"id": "4", "name": "zendesk_created_at", "data_type": "string"},
    ]

    def wants(data: dict[str, Any]) -> None:
        data["staff"]["placeholder"] = "later@acme.test"
        data["rules"].insert(0, {"where": "id < 0", "ticket": "Bug", "reason": "b"})

    found = coverage(small_archive, changed(whole, wants), workspace=workspace)
    assert {(gap.value, gap.why) for gap in found.missing} == {
        ("55", 'the workspace spells attribute "Colours" "COLOURS"'),
        ("52", '2 attributes are called "Urgent" in the workspace; Intercom refuses to write such'),
        (
            "zendesk_created_at",
            'attribute "zendesk_created_at" is string in the workspace, not datetime; rename it in Intercom',
        ),
        ("later@acme.test", "no admin later@acme.test in the workspace"),
        (
            "Bug",
            "the snapshot does not say which ticket types the workspace has; take it again; "
            "the token needs to read tickets",
        ),
    }


def test_ticket_types_are_held_against_the_workspace(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any]
) -> None:
    def wants(data: dict[str, Any]) -> None:
        data["rules"].insert(0, {"where": "id < 0", "ticket": "Bug", "reason": "b"})
        data["ticket_types"] = {"values": {"Unused": {"category": "customer"}}}

    def found(kinds: list[dict[str, Any]]) -> list[str]:
        known = workspace | {"ticket_types": kinds}
        assert complaints("workspace", known) == []
        checked = coverage(small_archive, changed(whole, wants), workspace=known)
        assert [gap.why for gap in checked.warnings if gap.block == "ticket_types"] == ["no rule names it"]
        return [gap.why for gap in checked.missing if gap.block == "ticket_types"]

    bug = {"id": "1", "name": "Bug", "category": "Customer"}
    states = [
        {"id": str(number), "category": category, "label": category.upper()}
        for number, category in enumerate(STATES)
    ]
    [unknown] = found([])
    assert unknown.startswith('no ticket type "Bug" in the workspace, and ticket_types does not say')
    assert 'has no state "resolved"' in " ".join(found([bug]))
    assert found([bug | {"states": states}]) == []
    assert "is for trackers" in found([bug | {"states": states, "category": "Tracker"}])[0]


def test_a_list_needs_a_field_with_options(small_archive: Path, whole: Mapping) -> None:
    def wants(data: dict[str, Any]) -> None:
        data["custom_fields"]["values"]["50"] = {"attribute": "Order", "type": "list"}

    found = coverage(small_archive, changed(whole, wants))
    assert [(gap.value, gap.why) for gap in found.unmapped] == [
        ("50", "a field of type text has no options for a list")
    ]


@pytest.mark.parametrize("shown", ["date", "datetime"])
def test_a_type_that_intercom_shows_by_another_name_is_no_clash(
    small_archive: Path, whole: Mapping, workspace: dict[str, Any], shown: str
) -> None:
    made = [{"name": "zendesk_created_at", "data_type": shown}]
    workspace |= {"contact_attributes": made, "conversation_attributes": []}
    found = coverage(small_archive, changed(whole, lambda _: None), workspace=workspace)
    assert "zendesk_created_at" not in {gap.value for gap in found.missing}


def test_every_live_value_is_listed_with_what_becomes_of_it(small_archive: Path, whole: Mapping) -> None:
    found = coverage(small_archive, whole)
    listed = {
        (item.block, item.value): (item.count, item.answer, item.done, item.target) for item in found.answered
    }
    assert len(listed) == found.live
    assert listed["agents", "left@acme.test"] == (
        1, "unassigned", "not assigned", "attribute zendesk_assignee",
    )  # fmt: skip
    assert listed["options", "51: kettle"] == (1, "keep", "kept", "Kettle")
    assert listed["custom_fields", "54"][3] == "attribute order NUMBER (54)"
    assert listed["tags", "kettle"][:2] == (1, 'drop: mirrors field "Product"')
    lines = {(item.block, item.value): item.line for item in found.answered}
    assert lines["agents", "left@acme.test"] == whole.line("agents", "values", "left@acme.test")
