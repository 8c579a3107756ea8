"""Which folders TensorBoard was started on, by the rules of its own parser."""

from __future__ import annotations

import ntpath
import os
from types import SimpleNamespace

import pytest
from tensorboard.backend.event_processing import data_ingester
from tensorboard.plugins.base_plugin import TBContext

from tensorboard_runlens import logdirs

SPECS = (
    "name:/data/runs",
    "/data/runs",
    "/data/with:colon",
    "a:/one,b:/two",
    "a:/one,/two",
    "a:/path:with:colons",
    "a:/one/letter",
    "run name:/x y/z",
)


def of_spec(spec: str) -> list[tuple[str, str]]:
    return logdirs.of_context(TBContext(logdir="", flags=SimpleNamespace(logdir_spec=spec)))


@pytest.mark.skipif(os.name == "nt", reason="paths of other systems")
@pytest.mark.parametrize("spec", SPECS)
def test_a_spec_is_understood_as_tensorboard_does(spec: str) -> None:
    theirs = data_ingester._parse_event_files_spec(spec)
    ours = of_spec(spec)
    assert [path for (_, path) in ours] == list(theirs)
    named = [(name, path) for (path, name) in theirs.items() if name]
    assert [entry for entry in ours if entry in named] == named


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("name:runs", [("name", "runs")]),
        ("runs", [("", "runs")]),
        (" name : runs ", [("name", "runs")]),
        ("one,two/three", [("one", "one"), ("three", "two/three")]),
        ("a/runs,b/runs,c:x", [("runs", "a/runs"), ("runs (2)", "b/runs"), ("c", "x")]),
        ("a:x,a:y", [("a", "x"), ("a (2)", "y")]),
        ("x,,y:", [("", "x")]),
        (":runs", [("", ":runs")]),
        ("far:s3://bucket/x,near:runs", [("near", "runs")]),
        ("s3://bucket/x,gs://b", []),
        ("a:file://x", []),
    ],
)
def test_a_spec_names_folders(spec: str, expected: list[tuple[str, str]]) -> None:
    assert of_spec(spec) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("C:\\runs", [("", "C:\\runs")]),
        ("D:/runs", [("", "D:/runs")]),
        ("name:C:\\runs", [("name", "C:\\runs")]),
        ("C:\\x,D:\\y", [("x", "C:\\x"), ("y", "D:\\y")]),
    ],
)
def test_a_drive_is_no_name(
    spec: str, expected: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logdirs.os, "path", ntpath)
    assert of_spec(spec) == expected


def test_a_logdir_is_one_folder_whatever_is_in_its_name() -> None:
    assert logdirs.of_context(TBContext(logdir="a:b,c")) == [("", "a:b,c")]


@pytest.mark.parametrize(
    "context",
    [
        TBContext(),
        TBContext(logdir=""),
        TBContext(logdir=None, flags=SimpleNamespace(logdir_spec=None)),
        TBContext(logdir="s3://bucket/x"),
    ],
)
def test_without_a_local_folder_there_is_none(context: TBContext) -> None:
    assert logdirs.of_context(context) == []
    assert logdirs.shown_name(context) == "a remote logdir"


@pytest.mark.parametrize(
    ("logdir", "spec", "shown"),
    [
        ("/home/jane/work/runs", "", "runs"),
        ("/home/jane/work/runs/", "", "runs"),
        ("", "a:/home/jane/x,b:/home/jane/y", "a, b"),
        ("", "/home/jane/x", "x"),
        ("/", "", os.sep),
    ],
)
def test_the_page_is_told_no_whole_path(logdir: str, spec: str, shown: str) -> None:
    context = TBContext(logdir=logdir, flags=SimpleNamespace(logdir_spec=spec))
    assert logdirs.shown_name(context) == shown


@pytest.mark.parametrize(
    ("logdir", "spec", "notes"),
    [
        ("runs", "", 0),
        ("", "a:runs", 0),
        ("s3://bucket", "", 1),
        ("", "a:s3://bucket,b:gs://other", 1),
        ("", "a:s3://bucket,b:runs", 1),
    ],
)
def test_what_is_remote_is_told_once(logdir: str, spec: str, notes: int) -> None:
    context = TBContext(logdir=logdir, flags=SimpleNamespace(logdir_spec=spec))
    assert len(logdirs.notes(context)) == notes
