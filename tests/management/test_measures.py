"""What an event log says of the metrics of a service."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import pubservice as ps

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "logs"
needs_logs = pytest.mark.skipif(not LOGS.exists(), reason="the folder of real logs is not beside the project")
HOURS = {"mon-fri": "08:00-12:00, 13:00-17:00"}


def office(*, calendar: bool = True, **fields: Any) -> ps.PublicOrganisation:
    """Return an office with one service, which is open 40 hours a week."""
    return ps.PublicOrganisation(
        "office",
        calendar="office" if calendar else None,
        calendars=[ps.Calendar("office", hours=HOURS, time_zone="Asia/Jakarta")] if calendar else [],
        services=[ps.PublicService("permit", **fields)],
    )


def log(*events: tuple[str, str, str]) -> ps.EventLog:
    """Return a log of cases, activities and local times in Jakarta."""
    zone = dt.timezone(dt.timedelta(hours=7))
    times = [dt.datetime.fromisoformat(time).replace(tzinfo=zone) for _, _, time in events]
    return ps.EventLog(
        pl.DataFrame(
            {
                "case": [case for case, _, _ in events],
                "activity": [activity for _, activity, _ in events],
                "time": [int(time.timestamp() * 1_000_000) for time in times],
            }
        )
    )


def found(measurements: tuple[ps.Measurement, ...], metric: str) -> list[tuple[str, str, int | None]]:
    """Return the period, the value or the reason, and the population of each measurement of a metric."""
    return [
        (str(m.period), str(m.reason if m.value is None else m.value), m.population)
        for m in measurements
        if m.metric == metric
    ]


CASES = log(
    ("a", "receive", "2026-01-05 08:00"),
    ("a", "decide", "2026-01-05 16:00"),  # 7 working hours
    ("b", "receive", "2026-01-09 16:00"),
    ("b", "correct", "2026-01-12 09:00"),
    ("b", "correct", "2026-01-12 10:00"),
    ("b", "decide", "2026-01-13 17:00"),  # 1 + 8 + 8 working hours, 97 hours
    ("c", "receive", "2026-03-02 08:00"),
    ("c", "decide", "2026-03-03 08:00"),  # 8 working hours
    ("d", "receive", "2026-03-02 08:00"),
    ("d", "withdraw", "2026-03-31 23:59"),
    ("e", "receive", "2026-03-02 08:00"),  # still open
)


def test_times_are_working_times_by_the_calendar() -> None:
    """
    The mean cycle time of the cases that were closed in a month is in the working hours of the service's calendar.
    """
    measured = ps.measure(CASES, office(), "permit", outcomes={"granted": ["decide"]})
    assert found(measured, "cycle-time") == [
        ("2026-01", "12 working_hour", 2),
        ("2026-02", "no case was closed", 0),
        ("2026-03", "8 working_hour", 1),
    ]


def test_times_are_elapsed_without_a_calendar() -> None:
    """
    Without a calendar hours are hours, of days and nights in UTC.
    """
    measured = ps.measure(
        CASES, office(calendar=False), "permit", each="quarter", outcomes={"granted": ["decide"]}
    )
    assert found(measured, "cycle-time") == [("2026-Q1", "43 hour", 3)]


def test_cases_are_held_against_every_promised_time_on_its_clock() -> None:
    """
    The standard and each target for a share of the cases have their share; exactly the promised time is on time.
    """
    organisation = office(
        standard=ps.ServiceStandard(completion_time="1 working_day"),
        targets=[
            ps.Target("cycle-time", value="96 hour", share=0.9),
            ps.Target("cycle-time", value="1 working_day", share=0.5),
            ps.Target("cycle-time", value="1 hour"),
            ps.Target("coverage", value=0.5, share=0.5),
        ],
    )
    measured = ps.measure(CASES, organisation, "permit", each="quarter", outcomes={"granted": ["decide"]})
    shares = [m for m in measured if m.metric == "on-time-share"]
    assert [(str(m.within), m.value) for m in shares] == [("1 working_day", 2 / 3), ("96 hour", 2 / 3)]


def test_a_working_day_needs_a_calendar() -> None:
    """
    Without a calendar it cannot be said who is on time in working days, and the reason is.
    """
    organisation = office(calendar=False, standard=ps.ServiceStandard(completion_time="1 working_day"))
    measured = ps.measure(CASES, organisation, "permit", each="year", outcomes={"granted": ["decide"]})
    reason = "a working day has no hours without a calendar"
    assert found(measured, "on-time-share") == [("2026", reason, 3)]
    assert found(measured, "on-time-share-with-open") == [("2026", reason, 3)]
    hours = office(calendar=False, standard=ps.ServiceStandard(completion_time="8 working_hour"))
    assert found(ps.measure(CASES, hours, "permit", each="year"), "on-time-share") == [("2026", reason, 5)]


def test_open_cases_that_are_late_count_in_the_last_period() -> None:
    """
    At the end of the log, cases that are open and late already are failures that have not been closed.
    """
    organisation = office(standard=ps.ServiceStandard(completion_time="1 working_day"))
    measured = ps.measure(CASES, organisation, "permit", outcomes={"granted": ["decide"]})
    assert found(measured, "on-time-share")[-1] == ("2026-03", "1.0", 1)
    assert found(measured, "on-time-share-with-open") == [("2026-03", f"{1 / 3!r}", 3)]


def test_completion_takes_outcomes() -> None:
    """
    Withdrawn cases are closed and not completed; where outcomes are not named, all cases are closed and nothing is said.
    """
    outcomes = {"granted": ["decide"], "withdrawn": ["withdraw"]}
    measured = ps.measure(CASES, office(), "permit", outcomes=outcomes)
    assert found(measured, "completion-rate") == [
        ("2026-01", "1.0", 2),
        ("2026-02", "no case was closed", 0),
        ("2026-03", "0.5", 2),
    ]
    unnamed = ps.measure(CASES, office(), "permit")
    assert found(unnamed, "completion-rate") == []
    assert found(unnamed, "first-time-right")[-1] == ("2026-03", "1.0", 3)


def test_an_outcome_that_the_procedure_does_not_have_is_refused() -> None:
    """
    Nothing says whether a case with an unknown outcome is completed: it is named, with the nearest that is known.
    """
    outcomes = {"grantd": ["decide"], "foo": ["withdraw"]}
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.measure(CASES, office(), "permit", outcomes=outcomes)
    assert str(caught.value).splitlines() == [
        "outcomes.grantd: no end of the procedure has the outcome 'grantd', so that nothing says whether a case is completed"
        " then, did you mean 'granted'?",
        "outcomes.foo: no end of the procedure has the outcome 'foo', so that nothing says whether a case is completed then",
    ]


def test_an_end_of_the_procedure_says_whether_an_outcome_is_complete() -> None:
    """
    An outcome of the model keeps its meaning, and a refusal is complete unless the model says otherwise.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("decide")],
        ends=[
            ps.End("given-up", outcome="lost", completed=False),
            ps.End("done", outcome="withdrawn", completed=True),
        ],
        flows=[
            ps.Flow("decide", "given-up", probability=0.5),
            ps.Flow("decide", "done", probability=0.5),
        ],
    )
    outcomes = {"lost": ["decide"], "withdrawn": ["withdraw"]}
    measured = ps.measure(CASES, office(procedure=procedure), "permit", each="year", outcomes=outcomes)
    assert found(measured, "completion-rate") == [("2026", "0.25", 4)]
    assert found(
        ps.measure(CASES, office(), "permit", each="year", outcomes={"refused": ["decide"]}),
        "completion-rate",
    ) == [("2026", "1.0", 3)]


