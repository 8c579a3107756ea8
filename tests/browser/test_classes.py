"""The Classes tab: worst first, with intervals, their course over the epochs and the user's targets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import Recorder

from ..builders import value, write, write_args, write_detect
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

NAMES = ["disc", "<b>ring", "square"]
APART = [0.1, -0.15, 0.05]
"""How far each class is from the mean, which the result table has."""


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    run = logdir / "recorded"
    write_detect(run, range(1, 13))
    write_args(run, epochs=12)
    recorder = Recorder(run)
    recorder.describe(framework="ultralytics", task="detect", names=NAMES)
    for epoch in range(1, 13):
        values = [value("metrics/mAP50-95(B)", epoch) + apart for apart in APART]
        box = {"ap50_95": values, "ap50": values, "precision": values, "recall": values}
        recorder.log_epoch(
            epoch, fitness=epoch / 100, classes=[0, 1, 2], instances=[50, 5, 30], box=box
        )
    write_detect(logdir / "table only")
    write(logdir / "runlens.yaml", "targets: {classes: {disc: .4, square: .7}}\n")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def classes(page: Any, server: Server) -> Any:
    return Tab(page, server.url).open(v="run", run="recorded", tab="classes").region("Classes")


def names(classes: Any) -> list[str]:
    """The classes from top to bottom."""
    shown = classes.get_by_role("rowheader").all_inner_texts()
    return [name for text in shown for name in NAMES if name in text]


def test_the_worst_class_comes_first_and_every_column_sorts(classes: Any) -> None:
    expect(classes.get_by_role("rowheader")).to_have_count(3)
    assert names(classes) == ["<b>ring", "square", "disc"]
    header = classes.get_by_role("columnheader", name="validated")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(classes.get_by_role("rowheader").first).to_contain_text("<b>ring")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(classes.get_by_role("rowheader").first).to_contain_text("disc")


def test_numbers_are_those_of_the_answer(classes: Any, server: Server) -> None:
    answered = server.json("data/plugin/runlens/run?run=recorded")["run"]
    for line in answered["classes"]:
        row = classes.get_by_role("row").filter(has_text=line["name"])
        expect(row).to_contain_text(f"{line['metrics']['box']['map50_95']:.3f}")
        (low, high) = line["intervals"]["box"]["map50_95"]
        expect(row).to_contain_text(f"{low:.2f}–{high:.2f}")
        expect(row).to_contain_text(str(line["instances"]))
        expect(row.get_by_role("img")).to_have_accessible_name(
            f"mAP50-95 from {line['course'][0]:.3f} to {line['course'][-1]:.3f},"
            f" highest {max(line['course']):.3f}"
        )


def test_targets_of_classes_are_met_or_missed(classes: Any) -> None:
    expect(classes.get_by_role("row").filter(has_text="disc")).to_contain_text("exceeded")
    expect(classes.get_by_role("row").filter(has_text="square")).to_contain_text("missed")


def test_a_run_without_them_says_how_to_record_them(page: Any, server: Server) -> None:
    tab = Tab(page, server.url).open(v="run", run="table only", tab="classes")
    expect(tab.region("Classes")).to_contain_text("track(model)")


def test_many_classes_are_shown_on_demand(page: Any, server: Server) -> None:
    def many(route: Any) -> None:
        answer = route.fetch().json()
        (line, *_) = answer["run"]["classes"]
        answer["run"]["classes"] = [{**line, "name": f"class {number}"} for number in range(5000)]
        route.fulfill(body=json.dumps(answer), content_type="application/json")

    page.route("**/run?run=recorded", many)
    classes = Tab(page, server.url).open(v="run", run="recorded", tab="classes").region("Classes")
    expect(classes.get_by_role("rowheader")).to_have_count(100)
    classes.get_by_role("button", name="Show all 5,000 classes").click()
    expect(classes.get_by_role("rowheader")).to_have_count(5000)
