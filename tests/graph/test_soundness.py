"""Soundness, against a token game that tries every run, and against textbook nets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, combinations
from random import Random
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.graph.soundness import Fault, Soundness, soundness

Kind = Literal["exclusive", "parallel", "inclusive"]
Marking = tuple[tuple[tuple[str, str], int], ...]


class TokenGame:
    """
    A procedure as tokens on pairs of ids; what has ended is on pairs that lead to "".

    An inclusive join goes by the words of BPMN 2.0: it waits for a token that can get to an empty flow of it, and not to
    one that has a token.
    """

    def __init__(self, procedure: ps.Procedure) -> None:
        self.nodes = {node.id: node for node in procedure.nodes}
        self.into: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self.out: defaultdict[str, list[ps.Flow]] = defaultdict(list)
        for flow in procedure.flows:
            self.into[flow.target].append((flow.source, flow.target))
            self.out[flow.source].append(flow)
        self.never = {
            (flow.source, flow.target)
            for flow in procedure.flows
            if flow.probability == 0 and self.kind(flow.source) == "inclusive"
        }
        self.real_joins = {id for id, edges in self.into.items() if len(edges) > 1}
        first = procedure.first or ""
        self.into[first].append(("", first))
        self.first: Marking = ((("", first), 1),)

    def kind(self, id: str) -> str:
        node = self.nodes[id]
        return node.kind if isinstance(node, ps.Gateway) else "exclusive"

    def ways(self, id: str) -> list[tuple[tuple[str, str], ...]]:
        flows = self.out[id]
        edges = [(flow.source, flow.target) for flow in flows]
        if not flows:
            return [((id, ""),)]
        if self.kind(id) == "parallel":
            return [tuple(edges)]
        if self.kind(id) == "exclusive" or len(flows) == 1:
            return [(edge,) for edge in edges]
        can = [i for i, flow in enumerate(flows) if flow.probability != 0]
        must = {i for i, flow in enumerate(flows) if flow.probability == 1}
        chosen = chain.from_iterable(combinations(can, n) for n in range(1, len(can) + 1))
        return [tuple(edges[i] for i in some) for some in chosen if must <= set(some)]

    def upstream(self, edge: tuple[str, str], join: str) -> set[tuple[str, str]]:
        found, stack = {edge}, [edge]
        while stack:
            edge = stack.pop()
            source = edge[0]
            for other in self.into[source] if source not in ("", join) and edge not in self.never else []:
                if other not in found:
                    found.add(other)
                    stack.append(other)
        return found

    def taken(self, id: str, marking: Marking) -> list[tuple[tuple[str, str], ...]]:
        tokens = dict(marking)
        here = [edge for edge in self.into[id] if edge in tokens]
        if not here:
            return []
        if self.kind(id) == "exclusive" or id not in self.real_joins:
            return [(edge,) for edge in here]
        empty = [edge for edge in self.into[id] if edge not in tokens]
        if self.kind(id) == "parallel":
            return [] if empty else [tuple(here)]
        blocked = set().union(*(self.upstream(edge, id) for edge in empty), set())
        freed = set().union(*(self.upstream(edge, id) for edge in here))
        return [] if any(edge in blocked - freed for edge in tokens) else [tuple(here)]

    def fire(self, marking: Marking, id: str) -> Iterator[Marking]:
        for taken in self.taken(id, marking):
            for given_ in self.ways(id):
                tokens = defaultdict(int, marking)
                for edge in taken:
                    tokens[edge] -= 1
                for edge in given_:
                    tokens[edge] += 1
                yield tuple(sorted((edge, n) for edge, n in tokens.items() if n))

    def replay(self, run: tuple[str, ...]) -> set[Marking]:
        """Return where a run can lead."""
        markings = {self.first}
        for id in run:
            markings = {after for marking in markings for after in self.fire(marking, id)}
        return markings

    def can_happen(self, marking: Marking) -> bool:
        return any(self.taken(id, marking) for id in self.nodes)


def is_ended(marking: Marking) -> bool:
    return all(edge[1] == "" for edge, _ in marking)


def is_improper(marking: Marking) -> bool:
    return sum(n for _, n in marking) > 1 and any(edge[1] == "" for edge, _ in marking)


def is_unsafe(marking: Marking) -> bool:
    return any(n > 1 and edge[1] for edge, n in marking)


@attrs.frozen
class Tried:
    """All runs of a procedure, up to a number of states."""

    markings: dict[Marking, list[Marking]]
    fired: set[str]
    shortest: dict[Marking, int]
    all_ways: bool

    @property
    def option_to_complete(self) -> bool:
        back = defaultdict(list)
        for marking, following in self.markings.items():
            for after in following:
                back[after].append(marking)
        stack = [marking for marking in self.markings if is_ended(marking)]
        done = set(stack)
        while stack:
            for before in back[stack.pop()]:
                if before not in done:
                    done.add(before)
                    stack.append(before)
        return len(done) == len(self.markings)


def try_every_way(procedure: ps.Procedure, *, most: int = 800) -> Tried:
    """Move tokens in every order, shortest runs first."""
    game = TokenGame(procedure)
    markings: dict[Marking, list[Marking]] = {}
    fired: set[str] = set()
    shortest = {game.first: 0}
    queue = [game.first]
    for marking in queue:
        if len(shortest) > most:
            break
        markings[marking] = []
        for id in game.nodes:
            for after in game.fire(marking, id):
                fired.add(id)
                markings[marking].append(after)
                if after not in shortest:
                    shortest[after] = shortest[marking] + 1
                    queue.append(after)
    return Tried(markings, fired, shortest, len(shortest) <= most)


def shows(fault: Fault, game: TokenGame) -> bool:
    """Return whether the run of a fault leads to it."""
    assert fault.run is not None
    markings = game.replay(fault.run)
    match fault.kind:
        case "deadlock":
            return any(not is_ended(m) and not game.can_happen(m) for m in markings)
        case "lack-of-synchronisation":
            return any(is_unsafe(m) for m in markings)
        case "improper-completion":
            return any(is_improper(m) for m in markings)
        case "unbounded":
            return any(covers(m, game, fault.run) for m in markings)
        case "livelock":
            return any(never_ends(m, game) for m in markings)
        case _:
            return False


def covers(marking: Marking, game: TokenGame, run: tuple[str, ...]) -> bool:
    """Return whether a marking has all that an earlier one of its run has, and more."""
    earlier = {m for i in range(len(run)) for m in game.replay(run[:i])}
    tokens = dict(marking)
    return any(m != marking and all(tokens.get(edge, 0) >= n for edge, n in m) for m in earlier)


def never_ends(marking: Marking, game: TokenGame) -> bool:
    """Return whether no run from a marking ends, as far as 300 states show."""
    seen, queue = {marking}, [marking]
    for m in queue:
        if is_ended(m):
            return False
        for id in game.nodes if len(seen) < 300 else ():
            for after in game.fire(m, id):
                if after not in seen:
                    seen.add(after)
                    queue.append(after)
    return True


def random_procedure(seed: int, size: int, kinds: tuple[Kind, ...]) -> ps.Procedure:
    """Return a connected procedure of random nodes and flows, with loops."""
    rng = Random(seed)
    made: list[ps.Step | ps.Gateway] = []
    for i in range(size):
        kind = rng.choice([None, *kinds])
        made.append(ps.Step(f"n{i}") if kind is None else ps.Gateway(f"n{i}", kind=kind))
    edges = {(f"n{rng.randrange(i)}", f"n{i}") for i in range(1, size)}
    edges |= {(f"n{rng.randrange(size)}", f"n{rng.randrange(size)}") for _ in range(rng.randrange(size))}
    edges |= {(f"n{size - 1}", "end")}
    return build(made, sorted(edges), rng)


def build(made: list[Any], edges: list[tuple[str, str]], rng: Random) -> ps.Procedure:
    inclusive = {node.id for node in made if isinstance(node, ps.Gateway) and node.kind == "inclusive"}
    flows, first = [], set()
    for source, target in edges:
        p = None
        if source in inclusive:
            p = rng.choice([0.0, 0.5, 1.0]) if source in first else 0.5
            first.add(source)
        flows.append(ps.Flow(source, target, probability=p))
    return ps.Procedure(
        start=made[0].id,
        steps=[node for node in made if isinstance(node, ps.Step)],
        gateways=[node for node in made if isinstance(node, ps.Gateway)],
        ends=[ps.End("end")],
        flows=flows,
    )


def shortest(found: Soundness, kind: str) -> int | None:
    """Return the length of the shortest run to a fault of a kind."""
    return min((len(f.run) for f in found.faults if f.kind == kind and f.run is not None), default=None)


def agrees(procedure: ps.Procedure) -> Soundness:
    """Hold the soundness of a procedure against every way it can run."""
    found = soundness(procedure, at_most_states=1500)
    tried = try_every_way(procedure)
    game = TokenGame(procedure)
    seen = list(tried.shortest)
    for fault in found.faults:
        assert fault.run is None or shows(fault, game), (procedure, fault)
    kinds = {fault.kind for fault in found.faults}
    if tried.all_ways:
        expected = {
            "option_to_complete": tried.option_to_complete,
            "proper_completion": not any(map(is_improper, seen)),
            "no_dead_nodes": tried.fired == set(game.nodes),
            "safe": not any(map(is_unsafe, seen)),
        }
        inclusive = any(gateway.kind == "inclusive" for gateway in procedure.gateways)
        got = {name: getattr(found, name) for name in expected}
        if inclusive and not expected["safe"]:
            assert found.safe is False
            assert all(got[name] in (None, expected[name]) for name in got), (procedure, found)
        else:
            assert got == expected, (procedure, found)
            dead = [m for m, following in tried.markings.items() if not following and not is_ended(m)]
            assert shortest(found, "deadlock") == min((tried.shortest[m] for m in dead), default=None)
            for kind, is_bad in (
                ("improper-completion", is_improper),
                ("lack-of-synchronisation", is_unsafe),
            ):
                bad = [tried.shortest[m] for m in seen if is_bad(m)]
                assert shortest(found, kind) == min(bad, default=None), (procedure, found)
        assert found.verdict == ("sound" if all(expected.values()) else "unsound")
        assert "unbounded" not in kinds
    elif found.verdict == "sound":
        assert not any(is_improper(m) or is_unsafe(m) for m in seen)
        assert all(following or is_ended(m) for m, following in tried.markings.items())
    return found


FREE: tuple[Kind, ...] = ("exclusive", "parallel", "parallel")
ALL: tuple[Kind, ...] = ("exclusive", "parallel", "inclusive", "inclusive")


class Builder:
    """A random procedure of nested blocks: sequences, choices, loops, parallel and inclusive blocks."""

    def __init__(self, seed: int, kinds: tuple[Kind, ...]) -> None:
        self.rng = Random(seed)
        self.kinds = ("sequence", "loop", *kinds)
        self.steps: list[str] = []
        self.gateways: dict[str, Kind] = {}
        self.edges: list[tuple[str, str]] = []

    def step(self) -> str:
        self.steps.append(f"s{len(self.steps)}")
        return self.steps[-1]

    def gateway(self, kind: Kind) -> str:
        id = f"g{len(self.gateways)}"
        self.gateways[id] = kind
        return id

    def block(self, size: int) -> tuple[str, str]:
        if size < 2:
            id = self.step()
            return id, id
        kind: Any = self.rng.choice(self.kinds)
        cut = self.rng.randrange(1, size)
        if kind == "sequence":
            first, second = self.block(cut), self.block(size - cut)
            self.edges.append((first[1], second[0]))
            return first[0], second[1]
        if kind == "loop":
            head, tail = self.gateway("exclusive"), self.gateway("exclusive")
            body, back = self.block(cut), self.block(size - cut)
            self.edges += [(head, body[0]), (body[1], tail), (tail, back[0]), (back[1], head)]
            return head, tail
        split, join = self.gateway(kind), self.gateway(kind)
        for part in (cut, size - cut):
            inside = self.block(part)
            self.edges += [(split, inside[0]), (inside[1], join)]
        return split, join

    def whole(self, size: int) -> None:
        first, last = self.step(), self.step()
        entry, leave = self.block(size)
        self.edges += [(first, entry), (leave, last), (last, "end")]

    def bridge(self) -> None:
        """Lead from one flow to another through gateways of one kind."""
        if len(self.edges) < 2:
            return
        a, b = self.rng.sample(range(len(self.edges)), 2)
        kind = self.rng.choice(sorted(set(self.kinds) & {"exclusive", "parallel", "inclusive"}))
        split, join = self.gateway(kind), self.gateway(kind)  # type: ignore[arg-type]  # they are kinds
        for i, gate in ((a, split), (b, join)):
            source, target = self.edges[i]
            self.edges[i] = (source, gate)
            self.edges.append((gate, target))
        self.edges.append((split, join))

    def mutate(self) -> None:
        """Change a gateway's kind, or leave a flow out, or lead it elsewhere."""
        way = self.rng.randrange(4)
        if way == 0 and self.gateways:
            self.gateways[self.rng.choice(list(self.gateways))] = self.rng.choice(
                [kind for kind in self.kinds if kind not in ("sequence", "loop")]  # type: ignore[misc]  # idem
            )
        if way == 1:
            i = self.rng.randrange(len(self.edges))
            target = self.rng.choice([edge[1] for edge in self.edges])
            self.edges[i] = (self.edges[i][0], target)
        if way == 2 and len(self.edges) > 3:
            del self.edges[self.rng.randrange(1, len(self.edges) - 1)]
        if way == 3:
            self.bridge()

    def procedure(self) -> ps.Procedure:
        made = [
            *(ps.Step(id) for id in self.steps),
            *(ps.Gateway(id, kind=kind) for id, kind in self.gateways.items()),
        ]
        return build(made, list(dict.fromkeys(self.edges)), self.rng)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**9), st.sampled_from([FREE, ALL]))
