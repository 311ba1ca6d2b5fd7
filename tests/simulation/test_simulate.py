"""Studies: the same for everyone, with intervals, and refused where they cannot be made."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest

import pubservice as ps
from blocks import city_hall
from pubservice.queueing import waiting_time
from pubservice.units import in_words

SHORT: dict[str, Any] = {"horizon": "4 week", "warm_up": "1 week", "replications": 6, "seed": 2026}


def counter(
    clerks: int = 3, *, rate: str = "2.7 case/hour", time: str = "exponential(1) hour"
) -> ps.PublicOrganisation:
    """Return an M/M/c queue."""
    return ps.PublicOrganisation(
        "counter",
        resources=[ps.Resource("clerk", capacity=clerks)],
        services=[
            ps.PublicService(
                "advice",
                arrival_rate=rate,
                procedure=ps.Procedure(steps=[ps.Step("advise", resource="clerk", processing_time=time)]),
            )
        ],
    )


@pytest.fixture(scope="module")
def two() -> dict[str, ps.PublicOrganisation]:
    office = city_hall()
    return {"today": office, "third clerk": ps.redesign(office, [ps.SetCapacity("clerk", 3)])}


@pytest.fixture(scope="module")
def study(two: dict[str, ps.PublicOrganisation]) -> ps.Study:
    return ps.simulate(two, **SHORT)


# The same for everyone


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_the_executor_does_not_matter(
    two: dict[str, ps.PublicOrganisation], study: ps.Study, kind: str, workers: int
) -> None:
    """
    One after another, in threads or in processes, by one, two or three of them: every value is the same.
    """
    executor: Executor
    if kind == "threads":
        executor = ThreadPoolExecutor(workers)
    else:
        executor = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    with executor:
        assert ps.simulate(two, **SHORT, executor=executor) == study


def test_what_takes_no_tasks_is_no_executor() -> None:
    """
    A number of workers is not an executor; the error says what is.
    """
    with pytest.raises(ps.InvalidStudyError, match=r"executor: expected one of concurrent.futures .* got 3"):
        ps.simulate(counter(), **SHORT, executor=3)  # type: ignore[arg-type]  # on purpose


def test_the_warm_up_is_found_alike_on_any_executor(two: dict[str, ps.PublicOrganisation]) -> None:
    """
    What is left out depends on the seed alone, too.
    """
    options: dict[str, Any] = SHORT | {"warm_up": None}
    with ThreadPoolExecutor(2) as executor:
        assert ps.simulate(two, **options, executor=executor) == ps.simulate(two, **options)


def test_another_seed_is_another_study(study: ps.Study, two: dict[str, ps.PublicOrganisation]) -> None:
    """
    Replications have random numbers of their own, and so has every seed.
    """
    series = study.scenario("today").of("cycle_time").series["cycle_time"]
    assert len(set(series)) == 6
    other = ps.simulate(two, **SHORT | {"seed": 1}).scenario("today").of("cycle_time").series["cycle_time"]
    assert not set(series) & set(other)


def test_more_replications_begin_with_the_same(
    two: dict[str, ps.PublicOrganisation], study: ps.Study
) -> None:
    """
    The first replications do not depend on how many follow.
    """
    fewer = (
        ps.simulate(two, **SHORT | {"replications": 3})
        .scenario("today")
        .of("cycle_time")
        .series["cycle_time"]
    )
    assert study.scenario("today").of("cycle_time").series["cycle_time"][:3] == fewer


def test_equal_scenarios_differ_by_nothing() -> None:
    """
    Whatever two scenarios have in common happens alike in both.
    """
    study = ps.simulate({"one": counter(), "other": counter()}, **SHORT)
    found = study.difference("one", "other", "cycle_time")
    assert (found.estimate.mean, found.estimate.half_width) == (0, 0)
    assert not found.certain


def test_pairing_makes_the_difference_surer(study: ps.Study) -> None:
    """
    The same cases come with and without the third clerk: the interval of the difference is a third of what independent
    runs would give, and less.
    """
    one, other = (study.estimate(name, "cycle_time").half_width for name in ("third clerk", "today"))
    paired = study.difference("third clerk", "today", "cycle_time")
    assert one is not None
    assert other is not None
    assert paired.estimate.half_width is not None
    assert paired.estimate.half_width < (one**2 + other**2) ** 0.5
    assert paired.certain
    engineer = study.difference("third clerk", "today", "utilisation", of="engineer").estimate
    assert engineer.half_width is not None
    alone = study.estimate("today", "utilisation", of="engineer").half_width
    assert alone is not None
    assert engineer.half_width < alone / 3


# Right


def test_the_interval_covers_the_exact_wait_and_single_runs_mislead() -> None:
    """
    M/M/3 at load 0.9 waits 2.724 hours (Erlang's C); the interval of 30 runs of 40,000 hours is around it, and not one
    run in three is within 5 % of it.
    """
    exact = waiting_time(arrival_rate=2.7, service_rate=1, servers=3)
    assert exact == pytest.approx(2.724, abs=1e-3)
    study = ps.simulate(counter(), horizon="5000 hour", warm_up="500 hour", replications=30, seed=2026)
    found = study.estimate("counter", "waiting_time")
    assert found.interval is not None
    assert found.interval.low / 3600 <= exact <= found.interval.high / 3600
    (series,) = (each.series["waiting_time"] for each in study.scenarios[0].services)
    near = [value for value in series if value is not None and abs(value / 3600 / exact - 1) < 0.05]
    assert len(near) < 10


def test_what_is_observed_agrees_with_the_closed_forms() -> None:
    """
    At moderate load the intervals of cycle time, utilisation, queue and work in progress hold what Erlang's C says.
    """
    study = ps.simulate(counter(rate="2 case/hour"), horizon="4000 hour", warm_up="100 hour", replications=20)
    wait = waiting_time(arrival_rate=2, service_rate=1, servers=3)
    exact = {
        "cycle_time": (wait + 1) * 3600,
        "cycle_time_working": (wait + 1) * 3600,
        "processing_time": 3600,
        "time_contention": wait * 3600,
        "throughput": 2 / 3600,
        "work_in_progress": 2 * (wait + 1),
        "utilisation": 2 / 3,
        "queue": 2 * wait,
        "outcome_completed": 1,
    }
    for measure, value in exact.items():
        interval = study.estimate("counter", measure).interval
        assert interval is not None
        width = interval.high - interval.low
        assert interval.low - width / 4 <= value <= interval.high + width / 4, measure


def test_what_applicants_pay_is_what_the_analysis_says() -> None:
    """
    Where a fee is due at every visit of a step, cases that come back pay it again: the interval holds the closed form.
    """
    office = city_hall()
    service = office.services[0]
    fees = [ps.Fee("20000 IDR", at="completeness-check")]
    paid = attrs.evolve(office, services=[attrs.evolve(service, fees=fees)])
    (exact,) = ps.performance(paid).services[0].fees
    interval = ps.simulate(paid, **SHORT).estimate(paid.id, "fee_IDR").interval
    assert interval is not None
    assert interval.low <= exact.amount <= interval.high
    assert interval.high < 1.2 * exact.amount


def test_a_number_of_cases_ends_each_run_empty() -> None:
    """
    So many cases arrive in every run, and all of them end.
    """
    study = ps.simulate(counter(), cases=200, warm_up="0 s", replications=4)
    assert study.scenarios[0].services[0].series["cases"] == (200.0,) * 4
    assert "4 replications of 200 cases" in str(study)


@pytest.mark.parametrize("name", ps.example_names())
def test_measures_fit_together(name: str) -> None:
    """
    In every replication of every shipped example: causes add up to the cycle time, outcomes to one, quantiles are in order,
    no resource is busier than it is open, and open time is part of all time.
    """
    study = ps.simulate(ps.read_example(name), horizon="26 week", warm_up="2 week", replications=3)
    for service in study.scenarios[0].services:
        for n in range(3):
            value = {measure: series[n] or 0.0 for measure, series in service.series.items()}
            causes = sum(seconds for measure, seconds in value.items() if measure.startswith("time_"))
            assert causes == pytest.approx(value["cycle_time"])
            parts = value["waiting_time"] + value["time_processing"] + value["time_rework"]
            assert parts == pytest.approx(value["cycle_time"])
            shares = sum(share for measure, share in value.items() if measure.startswith("outcome_"))
            assert shares == pytest.approx(1)
            assert value["cycle_time_median"] <= value["cycle_time_p90"] <= value["cycle_time_p95"]
            assert value["cycle_time_working"] <= value["cycle_time"] * (1 + 1e-9)
    for resource in study.scenarios[0].resources:
        assert all(0 <= (share or 0) <= 1 + 1e-9 for share in resource.series["utilisation"])


# Sequential stopping


def test_replications_are_added_until_means_are_as_sure_as_wanted() -> None:
    """
    The interval of every mean cycle time is as near as wanted; the study says so, and no run is wasted once it is.
    """
    scenarios = {"today": counter(rate="2.4 case/hour"), "four": counter(4)}
    study = ps.simulate(
        scenarios, horizon="60 day", warm_up="5 day", replications=5, precision="5 %", most_replications=400
    )
    assert study.precision == ps.Precision(0.05, 400, reached=True)
    assert 5 < study.replications < 400
    for name in scenarios:
        width = study.estimate(name, "cycle_time").relative_half_width
        assert width is not None
        assert width <= 0.05 / 1.05
    assert study.warnings == ()


def test_a_precision_that_was_not_reached_is_told() -> None:
    """
    Where the most replications are done, the study says how sure the mean is, and how sure it was to be.
    """
    even = ps.PublicOrganisation(
        "even",
        services=[
            ps.PublicService(
                "even",
                arrival_rate="1 case/hour",
                procedure=ps.Procedure(steps=[ps.Step("look", processing_time="1 min")]),
            )
        ],
    )
    study = ps.simulate(
        {"today": counter(rate="2.4 case/hour"), "even": even},
        horizon="60 day",
        warm_up="5 day",
        replications=4,
        precision="0.1 %",
        most_replications=9,
    )
    assert (study.replications, study.precision) == (9, ps.Precision(0.001, 9, reached=False))
    (warning,) = study.warnings
    assert "after 9 replications" in warning
    assert "not to 0.1%" in warning


# What is doubtful


def test_overload_is_told_with_numbers() -> None:
    """
    More work than there are clerks has no steady state; the study says by how much, and shows what it saw.
    """
    study = ps.simulate(counter(rate="4 case/hour"), horizon="10 day", warm_up="0 s", replications=3)
    assert str(study.warnings[0]).startswith(
        "counter: clerk: utilisation is 1.33: work for 4.00 arrives while 3 are open"
    )
    assert study.estimate("counter", "cycle_time").interval is not None
    empty = ps.simulate(counter(rate="4 case/hour"), cases=200, warm_up="0 s", replications=3)
    assert "utilisation is 1.33" in str(empty)


def test_a_queue_whose_cases_give_up_does_not_grow_for_ever() -> None:
    """
    Where those who wait too long leave, more work than there are clerks has a steady state, and no warning of overload.
    """
    office = counter(rate="4 case/hour")
    service = office.services[0]
    steps = [attrs.evolve(step, patience="1 hour") for step in service.procedure.steps]
    patient = attrs.evolve(
        office, services=[attrs.evolve(service, procedure=attrs.evolve(service.procedure, steps=steps))]
    )
    study = ps.simulate(patient, horizon="60 day", warm_up="1 day", replications=3)
    assert study.warnings == ()


@pytest.mark.parametrize("length", [{"horizon": "40 day"}, {"cases": 2850}])
def test_runs_that_are_short_for_the_load_are_told(length: dict[str, Any]) -> None:
    """
    Near its capacity a queue remembers its beginning for long; a run that holds few such times says how long it should be.
    """
    study = ps.simulate(counter(rate="2.97 case/hour"), warm_up="0 s", replications=2, **length)
    (warning,) = [str(warning) for warning in study.warnings if "to forget where it began" in str(warning)]
    forgets = in_words(3600 / 3 / (1 - 0.99**0.5) ** 2)
    assert warning.startswith(f"counter: clerk: busy 99% of its time, its queue takes {forgets} to forget")
    relaxed = ps.simulate(counter(rate="1 case/hour"), warm_up="0 s", replications=2, **length)
    assert not any("to forget" in str(warning) for warning in relaxed.warnings)


def test_overload_that_cannot_be_told_beforehand_is_said() -> None:
    """
    Where visits have no closed form, a procedure that ends twice, the simulation runs and says what it could not look at.
    """
    work = [ps.Step(id, processing_time="1 min") for id in ("begin", "left", "right")]
    office = ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/hour",
                procedure=ps.Procedure(
                    steps=work,
                    gateways=[ps.Gateway("fork", kind="parallel")],
                    flows=[
                        ps.Flow("begin", "fork"),
                        ps.Flow("fork", "left"),
                        ps.Flow("fork", "right"),
                    ],
                ),
            )
        ],
    )
    study = ps.simulate(office, cases=200, warm_up="0 s", replications=2)
    assert study.warnings == (
        "office: whether resources keep up is not known beforehand: a case reaches an end 2 times, expected once",
    )


def test_a_service_without_cases_is_not_precise() -> None:
    """
    A mean that nobody has seen is not known to any precision, and more replications are not run for it.
    """
    study = ps.simulate(
        counter(time="400 day"), horizon="30 day", warm_up="0 s", replications=2, precision="5 %"
    )
    assert (study.replications, study.precision) == (2, ps.Precision(0.05, 1000, reached=False))


def test_intervals_of_studies_cover_the_exact_value() -> None:
    """
    Of 200 studies of an M/M/1 queue, ten runs each, at least 90 % of the 95 % intervals hold the exact cycle time.

    Were the mean off by a fifth of the half-width the coverage would still be above 90 %; by a whole one, at 50 %.
    """
    office = counter(1, rate="0.5 case/hour")
    hits = 0
    for seed in range(200):
        study = ps.simulate(office, horizon="1500 hour", warm_up="100 hour", replications=10, seed=seed)
        interval = study.estimate("counter", "cycle_time").interval
        assert interval is not None
        hits += interval.low <= 2 * 3600 <= interval.high
    assert hits >= 180


def test_short_runs_are_told() -> None:
    """
    Few cases, a run of a few cycle times, an interval as wide as the mean: each is said.
    """
    study = ps.simulate(counter(), horizon="9 hour", warm_up="1 hour", replications=2)
    told = "\n".join(study.warnings)
    assert "cases end in a run after the warm-up: simulate longer" in told
    assert "a run after the warm-up 8.0 hour: simulate longer" in told
    assert "is known to" in told
    assert ps.simulate(counter(rate="1 case/hour"), horizon="200 day", warm_up="10 day").warnings == ()


def test_many_warnings_are_counted() -> None:
    """
    Twenty are printed, and how many more there are; all of them are there to be read.
    """
    service = counter().services[0]
    office = attrs.evolve(
        counter(),
        services=[attrs.evolve(service, id=f"advice-{n}", arrival_rate="1 case/day") for n in range(25)],
    )
    study = ps.simulate(office, horizon="30 day", warm_up="0 s", replications=2)
    assert len(study.warnings) >= 25
    assert str(study).endswith(f"... and {len(study.warnings) - 20} more warnings")
    assert str(study).count("warning: ") == 20


def test_a_run_that_has_not_settled_is_told() -> None:
    """
    The queue of an overloaded office only grows: no beginning can be left out.
    """
    study = ps.simulate(counter(rate="4 case/hour"), horizon="30 day", replications=3)
    assert (
        "counter: advice: cycle times have not settled in the first half of the run: simulate longer"
        in study.warnings
    )


def test_the_warm_up_is_found_and_named() -> None:
    """
    Without one given, MSER-5 leaves out a beginning, and the study says how long and by what.
    """
    study = ps.simulate(counter(), horizon="90 day", replications=3)
    assert 0 < study.warm_up.seconds < 45 * 86400
    assert "MSER-5 over the mean of 3 replications" in str(study)
    assert "(given)" in str(ps.simulate(counter(), horizon="90 day", warm_up="1 day", replications=3))


def test_runs_that_start_from_open_cases_have_no_warm_up() -> None:
    """
    What becomes of the cases that are open this morning is the question then: nothing is left out, unless so said.
    """
    empty = counter()
    service = attrs.evolve(empty.services[0], open_cases=[ps.OpenCases(at="advise", cases=200)])
    behind = attrs.evolve(empty, services=[service])
    study = ps.simulate({"empty": empty, "behind": behind}, horizon="60 day", replications=3)
    assert study.warm_up.seconds == 0
    assert "none: runs start from the cases that are open" in str(study)
    more = study.difference("behind", "empty", "work_in_progress").estimate
    assert more.interval is not None
    assert more.interval.low > 0
    given = ps.simulate(behind, horizon="60 day", warm_up="30 day", replications=3)
    assert given.warm_up.seconds == 30 * 86400
    crowded = attrs.evolve(service, open_cases=[ps.OpenCases(at="advise", cases=10**8)])
    with pytest.raises(ps.InvalidStudyError, match="max_memory"):
        ps.simulate(attrs.evolve(empty, services=[crowded]), cases=1)


def test_one_replication_prints_no_figure() -> None:
    """
    A figure without an interval is not printed; what is missing is said instead.
    """
    study = ps.simulate(counter(), horizon="90 day", warm_up="1 day", replications=1)
    assert {row["mean"] for row in study.means()} == {None}
    assert "one replication alone says nothing" in str(study)
    assert study.difference("counter", "counter", "cycle_time").text().endswith("give two or more")


def test_a_service_without_a_case_has_no_mean() -> None:
    """
    A service of which no case ended is there, and its figures say why they are missing.
    """
    office = counter(time="400 day")
    study = ps.simulate(office, horizon="30 day", warm_up="0 s", replications=2)
    found = study.estimate("counter", "cycle_time")
    assert (found.mean, str(found.undefined)) == (None, "no case has ended")
    assert "advice: no case has ended" in str(study)


def test_a_resource_that_nobody_comes_to_says_so() -> None:
    """
    Who has no work has a utilisation of zero and no wait; where runs end before the warm-up neither is there.
    """
    office = attrs.evolve(counter(), resources=[ps.Resource("clerk", capacity=3), ps.Resource("idle")])
    study = ps.simulate(office, cases=20, warm_up="0 s", replications=2)
    assert study.estimate("counter", "utilisation", of="idle").mean == 0
    assert str(study.estimate("counter", "wait", of="idle").undefined) == "no case came to it"
    late = ps.simulate(office, cases=20, warm_up="1 year", replications=2)
    assert str(late.estimate("counter", "utilisation", of="idle").undefined) == "it was never open"
    assert (
        str(late.estimate("counter", "queue", of="idle").undefined) == "the runs ended before their warm-up"
    )
    assert "advice: no case has ended" in str(late)


def test_an_outcome_that_few_meet_is_zero_where_nobody_does() -> None:
    """
    What only some replications have seen of outcomes counts as none in the others.
    """
    office = ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/day",
                procedure=ps.Procedure(
                    steps=[ps.Step("decide", processing_time="1 hour")],
                    ends=[ps.End("granted"), ps.End("refused")],
                    flows=[
                        ps.Flow("decide", "granted", probability=0.99),
                        ps.Flow("decide", "refused", probability=0.01),
                    ],
                ),
            )
        ],
    )
    study = ps.simulate(office, cases=20, warm_up="0 s", replications=10)
    shares = study.scenarios[0].services[0].series["outcome_refused"]
    assert 0.0 in shares
    assert len(shares) == 10
    assert study.scenarios[0].resources == ()


# Bad input


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "expected either a horizon such as '1 year' or a number of cases"),
        ({"horizon": "1 year", "cases": 10}, "expected either a horizon"),
        ({"horizon": "0 day"}, "expected a horizon above zero"),
        ({"horizon": "200 working_day"}, "expected elapsed time such as '8 week', got '200 working_day'"),
        ({"horizon": "8 working_hour"}, "expected elapsed time"),
        ({"horizon": "8 week", "warm_up": "9 week"}, "expected a warm-up shorter than the horizon"),
        ({"horizon": "8 week", "warm_up": "8 week"}, "expected a warm-up shorter than the horizon"),
        ({"horizon": "8 week", "warm_up": "1 working_day"}, "expected elapsed time"),
        ({"cases": 0}, "cases: expected a whole number of at least 1, got 0"),
        ({"cases": 1.5}, "cases: expected a whole number"),
        ({"cases": True}, "cases: expected a whole number"),
        ({"cases": 10, "replications": 0}, "replications: expected a whole number of at least 1, got 0"),
        (
            {"cases": 10, "replications": 1, "precision": "2 %"},
            "replications: expected a whole number of at least 2",
        ),
        (
            {"cases": 10, "precision": "2 %", "most_replications": 3},
            "most_replications: expected a whole number of at least 20",
        ),
        ({"cases": 10, "seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"cases": 10**9}, "would take about 500,000 MB"),
        ({"cases": 10, "replications": 10**9}, "max_memory allows more"),
        ({"cases": 10**400}, "max_memory allows more"),
        ({"cases": 10, "replications": 10**400}, "max_memory allows more"),
        ({"horizon": "100000 year"}, "max_memory allows more"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_run(options: dict[str, Any], says: str) -> None:
    """
    Each reason is said with what was found and what would be right.
    """
    with pytest.raises(ps.InvalidStudyError) as caught:
        ps.simulate(counter(), **options)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"horizon": 3}, "expected a duration such as '15 min', got 3"),
        ({"horizon": ["1 year"]}, "expected a duration such as '15 min', got ['1 year']"),
        ({"cases": 10, "warm_up": 4.0}, "expected a duration such as '15 min', got 4.0"),
        ({"cases": 10, "seed": "a"}, "seed: expected a whole number of at least 0, got 'a'"),
        ({"cases": 10, "seed": None}, "seed: expected a whole number of at least 0, got None"),
        ({"cases": 10, "replications": 2.0}, "replications: expected a whole number of at least 1, got 2.0"),
        (
            {"cases": 10, "max_memory": "2 GB"},
            "max_memory: expected a whole number of at least 1, got '2 GB'",
        ),
    ],
)
def test_options_of_another_kind_are_told(options: dict[str, Any], says: str) -> None:
    """
    A number for a duration, a text for a number: each says what it is to be.
    """
    with pytest.raises(ps.PubserviceError) as caught:
        ps.simulate(counter(), **options)
    assert says in str(caught.value)


@pytest.mark.parametrize("scenarios", [{}, None, [counter()], {"today": 1}, {1: counter()}])
def test_scenarios_are_organisations_by_name(scenarios: Any) -> None:
    """
    Nothing else can be simulated.
    """
    with pytest.raises(ps.InvalidStudyError, match="expected organisations by the name of their scenario"):
        ps.simulate(scenarios, cases=10)


def test_more_memory_is_allowed_by_name() -> None:
    """
    The bound that the error names can be raised, and lowered.
    """
    with pytest.raises(ps.InvalidStudyError, match="more than 0 MB"):
        ps.simulate(counter(), cases=10, max_memory=1000)
    assert ps.simulate(counter(), cases=10, warm_up="0 s", max_memory=10**6).replications == 20


def test_a_precision_that_would_take_too_much_is_refused_when_it_is_seen() -> None:
    """
    Replications that are added count too.
    """
    with pytest.raises(ps.InvalidStudyError, match="max_memory"):
        ps.simulate(
            counter(),
            cases=10,
            warm_up="0 s",
            replications=5,
            precision="0.1 %",
            most_replications=10**5,
            max_memory=10**5,
        )


def test_a_service_without_a_rate_is_refused() -> None:
    """
    Nobody knows when cases come: the engine says so of every service.
    """
    office = counter()
    silent = attrs.evolve(office, services=[attrs.evolve(office.services[0], arrival_rate=None)])
    with pytest.raises(ps.InvalidModelError):
        ps.simulate({"today": office, "silent": silent}, cases=10)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda s: s.scenario("tody"), "no scenario 'tody', did you mean 'today'?"),
        (lambda s: s.estimate("today", "cycle_tme"), "no measure 'cycle_tme', did you mean 'cycle_time'?"),
        (
            lambda s: s.estimate("today", "utilisation", of="clerc"),
            "no service or resource 'clerc', did you mean 'clerk'?",
        ),
        (lambda s: s.difference("third", "today", "cycle_time"), "no scenario 'third'"),
        (
            lambda s: s.estimate("today", "utilisation"),
            "'utilisation' is measured of clerk, engineer: say of which",
        ),
        (lambda s: s.scenarios[0].services[0].estimate("utilisation"), "no measure 'utilisation'"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(
    study: ps.Study, ask: Callable[[ps.Study], object], says: str
) -> None:
    """
    Scenarios, measures, services and resources are asked for by their ids.
    """
    with pytest.raises((ps.UnknownIdError, ps.InvalidStudyError)) as caught:
        ask(study)
    assert says in str(caught.value)


def test_an_interrupt_passes_and_leaves_nothing() -> None:
    """
    Ctrl-C in the middle of a study ends it: no part of it is passed off as the whole.
    """

    def interrupt(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ps.simulate(counter(), cases=10, warm_up="0 s", progress=interrupt)
    with ThreadPoolExecutor(2) as executor, pytest.raises(KeyboardInterrupt):
        ps.simulate(counter(), cases=10, warm_up="0 s", progress=interrupt, executor=executor)


class Elsewhere(Executor):
    """An executor of one's own, as a cluster's client is: each task is sent away, and the last is done first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], bytes]] = []
        self.sent = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, pickle.dumps((fn, args, kwargs))))
        self.sent += 1
        threading.Timer(0.01, self._work).start()
        return future

    def _work(self) -> None:
        future, task = self.waiting.pop()
        fn, args, kwargs = pickle.loads(task)
        future.set_result(pickle.loads(pickle.dumps(fn(*args, **kwargs))))


