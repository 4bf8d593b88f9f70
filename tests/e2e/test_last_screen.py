"""The last screen: verified, certified, told where all went; and again after the ledger is lost."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

Demo = tuple[dict[str, Any], Path]


@pytest.fixture
def moved(demo: Demo, tmp_path: Path) -> Path:
    """The plan of a finished demo, in a copy of its folder."""
    shutil.copytree(demo[1], tmp_path / "moved")
    return tmp_path / "moved" / "haldenbikes.plan"


def test_a_verified_move_is_certified(deskferry: Run, demo: Demo, moved: Path) -> None:
    shown = deskferry("verify", moved, "--to", "sandbox")
    assert shown.code == 0, shown.err
    facts = json.loads(moved.with_name("haldenbikes.certificate.json").read_text(encoding="utf-8"))
    tickets = facts["tickets"]
    assert tickets["here"] == tickets["read_back"] == demo[0]["plan"]["tickets"]
    assert tickets["in_export"] == tickets["here"] + tickets["archive_only"]
    assert (tickets["different"], tickets["missing"], tickets["twice"], tickets["unaccounted"]) == (
        0,
        0,
        0,
        0,
    )
    lines = tickets["lines"]
    assert lines["found"] == lines["kept"] + lines["older"] + lines["damaged"]
    assert facts["customers"]["internal"] > 20
    assert facts["customers"]["shown"] == 0
    assert facts["contacted"]["notifications"] == 0
    page = moved.with_name("haldenbikes.certificate.html").read_text(encoding="utf-8")
    for said in (facts["sha256"], facts["digests"]["plan"], "NOT YET", "this was a rehearsal in a sandbox"):
        assert said in page
    assert f"CANCEL ZENDESK?          NOT YET: {facts['not_yet'][0]}" in shown.out
    lost = moved.with_name("haldenbikes.lost-files.csv").read_text(encoding="utf-8").splitlines()
    assert len(lost) == 1 + facts["files"]["lost"]
    assert "HUSH" not in page


def test_named_files_and_a_sample(deskferry: Run, moved: Path, tmp_path: Path) -> None:
    named = ("--html", tmp_path / "c.html", "--report", tmp_path / "c.json")
    shown = deskferry("verify", moved, "--to", "sandbox", "--sample", "20%", *named, "--json").json
    assert shown["certificate"] == json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert 0 < shown["checked"] < shown["planned"]
    assert "A sample only" in (tmp_path / "c.html").read_text(encoding="utf-8")
    refused = deskferry("verify", moved, "--to", "sandbox", "--sample", "none")
    assert refused.code == 2
    assert "is no share" in refused.err


def test_a_lost_ledger_comes_back_and_nothing_is_sent_again(deskferry: Run, moved: Path) -> None:
    (ledger,) = moved.parent.glob("*.ledger")
    table = deskferry("status", ledger, "--csv").out
    for file in moved.parent.glob("*.ledger*"):
        file.unlink()
    refused = deskferry("load", moved, "--to", "sandbox")
    assert (refused.code, "ledger rebuild" in refused.err) == (4, True)
    dry = deskferry("ledger", "rebuild", moved, "--to", "sandbox", "--dry-run", "--json").json
    assert (dry["written"], dry["absent"], dry["unclear"]) == (False, {}, [])
    for file in moved.parent.glob("*.ledger*"):
        file.unlink()  # the refused load began one
    shown = deskferry("ledger", "rebuild", moved, "--to", "sandbox")
    assert shown.code == 0, shown.err
    assert shown.out.splitlines()[-1].startswith("next: deskferry load ")
    assert deskferry("load", moved, "--to", "sandbox", "--json").json["calls"] == 0
    assert deskferry("verify", moved, "--to", "sandbox").code == 0
    again = deskferry("status", ledger, "--csv").out
    assert sorted(csv.reader(again.splitlines())) == sorted(csv.reader(table.splitlines()))
