"""The committed samples, read with nothing but json, csv and zipfile."""

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deskferry.sample_exports import official_export, sample

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Everything a test asks about the company.

    slices: ticket lines of the official export, unwrapped, by month; tickets: the newest line of each.
    pages: every document of the API dump by its path; comments: the dump's, by ticket id.
    """

    slices: dict[str, list[Record]]
    tickets: dict[int, Record]
    users: dict[int, Record]
    organizations: dict[int, Record]
    pages: dict[str, Record]
    api_tickets: dict[int, Record]
    api_comments: dict[int, list[Record]]
    csv_rows: list[list[str]]

    def all_comments(self) -> Iterator[tuple[Record, Record]]:
        """Each comment of the newest lines, with its ticket."""
        for ticket in self.tickets.values():
            for comment in ticket["comments"]:
                yield ticket, comment

    def list_of(self, name: str) -> list[Record]:
        """The records of one list of the API dump."""
        records: list[Record] = self.pages[f"{name}.json"][name]
        return records


@pytest.fixture(scope="session")
def samples() -> Samples:
    with official_export() as official:
        slices = {
            month: [line.get("ticket", line) for line in zip_lines(official, f"tickets-{month}")]
            for month in ("2026-10", "2026-11")
        }
        users = {line["id"]: line for line in zip_lines(official, "users")}
        organizations = {line["id"]: line for line in zip_lines(official, "organizations")}
    every = sorted((*slices["2026-10"], *slices["2026-11"]), key=lambda line: line["generated_timestamp"])
    pages = api_pages()
    return Samples(
        slices=slices,
        tickets={line["id"]: line for line in every},
        users=users,
        organizations=organizations,
        pages=pages,
        api_tickets={
            ticket["id"]: ticket
            for name, page in sorted(pages.items())
            if name.startswith("tickets/")
            for ticket in page["tickets"]
        },
        api_comments=comments_by_ticket(pages),
        csv_rows=csv_rows(),
    )


def zip_lines(folder: Path, name: str) -> list[Record]:
    (path,) = folder.glob(f"*-{name}.zip")
    with zipfile.ZipFile(path) as archive:
        texts = [archive.read(member).decode() for member in archive.namelist()]
    return [json.loads(line) for text in texts for line in text.split("\n") if line]


def api_pages() -> dict[str, Record]:
    root = Path(str(sample("api")))
    return {
        path.relative_to(root).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.json"))
    }


def comments_by_ticket(pages: dict[str, Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for name, page in sorted(pages.items()):
        if not name.startswith("comments/"):
            continue
        address = page["next_page"] or page["previous_page"]
        text = address.split("/tickets/")[1].split("/")[0] if address else name.split("_")[1][: -len(".json")]
        found.setdefault(int(text), []).extend(page["comments"])
    return found


def csv_rows() -> list[list[str]]:
    (path,) = Path(str(sample("csv"))).glob("*.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, strict=True))
