"""What may not be claimed from these runs, and why: each sentence would be a reviewer's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tensorboard_runlens.analysis import Analysis
from tensorboard_runlens.comparison.warnings import other_data
from tensorboard_runlens.releases.consequences import Consequence, consequences
from tensorboard_runlens.report.paper.study import MIXED, PaperStudy, Variant
from tensorboard_runlens.schema.threshold import ThresholdAnswer
from tensorboard_runlens.words import count, points

AVERAGE_PRECISION = "average precision"
"""The name of that behaviour in releases/consequences.py."""

CHANGES_NUMBERS = ("conf-raised", "small-validation", "data-overlap", "frozen-validation")
"""Rules whose findings say that a number is not what it is taken for."""


def claims(paper: PaperStudy, threshold: ThresholdAnswer) -> Iterator[str]:
    """A sentence each, the verdicts first."""
    for variant in paper.variants:
        yield from _of_verdict(paper, variant)
    yield from _seeds(paper)
    yield from _data(paper)
    yield from _sampling(paper)
    yield from _findings(paper)
    yield from _formula(paper)
    yield from _chosen(threshold)


def _of_verdict(paper: PaperStudy, variant: Variant) -> Iterator[str]:
    if variant.verdict == "tie":
        yield (
            f"That {variant.title} is better or worse than {paper.baseline}: "
            f"the difference is not told from zero{_detectable(variant)}."
        )
    if variant.verdict == "not_comparable":
        reason = variant.differences[0].reason
        yield f"Anything on {variant.title} against {paper.baseline}: {reason}."
    if variant.verdict == MIXED:
        yield f"That {variant.title} is better or worse than {paper.baseline}: its seeds disagree."


def _detectable(variant: Variant) -> str:
    known = [one.detectable for one in variant.differences if one.detectable is not None]
    return f", and none below {points(min(known))} could be" if known else ""


def _seeds(paper: PaperStudy) -> Iterator[str]:
    single = [one.title for one in paper.variants if len(one.names) == 1]
    if len(single) == len(paper.variants):
        yield "That any difference holds for other seeds: every training ran once (n = 1 seed)."
    elif single:
        yield f"That the values of {', '.join(single)} hold for other seeds: n = 1 seed each."


def _data(paper: PaperStudy) -> Iterator[str]:
    if paper.comparison is not None:
        for said in other_data(paper.comparison):
            yield f"That a difference comes from the training. {said}"


def _sampling(paper: PaperStudy) -> Iterator[str]:
    """How many images were validated is what every interval rests on."""
    sizes = {one.signals.data.n_val_images for one in _analyses(paper)}
    if None in sizes:
        yield "How far other images would move the values: the number of validation images is not known for all runs."
    if any(not one.signals.data.val_fingerprint for one in _analyses(paper)):
        yield "That all runs validated the same images: not every run has recorded which they were."


def _findings(paper: PaperStudy) -> Iterator[str]:
    for one in _analyses(paper):
        for finding in one.findings:
            if finding.rule in CHANGES_NUMBERS:
                yield f"{one.run.name}: {finding.summary}"


def _formula(paper: PaperStudy) -> Iterator[str]:
    """Releases compute AP by two formulas, which differ where recall does not reach 1."""
    forms = {_form(one) for one in _analyses(paper)}
    known = {form for form in forms if form is not None}
    if len(known) > 1:
        yield f"That mAP of all these runs is the same quantity: {'; '.join(sorted(known))}."
    if None in forms:
        yield "That mAP is comparable with published values: which of two AP formulas was used is not known."


def _form(analysis: Analysis) -> Optional[str]:
    found = [one for one in consequences(analysis.run) if one.name == AVERAGE_PRECISION]
    return _known(found[0]) if found else ""


def _known(one: Consequence) -> Optional[str]:
    return one.possible[0] if one.known else None


def _chosen(threshold: ThresholdAnswer) -> Iterator[str]:
    """A maximum is chosen where luck was good."""
    yield "That the best epoch would be best on a test set: it was chosen on the validation images."
    if threshold.operating_point.confidence is None:
        return
    if threshold.tested is None:
        yield (
            f"F1, precision and recall at confidence {threshold.operating_point.confidence:.3g} as a result "
            "on unseen images: the confidence was chosen on the same images; validate a test split."
        )
    else:
        size = count(threshold.tested.images, "test image")
        yield f"More of the chosen confidence than its numbers on {size}: {threshold.tested.text}"


def _analyses(paper: PaperStudy) -> list[Analysis]:
    return [one[0] for one in paper.looked.values()]
