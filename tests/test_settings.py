"""runlens.yaml: every key is read, what is wrong costs only itself and is told with its line."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.command_line import judged
from tensorboard_runlens.plain import marked_yaml, plain_yaml
from tensorboard_runlens.rules import all_rules
from tensorboard_runlens.settings import MAX_BYTES, Settings, load
from tensorboard_runlens.settings.document import understood
from tensorboard_runlens.settings.entries import MAX_NAME, MAX_NAMES, MAX_NOTES
from tensorboard_runlens.settings.model import MAX_SHOWN, short
from tensorboard_runlens.settings.plans import planned_hours
from tensorboard_runlens.settings.words import MAX_NOTE, MAX_PATH, MAX_TAG, MAX_TAGS
from tensorboard_runlens.settings_notes import notes_on
from tensorboard_runlens.surroundings import Surroundings
from tensorboard_runlens.targets import Target
from tests.builders import write, write_detect
from tests.rules.cases import all_cases
from tests.rules.cases.late_end import taking
from tests.rules.trainings import HEALTHY, NOW, analysed
from tests.rules.trainings import write as write_training

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
OF_RULES = [(rule.id, name) for rule in all_rules() for name in rule.limits]


def said(text: str) -> Settings:
    """What a runlens.yaml of these words says."""
    return understood(marked_yaml.load(text), "/logs")


def only_note(text: str) -> str:
    (note,) = notes_on(said(text))
    return note


# The whole file


def test_the_example_of_the_page_is_understood_without_a_note() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    settings = said(example)
    assert notes_on(settings, ["exp", "exp2", "night/exp"]) == []
    assert settings.targets == (
        Target("map50", 0.7, 0.7),
        Target("f1", 0.7, 0.75),
        Target("map50", 0.6, 0.6, "toe_drain"),
        Target("recall", 0.8, 0.8, "lateral"),
    )
    assert settings.grades == {"excellent": 0.5, "good": 0.3, "fair": 0.2}
    assert settings.limits == {"overfitting": {"excess_min": 0.06}}
    assert settings.off == {"best-not-last"}
    assert settings.baseline == "exp"
    assert settings.baselines == {"paper": {"f1": 0.74, "map50": 0.712}}
    assert settings.datasets == {"toe_drain": "/logs/data/toe_drain/data.yaml"}
    assert settings.hours == {"exp2": 8, "night/*": 12}
    assert settings.run_notes == {"exp2": "Second camera, labels of March."}
    assert settings.run_tags == {"exp2": ("deployed", "line 3")}


def test_every_name_of_the_file_stands_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    (whole,) = (said("nothing: 1").notes,)
    names = re.search(r"names \((.*?)\)", only_note("[]"))
    assert names is not None
    for name in names[1].split(", "):
        assert f"`{name}`" in page
    assert "nothing" in whole[0]


def test_the_notes_of_the_page_are_those_that_are_given() -> None:
    page = PAGE.read_text("utf-8")
    for wrong, line in (
        ("\ntargets: {map50: 70}", 2),
        ("\n" * 8 + "rules: {overfitting: {excess_min: high}}", 9),
        ("\n" * 11 + "rules: {overfiting: off}", 12),
    ):
        note = only_note(wrong)
        assert f"line {line}:" in note
        assert note in page


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing", "rules:", "rules: {}", "notes: null", "---"]
)
def test_nothing_is_nothing_and_no_mistake(text: str) -> None:
    assert notes_on(said(text)) == []


WRONG = {
    "tragets: {map50: .7}": "tragets is no setting; is targets meant?",
    "xyz: 1": "xyz is no setting; settings are targets, grades, rules,",
    "best-not-last: off": "best-not-last is no setting; settings are targets, grades, rules,",
    "datasets: {a: ' '}": "datasets: a must be the path of a DATA.yaml",
    "[1, 2]": "must be names (targets, grades, rules, baseline, baselines, datasets, hours, notes, tags)",
    "targets: .7": "targets must be names of metrics",
    "targets: {mAP50-95: .7}": "targets: mAP50-95 is no metric; is map50_95 meant?",
    "targets: {speed: .7}": "targets: speed is no metric",
    "targets: {map50: 70}": "map50 must be a fraction from 0 to 1: for 70 % write 0.7",
    "targets: {map50: 70 %}": "map50 must be a fraction from 0 to 1: for 70 % write 0.7",
    "targets: {map50: 100.1}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: -.1}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: high}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: true}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: .nan}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: }": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: {a: 1}}": "map50 must be a number from 0 to 1; it is not used",
    "targets: {map50: [.1, .2, .3]}": "map50 must be a number or [from, to]",
    "targets: {map50: [.1, 20]}": "for 20 % write 0.2",
    "targets: {classes: .6}": "targets: classes must be names of classes",
    "targets: {classes: {a: 60}}": "targets: classes: a must be a fraction from 0 to 1: for 60 % write 0.6",
    "targets: {classes: {a: {ap: .6}}}": "targets: classes: a: ap is no metric",
    "grades: {best: .9}": "grades: best is no grade",
    "grades: {good: .6}": "grades must fall in the order excellent, good, fair",
    "rules: [overfitting]": "rules must be names of rules, each off or with its limits",
    "rules: {overfitting: 3}": "rules: overfitting must be off, or names of limits with a number each",
    "rules: {overfitting: {excess_min: high}}": "overfitting: excess_min must be a number from 0 on; its default holds",
    "rules: {overfitting: {excess_min: -1}}": "excess_min must be a number from 0 on",
    "rules: {overfitting: {excess_min: .inf}}": "excess_min must be a number from 0 on",
    "rules: {overfitting: {exces_min: 1}}": "overfitting has no limit called exces_min; is excess_min meant?",
    "rules: {conf-raised: {conf_max: 5}}": "conf_max is 5, its default is 0.01: shares are from 0 to 1",
    "rules: {too-short: {epochs_min: 5}}": "epochs_min cannot be below 10, which holds instead of 5",
    "rules: {overfiting: off}": "there is no rule called overfiting; is overfitting meant?",
    "rules: {xyz: on}": "there is no rule called xyz",
    "baseline: [exp]": "baseline must be the name of a run or of one of the baselines",
    "baselines: {paper: .7}": "baselines: paper must be names of metrics",
    "baselines: {paper: {f1: 74}}": "baselines: paper: f1 must be a fraction from 0 to 1: for 74 % write 0.74",
    "datasets: {a: 3}": "datasets: a must be the path of a DATA.yaml",
    "hours: long": "hours must be a number of hours above 0, at most 10,000; it is not used",
    "hours: [8]": "hours must be a number of hours above 0",
    "hours: 0": "hours must be a number of hours above 0",
    "hours: {exp: -1}": "hours: exp must be a number of hours above 0",
    "hours: {exp: .inf}": "hours: exp must be a number of hours above 0",
    "hours: {exp: 10001}": "hours: exp must be a number of hours above 0",
    "notes: {exp: [a]}": "notes: exp must be a text",
    "notes: some": "notes must be names of runs with a text each",
    "tags: {exp: {a: b}}": "tags: exp must be a list of words",
    "tags: {exp: [good, {a: b}]}": "tags: exp must be a list of words",
    "{[a]: 1}": "holds something without a name",
    "rules: {too-short: off}\nrules: {past-best: off}": "rules stands on line 4, too; line 5 holds",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_with_its_line_and_costs_only_itself(text: str) -> None:
    healthy = "" if text.startswith(("[", "{")) else "notes:\n  other: stays\n"
    if text.startswith("notes"):
        healthy = "tags:\n  other: stays\n"
    settings = said(f"{healthy or chr(10) * 2}\n{text}")
    (note,) = notes_on(settings)
    line = 5 if "line 5 holds" in note else 4
    assert note.startswith(f"runlens.yaml, line {line}: ")
    assert WRONG[text] in note
    assert settings.run_notes or settings.run_tags or not healthy


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rules:\n\ttoo-short: off", 2),
        ("rules: [\n", 2),
        ("a: b: c", 1),
        ("x: *unknown", 1),
    ],
)
def test_a_damaged_file_is_told_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_text(text)
    (note,) = load(str(tmp_path)).notes
    assert note.startswith(f"runlens.yaml, line {line}: damaged, the file is not used: ")


def test_a_tab_is_named(tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_text("rules:\n\ttoo-short: off")
    assert load(str(tmp_path)).notes[0].endswith("; indent by blanks, not by tabs")


@pytest.mark.parametrize("text", ["notes:\n  exp: Second: try", "rules:\n a: off\n  b: off"])
def test_what_a_colon_may_mean_is_asked(text: str, tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_text(text)
    (note,) = load(str(tmp_path)).notes
    assert "is it indented otherwise than its neighbours, or is a text with a colon not in" in note


def test_letters_that_are_not_utf_8_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_bytes("rules: {}\ntags: {caf\xe9: good}".encode("latin-1"))
    settings = load(str(tmp_path))
    assert settings.notes == [
        "runlens.yaml, line 2: holds letters that are not UTF-8; save the file as UTF-8"
    ]
    assert len(settings.run_tags) == 1
    (tmp_path / "runlens.yaml").write_bytes("tags: {caf\xe9: good}".encode("utf-16"))
    assert load(str(tmp_path)).notes[0].endswith("save the file as UTF-8")
    (tmp_path / "runlens.yaml").write_text("tags: {caf\xe9: good}", encoding="utf-8")
    assert load(str(tmp_path)).notes == []


def test_the_other_ending_is_not_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "runlens.yml").write_text("rules: {too-short: off}")
    settings = load(str(tmp_path))
    assert settings.off == frozenset()
    assert settings.notes == ["runlens.yml was not read: its name must be runlens.yaml"]
    (tmp_path / "runlens.yaml").write_text("rules: {past-best: off}")
    assert (load(str(tmp_path)).off, load(str(tmp_path)).notes) == ({"past-best"}, [])


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_bytes(b"#" * MAX_BYTES)
    assert load(str(tmp_path)).notes == []
    (tmp_path / "runlens.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert load(str(tmp_path)).notes == [
        "runlens.yaml is larger than 1,048,576 bytes and was not read"
    ]


# Hostile content


BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\ntags: {run: *c}"
DEEP = "rules: " + "[" * 3000
HUGE = {
    "names": "notes:\n" + "\n".join(f"  r{number}: x" for number in range(80_000)),
    "unknown settings": "\n".join(f"setting{number}: x" for number in range(60_000)),
    "unknown metrics": "targets: {" + ", ".join(f"m{number}: 1" for number in range(80_000)) + "}",
    "unknown rules": "rules: {" + ", ".join(f"r{number}: off" for number in range(70_000)) + "}",
    "unknown limits": "rules: {too-short: {" + ", ".join(f"r{number}: 1" for number in range(70_000)) + "}}",
    "tags": "tags: {run: [" + "a, " * 200_000 + "]}",
    "one word": "notes: {run: " + "a" * 900_000 + "}",
    "one name": "notes: {" + "a" * 900_000 + ": b}",
    "digits": "targets: {map50: " + "9" * 900_000 + "}",
}  # fmt: skip


@pytest.mark.parametrize("kind", HUGE)
def test_a_file_as_large_as_may_be_costs_seconds_at_most(kind: str, tmp_path: Path) -> None:
    (tmp_path / "runlens.yaml").write_text(HUGE[kind])
    started = time.process_time()
    settings = load(str(tmp_path))
    notes = notes_on(settings, ["run"])
    assert time.process_time() - started < 10
    assert len(notes) <= 2 * MAX_NOTES + 1
    assert all(len(note) < 400 for note in notes)
    assert len(settings.run_notes) <= MAX_NAMES
    assert sum(map(len, settings.run_notes.values())) <= MAX_NOTE * len(settings.run_notes)


def test_references_are_not_followed_without_bound() -> None:
    assert said(BOMB).run_tags == {}
    with pytest.raises(plain_yaml.Damaged):
        said(DEEP)
    assert said("rules: &r {too-short: off, past-best: *r}").off == {"too-short"}


def test_caps_hold_just_there() -> None:
    def many(number: int) -> Settings:
        return said("notes:\n" + "\n".join(f"  r{one}: x" for one in range(number)))

    assert len(many(MAX_NAMES).run_notes) == MAX_NAMES
    assert many(MAX_NAMES).notes == []
    assert len(many(MAX_NAMES + 1).run_notes) == MAX_NAMES
    assert "has more than 10,000 names" in many(MAX_NAMES + 1).notes[0]

    def named(length: int) -> Settings:
        return said(f"notes: {{{'n' * length}: x}}")

    assert len(named(MAX_NAME).run_notes) == 1
    assert named(MAX_NAME + 1).run_notes == {}
    assert "longer than 300 characters" in named(MAX_NAME + 1).notes[0]
    assert said(f"baseline: {'n' * MAX_NAME}").baseline is not None
    assert said(f"baseline: {'n' * (MAX_NAME + 1)}").baseline is None

    def noted(length: int) -> str:
        return said(f"notes: {{run: {'n' * length}}}").run_notes["run"]

    assert noted(MAX_NOTE) == "n" * MAX_NOTE
    assert noted(MAX_NOTE + 1) == "n" * (MAX_NOTE - 1) + "…"

    def tagged(number: int, length: int = 4) -> Settings:
        return said(f"tags: {{run: [{', '.join(f'{one:0{length}}t' for one in range(number))}]}}")

    assert len(tagged(MAX_TAGS).run_tags["run"]) == MAX_TAGS
    assert tagged(MAX_TAGS).notes == []
    assert len(tagged(MAX_TAGS + 1).run_tags["run"]) == MAX_TAGS
    assert "more than 20 tags" in tagged(MAX_TAGS + 1).notes[0]
    assert not tagged(1, MAX_TAG - 1).run_tags["run"][0].endswith("…")
    assert tagged(1, MAX_TAG).run_tags["run"][0].endswith("…")
    assert said(f"datasets: {{a: /{'n' * (MAX_PATH - 1)}}}").datasets
    assert not said(f"datasets: {{a: /{'n' * MAX_PATH}}}").datasets
    assert short("n" * MAX_SHOWN) == "n" * MAX_SHOWN
    assert short("n" * (MAX_SHOWN + 1)).endswith("n…")


@pytest.mark.parametrize(
    ("mistakes", "notes"),
    [(MAX_NOTES, MAX_NOTES), (MAX_NOTES + 1, MAX_NOTES + 1), (MAX_NOTES + 3, MAX_NOTES + 1)],
)
def test_the_same_mistake_everywhere_is_not_told_everywhere(mistakes: int, notes: int) -> None:
    settings = said("\n".join(f"xyz{number}: 1" for number in range(mistakes)))
    assert len(settings.notes) == notes
    if mistakes > MAX_NOTES:
        more = mistakes - MAX_NOTES
        assert settings.notes[-1] == f"runlens.yaml: {more} more such note{'s' * (more > 1)}"


def test_words_have_no_control_characters() -> None:
    settings = said('notes: {run: "red\\e[31m\\u202etxt\\nnext"}\ntags: {run: ["a\\0b", " c  d "]}')
    assert settings.run_notes == {"run": "red [31m txt next"}
    assert settings.run_tags == {"run": ("a b", "c d")}


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KEYS = (
    "targets",
    "classes",
    "grades",
    "rules",
    "baseline",
    "baselines",
    "datasets",
    "notes",
    "tags",
)


@profile(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), plain, max_size=5))
def test_whatever_is_written_there_becomes_settings(document: dict[str, Any]) -> None:
    settings = said(yaml.safe_dump(document, allow_unicode=True))
    assert all(0 <= one.least <= one.most <= 1 for one in settings.targets)
    assert all(
        0 <= value <= 1 for metrics in settings.baselines.values() for value in metrics.values()
    )
    assert all(value >= 0 for limits in settings.limits.values() for value in limits.values())
    assert all(isinstance(note, str) for note in notes_on(settings, ["exp"]))
    json.dumps([settings.run_notes, settings.run_tags])


@profile(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text("{}[]:-,'\"&*!| \n\tax", max_size=40))
def test_any_text_is_read_or_damaged(text: str) -> None:
    try:
        settings = said(text)
    except plain_yaml.Damaged as error:
        assert str(error)
    else:
        assert isinstance(settings, Settings)


# Rules and their limits


@pytest.mark.parametrize(("rule", "name"), OF_RULES)
def test_every_limit_can_be_set_and_stands_on_its_rules_page(rule: str, name: str) -> None:
    (known,) = (one for one in all_rules() if one.id == rule)
    limit = known.limits[name]
    higher = 0.5 * (limit.value + 1) if limit.value < 1 else 2 * limit.value
    settings = said(f"rules: {{{rule}: {{{name}: {higher!r}}}}}")
    assert notes_on(settings) == []
    assert known.limits_in_force(settings.limits[rule])[name] == higher
    assert f"`{name}`" in known.page()


@pytest.mark.parametrize(("rule", "name"), OF_RULES)
def test_a_limit_below_what_statistics_need_is_told_and_not_used(rule: str, name: str) -> None:
    (known,) = (one for one in all_rules() if one.id == rule)
    least = known.limits[name].least
    assert least <= known.limits[name].value
    for wanted in (least, least * 0.99):
        settings = said(f"rules: {{{rule}: {{{name}: {wanted:.9f}}}}}")
        assert known.limits_in_force(settings.limits[rule])[name] == least
        assert bool(notes_on(settings)) is (wanted < least)
    assert (f"Not below {least:g}." in known.page()) or not least


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e30])
def test_no_limit_breaks_a_rule(value: float, tmp_path: Path) -> None:
    limits = {rule.id: dict.fromkeys(rule.limits, value) for rule in all_rules()}
    cases = [(rule, one.fires.case) for (rule, one) in all_cases().items()]
    nothing = HEALTHY.changed(train=[], val=[], map50_95=[], args={"epochs": 60})
    without = HEALTHY.changed(map50_95=[float("nan")] * len(HEALTHY))
    for name, case in [*cases, ("nothing", nothing), ("without", without)]:
        analysis = analysed(case, tmp_path / name, Settings(limits=limits))
        assert analysis.failed_rules == [], name


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [0.0, 2.0, 1e30])
def test_no_single_limit_breaks_its_rule(value: float, tmp_path: Path) -> None:
    for rule, name in OF_RULES:
        run = open_run(str(_written(rule, tmp_path)))
        analysis = analyse(run, Settings(limits={rule: {name: value}}), NOW)
        assert analysis.failed_rules == [], (rule, name)
        assert [one for one in analysis.findings if " nan" in f" {one.summary}"] == []


def _written(rule: str, folder: Path) -> Path:
    """The training of which a rule's page says that it fires, written once."""
    if not (folder / rule).exists():
        write_training(all_cases()[rule].fires.case, folder / rule)
    return folder / rule


