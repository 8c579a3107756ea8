"""Metrics by class as people save them: every spelling read, everything doubtful left out and said."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorboard_runlens.catalog import open_run
from tensorboard_runlens.cli import main
from tensorboard_runlens.folder import Folder
from tensorboard_runlens.formats.class_lines import MAX_COUNT
from tensorboard_runlens.formats.class_metrics import MAX_CLASSES, saved_metrics
from tensorboard_runlens.formats.metric_words import DETECTION_WORDS, meaning
from tests.builders import kinds, write, write_detect

CAT = {"precision": 0.8, "recall": 0.7, "map50": 0.75, "map50_95": 0.5}
DOG = {"precision": 0.6, "recall": 0.5, "map50": 0.55, "map50_95": 0.3}
MEAN = {"precision": 0.7, "recall": 0.6, "map50": 0.65, "map50_95": 0.4}


def saved(folder, document, name="per_class_metrics.json"):
    raw = isinstance(document, (str, bytes))
    write(folder / name, document if raw else json.dumps(document))
    return saved_metrics(Folder(str(folder)))


def by_class(found):
    return {line.name: line.metrics for line in found.classes}


def spelled(metrics, *names):
    """Metrics under the names that somebody gave them."""
    return dict(zip(names, metrics.values()))


WORDS = ("Precision", "Recall", "mAP@0.5", "mAP@[0.5:0.95]")
FORMS = {
    "plain": {"cat": CAT, "dog": DOG},
    "words": {"cat": spelled(CAT, *WORDS), "dog": spelled(DOG, *WORDS)},
    "letters": {"cat": spelled(CAT, "p", "r", "ap50", "ap"), "dog": spelled(DOG, "P", "R", "AP50", "AP")},
    "texts": {
        "cat": {name: str(value) for (name, value) in CAT.items()},
        "dog": {name: f" {value} " for (name, value) in DOG.items()},
    },
    "percent": {
        "cat": {name: value * 100 for (name, value) in CAT.items()},
        "dog": {name: f"{value * 100}%" for (name, value) in DOG.items()},
    },
    "inside": {"per_class": {"cat": CAT, "dog": DOG}, "date": "today", "epoch": 12},
    "deep inside": {"results": {"val": {"cat": CAT, "dog": DOG}}},
    "overall beside": {"overall": MEAN, "per_class": {"cat": CAT, "dog": DOG}},
    "overall above": {**MEAN, "classes": {"cat": CAT, "dog": DOG}},
    "all as a class": {"all": MEAN, "cat": CAT, "dog": DOG},
    "list": [{"class": "cat", **CAT}, {"name": "dog", **DOG}],
    "list inside": {"classes": [{"class_name": "cat", **CAT}, {"label": "dog", **DOG}]},
    "transposed": {name: {"cat": CAT[name], "dog": DOG[name]} for name in CAT},
    "groups": {"cat": {"box": CAT}, "dog": {"box": DOG}},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(tmp_path, form):
    found = saved(tmp_path, FORMS[form])
    assert by_class(found) == {
        "cat": {"box": pytest.approx(CAT)},
        "dog": {"box": pytest.approx(DOG)},
    }
    assert found.final == {"box": pytest.approx(MEAN)}
    assert kinds(found.problems) == (["percent"] if form == "percent" else [])


def test_boxes_and_masks_are_kept_apart(tmp_path):
    found = saved(
        tmp_path, {"cat": {"box": CAT, "mask": DOG}, "dog": {"bbox": DOG, "segmentation": CAT}}
    )
    assert by_class(found) == {"cat": {"box": CAT, "mask": DOG}, "dog": {"box": DOG, "mask": CAT}}


def test_of_the_whole_model_alone(tmp_path):
    found = saved(tmp_path, {"box": CAT, "mask": DOG}, "metrics.json")
    assert found.classes == ()
    assert found.final == {"box": CAT, "mask": DOG}


def test_names_as_ultralytics_gives_them_are_those_of_the_whole(tmp_path):
    document = {"metrics/mAP50(B)": 0.75, "metrics/mAP50-95(B)": 0.5, "metrics/mAP50(M)": 0.6}
    found = saved(tmp_path, {**document, "fitness": 0.5}, "results_dict.json")
    assert found.final == {"box": {"map50": 0.75, "map50_95": 0.5}, "mask": {"map50": 0.6}}
    assert found.classes == ()


@pytest.mark.parametrize(
    "word", ["instances", "n", "support", "Instances", "num_instances", "val samples"]
)
def test_counts_are_read_and_never_metrics(tmp_path, word):
    found = saved(tmp_path, {"cat": {**CAT, word: 18, "images": 12}, "dog": {**DOG, word: 0}})
    assert [(line.images, line.instances) for line in found.classes] == [(12, 18), (None, 0)]
    assert by_class(found)["cat"] == {"box": CAT}


@pytest.mark.parametrize("count", [-1, MAX_COUNT, 1e300, "many", None, True, [3], "NaN"])
def test_a_count_that_is_none_is_unknown(tmp_path, count):
    found = saved(tmp_path, {"cat": {**CAT, "instances": count}})
    assert found.classes[0].instances is None


def test_what_may_be_percent_or_fraction_is_left_out_and_said(tmp_path):
    found = saved(
        tmp_path, {"cat": {"map50": 86.0, "recall": 0.7}, "dog": {"map50": 88.0, "recall": 0.0}}
    )
    assert by_class(found) == {"cat": {"box": {"map50": 0.86}}, "dog": {"box": {"map50": 0.88}}}
    assert [(one.kind, one.problem) for one in found.problems] == [
        ("percent", "percentages; they are read as fractions"),
        ("percent_or_fraction", "recall: percent or fraction is not clear; left out"),
    ]


def test_a_class_of_one_percent_beside_better_ones_is_one_percent(tmp_path):
    found = saved(tmp_path, {"cat": {"map50": 86.0}, "dog": {"map50": 0.9}})
    assert by_class(found)["dog"] == {"box": {"map50": pytest.approx(0.009)}}


def test_f1_is_no_mean_of_f1(tmp_path):
    found = saved(tmp_path, {"cat": {"f1": 0.8, "map50": 0.7}, "dog": {"f1": 0.6, "map50": 0.5}})
    assert found.final == {"box": {"map50": pytest.approx(0.6)}}


def test_a_metric_that_one_class_lacks_has_no_mean(tmp_path):
    found = saved(tmp_path, {"cat": {"map50": 0.7, "recall": 0.9}, "dog": {"map50": 0.5}})
    assert found.final == {"box": {"map50": pytest.approx(0.6)}}


def test_values_that_are_no_metric_are_left_out(tmp_path):
    found = saved(
        tmp_path,
        '{"cat": {"map50": NaN, "recall": 0.7}, "dog": {"map50": Infinity, "recall": 1e9},'
        ' "cow": {"recall": "good"}, "hen": {"recall": -0.5}, "pig": {"recall": true}}',
    )
    classes = {"cat": {"box": {"recall": 0.7}}, "dog": {}, "cow": {}, "hen": {}, "pig": {}}
    assert by_class(found) == classes
    assert found.final is None
    assert said(found) == [
        "no usable number, left out: 'cat' map50, 'dog' map50 recall, 'cow' recall, 'hen' recall,"
        " 'pig' recall"
    ]


def said(found):
    return [one.problem for one in found.problems]


@pytest.mark.parametrize(
    ("toe", "count"),
    [({"map50": None, "n": 18}, 18), ({"map50": -1, "n": 18}, 18), ({"n": 0}, 0), ({}, None)],
)
def test_a_class_without_a_number_stays_and_leaves_no_mean_of_the_others(tmp_path, toe, count):
    found = saved(
        tmp_path, {"cat": {"map50": 0.9, "n": 5}, "toe": toe, "dog": {"map50": 0.8, "n": 7}}
    )
    assert by_class(found) == {
        "cat": {"box": {"map50": 0.9}},
        "toe": {},
        "dog": {"box": {"map50": 0.8}},
    }
    assert found.classes[1].instances == count
    assert found.final is None
    assert kinds(found.problems) == ["no_number"]
    assert "'toe'" in found.problems[0].problem


def test_null_among_classes_is_a_class_and_among_other_values_is_none(tmp_path):
    assert by_class(saved(tmp_path, {"cat": CAT, "toe": None}))["toe"] == {}
    with_date = saved(tmp_path, {"cat": CAT, "date": None, "by": "us"})
    assert by_class(with_date).keys() == {"cat"}


def test_classes_beyond_the_limit_count_in_no_mean_of_the_first(tmp_path):
    classes = {
        f"c{number}": {"map50": float(number >= MAX_CLASSES)} for number in range(MAX_CLASSES * 2)
    }
    assert saved(tmp_path, classes).final == {"box": {"map50": 0.5}}


@pytest.mark.parametrize(
    "name",
    ["overall_metrics", "finalMetrics", "best_model", "Overall Performance", "model_metrics",
     "results", "all classes", "validation results", "final", "macro avg"],
)  # fmt: skip
def test_a_section_of_the_whole_is_no_class(tmp_path, name):
    found = saved(tmp_path, {"per_class": {"cat": CAT, "dog": DOG}, name: {"map50": 0.61}})
    assert by_class(found).keys() == {"cat", "dog"}
    assert found.final == {"box": {"map50": 0.61}}
    assert found.problems == ()


@pytest.mark.parametrize("name", ["model_t", "final", "model", "test", "train", "bestie"])
def test_a_class_may_have_such_a_name_among_others_with_the_same_keys(tmp_path, name):
    found = saved(tmp_path, {"cat": CAT, name: DOG})
    assert by_class(found) == {"cat": {"box": CAT}, name: {"box": DOG}}
    assert found.final == {"box": pytest.approx(MEAN)}


def test_a_section_that_holds_the_classes_is_of_all_of_them(tmp_path):
    found = saved(tmp_path, {"run 7": {**MEAN, "per_class": {"cat": CAT, "dog": DOG}}})
    assert (by_class(found).keys(), found.final) == ({"cat", "dog"}, {"box": MEAN})


def test_metrics_on_training_images_are_not_used(tmp_path):
    found = saved(tmp_path, {"train": {"cat": DOG}, "val": {"cat": CAT, "all": CAT}})
    assert (by_class(found), found.final) == ({"cat": {"box": CAT}}, {"box": CAT})
    assert said(found) == ["numbers that are not used: 'train'"]


def test_of_several_lines_for_all_classes_the_first_is_used_and_that_is_said(tmp_path):
    found = saved(tmp_path, {"test": DOG, "best_model": CAT, "overall": MEAN}, "metrics.json")
    assert (found.classes, found.final) == ((), {"box": MEAN})
    assert said(found) == ["'overall' is read as all classes, and not 'best_model', 'test'"]


def test_a_class_that_stands_twice_is_said(tmp_path):
    found = saved(tmp_path, {"val": {"cat": CAT}, "test": {"cat": DOG}})
    assert by_class(found) == {"cat": {"box": CAT}}
    assert kinds(found.problems) == ["same_class"]


@pytest.mark.parametrize("key", ["per_class_mAP50", "mAP50_per_class", "ap50 by class"])
def test_a_metric_by_class_beside_the_whole_is_read(tmp_path, key):
    found = saved(tmp_path, {key: {"cat": 0.7, "dog": None}, "overall_mAP50": 0.6, "epoch": 3})
    assert by_class(found) == {"cat": {"box": {"map50": 0.7}}, "dog": {}}
    assert found.final == {"box": {"map50": 0.6}}
    assert kinds(found.problems) == ["no_number"]


def test_short_words_are_known_and_numbers_without_a_word_are_said_once(tmp_path):
    others = {f"other {number}": 0.5 for number in range(7)}
    document = {"prec": 0.8, "rec": 0.7, "Precision (pixel)": 0.1, **others, "fitness": 0.5}
    found = saved(tmp_path, document, "metrics.json")
    assert found.final == {"box": {"precision": 0.8, "recall": 0.7}}
    assert said(found) == [
        "numbers that are not used: 'Precision (pixel)', 'other 0', 'other 1', 'other 2', 'other 3'"
        " and 3 more"
    ]


def test_numbers_without_a_word_inside_classes_and_sections_are_said(tmp_path):
    document = {"cat": {**CAT, "tp": 5}, "dog": {**DOG, "tp": 6}, "speed": {"loading": 1.5}}
    found = saved(tmp_path, document)
    assert by_class(found).keys() == {"cat", "dog"}
    assert sorted(said(found)[0].partition(": ")[2].split(", ")) == ["'speed'", "'tp'"]


def test_a_percent_sign_speaks_for_its_own_value(tmp_path):
    found = saved(
        tmp_path,
        {"cat": {"map50": "65.0%", "recall": "0.900"}, "dog": {"map50": "0.5%", "recall": 0.5}},
    )
    assert by_class(found) == {
        "cat": {"box": {"map50": 0.65, "recall": 0.9}},
        "dog": {"box": {"map50": 0.005, "recall": 0.5}},
    }
    assert found.problems == ()


@pytest.mark.parametrize("field", ["name", "class_name"])
def test_numbered_classes_have_the_names_that_they_state(tmp_path, field):
    found = saved(tmp_path, {"0": {field: "cat", **CAT}, "1": {field: "dog", **DOG}})
    assert by_class(found) == {"cat": {"box": CAT}, "dog": {"box": DOG}}
    twice = saved(tmp_path, {"0": {field: "cat", **CAT}, "1": {field: "cat", **DOG}})
    assert by_class(twice).keys() == {"cat", "cat (1)"}


@pytest.mark.parametrize(
    "name", ["package.json", "classes.json", "coco_annotations.json", "hyp.json", "a.JSON"]
)
def test_files_about_something_else_are_nothing(tmp_path, name):
    for document in (
        {"p": 0.5, "r": 0.2},
        {"images": [{"name": "a.jpg", "n": 3}]},
        [1, 2],
        "text",
        "{",
    ):
        assert saved(tmp_path, document, name) is None


def test_another_name_with_several_classes_is_read(tmp_path):
    assert by_class(saved(tmp_path, FORMS["plain"], "final.json")).keys() == {"cat", "dog"}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ("", "damaged"),
        ('{"cat": {"map50"', "damaged"),
        (bytes(range(256)) * 4, "damaged"),
        ("[" * 50_000, "damaged"),
        ("{}", "not_metrics"),
        ('{"epoch": 3}', "not_metrics"),
        ('{"a": {"b": {"c": {"d": {"map50": 0.5}}}}}', "not_metrics"),
    ],
)
def test_a_file_of_that_name_without_metrics_is_a_problem_and_the_run_is_read(
    tmp_path, document, kind
):
    write_detect(tmp_path, epochs=5)
    write(tmp_path / "per_class_metrics.json", document)
    run = open_run(str(tmp_path))
    assert len(run.history) == 5
    assert run.classes == ()
    assert [(one.file, one.kind) for one in run.problems] == [("per_class_metrics.json", kind)]


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path):
    write_detect(tmp_path, epochs=5)
    with (tmp_path / "metrics.json").open("wb") as file:
        file.truncate(50 * 2**20)
    started = time.perf_counter()
    run = open_run(str(tmp_path))
    assert time.perf_counter() - started < 0.5
    assert [(one.file, one.kind) for one in run.problems] == [("metrics.json", "damaged")]
    assert "52,428,800 bytes" in run.problems[0].problem


def many(form, classes):
    lines = [f'"{number:x}":{{"p":1}}' for number in range(classes)]
    return (
        "{"
        + ("" if form == "flat" else '"x":{"y":{')
        + ",".join(lines)
        + ("}" if form == "flat" else "}}}")
    )


@pytest.mark.parametrize("form", ["flat", "inside"])
def test_of_as_many_classes_as_fit_into_a_file_the_first_are_kept(tmp_path, form):
    found = saved(tmp_path, many(form, 60_000))
    assert len(found.classes) == MAX_CLASSES
    assert kinds(found.problems) == ["too_many_classes"]


def test_a_hundred_thousand_classes_are_too_large_a_file(tmp_path):
    found = saved(tmp_path, many("flat", 100_000))
    assert (found.classes, kinds(found.problems)) == ((), ["damaged"])


HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J\u202e\ud800 /home/anna/x"


def test_hostile_names_are_shown_as_text(tmp_path, capsysbinary):
    write_detect(tmp_path / "run", epochs=5)
    saved(tmp_path / "run", json.dumps({HOSTILE: CAT, "dog": DOG}))
    assert main(["show", str(tmp_path / "run"), "--json"]) == 0
    names = [line["name"] for line in json.loads(capsysbinary.readouterr().out)["run"]["classes"]]
    assert names[0].startswith("<img src=x onerror=alert(1)>")
    assert "/home/anna" not in names[0]
    assert main(["show", str(tmp_path / "run")]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "/home/anna" not in shown


def test_a_file_that_links_out_of_the_run_is_not_read(tmp_path):
    secret = write(tmp_path / "elsewhere" / "secret.json", json.dumps(FORMS["plain"]))
    folder = write_detect(tmp_path / "run", epochs=5)
    (folder / "per_class_metrics.json").symlink_to(secret)
    run = open_run(str(folder))
    assert run.classes == ()
    assert [one.problem for one in run.problems] == [
        "a link to a file outside the run, not followed"
    ]


numbers = st.floats() | st.integers() | st.booleans() | st.none() | st.text(max_size=6)
words = st.sampled_from(
    ["box", "mask", "map50", "Precision", "n", "all", "ap", "cat", "per_class"]
) | st.text(max_size=6)
documents = st.recursive(
    numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300)
@given(
    documents, st.sampled_from(["per_class_metrics.json", "metrics.json", "scores.json", "x.json"])
)
def test_any_document_gives_fractions_or_nothing(tmp_path_factory, document, name):
    found = saved(tmp_path_factory.mktemp("saved"), document, name)
    if found is None:
        return
    assert found.final != {}
    for metrics in [*(line.metrics for line in found.classes), found.final or {}]:
        for named in metrics.values():
            assert all(0 <= value <= 1.001 for value in named.values())
            assert named.keys() <= set(DETECTION_WORDS.values()) | {"top1", "top5"}
    for line in found.classes:
        assert line.instances is None or 0 <= line.instances < MAX_COUNT
        line.name.encode("utf-8")


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_cost_nothing_else(tmp_path_factory, data):
    folder = write_detect(tmp_path_factory.mktemp("saved"), epochs=5)
    write(folder / "metrics.json", data)
    assert len(open_run(str(folder)).history) == 5


@given(
    st.sampled_from(sorted(DETECTION_WORDS)),
    st.sampled_from(["", "val_", "mean ", "Overall ", "metrics/"]),
    st.booleans(),
)
def test_a_word_is_known_in_every_dress(word, before, loud):
    dressed = f"{before}{word.upper() if loud else word}"
    assert meaning(dressed, DETECTION_WORDS) == DETECTION_WORDS[word]


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("colors.json", {"cat": {"r": 12, "g": 200, "b": 3}, "dog": {"r": 90, "g": 10, "b": 7}}),
        ("eval_config.json", {"precision": 32, "recall": 1}),
        ("package.json", {"name": "x", "scripts": {"precision": 1, "recall": 1}, "a": {"map": 1}}),
    ],
)
def test_what_is_not_about_metrics_is_left_alone(tmp_path, name, document):
    (tmp_path / name).write_text(json.dumps(document))
    assert saved_metrics(Folder(str(tmp_path))) is None
