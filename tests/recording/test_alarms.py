"""What a training that has just begun is told: once each, from another process, and never at the training's cost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from tensorboard_runlens import alarm
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.recording import guard, lookout
from tensorboard_runlens.recording.lookout import Lookout
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.parts import alarms
from tensorboard_runlens.recording.parts.alarms import FIRST_EPOCHS, Alarms
from tensorboard_runlens.recording.ultralytics import Callback
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.settings import Settings, nearest
from tests.builders import write_args
from tests.recording.trainings import fire, trainer
from tests.rules.trainings import BEGUN, write

SOON = 30.0
"""Seconds in which a look on a busy machine is done."""


@pytest.fixture
def said(monkeypatch):
    """What RunLens tells the user."""
    told: list[str] = []
    monkeypatch.setattr(lookout, "warn", told.append)
    return told


@pytest.fixture
def script(monkeypatch, tmp_path):
    """A function that has looks run this program instead."""

    def replace(text):
        path = tmp_path / "look.py"
        path.write_text(text)
        (tmp_path / "look_module.py").write_text(text)
        monkeypatch.setattr(lookout, "MODULE", "look_module")
        monkeypatch.setattr(lookout, "PACKAGE_FOLDER", str(tmp_path))

    return replace


def guarded(name, body):
    return guard.Guard().run(name, body)


def threads():
    return [one for one in threading.enumerate() if one.name == "runlens-alarms"]


def wait_for(condition):
    until = time.monotonic() + SOON
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    assert condition()


def one_finding(rule="a-rule", words="3 of 3 classes."):
    return f"print({json.dumps(json.dumps({'rule': rule, 'said': words}))})"


# What is said


def begun(folder, **manifest):
    return str(write(BEGUN.changed(manifest=manifest), folder))


def test_a_training_that_has_just_begun_is_judged(tmp_path):
    labels = {"train": {"images": 40, "instances": 0, "polygons": 0}}
    path = begun(tmp_path / "run", labels=labels)
    (first, *_) = alarm.alarms(open_run(path), Settings())
    assert (first.rule, first.severity) == ("no-instances", "critical")


def test_the_child_prints_a_finding_a_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(alarm.os, "nice", lambda by: None)
    monkeypatch.setattr(alarm.signal, "alarm", lambda seconds: None)
    labels = {"train": {"images": 40, "instances": 0, "polygons": 0}}
    alarm.main(begun(tmp_path / "run", labels=labels))
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["rule"] == "no-instances"
    assert found["said"].startswith("0 of 40 train images have a label")
    assert "in a folder labels" in found["said"]


def test_names_cannot_steer_a_terminal(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(alarm.os, "nice", lambda by: None)
    monkeypatch.setattr(alarm.signal, "alarm", lambda seconds: None)
    counts = {"train": {"instances": [90, 90]}, "val": {"instances": [30, 3]}}
    names = ["disc", "ring\x1b[2J\nRunLens: all is well"]
    alarm.main(begun(tmp_path / "run", names=names, class_counts=counts))
    said = [json.loads(line)["said"] for line in capsys.readouterr().out.splitlines()]
    assert any("ring" in one for one in said)
    assert all(one.isprintable() for one in said)


def test_where_there_is_no_run_nothing_is_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(alarm.os, "nice", lambda by: None)
    monkeypatch.setattr(alarm.signal, "alarm", lambda seconds: None)
    alarm.main(str(tmp_path))
    alarm.main(str(tmp_path / "nowhere"))
    assert capsys.readouterr().out == ""


def test_a_rule_that_is_off_is_not_said(tmp_path):
    labels = {"train": {"images": 40, "instances": 0, "polygons": 0}}
    path = begun(tmp_path / "run", labels=labels)
    (tmp_path / "runlens.yaml").write_text("rules: {no-instances: off}\n")
    assert alarm.alarms(open_run(path), nearest(path)) == []


def test_every_alarm_is_a_rule():
    known = {rule.id for rule in all_rules()}
    assert {*alarm.ALARMS, *alarm.OF_THE_END} <= known


# The look


def test_a_real_look_says_what_is_wrong(tmp_path, said):
    labels = {"train": {"images": 40, "instances": 0, "polygons": 0}}
    looking = Lookout(begun(tmp_path / "run", labels=labels), guarded)
    looking.look()
    wait_for(lambda: said)
    assert said[0].startswith("0 of 40 train images")
    assert said[0].endswith("[no-instances]")
    looking.end()


def test_a_finding_is_said_once(tmp_path, said, script):
    script(one_finding())
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: said)
    wait_for(lambda: not threads())
    looking.look()
    wait_for(lambda: not threads())
    assert said == ["3 of 3 classes. [a-rule]"]


def test_there_is_one_look_at_a_time_and_none_is_forgotten(tmp_path, said, script):
    log = tmp_path / "log"
    script(
        f"import time; log = open({str(log)!r}, 'a'); log.write('begin '); log.flush();"
        " time.sleep(.3); log.write('end ')"
    )
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(log.exists)
    for _ in range(5):  # while the first goes on
        looking.look()
    wait_for(lambda: not threads())
    assert log.read_text().split() == ["begin", "end"] * 2


def test_the_end_kills_a_look_that_hangs(tmp_path, said, script):
    pid = tmp_path / "pid"
    script(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: pid.exists() and pid.read_text())
    looking.end()
    wait_for(lambda: not threads())
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    looking.look()
    assert threads() == []


def test_a_look_that_takes_too_long_is_given_up(tmp_path, said, script, monkeypatch):
    script(f"{one_finding()}\nimport sys, time; sys.stdout.flush(); time.sleep(600)")
    monkeypatch.setattr(lookout, "MAX_SECONDS", 1)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert said == ["3 of 3 classes. [a-rule]"]


@pytest.mark.parametrize(
    "text", ["import nothing_of_the_kind", "print('no JSON')", "print('[1]')", "print('{}')", ""]
)
def test_a_look_that_fails_is_not_mentioned(tmp_path, said, script, text):
    script(text)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert said == []


def test_of_endless_output_only_the_beginning_is_read(tmp_path, said, script, monkeypatch):
    monkeypatch.setattr(lookout, "MAX_BYTES", 1000)
    script(f"for number in range(1000): {one_finding()}\nprint('x' * 10**7)")
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert said == ["3 of 3 classes. [a-rule]"]


@pytest.mark.parametrize("program", [None, "", "/nowhere/python3", "/opt/app/blender"])
def test_without_an_interpreter_nothing_is_started_or_said(tmp_path, said, monkeypatch, program):
    started = []
    original = subprocess.Popen

    def popen(command, **more):
        started.append(command[0])
        return original(command, **more)

    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr(subprocess, "Popen", popen)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert said == []
    assert started == (["/nowhere/python3"] if program == "/nowhere/python3" else [])


def test_a_frozen_program_is_not_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    assert threads() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_process_that_was_forked_meanwhile_does_not_hold_it_up(tmp_path, said, script):
    """As the processes of a data loader are."""
    script(f"import time; time.sleep(.5)\n{one_finding()}")
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    worker = os.fork()
    if not worker:
        time.sleep(600)
    try:
        wait_for(lambda: said)
    finally:
        os.kill(worker, 9)
        os.waitpid(worker, 0)


@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="nothing is spawned here")
def test_it_is_started_without_a_pipe_that_others_could_keep_open(
    tmp_path, said, script, monkeypatch
):
    """Loader processes are forked at the very moment of the first look, and live as long as the training."""

    def no_pipe():
        raise OSError("a pipe was asked for")

    script(one_finding())
    monkeypatch.setattr(os, "pipe", no_pipe)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert said == ["3 of 3 classes. [a-rule]"]


def test_the_training_never_waits_for_a_look_that_does_not_start(tmp_path, monkeypatch):
    (starting, released) = (threading.Event(), threading.Event())
    killed = []

    def popen(*_, **__):
        starting.set()
        released.wait(SOON)
        return SimpleNamespace(kill=lambda: killed.append(True), wait=lambda seconds=None: 0)

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(lookout, "LAST_WAIT", 0.1)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    assert starting.wait(SOON)
    began = time.monotonic()
    looking.look()
    looking.end()
    assert time.monotonic() - began < SOON / 3
    released.set()
    wait_for(lambda: not threads())
    assert killed == [True]


def test_no_more_threads_is_not_mentioned(tmp_path, said, monkeypatch, caplog):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    looking.end()
    assert (said, caplog.messages) == ([], [])


@pytest.mark.parametrize("fault", ["no room for files", "no more processes"])
def test_where_nothing_can_be_started_nothing_is_said(tmp_path, said, caplog, monkeypatch, fault):
    def refuse(*_, **__):
        raise OSError(fault)

    owner, name = {
        "no room for files": (lookout.tempfile, "TemporaryFile"),
        "no more processes": (subprocess, "Popen"),
    }[fault]
    monkeypatch.setattr(owner, name, refuse)
    looking = Lookout(str(tmp_path), guarded)
    looking.look()
    wait_for(lambda: not threads())
    assert (said, caplog.messages) == ([], [])


@pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="nobody is told of children there")
def test_where_the_user_is_told_of_every_child_none_is_started(tmp_path, said, script):
    """Its handler would run, and here raise, in the middle of the training."""

    def handler(number, frame):
        raise RuntimeError("a child has died")

    script(one_finding())
    before = signal.signal(signal.SIGCHLD, handler)
    try:
        looking = Lookout(str(tmp_path), guarded)
        looking.look()
        wait_for(lambda: not threads())
        handler.__module__ = "torch.utils.data._utils.signal_handling"
        assert not lookout._children_are_watched()
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert said == []


NAMES_OF_MODULES = (
    "json",
    "runpy",
    "os",
    "numpy",
    "signal",
    "tensorboard_runlens",
    "sitecustomize",
)


@pytest.mark.parametrize("safe", ["", "1"])
def test_the_users_folder_is_not_imported_from(tmp_path, said, monkeypatch, safe):
    labels = {"train": {"images": 40, "instances": 0, "polygons": 0}}
    run = begun(tmp_path / "run", labels=labels)
    for name in NAMES_OF_MODULES:
        (tmp_path / f"{name}.py").write_text(f"open('imported_{name}', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", safe)
    looking = Lookout(run, guarded)
    looking.look()
    wait_for(lambda: said)
    looking.end()
    assert list(tmp_path.glob("imported_*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no descriptors are inherited there")
def test_a_file_that_is_open_to_every_process_is_closed_there(tmp_path, said, script):
    """A socket or a device, left open by a library, would stay in use when the training has ended."""
    with open(tmp_path / "file", "w") as file:
        os.set_inheritable(file.fileno(), True)
        script(
            f"import json, os\ntry: os.fstat({file.fileno()}); found = 'open'\n"
            "except OSError: found = 'closed'\n"
            "print(json.dumps({'rule': 'a', 'said': found}))"
        )
        looking = Lookout(str(tmp_path), guarded)
        looking.look()
        wait_for(lambda: not threads())
    assert said == ["closed [a]"]


def test_it_takes_no_framework_along(tmp_path):
    """Nor a GPU: who loads no framework touches none. RUNLENS_AUTO is inherited and waits for one in vain."""
    run = begun(tmp_path / "run")
    code = (
        "import sys; from tensorboard_runlens import alarm; alarm.main(sys.argv[1]); "
        "print({'torch', 'ultralytics', 'tensorflow', 'pynvml'} & {*sys.modules})"
    )
    root = os.path.dirname(os.path.dirname(alarm.__file__))
    environment = {**os.environ, "PYTHONPATH": root, "RUNLENS_AUTO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, run],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"


# The part


class Looks:
    """Counts instead of looking."""

    def __init__(self, run_dir, guarded):
        self.asked = 0
        self.over = False

    def look(self):
        self.asked += 1

    def end(self):
        self.over = True


@pytest.fixture
def part(monkeypatch, tmp_path):
    monkeypatch.setattr(alarms, "Lookout", Looks)
    made = Alarms(SimpleNamespace(guarded=guarded))
    made.start(SimpleNamespace(save_dir=tmp_path))
    return made


def test_the_first_epochs_are_looked_at(part):
    assert part._lookout.asked == 1
    part.images_recorded(None)
    for epoch in range(57, 67):  # a resumed training
        part.logged({"epoch": epoch})
    assert part._lookout.asked == 2 + FIRST_EPOCHS
    part.end(None)
    assert part._lookout.over


def test_a_part_that_never_began_ends(tmp_path):
    Alarms(SimpleNamespace(guarded=guarded)).end(None)
    assert threads() == []


def test_a_recording_has_it_looked_at(tmp_path, monkeypatch):
    """Before the first epoch, from the manifest alone, and with what the splits have in common."""
    told: list[str] = []
    monkeypatch.setattr(lookout, "warn", told.append)
    monkeypatch.setattr(alarms, "Lookout", Lookout)
    ready = trainer(tmp_path / "run")
    write_args(tmp_path / "run", task="detect", mode="train", epochs=100)
    labels = [{"cls": np.zeros((2, 1)), "segments": []}] * 12
    empty = [{"cls": np.zeros((0, 1)), "segments": []}] * 12
    ready.train_loader = SimpleNamespace(dataset=Loaded(labels))
    ready.test_loader = SimpleNamespace(dataset=Loaded(empty))
    fire("on_train_start", ready)
    wait_for(lambda: told)
    fire("teardown", ready)
    assert told[0].startswith("0 of 12 val images have a label")
    found = analyse(open_run(str(tmp_path / "run"))).findings
    assert "no-instances" in {one.rule for one in found}


class Loaded(list):
    """A data set as Ultralytics has it."""

    @property
    def labels(self):
        return list(self)


def test_hours_that_are_none_are_said_and_cost_nothing(tmp_path, monkeypatch):
    for number, hours in enumerate((-1, "8", True, float("nan"), 10**9)):
        ready = trainer(tmp_path / str(number))
        Callback("on_train_start", Options(hours=hours))(ready)
        Callback("teardown", Options())(ready)
        written = json.loads((tmp_path / str(number) / "runlens" / "manifest.json").read_text())
        assert written["hours"] is None
        assert any(one.startswith("hours: must be") for one in written["missing"])


def test_hours_are_recorded(tmp_path):
    ready = trainer(tmp_path / "run")
    write_args(tmp_path / "run", task="detect", mode="train", epochs=100)
    Callback("on_train_start", Options(hours=8))(ready)
    Callback("teardown", Options())(ready)
    recorded = open_run(str(tmp_path / "run")).recorded
    assert recorded is not None
    assert recorded.hours == 8.0
