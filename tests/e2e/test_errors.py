"""Bad input: one clear line, the right exit code, nothing half-written."""

import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import SAMPLES, Run, Sandbox

Demo = tuple[dict[str, Any], Path]


def corrupt_zip(folder: Path) -> Path:
    whole = next((SAMPLES / "official").glob("*.zip")).read_bytes()
    path = folder / "tickets.zip"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def empty_folder(folder: Path) -> Path:
    path = folder / "empty"
    path.mkdir()
    return path


def holiday_picture(folder: Path) -> Path:
    path = folder / "beach.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    return path


def other_json(folder: Path) -> Path:
    path = folder / "package.json"
    path.write_text('{"name": "left-pad", "version": "1.3.0"}')
    return path


def zip_of_pictures(folder: Path) -> Path:
    path = folder / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("beach.jpg", b"\xff\xd8\xff")
    return path


def nothing_there(folder: Path) -> Path:
    return folder / "typo.zip"


def csv_without_zone(folder: Path) -> Path:
    return next((SAMPLES / "csv").glob("*.csv"))


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (corrupt_zip, 1, "tickets.zip"),
        (empty_folder, 1, "empty"),
        (holiday_picture, 1, "beach.jpg"),
        (other_json, 1, "package.json"),
        (zip_of_pictures, 1, "pictures.zip"),
        (nothing_there, 1, "typo.zip"),
        (csv_without_zone, 4, "--timezone"),
    ],
)
def test_an_export_that_cannot_be_read_is_one_line_and_leaves_nothing(
    deskferry: Run, tmp_path: Path, make: Callable[[Path], Path], code: int, says: str
) -> None:
    export = make(tmp_path)
    before = set(tmp_path.rglob("*"))
    ran = deskferry("convert", export, "--into", "made.dataset")
    assert ran.code == code, ran.err
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.out == ""
    assert set(tmp_path.rglob("*")) == before


def test_an_existing_dataset_is_not_replaced_without_being_told(deskferry: Run, tmp_path: Path) -> None:
    export = SAMPLES / "official"
    assert deskferry("convert", export, "--into", "a.dataset").code == 0
    before = (tmp_path / "a.dataset" / "manifest.json").read_bytes()
    again = deskferry("convert", export, "--into", "a.dataset")
    assert (again.code, "--replace" in again.err) == (4, True)
    assert deskferry("convert", export, "--into", "a.dataset", "--replace").code == 0
    assert (tmp_path / "a.dataset" / "manifest.json").read_bytes() == before


@pytest.fixture
def work(demo: Demo, tmp_path: Path) -> Path:
    """A copy of the demo's dataset and mapping, to damage."""
    shutil.copytree(demo[1] / "haldenbikes.dataset", tmp_path / "a.dataset")
    shutil.copy(demo[1] / "haldenbikes.mapping.yaml", tmp_path / "a.yaml")
    return tmp_path


def test_a_typo_in_the_mapping_names_file_line_and_the_nearest_key(deskferry: Run, work: Path) -> None:
    text = (work / "a.yaml").read_text().replace("    archive_only:", "    archve_only:", 1)
    (work / "a.yaml").write_text(text)
    line = 1 + text[: text.index("archve_only")].count("\n")
    for words in (
        ["map", "check", "a.dataset", "a.yaml"],
        ["plan", "a.dataset", "--mapping", "a.yaml", "--to", "sandbox"],
    ):
        ran = deskferry(*words)
        assert ran.code == 1
        assert ran.err == f"error: a.yaml:{line}: unknown key 'archve_only'; did you mean 'archive_only'?\n"
    assert sorted(path.name for path in work.iterdir()) == ["a.dataset", "a.yaml"]


def test_a_live_value_without_an_answer_is_refused_with_its_count_and_place(
    deskferry: Run, work: Path
) -> None:
    lines = (work / "a.yaml").read_text().splitlines(keepends=True)
    gone = next(line for line in lines if line.strip().startswith('"closed":'))
    (work / "a.yaml").write_text("".join(line for line in lines if line != gone))
    for words in (
        ["map", "check", "a.dataset", "a.yaml"],
        ["plan", "a.dataset", "--mapping", "a.yaml", "--to", "sandbox"],
    ):
        ran = deskferry(*words)
        assert ran.code == 4, ran.err
        assert "closed" in ran.out + ran.err
        assert "a.yaml:" in ran.out + ran.err
    assert not list(work.glob("*.plan"))


def test_a_bad_condition_in_a_rule_names_file_and_line(deskferry: Run, work: Path) -> None:
    text = (work / "a.yaml").read_text()
    start = text.index("where:")
    broken = text[:start] + "where: statsu = 'closed'" + text[text.index("\n", start) :]
    (work / "a.yaml").write_text(broken)
    ran = deskferry("map", "check", "a.dataset", "a.yaml")
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert ran.err.startswith(f"error: a.yaml:{1 + text[:start].count(chr(10))}:")


