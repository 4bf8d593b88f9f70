"""What the mapping keeps out of Intercom stands neither in an attribute nor in the transcript."""

from dataclasses import replace
from typing import Any

import pytest

from deskferry.load.action import Step
from deskferry.load.compose_conversation import BARE
from deskferry.load.left_out import left_out
from deskferry.load.redact import redacted
from deskferry.schemas.errors import InputError
from deskferry.templates.history import FieldValue, File, History, Rating
from deskferry.templates.render import Templates

from .test_compose import KIM, composed, history_of, mapping_of, message_of, step

FIELDS = (
    FieldValue("70", "Product", "Kettle", "kettle", (("kettle", "Kettle"),)),
    FieldValue("72", "Unused", "x", "x"),
    FieldValue("73", "Colours", "Red, Blue", ["red", "blue"], (("red", "Red"), ("blue", "Blue"))),
    FieldValue("74", "Free", "words", "words"),
)
CARD, NO_CARD = "4111 1111 1111 1111", "4111 1111 1111 1112"


def full(**changes: Any) -> History:
    usual = history_of(
        message_of(1),
        message_of(2, author=KIM, public=False, text="Internal word"),
        fields=tuple((field.title, field.shown) for field in FIELDS),
        field_values=FIELDS,
        ccs=("Cc <cc@x.example>",),
        links=("Merged into #9",),
        brand="Acme",
        form="Default",
        type="problem",
    )
    return replace(usual, **changes)


def written(history: History) -> str:
    """Everything of it that can be read in Intercom."""
    return Templates().transcript_text(history)


def fields(**answers: Any) -> dict[str, Any]:
    kept = {"70": {"attribute": "product"}, "73": {"attribute": "colours"}, "74": {"attribute": "free"}}
    return {
        "values": {**kept, "72": {"drop": True, "reason": "unused"}, **{k[1:]: v for k, v in answers.items()}}
    }


def test_without_settings_nothing_but_what_is_dropped_is_left_out() -> None:
    found = left_out(full(), mapping=mapping_of(custom_fields=fields()))
    assert found == replace(
        full(),
        tags=("broken", "vip"),
        fields=(("Product", "Kettle"), ("Colours", "Red, Blue"), ("Free", "words")),
        field_values=(FIELDS[0], FIELDS[2], FIELDS[3]),
    )


@pytest.mark.parametrize(
    ("block", "setting", "gone"),
    [
        ("companies", {"policy": "archive_only"}, "Customer Ltd"),
        ("ccs", {"policy": "archive_only"}, "cc@x.example"),
        ("links", {"policy": "archive_only"}, "Merged into #9"),
        ("private_notes", {"policy": "archive_only"}, "Internal word"),
        ("csat", {"score": "archive_only"}, "good"),
        ("csat", {"comment": "archive_only"}, "Fast"),
        ("dates", {"updated_at": "archive_only"}, "Updated"),
        ("priorities", {"values": {"high": {"drop": True, "reason": "x"}}}, "high"),
        ("types", {"values": {"problem": {"drop": True, "reason": "x"}}}, "problem"),
        ("brands", {"values": {"acme": {"drop": True, "reason": "x"}}}, "Brand: Acme"),
        ("forms", {"values": {"Default": {"drop": True, "reason": "x"}}}, "Default"),
        ("channels", {"values": {"email": {"drop": True, "reason": "x"}}}, "Channel: e-mail"),
        ("groups", {"values": {"Support": {"drop": True, "reason": "x"}}}, "Support"),
        ("tags", {"values": {"*": {"drop": True, "reason": "x"}}}, "Tags: broken"),
    ],
)
def test_what_stays_in_the_archive_can_be_read_nowhere(
    block: str, setting: dict[str, Any], gone: str
) -> None:
    mapping = mapping_of(**{"custom_fields": fields(), block: setting})
    before, after = full(), left_out(full(), mapping=mapping)
    assert gone in written(before)
    assert gone not in written(after)
    values = step(composed(after, mapping=mapping), Step.UPDATE).payload["custom_attributes"].values()
    assert not any(gone.rpartition(": ")[2] in str(value) for value in values if value != "zendesk")


def test_internal_comments_that_stay_are_said() -> None:
    mapping = mapping_of(custom_fields=fields(), private_notes={"policy": "archive_only"})
    update = step(composed(left_out(full(), mapping=mapping), mapping=mapping), Step.UPDATE)
    assert "internal comments: 1 kept in the archive" in update.remarks


def test_options_are_renamed_in_attributes_and_dropped_everywhere() -> None:
    mapping = mapping_of(
        custom_fields=fields(
            _70={"attribute": "stars", "type": "integer", "options": {"kettle": {"rename": "5"}}},
            _73={
                "attribute": "colours",
                "options": {"red": {"drop": True, "reason": "x"}, "*": {"rename": "azul", "reason": "y"}},
            },
        )
    )
    found = left_out(full(), mapping=mapping)
    assert [field.shown for field in found.field_values] == ["Kettle", "Blue", "words"]
    values = step(composed(found, mapping=mapping), Step.UPDATE).payload["custom_attributes"]
    assert (values["stars"], values["colours"]) == (5, "azul")
    assert "Red" not in written(found)


def test_a_dropped_option_takes_its_field_along() -> None:
    mapping = mapping_of(
        custom_fields=fields(
            _70={"attribute": "product", "options": {"kettle": {"drop": True, "reason": "x"}}},
            _74={"transcript": True},
        )
    )
    found = left_out(full(), mapping=mapping)
    assert [field.id for field in found.field_values] == ["73", "74"]
    values = step(composed(found, mapping=mapping), Step.UPDATE).payload["custom_attributes"]
    assert not {"product", "free"} & values.keys()
    assert "words" in written(found)


