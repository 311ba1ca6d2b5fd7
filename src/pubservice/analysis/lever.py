"""What can be moved in an organisation, and what that does to the cases of its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.provenance import Method

LeverKind = Literal["processing-time", "wait", "probability", "arrival-rate", "capacity"]
Measure = Literal["cycle_time", "on_time", "cost"]

MEASURES: tuple[Measure, ...] = get_args(Measure)

# In words.
KINDS: dict[LeverKind, Message] = {
    "processing-time": Message("processing time"),
    "wait": Message("wait"),
    "probability": Message("probability"),
    "arrival-rate": Message("arrival rate"),
    "capacity": Message("capacity"),
}
BETTER = 0.1  # an improvement by a tenth


@attrs.frozen
class Lever:
    """
    A number of the model that can be moved.

    Attributes:
        kind: What it is.
        service: Whose; None for the capacity of a resource.
        at: The id of the step, the wait or the resource, ``source → target`` of a flow; empty for an arrival rate.
        value: Today: mean seconds on the service's clock, a probability, cases per second of it, or a capacity.
    """

    kind: LeverKind
    service: str | None
    at: str
    value: float

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return " ".join(part for part in (self.service, self.at) if part)


@attrs.frozen
class Effect:
    """
    What moving one lever does.

    Attributes:
        lever: What is moved.
        slopes: By measure and service the change per unit of the lever: seconds of cycle time, share of cases in time,
            cost of a case; of a capacity what one more changes. None where it does not exist.
        mean: By measure, of the average case of all services for which it is known; the cost of a capacity is that of
            keeping it, whether it works or not.
        gain: By measure what a tenth better buys: hours of cycle time less, share of cases more, cost less. A tenth more
            of a capacity, a tenth less of all else; of a probability a tenth more or less, whichever makes cases shorter.
        method: By measure, how it was found.
    """

    lever: Lever
    slopes: Mapping[Measure, Mapping[str, float | None]]
    mean: Mapping[Measure, float | None]
    gain: Mapping[Measure, float | None]
    method: Mapping[Measure, Method]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            **attrs.asdict(self.lever),
            "derivatives": {measure: dict(values) for measure, values in self.slopes.items()},
            "mean": dict(self.mean),
            "gain": dict(self.gain),
            "method": {measure: method.data() for measure, method in self.method.items()},
        }
