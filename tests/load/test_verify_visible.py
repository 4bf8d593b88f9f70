"""Internal words are looked for in all that a customer can see; words of chance are not taken for them."""

from typing import Any

import pytest

from deskferry.load.action import Kind
from deskferry.load.verify_visible import read_said, shown_inside
from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.dataset import Dataset

from .conftest import ANNA, Desk, Intercom, comments, company, ticket, write_dataset

SECRET = "Do not tell her: the frame was recalled"


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Ticket 1 with a private comment, an HTML one and a private file; ticket 2 with short words."""
    said = [*comments(1, ANNA), *comments(2, ANNA)]
    said[1]["body"] = f"First line\n{SECRET}\nQuestion <b>1</b> & more"
    more = {"ticket_id": 1, "position": 9, "author_id": 2, "public": False}
    said.append({**more, "id": 19, "html_body": "<p>Hidden</p><p>Charge the <b>old</b> price here</p>"})
    said[-2] |= {"public": False, "body": "Answer"}
    files = [{"id": 5, "ticket_id": 1, "comment_id": 19, "file_name": "talk with lawyer, secret.pdf"}]
    records = company(tickets=[ticket(1, ANNA), ticket(2, ANNA)], comments=said, attachments=files)
    return write_dataset(tmp_path_factory.mktemp("inside") / "acme.dataset", records)


def shown(dataset: Dataset, number: int, found: dict[str, Any]) -> list[str]:
    with open_archive(dataset.archive) as archive:
        said = read_said(archive, [number])[number]
    kind = Kind.TICKET if "ticket_parts" in found else Kind.CONVERSATION
    return [line.found for line in shown_inside(kind, str(number), found, said)]


def conversation(*parts: dict[str, Any], **source: Any) -> dict[str, Any]:
    return {"id": "9", "source": source, "conversation_parts": {"conversation_parts": list(parts)}}


def part(body: str, part_type: str = "comment", *, files: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"part_type": part_type, "body": body, "attachments": [{"name": name} for name in files]}


def test_an_internal_line_is_seen_wherever_a_customer_reads(inside: Dataset) -> None:
    told = f"<p>Hello</p><p>{SECRET.upper()}</p>"
    assert shown(inside, 1, conversation(body=told)) == []
    leak = f"<p>Hello, do not<br>tell</p><p>{SECRET}</p>"
    assert shown(inside, 1, conversation(body=leak)) == [SECRET]
    assert shown(inside, 1, conversation(part(leak), body="Hi")) == [SECRET]
    assert shown(inside, 1, conversation(part(leak, "assignment"), body="Hi")) == [SECRET]
    assert shown(inside, 1, conversation(title=SECRET) | {"title": SECRET}) == [SECRET]


def test_a_note_is_where_internal_lines_belong(inside: Dataset) -> None:
    assert shown(inside, 1, conversation(part(f"<p>{SECRET}</p>", "note"), body="Hi")) == []


def test_html_and_names_of_files_count_too(inside: Dataset) -> None:
    assert shown(inside, 1, conversation(part("<p>charge</p> Charge the old price here"))) == [
        "Charge the old price here"
    ]
    leaked = conversation(part("See file", files=("talk with lawyer, secret.pdf",)))
    assert shown(inside, 1, leaked) == ["talk with lawyer, secret.pdf"]


def test_words_that_stand_in_a_public_comment_are_no_secret(inside: Dataset) -> None:
    assert shown(inside, 1, conversation(body="<p>Question &lt;b&gt;1&lt;/b&gt; &amp; more</p>")) == []


def test_short_words_count_where_they_stand_alone(inside: Dataset) -> None:
    assert shown(inside, 2, conversation(body="<p>Here is the Answer to it</p>")) == []
    assert shown(inside, 2, conversation(body="<p>Answer</p>")) == ["Answer"]


def test_a_tickets_title_description_and_replies_are_seen(inside: Dataset) -> None:
    for name in ("_default_title_", "_default_description_"):
        found = {"id": "9", "ticket_attributes": {name: SECRET}, "ticket_parts": {"ticket_parts": []}}
        assert shown(inside, 1, found) == [SECRET]
    found = {"id": "9", "ticket_parts": {"ticket_parts": [part(SECRET), part(SECRET, "note")]}}
    assert shown(inside, 1, found) == [SECRET]


def test_verify_holds_every_private_comment_against_what_was_read(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    found = desk.verify()
    assert (found.internal, found.internal_shown) == (6, 0)
    assert found.symbols == {"=": 9, "+": 0, "-": 0, "*": 0, "!": 0}
