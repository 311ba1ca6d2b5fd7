"""What happens in a run, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pubservice as ps
from played_offices import OFFICE, one_service, played, station
from pubservice.errors import DeadlockError, InvalidModelError, MissingExtraError
from pubservice.model.cause import CAUSES
from pubservice.simulation import compiled, engine, state
from pubservice.simulation import run as runs
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.simulation.run import Play, run

HOUR, DAY = 3600.0, 86400.0


def causes(record: Record, case: int = 0) -> dict[str, float]:
    """Return why the time of a case passed, in hours, zeros left out."""
    hours = record.case_cause_s[case] / HOUR
    return {cause: round(float(h), 6) for cause, h in zip(CAUSES, hours, strict=True) if abs(h) > 1e-9}


def alone(*steps: ps.Step, **more: Any) -> Record:
    """Return a run of one case."""
    return played(one_service(*steps, **more), cases=1)


def test_a_case_that_is_alone_takes_as_long_as_its_work() -> None:
    """
    Two steps of one and two hours take three hours, all of it processing.
    """
    record = alone(
        ps.Step("a", resource="clerk", processing_time="1 hour"),
        ps.Step("b", resource="engineer", processing_time="2 hour"),
    )
    assert record.case_end_s - record.case_arrival_s == pytest.approx([3 * HOUR])
    assert causes(record) == {"processing": 3}
    assert list(record.busy_s) == pytest.approx([HOUR, 2 * HOUR])
    assert list(record.visits) == [1, 1]
    assert record.program.outcomes[record.case_outcome[0]] == "completed"
    assert record.inside == 0
    assert record.cases == 1


def test_who_comes_second_waits_for_who_came_first() -> None:
    """
    Four cases that are there from the start and take an hour each wait 0, 1, 2 and 3 hours for the one clerk.
    """
    record = played(
        one_service(
            ps.Step("a", resource="clerk", processing_time="1 hour"),
            rate="1 case/year",
            open_cases=[ps.OpenCases(at="a", cases=4)],
        ),
        horizon_s=5 * HOUR,
    )
    assert list(record.case_end_s) == [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]
    assert [causes(record, i).get("contention", 0) for i in range(4)] == [0, 1, 2, 3]
    assert list(record.queue_s) == [6 * HOUR, 0]
    assert list(record.most_queued) == [3, 0]


def test_work_rests_at_night() -> None:
    """
    Ten hours of work that begin at eight are seven hours on Monday and three on Tuesday; the rest is closed hours.
    """
    record = played(
        one_service(
            ps.Step("a", resource="clerk", processing_time="10 hour"),
            rate="1 case/year",
            calendar="office",
            calendars=[OFFICE],
            open_cases=[ps.OpenCases(at="a", cases=1)],
        ),
        horizon_s=7 * DAY,
    )
    assert list(record.case_end_s) == [DAY + 11 * HOUR]
    assert causes(record) == {"processing": 10, "unavailability": 25}
    assert list(record.busy_s) == [10 * HOUR, 0]
    assert list(record.open_s) == [35 * HOUR, 35 * HOUR]


def test_a_queue_over_night_is_contention_while_open_and_unavailability_while_closed() -> None:
    """
    The second of two cases of seven hours waits all of Monday's seven hours in the queue, and for Tuesday to come.
    """
    record = played(
        one_service(
            ps.Step("a", resource="clerk", processing_time="7 hour"),
            rate="1 case/year",
            calendar="office",
            calendars=[OFFICE],
            open_cases=[ps.OpenCases(at="a", cases=2)],
        ),
        horizon_s=7 * DAY,
    )
    assert list(record.case_end_s) == [16 * HOUR, DAY + 16 * HOUR]
    assert causes(record, 1) == {"processing": 7, "contention": 7, "unavailability": 26}


def test_a_resource_with_hours_of_its_own_is_waited_for() -> None:
    """
    An engineer who comes on Tuesdays only begins at eight on Tuesday, though the office is open on Monday.
    """
    tuesdays = ps.Calendar("tuesdays", hours={"tue": "08:00-16:00"}, time_zone="Asia/Jakarta")
    record = played(
        one_service(
            ps.Step("a", resource="engineer", processing_time="1 hour"),
            rate="1 case/year",
            calendar="office",
            calendars=[OFFICE, tuesdays],
            resources=[ps.Resource("engineer", calendar="tuesdays")],
            open_cases=[ps.OpenCases(at="a", cases=1)],
        ),
        horizon_s=7 * DAY,
    )
    assert record.event_start_s is not None
    assert list(record.event_start_s) == [DAY + 8 * HOUR]
    assert list(record.open_s) == [8 * HOUR]


@pytest.mark.parametrize(("clock", "end"), [("elapsed", 20 * HOUR), ("working", 2 * DAY + 15 * HOUR)])
def test_a_wait_passes_on_its_clock(clock: Any, end: float) -> None:
    """
    Twenty hours that always pass are over at eight in the evening, twenty working hours on Wednesday afternoon.
    """
    record = played(
        one_service(
            ps.Step("a", processing_time="1 hour"),
            rate="1 case/year",
            calendar="office",
            calendars=[OFFICE],
            waits=[ps.Wait("w", cause="statutory", clock=clock, time="20 hour")],
            open_cases=[ps.OpenCases(at="w", cases=1)],
        ),
        horizon_s=7 * DAY,
    )
    assert list(record.case_end_s) == [end]
    assert causes(record)["statutory"] == 20
    assert causes(record).get("unavailability", 0) == pytest.approx(end / HOUR - 20)


def branches(kind: Any, *chances: float | None, **more: Any) -> ps.PublicOrganisation:
    """Return an organisation in which a case of one hour goes on in branches of one, two and three hours."""
    names = ["b", "c", "d"][: len(chances)]
    return one_service(
        ps.Step("a", processing_time="1 hour"),
        *(ps.Step(name, processing_time=f"{n + 1} hour") for n, name in enumerate(names)),
        gateways=[ps.Gateway("fork", kind=kind), ps.Gateway("join", kind=kind)],
        ends=[ps.End("done", outcome="granted")],
        flows=[
            ps.Flow("a", "fork"),
            *(ps.Flow("fork", name, probability=p) for name, p in zip(names, chances, strict=True)),
            *(ps.Flow(name, "join") for name in names),
            ps.Flow("join", "done"),
        ],
        **more,
    )


def test_the_longest_branch_counts() -> None:
    """
    Branches of one, two and three hours take three; work is that of all branches.
    """
    record = played(branches("parallel", None, None, None), cases=1)
    assert causes(record) == {"processing": 4}
    assert list(record.case_work_s) == [7 * HOUR]
    assert record.program.outcomes[record.case_outcome[0]] == "granted"


def test_what_a_join_waits_beyond_the_longest_branch_is_synchronisation() -> None:
    """
    Where now one branch takes longest and now the other, the one that is longest on average counts.
    """
    office = one_service(
        ps.Step("b", processing_time="2 hour"),
        ps.Step("c", processing_time="empirical(0, 3) hour"),
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
    record = played(office, cases=2000)
    late = [causes(record, i) for i in range(1000, 2000)]
    assert {tuple(found.items()) for found in late} == {
        (("processing", 2.0),),
        (("processing", 2.0), ("synchronisation", 1.0)),
    }
    mean = ps.time_by_cause(office).service("s")
    found = record.case_cause_s[1000:].mean(axis=0)[list(CAUSES).index("synchronisation")]
    assert mean.causes["synchronisation"] == pytest.approx(0.5 * HOUR)
    assert found == pytest.approx(0.5 * HOUR, rel=0.15)


def test_an_inclusive_gateway_takes_at_least_one_branch() -> None:
    """
    Branches are taken as often as their probabilities say, given that one is; the join waits for those alone.
    """
    record = played(branches("inclusive", 0.5, 0.3, 0.2), cases=20_000)
    assert record.event_node is not None
    taken = np.bincount(record.event_node, minlength=4)[1:4] / 20_000
    some = 1 - 0.5 * 0.7 * 0.8
    assert taken == pytest.approx(np.array([0.5, 0.3, 0.2]) / some, abs=0.02)
    assert set(np.round(record.case_end_s - record.case_arrival_s)) == {2 * HOUR, 3 * HOUR, 4 * HOUR}


def test_an_inclusive_branch_of_no_chance_is_never_taken() -> None:
    """
    Of flows of which one alone can be taken, that one is, whatever is drawn.
    """
    record = played(branches("inclusive", 1e-300, 0.0), cases=200)
    assert set(np.round(record.case_end_s - record.case_arrival_s)) == {2 * HOUR}


def test_branches_of_an_inclusive_gateway_may_end_apart() -> None:
    """
    Where no gateway joins them again, each branch that is taken ends by itself.
    """
    office = one_service(
        ps.Step("b", processing_time="1 hour"),
        ps.Step("c", processing_time="2 hour"),
        start="fork",
        gateways=[ps.Gateway("fork", kind="inclusive")],
        flows=[ps.Flow("fork", "b", probability=0.5), ps.Flow("fork", "c", probability=0.5)],
    )
    record = played(office, cases=300)
    assert list(np.unique(np.round(record.case_end_s - record.case_arrival_s))) == [HOUR, 2 * HOUR]
    assert list(np.unique(np.round(record.case_work_s))) == [HOUR, 2 * HOUR, 3 * HOUR]


def test_a_choice_goes_as_often_as_its_probabilities_say() -> None:
    """
    Of 20,000 cases a tenth is refused, within five standard errors.
    """
    office = one_service(
        ps.Step("a", processing_time="1 hour"),
        ends=[ps.End("granted"), ps.End("refused")],
        flows=[ps.Flow("a", "granted", probability=0.9), ps.Flow("a", "refused", probability=0.1)],
    )
    record = played(office, cases=20_000)
    share = (record.case_outcome == record.program.outcomes.index("refused")).mean()
    assert share == pytest.approx(0.1, abs=5 * (0.09 / 20_000) ** 0.5)


def loop(again: float, time: str = "1 hour") -> ps.PublicOrganisation:
    """Return an organisation with a step that is repeated with a probability."""
    return one_service(
        ps.Step("a", processing_time=time),
        start="a",
        gateways=[ps.Gateway("ok", kind="exclusive")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("a", "ok"),
            ps.Flow("ok", "a", probability=again),
            ps.Flow("ok", "done", probability=1 - again),
        ],
    )


def test_later_visits_of_a_node_are_rework() -> None:
    """
    A step of an hour that is done n times is one hour of processing and n - 1 hours of rework; half of the cases again.
    """
    record = played(loop(0.5), cases=4000)
    hours = (record.case_end_s - record.case_arrival_s) / HOUR
    assert record.case_cause_s[:, 0] == pytest.approx(np.full(4000, HOUR))
    assert record.case_cause_s[:, list(CAUSES).index("rework")] / HOUR == pytest.approx(hours - 1)
    assert hours.mean() == pytest.approx(2, abs=5 * (2 / 4000) ** 0.5)


def test_cases_that_go_round_without_time_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A loop without time that is left once in ten thousand million times is stopped, with its place.
    """
    office = loop(1 - 1e-10, "0 min")
    monkeypatch.setattr(engine, "MOST_MOVES", 1000)
    for how in (False, True):
        with pytest.raises(InvalidModelError, match="cases go round here without any time passing") as caught:
            run(program(office), seed=1, cases=1, compiled=how)
        if not how:
            monkeypatch.undo()
    assert caught.value.problems[0].path in ("services.s.a", "services.s.ok")


