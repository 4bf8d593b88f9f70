"""What parts note down while reading, to be worded as findings later."""

from collections import Counter
from dataclasses import dataclass, field

from .parse_json import Parsed

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


def note_repairs(parsed: Parsed, example: str, notes: Notes) -> None:
    """Report what had to be repaired to read a text."""
    if parsed.replaced:
        notes.add("replaced_characters", example, count=parsed.replaced)
    if parsed.duplicates:
        notes.add("duplicate_keys", example, count=parsed.duplicates)
    if parsed.no_numbers:
        notes.add("no_numbers", example, count=parsed.no_numbers)
