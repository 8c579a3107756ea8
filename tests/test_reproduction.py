"""What it takes to train a run again: defaults, risks, the command, the machine, what to verify, and the weights."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.answers import detailed_run_of
from tensorboard_runlens.details import look_closer
from tensorboard_runlens.relations import Relations
from tensorboard_runlens.reproduction import Reproduction, of_run
from tensorboard_runlens.reproduction.command import PLACEHOLDER, command_of
from tensorboard_runlens.reproduction.settings import Setting, defaults_of, settings_of
from tensorboard_runlens.run import Run, Version
from tensorboard_runlens.surroundings import Surroundings
from tests.builders import write, write_detect
from tests.projects import write_partinet_project
from tests.reading import checkpoints
from tests.rules.trainings import judged

CONSOLE = """
Ultralytics 8.3.74 Python-3.12.6 torch-2.3.0+cpu CPU (AMD EPYC)
YOLO11s summary: 319 layers, 9,428,566 parameters, 9,428,550 gradients, 21.6 GFLOPs
Transferred 493/499 items from pretrained weights
Starting training for 5 epochs...
5 epochs completed in 0.088 hours.
"""
ANNA = "/home/anna/secret/data/coco.yaml"


def trained(folder: Path, **arguments: Any) -> Analysis:
    """An Ultralytics detection that states these arguments."""
    given_ones = {"task": "detect", "mode": "train", "model": "yolo11n.pt", "data": "coco8.yaml"}
    stated = {**given_ones, **arguments}
    write_detect(folder, range(1, 6))
    write(folder / "args.yaml", yaml.safe_dump(stated, sort_keys=False))
    return judged(folder)


def of_release(analysis: Analysis, low: Optional[str], high: Optional[str]) -> Analysis:
    """The same run, written by another release."""
    return analyse(replace(analysis.run, version=Version(low, high, "a test")))


def setting(found: Reproduction, key: str) -> Setting:
    return next(one for one in found.settings if one.key == key)


def value_of(found: Reproduction, item: str) -> tuple[Optional[str], str]:
    """(value, status) of a line of the checklist."""
    return next((one.value, one.status) for one in found.checks if one.item == item)


# Defaults


def test_what_differs_from_the_default_is_told(tmp_path: Path) -> None:
    found = of_run(trained(tmp_path, epochs=30, imgsz=640, device="", lr0=0.01, mosaic=0))
    changed = {one.key: one.changed for one in found.settings}
    assert (changed["epochs"], changed["mosaic"]) == (True, True)
    assert (changed["imgsz"], changed["device"], changed["lr0"]) == (False, False, False)
    assert (changed["model"], changed["data"]) == (None, None)
    assert setting(found, "epochs").defaults == (100,)


@pytest.mark.parametrize(
    ("low", "high", "value", "defaults", "changed"),
    [
        ("8.0.100", "8.1.15", 50, (50,), False),
        ("8.1.16", None, 50, (100,), True),
        ("8.1.16", "8.3.0", 100, (100,), False),
        ("8.1.10", "8.1.20", 100, (50, 100), None),
        ("8.1.10", "8.1.20", 30, (50, 100), True),
        (None, None, 50, (50, 100), None),
    ],
)
def test_a_default_is_that_of_the_release(
    tmp_path: Path,
    low: Optional[str],
    high: Optional[str],
    value: int,
    defaults: tuple[int, ...],
    changed: Optional[bool],
) -> None:
    analysis = of_release(trained(tmp_path, patience=value), low, high)
    patience = setting(of_run(analysis), "patience")
    assert (patience.defaults, patience.changed) == (defaults, changed)


def test_defaults_of_forks_and_strangers_are_not_guessed(tmp_path: Path) -> None:
    run = trained(tmp_path, epochs=30).run
    for framework, version in (("yolov5", None), ("unknown", None), ("selftraining", None)):
        assert defaults_of(replace(run, framework=framework, version=version), "epochs") == ()
    known = replace(run, framework="yolov5", version=Version("6.2", "6.2", "a test"))
    assert defaults_of(known, "batch_size") == (16,)
    assert defaults_of(replace(known, task="classify"), "batch_size") == ()
    assert defaults_of(known, "epochs") == (300, 100)
    assert defaults_of(replace(run, framework="yolov7"), "no such argument") == ()


def test_a_false_is_no_zero_and_nothing_is_nothing(tmp_path: Path) -> None:
    found = of_run(trained(tmp_path, cache="None", freeze="", close_mosaic=10, conf=None))
    assert setting(found, "freeze").changed is False
    assert setting(found, "conf").changed is False
    assert setting(found, "cache").changed is True


# Risks


def test_an_argument_that_a_finding_speaks_of_names_its_rule(tmp_path: Path) -> None:
    found = of_run(trained(tmp_path, conf=0.25))
    risk = setting(found, "conf").risk
    assert risk is not None and risk.rule == "conf-raised"


@pytest.mark.parametrize(
    ("arguments", "risky"),
    [
        ({"deterministic": False}, "deterministic"),
        ({"deterministic": True}, None),
        ({"cache": True}, "cache"),
        ({"cache": "ram"}, "cache"),
        ({"cache": "disk"}, None),
        ({"cache": 1}, None),
        ({"fraction": 0.5}, "fraction"),
        ({"fraction": 1.0}, None),
        ({"optimizer": "auto", "lr0": 0.002}, "lr0"),
        ({"optimizer": "auto", "lr0": 0.01}, None),
        ({"optimizer": "SGD", "lr0": 0.002}, None),
        ({"rect": True}, "rect"),
        ({"single_cls": True}, "single_cls"),
        ({"batch": -1}, "batch"),
        ({"batch": 1}, None),
    ],
)
def test_arguments_that_surprise_are_marked(
    tmp_path: Path, arguments: dict[str, Any], risky: Optional[str]
) -> None:
    settings = settings_of(trained(tmp_path, **arguments))
    general = [one.key for one in settings if one.risk is not None and one.risk.rule is None]
    assert general == ([risky] if risky else [])


# The command


def test_the_command_names_what_was_changed(tmp_path: Path) -> None:
    analysis = trained(tmp_path, epochs=30, imgsz=640, name="train3", save_dir="runs/detect/train3")
    command = of_run(analysis).command
    assert command.line == "yolo detect train model=yolo11n.pt data=coco8.yaml epochs=30"
    assert command.notes == ()


def test_folders_of_absolute_paths_are_left_to_fill_in(tmp_path: Path) -> None:
    paths = {"data": ANNA, "model": "C:\\Users\\anna\\best model.pt", "project": "/home/anna/x"}
    command = of_run(trained(tmp_path, **paths)).command
    assert command.line is not None
    assert shlex.split(command.line)[3:] == [
        f"model={PLACEHOLDER}/best model.pt",
        f"data={PLACEHOLDER}/coco.yaml",
    ]
    assert "anna" not in command.line
    assert any(PLACEHOLDER in note for note in command.notes)


def test_what_no_command_line_takes_is_left_out_and_said(tmp_path: Path) -> None:
    hostile = {"augmentations": {"a": [1, 2]}, "x; rm -rf": 1, "classes": "-h", "bgr": "1\n2"}
    command = of_run(trained(tmp_path, **hostile)).command
    assert command.line == "yolo detect train model=yolo11n.pt data=coco8.yaml"
    for key in hostile:
        assert any(key in note for note in command.notes)


def test_no_strangers_code_is_in_a_command_that_evaluates_its_words(tmp_path: Path) -> None:
    """Ultralytics took its arguments for Python, long enough that many still do."""
    code = "__import__('os').system('id')"
    command = of_run(trained(tmp_path, data=code, cache=code, epochs=7)).command
    assert command.line == "yolo detect train model=yolo11n.pt epochs=7"
    assert command.notes[0] == "Left out, as no command line takes them: data, cache."


def test_a_resumed_run_begins_anew_and_that_is_said(tmp_path: Path) -> None:
    command = of_run(trained(tmp_path, resume="runs/detect/train/weights/last.pt")).command
    assert "resume" not in str(command.line)
    assert any("resumed" in note for note in command.notes)


def test_a_run_without_arguments_has_no_command(tmp_path: Path) -> None:
    write_detect(tmp_path, range(1, 4))
    (tmp_path / "args.yaml").unlink(missing_ok=True)
    command = of_run(judged(tmp_path)).command
    assert command.line is None
    assert command.notes == ("No file of this run states its arguments.",)


def test_scripts_take_options_and_the_runs_own_hyperparameters(tmp_path: Path) -> None:
    options = {
        "weights": "yolov5s.pt", "cfg": "", "data": "d.yaml", "epochs": 30, "batch_size": 16,
        "imgsz": 320, "rect": True, "noval": False, "noautoanchor": False, "freeze": [0, 1],
        "project": "runs/train", "name": "exp", "patience": 100, "optimizer": "SGD",
    }  # fmt: skip
    run = replace(
        trained(tmp_path).run,
        framework="yolov5",
        version=Version("6.1", "6.1", "a test"),
        arguments={**options, "lr0": 0.02},
        argument_file={**dict.fromkeys(options, "opt.yaml"), "lr0": "hyp.yaml"},
    )
    command = of_run(analyse(run)).command
    assert command.line == (
        "python train.py --data d.yaml --epochs 30 --imgsz 320 --rect --freeze 0 1 --hyp hyp.yaml"
    )


def test_partinet_has_its_own_command(tmp_path: Path) -> None:
    write_partinet_project(tmp_path)
    command = of_run(judged(tmp_path / "exp")).command
    assert str(command.line).startswith("partinet train step1 --weight PATH_TO/")
    assert "--epochs 40" in str(command.line)
    assert any("not known" in note for note in command.notes)


@given(st.dictionaries(st.text(max_size=20), st.one_of(st.text(max_size=40), st.integers())))
def test_a_strangers_values_stay_words_of_one_line(arguments: dict[str, Any]) -> None:
    run = replace(EMPTY, framework="ultralytics", arguments=arguments)
    settings = [Setting(key, value, "args.yaml", (), None) for (key, value) in arguments.items()]
    line = command_of(run, settings).line
    if line is None:
        return
    assert line.isprintable()
    words = shlex.split(line)
    assert words[:2] == ["yolo", "train"]
    assert all("=" in word and word.split("=")[0] in arguments for word in words[2:])


@pytest.fixture(scope="module", autouse=True)
def _empty_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    global EMPTY
    EMPTY = replace(trained(tmp_path_factory.mktemp("empty")).run, task="unknown")


EMPTY: Run


def test_ultralytics_understands_the_command(tmp_path: Path) -> None:
    """Its own parser makes of the command the arguments of args.yaml."""
    cfg = pytest.importorskip("ultralytics.cfg", reason="ultralytics is not installed")
    stated = {
        **cfg.DEFAULT_CFG_DICT,
        "task": "detect", "mode": "train", "model": "yolo11n.pt", "data": "my data/set.yaml",
        "epochs": 7, "imgsz": 320, "freeze": [0, 1, 2], "classes": [3], "lr0": 0.0123, "amp": False,
        "optimizer": "AdamW", "cache": "disk", "conf": 0.01, "copy_paste_mode": "mixup",
    }  # fmt: skip
    analysis = of_release(trained(tmp_path, **stated), "8.4.190", "8.4.190")
    line = of_run(analysis).command.line
    assert line is not None
    words = shlex.split(line)[3:]
    read = dict(cfg.parse_key_value_pair(word) for word in cfg.merge_equals_args(words))
    understood = vars(cfg.get_cfg(cfg.DEFAULT_CFG_DICT, read))
    place = ("name", "project", "save_dir", "exist_ok", "resume", "mode", "task")
    differing = {
        key: (value, understood.get(key))
        for (key, value) in stated.items()
        if key not in place and understood.get(key) != value
    }
    assert differing == {}


# The machine


def test_the_machine_is_told_by_what_says_it(tmp_path: Path) -> None:
    write(tmp_path / "train.log", CONSOLE)
    found = of_run(trained(tmp_path))
    facts = {fact.name: (fact.value, fact.source) for fact in found.environment}
    assert facts["Python"] == ("3.12.6", "train.log")
    assert facts["PyTorch"] == ("2.3.0+cpu", "train.log")
    assert facts["trained on"] == ("CPU (AMD EPYC)", "train.log")
    assert facts["program"][0] == "Ultralytics 8.3.74"


def test_what_no_file_says_is_unknown(tmp_path: Path) -> None:
    found = of_run(trained(tmp_path))
    facts = {fact.name: fact.value for fact in found.environment}
    assert (facts["Python"], facts["PyTorch"], facts["trained on"]) == (None, None, None)
    assert value_of(found, "PyTorch") == (None, "unknown")


# What to verify


def test_what_must_be_the_same_is_told_with_what_is_known(tmp_path: Path) -> None:
    found = of_run(trained(tmp_path, seed=0, deterministic=True, imgsz=640, batch=16, epochs=5))
    assert value_of(found, "seed") == ("0", "known")
    assert value_of(found, "deterministic") == ("on", "known")
    assert value_of(found, "image size") == ("640 px", "known")
    assert value_of(found, "batch") == ("16", "known")
    assert value_of(found, "starting weights") == ("yolo11n.pt", "known")
    assert value_of(found, "images") == ("coco8.yaml", "at_risk")


@pytest.mark.parametrize(
    ("arguments", "item", "expected"),
    [
        ({"seed": None}, "seed", (None, "unknown")),
        ({"deterministic": False}, "deterministic", ("off", "at_risk")),
        ({"deterministic": True, "cache": True}, "deterministic", ("on", "at_risk")),
        ({"deterministic": True, "cache": "disk"}, "deterministic", ("on", "known")),
        ({"batch": -1}, "batch", ("-1", "at_risk")),
        ({"batch": 0.7}, "batch", ("0.7", "at_risk")),
        ({"time": 2}, "epochs", ("2 hours", "at_risk")),
        ({"optimizer": "auto"}, "optimizer", ("auto", "at_risk")),
        ({"optimizer": "SGD"}, "optimizer", ("SGD", "known")),
        ({"model": "mine/best.pt"}, "starting weights", ("mine/best.pt", "at_risk")),
        ({"model": "yolo11n.yaml"}, "starting weights", ("yolo11n.yaml", "known")),
        ({"model": None}, "starting weights", (None, "unknown")),
        ({"data": None}, "images", (None, "unknown")),
        (
            {"data": ANNA},
            "images",
            ("\N{HORIZONTAL ELLIPSIS}/data/coco.yaml", "at_risk"),
        ),
    ],
)
def test_what_may_differ_next_time_is_told(
    tmp_path: Path, arguments: dict[str, Any], item: str, expected: tuple[Optional[str], str]
) -> None:
    assert value_of(of_run(trained(tmp_path, **arguments)), item) == expected


def test_a_checkpoint_makes_the_release_known(tmp_path: Path) -> None:
    rows = checkpoints.table(0.3, 0.5, 0.4)
    best = checkpoints.ultralytics(rows, 1)
    checkpoints.write_checkpoint(tmp_path / "weights" / "best.pt", best)
    (run, details) = look_closer(trained(tmp_path).run)
    found = of_run(analyse(run), details)
    assert value_of(found, "release of the program") == ("8.3.231", "known")
    assert details.sizes["weights/best.pt"] == (tmp_path / "weights" / "best.pt").stat().st_size


# Weights


def related(analysis: Analysis, **relations: Any) -> Analysis:
    return analyse(analysis.run, surroundings=Surroundings(relations=Relations(**relations)))


def named(analysis: Analysis, name: str) -> Analysis:
    return analyse(replace(analysis.run, name=name), surroundings=analysis.surroundings)


def test_weights_are_followed_from_run_to_run(tmp_path: Path) -> None:
    first = named(trained(tmp_path / "a", model="yolo11s.pt"), "a")
    second = named(
        related(trained(tmp_path / "b", model="a/weights/best.pt"), starts_from="a"), "b"
    )
    third = named(related(trained(tmp_path / "c", model="b/weights/last.pt"), continues="b"), "c")
    chain = of_run(third, beside=[first, second, third]).lineage
    assert [(one.weights, one.run, one.how) for one in chain] == [
        ("b/last.pt", "b", "continues"),
        ("a/best.pt", "a", "starts from"),
        ("yolo11s.pt", None, "starts from"),
    ]


def test_a_circle_of_weights_ends(tmp_path: Path) -> None:
    first = named(related(trained(tmp_path / "a", model="b/best.pt"), starts_from="b"), "a")
    second = named(related(trained(tmp_path / "b", model="a/best.pt"), starts_from="a"), "b")
    chain = of_run(first, beside=[first, second]).lineage
    assert [one.run for one in chain] == ["b", "a"]


@pytest.mark.parametrize(
    ("arguments", "weights"),
    [
        ({"model": "/home/anna/best.pt"}, "best.pt"),
        ({"model": "C:\\Users\\anna\\train3\\weights\\best.pt"}, "train3/best.pt"),
        ({"model": "/home/anna/weights/best.pt"}, "best.pt"),
        ({"model": "runs/train3/weights/best.pt"}, "train3/best.pt"),
        ({"model": "yolo11n.yaml", "pretrained": "yolo11n.pt"}, "yolo11n.pt"),
        ({"model": "yolo11n.yaml", "pretrained": True}, "yolo11n.yaml"),
    ],
)
def test_weights_are_told_without_their_owners_folders(
    tmp_path: Path, arguments: dict[str, Any], weights: str
) -> None:
    chain = of_run(trained(tmp_path, **arguments)).lineage
    assert [one.weights for one in chain] == [weights]


# The answer


def test_the_answer_has_no_absolute_path(tmp_path: Path) -> None:
    told = trained(tmp_path, data=ANNA, model="/home/anna/best.pt", project="/home/anna/runs")
    write(tmp_path / "opt.yaml", yaml.safe_dump({"weights": "/home/anna/last.pt"}))
    answer = detailed_run_of(told)
    assert "anna" not in repr((answer.config, answer.reproduction, answer.expected))