def test_names_are_renamed_in_attributes_while_the_transcript_keeps_zendesks() -> None:
    mapping = mapping_of(custom_fields=fields(), brands={"values": {"Acme": {"rename": "Outlet"}}})
    found = left_out(full(), mapping=mapping)
    values = step(composed(found, mapping=mapping), Step.UPDATE).payload["custom_attributes"]
    assert values["zendesk_brand"] == "Outlet"
    assert "Brand: Acme" in written(found)


def test_a_tag_can_be_an_attribute_instead() -> None:
    mapping = mapping_of(
        tags={
            "values": {
                "vip": {"attribute": "VIP"},
                "broken": {"attribute": "Topic", "value": "Damage"},
                "noise": {"attribute": "Topic", "value": "Noise"},
            }
        }
    )
    actions = composed(history_of(), mapping=mapping)
    values = step(actions, Step.UPDATE).payload["custom_attributes"]
    assert (values["VIP"], values["Topic"]) == (True, "Damage")
    assert not [action for action in actions if action.step is Step.TAG]


def test_ratings_can_stand_in_the_transcript_only() -> None:
    mapping = mapping_of(csat={"score": "transcript", "comment": "transcript"})
    found = left_out(history_of(), mapping=mapping)
    values = step(composed(found, mapping=mapping), Step.UPDATE).payload["custom_attributes"]
    assert not {"zendesk_csat", "zendesk_csat_comment"} & values.keys()
    assert "good: Fast" in written(found)


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "4111111111111111",
        "x 4111-1111-1111-1111.",
        "4111&nbsp;1111&nbsp;1111&nbsp;1111",
        "378282246310005",
    ],
)
def test_card_numbers_are_removed_from_every_text_and_counted(text: str) -> None:
    mapping = mapping_of(redact={"card_numbers": True})
    named = replace(file(f"{CARD}.png"), absence="only named")
    history = history_of(
        message_of(1, text=f"my card {text}", html=f"<p>my card {text}</p>", files=(named,)),
        subject=f"Card {text}",
        rating=Rating("bad", text),
        fields=(("Note", text),),
        field_values=(FieldValue("70", "Note", text, text),),
    )
    found = redacted(history, mapping=mapping)
    assert "1111" not in repr(replace(found, withheld=())).replace("id=", "")
    assert "0005" not in repr(found)
    assert found.subject == "Card [card number removed]" or "removed" in found.subject
    [said] = found.withheld
    assert said.startswith("card number: ")
    assert said in step(composed(found, mapping=mapping), Step.UPDATE).remarks


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("4111 1111 1111 1111 12/27", "[card number removed] 12/27"),
        ("4111111111111111 123", "[card number removed] 123"),
        ("Order 300 4111 1111 1111 1111", "Order 300 [card number removed]"),
        ("3782 822463 10005 5500 0000 0000 0004", "[card number removed] [card number removed]"),
        ("12-4111-1111-1111-1111", "12-[card number removed]"),
    ],
)
def test_a_card_number_is_removed_beside_other_digits(text: str, left: str) -> None:
    history = history_of(message_of(1, text=text))
    found = redacted(history, mapping=mapping_of(redact={"card_numbers": True}))
    assert [message.text for message in found.messages] == [left]


@pytest.mark.parametrize(
    "text",
    [
        NO_CARD,
        "4444 4444 4444 4444",
        "https://x.example/attachments/4111111111111111",
        "id=4111111111111111",
        "41111111111111110000000",
        "7111 1111 1111 1116",
        "0123456789",
    ],
)
def test_other_long_numbers_stay(text: str) -> None:
    history = history_of(message_of(1, text=text))
    assert redacted(history, mapping=mapping_of(redact={"card_numbers": True})) == history


def test_own_patterns_are_named_in_their_place() -> None:
    mapping = mapping_of(redact={"patterns": [{"name": "passport", "pattern": "[A-Z][0-9]{8}|z*"}]})
    found = redacted(history_of(message_of(1, text="It is N12345678, and L87654321")), mapping=mapping)
    assert found.messages[0].text == "It is [passport removed], and [passport removed]"
    assert found.withheld == ("passport: 2 removed",)
    with pytest.raises(InputError, match="no regular expression"):
        redacted(history_of(), mapping=mapping_of(redact={"patterns": [{"name": "x", "pattern": "("}]}))


def test_nothing_is_redacted_unless_asked() -> None:
    history = history_of(message_of(1, text=CARD))
    assert redacted(history, mapping=mapping_of()) == history


def test_a_bare_conversation_has_no_note() -> None:
    assert Step.NOTE in {action.step for action in composed(history_of())}
    assert Step.NOTE not in {action.step for action in composed(history_of(), form=BARE)}


def test_whoever_has_no_admin_yet_waits_with_the_placeholder() -> None:
    blocks: dict[str, Any] = {
        "agents": {"values": {"kim@acme.example": {"placeholder": True}}},
        "staff": {"migration_admin": None, "placeholder": "ops@acme.example", "domains": []},
    }
    actions = composed(history_of(), mapping=mapping_of(**blocks))
    assert step(composed(history_of()), Step.ASSIGN_ADMIN).payload["assignee_id"] == "22"
    assert step(actions, Step.ASSIGN_ADMIN).payload["assignee_id"] == "1"


def file(name: str) -> File:
    return File(1, name, 3, "image/png", inline=False, absence=None)
