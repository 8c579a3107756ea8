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
    trainings.write(trainings.OVERFITTED.changed(args={"conf": 0.25}), logdir / "raised")
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
    steps = tab.region("What to do next").get_by_role("listitem")
    expect(steps).to_contain_text([step["advice"]["text"] for step in run["steps"]])
    statistics = tab.region("Best, worst, mean, now")
    expect(statistics.get_by_role("row", name="mAP50-95")).to_contain_text("0.600")
    tab.show_part("Config")
    expect(tab.region("Configuration").get_by_role("row", name="epochs")).to_contain_text("60")


def test_the_loss_chart_has_training_and_validation(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    chart = tab.region("Box loss")
    image = chart.get_by_role("img")
    expect(image).to_have_attribute("aria-label", re.compile("train from .*; val from "))
    expect(image.locator("svg.drawing")).to_be_visible()
    chart.get_by_role("button", name="View as table").click()
    titles = chart.get_by_role("columnheader")
    expect(titles).to_have_text([re.compile("epoch"), "train", "val"])
    expect(chart.get_by_role("row")).to_have_count(61)


def test_a_finding_is_shown_on_the_chart(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    chart = tab.region("Box loss").get_by_role("img")
    expect(chart.locator("svg.drawing")).to_be_visible()
    item = tab.frame.get_by_role("listitem").filter(has=tab.frame.get_by_role("heading", level=3))
    button = item.first.get_by_role("button", name="Show")
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
    expect(questions).to_contain_text("Yes: validation loss has risen")
    expect(questions).to_contain_text("No: overfits since")
    for title in ("Losses", "Threshold", "Classes"):
        questions.get_by_role("button", name=f"{title}: ").first.click()
        expect(tab.frame.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
        tab.page.go_back()
        expect(questions).to_be_visible()


def test_why_gives_the_numbers_and_the_rule_in_its_own_words(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="overfitted")
    finding = tab.frame.locator("[data-finding]").first
    why = finding.get_by_role("button", name="Why")
    why.click()
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(finding).to_contain_text("excess")
    rule = server.json("data/plugin/runlens/rule?id=overfitting")
    for text in (rule["title"], rule["says"], rule["why"], rule["decides"], rule["source"]):
        expect(finding).to_contain_text(text.replace("`", ""))
    for limit in rule["limits"]:
        expect(finding).to_contain_text(f"{limit['name']}: {limit['value']:g}")
    expect(finding.locator("code").last).to_have_text(rule["change"])
    why.click()
    expect(finding).not_to_contain_text(rule["decides"])


def test_names_of_arguments_are_set_as_code_in_a_rules_own_words(tab: Tab) -> None:
    tab.open(v="run", run="raised")
    finding = tab.frame.locator("[data-finding]").filter(has_text="Conf raised")
    finding.get_by_role("button", name="Why").click()
    expect(finding.locator("p code").first).to_have_text("conf=")
    expect(finding).to_contain_text("How it decides")
    expect(finding).not_to_contain_text("`")


def test_what_is_shown_and_the_way_back_stay_in_sight(tab: Tab) -> None:
    tab.open_alone(v="run", run="overfitted")
    tab.page.set_viewport_size({"width": 1280, "height": 500})
    tab.frame.locator("[data-finding]").first.get_by_role("button", name="Show").click()
    tab.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(tab.frame.get_by_role("button", name="Show everything")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 380])
def test_on_a_narrow_screen_the_name_keeps_its_line(tab: Tab, width: int) -> None:
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.open_alone(v="run", run="overfitted")
    expect(tab.region("Verdict")).to_be_visible()
    assert tab.heading.bounding_box()["height"] < 30
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.page.evaluate(beyond) == 0


def test_showing_a_finding_leads_to_the_tab_with_its_evidence(tab: Tab) -> None:
    tab.open(v="run", run="raised")
    finding = tab.frame.locator("[data-finding]").filter(has_text="Conf raised")
    finding.get_by_role("button", name="Show").click()
    expect(tab.frame.get_by_role("tab", selected=True)).to_have_text("Config")
    expect(tab.frame.locator(".evidence")).to_be_focused()
    expect(tab.frame.locator("[aria-live]")).to_contain_text("Conf raised")
    strip = tab.frame.locator(".shown-finding")
    expect(strip).to_contain_text("Conf raised")
    strip.get_by_role("button", name="Show everything").click()
    expect(strip).to_have_count(0)
    expect(tab.frame.locator(".evidence")).to_have_count(0)
    tab.page.go_back()
    expect(finding).to_be_visible()


def test_a_muted_rule_is_folded_and_comes_back(tab: Tab, server: Server) -> None:
    headline = server.json("data/plugin/runlens/run?run=raised")["run"]["headline"]
    tab.open(v="run", run="raised")
    findings = tab.region("Findings")
    before = findings.get_by_role("heading", level=3).count()
    finding = tab.frame.locator("[data-finding]").filter(has_text="Conf raised")
    finding.get_by_role("button", name="Mute").click()
    expect(finding).to_have_count(0)
    tab.page.reload()
    tab.wait()
    expect(findings.get_by_role("heading", level=3)).to_have_count(before - 1)
    expect(tab.region("Verdict")).to_contain_text(headline)
    findings.get_by_text("1 muted").click()
    expect(findings).to_contain_text("Conf raised")
    findings.get_by_role("button", name="Unmute").click()
    expect(finding).to_be_visible()


def test_the_fix_of_a_finding_is_copied(tab: Tab, context: Any) -> None:
    def with_fix(route: Any) -> None:
        answer = route.fetch().json()
        advice = answer["run"]["findings"][0]["advice"][0]
        advice["change"] = {"arg": "patience", "from": 100, "to": 20}
        answer["run"]["steps"] = [{"rule": "overfitting", "advice": advice}]
        route.fulfill(json=answer)

    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.page.route("**/runlens/run?*", with_fix)
    tab.open(v="run", run="overfitted")
    tab.region("Findings").get_by_role("button", name="Copy fix").click()
    expect(tab.region("Findings").get_by_role("button", name="Copied")).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()") == "patience=20"
    expect(tab.region("What to do next")).to_contain_text("patience=20")


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def test_without_a_clipboard_a_link_is_copied_all_the_same(tab: Tab) -> None:
    tab.page.add_init_script(NO_CLIPBOARD)
    tab.open(v="run", run="raised", tab="config")
    tab.button("Copy link").click()
    expect(tab.button("Copied")).to_be_visible()
    expect(tab.button("Copy link")).to_be_focused()


def test_where_nothing_can_copy_the_text_is_selected(tab: Tab) -> None:
    tab.page.add_init_script(NO_CLIPBOARD + "; document.execCommand = () => false")
    tab.open(v="run", run="raised", tab="config")
    tab.button("Copy link").click()
    box = tab.frame.get_by_role("textbox", name="link")
    expect(box).to_be_focused()
    expect(box).to_have_value(tab.page.url)
    assert box.evaluate("box => box.selectionEnd - box.selectionStart") == len(tab.page.url)


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
    expect(chart.locator("svg.drawing")).to_be_visible()
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
