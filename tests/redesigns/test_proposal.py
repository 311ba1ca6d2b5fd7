"""The search for combinations of edits: measured as a whole, none better, nothing lost."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pytest

import pubservice as ps
from planting import Sketch, sketches
from pubservice.io.example import example_names
from pubservice.provenance import Method
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


MEASURED = ("cycle_time", "cost", "applicant_time", "flexibility")


def losses(measures: Sequence[float | None]) -> list[float]:
    """Return measures as what is to be least."""
    return [
        float("inf") if value is None else -value if name == "flexibility" else value
        for name, value in zip(MEASURED, measures, strict=True)
    ]


def of_plan(plan: ps.Plan) -> list[float | None]:
    """Return the measures of a plan."""
    return [
        plan.cycle_time_s,
        None if plan.cost is None else plan.cost.amount,
        plan.applicant_time_s,
        plan.flexibility,
    ]


def is_at_most(one: list[float], other: list[float], scale: list[float]) -> bool:
    """Return whether nothing is more, but for rounding."""
    return all(a <= b + 1e-7 * s for a, b, s in zip(one, other, scale, strict=True))


def check_against_enumeration(
    organisation: ps.PublicOrganisation, plans: ps.Plans, edits: Sequence[ps.Edit]
) -> None:
    """Hold plans against every combination of edits, each redesigned and measured by itself."""
    refused = {edit for edit, _ in plans.refused}
    kept = [edit for edit in Effects(organisation, edits).edits if edit not in refused]
    scale = [1.0 if value is None else abs(value) or 1.0 for value in of_plan(plans.today)]
    every: list[list[float]] = []
    for mask in range(1 << len(kept)):
        chosen = [edit for i, edit in enumerate(kept) if mask >> i & 1]
        try:
            after = ps.redesign(organisation, chosen)
        except ps.InvalidEditError:
            assert all(list(plan.edits) != chosen for plan in plans)
            continue
        every.append(losses(by_performance(organisation, after)))
    column = MEASURED.index(plans.goal)
    found = [losses(of_plan(plan)) for plan in plans]
    for plan, mine in zip(plans, found, strict=True):
        measured = losses(by_performance(organisation, ps.redesign(organisation, plan.edits)))
        assert mine == pytest.approx(measured, rel=1e-7)
        assert not any(
            is_at_most(other, mine, scale) and not is_at_most(mine, other, scale) for other in every
        )
    today = losses(of_plan(plans.today))
    for other in every:
        assert any(is_at_most(mine, other, scale) for mine in [*found, today])
    least = min(other[column] for other in every)
    assert losses(of_plan(plans.best))[column] == pytest.approx(least, rel=1e-7)
    assert [loss[column] for loss in found] == sorted(loss[column] for loss in found)


@pytest.mark.parametrize("goal", MEASURED)
def test_the_best_of_all_combinations_is_found(goal: Any) -> None:
    """
    What is proposed is the Pareto set of every combination that may be done, redesigned and measured one by one.
    """
    lengths = []
    for sketch in sketches(8, size=8, seed=MEASURED.index(goal)):
        organisation = office(sketch)
        edits = some_edits(organisation, sketch.rng, 6)
        plans = ps.propose(organisation, goal=goal, edits=edits)
        assert plans.method.kind == "exact"
        check_against_enumeration(organisation, plans, edits)
        assert ps.propose(organisation, goal=goal, edits=edits) == plans
        lengths.append(len(plans))
    assert max(lengths) > 1


@pytest.mark.parametrize("name", example_names())
def test_the_best_of_all_remedies_of_the_examples_is_found(name: str) -> None:
    """
    On every example the remedies that are worth doing are those of the exhaustive enumeration.
    """
    organisation = ps.read_example(name)
    remedies = list(dict.fromkeys(f.remedy for f in ps.check(organisation) if f.remedy))[:8]
    capacities = [ps.SetCapacity(r.id, r.capacity + 1) for r in organisation.resources if r.capacity][:2]
    edits = [*remedies, *capacities]
    check_against_enumeration(organisation, ps.propose(organisation, edits=edits), edits)
    assert ps.propose(organisation).today == ps.propose(organisation, edits=remedies).today


def row(**fields: Any) -> ps.PublicOrganisation:
    """Return three steps in a row, done by clerks who cost something."""
    steps = [
        ps.Step("a", resource="clerk", processing_time="10 min", gives=["x"]),
        ps.Step("b", resource="clerk", processing_time="20 min", needs=["x"]),
        ps.Step("c", resource="clerk", processing_time="5 min"),
    ]
    procedure = ps.Procedure(steps=steps, flows=[ps.Flow("a", "b"), ps.Flow("b", "c")])
    service = ps.PublicService("s", arrival_rate="1 case/hour", procedure=procedure)
    resources = [
        ps.Resource("clerk", capacity=2, cost="10 EUR/hour"),
        ps.Resource("chief", cost="90 EUR/hour"),
    ]
    return ps.PublicOrganisation("o", resources=resources, services=[attrs.evolve(service, **fields)])


REMOVE, MORE = ps.RemoveStep("s", "c"), ps.SetCapacity("clerk", 3)


def test_edits_that_lose_something_are_left_out_with_the_reason() -> None:
    """
    What cannot be done by itself is refused with its proof, in words and as data.
    """
    plans = ps.propose(row(), edits=[REMOVE, REMOVE, ps.RemoveStep("s", "a"), ps.RemoveStep("s", "x")])
    assert [(edit, str(why)) for edit, why in plans.refused] == [
        (ps.RemoveStep("s", "a"), "s: step 'b' needs 'x', which nothing would supply any more"),
        (ps.RemoveStep("s", "x"), "no step 'x' in service 's'"),
    ]
    assert (len(plans), plans[0].edits, list(plans)) == (1, (REMOVE,), [plans.best])
    assert plans.considered == 2
    assert "left out: s: a removed: s: step 'b' needs" in str(plans)
    assert "ditinggalkan: s: a dihapus" in plans.text("id")
    assert "1. s: c dihapus" in plans.text("id")
    data = plans.data()
    assert data["refused"][1]["why"] == "no step 'x' in service 's'"
    assert data["plans"][0]["edits"] == [{"edit": "remove_step", "service": "s", "step": "c", "gives_up": []}]
    assert data["today"]["edits"] == []
    assert [r["plan"] for r in plans.rows()] == ["today", "1"]


def check_behind(model: ps.PublicOrganisation, *edits: ps.Edit) -> ps.Plans:
    """Return the plans of edits, the last of which holds only behind the others; the best are all of them."""
    with pytest.raises(ps.InvalidEditError):
        ps.redesign(model, edits[-1:])
    plans = ps.propose(model, edits=[edits[-1], *edits[:-1]])
    assert plans.method.kind == "exact"
    assert (plans.refused, plans.best.edits) == ((), edits)
    done = ps.redesign(model, edits)
    assert plans.best.cycle_time_s == pytest.approx(ps.performance(done).service("s").cycle_time_s)
    return plans


def test_an_edit_that_holds_only_behind_another_is_tried_there() -> None:
    """
    Steps that others do today are merged once one does both, or once what stands between is gone.
    """
    model = row()
    steps = [
        attrs.evolve(s, setup_time="9 min", resource=["chief"] if s.id == "b" else s.resource)
        for s in model.services[0].procedure.steps
    ]
    other = row(procedure=attrs.evolve(model.services[0].procedure, steps=steps))
    check_behind(other, ps.Reassign("s", ["b"], "clerk"), ps.MergeSteps("s", ["a", "b"]))
    between = [attrs.evolve(s, needs=[], setup_time="9 min") for s in model.services[0].procedure.steps]
    apart = row(procedure=attrs.evolve(model.services[0].procedure, steps=between))
    check_behind(apart, ps.RemoveStep("s", "b"), ps.MergeSteps("s", ["a", "c"]))


def test_what_loses_something_only_alone_is_tried_behind_others() -> None:
    """
    What one step needs is not made any more once that step is gone.
    """
    model = row()
    edits: list[ps.Edit] = [ps.DropOutputs("s", [("a", "x")], ["a"]), ps.RemoveStep("s", "b")]
    plans = ps.propose(model, edits=edits)
    assert plans.method.kind == "exact"
    assert plans.best.edits == (edits[1], edits[0])


def test_a_search_that_leaves_out_what_would_hold_is_not_exact() -> None:
    """
    An order that becomes possible only once a step is gone is not searched, which is said.
    """
    edits: list[ps.Edit] = [ps.Reorder("s", ["c", "a"]), ps.RemoveStep("s", "b")]
    plans = ps.propose(row(), edits=edits)
    assert [edit for edit, _ in plans.refused] == edits[:1]
    assert str(plans.method.name) == "all combinations evaluated but those of edits that are left out"
    assert plans.method.kind == "approximation"
    ps.redesign(row(), [edits[1], edits[0]])


def test_plans_of_who_serves_by_priority_say_that_they_do_not_know_it() -> None:
    """
    Combinations are compared with waits as first come, first served; where a resource serves by priority that is said.
    """
    office = row()
    urgent = attrs.evolve(office.services[0], id="urgent", priority=2)
    clerk, chief = office.resources
    resources = [attrs.evolve(clerk, discipline="priority"), chief]
    served = attrs.evolve(office, resources=resources, services=[*office.services, urgent])
    plans = ps.propose(served, edits=[MORE])
    assert plans.method == Method(
        "approximation", "all combinations evaluated; waits as first come, first served"
    )
    assert "semua kombinasi dievaluasi; waktu tunggu seperti" in plans.text("id")
    assert ps.propose(office, edits=[MORE]).method == Method("exact", "all combinations evaluated")


def test_so_many_edits_are_tried_behind_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Beyond a bound edits are left out untried, and the search does not pass for exact.
    """
    monkeypatch.setattr("pubservice.redesigns.proposal._MOST_TRIALS", 1)
    edits: list[ps.Edit] = [
        ps.SetCapacity("clerk", 3),
        ps.RemoveStep("s", "b"),
        ps.DropOutputs("s", [("a", "x")]),
    ]
    plans = ps.propose(row(), edits=edits)
    assert [edit for edit, _ in plans.refused] == edits[2:]
    assert plans.method.kind == "approximation"


