"""The Runs page: every run with its verdict; filtering, sorting, and names written by strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..builders import write, write_args, write_detect
from ..rules import trainings
from ..server.serving import Server, tensorboard
from .tab import Tab, expect

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "\"quoted\" & 'quoted'",
    "<script>alert(1)<",
    "\u202etfel ot thgir\u202c",
    "javascript:alert(1)",
    "コーティング 塗装",
)


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    trainings.write(trainings.HEALTHY, logdir / "lane10")
    trainings.write(trainings.OVERFITTED, logdir / "lane2")
    trainings.write(trainings.INTERRUPTED, logdir / "deep" / "lane1")
    trainings.write(trainings.ZERO, logdir / "nothing learnt")
    for name in HOSTILE:
        write_detect(logdir / "strangers" / name)
        write_args(logdir / "strangers" / name, data=json.dumps(f"{name}.yaml"))
    write(logdir / "damaged" / "results.csv", bytes(range(256)) * 20)
    write(logdir / "runlens.yaml", "rules: {overfitting: loud}\n")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    return Tab(page, server.url)


def test_every_run_is_listed_best_first_with_its_health_and_headline(
    tab: Tab, server: Server
) -> None:
    runs = server.json("data/plugin/runlens/runs")["runs"]
    tab.open(by="nothing")
    tab.expect_runs([run["name"] for run in runs])
    for run in runs:
        shown = tab.group(run["name"])
        expect(shown).to_contain_text(run["headline"])
        rule = run["health"]["rule"]
        expect(shown).to_contain_text(rule.replace("-", " ").capitalize() if rule else "Healthy")
        expect(shown).to_contain_text(str(run["epochs"]["logged"]))
        expect(shown).to_contain_text(f"{run['main_metric']['value']:.3f}")
        expect(shown).to_contain_text(run["state"].replace("_", " "))


def test_a_strangers_names_are_shown_as_text(tab: Tab) -> None:
    tab.open(q="strangers")
    for name in HOSTILE:
        tab.open_run(f"strangers/{name}", "Config")
        # A name that turns the writing direction must not turn what stands beside it.
        expect(tab.heading.locator("bdi")).to_have_text(f"strangers/{name}")
        expect(tab.region("Configuration").get_by_role("cell")).to_have_text(f"{name}.yaml")
        made = tab.frame.locator(
            "img, iframe, object, a:not([download]), script:not([type=module])"
        )
        expect(made).to_have_count(0)
        tab.button("← Runs").click()
        expect(tab.run(f"strangers/{name}")).to_have_text(f"strangers/{name}")


def test_a_strangers_name_in_a_link_is_shown_as_text(tab: Tab) -> None:
    tab.open(v="run", run=f"strangers/{HOSTILE[0]}")
    expect(tab.heading).to_have_text(f"strangers/{HOSTILE[0]}")
    tab.region("Findings").wait_for()


def test_filtering_by_words_and_by_health(tab: Tab) -> None:
    tab.open()
    tab.search.fill("LANE deep")
    tab.expect_runs(["deep/lane1"])
    tab.search.fill("overfit")
    tab.expect_runs(["lane2"])
    tab.search.fill("no run is called that")
    expect(tab.frame.get_by_text("None of 10 runs matches.")).to_be_visible()
    tab.button("Clear the filter").click()
    expect(tab.run("lane10")).to_be_visible()
    tab.button("healthy").click()
    tab.expect_runs(["lane10"])
    tab.button("critical").click()
    tab.expect_runs(["lane10", "nothing learnt"])
    tab.page.reload()
    expect(tab.button("critical")).to_have_attribute("aria-pressed", "true")
    tab.expect_runs(["lane10", "nothing learnt"])


def test_the_slash_key_leads_to_the_filter_and_escape_clears_it(tab: Tab) -> None:
    tab.open()
    tab.heading.click()
    tab.page.keyboard.press("/")
    expect(tab.search).to_be_focused()
    tab.page.keyboard.type("lane2")
    tab.expect_runs(["lane2"])
    tab.page.keyboard.press("Escape")
    expect(tab.search).to_have_value("")
    expect(tab.run("lane10")).to_be_visible()


def test_sorting_by_name_is_natural_and_a_third_click_undoes_it(tab: Tab) -> None:
    tab.open(q="lane", by="nothing")
    best_first = tab.names()
    header = tab.column("Run")
    natural = ["deep/lane1", "lane2", "lane10"]
    assert best_first != natural
    header.get_by_role("button").click()
    tab.expect_runs(natural)
    expect(header).to_have_attribute("aria-sort", "ascending")
    header.get_by_role("button").click()
    tab.expect_runs(natural[::-1])
    expect(header).to_have_attribute("aria-sort", "descending")
    header.get_by_role("button").click()
    tab.expect_runs(best_first)


def test_every_column_sorts_both_ways_and_keeps_every_run(tab: Tab) -> None:
    tab.open()
    every = sorted(tab.names())
    titles = [text.strip() for text in tab.frame.get_by_role("columnheader").all_inner_texts()]
    assert {"Run", "Health", "Epochs", "mAP50-95", "P / R", "Time", "Updated"} <= set(titles)
    for title in titles:
        header = tab.column(title)
        orders = set()
        for _ in ("one way", "the other"):
            header.get_by_role("button").click()
            expect(header).to_have_attribute("aria-sort", re.compile("ascending|descending"))
            orders.add(header.get_attribute("aria-sort"))
            assert sorted(tab.names()) == every
        assert orders == {"ascending", "descending"}


def test_what_could_not_be_read_is_told(tab: Tab) -> None:
    tab.open()
    tab.frame.get_by_text("1 folder could not be read as a run").click()
    expect(tab.frame.get_by_text("damaged", exact=True)).to_be_visible()
    expect(
        tab.frame.get_by_text("runlens.yaml, line 1: rules: overfitting must be off")
    ).to_be_visible()


def test_filter_and_order_survive_a_reload(tab: Tab) -> None:
    tab.open(q="lane", sort="name", by="nothing")
    tab.expect_runs(["deep/lane1", "lane2", "lane10"])
    tab.page.reload()
    expect(tab.search).to_have_value("lane")
    tab.expect_runs(["deep/lane1", "lane2", "lane10"])


def test_enter_opens_the_run_that_the_keys_are_on_and_the_way_back_leads_to_it(tab: Tab) -> None:
    tab.open(q="lane", by="nothing")
    tab.run("lane2").wait_for()
    tab.heading.click()
    (first, second, _) = tab.names()
    tab.page.keyboard.press("j")
    expect(tab.run(first)).to_be_focused()
    tab.page.keyboard.press("j")
    expect(tab.run(second)).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.heading).to_have_text(second)
    tab.button("← Runs").click()
    expect(tab.run(second)).to_be_focused()
