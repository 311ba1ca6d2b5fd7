"""Worked numbers of textbooks: flow, capacity, absorbing chains."""

from __future__ import annotations

import pytest

import pubservice as ps
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits


def office(
    procedure: ps.Procedure, resources: list[ps.Resource] | None = None, rate: str | None = None
) -> ps.PublicOrganisation:
    """Return one service with a procedure."""
    return ps.PublicOrganisation(
        "o",
        resources=resources or [],
        services=[ps.PublicService("s", procedure=procedure, arrival_rate=rate)],
    )


def chain(*ids: str) -> list[ps.Flow]:
    """Return flows in a row."""
    return [ps.Flow(a, b) for a, b in zip(ids, ids[1:], strict=False)]


def laguna() -> ps.Procedure:
    """Laguna & Marklund, example 5.7; rework at most once is written out as a second pass."""
    minutes = {
        "A": 2,
        "B": 5,
        "C": 8,
        "D": 3,
        "E": 4,
        "I": 4,
        "D2": 3,
        "E2": 4,
        "I2": 4,
        "F": 2,
        "G": 4,
        "H": 2,
    }
    # As in example 5.11: G and H are of R3 there, and inspection has no resource.
    pools = {
        "A": "R1",
        "B": "R1",
        "C": "R2",
        "D": "R2",
        "E": "R2",
        "D2": "R2",
        "E2": "R2",
        "F": "R1",
        "G": "R3",
        "H": "R3",
    }
    return ps.Procedure(
        steps=[ps.Step(k, processing_time=f"{t} min", resource=pools.get(k, ())) for k, t in minutes.items()],
        gateways=[
            ps.Gateway("merge", kind="exclusive"),
            ps.Gateway("fork", kind="parallel"),
            ps.Gateway("join", kind="parallel"),
        ],
        flows=[
            ps.Flow("A", "B", probability=0.3),
            ps.Flow("A", "C", probability=0.7),
            *chain("B", "C", "D", "E", "I"),
            ps.Flow("I", "D2", probability=0.1),
            ps.Flow("I", "merge", probability=0.9),
            *chain("D2", "E2", "I2", "merge", "fork"),
            *chain("fork", "F", "join"),
            *chain("fork", "G", "join"),
            ps.Flow("join", "H"),
        ],
    )


def test_flow_laguna_5_7() -> None:
    """
    Laguna & Marklund, example 5.7: 29.6 minutes without waiting, efficiency 32 % of 92.5 (oracle flow-laguna-5.7).
    """
    pools = [ps.Resource("R1", capacity=2), ps.Resource("R2", capacity=2), ps.Resource("R3", capacity=1)]
    (found,) = ps.performance(office(laguna(), pools)).services
    assert found.theoretical_cycle_time_s is not None
    assert found.theoretical_cycle_time_s == pytest.approx(29.6 * 60)
    assert found.theoretical_cycle_time_s / (92.5 * 60) == pytest.approx(0.32)
    assert found.method["theoretical_cycle_time_s"].kind == "exact"


def test_capacity_laguna_5_11() -> None:
    """
    Laguna & Marklund, example 5.11: unit loads 5.5, 15.7 and 6, R2 is the bottleneck (oracle capacity-laguna-5.11).
    """
    resources = [ps.Resource("R1", capacity=2), ps.Resource("R2", capacity=2), ps.Resource("R3", capacity=1)]
    load = ps.find_bottlenecks(office(laguna(), resources))
    limits = {r.resource: (r.throughput_limit_per_s or 0) * 60 for r in load.loads}
    assert limits == pytest.approx({"R1": 0.363636, "R2": 0.127389, "R3": 0.166667}, abs=1e-5)
    assert [r.resource for r in load.bottlenecks] == ["R2"]
    assert limits["R2"] * 60 == pytest.approx(7.643312, abs=1e-5)
    assert all(r.utilisation is None and "utilisation" in r.undefined for r in load.loads)


