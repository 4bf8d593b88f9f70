"""What parts note down while reading, to be worded as findings later."""

from collections import Counter
from dataclasses import dataclass, field

from .parse_json import Parsed

EXAMPLES = 5


@dataclass(slots=True)
class Notes:
    """Things to report: a count and the first few examples of each. last: what was said latest of a kind."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    last: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, kind: str, example: str, *, count: int = 1) -> None:
        """`count` more of a kind."""
        self.counts[kind] += count
        known = self.examples.setdefault(kind, [])
        if len(known) < EXAMPLES and example not in known:
            known.append(example)

    def latest(self, kind: str, order: int, said: str) -> None:
        """Something was said of a kind; of all that is, the one of the highest order is kept."""
        self.last[kind] = max(self.last.get(kind, (order, said)), (order, said))

    def join(self, other: "Notes") -> None:
        """Add another part's notes."""
        self.counts.update(other.counts)
        for kind, examples in other.examples.items():
            self.examples.setdefault(kind, []).extend(examples)
        for kind, (order, said) in other.last.items():
            self.latest(kind, order, said)


def note_repairs(parsed: Parsed, example: str, notes: Notes) -> None:
    """Report what had to be repaired to read a text."""
    if parsed.replaced:
        notes.add("replaced_characters", example, count=parsed.replaced)
    if parsed.duplicates:
        notes.add("duplicate_keys", example, count=parsed.duplicates)
    if parsed.no_numbers:
        notes.add("no_numbers", example, count=parsed.no_numbers)
