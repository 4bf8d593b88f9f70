"""Attachment bytes that came with an export: matched, stored once, checked; never looked into."""

import csv
import hashlib
import stat
from collections.abc import Callable
from typing import Any

import pytest

from deskferry.convert.recount import recount
from deskferry.schemas.dataset import open_dataset

Record = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 5


def file(attachment_id: int, content: bytes = PNG, **more: Any) -> Record:
    return {
        "id": attachment_id,
        "file_name": "image001.png",
        "content_url": f"https://acme.zendesk.com/attachments/token/t{attachment_id}/?name=image001.png",
        "content_type": "image/png",
        "size": len(content),
        "inline": False,
        **more,
    }


def export(desk: Any, *attachments: Record, ticket_id: int = 7) -> None:
    told = desk.comment(ticket_id * 100, attachments=list(attachments))
    desk.write(f"tickets-{ticket_id}.json", desk.lines(desk.ticket(ticket_id, comments=[told])))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def stored(dataset: Any) -> dict[str, bytes]:
    folder = dataset.path / "files"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def here(dataset: Any) -> dict[int, str | None]:
    return {record["id"]: record.get("sha256") for record in dataset.records("attachments")}


def missing(dataset: Any) -> list[str]:
    with (dataset.path / "attachments-missing.csv").open(newline="") as rows:
        return [row["attachment"] for row in csv.DictReader(rows)]


@pytest.mark.parametrize(
    "name",
    [
        "attachments/5001.png",
        "attachments/5001",
        "attachments/5001/image001.png",
        "attachments/5001_image001.png",
        "attachments/attachment_5001.png",
        "attachments/7_image001.png",
        "attachments/7/image001.png",
        "attachments/ticket_7/image001.png",
        "attachments/7/700_image001.png",
        "attachments/700/image001.png",
        "exported/Attachments/7/5001-image001.png",
        "pictures/5001.png",
        "7/image001.png",
        "7_image001.png",
    ],
)
def test_a_file_is_found_by_the_ids_in_its_path(desk: Any, name: str) -> None:
    export(desk, file(5001))
    desk.write(name, PNG)
    dataset = desk.convert()
    assert here(dataset) == {5001: digest(PNG)}
    assert stored(dataset) == {digest(PNG): PNG}
    assert missing(dataset) == []
    assert dataset.manifest["stored"] == {"files": 1, "bytes": len(PNG)}
    assert {source["form"] for source in dataset.manifest["sources"]} == {"json_lines", "attachment"}


def test_stored_bytes_are_readable_by_their_owner_only_and_part_of_the_digest(desk: Any) -> None:
    export(desk, file(5001))
    without = desk.convert()
    desk.write("attachments/5001.png", PNG)
    dataset = desk.convert()
    (path,) = (dataset.path / "files").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dataset.digest != without.digest
    assert dataset.digest == desk.convert(workers=2).digest


def test_it_lies_in_a_zip_a_zip_of_its_own_or_is_given_apart(desk: Any) -> None:
    export(desk, file(5001))
    expected = {5001: digest(PNG)}
    tickets = desk.exports / "tickets-7.json"
    inside = desk.zip("a.zip", {"dump/attachments/5001.png": PNG, "dump/t.json": tickets.read_bytes()})
    alone = desk.zip("attachments.zip", {"5001.png": PNG})
    beside = desk.write("attachments/5001.png", PNG).parent
    digests = {desk.convert(inside).digest}
    for exports in ((tickets, alone), (tickets, beside)):
        dataset = desk.convert(*exports)
        assert here(dataset) == expected
        digests.add(dataset.digest)
    assert len(digests) == 1


def test_case_30_equal_names_in_one_ticket_are_told_apart_by_id_and_by_size(desk: Any) -> None:
    small, large = PNG[:100], PNG
    export(desk, file(5001, small), file(5002, large), file(5003, small))
    desk.write("attachments/7_image001.png", large)
    desk.write("attachments/5001.png", small)
    dataset = desk.convert()
    assert here(dataset) == {5001: digest(small), 5002: digest(large), 5003: None}
    assert missing(dataset) == ["5003"]


def test_equal_bytes_are_stored_once(desk: Any) -> None:
    export(desk, file(5001), file(5002))
    export(desk, file(6001), ticket_id=8)
    for name in ("5001.png", "5002.png", "8_image001.png"):
        desk.write(f"attachments/{name}", PNG)
    dataset = desk.convert()
    assert set(here(dataset).values()) == {digest(PNG)}
    assert dataset.manifest["stored"] == {"files": 1, "bytes": len(PNG)}