def test_what_is_given_up_stands_with_the_plan() -> None:
    """
    A plan that removes a control says which.
    """
    model = row()
    steps = [attrs.evolve(s, checks=["x"]) if s.id == "c" else s for s in model.services[0].procedure.steps]
    model = row(procedure=attrs.evolve(model.services[0].procedure, steps=steps))
    edits = [attrs.evolve(REMOVE, gives_up=["x"])]
    assert ps.propose(model, edits=edits).data()["plans"][0]["given_up"] == [
        {"service": "s", "check": "x", "of": "x"}
    ]
    assert not ps.propose(model, edits=[REMOVE]).plans


def test_today_is_best_where_nothing_is_better_for_the_goal() -> None:
    """
    A plan that is better in something else is proposed, and is not the best for the goal.
    """
    plans = ps.propose(row(), goal="cost", edits=[MORE])
    assert plans[0].edits == (MORE,)
    assert plans.best is plans.today
    assert ps.propose(row(), goal="flexibility", edits=[MORE]).best.edits == (MORE,)
    none = ps.propose(row(), edits=[])
    assert (len(none), none.best) == (0, none.today)
    assert "all combinations evaluated" in str(none)


def test_a_plan_has_at_most_so_many_edits() -> None:
    """
    With a bound the best within it is found.
    """
    edits: list[ps.Edit] = [REMOVE, MORE, ps.Automate("s", "b", "1 min")]
    assert max(len(plan.edits) for plan in ps.propose(row(), edits=edits)) == 3
    one = ps.propose(row(), edits=edits, at_most=1)
    assert {len(plan.edits) for plan in one} == {1}
    assert one.best.edits == (ps.Automate("s", "b", "1 min"),)


