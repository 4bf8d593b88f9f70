"""A workspace with people in it: conversations are assigned, and read back as assigned."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from .conftest import Run, Sandbox

Demo = tuple[dict[str, Any], Path]


def workspace_with_people(sandbox: Sandbox, deskferry: Run, folder: Path) -> Path:
    """A snapshot of the sandbox with an agent of the sample and a team put in."""
    assert deskferry("workspace", "--to", sandbox.url, "-o", folder / "empty.json").code == 0
    snapshot = json.loads((folder / "empty.json").read_text())
    snapshot["admins"].append(
        {"id": "4101", "email": "jonas@haldenbikes.test", "name": "Jonas", "seat": True}
    )
    snapshot["admins"].append(
        {"id": "4102", "email": "maryam@haldenbikes.test", "name": "Maryam", "seat": False}
    )
    snapshot["teams"].append({"id": "5201", "name": "Support", "admin_ids": ["4101"]})
    path = folder / "people.json"
    path.write_text(json.dumps(snapshot))
    return path


def test_open_conversations_go_to_the_team_and_the_admin_of_the_mapping(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    people = workspace_with_people(sandbox(), deskferry, tmp_path)
    running = sandbox("--workspace-file", str(people), state=tmp_path / "people.sqlite")
    assert deskferry("workspace", "--to", running.url, "-o", "w.json").code == 0
    dataset, words = demo[1] / "haldenbikes.dataset", ["--workspace-file", "w.json"]
    assert deskferry("map", "init", dataset, "-o", "m.yaml", *words).code == 0
    mapping = (tmp_path / "m.yaml").read_text()
    assert '"jonas@haldenbikes.test": {admin: "jonas@haldenbikes.test"}' in mapping
    assert '"maryam@haldenbikes.test": {unassigned: true}' in mapping, "she has no seat"
    assert '"Support": {team: "Support"}' in mapping
    (tmp_path / "m.yaml").write_text(mapping.replace("assign: open", "assign: all"))
    planned = deskferry(
        "plan", dataset, "--mapping", "m.yaml", "--to", running.url, "-o", "a.plan", *words, "--json"
    )
    assert planned.code == 0, planned.err
    teams, admins = (planned.json["by_step"][f"conversation assign_{kind}"] for kind in ("team", "admin"))
    assert teams > 30
    assert admins > 30
    assert deskferry("load", "a.plan", "--to", running.url).code == 0
    verified = deskferry("verify", "a.plan", "--to", running.url, "--settle", "0")
    assert verified.code == 0, verified.out
    found = requests.get(
        f"{running.url}/conversations?per_page=150",
        headers={"Authorization": "Bearer x", "Intercom-Version": "2.16"},
        timeout=10,
    ).json()["conversations"]
    assert sum(str(one["admin_assignee_id"]) == "4101" for one in found) == admins
    assert sum(str(one["team_assignee_id"]) == "5201" for one in found) == teams
    assert running.state()["notifications"] == 0


def test_a_team_the_workspace_does_not_have_is_refused_before_a_plan(
    deskferry: Run, demo: Demo, tmp_path: Path
) -> None:
    mapping = (demo[1] / "haldenbikes.mapping.yaml").read_text()
    (tmp_path / "m.yaml").write_text(
        mapping.replace('"Support": {attribute: true}', '"Support": {team: "Supprt"}')
    )
    ran = deskferry(
        "plan", demo[1] / "haldenbikes.dataset", "--mapping", "m.yaml", "--to", "sandbox", "-o", "a.plan"
    )
    assert ran.code == 4
    assert "Supprt" in ran.err
    assert "m.yaml:" in ran.err
    assert not (tmp_path / "a.plan").exists()
