"""``RUNLENS_AUTO=1``: what Python does at its start, and that nothing of it can be in anybody's way."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tensorboard_runlens.recording import environment
from tensorboard_runlens.recording.options import Options
from tensorboard_runlens.recording.ultralytics import Callback
from tests.recording.trainings import fire, trainer

ROOT = Path(__file__).parents[2]
LINE = (ROOT / "runlens_auto.pth").read_text("utf-8")
BASE = "ultralytics.utils.callbacks.base"
CALLBACKS = '''
def nothing(trainer):
    """As all of the framework's own are."""

default_callbacks = {"on_train_start": [nothing], "on_val_end": [nothing], "on_export_end": [nothing]}
'''


@pytest.fixture
def site(tmp_path) -> Path:
    """A folder that Python looks into at its start, and a framework that has callbacks."""
    (tmp_path / "runlens_auto.pth").write_text(LINE, encoding="utf-8")
    startup = f"import site; site.addsitedir({str(tmp_path)!r})"
    (tmp_path / "sitecustomize.py").write_text(startup, encoding="utf-8")
    folder = tmp_path
    for name in BASE.split(".")[:-1]:
        folder = folder / name
        folder.mkdir()
        (folder / "__init__.py").touch()
    (folder / "base.py").write_text(CALLBACKS, encoding="utf-8")
    return tmp_path


def python(site: Path, code: str, package: Path = ROOT, **variables: str) -> tuple[str, str]:
    """What a new Python says and complains of."""
    path = os.pathsep.join([str(site), str(package)])
    environment = {name: value for (name, value) in os.environ.items() if "RUNLENS" not in name}
    environment.update(variables, PYTHONPATH=path)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


SHOW = f"""
import {BASE} as base
for event, registered in base.default_callbacks.items():
    print(event, *(type(one).__name__ for one in registered))
"""


def test_the_line_is_one_that_python_executes():
    assert LINE.startswith("import ")
    assert len(LINE.splitlines()) == 1


@pytest.mark.parametrize("variables", [{}, {"RUNLENS_AUTO": "0"}, {"RUNLENS_AUTO": ""}])
def test_without_the_switch_nothing_is_imported(site, variables):
    code = "import sys; print([name for name in sys.modules if name.startswith('tensorboard_runlens')])"
    assert python(site, code, **variables) == ("[]\n", "")
    assert "Callback" not in python(site, SHOW, **variables)[0]


def test_with_the_switch_everything_waits_for_the_framework(site):
    code = "import sys; print({'numpy', 'logging', 'tensorboard_runlens.recording.ultralytics'} & {*sys.modules})"
    assert python(site, code, RUNLENS_AUTO="1") == ("set()\n", "")


def test_the_callbacks_are_there_once_the_framework_is_imported(site):
    (said, complained) = python(site, SHOW, RUNLENS_AUTO="1")
    assert complained == ""
    registered = dict(line.split(" ", 1) for line in said.splitlines())
    assert registered["on_train_start"] == "Callback function"
    assert registered["on_val_end"] == "Callback function"
    assert registered["teardown"] == "Callback"
    assert registered["on_export_end"] == "function"


def test_installed_twice_they_are_there_once(site):
    code = f"from tensorboard_runlens.recording import auto; auto.install()\n{SHOW}\nauto.install()\n{SHOW}"
    (said, _) = python(site, code, RUNLENS_AUTO="1")
    lines = said.splitlines()
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    assert "Callback Callback" not in said


def test_a_framework_that_is_there_already_gets_them_too(site):
    code = f"import {BASE}\nfrom tensorboard_runlens.recording import auto; auto.install()\n{SHOW}"
    assert "on_train_start Callback function" in python(site, code)[0]


def test_the_module_is_imported_as_ever(site):
    code = f"""
import importlib, inspect, {BASE} as base
print(inspect.getsource(base.nothing).splitlines()[0])
print("nothing" in vars(importlib.reload(base)))
"""
    assert python(site, code, RUNLENS_AUTO="1")[0].splitlines() == ["def nothing(trainer):", "True"]


def test_options_come_from_the_environment(site):
    code = f"import {BASE} as base; print(base.default_callbacks['on_train_start'][0].options)"
    (said, _) = python(site, code, RUNLENS_AUTO="1", RUNLENS_OPTIONS="gradients, unknown")
    assert said.strip() == str(Options(gradients=True, min_epochs=0.0))


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("", Options()),
        ("confusion,stop=past_best", Options(confusion=True, stop="past_best")),
        (
            " stop = past_best , min_epochs = 50, hours=8.5 ",
            Options(stop="past_best", min_epochs=50, hours=8.5),
        ),
        ("stop", Options(stop="")),
        ("stop=past_best=1", Options(stop="past_best=1")),
    ],
)
def test_options_have_names_and_values(monkeypatch, asked, understood):
    monkeypatch.setenv("RUNLENS_OPTIONS", asked)
    assert environment.options() == understood


def test_an_option_that_is_no_number_is_none(monkeypatch):
    monkeypatch.setenv("RUNLENS_OPTIONS", "min_epochs=many,hours=")
    asked = environment.options()
    assert math.isnan(asked.min_epochs)
    assert asked.hours is not None and math.isnan(asked.hours)


def test_an_option_that_is_misspelt_is_said(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("RUNLENS_OPTIONS", "gradients, stpo=past_best,,")
    begun = trainer(tmp_path / "run")
    Callback("on_train_start", environment.options())(begun)
    fire("teardown", begun)
    assert "RunLens: not recorded: what RUNLENS_OPTIONS calls stpo" in caplog.messages


def test_options_that_are_known_are_not_mentioned(monkeypatch):
    monkeypatch.setenv("RUNLENS_OPTIONS", "gradients,confusion,stop=past_best,min_epochs=5,hours=8")
    assert environment.unknown_options() == []
    monkeypatch.delenv("RUNLENS_OPTIONS")
    assert environment.unknown_options() == []


def test_where_the_package_is_broken_nothing_is_said(site, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("broken")
    (elsewhere / "tensorboard_runlens.py").write_text("1 / 0", encoding="utf-8")
    (said, complained) = python(site, SHOW, elsewhere, RUNLENS_AUTO="1")
    assert "on_train_start function" in said
    assert complained == ""


def test_a_fault_of_ours_is_said_and_costs_nothing(site):
    (site / "ultralytics/utils/callbacks/base.py").write_text(
        "default_callbacks = None", encoding="utf-8"
    )
    (said, complained) = python(site, f"import {BASE}; print('goes on')", RUNLENS_AUTO="1")
    assert said == "goes on\n"
    assert complained.startswith("RunLens: RUNLENS_AUTO has no effect")
    assert len(complained.splitlines()) == 1


def test_a_framework_that_cannot_be_imported_fails_as_ever(site):
    (site / "ultralytics/utils/callbacks/base.py").write_text("1 / 0", encoding="utf-8")
    code = f"""
for attempt in range(2):
    try:
        import {BASE}
    except ZeroDivisionError as error:
        print(error)
"""
    (said, complained) = python(site, code, RUNLENS_AUTO="1")
    assert said == "division by zero\n" * 2
    assert complained == ""


def test_a_framework_that_lacks_the_module_fails_as_ever(site):
    (site / "ultralytics/utils/callbacks/base.py").unlink()
    code = f"""
try:
    import {BASE}
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert python(site, code, RUNLENS_AUTO="1") == (f"{BASE}\n", "")
