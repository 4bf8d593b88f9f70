"""How a stage reports how far it is, without knowing a terminal."""

from typing import Protocol


class Progress(Protocol):
    """Told by a stage, shown by the command. Every call is cheap; none may raise."""

    def start(self, label: str, *, total: int | None = None, unit: str = "") -> None:
        """A new phase begins. total: how much there is, None if unknown. unit: bytes, records, calls."""

    def advance(self, amount: int = 1) -> None:
        """`amount` more of the current phase is done."""

    def tell(self, text: str) -> None:
        """How the phase stands, in a few words; each time they replace the last."""

    def warn(self, text: str) -> None:
        """One line the user should read, now."""


class Silent:
    """Shows nothing. The default where nobody watches."""

    def start(self, label: str, *, total: int | None = None, unit: str = "") -> None:
        """Do nothing."""

    def advance(self, amount: int = 1) -> None:
        """Do nothing."""

    def tell(self, text: str) -> None:
        """Do nothing."""

    def warn(self, text: str) -> None:
        """Do nothing."""
