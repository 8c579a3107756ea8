"""A chart as SVG: no script, no style sheet, no font of its own, so that every program shows it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from tensorboard_runlens.report.document import Chart, Line
from tensorboard_runlens.report.figures.ticks import LARGEST, finite, limits, ticks
from tensorboard_runlens.report.text import printable

(WIDTH, HEIGHT) = (720, 400)
(LEFT, RIGHT, BOTTOM) = (64, 16, 48)
ABOVE = 22
"""Between the legend and the axes, for what stands at the marks."""
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#000000")
"""Okabe and Ito's, which people tell apart whatever colours they see; their yellow is darkened for white paper."""

SAMPLE = 44
"""Of an entry of the legend: the line, and space."""

SIGN = 6.5
"""Width of a sign on average."""

ROW = 16

MAX_NAME = 48
"""Signs of a line's name: half of the width."""

Element = ElementTree.Element


def svg(chart: Chart, title: str) -> bytes:
    """The file, with ``title`` for people who do not see it."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "role": "img",
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    ElementTree.SubElement(root, "title").text = printable(title)
    _add(root, "rect", width=WIDTH, height=HEIGHT, fill="#ffffff")
    _draw(root, chart)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _draw(root: Element, chart: Chart) -> None:
    points = finite(chart)
    xs = [x for (x, _) in points]
    (x_low, x_high) = limits(xs)
    y_ticks = ticks(*limits([y for (_, y) in points]))
    places = _legend_places(chart)
    top = (places[-1][1] if places else 0) + ABOVE
    x_end = x_high if x_high > x_low else x_low + 1
    scale = _Scale((x_low, x_end), (y_ticks[0], y_ticks[-1]), top)
    _axes(root, chart, scale, y_ticks)
    for x, what in chart.marks:
        if x_low <= x <= x_high:
            _mark(root, scale, x, what)
    for index, line in enumerate(chart.lines):
        _line(root, scale, line, index)
        _legend(root, line, index, places[index])


class _Scale:
    """From values to pixels."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], top: float) -> None:
        self._x = (x[0], (WIDTH - LEFT - RIGHT) / (x[1] - x[0]))
        self._y = (y[0], (HEIGHT - top - BOTTOM) / (y[1] - y[0]))
        self.x_limits = x
        self.top = top

    def x(self, value: float) -> float:
        return round(LEFT + (value - self._x[0]) * self._x[1], 2)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - self._y[0]) * self._y[1], 2)


def _axes(root: Element, chart: Chart, scale: _Scale, y_ticks: list[float]) -> None:
    (low, high) = scale.x_limits
    for value in y_ticks:
        at = scale.y(value)
        _add(root, "line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, stroke="#dddddd")
        _text(root, f"{value:g}", LEFT - 6, at + 4, "end")
    for value in ticks(low, high):
        if low <= value <= high:
            _text(root, f"{value:g}", scale.x(value), HEIGHT - BOTTOM + 18)
    bottom = HEIGHT - BOTTOM
    _add(root, "line", x1=LEFT, x2=WIDTH - RIGHT, y1=bottom, y2=bottom, stroke="#444444")
    _text(root, chart.x, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10)
    label = _text(root, chart.y, 0, 0)
    label.set("transform", f"translate(14 {(scale.top + bottom) / 2}) rotate(-90)")


def _mark(root: Element, scale: _Scale, x: float, what: str) -> None:
    at = scale.x(x)
    _add(root, "line", x1=at, x2=at, y1=scale.top, y2=HEIGHT - BOTTOM, stroke="#777777").set(
        "stroke-dasharray", "2 3"
    )
    _text(root, what, min(at, WIDTH - RIGHT - 4 * len(what)), scale.top - 4)


def _line(root: Element, scale: _Scale, line: Line, index: int) -> None:
    for part in _parts(line):
        drawn = " ".join(f"{scale.x(x):g},{scale.y(y):g}" for (x, y) in part)
        element = _add(root, "polyline", points=drawn, fill="none", stroke=_colour(index))
        element.set("stroke-width", "1.6")
        if line.dashed:
            element.set("stroke-dasharray", "6 4")


def _parts(line: Line) -> Iterator[list[tuple[float, float]]]:
    """The pieces between gaps."""
    part: list[tuple[float, float]] = []
    for x, y in line.points:
        if y is not None and abs(y) <= LARGEST:
            part.append((x, y))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _legend_places(chart: Chart) -> list[tuple[float, float]]:
    """Where each entry begins: columns as wide as the longest name."""
    longest = max((len(_short(line.name)) for line in chart.lines), default=0)
    width = SAMPLE + SIGN * longest
    columns = max(1, int((WIDTH - LEFT - RIGHT) // width))
    return [
        (LEFT + (index % columns) * width, 14.0 + ROW * (index // columns))
        for index in range(len(chart.lines))
    ]


def _legend(root: Element, line: Line, index: int, place: tuple[float, float]) -> None:
    (x, y) = place
    sample = _add(root, "line", x1=x, x2=x + 20, y1=y, y2=y, stroke=_colour(index))
    sample.set("stroke-width", "2")
    if line.dashed:
        sample.set("stroke-dasharray", "6 4")
    _text(root, _short(line.name), x + 25, y + 4, "start")


def _short(name: str) -> str:
    """The end of a run's name tells it from others."""
    return name if len(name) <= MAX_NAME else f"…{name[1 - MAX_NAME :]}"


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def _text(root: Element, text: str, x: float, y: float, anchor: str = "middle") -> Element:
    element = _add(root, "text", x=round(x, 2), y=round(y, 2), fill="#222222")
    element.set("text-anchor", anchor)
    element.text = printable(text)
    return element


def _add(root: Element, tag: str, **attributes: object) -> Element:
    return ElementTree.SubElement(
        root, tag, {key: str(value) for (key, value) in attributes.items()}
    )
