"""How a run behaves: what the user asked for, and the clock, sleep and signals it works with."""

from collections.abc import Callable
from dataclasses import dataclass

from deskferry.schemas.progress import Progress

from .guards import Guards
from .interrupt import Interrupt
from .perform import Patience


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run behaves. settle: seconds a search may lag. max_failures: share. clock: unix seconds.

    new_ledger: start over although the workspace holds what another ledger must know. guards: what stops it.
    """

    settle: float
    max_failures: float
    new_ledger: bool
    guards: Guards
    patience: Patience
    clock: Callable[[], float]
    interrupt: Interrupt
    progress: Progress
