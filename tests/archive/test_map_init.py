"""`map init` writes a mapping that is complete, says where it guessed, and holds for awkward names."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.mapping import Mapping, parse_mapping, shape_at
from deskferry.schemas.signature import signatures

from .conftest import BuildArchive

PATH = Path("acme.mapping.yaml")


def written(archive: Path, workspace: dict[str, Any] | None = None) -> Mapping:
    return parse_mapping(default_mapping(archive, workspace=workspace), path=PATH)


def values(mapping: Mapping, block: str) -> dict[str, Any]:
    found: dict[str, Any] = mapping.data[block]["values"]
    return found


def test_it_is_complete_without_editing(small_archive: Path, workspace: dict[str, Any]) -> None:
    for snapshot in (None, workspace):
        found = coverage(small_archive, written(small_archive, snapshot), workspace=snapshot)
        assert (found.unmapped, found.missing, found.wildcards) == ([], [], 0)
        assert found.live == found.mapped == 28


def test_offline_everything_has_a_safe_target(small_archive: Path) -> None:
    mapping = written(small_archive)
    agents, groups = values(mapping, "agents"), values(mapping, "groups")
    assert set(agents) == {"agent@acme.test", "id:404", "left@acme.test"}
    assert all(answer == {"unassigned": True} for answer in agents.values())
    assert set(groups) == {"No: really?", "Support", "id:98"}
    assert all(answer == {"attribute": True} for answer in groups.values())
    assert values(mapping, "statuses") == {
        "closed": {"state": "closed"},
        "hold": {"state": "open"},
        "open": {"state": "open"},
        "solved": {"state": "closed"},
    }
    assert values(mapping, "custom_statuses") == {
        "Closed": {"state": "closed"},
        "Waiting for courier": {"state": "open"},
    }
    assert mapping.data["account"] == "acme"
    assert mapping.data["purpose"] == "context"
    assert mapping.data["assign"] == "open"
    assert mapping.data["people"]["unsubscribed_from_emails"] is True


def test_a_field_becomes_an_attribute_of_its_type_under_a_name_of_its_own(small_archive: Path) -> None:
    assert values(written(small_archive), "custom_fields") == {
        "50": {"attribute": "Order number (50)", "type": "string"},
        "51": {"attribute": "Product", "type": "string", "options": {"kettle": {"keep": True}}},
        "52": {"attribute": "Urgent", "type": "boolean"},
        "54": {"attribute": "order NUMBER (54)", "type": "integer"},
        "55": {"attribute": "Colours", "type": "string", "options": {"red": {"keep": True}}},
        "99": {"attribute": "zendesk_field_99", "type": "string", "suggested": True},
    }


def test_a_tag_that_repeats_a_field_is_dropped_and_says_so(small_archive: Path) -> None:
    assert values(written(small_archive), "tags") == {
        "is_urgent": {"drop": True, "reason": 'mirrors field "Urgent"'},
        "kettle": {"drop": True, "reason": 'mirrors field "Product"'},
        "red": {"drop": True, "reason": 'mirrors field "Colours"'},
        "vip": {"keep": True},
        "pot": {"keep": True},  # an option's value, but here the field is empty
    }


def test_a_workspace_gives_admins_teams_and_types(small_archive: Path, workspace: dict[str, Any]) -> None:
    mapping = written(small_archive, workspace)
    assert values(mapping, "agents")["agent@acme.test"] == {"admin": "Agent@acme.test"}
    assert values(mapping, "agents")["left@acme.test"] == {"unassigned": True}  # there, but without a seat
    assert values(mapping, "groups")["Support"] == {"team": "Support"}
    assert values(mapping, "groups")["No: really?"] == {"team": "no really", "suggested": True}
    assert values(mapping, "custom_fields")["51"] == {
        "attribute": "Product (51)",
        "type": "string",
        "suggested": True,
        "options": {"kettle": {"keep": True}},
    }
    assert values(mapping, "custom_fields")["52"] == {"attribute": "Urgent", "type": "boolean"}


def test_every_value_stands_with_its_count(small_archive: Path) -> None:
    lines = default_mapping(small_archive).splitlines()
    assert '    "left@acme.test": {unassigned: true}  # 1 ticket, Left, left' in lines
    assert '  - where: "merged_into is not null"  # 1 ticket' in lines
    assert '  - where: "true"  # 2 tickets' in lines
    assert "  domains: []  # of the agents: acme.test (1)" in lines
    assert '        "kettle": {keep: true}  # 1 ticket, Kettle' in lines
    assert "  policy: internal  # 3 of 8 comments" in lines


def test_values_of_tickets_that_stay_in_the_archive_are_left_out(small_archive: Path) -> None:
    text = default_mapping(small_archive)
    assert "archive_only_tag" not in text
    assert '"id:99"' not in text


def test_an_empty_archive_has_a_mapping_too(archive_of: BuildArchive) -> None:
    archive = archive_of(account=None)
    mapping = written(archive)
    assert mapping.data["account"] is None
    assert mapping.data["tags"]["values"] == {}
    assert coverage(archive, mapping).live == 0


AWKWARD = [
    "*",
    "no",
    "1",
    "a: b",
    "# c",
    "- d",
    "'e'",
    '"f"',
    "שלום עולם",
    "日本語😀",
    "g\nh",
    "i\u2028j",
    "k" * 1500,
]


def test_awkward_names_are_mapped_like_any_other(archive_of: BuildArchive) -> None:
    names = AWKWARD[1:]
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        groups=[{"id": 10 + n, "name": name} for n, name in enumerate(names)],
        custom_statuses=[
            {"id": 50 + n, "agent_label": name, "status_category": "hold"} for n, name in enumerate(names)
        ],
        ticket_fields=[{"id": 100 + n, "title": name, "type": "text"} for n, name in enumerate(AWKWARD)],
        tickets=[
            {
                "id": 1 + n, "requester_id": 1, "status": "open", "group_id": 10 + n, "tags": AWKWARD,
                "custom_status_id": 50 + n, "custom_fields": {str(100 + m): "x" for m in range(len(AWKWARD))},
            }
            for n in range(len(names))
        ],
        comments=[
            {"id": 1 + n, "ticket_id": 1 + n, "position": 1, "author_id": 1, "public": True}
            for n in range(len(names))
        ],
    )  # fmt: skip
    mapping = written(archive)
    assert set(values(mapping, "groups")) == set(names)
    assert set(values(mapping, "custom_statuses")) == set(names)
    assert set(values(mapping, "tags")) == set(AWKWARD)
    attributes = [answer["attribute"] for answer in values(mapping, "custom_fields").values()]
    assert len(set(attributes)) == len(AWKWARD)
    assert all(len(attribute) <= 190 for attribute in attributes)
    assert coverage(archive, mapping).unmapped == []


def many_tags(archive_of: BuildArchive, rare: int) -> Path:
    """12 tickets that share a tag; `rare` further tags stand on one ticket each, ten of them on all."""
    tags = [f"rare_{n}" for n in range(rare)]
    common = [f"common_{n}" for n in range(10)]
    return archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        tickets=[
            {"id": n, "requester_id": 1, "status": "open", "tags": common + (tags if n == 1 else [])}
            for n in range(1, 13)
        ],
        comments=[
            {"id": n, "ticket_id": n, "position": 1, "author_id": 1, "public": True} for n in range(1, 13)
        ],
    )


@pytest.mark.parametrize(("rare", "listed"), [(490, 500), (491, 11)])
def test_of_very_many_tags_only_the_used_ones_are_listed(
    archive_of: BuildArchive, rare: int, listed: int
) -> None:
    archive = many_tags(archive_of, rare)
    mapping = written(archive)
    tags = values(mapping, "tags")
    assert len(tags) == listed
    assert ("*" in tags) == (rare == 491)
    found = coverage(archive, mapping)
    assert (found.unmapped, found.wildcards) == ([], 491 if rare == 491 else 0)


def test_titles_like_our_own_attributes_get_their_id(archive_of: BuildArchive) -> None:
    titles = ["zendesk_status", "Imported_From", "  two\n words ", "", "x" * 300, "x" * 300]
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        ticket_fields=[{"id": n, "title": title, "type": "date"} for n, title in enumerate(titles, 1)],
        tickets=[{"id": 1, "requester_id": 1, "custom_fields": {str(n): "2024-01-01" for n in range(1, 7)}}],
        comments=[{"id": 1, "ticket_id": 1, "position": 1, "author_id": 1, "public": True}],
    )
    names = {key: answer["attribute"] for key, answer in values(written(archive), "custom_fields").items()}
    assert names["1"] == "zendesk_status (1)"
    assert names["2"] == "Imported_From (2)"
    assert names["3"] == "two words"
    assert names["4"] == "zendesk_field_4"
    assert names["5"] != names["6"]


def test_every_block_of_the_schema_stands_there_in_its_order(small_archive: Path) -> None:
    mapping = written(small_archive)
    assert list(mapping.data) == list(shape_at()["properties"])
    for name, block in mapping.data.items():
        if isinstance(block, dict):
            assert set(block) == set(shape_at(name)["properties"]), name
    assert not any(signature.signed for signature in signatures(mapping))


@pytest.mark.parametrize(
    ("purpose", "target", "live"),
    [
        ("context", {"conversation": "note"}, 28),
        ("reporting", {"conversation": "bare"}, 28),
        ("compliance", {}, 0),
    ],
)
def test_the_purpose_steers_what_becomes_of_a_conversation(
    small_archive: Path, purpose: str, target: dict[str, str], live: int
) -> None:
    mapping = parse_mapping(default_mapping(small_archive, purpose=purpose), path=PATH)
    assert mapping.data["purpose"] == purpose
    wanted: dict[str, Any] = {**target} or {"archive_only": True}
    assert wanted.items() <= mapping.data["rules"][-1].items()
    found = coverage(small_archive, mapping)
    assert (found.gaps, found.live) == ([], live)
    assert [item for item in found.warnings if item.block == "purpose"] == []


def test_an_admin_of_the_same_name_is_proposed_and_marked(
    small_archive: Path, workspace: dict[str, Any]
) -> None:
    workspace["admins"] = [{"id": "1", "email": "new@acme.test", "name": "agent", "seat": True}]
    agents = values(written(small_archive, workspace), "agents")
    assert agents["agent@acme.test"] == {"admin": "new@acme.test", "suggested": True}
    workspace["admins"].append({"id": "2", "email": "other@acme.test", "name": "Agent", "seat": True})
    agents = values(written(small_archive, workspace), "agents")
    assert agents["agent@acme.test"] == {"unassigned": True}


def test_an_attribute_that_is_spelled_otherwise_is_proposed_and_marked(
    small_archive: Path, workspace: dict[str, Any]
) -> None:
    workspace["conversation_attributes"] = [{"id": "1", "name": "COLOURS", "data_type": "string"}]
    answer = values(written(small_archive, workspace), "custom_fields")["55"]
    assert (answer["attribute"], answer["suggested"]) == ("COLOURS", True)
    assert coverage(small_archive, written(small_archive, workspace), workspace=workspace).gaps == []


def test_of_very_many_options_the_rare_ones_keep_their_names(archive_of: BuildArchive) -> None:
    options = [{"name": f"Option {n}", "value": f"o{n}"} for n in range(600)]
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        ticket_fields=[{"id": 7, "title": "Many", "type": "tagger", "custom_field_options": options}],
        tickets=[
            {"id": n, "requester_id": 1, "status": "open", "custom_fields": {"7": f"o{max(0, n - 20)}"}}
            for n in range(1, 600)
        ],
        comments=[
            {"id": n, "ticket_id": n, "position": 1, "author_id": 1, "public": True} for n in range(1, 600)
        ],
    )
    mapping = written(archive)
    listed = values(mapping, "custom_fields")["7"]["options"]
    assert set(listed) == {"o0", "*"}
    assert listed["*"] == {"keep": True, "reason": "579 options on fewer than 10 tickets each"}
    found = coverage(archive, mapping)
    assert (found.gaps, found.wildcards) == ([], 579)
