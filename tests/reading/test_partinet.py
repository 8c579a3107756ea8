"""PartiNet's two steps: told by what the arguments say, and read for what they are."""

from __future__ import annotations

import re
import shlex

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens import commands, lifecycle, partinet
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import Catalog, open_run
from tensorboard_runlens.run import Files, Logged, Run, empty_history
from tests.builders import write_detect
from tests.projects import partinet_rows, router_rows, write_partinet, write_partinet_project

NOW = 1_900_000_000.0


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project of guide 000."""
    return write_partinet_project(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(
    ("arguments", "step"),
    [
        ({}, None),
        ({"cfg": "cfg/training/yolov7.yaml", "name": "step1", "hyp": "data/hyp.scratch.p5.yaml"}, None),
        ({"name": "partinet_step1"}, "step1"),
        ({"cfg": "cfg/dy-yolov7-step2.yaml"}, "step2"),
        ({"cfg": "cfg/dy-yolov7-step1.yaml", "weight": "partinet_step2.pt"}, "step1"),
        ({"dual_backbone": []}, "step1"),
        ({"dual_backbone": [], "dynamic": True}, "step2"),
        ({"dual_backbone": [], "dynamic": 1}, "step1"),
        ({"router_channels": [128]}, "step2"),
        ({"backbone_detector": "yolov7", "single_backbone": False}, "step1"),
        ({"backbone_detector": "yolov7", "linear_lr": False}, "step1"),
        ({"backbone_detector": "yolov7"}, "step2"),
        ({"backbone_detector": "yolov7", "hyp": "finetune.dynamic.adam"}, "step2"),
        ({"backbone_detector": "yolov7", "project": "C:\\out\\partinet_trainstep1"}, "step1"),
        ({"backbone_detector": "yolov7", "name": "step12"}, "step2"),
        ({"n_first_layers": 51, "project": "out/Step-2"}, "step2"),
        ({"n_first_layers": 51}, None),
        ({"backbone_detector": "yolov7", "cfg": 3, "name": None, "project": ["step1"]}, "step2"),
    ],
)  # fmt: skip
def test_the_step_is_told_by_the_arguments(arguments, step):
    assert partinet.step(arguments) == step


anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=2)
)
OPTIONS = (*partinet.STEP_ARGUMENTS, *partinet.STEP1_OPTIONS, "weight", "dynamic")
names = st.sampled_from([*partinet.MODEL_MARKS, partinet.COMMAND_OPTION, *OPTIONS])


@given(st.dictionaries(names | st.text(max_size=8), anything, max_size=6))
def test_any_arguments_have_a_step_or_none(arguments):
    assert partinet.step(arguments) in (None, "step1", "step2")


def test_a_fork_of_yolov7_has_no_step(tmp_path):
    write_partinet(tmp_path / "exp", 1, partinet_rows(0, 5, 6, 4), 6, "yolov7.pt", True)
    for name in ("opt.yaml", "cfg.yaml"):
        (tmp_path / "exp" / name).unlink()
    run = open_run(str(tmp_path / "exp"))
    assert (run.framework, run.stage) == ("yolov7", None)
    assert set(run.history.train) == {"box", "obj"}


def test_a_step_in_the_arguments_of_another_framework_is_none(tmp_path):
    write_detect(tmp_path, task="detect", mode="train", project="partinet_step2")
    assert open_run(str(tmp_path)).stage is None


def test_each_run_of_the_project_has_its_step(project):
    steps = {name: open_run(str(project / name)).stage for name in ("exp", "exp2", "exp3", "exp4")}
    assert steps == {"exp": "step1", "exp2": "step1", "exp3": "step1", "exp4": "step2"}


def test_a_class_loss_that_is_always_zero_is_hidden_without_a_word(project):
    run = open_run(str(project / "exp"))
    assert set(run.history.train) == set(run.history.val) == {"box", "obj"}
    assert run.problems == ()


def test_step_2_has_the_losses_of_its_router(project):
    run = open_run(str(project / "exp4"))
    assert set(run.history.train) == {"router_difference", "router_score_0", "router_score_1"}
    assert set(run.history.val) == {"box", "obj"}
    assert run.history.train["router_score_1"].tolist() == pytest.approx(
        [0.5 + 0.01 * epoch for epoch in range(10)]
    )


def test_step_2_is_neither_too_short_nor_overfitted(project):
    analysis = analyse(open_run(str(project / "exp4")), now=NOW)
    assert analysis.failed_rules == []
    assert {"too-short", "overfitting", "past-best"}.isdisjoint(
        one.rule for one in analysis.findings
    )
    assert (analysis.overfitting.loss_overfits, analysis.state) == (False, "finished")
    assert "train on" not in analysis.headline


def test_the_training_loss_of_step_1_is_not_its_validation_loss(project):
    analysis = analyse(open_run(str(project / "exp")), now=NOW)
    assert not analysis.signals.losses_comparable
    assert analysis.overfitting.confidence == "low"


def test_a_resumed_run_is_counted_once(project):
    catalog = Catalog([("", str(project))])
    catalog.refresh()
    assert sorted(catalog.runs) == ["exp", "exp2", "exp3", "exp4"]
    assert catalog.related("exp3").continues == "exp2"
    assert catalog.related("exp2").continued_by == ("exp3",)
    assert catalog.related("exp4").starts_from == "exp3"
    assert catalog.related("exp").continues is None
    assert catalog.related("exp").duplicates == ()
    assert np.array_equal(catalog.runs["exp3"].history.epoch, np.arange(40))
    assert len(catalog.runs["exp3"].logged.segments) == 1


def test_a_killed_run_that_nobody_continued_is_resumed_by_partinets_own_line(tmp_path):
    killed = partinet_rows(0, 17, 40, 36)
    write_partinet(tmp_path / "exp 2", 1, killed, 40, "/data/partinet_publicweights.pt", False)
    run = open_run(str(tmp_path / "exp 2"))
    assert commands.resume(run, "weights/last.pt") == (
        "partinet train step1 --weight 'exp 2'/weights/last.pt"
        " --data cryo_training.yaml --epochs 40 --project ."
    )


def test_its_deploy_lines_are_partinets_own(project):
    run = open_run(str(project / "exp"))
    (detect, star) = commands.deploy(run, "weights/best.pt", 0.31)
    assert detect == "partinet detect --weight weights/best.pt --source IMAGES --conf-thres 0.31"
    assert star.startswith("partinet star ")
    assert star.endswith("--conf 0.31")
    assert commands.deploy(run, "weights/best.pt")[0].endswith("--conf-thres CONF")


def test_a_run_that_holds_only_its_configuration_is_shown_as_such(tmp_path):
    write_partinet(tmp_path / "exp", 1, [], 40, "w.pt", False)
    for name in ("results.txt", "weights/best.pt", "weights/last.pt"):
        (tmp_path / "exp" / name).unlink()
    run = open_run(str(tmp_path / "exp"))
    analysis = analyse(run, now=NOW)
    assert (len(run.history), analysis.state) == (0, "empty")
    assert analysis.headline == "No epoch logged; only the run's arguments can be shown."
    assert (run.framework, run.stage) == ("yolov7", "step1")
    assert run.files.by_role["train_batch"] == ("train_batch0.jpg", "train_batch1.jpg")
    assert analysis.weights.use is None
    assert analysis.failed_rules == []


def of_step_2(name, arguments):
    """A run of step 2 without epochs."""
    return Run(
        path=".",
        name=name,
        framework="yolov7",
        task="detect",
        history=empty_history(),
        logged=Logged(0, ()),
        arguments=arguments,
        argument_file={},
        files=Files({}, None, None),
        problems=(),
        stage="step2",
    )


@given(st.text(max_size=12).map(lambda text: re.sub(r"[/\\\0]", "_", text)), anything, anything)
def test_no_name_breaks_out_of_a_command(name, data, epochs):
    arguments = {"backbone_detector": "yolov7", "data": data, "epochs": epochs}
    run = of_step_2(name or "exp", arguments)
    words = shlex.split(commands.resume(run, "weights/last.pt") or "")
    assert words[:3] == ["partinet", "train", "step2"]
    assert words[3:5] == ["--weight", f"{name or 'exp'}/weights/last.pt"]
    assert words[-2:] == ["--project", "."]
    assert set(words[5::2]) <= {"--data", "--epochs", "--project"}


def test_rows_of_step_1_in_the_file_of_step_2_are_not_the_routers(tmp_path):
    """Started from a period checkpoint, step 2 begins its file with a copy of step 1's rows."""
    (old, new) = (partinet_rows(0, 49, 50, 40), router_rows(8, 9))
    rows = [*old, *(row.replace(f"{n}/8", f"{50 + n}/58", 1) for (n, row) in enumerate(new))]
    write_partinet(tmp_path / "exp", 2, rows, 10, "/data/exp/weights/epoch_049.pt", True)
    run = open_run(str(tmp_path / "exp"))
    analysis = analyse(run, now=NOW)
    assert (run.history.epoch[0], run.history.epoch[-1], len(run.history)) == (50, 58, 9)
    assert lifecycle.planned_epochs(run) == 9
    assert analysis.state == "finished"
    assert analysis.signals.epoch(analysis.signals.best_row) >= 50
