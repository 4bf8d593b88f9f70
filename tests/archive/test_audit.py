"""How a question is read, asked and answered; and what a bad one is told."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from deskferry.archive.ask import Finding, ask
from deskferry.archive.question import Plot, Question, Severity, parse_question, read_questions
from deskferry.schemas.errors import InputError

from .conftest import BuildArchive

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HEADER = """\
-- title: Tickets
-- group: own
-- severity: DECIDE
-- says: {count:ticket is|tickets are} here, {count:it|they} {open:is|are} open
-- advice: Look at them,
--   one by one
-- count: tickets
-- open: open ones
-- examples: numbers
"""
QUERY = "select count(*) as count, 1234 as open, list(id order by id) as examples from tickets"
PLOT = "-- plot: bar\n-- title: By status\n-- x: status\n-- y: tickets\n"
SERIES = "select status, count(*) as tickets from tickets group by status order by status"


def own(folder: Path, text: str, *, name: str = "own_tickets.sql") -> Question:
    """The question in a file of the user's own."""
    (folder / name).write_text(text)
    [question] = [one for one in read_questions(folder) if one.id == name.removesuffix(".sql")]
    return question


def answered(archive: Path, question: Question, **more: Any) -> Finding:
    [finding] = ask(archive, [question], now=NOW, **more)
    return finding


def test_a_question_is_read_whole(tmp_path: Path) -> None:
    question = own(tmp_path, f"{HEADER}{QUERY}\n{PLOT}{SERIES}\n")
    assert (question.id, question.group, question.severity) == ("own_tickets", "own", Severity.DECIDE)
    assert question.advice == "Look at them, one by one"
    assert list(question.columns) == ["count", "open", "examples"]
    assert question.sql == QUERY
    assert question.where == f"{tmp_path / 'own_tickets.sql'}:10"
    [series] = question.series
    assert (series.kind, series.x, series.y, series.by) == (Plot.BAR, "status", "tickets", None)
    assert (series.sql, series.where) == (SERIES, f"{tmp_path / 'own_tickets.sql'}:15")


def test_its_answer_has_count_examples_sentence_and_series(small_archive: Path, tmp_path: Path) -> None:
    finding = answered(small_archive, own(tmp_path, f"{HEADER}{QUERY}\n{PLOT}{SERIES}"))
    assert finding.text == "11 tickets are here, they 1,234 are open"
    assert finding.as_json() == {
        "id": "own_tickets",
        "group": "own",
        "severity": "DECIDE",
        "count": 11,
        "examples": list(range(101, 111)),  # ten of the eleven
        "advice": "Look at them, one by one",
    }
    [series] = finding.series
    assert series.columns == ["status", "tickets"]
    assert ("open", 1) in series.rows


