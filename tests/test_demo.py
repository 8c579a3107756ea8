"""The sample runs of ``runlens demo``: small, nobody's in particular, and each what its name says."""

from __future__ import annotations

import re
from pathlib import Path

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.demo import SAMPLES, copy_samples

ABSOLUTE = re.compile(rb"(?:^|[\s'\"])(?:/[A-Za-z]|[A-Za-z]:\\)")
MAX_BYTES = 2 * 10**6


def judged(tmp_path: Path) -> dict[str, Analysis]:
    catalog = Catalog([("", str(copy_samples(tmp_path / "runs")))])
    catalog.refresh()
    assert catalog.unreadable == []
    return {name: analyse(run) for name, run in catalog.runs.items()}


def test_every_sample_is_judged_as_what_it_shows(tmp_path: Path) -> None:
    found = {
        name: (one.state, one.health.level, one.health.rule)
        for (name, one) in judged(tmp_path).items()
    }
    assert found == {
        "detect/healthy": ("finished", "info", "undertrained"),
        "detect/few images": ("finished", "info", "small-validation"),
        "detect/overfitted": ("finished", "warning", "overfitting"),
        "detect/interrupted": ("interrupted", "warning", "interrupted"),
        "segment/healthy": ("finished", "info", "box-mask-gap"),
    }


def test_the_samples_have_no_problems_and_no_failed_rules(tmp_path: Path) -> None:
    for analysis in judged(tmp_path).values():
        assert analysis.run.problems == ()
        assert list(analysis.failed_rules) == []


def test_the_samples_are_small_and_name_no_machine() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MAX_BYTES
    for path in files:
        if path.suffix in (".csv", ".yaml", ".json", ".jsonl"):
            assert not ABSOLUTE.search(path.read_bytes()), path
