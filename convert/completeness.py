"""`check`: what of the export is complete and what cannot be, each question with its count and examples.

Asked of the files of a dataset, of what its rejects say and of what the conversion found. A question whose
count is 0 is answered too: it tells that nothing is missing there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from deskferry.schemas.dataset import REJECTS, Dataset
from deskferry.schemas.progress import Progress, Silent

from .envelope import UNKNOWN
from .finding import Finding
from .id_gaps import IdGaps
from .notes import EXAMPLES
from .unknown_fields import UnknownFields

# Questions that the conversion answered already: finding -> words.
_TOLD = {
    "comments_without_ticket": "comments whose ticket is not in the export",
    "partial_tickets": "tickets known from a CSV, a search or a list of deleted ones only",
    "newer_partials": "such partial records are newer than the whole one that was kept",
    "zoneless_times": "times without a zone, read in the zone of --timezone",
    "unfinished_streams": "streams without their last page: the dump stopped before their end",
    "attachments_missing": "attachments that are links only; they die with the Zendesk account",
}
_CUT = "files of the export could not be read to their end"
_UNREAD = "pieces of files could not be read as records"


def completeness(dataset: Dataset, *, progress: Progress | None = None) -> list[Finding]:
    """Every question with its answer, in a fixed order. Reads tickets, users and rejects once, streaming."""
    progress = progress or Silent()
    progress.start("complete?", unit="records")
    damaged = sorted(one["name"] for one in dataset.manifest["sources"] if one.get("damaged"))
    gaps, fields = IdGaps(damaged=bool(damaged)), UnknownFields(_records(dataset, "ticket_fields"))
    for ticket in _records(dataset, "tickets"):
        gaps.take(ticket["id"], ticket.get("created_at"))
        fields.take(ticket)
        progress.advance()
    told = {one["id"]: one for one in dataset.manifest["findings"]}
    return [
        Finding("damaged_files", _CUT, len(damaged), tuple(damaged[:EXAMPLES])),
        _unread_pieces(dataset, frozenset(damaged)),
        *gaps.findings(),
        *_without_comments(dataset.manifest),
        _authors_without_row(dataset, progress),
        *fields.findings(),
        _damaged_ids(dataset),
        *(_told(kind, text, told.get(kind)) for kind, text in _TOLD.items()),
    ]


def covered() -> frozenset[str]:
    """Findings of a conversion that these questions answer again."""
    return frozenset((*_TOLD, "id_gaps", "tickets_without_comments", "placeholder_users", "damaged_file"))


def _without_comments(manifest: Mapping[str, Any]) -> Iterator[Finding]:
    found = [one for one in manifest["findings"] if one["id"] == "tickets_without_comments"]
    for one in found:
        yield Finding(one["id"], one["text"], one["count"], tuple(one["examples"]))
    if not found:
        yield Finding("tickets_without_comments", "tickets have no comments", 0)


def _authors_without_row(dataset: Dataset, progress: Progress) -> Finding:
    count = 0
    examples: list[int] = []
    for user in _records(dataset, "users"):
        progress.advance()
        if user.get("placeholder"):
            count += 1
            if len(examples) < EXAMPLES:
                examples.append(user["id"])
    text = "authors and requesters have no row; only their id is known"
    return Finding("authors_without_row", text, count, tuple(examples))


def _unread_pieces(dataset: Dataset, damaged: frozenset[str]) -> Finding:
    """Rejects that are of no entity, by place. That a file ends too early is told of the file."""
    count = 0
    shown: list[str] = []
    for reject in _lines(dataset, REJECTS):
        told = reject.get("bytes") == 0 and reject.get("source") in damaged
        if reject.get("entity") == UNKNOWN and not told:
            count += 1
            if len(shown) < EXAMPLES:
                shown.append(f"{reject.get('source')}:{reject.get('position')}")
    return Finding("unread_pieces", _UNREAD, count, tuple(shown))


def _damaged_ids(dataset: Dataset) -> Finding:
    """Rejects for an id that a spreadsheet or a script has spoilt."""
    found: Counter[str] = Counter()
    for reject in _lines(dataset, REJECTS):
        key = str(reject.get("pointer", "")).rpartition("/")[2]
        if key == "id" or key.endswith("_id"):
            found[f"{reject['entity']} {key}: {reject['reason']}"] += 1
    shown = tuple(f"{what} ({count})" for what, count in found.most_common(EXAMPLES))
    text = "records were rejected for an id that is damaged or absent"
    return Finding("damaged_ids", text, found.total(), shown)


def _told(kind: str, text: str, told: Mapping[str, Any] | None) -> Finding:
    if told is None:
        return Finding(kind, text, 0)
    return Finding(kind, text, told["count"], tuple(told["examples"]))


def _records(dataset: Dataset, entity: str) -> Iterator[dict[str, Any]]:
    return _lines(dataset, dataset.file(entity).name)


def _lines(dataset: Dataset, name: str) -> Iterator[dict[str, Any]]:
    """The objects in a file; what cannot be read is for the second count to tell."""
    path = dataset.path / name
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for line in lines:
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if isinstance(record, dict):
                yield record