def test_any_procedure_agrees_with_every_way_it_can_run(
    size: int, seed: int, kinds: tuple[Kind, ...]
) -> None:
    """
    Verdict and properties are those of all states, runs lead to their faults, and none is shorter.
    """
    agrees(random_procedure(seed, size, kinds))


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**9), st.sampled_from([FREE, ALL]))
def test_nested_blocks_are_sound(size: int, seed: int, kinds: tuple[Kind, ...]) -> None:
    """
    Blocks of one kind inside each other are sound, and no state is looked at to know it.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    procedure = builder.procedure()
    if not any(flow.probability == 0 for flow in procedure.flows):
        found = agrees(procedure)
        assert found.verdict == "sound"
        assert found.method == "nested blocks, every node on a way from the start to an end"


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 8), st.integers(0, 10**9), st.sampled_from([FREE, ALL]), st.integers(1, 3), st.booleans()
)
def test_spoilt_blocks_agree_with_every_way_they_can_run(
    size: int, seed: int, kinds: tuple[Kind, ...], times: int, bridged: bool
) -> None:
    """
    Where flows are led elsewhere, left out, bridged, or gateways change their kind, the verdict is that of all states.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    for _ in range(times):
        if bridged:
            builder.bridge()
        else:
            builder.mutate()
    agrees(builder.procedure())


