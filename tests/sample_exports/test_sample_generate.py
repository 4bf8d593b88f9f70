"""The committed files are what the generator writes today."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from deskferry.sample_exports import official_export, sample
from deskferry.sample_exports.generate import generate
from deskferry.sample_exports.write_hostile import hostile_cases

ROOT = Path(str(sample("official"))).parent
FOLDERS = (
    "official",
    "api",
    "singer",
    "airbyte",
    "exporters",
    "csv",
    "csv_view",
    "fivetran",
    "dlt",
    "pandas",
    "chat",
    "help_center",
    "files",
    "xml_full",
    "xml_archive",
    "hostile",
)


def written(root: Path) -> dict[str, bytes | dict[str, object]]:
    """Every generated file by its path; a sound zip as its members, since packers differ."""
    files = [path for name in FOLDERS for path in (root / name).rglob("*") if path.is_file()]
    files.append(root / "README.md")
    return {
        path.relative_to(root).as_posix(): content_of(path.read_bytes())
        for path in files
        if path.suffix not in (".py", ".pyc")
    }


def content_of(data: bytes) -> bytes | dict[str, object]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {
                f"{member.filename} {member.date_time}": content_of(archive.read(member))
                for member in archive.infolist()
            }
    except (zipfile.BadZipFile, RuntimeError):  # no zip, damaged on purpose, or encrypted
        return data


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("fresh")
    generate(into)
    return into


def test_the_committed_samples_are_what_the_generator_writes(fresh: Path) -> None:
    committed, today = written(ROOT), written(fresh)
    assert sorted(committed) == sorted(today)
    assert [name for name, content in today.items() if committed[name] != content] == []


def test_two_runs_write_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    generate(tmp_path)
    names = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    assert [name for name in names if (fresh / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_all_samples_together_stay_small() -> None:
    assert sum(path.stat().st_size for name in FOLDERS for path in (ROOT / name).rglob("*.*")) < 3_000_000


def test_the_official_export_is_a_folder_of_zips() -> None:
    with official_export() as folder:
        names = sorted(path.name for path in folder.glob("*.zip"))
    assert names == [
        "haldenbikes-organizations.zip",
        "haldenbikes-tickets-2026-10.zip",
        "haldenbikes-tickets-2026-11.zip",
        "haldenbikes-users.zip",
    ]


def test_a_sample_that_does_not_exist_is_said_so() -> None:
    assert sample("api/ticket_fields.json").is_file()
    with pytest.raises(FileNotFoundError, match=r"no sample named 'api/nothing\.json'"):
        sample("api/nothing.json")


def test_every_hostile_file_stands_in_the_table_and_is_small() -> None:
    table = (ROOT / "hostile" / "README.md").read_text(encoding="utf-8")
    on_disk = {
        path.name
        for path in (ROOT / "hostile").iterdir()
        if path.suffix not in (".py", ".pyc", ".md") and path.is_file()
    }
    assert on_disk == {case.name for case in hostile_cases()}
    assert [name for name in on_disk if f"| `{name}` |" not in table] == []
    assert max((ROOT / "hostile" / name).stat().st_size for name in on_disk) < 64_000


def test_the_nested_bomb_grows_more_than_200_to_1() -> None:
    outer = zipfile.ZipFile(ROOT / "hostile" / "nested_bomb.zip")
    with outer, zipfile.ZipFile(BytesIO(outer.read("inner.zip"))) as inner:
        (member,) = inner.infolist()
    assert member.file_size > 200 * (ROOT / "hostile" / "nested_bomb.zip").stat().st_size
