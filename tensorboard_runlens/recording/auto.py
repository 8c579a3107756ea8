"""``RUNLENS_AUTO=1``: every Ultralytics training is recorded, also where no line can be added to a script.

So the trainings of ``yolo train``, the trials of ``model.tune()`` and, before 8.4.140, the processes of
a training on several GPUs. Python itself starts this module, through runlens_auto.pth beside the
package, and what a process has in its environment its own processes have, too. Nothing is imported
here before Ultralytics is.
"""

from __future__ import annotations

import sys
from typing import Any

WATCHED = "ultralytics.utils.callbacks.base"
"""The module that every model and trainer copies its callbacks from."""


def install() -> None:
    """Waits for Ultralytics; once is enough."""
    if WATCHED in sys.modules:
        _register(sys.modules[WATCHED])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds nothing itself: has the module that others find register our callbacks once it is loaded."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != WATCHED:
            return None
        others = [one for one in sys.meta_path if one is not self and hasattr(one, "find_spec")]
        found = (one.find_spec(name, path, target) for one in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            _then_register(spec.loader)
        return spec


def _then_register(loader: Any) -> None:
    load = loader.exec_module

    def load_and_register(module: Any) -> None:
        load(module)
        _register(module)

    try:
        loader.exec_module = load_and_register
    except AttributeError:  # a loader of somebody's own, without room for it
        _say("Ultralytics was loaded in a way that RUNLENS_AUTO does not know")


def _register(module: Any) -> None:
    """Whatever is wrong with us, Ultralytics is imported all the same."""
    try:
        from tensorboard_runlens.recording import environment
        from tensorboard_runlens.recording.ultralytics import BEGIN, EVENTS, Callback

        for event in (BEGIN, *EVENTS):
            registered = module.default_callbacks.setdefault(event, [])
            if not any(isinstance(one, Callback) for one in registered):
                # the first stays where Ray Tune resets the callbacks of a model
                registered.insert(0, Callback(event, environment.options()))
    except Exception as error:
        _say(f"RUNLENS_AUTO has no effect, {type(error).__name__}: {error}")


def _say(what: str) -> None:
    import contextlib
    import logging

    with contextlib.suppress(Exception):  # a handler of the user's may fail, too
        logging.getLogger("tensorboard_runlens").warning("RunLens: %s", what)
