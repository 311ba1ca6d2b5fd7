"""Where cases can come: by what is possible, whatever its probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.graph.paths import strong_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.graph.flowgraph import FlowGraph


def _possible(graph: FlowGraph, i: int, by_case: set[str]) -> Iterator[int]:
    """Yield where cases can go from a node; where conditions or no probabilities are given, all of it."""
    exclusive = graph.splits[i] != "parallel" and graph.id(i) not in by_case
    for target, p in zip(graph.successors[i], graph.probabilities[i], strict=True):
        if not exclusive or p is None or p > 0:
            yield target


def reached(graph: FlowGraph, by_case: set[str]) -> set[int]:
    """Return the nodes to which cases can come."""
    found, pending = {graph.start}, [graph.start]
    while pending:
        for target in _possible(graph, pending.pop(), by_case):
            if target not in found:
                found.add(target)
                pending.append(target)
    return found


def round_for_ever(graph: FlowGraph, reached: set[int], by_case: set[str]) -> Iterator[int]:
    """Yield a node of each round in which nothing but conditions chooses: a case that goes it once does so again."""
    choosing = [i for i in sorted(reached) if graph.splits[i] and graph.id(i) in by_case]
    ways = [
        out if graph.splits[i] in ("", "parallel") or graph.id(i) in by_case else []
        for i, out in enumerate(graph.successors)
    ]
    ways.append(choosing)  # from where all of them are reached
    for component in strong_components(len(ways) - 1, ways):
        if len(component) > 1 or component[0] in ways[component[0]]:
            yield from sorted(set(choosing).intersection(component))[:1]


def to_an_end(graph: FlowGraph, among: Iterable[int], by_case: set[str]) -> set[int]:
    """Return the nodes, of some, from which an end can be reached."""
    into: dict[int, list[int]] = {}
    found = set()
    for i in among:
        if not graph.successors[i]:
            found.add(i)
        for target in _possible(graph, i, by_case):
            into.setdefault(target, []).append(i)
    pending = list(found)
    while pending:
        for source in into.get(pending.pop(), ()):
            if source not in found:
                found.add(source)
                pending.append(source)
    return found
