"""What is read of one run when somebody looks at it: its checkpoints, and the release that they tell."""

from __future__ import annotations

import shutil

import pytest

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.details import look_closer
from tests.builders import kinds, write, write_detect
from tests.reading.checkpoints import archive, model, pickled


def checkpoint(version: str) -> bytes:
    return archive(pickled({"epoch": -1, "version": version, "model": model(), "train_args": {}}))


def looked(folder):
    return look_closer(open_run(str(folder)))


def test_without_checkpoints_nothing_changes(tmp_path):
    write_detect(tmp_path)
    run = open_run(str(tmp_path))
    assert look_closer(run) == (run, look_closer(run)[1])
    assert look_closer(run)[1].checkpoints == ()


@pytest.mark.parametrize("place", ["weights", "."])
def test_the_two_checkpoints_are_found_where_they_lie(tmp_path, place):
    write_detect(tmp_path)
    for name in ("best.pt", "last.pt", "epoch5.pt"):
        write(tmp_path / place / name, checkpoint("8.3.100"))
    (run, details) = looked(tmp_path)
    prefix = "" if place == "." else "weights/"
    assert [one.file for one in details.checkpoints] == [f"{prefix}best.pt", f"{prefix}last.pt"]
    assert run.version is not None
    assert (run.version.min, run.version.max) == ("8.3.100", "8.3.100")
    assert run.problems == ()


@pytest.mark.parametrize(
    "content", [b"", b"weights", bytes(range(256)) * 9, b"PK\x03\x04" + b"\0" * 90]
)
def test_a_checkpoint_that_is_none_is_a_problem_under_its_path(tmp_path, content):
    write_detect(tmp_path)
    write(tmp_path / "weights" / "best.pt", content)
    write(tmp_path / "weights" / "last.pt", checkpoint("8.3.100"))
    (run, details) = looked(tmp_path)
    assert {one.file for one in run.problems} == {"weights/best.pt"}
    assert len(details.checkpoints) == 2
    assert run.version is not None
    assert run.version.min == "8.3.100"


def test_links_that_lead_out_of_the_run_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    write(outside / "best.pt", checkpoint("8.3.100"))
    folder = write_detect(tmp_path / "run")
    (folder / "weights").symlink_to(outside)
    (run, details) = looked(folder)
    assert details.checkpoints == ()
    (folder / "weights").unlink()
    (folder / "weights").mkdir()
    (folder / "weights" / "best.pt").symlink_to(outside / "best.pt")
    (run, details) = looked(folder)
    assert [one.version for one in details.checkpoints] == [None]
    assert kinds(run.problems)
    assert "8.3.100" not in str(run.version)


def test_a_run_that_is_gone_is_shown_as_it_was(tmp_path):
    run = open_run(str(write_detect(tmp_path / "run")))
    shutil.rmtree(tmp_path / "run")
    assert look_closer(run)[0].history is run.history
    assert look_closer(run)[1].checkpoints == ()
