"""Files that do not begin with a record: a pipeline's saved output, lists under their ticket's number."""

import re
from collections.abc import Sequence
from typing import Any

from .envelope_keys import keys_known
from .envelope_stream import message_of
from .parse_json import parse

_MESSAGE = re.compile(rb'\{"type"\s*:\s*"(?:RECORD|SCHEMA|STATE|LOG|TRACE|SPEC|CATALOG)".*')
_SAMPLE = 40


def form_of_lines(first: bytes, lines: Sequence[bytes], head: bytes, *, stream: str) -> str:
    """`pipeline_messages`, `json_lines` or nothing. first: the first byte. head: the start of the file."""
    if first.isdigit() and len(lines) > 1 and lines[0].isdigit() and lines[1][:1] == b"[":
        lists = [value for line in lines[1::2] for _, value in parse(line).values]
        if any(keys_known(value) for value in lists):
            return "json_lines"
    messages = _MESSAGE.findall(head)[:_SAMPLE]
    values = [value for message in messages for _, value in parse(message).values]
    known = any(is_message(value) and keys_known(value, stream=stream) for value in values)
    return "pipeline_messages" if known else ""


def is_message(value: Any) -> bool:
    """True for a pipeline's message."""
    return isinstance(value, dict) and "id" not in value and message_of(value) is not None
