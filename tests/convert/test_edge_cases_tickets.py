"""Known edge cases of real exports, 1 to 25 by number: links, people, first messages, states, channels."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.dataset import Dataset

Record = dict[str, Any]


def records(dataset: Dataset, entity: str) -> dict[Any, Record]:
    return {record["id"]: record for record in dataset.records(entity)}


def links(dataset: Dataset) -> dict[str, str]:
    return {link["id"]: link["evidence"] for link in dataset.records("ticket_links")}


def via(rel: str, **source: Any) -> Record:
    return {"channel": "web", "source": {"from": source, "to": {}, "rel": rel}}


@pytest.mark.parametrize(
    ("tags", "body", "mark", "proof"),
    [
        (["closed_by_merge"], "Este chamado foi encerrado", via("merge", ticket_id=9, subject="x"), "via"),
        (["ticket_fundido"], "fusionada", via("merge", ticket_ids=[9]), "via"),
        (["closed_by_merge"], 'This request was closed and merged into request #9 "x".', None, "tag"),
        ([], 'This request was closed and merged into request #9 "x".', None, "text"),
    ],
)
def test_case_01_merged_source_becomes_a_link_with_its_proof(
    desk: Any, tags: list[str], body: str, mark: Any, proof: str
) -> None:
    last = desk.comment(302, body=body, via=mark, public=False)
    source = desk.ticket(3, tags=tags, status="closed", comments=[desk.comment(301), last])
    dataset = desk.convert(desk.write("t.json", desk.lines(source, desk.ticket(9))))
    assert links(dataset) == {"merged:3:9": proof}
    assert records(dataset, "tickets")[3]["tags"] == tags


def test_case_02_merge_target_keeps_one_comment_and_copies_none(desk: Any) -> None:
    one = desk.comment(
        901, public=False, body='Request #1 "a" was closed and merged into this request. Last comment: hello'
    )
    several = desk.comment(
        902, public=False, body="Requests #2, #3 were closed and merged into this request."
    )
    dataset = desk.convert(
        desk.write("t.json", desk.lines(desk.ticket(9, comments=[one, several]), desk.ticket(1)))
    )
    assert set(links(dataset)) == {"merged:1:9", "merged:2:9", "merged:3:9"}
    kept = [(c["ticket_id"], c["id"], c["public"]) for c in dataset.records("comments")]
    assert kept == [(1, 101, True), (1, 102, True), (9, 901, False), (9, 902, False)]


def test_case_03_follow_up_is_one_edge_however_often_it_is_told(desk: Any) -> None:
    body = 'This is a follow-up to your previous request #1 "Subject 1"'
    follower = desk.ticket(2, via=via("follow_up", ticket_id=1, subject="S", channel="web"), description=body)
    closed = desk.ticket(1, status="closed", followup_ids=[2, 5])
    dataset = desk.convert(desk.write("t.json", desk.lines(closed, follower)))
    assert links(dataset) == {"follow_up:2:1": "via", "follow_up:5:1": "followup_ids"}


def test_case_04_problem_and_incident_are_an_edge(desk: Any) -> None:
    solved = desk.comment(701, via={"channel": "system", **{"source": via("problem", ticket_id=4)["source"]}})
    dataset = desk.convert(
        desk.write(
            "t.json",
            desk.lines(
                desk.ticket(4, type="problem", has_incidents=True),
                desk.ticket(5, type="incident", problem_id=4),
                desk.ticket(6, type="incident", via=via("problem", ticket_id=4)),
                desk.ticket(7, type="incident", comments=[solved]),
            ),
        )
    )
    assert links(dataset) == {"problem:5:4": "problem_id", "problem:6:4": "via", "problem:7:4": "via"}
    assert records(dataset, "tickets")[4]["has_incidents"] is True


def test_case_05_participants_keep_their_roles_and_become_people(desk: Any) -> None:
    line = desk.ticket(
        1, collaborator=[desk.user(33), desk.user(44)], follower_ids=[44], email_cc_ids=[33, 55]
    )
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    ticket = records(dataset, "tickets")[1]
    assert (ticket["collaborator_ids"], ticket["follower_ids"], ticket["email_cc_ids"]) == (
        [33, 44],
        [44],
        [33, 55],
    )
    assert {33, 44} <= records(dataset, "users").keys()


def test_case_06_who_wrote_is_told_by_the_author_not_by_the_place(desk: Any) -> None:
    agent = desk.user(22, role="agent")
    first = desk.comment(101, author_id=22)
    own = desk.ticket(1, requester=agent, submitter=agent, comments=[first])
    for_customer = desk.ticket(2, submitter=agent, comments=[desk.comment(201, author_id=22)])
    dataset = desk.convert(desk.write("t.json", desk.lines(own, for_customer)))
    tickets = records(dataset, "tickets")
    assert [(tickets[n]["requester_id"], tickets[n]["submitter_id"]) for n in (1, 2)] == [(22, 22), (11, 22)]
    assert {c["author_id"] for c in dataset.records("comments")} == {22}
    assert records(dataset, "users")[22]["roles_seen"] == ["agent"]


def test_case_07_author_without_a_row_is_a_placeholder_and_costs_no_comment(desk: Any) -> None:
    line = desk.ticket(1, comments=[desk.comment(101, author_id=360000000077)])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    assert records(dataset, "comments")[101]["author_id"] == 360000000077
    assert records(dataset, "users")[360000000077]["placeholder"] is True
    assert dataset.manifest["entities"]["users"]["made"] == 1


def test_case_08_system_author_is_minus_one(desk: Any) -> None:
    audit = {
        "id": 900,
        "ticket_id": 1,
        "author_id": -1,
        "created_at": "2024-05-01T10:00:00Z",
        "events": [{"id": 901, "type": "Change", "field_name": "status", "value": "closed"}],
    }
    desk.write("audits.json", {"audits": [audit], "count": 1})
    desk.write("t.json", desk.lines(desk.ticket(1, comments=[desk.comment(101, author_id=-1)])))
    dataset = desk.convert()
    assert records(dataset, "comments")[101]["author_id"] == -1
    assert records(dataset, "ticket_events")[901]["author_id"] == -1
    assert records(dataset, "users")[-1]["placeholder"] is True


def test_case_09_deleted_user_keeps_his_name(desk: Any) -> None:
    gone = desk.user(11, active=False, permanently_deleted=False, email=None, name="Ann Once")
    dataset = desk.convert(desk.write("users.json", desk.lines(gone)))
    person = records(dataset, "users")[11]
    assert (person["name"], person["email"], person["active"]) == ("Ann Once", None, False)


def test_case_10_permanently_deleted_users_stay_several_people(desk: Any) -> None:
    nobody: Record = {"name": "Permanently Deleted User", "email": None, "permanently_deleted": True}
    people = [desk.user(number, active=False, **nobody) for number in (11, 12)]
    dataset = desk.convert(desk.write("users.json", desk.lines(*people)))
    assert [(p["id"], p["name"]) for p in dataset.records("users")] == [
        (11, "Permanently Deleted User"),
        (12, "Permanently Deleted User"),
    ]


@pytest.mark.parametrize("name", ["Caller +1 (555) 010-0199", "Web User 66f0c2a11b5d4e0012aa34bc", None])
def test_case_11_a_user_without_email_is_ordinary(desk: Any, name: str | None) -> None:
    unsaid = {key: value for key, value in desk.user(12).items() if key != "email"}
    dataset = desk.convert(desk.write("users.json", desk.lines(desk.user(11, email=None, name=name), unsaid)))
    people = records(dataset, "users")
    assert people[11]["email"] is None
    assert people[11]["name"] == name
    assert "email" not in people[12]


def test_case_12_people_are_never_joined_by_telephone_or_address(desk: Any) -> None:
    people = [
        desk.user(11, phone="+4722550100", shared_phone_number=True, email="Ann@Acme.test"),
        desk.user(12, phone="+4722550100", shared_phone_number=True, email="ann@acme.test"),
    ]
    identities = [
        {"id": 1, "user_id": 11, "type": "email", "value": "Ann@Acme.test", "primary": True},
        {"id": 2, "user_id": 11, "type": "phone_number", "value": "+4722550100", "primary": True},
        {"id": 3, "user_id": 12, "type": "phone_number", "value": "+4722550100", "primary": False},
    ]
    desk.write("users.json", desk.lines(*people))
    desk.write("identities.json", {"identities": identities, "count": 3})
    dataset = desk.convert()
    assert [p["email"] for p in dataset.records("users")] == ["Ann@Acme.test", "ann@acme.test"]
    assert [(one["user_id"], one["id"]) for one in dataset.records("identities")] == [
        (11, 1),
        (11, 2),
        (12, 3),
    ]


def test_case_13_light_agent_is_an_agent_whose_notes_are_private(desk: Any) -> None:
    light = desk.user(22, role="agent", role_type=1, only_private_comments=True)
    desk.write("users.json", desk.lines(light))
    desk.write("t.json", desk.lines(desk.ticket(1, comments=[desk.comment(101, author_id=22, public=False)])))
    dataset = desk.convert()
    person = records(dataset, "users")[22]
    assert (person["role"], person["role_type"], person["only_private_comments"]) == ("agent", 1, True)
    assert records(dataset, "comments")[101]["public"] is False


def test_case_14_null_as_default_membership_means_no(desk: Any) -> None:
    rows = [
        {"id": number, "user_id": 11, "organization_id": 50 + number, "default": default}
        for number, default in ((1, True), (2, None))
    ]
    desk.write("memberships.json", {"organization_memberships": rows, "count": 2})
    dataset = desk.convert()
    assert [one["default"] for one in dataset.records("organization_memberships")] == [True, False]


def test_case_15_ticket_keeps_its_own_organization(desk: Any) -> None:
    person = desk.user(11, organization_id=51)
    own = {
        "id": 52,
        "name": "Other",
        "domain_names": [],
        "shared_tickets": False,
        "updated_at": "2024-01-01T00:00:00Z",
    }
    lines = desk.lines(
        desk.ticket(1, requester=person, organization=own),
        desk.ticket(2, requester=person, organization=None),
    )
    tickets = records(desk.convert(desk.write("t.json", lines)), "tickets")
    assert [tickets[number]["organization_id"] for number in (1, 2)] == [52, None]


@pytest.mark.parametrize("how", ["missing", "empty", "null", "withheld"])
def test_case_16_ticket_without_comments_gets_its_first_message_rebuilt(
    desk: Any, how: str, finding: Callable[..., Any]
) -> None:
    line = desk.ticket(1)
    del line["comments"]
    if how != "missing":
        line["comments"] = {"empty": [], "null": None, "withheld": None}[how]
    value = {"ticket": line, "error": "larger than 1 MB"} if how == "withheld" else line
    dataset = desk.convert(desk.write("t.json", desk.lines(value, desk.ticket(2))))
    rebuilt = next(c for c in dataset.records("comments") if c["ticket_id"] == 1)
    assert (rebuilt["body"], rebuilt["reconstructed"], rebuilt["public"]) == ("text", True, False)
    assert finding(dataset, "tickets_without_comments")["count"] == 1
    if how == "withheld":
        assert records(dataset, "tickets")[1]["extra"] == {"error": "larger than 1 MB"}


def test_case_16_comments_of_another_slice_leave_nothing_to_rebuild(desk: Any) -> None:
    bare = desk.ticket(1, generated_timestamp=1715000000)
    del bare["comments"]
    desk.write("a.json", desk.lines(bare))
    desk.write("b.json", desk.lines(desk.ticket(1)))
    dataset = desk.convert()
    assert [c["id"] for c in dataset.records("comments")] == [101, 102]
    assert dataset.manifest["entities"]["comments"]["made"] == 0


def test_case_17_description_is_no_second_message(desk: Any) -> None:
    first = desk.comment(101, body="text", html_body="<p>text</p>")
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=[first]))))
    assert [c["id"] for c in dataset.records("comments")] == [101]
    assert records(dataset, "tickets")[1]["description"] == "text"


def test_case_18_private_first_comment_stays_private(desk: Any) -> None:
    spoken = desk.comment(101, type="VoiceComment", public=False, data={"recording_url": "https://x.test/r"})
    quiet = desk.ticket(1, is_public=False, comments=[spoken])
    rebuilt = desk.ticket(2, is_public=False, comments=[])
    dataset = desk.convert(desk.write("t.json", desk.lines(quiet, rebuilt)))
    assert [c["public"] for c in dataset.records("comments")] == [False, False]


def test_case_19_redactions_pass_unchanged_and_are_counted(desk: Any, finding: Callable[..., Any]) -> None:
    attachment = {
        "id": 7,
        "file_name": "redacted.txt",
        "content_url": "https://x.test/7",
        "size": 1,
        "deleted": True,
    }
    hidden = desk.comment(101, body="card ▇▇▇▇", html_body="<p>card ▇▇▇▇</p>", attachments=[attachment])
    event = {"id": 901, "type": "CommentRedactionEvent", "comment_id": 101}
    desk.write("audits.json", {"audits": [{"id": 900, "ticket_id": 1, "events": [event]}], "count": 1})
    desk.write("t.json", desk.lines(desk.ticket(1, comments=[hidden, desk.comment(102)])))
    dataset = desk.convert()
    assert records(dataset, "comments")[101]["html_body"] == "<p>card ▇▇▇▇</p>"
    assert records(dataset, "attachments")[7]["deleted"] is True
    assert records(dataset, "ticket_events")[901]["comment_id"] == 101
    assert finding(dataset, "redacted_comments")["count"] == 1
    assert finding(dataset, "attachments_missing") is None


def test_case_20_deleted_ticket_is_a_state_not_an_error(desk: Any, finding: Callable[..., Any]) -> None:
    gone = desk.ticket(1, status="deleted", comments=[])
    scrubbed = desk.ticket(
        2, status="deleted", subject="SCRUBBED", raw_subject="SCRUBBED", description="X", comments=[]
    )
    listed = {"id": 3, "subject": "S", "deleted_at": "20140704T15:37:04Z", "previous_state": "open"}
    desk.write("t.json", desk.lines(gone, scrubbed))
    desk.write("deleted.json", {"deleted_tickets": [listed], "count": 1})
    dataset = desk.convert()
    assert [t["status"] for t in dataset.records("tickets")] == ["deleted"] * 3
    assert records(dataset, "tickets")[1]["description"] == "text"
    assert list(dataset.records("comments")) == []
    assert dataset.manifest["entities"]["tickets"]["rejected"] == 0


def test_case_21_hold_is_one_word(desk: Any) -> None:
    header = "Id,Requester id,Subject,Status,Priority,Via,Ticket type\n"
    desk.write("view.csv", header + '2,11,S,"On-hold",-,Mail,-\n')
    desk.write("t.json", desk.lines(desk.ticket(1, status="hold")))
    dataset = desk.convert()
    assert [t["status"] for t in dataset.records("tickets")] == ["hold", "hold"]


def test_case_22_custom_status_keeps_category_and_label(desk: Any) -> None:
    label = {"id": 4044356, "status_category": "pending", "agent_label": "Waiting for courier"}
    desk.write("custom_statuses.json", {"custom_statuses": [label], "count": 1})
    desk.write("t.json", desk.lines(desk.ticket(1, status="pending", custom_status_id=4044356)))
    dataset = desk.convert()
    ticket = records(dataset, "tickets")[1]
    assert (ticket["status"], ticket["custom_status_id"]) == ("pending", 4044356)
    assert records(dataset, "custom_statuses")[4044356]["agent_label"] == "Waiting for courier"


def test_case_23_closed_and_solved_stay_apart_and_the_newer_state_wins(desk: Any) -> None:
    solved = desk.ticket(1, status="solved", generated_timestamp=1714000000)
    closed = desk.ticket(1, status="closed", generated_timestamp=1715000000)
    lines = desk.lines(closed, solved, desk.ticket(2, status="solved"))
    dataset = desk.convert(desk.write("t.json", lines))
    assert [t["status"] for t in dataset.records("tickets")] == ["closed", "solved"]


def test_case_24_voice_lines_keep_their_literal_backslashes(desk: Any) -> None:
    text = r"Inbound call from +1 555\nCall Details:\n\nLength of phone call: 1 minute"
    data = {"from": "+1555", "call_duration": "61", "started_at": "2012-11-16 223622 UTC"}
    spoken = desk.comment(101, type="VoiceComment", body=text, plain_body=text, data=data, public=False)
    raw = json.dumps(desk.ticket(1, description=text, comments=[spoken])) + "\n"
    dataset = desk.convert(desk.write("t.json", raw))
    kept = records(dataset, "comments")[101]
    assert (kept["body"], kept["type"], kept["data"]) == (text, "VoiceComment", data)
    assert records(dataset, "tickets")[1]["description"] == text


def test_case_25_chat_transcript_stays_one_private_comment(desk: Any) -> None:
    text = "(10:52:03 AM) Jane: hello\n(10:52:40 AM) Web User 1: hi\n"
    told = desk.comment(101, body=text, public=False)
    started = {"visitor_id": "1-x", "history": [{"type": "ChatMessage", "message": "hello"}]}
    event = {"id": 901, "type": "ChatStartedEvent", "value": started}
    desk.write("audits.json", {"audits": [{"id": 900, "ticket_id": 1, "events": [event]}], "count": 1})
    desk.write("t.json", desk.lines(desk.ticket(1, tags=["zopim_chat"], comments=[told])))
    dataset = desk.convert()
    assert [(c["id"], c["body"], c["public"]) for c in dataset.records("comments")] == [(101, text, False)]
    assert records(dataset, "ticket_events")[901]["value"] == started
