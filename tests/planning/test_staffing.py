"""The least staff at which every target holds."""

from __future__ import annotations

from itertools import product
from math import exp, factorial
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from offices import call_centre, procedure, town_hall
from pubservice.errors import InvalidQuantityError

MORNINGS = ps.Demand(weekdays={"mon": 1.5}, hours={"08:00-10:00": 2})


def refusal(office: ps.PublicOrganisation, **options: Any) -> list[str]:
    with pytest.raises(ps.InfeasiblePlanError) as caught:
        ps.staffing(office, **options)
    return [str(reason) for reason in caught.value.reasons]


# Against the world


def test_fourteen_agents_and_twenty_employed() -> None:
    """
    The numbers that pyworkforce publishes: 100 calls in half an hour, three minutes each. 13 answer too few within 20
    seconds for 80 %, 14 answer 88.8 %, and at 30 % shrinkage 20 are employed.
    """
    plan = ps.staffing(call_centre(), targets=["agent: 80% within 20 s"], shrinkage=0.3)
    agent, target = plan.resource("agent"), plan.targets[0]

    assert (agent.needed, agent.employed) == (14, 20)
    assert agent.utilisation == pytest.approx(0.7142857142857143, abs=1e-9)
    assert target.planned == pytest.approx(0.8883500191794669, abs=1e-9)
    assert agent.bound_by == (target.target,)


@pytest.mark.parametrize(
    ("erlang", "waiting"), [(1, 0.2), (1, 0.05), (5, 0.1), (10, 0.2), (20, 0.5), (50, 0.2), (100, 0.05)]
)
def test_agents_for_a_probability_of_waiting(erlang: int, waiting: float) -> None:
    """
    The least agents with which at most a share waits at all, worked out from the sums that define Erlang's C.
    """

    def waits(servers: int) -> float:
        terms = [erlang**k / factorial(k) for k in range(servers)]
        last = erlang**servers / factorial(servers) * servers / (servers - erlang)
        return float(last / (sum(terms) + last))

    least = next(n for n in range(erlang + 1, 200) if waits(n) <= waiting)
    service = attrs.evolve(call_centre().services[0], arrival_rate=f"{erlang * 20} case/hour")
    office = attrs.evolve(call_centre(), services=[service])
    plan = ps.staffing(office, targets=[f"agent: {(1 - waiting) * 100:g}% within 0 s"])

    assert plan.resource("agent").needed == least
    assert plan.targets[0].planned == pytest.approx(1 - waits(least))


@pytest.mark.parametrize(
    ("arrivals", "target", "servers", "attained"),
    [
        (49, "agent: mean wait 0.1485 hour", 1, 0.14848485),
        (98, "agent: mean wait 0.07 hour", 2, 0.06995921),
        (98, "agent: utilisation 0.8910", 2, 0.89090909),
    ],
)
def test_servers_of_a_worked_answer(arrivals: int, target: str, servers: int, attained: float) -> None:
    """
    A published exercise, 49 customers an hour for one server of 55 an hour, and the same pooled: a plan for the mean wait
    of so many servers takes exactly so many.
    """
    service = attrs.evolve(
        call_centre().services[0],
        arrival_rate=f"{arrivals} case/hour",
        procedure=procedure(answer=("agent", f"exponential({60 / 55}) min")),
    )
    plan = ps.staffing(attrs.evolve(call_centre(), services=[service]), targets=[target])
    unit = 3600 if "wait" in target else 1

    assert plan.resource("agent").needed == servers
    assert plan.targets[0].planned / unit == pytest.approx(attained, abs=1e-6)


# Against itself


