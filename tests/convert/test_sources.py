import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskferry.convert.run import convert
from deskferry.schemas.errors import InputError, RefusedError


def nothing_is_left(desk: Any) -> bool:
    return sorted(path.name for path in desk.folder.iterdir()) == ["exports"]


def packed(members: dict[str, bytes]) -> bytes:
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return text.getvalue()


def test_folders_zips_zips_in_zips_and_gzips_are_opened(desk: Any) -> None:
    one, two, three, four = (desk.lines(desk.ticket(number)).encode() for number in (1, 2, 3, 4))
    desk.write("deep/er/one.json", one)
    desk.zip("two.zip", {"export_2024_01_01_x_1": two, "__MACOSX/._export": b"junk", ".DS_Store": b"junk"})
    desk.zip("outer.zip", {"inner.zip": packed({"three.json": three})})
    desk.write("four.json.gz", gzip.compress(four))
    dataset = desk.convert()
    assert [record["id"] for record in dataset.records("tickets")] == [1, 2, 3, 4]
    assert sorted(source["name"] for source in dataset.manifest["sources"]) == [
        "deep/er/one.json",
        "four.json",
        "outer.zip/inner.zip/three.json",
        "two.zip/export_2024_01_01_x_1",
    ]


def test_members_of_one_name_in_a_zip_are_all_read(desk: Any) -> None:
    with zipfile.ZipFile(desk.exports / "x.zip", "w") as file:
        file.writestr("t.json", desk.lines(desk.ticket(1)))
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("t.json", desk.lines(desk.ticket(2)))
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("t.json", desk.lines(desk.ticket(2)))
    dataset = desk.convert()
    assert [record["id"] for record in dataset.records("tickets")] == [1, 2]
    assert [source["name"] for source in dataset.manifest["sources"]] == ["x.zip/t.json"] * 3
    assert dataset.manifest["entities"]["tickets"]["repeated"] == 1


