"""Files that came with an export arrive with their bytes; all others are named with the reason."""

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from .conftest import SAMPLES, Run, Sandbox

HEADERS = {"Authorization": "Bearer x", "Intercom-Version": "2.16"}


def attached(url: str) -> list[dict[str, Any]]:
    """Every file of every part, with the text of the part."""
    listed = requests.get(f"{url}/conversations?per_page=150", headers=HEADERS, timeout=10).json()
    found = []
    for one in listed["conversations"]:
        answer = requests.get(f"{url}/conversations/{one['id']}", headers=HEADERS, timeout=10).json()
        for part in answer["conversation_parts"]["conversation_parts"]:
            found += [{**file, "text": part["body"]} for file in part["attachments"]]
    return found


def test_files_at_hand_are_sent_with_the_note_that_names_them(
    deskferry: Run, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    running = sandbox()
    export = (SAMPLES / "api", SAMPLES / "files")
    assert deskferry("convert", *export, "--into", "acme.dataset").code == 0
    assert deskferry("map", "init", "acme.dataset", "-o", "m.yaml").code == 0
    words = ("--mapping", "m.yaml", "--to", running.url, "-o", "a.plan")
    assert deskferry("plan", "acme.dataset", *words).code == 0
    loaded = deskferry("load", "a.plan", "--to", running.url)
    assert loaded.code == 0, loaded.out + loaded.err
    here = deskferry(
        "sql",
        "acme.dataset",
        "select a.sha256 from attachments a join tickets t on t.id = a.ticket_id"
        " where a.sha256 is not null and t.id in (6, 18, 26)",
        "--json",
    ).json["rows"]
    found = attached(running.url)
    bytes_of = [requests.get(file["url"], headers=HEADERS, timeout=10).content for file in found]
    assert len(here) > 3
    assert Counter(hashlib.sha256(data).hexdigest() for data in bytes_of) == Counter(
        digest for (digest,) in here
    )
    assert all(file["name"] in file["text"] for file in found), "a note names what it carries"
    assert deskferry("verify", "a.plan", "--to", running.url, "--settle", "0").code == 0
