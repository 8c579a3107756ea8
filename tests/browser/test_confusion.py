"""The Confusion panel: the heat map at a confidence, its margins, what is confused most, and the forms for one and for
many classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens.schema.threshold import ConfusionAnswer, ThresholdAnswer

from ..builders import write_detect
from ..recording.archives import best_arrays, final_arrays, write_recording
from ..server.serving import Server, tensorboard
from .made_up import as_json, confusion_answer, passing, threshold_answer
from .tab import Tab, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    write_recording(logdir / "counted", best_arrays(), final_arrays())
    write_detect(logdir / "uncounted", task="detect", mode="train")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def answer_with(tab: Tab, question: str, body: str) -> None:
    tab.page.route(
        f"**/{question}?*",
        lambda call: call.fulfill(body=body, content_type="application/json"),
    )


def open_with(
    tab: Tab, confusion: ConfusionAnswer, best: Optional[ThresholdAnswer] = None, **place: str
) -> None:
    """The run's page, with made-up answers."""
    answer_with(tab, "confusion", as_json(confusion))
    answer_with(tab, "threshold", as_json(best or threshold_answer(3)))
    tab.open(v="run", run="counted", tab="confusion", **place)


def panel(tab: Tab) -> Any:
    return tab.region("Confusion")


def slider(tab: Tab) -> Any:
    return panel(tab).get_by_role("slider", name="Confidence of the matrix")


def number(tab: Tab, sentence: str) -> Any:
    """The cell that says this."""
    return panel(tab).get_by_role("button", name=sentence, exact=True)


def rows(tab: Tab) -> Any:
    return panel(tab).locator("tbody").get_by_role("rowheader")


def test_what_was_recorded_is_shown_at_the_confidence_nearest_to_the_best(
    tab: Tab, server: Server
) -> None:
    tab.open(v="run", run="counted", tab="confusion")
    validated = server.json("data/plugin/runlens/confusion?run=counted")["validated"]
    expect(panel(tab)).to_contain_text(f"Validated: {validated}")
    expect(panel(tab)).to_contain_text("At confidence 0.05")
    expect(slider(tab)).to_have_attribute("aria-valuetext", "0.05")
    false = "1 of 1 predictions of square (100 %) is where nothing is"
    expect(number(tab, false)).to_have_text("1")
    expect(rows(tab)).to_have_text(["disc", "square", "ring"])


def test_next_to_no_threshold_is_never_shown_without_saying_so(tab: Tab) -> None:
    tab.open(v="run", run="counted", tab="confusion")
    expect(panel(tab)).not_to_contain_text("not a confidence to deploy with")
    slider(tab).press("Home")
    expect(panel(tab)).to_contain_text("At confidence 0.001")
    expect(panel(tab)).to_contain_text("not a confidence to deploy with")
    expect(number(tab, "2 of 2 ring (100 %) were missed")).to_have_text("2")
    expect(
        number(tab, "7 of 7 disc (100 %) were predicted as disc, which is right")
    ).to_be_visible()


