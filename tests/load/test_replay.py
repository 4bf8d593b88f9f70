"""Whole loads against a real sandbox."""

import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from deskferry.load.ledger import open_ledger
from deskferry.load.ledger_file import default_ledger
from deskferry.load.replay import load
from deskferry.load.status import status
from deskferry.load.target import open_target
from deskferry.schemas.errors import InputError, RefusedError

from .conftest import BEN, SNAPSHOT, Desk, Intercom, company, misbehaving, running, write_dataset


def test_a_load_puts_every_planned_conversation_where_verify_finds_no_difference(
    desk: Desk, intercom: Intercom
) -> None:
    planned = desk.planned()
    loaded = desk.load()
    assert (loaded.done, loaded.failed, loaded.in_doubt, loaded.left) == (6, 0, 0, 0)
    assert loaded.stopped is None
    assert loaded.calls == planned + 7, "the snapshot is all that is read"
    assert loaded.preflight == 7
    assert intercom.counts["conversations"] == 6
    assert intercom.counts["notifications"] == 0
    verified = desk.verify()
    assert verified.differences == ()
    assert verified.checked == 6 + 3


def test_a_second_load_makes_no_call_and_needs_no_target(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    before = intercom.counts["requests"]
    again = desk.load()
    assert (again.calls, again.done, again.skipped) == (0, 6, 6)
    assert intercom.counts["requests"] == before
    intercom.stop()
    assert desk.load().calls == 0


def test_a_finished_plan_is_not_called_done_for_another_workspace(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    desk.load()
    with (
        running(tmp_path / "fresh.sqlite", snapshot=SNAPSHOT) as fresh,
        pytest.raises(RefusedError, match=r"the target is workspace \w{8}, the plan is for \w{8}"),
    ):
        desk.load(url=fresh.url)


def test_a_finished_plan_makes_no_new_sandbox_and_knows_the_old_one_without_a_call(
    desk: Desk, intercom: Intercom
) -> None:
    desk.planned()
    desk.load()
    intercom.stop()
    new = desk.folder / "fresh.sqlite"
    with pytest.raises(RefusedError, match="the target is a new sandbox, the plan is for"):
        desk.load(url=f"sandbox:{new}")
    assert not new.exists()
    assert desk.load(url=f"sandbox:{desk.folder / 'intercom.sqlite'}").calls == 0
    new.write_text("no sandbox")
    with pytest.raises(InputError, match="not a sandbox state"):
        desk.load(url=f"sandbox:{new}")


def test_another_address_of_the_same_workspace_is_asked_once_who_it_is(desk: Desk) -> None:
    desk.planned()
    desk.load()
    with misbehaving(desk.url, lambda *_: None) as proxy:
        assert desk.load(url=proxy.url).calls == 1
        assert proxy.seen == [("GET", "/me")]
        assert desk.load(url=proxy.url).calls == 0


def test_open_conversations_come_last_and_stay_open(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    made = sorted(
        intercom.get("/conversations?per_page=150")["conversations"], key=lambda item: int(item["id"])
    )
    assert [item["state"] for item in made] == ["closed"] * 5 + ["open"]


def test_two_tickets_of_one_second_get_two_seconds(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    seconds = [item["created_at"] for item in intercom.content()]
    assert len(seconds) == len(set(seconds)) == 6


def test_a_larger_plan_on_the_same_ledger_sends_only_what_is_new(desk: Desk, intercom: Intercom) -> None:
    desk.plan("small.plan", limit=2)
    assert desk.load("small.plan").done == 2
    desk.plan("all.plan")
    loaded = desk.load("all.plan")
    assert (loaded.done, loaded.skipped, loaded.changed_count) == (6, 2, 0)
    assert intercom.counts["conversations"] == 6
    assert desk.verify("all.plan").differences == ()


def test_what_changed_since_is_reported_and_not_sent(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    before = intercom.content()
    desk.change_mapping("timezone: UTC", "timezone: Asia/Tokyo")
    desk.plan("later.plan")
    loaded = desk.load("later.plan")
    assert loaded.calls == 0
    assert {change.step for change in loaded.changed} == {"note"}
    assert loaded.changed_count == 6
    assert intercom.content() == before


def test_a_ticket_the_target_refuses_is_a_failed_row_in_its_words_and_the_run_goes_on(
    desk: Desk, intercom: Intercom
) -> None:
    desk.planned()
    archived = intercom.post("/contacts", {"role": "user", "email": "ben@x.test"})
    intercom.post(f"/contacts/{archived['id']}/archive", {})
    loaded = desk.load()
    assert (loaded.done, loaded.failed) == (4, 2)
    assert [(failure.kind, failure.key) for failure in loaded.failures] == [("contact", str(BEN))]
    assert "archived contact" in loaded.failures[0].error
    found = status(loaded.ledger)
    assert [failure.key for failure in found.failed] == [str(BEN)]
    again = desk.load()
    assert (again.calls, again.failed) == (0, 2)


def test_the_same_refusal_again_and_again_stops_the_run(desk: Desk, tmp_path: Path) -> None:
    many = company()
    many["tickets"] = [{**many["tickets"][0], "id": number} for number in range(1, 41)]
    many["comments"] = [{**many["comments"][0], "ticket_id": number, "id": number} for number in range(1, 41)]
    desk.dataset = write_dataset(tmp_path / "many" / "acme.dataset", many)
    assert desk.plan().tickets == 40
    with misbehaving(desk.url, lambda _, path, __: "reject" if path == "/conversations" else None) as proxy:
        loaded = desk.load(url=proxy.url)
    assert loaded.stopped == "25 failures of one kind in a row (parameter_invalid)"
    assert 25 <= loaded.failed < 40, "what was under way is finished"
    assert (loaded.left, loaded.done) == (40 - loaded.failed, 0)
    assert loaded.failures[0].error == "400 parameter_invalid: body is no good"
    assert desk.load().done == 40 - loaded.failed, "what failed is not sent again, the rest is"


def test_a_few_failures_do_not_stop_a_run(desk: Desk) -> None:
    desk.planned()
    with misbehaving(desk.url, lambda _, path, __: "reject" if path.endswith("/reply") else None) as proxy:
        loaded = desk.load(url=proxy.url)
    assert (loaded.stopped, loaded.failed) == (None, 6)
    assert {failure.step for failure in loaded.failures} == {"note"}
    assert status(loaded.ledger).finished, "what was refused is not left"
    verified = desk.verify()
    assert {difference.symbol for difference in verified.differences} >= {"!"}


def test_nobody_there_is_one_line(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    intercom.stop()
    with pytest.raises(InputError, match=r"cannot reach http://127.0.0.1:.*nobody listens") as caught:
        desk.load()
    assert "\n" not in str(caught.value)
    assert desk.waits == [], "a port nobody listens on is not waited for"


def test_a_wrong_token_is_one_line_without_the_token(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    with running(tmp_path / "strict.sqlite", snapshot=SNAPSHOT, token="right") as strict:
        environ = {"INTERCOM_ACCESS_TOKEN": "wr0ng-token"}
        with open_target(strict.url, beside=tmp_path, workspace_name=None, environ=environ) as target:
            with pytest.raises(InputError, match="401 unauthorized: Access Token Invalid") as caught:
                load(tmp_path / "try.plan", target=target)
            assert "wr0ng-token" not in f"{caught.value!r} {caught.value} {target!r} {target.client()!r}"


def test_a_second_loader_is_refused_while_one_is_at_work(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    workspace = desk.snapshot()["id"]
    path = default_ledger(tmp_path / "try.plan", "acme", workspace)
    with (
        open_ledger(path, workspace_id=workspace, account="acme"),
        pytest.raises(RefusedError, match=r"another loader is at work on this ledger \(process \d+\)"),
    ):
        desk.load()


def test_a_ledger_of_another_workspace_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    path = tmp_path / "other.ledger"
    with open_ledger(path, workspace_id="other", account="acme"):
        pass
    with pytest.raises(RefusedError, match="belongs to workspace other and account acme"):
        desk.load(ledger=path)


def test_changed_inputs_are_refused(desk: Desk, tmp_path: Path) -> None:
    desk.planned()
    desk.change_mapping("timezone: UTC", "timezone: Asia/Tokyo")
    with pytest.raises(RefusedError, match="the mapping changed since the plan was made"):
        desk.load()
    desk.change_mapping("timezone: Asia/Tokyo", "timezone: UTC")
    manifest = Path(desk.dataset.path) / "manifest.json"
    text = manifest.read_text()
    try:
        manifest.write_text(text.replace(desk.dataset.digest, "f" * 64))
        with pytest.raises(RefusedError, match="the dataset changed since the plan was made"):
            desk.load()
    finally:
        manifest.write_text(text)


def test_drift_is_refused_before_anything_is_sent(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    made = {"name": "zendesk_status", "data_type": "integer"}
    intercom.post("/conversations/attributes", made)
    with pytest.raises(RefusedError, match="zendesk_status is integer, not string"):
        desk.load()
    assert intercom.counts["conversations"] == intercom.counts["contacts"] == 0


def test_an_attribute_somebody_made_meanwhile_is_taken_over(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    intercom.post("/conversations/attributes", {"name": "zendesk_status", "data_type": "string"})
    assert desk.load().done == 6
    counts = status(default_ledger(desk.folder / "try.plan", "acme", desk.snapshot()["id"])).counts
    adopted = {(count.kind, count.count) for count in counts if count.origin == "adopted"}
    assert ("conversation_attribute", 1) in adopted
    assert desk.verify().differences == ()


def test_ctrl_c_finishes_the_call_in_flight_and_the_next_load_goes_on(desk: Desk, intercom: Intercom) -> None:
    planned = desk.planned()
    calls = 0

    class Counting:
        def start(self, *args: Any, **more: Any) -> None: ...
        def warn(self, text: str) -> None: ...
        def tell(self, text: str) -> None: ...
        def advance(self, amount: int = 1) -> None:
            nonlocal calls
            calls += amount
            if calls == 40:
                signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread()
    with pytest.raises(KeyboardInterrupt):
        desk.load(progress=Counting())
    ledger = default_ledger(desk.folder / "try.plan", "acme", desk.snapshot()["id"])
    found = status(ledger)
    assert found.in_doubt == ()
    made = sum(count.count for count in found.counts)
    assert 40 <= made < planned
    assert not found.finished
    loaded = desk.load()
    assert loaded.done == 6
    assert loaded.calls == planned - made + 7
    assert status(ledger).finished
    assert desk.verify().differences == ()
