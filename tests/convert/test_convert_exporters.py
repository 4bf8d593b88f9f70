"""What pipelines and scripts leave of the company agrees with its API dump, but for what is named here."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.recount import recount
from deskferry.convert.run import convert
from deskferry.sample_exports.company import SECRET
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.entities import ENTITIES

SAMPLES = Path(__file__).parents[2] / "sample_exports"
Losses = dict[str, set[str]]


def none_of(*entities: str) -> Losses:
    return {entity: {"none"} for entity in entities}


# `-key`: absent in every record that differs; `~key`: said differently; fewer, more, none: of records.
LISTS_NOT_IN_IT: Losses = {
    **none_of("identities", "organizations", "organization_memberships", "groups", "group_memberships"),
    **none_of("ticket_fields", "user_fields", "organization_fields", "ticket_forms", "custom_statuses"),
    **none_of("brands", "ticket_metrics"),
    "satisfaction_ratings": {"fewer"},  # an offered one is no record on its ticket
}
FIELDS = {"ticket_fields", "user_fields", "organization_fields"}
# An agent who left is known as one by her row in the first page of the dump only.
ROLES = {"~roles_seen"}
SINGER: Losses = {
    **none_of("identities", "user_fields", "organization_fields", "organization_memberships"),
    **none_of("custom_statuses", "brands"),
    # unknown to the tap's schemas; an old rating is a word, its times keep their microseconds
    "tickets": {"-custom_status_id", "-from_messaging_channel", "~satisfaction_rating"},
    "users": {"-iana_time_zone", *ROLES},
    "groups": {"-default", "-description", "-is_public"},
    "ticket_fields": {"-custom_statuses", "-key"},
    "ticket_metrics": {"-custom_status_updated_at", "-reply_time_in_seconds"},
    "configuration": {"fewer", "more", "~record"},  # tags; no triggers; times as the tap writes them
}
WITH_URL = (
    *("tickets", "users", "organizations", "groups", "group_memberships", "ticket_fields", "ticket_forms"),
    *("satisfaction_ratings", "ticket_metrics"),
)
AIRBYTE: Losses = {
    **none_of("user_fields", "organization_fields", "custom_statuses"),
    "comments": {"~via"},  # null where Zendesk writes it in words
    "users": ROLES,
    "configuration": {"fewer", "more"},  # tags; no triggers
}
LOSSES: dict[str, Losses] = {
    "singer/tap-zendesk.zip": {**SINGER, "ticket_events": {"more"}},
    "singer/target-jsonl.zip": {
        **{
            entity: SINGER.get(entity, set()) | ({"-url"} if entity in WITH_URL else set())
            for entity in {*SINGER, *WITH_URL}
        },
        "attachments": {"-deleted", "-malware_access_override", "-malware_scan_result", "~thumbnails"},
    },
    "airbyte/protocol.zip": AIRBYTE,
    "airbyte/raw_tables.zip": AIRBYTE,
    "exporters/alternating_lines.zip": {
        **LISTS_NOT_IN_IT,
        "tickets": {"-url"},
        "users": {"-url", *ROLES},
        "configuration": {"more", "~record"},  # the settings; no addresses
    },
    "exporters/one_file_each.zip": {
        **{name: LISTS_NOT_IN_IT[name] for name in LISTS_NOT_IN_IT.keys() - FIELDS - {"organizations"}},
        "comments": {"fewer", "more"},  # none came along; first messages are rebuilt
        "attachments": {"none"},
        "users": {"fewer", *ROLES},  # authors that only comments name
        "ticket_links": {"fewer", "~evidence"},  # those that only comments tell
    },
    "exporters/with_metadata.zip": {**LISTS_NOT_IN_IT, "users": ROLES, "configuration": {"fewer"}},
    "exporters/by_id.zip": {**LISTS_NOT_IN_IT, "users": ROLES, "configuration": {"none"}},
    "exporters/joined_pages.zip": {**LISTS_NOT_IN_IT, "users": ROLES, "configuration": {"none"}},
    "exporters/ticket_events.zip": {
        **LISTS_NOT_IN_IT,
        "comments": {"~via", "~metadata"},  # a channel where it stands in words; nobody known to be erased
        "ticket_events": {"more"},
        "configuration": {"none"},
    },
    "exporters/audits.zip": {
        **LISTS_NOT_IN_IT,
        "comments": {"~metadata"},
        "ticket_events": {"more"},
        "configuration": {"none"},
    },
}
PLACEHOLDERS_ONLY = {"exporters/ticket_events.zip", "exporters/audits.zip"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exporters")


@pytest.fixture(scope="module")
def api(folder: Path) -> Dataset:
    return convert([SAMPLES / "api"], folder / "api.dataset")


def records(dataset: Dataset, entity: str) -> dict[Any, dict[str, Any]]:
    key = ENTITIES[entity].key
    return {
        tuple(record[part] for part in key): {
            name: value for name, value in record.items() if name != "source"
        }
        for record in dataset.records(entity)
    }


def differences(api: Dataset, other: Dataset) -> Losses:
    found: Losses = {}
    for entity in ENTITIES:
        full, some = records(api, entity), records(other, entity)
        words = {"none" if not some else "fewer"} if full.keys() - some.keys() else set()
        words |= {"more"} if some.keys() - full.keys() else set()
        for key in full.keys() & some.keys():
            one, two = full[key], some[key]
            words |= {f"-{name}" for name in one.keys() - two.keys()}
            words |= {f"+{name}" for name in two.keys() - one.keys()}
            words |= {f"~{name}" for name in one.keys() & two.keys() if one[name] != two[name]}
        if words:
            found[entity] = words
    return found


@pytest.mark.parametrize("form", sorted(LOSSES))
def test_the_form_agrees_with_the_api_dump_but_for_its_losses(form: str, api: Dataset, folder: Path) -> None:
    dataset = convert([SAMPLES / form], folder / f"{form.replace('/', '-')}.dataset")
    assert [finding for finding in recount(dataset) if finding.difference] == []
    assert sum(counts["rejected"] for counts in dataset.manifest["entities"].values()) == 0
    found = differences(api, dataset)
    if form in PLACEHOLDERS_ONLY:
        assert all(record["placeholder"] for record in records(dataset, "users").values())
        del found["users"]
    assert found == LOSSES[form]
    shown = [comment for comment in dataset.records("comments") if comment["public"]]
    assert not [comment["id"] for comment in shown if SECRET in str(comment)]


def test_history_out_of_audits_and_out_of_ticket_events_is_the_same(folder: Path) -> None:
    both = [
        records(convert([SAMPLES / "exporters" / f"{form}.zip"], folder / form), "ticket_events")
        for form in ("audits", "ticket_events")
    ]
    told = [
        {key: (e.get("field_name"), e.get("value"), e["created_at"]) for key, e in one.items()}
        for one in both
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 300
