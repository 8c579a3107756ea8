"""Runs that may be ranked against each other: no two of a group contradict in what is known of their data."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.comparison.contender import Contender
from tensorboard_runlens.comparison.same_data import sameness
from tensorboard_runlens.data_groups import MAX_NAME, data_groups, data_name
from tests.builders import set_times
from tests.comparison.runs import analysed, recorded_with, rising, write_run

NOW = 1_800_000_000.0


def told(
    name: str,
    data: Any = None,
    fingerprint: Optional[str] = None,
    n_val: Optional[int] = None,
    n_classes: Optional[int] = None,
    task: str = "detect",
    newest: Optional[float] = NOW,
) -> Any:
    """What a run tells of its data, as an analysis has it."""
    return SimpleNamespace(
        run=SimpleNamespace(
            name=name,
            task=task,
            arguments={} if data is None else {"data": data},
            files=SimpleNamespace(newest=newest),
        ),
        signals=SimpleNamespace(
            data=SimpleNamespace(
                val_fingerprint=fingerprint, n_val_images=n_val, n_classes=n_classes
            )
        ),
        surroundings=SimpleNamespace(dataset=None),
    )


facts = st.fixed_dictionaries(
    {
        "data": st.sampled_from([None, "coco.yaml", "/home/a/coco.yaml", "x/data.yaml", 3, ""]),
        "fingerprint": st.sampled_from([None, None, "a" * 32, "b" * 32]),
        "n_val": st.sampled_from([None, 100, 200]),
        "n_classes": st.sampled_from([None, 1, 80]),
        "task": st.sampled_from(["detect", "segment"]),
        "newest": st.sampled_from([None, NOW, NOW + 5]),
    }
)


@given(st.lists(facts, max_size=12))
def test_no_two_of_a_group_contradict_each_other(runs: list[dict[str, Any]]) -> None:
    analyses = {str(number): told(str(number), **one) for (number, one) in enumerate(runs)}
    groups = data_groups(list(analyses.values()))
    assert sorted(name for group in groups for name in group.runs) == sorted(analyses)
    for group in groups:
        for first, second in combinations(group.runs, 2):
            same = sameness(*(Contender(name, analyses[name]) for name in (first, second)))
            assert same.apart is None
            assert (same.doubt is None) == (group.data.known == "images")


@given(st.lists(facts, max_size=12))
def test_labels_tell_groups_apart_and_the_unknown_come_last(runs: list[dict[str, Any]]) -> None:
    groups = data_groups([told(str(number), **one) for (number, one) in enumerate(runs)])
    assert len({group.label for group in groups}) == len(groups)
    known = [group.data.known != "unknown" for group in groups]
    assert known == sorted(known, reverse=True)


def test_a_fingerprint_and_a_name_are_not_put_together(tmp_path: Path) -> None:
    images = [f"val{number}" for number in range(40)]
    recorded_with(tmp_path / "recorded", ["t"], images)
    recorded_with(tmp_path / "moved", ["other"], images)
    write_run(tmp_path / "named", rising(), data="coco.yaml")
    groups = data_groups([analysed(tmp_path / name) for name in ("recorded", "moved", "named")])
    assert sorted((one.data.known, one.runs) for one in groups) == [
        ("images", ("recorded", "moved")),
        ("named", ("named",)),
    ]


def test_the_most_recently_updated_group_comes_first(tmp_path: Path) -> None:
    for number, data in enumerate(("old.yaml", "new.yaml", None, "middle.yaml")):
        run = write_run(tmp_path / str(number), rising(), **({"data": data} if data else {}))
        set_times(run, NOW + [0, 900, 1000, 400][number], 0.0)
    groups = data_groups([analysed(tmp_path / str(number)) for number in range(4)])
    assert [one.label for one in groups] == [
        "new.yaml",
        "middle.yaml",
        "old.yaml",
        "data not stated",
    ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("coco8.yaml", "coco8.yaml"),
        ("/home/anna/sets/coco8.yaml", "coco8.yaml"),
        ("C:\\sets\\coco8.yaml", "coco8.yaml"),
        ("/home/anna/fire-1/data.yaml", "fire-1/data.yaml"),
        ("data.yaml", "data.yaml"),
        ("./data.yaml", "data.yaml"),
        ("../data.yaml", "data.yaml"),
        ("/data.yaml", "data.yaml"),
        ("datasets/imagenette160/", "imagenette160"),
        ("  ", None),
        ("", None),
        (None, None),
        (["a.yaml"], None),
    ],
)
def test_the_name_of_a_data_file(said: Any, name: Optional[str]) -> None:
    assert data_name({"data": said}) == name


def test_a_label_says_what_is_known_and_is_short() -> None:
    (group,) = data_groups([told("a", "x" * 500 + ".yaml", n_val=1, n_classes=3)])
    assert group.label == f"{'x' * (MAX_NAME - 1)}…, 1 validation image, 3 classes"
    assert (group.n_val, group.n_classes) == (1, 3)
