"""The thresholds between which self-training leaves pixels unlabelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.pseudo_labels import schedule

from .builders import decoded
from .projects import SELF_TRAINING, write_self_training

STATED = {"positive_threshold": 0.95, "negative_threshold": 0.05}


def pairs(arguments: dict[str, object], iterations: int = 3) -> list[tuple[float, float]]:
    return [(one.positive, one.negative) for one in schedule(arguments, iterations)]


def test_g5_the_guides_schedule() -> None:
    assert pairs(STATED) == [(0.95, 0.05), (0.93, 0.07), (0.91, 0.09)]
    assert [one.iteration for one in schedule(STATED, 3)] == [1, 2, 3]


def test_a_stated_decay_is_taken() -> None:
    assert pairs({**STATED, "decay": 0.03})[1] == (0.92, 0.08)


def test_without_a_negative_threshold_it_mirrors_the_positive_one() -> None:
    assert pairs({"positive_threshold": 0.9}, 1) == [(0.9, 0.1)]


@pytest.mark.parametrize(
    "stated", [{}, {"positive_threshold": "high"}, {"positive_threshold": 0.2}]
)
def test_nothing_is_made_up(stated: dict[str, object]) -> None:
    assert pairs(stated) == []


@given(st.floats(0.5, 1), st.floats(0, 0.5), st.floats(0, 1), st.integers(0, 1000))
def test_thresholds_never_cross(positive: float, negative: float, decay: float, count: int) -> None:
    arguments = {"positive_threshold": positive, "negative_threshold": negative, "decay": decay}
    found = pairs(dict(arguments), count)
    assert all(0 <= low <= 0.5 <= high <= 1 for (high, low) in found)


def test_the_run_page_gets_them(tmp_path: Path) -> None:
    folder = write_self_training(tmp_path / "unet", dict(enumerate(SELF_TRAINING)))
    (folder / "config.yaml").write_text(
        "initial_epochs: 100\nself_training_iterations: 3\nbatch_size: 128\n"
        "positive_threshold: 0.95\nnegative_threshold: 0.05\n"
    )
    answer = answers.show_answer(analyse(open_run(str(folder))))
    run = decoded(answers.encode(answer), schema.ShowAnswer).run
    assert [one.positive for one in run.pseudo_labels] == [0.95, 0.93, 0.91]
