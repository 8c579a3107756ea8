"""What runlens.yaml sets as baseline, and which runs are better than that by more than noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.against import teller
from tensorboard_runlens.comparison.by_numbers import Numbers, differences
from tensorboard_runlens.comparison.contender import Contender, Difference
from tensorboard_runlens.digest.trained import Trained
from tensorboard_runlens.plain_values import number, without_absolute_paths
from tensorboard_runlens.schema.digest import Improved
from tensorboard_runlens.settings import Settings

BETTER = "better"


@dataclass(frozen=True)
class Baseline:
    """``run`` is None where ``name`` is that of numbers; ``tell`` says by how much a run is better, None where it
    is not."""

    name: str
    run: Optional[Analysis]
    tell: Callable[[Analysis], Optional[Improved]]


def baseline_of(settings: Settings, analyses: Iterable[Analysis]) -> Optional[Baseline]:
    """The one that is set; None without one, and where it is no run of these and no numbers."""
    name = settings.baseline
    if name is None:
        return None
    if name in settings.baselines:
        numbers = Numbers(name, settings.baselines[name])
        return Baseline(name, None, lambda one: _beyond(numbers, one))
    run = next((one for one in analyses if one.run.name == name), None)
    return None if run is None else Baseline(name, run, _than(run))


def improved(trainings: Sequence[Trained], baseline: Optional[Baseline]) -> list[Improved]:
    """Those of these that are better, the best first; of a training that another run continues that one counts."""
    if baseline is None:
        return []
    told = [baseline.tell(one.analysis) for one in trainings if _counts(one.analysis, baseline)]
    return sorted((one for one in told if one), key=lambda one: -(one.delta or 0.0))


def _counts(analysis: Analysis, baseline: Baseline) -> bool:
    relations = analysis.surroundings.relations
    is_baseline = baseline.run is not None and baseline.name in (
        analysis.run.name,
        *relations.duplicates,
    )
    return not is_baseline and not relations.continued_by


def _than(baseline: Analysis) -> Callable[[Analysis], Optional[Improved]]:
    tell = teller(baseline)

    def told(analysis: Analysis) -> Optional[Improved]:
        one = tell(analysis)
        if one.verdict != BETTER:
            return None
        return Improved(one.run, one.delta, one.interval, f"{one.reason}.")

    return told


def _beyond(numbers: Numbers, analysis: Analysis) -> Optional[Improved]:
    """Better by the metric that the run is judged by; where the numbers lack it, by each of them."""
    contender = Contender(analysis.run.name, analysis)
    found = list(differences(numbers, contender, {}))
    judged = [one for one in found if (one.group, one.metric) == contender.main] or found
    if not judged or any(one.verdict != BETTER for one in judged):
        return None
    return Improved(analysis.run.name, number(judged[0].delta), None, _reasons(judged))


def _reasons(judged: Sequence[Difference]) -> str:
    return without_absolute_paths(f"{'; '.join(one.reason for one in judged)}.")
