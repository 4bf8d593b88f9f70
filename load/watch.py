"""What watches over one run: a canary before the bulk, a tripwire behind it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .action import Ref
from .canary import clear_nest, fly
from .ledger import Ledger
from .manner import Manner
from .plan_file import Plan
from .target import Target
from .tripwire import Tripwire


@dataclass(slots=True)
class Watch:
    """Told by the run where it is. Each method raises RefusedError where the run must not go on."""

    plan: Plan
    ledger: Ledger
    target: Target
    manner: Manner
    resolve: Callable[[Ref], str]
    tripwire: Tripwire = field(init=False)
    calls: int = field(default=0, init=False)  # the canary's
    _flown: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Set the tripwire."""
        self.tripwire = Tripwire(
            self.ledger,
            self.target.client(),
            resolve=self.resolve,
            manner=self.manner,
            after=self.manner.guards.read_back_after(self.target),
        )

    def before_bulk(self) -> None:
        """The setup stands, and the first item has not left."""
        if self._flown:
            return
        self._flown = True
        before, client = self.target.calls, self.target.client()
        clear_nest(self.ledger, client, manner=self.manner)
        wait = self.manner.guards.canary_after(self.target)
        fly(self.plan, self.ledger, client, resolve=self.resolve, manner=self.manner, wait=wait)
        self.calls = self.target.calls - before
