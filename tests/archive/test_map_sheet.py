"""The sheet that people sign: every answer with its count, and nothing that a name could do to it."""

import itertools
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.map_flow import flow
from deskferry.archive.map_init import default_mapping
from deskferry.archive.map_sheet import Sheet, as_html, as_markdown, sheet
from deskferry.schemas.mapping import Mapping, parse_mapping, shape_at

from .conftest import BuildArchive

PATH = Path("acme.mapping.yaml")
HOSTILE = "</td><script>alert(1)</script>![x](http://evil.test/a.png)|<img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def written(archive: Path) -> Mapping:
    return parse_mapping(default_mapping(archive), path=PATH)


@pytest.fixture(scope="module")
def small_sheet(small_archive: Path) -> Sheet:
    return sheet(small_archive, written(small_archive))


def test_every_live_value_and_every_setting_has_a_row(small_sheet: Sheet) -> None:
    sections = {section.name: section.lines for section in small_sheet.sections}
    values = sum(len(lines) for name, lines in sections.items() if name not in ("tickets", "settings"))
    assert values == small_sheet.coverage.live == 28
    assert sum(line.count or 0 for line in sections["tickets"]) == small_sheet.tickets == 11
    settings = {line.source for line in sections["settings"]}
    expected = {
        f"{name} {key}".replace("_", " ")
        for name in shape_at()["properties"]
        for key in shape_at(name).get("properties", {})
        if key not in ("decided_by", "date", "values")
    }
    assert settings == expected | {"assign"}
    [kettle] = [line for line in sections["options"] if "kettle" in line.source]
    assert (kettle.source, kettle.count, kettle.transformation, kettle.target) == (
        "51: kettle (Kettle)", 1, "kept", "Kettle",
    )  # fmt: skip


def test_the_settings_say_what_was_chosen_not_what_could_have_been(small_sheet: Sheet) -> None:
    [section] = [section for section in small_sheet.sections if section.name == "settings"]
    said = {line.source: (line.transformation, line.target) for line in section.lines}
    assert said["private notes policy"] == ("in the notes, each marked INTERNAL.", "internal")
    assert said["people notes"] == ("stays in the archive.", "archive_only")
    assert said["redact card numbers"][1] == "yes"
    assert said["staff placeholder"][1] == "none"


def test_the_diagram_shows_every_ticket_once_on_each_side(small_sheet: Sheet) -> None:
    page = as_html(small_sheet)
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])  # type: ignore[index]  # noqa: S314 - our own
    columns: dict[float, int] = {}
    for box in small_sheet.flow.boxes:
        columns[box.x] = columns.get(box.x, 0) + box.count
    assert list(columns.values()) == [11, 11, 11]
    assert len(svg.findall("path")) == len(small_sheet.flow.bands)
    assert len(svg.findall("rect")) == len(small_sheet.flow.boxes)
    assert {band.kind for band in small_sheet.flow.bands} == {"conversation", "archive-only"}


def test_bands_are_as_wide_as_their_tickets_are_many_and_never_overlap() -> None:
    drawn = flow(
        [
            ("web", "1. a", "drop", 10),
            ("email", "1. a", "drop", 30),
            ("email", "2. b", "conversation: note", 60),
        ],
        sources=["email", "web"],
    )
    assert [box.label for box in drawn.boxes] == [
        "email",
        "web",
        "1. a",
        "2. b",
        "drop",
        "conversation: note",
    ]
    widths = {band.title: band.width for band in drawn.bands}
    assert widths["email → 2. b: 60"] == pytest.approx(6 * widths["web → 1. a: 10"])
    assert widths["1. a → drop: 40"] == pytest.approx(4 * widths["web → 1. a: 10"])
    for x in {box.x for box in drawn.boxes}:
        column = sorted((box for box in drawn.boxes if box.x == x), key=lambda box: box.y)
        assert all(upper.y + upper.height <= lower.y for upper, lower in itertools.pairwise(column))
    assert flow([], sources=[]).boxes == []


