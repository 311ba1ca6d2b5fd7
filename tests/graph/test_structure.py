"""The tree of blocks, and how nodes stand to each other, against networkx and a token game."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from every_run import ALL, FREE, Builder, Kind, TokenGame, procedure, random_procedure, try_every_way
from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph


def lines(model: ps.Procedure) -> list[str]:
    """Return the tree of a procedure, indented by dots."""
    return [
        "." * ((len(line) - len(line.lstrip())) // 2) + line.strip()
        for line in str(ps.structure(model)).splitlines()
    ]


def test_blocks_loops_and_sequences_are_told_apart() -> None:
    """
    Gateways belong to their block, steps in between to its branches, and a branch may be empty.
    """
    text = "i s, s a, s j, a j, j h, h b, b t, t c, c h, t p, p d, p e, d q, e q, q o"
    assert lines(procedure(text, s="inclusive", j="inclusive", p="parallel", q="parallel")) == [
        "sequence i o",
        ".i",
        ".inclusive s j",
        "..a",
        "..sequence",
        ".loop h t",
        "..b",
        "..c",
        ".parallel p q",
        "..d",
        "..e",
        ".o",
    ]


def test_a_block_may_share_its_gateway_with_the_block_around_it() -> None:
    """
    Where two of three branches meet before the third does, they are a block of their own; branches stay in order.
    """
    assert lines(procedure("s a, s b, s c, a j, b k, c j, j k")) == [
        "exclusive s k",
        ".exclusive s j",
        "..a",
        "..c",
        ".b",
    ]
    assert lines(procedure("s a, s b, s c, a m, m j, b j, c j")) == [
        "exclusive s j",
        ".sequence a m",
        "..a",
        "..m",
        ".b",
        ".c",
    ]


def test_a_step_may_lead_back_to_itself() -> None:
    """
    Rework of one step is a loop of which it is the first and the last node; several ways back are of one loop.
    """
    assert lines(procedure("i a, a b, b a, a c, c a, a o")) == [
        "sequence i o",
        ".i",
        ".loop a",
        "..b",
        "..c",
        ".o",
    ]


def test_several_ends_are_one_exit() -> None:
    """
    A choice between ends has no last node.
    """
    tree = ps.structure(procedure("i a, i b, b c"))
    assert (tree.kind, tree.entry, tree.exit) == ("exclusive", "i", None)
    assert [str(part) for part in tree.parts] == ["a", "sequence b c\n  b\n  c"]


N = "s a, s b, a f, f c, f j, b j, j d, c e, d e"
PARALLEL: dict[str, Kind] = dict.fromkeys("sfje", "parallel")


def test_what_does_not_nest_is_rigid_and_its_surroundings_are_not() -> None:
    """
    A rigid part is as small as the flows into and out of it allow, also inside a block, and several follow each other.
    """
    again = N.translate(str.maketrans("sabfcjde", "SABFCJDE"))
    text = f"x s, {N}, e y, x z, z y, y S, {again}, E o"
    kinds: dict[str, Kind] = {**PARALLEL, **{id.upper(): kind for id, kind in PARALLEL.items()}}
    assert lines(procedure(text, **kinds)) == [
        "sequence x o",
        ".exclusive x y",
        "..rigid s e",
        "...f",
        "...j",
        "...a",
        "...b",
        "...c",
        "...d",
        "..z",
        ".rigid S E",
        "..F",
        "..J",
        "..A",
        "..B",
        "..C",
        "..D",
        ".o",
    ]


def test_a_part_without_a_way_out_is_rigid() -> None:
    """
    Where not every node lies on a way to an end, what cannot be folded is one rigid part without an exit.
    """
    assert lines(procedure("a b, b c, c b, a d, d e")) == [
        "rigid a",
        ".b",
        ".c",
        ".sequence d e",
        "..d",
        "..e",
    ]
    assert lines(procedure("a b, b a")) == ["rigid a", ".b"]


def test_two_gateways_of_different_kinds_make_no_block() -> None:
    """
    A parallel gateway that closes a choice is rigid.
    """
    text = "i s, s a, s b, a j, b j, j o"
    assert lines(procedure(text, s="exclusive", j="parallel"))[2] == ".rigid s j"


def test_nothing_has_an_empty_tree() -> None:
    """
    A procedure without nodes is a sequence of nothing.
    """
    tree = ps.structure(ps.Procedure())
    assert (tree.kind, tree.nodes, tree.data()["parts"]) == ("sequence", (), [])


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**9), st.sampled_from([FREE, ALL]), st.integers(0, 3))
def test_a_tree_holds_every_node_that_is_reached(
    size: int, seed: int, kinds: tuple[Kind, ...], times: int
) -> None:
    """
    Blocks of one kind inside each other leave nothing rigid; whatever is spoilt, no reached node gets lost.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    for _ in range(times):
        builder.mutate()
    model = builder.procedure()
    for some in (model, random_procedure(seed, size, kinds)):
        plain = ps.digraph(some)
        plain.remove_edges_from(
            [
                (flow.source, flow.target)
                for flow in some.flows
                if flow.probability == 0 and some.node(flow.source) in some.gateways
            ]
        )
        tree = ps.structure(some)
        assert set(tree.nodes) == {some.first, *nx.descendants(plain, some.first)}
        assert json.loads(json.dumps(tree.data()))["kind"] == tree.kind
    if not times:
        assert "rigid" not in {fragment.kind for _, fragment in ps.structure(model).walk()}


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_a_tree_does_not_depend_on_the_order_of_flows(size: int, seed: int, rng: object) -> None:
    """
    Shuffled flows give the same fragments, but for the order of branches.
    """
    builder = Builder(seed, FREE)
    builder.whole(size)
    builder.bridge()
    one = builder.procedure()
    builder.rng.shuffle(builder.edges)
    other = builder.procedure()

    def fragments(model: ps.Procedure) -> set[tuple[str, str | None, str | None, frozenset[str]]]:
        walk = ps.structure(model).walk()
        return {(f.kind, f.entry, f.exit, frozenset(f.nodes)) for _, f in walk}

    assert fragments(one) == fragments(other)


