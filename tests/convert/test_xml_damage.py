"""Zendesk's XML in odd encodings, damaged, refused, hostile, and large."""

import io
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.parts import parts_of
from deskferry.schemas.errors import RefusedError

from .tell_xml import HEAD, comment, ids, records, ticket, tickets


@pytest.mark.parametrize(
    "encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "utf-8-sig", "koi8-r"]
)
def test_a_text_is_read_in_its_encoding(desk: Any, encoding: str, finding: Callable[..., Any]) -> None:
    word = "Ж" if encoding == "koi8-r" else "Øl"
    declared = HEAD.replace("UTF-8", {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16"}.get(encoding, encoding))
    text = tickets(ticket(5, comment(word)), ticket(6), head=declared)
    dataset = desk.convert(desk.write("tickets.xml", text.encode(encoding)))
    assert ids(dataset) == [5, 6]
    assert next(dataset.records("comments"))["body"] == word
    assert (finding(dataset, "recoded_xml") is None) == (encoding == "utf-8-sig")


def test_what_says_latin_1_has_the_quotes_of_windows(desk: Any) -> None:
    text = tickets(ticket(5, comment("“so”")), head=HEAD.replace("UTF-8", "ISO-8859-1")).encode("cp1252")
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert next(dataset.records("comments"))["body"] == "“so”"


def test_case_44_characters_xml_does_not_know_are_replaced_and_counted(
    desk: Any, finding: Callable[..., Any], rejects: Callable[..., Any]
) -> None:
    bad = comment("MARK").replace("MARK", "a\x00b\x08c&#x1;d&#8;e&#xD800;f&#65;").encode()
    bad = bad.replace(b"&#65;", b"&#65;\xff\xfe\xed\xa0\x80")
    text = tickets(ticket(5, "MARK"), ticket(6, comment("fine"))).encode().replace(b"MARK", bad)
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert rejects(dataset) == []
    assert [one["body"] for one in records(dataset, "comments")] == ["a�b�c�d�e�fA" + "�" * 5, "fine"]
    assert finding(dataset, "replaced_characters")["count"] == 10


def test_references_that_were_meant_as_text_are_read_as_text(desk: Any, finding: Callable[..., Any]) -> None:
    said = "AT&T &nbsp;&eacute; &amp;nbsp; &unheard; R&D; 50 &lt; 60"
    text = tickets(ticket(5, "MARK")).replace("MARK", comment("MARK").replace("MARK", said))
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert [one["body"] for one in records(dataset, "comments")] == [
        "AT&T \xa0é &nbsp; &unheard; R&D; 50 < 60"
    ]
    assert finding(dataset, "mended_references")["count"] == 5


DOCUMENT_TYPES = [
    '<!DOCTYPE tickets [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE tickets [<!ENTITY outside SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE tickets SYSTEM "http://127.0.0.1:9/x.dtd">',
    "<!-- first --><!doctype tickets [ <!ELEMENT tickets ANY> ]>",
]


@pytest.mark.parametrize("declared", DOCUMENT_TYPES)
def test_document_types_and_entities_are_refused_and_cost_the_file_only(
    desk: Any, rejects: Callable[..., Any], declared: str
) -> None:
    text = tickets(ticket(5, more="<description>&b;&outside;</description>"), head=HEAD + declared)
    alone = desk.convert(desk.write("bad.xml", text))
    assert ids(alone) == []
    assert [(one["entity"], one["source"], one["reason"]) for one in rejects(alone)] == [
        ("unknown", "bad.xml", "a document type or entities are declared, which is refused")
    ]
    desk.write("good.xml", tickets(ticket(6)))
    assert ids(desk.convert()) == [6]


@pytest.mark.parametrize("size", [1, 700, 1 << 20])
def test_a_damaged_record_costs_no_other(
    desk: Any, rejects: Callable[..., Any], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=size))
    some = [ticket(number, comment(f"text {number}")) for number in range(1, 11)]
    some[1] = some[1].replace("</ticket>", "")
    some[3] = some[3].replace("<subject>", "<subject")
    some[5] = some[5].replace("<ticket>", "<tickt>")
    some[7] = some[7].replace("</value>", "")
    dataset = desk.convert(desk.write("tickets.xml", tickets(*some)))
    assert ids(dataset) == [1, 3, 5, 7, 9, 10]
    found = rejects(dataset)
    assert [one["entity"] for one in found] == ["unknown"] * 4
    text = tickets(*some)
    assert [one["position"] for one in found] == [text.index(some[at].strip()[:80]) for at in (1, 3, 5, 7)]


@pytest.mark.parametrize("cut", [300, 1000, 1650, 2000])
def test_a_text_that_is_cut_off_keeps_every_record_before(
    desk: Any, rejects: Callable[..., Any], cut: int
) -> None:
    text = tickets(*(ticket(number, comment(f"text {number}")) for number in range(1, 6)))
    whole = text[:cut].count("</ticket>\n")
    dataset = desk.convert(desk.write("tickets.xml", text[:cut]))
    assert ids(dataset) == list(range(1, whole + 1))
    assert [(one["entity"], one["reason"]) for one in rejects(dataset)] == [
        ("unknown", "the text is cut off in it")
    ]


def test_a_bad_comment_costs_no_ticket_and_a_bad_ticket_no_comment(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    text = tickets(
        ticket(5, comment("bad").replace("2012-03-04", "yesterday"), comment("good", second=1)),
        ticket(6, comment("kept"), more="<updated-at>never</updated-at>"),
    )
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert ids(dataset) == [5]
    assert [one["body"] for one in records(dataset, "comments")] == ["good", "kept"]
    assert [one["entity"] for one in rejects(dataset)] == ["comments", "tickets"]


def test_case_33_an_id_that_lost_its_digits_is_no_key(desk: Any, rejects: Callable[..., Any]) -> None:
    text = tickets(ticket(5), ticket(6).replace(">6<", ">1.03006E+13<"), ticket(7).replace(">7<", ">7.0<"))
    dataset = desk.convert(desk.write("tickets.xml", text))
    assert ids(dataset) == [5, 7]
    assert len(rejects(dataset)) == 1


def test_times_without_a_zone_need_one(desk: Any) -> None:
    export = desk.write("tickets.xml", tickets(ticket(5)).replace("05:06:07Z", "05:06:07"))
    with pytest.raises(RefusedError, match=r"without a zone in tickets\.xml"):
        desk.convert(export)
    (record,) = records(desk.convert(export, timezone="Asia/Tokyo"))
    assert record["created_at"] == "2012-03-03T20:06:07.000Z"


def test_a_zone_missing_late_costs_the_record_only(desk: Any, rejects: Callable[..., Any]) -> None:
    some = [ticket(number, more=f"<description>{'x' * 9000}</description>") for number in range(1, 1000)]
    some[-1] = some[-1].replace("05:06:07Z", "05:06:07")
    dataset = desk.convert(desk.write("tickets.xml", tickets(*some)))
    assert len(ids(dataset)) == 998
    assert [one["reason"] for one in rejects(dataset)] == ["a time without a zone; give --timezone"]


def test_case_3_a_follow_up_is_linked_to_what_it_follows(desk: Any) -> None:
    said = 'This is a follow-up to your previous request #4 "Old one"'
    text = tickets(ticket(5, more=f"<via-id>27</via-id><description>{said}</description>"), ticket(4))
    (link,) = records(desk.convert(desk.write("tickets.xml", text)), "ticket_links")
    assert (link["type"], link["ticket_id"], link["linked_ticket_id"], link["evidence"]) == (
        "follow_up",
        5,
        4,
        "text",
    )


def test_two_accounts_are_refused_in_xml_too(desk: Any) -> None:
    for name in ("acme", "other"):
        desk.write(
            f"{name}.xml", f"<account><name>x</name><created-at/><subdomain>{name}</subdomain></account>"
        )
    with pytest.raises(RefusedError, match="two Zendesk accounts"):
        desk.convert()
    assert desk.convert(account="other").account == "other"


def test_other_xml_is_not_taken_for_an_export(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("t.xml", tickets(ticket(5)))
    for number, text in enumerate(
        (
            "<rss><channel><item/></channel></rss>",
            "<project><groups><group>org</group></groups></project>",
            "<users><user name='x'/></users>",
            "<html><body><tickets></tickets></body></html>",
            "<?xml version='1.0'?><!-- never closed",
        )
    ):
        desk.write(f"{number}.xml", text)
    assert finding(desk.convert(), "unknown_file")["count"] == 5


@pytest.mark.parametrize(
    "text",
    [
        "<tickets>" + "<ticket>" * 3_000,
        "<tickets>" + "<!--" * 20_000 + "<![CDATA[" * 20_000,
        tickets("<ticket><nice-id>1</nice-id>" + "<a>" * 20_000 + "</a>" * 20_000 + "</ticket>", ticket(5)),
        tickets("<ticket>" + "<![CDATA[" * 20_000 + "</ticket>", ticket(5)),
        tickets("<ticket " + "a='b' " * 20_000 + "/>", ticket(5)),
    ],
    ids=["unclosed", "comments", "nested", "cdata", "attributes"],
)
def test_hostile_texts_take_no_longer_than_others(desk: Any, text: str, rejects: Callable[..., Any]) -> None:
    desk.write("good.json", desk.lines(desk.ticket(1)))
    desk.write("tickets.xml", text)
    before = time.monotonic()
    dataset = desk.convert()
    assert time.monotonic() - before < 20
    assert ids(dataset)[0] == 1
    assert rejects(dataset)


def test_a_big_file_is_read_in_parts(desk: Any) -> None:
    some = [ticket(number, comment(f"{number} " + "x" * 6000)) for number in range(1, 1601)]
    text = tickets(*some)
    assert len(text) > 8 << 20
    one = desk.convert(desk.write("tickets.xml", text), workers=1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("tickets.xml", text)
    two = desk.convert(desk.write("x.zip", packed.getvalue()), workers=2)
    assert (len(ids(one)), one.digest) == (1600, two.digest)
    assert sorted(path.name for path in Path(one.path).iterdir()) == sorted(
        path.name for path in Path(two.path).iterdir()
    )
