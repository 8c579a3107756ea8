"""The facts behind a run on its page: classes, data, pictures, what wrote it, and the runs it belongs to."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ..builders import write, write_detect
from ..dataset import datasets
from ..projects import SELF_TRAINING, write_partinet_project, write_self_training
from ..reading import checkpoints
from ..server.serving import Server, eventually, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"
TOLD = "toe drain 50% & more #1"
"""A run with everything; its name must be encoded to get at its pictures."""

METRICS = {
    "toe drain": {
        "instances": 18,
        "images": 12,
        "precision": 0.8,
        "recall": 0.7,
        "map50": 0.859,
        "map50_95": 0.6,
    },
    HOSTILE: {
        "instances": 460,
        "images": 220,
        "precision": 0.9,
        "recall": 0.95,
        "map50": 0.96,
        "map50_95": 0.7,
    },
    "rare": {
        "instances": 3,
        "images": 3,
        "precision": 1.0,
        "recall": 0.5,
        "map50": 0.6,
        "map50_95": 0.3,
    },
}
CONSOLE = """
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cpu CPU (AMD EPYC)
YOLO11s summary: 319 layers, 9,428,566 parameters, 9,428,550 gradients, 21.6 GFLOPs
Transferred 493/499 items from pretrained weights
train: Scanning labels/train... 301 images, 25 backgrounds, 0 corrupt: 100%|###| 326/326 [00:01<00:00, 302.1it/s]
val: Scanning labels/val.cache... 74 images, 3 backgrounds, 1 corrupt: 100%|###| 77/77 [00:00<?, ?it/s]
Starting training for 30 epochs...
30 epochs completed in 0.088 hours.
Speed: 0.5ms preprocess, 4.0ms inference, 0.0ms loss, 0.5ms postprocess per image
"""
PICTURES = (
    "results.png",
    "BoxF1_curve.png",
    "confusion_matrix.png",
    "confusion_matrix_normalized.png",
    "labels.jpg",
    "train_batch0.jpg",
    "val_batch0_labels.jpg",
    "val_batch0_pred.jpg",
)


def write_data(folder: Path) -> Path:
    """A data set with hostile names and three faults: a repeated image, an empty and a damaged label file."""
    both = f"{datasets.box(0, 11)}\n{datasets.box(1, 55)}\n"
    labels = {"train": [both] * 40 + ["", None, "damaged"], "val": [both] * 31}
    path = datasets.write(folder, labels, names=("toe drain", HOSTILE))
    shutil.copy(folder / "images/train/0000.png", folder / "images/val/<b>again.png")
    return path


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    told = write_detect(logdir / TOLD, range(1, 31), task="detect", mode="train", epochs=30)
    write(told / "per_class_metrics.json", json.dumps(METRICS))
    for number, name in enumerate(PICTURES):
        write(told / name, datasets.png(number))
    data = write_data(logdir.parent / "data")
    write(logdir / "runlens.yaml", json.dumps({"datasets": {TOLD: f"../data/{data.name}"}}))
    printed = write_detect(logdir / "printed", range(1, 31), task="detect", mode="train")
    write(printed / "train.log", CONSOLE)
    write(printed / "per_class_metrics.json", json.dumps({"a": {"map50": 0.5}, "b": {"map50": 1}}))
    write(printed / "BoxF1_curve.png", "<svg onload='alert(1)'></svg>")
    rows = checkpoints.table(0.3, 0.5, 0.4)
    best = checkpoints.ultralytics(rows, 1)
    checkpoints.write_checkpoint(told / "weights" / "best.pt", best)
    write(told / "weights" / "last.pt", "no checkpoint")
    write_partinet_project(logdir / "project")
    unet = write_self_training(logdir / "unet", dict(enumerate(SELF_TRAINING)))
    (unet / "iteration_3_selftrain").rename(unet / f"iteration_3_{HOSTILE}")
    for number, below in enumerate(sorted(unet.glob("iteration_*"))):
        write(below / "visualization.png", datasets.png(number))
    for seed in (0, 1):
        write_detect(
            logdir / "seeds" / f"seed{seed}", range(1, 13 + seed), task="detect", seed=seed
        )
    shutil.copytree(logdir / "seeds" / "seed1", logdir / "seeds" / "copy")
    with tensorboard(f"--logdir={logdir}") as started:
        eventually(lambda: shown_run(started, TOLD)["data"])
        yield started


def shown_run(server: Server, name: str) -> Any:
    """What the server says of a run."""
    return server.json(f"data/plugin/runlens/run?run={quote(name)}")["run"]


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def panel(tab: Tab, title: str) -> Any:
    """A panel by the beginning of its title; other regions have the same words further on."""
    return tab.frame.get_by_role("region", name=re.compile(f"^{title}"))


def row_of(tab: Tab, table: Any, name: str) -> Any:
    """The row of a table that is headed so."""
    header = tab.frame.get_by_role("rowheader", name=re.compile(f"^{re.escape(name)}"))
    return table.get_by_role("row").filter(has=header)


def expect_no_foreign_elements(tab: Tab) -> None:
    """Nothing on the page was made of a stranger's text."""
    expect(
        tab.frame.locator("[onerror], [onload], svg[onload], [src='x'], main b b")
    ).to_have_count(0)


