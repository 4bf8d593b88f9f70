"""A load that is killed again and again, or lied to, ends as if nothing had happened."""

import contextlib
import json
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import Sandbox
from .forks import Forks, forks

Demo = tuple[dict[str, Any], Path]
# Between tries it waits a tenth as long; all else is as it is.
HASTE = """
from deskferry.load import canary_nest, perform
perform.BACKOFF = canary_nest.BACKOFF = tuple(wait / 10 for wait in perform.BACKOFF)
"""
TOKEN = "e2e-token-that-nobody-may-see"
KILLS = int(os.environ.get("DESKFERRY_KILLS", 25))
SEED = os.environ.get("DESKFERRY_SEED", "7")
NOT_OURS = {"id", "updated_at", "last_replied_at"}  # what differs from run to run

# What the mapping of the demo is changed to, so that every form is there and every kind of call is made.
CHANGES = [
    (
        """  - where: "true"  # 48 tickets
    conversation: note
""",
        """  - where: "id % 4 = 0"
    conversation: bare
    reason: "For reports"
  - where: "id % 4 = 1"
    conversation: messages
    reason: "To be read by the customer"
  - where: "id % 4 = 2"
    ticket: From Zendesk
    reason: "A ticket stays a ticket"
  - where: "true"
    conversation: note
""",
    ),
    ("  values: {}", "  values: {From Zendesk: {category: customer, form: replies}}"),
    ("notes: archive_only  # on", "notes: contact_notes  # on"),
    ("notes: archive_only\n", "notes: company_notes\n"),
    ("assign: open", "assign: all"),
    ('"jonas@haldenbikes.test": {unassigned: true}', '"jonas@haldenbikes.test": {admin: a@halden.test}'),
    ('"Support": {attribute: true}', '"Support": {team: Support}'),
]
WORKSPACE = {
    "type": "workspace",
    "format": 1,
    "taken_at": "2026-01-01T00:00:00Z",
    "id": "killed01",
    "name": "Killed",
    "region": "sandbox",
    "me": {"id": "1", "email": "migration@halden.test", "name": "Migration"},
    "admins": [{"id": "2", "email": "a@halden.test", "name": "A", "seat": True}],
    "teams": [{"id": "5", "name": "Support", "admin_ids": ["2"]}],
    "contact_attributes": [],
    "conversation_attributes": [],
    "tags": [],
    "limit": None,
}


@dataclass
class Migration:
    """A plan of all forms for a sandbox that holds nothing yet, and what an undisturbed load of it leaves."""

    folder: Path
    plan: Path
    forks: Forks
    start: Callable[..., Sandbox]
    expected: dict[str, Any] = field(default_factory=dict)
    rings: Counter[str] = field(default_factory=Counter)  # of teammates, by reason

    def sandbox(self, name: str, *words: str) -> Sandbox:
        """One on a state of its own: the workspace the plan was made for, before anything was loaded."""
        state = self.folder / f"{name}.sqlite"
        if not state.exists():
            with (
                contextlib.closing(sqlite3.connect(self.folder / "empty.sqlite")) as empty,
                contextlib.closing(sqlite3.connect(state)) as copy,
            ):
                empty.backup(copy)
        return self.start("--token", TOKEN, "--rate", "100000", *words, state=state)

    def load(self, running: Sandbox, name: str, *, settle: float = 0.0) -> list[str | Path]:
        ledger = self.folder / f"{name}.ledger"
        return ["load", self.plan, "--to", running.url, "--ledger", ledger, "--settle", str(settle)]