@settings(max_examples=25)
@given(
    st.tuples(*[st.integers(2, 40)] * 3),
    st.tuples(*[st.sampled_from([10000, 40000, 90000, 250000])] * 3),
    st.sampled_from(["80% within 3 working_hour", "95% within 5 working_hour", "mean 2 working_hour"]),
    st.sampled_from([(), ("clerk: 90% within 10 min",), ("utilisation 0.8", "head: mean wait 4 min")]),
)
def test_no_other_staff_is_cheaper(
    minutes: tuple[int, ...], costs: tuple[int, ...], asked: str, more: tuple[str, ...]
) -> None:
    """
    Of all numbers of three resources, none that reaches the targets costs less than the plan; and the plan reaches them.
    """
    steps = {
        id: (id, f"exponential({n}) min")
        for id, n in zip(("clerk", "engineer", "head"), minutes, strict=True)
    }
    office = attrs.evolve(
        town_hall(procedure=procedure(**steps)),
        resources=[
            ps.Resource(id, cost=f"{cost} IDR/hour")
            for id, cost in zip(("clerk", "engineer", "head"), costs, strict=True)
        ],
    )
    targets = [f"permit: {asked}", *more]
    try:
        plan = ps.staffing(office, targets=targets)
    except ps.InfeasiblePlanError:
        return  # the work itself takes longer
    found = [resource.needed for resource in plan.resources]

    def reaches(counts: tuple[int, ...]) -> bool:
        resources = [attrs.evolve(r, capacity=n) for r, n in zip(office.resources, counts, strict=True)]
        staffed = attrs.evolve(office, resources=resources)
        loads = {load.resource: load for load in ps.find_bottlenecks(staffed).loads}
        if any(load.waiting_time_s is None for load in loads.values()):
            return False
        if "utilisation 0.8" in more and (
            any((load.utilisation or 0) > 0.8 for load in loads.values())
            or (loads["head"].waiting_time_s or 0) > 240
        ):
            return False
        if "clerk: 90% within 10 min" in more:
            level = ps.queueing.service_level(
                arrival_rate=4 / 60, service_rate=1 / minutes[0], servers=counts[0], within=10
            )
            if level < 0.9:
                return False
        taken = ps.cycle_time_distribution(staffed, "permit")
        if asked.startswith("mean"):
            return taken.mean_s <= 7200
        share, _, limit = asked.partition("% within ")
        return taken.probability_within(limit) >= float(share) / 100

    assert reaches(tuple(found))
    price = sum(n * cost for n, cost in zip(found, costs, strict=True))
    for counts in product(*(range(1, n + 4) for n in found)):
        if sum(n * cost for n, cost in zip(counts, costs, strict=True)) < price:
            assert not reaches(counts)


def test_more_demand_and_harder_targets_never_take_less() -> None:
    """
    A plan for more cases, or for a larger share, takes no fewer of any resource that stands alone.
    """
    needed = [
        ps.staffing(call_centre(), targets=[f"agent: {share}% within 20 s"], demand=factor)
        .resource("agent")
        .needed
        for factor in (0.5, 1, 2)
        for share in (50, 80, 99)
    ]
    assert needed == sorted(needed)


def test_a_plan_is_the_least_that_keeps_up_where_nothing_is_asked() -> None:
    """
    With no target each resource keeps up, and would not with one less.
    """
    plan = ps.staffing(town_hall())

    assert {r.resource: r.needed for r in plan.resources} == {"clerk": 1, "engineer": 4, "head": 1}
    assert all(resource.bound_by == () for resource in plan.resources)
    assert "bound by" in str(plan)
    assert str(plan.notes[0]) == "engineer: utilisation 1.00: capacity 3 cannot keep up with 3; 4 would"


def test_the_plan_reaches_what_the_model_of_it_says() -> None:
    """
    Where nothing varies, the planned organisation analysed by itself attains exactly what the plan says.
    """
    plan = ps.staffing(town_hall(), targets=["permit: 90% within 3 working_hour", "permit: mean wait 20 min"])
    taken = ps.cycle_time_distribution(plan.planned, "permit")

    assert plan.targets[0].planned == pytest.approx(taken.probability_within("3 working_hour"))
    assert plan.targets[1].planned == pytest.approx(ps.performance(plan.planned).services[0].waiting_time_s)
    assert plan.planned.resource("engineer").capacity == plan.resource("engineer").needed
    assert ps.redesign(town_hall(), plan.edits) == plan.planned
    again = ps.staffing(
        plan.planned, targets=["permit: 90% within 3 working_hour", "permit: mean wait 20 min"]
    )
    assert again.edits == ()


# What it says


