"""A conversion on a real Dask scheduler with worker processes gives the bytes of one on this machine."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from deskferry.cli.cluster import parts_on
from deskferry.convert.run import convert
from deskferry.schemas.errors import InputError

TICKETS, PADDING = 600, 30_000


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 18 MB of tickets: three parts."""
    path = tmp_path_factory.mktemp("export") / "tickets.json"
    with path.open("w") as file:
        for number in range(1, TICKETS + 1):
            comment = {"id": number, "author_id": 7, "public": True, "body": "b" * PADDING}
            comment |= {"html_body": "b", "created_at": "2024-05-01T10:00:00Z"}
            ticket = {
                "id": number,
                "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json",
                "raw_subject": "s",
                "subject": "s",
                "status": "closed",
                "created_at": "2024-05-01T10:00:00Z",
                "updated_at": "2024-05-01T10:00:00Z",
                "comments": [comment],
            }
            file.write(json.dumps(ticket) + "\n")
    return path


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=50,
    ) as running:
        yield running


def on_cluster(address: str, export: Path, into: Path) -> Any:
    with parts_on(address) as run_parts:
        return convert([export], into, run_parts=run_parts)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_two_worker_processes_give_the_same_bytes_and_so_does_a_lost_one(
    cluster: LocalCluster, export: Path, tmp_path: Path
) -> None:
    convert([export], tmp_path / "here.dataset", workers=1)
    on_cluster(cluster.scheduler_address, export, tmp_path / "there.dataset")
    assert content(tmp_path / "there.dataset") == content(tmp_path / "here.dataset")

    with Client(cluster) as client:
        pids = client.run(os.getpid)
        assert len(set(pids.values()) | {os.getpid()}) == 3
        os.kill(min(pids.values()), signal.SIGKILL)
        while min(pids.values()) in client.run(os.getpid, on_error="ignore").values():
            time.sleep(0.05)
    on_cluster(cluster.scheduler_address, export, tmp_path / "again.dataset")
    assert content(tmp_path / "again.dataset") == content(tmp_path / "here.dataset")


def test_a_scheduler_that_does_not_answer_or_has_no_workers_is_one_line(export: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"), parts_on("tcp://127.0.0.1:1"):
        pass
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=50) as empty,
        pytest.raises(InputError, match="has no workers"),
    ):
        on_cluster(empty.scheduler_address, export, tmp_path / "none.dataset")
    assert not (tmp_path / "none.dataset").exists()
