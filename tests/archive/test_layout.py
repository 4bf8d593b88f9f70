"""The four forms of an answer: one to look at, three that lose nothing."""

import csv
import io
import json
from pathlib import Path

import pytest

from deskferry.archive.layout import cell_width
from deskferry.archive.query import Table, layout, run_query

TABLE = Table(
    columns=["id", "name", "seen"],
    types=["BIGINT", "VARCHAR", "TIMESTAMP"],
    rows=[(1, "Ada", "2024-05-01 10:00:00"), (22644162812557, None, None)],
)


def one(value: object, kind: str = "VARCHAR") -> Table:
    return Table(columns=["value"], types=[kind], rows=[(value,)])


def test_a_table_is_aligned_with_numbers_to_the_right() -> None:
    assert layout(TABLE, "table").splitlines() == [
        "            id  name  seen",
        "──────────────  ────  ───────────────────",
        "             1  Ada   2024-05-01 10:00:00",
        "22644162812557  NULL  NULL",
    ]


def test_wide_and_combining_characters_take_their_cells() -> None:
    table = Table(
        ["a", "b"], ["VARCHAR", "VARCHAR"], [("日本", "x"), ("e\u0301", "x"), ("😀", "x"), ("abcd", "x")]
    )
    positions = {cell_width(line.rpartition("x")[0]) for line in layout(table, "table").splitlines()[2:]}
    assert positions == {6}


def test_a_narrow_terminal_cuts_the_longest_cells_with_an_ellipsis() -> None:
    table = Table(["id", "text"], ["BIGINT", "VARCHAR"], [(1, "日" * 50), (2, "short")])
    lines = layout(table, "table", 30).splitlines()
    assert max(map(cell_width, lines)) <= 30
    assert lines[2].endswith("日…")
    assert "short" in lines[3]
    assert "日" * 50 in layout(table, "table", None)
    assert "日" * 50 in layout(table, "csv", 30)


def test_a_terminal_narrower_than_the_columns_is_exceeded_not_refused() -> None:
    table = Table([f"column {n}" for n in range(20)], ["VARCHAR"] * 20, [("value",) * 20])
    assert layout(table, "table", 10).count("\n") == 3


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\x1b[31mb", "a\u202eb", "a\u2028b", "a\tb", "a\x00b"])
def test_nothing_in_a_cell_moves_the_terminal(text: str) -> None:
    lines = layout(one(text), "table").split("\n")
    assert len(lines) == 4
    assert lines[3] == ""
    assert all(character.isprintable() for character in lines[2])


def test_csv_reads_back_as_it_was() -> None:
    values = ['a "quote"', "comma, here", "line\r\nbreak", "line\u2028separator", "", " blank ", "=1+1"]
    table = Table(["the, name", "n"], ["VARCHAR", "BIGINT"], [(value, 10**17) for value in values])
    text = layout(table, "csv")
    assert text.startswith('"the, name",n\r\n')
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [[value, str(10**17)] for value in values]


def test_json_keeps_numbers_times_and_json_columns(small_archive: Path) -> None:
    table = run_query(
        small_archive,
        "select 123456789012345678901234567890::hugeint as big, timestamp '2024-05-01 10:00:00.25' as at,"
        ' \'{"n":12345678901234567890.10,"s":"\u2028"}\'::json as raw, [1, null] as list,'
        " {'k': 'v'} as struct, 'nan'::double as nan, 1.50::decimal(4,2) as price, null as nothing,"
        " true as yes, 'é' as text, 1 as big",
    )
    text = layout(table, "json")
    assert '"big":123456789012345678901234567890,' in text
    [row] = json.loads(text)
    assert row | {"raw": None} == {
        "big": 123456789012345678901234567890,
        "at": "2024-05-01T10:00:00.25",
        "raw": None,
        "list": [1, None],
        "struct": {"k": "v"},
        "nan": None,
        "price": 1.5,
        "nothing": None,
        "yes": True,
        "text": "é",
        "big_2": 1,
    }
    assert row["raw"]["s"] == "\u2028"


def test_json_of_no_rows_is_an_empty_array() -> None:
    assert json.loads(layout(Table(["a"], ["BIGINT"], []), "json")) == []


def test_markdown_escapes_what_would_break_the_table() -> None:
    text = layout(one("a|b\\|c\n<script>"), "markdown")
    assert text == "| value |\n| --- |\n| a\\|b\\\\\\|c<br>&lt;script> |\n"


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
def test_every_form_ends_its_last_line(form: str) -> None:
    assert layout(TABLE, form).endswith("\n")
    assert layout(Table(["a"], ["BIGINT"], []), form).endswith("\n")
