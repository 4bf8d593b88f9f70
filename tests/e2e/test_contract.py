"""What programs rely on: the keys of each JSON object, the `next:` line, stdout and stderr."""

import gzip
import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run, environment

Demo = tuple[dict[str, Any], Path]

KEYS = {
    "convert": {"dataset", "account", "digest", "entities", "sources", "rejected", "findings"},
    "check": {"dataset", "digest", "differences", "findings"},
    "archive": {"archive", "digest", "bytes", "records"},
    "audit": {"questions", "findings"},
    "search": {"found", "hits"},
    "sql": {"columns", "types", "rows"},
    "map init": {"mapping", "live", "mapped", "unmapped", "suggested"},
    "map check": {"mapping", "digest", "live", "mapped", "unmapped", "missing", "suggested", "wildcards"}
    | {"unsupported", "warnings", "unsigned", "values", "defaults"},
    "map show": {"mapping", "digest", "files", "tickets", "open"},
    "map diff": {"old", "new", "tickets", "moved", "moves", "changes", "calls_before", "calls_after"},
    "decisions": {"tickets", "targets", "rules"},
    "preview": {"ticket", "decision", "customer_sees", "teammate_sees", "reports_count", "calls"},
    "workspace": {"workspace", "id", "name", "region", "digest", "calls"},
    "silence init": {"silence", "switches"},
    "plan": {"digest", "tickets", "calls", "bytes", "seconds", "customer_visible", "refused"},
    "load": {"done", "failed", "in_doubt", "calls", "ledger"},
    "status": {"workspace", "account", "counts", "failed", "in_doubt"},
    "verify": {"checked", "differences", "findings"},
}


def words_of(name: str, files: dict[str, str], folder: Path) -> list[str]:
    dataset, mapping, plan = files["dataset"], files["mapping"], files["plan"]
    return {
        "check": ["check", dataset],
        "archive": ["archive", dataset],
        "audit": ["audit", dataset],
        "search": ["search", dataset, "thank you"],
        "sql": ["sql", dataset, "select count(*) as n from tickets"],
        "map init": ["map", "init", dataset, "-o", str(folder / "m.yaml")],
        "map check": ["map", "check", dataset, mapping],
        "map show": ["map", "show", dataset, mapping, "--html", str(folder / "m.html")],
        "map diff": ["map", "diff", dataset, mapping, mapping],
        "decisions": ["decisions", dataset, "--mapping", mapping],
        "preview": ["preview", dataset, "--ticket", "18", "--mapping", mapping],
        "workspace": ["workspace", "--to", f"sandbox:{folder / 's.sqlite'}", "-o", str(folder / "w.json")],
        "silence init": ["silence", "init", "-o", str(folder / "silence.yaml")],
        "plan": ["plan", dataset, "--mapping", mapping, "--to", "sandbox", "-o", str(folder / "p.plan")],
        "load": ["load", plan, "--to", "sandbox"],
        "status": ["status", files["ledger"]],
        "verify": ["verify", plan, "--to", "sandbox"],
    }[name]


@pytest.mark.parametrize("name", [name for name in KEYS if name != "convert"])
def test_each_verb_prints_one_object_of_its_type_or_lines_that_end_with_what_is_next(
    deskferry: Run, demo: Demo, tmp_path: Path, name: str
) -> None:
    files = demo[0]["files"]
    as_json = deskferry(*words_of(name, files, tmp_path), "--json")
    assert as_json.code == 0, as_json.err
    assert len(as_json.out.splitlines()) == 1
    assert as_json.json["type"] == name
    assert KEYS[name] <= as_json.json.keys()
    for path in tmp_path.iterdir():
        if path.is_file():
            path.unlink()
    lines = deskferry(*words_of(name, files, tmp_path))
    assert lines.code == 0, lines.err
    assert lines.out.splitlines()[-1].startswith("next: ")


def test_convert_and_each_step_of_the_demo_print_what_their_verb_prints(demo: Demo) -> None:
    result, _ = demo
    assert result["type"] == "demo"
    for step, name in [
        ("convert", "convert"),
        ("plan", "plan"),
        ("load", "load"),
        ("second_load", "load"),
        ("verify", "verify"),
    ]:
        assert result[step]["type"] == name
        assert KEYS[name] <= result[step].keys(), step
    assert {"found", "accepted", "repeated", "superseded", "rejected", "made"} == result["convert"][
        "entities"
    ]["tickets"].keys()
    assert isinstance(result["verify"]["differences"], int)
    assert isinstance(result["plan"]["refused"], list)