def test_utilisation() -> None:
    """
    At five cases an hour R2 is used 65 % (oracle utilisation).
    """
    load = ps.find_bottlenecks(
        office(
            laguna(), [ps.Resource(f"R{i}", capacity=c) for i, c in ((1, 2), (2, 2), (3, 1))], "5 case/hour"
        )
    )
    assert {r.resource: r.utilisation for r in load.loads}["R2"] == pytest.approx(0.654167, abs=1e-5)


def test_capacity_tie() -> None:
    """
    "A and D are the bottlenecks": ties are all reported, and raising D leaves A (oracle capacity-tie).
    """
    seconds = {"A": 15, "B": 20, "C": 12, "D": 30}
    workers = {"A": 2, "B": 3, "C": 2, "D": 4}
    procedure = ps.Procedure(
        steps=[ps.Step(f"s{k}", resource=k, processing_time=f"{t} s") for k, t in seconds.items()],
        flows=chain("sA", "sB", "sC", "sD"),
    )
    before = office(procedure, [ps.Resource(k, capacity=c) for k, c in workers.items()])
    load = ps.find_bottlenecks(before)
    assert [r.resource for r in load.bottlenecks] == ["A", "D"]
    after = ps.find_bottlenecks(ps.apply(before, ps.SetCapacity("D", 8)))
    assert [r.resource for r in after.bottlenecks] == ["A"]
    assert (after.bottlenecks[0].throughput_limit_per_s or 0) * 60 == pytest.approx(8)


def test_capacity_mix() -> None:
    """
    A mix of 60 % ten and 40 % twenty minutes takes 14 on average: 64.3 a day of 900 minutes (oracle capacity-mix).
    """
    services = [
        ps.PublicService(
            k, arrival_rate=r, procedure=ps.Procedure(steps=[ps.Step("x", resource="r", processing_time=t)])
        )
        for k, r, t in (("a", "0.6 case/hour", "10 min"), ("b", "0.4 case/hour", "20 min"))
    ]
    (load,) = ps.find_bottlenecks(
        ps.PublicOrganisation("o", resources=[ps.Resource("r")], services=services)
    ).loads
    assert (load.throughput_limit_per_s or 0) * 60 * 900 == pytest.approx(64.285714, abs=1e-5)


def test_flow_exercise_parallel_loop() -> None:
    """
    A university exercise: a loop of 2.857 hours and 3 beside a choice of 1.8; efficiency 13.33 % (oracle flow-exercise-parallel-loop).
    """
    procedure = ps.Procedure(
        steps=[
            ps.Step(k, processing_time=f"{t} hour")
            for k, t in (("a", 0), ("one", 1), ("two", 2), ("loop", 2), ("last", 3))
        ],
        gateways=[
            ps.Gateway("fork", kind="parallel"),
            ps.Gateway("join", kind="parallel"),
            ps.Gateway("x", kind="exclusive"),
            ps.Gateway("y", kind="exclusive"),
        ],
        flows=[
            *chain("a", "fork", "x"),
            ps.Flow("x", "one", probability=0.2),
            ps.Flow("x", "two", probability=0.8),
            *chain("one", "y", "join"),
            ps.Flow("two", "y"),
            ps.Flow("fork", "loop"),
            ps.Flow("loop", "loop", probability=0.3),
            ps.Flow("loop", "last", probability=0.7),
            ps.Flow("last", "join"),
        ],
    )
    (found,) = ps.performance(office(procedure)).services
    assert found.theoretical_cycle_time_s is not None
    assert found.theoretical_cycle_time_s == pytest.approx(5.857143 * 3600, abs=1)
    assert found.theoretical_cycle_time_s / (5.857142857143 * 7.5 * 3600) == pytest.approx(0.133333, abs=1e-4)
    assert found.method["theoretical_cycle_time_s"].name == "max of means, a lower bound"


