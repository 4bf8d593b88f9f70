"""A whole load of every form, canary and reading back too, held against Intercom's own description.

Skipped, with the reason, where there is no proxy that knows it; see sandbox/test_sandbox_contract.py.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from deskferry.load.guards import Guards
from deskferry.schemas.dataset import Dataset

from .conftest import Desk, misbehaving, running
from .test_people_contract import described

RULES = """  - where: "id % 4 = 0"
    conversation: bare
    reason: "For reports"
  - where: "id % 4 = 1"
    conversation: messages
    reason: "To be read by the customer"
  - where: "id % 4 = 2"
    ticket: From Zendesk
    reason: "A ticket stays a ticket"
  - where: "true"
    conversation: note
"""


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
        text = desk.mapping.read_text()
        start = text.rindex('  - where: "true"')
        end = text.index("    reason:", start)
        text = text[:start] + RULES + text[end:]
        types, rest = text.partition("ticket_types:\n")[::2]
        rest = rest.replace("values: {}", "values: {From Zendesk: {category: customer, form: replies}}", 1)
        desk.mapping.write_text(types + "ticket_types:\n" + rest)
        plan = desk.plan()
        loaded = desk.load(guards=Guards())
        assert (loaded.done, loaded.failures, loaded.stopped) == (6, (), None)
        made = set(plan.by_step)
        assert {"ticket create", "ticket message", "conversation message", "conversation note"} <= made
        assert intercom.counts["notifications"] == 0
        assert replace(desk, url=intercom.url).verify().differences == ()