@pytest.mark.parametrize("word", ["off", "Off", "no", "false", "'off'", "OFF"])
def test_every_way_to_say_off(word: str) -> None:
    assert said(f"rules: {{too-short: {word}}}").off == {"too-short"}


@pytest.mark.parametrize("word", ["on", "yes", "true", "", "'on'"])
def test_on_is_the_default(word: str) -> None:
    settings = said(f"rules: {{too-short: {word}}}")
    assert (settings.off, settings.limits, settings.notes) == (frozenset(), {}, [])


@pytest.mark.parametrize("number", ["0.05", ".05", "5e-2", "5.0e-2", "0.5e-1"])
def test_a_number_is_a_number_however_it_is_written(number: str) -> None:
    assert said(f"rules: {{overfitting: {{excess_min: {number}}}}}").limits == {
        "overfitting": {"excess_min": 0.05}
    }
    assert said(f"targets: {{map50: {number}}}").targets == (Target("map50", 0.05, 0.05),)


@pytest.mark.parametrize(("wanted", "told"), [(1.0, False), (1.01, True)])
def test_a_share_above_one_is_asked_about(wanted: float, told: bool) -> None:
    assert bool(notes_on(said(f"rules: {{overfitting: {{excess_min: {wanted}}}}}"))) is told
    assert notes_on(said(f"rules: {{input-bound: {{hours_min: {wanted}}}}}")) == []


