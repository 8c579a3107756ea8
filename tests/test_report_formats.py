"""The formats of a report: whatever a text holds, it is read back as that text and means nothing to the format."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Optional
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tensorboard_runlens.report.document import (
    Bullets,
    Chart,
    Code,
    Document,
    Figure,
    Line,
    Paragraph,
    Report,
    Section,
    Table,
)
from tensorboard_runlens.report.figures.svg import svg
from tensorboard_runlens.report.figures.ticks import ticks
from tensorboard_runlens.report.formats import all_formats, latex, markdown, nothing_beside
from tensorboard_runlens.report.text import printable

HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("|`[]()<>\\{}$&#^_~%=+-@*!\"'/\n\r\t\x00\x1b"))
)


class Answer(msgspec.Struct):
    ok: bool
    text: str


def report(*texts: str) -> Report:
    """Every text in every kind of block, and in a table of two columns."""
    (first, *_) = texts
    blocks = (
        Paragraph(first),
        Bullets(texts),
        Code(first),
        Table((first, "number"), tuple((text, 0.5) for text in texts), first),
        Figure(
            "figure",
            first,
            Chart(first, first, (Line(first, ((1.0, 0.1), (2.0, None), (3.0, 0.3))),)),
        ),
    )
    document = Document(first, "Made by RunLens.", (Section(first, blocks),))
    rows = Table(("text", "number"), tuple((text, 0.5) for text in texts))
    return Report(document, rows, Answer(True, first))


def rendered(form: str, *texts: str) -> str:
    return all_formats()[form].render(report(*texts), nothing_beside).decode("utf-8")


def one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def test_the_formats_are_those_that_are_promised() -> None:
    assert set(all_formats()) == {"md", "html", "csv", "json", "tex"}


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_csv_gives_every_text_back_and_no_cell_is_a_formula(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(rendered("csv", *texts), newline="")))
    assert rows[0] == ["text", "number"]
    assert [row[0].removeprefix("'") for row in rows[1:]] == [
        printable(text).removeprefix("'") for text in texts
    ]
    assert not any(row[0].lstrip().startswith(("=", "+", "-", "@")) for row in rows)


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_a_row_of_markdown_has_the_cells_of_its_table(texts: list[str]) -> None:
    lines = rendered("md", *texts).split("\n")
    start = next(at for (at, line) in enumerate(lines) if re.fullmatch(r"\| --- \| ---: \|", line))
    rows = [lines[start - 1], *lines[start + 1 : start + 1 + len(texts)]]
    cells = [re.split(r"(?<!\\)(?:\\\\)*\|", row)[1:-1] for row in rows]
    assert [len(row) for row in cells] == [2] * (1 + len(texts))
    assert [unescaped(row[0]).strip() for row in cells[1:]] == [one_line(text) for text in texts]


def unescaped(markdown_text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown_text)


@given(HOSTILE)
def test_no_sign_of_a_text_means_anything_to_markdown(text: str) -> None:
    shown = markdown.escaped(text)
    without = re.sub(r"\\[!-/:-@\[-`{-~]", "", shown)
    assert not set(without) & set("`*_{}[]<>#|~&$\\\n")
    assert not re.search(r"(?i)https?:|www\.", without)
    assert unescaped(shown) == one_line(text)


@given(HOSTILE)
def test_code_in_markdown_ends_where_it_ends(text: str) -> None:
    lines = rendered("md", text).split("\n")
    fences = [at for (at, line) in enumerate(lines) if re.fullmatch("`{3,}", line)]
    if text:
        (first, *_, last) = fences
        assert lines[first] == lines[last]
        assert not any(line.startswith(lines[first]) for line in lines[first + 1 : last])


@given(HOSTILE)
def test_no_sign_of_a_text_means_anything_to_tex(text: str) -> None:
    shown = latex.escaped(text)
    known = (
        r"\\textbackslash\{\}|\\textasciicircum\{\}|\\textasciitilde\{\}|\\[{}$&#_%]"
        r"|\{[\[\]*<>|\"'`]\}|-\{\}"
    )
    assert not set(re.sub(known, "", shown)) & set("\\{}$&#^_~%[]*")
    assert not any(ord(sign) < 32 for sign in shown) and "--" not in shown


@given(HOSTILE)
def test_every_environment_of_the_tex_file_is_closed(text: str) -> None:
    source = rendered("tex", text)
    commands = re.sub(r"\\textbackslash\{\}|\\[{}$&#_%]", "", source)
    opened = re.findall(r"\\begin\{(\w+)\}", commands)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", commands))
    assert commands.count("{") == commands.count("}")


class Texts(HTMLParser):
    """The elements of a page and the texts of its list."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.items: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Optional[str]]]) -> None:
        self.tags.add(tag)
        self._inside = tag == "li"
        if self._inside:
            self.items.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "li"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.items[-1] += data


