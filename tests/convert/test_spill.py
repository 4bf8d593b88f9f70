"""A value longer than any part leaves several runs, and nothing of that shows."""

from pathlib import Path
from typing import Any

import pytest

from deskferry.convert import collect, read_document, read_lines


@pytest.mark.parametrize("form", ["page.json", "line.json"])
def test_how_often_a_long_value_is_handed_over_does_not_show(
    desk: Any, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    comments = [desk.comment(number, author_id=number % 7) for number in range(1, 200)]
    tickets = [desk.ticket(number, comments=comments[number * 9 : number * 9 + 9]) for number in range(20)]
    if form == "page.json":
        path = desk.write(form, {"tickets": [*tickets, *tickets[:5]], "count": 25})
    else:
        path = desk.write(form, desk.lines(desk.ticket(1, comments=comments), desk.ticket(2)))
    whole = desk.convert(path)
    for module in (read_document, read_lines):
        monkeypatch.setattr(module, "LONG", 100)
    monkeypatch.setattr(collect, "_MUCH", 5_000)
    seen: list[int] = []
    relieve = collect.Collector.relieve

    def watched(collector: collect.Collector) -> None:
        relieve(collector)
        seen.append(len(collector.lines) + len(collector.bundles))

    monkeypatch.setattr(collect.Collector, "relieve", watched)
    cut = desk.convert(path)
    assert seen.count(0) > 5
    assert _all(cut) == _all(whole)


def _all(dataset: Any) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(dataset.path).iterdir()}
