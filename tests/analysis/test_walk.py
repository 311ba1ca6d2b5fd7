"""Cases that are walked through the calendar, where waits pass while it is closed too."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from played_times import played_times
from pubservice.analysis import walk
from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.open_time import OpenTime
from timed import timed

OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
ALWAYS = ps.Calendar("always", hours={"mon-sun": "00:00-24:00"})


def post(time: str = "24 hour", *after: str, before: tuple[str, ...] = ()) -> ps.PublicOrganisation:
    """Return an office in which a letter is waited for between steps of some times."""
    steps = [ps.Step(f"s{n}", resource="clerk", processing_time=t) for n, t in enumerate((*before, *after))]
    ids = [step.id for step in steps]
    ids.insert(len(before), "post")
    return ps.PublicOrganisation(
        "o",
        calendars=[OFFICE],
        calendar="office",
        resources=[ps.Resource("clerk", capacity=50)],
        services=[
            ps.PublicService(
                "s",
                arrival_rate="1 case/working_day",
                procedure=ps.Procedure(
                    steps=steps,
                    waits=[ps.Wait("post", cause="applicant", clock="elapsed", time=time)],
                    flows=[ps.Flow(*pair) for pair in zip(ids, ids[1:], strict=False)],
                ),
            )
        ],
    )


def times(office: ps.PublicOrganisation) -> ps.CycleTimeDistribution:
    """Return how long its cases take."""
    return ps.cycle_time_distribution(office, "s")


def test_a_day_of_waiting_takes_a_day() -> None:
    """
    A wait of 24 hours alone is over after 24 hours in every case, wherever in the week it begins.
    """
    found = times(post())
    assert [found.quantile_s(share, clock="elapsed") / 3600 for share in (0.001, 0.5, 0.999)] == [24] * 3
    assert (found.probability_within("23.9 hour"), found.probability_within("1 day")) == (0, 1)
    assert ps.performance(post()).services[0].cycle_time_elapsed_s == 24 * 3600
    assert found.method["elapsed"].kind == "simulation"


def test_work_after_a_wait_begins_when_the_office_opens() -> None:
    """
    Half an hour after a day: three in four are done at once, others after a night or a weekend; by hand.

    Who begins from Monday to Thursday goes on at the same time of the next day, and does not get ready in the last half
    hour; of those the ones of Thursday meet the weekend. Who begins on Friday goes on on Monday at eight.
    """
    found = times(post("24 hour", "30 min"))
    within = {24.4: 0, 24.5: 0.75, 40.4: 0.75, 40.5: 0.7875, 68.5: 0.8875, 72.5: 0.9875, 88.5: 1}
    for hours, share in within.items():
        assert found.probability_within(f"{hours} hour") == pytest.approx(share, abs=2e-3), hours
    assert found.quantile_s(0.7, clock="elapsed") == pytest.approx(24.5 * 3600, abs=1e-3)


@pytest.mark.parametrize(
    ("wait", "before"),
    [("24 hour", "30 min"), ("lognormal(mean=3 day, sd=2 day)", "exponential(mean=2 hour)")],
)
def test_a_walk_takes_what_the_simulation_takes(wait: str, before: str) -> None:
    """
    Where nobody queues, a simulation of ten years has the same means on both clocks and the same quantiles.

    The formula is up to 2 % off in the means; both samples have an error of their own.
    """
    office = post(wait, "30 min", before=(before,))
    study = ps.simulate(office, horizon="10 year", warm_up="60 day", replications=4, seed=3)
    found, service = times(office), ps.performance(office).services[0]

    def simulated(measure: str) -> float:
        mean = study.estimate("o", measure).mean
        assert mean is not None
        return mean

    assert service.cycle_time_elapsed_s == pytest.approx(simulated("cycle_time"), rel=0.02)
    assert service.cycle_time_s == pytest.approx(simulated("cycle_time_working"), rel=0.02)
    for share, measure in ((0.5, "cycle_time_median"), (0.95, "cycle_time_p95")):
        assert found.quantile_s(share, clock="elapsed") == pytest.approx(simulated(measure), rel=0.02)


@given(st.integers(0, 10**6))
def test_walked_cases_are_played_cases_where_it_is_always_open(seed: int) -> None:
    """
    Choices, loops, blocks and networks are walked as a plain player plays them: no share is further off than samples are.
    """
    model = timed(seed)
    case = CaseTime(ps.performance(model).services[0].case)
    walked = walk.Walk(case, OpenTime(ALWAYS)).elapsed
    played = played_times(model.services[0].procedure, 1000, seed)
    shares = np.searchsorted(walked, played * (1 + 1e-9), side="right") / len(walked)
    truth = np.searchsorted(played, played * (1 + 1e-9), side="right") / len(played)
    assert np.abs(shares - truth).max() < 2.2 * sqrt(1 / len(played) + 1 / len(walked))


@given(st.integers(0, 10**6))
def test_no_case_takes_less_than_on_the_clock_of_the_service(seed: int) -> None:
    """
    With queues and batches too: elapsed quantiles are never below the fixed waits of all cases, and grow with the share.
    """
    model = timed(seed, queued=True)
    found = times(model)
    quantiles = [found.quantile_s(share, clock="elapsed") for share in (0.01, 0.5, 0.9, 0.99)]
    assert quantiles == sorted(quantiles)
    assert quantiles[0] >= 0


def test_branches_wait_for_each_other_on_the_clock_that_passes_outside() -> None:
    """
    A day of waiting beside nine hours of work, from eight to four: both are over after the work, or after the day.

    Nine working hours take 25 elapsed ones where they meet one night, and 41 where they meet two.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("work", processing_time="9 hour")],
        waits=[ps.Wait("post", cause="other-body", clock="elapsed", time="24 hour")],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[ps.Flow(*pair.split()) for pair in ("f work", "f post", "work j", "post j")],
    )
    days = ps.Calendar("days", hours={"mon-sun": "08:00-16:00"})
    service = ps.PublicService("s", procedure=procedure)
    found = times(ps.PublicOrganisation("o", calendars=[days], calendar="days", services=[service]))
    assert found.probability_within("24.9 hour") == 0
    assert found.probability_within("25 hour") == pytest.approx(7 / 8, abs=2e-3)
    assert found.probability_within("41 hour") == 1


