import base64
import json
import stat
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.schemas.dataset import Dataset

AGENT = {"id": 22, "role": "agent", "name": "A"}


def by_id(dataset: Dataset, entity: str) -> dict[Any, dict[str, Any]]:
    return {record["id"]: record for record in dataset.records(entity)}


def test_plain_and_wrapped_lines_give_the_same_records(desk: Any) -> None:
    plain = desk.convert(desk.write("plain.json", desk.lines(desk.ticket(1), desk.ticket(2))))
    wrapped = desk.convert(
        desk.write("wrapped.json", desk.lines(*({"ticket": desk.ticket(n)} for n in (1, 2))))
    )
    for entity in ("tickets", "comments", "users"):
        first, second = (
            [{**r, "source": ""} for r in dataset.records(entity)] for dataset in (plain, wrapped)
        )
        assert first == second
    assert [record["id"] for record in plain.records("tickets")] == [1, 2]


def test_embedded_people_become_ids_and_users(desk: Any) -> None:
    agent = desk.user(22, role="agent")
    line = desk.ticket(
        1,
        assignee=agent,
        collaborator=[desk.user(33)],
        group={"id": 5, "name": "G", "updated_at": "2024-01-01T00:00:00Z"},
    )
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    ticket = by_id(dataset, "tickets")[1]
    assert (ticket["requester_id"], ticket["assignee_id"], ticket["collaborator_ids"]) == (11, 22, [33])
    assert (ticket["group_id"], "organization_id" in ticket) == (5, False)
    assert sorted(by_id(dataset, "users")) == [11, 22, 33]
    assert by_id(dataset, "users")[22]["roles_seen"] == ["agent"]
    assert by_id(dataset, "groups")[5]["updated_at"] == "2024-01-01T00:00:00.000Z"


def test_copies_of_a_person_are_counted_as_repeated(desk: Any) -> None:
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1), desk.ticket(2))))
    assert dataset.manifest["entities"]["users"] == {
        "found": 4,
        "accepted": 1,
        "repeated": 3,
        "superseded": 0,
        "rejected": 0,
        "made": 0,
    }


def test_of_overlapping_slices_the_newest_system_time_stamp_wins(desk: Any) -> None:
    old = desk.ticket(1, subject="old", generated_timestamp=1714000000, updated_at="2024-09-01T00:00:00Z")
    new = desk.ticket(1, subject="new", generated_timestamp=1715000000)
    desk.write("a.json", desk.lines(new, desk.ticket(2)))
    desk.write("b.json", desk.lines(old, desk.ticket(2)))
    dataset = desk.convert()
    assert by_id(dataset, "tickets")[1]["subject"] == "new"
    counts = dataset.manifest["entities"]["tickets"]
    assert (counts["found"], counts["accepted"], counts["repeated"], counts["superseded"]) == (4, 2, 1, 1)


def test_a_slice_without_comments_removes_none(desk: Any) -> None:
    full = desk.ticket(1, generated_timestamp=1714000000)
    bare = desk.ticket(1, generated_timestamp=1715000000, comments=[desk.comment(103)])
    dataset = desk.convert(desk.write("t.json", desk.lines(full, bare)))
    assert sorted(by_id(dataset, "comments")) == [101, 102, 103]


def test_the_newest_text_of_a_comment_wins_even_if_poorer(desk: Any) -> None:
    secret = desk.ticket(
        1, generated_timestamp=1714000000, comments=[desk.comment(101, body="card 4111", audit_id=7)]
    )
    redacted = desk.ticket(1, generated_timestamp=1715000000, comments=[desk.comment(101, body="card ▇▇▇▇")])
    dataset = desk.convert(desk.write("t.json", desk.lines(secret, redacted)))
    assert by_id(dataset, "comments")[101]["body"] == "card ▇▇▇▇"


def test_positions_follow_time_then_place_not_id(desk: Any) -> None:
    comments = [
        desk.comment(9, created_at="2024-05-01T10:00:00Z"),
        desk.comment(3, created_at="2024-05-01T11:00:00Z"),
        desk.comment(2, created_at="2024-05-01T11:00:00Z"),
    ]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=comments))))
    assert {c["id"]: c["position"] for c in dataset.records("comments")} == {9: 1, 3: 2, 2: 3}


