"""Time by cause."""

from __future__ import annotations

from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.cause import Cause, WaitCause
from strategies import organisations
from timed import timed


def one(procedure: ps.Procedure, **fields: object) -> ps.ServiceTimes:
    """Return the times of one service."""
    shared = {key: fields.pop(key) for key in ("resources", "calendars", "calendar") if key in fields}
    service = ps.PublicService("s", procedure=procedure, **fields)  # type: ignore[arg-type]
    return ps.time_by_cause(ps.PublicOrganisation("o", services=[service], **shared)).service("s")  # type: ignore[arg-type]


def some(times: dict[Cause, float | None]) -> dict[Cause, float | None]:
    """Return what is not 0."""
    return {cause: seconds for cause, seconds in times.items() if seconds != 0}


def fork(left: str, right: str, kind: str = "parallel", p: tuple[float, float] | None = None) -> ps.Procedure:
    """Return a wait for another body beside a step."""
    probabilities = p or (None, None)
    return ps.Procedure(
        steps=[ps.Step("l", processing_time=left)],
        waits=[ps.Wait("r", cause="other-body", clock="working", time=right)],
        gateways=[ps.Gateway("f", kind=kind), ps.Gateway("j", kind=kind)],  # type: ignore[arg-type]
        flows=[
            ps.Flow("f", "l", probability=probabilities[0]),
            ps.Flow("f", "r", probability=probabilities[1]),
            ps.Flow("l", "j"),
            ps.Flow("r", "j"),
        ],
    )


def test_the_causes_of_a_wait_are_causes() -> None:
    """
    Each cause that a wait may state is one of the vocabulary, and each of the vocabulary has a name.
    """
    assert set(get_args(WaitCause)) < set(get_args(Cause)) == set(ps.CAUSES)
    assert len({name.text("id") for name in ps.CAUSES.values()}) == len(ps.CAUSES)


@given(st.integers(0, 10**6), st.booleans())
def test_the_causes_add_up_to_the_cycle_time(seed: int, queued: bool) -> None:
    """
    In random nested procedures all causes but synchronisation add up to the cycle time of performance, on both clocks, and
    synchronisation is never negative.
    """
    model = timed(seed, queued=queued)
    (found,) = ps.time_by_cause(model).services
    (service,) = ps.performance(model).services
    waiting = found.causes["synchronisation"]
    assert waiting is not None
    assert waiting >= 0
    assert service.cycle_time_s is not None
    assert found.cycle_time_s == pytest.approx(service.cycle_time_s + waiting, rel=1e-9)
    share = service.case.of.clock.share
    assert service.cycle_time_elapsed_s is not None
    elapsed = service.cycle_time_elapsed_s + waiting / share
    assert found.cycle_time_elapsed_s == pytest.approx(elapsed, rel=1e-9)
    assert found.undefined == {}
    assert min(seconds or 0.0 for times in (found.causes, found.elapsed) for seconds in times.values()) >= 0


@given(st.integers(0, 10**6))
def test_the_nodes_add_up_to_the_service(seed: int) -> None:
    """
    What counts of each step and wait adds up to each cause but synchronisation; what a node works adds up to its visits.
    """
    model = timed(seed, queued=True)
    (found,) = ps.time_by_cause(model).services
    (service,) = ps.performance(model).services
    for cause in found.causes:
        if cause != "synchronisation":
            total = sum((node.counted or 0.0) * (node.causes.get(cause) or 0.0) for node in found.nodes)
            assert found.causes[cause] == pytest.approx(total, rel=1e-9, abs=1e-9)
    for step in service.steps:
        assert step.visits is not None
        once = (step.processing_time_s or 0.0) + (step.waiting_time_s or 0.0)
        assert sum(s or 0.0 for s in found.node(step.id).causes.values()) >= step.visits * once * (1 - 1e-9)
    worked = sum((node.causes.get("processing") or 0.0) for node in found.nodes)
    assert worked <= (service.processing_time_s or 0.0) * (1 + 1e-9)


def test_time_of_later_visits_is_rework() -> None:
    """
    Five minutes that one case in five needs again: five of the first time, 1.25 of doing it again (oracle rework-geometric).
    """
    procedure = ps.Procedure(
        start="do",
        steps=[ps.Step("do", processing_time="5 min")],
        gateways=[ps.Gateway("ok", kind="exclusive")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("do", "ok"),
            ps.Flow("ok", "do", probability=0.2),
            ps.Flow("ok", "done", probability=0.8),
        ],
    )
    found = one(procedure)
    assert some(found.causes) == {"processing": pytest.approx(300), "rework": pytest.approx(75)}
    assert found.node("do").causes == {"processing": pytest.approx(300), "rework": pytest.approx(75)}


