"""Search finds what people would call the same text, narrows as asked, and takes no orders from the text."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.build import build
from deskferry.archive.search import Hit, Where, search, unmet
from deskferry.schemas.errors import InputError

from .conftest import write

LONG = "a " * 100 + "the Needle in it " + "b " * 100
TEXTS = {
    1: "A broken WHEEL, and a broken\r\n  saddle",
    2: "the wheel&nbsp;is broken",
    3: LONG,
    4: "100% of (all) [these] {x} a.b*c+d? ^$ | \\ -- '; drop table comments; --",
    5: "Größe ÄÖÜ, Привет, 日本語の本",
    6: None,
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six comments in two tickets."""
    records: dict[str, Any] = {
        "users": [{"id": 1, "name": "Ada Ames", "email": "Ada@X.test"}, {"id": 2, "name": "Bea"}],
        "tickets": [{"id": 10, "requester_id": 1, "tags": ["vip"]}, {"id": 11, "requester_id": 2}],
        "comments": [
            {
                "id": number,
                "ticket_id": 10 if number < 4 else 11,
                "position": number,
                "author_id": 1 if number < 3 else 99,
                "public": number != 2,
                "created_at": None if number == 6 else f"2026-01-0{number}T23:59:59.999Z",
                ("body" if number == 1 else "plain_body"): text,
                "html_body": "<p>only <b>here</b> in HTML</p>" if number == 6 else "<p>wheel of html</p>",
            }
            for number, text in TEXTS.items()
        ],
    }
    return build(write(tmp_path_factory.mktemp("search") / "acme.dataset", records))


def found(archive: Path, text: str, **where: Any) -> list[int]:
    count, hits = search(archive, text, where=Where(**where), limit=50)
    assert count == len(hits)
    return [hit.comment_id for hit in hits]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("wheel", [2, 1]),  # newest first; the text, not what stands in HTML only
        ("wHeEl", [2, 1]),
        ("broken saddle", [1]),
        ("  wheel   is ", [2]),
        ("wheel is", [2]),
        ("saddle broken", []),
        ("needle", [3]),
        ("100% of (all) [these] {x}", [4]),
        ("a.b*c+d?", [4]),
        ("a.b.c", []),
        ("^$ | \\", [4]),
        ("'; drop table comments; --", [4]),
        ("GRÖSSE", []),  # ß is no SS
        ("größe äöü", [5]),
        ("привет", [5]),
        ("本語", [5]),
        (".*", []),
        ("here", [6]),
        ("%", [4]),
        ("_", []),
    ],
)
def test_the_same_text_is_found_and_nothing_else(archive: Path, text: str, comments: list[int]) -> None:
    assert found(archive, text) == comments


@pytest.mark.parametrize(
    ("where", "comments"),
    [
        ({}, [2, 1]),
        ({"public": True}, [1]),
        ({"public": False}, [2]),
        ({"first": date(2026, 1, 2)}, [2]),
        ({"last": date(2026, 1, 1)}, [1]),
        ({"first": date(2026, 1, 1), "last": date(2026, 1, 2)}, [2, 1]),
        ({"requester": "ADA@x.test"}, [2, 1]),
        ({"requester": "1"}, [2, 1]),
        ({"requester": "ames"}, [2, 1]),
        ({"requester": "bea"}, []),
        ({"requester": "' or true --"}, []),
        ({"tag": "VIP"}, [2, 1]),
        ({"tag": "other"}, []),
        ({"tag": "vip", "requester": "2"}, []),
    ],
)
def test_conditions_narrow(archive: Path, where: dict[str, Any], comments: list[int]) -> None:
    assert found(archive, "wheel", **where) == comments


def test_a_hit_has_everything_and_its_place_in_one_line(archive: Path) -> None:
    _, [hit] = search(archive, "NEEDLE", where=Where(), limit=1)
    assert hit == Hit(
        ticket_id=10,
        comment_id=3,
        created_at="2026-01-03 23:59",
        author="99",
        public=True,
        snippet=hit.snippet,
        start=hit.start,
        end=hit.end,
    )
    assert hit.snippet[hit.start : hit.end] == "Needle"
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 140
    _, [broken] = search(archive, "broken saddle", where=Where(), limit=1)
    assert broken.snippet == "A broken WHEEL, and a broken saddle"
    assert (broken.author, broken.snippet[broken.start : broken.end]) == ("Ada Ames", "broken saddle")
    _, [html] = search(archive, "here", where=Where(), limit=1)
    assert (html.created_at, " ".join(html.snippet.split())) == (None, "only here in HTML")


def test_all_are_counted_and_the_newest_are_shown(archive: Path) -> None:
    count, hits = search(archive, "e", where=Where(), limit=2)
    assert (count, [hit.comment_id for hit in hits]) == (6, [5, 4])


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_text_is_refused(archive: Path, text: str) -> None:
    with pytest.raises(InputError, match="no text to find"):
        search(archive, text, where=Where(), limit=1)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({}, []),
        ({"tag": "VIP", "requester": "ada@x.test", "public": False}, []),
        ({"requester": "2"}, []),
        ({"tag": "vipp"}, ["no ticket has the tag 'vipp'"]),
        ({"requester": "3"}, ["no ticket is of a requester '3'"]),
        (
            {"tag": "it's", "requester": " nobody "},
            ["no ticket has the tag 'it's'", "no ticket is of a requester 'nobody'"],
        ),
    ],
)
def test_a_condition_that_no_ticket_meets_is_named(
    archive: Path, where: dict[str, Any], words: list[str]
) -> None:
    assert unmet(archive, Where(**where)) == words