def test_first_time_right_is_without_repetition() -> None:
    """
    A case in which an activity occurs twice was not right at first.
    """
    assert found(ps.measure(CASES, office(), "permit"), "first-time-right")[0] == ("2026-01", "0.5", 2)


def test_rates_are_of_periods_that_the_log_holds() -> None:
    """
    Throughput and arrivals are per working day, of months that the log holds in full; else it is said what it holds.
    """
    measured = ps.measure(
        CASES, office(), "permit", outcomes={"granted": ["decide"], "withdrawn": ["withdraw"]}
    )
    partly = "the log holds only 2026-01-05..2026-03-31 of it"
    assert found(measured, "throughput") == [
        ("2026-01", partly, 2),
        ("2026-02", "0 case/working_day", 0),
        ("2026-03", f"{2 / 22!r} case/working_day", 2),
    ]
    assert found(measured, "arrival-rate")[1:] == [
        ("2026-02", "0 case/working_day", 0),
        ("2026-03", f"{3 / 22!r} case/working_day", 3),
    ]
    elapsed = ps.measure(CASES, office(calendar=False), "permit")
    assert found(elapsed, "throughput")[1] == ("2026-02", "0 case/day", 0)


def test_a_calendar_that_is_closed_has_no_rate() -> None:
    """
    In a month without an open hour there are no working days to divide by.
    """
    shut = ps.Calendar("office", hours=HOURS, closures=["2026-02-01..2026-02-28"], year=2026)
    organisation = ps.PublicOrganisation(
        "office", calendar="office", calendars=[shut], services=[ps.PublicService("permit")]
    )
    assert found(ps.measure(CASES, organisation, "permit"), "throughput")[1] == (
        "2026-02",
        "the calendar is closed all the time",
        0,
    )


