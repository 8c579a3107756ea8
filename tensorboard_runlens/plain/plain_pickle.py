"""Pickles as plain data, whoever wrote them: nothing is imported, called or built.

A pickle is a program. Python's own disassembler takes it apart, and the few instructions that make
numbers, text, lists and dictionaries are carried out here. What would be an object stays a note of
what was asked for: its name and what it was given. Memory and time grow with the length of the
pickle and with nothing else: no length or index in it is trusted, and no key is hashed but text and
small numbers (a tuple that holds itself a thousand times over would be hashed for ever).
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MAX_STEPS = 1_000_000
"""Instructions of one pickle; a checkpoint of yolo11n has 77,000, its largest sister five times as many."""

MAX_LINE = 1000
"""Bytes of an argument that ends with its line: names of classes, and numbers in pickles of 1996."""

MAX_NAME = 200
"""Characters of a class name that are kept; the longest of PyTorch has 60."""

MAX_KEY = 2**32
"""Numbers up to this size are keys; larger ones could be chosen so that all of them collide."""

EMPTY_OF_NAME: dict[str, type] = {
    "collections.OrderedDict": dict,
    "collections.defaultdict": dict,
}
"""Calls that are answered with plain data."""


class Damaged(Exception):
    """A pickle that cannot be read: why."""


@dataclass(eq=False)
class Named:
    """What a pickle asked to import: ``module.name``, nothing more."""

    name: str


@dataclass(eq=False)
class Made:
    """What a pickle asked to build: of which name, from which arguments, and what was put into it."""

    name: str
    arguments: tuple[Any, ...]
    state: Any = None
    items: dict[Any, Any] = field(default_factory=dict)


class _Lines(io.BytesIO):
    """A file whose lines are short: a number of a million digits takes minutes to read."""

    def readline(self, size: Any = -1) -> bytes:
        return super().readline(MAX_LINE)


def load(data: bytes, max_steps: int = MAX_STEPS) -> Any:
    """The pickled value as plain data, ``Named`` and ``Made``. Raises Damaged, whatever is wrong with it.

    Values may be shared and may hold themselves: who walks through them counts and bounds the steps.
    """
    machine = _Machine()
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(_Lines(data))):
            if count >= max_steps:
                raise Damaged(f"more than {max_steps:,} instructions")
            machine.step(opcode.name, argument)
        return machine.pop()
    except Damaged:
        raise
    except Exception as error:  # the disassembler and an empty stack raise many kinds
        raise Damaged(f"not a whole pickle ({type(error).__name__})") from error


class _Machine:
    """The stack and the memo of a pickle, and what each instruction does to them."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        if name in PUSHED_ARGUMENT:
            self.stack.append(argument)
        elif name in PUSHED:
            self.stack.append(PUSHED[name]())
        elif name in TAKING:
            TAKING[name](self)
        elif name in WITH_ARGUMENT:
            WITH_ARGUMENT[name](self, argument)
        elif name not in IGNORED:
            raise Damaged(f"instruction {name} has no place in a file")

    def pop(self) -> Any:
        return self.stack.pop()

    def since_mark(self) -> list[Any]:
        start = self.marks.pop()
        taken = self.stack[start:]
        del self.stack[start:]
        return taken

    def make(self, maker: Any, arguments: Any) -> None:
        """Notes a call. A class that was itself made, or none at all, leaves a name that says nothing."""
        name = maker.name if isinstance(maker, Named) else "?"
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        self.stack.append(EMPTY_OF_NAME[name]() if name in EMPTY_OF_NAME else Made(name, given))


def _named(module: str, name: str) -> Named:
    """Each part is cut before they are joined: a text of megabytes may be asked for a thousand times."""
    return Named(f"{module[:MAX_NAME]}.{name[:MAX_NAME]}"[:MAX_NAME])


def _mark(machine: _Machine) -> None:
    machine.marks.append(len(machine.stack))


def _pop(machine: _Machine) -> None:
    if machine.marks and machine.marks[-1] == len(machine.stack):
        machine.marks.pop()
    else:
        machine.pop()


def _tuple(machine: _Machine, size: int) -> None:
    if len(machine.stack) < size:
        raise Damaged("the pickle takes more than it has")
    taken = tuple(machine.stack[len(machine.stack) - size :])
    del machine.stack[len(machine.stack) - size :]
    machine.stack.append(taken)


def _dict(machine: _Machine) -> None:
    target: dict[Any, Any] = {}
    _put(target, machine.since_mark())
    machine.stack.append(target)


