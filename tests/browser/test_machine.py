"""The panel on speed and machine: what was recorded is drawn and listed, and what was not is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

CHARTS = ["Time", "Images/s", "Use", "Memory", "Gradients"]


def work(row: int) -> dict[str, Any]:
    return {
        "data_seconds": 18.0 + row / 10,
        "memory": {"reserved": 9.5e9, "peak": 7.5e9, "total": 24e9},
        "gpu": {"utilisation": {"mean": 0.5}},
        "out_of_memory_retries": int(row == 0),
    }


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.tracked(work).changed(args={"batch": 16}), logdir / "tracked")
    trainings.write(trainings.HEALTHY, logdir / "plain")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def panel(page: Any, server: Server) -> Any:
    return (
        Tab(page, server.url).open(v="run", run="tracked", tab="speed").region("Speed and machine")
    )


def test_what_was_recorded_can_be_chosen(panel: Any) -> None:
    expect(panel.get_by_role("radio")).to_have_count(len(CHARTS))
    panel.get_by_text("Memory", exact=True).click()
    expect(panel.get_by_role("img")).to_have_attribute(
        "aria-label", "Speed and machine: GPU peak from 7.5 GB at epoch 1 to 7.5 GB at epoch 60,"
        " lowest 7.5 GB at epoch 1; GPU held from 9.5 GB at epoch 1 to 9.5 GB at epoch 60,"
        " lowest 9.5 GB at epoch 1.",
    )  # fmt: skip
    expect(panel).to_contain_text("1 repeat after running out of memory")


def test_the_table_has_the_numbers_of_the_answer(panel: Any, server: Server) -> None:
    machine = server.json("data/plugin/runlens/run?run=tracked")["run"]["series"]["machine"]
    panel.get_by_text("Images/s", exact=True).click()
    panel.get_by_role("button", name="View as table").click()
    expect(panel.get_by_role("cell")).to_have_text(
        [f"{value:.0f}" for value in machine["images_per_second"]]
    )


def test_a_finding_brings_up_its_chart(panel: Any, page: Any, server: Server) -> None:
    tab = Tab(page, server.url).open(v="run", run="tracked")
    finding = tab.region("Findings").get_by_role("listitem").filter(has_text="GPU memory ran out")
    finding.get_by_role("button", name="Show").click()
    expect(panel.get_by_role("radio", name="Memory")).to_be_checked()


def test_a_run_without_recording_says_what_records_it(page: Any, server: Server) -> None:
    tab = Tab(page, server.url).open(v="run", run="plain", tab="speed")
    expect(tab.region("Speed and machine")).to_contain_text("track(model)")
    expect(tab.region("Speed and machine").get_by_role("img")).to_have_count(0)
