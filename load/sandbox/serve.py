"""Running the sandbox: one process, one state file, loopback only."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from deskferry.schemas.errors import InputError
from deskferry.schemas.workspace import read_workspace

from .app import Settings, make_app
from .faults import Faults, with_faults
from .state import open_state
from .workspace import seed

HOST = "127.0.0.1"


def serve(
    *,
    port: int,
    state: Path,
    token: str | None,
    workspace_file: Path | None = None,
    ready: Callable[[int], None],
    stop_with_stdin: bool = False,
    rate: int = 1667,
    search_lag: float = 0.0,
    latency: float = 0.0,
    faults: Faults | None = None,
    live_series: bool = False,
    live_workflow: bool = False,
    clock: Callable[[], float] = time.time,
) -> None:
    """Answer until interrupted or, with `stop_with_stdin`, until stdin ends because the parent did.

    port: 0 for any free one; ready(port) is called once it listens. token: the only bearer token accepted,
    None: any. workspace_file: a workspace.json that a new state is filled from. rate: calls per 10 seconds.
    search_lag: seconds until search finds what was made or changed. latency: seconds an answer takes.
    live_series: a campaign mails every new contact it may. live_workflow: see live_workflow.py. Raises
    InputError: the port is taken, the state is in use or no sandbox state, the workspace file is not one.
    """
    snapshot = read_workspace(workspace_file) if workspace_file is not None else None
    with _listen(port) as listener, open_state(state, seed=seed(snapshot, now=int(clock()))) as opened:
        settings = Settings(
            token=token,
            rate=rate,
            search_lag=search_lag,
            clock=clock,
            live_series=live_series,
            live_workflow=live_workflow,
        )
        app = make_app(opened, settings)
        _run(
            with_faults(app, faults, latency=latency), listener, ready=ready, stop_with_stdin=stop_with_stdin
        )


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio switches Nagle's algorithm off: 40 ms less per answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"cannot listen on port {port} ({reason})", todo="Name another --port, or 0 for any free one"
        ) from error
    return listener


def _run(
    app: ASGIApp, listener: socket.socket, *, ready: Callable[[int], None], stop_with_stdin: bool
) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="error",
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=75,
    )
    server = _Server(config, ready=lambda: ready(listener.getsockname()[1]), is_child=stop_with_stdin)
    if stop_with_stdin:
        threading.Thread(target=_stop_at_end_of_stdin, args=(server,), daemon=True).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return  # the usual way to end it


class _Server(uvicorn.Server):
    """Calls `ready` once it listens and signals are looked after."""

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None], is_child: bool) -> None:
        super().__init__(config)
        self._ready = ready
        self._is_child = is_child

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if not self._is_child:
            with super().capture_signals():
                yield
            return
        # A child ends with its parent: Ctrl-C in a terminal is for the parent, whose calls in flight go on.
        main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
        try:
            yield
        finally:
            if main:
                signal.signal(signal.SIGINT, before)


def _stop_at_end_of_stdin(server: uvicorn.Server) -> None:
    # Not sys.stdin: its lock, held by this thread, would break the interpreter's end.
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # no stdin at all: the parent is gone as well
    server.should_exit = True
