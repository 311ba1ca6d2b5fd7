"""Waits of services that are served by priority: Cobham's formula, conservation, overload, causes, simulation."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice import queueing as q
from pubservice.provenance import Method

LOADS = st.lists(st.floats(0.01, 1), min_size=2, max_size=5)


def office(
    *asked: tuple[float, str], capacity: int = 1, discipline: str = "priority"
) -> ps.PublicOrganisation:
    """Return one resource that serves services, by cases an hour and time, the most urgent first."""
    return ps.PublicOrganisation(
        "emergency-room",
        resources=[ps.Resource("doctor", capacity=capacity, discipline=discipline)],  # type: ignore[arg-type]  # a word
        services=[
            ps.PublicService(
                f"class-{n}",
                priority=len(asked) - n,
                arrival_rate=f"{rate} case/hour",
                procedure=ps.Procedure(steps=[ps.Step("treat", resource="doctor", processing_time=time)]),
            )
            for n, (rate, time) in enumerate(asked)
        ],
    )


def waits(organisation: ps.PublicOrganisation) -> list[float | None]:
    """Return how many hours a case of each service waits."""
    found = ps.performance(organisation).services
    return [None if s.waiting_time_s is None else s.waiting_time_s / 3600 for s in found]


def test_county_hospital() -> None:
    """
    Critical, serious and stable patients of two doctors wait 0.029, 0.033 and 0.048 hours, and that is exact.

    Source: Hillier & Lieberman, Introduction to Operations Research, chapter on queueing theory, County Hospital.
    """
    time = "exponential(20 min)"
    hospital = office((0.2, time), (0.6, time), (1.2, time), capacity=2)
    assert [round(wait or 0.0, 3) for wait in waits(hospital)] == [0.029, 0.033, 0.048]
    found = ps.performance(hospital)
    assert {service.method["cycle_time_s"].kind for service in found.services} == {"exact"}
    (load,) = found.bottlenecks.loads
    mean = q.waiting_time(arrival_rate=2, service_rate=3, servers=2) * 3600
    assert load.waiting_time_s == pytest.approx(mean)
    assert load.method["waiting_time_s"] == Method("exact", "M/M/c, by priority")


def test_times_that_differ_are_those_of_one_server() -> None:
    """
    With one server the waits of classes are Cobham's whatever their times are, and those who are quick and urgent make the
    mean wait shorter.
    """
    mixed = office((2, "6 min"), (1, "exponential(30 min)"))
    known = q.waiting_times_nonpreemptive_mg1(
        arrival_rates=[2, 1], service_rates=[10, 2], service_scvs=[0, 1]
    )
    assert waits(mixed) == pytest.approx(known)
    (load,) = ps.find_bottlenecks(mixed).loads
    (alike,) = ps.find_bottlenecks(
        office((2, "6 min"), (1, "exponential(30 min)"), discipline="first-come")
    ).loads
    assert load.waiting_time_s == pytest.approx((2 * known[0] + known[1]) / 3 * 3600)
    assert (load.waiting_time_s or 0.0) < (alike.waiting_time_s or 0.0)
    assert load.method["waiting_time_s"].name == "Allen-Cunneen; by priority in Cobham's shares"


@given(LOADS, st.floats(0.05, 0.95), st.integers(1, 9))
def test_priority_keeps_the_work_that_waits(weights: list[float], rho: float, servers: int) -> None:
    """
    Weighted by their work, the waits of all classes are those of first come, first served, and the urgent wait least.
    """
    total = sum(weights)
    asked = [(rho * servers * weight / total, "exponential(1 hour)") for weight in weights]
    found = waits(office(*asked, capacity=servers))
    known = [wait for wait in found if wait is not None]
    assert len(known) == len(weights)
    mean = sum(weight * wait for weight, wait in zip(weights, known, strict=True)) / total
    alike = waits(office(*asked, capacity=servers, discipline="first-come"))[0]
    assert mean == pytest.approx(alike)
    assert known == sorted(known)


def test_the_urgent_are_served_where_others_wait_for_ever() -> None:
    """
    Of an overloaded resource those have a wait who are so urgent that it keeps up with them: the rest of the work in hand
    over what it can do besides, twice; the others and the mean have none, and the reason.
    """
    time = "exponential(20 min)"
    found = ps.performance(office((2, time), (1.5, time), (3, time), capacity=2))
    urgent, other, last = found.services
    assert urgent.waiting_time_s == pytest.approx(3600 / 6 / (1 - 2 / 6))
    assert other.waiting_time_s == pytest.approx(3600 / 6 / (1 - 2 / 6) / (1 - 3.5 / 6))
    assert last.waiting_time_s is None
    assert str(last.undefined["cycle_time_s"]) == (
        "doctor: utilisation 1.08: capacity 2 cannot keep up with 2.17; 3 would"
    )
    (load,) = found.bottlenecks.loads
    assert load.waiting_time_s is None
    assert load.waiting_probability == 1
    times = ps.time_by_cause(found)
    assert times.service("class-0").causes["contention"] == pytest.approx(urgent.waiting_time_s)
    assert times.service("class-2").causes["contention"] is None


def test_nothing_is_left_for_those_below_an_overload() -> None:
    """
    Below the first class that a resource cannot keep up with nobody is ever served.
    """
    assert waits(office((3, "15 min"), (2, "1 hour"), (1, "1 hour"))) == [
        pytest.approx((0.75 * 0.125 + 0.25 * 0.5) / (1 - 0.75)), None, None,
    ]  # fmt: skip


def test_one_class_alone_is_first_come() -> None:
    """
    Where all services are as urgent, priority changes nothing.
    """
    alone = office((2, "exponential(20 min)"))
    assert waits(alone) == waits(office((2, "exponential(20 min)"), discipline="first-come"))
    assert ps.performance(alone).services[0].method["cycle_time_s"].name == "flow analysis"


def test_what_priority_adds_is_its_own_cause() -> None:
    """
    What those who wait longer than first come, first served wait beyond that is priority; those who wait less have less
    contention, and all causes sum to the cycle time.
    """
    urgent, last = (office((1, "30 min"), (0.5, "30 min"), discipline=d) for d in ("priority", "first-come"))
    found, alike = ps.time_by_cause(urgent), ps.time_by_cause(last)
    usual = alike.service("class-0").causes["contention"] or 0.0
    first, second = (found.service(f"class-{n}") for n in range(2))
    assert first.causes["priority"] == 0
    assert (first.causes["contention"] or 0.0) < usual
    assert second.causes["contention"] == pytest.approx(usual)
    assert second.causes["priority"] == pytest.approx(usual * (1 / (1 - 0.5) - 1))
    assert second.resources[0].priority_s == second.causes["priority"]
    for service in ps.performance(urgent).services:
        assert found.service(service.id).cycle_time_s == pytest.approx(service.cycle_time_s)


def test_due_dates_are_named_as_left_out() -> None:
    """
    By due date there is no formula: first come, first served stands for it, by name.
    """
    found = ps.find_bottlenecks(office((1, "30 min"), (0.5, "30 min"), discipline="due-date")).loads[0]
    assert found.method["waiting_time_s"].name == (
        "Allen-Cunneen; due dates left out: first come, first served"
    )


def late_office() -> ps.PublicOrganisation:
    """Return an office of which two resources do what no formula knows, and one serves by priority."""
    desks = [
        ps.Resource("dated", capacity=2, discipline="due-date"),
        ps.Resource("late", capacity=2, closing="finish"),
        ps.Resource("ranked", capacity=2, discipline="priority"),
    ]

    def service(id: str, priority: int) -> ps.PublicService:
        steps = [ps.Step(desk.id, resource=desk.id, processing_time="exponential(1 hour)") for desk in desks]
        steps[1] = attrs.evolve(steps[1], patience="3 hour")
        flows = [ps.Flow("dated", "late"), ps.Flow("late", "ranked")]
        return ps.PublicService(
            id,
            priority=priority,
            arrival_rate="0.8 case/hour",
            standard=ps.ServiceStandard(completion_time="8 hour"),
            procedure=ps.Procedure(steps=steps, flows=flows),
        )

    return ps.PublicOrganisation("office", resources=desks, services=[service("a", 2), service("b", 1)])


def test_what_is_left_out_is_named_from_one_list() -> None:
    """
    What no formula knows of a queue is named by the wait, the table of resources, the cycle time, the plan and each effect
    of a lever but on costs.
    """
    here = late_office()
    named = [
        "due dates left out: first come, first served",
        "work after closing time left out",
        "withdrawal from the queue left out",
    ]
    waits = [load.method["waiting_time_s"].name for load in ps.find_bottlenecks(here).loads]
    cycle = ps.performance(here).service("a").method["cycle_time_s"].name
    effect = ps.sensitivity(here).effects[0]
    plan = ps.staffing(here, targets=["utilisation 0.9"])
    table = ps.find_bottlenecks(here).text()
    for what in named:
        assert any(what in name for name in waits)
        assert what in table
        assert what in cycle
        assert what in effect.method["cycle_time"].name
        assert what in effect.method["on_time"].name
        assert what not in effect.method["cost"].name
        assert what in plan.text()
    assert "how priorities share a wait held" in effect.method["cycle_time"].name
    outcomes = ps.performance(here).service("a").method["outcomes"]
    assert outcomes == Method("approximation", "absorbing chain; withdrawal from the queue left out")


@pytest.mark.parametrize(
    ("asked", "capacity", "off"),
    [
        ([(6, "8 min"), (6, "8 min"), (7, "8 min")], 3, 0.15),
        ([(25, "8 min"), (26, "8 min")], 8, 0.1),
        ([(6, "lognormal(mean=8, sd=16) min"), (13, "lognormal(mean=8, sd=16) min")], 3, 0.25),
        ([(6, "exponential(3 min)"), (3, "exponential(25 min)")], 2, 0.1),
    ],
)
def test_several_who_do_not_work_exponentially_are_near_a_simulation(
    asked: list[tuple[float, str]], capacity: int, off: float
) -> None:
    """
    Of several clerks the urgent wait for whoever is free next, within 15 % of a long simulation for fixed times and a
    quarter for very uneven ones; without that they would be off by 27 and 60 %.
    """
    here = office(*asked, capacity=capacity)
    study = ps.simulate({"this": here}, horizon="2000 hour", warm_up="50 hour", replications=4, seed=5)
    for n, wait in enumerate(waits(here)):
        simulated = study.estimate("this", "waiting_time", of=f"class-{n}").mean
        assert simulated is not None
        assert wait == pytest.approx(simulated / 3600, rel=off)


def test_the_share_in_time_of_the_urgent_has_derivatives_where_others_wait_without_bound() -> None:
    """
    Where a doctor cannot keep up with all, the urgent keep a promise, and what moves it is still told.
    """
    busy = office((1.0, "exponential(20 min)"), (4.0, "exponential(20 min)"))
    standard = ps.ServiceStandard(completion_time="1 hour")
    here = attrs.evolve(busy, services=[attrs.evolve(one, standard=standard) for one in busy.services])
    time = next(e for e in ps.sensitivity(here).effects if e.lever.kind == "processing-time")
    slope = time.slopes["on_time"]["class-0"]
    assert slope is not None
    assert slope < 0
    assert time.slopes["on_time"]["class-1"] is None
    assert "waits of the urgent for who cannot keep up with all held" in time.method["cycle_time"].name
