"""Each awkwardness the samples promise is really in the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sample_exports.conftest import Record, Samples


def requester(samples: Samples, number: int) -> Record:
    """The person's newest row, not the copy inside the ticket."""
    return samples.users[samples.tickets[number]["requester"]["id"]]


def authors(samples: Samples, number: int) -> list[int]:
    return [comment["author_id"] for comment in samples.tickets[number]["comments"]]


def files(samples: Samples, number: int) -> list[Record]:
    return [file for comment in samples.tickets[number]["comments"] for file in comment["attachments"]]


def text_of(samples: Samples, number: int) -> str:
    return "".join(comment["body"] for comment in samples.tickets[number]["comments"])


def vias(samples: Samples) -> set[str]:
    return {line["via"]["channel"] for line in samples.tickets.values()} | {
        comment["via"]["channel"] for _, comment in samples.all_comments()
    }


def rels(samples: Samples, number: int) -> list[Record]:
    return [
        one["via"]["source"] for one in samples.tickets[number]["comments"] if one["via"]["source"]["rel"]
    ]


def october(samples: Samples, number: int) -> Record:
    return next(line for line in samples.slices["2026-10"] if line["id"] == number)


def values_of(samples: Samples, number: int) -> dict[str, object]:
    """Custom field values by the type of the field."""
    kinds = {field["id"]: field["type"] for field in samples.list_of("ticket_fields") if field["active"]}
    entries = samples.tickets[number]["custom_fields"]
    return {kinds[one["id"]]: one["value"] for one in entries if one["id"] in kinds}


def empty_values(samples: Samples) -> set[object]:
    entries = [one for line in samples.tickets.values() for one in line["custom_fields"]]
    return {one["value"] for one in entries if one["value"] in ("", None)}


def options_of(samples: Samples, kind: str) -> list[Record]:
    fields = samples.list_of("ticket_fields")
    return [option for field in fields if field["type"] == kind for option in field["custom_field_options"]]


def status_label(samples: Samples, number: int) -> str:
    labels = {one["id"]: one["agent_label"] for one in samples.list_of("custom_statuses")}
    return str(labels[samples.api_tickets[number]["custom_status_id"]])


def shared_emails(samples: Samples) -> list[set[str]]:
    spellings: dict[str, set[str]] = {}
    for user in samples.users.values():
        if user["email"]:
            spellings.setdefault(user["email"].lower(), set()).add(user["email"])
    return [found for found in spellings.values() if len(found) > 1]


def tomoko_in(people: list[Record]) -> Record:
    return next(one for one in people if one["name"] == "Tomoko Ito")


def ids_of(samples: Samples, number: int) -> list[int]:
    return [comment["id"] for comment in samples.tickets[number]["comments"]]


PEOPLE: dict[str, Callable[[Samples], object]] = {
    "carbon copies": lambda s: (
        len(s.tickets[17]["collaborator"]) == 3
        and len(s.tickets[17]["email_cc_ids"]) == 2
        and len(s.tickets[17]["follower_ids"]) == 1
    ),
    "an agent who left": lambda s: (
        tomoko_in(list(s.users.values()))["role"] == "end-user"
        and october(s, 39)["assignee"]["role"] == "agent"
        and tomoko_in(s.pages["tickets/incremental_cursor_0001.json"]["users"])["role"] == "agent"
    ),
    "an agent whose account is deleted": lambda s: (
        not s.users[authors(s, 40)[1]]["active"] and s.users[authors(s, 40)[1]]["role"] == "agent"
    ),
    "a caller without e-mail": lambda s: (
        requester(s, 2)["email"] is None and requester(s, 2)["name"] == "Caller +47 22 55 01 99"
    ),
    "a web user without e-mail": lambda s: (
        requester(s, 16)["email"] is None and requester(s, 16)["name"] == "Web User 1234"
    ),
    "no e-mail, but an external id": lambda s: (
        requester(s, 48)["email"] is None and requester(s, 48)["external_id"] == "cust-1017"
    ),
    "external ids of the product": lambda s: sum(bool(u["external_id"]) for u in s.users.values()) >= 5,
    "one e-mail in two spellings": lambda s: (
        shared_emails(s) == [{"emil.strand@fjordmail.test", "Emil.Strand@Fjordmail.test"}]
    ),
    "an agent as requester": lambda s: requester(s, 3)["role"] == requester(s, 8)["role"] == "agent",
    "a suspended requester": lambda s: requester(s, 14)["suspended"],
    "a requester erased for good": lambda s: (
        requester(s, 15)["permanently_deleted"]
        and requester(s, 15)["name"] == "Permanently Deleted User"
        and october(s, 15)["requester"]["name"] == "Bjarne Moe"
    ),
    "a deleted requester": lambda s: (
        not requester(s, 41)["active"]
        and not requester(s, 41)["permanently_deleted"]
        and requester(s, 41)["name"] == "Kari Holm"
    ),
    "a person in two organizations": lambda s: (
        max(Counter(one["user_id"] for one in s.list_of("organization_memberships")).values()) == 2
    ),
    "a ticket of the requester's second organization": lambda s: (
        s.tickets[37]["organization"]["id"] != requester(s, 37)["organization_id"]
    ),
    "a deleted organization": lambda s: (
        s.tickets[38]["organization"]["deleted_at"] is not None
        and sum(bool(one["deleted_at"]) for one in s.organizations.values()) == 1
    ),
    "a comment by a third party": lambda s: (
        s.users[authors(s, 17)[2]]["name"].startswith("Karel")
        and authors(s, 17)[2] in s.tickets[17]["email_cc_ids"]
    ),
    "an author without a row": lambda s: authors(s, 17)[3] not in s.users and authors(s, 17)[3] > 0,
    "a light agent's note": lambda s: (
        s.users[authors(s, 32)[1]]["role_type"] == 1 and not s.tickets[32]["comments"][1]["public"]
    ),
    "Zendesk itself as author": lambda s: authors(s, 31)[2:] == [-1, -1],
    "ids of 14 digits": lambda s: {len(str(number)) for number in (*s.users, *s.organizations)} == {14},
}

