"""The tab on losses: every component, phases, slopes, sizes, what is expected, and the table of all epochs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import SEGMENT, rows_of, write_args, write_csv, write_detect
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

MOSAIC = {"epochs": 60, "close_mosaic": 10, "mosaic": 1.0}
TARGETS = "targets: {map50_95: [.7, .75]}\n"


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.OVERFITTED.changed(args=MOSAIC), logdir / "overfitted")
    small = {"train": [value / 60 for value in trainings.OVERFITTED.train]}
    small["val"] = [value / 60 for value in trainings.OVERFITTED.val]
    trainings.write(trainings.OVERFITTED.changed(**small), logdir / "small losses")
    trainings.write(trainings.INTERRUPTED, logdir / "interrupted")
    write_csv(logdir / "segment", SEGMENT, rows_of(SEGMENT, range(1, 31)))
    write_args(
        logdir / "segment",
        task="segment",
        model="yolo11n-seg.pt",
        epochs=30,
        box=7.5,
        cls=0.5,
        dfl=1.5,
    )
    write_detect(logdir / "long", range(1, 1001))
    write_detect(logdir / "short", range(1, 4))
    (logdir / "runlens.yaml").write_text(TARGETS)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def told(server: Server, name: str) -> Any:
    return server.json(f"data/plugin/runlens/run?run={name}")["run"]


def losses(tab: Tab, name: str) -> Tab:
    return tab.open(v="run", run=name, tab="losses")


def test_every_component_has_a_small_chart_and_the_chosen_one_is_large(tab: Tab) -> None:
    losses(tab, "segment")
    small = tab.region("Every loss")
    expect(small.get_by_role("img")).to_have_count(5)
    for image in small.get_by_role("img").all():
        expect(image).to_have_attribute("aria-label", re.compile("train from .*; val from "))
    small.get_by_role("button", name="Seg loss").click()
    expect(tab.region("Seg loss").get_by_role("img")).to_be_visible()
    expect(small.get_by_role("button", name="Seg loss")).to_have_attribute("aria-pressed", "true")


def test_small_charts_follow_the_zoom_of_the_large_one(tab: Tab) -> None:
    losses(tab, "segment")
    small = tab.region("Every loss").get_by_role("img").first
    expect(small).to_contain_text("30")
    last = tab.region("Total loss").get_by_role("spinbutton", name="last epoch shown")
    last.fill("12")
    last.press("Enter")
    expect(small).not_to_contain_text("30")


def test_the_pointer_is_on_every_chart_at_once(tab: Tab) -> None:
    losses(tab, "segment")
    tab.region("Total loss").get_by_role("img").hover()
    expect(tab.region("Every loss").locator("svg.pointer path")).to_have_count(5)


def test_mosaic_best_and_onset_are_marked(tab: Tab, server: Server) -> None:
    run = told(server, "overfitted")
    losses(tab, "overfitted")
    chart = tab.region("Box loss").get_by_role("img")
    expect(chart).to_contain_text("mosaic off 51")
    expect(chart).to_contain_text(f"best {run['epochs']['best']}")
    (first, last) = run["overfitting"]["onset"]
    expect(chart).to_contain_text(f"overfit onset {first}–{last}")


def test_phases_are_those_of_the_answer(tab: Tab, server: Server) -> None:
    phases = told(server, "overfitted")["phases"]
    assert [phase["name"] for phase in phases] == ["rapid", "slow", "stable", "declining"]
    losses(tab, "overfitted")
    region = tab.region("Phases")
    expect(region.get_by_role("term")).to_have_text([phase["name"] for phase in phases])
    for phase, shown in zip(phases, region.get_by_role("definition").all()):
        (first, last) = phase["span"]
        sign = "−" if phase["gain"] < 0 else "+"
        expect(shown).to_have_text(f"epoch {first}–{last}, {sign}{abs(phase['gain']):.3f}")


def test_short_runs_have_no_phases_and_no_slopes(tab: Tab) -> None:
    losses(tab, "short")
    expect(tab.region("Every epoch")).to_be_visible()
    expect(tab.region("Phases")).to_have_count(0)
    expect(tab.region("Course")).to_have_count(0)


def test_the_course_is_told_in_sentences_and_slopes(tab: Tab, server: Server) -> None:
    run = told(server, "overfitted")
    losses(tab, "overfitted")
    course = tab.region("Course")
    assert "rank correlation" in run["course"][0]
    for sentence in run["course"]:
        expect(course).to_contain_text(sentence)
    rows = course.get_by_role("row", name=re.compile("(Train|Val) box loss"))
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("worsening")
    (slope,) = (
        one["per_ten"] for one in run["trends"] if (one["group"], one["name"]) == ("val", "box")
    )
    expect(rows.last).to_contain_text(f"+{slope:.3f}")


def test_no_slope_that_is_not_level_reads_as_zero(tab: Tab) -> None:
    losses(tab, "small losses")
    rows = tab.region("Course").get_by_role("row", name=re.compile("improving|worsening"))
    expect(rows.first).to_be_visible()
    for cells in (row.get_by_role("cell").all_inner_texts() for row in rows.all()):
        assert float(cells[0].replace("−", "-")) != 0, cells
    assert tab.region("Course").locator(".scroll").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_sizes_of_losses_are_guidance(tab: Tab, server: Server) -> None:
    sizes = told(server, "segment")["loss_sizes"]
    assert [size["component"] for size in sizes] == ["box", "seg", "cls", "dfl"]
    losses(tab, "segment")
    region = tab.region("Sizes of the losses").first
    expect(region).to_contain_text("on which no verdict depends")
    for size in sizes:
        row = region.get_by_role("row", name=f"{size['component']} loss")
        expect(row).to_contain_text(size["said"])
        expect(row).to_contain_text(f"{size['value']:.3f}")


def test_the_forecast_is_drawn_to_the_planned_end(tab: Tab, server: Server) -> None:
    forecast = told(server, "interrupted")["forecast"]
    losses(tab, "interrupted")
    chart = tab.region("Metrics").get_by_role("img")
    expect(chart).to_have_attribute(
        "aria-label",
        re.compile(f"expected from .* at epoch 60 to {forecast['expected']:.3f} at epoch 100"),
    )


def test_a_target_is_a_line_with_its_range(tab: Tab) -> None:
    losses(tab, "overfitted")
    chart = tab.region("Metrics").get_by_role("img")
    expect(chart).to_have_attribute("aria-label", re.compile("target from 0.700"))
    expect(chart).to_contain_text("target 0.700")


def test_the_table_has_every_value_and_sorts(tab: Tab, server: Server) -> None:
    series = told(server, "overfitted")["series"]
    losses(tab, "overfitted")
    table = tab.region("Every epoch")
    expect(table.get_by_role("row")).to_have_count(61)
    header = table.get_by_role("columnheader", name="mAP50-95")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    scores = series["metrics"]["box"]["map50_95"]
    best = scores.index(max(scores))
    first = table.get_by_role("row").nth(1)
    expect(first.get_by_role("rowheader")).to_have_text(str(series["epoch"][best]))
    expect(first).to_contain_text(f"{max(scores):.3f} best")
    header.get_by_role("button").click()
    expect(first.get_by_role("cell").filter(has_text=f"{min(scores):.3f} worst")).to_have_count(1)


def test_the_table_is_saved_with_all_digits(tab: Tab, server: Server) -> None:
    series = told(server, "overfitted")["series"]
    losses(tab, "overfitted")
    with tab.page.expect_download() as saved:
        tab.region("Every epoch").get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert [int(row["Epoch"]) for row in rows] == series["epoch"]
    assert [float(row["val box"]) for row in rows] == series["val"]["box"]
    assert [float(row["pg0"]) for row in rows] == series["lr"]["pg0"]


def test_of_a_thousand_epochs_those_in_sight_are_drawn(tab: Tab) -> None:
    losses(tab, "long")
    table = tab.region("Every epoch")
    expect(table.get_by_role("table")).to_have_attribute("aria-rowcount", "1001")
    assert table.get_by_role("row").count() < 100
    table.locator(".scroll").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    expect(table.get_by_role("rowheader", name="1000", exact=True)).to_be_visible()
    expect(table.get_by_role("rowheader", name="1", exact=True)).to_have_count(0)
