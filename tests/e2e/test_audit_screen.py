"""What `audit` and `search` print of the sample company, and that the costs are those a plan really has."""

import re
from pathlib import Path
from typing import Any

import pytest

from deskferry.cli import reference_audit

from .conftest import Run

Demo = tuple[dict[str, Any], Path]
PAGE = Path(__file__).parent.parent.parent / "docs" / "audit.md"


def test_the_screen_counts_and_names_what_stops_and_what_is_to_be_decided(deskferry: Run, demo: Demo) -> None:
    dataset = demo[0]["files"]["dataset"]
    ran = deskferry("audit", dataset)
    assert ran.code == 0, ran.err
    first, *lines = ran.out.splitlines()
    rest = [line for line in lines if not line.startswith("       -> ")]  # what to do about what stops
    counts = re.fullmatch(
        r"(\d+) questions, \S+ \S+: (\d+) stop, (\d+) decide, (\d+) know, (\d+) fine", first
    )
    assert counts is not None, first
    questions, stop, decide, *others = map(int, counts.groups())
    assert questions == stop + decide + sum(others) >= 58
    kinds = [line[:6] for line in rest]
    assert kinds[:stop] == ["STOP  "] * stop
    assert len(lines) - len(rest) == stop
    assert kinds[stop : stop + decide] == ["DECIDE"] * decide
    table = rest[stop + decide : -1]
    assert table[0].split() == ["COST", "form", "calls", "at", "167/10", "s", "at", "1,667/10", "s"]
    assert [line[7:16].strip() for line in table[1:]] == ["bare", "one note", "messages", "ticket"]
    assert rest[-1] == f"next: deskferry audit {dataset} --html audit.html"
    [former] = [line for line in rest if line.startswith("STOP") and "former agent" in line]
    assert "tomoko@haldenbikes.test" in former


def test_the_object_has_exactly_the_keys_that_are_promised(deskferry: Run, demo: Demo) -> None:
    found = deskferry("audit", demo[0]["files"]["dataset"], "--json").json
    assert set(found) == {"type", "questions", "findings"}
    assert found["questions"] == len(found["findings"])
    for finding in found["findings"]:
        assert set(finding) == {"id", "group", "severity", "count", "examples", "advice"}
        assert finding["severity"] in ("STOP", "DECIDE", "KNOW", "fine")
    assert "risk" not in {finding["group"] for finding in found["findings"]}


def test_the_costs_are_what_a_plan_counts(deskferry: Run, demo: Demo) -> None:
    plan = demo[0]["plan"]
    planned = plan["calls"] - plan["setup"]
    found = deskferry("audit", demo[0]["files"]["dataset"], "--json", "--group", "cost").json["findings"]
    by_id = {finding["id"]: finding for finding in found}
    assert by_id["cost_calls"]["count"] == planned
    causes = {one["cause"]: one["calls"] for one in by_id["cost_policies"]["examples"]}
    counted = {
        "contacts": "contact create",
        "conversations": "conversation create",
        "transcripts": "conversation note",
        "attributes": "conversation update",
        "tags": "conversation tag",
        "closing": "conversation close",
    }
    assert {cause: causes[cause] for cause in counted} == {
        cause: plan["by_step"].get(step, 0) for cause, step in counted.items()
    }
    # a company is looked for before it is made
    steps = plan["by_step"]
    assert causes["companies"] == 2 * steps["company create"] + steps["membership create"] > 2
    assert by_id["cost_verify"]["count"] == demo[0]["verify"]["checked"]


