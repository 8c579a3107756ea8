"""The catalogue of remedies: what changes, only where the run's program knows it, and the line to copy."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.actions import ACTIONS, advise
from tensorboard_runlens.actions.models import larger
from tensorboard_runlens.releases.ultralytics_defaults import DEFAULTS
from tensorboard_runlens.rules import Advice
from tensorboard_runlens.run import Files, History, Logged, Run, Version, empty_history
from tensorboard_runlens.signals import Signals

RULES = Path(__file__).resolve().parents[2] / "tensorboard_runlens" / "rules"
NUMBERS = {f"N{number:02}" for number in range(1, 25)}

STARTED = {"data": "data.yaml", "model": "yolo11n.pt"}
ULTRALYTICS = {**DEFAULTS, **STARTED, "cls_pw": 0.0}
YOLOV5 = {
    "data": "data.yaml",
    "weights": "yolov5s.pt",
    "epochs": 100,
    "batch_size": 16,
    "imgsz": 640,
    "patience": 100,
    "image_weights": False,
    "mask_ratio": 4,
    "lr0": 0.01,
    "weight_decay": 0.0005,
    "box": 0.05,
    "mosaic": 1.0,
    "mixup": 0.1,
    "scale": 0.5,
}
HYPERPARAMETERS = ("lr0", "weight_decay", "box", "mosaic", "mixup", "scale")


def run_of(
    framework: str,
    arguments: Mapping[str, Any],
    version: Optional[Version] = None,
    rates: Optional[Mapping[str, list[float]]] = None,
    **other: Any,
) -> Run:
    history = empty_history()
    if rates:
        lr = {name: np.array(values) for (name, values) in rates.items()}
        rows = len(next(iter(lr.values())))
        history = History(np.arange(1, rows + 1), {}, {}, {}, lr, None)
    files = {name: "hyp.yaml" if name in HYPERPARAMETERS else "opt.yaml" for name in arguments}
    return Run(
        path=".",
        name="train",
        framework=framework,
        task=other.pop("task", "detect"),
        history=history,
        logged=Logged(0, ()),
        arguments=arguments,
        argument_file=dict.fromkeys(files, "args.yaml") if framework == "ultralytics" else files,
        files=Files({"weights": other.pop("weights", ())}, None, None),
        problems=(),
        version=version,
        **other,
    )


def advised(key: str, framework: str, arguments: Mapping[str, Any], **other: Any) -> Advice:
    return advise(Signals(run_of(framework, arguments, **other), now=0.0), key)


LINE = "yolo detect train data=data.yaml model="


@pytest.mark.parametrize(
    ("key", "change", "command"),
    [
        ("train-longer", ("epochs", 100, 200), f"{LINE}yolo11n.pt epochs=200"),
        ("larger-model", ("model", "yolo11n.pt", "yolo11s.pt"), f"{LINE}yolo11s.pt"),
        ("larger-images", ("imgsz", 640, 960), f"{LINE}yolo11n.pt imgsz=960"),
        ("smaller-images", ("imgsz", 640, 480), f"{LINE}yolo11n.pt imgsz=480"),
        ("class-weights", ("cls_pw", 0.0, 0.5), f"{LINE}yolo11n.pt cls_pw=0.5"),
        ("stop-earlier", ("patience", 100, 50), f"{LINE}yolo11n.pt patience=50"),
        ("finer-masks", ("mask_ratio", 4, 2), f"{LINE}yolo11n.pt mask_ratio=2"),
        ("weight-decay", ("weight_decay", 0.0005, 0.001), f"{LINE}yolo11n.pt weight_decay=0.001"),
        ("small-objects", ("mosaic", 1.0, 0.2), f"{LINE}yolo11n.pt mosaic=0.2 scale=0.6"),
        ("box-gain", ("box", 7.5, 10.0), f"{LINE}yolo11n.pt box=10.0"),
        ("smaller-batch", ("batch", 16, 8), f"{LINE}yolo11n.pt batch=8"),
        ("amp-off", ("amp", True, False), f"{LINE}yolo11n.pt amp=False"),
        ("keep-mosaic", ("close_mosaic", 10, 0), f"{LINE}yolo11n.pt close_mosaic=0"),
        ("decay-lr", None, None),
        ("warm-up", None, None),
        ("ensemble", None, None),
        ("review-augmentation", None, None),
    ],
)
def test_ultralytics_gets_its_whole_line(key: str, change: object, command: object) -> None:
    advice = advised(key, "ultralytics", ULTRALYTICS, version=Version("8.4.37", None, "test"))
    assert (advice.change, advice.command) == (change, command)


@pytest.mark.parametrize(
    ("key", "change", "command"),
    [
        ("train-longer", ("epochs", 100, 200), "--epochs 200"),
        ("larger-model", ("weights", "yolov5s.pt", "yolov5m.pt"), "--weights yolov5m.pt"),
        ("larger-images", ("imgsz", 640, 960), "--imgsz 960"),
        ("lower-lr", ("lr0", 0.01, 0.0033), "lr0: 0.0033  # in hyp.yaml, then --hyp hyp.yaml"),
        ("class-weights", ("image_weights", False, True), "--image-weights"),
        ("finer-masks", ("mask_ratio", 4, 2), "--mask-ratio 2"),
        ("smaller-batch", ("batch_size", 16, 8), "--batch-size 8"),
        (
            "small-objects",
            ("mosaic", 1.0, 0.2),
            "mosaic: 0.2\nmixup: 0.0\nscale: 0.6  # in hyp.yaml, then --hyp hyp.yaml",
        ),
    ],
)
def test_yolov5_gets_options_and_entries_of_its_hyperparameters(
    key: str, change: object, command: object
) -> None:
    advice = advised(key, "yolov5", YOLOV5)
    assert (advice.change, advice.command) == (change, command)


@pytest.mark.parametrize(
    ("key", "stated", "change"),
    [
        ("use-gpu", {"device": "cpu"}, ("device", "cpu", 0)),
        ("use-gpu", {"device": None}, None),
        ("decay-lr", {"lrf": 1.0}, ("lrf", 1.0, 0.01)),
        ("warm-up", {"warmup_epochs": 0.0}, ("warmup_epochs", 0.0, 3.0)),
        ("amp-off", {"amp": 1}, None),
    ],
)
def test_what_is_right_already_does_not_change(
    key: str, stated: dict[str, Any], change: object
) -> None:
    assert advised(key, "ultralytics", {**ULTRALYTICS, **stated}).change == change


def test_what_was_trained_otherwise_stays_in_the_line() -> None:
    arguments = {**ULTRALYTICS, "imgsz": 1280, "cos_lr": True, "freeze": [0, 1], "seed": 7}
    line = advised("train-longer", "ultralytics", arguments, task="segment").command
    assert line == (
        "yolo segment train data=data.yaml model=yolo11n.pt imgsz=1280 seed=7 cos_lr=True freeze='[0, 1]' epochs=200"
    )


def test_several_entries_of_the_hyperparameters_are_yaml() -> None:
    command = advised("small-objects", "yolov5", YOLOV5).command
    assert yaml.safe_load(command or "") == {"mosaic": 0.2, "mixup": 0.0, "scale": 0.6}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("/home/anna/yolo26n.pt", "pretrained=yolo26n.pt"),
        ("C:\\Users\\anna\\yolo26n.pt", "pretrained=yolo26n.pt"),
        ("/home/anna/", "pretrained=''"),
        ("weights/yolo26n.pt", "pretrained=weights/yolo26n.pt"),
        (["/home/anna/yolo26n.pt"], "pretrained='['\"'\"'yolo26n.pt'\"'\"']'"),
    ],
)
def test_no_other_argument_names_somebodys_folders(stated: object, said: str) -> None:
    arguments = {**ULTRALYTICS, "pretrained": stated}
    line = advised("train-longer", "ultralytics", arguments).command or ""
    assert said in line
    assert "anna" not in line


def test_a_task_that_is_not_known_is_left_to_the_framework() -> None:
    line = advised("train-longer", "ultralytics", ULTRALYTICS, task="unknown").command
    assert line == "yolo train data=data.yaml model=yolo11n.pt epochs=200"


@pytest.mark.parametrize("missing", ["data", "model"])
def test_without_data_or_model_only_the_change_is_said(missing: str) -> None:
    arguments = {name: value for (name, value) in ULTRALYTICS.items() if name != missing}
    assert advised("train-longer", "ultralytics", arguments).command == "epochs=200"


@pytest.mark.parametrize("name", ["data", "device"])
def test_a_value_that_cannot_be_shown_makes_no_line(name: str) -> None:
    arguments = {**ULTRALYTICS, name: "a\nepochs=9\x1b[31m"}
    assert advised("train-longer", "ultralytics", arguments).command == "epochs=200"


@pytest.mark.parametrize(("length", "whole"), [(200, True), (201, False)])
def test_a_value_that_nobody_typed_makes_no_line(length: int, whole: bool) -> None:
    arguments = {**ULTRALYTICS, "device": "0" * length}
    line = advised("train-longer", "ultralytics", arguments).command
    assert (line != "epochs=200") is whole


@pytest.mark.parametrize("framework", ["selftraining", "keras", "unknown"])
def test_a_program_whose_command_line_is_unknown_gets_the_change_alone(framework: str) -> None:
    advice = advised("train-longer", framework, {"epochs": 30})
    assert (advice.change, advice.command) == (("epochs", 30, 60), None)


@pytest.mark.parametrize("key", ACTIONS)
def test_what_a_run_does_not_state_does_not_change(key: str) -> None:
    advice = advised(key, "ultralytics", {})
    assert (advice.change, advice.command) == (None, None)
    assert "{" not in advice.text
    assert advice.text.endswith((".", "?"))


@pytest.mark.parametrize(
    ("low", "high", "stated", "offered"),
    [
        ("8.4.37", None, {"cls_pw": 0.0}, True),
        (None, "8.4.36", {"cls_pw": 0.0}, False),
        (None, None, {"cls_pw": 0.0}, True),
        (None, None, {}, False),
    ],
)
def test_class_weights_only_where_the_release_knows_them(
    low: Optional[str], high: Optional[str], stated: dict[str, Any], offered: bool
) -> None:
    version = Version(low, high, "test") if low or high else None
    advice = advised("class-weights", "ultralytics", {**STARTED, **stated}, version=version)
    assert (advice.change is not None) is offered


@pytest.mark.parametrize(("stated", "offered"), [({"conf": 0.25}, True), ({}, True)])
def test_an_argument_of_every_release_needs_not_be_stated(
    stated: dict[str, Any], offered: bool
) -> None:
    signals = Signals(run_of("ultralytics", stated), now=0.0)
    advice = advise(signals, "check-threshold", change=("conf", 0.25, None))
    assert (advice.change is not None) is offered


def test_a_rules_own_change_is_dropped_where_the_program_may_not_know_it() -> None:
    signals = Signals(run_of("yolov7", {"epochs": 30}), now=0.0)
    assert advise(signals, "stop-earlier", change=("patience", 100, 50)).change is None


@pytest.mark.parametrize(("ratio", "to"), [(4, 2), (2, 1), (1, None)])
def test_finer_masks_have_a_lower_ratio_down_to_one(ratio: int, to: Optional[int]) -> None:
    change = advised("finer-masks", "ultralytics", {"mask_ratio": ratio}).change
    assert (change[2] if change else None) == to


@pytest.mark.parametrize(("patience", "to"), [(11, 10), (10, None), (100, 50)])
def test_patience_stays_ten_epochs(patience: int, to: Optional[int]) -> None:
    change = advised("stop-earlier", "ultralytics", {"patience": patience}).change
    assert (change[2] if change else None) == to


@pytest.mark.parametrize(
    ("name", "next_one"),
    [
        ("yolo11n.pt", "yolo11s.pt"),
        ("yolo11n-seg.pt", "yolo11s-seg.pt"),
        ("yolov8m-pose.yaml", "yolov8l-pose.yaml"),
        ("yolov9t.pt", "yolov9s.pt"),
        ("yolov9c.pt", "yolov9e.pt"),
        ("yolov10m.pt", "yolov10b.pt"),
        ("yolo12l-obb.pt", "yolo12x-obb.pt"),
        ("yolo26s-cls.pt", "yolo26m-cls.pt"),
        ("yolov5s6.pt", "yolov5m6.pt"),
        ("yolov5nu.pt", "yolov5su.pt"),
        ("yolov8n-p2.yaml", "yolov8s-p2.yaml"),
        ("yolov7-tiny.pt", "yolov7.pt"),
        ("yolov8x.pt", None),
        ("yolov10b-mine.pt", None),
        ("best.pt", None),
        ("yolo26.yaml", None),
        ("leyolonano.yaml", None),
        ("yolo99n.pt", None),
    ],
)
def test_the_next_larger_model_has_a_published_name(name: str, next_one: Optional[str]) -> None:
    assert larger(name) == next_one


def test_a_configuration_grows_with_its_weights() -> None:
    arguments = {**YOLOV5, "cfg": "models/yolov5s.yaml"}
    command = advised("larger-model", "yolov5", arguments).command
    assert command == "--weights yolov5m.pt --cfg yolov5m.yaml"


@pytest.mark.parametrize(
    ("weights", "line"),
    [(["weights/best.pt"], f"{LINE}weights/best.pt"), (["weights/last.pt"], None)],
)
def test_own_weights_are_named_where_they_lie_in_the_folder(
    weights: list[str], line: Optional[str]
) -> None:
    assert advised("own-weights", "ultralytics", ULTRALYTICS, weights=weights).command == line


@pytest.mark.parametrize(
    ("taken", "optimizer", "to"), [(0.0049, "AdamW", 0.0016), (0.0051, "SGD", 0.0017)]
)
def test_a_rate_that_the_framework_chose_is_lowered_with_its_optimizer_named(
    taken: float, optimizer: str, to: float
) -> None:
    rates = {"pg0": [0.001, taken, 0.001], "pg1": [0.1, taken, 0.001]}
    advice = advised("lower-lr", "ultralytics", {**ULTRALYTICS, "optimizer": "auto"}, rates=rates)
    assert advice.change == ("lr0", taken, to)
    assert advice.command == f"{LINE}yolo11n.pt lr0={to} optimizer={optimizer}"
    assert "optimizer=auto ignores lr0" in advice.text


def test_without_logged_rates_the_optimizer_is_spoken_of_only() -> None:
    advice = advised("lower-lr", "ultralytics", {**ULTRALYTICS, "optimizer": "auto"})
    assert (advice.change, advice.command) == (None, None)
    assert "name an optimizer" in advice.text


def test_a_rule_cannot_change_a_rate_that_is_ignored() -> None:
    signals = Signals(run_of("ultralytics", {**ULTRALYTICS, "optimizer": "auto"}), now=0.0)
    assert advise(signals, "lower-lr", change=("lr0", 0.01, 0.001)).change is None


@pytest.mark.parametrize(("axis", "to"), [("iteration", 0.01), ("epoch", None)])
def test_a_decay_is_that_of_pseudo_labels_in_self_training_only(
    axis: str, to: Optional[float]
) -> None:
    change = advised("pseudo-label-decay", "selftraining", {"decay": 0.02}, axis=axis).change
    assert (change[2] if change else None) == to


@pytest.mark.parametrize(("epochs", "offered"), [(10**9, True), (10**9 + 1, False), (-1, False)])
def test_a_number_that_no_training_had_is_not_changed(epochs: int, offered: bool) -> None:
    change = advised("train-longer", "ultralytics", {"epochs": epochs}).change
    assert (change is not None) is offered


@pytest.mark.parametrize(("epochs", "to"), [(3, 2), (2, 1), (1, None)])
def test_no_training_is_planned_without_an_epoch(epochs: int, to: Optional[int]) -> None:
    change = advised("fewer-epochs", "ultralytics", {"epochs": epochs}).change
    assert (change[2] if change else None) == to


@pytest.mark.parametrize(("side", "to"), [(640, 960), (100, 160), (32, 64)])
def test_image_sides_are_multiples_of_the_stride(side: int, to: int) -> None:
    change = advised("larger-images", "ultralytics", {"imgsz": side}).change
    assert change is not None
    assert change[2] == to


@pytest.mark.parametrize("framework", ["ultralytics", "yolov5"])
def test_no_remedy_changes_what_only_validation_uses(framework: str) -> None:
    """The IoU of suppression and the confidence train nothing, and a smaller batch makes nothing faster."""
    arguments = {"ultralytics": ULTRALYTICS, "yolov5": {**YOLOV5, "iou": 0.7, "conf": 0.25}}[
        framework
    ]
    changed = {key: advised(key, framework, arguments).change for key in ACTIONS}
    assert not {"iou", "conf", "iou_t"} & {change[0] for change in changed.values() if change}
    smaller = changed["smaller-images"]
    assert smaller is not None
    assert smaller[0] == "imgsz"


def test_a_longer_training_is_a_new_one() -> None:
    advice = advised("train-longer", "ultralytics", {**ULTRALYTICS, "resume": "weights/last.pt"})
    assert "Plan a new training" in advice.text
    assert "resume" not in (advice.command or "")
    assert "last.pt" not in (advice.command or "")


def test_every_number_of_the_mission_has_an_action() -> None:
    """N12, against underfitting, is N01, N02 and N06 together."""
    assert {action.number for action in ACTIONS.values()} - {""} == NUMBERS - {"N12"}


def test_every_key_that_a_rule_names_is_in_the_catalogue() -> None:
    named = {
        call.args[1].value
        for path in RULES.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "advise"
        and isinstance(call.args[1], ast.Constant)
    }
    assert len(named) > 10
    assert named <= set(ACTIONS)


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=300),
    st.lists(st.integers(), max_size=4),
    st.just(["/home/anna/best.pt"]),
    st.sampled_from(["/home/anna/x y/data.yaml", "C:\\Users\\anna\\yolo11n.pt", "~/a.yaml", "; rm -rf /"]),
)  # fmt: skip


@given(
    st.sampled_from(["ultralytics", "yolov5", "yolov7", "selftraining", "unknown"]),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys([*ULTRALYTICS, *YOLOV5, "pretrained", "device"], HOSTILE)
    ),
)
def test_whatever_the_arguments_hold_a_line_is_safe_to_copy(
    framework: str, arguments: dict[str, Any]
) -> None:
    signals = Signals(run_of(framework, arguments), now=0.0)
    for key in ACTIONS:
        command = advise(signals, key).command
        if command is None:
            continue
        assert "anna" not in command
        words = shlex.split(command, comments=True)
        assert "rm" not in words
