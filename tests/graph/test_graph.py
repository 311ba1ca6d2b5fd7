"""The graph behind a procedure, against networkx, numpy and brute force."""

from __future__ import annotations

import random
from typing import Literal

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import FlowGraph, flowgraph, is_split_part
from pubservice.graph.paths import components, implied_flows, longest_paths, unavoidable
from pubservice.graph.visits import visits
from strategies import procedures


def visits_of(procedure: ps.Procedure) -> dict[str, float]:
    """Return the visits of each node by id."""
    graph = flowgraph(procedure)
    return {graph.id(i): v for i, v in enumerate(visits(graph, blocks(graph)))}


@given(st.integers(2, 12), st.integers(0, 10**6))
def test_visits_agree_with_the_fundamental_matrix(size: int, seed: int) -> None:
    """
    Visits of a random chain are the first row of (I - Q)^-1.
    """
    rng = np.random.default_rng(seed)
    q = rng.random((size, size)) * (rng.random((size, size)) < 0.6)
    q = q / (q.sum(axis=1, keepdims=True) + rng.uniform(0.05, 1, (size, 1)))
    flows = [
        ps.Flow(f"s{i}", f"s{j}", probability=q[i, j]) for i in range(size) for j in range(size) if q[i, j]
    ]
    flows += [ps.Flow(f"s{i}", "out", probability=1 - q[i].sum()) for i in range(size)]
    found = visits_of(
        ps.Procedure(
            start="s0", steps=[ps.Step(f"s{i}") for i in range(size)], ends=[ps.End("out")], flows=flows
        )
    )
    expected = np.linalg.inv(np.eye(size) - q)[0]
    assert [found[f"s{i}"] for i in range(size)] == pytest.approx(list(expected), rel=1e-9, abs=1e-12)


def test_dense_loops_are_solved_as_a_matrix() -> None:
    """
    Where nearly every node leads to every other, what is left is solved by numpy, with the same result.
    """
    size = 60
    rng = np.random.default_rng(1)
    q = rng.random((size, size))
    q = q / q.sum(axis=1, keepdims=True) * 0.9
    flows = [ps.Flow(f"s{i}", f"s{j}", probability=q[i, j]) for i in range(size) for j in range(size)]
    flows += [ps.Flow(f"s{i}", "out", probability=1 - q[i].sum()) for i in range(size)]
    found = visits_of(
        ps.Procedure(
            start="s0", steps=[ps.Step(f"s{i}") for i in range(size)], ends=[ps.End("out")], flows=flows
        )
    )
    assert [found[f"s{i}"] for i in range(size)] == pytest.approx(list(np.linalg.inv(np.eye(size) - q)[0]))


def random_graph(seed: int, size: int) -> tuple[nx.DiGraph[str], FlowGraph]:
    """Return a random graph that s0 starts, both ways."""
    rng = random.Random(seed)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"s{i}" for i in range(size))
    graph.add_edges_from((f"s{rng.randrange(size)}", f"s{rng.randrange(size)}") for _ in range(2 * size))
    procedure = ps.Procedure(
        start="s0",
        steps=[ps.Step(n) for n in graph],
        flows=[ps.Flow(a, b) for a, b in dict.fromkeys(graph.edges)],
    )
    return graph, flowgraph(procedure)


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_components_agree_with_networkx(seed: int, size: int) -> None:
    """
    The components are those of networkx that the start reaches, in topological order.
    """
    plain, graph = random_graph(seed, size)
    reached = {"s0", *nx.descendants(plain, "s0")}
    found = components(graph)
    assert {frozenset(graph.ids(c)) for c in found} == {
        frozenset(c) for c in nx.strongly_connected_components(plain) if c <= reached
    }
    place = {node: i for i, component in enumerate(found) for node in component}
    assert all(place[i] <= place[j] for i in place for j in graph.successors[i])


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_unavoidable_nodes_are_those_without_which_no_exit_is_reached(seed: int, size: int) -> None:
    """
    A node is unavoidable exactly if removing it cuts the start off from every exit.
    """
    plain, graph = random_graph(seed, size)
    exits = {i for i, out in enumerate(graph.successors) if not out}

    def reaches(without: str | None) -> bool:
        rest = plain.subgraph([n for n in plain if n != without])
        return "s0" in rest and any(
            graph.id(i) in rest and nx.has_path(rest, "s0", graph.id(i)) for i in exits
        )

    expected = {n for n in plain if reaches(None) and not reaches(n)}
    assert set(graph.ids(unavoidable(0, exits, graph.successors))) == expected


