"""What stands beside the company's tickets: converted with them, nothing lost, nothing doubled."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.sample_exports.company import SECRET
from deskferry.sample_exports.people import person_id
from deskferry.schemas.dataset import Dataset

SAMPLES = Path(__file__).parents[2] / "sample_exports"
BESIDE = ("chats", "side_conversations", "suspended_tickets", "articles", "configuration")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folders = [SAMPLES / name for name in ("official", "chat", "help_center", "files")]
    return convert(folders, tmp_path_factory.mktemp("beside") / "beside.dataset")


def held(dataset: Dataset, entity: str) -> dict[Any, dict[str, Any]]:
    return {record["id"]: record for record in dataset.records(entity)}


def test_nothing_is_lost_and_no_key_is_unknown(dataset: Dataset) -> None:
    assert [finding for finding in recount(dataset) if finding.difference] == []
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0
    assert [record for name in BESIDE for record in dataset.records(name) if "extra" in record] == []
    assert dataset.account == "haldenbikes"


def test_chats_lead_to_their_tickets(dataset: Dataset) -> None:
    chats = held(dataset, "chats")
    assert [chat["zendesk_ticket_id"] for chat in chats.values()] == [50, None, None]
    assert chats["2606.2314815.T3"]["type"] == "offline_msg"
    assert chats["2606.2314815.T2"]["timestamp"] == "2026-06-03T18:02:00.000Z"
    assert len(chats["2606.2314815.T1"]["history"]) == 5


def test_side_conversations_hold_their_messages_in_order(dataset: Dataset) -> None:
    mailed, child = held(dataset, "side_conversations").values()
    assert [event["type"] for event in mailed["events"]] == ["create", "reply", "update"]
    assert "events" not in child
    links = [link for link in dataset.records("ticket_links") if link["type"] == "side"]
    assert {(link["ticket_id"], link["linked_id"], link.get("linked_ticket_id")) for link in links} == {
        (18, mailed["id"], None),
        (18, child["id"], 19),
    }


def test_articles_are_one_in_each_language(dataset: Dataset) -> None:
    articles = held(dataset, "articles")
    assert [article["locale"] for article in articles.values()] == ["en-us", "en-us"]
    kinds = sorted(record["kind"] for record in dataset.records("configuration"))
    assert kinds == [
        *("article_attachments", "article_comments", "calls", "calls", "categories", "legs", "legs"),
        *("sections", "translations"),
    ]


def test_bytes_that_came_along_are_stored_and_a_login_page_is_not(dataset: Dataset) -> None:
    files = held(dataset, "attachments")
    assert sum(1 for file in files.values() if file.get("sha256")) == 6
    for file in files.values():
        if file.get("sha256"):
            assert (dataset.path / "files" / file["sha256"]).stat().st_size == file["size"]
    assert dataset.manifest["stored"]["files"] == 6
    (told,) = (one for one in dataset.manifest["findings"] if one["id"] == "attachment_files")
    assert told["count"] == 2


def test_whoever_is_erased_is_nowhere_beside_tickets(dataset: Dataset, tmp_path: Path) -> None:
    names = ("Siobhán", "siobhan@", "192.0.2.50")
    listed = tmp_path / "erased.txt"
    listed.write_text(f"{person_id('siobhan')}\n")
    folders = [SAMPLES / name for name in ("official", "api", "chat")]
    without = convert(folders, tmp_path / "without.dataset", erased=listed)
    assert [one for one in recount(without) if one.difference] == []
    for entity in ("users", "identities"):
        text = without.file(entity).read_text()
        assert [name for name in names if name.casefold() in text.casefold()] == []
    chat = held(without, "chats")["2606.2314815.T1"]
    assert chat["visitor"] == {"id": "2314815.h1"}
    assert "ip" not in chat["session"]
    assert [said.get("name") for said in chat["history"]] == [None, "Jonas Lie", None, "Jonas Lie", None]


def test_the_secret_stands_in_private_places_only(dataset: Dataset) -> None:
    for chat in dataset.records("chats"):
        assert SECRET not in str({**chat, "visitor": None})
    for article in dataset.records("articles"):
        assert (SECRET in str(article)) == article["draft"]
    private = [*dataset.records("side_conversations"), *dataset.records("suspended_tickets")]
    assert all(SECRET in str(record) for record in private)
    assert not any(SECRET in str(record) for record in dataset.records("configuration"))