@pytest.mark.parametrize(
    "gone", [{"status": "deleted"}, {"status": "closed", "subject": "SCRUBBED", "description": "X"}]
)
def test_deletion_wins_over_older_text(desk: Any, gone: dict[str, Any]) -> None:
    attachment = {"id": 7, "file_name": "a.txt", "content_url": "https://x.test/a", "size": 1}
    old = desk.ticket(
        1, generated_timestamp=1714000000, comments=[desk.comment(101, attachments=[attachment])]
    )
    new = desk.ticket(1, generated_timestamp=1715000000, comments=[], **gone)
    partial = {
        "results": [
            {
                "id": 1,
                "result_type": "ticket",
                "external_id": "back again",
                "status": "open",
                "requester_id": 11,
            }
        ]
    }
    desk.write("t.json", desk.lines(old, new))
    desk.write("search.json", {**partial, "next_page": None})
    dataset = desk.convert()
    assert list(dataset.records("comments")) == list(dataset.records("attachments")) == []
    assert dataset.manifest["entities"]["comments"]["superseded"] == 1
    assert "external_id" not in by_id(dataset, "tickets")[1]


def test_a_permanently_deleted_person_does_not_come_back(desk: Any) -> None:
    erased = desk.user(
        11, name="Permanently Deleted User", email=None, permanently_deleted=True, active=False
    )
    newer = desk.user(11, updated_at="2025-01-01T00:00:00Z")
    desk.write("users.json", desk.lines(erased))
    desk.write("t.json", desk.lines(desk.ticket(1, requester=newer, submitter=newer)))
    person = by_id(desk.convert(), "users")[11]
    assert (person["name"], person["email"]) == ("Permanently Deleted User", None)


def test_a_downgraded_agent_is_remembered_by_his_roles(desk: Any) -> None:
    desk.write("users.json", desk.lines(desk.user(11, role="end-user", updated_at="2025-01-01T00:00:00Z")))
    desk.write("t.json", desk.lines(desk.ticket(1, requester=desk.user(11, role="agent"))))
    person = by_id(desk.convert(), "users")[11]
    assert (person["role"], person["roles_seen"]) == ("end-user", ["agent", "end-user"])


def test_an_author_without_a_row_becomes_a_placeholder(desk: Any) -> None:
    line = desk.ticket(1, comments=[desk.comment(101, author_id=77), desk.comment(102, author_id=-1)])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    users = by_id(dataset, "users")
    assert users[77]["placeholder"] is users[-1]["placeholder"] is True
    assert dataset.manifest["entities"]["users"]["made"] == 2


def test_only_what_is_kept_makes_a_placeholder(desk: Any) -> None:
    old = desk.ticket(1, generated_timestamp=1714000000, comments=[desk.comment(101, author_id=77)])
    gone = desk.ticket(1, generated_timestamp=1715000000, status="deleted", comments=[])
    dataset = desk.convert(desk.write("t.json", desk.lines(old, gone)))
    assert sorted(by_id(dataset, "users")) == [11]


@pytest.mark.parametrize(
    ("ticket", "public", "author"),
    [
        ({"is_public": True}, True, 11),
        ({"is_public": True, "submitter": AGENT}, False, 22),
        ({"is_public": False}, False, 11),
        ({}, False, 11),
        ({"is_public": True, "submitter": None}, False, 11),
        ({"is_public": True, "requester": AGENT, "submitter": AGENT}, False, 22),
        ({"is_public": True, "requester": {"id": 33}, "submitter": {"id": 33}}, False, 33),
        ({"is_public": True, "collaborator": [{"id": 11, "role": "agent", "name": "Once"}]}, False, 11),
    ],
)
def test_a_first_message_is_rebuilt_only_where_no_comment_exists(
    desk: Any, ticket: dict[str, Any], public: bool, author: int
) -> None:
    line = desk.ticket(1, **ticket)
    del line["comments"]
    dataset = desk.convert(desk.write("t.json", desk.lines(line, desk.ticket(2))))
    rebuilt = next(c for c in dataset.records("comments") if c["ticket_id"] == 1)
    assert (rebuilt["body"], rebuilt["public"], rebuilt["reconstructed"]) == ("text", public, True)
    assert (rebuilt["author_id"], rebuilt["position"], rebuilt["id"] < 0) == (author, 1, True)
    assert dataset.manifest["entities"]["comments"]["made"] == 1


