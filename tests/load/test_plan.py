"""Plans: reproducible, counted, without a word of what anybody said."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.plan_file import open_plan
from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.mapping import read_mapping
from deskferry.templates.render import Templates

from .conftest import ANNA, BEN, LEA, Desk, company, ticket, write_dataset


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_the_same_inputs_give_the_same_plan_wherever_it_lies(desk: Desk) -> None:
    workspace = desk.snapshot()
    one = desk.plan("one.plan", workspace=workspace)
    (desk.folder / "deeper").mkdir()
    two = desk.plan("deeper/two.plan", workspace=workspace)
    assert one.digest == two.digest
    every = "select * from actions order by phase, seq"
    assert rows(desk.folder / "one.plan", every) == rows(desk.folder / "deeper" / "two.plan", every)
    assert desk.plan("three.plan", workspace=workspace, limit=3).digest != one.digest


def test_a_plan_counts_what_will_be_done(desk: Desk) -> None:
    plan = desk.plan()
    steps = plan.by_step
    assert (plan.tickets, plan.contacts, plan.customer_visible) == (6, 3, 6)
    assert (steps["conversation close"], steps["conversation note"]) == (5, 6)
    assert plan.by_target == {"archive_only": 1, "conversation": 6}
    assert plan.calls == sum(steps.values())
    assert plan.setup == sum(count for step, count in steps.items() if "attribute" in step or "tag c" in step)
    assert plan.seconds == round(plan.calls / plan.limit_per_10s * 10, 1)
    assert "5 closes count on the day of the load: Intercom cannot date a close" in plan.notes
    assert plan.notes[0] == "6 conversations count in Mar 2024, when they began"
    assert plan.as_dict()["tickets"] == 6


def test_calls_stand_in_the_order_they_are_made(desk: Desk) -> None:
    desk.plan()
    threads = [
        (kind, key)
        for kind, key in rows(
            desk.folder / "try.plan",
            "select kind, key from actions where step = 'create' order by phase, seq",
        )
        if kind in ("contact", "conversation")
    ]
    assert threads[-1] == ("conversation", "5"), "the open one is last"
    for person, number in ((ANNA, 1), (BEN, 2), (LEA, 4)):
        assert threads.index(("contact", str(person))) < threads.index(("conversation", str(number)))
    assert len(threads) == len(set(threads)) == 9


def test_a_plan_holds_no_word_of_the_conversations(desk: Desk) -> None:
    desk.plan()
    content = (desk.folder / "try.plan").read_bytes()
    for words in (b"Question", b"Internal word", b"Subject"):
        assert words not in content
    assert (desk.folder / "try.plan").stat().st_mode & 0o777 == 0o600


def test_a_selection_changes_no_witness_of_another_ticket(desk: Desk) -> None:
    """Tickets 1 and 3 are of one person and one second: 3 begins a second later, with or without 1."""
    desk.plan("all.plan")
    desk.plan("one.plan", tickets=[3])
    query = "select witness from actions where kind = 'conversation' and key = '3' and step = 'create'"
    assert rows(desk.folder / "all.plan", query) == rows(desk.folder / "one.plan", query)
    assert rows(desk.folder / "one.plan", "select count(*) from decisions") == [(1,)]


def test_tickets_of_one_second_are_moved_on_until_each_has_its_own(desk: Desk, tmp_path: Path) -> None:
    at = [f"2024-03-02T10:00:{second:02}.000Z" for second in (0, 0, 0, 1, 1, 9)]
    many = company(tickets=[ticket(number, ANNA, created_at=when) for number, when in enumerate(at, 1)])
    desk.dataset = write_dataset(tmp_path / "many" / "acme.dataset", many)
    desk.plan()
    seconds = rows(
        desk.folder / "try.plan",
        "select json_extract(witness, '$.created_at') - 1709373600 from actions"
        " where kind = 'conversation' and step = 'create' order by cast(key as integer)",
    )
    assert [second for (second,) in seconds] == [0, 1, 2, 3, 4, 9]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "a@x.test"}, {"email": " A@X.test"}),
        ({"email": "a@x.test", "external_id": "p1"}, {"email": "A@x.test"}),
        ({"email": "a@x.test", "external_id": "p1"}, {"email": "b@x.test", "external_id": "p1"}),
        ({"external_id": "p1"}, {"external_id": "p1", "email": "b@x.test"}),
    ],
)
def test_people_who_would_be_one_contact_are_planned_as_one_and_share_its_seconds(
    desk: Desk, tmp_path: Path, one: dict[str, str], other: dict[str, str]
) -> None:
    same = {"created_at": "2024-03-02T10:00:00.000Z"}
    people = [{"id": ANNA, "name": "A", **one}, {"id": BEN, "name": "B", **other}]
    two = company(users=people, tickets=[ticket(1, ANNA, **same), ticket(3, BEN, **same)])
    desk.dataset = write_dataset(tmp_path / "two" / "acme.dataset", two)
    assert desk.plan().contacts == 1
    query = (
        "select count(distinct json_extract(witness, '$.created_at')),"
        " count(distinct json_extract(witness, '$.contact'))"
        " from actions where step = 'create' and kind = 'conversation'"
    )
    assert rows(desk.folder / "try.plan", query) == [(2, 1)]


def test_a_plan_of_nothing_makes_nothing(desk: Desk) -> None:
    summary = desk.plan(tickets=[])
    assert (summary.tickets, summary.calls) == (0, 0)


def test_an_email_that_is_no_address_is_not_sent_as_one(desk: Desk, tmp_path: Path) -> None:
    """Intercom would refuse the contact; two people with the same nonsense are still two."""
    people = [{"id": ANNA, "name": "A", "email": "none"}, {"id": BEN, "name": "B", "email": "none"}]
    two = company(users=people, tickets=[ticket(1, ANNA), ticket(3, BEN)])
    desk.dataset = write_dataset(tmp_path / "two" / "acme.dataset", two)
    summary = desk.plan()
    assert (summary.contacts, summary.remark_count) == (2, 2)
    assert "'none' is no e-mail address" in summary.remarks[0].text
    found = rows(desk.folder / "try.plan", "select witness from actions where kind = 'contact' order by key")
    assert [row[0] for row in found] == [f'{{"external_id":"zendesk:{id_}"}}' for id_ in sorted((ANNA, BEN))]
    assert desk.load().failed == 0
    assert desk.verify().differences == ()


def test_a_limit_counts_conversations_and_forgets_what_comes_after(desk: Desk) -> None:
    plan = desk.plan(limit=2)
    assert (plan.tickets, plan.by_target) == (2, {"conversation": 2})


def test_a_ticket_nobody_can_be_found_for_is_refused_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    lost = company(tickets=[ticket(1, ANNA), ticket(2, 404)])
    desk.dataset = write_dataset(tmp_path / "lost" / "acme.dataset", lost)
    desk.mapping.write_text(desk.mapping.read_text())
    mapping = read_mapping(desk.mapping)
    from deskferry.load.plan import build_plan
    from deskferry.schemas.decision import Decision, Target

    plan = build_plan(
        desk.dataset,
        mapping=mapping,
        decisions=[
            Decision(2, Target.CONVERSATION, "note", 1, "x"),
            Decision(1, Target.CONVERSATION, "note", 1, "x"),
            Decision(99, Target.CONVERSATION, "note", 1, "x"),
        ],
        templates=Templates(),
        templates_dir=None,
        workspace=desk.snapshot(),
        into=desk.folder / "try.plan",
    )
    assert plan.tickets == 1
    assert [(item.ticket_id, item.reason) for item in plan.refused] == [
        (2, "user 404 is not in the export"),
        (99, "the ticket is not in the archive"),
    ]


def test_nothing_is_planned_for_compliance(desk: Desk) -> None:
    desk.change_mapping("purpose: context", "purpose: compliance")
    with pytest.raises(RefusedError, match="the purpose is compliance"):
        desk.plan()
    assert not (desk.folder / "try.plan").exists()


def test_a_plan_is_replaced_only_when_asked(desk: Desk) -> None:
    desk.plan()
    with pytest.raises(RefusedError, match="is there already"):
        desk.plan()
    desk.plan(replace=True)


def test_a_plan_that_cannot_be_made_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    archive = write_dataset(tmp_path / "none" / "acme.dataset", company())
    workspace, mapping = desk.snapshot(), desk.mapping
    archive.archive.unlink()
    desk.dataset = archive
    before = sorted(path.name for path in desk.folder.iterdir())
    with pytest.raises(InputError, match="no archive here"):
        desk.plan(workspace=workspace)
    assert sorted(path.name for path in desk.folder.iterdir()) == before
    assert mapping.exists()


def test_a_plan_moves_with_its_inputs(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.dataset.path, desk.folder / "acme.dataset")
    from deskferry.schemas.dataset import open_dataset

    desk.dataset = open_dataset(desk.folder / "acme.dataset")
    plan = desk.plan()
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("acme.dataset", "acme.mapping.yaml", "try.plan"):
        (desk.folder / name).rename(moved / name)
    with open_plan(moved / "try.plan") as opened:
        assert opened.digest == plan.digest
        assert opened.dataset.path == moved / "acme.dataset"


def test_an_input_that_is_gone_is_named(desk: Desk) -> None:
    desk.plan()
    desk.mapping.unlink()
    with (
        pytest.raises(RefusedError, match="the mapping this plan was made from is gone"),
        open_plan(desk.folder / "try.plan"),
    ):
        pass


def test_changed_templates_are_refused(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "opening.txt").write_text("Ticket {{ ticket_id }}")
    desk.plan(templates_dir=folder)
    (folder / "opening.txt").write_text("No {{ ticket_id }}")
    with pytest.raises(RefusedError, match="the templates changed"), open_plan(desk.folder / "try.plan"):
        pass


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and then nothing", b"{}"])
def test_another_file_is_no_plan(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.plan"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a plan"), open_plan(path):
        pass


def test_the_newest_tickets_can_go_first_and_open_ones_stay_last(desk: Desk) -> None:
    workspace = desk.snapshot()
    query = "select key from actions where kind = 'conversation' and step = 'create' order by phase, seq"

    def order(name: str, **more: Any) -> list[object]:
        desk.plan(name, workspace=workspace, **more)
        return [key for (key,) in rows(desk.folder / name, query)]

    assert order("old.plan") == ["1", "3", "2", "4", "6", "5"], "5 is open"
    assert order("new.plan", newest_first=True) == ["6", "4", "2", "3", "1", "5"]
    assert order("few.plan", newest_first=True, limit=2) == ["6", "5"]
