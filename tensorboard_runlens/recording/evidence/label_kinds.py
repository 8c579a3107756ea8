"""What the labels are that a training loads: images, objects, and how many of these are outlined by a polygon."""

from __future__ import annotations

from typing import Any, Optional


def label_kinds(dataset: Any) -> Optional[dict[str, int]]:
    """The counts of one of Ultralytics' data sets; None where it has no list of labels, as of classification."""
    labels = getattr(dataset, "labels", None)
    if labels is None or not all("cls" in one for one in labels):
        return None
    return {
        "images": len(labels),
        "instances": sum(len(one["cls"]) for one in labels),
        "polygons": sum(len(one.get("segments", ())) for one in labels),
    }
