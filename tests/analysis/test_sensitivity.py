"""What a small change of each number of an organisation does, against changing it and working everything out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.analysis import levers
from timed import timed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.analysis.lever import Effect, Lever

LITTLE = 1e-5
HALF = "exponential(mean=30 min)"


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


def smooth(times: ps.CycleTimeDistribution, limit: float) -> float:
    """Return the share in time, on average over limits up to 5 % around one in hours."""
    limits = [limit * (0.95 + 0.1 * (n + 0.5) / 40) for n in range(40)]
    return sum(times.probability_within(f"{one} working_hour") for one in limits) / 40


def promising(model: ps.PublicOrganisation) -> tuple[ps.PublicOrganisation, dict[str, float]]:
    """Return services that promise about their mean time, and the promises in hours."""
    limits = {s.id: round((s.cycle_time_s or 0.0) / 3600, 2) + 0.1 for s in ps.performance(model).services}
    services = [
        attrs.evolve(one, standard=ps.ServiceStandard(completion_time=f"{limits[one.id]} working_hour"))
        for one in model.services
    ]
    return attrs.evolve(model, services=services), limits


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10**6))
def test_derivatives_of_the_share_in_time_are_differences_too(seed: int) -> None:
    """
    What a small change does to the share of cases in time, over a tenth of the promise, is the derivative on the grid.
    """
    model, limits = promising(queued(seed))
    found = effects(model)
    services = [service.id for service in model.services]
    elasticity = [
        abs(slope * effect.lever.value)
        for effect in found
        if (slope := effect.slopes["on_time"][services[0]]) is not None
    ]
    for effect in found[:6]:
        by = 0.01 if effect.lever.value < 0.99 or effect.lever.kind != "probability" else 0.0
        more, less = (moved(model, effect.lever, 1 + change) for change in (by, -0.01))
        for id in services:
            slope = effect.slopes["on_time"][id]
            if slope is None:
                continue
            up, down = (smooth(ps.cycle_time_distribution(one, id), limits[id]) for one in (more, less))
            assert slope * effect.lever.value == pytest.approx(
                (up - down) / (0.01 + by), rel=0.08, abs=0.03 * max(elasticity) + 1e-4
            ), effect.lever


def counter(*, capacity: int = 1, rate: str = "1.6 case/hour", **fields: Any) -> ps.PublicOrganisation:
    """Return a counter where each case takes an exponential half hour, and is promised to be done within two."""
    fields.setdefault("standard", ps.ServiceStandard(completion_time="2 hour"))
    step = ps.Step("serve", resource="clerk", processing_time=HALF)
    service = ps.PublicService("advice", arrival_rate=rate, procedure=ps.Procedure(steps=[step]), **fields)
    clerk = ps.Resource("clerk", capacity=capacity, cost="100 IDR/hour")
    return ps.PublicOrganisation("o", resources=[clerk], services=[service])


def effect_of(found: ps.Sensitivities, kind: str, at: str = "") -> Effect:
    """Return what one lever does."""
    (effect,) = [e for e in found.effects if (e.lever.kind, e.lever.at) == (kind, at)]
    return effect


def test_a_single_queue_answers_as_its_formulas_do() -> None:
    """
    In M/M/1 with λ = 1.6 and μ = 2 an hour W = 1 / (μ - λ): dW/dλ = 1 / (μ - λ)², dW/dm = (μ / (μ - λ))², and of the cases
    1 - exp(-(μ - λ) t) are done within t.
    """
    found = ps.sensitivity(counter())
    rate, time = effect_of(found, "arrival-rate"), effect_of(found, "processing-time", "serve")
    assert rate.slopes["cycle_time"]["advice"] == pytest.approx(3600 * 3600 / 0.4**2)
    assert time.slopes["cycle_time"]["advice"] == pytest.approx(25)
    assert time.slopes["cost"]["advice"] == pytest.approx(100 / 3600)
    assert rate.slopes["cost"]["advice"] == 0
    assert found.base["on_time"]["advice"] == pytest.approx(1 - 2.718281828 ** (-0.8), abs=1e-4)
    assert rate.slopes["on_time"]["advice"] == pytest.approx(-2 * 2.718281828 ** (-0.8) * 3600, rel=0.01)


def test_a_tenth_better_is_worked_out_as_far_as_it_goes() -> None:
    """
    A tenth fewer cases, or a tenth less work, shorten the queue as the formula says, not as its slope does.
    """
    found = ps.sensitivity(counter())
    fewer = ps.performance(counter(rate="1.44 case/hour")).services[0].cycle_time_s
    now = found.base["cycle_time"]["advice"]
    assert now is not None
    assert fewer is not None
    assert effect_of(found, "arrival-rate").gain["cycle_time"] == pytest.approx(now - fewer)
    quicker = 3600 / (2 / 0.9 - 1.6)
    assert effect_of(found, "processing-time", "serve").gain["cycle_time"] == pytest.approx(now - quicker)
    assert effect_of(found, "processing-time", "serve").gain["cost"] == pytest.approx(5)


def test_one_more_clerk_does_what_one_more_clerk_does() -> None:
    """
    The effect of a capacity is that of one more, on time, promise and the money that it costs to keep.
    """
    found, then = ps.sensitivity(counter()), ps.performance(counter(capacity=2)).services[0].cycle_time_s
    effect = effect_of(found, "capacity", "clerk")
    assert then is not None
    assert effect.slopes["cycle_time"]["advice"] == pytest.approx(then - 9000)
    times = ps.cycle_time_distribution(counter(capacity=2), "advice")
    promised = times.probability_within("2 hour") - (found.base["on_time"]["advice"] or 0.0)
    assert effect.slopes["on_time"]["advice"] == pytest.approx(promised, abs=0.01)
    assert effect.mean["cost"] == pytest.approx(100 / 1.6)
    assert effect.gain["cost"] == pytest.approx(-10 / 1.6)
    assert effect.method["cycle_time"].name == "difference to one more"


def test_capacity_grows_by_whole_teams() -> None:
    """
    Where every visit takes two of a resource, two more are what helps; one more is half of it.
    """
    step = ps.Step("serve", resource="clerk", staff=2, processing_time=HALF)
    service = ps.PublicService("advice", arrival_rate="1.6 case/hour", procedure=ps.Procedure(steps=[step]))
    pair = ps.PublicOrganisation("o", resources=[ps.Resource("clerk", capacity=2)], services=[service])
    four = attrs.evolve(pair, resources=[ps.Resource("clerk", capacity=4)])
    found = ps.sensitivity(pair)
    times = [ps.performance(model).services[0].cycle_time_s or 0.0 for model in (pair, four)]
    slope = effect_of(found, "capacity", "clerk").slopes["cycle_time"]["advice"]
    assert slope == pytest.approx((times[1] - times[0]) / 2)


def test_batches_that_share_a_set_up_by_the_day_gain_from_more_cases() -> None:
    """
    More cases an hour share a set-up that is made once a day, and fill a folder sooner: both are in the derivatives.
    """
    steps = [
        ps.Step(
            "print",
            resource="r",
            processing_time="2 min",
            setup_time="30 min",
            batch=ps.Batch(period="1 day"),
        ),
        ps.Step("sign", processing_time="1 min", batch=ps.Batch(size=10), setup_time="5 min", cost="10 IDR"),
        ps.Step(
            "file", resource="r", processing_time="1 min", batch=ps.Batch(period="1 min"), setup_time="1 min"
        ),
    ]
    flows = [
        ps.Flow("print", "sign", probability=0.6),
        ps.Flow("print", "file", probability=0.4),
        ps.Flow("sign", "file"),
    ]
    service = ps.PublicService(
        "s",
        arrival_rate="4 case/hour",
        procedure=ps.Procedure(steps=steps, flows=flows),
        standard=ps.ServiceStandard(completion_time="20 hour"),
    )
    model = ps.PublicOrganisation("o", resources=[ps.Resource("r", cost="60 IDR/hour")], services=[service])
    for effect in effects(model):
        times = by_hand(model, effect.lever, lambda one: one.cycle_time_s or 0.0)
        costs = by_hand(model, effect.lever, lambda one: one.office_cost.amount if one.office_cost else 0.0)
        assert effect.slopes["cycle_time"] == pytest.approx(times, rel=1e-4, abs=1e-3), effect.lever
        assert effect.slopes["cost"] == pytest.approx(costs, rel=1e-4, abs=1e-6), effect.lever
    more, less = (
        smooth_elapsed(moved(model, effect_of(ps.sensitivity(model), "arrival-rate").lever, 1 + by))
        for by in (0.01, -0.01)
    )
    rate = effect_of(ps.sensitivity(model), "arrival-rate")
    assert (rate.slopes["on_time"]["s"] or 0.0) * rate.lever.value == pytest.approx(
        (more - less) / 0.02, rel=0.05
    )


def smooth_elapsed(model: ps.PublicOrganisation) -> float:
    """Return the share within 20 hours, on average over limits up to 5 % around it."""
    times = ps.cycle_time_distribution(model, "s")
    return sum(times.probability_within(f"{19 + (n + 0.5) / 20} hour") for n in range(40)) / 40


def test_what_cannot_be_told_has_its_reason() -> None:
    """
    Overload, no promise, no variation, nothing that costs, no procedure, crossing branches: a reason each, and no number.
    """
    overloaded = ps.sensitivity(counter(rate="3 case/hour"))
    assert effect_of(overloaded, "arrival-rate").slopes["cycle_time"] == {"advice": None}
    assert effect_of(overloaded, "arrival-rate").gain["cycle_time"] is None
    assert "cannot keep up" in overloaded.undefined["advice"]["cycle_time"]
    assert overloaded.undefined["advice"]["on_time"] == overloaded.undefined["advice"]["cycle_time"]
    assert effect_of(overloaded, "capacity", "clerk").slopes["cycle_time"] == {"advice": None}
    silent = ps.sensitivity(counter(standard=ps.ServiceStandard()))
    assert silent.undefined["advice"]["on_time"] == "the standard of the service promises no completion time"
    fixed = ps.Procedure(steps=[ps.Step("a", processing_time="1 hour")])
    standard = ps.ServiceStandard(completion_time="1 working_day")
    services = [
        ps.PublicService("fixed", procedure=fixed, standard=ps.ServiceStandard(completion_time="2 hour")),
        ps.PublicService("days", procedure=fixed, standard=standard),
        ps.PublicService("none", standard=standard),
    ]
    found = ps.sensitivity(ps.PublicOrganisation("o", services=services))
    assert found.undefined["fixed"]["on_time"] == "all cases take equally long"
    assert found.undefined["days"]["on_time"] == "1 working_day is working time, and there is no calendar"
    assert found.undefined["none"]["cycle_time"] == "the service describes no procedure"
    assert found.currency is None
    assert {effect.mean["cost"] for effect in found.effects} == {None}
    assert found.base["on_time"]["fixed"] == 1


def crossing() -> ps.PublicOrganisation:
    """Return a procedure without choice of which the branches do not nest."""
    names = "a b c d"
    pairs = "s f, f a, f b, a g, g h, g j, b h, h c, j d, c k, d k, k e"
    steps = [ps.Step(n, processing_time="exponential(mean=1 hour)") for n in (*names.split(), "s", "e")]
    gateways = [ps.Gateway(n, kind="parallel") for n in ("f", "g", "h", "k")] + [
        ps.Gateway("j", kind="exclusive")
    ]
    procedure = ps.Procedure(
        start="s",
        steps=steps,
        gateways=gateways,
        flows=[ps.Flow(*pair.split()) for pair in pairs.split(", ")],
    )
    standard = ps.ServiceStandard(completion_time="4 hour")
    return ps.PublicOrganisation(
        "o", services=[ps.PublicService("s", procedure=procedure, standard=standard)]
    )


def test_branches_that_cross_have_derivatives_of_time_alone() -> None:
    """
    On the longest way a second more is a second more; the share in time is not differentiated where branches do not nest.
    """
    found = ps.sensitivity(crossing())
    assert found.base["on_time"]["s"] is not None
    assert "closed" in found.undefined["s"]["on_time"] or "gateway" in found.undefined["s"]["on_time"]
    assert effect_of(found, "processing-time", "e").slopes["cycle_time"] == {"s": 1}


def test_results_print_sort_and_turn_into_data() -> None:
    """
    The most moving lever comes first, by the measure that is asked for; tables are short, rows and data are whole.
    """
    found = ps.sensitivity(ps.read_example("building-permit"))
    gains = [effect.gain["cycle_time"] for effect in found.effects]
    assert gains == sorted(gains, key=lambda gain: -(gain or 0.0))
    costs = [effect.gain["cost"] for effect in found.by("cost")]
    assert costs == sorted(costs, key=lambda gain: -(gain or 0.0))
    assert len(found.rows()) == len(found.effects) > 15
    assert str(found).splitlines()[-1] == f"... and {len(found.effects) - 15} that move less"
    assert "tepat waktu / %" in found.text("id")
    data = found.data()
    assert set(data) == {"levers", "today", "currency", "undefined"}
    assert set(data["levers"][0]["derivatives"]) == {"cycle_time", "on_time", "cost"}
    assert data["currency"] == "IDR"


def test_the_average_case_is_weighed_by_how_many_come() -> None:
    """
    Of two services the one with three times the cases counts three times; without rates all count alike.
    """

    def mean(*rates: str | None) -> float | None:
        services = [
            ps.PublicService(
                f"s{n}",
                arrival_rate=rate,
                procedure=ps.Procedure(steps=[ps.Step(f"a{n}", processing_time="1 hour")]),
            )
            for n, rate in enumerate(rates)
        ]
        found = ps.sensitivity(ps.PublicOrganisation("o", services=services))
        return effect_of(found, "processing-time", "a0").mean["cycle_time"]

    assert mean("3 case/hour", "1 case/hour") == pytest.approx(0.75)
    assert mean("3 case/hour", None) == pytest.approx(0.5)


def test_only_what_cases_come_to_is_a_lever() -> None:
    """
    What nobody comes to, takes no time or is certain cannot be made better; an unknown time leaves the rest to be told.
    """
    steps = [
        ps.Step("ask", resource="r", processing_time="0 min"),
        ps.Step("do", resource="r", processing_time="10 min"),
        ps.Step("never", resource="r", processing_time="10 min", batch=ps.Batch(size=5)),
        ps.Step("unknown", resource="q"),
    ]
    flows = [
        ps.Flow("ask", "do", probability=1),
        ps.Flow("ask", "never", probability=0),
        ps.Flow("do", "unknown"),
    ]
    service = ps.PublicService(
        "s",
        arrival_rate="3 case/hour",
        procedure=ps.Procedure(steps=steps, flows=flows),
        standard=ps.ServiceStandard(completion_time="1 hour"),
    )
    resources = [ps.Resource("r", cost="60 IDR/hour"), ps.Resource("q")]
    found = ps.sensitivity(ps.PublicOrganisation("o", resources=resources, services=[service]))
    assert {(e.lever.kind, e.lever.at) for e in found.effects} == {
        ("processing-time", "do"),
        ("arrival-rate", ""),
        ("capacity", "r"),
    }
    assert found.undefined["s"]["cycle_time"] == "the processing time of step 'unknown' is unknown"
    assert effect_of(found, "processing-time", "do").slopes["cycle_time"] == {"s": None}
    known = attrs.evolve(service, procedure=ps.Procedure(steps=steps[:3], flows=flows[:2]))
    found = ps.sensitivity(ps.PublicOrganisation("o", resources=resources, services=[known]))
    assert effect_of(found, "arrival-rate").slopes["on_time"]["s"] is not None
    assert str(found).count("\n") < 15


def test_what_a_case_of_another_currency_costs_is_told_service_by_service() -> None:
    """
    Costs in two currencies have derivatives, and no mean.
    """
    services = [
        ps.PublicService(
            id,
            arrival_rate="1 case/hour",
            procedure=ps.Procedure(steps=[ps.Step("a", resource=id, processing_time="10 min")]),
        )
        for id in ("x", "y")
    ]
    resources = [ps.Resource("x", cost="60 IDR/hour"), ps.Resource("y", cost="60 EUR/hour")]
    found = ps.sensitivity(ps.PublicOrganisation("o", resources=resources, services=services))
    effect = next(e for e in found.effects if e.lever.service == "x" and e.lever.kind == "processing-time")
    assert effect.slopes["cost"] == pytest.approx({"x": 60 / 3600, "y": 0.0})
    assert effect.mean["cost"] is None
    assert effect_of(found, "capacity", "x").mean["cost"] is None


@pytest.mark.parametrize("capacity", range(140, 180))
def test_a_counter_that_is_never_busy_is_no_lever(capacity: int) -> None:
    """
    However many sit at a counter, down to waits that no number holds, one more changes nothing.
    """
    found = ps.sensitivity(counter(capacity=capacity, rate="2 case/hour"))
    effect = effect_of(found, "capacity", "clerk")
    assert effect.gain["cycle_time"] == pytest.approx(0, abs=1e-9)
    assert effect.gain["on_time"] == pytest.approx(0, abs=1e-9)


def test_more_levers_than_can_be_told_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Each lever has its numbers for each service, so that a whole catalogue at once is refused with the bound.
    """
    monkeypatch.setattr(levers, "_MOST_PAIRS", 1)
    with pytest.raises(ps.UndefinedResultError, match="2 levers of 1 services are more than 1 pairs"):
        ps.sensitivity(counter())


