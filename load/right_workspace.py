"""Whether a target is the workspace of a plan, told with as few calls as possible."""

from collections.abc import Callable, Mapping
from typing import Any

from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.workspace import is_real

from .ledger import Ledger
from .perform import Patience, read
from .plan_file import Plan
from .target import Target, TargetKind


def require_allowed(
    plan: Plan, target: Target, *, ask_name: Callable[[Mapping[str, Any]], str | None] = lambda _: None
) -> None:
    """Raise RefusedError where the target can't be the plan's, or a real one that nobody has named.

    ask_name: given the snapshot of a real workspace, its name as somebody types it. Told from the plan alone:
    a run that has nothing left to do asks the target nothing.
    """
    name, region, real = plan.workspace["name"], plan.workspace["region"], is_real(plan.workspace)
    if target.kind is TargetKind.SANDBOX and real:
        raise RefusedError(
            f'the plan is for workspace "{name}" of Intercom ({region}), not for a sandbox',
            where=plan.path,
            todo=f'Use --to {region} --workspace "{name}", or make a plan for the sandbox',
        )
    elsewhere = target.kind is TargetKind.INTERCOM and region != target.name
    if real and not elsewhere and target.workspace_name is None:
        target.workspace_name = ask_name(plan.workspace)
    if elsewhere or (real and target.workspace_name not in (None, name)):
        meant = f'"{target.workspace_name}" ' if target.workspace_name else ""
        raise RefusedError(
            f'the plan is for workspace "{name}" ({region}), not for {meant}({target.name})',
            where=plan.path,
            todo=f"Make a plan for it with: deskferry plan ... --to {target.name}",
        )
    if real and target.workspace_name is None:
        raise RefusedError(
            f'the plan is for workspace "{name}" of Intercom, which must be named',
            todo=f'Add --workspace "{name}"',
        )


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
