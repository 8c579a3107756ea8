"""The trainings in a console's output, one after the other, each with what was printed about it.

A training begins where its arguments are printed; the program names itself shortly before
(Ultralytics, YOLOv7) or after (YOLOv5). It ends where the results are saved: what a validation or
a prediction prints afterwards is not the training's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Optional

from tensorboard_runlens.console import arguments as console_arguments
from tensorboard_runlens.console import lines as console_lines
from tensorboard_runlens.console.epochs import Tables
from tensorboard_runlens.last_words import ERROR, MAX_LINE, TRACEBACK, ending, exception, surer

MAX_FROZEN = 1000
"""Names of frozen layers that are kept."""

STARTED = "Starting training for "
SAVED = "Results saved to "
OVER = ("Validating ", "EarlyStopping: ", "Stopping training early", "Training stopped early")
"""Lines that begin so stand between the last epoch and the final evaluation."""

ONCE = ("model", "layers", "parameters", "gflops", "version", "python", "torch", "device")
"""Facts of which the first after the start are the training's: the final evaluation prints them again."""

BANNER_DISTANCE = 12
"""Lines between the program's name and its arguments: one for each further GPU, at most."""

MAX_AFTER = 20
"""Lines of tables that may come after the words of an end: progress bars are drawn once more as they close."""

LEAST_KNOWN = ("version", "layers", "train", "epochs_completed", "speed_ms")
"""Without one of these, a training's arguments, an epoch or classes nothing was understood."""


class Training:
    """What the lines of one training state. ``facts`` are fields of run.Console."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.tables = Tables()
        self.facts: dict[str, Any] = {}
        self.arguments: console_arguments.Printed = {}
        self.framework: Optional[str] = None
        self.ended: Optional[str] = None
        self.error: Optional[str] = None
        self.started = False
        self.closed = False
        self._lines_after = 0

    @property
    def begun(self) -> bool:
        """Whether epochs, or another program's table, were reached: arguments that follow are of the next."""
        return self.started or self.tables.begun

    @property
    def began(self) -> bool:
        """Whether these lines are of a training at all."""
        return self.started or console_arguments.of_training(self.arguments)

    @property
    def understood(self) -> bool:
        """Whether anything is known of it."""
        stated = any(field in self.facts for field in LEAST_KNOWN)
        trained = self.tables.epochs or console_arguments.of_training(self.arguments)
        return bool(stated or trained or self.tables.classes)

    def feed(self, line: int, text: str) -> None:
        """Reads a line."""
        if self.closed:
            return
        before = len(self.tables.epochs)
        if self.tables.feed(line, text):
            self._lines_after += 1
            if len(self.tables.epochs) > before or self._lines_after > MAX_AFTER:
                self.go_on()
            return
        self._notice_end(text)
        self.learn(console_lines.facts(text))
        if not self.begun:
            for name, value in console_arguments.alone(text).items():
                self.arguments.setdefault(name, value)

    def go_on(self) -> None:
        """Forgets what seemed to be its end."""
        (self.ended, self.error) = (None, None)

    def learn(self, facts: console_lines.Facts) -> None:
        """Takes over what a line states."""
        for field, value in facts.items():
            if field == "framework":
                self.framework = self.framework or value
            elif field == "frozen":
                self.facts[field] = (self.facts.get(field, ()) + value)[:MAX_FROZEN]
            elif not (self.begun and field in ONCE and field in self.facts):
                self.facts[field] = value

    def _notice_end(self, text: str) -> None:
        plain = text.lstrip()
        if STARTED in text:
            self.started = True
            self.go_on()
        if plain.startswith(OVER) or "epochs completed in" in text:
            self.tables.end_epoch()
            self.tables.after = True
        if self.begun and plain.startswith(SAVED):
            self.closed = True
            self.facts.update(console_lines.facts(text))
        patience = console_lines.patience(text)
        if patience is not None:
            self.arguments.setdefault("patience", str(patience))
        if "epochs_completed" not in self.facts:
            self._notice_why(text)

    def _notice_why(self, text: str) -> None:
        ended = ending(text)
        if ended and surer(ended, self.ended):
            said = None if TRACEBACK in text else text.strip()[:MAX_LINE]
            (self.ended, self.error) = (ended, exception(text) or said)
            self._lines_after = 0
        elif self.ended == ERROR:
            self.error = exception(text) or self.error  # the last one is that which ended it


def trainings(pieces: Iterable[tuple[int, str]]) -> Iterator[Training]:
    """The trainings of an output in order, each when it is over; at least one, which may have stated nothing."""
    current = Training(1)
    banner: console_lines.Facts = {}
    since = 0
    for line, text in pieces:
        if "torch" in text and console_lines.banner(text):
            (banner, since) = (console_lines.banner(text), 0)
        since += 1
        arguments = console_arguments.listed(text)
        if _begins_another(current, text, arguments):
            yield _over(current)
            current = Training(line)
            current.learn(banner if arguments and since <= BANNER_DISTANCE else {})
        if arguments is None:
            current.feed(line, text)
        elif console_arguments.of_another_program(arguments):
            current.closed = current.begun
        else:
            if console_arguments.of_training(arguments):
                current.go_on()
            console_arguments.merge(current.arguments, arguments)
    yield _over(current)


def _begins_another(
    current: Training, text: str, arguments: Optional[console_arguments.Printed]
) -> bool:
    if arguments is None:
        return STARTED in text and current.started
    return current.begun and console_arguments.of_training(arguments)


def _over(training: Training) -> Training:
    training.tables.end_epoch()
    return training
