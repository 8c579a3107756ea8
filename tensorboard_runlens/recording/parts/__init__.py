"""What is recorded of an Ultralytics training, a file each; tracking.py says when each is asked."""

from __future__ import annotations

from typing import Any

from tensorboard_runlens.recording.parts.alarms import Alarms
from tensorboard_runlens.recording.parts.classes import Classes
from tensorboard_runlens.recording.parts.confusion import Confusion
from tensorboard_runlens.recording.parts.curves import Curves
from tensorboard_runlens.recording.parts.data_set import DataSet
from tensorboard_runlens.recording.parts.detections import EveryDetection
from tensorboard_runlens.recording.parts.ended import Ended
from tensorboard_runlens.recording.parts.gradients import Gradients
from tensorboard_runlens.recording.parts.machine import Machine
from tensorboard_runlens.recording.parts.matches import Matches
from tensorboard_runlens.recording.parts.scalars import Scalars
from tensorboard_runlens.recording.parts.shares import Shares
from tensorboard_runlens.recording.parts.stopping import Stopping
from tensorboard_runlens.recording.parts.top1 import Top1
from tensorboard_runlens.recording.parts.worst_answers import WorstAnswers
from tensorboard_runlens.recording.parts.worst_images import WorstImages

PARTS: tuple[Any, ...] = (
    Ended,
    Shares,
    Classes,
    DataSet,
    Machine,
    Gradients,
    Scalars,
    Curves,
    EveryDetection,
    Top1,
    Matches,
    Confusion,
    WorstImages,
    WorstAnswers,
    Alarms,
    Stopping,
)
"""In the order in which they are asked."""
