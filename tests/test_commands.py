"""Lines to copy: each program's own, and nothing in a name that a shell would obey."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.commands import deploy, resume
from tensorboard_runlens.run import Files, Logged, Run, empty_history


def run_of(framework: str, task: str = "detect", name: str = "train", **arguments: object) -> Run:
    return Run(
        path=".",
        name=name,
        framework=framework,
        task=task,
        history=empty_history(),
        logged=Logged(0, ()),
        arguments=arguments,
        argument_file={},
        files=Files({}, None, None),
        problems=(),
    )


@pytest.mark.parametrize(
    ("framework", "command"),
    [
        ("ultralytics", "yolo train resume model=weights/last.pt"),
        ("yolov5", "python train.py --resume weights/last.pt"),
        ("yolov7", "python train.py --resume weights/last.pt"),
        ("selftraining", None),
        ("events", None),
        ("unknown", None),
    ],
)
def test_each_framework_resumes_in_its_own_way(framework: str, command: object) -> None:
    assert resume(run_of(framework), "weights/last.pt") == command


@pytest.mark.parametrize("framework", ["yolov5", "yolov7"])
@pytest.mark.parametrize(
    ("save_dir", "checkpoint"),
    [
        ("runs/train/exp", "runs/train/exp/weights/last.pt"),
        ("runs\\train\\exp25", "runs/train/exp25/weights/last.pt"),
        ("runs/train/my exp/", "'runs/train/my exp/weights/last.pt'"),
        ("/home/anna/yolov5/runs/train/exp", "weights/last.pt"),
        ("C:\\anna\\runs\\exp", "weights/last.pt"),
        ("../runs/exp", "weights/last.pt"),
        ("~/runs/exp", "weights/last.pt"),
        ("--evolve", "weights/last.pt"),
        ("", "weights/last.pt"),
        (7, "weights/last.pt"),
    ],
)
def test_scripts_resume_by_the_path_from_their_own_folder(
    framework: str, save_dir: object, checkpoint: str
) -> None:
    run = run_of(framework, save_dir=save_dir)
    assert resume(run, "weights/last.pt") == f"python train.py --resume {checkpoint}"


@pytest.mark.parametrize(
    ("save_dir", "checkpoint"),
    [
        ("runs/detect/train3", "runs/detect/train3/weights/last.pt"),
        ("runs\\detect\\train3", "runs/detect/train3/weights/last.pt"),
        ("runs/my exp", "'runs/my exp/weights/last.pt'"),
        ("/home/anna/runs/detect/train3", "weights/last.pt"),
        ("__import__('os').system('id')", "weights/last.pt"),
    ],
)
def test_ultralytics_goes_on_in_the_folder_in_which_it_was_started(
    save_dir: str, checkpoint: str
) -> None:
    """It writes to its save_dir, which a relative path leads to from there only."""
    run = run_of("ultralytics", save_dir=save_dir)
    assert resume(run, "weights/last.pt") == f"yolo train resume model={checkpoint}"


@pytest.mark.parametrize(
    ("task", "command"),
    [("segment", "python segment/train.py --resume weights/last.pt"), ("classify", None)],
)
def test_yolov5_resumes_by_the_script_of_its_task(task: str, command: object) -> None:
    assert resume(run_of("yolov5", task), "weights/last.pt") == command


@pytest.mark.parametrize(
    ("framework", "task", "commands"),
    [
        ("ultralytics", "segment", ["yolo predict model=weights/best.pt source=IMAGES conf=0.25"]),
        ("ultralytics", "classify", ["yolo predict model=weights/best.pt source=IMAGES"]),
        ("yolov5", "detect", ["python detect.py --weights weights/best.pt --source IMAGES --conf-thres 0.25"]),
        ("yolov7", "detect", ["python detect.py --weights weights/best.pt --source IMAGES --conf-thres 0.25"]),
        ("selftraining", "semantic", []),
        ("unknown", "detect", []),
    ],
)  # fmt: skip
def test_each_framework_detects_in_its_own_way(
    framework: str, task: str, commands: list[str]
) -> None:
    assert deploy(run_of(framework, task), "weights/best.pt", 0.25) == commands


def test_a_confidence_that_is_not_known_is_left_to_the_user() -> None:
    (command,) = deploy(run_of("ultralytics"), "best.pt")
    assert command.endswith("conf=CONF")


names = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=20
)


@pytest.mark.parametrize("framework", ["ultralytics", "yolov5", "yolov7"])
@given(name=names)
def test_no_name_of_a_file_adds_a_word_to_a_command(framework: str, name: str) -> None:
    (command,) = deploy(run_of(framework), name)
    words = shlex.split(command)
    assert len(words) == len(shlex.split(deploy(run_of(framework), "best.pt")[0]))
    assert any(word in (name, f"model={name}") for word in words)


@pytest.mark.parametrize("path", ["/home/anna/sets/cryo.yaml", "C:\\anna\\sets\\cryo.yaml"])
def test_a_resume_line_names_no_folders_of_others(path: str) -> None:
    run = run_of("yolov7", backbone_detector="yolov7", data=path, name="project/exp2")
    staged = Run(**{**run.__dict__, "stage": "step1"})
    command = resume(staged, "weights/last.pt")
    assert command is not None
    assert "anna" not in command
    assert "--data cryo.yaml" in command
    assert "--weight exp2/weights/last.pt" in command
