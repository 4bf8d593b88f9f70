"""How every verb is run: its result printed once, its errors turned into one line and an exit code."""

import functools
import sys
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import click

from deskferry.schemas.errors import InputError, RetryableError

from .outcome import Exit, Outcome, show, show_error
from .progress import Display

P = ParamSpec("P")


def verb(
    group: click.Group, *names: str
) -> Callable[[Callable[Concatenate[Display, P], Outcome]], Callable[Concatenate[Display, P], Outcome]]:
    """Register a function as a verb of `group`. It gets a Display and its options, and returns an Outcome.

    names: the verb as people type it, such as ("map", "init"); the last is the command's own name. `--json`
    is added to each. The function itself never prints or exits, and stays callable by other verbs.
    """
    name = " ".join(names)

    def register(
        function: Callable[Concatenate[Display, P], Outcome],
    ) -> Callable[Concatenate[Display, P], Outcome]:
        @functools.wraps(function)
        def run(*args: Any, as_json: bool, **options: Any) -> None:
            code = _run(name, lambda display: function(display, *args, **options), as_json=as_json)
            click.get_current_context().exit(int(code))

        option = click.option(
            "--json", "as_json", is_flag=True, help="Print one JSON object instead of text."
        )
        group.command(names[-1])(option(run))
        return function

    return register


def _run(name: str, function: Callable[[Display], Outcome], *, as_json: bool) -> Exit:
    try:
        with Display() as display:
            outcome = function(display)
    except InputError as error:
        return show_error(name, error, as_json=as_json)
    except RetryableError as error:
        return show_error(name, InputError(error.what, todo="Run it again to go on"), as_json=as_json)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; run it again to go on\n")
        return Exit.INTERRUPTED
    show(name, outcome, as_json=as_json)
    return outcome.exit
