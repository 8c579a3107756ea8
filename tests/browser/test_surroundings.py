"""The tab while things change around it: growing runs, a server that goes, no TensorBoard around it."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ..builders import DETECT, csv_text, rows_of, write, write_detect
from ..server.serving import Server, tensorboard
from .tab import ENTRY, Tab, expect, place

pytestmark = pytest.mark.browser

EPOCHS = 12
"""How many epochs the run "growing" has before a test appends to it."""

STALE_S = 2.2
"""After this time the server looks at the disk again."""


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    write_detect(logdir / "still", range(1, 16))
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


@pytest.fixture
def growing(logdir: Path) -> Path:
    """A training at its twelfth epoch, as the server already knows it."""
    epochs = range(1, EPOCHS + 1)
    run = write_detect(logdir / "growing", epochs, task="detect", mode="train", epochs=100)
    time.sleep(STALE_S)
    return run


def append(run: Path, epoch: int) -> None:
    """Writes one more epoch, as a training does."""
    with open(run / "results.csv", "a", encoding="utf-8") as file:
        file.write(csv_text(DETECT, rows_of(DETECT, [epoch])).splitlines()[1] + "\n")


def test_tensorboards_reload_button_brings_new_epochs(tab: Tab, growing: Path) -> None:
    tab.open()
    expect(tab.group("growing")).to_contain_text("12 / 100")
    tab.page.wait_for_timeout(STALE_S * 1000)
    append(growing, EPOCHS + 1)
    tab.reload_data()
    # The page itself would ask ten seconds after it was opened.
    expect(tab.group("growing")).to_contain_text("13 / 100", timeout=5000)


def test_the_row_and_the_page_of_a_running_training_follow_it(tab: Tab, growing: Path) -> None:
    tab.open()
    expect(tab.group("growing")).to_contain_text("12 / 100")
    append(growing, EPOCHS + 1)
    expect(tab.group("growing")).to_contain_text("13 / 100")
    expect(tab.group("growing")).to_contain_text("running")
    expect(tab.button("1 running")).to_be_visible()
    tab.open_run("growing")
    tab.page.wait_for_timeout(STALE_S * 1000)
    append(growing, EPOCHS + 2)
    tab.button("Refresh").click()
    expect(tab.frame.get_by_role("main")).to_contain_text("14 of 100 epochs")
    expect(tab.region("Metrics")).to_contain_text("epoch 14")


def test_a_server_that_is_gone_is_told_and_what_was_read_stays(
    tmp_path: Path, page: Any, watched: Any
) -> None:
    watched.expected = ("ERR_CONNECTION",)
    write_detect(tmp_path / "a", range(1, 16))
    with tensorboard(f"--logdir={tmp_path}") as server:
        tab = Tab(page, server.url).open()
        expect(tab.run("a")).to_be_visible()
        server.stop()
        tab.button("Refresh").click()
        expect(tab.alert).to_contain_text("does not answer")
        expect(tab.alert).to_contain_text("What you see is from")
        expect(tab.frame.get_by_text("Next try in")).to_be_visible()
        expect(tab.run("a")).to_be_visible()
        tab.run("a").click()
        expect(tab.heading).to_have_text("a")
        expect(tab.alert).to_contain_text("does not answer")
        tab.button("← Runs").click()
        expect(tab.run("a")).to_be_visible()


def test_the_page_recovers_as_soon_as_the_server_does(tab: Tab, watched: Any) -> None:
    watched.expected = ("500 (Internal Server Error)",)
    failure = (
        '{"ok":false,"schema":1,"error":{"code":"internal","message":"It broke <b>here</b>."}}'
    )
    answers = iter([failure, "<html>a proxy's page</html>"])
    tab.page.route(
        "**/runlens/table",
        lambda route: route.fulfill(
            status=500, content_type="application/json", body=next(answers)
        ),
        times=2,
    )
    tab.open()
    expect(tab.alert).to_contain_text("It broke <b>here</b>.")
    tab.button("Try now").click()
    expect(tab.alert).to_contain_text("something that is not RunLens data")
    tab.button("Try now").click()
    expect(tab.run("still")).to_be_visible()
    expect(tab.alert).to_have_count(0)


def test_a_scan_that_goes_on_says_how_far_it_is(tab: Tab) -> None:
    asked = 0

    def half_done(route: Any) -> None:
        nonlocal asked
        asked += 1
        answer = route.fetch().json()
        total = None if asked == 1 else 9
        if asked < 3:
            answer["progress"] = {"read": 1, "total": total, "complete": False}
        route.fulfill(json=answer)

    tab.page.route("**/runlens/table", half_done)
    tab.open()
    progress = tab.frame.get_by_role("status")
    expect(tab.run("still")).to_be_visible()
    expect(progress).to_contain_text("1 of 9 runs read")
    expect(progress).to_have_count(0)
    assert asked == 3


def test_a_rule_that_failed_is_named(tab: Tab) -> None:
    def with_failure(route: Any) -> None:
        answer = route.fetch().json()
        answer["run"]["failed_rules"] = [{"rule": "past-best", "error": "KeyError: <b>x</b>"}]
        route.fulfill(json=answer)

    tab.page.route("**/runlens/run?*", with_failure)
    tab.open(v="run", run="still")
    expect(tab.region("Findings")).to_contain_text("Rules that failed")
    expect(tab.region("Findings")).to_contain_text("Past best: KeyError: <b>x</b>")


def test_an_empty_logdir_says_what_was_looked_for(tmp_path: Path, page: Any) -> None:
    (tmp_path / "empty").mkdir()
    with tensorboard(f"--logdir={tmp_path / 'empty'}") as server:
        assert server.json("data/plugins_listing")["runlens"]["enabled"] is False
        tab = Tab(page, server.url).open()
        expect(tab.frame.get_by_text("No training runs under empty")).to_be_visible()
        expect(tab.frame.get_by_role("main")).to_contain_text("results.csv")
        write_detect(tmp_path / "empty" / "first")
        page.wait_for_timeout(STALE_S * 1000)
        tab.reload_data()
        expect(tab.run("first")).to_be_visible()


def test_a_missing_logdir_is_told(tmp_path: Path, page: Any) -> None:
    with tensorboard(f"--logdir={tmp_path / 'nowhere'}") as server:
        tab = Tab(page, server.url).open_alone()
        expect(tab.frame.get_by_text("1 folder could not be read as a run")).to_be_visible()
        expect(tab.frame.get_by_text("No such file or directory")).to_be_visible()


def test_the_page_works_without_tensorboard_around_it(tab: Tab) -> None:
    tab.open_alone()
    tab.open_run("still")
    tab.page.reload()
    expect(tab.heading).to_have_text("still")
    tab.page.go_back()
    expect(tab.heading).to_have_text("RunLens")
    expect(tab.run("still")).to_be_visible()


def test_without_tensorboard_the_browsers_own_dark_mode_counts(tab: Tab) -> None:
    tab.open_alone()
    expect(tab.frame.locator(":root")).to_have_css("color-scheme", "light")
    tab.page.emulate_media(color_scheme="dark")
    expect(tab.frame.locator(":root")).to_have_css("color-scheme", "dark")


def test_what_goes_wrong_in_our_frame_is_seen_by_these_tests(tab: Tab, watched: Any) -> None:
    tab.open()
    tab.frame.locator("body").evaluate(
        """body => {
            console.error("of this test: console");
            setTimeout(() => { throw new Error("of this test: error"); });
            Promise.reject("of this test: rejection");
            const image = document.createElement("img");
            image.setAttribute("onerror", "tellTheTest('of this test: it ran')");
            image.src = "./static/of this test: no such picture";
            body.append(image);
        }"""
    )
    kinds = ("console error", "error", "rejection", "policy", "error on the page")
    tab.page.wait_for_timeout(500)
    seen = watched.unexpected
    assert [kind for kind in kinds if not any(text.startswith(f"{kind}: ") for text in seen)] == []
    assert "of this test: it ran" not in seen
    watched.expected = (
        "of this test",
        "of%20this%20test",
        "rejection",
        "script-src-attr",
        "status of 404",
        "inline event handler",
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def framing(folder: Path, address: str) -> Iterator[int]:
    """The port of a page of another origin that shows this address in a frame, as notebooks do."""
    frame = f'<iframe src="{address}" width="1200" height="800"></iframe>'
    write(folder / "index.html", f"<!doctype html><title>elsewhere</title>{frame}")
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        yield elsewhere.server_port
        elsewhere.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same site", "another site"])
def test_the_page_works_in_a_frame_whose_parent_it_may_not_touch(
    tab: Tab, server: Server, tmp_path: Path, host: str
) -> None:
    with framing(tmp_path, f"{server.url}/{ENTRY}") as port:
        tab.page.goto(f"http://{host}:{port}/")
        tab.wait()
        tab.open_run("still")
        if host == "127.0.0.1":  # to another site Chromium gives no storage: nothing can be kept
            tab.page.reload()
            expect(tab.heading).to_have_text("still")
        tab.show_part("Losses")
        tab.button("← Runs").click()
        expect(tab.run("still")).to_be_visible()


def test_tensorboard_itself_may_be_framed(tab: Tab, server: Server, tmp_path: Path) -> None:
    """By another port of the same host: to another site's frame TensorBoard's own page has no storage."""
    with framing(tmp_path, f"{server.url}/{place(v='run', run='still', tab='losses')}") as port:
        tab.page.goto(f"http://127.0.0.1:{port}/")
        tab.frame = tab.page.frame_locator("iframe").frame_locator("iframe[src*='name=runlens']")
        expect(tab.heading).to_have_text("still")
        expect(tab.frame.get_by_role("tab", selected=True)).to_have_text("Losses")
        tab.button("← Runs").click()
        tab.open_run("still", "Files")
        expect(tab.region("Files and problems")).to_be_visible()
