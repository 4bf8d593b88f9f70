"""What tickets, people and a mapping become as calls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.action import Action, Kind, Ref, Step, symbolic
from deskferry.load.compose import compose_contact, compose_conversation, compose_setup
from deskferry.load.compose_attributes import LONGEST, typed_value
from deskferry.load.compose_conversation import NOTE
from deskferry.load.mapped import migration_admin
from deskferry.schemas.errors import InputError, RecordError, RefusedError
from deskferry.schemas.mapping import Mapping
from deskferry.schemas.validate import complaints
from deskferry.templates.history import FieldValue, File, History, Message, Person, Rating
from deskferry.templates.render import Templates

ANA = Person(11, "Ana", "ana@customer.example", staff=False)
KIM = Person(2, "Kim", "Kim@acme.example", staff=True)
LEFT = Person(3, "Toshi (left)", None, staff=True)
BEGAN = 1_709_474_520  # 3 March 2024, 14:02 UTC
NOW = "2026-11-23T12:00:00Z"
SECRET = "XYZZY-9431"


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)


def message_of(position: int = 1, **changes: Any) -> Message:
    usual = Message(
        id=100 + position,
        position=position,
        author=ANA,
        created_at=at(BEGAN + 60 * (position - 1)),
        public=True,
        text=f"Message {position}",
        html=None,
        files=(),
        channel="email",
    )
    return replace(usual, **changes)


def history_of(*messages: Message, **changes: Any) -> History:
    usual = History(
        ticket_id=30418,
        account="acme",
        subject="Order arrived broken",
        status="closed",
        priority="high",
        type=None,
        channel="email",
        created_at=at(BEGAN),
        updated_at=at(BEGAN + 7200),
        solved_at=None,
        requester=ANA,
        submitter=ANA,
        assignee=KIM,
        group="Support",
        organization="Customer Ltd",
        brand=None,
        form="",
        tags=("broken", "noise", "vip"),
        ccs=(),
        fields=(),
        rating=Rating("good", "Fast"),
        links=(),
        messages=messages or (message_of(1), message_of(2, author=KIM)),
    )
    return replace(usual, **changes)


def mapping_of(**blocks: Any) -> Mapping:
    data = {
        "mapping": 1,
        "account": "acme",
        "purpose": "context",
        "rules": [{"where": "true", "conversation": "note", "reason": "all"}],
        "people": {"policy": "create", "without_email": "zendesk_id", "unsubscribed_from_emails": True},
        "staff": {"migration_admin": None, "domains": []},
        "agents": {
            "values": {"kim@acme.example": {"admin": "kim@acme.example"}, "id:3": {"unassigned": True}}
        },
        "groups": {"values": {"Support": {"team": "Care"}, "Sales": {"attribute": True}}},
        "assign": "all",
        "statuses": {
            "values": {
                "open": {"state": "open"},
                "pending": {"state": "open"},
                "closed": {"state": "closed"},
            }
        },
        "custom_statuses": {"values": {"Waiting": {"state": "closed"}}},
        "custom_fields": {
            "values": {
                "70": {"attribute": "product", "type": "string"},
                "71": {"attribute": "count", "type": "integer"},
                "72": {"drop": True, "reason": "unused"},
            }
        },
        "tags": {
            "values": {
                "vip": {"rename": "Very Important"},
                "noise": {"drop": True, "reason": "noise"},
                "*": {"keep": True, "reason": "all others"},
            }
        },
        "transcript": {"timezone": "UTC"},
        "limits": {"note": 20_000},
        **blocks,
    }
    assert complaints("mapping", data) == []
    lines: dict[tuple[str | int, ...], int] = {
        (): 1,
        **{(name,): number for number, name in enumerate(data, start=1)},
    }
    return Mapping(path=Path("acme.mapping.yaml"), data=data, lines=lines)


def workspace_of(**changes: Any) -> dict[str, Any]:
    made = {
        "type": "workspace",
        "format": 1,
        "taken_at": NOW,
        "id": "ab12",
        "name": "Acme",
        "region": "sandbox",
        "me": {"id": "1", "email": "ops@acme.example", "name": "Ops"},
        "admins": [
            {"id": "1", "email": "ops@acme.example", "name": "Ops", "seat": True},
            {"id": "22", "email": "KIM@acme.example", "name": "Kim", "seat": True},
            {"id": "23", "email": "noseat@acme.example", "name": "No", "seat": False},
        ],
        "teams": [{"id": "900", "name": "care", "admin_ids": ["22"]}],
        "contact_attributes": [],
        "conversation_attributes": [],
        "tags": [],
        "limit": None,
        **changes,
    }
    assert complaints("workspace", made) == []
    return made


@cache
def templates() -> Templates:
    return Templates()


def composed(
    history: History,
    *,
    mapping: Mapping | None = None,
    workspace: dict[str, Any] | None = None,
    contact: str | None = None,
    created_at: int = BEGAN,
    files: Path = Path(),
    form: str = NOTE,
) -> list[Action]:
    return compose_conversation(
        history,
        mapping=mapping or mapping_of(),
        workspace=workspace or workspace_of(),
        templates=templates(),
        contact=contact or str(history.requester.id),
        created_at=created_at,
        files=files,
        form=form,
    )


def step(actions: list[Action], wanted: Step) -> Action:
    (found,) = [action for action in actions if action.step is wanted]
    return found


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


# --- a conversation ---------------------------------------------------------------------------------


def test_a_closed_ticket_is_created_noted_updated_tagged_assigned_and_closed_in_this_order() -> None:
    actions = composed(history_of())
    assert [(action.step, action.part, action.method, action.path) for action in actions] == [
        (Step.CREATE, 0, "POST", "/conversations"),
        (Step.NOTE, 1, "POST", "/conversations/{id}/reply"),
        (Step.UPDATE, 0, "PUT", "/conversations/{id}"),
        (Step.TAG, 1, "POST", "/conversations/{id}/tags"),
        (Step.TAG, 2, "POST", "/conversations/{id}/tags"),
        (Step.ASSIGN_TEAM, 0, "POST", "/conversations/{id}/parts"),
        (Step.ASSIGN_ADMIN, 0, "POST", "/conversations/{id}/parts"),
        (Step.CLOSE, 0, "POST", "/conversations/{id}/parts"),
    ]
    assert {action.target for action in actions[1:]} == {Ref(Kind.CONVERSATION, "30418")}
    assert [action.customer_visible for action in actions] == [True] + [False] * 7


def test_every_call_says_what_intercom_asks_for() -> None:
    actions = composed(history_of(tags=("vip",)))
    note = step(actions, Step.NOTE)
    assert step(actions, Step.CREATE).payload == {
        "from": {"type": "user", "id": Ref(Kind.CONTACT, "11")},
        "body": "Message 1",
        "created_at": BEGAN,
    }
    assert {key: value for key, value in note.payload.items() if key != "body"} == {
        "message_type": "note",
        "type": "admin",
        "admin_id": "1",
        "created_at": BEGAN + 60,
        "skip_notifications": True,
    }
    assert step(actions, Step.TAG).payload == {"id": Ref(Kind.TAG, "Very Important"), "admin_id": "1"}
    assert step(actions, Step.ASSIGN_TEAM).payload == {
        "message_type": "assignment",
        "type": "team",
        "admin_id": "1",
        "assignee_id": "900",
    }
    assert step(actions, Step.ASSIGN_ADMIN).payload["assignee_id"] == "22"
    assert step(actions, Step.CLOSE).payload == {"message_type": "close", "type": "admin", "admin_id": "1"}


def test_every_call_that_cannot_be_repeated_has_its_witness() -> None:
    actions = composed(history_of())
    assert step(actions, Step.CREATE).witness == {"contact": "11", "created_at": BEGAN}
    assert step(actions, Step.NOTE).witness == {"admin_id": "1", "created_at": BEGAN + 60}
    assert step(actions, Step.ASSIGN_TEAM).witness == {"team_assignee_id": "900"}
    assert step(actions, Step.CLOSE).witness == {"state": "closed"}


def test_an_open_ticket_is_not_closed() -> None:
    assert Step.CLOSE not in [action.step for action in composed(history_of(status="pending"))]


def test_the_accounts_own_status_decides_where_it_is_mapped() -> None:
    own = composed(history_of(status="open", custom_status="Waiting"))
    category = composed(history_of(status="open", custom_status="Open"))
    assert own[-1].step is Step.CLOSE
    assert category[-1].step is not Step.CLOSE


def test_attributes_have_their_types_and_none_is_empty() -> None:
    fields = (
        FieldValue("70", "Product", "Bikes > E-bikes", "ebike"),
        FieldValue("71", "Count", "10517014", "10517014"),
        FieldValue("72", "Unused", "x", "x"),
    )
    update = step(composed(history_of(field_values=fields)), Step.UPDATE)
    assert update.payload == {
        "title": "Order arrived broken",
        "custom_attributes": {
            "imported_from": "zendesk",
            "zendesk_id": "30418",
            "zendesk_created_at": BEGAN,
            "zendesk_updated_at": BEGAN + 7200,
            "zendesk_status": "closed",
            "zendesk_priority": "high",
            "zendesk_channel": "email",
            "zendesk_group": "Support",
            "zendesk_assignee": "Kim",
            "zendesk_organization": "Customer Ltd",
            "zendesk_csat": "good",
            "zendesk_csat_comment": "Fast",
            "product": "Bikes > E-bikes",
            "count": 10517014,
        },
    }
    assert update.remarks == ()


@pytest.mark.parametrize(
    ("data_type", "stored", "value"),
    [
        ("integer", "10517014", 10517014),
        ("integer", 7, 7),
        ("integer", "7.0", 7),
        ("integer", "7.5", None),
        ("integer", "1_000", None),
        ("integer", "١٢", None),
        ("integer", True, None),
        ("decimal", "3.25", 3.25),
        ("decimal", "1e400", None),
        ("decimal", "nan", None),
        ("decimal", "1,5", None),
        ("boolean", True, True),
        ("boolean", "0", False),
        ("boolean", "Yes", True),
        ("boolean", "maybe", None),
        ("datetime", "2024-03-03", 1_709_424_000),
        ("datetime", "2024-03-03T14:02:00+00:00", BEGAN),
        ("datetime", "2024-03-03T15:02:00.000+01:00", BEGAN),
        ("datetime", "next week", None),
        ("datetime", "2024-13-03", None),
        ("datetime", 5, None),
        ("string", ["a", "b"], "as shown"),
    ],
)
def test_a_field_takes_the_type_of_its_attribute_or_none(data_type: str, stored: Any, value: Any) -> None:
    typed = typed_value(FieldValue("1", "t", "as shown", stored), data_type=data_type)
    assert typed == value
    assert type(typed) is type(value)


def test_a_value_that_does_not_fit_its_type_is_left_to_the_transcript_and_said() -> None:
    fields = (FieldValue("71", "Count", "a dozen", "a dozen"),)
    update = step(composed(history_of(field_values=fields)), Step.UPDATE)
    assert "count" not in update.payload["custom_attributes"]
    assert update.remarks == ("field 71: not of type integer, stands in the transcript only",)


def test_nothing_is_cut_without_a_word() -> None:
    history = history_of(subject="s" * 300, organization="o" * 256)
    update = step(composed(history), Step.UPDATE)
    assert update.payload["title"] == "s" * (LONGEST - 1) + "…"
    assert update.payload["custom_attributes"]["zendesk_organization"] == "o" * (LONGEST - 1) + "…"
    assert update.remarks == (
        "zendesk_organization: shortened from 256 characters, stands whole in the transcript",
        "title: shortened from 300 characters, stands whole in the transcript",
    )
    assert "o" * 256 in step(composed(history), Step.NOTE).payload["body"]


def test_fields_that_share_an_attribute_do_not_overwrite_each_other() -> None:
    shared = mapping_of(
        custom_fields={"values": {"1": {"attribute": "a"}, "2": {"attribute": "a"}, "3": {"attribute": "a"}}}
    )
    fields = (FieldValue("2", "B", "two", "two"), FieldValue("3", "C", "three", "three"))
    update = step(composed(history_of(field_values=fields), mapping=shared), Step.UPDATE)
    assert update.payload["custom_attributes"]["a"] == "two"
    assert update.remarks == ("field 3: another field already gives a",)


def test_a_ticket_without_a_subject_is_named_by_its_number() -> None:
    assert step(composed(history_of(subject=" \n")), Step.UPDATE).payload["title"] == "Zendesk #30418"


def test_tags_that_differ_in_case_only_are_one_spelled_as_the_mapping_spells_it() -> None:
    tags = {"values": {"a": {"rename": "Shipping"}, "*": {"keep": True, "reason": "rest"}}}
    actions = composed(history_of(tags=("shipping", "a", "SHIPPING", "b")), mapping=mapping_of(tags=tags))
    named = [action.payload["id"].key for action in actions if action.step is Step.TAG]
    assert named == ["Shipping", "b"]


@pytest.mark.parametrize(("assign", "status", "expected"), [("none", "open", 0), ("open", "closed", 0)])
def test_nobody_is_assigned_where_the_mapping_says_so(assign: str, status: str, expected: int) -> None:
    actions = composed(history_of(status=status), mapping=mapping_of(assign=assign))
    assert [action.step for action in actions if action.step.startswith("assign")] == []
    assert len([action for action in actions if action.remarks]) == expected


def test_open_ones_are_assigned_where_only_open_ones_are() -> None:
    actions = composed(history_of(status="open"), mapping=mapping_of(assign="open"))
    assert [action.step for action in actions if action.step.startswith("assign")] == [
        "assign_team",
        "assign_admin",
    ]


def test_without_a_seat_or_a_team_nobody_is_assigned_and_the_plan_says_why() -> None:
    agents = {"values": {"kim@acme.example": {"admin": "noseat@acme.example"}}}
    actions = composed(history_of(), mapping=mapping_of(agents=agents), workspace=workspace_of(teams=[]))
    assert [action.step for action in actions if action.step.startswith("assign")] == []
    assert step(actions, Step.UPDATE).remarks == (
        "not assigned to team Care: no such team in Acme",
        "not assigned to noseat@acme.example: no seat in Acme",
    )


def test_an_agent_without_an_address_is_found_by_number_and_may_be_nobody() -> None:
    actions = composed(history_of(assignee=LEFT, group="Sales"))
    assert [action.step for action in actions if action.step.startswith("assign")] == []
    update = step(actions, Step.UPDATE)
    assert (update.payload["custom_attributes"]["zendesk_assignee"], update.remarks) == ("Toshi (left)", ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "new"}, "statuses: no answer for 'new'"),
        ({"group": "Unheard"}, "groups: no answer for 'Unheard'"),
        ({"assignee": Person(9, "X", None, staff=True)}, "agents: no answer for 'id:9'"),
    ],
)
def test_what_the_mapping_does_not_answer_is_refused_with_its_block(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        composed(history_of(**changes))
    assert said in str(caught.value)
    assert str(caught.value).startswith("acme.mapping.yaml:")


def test_a_ticket_without_a_status_is_refused_alone() -> None:
    with pytest.raises(RecordError, match="the export does not say its status"):
        composed(history_of(status="unknown"))


def test_a_tag_nobody_answered_is_refused() -> None:
    with pytest.raises(InputError, match="tags: no answer for 'broken'"):
        composed(history_of(), mapping=mapping_of(tags={"values": {"vip": {"keep": True}}}))


def test_the_named_migration_admin_writes_everything() -> None:
    named = mapping_of(staff={"migration_admin": "kim@acme.example", "domains": []})
    actions = composed(history_of(), mapping=named)
    assert {action.payload["admin_id"] for action in actions if "admin_id" in action.payload} == {"22"}


@pytest.mark.parametrize(
    ("email", "said"), [("noseat@acme.example", "has no seat"), ("who@x.example", "is not in")]
)
def test_a_migration_admin_who_cannot_write_is_refused(email: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        composed(history_of(), mapping=mapping_of(staff={"migration_admin": email, "domains": []}))


def test_a_token_owner_without_a_seat_is_refused_as_long_as_nobody_else_is_named() -> None:
    workspace = workspace_of()
    workspace["admins"][0]["seat"] = False
    with pytest.raises(InputError, match=r"the owner of the token, ops@acme\.example, has no seat in Acme"):
        migration_admin(mapping_of(), workspace)
    assert migration_admin(mapping_of(), workspace_of()) == "1"


# --- times --------------------------------------------------------------------------------------------


def times_of(actions: list[Action]) -> list[int]:
    return [action.payload["created_at"] for action in actions if action.step in {Step.CREATE, Step.NOTE}]


def test_notes_bear_the_time_of_the_last_message_and_follow_each_other() -> None:
    long = tuple(message_of(number, text="word " * 500) for number in range(1, 9))
    times = times_of(composed(history_of(*long), mapping=mapping_of(limits={"note": 5000})))
    assert len(times) > 4
    assert times[1:] == [BEGAN + 7 * 60 + number for number in range(len(times) - 1)]


def test_a_note_is_never_before_its_conversation() -> None:
    moved = times_of(composed(history_of(message_of(1)), created_at=BEGAN + 5))
    assert moved == [BEGAN + 5, BEGAN + 6]
    without = times_of(composed(replace(history_of(), messages=())))
    assert without == [BEGAN, BEGAN + 1]


def test_a_note_is_never_after_the_snapshot() -> None:
    now = int(datetime.fromisoformat(NOW).timestamp())
    future = message_of(1, created_at=at(now + 10_000))
    assert times_of(composed(history_of(future), created_at=now - 600)) == [now - 600, now]


# --- same input, same calls -----------------------------------------------------------------------------


def test_what_is_already_in_the_workspace_changes_no_payload() -> None:
    tags = [{"id": "5", "name": "broken"}, {"id": "6", "name": "very important"}]
    later = workspace_of(tags=tags, taken_at="2026-12-24T00:00:00Z")
    before = [action.payload_hash for action in composed(history_of())]
    assert [action.payload_hash for action in composed(history_of(), workspace=later)] == before


def test_every_id_is_text() -> None:
    for action in composed(history_of()):
        for key, value in action.payload.items():
            if key.endswith("_id"):
                assert isinstance(value, str)


# --- nothing private shown ------------------------------------------------------------------------------


def test_no_private_text_is_in_a_call_a_customer_can_see(tmp_path: Path) -> None:
    (tmp_path / "digest").write_text(SECRET)
    file = File(1, f"{SECRET}.pdf", 1, None, inline=False, absence=None, sha256="digest")
    private = message_of(2, author=KIM, public=False, text=SECRET, html=f"<p>{SECRET}</p>", files=(file,))
    agent = Person(2, SECRET, f"{SECRET}@acme.example", staff=True)
    planted: dict[str, Any] = {
        "tags": (SECRET,),
        "ccs": (SECRET,),
        "fields": ((SECRET, SECRET),),
        "field_values": (FieldValue("70", SECRET, SECRET, SECRET),),
        "links": (SECRET,),
        "custom_status": None,
        "rating": Rating("bad", SECRET),
        "loose_files": (file,),
        "assignee": agent,
        "priority": SECRET,
        "organization": SECRET,
        "form": SECRET,
        "subject": SECRET,
    }
    open_mapping = mapping_of(assign="none")
    beginnings = {
        "his own words": message_of(1, text="Hello"),
        "a private note": replace(private, position=1),
        "an agent": message_of(1, author=agent, text=SECRET, html=SECRET),
        "nothing": message_of(1, text="", html="", files=(file,)),
    }
    for first in beginnings.values():
        actions = composed(history_of(first, private, **planted), mapping=open_mapping, files=tmp_path)
        visible = [action for action in actions if action.customer_visible]
        assert len(visible) == 1
        assert not any(SECRET in text for action in visible for text in strings(symbolic(action.payload)))
        notes = [action.payload for action in actions if action.step is Step.NOTE]
        hidden = [text for payload in notes for text in strings(symbolic(payload))]
        assert any(SECRET in text for text in hidden)


def test_what_agents_wrote_about_a_person_goes_nowhere() -> None:
    user = {
        "id": 11,
        "name": "Ana",
        "email": "ana@x.example",
        "notes": SECRET,
        "details": SECRET,
        "tags": [SECRET],
    }
    private = {"alias": SECRET, "signature": SECRET, "user_fields": {"k": SECRET}, "extra": {"k": SECRET}}
    (action,) = compose_contact({**user, **private}, mapping=mapping_of())
    assert not any(SECRET in text for text in strings(symbolic(action.payload)))


# --- a contact ------------------------------------------------------------------------------------------


def contact(user: dict[str, Any], **people: Any) -> Action:
    usual = {"policy": "create", "without_email": "zendesk_id", "unsubscribed_from_emails": True}
    (action,) = compose_contact(user, mapping=mapping_of(people={**usual, **people}))
    return action


def test_a_requester_becomes_a_contact_that_says_where_it_came_from() -> None:
    user = {
        "id": 11,
        "name": " Ana ",
        "email": "ana@x.example",
        "phone": "+49 1",
        "external_id": "p-7",
        "created_at": datetime(2024, 3, 3, 14, 2),  # noqa: DTZ001 - as the archive gives it
    }
    action = contact(user)
    assert (action.kind, action.key, action.method, action.path) == (Kind.CONTACT, "11", "POST", "/contacts")
    assert action.payload == {
        "role": "user",
        "external_id": "p-7",
        "email": "ana@x.example",
        "name": "Ana",
        "phone": "+49 1",
        "unsubscribed_from_emails": True,
        "custom_attributes": {
            "imported_from": "zendesk",
            "zendesk_user_id": "11",
            "zendesk_created_at": BEGAN,
        },
    }
    assert action.witness == {"external_id": "p-7", "email": "ana@x.example"}
    assert not action.customer_visible


def test_no_id_is_invented_beside_an_address() -> None:
    assert "external_id" not in contact({"id": 11, "email": "ana@x.example", "external_id": " "}).payload


def test_somebody_with_neither_address_nor_id_gets_one_of_ours_or_stays_in_the_archive() -> None:
    nobody = {"id": 11, "name": "Caller", "email": None, "external_id": None}
    assert contact(nobody).payload["external_id"] == "zendesk:11"
    with pytest.raises(RecordError, match="neither e-mail nor product id"):
        contact(nobody, without_email="archive_only")


def test_subscription_follows_the_mapping() -> None:
    assert (
        contact({"id": 1, "email": "a@b.example"}, unsubscribed_from_emails=False).payload[
            "unsubscribed_from_emails"
        ]
        is False
    )


def test_where_people_are_only_matched_nobody_is_created() -> None:
    action = contact({"id": 1, "email": "a@b.example", "external_id": "p"}, policy="match")
    assert (action.method, action.path) == ("POST", "/contacts/search")
    assert action.payload["query"]["value"] == [
        {"field": "external_id", "operator": "=", "value": "p"},
        {"field": "email", "operator": "=", "value": "a@b.example"},
    ]


# --- setup ----------------------------------------------------------------------------------------------


def test_setup_makes_what_every_call_needs() -> None:
    mapping = mapping_of()
    setup = compose_setup(mapping, workspace_of(), tags=["vip", "noise", "broken"])
    made = {(action.kind, action.key) for action in setup}
    fields = (FieldValue("70", "P", "x", "x"), FieldValue("71", "C", "1", "1"))
    full = history_of(
        field_values=fields, type="task", solved_at=at(BEGAN), brand="B", form="F", custom_status="Waiting"
    )
    for action in composed(full, mapping=mapping):
        names = set(action.payload.get("custom_attributes", {}))
        assert {(Kind.CONVERSATION_ATTRIBUTE, name) for name in names} <= made
        if action.step is Step.TAG:
            assert (Kind.TAG, action.payload["id"].key) in made
    person = contact({"id": 1, "email": "a@b.example", "created_at": "2024-03-03T14:02:00.000Z"})
    assert {(Kind.CONTACT_ATTRIBUTE, name) for name in person.payload["custom_attributes"]} <= made
    assert [action.key for action in setup if action.kind is Kind.TAG] == ["broken", "Very Important"]


def test_setup_says_what_intercom_asks_for() -> None:
    setup = {
        (action.kind, action.key): action
        for action in compose_setup(mapping_of(), workspace_of(), tags=["a"])
    }
    first = setup[Kind.CONTACT_ATTRIBUTE, "zendesk_created_at"]
    assert (first.path, first.payload["model"], first.payload["data_type"]) == (
        "/data_attributes",
        "contact",
        "datetime",
    )
    second = setup[Kind.CONVERSATION_ATTRIBUTE, "count"]
    assert (second.path, second.payload["data_type"]) == ("/conversations/attributes", "integer")
    assert setup[Kind.TAG, "a"].payload == {"name": "a"}


def test_setup_makes_nothing_twice() -> None:
    setup = compose_setup(mapping_of(), workspace_of(), tags=["a"])
    known = workspace_of(
        contact_attributes=[
            {"name": action.key, "data_type": action.payload["data_type"]}
            for action in setup
            if action.kind is Kind.CONTACT_ATTRIBUTE
        ],
        conversation_attributes=[
            {"id": str(number), "name": action.key, "data_type": action.payload["data_type"]}
            for number, action in enumerate(setup)
            if action.kind is Kind.CONVERSATION_ATTRIBUTE
        ],
        tags=[{"id": "1", "name": "A"}],
    )
    assert compose_setup(mapping_of(), known, tags=["a"]) == []


def test_an_attribute_that_intercom_shows_by_its_other_name_is_the_one_we_need() -> None:
    """Asked for as datetime, a contact attribute is shown as date from then on."""
    shown = [{"name": "zendesk_created_at", "data_type": "date"}]
    setup = compose_setup(mapping_of(), workspace_of(contact_attributes=shown), tags=[])
    assert "zendesk_created_at" not in [a.key for a in setup if a.kind is Kind.CONTACT_ATTRIBUTE]


@pytest.mark.parametrize(
    ("existing", "said"),
    [
        (
            [("zendesk_status", "list")],
            r"workspace Acme: conversation attribute zendesk_status exists and is list",
        ),
        (
            [("count", "string")],
            r"acme.mapping.yaml:\d+: conversation attribute count exists and is string, not int",
        ),
        ([("product", "string"), ("product", "string")], "2 conversation attributes are named product"),
    ],
)
def test_an_attribute_of_another_type_is_refused(existing: list[tuple[str, str]], said: str) -> None:
    attributes = [{"id": str(number), "name": n, "data_type": t} for number, (n, t) in enumerate(existing)]
    with pytest.raises(RefusedError, match=said):
        compose_setup(mapping_of(), workspace_of(conversation_attributes=attributes), tags=[])


def test_a_field_cannot_take_the_name_of_an_attribute_of_ours_or_two_types() -> None:
    ours = {"values": {"70": {"attribute": "zendesk_id", "type": "string"}}}
    with pytest.raises(InputError, match="attribute zendesk_id holds something else"):
        compose_setup(mapping_of(custom_fields=ours), workspace_of(), tags=[])
    two = {"values": {"1": {"attribute": "a"}, "2": {"attribute": "a", "type": "integer"}}}
    with pytest.raises(InputError, match="attribute a is integer here and string for field 1"):
        compose_setup(mapping_of(custom_fields=two), workspace_of(), tags=[])
