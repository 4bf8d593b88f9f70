"""silence.yaml: what it takes, and what it says of switches that could be set off."""

from datetime import date
from pathlib import Path

import pytest

from deskferry.schemas.errors import InputError
from deskferry.schemas.silence import SWITCHES, blank_silence, parse_silence, read_silence, wanted_state

FILE = Path("silence.yaml")
TODAY = date(2026, 6, 30)


def quiet(day: str = "2026-06-29") -> str:
    """A file in which somebody has looked at everything and found it as it should be."""
    lines = [
        f'{name}: {{state: {wanted_state(name)}, checked_by: "Kim", date: "{day}"}}' for name in SWITCHES
    ]
    return "\n".join(["type: silence", "format: 1", *lines]) + "\n"


def test_a_new_file_is_valid_and_every_switch_in_it_is_open() -> None:
    found = parse_silence(blank_silence('A "quoted" \\ name'), path=FILE, today=TODAY)
    assert found.workspace == 'A "quoted" \\ name'
    assert [(switch.name, switch.trouble) for switch in found.open()] == [
        (name, "nobody has looked") for name in SWITCHES
    ]


def test_what_is_quiet_is_open_nowhere_and_a_switch_left_on_is_named_with_its_line() -> None:
    assert parse_silence(quiet(), path=FILE, today=TODAY).open() == []
    changed = (
        quiet().replace("csat: {state: off", "csat: {state: on").replace("state: off", "state: not used")
    )
    (left,) = parse_silence(changed, path=FILE, today=TODAY).open()
    assert (left.name, left.trouble) == ("csat", "on, not off")
    assert changed.splitlines()[left.line - 1].startswith("csat:")


def test_what_protects_customers_must_be_on() -> None:
    changed = quiet().replace("identity_verification: {state: on", "identity_verification: {state: off")
    (left,) = parse_silence(changed, path=FILE, today=TODAY).open()
    assert (left.name, left.trouble) == ("identity_verification", "off, not on")


@pytest.mark.parametrize("gone", ['checked_by: "Kim"', 'date: "2026-06-29"'])
def test_a_state_without_a_name_or_a_day_counts_as_not_looked_at(gone: str) -> None:
    changed = quiet().replace(gone, gone.split(":")[0] + ': ""', 1)
    (left,) = parse_silence(changed, path=FILE, today=TODAY).open()
    assert left.trouble == "nobody has looked"


def test_a_check_holds_for_fourteen_days() -> None:
    found = parse_silence(quiet("2026-06-01"), path=FILE, today=TODAY)
    assert found.expired(date(2026, 6, 15)) == []
    assert [switch.name for switch in found.expired(date(2026, 6, 16))] == list(SWITCHES)


def test_comments_and_layout_change_no_digest_and_a_name_does() -> None:
    one, other = quiet(), "# looked at twice\n" + quiet().replace(": {", ":   {")
    assert parse_silence(one, path=FILE).digest == parse_silence(other, path=FILE).digest
    assert parse_silence(one, path=FILE).digest != parse_silence(one.replace("Kim", "Jo"), path=FILE).digest


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("fin:", "finn:", r"silence.yaml:6: unknown key 'finn'; did you mean 'fin'\?"),
        (
            "workflows: {state: off",
            "workflows: {state: paused",
            r":3: workflows.state: 'paused' is not one of",
        ),
        ("2026-06-29", "2026-02-30", r":3: workflows.date: 2026-02-30 is not in the calendar"),
        ("2026-06-29", "2026-07-20", r":3: workflows.date: 2026-07-20 is still to come"),
        ("2026-06-29", "yesterday", r":3: workflows.date: 'yesterday' is no day"),
        ("format: 1", "format: 2", r":2: format: 1 was expected"),
        ("type: silence", "type: [", r"not YAML"),
        ("csat: {", "csat: &x {", r"csat|stands for"),
        ("sla: {", "slab: {", r"unknown key 'slab'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, words: str) -> None:
    text = quiet().replace(old, new, 1)
    if "&x" in new:
        text += "more: *x\n"
    with pytest.raises(InputError, match=words):
        parse_silence(text, path=FILE, today=TODAY)


@pytest.mark.parametrize("text", ["", "[]", "3", "type: silence\nformat: 1\n"])
def test_what_is_no_such_file_is_one_line(text: str) -> None:
    with pytest.raises(InputError, match=r"silence\.yaml:1: the file: "):
        parse_silence(text, path=FILE)


def test_a_file_that_is_not_there_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="deskferry silence init -o"):
        read_silence(tmp_path / "none.yaml")
