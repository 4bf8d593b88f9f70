from typing import Any

import pytest

from deskferry.schemas.errors import InputError

PRACTICE = {
    "_id": "436bf9b0-1147-4c0a-8439-6f79833bff5b",
    "url": "http://initech.zendesk.com/api/v2/tickets/436bf9b0.json",
    "external_id": "9210cdc9-4bee-485f-a078-35396cd74063",
    "created_at": "2016-04-28T11:19:34 -10:00",
    "subject": "A Catastrophe",
    "submitter_id": 38,
    "via": "web",
}
RENAMED = {"id": "zd-123", "ticketId": "zd-1", "createdAt": "2024-05-01T10:00:00Z", "body": "x"}


@pytest.mark.parametrize("form", ["lines", "array"])
@pytest.mark.parametrize(
    ("record", "words"),
    [(PRACTICE, "practice data of a coding exercise"), (RENAMED, "another tool has renamed")],
)
def test_what_only_looks_like_zendesks_is_named(
    desk: Any, form: str, record: dict[str, Any], words: str
) -> None:
    content = desk.lines(record, record) if form == "lines" else [record, record]
    with pytest.raises(InputError, match=words) as caught:
        desk.convert(desk.write("tickets.json", content))
    assert "\n" not in str(caught.value)


def test_it_costs_nothing_of_what_lies_beside_it(desk: Any) -> None:
    desk.write("practice.json", [PRACTICE])
    desk.write("renamed.jsonl", desk.lines(RENAMED))
    desk.write("t.json", desk.lines(desk.ticket(1)))
    dataset = desk.convert()
    assert [t["id"] for t in dataset.records("tickets")] == [1]
    assert {f["id"] for f in dataset.manifest["findings"]} >= {"unknown_file", "form_not_read"}
