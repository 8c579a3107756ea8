"""The tab Files: what was found, what is not there and when it is written, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import write, write_detect
from ..dataset import datasets
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

PICTURES = 12


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    stated = {"task": "detect", "mode": "train", "epochs": 30}
    done = write_detect(logdir / "done", range(1, 31), **stated)
    for number in range(PICTURES):
        write(done / f"train_batch{number}.jpg", datasets.png(number))
    write(done / "weights" / "last.pt", b"x" * 3_000_000)
    write_detect(logdir / "going on", range(1, 11), **stated)
    damaged = write_detect(logdir / "damaged", range(1, 31), **stated)
    with (damaged / "results.csv").open("a") as table:
        table.write("31,<b>half a line</b>\n")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def line(tab: Tab, table: str, name: str) -> Any:
    header = tab.frame.get_by_role("rowheader", name=name)
    region = tab.region("Files and problems")
    return region.get_by_role("table", name=table, exact=True).get_by_role("row").filter(has=header)


def test_what_was_found_is_told_by_its_role(tab: Tab) -> None:
    tab.open(v="run", run="done", tab="files")
    expect(line(tab, "Found", "Result table")).to_contain_text("results.csv")
    expect(line(tab, "Found", "Arguments")).to_contain_text("args.yaml")
    expect(line(tab, "Found", "Checkpoints")).to_contain_text("3.0 MB")


def test_many_files_of_a_kind_are_folded(tab: Tab) -> None:
    tab.open(v="run", run="done", tab="files")
    batches = line(tab, "Found", "Training batches")
    first = batches.get_by_text("train_batch0.jpg")
    expect(first).to_be_hidden()
    batches.get_by_text(f"{PICTURES} files").click()
    expect(first).to_be_visible()


def test_what_is_not_there_says_what_is_missing_without_it(tab: Tab) -> None:
    tab.open(v="run", run="done", tab="files")
    best = line(tab, "Not there", "weights/best.pt")
    expect(best).to_contain_text("after each epoch")
    expect(best).to_contain_text("the checkpoint to use")
    expect(best).to_contain_text("not there")
    expect(line(tab, "Not there", "weights/last.pt")).to_have_count(0)
    expect(line(tab, "Not there", "confusion_matrix.png")).to_contain_text("not there")


def test_what_comes_at_the_end_is_not_yet_written(tab: Tab) -> None:
    tab.open(v="run", run="going on", tab="files")
    matrix = line(tab, "Not there", "confusion_matrix.png")
    expect(matrix).to_contain_text("when best.pt is validated once more")
    expect(matrix).to_contain_text("not yet written")
    expect(line(tab, "Not there", "labels.jpg")).to_contain_text("not there")


def test_what_could_not_be_read_says_why(tab: Tab, server: Server) -> None:
    problem = server.json("data/plugin/runlens/run?run=damaged")["run"]["problems"][0]
    tab.open(v="run", run="damaged", tab="files")
    region = tab.region("Files and problems")
    expect(region).to_contain_text(f"{problem['file']}:{problem['line']}")
    expect(region).to_contain_text(problem["problem"])
    expect(tab.frame.locator("main b b")).to_have_count(0)
    tab.open(v="run", run="going on", tab="files")
    expect(region).to_contain_text("Every file was read without a problem.")


def test_the_tab_fits_a_narrow_page(tab: Tab) -> None:
    tab.open_alone(v="run", run="done", tab="files")
    tab.page.set_viewport_size({"width": 320, "height": 900})
    expect(tab.region("Files and problems")).to_be_visible()
    assert tab.frame.locator(":root").evaluate("root => root.scrollWidth") <= 320
