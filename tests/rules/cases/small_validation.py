"""The rule small-validation."""

from __future__ import annotations

from tests.rules import trainings
from tests.rules.cases import Example
from tests.rules.class_trainings import validated
from tests.rules.trainings import HEALTHY

FIRES = Example("300 objects on 200 images.", validated(300, 200))
QUIET = [
    Example("3,000 objects on 800 images.", validated(3000, 800)),
    Example("It is not known what was validated.", HEALTHY),
    Example("A data set without a fault.", HEALTHY.changed(data=trainings.good_data)),
]
BORDERS = {
    "half_width_max": (validated(630, 500), validated(650, 500)),
    "half_width_warning": (validated(152, 100), validated(158, 100)),
    "instances_min": (validated(99, 80, 0.99), validated(100, 80, 0.99)),
    "images_min": (validated(3000, 49), validated(3000, 50)),
}