def test_what_is_next_after_a_conversion_can_be_typed_as_it_stands(deskferry: Run, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(
        json.dumps(
            {
                "url": "https://acme.zendesk.com/api/v2/tickets/1.json",
                "id": 1,
                "status": "open",
                "subject": "Hello",
                "raw_subject": "Hello",
                "created_at": "2024-05-01T10:00:00Z",
            }
        )
    )
    ran = deskferry("convert", "t.json", "--into", "my data.dataset")
    for _ in range(3):
        assert ran.code == 0, ran.err
        following = ran.out.splitlines()[-1].removeprefix("next: ")
        assert following.startswith("deskferry "), following
        ran = deskferry(*shlex.split(following)[1:])


def test_after_a_conversion_with_rejects_the_check_comes_next_and_then_the_audit(
    deskferry: Run, tmp_path: Path
) -> None:
    ticket = {
        "url": "https://acme.zendesk.com/api/v2/tickets/1.json",
        "id": 1,
        "status": "open",
        "subject": "Hello",
        "raw_subject": "Hello",
        "created_at": "2024-05-01T10:00:00Z",
    }
    whole = json.dumps(ticket) + "\n" + json.dumps({**ticket, "id": 4}) + "\n"
    (tmp_path / "t.json").write_text(whole + '{"id": 5, "sta\n')
    (tmp_path / "more.json.gz").write_bytes(gzip.compress(whole.encode())[:-4])
    ran = deskferry("convert", "t.json", "more.json.gz", "--into", "my data.dataset")
    assert (ran.code, ran.out.splitlines()[-1]) == (3, "next: deskferry check 'my data.dataset'"), ran.err
    assert "could not be read whole: " in ran.out
    assert {"t.json", "more.json"} <= set(re.findall(r"[a-z]+\.json", ran.out))
    ran = deskferry("check", "my data.dataset")
    assert "1  files of the export could not be read to their end (such as more.json)" in ran.out
    assert f"1  pieces of files could not be read as records (such as t.json:{len(whole)})" in ran.out
    assert "2  ticket ids are absent: a file of the export is damaged or cut, most likely" in ran.out
    following = ran.out.splitlines()[-1]
    assert following == "next: deskferry audit 'my data.dataset' --html audit.html"
    assert deskferry(*shlex.split(following)[2:]).code == 0


@pytest.mark.parametrize("form", ["csv", "json", "markdown"])
def test_rows_for_another_program_come_alone_on_stdout(deskferry: Run, demo: Demo, form: str) -> None:
    ran = deskferry("sql", demo[0]["files"]["dataset"], "select 1 as a, 'x' as b", "--format", form)
    assert ran.code == 0
    assert "next:" not in ran.out
    assert "next: " in ran.err


def test_sql_can_neither_write_nor_read_anything_else(deskferry: Run, demo: Demo, tmp_path: Path) -> None:
    dataset = demo[0]["files"]["dataset"]
    for query in (
        "select * from read_csv('/etc/hostname')",
        f"copy tickets to '{tmp_path / 'out.csv'}'",
        f"attach '{tmp_path / 'x.duckdb'}'",
        "create table t as select 1",
        "update tickets set subject = 'x'",
        "set enable_external_access = true",
        "install httpfs",
        "select getenv('HOME')",
        "selct 1",
    ):
        ran = deskferry("sql", dataset, query)
        assert (ran.code, ran.out, "Traceback" in ran.err) == (1, "", False), query
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_long_question_with_one_line(demo: Demo) -> None:
    slow = "select count(*) from range(10000000) a, range(1000000) b where a.range % 7 = b.range % 5"
    with subprocess.Popen(
        [sys.executable, "-m", "deskferry.cli", "sql", demo[0]["files"]["dataset"], slow],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that runs the tests in the background has them, and so all they start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=6)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert (out, err.decode().splitlines()[-1]) == (b"", "interrupted; run it again to go on")
    assert b"Traceback" not in err
