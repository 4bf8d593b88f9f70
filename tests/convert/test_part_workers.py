"""Parts are shared out among real processes: each is read once, whoever is quicker, whoever dies."""

import time
from collections import Counter
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskferry.convert import part_workers
from deskferry.convert.part import Job, PartResult, process_part
from deskferry.convert.part_workers import PartWorkers
from deskferry.convert.parts import Part, parts_of
from deskferry.convert.sniff import sniffed
from deskferry.convert.sources import list_sources
from deskferry.schemas.errors import InputError
from deskferry.schemas.progress import Silent

_TICKETS = 40


def parts_in(folder: Path, *, size: int) -> list[Part]:
    """An export of forty tickets in parts of about `size` bytes."""
    export = folder / "tickets.json"
    export.write_text("".join(f'{{"id":{number},"status":"open"}}\n' for number in range(1, _TICKETS + 1)))
    (folder / "work").mkdir()
    sources = list_sources([export], work=folder / "work", progress=Silent())
    return list(parts_of([sniffed(source) for source in sources], size=size))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_part_is_read_once(tmp_path: Path, workers: int) -> None:
    parts = parts_in(tmp_path, size=60)
    assert len(parts) > 10
    with PartWorkers(workers) as crew:
        results = list(crew.run(parts, Job(runs=tmp_path / "work")))
    assert len(results) == len(parts)
    assert sum(sum(result.found.values()) for result in results) == _TICKETS
    assert len({run for result in results for run in result.runs}) == len(parts)


def test_processes_started_early_are_the_ones_that_read(tmp_path: Path) -> None:
    parts = parts_in(tmp_path, size=60)
    with PartWorkers(3) as crew:
        crew.start()
        started = {process.pid for process in active_children()}
        assert len(started) == 2
        reading = crew.run(parts, Job(runs=tmp_path / "work"))
        next(reading)
        assert {process.pid for process in active_children()} == started
        assert len(list(reading)) == len(parts) - 1
    assert active_children() == []


def test_a_process_that_dies_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = parts_in(tmp_path, size=60)

    def slow(*work: Any) -> PartResult:  # nobody may be done before the death is noticed
        time.sleep(0.5)
        return process_part(*work)

    monkeypatch.setattr(part_workers, "process_part", slow)
    with PartWorkers(2) as crew:
        crew.start()
        for process in active_children():
            process.kill()
        with pytest.raises(InputError, match=r"a worker process ended .*--workers 1"):
            list(crew.run(parts, Job(runs=tmp_path / "work")))


@given(
    parts=st.integers(0, 12),
    turns=st.lists(st.booleans(), max_size=40),
    queues=st.integers(1, 3),
)
def test_no_part_is_claimed_twice_or_by_nobody(parts: int, turns: list[bool], queues: int) -> None:
    """Whatever the turns: others claim in order of what they were handed, this process from the back."""
    claims = get_context("spawn").Array("q", [0, parts])
    handed = [list(range(first, parts, queues)) for first in range(queues)]
    back, got = parts - 1, Counter[int]()
    turn = iter([*turns, *([True, False] * (2 * parts + queues + 1))])
    for number, mine in enumerate(turn):
        if mine and back >= 0 and part_workers.claim_back(claims, back):
            got[back] += 1
            back -= 1
        elif not mine and (queue := handed[number % queues]):
            front = queue.pop(0)
            if part_workers.claim_front(claims, front):
                got[front] += 1
    for queue in handed:  # the pool runs whatever it was handed
        for front in queue:
            if part_workers.claim_front(claims, front):
                got[front] += 1
    assert got == Counter(range(parts))
