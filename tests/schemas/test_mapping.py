"""A mapping that is wrong says what, where and, for a slip of the finger, what was meant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deskferry.schemas.errors import InputError, RefusedError
from deskferry.schemas.mapping import parse_mapping, read_mapping, resolved, shape_at
from deskferry.schemas.signature import signatures
from deskferry.schemas.unsupported import require_supported, unsupported
from deskferry.schemas.validate import complaints

TEXT = """\
mapping: 1
account: acme
purpose: context
decided_by: Ada
date: 2024-11-23
rules:
  - where: "merged_into is not null"
    archive_only: true
    reason: merged
  - where: "true"
    conversation: note
    reason: the rest
people: {policy: create, without_email: zendesk_id, unsubscribed_from_emails: true}
staff: {migration_admin: null, domains: []}
agents:
  values:
    "agent@acme.test": {unassigned: true}
groups:
  values: {}
assign: open
statuses:
  values:
    no: {state: open}
    closed: {state: closed}
custom_statuses: {values: {}}
custom_fields:
  values:
    360016965151: {attribute: Order, type: string}
tags:
  values:
    vip: {keep: true}
    "*": {drop: true, reason: noise}
transcript: {timezone: UTC}
limits: {note: 50000.0}
"""
PATH = Path("acme.mapping.yaml")


def test_keys_are_text_and_dates_are_what_was_written() -> None:
    mapping = parse_mapping(TEXT, path=PATH)
    assert mapping.data["custom_fields"]["values"] == {
        "360016965151": {"attribute": "Order", "type": "string"}
    }
    assert mapping.data["date"] == "2024-11-23"
    assert set(mapping.data["statuses"]["values"]) == {"no", "closed"}
    assert (mapping.data["limits"]["note"], type(mapping.data["limits"]["note"])) == (50000, int)


def test_the_digest_is_of_what_it_says_not_of_its_layout() -> None:
    one = parse_mapping(TEXT, path=PATH)
    other = parse_mapping(
        "# a comment\n" + TEXT.replace("account: acme", 'account:   "acme"'), path=Path("other")
    )
    assert one.digest == other.digest
    assert one.digest != parse_mapping(TEXT.replace("acme\n", "globex\n"), path=PATH).digest


def test_every_place_has_its_line() -> None:
    mapping = parse_mapping(TEXT, path=PATH)
    assert mapping.where("account") == f"{PATH}:2"
    assert mapping.where("rules", 1, "where") == f"{PATH}:10"
    assert mapping.where("agents", "values", "agent@acme.test") == f"{PATH}:17"
    assert mapping.where("agents", "values", "nobody@acme.test") == f"{PATH}:16"
    assert mapping.where("nowhere") == f"{PATH}:1"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            "    archive_only:",
            "    archve_only:",
            8,
            "unknown key 'archve_only'; did you mean 'archive_only'?",
        ),
        ("purpose:", "purposes:", 3, "unknown key 'purposes'; did you mean 'purpose'?"),
        ("{keep: true}", "{keeep: true}", 31, "did you mean 'keep'?"),
        (
            "{keep: true}",
            "{keep: true, zzz: 1}",
            31,
            "known here: attribute, drop, keep, reason, rename, suggested, value",
        ),
        ("purpose: context", "purpose: fun", 3, "purpose: 'fun' is not one of"),
        ("mapping: 1", "mapping: 2", 1, "mapping: 1 was expected"),
        ("assign: open\n", "", 1, "'assign' is a required property"),
        ("type: string", "type: text", 28, "custom_fields.values.360016965151.type: 'text' is not one of"),
        (
            "{attribute: Order, type: string}",
            "{type: string}",
            28,
            "exactly one of attribute, transcript, drop is needed",
        ),
        ("{keep: true}", "{}", 31, "exactly one of keep, rename, attribute, drop is needed"),
        (
            "{keep: true}",
            "{keep: true, rename: x}",
            31,
            "exactly one of keep, rename, attribute, drop is needed",
        ),
        (
            "    conversation: note\n",
            "",
            10,
            "exactly one of conversation, ticket, archive_only, drop is needed",
        ),
        ("{drop: true, reason: noise}", "{drop: true}", 32, "'reason' is a required property"),
        ("    reason: merged\n", "", 7, "'reason' is a required property"),
        ("note: 50000.0", "note: 100", 34, "limits.note: 100 is less than the minimum"),
        ("account: acme", "account: acme\naccount: other", 3, "duplicate key"),
        ("account: acme", "account: {", 4, "not YAML"),
        ("account: acme", "account: &a acme\nx: *a", 3, "write it out"),
        ("account: acme", "account: !!binary YQ==", 2, "is not used in a mapping"),
        ("account: acme", "account: !mine acme", 2, "type !mine is not used in a mapping"),
        ("account: acme", "account: " + "[" * 3000, 2, "nested too deep"),
        ("account: acme", "account:\n\tacme", 3, "not YAML"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(old: str, new: str, line: int, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        parse_mapping(TEXT.replace(old, new, 1), path=PATH)
    assert str(caught.value).startswith(f"{PATH}:{line}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "~", "a", "- a", "a: \0", "a: \x07", "a: 1\n---\nb: 2", "%YAML 3.0\n--- 1", "? [a]\n: 1"]
)
def test_what_is_no_mapping_at_all_is_one_line_too(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_mapping(text, path=PATH)
    assert str(caught.value).startswith(str(PATH))
    assert "\n" not in str(caught.value)


def test_a_file_is_read_and_its_absence_says_how_to_write_one(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    with pytest.raises(InputError, match=r"no such mapping.*map init"):
        read_mapping(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(tmp_path)
    path.write_text(TEXT, encoding="utf-8")
    assert read_mapping(path).where("mapping") == f"{path}:1"


def described(shape: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every place of the schema without a description."""
    whole = resolved(shape)
    if path and not whole.get("description"):
        yield path
    for name, inner in whole.get("properties", {}).items():
        yield from described(inner, (*path, name))
    for name in ("additionalProperties", "items"):
        if isinstance(whole.get(name), dict) and resolved(whole[name])["type"] == "object":
            yield from described(whole[name], (*path, name))