@given(st.integers(0, 10**6), st.integers(2, 10))
def test_longest_paths_agree_with_networkx(seed: int, size: int) -> None:
    """
    Without loops the longest path is that of networkx.
    """
    rng = random.Random(seed)
    edges = {(f"s{i}", f"s{j}") for i in range(size) for j in range(i + 1, size) if rng.random() < 0.4}
    edges |= {("s0", f"s{j}") for j in range(1, size)}
    weights = [float(rng.randrange(9)) for _ in range(size)]
    graph = flowgraph(
        ps.Procedure(
            start="s0",
            steps=[ps.Step(f"s{i}") for i in range(size)],
            flows=[ps.Flow(*e) for e in sorted(edges)],
        )
    )
    plain: nx.DiGraph[str] = nx.DiGraph()
    for a, b in edges:
        plain.add_edge(a, b, weight=weights[int(b[1:])])
    length, paths = longest_paths(graph, weights)
    assert length == nx.dag_longest_path_length(plain) + weights[0]
    assert all(sum(weights[i] for i in path) == length for path in paths)


def test_transitive_edges() -> None:
    """
    networkx's transitive reduction leaves out a to c and a to d (oracle transitive-edges).
    """
    edges = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "e"), ("c", "d"), ("e", "d"), ("f", "d")]
    assert implied_flows(nx.DiGraph(edges)) == [("a", "c"), ("a", "d")]


def nested(depth: int) -> ps.Procedure:
    """Return parallel blocks inside each other."""
    gateways, flows = [], []
    for i in range(depth):
        gateways += [ps.Gateway(f"f{i}", kind="parallel"), ps.Gateway(f"j{i}", kind="parallel")]
        inner = f"f{i + 1}" if i + 1 < depth else "core"
        back = f"j{i + 1}" if i + 1 < depth else "core"
        flows += [
            ps.Flow(f"f{i}", inner),
            ps.Flow(f"f{i}", f"a{i}"),
            ps.Flow(back, f"j{i}"),
            ps.Flow(f"a{i}", f"j{i}"),
        ]
    steps = [
        ps.Step("core", processing_time="1 min"),
        *(ps.Step(f"a{i}", processing_time="1 min") for i in range(depth)),
    ]
    return ps.Procedure(start="f0", steps=steps, gateways=gateways, flows=flows)


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    """
    Three thousand blocks inside each other are parsed without recursion.
    """
    procedure = nested(3000)
    graph = flowgraph(procedure)
    found = blocks(graph)
    assert found.unstructured is None
    assert len(found.blocks) == 3000
    assert found.concurrent(graph.index["core"], graph.index["a0"])
    assert set(visits(graph, found)) == {1.0}


@pytest.mark.parametrize(
    ("gateways", "flows", "message"),
    [
        ([("f", "parallel")], ["f a", "f b"], "a branch of gateway 'f' ends at"),
        ([("j", "parallel")], ["a j", "a b"], None),
        (
            [("f", "parallel"), ("j", "inclusive")],
            ["f a", "f b", "a j", "b j"],
            "the branches of gateway 'f' are not closed",
        ),
        (
            [("j", "parallel")],
            ["a b .5", "a c .5", "b j", "c j"],
            "the gateway 'j' joins what no gateway of its kind has split",
        ),
        ([("f", "parallel"), ("j", "parallel")], ["f a", "f b", "a j", "b c", "c j", "c b"], None),
        (
            [(g, "parallel") for g in "fgjk"],
            ["f a", "f g", "g b", "g c", "b k", "c k", "a j", "d j"],
            "a branch of gateway 'f' ends at 'k'",
        ),
    ],
)
def test_blocks_that_do_not_close_are_named(
    gateways: list[tuple[str, str]], flows: list[str], message: str | None
) -> None:
    """
    Where branches do not close, the gateway is named.
    """
    parts = [flow.split() for flow in flows]
    ids = dict.fromkeys(n for p in parts for n in p[:2])
    known = [g for g, _ in gateways]
    procedure = ps.Procedure(
        start=next(iter(ids)),
        steps=[ps.Step(n) for n in ids if n not in known],
        gateways=[ps.Gateway(g, kind=k) for g, k in gateways],  # type: ignore[arg-type]
        flows=[ps.Flow(p[0], p[1], probability=float(p[2]) if len(p) > 2 else None) for p in parts],
    )
    found = blocks(flowgraph(procedure)).unstructured
    assert (found or "").startswith(message or "")