def test_flow_credit_application() -> None:
    """
    The credit application of Dumas et al.: 8.9 hours of work in 8.65 days of 8 hours, 12.86 % (oracle flow-credit-application).
    """

    def procedure(unit: str, times: dict[str, float]) -> ps.Procedure:
        return ps.Procedure(
            steps=[ps.Step(k, processing_time=f"{t} {unit}") for k, t in times.items()],
            gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
            start="completeness",
            flows=[
                ps.Flow("completeness", "completeness", probability=0.2),
                ps.Flow("completeness", "fork", probability=0.8),
                *chain("fork", "history", "join", "assess"),
                *chain("fork", "income", "join"),
                ps.Flow("assess", "offer", probability=0.6),
                ps.Flow("assess", "reject", probability=0.4),
            ],
        )

    days: dict[str, float] = {
        "completeness": 1,
        "history": 1,
        "income": 3,
        "assess": 3,
        "offer": 1,
        "reject": 2,
    }
    hours = {"completeness": 2, "history": 0.5, "income": 3, "assess": 2, "offer": 2, "reject": 0.5}
    cycle = ps.performance(office(procedure("day", days))).services[0].cycle_time_s
    work = ps.performance(office(procedure("hour", hours))).services[0].theoretical_cycle_time_s
    assert cycle == pytest.approx(8.65 * 86400)
    assert work == pytest.approx(8.9 * 3600)
    assert (work or 0) / ((cycle or 1) / 86400 * 8 * 3600) == pytest.approx(0.128613, abs=1e-5)


def test_credit_bpmn_capacity() -> None:
    """
    The review loop of the credit application makes the officer the bottleneck, 5.76 an hour (oracle credit-bpmn-capacity).
    """
    procedure = ps.Procedure(
        steps=[
            ps.Step("history", resource="clerk", processing_time="600 s"),
            ps.Step("income", resource="clerk", processing_time="1200 s"),
            ps.Step("assess", resource="officer", processing_time="1200 s"),
            ps.Step("offer", resource="officer", processing_time="600 s"),
            ps.Step("reject", resource="officer", processing_time="600 s"),
        ],
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("granted"), ps.End("refused")],
        flows=[
            *chain("fork", "history", "join", "assess"),
            *chain("fork", "income", "join"),
            ps.Flow("assess", "offer", probability=0.8),
            ps.Flow("assess", "reject", probability=0.2),
            ps.Flow("reject", "assess", probability=0.2),
            ps.Flow("reject", "refused", probability=0.8),
            ps.Flow("offer", "granted"),
        ],
    )
    model = office(
        procedure,
        [ps.Resource("clerk", capacity=3, cost="25 EUR/hour"), ps.Resource("officer", capacity=3)],
        "2 case/hour",
    )
    found = ps.performance(model)
    assert {s.id: s.visits for s in found.services[0].steps} == pytest.approx(
        {"history": 1, "income": 1, "assess": 1.041666667, "offer": 0.833333333, "reject": 0.208333333}
    )
    assert {
        r.resource: (r.throughput_limit_per_s or 0) * 3600 for r in found.bottlenecks.loads
    } == pytest.approx({"clerk": 6, "officer": 5.76})
    assert [r.resource for r in found.bottlenecks.bottlenecks] == ["officer"]


def expected_visits(rows: list[list[float]], start: int) -> list[float]:
    """Return the visits of a chain whose missing mass ends."""
    flows = []
    for i, row in enumerate(rows):
        flows += [ps.Flow(f"s{i}", f"s{j}", probability=p) for j, p in enumerate(row) if p]
        rest = 1 - sum(row)
        if rest > 1e-12:
            flows.append(ps.Flow(f"s{i}", "out", probability=rest))
    procedure = ps.Procedure(
        start=f"s{start}",
        steps=[ps.Step(f"s{i}") for i in range(len(rows))],
        ends=[ps.End("out")],
        flows=flows,
    )
    graph = flowgraph(procedure)
    return visits(graph, blocks(graph))[: len(rows)]


def test_absorb_drunkard() -> None:
    """
    Grinstead & Snell, the drunkard's walk: N, t = N 1, Var(t) = 8 and B (oracle absorb-drunkard).
    """
    rows = [[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]]
    found = [expected_visits(rows, i) for i in range(3)]
    for row, expected in zip(found, [[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]], strict=True):
        assert row == pytest.approx(expected, abs=1e-9)
    assert [sum(row) for row in found] == pytest.approx([3, 4, 3])
    chain = ps.absorbing_chain(rows, [[0.5, 0], [0, 0], [0, 0.5]])
    assert [list(row) for row in chain.visits] == [pytest.approx(row) for row in found]
    assert chain.steps == pytest.approx((3, 4, 3))
    assert chain.steps_variance == pytest.approx((8, 8, 8))
    assert [list(row) for row in chain.outcomes] == [
        pytest.approx(row) for row in ([0.75, 0.25], [0.5, 0.5], [0.25, 0.75])
    ]


