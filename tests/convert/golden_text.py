"""What a golden file says of a dataset: counts, digests, findings, losses against the API dump, tickets."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from deskferry.convert.conservation import COLUMNS
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES

SHOWN = (2, 29)  # an ordinary ticket, and one that was merged
_NOT_COMPARED = frozenset(("source", "extra", "position", "roles_seen"))
Record = dict[str, Any]


def golden_text(dataset: Dataset, api: Dataset) -> str:
    """The text for a dataset. api: that of the API dump, which says the most."""
    parts = [
        ("files", _files(dataset)),
        ("records", _counts(dataset)),
        ("digests", _digests(dataset)),
        ("findings", _findings(dataset)),
        ("against the API dump", _against(dataset, api)),
        ("tickets in full", _tickets(dataset)),
    ]
    return "\n\n".join(f"## {title}\n" + "\n".join(lines) for title, lines in parts) + "\n"


def _files(dataset: Dataset) -> list[str]:
    forms = Counter(source["form"] for source in dataset.manifest["sources"])
    return [f"{count:5} {form}" for form, count in sorted(forms.items())]


def _counts(dataset: Dataset) -> list[str]:
    lines = [" ".join(f"{name:>10}" for name in COLUMNS)]
    for name, of in sorted(dataset.manifest["entities"].items()):
        if any(of[column] for column in COLUMNS):
            lines.append(" ".join(f"{of[column]:>10}" for column in COLUMNS) + f"  {name}")
    return lines


def _digests(dataset: Dataset) -> list[str]:
    """Of each entity file, without `source`: that says where in a file, not what."""
    lines = []
    for name in sorted(ENTITIES):
        digest = hashlib.sha256()
        some = False
        for record in dataset.records(name):
            some = True
            digest.update(json.dumps({**record, "source": ""}, sort_keys=True).encode())
        if some:
            lines.append(f"{digest.hexdigest()[:16]}  {name}")
    return lines


def _findings(dataset: Dataset) -> list[str]:
    return [f"{one['count']:>7}  {one['id']}: {one['text']}" for one in dataset.manifest["findings"]]


def _against(dataset: Dataset, api: Dataset) -> list[str]:
    lines = []
    for name in sorted(ENTITIES):
        found, whole = _by_key(dataset, name), _by_key(api, name)
        if not found:
            continue
        both = found.keys() & whole.keys()
        there, here = len(whole.keys() - both), len(found.keys() - both)
        lines.append(f"{name}: {len(both)} in both, {there} only there, {here} only here")
        absent: Counter[str] = Counter()
        different: Counter[str] = Counter()
        for key in both:
            absent.update(whole[key].keys() - found[key].keys() - _NOT_COMPARED)
            shared = whole[key].keys() & found[key].keys() - _NOT_COMPARED
            different.update(one for one in shared if whole[key][one] != found[key][one])
        lines += [f"    not here {_listed(absent)}"] if absent else []
        lines += [f"    otherwise {_listed(different)}"] if different else []
    return lines


def _listed(keys: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(keys.items()))


def _by_key(dataset: Dataset, entity: str) -> dict[tuple[Any, ...], Record]:
    return {
        tuple(record[part] for part in ENTITIES[entity].key): record for record in dataset.records(entity)
    }


def _tickets(dataset: Dataset) -> list[str]:
    lines: list[str] = []
    for entity in ("tickets", "comments", "attachments", "ticket_links"):
        for record in dataset.records(entity):
            if record["id" if entity == "tickets" else "ticket_id"] in SHOWN:
                lines += _shown(entity, {**record, "source": "..."})
    return lines


def _shown(entity: str, record: Record) -> Iterator[str]:
    yield f"{entity} {record['id']}"
    for key, value in sorted(record.items()):
        yield f"    {key}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}"


def rejects_text(rejects: Sequence[Record]) -> list[str]:
    """Each reject in a line: what, where in it, why. What a parser says changes with its version."""
    return [f"    {one['entity']} {one['pointer'] or '-'}: {_reason(one['reason'])}" for one in rejects]


def _reason(text: str) -> str:
    return text.partition(":")[0] if text.startswith(("not JSON", "not XML")) else text
