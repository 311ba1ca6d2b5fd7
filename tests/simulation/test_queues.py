"""Who is next, who gives up, and what is finished behind closing time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import pubservice as ps
from played_offices import OFFICE, one_service, played, station
from pubservice import queueing as q
from pubservice.errors import InvalidModelError
from pubservice.model.cause import CAUSES
from pubservice.simulation import state
from pubservice.simulation.laws import broken_laws
from pubservice.simulation.offered import offered
from pubservice.simulation.program import program
from pubservice.simulation.run import run

HOUR, DAY = 3600.0, 86400.0
Z = 2.5758


def day_of_work(closing: Any, **more: Any) -> ps.PublicOrganisation:
    """Return an office in which three cases of five hours wait on Monday morning."""
    return one_service(
        ps.Step("a", resource="clerk", processing_time="5 hour"),
        rate="1 case/year",
        calendar="office",
        calendars=[OFFICE],
        resources=[ps.Resource("clerk", closing=closing, **more)],
        open_cases=[ps.OpenCases(at="a", cases=3)],
    )


def test_the_case_in_hand_may_be_finished_behind_closing_time() -> None:
    """
    Of cases of five hours, begun at eight and at one, the second ends at six; the third begins on the next day.
    """
    record = played(day_of_work("finish"), horizon_s=3 * DAY)
    assert list(record.case_end_s / HOUR) == [13, 18, 24 + 13]
    assert list(record.busy_s / HOUR) == [15]
    assert broken_laws(record) == ()
    rested = played(day_of_work("stop"), horizon_s=3 * DAY)
    assert list(rested.case_end_s / HOUR) == [14, 24 + 11, 48 + 9]


def test_work_behind_closing_time_is_counted_up_to_the_horizon() -> None:
    """
    At half past five nine and a half hours of work are done, though the office was open for seven.
    """
    record = played(day_of_work("finish"), horizon_s=17.5 * HOUR)
    assert list(record.busy_s / HOUR) == [9.5]
    assert list(record.open_s / HOUR) == [7]


def two_services(
    discipline: Any, first: dict[str, Any], second: dict[str, Any], time: str = "1 hour", **resource: Any
) -> ps.PublicOrganisation:
    """Return an organisation with two services of one step at one desk."""
    return ps.PublicOrganisation(
        "o",
        resources=[ps.Resource("desk", discipline=discipline, **resource), ps.Resource("lamp")],
        services=[
            ps.PublicService(
                id,
                procedure=ps.Procedure(steps=[ps.Step("serve", resource="desk", processing_time=time)]),
                **fields,
            )
            for id, fields in (("one", first), ("two", second))
        ],
    )


def ends(office: ps.PublicOrganisation) -> list[tuple[str, float]]:
    """Return the service and the end, in hours, of each case that has ended, in order."""
    record = played(office, horizon_s=10 * HOUR)
    assert broken_laws(record) == ()
    found = [
        (float(end) / HOUR, record.program.services[service])
        for end, service in zip(record.case_end_s, record.case_service, strict=True)
        if not math.isnan(end)
    ]
    return [(id, end) for end, id in sorted(found)]


def test_cases_of_a_higher_priority_go_first() -> None:
    """
    The first is in hand when all are there; then those of the higher priority go, then the others in order.
    """
    rare = {"arrival_rate": "1 case/year"}
    first = {**rare, "open_cases": [ps.OpenCases(at="serve", cases=3)]}
    second = {**rare, "open_cases": [ps.OpenCases(at="serve", cases=2)], "priority": 5}
    assert [id for id, _ in ends(two_services("first-come", first, second))] == [
        "one",
        "two",
        "one",
        "two",
        "one",
    ]
    assert [id for id, _ in ends(two_services("priority", first, second))] == [
        "one",
        "two",
        "two",
        "one",
        "one",
    ]


def test_who_is_passed_over_waits_for_priority() -> None:
    """
    Of three hours in the queue, the first, when nobody was yet taken before, is contention, and the rest is priority.
    """
    rare = {"arrival_rate": "1 case/year"}
    first = {**rare, "open_cases": [ps.OpenCases(at="serve", cases=2)]}
    second = {**rare, "open_cases": [ps.OpenCases(at="serve", cases=2)], "priority": 2}
    record = played(two_services("priority", first, second), horizon_s=5 * HOUR)
    # All came at once, so that nobody came later: only contention
    assert record.case_cause_s[:, state.PRIORITY].sum() == 0
    late = ps.PublicService(
        "two",
        priority=2,
        arrival_rate="1 case/year",
        procedure=ps.Procedure(
            start="walk",
            steps=[ps.Step("serve", resource="desk", processing_time="1 hour")],
            waits=[ps.Wait("walk", cause="applicant", clock="elapsed", time="30 min")],
            flows=[ps.Flow("walk", "serve")],
        ),
        open_cases=[ps.OpenCases(at="walk", cases=2)],
    )
    office = two_services("priority", first, second)
    office = ps.PublicOrganisation("o", resources=office.resources, services=[office.services[0], late])
    record = played(office, horizon_s=5 * HOUR)
    assert broken_laws(record) == ()
    passed = dict(zip(CAUSES, record.case_cause_s[2] / HOUR, strict=True))
    assert (passed["contention"], passed["priority"], passed["processing"]) == (1, 2, 1)


def test_who_is_due_first_goes_first() -> None:
    """
    A case whose service promises a day is served before those whose service promises a week, however they came.
    """
    rare = {"arrival_rate": "1 case/year"}
    week = {
        **rare,
        "standard": ps.ServiceStandard(completion_time="7 day"),
        "open_cases": [
            ps.OpenCases(at="serve", cases=3),
            ps.OpenCases(at="serve", cases=1, waited="3 day"),
            ps.OpenCases(at="serve", cases=1, waited="1 day"),
            ps.OpenCases(at="serve", cases=1, waited="12 hour"),
            ps.OpenCases(at="serve", cases=1, waited="18 hour"),
        ],
    }
    day = {
        **rare,
        "standard": ps.ServiceStandard(completion_time="1 day"),
        "open_cases": [ps.OpenCases(at="serve", cases=1)],
    }
    office = two_services("due-date", week, day)
    record = played(office, horizon_s=9 * HOUR)
    assert broken_laws(record) == ()
    due = record.case_arrival_s + np.where(record.case_service == 0, 7 * DAY, DAY)
    order = np.argsort(record.case_end_s)[1:]
    assert (np.diff(due[order]) >= 0).all()


def test_due_dates_need_a_promise() -> None:
    """
    A service that promises nothing cannot be served by due date, and a promise in working days needs a calendar.
    """
    rare: dict[str, Any] = {"arrival_rate": "1 case/year"}
    days = {**rare, "standard": ps.ServiceStandard(completion_time="5 working_day")}
    with pytest.raises(InvalidModelError) as caught:
        program(two_services("due-date", rare, days))
    assert [problem.text() for problem in caught.value.problems] == [
        "services[0].standard.completion_time: desk serves by due date, and the service promises no completion time",
        "services[1].standard.completion_time: '5 working_day' is working days, and there is no calendar",
    ]


def test_who_lacks_another_resource_lets_others_of_the_same_due_date_go() -> None:
    """
    Where who is first lacks something, who is due at the same time and lacks nothing is served.
    """
    promise = ps.ServiceStandard(completion_time="1 day")
    steps = {"one": ["desk", "lamp"], "two": ["desk"]}
    services = [
        ps.PublicService(
            id,
            arrival_rate="1 case/year",
            standard=promise,
            procedure=ps.Procedure(
                start="serve",
                steps=[
                    ps.Step("serve", resource=steps[id], processing_time="1 hour"),
                    ps.Step("read", resource="lamp", processing_time="3 hour"),
                ],
                ends=[ps.End("done")],
                flows=[ps.Flow("serve", "done", probability=0.5), ps.Flow("serve", "read", probability=0.5)],
            ),
            open_cases=[
                *([ps.OpenCases(at="read", cases=1)] if id == "one" else []),
                ps.OpenCases(at="serve", cases=2),
            ],
        )
        for id in ("one", "two")
    ]
    office = ps.PublicOrganisation(
        "o", resources=[ps.Resource("desk", discipline="due-date"), ps.Resource("lamp")], services=services
    )
    record = played(office, horizon_s=30 * HOUR)
    assert record.inside == 0
    assert broken_laws(record) == ()


def means(office: ps.PublicOrganisation, measure: Any, replications: int = 60) -> tuple[float, float]:
    """Return the mean over replications, and its standard error."""
    here = program(office)
    found = [
        measure(
            run(here, seed=2026, replication=n, horizon_s=20_000 * HOUR, since_s=500 * HOUR, compiled=True)
        )
        for n in range(replications)
    ]
    return float(np.mean(found)), float(np.std(found, ddof=1) / math.sqrt(replications))


def test_priorities_are_those_of_cobham() -> None:
    """
    In M/M/2 with two classes the urgent wait as long as Cobham's formula says, and the others too.
    """
    office = two_services(
        "priority",
        {"arrival_rate": "1 case/hour"},
        {"arrival_rate": "0.6 case/hour", "priority": 2},
        time="exponential(1 hour)",
        capacity=2,
    )
    urgent, other = q.waiting_times_nonpreemptive(arrival_rates=[0.6, 1], service_rate=1, servers=2)

    def wait(service: int) -> Any:
        return lambda record: np.nanmean(
            record.case_cause_s[record.case_service == service][:, state.CONTENTION]
            + record.case_cause_s[record.case_service == service][:, state.PRIORITY]
        )

    for service, exact in ((1, urgent), (0, other)):
        mean, error = means(office, wait(service))
        assert error < 0.015 * exact * HOUR
        assert abs(mean - exact * HOUR) < Z * error + 0.002 * exact * HOUR  # of the empty start


def impatient(patience: str, **more: Any) -> ps.PublicOrganisation:
    """Return a queue of three servers that is overloaded, in which cases give up."""
    return one_service(
        ps.Step("serve", resource="desk", processing_time="exponential(1 hour)", patience=patience),
        rate="3.3 case/hour",
        resources=[ps.Resource("desk", capacity=3)],
        **more,
    )


def test_giving_up_is_that_of_erlang_a() -> None:
    """
    In an overloaded M/M/3 queue with patience of two hours the share that gives up, and the wait, are those of Erlang A.
    """
    office = impatient("exponential(2 hour)")
    rates: dict[str, Any] = {"arrival_rate": 3.3, "service_rate": 1, "servers": 3, "patience": 2}
    withdrawn = program(office).outcomes.index("withdrawn")
    share, error = means(
        office, lambda record: (record.case_outcome == withdrawn).sum() / (record.case_outcome >= 0).sum()
    )
    exact = q.abandonment_probability(**rates)
    assert error < 0.004 * exact
    assert abs(share - exact) < Z * error
    wait, error = means(office, lambda record: np.nanmean(record.case_cause_s[:, state.CONTENTION]) / HOUR)
    exact = q.waiting_time_impatient(**rates)
    assert error < 0.004 * exact
    assert abs(wait - exact) < Z * error + 0.001 * exact


def test_who_gives_up_leaves_the_queue() -> None:
    """
    Of four cases that are ready to wait for ninety minutes, two are served and two are withdrawn after ninety minutes.
    """
    office = one_service(
        ps.Step("a", resource="clerk", processing_time="1 hour", patience="90 min", contact="in-person"),
        rate="1 case/year",
        open_cases=[ps.OpenCases(at="a", cases=4)],
    )
    record = played(office, horizon_s=5 * HOUR)
    outcomes = [record.program.outcomes[n] for n in record.case_outcome]
    assert outcomes == ["completed", "completed", "withdrawn", "withdrawn"]
    assert list(record.case_end_s / HOUR) == [1, 2, 1.5, 1.5]
    assert list(record.case_applicant_s / HOUR) == [1, 2, 1.5, 1.5]
    assert list(record.queue_s / HOUR) == [1 + 1.5 + 1.5, 0]
    assert not record.program.completed[record.program.outcomes.index("withdrawn")]
    assert broken_laws(record) == ()


def test_who_gives_up_in_the_middle_of_the_queue_leaves_the_others_there() -> None:
    """
    Whoever gives up first, wherever it stands, all others are served in their order; little room grows as it is needed.
    """
    office = impatient("uniform(0, 4) hour", open_cases=[ps.OpenCases(at="serve", cases=300)])
    for how in (False, True):
        record = run(program(office), seed=3, horizon_s=200 * HOUR, log=True, compiled=how)
        assert broken_laws(record) == ()
        assert (record.case_outcome == record.program.outcomes.index("withdrawn")).sum() > 250


def test_giving_up_again_is_rework() -> None:
    """
    A case that comes back to a step and gives up there has reworked.
    """
    office = one_service(
        ps.Step("a", resource="clerk", processing_time="1 hour", patience="empirical(1, 10) hour"),
        rate="1 case/year",
        start="a",
        ends=[ps.End("done")],
        flows=[ps.Flow("a", "a", probability=0.9), ps.Flow("a", "done", probability=0.1)],
        open_cases=[ps.OpenCases(at="a", cases=6)],
    )
    record = played(office, horizon_s=60 * HOUR)
    assert broken_laws(record) == ()
    given_up = record.case_outcome == record.program.outcomes.index("withdrawn")
    assert (record.case_cause_s[given_up][:, state.REWORK] > 0).any()


def test_who_gives_up_makes_way() -> None:
    """
    Behind a case that waits for the whole team and gives up, one that needs a single clerk begins at once.
    """
    office = one_service(
        ps.Step("one", resource="clerk", processing_time="2 hour"),
        ps.Step("team", resource="clerk", staff=2, processing_time="1 hour", patience="30 min"),
        ps.Step("last", resource="clerk", processing_time="2 hour"),
        rate="1 case/year",
        resources=[ps.Resource("clerk", capacity=2)],
        open_cases=[
            ps.OpenCases(at="last", cases=1),
            ps.OpenCases(at="team", cases=1),
            ps.OpenCases(at="last", cases=1),
        ],
    )
    record = played(office, horizon_s=4 * HOUR)
    assert list(record.case_end_s / HOUR) == [2, 0.5, 2.5]


def test_a_branch_cannot_give_up() -> None:
    """
    Patience inside a parallel block is refused: what would become of the other branches is not said.
    """
    office = one_service(
        ps.Step("b", resource="clerk", processing_time="1 hour", patience="1 hour"),
        ps.Step("c", processing_time="1 hour"),
        start="fork",
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("fork", "b"),
            ps.Flow("fork", "c"),
            ps.Flow("b", "join"),
            ps.Flow("c", "join"),
            ps.Flow("join", "done"),
        ],
    )
    with pytest.raises(InvalidModelError, match="a branch of a case cannot give up waiting: 'b'"):
        program(office)


def test_patience_passes_always() -> None:
    """
    Patience in working time is refused: who waits, does so at night too.
    """
    office = one_service(
        ps.Step("a", resource="clerk", processing_time="1 hour", patience="1 working_day"),
        rate="1 case/week",
        calendar="office",
        calendars=[OFFICE],
    )
    with pytest.raises(InvalidModelError, match="expected elapsed time, got '1 working_day'"):
        program(office)


def test_places_of_those_who_serve_several_cases_are_as_many_servers() -> None:
    """
    Two advisers with three chats each serve as six with one do, to the last float; a case bears a third of their hours.
    """
    several, single = (
        played(
            one_service(
                ps.Step("serve", resource="desk", staff=2, processing_time="exponential(1 hour)"),
                rate="2.4 case/hour",
                resources=[ps.Resource("desk", cost="30 EUR/hour", capacity=capacity, cases_at_once=at_once)],
            ),
            cases=500,
        )
        for capacity, at_once in ((2, 3), (6, 1))
    )
    assert broken_laws(several) == ()
    found, expected = several.arrays(), single.arrays()
    assert found.pop("case_cost") == pytest.approx(expected.pop("case_cost") / 3)
    for name, values in found.items():
        assert np.array_equal(values, expected[name]), name


def test_work_that_is_offered_is_held_against_all_places() -> None:
    """
    Six chats of two advisers are busy for 5 / 6 where five cases come in the time that one takes.
    """
    (desk,) = offered(
        one_service(
            ps.Step("serve", resource="desk", processing_time="exponential(1 hour)"),
            rate="5 case/hour",
            resources=[ps.Resource("desk", capacity=2, cases_at_once=3)],
        )
    )
    assert desk.capacity == 6
    assert desk.utilisation == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("office", "said"),
    [
        (
            two_services("due-date", {"arrival_rate": "0.2 case/hour"}, {"arrival_rate": "0.2 case/hour"}),
            "due dates left out",
        ),
        (day_of_work("finish"), "work after closing time left out"),
        (day_of_work("stop", cases_at_once=2), None),
        (station(), None),
    ],
)
def test_the_analysis_says_what_it_does_not_know(office: ps.PublicOrganisation, said: str | None) -> None:
    """
    Waiting times that leave a discipline or work after closing time out say so; others do not.
    """
    for service in ps.performance(office).services:
        name = service.method["cycle_time_s"].name
        assert (said in name) if said else ("left out" not in name)


def test_the_analysis_says_that_nobody_gives_up() -> None:
    """
    The wait of a queue in which cases give up is an approximation that leaves it out.
    """
    office = one_service(
        ps.Step("serve", resource="desk", processing_time="exponential(1 hour)", patience="1 hour"),
        rate="2 case/hour",
        resources=[ps.Resource("desk", capacity=3)],
    )
    method = ps.performance(office).services[0].method["cycle_time_s"]
    assert (method.kind, "withdrawal from the queue left out" in method.name) == ("approximation", True)
