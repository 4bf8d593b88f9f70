"""Ticket fields by title, so that a CSV's column finds its field id and an option's name its value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .normalize_record import whole_number

_SUFFIX = {
    "list": frozenset(("tagger", "multiselect")),
    "txt": frozenset(("text", "textarea", "regexp", "lookup")),
    "reg": frozenset(("regexp",)),
    "flag": frozenset(("checkbox",)),
    "int": frozenset(("integer",)),
    "dec": frozenset(("decimal",)),
    "date": frozenset(("date",)),
}


@dataclass(frozen=True, slots=True)
class TicketField:
    """A field as a CSV needs it. options: name -> value."""

    id: int
    type: str
    options: Mapping[str, str] = field(default_factory=dict)


Fields = Mapping[str, tuple[TicketField, ...]]  # by title, folded


def fields_by_title(records: Iterable[Mapping[str, Any]]) -> dict[str, tuple[TicketField, ...]]:
    """Custom ticket fields by each title they go by."""
    found: dict[str, dict[int, TicketField]] = {}
    for record in records:
        field_id, kind = whole_number(record.get("id")), record.get("type")
        if field_id is None or not isinstance(kind, str):
            continue
        options = record.get("custom_field_options")
        by_name = {
            str(option["name"]): str(option["value"])
            for option in (options if isinstance(options, list) else ())
            if isinstance(option, dict) and "name" in option and "value" in option
        }
        for title in {record.get("title"), record.get("raw_title")}:
            if isinstance(title, str):
                found.setdefault(" ".join(title.split()).casefold(), {})[field_id] = TicketField(
                    field_id, kind, by_name
                )
    return {title: tuple(fields.values()) for title, fields in found.items()}


def field_for(fields: Fields, title: str, suffix: str) -> TicketField | None:
    """The one field a column can mean; None where there is none or more than one."""
    named = fields.get(" ".join(title.split()).casefold(), ())
    kinds = _SUFFIX.get(suffix)
    fitting = [one for one in named if kinds is None or one.type in kinds]
    return fitting[0] if len(fitting) == 1 else None


def value_of(cell: str, field: TicketField) -> Any:
    """A cell as Zendesk's API would hold it; a name that is no option stays as it is."""
    if cell in ("", "-"):
        return None
    if field.type == "checkbox":
        return {"yes": True, "no": False, "true": True, "false": False}.get(cell.casefold(), cell)
    if field.type == "multiselect":
        return [field.options.get(name.strip(), name.strip()) for name in cell.split(",")]
    if field.type == "tagger":
        return field.options.get(cell, cell)
    return cell
