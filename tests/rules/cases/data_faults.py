"""The rule data-faults."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example(
    "A third of the training images has every label twice.",
    HEALTHY.changed(data=trainings.data_with_repeated_rows),
)
QUIET = [
    Example("A data set without a fault.", HEALTHY.changed(data=trainings.good_data)),
    Example("No data set is known.", HEALTHY),
    Example("Twenty validation images.", HEALTHY.changed(data=trainings.data_of_few_images)),
    Example(
        "A validation image is in train, too.", HEALTHY.changed(data=trainings.overlapping_data)
    ),
    Example(
        "Every sixth training image has no object.", HEALTHY.changed(data=trainings.unlabelled_data)
    ),
    Example(
        "The second class has no validation images.",
        HEALTHY.changed(data=trainings.data_without_a_class),
    ),
    Example(
        "The second class has five validation instances.",
        HEALTHY.changed(data=trainings.data_of_few_instances),
    ),
    Example("The labels are polygons.", HEALTHY.changed(data=trainings.data_of_polygons)),
    Example("No label is found.", HEALTHY.changed(data=trainings.data_without_labels)),
    Example("No validation image is found.", HEALTHY.changed(data=trainings.data_without_val)),
]
