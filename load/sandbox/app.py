"""The HTTP side: every request passes the same gate, then its handler, inside one transaction."""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from . import outbox
from .answers import Answer, Problem, not_found
from .call import Call
from .endpoints import ENDPOINTS, Endpoint, match
from .limits import count_call
from .requests_schema import check
from .state import State
from .visible_words import visible_words

API_VERSION = "2.16"


@dataclass(frozen=True, slots=True)
class Settings:
    """token: the only one accepted; None: any. rate: calls per 10 seconds. search_lag: seconds.

    live_series: a campaign is on that mails every new contact it may. live_workflow: see live_workflow.py.
    """

    token: str | None
    rate: int
    search_lag: float
    clock: Callable[[], float]
    live_series: bool = False
    live_workflow: bool = False


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
    endpoint, ids = match(request.method, path)
    with state.transaction():
        state.run("set_moment", now=now, search_lag=settings.search_lag)
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
                live_series=settings.live_series,
                live_workflow=settings.live_workflow,
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
            endpoint,
            now=now,
            method=request.method,
            path=f"{path}?{request.url.query}" if request.url.query else path,
            status=answer.status,
            body=body,
            visible=visible_words(state, endpoint or "", ids, parsed),
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


def _response(answer: Answer) -> Response:
    return Response(
        orjson.dumps(answer.body),
        status_code=answer.status,
        media_type="application/json",
        headers=dict(answer.headers),
    )
