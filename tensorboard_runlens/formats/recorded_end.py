"""RUN/runlens/ended.json: that a training is over and why, as the process that trained wrote it at its end."""

from __future__ import annotations

from typing import Literal, Optional

import msgspec

from tensorboard_runlens.folder import FileRefused, Folder
from tensorboard_runlens.formats.recorded_fields import Epoch, Sentence
from tensorboard_runlens.naming import shown
from tensorboard_runlens.plain_values import without_absolute_paths
from tensorboard_runlens.recording.layout import ENDED, ENDED_BYTES, FOLDER
from tensorboard_runlens.run import Problem, RecordedEnd

MAX_BYTES = 16 * ENDED_BYTES


class Ended(msgspec.Struct, frozen=True):
    """The fields that are used."""

    why: Optional[
        Literal["over", "out_of_memory", "killed", "disk_full", "stopped_by_user", "error"]
    ] = None
    epoch: Optional[Epoch] = None
    error: Optional[Sentence] = None


def recorded_end(below: Folder, problems: list[Problem]) -> Optional[RecordedEnd]:
    """What the file in the recording's folder says; None where there is none, or as long as the training goes on."""
    if ENDED not in below.files:
        return None
    try:
        found = msgspec.json.decode(below.read(ENDED, MAX_BYTES), type=Optional[Ended])
    except FileRefused as refusal:
        problems.append(Problem(f"{FOLDER}/{ENDED}", None, "refused", str(refusal)))
        return None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        said = f"{str(error)[:120]}; left out"
        problems.append(Problem(f"{FOLDER}/{ENDED}", None, "damaged", said))
        return None
    if found is None:
        return None
    words = None if found.error is None else shown(without_absolute_paths(found.error))
    return RecordedEnd(found.why, found.epoch, words)
