"""The HTTP side: every request passes the same gate, then its handler, inside one transaction."""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from . import attributes, contacts, conversations, outbox, parts, search, workspace
from .answers import Answer, Json, Problem, not_found
from .call import Call
from .limits import count_call
from .requests_schema import check
from .state import State

API_VERSION = "2.16"

Handler = Callable[[State, Call], Json]


@dataclass(frozen=True, slots=True)
class Settings:
    """token: the only one accepted; None: any. rate: calls per 10 seconds. search_lag: seconds."""

    token: str | None
    rate: int
    search_lag: float
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """schema: the file in schemas/intercom/ that the body must satisfy; None: the handler looks itself."""

    handler: Handler
    schema: str | None = None


ENDPOINTS = {
    "GET /me": Endpoint(workspace.me),
    "GET /admins": Endpoint(workspace.list_admins),
    "GET /teams": Endpoint(workspace.list_teams),
    "GET /tags": Endpoint(workspace.list_tags),
    "POST /tags": Endpoint(workspace.create_tag, "create_tag"),
    "GET /data_attributes": Endpoint(attributes.list_data_attributes),
    "POST /data_attributes": Endpoint(attributes.create_data_attribute, "create_data_attribute"),
    "GET /conversations/attributes": Endpoint(attributes.list_conversation_attributes),
    "POST /conversations/attributes": Endpoint(
        attributes.create_conversation_attribute, "create_conversation_attribute"
    ),
    "GET /conversations/attributes/{id}": Endpoint(attributes.get_conversation_attribute),
    "PUT /conversations/attributes/{id}": Endpoint(
        attributes.update_conversation_attribute, "update_conversation_attribute"
    ),
    "DELETE /conversations/attributes/{id}": Endpoint(attributes.archive_conversation_attribute),
    "POST /conversations/attributes/{id}/options": Endpoint(
        attributes.add_conversation_attribute_option, "create_conversation_attribute_option"
    ),
    "POST /contacts": Endpoint(contacts.create_contact, "create_contact"),
    "POST /contacts/search": Endpoint(search.search_contacts, "search"),
    "GET /contacts/find_by_external_id/{external_id}": Endpoint(contacts.find_by_external_id),
    "GET /contacts/{id}": Endpoint(contacts.get_contact),
    "PUT /contacts/{id}": Endpoint(contacts.update_contact, "update_contact"),
    "DELETE /contacts/{id}": Endpoint(contacts.delete_contact),
    "POST /contacts/{id}/archive": Endpoint(contacts.archive_contact),
    "POST /contacts/{id}/unarchive": Endpoint(contacts.unarchive_contact),
    "GET /conversations": Endpoint(conversations.list_conversations),
    "POST /conversations": Endpoint(conversations.create_conversation, "create_conversation"),
    "POST /conversations/search": Endpoint(search.search_conversations, "search"),
    "GET /conversations/{id}": Endpoint(conversations.get_conversation),
    "PUT /conversations/{id}": Endpoint(conversations.update_conversation, "update_conversation"),
    "DELETE /conversations/{id}": Endpoint(conversations.delete_conversation),
    "POST /conversations/{id}/reply": Endpoint(parts.reply),
    "POST /conversations/{id}/parts": Endpoint(parts.manage),
    "POST /conversations/{id}/tags": Endpoint(conversations.tag_conversation, "tag_conversation"),
    "DELETE /conversations/{id}/tags/{tag_id}": Endpoint(
        conversations.untag_conversation, "untag_conversation"
    ),
}
# Longest first and literal before named: /conversations/search is no conversation.
_PATTERNS = sorted(
    ((name, name.replace(" ", "").split("/")) for name in ENDPOINTS), key=lambda one: one[0].count("{")
)


