"""
The three things that are called a bottleneck, told apart.

What is busiest need not be what cases spend most time on, and neither need be where an improvement is felt most.
"""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.causes import times_of
from pubservice.analysis.lever import KINDS
from pubservice.analysis.performance import performance
from pubservice.analysis.sensitivity import sensitivity
from pubservice.messages import Message
from pubservice.table import table
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.analysis.performance import Performance
    from pubservice.analysis.sensitivity import Sensitivities
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

BottleneckKind = Literal["capacity", "delay", "leverage"]

_IN_WORDS: dict[BottleneckKind, Message] = {
    "capacity": Message("capacity: the busiest"),
    "delay": Message("delay: most of the cycle time"),
    "leverage": Message("leverage: a tenth better buys most"),
}


_PLACES = ("processing-time", "wait", "capacity")


@attrs.frozen
class HoldUp:
    """
    Where an organisation is held up, in one sense.

    Attributes:
        kind: ``capacity``, ``delay`` or ``leverage``.
        at: The id of a resource; for delay also of a service and its step or wait; for leverage what is moved, and where.
        value: Of capacity the utilisation; of delay the share of the cycle time of the average case; of leverage the seconds
            that a tenth better saves it.
    """

    kind: BottleneckKind
    at: str | Message
    value: float

    @property
    def measured(self) -> Message:
        """How much, in words."""
        if self.kind == "capacity":
            return Message("utilisation {value:.2f}", value=self.value)
        if self.kind == "delay":
            return Message("{share:.0%} of the cycle time", share=self.value)
        return Message("{time} less", time=in_words(self.value))


@attrs.frozen
class BottleneckKinds:
    """
    Where an organisation is held up, in three senses.

    Attributes:
        capacity: The resources with the highest utilisation: they limit how many cases can be served.
        delay: Where the average case spends most of its time, waiting or worked on.
        leverage: The step, wait or resource that makes the average case shorter most if it is a tenth better.
    """

    capacity: tuple[HoldUp, ...]
    delay: tuple[HoldUp, ...]
    leverage: tuple[HoldUp, ...]

    def of(self, kind: BottleneckKind) -> tuple[HoldUp, ...]:
        """Return those of one kind; several where there are ties, none where it is unknown."""
        found: tuple[HoldUp, ...] = getattr(self, kind)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each."""
        return [
            {"bottleneck": _IN_WORDS[kind], "at": one.at, "how much": one.measured}
            for kind in get_args(BottleneckKind)
            for one in self.of(kind)
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            kind: [{"at": str(one.at), "value": one.value} for one in self.of(kind)]
            for kind in get_args(BottleneckKind)
        }

    def text(self, language: Language = "en") -> str:
        """Return a table."""
        return table(self.rows(), language=language)

    def __str__(self) -> str:
        return self.text()


def bottleneck_kinds(organisation: PublicOrganisation) -> BottleneckKinds:
    """
    Return where an organisation is held up, in three senses that need not agree.

    Args:
        organisation: Services with procedures and arrival rates.

    Returns:
        All bottlenecks of each kind; none where it cannot be told, as of overloaded resources that only capacity tells.

    Example:
        >>> print(bottleneck_kinds(city_hall))
        bottleneck                          at                                                     how much
        capacity: the busiest               clerk                                                  utilisation 0.92
        delay: most of the cycle time       clerk                                                  54% of the cycle time
        leverage: a tenth better buys most  processing time of building-permit completeness-check  55.9 min less

    Source:
        Roser, Nakano & Tanaka (2001), A practical bottleneck detection method, WSC, for how definitions differ; Dumas et
        al. (2018), §7.1.
    """
    return kinds_of(performance(organisation), sensitivity(organisation))


def kinds_of(found: Performance, moves: Sensitivities) -> BottleneckKinds:
    """Return the same of what is worked out already."""
    busy = found.bottlenecks.bottlenecks
    gains: dict[str | Message, float] = {
        Message("{what} of {where}", what=KINDS[effect.lever.kind], where=effect.lever.name): gain
        for effect in moves.effects
        if effect.lever.kind in _PLACES and (gain := effect.gain["cycle_time"]) is not None and gain > 0
    }
    return BottleneckKinds(
        tuple(HoldUp("capacity", load.resource, load.utilisation) for load in busy if load.utilisation),
        _most("delay", _delays(found).items()),
        _most("leverage", gains.items()),
    )


def _most(kind: BottleneckKind, values: Iterable[tuple[str | Message, float]]) -> tuple[HoldUp, ...]:
    """Return those with the greatest value."""
    known = list(values)
    most = max((value for _, value in known), default=0.0)
    return tuple(HoldUp(kind, at, value) for at, value in known if isclose(value, most, rel_tol=1e-9))


def _delays(found: Performance) -> dict[str | Message, float]:
    """Return which share of its cycle time the average case spends for each resource, or step or wait without one."""
    total, spent = 0.0, dict[str | Message, float]()
    services = [service for service in found.services if service.cycle_time_s is not None]
    rates = [service.case.of.cases_per_year for service in services]
    weights = [1.0 if None in rates else rate or 0.0 for rate in rates]
    for service, cases in zip(services, weights, strict=True):
        times = times_of(service, CaseTime(service.case))
        total += cases * (times.cycle_time_s or 0.0)
        for node in times.nodes:
            at: str | Message = f"{service.id} {node.id}" if node.resource is None else node.resource
            seconds = sum(seconds or 0.0 for seconds in node.causes.values()) * (node.counted or 0.0)
            spent[at] = spent.get(at, 0.0) + cases * seconds
        joins = Message("joins of {service}", service=service.id)
        spent[joins] = cases * (times.causes["synchronisation"] or 0.0)
    return {at: seconds / total for at, seconds in spent.items() if seconds and total}
