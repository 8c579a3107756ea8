"""RunLens' tab as a person uses it, by what is written on it."""

from __future__ import annotations

import re
from typing import Any, Optional
from urllib.parse import quote

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
expect.set_options(timeout=20_000)

MOST_SCROLLS = 50
SCROLL = "html => html.ownerDocument.defaultView.scrollBy(0, 300)"

ENTRY = "data/plugin_entry.html?name=runlens"


def place(**keys: str) -> str:
    """The end of an address that opens the tab there: ``place(v="run", run=NAME)``."""
    parts = [f"p.runlens.{key}={quote(value, safe='')}" for (key, value) in keys.items()]
    return "#" + "&".join(["runlens", *parts])


class Tab:
    """The tab in TensorBoard at this address, or RunLens' page alone."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.url = url
        self.frame: Any = page.frame_locator("iframe[src*='name=runlens']")

    def open(self, **keys: str) -> Tab:
        """Opens TensorBoard with this tab in front, and waits until the page has its data."""
        self.page.goto(f"{self.url}/{place(**keys)}")
        return self.wait()

    def open_alone(self, **keys: str) -> Tab:
        """Opens RunLens' page without TensorBoard around it."""
        self.frame = self.page
        self.page.goto(f"{self.url}/{ENTRY}{place(**keys)}")
        return self.wait()

    def wait(self) -> Tab:
        """Waits until the page has said something: rows, a run, that there are none, or what is wrong."""
        self.frame.get_by_role("heading", level=1).wait_for()
        expect(self.frame.get_by_role("status").filter(has_text="Reading the run")).to_have_count(0)
        return self

    @property
    def heading(self) -> Any:
        return self.frame.get_by_role("heading", level=1)

    @property
    def search(self) -> Any:
        return self.frame.get_by_role("searchbox", name="Filter runs")

    @property
    def alert(self) -> Any:
        return self.frame.get_by_role("alert")

    def names(self) -> list[str]:
        """The runs on the Runs page, from top to bottom."""
        buttons = self.frame.get_by_role("rowheader").get_by_role("button")
        return [text.strip() for text in buttons.all_inner_texts()]

    def run(self, name: str) -> Any:
        """The button that opens a run."""
        return self.frame.get_by_role("rowheader").get_by_role("button", name=name, exact=True)

    def group(self, name: str) -> Any:
        """Both lines of a run."""
        return self.frame.get_by_role("rowgroup").filter(has=self.run(name))

    def button(self, name: str) -> Any:
        return self.frame.get_by_role("button", name=name)

    def region(self, name: str) -> Any:
        return self.frame.get_by_role("region", name=name)

    def column(self, title: str) -> Any:
        return self.frame.get_by_role("columnheader", name=title)

    def open_run(self, name: str, part: Optional[str] = None) -> None:
        """Clicks a run and waits for its page; then changes to another of its tabs."""
        self._bring_up(name)
        self.run(name).click()
        expect(self.heading).to_have_text(name)
        self.region("Findings").wait_for()
        if part is not None:
            self.show_part(part)

    def _bring_up(self, name: str) -> None:
        """Scrolls to a run: only the rows that are near are on the page."""
        self.frame.get_by_role("rowheader").get_by_role("button").first.wait_for()
        for _ in range(MOST_SCROLLS):
            if self.run(name).count() > 0:
                return
            self.frame.locator("html").evaluate(SCROLL)

    def show_part(self, title: str) -> None:
        """Changes to another tab of a run's page."""
        chosen = self.frame.get_by_role("tab", name=title, exact=True)
        chosen.click()
        expect(chosen).to_have_attribute("aria-selected", "true")

    def show_tab(self, name: str) -> None:
        """Changes to another tab of TensorBoard, or back."""
        self.page.get_by_role("tab", name=re.compile(f"^{name}$", re.I)).click()

    def reload_data(self) -> None:
        """TensorBoard's own reload button."""
        self.page.get_by_role("button", name=re.compile("Last Updated")).click()

    def expect_runs(self, names: list[str]) -> None:
        """Waits until exactly these runs are listed, in this order."""
        expect(self.frame.get_by_role("rowheader").get_by_role("button")).to_have_text(names)