def test_case_31_a_file_of_another_size_is_no_attachment(desk: Any, finding: Callable[..., Any]) -> None:
    page = b"<html>Sign in to Zendesk</html>"
    export(desk, file(5001))
    desk.write("attachments/5001.png", page)
    desk.write("attachments/9999.png", PNG)
    dataset = desk.convert()
    assert stored(dataset) == {}
    assert missing(dataset) == ["5001"]
    assert finding(dataset, "attachment_files")["count"] == 2
    notes = {source["name"]: source.get("note") for source in dataset.manifest["sources"]}
    assert notes["attachments/5001.png"] == "an attachment has its id and another size"
    assert notes["attachments/9999.png"] == "no attachment of the export is this file"


def test_two_files_that_both_fit_are_left_out(desk: Any) -> None:
    export(desk, file(5001))
    desk.write("attachments/7_image001.png", PNG)
    desk.write("attachments/7/image001.png", bytes(len(PNG)))
    assert here(desk.convert()) == {5001: None}


def test_names_that_a_disk_changed_are_still_known(desk: Any) -> None:
    export(desk, file(5001, file_name="Offer: 3/4 (final)?.PNG"))
    desk.write("attachments/7_Offer_ 3_4 (final)_.png", PNG)
    assert here(desk.convert()) == {5001: digest(PNG)}


def test_redacted_and_deleted_files_do_not_come_back(desk: Any) -> None:
    export(desk, file(5001, deleted=True))
    desk.write("attachments/5001.png", PNG)
    dataset = desk.convert()
    assert stored(dataset) == {}
    gone = desk.ticket(7, status="deleted", comments=[], generated_timestamp=1730000000)
    export(desk, file(5001))
    desk.write("gone.json", desk.lines(gone))
    assert stored(desk.convert()) == {}


@pytest.mark.parametrize("name", ["5001.json", "5001.csv", "5001.zip", "5001.md", "5001.py", "readme.md"])
def test_what_a_customer_attached_is_never_read_as_data(desk: Any, name: str) -> None:
    trap = desk.lines(desk.ticket(99)).encode()
    if name.endswith(".zip"):
        trap = desk.zip("trap.zip", {"t.json": trap}).read_bytes()
        (desk.exports / "trap.zip").unlink()
    if name.endswith(".csv"):
        trap = (
            b"Id,Requester,Requester id,Requester email,Subject,Status,Priority\n99,A,1,a@x.test,S,Open,-\n"
        )
    export(desk, file(5001, trap, file_name=name))
    desk.write(f"attachments/7/{name}", trap)
    desk.write(f"attachments/{name}", trap)
    dataset = desk.convert()
    assert [ticket["id"] for ticket in dataset.records("tickets")] == [7]
    assert here(dataset) == {5001: digest(trap)}


def test_an_attachment_with_the_bytes_of_a_data_file_hides_nothing(desk: Any) -> None:
    export(desk, file(5001))
    data = (desk.exports / "tickets-7.json").read_bytes()
    desk.write("attachments/a.json", data)
    dataset = desk.convert()
    assert [ticket["id"] for ticket in dataset.records("tickets")] == [7]


def test_an_empty_file_is_an_attachment_of_no_bytes(desk: Any) -> None:
    export(desk, file(5001, b""))
    desk.write("attachments/5001.png", b"")
    assert here(desk.convert()) == {5001: digest(b"")}


def test_a_source_cannot_claim_bytes_that_did_not_come(desk: Any) -> None:
    export(desk, file(5001, sha256="0" * 64))
    dataset = desk.convert()
    assert here(dataset) == {5001: None}
    assert missing(dataset) == ["5001"]


def test_check_sees_bytes_that_changed_vanished_or_were_added(desk: Any) -> None:
    export(desk, file(5001))
    desk.write("attachments/5001.png", PNG)
    path = desk.convert().path

    def kinds() -> set[str]:
        return {one.id for one in recount(open_dataset(path)) if one.difference}

    held = path / "files" / digest(PNG)
    held.write_bytes(PNG[::-1])
    assert kinds() == {"stored_files"}
    held.write_bytes(PNG)
    (path / "files" / digest(b"x")).write_bytes(b"x")
    assert kinds() == {"stray_files", "stored", "digest"}
    (path / "files" / digest(b"x")).unlink()
    held.unlink()
    assert kinds() == {"lost_files", "stored", "digest"}