def test_a_join_that_waits_for_ever_is_named() -> None:
    """
    A parallel join behind a choice waits for the branch that was not taken: case and join are told.
    """
    office = one_service(
        *(ps.Step(name, processing_time="1 hour") for name in "abc"),
        gateways=[ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("a", "b", probability=0.5),
            ps.Flow("a", "c", probability=0.5),
            ps.Flow("b", "join"),
            ps.Flow("c", "join"),
            ps.Flow("join", "done"),
        ],
    )
    with pytest.raises(DeadlockError) as caught:
        played(office, cases=10)
    assert (caught.value.service, caught.value.case, caught.value.node) == ("s", 0, "join")
    assert str(caught.value) == "s: case 0 waits for ever at 'join', for a branch that does not come"


def test_a_deadlock_is_seen_when_the_last_branch_ends_elsewhere() -> None:
    """
    A branch that ends before the join leaves the other waiting for ever.
    """
    office = one_service(
        ps.Step("b", processing_time="1 hour"),
        ps.Step("c", processing_time="2 hour"),
        start="fork",
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done"), ps.End("out")],
        flows=[
            ps.Flow("fork", "b"),
            ps.Flow("fork", "c"),
            ps.Flow("b", "join"),
            ps.Flow("c", "join", probability=0.0),
            ps.Flow("c", "out", probability=1.0),
            ps.Flow("join", "done"),
        ],
    )
    with pytest.raises(DeadlockError, match="waits for ever at 'join'"):
        played(office, cases=1)


