"""The keyboard on a run's page: tabs, findings, runs, the help, and how its keys are switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

TABS = [
    *("Overview", "Losses", "Threshold", "Classes", "Confusion", "Images"),
    *("LR & speed", "Config", "Files"),
]


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.OVERFITTED, logdir / "overfitted")
    trainings.write(trainings.OVERFITTED.changed(args={"conf": 0.25}), logdir / "raised")
    trainings.write(trainings.HEALTHY, logdir / "healthy")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def press(tab: Tab, *keys: str) -> None:
    for key in keys:
        tab.page.keyboard.press(key)


def chosen(tab: Tab) -> Any:
    return tab.frame.get_by_role("tab", selected=True)


def names_of(server: Server) -> list[str]:
    """In the order of the Runs page."""
    return [run["name"] for run in server.json("data/plugin/runlens/runs")["runs"]]


def test_digits_change_the_tab_and_the_address_follows(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    tab.heading.click()
    for number, title in enumerate(TABS, 1):
        press(tab, str(number))
        expect(chosen(tab)).to_have_text(title)
    expect(tab.page).to_have_url(re.compile(r"p\.runlens\.tab=files"))
    tab.page.go_back()
    expect(chosen(tab)).to_have_text("Config")


def test_arrows_move_between_the_tabs(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    tab.frame.get_by_role("tab", name="Overview").focus()
    press(tab, "ArrowRight")
    expect(chosen(tab)).to_have_text("Losses")
    expect(chosen(tab)).to_be_focused()
    press(tab, "End")
    expect(chosen(tab)).to_have_text("Files")
    press(tab, "ArrowRight")
    expect(chosen(tab)).to_have_text("Overview")
    expect(tab.frame.get_by_role("tabpanel", name="Overview")).to_be_visible()


def test_the_page_has_the_keyboard_as_soon_as_it_is_open(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    expect(tab.heading).to_be_focused()
    press(tab, "2")
    expect(chosen(tab)).to_have_text("Losses")


def test_findings_are_walked_through_and_shown(tab: Tab) -> None:
    tab.open(v="run", run="raised", tab="files")
    items = tab.frame.locator("[data-finding]")
    tab.heading.click()
    press(tab, "f")
    expect(chosen(tab)).to_have_text("Overview")
    expect(items.nth(0)).to_be_focused()
    press(tab, "f")
    expect(items.nth(1)).to_be_focused()
    press(tab, "k", "s")
    expect(items.nth(0).get_by_role("button", name="Show")).to_have_attribute(
        "aria-pressed", "true"
    )
    press(tab, "Escape")
    expect(items.nth(0).get_by_role("button", name="Show")).to_have_attribute(
        "aria-pressed", "false"
    )
    expect(tab.heading).to_have_text("raised")


def test_brackets_lead_to_the_neighbours_on_the_runs_page(tab: Tab, server: Server) -> None:
    names = names_of(server)
    tab.open(v="run", run=names[0], tab="config")
    tab.heading.click()
    press(tab, "]")
    expect(tab.heading).to_have_text(names[1])
    expect(chosen(tab)).to_have_text("Config")
    expect(tab.heading).to_be_focused()
    press(tab, "[")
    expect(tab.heading).to_have_text(names[0])
    press(tab, "[")
    expect(tab.frame.get_by_text("This is the first run.")).to_have_count(1)
    expect(tab.heading).to_have_text(names[0])


@pytest.mark.parametrize("keys", [["Escape"], ["g", "r"]])
def test_two_ways_lead_back_to_the_runs(tab: Tab, keys: list[str]) -> None:
    tab.open(v="run", run="healthy")
    tab.heading.click()
    press(tab, *keys)
    expect(tab.heading).to_have_text("RunLens")


def test_what_is_typed_into_a_box_is_text(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    box = tab.region("Box loss").get_by_role("spinbutton").first
    box.focus()
    press(tab, "2", "Escape")
    expect(chosen(tab)).to_have_text("Overview")
    expect(tab.heading).to_have_text("overfitted")


def test_keys_with_modifiers_are_the_browsers(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    tab.heading.click()
    press(tab, "Alt+2")
    expect(chosen(tab)).to_have_text("Overview")


def test_the_help_lists_keys_and_words_and_has_the_keyboard_to_itself(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    tab.heading.click()
    press(tab, "?")
    dialog = tab.frame.get_by_role("dialog", name="Help")
    terms = dialog.get_by_role("term").all_inner_texts()
    assert {"/", "j k", "Enter", "x", "c", "b", "e", "g r", "1 to 9", "[ ]", "f", "s", "?"} <= set(terms)  # fmt: skip
    assert {"Precision", "Recall", "F1", "mAP50", "mAP50-95", "DFL", "CI"} <= set(terms)
    press(tab, "2")
    expect(dialog).to_be_visible()
    press(tab, "Escape")
    expect(dialog).to_have_count(0)
    expect(chosen(tab)).to_have_text("Overview")
    expect(tab.heading).to_have_text("overfitted")
    tab.button("Help").click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_a_word_leads_to_its_explanation(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    word = tab.region("Verdict").get_by_role("button", name="mAP50-95")
    word.focus()
    press(tab, "Enter")
    dialog = tab.frame.get_by_role("dialog", name="Help")
    expect(dialog.locator(".chosen")).to_contain_text("IoU 0.5 to 0.95")
    press(tab, "Escape")
    expect(word).to_be_focused()


def test_characters_can_be_switched_off_for_good(tab: Tab) -> None:
    tab.open(v="run", run="overfitted")
    tab.button("Help").click()
    switch = tab.frame.get_by_role("checkbox", name="Single characters are shortcuts")
    expect(switch).to_be_checked()
    switch.uncheck()
    press(tab, "Escape")
    tab.page.reload()
    tab.wait()
    tab.heading.click()
    press(tab, "2", "?")
    expect(chosen(tab)).to_have_text("Overview")
    expect(tab.frame.get_by_role("dialog")).to_have_count(0)
    press(tab, "Escape")
    expect(tab.heading).to_have_text("RunLens")
