"""When nothing ran: the gaps between trainings, never more than nobody covers."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from tensorboard_runlens.digest.idle import IDLE_MIN_S, gaps
from tests.builders import set_times

from .nights import EVENING, HOUR, NOW, copied, digest, training

MOMENT = some.floats(-1000, 2000)
STRETCHES = some.lists(some.tuples(MOMENT, MOMENT), max_size=12)


@given(STRETCHES, some.floats(0, 500))
def test_gaps_touch_no_training_and_lie_within_the_time_asked_for(
    busy: list[tuple[float, float]], least: float
) -> None:
    found = list(gaps(busy, (0.0, 1000.0), least))
    assert found == sorted(found)
    for begin, end in found:
        assert 0 <= begin <= end <= 1000
        assert end - begin >= least
        assert not any(max(begin, one) < min(end, other) for (one, other) in busy)


@given(STRETCHES, some.integers(0, 999))
def test_a_moment_that_nothing_covers_is_in_a_gap(
    busy: list[tuple[float, float]], second: int
) -> None:
    moment = second + 0.5
    covered = any(begin <= moment <= end for (begin, end) in busy)
    found = gaps(busy, (0.0, 1000.0), 0.0)
    assert covered or any(begin <= moment <= end for (begin, end) in found)


@given(STRETCHES, some.floats(1, 300))
def test_gaps_that_are_left_out_are_shorter(busy: list[tuple[float, float]], least: float) -> None:
    every = set(gaps(busy, (0.0, 1000.0), 0.0))
    long_ones = set(gaps(busy, (0.0, 1000.0), least))
    assert long_ones <= every
    assert all(end - begin < least for (begin, end) in every - long_ones)


def test_the_time_between_two_trainings_and_since_the_last_one(tmp_path: Path) -> None:
    training(tmp_path / "a", ended=EVENING + HOUR, per_epoch=120)
    training(tmp_path / "b", ended=NOW - 5 * HOUR, per_epoch=60)
    (last, first) = digest(tmp_path).idle
    assert (last.since, last.until) == (NOW - 5 * HOUR, None)
    assert last.said == "No sign of a training of this logdir for 5.0 hours."
    assert (first.since, first.until) == (EVENING + HOUR, NOW - 6 * HOUR)
    assert first.said == "No training of this logdir ran for 5.0 hours."


def test_a_training_that_goes_on_covers_all_until_now(tmp_path: Path) -> None:
    training(tmp_path / "live", ended=NOW - 100, done=40, planned=400, per_epoch=90)
    assert [(one.since, one.until) for one in digest(tmp_path).idle] == [(EVENING, NOW - 3700)]


def test_before_a_process_that_resumed_nothing_ran(tmp_path: Path) -> None:
    run = training(tmp_path / "run", ended=NOW, done=40)
    lines = (run / "results.csv").read_text().splitlines()
    cells = [line.split(",") for line in lines]
    for number, row in enumerate(cells[31:], 1):
        row[1] = str(60.0 * number)
    (run / "results.csv").write_text("\n".join(",".join(row) for row in cells) + "\n")
    set_times(run, NOW - HOUR, 11 * HOUR)
    (last, first) = digest(tmp_path).idle
    assert (first.since, first.until) == (EVENING, NOW - HOUR - 600)
    assert last.since == NOW - HOUR


def test_a_training_that_died_may_have_run_for_another_epoch(tmp_path: Path) -> None:
    training(tmp_path / "dead", ended=NOW - 20 * HOUR, done=5, planned=50, per_epoch=HOUR)
    (one,) = digest(tmp_path, since=NOW - 30 * HOUR).idle[:1]
    assert (one.since, one.until) == (NOW - 19 * HOUR, None)


def test_a_copy_that_may_have_trained_then_is_no_proof_that_nothing_did(tmp_path: Path) -> None:
    copied(training(tmp_path / "copy", ended=NOW, per_epoch=120), NOW - 3 * HOUR)
    assert [(one.since, one.until) for one in digest(tmp_path).idle] == [(NOW - 3 * HOUR, None)]


def test_less_than_half_an_hour_is_not_worth_a_word(tmp_path: Path) -> None:
    training(tmp_path / "a", ended=NOW - IDLE_MIN_S + 1, per_epoch=720)
    assert digest(tmp_path).idle == []
    (one,) = digest(tmp_path, now=NOW + 1).idle
    assert one.said == "No sign of a training of this logdir for 30 minutes."
