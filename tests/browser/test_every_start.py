"""The tab in TensorBoard however that was started: fast or slow, one logdir or several, behind a prefix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..builders import DETECT, scalars_of, write_detect, write_events
from ..server.serving import eventually, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def runs(logdir: Path) -> Path:
    write_detect(logdir / "deep" / "table", range(1, 16))
    write_events(logdir / "events", scalars_of(DETECT, range(1, 13)))
    return logdir


def has_fast_server() -> bool:
    try:
        import tensorboard_data_server
    except ImportError:
        return False
    return tensorboard_data_server.server_binary() is not None


@pytest.mark.parametrize("path_prefix", ["", "/behind/proxy"])
@pytest.mark.parametrize(
    ("options", "before"),
    [
        (("--logdir={}", "--load_fast=true"), ""),
        (("--logdir={}", "--load_fast=false"), ""),
        (("--logdir_spec=mine:{}",), "mine/"),
    ],
    ids=["fast", "slow", "spec"],
)
def test_the_tab_opens_and_shows_runs(
    runs: Path, page: Any, options: tuple[str, ...], before: str, path_prefix: str
) -> None:
    if "--load_fast=true" in options and not has_fast_server():
        pytest.skip("TensorBoard has no fast data server for this system")
    arguments = [option.format(runs) for option in options]
    if path_prefix:
        arguments.append(f"--path_prefix={path_prefix}")
    with tensorboard(*arguments) as server:
        eventually(lambda: server.json("data/plugins_listing")["runlens"]["enabled"])
        tab = Tab(page, server.url)
        page.goto(f"{server.url}/")
        tab.show_tab("RunLens")
        tab.wait()
        assert sorted(tab.names()) == [before + "deep/table", before + "events"]
        tab.open_run(before + "deep/table")
        expect(tab.region("Verdict")).to_contain_text("mAP50-95")
        expect(tab.frame.get_by_role("img", name="val from")).to_be_visible()
        tab.button("← Runs").click()
        expect(tab.heading).to_have_text("RunLens")