def test_any_executor_gives_the_same_study(study: ps.Study, two: dict[str, ps.PublicOrganisation]) -> None:
    """
    What is not of the standard library, tells nothing of its workers and has tasks come back in another order is as good.
    """
    elsewhere = Elsewhere()
    assert ps.simulate(two, **SHORT, executor=elsewhere) == study
    assert elsewhere.sent == 12


_STUDY = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pubservice as ps

if __name__ == "__main__":
    office = ps.read_example("civil-registration")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        print("begun", flush=True)
        study = ps.simulate(
            office, horizon="1 year", warm_up="0 s", replications=1000, executor=executor,
            progress=lambda done, planned: print("some", flush=True), max_memory=10**12,
        )
        print("whole", study)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as a terminal of POSIX does")
def test_ctrl_c_ends_workers_and_prints_no_study(tmp_path: Path) -> None:
    """
    A terminal interrupts all processes at once: all end soon, and what was done is not passed off as the whole.
    """
    script = tmp_path / "study.py"
    script.write_text(_STUDY)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert process.stdout.readline() == "some\n"
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in err
    assert "whole" not in out
    for _ in range(200):  # until the last worker is gone
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("workers go on")


def test_progress_ends_where_it_was_to_end() -> None:
    """
    Runs are told of one by one, those that find the warm-up and those that are added too.
    """
    told: list[tuple[int, int]] = []
    study = ps.simulate(
        counter(),
        horizon="60 day",
        replications=5,
        precision="5 %",
        most_replications=200,
        progress=lambda *n: told.append(n),
    )
    assert [done for done, _ in told] == list(range(1, 5 + study.replications + 1))
    assert told[-1][0] == told[-1][1]
    assert all(done <= planned for done, planned in told)


