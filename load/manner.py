"""How a run behaves: what the user asked for, and the clock, sleep and signals it works with."""

from collections.abc import Callable
from dataclasses import dataclass

from deskferry.schemas.progress import Progress

from .disk_space import LEAST
from .guards import Guards
from .hours import Hours
from .interrupt import Interrupt
from .perform import Patience


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a run may take.

    max_failures: threads that may fail, or a share of all; None: see failures.py. workers: calls under way
    at once, None for what the limit needs. share: of the target's limit. hours: in which calls may leave,
    None for all. least_free: bytes that must be free on the ledger's disk.
    """

    max_failures: int | float | None = None
    workers: int | None = None
    share: float = 1.0
    hours: Hours | None = None
    least_free: int = LEAST


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run behaves. settle: seconds a search may lag. clock: unix seconds.

    new_ledger: start over although the workspace holds what another ledger must know. guards: what stops it.
    """

    settle: float
    bounds: Bounds
    new_ledger: bool
    guards: Guards
    patience: Patience
    clock: Callable[[], float]
    interrupt: Interrupt
    progress: Progress
