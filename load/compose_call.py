"""A call on a conversation or ticket that an earlier call of its thread made."""

from typing import Any

from .action import Action, Ref, Step


def call_on(
    thing: Ref,
    step: Step,
    payload: dict[str, Any],
    *,
    method: str = "POST",
    path: str | None = None,
    part: int = 0,
    witness: dict[str, Any] | None = None,
    customer_visible: bool = False,
    remarks: tuple[str, ...] = (),
    needs: tuple[Ref, ...] = (),
) -> Action:
    """A call on `thing`. path: below its own; None for itself."""
    return Action(
        kind=thing.kind,
        key=thing.key,
        step=step,
        part=part,
        method=method,
        path=f"/{thing.kind}s/{{id}}/{path}" if path else f"/{thing.kind}s/{{id}}",
        payload=payload,
        target=thing,
        witness=witness or {},
        customer_visible=customer_visible,
        remarks=remarks,
        needs=needs,
    )
