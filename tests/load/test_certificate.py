"""The certificate claims what was read, counts every ticket once, and names each reason to wait."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from deskferry.load.certificate import certify
from deskferry.load.certificate_lines import accepted, lines, title
from deskferry.load.certificate_page import page
from deskferry.schemas.canonical import digest
from deskferry.schemas.dataset import Dataset

from .conftest import ANNA, BEN, Desk, Intercom, comments, company, ticket, write_dataset

HOSTILE = "<script>document.title = 'owned'</script> & \"quoted\" \u202e"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REHEARSAL = "this was a rehearsal in a sandbox"
CLASSES = ("here", "archive_only", "elsewhere", "left", "in_doubt", "failed", "refused", "unaccounted")


def certified(desk: Desk, name: str = "try.plan", **more: Any) -> dict[str, Any]:
    return certify(desk.folder / name, desk.verify(name, **more), now=1_900_000_000.0)


def told(facts: dict[str, Any]) -> dict[str, str]:
    return dict(lines(facts))


def test_a_whole_move_may_end_zendesk(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    facts = certified(desk)
    assert facts["not_yet"] == [REHEARSAL]
    tickets = facts["tickets"]
    assert [tickets[name] for name in CLASSES] == [6, 1, 0, 0, 0, 0, 0, 0]
    assert tickets["in_export"] == sum(tickets[name] for name in CLASSES) == 7
    assert tickets["reasons"] == {"Deleted in Zendesk": 1}
    assert tickets["read_back"] == 6
    assert facts["customers"] == {"internal": 6, "shown": 0}
    assert facts["undo"] == {"created": 6, "people_created": 3, "adopted": 0, "answered": 0}
    assert facts["reports"]["closes"] == 5
    assert told(facts)["CANCEL ZENDESK?"] == f"NOT YET: {REHEARSAL}"
    assert told({**facts, "cancel": True})["CANCEL ZENDESK?"] == "YES"
    assert title(facts).startswith('acme.zendesk.com -> Intercom "Rehearsal" (sandbox, ')


def test_the_sum_stands_over_all_facts_but_itself(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    facts = certified(desk)
    assert facts["sha256"] == digest({key: value for key, value in facts.items() if key != "sha256"})
    assert set(facts["digests"]) == {"dataset", "mapping", "templates", "workspace", "plan"}
    assert facts["sha256"] in accepted(facts)
    assert json.loads(json.dumps(facts)) == facts


def test_what_is_in_no_plan_is_unaccounted_and_what_another_plan_loaded_is_not(
    desk: Desk, intercom: Intercom
) -> None:
    desk.plan("one.plan", tickets=[1, 2])
    desk.load("one.plan")
    facts = certified(desk, "one.plan")
    assert [facts["tickets"][name] for name in CLASSES] == [2, 0, 0, 0, 0, 0, 0, 5]
    assert facts["not_yet"] == [REHEARSAL, "5 tickets are in no plan"]
    desk.plan("two.plan", tickets=[3, 4, 5, 6, 7])
    desk.load("two.plan")
    facts = certified(desk, "two.plan")
    assert [facts["tickets"][name] for name in CLASSES] == [4, 1, 2, 0, 0, 0, 0, 0]
    assert facts["not_yet"] == [REHEARSAL, "2 tickets were loaded by other plans: verify those, too"]


def test_what_is_not_loaded_yet_is_left_and_missing(desk: Desk, intercom: Intercom) -> None:
    desk.plan("one.plan", tickets=[1])
    desk.load("one.plan")
    desk.planned()
    facts = certified(desk)
    assert (facts["tickets"]["here"], facts["tickets"]["left"], facts["tickets"]["missing"]) == (1, 5, 5)
    assert "5 tickets are planned and not loaded" in facts["not_yet"]


def test_a_sample_says_so_and_ends_nothing(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    facts = certified(desk, sample=0.5)
    assert facts["sample"]["of"] == 9
    said = f"this was a sample: {facts['sample']['checked']} of 9 things were read"
    assert facts["not_yet"] == [REHEARSAL, said]
    assert "no others" in told(facts)["A SAMPLE"]
    assert "A sample only" in page(facts)


def test_what_people_added_is_listed_and_no_reason_to_wait(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    one = intercom.get("/conversations?per_page=150")["conversations"][0]
    reply = {"type": "user", "message_type": "comment", "body": "One more thing"}
    who = {"intercom_user_id": one["contacts"]["contacts"][0]["id"]}
    intercom.post(f"/conversations/{one['id']}/reply", reply | who)
    facts = certified(desk)
    assert (facts["not_yet"], facts["undo"]["answered"]) == ([REHEARSAL], 1)
    (line,) = facts["additions"]
    assert line.startswith("+ conversation")
    assert " by user " in line
    assert "1 of them were answered since" in told(facts)["Undo"]


def test_an_internal_text_that_customers_see_stops_all(desk: Desk, intercom: Intercom) -> None:
    desk.planned()
    desk.load()
    one = intercom.get("/conversations?per_page=150")["conversations"][0]
    leak = {"type": "admin", "message_type": "comment", "admin_id": "1", "body": "Internal word"}
    intercom.post(f"/conversations/{one['id']}/reply", leak | {"skip_notifications": True})
    facts = certified(desk)
    assert facts["customers"]["shown"] == 1
    assert "1 internal texts can be seen by customers" in facts["not_yet"]


@pytest.fixture(scope="module")
def with_files(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """One ticket with files that cannot be delivered, each for another reason; rebuilt and damaged lines."""
    base = {"ticket_id": 1, "comment_id": 13}
    files = [
        {**base, "id": 1, "file_name": "link.pdf", "content_url": "https://x.test/1", "size": 5},
        {**base, "id": 2, "file_name": "gone.pdf", "deleted": True},
        {**base, "id": 3, "file_name": "bad.exe", "malware_scan_result": "malware_found"},
        {**base, "id": 4},
    ]
    records = company(
        tickets=[ticket(1, ANNA), ticket(2, BEN)],
        comments=[*comments(1, ANNA), *comments(2, BEN)],
        attachments=files,
    )
    return write_dataset(tmp_path_factory.mktemp("files") / "acme.dataset", records)


def test_each_lost_file_has_a_line_with_its_reason(
    tmp_path: Path, with_files: Dataset, prepared: Path, intercom: Intercom
) -> None:
    desk = Desk(tmp_path, with_files, intercom.url, prepared)
    desk.plan()
    desk.load()
    facts = certified(desk)
    assert facts["files"] == {
        "of_tickets": 4,
        "delivered": 0,
        "lost": 4,
        "reasons": {
            "deleted in Zendesk (redacted)": 1,
            "malware found": 1,
            "the export has neither bytes nor link": 1,
            "the export has only a link": 1,
        },
        "decided_by": None,
    }
    assert facts["not_yet"] == [REHEARSAL, "4 lost files need a decision: sign `attachments` in the mapping"]
    table = (tmp_path / "acme.lost-files.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == 5
    assert table[1].startswith("1,")
    assert ",link.pdf,5,,True,the export has only a link,https://x.test/1" in table[1]
    assert [line.split(",")[2] for line in table[1:]] == ["link.pdf", "gone.pdf", "bad.exe", "file 4"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def hostile(facts: dict[str, Any]) -> dict[str, Any]:
    """The same with words of strangers wherever words of strangers can stand."""
    changed: dict[str, Any] = json.loads(json.dumps(facts))
    changed |= {"cancel": False, "not_yet": [HOSTILE * 5], "by_hand": [{"count": 1, "text": HOSTILE}]}
    changed["workspace"]["name"] = HOSTILE
    changed["tickets"]["reasons"] = {HOSTILE: 3, "x" * 300: 4}
    changed["differences"] = changed["additions"] = [f"* conversation 1  title: {HOSTILE}{'y' * 400}"] * 300
    changed["read"]["symbols"] |= {"*": 300, "+": 400}
    changed["signatures"][0] |= {"by": HOSTILE, "date": "2026-01-01"}
    changed["files"] |= {"delivered": 3, "lost": 2}
    return changed


@pytest.mark.parametrize("width", [1100, 360])
def test_a_browser_shows_the_page_whole_and_loads_nothing(
    desk: Desk, intercom: Intercom, browser: Browser, tmp_path: Path, width: int
) -> None:
    desk.planned()
    desk.load()
    facts = hostile(certified(desk))
    file = tmp_path / "certificate.html"
    file.write_text(page(facts), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: said.append(message.text))
    shown.goto(file.as_uri())
    assert (asked, said) == ([file.as_uri()], [])
    assert shown.title() != "owned"
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.locator("dt").all_inner_texts() == [label for label, _ in lines(facts)]
    bars = shown.locator("figure[data-plot] .bar")
    assert bars.count() == 2
    tickets = bars.nth(0).locator("span")
    boxes = [tickets.nth(index).bounding_box() for index in range(tickets.count())]
    widths = [box["width"] for box in boxes if box]
    assert widths[0] == pytest.approx(6 * widths[1], rel=0.05)
    assert "100 more" in shown.locator("#differences").inner_text()
    assert shown.pdf(format="A4").startswith(b"%PDF")
    shown.close()
