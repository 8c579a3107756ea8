"""The table of the Runs page on made-up answers: groups, baseline, filter terms, columns, keys, exports, many rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tensorboard_runlens import schema

from ..builders import write_detect
from ..server.serving import Server, tensorboard
from .conftest import Watched
from .made_up_runs import NOW, STANDING, against, answer, metric, row, serve
from .tab import Tab, expect

pytestmark = pytest.mark.browser

SEVERAL = [
    row("lane/first", main_metric=metric(0.7), tags=["deployed"], latest=True),
    row("lane/second", main_metric=metric(0.6), model="yolo11s", note="with rain"),
    row(
        "lane/live",
        main_metric=metric(0.4),
        state="running",
        logged=18,
        planned=100,
        left=2460.0,
        framework="yolov5",
    ),
    row(
        "coco/one",
        data=1,
        main_metric=metric(0.9),
        task="segment",
        seconds=7200.0,
        logged=100,
        health=schema.Health("critical", "overfitting"),
    ),
    row("odd", data=2, main_metric=metric(0.55, "map50"), step=None, updated=NOW - 1e9),
]


@pytest.fixture(scope="module")
def server(logdir: Path) -> Iterator[Server]:
    write_detect(logdir / "real")
    with tensorboard(f"--logdir={logdir}") as started:
        yield started


@pytest.fixture
def tab(page: Any, server: Server) -> Tab:
    serve(page, "table", answer(SEVERAL))
    differences = [
        schema.Against("lane/first", 0.1, (0.05, 0.15), "better", "more than seeds explain"),
        schema.Against("lane/live", -0.004, (-0.02, 0.01), "tie", "within noise"),
        schema.Against("coco/one", None, None, "not_comparable", "other validation images"),
    ]
    serve(page, "against", against("lane/second", differences))
    return Tab(page, server.url)


def groups(tab: Tab) -> list[str]:
    return [str(text) for text in tab.frame.locator("tbody.group th").all_inner_texts()]


def test_runs_are_grouped_by_data_and_ranked_only_there(tab: Tab) -> None:
    tab.open()
    tab.expect_runs([one.name for one in SEVERAL])
    (lanes, coco, unknown) = groups(tab)
    assert "lanes.yaml · 3 runs · validation images proven the same" in lanes
    assert "coco8.yaml · 1 run" in coco
    assert unknown.startswith("data unknown")
    expect(tab.group("lane/first")).to_contain_text("best")
    expect(tab.group("lane/second").locator(".rank")).to_have_text("rank 2")
    expect(tab.group("coco/one").locator(".rank")).to_have_count(0)
    tab.frame.get_by_label("Group by").select_option("nothing")
    expect(tab.frame.get_by_text("their order is no ranking")).to_be_visible()
    expect(tab.frame.locator(".rank, .best, tbody.group")).to_have_count(0)
    tab.column("Epochs").get_by_role("button").click()
    expect(tab.frame.get_by_text("their order is no ranking")).to_have_count(0)


def test_groups_by_folder_and_by_model(tab: Tab) -> None:
    tab.open(by="folder")
    tab.run("odd").wait_for()
    assert [text.split(" · ")[0] for text in groups(tab)] == ["lane/", "coco/", "the logdir itself"]
    tab.frame.get_by_label("Group by").select_option("model")
    expect(tab.frame.locator("tbody.group").nth(1)).to_contain_text("yolo11s · 1 run")


def test_a_row_says_how_it_stands_and_what_is_next(tab: Tab) -> None:
    tab.open()
    live = tab.group("lane/live")
    expect(live).to_contain_text("running · epoch 18 of 100, ends 9 Oct, ")
    expect(live).to_contain_text("12s an epoch")
    expect(live).to_contain_text("Best mAP50-95 of lane/live.")
    expect(live).to_contain_text("Next: Train on")
    expect(tab.group("odd")).not_to_contain_text("Next:")
    expect(tab.group("lane/first")).to_contain_text("latest")
    expect(tab.group("lane/first")).to_contain_text("deployed")


def test_a_row_says_why_a_training_broke_off_or_since_when_it_is_silent(tab: Tab) -> None:
    dead = row("dead", state="interrupted", ended="out_of_memory")
    lost = row("lost", state="stale", logged=3, planned=9, left=None)
    serve(tab.page, "table", answer([dead, lost]))
    tab.open()
    expect(tab.group("dead")).to_contain_text("interrupted: out of memory")
    expect(tab.group("lost")).to_contain_text("stale · epoch 3 of 9 · silent since 9 Oct, ")
    expect(tab.group("lost")).not_to_contain_text("an epoch")


@pytest.mark.parametrize(("outlook", "shape"), [("likely", "▲"), ("open", "◇"), ("unlikely", "▼")])
def test_a_running_row_says_where_it_stands_against_the_baseline(
    tab: Tab, outlook: Any, shape: str
) -> None:
    standing = msgspec.structs.replace(STANDING, outlook=outlook, said=f"+2.1 points; {outlook}")
    live = schema.Against("lane/live", -0.1, None, "worse", "lower", standing)
    serve(tab.page, "table", answer(SEVERAL, "lane/second"))
    serve(tab.page, "against", against("lane/second", [live]))
    tab.open()
    expect(tab.group("lane/live")).to_contain_text(f"{shape}+2.1 points; {outlook}")
    expect(tab.group("lane/live")).to_contain_text("Next: Train on")
    expect(tab.frame.locator(".standing")).to_have_count(1)


def test_without_an_outlook_a_running_row_says_the_difference_alone(tab: Tab) -> None:
    standing = msgspec.structs.replace(STANDING, outlook=None, chance=None, said="+2.1 points")
    live = schema.Against("lane/live", None, None, "tie", "noise", standing)
    serve(tab.page, "table", answer(SEVERAL, "lane/second"))
    serve(tab.page, "against", against("lane/second", [live]))
    tab.open()
    expect(tab.group("lane/live").locator(".standing")).to_have_text("+2.1 points")


def test_a_row_of_a_training_that_is_over_does_not_say_where_it_stood(tab: Tab) -> None:
    """The answer about the baseline may be older than the row."""
    rows = [
        row("dead", state="interrupted", ended="killed"),
        row("base"),
        row("live", state="running"),
    ]
    told = [schema.Against(name, None, None, "tie", "noise", STANDING) for name in ("dead", "live")]
    serve(tab.page, "table", answer(rows, "base"))
    serve(tab.page, "against", against("base", told))
    tab.open()
    expect(tab.group("live")).to_contain_text(STANDING.said)
    expect(tab.group("dead")).not_to_contain_text(STANDING.said)


def test_the_baseline_is_pinned_and_the_others_are_held_against_it(
    tab: Tab, watched: Watched
) -> None:
    watched.expected = ("404",)  # the server's digest knows none of these runs
    tab.open()
    expect(tab.column("Against baseline")).to_have_count(0)
    tab.frame.get_by_label("Select lane/second").check()
    tab.button("Set baseline (b)").click()
    expect(tab.column("Against baseline")).to_be_visible()
    tab.expect_runs(["lane/second", "lane/first", "lane/live", "coco/one", "odd"])
    expect(tab.group("lane/first")).to_contain_text("+10.0 better")
    expect(tab.group("lane/first")).to_contain_text("+5.0 to +15.0")
    expect(tab.group("lane/live")).to_contain_text("−0.4 tie")
    expect(tab.group("coco/one")).to_contain_text("not comparable")
    expect(tab.group("coco/one")).to_contain_text("other validation images")
    expect(tab.frame.get_by_text('baseline: "lane/second"')).to_be_visible()
    tab.page.reload()
    expect(tab.group("lane/second")).to_contain_text("baseline")
    tab.button("Unset").click()
    expect(tab.column("Against baseline")).to_have_count(0)


def test_the_baseline_of_the_settings_holds_until_the_browser_has_its_own(tab: Tab) -> None:
    serve(tab.page, "table", answer(SEVERAL, "lane/second"))
    tab.open()
    expect(tab.frame.get_by_text("set in runlens.yaml")).to_be_visible()
    tab.button("Unset").click()
    expect(tab.frame.get_by_text("set in runlens.yaml")).to_have_count(0)


ALL = {one.name for one in SEVERAL}
FILTERS = {
    "lane live": {"lane/live"},
    "-lane": {"coco/one", "odd"},
    '"with rain"': {"lane/second"},
    "model=yolo11s": {"lane/second"},
    "model=YOLO11": ALL,
    "map>0.5": {"lane/first", "lane/second", "coco/one"},
    "map>=60%": {"lane/first", "lane/second", "coco/one"},
    "map50>=.5": {"odd"},
    "metric=0.55": {"odd"},
    "-map<.8": {"coco/one", "odd"},
    "epochs>50": {"coco/one"},
    "status=running": {"lane/live"},
    "-status=finished": {"lane/live"},
    "health=critical": {"coco/one"},
    "task=segment": {"coco/one"},
    "framework=yolov5": {"lane/live"},
    "data=coco": {"coco/one"},
    "tag=deployed": {"lane/first"},
    "time>1h": {"coco/one"},
    "left<1h": {"lane/live"},
    "images<10": {"coco/one"},
    "updated>1000d": {"odd"},
    "f1>.7 p>80% conf<.5": ALL,
    "map>>5": ALL,
    "map>": ALL,
    "constructor=1 lane": {"lane/first", "lane/second", "lane/live"},
}
NOT_UNDERSTOOD = {"map>>5": "map>>5", "map>": "map>", "constructor=1 lane": "constructor=1"}


def test_the_filter_understands_terms_and_names_those_it_does_not(tab: Tab) -> None:
    tab.open()
    tab.run("odd").wait_for()
    for text, names in FILTERS.items():
        tab.search.fill(text)
        expect(tab.frame.locator("tbody.run")).to_have_count(len(names))
        assert set(tab.names()) == names, text
        told = tab.frame.get_by_text("is not understood")
        expect(told).to_have_text(
            [f"{NOT_UNDERSTOOD[text]} is not understood"] if text in NOT_UNDERSTOOD else []
        )


def test_the_filters_help_lists_the_terms(tab: Tab) -> None:
    tab.open()
    tab.frame.get_by_label("How to filter").click()
    expect(tab.frame.get_by_text("updated<2d")).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(tab.frame.get_by_text("updated<2d")).to_be_hidden()


def test_columns_are_chosen_and_remembered(tab: Tab) -> None:
    tab.open()
    tab.frame.locator("summary", has_text="Columns").click()
    tab.frame.get_by_label("Noise").check()
    tab.frame.get_by_label("Best F1").check()
    expect(tab.group("lane/first").get_by_role("cell", name="0.850")).to_be_visible()
    tab.frame.get_by_label("Trend").uncheck()
    expect(tab.column("Noise")).to_be_visible()
    expect(tab.column("Trend")).to_have_count(0)
    assert "p.runlens.columns=" in tab.page.url
    tab.page.goto("about:blank")
    tab.open()
    expect(tab.column("Noise")).to_be_visible()
    expect(tab.column("Trend")).to_have_count(0)


def test_chosen_runs_are_compared_two_to_eight(tab: Tab, watched: Watched) -> None:
    watched.expected = ("404",)  # the server knows none of these runs
    many = [row(f"run{number}") for number in range(9)]
    serve(tab.page, "table", answer(many))
    tab.open()
    tab.frame.get_by_label("Select all shown").check()
    bar = tab.region("Selected runs")
    expect(bar).to_contain_text("9 runs selected")
    expect(bar).to_contain_text("Compare takes 2 to 8 runs")
    expect(tab.button("Compare (c)")).to_be_disabled()
    tab.frame.get_by_label("Select run8").uncheck()
    tab.button("Compare (c)").click()
    expect(tab.heading).to_contain_text("Compare")
    assert "run7" in tab.page.url and "run8" not in tab.page.url


def test_keys_move_select_pin_and_open(tab: Tab, watched: Watched) -> None:
    watched.expected = ("404",)  # the server's digest knows none of these runs
    tab.open()
    tab.run("odd").wait_for()
    tab.heading.click()
    for key in ("j", "j", "k", "ArrowDown"):
        tab.page.keyboard.press(key)
    expect(tab.run("lane/second")).to_be_focused()
    tab.page.keyboard.press("x")
    expect(tab.frame.get_by_label("Select lane/second")).to_be_checked()
    tab.page.keyboard.press("b")
    expect(tab.column("Against baseline")).to_be_visible()
    expect(tab.run("lane/second")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.region("Selected runs")).to_have_count(0)
    tab.page.keyboard.press("e")
    expect(tab.button("CSV")).to_be_focused()
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("j")
    expect(tab.run("lane/first")).to_be_focused()


def exported(tab: Tab, title: str) -> str:
    tab.frame.locator("summary", has_text="Export").click()
    with tab.page.expect_download() as saved:
        tab.button(title).click()
    tab.frame.locator("summary", has_text="Export").click()
    return Path(saved.value.path()).read_text(encoding="utf-8")


def test_what_is_shown_is_exported_and_no_cell_is_a_formula(tab: Tab) -> None:
    rows = [row("=1+1", note="@SUM(A1)", headline='says "a, b" | <b>'), row("plain", note=" ＝2")]
    serve(tab.page, "table", answer(rows))
    tab.open(columns="metric,time,note")
    tab.run("plain").wait_for()
    lines = list(csv.DictReader(io.StringIO(exported(tab, "CSV"))))
    assert [line["Run"] for line in lines] == ["'=1+1", "plain"]
    assert [line["Note"] for line in lines] == ["'@SUM(A1)", "' ＝2"]
    assert lines[0]["Headline"] == 'says "a, b" | <b>'
    assert lines[0]["Time (s)"] == "600"
    tab.frame.get_by_label("Select plain").check()
    (only,) = json.loads(exported(tab, "JSON"))
    assert (only["Run"], only["Value"], only["Note"]) == ("plain", 0.5, " ＝2")
    tab.frame.get_by_label("Select plain").uncheck()
    text = exported(tab, "Markdown")
    assert "\\| \\<b\\>" in text
    assert len(text.splitlines()) == 4


def test_names_sort_by_their_numbers_and_folders(tab: Tab) -> None:
    wanted = ["a/train2", "a/train10", "A/train11", "a b/train1", "é/train1", "f/train007"]
    serve(tab.page, "table", answer([row(name) for name in reversed(wanted)]))
    tab.open(sort="name")
    tab.expect_runs(wanted)


def test_a_table_wider_than_the_page_keeps_the_names_in_sight(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 800, "height": 900})
    tab.open()
    box = tab.frame.locator(".runs-box")
    box.evaluate("box => box.scrollTo(400, 0)")
    name = tab.run("lane/first").bounding_box()
    metric_ = tab.column("Main metric").bounding_box()
    assert 0 < name["x"] < metric_["x"] < 400


def test_the_usual_columns_fit_a_page_of_1280_pixels_with_its_scroll_bar(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1265, "height": 900})
    tab.open()
    expect(tab.column("Updated")).to_be_in_viewport(ratio=1)
    expect(tab.frame.locator(".runs-box")).to_have_class("runs-box")


def test_equal_names_show_what_tells_them_apart(tab: Tab) -> None:
    serve(tab.page, "table", answer([row("a/day/train"), row("b/night/train"), row("b/val")]))
    tab.open()
    expect(tab.run("a/day/train").locator(".leaf")).to_have_text("day/train")
    expect(tab.run("b/val").locator(".leaf")).to_have_text("val")


def test_rows_wait_while_the_pointer_is_over_the_table(tab: Tab) -> None:
    tab.open()
    tab.run("odd").hover()
    serve(tab.page, "table", answer([row("newest", main_metric=metric(0.95)), *SEVERAL[::-1]]))
    tab.button("Refresh").evaluate("button => button.click()")
    expect(tab.button("1 new · show")).to_be_visible()
    tab.expect_runs([one.name for one in SEVERAL])
    tab.button("1 new · show").evaluate("button => button.click()")
    expect(tab.run("newest")).to_be_visible()
    assert tab.names() == ["newest", "lane/live", "lane/second", "lane/first", "coco/one", "odd"]


MANY = 10_000


def test_of_ten_thousand_runs_only_those_near_the_screen_are_drawn(tab: Tab) -> None:
    serve(tab.page, "table", answer([row(f"run{number}") for number in range(MANY)]))
    tab.open()
    tab.run("run0").wait_for()
    rows = tab.frame.locator("tbody.run")
    assert rows.count() < 80
    table = tab.frame.get_by_role("table").last
    assert int(table.get_attribute("aria-rowcount")) == 2 * MANY + 2
    tab.frame.locator("html").evaluate("page => scrollTo(0, page.scrollHeight)")
    expect(tab.run(f"run{MANY - 1}")).to_be_visible()
    assert rows.count() < 80
    last = tab.frame.locator("tbody.run tr").last
    assert int(last.get_attribute("aria-rowindex")) == 2 * MANY + 2
    tab.run(f"run{MANY - 1}").focus()
    tab.page.keyboard.press("k")
    expect(tab.run(f"run{MANY - 2}")).to_be_focused()
    tab.frame.locator("html").evaluate("() => scrollTo(0, 0)")
    expect(tab.run("run0")).to_be_visible()
    expect(tab.run(f"run{MANY - 2}")).to_be_focused()
    tab.search.fill("run9876")
    tab.expect_runs(["run9876"])


def test_an_empty_logdir_says_what_was_looked_for_and_how_to_begin(tab: Tab) -> None:
    serve(tab.page, "table", answer([]))
    tab.open()
    expect(tab.frame.get_by_text("No training runs under made_up.")).to_contain_text("results.csv")
    expect(tab.frame.get_by_text("from tensorboard_runlens import track")).to_be_visible()
    expect(tab.frame.get_by_text("tensorboard --logdir PATH_TO_RUNS")).to_be_visible()
