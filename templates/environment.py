"""The Jinja environment: a template may read a ticket and lay it out, nothing else, and not without end.

Templates come from users, and through them from strangers. So: sandboxed, undefined names are errors, HTML is
escaped, loops and output are counted, nothing random and nothing that makes a billion characters from ten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.loaders import BaseLoader
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TURNS = 2_000_000  # of all loops of one rendering; a ticket has at most 5,000 comments
_REPEATED = 100_000  # characters or items a multiplication may make
_WIDE = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map"})
_NOT_OFFERED = ("random", "format", "center", "batch", "slice", "pprint")


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
        self.filters |= filters
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

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Sandboxed as ever, and no methods that pad a text to any width."""
        if isinstance(obj, str) and attr in _WIDE:
            return False
        return super().is_safe_attribute(obj, attr, value)


def _require_small_product(left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, (str, bytes, list, tuple)) and isinstance(times, int):
            if len(many) * times > _REPEATED:
                raise TooMuch(f"repeats to more than {_REPEATED:,} characters or items")
            return
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > 4096:
        raise TooMuch("makes a number of more than 4,096 bits")


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")