def test_a_network_is_walked_from_join_to_join() -> None:
    """
    Branches that cross: the last of all is done after the longest way, a day of waiting and then two hours of work.
    """
    procedure = ps.Procedure(
        start="f",
        steps=[ps.Step(id, processing_time="2 hour") for id in ("a", "b", "c")],
        waits=[ps.Wait("post", cause="other-body", clock="elapsed", time="24 hour")],
        gateways=[ps.Gateway(id, kind="parallel") for id in ("f", "g", "h", "j")],
        flows=[
            ps.Flow(*pair.split())
            for pair in ("f a", "f post", "a g", "g b", "g h", "post h", "h c", "b j", "c j")
        ],
    )
    service = ps.PublicService("s", procedure=procedure)
    days = ps.Calendar("days", hours={"mon-sun": "08:00-16:00"})
    found = times(ps.PublicOrganisation("o", calendars=[days], calendar="days", services=[service]))
    assert found.probability_within("25.9 hour") == 0
    assert found.probability_within("26 hour") == pytest.approx(6 / 8, abs=2e-3)
    assert found.probability_within("42 hour") == 1


def test_a_longer_wait_answers_by_how_often_it_is_open_at_its_end() -> None:
    """
    A day more or less of 24 hours ends when the office is open four times of five: a tenth less saves 0.8 × 2.4 hours.
    """
    (effect,) = [
        effect for effect in ps.sensitivity(post("24 hour", "30 min")).effects if effect.lever.kind == "wait"
    ]
    assert effect.gain["cycle_time"] == pytest.approx(0.8 * 2.4 * 3600, rel=1e-2)
    around = [ps.performance(post(f"{24 + by} hour")).services[0].cycle_time_s or 0.0 for by in (-0.1, 0.1)]
    assert (around[1] - around[0]) / 0.2 / 3600 == pytest.approx(0.8, abs=0.02)


def test_more_than_can_be_walked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Few cases tell nothing of the slowest one in ten thousand, and procedures of very many visits are not walked.
    """
    found = times(post("24 hour", "30 min"))
    with pytest.raises(ps.UndefinedResultError, match=r"8,192 cases .* no share above 0\.9990, got 0\.9999"):
        found.quantile_s(0.9999, clock="elapsed")
    monkeypatch.setattr(walk, "_MOST_ROUNDS", 1)
    with pytest.raises(ps.UndefinedResultError, match=r"a case comes to 2 nodes: more than 1 are not walked"):
        times(post("24 hour", "30 min")).probability_within("1 day")
