"""Every text deskferry writes into Intercom, rendered from the templates in this folder or a user's own.

In: a History. Out: plain text, or harmless HTML. Wrong templates: InputError with file and line.
"""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader, TemplateSyntaxError, meta, nodes
from markupsafe import Markup

from deskferry.schemas.canonical import digest
from deskferry.schemas.errors import InputError

from .clean import clean_html, escape_text
from .environment import Environment, TooMuch
from .filters import FILTERS
from .history import File, History, Message, Written
from .message_text import files_to_name, own_words
from .notes import Block, NoRoomError, pack, pieces, split_text

# Each template with the names it may use.
NAMES = {
    "opening.txt": {"ticket_id", "created_at", "channel", "account"},
    "transcript.txt": {"history"},
    "transcript.html": {"history", "blocks", "part", "parts"},
    "transcript_header.html": {"history"},
    "transcript_message.html": {"history", "message"},
    "transcript_files.html": {"history", "files"},
    "people_note.html": {
        *("what", "zendesk_id", "who", "changed_at", "account", "text", "part", "parts"),
    },
    "transcript_piece.html": {"history", "text", "piece", "pieces", "label", "internal"},
    "message.html": {"history", "message", "files", "internal", "heading", "visible"},
}
_SPARE = 1_000_000  # characters a template may add to what it shows, beside making ten of each of its own


