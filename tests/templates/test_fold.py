"""Quoted mail is marked, never lost."""

from hypothesis import given
from hypothesis import strategies as st

from deskferry.templates.clean import clean_html
from deskferry.templates.fold import MARK, fold_html, fold_text, text_as_html


def test_only_the_outermost_quotation_is_marked() -> None:
    cleaned = clean_html("a<blockquote>b<blockquote>c</blockquote></blockquote>d<blockquote>e</blockquote>")
    assert fold_html(cleaned) == (
        f"a<p>{MARK}</p><blockquote>b<blockquote>c</blockquote></blockquote>d<p>{MARK}</p><blockquote>e</blockquote>"
    )


def test_lines_behind_an_angle_are_set_apart_and_answers_between_them_are_not() -> None:
    assert fold_text("yes\n> when?\ntoday\n> where?\n  > really?") == (
        f"yes\n{MARK}\n> when?\ntoday\n{MARK}\n> where?\n  > really?"
    )


def test_everything_under_original_message_is_quoted() -> None:
    text = "Thanks\n-----Original Message-----\nFrom: Kim\n\nHello"
    assert fold_text(text) == f"Thanks\n{MARK}\n> -----Original Message-----\n> From: Kim\n>\n> Hello"
    assert text_as_html(text) == (
        f"<p>Thanks</p><p>{MARK}</p>"
        "<blockquote>-----Original Message-----<br>From: Kim<br><br>Hello</blockquote>"
    )


@given(st.text(alphabet="a>\n -_&<#", max_size=80))
def test_no_character_is_lost_by_folding(text: str) -> None:
    folded = fold_text(text).replace(MARK, "")
    kept = iter(folded)
    assert all(character in kept for character in text if not character.isspace())