def test_a_comment_of_unknown_visibility_is_private(desk: Any) -> None:
    unsaid = desk.comment(101)
    del unsaid["public"]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=[unsaid]))))
    kept = by_id(dataset, "comments")[101]
    assert (kept["public"], kept["visibility_unknown"]) == (False, True)


def test_a_comment_without_id_gives_way_to_the_same_with_one(desk: Any) -> None:
    nameless = desk.comment(101)
    del nameless["id"]
    other = desk.comment(102, body="another", plain_body="another")
    del other["id"]
    desk.write("a.json", desk.lines(desk.ticket(1, comments=[nameless, other], generated_timestamp=1)))
    desk.write("b.json", desk.lines(desk.ticket(1, comments=[desk.comment(101)])))
    dataset = desk.convert()
    kept = {c["body"]: c.get("id_made") for c in dataset.records("comments")}
    assert kept == {"text 101": None, "another": True}


@pytest.mark.parametrize(
    ("without_id", "with_id", "kept"),
    [
        ([{"public": False}], [{}], [False]),
        ([{"public": False}, {}], [{}, {"public": False}], [True, False]),
        ([{"public": False}, {}], [{}, {}], [False, True]),
        ([{"public": None}], [{}], [True]),
        ([{}], [{"public": False}], [False]),
    ],
)
def test_a_comment_stays_private_when_its_twin_with_an_id_replaces_it(
    desk: Any, without_id: list[dict[str, Any]], with_id: list[dict[str, Any]], kept: list[bool]
) -> None:
    nameless = [desk.comment(0, body="same", plain_body="same", **more) for more in without_id]
    for one in nameless:
        del one["id"]
    named = [desk.comment(100 + n, body="same", plain_body="same", **more) for n, more in enumerate(with_id)]
    desk.write("a.json", desk.lines(desk.ticket(1, comments=nameless, generated_timestamp=1)))
    desk.write("b.json", desk.lines(desk.ticket(1, comments=named)))
    dataset = desk.convert()
    assert [comment["public"] for comment in dataset.records("comments")] == kept
    assert dataset.manifest["entities"]["comments"]["superseded"] == len(without_id)


def test_equal_comments_without_ids_are_told_apart(desk: Any) -> None:
    twice = [{key: value for key, value in desk.comment(1).items() if key != "id"} for _ in range(2)]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=twice))))
    assert len({c["id"] for c in dataset.records("comments")}) == 2


def test_a_bad_comment_never_costs_its_ticket(desk: Any, rejects: Callable[[Dataset], list[Any]]) -> None:
    comments = [desk.comment(101), desk.comment("bad"), "no object", desk.comment(102, created_at="soon")]
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=comments))))
    assert list(by_id(dataset, "comments")) == [101]
    assert [(r["entity"], r["pointer"]) for r in rejects(dataset)] == [
        ("comments", "/comments/1/id"),
        ("comments", "/comments/2"),
        ("comments", "/comments/3/created_at"),
    ]


def test_a_bad_attachment_never_costs_its_comment(desk: Any, rejects: Callable[[Dataset], list[Any]]) -> None:
    attachments = [{"id": 1, "size": "big"}, {"id": 2, "size": "12", "file_name": "a"}]
    line = desk.ticket(1, comments=[desk.comment(101, attachments=attachments)])
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    assert by_id(dataset, "attachments")[2]["size"] == 12
    assert list(by_id(dataset, "comments")) == [101]
    assert [r["pointer"] for r in rejects(dataset)] == ["/comments/0/attachments/0/size"]


def test_a_bad_person_never_costs_the_ticket_and_keeps_the_id(
    desk: Any, rejects: Callable[[Dataset], list[Any]]
) -> None:
    line = desk.ticket(1, requester=desk.user(44, active="perhaps"))
    dataset = desk.convert(desk.write("t.json", desk.lines(line)))
    assert by_id(dataset, "tickets")[1]["requester_id"] == 44
    assert by_id(dataset, "users")[44]["placeholder"] is True
    assert [(r["entity"], r["pointer"], r["key"]) for r in rejects(dataset)] == [
        ("users", "/requester/active", 44)
    ]


