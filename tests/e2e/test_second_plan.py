"""A workspace that holds a load already: the next plan fits it, and a wrong one is told from it."""

from pathlib import Path
from typing import Any

from .conftest import Run

Demo = tuple[dict[str, Any], Path]
LOADED = ("contact ", "company ", "membership ", "conversation ")


def test_a_first_small_load_is_followed_by_the_whole_one(deskferry: Run, demo: Demo, tmp_path: Path) -> None:
    result, folder = demo
    inputs = (folder / "haldenbikes.dataset", "--mapping", folder / "haldenbikes.mapping.yaml")
    to = ("--to", f"sandbox:{tmp_path / 's.sqlite'}")
    small = deskferry("plan", *inputs, *to, "-o", "small.plan", "--limit", "5", "--json")
    assert small.code == 0, small.err
    assert deskferry("load", "small.plan", *to, "--json").json["done"] == 5

    whole = deskferry("plan", *inputs, *to, "-o", "whole.plan", "--json")
    assert whole.code == 0, whole.err
    steps, first = whole.json["by_step"], small.json["by_step"]
    assert [step for step in steps if "attribute" in step] == [], "they all stand there"
    tags = result["plan"]["by_step"]["tag create"]
    assert steps["tag create"] == tags - first.get("tag create", 0)
    loaded = deskferry("load", "whole.plan", *to, "--json").json
    assert (loaded["done"], loaded["skipped"]) == (result["plan"]["tickets"], 5)
    setup = sum(count for step, count in first.items() if not step.startswith(LOADED))
    unplanned = loaded["preflight"] + loaded["read_back"]
    assert loaded["calls"] == whole.json["calls"] - (small.json["calls"] - setup) + unplanned
    assert loaded["notifications"] == 0
    verified = deskferry("verify", "whole.plan", *to, "--settle", "0", "--json")
    assert (verified.code, verified.json["differences"]) == (0, 0)


def test_a_finished_load_is_told_by_its_target_and_its_status(
    deskferry: Run, demo: Demo, tmp_path: Path
) -> None:
    result, folder = demo
    plan = folder / "haldenbikes.plan"
    wrong = deskferry("load", plan, "--to", f"sandbox:{tmp_path / 'fresh.sqlite'}")
    assert (wrong.code, wrong.out) == (4, "")
    assert wrong.err.startswith("refused: the target is a new sandbox, the plan is for ")
    assert not (tmp_path / "fresh.sqlite").exists()
    told = deskferry("status", result["files"]["ledger"])
    assert told.out.endswith("next: deskferry verify PLAN --to TARGET\n")
