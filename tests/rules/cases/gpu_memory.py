"""The rule gpu-memory."""

from __future__ import annotations

from tests.rules.machine_trainings import TROUBLES, memory, other_machines

FIRES = TROUBLES["gpu-memory"]
QUIET = other_machines("gpu-memory")
BORDERS = {
    "full_min": (memory(0.921 * 80e9), memory(0.919 * 80e9)),
    "unused_max": (memory(0.399 * 80e9), memory(0.401 * 80e9)),
    "busy_max": (
        memory(20e9, gpu={"utilisation": {"mean": 0.89}}),
        memory(20e9, gpu={"utilisation": {"mean": 0.91}}),
    ),
    "NOMINAL_BATCH": (memory(20e9, batch=63), memory(20e9, batch=64)),
}
FACTS = ("GB",)
