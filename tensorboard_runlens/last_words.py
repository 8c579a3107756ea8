"""What the last words of a training tell of its end: a line of its console, or an exception as it would be printed.

Both the console's reader and the recorder ask here, so that one death has one name. Standard library only: the recorder
runs inside trainings. All patterns are bounded: a hostile line costs no more than its length.
"""

from __future__ import annotations

import re
from typing import Optional

OUT_OF_MEMORY, KILLED, DISK_FULL = "out_of_memory", "killed", "disk_full"
STOPPED_BY_USER, ERROR = "stopped_by_user", "error"

MAX_LINE = 1000
"""Characters of a line that are looked at: an exception's message may hold a whole file."""

ACCELERATORS = ("CUDA", "cuda", "MPS", "HIP", "XPU", "CUBLAS", "CUDNN")
"""Names that an accelerator's own errors have in them."""

FULL_ACCELERATOR = ("out of memory", "STATUS_ALLOC_FAILED")
FULL_MAIN_MEMORY = re.compile(
    r"^(?:[\w.]{0,100}\b_?(?:Array)?MemoryError\b|slurmstepd: error: .{0,100}\boom[-_]kill"
    r"|slurmstepd: error: Exceeded .{0,30}memory limit|srun: error: .{0,200}: Out Of Memory)"
    r"|\bstd::bad_alloc\b|DefaultCPUAllocator: (?:can't allocate|not enough) memory|\[Errno 12\]"
    r"|raise your shared memory|unable to (?:write to|open) file </torch_|Out of memory: Kill|Insufficient memory"
)
"""Python's and NumPy's, Slurm's, C++'s, PyTorch's on every system, fork's, that of its loaders' workers, the kernel's
and OpenCV's. A file of /dev/shm that cannot be written is memory, though the system calls it a device."""

FULL_DISK = re.compile(
    r"No space left on device|Disk quota exceeded|\[Errno (?:28|122)\]|There is not enough space on the disk"
    r"|PytorchStreamWriter failed writing|inline_container\.cc:\d{1,6}\] . unexpected pos"
)
"""The systems' own words, and what torch.save makes of them."""

KILLED_BY_SYSTEM = re.compile(
    r"^(?:Killed\s{0,20}$|Terminated\s{0,20}$|zsh: (?:killed|terminated)"
    r"|\[\d{1,5}\][+-]?\s{1,9}(?:\d{1,9} )?(?:Killed|Terminated)"
    r"|.{1,300}: line \d{1,9}: {1,9}\d{1,9} (?:Killed|Terminated)|slurmstepd: error: )"
    r"|is killed by signal: (?:Killed|Terminated)|Signal (?:9|15) \(SIG(?:KILL|TERM)\) received by PID"
    r"|\bSignalException: Process \d{1,9} got signal"
)
"""What shells, Slurm, and PyTorch's loaders and launchers say when the system ended a process."""

CRASHED = re.compile(
    r"^(?:Segmentation fault|Bus error|Aborted \(|Fatal Python error: |terminate called after throwing"
    r"|.{1,300}: line \d{1,9}: {1,9}\d{1,9} (?:Segmentation fault|Bus error|Aborted))"
)
TRACEBACK = "Traceback (most recent call last)"

MARKS = (
    "emory", "alloc", "ALLOC", "oom", "torch_", "Errno", "space", "quota", "Pytorch", "unexpected pos", "illed",
    "erminate", "SIG", "SignalEx", "slurm", "KeyboardInterrupt", "Traceback", "Segm", "Bus error", "Abort", "Fatal P",
)  # fmt: skip
"""A line without any of them is no ending: of a log of a million lines all but a few are not looked at closely."""

EXCEPTION = re.compile(
    r"^(?:[A-Za-z_][\w.]{0,150}\.)?((?:_?[A-Z]\w{0,80}(?:Error|Exception|Interrupt|Exit)|error)(?::\s.{0,900})?)\s{0,20}$"
)
"""The last line of a traceback: the type without its module, and the message."""


def ending(text: str) -> Optional[str]:
    """Why a training broke off, if this line says so: out_of_memory, killed, disk_full, stopped_by_user or error."""
    line = text[:MAX_LINE]
    if not any(mark in line for mark in MARKS):
        return None
    if of_accelerator(line) or FULL_MAIN_MEMORY.search(line):
        return OUT_OF_MEMORY
    if FULL_DISK.search(line):
        return DISK_FULL
    if KILLED_BY_SYSTEM.search(line):
        return KILLED
    if line.startswith("KeyboardInterrupt"):
        return STOPPED_BY_USER
    return ERROR if TRACEBACK in line or CRASHED.search(line) else None


def of_accelerator(text: str) -> bool:
    """Whether it was an accelerator's memory that was full, not the machine's."""
    return any(said in text for said in FULL_ACCELERATOR) and any(
        name in text for name in ACCELERATORS
    )


def exception(text: str) -> Optional[str]:
    """Type and message of the exception that a traceback's last line names, None for another line."""
    match = EXCEPTION.match(text[:MAX_LINE])
    return match[1] if match else None


def surer(new: str, old: Optional[str]) -> bool:
    """Whether a later line says more of the end than an earlier one: that memory was full explains why a process was
    killed, and both that there was an error."""
    order = (None, ERROR, KILLED)
    return old in order and (new not in order or order.index(new) > order.index(old))
