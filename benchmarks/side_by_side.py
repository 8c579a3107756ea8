"""How many clicks and seconds lie between opening TensorBoard and the answer to each of the six questions, in
TensorBoard's own tabs and in RunLens' on the same sample runs:

    PYTHONPATH=. python benchmarks/side_by_side.py [ROUNDS]

Clicks are those of somebody who knows the way, typing into a filter counts as one. Seconds are the page's alone, from
the address to what is looked for being on the screen, the median of the rounds: nobody's reading or thinking is in
them. In TensorBoard's own tabs what is on the screen then is a curve to be judged by eye, in RunLens' a sentence.
docs/tab.md has the table.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from playwright.sync_api import sync_playwright

from tensorboard_runlens.demo import copy_samples
from tests.browser.conftest import NAMES, SWITCHES
from tests.browser.tab import Tab, expect
from tests.server.serving import tensorboard

RUN = "detect/healthy"
METRIC = "metrics/mAP50-95(B)"


@dataclass(frozen=True)
class Way:
    """Clicks to what tells the answer, the steps themselves, and what is then seen; no steps where no tab tells it."""

    clicks: int
    seen: str
    steps: Optional[Callable[[Any], None]] = None


def filtered(words: str, cards: Sequence[str]) -> Callable[[Any], None]:
    """Types into the filter for tags and waits for the charts."""

    def steps(page: Any) -> None:
        page.get_by_role("combobox", name="Filter tags").fill(words)
        for card in cards:
            page.locator("card-view").filter(has_text=card).locator("line-chart").first.wait_for()
            page.locator("card-view").filter(has_text=card).get_by_text(RUN).first.wait_for()

    return steps


def ranked(page: Any) -> None:
    """The metric's chart, its table unfolded and sorted by value."""
    filtered("mAP50-95", [METRIC])(page)
    card = page.locator("card-view").filter(has_text=METRIC)
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Expand").or_(
        card.locator("button.expand-button")
    ).first.click()
    card.get_by_text("Value", exact=True).click()


CURVE = "one curve, judged by eye"
OWN_TABS = {
    "learning": Way(1, CURVE, filtered("mAP50-95", [METRIC])),
    "overfitting": Way(
        1,
        "two charts with scales of their own, compared by eye",
        filtered("box_loss", ["train/box_loss", "val/box_loss"]),
    ),
    "threshold": Way(0, "not in any tab"),
    "classes": Way(0, "not in any tab"),
    "going_on": Way(1, CURVE, filtered("mAP50-95", [METRIC])),
    "others": Way(3, "last values of all runs, not the best ones, without intervals", ranked),
}


def in_own_tabs(page: Any, url: str, way: Way) -> float:
    """Seconds to what tells the answer."""
    started = time.perf_counter()
    page.goto(f"{url}/#timeseries")
    assert way.steps is not None
    way.steps(page)
    return time.perf_counter() - started


def in_runlens(page: Any, url: str, answer: str) -> float:
    """Seconds to the sentence: the tab, then the run."""
    tab = Tab(page, url)
    started = time.perf_counter()
    page.goto(f"{url}/#timeseries")
    tab.show_tab("RunLens")
    tab.run(RUN).click()
    expect(tab.frame.get_by_text(answer).first).to_be_visible()
    return time.perf_counter() - started


def measured(rounds: int, seconds: Callable[[Any], float], browser: Any) -> float:
    """The median of rounds, each in a browser that was never there."""
    found = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        found.append(seconds(context.new_page()))
        context.close()
    return statistics.median(found)


def row(asked: dict[str, str], browser: Any, url: str, rounds: int) -> str:
    """A line of the table."""
    (way, answer) = (OWN_TABS[asked["id"]], asked["answer"])
    (clicks, own) = ("-", "-")
    if way.steps is not None:
        seconds = measured(rounds, lambda page: in_own_tabs(page, url, way), browser)
        (clicks, own) = (str(way.clicks), f"{seconds:.1f}")
    ours = measured(rounds, lambda page: in_runlens(page, url, answer), browser)
    return f"| {asked['question']} | {way.seen} | {clicks} | {own} | {answer} | 2 | {ours:.1f} |"


def main(rounds: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as driver,
        tensorboard(f"--logdir={copy_samples(Path(folder) / 'runs')}") as server,
    ):
        path = next(filter(None, map(shutil.which, NAMES)))
        browser = driver.chromium.launch(executable_path=path, args=list(SWITCHES))
        server.json(
            "data/plugin/runlens/runs"
        )  # every run has been looked at when this is answered
        questions = server.json(f"data/plugin/runlens/run?run={RUN}")["run"]["questions"]
        print("| question | TensorBoard's own tabs | clicks | s | RunLens | clicks | s |")
        print("|---|---|---|---|---|---|---|")
        for asked in questions:
            print(row(asked, browser, server.url, rounds))
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
