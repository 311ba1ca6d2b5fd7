"""
Key figures of a service, as closed formulas on plain numbers.

Shares are fractions, 0 to 1. What does not exist, such as a share of nothing, is never 0: a formula raises
`UndefinedResultError` with the reason, and a `Measurement` keeps that reason in the place of a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.messages import Message
from pubservice.units import not_negative

_CLOSE = 1e-9  # that shares may be off 1 together, as probabilities may


def _amount(name: str, value: Any) -> float:
    """Return a number that is finite and not negative."""
    try:
        return not_negative(value)
    except InvalidQuantityError:
        message = Message(
            "{name}: expected a finite number of at least 0, got {value!r}", name=name, value=value
        )
        raise InvalidQuantityError(message) from None


def _amounts(name: str, values: Any) -> list[float]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidQuantityError(
            Message("{name}: expected numbers, got {value!r}", name=name, value=values)
        )
    return [_amount(name, value) for value in values]


def _part_of(part_name: str, part: float, whole_name: str, whole: float) -> float:
    """Return part / whole, which is at most 1 and exists where the whole is not 0."""
    if _amount(part_name, part) > _amount(whole_name, whole):
        message = Message(
            "{part}: {value:,.10g} is more than {whole}: {of:,.10g}",
            part=part_name,
            value=part,
            whole=whole_name,
            of=whole,
        )
        raise InvalidQuantityError(message)
    return _ratio(part, whole_name, whole)


def _ratio(top: float, name: str, bottom: float) -> float:
    if not bottom:
        raise UndefinedResultError(Message("{name} is 0: there is nothing to divide by", name=name))
    return top / bottom


def cost_per_transaction(*, cost: float, completed: float) -> float:
    """
    Return total cost / completed transactions.

    The total has fixed and variable costs and overheads, the service's part of shared costs (see `shared_costs`), and
    neither start-up costs that can be capitalised nor costs of enforcement. This is what a transaction costs the
    government; what an applicant pays for it is the fee.

    Args:
        cost: Of a year, in one currency.
        completed: Transactions of all channels in the same year.

    Raises:
        UndefinedResultError: None was completed.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        120,000 of its own and half of a call centre for 80,000; 50,000 of start-up costs are left out.

        >>> cost_per_transaction(cost=120_000 + shared_costs(80_000, {"permit": 0.5, "licence": 0.5})["permit"],
        ...                      completed=32_000)
        5.0

    Source:
        UK Government Service Design Manual (2013-2016), Cost per transaction.
    """
    return _ratio(_amount("cost", cost), "completed", _amount("completed", completed))


def shared_costs(cost: float, shares: Mapping[str, float]) -> dict[str, float]:
    """
    Return what each service bears of a cost that several share, such as half of the call centre for half of the calls.

    Args:
        cost: To be divided.
        shares: Of each service, 0 to 1; together 1.

    Raises:
        InvalidQuantityError: A number is negative, or the shares are not 1 together.

    Example:
        >>> shared_costs(80_000, {"permit": 0.5, "licence": 0.5})
        {'permit': 40000.0, 'licence': 40000.0}

    Source:
        UK Government Service Design Manual (2013-2016), Cost per transaction.
    """
    given: Any = shares  # whatever its annotation promises
    if not isinstance(given, Mapping):
        raise InvalidQuantityError(Message("expected shares by service, got {value!r}", value=given))
    parts = {name: _amount(name, share) for name, share in given.items()}
    total = math.fsum(parts.values())
    if abs(total - 1) > _CLOSE:
        raise InvalidQuantityError(Message("expected shares that sum to 1, got {total:.10g}", total=total))
    return {name: _amount("cost", cost) * share for name, share in parts.items()}


def cost_recovery(*, fees: float, cost: float) -> float:
    """
    Return fees received / total cost: 1 where applicants pay for all of it, more where they pay for more.

    Args:
        fees: Received, in the currency of the cost.
        cost: Of the same transactions.

    Raises:
        UndefinedResultError: There is no cost.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> cost_recovery(fees=40_000, cost=160_000)
        0.25

    Source:
        HM Treasury, Managing Public Money, ch. 6 (fees, charges and levies).
    """
    return _ratio(_amount("fees", fees), "cost", _amount("cost", cost))


def user_satisfaction(
    *,
    very_satisfied: float,
    satisfied: float,
    neither: float,
    dissatisfied: float,
    very_dissatisfied: float,
) -> float:
    """
    Return the share of answers that are satisfied or very satisfied, neutral ones in the denominator.

    Args:
        very_satisfied: How many answered so.
        satisfied: Idem.
        neither: Idem.
        dissatisfied: Idem.
        very_dissatisfied: Idem.

    Raises:
        UndefinedResultError: Nobody answered.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> answers = dict(very_satisfied=39, satisfied=62, neither=81, dissatisfied=9, very_dissatisfied=3)
        >>> round(user_satisfaction(**answers), 4)
        0.5206

    Source:
        UK Government Service Design Manual (2013-2016), User satisfaction.
    """
    counts = _answers(very_satisfied, satisfied, neither, dissatisfied, very_dissatisfied)
    return _ratio(counts[0] + counts[1], "answers", sum(counts))


def user_satisfaction_mean(
    *,
    very_satisfied: float,
    satisfied: float,
    neither: float,
    dissatisfied: float,
    very_dissatisfied: float,
) -> float:
    """
    Return the mean answer, where very satisfied is 1, neither 0.5 and very dissatisfied 0.

    Args:
        very_satisfied: How many answered so.
        satisfied: Idem.
        neither: Idem.
        dissatisfied: Idem.
        very_dissatisfied: Idem.

    Raises:
        UndefinedResultError: Nobody answered.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> answers = dict(very_satisfied=39, satisfied=62, neither=81, dissatisfied=9, very_dissatisfied=3)
        >>> round(user_satisfaction_mean(**answers), 4)
        0.6611

    Source:
        A normalised mean, as the GOV.UK Performance Platform is remembered to have used; not verified.
    """
    counts = _answers(very_satisfied, satisfied, neither, dissatisfied, very_dissatisfied)
    return _ratio(
        sum(count * (4 - i) / 4 for i, count in enumerate(counts)),
        "answers",
        sum(counts),
    )


def _answers(*counts: float) -> tuple[float, ...]:
    return tuple(_amount("answers", count) for count in counts)


def completion_rate(*, begun: float, completed: float) -> float:
    """
    Return completed transactions / transactions begun.

    Completed is what did what it is there for, a correct refusal included; given up or failed is not. A saved
    transaction that is taken up again is not begun anew.

    Args:
        begun: In the period.
        completed: Of these.

    Raises:
        UndefinedResultError: None was begun.
        InvalidQuantityError: A number is negative or not finite, or more are completed than begun.

    Example:
        >>> completion_rate(begun=2000, completed=1000)
        0.5

    Source:
        GOV.UK Service Manual, Measuring completion rate.
    """
    return _part_of("completed", completed, "begun", begun)


def digital_take_up(*, digital: float, assisted: float, other: float) -> float:
    """
    Return completed digital transactions / completed transactions of all channels, assisted ones counted as digital.

    Args:
        digital: Completed by the users themselves.
        assisted: Completed online with help, or by somebody for them.
        other: Completed by phone, on paper, in person.

    Raises:
        UndefinedResultError: None was completed.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> digital_take_up(digital=420, assisted=30, other=150)
        0.75

    Source:
        GOV.UK Service Manual, Measuring digital take-up.
    """
    parts = _channels(digital, assisted, other)
    return _ratio(parts[0] + parts[1], "completed", sum(parts))


def digital_take_up_2013(*, digital: float, assisted: float, other: float) -> float:
    """
    Return completed digital transactions / completed transactions of all channels, assisted ones not counted as digital.

    Args:
        digital: As for `digital_take_up`.
        assisted: Idem.
        other: Idem.

    Raises:
        UndefinedResultError: None was completed.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> digital_take_up_2013(digital=420, assisted=30, other=150)
        0.7

    Source:
        UK Government Service Design Manual (2013-2016), Digital take-up.
    """
    parts = _channels(digital, assisted, other)
    return _ratio(parts[0], "completed", sum(parts))


def _channels(digital: float, assisted: float, other: float) -> tuple[float, float, float]:
    return _amount("digital", digital), _amount("assisted", assisted), _amount("other", other)


def on_time_share(durations: Iterable[float], *, within: float) -> float:
    """
    Return the share of closed cases that took at most the promised time.

    Args:
        durations: Of the closed cases, in one unit and on one clock.
        within: The promised time, on the same clock; exactly so long is on time.

    Raises:
        UndefinedResultError: No case is closed.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> on_time_share([3, 5, 5, 7, 9, 14], within=5)
        0.5
    """
    closed, limit = _amounts("durations", durations), _amount("within", within)
    return _ratio(sum(time <= limit for time in closed), "durations", len(closed))


def on_time_share_with_open(durations: Iterable[float], *, ages: Iterable[float], within: float) -> float:
    """
    Return the same, where open cases that are late already count as failures.

    Without them a service looks the better the longer it leaves its late cases open.

    Args:
        durations: Of the closed cases.
        ages: How long each open case has been there.
        within: The promised time.

    Raises:
        UndefinedResultError: No case is closed, and none is late.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> round(on_time_share_with_open([3, 5, 5, 7, 9, 14], ages=[2, 6], within=5), 4)
        0.4286
    """
    closed, limit = _amounts("durations", durations), _amount("within", within)
    late = sum(age > limit for age in _amounts("ages", ages))
    return _ratio(sum(time <= limit for time in closed), "durations", len(closed) + late)


def first_time_right(*, cases: float, reworked: float) -> float:
    """
    Return the share of cases in which no step was done again.

    Args:
        cases: Closed ones.
        reworked: Those of them in which some step was repeated.

    Raises:
        UndefinedResultError: There is no case.
        InvalidQuantityError: A number is negative or not finite, or more are reworked than there are.

    Example:
        >>> first_time_right(cases=1434, reworked=91) > 0.93
        True
    """
    return 1 - _part_of("reworked", reworked, "cases", cases)


def complaints_per_1000(*, complaints: float, cases: float) -> float:
    """
    Return complaints for every thousand cases; a case may bring several.

    Args:
        complaints: Received in the period.
        cases: Handled in it.

    Raises:
        UndefinedResultError: There is no case.
        InvalidQuantityError: A number is negative or not finite.

    Example:
        >>> complaints_per_1000(complaints=18, cases=12_000)
        1.5
    """
    return 1000 * _ratio(_amount("complaints", complaints), "cases", _amount("cases", cases))


def coverage(*, eligible: float, eligible_served: float) -> float:
    """
    Return the share of those who are eligible that are served.

    Args:
        eligible: Who have a right to the service.
        eligible_served: Who of these get it.

    Raises:
        UndefinedResultError: Nobody is eligible.
        InvalidQuantityError: A number is negative or not finite, or more are served than are eligible.

    Example:
        >>> coverage(eligible=8000, eligible_served=6000)
        0.75

    Source:
        Cornia & Stewart (1993), Two errors of targeting, Journal of International Development 5(5), 459-496.
    """
    return _part_of("eligible_served", eligible_served, "eligible", eligible)


def exclusion_error(*, eligible: float, eligible_served: float) -> float:
    """
    Return the share of those who are eligible that are not served: 1 − coverage.

    Args:
        eligible: As for `coverage`.
        eligible_served: Idem.

    Raises:
        UndefinedResultError: Nobody is eligible.
        InvalidQuantityError: A number is negative or not finite, or more are served than are eligible.

    Example:
        >>> exclusion_error(eligible=8000, eligible_served=6000)
        0.25

    Source:
        Cornia & Stewart (1993).
    """
    return 1 - coverage(eligible=eligible, eligible_served=eligible_served)


def inclusion_error(*, served: float, ineligible_served: float) -> float:
    """
    Return the share of those who are served that have no right to it.

    Args:
        served: Who get the service.
        ineligible_served: Who of these are not eligible.

    Raises:
        UndefinedResultError: Nobody is served.
        InvalidQuantityError: A number is negative or not finite, or more are ineligible than are served.

    Example:
        >>> inclusion_error(served=6400, ineligible_served=400)
        0.0625

    Source:
        Cornia & Stewart (1993).
    """
    return _part_of("ineligible_served", ineligible_served, "served", served)
