"""Files that end early because their packing is damaged: one reject each, at the point where they end."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from deskferry.schemas.errors import RecordError

from .collect import Collector
from .envelope import UNKNOWN
from .normalize_time import Zone
from .reject import Unit
from .sources import Source


def reject_damaged(
    sources: Sequence[Source],
    found: Counter[tuple[int, str]],
    rejected: Counter[tuple[int, str]],
    runs: list[Path],
    *,
    work: Path,
) -> None:
    """Add a reject for each damaged file to the counts and to the runs of rejects."""
    out = Collector(Zone(None), account=None)
    for source in sources:
        if source.damage:
            nothing = hashlib.sha256(b"").hexdigest()
            out.unit = Unit(source.index, source.name, source.sha256, source.size, None, 0, nothing)
            out.reject(UNKNOWN, "", RecordError(source.damage))
    if not out.rejects:
        return
    found.update(out.found)
    rejected.update(out.rejected)
    path = work / "rejects-damaged"
    path.write_bytes(b"".join(sorted(out.rejects)))
    runs.append(path)