TICKETS: dict[str, Callable[[Samples], object]] = {
    "private notes": lambda s: sum(not one["public"] for _, one in s.all_comments()) > 20,
    "first comment private": lambda s: (
        [one["public"] for one in s.tickets[2]["comments"]] == [False, True] and s.tickets[2]["is_public"]
    ),
    "only private comments": lambda s: (
        not any(one["public"] for one in s.tickets[3]["comments"]) and not s.tickets[3]["is_public"]
    ),
    "a merge, told by the source": lambda s: (
        "closed_by_merge" in s.tickets[4]["tags"]
        and "merged into request #5" in s.tickets[4]["comments"][-1]["body"]
    ),
    "a merge, told by the target": lambda s: (
        [one["from"].get("ticket_id") for one in rels(s, 5)] == [4]
        and not s.tickets[5]["comments"][1]["public"]
    ),
    "two merges in one public comment": lambda s: (
        rels(s, 45)[0]["from"]["ticket_ids"] == [43, 44]
        and s.tickets[45]["comments"][1]["public"]
        and all("closed_by_merge" in s.tickets[number]["tags"] for number in (43, 44))
    ),
    "a follow-up, both ways": lambda s: (
        s.tickets[7]["via"]["source"]["rel"] == "follow_up"
        and s.tickets[7]["via"]["source"]["from"]["ticket_id"] == 6
        and s.tickets[6]["followup_ids"] == [7]
    ),
    "a problem and two incidents": lambda s: (
        s.tickets[8]["has_incidents"]
        and s.tickets[8]["type"] == "problem"
        and [s.tickets[number]["problem_id"] for number in (9, 10)] == [8, 8]
    ),
    "a deleted ticket that keeps its text": lambda s: (
        s.tickets[11]["status"] == "deleted"
        and "PIN" in s.tickets[11]["description"]
        and s.tickets[11]["comments"] == []
        and len(october(s, 11)["comments"]) == 2
    ),
    "a scrubbed ticket": lambda s: (
        s.tickets[13]["subject"] == s.tickets[13]["raw_subject"] == "SCRUBBED"
        and s.tickets[13]["description"] == "X"
        and s.tickets[13]["comments"] == []
        and "doctor" in october(s, 13)["description"]
    ),
    "a ticket gone for good": lambda s: 30 not in s.tickets,
    "an empty subject and none": lambda s: (
        s.tickets[16]["subject"] == "" and s.tickets[29]["subject"] is None
    ),
    "all statuses": lambda s: (
        {line["status"] for line in s.tickets.values()}
        == {"new", "open", "pending", "hold", "solved", "closed", "deleted"}
    ),
    "a custom status": lambda s: (
        status_label(s, 25) == "Waiting for courier" and s.tickets[25]["status"] == "hold"
    ),
    "all channels": lambda s: (
        vias(s) >= {"web", "email", "api", "voice", "chat", "native_messaging", "rule", "system"}
    ),
    "ratings": lambda s: (
        {(line["satisfaction_rating"] or {"score": None})["score"] for line in s.tickets.values()}
        == {"good", "bad", "offered", "unoffered", None}
        and s.tickets[33]["satisfaction_rating"]["comment"] == "Jonas is <great> & fast"
    ),
    "a ticket of forty comments on two pages": lambda s: (
        len(s.tickets[12]["comments"]) == 40
        and {"comments/ticket_12_page1.json", "comments/ticket_12_page2.json"} <= set(s.pages)
    ),
    "pages whose names say nothing": lambda s: (
        "/tickets/17/comments" in s.pages["comments/saved_page_a.json"]["next_page"]
        and "/tickets/17/comments" in s.pages["comments/saved_page_b.json"]["previous_page"]
    ),
    "comment ids against time": lambda s: ids_of(s, 27) != sorted(ids_of(s, 27)),
    "comments of one second, ids against their order": lambda s: (
        len({one["created_at"] for one in s.tickets[28]["comments"][:3]}) == 1
        and ids_of(s, 28)[:3] == sorted(ids_of(s, 28)[:3], reverse=True)
    ),
    "comments in the order of time": lambda s: all(
        one["created_at"] <= two["created_at"]
        for line in s.tickets.values()
        for one, two in pairwise(line["comments"])
    ),
    "a task with a due date": lambda s: s.tickets[49]["type"] == "task" and s.tickets[49]["due_at"],
    "nobody responsible": lambda s: (
        s.tickets[51]["assignee"] is s.tickets[51]["group"] is None and s.tickets[51]["status"] == "new"
    ),
    "an external id of the ticket": lambda s: s.tickets[10]["external_id"] == "VL-2026-0031",
}

