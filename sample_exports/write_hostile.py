"""The hostile cases: one damaged thing per file, and a table of what must happen."""

from pathlib import Path

from .hostile_files import file_cases
from .hostile_json import Case, json_cases
from .hostile_tables import table_cases
from .hostile_xml import xml_cases

_HEAD = """# Damaged input

One thing is wrong in each file. Whatever it is: no traceback, nothing half-written, and what is sound beside
the damage is kept. Convert them one by one: some spoil the whole run. "Alone" means that the file is the only
input. Files of several megabytes are made by the tests that need them.

| file | what is wrong | what must happen |
|--|--|--|
"""


def hostile_cases() -> tuple[Case, ...]:
    """Every damaged file, by name."""
    return tuple(
        sorted((*json_cases(), *file_cases(), *table_cases(), *xml_cases()), key=lambda case: case.name)
    )


def write_hostile(folder: Path) -> None:
    """Write the damaged files and their README.md into the folder."""
    cases = hostile_cases()
    for case in cases:
        (folder / case.name).write_bytes(case.content)
    rows = "".join(f"| `{case.name}` | {case.wrong} | {case.must} |\n" for case in cases)
    (folder / "README.md").write_bytes((_HEAD + rows).encode())
