"""The quick way with whole tickets gives what the general one gives, in the runs and in the dataset."""

import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deskferry.convert import bundles, merge, normalize_ticket
from deskferry.convert.bundles import Read, alone, bundle_lines, opened
from deskferry.convert.collect import Collector
from deskferry.convert.normalize_ticket import read_ticket
from deskferry.convert.normalize_time import Zone
from deskferry.convert.reject import Unit

Record = dict[str, Any]
FILE: Record = {"id": 5, "url": "https://a/5", "file_name": "a.png", "size": 7, "content_url": "https://a/c"}
COMMENT: Record = {
    "id": 8,
    "type": "Comment",
    "author_id": 11,
    "body": "text",
    "public": True,
    "attachments": [FILE],
    "ticket_id": 7,
    "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
    "created_at": "2024-05-01T10:00:00Z",
}
LATER = {**COMMENT, "id": 3, "created_at": "2024-05-30T10:00:00Z", "author_id": 13, "attachments": []}
METRICS: Record = {"id": 4, "ticket_id": 7, "reopens": 0, "updated_at": "2024-05-31T10:00:00Z"}
TICKET: Record = {
    "id": 7,
    "raw_subject": "a",
    "status": "open",
    "created_at": "2024-05-01T10:00:00Z",
    "updated_at": "2024-05-02T10:00:00Z",
    "requester": {"id": 11, "name": "Ann", "role": "end-user"},
    "submitter": {"id": 12, "name": "Bob", "role": "agent"},
    "assignee_id": 12,
    "tags": ["x"],
    "comments": [COMMENT, LATER],
    "metric_set": METRICS,
    "dates": {"solved_at": None, "assigned_at": "2024-05-01T11:00:00Z"},
}


_ODD_FILES: list[Record] = [
    *({"id": None}, {"id": -6}, {"id": "6"}, {"id": 5}, {"sha256": "x"}, {"size": "7"}, {"name": "n"}),
    *({"id_made": True}, {"novel": 1, "width": ""}, {}),
]
_ODD_OF_COMMENT: dict[str, list[Any]] = {
    "id": [8, 9, -1, None, "8", 8.0, 2**64],
    "created_at": [None, "", "2024-05-01T09:00:00.500Z", "2024-05-01 10:00"],
    "author_id": [None, -1, "11", {}],
    "body": ["▇▇", "closed and merged into ticket #9", None, 5],
    "via": ["web", {"source": {"rel": "problem", "from": {"ticket_id": 5}}}],
    "id_made": [True, False],
    "attachments": [{}, "", 0, None, [5], *([{**FILE, "id": 6, **odd}] for odd in _ODD_FILES)],
    "novel": [1],
}
_ODD_COMMENTS: list[Any] = [
    *(None, 5, [], {}),
    *({**LATER, key: value} for key, values in _ODD_OF_COMMENT.items() for value in values),
]
_ODD_METRICS: list[Record] = [
    *({"ticket_id": None}, {"ticket_id": 9}, {"ticket_id": "7"}, {"novel": 1}, {"result_type": "x"}),
    *({"updated_at": "2024-05-02 10:00"}, {"id": 2**64}, {"solved_at": ""}, {"reopens": "1"}),
]
_ODD_VALUES: dict[str, list[Any]] = {
    "id": [None, "7", 7.0, 8, -7, 2**63],
    "status": ["deleted", "scrubbed", "closed", None, 5, []],
    "tags": [["closed_by_merge"], None, "a b", [5]],
    "updated_at": [None, "2024-05-02T10:00:00", "2024-02-30T10:00:00Z", "?"],
    "metric_set": [None, 5, [], {}, *({**METRICS, **odd} for odd in _ODD_METRICS)],
    "dates": [None, {}, 5, {"assigned_at": "2024-05-01 11:00"}],
    "comments": [None, [], {}, "x", {"comments": [COMMENT]}],
    "audits": [None, [], [{"id": 1, "events": [{"id": 2, "type": "Comment"}]}]],
    "requester": [None, 5, {"id": "11"}],
    "problem_id": [5, "5"],
    "subject": ["SCRUBBED", 5, "▇"],
    "description": ["X"],
    "satisfaction_rating": [{"id": 5, "score": "good"}],
    "novel": [1, {"a": 2**64}],
}
_ODD = [(key, value) for key, values in _ODD_VALUES.items() for value in values]


