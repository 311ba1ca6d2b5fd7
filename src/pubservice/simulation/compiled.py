"""
The event loop compiled: the same functions, taken by numba when a run asks for them.

Nothing here is compiled on import. Each function is rebuilt with globals of its own, in which constants of random numbers
are unsigned words, what it calls is compiled, and the agenda and the searches, which the interpreter does in C, stand as
loops over arrays.
"""

from __future__ import annotations

import hashlib
import marshal
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from pubservice.errors import MissingExtraError
from pubservice.simulation import calendars, coming, conditions, engine, streams

if TYPE_CHECKING:
    from collections.abc import Callable


def is_available() -> bool:
    """Return whether numba can be imported."""
    try:
        import numba  # noqa: F401 - asked for, not used
    except ImportError:
        return False
    return True


def after(column: Any, x: float, first: int, last: int) -> int:
    """Return where x would be put behind its equals in an ascending array, as `bisect.bisect_right` does."""
    while first < last:
        middle = (first + last) // 2
        if x < column[middle]:
            last = middle
        else:
            first = middle + 1
    return first


def before(column: Any, x: float, first: int, last: int) -> int:
    """Return where x would be put before its equals in an ascending array, as `bisect.bisect_left` does."""
    while first < last:
        middle = (first + last) // 2
        if column[middle] < x:
            first = middle + 1
        else:
            last = middle
    return first


def note(agenda: Any, thing: tuple[float, int, int]) -> None:
    """Put something on the agenda, a heap of times, numbers and codes with its size, as `heapq.heappush` does."""
    times, numbers, codes, size = agenda
    time, number, code = thing
    i = size[0]
    size[0] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if times[above] < time or (times[above] == time and numbers[above] < number):
            break
        times[i], numbers[i], codes[i] = times[above], numbers[above], codes[above]
        i = above
    times[i], numbers[i], codes[i] = time, number, code


def take(agenda: Any) -> tuple[float, int, int]:
    """Take the next thing off the agenda, as `heapq.heappop` does."""
    times, numbers, codes, size = agenda
    first = (times[0], numbers[0], codes[0])
    last = size[0] - 1
    size[0] = last
    time, number, code = times[last], numbers[last], codes[last]
    i = 0
    below = 1
    while below < last:
        other = below + 1
        if other < last and (
            times[other] < times[below] or (times[other] == times[below] and numbers[other] < numbers[below])
        ):
            below = other
        if time < times[below] or (time == times[below] and number < numbers[below]):
            break
        times[i], numbers[i], codes[i] = times[below], numbers[below], codes[below]
        i = below
        below = 2 * i + 1
    times[i], numbers[i], codes[i] = time, number, code
    return first


@cache
def compiled() -> Callable[..., int]:
    """
    Return the event loop compiled, for arrays.

    Machine code is kept beside the library where that place can be written to.

    Raises:
        MissingExtraError: numba is not installed.
    """
    try:
        import numba
        import numpy as np
    except ImportError:
        raise MissingExtraError("numba", "fast") from None
    names: dict[str, Any] = {}
    for module in (calendars, streams, conditions, coming, engine):
        names |= vars(module)
    names |= {name: np.uint64(getattr(streams, name)) for name in streams.WORDS}
    version = _version()

    def machine(function: Any, name: str) -> Any:
        """Compile a function; what is kept of it is found again only as long as nothing that it may call has changed."""
        rebuilt = FunctionType(function.__code__, names, f"{name}_{version}")
        rebuilt.__module__ = function.__module__
        try:
            names[name] = numba.njit(cache=True, nogil=True)(rebuilt)
        except RuntimeError:  # nowhere to keep it
            names[name] = numba.njit(nogil=True)(rebuilt)
        return names[name]

    for name, function in FUNCTIONS.items():
        machine(function, name)
    return machine(engine.advance, "advance")  # type: ignore[no-any-return]  # what numba returns is untyped


FUNCTIONS: dict[str, Any] = {
    "bisect_right": after,
    "bisect_left": before,
    "note": note,
    "take": take,
    "open_time": calendars.open_time,
    "opening": calendars.opening,
    "moment": calendars.moment,
    "shrunk": calendars.shrunk,
    "end_of_work": calendars.end_of_work,
    "mixed": streams.mixed,
    "uniform": streams.uniform_of_word,
    "polynomial": streams.polynomial,
    "normal_quantile": streams.normal_quantile,
    "gamma": streams.gamma,
    "drawn": streams.drawn,
    "slot_start": coming.slot_start,
    "next_arrival": coming.next_arrival,
    "called_up": coming.called_up,
    "lookup_of": conditions.lookup_of,
    "passes": conditions.passes,
    "stretch": engine.stretch,
}
"""What the event loop calls, by the name by which it does, in an order in which each is there when it is needed."""


def _version() -> str:
    """Return a digest of all code that is compiled."""
    codes = [marshal.dumps(function.__code__) for function in (*FUNCTIONS.values(), engine.advance)]
    return hashlib.blake2b(b"".join(codes), digest_size=8).hexdigest()