def test_without_blocks_any_two_nodes_may_run_side_by_side() -> None:
    """
    Where a branch ends before the others join, nothing is said to exclude anything but itself.
    """
    graph = flowgraph(
        ps.Procedure(
            start="f",
            steps=[ps.Step("a"), ps.Step("b")],
            gateways=[ps.Gateway("f", kind="parallel")],
            flows=[ps.Flow("f", "a"), ps.Flow("f", "b")],
        )
    )
    found = blocks(graph)
    assert found.concurrent(graph.index["a"], graph.index["b"])
    assert not found.concurrent(graph.index["a"], graph.index["a"])


def test_trapped_cases_are_named() -> None:
    """
    A loop that nobody leaves, and a choice without probabilities, say why no number exists.
    """
    steps = [ps.Step("a"), ps.Step("b"), ps.Step("c")]
    trapped = ps.Procedure(
        start="a", steps=steps, flows=[ps.Flow("a", "b"), ps.Flow("b", "c"), ps.Flow("c", "b")]
    )
    with pytest.raises(UndefinedResultError, match="cases never leave the loop of b, c"):
        visits_of(trapped)
    open_choice = ps.Procedure(steps=steps, flows=[ps.Flow("a", "b"), ps.Flow("a", "c")])
    with pytest.raises(UndefinedResultError, match="the flows out of 'a' have no probabilities"):
        visits_of(open_choice)


EXAMPLES = [service.procedure for name in ps.example_names() for service in ps.read_example(name).services]


@given(procedures() | st.sampled_from(EXAMPLES))
def test_a_procedure_survives_networkx(procedure: ps.Procedure) -> None:
    """
    A procedure that became a networkx graph comes back equal: flows in their order, the start stated or not.
    """
    graph = ps.digraph(procedure)
    assert ps.procedure_from(graph) == procedure
    assert [id for id, data in graph.nodes(data=True) if data["first"]] == [procedure.first] * bool(graph)


def test_plain_graphs_become_procedures() -> None:
    """
    Nodes without attributes become steps, edges keep their order, and the start is found, or what the graph says.
    """
    chain = nx.DiGraph([("b", "c"), ("a", "b")])
    assert ps.procedure_from(chain) == ps.Procedure(
        steps=[ps.Step("b"), ps.Step("c"), ps.Step("a")], flows=[ps.Flow("b", "c"), ps.Flow("a", "b")]
    )
    ring = nx.DiGraph([("a", "b"), ("b", "a")])
    ring.nodes["b"]["start"] = True
    assert ps.procedure_from(ring).start == "b"


def test_what_is_added_to_a_graph_comes_last_and_may_come_first() -> None:
    """
    A new edge comes behind those that have their position; where no start is stated, a new first node is found.
    """
    graph = ps.digraph(
        ps.Procedure(
            steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")], flows=[ps.Flow("b", "c"), ps.Flow("a", "b")]
        )
    )
    graph.add_edge("new", "a")
    changed = ps.procedure_from(graph)
    assert (changed.first, changed.flows[2]) == ("new", ps.Flow("new", "a"))


def test_a_node_is_what_its_id_says() -> None:
    """
    A node of the model under another id is refused.
    """
    with pytest.raises(ps.InvalidModelError, match="expected the node 'x'"):
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_node("x", node=ps.Step("y"))
        ps.procedure_from(graph)


def test_names_cannot_break_out_of_a_drawing() -> None:
    """
    Text from a file is written as character codes where Mermaid could read it as markup.
    """
    hostile = ps.Step("a", name='"]; click a "javascript:alert(1)" <b>')
    drawing = ps.to_mermaid(ps.Procedure(steps=[hostile]))
    assert '"]' not in drawing.split("\n")[1][:-2]
    assert "<" not in drawing
    whole = ps.to_mermaid(
        ps.read_example("building-permit").service("building-permit").procedure, language="id"
    )
    assert '{"+"}' in whole
    assert '-->|"92%"|' in whole
    assert '(["granted"])' in whole


