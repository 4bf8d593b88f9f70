import json
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.convert.envelope_stream import message_of, without_columns
from deskferry.schemas.errors import InputError

API = "https://acme.zendesk.com/api/v2"
TICKET = {
    "id": 1,
    "url": f"{API}/tickets/1.json",
    "status": "open",
    "requester_id": 11,
    "subject": "S",
    "created_at": "2024-05-01T10:00:00.000000Z",
    "updated_at": "2024-05-02T10:00:00.000000Z",
}


def singer(stream: str, record: Any) -> dict[str, Any]:
    return {"type": "RECORD", "stream": stream, "record": record, "time_extracted": "2024-06-01T00:00:00Z"}


def raw(data: Any, **more: Any) -> dict[str, Any]:
    # A UUID that holds 4e12, which is no number in E-notation.
    return {
        "_airbyte_ab_id": "1f0c-4e12-9e33",
        "_airbyte_emitted_at": 1706738248896,
        "_airbyte_data": data,
        **more,
    }


@pytest.mark.parametrize(
    ("value", "stream", "pointer"),
    [
        (singer("tickets", TICKET), "tickets", "/record"),
        (
            {"type": "RECORD", "record": {"stream": "a__tickets", "data": TICKET, "emitted_at": 1}},
            "a__tickets",
            "/record/data",
        ),
        ({"stream": "tickets", "data": TICKET, "emitted_at": 1}, "tickets", "/data"),
        (raw(TICKET), "", "/_airbyte_data"),
        (raw(json.dumps(TICKET)), "", "/_airbyte_data"),
        (
            {
                "_airbyte_raw_id": "x",
                "_airbyte_extracted_at": 1,
                "_airbyte_meta": {},
                "_airbyte_data": TICKET,
            },
            "",
            "/_airbyte_data",
        ),
    ],
)
def test_every_message_with_a_record_is_taken_apart(value: Any, stream: str, pointer: str) -> None:
    message = message_of(value)
    assert message is not None
    assert (message.stream, message.record, message.pointer) == (stream, TICKET, pointer)


@pytest.mark.parametrize(
    "value",
    [
        {"type": "SCHEMA", "stream": "tickets", "schema": {}, "key_properties": ["id"]},
        {"type": "STATE", "value": {"bookmarks": {}}},
        {"type": "ACTIVATE_VERSION", "stream": "tickets", "version": 1},
        {"type": "LOG", "log": {"level": "INFO", "message": "m"}},
        {"type": "TRACE", "trace": {"type": "ESTIMATE"}},
    ],
)
def test_messages_about_the_run_bring_no_record(value: Any) -> None:
    message = message_of(value)
    assert message is not None
    assert message.record is None


@pytest.mark.parametrize(
    "value", [{"type": "LOG"}, {"type": "STATE"}, {"stream": "x"}, {"type": "question"}, {}]
)
def test_what_is_no_message_is_not_taken_for_one(value: Any) -> None:
    assert message_of(value) is None


def test_columns_of_a_pipeline_are_dropped_and_others_kept() -> None:
    row = {"id": 1, "_sdc_batched_at": "x", "_sdc_own": 2, "_note": 3}
    assert without_columns(row) == {"id": 1, "_note": 3}
    assert without_columns({"_sdc": 1}) == {"_sdc": 1}


def test_saved_output_is_read_between_its_log_lines(desk: Any, finding: Callable[..., Any]) -> None:
    comment = desk.comment(5, ticket_id=1, event_type="Comment", timestamp=1714557600, via=None)
    comment.pop("created_at")
    lines = [
        "INFO Starting sync",
        json.dumps({"type": "SCHEMA", "stream": "tickets", "schema": {}, "key_properties": ["id"]}),
        json.dumps(singer("tickets", TICKET)),
        '2024-06-01 platform > {"type":"RECORD", ' + json.dumps(singer("ticket_comments", comment))[19:],
        json.dumps(singer("tags", {"name": "vip", "count": 3})),
        json.dumps({"type": "STATE", "value": {"currently_syncing": None}}),
        "INFO Sync completed",
    ]
    dataset = desk.convert(desk.write("out.log", "\n".join(lines)))
    assert [(t["id"], t["created_at"]) for t in dataset.records("tickets")] == [
        (1, "2024-05-01T10:00:00.000Z")
    ]
    assert [(c["id"], c["created_at"]) for c in dataset.records("comments")] == [
        (5, "2024-05-01T10:00:00.000Z")
    ]
    assert [record["id"] for record in dataset.records("configuration")] == ["tags/vip"]
    assert finding(dataset, "log_lines")["count"] == 2
    assert finding(dataset, "unfinished_streams") is None


