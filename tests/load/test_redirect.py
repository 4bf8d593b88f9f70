"""The table of old and new addresses, and the ledger's documented shape."""

import csv
import re
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from deskferry.cli.main import root
from deskferry.load.action import Action, Kind, Step
from deskferry.load.ledger import key_of, open_ledger
from deskferry.load.ledger_dataset import dataset_beside
from deskferry.load.ledger_file import Origin
from deskferry.load.redirect import COLUMNS, Redirect, redirects
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import RefusedError

from .conftest import ANNA, Desk, comments, company, ticket, write_dataset

PAGE = (Path(__file__).parent.parent.parent / "docs" / "ledger.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Ticket 1 with mails; 2 merged into it, 3 into 2, 1 into 3 by mistake; 4 alone."""
    said = [comment for number in (1, 2, 3, 4) for comment in comments(number, ANNA)]
    ids = {11: "a@x ", 12: "<b@x>", 13: "<b@x>", 21: "<c@x>"}
    for comment in said:
        if comment["id"] in ids:
            comment["metadata"] = {"system": {"message_id": ids[comment["id"]]}}
    pairs = [(2, 1), (3, 2), (1, 3)]
    links = [
        {"id": f"merged:{one}:{other}", "type": "merged", "ticket_id": one, "linked_ticket_id": other}
        for one, other in pairs
    ]
    tickets = [ticket(number, ANNA) for number in (1, 2, 3, 4)]
    records = company(tickets=tickets, comments=said, ticket_links=links)
    return write_dataset(tmp_path_factory.mktemp("mailed") / "acme.dataset", records)


def made(path: Path, *rows: tuple[Kind, str, str], target: str = "eu") -> Path:
    with open_ledger(path, workspace_id="ab12", account="acme") as ledger:
        for kind, key, id_ in rows:
            action = Action(kind, key, Step.CREATE, 0, "POST", "/x", {})
            ledger.intend([action], plan_digest="p", now=1.0)
            ledger.done(key_of(action), target_id=id_, origin=Origin.CREATED, now=2.0)
        ledger.note("target", target)
    return path


def by_id(lines: Sequence[Redirect]) -> dict[tuple[str, str], Redirect]:
    return {(line.kind, line.zendesk_id): line for line in lines}


def test_each_thing_has_its_old_and_its_new_address(tmp_path: Path) -> None:
    rows = [(Kind.CONTACT, "11", "c1"), (Kind.CONVERSATION, "4", "99"), (Kind.TICKET, "10", "100")]
    found = list(redirects(made(tmp_path / "a.ledger", *rows, (Kind.TAG, "vip", "7")), dataset=None))
    assert [(line.kind, line.zendesk_id, line.intercom_id) for line in found] == [tuple(row) for row in rows]
    line = by_id(found)["conversation", "4"]
    assert line.old_url == "https://acme.zendesk.com/agent/tickets/4"
    assert line.new_url == "https://app.eu.intercom.com/a/inbox/ab12/inbox/conversation/99"
    assert (line.origin, line.message_ids) == ("created", "")


def test_a_sandbox_has_no_address_but_a_path(tmp_path: Path) -> None:
    ledger = made(tmp_path / "a.ledger", (Kind.CONVERSATION, "4", "99"), target="sandbox")
    (line,) = redirects(ledger, dataset=None)
    assert (line.new_url, line.new_path) == ("", "/a/inbox/ab12/inbox/conversation/99")


def test_mails_and_merged_tickets_lead_to_the_conversation_that_has_them(
    tmp_path: Path, mailed: Dataset
) -> None:
    ledger = made(tmp_path / "a.ledger", (Kind.CONVERSATION, "1", "91"), (Kind.CONVERSATION, "4", "94"))
    found = by_id(list(redirects(ledger, dataset=mailed)))
    assert {key: (line.intercom_id, line.message_ids) for key, line in found.items()} == {
        ("conversation", "1"): ("91", "<a@x> <b@x>"),
        ("merged_ticket", "2"): ("91", "<c@x>"),
        ("merged_ticket", "3"): ("91", ""),
        ("conversation", "4"): ("94", ""),
    }


def test_a_merged_ticket_that_was_loaded_itself_keeps_its_own_line(tmp_path: Path, mailed: Dataset) -> None:
    ledger = made(tmp_path / "a.ledger", (Kind.CONVERSATION, "1", "91"), (Kind.TICKET, "2", "92"))
    found = by_id(list(redirects(ledger, dataset=mailed)))
    assert ("merged_ticket", "2") not in found
    assert found["ticket", "2"].intercom_id == "92"


def test_another_accounts_dataset_is_refused(tmp_path: Path, mailed: Dataset) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path, workspace_id="ab12", account="other"):
        pass
    with pytest.raises(RefusedError, match="account other, this dataset of account acme"):
        list(redirects(path, dataset=mailed))