def test_what_a_target_costs_is_the_plan_without_it() -> None:
    """
    The cost of a target is the difference to the plan of the others, and only a target that costs something binds.
    """
    targets = [
        "clerk: 90% within 5 min",
        "permit: 90% within 3 working_hour",
        "permit: 60% within 4 working_hour",
    ]
    plan = ps.staffing(town_hall(), targets=targets)
    assert plan.cost is not None

    for i, target in enumerate(plan.targets):
        without = ps.staffing(town_hall(), targets=[t for j, t in enumerate(targets) if j != i])
        assert without.cost is not None
        assert target.cost is not None
        assert target.cost.amount == pytest.approx(plan.cost.amount - without.cost.amount)
        assert target.is_binding == (target.cost.amount > 0)
    assert [target.is_binding for target in plan.targets] == [True, True, False]


def test_each_interval_reaches_the_targets_of_resources() -> None:
    """
    Where demand varies, the service level holds in each interval with cases, and would not with one less.
    """
    office = town_hall(demand=MORNINGS, procedure=procedure(intake=("clerk", "exponential(12) min")))
    plan = ps.staffing(office, targets=["clerk: 80% within 10 min"])
    week = plan.resource("clerk").intervals
    levels = []
    for interval in week:
        assert interval.hours is not None
        rate = interval.offered_load / 12  # cases in a minute
        for fewer in (0, 1):
            staff = interval.staff - fewer
            if staff <= interval.offered_load:
                continue
            level = ps.queueing.service_level(
                arrival_rate=rate, service_rate=1 / 12, servers=staff, within=10
            )
            assert (level >= 0.8) is not bool(fewer)
            levels += [] if fewer else [level]

    assert plan.targets[0].planned == pytest.approx(min(levels))
    assert week[0].staff > week[-1].staff
    assert plan.varies


def test_cycle_times_hold_by_the_mean_wait_of_the_week() -> None:
    """
    A cycle time asks for more staff where waits are long, and the plan without it is cheaper.
    """
    plan = ps.staffing(town_hall(demand=MORNINGS), targets=["permit: 90% within 3 working_hour"])
    (target,) = plan.targets

    assert target.planned >= 0.9
    assert target.is_binding
    assert target.cost is not None
    assert plan.cost is not None
    assert 0 < target.cost.amount < plan.cost.amount
    assert any(target.target in resource.bound_by for resource in plan.resources)
    assert "SIPP" in plan.method["waits"].name
    assert "one longest wait for all intervals" in plan.method["staff"].name


def test_hours_without_cases_take_nobody() -> None:
    """
    An interval in which nobody comes, and nothing is left of those who came before, is staffed with nobody and has no wait.
    """
    quiet = town_hall(demand=ps.Demand(hours={"13:00-16:00": 0}))
    week = ps.staffing(quiet, targets=["clerk: 90% within 5 min"]).resource("clerk").intervals
    afternoon = [interval for interval in week if interval.hours and interval.hours.start >= 840]

    assert {(i.staff, i.utilisation, i.waiting_time_s) for i in afternoon} == {(0, None, None)}


def test_what_is_no_staff_and_has_no_cost_stays() -> None:
    """
    A system without a cost is taken as it is, with as many as it takes to keep up, and is no part of the plan.
    """
    office = town_hall(demand=MORNINGS)
    system = ps.Resource("head", kind="information-system", capacity=7)
    plan = ps.staffing(
        attrs.evolve(office, resources=[*office.resources[:2], system]),
        targets=["permit: 90% within 4 working_hour", "head: at most 3"],
    )

    assert [resource.resource for resource in plan.resources] == ["clerk", "engineer"]
    assert "head: taken as it is, at 7: no staff, and without a cost" in [str(note) for note in plan.notes]
    with pytest.raises(ps.UnknownIdError):
        plan.resource("head")


