"""archive.duckdb holds what the dataset holds, explains itself, and is put in place whole."""

import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deskferry.archive import build as module
from deskferry.archive.build import MACROS, VIEWS, build, is_current
from deskferry.archive.tables import columns, relations
from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.dataset import open_dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError

from .conftest import BuildArchive, WriteDataset


def rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(archive) as connection:
        return connection.execute(sql).fetchall()


def test_values_keep_their_types_and_characters(archive_of: BuildArchive) -> None:
    text = "line\u2028separator 😀 שלום \\u0041 \"quoted\" 'single' </x>\r\n\t"
    archive = archive_of(
        tickets=[
            {
                "id": 22644162812557,
                "subject": text,
                "created_at": "2024-05-01T10:00:00.123Z",
                "has_incidents": True,
                "satisfaction_probability": 0.25,
                "tags": ["a", "ü"],
                "follower_ids": [22644162812557, -1],
                "custom_fields": {"360": text, "361": ["x", "y"], "362": False, "363": None},
                "extra": {"big": 123456789012345678901234567890},
            },
            {"id": 1, "subject": None, "tags": [], "custom_fields": None},
        ],
        ticket_events=[{"id": 1, "ticket_id": 1, "value": ["a"], "previous_value": "b"}],
    )
    assert rows(archive, "select * exclude (custom_fields, extra) from tickets where id = 22644162812557")
    [found] = rows(
        archive,
        "select subject, created_at, has_incidents, satisfaction_probability, tags, follower_ids,"
        " custom_fields ->> '360', custom_fields -> '361', custom_fields -> '362', custom_fields -> '363',"
        " extra ->> 'big' from tickets where id = 22644162812557",
    )
    assert found == (
        text,
        datetime(2024, 5, 1, 10, 0, 0, 123000),  # noqa: DTZ001 the column is a TIMESTAMP, in UTC
        True,
        0.25,
        ["a", "ü"],
        [22644162812557, -1],
        text,
        '["x","y"]',
        "false",
        "null",
        "123456789012345678901234567890",
    )
    assert rows(archive, "select subject, tags, custom_fields from tickets where id = 1") == [
        (None, [], None)
    ]
    assert rows(archive, "select value, previous_value from ticket_events") == [('["a"]', '"b"')]


def test_every_entity_is_a_table_with_the_columns_of_its_schema(archive_of: BuildArchive) -> None:
    archive = archive_of()
    found = rows(
        archive,
        "select table_name, column_name, data_type from duckdb_columns() order by table_oid, column_index",
    )
    for entity in ENTITIES:
        described = [(name, kind) for table, name, kind in found if table == entity]
        assert described == [(c.name, c.type) for c in columns(entity)]


def test_types_come_from_the_schema() -> None:
    types = {column.name: column.type for column in columns("tickets")}
    assert types["id"] == "BIGINT"
    assert types["created_at"] == "TIMESTAMP"
    assert types["tags"] == "VARCHAR[]"
    assert types["follower_ids"] == "BIGINT[]"
    assert types["satisfaction_probability"] == "DOUBLE"
    assert types["custom_fields"] == types["extra"] == "JSON"
    assert {c.name: c.type for c in columns("ticket_events")}["value"] == "JSON"
    assert {c.name: c.type for c in columns("ticket_links")}["type"] == "VARCHAR"
    assert {c.name: c.type for c in columns("attachments")}["thumbnails"] == "JSON"


def test_no_property_of_any_schema_is_without_a_known_type() -> None:
    known = {"BIGINT", "VARCHAR", "TIMESTAMP", "BOOLEAN", "DOUBLE", "BIGINT[]", "VARCHAR[]", "JSON"}
    assert {column.type for entity in ENTITIES for column in columns(entity)} <= known


def test_the_archive_explains_itself(archive_of: BuildArchive) -> None:
    archive = archive_of()
    uncommented = rows(
        archive,
        "select table_name from duckdb_tables() where comment is null and not internal"
        " union all select view_name from duckdb_views() where comment is null and not internal",
    )
    assert uncommented == []
    [(comment,)] = rows(
        archive,
        "select comment from duckdb_columns() where table_name = 'comments' and column_name = 'position'",
    )
    assert "Rank in its ticket" in comment
    assert dict(rows(archive, "select key, value from manifest"))["account"] == "acme"
    assert rows(archive, "select id, name from sources") == [("0123456789abcdef", "export.json")]


def test_every_relation_names_columns_that_exist(archive_of: BuildArchive) -> None:
    archive = archive_of()
    assert rows(archive, "select count(*) from relations") == [(len(relations()),)]
    for relation in relations():
        assert relation.column in {column.name for column in columns(relation.table)}
        assert relation.to_column in {column.name for column in columns(relation.to_table)}