def test_a_reject_shows_where_it_stood_and_its_bytes(
    desk: Any, rejects: Callable[[Dataset], list[Any]]
) -> None:
    good, bad = desk.lines(desk.ticket(1)), '{"ticket":{"id":"x"}}'
    dataset = desk.convert(desk.write("t.json", good + bad + "\n"))
    (reject,) = rejects(dataset)
    assert (reject["source"], reject["position"], reject["pointer"]) == ("t.json", len(good), "/ticket/id")
    assert reject["bytes"] == len(bad)
    assert base64.b64decode(reject["raw"]).decode() == bad


def test_when_every_record_is_rejected_a_dataset_is_written_all_the_same(desk: Any) -> None:
    dataset = desk.convert(desk.write("t.json", '{"ticket":{"id":"x"}}\n{"ticket":{"id":null}}\n'))
    assert dataset.manifest["entities"]["tickets"]["rejected"] == 2


def test_ids_that_lost_nothing_are_mended_and_others_refused(
    desk: Any, rejects: Callable[[Dataset], list[Any]]
) -> None:
    texts = ['"7"', "8.0", '"9.0"', "1.03006E+13", '"1.03006E+13"', "99999999999999999999"]
    rows = [desk.lines(desk.ticket(0, id="ID", comments=[])).replace('"ID"', text) for text in texts]
    dataset = desk.convert(desk.write("t.json", "".join(rows)))
    assert list(by_id(dataset, "tickets")) == [7, 8, 9]
    assert [r["pointer"] for r in rejects(dataset) if r["entity"] == "tickets"] == ["/id"] * 3


def test_unknown_keys_are_kept_and_reported_once(desk: Any, finding: Callable[..., Any]) -> None:
    dataset = desk.convert(
        desk.write("t.json", desk.lines(desk.ticket(1, novel={"a": 2**70}), desk.ticket(2, novel=3)))
    )
    assert by_id(dataset, "tickets")[1]["extra"] == {"novel": {"a": str(2**70)}}
    assert finding(dataset, "unknown_keys")["count"] == 2
    assert finding(dataset, "unknown_keys")["examples"] == ["tickets.novel (2)"]


def test_custom_fields_become_an_object_and_a_copy_of_them_is_dropped(
    desk: Any, finding: Callable[..., Any]
) -> None:
    values = [{"id": 5, "value": "a"}, {"id": 360016965151, "value": ["x", "y"]}, {"id": 7, "value": None}]
    same = desk.ticket(1, custom_fields=values, fields=values)
    differ = desk.ticket(2, custom_fields=values, fields=values[:1])
    dataset = desk.convert(desk.write("t.json", desk.lines(same, differ)))
    tickets = by_id(dataset, "tickets")
    assert tickets[1]["custom_fields"] == {"5": "a", "360016965151": ["x", "y"], "7": None}
    assert "extra" not in tickets[1]
    assert tickets[2]["extra"] == {"fields": values[:1]}
    assert finding(dataset, "fields_differ")["count"] == 1


def test_metrics_and_ratings_become_records_of_their_own(desk: Any) -> None:
    rating = {"id": 3, "score": "good", "comment": "nice", "created_at": "2024-05-01T10:00:00Z"}
    dates = {"solved_at": "2024-05-01T12:00:00.000Z", "assigned_at": "2024-05-01T11:00:00Z"}
    metrics = {"id": 4, "ticket_id": 1, "replies": 2, "solved_at": "2024-05-01T13:00:00.000Z"}
    line = desk.ticket(1, satisfaction_rating=rating, metric_set=metrics, dates=dates)
    text = desk.ticket(2, satisfaction_rating="{'score': 'unoffered'}")
    dataset = desk.convert(desk.write("t.json", desk.lines(line, text)))
    (metric,) = dataset.records("ticket_metrics")
    assert (metric["solved_at"], metric["assigned_at"]) == (
        "2024-05-01T13:00:00.000Z",
        "2024-05-01T11:00:00.000Z",
    )
    assert by_id(dataset, "satisfaction_ratings")[3]["ticket_id"] == 1
    assert by_id(dataset, "tickets")[2]["satisfaction_rating"] == {"score": "unoffered"}