def test_a_damaged_message_is_a_reject_and_no_log_line(
    desk: Any, rejects: Callable[..., Any], finding: Callable[..., Any]
) -> None:
    whole = json.dumps(singer("tickets", TICKET))
    text = "INFO Starting\n" + whole + "\n" + whole[:60] + "\n" + whole[60:] + "\n"
    dataset = desk.convert(desk.write("out.log", text))
    assert {r["position"] >= len(whole) for r in rejects(dataset)} == {True}
    assert finding(dataset, "log_lines")["count"] == 1
    assert len(list(dataset.records("tickets"))) == 1


def test_a_run_that_stopped_inside_a_stream_is_named(desk: Any, finding: Callable[..., Any]) -> None:
    def state(syncing: str | None) -> dict[str, Any]:
        return {"type": "STATE", "value": {"bookmarks": {}, "currently_syncing": syncing}}

    lines = desk.lines(singer("tickets", TICKET), state(None), state("ticket_audits"))
    found = finding(desk.convert(desk.write("out.singer", lines)), "unfinished_streams")
    assert [example.partition(": ")[2] for example in found["examples"]] == ["ticket_audits"]


def test_a_stream_that_ended_incomplete_is_named(desk: Any, finding: Callable[..., Any]) -> None:
    trace = {"stream_descriptor": {"name": "tickets"}, "status": "INCOMPLETE"}
    lines = desk.lines(
        {"type": "RECORD", "record": {"stream": "tickets", "data": TICKET, "emitted_at": 1}},
        {"type": "TRACE", "trace": {"type": "STREAM_STATUS", "stream_status": trace}},
    )
    found = finding(desk.convert(desk.write("out.jsonl", lines)), "unfinished_streams")
    assert [example.partition(": ")[2] for example in found["examples"]] == ["tickets"]


@pytest.mark.parametrize("as_text", [True, False])
def test_ids_as_floats_are_whole_and_in_e_notation_refused(
    desk: Any, rejects: Callable[..., Any], as_text: bool
) -> None:
    def row(number: str) -> str:
        data = json.dumps({**TICKET, "id": 0}).replace('"id": 0', f'"id": {number}')
        held = json.dumps(data) if as_text else data
        return '{"_airbyte_ab_id":"1f0c-4e12-9e33","_airbyte_emitted_at":1,"_airbyte_data":' + held + "}\n"

    text = row("7761239926287.0") + row("7.761239926288E+12")
    dataset = desk.convert(desk.write("_airbyte_raw_tickets.jsonl", text))
    assert [ticket["id"] for ticket in dataset.records("tickets")] == [7761239926287]
    assert [r["entity"] for r in rejects(dataset)] == ["tickets"]


def test_a_stream_of_somebody_else_is_not_read_as_zendesks(desk: Any) -> None:
    octocat = {
        "id": 1,
        "login": "octocat",
        "node_id": "M",
        "avatar_url": "u",
        "gists_url": "g",
        "type": "User",
    }
    with pytest.raises(InputError, match="nothing in here is recognised"):
        desk.convert(desk.write("users.jsonl", desk.lines(singer("users", octocat))))


def test_a_record_of_an_unknown_stream_is_a_reject(desk: Any, rejects: Callable[..., Any]) -> None:
    lines = desk.lines(
        singer("tickets", TICKET), singer("invoices", {"id": 7, "amount": 3}), singer("users", 5)
    )
    dataset = desk.convert(desk.write("out.jsonl", lines))
    assert sorted(r["pointer"] for r in rejects(dataset)) == ["/record", "/record"]


def test_the_stream_decides_where_keys_look_alike(desk: Any) -> None:
    field = {"id": 9, "type": "text", "title": "Size", "key": "size", "active": True, "position": 1}
    lines = desk.lines(singer("tickets", TICKET), singer("user_fields", field))
    dataset = desk.convert(desk.write("out.jsonl", lines))
    assert [record["id"] for record in dataset.records("user_fields")] == [9]
    assert list(dataset.records("ticket_fields")) == []
