"""The words of one message: as harmless HTML, as plain text, and as its author wrote them."""

import re

from markupsafe import Markup

from .clean import clean_html, text_of
from .fold import fold_html, fold_text, text_as_html
from .history import Message

_MARKDOWN_IMAGE = re.compile(r"!\[([^\[\]\n]{0,200})\]\([^()\s]{1,2000}\)")


def own_words(message: Message) -> str:
    """A customer's message as he wrote it, in plain text, for a place that knows no HTML."""
    text = message.text if message.text.strip() else text_of(message.html or "")
    text = _MARKDOWN_IMAGE.sub(lambda found: f"[image: {found[1]}]" if found[1].strip() else "[image]", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def safe_html(message: Message) -> Markup:
    """The text of a message as harmless HTML, quoted mail marked; from its HTML when that says anything."""
    cleaned = clean_html(message.html) if message.html else ""
    if cleaned and text_of(cleaned).strip():
        return Markup(fold_html(cleaned))  # noqa: S704 - nh3 has cleaned it
    return Markup(text_as_html(message.text.strip("\r\n")))  # noqa: S704 - escaped there


def plain(message: Message) -> str:
    """The text of a message, quoted mail marked."""
    return fold_text(message.text if message.text.strip() else text_of(message.html or "")).strip("\n")
