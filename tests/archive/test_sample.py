"""The sample company, converted and archived: every form is mapped whole without editing."""

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from deskferry.archive.build import build
from deskferry.archive.decide import decide, summary
from deskferry.archive.map_check import coverage
from deskferry.archive.map_init import default_mapping
from deskferry.archive.query import run_query
from deskferry.convert.run import convert
from deskferry.schemas.dataset import Dataset
from deskferry.schemas.decision import Target
from deskferry.schemas.entities import ENTITIES
from deskferry.schemas.mapping import Mapping, parse_mapping


@pytest.fixture(scope="module", params=["official", "api", "csv"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    with as_file(files("deskferry.sample_exports").joinpath(request.param)) as folder:
        into = tmp_path_factory.mktemp("sample") / f"{request.param}.dataset"
        made = convert([folder], into, timezone="Europe/Oslo" if request.param == "csv" else None)
    build(made)
    return made


@pytest.fixture(scope="module")
def mapping(dataset: Dataset) -> Mapping:
    return parse_mapping(default_mapping(dataset.archive), path=Path("sample.mapping.yaml"))


def test_every_record_is_in_its_table(dataset: Dataset) -> None:
    lines = {entity: dataset.file(entity).read_bytes().count(b"\n") for entity in ENTITIES}
    counts = ", ".join(f'(select count(*) from "{entity}")' for entity in ENTITIES)
    assert run_query(dataset.archive, f"select {counts}").rows == [tuple(lines.values())]


def test_the_default_mapping_is_complete_and_decides_every_ticket_once(
    dataset: Dataset, mapping: Mapping
) -> None:
    assert coverage(dataset.archive, mapping).unmapped == []
    decisions = list(decide(dataset.archive, mapping))
    [(tickets,)] = run_query(dataset.archive, "select count(*) from tickets").rows
    assert len({decision.ticket_id for decision in decisions}) == len(decisions) == tickets > 0
    assert sum(share.tickets for share in summary(dataset.archive, mapping)) == tickets


def test_a_ticket_is_loaded_only_if_a_customer_could_see_it(dataset: Dataset, mapping: Mapping) -> None:
    seen = {
        id
        for (id,) in run_query(dataset.archive, "select distinct ticket_id from comments where public").rows
    }
    loaded = {d.ticket_id for d in decide(dataset.archive, mapping) if d.target is Target.CONVERSATION}
    assert loaded <= seen
    merged = run_query(dataset.archive, "select id from ticket_overview where merged_into is not null").rows
    assert not loaded & {id for (id,) in merged}


def test_the_overview_has_each_ticket_once_and_the_thread_each_comment(dataset: Dataset) -> None:
    for view, table in (("ticket_overview", "tickets"), ("comment_thread", "comments")):
        [(rows, ids, records)] = run_query(
            dataset.archive,
            f"select count(*), count(distinct id), (select count(*) from {table}) from {view}",
        ).rows
        assert rows == ids == records
