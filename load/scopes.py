"""What a token may read, found out by reading: each permission of Intercom's is missing by itself."""

from collections.abc import Iterator

from deskferry.schemas.errors import InputError

from .answers import Answer, first_error
from .client import Call, Client

_ONE = {"query": {"field": "role", "operator": "=", "value": "user"}, "pagination": {"per_page": 1}}
# Everything a load and its verification read.
PROBES = {
    "the workspace": Call("GET", "/me"),
    "admins": Call("GET", "/admins"),
    "teams": Call("GET", "/teams"),
    "tags": Call("GET", "/tags"),
    "attributes of people": Call("GET", "/data_attributes?model=contact"),
    "attributes of conversations": Call("GET", "/conversations/attributes"),
    "ticket types": Call("GET", "/ticket_types"),
    "contacts": Call("POST", "/contacts/search", _ONE),
    "conversations": Call("GET", "/conversations?per_page=1"),
}


def refused_reads(client: Client) -> Iterator[str]:
    """A clause for each thing the token may not read, with the API's words; they name the permission.

    Nothing but reads. What is not answered, or otherwise refused, says nothing about permissions.
    """
    for what, call in PROBES.items():
        reply = client.send(call)
        if isinstance(reply, Answer) and reply.status == 403:
            yield f"{what} ({call.method} {call.path.partition('?')[0]}: {first_error(reply)[1]})"


def name_missing(client: Client, error: InputError) -> InputError:
    """`error`, or one that names everything the token may not read where that is the trouble."""
    refused = list(refused_reads(client))
    if not refused:
        return error
    return InputError(
        f"the token may not read {'; '.join(refused)}",
        todo="Give its app these permissions in Intercom's Developer Hub, then run this again",
    )
