"""A night: a training is watched from its start over its death to its end, and two others break off.

    python overnight.py FOLDER '{"images": [24, 8], "epochs": 4, "disk": true, ...}'

``FOLDER/runs`` is the logdir, which a watch and a TensorBoard look at all the time. ``FOLDER/told.json`` has at each of
its ``moments`` what each that tells says of a run, the training's log before its first epoch was done, where it stood
against the baseline, all that both watches told, and what their commands were given.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ended import ENDS, ON_A_DISK, WAIT, fill_the_disk, kill_from_outside
from shapes import prepare, write_data_set
from small import QUICK, write_model
from stopped import Stop, Trainings, kill

from tensorboard_runlens.cli import main as runlens
from tests.server.serving import Server, eventually, tensorboard
from tests.watching.processes import Process

BASELINE, NIGHT, OUT_OF_MEMORY = "baseline", "night", "out_of_memory"
ALARM = "few-instances"
LET_GO = "let_go"
"""A file that ends the first epoch."""

PLUGIN = "data/plugin/runlens"

Facts = tuple[str, Any, Any]
"""State, why it ended, epochs done."""


class Night:
    """The logdir, those who look at it, and what they have told."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.commands = folder / "commands"
        self.watches: list[Process] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the watches have printed, oldest first."""
        return [json.loads(line) for watch in self.watches for line in watch.out]

    def start_watch(self) -> None:
        command = shlex.join(["sh", "-c", 'cat >> "$0"', str(self.commands)])
        options = ("--every", "0.5", "--on", "info", "--json", "--exec", command)
        self.watches.append(Process(self.folder / "runs", *options))

    def await_event(self, run: str, rule: str, event: str = "finding") -> None:
        wanted = (run, rule, event)
        eventually(lambda: wanted in [(e["run"], e["rule"], e["event"]) for e in self.events], WAIT)

    def told(self, run: str, state: str) -> dict[str, Any]:
        """What each says of a run, as soon as the tab has heard that it is in this state."""
        eventually(lambda: self.row(run)[0] == state, WAIT)
        scanned = {one["name"]: one for one in answer("scan", str(self.folder / "runs"))["runs"]}
        digest = self.server.json(f"{PLUGIN}/digest?since=12h")
        return {
            "table": self.row(run),
            "show": judged(answer("show", str(self.folder / "runs" / run))["run"]),
            "scan": judged(scanned[run]),
            "digest": digested(answer("digest", str(self.folder / "runs")), run),
            "digest of the tab": digested(digest, run),
        }

    def standings(self, run: str) -> list[Any]:
        """Where it stands, as the digest and the row of the tab say it."""
        digest = answer("digest", str(self.folder / "runs"))
        against = self.server.json(f"{PLUGIN}/against?baseline={BASELINE}")
        return [
            next(one["standing"] for one in digest["running"] if one["run"] == run),
            next(one["standing"] for one in against["runs"] if one["run"] == run),
        ]

    def row(self, run: str) -> Facts:
        """What the tab's table says of it."""
        rows = self.server.json(f"{PLUGIN}/table")["rows"]
        found = [(one["state"], one["ended"], one["logged"]) for one in rows if one["name"] == run]
        return found[0] if found else ("not listed", None, None)


