"""What policy `require` asks before there is a plan: that Intercom knows everybody."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import RefusedError
from deskferry.schemas.mapping import Mapping as TicketMapping

from .known_people import KnownPeople
from .reach_contact import Policy

_NAMED = 20  # people in a refusal


def require_people(workspace: Mapping[str, Any], mapping: TicketMapping) -> None:
    """Raise RefusedError where the mapping counts on people of a snapshot that has none."""
    if mapping.data["people"]["policy"] == Policy.REQUIRE and "people" not in workspace:
        raise RefusedError(
            "policy require needs a snapshot that says who is in Intercom",
            where=mapping.where("people", "policy"),
            todo="Take one with: deskferry workspace --people, and name it with --workspace-file",
        )


def require_known(known: KnownPeople | None, mapping: TicketMapping) -> None:
    """Raise RefusedError naming people whom Intercom should know and does not."""
    if known is None or not known.missing:
        return
    first = "; ".join(list(known.missing.values())[:_NAMED])
    more = f"; and {len(known.missing) - _NAMED:,} more" if len(known.missing) > _NAMED else ""
    raise RefusedError(
        f"{len(known.missing):,} requesters are required in Intercom and not there: {first}{more}",
        where=mapping.where("people", "policy"),
        todo="Bring them there and take a new snapshot, or choose another policy",
    )
