"""
The token game: every order in which the nodes of a small procedure can run, and what is there in each of them.

It knows nothing of blocks or of data flow, so that it can judge what does. An inclusive gateway waits as long as a token
can still come to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from math import prod
from typing import NamedTuple

import attrs
import numpy as np

import pubservice as ps

Edge = tuple[str, str]
Marking = tuple[Edge, ...]


class Case(NamedTuple):
    """A case on its way."""

    tokens: Marking
    data: frozenset[str]
    verified: frozenset[ps.Check]
    holding: frozenset[ps.Check]
    followed: frozenset[str]
    made_by: frozenset[tuple[str, str]]
    covered: frozenset[tuple[str, ps.Check | None]]
    ended: str


@attrs.define
class Seen:
    """
    What was seen in all runs.

    Attributes:
        needs: By step and datum that it reads, whether it was there every time.
        got: By outcome, the data that every case had in the end.
        verified: By outcome, the facts that were established of every case.
        holding: By outcome, the facts that held of every case in the end.
        followed: By outcome, the steps that a provision demands which every case went through.
        before: By such a step, those that every case had gone through before it.
        reads: By step and datum that it reads, who made the versions that were read.
        delivered: By outcome and datum, who made the versions that cases had in the end.
        covered: By step, the facts that held of every case that came to it, or were established at it or later.
        kin: The one name of each step.
        stuck: Whether a case could neither go on nor end, or ended more than once.
        whole: Whether all runs were seen.
    """

    needs: dict[tuple[str, str], bool] = attrs.Factory(dict)
    got: dict[str, frozenset[str]] = attrs.Factory(dict)
    verified: dict[str, frozenset[ps.Check]] = attrs.Factory(dict)
    holding: dict[str, frozenset[ps.Check]] = attrs.Factory(dict)
    followed: dict[str, frozenset[str]] = attrs.Factory(dict)
    before: dict[str, frozenset[str]] = attrs.Factory(dict)
    reads: dict[tuple[str, str], set[str]] = attrs.Factory(lambda: defaultdict(set))
    delivered: dict[tuple[str, str], set[str]] = attrs.Factory(lambda: defaultdict(set))
    covered: dict[str, frozenset[ps.Check]] = attrs.Factory(dict)
    kin: Callable[[str], str] = str
    stuck: bool = False
    whole: bool = True


class Game:
    """The moves of a procedure."""

    def __init__(self, procedure: ps.Procedure) -> None:
        self.nodes = {node.id: node for node in procedure.nodes}
        self.out: defaultdict[str, list[ps.Flow]] = defaultdict(list)
        self.into: defaultdict[str, list[Edge]] = defaultdict(list)
        for flow in procedure.flows:
            self.out[flow.source].append(flow)
            self.into[flow.target].append((flow.source, flow.target))
        first = procedure.first or ""
        self.begin: Marking = (("", first),)
        self.into[first].append(("", first))

    def _comes(self, tokens: Marking, edges: list[Edge], join: str) -> bool:
        """Return whether a token can still come to one of the flows into a join."""
        pending = [target for _, target in tokens if target != join]
        seen = set(pending)
        while pending:
            for flow in self.out[pending.pop()]:
                if (flow.source, flow.target) in edges:
                    return True
                if flow.target != join and flow.target not in seen:
                    seen.add(flow.target)
                    pending.append(flow.target)
        return False

    def taken(self, tokens: Marking, id: str) -> Iterator[list[Edge]]:
        """Yield the tokens that a node can take at once."""
        node, into = self.nodes[id], self.into[id]
        there = [edge for edge in into if edge in tokens]
        if not there:
            return
        if isinstance(node, ps.Gateway) and node.kind == "parallel" and len(into) > 1:
            if len(there) == len(into):
                yield there
        elif isinstance(node, ps.Gateway) and node.kind == "inclusive" and len(into) > 1:
            if not self._comes(tokens, [edge for edge in into if edge not in there], id):
                yield there
        else:
            for edge in there:
                yield [edge]

    def ways(self, id: str) -> list[tuple[float, list[Edge]]]:
        """Return where a node may lead, with probabilities; 0 where there are none."""
        node, flows = self.nodes[id], self.out[id]
        edges = [(flow.source, flow.target) for flow in flows]
        if not edges:
            return [(1.0, [])]
        kind = node.kind if isinstance(node, ps.Gateway) else "exclusive"
        if kind == "parallel" or len(edges) == 1:
            return [(1.0, edges)]
        chances = [flow.probability or 0.0 for flow in flows]
        if kind == "exclusive":
            return [(p, [edge]) for p, edge in zip(chances, edges, strict=True)]
        some = 1 - prod(1 - p for p in chances)
        found = []
        for size in range(1, len(edges) + 1):
            for chosen in combinations(range(len(edges)), size):
                p = prod(p if i in chosen else 1 - p for i, p in enumerate(chances)) / some
                if p:
                    found.append((p, [edges[i] for i in chosen]))
        return found

    def outcome(self, id: str) -> str:
        """Return how a case ends at a node."""
        node = self.nodes[id]
        return node.outcome if isinstance(node, ps.End) else "completed"


def _without(tokens: Marking, taken: list[Edge]) -> Marking:
    left = list(tokens)
    for edge in taken:
        left.remove(edge)
    return tuple(left)


def play(
    procedure: ps.Procedure,
    handed_in: frozenset[str],
    *,
    most: int = 4000,
    kin: Callable[[str], str] = str,
) -> Seen:
    """Run a procedure in every order, up to a number of states; steps that provisions demand go by the name of their kin."""
    game, seen = Game(procedure), Seen(kin=kin)
    none: frozenset[ps.Check] = frozenset()
    data = {datum for node in procedure.workers for datum in node.gives}
    for step in procedure.steps:
        data.update(step.needs, (fact.of for fact in step.checks))
    begin = Case(
        game.begin,
        handed_in,
        none,
        none,
        frozenset(),
        frozenset((datum, "") for datum in data),
        frozenset(),
        "",
    )
    known, pending = {begin}, [begin]
    while pending:
        case = pending.pop()
        if not case.tokens:
            for by, what in (
                (seen.got, case.data),
                (seen.followed, case.followed),
            ):
                by[case.ended] = by.get(case.ended, what) & what
            for datum, maker in case.made_by:
                seen.delivered[case.ended, datum].add(maker)
            passed: defaultdict[str, set[ps.Check]] = defaultdict(set)
            for at, fact in case.covered:
                passed[at].update([fact] if fact is not None else [])
            for at, known_there in passed.items():
                seen.covered[at] = seen.covered.get(at, frozenset(known_there)) & known_there
            for facts, those in ((seen.verified, case.verified), (seen.holding, case.holding)):
                facts[case.ended] = facts.get(case.ended, those) & those
            continue
        moved = False
        for id in game.nodes:
            for taken in game.taken(case.tokens, id):
                moved = True
                after = _fire(game, seen, case._replace(tokens=_without(case.tokens, taken)), id)
                for _, way in game.ways(id):
                    new = after._replace(tokens=tuple(sorted((*after.tokens, *way))))
                    if new not in known:
                        known.add(new)
                        pending.append(new)
        seen.stuck |= not moved
        if len(known) > most:
            seen.whole = False
            break
    return seen


def _fire(game: Game, seen: Seen, case: Case, id: str) -> Case:
    node = game.nodes[id]
    data, verified, holding, followed, made_by, covered, ended = case[1:]
    if isinstance(node, ps.Step | ps.Wait) and node.legal_basis:
        name = seen.kin(id)
        there = followed | {name}
        seen.before[name] = seen.before.get(name, there) & there
        followed = there
    if isinstance(node, ps.Step):
        data |= set(node.asks)
        for datum in {*node.needs, *(fact.of for fact in node.checks)}:
            seen.needs[id, datum] = seen.needs.get((id, datum), True) and datum in data
            seen.reads[id, datum].update(maker for of, maker in made_by if of == datum)
        here = {(id, None), *((id, fact) for fact in holding)}
        covered = frozenset(pair for pair in covered if pair[0] != id) | here
        passed = {step for step, _ in covered}
        covered |= {(step, fact) for step in passed for fact in node.checks}
        verified |= set(node.checks)
        holding |= set(node.checks)
    if isinstance(node, ps.Step | ps.Wait):
        data |= set(node.gives)
        holding = frozenset(fact for fact in holding if fact.of not in node.gives)
        made_by = frozenset(pair for pair in made_by if pair[0] not in node.gives)
        made_by |= {(datum, id) for datum in node.gives}
    if not game.out[id]:
        seen.stuck |= bool(ended)
        ended = game.outcome(id)
        seen.stuck |= bool(case.tokens)  # ends while something still runs
    return Case(case.tokens, data, verified, holding, followed, made_by, covered, ended)


def outcome_probabilities(procedure: ps.Procedure, *, most: int = 400) -> dict[str, float] | None:
    """Return how often cases end in each way, from the Markov chain of markings; None beyond a number of markings."""
    game = Game(procedure)
    index = {game.begin: 0}
    rows: list[dict[int, float]] = []
    ends: list[tuple[int, str, float]] = []
    for tokens in _growing(index):
        if len(index) > most:
            return None
        id, taken = next((id, taken) for id in game.nodes for taken in game.taken(tokens, id))
        row: dict[int, float] = defaultdict(float)
        left = _without(tokens, taken)
        for p, way in game.ways(id):
            new = tuple(sorted((*left, *way)))
            if new:
                row[index.setdefault(new, len(index))] += p
            else:
                ends.append((len(rows), game.outcome(id), p))
        rows.append(row)
    matrix = np.eye(len(index))
    for i, row in enumerate(rows):
        for j, p in row.items():
            matrix[j, i] -= p
    visits = np.linalg.solve(matrix, np.eye(len(index))[0])
    found: dict[str, float] = defaultdict(float)
    for i, outcome, p in ends:
        found[outcome] += float(visits[i]) * p
    return dict(found)


def _growing(index: dict[Marking, int]) -> Iterator[Marking]:
    """Yield what is in a dictionary, and what is added to it meanwhile."""
    done = 0
    while done < len(index):
        known = list(index)
        yield from known[done:]
        done = len(known)
