"""A later deletion wins, also where only a list of deleted tickets tells it."""

import json
from typing import Any

import pytest

Record = dict[str, Any]
OLDER, AT, NEWER = "2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z", "2024-05-03T10:00:00Z"


def deleted(at: str) -> Record:
    gone = {"id": 1, "subject": "S", "actor": {"id": 21, "name": "Bob"}, "previous_state": "open"}
    return {"deleted_tickets": [{**gone, "deleted_at": at}], "count": 1}


def found(dataset: Any, entity: str = "tickets") -> list[Record]:
    return [dict(record) for record in dataset.records(entity)]


@pytest.mark.parametrize("at", [AT, NEWER])  # the whole copy was made at AT
def test_a_list_of_deleted_tickets_wins_over_a_whole_copy_that_is_not_newer(desk: Any, at: str) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("comments_1.json", {"comments": [desk.comment(7)], "count": 1})
    desk.write("deleted.json", deleted(at))
    dataset = desk.convert()
    (ticket,) = found(dataset)
    assert (ticket["status"], ticket["previous_state"]) == ("deleted", "open")
    assert found(dataset, "comments") == []
    assert dataset.manifest["entities"]["comments"]["superseded"] == 3
    assert "Subject 1" not in dataset.file("tickets").read_text()
    assert dataset.manifest["entities"]["tickets"]["superseded"] == 1


def test_a_ticket_that_was_restored_since_stays_with_its_comments(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("deleted.json", deleted(OLDER))
    dataset = desk.convert()
    assert [ticket["status"] for ticket in found(dataset)] == ["open"]
    assert len(found(dataset, "comments")) == 2


def test_a_ticket_that_a_later_search_still_shows_was_restored(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("deleted.json", deleted(NEWER))
    result = {"id": 1, "result_type": "ticket", "status": "open", "updated_at": "2024-05-04T10:00:00Z"}
    desk.write("search.json", {"results": [result], "facets": None, "count": 1})
    dataset = desk.convert()
    assert [ticket["status"] for ticket in found(dataset)] == ["open"]
    assert len(found(dataset, "comments")) == 2


def test_keep_erased_keeps_what_an_older_copy_said_of_a_listed_ticket(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    desk.write("deleted.json", deleted(NEWER))
    dataset = desk.convert(keep_erased=True)
    (ticket,) = found(dataset)
    assert (ticket["status"], ticket["requester_id"], ticket["previous_state"]) == ("deleted", 11, "open")
    assert json.dumps(found(dataset, "comments")).count('"ticket_id": 1,') == 2


def test_a_row_that_fivetran_marks_as_deleted_was_deleted_by_the_time_of_its_sync(desk: Any) -> None:
    desk.write("tickets.json", desk.lines(desk.ticket(1)))
    head = "id,subject,status,requester_id,created_at,updated_at,_fivetran_synced,_fivetran_deleted\n"
    row = "1,S,open,11,2024-05-01 10:00:00,2024-05-01 11:00:00,2024-06-01 00:00:00,TRUE\n"
    desk.write("ticket.csv", head + row)
    dataset = desk.convert(timezone="UTC")
    assert [ticket["status"] for ticket in found(dataset)] == ["deleted"]
    assert found(dataset, "comments") == []


def test_a_status_of_scrubbed_is_a_deletion(desk: Any) -> None:
    desk.write("old.json", desk.lines(desk.ticket(1)))
    later = desk.ticket(1, status="scrubbed", generated_timestamp=1714730400, comments=[])
    desk.write("new.json", desk.lines(later))
    assert found(desk.convert(), "comments") == []


@pytest.mark.parametrize(("at", "active"), [("2024-02-01T00:00:00Z", False), ("2023-01-01T00:00:00Z", True)])
def test_a_later_list_of_deleted_users_makes_a_user_inactive(desk: Any, at: str, active: bool) -> None:
    desk.write("users.json", {"users": [desk.user(11, user_fields={"active": False})], "count": 1})
    desk.write("deleted.json", {"deleted_users": [desk.user(11, active=False, updated_at=at)], "count": 1})
    (user,) = found(desk.convert(), "users")
    assert (user["active"], user["time_zone"], user["email"]) == (active, "Osaka", "u11@acme.test")


def test_what_a_requester_saw_of_it_and_a_mail_that_was_held_back_go_with_a_deleted_ticket(desk: Any) -> None:
    gone = desk.ticket(1, status="deleted", updated_at=NEWER, generated_timestamp=1714730400)
    desk.write("tickets.json", desk.lines(gone, desk.ticket(2)))
    seen = [{"id": number, "subject": f"Seen {number}", "updated_at": OLDER} for number in (1, 2)]
    desk.write("requests.json", {"requests": seen, "count": 2})
    mail = {"id": 5, "subject": "Held back", "ticket_id": 1, "created_at": OLDER, "updated_at": OLDER}
    desk.write("suspended_tickets.json", {"suspended_tickets": [mail], "count": 1})
    dataset = desk.convert()
    assert [one["record"]["subject"] for one in found(dataset, "configuration")] == ["Seen 2"]
    assert found(dataset, "suspended_tickets") == []
    assert len(found(desk.convert(keep_erased=True), "configuration")) == 2