def test_classes_have_their_metrics_with_intervals(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="classes")
    table = panel(tab, "Classes").get_by_role("table")
    titles = ["trained on", "validated", "images", "mAP50-95▲", "mAP50", "Precision", "Recall"]
    expect(table.get_by_role("columnheader")).to_have_text(["class", *titles])
    row = row_of(tab, table, "toe drain")
    expect(row.get_by_role("cell").nth(1)).to_have_text("18")
    expect(row.get_by_role("cell").nth(4)).to_have_text("0.859, 95 % interval 0.64–0.95")
    expect(row.get_by_role("cell").nth(5)).to_have_text("0.800")
    rare = row_of(tab, table, "rare")
    expect(rare.get_by_role("rowheader")).to_contain_text("◌unreliable")
    expect(table.get_by_role("rowheader", name=HOSTILE)).to_have_text(HOSTILE)
    expect_no_foreign_elements(tab)


def test_without_numbers_of_instances_that_is_said(tab: Tab) -> None:
    tab.open(v="run", run="printed", tab="classes")
    classes = panel(tab, "Classes")
    expect(classes).to_contain_text("The number of instances is unknown")
    expect(classes.get_by_role("columnheader")).to_have_text(["class", "mAP50▲"])
    expect(classes).not_to_contain_text("unreliable")


def test_the_data_set_that_was_pointed_out_is_counted(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="classes")
    data = panel(tab, "Data")
    counts = data.get_by_role("table", name="Images and labels")
    for name, train, val in [
        ("images", 43, 32),
        ("instances", 80, 62),
        ("with an empty label file", 1, 0),
        ("without a label file", 1, 1),
        ("corrupt labels", 1, 0),
    ]:
        row = row_of(tab, counts, name)
        expect(row.get_by_role("cell")).to_have_text([str(train), str(val)])
    by_class = data.get_by_role("table", name="Instances by class")
    row = row_of(tab, by_class, HOSTILE)
    expect(row.get_by_role("cell")).to_have_text(
        [re.compile("^40 *50 %$"), re.compile("^31 *50 %$")]
    )
    bars = row.locator("i")
    assert [bars.nth(n).bounding_box()["width"] > 20 for n in (0, 1)] == [True, True]
    expect_no_foreign_elements(tab)


def test_the_faults_of_the_data_are_told_with_examples(tab: Tab, server: Server) -> None:
    faults = shown_run(server, TOLD)["data"]["faults"]
    assert "data-overlap" in [fault["kind"] for fault in faults]
    tab.open(v="run", run=TOLD, tab="classes")
    data = panel(tab, "Data")
    expect(data.get_by_role("heading", level=3)).to_have_count(len(faults))
    for fault in faults:
        expect(data).to_contain_text(fault["summary"])
        expect(data).to_contain_text(fault["advice"])
    expect(data.get_by_role("heading", name="Data overlap")).to_contain_text("▲")
    data.get_by_text("1 validation image is in train byte for byte").click()
    expect(data.get_by_text("<b>again.png in val")).to_be_visible()
    expect_no_foreign_elements(tab)


def test_without_a_data_set_the_files_words_and_a_hint_stand_there(tab: Tab) -> None:
    tab.open(v="run", run="printed", tab="classes")
    data = panel(tab, "Data")
    expect(data).to_contain_text("301, 25 backgrounds, 0 corrupt")
    expect(data).to_contain_text("74, 3 backgrounds, 1 corrupt")
    expect(data.locator("code")).to_have_text('datasets: {"printed": path/to/data.yaml}')