OWN_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ul", "li"),
    *("pre", "code", "table", "thead", "tbody", "tr", "th", "td", "figure", "img", "figcaption"),
}


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_html_gives_every_text_back_and_has_only_its_own_elements(texts: list[str]) -> None:
    page = Texts()
    page.feed(rendered("html", *texts))
    assert page.tags <= OWN_TAGS
    assert page.items == [printable(text) for text in texts]


def test_html_allows_nothing_from_elsewhere_and_no_script() -> None:
    page = rendered("html", "x")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy and "default-src 'none'" in policy[1] and "script-src" not in policy[1]


@given(st.text())
def test_json_has_the_answer_and_what_made_it(text: str) -> None:
    found = json.loads(rendered("json", text))
    assert found["text"] == text
    assert "overfitting" in found["report"]["rules"] and found["report"]["runlens"]


@given(HOSTILE)
def test_a_chart_is_xml_whatever_its_names_are(text: str) -> None:
    beside: dict[str, bytes] = {}

    def keep(name: str, content: bytes) -> str:
        beside[name] = content
        return f"figures/{name}"

    page = all_formats()["md"].render(report(text), keep).decode("utf-8")
    root = ElementTree.fromstring(beside["figure.svg"])
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        *("svg", "title", "rect", "line", "text", "polyline"),
    }
    assert "](<figures/figure.svg>)" in page


def test_a_gap_is_a_gap_and_not_zero() -> None:
    source = rendered("tex", "loss")
    assert "(1,0.1) (2,nan) (3,0.3)" in source and "unbounded coords=jump" in source


@pytest.mark.parametrize(
    ("cell", "text"), [(None, "–"), (float("nan"), "–"), (0.123456, "0.1235"), (0, "0")]
)
def test_missing_is_not_zero_in_a_table(cell: Optional[float], text: str) -> None:
    made = report("x")
    rows = Table(("a",), ((cell,),))
    document = Document("t", "m", (Section("s", (rows,)),))
    page = all_formats()["md"].render(Report(document, rows, made.answer), nothing_beside)
    assert f"| {text} |" in page.decode("utf-8")


@given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=5))
@example([1e308, -1e308])
@example([0.0, 5e-324])
@example([1e-14, 2e-14])
@example([1.0, 1.0000000000000002])
def test_a_chart_of_any_numbers_is_drawn(values: list[float]) -> None:
    line = Line("line", tuple((float(at), value) for (at, value) in enumerate(values)))
    drawn = svg(Chart("x", "y", (line,)), "title").decode()
    ElementTree.fromstring(drawn)
    assert not re.search(r"[ ,\"-](nan|inf)", drawn)


@given(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100))
def test_an_axis_has_a_few_numbers_around_its_values(first: float, second: float) -> None:
    (low, high) = sorted((first, second))
    found = ticks(low, high)
    assert 2 <= len(found) <= 12
    assert found == sorted(set(found))


WIDTHS = re.compile(r"p\{([.\d]+)")


@given(st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_a_tex_table_is_as_wide_as_the_page_at_most(lengths: list[int]) -> None:
    table = Table(tuple("n" for _ in lengths), (tuple("x" * length for length in lengths),))
    columns = latex._columns(table)
    broken = [float(width) for width in WIDTHS.findall(columns)]
    whole = sorted(lengths)[: len(lengths) - len(broken)]
    assert sum(broken) + sum(whole) / latex.LINE <= 1.01
    assert len(re.findall("[lr](?![^{]*})|p", re.sub(r">\{[^}]*\}", "", columns))) == len(lengths)


def test_a_long_head_over_numbers_breaks_and_the_numbers_stay_right() -> None:
    table = Table(("validation images",), ((100,), (200,)))
    assert "raggedleft" in latex._columns(table)
    assert latex._columns(Table(("n",), ((100,),))) == "r"


def test_long_names_may_break_in_tex() -> None:
    table = Table(("run",), (("runs/train_1",),))
    document = Document("t", "m", (Section("s", (table,)),))
    text = latex.render(Report(document, table, Answer(True, "")), nothing_beside).decode()
    assert r"runs/\allowbreak{}train\_\allowbreak{}1 \\" in text