# What it says


def test_a_row_for_each_scenario_and_replication(study: ps.Study) -> None:
    """
    Rows have the same columns, in the units that their titles say.
    """
    rows = study.rows()
    assert [(row["scenario"], row["replication"]) for row in rows] == [
        (name, n) for name in ("today", "third clerk") for n in range(6)
    ]
    assert len({tuple(row) for row in rows}) == 1
    cycle_times = [row["building-permit: cycle time / hour"] for row in rows[:6]]
    (series,) = (service.series for service in study.scenario("today").services)
    assert cycle_times == [None if seconds is None else seconds / 3600 for seconds in series["cycle_time"]]


def test_rows_without_a_value_are_there() -> None:
    """
    What a replication has no value for is None in its row.
    """
    study = ps.simulate(counter(time="400 day"), horizon="30 day", warm_up="0 s", replications=2)
    assert study.rows()[0]["advice: cycle time / hour"] is None


def test_a_study_is_printed_in_both_languages(study: ps.Study) -> None:
    """
    Means stand between the ends of their intervals; the words are those of the reader.
    """
    assert "today        building-permit  cycle time / hour" in str(study)
    assert "waktu siklus / jam" in study.text("id")
    assert "6 ulangan sepanjang 4 week, benih 2026" in study.text("id")
    for row in study.means():
        assert row["low"] <= row["mean"] <= row["high"]


