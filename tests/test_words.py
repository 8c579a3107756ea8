"""How numbers and names are said in sentences."""

from __future__ import annotations

from typing import Optional

import pytest

from tensorboard_runlens.words import duration, first_of, release_words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("8.3.1", "8.3.1", "8.3.1"),
        (None, "8.3.1", "8.3.1 or before"),
        ("8.3.1", None, "8.3.1 or later"),
        ("8.3.1", "8.3.9", "8.3.1 to 8.3.9"),
        (None, None, None),
    ],
)
def test_the_releases_that_can_have_written_a_run(
    low: Optional[str], high: Optional[str], words: Optional[str]
) -> None:
    assert release_words(low, high) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "less than a second"),
        (1.0, "1 second"),
        (14.0, "14 seconds"),
        (60.0, "1 minute"),
        (3600.0, "1.0 hours"),
        (11_664.0, "3.2 hours"),
        (72 * 3600.0, "3.0 days"),
        (100 * 3600.0, "4.2 days"),
    ],
)
def test_a_duration_has_the_unit_that_is_grasped_at_once(seconds: float, words: str) -> None:
    assert duration(seconds / 3600) == words


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["toe"], "toe"),
        (["toe", "drain"], "toe, drain"),
        (["toe", "drain", "ring"], "toe, drain and 1 more"),
        (["toe"] * 1002, "toe, toe and 1,000 more"),
    ],
)
def test_of_many_names_the_first_are_said_and_how_many_more(names: list[str], words: str) -> None:
    assert first_of(names, 2) == words
