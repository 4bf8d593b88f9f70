"""The verbs around a mapping, called as a person calls them."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deskferry.cli.main import root
from deskferry.convert.run import convert
from deskferry.sample_exports import official_export, sample

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, with the pages that name its fields."""
    into = tmp_path_factory.mktemp("company") / "halden.dataset"
    with ExitStack() as stack:
        names = [
            stack.enter_context(as_file(sample(f"api/{name}.json"))) for name in ("ticket_fields", "brands")
        ]
        convert([stack.enter_context(official_export()), *names], into)
    return into


@pytest.fixture
def deskferry(dataset: Path, tmp_path: Path) -> Command:
    """deskferry("map", "check", FILE): DATASET stands after the verb by itself."""

    def call(*words: str | Path, code: int = 0) -> Result:
        verb = 2 if words[0] == "map" else 1
        line = [*map(str, words[:verb]), str(dataset), *map(str, words[verb:])]
        result = CliRunner().invoke(root, line, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture(scope="module")
def written(dataset: Path) -> Path:
    """What `map init` wrote, beside the dataset."""
    path = dataset.with_name("halden.mapping.yaml")
    result = CliRunner().invoke(root, ["map", "init", str(dataset), "-o", str(path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def mapping(written: Path, tmp_path: Path) -> Path:
    """A copy that a test may edit."""
    return Path(shutil.copy(written, tmp_path))


def as_json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_new_mapping_is_complete_and_editors_find_its_schema(
    deskferry: Command, mapping: Path, written: Path
) -> None:
    first = mapping.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=mapping.schema.json"
    published = Path(__file__).parents[2] / "schemas" / "mapping.json"
    assert written.with_name("mapping.schema.json").read_bytes() == published.read_bytes()
    checked = deskferry("map", "check", mapping)
    assert checked.stdout.startswith("0 unmapped of ")
    assert ". Signed: 0 of 31 blocks. " in checked.stdout
    found = as_json(deskferry("map", "check", mapping, "--json"))
    assert (found["unmapped"], found["warnings"], len(found["values"])) == ([], [], found["live"])
    everything = deskferry("map", "check", mapping, "--all").stdout
    assert sum(repr(value["value"]) in everything for value in found["values"]) == found["live"]


def test_a_gap_is_refused_by_check_and_plan_with_its_line(
    deskferry: Command, mapping: Path, tmp_path: Path
) -> None:
    text = mapping.read_text(encoding="utf-8").replace(
        '    "pending": {state: open}', '    "paused": {state: open}'
    )
    for block, policy, other in (("ccs", "text", "participants"), ("people", "create", "match")):
        head = f"{block}:\n  decided_by: null\n  date: null\n  policy: "
        assert head + policy in text
        text = text.replace(head + policy, head + other)
    mapping.write_text(text, encoding="utf-8")
    line = text.splitlines().index("statuses:") + 4
    checked = deskferry("map", "check", mapping, code=4)
    assert checked.stdout.startswith("refused: 1 unmapped, 1 not in this version of ")
    assert f"{mapping}:{line}  no entry" in checked.stdout
    assert "no loaded ticket carries it" in checked.stdout
    planned = deskferry("plan", "--mapping", mapping, "--to", f"sandbox:{tmp_path / 's.sqlite'}", code=4)
    assert f"{mapping}:{line}  no entry" in planned.stderr
    assert "this version cannot make people in copy" in planned.stderr


def test_unsigned_blocks_are_listed_and_refused_on_request(deskferry: Command, mapping: Path) -> None:
    unsigned = deskferry("map", "check", mapping, "--signed", code=4)
    assert unsigned.stdout.count("  unsigned  ") == 31
    text = mapping.read_text(encoding="utf-8")
    signed = text.replace("decided_by: null", "decided_by: Ada").replace("date: null", "date: 2024-11-23")
    mapping.write_text(signed, encoding="utf-8")
    assert "Signed: 31 of 31 blocks" in deskferry("map", "check", mapping, "--signed").stdout


def test_a_purpose_of_compliance_is_refused_by_plan_and_names_the_archive(
    deskferry: Command, dataset: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "m.yaml"
    deskferry("map", "init", "-o", mapping, "--purpose", "compliance")
    target = f"sandbox:{tmp_path / 's.sqlite'}"
    planned = deskferry("plan", "--mapping", mapping, "--to", target, code=4)
    assert f"{dataset / 'archive.duckdb'}" in planned.stderr
    assert not (tmp_path / "s.sqlite").exists()


def test_decisions_are_counted_and_given_one_by_one(deskferry: Command, mapping: Path) -> None:
    found = as_json(deskferry("decisions", "--mapping", mapping, "--json"))
    rows = list(csv.DictReader(io.StringIO(deskferry("decisions", "--mapping", mapping, "--csv").stdout)))
    assert len({row["ticket"] for row in rows}) == len(rows) == found["tickets"] > 50
    assert {rule["rule"]: rule["tickets"] for rule in found["rules"]} == {
        rule["rule"]: sum(row["rule"] == str(rule["rule"]) for row in rows) for rule in found["rules"]
    }
    assert sum(found["targets"].values()) == found["tickets"]
    row = rows[0]
    one = as_json(deskferry("decisions", "--mapping", mapping, "--ticket", row["ticket"], "--json"))
    assert {key: str(one[key]) for key in row} == row
    said = deskferry("decisions", "--mapping", mapping, "--ticket", row["ticket"]).stdout
    assert f"at {row['where']}: {row['reason']}" in said
    deskferry("decisions", "--mapping", mapping, "--ticket", "999999", code=1)


def test_a_mapping_is_shown_as_a_page_and_as_markdown(
    deskferry: Command, mapping: Path, tmp_path: Path
) -> None:
    page, text = tmp_path / "m.html", tmp_path / "m.md"
    shown = as_json(deskferry("map", "show", mapping, "--html", page, "--markdown", text, "--json"))
    assert shown["files"] == [str(page), str(text)]
    assert "<svg" in page.read_text(encoding="utf-8")
    printed = deskferry("map", "show", mapping, "--markdown")
    assert printed.stdout.rstrip("\n") == text.read_text(encoding="utf-8").rstrip("\n")
    assert printed.stderr.startswith("next: ")
    deskferry("map", "show", mapping, code=2)
    deskferry("map", "show", mapping, "--html", tmp_path / "no" / "m.html", code=1)


def test_the_calls_of_a_difference_are_those_of_the_plans(
    deskferry: Command, mapping: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.yaml"
    deskferry("map", "init", "-o", bare, "--purpose", "reporting")
    found = as_json(deskferry("map", "diff", mapping, bare, "--json"))
    for path, calls in ((mapping, found["calls_before"]), (bare, found["calls_after"])):
        target = f"sandbox:{tmp_path / 's.sqlite'}"
        plan = as_json(
            deskferry("plan", "--mapping", path, "--to", target, "-o", path.with_suffix(".plan"), "--json")
        )
        assert plan["calls"] - plan["setup"] == calls, path
        assert plan["tickets"] == found["moved"] == sum(move["tickets"] for move in found["moves"])
    screen = deskferry("map", "diff", mapping, bare).stdout
    assert "conversation: note" in screen
    assert "calls of the whole load, without setup: " in screen
    again = deskferry("plan", "--mapping", bare, "--to", target, "-o", path.with_suffix(".plan"), "--replace")
    counted = f"{plan['calls']}-{plan['calls_most']} calls"
    assert f"{counted} = {plan['setup']} of setup (attributes, tags) + {calls} for" in again.stdout


@pytest.mark.parametrize("form", ["note", "replies"])
def test_the_calls_of_a_move_to_tickets_are_those_of_the_plan(
    deskferry: Command, mapping: Path, tmp_path: Path, form: str
) -> None:
    text, tickets = mapping.read_text(encoding="utf-8"), tmp_path / "tickets.yaml"
    assert "conversation: note" in text
    head, types, rest = text.replace("conversation: note", "ticket: Old").partition("ticket_types:\n")
    kind = f"values: {{Old: {{category: customer, form: {form}}}}}"
    tickets.write_text(head + types + rest.replace("values: {}", kind, 1), encoding="utf-8")
    found = as_json(deskferry("map", "diff", mapping, tickets, "--json"))
    to = f"sandbox:{tmp_path / 's.sqlite'}"
    plan = as_json(
        deskferry("plan", "--mapping", tickets, "--to", to, "-o", tmp_path / "tickets.plan", "--json")
    )
    assert plan["calls"] - plan["setup"] == found["calls_after"]
    assert found["moved"] == plan["tickets"] > 0


def test_a_preview_says_of_a_bare_ticket_that_its_comments_are_not_sent(
    deskferry: Command, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.yaml"
    deskferry("map", "init", "-o", bare, "--purpose", "reporting")
    tickets = as_json(deskferry("sql", LOOK, "--json"))["rows"]
    for ticket, comments in tickets:
        noted = deskferry("preview", "--ticket", str(ticket)).stdout
        assert f", {comments} comments, " in noted
        shown = deskferry("preview", "--ticket", str(ticket), "--mapping", bare)
        assert f"TEAMMATE SEES   no note: {comments} comments and " in shown.stdout
        assert "INTERNAL" not in shown.stdout


LOOK = "select id, comments from ticket_overview where comments > 2 and status = 'closed' order by id limit 2"


def test_an_absent_ticket_is_named_with_the_option_that_asked_for_it(
    deskferry: Command, mapping: Path
) -> None:
    for words in (("decisions",), ("decisions", "--csv")):
        told = deskferry(*words, "--mapping", mapping, "--ticket", "999999999", code=1).stderr
        assert "no such ticket: 999999999" in told
        assert "--ticket:" in told
