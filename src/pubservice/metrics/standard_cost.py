"""
The Standard Cost Model: what it costs those served to give the information that the law asks for.

Price is tariff × time, with overhead, and what is paid to others; quantity is population × frequency. Fees are no
part of it: they are what the service costs, not what asking for it costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, translate
from pubservice.model.text import check_text, check_words, fault, instance_of
from pubservice.table import table
from pubservice.units import (
    CostRate,
    Duration,
    Money,
    above_zero,
    cost_rate,
    duration,
    fraction,
    money,
    not_negative,
    per_currency,
)

if TYPE_CHECKING:
    from pubservice.messages import Language

HOURS_PER_WORKING_DAY = 8.0
SOURCE = "SCM Network (2005), International Standard Cost Model Manual; European Commission, Better Regulation Toolbox"


def _optional_duration(value: object) -> Duration | None:
    return None if value is None else duration(value)


def _optional_tariff(value: object) -> CostRate | None:
    return None if value is None else cost_rate(value)


@attrs.frozen
class AdministrativeActivity:
    """
    One thing that has to be done to meet an information obligation.

    Attributes:
        name: What is done.
        time: Of a normally efficient business or person, each time; None where it is not known. A working day has 8
            hours.
        tariff: What an hour of it costs; None where time is not put into money.
        overhead: On top of the tariff, as a fraction of it.
        external_cost: What is paid to others each time.
        times: How often it is done each time that the obligation is met.
        unknown: Why the time is not known.

    Example:
        >>> filling_in = AdministrativeActivity("fill in", time="90 min", tariff="40 EUR/hour", overhead=0.25)
        >>> filling_in.hours
        1.5
    """

    name: str = attrs.field(validator=check_words)
    time: Duration | None = attrs.field(converter=_optional_duration, default=None, kw_only=True)
    tariff: CostRate | None = attrs.field(converter=_optional_tariff, default=None, kw_only=True)
    overhead: float = attrs.field(converter=not_negative, default=0.0, kw_only=True)
    external_cost: Money | None = attrs.field(
        converter=attrs.converters.optional(money), default=None, kw_only=True
    )
    times: float = attrs.field(converter=not_negative, default=1.0, kw_only=True)
    unknown: Message | None = attrs.field(default=None, kw_only=True, validator=instance_of(Message))

    @property
    def hours(self) -> float | None:
        """Time that it takes each time that the obligation is met; None where it is not known."""
        if self.time is None:
            return None
        seconds = self.time.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY)
        assert seconds is not None  # a working day has its hours
        return self.times * seconds / 3600

    @property
    def prices(self) -> tuple[Money, ...]:
        """What it costs each time that the obligation is met: its time where that has a tariff, and what is paid."""
        found = []
        if self.tariff is not None and self.hours:
            amount = self.hours * 3600 * self.tariff.per_second * (1 + self.overhead)
            found.append(Money(amount, self.tariff.currency))
        return (*found, *self.paid)

    @property
    def paid(self) -> tuple[Money, ...]:
        """What is paid to others each time that the obligation is met, if anything is."""
        if self.external_cost is None or not self.external_cost.amount:
            return ()
        return (self.external_cost.times(self.times),)


def _all_of(kind: type[Any], path: str, items: Any) -> tuple[Any, ...]:
    """Return items; refuse what is no list of them, each with its position."""
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise fault(path, Message("expected a list, got {value!r}", value=items))
    found = tuple(items)
    problems = [
        Problem(f"{path}[{i}]", Message("expected a {kind}, got {value!r}", kind=kind.__name__, value=item))
        for i, item in enumerate(found)
        if not isinstance(item, kind)
    ]
    if problems:
        raise InvalidModelError(problems)
    return found


def _activities(items: Iterable[AdministrativeActivity]) -> tuple[AdministrativeActivity, ...]:
    return _all_of(AdministrativeActivity, "activities", items)


@attrs.frozen
class InformationObligation:
    """
    A duty to inform, with what has to be done to meet it. What does not exist is None, with the reason in `undefined`.

    Attributes:
        name: What is asked for.
        of: What asks for it: a provision, or a service.
        activities: What has to be done each time.
        population: How many have to; None where that is not known.
        frequency: How often each of them does in a year: every two years is 0.5.
        business_as_usual: Share of the cost, 0 to 1, that they would bear without the obligation.

    Example:
        >>> report = InformationObligation(
        ...     "report",
        ...     activities=[AdministrativeActivity("fill in", time="6 hour", tariff="600 NOK/hour")],
        ...     population=20,
        ...     frequency=52,
        ... )
        >>> print(report.cost)
        3,744,000 NOK
    """

    name: str = attrs.field(validator=check_words)
    of: str = attrs.field(default="", kw_only=True, validator=check_text)
    activities: tuple[AdministrativeActivity, ...] = attrs.field(converter=_activities, kw_only=True)
    population: float | None = attrs.field(
        converter=attrs.converters.optional(above_zero), default=None, kw_only=True
    )
    frequency: float = attrs.field(converter=above_zero, default=1.0, kw_only=True)
    business_as_usual: float = attrs.field(converter=fraction, default=0.0, kw_only=True)

    @property
    def quantity(self) -> float | None:
        """How often it is met in a year: population × frequency."""
        return None if self.population is None else self.population * self.frequency

    @property
    def hours(self) -> float | None:
        """Time each time that it is met."""
        hours = [activity.hours for activity in self.activities]
        return None if None in hours else math.fsum(h for h in hours if h is not None)

    @property
    def external_cost(self) -> tuple[Money, ...]:
        """What is paid to others each time that it is met, per currency."""
        return per_currency(amount for activity in self.activities for amount in activity.paid)

    @property
    def is_free(self) -> bool:
        """Whether it takes no time and no money."""
        return self.hours == 0 and not self.external_cost

    @property
    def price(self) -> Money | None:
        """What it costs each time that it is met: tariff × time, and what is paid to others."""
        if self._no_price is not None:
            return None
        (currency,) = self._currencies
        prices = [price.amount for activity in self.activities for price in activity.prices]
        return Money(math.fsum(prices), currency)

    @property
    def _currencies(self) -> tuple[str, ...]:
        """The currencies of what costs something; where nothing does, the first in which it would."""
        prices = [price.currency for activity in self.activities for price in activity.prices]
        stated = [
            amount.currency
            for activity in self.activities
            for amount in (activity.tariff, activity.external_cost)
            if amount is not None
        ]
        return tuple(dict.fromkeys(prices or stated[:1]))

    @property
    def _no_price(self) -> Message | None:
        for activity in self.activities:
            if activity.hours is None:
                return activity.unknown or Message(
                    "the time of {activity!r} is not known", activity=activity.name
                )
        if any(activity.hours and activity.tariff is None for activity in self.activities):
            return Message("without a tariff, time is not put into money")
        match self._currencies:
            case ():
                return Message("nothing of it costs money")
            case (_,):
                return None
            case several:
                return Message(
                    "costs in {currencies} do not add without a rate", currencies=", ".join(several)
                )

    @property
    def hours_per_year(self) -> float | None:
        """Time in a year, over all who have to."""
        return None if self.hours is None or self.quantity is None else self.hours * self.quantity

    @property
    def cost(self) -> Money | None:
        """Administrative cost of a year: price × quantity."""
        price, quantity = self.price, self.quantity
        return None if price is None or quantity is None else price.times(quantity)

    @property
    def burden(self) -> Money | None:
        """Administrative burden of a year: the cost without what would be borne anyway."""
        return None if self.cost is None else self.cost.times(1 - self.business_as_usual)

    @property
    def undefined(self) -> dict[str, Message]:
        """Why a number is None, by its name."""
        found = {}
        no_quantity = Message("how many cases there are in a year is not known")
        if self.hours is None and self._no_price is not None:
            found["hours"] = found["hours_per_year"] = self._no_price
        if self._no_price is not None:
            found["price"] = found["cost"] = found["burden"] = self._no_price
        if self.quantity is None:
            found["quantity"] = no_quantity
            for name in ("hours_per_year", "cost", "burden"):
                found.setdefault(name, no_quantity)
        return found

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "name": str(self.name),
            "of": self.of,
            "activities": [
                {
                    "name": str(activity.name),
                    "hours": activity.hours,
                    "external_cost": _data(activity.external_cost),
                    "times": activity.times,
                }
                for activity in self.activities
            ],
            "business_as_usual": self.business_as_usual,
            "hours": self.hours,
            "external_cost": _all_data(self.external_cost),
            "price": _data(self.price),
            "quantity": self.quantity,
            "hours_per_year": self.hours_per_year,
            "cost": _data(self.cost),
            "burden": _data(self.burden),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def _obligations(items: Iterable[InformationObligation]) -> tuple[InformationObligation, ...]:
    return _all_of(InformationObligation, "obligations", items)


@attrs.frozen
class AdministrativeCost:
    """
    The information obligations of a law, or of services, and what they cost in a year.

    Sums are over all obligations; they are None where one of them is, with the reason in `undefined`. Currencies never
    mix: there is one sum for each.

    Attributes:
        obligations: Each with its activities.

    Source:
        SCM Network (2005), International Standard Cost Model Manual. European Commission, Better Regulation Toolbox: for
        citizens, whether to put time into money is left to discretion.
    """

    obligations: tuple[InformationObligation, ...] = attrs.field(converter=_obligations)

    @property
    def hours(self) -> float | None:
        """Time in a year."""
        hours = [obligation.hours_per_year for obligation in self.obligations]
        return None if None in hours else math.fsum(h for h in hours if h is not None)

    @property
    def cost(self) -> tuple[Money, ...] | None:
        """Administrative cost of a year, per currency."""
        return self._sum("cost")

    @property
    def burden(self) -> tuple[Money, ...] | None:
        """Administrative burden of a year, per currency."""
        return self._sum("burden")

    @property
    def external_cost(self) -> tuple[Money, ...] | None:
        """What is paid to others in a year, per currency."""
        if any(o.external_cost and o.quantity is None for o in self.obligations):
            return None
        return per_currency(
            amount.times(o.quantity or 0.0) for o in self.obligations for amount in o.external_cost
        )

    def _sum(self, name: str) -> tuple[Money, ...] | None:
        amounts = [getattr(obligation, name) for obligation in self.obligations if not obligation.is_free]
        return None if None in amounts else per_currency(amounts)

    @property
    def undefined(self) -> dict[str, Message]:
        """Why a sum is None, by its name: the first reason that an obligation has."""
        missing = {
            "hours": (self.hours, "hours_per_year"),
            "external_cost": (self.external_cost, "quantity"),
            "cost": (self.cost, "cost"),
            "burden": (self.burden, "burden"),
        }
        found = {}
        for name, (value, of) in missing.items():
            if value is None:
                found[name] = next(
                    Message("{what}: {why}", what=o.name, why=o.undefined[of])
                    for o in self.obligations
                    if of in o.undefined and (of == "hours_per_year" or not o.is_free)
                )
        return found

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each obligation; hours are those of one time and of a year."""
        return [
            {
                "obligation": o.name,
                "of": o.of,
                "hours": o.hours,
                "price": None if o.price is None else str(o.price),
                "times a year": o.quantity,
                "hours a year": o.hours_per_year,
                "cost a year": None if o.cost is None else str(o.cost),
                "burden a year": None if o.burden is None else str(o.burden),
            }
            for o in self.obligations
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, the sums, and why a number is missing."""
        sums = (
            ("hours a year", None if self.hours is None else f"{self.hours:,.1f}"),
            ("paid to others a year", _listed(self.external_cost)),
            ("cost a year", _listed(self.cost)),
            ("burden a year", _listed(self.burden)),
        )
        lines = [table(self.rows(), language=language)]
        lines += [f"{translate(label, language)}: {value}" for label, value in sums if value]
        lines += [
            f"{translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        ]
        return "\n".join(line for line in lines if line)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "obligations": [obligation.data() for obligation in self.obligations],
            "hours": self.hours,
            "external_cost": _all_data(self.external_cost),
            "cost": _all_data(self.cost),
            "burden": _all_data(self.burden),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
            "source": SOURCE,
        }


def _data(amount: Money | None) -> dict[str, Any] | None:
    return None if amount is None else attrs.asdict(amount)


def _all_data(amounts: tuple[Money, ...] | None) -> list[dict[str, Any]] | None:
    return None if amounts is None else [attrs.asdict(amount) for amount in amounts]


def _listed(amounts: tuple[Money, ...] | None) -> str:
    return ", ".join(str(amount) for amount in amounts or ())
