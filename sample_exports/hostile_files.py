"""Damaged archives: each case is one file in which one thing is wrong."""

import tarfile
import zipfile
from collections.abc import Mapping
from io import BytesIO

from .hostile_json import Case, line, ticket

_MOMENT = (2026, 11, 21, 6, 0, 0)
_FLAG_ENCRYPTED = 1


def file_cases() -> tuple[Case, ...]:
    """All damaged archives."""
    return (*_zip_cases(), *_tar_cases(), _bomb_case())


def _zip_cases() -> tuple[Case, ...]:
    sound = line(ticket(9101)) + b"\n" + line(ticket(9102)) + b"\n"
    whole = _zip({"export_2026_11_21_aa_1.json": sound})
    bomb = _zip({"inner.zip": _zip({"export_2026_11_21_bb_1.json": b" " * 4_000_000}, pack=True)}, pack=True)
    return (
        Case(
            name="truncated.zip",
            wrong="a download that stopped: the second half is missing",
            must="one line naming the file; alone: exit 1, nothing written",
            content=whole[: len(whole) // 2],
        ),
        Case(
            name="no_zip.zip",
            wrong="a text that is called zip",
            must="one line naming the file; alone: exit 1, nothing written",
            content=b"The link you followed has expired.\n",
        ),
        Case(
            name="wrong_crc.zip",
            wrong="a byte of the member differs from its checksum",
            must="one line naming file and member; alone: exit 1, nothing written",
            content=whole.replace(b"Sound ticket 9101", b"Sound ticket 9109", 1),
        ),
        Case(
            name="encrypted.zip",
            wrong="the member says that it is encrypted",
            must="one line naming file and member; alone: exit 1, nothing written",
            content=_marked_encrypted(whole),
        ),
        Case(
            name="path_traversal.zip",
            wrong="a member is called `../../outside.json`",
            must="read as data or named as refused; never written outside",
            content=_zip({"../../outside.json": sound}),
        ),
        Case(
            name="nested_bomb.zip",
            wrong="a zip in a zip that holds 4 MB of blanks (more than 200 to 1)",
            must="stopped by its ratio, or read in bounded memory; no ticket; alone: exit 1",
            content=bomb,
        ),
        Case(
            name="empty.zip",
            wrong="a zip without members",
            must="nothing recognised; alone: exit 1",
            content=_zip({}),
        ),
    )


def _tar_cases() -> tuple[Case, ...]:
    sound = line(ticket(9401)) + b"\n"
    two = _tar({"one.json": sound, "two.json": sound * 9})
    link = tarfile.TarInfo("passwords.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return (
        Case(
            name="path_traversal.tar",
            wrong="a member is called `../../outside.json`",
            must="named as refused; never written outside; exit 4",
            content=_tar({"../../outside.json": sound}),
        ),
        Case(
            name="symlink.tar",
            wrong="a member is a link to a file of the machine",
            must="9401 kept; the link told and not followed",
            content=_tar({"tickets.json": sound}, link),
        ),
        Case(
            name="truncated.tar",
            wrong="a download that stopped inside the second member",
            must="9401 kept; the second member and the tar itself one reject each",
            content=two[: two.index(b"two.json") + 2_000],
        ),
    )


def _bomb_case() -> Case:
    # Written by hand, because compressors differ: a frame of 320 blocks that each repeat a blank 128 K times.
    block = (128 << 10 << 3 | 1 << 1).to_bytes(3, "little") + b" "
    last = (1 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b" "
    return Case(
        name="bomb.json.zst",
        wrong="1.3 KB that unpack to 40 MB of blanks",
        must="named as refused; exit 4",
        content=b"\x28\xb5\x2f\xfd\x00\x50" + block * 320 + last,
    )


def _zip(members: Mapping[str, bytes], *, pack: bool = False) -> bytes:
    """Stored unless packed, so that the bytes inside can be damaged in place."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=_MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return target.getvalue()


def _tar(members: Mapping[str, bytes], *more: tarfile.TarInfo) -> bytes:
    target = BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
        for member in more:
            archive.addfile(member)
    return target.getvalue()


def _marked_encrypted(content: bytes) -> bytes:
    """Set the flag in the member's own header and in the directory at the end."""
    changed = bytearray(content)
    changed[6] |= _FLAG_ENCRYPTED
    changed[content.index(b"PK\x01\x02") + 8] |= _FLAG_ENCRYPTED
    return bytes(changed)
