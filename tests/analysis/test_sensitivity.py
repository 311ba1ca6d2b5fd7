"""What a small change of each number of an organisation does, against changing it and working everything out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from timed import timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.analysis.lever import Effect, Lever

LITTLE = 1e-5


def stretched(time: Any, factor: float) -> Any:
    """Return a time that takes so many times as long, with the same shape."""
    numbers = {
        field.alias: value * factor
        for field in attrs.fields(type(time))
        if isinstance(value := getattr(time, field.name), float)
    }
    return attrs.evolve(time, **numbers)


def changed(
    organisation: ps.PublicOrganisation, service: str, change: Callable[[ps.PublicService], ps.PublicService]
) -> ps.PublicOrganisation:
    """Return an organisation with one service changed."""
    services = [change(one) if one.id == service else one for one in organisation.services]
    return attrs.evolve(organisation, services=services)


def moved(organisation: ps.PublicOrganisation, lever: Lever, factor: float) -> ps.PublicOrganisation:
    """Return an organisation with one of its numbers so many times as large."""

    def node(one: Any) -> Any:
        if one.id != lever.at:
            return one
        name = "time" if isinstance(one, ps.Wait) else "processing_time"
        return attrs.evolve(one, **{name: stretched(getattr(one, name), factor)})

    def flow(one: ps.Flow) -> ps.Flow:
        source, target = lever.at.split(" → ")
        if one.source != source or one.probability is None:
            return one
        if one.target == target:
            return attrs.evolve(one, probability=lever.value * factor)
        if inclusive:
            return one
        others = (1 - lever.value * factor) / (1 - lever.value)
        return attrs.evolve(one, probability=one.probability * others)

    def change(service: ps.PublicService) -> ps.PublicService:
        procedure = service.procedure
        if lever.kind == "arrival-rate":
            rate = service.arrival_rate
            assert rate is not None
            return attrs.evolve(service, arrival_rate=attrs.evolve(rate, magnitude=rate.magnitude * factor))
        if lever.kind == "probability":
            procedure = attrs.evolve(procedure, flows=[flow(one) for one in procedure.flows])
        else:
            procedure = attrs.evolve(
                procedure,
                steps=[node(one) for one in procedure.steps],
                waits=[node(one) for one in procedure.waits],
            )
        return attrs.evolve(service, procedure=procedure)

    inclusive = lever.kind == "probability" and any(
        gateway.kind == "inclusive" and gateway.id == lever.at.split(" → ")[0]
        for service in organisation.services
        for gateway in service.procedure.gateways
    )
    assert lever.service is not None
    return changed(organisation, lever.service, change)


def by_hand(
    organisation: ps.PublicOrganisation, lever: Lever, measure: Callable[[Any], float]
) -> dict[str, float]:
    """Return the derivatives of a measure of each service as differences."""
    up = LITTLE if lever.kind != "probability" or lever.value * (1 + LITTLE) <= 1 else 0.0
    more, less = (ps.performance(moved(organisation, lever, 1 + by)) for by in (up, -LITTLE))
    width = (LITTLE + up) * lever.value
    return {
        one.id: (measure(one) - measure(other)) / width
        for one, other in zip(more.services, less.services, strict=True)
    }


def queued(seed: int) -> ps.PublicOrganisation:
    """Return two random services with costs that share their resources."""
    model = timed(seed, queued=True, size=8)
    (service,) = model.services
    other = attrs.evolve(service, id="other", arrival_rate="1 case/working_hour")
    resources = [attrs.evolve(r, capacity=2 * (r.capacity or 1), cost="60 IDR/hour") for r in model.resources]
    return attrs.evolve(model, services=[service, other], resources=resources)


def effects(model: ps.PublicOrganisation) -> list[Effect]:
    """Return the effects of all levers but capacities."""
    return [effect for effect in ps.sensitivity(model).effects if effect.lever.kind != "capacity"]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_derivatives_are_what_differences_tend_to(seed: int) -> None:
    """
    The derivative of cycle time and cost by each number is the difference that a small change of it makes, for the
    service itself and for those that share its queues.
    """
    model = queued(seed)
    for effect in effects(model):
        times = by_hand(model, effect.lever, lambda service: service.cycle_time_s or 0.0)
        costs = by_hand(
            model, effect.lever, lambda service: service.office_cost.amount if service.office_cost else 0.0
        )
        scale = max(1e-3, *(abs(value) for value in times.values()))
        assert effect.slopes["cycle_time"] == pytest.approx(times, rel=1e-3, abs=1e-3 * scale), effect.lever
        if effect.slopes["cost"]["s"] is not None:
            assert effect.slopes["cost"] == pytest.approx(costs, rel=1e-3, abs=1e-6), effect.lever
