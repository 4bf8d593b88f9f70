"""What the mapping says about one value, and whom or what that is in this workspace.

The mapping names admins by e-mail and teams by name; the snapshot of the workspace turns them into ids.
A value the mapping does not answer is an InputError naming the block in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from deskferry.schemas.errors import InputError, RecordError
from deskferry.schemas.mapping import Mapping
from deskferry.templates.history import Person

Workspace = dict[str, Any]


class State(StrEnum):
    """What a conversation is left as."""

    OPEN = "open"
    CLOSED = "closed"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a conversation is assigned to. id: in the workspace, None for nobody; lost: why it is nobody."""

    id: str | None
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """The attribute a field becomes.

    field_id: of a field of people or organizations its key. where: file and line of the mapping that says so.
    """

    field_id: str
    attribute: str
    data_type: str
    where: str


@dataclass(frozen=True, slots=True)
class TagTarget:
    """The conversation attribute a tag becomes, and the value it gets where the tag stands."""

    tag: str
    attribute: str
    data_type: str
    where: str
    value: str | bool


NOBODY = Assignee(None)
_TAGS = ("tags", "user_tags")
UNKNOWN = "unknown"  # the status of a ticket whose export says none


def state_of(mapping: Mapping, *, status: str, custom_status: str | None) -> State:
    """Open, closed or snoozed. Raises RecordError as state_answer does."""
    return State(state_answer(mapping, status=status, custom_status=custom_status)["state"])


def state_answer(mapping: Mapping, *, status: str, custom_status: str | None) -> dict[str, Any]:
    """What the mapping says of a status. The account's own decides where it is named, else its category.

    Raises RecordError for a ticket without a status: whether it is done is not ours to guess.
    """
    own = mapping.data["custom_statuses"]["values"]
    if custom_status is not None and custom_status in own:
        answer: dict[str, Any] = own[custom_status]
        return answer
    if status == UNKNOWN and status not in mapping.data["statuses"]["values"]:
        raise RecordError("the export does not say its status", pointer="/status")
    return _entry(mapping, "statuses", status)


def admin_of(mapping: Mapping, workspace: Workspace, *, assignee: Person) -> Assignee:
    """The admin a Zendesk agent's conversations go to; only a seated one can have any."""
    entry = _entry(mapping, "agents", agent_key(assignee), assignee.email, f"id:{assignee.id}")
    email = mapping.choice("staff", "placeholder") if "placeholder" in entry else entry.get("admin")
    if email is None:
        return NOBODY
    found = _admin(workspace, email)
    if found is None:
        return Assignee(None, f"not assigned to {email}: no such admin in {workspace['name']}")
    if not found["seat"]:
        return Assignee(None, f"not assigned to {email}: no seat in {workspace['name']}")
    return Assignee(found["id"])


def team_of(mapping: Mapping, workspace: Workspace, *, group: str) -> Assignee:
    """The team a Zendesk group's conversations go to."""
    entry = _entry(mapping, "groups", group)
    if "team" not in entry:
        return NOBODY
    name = entry["team"]
    teams = [team for team in workspace["teams"] if team["name"] == name]
    if not teams:
        teams = [team for team in workspace["teams"] if team["name"].casefold() == name.casefold()]
    if len(teams) == 1 and not teams[0].get("distributes"):
        return Assignee(teams[0]["id"])
    why = "several teams of this name" if teams else "no such team"
    if len(teams) == 1:
        why = "it hands its conversations out by itself"
    return Assignee(None, f"not assigned to team {name}: {why} in {workspace['name']}")


def migration_admin(mapping: Mapping, workspace: Workspace) -> str:
    """Id of the admin who writes everything: the one the mapping names, else the owner of the token.

    Raises InputError when he is not in the workspace or has no seat, without which nobody can write.
    """
    email = mapping.data["staff"]["migration_admin"]
    if email is None:
        return _token_owner(mapping, workspace)
    found = _admin(workspace, email)
    if found is None or not found["seat"]:
        raise InputError(
            f"migration admin {email} {'has no seat' if found else 'is not'} in {workspace['name']}",
            where=mapping.where("staff", "migration_admin"),
            todo="Name an admin with a seat, or null for the owner of the token",
        )
    return str(found["id"])


def _token_owner(mapping: Mapping, workspace: Workspace) -> str:
    me = workspace["me"]
    if any(admin["id"] == me["id"] and not admin["seat"] for admin in workspace["admins"]):
        raise InputError(
            f"the owner of the token, {me['email']}, has no seat in {workspace['name']}",
            where=mapping.where("staff", "migration_admin"),
            todo="Give him one in Intercom, or name an admin who has one",
        )
    return str(me["id"])


def assigns(mapping: Mapping, state: State) -> bool:
    """Whether conversations of this state are assigned to anybody."""
    wanted = mapping.data["assign"]
    return bool(wanted == "all" or (wanted == "open" and state is not State.CLOSED))


