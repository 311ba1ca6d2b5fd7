"""What is offered is told before anything is run."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps
from pubservice.simulation.offered import cases_per_second, offered


@pytest.mark.parametrize("name", ps.example_names())
def test_offered_work_is_that_of_the_analysis(name: str) -> None:
    """
    The load of each resource of each shipped example is the one that the analysis finds by other code.
    """
    office = ps.read_example(name)
    loads = {load.resource: load.utilisation for load in ps.find_bottlenecks(office).loads}
    assert {each.resource: pytest.approx(each.utilisation) for each in offered(office)} == loads


def office(
    step: ps.Step, *, rate: str = "4 case/working_hour", resource: ps.Resource | None = None
) -> ps.PublicOrganisation:
    return ps.PublicOrganisation(
        "office",
        calendar="days",
        calendars=[
            ps.Calendar("days", hours={"mon-fri": "08:00-16:00"}),
            ps.Calendar("mornings", hours={"mon-fri": "08:00-12:00"}),
        ],
        resources=[resource or ps.Resource("clerk"), ps.Resource("budget", kind="budget")],
        services=[
            ps.PublicService("permit", arrival_rate=rate, procedure=ps.Procedure(steps=[step])),
            ps.PublicService("enquiry", procedure=ps.Procedure(steps=[attrs.evolve(step, batch=None)])),
            ps.PublicService("idea", arrival_rate="1 case/working_day"),
        ],
    )


@pytest.mark.parametrize(
    ("step", "resource", "utilisation"),
    [
        (ps.Step("work", resource="clerk", processing_time="10 min"), None, 4 * 10 / 60),
        (ps.Step("work", resource="clerk", processing_time="1 working_day"), None, 4 * 8),
        (
            ps.Step("work", resource="clerk", processing_time="10 min"),
            ps.Resource("clerk", capacity=2, calendar="mornings"),
            4 * 10 / 60,
        ),
        (
            ps.Step("work", resource="clerk", processing_time="5 min", staff=2),
            ps.Resource("clerk", capacity=2),
            4 * 5 / 60,
        ),
        (ps.Step("work", resource="clerk", processing_time="5 min", setup_time="5 min"), None, 4 * 10 / 60),
        (
            ps.Step(
                "work", resource="clerk", processing_time="5 min", setup_time="8 min", batch=ps.Batch(size=4)
            ),
            None,
            4 * 7 / 60,
        ),
        (
            ps.Step(
                "work",
                resource="clerk",
                processing_time="5 min",
                setup_time="16 min",
                batch=ps.Batch(period="1 working_day"),
            ),
            None,
            4 * 5.5 / 60,
        ),
        (
            ps.Step(
                "work",
                resource="clerk",
                processing_time="5 min",
                setup_time="16 min",
                batch=ps.Batch(period="1 min"),
            ),
            None,
            4 * 21 / 60,
        ),
        (ps.Step("work", actor="applicant", processing_time="5 min"), None, 0),
        (ps.Step("work", resource="clerk"), None, 0),
    ],
)
def test_offered_work_worked_by_hand(step: ps.Step, resource: ps.Resource | None, utilisation: float) -> None:
    """
    Cases per open hour × visits × (work + what a set-up is shared by) × staff / capacity, and only while it is open.
    """
    (clerk,) = offered(office(step, resource=resource))
    assert clerk.utilisation == pytest.approx(utilisation)


@pytest.mark.parametrize(
    ("rate", "per_week"),
    [("4 case/working_hour", 160), ("3 case/working_day", 15), ("7 case/week", 7)],
)
def test_cases_come_in_elapsed_time(rate: str, per_week: float) -> None:
    """
    A rate in working time is one over the open hours of the week.
    """
    made = office(ps.Step("work", resource="clerk", processing_time="1 min"), rate=rate)
    assert cases_per_second(made.service("permit"), made) * 7 * 86400 == pytest.approx(per_week)
    assert cases_per_second(made.service("enquiry"), made) == 0


def test_hours_that_a_resource_and_its_service_share_are_what_counts() -> None:
    """
    A clerk who is there from 13:00 to 17:00 works one hour a day for a service that closes at 14:00, and is busy in it.
    """
    found = ps.PublicOrganisation(
        "office",
        calendar="mornings",
        calendars=[
            ps.Calendar("mornings", hours={"mon-fri": "08:00-14:00"}),
            ps.Calendar("afternoons", hours={"mon-fri": "13:00-17:00"}),
            ps.Calendar("nights", hours={"mon-fri": "20:00-22:00"}),
        ],
        resources=[ps.Resource("clerk", calendar="afternoons"), ps.Resource("guard", calendar="nights")],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="6 case/working_day",
                procedure=ps.Procedure(steps=[ps.Step("work", resource="clerk", processing_time="9 min")]),
            )
        ],
    )
    clerk, guard = offered(found)
    assert clerk.utilisation == pytest.approx(6 * 9 / 60)
    assert (guard.utilisation, guard.relaxation_s) == (0, 0)
    step = ps.Step("work", resource="guard", processing_time="9 min")
    never = attrs.evolve(
        found, services=[attrs.evolve(found.services[0], procedure=ps.Procedure(steps=[step]))]
    )
    assert not offered(never)[1].keeps_up


def test_how_long_a_queue_remembers_is_that_of_one_exponential_server() -> None:
    """
    M/M/1 with a mean of 10 minutes at load 0.9 forgets in 10 / (1 - √0.9)² minutes (Abate & Whitt 1987); fixed work in half.
    """

    def relaxation(time: str) -> float:
        clerk = ps.PublicOrganisation(
            "office",
            resources=[ps.Resource("clerk")],
            services=[
                ps.PublicService(
                    "permit",
                    arrival_rate="5.4 case/hour",
                    procedure=ps.Procedure(steps=[ps.Step("work", resource="clerk", processing_time=time)]),
                )
            ],
        )
        return offered(clerk)[0].relaxation_s

    exact = 600 / (1 - 0.9**0.5) ** 2
    assert relaxation("exponential(10) min") == pytest.approx(exact)
    assert relaxation("10 min") == pytest.approx(exact / 2)
