"""How cases come: one after another at times that are more or less even, or by appointment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, InvalidQuantityError, Problem
from pubservice.messages import Message
from pubservice.model.distribution import Distribution, distribution, stretched
from pubservice.model.text import check_count, fault, instance_of
from pubservice.units import ELAPSED_SECONDS, Duration, Rate, duration, fraction, unit_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_AT_ONCE = 1_000
_LONGEST = 86400.0  # seconds that somebody is early at most, or late on average
_CLOSE = 1e-6
_ALIKE = (frozenset(ELAPSED_SECONDS), frozenset(("working_min", "working_hour")))  # units
_IN_HOURS = {"s": ("hour", 3600.0), "min": ("hour", 60.0), "working_min": ("working_hour", 60.0)}


def _interval(value: object) -> Distribution | None:
    found = None if value is None else distribution(value)
    if found is not None and not found.mean_in_unit:
        raise InvalidQuantityError(
            Message("expected times between cases above zero, got {value!r}", value=value)
        )
    return found


def _slot(value: object) -> Duration:
    found = duration(value)
    if (unit_seconds(found.unit, 1) or 0.0) * found.magnitude < 1:
        raise InvalidQuantityError(
            Message("expected a slot of at least a second, got {value!r}", value=value)
        )
    return found


def _no_show(value: object) -> float:
    found = fraction(value)
    if found == 1:
        raise InvalidQuantityError(
            Message("expected a share below 1 of those who do not come, got {value!r}", value=value)
        )
    return found


def _elapsed(value: object) -> Distribution | None:
    found = None if value is None else distribution(value)
    if found is not None and found.unit.startswith("working_"):
        raise InvalidQuantityError(
            Message("people are early or late in elapsed time, such as '5 min', got {value!r}", value=value)
        )
    return found


def _early(value: object) -> Distribution | None:
    found = _elapsed(value)
    if found is not None and found.support()[1] * ELAPSED_SECONDS[found.unit] > _LONGEST:
        message = Message(
            "expected how early at most, such as 'uniform(0, 10) min', up to a day, got {value!r}",
            value=str(value),
        )
        raise InvalidQuantityError(message)
    return found


def _late(value: object) -> Distribution | None:
    found = _elapsed(value)
    if found is not None and found.mean_in_unit * ELAPSED_SECONDS[found.unit] > _LONGEST:
        message = Message(
            "expected how late, such as 'exponential(5) min', on average up to a day, got {value!r}",
            value=str(value),
        )
        raise InvalidQuantityError(message)
    return found


def _check_cases(owner: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    check_count(owner, attribute, value)
    if value > MOST_AT_ONCE:
        raise fault(attribute.name, Message("expected at most {bound:,} cases, got more", bound=MOST_AT_ONCE))


@attrs.frozen(kw_only=True)
class Appointments:
    """
    Slots to which cases are booked.

    They follow each other in the open time of the service. Whoever does not come is no case: the place is lost.

    Attributes:
        slot: From one to the next, at least a second; under a calendar in working time, a week, a month or a year.
        cases: Places in each, 1 to 1,000.
        no_show: Share of those who are booked that do not come, 0 to below 1.
        early: How long before it they come, at most a day; None is on time.
        late: How long after it they come, on average at most a day, added to that; None is on time.

    Example:
        >>> Appointments(slot="20 min", cases=2, no_show="1/10").no_show
        0.1
    """

    slot: Duration = attrs.field(converter=_slot)
    cases: int = attrs.field(default=1, validator=_check_cases)
    no_show: float = attrs.field(converter=_no_show, default=0.0)
    early: Distribution | None = attrs.field(converter=_early, default=None)
    late: Distribution | None = attrs.field(converter=_late, default=None)


@attrs.frozen(kw_only=True)
class Arrivals:
    """
    How the cases of a service come, where that is not at random (Poisson).

    Attributes:
        interval: Time from one case to the next, each by itself; under a calendar in working time, a week, a month or a
            year.
        appointments: Or: the slots to which they are booked.

    Example:
        >>> regular = Arrivals(interval="uniform(10, 30) min")
        >>> print(most_cases(regular), round(arrival_scv(regular), 3))
        3 case/hour 0.083
    """

    interval: Distribution | None = attrs.field(converter=_interval, default=None)
    appointments: Appointments | None = attrs.field(default=None, validator=instance_of(Appointments))

    def __attrs_post_init__(self) -> None:
        problems = list(arrivals_problems(self))
        if problems:
            raise InvalidModelError(problems)


def arrivals_problems(arrivals: Arrivals) -> Iterator[Problem]:
    """Yield what does not fit together in the arrivals of a service."""
    if (arrivals.interval is None) == (arrivals.appointments is None):
        yield Problem("", Message("expected an interval or appointments, one of them"))


def most_cases(arrivals: Arrivals | None) -> Rate | None:
    """
    Return how many cases come by the intervals, or by appointment if all places are taken; None where nothing says so.

    Example:
        >>> print(most_cases(Arrivals(appointments=Appointments(slot="15 working_min", cases=2, no_show=0.25))))
        6 case/working_hour
    """
    if arrivals is None or any(arrivals_problems(arrivals)):  # of a file with faults
        return None
    cases, interval, booked = 1.0, arrivals.interval, arrivals.appointments
    if interval is not None:
        length, unit = interval.mean_in_unit, interval.unit
    elif booked is not None and booked.slot is not None:  # idem
        cases, length, unit = booked.cases * (1 - booked.no_show), booked.slot.magnitude, booked.slot.unit
    else:
        return None
    unit, factor = _IN_HOURS.get(unit, (unit, 1.0))
    return Rate(cases * factor / length, unit)


def booked_problems(arrivals: Arrivals | None, rate: Rate | None) -> Iterator[Problem]:
    """Yield where an arrival rate says something else than the arrivals of its service."""
    most = most_cases(arrivals)
    if arrivals is None or most is None or rate is None or rate == most:
        return
    if rate.unit != most.unit and not any({rate.unit, most.unit} <= units for units in _ALIKE):
        message = Message(
            "cannot be compared with what arrivals says, {most}: leave it out, or write it per {unit}",
            most=str(most),
            unit=most.unit,
        )
        yield Problem("arrival_rate", message)
        return
    alike = rate.magnitude * (unit_seconds(most.unit, 1) or 0.0) / (unit_seconds(rate.unit, 1) or 1.0)
    share = alike / most.magnitude
    if arrivals.interval is not None and abs(share - 1) > _CLOSE:
        message = Message(
            "arrivals says {most}, got {value!r}: leave one out", most=str(most), value=str(rate)
        )
        yield Problem("arrival_rate", message)
    elif share > 1 + _CLOSE:
        message = Message(
            "at most {most} can come by appointment, got {value!r}", most=str(most), value=str(rate)
        )
        yield Problem("arrival_rate", message)


def arrival_scv(arrivals: Arrivals | None, taken: float = 1.0) -> float:
    """
    Return how uneven the times between arrivals are: their squared coefficient of variation, 1 for Poisson.

    Of appointments it is the variance of the number that come in a long time over its mean: 0 where every place is taken
    by somebody who comes, however early or late.

    Args:
        arrivals: None for Poisson.
        taken: Share of the places that are booked.

    Source:
        Whitt (1982), Operations Research 30(1), 125-147: the asymptotic method.
    """
    if arrivals is None:
        return 1.0
    if arrivals.interval is not None:
        return arrivals.interval.scv
    assert arrivals.appointments is not None  # one of them is
    return 1 - taken * (1 - arrivals.appointments.no_show)


def quickened(arrivals: Arrivals | None, factor: float) -> Arrivals | None:
    """Return arrivals by which so many times as many cases come: intervals, or slots, are as much shorter."""
    if arrivals is None:
        return None
    if arrivals.interval is not None:
        return Arrivals(interval=stretched(arrivals.interval, 1 / factor))
    booked = arrivals.appointments
    assert booked is not None  # one of them is
    slot = Duration(booked.slot.magnitude / factor, booked.slot.unit)
    return Arrivals(appointments=attrs.evolve(booked, slot=slot))