def _set_item(machine: _Machine) -> None:
    (value, key) = (machine.pop(), machine.pop())
    _put(machine.stack[-1], [key, value])


def _set_items(machine: _Machine) -> None:
    pairs = machine.since_mark()
    _put(machine.stack[-1], pairs)


def _put(target: Any, pairs: list[Any]) -> None:
    """Keys and values in turn; keys that are neither text nor small numbers are left out."""
    inside = target.items if isinstance(target, Made) else target
    if isinstance(inside, dict):
        for key, value in zip(pairs[::2], pairs[1::2]):
            if type(key) is str or (type(key) is int and -MAX_KEY <= key <= MAX_KEY):
                inside[key] = value


def _append(machine: _Machine) -> None:
    _extend(machine, [machine.pop()])


def _appends(machine: _Machine) -> None:
    _extend(machine, machine.since_mark())


def _extend(machine: _Machine, values: list[Any]) -> None:
    target = machine.stack[-1]
    if isinstance(target, list):
        target.extend(values)


def _build(machine: _Machine) -> None:
    state = machine.pop()
    target = machine.stack[-1]
    if isinstance(target, Made):
        target.state = state


def _call(machine: _Machine) -> None:
    arguments = machine.pop()
    machine.make(machine.pop(), arguments)


def _call_with_names(machine: _Machine) -> None:
    (names, arguments) = (machine.pop(), machine.pop())
    machine.make(machine.pop(), (arguments, names))


def _object(machine: _Machine) -> None:
    (maker, *arguments) = machine.since_mark()
    machine.make(maker, tuple(arguments))


def _stack_name(machine: _Machine) -> None:
    (name, module) = (machine.pop(), machine.pop())
    if not (isinstance(name, str) and isinstance(module, str)):
        raise Damaged("a class without a name")
    machine.stack.append(_named(module, name))


def _name(machine: _Machine, argument: str) -> None:
    machine.stack.append(_named(*argument.split(" ", 1)))


def _instance(machine: _Machine, argument: str) -> None:
    arguments = machine.since_mark()
    machine.make(_named(*argument.split(" ", 1)), tuple(arguments))


def _remember(machine: _Machine, index: int) -> None:
    if not 0 <= index <= MAX_KEY:
        raise Damaged("a place in its memo that no writer uses")
    machine.memo[index] = machine.stack[-1]


TAKING: dict[str, Callable[[_Machine], None]] = {
    "MARK": _mark,
    "POP": _pop,
    "POP_MARK": lambda machine: machine.since_mark().clear(),
    "DUP": lambda machine: machine.stack.append(machine.stack[-1]),
    "LIST": lambda machine: machine.stack.append(machine.since_mark()),
    "FROZENSET": lambda machine: machine.stack.append(machine.since_mark()),
    "TUPLE": lambda machine: machine.stack.append(tuple(machine.since_mark())),
    "TUPLE1": lambda machine: _tuple(machine, 1),
    "TUPLE2": lambda machine: _tuple(machine, 2),
    "TUPLE3": lambda machine: _tuple(machine, 3),
    "DICT": _dict,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "APPEND": _append,
    "APPENDS": _appends,
    "ADDITEMS": _appends,
    "BUILD": _build,
    "REDUCE": _call,
    "NEWOBJ": _call,
    "NEWOBJ_EX": _call_with_names,
    "OBJ": _object,
    "STACK_GLOBAL": _stack_name,
    "BINPERSID": lambda machine: machine.stack.append(Made("stored", (machine.pop(),))),
    "MEMOIZE": lambda machine: _remember(machine, len(machine.memo)),
}
"""Instructions that work on the stack alone. Sets become lists, what lies outside of the pickle a note."""

WITH_ARGUMENT: dict[str, Callable[[_Machine, Any], None]] = {
    "GLOBAL": _name,
    "INST": _instance,
    "PERSID": lambda machine, argument: machine.stack.append(Made("stored", (argument,))),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _remember),
    **dict.fromkeys(
        ("GET", "BINGET", "LONG_BINGET"),
        lambda machine, index: machine.stack.append(machine.memo[index]),
    ),
}

PUSHED_ARGUMENT = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE"),
        *("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
    )
)
"""Instructions that put down a number, a text or bytes."""

PUSHED: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_SET": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict,
}
IGNORED = ("PROTO", "FRAME", "STOP")
"""Everything else is refused: the registry of extensions, and buffers from outside of the pickle."""
