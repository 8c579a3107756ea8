"""A run's page when something is missing, broken, too short or too much, and while a training goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import DETECT, csv_text, rows_of, write, write_args, write_csv, write_detect
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .made_up import as_json, confusion_answer
from .tab import Tab, expect

pytestmark = pytest.mark.browser

STALE_S = 2.2
"""After this time the server looks at the disk again."""

PARTS = ("overview", "losses", "threshold", "classes", "confusion", "images", "speed", "config", "files")  # fmt: skip


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.OVERFITTED, logdir / "overfitted")
    write_detect(logdir / "short", range(1, 4), task="detect", mode="train", epochs=30)
    write_args(logdir / "arguments", task="detect", mode="train", epochs=10)
    rows = rows_of(DETECT, range(1, 21))
    for row in rows[5:8]:
        row["val/box_loss"] = "nan"
    write_csv(logdir / "gaps", DETECT, rows)
    half = write_detect(logdir / "half", range(1, 16))
    write(half / "results.csv", (half / "results.csv").read_text()[:-40])
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


@pytest.mark.parametrize("run", ["arguments", "short", "gaps", "half"])
@pytest.mark.parametrize("part", PARTS)
def test_every_tab_of_every_run_says_something(tab: Tab, run: str, part: str) -> None:
    tab.open(v="run", run=run, tab=part)
    panel = tab.frame.get_by_role("tabpanel")
    expect(panel.get_by_role("heading").first).to_be_attached()
    expect(tab.frame.get_by_text("could not be drawn")).to_have_count(0)
    expect(panel).not_to_contain_text("NaN")
    expect(panel).not_to_contain_text("undefined")


def test_an_incomplete_run_names_the_file_that_is_missing(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="arguments", tab="files")
    expected = server.json("data/plugin/runlens/run?run=arguments")["run"]["expected"]
    assert expected
    for one in expected:
        expect(tab.frame.get_by_role("tabpanel")).to_contain_text(one["file"])


def test_a_half_written_table_is_told_above_the_verdict(tab: Tab, server: Server) -> None:
    (problem, *_) = server.json("data/plugin/runlens/run?run=half")["run"]["problems"]
    tab.open(v="run", run="half")
    strip = tab.frame.locator(".notice").filter(has_text=problem["problem"])
    expect(strip).to_be_visible()
    assert strip.bounding_box()["y"] < tab.region("Verdict").bounding_box()["y"]


def test_a_gap_of_nan_breaks_the_line_and_is_a_finding(tab: Tab) -> None:
    tab.open(v="run", run="gaps", loss="box")
    expect(tab.region("Findings")).to_contain_text("not finite in 3 epochs")
    chart = tab.region("Box loss")
    chart.get_by_role("button", name="View as table").click()
    row = chart.get_by_role("row").filter(
        has=tab.frame.get_by_role("rowheader", name="6", exact=True)
    )
    expect(row).to_contain_text("not finite")


def test_too_few_epochs_say_how_many_are_missing(tab: Tab) -> None:
    tab.open(v="run", run="short")
    strip = tab.frame.locator(".notice").filter(has=tab.frame.get_by_role("progressbar"))
    expect(strip).to_contain_text("No verdict yet (3 epochs; needs 10)")
    expect(strip.get_by_role("progressbar")).to_have_attribute("value", "3")
    expect(strip.get_by_role("progressbar")).to_have_attribute("max", "10")


@pytest.mark.parametrize("classes", [1, 81])
def test_one_class_and_very_many_have_forms_of_their_own(tab: Tab, classes: int) -> None:
    tab.page.route(
        "**/confusion?*",
        lambda call: call.fulfill(
            body=as_json(confusion_answer(classes)), content_type="application/json"
        ),
    )
    tab.open(v="run", run="overfitted", tab="confusion")
    said = "class 0 found" if classes == 1 else "The 20 of 81 classes with the most errors"
    expect(tab.region("Confusion").first).to_contain_text(said)


def test_while_a_run_is_read_its_page_has_its_shape(tab: Tab) -> None:
    held: list[Any] = []
    tab.page.route("**/runlens/run?*", lambda call: held.append(call))
    tab.page.goto(f"{tab.url}/#runlens&p.runlens.v=run&p.runlens.run=overfitted")
    status = tab.frame.get_by_role("status").filter(has_text="Reading the run")
    expect(status).to_be_attached()
    assert status.locator(".skeleton").count() >= 4
    expect(tab.heading).to_have_text("overfitted")
    for call in held:
        call.continue_()
    expect(tab.region("Verdict")).to_be_visible()
    expect(status).to_have_count(0)


def test_new_epochs_leave_scroll_focus_tab_and_choices_as_they_are(tab: Tab, logdir: Path) -> None:
    run = write_detect(logdir / "growing", range(1, 13), task="detect", mode="train", epochs=100)
    time.sleep(STALE_S)
    tab.open(v="run", run="growing", tab="losses")
    tab.frame.get_by_role("radio", name="cls").focus()
    tab.page.keyboard.press("Space")
    expect(tab.frame.get_by_role("radio", name="cls")).to_be_checked()
    tab.frame.locator("html").evaluate("page => { page.ownerDocument.defaultView.scrollTo(0, 80) }")
    before = tab.frame.locator("html").evaluate("page => page.ownerDocument.defaultView.scrollY")
    tab.page.wait_for_timeout(STALE_S * 1000)
    with open(run / "results.csv", "a", encoding="utf-8") as file:
        file.write(csv_text(DETECT, rows_of(DETECT, [13])).splitlines()[1] + "\n")
    with tab.page.expect_response("**/runlens/run?*"):
        tab.button("Refresh").evaluate("button => button.click()")
    expect(tab.frame.get_by_role("main")).to_contain_text("13 of 100 epochs")
    expect(tab.frame.get_by_role("radio", name="cls")).to_be_focused()
    expect(tab.frame.get_by_role("radio", name="cls")).to_be_checked()
    expect(tab.frame.get_by_role("tab", selected=True)).to_have_text("Losses")
    after = tab.frame.locator("html").evaluate("page => page.ownerDocument.defaultView.scrollY")
    assert after == before


def test_on_paper_there_is_nothing_to_press(tab: Tab) -> None:
    tab.open_alone(v="run", run="overfitted")
    tab.page.emulate_media(media="print")
    expect(tab.region("Verdict")).to_be_visible()
    expect(tab.region("Findings")).to_be_visible()
    for control in ("Refresh", "Show", "Copy link"):
        expect(tab.frame.get_by_role("button", name=control, exact=True)).to_have_count(0)
    expect(tab.frame.get_by_role("tablist")).to_have_count(0)
    tab.page.set_viewport_size({"width": 700, "height": 1000})
    assert tab.frame.locator(":root").evaluate("root => root.scrollWidth") <= 700
