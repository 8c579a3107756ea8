"""The fleet: one scan at a time, answers while it goes on, and what has changed on disk."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Optional

import pytest

from tensorboard_runlens import answers, catalog, discovery, fleet, judging, scanning
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.rules import Finding, Limits, Rule, all_rules
from tensorboard_runlens.run import Run
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.signals import Signals

from ..builders import DETECT, csv_text, rows_of, set_times, write, write_csv, write_detect
from .serving import Asked, eventually


@pytest.fixture
def always_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request looks at the disk, however soon it comes after the one before."""
    monkeypatch.setattr(scanning, "FRESH_S", 0.0)


class Gate:
    """Holds a scan up before it reads the run ``before``, until ``open`` is called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
        self._opened = threading.Event()
        read = catalog.read_folder

        def held(folder: Any) -> Any:
            if folder.name == before:
                assert self._opened.wait(60)
            return read(folder)

        monkeypatch.setattr(catalog, "read_folder", held)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def five_runs(tmp_path: Path) -> Path:
    """Five trainings; their losses differ, so that none is a copy of another."""
    for number in range(1, 6):
        losses = {"val/box_loss": 1 + number / 10}
        write_csv(tmp_path / f"exp{number}", DETECT, rows_of(DETECT, range(1, 6), **losses))
    return tmp_path


@pytest.fixture
def held_at_the_third(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    monkeypatch.setattr(fleet, "ANSWER_WAIT_S", 0.4)
    gate = Gate(monkeypatch, before="exp3")
    yield gate
    gate.open()


def counted_judgements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    judged: Counter[str] = Counter()

    def counting(run: Run, *rest: Any, **more: Any) -> Analysis:
        judged[run.name] += 1
        return analyse(run, *rest, **more)

    monkeypatch.setattr(judging, "analyse", counting)
    return judged


def test_a_scan_that_goes_on_gives_what_it_has(five_runs: Path, held_at_the_third: Gate) -> None:
    asked = Asked(five_runs)

    def with_two() -> Any:
        table = asked.json("table")
        return table if len(table["rows"]) == 2 else None

    table = eventually(with_two)
    assert sorted(row["name"] for row in table["rows"]) == ["exp1", "exp2"]
    assert table["progress"] == {"read": 2, "total": None, "complete": False}
    held_at_the_third.open()
    complete = asked.table()
    assert complete["progress"] == {"read": 5, "total": 5, "complete": True}
    assert len(complete["rows"]) == 5


def test_runs_waits_for_the_whole_scan(five_runs: Path, held_at_the_third: Gate) -> None:
    threading.Timer(0.5, held_at_the_third.open).start()
    assert len(Asked(five_runs).names("runs")) == 5


def test_a_link_to_a_run_that_is_not_read_yet_waits_for_it(
    five_runs: Path, held_at_the_third: Gate
) -> None:
    threading.Timer(0.6, held_at_the_third.open).start()
    assert Asked(five_runs).run("exp5")["run"]["name"] == "exp5"


def test_judging_goes_on_in_the_next_answer(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "ANSWER_WAIT_S", 0.5)

    def slow(run: Run, *rest: Any, **more: Any) -> Analysis:
        time.sleep(0.2)
        return analyse(run, *rest, **more)

    monkeypatch.setattr(judging, "analyse", slow)
    asked = Asked(five_runs)
    started = time.monotonic()
    first = asked.json("table")
    assert time.monotonic() - started < 1.0
    assert first["progress"]["complete"] is False
    assert 0 < len(first["rows"]) < 5
    assert first["progress"]["read"] == len(first["rows"])
    complete = asked.table()
    assert len(complete["rows"]) == 5


def test_a_row_stays_while_it_is_judged_anew(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(five_runs)
    assert len(asked.table()["rows"]) == 5
    write(five_runs / "runlens.yaml", "rules: {too-short: off}\n")
    monkeypatch.setattr(fleet, "ANSWER_WAIT_S", 0.0)
    assert len(asked.json("table")["rows"]) == 5


def test_tensorboards_page_does_not_wait_for_a_slow_logdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        (tmp_path / f"empty{number}").mkdir()
    write_detect(tmp_path / "zebra")
    plain = discovery.Folder

    def slow(path: str) -> Any:
        time.sleep(0.05)
        return plain(path)

    monkeypatch.setattr(discovery, "Folder", slow)
    plugin = Asked(tmp_path).plugin
    started = time.monotonic()
    assert plugin.is_active() is False
    assert time.monotonic() - started < 1.0  # of the two seconds that the scan takes
    assert fleet.FIRST_WAIT_S < 0.3
    assert eventually(plugin.is_active) is True


def test_the_tab_is_active_as_soon_as_the_first_run_is_found(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch, held_at_the_third: Gate
) -> None:
    monkeypatch.setattr(fleet, "FIRST_WAIT_S", 60.0)
    assert Asked(five_runs).plugin.is_active() is True


def test_the_first_look_is_taken_before_the_page_asks(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "FIRST_WAIT_S", 0.0)
    plugin = Asked(five_runs).plugin
    assert eventually(lambda: plugin._fleet._catalog.runs)
    assert plugin.is_active() is True


def test_is_active_asks_the_disk_no_more_once_it_is_true(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch, always_looking: None
) -> None:
    plugin = Asked(five_runs).plugin
    assert eventually(plugin.is_active)
    monkeypatch.setattr(catalog.Catalog, "refresh", lambda self: pytest.fail("looked again"))
    assert plugin.is_active() is True


def test_twenty_requests_at_once_make_one_scan_and_judge_each_run_once(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: list[str] = []
    judged = counted_judgements(monkeypatch)
    refresh = catalog.Catalog.refresh

    def counting(self: catalog.Catalog) -> None:
        scans.append(threading.current_thread().name)
        time.sleep(0.2)
        refresh(self)

    monkeypatch.setattr(catalog.Catalog, "refresh", counting)
    asked = Asked(five_runs)
    routes = ["runs", "table", "run?run=exp1", "run?run=exp2"] * 5
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(asked.json, routes))
    assert all(answer["ok"] for answer in answers)
    assert scans == ["runlens-scan"]
    assert judged == Counter({f"exp{number}": 1 for number in range(1, 6)})


def test_nothing_is_judged_again_until_it_changes(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch, always_looking: None
) -> None:
    judged = counted_judgements(monkeypatch)
    asked = Asked(five_runs)
    asked.table()
    for _ in range(3):
        tag = asked.get("table").headers["ETag"]
    assert max(judged.values()) == 1
    append(five_runs / "exp2", 6)
    assert asked.get("table").headers["ETag"] != tag
    assert judged["exp2"] == 2
    assert judged["exp1"] == 1


def test_an_unchanged_table_is_the_same_bytes(five_runs: Path, always_looking: None) -> None:
    plugin = Asked(five_runs).plugin
    assert plugin._fleet.table() is plugin._fleet.table()


def test_a_row_is_made_again_only_when_its_run_has_changed(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch, always_looking: None
) -> None:
    made: Counter[str] = Counter()
    table_row = answers.table_row

    def counting(analysis: Analysis, *more: Any) -> Any:
        made[analysis.run.name] += 1
        return table_row(analysis, *more)

    monkeypatch.setattr(answers, "table_row", counting)
    write_csv(five_runs / "newest", DETECT, rows_of(DETECT, range(1, 6)))
    set_times(five_runs / "newest", time.time() + 60, 0.0)
    asked = Asked(five_runs)
    asked.table()
    before = made.copy()
    append(five_runs / "exp2", 6)
    assert len(asked.table()["rows"]) == 6
    assert made - before == Counter({"exp2": 1})


def test_a_row_of_a_running_training_says_how_far_it_is(
    tmp_path: Path, always_looking: None
) -> None:
    run = write_detect(tmp_path / "a", range(1, 20), task="detect", mode="train", epochs=100)
    set_times(run, newest=time.time() - 30, spread=3600.0)
    asked = Asked(tmp_path)
    (before,) = asked.table()["rows"]
    assert (before["state"], before["logged"], before["planned"]) == ("running", 19, 100)
    assert before["left"] == pytest.approx(81 * before["per_epoch"], rel=1e-3)
    append(run, 20)
    (now,) = asked.table()["rows"]
    assert now["logged"] == 20
    assert now["left"] == pytest.approx(80 * before["per_epoch"], rel=1e-3)
    assert now["updated"] > before["updated"]


def test_what_was_made_of_a_run_that_is_gone_is_let_go(
    five_runs: Path, always_looking: None
) -> None:
    asked = Asked(five_runs)
    asked.table()
    shutil.rmtree(five_runs / "exp1")
    asked.table()
    assert "exp1" not in asked.plugin._fleet._row._made
    assert "exp2" in asked.plugin._fleet._row._made


def append(run: Path, epoch: int) -> None:
    """Writes one more epoch, as a training does."""
    with open(run / "results.csv", "a", encoding="utf-8") as file:
        file.write(csv_text(DETECT, rows_of(DETECT, [epoch])).splitlines()[1] + "\n")


def test_appended_rows_appear(five_runs: Path, always_looking: None) -> None:
    asked = Asked(five_runs)
    assert asked.run("exp1")["run"]["epochs"]["logged"] == 5
    append(five_runs / "exp1", 6)
    assert asked.run("exp1")["run"]["epochs"]["logged"] == 6
    assert asked.run("exp1")["run"]["state"] == "running"


def test_a_half_written_row_is_not_an_epoch(five_runs: Path, always_looking: None) -> None:
    asked = Asked(five_runs)
    with open(five_runs / "exp1" / "results.csv", "a", encoding="utf-8") as file:
        file.write("6,70,1.9")
    assert asked.run("exp1")["run"]["epochs"]["last"] == 5


def test_deleted_and_renamed_runs_follow_the_disk(five_runs: Path, always_looking: None) -> None:
    asked = Asked(five_runs)
    assert len(asked.names()) == 5
    shutil.rmtree(five_runs / "exp1")
    os.rename(five_runs / "exp2", five_runs / "renamed")
    assert sorted(asked.names()) == ["exp3", "exp4", "exp5", "renamed"]
    assert sorted(asked.names("table")) == ["exp3", "exp4", "exp5", "renamed"]
    for gone in ("exp1", "exp2"):
        assert asked.run(gone)["error"]["code"] == "unknown_run"
    assert asked.run("renamed")["run"]["name"] == "renamed"
    assert set(asked.plugin._fleet._judging._judged) == {"exp3", "exp4", "exp5", "renamed"}


def test_a_new_runlens_yaml_is_used_at_once(five_runs: Path, always_looking: None) -> None:
    asked = Asked(five_runs)
    assert asked.run("exp1")["run"]["health"]["rule"] == "too-short"
    write(five_runs / "runlens.yaml", "rules: {too-short: off}\n")
    assert asked.run("exp1")["run"]["health"]["rule"] != "too-short"


def test_a_training_that_falls_silent_is_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always_looking: None
) -> None:
    run = write_detect(tmp_path / "a", range(1, 20), task="detect", mode="train", epochs=100)
    (now, later) = (time.time(), 2 * 3600.0)
    set_times(run, newest=now, spread=3600.0)
    asked = Asked(tmp_path)
    assert asked.run("a")["run"]["state"] == "running"
    monkeypatch.setattr(fleet.time, "time", lambda: now + later)
    assert asked.run("a")["run"]["state"] == "stale"
    assert asked.table()["rows"][0]["state"] == "stale"


def test_the_newest_run_is_the_latest(tmp_path: Path) -> None:
    moment = time.time() - 1e6
    for number, name in enumerate(("old", "new", "middle")):
        set_times(write_detect(tmp_path / name), moment + [0, 900, 400][number], 60.0)
    rows = Asked(tmp_path).table()["rows"]
    assert [row["name"] for row in rows if row["latest"]] == ["new"]


def test_of_copies_none_is_the_latest(tmp_path: Path) -> None:
    for name in ("a", "b"):
        set_times(write_detect(tmp_path / name), time.time() - 1e6, 0.0)
    rows = Asked(tmp_path).table()["rows"]
    assert [row["latest"] for row in rows] == [False, False]


def test_a_rule_that_raises_is_named_and_the_others_go_on(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(signals: Signals, limits: Limits) -> Optional[Finding]:
        raise ZeroDivisionError("of this test")

    rules = [Rule("always-broken", raises), *all_rules()]
    monkeypatch.setattr(judging, "analyse", functools.partial(analyse, rules=lambda: rules))
    asked = Asked(five_runs)
    run = asked.run("exp1")["run"]
    assert run["failed_rules"] == [
        {"rule": "always-broken", "error": "ZeroDivisionError: of this test"}
    ]
    assert "too-short" in [finding["rule"] for finding in run["findings"]]
    assert all(one["failed_rules"] for one in asked.json("runs")["runs"])
    assert len(asked.table()["rows"]) == 5


def test_a_run_that_cannot_be_judged_hides_no_other(
    five_runs: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails_for_one(run: Run, wanted: Settings, now: float, **more: Any) -> Analysis:
        if run.name == "exp3":
            raise ZeroDivisionError(f"in {run.path}")
        return analyse(run, wanted, now, **more)

    monkeypatch.setattr(judging, "analyse", fails_for_one)
    asked = Asked(five_runs)
    with caplog.at_level(logging.ERROR):
        table = asked.table()
    assert len(table["rows"]) == 4
    assert table["unreadable"] == [{"path": "exp3", "reason": "RunLens failed: ZeroDivisionError"}]
    assert table["progress"] == {"read": 5, "total": 5, "complete": True}
    assert asked.json("runs")["unreadable"] == table["unreadable"]
    assert asked.run("exp3")["error"]["code"] == "internal"
    assert "ZeroDivisionError" in caplog.text


def test_after_a_scan_that_failed_the_next_one_is_tried(
    five_runs: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    always_looking: None,
) -> None:
    refresh = catalog.Catalog.refresh

    def fails(self: catalog.Catalog) -> None:
        raise MemoryError

    monkeypatch.setattr(catalog.Catalog, "refresh", fails)
    asked = Asked(five_runs)
    assert asked.names() == []
    assert "could not finish looking through the logdir" in caplog.text
    monkeypatch.setattr(catalog.Catalog, "refresh", refresh)
    assert len(asked.names()) == 5


def test_a_run_is_ranked_when_all_runs_of_the_logdir_are_judged(tmp_path: Path) -> None:
    for rows in (4, 5, 6):
        write_detect(tmp_path / f"{rows} epochs", range(1, rows))
    asked = Asked(tmp_path)
    asked.table()
    questions = {one["id"]: one["answer"] for one in asked.run("5 epochs")["run"]["questions"]}
    assert " of 3 runs in this logdir" in questions["others"]


def test_before_all_runs_are_judged_none_is_ranked(tmp_path: Path) -> None:
    for rows in (4, 5, 6):
        write_detect(tmp_path / f"{rows} epochs", range(1, rows))
    answer = Asked(tmp_path).run("5 epochs")["run"]["questions"][-1]
    assert (answer["id"], answer["level"]) == ("others", "unknown")
