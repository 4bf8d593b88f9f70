"""A found record into the collector, by its entity."""

import re
from collections.abc import Mapping
from typing import Any

from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import RecordError

from .collect import Collector
from .envelope import UNKNOWN, Found
from .erased_people import GONE_NAME
from .identify import AUDITS, CONFIGURATION, TICKET_EVENTS
from .links import links_of_comment
from .normalize_audit import read_audit
from .normalize_chat import read_chat
from .normalize_comment import read_comment
from .normalize_configuration import read_configuration
from .normalize_event import read_event
from .normalize_help_center import comment_kind, read_article
from .normalize_person import read_embedded
from .normalize_record import whole_number
from .normalize_side_conversation import read_side_conversation, read_side_event
from .normalize_ticket import read_ticket
from .normalize_ticket_event import as_event, read_ticket_event
from .record_facts import made_id
from .run_lines import ERASED, PARTIAL, WHOLE
from .stream_names import field_of_name

_LONGEST = 200  # characters of an error's own words in a reason
_ACCOUNT = re.compile(r"https?://([a-zA-Z0-9][a-zA-Z0-9-]*)\.zendesk(?:-[a-z]+)?\.com/api/")


def account_of(url: Any) -> str | None:
    """The Zendesk subdomain an API address names, None if it names none."""
    match = _ACCOUNT.match(url) if isinstance(url, str) else None
    return match[1].lower() if match else None


def accept(found: Found, out: Collector, *, ticket_id: int | None) -> None:
    """Hand one record to its reader. ticket_id: what the file's name says, for comments that do not."""
    value, entity = found.value, found.entity
    if entity == UNKNOWN:
        out.reject(UNKNOWN, found.pointer, RecordError(_why_unknown(value)))
        return
    if not isinstance(value, dict):
        out.reject(entity if entity in ENTITIES else UNKNOWN, found.pointer, RecordError("not an object"))
        return
    if of_account(entity, value, found.pointer, out):
        _by_entity(found, value, out, ticket_id=ticket_id)


def of_account(entity: str, value: Mapping[str, Any], pointer: str, out: Collector) -> bool:
    """True unless another account was chosen than the one whose record this is; then it is rejected."""
    if _is_of_account(value, out):
        return True
    out.reject(
        entity if entity in ENTITIES else UNKNOWN,
        pointer,
        RecordError(f"belongs to account {account_of(value.get('url'))}", pointer="/url"),
        key=whole_number(value.get("id")),
    )
    return False


def _by_entity(found: Found, value: dict[str, Any], out: Collector, *, ticket_id: int | None) -> None:
    page_ticket = found.page.ticket_id if found.page.ticket_id is not None else ticket_id
    level = PARTIAL if found.stub or found.deleted else WHOLE
    match found.entity:
        case "tickets":
            if found.deleted:
                value = {"status": "deleted", **value}
            read_ticket(value, found.pointer, out, level=level, beside=found.page.beside)
        case "comments" if kind := comment_kind(value):
            read_configuration(kind, _name(found, value, out), value, found.pointer, out)
        case "comments" if "event_type" in value:
            own = out.own_id(value, "ticket_id")
            of_ticket = own if own is not None else page_ticket
            read_event(as_event(value), found.pointer, out, ticket_id=of_ticket, rank=out.unit.position)
        case "comments":
            rank = found.index if found.index is not None else out.unit.position
            kept = read_comment(value, found.pointer, out, ticket_id=page_ticket, version=None, rank=rank)
            if kept is not None:
                links_of_comment(kept, found.pointer, out, merged=False)
        case _ if found.entity == AUDITS:
            read_audit(value, found.pointer, out, ticket_id=page_ticket)
        case _ if found.entity == TICKET_EVENTS:
            read_ticket_event(value, found.pointer, out, ticket_id=page_ticket)
        case _ if found.entity == CONFIGURATION and found.kind == "custom_field_options":
            of_page = found.page.field_id
            value = {"field_id": field_of_name(out.unit.name) if of_page is None else of_page, **value}
            read_configuration(found.kind, _name(found, value, out), value, found.pointer, out)
        case _ if found.entity == CONFIGURATION:
            read_configuration(found.kind, _name(found, value, out), value, found.pointer, out)
        case "identities":
            read_embedded("identities", value, found.pointer, out, given={"user_id": found.page.user_id})
        case "ticket_metrics":
            read_embedded(found.entity, value, found.pointer, out, given={"ticket_id": page_ticket})
        case "side_conversations" if "side_conversation_id" not in value:  # its events have its address
            read_side_conversation(value, found.pointer, out, ticket_id=page_ticket)
        case "side_conversations" | "side_conversation_events":
            read_side_event(value, found.pointer, out, conversation=None, ticket_id=page_ticket)
        case "chats":
            read_chat(value, found.pointer, out)
        case "articles":
            read_article(value, found.pointer, out, level=level)
        case "organization_memberships" if value.get("default", False) is None:
            # Zendesk says true or null here, never false.
            read_embedded(found.entity, {**value, "default": False}, found.pointer, out, level=level)
        case "users" if found.deleted:
            level = ERASED if value.get("name") == GONE_NAME and not value.get("email") else level
            read_embedded("users", {"active": False, **value}, found.pointer, out, level=level)
        case entity:
            read_embedded(entity, value, found.pointer, out, level=level)


_ONLY_ONE = frozenset(("account", "settings"))  # of its kind in an account: the newest stays


def _name(found: Found, value: Mapping[str, Any], out: Collector) -> Any:
    number = out.own_id(value)  # 203971.0 is the number 203971
    if number is not None:
        return number
    name = value.get("id", value.get("name"))
    if name is not None:
        return name
    if found.kind in _ONLY_ONE:
        return 0
    # Told by its content alone: in another file, another one has its place in the list.
    return made_id(value)


def _is_of_account(value: Mapping[str, Any], out: Collector) -> bool:
    url = value.get("url")
    if not isinstance(url, str):
        return True
    known = out.known_address
    if known is None or not url.startswith(known[0]):
        account = account_of(url)
        if account is None:
            return True
        account = out.same_account.get(account, account)
        known = out.known_address = (url[: url.index("/api/") + 5], account)
    out.accounts[out.unit.file, known[1]] += 1
    return out.account is None or known[1] == out.account


def _text(said: Any) -> str:
    """An error in its own words: text, `{"title", "message"}`, or a list of such."""
    if isinstance(said, list):
        return "; ".join(filter(None, map(_text, said)))
    if isinstance(said, dict):
        return ": ".join(str(said[key]) for key in ("title", "message", "detail") if said.get(key))
    return said if isinstance(said, str) else ""


def _why_unknown(value: Any) -> str:
    if isinstance(value, dict) and (said := value.get("error") or value.get("errors")):
        more = value.get("description") or value.get("message")
        text = ": ".join(part for part in (_text(said), _text(more)) if part)
        return f"an error page of the API, saved as data: {text[:_LONGEST]}"
    return "not a Zendesk record that is known"
