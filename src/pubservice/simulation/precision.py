"""How many replications are enough."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.simulation.intervals import Estimate

SOURCE = "Law (2015), Simulation Modeling and Analysis, 5th ed., §9.4.1 (relative precision, sequentially)"


def relative(value: object) -> float:
    """
    Return a relative precision from a number or a percentage.

    Raises:
        InvalidQuantityError: It is none, or is not between 0 and 1.

    Example:
        >>> relative("2 %"), relative(0.05)
        (0.02, 0.05)
    """
    found = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
    elif isinstance(value, str) and len(value) <= 40:
        match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?)\s*", value)
        found = None if match is None else float(match[1]) / (100 if match[2] else 1)
    if found is None or not 0 < found < 1:
        raise InvalidQuantityError(
            Message("expected a precision between 0 and 1 such as '2 %', got {value!r}", value=value)
        )
    return found


def is_sure(estimate: Estimate, precision: float) -> bool:
    """
    Return whether a mean is known to a relative precision γ.

    The half-width of its interval may be at most γ / (1 + γ) of the mean that was found, which is then within γ of the true
    one.
    """
    width = estimate.relative_half_width
    return width is not None and width <= precision / (1 + precision)


def further(estimates: Iterable[Estimate], precision: float, *, done: int, most: int) -> int:
    """
    Return how many more replications to run until every mean is as sure as wanted; 0 where it is, or none are left.

    As half-widths shrink with the square root of replications, their number is forecast, and at most doubled at a time, so
    that a few early replications are not believed too much. What has no interval, or no mean but 0, asks for none.

    Args:
        estimates: Of what is to be precise.
        precision: γ, between 0 and 1.
        done: Replications so far.
        most: Replications at most.

    Source:
        Law (2015), Simulation Modeling and Analysis, 5th ed., §9.4.1.
    """
    wanted = precision / (1 + precision)
    needed = done
    for estimate in estimates:
        width = estimate.relative_half_width
        if width is not None and not is_sure(estimate, precision):
            needed = max(needed, done + 1, ceil(done * (width / wanted) ** 2))
    return max(0, min(needed, 2 * done, most) - done)
