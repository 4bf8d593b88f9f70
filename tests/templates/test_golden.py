"""Every template rendered and compared with what a person has read and found right.

After a wanted change: DESKFERRY_GOLDEN=write pytest tests/templates/test_golden.py, then read the diff.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deskferry.templates.history import History
from deskferry.templates.render import NAMES, Templates

GOLDEN = Path(__file__).parent / "golden"


def rendered(whole: History) -> dict[str, str]:
    templates = Templates()
    agent_first = replace(whole, messages=(replace(whole.messages[1], position=1), *whole.messages[2:]))
    long = replace(whole, messages=(replace(whole.messages[1], text="All work and no play. " * 150),))
    return {
        "opening_own.txt": templates.opening(whole),
        "opening_neutral.txt": templates.opening(agent_first),
        "transcript.txt": templates.transcript_text(whole),
        "transcript.html": "\n<!-- next note -->\n".join(templates.transcript_notes(whole, limit=100_000)),
        "transcript_split.html": "\n<!-- next note -->\n".join(templates.transcript_notes(whole, limit=2000)),
        "transcript_piece.html": "\n<!-- next note -->\n".join(templates.transcript_notes(long, limit=2000)),
        "transcript_files.html": templates.files_note(whole, whole.messages[0].files or whole.loose_files),
        "transcript_empty.txt": templates.transcript_text(replace(whole, messages=(), loose_files=())),
    }


def test_every_document_has_a_golden_file(whole: History) -> None:
    made = rendered(whole)
    if os.environ.get("DESKFERRY_GOLDEN") == "write":
        for name, text in made.items():
            (GOLDEN / name).write_text(text + "\n", encoding="utf-8")
    assert sorted(made) == sorted(path.name for path in GOLDEN.glob("*.*"))


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.*")) or ["none"])
def test_a_document_is_as_it_was_found_right(name: str, whole: History) -> None:
    assert rendered(whole)[name] + "\n" == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_template_but_documents_is_among_the_names_that_can_be_overridden() -> None:
    folder = Path(__file__).parents[2] / "templates"
    found = {path.name for path in folder.iterdir() if path.suffix in {".txt", ".html"}}
    assert sorted(NAMES) == sorted(found - {"audit.html", "certificate.html", "mapping.html"})
