"""The screen of `deskferry load --dry-run`: what a load would find and do, on one page."""

from pathlib import Path

from deskferry.load.dry_run import Look

from . import options
from .outcome import Exit, Outcome
from .words import command, duration, number, plural


def outcome(found: Look, *, target: str, workspace_name: str | None) -> Outcome:
    """Exit 4 where a load would be refused."""
    words: list[str | Path] = [found.plan, *options.target_words(target, workspace_name)]
    return Outcome(
        data={"dry_run": True, **found.as_dict()},
        lines=screen(found),
        next="put right what is refused above, then: " + command("load", *words, "--dry-run")
        if found.refusals
        else command("load", *words),
        exit=Exit.REFUSED if found.refusals else Exit.DONE,
    )


def screen(found: Look) -> list[str]:
    """Where, what, how long; then everything that would keep a load from it."""
    return [
        *_there(found),
        *_left(found),
        f"{'canary':<11}{'goes first and is deleted again' if found.canary else 'none (--no-canary)'}",
        *(f"refused    {refusal}" for refusal in found.refusals),
        *(f" ! {warning}" for warning in found.warnings),
        f"nothing was sent but {plural(found.reads, 'read')}"
        + ("; a load would be refused" if found.refusals else "; nothing stands in the way of a load"),
    ]


def _there(found: Look) -> list[str]:
    live = found.workspace
    if not live:
        return ["workspace  could not be read"]
    seats = sum(admin["seat"] for admin in live["admins"])
    said = live.get("identity_verification")
    verification = "not said" if said is None else "on" if said else "off"
    counts = [
        (len(live["admins"]), f"admins ({number(seats)} with a seat)"),
        (len(live["teams"]), "teams"),
        (len(live["contact_attributes"]), "attributes of people"),
        (len(live["conversation_attributes"]), "of conversations"),
        (len(live["tags"]), "tags"),
        (len(live.get("ticket_types", ())), "ticket types"),
    ]
    return [
        f'workspace  "{live["name"]}" ({live["region"]}, {live["id"]}), token of {live["me"]["email"]}',
        f"has        {' · '.join(f'{number(count)} {name}' for count, name in counts)}",
        f"verifies   identities: {verification} · {number(found.limit)} calls per 10 s",
    ]


def _left(found: Look) -> list[str]:
    if not found.left:
        return [f"left       nothing of this plan (ledger {found.ledger})"]
    kinds = " · ".join(f"{number(count)} {kind.replace('_', ' ')}" for kind, count in found.by_kind.items())
    return [
        f"left       {kinds}",
        f"calls      at least {number(found.calls)}, {duration(found.seconds)}"
        f" (ledger {found.ledger}{'' if found.ledger.exists() else ', new'})",
    ]
