"""Doing one thing for one thread, and writing down what came of it."""

import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from deskferry.schemas.attribute_value import same_type
from deskferry.schemas.errors import InputError

from .action import SETUP, Action, Kind, Ref, Step
from .answers import Conflict, Done, Failed, InDoubt
from .client import Client
from .companies import settle_company
from .contacts import Settled, settle_contact
from .doubt import look, repeats
from .ledger import Ledger, key_of
from .ledger_file import Again, Origin, Row
from .made import NO_ID, made_id
from .moved_contact import follow_contacts
from .own_ledger import other_ledger
from .perform import Patience, Result, TooManyError, perform
from .references import fill
from .setup import ATTRIBUTES, TICKET_SETUP, standing
from .ticket_ids import TicketIds
from .verdict import Made, NotMade, Unclear
from .workspace import find_attribute
from .workspace_tickets import shown_after

_GONE = (404, 410)  # what Intercom says of a contact that was merged
FRESH = 60.0  # seconds after a create in which a 404 may be the target's delay


class Came(StrEnum):
    """What came of it, as the ledger has it now."""

    DONE = "done"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    NOT_MADE = "not_made"  # looked for and not there: it may be sent


class Executor:
    """Hands and memory of a run, for all its workers. live: the snapshot taken at its start."""

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        *,
        plan_digest: str,
        live: Mapping[str, Any],
        resolve: Callable[[Ref], str],
        tickets: TicketIds,
        patience: Patience,
        clock: Callable[[], float],
        revive: bool = False,
        first: bool = False,
    ) -> None:
        self._client, self._ledger, self._plan_digest = client, ledger, plan_digest
        self._live, self._resolve, self._patience, self._clock = live, resolve, patience, clock
        self._tickets = tickets
        self._revive = revive  # contacts that were put away
        self._first = first  # the ledger knew nobody when the run began, and nobody said that it is right so
        self._last = threading.local()

    @property
    def resolve(self) -> Callable[[Ref], str]:
        """Intercom's id of what a call names; see references.resolver."""
        return self._resolve

    @property
    def last_code(self) -> str:
        """Of the last failure of the thread that asks, in the target's words."""
        return str(getattr(self._last, "code", ""))

    def calls(self) -> int:
        """Requests made so far."""
        return self._client.requests

    def send(self, action: Action, *, moved: bool = False) -> Came:
        """Make a call: intent committed first, outcome noted after. moved: a contact of it was merged."""
        if (there := standing(self._live, action)) is not None:
            self._intend(action)
            return self._done(action, there, Origin.ADOPTED)
        if action.kind is Kind.COMPANY and action.step is Step.CREATE:
            self._intend(action)
            return self._settle(action, settle_company(self._client, action, self._patience))
        call, left = fill(action, self._resolve, fresh=self._is_fresh(action)), 0

        def leaving() -> None:
            nonlocal left
            left += 1
            self._intend(action)

        try:
            result = perform(self._client, call, self._patience, leaving=leaving, waits=False)
        except (InputError, TooManyError, KeyboardInterrupt):
            if not call.repeatable:  # it never left, or was refused: what may have arrived would be in doubt
                self._ledger.withdraw(key_of(action))
            raise
        if not moved and isinstance(result, Failed) and result.status in _GONE and self._follow(action):
            return self.send(action, moved=True)
        return self._note(action, result, again=left > 1)

    def _follow(self, action: Action) -> bool:
        now = self._clock()
        return follow_contacts(self._client, self._ledger, action, patience=self._patience, now=now)

    def _intend(self, action: Action) -> None:
        self._ledger.intend([action], plan_digest=self._plan_digest, now=self._clock())

    def find_out(self, action: Action, row: Row, *, moved: bool = False) -> Came:
        """Look whether a doubtful call was made. moved: a contact of it was merged."""
        verdict = look(
            self._client,
            row,
            action,
            ledger=self._ledger,
            resolve=self._resolve,
            patience=self._patience,
        )
        match verdict:
            case Made(target_id):
                return self._done(action, target_id, Origin.CREATED)
            case Unclear(text):
                return self._failed(action, Failed("in_doubt", text), again=Again.NEVER)
            case NotMade() if not moved and not repeats(action) and self._follow(action):
                return self.find_out(action, row, moved=True)  # his conversations went with him
            case NotMade():
                return Came.NOT_MADE

    def _note(self, action: Action, result: Result, *, again: bool) -> Came:
        """again: the call left more than once, so that it may answer for itself."""
        if action.kind is Kind.CONTACT and action.step is Step.CREATE:
            settled = settle_contact(self._client, action, result, self._patience, revive=self._revive)
            ours = isinstance(settled, Settled) and settled.origin is Origin.CREATED
            if self._first and not again and isinstance(result, Conflict) and ours:
                self._ledger.withdraw(key_of(action))
                raise other_ledger(f"contact of user {action.key}", ledger=self._ledger.path)
            return self._settle(action, settled)
        match result:
            case InDoubt():
                return Came.IN_DOUBT
            case Failed() if action.kind in ATTRIBUTES and (id_ := self._same_attribute(action)):
                return self._done(action, id_, Origin.ADOPTED)
            case Failed():
                return self._failed(action, result)
            case Conflict(text=text):
                return self._failed(action, Failed("conflict", text, 409))
            case Done(body):
                return self._made(action, body)

    def _settle(self, action: Action, settled: Settled | Failed | InDoubt) -> Came:
        match settled:
            case Settled(id_, origin):
                return self._done(action, id_, origin)
            case Failed():
                return self._failed(action, settled)
            case InDoubt():
                return Came.IN_DOUBT

    def _made(self, action: Action, body: Any) -> Came:
        """The target says it is done. Without the id we need nobody knows what it made: that is doubt."""
        id_ = made_id(action, body if isinstance(body, dict) else {})
        if action.kind in TICKET_SETUP:
            self._tickets.learn(shown_after(action, body))
        return Came.IN_DOUBT if id_ is NO_ID else self._done(action, id_, Origin.CREATED)

    def _same_attribute(self, action: Action) -> str | None:
        """The attribute somebody made meanwhile, when it is of the type we need."""
        found = find_attribute(self._client, action.kind, action.key, self._patience)
        wanted = str(action.payload["data_type"])
        return found[0] if found is not None and same_type(found[1], wanted) else None

    def _is_fresh(self, action: Action) -> bool:
        """What the call is about was made a moment ago."""
        made = [*([action.target] if action.target is not None else ()), *action.needs]
        rows = [self._ledger.row((ref.kind, ref.key, Step.CREATE, 0)) for ref in made]
        return any(row and row.done_at is not None and self._clock() - row.done_at < FRESH for row in rows)

    def _done(self, action: Action, target_id: str | None, origin: Origin) -> Came:
        self._ledger.done(key_of(action), target_id=target_id, origin=origin, now=self._clock())
        return Came.DONE

    def _failed(self, action: Action, failed: Failed, *, again: Again | None = None) -> Came:
        self._last.code = failed.code
        is_said = not failed.status or failed.text.startswith(f"{failed.status} ")
        words = failed.text if is_said else f"{failed.status} {failed.text}"
        if again is None:  # setup: a person may have put it right, and all else stands on it
            again = Again.NEXT if failed.passing or action.kind in SETUP else Again.ASKED
        self._ledger.failed(key_of(action), error=words, again=again, now=self._clock())
        return Came.FAILED