def test_two_that_come_by_one_flow_wait_for_two_by_the_other() -> None:
    """
    A join takes one of each flow; the second of the same flow waits, for ever where none comes by the other.
    """
    office = one_service(
        *(ps.Step(name, processing_time="1 hour") for name in "bcx"),
        ps.Step("d", processing_time="5 hour"),
        start="fork",
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done")],
        flows=[
            *(ps.Flow("fork", name) for name in "bcd"),
            ps.Flow("b", "x"),
            ps.Flow("c", "x"),
            ps.Flow("x", "join"),
            ps.Flow("d", "join"),
            ps.Flow("join", "done"),
        ],
    )
    with pytest.raises(DeadlockError, match="waits for ever at 'join'"):
        played(office, cases=1)


def test_a_case_ends_with_its_last_branch() -> None:
    """
    Where branches end apart, the case ends with the last, and so does its outcome.
    """
    office = one_service(
        ps.Step("b", processing_time="1 hour"),
        ps.Step("c", processing_time="2 hour"),
        start="fork",
        gateways=[ps.Gateway("fork", kind="parallel")],
        ends=[ps.End("first"), ps.End("last")],
        flows=[ps.Flow("fork", "b"), ps.Flow("fork", "c"), ps.Flow("b", "first"), ps.Flow("c", "last")],
    )
    record = played(office, cases=1)
    assert record.program.outcomes[record.case_outcome[0]] == "last"
    assert causes(record) == {"processing": 2}