def test_of_branches_the_longest_counts() -> None:
    """
    Of a step beside a longer wait nothing counts; of equal branches each counts by half; nothing is waited for at the join.
    """
    longer = one(fork("10 min", "20 min"))
    assert some(longer.causes) == {"other-body": 1200}
    assert (longer.node("l").counted, longer.node("r").counted) == (0.0, 1.0)
    assert some(one(fork("20 min", "20 min")).causes) == {"processing": 600, "other-body": 600}


def test_of_an_inclusive_block_the_longest_that_is_taken_counts() -> None:
    """
    The wait counts where it is taken; the step only where the wait is not.
    """
    found = one(fork("10 min", "20 min", "inclusive", (0.5, 0.4)))
    some_taken = 1 - 0.5 * 0.6
    assert some(found.causes) == {
        "other-body": pytest.approx(1200 * 0.4 / some_taken),
        "processing": pytest.approx(600 * 0.5 * 0.6 / some_taken),
    }


def test_a_join_waits_because_branches_vary() -> None:
    """
    Of two exponential times of 20 minutes the longer takes 30 on average: ten more than either.
    """
    found = one(fork("exponential(mean=20 min)", "exponential(mean=20 min)"))
    assert some(found.causes) == {
        "processing": 600,
        "other-body": 600,
        "synchronisation": pytest.approx(600, rel=1e-4),
    }
    assert found.cycle_time_s == pytest.approx(1800, rel=1e-4)


def test_queues_are_contention_and_missing_hours_unavailability() -> None:
    """
    M/M/1 at 80 % waits four times the work; a resource that is there for half of the clock doubles all of it.
    """
    procedure = ps.Procedure(steps=[ps.Step("a", resource="r", processing_time="exponential(mean=10 min)")])
    calendars = [
        ps.Calendar("all", hours={"mon-sun": "00:00-24:00"}),
        ps.Calendar("half", hours={"mon-sun": "00:00-12:00"}),
    ]
    always = one(
        procedure,
        resources=[ps.Resource("r")],
        calendars=calendars,
        calendar="all",
        arrival_rate="4.8 case/working_hour",
    )
    assert some(always.causes) == {"processing": 600, "contention": pytest.approx(2400)}
    assert always.node("a").resource == "r"
    half = one(
        procedure,
        resources=[ps.Resource("r", calendar="half")],
        calendars=calendars,
        calendar="all",
        arrival_rate="2.4 case/working_hour",
    )
    assert some(half.causes) == {
        "processing": 600,
        "contention": pytest.approx(2400),
        "unavailability": pytest.approx(3000),
    }
    assert half.resources == (
        ps.ResourceTimes("r", 600, pytest.approx(2400), pytest.approx(3000), 0.0),  # type: ignore[arg-type]  # near a float
    )


def test_of_resources_needed_together_the_longest_queue_counts() -> None:
    """
    A step that needs two waits for the busier; a step that takes no time waits for nobody.
    """
    ten = "exponential(mean=10 min)"
    procedure = ps.Procedure(
        steps=[
            ps.Step("a", resource=["busy", "idle"], processing_time=ten),
            ps.Step("b", resource="never", processing_time="0 min"),
        ],
        flows=[ps.Flow("a", "b")],
    )
    found = one(
        procedure,
        resources=[ps.Resource("busy"), ps.Resource("idle", capacity=2), ps.Resource("never")],
        arrival_rate="4.8 case/hour",
    )
    assert found.node("a").resource == "busy"
    assert some(found.causes) == {"processing": 600, "contention": pytest.approx(2400)}
    assert found.resources == (
        ps.ResourceTimes("busy", 600, pytest.approx(2400), 0.0, 0.0),  # type: ignore[arg-type]  # near a float
        ps.ResourceTimes("idle", 600, 0.0, 0.0, 0.0),
        ps.ResourceTimes("never", 0.0, 0.0, 0.0, 0.0),
    )


def test_a_batch_is_waited_for() -> None:
    """
    A case waits for (b - 1) / 2 others, or for half a period.
    """
    by_size = ps.Procedure(steps=[ps.Step("a", processing_time="1 min", batch=ps.Batch(size=5))])
    assert one(by_size, arrival_rate="6 case/hour").causes["batching"] == pytest.approx(2 * 600)
    by_period = ps.Procedure(steps=[ps.Step("a", processing_time="1 min", batch=ps.Batch(period="1 hour"))])
    assert one(by_period, arrival_rate="6 case/hour").causes["batching"] == pytest.approx(1800)


