"""The bundled company as tables: the same as its API dump, except for what each table can't say."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import RefusedError

SAMPLES = Path(__file__).parents[2] / "sample_exports"

NO_COLUMN = {  # of Fivetran's ticket table
    *("raw_subject", "collaborator_ids", "follower_ids", "email_cc_ids", "sharing_agreement_ids"),
    *("satisfaction_rating", "custom_status_id", "from_messaging_channel", "allow_attachments"),
    *("generated_timestamp", "tags"),  # tags are rows of their own
}
EMPTY_IS_ABSENT = "dlt makes no column, and no row of a child table, for what is empty"
LOST_BY_DLT = {"custom_fields"}  # a deleted option has no name; what is called Status falls upon the status


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.+Z]")


def records(dataset: Dataset, entity: str) -> dict[Any, dict[str, Any]]:
    key = ENTITIES[entity].key
    return {
        tuple(record[part] for part in key): {
            name: value for name, value in record.items() if name not in ("source", "extra", "roles_seen")
        }
        for record in dataset.records(entity)
    }


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return convert([SAMPLES / "api"], tmp_path_factory.mktemp("api") / "api.dataset")


@pytest.fixture(scope="module")
def fivetran(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    into = tmp_path_factory.mktemp("fivetran") / "fivetran.dataset"
    return convert([SAMPLES / "fivetran"], into, timezone="UTC")


@pytest.fixture(scope="module")
def dlt(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return convert([SAMPLES / "dlt"], tmp_path_factory.mktemp("dlt") / "dlt.dataset")


@pytest.fixture(scope="module")
def pandas(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return convert([SAMPLES / "pandas"], tmp_path_factory.mktemp("pandas") / "pandas.dataset")


@pytest.mark.parametrize("form", ["fivetran", "dlt", "pandas"])
def test_nothing_is_lost_or_rejected(form: str, request: pytest.FixtureRequest) -> None:
    dataset = request.getfixturevalue(form)
    assert [finding for finding in recount(dataset) if finding.difference] == []
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0
    assert dataset.account == "haldenbikes"


def test_fivetran_gives_the_tickets_of_the_api_but_for_columns_it_lacks(
    api: Dataset, fivetran: Dataset
) -> None:
    full, tickets = records(api, "tickets"), records(fivetran, "tickets")
    assert tickets.keys() == full.keys()
    for key, ticket in tickets.items():
        assert full[key].keys() - ticket.keys() <= NO_COLUMN
        for name in (full[key].keys() & ticket.keys()) - {"custom_fields", "via", "tags", "description"}:
            assert (ticket[name] or None) == (full[key][name] or None), (key, name)
        assert sorted(ticket.get("tags", [])) == sorted(full[key]["tags"])
        assert ticket["via"]["channel"] == full[key]["via"]["channel"]
        assert ticket["via"]["source"]["rel"] == full[key]["via"]["source"]["rel"]
        _same_fields(ticket["custom_fields"], full[key]["custom_fields"])


def test_fivetran_gives_each_comment_with_its_author_time_and_visibility(
    api: Dataset, fivetran: Dataset
) -> None:
    full, comments = records(api, "comments"), records(fivetran, "comments")
    assert comments.keys() == full.keys()
    for key, comment in comments.items():
        for name in ("ticket_id", "author_id", "public", "created_at", "position", "type"):
            assert comment.get(name) == full[key].get(name), (key, name)
        assert (comment["body"] or "") == (full[key]["body"] or "")
        assert "html_body" not in comment


@pytest.mark.parametrize("entity", ["users", "organizations", "groups", "brands", "group_memberships"])
def test_fivetran_contradicts_the_api_nowhere(api: Dataset, fivetran: Dataset, entity: str) -> None:
    full, rows = records(api, entity), records(fivetran, entity)
    assert rows.keys() == full.keys()
    for key, row in rows.items():
        for name, value in row.items():
            if name == "deleted_at":  # Fivetran says that it is gone, not when
                assert (value is None) == (full[key].get(name) is None)
            else:
                assert (value or None) == (full[key].get(name) or None), (key, name)


def test_fivetran_tells_links_ratings_and_the_history_of_fields(api: Dataset, fivetran: Dataset) -> None:
    expected = {key for key, link in records(api, "ticket_links").items() if link["type"] != "problem"}
    assert expected <= records(fivetran, "ticket_links").keys()
    assert len(records(fivetran, "satisfaction_ratings")) == 5
    events = records(fivetran, "ticket_events").values()
    assert {event["value"] for event in events} >= {"new", "hold", "closed"}
    assert all(event["type"] == "Change" and event["field_name"] == "status" for event in events)


def test_dlt_gives_the_tickets_of_the_api_but_for_what_is_empty(api: Dataset, dlt: Dataset) -> None:
    full, tickets = records(api, "tickets"), records(dlt, "tickets")
    assert tickets.keys() == full.keys()
    for key, ticket in tickets.items():
        for name in full[key].keys() - LOST_BY_DLT - {"via", "satisfaction_rating"}:
            assert (ticket.get(name) or None) == (full[key][name] or None), (key, name, EMPTY_IS_ABSENT)
        assert ticket["via"]["channel"] == full[key]["via"]["channel"]
        assert (ticket["via"].get("source") or {}).get("rel") == full[key]["via"]["source"]["rel"]
        _same_fields(ticket.get("custom_fields", {}), full[key]["custom_fields"])


@pytest.mark.parametrize("entity", ["users", "organizations", "groups", "brands", "ticket_fields"])
def test_dlt_gives_the_records_of_the_api_but_for_what_is_empty(
    api: Dataset, dlt: Dataset, entity: str
) -> None:
    full, rows = records(api, entity), records(dlt, entity)
    assert rows.keys() == {key for key, record in full.items() if not record.get("placeholder")}
    for key, row in rows.items():
        for name in row.keys() - {"user_fields", "organization_fields", "photo"}:
            if isinstance(row[name], list) and row[name] and isinstance(row[name][0], dict):
                assert [one.get("value") for one in row[name]] == [
                    one.get("value") for one in full[key][name]
                ]
            else:
                assert (row[name] or None) == (full[key].get(name) or None), (key, name)


def test_pandas_gives_the_tickets_and_users_of_the_api(api: Dataset, pandas: Dataset) -> None:
    for entity in ("tickets", "users"):
        full, rows = records(api, entity), records(pandas, entity)
        assert rows.keys() == full.keys()
        for key, row in rows.items():
            for name in full[key].keys() & row.keys() - {
                "via",
                "satisfaction_rating",
                "user_fields",
                "photo",
            }:
                assert (row[name] or None) == (full[key][name] or None), (key, name)
    scores = {
        key: (one["satisfaction_rating"] or {}).get("score") for key, one in records(api, "tickets").items()
    }
    assert scores == {
        key: (one.get("satisfaction_rating") or {}).get("score")
        for key, one in records(pandas, "tickets").items()
    }


def test_pandas_gives_each_comment_once_with_all_its_files(api: Dataset, pandas: Dataset) -> None:
    def said(dataset: Dataset) -> list[Any]:
        keys = ("ticket_id", "author_id", "created_at", "public")
        return sorted(
            (*(one.get(key) or 0 for key in keys), one["body"] or "")
            for one in records(dataset, "comments").values()
        )

    assert said(pandas) == said(api)
    names = [
        sorted(str(one["file_name"]) for one in records(dataset, "attachments").values())
        for dataset in (api, pandas)
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("form", ["parquet", "duckdb", "lines"])
def test_tables_are_the_same_however_they_are_packed(fivetran: Dataset, tmp_path: Path, form: str) -> None:
    _pack(SAMPLES / "fivetran", tmp_path / "tables", form)
    again = convert([tmp_path / "tables"], tmp_path / "again.dataset", timezone="UTC")
    assert sum(counts["rejected"] for counts in again.manifest["entities"].values()) == 0
    for entity in ("tickets", "comments", "users", "organizations", "ticket_fields", "ticket_links"):
        assert records(again, entity) == records(fivetran, entity), entity


def test_a_duckdb_file_of_dlt_is_its_json_lines(dlt: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema zendesk_data")
        for file in sorted((SAMPLES / "dlt").glob("*.jsonl")):
            name = file.name.split(".")[0]
            rows = f"read_json_auto('{file}', sample_size=-1)"
            connection.execute(f'create table zendesk_data."{name}" as from {rows}')
        connection.execute("create view zendesk_data.users_of_disk as from read_text('/etc/hostname')")
    again = convert([path], tmp_path / "again.dataset", timezone="UTC")
    for entity in ("tickets", "users", "organizations", "ticket_fields"):
        assert _told(again, entity) == _told(dlt, entity), (entity, EMPTY_IS_ABSENT)


@pytest.mark.parametrize(
    ("form", "says"), [("fivetran", "Add --timezone UTC: Fivetran"), ("csv_view", "account's zone")]
)
def test_times_without_a_zone_are_refused_and_the_files_named(form: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"times without a zone in \S+\.csv") as refused:
        convert([SAMPLES / form], tmp_path / "x")
    assert says in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_view_saved_by_a_spreadsheet_agrees_with_the_api(api: Dataset, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "api" / "ticket_fields.json", tmp_path)
    shutil.copytree(SAMPLES / "csv_view", tmp_path / "view")
    dataset = convert([tmp_path], tmp_path / "view.dataset", timezone="Europe/Oslo")
    full, rows = records(api, "tickets"), records(dataset, "tickets")
    assert rows
    for key, row in rows.items():
        for name in ("subject", "requester_id", "status", "priority"):
            assert (row[name] or None) == (full[key][name] or None), (key, name)
        assert row["created_at"][:16] == full[key]["created_at"][:16]
        _same_fields(row["custom_fields"], full[key]["custom_fields"])


def _told(dataset: Dataset, entity: str) -> dict[Any, Any]:
    return {key: _without_nothing(record) for key, record in records(dataset, entity).items()}


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_nothing(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    if isinstance(value, list):
        return [_without_nothing(item) for item in value]
    return value[:19] if isinstance(value, str) and _TIME.match(value) else value  # inside objects as found


def _same_fields(row: dict[str, Any], full: dict[str, Any]) -> None:
    for field, value in row.items():
        if value not in (None, False, [], ""):
            assert str(value) == str(full[field]), field


def _pack(tables: Path, into: Path, form: str) -> None:
    into.mkdir()
    files = sorted(tables.glob("*.csv"))
    with duckdb.connect(into / "x.duckdb" if form == "duckdb" else ":memory:") as connection:
        for file in files:
            amount = ", types = {'custom_refund_amount': 'VARCHAR'}" if file.stem == "ticket" else ""
            rows = f"read_csv('{file}', sample_size=-1{amount})"
            if form == "duckdb":
                connection.execute(f'create table "{file.stem}" as from {rows}')
            else:
                end, options = ("parquet", "parquet") if form == "parquet" else ("jsonl", "json")
                connection.execute(f"copy (from {rows}) to '{into / file.stem}.{end}' (format {options})")


def test_rows_that_belong_to_nothing_are_rejected_one_by_one(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "fivetran", tmp_path / "tables")
    with (tmp_path / "tables" / "ticket_tag.csv").open("a") as file:
        file.write("2026-11-21 03:15:27.426,FALSE,777,lost\n2026-11-21 03:15:27.426,TRUE,778,removed\n")
    dataset = convert([tmp_path / "tables"], tmp_path / "d", timezone="UTC")
    rejects = [json.loads(line) for line in (dataset.path / "rejects.ndjson").read_text().splitlines()]
    assert [(one["source"], one["entity"]) for one in rejects] == [("ticket_tag.csv", "unknown")]
    assert [finding for finding in recount(dataset) if finding.difference] == []
