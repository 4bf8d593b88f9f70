"""The metrics of a ticket, which an export tells in one or two of its keys."""

from collections.abc import Mapping
from typing import Any

from .normalize_record import known_keys
from .run_lines import PARTIAL, WHOLE

_DATES = known_keys("ticket_metrics")


def metrics_of(raw: Mapping[str, Any], *, ticket_id: int | None) -> tuple[Any, str, int] | None:
    """(raw metrics, their key, WHOLE or PARTIAL) of a raw ticket; None where it tells none.

    What `dates` says beside a metric set only fills its blanks; alone, it is a partial one.
    """
    metrics, dates = raw.get("metric_set"), raw.get("dates")
    if not isinstance(dates, dict):
        dates = {}
    if isinstance(metrics, dict):
        more = {
            key: value
            for key, value in dates.items()
            if value is not None and metrics.get(key) is None and key in _DATES
        }
        return {**metrics, **more} if more else metrics, "metric_set", WHOLE
    if metrics is not None:
        return metrics, "metric_set", WHOLE
    if ticket_id is not None and (known := {key: dates[key] for key in dates if key in _DATES}):
        return {"ticket_id": ticket_id, **known}, "dates", PARTIAL
    return None
