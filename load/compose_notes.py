"""The calls that put the transcript of a ticket under what it became, as notes that no customer sees."""

from collections.abc import Iterator
from datetime import datetime

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Ref, Step
from .compose_call import call_on
from .mapped import Workspace, migration_admin


def compose_notes(
    history: History,
    thing: Ref,
    *,
    mapping: Mapping,
    workspace: Workspace,
    templates: Templates,
    created_at: int,
) -> Iterator[Action]:
    """The whole transcript of a ticket as notes on `thing`, which began at created_at."""
    admin = migration_admin(mapping, workspace)
    notes = templates.transcript_notes(history, limit=mapping.data["limits"]["note"])
    times = note_times(history, count=len(notes), created_at=created_at, now=snapshot_time(workspace))
    for number, (body, time) in enumerate(zip(notes, times, strict=True), start=1):
        payload = {
            "message_type": "note",
            "type": "admin",
            "admin_id": admin,
            "body": body,
            "created_at": time,
            "skip_notifications": True,
        }
        witness = {"admin_id": admin, "created_at": time}
        yield call_on(thing, Step.NOTE, payload, path="reply", part=number, witness=witness)


def note_times(history: History, *, count: int, created_at: int, now: int) -> list[int]:
    """A time for each note: that of the last message, then a second later each.

    After the conversation's and not after `now`; only a conversation that begins less than `count` seconds
    before `now` gets later ones.
    """
    last = max((unix_seconds(message.created_at) or 0 for message in history.messages), default=0)
    first = max(created_at + 1, min(last, now - count + 1))
    return [first + number for number in range(count)]


def snapshot_time(workspace: Workspace) -> int:
    """Unix seconds of the snapshot: the present of a plan, so that a plan does not change with the clock."""
    return unix_seconds(datetime.fromisoformat(workspace["taken_at"])) or 0