def test_a_drawing_frames_blocks_and_marks_nodes() -> None:
    """
    Each block is framed once, inside the one it is in; every node stands once, those that nothing reaches outside.
    """
    procedure = ps.Procedure(
        start="f",
        steps=[ps.Step(n) for n in ("a", "b", "c", "lost")],
        gateways=[
            ps.Gateway("f", kind="parallel"),
            ps.Gateway("j", kind="parallel"),
            ps.Gateway("m", kind="exclusive"),
        ],
        flows=[
            ps.Flow("f", "a"),
            ps.Flow("f", "b"),
            ps.Flow("a", "c", probability=0.5),
            ps.Flow("a", "m", probability=0.5),
            ps.Flow("c", "m"),
            ps.Flow("m", "j"),
            ps.Flow("b", "j"),
        ],
    )
    drawing = ps.to_mermaid(procedure, blocks=True, marked=["c", "b", "c"], language="id")
    assert drawing.split("\n")[1:15] == [
        '  subgraph b0["paralel"]',
        '    n4{"+"}',
        '    n5{"+"}',
        '    subgraph b1["eksklusif"]',
        '      n0["a"]',
        '      n6{"×"}',
        '      n2["c"]',
        "    end",
        '    n1["b"]',
        "  end",
        '  n3["lost"]',
        "  n4 --> n0",
        "  n4 --> n1",
        '  n0 -->|"50%"| n2',
    ]
    assert drawing.endswith("  class n2,n1 marked")
    with pytest.raises(ps.UnknownIdError, match="no node 'd'"):
        ps.to_mermaid(procedure, marked=["d"])


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_gateway_that_joins_and_splits_is_two(kind: Literal["parallel", "inclusive"]) -> None:
    """
    A gateway with several flows in and out joins first and splits then, as BPMN has it.
    """
    shares: list[float | None] = [None, None] if kind == "parallel" else [0.5, 0.5]
    procedure = ps.Procedure(
        start="f",
        steps=[ps.Step(n) for n in "abcd"],
        gateways=[ps.Gateway(g, kind=kind) for g in "fmj"],
        flows=[
            ps.Flow("f", "a", probability=shares[0]),
            ps.Flow("f", "b", probability=shares[1]),
            *(ps.Flow(n, "m") for n in "ab"),
            ps.Flow("m", "c", probability=shares[0]),
            ps.Flow("m", "d", probability=shares[1]),
            *(ps.Flow(n, "j") for n in "cd"),
        ],
    )
    graph = flowgraph(procedure)
    second = len(procedure.nodes)
    assert [is_split_part(graph, i) for i in range(len(graph.nodes))] == [False] * second + [True]
    assert graph.successors[graph.index["m"]] == [second]
    assert (graph.joins[graph.index["m"]], graph.splits[second]) == (kind, kind)
    found = visits_of(procedure)
    # One of two branches at 0.5 each, at least one taken: (1/2) / (1 - 1/4) = 2/3.
    assert [found[n] for n in "abcd"] == pytest.approx([1.0 if kind == "parallel" else 2 / 3] * 4)
    assert found["m"] == found["j"] == pytest.approx(1)


def test_branches_that_arrive_unequally_are_named() -> None:
    """
    A join that one branch may miss, and a case that ends twice, have no visits.
    """
    unequal = ps.Procedure(
        start="f",
        steps=[ps.Step(n) for n in "abc"],
        gateways=[
            ps.Gateway("f", kind="parallel"),
            ps.Gateway("x", kind="exclusive"),
            ps.Gateway("j", kind="parallel"),
        ],
        ends=[ps.End("out"), ps.End("early")],
        flows=[
            ps.Flow("f", "a"),
            ps.Flow("f", "x"),
            ps.Flow("x", "b", probability=0.5),
            ps.Flow("x", "early", probability=0.5),
            ps.Flow("a", "j"),
            ps.Flow("b", "j"),
            ps.Flow("j", "out"),
        ],
    )
    with pytest.raises(UndefinedResultError, match="do not arrive equally often at the parallel gateway 'j'"):
        visits_of(unequal)
    twice = ps.Procedure(
        start="f",
        steps=[ps.Step("a"), ps.Step("b")],
        gateways=[ps.Gateway("f", kind="parallel")],
        flows=[ps.Flow("f", "a"), ps.Flow("f", "b")],
    )
    with pytest.raises(UndefinedResultError, match="a case reaches an end 2 times, expected once"):
        visits_of(twice)


def test_an_empty_procedure_has_empty_results() -> None:
    """
    Nothing has no components, no longest path and no visits.
    """
    graph = flowgraph(ps.Procedure())
    assert components(graph) == []
    assert longest_paths(graph, []) == (0.0, [])
    assert visits_of(ps.Procedure()) == {}
