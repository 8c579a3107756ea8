"""What the page computes while somebody drags the slider of the Threshold panel, with 80 classes:

    PYTHONPATH=. python benchmarks/slider.py [MOVES]

Each move is one frame. The script's own part is timed between two performance marks around the input event; what
Chromium spends on scripts, styles and layout in all comes from its own counters, over a drag with the mouse. The
answers are made up; TensorBoard, the page and the browser are real.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.conftest import NAMES, SWITCHES
from tests.browser.made_up import as_json, confusion_answer, threshold_answer
from tests.browser.tab import Tab
from tests.builders import write_detect
from tests.server.serving import tensorboard

CLASSES = 80
MOVES = 300
AIM_MS = 8.0
COUNTERS = {
    "scripts": ("ScriptDuration",),
    "scripts, styles, layout": ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration"),
}

DRAG = """
async (input, moves) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  for (let move = 0; move < moves; move++) {
    await frame();
    const at = 0.5 + 0.49 * Math.sin(move / 9);
    performance.mark("before");
    set.call(input, at.toFixed(2));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await null;
    performance.mark("after");
    performance.measure("move", "before", "after");
  }
  return performance.getEntriesByName("move").map(({ duration }) => duration);
}
"""

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main(moves: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as driver,
        tensorboard(f"--logdir={prepared(Path(folder))}") as server,
    ):
        path = next(filter(None, map(shutil.which, NAMES)))
        browser = driver.chromium.launch(executable_path=path, args=list(SWITCHES))
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        answer(page, "threshold", as_json(threshold_answer(CLASSES)))
        answer(page, "confusion", as_json(confusion_answer(CLASSES)))
        tab = Tab(page, server.url).open(v="run", run="made_up")
        slider = tab.region("Threshold").get_by_role("slider", name="Confidence")
        slider.wait_for()
        show("between the marks", slider.evaluate(DRAG, moves))
        for name, times in dragged(page, slider, moves).items():
            show(f"{name}, dragged", times)
        browser.close()


def prepared(folder: Path) -> Path:
    write_detect(folder / "runs" / "made_up", task="detect", mode="train")
    return folder / "runs"


def answer(page: Any, route: str, text: str) -> None:
    page.route(
        f"**/{route}?*", lambda call: call.fulfill(body=text, content_type="application/json")
    )


def dragged(page: Any, slider: Any, moves: int) -> dict[str, list[float]]:
    """Milliseconds of each move of the mouse, by what Chromium spent them on."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    times: dict[str, list[float]] = {name: [] for name in COUNTERS}
    for move in range(moves):
        before = counted(session)
        page.mouse.move(box["x"] + box["width"] * (0.5 + 0.45 * np.sin(move / 9)), y)
        page.evaluate(TWO_FRAMES)
        after = counted(session)
        for name, counters in COUNTERS.items():
            times[name].append(1000 * sum(after[one] - before[one] for one in counters))
    page.mouse.up()
    return times


def counted(session: Any) -> dict[str, float]:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in metrics}


def show(name: str, times: Sequence[float]) -> None:
    (middle, most) = np.percentile(times, [50, 95])
    verdict = "within" if most <= AIM_MS else "over"
    print(
        f"{name}: p50 {middle:.2f} ms, p95 {most:.2f} ms of {len(times)} moves,"
        f" {verdict} the {AIM_MS:g} ms aimed at"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOVES)
