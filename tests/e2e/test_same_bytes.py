"""Same input, same bytes: whatever the names, the order, the number of workers."""

import json
import shutil
from pathlib import Path

from .conftest import SAMPLES, Run


def everything(dataset: Path) -> dict[str, bytes]:
    """Each file of a dataset; the names of the sources, which may differ, taken out of the manifest."""
    found = {
        str(path.relative_to(dataset)): path.read_bytes() for path in dataset.rglob("*") if path.is_file()
    }
    manifest = json.loads(found["manifest.json"])
    for source in manifest["sources"]:
        source["name"] = ""
    manifest["sources"].sort(key=json.dumps)
    return found | {"manifest.json": json.dumps(manifest).encode()}


def test_two_conversions_are_identical_also_renamed_reordered_and_in_parallel(
    deskferry: Run, tmp_path: Path
) -> None:
    zips = sorted((SAMPLES / "official").glob("*.zip"))
    renamed = [Path(shutil.copy(path, tmp_path / f"{number}-other.zip")) for number, path in enumerate(zips)]
    assert deskferry("convert", *zips, "--into", "a.dataset").code == 0
    assert deskferry("convert", *zips, "--into", "b.dataset").code == 0
    assert deskferry("convert", *reversed(renamed), "--into", "c.dataset", "--workers", "2").code == 0
    first = everything(tmp_path / "a.dataset")
    assert len(first) > 25
    manifests = [(tmp_path / f"{name}.dataset" / "manifest.json").read_bytes() for name in "ab"]
    assert manifests[0] == manifests[1]
    assert everything(tmp_path / "b.dataset") == first
    assert everything(tmp_path / "c.dataset") == first
    for name in "abc":
        assert deskferry("check", f"{name}.dataset").code == 0