def test_the_dataset_is_found_by_a_plan_beside_the_ledger(desk: Desk) -> None:
    desk.planned()
    ledger = desk.load().ledger
    (desk.folder / "notes.txt").write_text("no plan")
    found = dataset_beside(ledger)
    assert found is not None
    assert found.digest == desk.dataset.digest
    alone = desk.folder / "elsewhere"
    alone.mkdir()
    shutil.copy(ledger, alone)
    assert dataset_beside(alone / ledger.name) is None


def test_the_command_writes_a_table_to_a_file_or_to_stdout(tmp_path: Path, mailed: Dataset) -> None:
    ledger = made(tmp_path / "a.ledger", (Kind.CONVERSATION, "1", "91"))
    words = ["status", str(ledger), "--dataset", str(mailed.path), "--csv"]
    printed = CliRunner().invoke(root, words)
    assert printed.exit_code == 0, printed.output
    written = CliRunner().invoke(root, [*words, str(tmp_path / "r.csv"), "--json"])
    assert '"lines": 3' in written.stdout
    text = (tmp_path / "r.csv").read_text(encoding="utf-8")
    assert printed.stdout.splitlines() == text.splitlines()
    header, *lines = csv.reader(text.splitlines())
    assert tuple(header) == COLUMNS
    assert len(lines) == 3


def test_the_page_names_every_table_and_column_of_a_ledger(tmp_path: Path) -> None:
    path = made(tmp_path / "a.ledger")
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type='table'")]
        columns = [row[1] for row in connection.execute("pragma table_info(rows)")]
        facts = {name for (name,) in connection.execute("select name from meta")}
        (version,) = connection.execute("pragma user_version").fetchone()
    assert {f"**{name}**" for name in tables} == set(re.findall(r"^\*\*\w+\*\*", PAGE, flags=re.MULTILINE))
    sections = PAGE.split("**rows**")
    assert re.findall(r"^\| `(\w+)`", sections[1].split("## Old address")[0], flags=re.MULTILINE) == columns
    assert facts <= set(re.findall(r"^\| `(\w+)`", sections[0], flags=re.MULTILINE))
    assert f"`pragma user_version` is {version}" in PAGE
    assert re.findall(r"^\| `(\w+)`", PAGE.split("## Old address")[1], flags=re.MULTILINE) == list(COLUMNS)


# Never what a call is about.
NAMED_ONLY = (Kind.TICKET_STATE, Kind.LIST_ITEM)


@pytest.mark.parametrize(
    ("column", "words"), [("kind", [kind for kind in Kind if kind not in NAMED_ONLY]), ("step", [*Step])]
)
def test_the_page_names_every_kind_and_step(column: str, words: Sequence[Kind | Step]) -> None:
    (line,) = re.findall(rf"^\| `{column}` \| (.*) \|$", PAGE.split("## Old address")[0], flags=re.MULTILINE)
    assert re.findall(r"`(\w+)`", line) == [str(word) for word in words]
