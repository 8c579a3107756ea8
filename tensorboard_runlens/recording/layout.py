"""Where a recording lies in a run's folder, and the numbers of its format (docs/recorded_data.md)."""

FOLDER = "runlens"
MANIFEST = "manifest.json"
EPOCHS = "epochs.jsonl"
BEST = "curves_best.npz"
FINAL = "final.npz"
FINAL_METRICS = "final.json"
IMAGES = "images.npz"
SPLITS = "images.json"
ENDED = "ended.json"
WORST = "worst_{:02}.jpg"
SHARE = "rank_{}.npz"
"""Handed from one process to another at the end, and gone when the training is over."""

MAX_WORST = 16
"""Validation images with the most errors that are kept as pictures."""

PICTURES = tuple(WORST.format(number) for number in range(1, MAX_WORST + 1))

OF_THE_END = (FINAL, FINAL_METRICS, *PICTURES)
"""What is written when a training is over, and is out of date when it is resumed."""

FILES = (MANIFEST, EPOCHS, BEST, IMAGES, SPLITS, ENDED, *OF_THE_END)
"""All that a recording consists of, and all that is removed when a training starts over."""

ENDED_BYTES = 4096
"""Of ended.json from its first moment on: a block of a disk."""

OVER = "over"
"""In ended.json: the training came to its end by itself, whether all planned epochs were needed or not."""

EVALUATED_SPLITS = ("val", "test")
EVALUATION = "evaluation_{}.npz"
EVALUATION_METRICS = "evaluation_{}.json"
"""Best.pt validated again by ``runlens evaluate``. These files alone make no recording of a training."""

EVALUATIONS = tuple(
    name.format(split) for split in EVALUATED_SPLITS for name in (EVALUATION_METRICS, EVALUATION)
)
"""All of them: of a best.pt that a training makes anew they are no longer true."""

FORMAT_NUMBER = 1
"""Raised when the meaning of a field changes; new fields do not raise it."""

GROUPS = ("box", "mask", "pose", "classify", "pixel")
"""What metrics of a class are measured on, as run.py calls it."""

TAG_PREFIX = "runlens/"
"""Of scalars that the callback adds for TensorBoard, which makes a section of it."""

MAX_HOURS = 10_000
"""That a training may be planned to take: more than a year is no plan."""

THINNED = 101
"""Points of a curve by confidence that is recorded for every epoch or class: 0, 0.01, ... 1."""

FRACTION_STEPS = 65_535
"""Fractions of class curves are stored as uint16, in steps of 1/65535."""

IOUS = 10
"""IoU thresholds of a hit, bit k for 0.5 + 0.05 k, as COCO's mAP50-95 has them."""

MATRIX_CONFIDENCES = (0.001, *(step / 20 for step in range(1, 20)))
"""Confidences at which the final confusion is counted: all that the framework keeps, then 0.05 to 0.95."""

MATRIX_IOU = 0.45
"""Least IoU of a detection and an object that it is counted for, as Ultralytics' matrix has it."""
