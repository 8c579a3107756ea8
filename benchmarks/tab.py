"""What the tab costs, in one run.

    python -m benchmarks.tab payload LOGDIR       bytes and seconds of the Runs page's data, by number of runs
    python -m benchmarks.tab paint LOGDIR         from the data's arrival until the rows of 200 runs are seen
    python -m benchmarks.tab interaction LOGDIR   from an event until the next frame is painted
    python -m benchmarks.tab scroll LOGDIR        scripting and layout of one turn of the wheel over 10,000 rows

Sizes are as sent. Times of `payload` are seconds of one processor; quote the ratios, not the seconds. More runs
than the logdir has are its analyses again under other names. The others need Playwright and Chromium.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Callable

from benchmarks import tab_in_browser
from tensorboard_runlens import answers, schema
from tensorboard_runlens.analysis import Analysis, analyse
from tensorboard_runlens.catalog import Catalog
from tensorboard_runlens.comparison.against import against_answer, teller
from tensorboard_runlens.http import json_content
from tensorboard_runlens.kept import PerRun

ROUNDS = 5
COUNTS = (1_000, 2_000, 10_000)


def payload(logdir: Path) -> None:
    """The rows of the Runs page and the differences to a baseline."""
    catalog = Catalog([("", str(logdir))])
    catalog.refresh()
    found = [analyse(run) for run in catalog.runs.values()]
    _sizes(found)
    for count in (len(found), *COUNTS):
        _times(_repeated(found, count))


def _repeated(found: Sequence[Analysis], count: int) -> list[Analysis]:
    return [
        replace(one, run=replace(one.run, name=f"{number:05} {one.run.name}"))
        for number in range(count)
        for one in [found[number % len(found)]]
    ]


def _sizes(analyses: Sequence[Analysis]) -> None:
    content = json_content(_table(analyses, PerRun(answers.table_row)))
    plain = json.loads(content.body)
    plain["rows"] = [{**row, "sparkline": []} for row in plain["rows"]]
    count = len(analyses)
    differences = answers.encode(_against(analyses))
    print(f"{count} runs, per 1,000 runs:")
    print(f"  table    {_kb(content.body, count)}, as sent {_kb(content.compressed, count)}")
    print(f"           gzip -6 {_zipped(content.body, count)}, without the curves", end=" ")
    print(_zipped(json.dumps(plain, ensure_ascii=False).encode(), count))
    print(f"  against  {_kb(differences, count)}, gzip -6 {_zipped(differences, count)}")


def _times(analyses: Sequence[Analysis]) -> None:
    kept: PerRun[schema.TableRow] = PerRun(answers.table_row)
    (table, first) = _timed(lambda: _table(analyses, kept))
    again = _median(lambda: _table([replace(analyses[0]), *analyses[1:]], kept))
    (_, differences) = _timed(lambda: _against(analyses))
    encoding = _median(lambda: answers.encode(table))
    plain = json.loads(answers.encode(table))
    python = _median(lambda: json.dumps(plain))
    count = len(analyses)
    print(f"{count} runs, seconds:")
    print(f"  table    {first:.2f}, after one run has changed {again:.2f}")
    print(f"           encoding {encoding:.4f}, json.dumps {python / encoding:.0f} times as long")
    print(f"  against  {differences:.2f}: {1000 * differences / count:.2f} ms a run")


def _against(analyses: Sequence[Analysis]) -> schema.AgainstAnswer:
    return against_answer(analyses[0].run.name, analyses, teller(analyses[0]))


def _table(analyses: Sequence[Analysis], kept: PerRun[schema.TableRow]) -> schema.TableAnswer:
    progress = schema.Progress(len(analyses), len(analyses), True)
    return answers.table_answer("runs", progress, [], None, analyses, [], kept)


def _kb(content: bytes, count: int) -> str:
    return f"{len(content) / count:.0f} kB"


def _zipped(content: bytes, count: int) -> str:
    return _kb(gzip.compress(content, 6), count)


def _timed(make: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    made = make()
    return (made, time.process_time() - start)


def _median(make: Callable[[], Any]) -> float:
    return median(_timed(make)[1] for _ in range(ROUNDS))


WAYS: dict[str, Callable[[Path], None]] = {
    "payload": payload,
    "paint": tab_in_browser.paint,
    "interaction": tab_in_browser.interaction,
    "scroll": tab_in_browser.scroll,
}


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in WAYS:
        sys.exit(__doc__)
    WAYS[sys.argv[1]](Path(sys.argv[2]))