def test_many_cases_may_branch_at_one_moment() -> None:
    """
    Where more branches begin at once than there is room for, room is made, and every case goes on.
    """
    office = branches(
        "parallel", None, None, None, rate="1 case/year", open_cases=[ps.OpenCases(at="a", cases=250)]
    )
    record = played(office, horizon_s=5 * HOUR)
    assert list(record.case_end_s) == [4 * HOUR] * 250


def test_a_wait_that_is_repeated_is_rework() -> None:
    """
    Of a wait of an hour only the first time is the applicant's; later ones are rework.
    """
    office = one_service(
        ps.Step("a", processing_time="0 min"),
        start="w",
        waits=[ps.Wait("w", cause="applicant", clock="elapsed", time="1 hour")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("w", "a"),
            ps.Flow("a", "w", probability=0.5),
            ps.Flow("a", "done", probability=0.5),
        ],
    )
    record = played(office, cases=50)
    hours = np.round((record.case_end_s - record.case_arrival_s) / HOUR)
    assert hours.max() > 1
    assert record.case_cause_s[:, list(CAUSES).index("applicant")] == pytest.approx(np.full(50, HOUR))
    assert record.case_cause_s[:, state.REWORK] / HOUR == pytest.approx(hours - 1)


def test_a_case_that_branches_without_end_is_stopped() -> None:
    """
    A fork in a loop whose branches never join ends with an error that names the place.
    """
    office = one_service(
        ps.Step("a", processing_time="1 hour"),
        start="a",
        gateways=[ps.Gateway("fork", kind="parallel")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("a", "fork", probability=0.999),
            ps.Flow("a", "done", probability=0.001),
            *(ps.Flow("fork", target) for target in ("a", "b", "c")),
            ps.Flow("b", "a"),
            ps.Flow("c", "a"),
        ],
        waits=[ps.Wait(name, cause="other", clock="elapsed", time="1 hour") for name in "bc"],
    )
    with pytest.raises(InvalidModelError, match=r"s\.fork: more than 10,000 branches of one case at once"):
        played(office, cases=1)