def test_a_zip_is_opened_once_however_many_files_it_holds(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    class Counting(zipfile.ZipFile):
        def __init__(self, path: Path) -> None:
            opened.append(path)
            super().__init__(path)

    export = desk.zip("x.zip", {f"{number}.json": desk.lines(desk.ticket(number)) for number in range(1, 30)})
    monkeypatch.setattr("zipfile.ZipFile", Counting)
    assert len(desk.convert(export).manifest["sources"]) == 29
    assert opened == [export]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.zip", b"this is no zip", "not a readable zip"),
        ("x.zip", b"PK\x03\x04 torn", "not a readable zip"),
        ("x.json", b"", "nothing in here is recognised"),
        ("x.json", b'{"name": "package"}', "nothing in here is recognised"),
        ("x.xml", b"<?xml version='1.0'?><urlset><url/></urlset>", "unknown XML"),
        ("x.png", b"\x89PNG\r\n", "nothing in here is recognised"),
    ],
)
def test_what_is_no_export_is_one_line_and_nothing_is_written(
    desk: Any, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(InputError, match=says) as error:
        desk.convert(desk.write(name, content))
    assert "\n" not in str(error.value)
    assert name in str(error.value)
    assert nothing_is_left(desk)


def test_missing_and_empty_inputs_are_named(desk: Any) -> None:
    with pytest.raises(InputError, match="nothing to read"):
        desk.convert()
    with pytest.raises(InputError, match="no such file"):
        desk.convert(desk.exports / "absent.zip")
    assert nothing_is_left(desk)


def test_a_damaged_zip_among_good_files_is_a_reject_and_the_run_goes_on(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    desk.write("t.json", desk.lines(desk.ticket(1)))
    desk.write("x.zip", b"PK\x03\x04 torn")
    dataset = desk.convert()
    assert [reject["source"] for reject in rejects(dataset)] == ["x.zip"]
    with pytest.raises(InputError, match=r"x\.zip"):
        desk.convert(desk.exports / "t.json", desk.exports / "x.zip")


def test_a_member_that_is_damaged_costs_only_itself(desk: Any, rejects: Callable[..., Any]) -> None:
    with zipfile.ZipFile(desk.exports / "x.zip", "w", zipfile.ZIP_STORED) as file:
        file.writestr("a.json", desk.lines(desk.ticket(1)))
        file.writestr("b.json", desk.lines(desk.ticket(2)))
    raw = (desk.exports / "x.zip").read_bytes()
    desk.write("x.zip", raw.replace(b"Subject 2", b"Subject 3"))
    dataset = desk.convert()
    assert [record["id"] for record in dataset.records("tickets")] == [1]
    assert [reject["source"] for reject in rejects(dataset)] == ["x.zip/b.json"]


@pytest.mark.parametrize(
    "member", ["../../outside.json", "/etc/outside.json", "..\\outside.json", "C:\\outside.json"]
)
def test_a_zip_that_names_files_outside_itself_is_refused(desk: Any, member: str) -> None:
    with pytest.raises(RefusedError, match="outside itself"):
        desk.convert(desk.zip("x.zip", {member: desk.lines(desk.ticket(1))}))
    assert nothing_is_left(desk)


def test_a_bomb_is_refused(desk: Any) -> None:
    with pytest.raises(RefusedError, match="200 times"):
        desk.convert(desk.zip("x.zip", {"x.json": b" " * (40 << 20)}))


def test_zips_nested_without_end_are_refused(desk: Any) -> None:
    content = desk.lines(desk.ticket(1)).encode()
    for _ in range(5):
        content = packed({"x.zip": content})
    with pytest.raises(RefusedError, match="nested"):
        desk.convert(desk.write("x.zip", content))


def test_files_that_are_not_read_are_findings(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("t.json", desk.lines(desk.ticket(1)))
    for name, content in (
        ("package.json", '{"a": 1}'),
        ("old.7z", b"7z\xbc\xaf\x27\x1c"),
        ("a.png", b"\x89PNG"),
    ):
        desk.write(name, content)
    for name in ("README.md", "export.py", ".DS_Store", "__MACOSX/._t.json"):
        desk.write(name, "{}")
    dataset = desk.convert()
    assert [finding(dataset, kind)["count"] for kind in ("unknown_file", "form_not_read", "other_file")] == [
        1,
        1,
        1,
    ]
    assert len(dataset.manifest["sources"]) == 4


def test_two_accounts_are_refused_unless_one_is_chosen(desk: Any) -> None:
    desk.write("a.json", desk.lines(desk.ticket(1)))
    desk.write("b.json", desk.lines(desk.ticket(2)))
    desk.write("c.json", desk.lines(desk.ticket(3)).replace("acme.zendesk", "other.zendesk"))
    with pytest.raises(RefusedError) as error:
        desk.convert()
    text = str(error.value)
    assert all(part in text for part in ("two", "acme   2 files", "other  1 file   c.json", "--account acme"))
    dataset = desk.convert(account="other")
    assert (dataset.account, [record["id"] for record in dataset.records("tickets")]) == ("other", [3])
    with pytest.raises(InputError, match="acme, other"):
        desk.convert(account="third")


def test_files_of_an_account_that_was_not_chosen_are_told(desk: Any, finding: Callable[..., Any]) -> None:
    desk.write("a.json", desk.lines(desk.ticket(1)))
    for name, number in (("b.json", 2), ("c.json", 3)):
        desk.write(name, desk.lines(desk.ticket(number)).replace("acme.zendesk", "other.zendesk"))
    dataset = desk.convert(account="acme")
    told = {source["name"]: source for source in dataset.manifest["sources"]}
    assert sorted(told) == ["a.json", "b.json", "c.json"]
    assert (told["b.json"]["form"], told["b.json"]["entities"]) == ("other_account", {})
    assert told["b.json"]["note"] == "of account other; not read"
    assert finding(dataset, "other_account")["count"] == 2
    assert dataset.manifest["options"] == {"timezone": None, "account": "acme"}
    desk.write("b.json", "")
    desk.write("c.json", "")
    assert desk.convert().manifest["options"] == {"timezone": None, "account": None}


def test_a_file_that_starts_with_another_account_is_read_for_the_chosen_one(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    other = desk.lines(desk.ticket(1)).replace("acme.zendesk", "other.zendesk")
    desk.write("a.json", other + desk.lines(*(desk.ticket(number) for number in range(2, 400))))
    dataset = desk.convert(account="acme")
    assert dataset.manifest["entities"]["tickets"]["accepted"] == 398
    assert [reject["reason"] for reject in rejects(dataset)] == ["belongs to account other"]


def test_two_accounts_in_one_file_are_refused_however_late_the_second_shows(desk: Any) -> None:
    text = desk.lines(*(desk.ticket(number) for number in range(1, 400)))
    desk.write("a.json", text + desk.lines(desk.ticket(500)).replace("acme.zendesk", "other.zendesk"))
    with pytest.raises(RefusedError, match="two Zendesk accounts"):
        desk.convert()
    dataset = desk.convert(account="acme")
    assert dataset.manifest["entities"]["tickets"]["rejected"] == 1


def test_an_existing_target_is_only_replaced_when_asked_and_only_if_it_is_a_dataset(desk: Any) -> None:
    export = desk.write("t.json", desk.lines(desk.ticket(1)))
    into = desk.folder / "x.dataset"
    convert([export], into)
    with pytest.raises(RefusedError, match="--replace"):
        convert([export], into)
    export.write_text(desk.lines(desk.ticket(2)))
    assert [record["id"] for record in convert([export], into, replace=True).records("tickets")] == [2]
    plain = desk.folder / "holiday"
    plain.mkdir()
    (plain / "photo.jpg").write_bytes(b"x")
    with pytest.raises(RefusedError, match="not a dataset"):
        convert([export], plain, replace=True)
    assert (plain / "photo.jpg").read_bytes() == b"x"
    assert sorted(path.name for path in desk.folder.iterdir()) == ["exports", "holiday", "x.dataset"]


def test_a_failed_replacement_leaves_the_old_dataset(desk: Any) -> None:
    export = desk.write("t.json", desk.lines(desk.ticket(1)))
    into = desk.folder / "x.dataset"
    before = convert([export], into).digest
    with pytest.raises(InputError):
        convert([desk.write("bad.json", "{}")], into, replace=True)
    assert convert([export], desk.folder / "y.dataset").digest == before
    assert into.is_dir()


def test_the_dataset_is_named_after_the_account(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    dataset = convert([desk.write("t.json", desk.lines(desk.ticket(1)))], None)
    assert dataset.path.resolve() == (desk.folder / "acme.dataset").resolve()


def test_a_dataset_beside_the_export_is_not_part_of_it(desk: Any, tmp_path: Path) -> None:
    export = desk.write("t.json", desk.lines(desk.ticket(1)))
    convert([export], desk.exports / "acme.dataset")
    assert len(desk.convert().manifest["sources"]) == 1
    with pytest.raises(InputError, match="is a dataset already"):
        desk.convert(desk.exports / "acme.dataset")


def test_the_same_bytes_twice_are_read_once_and_counted_as_repeated(
    desk: Any, rejects: Callable[..., Any]
) -> None:
    text = desk.lines(desk.ticket(1)) + '{"ticket":{"id":"x"}}\n'
    desk.write("a.json", text)
    desk.write("b.json", text)
    dataset = desk.convert()
    counts = dataset.manifest["entities"]["tickets"]
    assert counts == {"found": 4, "accepted": 1, "repeated": 1, "superseded": 0, "rejected": 2, "made": 0}
    assert sorted(reject["source"] for reject in rejects(dataset)) == ["a.json", "b.json"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interrupted_run_leaves_nothing(
    desk: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("deskferry.convert.run.merge", fail)
    with pytest.raises((KeyboardInterrupt, InputError)) as raised:
        desk.convert(desk.write("t.json", desk.lines(desk.ticket(1))))
    assert isinstance(raised.value, KeyboardInterrupt) or "No space left" in str(raised.value)
    assert nothing_is_left(desk)
