"""Each form has the shape of the real thing, and all tell of the same moment."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from deskferry.sample_exports import sample

if TYPE_CHECKING:
    from tests.sample_exports.conftest import Samples

OFFICIAL_TICKET_KEYS = [
    "url", "id", "external_id", "via", "created_at", "updated_at", "type", "subject", "raw_subject",
    "description", "priority", "status", "follower_ids", "email_cc_ids", "forum_topic_id", "problem_id",
    "has_incidents", "is_public", "due_at", "tags", "custom_fields", "satisfaction_rating",
    "sharing_agreement_ids", "fields", "followup_ids", "ticket_form_id", "brand_id",
    "satisfaction_probability", "metric_set", "dates", "allow_channelback", "allow_attachments",
    "generated_timestamp", "submitter", "requester", "assignee", "collaborator", "recipient", "group",
    "organization", "comments",
]  # fmt: skip
API_TICKET_KEYS = {
    *OFFICIAL_TICKET_KEYS,
    *("requester_id", "submitter_id", "assignee_id", "group_id", "organization_id", "collaborator_ids"),
    *("custom_status_id", "from_messaging_channel"),
} - {
    *("requester", "submitter", "assignee", "group", "organization", "collaborator", "comments"),
    *("metric_set", "dates", "satisfaction_probability"),
}
COMMENT_KEYS = [
    "id", "type", "author_id", "body", "html_body", "plain_body", "public", "attachments", "audit_id",
    "ticket_id", "via", "created_at", "metadata",
]  # fmt: skip
CSV_HEADERS = [
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email",
    "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via",
    "Ticket type", "Created at", "Updated at", "Assigned at", "Organization", "Due date",
    "Initially assigned at", "Solved at", "Resolution time", "Satisfaction Score", "Group stations",
    "Assignee stations", "Reopens", "Replies", "First reply time in minutes",
    "First reply time in minutes within business hours", "First resolution time in minutes",
    "First resolution time in minutes within business hours", "Full resolution time in minutes",
    "Full resolution time in minutes within business hours", "Agent wait time in minutes",
    "Agent wait time in minutes within business hours", "Requester wait time in minutes",
    "Requester wait time in minutes within business hours", "On hold time in minutes",
    "On hold time in minutes within business hours",
]  # fmt: skip


def official_text(name: str) -> str:
    with zipfile.ZipFile(Path(str(sample(f"official/haldenbikes-{name}.zip")))) as archive:
        return "".join(archive.read(member).decode() for member in archive.namelist())


def as_api(value: Any) -> Any:
    """The same value with the API's spelling of times."""
    if isinstance(value, dict):
        return {key: as_api(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_api(one) for one in value]
    return (
        re.sub(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.000Z$", r"\1Z", value)
        if isinstance(value, str)
        else value
    )


def without(record: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


def test_an_official_ticket_has_the_41_keys_of_a_real_line_in_their_order(samples: Samples) -> None:
    assert len(OFFICIAL_TICKET_KEYS) == 41
    every = [*samples.slices["2026-10"], *samples.slices["2026-11"]]
    assert {tuple(line) for line in every} == {tuple(OFFICIAL_TICKET_KEYS)}


def test_people_have_38_keys_and_deleted_ones_one_more(samples: Samples) -> None:
    embedded = [line["requester"] for line in samples.tickets.values()]
    for user in [*samples.users.values(), *embedded]:
        assert len(user) == (38 if user["active"] else 39)
        assert ("permanently_deleted" in user) == (not user["active"])


def test_an_official_comment_has_its_ticket_and_the_keys_of_a_real_one(samples: Samples) -> None:
    for ticket, comment in samples.all_comments():
        assert set(comment) - {"data"} == set(COMMENT_KEYS)
        assert comment["ticket_id"] == ticket["id"]


@pytest.mark.parametrize("name", ["tickets-2026-10", "tickets-2026-11", "users", "organizations"])
def test_official_text_is_escaped_and_its_times_have_milliseconds(name: str) -> None:
    text = official_text(name)
    assert re.search("[<>&]", text) is None
    assert re.search(r'_at":"[^"]*\d\dZ"', text.replace(".000Z", "")) is None
    assert '.000Z"' in text


def test_official_text_holds_html_in_its_escaped_spelling() -> None:
    text = official_text("tickets-2026-10")
    assert "\\u003cscript\\u003e" in text
    assert "\\u0026" in text


def test_members_are_named_as_zendesk_names_them() -> None:
    for path in Path(str(sample("official"))).glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert re.fullmatch(r"export_\d{4}_\d\d_\d\d_[0-9a-f]{10}_\d+\.json", name)


def test_lines_are_wrapped_in_exactly_one_member() -> None:
    wrapped = []
    for path in Path(str(sample("official"))).glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                lines = [json.loads(line) for line in archive.read(name).decode().split("\n") if line]
                if any(list(line) == ["ticket"] for line in lines):
                    assert all(list(line) == ["ticket"] for line in lines)
                    wrapped.append(name)
    assert len(wrapped) == 1


def test_the_slices_overlap_with_equal_and_with_newer_tickets(samples: Samples) -> None:
    october, november = ({line["id"]: line for line in lines} for lines in samples.slices.values())
    both = set(october) & set(november)
    equal = {number for number in both if october[number] == november[number]}
    newer = {
        number
        for number in both
        if november[number]["generated_timestamp"] > october[number]["generated_timestamp"]
    }
    assert equal == {25, 49}
    assert newer == {11, 12, 13, 15}
    assert len(october[12]["comments"]) < len(november[12]["comments"]) == 40
    assert set(november) - set(october) == {51, 52}


def test_an_api_ticket_has_39_keys(samples: Samples) -> None:
    assert len(API_TICKET_KEYS) == 39
    assert {frozenset(ticket) for ticket in samples.api_tickets.values()} == {frozenset(API_TICKET_KEYS)}


def test_api_times_have_no_milliseconds(samples: Samples) -> None:
    text = json.dumps(samples.pages)
    assert ".000Z" not in text
    assert re.search(r'"created_at": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', text)


def test_api_comments_name_no_ticket(samples: Samples) -> None:
    keys = {key for comments in samples.api_comments.values() for one in comments for key in one}
    assert keys == {*COMMENT_KEYS, "data"} - {"ticket_id"}


def test_the_stream_of_tickets_says_where_it_ends(samples: Samples) -> None:
    ends = [page["end_of_stream"] for name, page in samples.pages.items() if name.startswith("tickets/")]
    assert ends == [False, False, True]


def test_official_export_and_api_dump_hold_the_same_tickets(samples: Samples) -> None:
    assert set(samples.tickets) == set(samples.api_tickets)
    for number, line in samples.tickets.items():
        other = samples.api_tickets[number]
        for key in API_TICKET_KEYS & set(line) - {"via"}:
            assert as_api(line[key]) == other[key], (number, key)
        assert without(line["via"], "id") == other["via"]
        for key in ("requester", "submitter", "assignee", "group", "organization"):
            assert (line[key] or {}).get("id") == other[f"{key}_id"]
        assert [person["id"] for person in line["collaborator"]] == other["collaborator_ids"]


def test_official_export_and_api_dump_hold_the_same_comments(samples: Samples) -> None:
    assert {number for number, line in samples.tickets.items() if line["comments"]} == set(
        samples.api_comments
    )
    for number, comments in samples.api_comments.items():
        official = [
            {key: one[key] for key in one if key != "ticket_id"}
            for one in samples.tickets[number]["comments"]
        ]
        assert as_api(official) == comments


def test_official_export_and_api_dump_hold_the_same_people_and_metrics(samples: Samples) -> None:
    people = [user for n in (1, 2, 3) for user in samples.pages[f"users/users_page_{n}.json"]["users"]]
    assert as_api(list(samples.users.values())) == people
    assert as_api(list(samples.organizations.values())) == samples.list_of("organizations")
    metrics = {one["ticket_id"]: one for one in samples.list_of("ticket_metrics")}
    for number, line in samples.tickets.items():
        assert as_api(line["metric_set"]) == metrics[number]
        assert all(line["metric_set"][key] == value for key, value in line["dates"].items())


def test_the_company_has_the_size_it_says(samples: Samples) -> None:
    assert len(samples.tickets) == 59
    assert len(samples.users) == 25
    assert len(samples.organizations) == 6
    assert [len(samples.list_of(name)) for name in ("groups", "brands", "ticket_forms")] == [4, 2, 2]


def test_the_csv_has_the_41_headers_and_columns_with_suffixes(samples: Samples) -> None:
    headers = samples.csv_rows[0]
    assert headers[:41] == CSV_HEADERS
    assert all(re.fullmatch(r".+ \[(txt|flag|int|dec|reg|list)\]", header) for header in headers[41:])
    assert {len(row) for row in samples.csv_rows} == {len(headers)}


def test_every_cell_of_the_csv_is_quoted() -> None:
    (path,) = Path(str(sample("csv"))).glob("*.csv")
    for line in path.read_bytes().decode().split("\n")[:-1]:
        assert line.startswith('"')
        assert line.endswith('"')
        assert re.search(r'(^|",)[^",]+(,"|$)', line.replace('""', "")) is None


def test_the_csv_leaves_out_deleted_tickets_only(samples: Samples) -> None:
    numbers = {int(row[1]) for row in samples.csv_rows[1:]}
    deleted = {number for number, line in samples.tickets.items() if line["status"] == "deleted"}
    assert numbers == set(samples.tickets) - deleted
    assert deleted == {11, 13}


def test_the_csv_tells_the_time_of_oslo(samples: Samples) -> None:
    for row in samples.csv_rows[1:]:
        cells = dict(zip(CSV_HEADERS, row, strict=False))
        created_at = datetime.fromisoformat(samples.tickets[int(cells["Id"])]["created_at"])
        local = datetime.strptime(cells["Created at"], "%Y-%m-%d %H:%M").replace(
            tzinfo=ZoneInfo("Europe/Oslo")
        )
        assert local.astimezone(UTC) == created_at.replace(second=0)


def test_the_csv_names_options_where_json_has_their_values(samples: Samples) -> None:
    topic = samples.csv_rows[0].index("Topic [list]")
    row = next(row for row in samples.csv_rows if row[1] == "1")
    assert row[topic] == "Parts::Brakes::Disc"


def test_addresses_are_invented(samples: Samples) -> None:
    text = json.dumps([samples.tickets, samples.pages], ensure_ascii=False)
    hosts = set(re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text))
    assert {host for host in hosts if not host.lower().endswith(".test")} == set()
    links = set(re.findall(r"https?://([\w.-]+)", text))
    assert {
        host
        for host in links
        if not host.endswith(".test") and not re.fullmatch(r"halden\w+\.zendesk\.com", host)
    } == set()
