"""Text Python made of a value (`['a', nan]`, `{'score': 'offered'}`), read back; nothing in it is run."""

import ast
import math
from typing import Any

_LONGEST = 4 << 20
_DEEPEST = 60
_NAMES = {"nan": None, "NaN": None, "inf": None, "null": None, "true": True, "false": False}
_NOTHING = object()


def literal(text: str) -> Any:
    """The value of a dict, list, tuple or set; ValueError for anything else, for too long and too deep."""
    text = text.strip()
    if text[:1] not in ("{", "[", "(") or len(text) > _LONGEST or _depth(text) > _DEEPEST:
        raise ValueError("no Python literal that is read")
    try:
        return _value(ast.parse(text, mode="eval").body)
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError("no Python literal that is read") from error


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value) if value is None or isinstance(value, (str, bool, int)):
            return value
        case ast.Constant(value=float() as value):
            return value if math.isfinite(value) else None
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _value(operand)
            if type(number) in (int, float):
                return -number
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_key(key): _value(value) for key, value in zip(keys, values, strict=True)}
    raise ValueError("more than a value")


def _key(node: ast.expr | None) -> str:
    key = _value(node) if node is not None else _NOTHING
    if isinstance(key, (str, int)) and not isinstance(key, bool):
        return str(key)
    raise ValueError("a key that is no text")


def _depth(text: str) -> int:
    """Brackets inside text count too: a limit, not a measure."""
    deepest = depth = 0
    for character in text:
        if character in "[{(":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]})":
            depth -= 1
    return deepest