def test_work_that_takes_no_time_takes_nobody() -> None:
    """
    A resource whose steps take no time is planned with nobody, and nobody waits for it.
    """
    office = town_hall(procedure=procedure(intake=("clerk", "10 min"), stamp=("head", "0 min")))
    plan = ps.staffing(office, targets=["head: 90% within 5 min", "permit: mean 1 working_day"])
    head = plan.resource("head")

    assert (head.needed, head.utilisation, plan.targets[0].planned) == (0, 0.0, 1.0)
    assert plan.planned.resource("head").capacity == 1
    varying = ps.staffing(attrs.evolve(office, services=[attrs.evolve(office.services[0], demand=MORNINGS)]))
    assert varying.resource("head").needed == 0
    mean = ps.staffing(
        attrs.evolve(office, services=[attrs.evolve(office.services[0], demand=MORNINGS)]),
        targets=["permit: mean 1 working_day"],
    )
    assert mean.resource("head").needed == 0


def test_a_resource_has_the_hours_of_its_own_calendar() -> None:
    """
    A resource that is open for four of seven hours takes more at once, and its year costs by its own hours.
    """
    short = ps.Calendar("short", hours={"mon-fri": "08:00-12:00"})
    hall = town_hall()
    resources = [attrs.evolve(r, calendar="short") if r.id == "engineer" else r for r in hall.resources]
    office = attrs.evolve(hall, calendars=[*hall.calendars, short], resources=resources)
    engineer = ps.staffing(office, targets=["engineer: mean wait 1 working_day"]).resource("engineer")
    whole = ps.staffing(hall).resource("engineer")
    assert engineer.cost is not None
    assert whole.cost is not None

    assert (engineer.needed, whole.needed) == (6, 4)
    assert engineer.cost.amount == pytest.approx(whole.cost.amount * 6 / 4 * 4 / 7)


def test_without_costs_the_fewest_are_planned() -> None:
    """
    Where a resource states no cost, or in another currency, heads count instead of money, and the plan says so.
    """
    for cost, said in ((None, "clerk have no cost"), ("5 EUR/hour", "costs are in several currencies")):
        office = town_hall()
        clerk = attrs.evolve(office.resources[0], cost=cost)
        plan = ps.staffing(
            attrs.evolve(office, resources=[clerk, *office.resources[1:]]),
            targets=["permit: 90% within 3 working_hour"],
        )
        assert plan.cost is None
        assert "cost of a year" not in str(plan)
        assert said in str(plan.notes[-1])
        assert plan.targets[0].cost is None
        assert plan.targets[0].is_binding
    nobody = attrs.evolve(town_hall(), resources=[attrs.evolve(r, cost=None) for r in town_hall().resources])
    assert not any("fewest" in str(note) for note in ps.staffing(nobody).notes)


def test_targets_and_promises_of_the_model_count_unless_told_otherwise() -> None:
    """
    A standard is planned for with the share that is asked; what no capacity changes is left out by name.
    """
    office = town_hall(
        standard=ps.ServiceStandard(completion_time="3 working_hour"), targets=[ps.Target("ikm", value=80)]
    )
    plan = ps.staffing(office, share=0.9)

    assert [str(target.target) for target in plan.targets] == ["permit: 90 % within 3 working_hour"]
    assert [str(out.reason) for out in plan.left_out] == ["no capacity changes it"]
    assert ps.staffing(office, with_model=False).targets == ()


def test_steps_of_a_team_are_planned_in_whole_teams() -> None:
    """
    A step that takes two at once needs a capacity of at least two, and one that keeps up.
    """
    pair = ps.Step("visit", resource="clerk", staff=2, processing_time="30 min")
    office = ps.PublicOrganisation(
        "hall",
        resources=[ps.Resource("clerk", capacity=2)],
        services=[
            ps.PublicService("permit", arrival_rate="4 case/day", procedure=ps.Procedure(steps=[pair]))
        ],
    )
    plan = ps.staffing(office, targets=["permit/visit: mean wait 30 min", "permit: mean wait 30 min"])

    assert plan.resource("clerk").needed == 2
    assert plan.targets[0].is_met_today


# What cannot be


