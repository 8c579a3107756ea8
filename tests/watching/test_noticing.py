"""Each finding is told once and taken back at most once, whatever comes and goes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.watching.memory import Training
from tensorboard_runlens.watching.noticing import (
    WITHDRAWN_EPOCHS,
    Glance,
    Present,
    note,
    notice,
)

KEYS = ("overfitting", "non-finite", "not-learning", "interrupted@7")
ALARM = Present(alarms=True)
STEADY = Present(alarms=True, hold=2)
QUIET = Present(alarms=False)

glances = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from((ALARM, STEADY, QUIET))),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def at(epochs: int, settled: bool = False, over: bool = False, **present: Present) -> Glance:
    return Glance(epochs, present, settled, over)


@given(glances)
def test_told_once_and_taken_back_once_after_it_was_told(looks) -> None:
    (training, epochs) = (Training(), 0)
    (told, withdrawn) = (Counter(), Counter())
    for more, present, settled, over in looks:
        epochs += more
        (new, gone) = notice(training, Glance(epochs, present, settled, over))
        told.update(new)
        withdrawn.update(gone)
        assert all(present[key].alarms for key in new)
        assert not set(gone) & set(present)
        assert not withdrawn - told
    assert set({**told, **withdrawn}.values()) <= {1}


@given(glances)
def test_looking_again_at_the_same_brings_nothing(looks) -> None:
    (training, epochs) = (Training(), 0)
    for more, present, settled, over in looks:
        epochs += more
        glance = Glance(epochs, present, settled, over)
        notice(training, glance)
        assert notice(training, glance) == ([], [])


@given(glances)
def test_what_stood_there_at_first_is_never_told_nor_taken_back(looks) -> None:
    (training, epochs) = (Training(), 0)
    note(training, at(0, overfitting=ALARM))
    for more, present, settled, over in looks:
        epochs += more
        (new, gone) = notice(training, Glance(epochs, present, settled, over))
        assert "overfitting" not in (*new, *gone)


def test_what_may_flicker_must_hold_without_a_gap() -> None:
    training = Training()
    assert notice(training, at(10, rule=STEADY)) == ([], [])
    assert notice(training, at(11)) == ([], [])
    assert notice(training, at(12, rule=STEADY)) == ([], [])
    assert notice(training, at(13, rule=STEADY)) == ([], [])
    assert notice(training, at(14, rule=STEADY)) == (["rule"], [])


def test_a_training_that_has_ended_is_told_of_at_once() -> None:
    assert notice(Training(), at(10, settled=True, rule=STEADY)) == (["rule"], [])


def test_a_gap_is_no_withdrawal_until_it_is_long() -> None:
    training = Training()
    assert notice(training, at(10, rule=ALARM)) == (["rule"], [])
    assert notice(training, at(11)) == ([], [])
    assert notice(training, at(10 + WITHDRAWN_EPOCHS)) == ([], [])
    assert notice(training, at(11 + WITHDRAWN_EPOCHS)) == ([], ["rule"])
    assert notice(training, at(12 + WITHDRAWN_EPOCHS, rule=ALARM)) == ([], [])


def test_what_comes_back_begins_a_new_gap() -> None:
    training = Training()
    notice(training, at(10, rule=ALARM))
    notice(training, at(11))
    notice(training, at(12, rule=QUIET))
    assert notice(training, at(11 + WITHDRAWN_EPOCHS)) == ([], [])


def test_at_the_end_it_is_taken_back_at_once() -> None:
    training = Training()
    notice(training, at(10, rule=ALARM))
    assert notice(training, at(11, over=True)) == ([], ["rule"])


def test_a_death_is_taken_back_when_epochs_follow_and_not_before() -> None:
    (training, death) = (Training(), {"interrupted@10": ALARM})
    assert notice(training, at(10, **death)) == (["interrupted@10"], [])
    assert notice(training, at(10)) == ([], [])
    assert notice(training, at(11)) == ([], ["interrupted@10"])
