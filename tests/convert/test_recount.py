"""The second count finds what was changed after the conversion."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.recount import recount
from deskferry.schemas.dataset import open_dataset


def edit(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    change(records)
    path.write_text("".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records))


def kinds(path: Path) -> set[str]:
    return {finding.id for finding in recount(open_dataset(path)) if finding.difference}


@pytest.fixture
def dataset(desk: Any) -> Path:
    bad = '{"ticket":{"id":"x"}}\n'
    return Path(desk.convert(desk.write("t.json", desk.lines(desk.ticket(1), desk.ticket(2)) + bad)).path)


def test_an_untouched_dataset_has_no_difference_and_tells_its_findings(dataset: Path, desk: Any) -> None:
    assert kinds(dataset) == set()
    broken = desk.convert(
        desk.write("u.json", desk.lines(desk.ticket(1, comments=[desk.comment(1, author_id=9)])))
    )
    assert [finding.id for finding in recount(broken) if not finding.difference] == ["placeholder_users"]


@pytest.mark.parametrize(
    ("file", "change", "kind"),
    [
        ("tickets.ndjson", lambda records: records.pop(), "records"),
        ("tickets.ndjson", lambda records: records.reverse(), "key_order"),
        ("tickets.ndjson", lambda records: records.append(records[-1]), "key_order"),
        ("tickets.ndjson", lambda records: records[0].update(subject="changed"), "files"),
        ("tickets.ndjson", lambda records: records[0].update(subject=7), "invalid_records"),
        ("comments.ndjson", lambda records: records[0].update(position=9), "positions"),
        ("rejects.ndjson", lambda records: records.clear(), "rejects"),
        ("rejects.ndjson", lambda records: records[0].pop("reason"), "invalid_rejects"),
        ("rejects.ndjson", lambda records: records[0].update(reason="other"), "digest"),
    ],
)
def test_each_change_is_a_difference(
    dataset: Path, file: str, change: Callable[..., None], kind: str
) -> None:
    edit(dataset / file, change)
    assert kind in kinds(dataset)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda m: m["sources"][0]["entities"]["tickets"].update(accepted=1), "conservation"),
        (lambda m: m["entities"]["tickets"].update(found=99), "totals"),
        (lambda m: m.update(digest="0" * 64), "digest"),
    ],
)
def test_each_false_claim_of_the_manifest_is_a_difference(
    dataset: Path, change: Callable[[dict[str, Any]], None], kind: str
) -> None:
    path = dataset / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))
    assert kind in kinds(dataset)
