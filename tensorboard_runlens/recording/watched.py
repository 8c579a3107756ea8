"""A method of one object with something to do before or after it, for as long as it is watched."""

from __future__ import annotations

from typing import Any, Callable, Optional

from tensorboard_runlens.recording.guard import from_a_signal


def nothing(*arguments: Any, **named: Any) -> None:
    """What is done where nothing is asked for."""


def same(method: Any) -> Any:
    """What a copy of something watched is made of."""
    return method


def _quietly(body: Callable[..., object], *arguments: Any, **named: Any) -> None:
    try:
        body(*arguments, **named)
    except Exception as error:
        if from_a_signal(error):
            raise


class Watched:
    """Stands on the object in the method's place; its class and all other objects stay as they are.

    ``before`` is called without arguments, ``after`` with those of the method, once that has returned.
    What the method returns or raises passes through; what they raise does not, they have to say it
    themselves. A copy of the object has its own method back, or what somebody had put in its place.
    """

    def __init__(
        self,
        source: Any,
        name: str,
        before: Callable[[], object] = nothing,
        after: Callable[..., object] = nothing,
    ) -> None:
        self._source = source
        self._name = name
        self._original = getattr(source, name)
        self._replaced = vars(source).get(name)
        self._before = before
        self._after = after
        setattr(source, name, self)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        _quietly(self._before)
        result = self._original(*arguments, **named)
        _quietly(self._after, *arguments, **named)
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        if self._replaced is not None:
            return (same, (self._replaced,))
        return (getattr, (self._source, self._name))

    def stop(self) -> None:
        """Puts the method back, unless somebody has replaced it since: then it is only not watched any more.
        Of several that watch the same method, the last one to stop puts it back."""
        self._before = self._after = nothing
        standing = vars(self._source).get(self._name)
        while isinstance(standing, Watched) and standing._stopped:
            standing = standing._replaced
            self._put(standing)

    @property
    def _stopped(self) -> bool:
        return self._before is nothing and self._after is nothing

    def _put(self, method: Any) -> None:
        if method is None:
            delattr(self._source, self._name)
        else:
            setattr(self._source, self._name, method)


class Watch:
    """What a part watches: one method at a time, or none."""

    def __init__(self) -> None:
        self._watched: Optional[Watched] = None

    def begin(
        self,
        source: Any,
        name: str,
        before: Callable[[], object] = nothing,
        after: Callable[..., object] = nothing,
    ) -> None:
        """Watches a method as ``Watched`` does, and no other one any more."""
        self.end()
        self._watched = Watched(source, name, before, after)

    def end(self) -> None:
        """Also where nothing is watched."""
        if self._watched is not None:
            self._watched.stop()
            self._watched = None
