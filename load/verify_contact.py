"""A contact read back, against the call that made or found it."""

from collections.abc import Iterator, Mapping
from typing import Any

from .action import Action
from .difference import DIFFERENT, Difference, same, shown
from .ledger_file import Origin

# Zendesk and Intercom write these as they like; letters mean the same.
_FOLDED = {"email"}


def compare_contact(action: Action, found: Mapping[str, Any], *, origin: Origin) -> Iterator[Difference]:
    """Each field of a contact we created; of one that was there, that our attributes are not blank."""
    if found.get("archived"):
        yield _differs(action, "state", "active", "archived")
    theirs = found.get("custom_attributes") or {}
    attributes = action.intended.get("custom_attributes") or {}
    if origin is Origin.ADOPTED:
        for name in attributes:
            if name != "imported_from" and theirs.get(name) in (None, ""):
                yield _differs(action, name, attributes[name], None)
        return
    for name, expected in action.intended.items():
        if name == "custom_attributes":
            continue
        value = found.get(name)
        if not same(
            *((str(item).casefold() for item in (expected, value)) if name in _FOLDED else (expected, value))
        ):
            yield _differs(action, name, expected, value)
    for name, expected in attributes.items():
        if not same(expected, theirs.get(name)):
            yield _differs(action, name, expected, theirs.get(name))


def _differs(action: Action, field: str, expected: Any, found: Any) -> Difference:
    return Difference(DIFFERENT, action.kind, action.key, field, shown(expected), shown(found))
