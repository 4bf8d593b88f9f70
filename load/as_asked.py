"""Whether an answer is about what was asked: something on the way may answer for Intercom, with any object.

An empty object would else be a search that found nothing, and what it was to find would be sent twice; or an
update that was made, and was not. Only what an answer shows is held against the call, and the id of what the
call names or makes, without which nothing could be done about it.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from deskferry.schemas.own_attributes import TICKET_ID
from deskferry.templates.clean import canonical_html, canonical_text

from .answers import Answer, Silence
from .client import Call

_SEARCH = re.compile(r"/(\w+)/search")
_BY_EXTERNAL_ID = re.compile(r"/contacts/find_by_external_id/([^/]+)")
_LISTS = {
    "/admins": "admins",
    "/teams": "teams",
    "/tags": "data",
    "/data_attributes": "data",
    "/conversations/attributes": "data",
    "/ticket_types": "data",
}
_THING = re.compile(r"/(contacts|companies|conversations|tickets)/([^/]+)(?:/(\w+))?")
# What such a call answers with the thing it is about.
_SHOWS_IT = {None, "parts", "customers", "unarchive"}
# What else is put there, as Intercom calls it.
_BESIDE = {
    ("contacts", "notes"): "note",
    ("companies", "notes"): "note",
    ("tickets", "reply"): "ticket_part",
}
# Of a new thing, what the call says about it and nothing may change.
_SAYS = {
    "/contacts": ("contact", ("external_id", "email")),
    "/companies": ("company", ("company_id",)),
    "/tickets": ("ticket", ()),
    "/tags": ("tag", ("name",)),
    "/ticket_types": ("ticket_type", ("name",)),
}
_ATTRIBUTE = re.compile(r"/data_attributes|/conversations/attributes|/ticket_types/[^/]+/attributes")


def as_asked(reply: Answer | Silence, call: Call) -> Answer | Silence:
    """The reply; broken where it is a good one about something else, or about nothing."""
    if not isinstance(reply, Answer) or not 200 <= reply.status < 300 or call.method == "DELETE":
        return reply
    if isinstance(reply.body, dict) and _is_about(reply.body, call):
        return reply
    return replace(reply, body=None, broken=True)


def _is_about(body: Mapping[str, Any], call: Call) -> bool:
    path, _, asked = call.path.partition("?")
    if found := _SEARCH.fullmatch(path):
        return isinstance(body.get("data" if found[1] == "contacts" else found[1]), list)
    if found := _BY_EXTERNAL_ID.fullmatch(path):
        return "id" in body and _same(body.get("external_id"), unquote(found[1]))
    if call.method == "GET" and path in _LISTS:
        return isinstance(body.get(_LISTS[path]), list)
    if call.method == "GET" and path == "/companies":
        named = parse_qs(asked).get("company_id", [""])[0]
        return isinstance(body.get("data"), list) or ("id" in body and _same(body.get("company_id"), named))
    if call.method == "POST" and _ATTRIBUTE.fullmatch(path):
        return _same(body.get("name"), (call.payload or {}).get("name"))
    if call.method == "POST" and path.count("/") == 1:
        return _is_new(body, call.payload or {}, path)
    found = _THING.fullmatch(path)
    return found is None or _is_thing(body, call, found)


def _is_new(body: Mapping[str, Any], payload: Mapping[str, Any], path: str) -> bool:
    """What a call says it made."""
    if path == "/conversations":  # answered with its first message
        if not str(body.get("type", "message")).endswith("message"):
            return False
        return body.get("created_at") in (None, payload.get("created_at")) or _same_words(body, payload)
    if path not in _SAYS:
        return True
    kind, names = _SAYS[path]
    if body.get("type", kind) != kind or "id" not in body:
        return False
    number = (payload.get("ticket_attributes") or {}).get(TICKET_ID)
    said = [(body.get(name), payload.get(name)) for name in names]
    theirs = body.get("ticket_attributes")
    said.append((theirs.get(TICKET_ID) if isinstance(theirs, dict) else None, number))
    return all(shown is None or wanted is None or _same(shown, wanted) for shown, wanted in said)


def _is_thing(body: Mapping[str, Any], call: Call, found: re.Match[str]) -> bool:
    """What a call shows or changes, or what it puts there."""
    kind, id_, beside = found.groups()
    if beside in _SHOWS_IT or (kind, beside) == ("conversations", "reply"):
        return str(body.get("id")) == unquote(id_)
    if call.method == "GET":
        names = ("companies", "data") if beside == "companies" else ("data",)
        return any(isinstance(body.get(name), list) for name in names)
    if beside in ("tags", "companies"):
        return str(body.get("id")) == str((call.payload or {}).get("id"))
    said = _BESIDE.get((kind, beside))
    return "id" in body and (said is None or body.get("type", said) == said)


def _same_words(body: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether Intercom shows them as HTML or as text is not said."""
    shown, sent = body.get("body"), canonical_text(str(payload.get("body")))
    return shown is None or sent in (canonical_html(str(shown)), canonical_text(str(shown)))


def _same(shown: Any, wanted: Any) -> bool:
    """Intercom escapes names, and writes e-mail addresses in small letters."""
    return html.unescape(str(shown)).strip().casefold() == str(wanted).strip().casefold()
