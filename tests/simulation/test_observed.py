"""What a run comes to, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pubservice as ps
from pubservice.model.cause import CAUSES
from pubservice.simulation.measures import TITLES, Observed, observe, standing, title
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.translations import INDONESIAN

HOUR = 3600.0


def office(**service: Any) -> ps.PublicOrganisation:
    """Return an office with one clerk, where cases are granted or refused."""
    return ps.PublicOrganisation(
        "office",
        calendar="days",
        calendars=[ps.Calendar("days", hours={"mon-fri": "08:00-16:00"})],
        resources=[ps.Resource("clerk", capacity=2, cost="10 EUR/hour")],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/working_hour",
                procedure=ps.Procedure(
                    steps=[ps.Step("decide", resource="clerk", processing_time="30 min")],
                    ends=[ps.End("granted"), ps.End("refused")],
                    flows=[
                        ps.Flow("decide", "granted", probability=0.5),
                        ps.Flow("decide", "refused", probability=0.5),
                    ],
                ),
                **service,
            ),
        ],
    )


def record(
    made: ps.PublicOrganisation,
    arrivals: list[float],
    ends: list[float],
    end: float,
    since: float = 0,
    **other: Any,
) -> Record:
    """Return a run in which cases arrived and ended at these hours; each took half an hour of work, 12 minutes again."""
    compiled = program(made)
    n = len(arrivals)
    times = (np.array(ends) - np.array(arrivals)) * HOUR
    causes = np.zeros((n, len(CAUSES)))
    causes[:, list(CAUSES).index("processing")] = 0.5 * HOUR
    causes[:, list(CAUSES).index("rework")] = 0.2 * HOUR
    causes[:, list(CAUSES).index("contention")] = times - 0.7 * HOUR
    numbers: dict[str, Any] = {
        "busy_s": np.array([6 * HOUR]),
        "open_s": np.array([8 * HOUR]),
        "queue_s": np.array([5 * HOUR]),
        "most_queued": np.array([3]),
        "visits": np.array([4]),
        "missed": np.zeros(len(compiled.services), dtype=np.int64),
        "case_outcome": np.where(np.isnan(ends), -1, 0),
    }
    return Record(
        program=compiled,
        seed=0,
        replication=0,
        end_s=end * HOUR,
        since_s=since * HOUR,
        case_service=np.zeros(n, dtype=np.int64),
        case_arrival_s=np.array(arrivals) * HOUR,
        case_end_s=np.array(ends) * HOUR,
        case_cause_s=causes,
        case_work_s=np.full(n, 0.7 * HOUR),
        case_applicant_s=np.full(n, 0.1 * HOUR),
        case_cost=np.full((n, len(compiled.currencies)), 7.0),
        case_fee=np.full((n, len(compiled.currencies)), 3.0),
        **numbers | other,
    )


def observed(made: ps.PublicOrganisation, run: Record) -> Observed:
    return observe(run, tuple(standing(service, made) for service in made.services))


INSIDE = float("nan")


def test_a_run_worked_by_hand() -> None:
    """
    Three cases of 1, 2 and 6 hours, and one inside, on a Monday until 20:00.
    """
    made = office(standard=ps.ServiceStandard(completion_time="2 hour"))
    run = record(made, [8, 9, 12, 19], [9, 11, 18, INSIDE], 20, case_outcome=np.array([0, 0, 1, -1]))
    found = observed(made, run)
    assert found.resources == {
        "clerk": pytest.approx(
            {
                "utilisation": 6 / 16,
                "wait": 5 / 4 * HOUR,
                "queue": 5 / 20,
                "longest_queue": 3.0,
                "visits": 4.0,
            }
        )
    }
    permit = found.services["permit"]
    assert permit == pytest.approx(
        {
            "cases": 3,
            "throughput": 3 / 20 / HOUR,
            "work_in_progress": (1 + 2 + 6 + 1) / 20,
            "cycle_time": 3 * HOUR,
            "cycle_time_working": (1 + 2 + 4) / 3 * HOUR,
            "cycle_time_median": 2 * HOUR,
            "cycle_time_p90": (2 + 0.8 * 4) * HOUR,
            "cycle_time_p95": (2 + 0.9 * 4) * HOUR,
            "waiting_time": 2.3 * HOUR,
            "processing_time": 0.7 * HOUR,
            "applicant_time": 0.1 * HOUR,
            "on_time": 2 / 3,
            "cost_EUR": 7,
            "fee_EUR": 3,
            **{f"time_{cause}": 0 for cause in CAUSES},
            "time_processing": 0.5 * HOUR,
            "time_rework": 0.2 * HOUR,
            "time_contention": 2.3 * HOUR,
            "outcome_granted": 2 / 3,
            "outcome_refused": 1 / 3,
        }
    )


def test_what_was_in_the_warm_up_does_not_count() -> None:
    """
    A case counts where it ends, however long before it came; what is counted of resources is over the time that is left.
    """
    made = office()
    found = observed(made, record(made, [8, 9, 12, 19], [9, 11, 18, INSIDE], 20, since=10))
    assert found.resources["clerk"]["queue"] == pytest.approx(5 / 10)
    permit = found.services["permit"]
    assert permit["cases"] == 2
    assert permit["cycle_time"] == pytest.approx((2 + 6) / 2 * HOUR)
    assert permit["work_in_progress"] == pytest.approx((1 + 6 + 1) / 10)
    assert permit["throughput"] == pytest.approx(2 / 10 / HOUR)


def test_little_s_law_holds_where_the_start_and_the_end_are_empty() -> None:
    """
    From empty to empty, work in progress is throughput × cycle time, to the last digit but a few.
    """
    made = office()
    rng = np.random.default_rng(1)
    arrivals = np.sort(rng.uniform(0, 80, 500))
    run = record(made, arrivals.tolist(), (arrivals + rng.exponential(3, 500)).tolist(), 200)
    permit = observed(made, run).services["permit"]
    throughput, time = permit["throughput"], permit["cycle_time"]
    assert throughput is not None
    assert time is not None
    assert permit["work_in_progress"] == pytest.approx(throughput * time, rel=1e-12)


def test_outcomes_of_other_services_are_not_told() -> None:
    """
    A service has the outcomes that its cases can have or had, not those of its neighbours.
    """
    services = [
        ps.PublicService(
            id,
            arrival_rate="1 case/hour",
            procedure=ps.Procedure(
                steps=[ps.Step("work", processing_time="1 min")],
                ends=[ps.End(end)],
                flows=[ps.Flow("work", end)],
            ),
        )
        for id, end in (("one", "granted"), ("other", "sent"))
    ]
    study = ps.simulate(
        ps.PublicOrganisation("office", services=services), cases=50, warm_up="0 s", replications=2
    )
    one, other = study.scenarios[0].services
    assert [measure for measure in one.series if measure.startswith("outcome_")] == ["outcome_granted"]
    assert [measure for measure in other.series if measure.startswith("outcome_")] == ["outcome_sent"]


@pytest.mark.parametrize(
    ("promise", "share"),
    [
        ("6 hour", 1),
        ("5.9 hour", 2 / 3),
        ("4 working_hour", 1),
        ("0.5 working_day", 1),
        ("0.4 working_day", 2 / 3),
    ],
)
def test_a_promise_is_held_on_its_own_clock(promise: str, share: float) -> None:
    """
    Elapsed promises count elapsed hours, working ones open hours: from 12:00 to 18:00 four of them are open.
    """
    made = office(standard=ps.ServiceStandard(completion_time=promise))
    run = record(made, [8, 9, 12], [9, 11, 18], 20)
    assert observed(made, run).services["permit"]["on_time"] == pytest.approx(share)


def test_nothing_that_ended_is_nothing_to_measure() -> None:
    """
    Where no case has ended there is a count of zero and no mean; the queue is measured all the same.
    """
    made = office()
    found = observed(made, record(made, [8], [INSIDE], 20))
    permit = found.services["permit"]
    assert (permit["cases"], permit["throughput"], permit["cycle_time"]) == (0, 0, None)
    assert permit["work_in_progress"] == pytest.approx(12 / 20)
    assert found.resources["clerk"]["queue"] == pytest.approx(0.25)


def test_a_warm_up_that_goes_on_to_the_end_leaves_nothing() -> None:
    """
    Where a run that goes on until it is empty ends within its warm-up, nothing is measured per time.
    """
    made = office()
    nothing = {"open_s": np.array([0.0]), "visits": np.array([0])}
    found = observed(made, record(made, [8, 9], [9, 11], 11, since=11, **nothing))
    assert found.resources["clerk"] == {
        "utilisation": None,
        "wait": None,
        "queue": None,
        "longest_queue": 3.0,
        "visits": 0.0,
    }
    assert found.services["permit"]["throughput"] is None


def test_cycle_times_are_kept_in_order_and_many_by_those_in_the_middle() -> None:
    """
    Up to 512 all are there; of more there are 512, each in the middle of as many.
    """
    made = office()
    few = observed(made, record(made, [8, 9, 12, 19], [14, 10, 14, INSIDE], 20))
    assert few.samples["permit"].tolist() == pytest.approx([HOUR, 2 * HOUR, 6 * HOUR])
    many = observed(made, record(made, [0.0] * 1536, [n / 100 for n in range(1536, 0, -1)], 20))
    assert many.samples["permit"].tolist() == pytest.approx([(3 * n + 2) / 100 * HOUR for n in range(512)])


def test_a_resource_that_was_never_open_has_no_utilisation() -> None:
    """
    No open time is no share of it.
    """
    made = office()
    run = record(made, [1], [2], 3, open_s=np.array([0.0]))
    assert observed(made, run).resources["clerk"]["utilisation"] is None


def test_an_implicit_end_is_an_outcome() -> None:
    """
    Where a node leads nowhere its cases end as completed; declared outcomes stand even where nobody met them.
    """
    plain = ps.PublicService("plain", procedure=ps.Procedure(steps=[ps.Step("work")]))
    both = ps.PublicService(
        "both",
        procedure=ps.Procedure(
            steps=[ps.Step("work"), ps.Step("more")],
            ends=[ps.End("granted")],
            flows=[ps.Flow("work", "granted", probability=0.5), ps.Flow("work", "more", probability=0.5)],
        ),
    )
    made = ps.PublicOrganisation("office", services=[plain, both])
    assert standing(plain, made).outcomes == ("completed",)
    assert standing(both, made).outcomes == ("granted", "completed")
    assert standing(plain, made).promised_s is None


@pytest.mark.parametrize(
    "measure", [*TITLES, *(f"time_{cause}" for cause in CAUSES), "cost_IDR", "fee_IDR", "outcome_granted"]
)
def test_every_measure_has_a_title_in_both_languages(measure: str) -> None:
    """
    A measure is shown with its unit, in English and Indonesian.
    """
    shown, unit = title(measure)
    assert shown.template in INDONESIAN
    assert unit > 0
