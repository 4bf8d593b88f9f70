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


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text.replace(b'":', b'": ', 1)])
def test_rejects_that_are_only_written_otherwise_are_a_difference(
    dataset: Path, change: Callable[[bytes], bytes]
) -> None:
    path = dataset / "rejects.ndjson"
    path.write_bytes(change(path.read_bytes()))
    assert kinds(dataset) == {"altered_rejects"}


def test_a_reject_that_names_another_file_is_a_difference(dataset: Path) -> None:
    edit(dataset / "rejects.ndjson", lambda records: records[0].update(source="other.json"))
    assert kinds(dataset) == {"reject_sources"}


@pytest.mark.parametrize(
    "change",
    [lambda text: text + b"\n", lambda text: text.replace(b"url", b"uri"), lambda text: text[:1] + b"\rb\n"],
)
def test_a_changed_list_of_missing_attachments_is_a_difference(
    dataset: Path, change: Callable[[bytes], bytes]
) -> None:
    path = dataset / "attachments-missing.csv"
    path.write_bytes(change(path.read_bytes()))
    assert kinds(dataset) == {"files", "digest"}


def test_missing_attachments_are_counted_whatever_their_names_hold(desk: Any) -> None:
    files = [
        {"id": number, "file_name": f'a{sign}"b', "content_url": f"https://x.test/{number}", "size": 1}
        for number, sign in enumerate(("\n", "\r", "\r\n", ","), start=1)
    ]
    export = desk.write("t.json", desk.lines(desk.ticket(1, comments=[desk.comment(1, attachments=files)])))
    assert desk.convert(export).manifest["files"]["attachments-missing.csv"]["records"] == 4


@pytest.mark.parametrize(
    "name", ["tickets.ndjson", "groups.ndjson", "rejects.ndjson", "attachments-missing.csv"]
)
def test_a_removed_file_is_a_difference(dataset: Path, name: str) -> None:
    (dataset / name).unlink()
    told = [one for one in recount(open_dataset(dataset)) if one.id == "missing_files"]
    assert [(one.examples, one.difference) for one in told] == [((name,), True)]


def test_a_foreign_file_is_told_and_no_difference(dataset: Path) -> None:
    for name in ("notes.txt", "extra.ndjson", "archive.duckdb", "archive.duckdb.wal"):
        (dataset / name).write_bytes(b"x")
    assert kinds(dataset) == set()
    told = [one for one in recount(open_dataset(dataset)) if one.id == "foreign_files"]
    assert [(one.count, one.examples) for one in told] == [(2, ("extra.ndjson", "notes.txt"))]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda m: m["files"].pop("attachments-missing.csv"), "files"),
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