def tags_of(mapping: Mapping, tags: Iterable[str], *, block: str = "tags") -> list[str]:
    """The Intercom tags of Zendesk tags, in order. Intercom's tags differ not in upper and lower case.

    block: tags, or user_tags for those of people; a tag of both is spelled as that of tickets.
    """
    spelled: dict[str, str] = {}
    for name, entry in [one for each in _TAGS for one in mapping.block(each)["values"].items()]:
        if name != "*" and "drop" not in entry and "attribute" not in entry:
            spelled.setdefault(entry.get("rename", name).casefold(), entry.get("rename", name))
    kept: dict[str, str] = {}
    for tag in tags:
        entry = _entry(mapping, block, tag)
        if "drop" not in entry and "attribute" not in entry:
            name = entry.get("rename", tag)
            kept.setdefault(name.casefold(), spelled.get(name.casefold(), name))
    return list(kept.values())


def tag_targets(mapping: Mapping) -> list[TagTarget]:
    """Every tag that becomes the value of an attribute, in the order of the mapping."""
    return [
        TagTarget(
            tag,
            entry["attribute"],
            "string" if "value" in entry else "boolean",
            mapping.where("tags", "values", tag),
            entry.get("value", True),
        )
        for tag, entry in mapping.data["tags"]["values"].items()
        if "attribute" in entry
    ]


def name_of(mapping: Mapping, block: str, value: str | None) -> str | None:
    """What a priority, type, brand, form or channel is called in an attribute."""
    return _entry(mapping, block, value).get("rename", value) if value else value


def is_dropped(mapping: Mapping, block: str, value: str) -> bool:
    """Whether the mapping leaves a value out; also of one it does not name, which is nothing to leave out."""
    try:
        return "drop" in _entry(mapping, block, value)
    except InputError:
        return False


def option_name(mapping: Mapping, field_id: str, stored: str, *, name: str) -> str | None:
    """What an option of a drop-down is called; None for one that is left out. name: as in Zendesk."""
    options = mapping.data["custom_fields"]["values"].get(field_id, {}).get("options")
    if options is None:
        return name
    where = ("custom_fields", "values", field_id, "options")
    entry = _answer(options, stored, mapping=mapping, where=where)
    return None if "drop" in entry else entry.get("rename", name)


def field_targets(mapping: Mapping, *, block: str = "custom_fields") -> list[FieldTarget]:
    """Every field that becomes an attribute, in the order of the mapping.

    block: custom_fields, user_fields or organization_fields. Several fields may share an attribute. Raises
    InputError when they disagree about its type.
    """
    targets: dict[str, FieldTarget] = {}
    made = []
    for field_id, entry in mapping.block(block)["values"].items():
        if "attribute" not in entry:
            continue
        where = mapping.where(block, "values", field_id)
        target = FieldTarget(field_id, entry["attribute"], entry.get("type", "string"), where)
        first = targets.setdefault(target.attribute, target)
        if first.data_type != target.data_type:
            raise InputError(
                f"attribute {target.attribute} is {target.data_type} here and {first.data_type} "
                f"for field {first.field_id}",
                where=where,
            )
        made.append(target)
    return made


def zone_of(mapping: Mapping) -> ZoneInfo:
    """The zone of the times in opening and transcript. Raises InputError for a zone nobody knows."""
    name = mapping.data["transcript"]["timezone"]
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a relative path; a folder such as `Europe`
        raise InputError(
            f"unknown zone '{name}'",
            where=mapping.where("transcript", "timezone"),
            todo="Use a name such as Europe/Berlin or UTC",
        ) from None


def agent_key(person: Person) -> str:
    """How the mapping names an agent: his e-mail, `id:<number>` without one."""
    return person.email.lower() if person.email else f"id:{person.id}"


def _entry(mapping: Mapping, block: str, value: str, *others: str | None) -> dict[str, Any]:
    """The answer for a value: named, named in other letters, or meant by `*`."""
    values = mapping.block(block)["values"]
    return _answer(values, value, *others, mapping=mapping, where=(block, "values"))


def _answer(
    values: dict[str, dict[str, Any]],
    value: str,
    *others: str | None,
    mapping: Mapping,
    where: tuple[str, ...],
) -> dict[str, Any]:
    for name in (value, *others):
        if name is not None and name in values:
            return values[name]
    folded = value.casefold()
    for name, entry in values.items():
        if name.casefold() == folded:
            return entry
    if "*" in values:
        return values["*"]
    raise InputError(
        f"{where[0]}: no answer for '{value}'",
        where=mapping.where(*where),
        todo="Add a line for it; `deskferry map check` lists all that are open",
    )


def _admin(workspace: Workspace, email: str) -> dict[str, Any] | None:
    for admin in workspace["admins"]:
        if admin["email"].casefold() == email.casefold():
            found: dict[str, Any] = admin
            return found
    return None
