"""Sixty real runs that a person read with awk and by eye, against what RunLens says of them.

``corpus_by_hand.csv`` holds the numbers and why each best epoch is the best. Where nothing in a run tells
the release that wrote it, two epochs are possible, the likelier first, and RunLens has to name both.
The corpus lies beside the checkout and is no part of the repository; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import analyse
from tensorboard_runlens.catalog import open_run
from tests.builders import decoded

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MANIFEST = CORPUS / "MANIFEST.jsonl"
BY_HAND = Path(__file__).with_name("corpus_by_hand.csv")
NOW = 1_800_000_000.0

needs_corpus = pytest.mark.skipif(
    not MANIFEST.is_file(), reason="no corpus of real runs beside this checkout (../shared/corpus)"
)


def table() -> list[dict[str, str]]:
    """The sixty lines by column."""
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer_for(name: str) -> schema.DetailedRun:
    """What RunLens tells the world about a run of the corpus."""
    analysis = analyse(open_run(str(CORPUS / name)), now=NOW)
    return decoded(answers.encode(answers.show_answer(analysis)), schema.ShowAnswer).run


def number(cell: str) -> object:
    return int(cell) if cell else None


def spans(cell: str) -> list[list[int]]:
    """ "1-13 1-80" is [[1, 13], [1, 80]]."""
    return [[int(end) for end in span.split("-")] for span in cell.split()]


every_line = pytest.mark.parametrize("line", table(), ids=lambda line: line["run"])


def test_sixty_runs_were_read_and_each_says_why() -> None:
    lines = table()
    assert len({line["run"] for line in lines}) == len(lines) == 60
    assert [line["run"] for line in lines if not line["why"]] == []


@needs_corpus
@every_line
def test_who_wrote_it_and_what_for(line: dict[str, str]) -> None:
    run = answer_for(line["run"])
    assert (run.framework, run.task) == (line["framework"], line["task"])


@needs_corpus
@every_line
def test_rows_and_epochs(line: dict[str, str]) -> None:
    epochs = answer_for(line["run"]).epochs
    for name in ("rows", "logged", "first", "last", "planned"):
        assert getattr(epochs, name) == number(line[name]), name
    assert [list(span) for span in epochs.segments] == spans(line["segments"])


@needs_corpus
@every_line
def test_the_best_epoch_is_the_one_that_the_framework_kept(line: dict[str, str]) -> None:
    epochs = answer_for(line["run"]).epochs
    (likeliest, *others) = [int(epoch) for epoch in line["best"].split(" or ")]
    assert epochs.best == likeliest
    assert re.findall(r"epoch (\d+) by", epochs.best_by or "") == [str(other) for other in others]


def header(name: str) -> str:
    """The column names of a run's table without padding; of results.txt their number."""
    folder = CORPUS / name
    path = next(path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".txt"))
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    if path.suffix == ".txt":
        return f"{len(first.split())} columns"
    return ",".join(cell.strip() for cell in first.split(","))


@needs_corpus
def test_every_header_of_the_corpus_is_among_the_sixty() -> None:
    runs = [json.loads(line)["run_id"] for line in MANIFEST.read_text("utf-8").splitlines()]
    read = {header(line["run"]) for line in table()}
    assert {header(name) for name in runs} - read == set()
