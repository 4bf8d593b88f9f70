import codecs
from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_json_in_utf_16_gives_the_records_of_its_utf_8_twin(
    desk: Any, finding: Callable[..., Any], encoding: str
) -> None:
    text = desk.lines(desk.ticket(1), desk.ticket(2)).replace("Subject 1", "Grüße \U0001f680")
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    plain = desk.convert(desk.write("plain.json", text))
    raw = mark + text.encode(encoding)
    wide = desk.convert(desk.write("wide.json", raw))
    for entity in ("tickets", "comments", "users"):
        first, second = ([{**r, "source": ""} for r in one.records(entity)] for one in (plain, wide))
        assert first == second
    source = wide.manifest["sources"][0]
    assert (source["bytes"], source["form"]) == (len(raw), "json_lines")
    assert finding(wide, "utf_16")["examples"] == [source["sha256"][:16]]


def test_half_a_character_in_utf_16_is_replaced_and_counted(desk: Any, finding: Callable[..., Any]) -> None:
    text = desk.lines(desk.ticket(1)).replace("Subject 1", "a@b").encode("utf-16-le")
    half = text.replace("@".encode("utf-16-le"), b"\x00\xd8")
    dataset = desk.convert(desk.write("t.json", codecs.BOM_UTF16_LE + half))
    subject = next(dataset.records("tickets"))["subject"]
    assert (subject[0], subject[-1], set(subject[1:-1])) == ("a", "b", {"\ufffd"})
    assert finding(dataset, "replaced_characters")["count"] >= 1


def test_text_in_utf_16_that_is_no_json_is_not_read(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("t.json", desk.lines(desk.ticket(1)))
    desk.write("notes.json", codecs.BOM_UTF16_LE + "notes".encode("utf-16-le"))
    dataset = desk.convert()
    assert finding(dataset, "unknown_file")["count"] == 1
    assert finding(dataset, "utf_16") is None
