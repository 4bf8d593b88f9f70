"""The bundled company: every form agrees, and nothing of how it was packed shows in the result."""

import json
import shutil
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.parts import parts_of
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError, RefusedError

SAMPLES = Path(__file__).parents[2] / "sample_exports"
ZONE = "Europe/Oslo"

# What one form says and another does not, by nature.
ONLY_IN_THE_API = {"custom_status_id", "from_messaging_channel"}
ONLY_IN_THE_OFFICIAL_EXPORT = {"satisfaction_probability"}
VIA_ID = "the official export adds Zendesk's own number of the channel"
LOST_IN_THE_CSV = {
    *("url", "external_id", "generated_timestamp", "raw_subject", "description", "recipient"),
    *("submitter_id", "assignee_id", "group_id", "organization_id"),  # names only, kept in extra
    *("collaborator_ids", "follower_ids", "email_cc_ids", "sharing_agreement_ids", "followup_ids"),
    *("forum_topic_id", "problem_id", "has_incidents", "is_public", "ticket_form_id", "brand_id"),
    *("satisfaction_probability", "allow_channelback", "allow_attachments", "custom_status_id"),
    "from_messaging_channel",
}
CSV_TYPES = {"text", "checkbox", "integer", "decimal", "regexp", "tagger"}


def records(dataset: Dataset, entity: str) -> dict[Any, dict[str, Any]]:
    key = ENTITIES[entity].key
    return {
        tuple(record[part] for part in key): {
            name: value for name, value in record.items() if name != "source"
        }
        for record in dataset.records(entity)
    }


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    folder = tmp_path_factory.mktemp("samples")
    return {
        form: convert([SAMPLES / form], folder / f"{form}.dataset", timezone=ZONE if form == "csv" else None)
        for form in ("official", "api", "csv")
    }


@pytest.mark.parametrize("form", ["official", "api", "csv"])
def test_nothing_is_lost_or_rejected(datasets: dict[str, Dataset], form: str) -> None:
    dataset = datasets[form]
    assert [finding for finding in recount(dataset) if finding.difference] == []
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0


def test_official_export_and_api_dump_give_the_same_tickets(datasets: dict[str, Dataset]) -> None:
    official, api = (records(datasets[form], "tickets") for form in ("official", "api"))
    assert official.keys() == api.keys()
    for key in official:
        one, other = official[key], api[key]
        assert one.keys() - other.keys() <= ONLY_IN_THE_OFFICIAL_EXPORT
        assert other.keys() - one.keys() <= ONLY_IN_THE_API
        assert {name: value for name, value in one["via"].items() if name != "id"} == other["via"], VIA_ID
        ratings = [ticket["satisfaction_rating"] or {} for ticket in (one, other)]
        assert ratings[0].get("score") == ratings[1].get(
            "score"
        )  # the official export holds the whole rating
        for name in one.keys() & other.keys() - {"via", "satisfaction_rating"}:
            assert one[name] == other[name], (key, name)


@pytest.mark.parametrize(
    "entity", ["comments", "attachments", "users", "organizations", "ticket_metrics", "ticket_links"]
)
def test_official_export_and_api_dump_give_the_same_records(
    datasets: dict[str, Dataset], entity: str
) -> None:
    official, api = (records(datasets[form], entity) for form in ("official", "api"))
    assert official == api
    assert official


def test_the_csv_gives_the_same_tickets_except_for_its_losses(
    datasets: dict[str, Dataset], tmp_path: Path
) -> None:
    fields = SAMPLES / "api" / "ticket_fields.json"
    dataset = convert([SAMPLES / "csv", fields], tmp_path / "csv.dataset", timezone=ZONE)
    tickets, whole = records(dataset, "tickets"), records(datasets["api"], "tickets")
    assert whole.keys() - tickets.keys() == {
        key for key, ticket in whole.items() if ticket["status"] == "deleted"
    }
    types = {str(field["id"]): field["type"] for field in dataset.records("ticket_fields")}
    for key, ticket in tickets.items():
        full = whole[key]
        assert full.keys() - ticket.keys() <= LOST_IN_THE_CSV
        for name in full.keys() & ticket.keys():
            if name in ("created_at", "updated_at", "due_at"):
                assert (ticket[name] or "")[:16] == (full[name] or "")[:16]  # minutes
            elif name == "via":
                assert ticket[name]["channel"] == full[name]["channel"]
            elif name == "satisfaction_rating":
                assert ticket[name]["score"] == (full[name] or {"score": "unoffered"})["score"]
            elif name == "custom_fields":
                _same_fields(ticket[name], full[name], types)
            else:
                assert (ticket[name] or "") == (full[name] or ""), (key, name)


