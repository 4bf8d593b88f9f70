"""A lost ledger of tickets, of messages, and of companies comes back; a second copy of a ticket is found."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.load.rebuild import Rebuilt, rebuild
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError

from .conftest import Desk, Intercom, misbehaving, write_dataset
from .test_companies import firm
from .test_messages import talks, wide
from .test_tickets import copied, mapping, records, search

FORMS = {"tickets": records, "messages": talks, "companies": firm}


def with_companies(desk: Desk) -> None:
    """Organizations as companies, and what agents wrote about people and them as notes."""
    text = desk.mapping.read_text().replace("notes: archive_only", "notes: contact_notes", 1)
    start = text.index("\ncompanies:")
    block = "\ncompanies: {policy: create, notes: company_notes}"
    desk.mapping.write_text(text[:start] + block + text[text.index("\n\n", start) :])


PREPARE = {"tickets": mapping, "messages": wide, "companies": with_companies}


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    folder = tmp_path_factory.mktemp("forms")
    return {name: write_dataset(folder / name / "acme.dataset", make()) for name, make in FORMS.items()}


def planned(
    form: str, folder: Path, datasets: dict[str, Dataset], intercom: Intercom, prepared: Path
) -> tuple[Desk, int]:
    """A migration of that form with its plan, and how many calls it takes."""
    desk = Desk(folder, datasets[form], intercom.url, prepared)
    PREPARE[form](desk)
    return desk, desk.plan().calls


def rebuilt(desk: Desk) -> Rebuilt:
    for file in desk.folder.glob("*.ledger*"):
        file.unlink()
    with desk.target() as target:
        return rebuild(desk.folder / "try.plan", target=target, settle=0.0, sleep=desk.waits.append)


def counts(intercom: Intercom) -> dict[str, Any]:
    names = ("contacts", "companies", "conversations", "tickets", "parts", "notes", "notifications")
    return {name: intercom.counts.get(name) for name in names}


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_ledger_comes_back(
    form: str, tmp_path: Path, datasets: dict[str, Dataset], intercom: Intercom, prepared: Path
) -> None:
    desk, _ = planned(form, tmp_path, datasets, intercom, prepared)
    assert desk.load().failed == 0
    before = counts(intercom)
    found = rebuilt(desk)
    assert (found.absent, found.unclear) == ({}, ())
    assert desk.load().calls == 0
    assert desk.verify().differences == ()
    assert counts(intercom) == before


@pytest.mark.parametrize("form", FORMS)
def test_lost_half_way_nothing_stands_twice(
    form: str, tmp_path: Path, datasets: dict[str, Dataset], intercom: Intercom, prepared: Path
) -> None:
    desk, calls = planned(form, tmp_path, datasets, intercom, prepared)
    left = calls * 3 // 4

    def fault(method: str, _path: str, _number: int) -> str | None:
        nonlocal left
        left -= method != "GET"
        return "refuse" if left < 0 else None

    with misbehaving(intercom.url, fault) as proxy, pytest.raises(InputError, match="cannot reach"):
        desk.load(url=proxy.url)
    assert rebuilt(desk).unclear == ()
    ended = desk.load()
    assert (ended.failed, ended.in_doubt, ended.left) == (0, 0, 0)
    verified = desk.verify()
    assert (verified.differences, verified.added) == ((), 0)
    assert counts(intercom)["notifications"] == 0


def test_a_second_copy_of_a_ticket_is_told_with_both_ids(
    tmp_path: Path, datasets: dict[str, Dataset], intercom: Intercom, prepared: Path
) -> None:
    desk, _ = planned("tickets", tmp_path, datasets, intercom, prepared)
    desk.load()
    (made,) = search(intercom, "8")
    twin = copied(intercom, made)
    (line,) = desk.verify().differences
    assert (line.kind, line.key, line.field) == ("ticket", "8", "twice")
    assert made["id"] in line.found
    assert twin in line.found
