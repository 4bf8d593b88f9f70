"""Where a load goes: Intercom itself, a server on this machine, or a sandbox started for the occasion.

Nothing happens until somebody asks for the client: with nothing left to do no process is started and no
call is made.
"""

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import requests

from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.workspace import is_real

from .client import Client, is_loopback
from .pace import Pace
from .perform import Patience

TOKEN = "INTERCOM_ACCESS_TOKEN"  # noqa: S105 - the name of the variable, not a token
HOSTS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
SETTLE_INTERCOM = 300.0  # seconds until its search surely shows what was made
SETTLE_LOCAL = 10.0


class TargetKind(StrEnum):
    """What stands at the other end."""

    SANDBOX = "sandbox"  # started and ended by us
    LOOPBACK = "loopback"  # a running one on this machine
    INTERCOM = "intercom"


class Target:
    """An opened target. Use open_target.

    name: as the user gave it. workspace_name: the workspace the user means, None if he named none.
    state: the file of a sandbox of our own.
    """

    def __init__(
        self,
        name: str,
        *,
        kind: TargetKind,
        address: Callable[[], str],
        token: str,
        workspace_name: str | None,
        state: Path | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.kind, self.workspace_name = name, kind, workspace_name
        self.patience = Patience(sleep=sleep, jitter=lambda: random.uniform(0.0, 0.25))  # noqa: S311 - spreads waits, guards nothing
        self.pace = Pace(clock=clock)
        self._address, self._token, self._state = address, token, state
        self._client: Client | None = None

    def __repr__(self) -> str:
        return f"Target({self.name!r})"

    @property
    def calls(self) -> int:
        """HTTP requests so far, reads and repeats too."""
        return 0 if self._client is None else self._client.requests

    @property
    def settle(self) -> float:
        """Seconds after sending until a search that shows nothing means that nothing is there."""
        return SETTLE_INTERCOM if self.kind is TargetKind.INTERCOM else SETTLE_LOCAL

    def client(self) -> Client:
        """The session with it. The first time, a sandbox of our own is started."""
        if self._client is None:
            self._client = Client(self._address(), token=self._token, pace=self.pace)
        return self._client

    def sandbox_state(self) -> dict[str, Any] | None:
        """The counts a sandbox of our own keeps about itself, None elsewhere. Not one of `calls`.

        What listens on loopback may be anything, and is asked nothing that Intercom does not know.
        """
        if self.kind is not TargetKind.SANDBOX:
            return None
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.get(f"{self.client().base_url}/_sandbox/state", timeout=10)
                state = answer.json() if answer.status_code == 200 else None
            except requests.RequestException:
                return None
        return state if isinstance(state, dict) else None

    def state_workspace(self) -> str | None:
        """Id of the workspace in the state file of a sandbox of our own, None where there is none. No call.

        Read from the file, as starting a sandbox would make one. Raises InputError when it is no state.
        """
        if self._state is None or not self._state.exists():
            return None
        address = f"{self._state.resolve().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
                row = connection.execute("select id from workspace").fetchone()
        except sqlite3.DatabaseError as error:
            raise InputError(f"not a sandbox state ({error})", where=self._state) from error
        return None if row is None else str(row[0])

    def require_workspace(self, snapshot: Mapping[str, Any]) -> None:
        """Raise RefusedError unless the workspace found there is the one the user means, in its region."""
        if not is_real(snapshot) and self.kind is not TargetKind.INTERCOM:
            return
        if self.kind is TargetKind.INTERCOM and snapshot["region"] != self.name:
            raise RefusedError(
                f"the token belongs to a workspace in region {snapshot['region']}, not {self.name}",
                todo=f"Use --to {snapshot['region']}",
            )
        if self.workspace_name is not None and self.workspace_name != snapshot["name"]:
            raise RefusedError(
                f'the token belongs to workspace "{snapshot["name"]}", not "{self.workspace_name}"',
                todo="Check the token and --workspace",
            )

    def close(self) -> None:
        """Close the session; the target stays as it is."""
        if self._client is not None:
            self._client.close()


@contextlib.contextmanager
def open_target(
    spec: str, *, beside: Path, workspace_name: str | None, environ: Mapping[str, str]
) -> Iterator[Target]:
    """Open what `--to` names: sandbox[:FILE], http://127.0.0.1:PORT, us, eu or au.

    beside: folder of a sandbox's state file. environ: where the token is. Raises InputError for a spec that
    is none, a missing token, plain http to another machine.
    """
    with contextlib.ExitStack() as stack:
        token, state = _token(environ), None
        if spec == "sandbox" or spec.startswith("sandbox:"):
            file = state = Path(spec.partition(":")[2] or beside / "sandbox.sqlite")
            address, kind = (lambda: stack.enter_context(_sandbox(file))), TargetKind.SANDBOX
        elif spec in HOSTS:
            if token is None:
                raise InputError(f"no token for Intercom; put it into the environment as {TOKEN}")
            address, kind = (lambda: HOSTS[spec]), TargetKind.INTERCOM
        else:
            url = _loopback_url(spec)
            address, kind = (lambda: url), TargetKind.LOOPBACK
        target = Target(
            spec,
            kind=kind,
            address=address,
            token=token or "sandbox",
            workspace_name=workspace_name,
            state=state,
        )
        try:
            yield target
        finally:
            target.close()  # before the sandbox ends: it waits for open connections


def _token(environ: Mapping[str, str]) -> str | None:
    token = environ.get(TOKEN, "").strip()
    if not token:
        return None
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise InputError(f"{TOKEN} holds characters that no token has", todo="Copy it again")
    return token


def _loopback_url(spec: str) -> str:
    none = InputError(
        f"'{spec}' is no target", todo="Use sandbox, sandbox:FILE, http://127.0.0.1:PORT, us, eu or au"
    )
    try:
        parts = urlsplit(spec)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:  # no number, or one no port has
        raise none from None
    if wrong:
        raise none
    if not is_loopback(spec):
        raise InputError(
            f"'{spec}' is on another machine; a token goes to Intercom or to this machine only",
            todo="Use us, eu or au for Intercom",
        )
    if parts.username or parts.password or parts.query or parts.path.strip("/"):
        raise InputError(f"'{spec}' says more than host and port", todo="Use http://127.0.0.1:PORT")
    return spec.rstrip("/")


@contextlib.contextmanager
def _sandbox(state: Path) -> Iterator[str]:
    """A sandbox on `state` in a child process; its address. It ends with its stdin: also by our kill -9."""
    command = [sys.executable, "-m", "deskferry.load.sandbox", "--port", "0", "--state", str(state)]
    if not state.parent.is_dir():
        raise InputError("no such folder", where=state.parent)
    with subprocess.Popen(
        [*command, "--stop-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us: the call in flight must still find it
    ) as child:
        try:
            yield f"http://127.0.0.1:{_port(child, state)}"
        finally:
            _end(child)


def _port(child: subprocess.Popen[bytes], state: Path) -> int:
    line = _pipe(child.stdout).readline()
    try:
        said = json.loads(line)
    except ValueError:
        said = {}
    if "port" not in said:
        raise InputError(f"the sandbox does not start: {said.get('error', 'see above')}", where=state)
    return int(said["port"])


def _end(child: subprocess.Popen[bytes]) -> None:
    _pipe(child.stdin).close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("opened with a pipe")
    return pipe
