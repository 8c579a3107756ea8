"""RUN/runlens/images.json: how many images a training loaded, what tells the splits apart, and what they share."""

from __future__ import annotations

from typing import Annotated, Optional

import msgspec

from tensorboard_runlens.dataset.keys import FINGERPRINT_DIGITS
from tensorboard_runlens.dataset.listing import MAX_IMAGES
from tensorboard_runlens.folder import MAX_CONFIG_BYTES, FileRefused, Folder
from tensorboard_runlens.recording.layout import FOLDER, SPLITS
from tensorboard_runlens.run import Problem, RecordedImages

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_IMAGES)]
Fingerprint = Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{FINGERPRINT_DIGITS}}}$")]


class Split(msgspec.Struct, frozen=True):
    """One of the two splits."""

    images: Count
    fingerprint: Optional[Fingerprint] = None


class Splits(msgspec.Struct, frozen=True):
    """The file."""

    train: Split
    val: Split
    shared: Count
    not_compared: Count = 0


def recorded_images(below: Folder, problems: list[Problem]) -> Optional[RecordedImages]:
    """What the file in the recording's folder says, None where there is none or it cannot be used."""
    if SPLITS not in below.files:
        return None
    try:
        found = msgspec.json.decode(below.read(SPLITS, MAX_CONFIG_BYTES), type=Splits)
    except FileRefused as refusal:
        problems.append(Problem(f"{FOLDER}/{SPLITS}", None, "refused", str(refusal)))
        return None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        said = f"{str(error)[:120]}; left out"
        problems.append(Problem(f"{FOLDER}/{SPLITS}", None, "damaged", said))
        return None
    return RecordedImages(
        train_fingerprint=found.train.fingerprint,
        val_fingerprint=found.val.fingerprint,
        n_train=found.train.images,
        n_val=found.val.images,
        shared=min(found.shared, found.val.images),
        not_compared=found.not_compared,
    )
