"""The command tree and the way in."""

import os
import sys
from importlib import import_module

import click

from .outcome import Exit

# In the order of the work. Each verb is a module of this folder, imported when it is asked for, so that
# no verb pays for the libraries of another.
VERBS = (
    "demo",
    "convert",
    "check",
    "archive",
    "audit",
    "search",
    "sql",
    "map",
    "decisions",
    "preview",
    "workspace",
    "silence",
    "plan",
    "load",
    "stop",
    "status",
    "ledger",
    "verify",
    "sandbox",
)


class Verbs(click.Group):
    """A group whose commands register themselves when their module is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the work."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return what it registered."""
        if cmd_name in VERBS:
            import_module(f"deskferry.cli.{cmd_name}")
        return super().get_command(ctx, cmd_name)


# \b keeps click from joining the lines that follow it.
HELP = """Move a company's support history from Zendesk to Intercom, starting from its export files.

\b
export --convert--> dataset --archive--> DuckDB --map, plan, load--> Intercom --verify
Start with: deskferry demo
"""


@click.group(
    cls=Verbs, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="deskferry", prog_name="deskferry")
def root() -> None:
    """The root of all verbs."""


def main() -> None:
    """Run the command and exit with its code; a reader that went away (`| head`) is no error."""
    try:
        code = root.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted; run it again to go on\n")
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    sys.exit(int(code or 0))
