"""What the mapping leaves out of a ticket, taken away before anything is composed of it.

In: a History. Out: the same without what stays in the archive, so that neither an attribute nor a transcript
can hold it.
"""

from collections.abc import Iterator
from dataclasses import replace

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import FieldValue, History, Rating

from .mapped import is_dropped, option_name

ARCHIVE = "archive_only"


def left_out(history: History, *, mapping: Mapping) -> History:
    """A history without what the mapping drops or keeps in the archive."""
    fields = tuple(_fields(history, mapping))
    internal = not _stays(mapping, "private_notes", "policy")
    messages = tuple(message for message in history.messages if message.public or internal)
    return replace(
        history,
        priority=_kept(mapping, "priorities", history.priority),
        type=_kept(mapping, "types", history.type),
        channel=_kept(mapping, "channels", history.channel),
        brand=_kept(mapping, "brands", history.brand),
        form=_kept(mapping, "forms", history.form),
        group=_kept(mapping, "groups", history.group),
        tags=tuple(tag for tag in history.tags if not is_dropped(mapping, "tags", tag)),
        organization=None if _stays(mapping, "companies", "policy") else history.organization,
        updated_at=None if _stays(mapping, "dates", "updated_at") else history.updated_at,
        solved_at=None if _stays(mapping, "dates", "solved_at") else history.solved_at,
        ccs=() if _stays(mapping, "ccs", "policy") else history.ccs,
        links=() if _stays(mapping, "links", "policy") else history.links,
        rating=_rating(history.rating, mapping),
        messages=messages,
        withheld=(*history.withheld, *_said(len(history.messages) - len(messages))),
        fields=tuple((field.title, field.shown) for field in fields),
        field_values=fields,
    )


def _said(internal: int) -> Iterator[str]:
    if internal:
        yield f"internal comments: {internal} kept in the archive"


def _stays(mapping: Mapping, block: str, key: str) -> bool:
    return bool(mapping.choice(block, key) == ARCHIVE)


def _kept(mapping: Mapping, block: str, value: str | None) -> str | None:
    return None if value and is_dropped(mapping, block, value) else value


def _rating(rating: Rating | None, mapping: Mapping) -> Rating | None:
    if rating is None or _stays(mapping, "csat", "score"):
        return None
    return Rating(rating.score, None) if _stays(mapping, "csat", "comment") else rating


def _fields(history: History, mapping: Mapping) -> Iterator[FieldValue]:
    for field in history.field_values:
        if is_dropped(mapping, "custom_fields", field.id):
            continue
        chosen = tuple(
            (stored, name)
            for stored, name in field.chosen
            if option_name(mapping, field.id, stored, name=name) is not None
        )
        if chosen == field.chosen:
            yield field
        elif chosen:
            yield replace(field, chosen=chosen, shown=", ".join(name for _, name in chosen))