def test_elapsed_time_is_closed_hours_but_for_waits_that_pass_then_too() -> None:
    """
    Open for half of the time, an hour of work has an hour of closed hours beside it, and two days of the applicant have none.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 hour")],
        waits=[
            ps.Wait("w", cause="applicant", clock="elapsed", time="2 day"),
            ps.Wait("v", cause="signature", clock="working", time="3 working_hour"),
        ],
        flows=[ps.Flow("a", "w"), ps.Flow("w", "v")],
    )
    found = one(procedure, calendars=[ps.Calendar("half", hours={"mon-sun": "00:00-12:00"})], calendar="half")
    assert some(found.causes) == {
        "processing": 3600,
        "applicant": pytest.approx(86400),
        "signature": 3 * 3600,
    }
    assert some(found.elapsed) == {
        "processing": 3600,
        "applicant": pytest.approx(2 * 86400),
        "signature": 3 * 3600,
        "unavailability": pytest.approx(4 * 3600),
    }
    assert "elapsed / hour" in str(found)
    assert "closed hours" in str(found)


def test_what_is_known_is_told_where_a_queue_has_no_steady_state() -> None:
    """
    Overload leaves contention unknown with its numbers; work and waits are still there, and so is their elapsed time.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", resource="clerk", processing_time="24 min")],
        waits=[ps.Wait("w", cause="statutory", clock="elapsed", time="2 day")],
        flows=[ps.Flow("a", "w")],
    )
    fields = {"resources": [ps.Resource("clerk", capacity=3)]}
    found = one(procedure, arrival_rate="10 case/hour", **fields)
    assert some(found.causes) == {"processing": 24 * 60, "contention": None, "statutory": 2 * 86400}
    assert found.cycle_time_s is found.cycle_time_elapsed_s is None
    assert found.undefined == {
        "contention": "clerk: utilisation 1.33: capacity 3 cannot keep up with 4; 5 would",
    }
    assert "1.33" in str(found)
    assert found.resources[0].contention_s is None
    half = one(
        procedure,
        arrival_rate="10 case/working_hour",
        calendars=[ps.Calendar("half", hours={"mon-sun": "00:00-12:00"})],
        calendar="half",
        **fields,
    )
    assert half.elapsed["unavailability"] is None
    assert half.elapsed["statutory"] == pytest.approx(2 * 86400)
    assert set(half.undefined) == {"contention", "unavailability"}


def test_a_resource_of_unknown_wait_with_hours_of_its_own() -> None:
    """
    Where the queue is unknown so is what the resource's missing hours add to it.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", resource="r", processing_time="10 min"), ps.Step("b")], flows=[ps.Flow("a", "b")]
    )
    found = one(
        procedure,
        resources=[ps.Resource("r", calendar="half")],
        calendars=[
            ps.Calendar("all", hours={"mon-sun": "00:00-24:00"}),
            ps.Calendar("half", hours={"mon-sun": "00:00-12:00"}),
        ],
        calendar="all",
    )
    assert found.causes["contention"] is found.causes["unavailability"] is found.causes["processing"] is None
    assert str(found.undefined["processing"]) == "the processing time of step 'b' is unknown"
    assert str(found.undefined["contention"]) == "r: a service that uses it has no arrival rate"


def test_where_it_is_unknown_which_branch_counts_all_of_them_are_unknown() -> None:
    """
    A step of unknown time beside another leaves both unknown, also around the block, but not what stands before it.
    """
    inner = fork("10 min", "20 min")
    procedure = attrs.evolve(
        inner,
        steps=[*inner.steps, ps.Step("first", processing_time="1 min"), ps.Step("beside")],
        gateways=[*inner.gateways, ps.Gateway("F", kind="parallel"), ps.Gateway("J", kind="parallel")],
        flows=[
            *inner.flows,
            ps.Flow("first", "F"),
            ps.Flow("F", "f"),
            ps.Flow("j", "J"),
            ps.Flow("F", "beside"),
            ps.Flow("beside", "J"),
        ],
    )
    found = one(procedure)
    assert found.causes["processing"] is found.causes["other-body"] is found.causes["synchronisation"] is None
    assert [node.counted for node in found.nodes] == [None, 1.0, None, None]
    assert str(found.undefined["synchronisation"]) == "the processing time of step 'beside' is unknown"
    inside = attrs.evolve(
        procedure,
        steps=[
            attrs.evolve(step, processing_time=None if step.id == "l" else "1 min")
            for step in procedure.steps
        ],
    )
    assert one(inside).node("beside").counted is None


def test_without_numbers_of_visits_nothing_is_known() -> None:
    """
    Missing probabilities leave every cause unknown, for the one reason.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 min")],
        ends=[ps.End("x"), ps.End("y")],
        flows=[ps.Flow("a", "x"), ps.Flow("a", "y")],
    )
    found = one(procedure)
    assert set(found.causes.values()) == {None}
    assert set(map(str, found.undefined.values())) == {"the flows out of 'a' have no probabilities"}
    assert (found.nodes, found.resources) == ((), ())


