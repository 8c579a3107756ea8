"""Label files as they are found: rows to boxes, and each fault by its name and line."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_runlens.dataset import labels
from tensorboard_runlens.dataset.labels import Labels, parse_labels

from .datasets import box, polygon

fractions = st.floats(0.3, 0.6).map(lambda value: round(value, 6))
sizes = st.floats(0.01, 0.5).map(lambda value: round(value, 6))
rows = st.tuples(st.integers(0, 9), fractions, fractions, sizes, sizes)


def parsed(text: str, classes: int = 10, **more: object) -> Labels:
    return parse_labels(text.encode(), classes, **more)  # type: ignore[arg-type]


def kinds_of(found: Labels) -> list[str]:
    return [fault.kind for fault in found.faults]


@given(st.lists(rows, unique=True), st.sampled_from([" ", "\t", "  "]), st.sampled_from("\n|\r\n"))
def test_good_boxes_are_read_as_they_stand(
    given_rows: list[tuple[int, float, float, float, float]], blank: str, end: str
) -> None:
    text = (end if end != "|" else "\n\n").join(
        blank.join(str(value) for value in row) for row in given_rows
    )
    found = parsed(text)
    assert found.usable
    assert found.empty == (not given_rows)
    assert found.classes.tolist() == [row[0] for row in given_rows]
    assert np.allclose(found.boxes, np.array([row[1:] for row in given_rows]).reshape(-1, 4))
    assert dict(found.kinds) == ({"box": len(given_rows)} if given_rows else {})


@given(st.binary(max_size=2000))
def test_any_bytes_give_labels_that_hold_together(data: bytes) -> None:
    found = parse_labels(data, 80)
    assert len(found.classes) == len(found.boxes) == sum(found.kinds.values())
    assert ((found.classes >= 0) & (found.classes < 80)).all()
    assert np.isfinite(found.boxes).all()


@given(st.text("0123456789.-e+ \n,nainf", max_size=300))
def test_whatever_looks_like_numbers_is_survived(text: str) -> None:
    found = parse_labels(text.encode())
    assert len(found.classes) == len(found.boxes)
    if found.usable and len(found.classes):
        assert found.boxes.min() >= -labels.TOLERANCE


@given(
    st.lists(rows, min_size=1, max_size=5, unique=True),
    st.sampled_from(["0 .5 .5", "0 a b c d", "0.5 .5 .5 .1 .1"]),
)
def test_one_bad_row_makes_the_file_unusable_and_the_others_are_still_read(
    given_rows: list[tuple[float, ...]], bad: str
) -> None:
    text = "\n".join([bad, *(" ".join(map(str, row)) for row in given_rows)])
    found = parsed(text)
    assert not found.usable
    assert found.faults[0].line == 1
    assert len(found.classes) == len(given_rows)


@pytest.mark.parametrize(
    ("text", "kind", "usable"),
    [
        ("0 0.5 0.5 0.1", labels.WRONG_LENGTH, False),
        ("0 0.5 0.5 0.1 0.1 0.9", labels.WRONG_LENGTH, False),
        ("0 0.5 0,5 0.1 0.1", labels.NOT_NUMBERS, False),
        ("0 0.5 nan 0.1 0.1", labels.NOT_NUMBERS, False),
        ("0.5 0.5 0.5 0.1 0.1", labels.BAD_CLASS, False),
        ("-1 0.5 0.5 0.1 0.1", labels.BAD_CLASS, False),
        ("10 0.5 0.5 0.1 0.1", labels.UNKNOWN_CLASS, False),
        ("1e300 0.5 0.5 0.1 0.1", labels.BAD_CLASS, False),
        ("0 320 240 50 50", labels.OUT_OF_RANGE, False),
        ("0 1.02 0.5 0.1 0.1", labels.OUT_OF_RANGE, False),
        ("0 0.5 0.5 -0.005 0.1", labels.NEGATIVE_AREA, False),
        ("0 0.5 0.5 0 0.1", labels.ZERO_AREA, True),
        ("0 0.9 0.5 0.4 0.1", labels.BEYOND_EDGE, True),
        (f"{box(0)}\n{box(0)}", labels.DUPLICATE, True),
        (f"{box(0)}\n{polygon(0)}", labels.MIXED_ROWS, False),
        ("0 0.1 0.5 0.2 0.5 0.2 1.2", labels.BEYOND_EDGE, True),
        ("0 0.1 0.1 2.2 0.1 0.2 0.9", labels.OUT_OF_RANGE, False),
    ],
)
def test_each_fault_has_its_name(text: str, kind: str, usable: bool) -> None:
    found = parsed(text)
    assert kinds_of(found) == [kind]
    assert found.usable is usable


@pytest.mark.parametrize("text", ["0 1.005 0.5 0.01 0.1", "0 -0.005 0.5 0.01 0.1", "0 0.5 0.5 1 1"])
def test_rounding_is_forgiven(text: str) -> None:
    assert parsed(text).faults == ()


@pytest.mark.parametrize("text", ["", "\n\n", "  \r\n", "\ufeff"])
def test_a_file_without_rows_is_empty_and_no_fault(text: str) -> None:
    found = parsed(text)
    assert found.empty
    assert found.usable


def test_a_polygon_has_its_bounding_box() -> None:
    found = parsed("3 0.1 0.2 0.5 0.2 0.3 0.8")
    assert dict(found.kinds) == {"polygon": 1}
    assert found.boxes.tolist() == [pytest.approx([0.3, 0.5, 0.4, 0.6])]
    assert found.quads == 0


def test_nine_numbers_may_be_an_oriented_box() -> None:
    found = parsed(f"{polygon(0, corners=4)}\n{polygon(1)}")
    assert dict(found.kinds) == {"polygon": 2}
    assert found.quads == 1


def test_keypoints_follow_the_shape_of_the_data_set() -> None:
    row = "0 0.5 0.5 0.2 0.2 " + " ".join(["0.4 0.4"] * 3)  # 11 numbers, as a polygon has
    assert dict(parsed(row, keypoints=(3, 2)).kinds) == {"pose": 1}
    assert dict(parsed(row).kinds) == {"polygon": 1}


@pytest.mark.parametrize("row", [box(0), "0 .5 .5 .2 .2 .4 .4 .4 -.3 .4 .4", "0 .5 .5 .2 .2 .4"])
def test_what_does_not_fit_the_stated_keypoints_is_unusable(row: str) -> None:
    assert not parsed(row, keypoints=(3, 2)).usable


def test_keypoints_with_visibility_are_known_by_their_number() -> None:
    row = "0 0.5 0.5 0.2 0.2 " + " ".join(["0.4 0.4 2"] * 17)
    found = parsed(row)
    assert dict(found.kinds) == {"pose": 1}
    assert found.faults == ()


def test_a_class_is_taken_as_it_is_where_the_data_set_names_none() -> None:
    assert parse_labels(b"700 0.5 0.5 0.1 0.1").classes.tolist() == [700]


def test_unknown_classes_are_named() -> None:
    assert parsed("4 .5 .5 .1 .1\n7 .5 .5 .1 .1\n1 .5 .5 .1 .1", classes=2).unknown == {4, 7}


def test_bytes_that_are_no_text_are_one_fault() -> None:
    assert kinds_of(parse_labels(b"\xff\xfe0\x00 \x00")) == [labels.NOT_TEXT]


def test_a_path_in_a_label_file_is_not_repeated() -> None:
    (fault,) = parsed("/home/carol/secret/a.jpg .5 .5 .1 .1").faults
    assert "carol" not in fault.words


def test_a_file_of_a_million_rows_is_refused_quickly() -> None:
    start = time.monotonic()
    found = parse_labels(b"0 0 0 0 0\n" * 1_000_000)
    assert kinds_of(found) == [labels.TOO_MANY_ROWS]
    assert time.monotonic() - start < 5
