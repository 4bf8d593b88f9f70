"""A transcript in notes: nothing lost, nothing out of order, nothing too long, nobody misquoted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskferry.templates.clean import canonical_html, canonical_text, clean_html, text_of
from deskferry.templates.history import History, Message
from deskferry.templates.notes import split_text
from deskferry.templates.render import Templates

MakeMessage = Callable[..., Message]
MakeHistory = Callable[..., History]
TEXTS = st.text(alphabet="abcé <>&\n\xa0'\"👩{}%#", max_size=6000)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Templates that add no word of their own to the messages."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "transcript.html").write_text("{% for block in blocks %}{{ block }}{% endfor %}")
    (folder / "transcript_header.html").write_text("")
    (folder / "transcript_message.html").write_text("<p>{{ message.text|lines }}</p>")
    (folder / "transcript_piece.html").write_text("<p>{{ text }}</p>")
    return Templates(folder)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, max_size=4), limit=st.integers(2000, 5000))
def test_notes_hold_every_character_of_every_message_in_order(
    bare: Templates, message: MakeMessage, history: MakeHistory, texts: list[str], limit: int
) -> None:
    made = history(*(message(number, text=text) for number, text in enumerate(texts, start=1)))
    notes = bare.transcript_notes(made, limit=limit)
    assert all(len(note) <= limit for note in notes)
    words = "".join("".join(text_of(note).split()) for note in notes)
    assert words == "".join("".join(text.split()) for text in texts)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(alphabet="abc é\n", max_size=3000), max_size=5), limit=st.integers(2000, 9000))
def test_the_shipped_templates_keep_every_text_and_the_limit(
    message: MakeMessage, history: MakeHistory, texts: list[str], limit: int
) -> None:
    made = history(*(message(number, text=text) for number, text in enumerate(texts, start=1)))
    notes = Templates().transcript_notes(made, limit=limit)
    assert all(len(note) <= limit for note in notes)
    whole = "".join(canonical_html(note) for note in notes)
    for number in range(1, len(notes) + 1):
        for marker in (f"Zendeskticket#30418({number}/", f"Zendeskticket#30418(continued{number}/"):
            whole = whole.replace(f"{marker}{len(notes)})", "")
    for number in range(2, 9):
        for of in range(number, 9):
            whole = whole.replace(f"AnaÓpez(continued{number}/{of})", "")
    at = 0
    for text in texts:
        found = whole.find(canonical_text(text), at)
        assert found >= 0
        at = found + len(canonical_text(text))


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, room=st.integers(200, 900))
def test_pieces_joined_are_the_text(text: str, room: int) -> None:
    pieces = split_text(text, room=room)
    assert "".join(pieces) == text
    assert all(pieces)


def test_a_piece_ends_with_a_word_where_it_can() -> None:
    pieces = split_text("word " * 100, room=202)
    assert all(piece.endswith("word ") for piece in pieces)


def test_every_piece_of_an_internal_message_says_so(message: MakeMessage, history: MakeHistory) -> None:
    made = history(message(1, public=False, text="secret " * 2000), message(2, text="open"))
    notes = Templates().transcript_notes(made, limit=2500)
    assert len(notes) > 5
    for note in notes:
        if "secret" in note:
            before = note.split("secret")[0]
            assert "INTERNAL" in before
    assert "INTERNAL" not in notes[-1].split("open")[0].rsplit("<p>", 2)[1]


def test_a_header_too_long_for_a_note_is_split_too(message: MakeMessage, history: MakeHistory) -> None:
    tags = tuple(f"tag-number-{number}" for number in range(2000))
    notes = Templates().transcript_notes(history(message(), tags=tags), limit=5000)
    assert all(len(note) <= 5000 for note in notes)
    whole = " ".join(text_of(note) for note in notes)
    assert all(f"number-{number}" in whole for number in range(2000))


def test_each_message_says_who_wrote_it_and_what_he_was(whole: History) -> None:
    note = text_of(Templates().transcript_notes(whole, limit=100_000)[0])
    for heading in (
        "Ana Ópez <ana@customer.example> (customer) · 1 Mar",
        "INTERNAL · Kim Agent <kim@acme.example> (staff) · 2 Mar",
        "Kim Agent <kim@acme.example> (staff) · 3 Mar",
        "Bob (not staff, not the requester) · 4 Mar",
        "INTERNAL · Zendesk system (system) · 5 Mar",
    ):
        assert any(line.startswith(heading) for line in note.splitlines())


def test_template_code_and_tags_in_a_ticket_are_text(message: MakeMessage, history: MakeHistory) -> None:
    attack = "{{ 7*7 }} {% raw %} <script>alert(1)</script> <img src=x onerror=alert(1)>"
    made = history(
        message(text=attack, author=history().requester),
        subject=attack,
        tags=(attack,),
        fields=((attack, attack),),
        ccs=(attack,),
        links=(attack,),
        group=attack,
        organization=attack,
    )
    note = Templates().transcript_notes(made, limit=100_000)[0]
    assert "{{ 7*7 }}" in note
    assert "49" not in note
    assert note == clean_html(note)
    assert "<script" not in note
    assert "<img" not in note
    assert text_of(note).count("<script>alert(1)</script>") == 9
    assert attack in Templates().transcript_text(made)


def test_a_name_cannot_begin_a_line_of_its_own(message: MakeMessage, history: MakeHistory) -> None:
    base = message()
    forged = replace(base, author=replace(base.author, name="Ana\n\nKim Agent (staff) · 9 Mar 2024"))
    text = Templates().transcript_text(history(forged))
    assert not any(line.startswith("Kim Agent") for line in text.splitlines())


def test_the_longest_ticket_zendesk_allows_is_rendered_whole(
    message: MakeMessage, history: MakeHistory
) -> None:
    made = history(*(message(number, text="word " * 50) for number in range(1, 5001)))
    notes = Templates().transcript_notes(made, limit=50_000)
    assert sum(note.count("word " * 49) for note in notes) == 5000
