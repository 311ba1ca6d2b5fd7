"""Little's law, which holds for every stable system: how many, how often and how long."""

from __future__ import annotations

from math import inf

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import finite


def work_in_progress(*, arrival_rate: float, cycle_time: float) -> float:
    """
    Return the mean number of cases inside by Little's law, L = λW.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        cycle_time: W ≥ 0, in the same time unit.

    Raises:
        InvalidQuantityError: One is negative, infinite or not a number.

    Example:
        A drive-through: 300 customers in 600 minutes, each 10 minutes inside.

        >>> work_in_progress(arrival_rate=300 / 600, cycle_time=10)
        5.0

    Source:
        Little (1961), Operations Research 9(3), 383-387.
    """
    return _little(arrival_rate, cycle_time)


def queue_length(*, arrival_rate: float, waiting_time: float) -> float:
    """
    Return the mean number of cases that wait by Little's law, Lq = λWq.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        waiting_time: Wq ≥ 0, in the same time unit.

    Raises:
        InvalidQuantityError: One is negative, infinite or not a number.

    Example:
        >>> queue_length(arrival_rate=12, waiting_time=0.25)
        3.0

    Source:
        Little (1961), Operations Research 9(3), 383-387.
    """
    return _little(arrival_rate, waiting_time)


def _little(rate: float, time: float) -> float:
    if not (0 <= rate < inf and 0 <= time < inf):
        message = Message(
            "expected a rate and a time that are not negative, got {rate}, {time}", rate=rate, time=time
        )
        raise InvalidQuantityError(message)
    return finite(rate * time)