def test_several_resources_and_staff_are_taken_at_once() -> None:
    """
    A case that needs two of three clerks and the engineer waits until all are free, and others go meanwhile.
    """
    office = one_service(
        ps.Step("pair", resource=["clerk", "engineer"], staff=1, processing_time="2 hour"),
        ps.Step("team", resource="clerk", staff=2, processing_time="1 hour"),
        rate="1 case/year",
        resources=[ps.Resource("clerk", capacity=3), ps.Resource("engineer")],
        open_cases=[ps.OpenCases(at="pair", cases=2), ps.OpenCases(at="team", cases=2)],
    )
    record = played(office, horizon_s=7 * HOUR)
    assert record.event_start_s is not None
    assert record.event_end_s is not None
    assert record.event_node is not None
    rows = sorted(
        zip(record.event_node.tolist(), record.event_start_s / HOUR, record.event_end_s / HOUR, strict=True)
    )
    assert rows == [(0, 0, 2), (0, 2, 4), (1, 0, 1), (1, 1, 2), (1, 2, 3), (1, 4, 5)]
    assert list(record.busy_s / HOUR) == [2 * 2 + 4 * 2, 4]


def test_a_batch_by_size_waits_until_it_is_full() -> None:
    """
    Three of a batch begin when the third has come; who sets up works longer; two that are left stay inside.
    """
    office = one_service(
        ps.Step(
            "a",
            resource="clerk",
            processing_time="1 hour",
            setup_time="30 min",
            batch=ps.Batch(size=3),
        ),
        resources=[ps.Resource("clerk", capacity=3)],
    )
    record = played(office, cases=5)
    assert record.inside == 2
    last = record.case_arrival_s[2]
    assert sorted(record.case_end_s[:3] - last) == pytest.approx([HOUR, HOUR, 1.5 * HOUR])
    assert causes(record, 0)["batching"] == pytest.approx((last - record.case_arrival_s[0]) / HOUR, abs=1e-5)


@pytest.mark.parametrize(("period", "start"), [("1 day", DAY), ("7 working_hour", 16 * HOUR)])
def test_a_batch_by_period_goes_at_its_times(period: str, start: float) -> None:
    """
    What is collected goes at midnight of the day, or when the office has been open for its seven hours.
    """
    office = one_service(
        ps.Step("a", processing_time="1 hour", batch=ps.Batch(period=period)),
        rate="1 case/year",
        calendar="office",
        calendars=[OFFICE],
        open_cases=[ps.OpenCases(at="a", cases=2)],
    )
    record = played(office, horizon_s=7 * DAY)
    assert list(record.case_end_s) == [DAY + 9 * HOUR] * 2
    assert causes(record)["processing"] == 1
    assert causes(record)["batching"] == 7
    assert record.event_ready_s is not None
    assert list(record.event_ready_s) == [0, 0]
    assert start <= DAY


def test_a_set_up_without_a_batch_is_done_each_time() -> None:
    """
    A step of an hour with half an hour of set-up takes one and a half.
    """
    record = alone(ps.Step("a", resource="clerk", processing_time="1 hour", setup_time="30 min"))
    assert causes(record) == {"processing": 1.5}


def test_costs_and_fees_add_up_by_currency() -> None:
    """
    Work costs by the hour and the head, steps and fees each time; currencies stay apart.
    """
    office = one_service(
        ps.Step("a", resource=["clerk", "engineer"], staff=2, processing_time="30 min", cost="5 EUR"),
        resources=[
            ps.Resource("clerk", capacity=2, cost="60 IDR/hour"),
            ps.Resource("engineer", capacity=2, cost="10 IDR/hour"),
        ],
        fees=[ps.Fee("7 IDR"), ps.Fee("3 IDR", at="a"), ps.Fee("1 USD", at="a")],
    )
    record = played(office, cases=1)
    cost = dict(zip(record.program.currencies, record.case_cost[0], strict=True))
    fee = dict(zip(record.program.currencies, record.case_fee[0], strict=True))
    assert cost == {"EUR": 5, "IDR": pytest.approx(70), "USD": 0}
    assert fee == {"EUR": 0, "IDR": 10, "USD": 1}


