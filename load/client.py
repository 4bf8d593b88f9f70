"""One HTTP session with one target. Sends what it is told, once; others decide what an answer means."""

import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from .answer_body import EndlessError, read_body
from .answers import Answer, Silence
from .pace import Pace

VERSION = "2.16"  # of the API; the only one spoken
_SECRET = 8  # characters; the sandbox's own `sandbox` is no secret
_REPEATABLE_POSTS = re.compile(
    r"/tags|/companies|/\w+/search|/tickets/[^/]+/tags|/contacts/[^/]+/(tags|companies|unarchive)"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request without its host. payload: JSON body, None without one. fresh: see answers.classify."""

    method: str
    path: str
    payload: Mapping[str, Any] | None = None
    fresh: bool = False

    @property
    def repeatable(self) -> bool:
        """Making it twice ends where making it once does.

        POST /tags and /companies create or return; a tag stands on a ticket once; a contact with role user is
        refused the second time, with the id of the first; a lead is not, nor is anything in a conversation.
        """
        if self.method != "POST":
            # Every update of a ticket leaves parts, as a second closing.
            return self.method == "GET" or (self.method == "PUT" and not self.path.startswith("/tickets/"))
        if self.path == "/contacts":
            return (self.payload or {}).get("role") == "user"
        return _REPEATABLE_POSTS.fullmatch(self.path) is not None


class Client:
    """Sessions with one target, for any number of threads: each call has one to itself while it lasts.

    base_url: without a slash at the end. timeout: seconds to connect, seconds without a byte.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        pace: Pace,
        timeout: tuple[float, float] = (10.0, 60.0),
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.base_url, self.pace, self._timeout = base_url, pace, timeout
        self._token, self._environ = token, environ
        self.requests = 0  # sent, reads too
        self.heard = False  # it has answered at least once
        self._lock = threading.Lock()
        self._free: list[requests.Session] = []
        self._took: deque[float] = deque(maxlen=20)

    @property
    def latency(self) -> float:
        """Seconds from a call to its answer, the median of the last."""
        return median(self._took) if self._took else 0.0

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def send(self, call: Call, *, leaving: Callable[[], None] = lambda: None) -> Answer | Silence:
        """Make the call once, when the pace allows. Never raises for what the network does.

        leaving: told when the permit is there and the call is about to leave; what it raises keeps it here.
        """
        permit = self.pace.reserve()
        try:
            leaving()
            body = None if call.payload is None else orjson.dumps(call.payload)
        except BaseException:
            self.pace.lost(permit, sent=False)
            raise
        reply, headers = self._exchange(call, body)
        if isinstance(reply, Silence) and headers is None:
            self.pace.lost(permit, sent=reply.sent)
        else:
            refused = isinstance(reply, Answer) and reply.status == 429
            self.pace.answered(permit, headers or {}, refused=refused)
        return reply

    def _exchange(self, call: Call, body: bytes | None) -> tuple[Answer | Silence, Mapping[str, str] | None]:
        """What comes back, and the headers, if it came that far."""
        headers: Mapping[str, str] | None = None
        session, began = self._take(), time.monotonic()
        try:
            response = session.request(
                call.method,
                f"{self.base_url}{call.path}",
                data=body,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            self.heard, headers = True, response.headers
            return _answer(response, read_body(response), secret=self._token), headers
        except EndlessError as error:
            return Silence(sent=True, reason=str(error)), headers
        except urllib3.exceptions.HTTPError:
            return Silence(sent=True, reason="the answer broke off"), headers
        except requests.RequestException as error:
            return _silence(error), headers
        finally:
            with self._lock:
                self._free.append(session)
                self._took.append(time.monotonic() - began)

    def _take(self) -> requests.Session:
        """A session nobody uses, rather the one used last: its connection is the least likely to be cut."""
        with self._lock:
            self.requests += 1
            if self._free:
                return self._free.pop()
        session = requests.Session()
        _prepare(session, self.base_url, self._environ)
        session.headers.update(
            {
                "Authorization": f"Bearer {self._token}",
                "Intercom-Version": VERSION,
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": "deskferry",
            }
        )
        return session

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            for session in self._free:
                session.close()
            self._free.clear()


def _prepare(session: requests.Session, base_url: str, environ: Mapping[str, str]) -> None:
    """No retries below us: a repeated POST that nobody decided on would be a duplicate."""
    adapter = HTTPAdapter(max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.trust_env = False  # a .netrc would replace our token
    if not is_loopback(base_url):
        session.proxies.update(requests.utils.get_environ_proxies(base_url, no_proxy=None))
        session.verify = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or True


def is_loopback(url: str) -> bool:
    """The host of `url` is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _answer(response: requests.Response, content: bytes, *, secret: str) -> Answer:
    """The answer; broken unless it is an object, as all of Intercom's are.

    A target that repeats our token in its words must not bring it into a message, a log or the ledger.
    """
    if response.status_code >= 400 and len(secret) >= _SECRET:
        content = content.replace(secret.encode(), b"[token]")
    try:
        body = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        body = None
    if isinstance(body, dict):
        return Answer(response.status_code, response.headers, body)
    return Answer(response.status_code, response.headers, None, broken=response.status_code != 204)


def _silence(error: requests.RequestException) -> Silence:
    """Sent or not: only a connection that never stood has surely carried nothing."""
    inner = error.args[0] if error.args else None
    cause = getattr(inner, "reason", None) or inner
    if isinstance(cause, urllib3.exceptions.NewConnectionError | urllib3.exceptions.NameResolutionError):
        return Silence(sent=False, reason="nobody listens there" if _refused(cause) else "no connection")
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return Silence(sent=False, reason="no connection in time")
    if isinstance(error, requests.exceptions.SSLError):
        return Silence(sent=True, reason="the TLS connection failed")
    if isinstance(error, requests.exceptions.Timeout):
        return Silence(sent=True, reason="no answer in time")
    return Silence(sent=True, reason="the connection broke")


def _refused(cause: BaseException) -> bool:
    return "refused" in str(cause).lower()
