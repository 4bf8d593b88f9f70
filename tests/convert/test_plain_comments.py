"""The quick way with comments gives what the general one gives."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deskferry.convert.collect import Collector
from deskferry.convert.normalize_ticket import read_ticket
from deskferry.convert.normalize_time import Zone
from deskferry.convert.plain_comments import PlainComments
from deskferry.convert.reject import Unit

Record = dict[str, Any]
PLAIN: Record = {
    "id": 8,
    "type": "Comment",
    "author_id": 11,
    "body": "text",
    "html_body": "<p>text</p>",
    "plain_body": "text",
    "public": True,
    "attachments": [],
    "audit_id": 9,
    "ticket_id": 7,
    "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
    "metadata": {"system": {"latitude": 59.1}, "custom": {}},
    "created_at": "2024-05-01T10:00:00Z",
}


ODD_VALUES: list[tuple[str, list[Any]]] = [
    ("id", [None, "8", 8.0, 1e15, -1, 2**63, True, []]),
    ("author_id", [None, -1, "11", 11.0, {}]),
    ("body", [None, 5, "closed and merged into ticket #9", "\ud83d", {}]),
    ("public", [False, None, "false", 1, "?"]),
    ("attachments", [None, {}, [5], [{"id": 3, "size": 5, "file_name": "a"}]]),
    ("ticket_id", [None, 8, 7.0, "7", True]),
    ("via", [None, "web", 4, {"source": {"rel": "merge", "to": {"ticket_id": 5}}}, []]),
    ("created_at", [None, "", "2024-05-01T10:00:00.123Z", "2024-05-31T10:00:00Z", 5]),
    ("created_at", ["yesterday Z", "2024-05-01 10:00", "2024-05-01T10:00:00+02:00"]),
    ("metadata", [None, {"flags": [2**64]}, "x"]),
    ("position", [5]),
    ("source", ["x"]),
    ("novel", [1]),
    ("extra", [{"a": 1}]),
]
ODD = [(key, value) for key, values in ODD_VALUES for value in values]


@st.composite
def comments(draw: st.DrawFn) -> Any:
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([None, 5, [], {}]))
    changes = dict(draw(st.lists(st.sampled_from(ODD), max_size=2)))
    without = draw(st.sampled_from(["", *PLAIN]))
    return {key: value for key, value in {**PLAIN, **changes}.items() if key != without}


def collected(ticket: Record, *, quickly: bool) -> tuple[Any, ...]:
    out = Collector(Zone(None), account=None)
    out.unit = Unit(3, "x.json", "a" * 64, 12, b"{}")
    with pytest.MonkeyPatch.context() as patched:
        if not quickly:
            patched.setattr(PlainComments, "take", lambda *_: False)
        read_ticket(ticket, "", out)
    return out.finished(), sorted(out.rejects), out.found, out.rejected, out.notes, out.zone.zoneless


@given(st.lists(comments(), max_size=3))
@example([PLAIN])
@example([{**PLAIN, "created_at": None}, {**PLAIN, "author_id": None, "public": False}])
def test_both_ways_give_the_same_lines(listed: list[Any]) -> None:
    ticket = {"id": 7, "status": "open", "requester_id": 11, "raw_subject": "a", "comments": listed}
    assert collected(ticket, quickly=True) == collected(ticket, quickly=False)


def test_a_comment_as_zendesk_writes_it_goes_the_quick_way() -> None:
    out = Collector(Zone(None), account=None)
    out.unit = Unit(3, "x.json", "a" * 64, 12, b"{}")
    plain = PlainComments(out, "/comments", ticket_id=7, version=5)
    assert plain.take(PLAIN, 0)
    assert not plain.take({**PLAIN, "id": "8"}, 1)
