"""What watches over a run, and stops it when the workspace is not as silent as it should be."""

from dataclasses import dataclass

from .target import Target, TargetKind

_SEEN_AFTER = 300.0  # seconds in which a workflow of Intercom has surely done what it does
_CANARY_SEEN_AFTER = 10.0


@dataclass(frozen=True, slots=True)
class Guards:
    """What watches over a run.

    canary: one goes before the bulk. first, every: which items are read back, see tripwire.py. after: seconds
    until they are, None for what suits the target. ignore_foreign: what others did is warned of, and the run
    goes on.
    """

    canary: bool = True
    first: int = 20
    every: int = 500
    after: float | None = None
    ignore_foreign: bool = False

    def read_back_after(self, target: Target) -> float:
        """Seconds. What listens on this machine does what it does at once."""
        if self.after is not None:
            return self.after
        return _SEEN_AFTER if target.kind is TargetKind.INTERCOM else 0.0

    def canary_after(self, target: Target) -> float:
        """Seconds until the canary is read back: nobody waits five minutes for each run."""
        return min(_CANARY_SEEN_AFTER, self.read_back_after(target))


GUARDED = Guards()
UNGUARDED = Guards(canary=False, first=0, every=0)
