"""The digest above the table of runs: what it says, folds, keeps and leaves out; and what the rows say with it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tensorboard_runlens.schema import digest

from ..builders import write
from ..comparison.runs import rising
from ..digest.nights import OUT_OF_MEMORY, training
from ..server.serving import Server, tensorboard
from .conftest import PATIENCE_MS, Watched
from .made_up_digest import H, as_json, died, eventful, finished, quiet, running
from .made_up_runs import NOW, answer, row, serve
from .tab import Tab, expect

pytestmark = pytest.mark.browser

AHEAD_S = 9 * H
"""Tokyo's clock is that far ahead of the server's, and has no summer time."""

MOST_HEIGHT = 190
"""Six lines and the card's edges, in pixels."""

SCANNED_AGAIN_S = 2.2
"""After this time the server looks at the disk again."""

HOSTILE = ("<img src=x onerror=alert(1)>", "\u202egnp.exe", "=1+1", "x" * 300)


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """Somebody whose server stands in another time zone."""
    opened = browser.new_context(
        locale="en-GB", timezone_id="Asia/Tokyo", viewport={"width": 1440, "height": 900}
    )
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    now = time.time()
    training(logdir / "base", now - 48 * H, metric=[0.5 * value for value in rising(60)])
    training(logdir / "night" / HOSTILE[0], now - 3 * H)
    training(logdir / "night" / "dead", now - 2 * H, 37, 100, log=OUT_OF_MEMORY)
    training(logdir / "night" / "live", now - 40, 30, 100)
    write(
        logdir / "runlens.yaml",
        "baseline: base\ntags: {night/live: [deployed]}\nnotes: {night/live: with rain}\n",
    )
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def real(page: Any, server: Server) -> Tab:
    """The runs as they are."""
    return Tab(page, server.url)


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    names = ["lane/dead", "lane/live", *(f"lane/done {number}" for number in range(5))]
    serve(page, "table", answer([row(name) for name in names]))
    serve(page, "digest", as_json(eventful()))
    return Tab(page, server.url)


def card(tab: Tab, since: str = "12 h") -> Any:
    return tab.region(f"Since {since}")


def part(tab: Tab, title: str) -> Any:
    heading = tab.frame.get_by_role("heading", level=3, name=title, exact=True)
    return card(tab).locator(".digest-part").filter(has=heading)


def clock(moment: float, form: str = "%H:%M") -> str:
    """As the user's clock shows it."""
    return time.strftime(form, time.gmtime(moment + AHEAD_S))


def day(moment: float) -> str:
    told = time.gmtime(moment + AHEAD_S)
    return f"{told.tm_mday} {time.strftime('%b', told)}, {clock(moment)}"


def test_a_night_is_told_from_its_headline_to_what_to_do(tab: Tab) -> None:
    tab.open()
    expect(card(tab)).to_contain_text("5 finished, 1 died at epoch 37 (out of memory)")
    expect(part(tab, "Finished")).to_contain_text(
        f"{day(NOW - 2 * H)}lane/done 060 of 60 epochs · 2h00 · mAP50-95 0.845"
    )
    expect(part(tab, "Died")).to_contain_text(f"{day(NOW - H)}lane/deaddied at epoch 37")
    expect(part(tab, "Better")).to_contain_text("+3.1")
    expect(part(tab, "Running")).to_contain_text(
        f"epoch 12 of 100, ends {day(NOW + H)} · 31s an epoch · ▲"
    )
    expect(part(tab, "Running")).to_contain_text("likely to beat it")
    expect(part(tab, "Idle")).to_contain_text(f"{day(NOW - 4 * H)}no training ran for 1 h")
    expect(part(tab, "Disk")).to_contain_text("4.2 GB in 9 checkpoints can go.")
    expect(part(tab, "Next")).to_contain_text("Resume it with half the batch.")


def test_it_leaves_the_table_in_sight(tab: Tab) -> None:
    tab.open()
    expect(part(tab, "Next")).to_be_visible()
    assert card(tab).bounding_box()["height"] <= MOST_HEIGHT
    expect(tab.run("lane/dead")).to_be_in_viewport()


def test_today_needs_no_day_and_another_day_does(tab: Tab) -> None:
    now = time.time()
    ends = (now, now + 48 * H)
    runs = [running(f"run{nth}", end) for (nth, end) in enumerate(ends)]
    serve(tab.page, "digest", as_json(quiet(running=runs)))
    tab.open()
    expect(part(tab, "Running").get_by_role("listitem")).to_have_count(2)
    said = part(tab, "Running").locator("time").all_inner_texts()
    assert said == [clock(ends[0]), day(ends[1])]


