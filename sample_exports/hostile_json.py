"""Damaged JSON: each case is one file in which one thing is wrong."""

import json
from dataclasses import dataclass
from typing import Any

from .company import Record, api_url
from .people import person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A damaged file: its name, what is wrong with it, what a conversion must do."""

    name: str
    wrong: str
    must: str
    content: bytes


def json_cases() -> tuple[Case, ...]:
    """All damaged JSON files."""
    return (*_framing_cases(), *_text_cases(), *_number_cases(), *_record_cases(), *_foreign_cases())


def ticket(number: int, **other: Any) -> Record:
    """A small sound ticket with two comments, to stand beside the damage."""
    return {
        "url": api_url(f"tickets/{number}"),
        "id": number,
        "created_at": "2026-01-05T10:00:00Z",
        "updated_at": "2026-01-06T10:00:00Z",
        "generated_timestamp": 1767693607,
        "subject": f"Sound ticket {number}",
        "raw_subject": f"Sound ticket {number}",
        "description": "first",
        "status": "closed",
        "requester_id": person_id("anna"),
        "submitter_id": person_id("anna"),
        "is_public": True,
        "tags": [],
        "custom_fields": [],
        "comments": [comment(number, 1, "first"), comment(number, 2, "second")],
        **other,
    }


def comment(number: int, place: int, text: str, **other: Any) -> Record:
    """A small sound comment."""
    return {
        "id": 22_999_000_000_000 + number * 10 + place,
        "type": "Comment",
        "author_id": person_id("anna"),
        "body": text,
        "html_body": f"<p>{text}</p>",
        "public": True,
        "attachments": [],
        "created_at": f"2026-01-05T10:0{place}:00Z",
        **other,
    }


def line(record: Record) -> bytes:
    """A record as one line, without its end."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _lines(*records: Record) -> bytes:
    return b"".join(line(record) + b"\n" for record in records)


def _framing_cases() -> tuple[Case, ...]:
    one, two = ticket(9001), ticket(9002)
    return (
        Case(
            name="half_last_line.json",
            wrong="the last line stops in the middle",
            must="two tickets kept, the rest of the file one reject",
            content=_lines(one, two) + line(ticket(9003))[:211],
        ),
        Case(
            name="concatenated.json",
            wrong="objects follow one another without a line end",
            must="three tickets kept",
            content=line(one) + line(two) + line(ticket(9003)),
        ),
        Case(
            name="slash_comment.json",
            wrong="the first line is a `//` remark made by hand",
            must="two tickets kept, the remark reported",
            content=b"// saved by hand, do not edit\n" + _lines(one, two),
        ),
        Case(
            name="trailing_comma.json",
            wrong="a comma after the last element of the array",
            must="two tickets kept",
            content=b"[" + line(one) + b"," + line(two) + b",]\n",
        ),
        Case(
            name="bom.json",
            wrong="a byte order mark before the first object",
            must="two tickets kept",
            content=b"\xef\xbb\xbf" + _lines(one, two),
        ),
        Case(
            name="crlf.json",
            wrong="lines end with CR LF, empty lines between",
            must="two tickets kept, nothing else",
            content=line(one) + b"\r\n\r\n" + line(two) + b"\r\n",
        ),
        Case(
            name="nul_bytes.json",
            wrong="the file ends in NUL bytes, as after a full disk",
            must="two tickets kept, the tail one reject",
            content=_lines(one, two) + b"\0" * 64,
        ),
        Case(
            name="deep_nesting.json",
            wrong="a value nested 20,000 deep between two sound lines",
            must="two tickets kept, one reject; no recursion error",
            content=_lines(one) + b'{"id":' + b"[" * 20_000 + b"]" * 20_000 + b"}\n" + _lines(two),
        ),
        Case(name="empty.json", wrong="no byte at all", must="nothing; alone: exit 1", content=b""),
    )


def _text_cases() -> tuple[Case, ...]:
    one = ticket(9011)
    bad = line(ticket(9012, subject="@@", raw_subject="@@", description="@@"))
    return (
        Case(
            name="invalid_utf8.json",
            wrong="bytes that are no UTF-8 inside a subject (Windows-1252 `Malmö`, a cut sequence)",
            must="both tickets kept, the bytes replaced by U+FFFD and counted",
            content=_lines(one) + bad.replace(b"@@", b"Malm\xf6 \xe2\x82") + b"\n",
        ),
        Case(
            name="nul_inside.json",
            wrong=r"`\u0000` inside a subject",
            must="both tickets kept, the NUL replaced and counted",
            content=_lines(one) + bad.replace(b"@@", rb"before\u0000after") + b"\n",
        ),
        Case(
            name="lone_surrogates.json",
            wrong=r"half of a pair (`\ud83d`), and a pair in the wrong order",
            must="both tickets kept, the halves replaced and counted",
            content=_lines(one) + bad.replace(b"@@", rb"bike \ud83d and \udeb2\ud83d") + b"\n",
        ),
    )


