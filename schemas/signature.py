"""Who has decided what in a mapping: one signature for each block that people answer for."""

from dataclasses import dataclass

from .mapping import Mapping, shape_at

HEAD = "purpose"  # decided_by and date at the top of the file sign purpose, rules and assign


@dataclass(frozen=True, slots=True)
class Signature:
    """One block. by and date are None until somebody has decided. where: `file:line` of the block."""

    block: str
    by: str | None
    date: str | None
    where: str

    @property
    def signed(self) -> bool:
        """Somebody stands for it, with a date."""
        return bool(self.by and self.date)


def signatures(mapping: Mapping) -> list[Signature]:
    """Every block that can be signed, in the order of the schema; also those the file does not have."""
    blocks = [
        Signature(
            name,
            _words(mapping.block(name).get("decided_by")),
            _words(mapping.block(name).get("date")),
            mapping.where(name),
        )
        for name in shape_at()["properties"]
        if "decided_by" in shape_at(name).get("properties", {})
    ]
    head = Signature(
        HEAD,
        _words(mapping.data.get("decided_by")),
        _words(mapping.data.get("date")),
        mapping.where(HEAD),
    )
    return [head, *blocks]


def _words(text: str | None) -> str | None:
    return (text or "").strip() or None
