import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ["archive", "cli", "convert", "load", "sample_exports", "schemas", "templates"]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]


def test_every_folder_is_listed_as_a_package_or_it_would_not_be_installed() -> None:
    on_disk = {
        "deskferry." + ".".join(folder.relative_to(ROOT).parts)
        for name in FOLDERS
        for folder in [ROOT / name, *(ROOT / name).rglob("*/")]
        if folder.is_dir() and folder.name != "__pycache__"
    }
    assert set(SETUPTOOLS["packages"]) == on_disk


def test_every_package_folder_has_an_init_file_or_its_data_is_not_found_in_an_editable_install() -> None:
    missing = [
        package
        for package in SETUPTOOLS["packages"]
        if not (ROOT.joinpath(*package.split(".")[1:]) / "__init__.py").is_file()
    ]
    assert missing == []


def test_every_code_folder_is_typed() -> None:
    assert [name for name in FOLDERS if not (ROOT / name / "py.typed").is_file()] == []