def test_the_applicant_s_time_is_that_of_the_analysis() -> None:
    """
    Travel, queue and service at the counter, steps of one's own, and each document once are the applicant's time.
    """
    office = one_service(
        ps.Step("form", actor="applicant", processing_time="30 min"),
        ps.Step(
            "counter",
            resource="clerk",
            processing_time="10 min",
            contact="in-person",
            channel="desk",
            asks=["id"],
        ),
        ps.Step(
            "again",
            actor="applicant",
            processing_time="5 min",
            contact="in-person",
            channel="desk",
            asks=["id"],
        ),
        channels=[ps.Channel("desk", travel_time="1 hour"), ps.Channel("post")],
        requirements=["id", ps.Requirement("proof", evidence=["slow", "quick"])],
        evidence=[
            ps.Evidence("id", time_to_obtain="3 hour"),
            ps.Evidence("slow", time_to_obtain="9 hour"),
            ps.Evidence("quick", time_to_obtain="2 hour"),
        ],
        rate="1 case/week",
    )
    record = played(office, cases=1)
    work = 0.5 + (10 + 5) / 60
    assert list(record.case_applicant_s / HOUR) == pytest.approx([work + 2 + 3 + 2])
    expected = ps.performance(office).services[0].data()["cost"]["applicant_time_s"]
    assert record.case_applicant_s[0] == pytest.approx(expected, rel=1e-3)  # there the queue is a mean


def test_a_queue_at_the_counter_is_the_applicant_s_time() -> None:
    """
    The second of two at the counter waits an hour and is served for one.
    """
    office = one_service(
        ps.Step("counter", resource="clerk", processing_time="1 hour", contact="in-person"),
        rate="1 case/year",
        open_cases=[ps.OpenCases(at="counter", cases=2)],
    )
    record = played(office, horizon_s=3 * HOUR)
    assert list(record.case_applicant_s / HOUR) == [1, 2]


def test_open_cases_stand_in_their_branch_and_have_done_the_others() -> None:
    """
    Cases that stand in a branch of a parallel block end with it, in one of an inclusive block too; their age counts.
    """
    for kind in ("parallel", "inclusive"):
        chances = (None, None) if kind == "parallel" else (0.5, 0.5)
        office = branches(
            kind,
            *chances,
            rate="1 case/year",
            open_cases=[ps.OpenCases(at="c", cases=2, waited="1 day")],
        )
        record = played(office, horizon_s=3 * HOUR)
        assert list(record.case_end_s) == [2 * HOUR] * 2
        assert list(record.case_arrival_s) == [-DAY] * 2
        assert causes(record) == {"processing": 2, "other": 24}


def test_open_cases_in_branches_that_never_join_wait_for_none() -> None:
    """
    Where branches of a case end by themselves, a case that is open in one of them ends with it.
    """
    steps = [ps.Step(id, processing_time="1 hour") for id in ("first", "short", "long", "last")]
    office = one_service(
        *steps,
        rate="1 case/year",
        gateways=[ps.Gateway("both", kind="parallel")],
        flows=[
            ps.Flow("first", "both"),
            ps.Flow("both", "short"),
            ps.Flow("both", "long"),
            ps.Flow("long", "last"),
        ],
        open_cases=[ps.OpenCases(at="long", cases=1)],
    )
    record = played(office, horizon_s=3 * HOUR)
    assert list(record.case_end_s) == [2 * HOUR]


