"""The rule conf-raised."""

from __future__ import annotations

from tests.rules.cases import Example
from tests.rules.trainings import HEALTHY

FIRES = Example("args.yaml says conf: 0.25.", HEALTHY.changed(args={"conf": 0.25}))
QUIET = [
    Example("No conf is stated.", HEALTHY),
    Example("conf is the default, .001.", HEALTHY.changed(args={"conf": 0.001})),
]