@pytest.mark.parametrize(
    ("count", "header", "column", "expected"),
    [
        (0, "", "", "fine"),
        (0, "-- zero: KNOW\n", "", "KNOW"),
        (0, "", ", 'STOP' as severity", "fine"),
        (1, "", "", "DECIDE"),
        (1, "", ", 'STOP' as severity", "STOP"),
        (1, "", ", null::varchar as severity", "DECIDE"),
        (1, "", ", 'fine' as severity", "fine"),
    ],
)
def test_nothing_counted_is_fine_and_the_query_may_overrule(
    small_archive: Path, tmp_path: Path, count: int, header: str, column: str, expected: str
) -> None:
    query = f"select {count} as count, 1 as open, []::bigint[] as examples{column}"
    assert answered(small_archive, own(tmp_path, f"{header}{HEADER}{query}")).severity == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEADER.replace("-- title: Tickets\n", "") + QUERY, 9, "no line '-- title: ...'"),
        (HEADER.replace("DECIDE", "URGENT") + QUERY, 3, "severity is one of STOP, DECIDE, KNOW, fine"),
        (HEADER.replace("group: own", "group: other") + QUERY, 2, "does not begin the name"),
        (HEADER.replace("{open:is|are}", "{closed}") + QUERY, 4, "{closed}"),
        (HEADER.replace("{open:is|are}", "{open:is}") + QUERY, 4, "a brace"),
        (HEADER + "-- count: again\n" + QUERY, 10, "count stands twice"),
        (HEADER + "-- some remark\n" + QUERY, 10, "not a line of a header"),
        (HEADER, 1, "a header without a query"),
        (HEADER + QUERY + "\n" + PLOT, 11, "a header without a query"),
        (HEADER + QUERY + "\n" + PLOT.replace("bar", "pie") + SERIES, 11, "plot is one of bar, line"),
        (HEADER + QUERY + "\n" + PLOT + "-- colour: red\n" + SERIES, 15, "unknown key colour"),
        (HEADER + QUERY + "\n" + PLOT.replace("-- y: tickets\n", "") + SERIES, 14, "no line '-- y: ...'"),
        (QUERY, 1, "no line '-- title: ...'"),
        ("", 1, "a header without a query"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(InputError) as caught:
        own(tmp_path, text)
    assert str(caught.value.where) == f"{tmp_path / 'own_tickets.sql'}:{line}"
    assert words in caught.value.what


def test_bad_names_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_questions(tmp_path / "nowhere")
    with pytest.raises(InputError, match="<group>_<name>"):
        own(tmp_path, HEADER + QUERY, name="Tickets.sql")
    (tmp_path / "Tickets.sql").unlink()
    with pytest.raises(InputError, match="of this name already"):
        own(tmp_path, HEADER.replace("group: own", "group: staff") + QUERY, name="staff_left.sql")
    (tmp_path / "staff_left.sql").unlink()
    (tmp_path / "own_bytes.sql").write_bytes(b"-- title: \xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_questions(tmp_path)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("select count(*) as count, 1 as open from tickets", "columns: examples"),
        (QUERY.replace("as open", "as closed"), "columns: closed, open"),
        (f"{QUERY} where false group by id", "0 rows instead of one"),
        (QUERY.replace("count(*)", "'many'"), "not a whole number"),
        (QUERY.replace("count(*)", "true"), "not a whole number"),
        (QUERY.replace("list(id order by id)", "'101'"), "not a list"),
        (QUERY.replace("1234 as open", "1 as open, 'BAD' as severity"), "severity BAD"),
        ("select nothing", "nothing"),
        (f"{QUERY}; {QUERY}", "2 statements"),
        ("delete from tickets", "not a question"),
        ("create temp table x as select 1", "not a question"),
        ("attach 'other.db'", "not a question"),
        ("insert into answered values (1, '', '')", "not a question"),
        ("select count(*) as count, 1 as open, [] as examples from read_text('/etc/passwd')", "disabled"),
        ("select count(*) as count, 1 as open, [] as examples from '/etc/passwd'", ""),
        ("set enable_external_access = true", "not a question"),
    ],
)
def test_what_a_question_may_not_do_is_one_line_with_its_place(
    small_archive: Path, tmp_path: Path, query: str, words: str
) -> None:
    before = small_archive.read_bytes()
    question = own(tmp_path, HEADER + query)
    with pytest.raises(InputError) as caught:
        answered(small_archive, question)
    assert str(caught.value.where) == f"{tmp_path / 'own_tickets.sql'}:10"
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert small_archive.read_bytes() == before


def test_a_plot_names_columns_of_its_answer(small_archive: Path, tmp_path: Path) -> None:
    question = own(tmp_path, f"{HEADER}{QUERY}\n{PLOT.replace('x: status', 'x: month')}{SERIES}")
    with pytest.raises(InputError, match="column month") as caught:
        answered(small_archive, question)
    assert str(caught.value.where).endswith(":15")


def test_a_dropped_file_is_a_question() -> None:
    on_disk = {
        file.name.removesuffix(".sql")
        for file in files("deskferry.archive.audit").iterdir()
        if file.name.endswith(".sql")
    }
    questions = read_questions()
    assert {question.id for question in questions} == on_disk
    assert sum(question.group != "risk" for question in questions) >= 58
    assert len({question.title for question in questions}) == len(questions)
    for question in questions:
        parse_question(f"{question.id}.sql", text_of(question.id), place="here")
        assert not question.advice.endswith("."), question.id


def text_of(name: str) -> str:
    return files("deskferry.archive.audit").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def test_a_delta_date_can_be_proposed(archive_of: BuildArchive) -> None:
    archive = archive_of(
        tickets=[
            {"id": 1, "status": "closed", "updated_at": "2026-01-01T00:00:00.000Z"},
            {"id": 2, "status": "closed", "updated_at": "2026-03-01T00:00:00.000Z"},
        ]
    )
    [question] = [one for one in read_questions() if one.id == "inventory_delta"]
    finding = answered(archive, question, delta=date(2026, 2, 1))
    assert (finding.count, finding.values["delta"]) == (1, "2026-02-01")
    assert answered(archive, question, delta=date(2025, 2, 1)).count == 2


def test_without_a_workspace_staff_are_only_to_know(small_archive: Path) -> None:
    [question] = [one for one in read_questions() if one.id == "staff_without_admin"]
    finding = answered(small_archive, question)
    assert (finding.severity, finding.examples) == ("KNOW", ["agent@acme.test"])
    assert "--workspace-file" in finding.text


def test_no_risk_shows_what_it_found(archive_of: BuildArchive) -> None:
    card = "4111111111111111"
    archive = archive_of(
        tickets=[{"id": 5}],
        comments=[{"id": 1, "ticket_id": 5, "position": 1, "body": f"card {card}", "public": True}],
    )
    risks = [question for question in read_questions() if question.group == "risk"]
    found = ask(archive, risks, now=NOW)
    assert {finding.question.id: finding.examples for finding in found}["risk_cards"] == [5]
    assert all(card not in repr((finding.examples, finding.text, finding.values)) for finding in found)