def test_the_cost_of_tickets_is_what_a_plan_of_them_counts(
    deskferry: Run, demo: Demo, tmp_path: Path
) -> None:
    files = demo[0]["files"]
    mapping = Path(files["mapping"]).read_text()
    mapping = mapping.replace("conversation: note", 'ticket: "From Zendesk"')
    kind = 'ticket_types: {values: {"From Zendesk": {category: customer}}}\n\npeople:\n'
    start, end = mapping.index("ticket_types:\n"), mapping.index("\npeople:\n") + len("\npeople:\n")
    (tmp_path / "t.yaml").write_text(mapping[:start] + kind + mapping[end:])
    plan = deskferry("plan", files["dataset"], "--mapping", "t.yaml", "--to", "sandbox", "--json").json
    assert plan["refused"] == []
    found = deskferry("audit", files["dataset"], "--json", "--only", "cost_calls").json["findings"]
    calls = {one["form"]: one["calls"] for finding in found for one in finding["examples"]}
    assert calls["ticket"] == plan["calls"] - plan["setup"]


def test_questions_are_chosen_by_group_and_id_and_unknown_ones_are_named(
    deskferry: Run, demo: Demo, tmp_path: Path
) -> None:
    dataset = demo[0]["files"]["dataset"]
    ids = [
        one["id"] for one in deskferry("audit", dataset, "--json", "--only", "staff_left").json["findings"]
    ]
    assert ids == ["staff_left"]
    groups = {one["group"] for one in deskferry("audit", dataset, "--json", "--risk").json["findings"]}
    assert "risk" in groups
    shown = deskferry("audit", dataset, "--group", "risk").out
    assert "fine   0 comments hold a card number" in shown
    for words in (["--group", "nothing"], ["--only", "nothing"], ["--queries", "nowhere"]):
        ran = deskferry("audit", dataset, *words)
        assert (ran.code, ran.out) == (1, "")
        assert words[1] in ran.err


def test_the_example_of_the_page_runs_as_it_stands(deskferry: Run, demo: Demo, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    [example] = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "sales_big_customers.sql").write_text(example)
    ran = deskferry("audit", demo[0]["files"]["dataset"], "--queries", tmp_path / "mine", "--group", "sales")
    assert ran.code == 0, ran.err
    assert "DECIDE" in ran.out
    assert "have three tickets or more" in ran.out


def test_the_page_is_what_the_questions_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_audit.reference(), (
        "stale; write it anew: python -m deskferry.cli.reference_audit > docs/audit.md"
    )


def test_search_prints_a_line_a_hit_with_the_text_marked(deskferry: Run, demo: Demo) -> None:
    dataset = demo[0]["files"]["dataset"]
    head, *hits, last = deskferry("search", dataset, "THANK you", "--public", "--limit", "2").out.splitlines()
    assert re.fullmatch(r"\d+ comments, the newest 2 of them", head)
    assert len(hits) == 2
    for hit in hits:
        line = r"#\d+  \d{4}-\d\d-\d\d \d\d:\d\d  .+  public  .*\*\*[Tt]hank you\*\*.*"
        assert re.fullmatch(line, hit)
    assert last.startswith("next: deskferry sql ")


@pytest.mark.parametrize("text", ["no such words", "'); drop table tickets; --"])
def test_search_says_when_it_finds_nothing(deskferry: Run, demo: Demo, text: str) -> None:
    ran = deskferry("search", demo[0]["files"]["dataset"], text)
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"nothing found: no comment holds '{text}'"
    assert ran.out.splitlines()[-1].startswith("next: ")


def test_search_says_when_its_filters_keep_out_what_there_is(deskferry: Run, demo: Demo) -> None:
    dataset = demo[0]["files"]["dataset"]
    there = deskferry("search", dataset, "thank you", "--json").json["found"]
    why = f"nothing found with these filters; {there} comments hold 'thank you' without them"
    lines = deskferry("search", dataset, "thank you", "--tag", "no_such_tag").out.splitlines()
    assert lines[:2] == [why, "no ticket has the tag 'no_such_tag'"]
    assert deskferry("search", dataset, "thank you", "--from", "2099-01-01").out.splitlines()[0] == why
    asked = deskferry("search", dataset, "no such words", "--requester", "no such body").out.splitlines()
    assert asked[:2] == [
        "nothing found: no comment holds 'no such words'", "no ticket is of a requester 'no such body'",
    ]  # fmt: skip