def test_a_difference_is_printed_with_its_sign(study: ps.Study) -> None:
    """
    What is taken away stands behind the minus, and the unit in the title.
    """
    text = str(study.difference("third clerk", "today", "cycle_time"))
    assert text.startswith("third clerk − today: building-permit: cycle time / hour: -")
    assert text.endswith("(paired, Student's t, 6 replications)")
    assert "selang 95%" in study.difference("third clerk", "today", "cycle_time").text("id")


def test_json_holds_every_value_and_where_it_comes_from(study: ps.Study) -> None:
    """
    JSON of a study can be written, and made again from its seed, its version and the digest of each model.
    """
    data = json.loads(json.dumps(study.data()))
    assert data["seed"] == 2026
    assert data["method"]["kind"] == "simulation"
    assert len({scenario["digest"] for scenario in data["scenarios"]}) == 2
    assert data["provenance"]["digest"].startswith("sha256:")
    permit = data["scenarios"][0]["services"][0]
    assert permit["id"] == "building-permit"
    assert len(permit["measures"]["cycle_time"]["values"]) == 6
    assert permit["measures"]["cycle_time"]["interval"]["confidence"] == 0.95
    assert (
        json.loads(json.dumps(study.difference("third clerk", "today", "cycle_time").data()))["of"]
        == "building-permit"
    )
    assert study.provenance.assumptions


def test_a_study_travels_between_processes(study: ps.Study) -> None:
    """
    A study can be kept and sent.
    """
    assert pickle.loads(pickle.dumps(study)) == study
