"""The load of resources that several services share, or that keep hours of their own."""

from __future__ import annotations

import pytest

import pubservice as ps


def office(*services: ps.PublicService, **fields: object) -> ps.PublicOrganisation:
    """Return services that share one clerk."""
    fields.setdefault("resources", [ps.Resource("clerk")])
    return ps.PublicOrganisation("o", services=services, **fields)  # type: ignore[arg-type]


def service(id: str, rate: str | None = None, time: str | None = "10 min") -> ps.PublicService:
    """Return a service of one step of the clerk."""
    procedure = ps.Procedure(steps=[ps.Step("work", resource="clerk", processing_time=time)])
    return ps.PublicService(id, arrival_rate=rate, procedure=procedure)


def test_two_services_without_rates_have_no_limit_in_common() -> None:
    """
    How many cases a resource could serve depends on the mix, which is unknown without rates.
    """
    (load,) = ps.find_bottlenecks(office(service("a"), service("b"))).loads
    assert load.throughput_limit_per_s is None
    assert load.undefined["throughput_limit_per_s"] == "a service that uses it has no arrival rate"


def test_a_resource_with_shorter_hours_is_busier() -> None:
    """
    A clerk who is there for half of the opening hours is used twice as much, by a named approximation.
    """
    week, half = (
        ps.Calendar(id, hours={"mon-fri": hours}, year=2026)
        for id, hours in (("week", "08:00-16:00"), ("half", "08:00-12:00"))
    )
    model = office(
        service("a", "12 case/working_day"),
        resources=[ps.Resource("clerk", calendar="half")],
        calendars=[week, half],
        calendar="week",
    )
    (load,) = ps.find_bottlenecks(model).loads
    assert load.utilisation == pytest.approx(12 * 10 / 240)
    assert load.method["waiting_time_s"].name == "Allen-Cunneen; own calendar as a share of the service's"


def test_how_many_wait_is_told_by_erlangs_c() -> None:
    """
    Of fourteen agents for a hundred calls of three minutes in half an hour 17.4 % wait (oracle mmc-pyworkforce-14); nobody
    waits for what takes no time, and it is unknown in an overloaded queue.
    """
    time, rate = "exponential(mean=3 min)", "200 case/hour"
    agents = [ps.Resource("clerk", capacity=14)]
    (load,) = ps.find_bottlenecks(office(service("a", rate, time), resources=agents)).loads
    assert load.waiting_probability == pytest.approx(0.1741319335950498)
    (idle,) = ps.find_bottlenecks(office(service("a", rate, "0 min"))).loads
    assert idle.waiting_probability == 0
    (overloaded,) = ps.find_bottlenecks(office(service("a", rate, time))).loads
    assert overloaded.waiting_probability is None