def test_links_come_from_what_tickets_and_comments_say(desk: Any) -> None:
    merge = {"channel": "web", "source": {"from": {"ticket_id": 3}, "to": {}, "rel": "merge"}}
    follow = {"channel": "web", "source": {"from": {"ticket_id": 1}, "to": {}, "rel": "follow_up"}}
    desk.write(
        "t.json",
        desk.lines(
            desk.ticket(1, followup_ids=[2]),
            desk.ticket(2, via=follow, problem_id=4),
            desk.ticket(
                3,
                tags=["closed_by_merge"],
                comments=[desk.comment(301, body='closed and merged into request #4 "x".')],
            ),
            desk.ticket(
                4,
                comments=[
                    desk.comment(401, body="Request #3 was closed and merged into this request.", via=merge)
                ],
            ),
        ),
    )
    links = {record["id"]: record["evidence"] for record in desk.convert().records("ticket_links")}
    assert links == {"follow_up:2:1": "via", "problem:2:4": "problem_id", "merged:3:4": "via"}


def test_lines_end_at_newlines_only_and_marks_and_remarks_are_skipped(
    desk: Any, finding: Callable[..., Any]
) -> None:
    line = json.dumps(desk.ticket(1, subject="a\u2028b\u0085c"), ensure_ascii=False)
    text = "\ufeff// made by hand\r\n" + line + "\r\n\r\n" + desk.lines(desk.ticket(2))
    dataset = desk.convert(desk.write("t.json", text))
    assert by_id(dataset, "tickets")[1]["subject"] == "a\u2028b\u0085c"
    assert sorted(by_id(dataset, "tickets")) == [1, 2]


def test_the_result_is_readable_by_its_owner_only(desk: Any) -> None:
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1))))
    assert stat.S_IMODE(dataset.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in dataset.path.iterdir()} == {0o600}


def test_links_to_files_are_listed_with_open_tickets_first(desk: Any, finding: Callable[..., Any]) -> None:
    def with_file(ticket_id: int, **more: Any) -> Any:
        attachment = {
            "id": ticket_id,
            "file_name": f"{ticket_id}.txt",
            "content_url": f"https://x.test/{ticket_id}",
            "size": 5,
        }
        return desk.ticket(
            ticket_id, comments=[desk.comment(ticket_id * 10, attachments=[attachment])], **more
        )

    dataset = desk.convert(desk.write("t.json", desk.lines(with_file(1, status="closed"), with_file(2))))
    rows = (dataset.path / "attachments-missing.csv").read_text().splitlines()
    assert rows == [
        "url,ticket,name,size,attachment",
        "https://x.test/2,2,2.txt,5,2",
        "https://x.test/1,1,1.txt,5,1",
    ]
    assert finding(dataset, "attachments_missing")["count"] == 2


@pytest.mark.parametrize("private", [{"public": False}, {"public": None}, {"public": "perhaps"}])
@pytest.mark.parametrize("order", [1, -1])
def test_of_a_public_and_a_private_copy_of_one_version_the_private_one_wins(
    desk: Any, private: dict[str, Any], order: int
) -> None:
    copies = [
        desk.ticket(1, comments=[desk.comment(101, audit_id=5, metadata={"more": 1})]),
        desk.ticket(1, comments=[desk.comment(101, **private)]),
    ]
    newer = desk.ticket(2, generated_timestamp=1714644001, comments=[desk.comment(201)])
    older = desk.ticket(2, comments=[desk.comment(201, **private)])
    dataset = desk.convert(desk.write("t.json", desk.lines(*copies[::order], older, newer)))
    unsaid = private["public"] is not False  # what was once private stays so, whatever says otherwise later
    assert [record["public"] for record in dataset.records("comments")] == [False, unsaid]
    assert dataset.manifest["entities"]["comments"]["superseded"] == 2


def test_a_comment_without_id_and_with_a_nonsense_author_is_a_reject(
    desk: Any, rejects: Callable[[Dataset], list[Any]]
) -> None:
    odd = {key: value for key, value in desk.comment(1, author_id={"a": [2**80]}).items() if key != "id"}
    dataset = desk.convert(desk.write("t.json", desk.lines(desk.ticket(1, comments=[odd]))))
    assert [reject["pointer"] for reject in rejects(dataset)] == ["/comments/0/author_id"]
