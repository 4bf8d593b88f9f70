"""Whatever a text holds, YAML gives it back as it was."""

import re
from io import StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from deskferry.archive.map_text import comment_text, entry, flow, scalar, tickets

# What a converted dataset can hold: no NUL, no lone surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
AWKWARD = st.sampled_from(
    [
        *(
            "no",
            "yes",
            "NO",
            "null",
            "~",
            "1",
            "1e5",
            "0o7",
            "1_000",
            "2026-11-23",
            "",
            " ",
            " lead",
            "trail ",
        ),
        *("*", "*a", "&a", "!tag", "@x", "`x", "%", "#", "a:b", "a: b", "- x", "? x", "|", ">", "[a]", "{a}"),
        *("''", '"', "\\", "<<", "a\nb", "a\tb", "a\u2028b", "a\x85b", "\ufeffx", "a # b", "k" * 2000),
        *("שלום", "😀", "👩‍🔧"),
    ]
)


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


@given(TEXT | AWKWARD, TEXT | AWKWARD, TEXT | AWKWARD)
def test_keys_and_values_come_back_as_they_were(key: str, value: str, comment: str) -> None:
    lines = entry(key, {"attribute": value, "suggested": True}, comment=comment, indent=2)
    assert loaded("values:\n" + "\n".join(lines)) == {
        "values": {key: {"attribute": value, "suggested": True}}
    }


@given(TEXT | AWKWARD | st.booleans() | st.none() | st.integers(-(2**53), 2**53))
def test_a_scalar_comes_back_as_it_was(value: object) -> None:
    assert loaded(f"x: {scalar(value)}") == {"x": value}


def test_our_own_words_stay_plain() -> None:
    assert (
        flow({"state": "open", "archive_only": True, "note": "a b"})
        == '{state: open, archive_only: true, note: "a b"}'
    )


@given(TEXT | AWKWARD)
def test_a_comment_is_one_line_and_not_long(text: str) -> None:
    found = comment_text(text)
    assert re.fullmatch(r"[^\r\n\x85\u2028\u2029]{0,120}", found)


def test_counts_are_for_people() -> None:
    assert [tickets(1), tickets(0), tickets(1310)] == ["1 ticket", "0 tickets", "1,310 tickets"]