def test_deep_nesting_needs_no_deep_stack() -> None:
    """
    Three thousand blocks inside each other have a tree.
    """
    gates = range(3000)
    text = ",".join(
        f"f{i} {f'f{i + 1}' if i < 2999 else 'x'}, f{i} a{i}, a{i} j{i}, {f'j{i + 1}' if i < 2999 else 'x'} j{i}"
        for i in gates
    )
    kinds: dict[str, Kind] = {f"{g}{i}": "parallel" for i in gates for g in "fj"}
    tree = ps.structure(procedure(text, **kinds))
    assert max(depth for depth, _ in tree.walk()) == 3000
    assert len(str(tree).splitlines()) == 6001


def chained(model: ps.Procedure) -> set[str]:
    """Return the nodes that the start reaches."""
    return {model.first or "", *nx.descendants(ps.digraph(model), model.first)}


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**9))
def test_dominators_are_what_every_way_passes(size: int, seed: int) -> None:
    """
    Without a node's dominator the start does not reach it, and without its post-dominator it reaches no end.
    """
    model = random_procedure(seed, size, FREE)
    plain: nx.DiGraph[Any] = ps.digraph(model)
    before, after = ps.dominators(plain), ps.post_dominators(plain)
    assert set(before) == chained(model)
    assert before.pop("n0") is None
    for node, dominator in before.items():
        every = {
            other
            for other in plain
            if other not in (node, model.first)
            and node not in nx.descendants(plain.subgraph(set(plain) - {other}), model.first)
        }
        on_the_way = set()
        while dominator is not None:
            on_the_way.add(dominator)
            dominator = before.get(dominator)
        assert on_the_way == (every | {model.first}) - {node}
    ends = {node for node in plain if not plain.out_degree(node)}
    assert set(after) == {node for node in plain if node in ends or ends & nx.descendants(plain, node)}
    for node, next_one in after.items():
        if next_one is not None:
            rest = plain.subgraph(set(plain) - {next_one})
            assert node not in ends
            assert not ends & nx.descendants(rest, node)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**9), st.sampled_from([FREE, ALL]), st.integers(0, 2))
def test_pairs_are_those_of_every_run(size: int, seed: int, kinds: tuple[Kind, ...], times: int) -> None:
    """
    Two nodes are concurrent if some state lets both happen, and exclusive if no run has both.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    for _ in range(times):
        builder.bridge()
    model = builder.procedure()
    plain = ps.digraph(model)
    tried = try_every_way(model)
    try:
        concurrent, exclusive = set(ps.concurrent_pairs(plain)), set(ps.exclusive_pairs(plain))
    except UndefinedResultError:
        closed = blocks(flowgraph(model)).unstructured is None
        assert ps.soundness(model).verdict != "sound" or (kinds == ALL and not closed)
        return
    game = TokenGame(model)
    ids = [node.id for node in model.nodes]
    if tried.all_ways:
        assert concurrent == {
            pair
            for marking in tried.shortest
            for pair in combinations([id for id in ids if game.taken(id, marking)], 2)
            if any(
                set(one).isdisjoint(other)
                for one in game.taken(pair[0], marking)
                for other in game.taken(pair[1], marking)
            )
        }
    seen = {(game.first, frozenset[str]())}
    work = list(seen)
    while work and len(seen) < 3000:
        marking, passed = work.pop()
        new = {(after, passed | {id}) for id in ids for after in game.fire(marking, id)} - seen
        seen |= new
        work.extend(new)
    together = {pair for _, passed in seen for pair in combinations([id for id in ids if id in passed], 2)}
    assert not exclusive & together
    if not work:
        assert exclusive == set(combinations(ids, 2)) - together


def test_pairs_of_a_procedure_that_is_not_sound_are_undefined() -> None:
    """
    What runs together is not said where it is not known, and the reason is.
    """
    text = "i s, s a, s b, a j, b j, j o"
    with pytest.raises(UndefinedResultError, match="the case gets stuck"):
        ps.concurrent_pairs(ps.digraph(procedure(text, s="exclusive", j="parallel")))
    with pytest.raises(UndefinedResultError, match="are not closed by one gateway of its kind"):
        ps.exclusive_pairs(ps.digraph(procedure(text, s="parallel", j="inclusive")))


def test_an_empty_graph_has_no_relations() -> None:
    """
    Without nodes there is nothing before, after, beside or instead of another.
    """
    empty = ps.digraph(ps.Procedure())
    assert (ps.dominators(empty), ps.post_dominators(empty)) == ({}, {})
    assert (ps.concurrent_pairs(empty), ps.exclusive_pairs(empty)) == ([], [])
