"""Every kind of packing, whole, nested, damaged and malicious."""

import bz2
import gzip
import io
import lzma
import random
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.packing import Packing, packing_of
from deskferry.schemas.errors import InputError, RefusedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SINGLE: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd.compress,
}


def tar(members: dict[str, bytes], *more: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    text = io.BytesIO()
    with tarfile.open(fileobj=text, mode="w", format=form) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        for info in more:
            file.addfile(info)
    return text.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return text.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def tickets(desk: Any, *numbers: int) -> bytes:
    return bytes(desk.lines(*map(desk.ticket, numbers)).encode())


def ids(dataset: Any) -> list[int]:
    return [record["id"] for record in dataset.records("tickets")]


def names(dataset: Any) -> list[str]:
    return sorted(source["name"] for source in dataset.manifest["sources"])


@pytest.mark.parametrize("suffix", SINGLE)
def test_a_file_packed_alone_is_read(desk: Any, suffix: str) -> None:
    dataset = desk.convert(desk.write(f"t.json{suffix}", SINGLE[suffix](tickets(desk, 1, 2))))
    assert (ids(dataset), names(dataset)) == ([1, 2], ["t.json"])


@pytest.mark.parametrize("suffix", ["", *SINGLE])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_is_read_however_it_is_packed(desk: Any, suffix: str, form: int) -> None:
    long = "folder/" * 20 + "two.json"
    members = {
        "./one.json": tickets(desk, 1),
        "__MACOSX/._one": b"junk",
        "._x": b"junk",
        ".DS_Store": b"junk",
    }
    if form != tarfile.USTAR_FORMAT:
        members[long] = tickets(desk, 2)
    content = tar(members, form=form)
    name = "export.tgz" if suffix == ".gz" else f"export.tar{suffix}"
    dataset = desk.convert(desk.write(name, SINGLE.get(suffix, bytes)(content)))
    assert names(dataset) == sorted([f"{name}/one.json", *([f"{name}/{long}"] if long in members else [])])
    assert ids(dataset) == ([1, 2] if long in members else [1])


def test_packing_in_packing_is_opened_by_content_whatever_it_is_called(desk: Any) -> None:
    inner = zipped({"three.json": tickets(desk, 3)})
    middle = tar({"data.bin": inner, "two.json.zst": zstd.compress(tickets(desk, 2))})
    desk.write("dump.dat", zipped({"x": gzip.compress(middle), "one.json": tickets(desk, 1)}))
    dataset = desk.convert()
    assert ids(dataset) == [1, 2, 3]
    assert names(dataset) == ["dump.dat/one.json", "dump.dat/x/data.bin/three.json", "dump.dat/x/two.json"]


def test_unpacking_shows_in_no_byte_of_the_result(desk: Any) -> None:
    plain = desk.convert(desk.write("t.json", tickets(desk, 1, 2, 3)))
    packed = desk.convert(desk.write("t.tar.zst", zstd.compress(tar({"t.json": tickets(desk, 1, 2, 3)}))))
    assert packed.digest == plain.digest
    for entity in ("tickets", "comments", "users"):
        assert list(packed.records(entity)) == list(plain.records(entity))


def test_every_form_is_read_out_of_one_big_file(desk: Any) -> None:
    table = (
        '"Summation column","Id","Requester","Requester id","Subject","Status","Created at","Updated at"\n'
        '"1","7","Ann","11","Ø","Open","2026-01-05 11:00","2026-01-06 11:00"\n'
    )
    wide = desk.lines({"tickets": [desk.ticket(8)]}).encode("utf-16")
    pretty = b'{\n "tickets": [' + tickets(desk, 9).strip() + b"]\n}"
    padded = [desk.lines(desk.ticket(n, description="x" * 30_000)).encode() for n in range(1000, 1300)]
    long = b'{"tickets": [' + b",".join(padded) + b"]}"
    assert len(long) > 8 << 20
    members = {"a.csv": table.encode("utf-16"), "b.json": wide, "c.json": pretty, "d.json": long}
    dataset = desk.convert(desk.write("all.zip", zipped(members)), timezone="Europe/Oslo")
    assert ids(dataset) == [7, 8, 9, *range(1000, 1300)]


def test_links_and_devices_in_a_tar_are_told_and_never_followed(desk: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(tickets(desk, 666))
    content = tar(
        {"one.json": tickets(desk, 1)},
        link("link.json", str(secret)),
        link("hard.json", "one.json", tarfile.LNKTYPE),
        link("disk", "", tarfile.BLKTYPE),
        link("pipe", "", tarfile.FIFOTYPE),
    )
    dataset = desk.convert(desk.write("x.tar", content))
    told = {source["name"]: source.get("note") for source in dataset.manifest["sources"]}
    assert ids(dataset) == [1]
    assert told == {
        "x.tar/one.json": None,
        "x.tar/link.json": "a link; not followed",
        "x.tar/hard.json": "a link; not followed",
        "x.tar/disk": "a device; not read",
        "x.tar/pipe": "a device; not read",
    }


@pytest.mark.parametrize("member", ["../../outside.json", "/etc/outside.json", "a/../../outside.json"])
def test_a_tar_that_names_files_outside_itself_is_refused(desk: Any, member: str) -> None:
    with pytest.raises(RefusedError, match="outside itself"):
        desk.convert(desk.write("x.tar.gz", gzip.compress(tar({member: tickets(desk, 1)}))))
    assert sorted(path.name for path in desk.folder.iterdir()) == ["exports"]


@pytest.mark.parametrize("suffix", [".bz2", ".xz", ".zst", ".gz"])
def test_a_bomb_is_refused_however_it_is_packed(desk: Any, suffix: str) -> None:
    bomb = SINGLE[suffix](b" " * (40 << 20))
    with pytest.raises(RefusedError, match="200 times"):
        desk.convert(desk.write(f"x.json{suffix}", bomb))
    with pytest.raises(RefusedError, match="200 times"):
        desk.convert(desk.write("x.tar", tar({f"x.json{suffix}": bomb})))


def test_many_small_bombs_are_one(desk: Any) -> None:
    members = {f"{number}.json": b" " * (3 << 20) for number in range(14)}
    with pytest.raises(RefusedError, match="200 times"):
        desk.convert(desk.write("x.zip", zipped(members)))


def test_a_name_in_a_tar_that_would_fill_the_memory_is_damage(desk: Any, rejects: Callable[..., Any]) -> None:
    huge = tarfile.TarInfo("././@LongLink")
    huge.type, huge.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    content = tar({"one.json": tickets(desk, 1)}).rstrip(b"\0")
    content += b"\0" * (-len(content) % 512) + huge.tobuf(tarfile.GNU_FORMAT) + b"x" * 4096
    dataset = desk.convert(desk.write("x.tar", content))
    assert ids(dataset) == [1]
    assert ["a name of" in reject["reason"] for reject in rejects(dataset)] == [True]


def test_nesting_without_end_is_refused_in_every_packing(desk: Any) -> None:
    content = tickets(desk, 1)
    for _ in range(4):
        content = tar({"x.tar": content})
    with pytest.raises(RefusedError, match="nested"):
        desk.convert(desk.write("x.tar", content))
    content = tickets(desk, 1)
    for _ in range(4):
        content = gzip.compress(content)
    with pytest.raises(RefusedError, match="nested"):
        desk.convert(desk.write("x.gz", content))


@pytest.mark.parametrize("suffix", ["", *SINGLE])
def test_a_tar_that_stops_keeps_what_stands_before(
    desk: Any, rejects: Callable[..., Any], suffix: str
) -> None:
    noise = random.Random(7).randbytes(1_200_000).hex().encode()
    content = tar(
        {"one.json": tickets(desk, 1), "two.json": tickets(desk, *range(2, 30)), "noise.txt": noise}
    )
    cut = len(tar({"one.json": tickets(desk, 1)})[:-10240]) + 20_000
    packed = SINGLE.get(suffix, bytes)(content)
    dataset = desk.convert(desk.write(f"x.tar{suffix}", packed[: cut if not suffix else len(packed) // 2]))
    assert ids(dataset)[:2] == [1, 2]
    assert {reject["entity"] for reject in rejects(dataset)} == {"unknown"}
    assert any(reject["source"] == f"x.tar{suffix}" for reject in rejects(dataset))


def test_a_tar_cut_between_two_members_is_told(desk: Any, rejects: Callable[..., Any]) -> None:
    whole = tar({"one.json": tickets(desk, 1)})
    content = whole[: whole.rindex(b"\n") // 512 * 512 + 512]
    dataset = desk.convert(desk.write("x.tar", content))
    assert ids(dataset) == [1]
    assert [reject["reason"] for reject in rejects(dataset)] == ["the tar has no end: it may be cut off"]


def test_a_damaged_header_costs_its_member_only(desk: Any, rejects: Callable[..., Any]) -> None:
    content = tar({f"{number}.json": tickets(desk, number) for number in (1, 2, 3)})
    dataset = desk.convert(desk.write("x.tar", content.replace(b"2.json", b"9.json")))
    assert ids(dataset) == [1, 3]
    assert ["damaged in the tar" in reject["reason"] for reject in rejects(dataset)] == [True]


def test_two_tars_in_a_row_are_one(desk: Any) -> None:
    content = tar({"1.json": tickets(desk, 1)}) + tar({"2.json": tickets(desk, 2)})
    assert ids(desk.convert(desk.write("x.tar", content))) == [1, 2]


@pytest.mark.parametrize("suffix", SINGLE)
def test_a_packed_file_that_stops_keeps_every_line_before(
    desk: Any, rejects: Callable[..., Any], suffix: str
) -> None:
    noise = random.Random(7)
    lines = b"".join(
        desk.lines(desk.ticket(number, subject=noise.randbytes(4000).hex())).encode()
        for number in range(1, 200)
    )
    packed = SINGLE[suffix](lines)
    dataset = desk.convert(desk.write(f"x.json{suffix}", packed[: len(packed) // 2]))
    assert ids(dataset) == list(range(1, len(ids(dataset)) + 1))
    assert 60 <= len(ids(dataset)) < 120
    assert any("damaged in its packing" in reject["reason"] for reject in rejects(dataset))


def test_encrypted_and_unknown_members_of_a_zip_are_named(desk: Any, rejects: Callable[..., Any]) -> None:
    content = bytearray(zipped({"a.json": tickets(desk, 1), "b.json": tickets(desk, 2), "c.json": b"x" * 99}))
    first, second = (content.index(b"PK\x01\x02", at) for at in (0, content.index(b"PK\x01\x02") + 4))
    content[first + 8] |= 1
    content[second + 10] = 9  # a method that is not known
    content[content.index(b"PK\x03\x04", 4) + 8] = 9
    desk.write("t.json", tickets(desk, 3))
    desk.write("x.zip", bytes(content))
    dataset = desk.convert()
    assert ids(dataset) == [3]
    reasons = {reject["source"]: reject["reason"] for reject in rejects(dataset)}
    assert reasons["x.zip/a.json"] == "it is encrypted"
    assert "compression" in reasons["x.zip/b.json"]


def test_zip64_data_descriptors_and_odd_names_are_read(desk: Any) -> None:
    text = io.BytesIO()

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, block: Any, /) -> int:
            return text.write(block)

    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as file:  # cannot seek
        with file.open("one.json", "w", force_zip64=True) as member:
            member.write(tickets(desk, 1))
        file.writestr("tw\u00f6.json", tickets(desk, 2))
    content = text.getvalue().replace("tw\u00f6".encode(), b"tw\xff\xfe")
    said = text.getvalue()
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rindex(header) + flags
        content = content[:at] + bytes((content[at], content[at + 1] & ~8)) + content[at + 2 :]
        said = said[:at] + bytes((said[at], said[at + 1] & ~8)) + said[at + 2 :]
    dataset = desk.convert(desk.write("x.zip", content))
    assert ids(dataset) == [1, 2]
    assert names(desk.convert(desk.write("x.zip", said))) == ["x.zip/one.json", "x.zip/tw\u00f6.json"]


def test_what_customers_sent_is_left_packed(desk: Any) -> None:
    bomb = gzip.compress(b" " * (40 << 20))
    desk.write("t.json", tickets(desk, 1))
    desk.write("attachments/77.zip", zipped({"../../up.json": tickets(desk, 666)}))
    desk.zip("x.zip", {"attachments/78.gz": bomb, "two.json": tickets(desk, 2)})
    desk.write("letter.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}))
    dataset = desk.convert()
    assert ids(dataset) == [1, 2]
    assert {source["name"] for source in dataset.manifest["sources"] if source["form"] == "attachment"} == {
        "attachments/77.zip",
        "x.zip/attachments/78.gz",
    }
    assert {source["name"] for source in dataset.manifest["sources"] if source["form"] == "other"} == {
        "letter.docx"
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json.gz", b"\x1f\x8b\x08 torn"),
        ("x.json.zst", b"\x28\xb5\x2f\xfd torn"),
        ("x.json.xz", b"\xfd7zXZ\0 torn"),
        ("x.json.bz2", b"BZh91AY&SY torn"),
        ("x.tar", b"x" * 257 + b"ustar" + b"\0" * 900),
    ],
)
def test_a_wreck_alone_is_one_line(desk: Any, name: str, content: bytes) -> None:
    with pytest.raises(InputError) as error:
        desk.convert(desk.write(name, content))
    assert "\n" not in str(error.value)
    assert name.rsplit(".", 1)[0] in str(error.value)


@pytest.mark.parametrize(
    ("head", "packing"),
    [
        (b"", None),
        (b"BZh9 is a word", None),
        (b"\0" * 512, None),
        ('{"tickets"'.encode("utf-16") * 60, None),
        (b"\x50\x2a\x4d\x18\x04\0\0\0", Packing.ZSTD),
        (tar({"x": b"x"}, form=tarfile.USTAR_FORMAT)[:512].replace(b"ustar\0", b"\0" * 6), None),
    ],
)
def test_packing_is_known_by_its_first_bytes(head: bytes, packing: Packing | None) -> None:
    assert packing_of(head) is packing


@pytest.mark.parametrize("seed", range(40))
def test_damage_in_any_packing_never_ends_in_a_traceback(desk: Any, seed: int) -> None:
    rng = random.Random(seed)
    packed = rng.choice([*SINGLE.values(), bytes])(
        tar({"a.json": tickets(desk, 1), "b.json": tickets(desk, 2)})
    )
    if seed % 4 == 0:
        packed = zipped({"x.tar": packed, "c.json.zst": zstd.compress(tickets(desk, 3))})
    content = bytearray(packed)
    for _ in range(rng.randint(1, 4)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    desk.write("t.json", tickets(desk, 9))
    desk.write("x.bin", bytes(content[: rng.randrange(len(content))] if rng.random() < 0.3 else content))
    try:
        dataset = desk.convert()
    except RefusedError:
        return
    assert 9 in ids(dataset)
