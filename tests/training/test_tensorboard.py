"""TensorBoard shows the framework's own scalars of a tracked run as it shows those of an untracked one."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.server.serving import Server, eventually, tensorboard
from tests.training import outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.training,
    pytest.mark.skipif(
        importlib.util.find_spec("ultralytics") is None, reason="ultralytics is not installed"
    ),
]

RUNS = ("plain", "tracked", "plain_without_tensorboard", "without_tensorboard")
WAYS = {"slow": "--load_fast=false", "fast": "--load_fast=true"}

Shown = dict[str, list[tuple[int, float]]]


@pytest.fixture(scope="module")
def logdir(faults, tmp_path_factory) -> Path:
    """The runs beside each other."""
    folder = tmp_path_factory.mktemp("logdir")
    for name in RUNS:
        shutil.copytree(faults / "runs" / name, folder / name)
    return folder


@pytest.fixture(scope="module", params=WAYS)
def server(request, logdir) -> Iterator[Server]:
    if request.param == "fast" and importlib.util.find_spec("tensorboard_data_server") is None:
        pytest.skip("tensorboard_data_server is not installed")
    with tensorboard(f"--logdir={logdir}", WAYS[request.param]) as started:
        yield started


@pytest.fixture(scope="module")
def tags(server) -> dict[str, list[str]]:
    """By run, once the last of them is loaded."""

    def loaded() -> Any:
        found = server.json("data/plugin/scalars/tags")
        complete = {"plain", "tracked"} <= found.keys() and all(
            len(series(server, run, "metrics/mAP50(B)")) == 3 for run in ("plain", "tracked")
        )
        return found if complete else None

    return {run: sorted(of_run) for (run, of_run) in eventually(loaded, 60).items()}


def series(server: Server, run: str, tag: str) -> list[tuple[int, float]]:
    points = server.json("data/plugin/scalars/scalars?" + urlencode({"run": run, "tag": tag}))
    return [(step, value) for (_, step, value) in points]


def shown(server: Server, run: str, tags: list[str]) -> Shown:
    return {tag: series(server, run, tag) for tag in tags}


def test_every_tag_of_the_framework_reads_the_same(server, tags):
    own = [tag for tag in tags["tracked"] if tag.startswith(outcome.OURS)]
    assert sorted(set(tags["tracked"]) - set(own)) == tags["plain"]
    plain = shown(server, "plain", tags["plain"])
    assert plain.keys() >= {"train/box_loss", "metrics/mAP50(B)", "val/box_loss", "lr/pg0"}
    assert all(plain.values())
    assert shown(server, "tracked", tags["plain"]) == plain


def test_tensorboard_shows_what_the_file_holds(server, tags, logdir):
    for run in ("plain", "tracked"):
        assert shown(server, run, tags[run]) == outcome.scalars(logdir / run)


def test_own_scalars_have_the_epochs_numbers(server, tags):
    own = [tag for tag in tags["tracked"] if tag.startswith(outcome.OURS)]
    assert own
    for tag in own:
        steps = [step for (step, _) in series(server, "tracked", tag)]
        assert steps
        assert set(steps) <= {1, 2}


def test_a_run_without_the_frameworks_file_has_nothing_but_ours(server, tags):
    assert "plain_without_tensorboard" not in tags
    own = tags.get("without_tensorboard", [])
    assert all(tag.startswith(outcome.OURS) for tag in own)


def test_other_plugins_find_the_same(server, tags):
    """The graph that the framework writes, and no tag of a kind that it has none of."""
    assert tags
    for plugin in ("graphs/info", "images/tags", "histograms/tags", "text/tags"):
        found = server.json(f"data/plugin/{plugin}")
        (plain, tracked) = (found.get(run) for run in ("plain", "tracked"))
        assert without_name(plain) == without_name(tracked)


def without_name(found: Any) -> Any:
    """An answer without the run's own name."""
    if isinstance(found, dict):
        return {key: without_name(value) for (key, value) in found.items() if key != "run"}
    return found
