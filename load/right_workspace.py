"""Whether a target is the workspace of a plan, told with as few calls as possible."""

from collections.abc import Mapping
from typing import Any

from deskferry.schemas.errors import InputError, RefusedError

from .ledger import Ledger
from .perform import Patience, read
from .target import Target, TargetKind


def is_real(workspace: Mapping[str, Any]) -> bool:
    """Customers may be behind it. A server on this machine is believed when it says that it is a sandbox.

    workspace: a snapshot, or as much of one as has the region.
    """
    return str(workspace["region"]) != "sandbox"


def require_known_workspace(target: Target, wanted: str, *, ledger: Ledger, patience: Patience) -> None:
    """As require_workspace, without a call where the answer is known already.

    The state file of a sandbox of our own says it; Intercom's name and region are checked against the plan
    before; an address that the ledger was loaded to last is taken for the same workspace.
    """
    if target.kind is TargetKind.SANDBOX:
        _require_same(target.state_workspace(), wanted)
    elif target.kind is TargetKind.LOOPBACK and ledger.fact("target") != target.name:
        require_workspace(target, wanted, patience=patience)
        ledger.note("target", target.name)


def require_workspace(target: Target, wanted: str, *, patience: Patience) -> None:
    """Raise RefusedError when the target is not the workspace with the id `wanted`. One call."""
    client = target.client()
    me = read(client, "/me", patience)
    app = me.get("app") if isinstance(me, dict) else None
    if not isinstance(app, dict):
        raise InputError(f"{client.base_url} does not answer as Intercom does")
    target.require_workspace({"name": str(app.get("name")), "region": str(app.get("region") or "").lower()})
    _require_same(str(app.get("id_code")), wanted)


def _require_same(found: str | None, wanted: str) -> None:
    if found != wanted:
        named = f"workspace {found}" if found else "a new sandbox"
        raise RefusedError(
            f"the target is {named}, the plan is for {wanted}", todo="Check --to and the token"
        )
