"""The tab on learning rate and speed: what was logged against what the arguments ask for, and the time it took."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..builders import DETECT_WITHOUT_TIME, rows_of, write_args, write_csv
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

N = trainings.N
RAMP = np.minimum((np.arange(N) + 1) / 4, 1)
RATE = 0.002 * RAMP * (1 - 0.99 * np.arange(N) / N)
BIAS = RATE + 0.1 * (1 - RAMP)
SECONDS = np.where(np.arange(N) == 20, 300.0, 30.0)
WARMED = trainings.HEALTHY.changed(
    columns={
        "lr/pg0": RATE.tolist(),
        "lr/pg1": RATE.tolist(),
        "lr/pg2": BIAS.tolist(),
        "time": np.cumsum(SECONDS).tolist(),
    },
    args={"lrf": 0.01, "lr0": 0.01, "optimizer": "auto", "cos_lr": False, "warmup_epochs": 3},
    manifest={"images": {"train": 900, "val": 100}},
    recording=[{}] * N,
)


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(WARMED, logdir / "warmed")
    trainings.write(trainings.HEALTHY, logdir / "bare")
    tiny = {"lr/pg0": [1.2e-5 * (60 - row) / 60 for row in range(60)]}
    trainings.write(trainings.HEALTHY.changed(columns=tiny), logdir / "tiny")
    going_on = trainings.write(trainings.INTERRUPTED, logdir / "running")
    now = time.time()
    trainings.set_time(going_on / "args.yaml", now - 60 * 30)
    trainings.set_time(going_on / "results.csv", now)
    columns = [name for name in DETECT_WITHOUT_TIME if not name.startswith("lr/")]
    write_csv(logdir / "nothing", columns, rows_of(columns, range(1, 21)))
    write_args(logdir / "nothing", epochs=20)
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def told(server: Server, name: str) -> Any:
    return server.json(f"data/plugin/runlens/run?run={name}")["run"]


def test_rates_are_drawn_against_the_schedule_of_the_arguments(tab: Tab, server: Server) -> None:
    schedule = told(server, "warmed")["schedule"]
    assert len(schedule["expected"]) == N
    tab.open(v="run", run="warmed", tab="speed")
    region = tab.region("Learning rate")
    for label in ("expected", "pg0, pg1", "pg2"):
        expect(region.get_by_role("img")).to_have_attribute(
            "aria-label", re.compile(rf"{label} from .* at epoch 1 to .* at epoch {N}")
        )
    expect(region.get_by_role("img")).to_contain_text("warm-up")
    expect(region).to_contain_text("last 5.3e-5")
    for note in schedule["notes"]:
        expect(region).to_contain_text(note)


def test_what_is_normal_of_a_rate_is_said(server: Server) -> None:
    (agreement, biases, chosen) = told(server, "warmed")["schedule"]["notes"]
    assert agreement == "The logged rate follows the schedule that the arguments imply."
    assert biases.startswith("pg2 falls during warm-up")
    assert chosen.startswith("optimizer=auto chose the optimizer and a rate of 0.002")


def test_why_there_is_no_expected_line(tab: Tab) -> None:
    tab.open(v="run", run="bare", tab="speed")
    region = tab.region("Learning rate")
    expect(region).to_contain_text("No expected line: The arguments do not state lrf")
    expect(region.get_by_role("img")).not_to_have_attribute("aria-label", re.compile("expected"))


def test_tiny_rates_fit_beside_their_axis(tab: Tab) -> None:
    tab.open(v="run", run="tiny", tab="speed")
    chart = tab.region("Learning rate").get_by_role("img")
    for text in ("1.2e-5", "2e-6", "0"):
        expect(chart.get_by_text(text, exact=True).first).to_be_visible()
    edge = chart.bounding_box()["x"]
    assert all(text.bounding_box()["x"] >= edge for text in chart.locator("text").all())


def test_an_epoch_that_took_long_is_marked(tab: Tab, server: Server) -> None:
    pace = told(server, "warmed")["pace"]
    assert (pace["median"], pace["slow"], pace["total"]) == (30.0, [21], float(SECONDS.sum()))
    assert pace["seconds"][20] == 300.0
    tab.open(v="run", run="warmed", tab="speed")
    region = tab.region("Seconds per epoch")
    expect(region.get_by_role("img")).to_contain_text("slow 21")
    expect(region).to_contain_text("median epoch30s")
    expect(region).to_contain_text("30/s")


def test_a_running_training_says_what_is_left(tab: Tab, server: Server) -> None:
    run = told(server, "running")
    assert (run["state"], run["pace"]["left"]) == ("running", 40 * 30.0)
    tab.open(v="run", run="running", tab="speed")
    expect(tab.region("Seconds per epoch")).to_contain_text("left until the planned end20m00")


def test_what_is_not_recorded_names_the_line_that_records_it(tab: Tab) -> None:
    tab.open(v="run", run="nothing", tab="speed")
    for title in ("Seconds per epoch", "Speed and machine"):
        expect(tab.region(title)).to_contain_text("track(model)")
    expect(tab.region("Learning rate")).to_contain_text("log_epoch(lr={...})")