def answer(*arguments: str) -> Any:
    """The JSON that a command prints."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as out:
        runlens([*arguments, "--json"])
        out.flush()
        return json.loads(out.buffer.getvalue())


def judged(run: dict[str, Any]) -> Facts:
    return (run["state"], run["ended"], run["epochs"]["logged"])


def digested(digest: dict[str, Any], run: str) -> list[Facts]:
    """Each place of a digest that a run is in."""
    return [
        *((e["state"], e["why"], e["epoch"]) for e in digest["died"] if e["run"] == run),
        *((e["state"], None, e["epochs"]) for e in digest["finished"] if e["run"] == run),
        *(("running", None, e["epoch"]) for e in digest["running"] if e["run"] == run),
    ]


def holding(folder: Path) -> Stop:
    """Sees to it that a training waits in its first epoch until it may go on, and in the second until it is killed."""

    def wait() -> None:
        until = time.monotonic() + WAIT
        while not (folder / LET_GO).exists() and time.monotonic() < until:
            time.sleep(0.05)

    def hold(trainer: Any) -> None:
        if trainer.epoch == 0:
            wait()
        else:
            time.sleep(WAIT)
            kill()

    return lambda model: model.add_callback("on_train_batch_end", hold)


def live_and_die(night: Night, trainings: Trainings, found: dict[str, Any]) -> None:
    """Up to a kill -9 in the second epoch."""
    child = trainings.begin(NIGHT, holding(night.folder))
    try:
        found["log"] = logged_at_the_alarm(night)
        (night.folder / LET_GO).touch()
        eventually(lambda: night.row(NIGHT)[2] == 1, WAIT)
        found["moments"]["running"] = night.told(NIGHT, "running")
        found["standings"] = night.standings(NIGHT)
    finally:
        kill_from_outside(night.folder / "runs" / NIGHT)
        os.waitpid(child, 0)
    found["moments"]["killed"] = night.told(NIGHT, "interrupted")
    night.await_event(NIGHT, "interrupted")


def logged_at_the_alarm(night: Night) -> str:
    """What the training's log holds as soon as it and the watch have told, before the first epoch was let go."""
    log = night.folder / f"{NIGHT}.log"
    eventually(lambda: log.exists() and f"[{ALARM}]" in log.read_text("utf-8", "replace"), WAIT)
    night.await_event(NIGHT, ALARM)
    return log.read_text("utf-8", "replace")


def go_on(night: Night, trainings: Trainings, found: dict[str, Any]) -> None:
    """Resumed to its end, while another watch looks on."""
    night.watches[-1].ends(signal.SIGTERM)
    night.start_watch()
    trainings.resume(NIGHT)
    found["moments"]["finished"] = night.told(NIGHT, "finished")
    night.await_event(NIGHT, "finished", "finished")


def break_off(night: Night, trainings: Trainings, disk: bool, found: dict[str, Any]) -> None:
    """Memory runs out, and a disk."""
    ends = {OUT_OF_MEMORY: ENDS[OUT_OF_MEMORY], **({ON_A_DISK: fill_the_disk} if disk else {})}
    for name, stop in ends.items():
        trainings.train(name, stop)
        found["moments"][name] = night.told(name, "interrupted")
        night.await_event(name, "interrupted")


@contextlib.contextmanager
def looked_at(folder: Path) -> Iterator[Night]:
    with tensorboard(f"--logdir={folder / 'runs'}") as server:
        night = Night(folder, server)
        night.start_watch()
        try:
            yield night
        finally:
            night.watches[-1].ends(signal.SIGTERM)


def main(folder: Path, images: tuple[int, int], disk: bool, **given: Any) -> None:
    prepare(folder)
    import torch
    import ultralytics.models.yolo.detect  # noqa: F401, once for all processes

    torch.set_num_threads(1)
    write_model(folder, "detect")
    arguments = {"data": write_data_set(folder, *images, 0.0), **QUICK, **given}
    trainings = Trainings(folder, arguments)
    trainings.train(BASELINE)
    (folder / "runs" / "runlens.yaml").write_text(f"baseline: {BASELINE}\n", "utf-8")
    found: dict[str, Any] = {"moments": {}}
    with looked_at(folder) as night:
        live_and_die(night, trainings, found)
        go_on(night, trainings, found)
        break_off(night, trainings, disk, found)
    found["events"] = night.events
    found["said"] = [line for watch in night.watches for line in watch.err]
    found["commands"] = night.commands.read_text("utf-8").splitlines()
    (folder / "told.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), **json.loads(sys.argv[2]))