def _same_fields(row: dict[str, Any], full: dict[str, Any], types: dict[str, str]) -> None:
    for field_id, value in row.items():
        known = full.get(field_id)
        if known in (None, "") and value in (None, False):
            continue  # the CSV does not tell an empty field from one that was never set
        assert str(value) == str(known), (field_id, types[field_id])
    assert {
        types[field_id] for field_id in full.keys() - row.keys() if full[field_id] not in (None, "", [])
    } <= {
        *("textarea", "multiselect", "date", "lookup", "partialcreditcard"),
        *CSV_TYPES,  # a deactivated field has no column
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_names_order_and_workers_do_not_show_in_the_result(
    datasets: dict[str, Dataset], tmp_path: Path, workers: int
) -> None:
    exports = []
    for number, path in enumerate(sorted((SAMPLES / "official").glob("*.zip"), reverse=True)):
        with (
            zipfile.ZipFile(path) as packed,
            zipfile.ZipFile(tmp_path / f"renamed-{number}.zip", "w") as renamed,
        ):
            for member in packed.namelist():
                renamed.writestr(f"other/{number}-{member}", packed.read(member))
        exports.append(tmp_path / f"renamed-{number}.zip")
    again = convert(exports, tmp_path / "again.dataset", workers=workers)
    before = datasets["official"]
    for entity in ENTITIES.values():
        assert (again.path / entity.file_name).read_bytes() == (before.path / entity.file_name).read_bytes()
    assert again.digest == before.digest
    assert _nameless(again) == _nameless(before)


@pytest.mark.parametrize("size", [1, 20_000, 300_000])
def test_how_the_export_is_cut_into_parts_does_not_show(
    datasets: dict[str, Dataset], tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=size))
    for form in ("official", "api"):
        again = convert([SAMPLES / form], tmp_path / form)
        assert (again.path / "manifest.json").read_bytes() == (
            datasets[form].path / "manifest.json"
        ).read_bytes()


def test_two_conversions_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        convert([SAMPLES / "official", SAMPLES / "api", SAMPLES / "csv"], tmp_path / name, timezone=ZONE)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert all(
        (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names
    )


def _nameless(dataset: Dataset) -> dict[str, Any]:
    manifest = json.loads(json.dumps(dataset.manifest))
    for source in manifest["sources"]:
        source["name"] = ""
    return dict(manifest)


HOSTILE = sorted(
    path
    for path in (SAMPLES / "hostile").iterdir()
    if path.is_file() and path.suffix not in (".py", ".md", ".typed", ".pyc")
)


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_hostile_input_ends_in_one_line_or_in_a_dataset_that_explains_its_rejects(
    path: Path, tmp_path: Path
) -> None:
    into = tmp_path / "result"
    try:
        dataset = convert([path], into, timezone=ZONE)
    except InputError as error:
        said = str(error)
        refused = isinstance(error, RefusedError)
    else:
        assert [finding for finding in recount(dataset) if finding.difference] == []
        rejects = [json.loads(line) for line in (into / "rejects.ndjson").read_text().splitlines()]
        assert all(reject["reason"] and reject["source"].split("/")[0] == path.name for reject in rejects)
        assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == len(rejects)
        return
    assert path.name in said
    assert refused or "\n" not in said
    assert list(tmp_path.iterdir()) == []


def test_the_hostile_folder_beside_a_good_export_costs_nothing_of_it(
    datasets: dict[str, Dataset], tmp_path: Path
) -> None:
    exports = tmp_path / "exports"
    shutil.copytree(SAMPLES / "official", exports)
    refused = {"path_traversal.zip", "path_traversal.tar", "bomb.json.zst", "two_accounts.json"}
    for path in HOSTILE:
        if path.name not in refused:
            shutil.copy(path, exports / path.name)
    dataset = convert([exports], tmp_path / "result", timezone=ZONE)
    assert [finding for finding in recount(dataset) if finding.difference] == []
    kept, before = (records(one, "tickets") for one in (dataset, datasets["official"]))
    assert {key: kept[key] for key in before} == before


def test_worker_processes_do_not_show_in_the_result(
    datasets: dict[str, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=100_000))
    again = convert([SAMPLES / "official"], tmp_path / "again", workers=2)
    assert (again.path / "manifest.json").read_bytes() == (
        datasets["official"].path / "manifest.json"
    ).read_bytes()