def test_the_page_loads_nothing_and_hostile_names_stay_text(archive_of: BuildArchive) -> None:
    archive = archive_of(
        account="acme",
        users=[{"id": 1, "email": "a@b.test"}, {"id": 2, "name": HOSTILE, "email": "x@acme.test"}],
        groups=[{"id": 3, "name": HOSTILE}],
        brands=[{"id": 4, "name": "אֶ" + HOSTILE}],
        ticket_fields=[{"id": 5, "title": HOSTILE, "type": "text"}],
        tickets=[
            {
                "id": 1, "requester_id": 1, "status": "open", "group_id": 3, "brand_id": 4, "assignee_id": 2,
                "tags": [HOSTILE], "custom_fields": {"5": "x"}, "via": {"channel": HOSTILE},
            }
        ],
        comments=[{"id": 1, "ticket_id": 1, "position": 1, "author_id": 1, "public": True}],
    )  # fmt: skip
    mapping = written(archive)
    mapping.data["rules"][-1]["reason"] = HOSTILE
    found = sheet(archive, mapping)
    page = Page(as_html(found))
    assert {"script", "img", "link", "iframe", "object", "a"} & {tag for tag, _ in page.tags} == {"a"}
    links = [value for _, attrs in page.tags for key, value in attrs.items() if key in ("src", "href")]
    assert all((link or "").startswith("#") for link in links)
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
    assert page.text.count("<script>alert(1)</script>") >= 6
    assert "url(" not in as_html(found)
    text = as_markdown(found)
    assert "<script" not in text
    assert "![" not in text
    assert "<img" not in text


def test_it_can_be_signed(small_archive: Path) -> None:
    mapping = written(small_archive)
    mapping.data["staff"] |= {"decided_by": "Ada Lie", "date": "2024-11-23"}
    found = sheet(small_archive, mapping)
    page, text = Page(as_html(found)), as_markdown(found)
    for shown in (page.text, text):
        assert mapping.digest in shown
        assert "Ada Lie" in shown
        assert "2024-11-23" in shown
        assert "Signature" in shown or "Signed: ___" in shown
    assert "Not ready" not in page.text


def test_what_is_open_stands_at_the_top(small_archive: Path) -> None:
    mapping = written(small_archive)
    del mapping.data["groups"]["values"]["Support"]
    assert "Not ready: 1 open" in Page(as_html(sheet(small_archive, mapping))).text


def test_many_channels_are_drawn_as_one(archive_of: BuildArchive) -> None:
    people: list[dict[str, Any]] = [{"id": 1, "email": "a@b.test"}]
    tickets = [
        {"id": n, "requester_id": 1, "status": "open", "via": {"channel": f"c{min(n, 12)}"}}
        for n in range(1, 20)
    ]
    archive = archive_of(users=people, tickets=tickets)
    labels = [box.label for box in sheet(archive, written(archive)).flow.boxes]
    assert labels[:1] == ["c12"]
    assert labels[8] == "other channels"


def test_numbers_and_their_headers_stand_at_the_right(small_archive: Path) -> None:
    found = sheet(small_archive, written(small_archive))
    html, text = as_html(found), as_markdown(found)
    assert '<th class="count">tickets</th>' in html
    assert "th.count { text-align: right; }" in html
    assert "| source | tickets | transformation | target |\n| --- | ---: | --- | --- |" in text


def test_a_narrow_screen_is_told_that_the_diagram_goes_on(small_archive: Path) -> None:
    html = as_html(sheet(small_archive, written(small_archive)))
    assert '<p class="hint soft">' in html
    assert "@media (max-width: 42rem) { .hint { display: block; } }" in html


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("is_urgent now", "is_urgent now"),
        ("_edge_", "&#95;edge&#95;"),
        ("a __b__ c", "a &#95;&#95;b&#95;&#95; c"),
        ("q & a; #1 > 2!", "q & a; #1 > 2!"),
        ("&lt;b", "&#38;lt;b"),
        ("2 * 3 *bold*", "2 * 3 &#42;bold&#42;"),
        ("[x](y) `z` ~~w~~", "&#91;x&#93;(y) &#96;z&#96; &#126;&#126;w&#126;&#126;"),
    ],
)
def test_markdown_escapes_what_it_would_take_for_markup(
    archive_of: BuildArchive, name: str, shown: str
) -> None:
    archive = archive_of(
        users=[{"id": 1, "email": "a@b.test"}],
        tickets=[{"id": 1, "requester_id": 1, "status": "open", "group_id": 5}],
        comments=[{"id": 1, "ticket_id": 1, "position": 1, "author_id": 1, "body": "x", "public": True}],
        groups=[{"id": 5, "name": name}],
    )
    assert f"| {shown} | 1 |" in as_markdown(sheet(archive, written(archive)))
