"""TensorBoard as people start it: a process, its options, and the plugin inside."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from ..builders import DETECT, scalars_of, write_detect, write_events
from .serving import eventually, tensorboard

RUNS = ("both", "deep/events", "deep/table")


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    write_detect(folder / "deep" / "table")
    write_events(folder / "deep" / "events", scalars_of(DETECT, range(1, 6)))
    write_events(write_detect(folder / "both"), scalars_of(DETECT, range(1, 6)))
    return folder


@pytest.mark.parametrize(
    ("options", "prefix"),
    [
        (("--logdir={}", "--load_fast=true"), ""),
        (("--logdir={}", "--load_fast=false", "--path_prefix=/deep/down"), ""),
        (("--logdir_spec=mine:{}", "--load_fast=false"), "mine/"),
        (("--logdir_spec={}", "--path_prefix=/tb"), ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_tensorboard_serves_runlens(logdir: Path, options: tuple[str, ...], prefix: str) -> None:
    with tensorboard(*(option.format(logdir) for option in options)) as server:
        eventually(lambda: server.json("data/plugins_listing")["runlens"]["enabled"])
        listed = server.json("data/plugins_listing")["runlens"]
        runs = server.json("data/plugin/runlens/runs")["runs"]
        table = server.json("data/plugin/runlens/table")
        one = server.json("data/plugin/runlens/run?run=" + quote(prefix + "deep/table", safe=""))
        entry = server.get("data/plugin_entry.html?name=runlens").decode("utf-8")
        module = server.get("data/plugin/runlens/static/index.js")
    assert listed["tab_name"] == "RunLens"
    assert sorted(run["name"] for run in runs) == [prefix + name for name in RUNS]
    assert [run["epochs"]["logged"] for run in runs] == [5, 5, 5]
    assert [row["name"] for row in table["rows"]] == [run["name"] for run in runs]
    assert one["run"]["series"]["epoch"] == [1, 2, 3, 4, 5]
    assert "./static/index.js" in entry
    assert b"export" in module
    # TensorBoard warns of answers without a type, nosniff or a policy for HTML.
    assert "Content-Type" not in server.log
    assert "Traceback" not in server.log


def test_a_relative_logdir_and_one_that_does_not_exist_yet(tmp_path: Path) -> None:
    with tensorboard("--logdir=later", "--load_fast=false", folder=tmp_path) as server:
        assert server.json("data/plugins_listing")["runlens"]["enabled"] is False
        assert server.json("data/plugin/runlens/runs")["runs"] == []
        assert server.is_alive
