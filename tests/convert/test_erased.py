"""Who is erased does not come back, in any form. What others wrote stays, and is counted if it names them."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.erased_names import read_erased
from deskferry.convert.erased_text import TextSearch
from deskferry.schemas.errors import InputError

Record = dict[str, Any]
NAME, EMAIL, PHONE = "Bjarne Moe", "bjarne.moe@fjord.test", "+47 22 55 01 71"
TO = f"{NAME} <{EMAIL}>"
BJARNE = 22644162812557


def bjarne(desk: Any, **more: Any) -> Record:
    return {**desk.user(BJARNE, name=NAME, email=EMAIL, phone=PHONE), "notes": "Likes fish", **more}


def via(address: str = EMAIL, name: str = NAME) -> Record:
    source = {"from": {"address": address, "name": name}, "to": {"address": "help@acme.test"}, "rel": None}
    return {"channel": "email", "source": source}


def tickets(desk: Any) -> str:
    system = {"ip_address": "192.0.2.7", "location": "Bergen, Norway", "message_id": "<1@x>"}
    told = desk.comment(101, author_id=BJARNE, via=via(), metadata={"system": system, "custom": {}})
    answer = desk.comment(102, author_id=21, body=f"Dear {NAME}, we wrote to {EMAIL}", public=False)
    first = desk.ticket(
        1, requester=bjarne(desk), submitter=bjarne(desk), via=via(), comments=[told, answer], recipient=EMAIL
    )
    other = desk.ticket(2, via=via("ann@x.test", "Ann"), collaborator=[bjarne(desk)])
    return str(desk.lines(first, other))


def erased(desk: Any, text: str = f"{BJARNE}\n") -> Path:
    path: Path = desk.folder / "erased.txt"
    path.write_text(text)
    return path


def bytes_of(dataset: Any, *entities: str) -> str:
    return "".join(dataset.file(entity).read_text() for entity in entities)


def one(dataset: Any, entity: str, key: int) -> Record:
    return next(dict(record) for record in dataset.records(entity) if record["id"] == key)


def assert_nowhere(text: str) -> None:
    found = [secret for secret in (NAME, EMAIL, PHONE, "Likes fish") if secret.casefold() in text.casefold()]
    assert found == []


@pytest.mark.parametrize("listed", [str(BJARNE), EMAIL, EMAIL.upper(), f"id,email\n{BJARNE},{EMAIL}"])
def test_of_an_erased_person_the_id_stays(desk: Any, listed: str, finding: Callable[..., Any]) -> None:
    desk.write("t.json", tickets(desk))
    identity = {"id": 5, "user_id": BJARNE, "type": "email", "value": "b@old.test", "primary": True}
    desk.write("i.json", {"identities": [identity], "count": 1})
    dataset = desk.convert(erased=erased(desk, listed))
    person = one(dataset, "users", BJARNE)
    assert {key: value for key, value in person.items() if key != "source"} == {"id": BJARNE, "erased": True}
    assert list(dataset.records("identities")) == []
    assert dataset.manifest["entities"]["identities"]["superseded"] == 1
    assert finding(dataset, "erased_people")["count"] == 1
    assert finding(dataset, "erased_unmet") is None


def test_nothing_in_their_tickets_says_who_they_are(desk: Any) -> None:
    dataset = desk.convert(desk.write("t.json", tickets(desk)), erased=erased(desk))
    assert_nowhere(bytes_of(dataset, "tickets", "users"))
    ticket, comment = one(dataset, "tickets", 1), one(dataset, "comments", 101)
    assert ticket["requester_id"] == BJARNE
    assert ticket["via"]["source"] == {"from": {}, "to": {"address": "help@acme.test"}, "rel": None}
    assert comment["via"]["source"]["from"] == {}
    assert comment["metadata"]["system"] == {"message_id": "<1@x>"}
    assert one(dataset, "tickets", 2)["via"] == via("ann@x.test", "Ann")


def test_words_stay_and_those_that_name_them_are_counted(desk: Any, finding: Callable[..., Any]) -> None:
    dataset = desk.convert(desk.write("t.json", tickets(desk)), erased=erased(desk))
    assert one(dataset, "comments", 102)["body"] == f"Dear {NAME}, we wrote to {EMAIL}"
    told = finding(dataset, "erased_text")
    assert (told["count"], told["examples"]) == (1, ["ticket 1, comment 2"])


def test_an_address_in_an_older_copy_or_an_identity_finds_the_person(desk: Any) -> None:
    older = bjarne(desk, email="b@old.test", updated_at="2023-01-01T00:00:00Z")
    desk.write("u.json", {"users": [bjarne(desk), older], "count": 2})
    by_copy = desk.convert(erased=erased(desk, "b@old.test"))
    assert one(by_copy, "users", BJARNE)["erased"] is True
    assert by_copy.manifest["entities"]["users"]["superseded"] == 1
    identity = {"id": 5, "user_id": BJARNE, "type": "email", "value": "b@other.test"}
    desk.write("i.json", {"identities": [identity], "count": 1})
    by_identity = desk.convert(erased=erased(desk, "b@other.test"))
    assert_nowhere(bytes_of(by_identity, "users", "identities"))


def test_they_do_not_come_back_in_a_csv(desk: Any) -> None:
    header = "Id,Requester,Requester id,Requester email,Submitter,Assignee,Subject,Status"
    row = f"7,{NAME},{BJARNE},{EMAIL},{NAME},{NAME},Hello,Open"
    dataset = desk.convert(desk.write("t.csv", f"{header}\n{row}\n"), erased=erased(desk))
    assert_nowhere(bytes_of(dataset, "tickets", "users"))
    assert one(dataset, "tickets", 7)["requester_id"] == BJARNE
    assert one(dataset, "users", BJARNE)["erased"] is True


def test_they_do_not_come_back_beside_tickets(desk: Any) -> None:
    them = {"user_id": BJARNE, "name": NAME, "email": EMAIL}
    message = {"from": them, "to": [{"email": EMAIL}, {"email": "x@x.test"}], "body": "Hello"}
    side = {
        **{"id": "u-1", "ticket_id": 1, "subject": "S", "state": "open", "participants": [them]},
        "events": [{"id": "e1", "side_conversation_id": "u-1", "actor": them, "message": message}],
    }
    chat = {
        **{"id": "c1", "type": "chat", "zendesk_ticket_id": 1, "timestamp": "2024-05-01T10:00:00Z"},
        "visitor": {"id": "v", "name": NAME, "email": "", "phone": PHONE, "notes": "Likes fish"},
        "session": {"id": "s", "ip": "192.0.2.7", "city": "Bergen", "start_date": "2024-05-01T10:00:00Z"},
        "history": [{"type": "chat.msg", "name": NAME, "msg": "Hello"}, {"type": "chat.msg", "name": "Bob"}],
    }
    held = {"id": 9, "subject": "S", "content": "C", "author": {"id": None, "name": NAME, "email": EMAIL}}
    event = {"id": 31, "type": "Change", "field_name": "current_collaborators", "value": [TO]}
    log = {"id": 4, "actor_id": BJARNE, "actor_name": NAME, "action": "login", "change_description": ""}
    desk.write("t.json", tickets(desk))
    desk.write("s.json", {"side_conversations": [side], "count": 1})
    desk.write("c.json", {"chats": [chat], "count": 1})
    desk.write("h.json", {"suspended_tickets": [{**held, "cause": "x", "via": via()}], "count": 1})
    desk.write("a.json", {"audits": [{"id": 30, "ticket_id": 1, "author_id": 21, "events": [event]}]})
    desk.write("l.json", {"audit_logs": [log], "count": 1})
    dataset = desk.convert(erased=erased(desk))
    assert_nowhere(
        bytes_of(
            dataset, "side_conversations", "chats", "suspended_tickets", "ticket_events", "configuration"
        )
    )
    chatted = next(iter(dataset.records("chats")))
    assert chatted["visitor"] == {"id": "v"}
    assert chatted["session"] == {"id": "s", "start_date": "2024-05-01T10:00:00Z"}
    assert [said.get("name") for said in chatted["history"]] == [None, "Bob"]
    assert one(dataset, "ticket_events", 31)["value"] == []


def test_others_keep_what_is_theirs(desk: Any) -> None:
    namesake = desk.user(33, name="Bjarne Moen", email="moen@fjord.test", phone="+47 22 55 01 72")
    line = desk.ticket(3, requester=namesake, submitter=namesake, via=via("moen@fjord.test", "Bjarne Moen"))
    path = desk.write("t.json", tickets(desk) + desk.lines(line))
    plain, without = desk.convert(path), desk.convert(path, erased=erased(desk))
    for entity, key in (("users", 33), ("users", 11), ("tickets", 3), ("tickets", 2), ("comments", 301)):
        assert one(plain, entity, key) == one(without, entity, key)


def test_an_erased_person_without_a_row_is_an_erased_placeholder(desk: Any) -> None:
    line = desk.lines(desk.ticket(1, comments=[desk.comment(1, author_id=BJARNE)]))
    dataset = desk.convert(desk.write("t.json", line), erased=erased(desk))
    person = one(dataset, "users", BJARNE)
    assert (person["placeholder"], person["erased"]) == (True, True)


def test_names_that_met_nobody_are_told_by_their_line(desk: Any, finding: Callable[..., Any]) -> None:
    listed = erased(desk, f"# asked for in May\n{BJARNE}\nnobody@x.test  # never wrote\n99\n")
    dataset = desk.convert(desk.write("t.json", tickets(desk)), erased=listed)
    told = finding(dataset, "erased_unmet")
    assert (told["count"], told["examples"]) == (2, ["line 4", "line 3"])
    assert "nobody@x.test" not in (dataset.path / "manifest.json").read_text()


def test_a_reject_that_names_them_shows_no_bytes(desk: Any, rejects: Callable[..., list[Record]]) -> None:
    bad = {**desk.ticket(4, requester=bjarne(desk)), "created_at": "yesterday"}
    other = {**desk.ticket(5), "created_at": "yesterday"}
    dataset = desk.convert(desk.write("t.json", desk.lines(bad, other)), erased=erased(desk))
    shown = {reject["key"]: reject["raw"] for reject in rejects(dataset) if reject["entity"] == "tickets"}
    assert shown[4] is None
    assert b"yesterday" in base64.b64decode(shown[5])


def test_whoever_zendesk_deleted_for_good_is_treated_alike(desk: Any) -> None:
    gone = bjarne(desk, name="Permanently Deleted User", email=None, phone=None, notes=None)
    desk.write("u.json", {"users": [{**gone, "permanently_deleted": True, "active": False}], "count": 1})
    desk.write("t.json", tickets(desk))
    dataset = desk.convert()
    assert_nowhere(bytes_of(dataset, "tickets", "users"))
    person = one(dataset, "users", BJARNE)
    assert (person["erased"], person["permanently_deleted"]) == (True, True)
    kept = desk.convert(keep_erased=True)
    person = one(kept, "users", BJARNE)
    assert (person["name"], person["permanently_deleted"], person["active"]) == (NAME, True, False)
    assert one(kept, "tickets", 1)["via"] == via()


def test_the_list_of_deleted_people_names_who_was_deleted_for_good(desk: Any) -> None:
    gone = {"id": BJARNE, "name": "Permanently Deleted User", "email": None, "active": False}
    desk.write("u.json", {"deleted_users": [gone], "count": 1})
    desk.write("t.json", tickets(desk))
    dataset = desk.convert()
    assert_nowhere(bytes_of(dataset, "tickets", "users"))
    assert one(dataset, "users", BJARNE)["erased"] is True


def test_deletion_wins_beside_a_ticket_too_unless_it_is_kept(desk: Any) -> None:
    event = {"id": 31, "type": "Create", "field_name": "subject", "value": "Secret"}
    audit = {"id": 30, "ticket_id": 1, "created_at": "2024-05-01T10:00:00Z", "events": [event]}
    chat = {"id": "c1", "type": "chat", "zendesk_ticket_id": 1, "timestamp": "2024-05-01T10:00:00Z"}
    rating = {"id": 8, "ticket_id": 1, "score": "bad", "comment": "Secret", "requester_id": 11}
    side = {"id": "u-1", "ticket_id": 1, "state": "open", "participants": [], "subject": "Secret"}
    scrubbed = desk.ticket(
        1, subject="SCRUBBED", description="X", status="deleted", comments=[], generated_timestamp=1730000000
    )
    del scrubbed["raw_subject"]
    desk.write("old.json", desk.lines(desk.ticket(1, subject="Secret")))
    desk.write("new.json", desk.lines(scrubbed))
    desk.write("a.json", {"audits": [audit]})
    desk.write("c.json", {"chats": [{**chat, "visitor": {"id": "v"}, "session": {}}], "count": 1})
    desk.write("r.json", {"satisfaction_ratings": [rating], "count": 1})
    desk.write("s.json", {"side_conversations": [side], "count": 1})
    beside = ("comments", "ticket_events", "chats", "satisfaction_ratings", "side_conversations")
    dataset = desk.convert()
    assert bytes_of(dataset, *beside) == ""
    assert {dataset.manifest["entities"][name]["superseded"] for name in beside} == {1, 2}
    kept = desk.convert(keep_erased=True)
    assert [len(list(kept.records(name))) for name in beside] == [2, 1, 1, 1, 1]
    ticket = one(kept, "tickets", 1)
    assert (ticket["subject"], ticket["description"], ticket["status"]) == ("Secret", "text", "deleted")


def test_the_list_is_part_of_the_options_by_what_it_names(desk: Any) -> None:
    path = desk.write("t.json", tickets(desk))
    first = desk.convert(path, erased=erased(desk, f"{BJARNE}\n{EMAIL}"))
    again = desk.convert(path, erased=erased(desk, f"# once more\n{EMAIL}\n{BJARNE}"))
    assert first.manifest["options"]["erased"] == again.manifest["options"]["erased"]
    assert "erased" not in desk.convert(path).manifest["options"]
    assert first.digest == again.digest


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("1\nAnn Smith\n", 2, "neither a user id nor an e-mail"),
        ("id,email\n1.03006E+13,a@x.test\n", 2, "neither"),
        ("1\n\n-5\n", 3, "neither"),
        ("name,email\nAnn,\n", 2, "names nobody"),
        ('[1,\n {"name": "Ann"}]', "element 2", "names nobody"),
        ("[1,\n 2", 2, "not JSON"),
    ],
)
def test_a_name_that_is_none_is_an_error_with_its_line(
    desk: Any, text: str, line: int | str, words: str
) -> None:
    listed = erased(desk, text)
    with pytest.raises(InputError, match=words) as error:
        desk.convert(desk.write("t.json", tickets(desk)), erased=listed)
    assert f"{listed}:{line}" in str(error.value)
    assert not list(desk.folder.glob("*.dataset"))


@pytest.mark.parametrize(
    "content",
    [
        "7\na@x.test",
        "# both\n7, A@X.test",
        "﻿name;E-Mail;ID\r\nAnn;a@x.test;7\r\n",
        json.dumps([7, "a@x.test"]),
        json.dumps({"deleted_users": [{"id": 7, "email": "a@x.test"}], "count": 1}),
        json.dumps([{"user": {"id": 7}}, {"email": "a@x.test"}]),
    ],
)
def test_a_list_may_have_any_usual_form(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list"
    path.write_text(content, newline="")
    names = read_erased(path)
    assert (set(names.ids), set(names.emails)) == ({7}, {"a@x.test"})


@pytest.mark.parametrize("many", [0, 60])
def test_a_name_is_found_in_any_text_as_whole_words_only(many: int) -> None:
    others = [f"other{number}@x.test" for number in range(many)]
    search = TextSearch([NAME.casefold(), EMAIL, *others])
    for text in ("BJARNE\n  Moe", f"<a href='mailto:{EMAIL}'>", f"x{NAME} and {NAME}.", "(bjarne-moe)"):
        assert search.finds(text), text
    for text in ("", "Bjarne", "Bjarne Moen", "xBjarne Moe", "moe bjarne", "bjarnemoe"):
        assert not search.finds(text), text


def test_keeping_and_erasing_at_once_is_refused(desk: Any) -> None:
    with pytest.raises(InputError, match="contradict"):
        desk.convert(desk.write("t.json", tickets(desk)), erased=erased(desk), keep_erased=True)


def test_a_list_that_is_not_there_or_empty_is_an_error(desk: Any) -> None:
    path = desk.write("t.json", tickets(desk))
    for listed in (desk.folder / "none.txt", erased(desk, "# nobody\n")):
        with pytest.raises(InputError):
            desk.convert(path, erased=listed)