def network(times: dict[str, str], **fields: object) -> ps.ServiceTimes:
    """Return four steps of which the branches cross."""
    steps = [ps.Step(id, processing_time=time or None) for id, time in times.items()]
    gateways = [ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
    flows = [
        ps.Flow(*pair.split()) for pair in ("f a", "f b", "a g", "g c", "g h", "b h", "h d", "c j", "d j")
    ]
    return one(ps.Procedure(start="f", steps=steps, gateways=gateways, flows=flows), **fields)


def test_of_a_network_the_longest_path_counts() -> None:
    """
    Where branches cross and nothing is chosen, what is on the longest path counts; an unknown step leaves it unknown.
    """
    found = network({"a": "1 hour", "b": "5 hour", "c": "2 hour", "d": "4 hour"})
    assert [node.counted for node in found.nodes] == [0.0, 1.0, 0.0, 1.0]
    assert some(found.causes) == {"processing": 9 * 3600}
    varying = network({"a": "1 hour", "b": "5 hour", "c": "2 hour", "d": "uniform(1, 7) hour"})
    assert varying.causes["synchronisation"] == pytest.approx(0, abs=600)
    unknown = network({"a": "1 hour", "b": "5 hour", "c": "2 hour", "d": ""})
    assert unknown.causes["processing"] is None


def test_a_choice_among_branches_that_cross_is_undefined() -> None:
    """
    Where branches do not nest and something is chosen, no cause can be told.
    """
    procedure = ps.Procedure(
        start="f",
        steps=[ps.Step(k, processing_time="1 hour") for k in ("a", "b", "c", "d")],
        gateways=[ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
        + [ps.Gateway("x", kind="exclusive"), ps.Gateway("y", kind="exclusive")],
        flows=[
            *(ps.Flow(*pair.split()) for pair in ("f a", "f b", "a g", "g c", "g h", "b h", "h x", "c j")),
            ps.Flow("x", "d", probability=0.5),
            ps.Flow("x", "y", probability=0.5),
            ps.Flow("d", "y"),
            ps.Flow("y", "j"),
        ],
    )
    found = one(procedure)
    assert set(found.causes.values()) == {None}
    assert "not closed" in str(found)


def test_times_too_large_for_a_number_are_undefined() -> None:
    """
    A deviation of which the square is no number leaves synchronisation undefined.
    """
    huge = "exponential(mean=1e153 s)"
    found = one(fork(huge, huge))
    assert found.causes["synchronisation"] is None
    assert str(found.undefined["synchronisation"]) == "the result is larger than a number can be"


def test_times_print_as_rows_and_data() -> None:
    """
    Rows are of causes that there are, the longest first; data holds all of them; unknown ids are refused.
    """
    found = ps.time_by_cause(timed(7, queued=True))
    rows = found.rows()
    assert {row["service"] for row in rows} == {"s"}
    assert [row["time / hour"] for row in rows] == sorted((row["time / hour"] for row in rows), reverse=True)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    (data,) = found.data()
    assert list(data) == [
        "id",
        "causes",
        "elapsed",
        "cycle_time_s",
        "nodes",
        "resources",
        "undefined",
    ]
    assert list(data["causes"]) == list(ps.CAUSES)
    assert str(found).startswith("s\ncause")
    assert "pengerjaan permohonan" in found.text("id")
    with pytest.raises(ps.UnknownIdError):
        found.service("t")
    with pytest.raises(ps.UnknownIdError):
        found.services[0].node("t")


@given(organisations())
def test_any_model_has_times_or_reasons(model: ps.PublicOrganisation) -> None:
    """
    Whatever a model holds, each cause has a number or a reason, and they add up where the cycle time exists.
    """
    for found, service in zip(ps.time_by_cause(model).services, ps.performance(model).services, strict=True):
        assert {cause for cause, seconds in found.causes.items() if seconds is None} <= set(found.undefined)
        if found.cycle_time_s is not None and service.cycle_time_s is not None:
            waiting = found.causes["synchronisation"] or 0.0
            assert found.cycle_time_s == pytest.approx(service.cycle_time_s + waiting, rel=1e-9)
