"""The ticket fields, forms, user and organization fields of Halden Bikes, with their options."""

from typing import Any

from .company import BRANDS, CUSTOM_STATUSES, SECRET, Record, api_url, at, made_id


def _field(number: int, kind: str, title: str, **other: Any) -> Record:
    field_id = made_id("field", number)
    return {
        "url": api_url(f"ticket_fields/{field_id}"),
        "id": field_id,
        "type": kind,
        "title": title,
        "raw_title": title,
        "description": "",
        "raw_description": "",
        "position": number,
        "active": True,
        "required": False,
        "collapsed_for_agents": False,
        "regexp_for_validation": None,
        "title_in_portal": title,
        "raw_title_in_portal": title,
        "visible_in_portal": True,
        "editable_in_portal": True,
        "required_in_portal": False,
        "tag": None,
        "created_at": at("2024-01-03 08:00:00"),
        "updated_at": at("2025-04-09 08:00:00"),
        "removable": True,
        "key": None,
        "agent_description": None,
        **other,
    }


def _options(first: int, *pairs: tuple[str, str]) -> list[Record]:
    return [
        {
            "id": made_id("option", first + place),
            "name": name,
            "raw_name": name,
            "value": value,
            "default": False,
        }
        for place, (name, value) in enumerate(pairs)
    ]


def _system_options(*pairs: tuple[str, str]) -> list[Record]:
    return [{"name": name, "value": value} for name, value in pairs]


_STATUS_OPTIONS = _system_options(
    ("New", "new"), ("Open", "open"), ("Pending", "pending"), ("On-hold", "hold"), ("Solved", "solved")
)
_TYPE_OPTIONS = _system_options(
    ("Question", "question"), ("Incident", "incident"), ("Problem", "problem"), ("Task", "task")
)
_PRIORITY_OPTIONS = _system_options(
    ("Low", "low"), ("Normal", "normal"), ("High", "high"), ("Urgent", "urgent")
)

SYSTEM_FIELDS: list[Record] = [
    _field(1, "subject", "Subject", removable=False),
    _field(2, "description", "Description", removable=False),
    _field(3, "status", "Status", removable=False, sub_type_id=1, system_field_options=_STATUS_OPTIONS),
    _field(4, "tickettype", "Type", removable=False, system_field_options=_TYPE_OPTIONS),
    _field(5, "priority", "Priority", removable=False, sub_type_id=1, system_field_options=_PRIORITY_OPTIONS),
    _field(6, "group", "Group", removable=False, visible_in_portal=False),
    _field(7, "assignee", "Assignee", removable=False, visible_in_portal=False),
    _field(
        8, "custom_status", "Ticket status", removable=False, custom_statuses=list(CUSTOM_STATUSES.values())
    ),
]

CUSTOM_FIELDS: dict[str, Record] = {
    "frame": _field(11, "text", "Frame number"),
    "address": _field(12, "textarea", "Delivery address"),
    "warranty": _field(13, "checkbox", "Warranty", tag="warranty_claim"),
    "bought": _field(14, "date", "Purchase date"),
    "count": _field(15, "integer", "Bikes affected"),
    "refund": _field(16, "decimal", "Refund amount"),
    "order": _field(17, "regexp", "Order number", regexp_for_validation=r"\AHB-\d{6}\z"),
    "card": _field(18, "partialcreditcard", "Card on file"),
    "topic": _field(
        19,
        "tagger",
        "Topic",
        custom_field_options=_options(
            1,
            ("Parts::Brakes::Disc", "parts__brakes__disc"),
            ("Parts::Brakes::Rim", "parts__brakes__rim"),
            ("Parts::Battery", "parts__battery"),
            ("Delivery", "delivery"),
            ("Invoice", "invoice"),
            ("Rental::Damage", "rental__damage"),
        ),
    ),
    "parts": _field(
        20,
        "multiselect",
        "Parts sent",
        custom_field_options=_options(
            11, ("Brake pads", "part_pads"), ("Chain", "part_chain"), ("Saddle – größe M", "part_saddle_m")
        ),
    ),
    "dealer": _field(
        21,
        "lookup",
        "Dealer",
        relationship_target_type="zen:organization",
        relationship_filter={"all": [], "any": []},
    ),
    # Agents only: its values are as private as a note.
    "reference": _field(
        22,
        "text",
        "Internal reference",
        visible_in_portal=False,
        editable_in_portal=False,
        agent_description=f"Case in the ledger. {SECRET}",
    ),
    # Same title as the system field: the CSV has both a "Status" and a "Status [list]".
    "bike_status": _field(
        23,
        "tagger",
        "Status",
        custom_field_options=_options(
            21, ("Rideable", "bike_rideable"), ("Not rideable", "bike_not_rideable")
        ),
    ),
    # Switched off, but old tickets still hold its value.
    "colour": _field(24, "text", "Colour (old)", active=False),
}


