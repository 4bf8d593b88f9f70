"""The table and the diagram of a mapping: source, transformation, target, with counts, ready to be signed.

In: archive.duckdb and a mapping. Out: a Sheet, and its two forms: one self-contained HTML page, or Markdown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deskferry.schemas.archive_file import open_archive
from deskferry.schemas.mapping import Mapping, shape_at
from deskferry.schemas.signature import Signature, signatures
from deskferry.templates.document import document

from .decide import MEMORY, THREADS, Share, answers, checked_rules, require_answers, summary
from .layout import Form, layout
from .live import UNITS
from .map_answer import Answered
from .map_check import Coverage, coverage
from .map_flow import Flow, flow
from .table import Table

_SOURCES = 8  # channels in the diagram; the others are drawn as one
_OTHERS = "other channels"
# What Markdown takes for something else than itself: an underscore only at the edge of a word, a star only
# where it touches something, an ampersand and a bracket only where HTML begins.
_MARKS = re.compile(r"[`~\[\]]|(?<![^\W_])_|_(?![^\W_])|(?<=\S)\*|\*(?=\S)|&(?=#?\w+;)|<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what it is in Zendesk, how many, what is done with it, what it becomes.

    line: in the mapping; None where a default answers.
    """

    source: str
    count: int | None
    transformation: str
    target: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one block. about: what the block decides. unit: what is counted."""

    name: str
    about: str
    unit: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mapping as people sign it."""

    account: str
    purpose: str
    digest: str
    tickets: int
    coverage: Coverage
    flow: Flow
    sections: list[Section]
    signatures: list[Signature]


def sheet(archive: Path, mapping: Mapping) -> Sheet:
    """Everything a mapping decides about an archive. Raises InputError for a mapping that answers not all."""
    found = coverage(archive, mapping)
    shares = summary(archive, mapping)
    counts, sources = _counts(archive, mapping)
    return Sheet(
        account=mapping.data["account"] or "this account",
        purpose=mapping.data["purpose"],
        digest=mapping.digest,
        tickets=sum(share.tickets for share in shares),
        coverage=found,
        flow=flow(counts, sources=sources),
        sections=[_rules(shares, mapping), *_values(found.answered), *_settings(mapping)],
        signatures=signatures(mapping),
    )


def as_html(found: Sheet) -> str:
    """One self-contained page."""
    return document("mapping", sheet=found)


def as_markdown(found: Sheet) -> str:
    """The same without the diagram, for a wiki or a ticket."""
    blocks = [
        f"# Mapping of {_plain(found.account)}\n\nPurpose: {found.purpose}. {found.tickets:,} tickets. "
        f"{len(found.coverage.gaps)} open of {found.coverage.live:,} live values. sha256 `{found.digest}`\n"
    ]
    for section in found.sections:
        rows = [(line.source, line.count, line.transformation, line.target) for line in section.lines]
        columns = ["source", section.unit or "count", "transformation", "target"]
        table = _table(columns, rows, number=columns[1])
        blocks.append(f"## {section.name}\n\n{section.about}\n\n{table}")
    signed = [(item.block, item.by, item.date) for item in found.signatures]
    blocks.append(f"## Decided by\n\n{_table(['block', 'name', 'date'], signed)}")
    blocks.append("Signed: ____________________  Date: ____________\n")
    return "\n".join(blocks)


def _table(columns: list[str], rows: Sequence[tuple[object, ...]], *, number: str | None = None) -> str:
    """number: the column of numbers."""
    shown = [tuple(_plain("" if cell is None else str(cell)) for cell in row) for row in rows]
    kinds = ["BIGINT" if name == number else "VARCHAR" for name in columns]
    return layout(Table(columns, kinds, shown), Form.MARKDOWN)


def _plain(text: str) -> str:
    """A text that Markdown shows as it is: no HTML, links or images out of a name."""
    return _MARKS.sub(lambda found: f"&#{ord(found.group())};", text)


