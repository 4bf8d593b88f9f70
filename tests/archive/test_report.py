"""The audit as a page: escaped, self-contained, readable in a real browser, on a telephone, on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from deskferry.archive.ask import Finding, Series
from deskferry.archive.draw import draw
from deskferry.archive.question import Plot, Question, SeriesQuestion, Severity
from deskferry.archive.report import report

HOSTILE = "<script>document.title = 'owned'</script> $x^2$ & \"quoted\" \x00\u202e"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def series(kind: Plot = Plot.BAR, *, by: str | None = None, rows: Any = None) -> Series:
    columns = ["x", "y", *([by] if by else [])]
    question = SeriesQuestion(
        kind=kind, title=f"Plot {HOSTILE}", x="x", y="y", by=by, sql="select 1", where="here"
    )
    return Series(question, columns, rows or [(HOSTILE, 3), ("b", 4), (None, None)])


def finding(severity: Severity, *plots: Series, name: str = "people_one") -> Finding:
    question = Question(
        id=name,
        group="people",
        title=f"Title {HOSTILE}",
        severity=severity,
        zero=Severity.FINE,
        says="",
        advice=f"Advice {HOSTILE}",
        columns={},
        sql="",
        series=(),
        where="",
    )
    return Finding(
        question=question,
        severity=severity,
        count=1,
        examples=[HOSTILE, {"name": HOSTILE, "tickets": [1, 2]}, "x" * 400],
        text=f"Text {HOSTILE}",
        values={},
        series=plots,
    )


def page(*findings: Finding) -> str:
    return report(findings, account=HOSTILE, digest="d" * 64, asked="today")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


MONTHS = [(f"2024-{month:02d}", month * 10, kind) for month in range(1, 13) for kind in ("email", "web")]
EVERY_KIND = (
    series(),
    series(rows=[(f"name {number} {'long ' * 20}", number) for number in range(40)]),
    series(Plot.BAR, by="channel", rows=MONTHS),
    series(Plot.LINE, by="channel", rows=MONTHS),
    series(Plot.LINE, rows=[("2024-05-01", 0.5)]),
    series(Plot.LINE, rows=[("p50", 1), ("p90", 20)]),
)


def test_text_of_the_export_is_never_markup() -> None:
    written = page(finding(Severity.STOP, *EVERY_KIND), finding(Severity.FINE, name="people_two"))
    assert "<script" not in written
    assert "&lt;script&gt;" in written


def test_equal_series_are_drawn_as_equal_bytes_and_each_under_its_name() -> None:
    for one in EVERY_KIND:
        assert draw(one, name="a") == draw(one, name="a")
    assert "<!DOCTYPE" not in draw(series(), name="a")


def test_a_page_without_findings_says_so() -> None:
    assert "Nothing stops the move" in page()


@pytest.mark.parametrize("width", [1100, 360])
def test_a_browser_shows_every_plot_and_loads_nothing(browser: Browser, tmp_path: Path, width: int) -> None:
    file = tmp_path / "audit.html"
    file.write_text(
        page(finding(Severity.STOP, *EVERY_KIND), finding(Severity.FINE, name="people_two")),
        encoding="utf-8",
    )
    asked: list[str] = []
    said: list[str] = []
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: said.append(message.text))
    shown.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert said == []
    assert shown.title() != "owned"
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    figures = shown.locator("figure[data-plot] svg")
    assert figures.count() == len(EVERY_KIND)
    for index in range(figures.count()):
        box = figures.nth(index).bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 80
    shown.close()


def test_it_prints_on_paper(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "audit.html"
    file.write_text(page(finding(Severity.DECIDE, *EVERY_KIND)), encoding="utf-8")
    shown = browser.new_page()
    shown.goto(file.as_uri())
    assert shown.pdf(format="A4").startswith(b"%PDF")
    shown.close()
