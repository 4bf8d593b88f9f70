"""Under whose name each message of a ticket stands, and whether customers see it.

Nobody's words stand under another's name: the requester speaks as his contact, an agent as the seated admin
he is, everybody else in a note, or under the migration admin, that begins with who wrote it and when. A
message that was internal, or of which nobody knows whether it was, is a note whoever wrote it.
"""

from dataclasses import dataclass

from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import History, Message, Person

from .mapped import Workspace, agent_key

UNHEARD = "a public comment stands in a note: its author cannot speak in Intercom"


@dataclass(frozen=True, slots=True)
class Voice:
    """admin: id of the admin it stands under; None: the requester's contact.

    own: that is its author. visible: customers see it. lost: why it is not as in Zendesk.
    """

    admin: str | None
    own: bool
    visible: bool
    lost: str | None = None


def voice_of(
    message: Message, history: History, *, mapping: Mapping, workspace: Workspace, migration_admin: str
) -> Voice:
    """How a message of a ticket is said. migration_admin: his id."""
    himself = admin_himself(message.author, mapping=mapping, workspace=workspace)
    if message.public is not True:
        return Voice(himself or migration_admin, own=himself is not None, visible=False)
    if is_requesters(message, history):
        return Voice(None, own=True, visible=True)
    if himself is not None:
        return Voice(himself, own=True, visible=True)
    if mapping.choice("messages", "others") == "migration_admin":
        return Voice(migration_admin, own=False, visible=True)
    return Voice(migration_admin, own=False, visible=False, lost=UNHEARD)


def is_requesters(message: Message, history: History) -> bool:
    """The words are the requester's.

    Not surely those of a message that was rebuilt from the description where somebody else opened the ticket.
    """
    if message.author.id != history.requester.id:
        return False
    return not (message.reconstructed and history.submitter and history.submitter.id != history.requester.id)


def admin_himself(author: Person, *, mapping: Mapping, workspace: Workspace) -> str | None:
    """Id of the seated admin whom a member of staff is in Intercom, None for nobody.

    He has the same e-mail, or the mapping says that he is the same person. To whom his conversations go is
    another matter: a successor has not said what his predecessor did.
    """
    if not author.staff:
        return None
    seated = {admin["email"].casefold(): str(admin["id"]) for admin in workspace["admins"] if admin["seat"]}
    answer = _answer(author, mapping)
    if answer.get("same_person"):
        return seated.get(str(answer["admin"]).casefold())
    return seated.get(author.email.casefold()) if author.email else None


def _answer(author: Person, mapping: Mapping) -> dict[str, object]:
    """What the mapping says of this agent by name; a `*` says nothing about who somebody is."""
    names = {agent_key(author), f"id:{author.id}"}
    values = mapping.block("agents")["values"]
    return next((answer for name, answer in values.items() if name.casefold() in names), {})