def test_beyond_the_budget_a_beam_search_is_made_and_said() -> None:
    """
    With a small budget not every combination is looked at; the method says so, and repeats itself.
    """
    edits: list[ps.Edit] = [
        REMOVE,
        MORE,
        ps.Automate("s", "b", "1 min"),
        ps.SetCapacity("chief", 2),
        ps.Automate("s", "a", "1 min"),
    ]
    all_of_them = ps.propose(row(), edits=edits)
    for budget in (1, 2, 8, 31):
        found = ps.propose(row(), edits=edits, budget=budget)
        assert found.method.kind == "approximation"
        assert found.considered <= budget
        assert "beam search" in str(found)
        assert found == ps.propose(row(), edits=edits, budget=budget)
    assert found.best.cycle_time_s == all_of_them.best.cycle_time_s
    early = ps.propose(row(), edits=[*edits, ps.Reassign("s", ["b"], "chief")], budget=40, at_most=6)
    assert early.best.cycle_time_s == all_of_them.best.cycle_time_s


def test_more_edits_than_bits_are_left_out() -> None:
    """
    Of more than 62 edits the first are searched, and each of the others is named.
    """
    ids = [f"r{i}" for i in range(64)]
    model = row()
    model = attrs.evolve(model, resources=[*model.resources, *map(ps.Resource, ids)])
    plans = ps.propose(model, edits=[ps.SetCapacity(id, 2) for id in ids], budget=100)
    assert [str(why) for _, why in plans.refused] == ["more than 62 edits at once"] * 2
    assert len(plans) == 0