class Templates:
    """The templates in effect, compiled. override: a folder whose files replace ours of the same name.

    Raises InputError for a folder that cannot be read, a file name we do not have, and a template that does
    not compile or uses names it does not get.
    """

    def __init__(self, override: Path | None = None) -> None:
        self._paths: dict[str, Path] = _own_files(override) if override else {}
        self._texts = {name: self._read(name) for name in NAMES}
        self._environment = Environment(FunctionLoader(self._source), FILTERS)
        for name in NAMES:
            self._check(name)

    @property
    def digest(self) -> str:
        """SHA-256 over name and text of every template in effect."""
        return digest(self._texts)

    def opening(self, history: History) -> str:
        """The first message of the conversation, which the customer sees, as plain text.

        His own first words, when the ticket begins with them; else a line that names the ticket and nothing
        that was said in it.
        """
        if history.messages and opens_with_requester(history.messages[0], history):
            return own_words(history.messages[0])
        line = self._text(
            "opening.txt",
            ticket_id=history.ticket_id,
            created_at=history.created_at,
            channel=history.channel,
            account=history.account,
        ).strip()
        if not line:
            raise InputError(
                "renders to nothing, but a conversation needs a first message",
                where=self._where("opening.txt"),
            )
        return line

    def transcript_text(self, history: History) -> str:
        """The whole ticket as plain text, internal comments included."""
        return self._text("transcript.txt", room=len(repr(history)), history=history)

    def transcript_notes(self, history: History, *, limit: int) -> list[str]:
        """The whole ticket as harmless HTML, in notes of at most `limit` characters.

        Internal comments included. Split between messages; inside one, as text, only when it alone is too
        long. Nothing is left out.
        """
        header = self._html(
            "transcript_header.html", room=len(repr(replace(history, messages=()))), history=history
        )
        blocks = [Block(html=header, label="Zendesk", internal=False)]
        blocks += [self._message(message, history) for message in history.messages]

        def wrap(parts: Sequence[str], part: int, of: int) -> str:
            shown = [Markup(html) for html in parts]  # noqa: S704 - each is cleaned
            return self._html(
                "transcript.html",
                room=sum(map(len, parts)),
                history=history,
                blocks=shown,
                part=part,
                parts=of,
            )

        try:
            return pack(blocks, limit=limit, wrap=wrap, piece=self._piece(history))
        except NoRoomError:
            raise InputError(
                f"leaves too little room for the messages in notes of {limit:,} characters",
                where=self._where("transcript.html"),
                todo="Shorten the template, or raise limits.note in the mapping",
            ) from None

    def files_note(self, history: History, files: Sequence[File]) -> str:
        """What stands with files that found no room beside the transcript."""
        return self._html("transcript_files.html", room=len(repr(files)), history=history, files=files)

    def header_notes(self, history: History, *, limit: int) -> list[str]:
        """The facts of a ticket without its messages, in notes of at most `limit` characters."""
        header = self._html(
            "transcript_header.html", room=len(repr(replace(history, messages=()))), history=history
        )
        return self._pieces(Block(html=header, label="Zendesk", internal=False), history, limit=limit)

    def message(
        self, message: Message, history: History, *, heading: bool, visible: bool, limit: int
    ) -> list[str]:
        """One message of a ticket as harmless HTML, in pieces of at most `limit` characters.

        heading: it stands under another's name, so it begins with its author and time. visible: the customer
        sees it. One that was internal begins with INTERNAL, and so does each piece.
        """
        html = self._html(
            "message.html",
            room=len(repr(message)),
            history=history,
            message=message,
            files=files_to_name(message),
            internal=not message.public,
            heading=heading,
            visible=visible,
        )
        block = Block(html=html, label=message.author.name, internal=not message.public)
        return self._pieces(block, history, limit=limit)

    def _pieces(self, block: Block, history: History, *, limit: int) -> list[str]:
        if len(block.html) <= limit:
            return [block.html]
        try:
            return pieces(block, limit, self._piece(history))
        except NoRoomError:
            raise InputError(
                f"leaves too little room in pieces of {limit:,} characters",
                where=self._where("transcript_piece.html"),
                todo="Shorten the template, or raise limits in the mapping",
            ) from None

    def _piece(self, history: History) -> Callable[[Block, str, int, int], str]:
        """How a piece of a text too long for one part is written."""

        def piece(block: Block, text: str, number: int, of: int) -> str:
            return self._html(
                "transcript_piece.html",
                room=6 * len(text),
                history=history,
                text=Markup(escape_text(text)),  # noqa: S704 - escaped
                piece=number,
                pieces=of,
                label=block.label,
                internal=block.internal,
            )

        return piece

    def people_notes(self, about: Written, *, account: str, limit: int) -> list[str]:
        """What staff wrote about somebody as harmless HTML, in notes of at most `limit` characters."""
        said = {
            "what": about.what,
            "zendesk_id": about.zendesk_id,
            "who": about.name,
            "changed_at": about.changed_at,
            "account": account,
        }

        def note(text: str, part: int, of: int) -> str:
            shown = Markup(escape_text(text))  # noqa: S704 - escaped
            room = 6 * len(text) + len(about.name)
            return self._html("people_note.html", room=room, **said, text=shown, part=part, parts=of)

        try:
            texts = split_text(about.text, room=limit - len(note("", 99_999, 99_999)))
        except NoRoomError:
            raise InputError(
                f"leaves too little room for what is said in notes of {limit:,} characters",
                where=self._where("people_note.html"),
                todo="Shorten the template, or raise limits.note in the mapping",
            ) from None
        return [note(text, number, len(texts)) for number, text in enumerate(texts, start=1)]

    def _message(self, message: Message, history: History) -> Block:
        room = len(repr(message))
        html = self._html("transcript_message.html", room=room, history=history, message=message)
        return Block(html=html, label=message.author.name, internal=not message.public)

    def _html(self, name: str, *, room: int, **context: Any) -> str:
        return clean_html(self._text(name, room=room, **context)).strip()

    def _text(self, name: str, *, room: int = 0, **context: Any) -> str:
        try:
            template = self._environment.get_template(name)
            return self._environment.text(template, context, room=_SPARE + 10 * room)
        except Exception as error:  # whatever a user's template raises is the user's to fix
            place = self._place(error)
            if place is None and isinstance(error, TooMuch):
                place = self._where(name)
            if place is None:
                raise
            raise InputError(_said(error), where=place) from error

    def _read(self, name: str) -> str:
        path = self._paths.get(name)
        if path is None:
            return files("deskferry.templates").joinpath(name).read_text(encoding="utf-8")
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot be read ({error})", where=path) from error

    def _source(self, name: str) -> tuple[str, str, None] | None:
        text = self._texts.get(name)
        return None if text is None else (text, self._where(name), None)

    def _check(self, name: str) -> None:
        try:
            tree = self._environment.parse(self._texts[name], name, self._where(name))
            self._environment.get_template(name)
            unknown = meta.find_undeclared_variables(tree) - NAMES[name] - set(self._environment.globals)
        except TemplateSyntaxError as error:
            raise InputError(_said(error), where=f"{self._where(name)}:{error.lineno}") from error
        except (RecursionError, SyntaxError, MemoryError) as error:  # what Python says of too deep code
            raise InputError("nested too deeply", where=self._where(name)) from error
        for used in tree.find_all(nodes.Name):
            if used.name in unknown:
                raise InputError(
                    f"unknown name '{used.name}'; here are known: {', '.join(sorted(NAMES[name]))}",
                    where=f"{self._where(name)}:{used.lineno}",
                )

    def _where(self, name: str) -> str:
        return str(self._paths.get(name, f"templates/{name}"))

    def _place(self, error: BaseException) -> str | None:
        """File and line in a user's template where it went wrong; None when it was in none."""
        theirs = {str(path) for path in self._paths.values()}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in theirs]
        if frames:
            return f"{frames[-1].filename}:{frames[-1].lineno}"
        return None


def opens_with_requester(first: Message, history: History) -> bool:
    """Whether the first message is the customer's own words, so that he may see them as his.

    A message rebuilt from the description has no author of its own; where somebody else opened the ticket,
    the words may be his.
    """
    if first.position != 1 or not first.public or first.author.id != history.requester.id:
        return False
    if first.reconstructed and history.submitter and history.submitter.id != history.requester.id:
        return False
    return bool(own_words(first))


def _own_files(folder: Path) -> dict[str, Path]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(f"no folder of templates ({error.strerror})", where=folder) from error
    for path in found:
        if path.name not in NAMES:
            raise InputError("no template of this name", where=path, todo=f"Known: {', '.join(NAMES)}")
    return {path.name: path for path in found}


def _said(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0].rstrip(".") if text else type(error).__name__
