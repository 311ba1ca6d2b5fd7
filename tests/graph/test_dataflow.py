"""Data flow, against every order in which the steps of a small procedure can run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, combinations
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.graph.blocks import blocks
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import flowgraph

DATA = ("x", "y", "z")
FACTS = tuple(ps.Check(check, of) for check, of in (("valid", "x"), ("new", "x"), ("valid", "y"), ("z", "z")))


def dataflow(procedure: ps.Procedure, requirements: Sequence[str | ps.Requirement] = ()) -> DataFlow:
    """Return the data flow of a procedure."""
    graph = flowgraph(procedure)
    service = ps.PublicService("s", procedure=procedure, requirements=requirements)
    return DataFlow(graph, blocks(graph), service.requirements)


class Builder:
    """A random procedure of sequences, choices, loops, parallel and inclusive blocks."""

    def __init__(self, seed: int, *, concurrent: bool = True) -> None:
        self.rng = Random(seed)
        self.kinds = ["sequence", "choice", "loop", *(["parallel", "inclusive"] * 2 if concurrent else [])]
        self.steps: list[ps.Step] = []
        self.waits: list[ps.Wait] = []
        self.gateways: list[ps.Gateway] = []
        self.flows: list[ps.Flow] = []
        self.exits: dict[str, list[tuple[str, str]]] = {}  # of an inclusive split: where each branch arrives

    def some(self, of: tuple[Any, ...], share: float) -> list[Any]:
        return [item for item in of if self.rng.random() < share]

    def work(self) -> tuple[str, str]:
        id = f"n{len(self.steps) + len(self.waits)}"
        if self.rng.random() < 0.1:
            needs, gives = self.some(DATA, 0.2), self.some(DATA, 0.3)
            self.waits.append(ps.Wait(id, cause="applicant", clock="elapsed", needs=needs, gives=gives))
        else:
            self.steps.append(
                ps.Step(
                    id,
                    needs=self.some(DATA, 0.2),
                    asks=self.some(DATA, 0.15),
                    checks=self.some(FACTS, 0.3),
                    gives=self.some(DATA, 0.12),
                )
            )
        return id, id

    def gateway(self, kind: Any) -> str:
        self.gateways.append(ps.Gateway(f"g{len(self.gateways)}", kind=kind))
        return self.gateways[-1].id

    def flow(self, source: str, target: str, probability: float | None = None) -> tuple[str, str]:
        self.flows.append(ps.Flow(source, target, probability=probability))
        return source, target

    def block(self, size: int) -> tuple[str, str]:
        kind = self.rng.choice(self.kinds) if size > 1 else "step"
        if kind == "step":
            return self.work()
        if kind == "sequence":
            cut = self.rng.randrange(1, size)
            first, second = self.block(cut), self.block(size - cut)
            self.flow(first[1], second[0])
            return first[0], second[1]
        if kind == "loop":
            head, tail = self.gateway("exclusive"), self.gateway("exclusive")
            inside = self.block(size)
            leave = self.work()
            self.flow(head, inside[0])
            self.flow(inside[1], tail)
            self.flow(tail, head)
            self.flow(tail, leave[0])
            return head, leave[1]
        cut = self.rng.randrange(0 if size > 2 else 1, size)
        split, join = (self.gateway("exclusive" if kind == "choice" else kind) for _ in "sj")
        self.exits[split] = []
        for part in (cut, size - cut):
            p = self.rng.choice([0.5, 1.0]) if kind == "inclusive" else None
            if part:
                inside = self.block(part)
                self.flow(split, inside[0], p)
                self.exits[split].append(self.flow(inside[1], join))
            else:
                self.exits[split].append(self.flow(split, join, p))
        return split, join

    def procedure(self, size: int) -> ps.Procedure:
        first, _ = self.block(size)
        return ps.Procedure(
            start=first, steps=self.steps, waits=self.waits, gateways=self.gateways, flows=self.flows
        )


@attrs.define
class Seen:
    """What was seen whenever a node began, over all runs."""

    facts: dict[str, set[ps.Check]] = attrs.Factory(dict)
    present: dict[str, set[str]] = attrs.Factory(dict)
    all_ways: bool = False
    reads: defaultdict[tuple[str, str], set[str]] = attrs.Factory(lambda: defaultdict(set))
    latest: defaultdict[tuple[ps.Check, str], set[str]] = attrs.Factory(lambda: defaultdict(set))


def run_every_way(
    procedure: ps.Procedure, exits: dict[str, list[tuple[str, str]]], handed_in: frozenset[str], *, most: int
) -> Seen:
    """Move tokens over flows in every order, up to a number of states."""
    nodes = {node.id: node for node in procedure.nodes}
    into, out = defaultdict(list), defaultdict(list)
    for flow in procedure.flows:
        into[flow.target].append((flow.source, flow.target))
        out[flow.source].append(flow)
    first = procedure.first or ""
    into[first].append(("", first))
    seen = Seen()
    begin: Any = (((("", first), 1),), frozenset(), frozenset(), handed_in)
    states, work = {begin}, [begin]

    def begins(id: str, facts: dict[ps.Check, str], versions: dict[str, str], present: set[str]) -> None:
        node = nodes[id]
        seen.facts[id] = seen.facts.get(id, set(FACTS)) & set(facts)
        seen.present[id] = seen.present.get(id, set(DATA)) & present
        for fact, by in facts.items():
            seen.latest[fact, id].add(by)
        if isinstance(node, ps.Step):
            for datum in {*node.needs, *(fact.of for fact in node.checks)}:
                seen.reads[versions.get(datum, ""), datum].add(id)
            present.update(node.asks)
            facts.update(dict.fromkeys(node.checks, id))
        if isinstance(node, ps.Wait):
            for datum in node.needs:
                seen.reads[versions.get(datum, ""), datum].add(id)
        if isinstance(node, ps.Step | ps.Wait):
            present.update(node.gives)
            for datum in node.gives:
                versions[datum] = id
                for fact in [fact for fact in facts if fact.of == datum]:
                    del facts[fact]

    while work and len(states) < most:
        marking, held, made, present_data = work.pop()
        tokens = Counter(dict(marking))
        for id, node in nodes.items():
            together = isinstance(node, ps.Gateway) and node.kind != "exclusive" and len(into[id]) > 1
            for taken in [into[id]] if together else [[edge] for edge in into[id]]:
                if not all(tokens[edge] for edge in taken):
                    continue
                left = tokens - Counter(taken)
                facts, versions, present = dict(held), dict(made), set(present_data)
                begins(id, facts, versions, present)
                flows = out[id]
                edges = [(flow.source, flow.target) for flow in flows]
                if isinstance(node, ps.Gateway) and node.kind == "inclusive" and len(flows) > 1:
                    sure = {i for i, flow in enumerate(flows) if flow.probability == 1}
                    every = range(len(flows))
                    ways = [
                        [edges[i] if i in chosen else exits[id][i] for i in every]
                        for chosen in chain.from_iterable(combinations(every, n + 1) for n in every)
                        if sure <= set(chosen)
                    ]
                elif isinstance(node, ps.Gateway) and node.kind == "parallel":
                    ways = [edges]
                else:
                    ways = [[edge] for edge in edges] or [[]]
                for way in ways:
                    after = left + Counter(way)
                    state = (
                        tuple(sorted(after.items())),
                        frozenset(facts.items()),
                        frozenset(versions.items()),
                        frozenset(present),
                    )
                    if state not in states:
                        states.add(state)
                        work.append(state)
    seen.all_ways = not work
    return seen


MOST = 6_000


@settings(max_examples=150)
@given(st.integers(2, 7), st.integers(0, 10**6))
def test_facts_and_data_are_those_of_every_run(size: int, seed: int) -> None:
    """
    A fact or a datum is available at a node exactly if it is there in every run, whatever runs side by side.
    """
    builder = Builder(seed)
    procedure = builder.procedure(size)
    requirements = builder.some(DATA, 0.5)
    flow = dataflow(procedure, requirements)
    seen = run_every_way(procedure, builder.exits, flow.handed_in, most=MOST)
    for step in procedure.steps if seen.all_ways else ():
        i = flow._graph.index[step.id]
        assert {fact for fact in FACTS if flow.is_available(fact, i)} <= seen.facts[step.id]
        asked = set(flow.present_data.bits)
        assert {datum for datum in asked if flow.is_present(datum, i)} <= seen.present[step.id]
        several = {fact for fact, at in flow.checkers.items() if len(at) > 1}
        assert seen.facts[step.id] & several <= {fact for fact in FACTS if flow.is_available(fact, i)}
        assert seen.present[step.id] & asked <= {d for d in asked if flow.is_present(d, i)}
        for fact in set(step.checks) & seen.facts[step.id] & several:
            nearest = flow.latest_checker(fact, i)
            assert nearest is not None
            latest = flow._graph.id(nearest)
            sequential = all(gateway.kind == "exclusive" for gateway in procedure.gateways)
            checkers = {other.id for other in procedure.steps if fact in other.checks}
            assert latest in (seen.latest[fact, step.id] if sequential else checkers)


@settings(max_examples=100)
@given(st.integers(2, 7), st.integers(0, 10**6), st.booleans())
def test_readers_are_those_of_some_run(size: int, seed: int, concurrent: bool) -> None:
    """
    Every read of some run is among the readers of its version; without concurrency there are no others.
    """
    builder = Builder(seed, concurrent=concurrent)
    procedure = builder.procedure(size)
    flow = dataflow(procedure)
    seen = run_every_way(procedure, builder.exits, flow.handed_in, most=MOST)
    found = {
        (flow._graph.id(i), datum): {flow._graph.id(reader) for reader in readers}
        for (i, datum), readers in flow.readers.items()
    }
    for (by, datum), readers in seen.reads.items():
        assert not by or readers <= found[by, datum]
    if not concurrent and seen.all_ways:
        assert {key: readers for key, readers in found.items() if readers} == {
            key: readers for key, readers in seen.reads.items() if key[0]
        }


@settings(max_examples=80)
@given(st.integers(3, 6), st.integers(0, 10**6))
def test_blocks_that_do_not_close_claim_nothing_that_may_be_wrong(size: int, seed: int) -> None:
    """
    Where branches meet at a gateway that does not wait for them, what is claimed still holds in every run.
    """
    builder = Builder(seed)
    procedure = builder.procedure(size)
    joins = [g.id for g in procedure.gateways if g.kind == "parallel"][1::2]
    open_ended = attrs.evolve(
        procedure,
        gateways=[attrs.evolve(g, kind="exclusive") if g.id in joins else g for g in procedure.gateways],
    )
    flow = dataflow(open_ended)
    seen = run_every_way(open_ended, builder.exits, flow.handed_in, most=1_500)
    for id, facts in seen.facts.items():
        assert {fact for fact in FACTS if flow.is_available(fact, flow._graph.index[id])} <= facts


def nested(kind: Any = "parallel", p: float | None = None, q: float | None = None) -> ps.Procedure:
    """Return a block with a step in one branch, and in the other a step, a choice, and a block in a block."""
    return ps.Procedure(
        start="fork",
        steps=[ps.Step(id) for id in ("a", "b", "c", "d", "e", "f")],
        gateways=[
            ps.Gateway("fork", kind="parallel"),
            ps.Gateway("join", kind="parallel"),
            ps.Gateway("choice", kind="exclusive"),
            ps.Gateway("merge", kind="exclusive"),
            ps.Gateway("inner", kind=kind),
            ps.Gateway("close", kind=kind),
        ],
        flows=[
            ps.Flow("fork", "a"),
            ps.Flow("a", "join"),
            ps.Flow("fork", "b"),
            ps.Flow("b", "choice"),
            ps.Flow("choice", "c"),
            ps.Flow("choice", "d"),
            ps.Flow("c", "merge"),
            ps.Flow("d", "merge"),
            ps.Flow("merge", "inner"),
            ps.Flow("inner", "e", probability=p),
            ps.Flow("inner", "f", probability=q),
            ps.Flow("e", "close"),
            ps.Flow("f", "close"),
            ps.Flow("close", "join"),
        ],
    )


@pytest.mark.parametrize(
    ("kind", "p", "q", "expected"),
    [
        ("parallel", None, None, {"ab", "ae", "af", "ef"}),
        ("inclusive", 0.5, 0.5, {"ab"}),
        ("inclusive", 1, 0.5, {"ab", "ae"}),
        ("inclusive", 1, 1, {"ab", "ae", "af", "ef"}),
    ],
)
def test_steps_that_always_run_side_by_side(
    kind: Any, p: float | None, q: float | None, expected: set[str]
) -> None:
    """
    Two steps always run side by side unless a choice or an inclusive branch may pass one of them by.
    """
    flow = dataflow(nested(kind, p, q))
    index = flow._graph.index
    pairs = {a + b for a, b in combinations("abcdef", 2) if flow.always_beside(index[a], index[b])}
    assert pairs == expected


def test_nothing_is_always_side_by_side_where_blocks_do_not_close() -> None:
    """
    Without blocks that close it is not known what runs together.
    """
    flow = dataflow(
        ps.Procedure(
            steps=[ps.Step("a"), ps.Step("b")],
            gateways=[ps.Gateway("f", kind="parallel")],
            flows=[ps.Flow("f", "a"), ps.Flow("f", "b")],
        )
    )
    assert not flow.always_beside(flow._graph.index["a"], flow._graph.index["b"])


def test_a_branch_without_steps_brings_no_fact_that_another_ends() -> None:
    """
    What was checked before a block does not slip past a new version through a branch that leads straight on.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", checks=["x"]), ps.Step("b", gives=["x"]), ps.Step("c", checks=["x"])],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[
            ps.Flow("a", "f"),
            ps.Flow("f", "b"),
            ps.Flow("f", "j"),
            ps.Flow("b", "j"),
            ps.Flow("j", "c"),
        ],
    )
    flow = dataflow(procedure)
    assert not flow.is_available(ps.Check("x", "x"), flow._graph.index["c"])
    same = attrs.evolve(procedure, steps=[attrs.evolve(s, gives=[]) for s in procedure.steps])
    assert dataflow(same).is_available(ps.Check("x", "x"), 2)


