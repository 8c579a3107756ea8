"""The charts over epochs: zoom and pointer, what an axis leaves out, gaps, and what can be saved of them."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import DETECT, rows_of, write_csv
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = "a <b>'&x\x01"
SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG\r\n\x1a\n"
SPIKE = 85.25
LONG = 4000


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    healthy = trainings.HEALTHY
    trainings.write(healthy, logdir / "healthy")
    trainings.write(healthy, logdir / HOSTILE)
    trainings.write(healthy.changed(val=[SPIKE, *healthy.val[1:]]), logdir / "spiked")
    rows = rows_of(DETECT, range(1, 21))
    for row in rows[4:6]:
        row["val/box_loss"] = "inf"
    for row in (*rows[8:10], *rows[11:13]):
        for name in DETECT:
            if name.startswith(("metrics/", "val/")):
                row[name] = "nan"
    write_csv(logdir / "gaps", DETECT, rows)
    many = rows_of(DETECT, range(1, LONG + 1))
    many[LONG // 2]["train/box_loss"] = 2.5 * many[0]["train/box_loss"]
    write_csv(logdir / "long", DETECT, many)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def losses(tab: Tab, name: str = "Box loss") -> Any:
    return tab.region(name)


def last(chart: Any) -> Any:
    return chart.get_by_role("spinbutton", name="last epoch shown")


def first(chart: Any) -> Any:
    return chart.get_by_role("spinbutton", name="first epoch shown")


def drag(tab: Tab, chart: Any, start: float, end: float) -> None:
    """Draws the pointer over the plot between these shares of its width."""
    chart.scroll_into_view_if_needed()
    box = chart.locator(".over").bounding_box()
    (across, y) = (lambda share: box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    tab.page.mouse.move(across(start), y)
    tab.page.mouse.down()
    tab.page.mouse.move(across((start + end) / 2), y)
    tab.page.mouse.move(across(end), y)
    tab.page.mouse.up()


def test_a_drag_zooms_all_charts_and_a_double_click_shows_all_again(tab: Tab) -> None:
    tab.open(v="run", run="healthy")
    (loss, metrics) = (losses(tab), tab.region("Metrics"))
    drag(tab, loss, 0.5, 0.25)  # epochs 1 to 60
    for chart in (loss, metrics):
        expect(first(chart)).to_have_value("16")
        expect(last(chart)).to_have_value("31")
    metrics.locator(".over").dblclick()
    for chart in (loss, metrics):
        expect(first(chart)).to_have_value("1")
        expect(last(chart)).to_have_value("60")


def test_a_click_is_no_zoom(tab: Tab) -> None:
    tab.open(v="run", run="healthy")
    drag(tab, losses(tab), 0.5, 0.502)
    expect(last(losses(tab))).to_have_value("60")


def test_all_charts_read_out_the_epoch_under_the_pointer(tab: Tab, server: Server) -> None:
    series = server.json("data/plugin/runlens/run?run=healthy")["run"]["series"]
    tab.open(v="run", run="healthy")
    (loss, metrics) = (losses(tab), tab.region("Metrics"))
    over = loss.locator(".over")
    expect(over).to_be_visible()
    over.hover(position={"x": over.bounding_box()["width"] * 19 / 59, "y": 40})
    for chart in (loss, metrics):
        expect(chart.locator(".readout")).to_contain_text("epoch 20")
        expect(chart.locator(".pointer circle").first).to_be_visible()
    score = series["metrics"]["box"]["map50_95"][19]
    expect(metrics.locator(".readout")).to_contain_text(f"mAP50-95 {score:.3f}")
    tab.heading.hover()
    expect(loss.locator(".readout")).to_contain_text("epoch 60")
    expect(loss.locator(".pointer circle")).to_have_count(0)


def axis_numbers(chart: Any) -> list[float]:
    texts = chart.locator("svg.drawing text[text-anchor='end']").all_text_contents()
    return [float(text) for text in texts]


def test_a_lone_spike_is_left_out_and_told_and_can_be_shown(tab: Tab) -> None:
    tab.open(v="run", run="spiked")
    chart = losses(tab)
    expect(chart).to_contain_text("1 value above the axis, up to 85.250.")
    expect(chart.locator("path.above[d^=M]")).to_have_count(1)
    assert max(axis_numbers(chart)) < 5
    chart.get_by_role("button", name="Whole range").click()
    expect(chart).not_to_contain_text("above the axis")
    assert max(axis_numbers(chart)) > 50
    chart.get_by_role("button", name="Whole range").click()
    expect(chart).to_contain_text("above the axis")
    first(chart).fill("5")
    first(chart).press("Enter")
    expect(chart).not_to_contain_text("above the axis")
    expect(chart.get_by_role("button", name="Whole range")).to_have_count(0)


def test_a_missing_value_is_a_gap_and_a_lone_one_a_dot(tab: Tab) -> None:
    tab.open(v="run", run="gaps")
    chart = tab.region("Metrics")
    lines = chart.locator("svg.drawing path.line")
    expect(lines).to_have_count(4)
    for path in lines.evaluate_all("all => all.map(one => one.getAttribute('d'))"):
        assert path.count("M") == 3  # epochs 1-8, 11, 14-20
        assert path.count("L") == 7 + 0 + 6


def test_a_loss_that_is_not_finite_is_marked_and_told(tab: Tab) -> None:
    tab.open(v="run", run="gaps", loss="box")
    chart = losses(tab)
    marker = chart.locator("path.broken[d^=M]")
    expect(marker).to_have_attribute("d", re.compile("^M[^M]*M[^M]*$"))
    expect(chart.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("val from .*, not finite at epoch 5, 6")
    )
    chart.get_by_role("button", name="View as table").click()
    (bad, missing) = (chart.get_by_role("row").nth(number) for number in (5, 9))
    expect(bad.get_by_role("cell").nth(1)).to_have_text("not finite")
    expect(missing.get_by_role("cell").nth(1)).to_have_text("–")


def test_a_smooth_line_is_added_and_the_raw_one_stays(tab: Tab) -> None:
    tab.open(v="run", run="healthy")
    chart = losses(tab)
    raw = chart.locator("svg.drawing path.line")
    expect(raw).to_have_count(2)
    before = raw.evaluate_all("all => all.map(one => one.getAttribute('d'))")
    chart.get_by_role("button", name="Smooth").click()
    expect(chart.locator("path.smooth")).to_have_count(2)
    expect(chart).to_contain_text("Broad lines are centred means of 5 values.")
    assert raw.evaluate_all("all => all.map(one => one.getAttribute('d'))") == before
    chart.get_by_role("button", name="Smooth").click()
    expect(chart.locator("path.smooth")).to_have_count(0)


def test_of_more_values_than_pixels_the_spikes_stay(tab: Tab) -> None:
    tab.open(v="run", run="long", loss="box")
    chart = losses(tab)
    line = chart.locator("svg.drawing path.line").first
    points = re.findall(r"[ML]([\d.]+) ([-\d.]+)", line.get_attribute("d"))
    assert 500 < len(points) < LONG
    heights = [float(y) for (_, y) in points]
    assert heights.index(min(heights)) == pytest.approx(len(points) / 2, rel=0.02)


def save(tab: Tab, chart: Any, kind: str) -> Path:
    """Exports the chart, and puts the file under its name beside what the browser saved."""
    chart.locator("summary", has_text="Export").click()
    with tab.page.expect_download() as saved:
        chart.get_by_role("button", name=kind).click()
    target = Path(saved.value.path()).parent / saved.value.suggested_filename
    saved.value.save_as(target)
    return target


def test_a_saved_figure_stands_alone_and_says_what_it_is_of(tab: Tab) -> None:
    tab.open(v="run", run=HOSTILE)
    file = save(tab, losses(tab), "SVG")
    assert re.fullmatch(r"[\w.-]+-Box_loss\.svg", file.name)
    root = ET.parse(file).getroot()
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "Box loss"
    texts = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert "Box loss" in texts
    assert HOSTILE.replace("\x01", "") in texts
    assert any(re.fullmatch(r"val \d\.\d{3}", text) for text in texts)
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject"}
        for name, value in element.attrib.items():
            assert "var(" not in value and "href" not in name and not name.startswith("on")


def test_a_saved_picture_has_twice_the_pixels(tab: Tab) -> None:
    tab.open(v="run", run="healthy")
    chart = losses(tab)
    width = chart.locator("svg.drawing").evaluate("drawn => drawn.clientWidth")
    content = save(tab, chart, "PNG").read_bytes()
    assert content.startswith(PNG)
    assert int.from_bytes(content[16:20], "big") == 2 * width
    assert len(content) > 5000


def test_the_saved_values_are_those_of_the_table(tab: Tab) -> None:
    tab.open(v="run", run="gaps")
    chart = tab.region("Metrics")
    with open(save(tab, chart, "CSV"), newline="", encoding="utf-8") as file:
        (titles, *rows) = csv.reader(file)
    chart.get_by_role("button", name="View as table").click()
    expect(chart.get_by_role("columnheader")).to_have_text([re.compile(one) for one in titles])
    shown = [line.split() for line in chart.locator("tbody tr").all_inner_texts()]
    assert len(shown) == 20
    assert shown == [[row[0], *(written(cell) for cell in row[1:])] for row in rows]


def written(cell: str) -> str:
    return f"{float(cell):.3f}" if cell else "–"


def test_a_chart_fits_its_box_again_when_that_changes(tab: Tab) -> None:
    tab.open(v="run", run="healthy")
    drawn = losses(tab).locator("svg.drawing")
    wide = drawn.evaluate("drawn => drawn.clientWidth")
    tab.page.set_viewport_size({"width": 400, "height": 800})
    expect(drawn).not_to_have_attribute("width", str(wide))
    assert drawn.evaluate("drawn => drawn.clientWidth <= drawn.parentElement.clientWidth")
