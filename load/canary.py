"""The canary: a contact and a conversation of ours go first, are read back, and are deleted again.

It gets every kind of call the plan makes. Whatever stands there afterwards that we did not write (a workflow
answered, a rule assigned, a rating was asked for) would have happened to every item of the plan. What is made
stands in the ledger first, so that a crash in the middle leaves nothing behind: the next run deletes it.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from deskferry.schemas.errors import InputError, RefusedError

from .action import HISTORY, Kind, Ref, Step
from .answers import Conflict, Done, Failed
from .canary_calls import WORDS, Cage, calls_on, contact_call, create_call, ours_in
from .canary_nest import Nest
from .client import Call, Client
from .foreign import foreign, foreign_contact
from .ledger import Ledger
from .made import as_object, listed
from .manner import Manner
from .mapped import migration_admin
from .perform import perform
from .plan_file import Plan

TRIES = 5  # of one call, each with its answer lost
HOLDS = 3600.0  # seconds for which a plan's canary that came back unharmed is believed
_CLEAN = "canary_clean"
_LATER = "Run it again later"


def clear_nest(ledger: Ledger, client: Client, *, manner: Manner) -> None:
    """Delete what the canary of a run that broke off left behind."""
    nest = Nest.left(ledger)
    if nest is not None:
        nest.clear(client, manner=manner)


def fly(
    plan: Plan,
    ledger: Ledger,
    client: Client,
    *,
    resolve: Callable[[Ref], str],
    manner: Manner,
    wait: float,
) -> None:
    """Let one go, unless the plan's last came back a moment ago. wait: seconds until it is read back.

    Raises RefusedError naming everything that was done to it, and for a call that the target refuses.
    """
    if not manner.guards.canary or _flew(plan, ledger, now=manner.clock()):
        return
    flight = _Flight(client, manner, _cage(plan, resolve, now=int(manner.clock())))
    nest = Nest.new(ledger, f"deskferry-canary-{plan.digest[:8]}-{int(manner.clock())}")
    try:
        done = flight.fly(nest, kinds=_kinds(plan), wait=wait)
    except InputError:
        with contextlib.suppress(InputError):  # the first trouble is the one to tell of
            nest.clear(client, manner=manner)
        raise
    nest.clear(client, manner=manner)
    if done and not manner.guards.ignore_foreign:
        raise RefusedError(
            f"the canary was not left alone: {'; '.join(done)}",
            todo="Silence in Intercom what did it, note it in silence.yaml and run this again,"
            " or add --ignore-foreign",
        )
    for clause in done:
        manner.progress.warn(f"the canary was not left alone: {clause}")
    ledger.note(_CLEAN, f"{plan.digest} {manner.clock():.0f}")


def _flew(plan: Plan, ledger: Ledger, *, now: float) -> bool:
    digest, _, at = (ledger.fact(_CLEAN) or "").partition(" ")
    return digest == plan.digest and now - float(at) < HOLDS


class _Flight:
    """One canary under way."""

    def __init__(self, client: Client, manner: Manner, cage: Cage) -> None:
        self._client, self._manner, self._cage = client, manner, cage

    def fly(self, nest: Nest, *, kinds: list[Kind], wait: float) -> list[str]:
        """Make everything, wait, look. What others did to it, as clauses."""
        contact = self._contact(nest)
        for kind in kinds:
            id_ = self._thing(nest, kind, contact=contact)
            for call in calls_on(self._cage, kind, id_, contact=contact):
                self._made(call)
        if wait:
            self._manner.patience.sleep(wait)
        return list(self._seen(nest, contact=contact))

    def _contact(self, nest: Nest) -> str:
        call = contact_call(self._cage, nest.external_id)
        body = self._made(call, leaving=lambda: nest.laying(Kind.CONTACT, now=self._manner.clock()))
        nest.laid(Kind.CONTACT, str(body["id"]))
        return str(body["id"])

    def _thing(self, nest: Nest, kind: Kind, *, contact: str) -> str:
        call = create_call(self._cage, kind, contact=contact)
        body = self._made(call, leaving=lambda: nest.laying(kind, now=self._manner.clock()))
        id_ = body.get("conversation_id" if kind is Kind.CONVERSATION else "id")
        if id_ is None:
            raise InputError(f"the answer names no {kind}; its canary is deleted by the next run")
        nest.laid(kind, str(id_))
        return str(id_)

    def _made(self, call: Call, *, leaving: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """The answer of a call. What stands there twice, as an answer was lost, is deleted with the rest."""
        for _ in range(TRIES):
            self._manner.interrupt.check()
            leaving()
            # Other calls leave again inside perform only where they surely did nothing.
            again = leaving if call.repeatable else lambda: None
            match perform(self._client, call, self._manner.patience, leaving=again):
                case Done(body):
                    return dict(as_object(body))
                case Conflict(id=str(id_), archived=False):
                    return {"id": id_}  # nobody else has its external id: an answer of ours was lost
                case Failed(passing=True, text=text):
                    raise InputError(f"the canary's {call.method} {call.path} failed: {text}", todo=_LATER)
                case Conflict(text=text) | Failed(text=text):
                    raise RefusedError(
                        f"the canary's {call.method} {call.path} was refused: {text}",
                        todo="The plan's would be too: make it possible, or add --no-canary",
                    )
                case _:
                    pass
        raise InputError(f"no answer to the canary's {call.method} {call.path}", todo=_LATER)

    def _seen(self, nest: Nest, *, contact: str) -> Iterator[str]:
        for kind, id_ in nest.things:
            found = self._read(f"/{kind}s/{id_}")
            if found is None:
                yield f"{kind} {id_} is gone"
                continue
            named = f"{kind} {id_}: "
            ours = ours_in(self._cage, kind, contact=contact)
            yield from (named + clause for clause in foreign(kind, found, ours=ours))
            yield from (named + clause for clause in self._otherwise(kind, found))
        person = self._read(f"/contacts/{contact}")
        yield from ["the contact is gone"] if person is None else foreign_contact(person)

    def _otherwise(self, kind: Kind, found: dict[str, Any]) -> Iterator[str]:
        """What is not as we sent it: dates above all, without which a history is none."""
        if found.get("created_at") != self._cage.created_at:
            yield f"it began at {found.get('created_at')}, not at {self._cage.created_at} as sent"
        parts = listed(found, f"{kind}_parts", f"{kind}_parts")
        noted = {part.get("created_at") for part in parts if WORDS in str(part.get("body"))}
        notes = self._cage.steps & {Step.NOTE, Step.MESSAGE} or kind is Kind.TICKET
        if notes and self._cage.created_at + 1 not in noted:
            yield "its note does not stand there at the second it was sent with"

    def _read(self, path: str) -> dict[str, Any] | None:
        match perform(self._client, Call("GET", path), self._manner.patience):
            case Done(dict() as body):
                return body
            case Failed(status=404):
                return None
            case Failed(text=text):
                raise InputError(f"the canary cannot be read back: {text}")
            case _:
                raise InputError("the canary cannot be read back: no readable answer")


def _kinds(plan: Plan) -> list[Kind]:
    planned = {kind for (kind,) in plan.connection.execute("select distinct kind from actions")}
    return [kind for kind in HISTORY if kind in planned]


def _cage(plan: Plan, resolve: Callable[[Ref], str], *, now: int) -> Cage:
    needs = plan.meta["needs"]
    steps = plan.connection.execute("select distinct step from actions where kind = 'conversation'")
    (last,) = plan.connection.execute(
        "select max(json_extract(witness, '$.created_at')) from actions"
        " where kind in ('conversation', 'ticket') and step = 'create'"
    ).fetchone()
    type_ = plan.connection.execute(
        "select json_extract(witness, '$.ticket_type') from actions"
        " where kind = 'ticket' and step = 'create' limit 1"
    ).fetchone()
    marks = {"imported_from": "zendesk"}
    return Cage(
        steps=frozenset(Step(step) for (step,) in steps),
        created_at=max(1, min(last or now, now - 60)),
        now=now,
        admin=migration_admin(plan.mapping, plan.workspace),
        team=next(iter(needs["teams"]), None),
        tag=next((resolve(Ref(Kind.TAG, name)) for name in itertools.islice(needs["tags"], 1)), None),
        contact_marks=marks if "imported_from" in needs["contact_attributes"] else {},
        conversation_marks=marks if "imported_from" in needs["conversation_attributes"] else {},
        ticket_type=resolve(Ref(Kind.TICKET_TYPE, type_[0])) if type_ else None,
    )
