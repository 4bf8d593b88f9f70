"""What parts note down while reading, to be worded as findings later."""

from collections import Counter
from dataclasses import dataclass, field

EXAMPLES = 5


@dataclass(slots=True)
class Notes:
    """Things to report: a count and the first few examples of each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, example: str, *, count: int = 1) -> None:
        """`count` more of a kind."""
        self.counts[kind] += count
        known = self.examples.setdefault(kind, [])
        if len(known) < EXAMPLES and example not in known:
            known.append(example)

    def join(self, other: "Notes") -> None:
        """Add another part's notes."""
        self.counts.update(other.counts)
        for kind, examples in other.examples.items():
            self.examples.setdefault(kind, []).extend(examples)
