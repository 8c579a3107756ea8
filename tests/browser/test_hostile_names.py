"""Whatever a logdir, an address or the browser's own store says: the page stays a page, and nothing of it is run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import DETECT, rows_of, write_args, write_csv, write_detect
from ..server.serving import Server, tensorboard
from .conftest import Watched
from .tab import Tab, expect

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=alert(1)>"
NAMES = ("\u202egnp.exe", "a\nb\tc", "=1+1", "a`b`${alert(1)}", "constructor", "__proto__", "]]>")
EXTREMES = (1e308, -1e308, 5e-324, 0.0, "nan", "inf")
STORED = (
    {"muted": "{{{", "baselines": "null", "columns": "5", "keys": '"x"'},
    {"muted": "[1, {}]", "baselines": '{"runs": {}}', "columns": '{"a": 1}', "keys": "[]"},
    {
        "muted": json.dumps([MARKUP, "__proto__"]),
        "baselines": json.dumps({"runs": MARKUP}),
        "columns": json.dumps(f"__proto__,constructor,{MARKUP},metric,metric"),
        "keys": "false",
    },
    {"muted": json.dumps(["x" * 100] * 2000), "baselines": json.dumps({"runs": "x" * 100_000})},
)
STORE = """values => {
    localStorage.clear();
    for (const key in values) localStorage.setItem(`runlens.${key}`, values[key]);
}"""
FOREIGN = ("[]", "null", "{}", '"text"', '{"ok": false}', '{"ok": false, "error": {}}', "<html>")


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    for name in (MARKUP, *NAMES):
        write_detect(logdir / name, range(1, 9), task="detect", model=f'"{MARKUP}"', epochs=8)
    for shift in range(3):
        write_extremes(logdir / f"extremes{shift}", shift)
    with tensorboard("--logdir", str(logdir)) as started:
        yield started


def write_extremes(folder: Path, shift: int) -> None:
    """Values at the ends of what a number can be, two kinds of them in each run."""
    rows = rows_of(DETECT, range(1, 31))
    for at, row in enumerate(rows):
        extreme = EXTREMES[(2 * shift + at % 2) % len(EXTREMES)]
        row.update(dict.fromkeys([name for name in DETECT if name != "epoch"], extreme))
    write_csv(folder, DETECT, rows)
    write_args(folder, task="detect", model="a.pt", epochs="1e308", lr0=".nan")


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def expect_text_only(tab: Tab) -> None:
    expect(tab.frame.locator("img[onerror]")).to_have_count(0)
    expect(tab.alert).to_have_count(0)


@pytest.mark.parametrize("name", [MARKUP, *NAMES])
def test_a_name_is_a_name(tab: Tab, name: str) -> None:
    tab.open_alone(v="run", run=name)
    assert tab.heading.text_content() == name
    expect_text_only(tab)


@pytest.mark.parametrize("shift", range(3))
def test_numbers_that_no_training_has_are_drawn_or_left_out(tab: Tab, shift: int) -> None:
    tab.open_alone(v="run", run=f"extremes{shift}")
    for title in ("Losses", "LR & speed", "Overview"):
        tab.show_part(title)
        expect_text_only(tab)


@pytest.mark.parametrize("stored", STORED)
def test_what_is_stored_in_another_form_is_not_used(tab: Tab, stored: dict[str, str]) -> None:
    tab.open_alone()
    tab.page.evaluate(STORE, stored)
    tab.page.reload()
    tab.wait()
    expect(tab.run(MARKUP)).to_be_visible()
    tab.open_alone(v="run", run=MARKUP)
    tab.region("Findings").wait_for()
    expect_text_only(tab)


@pytest.mark.parametrize(
    "runs", ["{}", "[", "[1, null]", '"x"', json.dumps([MARKUP]), json.dumps([MARKUP, "]]>"])]
)
def test_any_address_of_a_comparison_is_a_page(tab: Tab, runs: str) -> None:
    tab.open_alone(v="compare", runs=runs)
    expect_text_only(tab)


@pytest.mark.parametrize("body", FOREIGN)
def test_an_answer_of_something_else_is_said_to_be_none(
    tab: Tab, watched: Watched, body: str
) -> None:
    tab.page.route("**/runlens/table", lambda asked: asked.fulfill(body=body))
    tab.page.goto(f"{tab.url}/data/plugin_entry.html?name=runlens")
    expect(tab.page.get_by_role("alert")).to_contain_text("something that is not RunLens data")