def test_bad_bounds_and_goals_are_refused() -> None:
    """
    A goal that nobody measures and bounds below 1 are errors that say what is expected.
    """
    with pytest.raises(
        ValueError, match="expected one of cycle_time, cost, applicant_time, flexibility, got 'x'"
    ):
        ps.propose(row(), goal="x")  # type: ignore[arg-type]  # wrong on purpose
    for bounds in ({"budget": 0}, {"at_most": 0}):
        with pytest.raises(ValueError, match="expected bounds of at least 1"):
            ps.propose(row(), **bounds)  # type: ignore[arg-type]  # mypy takes them for any argument


def test_what_is_not_known_today_is_not_proposed_for() -> None:
    """
    Without probabilities, times or one currency a measure is undefined, and what depends on it is not compared.
    """
    steps = [ps.Step("a", resource="clerk"), ps.Step("b", resource="chief", processing_time="1 hour")]
    model = row(procedure=ps.Procedure(steps=steps, flows=[ps.Flow("a", "b")]))
    plans = ps.propose(model, edits=[ps.Automate("s", "a", "1 min"), ps.SetCapacity("chief", 2)])
    assert (plans.today.cycle_time_s, plans.today.cost) == (None, None)
    assert plans.rows()[0]["cycle time / hour"] is None
    dollars = [ps.Resource("clerk", cost="10 EUR/hour"), ps.Resource("chief", cost="9 USD/hour")]
    mixed = attrs.evolve(row(), resources=dollars)
    assert ps.propose(mixed, edits=[ps.Reassign("s", ["c"], "chief")]).today.cost is None
    choice = ps.Procedure(
        steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")], flows=[ps.Flow("a", "b"), ps.Flow("a", "c")]
    )
    nothing = ps.propose(row(procedure=choice), edits=[MORE])
    assert (len(nothing), nothing.today.flexibility) == (0, None)


def test_an_edit_may_bring_what_is_not_known() -> None:
    """
    A combination in which something unknown comes to count has no cost, and no other one loses its own.
    """
    steps = [ps.Step("a", resource="clerk", processing_time="1 hour"), ps.Step("b")]
    model = row(
        procedure=ps.Procedure(steps=steps, flows=[ps.Flow("a", "b")]),
        channels=[ps.Channel("desk", kind="counter")],
    )
    effects = Effects(
        model, [ps.Reassign("s", ["b"], "clerk"), ps.ChangeChannel("s", "b", "desk", "in-person")]
    )
    measured = effects.measure(np.arange(4))
    assert np.isnan(measured[:, 1]).tolist() == [False, True, False, True]
    assert np.isnan(measured[:, 2]).tolist() == [False, False, True, True]


def test_pooling_costs_no_salaries_and_removing_is_not_counted_twice() -> None:
    """
    A pool has the capacity and the salaries of its members; fetched evidence is not asked for by a step that is gone.
    """
    model = row(requirements=["card"])
    steps = [attrs.evolve(s, asks=["card"]) if s.id == "c" else s for s in model.services[0].procedure.steps]
    service = attrs.evolve(
        model.services[0], procedure=attrs.evolve(model.services[0].procedure, steps=steps)
    )
    registry = ps.PublicService("registry", arrival_rate="1 case/hour", outputs=["card"])
    model = attrs.evolve(
        model, services=[service, registry], evidence=[ps.Evidence("card", time_to_obtain="1 hour")]
    )
    edits: list[ps.Edit] = [
        ps.PoolResources(["clerk", "chief"], "pool"),
        ps.FetchEvidence("s", "card", "registry"),
        REMOVE,
    ]
    measured = Effects(model, edits).measure(np.arange(8))
    assert measured[1, 1] - measured[0, 1] == pytest.approx(35 / 60 * (110 / 3 - 10))
    assert measured[:, 2] == pytest.approx([3600, 3600, 0, 0, 3600, 3600, 0, 0])


def test_an_implied_flow_that_goes_makes_a_procedure_measurable() -> None:
    """
    A flow that crosses the blocks hides the cycle time; without it the cycle time is known.
    """
    steps = [ps.Step(id, resource="clerk", processing_time="1 min") for id in "abcd"]
    gateways = [ps.Gateway(id, kind="parallel") for id in "fgjk"]
    pairs = ["fa", "fb", "ag", "gc", "gd", "cj", "dj", "jk", "bk", "fj"]
    procedure = ps.Procedure(
        start="f", steps=steps, gateways=gateways, flows=[ps.Flow(pair[0], pair[1]) for pair in pairs]
    )
    model = row(procedure=procedure)
    measured = Effects(model, [ps.RemoveFlow("s", "f", "j")]).measure(np.arange(2))
    assert np.isnan(measured[0, 0])
    assert measured[1, 0] == pytest.approx(
        by_performance(model, ps.apply(model, ps.RemoveFlow("s", "f", "j")))[0]
    )


