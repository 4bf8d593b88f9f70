"""Generated histories in every form: nothing found is lost, and who wins does not depend on the telling."""

import random
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskferry.convert.parts import parts_of
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.errors import InputError

from .tell_exports import API, TELLINGS, Files, Record

FEW = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)
SECONDS = st.integers(1_714_000_000, 1_714_000_003)


def at(seconds: int) -> str:
    return f"2024-05-01T10:00:{seconds % 60:02}Z"


@st.composite
def comments(draw: st.DrawFn) -> Record:
    comment = {
        "author_id": draw(st.integers(10, 13)),
        "body": draw(TEXT),
        "html_body": "<p>x</p>",
        "public": draw(st.booleans()),
        "created_at": at(draw(st.integers(0, 3))),
    }
    if draw(st.integers(0, 4)):
        comment["id"] = draw(st.integers(100, 106))
    files = draw(st.lists(st.integers(1, 3), max_size=2))
    if files:
        comment["attachments"] = [{"id": one, "file_name": "a", "content_url": f"u{one}"} for one in files]
    return comment


@st.composite
def tickets(draw: st.DrawFn) -> Record:
    number, seconds = draw(st.integers(1, 4)), draw(SECONDS)
    status = draw(st.sampled_from(("new", "open", "solved", "closed", "closed", "deleted")))
    return {
        "url": f"{API}/tickets/{number}.json",
        "id": number,
        "created_at": at(0),
        "updated_at": at(seconds),
        "generated_timestamp": seconds,
        "subject": draw(TEXT),
        "raw_subject": "r",
        "description": draw(st.sampled_from((None, "", "first"))),
        "status": status,
        "requester_id": draw(st.integers(10, 13)),
        "tags": [],
        "priority": draw(st.sampled_from((None, "low"))),
        "comments": [] if status == "deleted" else draw(st.lists(comments(), max_size=3)),
    }


@st.composite
def users(draw: st.DrawFn) -> Record:
    number = draw(st.integers(10, 13))
    return {
        "id": number,
        "url": f"{API}/users/{number}.json",
        "name": draw(TEXT),
        "email": draw(st.sampled_from((None, "a@x.test"))),
        "role": draw(st.sampled_from(("end-user", "agent"))),
        "time_zone": "Osaka",
        "updated_at": at(draw(st.integers(0, 3))),
    }


HISTORIES = st.tuples(st.lists(tickets(), min_size=1, max_size=6), st.lists(users(), max_size=4))
History = tuple[list[Record], list[Record]]


def converted(folder: Path, files: Files, **options: Any) -> Dataset:
    for name, content in files.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    dataset = convert([folder / "export"], folder / "result", timezone="UTC", **{"workers": 1} | options)
    assert [finding for finding in recount(dataset) if finding.difference] == []
    return dataset


def balances(dataset: Dataset) -> None:
    """Each count of each source is explained, and what was accepted or made is what stands in the files."""
    for source in dataset.manifest["sources"]:
        for entity, of in source["entities"].items():
            explained = of["accepted"] + of["repeated"] + of["superseded"] + of["rejected"]
            assert of["found"] == explained, (source["name"], entity, of)
    for entity, of in dataset.manifest["entities"].items():
        if entity in ENTITIES:
            assert of["accepted"] + of["made"] == sum(1 for _ in dataset.records(entity)), entity


@pytest.mark.parametrize("form", sorted(TELLINGS))
def test_every_record_that_was_written_is_found_and_explained(form: str) -> None:
    @FEW
    @given(history=HISTORIES)
    def holds(history: History) -> None:
        files, written = TELLINGS[form](*history)
        with tempfile.TemporaryDirectory() as folder:
            try:
                dataset = converted(Path(folder), files)
            except InputError:
                assert not +written  # an empty list alone is nothing that can be recognised
                return
            balances(dataset)
            found = {name: of["found"] for name, of in dataset.manifest["entities"].items()}
            assert {name: count for name, count in found.items() if count} == dict(+written)

    holds()


@FEW
@given(history=HISTORIES, chosen=st.lists(st.sampled_from(sorted(TELLINGS)), min_size=2, max_size=4))
def test_forms_beside_each_other_are_counted_one_by_one(history: History, chosen: list[str]) -> None:
    files: Files = {}
    written: Counter[str] = Counter()
    for number, form in enumerate(chosen):
        told, counts = TELLINGS[form](*history)
        files |= {f"{number}/{name}": content for name, content in told.items()}
        written += counts
    with tempfile.TemporaryDirectory() as folder:
        dataset = converted(Path(folder), files)
        balances(dataset)
        found = {name: of["found"] for name, of in dataset.manifest["entities"].items()}
        assert {name: count for name, count in found.items() if count} == dict(+written)


@FEW
@given(slices=st.lists(HISTORIES, min_size=1, max_size=3))
def test_the_winner_is_the_newest_then_the_fullest(slices: list[History]) -> None:
    files: Files = {}
    for number, history in enumerate(slices):
        told, _ = TELLINGS["official"](*history)
        files |= {f"{number}.json": content for content in told.values()}
    with tempfile.TemporaryDirectory() as folder:
        dataset = converted(Path(folder), files)
        kept = {record["id"]: record for record in dataset.records("tickets")}
        said = [(r["ticket_id"], r["id"]) for r in dataset.records("comments") if not r.get("reconstructed")]
    every = [ticket for found, _ in slices for ticket in found]
    assert kept.keys() == {ticket["id"] for ticket in every}
    for number, winner in kept.items():
        copies = [ticket for ticket in every if ticket["id"] == number]
        best = max(_order(ticket) for ticket in copies)
        candidates = [ticket for ticket in copies if _order(ticket) == best]
        assert any(
            all(winner[key] == ticket[key] for key in ("subject", "status", "description", "requester_id"))
            for ticket in candidates
        )
        named = {
            (number, comment["id"])
            for ticket in copies
            for comment in ticket["comments"]
            if "id" in comment and (winner["status"] != "deleted" or ticket["generated_timestamp"] >= best[0])
        }
        assert {pair for pair in said if pair[0] == number and pair[1] > 0} == named


def _order(ticket: Record) -> tuple[int, int]:
    return ticket["generated_timestamp"], sum(value is not None for value in ticket.values())


@FEW
@given(history=HISTORIES, form=st.sampled_from(sorted(TELLINGS)), seed=st.integers(0, 99))
def test_names_and_order_of_files_do_not_show(history: History, form: str, seed: int) -> None:
    files, written = TELLINGS[form](*history)
    if form in ("airbyte", "alternating", "xml") or not +written:
        return  # there a name says what is in it
    shuffled = list(files.items())
    random.Random(seed).shuffle(shuffled)
    renamed = {f"{number}-of-{seed}/{name}": content for number, (name, content) in enumerate(shuffled)}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first, second = converted(Path(one), files), converted(Path(other), renamed)
        assert first.digest == second.digest
        for entity in ENTITIES.values():
            assert first.file(entity.name).read_bytes() == second.file(entity.name).read_bytes()


@settings(FEW, max_examples=2)
@given(history=HISTORIES)
def test_workers_do_not_show(history: History) -> None:
    files: Files = {}
    for form, telling in TELLINGS.items():
        told, _ = telling(*history)
        files |= {f"{form}/{name}": content for name, content in told.items()}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = converted(Path(one), files)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("deskferry.convert.read_parts.parts_of", partial(parts_of, size=1))
            second = converted(Path(other), files, workers=2)
        for path in sorted(first.path.iterdir()):
            assert path.read_bytes() == (second.path / path.name).read_bytes(), path.name
