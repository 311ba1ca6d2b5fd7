"""Cases that come at intervals or by appointment."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

import pubservice as ps
from pubservice.simulation.laws import broken_laws
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.simulation.run import run

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})


def counter(arrivals: ps.Arrivals, *, calendar: bool = True, **fields: Any) -> ps.PublicOrganisation:
    """Return a counter with a clerk, who takes 12 minutes on average unless said otherwise."""
    under: dict[str, Any] = {"calendar": "office", "calendars": [OFFICE]} if calendar else {}
    time = fields.pop("time", "exponential(12) min")
    return ps.PublicOrganisation(
        "counter",
        resources=[ps.Resource("clerk", capacity=fields.pop("capacity", 1))],
        services=[
            ps.PublicService(
                "advice",
                arrivals=arrivals,
                procedure=ps.Procedure(steps=[ps.Step("serve", resource="clerk", processing_time=time)]),
                **fields,
            )
        ],
        **under,
    )


def booked(**fields: Any) -> ps.Arrivals:
    """Return arrivals by appointment."""
    return ps.Arrivals(appointments=ps.Appointments(**{"slot": "20 working_min", **fields}))


def played(office: ps.PublicOrganisation, *, days: float = 7, **options: Any) -> Record:
    """Return a run of some days."""
    return run(program(office), **{"seed": 7, "horizon_s": days * DAY, "log": True, **options})


def minutes(record: Record) -> Any:
    """Return when cases came, in minutes after eight of the first day."""
    return record.case_arrival_s / MINUTE - 480


def test_intervals_are_on_the_clock_of_the_service() -> None:
    """
    Every half hour of open time a case comes, the first after the first, and what is due at closing time comes then.
    """
    record = played(counter(ps.Arrivals(interval="30 working_min")), days=2)
    day = [*range(30, 241, 30), *range(330, 481, 30)]
    assert minutes(record).tolist() == [*day, *(1440 + minute for minute in day)]


def test_slots_begin_at_openings() -> None:
    """
    Slots follow each other from the opening on, and what would begin at closing time begins at the next opening.
    """
    record = played(counter(booked(slot="1 working_hour", cases=2), capacity=2), days=2)
    day = [0, 60, 120, 180, 300, 360, 420]
    assert minutes(record).tolist() == [minute for minute in (*day, *(1440 + m for m in day)) for _ in "ab"]


def test_a_slot_that_closing_time_cuts_goes_on() -> None:
    """
    Of slots of two hours in a day of seven, the fourth ends an hour into the next day.
    """
    record = played(counter(booked(slot="2 working_hour")), days=2)
    assert minutes(record).tolist() == [0, 120, 300, 420, 1440 + 60, 1440 + 180, 1440 + 360]


def test_who_does_not_come_is_counted_and_no_case() -> None:
    """
    Every place is taken by somebody who comes or by somebody who does not, in the share that is said.
    """
    record = played(counter(booked(cases=2, no_show=0.2), capacity=2), days=7 * 40)
    places = 40 * 5 * 21 * 2
    assert record.cases + int(record.missed[0]) == places
    assert int(record.missed[0]) / places == pytest.approx(0.2, abs=4 * math.sqrt(0.16 / places))


def test_places_stay_free_where_fewer_come() -> None:
    """
    Where the arrival rate is below what could come, places are taken at random so that it holds.
    """
    office = counter(booked(cases=2, no_show=0.2), capacity=2, arrival_rate="1.2 case/working_hour")
    record = played(office, days=7 * 40)
    places = 40 * 5 * 21 * 2
    assert record.cases / (40 * 35) == pytest.approx(1.2, abs=4 * math.sqrt(0.2 * 0.8 * places) / (40 * 35))
    assert int(record.missed[0]) / places == pytest.approx(0.25 * 0.2, abs=0.01)


def test_people_are_early_and_late() -> None:
    """
    Who comes before the doors open waits for them; each is as early or late as is said, and nobody comes before the run.
    """
    office = counter(booked(early="10 min", late="uniform(0, 4) min"), time="5 min")
    record = played(office, days=5)
    slots = played(counter(booked(), time="5 min"), days=5)
    off = minutes(record) - minutes(slots)
    assert record.cases == slots.cases
    assert off.min() >= -10
    assert off.max() <= -6
    assert len(set(np.round(off, 6))) == record.cases
    assert record.event_start_s is not None
    assert record.event_start_s[0] == 8 * HOUR
    always = counter(booked(slot="20 min", early="10 min"), time="5 min", calendar=False)
    assert played(always, days=0.05).case_arrival_s[:3].tolist() == [0.0, 600.0, 1800.0]


def test_weights_and_growth_bring_slots_closer() -> None:
    """
    Where twice as many come slots are half as long, and the mean over open time stays.
    """
    office = counter(booked(slot="7 working_min"), demand=ps.Demand(hours={"08:00-12:00": 2}), time="5 min")
    record = played(office, days=7 * 20)
    inside = minutes(record) % 1440
    assert record.cases / (20 * 35 * 60) == pytest.approx(1 / 7, rel=0.005)
    assert (inside < 240).mean() == pytest.approx(8 / 11, abs=0.01)
    growing = counter(booked(slot="40 working_min"), demand=ps.Demand(growth=1), time="5 min")
    first, second = np.histogram(played(growing, days=7 * 104).case_arrival_s, [0, 364 * DAY, 728 * DAY])[0]
    assert second == pytest.approx(2 * first, rel=0.005)


@pytest.mark.parametrize(
    "arrivals",
    [
        ps.Arrivals(interval="gamma(mean=20, sd=5) working_min"),
        ps.Arrivals(interval="empirical(5, 30, 60) working_min"),
        booked(cases=3, no_show=0.3, early="pert(0, 5, 20) min", late="exponential(4) min"),
    ],
)
@pytest.mark.parametrize("much", [{"horizon_s": 90 * DAY}, {"horizon_s": None, "cases": 700}])
def test_runs_are_alike_compiled_and_keep_the_laws(arrivals: ps.Arrivals, much: dict[str, Any]) -> None:
    """
    Compiled or not all floats are the same, and no law is broken.
    """
    pytest.importorskip("numba")
    office = counter(arrivals, capacity=3, demand=ps.Demand(weekdays={"mon": 1.5}, growth=0.1))
    runs = [played(office, compiled=how, **much) for how in (False, True)]
    one, other = (record.arrays() for record in runs)
    assert broken_laws(runs[0]) == ()
    assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)
    assert runs[0].cases == much.get("cases", runs[0].cases)


def stay(arrivals: ps.Arrivals, replications: int = 60) -> tuple[float, float]:
    """Return the mean stay at a clerk who takes an hour on average, in hours, and its standard error."""
    office = program(counter(arrivals, calendar=False, time="exponential(1) hour"))
    found = []
    for n in range(replications):
        record = run(office, seed=11, replication=n, horizon_s=10_000 * HOUR)
        late = (record.case_arrival_s > 500 * HOUR) & (record.case_outcome >= 0)
        found.append((record.case_end_s - record.case_arrival_s)[late].mean() / HOUR)
    return float(np.mean(found)), float(np.std(found, ddof=1) / math.sqrt(replications))


@pytest.mark.parametrize("kind", ["fixed", "erlang"])
def test_queues_are_those_of_gi_m_1(kind: str) -> None:
    """
    At load 0.8 the stay is 1 / (μ (1 - σ)), σ the root of σ = A*(μ (1 - σ)), A* the transform of the intervals.

    Gross et al., Fundamentals of Queueing Theory, 4th ed., §5.3.1.
    """
    mean = 1.25
    interval = f"{mean} hour" if kind == "fixed" else f"gamma(mean={mean}, sd={mean / math.sqrt(4)}) hour"

    def transform(z: float) -> float:
        return math.exp(-z * mean) if kind == "fixed" else (1 + z * mean / 4) ** -4

    root = brentq(lambda sigma: transform(1 - sigma) - sigma, 1e-9, 1 - 1e-6)
    found, error = stay(ps.Arrivals(interval=interval))
    assert error < 0.015 / (1 - root)
    assert found == pytest.approx(1 / (1 - root), abs=3.5 * error)


def test_exponential_intervals_are_poisson() -> None:
    """
    Intervals without memory give M/M/1, whose stay at load 0.8 is five hours.
    """
    found, error = stay(ps.Arrivals(interval="exponential(1.25) hour"))
    assert found == pytest.approx(5, abs=3.5 * error)


def test_appointments_with_many_who_do_not_come_are_geometric_intervals() -> None:
    """
    A place each half hour of which 60 % come is GI/M/1 with geometric intervals, whose root is known in closed form too.
    """
    p, slot = 0.4, 0.5

    def transform(z: float) -> float:
        return p * math.exp(-z * slot) / (1 - (1 - p) * math.exp(-z * slot))

    root = brentq(lambda sigma: transform(1 - sigma) - sigma, 1e-9, 1 - 1e-6)
    found, error = stay(booked(slot="30 min", no_show=1 - p))
    assert found == pytest.approx(1 / (1 - root), abs=3.5 * error)


def test_a_study_counts_who_does_not_come() -> None:
    """
    The measure is there where there are appointments, behind the warm-up, and nowhere else.
    """
    study = ps.simulate(
        {"booked": counter(booked(no_show=0.2)), "even": counter(ps.Arrivals(interval="20 working_min"))},
        horizon="12 week",
        warm_up="2 week",
        replications=4,
    )
    found = study.estimate("booked", "no_shows").mean
    assert found is not None
    assert found == pytest.approx(10 * 5 * 21 * 0.2, rel=0.2)
    with pytest.raises(ps.UnknownIdError):
        study.estimate("even", "no_shows")


@pytest.mark.parametrize("arrivals", [ps.Arrivals(interval="20 working_min"), booked()])
def test_the_analysis_says_that_it_takes_arrivals_as_poisson(arrivals: ps.Arrivals) -> None:
    """
    What is computed reads the rate, and names what it leaves out.
    """
    (load,) = ps.find_bottlenecks(counter(arrivals)).loads
    assert load.utilisation == pytest.approx(0.6)
    assert load.method["waiting_time_s"].kind == "approximation"
    assert "arrivals taken as Poisson" in load.method["waiting_time_s"].name


def test_who_is_on_time_comes_when_the_slot_begins() -> None:
    """
    Without lateness a booked case comes to the minute, the first at the opening, interpreted as well as compiled.
    """
    record = played(counter(booked()), days=1, compiled=False)
    assert list(minutes(record)[:3]) == pytest.approx([0, 20, 40])
    always = played(
        counter(ps.Arrivals(appointments=ps.Appointments(slot="1 hour")), calendar=False),
        days=1,
        compiled=False,
    )
    assert list(always.case_arrival_s[:3] / HOUR) == pytest.approx([0, 1, 2])


def test_slots_end_where_demand_dies_out() -> None:
    """
    Where each year brings a tenth of the year before, so few slots are ever called up that they can be counted.
    """
    arrivals = ps.Arrivals(appointments=ps.Appointments(slot="1 day"))
    office = counter(arrivals, calendar=False, demand=ps.Demand(growth=-0.9))
    record = played(office, days=3640, compiled=False, log=False)
    assert record.cases == 405  # 364 + 36.4 + 3.64 + ...
    assert record.case_arrival_s[-1] < 5 * 364 * DAY
