import json
import sqlite3
from pathlib import Path
from typing import Any

Demo = tuple[dict[str, Any], Path]


def test_everything_that_was_loaded_reads_back_without_a_difference(demo: Demo) -> None:
    result, _ = demo
    assert result["verify"]["differences"] == 0
    steps = result["plan"]["by_step"]
    things = ("company", "contact", "membership", "conversation", "ticket")
    assert result["verify"]["checked"] == sum(steps.get(f"{thing} create", 0) for thing in things) > 40
    assert result["load"]["done"] == result["plan"]["tickets"]
    assert (result["load"]["failed"], result["load"]["in_doubt"]) == (0, 0)


def test_nobody_is_notified(demo: Demo) -> None:
    result, _ = demo
    assert result["sandbox"]["notifications"] == 0


def test_the_second_load_makes_no_call(demo: Demo) -> None:
    result, _ = demo
    assert result["second_load"]["calls"] == 0
    assert result["second_load"]["done"] == result["load"]["done"]


def test_the_sandbox_holds_what_the_plan_said_and_each_once(demo: Demo) -> None:
    result, _ = demo
    assert result["sandbox"]["conversations"] == result["plan"]["tickets"]
    assert result["sandbox"]["contacts"] == result["plan"]["contacts"]


def test_calls_made_are_calls_planned_plus_those_of_preflight_and_tripwire(demo: Demo) -> None:
    result, _ = demo
    load = result["load"]
    assert load["calls"] == result["plan"]["calls"] + load["preflight"] + load["read_back"]
    assert (7 + 10 <= load["preflight"] <= 7 + 16, load["read_back"]) == (True, 20)


def test_every_ticket_line_is_accounted_for(demo: Demo) -> None:
    result, _ = demo
    for name, counts in result["convert"]["entities"].items():
        accounted = sum(counts[key] for key in ("accepted", "repeated", "superseded", "rejected"))
        assert counts["found"] == accounted, name
    tickets = result["convert"]["entities"]["tickets"]
    assert tickets["accepted"] == sum(result["plan"]["by_target"].values())


def test_the_files_it_names_are_there(demo: Demo) -> None:
    result, _ = demo
    assert [name for name, path in result["files"].items() if not Path(path).exists()] == []


def test_the_plan_holds_no_bodies_and_no_file_holds_a_token(demo: Demo) -> None:
    result, folder = demo
    text = "".join(map(str, sqlite3.connect(result["files"]["plan"]).iterdump()))
    comments = (folder / "haldenbikes.dataset" / "comments.ndjson").read_bytes().splitlines()
    bodies = [body for line in comments if len(body := json.loads(line).get("plain_body") or "") > 60]
    assert len(bodies) > 20
    assert [body for body in bodies if body in text] == []