def test_every_id_column_has_a_relation_or_a_reason() -> None:
    outside = {
        "audit_id", "external_id", "custom_role_id", "locale_id", "reason_id", "cause_id", "message_id",
        "forum_topic_id", "deleted_ticket_form_id", "section_id", "user_segment_id", "permission_group_id",
        "sub_type_id", "creator_user_id", "department_id", "sharing_agreement_ids", "followup_ids",
        "agent_ids", "content_tag_ids", "external_ids", "restricted_brand_ids", "encoded_id", "macro_id",
        "graph_object_id", "agreement_id", "user_segment_ids",
    }  # fmt: skip
    related = {(relation.table, relation.column) for relation in relations()}
    missing = [
        (entity, column.name)
        for entity in ENTITIES
        for column in columns(entity)
        if column.name.endswith(("_id", "_ids"))
        and column.name not in outside
        and (entity, column.name) not in related
    ]
    assert missing == []


def test_views_on_disk_are_the_views_that_are_made(archive_of: BuildArchive) -> None:
    on_disk = {path.stem for path in (Path(module.__file__).parent / "views").glob("*.sql")}
    assert on_disk == {*MACROS, *VIEWS, "about"}
    archive = archive_of()
    for view in VIEWS:
        assert rows(archive, f"select count(*) from {view}") == [(0,)]


def test_only_the_owner_may_read_it(archive_of: BuildArchive) -> None:
    assert stat.S_IMODE(archive_of().stat().st_mode) == 0o600


def test_nothing_is_left_beside_it(write_dataset: WriteDataset) -> None:
    dataset = write_dataset(tickets=[{"id": 1}])
    (dataset.path / ".archive-killed").mkdir()
    before = {path.name for path in dataset.path.iterdir()} - {".archive-killed"}
    build(dataset)
    assert {path.name for path in dataset.path.iterdir()} == before | {"archive.duckdb"}


def test_it_is_current_until_the_dataset_or_the_layout_changes(
    write_dataset: WriteDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = write_dataset(tickets=[{"id": 1}])
    assert not is_current(dataset)
    build(dataset)
    assert is_current(dataset)
    other = write_dataset(name="other", tickets=[{"id": 2}])
    (other.path / "archive.duckdb").write_bytes(dataset.archive.read_bytes())
    assert not is_current(other)
    monkeypatch.setattr(module, "layout_digest", lambda: "another")
    assert not is_current(dataset)


def test_a_damaged_archive_is_not_current_and_is_replaced(write_dataset: WriteDataset) -> None:
    dataset = write_dataset()
    dataset.archive.write_bytes(b"not a database" * 1000)
    assert not is_current(dataset)
    build(dataset)
    assert is_current(dataset)


def test_a_damaged_file_is_named_and_the_old_archive_stays(write_dataset: WriteDataset) -> None:
    dataset = write_dataset(tickets=[{"id": 1}])
    build(dataset)
    before = dataset.archive.read_bytes()
    dataset.file("tickets").write_bytes(b'{"id": "one"}\n')
    with pytest.raises(InputError) as caught:
        build(dataset)
    assert caught.value.where == dataset.file("tickets")
    assert "\n" not in str(caught.value)
    assert dataset.archive.read_bytes() == before
    dataset.file("tickets").write_bytes(b'{"id": 1\n')
    with pytest.raises(InputError):
        build(dataset)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_is_named(write_dataset: WriteDataset) -> None:
    dataset = write_dataset()
    dataset.path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        build(dataset)


def test_a_line_longer_than_the_first_buffer_is_read(
    write_dataset: WriteDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_LINE", 1 << 17)
    dataset = write_dataset(tickets=[{"id": 1, "subject": "x" * 400_000}, {"id": 2, "subject": "short"}])
    archive = build(dataset)
    assert rows(archive, "select id, length(subject) from tickets") == [(1, 400_000), (2, 5)]


@pytest.mark.parametrize("name", ["a [b] *c.dataset", "it's", "naïve 日本", "a;b--c"])
def test_any_folder_name_will_do(write_dataset: WriteDataset, name: str) -> None:
    archive = build(write_dataset(name=name, tickets=[{"id": 7}]))
    assert rows(archive, "select id from tickets") == [(7,)]


def test_a_name_that_duckdb_takes_for_a_url_is_refused_in_words(write_dataset: WriteDataset) -> None:
    with pytest.raises(InputError, match="Rename the folder"):
        build(write_dataset(name="why?"))


def test_records_keep_the_order_of_the_dataset(archive_of: BuildArchive) -> None:
    archive = archive_of(tickets=[{"id": number} for number in range(5000, 0, -1)])
    assert rows(archive, "select id from tickets") == [(number,) for number in range(1, 5001)]


def test_a_relative_path_is_found(write_dataset: WriteDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = write_dataset(tickets=[{"id": 7}])
    monkeypatch.chdir(dataset.path.parent)
    build(open_dataset(Path(dataset.path.name)))
    assert is_current(dataset)


def test_no_key_is_declared(archive_of: BuildArchive) -> None:
    with duckdb.connect(str(archive_of()), read_only=True) as connection:
        assert connection.execute("select constraint_type from duckdb_constraints()").fetchall() == []