def test_a_log_in_which_nothing_is_closed_measures_nothing() -> None:
    """
    Where no case is closed yet there is no period to tell of.
    """
    assert ps.measure(CASES, office(), "permit", outcomes={"granted": ["correct"]}) == ()


def test_wrong_logs_and_outcomes_are_refused() -> None:
    """
    An unknown service or activity, an activity with two outcomes, an empty log and impossible times are errors.
    """
    with pytest.raises(ps.UnknownIdError, match="no service 'permits', did you mean 'permit'"):
        ps.measure(CASES, office(), "permits")
    with pytest.raises(ps.UnknownIdError, match="no activity 'decided', did you mean 'decide'"):
        ps.measure(CASES, office(), "permit", outcomes={"granted": ["decided"]})
    with pytest.raises(ps.InvalidModelError, match="outcomes.refused: 'decide' has two outcomes"):
        ps.measure(CASES, office(), "permit", outcomes={"granted": ["decide"], "refused": ["decide"]})
    empty = ps.EventLog(CASES.frame.to_native().head(0))
    with pytest.raises(ps.InvalidModelError, match="expected an event log, found no event"):
        ps.measure(empty, office(), "permit")
    wild = ps.EventLog(pl.DataFrame({"case": ["a"], "activity": ["x"], "time": [9 * 10**18]}))
    with pytest.raises(ps.InvalidModelError, match="expected times between the years 2 and 9998"):
        ps.measure(wild, office(), "permit")


def test_measurements_fit_the_organisation_and_name_their_source() -> None:
    """
    What a log says stands in no one's way in a scorecard, and says from where it comes.
    """
    organisation = office(standard=ps.ServiceStandard(completion_time="1 working_day"))
    measured = ps.measure(CASES, organisation, "permit", source="cases.csv")
    assert {(m.obtained, m.source, m.service) for m in measured} == {("log", "cases.csv", "permit")}
    assert ps.scorecard(organisation, measured).rows()


@pytest.mark.parametrize("seed", range(3))
def test_shares_and_times_are_those_of_each_case(seed: int) -> None:
    """
    The engine counts what going through the cases one by one does.
    """
    rng = random.Random(seed)
    calendar = ps.Calendar("office", hours=HOURS, time_zone="Asia/Jakarta")
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    spans = []
    for _ in range(60):
        start = begin + dt.timedelta(minutes=rng.randrange(80_000))
        spans.append((start, start + dt.timedelta(minutes=rng.randrange(20_000))))
    rows = [
        (str(i), name, t) for i, span in enumerate(spans) for name, t in zip(("in", "out"), span, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=["case", "activity", "time"], orient="row")
    organisation = office(standard=ps.ServiceStandard(completion_time="3 working_day"))
    measured = ps.measure(ps.EventLog(frame), organisation, "permit", each="year")
    times = [calendar.working_time(*span).magnitude for span in spans]
    (cycle,) = (m.value for m in measured if m.metric == "cycle-time")
    (share,) = (m.value for m in measured if m.metric == "on-time-share")
    assert isinstance(cycle, ps.Duration)
    assert cycle.magnitude == pytest.approx(sum(times) / 60)
    assert share == pytest.approx(sum(time <= 24 for time in times) / 60)


@needs_logs
def test_the_receipt_log_is_measured() -> None:
    """
    Of 1,434 cases of the receipt phase, 91 have rework, as the log itself counts; months add up to all cases.
    """
    log = ps.read_csv(LOGS / "receipt.csv.gz")
    measured = ps.measure(log, office(), "permit")
    right = [m for m in measured if m.metric == "first-time-right"]
    assert sum(m.population or 0 for m in right) == 1434
    wrong = sum((1 - m.value) * (m.population or 0) for m in right if isinstance(m.value, float))
    assert wrong == pytest.approx(91)


@needs_logs
def test_all_road_traffic_fines_are_held_against_working_days() -> None:
    """
    150,370 cases, closed over fourteen years, are each held against 90 working days.
    """
    log = ps.read_xes(LOGS / "road_traffic_fines.xes.gz")
    organisation = office(standard=ps.ServiceStandard(completion_time="90 working_day"))
    shares = [m for m in ps.measure(log, organisation, "permit", each="year") if m.metric == "on-time-share"]
    assert sum(m.population or 0 for m in shares) == 150_370
    assert all(isinstance(m.value, float) and 0 < m.value <= 1 for m in shares)