def test_absorb_increasing_integers() -> None:
    """
    Grinstead & Snell, ch. 11 exercise 11: N, t = 2.0833, 1.8333, 1.5, 1 and Var(t) (oracle absorb-increasing-integers).
    """
    third = 1 / 3
    rows: list[list[float]] = [[0, 0.25, 0.25, 0.25], [0, 0, third, third], [0, 0, 0, 0.5], [0, 0, 0, 0]]
    assert [sum(expected_visits(rows, i)) for i in range(4)] == pytest.approx(
        [2.083333, 1.833333, 1.5, 1], abs=1e-6
    )
    chain = ps.absorbing_chain(rows, [[0.25], [third], [0.5], [1]])
    expected = [[1, 0.25, third, 0.5], [0, 1, third, 0.5], [0, 0, 1, 0.5], [0, 0, 0, 1]]
    assert [list(row) for row in chain.visits] == [pytest.approx(row) for row in expected]
    assert chain.steps_variance == pytest.approx((0.659722222, 0.472222222, 0.25, 0), abs=1e-6)


def test_rework_geometric() -> None:
    """
    Rework of 20 % makes 1.25 visits of variance 0.3125, and 6.25 of five, give or take 2.795 (oracle rework-geometric).
    """
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step("a", processing_time="5 min")],
        ends=[ps.End("z")],
        flows=[ps.Flow("a", "a", probability=0.2), ps.Flow("a", "z", probability=0.8)],
    )
    (found,) = ps.performance(office(procedure)).services
    assert found.step("a").visits == pytest.approx(1.25)
    assert found.processing_time_s == pytest.approx(6.25 * 60)
    chain = ps.absorbing_chain([[0.2]], [[0.8]])
    assert chain.visits[0][0] == pytest.approx(1.25)
    assert chain.visits_variance[0][0] == pytest.approx(0.3125)
    (mean,), (variance,) = chain.duration([5])
    assert (mean, variance**0.5) == pytest.approx((6.25, 2.795084972))


def test_value_added() -> None:
    """
    Six steps with the waits before them: 970 minutes, of which 60 are work and 20 add value (oracle value-added).
    """
    classes = {"VA": "value-adding", "BVA": "business-value-adding", "NVA": "non-value-adding"}
    table: dict[str, tuple[str, float, float]] = {
        "apply": ("VA", 10, 0),
        "queue": ("NVA", 0, 240),
        "check": ("BVA", 20, 60),
        "recheck": ("NVA", 15, 120),
        "approve": ("BVA", 5, 480),
        "issue": ("VA", 10, 10),
    }
    procedure = ps.Procedure(
        start="apply-wait",
        steps=[
            ps.Step(id, processing_time=f"{work} min", value=classes[kind])  # type: ignore[arg-type]
            for id, (kind, work, _) in table.items()
        ],
        waits=[
            ps.Wait(f"{id}-wait", cause="other", clock="elapsed", time=f"{wait} min")
            for id, (_, _, wait) in table.items()
        ],
        flows=chain(*(part for id in table for part in (f"{id}-wait", id))),
    )
    (found,) = ps.performance(office(procedure)).services
    assert found.cycle_time_s == pytest.approx(970 * 60)
    assert found.processing_time_s == pytest.approx(60 * 60)
    assert found.value_times == ps.ValueTimes(20 * 60, 25 * 60, 15 * 60, 0)
    assert found.cycle_time_efficiency == pytest.approx(0.06185567, abs=1e-8)
    assert found.value_added_ratio == pytest.approx(0.020618557, abs=1e-8)
    assert found.method["value_added_ratio"].kind == "exact"
