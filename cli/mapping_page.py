"""docs/mapping.md, written from the schema: `python -m deskferry.cli.mapping_page > docs/mapping.md`."""

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from deskferry.schemas.entities import schema
from deskferry.schemas.mapping import resolved, shape_at

HEAD = """\
# The mapping

Written from `schemas/mapping.json`: `python -m deskferry.cli.mapping_page > docs/mapping.md`. A test fails
when it is stale.

One file says what becomes what when a Zendesk account moves to Intercom. People read it from top to bottom,
edit it, sign it block by block, and keep it in version control.

1. `deskferry map init DATASET` writes a whole one: every value that a loaded ticket carries, with its count
   and a target. What was found by likeness is marked `suggested: true`. `--purpose reporting` or
   `compliance` writes other rules; `--workspace-file` finds admins, teams and attributes of Intercom.
2. Edit it. `mapping.schema.json` beside it lets editors complete and check it while you type.
3. `deskferry map check DATASET FILE` must say `0 unmapped`; otherwise it lists each value with its count
   and line and ends with exit code 4, as does `plan`. `--all` prints every value with its target;
   `--signed` also refuses while a block is unsigned.
4. `deskferry decisions DATASET --mapping FILE` counts what becomes of the tickets, by target and rule;
   `--ticket` gives one ticket's answer with its reason and line, `--csv` that of every ticket.
5. `deskferry map show DATASET FILE --html FILE` makes the table and the diagram that people sign: source,
   transformation, target, with counts. `--markdown` gives the table for a wiki.
6. `deskferry map diff DATASET OLD NEW` says which tickets change their target, and how many calls that is.

Rules are tried from the top; the first whose condition holds decides a ticket. Conditions are SQL over the
view `ticket_overview` (`deskferry sql DATASET "describe ticket_overview"`). A condition that is no SQL,
that could give another answer tomorrow (`now()`, `random()`), or that is not yes or no is an error with its
line. Every ticket has exactly one answer: a mapping that leaves one without is refused.

A value has an answer when it is named, in whatever upper and lower case, or when its block has a `"*"` with
a reason. Of a block that the file does not have, the default below holds; `map check` counts such values.
Admins are named by e-mail, teams, types and attributes by name, so that the same file runs in a test
workspace and in the real one.

## A worked example

Kim Berg moves Acme. Calls before 2022 are only to be counted, everything else is to be read. Toshi Ito has
no seat in Intercom yet: his open conversations wait with a placeholder, and the attribute
`zendesk_assignee` keeps his name. One drop-down has an option that was renamed in 2019 and one that was a
test. The order number becomes a number; an order number such as `A-17` does not fit and stands in the
transcript only, which `map check` says beforehand.

```yaml
"""

NEXT = """\
```

With that, a tag `vip` becomes a yes in attribute `VIP`, `refund_asked` becomes the tag `Refund`, and
`kettle` is left out, because the field says it. `map check` lists what nobody has decided yet:

```
refused: 2 unmapped of 96. Signed: 2 of 31 blocks. 0 suggestions to look at, 31 wildcards
  custom_statuses 'Lost in transit'                      12 tickets  acme.mapping.yaml:45  no entry
  options        '360016965152: pot'                      3 tickets  acme.mapping.yaml:58  no entry
next: edit acme.mapping.yaml, then deskferry map check acme.dataset acme.mapping.yaml
```

## Every block

`decided_by` and `date` sign a block. At the top of the file they sign purpose, rules and assign.
"""


_KINDS = {
    "string": "text",
    "integer": "number",
    "boolean": "`true`, `false`",
    "null": "`null`",
    "array": "list",
    "object": "values",
}


def page() -> str:
    """The whole page as Markdown."""
    example = files("deskferry.cli").joinpath("mapping_example.yaml").read_text(encoding="utf-8")
    blocks = "".join(_block(name) for name in shape_at()["properties"] if name not in ("decided_by", "date"))
    answers = "".join(
        _answer(name, shape) for name, shape in schema("mapping")["$defs"].items() if _lists(shape)
    )
    return f"{HEAD}{example}{NEXT}{blocks}\n## Rules and answers\n{answers}"


def _block(name: str) -> str:
    shape = shape_at(name)
    needed = "" if name in shape_at()["required"] else " May be left out."
    lines = [f"\n### {name}\n\n{_text(shape['description'])}{needed}\n"]
    values = shape.get("properties", {}).get("values")
    if values is not None:
        answer = values["additionalProperties"]["$ref"].rpartition("/")[2]
        lines.append(f"`values`: each value with its answer, see [{answer}](#{answer}).\n")
    if "default" in shape:
        lines.append(f"Left out: `{json.dumps(shape['default'], ensure_ascii=False)}`\n")
    keys = {
        key: inner
        for key, inner in shape.get("properties", {}).items()
        if key not in ("decided_by", "date", "values")
    }
    return "\n".join(lines) + "".join(_table(keys) if keys else ())


def _answer(name: str, shape: Mapping[str, Any]) -> str:
    return f"\n### {name}\n\n{_text(shape['description'])}\n" + "".join(_table(shape["properties"]))


def _lists(shape: Mapping[str, Any]) -> bool:
    return "properties" in shape


def _table(keys: Mapping[str, Any]) -> Iterator[str]:
    yield "\n| key | value | meaning |\n|--|--|--|\n"
    for key, shape in keys.items():
        whole = resolved(shape)
        default = f" Default: `{json.dumps(whole['default'])}`." if "default" in whole else ""
        yield f"| `{key}` | {_kind(whole)} | {_text(whole['description'])}{default} |\n"


def _kind(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return ", ".join(f"`{choice}`" for choice in shape["enum"])
    if "const" in shape:
        return f"`{json.dumps(shape['const'])}`"
    kinds: list[str] = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    return ", ".join(_KINDS[kind] for kind in kinds)


def _text(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(page())