def test_every_place_of_the_file_is_described_for_editors() -> None:
    assert list(described(shape_at())) == []


def test_a_file_without_the_newer_blocks_means_what_it_always_meant() -> None:
    mapping = parse_mapping(TEXT, path=PATH)
    assert mapping.block("brands") == {
        "values": {"*": {"keep": True, "reason": "The brand stands in an attribute as Zendesk has it"}}
    }
    assert mapping.choice("private_notes", "policy") == "internal"
    assert mapping.choice("merged_and_deleted", "deleted") == "rules"
    assert mapping.choice("redact", "card_numbers") is False
    assert mapping.choice("staff", "placeholder") is None
    assert unsupported(mapping) == []
    assert mapping.where("brands", "values") == f"{PATH}:1"


def test_every_default_is_valid_where_it_stands() -> None:
    data = parse_mapping(TEXT, path=PATH).data
    for name, shape in shape_at()["properties"].items():
        if "default" in shape:
            data[name] = shape["default"]
        elif "properties" in shape:
            defaults = {
                key: inner["default"]
                for key, inner in shape["properties"].items()
                if "default" in resolved(inner)
            }
            data[name] = data.get(name, {}) | defaults
    assert complaints("mapping", data) == []


def test_what_this_version_cannot_do_is_refused_with_its_line() -> None:
    changed = TEXT.replace("assign: open", "ccs: {policy: participants}\nassign: open", 1)
    mapping = parse_mapping(changed.replace("policy: create", "policy: match", 1), path=PATH)
    [found] = unsupported(mapping)
    assert (found.where, "participants" in found.why) == (f"{PATH}:20", True)
    with pytest.raises(RefusedError, match="this version cannot") as caught:
        require_supported(mapping)
    assert str(caught.value).startswith(f"{PATH}:20: ")


def test_a_block_is_signed_by_a_name_and_a_date() -> None:
    signed = TEXT.replace("staff: {", "staff: {decided_by: Ada, date: 2024-11-23, ").replace(
        "transcript: {", 'transcript: {decided_by: " ", date: 2024-11-23, '
    )
    found = {item.block: item for item in signatures(parse_mapping(signed, path=PATH))}
    assert [name for name, item in found.items() if item.signed] == ["purpose", "staff"]
    assert (found["staff"].by, found["staff"].date) == ("Ada", "2024-11-23")
    assert (found["transcript"].by, found["brands"].by) == (None, None)
    assert set(found) - {"purpose"} == {
        name
        for name, shape in shape_at()["properties"].items()
        if "decided_by" in shape.get("properties", {})
    }


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("yesterday", "no day"),
        ("23.11.2024", "no day"),
        ("2024-11-23T10:00:00Z", "no day"),
        ('"2024-11-23\\n"', "no day"),
        ('"2024-02-30"', "not in the calendar"),
        ("2024-02-30", "not in the calendar"),
        ("2024-11-25", "still to come"),
        ("20241123", "not of type"),
    ],
)
def test_a_signature_with_a_day_that_is_none_is_named_by_line(written: str, words: str) -> None:
    for text, line in (
        (TEXT.replace("date: 2024-11-23", f"date: {written}"), 5),
        (TEXT.replace("custom_statuses: {", f"custom_statuses: {{date: {written}, "), 25),
    ):
        assert text.splitlines()[line - 1].find(written) > 0
        with pytest.raises(InputError, match=words) as caught:
            parse_mapping(text, path=PATH, today=date(2024, 11, 23))
        assert str(caught.value).startswith(f"{PATH}:{line}: ")


@pytest.mark.parametrize("written", ["null", '""', "2024-11-23", '"2024-11-24"'])
def test_a_day_is_empty_today_or_where_it_is_tomorrow_already(written: str) -> None:
    text = TEXT.replace("date: 2024-11-23", f"date: {written}")
    found = signatures(parse_mapping(text, path=PATH, today=date(2024, 11, 23)))[0]
    assert found.signed is written.strip('"').startswith("2")
