"""What the customer sees first: his own words or nothing that was said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deskferry.schemas.errors import InputError
from deskferry.templates.history import File, History, Message, Person
from deskferry.templates.render import Templates

MakeMessage = Callable[..., Message]
MakeHistory = Callable[..., History]
NEUTRAL = "[Imported from Zendesk: ticket #30418, opened 1 Mar 2024, 15:02 CET (+01:00) by e-mail]"


def test_his_own_first_words_are_sent_as_he_wrote_them(message: MakeMessage, history: MakeHistory) -> None:
    text = " Hi {{ 7*7 }} <b>bold</b> & co\r\n> quoted\nBye "
    opening = Templates().opening(history(message(text=text, html="<p>other</p>")))
    assert opening == "Hi {{ 7*7 }} <b>bold</b> & co\n> quoted\nBye"


def test_without_plain_text_his_html_is_read_out(message: MakeMessage, history: MakeHistory) -> None:
    first = message(text="  \n", html='<p>Hi<br>there</p><img src="https://x.example/?name=a.png">')
    assert Templates().opening(history(first)) == "Hi\nthere\n\n[image: a.png]"


def test_an_image_in_his_text_is_named_not_linked(message: MakeMessage, history: MakeHistory) -> None:
    first = message(text="look ![photo](https://acme.zendesk.example/token/x) ![](https://t.example/p.gif)")
    assert Templates().opening(history(first)) == "look [image: photo] [image: p.gif]"


def test_anything_else_gives_a_line_that_says_nothing_of_the_ticket(
    message: MakeMessage, history: MakeHistory, people: dict[str, Person]
) -> None:
    file = File(1, "SECRET.pdf", 1, None, inline=False, absence=None)
    for first in (
        message(text="SECRET", public=False),
        message(text="SECRET", author=people["agent"]),
        message(text="SECRET", author=people["third"]),
        message(text="SECRET", author=people["system"]),
        message(text=" ", html="<p> </p>", files=(file,)),
        message(text="SECRET", position=2),
    ):
        made = history(first, message(2, text="SECRET"), subject="SECRET", tags=("SECRET",))
        assert Templates().opening(made) == NEUTRAL
    assert Templates().opening(history(subject="SECRET")) == NEUTRAL


def test_a_rebuilt_message_is_his_only_where_he_opened_the_ticket(
    message: MakeMessage, history: MakeHistory, people: dict[str, Person]
) -> None:
    rebuilt = message(text="Hello", reconstructed=True)
    assert Templates().opening(history(rebuilt)) == "Hello"
    assert Templates().opening(history(rebuilt, submitter=None)) == "Hello"
    assert Templates().opening(history(rebuilt, submitter=people["agent"])) == NEUTRAL


def test_the_opening_template_cannot_name_what_was_said(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_text("About {{ history.subject }}")
    with pytest.raises(InputError, match="unknown name 'history'; here are known: account, channel"):
        Templates(tmp_path)


def test_an_opening_of_nothing_is_refused(tmp_path: Path, history: MakeHistory) -> None:
    (tmp_path / "opening.txt").write_text("{% if false %}x{% endif %}\n")
    with pytest.raises(InputError, match="renders to nothing"):
        Templates(tmp_path).opening(history())