CONTENT: dict[str, Callable[[Samples], object]] = {
    "HTML mail with all its baggage": lambda s: all(
        piece in s.tickets[1]["comments"][0]["html_body"]
        for piece in ("<blockquote", "gmail_signature", "<script>", 'width="1"', "onclick=", "javascript:")
    ),
    "inline images": lambda s: (
        files(s, 18)[0]["inline"]
        and files(s, 18)[0]["content_url"] in s.tickets[18]["comments"][0]["html_body"]
    ),
    "equal file names": lambda s: Counter(one["file_name"] for one in files(s, 18))["image001.jpg"] == 3,
    "a file with malware": lambda s: "malware_found" in {one["malware_scan_result"] for one in files(s, 18)},
    "a redacted file": lambda s: (
        ("redacted.txt", True) in {(one["file_name"], one["deleted"]) for one in files(s, 18)}
    ),
    "redacted text": lambda s: "▇▇▇▇" in text_of(s, 19),
    "emoji with joiners": lambda s: "\u200d" in text_of(s, 20) and "🚲" in s.tickets[20]["subject"],
    "Arabic": lambda s: "البطارية" in text_of(s, 21) and "بطارية" in s.tickets[21]["tags"],
    "Hebrew": lambda s: "כיסוי" in text_of(s, 22) and "משלוח" in s.tickets[22]["tags"],
    "Chinese and Japanese": lambda s: "您好" in text_of(s, 23) and "チェーン" in s.tickets[23]["tags"],
    "separators that are no line ends": lambda s: (
        all(one in text_of(s, 24) for one in ("\u2028", "\u2029", "\u0085"))
        and "\u2028" in s.tickets[24]["subject"]
    ),
    "combining characters": lambda s: "Zoe\u0308" in text_of(s, 24) and "\u0308" in requester(s, 24)["name"],
    "backslash-n that is text": lambda s: r"\n\nCall from" in s.tickets[42]["description"],
    "a voice comment with data": lambda s: (
        s.tickets[2]["comments"][0]["type"] == "VoiceComment"
        and s.tickets[2]["comments"][0]["data"]["recording_url"]
    ),
    "a chat in one private comment": lambda s: "(10:51:40 AM)" in s.tickets[50]["comments"][0]["body"],
    "a very long comment": lambda s: 15_000 < len(text_of(s, 36)) < 40_000,
    "every type of custom field": lambda s: (
        set(values_of(s, 26))
        == {
            *("text", "textarea", "checkbox", "date", "integer", "decimal", "regexp"),
            *("partialcreditcard", "tagger", "multiselect", "lookup"),
        }
        and all(values_of(s, 26).values())
    ),
    "numbers that are texts": lambda s: values_of(s, 26)["decimal"] == "1249.50",
    "empty in two ways": lambda s: {"", None} <= empty_values(s),
    "options with levels": lambda s: (
        "Parts::Brakes::Disc" in {one["name"] for one in options_of(s, "tagger")}
    ),
    "an option that no longer exists": lambda s: (
        "parts__brakes__drum" in s.tickets[26]["tags"]
        and "parts__brakes__drum" not in {one["value"] for one in options_of(s, "tagger")}
    ),
    "a field switched off that has a value": lambda s: (
        {field["id"] for field in s.list_of("ticket_fields") if not field["active"]}
        & {one["id"] for one in s.tickets[26]["custom_fields"] if one["value"]}
    ),
    "a field titled like a system field": lambda s: (
        Counter(field["title"] for field in s.list_of("ticket_fields"))["Status"] == 2
    ),
    "memberships that say null for no": lambda s: (
        {one["default"] for one in s.list_of("organization_memberships")} == {True, None}
    ),
}


@pytest.mark.parametrize("name", [*PEOPLE, *TICKETS, *CONTENT])
def test_the_samples_hold(name: str, samples: Samples) -> None:
    assert {**PEOPLE, **TICKETS, **CONTENT}[name](samples)
