"""Where a recording lies in a run's folder, and the number of its format."""

FOLDER = "runlens"
MANIFEST = "manifest.json"
EPOCHS = "epochs.jsonl"

FILES = (MANIFEST, EPOCHS)

FORMAT_NUMBER = 1
"""Raised when the meaning of a field changes; new fields do not raise it."""

GROUPS = ("box", "mask", "pose", "classify")
"""What metrics of a class are measured on, as run.py calls it."""