def test_both_sliders_choose_for_the_whole_page(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    expect(panel(tab)).to_contain_text("At confidence 0.45")
    tab.show_part("Threshold")
    threshold = tab.region("Threshold").get_by_role("slider", name="Confidence")
    threshold.fill("0.72")
    tab.show_part("Confusion")
    expect(panel(tab)).to_contain_text(
        "At confidence 0.70, of the 20 that were counted the nearest to 0.72"
    )
    slider(tab).press("ArrowRight")
    expect(panel(tab)).to_contain_text("At confidence 0.75")
    tab.show_part("Threshold")
    expect(threshold).to_have_value("0.75")
    expect(tab.page).to_have_url(re.compile(r"p\.runlens\.conf=0\.75"))


def test_the_matrix_stands_where_the_best_is(tab: Tab) -> None:
    best = threshold_answer(3, at=passing(3, 0.72), objective="precision@0.95")
    open_with(tab, confusion_answer(3), best, objective="precision@0.95")
    said = "At confidence 0.70, of the 20 that were counted the nearest to 0.72"
    expect(panel(tab)).to_contain_text(said)


def test_that_counts_differ_from_those_by_class_is_said(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    expect(panel(tab)).to_contain_text("counts by class above may differ")


def test_numbers_are_counts_or_shares(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    counted = "21 of 60 class 2 (35 %) were predicted as class 0"
    expect(number(tab, counted)).to_have_text("21")
    panel(tab).get_by_text("Share of true").click()
    expect(number(tab, counted)).to_have_text("35%")
    expect(number(tab, "9 of 60 class 2 (15 %) were missed")).to_have_text("15%")
    panel(tab).get_by_text("Share of predicted").click()
    expect(number(tab, "21 of 76 predictions of class 0 (28 %) are class 2")).to_have_text("28%")
    expect(number(tab, "5 of 76 predictions of class 0 (7 %) are where nothing is")).to_have_text(
        "7%"
    )


def test_a_number_is_a_sentence_by_pointer_and_by_keyboard(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    number(tab, "21 of 60 class 2 (35 %) were predicted as class 0").hover()
    said = panel(tab).locator(".cell-sentence")
    expect(said).to_have_text("21 of 60 class 2 (35 %) were predicted as class 0")
    first = "50 of 60 class 0 (83 %) were predicted as class 0, which is right"
    number(tab, first).focus()
    expect(said).to_have_text(first)
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"):
        tab.page.keyboard.press(key)
    expect(number(tab, "9 of 60 class 1 (15 %) were missed")).to_be_focused()
    expect(said).to_have_text("9 of 60 class 1 (15 %) were missed")
    slider(tab).press("Home")
    expect(said).to_have_text("0 of 60 class 1 (0 %) were missed")
    stops = panel(tab).locator(".cell[tabindex='0']")
    expect(stops).to_have_count(1)  # one stop of the tab key


def test_the_axes_and_the_margins_are_named(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    for said in ("true class", "predicted", "false positives", "missed"):
        expect(panel(tab).get_by_text(said, exact=True).first).to_be_visible()
    expect(panel(tab)).to_contain_text("Columns are true classes, rows predicted.")
    expect(panel(tab).get_by_text("background")).to_have_count(0)


def test_what_is_confused_most_stands_first_with_its_interval(tab: Tab) -> None:
    open_with(tab, confusion_answer(12))
    ranked = panel(tab).get_by_role("region", name="Taken for another class")
    expect(ranked.get_by_role("listitem")).to_have_count(10)
    expect(ranked.get_by_role("listitem").first).to_have_text(
        "class 11 as class 0: 28 of 60 (47 %, 95 % interval 23 % to 93 %)"
    )
    expect(ranked).to_contain_text("2 more are in the table.")


def test_the_matrix_is_a_table_too(tab: Tab) -> None:
    open_with(tab, confusion_answer(3))
    panel(tab).get_by_role("button", name="View as table").click()
    table = panel(tab).get_by_role("region", name="Cells of the matrix")
    expect(table.get_by_role("row")).to_have_count(1 + 4 * 3)
    row = table.get_by_role("row", name=re.compile("^class 2 class 0 "))
    expect(row.get_by_role("cell")).to_have_text(["class 0", "21", "35 %"])
    expect(table.get_by_role("row", name=re.compile("^nothing is there"))).to_have_count(3)


def test_of_many_classes_the_worst_are_shown_and_others_are_found(tab: Tab) -> None:
    open_with(tab, confusion_answer(80))
    expect(panel(tab)).to_contain_text("The 20 of 80 classes with the most errors")
    expect(rows(tab)).to_have_count(20)
    expect(rows(tab).first).to_have_text("class 79")
    panel(tab).get_by_role("searchbox", name="Search classes").fill("CLASS 12")
    expect(rows(tab)).to_have_text(["class 12", "class 13", "class 11"])
    panel(tab).get_by_role("searchbox", name="Search classes").fill("nothing of the kind")
    expect(rows(tab)).to_have_count(0)
    expect(panel(tab)).to_contain_text("No class has this in its name")
    panel(tab).get_by_role("searchbox", name="Search classes").fill("class")
    expect(panel(tab)).to_contain_text("and what they are taken for: the 20 with the most errors")


def test_one_class_is_three_numbers(tab: Tab) -> None:
    open_with(tab, confusion_answer(1))
    expect(panel(tab).get_by_role("definition")).to_have_text(["51", "5", "9"])
    expect(panel(tab).get_by_role("term")).to_have_text(
        ["class 0 found", "found where nothing is", "missed"]
    )
    expect(panel(tab).get_by_role("table")).to_have_count(0)
    slider(tab).press("End")
    expect(panel(tab).get_by_role("definition").last).to_have_text("19")


def test_shares_of_a_picture_are_no_counts(tab: Tab) -> None:
    answer = confusion_answer(
        2,
        source="picture",
        status="approximate",
        reason="It was drawn at confidence 0.25.",
        steps=[],
        shares=[(0, 0, 0.9), (1, 0, 0.04), (2, 0, 0.06), (1, 1, 1.0), (0, 2, 1.0)],
    )
    open_with(tab, answer)
    expect(panel(tab)).to_contain_text("Read approximately from the run's picture.")
    expect(panel(tab)).to_contain_text("It was drawn at confidence 0.25.")
    expect(number(tab, "4 % of class 0 were predicted as class 1")).to_have_text("4%")
    expect(number(tab, "6 % of class 0 were missed")).to_have_text("6%")
    false = "100 % of the false positives are predicted as class 0"
    expect(number(tab, false)).to_have_text("100%")
    expect(panel(tab).get_by_text("Counts")).to_have_count(0)
    expect(panel(tab).get_by_role("slider")).to_have_count(0)


def test_what_was_not_counted_is_said(tab: Tab) -> None:
    tab.open(v="run", run="uncounted", tab="confusion")
    expect(panel(tab)).to_contain_text("No confusion was recorded")
    expect(panel(tab).get_by_role("table")).to_have_count(0)
