"""`sql` answers what is asked, and can do nothing else."""

from pathlib import Path

import pytest

from deskferry.archive.query import run_query
from deskferry.schemas.errors import InputError


def test_columns_types_and_rows_come_back(small_archive: Path) -> None:
    table = run_query(
        small_archive, "select id, subject, true as yes, null as nothing from tickets order by id limit 1;"
    )
    assert table.columns == ["id", "subject", "yes", "nothing"]
    assert table.types[:3] == ["BIGINT", "VARCHAR", "BOOLEAN"]
    assert table.rows == [(101, "Hello", True, None)]


def test_what_python_cannot_hold_comes_as_duckdbs_text(small_archive: Path) -> None:
    table = run_query(
        small_archive,
        "select timestamp '2024-05-01 10:00:00.5', date '294247-01-01', 'infinity'::timestamp,"
        " timestamptz '2024-05-01 10:00:00+00' is not null, 1.50::decimal(9, 2), interval 40 days,"
        " [1, 2], {'a': 'ü'}, 123456789012345678901234567890::hugeint, '\\x00ff'::blob, current_timestamp",
    )
    assert table.rows[0][:10] == (
        "2024-05-01 10:00:00.5", "294247-01-01", "infinity", True, "1.50", "40 days",
        "[1,2]", '{"a":"ü"}', 123456789012345678901234567890, table.rows[0][9],
    )  # fmt: skip
    assert all(isinstance(value, str | bool | int) for value in table.rows[0])


def test_the_order_asked_for_is_kept(small_archive: Path) -> None:
    sql = "select i, timestamp '2024-01-01' as t from range(50000) r(i) order by hash(i)"
    plain = run_query(small_archive, "select i from range(50000) r(i) order by hash(i)")
    assert [row[0] for row in run_query(small_archive, sql).rows] == [row[0] for row in plain.rows]


@pytest.mark.parametrize(
    "sql",
    [
        "describe tickets",
        "show tables",
        "summarize users",
        "from tickets",
        "with t as (select 1) select * from t",
        "values (1), (2)",
        "explain select * from ticket_overview",
        "select 1 as a, 2 as a -- comment",
    ],
)
def test_every_kind_of_question_is_answered(small_archive: Path, sql: str) -> None:
    assert run_query(small_archive, sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "delete from tickets",
        "insert into manifest values ('a', 'b')",
        "update tickets set subject = ''",
        "drop table tickets",
        "create table x (i int)",
        "create temp table x (i int)",
        "explain analyze delete from tickets",
        "attach ':memory:' as other",
        "attach 'OTHER' as other",
        "copy tickets to 'OTHER'",
        "copy (select 1) to '/dev/stdout'",
        "export database 'OTHER'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '8GB'",
        "reset lock_configuration",
        "set enable_external_access = true",
        "pragma enable_external_access = true",
        "call pragma_version()",
        "checkpoint",
        "begin",
        "use memory",
        "select getenv('HOME')",
        "select * from read_text('OTHER')",
        "select * from read_csv('OTHER')",
        "select * from read_json('OTHER')",
        "select * from read_blob('/etc/passwd')",
        "select * from glob('/*')",
        "select * from 'OTHER'",
        "select * from '/etc/passwd'",
        "select * from sniff_csv('OTHER')",
        "select * from parquet_scan('OTHER')",
        "select * from read_text('https://example.test/')",
        "select * from query('select * from read_text(''OTHER'')')",
        "select content from read_text('OTHER') where (select 1) = 1",
        "select 1; select 2",
        "select 1; delete from tickets",
        "",
        "   -- nothing",
        "selekt 1",
        "select nothing_here from tickets",
        "select * from nowhere",
        "select ? from tickets",
        "select cast('x' as integer)",
    ],
)
def test_what_is_no_question_about_the_archive_is_one_clear_line(small_archive: Path, sql: str) -> None:
    other = small_archive.with_name("tickets.ndjson")
    before = small_archive.read_bytes()
    with pytest.raises(InputError) as caught:
        run_query(small_archive, sql.replace("OTHER", str(other)))
    assert str(caught.value)
    assert "\n" not in str(caught.value)
    assert small_archive.read_bytes() == before


def test_variables_of_ours_are_no_tables(small_archive: Path) -> None:
    connection = statement = relation = table = [1]
    assert connection is statement is relation is table
    for name in ("connection", "statement", "relation", "small_archive"):
        with pytest.raises(InputError, match="does not exist"):
            run_query(small_archive, f"select * from {name}")


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no archive here"):
        run_query(tmp_path / "archive.duckdb", "select 1")


def test_the_folder_is_left_as_it_was(small_archive: Path) -> None:
    before = sorted(small_archive.parent.iterdir())
    run_query(small_archive, "select i, count(*) from range(100000) r(i) group by i order by hash(i)")
    assert sorted(small_archive.parent.iterdir()) == before
