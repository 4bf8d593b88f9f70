"""A whole load with people and companies, held against Intercom's own description by a proxy that knows it.

Skipped, with the reason, where there is no such proxy; see sandbox/test_sandbox_contract.py.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from deskferry.schemas.dataset import Dataset

from .conftest import Desk, misbehaving, running, write_dataset
from .test_companies import BLOCKS, firm
from .test_known_people import known, with_people

BESIDE = Path(__file__).parents[3] / "shared" / "tools" / "intercom-contract"


@contextmanager
def described(url: str, log: Path) -> Iterator[str]:
    """The address of a proxy before `url` that lets pass only what the description knows."""
    tool = os.environ.get("INTERCOM_CONTRACT") or shutil.which("intercom-contract") or str(BESIDE)
    if not Path(tool).is_file():
        pytest.skip("no intercom-contract here to hold a load against Intercom's description")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        log.open("wb") as out,
        subprocess.Popen([tool, url, str(port)], stdout=out, stderr=out, start_new_session=True) as proxy,
    ):
        try:
            for _ in range(600):
                try:
                    requests.get(f"http://127.0.0.1:{port}/me", timeout=5)
                    break
                except requests.ConnectionError:
                    if proxy.poll() is not None:
                        pytest.skip(f"the proxy did not start: {log.read_text()[-500:]}")
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            if proxy.poll() is None:
                os.killpg(proxy.pid, signal.SIGKILL)


def test_people_and_companies_are_loaded_as_intercom_describes_it(tmp_path: Path, prepared: Path) -> None:
    shutil.copy(prepared / "intercom.sqlite", tmp_path)
    dataset: Dataset = write_dataset(tmp_path / "firms" / "acme.dataset", firm())
    with running(tmp_path / "intercom.sqlite") as intercom:
        known(intercom, external_id="A-1")
        with (
            misbehaving(intercom.url, lambda *_: None) as front,
            described(front.url, tmp_path / "proxy") as url,
        ):
            desk = Desk(tmp_path, dataset, url, prepared)
            text = desk.mapping.read_text()
            for block in ("user_tags", "user_fields", "organization_fields"):
                start = text.index(f"\n{block}:")
                text = text[:start] + text[text.index("\n\n", start) :]
            # The description knows no attributes of companies but texts, and takes the id of a contact with
            # notes for a number, so that no real one passes.
            desk.mapping.write_text(text + BLOCKS.replace("type: decimal", "type: string"))
            plan = desk.plan(workspace=with_people(desk))
            loaded = desk.load()
            assert (loaded.done, loaded.failures) == (6, ())
            assert plan.by_step["company create"] == 2
            assert plan.by_step["contact tag"] == 1
            assert replace(desk, url=intercom.url).verify().differences == ()
