"""The words of one message: as harmless HTML, as plain text, and as its author wrote them."""

import re

from markupsafe import Markup

from .clean import clean_html, escape_text, file_name, shows_text, text_of
from .fold import fold_html, fold_text, text_as_html
from .history import File, Message

REBUILT, NOTHING = "[rebuilt from the ticket's description]", "[no text]"
# How Zendesk writes an image of a mail in the plain text of a comment.
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,200})\]\(([^()\s]{1,2000})\)")


def own_words(message: Message) -> str:
    """A customer's message as he wrote it, in plain text, for a place that knows no HTML."""
    return _text(message).strip()


def spoken(message: Message) -> str:
    """A customer's message as plain text for a part of its own, with what of it is not words.

    Never blank: no part can be.
    """
    lines = [own_words(message), "\n".join(f"[file: {file.name}]" for file in files_to_name(message))]
    if message.reconstructed:
        lines.insert(0, REBUILT)
    return "\n\n".join(line for line in lines if line.strip()) or NOTHING


def files_to_name(message: Message) -> list[File]:
    """The files a message names: those that do not come with it; all where it says nothing else."""
    return [file for file in message.files if file.absence is not None or not own_words(message)]


def plain(message: Message) -> str:
    """The text of a message, quoted mail marked."""
    return fold_text(_text(message)).strip("\n")


def safe_html(message: Message) -> Markup:
    """The text of a message as harmless HTML, quoted mail marked; from its HTML when that says anything."""
    cleaned = clean_html(message.html) if message.html else ""
    if cleaned and shows_text(cleaned):
        return Markup(fold_html(cleaned))  # noqa: S704 - nh3 has cleaned it
    return Markup(text_as_html(_text(message).strip("\n")))  # noqa: S704 - escaped there


def as_written(message: Message) -> Markup:
    """The text of a message as harmless HTML for its reader, nothing marked. Never blank: no part can be."""
    cleaned = clean_html(message.html) if message.html else ""
    if cleaned and shows_text(cleaned):
        return Markup(cleaned)  # noqa: S704 - nh3 has cleaned it
    text = own_words(message) or ("" if message.files else NOTHING)
    return Markup(f"<p>{escape_text(text)}</p>" if text else "")  # noqa: S704 - escaped


def _text(message: Message) -> str:
    """The plain text, images by their name; from the HTML where there is no other."""
    if not message.text.strip():
        return text_of(message.html or "")
    return _IMAGE.sub(_image_as_text, message.text.replace("\r\n", "\n").replace("\r", "\n"))


def _image_as_text(match: re.Match[str]) -> str:
    label = match[1].strip() or file_name(match[2])
    return f"[image: {label}]" if label else "[image]"