def procedure(text: str, **kinds: Kind) -> ps.Procedure:
    """Return the procedure of flows such as ``a b, b c``; other nodes than the named gateways are steps."""
    flows = [flow.split() for flow in text.split(",")]
    ids = dict.fromkeys(id for flow in flows for id in flow[:2])
    return ps.Procedure(
        start=next(iter(ids)),
        steps=[ps.Step(id) for id in ids if id not in kinds and id != "o"],
        gateways=[ps.Gateway(id, kind=kind) for id, kind in kinds.items()],
        ends=[ps.End("o")] if "o" in ids else [],
        flows=[
            ps.Flow(flow[0], flow[1], probability=float(flow[2]) if len(flow) > 2 else None) for flow in flows
        ],
    )


def faults(found: Soundness) -> list[tuple[str, str, str | None]]:
    return [
        (fault.kind, " ".join(fault.nodes), None if fault.run is None else " ".join(fault.run))
        for fault in found.faults
    ]


BLOCK = "i s, s a, s b, a j, b j, j o"


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        # The three nets of the oracle soundness-small.
        (BLOCK, {"s": "exclusive", "j": "exclusive"}, []),
        (
            BLOCK,
            {"s": "exclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None)],
        ),
        (
            BLOCK,
            {"s": "parallel", "j": "exclusive"},
            [("lack-of-synchronisation", "j o", "i s a j b j"), ("improper-completion", "o b", "i s a j o")],
        ),
        # An inclusive join closes what any gateway has split.
        (BLOCK, {"s": "parallel", "j": "inclusive"}, []),
        (BLOCK, {"s": "exclusive", "j": "inclusive"}, []),
        (
            BLOCK,
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a")],
        ),
        # Livelock: a loop that nobody leaves, beside a way that ends.
        ("i a, i o, a b, b a", {}, [("livelock", "a b", "i a")]),
        # A loop that nobody leaves, and no end.
        ("i a, a i", {}, [("no-end", "i", None)]),
        # A branch that a parallel gateway leads back piles up work.
        (
            "i a, a s, s a, s o",
            {"s": "parallel"},
            [
                ("unbounded", "a s", "i a s a"),
                ("improper-completion", "o a", "i a s o"),
            ],
        ),
        # A parallel gateway before two ends.
        (
            "i s, s a, s b",
            {"s": "parallel"},
            [("improper-completion", "a b", "i s a")],
        ),
        # Two parallel branches that end at one step.
        (
            "i s, s a, s b, a o, b o",
            {"s": "parallel"},
            [("improper-completion", "o b", "i s a o")],
        ),
        # A join that waits for its own output.
        (
            "i j, j s, s o, s j",
            {"j": "parallel", "s": "exclusive"},
            [("deadlock", "j", "i"), ("dead-node", "j s o", None)],
        ),
        # A join that waits for what an inclusive gateway never takes.
        (
            "i s, s a 1, s j 0, a j, j o",
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None)],
        ),
        # An inclusive gateway of which two branches meet before the third.
        (
            "i s, s a .5, s b .5, s c .5, a j, b j, j k, c k, k o",
            {"s": "inclusive", "j": "inclusive", "k": "inclusive"},
            [],
        ),
        # A step to which no flow leads, and a join that waits for it.
        ("i o, a o", {}, [("dead-node", "a", None)]),
        (
            "i j, a j, j o",
            {"j": "parallel"},
            [("deadlock", "j", "i"), ("dead-node", "j o", None), ("dead-node", "a", None)],
        ),
        # What an inclusive gateway never takes is dead; what a choice takes with probability 0 is not.
        (
            "i s, s a 1, s b 0, a j, b j, j o",
            {"s": "inclusive", "j": "inclusive"},
            [("dead-node", "b", None)],
        ),
        ("i s, s a 1, s b 0, a j, b j, j o", {"s": "exclusive", "j": "exclusive"}, []),
        (
            "i s, s a 1, s b 0, a j, b j, j o",
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None), ("dead-node", "b", None)],
        ),
    ],
)
def test_each_error_is_named_with_nodes_and_a_shortest_run(
    text: str, kinds: dict[str, Kind], expected: list[tuple[str, str, str | None]]
) -> None:
    """
    Deadlock, livelock, lack of synchronisation, improper completion, dead nodes and unbounded work are told apart.
    """
    found = agrees(procedure(text, **kinds))
    assert faults(found) == expected
    assert found.verdict == ("unsound" if expected else "sound")


