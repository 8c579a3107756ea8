"""axe-core on every page, tab and dialog, light and dark; and zoom: no page scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import demo

from ..recording.archives import best_arrays, final_arrays, write_recording
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .made_up_digest import as_json, eventful
from .made_up_runs import serve
from .tab import Tab, expect

pytestmark = pytest.mark.browser

PARTS = ("overview", "losses", "threshold", "classes", "confusion", "images", "speed", "config", "files")  # fmt: skip

RUNS = ("recorded", "detect/healthy", "overfitted")
"""With recorded detections, with pictures, and with little more than a table."""

STANDARDS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    demo.copy_samples(logdir)
    write_recording(logdir / "recorded", best_arrays(), final_arrays())
    trainings.write(trainings.OVERFITTED, logdir / "overfitted")
    trainings.write(trainings.HEALTHY, logdir / "healthy")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture(scope="module")
def axe() -> str:
    """The script that looks for what a person could not see, reach or be told."""
    package = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture(params=["light", "dark"])
def tab(page: Any, server: Server, request: pytest.FixtureRequest) -> Tab:
    page.emulate_media(color_scheme=request.param)
    return Tab(page, server.url)


def expect_accessible(tab: Tab, axe: str) -> None:
    tab.page.evaluate(axe)
    found = tab.page.evaluate("options => axe.run(document, options)", STANDARDS)["violations"]
    told = [
        f"{one['id']}: {node['html'][:150]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"][:3]
    ]
    assert told == []


@pytest.mark.parametrize("part", PARTS)
def test_no_tab_of_a_run_shuts_anybody_out(tab: Tab, axe: str, part: str) -> None:
    for name in RUNS:
        tab.open_alone(v="run", run=name, tab=part)
        expect(tab.frame.get_by_role("tabpanel")).to_be_visible()
        tab.page.wait_for_load_state("networkidle")
        expect_accessible(tab, axe)


def test_the_runs_page_shuts_nobody_out(tab: Tab, axe: str) -> None:
    tab.open_alone()
    expect(tab.run("overfitted")).to_be_visible()
    expect_accessible(tab, axe)


def test_the_digest_shuts_nobody_out(tab: Tab, axe: str) -> None:
    serve(tab.page, "digest", as_json(eventful()))
    tab.open_alone()
    expect(tab.region("Since 12 h")).to_contain_text("5 finished")
    expect_accessible(tab, axe)


def test_a_comparison_shuts_nobody_out(tab: Tab, axe: str) -> None:
    tab.open_alone(v="compare", runs='["overfitted", "healthy"]')
    tab.page.wait_for_load_state("networkidle")
    expect_accessible(tab, axe)


def test_a_shown_finding_its_reasons_and_the_help_shut_nobody_out(tab: Tab, axe: str) -> None:
    tab.open_alone(v="run", run="overfitted")
    finding = tab.frame.locator("[data-finding]").first
    finding.get_by_role("button", name="Show").click()
    finding.get_by_role("button", name="Why").click()
    expect(finding).to_contain_text("How it decides")
    expect_accessible(tab, axe)
    tab.button("Help").click()
    expect_accessible(tab, axe)


@pytest.mark.parametrize("width", [640, 320])
@pytest.mark.parametrize("part", ["runs", "compare", *PARTS])
def test_no_page_scrolls_sideways(page: Any, server: Server, part: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    tab = Tab(page, server.url)
    if part == "runs":
        serve(page, "digest", as_json(eventful()))
        tab.open_alone()
        expect(tab.region("Since 12 h")).to_contain_text("5 finished")
    elif part == "compare":
        tab.open_alone(v="compare", runs='["overfitted", "healthy"]')
    else:
        tab.open_alone(v="run", run="recorded", tab=part)
    page.wait_for_load_state("networkidle")
    wide = page.evaluate(
        """limit => [...document.querySelectorAll("main *")].filter(one => {
            const box = one.getBoundingClientRect();
            return box.right > limit + 1 && box.width > 0 && !one.closest(".scroll, .runs-box, .unseen");
        }).slice(0, 5).map(one => one.outerHTML.slice(0, 120))""",
        width,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide
