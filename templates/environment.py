"""The Jinja environment: a template may read a ticket and lay it out, nothing else, and not without end.

Templates come from users, and through them from strangers. So: sandboxed, undefined names are errors, HTML is
escaped, loops and output are counted, nothing random and nothing that makes a billion characters from ten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, do_replace
from jinja2.loaders import BaseLoader
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TURNS = 2_000_000  # of all loops of one rendering; a ticket has at most 5,000 comments
_REPEATED = 100_000  # characters or items a multiplication may make
_GROWING = frozenset(  # methods of str that make a text of any length
    [
        "center",
        "expandtabs",
        "format",
        "format_map",
        "join",
        "ljust",
        "replace",
        "rjust",
        "translate",
        "zfill",
    ]
)
_NOT_OFFERED = ("attr", "batch", "center", "format", "pprint", "random", "slice")


class TooMuch(SecurityError):
    """A template that would not end, or would fill the memory."""


class Environment(ImmutableSandboxedEnvironment):
    """One per Templates. Renders one template at a time."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: BaseLoader, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=_is_html,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.turns = 0
        for name in _NOT_OFFERED:
            del self.filters[name]
        del self.globals["lipsum"]
        self.filters |= {"join": _join, "replace": _replace, **filters}
        self.filters["counted turns"] = self._counted

    def text(self, template: Template, context: Mapping[str, Any], *, room: int) -> str:
        """The template rendered. TooMuch when it makes more than `room` characters."""
        self.turns = 0
        made, length = [], 0
        for chunk in template.generate(context):
            made.append(chunk)
            length += len(chunk)
            if length > room:
                raise TooMuch(f"makes more than {room:,} characters")
        return "".join(made)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Every loop goes through a counter. Its name has a blank, so that no template can say it."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(
                loop.iter, "counted turns", [], [], None, None, lineno=loop.lineno, environment=self
            )
        return tree

    def _counted(self, items: Iterable[Any]) -> Iterator[Any] | list[Any]:
        return self._count(iter(items))

    def _count(self, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            self.turns += 1
            if self.turns > _TURNS:
                raise TooMuch(f"loops more than {_TURNS:,} times")
            yield item

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`*`, `**` and `%`, within bounds."""
        if operator == "*":
            _require_small_product(left, right)
        elif operator == "**" and not (isinstance(right, (int, float)) and abs(right) <= 64):
            raise TooMuch("raises to a power above 64")
        elif operator == "%" and isinstance(left, str):
            raise SecurityError("% on text is not offered; join texts with ~")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Sandboxed as ever, and no method that makes a text of any length."""
        return self._growing(obj, attribute) or super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Sandboxed as ever, and no method that makes a text of any length."""
        return self._growing(obj, argument) or super().getitem(obj, argument)

    def _growing(self, obj: Any, name: Any) -> Any:
        if isinstance(obj, str) and isinstance(name, str) and name in _GROWING:
            raise SecurityError(f"the method '{name}' of a text is unsafe and not offered")
        return None


@pass_eval_context
def _join(context: EvalContext, value: Iterable[Any], d: str = "", attribute: str | None = None) -> Any:
    items = list(value)
    _require_short(len(items) * len(d))
    return do_join(context, items, d, attribute)


@pass_eval_context
def _replace(context: EvalContext, s: str, old: str, new: str, count: int | None = None) -> Any:
    _require_short(str(s).count(str(old)) * len(new))
    return do_replace(context, s, old, new, count)


def _require_short(length: int) -> None:
    if length > _REPEATED:
        raise TooMuch(f"repeats to more than {_REPEATED:,} characters or items")


def _require_small_product(left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, (str, bytes, list, tuple)) and isinstance(times, int):
            _require_short(len(many) * times)
            return
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > 4096:
        raise TooMuch("makes a number of more than 4,096 bits")


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")
