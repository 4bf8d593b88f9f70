"""What DuckDB keeps of the archive is let go while a load goes on, and nothing else changes by it."""

import shutil
from pathlib import Path

import pytest

from deskferry.load import rendering
from deskferry.load.current_archive import open_current
from deskferry.schemas.dataset import Dataset, open_dataset
from deskferry.schemas.errors import InputError
from deskferry.templates.render import Templates

from .conftest import Desk, Intercom
from .test_compose import mapping_of


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The archives opened from now on; each time threads are rendered, whatever is kept is too much."""
    seen: list[Path] = []

    def noted(dataset: Dataset) -> object:
        seen.append(dataset.archive)
        return open_current(dataset)

    monkeypatch.setattr(rendering, "open_current", noted)
    monkeypatch.setattr(rendering, "_KEPT", -1)
    return seen


def test_a_load_opens_its_archive_again_and_goes_on(
    desk: Desk, intercom: Intercom, opened: list[Path]
) -> None:
    desk.planned()
    assert len(opened) <= 1
    loaded = desk.load()
    assert (loaded.done, loaded.failed, intercom.counts["conversations"]) == (6, 0, 6)
    assert len(opened) > 2
    assert desk.verify().differences == ()


def test_an_archive_that_was_replaced_meanwhile_is_not_read(
    tmp_path: Path, dataset: Dataset, opened: list[Path]
) -> None:
    copy = open_dataset(Path(shutil.copytree(dataset.path, tmp_path / "acme.dataset")))
    with rendering.open_renderer(copy, mapping=mapping_of(), templates=Templates(), workspace={}) as renderer:
        copy.archive.unlink()
        with pytest.raises(InputError, match="no archive here"):
            renderer.relieve()
    assert len(opened) == 2
