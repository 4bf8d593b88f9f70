"""Every ticket has exactly one answer, from the first rule that holds, in loading order."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskferry.archive.decide import decide, summary
from deskferry.archive.map_init import default_mapping
from deskferry.schemas.decision import Target
from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping, parse_mapping

from .conftest import BuildArchive

NOTE = {"conversation": "note", "reason": "all"}


@cache
def usual(archive: Path) -> Mapping:
    return parse_mapping(default_mapping(archive), path=Path("acme.mapping.yaml"))


def mapping_of(archive: Path, *rules: dict[str, Any], **people: str) -> Mapping:
    """The default mapping of an archive with other rules."""
    mapping = usual(archive)
    data = mapping.data | {"people": mapping.data["people"] | people}
    data["merged_and_deleted"] = {"merged": "rules", "deleted": "rules"}
    lines = mapping.lines
    if rules:
        data["rules"] = list(rules)
        lines = lines | {("rules", index, "where"): 100 + index for index in range(len(rules))}
    return Mapping(path=mapping.path, data=data, lines=lines)


def test_the_default_rules_decide_each_ticket(small_archive: Path) -> None:
    decisions = list(decide(small_archive, mapping_of(small_archive)))
    assert {decision.ticket_id: decision.rule for decision in decisions} == {
        104: 1, 103: 2, 105: 3, 106: 4, 107: 5, 108: 6, 109: 7, 110: 8, 111: 8, 101: 9, 102: 9,
    }  # fmt: skip
    loaded = {d.ticket_id: d.form for d in decisions if d.target is Target.CONVERSATION}
    assert loaded == {110: "note", 111: "note", 101: "note", 102: "note"}
    assert all(decision.reason for decision in decisions)


def test_the_oldest_comes_first_and_equal_times_by_id(small_archive: Path) -> None:
    mapping = mapping_of(small_archive, {"where": "true", **NOTE})
    assert [d.ticket_id for d in decide(small_archive, mapping)] == [
        102, 101, 103, 104, 105, 106, 107, 108, 109, 110, 111,
    ]  # fmt: skip


def test_the_first_rule_that_holds_decides_and_null_does_not_hold(small_archive: Path) -> None:
    mapping = mapping_of(
        small_archive,
        {"where": "assignee_id > 2 -- NULL for most", "drop": True, "reason": "a"},
        {"where": "id = 102 or id = 101", "archive_only": True, "reason": "b"},
        {"where": "true", **NOTE},
    )
    found = {d.ticket_id: (d.target, d.form, d.rule, d.reason) for d in decide(small_archive, mapping)}
    assert found[102] == (Target.DROP, None, 1, "a")
    assert found[101] == (Target.ARCHIVE_ONLY, None, 2, "b")
    assert found[103] == (Target.CONVERSATION, "note", 3, "all")


def test_filters_narrow_what_is_answered_never_the_answer(small_archive: Path) -> None:
    mapping = mapping_of(small_archive)
    everything = {d.ticket_id: d for d in decide(small_archive, mapping)}
    some = list(decide(small_archive, mapping, where="status = 'closed'", tickets=[106, 101, 102, 102]))
    assert some == [everything[102], everything[106]]
    assert list(decide(small_archive, mapping, tickets=[])) == []


def test_a_ticket_that_is_not_there_is_named(small_archive: Path) -> None:
    with pytest.raises(InputError, match="no such ticket: 7, 8"):
        decide(small_archive, mapping_of(small_archive), tickets=[101, 8, 7])
    with pytest.raises(InputError):
        decide(small_archive, mapping_of(small_archive), tickets=[2**70])


def test_tickets_no_rule_takes_are_counted_and_the_last_rule_is_named(small_archive: Path) -> None:
    mapping = mapping_of(small_archive, {"where": "deleted", **NOTE}, {"where": "scrubbed", **NOTE})
    for call in (decide, summary):
        with pytest.raises(InputError, match="no rule takes 9 of 11 tickets") as caught:
            call(small_archive, mapping)
        assert caught.value.where == "acme.mapping.yaml:101"
        assert 'where: "true"' in str(caught.value)


def test_a_bad_rule_is_named_before_anything_is_decided(small_archive: Path) -> None:
    mapping = mapping_of(small_archive, {"where": "true", **NOTE}, {"where": "sttus = 'x'", **NOTE})
    with pytest.raises(InputError, match="sttus") as caught:
        decide(small_archive, mapping)
    assert caught.value.where == "acme.mapping.yaml:101"


def test_a_rule_that_fails_on_a_value_is_named(small_archive: Path) -> None:
    mapping = mapping_of(
        small_archive,
        {"where": "id < 0", **NOTE},
        {"where": "status::int > 5", **NOTE},
        {"where": "true", **NOTE},
    )
    for call in (decide, summary):
        with pytest.raises(InputError, match="Could not convert") as caught:
            call(small_archive, mapping)
        assert caught.value.where == "acme.mapping.yaml:101"


@pytest.mark.parametrize("where", ["sttus = 'x'", "random() < 0.5", "", "true) or (id", "status::int > 5"])
def test_a_bad_further_condition_is_named(small_archive: Path, where: str) -> None:
    with pytest.raises(InputError) as caught:
        list(decide(small_archive, mapping_of(small_archive), where=where))
    assert caught.value.where == "--where"


def test_the_summary_counts_every_rule_and_every_ticket(small_archive: Path) -> None:
    shares = summary(small_archive, mapping_of(small_archive))
    assert [share.rule for share in shares] == list(range(1, 10))
    assert [share.tickets for share in shares] == [1, 1, 1, 1, 1, 1, 1, 2, 2]
    assert shares[-1].target is Target.CONVERSATION


def test_who_has_neither_mail_nor_product_id_stays_in_the_archive_when_the_mapping_says_so(
    small_archive: Path,
) -> None:
    mapping = mapping_of(small_archive, without_email="archive_only")
    found = {decision.ticket_id: decision for decision in decide(small_archive, mapping)}
    assert found[102].target is Target.ARCHIVE_ONLY
    assert (found[102].rule, "without_email" in found[102].reason) == (9, True)
    assert found[101].target is Target.CONVERSATION
    shares = summary(small_archive, mapping)
    assert [(share.rule, share.target, share.tickets) for share in shares[-2:]] == [
        (9, Target.CONVERSATION, 1),
        (9, Target.ARCHIVE_ONLY, 1),
    ]


def test_many_tickets_stream_in_order(archive_of: BuildArchive) -> None:
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        tickets=[
            {"id": n, "requester_id": 1, "created_at": f"2024-01-01T00:00:{(n * 7) % 60:02d}.000Z"}
            for n in range(1, 10_501)
        ],
    )
    mapping = mapping_of(archive, {"where": "id % 2 = 0", **NOTE}, {"where": "true", **NOTE})
    decisions = list(decide(archive, mapping))
    assert [d.ticket_id for d in decisions] == sorted(range(1, 10_501), key=lambda n: ((n * 7) % 60, n))
    assert all(d.rule == (1 if d.ticket_id % 2 == 0 else 2) for d in decisions)


CONDITIONS = st.sampled_from(
    [
        "deleted",
        "scrubbed",
        "id % 3 = 0",
        "status = 'closed'",
        "merged_into is not null",
        "assignee_id > 2",
        "public_comments = 0 -- none",
        "list_contains(tags, 'vip')",
        "requester_email ilike '%@x%'",
    ]
)
TARGETS = st.sampled_from(
    [{"archive_only": True}, {"drop": True}, {"conversation": "note"}, {"conversation": "bare"}]
)
RULES = st.lists(
    st.builds(lambda where, target: {"where": where, **target, "reason": "why"}, CONDITIONS, TARGETS),
    max_size=5,
)


@settings(max_examples=8, deadline=None)
@given(
    rules=RULES,
    people=st.sampled_from(["zendesk_id", "archive_only"]),
    merged=st.sampled_from(["rules", "archive_only"]),
    deleted=st.sampled_from(["rules", "archive_only"]),
)
def test_whatever_the_rules_every_ticket_has_one_answer_and_all_ways_to_ask_agree(
    small_archive: Path, rules: list[dict[str, Any]], people: str, merged: str, deleted: str
) -> None:
    mapping = mapping_of(small_archive, *rules, {"where": "true", **NOTE}, without_email=people)
    mapping.data["merged_and_deleted"] = {"merged": merged, "deleted": deleted}
    decisions = list(decide(small_archive, mapping))
    assert sorted(decision.ticket_id for decision in decisions) == list(range(101, 112))
    counted = Counter((d.rule, d.target, d.form, d.reason) for d in decisions)
    shares = summary(small_archive, mapping)
    assert {(s.rule, s.target, s.form, s.reason): s.tickets for s in shares if s.tickets} == counted
    assert list(decide(small_archive, mapping, tickets=[decisions[0].ticket_id])) == decisions[:1]
    loaded = {d.ticket_id for d in decisions if d.target is Target.CONVERSATION}
    assert not (deleted == "archive_only" and loaded & {103, 104})
    assert not (merged == "archive_only" and 106 in loaded)
    assert not (people == "archive_only" and 102 in loaded)


def test_a_setting_that_holds_a_ticket_back_says_which(small_archive: Path) -> None:
    mapping = mapping_of(small_archive, {"where": "true", **NOTE}, without_email="archive_only")
    mapping.data["merged_and_deleted"] = {"merged": "archive_only", "deleted": "archive_only"}
    reasons = {d.ticket_id: d.reason for d in decide(small_archive, mapping)}
    assert reasons[103] == "Deleted in Zendesk (merged_and_deleted.deleted: archive_only)"
    assert reasons[106] == "Merged into another ticket (merged_and_deleted.merged: archive_only)"
    assert reasons[102].endswith("(people.without_email: archive_only)")
    assert reasons[101] == "all"


def test_a_ticket_can_become_one_of_intercoms(small_archive: Path) -> None:
    mapping = mapping_of(small_archive, {"where": "true", "ticket": "Bug", "reason": "b"})
    [decision] = decide(small_archive, mapping, tickets=[101])
    assert (decision.target, decision.form) == (Target.TICKET, "Bug")
