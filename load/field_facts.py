"""What the archive says of ticket fields as a whole: which customers see, and what lists of them hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from deskferry.schemas.errors import InputError
from deskferry.schemas.mapping import Mapping as TicketMapping

from .field_values import FieldDefinition, field_definitions, shown
from .mapped import option_name
from .read_people import query


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """labels: of each field that becomes a list, its options as the mapping calls them, in Zendesk's order.

    portal: fields that customers see in Zendesk. Both by field id.
    """

    labels: Mapping[str, tuple[str, ...]]
    portal: frozenset[str]


def field_facts(connection: duckdb.DuckDBPyConnection, *, mapping: TicketMapping) -> FieldFacts:
    """Read from an open archive.

    A list holds what its field defines, and what stands in any ticket besides: so it is the same whichever
    tickets are loaded first.
    """
    rows = query(connection, "history_fields", [])
    portal = frozenset(str(row["id"]) for row in rows if row["visible_in_portal"])
    wanted = sorted(_lists(mapping))
    if not wanted:
        return FieldFacts({}, portal)
    definitions, stored = field_definitions(rows), _stored(connection, wanted)
    labels = {}
    for field in wanted:
        definition = definitions.get(field) or FieldDefinition(field, field, None, {})
        values = dict.fromkeys([*definition.names, *stored.get(field, ())])
        labels[field] = tuple(dict.fromkeys(_called(values, definition, mapping)))
    return FieldFacts(labels, portal)


def _lists(mapping: TicketMapping) -> Iterator[str]:
    """The fields that become a list anywhere."""
    answers = [mapping.data["custom_fields"]["values"]]
    answers += [kind.get("fields", {}) for kind in mapping.block("ticket_types")["values"].values()]
    for fields in answers:
        yield from (field for field, answer in fields.items() if answer.get("type") == "list")


def _stored(connection: duckdb.DuckDBPyConnection, fields: list[str]) -> dict[str, list[str]]:
    sql = files("deskferry.load.queries").joinpath("list_values.sql").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for field, value in connection.execute(sql, {"fields": fields}).fetchall():
        found.setdefault(field, []).append(value)
    return found


def _called(values: Iterable[str], definition: FieldDefinition, mapping: TicketMapping) -> Iterator[str]:
    for stored in values:
        name = shown(stored, definition)
        try:
            label = option_name(mapping, definition.id, stored, name=name)
        except InputError:  # what no loaded ticket carries needs no answer
            label = name if stored in definition.names else None
        if label:
            yield label
