"""An organisation as flat arrays, and what cannot be simulated."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import pubservice as ps
from played_offices import OFFICE, one_service, station
from pubservice.errors import InvalidModelError
from pubservice.simulation.program import program
from pubservice.simulation.run import run
from strategies import organisations


def faults(office: ps.PublicOrganisation) -> list[str]:
    """Return what cannot be simulated."""
    with pytest.raises(InvalidModelError) as caught:
        program(office)
    return [str(problem.text()) for problem in caught.value.problems]


STEP = ps.Step("a", resource="clerk", processing_time="1 hour")


def test_all_that_cannot_be_simulated_is_told_at_once() -> None:
    """
    Unknown times, unknown probabilities and a missing arrival rate are told together, each with its place.
    """
    office = one_service(
        ps.Step("a", resource="clerk"),
        ps.Step("b", processing_time="2 working_day"),
        ps.Step("c", processing_time="1 hour"),
        waits=[ps.Wait("w", cause="applicant", clock="elapsed")],
        flows=[ps.Flow("a", "b"), ps.Flow("b", "c"), ps.Flow("b", "w")],
        rate=None,  # type: ignore[arg-type]  # none is what this is about
    )
    assert faults(office) == [
        "services[0].arrival_rate: without an arrival rate no case arrives",
        "services[0].procedure.steps[0]: the processing time of step 'a' is unknown",
        "services[0].procedure.steps[1]: 'b' lasts working days, and there is no calendar",
        "services[0].procedure.steps[1]: the flows out of 'b' have no probabilities",
        "services[0].procedure.waits[0]: the time of the wait 'w' is unknown",
    ]


def test_what_no_case_reaches_need_not_be_known() -> None:
    """
    A step behind a flow of probability 0 may have an unknown time.
    """
    office = one_service(
        STEP,
        ps.Step("b", processing_time="1 hour"),
        ps.Step("never", resource="clerk"),
        flows=[ps.Flow("a", "b", probability=1), ps.Flow("a", "never", probability=0)],
    )
    assert run(program(office), seed=1, cases=10, compiled=False).inside == 0


def test_a_loop_that_nothing_leaves_is_refused() -> None:
    """
    Every node from which no end is reached is named.
    """
    office = one_service(
        STEP,
        ps.Step("b", processing_time="1 hour"),
        start="a",
        flows=[ps.Flow("a", "b"), ps.Flow("b", "a")],
    )
    assert faults(office) == [
        "services[0].procedure.steps[0]: no end can be reached from 'a'",
        "services[0].procedure.steps[1]: no end can be reached from 'b'",
    ]


def test_an_inclusive_join_needs_its_split() -> None:
    """
    Where blocks do not close, an inclusive join cannot tell how many branches it waits for.
    """
    office = one_service(
        STEP,
        ps.Step("b", processing_time="1 hour"),
        ps.Step("c", processing_time="1 hour"),
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="inclusive")],
        flows=[
            ps.Flow("a", "fork"),
            ps.Flow("fork", "b"),
            ps.Flow("fork", "c"),
            ps.Flow("b", "join"),
            ps.Flow("c", "join"),
        ],
    )
    assert faults(office) == [
        "services[0].procedure.gateways[1]: the branches of gateway 'fork' are not closed by one gateway of its kind"
    ]


def test_no_case_begins_at_a_join() -> None:
    """
    A procedure that starts at a gateway that joins is refused.
    """
    office = one_service(
        STEP,
        start="join",
        gateways=[ps.Gateway("join", kind="parallel"), ps.Gateway("fork", kind="exclusive")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("join", "a"),
            ps.Flow("a", "fork"),
            ps.Flow("fork", "join", probability=0.5),
            ps.Flow("fork", "done", probability=0.5),
        ],
    )
    twice = one_service(
        STEP,
        ps.Step("b", processing_time="1 hour"),
        start="join",
        gateways=[ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("join", "a"),
            ps.Flow("a", "join", probability=0.5),
            ps.Flow("a", "b", probability=0.5),
            ps.Flow("b", "join", probability=0.5),
            ps.Flow("b", "done", probability=0.5),
        ],
    )
    assert run(program(office), seed=1, cases=10, compiled=False).inside == 0  # one flow into it is no join
    assert "services[0].procedure.start: a case cannot begin at a gateway that joins" in faults(twice)


def test_calendars_that_are_never_open_are_refused() -> None:
    """
    A service that is closed all year, and resources that are never there together, are named.
    """
    shut = ps.Calendar("shut", hours={"mon": "08:00-16:00"}, closures=["2025-12-29..2026-12-31"], year=2026)
    night = ps.Calendar("night", hours={"sat": "20:00-24:00"}, time_zone="Asia/Jakarta")
    closed = one_service(STEP, rate="1 case/week", calendar="shut", calendars=[shut])
    apart = one_service(
        STEP,
        rate="1 case/week",
        calendar="office",
        calendars=[OFFICE, night],
        resources=[ps.Resource("clerk", calendar="night")],
    )
    assert "services[0].calendar: the calendar is never open" in faults(closed)
    assert faults(apart) == ["services[0].procedure.steps[0]: what step 'a' uses is never open together"]


def test_a_calendar_that_is_closed_all_its_year_is_refused() -> None:
    """
    Years before and after the one that counts open nothing.
    """
    shut = ps.Calendar("shut", hours={"mon": "08:00-12:00"}, closures=["2026-01-01..2026-12-31"], year=2026)
    service = ps.PublicService(
        "s",
        arrival_rate="1 case/working_hour",
        procedure=ps.Procedure(steps=[ps.Step("a", processing_time="1 hour")]),
    )
    office = ps.PublicOrganisation("office", calendar="shut", calendars=[shut], services=[service])
    assert faults(office) == ["services[0].calendar: the calendar is never open"]


def test_a_demand_for_dates_without_open_hours_is_refused() -> None:
    """
    A demand that leaves the only open months without cases is named.
    """
    half = ps.Calendar(
        "half", hours={"mon-fri": "08:00-16:00"}, closures=["2025-12-29..2026-06-30"], year=2026
    )
    months = dict.fromkeys(("jul", "aug", "sep", "oct", "nov", "dec"), 0)
    office = one_service(
        STEP,
        rate="1 case/week",
        calendar="half",
        calendars=[half],
        demand=ps.Demand(months=months),
    )
    assert faults(office) == [
        "services[0].demand: no case comes in open hours: the weights of demand are 0 there"
    ]


def test_working_days_of_batches_and_backlogs_need_a_calendar() -> None:
    """
    A batch or a backlog in working days is refused without a calendar.
    """
    office = one_service(
        ps.Step("a", resource="clerk", processing_time="1 hour", batch=ps.Batch(period="1 working_day")),
        open_cases=[ps.OpenCases(at="a", cases=1, waited="1 working_day")],
    )
    assert faults(office) == [
        "services[0].procedure.steps[0]: 'a' lasts working days, and there is no calendar",
        "services[0].open_cases[0]: '1 working_day' is working days, and there is no calendar",
    ]


def test_open_cases_stand_where_cases_can_be() -> None:
    """
    Cases that are open where no case gets, cannot be played.
    """
    office = one_service(
        STEP,
        ps.Step("never", processing_time="1 hour"),
        ends=[ps.End("done")],
        flows=[ps.Flow("a", "done", probability=1), ps.Flow("a", "never", probability=0)],
        open_cases=[ps.OpenCases(at="never", cases=1)],
    )
    assert faults(office) == ["services[0].open_cases[0]: where else a case at 'never' is, cannot be told"]


def test_an_organisation_without_procedures_is_refused() -> None:
    """
    Where no service describes a procedure there is nothing to simulate; beside one that does, they are left out.
    """
    bare = ps.PublicService("bare")
    assert faults(ps.PublicOrganisation("o", services=[bare])) == [
        "services: no service describes a procedure"
    ]
    office = station()
    both = ps.PublicOrganisation("o", resources=office.resources, services=[bare, *office.services])
    assert program(both).services == ("s",)


def test_a_program_can_be_sent_to_another_process() -> None:
    """
    A pickled program gives the same run.
    """
    here = program(station())
    there = pickle.loads(pickle.dumps(here))
    mine, other = (run(p, seed=1, cases=50, compiled=False).arrays() for p in (here, there))
    assert all((mine[name] == other[name]).all() for name in ("case_end_s", "busy_s"))


@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(organisations())
def test_every_organisation_is_simulated_or_refused_with_reasons(office: ps.PublicOrganisation) -> None:
    """
    Whatever an organisation holds, there is a program, or an error with a place and a reason for each fault.
    """
    found: Any
    try:
        found = program(office)
    except InvalidModelError as error:
        assert all(problem.path and str(problem.message) for problem in error.problems)
    else:
        assert set(found.services) <= {service.id for service in office.services}
        assert len(found.parts.kind) == len(found.nodes) == len(found.node_service)
