"""The secret stands in every private place of every form, and in no public one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from deskferry.sample_exports.company import SECRET
from deskferry.sample_exports.fields import CUSTOM_FIELDS

if TYPE_CHECKING:
    from tests.sample_exports.conftest import Record, Samples

AGENT_FIELDS = {field["id"] for field in CUSTOM_FIELDS.values() if not field["visible_in_portal"]}

# Places only the staff sees, by the kind of record; dots lead inside.
PRIVATE_PLACES = {
    "user": {"notes", "details", "user_fields.vip_reason"},
    "organization": {"notes", "details", "organization_fields.risk_note"},
    "ticket field": {"agent_description"},
    "custom status": {"description", "raw_description"},
    "macro": {"actions.value"},
    "trigger": {"actions.value"},
    "private comment": {
        "body",
        "html_body",
        "plain_body",
        "attachments.file_name",
        "attachments.content_url",
        "attachments.mapped_content_url",
    },
    "public comment": set(),
    "internal ticket": {"subject", "raw_subject", "description"},
    "ticket that begins privately": {"description"},
    "ticket": set(),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a record, with its place and, inside custom fields, the field it belongs to."""

    kind: str
    place: str
    field: int | None
    text: str


def texts_of(kind: str, value: Any, *, place: str = "", field: int | None = None) -> Iterator[Text]:
    if isinstance(value, str):
        yield Text(kind, place, field, value)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(kind, one, place=place, field=field)
    elif isinstance(value, dict):
        inner = value.get("id") if place in ("custom_fields", "fields") else field
        for key, one in value.items():
            yield from kinds_of(key, one, kind=kind, place=f"{place}.{key}" if place else key, field=inner)


def kinds_of(key: str, value: Any, *, kind: str, place: str, field: int | None) -> Iterator[Text]:
    """Embedded people and comments are records of their own."""
    if key in ("requester", "submitter", "assignee", "collaborator"):
        yield from texts_of("user", value)
    elif key == "organization" and kind != "user":
        yield from texts_of("organization", value)
    elif key == "comments" and isinstance(value, list):
        for comment in value:
            yield from texts_of(comment_kind(comment), comment)
    else:
        yield from texts_of(kind, value, place=place, field=field)


def comment_kind(comment: Record) -> str:
    return "public comment" if comment["public"] else "private comment"


def ticket_kind(ticket: Record, comments: list[Record]) -> str:
    if not ticket["is_public"]:
        return "internal ticket"
    begins_privately = bool(comments) and not comments[0]["public"]
    return "ticket that begins privately" if begins_privately else "ticket"


def official_texts(samples: Samples) -> Iterator[Text]:
    for line in (*samples.slices["2026-10"], *samples.slices["2026-11"]):
        yield from texts_of(ticket_kind(line, line["comments"]), line)
    yield from texts_of("user", list(samples.users.values()))
    yield from texts_of("organization", list(samples.organizations.values()))


def api_texts(samples: Samples) -> Iterator[Text]:
    lists = {
        "users": "user",
        "organizations": "organization",
        "ticket_fields": "ticket field",
        "custom_statuses": "custom status",
        "macros": "macro",
        "triggers": "trigger",
    }
    for page in samples.pages.values():
        for name, records in page.items():
            if name == "tickets":
                for ticket in records:
                    comments = samples.api_comments.get(ticket["id"], [])
                    yield from texts_of(ticket_kind(ticket, comments), ticket)
            elif name == "comments":
                for comment in records:
                    yield from texts_of(comment_kind(comment), comment)
            else:
                yield from texts_of(lists.get(name, name), records)


def is_private(text: Text) -> bool:
    # Inside a ticket field stands a copy of the account's custom statuses.
    place = text.place.removeprefix("custom_statuses.")
    kind = "custom status" if place != text.place else text.kind
    if place in ("custom_fields.value", "fields.value"):
        return text.field in AGENT_FIELDS
    return place.replace("thumbnails.", "") in PRIVATE_PLACES.get(kind, set())


@pytest.mark.parametrize("form", [official_texts, api_texts], ids=["official", "api"])
def test_the_secret_stands_in_private_places_only(form: Any, samples: Samples) -> None:
    told = [text for text in form(samples) if SECRET in text.text]
    assert [text for text in told if not is_private(text)] == []


@pytest.mark.parametrize("form", [official_texts, api_texts], ids=["official", "api"])
def test_no_kind_of_private_place_is_without_the_secret(form: Any, samples: Samples) -> None:
    every = list(form(samples))
    kinds = {text.kind for text in every}
    told = {(text.kind, text.place) for text in every if SECRET in text.text}
    wanted = {(kind, place) for kind in kinds for place in PRIVATE_PLACES.get(kind, set())}
    assert wanted - told == set()


def test_no_text_of_the_samples_is_left_unread(samples: Samples) -> None:
    lines = [*samples.slices.values(), samples.users, samples.organizations]
    for every, raw in ((official_texts(samples), lines), (api_texts(samples), samples.pages)):
        assert sum(text.text.count(SECRET) for text in every) == json.dumps(raw).count(SECRET) > 100


def test_values_of_fields_for_agents_only_hold_the_secret(samples: Samples) -> None:
    entries = [(line["id"], one) for line in samples.tickets.values() for one in line["custom_fields"]]
    told = {number for number, one in entries if one["id"] in AGENT_FIELDS and one["value"]}
    assert told == {number for number, one in entries if SECRET in str(one["value"])} == {12, 26}


def test_every_private_comment_and_its_files_hold_the_secret(samples: Samples) -> None:
    private = [comment for _, comment in samples.all_comments() if not comment["public"]]
    assert len(private) > 20
    for comment in private:
        assert all(SECRET in comment[key] for key in ("body", "html_body", "plain_body"))
        assert all(SECRET in file["file_name"] for file in comment["attachments"])


def test_descriptions_of_tickets_that_begin_privately_hold_the_secret(samples: Samples) -> None:
    private = [
        line for line in samples.tickets.values() if line["comments"] and not line["comments"][0]["public"]
    ]
    assert {line["id"] for line in private} == {2, 3, 16, 50}
    assert all(SECRET in line["description"] for line in private)


def test_the_csv_shows_the_secret_in_internal_subjects_and_agents_fields_only(samples: Samples) -> None:
    headers, *rows = samples.csv_rows
    found = {(row[1], headers[place]) for row in rows for place, cell in enumerate(row) if SECRET in cell}
    assert found == {
        ("3", "Subject"),
        ("12", "Internal reference [txt]"),
        ("26", "Internal reference [txt]"),
    }


def test_a_person_with_secret_notes_asks_ordinary_public_questions_too(samples: Samples) -> None:
    anna = next(user for user in samples.users.values() if user["name"] == "Anna Kvist")
    assert SECRET in anna["notes"]
    hers = [line for line in samples.tickets.values() if line["requester"]["id"] == anna["id"]]
    assert sum(all(one["public"] for one in line["comments"]) for line in hers) >= 2