def _counts(archive: Path, mapping: Mapping) -> tuple[list[tuple[str, str, str, int]], list[str]]:
    """Tickets by channel, rule and target, in the order of the rules; the channels, the busiest first."""
    with open_archive(archive, memory_limit=MEMORY, threads=THREADS) as connection:
        rule_of = checked_rules(connection, mapping)
        require_answers(connection, mapping, rule_of)
        rows = connection.execute(
            f"select coalesce(channel, 'unknown'), {rule_of} as answer, count(*)"  # noqa: S608 checked rules
            " from ticket_overview group by all order by answer, 3 desc, 1"
        ).fetchall()
    possible, rules = answers(mapping), len(mapping.data["rules"])
    rows.sort(key=lambda row: (row[1] - 1) % rules)
    sums: dict[str, int] = {}
    for channel, _, tickets in rows:
        sums[channel] = sums.get(channel, 0) + tickets
    drawn = sorted(sums, key=lambda channel: (-sums[channel], channel))[:_SOURCES]
    found: dict[tuple[str, str, str], int] = {}
    for channel, answer, tickets in rows:
        target, form, reason = possible[answer - 1]
        rule = f"{(answer - 1) % rules + 1}. {reason}"
        key = (channel if channel in drawn else _OTHERS, rule, _target(target, form))
        found[key] = found.get(key, 0) + tickets
    return [(*key, tickets) for key, tickets in found.items()], [*drawn, _OTHERS]


def _rules(shares: Sequence[Share], mapping: Mapping) -> Section:
    lines = [
        Line(
            mapping.data["rules"][share.rule - 1]["where"],
            share.tickets,
            f"rule {share.rule}: {share.reason}",
            _target(share.target, share.form),
            mapping.line("rules", share.rule - 1),
        )
        for share in shares
    ]
    return Section("tickets", str(shape_at("rules")["description"]), "tickets", lines)


def _values(found: Sequence[Answered]) -> Iterator[Section]:
    """Value blocks in the order of the file, options last."""
    blocks: dict[str, list[Answered]] = {}
    for value in found:
        blocks.setdefault(value.block, []).append(value)
    for name in [*shape_at()["properties"], "options"]:
        if name not in blocks:
            continue
        about = (
            str(shape_at(name)["description"]) if name != "options" else "Options of drop-downs, by field."
        )
        lines = [
            Line(
                value.value if value.label is None else f"{value.value} ({value.label})",
                value.count,
                value.done,
                value.target,
                value.line,
            )
            for value in blocks[name]
        ]
        yield Section(name.replace("_", " "), about, UNITS.get(name, "tickets"), lines)


def _settings(mapping: Mapping) -> Iterator[Section]:
    lines = []
    for name, shape in shape_at()["properties"].items():
        for key in shape.get("properties", {}):
            if key in ("decided_by", "date", "values"):
                continue
            choice = mapping.choice(name, key)
            words = f"{name} {key}".replace("_", " ")
            line = mapping.line(name, key) if name in mapping.data else None
            lines.append(Line(words, None, _meaning(name, key, choice), _shown(choice), line))
    lines.append(
        Line(
            "assign", None, shape_at("assign")["description"], mapping.data["assign"], mapping.line("assign")
        )
    )
    yield Section("settings", "What is decided for all alike.", "", lines)


def _meaning(name: str, key: str, choice: object) -> str:
    """What the schema says of the choice that was made, else of the setting."""
    shape = shape_at(name, key)
    text = str(shape["description"])
    if not isinstance(choice, str) or choice not in shape.get("enum", ()):
        return text
    said = text.partition(f"{choice}: ")[2]
    ends = [said.find(f" {other}: ") for other in shape["enum"] if f" {other}: " in said]
    return said[: min(ends)] if ends else said


def _shown(choice: object) -> str:
    if isinstance(choice, bool):
        return "yes" if choice else "no"
    if isinstance(choice, list):
        return ", ".join(str(item["name"] if isinstance(item, dict) else item) for item in choice) or "none"
    return "none" if choice is None else str(choice)


def _target(target: str, form: str | None) -> str:
    word = target.replace("_", " ")
    return f"{word}: {form}" if form else word
