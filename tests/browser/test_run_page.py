"""A run's page: findings, charts, the way there and back, and TensorBoard's dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import (
    DETECT,
    SEGMENT,
    YOLOV5,
    rows_of,
    scalars_of,
    write_args,
    write_csv,
    write_detect,
    write_events,
)
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.OVERFITTED, logdir / "overfitted")
    trainings.write(trainings.HEALTHY, logdir / "deep" / "a b" / "50% & more")
    write_detect(logdir / "one epoch", range(1, 2))
    write_csv(logdir / "segment", SEGMENT, rows_of(SEGMENT, range(1, 31)))
    write_csv(logdir / "yolov5", YOLOV5, rows_of(YOLOV5, range(30)), padded=True)
    write_events(logdir / "events", scalars_of(DETECT, range(1, 21)))
    write_csv(logdir / "just begun", DETECT, [])
    write_args(logdir / "only arguments", task="detect", mode="train", epochs=10)
    rows = rows_of(DETECT, range(1, 21))
    for row in rows[5:]:
        row["val/box_loss"] = row["val/cls_loss"] = "nan"
    write_csv(logdir / "gaps", DETECT, rows)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def test_a_run_shows_its_findings_charts_and_numbers(tab: Tab, server: Server) -> None:
    run = server.json("data/plugin/runlens/run?run=overfitted")["run"]
    tab.open()
    tab.open_run("overfitted")
    expect(tab.region("Verdict")).to_contain_text(run["headline"])
    findings = tab.region("Findings").get_by_role("heading", level=3)
    expect(findings).to_have_count(len(run["findings"]))
    for finding in run["findings"]:
        expect(tab.region("Findings")).to_contain_text(finding["summary"])
        for advice in finding["advice"]:
            expect(tab.region("Findings")).to_contain_text(advice["text"])
    statistics = tab.region("Best, worst, mean, now")
    expect(statistics.get_by_role("row", name="mAP50-95")).to_contain_text("0.600")
    expect(tab.region("Configuration").get_by_role("row", name="epochs")).to_contain_text("60")


def test_the_loss_chart_has_training_and_validation(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    chart = tab.region("Box loss")
    image = chart.get_by_role("img")
    expect(image).to_have_attribute("aria-label", re.compile("train from .*; val from "))
    expect(image.locator("canvas")).to_be_visible()
    chart.get_by_role("button", name="View as table").click()
    titles = chart.get_by_role("columnheader")
    expect(titles).to_have_text([re.compile("epoch"), "train", "val"])
    expect(chart.get_by_role("row")).to_have_count(61)


def test_a_finding_is_shown_on_the_chart(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    chart = tab.region("Box loss").get_by_role("img")
    expect(chart.locator("canvas")).to_be_visible()
    item = tab.frame.get_by_role("listitem").filter(has=tab.frame.get_by_role("heading", level=3))
    button = item.first.get_by_role("button", name="Show on chart")
    before = chart.screenshot()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    tab.heading.hover()
    assert chart.screenshot() != before
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    tab.heading.hover()
    assert chart.screenshot() == before


def test_the_six_questions_are_answered_beside_the_findings(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    questions = tab.region("Questions")
    expect(questions.get_by_role("term")).to_have_count(6)
    expect(questions.get_by_role("definition").nth(1)).to_contain_text(
        "Yes: validation loss has risen"
    )
    expect(questions.get_by_role("definition").nth(4)).to_contain_text("No: overfits since")


def test_why_gives_the_numbers_behind_a_finding(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    why = tab.region("Findings").get_by_role("button", name="Why").first
    why.click()
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(tab.region("Findings")).to_contain_text("excess")
    expect(tab.region("Findings")).to_contain_text("runlens rules overfitting")


def test_zooming_is_shared_by_the_charts_and_can_be_undone(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    (losses, metrics) = (tab.region("Box loss"), tab.region("Metrics"))
    first = losses.get_by_role("spinbutton", name="first epoch shown")
    first.fill("20")
    first.press("Enter")
    expect(metrics.get_by_role("spinbutton", name="first epoch shown")).to_have_value("20")
    metrics.get_by_role("button", name="Reset zoom").click()
    expect(first).to_have_value("1")


NAME = "deep/a b/50% & more"


def test_a_link_to_a_run_survives_reloads_and_changes_of_tabs(tab: Tab) -> None:
    tab.open(v="run", run=NAME)
    expect(tab.heading).to_have_text(NAME)
    tab.page.reload()
    expect(tab.heading).to_have_text(NAME)
    tab.show_tab("Scalars")
    expect(tab.heading).to_be_hidden()
    tab.show_tab("RunLens")
    expect(tab.heading).to_have_text(NAME)
    tab.page.reload()
    expect(tab.heading).to_have_text(NAME)


def test_the_address_of_an_opened_run_can_be_passed_on(tab: Tab, context: Any) -> None:
    tab.open()
    tab.open_run(NAME)
    elsewhere = context.new_page()
    elsewhere.goto(tab.page.url)
    expect(Tab(elsewhere, tab.url).wait().heading).to_have_text(NAME)


def test_back_and_forward_lead_through_the_pages(tab: Tab) -> None:
    tab.open()
    tab.open_run("overfitted")
    tab.button("← Runs").click()
    expect(tab.run("overfitted")).to_be_focused()
    tab.open_run(NAME)
    for heading in ("RunLens", "overfitted", "RunLens"):
        tab.page.go_back()
        expect(tab.heading).to_have_text(heading)
    tab.page.go_forward()
    expect(tab.heading).to_have_text("overfitted")
    tab.heading.click()
    tab.page.keyboard.press("Escape")
    expect(tab.heading).to_have_text("RunLens")
    expect(tab.run("overfitted")).to_be_visible()


def test_a_run_that_is_gone_is_told_and_the_way_back_is_open(tab: Tab, watched: Any) -> None:
    watched.expected = ("status of 404",)
    tab.open(v="run", run="never there")
    expect(tab.alert).to_contain_text("no run of this name")
    tab.button("← Runs").click()
    expect(tab.run("overfitted")).to_be_visible()


KINDS = ("one epoch", "segment", "yolov5", "events", "just begun", "only arguments", "gaps")


def test_every_kind_of_run_has_a_page(tab: Tab, server: Server) -> None:
    runs = {run["name"]: run for run in server.json("data/plugin/runlens/runs")["runs"]}
    tab.open()
    for name in KINDS:
        tab.open_run(name)
        expect(tab.region("Verdict")).to_contain_text(runs[name]["headline"])
        expect(tab.frame.get_by_text("could not be drawn")).to_have_count(0)
        charts = tab.frame.get_by_role("img", name=re.compile("from .* at epoch"))
        expect(charts).to_have_count(2 if runs[name]["epochs"]["logged"] else 0)
        tab.button("← Runs").click()


def luminance(tab: Tab) -> float:
    """How light the frame's ground is, 0 to 255."""
    colour = tab.frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    return sum(float(number) for number in re.findall(r"[\d.]+", colour)[:3]) / 3


def test_tensorboards_dark_mode_is_followed_both_ways(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    chart = tab.region("Box loss").get_by_role("img")
    expect(chart.locator("canvas")).to_be_visible()
    assert luminance(tab) > 200
    light = chart.screenshot()
    choose_theme(tab.page, "Dark")
    expect(tab.frame.locator(":root")).to_have_css("color-scheme", "dark")
    assert luminance(tab) < 80
    assert chart.screenshot() != light
    # TensorBoard keeps the choice half a second later.
    tab.page.wait_for_function("JSON.stringify(localStorage).includes('dark')")
    tab.page.reload()
    expect(tab.frame.locator(":root")).to_have_css("color-scheme", "dark")
    choose_theme(tab.page, "Light")
    expect(tab.frame.locator(":root")).to_have_css("color-scheme", "light")
    assert luminance(tab) > 200


def choose_theme(page: Any, name: str) -> None:
    page.get_by_role("button", name=re.compile("light or dark theme")).click()
    page.get_by_role("menuitemradio", name=name).or_(
        page.get_by_role("menuitem", name=name)
    ).first.click()
    page.get_by_role("menu").wait_for(state="detached")