def _number_cases() -> tuple[Case, ...]:
    one = ticket(9021)
    odd = line(ticket(9022, satisfaction_probability="@@", problem_id="##"))
    return (
        Case(
            name="nan_infinity.json",
            wrong="`NaN`, `Infinity` and `-Infinity`, which are no JSON",
            must="the sound ticket kept; each bad line one reject, or kept with null and counted",
            content=_lines(one)
            + odd.replace(b'"@@"', b"NaN").replace(b'"##"', b"null")
            + b"\n"
            + odd.replace(b"9022", b"9023").replace(b'"@@"', b"-Infinity").replace(b'"##"', b"Infinity")
            + b"\n",
        ),
        Case(
            name="huge_integer.json",
            wrong="integers beyond 64 bits: as a custom field's value, as an id",
            must="9021 kept with its value to the last digit, the other line one reject",
            content=line(
                ticket(9021, custom_fields=[{"id": 20397130609_000, "value": 123456789012345678901234567890}])
            )
            + b"\n"
            + line(ticket(9022)).replace(b'"id":9022,', b'"id":98765432109876543210,')
            + b"\n",
        ),
        Case(
            name="damaged_ids.json",
            wrong='ids touched by a spreadsheet or a data frame: `"1.03006E+13"`, `1.03006E+13`, '
            '`9023.0`, `"9024"`',
            must='`9023.0` and `"9024"` are read as 9023 and 9024; the E-notations are rejects, '
            "never rounded keys",
            content=_lines(one, ticket(9022, id="1.03006E+13"))
            + line(ticket(9026)).replace(b'"id":9026,', b'"id":1.03006E+13,')
            + b"\n"
            + _lines(ticket(9023, id=9023.0), ticket(9024, id="9024")),
        ),
    )


def _record_cases() -> tuple[Case, ...]:
    one = ticket(9031)
    good, worse = comment(9034, 1, "good"), comment(9034, 3, "good too")
    return (
        Case(
            name="duplicate_keys.json",
            wrong="a key twice in one object (`subject`)",
            must="the ticket kept, the last value wins, reported",
            content=line(one).replace(b'"subject":', b'"subject":"the first of two","subject":') + b"\n",
        ),
        Case(
            name="wrong_types.json",
            wrong="9032 has an object as id, 9033 a text as comments, 9034 one bad comment among good ones, "
            "9035 a nonsense `created_at`",
            must="only what is damaged is rejected: the ticket without an id, a comment list, one comment; "
            "9031, 9033, 9034 stay; 9035 is a reject, or kept without that time",
            content=_lines(
                one,
                ticket(9032, id={"$oid": "5f2b"}),
                ticket(9033, comments="see attachment"),
                ticket(9034, comments=[good, {**comment(9034, 2, "bad"), "id": [], "body": 17}, worse]),
                ticket(9035, created_at="yesterday, I think"),
            ),
        ),
        Case(
            name="missing_id.json",
            wrong="a ticket without an id",
            must="one ticket kept, one reject",
            content=_lines(one, {key: value for key, value in ticket(9036).items() if key != "id"}),
        ),
        Case(
            name="not_objects.json",
            wrong="lines that are JSON, but no objects",
            must="one ticket kept, three rejects",
            content=_lines(one) + b'"ticket"\n42\nnull\n',
        ),
        Case(
            name="comments_of_no_ticket.json",
            wrong="a page of comments; neither the file's name nor an address says of which ticket",
            must="two rejects (comments); no ticket is guessed",
            content=line(
                {"comments": [comment(0, 1, "whose?"), comment(0, 2, "mine?")], "next_page": None, "count": 2}
            )
            + b"\n",
        ),
    )


def _foreign_cases() -> tuple[Case, ...]:
    other = line(ticket(9042)).replace(b"haldenbikes.zendesk", b"haldenbikes-sandbox.zendesk")
    return (
        Case(
            name="error_page.json",
            wrong="an HTML page saved under a JSON name",
            must="named as unknown; alone: exit 1",
            content=b"<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head>"
            b"<body><h1>Too many requests</h1></body></html>\n",
        ),
        Case(
            name="error_answer.json",
            wrong="an error answer of the API saved as data",
            must="named as unknown; alone: exit 1",
            content=b'{"error":"RecordNotFound","description":"Not found"}\n',
        ),
        Case(
            name="two_accounts.json",
            wrong="tickets of two accounts in one file",
            must="refused, naming both accounts (exit 4); nothing written",
            content=_lines(ticket(9041)) + other + b"\n",
        ),
    )
