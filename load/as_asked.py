"""Whether an answer is about what was asked: something on the way may answer for Intercom, with any object.

An empty object would else be a search that found nothing, and what it was to find would be sent twice.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .answers import Answer, Silence
from .client import Call

_THREAD = re.compile(r"/(?:conversations|tickets)/(\d+)")
_SEARCH = re.compile(r"/(\w+)/search")
_LISTS = {
    "/admins": "admins",
    "/teams": "teams",
    "/tags": "data",
    "/data_attributes": "data",
    "/conversations/attributes": "data",
    "/ticket_types": "data",
}
_BESIDE = re.compile(r"/(?:contacts|companies)/[^/]+/(?:notes|tags)")
_MADE = {"/contacts": "contact", "/tickets": "ticket", "/tags": "tag", "/companies": "company"}


def as_asked(reply: Answer | Silence, call: Call) -> Answer | Silence:
    """The reply; broken where it is a good one about something else."""
    if not isinstance(reply, Answer) or not 200 <= reply.status < 300 or not isinstance(reply.body, dict):
        return reply
    return reply if _is_about(reply.body, call) else replace(reply, body=None, broken=True)


def _is_about(body: Mapping[str, Any], call: Call) -> bool:
    path = call.path.partition("?")[0]
    if call.method == "GET":
        if found := _THREAD.fullmatch(path):
            return str(body.get("id")) == found[1]
        name = "data" if _BESIDE.fullmatch(path) else _LISTS.get(path)
        return name is None or isinstance(body.get(name), list)
    if call.method != "POST":
        return True
    if found := _SEARCH.fullmatch(path):
        return isinstance(body.get("data" if found[1] == "contacts" else found[1]), list)
    return body.get("type", _MADE.get(path)) == _MADE.get(path) or path not in _MADE
