"""What moves the waiting: how times, costs and promises answer to each number of an organisation that can be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.lever import KINDS, Effect, Lever
from pubservice.analysis.levers import Levers
from pubservice.analysis.load import evaluate
from pubservice.memory import uncollected
from pubservice.messages import Message, translate
from pubservice.table import table
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.analysis.lever import Measure
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

_SHOWN = 15


@attrs.frozen
class Sensitivities:
    """
    What moving each number of an organisation does, the most first.

    Attributes:
        effects: Of each lever, by what a tenth better buys in cycle time; those of unknown effect last.
        base: By measure and service, today's value: seconds, share in time, cost of a case.
        currency: Of the costs; None where there are none, or several, and then no mean of them.
        undefined: Why a measure of a service does not exist, by service and measure.
    """

    effects: tuple[Effect, ...]
    base: Mapping[Measure, Mapping[str, float | None]]
    currency: str | None
    undefined: Mapping[str, Mapping[Measure, Message]] = attrs.field(eq=False)

    def by(self, measure: Measure) -> tuple[Effect, ...]:
        """
        Return the effects by what a tenth better buys in one measure, the most first.

        Args:
            measure: ``cycle_time``, ``on_time`` or ``cost``.
        """
        return tuple(sorted(self.effects, key=lambda effect: _order(effect.gain[measure])))

    def rows(self, measure: Measure = "cycle_time") -> list[dict[str, Any]]:
        """Return a row for each lever, by what a tenth better buys in a measure; times in hours."""
        cost = "cost" if self.currency is None else Message("cost / {currency}", currency=self.currency)
        return [
            {
                "lever": KINDS[effect.lever.kind],
                "at": effect.lever.name,
                "today": _today(effect.lever),
                "cycle time / hour": _hours(effect.gain["cycle_time"]),
                "in time / %": _percent(effect.gain["on_time"]),
                cost: effect.gain["cost"],
            }
            for effect in self.by(measure)
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "levers": [effect.data() for effect in self.effects],
            "today": {measure: dict(values) for measure, values in self.base.items()},
            "currency": self.currency,
            "undefined": {
                service: {measure: str(reason) for measure, reason in reasons.items()}
                for service, reasons in self.undefined.items()
            },
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of those that move most, and why what is missing is."""
        rows = self.rows()
        lines = [translate("what a tenth better buys, per case", language)]
        lines.append(table(rows[:_SHOWN], language=language))
        if len(rows) > _SHOWN:
            lines.append(Message("... and {n} that move less", n=len(rows) - _SHOWN).text(language))
        reasons = {
            f"{service}: {reason.text(language)}"
            for service, reasons in self.undefined.items()
            for reason in reasons.values()
        }
        return "\n".join(line for line in [*lines, *sorted(reasons)] if line)

    def __str__(self) -> str:
        return self.text()


def _order(gain: float | None) -> float:
    return 1.0 if gain is None else -gain


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _today(lever: Lever) -> str:
    if lever.kind == "capacity":
        return f"{lever.value:.0f}"
    if lever.kind == "probability":
        return f"{lever.value:.0%}"
    if lever.kind == "arrival-rate":
        return Message("{n:.3g} an hour", n=lever.value * 3600)
    return in_words(lever.value)


def sensitivity(organisation: PublicOrganisation) -> Sensitivities:
    """
    Return what moving each number of an organisation does to its cases, and what a tenth better buys.

    Moved are the mean time of each step (its variation in proportion) and of each wait, the probability of each flow (the
    others of a choice in proportion), the arrival rate of each service, and the capacity of each resource (one more). All
    services that share a queue feel it. Means are those of `performance`; their derivatives are exact, through the linear
    system of the visits and Erlang's formula. The share of cases in time is differentiated on the grid of
    `cycle_time_distribution`, over a tenth of the promise, because fixed times make it jump.

    Args:
        organisation: Services with procedures and arrival rates; the share in time needs a completion time in the
            standard.

    Returns:
        A lever for each of these numbers, with its effect on each service and on the average case.

    Raises:
        UndefinedResultError: There are more than a million pairs of a lever and a service.

    Example:
        >>> found = sensitivity(city_hall)
        >>> [(effect.lever.kind, effect.lever.at) for effect in found.effects[2:4]]
        [('processing-time', 'completeness-check'), ('processing-time', 'assess')]
        >>> print(f"{found.effects[2].gain['cycle_time'] / 60:.0f} minutes")
        56 minutes

    Source:
        Kemeny & Snell (1960), Finite Markov Chains, for derivatives of the visits; Griewank & Walther (2008), Evaluating
        Derivatives, for those on the grid, from the end to the beginning.
    """
    with uncollected():
        found = Levers(evaluate(organisation))
        effects = sorted(found.effects(), key=lambda effect: _order(effect.gain["cycle_time"]))
        return Sensitivities(tuple(effects), found.base, found.currency, found.undefined)
