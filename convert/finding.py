"""What the user should know about a dataset: a kind, a sentence, a count, a few examples."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. difference: the dataset contradicts itself or its manifest (exit 5 of `check`).

    examples: at most a handful. In a manifest never file names, so that renaming an export changes nothing.
    """

    id: str
    text: str
    count: int
    examples: tuple[Any, ...] = ()
    difference: bool = False

    def as_json(self) -> dict[str, Any]:
        """The form it has in a manifest."""
        return {"id": self.id, "text": self.text, "count": self.count, "examples": list(self.examples)}
