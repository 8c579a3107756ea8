"""A real Chromium on a real TensorBoard. Whatever goes wrong in RunLens' frame fails the test that saw it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens import static_files

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OUR_FRAME = "runlens"
"""Part of the address of RunLens' page and of all that it asks for."""

PATIENCE_MS = 20_000

WATCH = """
const tell = (kind, text) => window.tellTheTest?.(`${kind}: ${text}`);
addEventListener("securitypolicyviolation", (e) =>
    tell("policy", `${e.violatedDirective} ${e.blockedURI} ${e.sample}`), true);
addEventListener("error", (e) => tell("error", e.message ?? e.target?.src), true);
addEventListener("unhandledrejection", (e) => tell("rejection", e.reason));
"""


class Watched:
    """What went wrong in RunLens' frame of a page; ``expected`` names what a test brings about itself."""

    def __init__(self, page: Any) -> None:
        self._seen: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.expose_binding("tellTheTest", self._told)
        page.add_init_script(WATCH)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._seen.append(f"error on the page: {error}"))
        page.on("dialog", self._dialog)

    def _told(self, source: Any, text: str) -> None:
        if OUR_FRAME in source["frame"].url:
            self._seen.append(text)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and OUR_FRAME in message.location.get("url", ""):
            self._seen.append(f"console {message.type}: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self._seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def unexpected(self) -> list[str]:
        return [text for text in self._seen if not any(known in text for known in self.expected)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; without it, Playwright or the bundle the test is skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the PATH")
    if not (static_files.FOLDER / "index.js").is_file():
        pytest.skip("the frontend is not built: pip install . builds it")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A browser as somebody opens it who was never here before."""
    opened = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: Any) -> Any:
    return context.new_page()


@pytest.fixture(autouse=True)
def watched(page: Any) -> Iterator[Watched]:
    """Fails the test afterwards if its page had an error that the test did not expect."""
    watching = Watched(page)
    yield watching
    assert watching.unexpected == []


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A logdir of the module's own."""
    return tmp_path_factory.mktemp("browser") / "runs"
