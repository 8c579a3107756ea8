"""How fast the tab is in a real Chromium on a real TensorBoard; `benchmarks/tab.py` says how to call it.

`paint` and `interaction` are times as a person waits, from the answer or the event until the frame after it is
painted, so that whatever else the machine does is in them. `scroll` is processor time of the page's thread:
scripting, styles and layout of one turn of the wheel.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Callable

from tensorboard_runlens.catalog import Catalog
from tests.browser import made_up_runs
from tests.browser.conftest import NAMES, SWITCHES
from tests.browser.tab import ENTRY
from tests.server.serving import Server, tensorboard

RUNS = 200
LOADS = 10
ROUNDS = 15
MANY = 10_000
TURNS = 200
WHEEL = 120
"""Pixels of one notch of a wheel."""

PAINT_MS, INTERACTION_MS, SCROLL_MS = 300, 50, 10
"""What the tab aims at."""

WATCH_FIRST_ROWS = """
new MutationObserver((changes, observer) => {
    if (!document.querySelector("tbody.run")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
        const [answer] = performance.getEntriesByType("resource")
            .filter(({ name }) => name.endsWith("/table")).slice(-1);
        window.rowsPainted = performance.now() - answer.responseEnd;
    }));
}).observe(document, { childList: true, subtree: true });
"""

WATCH_EVENTS = """
window.waits = [];
for (const kind of ["click", "keydown"]) {
    addEventListener(kind, ({ timeStamp }) => requestAnimationFrame(() =>
        setTimeout(() => window.waits.push(performance.now() - timeStamp))), true);
}
"""

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

SPENT = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def paint(logdir: Path) -> None:
    """From the arrival of the rows until they are painted, each load a new page."""
    with _copy(logdir) as runs, tensorboard(f"--logdir={runs}") as server, _browser() as browser:
        _wait_until_read(server)
        times = [_first_rows(browser, server) for _ in range(LOADS)]
    print(f"first rows of {RUNS} runs after their data have arrived, {LOADS} loads:")
    print(f"  median {median(times):.0f} ms, worst {max(times):.0f} ms (aim {PAINT_MS})")


def _first_rows(browser: Any, server: Server) -> float:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH_FIRST_ROWS)
    page.goto(f"{server.url}/{ENTRY}")
    page.wait_for_function("window.rowsPainted !== undefined")
    time = float(page.evaluate("window.rowsPainted"))
    page.close()
    return time


def interaction(logdir: Path) -> None:
    """From a click or key until the next frame is painted."""
    with _copy(logdir) as runs, tensorboard(f"--logdir={runs}") as server, _browser() as browser:
        _wait_until_read(server)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH_EVENTS)
        page.goto(f"{server.url}/{ENTRY}")
        page.locator("tbody.run").first.wait_for()
        page.wait_for_load_state("networkidle")
        print(f"{RUNS} runs, from the event until the next frame is painted, {ROUNDS} rounds:")
        for what, act in ACTIONS.items():
            times = [time for nth in range(ROUNDS) for time in _waits(page, act, nth)]
            print(f"  {what:<22} {_spread(times)} ms (aim {INTERACTION_MS})")


def _waits(page: Any, act: Callable[[Any, int], None], nth: int) -> list[float]:
    page.evaluate("window.waits = []")
    act(page, nth)
    page.wait_for_function("window.waits.length > 0")
    page.evaluate(TWO_FRAMES)
    return [float(time) for time in page.evaluate("window.waits")]


def _type(page: Any, nth: int) -> None:
    page.get_by_role("searchbox").press("exp2"[nth % 4] if nth % 8 < 4 else "Backspace")


def _sort(page: Any, nth: int) -> None:
    titles = page.locator("thead button.sort")
    titles.nth(nth % 6).click()


def _select(page: Any, nth: int) -> None:
    page.locator("tbody.run input").nth(nth % 8).click()


def _open(page: Any, nth: int) -> None:
    if page.get_by_role("tab").count() > 0:
        page.go_back()
        page.locator("tbody.run").first.wait_for()
    page.locator("tbody.run button.name").nth(nth % 8).click()
    page.get_by_role("tab").first.wait_for()


def _change_tab(page: Any, nth: int) -> None:
    tabs = page.get_by_role("tab")
    tabs.nth((nth + 1) % tabs.count()).click()


ACTIONS: dict[str, Callable[[Any, int], None]] = {
    "a letter in the filter": _type,
    "sort": _sort,
    "select": _select,
    "open a run": _open,
    "change its tab": _change_tab,
}


def scroll(logdir: Path) -> None:
    """Scripting, styles and layout of one turn of the wheel over very many rows, which are made up."""
    with tensorboard(f"--logdir={logdir}") as server, _browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        made_up_runs.serve(page, "table", _many())
        page.goto(f"{server.url}/{ENTRY}")
        page.locator("tbody.run").first.wait_for()
        page.mouse.move(700, 500)
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        costs = [_turn(page, meter) for _ in range(TURNS)]
        drawn = page.locator("tbody.run").count()
    print(f"{MANY} rows, {drawn} of them drawn, {TURNS} turns of the wheel by {WHEEL} pixels:")
    print(f"  all together {_spread([sum(cost) for cost in costs])} ms (aim {SCROLL_MS})")
    for name, each in zip(SPENT, zip(*costs)):
        print(f"  {name:<20} {_spread(each)} ms")


def _turn(page: Any, meter: Any) -> list[float]:
    before = _spent(meter)
    page.mouse.wheel(0, WHEEL)
    page.evaluate(TWO_FRAMES)
    return [1000 * (after - start) for (start, after) in zip(before, _spent(meter))]


def _spent(meter: Any) -> list[float]:
    metrics = meter.send("Performance.getMetrics")["metrics"]
    values = {metric["name"]: float(metric["value"]) for metric in metrics}
    return [values[name] for name in SPENT]


def _many() -> str:
    chance = random.Random(1)
    return made_up_runs.answer(
        [
            made_up_runs.row(
                f"project{number % 37}/detect/train{number}",
                data=number % 3,
                main_metric=made_up_runs.metric(chance.random()),
                sparkline=[chance.random() for _ in range(40)],
            )
            for number in range(MANY)
        ]
    )


@contextmanager
def _copy(logdir: Path) -> Iterator[Path]:
    """The first runs of a logdir, in a folder of their own."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    with tempfile.TemporaryDirectory() as folder:
        for name in list(catalog.runs)[:RUNS]:
            shutil.copytree(logdir / name, Path(folder) / name, dirs_exist_ok=True)
        yield Path(folder)


def _wait_until_read(server: Server) -> None:
    while not server.json("data/plugin/runlens/table")["progress"]["complete"]:
        pass


@contextmanager
def _browser() -> Iterator[Any]:
    """Chromium, once it and the machine have been named."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(SWITCHES))
        load = os.getloadavg()[0]
        print(f"{platform.machine()}, {os.cpu_count()} processors, load {load:.1f};", end=" ")
        print(f"Chromium {browser.version}")
        yield browser
        browser.close()


def _spread(times: Sequence[float]) -> str:
    return f"median {median(times):.1f}, p95 {quantiles(times, n=20)[-1]:.1f}"