def make_app(state: State, settings: Settings) -> Starlette:
    """The sandbox on an open state. Handlers run one after the other: SQLite has one writer anyway."""

    async def api(request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:  # a caller that was killed half way through: it asked nothing
            return Response(status_code=499)
        return _response(_handle(state, settings, request, body))

    async def state_counts(_request: Request) -> Response:
        return _response(Answer(200, outbox.counts(state)))

    async def outbox_list(_request: Request) -> Response:
        return _response(Answer(200, outbox.outbox(state)))

    async def request_log(request: Request) -> Response:
        after, limit = request.query_params.get("after", "0"), request.query_params.get("limit", "-1")
        try:
            return _response(Answer(200, outbox.requests(state, after=int(after), limit=int(limit))))
        except (ValueError, OverflowError):
            return _response(Problem(400, "parameter_invalid", "after and limit are numbers").answer())

    async def file(request: Request) -> Response:
        row = state.one("file", id=request.path_params["number"])
        if row is None:
            return _response(not_found("Not Found").answer())
        return Response(row["data"], media_type="application/octet-stream")

    async def nothing(_request: Request) -> Response:
        return _response(not_found("Not Found").answer())

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    return Starlette(
        routes=[
            Route("/_sandbox/state", state_counts),
            Route("/_sandbox/outbox", outbox_list),
            Route("/_sandbox/requests", request_log),
            Route("/_sandbox/files/{number:int}", file),
            Route("/_sandbox/{rest:path}", nothing, methods=methods),
            Route("/{path:path}", api, methods=methods),
        ]
    )


def _handle(state: State, settings: Settings, request: Request, body: bytes) -> Answer:
    """Gate, handler, log. An error undoes what the handler did; the log and the count stay."""
    now = settings.clock()
    # The raw path: a %2F inside an external id is no step.
    path: str = request.scope["raw_path"].decode("ascii", errors="replace")
    endpoint, ids = _match(request.method, path)
    with state.transaction():
        headers: dict[str, str] = {}
        parsed: Any = None
        try:
            _authorize(request, settings.token)
            allowance = count_call(state, now=now, rate=settings.rate)
            headers.update(allowance.headers)
            allowance.require()
            _require_version(request)
            parsed = _parse(body)
            if endpoint is None:
                raise not_found("The requested resource or method was not found")
            call = Call(
                method=request.method,
                path=path,
                ids=ids,
                query=request.query_params,
                body=parsed,
                now=now,
                search_lag=settings.search_lag,
                base_url=str(request.base_url).rstrip("/"),
            )
            with state.attempt():
                answer = _answer(state, ENDPOINTS[endpoint], call)
        except Problem as problem:
            answer = problem.answer()
        except Exception:
            # A bug of ours must not end the server: it is shown here and answered as a 500.
            traceback.print_exc(file=sys.stderr)
            answer = Problem(500, "server_error", "The sandbox failed; its own output says why").answer()
        outbox.log_request(
            state,
            now=now,
            method=request.method,
            path=f"{path}?{request.url.query}" if request.url.query else path,
            status=answer.status,
            body=body,
            visible=outbox.visible_words(endpoint or "", parsed),
        )
    return Answer(answer.status, answer.body, {"X-Request-Id": str(uuid4()), **headers, **answer.headers})


def _answer(state: State, endpoint: Endpoint, call: Call) -> Answer:
    if endpoint.schema is not None:
        check(endpoint.schema, call.body)
    return Answer(200, endpoint.handler(state, call))


def _authorize(request: Request, token: str | None) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip() or token not in (None, given.strip()):
        raise Problem(401, "unauthorized", "Access Token Invalid")


def _require_version(request: Request) -> None:
    version = request.headers.get("intercom-version")
    if version != API_VERSION:
        message = f"Intercom-Version {version or '(none)'} is not spoken here, only {API_VERSION}"
        raise Problem(400, "intercom_version_invalid", message)


def _parse(body: bytes) -> Any:
    if not body.strip():
        return {}
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(400, "bad_request", "The body is not JSON") from None
    if not isinstance(parsed, dict):
        raise Problem(400, "bad_request", "The body is not a JSON object")
    return parsed


def _match(method: str, path: str) -> tuple[str | None, dict[str, str]]:
    """The endpoint of a request and the values in its path; None: there is no such."""
    steps = [method, *(unquote(step) for step in path.strip("/").split("/"))]
    for name, pattern in _PATTERNS:
        if len(pattern) != len(steps):
            continue
        ids: dict[str, str] = {}
        for wanted, step in zip(pattern, steps, strict=True):
            if wanted.startswith("{") and step:
                ids[wanted[1:-1]] = step
            elif wanted != step:
                break
        else:
            return name, ids
    return None, {}


def _response(answer: Answer) -> Response:
    return Response(
        orjson.dumps(answer.body),
        status_code=answer.status,
        media_type="application/json",
        headers=dict(answer.headers),
    )
