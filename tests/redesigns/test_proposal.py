"""The search for combinations of edits: measured as a whole, none better, nothing lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pytest

import pubservice as ps
from planting import Sketch, sketches
from pubservice.redesigns.effects import Effects, combinations_up_to
from pubservice.redesigns.sequence import in_sequence


def office(sketch: Sketch, *, rate: str | None = "2 case/hour", **around: Any) -> ps.PublicOrganisation:
    """Return an organisation in which steps have everything that a measure counts."""
    rng = sketch.rng

    def furnished(step: ps.Step) -> ps.Step:
        fields: dict[str, Any] = {}
        if rng.random() < 0.3:
            fields.update(contact="in-person", channel="counter")
        if rng.random() < 0.2:
            fields.update(asks=[rng.choice(["card", "form"])])
        if rng.random() < 0.2:
            fields.update(cost="5 EUR")
        if rate and rng.random() < 0.2:  # without a rate a batch never fills
            fields.update(setup_time="3 min", batch=ps.Batch(size=rng.randint(2, 4)))
        if rng.random() < 0.2:
            fields.update(resource=["clerk", "officer"])
        if rng.random() < 0.1:
            fields.update(resource=[], actor="applicant")
        if rng.random() < 0.3:
            fields.update(processing_time=f"exponential({rng.randint(1, 20)}) min")
        return attrs.evolve(step, **fields)

    for seq in sketch.sequences():
        seq.items[:] = [furnished(item) if isinstance(item, ps.Step) else item for item in seq.items]
    sketch.put(ps.Wait("pause", cause="other", clock="elapsed", time="2 hour"))
    service = sketch.service(
        arrival_rate=rate,
        requirements=["card", "form", ps.Requirement("proof", evidence=["paper", "file"])],
        channels=[
            ps.Channel("counter", kind="counter", travel_time="1 hour"),
            ps.Channel("web", kind="online"),
        ],
    )
    other = next(sketches(1, seed=rng.randint(0, 10**6))).service(
        "other", arrival_rate=rate and "1 case/hour"
    )
    capacities = {"clerk": 6, "officer": 5, "engineer": 4}
    return ps.PublicOrganisation(
        "o",
        resources=[
            *(ps.Resource(id, capacity=n, cost=f"{n * 10} EUR/hour") for id, n in capacities.items()),
            ps.Resource("system", kind="information-system", capacity=9),
        ],
        evidence=[
            ps.Evidence("card", time_to_obtain="3 hour"),
            ps.Evidence("paper", time_to_obtain="1 hour"),
        ],
        services=[service, other],
        **around,
    )


def some_edits(organisation: ps.PublicOrganisation, rng: random.Random, count: int) -> list[ps.Edit]:
    """Return random edits that can be applied by themselves."""
    service = organisation.services[0]
    ids = [step.id for step in service.procedure.steps]
    resources = ["clerk", "officer", "engineer", "system"]
    found: list[ps.Edit] = []
    for _ in range(count * 20):
        a, b = rng.choice(ids), rng.choice(ids)
        kinds: list[ps.Edit] = [
            ps.RemoveStep("s", a),
            ps.Reassign("s", [a], rng.choice(resources)),
            ps.Automate("s", a, f"{rng.randint(0, 5)} min", resource=rng.choice(["system", None])),
            ps.ChangeChannel("s", a, "web", "remote"),
            ps.DropBatch("s", a),
            ps.DropAsk("s", a, "card"),
            ps.SetCapacity(rng.choice(resources), rng.randint(5, 12)),
            ps.MergeSteps("s", [a, b]),
            ps.Parallelise("s", [[a], [b]]),
            ps.Reorder("s", [b, a]),
            ps.PoolResources(["clerk", "officer"], "clerk"),
            ps.Triage(
                "s",
                a,
                [
                    ps.CaseType(f"{a}-easy", "0.7", processing_time="1 min"),
                    ps.CaseType(f"{a}-hard", "0.3"),
                ],
            ),
            ps.RemoveStep(
                "other", rng.choice([step.id for step in organisation.services[1].procedure.steps])
            ),
        ]
        edit = rng.choice(kinds)
        try:
            ps.apply(organisation, edit)
        except ps.InvalidEditError:
            continue
        if edit not in found:
            found.append(edit)
        if len(found) == count:
            break
    return found


def all_salaries(organisation: ps.PublicOrganisation) -> float:
    """Return what all resources cost in a second."""
    return sum((r.capacity or 0) * r.cost.per_second for r in organisation.resources if r.cost is not None)


def by_performance(before: ps.PublicOrganisation, after: ps.PublicOrganisation) -> list[float | None]:
    """Return the measures of an organisation from its performance: the means over services, weighted by arrivals."""
    found = ps.performance(after)
    rates = [service.arrival_rate_per_s for service in found.services]
    weights = [1.0 if rate is None else rate for rate in rates]
    # one currency and all times known, so that no cost means nobody who has one
    costs = [service.office_cost.amount if service.office_cost else 0.0 for service in found.services]
    salaries = all_salaries(after) - all_salaries(before)
    able = []
    for service in found.services:
        steps = {step.id: step for step in after.service(service.id).procedure.steps}
        counted = [
            (s.visits or 0, min(after.resource(r).capacity or 0 for r in steps[s.id].resource))
            for s in service.steps
            if steps[s.id].resource
        ]
        able.append(sum(n * c for n, c in counted) / (sum(n for n, _ in counted) or 1))

    def mean(values: Sequence[float | None]) -> float | None:
        if any(value is None for value in values):
            return None
        return sum(w * (v or 0) for w, v in zip(weights, values, strict=True)) / sum(weights)

    cost = mean(costs)
    if cost is not None and None not in rates:
        cost += salaries / sum(weights)
    return [
        mean([service.cycle_time_s for service in found.services]),
        cost,
        mean([service.applicant_time_s for service in found.services]),
        mean(list(able)),
    ]


@pytest.mark.parametrize("rate", ["2 case/hour", None])
def test_combinations_come_to_what_performance_says(rate: str | None) -> None:
    """
    The measures of thousands of combinations at once are those of each redesigned organisation by itself.
    """
    compared = 0
    for sketch in sketches(25, size=10, seed=11):
        organisation = office(sketch, rate=rate)
        effects = Effects(organisation, some_edits(organisation, sketch.rng, 6))
        masks = combinations_up_to(len(effects.edits), len(effects.edits))
        measured = effects.measure(np.array(masks))
        for mask, row in zip(masks, measured, strict=True):
            chosen = [edit for i, edit in enumerate(effects.edits) if mask >> i & 1]
            try:
                after = in_sequence(organisation, chosen)
            except ps.InvalidEditError:
                assert np.isnan(row).all()
                continue
            for value, expected in zip(row, by_performance(organisation, after), strict=True):
                compared += 1
                if expected is None:
                    assert np.isnan(value)
                else:
                    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert compared > 2000