@pytest.fixture
def migration(
    demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> Iterator[Callable[..., Migration]]:
    """Make the Migration of so many tickets."""
    with forks(tmp_path / "shown.txt", first=HASTE, INTERCOM_ACCESS_TOKEN=TOKEN) as parent:

        def make(*, limit: int) -> Migration:
            dataset = demo[1] / "haldenbikes.dataset"
            mapping = tmp_path / "mapping.yaml"
            text = (demo[1] / "haldenbikes.mapping.yaml").read_text()
            for old, new in CHANGES:
                assert old in text, old
                text = text.replace(old, new, 1)
            mapping.write_text(text)
            made = Migration(tmp_path, tmp_path / "a.plan", parent, sandbox)
            workspace = tmp_path / "workspace.json"
            workspace.write_text(json.dumps(WORKSPACE))
            empty = sandbox("--workspace-file", str(workspace), state=tmp_path / "empty.sqlite")
            words: list[str | Path] = [
                "plan",
                dataset,
                "--mapping",
                mapping,
                "--to",
                empty.url,
                "-o",
                made.plan,
            ]
            assert parent.run(*words, "--limit", str(limit)) == 0, parent.out.read_text()
            stop(empty)
            calm = made.sandbox("calm", "--search-lag", "0")
            assert parent.run(*made.load(calm, "calm")) == 0, parent.out.read_text()
            made.expected, made.rings = content(calm), rings(calm)
            return made

        yield make


def stop(running: Sandbox) -> None:
    running.process.terminate()
    running.process.wait(timeout=20)


def ask(running: Sandbox, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Intercom-Version": "2.16"}
    method = "GET" if body is None else "POST"
    answer = requests.request(method, running.url + path, json=body, headers=headers, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()


def content(running: Sandbox) -> dict[str, Any]:
    """All that stands in a sandbox, without ids and times that differ from run to run."""
    everybody = {
        "query": {"field": "role", "operator": "=", "value": "user"},
        "pagination": {"per_page": 150},
    }
    contacts = ask(running, "/contacts/search", everybody)["data"]
    names = {one["id"]: str(one["external_id"] or one["email"]) for one in contacts}
    people = [
        [
            names[one["id"]],
            {key: one.get(key) for key in ("email", "name", "phone", "role", "custom_attributes")},
            sorted(note["body"] for note in ask(running, f"/contacts/{one['id']}/notes")["data"]),
            sorted(
                company["name"] for company in ask(running, f"/contacts/{one['id']}/companies")["companies"]
            ),
        ]
        for one in contacts
    ]
    conversations = [
        _plain(ask(running, f"/conversations/{one['id']}"), names) for one in _conversations(running)
    ]
    tickets = [_plain(ask(running, f"/tickets/{one['id']}"), names) for one in _tickets(running)]
    companies = ask(running, "/companies/list", {"per_page": 50})["data"]
    return {
        "people": people,
        "companies": [[one["company_id"], one["name"], one["user_count"]] for one in companies],
        "conversations": conversations,
        "tickets": tickets,
    }


def _conversations(running: Sandbox) -> list[Any]:
    return list(ask(running, "/conversations?per_page=150")["conversations"])


def _tickets(running: Sandbox) -> list[Any]:
    found = ask(
        running,
        "/tickets/search",
        {"query": {"field": "created_at", "operator": ">", "value": 1}, "pagination": {"per_page": 150}},
    )
    return list(found["tickets"])


def _plain(value: Any, names: dict[str, str]) -> Any:
    """An answer without ids, and without the time of what can only be stamped now."""
    if isinstance(value, list):
        return [_plain(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    dated = value.get("part_type") in (None, "note", "comment") and value.get("type") != "company"
    kept = {
        key: item for key, item in value.items() if key not in NOT_OURS | {"url", "ticket_id", "notified_at"}
    }
    if not dated:
        kept.pop("created_at", None)
    if "ticket_type" in kept:
        kept["ticket_type"] = kept["ticket_type"]["name"]
    kept.pop("applied_at", None)
    if "external_id" in value and value.get("type") == "contact":
        kept["external_id"] = names[value["id"]]
    return {key: _plain(item, names) for key, item in kept.items()}


def rings(running: Sandbox) -> Counter[str]:
    """How often teammates were rung by what stands, by reason; each canary rings them once, and is gone."""
    outbox = requests.get(f"{running.url}/_sandbox/outbox", timeout=20).json()["notifications"]
    stands = {one["id"] for one in [*_conversations(running), *_tickets(running)]}
    return Counter(
        one["reason"] for one in outbox if one["audience"] == "teammate" and one["conversation_id"] in stands
    )


def require_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Everything stands as often as it should; what does not is shown alone."""
    for kind, things in expected.items():
        there, wanted = (
            Counter(json.dumps(one, sort_keys=True) for one in some) for some in (found[kind], things)
        )
        more, less = sorted(there - wanted), sorted(wanted - there)
        assert (more, less) == ([], []), f"{kind}: {_first_difference(more, less)}"


def _first_difference(more: list[str], less: list[str]) -> list[str]:
    """The lines in which the first thing that is there differs from the first that should be."""
    one, other = (
        json.dumps(json.loads(some[0]), indent=1).split("\n") if some else [] for some in (more, less)
    )
    return list(unified_diff(other, one, lineterm="", n=2))[:60]


def kill_after(migration: Migration, running: Sandbox, words: list[str | Path], after: int) -> bool:
    """Start it, and kill -9 it once the sandbox has seen `after` requests more. False if it ended before."""
    seen = running.state()["requests"]
    started = migration.forks.start(*words)
    deadline = time.monotonic() + 60
    while running.state()["requests"] - seen < after and time.monotonic() < deadline:
        if not Path(f"/proc/{started.pid}").exists():
            break
        time.sleep(0.001)
    started_pid_alive = Path(f"/proc/{started.pid}").exists()
    if started_pid_alive:
        started.kill()
    return started.wait() == -9


def require_quiet(migration: Migration, running: Sandbox, dataset: Path) -> None:
    """Nobody was mailed, nobody rung twice; no customer reads what is private; the token stands nowhere."""
    assert running.state()["notifications"] == 0
    assert rings(running) == migration.rings
    comments = [json.loads(line) for line in (dataset / "comments.ndjson").read_text().split("\n") if line]
    private = {str(one.get("plain_body") or one.get("body") or "") for one in comments if not one["public"]}
    shown = "\n".join(words for one in running.requests() for words in one["visible"])
    assert [text for text in private if len(text) > 20 and text in shown] == []
    for file in migration.folder.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes(), file


def test_killed_again_and_again_it_ends_as_if_it_had_run_once(
    migration: Callable[..., Migration], demo: Demo
) -> None:
    made = migration(limit=20)
    running = made.sandbox("killed", "--search-lag", "0")
    chance, kills = random.Random(SEED), 0
    words = made.load(running, "killed")
    while kills < KILLS and kill_after(made, running, words, chance.randint(3, 24)):
        kills += 1
    assert kills == KILLS, made.forks.out.read_text()
    assert made.forks.run(*words) == 0, made.forks.out.read_text()
    require_same(content(running), made.expected)
    assert "Traceback" not in made.forks.out.read_text()
    require_quiet(made, running, demo[1] / "haldenbikes.dataset")


def test_lied_to_and_killed_it_ends_as_if_nothing_had_happened(
    migration: Callable[..., Migration], demo: Demo
) -> None:
    made = migration(limit=6)
    faults = "drop=0.2,error=0.04,reset=0.04,slow=0.02,429=0.004"  # each 429 waits ten seconds
    running = made.sandbox("lied", "--search-lag", "0.2", "--faults", faults, "--seed", SEED)
    words = made.load(running, "lied", settle=2.0)
    assert kill_after(made, running, words, 30), made.forks.out.read_text()
    for _ in range(5):
        if made.forks.run(*words) == 0:
            break
    time.sleep(1.7)  # what was slow is done by now
    stop(running)
    calm = made.sandbox("lied", "--search-lag", "0")
    require_same(content(calm), made.expected)
    assert "Traceback" not in made.forks.out.read_text()
    require_quiet(made, calm, demo[1] / "haldenbikes.dataset")
