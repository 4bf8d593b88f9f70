"""A contact that somebody merges into another one during a load: all of his stands once, with that one."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from deskferry.load.manner import Bounds
from deskferry.load.replay import LoadResult, load

from .asgi_call import Answered
from .in_process import Server, World, in_process, target_in


@pytest.fixture
def server(tmp_path: Path, prepared: Path) -> Iterator[Server]:
    """The sandbox of `prepared`, with the plan for it beside."""
    for name in ("intercom.sqlite", "try.plan", "acme.mapping.yaml"):
        shutil.copy(prepared / name, tmp_path)
    with in_process(tmp_path / "intercom.sqlite", World()) as running:
        yield running


def load_into(server: Server, folder: Path) -> LoadResult:
    world = server.world
    with closing(target_in(world)) as target:
        return load(
            folder / "try.plan",
            target=target,
            settle=60.0,
            bounds=Bounds(workers=1),
            clock=world.clock,
            sleep=world.sleep,
        )


def merge_at_the_first(server: Server, monkeypatch: pytest.MonkeyPatch, *, lost: bool) -> list[str]:
    """Anna is merged into another contact when her first conversation is made; lost: and its answer is lost.

    Gives the ids of both, once it happened.
    """
    ids: list[str] = []
    answer: Callable[[requests.PreparedRequest], Answered] = server.answer

    def meddle(request: requests.PreparedRequest) -> Answered:
        if (request.method, request.path_url) != ("POST", "/conversations") or ids:
            return answer(request)
        old = server.get("/contacts/find_by_external_id/A-1").get("id")
        if old is None or json.loads(request.body or b"")["from"]["id"] != old:
            return answer(request)
        new = server.post("/contacts", {"role": "user", "email": "anna.new@x.test"})["id"]
        ids.extend([old, new])
        done = answer(request) if lost else None
        server._state.run("merge_contact", id=old, into=new, now=1)
        server._state.run("move_conversations", id=old, into=new)
        return answer(request) if done is None else (200, {}, b"")

    monkeypatch.setattr(server, "answer", meddle)
    return ids


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_left_goes_on_with_the_contact_it_was_merged_into(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    ids = merge_at_the_first(server, monkeypatch, lost=lost)
    loaded = load_into(server, tmp_path)
    assert (loaded.done, loaded.failed, loaded.in_doubt) == (6, 0, 0)
    found: list[Any] = server.get("/conversations?per_page=150")["conversations"]
    people = [one["contacts"]["contacts"][0]["id"] for one in found]
    assert (len(found), people.count(ids[0]), people.count(ids[1])) == (6, 0, 3)


def test_a_twin_that_a_409_does_not_name_is_found_by_its_product_id_before_search_knows_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.lag(10_000.0)
    theirs = server.post("/contacts", {"role": "user", "external_id": "A-1"})["id"]
    answer = server.answer

    def unnamed(request: requests.PreparedRequest) -> Answered:
        status, headers, body = answer(request)
        return status, headers, body.replace(f" with id={theirs}".encode(), b"")

    monkeypatch.setattr(server, "answer", unnamed)
    loaded = load_into(server, tmp_path)
    assert (loaded.done, loaded.failed) == (6, 0)
    assert server.get(f"/contacts/{theirs}")["custom_attributes"]["zendesk_user_id"] == "11"
