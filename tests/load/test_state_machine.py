"""Whatever happens in whatever order, and wherever the loader dies: in the end all stands exactly once."""

import os
import shutil
import tempfile
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from deskferry.load.manner import Bounds
from deskferry.load.replay import load
from deskferry.schemas.errors import InputError

from .conftest import SNAPSHOT, Desk, running
from .every_form import take_every_form
from .in_process import LATEST, Crash, Server, World, in_process, target_in

SETTLE = 60.0  # seconds; any search here lags less, and any late work is done by then
FIRST, ALL = "first.plan", "all.plan"
PLANS, LAGS = st.sampled_from([FIRST, ALL]), st.sampled_from([0.0, 5.0, SETTLE - LATEST])
SHARES, SEEDS = st.sampled_from([0.1, 0.2, 0.4]), st.integers(0, 10**6)


def load_into(world: World, plan: Path) -> Any:
    """A load as a process of its own."""
    with closing(target_in(world)) as target:
        return load(
            plan,
            target=target,
            settle=SETTLE,
            bounds=Bounds(max_failures=1.0, workers=1),
            clock=world.clock,
            sleep=world.sleep,
        )


def stands(server: Server) -> dict[str, Any]:
    """All that stands in a sandbox, without ids and the times of what can only be stamped now."""
    server.lag(0.0)
    everything = {
        "query": {"field": "created_at", "operator": ">", "value": 1},
        "pagination": {"per_page": 150},
    }
    tickets = server.post("/tickets/search", everything)["tickets"]
    counted = ("contacts", "companies", "conversations", "tickets", "parts")
    return {
        "counts": {name: server.counts[name] for name in counted},
        "conversations": server.content(),
        "tickets": sorted((_ticket(one) for one in tickets), key=repr),
    }


def _ticket(shown: dict[str, Any]) -> dict[str, Any]:
    told = ("category", "ticket_attributes", "admin_assignee_id", "team_assignee_id", "created_at", "open")
    parts = shown["ticket_parts"]["ticket_parts"]
    return {
        **{name: shown[name] for name in told},
        "state": shown["ticket_state"]["category"],
        "parts": [
            (
                part["part_type"],
                part["body"],
                part["author"].get("email"),
                part["created_at"] if part["part_type"] in ("note", "comment") else None,
            )
            for part in parts
        ],
    }


class Loading(RuleBasedStateMachine):
    """Loads of two plans, the second with more tickets, into one sandbox that everything may happen to."""

    prepared: ClassVar[Path]  # a folder with both plans and a sandbox that nobody wrote to
    expected: ClassVar[dict[str, Any]]  # what an undisturbed load leaves

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        for name in (FIRST, ALL, "intercom.sqlite", "acme.mapping.yaml"):
            shutil.copy(self.prepared / name, self.folder)
        opened = in_process(self.folder / "intercom.sqlite", self.world)
        self.server = self.stack.enter_context(opened)

    def load(self, plan: str) -> Any:
        return load_into(self.world, self.folder / plan)

    @initialize(begun=st.booleans(), lag=LAGS, first=PLANS, disturbed=SHARES, seed=SEEDS)
    def it_begins_badly(self, begun: bool, lag: float, first: str, disturbed: float, seed: int) -> None:
        if begun:  # attributes and tags stand: what goes wrong then goes wrong inside conversations
            self.load(FIRST)
        self.search_lags(lag)
        self.a_plan_is_loaded(ALL if begun else first, disturbed, seed)

    @rule(seconds=LAGS)
    def search_lags(self, seconds: float) -> None:
        self.server.lag(seconds)

    @rule(seconds=st.floats(0, 600))
    def time_passes(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule(plan=PLANS, disturbed=SHARES, seed=SEEDS)
    def a_plan_is_loaded(self, plan: str, disturbed: float, seed: int) -> None:
        self.world.disturb(disturbed, seed)
        with suppress(Crash, InputError):  # the target could not be reached: one line, run it again
            self.load(plan)

    def teardown(self) -> None:
        try:
            self.world.disturb(0.0, 0)
            loaded = self.load(ALL)
            for _ in range(3):  # what could not be told apart in one run is looked at by the next
                if loaded.done == 6:
                    break
                loaded = self.load(ALL)
            assert (loaded.done, loaded.failed, loaded.in_doubt) == (6, 0, 0), loaded.failures
            self.world.pass_time(2 * SETTLE)
            assert stands(self.server) == self.expected, self.world.happened
            assert self.server.counts["notifications"] == 0
            assert self.load(ALL).calls == 0
        finally:
            self.stack.close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, dataset: Any, prepared: Path) -> type[Loading]:
    """The machine with its plans and what it is held against."""
    folder = tmp_path_factory.mktemp("machine")
    shutil.copy(prepared / "acme.mapping.yaml", folder)
    shutil.copy(prepared / "intercom.sqlite", folder)
    with running(folder / "intercom.sqlite", snapshot=SNAPSHOT) as sandbox:
        desk = Desk(folder, dataset, sandbox.url, folder)
        take_every_form(desk)
        desk.plan(FIRST, tickets=[2, 4, 5])
        desk.plan(ALL)
    world = World()
    shutil.copy(folder / "intercom.sqlite", folder / "calm.sqlite")
    with in_process(folder / "calm.sqlite", world) as server:
        calm = load_into(world, folder / ALL)
        assert calm.done == 6
        expected = stands(server)
    (ledger,) = folder.glob("*.ledger")
    ledger.unlink()
    Loading.prepared, Loading.expected = folder, expected
    return Loading


def test_each_record_stands_exactly_once_whatever_happened(machine: type[Loading]) -> None:
    """DESKFERRY_EXAMPLES: how many histories to try, at random; a few fixed ones without it."""
    wanted = os.environ.get("DESKFERRY_EXAMPLES")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(wanted or 15),
            derandomize=wanted is None,
            stateful_step_count=8,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_a_history_without_faults_is_calm(machine: type[Loading]) -> None:
    state = machine()
    state.load(FIRST)
    counts = state.server.counts
    assert (counts["conversations"], counts["tickets"]) == (2, 1)
    state.teardown()
    assert state.world.happened == []
