"""A transcript cut into notes that the target takes: between messages if possible, no character lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .clean import text_of

_COSTS = {"&": 5, "<": 4, ">": 4, "\n": 4, "\xa0": 6}  # characters of a character, once it is HTML
_LEAST_ROOM = 200


@dataclass(frozen=True, slots=True)
class Block:
    """What should stay together: the header, or a message. label: how a continued piece is headed."""

    html: str
    label: str
    internal: bool


class NoRoomError(Exception):
    """The templates' own words leave no room in a note for what they are about."""


def pack(
    blocks: Sequence[Block],
    *,
    limit: int,
    wrap: Callable[[Sequence[str], int, int], str],
    piece: Callable[[Block, str, int, int], str],
) -> list[str]:
    """The blocks as notes of at most `limit` characters, in order.

    wrap(blocks, part, parts): one note. piece(block, text, number, of): a piece of a block too long for one
    note, as HTML. Raises NoRoomError.
    """
    most = 99_999  # a note or piece of this number is as long as any
    one = len(wrap(["x"], most, most)) - 1
    joint = len(wrap(["x", "x"], most, most)) - 2 - one
    room = limit - one
    units: list[str] = []
    for block in blocks:
        units += [block.html] if len(block.html) <= room else pieces(block, room, piece)
    notes: list[list[str]] = []
    left = -1
    for unit in units:
        if not notes or len(unit) + joint > left:
            notes.append([])
            left = room
        else:
            left -= joint
        notes[-1].append(unit)
        left -= len(unit)
    made = [wrap(note, number, len(notes)) for number, note in enumerate(notes, start=1)]
    if any(len(note) > limit for note in made):
        raise NoRoomError
    return made


def pieces(block: Block, room: int, piece: Callable[[Block, str, int, int], str]) -> list[str]:
    """A block as pieces of at most `room` characters, as text. Raises NoRoomError."""
    most = 99_999
    texts = split_text(text_of(block.html), room=room - len(piece(block, "", most, most)))
    return [piece(block, text, number, len(texts)) for number, text in enumerate(texts, start=1)]


def split_text(text: str, *, room: int) -> list[str]:
    """Pieces that joined give `text` again, each at most `room` characters once it is HTML.

    Cut after a line, else after a word, when one ends in the last fifth. Raises NoRoomError.
    """
    if room < _LEAST_ROOM:
        raise NoRoomError
    found, start = [], 0
    while start < len(text):
        end = _end_of_piece(text, start, room)
        if end < len(text):
            earliest = start + (end - start) * 4 // 5
            cut = text.rfind("\n", earliest, end) + 1 or text.rfind(" ", earliest, end) + 1
            end = cut or end
        found.append(text[start:end])
        start = end
    return found


def _end_of_piece(text: str, start: int, room: int) -> int:
    spent = 0
    for at in range(start, len(text)):
        spent += _COSTS.get(text[at], 1)
        if spent > room:
            return at
    return len(text)
