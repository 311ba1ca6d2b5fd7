"""Small procedures at random, and a token game that tries every way they can run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, combinations
from random import Random
from typing import Any, Literal

import attrs

import pubservice as ps

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
