"""The bundled company in XML: what it says agrees with the API dump, what it cannot say is listed."""

import functools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.parts import parts_of
from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset

SAMPLES = Path(__file__).parents[2] / "sample_exports"
LOST = {
    "tickets": {
        *("url", "raw_subject", "generated_timestamp", "is_public", "brand_id", "ticket_form_id"),
        *("custom_status_id", "from_messaging_channel", "satisfaction_rating", "sharing_agreement_ids"),
        *("collaborator_ids", "follower_ids", "email_cc_ids", "followup_ids", "forum_topic_id"),
        *("allow_channelback", "allow_attachments"),
    },
    "users": {
        *(
            "url",
            "alias",
            "signature",
            "photo",
            "role_type",
            "custom_role_id",
            "default_group_id",
            "user_fields",
        ),
        *("shared", "shared_agent", "shared_phone_number", "suspended", "restricted_agent", "chat_only"),
        *(
            "moderator",
            "ticket_restriction",
            "only_private_comments",
            "report_csv",
            "locale",
            "iana_time_zone",
        ),
        *("two_factor_auth_enabled", "permanently_deleted", "erased", "roles_seen"),
    },
    "organizations": {"url", "organization_fields", "deleted_at"},
    "groups": {"url", "description", "default", "is_public"},
}
LOST_IN_THE_ARCHIVE = {"recipient", "has_incidents", "problem_id", "custom_fields"}


def records(dataset: Dataset, entity: str) -> dict[int, dict[str, Any]]:
    return {record["id"]: record for record in dataset.records(entity)}


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    folder = tmp_path_factory.mktemp("samples")
    return {form: convert([SAMPLES / form], folder / form) for form in ("api", "xml_full", "xml_archive")}


@pytest.mark.parametrize("form", ["xml_full", "xml_archive"])
@pytest.mark.parametrize("entity", sorted(LOST))
def test_what_the_xml_says_the_api_says_too(datasets: dict[str, Dataset], form: str, entity: str) -> None:
    found, whole = records(datasets[form], entity), records(datasets["api"], entity)
    lost = LOST[entity] | (LOST_IN_THE_ARCHIVE if form == "xml_archive" else set())
    assert found
    for key, record in found.items():
        full = whole[key]
        assert full.keys() - record.keys() <= lost
        assert record.keys() - full.keys() <= {"extra", "roles_seen"}  # an erased person has none
        for name in record.keys() & full.keys() - {"source", "roles_seen", "extra"}:
            if name == "via":
                assert record[name]["channel"] == full[name]["channel"]
            elif name == "custom_fields":
                assert record[name] == _texts(full[name]), key
            else:
                assert (record[name] or None) == (full[name] or None), (key, name)


def test_no_living_ticket_is_missing_in_the_full_export(datasets: dict[str, Dataset]) -> None:
    found, whole = records(datasets["xml_full"], "tickets"), records(datasets["api"], "tickets")
    assert whole.keys() - found.keys() == {key for key, one in whole.items() if one["status"] == "deleted"}


@pytest.mark.parametrize("form", ["xml_full", "xml_archive"])
def test_comments_and_attachments_are_those_of_the_api(datasets: dict[str, Dataset], form: str) -> None:
    numbers = records(datasets[form], "tickets").keys()
    for entity, said in (
        ("comments", ("ticket_id", "position", "created_at", "author_id", "public", "body")),
        ("attachments", ("ticket_id", "file_name", "content_url")),
    ):
        one, other = (
            Counter(
                tuple(record[key] for key in said)
                for record in datasets[name].records(entity)
                if record["ticket_id"] in numbers
            )
            for name in (form, "api")
        )
        assert one == other
        assert one.total() > 5


@pytest.mark.parametrize("form", ["xml_full", "xml_archive"])
def test_nothing_is_lost_or_rejected(datasets: dict[str, Dataset], form: str) -> None:
    dataset = datasets[form]
    assert dataset.account == "haldenbikes"
    assert [finding for finding in recount(dataset) if finding.difference] == []
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0
    pairs = (
        {(one["user_id"], one["group_id"]) for one in datasets[name].records("group_memberships")}
        for name in (form, "api")
    )
    assert next(pairs) == next(pairs)


def test_forums_of_the_archive_are_kept(datasets: dict[str, Dataset]) -> None:
    kinds = Counter(record["kind"] for record in datasets["xml_archive"].records("configuration"))
    assert kinds == {"account": 1, "categories": 1, "forums": 1, "entries": 1, "posts": 1}


@pytest.mark.parametrize("size", [1, 5_000])
def test_how_the_xml_is_cut_into_parts_does_not_show(
    datasets: dict[str, Dataset], tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskferry.convert.read_parts.parts_of", functools.partial(parts_of, size=size))
    again = convert([SAMPLES / "xml_full"], tmp_path / "again")
    before = datasets["xml_full"].path / "manifest.json"
    assert (again.path / "manifest.json").read_bytes() == before.read_bytes()


def test_the_api_takes_the_place_of_what_the_xml_had_to_make(
    datasets: dict[str, Dataset], tmp_path: Path
) -> None:
    both = convert([SAMPLES / "xml_full", SAMPLES / "api"], tmp_path / "both")
    for entity in ("tickets", "comments", "attachments"):
        assert records(both, entity).keys() == records(datasets["api"], entity).keys()


def _texts(fields: dict[str, Any]) -> dict[str, str]:
    """Custom fields as the XML holds them: those with a value, as texts."""
    return {
        key: " ".join(value)
        if isinstance(value, list)
        else str(value).lower()
        if value is True
        else str(value)
        for key, value in fields.items()
        if value
    }
