"""One request on its way to a handler."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate. path: as it came; ids: the values of the pattern's `{names}`.

    body: a JSON object, {} when none was sent. now: unix seconds. search_lag: seconds until search finds
    what is made now. base_url: where this server was reached. live_series: a campaign mails whom it may.
    live_workflow: see live_workflow.py.
    """

    method: str
    path: str
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    now: float
    search_lag: float
    base_url: str
    live_series: bool = False
    live_workflow: bool = False

    @property
    def second(self) -> int:
        """The time in whole seconds, as Intercom stamps things."""
        return int(self.now)

    def asking(self, body: Any) -> "Call":
        """The same moment, asking for something else."""
        return replace(self, body=body)
