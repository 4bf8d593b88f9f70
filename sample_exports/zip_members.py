"""Zips with the same bytes everywhere."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_PACKED_AT = (2026, 11, 21, 6, 0, 0)


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip. No clock, no system: a member's header must be the same on every machine."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=_PACKED_AT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
