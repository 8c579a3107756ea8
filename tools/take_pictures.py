"""Takes the README's picture: docs/runs.png, the Runs page of ``runlens demo`` in headless Chromium.

    python tools/take_pictures.py

Needs the extra ``dev`` and a Chromium on the PATH.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tensorboard_runlens.demo import copy_samples

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "runs.png"
SIZE = {"width": 1320, "height": 620}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def address(server: subprocess.Popen[str]) -> str:
    """The URL that TensorBoard prints when it is ready."""
    assert server.stderr is not None
    for line in server.stderr:
        found = re.search(r"http://\S+", line)
        if found and "TensorBoard" in line:
            return found.group()
    raise SystemExit("TensorBoard did not start")


def take(url: str) -> None:
    """Opens the tab and stores what it shows."""
    browser_path = next(path for path in map(shutil.which, BROWSERS) if path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{url}#runlens")
        page.frame_locator("iframe").get_by_role("row").nth(4).wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=str(PICTURE))
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        logdir = copy_samples(Path(folder) / "runs")
        command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port=0"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            take(address(server))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
