"""Since when: stretches before now, moments, and all that is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tensorboard_runlens.digest.since import MAX_S, NoSuchTime, parse

from .nights import NOW


@pytest.mark.parametrize(
    ("text", "before_now"),
    [
        ("90m", 5400),
        ("12h", 43200),
        ("2d", 172800),
        ("0m", 0),
        ("3650d", MAX_S),
        ("2027-01-15T07:00", 3600),
        ("2027-01-15 07:59:30", 30),
        ("2027-01-15T08:00+01:00", 3600),
        ("2027-01-15T07:00Z", 3600),
        ("2027-01-15", 8 * 3600),
    ],
)
def test_stretches_and_moments_are_understood(text: str, before_now: float) -> None:
    assert parse(text, NOW) == NOW - before_now


@pytest.mark.parametrize(
    "text",
    [
        *("", "h", "12", "12 h", "-3h", "1.5h", "12H", "12h ", "١٢h", "12hours", "soon", "12h\n"),
        *("2027-13-01", "2027-01-15T25:00", "07:00", "x" * 10_000),
    ],
)
def test_what_is_no_time_says_what_is(text: str) -> None:
    with pytest.raises(NoSuchTime, match="90m, 12h, 2d or a time such as"):
        parse(text, NOW)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-01-15T08:01", "in the future"),
        ("3651d", "ten years"),
        ("999999999d", "ten years"),
        ("1970-01-01", "ten years"),
        ("0001-01-01T00:00+14:00", "ten years"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoSuchTime, match=why):
        parse(text, NOW)


@given(some.text(max_size=60))
def test_no_text_does_anything_else(text: str) -> None:
    try:
        assert NOW - MAX_S <= parse(text, NOW) <= NOW
    except NoSuchTime as error:
        assert str(error)
