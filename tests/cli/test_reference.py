from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from deskferry.cli.main import root
from deskferry.cli.reference import reference

DOCS = Path(__file__).parent.parent.parent / "docs"


def commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        else:
            yield " ".join((*names, name)), command


def test_the_reference_in_docs_is_what_the_command_says_today() -> None:
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert written == reference(), "python -m deskferry.cli.reference > docs/cli.md"


@pytest.mark.parametrize(("name", "command"), list(commands(root)))
def test_every_verb_says_what_it_does_and_speaks_json(name: str, command: click.Command) -> None:
    assert command.help, name
    assert any("--json" in parameter.opts for parameter in command.params), name
    silent = [
        parameter
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == [], name