def test_a_promise_shorter_than_the_work_is_refused_with_numbers() -> None:
    """
    The text says how many would keep it if nobody queued, and which time could be kept.
    """
    means = {"intake": 12.0, "assess": 45.0, "sign": 8.0}  # a sum of exponential times, in closed form
    later = sum(
        mean**2 * exp(-30 / mean) / ((mean - other) * (mean - third))
        for mean, other, third in ((12, 45, 8), (45, 12, 8), (8, 12, 45))
    )
    reasons = refusal(
        town_hall(), targets=["permit: 95% within 0.5 working_hour", "permit: mean 1 working_hour"]
    )

    assert reasons == [
        "permit: 95 % within 0.5 working_hour: shorter than the work itself: if nobody queued, "
        f"{1 - later:.1%} would be done by then, and 95 % within 2.6 hour",
        "permit: mean 1 working_hour: shorter than the work itself: if nobody queued, it would be "
        f"{sum(means.values()):.0f} min",
    ]


def test_a_mean_that_is_the_work_itself_is_refused() -> None:
    """
    Nobody ever queueing is no plan: a mean of just the 65 minutes of work is refused, a minute more is planned.
    """
    (reason,) = refusal(town_hall(), targets=["permit: mean 65 min"])
    assert reason == (
        "permit: mean 65 min: as long as the work itself: reached only if nobody ever queues, which no number of staff "
        "makes sure; ask for more than 65 min"
    )
    assert ps.staffing(town_hall(), targets=["permit: mean 66 min"]).targets[0].planned <= 66 * 60


def test_a_target_that_a_batch_breaks_names_the_batch() -> None:
    """
    Ten cases that come every half hour are waited for 135 minutes on average, which no number of staff shortens.
    """
    office = ps.PublicOrganisation(
        "office",
        resources=[ps.Resource("clerk")],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="2 case/hour",
                procedure=ps.Procedure(
                    steps=[
                        ps.Step("print", resource="clerk", processing_time="5 min", batch=ps.Batch(size=10))
                    ]
                ),
            )
        ],
    )
    (share, mean) = refusal(office, targets=["permit: 90% within 1 hour", "permit: mean 1 hour"])
    assert "however many there are, it is 2.3 hour: the batch of step 'print' takes 2.2 hour" in mean
    assert "the batch of step 'print' takes 2.2 hour on average to fill" in share


def test_shares_are_numbers_or_percentages() -> None:
    """
    A fifth is 0.2, '1/5' and '20 %' alike; what is none of them is refused with all three.
    """
    plans = [ps.staffing(town_hall(), shrinkage=fifth) for fifth in (0.2, "1/5", "20 %", " 20% ")]
    assert {plan.shrinkage for plan in plans} == {0.2}
    for wrong in ("120 %", "% 20", "1.2.3 %"):
        with pytest.raises(ps.InvalidQuantityError, match="expected a share such as '20 %', 0.2 or 1/5"):
            ps.staffing(town_hall(), shrinkage=wrong)


def test_what_would_keep_up_is_what_is_planned() -> None:
    """
    Half a billion do not keep up with a load of half a billion, though a float hardly tells the difference.
    """
    office = ps.PublicOrganisation(
        "office",
        resources=[ps.Resource("clerk")],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="0.5 case/hour",
                procedure=ps.Procedure(
                    steps=[ps.Step("a", resource="clerk", processing_time="exponential(60) min")]
                ),
            )
        ],
    )
    plan = ps.staffing(office, demand=1e9)
    assert plan.resource("clerk").needed == 500_000_001
    assert str(plan.notes[0]).endswith("; 500000001 would")


def test_waits_that_nothing_shortens_are_refused() -> None:
    """
    A mean wait of nothing at all is reached by no number of staff.
    """
    (reason,) = refusal(town_hall(), targets=["clerk: mean wait 0 s"])
    assert reason.startswith("clerk: mean wait 0 s: however many there are, it is ")


