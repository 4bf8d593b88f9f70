"""What there is of a canary: in the ledger before it is made, deleted afterwards or by the next run."""

import json
from collections.abc import Iterator

from deskferry.schemas.errors import InputError

from .action import Kind
from .answers import Answer, Done, first_error
from .client import Call, Client
from .ledger import Ledger
from .made import listed
from .manner import Manner
from .perform import BACKOFF, perform, require

METRICS = "metrics_removable"  # fact of the ledger: yes, or the words in which the target refused it
_FACT = "canary"
_NUMBER = "canaries"
_GONE = (404, 410)


class Nest:
    """A canary as the ledger has it, changed there with every step.

    contact: its Intercom id, None while unknown. things: (kind, id). doubts: of each kind that may stand
    there unseen, the unix seconds at which the call left for the last time.
    """

    def __init__(self, ledger: Ledger, external_id: str) -> None:
        self._ledger, self.external_id = ledger, external_id
        self.contact: str | None = None
        self.things: list[tuple[Kind, str]] = []
        self.doubts: dict[Kind, float] = {}
        self._lost = False

    @classmethod
    def new(cls, ledger: Ledger, external_id: str) -> "Nest":
        """One that is about to be made. Its number: Intercom remembers the external ids of the deleted."""
        number = int(ledger.fact(_NUMBER) or 0) + 1
        ledger.note(_NUMBER, str(number))
        nest = cls(ledger, f"{external_id}-{number}")
        nest._write()
        return nest

    @classmethod
    def left(cls, ledger: Ledger) -> "Nest | None":
        """The one that a run left behind, None where there is none."""
        fact = ledger.fact(_FACT)
        if not fact:
            return None
        said = json.loads(fact)
        nest = cls(ledger, said["external_id"])
        nest.contact = said["contact"]
        nest.things = [(Kind(kind), id_) for kind, id_ in said["things"]]
        nest.doubts = {Kind(kind): at for kind, at in said["doubts"].items()}
        return nest

    def laying(self, kind: Kind, *, now: float) -> None:
        """Something is about to be made, or made once more because the answer is lost."""
        self._lost = kind in self.doubts
        self.doubts[kind] = now
        self._write()

    def laid(self, kind: Kind, id_: str) -> None:
        """It is made. One whose answer was lost may stand beside it: that stays in doubt."""
        if kind is Kind.CONTACT:
            self.contact = id_
        else:
            self.things.append((kind, id_))
        if kind is Kind.CONTACT or not self._lost:  # two contacts of one external id there are not
            del self.doubts[kind]
        self._write()

    def clear(self, client: Client, *, manner: Manner) -> None:
        """Delete everything of it. Raises InputError where that is not answered: the next run goes on."""
        contact = self.contact
        if contact is None and Kind.CONTACT in self.doubts:
            self._wait(Kind.CONTACT, manner)
            contact = _by_external_id(client, self.external_id, manner)
        things = dict.fromkeys(self.things)
        if contact is not None:
            things |= dict.fromkeys(self._doubtful(client, contact, manner=manner))
        for kind, id_ in things:
            self._delete_thing(client, kind, id_, manner=manner)
        if contact is not None:
            _delete_contact(client, contact, manner=manner)
        self._ledger.note(_FACT, "")

    def _doubtful(self, client: Client, contact: str, *, manner: Manner) -> Iterator[tuple[Kind, str]]:
        """What search shows of it, once it surely shows everything."""
        for kind in self.doubts.keys() - {Kind.CONTACT}:
            self._wait(kind, manner)
            query = {"field": "contact_ids", "operator": "=", "value": contact}
            call = Call("POST", f"/{kind}s/search", {"query": query})
            body = require(perform(client, call, manner.patience), "searching the canary")
            yield from ((kind, str(item["id"])) for item in listed(body, f"{kind}s") if "id" in item)

    def _wait(self, kind: Kind, manner: Manner) -> None:
        """A call whose answer is lost may still be on its way."""
        if (wait := self.doubts[kind] + manner.settle - manner.clock()) > 0:
            manner.progress.warn(f"an answer to the canary is lost; looking for it in {wait:.0f} s")
            manner.patience.sleep(wait)

    def _delete_thing(self, client: Client, kind: Kind, id_: str, *, manner: Manner) -> None:
        path = f"/{kind}s/{id_}"
        if kind is Kind.CONVERSATION:
            refused = _refusal(client, f"{path}?retain_metrics=false", manner)
            self._ledger.note(METRICS, refused or "yes")
            if refused is None:
                return
            manner.progress.warn(f"a rollback could not clean the reports: {refused}")
            path = f"{path}?retain_metrics=true"
        if (refused := _refusal(client, path, manner)) is not None:
            manner.progress.warn(f"{kind} {id_}, the canary, stays; delete it by hand: {refused}")

    def _write(self) -> None:
        said = {
            "external_id": self.external_id,
            "contact": self.contact,
            "things": self.things,
            "doubts": self.doubts,
        }
        self._ledger.note(_FACT, json.dumps(said))


def _by_external_id(client: Client, external_id: str, manner: Manner) -> str | None:
    match perform(client, Call("GET", f"/contacts/find_by_external_id/{external_id}"), manner.patience):
        case Done({"id": str(id_)}):
            return id_
        case _:
            return None


def _delete_contact(client: Client, contact: str, *, manner: Manner) -> None:
    refused = _refusal(client, f"/contacts/{contact}", manner)
    if refused is None:
        return
    match perform(client, Call("POST", f"/contacts/{contact}/archive", {}), manner.patience):
        case Done():
            pass
        case _:
            manner.progress.warn(f"contact {contact}, the canary, stays; delete it by hand: {refused}")


def _refusal(client: Client, path: str, manner: Manner) -> str | None:
    """Delete; the target's words where it refuses, None when it is gone."""
    for wait in (*BACKOFF, 0.0):
        reply = client.send(Call("DELETE", path))
        if isinstance(reply, Answer):
            if reply.status < 300 or reply.status in _GONE:
                return None
            if 400 <= reply.status < 500 and reply.status not in (408, 429) and not reply.broken:
                return f"{reply.status} {first_error(reply)[1]}"
            if reply.status == 429:
                wait = max(wait, client.pace.pause(reply.headers))
        manner.patience.sleep(wait)
    raise InputError(f"no answer to DELETE {path} of the canary", todo="Run it again: it is deleted then")
