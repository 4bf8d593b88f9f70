"""Each step of finding out whether a call was made whose answer is lost, and what can stand there."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from deskferry.load.guards import Guards
from deskferry.load.manner import Bounds
from deskferry.load.replay import LoadResult, load

from .asgi_call import Answered
from .in_process import Server, World, in_process, target_in

SETTLE = 60.0
CREATE, NOTE = re.compile(r"POST /conversations"), re.compile(r"POST /conversations/\d+/reply")
TAG, PART = re.compile(r"POST /conversations/\d+/tags"), re.compile(r"POST /conversations/\d+/parts")
LOST: Answered = (502, {}, b"<html>Bad Gateway</html>")
Call = Callable[[], Answered]


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
            settle=SETTLE,
            bounds=Bounds(workers=1),
            guards=Guards(canary=False),
            clock=world.clock,
            sleep=world.sleep,
        )


def at_the_first(
    server: Server, monkeypatch: pytest.MonkeyPatch, pattern: re.Pattern[str], do: Callable[[Call], Answered]
) -> list[str]:
    """Have `do` answer the first call that looks like that; what it was."""
    answer, met = server.answer, list[str]()

    def meddle(request: requests.PreparedRequest) -> Answered:
        name = f"{request.method} {request.path_url}"
        if met or pattern.fullmatch(name) is None:
            return answer(request)
        met.append(name)
        return do(lambda: answer(request))

    monkeypatch.setattr(server, "answer", meddle)
    return met


@pytest.mark.parametrize("pattern", [CREATE, NOTE, TAG, PART], ids=["conversation", "note", "tag", "close"])
def test_what_was_made_is_found_and_taken_for_ours(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: re.Pattern[str]
) -> None:
    def lose(call: Call) -> Answered:
        call()
        return LOST

    met = at_the_first(server, monkeypatch, pattern, lose)
    assert load_into(server, tmp_path).done == 6
    assert len(met) == 1
    assert server.counts["conversations"] == 6
    assert all(len(set(parts)) == len(parts) for parts in _parts(server))


@pytest.mark.parametrize("pattern", [CREATE, NOTE, TAG, PART], ids=["conversation", "note", "tag", "close"])
def test_what_is_made_late_is_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: re.Pattern[str]
) -> None:
    def later(call: Call) -> Answered:
        server.world.late.append((server.world.now + 25.0, call))
        return LOST

    at_the_first(server, monkeypatch, pattern, later)
    assert load_into(server, tmp_path).done == 6
    server.world.pass_time(SETTLE)
    assert server.world.late == []
    assert server.counts["conversations"] == 6
    assert all(len(set(parts)) == len(parts) for parts in _parts(server))


@pytest.mark.parametrize("pattern", [CREATE, NOTE], ids=["conversation", "note"])
def test_several_are_a_failed_row_that_names_each_and_nothing_is_deleted(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: re.Pattern[str]
) -> None:
    """Something on the way has sent it twice."""

    def twice(call: Call) -> Answered:
        call()
        call()
        return LOST

    at_the_first(server, monkeypatch, pattern, twice)
    loaded = load_into(server, tmp_path)
    assert (loaded.done, loaded.failed) == (5, 1)
    assert len(re.findall(r"\b\d{11,12}\b", loaded.failures[0].error)) == 2
    assert load_into(server, tmp_path).failed == 1, "a person must look"
    assert server.counts["conversations"] == (7 if pattern is CREATE else 6)


def test_what_others_said_there_before_is_not_taken_for_ours(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contact has a conversation of his own, a second away and with the same words; ours was not made."""
    contact = server.post("/contacts", {"role": "user", "external_id": "A-1", "email": "anna@x.test"})["id"]
    theirs = {"from": {"type": "user", "id": contact}, "body": "Question 1 & more", "created_at": 1709373599}
    before = server.post("/conversations", theirs)["conversation_id"]
    met = at_the_first(server, monkeypatch, CREATE, lambda _: LOST)
    assert load_into(server, tmp_path).done == 6
    assert len(met) == 1
    assert server.counts["conversations"] == 7
    assert server.get(f"/conversations/{before}")["conversation_parts"]["total_count"] == 0


def test_a_search_that_never_finds_leads_to_a_second_one_that_reading_back_tells_of(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a search hides a conversation for longer than --settle, nobody can know that it is there."""

    def lose(call: Call) -> Answered:
        server.lag(10 * SETTLE)
        call()
        return LOST

    at_the_first(server, monkeypatch, CREATE, lose)
    assert load_into(server, tmp_path).done == 6
    assert server.counts["conversations"] == 7


def test_what_is_left_of_a_conversation_that_somebody_deleted_is_a_failed_row(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(call: Call) -> Answered:
        (newest,) = server.get("/conversations?per_page=150")["conversations"][-1:]
        server.post(f"/conversations/{newest['id']}", None, method="DELETE")
        return call()

    met = at_the_first(server, monkeypatch, NOTE, delete)
    loaded = load_into(server, tmp_path)
    assert (loaded.done, loaded.failed, len(met)) == (5, 1, 1)
    assert "404" in loaded.failures[0].error
    assert server.counts["conversations"] == 5


def _parts(server: Server) -> list[list[Any]]:
    found = server.get("/conversations?per_page=150")["conversations"]
    read = [
        server.get(f"/conversations/{one['id']}")["conversation_parts"]["conversation_parts"] for one in found
    ]
    return [[(part["part_type"], part["body"]) for part in parts] for parts in read]