# Names of runs


@pytest.mark.parametrize(
    "name",
    [
        "/etc",
        "../other",
        "a/../../b",
        "..",
        "C:\\runs\\a",
        "C:a",
        "\\\\server\\a",
        "..\\a",
        "/",
        "''",
    ],
)
def test_a_baseline_never_leads_out_of_the_logdir(name: str) -> None:
    settings = said(f"baseline: {name}")
    assert settings.baseline is None
    assert len(settings.notes) == 1


@pytest.mark.parametrize(
    ("name", "run"),
    [("./a/", "a"), ("a/b", "a/b"), (".", "."), ("7", "7"), ("a/../b", "b"), ("..a", "..a")],
)
def test_a_baseline_is_named_as_a_scan_names_runs(name: str, run: str) -> None:
    assert said(f"baseline: {name}").baseline == run


def test_a_run_is_called_alike_by_a_scan_and_by_itself(tmp_path: Path, capsys: Any) -> None:
    logdir = tmp_path / "logs"
    for way in ("", "deep/er/exp", "two"):
        write_detect(logdir / way)
    write(logdir / "two" / "second.csv", (logdir / "two" / "results.csv").read_text())
    names = scanned(logdir, capsys)
    assert set(names) == {".", "deep/er/exp", "two", "two@second.csv"}
    write(
        logdir / "runlens.yaml", json.dumps({"notes": {name: f"note on {name}" for name in names}})
    )
    for name in names:
        path = logdir / name.replace("two@", "two/")
        assert main(["show", str(path), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["run"]["note"] == f"note on {name}"
    assert scanned(logdir, capsys) == {name: f"note on {name}" for name in names}


def scanned(logdir: Path, capsys: Any) -> dict[str, Any]:
    """Name and note of every run."""
    assert main(["scan", str(logdir), "--json"]) == 0
    return {run["name"]: run["note"] for run in json.loads(capsys.readouterr().out)["runs"]}


def test_names_of_no_run_are_told_once_all_runs_are_known() -> None:
    text = "notes: {exp: a, ./exp2/: b, old: c}\ntags: {gone: d}\nbaseline: missing\nbaselines: {paper: {f1: .7}}"
    settings = said(text)
    assert settings.run_notes == {"exp": "a", "exp2": "b", "old": "c"}
    assert notes_on(settings) == []
    assert notes_on(settings, ["exp", "exp2"]) == [
        "runlens.yaml, line 1: notes: there is no run called old",
        "runlens.yaml, line 2: tags: there is no run called gone",
        "runlens.yaml, line 3: baseline: there is no run or baseline called missing",
    ]
    assert notes_on(said("baseline: paper\nbaselines: {paper: {f1: .7}}"), ["exp"]) == []


@pytest.mark.parametrize("text", ["notes: {'runs\\exp': a}", "baseline: runs\\exp"])
def test_a_name_as_windows_shows_it_is_told_how_to_write_it(text: str) -> None:
    (note,) = notes_on(said(text), ["runs/exp"])
    assert note.endswith("called runs\\exp; names have / between folders")


# What a training may take


@pytest.mark.parametrize(
    ("text", "run", "hours"),
    [
        ("hours: 8", "night/exp", 8.0),
        ("hours: 1e1", "exp", 10.0),
        ("hours: {exp: 3, '*': 8}", "exp", 3.0),
        ("hours: {'*': 8, exp: 3}", "exp", 3.0),
        ("hours: {'night/*': 12}", "night/exp", 12.0),
        ("hours: {'night/*': 12}", "exp", None),
        ("hours: {./exp/: 2}", "exp", 2.0),
        ("hours:", "exp", None),
    ],
)
def test_hours_are_those_of_the_name_then_of_a_pattern(
    text: str, run: str, hours: Optional[float]
) -> None:
    settings = said(text)
    assert planned_hours(settings.hours, run) == hours
    assert settings.notes == []


def test_hours_of_nothing_are_told() -> None:
    settings = said("hours: {exp: 3, 'night/*': 8, 'day/*': 2}")
    assert notes_on(settings, ["exp", "night/a"]) == [
        "runlens.yaml, line 1: hours: no run is called day/*"
    ]


def test_a_change_of_the_hours_is_a_change_of_the_surroundings() -> None:
    assert not Surroundings(hours=8).same_as(Surroundings(hours=9))


def test_the_command_says_what_ends_too_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_training(taking(9, hours=None), tmp_path / "night" / "exp")
    (tmp_path / "runlens.yaml").write_text("hours: {'night/*': 10}\n")
    monkeypatch.setattr(time, "time", lambda: NOW)
    (analysis,) = judged.scanned(str(tmp_path)).analyses
    (finding,) = [one for one in analysis.findings if one.rule == "late-end"]
    assert finding.evidence["hours_planned"] == 10
    (looked, _, _) = judged.looked_at(str(tmp_path / "night" / "exp"))
    assert finding in looked.findings
