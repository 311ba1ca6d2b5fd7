"""The load of resources that several services share, or that keep hours of their own."""

from __future__ import annotations

from typing import Any

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


def two_calendars(service: dict[str, Any], resource: dict[str, Any]) -> ps.ResourceLoad:
    """Return the load of a resource that a service with another calendar uses: 6 cases a day, 20 minutes each."""
    office = ps.PublicOrganisation(
        "office",
        calendars=[ps.Calendar("service", **service), ps.Calendar("resource", **resource)],
        resources=[ps.Resource("clerk", calendar="resource")],
        services=[
            ps.PublicService(
                "permit",
                calendar="service",
                arrival_rate="6 case/working_day",
                procedure=ps.Procedure(steps=[ps.Step("decide", resource="clerk", processing_time="20 min")]),
            )
        ],
    )
    return ps.performance(office).bottlenecks.loads[0]


MORNING = {"hours": {"mon-fri": "08:00-12:00"}}


@pytest.mark.parametrize(
    ("resource", "utilisation"),
    [
        ({"hours": {"mon-fri": "08:00-12:00"}}, 0.5),
        ({"hours": {"mon-sun": "00:00-24:00"}}, 0.5),
        ({"hours": {"mon-fri": "10:00-14:00"}}, 1.0),
        ({"hours": {"mon-fri": "10:00-12:00"}}, 1.0),
        ({"hours": {"mon-fri": "09:00-10:00, 11:00-15:00"}}, 1.0),
        ({"hours": {"mon-fri": "17:00-19:00"}, "time_zone": "Asia/Jakarta"}, 1.0),  # 10 to 12 o'clock in UTC
        (
            {"hours": {"mon-fri": "08:00-12:00"}, "closures": ["2026-01-01..2026-06-30"], "year": 2026},
            261 / 132 / 2,
        ),
    ],
)
def test_only_time_in_which_both_are_open_counts(resource: dict[str, Any], utilisation: float) -> None:
    """
    A resource serves a service while both are open: of what their calendars do not share it has nothing.
    """
    found = two_calendars(MORNING, resource)
    assert found.utilisation == pytest.approx(utilisation, rel=2e-3)
    if utilisation == 0.5:
        assert found.method["waiting_time_s"].name == "Allen-Cunneen"


def test_calendars_that_share_nothing() -> None:
    """
    A resource that is never open while the service is does nothing, and that is said.
    """
    found = two_calendars(MORNING, {"hours": {"sat": "08:00-12:00"}})
    assert found.utilisation is None
    assert str(found.undefined["utilisation"]) == "permit: clerk is never open while the service is"


def test_a_calendar_that_is_never_open() -> None:
    """
    Nothing is known of a service whose calendar is closed all the year.
    """
    calendar = ps.Calendar(
        "shut", hours={"mon": "08:00-12:00"}, closures=["2026-01-01..2026-12-31"], year=2026
    )
    service = ps.PublicService(
        "permit", procedure=ps.Procedure(steps=[ps.Step("a", processing_time="1 hour")])
    )
    office = ps.PublicOrganisation("office", calendar="shut", calendars=[calendar], services=[service])
    found = ps.performance(office).service("permit")
    assert found.cycle_time_s is None
    assert str(found.undefined["cycle_time_s"]) == "the calendar 'shut' is never open"
