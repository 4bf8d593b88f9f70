"""A request answered by function call: what requests would send, given to an ASGI app that never waits."""

import io
from collections.abc import Mapping

import requests
from requests.adapters import HTTPAdapter
from starlette.types import ASGIApp, Message
from urllib3 import HTTPResponse

Answered = tuple[int, Mapping[str, str], bytes]  # status, headers, body


def answer_of(app: ASGIApp, request: requests.PreparedRequest) -> Answered:
    """The whole answer."""
    path, _, query = str(request.path_url).partition("?")
    host = str(request.url).split("/")[2]
    headers = {"host": host, **request.headers}
    body = request.body or b""
    scope = {
        "type": "http",
        "method": request.method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(key.lower().encode("latin-1"), _raw(value)) for key, value in headers.items()],
        "scheme": "http",
        "server": ("127.0.0.1", int(host.rpartition(":")[2])),
        "client": ("127.0.0.1", 1),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": _raw(body), "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    try:
        app(scope, receive, send).send(None)  # type: ignore[attr-defined] # a coroutine, that never waits
    except StopIteration:
        pass
    else:
        raise AssertionError("the sandbox waits for something")
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], said, b"".join(message.get("body", b"") for message in sent[1:])


def response_of(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], body: bytes
) -> requests.Response:
    """The answer as requests gives it to its caller."""
    kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    raw = HTTPResponse(io.BytesIO(body), headers=kept, status=status, preload_content=False)
    return HTTPAdapter().build_response(request, raw)


def _raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
