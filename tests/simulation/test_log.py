"""The events of a run as a log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import pubservice as ps
from played_offices import one_service, played, station
from pubservice.errors import UndefinedResultError
from pubservice.simulation import run as runs
from pubservice.simulation.log import event_log, frames, write_event_log
from pubservice.simulation.program import program
from pubservice.simulation.run import Play, run

pl = pytest.importorskip("polars")


def office() -> ps.PublicOrganisation:
    """Return an organisation with a loop, two pools and a wait."""
    return one_service(
        ps.Step("intake", resource="clerk", processing_time="exponential(15 min)"),
        ps.Step("assess", resource="engineer", processing_time="lognormal(mean=40 min, sd=30 min)"),
        ps.Step("sign", processing_time="5 min"),
        rate="3 case/hour",
        start="intake",
        waits=[ps.Wait("stamp", cause="signature", clock="elapsed", time="1 hour")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("intake", "assess"),
            ps.Flow("assess", "intake", probability=0.2),
            ps.Flow("assess", "stamp", probability=0.8),
            ps.Flow("stamp", "sign"),
            ps.Flow("sign", "done"),
        ],
        resources=[ps.Resource("clerk", capacity=2), ps.Resource("engineer", capacity=3)],
    )


def test_mining_a_simulated_log_gives_the_model_back() -> None:
    """
    Discovery finds the steps, their pools and capacities, their times and how often they follow each other.
    """
    model = office()
    found = ps.discover(event_log(run(program(model), seed=2026, cases=20_000, log=True)))
    assert {r.id: r.capacity for r in found.resources} == {"clerk": 2, "engineer": 3}
    mined, real = (of.services[0].procedure for of in (found, model))
    for step in real.steps:
        twin = mined.node(step.id)
        assert isinstance(twin, ps.Step)
        assert twin.resource == step.resource
        assert twin.processing_time is not None
        assert step.processing_time is not None
        assert twin.processing_time.mean_seconds() == pytest.approx(
            step.processing_time.mean_seconds(), rel=0.02
        )
    exact = ps.performance(model).services[0]
    again = ps.performance(found).services[0]
    assert again.processing_time_s == pytest.approx(exact.processing_time_s, rel=0.02)
    assert {s.id: s.visits for s in again.steps} == pytest.approx(
        {s.id: s.visits for s in exact.steps}, rel=0.02
    )


def test_events_are_steps_with_their_pool() -> None:
    """
    A log holds steps, in microseconds from the start of the program; waits are gaps between them.
    """
    record = played(office(), cases=3)
    log = event_log(record)
    assert set(log.activities) == {"intake", "assess", "sign"}
    assert log.cases == 3
    assert dict(log.count("group")) == {
        "clerk": log.directly_follows[("intake", "assess")],
        "engineer": dict(log.count("activity"))["assess"],
    }
    first = log.frame.filter(log.frame["case"] == "0").to_dict(as_series=False)
    assert first["time"][0] - first["start"][0] > 0
    assert set(first["case:service"]) == {"s"}
    base = int(record.program.starts.timestamp() * 1e6)
    assert first["start"][0] - base == pytest.approx(record.case_arrival_s[0] * 1e6, abs=1)


def test_a_log_that_is_written_is_that_which_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A run that writes its events as it goes on writes those that a run in memory keeps, however often it pauses.
    """
    here = program(office())
    monkeypatch.setattr(runs, "EVENTS_AT_ONCE", 64)
    write_event_log(here, tmp_path / "log.parquet", seed=7, cases=200)
    written = pl.read_parquet(tmp_path / "log.parquet")
    kept = event_log(run(here, seed=7, cases=200, log=True)).frame.to_native()
    order = ["time", "case", "activity"]
    monkeypatch.setattr(runs, "SLICE", 100)
    plain = list(frames(Play(here, 7, 0, None, 200, log=True, compiled=False, keep=False)))
    assert max(len(frame) for frame in plain) <= 64
    assert pl.concat(plain).equals(written)
    columns = ["case", "activity", "time", "start", "group", "ready", "case:service"]
    assert written.select(columns).sort(order).equals(kept.select(columns).sort(order))


def test_a_run_without_events_has_no_log() -> None:
    """
    The log of a run that kept none is refused.
    """
    with pytest.raises(UndefinedResultError, match="the run kept no events"):
        event_log(run(program(station()), seed=1, cases=5))


@pytest.mark.parametrize(
    ("options", "mb"), [({"cases": 10**9}, 1_250_000), ({"horizon": "1000 year"}, 43_000)]
)
def test_a_log_that_fits_in_no_memory_is_refused_before_it_is_taken(options: dict[str, Any], mb: int) -> None:
    """
    The error says about how much it would take, and how it can be had all the same.
    """
    with pytest.raises(ps.InvalidStudyError, match="write it to a file") as caught:
        ps.simulated_log(office(), **options)
    found = re.search(r"would take about ([\d,]+) MB", str(caught.value))
    assert found is not None
    assert int(found[1].replace(",", "")) == pytest.approx(mb, rel=0.3)


def test_the_bound_of_a_log_can_be_moved() -> None:
    """
    What is allowed is a whole number of bytes.
    """
    with pytest.raises(ps.InvalidStudyError, match="allow more by max_memory"):
        ps.simulated_log(office(), cases=100, max_memory=10_000)
    assert ps.simulated_log(office(), cases=100, max_memory=10**6).cases == 100


def test_a_log_whose_visits_are_not_known_beforehand_counts_every_step_once() -> None:
    """
    Where conditions choose, the number of events is known only when they have.
    """
    made = ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/hour",
                attributes={"kind": {"new": 0.5, "old": 0.5}},
                procedure=ps.Procedure(
                    steps=[ps.Step(id, processing_time="1 min") for id in ("look", "ask")],
                    ends=[ps.End("done")],
                    flows=[
                        ps.Flow("look", "ask", condition="kind == 'new'"),
                        ps.Flow("look", "done"),
                        ps.Flow("ask", "done"),
                    ],
                ),
            )
        ],
    )
    with pytest.raises(ps.InvalidStudyError, match="about 1,000 MB"):
        ps.simulated_log(made, cases=10**6, max_memory=10**6)


@pytest.mark.parametrize("options", [{"seed": "a"}, {"seed": -1}, {"replication": 1.5}, {"replication": -1}])
def test_which_run_is_a_whole_number(options: dict[str, Any], tmp_path: Path) -> None:
    """
    A seed or a replication that is none is refused, and no file is written.
    """
    with pytest.raises(ps.InvalidStudyError, match="expected a whole number of at least 0"):
        ps.simulated_log(office(), cases=10, **options)
    with pytest.raises(ps.InvalidStudyError, match="expected a whole number of at least 0"):
        ps.write_simulated_log(office(), tmp_path / "log.parquet", cases=10, **options)
    assert not (tmp_path / "log.parquet").exists()
