"""A chart as LaTeX code that draws it with pgfplots: vectors in the paper's own font, and no file beside it."""

from __future__ import annotations

import math
from typing import Callable

from tensorboard_runlens.report.document import Chart, Line

COLOURS = ("blue", "orange", "teal", "magenta", "olive", "cyan", "black")


def pgfplots(chart: Chart, escaped: Callable[[str], str]) -> str:
    """A tikzpicture; ``escaped`` makes a text safe for TeX."""
    options = (
        r"width=.8\linewidth, height=.45\linewidth, grid=major, unbounded coords=jump, "
        r"legend style={font=\small}, legend pos=outer north east, no markers, "
        f"xlabel={{{escaped(chart.x)}}}, ylabel={{{escaped(chart.y)}}}"
    )
    drawn = "\n".join(_line(line, index, escaped) for (index, line) in enumerate(chart.lines))
    return f"\\begin{{tikzpicture}}\n\\begin{{axis}}[{options}]\n{drawn}\n\\end{{axis}}\n\\end{{tikzpicture}}"


def _line(line: Line, index: int, escaped: Callable[[str], str]) -> str:
    style = f"{COLOURS[index % len(COLOURS)]}{', dashed' if line.dashed else ''}"
    points = " ".join(
        f"({x:.6g},{'nan' if y is None or not math.isfinite(y) else format(y, '.6g')})"
        for (x, y) in line.points
    )
    return f"\\addplot[{style}] coordinates {{{points}}};\n\\addlegendentry{{{escaped(line.name)}}}"
