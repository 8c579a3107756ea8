"""The Threshold panel: curves by confidence, the slider over them, and how to get them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import Recorder

from ..builders import SEGMENT, rows_of, write_args, write_csv, write_detect
from ..recording.archives import best_arrays, final_arrays, write_recording
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

GROUPS = ("box", "mask")


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    write_recording(logdir / "boxes", best_arrays(), final_arrays())
    masks = write_recording(logdir / "masks", best_arrays(groups=GROUPS), groups=GROUPS)
    rows = rows_of(SEGMENT, (1, 2, 3))
    for row, fitness in zip(rows, (0.4, 0.5, 0.3)):
        row["metrics/mAP50-95(B)"] = row["metrics/mAP50-95(M)"] = fitness
    write_csv(masks, SEGMENT, rows)
    write_args(masks, task="segment", mode="train")
    cut = write_recording(logdir / "cut", best_arrays())
    write_args(cut, task="detect", mode="train", conf=0.5)
    write_detect(logdir / "untracked", task="detect", mode="train")
    with Recorder(logdir / "pixels") as recorder:
        recorder.describe(task="semantic")
        recorder.log_confidences([0.2, 0.6, 0.9], [0, 1, 1])
        recorder.log_epoch(1)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def curve(server: Server, run: str, group: str = "box") -> Any:
    """What the server says of it."""
    return server.json(f"data/plugin/runlens/run?run={run}")["run"]["curves"][group]


def read_out(curve: Any, confidence: float, said: str) -> str:
    """What the panel has to say at a confidence: the curves' nearest point."""
    distances = [abs(one - confidence) for one in curve["confidence"]]
    row = distances.index(min(distances))
    numbers = (f"{name} {curve[key][row]:.3f}" for (name, key) in NAMES)
    return f"At confidence {said}:{''.join(numbers)}"


NAMES = (("F1", "f1"), ("precision", "precision"), ("recall", "recall"))


def panel(tab: Tab) -> Any:
    return tab.region("Threshold")


def line(tab: Tab) -> Any:
    """The line that reads the curves out."""
    return panel(tab).get_by_text("At confidence").locator("..")


def slider(tab: Tab) -> Any:
    return panel(tab).get_by_role("slider", name="Confidence")


def test_the_slider_begins_at_the_frameworks_optimum(tab: Tab, server: Server) -> None:
    found = curve(server, "boxes")
    tab.open(v="run", run="boxes")
    optimum = found["optimum"]["confidence"]
    expect(line(tab)).to_have_text(read_out(found, optimum, f"{optimum:.3f}"))
    expect(panel(tab)).to_contain_text("with best.pt after training")
    expect(panel(tab)).to_contain_text(f"best at {optimum:.3f}: {found['optimum']['f1']:.3f}")
    image = panel(tab).get_by_role("img")
    expect(image).to_have_attribute("aria-label", re.compile(f"confidence {optimum:.3f}"))
    expect(image.locator("canvas")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "confidence"),
    [
        (["Home"], 0.0),
        (["End"], 1.0),
        (["Home", *["ArrowRight"] * 7], 0.07),
        (["End", "ArrowLeft"], 0.99),
    ],
)
def test_the_keyboard_moves_the_slider(
    tab: Tab, server: Server, keys: list[str], confidence: float
) -> None:
    tab.open(v="run", run="boxes")
    for key in keys:
        slider(tab).press(key)
    expect(line(tab)).to_contain_text(
        read_out(curve(server, "boxes"), confidence, f"{confidence:.2f}")
    )
    expect(slider(tab)).to_have_attribute("aria-valuetext", re.compile(rf"^{confidence:.2f}: F1"))


def test_moving_the_slider_is_drawn_and_can_be_undone(tab: Tab) -> None:
    tab.open(v="run", run="boxes")
    chart = panel(tab).get_by_role("img")
    expect(chart.locator("canvas")).to_be_visible()
    tab.heading.hover()
    before = chart.screenshot()
    slider(tab).fill("0.2")
    expect(line(tab)).to_contain_text("At confidence 0.20:")
    assert chart.screenshot() != before
    panel(tab).get_by_role("button", name="Back to best F1").click()
    expect(line(tab)).to_contain_text("At confidence 0.430:")
    tab.heading.hover()
    assert chart.screenshot() == before


def test_a_click_on_the_chart_chooses_the_confidence_there(tab: Tab) -> None:
    tab.open(v="run", run="boxes")
    plot = panel(tab).locator(".u-over")
    box = plot.bounding_box()
    plot.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    expect(line(tab)).to_contain_text("At confidence 0.75:")
    expect(slider(tab)).to_have_value("0.75")


def test_the_curves_are_a_table_too(tab: Tab, server: Server) -> None:
    found = curve(server, "boxes")
    tab.open(v="run", run="boxes")
    panel(tab).get_by_role("button", name="View as table").click()
    titles = panel(tab).get_by_role("columnheader")
    expect(titles).to_have_text([re.compile("confidence"), "F1", "P", "R"])
    expect(panel(tab).get_by_role("row")).to_have_count(1 + 21 + 1)  # every .05, and the optimum
    expect(panel(tab).get_by_role("rowheader").nth(11)).to_have_text("0.5")  # no point of the curve
    best = panel(tab).get_by_role("row", name=re.compile(r"^0\.43 "))
    numbers = [f"{found['optimum'][name]:.3f}" for (_, name) in NAMES]
    expect(best.get_by_role("cell")).to_have_text(numbers)


def test_boxes_and_masks_have_their_own_curves(tab: Tab, server: Server) -> None:
    tab.open(v="run", run="masks")
    for group in ("Mask", "Box"):
        panel(tab).get_by_text(group, exact=True).click()
        optimum = curve(server, "masks", group.lower())["optimum"]
        expect(line(tab)).to_contain_text(f"F1 {optimum['f1']:.3f}")
        chosen = tab.region("Classes").get_by_role("radio", name=group)
        expect(chosen).to_be_checked()  # chosen once for the whole page
    expect(panel(tab)).to_contain_text("validated at epoch 2")


def test_scores_of_pixels_are_no_means_over_classes(tab: Tab) -> None:
    tab.open(v="run", run="pixels")
    expect(panel(tab)).to_contain_text("Over all pixels, validated at epoch 1.")
    expect(panel(tab)).not_to_contain_text("classes")


def test_what_a_raised_conf_hides_is_said(tab: Tab) -> None:
    tab.open(v="run", run="cut")
    expect(panel(tab)).to_contain_text("Nothing below conf=0.5 was validated")


def test_without_a_recording_the_way_to_one_is_told(tab: Tab) -> None:
    tab.open(v="run", run="untracked")
    expect(panel(tab)).to_contain_text("track(model)")
    expect(panel(tab).get_by_role("slider")).to_have_count(0)


def test_how_it_was_trained_is_told(tab: Tab) -> None:
    tab.open(v="run", run="boxes")
    for said in ("3 epochs", "AdamW, lr 0.001429", "NVIDIA H100"):
        expect(tab.region("What wrote it")).to_contain_text(said)