def test_the_hint_is_what_runlens_yaml_takes(tab: Tab, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    write_detect(tmp_path / "runs" / TOLD, range(1, 13))
    with tensorboard(f"--logdir={tmp_path / 'runs'}") as server:
        tab = Tab(tab.page, server.url).open(v="run", run=TOLD, tab="classes")
        hint = panel(tab, "Data").locator("code").inner_text()
        write(tmp_path / "runs" / "runlens.yaml", hint.replace("path/to/data.yaml", str(data)))
        eventually(lambda: shown_run(server, TOLD)["data"])
        tab.button("Refresh").click()
        expect(panel(tab, "Data").get_by_role("table", name="Images and labels")).to_be_visible()


def test_what_wrote_a_run_is_told(tab: Tab) -> None:
    tab.open(v="run", run="printed", tab="config")
    origin = tab.region("What wrote it")
    for fact in [
        "Ultralytics 8.3.74",
        "train.log",
        "CPU (AMD EPYC)",
        "YOLO11s, 319 layers, 9,428,566 parameters, 21.6 GFLOPs",
        "493 of 499 weights",
        "30 epochs in 0.088 hours",
        "inference 4 ms",
        "200 FPS",
    ]:
        expect(origin).to_contain_text(fact)
    expect(origin.get_by_role("term").filter(has_text=re.compile("^Fitness$"))).to_be_visible()
    expect(
        origin.get_by_role("definition").filter(has_text="0.1 mAP50 + 0.9 mAP50-95")
    ).to_have_count(1)
    expect(origin).not_to_contain_text("either")


def test_checkpoints_say_what_they_hold(tab: Tab) -> None:
    tab.open(v="run", run=TOLD, tab="config")
    table = panel(tab, "What wrote it").get_by_role("table", name="Checkpoints")
    expect(table.get_by_role("columnheader")).to_have_text(["weights/best.pt", "weights/last.pt"])
    for name, best in [
        ("weights of epoch", "2"),
        ("training", "finished"),
        ("saved", "2025-11-02 10:11"),
        ("release", "8.3.231"),
    ]:
        cells = row_of(tab, table, name).get_by_role("cell")
        expect(cells).to_have_text([best, re.compile("not recorded")])
    expect(row_of(tab, table, "problem").get_by_role("cell").nth(1)).to_contain_text("▲")


def test_what_the_release_leaves_open_is_said_both_ways(tab: Tab) -> None:
    tab.open(v="run", run="seeds/seed0", tab="config")
    expect(tab.region("What wrote it")).to_contain_text(re.compile("either mAP50-95, or 0.1 mAP50"))


def test_the_steps_of_partinet_lead_to_each_other(tab: Tab) -> None:
    tab.open(q="project")
    expect(tab.group("project/exp2")).to_contain_text("continued by exp3")
    expect(tab.group("project/exp4")).to_contain_text("step 2: router")
    tab.open_run("project/exp3")
    banner = tab.frame.get_by_role("main")
    expect(banner).to_contain_text("step 1: detectors")
    expect(tab.frame.get_by_role("listitem").filter(has_text="continues")).to_have_text(
        re.compile(r"continues\s*project/exp2")
    )
    for name in ("project/exp2", "project/exp3"):
        tab.frame.get_by_role("button", name=name, exact=True).click()
        expect(tab.heading).to_have_text(name)
        tab.region("Findings").wait_for()
    expect(tab.region("Verdict")).to_contain_text("partinet detect --weight weights/best.pt")
    tab.page.go_back()
    expect(tab.heading).to_have_text("project/exp2")
    tab.open(v="run", run="project/exp4")
    expect(banner).to_contain_text(re.compile(r"started from weights of\s*project/exp3"))


def test_copies_and_other_seeds_are_told(tab: Tab) -> None:
    tab.open(q="seeds")
    expect(tab.group("seeds/seed1")).to_contain_text("same run as copy")
    tab.open_run("seeds/seed1")
    expect(tab.frame.get_by_role("main")).to_contain_text(re.compile(r"same run as\s*seeds/copy"))
    expect(tab.frame.get_by_role("main")).to_contain_text(
        re.compile(r"repeated with another seed:\s*seeds/seed0")
    )


def test_a_command_is_copied(tab: Tab, context: Any) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.open(v="run", run="project/exp4")
    command = tab.frame.get_by_role("list", name="Use it").get_by_role("listitem").first
    command.get_by_role("button", name="Copy command").click()
    expect(command.get_by_role("button")).to_have_text("Copied")


def test_iterations_are_called_so_and_their_pictures_come_in_order(tab: Tab) -> None:
    tab.open()
    expect(tab.group("unet")).to_contain_text("4 iterations")
    expect(tab.group("unet")).to_contain_text("iteration 3")
    tab.open_run("unet")
    expect(tab.frame.get_by_role("main")).to_contain_text("4 iterations")
    expect(tab.region("Metrics")).to_contain_text("iteration 3")
    for region in ("Metrics", "Verdict", "Best, worst, mean, now"):
        expect(tab.region(region)).not_to_contain_text("epoch")
    tab.show_part("Files")
    expect(tab.region("Files and problems")).not_to_contain_text("epoch")
    tab.show_part("Classes")
    expect(panel(tab, "Data")).to_have_count(0)
    tab.show_part("Images")
    pictures = tab.region("Visualizations by iteration")
    expect(pictures).to_contain_text(f"iteration_3_{HOSTILE}/visualization.png")
    expect_no_foreign_elements(tab)


def test_a_run_with_nothing_more_says_what_is_missing(tab: Tab) -> None:
    tab.open(v="run", run="seeds/seed0", tab="classes")
    expect(panel(tab, "Classes")).to_contain_text("No metrics by class are recorded")
    tab.show_part("Images")
    expect(tab.frame.locator(".pictures img")).to_have_count(0)


def test_the_panels_fit_a_narrow_page(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 700, "height": 900})
    tab.open_alone(v="run", run=TOLD, tab="classes")
    panel(tab, "Data").scroll_into_view_if_needed()
    width = tab.frame.locator(":root").evaluate("root => root.scrollWidth")
    assert width <= 700
