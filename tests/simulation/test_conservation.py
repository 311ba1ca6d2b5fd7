"""What must hold of every run: of random organisations, and what is found where it does not."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubservice as ps
from planting import Sketch, sketches
from played_offices import OFFICE, one_service, played, station
from pubservice.errors import DeadlockError, InvalidModelError
from pubservice.simulation.laws import broken_laws
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.simulation.run import run
from strategies import organisations

HALF = ps.Calendar(
    "half",
    hours={"mon-wed": "09:00-15:00"},
    time_zone="Asia/Jakarta",
    closures=["2026-01-06..2026-01-07"],
    year=2026,
)
PROMISE = ps.ServiceStandard(completion_time="2 day")
TIMES = (
    "20 min",
    "uniform(5, 15) min",
    "triangular(5, 10, 30) min",
    "pert(5, 10, 30) min",
    "exponential(15 min)",
    "lognormal(mean=20 min, sd=30 min)",
    "gamma(mean=20 min, sd=10 min)",
    "weibull(1.5, 10 min)",
    "empirical(0, 10, 60) min",
)

COMING = (
    ps.Arrivals(interval="empirical(0, 0.1) week"),
    ps.Arrivals(
        appointments=ps.Appointments(
            slot="0.05 week", cases=2, no_show=0.2, early="uniform(0, 1) day", late="exponential(30) min"
        )
    ),
)


@st.composite
def offices(draw: st.DrawFn) -> ps.PublicOrganisation:
    """Return organisations with all that a run can meet: blocks, loops, batches, set-ups, teams, calendars, shared pools."""
    sketch: Sketch = next(iter(sketches(1, seed=draw(st.integers(0, 10_000)), size=draw(st.integers(2, 14)))))
    under_calendar = draw(st.booleans())
    service = sketch.service(arrival_rate="60 case/week", standard=PROMISE)
    changed = []
    for step in service.procedure.steps:
        more: dict[str, Any] = {"processing_time": draw(st.sampled_from(TIMES))}
        match draw(st.integers(0, 9)):
            case 0:
                more["batch"] = ps.Batch(size=draw(st.integers(1, 4)))
                more["setup_time"] = "exponential(10 min)"
            case 1:
                more["batch"] = ps.Batch(period=draw(st.sampled_from(["1 day", "4 hour"])))
            case 2:
                more |= {"resource": ["clerk", "officer"], "staff": draw(st.integers(1, 2))}
            case 3:
                more |= {"resource": [], "actor": "applicant"}
            case 4:
                more |= {"staff": 2, "contact": "in-person"}
        changed.append(attrs.evolve(step, **more))
    procedure = attrs.evolve(service.procedure, steps=changed)
    kept: dict[str, Any] = {}
    if under_calendar:
        kept = {"calendar": "office", "calendars": [OFFICE, HALF]}
    own = draw(st.sampled_from([None, "half"])) if under_calendar else None
    return ps.PublicOrganisation(
        "o",
        resources=[
            ps.Resource(
                id,
                capacity=draw(st.integers(2, 4)),
                cases_at_once=draw(st.sampled_from([1, 1, 2])),
                calendar=own if id == "clerk" else None,
                closing=draw(st.sampled_from(["stop", "finish"])),
                discipline=draw(st.sampled_from(["first-come", "priority", "due-date"])),
            )
            for id in sketch.resources
        ],
        services=[
            attrs.evolve(service, procedure=procedure),
            ps.PublicService(
                "other",
                arrival_rate="20 case/week",
                arrivals=draw(st.none() | st.sampled_from(COMING)),
                priority=2,
                standard=PROMISE,
                procedure=ps.Procedure(
                    steps=[
                        ps.Step(
                            "only",
                            resource="clerk",
                            processing_time=draw(st.sampled_from(TIMES)),
                            patience=draw(st.none() | st.sampled_from(TIMES)),
                        )
                    ]
                ),
            ),
        ],
        **kept,
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(office=offices(), seed=st.integers(0, 2**40), ends=st.booleans())
def test_laws_hold_of_every_run_compiled_or_not(
    office: ps.PublicOrganisation, seed: int, *, ends: bool
) -> None:
    """
    Whatever is simulated, no law is broken, and the compiled loop gives every float that the interpreted one gives.
    """
    here = program(office)
    much: dict[str, Any] = {"cases": 60} if ends else {"horizon_s": 10 * 86400.0}
    runs = [run(here, seed=seed, log=True, compiled=how, **much) for how in (False, True)]
    assert broken_laws(runs[0]) == ()
    for name, values in runs[0].arrays().items():
        assert np.array_equal(values, runs[1].arrays()[name], equal_nan=values.dtype == float), name


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(organisations())
def test_laws_hold_of_any_organisation_that_can_be_simulated(office: ps.PublicOrganisation) -> None:
    """
    Of organisations of any shape, those that can be simulated keep the laws, unless a case gets stuck or goes round.
    """
    try:
        here = program(office)
        record = run(here, seed=1, cases=5, log=True)
    except (InvalidModelError, DeadlockError):
        return
    assert broken_laws(record) == ()


def test_cases_leave_or_stay() -> None:
    """
    Every case that arrived has an end or is inside.
    """
    record = played(station(), horizon_s=500 * 3600.0)
    ended = int((record.case_outcome >= 0).sum())
    assert ended + record.inside == record.cases
    assert 0 < record.inside < record.cases


def test_little_s_law_holds_exactly() -> None:
    """
    The mean number inside, seen at every change, is the throughput times the mean stay.
    """
    record = played(station(), cases=500)
    moments = np.concatenate([record.case_arrival_s, record.case_end_s])
    order = np.argsort(moments, kind="stable")
    inside = np.cumsum(np.repeat([1, -1], 500)[order])
    assert inside[-1] == 0
    mean = float((inside[:-1] * np.diff(moments[order])).sum()) / record.end_s
    stay = float((record.case_end_s - record.case_arrival_s).mean())
    assert mean == pytest.approx(500 / record.end_s * stay, rel=1e-12)
    assert record.queue_s[0] == pytest.approx(record.case_cause_s[:, 1].sum(), rel=1e-12)


RECORD = played(
    one_service(
        ps.Step("a", resource="clerk", processing_time="exponential(2 hour)"),
        rate="2 case/working_day",
        calendar="office",
        calendars=[OFFICE],
    ),
    cases=40,
)
assert RECORD.event_start_s is not None
assert RECORD.event_end_s is not None
assert RECORD.event_ready_s is not None
LATE = np.where(np.arange(40) == 20, 1e6, 0.0)


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("cases are not in order of arrival", {"case_arrival_s": RECORD.case_arrival_s[::-1]}),
        ("a case ends before it arrives, or after the run", {"case_end_s": RECORD.case_end_s - LATE * 1e3}),
        ("a case ends before it arrives, or after the run", {"end_s": 1.0}),
        (
            "a case has an end and no outcome, or an outcome and no end",
            {"case_outcome": np.where(LATE > 0, -1, RECORD.case_outcome)},
        ),
        ("the causes of a case do not sum to its time", {"case_cause_s": RECORD.case_cause_s * 1.001}),
        (
            "a cause is negative",
            {
                "case_cause_s": RECORD.case_cause_s
                + LATE[:, None] * np.eye(12)[0]
                - LATE[:, None] * np.eye(12)[1]
            },
        ),
        ("a resource works longer than it is open", {"busy_s": RECORD.open_s + 1e4}),
        (
            "work begins before the case has come, or ends before it begins",
            {"event_ready_s": RECORD.event_ready_s + LATE * 9},
        ),
        ("a case does not end with its last work", {"event_end_s": RECORD.event_end_s + LATE / 1e3}),
        (
            "work begins outside opening hours",
            {"event_start_s": np.floor(RECORD.event_start_s / 86400) * 86400},
        ),
        ("who came later is served earlier", {"event_start_s": RECORD.event_start_s - LATE}),
        ("clerk is used beyond its capacity", {"event_end_s": RECORD.event_end_s + LATE}),
        ("cases wait longer than clerk has a queue", {"queue_s": RECORD.queue_s * 0.9}),
        ("clerk works less than its cases are worked on", {"busy_s": RECORD.busy_s * 0.9}),
    ],
)
def test_a_record_that_was_tampered_with_breaks_a_law(law: str, change: dict[str, Any]) -> None:
    """
    Each law is broken by a record in which what it says is not so.
    """
    assert broken_laws(RECORD) == ()
    assert law in [str(broken) for broken in broken_laws(attrs.evolve(RECORD, **change))]


def test_without_a_log_the_laws_of_cases_are_left() -> None:
    """
    A run without events is judged by its cases.
    """
    record: Record = run(program(station()), seed=1, cases=100)
    assert record.events is None
    assert broken_laws(record) == ()
    assert broken_laws(attrs.evolve(record, end_s=1.0)) != ()