def test_long_lists_fold_and_names_lead_to_their_runs(tab: Tab, watched: Watched) -> None:
    watched.expected = ("404",)  # the server knows none of these runs
    tab.open()
    lines = part(tab, "Finished").get_by_role("listitem")
    expect(lines).to_have_count(1)
    more = part(tab, "Finished").get_by_role("button", name="4 more")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.press("Enter")
    expect(lines).to_have_count(5)
    part(tab, "Finished").get_by_role("button", name="Fewer").press("Enter")
    expect(lines).to_have_count(1)
    card(tab).get_by_role("button", name="lane/dead").first.press("Enter")
    expect(tab.heading).to_have_text("lane/dead")


def test_a_command_is_shown_and_copied(tab: Tab) -> None:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.open()
    expect(part(tab, "Next").get_by_role("code")).to_have_text("yolo train resume")
    part(tab, "Next").get_by_role("button", name="Copy command").click()
    expect(part(tab, "Next").get_by_role("button", name="Copy command")).to_have_text("Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == "yolo train resume"


def test_the_stretch_of_time_and_the_fold_are_kept(tab: Tab) -> None:
    tab.open()
    with tab.page.expect_request("**/digest?since=3d&*"):
        tab.frame.get_by_text("3 d", exact=True).click()
    card(tab, "3 d").get_by_role("button", name="Fold", exact=True).click()
    tab.page.reload()
    expect(card(tab, "3 d")).to_contain_text("5 finished")
    expect(card(tab, "3 d").get_by_role("heading", level=3)).to_have_count(0)
    card(tab, "3 d").get_by_role("button", name="Unfold").click()
    expect(card(tab, "3 d").get_by_role("heading", level=3)).to_have_count(7)


def test_a_stretch_of_time_that_is_stored_in_another_form_is_not_used(tab: Tab) -> None:
    tab.open_alone()
    tab.page.evaluate("localStorage.setItem('runlens.since', JSON.stringify('<img>'))")
    with tab.page.expect_request("**/digest?since=12h&*"):
        tab.page.reload()
    expect(card(tab)).to_be_visible()


def test_it_follows_the_clock_and_the_baseline_of_this_browser(tab: Tab, watched: Watched) -> None:
    watched.expected = ("404",)  # the server knows none of these runs
    with tab.page.expect_request(f"**/digest?since=12h&zone={AHEAD_S / 60:.0f}"):
        tab.open()
    tab.run("lane/dead").focus()
    for name in ("lane%2Fdead", ""):
        with tab.page.expect_request(f"**/digest?*&baseline={name}"):
            tab.page.keyboard.press("b")


def test_a_quiet_night_is_one_line(tab: Tab) -> None:
    serve(tab.page, "digest", as_json(quiet(disk=digest.Disk(9, 10**9, [], "1 GB can go."))))
    tab.open()
    expect(card(tab)).to_contain_text("Nothing ended and nothing runs.")
    expect(card(tab).get_by_role("heading", level=3)).to_have_count(0)
    assert card(tab).bounding_box()["height"] <= 44


def test_what_was_left_out_is_told_even_of_a_quiet_night(tab: Tab) -> None:
    notes = ["3 runs were left out.", "told above the table"]
    serve(tab.page, "digest", as_json(quiet(notes=notes)))
    table = json.loads(answer([row("lane/dead")]))
    serve(tab.page, "table", json.dumps({**table, "notes": notes[1:]}))
    tab.open()
    expect(part(tab, "Note")).to_contain_text(notes[0])
    expect(card(tab)).not_to_contain_text(notes[1])


def test_before_its_first_epoch_and_with_nothing_known_it_still_says_what_it_knows(
    tab: Tab,
) -> None:
    unknown = {"at": None, "planned": None}
    night = quiet(
        finished=[finished("lane/done 0", seconds=None, main_metric=None, **unknown)],
        died=[died("lane/dead", "Silent in its first epoch.", **unknown)],
        running=[
            running("lane/live", None, epoch=None, planned=None, per_epoch=None, standing=None)
        ],
    )
    serve(tab.page, "digest", as_json(night))
    tab.open()
    expect(part(tab, "Finished").get_by_role("listitem")).to_have_text("lane/done 060 epochs")
    expect(part(tab, "Died")).to_contain_text("Silent in its first epoch.")
    expect(part(tab, "Running").get_by_role("listitem")).to_have_text("lane/livein its first epoch")


def test_a_server_that_knows_no_digest_has_none(tab: Tab, watched: Watched) -> None:
    watched.expected = ("404",)
    tab.page.unroute("**/data/plugin/runlens/digest**")
    tab.page.route("**/runlens/digest**", lambda asked: asked.fulfill(status=404, body="Not found"))
    with tab.page.expect_response("**/digest**"):
        tab.open()
    expect(tab.run("lane/dead")).to_be_visible()
    expect(card(tab)).to_have_count(0)


def test_why_there_is_no_digest_is_told_and_the_table_stays(tab: Tab) -> None:
    said = {"code": "internal", "message": "The digest could not be made."}
    serve(tab.page, "digest", json.dumps({"ok": False, "schema": 1, "error": said}))
    tab.open()
    expect(card(tab).get_by_role("alert")).to_contain_text("The digest could not be made.")
    expect(card(tab)).not_to_contain_text("Looking")
    expect(tab.run("lane/dead")).to_be_visible()


def test_names_and_sentences_of_strangers_are_text(tab: Tab) -> None:
    night = eventful(
        headline=HOSTILE[0],
        finished=[finished(name) for name in HOSTILE],
        died=[died(name, state="<b>") for name in HOSTILE],
        next=[digest.NextCommand(name, name, name) for name in HOSTILE],
        notes=list(HOSTILE),
    )
    serve(tab.page, "digest", as_json(night))
    tab.page.set_viewport_size({"width": 320, "height": 800})
    tab.open_alone()
    for title in ("Finished", "Died", "Next", "Note"):
        part(tab, title).get_by_role("button", name="3 more").click()
        expect(part(tab, title)).to_contain_text(HOSTILE[0])
    expect(part(tab, "Next").get_by_role("code")).to_have_text(list(HOSTILE))
    expect(tab.frame.locator("img, b:has-text('onerror')")).to_have_count(0)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_waits_until_all_runs_are_read(tab: Tab) -> None:
    reading = json.loads(answer([row("lane/dead")]))
    reading["progress"] = {"read": 1, "total": 2, "complete": False}
    serve(tab.page, "table", json.dumps(reading))
    asked: list[str] = []
    tab.page.on("request", lambda one: asked.append(one.url))
    tab.open()
    expect(tab.run("lane/dead")).to_be_visible()
    assert not [url for url in asked if "digest" in url]
    serve(tab.page, "table", answer([row("lane/dead")]))
    expect(card(tab)).to_contain_text("5 finished")


def test_a_real_night_is_told_alike_by_digest_row_and_run(real: Tab, server: Server) -> None:
    told = server.json(f"data/plugin/runlens/digest?since=12h&zone={AHEAD_S / 60:.0f}")
    (live,) = told["running"]
    real.open()
    expect(card(real)).to_contain_text(told["headline"])
    expect(part(real, "Finished")).to_contain_text(HOSTILE[0])
    expect(part(real, "Died")).to_contain_text(told["died"][0]["said"])
    expect(part(real, "Died")).to_contain_text("out of memory")
    expect(part(real, "Running")).to_contain_text(live["standing"]["said"])
    ends = f"ends {clock(live['ends'])}"
    row_ = real.group("night/live")
    for place in (part(real, "Running"), row_):
        expect(place).to_contain_text(ends)
        expect(place).to_contain_text("1m00 an epoch")
        expect(place).to_contain_text(live["standing"]["said"])
    expect(row_).to_contain_text("deployed")
    part(real, "Running").get_by_role("button", name="night/live").click()
    expect(real.heading).to_have_text("night/live")
    head = real.frame.locator(".run-title")
    expect(head).to_contain_text(f"30 of 100 epochs, {ends} · 1m00 an epoch")
    expect(head).to_contain_text(live["standing"]["said"])


def test_why_a_real_training_broke_off_is_told_by_row_and_run(real: Tab) -> None:
    real.open()
    expect(real.group("night/dead")).to_contain_text("out of memory")
    real.open_run("night/dead")
    expect(real.frame.locator(".run-title")).to_contain_text("out of memory")


def test_what_ends_while_the_page_is_open_is_told_with_the_table(real: Tab, logdir: Path) -> None:
    real.open()
    expect(part(real, "Finished").get_by_role("listitem")).to_have_count(1)
    training(logdir / "night" / "later", time.time() - 60, 50)
    real.page.wait_for_timeout(SCANNED_AGAIN_S * 1000)
    real.button("Refresh").click()
    expect(real.run("night/later")).to_be_visible()
    expect(card(real)).to_contain_text("2 finished")
