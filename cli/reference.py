"""docs/cli.md, written from the command itself: `python -m deskferry.cli.reference > docs/cli.md`."""

import sys
from collections.abc import Iterator

import click

from .main import root

HEAD = """\
# The command

Written from the command itself: `python -m deskferry.cli.reference > docs/cli.md`. A test fails when it is
stale.

stdout carries results and ends with a `next:` line; stderr carries progress and warnings. `--json` on every
verb prints exactly one JSON object on stdout, with `"type"` set to the verb.

| exit | meaning |
|--|--|
| 0 | done |
| 1 | could not be done: nothing recognised as Zendesk, mapping error, wrong token, unreachable target |
| 2 | wrong usage |
| 3 | done, but some records were rejected or failed; they are listed |
| 4 | refused: unsafe without an explicit flag |
| 5 | `check` or `verify` found a difference |
| 130 | interrupted; run it again to go on |

An exit code that is not listed means failure.
"""


def reference() -> str:
    """The whole page as Markdown."""
    return HEAD + "".join(_sections(root, ("deskferry",), None))


def _sections(command: click.Command, names: tuple[str, ...], parent: click.Context | None) -> Iterator[str]:
    settings = {**command.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(command, info_name=names[-1], parent=parent, **settings)
    yield f"\n## {' '.join(names)}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _sections(child, (*names, name), context)


if __name__ == "__main__":
    sys.stdout.write(reference())