def test_a_dataset_that_was_edited_is_refused_by_every_step(deskferry: Run, demo: Demo, work: Path) -> None:
    assert deskferry("sql", "a.dataset", "select 1").code == 0
    assert deskferry("plan", "a.dataset", "--mapping", "a.yaml", "--to", "sandbox", "-o", "a.plan").code == 0
    comments = work / "a.dataset" / "comments.ndjson"
    lines = comments.read_bytes().splitlines(keepends=True)
    comments.write_bytes(b"".join(lines[:-1]))
    for words in (
        ["sql", "a.dataset", "select 1"],
        ["archive", "a.dataset"],
        ["map", "init", "a.dataset", "-o", "b.yaml"],
        ["plan", "a.dataset", "--mapping", "a.yaml", "--to", "sandbox", "-o", "b.plan"],
        ["load", "a.plan", "--to", "sandbox"],
    ):
        ran = deskferry(*words)
        assert (ran.code, "comments.ndjson" in ran.err) == (4, True), (words, ran.err)
    assert deskferry("check", "a.dataset").code == 5


@pytest.mark.parametrize("manifest", ['{"type":', "[]"])
def test_a_damaged_manifest_is_a_difference(deskferry: Run, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    ran = deskferry("check", tmp_path, "--json")
    assert ran.code == 5
    assert (ran.json["differences"], ran.json["findings"][0]["id"]) == (1, "manifest")


def test_a_wrong_token_is_one_line_and_stands_nowhere(
    deskferry: Run, demo: Demo, sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    running = sandbox("--token", "right")
    env = {"INTERCOM_ACCESS_TOKEN": "dG9rOndyb25n"}
    dataset, mapping = demo[1] / "haldenbikes.dataset", demo[1] / "haldenbikes.mapping.yaml"
    ran = deskferry("plan", dataset, "--mapping", mapping, "--to", running.url, "-o", "a.plan", env=env)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "token" in ran.err.lower()
    assert "dG9rOndyb25n" not in ran.out + ran.err
    assert not (tmp_path / "a.plan").exists()


def test_a_port_nobody_listens_on_is_one_line(deskferry: Run, demo: Demo, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        ran = deskferry("workspace", "--to", url, "-o", "w.json")
        load = deskferry("load", demo[0]["files"]["plan"], "--to", url, "--ledger", tmp_path / "new.ledger")
    for failed in (ran, load):
        assert failed.code == 1, failed.err
        assert len(failed.err.splitlines()) == 1, failed.err
        assert url in failed.err
    assert not (tmp_path / "w.json").exists()


@pytest.mark.parametrize("target", ["http://example.test", "moon", "https://api.intercom.io.evil.test"])
def test_a_target_that_is_none_is_refused_before_anything_is_sent(deskferry: Run, target: str) -> None:
    ran = deskferry(
        "workspace", "--to", target, "-o", "w.json", env={"INTERCOM_ACCESS_TOKEN": "dG9rOnNlY3JldA=="}
    )
    assert ran.code in (1, 2, 4)
    assert "Traceback" not in ran.err
    assert "dG9rOnNlY3JldA" not in ran.out + ran.err


@pytest.mark.parametrize("target", ["us", "eu", "au"])
def test_intercom_itself_needs_a_token_from_the_environment(deskferry: Run, target: str) -> None:
    ran = deskferry("workspace", "--to", target, "-o", "w.json")
    assert (ran.code, "INTERCOM_ACCESS_TOKEN" in ran.err) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["map", "init", "DATASET", "-o", "nowhere/m.yaml"],
        ["workspace", "--to", "sandbox:s.sqlite", "-o", "nowhere/w.json"],
        ["plan", "DATASET", "--mapping", "MAPPING", "--to", "sandbox:s.sqlite", "-o", "nowhere/a.plan"],
        ["load", "MAPPING", "--to", "sandbox"],
        ["status", "MAPPING"],
        ["check", "MAPPING"],
        ["sandbox", "--port", "0", "--state", "MAPPING"],
        ["verify", "PLAN", "--to", "sandbox:MAPPING"],
        ["demo", "--into", "."],
    ],
)
def test_a_place_or_a_file_that_is_wrong_is_one_line(
    deskferry: Run, demo: Demo, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    names = {name.upper(): path for name, path in demo[0]["files"].items()}
    given = [names.get(word, word.replace("MAPPING", names["MAPPING"])) for word in words]
    before = Path(names["MAPPING"]).read_bytes()
    ran = deskferry(*given)
    assert ran.code in (1, 4), ran.err
    assert len([line for line in ran.err.splitlines() if not line.startswith("building")]) == 1, ran.err
    assert Path(names["MAPPING"]).read_bytes() == before
    assert (tmp_path / "mine.txt").read_text() == "keep me"


def test_an_unknown_verb_and_a_missing_option_are_wrong_usage(deskferry: Run) -> None:
    assert deskferry("convrt").code == 2
    assert deskferry("plan", "a.dataset").code == 2


def test_errors_are_one_json_object_when_asked(deskferry: Run) -> None:
    ran = deskferry("check", "nowhere", "--json")
    assert ran.code == 1
    assert ran.json["type"] == "check"
    assert "nowhere" in ran.json["error"]
