"""workspace.json: what the target is. Written by the loader, read by whoever works offline afterwards."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .canonical import digest
from .errors import InputError
from .validate import complaints, is_valid


def read_workspace(path: Path) -> dict[str, Any]:
    """The snapshot, valid against workspace.json. Raises InputError."""
    try:
        snapshot: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(
            "no such workspace snapshot", where=path, todo="Take one with: deskferry workspace --to TARGET"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"not a workspace snapshot ({error})", where=path) from error
    if not is_valid("workspace")(snapshot):
        wrong = complaints("workspace", snapshot)
        raise InputError(f"not a workspace snapshot ({wrong[0][0]}: {wrong[0][1]})", where=path)
    return snapshot


def workspace_digest(snapshot: dict[str, Any]) -> str:
    """SHA-256 of what it says; when it was taken does not count."""
    return digest({key: value for key, value in snapshot.items() if key != "taken_at"})


def is_real(snapshot: Mapping[str, Any]) -> bool:
    """Customers may be behind it. A server on this machine is believed when it says that it is a sandbox.

    snapshot: as much of one as has the region.
    """
    return str(snapshot["region"]) != "sandbox"
