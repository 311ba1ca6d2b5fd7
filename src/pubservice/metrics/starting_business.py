"""
Starting a business, as Doing Business scored it: a published worked benchmark with a history, discontinued.

The World Bank gave the report up on 16 September 2021, after irregularities had been found in the data of the editions
2018 and 2020. The score is here as a formula that can be checked, not as a ranking that counts.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.table import table
from pubservice.units import not_negative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.messages import Language

DISCONTINUED = date(2021, 9, 16)
WHY_DISCONTINUED = Message(
    "Doing Business was discontinued on 16 September 2021, after irregularities in its data of 2018 and 2020"
)
SOURCES = (
    "World Bank, Doing Business 2020, methodology of starting a business; bounds confirmed by its historical data set",
    "World Bank Group to Discontinue Doing Business Report, statement of 16 September 2021",
)
INDONESIA = {2014: 59.1, 2015: 64.1, 2016: 65.7, 2017: 74.6, 2018: 76.1, 2019: 79.4, 2020: 81.2}
"""The published score of starting a business in Indonesia, by the year of the World Bank's historical data set."""


class Bounds(NamedTuple):
    """
    Between which values a component is scored.

    Attributes:
        best: Scores 100, as does what is better.
        worst: Scores 0, as does what is worse.
    """

    best: float
    worst: float

    def score(self, value: float) -> float:
        """Return 100 × (worst − value) / (worst − best), within 0 to 100."""
        return min(100.0, max(0.0, 100.0 * (self.worst - value) / (self.worst - self.best)))


BOUNDS = {
    "procedures": Bounds(1.0, 18.0),
    "days": Bounds(0.5, 100.0),
    "cost": Bounds(0.0, 2.0),
    "minimum_capital": Bounds(0.0, 4.0),
}


@attrs.frozen(kw_only=True)
class BusinessStart:
    """
    What it takes to start a company, in the four numbers of Doing Business.

    Attributes:
        procedures: Interactions of the founders with others.
        days: Calendar days.
        cost: As a fraction of income per capita: 5.7 % is 0.057.
        minimum_capital: That has to be paid in, as a fraction of income per capita.
    """

    procedures: float = attrs.field(converter=not_negative)
    days: float = attrs.field(converter=not_negative)
    cost: float = attrs.field(converter=not_negative)
    minimum_capital: float = attrs.field(converter=not_negative, default=0.0)


@attrs.frozen
class ScoreComponent:
    """
    One of the four components of the score.

    Attributes:
        name: ``procedures``, ``days``, ``cost`` or ``minimum_capital``.
        value: What was scored; the mean where several were.
        score: 0 to 100.
    """

    name: str
    value: float
    score: float


@attrs.frozen
class StartingBusinessScore:
    """
    How easy it is to start a business, by the formula of Doing Business.

    Attributes:
        components: The four components; each counts a quarter.
    """

    components: tuple[ScoreComponent, ...]

    @property
    def score(self) -> float:
        """The mean of the components, 0 to 100."""
        return math.fsum(component.score for component in self.components) / len(self.components)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each component."""
        return [
            {
                "component": _NAMES[component.name],
                "value": f"{component.value:.1%}"
                if component.name in ("cost", "minimum_capital")
                else f"{component.value:.2f}",
                "score": component.score,
            }
            for component in self.components
        ]

    def text(self, language: Language = "en") -> str:
        """Return the components, the score, and why it is history."""
        score = Message("score: {score:.1f} of 100", score=self.score)
        return "\n".join(
            [table(self.rows(), language=language), score.text(language), WHY_DISCONTINUED.text(language)]
        )

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "components": [attrs.asdict(component) for component in self.components],
            "score": self.score,
            "discontinued": DISCONTINUED.isoformat(),
            "sources": list(SOURCES),
        }


_NAMES = {
    "procedures": Message("procedures"),
    "days": Message("time / days"),
    "cost": Message("cost, of income per capita"),
    "minimum_capital": Message("minimum capital, of income per capita"),
}


def starting_business_score(
    start: BusinessStart, *, women: BusinessStart | None = None
) -> StartingBusinessScore:
    """
    Return the score of starting a business.

    Args:
        start: What it takes; of a company owned by men where it differs for women.
        women: What it takes where women own the company. Each then counts half; minimum capital too, which is the same.

    Returns:
        Four components, each 100 × (worst − value) / (worst − best) within 0 to 100, and their mean.

    Example:
        Jakarta in 2020, published as 82.2:

        >>> jakarta = BusinessStart(procedures=11, days=10, cost=0.057)
        >>> round(starting_business_score(jakarta).score, 1)
        82.2

    Source:
        World Bank (2020), Doing Business 2020, starting a business. Discontinued on 16 September 2021.
    """
    cases = [start] if women is None else [start, women]
    return StartingBusinessScore(
        tuple(
            ScoreComponent(
                name,
                math.fsum(getattr(case, name) for case in cases) / len(cases),
                math.fsum(bounds.score(getattr(case, name)) for case in cases) / len(cases),
            )
            for name, bounds in BOUNDS.items()
        )
    )


def weighted_score(cities: Iterable[tuple[StartingBusinessScore, float]]) -> StartingBusinessScore:
    """
    Return the score of an economy from those of its cities.

    Args:
        cities: Scores with the weights of their populations, which sum to 1.

    Raises:
        InvalidModelError: A weight is not from 0 to 1, or they do not sum to 1.

    Example:
        >>> jakarta = starting_business_score(BusinessStart(procedures=11, days=10, cost=0.057))
        >>> surabaya = starting_business_score(BusinessStart(procedures=12, days=22, cost=0.057))
        >>> round(weighted_score([(jakarta, 0.78), (surabaya, 0.22)]).score, 1)
        81.2

    Source:
        World Bank (2020), Doing Business 2020: two cities in the eleven largest economies, weighted by population.
    """
    given = list(cities)
    weights = [weight for _, weight in given]
    if any(not 0 <= weight <= 1 for weight in weights) or not math.isclose(math.fsum(weights), 1.0):
        message = Message("expected weights that sum to 1, got {value}", value=", ".join(map(str, weights)))
        raise InvalidModelError([Problem("cities", message)])
    return StartingBusinessScore(
        tuple(
            ScoreComponent(
                name,
                math.fsum(weight * score.components[position].value for score, weight in given),
                math.fsum(weight * score.components[position].score for score, weight in given),
            )
            for position, name in enumerate(BOUNDS)
        )
    )
