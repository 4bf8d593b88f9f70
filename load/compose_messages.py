"""The calls that say every comment of a ticket as a message of its own, under whoever wrote it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.errors import RecordError
from deskferry.schemas.limits import value_of
from deskferry.schemas.mapping import Mapping
from deskferry.templates.clean import escape_text, literal
from deskferry.templates.history import File, History, Message
from deskferry.templates.message_text import spoken
from deskferry.templates.notes import split_text
from deskferry.templates.render import Templates, opens_with_requester

from .action import PIECES, Action, Kind, Ref, Step, message_part
from .compose_call import call_on
from .compose_files import Parcel, attachment_files, parcels
from .compose_notes import snapshot_time
from .mapped import Workspace, field_targets, migration_admin
from .message_times import spread
from .voices import Voice, voice_of

HEADER = 0  # stands for the comment that the facts and the loose files of a ticket belong to
_UNREAD = "more than {most} parts: Intercom shows the newest {most} only, no older one can be read back"


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the conversation. second: when it was said. body: as it is sent. parcel: its files."""

    number: int
    voice: Voice
    second: int
    body: str
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Speech:
    """What the messages of a ticket are made with. files: folder of the dataset's files."""

    mapping: Mapping
    workspace: Workspace
    templates: Templates
    files: Path

    def opening(self, history: History) -> str:
        """The first words of the conversation, as plain text: the requester's, else a neutral line."""
        if _opens(history):
            return self._spoken(history.messages[0])[0]
        return self.templates.opening(history)

    def compose(self, history: History, thing: Ref, *, contact: str, created_at: int) -> list[Action]:
        """A call for each piece of each comment beyond the opening, in order.

        contact: Zendesk id of the user whose contact the requester is. Times are those of the comments,
        strictly increasing after created_at and not after the snapshot. Raises RecordError for a comment
        of more pieces than can be numbered.
        """
        parts = list(self._parts(history, created_at))
        now = snapshot_time(self.workspace)
        times = spread([part.second for part in parts], after=created_at, now=now)
        return [
            self._call(part, thing, contact=contact, time=time)
            for part, time in zip(parts, times, strict=True)
        ]

    def remarks(self, history: History, messages: Sequence[Action]) -> Iterator[str]:
        """A line for each thing of the messages that is not sent whole or as it was."""
        most = value_of("parts")
        if len(messages) > most:
            yield _UNREAD.format(most=most)
        for message in history.messages:
            if lost := self._voice(message, history).lost:
                yield lost
        files = [file for message in history.messages for file in message.files] + [*history.loose_files]
        for why, count in sorted(Counter(file.absence for file in files if file.absence).items()):
            yield f"{count} of its files not sent: {why}"
        if self.mapping.choice("messages", "header") == "none":
            yield from _unsaid(history, self.mapping)

    def _parts(self, history: History, created_at: int) -> Iterator[_Part]:
        yield from self._header(history, created_at)
        for number, message in enumerate(history.messages):
            pieces = list(self._pieces(message, history, opening=number == 0 and _opens(history)))
            if len(pieces) > PIECES:
                raise RecordError(f"comment {message.id} takes more than {PIECES:,} messages")
            yield from pieces

    def _header(self, history: History, created_at: int) -> Iterator[_Part]:
        """The facts of the ticket where the mapping asks for them, and the files that no comment claims."""
        limit, voice = self.mapping.data["limits"]["note"], Voice(self._admin, own=False, visible=False)
        wanted = self.mapping.choice("messages", "header") == "note"
        bodies = self.templates.header_notes(history, limit=limit) if wanted else []
        for piece, (body, parcel) in enumerate(zip_longest(bodies, parcels(history.loose_files))):
            body = body or _as_html(parcel, internal=True)
            yield _Part(message_part(HEADER, piece), voice, created_at, body, parcel or [])

    def _pieces(self, message: Message, history: History, *, opening: bool) -> Iterator[_Part]:
        """opening: its first piece began the conversation, which takes no files."""
        voice = self._voice(message, history)
        second = unix_seconds(message.created_at) or 0
        bodies = self._spoken(message) if voice.admin is None else self._written(message, history, voice)
        sent = parcels(message.files)
        first = int(opening)
        for piece, (body, parcel) in enumerate(zip_longest(bodies[first:], sent), start=first):
            if voice.admin is None:
                body = literal(body or _listed(parcel))
            else:
                body = body or _as_html(parcel, internal=message.public is not True)
            yield _Part(message_part(message.id, piece), voice, second, body, parcel or [])

    def _spoken(self, message: Message) -> list[str]:
        """A customer's words as plain text, in pieces."""
        limit = self.mapping.choice("limits", "message")
        text = spoken(message)
        pieces = [text] if len(text) <= limit else split_text(text, room=limit)
        return [piece for piece in pieces if piece.strip()]

    def _written(self, message: Message, history: History, voice: Voice) -> list[str]:
        """Anybody else's words as HTML, in pieces."""
        return self.templates.message(
            message,
            history,
            heading=not voice.own,
            visible=voice.visible,
            limit=self.mapping.choice("limits", "message" if voice.visible else "note"),
        )

    def _call(self, part: _Part, thing: Ref, *, contact: str, time: int) -> Action:
        """The one place where a part becomes a call. What an admin says never leaves without its silence."""
        voice = part.voice
        payload: dict[str, Any] = {"message_type": "comment" if voice.visible else "note"}
        if voice.admin is None:
            payload |= {"type": "user", "intercom_user_id": Ref(Kind.CONTACT, contact)}
            witness: dict[str, Any] = {"contact": contact, "created_at": time}
        else:
            payload |= {"type": "admin", "admin_id": voice.admin, "skip_notifications": True}
            witness = {"admin_id": voice.admin, "created_at": time}
        if thing.kind is Kind.TICKET:  # the one place where what a customer says can be silenced
            payload["skip_notifications"] = True
        if voice.visible:
            witness["visible"] = True
        payload |= {"body": part.body, "created_at": time}
        payload |= attachment_files(part.parcel, folder=self.files)
        return call_on(
            thing,
            Step.MESSAGE,
            payload,
            path="reply",
            part=part.number,
            witness=witness,
            customer_visible=voice.visible,
        )

    def _voice(self, message: Message, history: History) -> Voice:
        return voice_of(
            message,
            history,
            mapping=self.mapping,
            workspace=self.workspace,
            migration_admin=self._admin,
        )

    @property
    def _admin(self) -> str:
        return migration_admin(self.mapping, self.workspace)


def state_part(messages: Sequence[Action]) -> int:
    """Number of the call that leaves the state: that of the last message that reopens what is closed.

    So a later plan with new messages closes again, and one without them does not.
    """
    return next((action.part for action in reversed(messages) if action.customer_visible), 0)


def _opens(history: History) -> bool:
    return bool(history.messages) and opens_with_requester(history.messages[0], history)


def _unsaid(history: History, mapping: Mapping) -> Iterator[str]:
    """What only a header would say."""
    if history.ccs:
        yield "people in copy: named in the archive only"
    attributes = {target.field_id for target in field_targets(mapping)}
    for field in history.field_values:
        if field.id not in attributes:
            yield f"field {field.id}: stands in the archive only"


def _listed(files: Sequence[File]) -> str:
    """The body of a part that is there for its files."""
    return "\n".join(f"[file: {file.name}]" for file in files)


def _as_html(files: Sequence[File], *, internal: bool) -> str:
    return f"<p>{'<b>INTERNAL</b> · ' if internal else ''}{escape_text(_listed(files))}</p>"
