"""A contact that somebody merged into another one during a load: what is left goes on with that one."""

from collections.abc import Iterator, Mapping
from typing import Any

from .action import Action, Kind, Ref, Step
from .answers import Done
from .client import Call, Client
from .ledger import Ledger
from .ledger_file import Origin
from .perform import Patience, perform


def follow_contacts(
    client: Client, ledger: Ledger, action: Action, *, patience: Patience, now: float
) -> bool:
    """Whether a contact that the call names is another one by now; the ledger then has that one.

    It was there before us, or somebody has made it his own: it is not ours to undo. now: unix seconds.
    """
    moved = False
    for ref in dict.fromkeys([*_contacts(action.payload), *_contacts(action.needs)]):
        before = ledger.target_id(ref.kind, ref.key)
        if before is None:
            continue
        match perform(client, Call("GET", f"/contacts/{before}"), patience):
            case Done({"id": str(after)}) if after != before:
                key = (ref.kind, ref.key, Step.CREATE, 0)
                ledger.done(key, target_id=after, origin=Origin.ADOPTED, now=now)
                moved = True
            case _:
                pass
    return moved


def _contacts(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        if value.kind is Kind.CONTACT:
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _contacts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _contacts(item)
