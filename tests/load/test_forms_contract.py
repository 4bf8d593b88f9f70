"""A whole load of every form, canary and reading back too, held against Intercom's own description.

Skipped, with the reason, where there is no proxy that knows it; see sandbox/test_sandbox_contract.py.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from deskferry.load.guards import Guards
from deskferry.schemas.dataset import Dataset

from .conftest import Desk, misbehaving, running
from .every_form import take_every_form
from .test_people_contract import described


def test_every_form_is_loaded_as_intercom_describes_it(
    tmp_path: Path, prepared: Path, dataset: Dataset
) -> None:
    shutil.copy(prepared / "intercom.sqlite", tmp_path)
    shutil.copy(prepared / "acme.mapping.yaml", tmp_path)
    with (
        running(tmp_path / "intercom.sqlite") as intercom,
        misbehaving(intercom.url, lambda *_: None) as front,
        described(front.url, tmp_path / "proxy") as url,
    ):
        desk = Desk(tmp_path, dataset, url, prepared)
        take_every_form(desk)
        plan = desk.plan()
        loaded = desk.load(guards=Guards())
        assert (loaded.done, loaded.failures, loaded.stopped) == (6, (), None)
        made = set(plan.by_step)
        assert {"ticket create", "ticket message", "conversation message", "conversation note"} <= made
        assert intercom.counts["notifications"] == 0
        assert replace(desk, url=intercom.url).verify().differences == ()