def test_open_cases_add_to_the_cases_that_arrive() -> None:
    """
    A number of cases is that of new ones: those that are open come on top.
    """
    office = one_service(
        ps.Step("a", processing_time="1 hour"),
        rate="1 case/working_hour",
        calendar="office",
        calendars=[OFFICE],
        open_cases=[ps.OpenCases(at="a", cases=3, waited="1 working_day")],
    )
    record = played(office, cases=10)
    assert record.cases == 13
    assert list(record.case_arrival_s[:3] / HOUR) == pytest.approx([-7 * 168 / 35] * 3)


def test_open_cases_in_one_loop_of_what_does_not_nest_are_refused() -> None:
    """
    Where branches do not nest, it cannot be told what else of a case is open.
    """
    office = one_service(
        *(ps.Step(name, processing_time="1 hour") for name in "abc"),
        start="a",
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done"), ps.End("out")],
        flows=[
            ps.Flow("a", "fork"),
            ps.Flow("fork", "b"),
            ps.Flow("fork", "c"),
            ps.Flow("b", "join"),
            ps.Flow("c", "join", probability=0.5),
            ps.Flow("c", "out", probability=0.5),
            ps.Flow("join", "done"),
        ],
        open_cases=[ps.OpenCases(at="c", cases=1)],
    )
    with pytest.raises(InvalidModelError, match="cannot be told"):
        program(office)


# Beginning, end and bounds


def test_a_run_needs_an_end() -> None:
    """
    A horizon or a number of cases is needed, one of them, and both are above zero.
    """
    here = program(station())
    wrong: list[dict[str, Any]] = [
        {},
        {"horizon_s": 1.0, "cases": 1},
        {"horizon_s": 0.0},
        {"horizon_s": float("inf")},
        {"cases": 0},
        {"horizon_s": 5.0, "since_s": 5.0},
    ]
    for how_long in wrong:
        with pytest.raises(InvalidModelError):
            run(here, seed=1, **how_long)


def test_what_is_not_over_at_the_horizon_is_inside() -> None:
    """
    Cases that have not ended have no end, no outcome and no causes; work is counted up to the horizon.
    """
    record = played(
        one_service(
            ps.Step("a", resource="clerk", processing_time="3 hour"),
            rate="1 case/year",
            open_cases=[ps.OpenCases(at="a", cases=2)],
        ),
        horizon_s=2 * HOUR,
    )
    assert record.inside == 2
    assert np.isnan(record.case_end_s).all()
    assert np.isnan(record.case_cause_s).all()
    assert list(record.case_outcome) == [-1, -1]
    assert list(record.busy_s) == [2 * HOUR, 0]
    assert list(record.queue_s) == [2 * HOUR, 0]


def test_resources_are_counted_from_a_moment_on() -> None:
    """
    What is counted in a run from its middle on is what is counted in all of it, less what is counted in its first half.
    """
    here = program(station())
    parts: list[dict[str, Any]] = [
        {"horizon_s": 100 * HOUR},
        {"horizon_s": 50 * HOUR},
        {"horizon_s": 100 * HOUR, "since_s": 50 * HOUR},
    ]
    whole, first, second = (run(here, seed=1, compiled=False, **more) for more in parts)
    for name in ("busy_s", "open_s", "queue_s", "visits"):
        assert getattr(second, name) == pytest.approx(getattr(whole, name) - getattr(first, name))
    assert (
        second.case_end_s[~np.isnan(second.case_end_s)] == whole.case_end_s[~np.isnan(whole.case_end_s)]
    ).all()
    late = run(here, seed=1, cases=1, since_s=1e9, compiled=False)
    assert late.end_s == 1e9
    assert list(late.busy_s) == [0]


def test_runs_are_the_same_again_and_differ_by_seed_and_replication() -> None:
    """
    The same seed and replication give the same ends, another seed or replication others.
    """
    here = program(station())
    ends = [
        run(here, seed=seed, replication=replication, cases=20, compiled=False).case_end_s.tolist()
        for seed, replication in ((1, 0), (1, 0), (2, 0), (1, 1))
    ]
    assert ends[0] == ends[1]
    assert len({tuple(end) for end in ends}) == 3