_OF_TICKETS = (  # keys that fields of people and organizations do not have
    *("required", "collapsed_for_agents", "title_in_portal", "raw_title_in_portal", "visible_in_portal"),
    *("editable_in_portal", "required_in_portal", "removable", "agent_description"),
)


def _other_field(of: str, number: int, kind: str, title: str, **other: Any) -> Record:
    field = _field(number, kind, title, key=title.lower().replace(" ", "_"), system=False, **other)
    own = {name: value for name, value in field.items() if name not in _OF_TICKETS}
    return {**own, "url": api_url(f"{of}_fields/{field['id']}")}


USER_FIELDS: list[Record] = [
    _other_field("user", 31, "text", "Shoe size"),
    _other_field("user", 32, "text", "VIP reason"),
]
ORGANIZATION_FIELDS: list[Record] = [
    _other_field(
        "organization",
        41,
        "dropdown",
        "Account tier",
        custom_field_options=_options(31, ("Gold", "gold"), ("Silver", "silver")),
    ),
    _other_field("organization", 42, "text", "Risk note"),
]


def _form(number: int, name: str, fields: list[str], *, default: bool) -> Record:
    form_id = made_id("form", number)
    return {
        "url": api_url(f"ticket_forms/{form_id}"),
        "id": form_id,
        "name": name,
        "raw_name": name,
        "display_name": name,
        "raw_display_name": name,
        "position": number,
        "active": True,
        "end_user_visible": True,
        "default": default,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "ticket_field_ids": [made_id("field", n) for n in (1, 2, 3, 4, 5, 6, 7)]
        + [CUSTOM_FIELDS[field]["id"] for field in fields],
        "agent_conditions": [],
        "end_user_conditions": [],
        "created_at": at("2024-01-04 08:00:00"),
        "updated_at": at("2025-04-09 08:30:00"),
    }


FORMS: dict[str, Record] = {
    "question": _form(1, "Question", ["topic", "order", "reference"], default=True),
    "repair": _form(2, "Repair", list(CUSTOM_FIELDS), default=False),
}


def _rule(number: int, kind: str, title: str, actions: list[Record], **other: Any) -> Record:
    rule_id = made_id("rule", number)
    return {
        "url": api_url(f"{kind}/{rule_id}"),
        "id": rule_id,
        "title": title,
        "raw_title": title,
        "active": True,
        "default": False,
        "position": number,
        "description": None,
        "actions": actions,
        "created_at": at("2024-03-01 08:00:00"),
        "updated_at": at("2025-01-20 08:00:00"),
        **other,
    }


MACROS: list[Record] = [
    _rule(
        1,
        "macros",
        "Ask the courier",
        [
            {"field": "custom_status_id", "value": str(CUSTOM_STATUSES["courier"]["id"])},
            {"field": "comment_value_html", "value": f"<p>Internal: call dispatch. {SECRET}</p>"},
            {"field": "comment_mode_is_public", "value": "false"},
        ],
        restriction=None,
    ),
    _rule(
        2,
        "macros",
        "Close politely",
        [{"field": "status", "value": "solved"}],
        restriction=None,
        active=False,
    ),
]
TRIGGERS: list[Record] = [
    _rule(
        11,
        "triggers",
        "Tell the night desk",
        [{"field": "notification_group", "value": ["group_id", "Night call", f"Door code {SECRET}"]}],
        category_id="20397160314159",
        conditions={
            "all": [{"field": "brand_id", "operator": "is", "value": str(BRANDS["bikes"]["id"])}],
            "any": [],
        },
    ),
]
