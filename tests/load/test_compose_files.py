"""Files of a ticket: which are sent, with what, and what becomes of the others."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from deskferry.load.action import Action, FileBytes, Kind, Ref, Step, symbolic
from deskferry.load.compose_files import UNKNOWN, attachment_files, content_type, parcels
from deskferry.load.references import fill
from deskferry.schemas.errors import InputError
from deskferry.schemas.limits import value_of
from deskferry.templates.history import File

MOST = value_of("files_per_part")


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., File]:
    """Put bytes into a folder as a dataset keeps them; the file that has them."""

    def store(number: int, content: bytes = b"bytes", **changes: object) -> File:
        digest = hashlib.sha256(content).hexdigest()
        (tmp_path / digest).write_bytes(content)
        file = File(number, f"{number}.png", len(content), None, inline=False, absence=None, sha256=digest)
        return replace(file, **changes)  # type: ignore[arg-type]  # any field of it

    return store


def call(payload: dict[str, object]) -> Action:
    return Action(Kind.TAG, "x", Step.CREATE, 0, "POST", "/tags", payload)


def test_files_go_ten_to_a_part_in_their_order(stored: Callable[..., File]) -> None:
    files = [stored(number) for number in range(2 * MOST + 1)]
    assert parcels(files) == [files[:MOST], files[MOST : 2 * MOST], files[2 * MOST :]]
    assert parcels([]) == []


def test_what_is_absent_takes_no_room(stored: Callable[..., File]) -> None:
    here = stored(1)
    assert parcels([stored(2, absence="not in the export"), here]) == [[here]]


def test_large_files_go_with_parts_of_their_own(stored: Callable[..., File]) -> None:
    half = value_of("part_bytes") // 2 + 1
    first, second, third = stored(1, size=half), stored(2, size=half), stored(3, size=None)
    assert parcels([first, second, third]) == [[first], [second, third]]


def test_a_file_leaves_as_its_bytes(stored: Callable[..., File], tmp_path: Path) -> None:
    payload = attachment_files([stored(7, b"\x00\xffdata")], folder=tmp_path)
    sent = fill(call(payload), lambda ref: ref.key, fresh=False).payload
    assert sent == {
        "attachment_files": [
            {
                "content_type": "image/png",
                "name": "7.png",
                "data": base64.b64encode(b"\x00\xffdata").decode(),
            }
        ]
    }
    assert attachment_files([], folder=tmp_path) == {}


def test_the_plan_counts_the_bytes_of_files_and_knows_them_by_digest(
    stored: Callable[..., File], tmp_path: Path
) -> None:
    small, large = stored(1, b"x"), stored(1, b"x" * 3000)
    one, other = (call(attachment_files([file], folder=tmp_path)) for file in (small, large))
    assert one.payload_hash != other.payload_hash
    assert other.bytes - one.bytes == 4000 - 4
    assert symbolic(FileBytes("abc", 1, tmp_path)) == {"$file": "abc"}


def test_bytes_that_changed_since_are_never_sent(stored: Callable[..., File], tmp_path: Path) -> None:
    file = stored(1)
    action = call(attachment_files([file], folder=tmp_path))
    (tmp_path / str(file.sha256)).write_bytes(b"other")
    with pytest.raises(InputError, match="other bytes"):
        fill(action, lambda ref: ref.key, fresh=False)


def test_bytes_that_are_gone_are_said_before_anything_is_planned(
    stored: Callable[..., File], tmp_path: Path
) -> None:
    file = stored(1)
    (tmp_path / str(file.sha256)).unlink()
    with pytest.raises(InputError, match="are gone"):
        attachment_files([file], folder=tmp_path)


@pytest.mark.parametrize(
    ("said", "name", "is_"),
    [
        ("IMAGE/PNG; name=x", "x.txt", "image/png"),
        (None, "x.pdf", "application/pdf"),
        ("unknown", "x", UNKNOWN),
        ("", "x.unheard", UNKNOWN),
    ],
)
def test_the_kind_of_a_file_is_told_by_sender_or_name(
    stored: Callable[..., File], said: str | None, name: str, is_: str
) -> None:
    assert content_type(stored(1, content_type=said, name=name)) == is_


def test_a_reference_beside_files_is_still_filled(stored: Callable[..., File], tmp_path: Path) -> None:
    payload = {"id": Ref(Kind.TAG, "vip"), **attachment_files([stored(1)], folder=tmp_path)}
    assert (fill(call(payload), lambda ref: ref.key[0], fresh=False).payload or {})["id"] == "v"
