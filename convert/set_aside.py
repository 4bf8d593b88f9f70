"""Values whose shape no column takes are kept in `extra`: a damaged detail never costs its record."""

from typing import Any

from deskferry.schemas.entities import schema


def set_aside(entity: str, record: dict[str, Any], raw: dict[str, Any]) -> None:
    """Move what is no object or no list of objects, where the schema wants one, into `extra`, in place.

    Lists keep their good elements; `extra` has them whole. An empty text stands for nothing.
    """
    aside: dict[str, Any] = {}
    for key, shape in schema(entity)["properties"].items():
        value = record.get(key)
        kinds = shape.get("type", ())
        if value is None or key == "extra":
            continue
        if "object" in kinds and not isinstance(value, dict):
            record[key] = None
        elif "array" in kinds and shape.get("items", {}).get("type") == "object":
            good = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None
            if good == value:
                continue
            record[key] = good
        else:
            continue
        if value != "":
            aside[key] = raw.get(key, value)
    if aside:
        record.setdefault("extra", {}).update(aside)
