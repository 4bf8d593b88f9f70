"""Finding in the workspace what a thread of calls has made, when no ledger knows of it.

Things are found by our own attributes, conversations by contact and second; what happened inside them is
told from one read. A mark of ours says that we made a thing: without one it counts as adopted, which is never
taken back. What can be repeated without harm is left to do.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deskferry.schemas.errors import InputError
from deskferry.schemas.own_attributes import TICKET_ID

from .action import HISTORY, Action, Kind, Ref, Step
from .answers import Failed
from .client import Call, Client
from .contacts import Settled
from .doubt import look, repeats
from .doubt_part import shows
from .ledger import Ledger, key_of
from .ledger_file import Again, Failure, Origin, Row, State
from .made import as_object, listed
from .perform import Patience, perform, require
from .rebuild_people import in_company, marked_company, marked_contacts, unmarked_contacts
from .setup import standing
from .thread import Thread
from .verdict import Made, NotMade, Unclear, Verdict


class Finder:
    """Looks for threads and writes down what it finds. live: a snapshot taken now.

    found: by thread, what it was found as. absent: threads of which nothing was found. unclear: what a person
    must look at.
    """

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        *,
        plan_digest: str,
        live: Mapping[str, Any],
        resolve: Callable[[Ref], str],
        patience: Patience,
        clock: Callable[[], float],
    ) -> None:
        self._client, self._ledger, self._plan_digest = client, ledger, plan_digest
        self._live, self._known, self._patience, self._clock = live, resolve, patience, clock
        self._people: dict[str, str] = {}  # contacts without our mark, which load will take over
        self.found: dict[tuple[Kind, str], tuple[Kind, Origin]] = {}
        self.absent: dict[tuple[Kind, str], None] = {}
        self.unclear: list[Failure] = []

    def setup(self, actions: Sequence[Action]) -> None:
        """Write down the setup that stands there already."""
        for action in actions:
            if self._row(action) is None and (id_ := standing(self._live, action)) is not None:
                self._write([(action, id_)], Origin.ADOPTED)

    def find(self, threads: Sequence[Thread]) -> None:
        """Look for some threads; people among them first, as the others are found by them."""
        contacts = [thread for thread in threads if thread.kind is Kind.CONTACT]
        people = self._contacts([thread for thread in contacts if self._row(thread.actions[0]) is None])
        for thread in threads:
            self.absent.pop((thread.kind, thread.key), None)
            if thread.kind is Kind.MEMBERSHIP:
                self._membership(thread)
                continue
            id_, origin = self._thing(thread, people)
            if id_ is None:
                self._not_found(thread)
            elif thread.kind in HISTORY:
                self._inside(thread, id_)
            else:
                self._beside(thread, id_, origin)

    def resolve(self, ref: Ref) -> str:
        """Intercom's id of what a call names."""
        if ref.kind is Kind.CONTACT and ref.key in self._people:
            return self._people[ref.key]
        return self._known(ref)

    def _not_found(self, thread: Thread) -> None:
        if not any(failure.kind is thread.kind and failure.key == thread.key for failure in self.unclear):
            self.absent[thread.kind, thread.key] = None

    def _thing(self, thread: Thread, people: Mapping[str, Settled]) -> tuple[str | None, Origin]:
        """What a thread is about, and how sure it is ours; of history that is told later, from a read."""
        create = thread.actions[0]
        row = self._row(create)
        if row is not None:
            return row.target_id if row.state is State.DONE else None, row.origin or Origin.ADOPTED
        if thread.kind in (Kind.CONTACT, Kind.COMPANY):
            found = people.get(thread.key) if thread.kind is Kind.CONTACT else self._company(create)
            return (found.id, found.origin) if found is not None else (None, Origin.ADOPTED)
        if not self._can_be_found(create):
            return None, Origin.ADOPTED
        match self._look(create):
            case Made(target_id):
                return target_id, Origin.ADOPTED
            case Unclear(text):
                self._is_unclear(create, text)
            case NotMade():
                pass
        return None, Origin.ADOPTED

    def _can_be_found(self, create: Action) -> bool:
        """Whom it is with stands there. Without him, or the attribute to search by, nothing was made."""
        try:
            self.resolve(Ref(Kind.CONTACT, str(create.witness["contact"])))
            if create.kind is Kind.TICKET:
                kind = create.witness["ticket_type"]
                self.resolve(Ref(Kind.TICKET_ATTRIBUTE, f"{kind}/{TICKET_ID}"))
        except InputError:  # the workspace has no such thing: nothing was asked
            return False
        return True

    def _inside(self, thread: Thread, id_: str) -> None:
        """A conversation or ticket, and what of its calls it shows.

        Calls of a thread are made one after the other: what stands before a part of ours, or before our
        attributes, was made, too, even if people have taken it back since or Intercom shows it no more.
        """
        result = perform(self._client, Call("GET", f"/{thread.kind}s/{id_}", fresh=True), self._patience)
        if isinstance(result, Failed) and result.status == 404:
            self._not_found(thread)
            return
        shown = require(result, f"reading {thread.kind} {id_}")
        if thread.kind is Kind.TICKET and any(action.step is Step.TAG for action in thread.actions):
            shown = {**shown, "tags": self._tags_of_ticket(id_)}
        marked = _mark(thread.kind, shown) == thread.key
        origin = Origin.CREATED if marked else Origin.ADOPTED
        made: dict[int, str | None] = {0: id_}
        last = 0
        for place, action in enumerate(thread.actions[1:], start=1):
            verdict = self._shown(action, shown, marked=marked, id_=id_)
            if isinstance(verdict, Made):
                made[place] = verdict.target_id
                sure = action.step in (Step.NOTE, Step.MESSAGE) or (action.step is Step.UPDATE and marked)
                last = place if sure else last
            elif isinstance(verdict, Unclear):
                self._is_unclear(action, verdict.text)
        actions = [
            (action, made.get(place))
            for place, action in enumerate(thread.actions)
            if (place in made or place < last) and self._row(action) is None
        ]
        self._write(actions, origin)
        self.found[thread.kind, thread.key] = (thread.kind, origin)

    def _shown(self, action: Action, shown: Mapping[str, Any], *, marked: bool, id_: str) -> Verdict:
        if action.kind is Kind.CONVERSATION and action.step is Step.UPDATE:
            return Made(None) if marked else NotMade()  # the mark comes with it
        resolve = self.resolve

        def resolved(ref: Ref) -> str:
            return id_ if ref == Ref(action.kind, action.key) else resolve(ref)

        try:
            if action.step is Step.TAG:
                tag = self.resolve(Ref(Kind.TAG, action.witness["tag"]))
                there = {str(item.get("id")) for item in listed(shown, "tags", "tags")}
                return Made(None) if tag in there else NotMade()
            return shows(shown, self._as_row(action), resolved)
        except InputError:  # a tag that is nowhere is not on it
            return NotMade()

    def _tags_of_ticket(self, id_: str) -> Any:
        """A ticket shows none of its tags; as a conversation it does."""
        result = perform(self._client, Call("GET", f"/conversations/{id_}"), self._patience)
        return {} if isinstance(result, Failed) else require(result, f"reading ticket {id_}").get("tags")

    def _beside(self, thread: Thread, id_: str, origin: Origin) -> None:
        """A contact or company: the calls after the first that leave something of their own there."""
        create, *rest = thread.actions
        self._write([(create, id_)] if self._row(create) is None else [], origin)
        self.found[thread.kind, thread.key] = (thread.kind, origin)
        for action in rest:
            if self._row(action) is not None or repeats(action):
                continue
            match self._look(action):
                case Made(target_id):
                    self._write([(action, target_id)], Origin.CREATED)
                case Unclear(text):
                    self._is_unclear(action, text)
                case NotMade():
                    pass

    def _contacts(self, threads: Sequence[Thread]) -> dict[str, Settled]:
        """Contacts that carry our mark, by key. Those found otherwise are kept for their conversations."""
        keys = [thread.key for thread in threads]
        found = marked_contacts(self._client, keys, live=self._live, patience=self._patience)
        for thread in threads:
            if len(several := found.get(thread.key, ())) > 1:
                ids = ", ".join(person.id for person in several)
                self._is_unclear(thread.actions[0], f"several contacts are user {thread.key}: {ids}")
        others = {thread.key: thread.actions[0].witness for thread in threads if thread.key not in found}
        self._people |= unmarked_contacts(self._client, others, patience=self._patience)
        return {key: people[0] for key, people in found.items() if len(people) == 1}

    def _membership(self, thread: Thread) -> None:
        """Whether a contact is in a company. Nothing says who put him there."""
        (join,) = thread.actions
        if self._row(join) is not None:
            return
        contact, company = thread.key.split("/")
        try:
            person = self.resolve(Ref(Kind.CONTACT, contact))
            firm = self.resolve(Ref(Kind.COMPANY, company))
        except InputError:  # one of them was not found: nothing was asked
            self._not_found(thread)
            return
        if in_company(self._client, person, firm, patience=self._patience):
            self._write([(join, firm)], Origin.ADOPTED)
            self.found[thread.kind, thread.key] = (thread.kind, Origin.ADOPTED)
        else:
            self._not_found(thread)

    def _company(self, create: Action) -> Settled | None:
        company_id = str(create.witness["company_id"])
        return marked_company(self._client, company_id, key=create.key, patience=self._patience)

    def _look(self, action: Action) -> Verdict:
        return look(
            self._client,
            self._as_row(action),
            action,
            ledger=self._ledger,
            resolve=self.resolve,
            patience=self._patience,
        )

    def _as_row(self, action: Action) -> Row:
        """The call as a ledger would have it whose loader died before the answer came."""
        return Row(
            *key_of(action),
            payload_hash=action.payload_hash,
            witness=action.witness,
            plan_digest=self._plan_digest,
            target_id=None,
            origin=None,
            state=State.SENDING,
            error=None,
            sent_at=self._clock(),
            done_at=None,
        )

    def _row(self, action: Action) -> Row | None:
        return self._ledger.thread(action.kind, action.key).get((action.step, action.part))

    def _write(self, made: Sequence[tuple[Action, str | None]], origin: Origin) -> None:
        if made:
            now = self._clock()
            self._ledger.intend((action for action, _ in made), plan_digest=self._plan_digest, now=now)
            for action, target_id in made:
                self._ledger.done(key_of(action), target_id=target_id, origin=origin, now=now)

    def _is_unclear(self, action: Action, text: str) -> None:
        if self._row(action) is None:
            now = self._clock()
            self._ledger.intend([action], plan_digest=self._plan_digest, now=now)
            self._ledger.failed(key_of(action), error=text, again=Again.NEVER, now=now)
            self.unclear.append(Failure(*key_of(action), error=text))


def _mark(kind: Kind, shown: Mapping[str, Any]) -> str:
    """The number of the ticket in Zendesk that a conversation or ticket says it is."""
    if kind is Kind.TICKET:
        return str(as_object(shown.get("ticket_attributes")).get(TICKET_ID))
    return str(as_object(shown.get("custom_attributes")).get("zendesk_id"))