def test_requirements_that_no_step_asks_for_are_handed_in() -> None:
    """
    A requirement comes with the application unless a step asks for it or for the only evidence that meets it.
    """
    requirements: list[str | ps.Requirement] = [
        "form",
        ps.Requirement("identity", evidence=["id-card"]),
        ps.Requirement("address", evidence=["bill", "deed"]),
        ps.Requirement("age", evidence=["birth-certificate"]),
    ]
    flow = dataflow(ps.Procedure(steps=[ps.Step("a", asks=["birth-certificate"])]), requirements)
    assert flow.handed_in == {"form", "identity", "id-card", "address"}


def test_a_requirement_and_its_only_evidence_are_one() -> None:
    """
    Who has handed in the only evidence has met the requirement, and the other way round.
    """
    requirements = [ps.Requirement("identity", evidence=["id-card"])]
    for first, second in (("identity", "id-card"), ("id-card", "identity")):
        procedure = ps.Procedure(
            steps=[ps.Step("a", asks=[first]), ps.Step("b", asks=[second])], flows=[ps.Flow("a", "b")]
        )
        flow = dataflow(procedure, requirements)
        assert [flow.is_present(second, i) for i in (0, 1)] == [False, True]


def test_a_step_that_no_case_reaches_may_read_everything() -> None:
    """
    As the flow to it may have been forgotten, what it needs counts as read; what it gives is read by nobody.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[
            ps.Step("a", gives=["x"]),
            ps.Step("b", needs=["x"], gives=["y"]),
            ps.Step("c", needs=["y"]),
        ],
        flows=[ps.Flow("a", "c")],
    )
    flow = dataflow(procedure)
    assert flow.readers == {(0, "x"): [1], (1, "y"): []}
    assert [flow.is_reached(i) for i in range(3)] == [True, False, True]


def test_a_procedure_without_nodes_has_no_data() -> None:
    """
    An empty procedure has neither facts nor data.
    """
    flow = dataflow(ps.Procedure())
    assert (flow.readers, flow.available_facts, flow.handed_in) == ({}, [], frozenset())


def test_what_leads_here_from_where_no_case_comes_changes_nothing() -> None:
    """
    A node that no case reaches takes no fact away where its flow arrives.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step("a", checks=["card"]), ps.Step("lost"), ps.Step("b", checks=["card"])],
        flows=[ps.Flow("a", "b"), ps.Flow("lost", "b")],
    )
    service = ps.PublicService("s", requirements=["card"], procedure=procedure)
    found = ps.check(ps.PublicOrganisation("o", services=[service]), select=["RED001"])
    assert [f.steps for f in found] == [("a", "b")]