def test_parallel_branches_that_wait_for_each_other_are_sound_without_blocks() -> None:
    """
    In the N of precedence (a before c and d, b before d) no blocks close; the rank theorem says that it is sound.
    """
    text = "i s, s a, s b, a f, f c, f j, b j, j d, c e, d e, e o"
    found = agrees(procedure(text, s="parallel", f="parallel", j="parallel", e="parallel"))
    assert str(found) == "sound: rank theorem on the 7 flows left after folding"
    wrong = agrees(procedure(text, s="parallel", f="exclusive", j="parallel", e="parallel"))
    assert faults(wrong) == [("deadlock", "j e", "i s a f b c"), ("dead-node", "e o", None)]


def wide(branches: int, kind: Kind = "parallel") -> ps.Procedure:
    """Return one block of so many branches."""
    some = [f"b{i}" for i in range(branches)]
    return procedure("i s, j o," + ",".join(f"s {b}, {b} j" for b in some), s=kind, j=kind)


@pytest.mark.parametrize("kind", ["exclusive", "parallel", "inclusive"])
def test_many_branches_need_no_states(kind: Kind) -> None:
    """
    A block of 200 branches is decided as one of two.
    """
    assert soundness(wide(200, kind), at_most_states=1).verdict == "sound"


def test_beyond_the_cap_nothing_is_called_sound() -> None:
    """
    Where an inclusive gateway is left and there are more states than allowed, soundness is unknown.
    """
    some = [f"b{i}" for i in range(8)]
    text = "i s, j o," + ",".join(f"s {b}, {b} j" for b in some)
    open_block = procedure(text, s="parallel", j="inclusive")
    capped = soundness(open_block, at_most_states=1)
    assert (capped.verdict, capped.faults) == ("unknown", ())
    assert {capped.option_to_complete, capped.proper_completion, capped.no_dead_nodes, capped.safe} == {None}
    assert str(capped) == "not known to be sound: more than 1 states"
    assert soundness(open_block).verdict == "sound"