def test_targets_that_contradict_each_other_are_named() -> None:
    """
    Fewer posts than a target needs contradict it; fewer than keep up contradict the demand.
    """
    assert refusal(call_centre(), targets=["agent: 90% within 20 s", "agent: at most 13"]) == [
        "agent: at most 13 contradicts agent: 90 % within 20 s: 15 are needed for a load of 10"
    ]
    assert refusal(call_centre(), targets=["agent: at most 9"]) == [
        "agent: at most 9 contradicts the demand: 11 are needed for a load of 10"
    ]
    busy = call_centre(demand=ps.Demand(hours={"08:00-09:00": 3}))
    assert refusal(busy, targets=["agent: at most 12"])[0].endswith("on mon 08:00-09:00")
    assert ps.staffing(call_centre(), targets=["agent: at most 11"]).targets[0].planned == 11


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"shrinkage": 1}, "expected a shrinkage below 1, got 1"),
        ({"shrinkage": "2"}, "expected a share such as '20 %', 0.2 or 1/5, got '2'"),
        ({"share": 1.0}, "expected a share above 0, at most 0.999999, got 1.0"),
        ({"demand": -1}, "expected a number above zero, got -1"),
        ({"targets": ["soon"]}, "expected a target such as"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], said: str) -> None:
    """
    Shrinkage, shares, demand and targets out of range are refused with what would be right.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        ps.staffing(town_hall(), **options)
    assert said in str(caught.value)


def test_what_cannot_be_known_says_why() -> None:
    """
    An unknown processing time, working days without a calendar and a cycle time that does not exist leave no plan.
    """
    unknown = town_hall(procedure=ps.Procedure(steps=[ps.Step("intake", resource="clerk")]))
    waits = town_hall(
        procedure=ps.Procedure(
            steps=[ps.Step("intake", resource="clerk", processing_time="10 min")],
            waits=[ps.Wait("post", cause="other", clock="working")],
            flows=[ps.Flow("intake", "post")],
        )
    )
    for office, targets, said in (
        (unknown, [], "clerk: permit: the processing time of step 'intake' is unknown"),
        (
            call_centre(),
            ["agent: mean wait 1 working_day"],
            "1 working_day is working time, and there is no calendar",
        ),
        (waits, ["permit: mean 1 working_day"], "permit: the time of the wait 'post' is unknown"),
    ):
        with pytest.raises(ps.UndefinedResultError) as caught:
            ps.staffing(office, targets=targets)
        assert str(caught.value) == said


def test_it_prints_and_is_data() -> None:
    """
    The text has a table of resources, of hours and of targets, in both languages; the data hold the same numbers.
    """
    plan = ps.staffing(town_hall(demand=MORNINGS), targets=["clerk: 90% within 5 min", "clerk: at most 9"])
    lines = str(plan).splitlines()
    data = plan.data()

    assert lines[0].split()[:4] == ["resource", "today", "needed", "employed"]
    assert "wed, thu, fri" in str(plan)
    assert "cost of a year" in lines[-3] or any(line.startswith("cost of a year") for line in lines)
    assert "biaya setahun" in plan.text("id")
    assert "cannot keep up" in str(plan)
    assert data["resources"][0]["needed"] == plan.resource("clerk").needed
    assert data["targets"][0]["value"] == "5 min"
    assert data["targets"][1]["value"] == 9
    assert data["provenance"]["assumptions"]
    assert len(plan.rows()) == sum(len(resource.intervals) for resource in plan.resources)
    assert plan.rows()[0]["day"] == "mon"
    assert ps.staffing(call_centre()).rows()[0]["day"] is None


def test_a_search_that_is_cut_short_says_so() -> None:
    """
    A plan that is not proven to cost least says so.
    """
    plan = attrs.evolve(ps.staffing(call_centre()), is_proven=False)

    assert plan.method["staff"].kind == "approximation"
    assert ps.staffing(call_centre()).method["staff"].kind == "exact"


def test_years_are_a_number() -> None:
    """
    Growth over no number of years is refused.
    """
    with pytest.raises(InvalidQuantityError, match="expected a number of years, got nan"):
        ps.staffing(ps.PublicOrganisation("office"), years=float("nan"))


def test_nothing_to_plan_is_said() -> None:
    """
    Where no case needs a resource the plan says so, in place of an empty page.
    """
    steps = [ps.Step("apply", actor="applicant", processing_time="1 hour")]
    service = ps.PublicService("s", arrival_rate="1 case/hour", procedure=ps.Procedure(steps=steps))
    office = ps.PublicOrganisation("office", services=[service])
    assert str(ps.staffing(office)) == "nothing to plan: no case needs a resource"
