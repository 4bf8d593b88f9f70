"""Canonical JSON and digests: the same content gives the same bytes, whoever wrote it."""

import hashlib
from pathlib import Path
from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no blanks. TypeError for what has no JSON form."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