def test_a_verdict_without_a_run_says_so() -> None:
    """
    Beyond the cap a free-choice net is still known to be unsound, though no run shows why.
    """
    net = procedure(
        "i s, s a, s b, a f, f c, f j, b j, j d, c e, d e, e o",
        s="parallel",
        f="exclusive",
        j="parallel",
        e="parallel",
    )
    found = soundness(net, at_most_states=2)
    assert found.verdict == "unsound"
    assert [(fault.kind, fault.run) for fault in found.faults] == [("unsound", None)]
    assert "no run that shows it in 2 states" in str(found)


def test_a_trap_behind_an_inclusive_gateway_is_unsound_beyond_the_cap() -> None:
    """
    A node from which no end can be reached is enough to know that something goes wrong.
    """
    net = procedure("i s, s a, s b, a j, b j, j o, j t, t u, u t", s="parallel", j="inclusive")
    assert soundness(net, at_most_states=1).verdict == "unsound"
    assert ("livelock", "t u", "i s a b j t") in faults(agrees(net))


def test_an_inclusive_gateway_is_not_asked_about_two_tokens_on_a_flow() -> None:
    """
    What is not decided stays unknown, and the method says so.
    """
    net = procedure(
        "i s, s a, s b, a m, b m, m f, f c, f d, c j, d e, e j, j o",
        s="parallel",
        m="exclusive",
        f="exclusive",
        j="inclusive",
    )
    found = agrees(net)
    assert (found.verdict, found.safe, found.no_dead_nodes) == ("unsound", False, True)
    assert found.method == "an inclusive gateway is reached with two tokens on a flow"


def test_a_procedure_without_nodes_is_sound() -> None:
    """
    Where there is nothing to do nothing goes wrong.
    """
    assert str(soundness(ps.Procedure())) == "sound: there is nothing to do"


def test_the_result_speaks_both_languages_and_turns_into_json() -> None:
    """
    Verdict, method and faults are said in Indonesian; the data survive JSON.
    """
    found = soundness(procedure(BLOCK, s="exclusive", j="parallel"))
    assert found.text("id").splitlines() == [
        "tidak tertata benar (not sound): 3 keadaan",
        "permohonan macet: j menunggu b, padahal dari sana tidak ada lagi yang datang, setelah i, s, a",
        "tidak ada permohonan yang pernah melewati apa yang mendahului j, o",
    ]
    data = json.loads(json.dumps(found.data()))
    assert data["faults"][0] == {
        "kind": "deadlock",
        "nodes": ["j"],
        "message": "the case gets stuck: j waits for b, from where nothing comes any more",
        "run": ["i", "s", "a"],
    }
    assert (data["verdict"], data["option_to_complete"], data["safe"]) == ("unsound", False, True)
    assert str(found.faults[0]).endswith("after i, s, a")
