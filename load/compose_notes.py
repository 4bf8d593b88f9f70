"""The calls that put the transcript of a ticket under what it became, as notes that no customer sees."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from deskferry.schemas.attribute_value import unix_seconds
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History
from deskferry.templates.render import Templates

from .action import Action, Ref, Step
from .compose_call import call_on
from .compose_files import attachment_files, files_of, parcels
from .mapped import Workspace, migration_admin


def compose_notes(
    history: History,
    thing: Ref,
    *,
    mapping: Mapping,
    workspace: Workspace,
    templates: Templates,
    created_at: int,
    files: Path,
) -> Iterator[Action]:
    """The whole transcript of a ticket as notes on `thing`, which began at created_at.

    files: folder of the dataset's files. They go with the notes, and with further ones where these are full.
    """
    admin = migration_admin(mapping, workspace)
    bodies = templates.transcript_notes(history, limit=mapping.data["limits"]["note"])
    sent = parcels(files_of(history))
    bodies += [templates.files_note(history, parcel) for parcel in sent[len(bodies) :]]
    times = note_times(history, count=len(bodies), created_at=created_at, now=snapshot_time(workspace))
    parcel_of = dict(enumerate(sent, start=1))
    for number, (body, time) in enumerate(zip(bodies, times, strict=True), start=1):
        payload = {
            "message_type": "note",
            "type": "admin",
            "admin_id": admin,
            "body": body,
            "created_at": time,
            "skip_notifications": True,
            **attachment_files(parcel_of.get(number, []), folder=files),
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
