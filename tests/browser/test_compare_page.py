"""The Compare page: sample runs side by side, and names and answers written by strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tensorboard_runlens.demo import copy_samples

from ..builders import write_detect
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

(FULL, FEW, OTHER) = ("detect/healthy", "detect/few images", "detect/overfitted")
PLATES = "plates"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    copy_samples(logdir)
    write_detect(logdir / HOSTILE, range(1, 40), data="shapes.yaml", name='"<b>bold</b>"')
    write_detect(logdir / PLATES, range(1, 40), data="plates.yaml", box=2.5)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def card(tab: Tab, name: Any) -> Any:
    return tab.frame.get_by_role("region", name=name, exact=True)


def compare(tab: Tab, *names: str) -> Tab:
    tab.open(v="compare", runs=json.dumps(names))
    expect(card(tab, "Differences")).to_be_visible()
    return tab


def answer(server: Server, *names: str) -> Any:
    asked = "&".join(f"run={quote(name, safe='')}" for name in names)
    return server.json(f"data/plugin/runlens/compare?{asked}")


def test_the_sentence_and_every_difference_are_those_of_the_answer(
    tab: Tab, server: Server
) -> None:
    compare(tab, FULL, FEW)
    told = answer(server, FULL, FEW)
    assert told["differences"][0]["verdict"] == "worse"
    differences = card(tab, "Differences")
    expect(differences).to_contain_text(told["said"][0]["sentences"][0])
    for one in told["differences"]:
        points = f"{abs(100 * one['delta']):.1f}"
        expect(differences.get_by_role("cell").filter(has_text=points).first).to_contain_text(
            one["verdict"]
        )


def test_another_baseline_turns_the_verdict_round(tab: Tab) -> None:
    compare(tab, FULL, FEW)
    differences = card(tab, "Differences")
    expect(differences).to_contain_text(f"{FEW} is worse than {FULL}")
    tab.button("Make baseline").click()
    expect(differences).to_contain_text(f"{FULL} is better than {FEW}")
    tab.page.go_back()
    expect(differences).to_contain_text(f"{FEW} is worse than {FULL}")


def test_runs_are_added_and_removed(tab: Tab) -> None:
    compare(tab, FULL, FEW)
    tab.frame.get_by_label("Add a run").fill(OTHER)
    expect(tab.heading).to_contain_text("3 runs")
    tab.region("Runs compared").get_by_role("button", name="Remove").last.click()
    expect(tab.heading).to_contain_text("2 runs")
    tab.region("Runs compared").get_by_role("button", name="Remove").last.click()
    expect(tab.heading).to_have_text(FULL)


def test_curves_over_epochs_hours_and_share(tab: Tab) -> None:
    compare(tab, FULL, OTHER)
    chart = tab.frame.locator("#curves").get_by_role("img")
    expect(chart).to_have_accessible_name(re.compile("healthy from .* to .* at epoch 60"))
    tab.frame.get_by_text("Hours", exact=True).click()
    expect(chart).to_have_accessible_name(re.compile("at hour 0.0"))
    tab.frame.get_by_text("Share", exact=True).click()
    expect(chart).to_have_accessible_name(re.compile("at 100 %"))
    tab.frame.get_by_label("What is drawn").select_option("val")
    expect(chart).to_have_accessible_name(re.compile("Validation loss, total: healthy"))
    tab.page.reload()
    expect(chart).to_have_accessible_name(re.compile("Validation loss, total.*at 100 %"))


def test_curves_by_confidence_of_those_that_recorded_them(tab: Tab) -> None:
    compare(tab, FULL, FEW, OTHER)
    by_confidence = tab.region("F1 by confidence")
    expect(by_confidence).to_contain_text("Curves of overfitted are not recorded")
    expect(by_confidence.get_by_role("img")).to_have_accessible_name(
        re.compile("healthy from .*few images from")
    )
    expect(tab.region("Precision by recall").get_by_role("img")).to_be_visible()


def test_classes_are_joined_by_name_those_first_that_differ_most(tab: Tab, server: Server) -> None:
    compare(tab, FULL, FEW)
    values = {
        run: {
            line["name"]: line["metrics"]["box"]["map50_95"]
            for line in server.json(f"data/plugin/runlens/run?run={quote(run, safe='')}")["run"][
                "classes"
            ]
        }
        for run in (FULL, FEW)
    }
    order = sorted(values[FULL], key=lambda name: values[FEW][name] - values[FULL][name])
    classes = card(tab, re.compile("^Classes "))
    expect(classes.get_by_role("rowheader")).to_have_count(3)
    shown = classes.get_by_role("rowheader").all_inner_texts()
    assert [text.split()[0] for text in shown] == order
    row = classes.get_by_role("row").filter(has_text=order[0])
    expect(row).to_contain_text(f"{values[FULL][order[0]]:.3f}")
    expect(row).to_contain_text(f"{values[FEW][order[0]]:.3f}")


def test_only_arguments_that_differ_until_all_are_asked_for(tab: Tab, server: Server) -> None:
    compare(tab, FULL, OTHER)
    told = answer(server, FULL, OTHER)["config"]
    settings = card(tab, re.compile("^Configuration "))
    expect(settings.get_by_role("rowheader")).to_have_count(len(told))
    tab.button("All arguments").click()
    expect(settings.get_by_role("rowheader").filter(has_text="imgsz")).to_have_count(1)


def test_the_same_picture_of_each_run(tab: Tab) -> None:
    compare(tab, FULL, FEW)
    pictures = card(tab, "The same picture of each run")
    expect(pictures.get_by_label("Picture", exact=True)).to_have_value("val_batch0_pred.jpg")
    expect(pictures.get_by_role("img")).to_have_count(2)


def test_strangers_names_are_text(tab: Tab) -> None:
    compare(tab, FULL, HOSTILE)
    expect(card(tab, "Differences")).to_contain_text(HOSTILE)
    expect(tab.region("Runs compared")).to_contain_text(HOSTILE)
    expect(tab.frame.locator("img[src=x], b b")).to_have_count(0)


@pytest.mark.parametrize("runs", ["", "{}", "[1, 2]", '["detect/healthy"]', "not json"])
def test_a_link_that_names_too_few_runs_says_so(tab: Tab, runs: str) -> None:
    tab.open(v="compare", runs=runs or "x")
    expect(tab.frame.get_by_text("Add a second run to compare with.")).to_be_visible()


def test_a_run_that_is_gone_is_said(tab: Tab, watched: Any) -> None:
    watched.expected = ("404",)
    tab.open(v="compare", runs=json.dumps([FULL, "no such run"]))
    expect(tab.alert.filter(has_text="no such run")).to_contain_text("no run of this name")


def test_other_data_are_warned_of_before_any_difference(tab: Tab, server: Server) -> None:
    compare(tab, FULL, PLATES)
    (warning,) = answer(server, FULL, PLATES)["warnings"]
    assert "shapes.yaml, plates.yaml" in warning
    shown = card(tab, "Differences").locator("p, table").first
    expect(shown).to_have_text(warning)
    compare(tab, FULL, FEW)
    expect(card(tab, "Differences").locator(".notice")).to_have_count(0)


def test_losses_of_other_gains_are_warned_of_where_they_are_drawn(tab: Tab) -> None:
    compare(tab, FULL, PLATES)
    curves = tab.frame.locator("#curves")
    expect(curves.locator(".notice")).to_have_count(0)
    tab.frame.get_by_label("What is drawn").select_option("val")
    expect(curves.locator(".notice")).to_contain_text(re.compile("different things .*box"))


def test_best_epochs_are_marked_on_every_axis(tab: Tab, server: Server) -> None:
    compare(tab, FULL, OTHER)
    best = [one["best_epoch"] for one in answer(server, FULL, OTHER)["facts"]]
    marks = tab.frame.locator("#curves svg text").filter(has_text="\N{BLACK STAR}")
    for axis in ("Share", "Hours", "Epochs"):
        tab.frame.get_by_text(axis, exact=True).click()
        expect(marks.filter(has_text=f"healthy {best[0]}")).to_have_count(1)
        expect(marks.filter(has_text=f"overfitted {best[1]}")).to_have_count(1)


def test_escape_leads_back_to_the_runs(tab: Tab) -> None:
    compare(tab, FULL, FEW)
    tab.heading.click()
    tab.page.keyboard.press("Escape")
    expect(tab.search).to_be_visible()