def test_scenarios_share_their_random_numbers() -> None:
    """
    One more clerk, or one step less, leaves arrivals and the times of all other steps as they were.
    """
    steps = [ps.Step(name, resource="clerk", processing_time="exponential(20 min)") for name in "abc"]
    resources = [ps.Resource("clerk", capacity=n) for n in (1, 2)]
    runs_of = [
        played(one_service(*kept, resources=[clerks]), cases=200)
        for kept, clerks in ((steps, resources[0]), (steps, resources[1]), (steps[::2], resources[0]))
    ]
    spent = []
    for record in runs_of:
        assert record.event_node is not None
        assert record.event_case is not None
        assert record.event_end_s is not None
        assert record.event_start_s is not None
        ids = [record.program.nodes[n] for n in record.event_node]
        lengths = np.round(record.event_end_s - record.event_start_s, 6)
        spent.append(dict(zip(zip(record.event_case.tolist(), ids, strict=True), lengths, strict=True)))
        assert list(record.case_arrival_s) == list(runs_of[0].case_arrival_s)
    assert spent[0] == spent[1]
    assert spent[2].items() <= spent[0].items()


def test_memory_grows_with_the_cases_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where room is small at first, it grows as it is needed, and a run with little room is the same as one with much.
    """
    office = program(branches("parallel", None, None, rate="500 case/hour"))
    much = run(office, seed=1, cases=3000, log=True, compiled=False)
    monkeypatch.setattr(runs, "EVENTS_AT_ONCE", 10)
    monkeypatch.setattr(runs, "CASES_AT_ONCE", 10)
    monkeypatch.setattr(runs, "SLICE", 50)
    for how in (False, True):
        little = run(office, seed=1, cases=3000, log=True, compiled=how)
        for name, values in much.arrays().items():
            assert np.array_equal(values, little.arrays()[name]), name


def test_numba_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without being told, a run is compiled if numba is there; where it is asked for and missing, the extra is named.
    """
    here = program(station())
    assert compiled.is_available()
    assert Play(here, 1, 0, None, 5).is_compiled
    monkeypatch.setitem(__import__("sys").modules, "numba", None)
    assert not compiled.is_available()
    assert not Play(here, 1, 0, None, 5).is_compiled
    assert run(here, seed=1, cases=5).cases == 5
    compiled.compiled.cache_clear()
    with pytest.raises(MissingExtraError, match=r"pubservice\[fast\]"):
        run(here, seed=1, cases=5, compiled=True)
    compiled.compiled.cache_clear()


def test_where_machine_code_cannot_be_kept_it_is_made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where numba finds no place for its cache, functions are compiled without one.
    """
    import numba

    kept: list[bool] = []
    njit = numba.njit

    def without_cache(*, nogil: bool, cache: bool = False) -> Any:
        kept.append(cache)
        if cache:
            raise RuntimeError("no locator available")
        return njit(nogil=nogil)

    monkeypatch.setattr(numba, "njit", without_cache)
    compiled.compiled.cache_clear()
    try:
        assert callable(compiled.compiled())
    finally:
        compiled.compiled.cache_clear()
    assert kept == [True, False] * (len(kept) // 2)


def test_the_agenda_of_arrays_is_a_heap() -> None:
    """
    What is noted in any order is taken in order of time, then of being noted, as from the interpreter's own heap.
    """
    rng = np.random.default_rng(2026)
    things = [(float(t), n, n * 8) for n, t in enumerate(rng.integers(0, 50, 300))]
    agenda = (np.zeros(300), np.zeros(300, np.int64), np.zeros(300, np.int64), np.zeros(1, np.int64))
    for thing in things:
        compiled.note(agenda, thing)
    assert [tuple(compiled.take(agenda)) for _ in things] == sorted(things)


def test_causes_are_in_the_order_of_the_model() -> None:
    """
    The numbers by which the loop knows causes are their places in the vocabulary.
    """
    places = {cause: n for n, cause in enumerate(CAUSES)}
    assert len(places) == state.CAUSES
    for name in ("processing", "contention", "unavailability", "batching", "priority", "synchronisation"):
        assert getattr(engine, name.upper()) == places[name]
    assert (places["rework"], places["other"]) == (state.REWORK, state.OTHER)
