"""Damaged XML: each case is one file in which one thing is wrong."""

from .hostile_json import Case
from .people import person_id
from .xml_elements import document


def xml_cases() -> tuple[Case, ...]:
    """All damaged XML files."""
    return (*_refused_cases(), *_mended_cases())


def _refused_cases() -> tuple[Case, ...]:
    outside = b'<!DOCTYPE tickets [<!ENTITY outside SYSTEM "file:///etc/hostname">]>\n<tickets'
    tenfold = "".join(f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in ("ab", "bc", "cd", "de"))
    laughs = f'<!DOCTYPE tickets [<!ENTITY a "ha">{tenfold}]>\n<tickets'.encode()
    sound = _tickets(9301)
    must = "no entity is resolved; the file is one reject; exit 3"
    return (
        Case(
            name="entity.xml",
            wrong="a document type with an external entity",
            must=must,
            content=sound.replace(b"Sound", b"&outside;").replace(b"<tickets", outside, 1),
        ),
        Case(
            name="laughs.xml",
            wrong="a document type with entities that grow tenfold",
            must=must,
            content=sound.replace(b"Sound", b"&e;").replace(b"<tickets", laughs, 1),
        ),
    )


def _mended_cases() -> tuple[Case, ...]:
    some = _tickets(9311, 9312, 9313)
    return (
        Case(
            name="control_characters.xml",
            wrong="bytes and references XML does not know, invalid UTF-8, an `&` alone",
            must="9311 to 9313 kept; what is no character is replaced and counted",
            content=some.replace(b"Sound ticket 9312", b"a\x00b\x08c&#x1;d\xff AT&T"),
        ),
        Case(
            name="truncated.xml",
            wrong="a download that stopped inside the third ticket",
            must="9311 and 9312 kept; the rest one reject",
            content=some[: some.rindex(b"<subject>") + 20],
        ),
        Case(
            name="unclosed.xml",
            wrong="the first ticket is never closed, the second has a tag torn apart",
            must="9313 kept; the others one reject each",
            content=some.replace(b"</ticket>\n", b"", 1).replace(
                b"<subject>Sound ticket 9312", b"<subj ect>", 1
            ),
        ),
        Case(
            name="wide.xml",
            wrong="UTF-16 with a byte order mark",
            must="9311 to 9313 kept",
            content=b"\xff\xfe" + some.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        ),
    )


def _tickets(*numbers: int) -> bytes:
    person = person_id("anna")
    return document(
        "tickets",
        "ticket",
        (
            {
                **{"nice-id": number, "subject": f"Sound ticket {number}", "status-id": 4},
                **{"requester-id": person, "submitter-id": person, "description": "first"},
                "comments": [("comment", {"author-id": person, "is-public": True, "value": "first"})],
            }
            for number in numbers
        ),
    )