@st.composite
def tickets(draw: st.DrawFn) -> Record:
    comment = st.one_of(st.sampled_from([COMMENT, LATER]), st.sampled_from(_ODD_COMMENTS))
    ticket = TICKET
    if draw(st.booleans()):
        ticket = {**TICKET, "comments": draw(st.lists(comment, min_size=1, max_size=3))}
    changes = dict(draw(st.lists(st.sampled_from(_ODD), max_size=2)))
    without = draw(st.sampled_from(["", "metric_set", "dates", "status", "id", "updated_at", "requester"]))
    return {key: value for key, value in {**ticket, **changes}.items() if key != without}


def run_of(out: Collector) -> tuple[list[bytes], Read]:
    """The lines of a run, and how to read its bodies."""
    bodies = io.BytesIO()
    told = bundle_lines(out.bundles, "bodies", bodies)
    lines = sorted((*out.finished(), *(one.line for one in told)))
    text = bodies.getvalue()
    return lines, lambda _, start, size: text[start : start + size]


def collected(ticket: Record, pointer: str, *, quickly: bool) -> tuple[Any, ...]:
    out = Collector(Zone(None), account=None)
    out.unit = Unit(3, "x.json", "a" * 64, 12, b"{}")
    with pytest.MonkeyPatch.context() as patched:
        if not quickly:
            patched.setattr(normalize_ticket, "take_plain", lambda *_, **__: False)
        read_ticket(ticket, pointer, out)
    lines, read = run_of(out)
    return (
        list(alone(lines, read, always=True)),
        sorted(out.rejects),
        out.found,
        out.rejected,
        out.notes,
        out.zone.zoneless,
        out.accounts,
    )


@settings(deadline=None)  # the first one compiles the schemas
@given(tickets(), st.sampled_from(["", "/ticket", '/tickets/0"é\n']))
@example(TICKET, "")
@example({**TICKET, "comments": [LATER, COMMENT]}, "/a")
@example({**TICKET, "comments": [LATER, {**COMMENT, "created_at": LATER["created_at"]}]}, "/a")
def test_both_ways_give_the_same_lines(ticket: Record, pointer: str) -> None:
    assert collected(ticket, pointer, quickly=True) == collected(ticket, pointer, quickly=False)


def test_a_ticket_as_zendesk_writes_it_is_a_bundle_until_it_is_opened() -> None:
    out = Collector(Zone(None), account=None)
    out.unit = Unit(3, "x.json", "a" * 64, 12, b"{}")
    read_ticket(TICKET, "", out)
    lines, read = run_of(out)
    [bundle, *people] = lines
    assert len(people) == 3, "Ann, Bob, and whoever wrote the second comment"
    assert list(alone(lines, read)) == lines
    assert [line[21:23] for line in opened(bundle, read)] == [b"00", b"01", b"01", b"02", b"03"]


def test_a_ticket_that_something_else_speaks_of_is_opened_in_its_place() -> None:
    def run(*tickets: Record) -> tuple[list[bytes], Read]:
        out = Collector(Zone(None), account=None)
        for number, ticket in enumerate(tickets):
            out.unit = Unit(3, "x.json", "a" * 64, number, b"{}")
            read_ticket(ticket, "", out)
        return run_of(out)

    newer = {**TICKET, "updated_at": "2024-06-01T10:00:00Z"}
    other = {**TICKET, "id": 8, "comments": [{**COMMENT, "ticket_id": 8}], "metric_set": None}
    both, read = run(TICKET, newer)
    assert list(alone(both, read)) == sorted(alone(both, read, always=True))
    apart, read = run(TICKET, other)
    assert list(alone(apart, read)) == apart
    linked, read = run(TICKET, {**other, "problem_id": 5})
    assert next(alone(linked, read)) == linked[0]
    assert [line for line in alone(linked, read) if line[21:23] == b"--"] == linked[:1]


def test_a_dataset_does_not_tell_which_way_its_tickets_went(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def comments(number: int) -> list[Record]:
        return [desk.comment(number * 10 + one, author_id=one) for one in range(3)]

    whole = [desk.ticket(number, comments=comments(number)) for number in range(1, 30)]
    again = [{**ticket, "updated_at": "2024-09-01T00:00:00Z"} for ticket in whole[5:15]]
    first, second = desk.write("a.json", desk.lines(*whole)), desk.write("b.json", desk.lines(*again))
    opening: list[int] = []

    def watched(lines: Any, read: Read, *, always: bool) -> Any:
        for line in bundles.alone(lines, read, always=always):
            opening.append(line[21:23] == b"--")
            yield line

    monkeypatch.setattr(merge, "alone", watched)
    quick = desk.convert(first, second)
    assert sum(opening) == 19
    monkeypatch.setattr(normalize_ticket, "take_plain", lambda *_, **__: False)
    general = desk.convert(first, second)
    for path in quick.path.iterdir():
        assert path.read_bytes() == (general.path / path.name).read_bytes(), path.name
