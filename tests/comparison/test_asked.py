"""What is asked to compare: two runs, numbers of a paper, what runlens.yaml sets as baseline; and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tensorboard_runlens.cli import main
from tensorboard_runlens.comparison import MAX_RUNS, compare_with
from tensorboard_runlens.comparison.asked import Asked, CannotCompare, asked
from tensorboard_runlens.comparison.by_numbers import UNKNOWN, Numbers
from tensorboard_runlens.comparison.seeds import USUAL
from tensorboard_runlens.report.comparison import MAX_WIDTH, SEVERAL
from tensorboard_runlens.schema.compare import CompareAnswer
from tensorboard_runlens.settings import Settings
from tensorboard_runlens.statistics.proportion import Z_95
from tests.builders import CLASSIFY, decoded, rows_of, write, write_csv
from tests.comparison.runs import analysed, rising, write_run

Capture = pytest.CaptureFixture[str]

SETTINGS = Settings(baseline="old", baselines={"paper": {"map50_95": 0.5}, "customer": {"f1": 0.9}})


def test_two_runs_are_compared_with_the_first_one() -> None:
    assert asked(["a", "b"], None, SETTINGS) == Asked()


def test_numbers_are_compared_with_where_they_are_named() -> None:
    assert asked(["a"], "paper", SETTINGS).numbers == Numbers("paper", {"map50_95": 0.5})
    assert asked(["a", "b"], "paper", SETTINGS).numbers is not None


def test_a_single_run_is_held_against_the_baseline_that_is_set() -> None:
    assert asked(["a"], None, SETTINGS) == Asked(run="old")
    numbers = Settings(baseline="paper", baselines=SETTINGS.baselines)
    assert asked(["a"], None, numbers).numbers == Numbers("paper", {"map50_95": 0.5})


@pytest.mark.parametrize(
    ("runs", "baseline", "settings", "said"),
    [
        (["a"], None, Settings(), "name two runs"),
        (["old"], None, SETTINGS, "the baseline itself"),
        (["a", "a"], None, SETTINGS, "named twice"),
        (["a"], None, Settings(baseline="/etc/run"), "no name of a run"),
        (["a"], None, Settings(baseline="../others/run"), "no name of a run"),
        (["a"], None, Settings(baseline="x\\..\\run"), "no name of a run"),
        (["a"], "nobody", SETTINGS, "it has paper, customer"),
        (["a"], "nobody", Settings(), "it has none"),
        ([str(number) for number in range(MAX_RUNS + 1)], None, SETTINGS, f"up to {MAX_RUNS}"),
    ],
)
def test_what_makes_no_comparison_is_refused(
    runs: list[str], baseline: str, settings: Settings, said: str
) -> None:
    with pytest.raises(CannotCompare, match=said):
        asked(runs, baseline, settings)


@pytest.mark.parametrize(("known", "named"), [(10, True), (11, False)])
def test_no_more_baselines_are_named_than_help(known: int, named: bool) -> None:
    settings = Settings(baselines={f"x{number}x": {} for number in range(known)})
    with pytest.raises(CannotCompare) as refused:
        asked(["a"], "nobody", settings)
    assert (f"x{known - 1}x" in str(refused.value)) is named


def test_most_runs_are_not_too_many() -> None:
    assert asked([str(number) for number in range(MAX_RUNS)], None, SETTINGS) == Asked()


EXPLAINED = Z_95 * USUAL * 2**0.5


@pytest.mark.parametrize(
    ("delta", "verdict"),
    [(1.05, "better"), (0.95, "tie"), (-0.95, "tie"), (-1.05, "worse")],
)
def test_a_run_beats_a_number_by_more_than_its_own_luck(
    tmp_path: Path, delta: float, verdict: str
) -> None:
    run = analysed(write_run(tmp_path / "run", np.full(60, 0.5)))
    numbers = Numbers("paper", {"map50_95": 0.5 - delta * EXPLAINED})
    (one,) = compare_with({"run": run}, numbers).differences
    assert (one.run, one.metric, one.verdict) == ("run", "map50_95", verdict)
    assert one.delta == pytest.approx(delta * EXPLAINED, abs=1e-5)
    assert one.interval is None
    assert one.caveats == (UNKNOWN,)


def test_a_number_that_the_run_did_not_measure_is_not_comparable(tmp_path: Path) -> None:
    run = analysed(write_run(tmp_path / "run", rising(40)))
    numbers = Numbers("paper", {"miou": 0.7, "precision": 0.1})
    (first, second) = compare_with({"run": run}, numbers).differences
    assert (first.metric, first.verdict, first.delta) == ("miou", "not_comparable", None)
    assert (second.metric, second.verdict) == ("precision", "better")


def test_numbers_and_a_run_of_one_name_are_refused(tmp_path: Path) -> None:
    run = analysed(write_run(tmp_path / "run", rising(40)))
    with pytest.raises(ValueError, match="both called paper"):
        compare_with({"paper": run}, Numbers("paper", {"f1": 0.5}))
    with pytest.raises(ValueError, match="a run at least"):
        compare_with({}, Numbers("paper", {"f1": 0.5}))


# The command


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_run(tmp_path / "old", rising(40, 0.4), lr0=0.01)
    write_run(tmp_path / "new", rising(60, 0.6), lr0=0.1, data="/home/anna/data.yaml")
    write(
        tmp_path / "runlens.yaml", "baseline: old\nbaselines: {paper: {map50_95: 0.2, f1: 0.99}}\n"
    )
    return tmp_path


def answer(capsys: Capture, *call: str) -> CompareAnswer:
    assert main(["compare", *call, "--json"]) == 0
    return decoded(capsys.readouterr().out, CompareAnswer)


def test_the_command_takes_the_baseline_that_is_set(logdir: Path, capsys: Capture) -> None:
    found = answer(capsys, str(logdir / "new"))
    assert (found.baseline, found.runs) == ("old", ["old", "new"])
    assert {one.run for one in found.differences} == {"new"}
    assert found == answer(capsys, str(logdir / "old"), str(logdir / "new"))


def test_the_command_takes_numbers_by_their_name(logdir: Path, capsys: Capture) -> None:
    found = answer(capsys, str(logdir / "new"), "--baseline", "paper")
    assert (found.baseline, found.runs) == ("paper", ["new"])
    assert {(one.metric, one.verdict) for one in found.differences} == {
        ("map50_95", "better"),
        ("f1", "worse"),
    }
    assert len(found.facts) == 1


def test_an_answer_has_facts_places_arguments_and_the_checklist(
    logdir: Path, capsys: Capture
) -> None:
    found = answer(capsys, str(logdir / "old"), str(logdir / "new"))
    assert [(one.run, one.rank) for one in found.ranking] == [("new", 1), ("old", 2)]
    assert [one.run for one in found.facts] == ["old", "new"]
    assert [one.epochs for one in found.facts] == [40, 60]
    assert {one.key for one in found.config} == {"lr0", "data", "epochs"}
    assert found.checklist[0].ahead == "new"
    assert len(found.checklist) == 7
    assert {one.at for one in found.differences} == {"best", "end", "equal_epoch"}
    assert next(one.after for one in found.differences if one.at == "equal_epoch") == 40


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["new", "--baseline", "nobody"], "no baseline called nobody"),
        (["old"], "named twice"),
        (["new", "new/"], "named twice"),
        (["gone"], "no such folder"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    logdir: Path, call: list[str], said: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(logdir)
    assert main(["compare", *call]) == 2
    assert said in capsys.readouterr().err


def test_the_terminal_has_all_of_it(logdir: Path, capsys: Capture) -> None:
    assert main(["compare", str(logdir / "old"), str(logdir / "new")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("new is better than old: mAP50-95 is ")
    assert "places" not in out
    assert "\nchecklist:\n    higher mAP50-95: new (more than chance, against the other)\n" in out
    assert "\narguments that differ:\n" in out
    assert "mAP50-95  after 40 each" in out
    assert "…/data.yaml" in out
    assert "/home/anna" not in out


def test_the_terminal_shows_numbers_of_a_paper(logdir: Path, capsys: Capture) -> None:
    assert main(["compare", str(logdir / "new"), "--baseline", "paper"]) == 0
    out = capsys.readouterr().out
    (better, worse, note, *_) = out.splitlines()
    assert better.startswith("new is better than paper: mAP50-95 is ")
    assert worse.startswith("new is worse than paper: F1 is ")
    assert note == f"    note: {UNKNOWN}"
    assert "checklist" not in out


@pytest.mark.parametrize("others", range(1, SEVERAL))
def test_several_runs_have_places(tmp_path: Path, capsys: Capture, others: int) -> None:
    runs = [
        write_run(tmp_path / f"run{number}", rising(60, 0.4 + 0.1 * number))
        for number in range(others + 1)
    ]
    assert main(["compare", *map(str, runs)]) == 0
    out = capsys.readouterr().out
    places = ": 1. run2, 2. run1, 3. run0\n\nrun1 is better than run0: "
    assert (places in out) is (others + 1 >= SEVERAL)


def test_runs_without_a_place_are_named(tmp_path: Path, capsys: Capture) -> None:
    runs = [write_run(tmp_path / name, rising(30)) for name in ("one", "other")]
    rows = rows_of(CLASSIFY, range(1, 31))
    write_csv(tmp_path / "classes", CLASSIFY, rows)
    assert main(["compare", *map(str, runs), str(tmp_path / "classes")]) == 0
    out = capsys.readouterr().out
    assert "no place, since not comparable with the others: classes\n" in out
    assert "classes cannot be compared with one: top-1 accuracy was measured here" in out


def test_a_note_on_all_runs_stands_once(tmp_path: Path, capsys: Capture) -> None:
    runs = [write_run(tmp_path / str(epochs), rising(epochs)) for epochs in (30, 40, 50)]
    assert main(["compare", *map(str, runs)]) == 0
    out = capsys.readouterr().out
    assert out.count("whether both validated the same images is not known") == 1
    assert "    note on all: whether both" in out
    assert "    note: 40 epochs against 30\n50 " in out


def test_arguments_that_one_framework_alone_states_are_counted(
    tmp_path: Path, capsys: Capture
) -> None:
    runs = [
        write_run(tmp_path / "a", rising(20), lr0=0.1, conf=None, only_here=1),
        write_run(tmp_path / "b", rising(20), lr0=0.2, conf=0.25),
    ]
    assert main(["compare", *map(str, runs)]) == 0
    (_, out) = capsys.readouterr().out.split("arguments that differ:\n")
    assert [line.split() for line in out.splitlines()] == [
        ["a", "b"],
        ["lr0", "0.1", "0.2"],
        ["conf", "None", "0.25"],
        ["1", "argument", "more", "that", "not", "every", "run", "states:", "see", "--json"],
    ]


@pytest.mark.parametrize(("length", "whole"), [(MAX_WIDTH, True), (MAX_WIDTH + 1, False)])
def test_long_cells_are_cut(tmp_path: Path, capsys: Capture, length: int, whole: bool) -> None:
    runs = [
        write_run(tmp_path / name, rising(20), title=name * (length - 1) + "!")
        for name in ("a", "b")
    ]
    assert main(["compare", *map(str, runs)]) == 0
    out = capsys.readouterr().out
    assert ("b" * (length - 1) + "!" in out) is whole
    assert "bbb!" in out


def test_hostile_names_and_arguments_stay_text(tmp_path: Path, capsys: Capture) -> None:
    runs = [
        write_run(tmp_path / f"go\x1bod{number}", rising(20), model=f"\x1b[2J{number}")
        for number in range(2)
    ]
    assert main(["compare", *map(str, runs)]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert main(["compare", *map(str, runs), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["config"][0]["key"] == "model"
