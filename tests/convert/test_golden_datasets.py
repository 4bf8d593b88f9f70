"""Golden datasets of every sample form, and what the hostile files end in. A change is reviewed as a diff.

Write them anew, and read the diff, with

    DESKFERRY_GOLDEN=write pytest tests/convert/test_golden_datasets.py
"""

import json
import os
from pathlib import Path

import pytest

from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.errors import InputError

from .excerpts import SAMPLES, forms
from .golden_text import golden_text, rejects_text

GOLDEN = Path(__file__).parent / "golden"
# Several ways to tell the same company lie in one folder; each is a form of its own.
CASES = {
    name: path
    for form in forms()
    for name, path in (
        [(f"{form}-{one.stem}", one) for one in sorted((SAMPLES / form).glob("*.zip"))]
        if form in ("exporters", "singer", "airbyte")
        else [(form, SAMPLES / form)]
    )
}


ZONES = dict.fromkeys(("csv", "csv_view"), "Europe/Oslo")  # the account's; what else has none is in UTC


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return convert([SAMPLES / "api"], tmp_path_factory.mktemp("api") / "dataset", workers=1)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_dataset_of_a_form_is_the_golden_one(name: str, api: Dataset, tmp_path: Path) -> None:
    dataset = convert([CASES[name]], tmp_path / "dataset", timezone=ZONES.get(name, "UTC"), workers=1)
    held(name, golden_text(dataset, api))


def test_each_hostile_file_ends_as_it_did(tmp_path: Path) -> None:
    lines = []
    for path in sorted((SAMPLES / "hostile").iterdir()):
        if path.is_file() and path.suffix not in (".py", ".md", ".typed"):
            lines += [path.name, *_end_of(path, tmp_path)]
    held("hostile", "\n".join(lines) + "\n")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*CASES, "hostile"}


def held(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("DESKFERRY_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text.splitlines() == path.read_text(encoding="utf-8").splitlines()


def _end_of(path: Path, folder: Path) -> list[str]:
    into = folder / path.name
    try:
        dataset = convert([path], into, timezone="Europe/Oslo", workers=1)
    except InputError as error:
        return [f"    {str(error).replace(str(path.parent), '...').splitlines()[0]}"]
    kept = {name: of["accepted"] for name, of in dataset.manifest["entities"].items() if of["accepted"]}
    rejects = [json.loads(line) for line in (into / "rejects.ndjson").read_text().splitlines()]
    told = [f"    {one['id']} {one['count']}" for one in dataset.manifest["findings"]]
    return [f"    kept {json.dumps(kept)}", *told, *rejects_text(rejects)]
