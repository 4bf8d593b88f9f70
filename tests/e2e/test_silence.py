"""Nothing private stands where a customer can see it, and nobody is mailed."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from deskferry.sample_exports.company import SECRET

from .conftest import Run, Sandbox
from .test_assign import workspace_with_people

Demo = tuple[dict[str, Any], Path]


def customer_sees(request: dict[str, Any]) -> str | None:
    """The text of a request that stands where a customer can see it; judged here, not by the sandbox."""
    body = json.loads(request["body"]) if isinstance(request["body"], str) else request["body"]
    if request["method"] not in ("POST", "PUT") or not isinstance(body, dict):
        return None
    path = request["path"]
    internal = path.endswith("/reply") and body.get("message_type") == "note"
    lookup = path.endswith("/search") or "attributes" in path or path.endswith("/tags")
    if internal or lookup or (request["method"] == "PUT" and path.startswith("/conversations/")):
        return None
    return json.dumps(body, ensure_ascii=False)


def test_a_secret_planted_in_every_private_place_reaches_no_customer(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    running = sandbox()
    folder, plan = demo[1], tmp_path / "a.plan"
    dataset, mapping = folder / "haldenbikes.dataset", folder / "haldenbikes.mapping.yaml"
    assert deskferry("plan", dataset, "--mapping", mapping, "--to", running.url, "-o", plan).code == 0
    assert deskferry("load", plan, "--to", running.url).code == 0
    seen = running.requests()
    assert sum(SECRET in json.dumps(request["body"]) for request in seen) > 3, "the secret must be in notes"
    visible = [text for request in seen if (text := customer_sees(request))]
    assert len(visible) > 40
    assert [text for text in visible if SECRET in text] == []
    assert running.state()["notifications"] == 0
    replies = [
        json.loads(r["body"]) if isinstance(r["body"], str) else r["body"]
        for r in seen
        if r["path"].endswith("/reply")
    ]
    assert {(reply["message_type"], reply["skip_notifications"]) for reply in replies} == {("note", True)}


def test_message_by_message_nothing_private_is_visible_and_all_that_admins_say_is_silent(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    people = workspace_with_people(sandbox(), deskferry, tmp_path)
    running = sandbox("--workspace-file", str(people), state=tmp_path / "people.sqlite")
    mapping = (demo[1] / "haldenbikes.mapping.yaml").read_text()
    # Ten replies to one conversation in ten seconds is what Intercom takes: longer ones would wait here.
    short = "rules:\n  - where: comments > 9\n    archive_only: true\n    reason: long\n"
    mapping = mapping.replace("rules:\n", short, 1).replace("policy: text ", "policy: participants ")
    mapping = mapping.replace("conversation: note", "conversation: messages")
    (tmp_path / "m.yaml").write_text(mapping)
    dataset, to = demo[1] / "haldenbikes.dataset", ("--to", running.url)
    planned = deskferry("plan", dataset, "--mapping", "m.yaml", *to, "-o", "a.plan", "--json")
    assert planned.code == 0, planned.err
    loaded = deskferry("load", "a.plan", *to, "--json")
    assert loaded.code == 0, loaded.err
    assert loaded.json["failed"] == 0
    verified = deskferry("verify", "a.plan", *to, "--json")
    assert (verified.code, verified.json["differences"]) == (0, 0), verified.out
    seen = running.requests()
    assert sum(SECRET in json.dumps(request["body"]) for request in seen) > 3, "the secret must be in notes"
    visible = [text for request in seen if (text := customer_sees(request))]
    assert len(visible) > 70
    assert [text for text in visible if SECRET in text] == []
    replies = [json.loads(request["body"]) for request in seen if request["path"].endswith("/reply")]
    said = {(one["type"], one["message_type"], one.get("skip_notifications")) for one in replies}
    assert said == {("admin", "note", True), ("admin", "comment", True), ("user", "comment", None)}
    assert {"4101"} < {one.get("admin_id") for one in replies}
    assert "4102" not in {one.get("admin_id") for one in replies}, "she has no seat"
    assert running.state()["notifications"] == 0


def test_a_secret_reaches_no_customer_in_tickets_either(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    running, dataset = sandbox(), demo[1] / "haldenbikes.dataset"
    assert deskferry("map", "init", dataset, "-o", "t.yaml", "--internal-tickets", "Internal").code == 0
    text = (tmp_path / "t.yaml").read_text().replace("conversation: note", 'ticket: "From Zendesk"')
    kind = '    "From Zendesk": {category: customer}\n    "Internal":'
    (tmp_path / "t.yaml").write_text(text.replace('    "Internal":', kind, 1))
    planned = deskferry("plan", dataset, "--mapping", "t.yaml", "--to", running.url, "-o", "t.plan")
    assert planned.code == 0, planned.err
    assert deskferry("load", "t.plan", "--to", running.url).code == 0
    headers = {"Authorization": "Bearer sandbox", "Intercom-Version": "2.16"}
    types = requests.get(f"{running.url}/ticket_types", headers=headers, timeout=10).json()["data"]
    (shown,) = [one["id"] for one in types if one["name"] == "From Zendesk"]
    attributes = [one for kind in types for one in kind["ticket_type_attributes"]["data"]]
    assert {one["name"] for one in attributes if one["visible_to_contacts"]} == {
        "_default_title_",
        "_default_description_",
    }
    visible, silent = [], set()
    for request in running.requests():
        body = json.loads(request["body"]) if isinstance(request["body"], str) else request["body"]
        if request["method"] in ("POST", "PUT") and re.match(r"/tickets(/\d+(/reply)?)?$", request["path"]):
            silent.add(body["skip_notifications"])
            if body.get("message_type") == "comment":
                visible.append(body["body"])
        if (request["method"], request["path"]) == ("POST", "/tickets") and body["ticket_type_id"] == shown:
            given = body["ticket_attributes"]
            visible += [given["_default_title_"], given["_default_description_"]]
    assert len(visible) > 40
    assert [text for text in visible if SECRET in text] == []
    assert silent == {True}
    assert running.state()["notifications"] == 0


def test_the_token_stands_in_no_file_and_no_output(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    token = "dG9rOnZlcnktc2VjcmV0LXRva2Vu"
    (tmp_path / "elsewhere").mkdir()
    running = sandbox("--token", token, state=tmp_path / "elsewhere" / "s.sqlite")
    folder, env = demo[1], {"INTERCOM_ACCESS_TOKEN": token}
    dataset, mapping = folder / "haldenbikes.dataset", folder / "haldenbikes.mapping.yaml"
    ran = [
        deskferry("plan", dataset, "--mapping", mapping, "--to", running.url, "-o", "a.plan", env=env),
        deskferry("load", "a.plan", "--to", running.url, env=env),
        deskferry("verify", "a.plan", "--to", running.url, "--settle", "0", env=env),
    ]
    assert [one.code for one in ran] == [0, 0, 0], ran
    assert token not in "".join(one.out + one.err for one in ran)
    found = subprocess.run(
        ["grep", "-rl", token, str(tmp_path), "--exclude-dir=elsewhere"], capture_output=True, check=False
    )
    assert found.stdout.decode().splitlines() == []
