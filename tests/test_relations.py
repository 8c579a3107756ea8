"""How runs belong together: resumed, copied, begun from another's weights, repeated with another seed."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.catalog import Catalog, open_run, relations_of
from tensorboard_runlens.relations import UNRELATED, Relations, relate
from tensorboard_runlens.relations.sources import WEIGHT_ARGUMENTS
from tensorboard_runlens.run import Console, Files, History, Logged, Run, empty_history
from tests.builders import (
    DETECT,
    DETECT_WITHOUT_TIME,
    YOLOV5,
    rows_of,
    write,
    write_args,
    write_csv,
    write_detect,
)
from tests.projects import SELF_TRAINING, partinet_rows, write_partinet, write_self_training


def related(folder):
    """name -> relations of all runs below a folder, those without any left out."""
    catalog = Catalog([("", str(folder))])
    catalog.refresh()
    return dict(catalog.relations)


def run_of(name, rows=None, epochs=None, framework="ultralytics", axis="epoch", **arguments):
    """A run with these values of one metric, a clock, and these arguments."""
    history = empty_history()
    if rows is not None:
        numbers = np.arange(1, len(rows) + 1) if epochs is None else np.array(epochs)
        values = np.array(rows, np.float64)
        history = History(
            numbers, {}, {}, {"box": {"map50": values}}, {}, 10.0 * np.arange(1, len(rows) + 1)
        )
    return Run(
        path=".",
        name=name,
        framework=framework,
        task="detect",
        history=history,
        logged=Logged(len(history), ()),
        arguments=arguments,
        argument_file={},
        files=Files({"results": ("results.csv",)}, None, None),
        problems=(),
        axis=axis,
    )


def relate_all(*runs):
    return relate({run.name: run for run in runs})


LONG = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


# Continued


def test_a_table_that_begins_with_the_rows_of_another_continues_it():
    found = relate_all(run_of("exp", LONG[:4]), run_of("exp2", LONG))
    assert found == {
        "exp": Relations(continued_by=("exp2",)),
        "exp2": Relations(continues="exp"),
    }


def test_a_chain_names_the_run_before_and_nothing_twice():
    found = relate_all(run_of("c", LONG), run_of("a", LONG[:2]), run_of("b", LONG[:4]))
    assert {name: one.continues for (name, one) in found.items()} == {"a": None, "b": "a", "c": "b"}
    assert found["a"].continued_by == ("b", "c")
    assert found["b"].continued_by == ("c",)


def test_two_runs_may_continue_one():
    (one, other) = ([*LONG[:3], 0.7, 0.8, 0.9], [*LONG, 0.7])
    found = relate_all(run_of("a", LONG[:3]), run_of("b", one), run_of("c", other))
    assert found["a"].continued_by == ("b", "c")


@pytest.mark.parametrize(("lost", "known"), [(0, True), (1, True), (2, True), (3, False)])
def test_rows_that_were_written_after_the_checkpoint_may_be_lost(lost, known):
    killed = run_of("exp", [*LONG[: 6 - lost], *[0.9] * lost])
    found = relate_all(killed, run_of("exp2", [*LONG, 0.7, 0.8]))
    assert (found.get("exp2", UNRELATED).continues == "exp") is known


def test_one_equal_row_of_two_is_no_copy():
    assert relate_all(run_of("a", [0.1, 0.9]), run_of("b", LONG)) == {}


def test_equal_lengths_are_no_continuation():
    assert (
        relate_all(run_of("a", LONG, save_dir="a"), run_of("b", [*LONG[:5], 0.9], save_dir="b"))
        == {}
    )


def test_frameworks_do_not_continue_each_other():
    assert relate_all(run_of("a", LONG[:4], framework="yolov5"), run_of("b", LONG)) == {}


def test_rows_of_zeros_tell_nothing():
    assert relate_all(run_of("a", [0.0] * 4), run_of("b", [0.0] * 6)) == {}


def test_a_deterministic_training_without_a_clock_is_no_copy(tmp_path):
    for name, last in (("a", 5), ("b", 9)):
        rows = rows_of(DETECT_WITHOUT_TIME, range(1, last))
        write_csv(tmp_path / name, DETECT_WITHOUT_TIME, rows)
    assert related(tmp_path) == {}


def test_with_a_clock_it_is_one(tmp_path):
    write_detect(tmp_path / "a", range(1, 5))
    write_detect(tmp_path / "b", range(1, 9))
    assert related(tmp_path)["b"].continues == "a"


def test_results_txt_is_told_by_its_rows(tmp_path):
    rows = partinet_rows(0, 9, 10, 8)
    write(tmp_path / "exp" / "results.txt", "\n".join(rows[:5]))
    write(tmp_path / "exp2" / "results.txt", "\n".join(rows))
    assert related(tmp_path)["exp2"].continues == "exp"


def test_yolov5_goes_on_with_the_next_epoch(tmp_path):
    write_csv(tmp_path / "exp", YOLOV5, rows_of(YOLOV5, range(20)))
    write_csv(tmp_path / "exp2", YOLOV5, rows_of(YOLOV5, range(20, 50)))
    write_args(tmp_path / "exp2", "opt.yaml", weights="runs/train/exp/weights/last.pt", epochs=50)
    assert related(tmp_path)["exp2"] == Relations(starts_from="exp", continues="exp")
    assert related(tmp_path)["exp"].continued_by == ("exp2",)


@pytest.mark.parametrize(
    ("first", "known"), [(21, False), (20, True), (15, True), (1, False), (0, False)]
)
def test_epochs_must_fit_to_be_gone_on_with(first, known):
    before = run_of("exp", [0.5] * 20, range(20), "yolov5")
    after = run_of(
        "exp2", [0.6] * 9, range(first, first + 9), "yolov5", weights="exp/weights/last.pt"
    )
    found = relate_all(before, after)
    assert found["exp2"].starts_from == "exp"
    assert (found["exp2"].continues == "exp") is known


def test_what_begins_before_the_other_does_not_go_on_with_it():
    before = run_of("exp", [0.5] * 20, range(10, 30), "yolov5")
    after = run_of("exp2", [0.6] * 9, range(5, 14), "yolov5", weights="exp/weights/last.pt")
    assert relate_all(before, after) == {"exp2": Relations(starts_from="exp")}


def test_iterations_are_continued_only_whole():
    one = {"framework": "selftraining", "axis": "iteration"}
    found = relate_all(run_of("a", LONG[:3], **one), run_of("b", LONG, **one))
    assert found["b"].continues == "a"
    assert relate_all(run_of("a", [*LONG[:3], 0.9], **one), run_of("b", LONG, **one)) == {}


# The same


def test_a_copied_folder_is_the_same_run(tmp_path):
    write_detect(tmp_path / "runs" / "train", epochs=5, seed=0)
    shutil.copytree(tmp_path / "runs" / "train", tmp_path / "backup" / "best")
    assert related(tmp_path) == {
        "runs/train": Relations(duplicates=("backup/best",)),
        "backup/best": Relations(duplicates=("runs/train",)),
    }


def test_a_repetition_at_another_place_is_not_the_same(tmp_path):
    for name in ("train", "train2"):
        write_csv(tmp_path / name, DETECT_WITHOUT_TIME, rows_of(DETECT_WITHOUT_TIME, range(1, 6)))
        write_args(tmp_path / name, epochs=5, save_dir=f"runs/{name}")
    assert related(tmp_path) == {}


def test_the_same_clock_at_two_places_is_the_same_training(tmp_path):
    for name in ("runs/train", "saved"):
        write_detect(tmp_path / name, epochs=5, save_dir=name)
    assert related(tmp_path)["saved"].duplicates == ("runs/train",)


def test_a_resumed_run_that_died_before_its_first_epoch_does_not_break_the_chain(tmp_path):
    (killed, resumed) = (partinet_rows(0, 9, 40, 30), "/data/project/exp2/weights/last.pt")
    write_partinet(tmp_path / "exp2", 1, killed, 40, "public.pt", False)
    write_partinet(tmp_path / "exp5", 1, killed, 40, resumed, False)
    rows = [*killed, *partinet_rows(10, 39, 40, 30)]
    write_partinet(tmp_path / "exp6", 1, rows, 40, resumed, True)
    found = related(tmp_path)
    assert (found["exp5"].continues, found["exp6"].continues) == ("exp2", "exp2")
    assert found["exp2"].continued_by == ("exp5", "exp6")


def test_the_named_checkpoint_decides_among_runs_that_begin_alike():
    resumed = {"weight": "/data/project/exp2/weights/last.pt"}
    found = relate_all(
        run_of("exp", LONG[:2]),
        run_of("exp2", LONG[:4]),
        run_of("exp3", LONG, **resumed),
    )
    continues = {name: one.continues for (name, one) in found.items()}
    assert continues == {"exp": None, "exp2": "exp", "exp3": "exp2"}
    assert found["exp"].continued_by[-1] == found["exp2"].continued_by[-1] == "exp3"


def test_copies_do_not_continue_each_other():
    found = relate_all(run_of("a", LONG), run_of("copy of a", LONG), run_of("b", LONG[:4]))
    assert found["a"].duplicates == ("copy of a",)
    assert found["a"].continues == found["copy of a"].continues == "b"
    assert found["b"].continued_by == ("a", "copy of a")


def test_runs_without_epochs_are_not_the_same(tmp_path):
    for name in ("a", "b"):
        write_args(tmp_path / name, task="detect", mode="train", epochs=5)
    assert related(tmp_path) == {}


# Begun from


@pytest.mark.parametrize(
    ("argument", "path", "source"),
    [
        ("model", "runs/detect/base/weights/best.pt", "detect/base"),
        ("model", "/home/anna/project/runs/detect/base/weights/best.pt", "detect/base"),
        ("weights", "C:\\runs\\detect\\base\\weights\\last.pt", "detect/base"),
        ("weight", "detect/base/weights/epoch_3.pt", "detect/base"),
        ("resume", "detect/base/weights/last.pt", "detect/base"),
        ("model", "saved_models/phase1/best.pt", "saved_models/phase1"),
        ("model", "phase1/best.pt", None),
        ("model", "yolo11s.pt", None),
        ("model", "base/weights/best.pt", None),
        ("model", "other/base/weights/best.pt", None),
        ("model", "runs/detect/base/weights/best.onnx", None),
        ("model", "runs/detect/new/weights/best.pt", None),
        ("data", "runs/detect/base/weights/best.pt", None),
        ("model", 3, None),
        ("model", None, None),
        ("model", "", None),
    ],
)
def test_the_run_whose_checkpoint_is_named_is_found(argument, path, source):
    runs = [run_of(name, LONG) for name in ("segment/base", "detect/base", "saved_models/phase1")]
    runs = [replace(run, arguments={"save_dir": run.name}) for run in runs]
    found = relate_all(*runs, run_of("detect/new", LONG[:1], **{argument: path}))
    assert found.get("detect/new", UNRELATED).starts_from == source


def test_a_name_of_one_part_is_enough_where_it_is_the_whole_name():
    found = relate_all(
        run_of("exp", LONG), run_of("exp2", [0.9], weights="runs/train/exp/weights/best.pt")
    )
    assert found["exp2"].starts_from == "exp"


def test_where_several_fit_none_is_named():
    runs = [run_of(name, LONG, save_dir=name) for name in ("a/detect/base", "b/detect/base")]
    found = relate_all(*runs, run_of("new", [0.9], model="detect/base/weights/best.pt"))
    assert "new" not in found
    sure = relate_all(*runs, run_of("new", [0.9], model="b/detect/base/weights/best.pt"))
    assert sure["new"].starts_from == "b/detect/base"


def test_no_path_of_the_arguments_is_opened(tmp_path, monkeypatch):
    outside = write_detect(tmp_path / "outside" / "base", save_dir="x")
    write(outside / "weights" / "best.pt", b"")
    write_detect(tmp_path / "logdir" / "new", model=str(outside / "weights" / "best.pt"))
    assert related(tmp_path / "logdir") == {}


# Repeated


def test_runs_that_differ_in_their_seed_only_are_repeats(tmp_path):
    for seed in (0, 1, 2):
        rows = [{**row, "metrics/mAP50(B)": 0.1 * seed} for row in rows_of(DETECT, range(1, 4))]
        write_args(write_csv(tmp_path / f"s{seed}", DETECT, rows), epochs=3, seed=seed, device=seed)
    found = related(tmp_path)
    assert found["s0"].repeats == ("s1", "s2")
    assert found["s2"].repeats == ("s0", "s1")


def test_another_argument_makes_another_recipe():
    found = relate_all(run_of("a", [0.1], seed=0, lr0=0.1), run_of("b", [0.2], seed=1, lr0=0.2))
    assert found == {}


def test_the_same_seed_is_no_repeat_with_another():
    assert relate_all(run_of("a", [0.1], seed=0), run_of("b", [0.2], seed=0)) == {}


def test_without_a_seed_nothing_is_known():
    assert relate_all(run_of("a", [0.1], lr0=1), run_of("b", [0.2], lr0=1)) == {}


# Beside a single run


def test_a_single_run_is_related_to_those_beside_it(tmp_path):
    write_detect(tmp_path / "train", range(1, 5))
    write_detect(tmp_path / "train2", range(1, 9))
    write_detect(tmp_path / "elsewhere" / "train3", range(1, 12))
    assert relations_of(open_run(str(tmp_path / "train2"))) == Relations(continues="train")
    assert relations_of(open_run(str(tmp_path / "train"))) == Relations(continued_by=("train2",))


def test_experiments_of_a_self_training_are_related_as_other_runs_are(tmp_path):
    write_self_training(tmp_path / "unet", dict(enumerate(SELF_TRAINING)))
    shutil.copytree(tmp_path / "unet", tmp_path / "unet copy")
    assert related(tmp_path)["unet"].duplicates == ("unet copy",)


# Anything, and much of it


arguments = st.dictionaries(
    st.sampled_from([*WEIGHT_ARGUMENTS, "seed", "name", "lr0"]),
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["a/weights/best.pt", "b/c/best.pt", "\\\\.pt"]),
    max_size=4,
)
rows = st.none() | st.lists(st.sampled_from([0.0, 0.1, 0.2, float("nan")]), max_size=5)


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "b/c", "d/c", "e", "a@x.csv"]),
        st.tuples(rows, arguments),
        max_size=6,
    )
)
def test_relations_of_any_runs_are_of_those_runs_and_mutual(described):
    runs = {
        name: replace(run_of(name, values), arguments=said)
        for (name, (values, said)) in described.items()
    }
    found = relate(runs)
    assert found.keys() <= runs.keys()
    for name, one in found.items():
        others = {*one.continued_by, *one.duplicates, *one.repeats, one.continues, one.starts_from}
        assert others - {None} <= runs.keys() - {name}
        for other in one.duplicates:
            assert name in found[other].duplicates
        for other in one.repeats:
            assert name in found[other].repeats
        if one.continues:
            assert name in found[one.continues].continued_by
            assert one.continues not in one.duplicates
        for later in one.continued_by:
            chain = [later]
            while chain[-1] != name:
                chain.append(found[chain[-1]].continues)
            assert len(chain) == len(set(chain))


def test_a_thousand_copies_of_a_run_are_related_in_no_time():
    runs = {f"copy{number}": run_of(f"copy{number}", LONG) for number in range(1000)}
    started = time.perf_counter()
    found = relate(runs)
    assert time.perf_counter() - started < 5
    assert len(found["copy0"].duplicates) == 999


def test_three_thousand_fine_tunings_are_related_in_no_time():
    runs = {
        f"runs/detect/x{number}": run_of(
            f"runs/detect/x{number}", [number], model=f"runs/detect/x{number // 2}/weights/best.pt"
        )
        for number in range(1, 3001)
    }
    started = time.perf_counter()
    found = relate(runs)
    assert time.perf_counter() - started < 5
    assert found["runs/detect/x2000"].starts_from == "runs/detect/x1000"


def test_a_relative_path_means_a_run_of_the_same_project():
    said = {"model": "runs/detect/train/weights/best.pt"}
    found = relate_all(
        run_of("A/runs/detect/train2", LONG, **said), run_of("B/runs/detect/train", LONG[:2])
    )
    assert found["A/runs/detect/train2"].starts_from is None
    found = relate_all(
        run_of("A/runs/detect/train2", LONG, **said), run_of("A/runs/detect/train", LONG[:2])
    )
    assert found["A/runs/detect/train2"].starts_from == "A/runs/detect/train"


@pytest.mark.parametrize(
    ("notebook", "values", "same"),
    [
        ("A@train.ipynb", [*LONG], True),
        ("A@train.ipynb", [value + 0.0004 for value in LONG], True),
        ("A@train.ipynb", [value + 0.02 for value in LONG], False),
        ("B@train.ipynb", [*LONG], False),
    ],
    ids=["the same", "rounded", "other metrics", "another project"],
)
def test_a_notebook_is_the_run_that_it_names_and_prints(notebook, values, same):
    console = Console("train.ipynb", save_dir="runs/detect/train")
    run = run_of(notebook, values)
    printed = replace(
        run,
        console=console,
        history=replace(run.history, seconds=None),  # a console prints no clock
        files=Files({"results": ("train.ipynb",)}, None, None),
    )
    found = relate_all(printed, run_of("A/runs/detect/train", LONG))
    duplicates = found.get(notebook, UNRELATED).duplicates
    assert duplicates == (("A/runs/detect/train",) if same else ())
