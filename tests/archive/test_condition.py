"""A condition is one stable yes or no over ticket_overview, or it is refused before anything is decided."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from deskferry.archive.condition import check_conditions
from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.errors import InputError


@pytest.fixture
def connection(small_archive: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_archive(small_archive) as opened:
        yield opened


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        "scrubbed",
        "status = 'closed' -- a comment at the end",
        "created_at < timestamp '2024-01-01'",
        "list_contains(tags, 'vip')",
        "requester_email like '%@x.test' or requester_email is null",
        "custom_fields ->> '50' = 'A: 1'",
        "id in (select ticket_id from comments where body ilike '%refund%')",
        "exists (select 1 from attachments a where a.ticket_id = ticket_overview.id)",
        "age(updated_at, created_at) > interval 3 days",
        "strftime(created_at, '%Y') = '2024'",
        "merged_into is not null and\n  not deleted",
    ],
)
def test_a_stable_yes_or_no_is_accepted(connection: duckdb.DuckDBPyConnection, condition: str) -> None:
    check_conditions(connection, [(condition, "m.yaml:7")])


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("random() < 0.5", "random()"),
        ("created_at < now()", "now()"),
        ("created_at < NOW() - interval 3 days", "now()"),
        ("created_at < current_date", "current_date"),
        ("created_at < CURRENT_TIMESTAMP", "current_timestamp"),
        ("created_at < today()", "today()"),
        ("created_at < localtimestamp", "localtimestamp"),
        ("age(created_at) > interval 3 days", "age()"),
        ("uuid() is not null", "uuid()"),
        ("gen_random_uuid() is not null", "gen_random_uuid()"),
        ("current_setting('memory_limit') = ''", "current_setting()"),
        ("(select count(*) from comments where random() < 0.5) > 1", "random()"),
        ("id in (select id from tickets using sample 3)", "sample"),
        ("id in (select * from query('select random()::bigint'))", "query()"),
    ],
)
def test_what_changes_from_one_time_to_another_is_refused(
    connection: duckdb.DuckDBPyConnection, condition: str, word: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_conditions(connection, [(condition, "m.yaml:7")])
    assert caught.value.where == "m.yaml:7"
    assert word in caught.value.what.lower()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("stauts = 'closed'", '"status"'),
        ("status = ", "syntax error"),
        ("status = 'closed", "unterminated"),
        ("subject", "VARCHAR, not BOOLEAN"),
        ("1", "INTEGER, not BOOLEAN"),
        ("count(*) > 1", "aggregate"),
        ("row_number() over () > 1", "window"),
        ("true) or (true", ""),
        ("true, false", "not one condition"),
        ("true), (false", ""),
        ("true] || [false", "not one condition"),
        ("true] from tickets union select [true", "not one condition"),
        ("x for x in tags", "not one condition"),
        ("true) as a, (false", ""),
        ("true) from ticket_overview union select (1", ""),
        ("true) as a from tickets union select (1", ""),
        ("true; delete from tickets; select (1", ""),
        ("true; select 1", ""),
        ("id = ?", ""),
        ("id = $1", ""),
        ("", "not one condition"),
        ("--", "not one condition"),
        ("id in (select size from read_blob('/etc/passwd'))", "disabled"),
        ("id in (select id from nowhere)", "nowhere"),
    ],
)
def test_what_is_no_condition_is_one_line_with_its_place(
    connection: duckdb.DuckDBPyConnection, condition: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_conditions(connection, [(condition, "m.yaml:7")])
    assert str(caught.value).startswith("m.yaml:7: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
