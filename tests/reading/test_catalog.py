"""A catalog reads again only what has changed."""

from __future__ import annotations

import os
import shutil

import pytest

from tensorboard_runlens import catalog as catalog_module
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.reading import read_folder
from tests.builders import DETECT, rows_of, write, write_args, write_csv, write_detect


@pytest.fixture
def logdir(tmp_path):
    """A logdir with two runs, a and b."""
    write_detect(tmp_path / "a", range(1, 4))
    write_detect(tmp_path / "b", range(1, 4))
    return tmp_path


@pytest.fixture
def catalog(logdir):
    """A catalog of it that was refreshed once."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    return catalog


def test_what_has_not_changed_is_not_read_again(catalog):
    before = dict(catalog.runs)
    catalog.refresh()
    assert all(catalog.runs[name] is before[name] for name in ("a", "b"))


def test_a_run_that_grew_is_read_again_and_marked_as_growing(catalog, logdir):
    before = dict(catalog.runs)
    write_detect(logdir / "a", range(1, 6))
    catalog.refresh()
    assert len(catalog.runs["a"].history) == 5
    assert catalog.runs["a"].growing
    assert catalog.runs["b"] is before["b"]
    assert not catalog.runs["b"].growing


def test_a_change_without_a_change_of_size_is_seen_by_its_time(catalog, logdir):
    path = logdir / "a" / "results.csv"
    size = path.stat().st_size
    write(path, path.read_text().replace(",0.3", ",0.4"))
    assert path.stat().st_size == size
    os.utime(path, (1, 1))
    before = catalog.runs["a"]
    catalog.refresh()
    assert catalog.runs["a"] is not before


def test_a_new_run_is_found(catalog, logdir):
    write_detect(logdir / "c" / "d")
    catalog.refresh()
    assert list(catalog.runs) == ["a", "b", "c/d"]


def test_a_deleted_run_is_gone(catalog, logdir):
    shutil.rmtree(logdir / "a")
    catalog.refresh()
    assert list(catalog.runs) == ["b"]


def test_a_table_that_was_deleted_is_gone(catalog, logdir):
    (logdir / "a" / "results.csv").unlink()
    catalog.refresh()
    assert list(catalog.runs) == ["b"]


def test_a_run_that_was_started_anew_is_not_growing(catalog, logdir):
    write_detect(logdir / "a", [1])
    catalog.refresh()
    assert len(catalog.runs["a"].history) == 1
    assert not catalog.runs["a"].growing


def test_the_first_epoch_of_a_run_that_had_none_is_growth(catalog, logdir):
    write_args(logdir / "c", epochs=9)
    catalog.refresh()
    write_csv(logdir / "c", DETECT, rows_of(DETECT, [1]))
    catalog.refresh()
    assert catalog.runs["c"].growing


def test_arguments_that_changed_are_read_again(catalog, logdir):
    write_args(logdir / "a", epochs=77)
    catalog.refresh()
    assert catalog.runs["a"].arguments == {"epochs": 77}


def test_checkpoints_that_came_later_are_listed(catalog, logdir):
    write(logdir / "a" / "weights" / "best.pt", b"")
    catalog.refresh()
    assert catalog.runs["a"].files.by_role["weights"] == ("weights/best.pt",)
    write(logdir / "a" / "weights" / "last.pt", b"")
    os.utime(logdir / "a" / "weights", (1, 1))
    catalog.refresh()
    assert catalog.runs["a"].files.by_role["weights"] == ("weights/best.pt", "weights/last.pt")


def test_an_unreadable_run_that_was_repaired_is_a_run(catalog, logdir):
    write(logdir / "c" / "results.csv", "")
    catalog.refresh()
    assert [one.path for one in catalog.unreadable] == ["c"]
    write_detect(logdir / "c")
    catalog.refresh()
    assert catalog.unreadable == []
    assert "c" in catalog.runs


def test_a_logdir_that_vanished_is_said_and_comes_back(catalog, logdir, tmp_path_factory):
    shelter = tmp_path_factory.mktemp("shelter") / "logs"
    shutil.move(str(logdir), str(shelter))
    catalog.refresh()
    assert catalog.runs == {}
    assert [one.path for one in catalog.unreadable] == ["."]
    shutil.move(str(shelter), str(logdir))
    catalog.refresh()
    assert list(catalog.runs) == ["a", "b"]


def test_several_logdirs_are_told_apart_by_their_prefix(logdir, tmp_path_factory):
    second = write_detect(tmp_path_factory.mktemp("second"))
    catalog = Catalog([("lab", str(logdir)), ("home", str(second))])
    catalog.refresh()
    assert set(catalog.runs) == {"lab/a", "lab/b", "home"}


def test_the_first_look_shows_runs_as_they_are_found(logdir, monkeypatch):
    catalog = Catalog([("", str(logdir))])
    seen = []

    def watched(folder):
        seen.append((len(catalog.runs), catalog.complete))
        return read_folder(folder)

    monkeypatch.setattr(catalog_module, "read_folder", watched)
    catalog.refresh()
    assert seen == [(0, False), (0, False), (1, False)]
    assert catalog.complete
    assert len(catalog.runs) == 2
