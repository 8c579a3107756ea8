"""How numbers and names are said in sentences."""

from __future__ import annotations

from typing import Optional

import pytest

from tensorboard_runlens.words import release_words


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
