"""The same digest as text, Markdown, HTML and JSON: what is said in full, and that no name can do harm."""

from __future__ import annotations

import html
import html.parser
import json
import re
import shlex
from pathlib import Path
from typing import Optional

import msgspec
import pytest

from tensorboard_runlens import answers
from tensorboard_runlens.report.digest import FORMATS
from tensorboard_runlens.schema.digest import DigestAnswer
from tests.builders import decoded, write
from tests.comparison.runs import rising

from .nights import EVENING, HOUR, NOW, OUT_OF_MEMORY, copied, digest, names, training


def night(logdir: Path) -> Path:
    """Something of everything happened."""
    training(logdir / "base", ended=NOW - 50 * HOUR, metric=rising(100, 0.5))
    training(logdir / "good", ended=NOW - 9 * HOUR, metric=rising(100, 0.6, seed=1))
    training(
        logdir / "dead",
        ended=NOW - 5 * HOUR,
        metric=rising(100, 0.55, seed=2)[:37],
        planned=100,
        weights=["last.pt"],
        log=OUT_OF_MEMORY,
        batch=16,
    )
    training(logdir / "live", ended=NOW - 60, metric=rising(100, 0.55, seed=3)[:70], planned=100)
    copied(training(logdir / "copy", ended=0, metric=rising(40, 0.4, seed=4)), EVENING + HOUR)
    write(
        logdir / "runlens.yaml",
        "baseline: base\nnotes: {good: more layers}\ntags: {good: [keep]}\n",
    )
    return logdir


GOLDEN = """\
1 finished, 1 died at epoch 37 (out of memory), 2 beat the baseline; 1 is running until 08:29.
From 2027-01-14 20:00 to 2027-01-15 08:00.

Finished
    good, 2027-01-14 23:00: Finished after 1.7 hours. HEADLINE [keep] Your note: more layers

Died
    dead, 03:00: Broke off after epoch 37 of 100: the GPU ran out of memory.

Better than base
    good: REASON.
    live: REASON.

Running
    live: Epoch 70 of 100 done, 1 minute each. Ends about 08:29. STANDING.

Idle
    03:01 to 06:49: No training of this logdir ran for 3.8 hours.
    2027-01-14 23:00 to 02:23: No training of this logdir ran for 3.4 hours.

What to do now
    dead: Halve the batch size before resuming. Resume in the run's folder.
        yolo train resume model=weights/last.pt
    good: Compare it with base in the folder of the logdir.
        runlens compare base good
    live: Compare it with base in the folder of the logdir.
        runlens compare base live

Notes
    1 run with new files left out, since these do not tell when it trained: a copy's all have one time, and so has a\
 single file. copy.
"""


def worded(answer: DigestAnswer) -> str:
    """The text, with words for the sentences that others make."""
    found = FORMATS["text"](answer).decode()
    standing = answer.running[0].standing
    assert standing is not None
    for said in (one.said for one in answer.improved):
        found = found.replace(said, "REASON.")
    return found.replace(standing.said, "STANDING").replace(
        answer.finished[0].said.partition(". ")[2], "HEADLINE"
    )


def of_good(answer: DigestAnswer) -> DigestAnswer:
    """Without the remedies of a finished run, which are the rules' own."""
    kept = [one for one in answer.next if one.run != "good" or "compare" in (one.command or "")]
    return msgspec.structs.replace(answer, next=kept)


def test_a_night_on_the_terminal(tmp_path: Path) -> None:
    assert worded(of_good(digest(night(tmp_path)))) == GOLDEN


def test_every_format_says_all_of_it(tmp_path: Path) -> None:
    answer = digest(night(tmp_path))
    for form, render in FORMATS.items():
        shown = html.unescape(render(answer).decode()).replace("\\", "")
        for one in (*answer.finished, *answer.died, *answer.idle, *answer.next):
            assert one.said in shown, form
        assert answer.headline in shown, form


def test_of_many_runs_the_most_important_are_told_and_how_many_more_there_are(
    tmp_path: Path,
) -> None:
    for number in range(12):
        metric = rising(20, 0.3 + 0.02 * number, seed=number)
        training(tmp_path / f"run{number}", ended=NOW - HOUR - number, metric=metric)
    answer = digest(tmp_path)
    lines = FORMATS["text"](answer).decode().partition("Finished\n")[2].partition("\n\n")[0]
    (*told, last) = [line.strip() for line in lines.splitlines()]
    assert [line.partition(",")[0] for line in told] == names(answer.finished)[:10]
    assert last == "2 more: runlens digest --format json has them all."
    assert len(answer.finished) == 12


def test_the_json_is_that_of_the_schema(tmp_path: Path) -> None:
    answer = digest(night(tmp_path))
    assert decoded(answers.encode(answer), DigestAnswer) == answer
    assert str(tmp_path) not in answers.encode(answer).decode()


HOSTILE = (
    "<script>alert(1)</script>",
    "</code></pre><img src=x onerror=alert(1)>",
    "a|b`c`*d*[e](javascript:f)",
    "```",
    "\x1b[31mred\x1b[0m\x07",
    "\u202etfel",
    "line\nbreak",
    "$(rm -rf ~); 'quoted' && true",
    "--baseline",
    "-rf",
)


class Elements(html.parser.HTMLParser):
    """The elements of a page and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for (name, _) in attrs]


@pytest.fixture
def hostile(tmp_path: Path) -> DigestAnswer:
    """A run that is better, one that died and the baseline, each with a name of its own, and a note."""
    for number, name in enumerate(HOSTILE):
        folder = tmp_path / name.replace("/", "∕")
        metric = rising(100, 0.6, seed=number)
        if number % 2:
            training(folder, NOW - 2 * HOUR, metric=metric[:30], planned=90, weights=["last.pt"])
        else:
            training(folder, NOW - HOUR, metric=metric)
    training(tmp_path / "base <b>", NOW - 50 * HOUR, metric=rising(100, 0.4, seed=99))
    note = json.dumps("<b onclick=alert(1)>|\n# no")
    write(
        tmp_path / "runlens.yaml", f'baseline: "base <b>"\nnotes: {{{json.dumps("```")}: {note}}}\n'
    )
    return digest(tmp_path)


def test_no_name_is_an_element_of_the_page(hostile: DigestAnswer) -> None:
    page = Elements(FORMATS["html"](hostile).decode())
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p"}
    assert set(page.tags) <= {*allowed, "ul", "li", "pre", "code"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "href"]


def test_no_name_is_markup_in_markdown(hostile: DigestAnswer) -> None:
    text = FORMATS["md"](hostile).decode()
    fence = None
    for line in text.splitlines():
        row = re.match(r"`{3,}$", line)
        if row and fence in (None, row[0]):
            fence = None if fence else row[0]
        elif fence is None:
            assert not re.search(r"(?<!\\)[<>`|\[\]*]", line), line
    assert fence is None


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_is_obeyed_by_a_terminal(hostile: DigestAnswer, form: str) -> None:
    text = FORMATS[form](hostile).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)


def test_commands_name_hostile_runs_as_single_words(hostile: DigestAnswer) -> None:
    compared = [
        shlex.split(one.command) for one in hostile.next if "compare" in (one.command or "")
    ]
    assert len(compared) >= 3
    for words in compared:
        assert words[:3] == ["runlens", "compare", "base <b>"]
        assert words[3].removeprefix("./") in hostile_names()
        assert not words[3].startswith("-")
        assert len(words) == 4


def hostile_names() -> set[str]:
    return {name.replace("/", "∕") for name in HOSTILE}