def test_a_tenth_better_stays_possible() -> None:
    """
    No probability rises above 1, where visits are taken along their slope, and no share in time leaves 0 to 1, however steep the slope.
    """
    steps = [ps.Step(id, resource="r", processing_time="exponential(mean=10 min)") for id in ("do", "mend")]
    flows = [
        ps.Flow("do", "end", probability=0.95),
        ps.Flow("do", "mend", probability=0.05),
        ps.Flow("mend", "do"),
    ]
    procedure = ps.Procedure(start="do", steps=steps, ends=[ps.End("end")], flows=flows)
    service = ps.PublicService(
        "s",
        arrival_rate="5.3 case/hour",
        procedure=procedure,
        standard=ps.ServiceStandard(completion_time="3 hour"),
    )
    model = ps.PublicOrganisation("o", resources=[ps.Resource("r")], services=[service])
    found = ps.sensitivity(model)
    surely = effect_of(found, "probability", "do → end")
    without = attrs.evolve(service, procedure=ps.Procedure(steps=steps[:1]))
    then = ps.performance(attrs.evolve(model, services=[without])).services[0].cycle_time_s
    assert then is not None
    now = found.base["cycle_time"]["s"] or 0.0
    assert surely.gain["cycle_time"] == pytest.approx(now - then, rel=0.15)  # visits along their slope
    for sure in (found, ps.sensitivity(counter(standard=ps.ServiceStandard(completion_time="200 hour")))):
        (base,) = sure.base["on_time"].values()
        shares = [(base or 0.0) + (effect.gain["on_time"] or 0.0) for effect in sure.effects]
        assert max(shares) <= 1 + 1e-12
        assert min(shares) >= 0
