"""What the terminal shows of runs compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tensorboard_runlens.comparison.contender import Difference
from tensorboard_runlens.report.text import printable
from tensorboard_runlens.words import metric_words

VERDICTS = {"better": "better", "worse": "worse", "tie": "tie", "not_comparable": "no verdict"}
HEAD = ("run", "metric", "difference", "95 % interval", "verdict")


def comparison(names: Sequence[str], differences: Sequence[Difference]) -> str:
    """A line a metric and run, then why, then what else is different."""
    rows = [HEAD, *map(_row, differences)]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = [f"baseline: {printable(names[0])}"]
    lines += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    for name in names[1:]:
        own = [one for one in differences if one.run == name]
        lines.append(f"{printable(name)}:")
        lines += [f"    {printable(said)}" for said in _once(one.reason for one in own)]
        caveats = _once(caveat for one in own for caveat in one.caveats)
        lines += [f"    note: {printable(caveat)}" for caveat in caveats]
    return "\n".join(lines)


def _row(one: Difference) -> tuple[str, ...]:
    metric = metric_words(one.group or "", one.metric)
    interval = "" if one.interval is None else "{} to {}".format(*map(_signed, one.interval))
    delta = "-" if one.delta is None else f"{_signed(one.delta)} points"
    return (printable(one.run), metric, delta, interval, VERDICTS[one.verdict])


def _signed(difference: float) -> str:
    """In percentage points: .0234 -> "+2.3"."""
    said = f"{100 * difference:+.1f}"
    return "0.0" if said in ("+0.0", "-0.0") else said


def _once(said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(said))
