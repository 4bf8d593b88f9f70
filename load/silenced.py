"""Whether what Intercom's API cannot show is silenced, by the file that people filled in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from deskferry.schemas.errors import RefusedError
from deskferry.schemas.silence import HOLDS, SWITCHES, Silence, Switch, read_silence
from deskferry.schemas.workspace import is_real

from .plan_file import Plan, find_input, require_same

_INIT = "Look at each switch and write it down: deskferry silence init"
_ANYWAY = 'or add --no-silence "REASON" to the plan'


def require_silence(
    workspace: Mapping[str, Any], silence: Silence | None, *, reason: str | None, where: Path | None = None
) -> None:
    """Raise RefusedError where a load into a real workspace could set something off.

    workspace: a snapshot. reason: why somebody wants it all the same. A sandbox has nothing to set off.
    """
    name = str(workspace["name"])
    if not is_real(workspace):
        return
    if silence is not None and silence.workspace not in ("", name):
        place = f"{silence.path}:{silence.lines.get(('workspace',), 1)}"
        raise RefusedError(f'is about workspace "{silence.workspace}", not "{name}"', where=place)
    if (reason or "").strip():
        return
    if silence is None:
        raise RefusedError(
            f'workspace "{name}" is a real one, and nobody has noted whether its {len(SWITCHES)} switches'
            f" that the API cannot show are silent: {', '.join(SWITCHES)}",
            where=where,
            todo=f"{_INIT}; then plan with --silence FILE, {_ANYWAY}",
        )
    if open_ := silence.open():
        raise RefusedError(
            f"{len(open_)} of {len(SWITCHES)} switches could be set off: {_listed(open_)}",
            where=silence.path,
            todo=f"Silence them in Intercom and note it, {_ANYWAY}",
        )


def planned_silence(plan: Plan) -> Silence | None:
    """The file a plan was made with, None where it had none.

    Raises RefusedError when it is gone or says something else by now.
    """
    if plan.meta.get("silence") is None:
        return None
    found = read_silence(find_input(plan.path, plan.meta, "silence"))
    require_same("the silence", found.digest, plan.meta["silence_digest"], found.path)
    return found


def hold_to_silence(plan: Plan, *, today: date) -> list[str]:
    """What to warn of before a load. Raises RefusedError as require_silence and planned_silence do."""
    silence, reason = planned_silence(plan), plan.meta.get("no_silence")
    require_silence(plan.workspace, silence, reason=reason, where=plan.path)
    return list(silence_warnings(silence, workspace=plan.workspace, reason=reason, today=today))


def silence_warnings(
    silence: Silence | None, *, workspace: Mapping[str, Any], reason: str | None, today: date
) -> Iterator[str]:
    """What is no refusal: open switches that somebody gave a reason for, and checks that are old."""
    open_ = silence.open() if silence else []
    if is_real(workspace) and reason:
        what = _listed(open_) if silence else "nobody has looked at any"
        if open_ or silence is None:
            yield f'not known to be silent ({what}); planned all the same: "{reason}"'
    elif open_:
        yield f"not silent in {silence.path if silence else ''}: {_listed(open_)}"
    if silence and (old := silence.expired(today)):
        days = ", ".join(f"{switch.name} ({switch.date}, line {switch.line})" for switch in old)
        yield f"looked at more than {HOLDS.days} days ago: {days}; look again"


def _listed(switches: Sequence[Switch]) -> str:
    return ", ".join(f"{switch.name} ({switch.trouble}, line {switch.line})" for switch in switches)