def test_combinations_that_lose_something_together_are_left_out() -> None:
    """
    What may be done by itself and not together is in no plan: what both make, what contradicts, what is split.
    """
    steps = [
        ps.Step("a", resource="clerk", processing_time="10 min", gives=["x"]),
        ps.Step("b", resource="clerk", processing_time="20 min", gives=["x"]),
        ps.Step("c", resource="clerk", processing_time="30 min", needs=["x"]),
        ps.Step("d", resource="clerk", processing_time="40 min"),
        ps.Step("e", resource="clerk", processing_time="10 min"),
    ]
    flows = [ps.Flow(one.id, other.id) for one, other in itertools.pairwise(steps)]
    model = row(procedure=ps.Procedure(steps=steps, flows=flows))
    cases = [ps.CaseType("d", 0.5, processing_time="1 min"), ps.CaseType("d2", 0.5)]
    edits: list[ps.Edit] = [
        ps.RemoveStep("s", "a"),
        ps.RemoveStep("s", "b"),
        ps.SetCapacity("clerk", 3),
        ps.SetCapacity("clerk", 4),
        ps.Triage("s", "d", cases),
        ps.RemoveStep("s", "d"),
        ps.Parallelise("s", [["d"], ["e"]]),
    ]
    plans = ps.propose(model, edits=edits)
    check_against_enumeration(model, plans, edits)
    assert set(plans.best.edits) == {edits[0], edits[3], edits[5]}  # c reads what b made


def test_a_plan_that_only_seems_to_hold_is_left_out() -> None:
    """
    A part of a split step is not the step: giving it to another resource would pay, and contradicts the splitting.
    """
    steps = [ps.Step(id, resource="clerk", processing_time="50 min") for id in "cd"]
    model = row(procedure=ps.Procedure(steps=steps, flows=[ps.Flow("c", "d")]))
    model = attrs.evolve(model, resources=[model.resources[0], ps.Resource("chief", cost="12 EUR/hour")])
    split = ps.SplitStep("s", "d", [ps.Part("d", 0.5), ps.Part("d2", 0.5)])
    edits: list[ps.Edit] = [split, ps.Reassign("s", ["d"], "chief"), ps.SetCapacity("clerk", 3)]
    plans = ps.propose(model, edits=edits)
    assert plans.considered == 8
    assert not any({split, edits[1]} <= set(plan.edits) for plan in plans)
    check_against_enumeration(model, plans, edits)


def test_what_no_case_reaches_and_a_desk_nearby_count_nothing() -> None:
    """
    A block that no case enters takes no time, and a channel without travel takes none of the applicant's.
    """
    near = ps.Step("a", resource="clerk", processing_time="10 min", contact="in-person", channel="desk")
    steps = [near, *(ps.Step(id, resource="clerk", processing_time="1 min") for id in "bcd")]
    flows = [ps.Flow("a", "f", probability=0), ps.Flow("a", "d", probability=1)]
    flows += [ps.Flow("f", "b"), ps.Flow("f", "c"), ps.Flow("b", "j"), ps.Flow("c", "j")]
    gateways = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    procedure = ps.Procedure(start="a", steps=steps, gateways=gateways, flows=flows)
    model = row(procedure=procedure, channels=[ps.Channel("desk", kind="counter")])
    measured = Effects(model, []).measure(np.array([0]))
    assert list(measured[0]) == pytest.approx(by_performance(model, model))


def test_a_removal_that_holds_behind_another_is_in_a_plan_with_it() -> None:
    """
    What only a step reads that goes too can go behind it, and not by itself.
    """
    edits: list[ps.Edit] = [ps.RemoveStep("s", "a"), ps.RemoveStep("s", "b")]
    with pytest.raises(ps.InvalidEditError, match="step 'b' needs 'x'"):
        ps.redesign(row(), edits[:1])
    assert set(ps.propose(row(), edits=edits).best.edits) == set(edits)


def test_part_of_a_split_step_can_go_to_another() -> None:
    """
    An edit that holds only behind one that changes flows is tried with it, and alone it is in no plan.
    """
    parts = [ps.Part("b", 0.1, needs=["x"]), ps.Part("b2", 0.9)]
    edits: list[ps.Edit] = [ps.SplitStep("s", "b", parts), ps.Reassign("s", ["b2"], "chief")]
    plans = ps.propose(row(), edits=edits)
    assert plans.refused == ()
    assert all(edits[1] not in plan.edits or edits[0] in plan.edits for plan in plans)
    check_against_enumeration(row(), plans, edits)
