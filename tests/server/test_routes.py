"""What the routes answer: the same as the command line, for any logdir, any run name and any file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tensorboard_runlens import cli, schema, static_files
from tensorboard_runlens.plugin import RunLensPlugin

from ..builders import (
    DETECT,
    rows_of,
    scalars_of,
    write,
    write_args,
    write_csv,
    write_detect,
    write_events,
)
from ..rules import trainings
from .serving import Asked, eventually

Capture = pytest.CaptureFixture[str]

HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    "quote\"and'quote",
    "a&run=b#c?d",
    "100%41+plus",
    "back\\slash",
    "\u202etfel\u202c",
    "コーティング",
    "line\nbreak",
    "{{7*7}}${7*7}",
    " leading and trailing ",
)

NO_RUNS = (
    "../../etc/passwd",
    "..",
    "./a",
    "a/",
    "/a",
    "a/../a",
    "a\0",
    "\0",
    "A",
    "x" * 4096,
    "\U0001f600" * 300,
    "\ufeffa",
    "%61",
    "*",
)


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    trainings.write(trainings.HEALTHY, folder / "train10")
    trainings.write(trainings.OVERFITTED, folder / "train2")
    trainings.write(trainings.first(trainings.NEVER_GENERALISED, 3), folder / "nested" / "short")
    write(folder / "damaged" / "results.csv", bytes(range(256)) * 20)
    return folder


def printed(capsys: Capture, *arguments: str) -> Any:
    assert cli.main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_runs_is_scan(logdir: Path, capsys: Capture) -> None:
    answer = Asked(logdir).json("runs")
    assert answer == printed(capsys, "scan", str(logdir))
    assert len(answer["runs"]) == 3
    assert [one["path"] for one in answer["unreadable"]] == ["damaged"]


@pytest.mark.parametrize("name", ["train10", "nested/short"])
def test_run_is_show_except_for_the_name(logdir: Path, capsys: Capture, name: str) -> None:
    answer = Asked(logdir).run(name)
    shown = printed(capsys, "show", str(logdir / name))
    assert answer["run"].pop("name") == name
    assert shown["run"].pop("name") == name.split("/")[-1]
    assert answer == shown


def test_the_rows_of_the_table_are_the_runs(logdir: Path) -> None:
    asked = Asked(logdir)
    table = asked.table()
    runs = asked.json("runs")["runs"]
    for name in ("name", "headline", "health", "framework", "task", "state", "stage", "axis"):
        assert [row[name] for row in table["rows"]] == [run[name] for run in runs]
    for name in ("logged", "planned", "best"):
        assert [row[name] for row in table["rows"]] == [run["epochs"][name] for run in runs]
    for row, run in zip(table["rows"], runs):
        of_group = run["metrics"][row["main_metric"]["group"]]
        assert row["main_metric"]["value"] == pytest.approx(run["main_metric"]["value"], rel=1e-3)
        for name in ("precision", "recall", "f1"):
            assert row[name] == pytest.approx(of_group[name], rel=1e-3)
    assert table["progress"] == {"read": 3, "total": 3, "complete": True}
    assert table["logdir"] == "runs"


@pytest.mark.parametrize(("said", "is_baseline"), [("train2", True), ("nobody", False)])
def test_the_baseline_of_runlens_yaml_is_a_run_of_the_logdir(
    logdir: Path, said: str, is_baseline: bool
) -> None:
    write(logdir / "runlens.yaml", f"baseline: {said}\n")
    assert Asked(logdir).table()["baseline"] == (said if is_baseline else None)


@pytest.mark.parametrize(
    ("route", "answer"),
    [
        ("runs", schema.ScanAnswer),
        ("table", schema.TableAnswer),
        ("against?baseline=train2", schema.AgainstAnswer),
        ("run?run=train2", schema.ShowAnswer),
        ("run?run=nobody", schema.ErrorAnswer),
    ],
)
def test_answers_have_the_fields_of_the_schema(
    logdir: Path, route: str, answer: type[msgspec.Struct]
) -> None:
    assert tuple(Asked(logdir).json(route)) == answer.__struct_fields__


def test_what_is_answered_is_understood_by_the_schema(logdir: Path) -> None:
    asked = Asked(logdir)
    for found, kind in (
        (asked.json("runs")["runs"], list[schema.Run]),
        (asked.table()["rows"], list[schema.TableRow]),
        (asked.run("train2")["run"], schema.DetailedRun),
    ):
        understood = msgspec.convert(found, kind)
        assert json.loads(msgspec.json.encode(understood)) == found


def test_the_run_in_the_logdir_itself_is_called_dot(tmp_path: Path) -> None:
    asked = Asked(write_detect(tmp_path / "exp"))
    assert asked.names() == ["."]
    assert asked.run(".")["run"]["epochs"]["logged"] == 5
    assert asked.table()["logdir"] == "exp"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_run_of_any_name_is_found_by_it(tmp_path: Path, name: str) -> None:
    write_detect(tmp_path / "in" / name)
    asked = Asked(tmp_path)
    assert asked.names("table") == [f"in/{name}"]
    response = asked.get("run?run=" + quote(f"in/{name}", safe=""))
    assert json.loads(response.get_data())["run"]["name"] == f"in/{name}"


@pytest.mark.parametrize("name", NO_RUNS, ids=lambda name: repr(name[:20]))
def test_a_name_that_is_no_run_opens_nothing(logdir: Path, name: str) -> None:
    write_detect(logdir / "a")
    answer = Asked(logdir).run(name)
    assert answer["error"]["code"] == "unknown_run"
    assert name not in answer["error"]["message"]


@pytest.mark.parametrize("raw", ["run=%ff%fe", "run=%c0%af", "run=a%00", "run=%ed%a0%80"])
def test_bytes_that_are_no_text_open_nothing(logdir: Path, raw: str) -> None:
    write_detect(logdir / "a")
    assert Asked(logdir).json(f"run?{raw}")["error"]["code"] == "unknown_run"


@pytest.mark.parametrize(
    "path",
    [
        "../loader.py",
        "..%2floader.py",
        "..%5cloader.py",
        "%2e%2e/%2e%2e/README.md",
        "..%2f..%2fpyproject.toml",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "./index.js",
        "index.js/",
        "index.js%00",
        "INDEX.JS",
        "THIRD_PARTY.md",
        "%00",
        "",
        ".",
    ],
)
def test_no_other_file_can_be_reached_through_static(logdir: Path, path: str) -> None:
    # These exist, so that only a refusal keeps them in.
    assert (static_files.FOLDER / "../loader.py").is_file()
    assert (static_files.FOLDER / "THIRD_PARTY.md").is_file()
    response = Asked(logdir).get(f"static/{path}")
    assert response.status_code == 404
    assert b"RunLensLoader" not in response.get_data()


def test_what_is_served_is_the_bundle(logdir: Path) -> None:
    asked = Asked(logdir)
    for name in ("index.js", "style.css"):
        expected = (static_files.FOLDER / name).read_bytes()
        assert asked.get(f"static/{name}").get_data() == expected
    assert asked.get("static").status_code == 404


def test_the_tab_points_to_a_module_that_is_served(logdir: Path) -> None:
    asked = Asked(logdir)
    metadata = asked.plugin.frontend_metadata()
    assert metadata.tab_name == "RunLens"
    assert metadata.es_module_path
    assert asked.get(metadata.es_module_path.lstrip("/")).status_code == 200


def test_an_empty_logdir_has_no_runs_and_no_tab(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    assert asked.plugin.is_active() is False
    table = asked.table()
    assert (table["rows"], table["unreadable"]) == ([], [])
    assert table["progress"] == {"read": 0, "total": 0, "complete": True}
    assert asked.json("runs")["runs"] == []


def test_a_logdir_that_does_not_exist_is_said_to_be_missing(tmp_path: Path) -> None:
    asked = Asked(tmp_path / "nowhere")
    assert asked.plugin.is_active() is False
    (missing,) = asked.table()["unreadable"]
    assert missing["path"] == "."
    assert "No such file" in missing["reason"]


def test_a_logdir_that_appears_later_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorboard_runlens.scanning.FRESH_S", 0.0)
    asked = Asked(tmp_path / "later")
    assert asked.names() == []
    write_detect(tmp_path / "later" / "a")
    assert asked.names() == ["a"]
    assert asked.plugin.is_active() is True


@pytest.mark.skipif(os.name == "nt", reason="Windows takes the home folder from elsewhere")
def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_detect(tmp_path / "runs" / "a")
    assert Asked("~/runs").names() == ["a"]
    assert Asked("", "mine:~/runs").names() == ["mine/a"]


@pytest.mark.parametrize("logdir", ["s3://bucket/runs", "gs://b", "hdfs://name.node/x"])
def test_a_remote_logdir_is_left_alone_and_said_to_be(logdir: str) -> None:
    asked = Asked(logdir)
    assert asked.plugin.is_active() is False
    table = asked.table()
    assert table["rows"] == []
    assert "remote" in table["notes"][0]
    assert table["progress"]["complete"] is True
    assert asked.json("runs")["ok"] is True


def test_of_a_partly_remote_logdir_the_local_part_is_read(tmp_path: Path) -> None:
    write_detect(tmp_path / "a")
    asked = Asked("", f"far:s3://bucket/runs,near:{tmp_path}")
    assert asked.names() == ["near/a"]
    assert "left out" in asked.table()["notes"][0]


def test_every_folder_of_a_spec_is_read(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_detect(tmp_path / name / "exp")
    asked = Asked("", f"first:{tmp_path / 'one'},second:{tmp_path / 'two'}")
    assert sorted(asked.names()) == ["first/exp", "second/exp"]
    assert asked.table()["logdir"] == "first, second"
    assert asked.run("second/exp")["run"]["name"] == "second/exp"


def test_folders_without_names_of_their_own_do_not_hide_each_other(tmp_path: Path) -> None:
    for place in ("x/runs", "y/runs"):
        write_detect(tmp_path / place / "exp")
    asked = Asked("", f"{tmp_path / 'x/runs'},{tmp_path / 'y/runs'}")
    assert sorted(asked.names()) == ["runs (2)/exp", "runs/exp"]


def test_tables_event_files_and_both_are_runs(tmp_path: Path) -> None:
    write_detect(tmp_path / "table", range(1, 4))
    write_events(tmp_path / "events", scalars_of(DETECT, range(1, 5)))
    write_events(write_detect(tmp_path / "both", range(1, 6)), scalars_of(DETECT, range(1, 5)))
    rows = {run["name"]: run for run in Asked(tmp_path).json("runs")["runs"]}
    assert {name: run["epochs"]["logged"] for (name, run) in rows.items()} == {
        "table": 3,
        "events": 4,
        "both": 5,
    }
    assert set(rows["both"]["files"]) >= {"results", "events"}


def test_numbers_that_json_does_not_know_are_null(tmp_path: Path) -> None:
    rows = rows_of(DETECT, range(1, 6))
    rows[1]["val/box_loss"] = "nan"
    rows[2]["val/box_loss"] = "inf"
    rows[3]["val/box_loss"] = "-inf"
    write_csv(tmp_path / "a", DETECT, rows)
    write_args(tmp_path / "a", conf=".nan", patience=100)
    losses = Asked(tmp_path).run("a")["run"]["series"]["val"]["box"]
    assert losses[0] == pytest.approx(rows[0]["val/box_loss"])
    assert losses[1:4] == [None, None, None]


def test_no_answer_tells_where_on_this_machine_the_runs_are(tmp_path: Path) -> None:
    home = tmp_path / "jane-doe"
    write_detect(
        home / "runs" / "a",
        save_dir="/home/jane-doe/work/runs/detect/train",
        data="C:\\Users\\jane-doe\\sets\\coco\\data.yaml",
        project="/home/jane-doe/work/runs/detect",
        model="\\\\server\\jane-doe\\models\\yolo\\best.pt",
    )
    write(home / "runs" / "damaged" / "results.csv", b"\x00\xff" * 500)
    write(home / "runs" / "bad_args" / "args.yaml", "save_dir: [/home/jane-doe/work/x/y\n")
    write(home / "runs" / "events" / "events.out.tfevents.1.x", b"\x00" * 100)
    write(home / "runs" / "runlens.yaml", "rules: [\n")
    asked = Asked(home / "runs")
    asked.table()
    routes = (
        "runs",
        "table",
        "against?baseline=a",
        "run?run=a",
        "run?run=nobody",
        "run?run=..",
        "static/nothing",
    )
    bodies = {route: asked.get(route).get_data(as_text=True) for route in routes}
    assert '"unreadable":[{' in bodies["table"]
    assert "detect/train" in bodies["run?run=a"]
    assert {route for (route, body) in bodies.items() if "jane-doe" in body} == set()


def test_a_link_out_of_a_run_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.yaml", "password: swordfish\n")
    run = write_detect(tmp_path / "runs" / "a")
    os.symlink(secret, run / "args.yaml")
    asked = Asked(tmp_path / "runs")
    assert "swordfish" not in asked.get("run?run=a").get_data(as_text=True)
    assert any("not followed" in one["problem"] for one in asked.run("a")["run"]["problems"])


def test_paths_in_the_arguments_are_never_opened(tmp_path: Path) -> None:
    secret = write_csv(tmp_path / "elsewhere", DETECT, rows_of(DETECT, range(1, 40)))
    write_detect(tmp_path / "runs" / "a", range(1, 4), save_dir=secret, data=secret / "x.yaml")
    answer = Asked(tmp_path / "runs").json("runs")
    assert [run["epochs"]["logged"] for run in answer["runs"]] == [3]


# One bad file never stops the others.
BAD_FILES = {
    "a date that is none": ("args.yaml", "when: 2024-13-45\n"),
    "a number that is none": ("args.yaml", "epochs: !!int abc\n"),
    "a number without end": ("args.yaml", "epochs: " + "1" * 5000 + "\n"),
    "infinite epochs": ("args.yaml", "task: detect\nmode: train\nepochs: .inf\npatience: .inf\n"),
    "epochs that are no number": (
        "args.yaml",
        "epochs: .nan\npatience: .nan\nclose_mosaic: .nan\n",
    ),
    "an alias bomb": (
        "args.yaml",
        "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(60)),
    ),
    "deep nesting": ("args.yaml", "a: " + "[" * 5000 + "\n"),
    "a lone surrogate": ("args.yaml", 'name: "\\ud800"\n'),
    "surrogates in the names of a row": (
        "args.yaml",
        'data: "\\ud800.yaml"\nmodel: "\\udfff.pt"\n',
    ),
    "names in a row that are none": ("args.yaml", "data: {a: [1]}\nmodel: 2024-13-45\nnc: .inf\n"),
    "python objects": ("args.yaml", "a: !!python/object/apply:os.system [exit]\n"),
    "a table of zeros": ("results.csv", b"\0" * 4096),
    "a table without end": ("results.csv", "epoch," * 5000 + "\n1\n"),
    "huge numbers": ("results.csv", "epoch,train/box_loss,metrics/mAP50(B)\n1e300,1e999,1e308\n"),
    "an event file of noise": ("events.out.tfevents.1.x", bytes(range(256)) * 40),
    "an empty event file": ("events.out.tfevents.1.x", b""),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_hides_no_other_run(tmp_path: Path, what: str) -> None:
    (name, content) = BAD_FILES[what]
    write_detect(tmp_path / "good")
    write(write_detect(tmp_path / "bad") / name, content)
    asked = Asked(tmp_path)
    assert "good" in asked.names("table")
    assert "good" in asked.names("runs")
    table = asked.table()
    told = [one["path"] for one in table["unreadable"]]
    assert "bad" in [*asked.names("table"), *told]


def test_a_bad_runlens_yaml_is_a_note(tmp_path: Path) -> None:
    write_detect(tmp_path / "a")
    for content in ("rules: [\n", "- 1\n", "rules: {plateau: 2024-13-45}\n", "rules: !!int abc\n"):
        write(tmp_path / "runlens.yaml", content)
        table = Asked(tmp_path).table()
        assert len(table["rows"]) == 1
        assert "runlens.yaml" in table["notes"][0]


@pytest.mark.skipif(os.name == "nt", reason="names are always text on Windows")
def test_a_name_that_is_no_text_hides_no_other_run(tmp_path: Path) -> None:
    write_detect(tmp_path / "good")
    try:
        os.rename(write_detect(tmp_path / "x"), os.fsencode(tmp_path) + b"/bad\xff")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    asked = Asked(tmp_path)
    assert "good" in asked.names("table")
    (other,) = set(asked.names("table")) - {"good"}
    assert asked.run(other)["run"]["epochs"]["logged"] == 5


def test_the_plugin_changes_nothing_under_the_logdir(logdir: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in logdir.rglob("*")
        }

    before = state()
    asked = Asked(logdir)
    for route in ("runs", "table", "run?run=train2"):
        assert asked.get(route).status_code == 200
    assert state() == before


def test_the_tab_is_active_as_soon_as_a_run_is_known(logdir: Path) -> None:
    plugin: RunLensPlugin = Asked(logdir).plugin
    assert eventually(plugin.is_active) is True
