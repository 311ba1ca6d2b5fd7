"""What can be reached, what cannot be avoided, what takes longest, and which flows others imply."""

from __future__ import annotations

from math import isclose, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    import networkx as nx

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph


def reachable(starts: Iterable[int], neighbours: Sequence[Sequence[int]]) -> list[bool]:
    """Return for each node whether it is reached from the starts."""
    seen = [False] * len(neighbours)
    stack = list(starts)
    for node in stack:
        seen[node] = True
    while stack:
        for other in neighbours[stack.pop()]:
            if not seen[other]:
                seen[other] = True
                stack.append(other)
    return seen


def from_start(graph: FlowGraph) -> list[bool]:
    """Return for each node whether a case can get there, probabilities left out."""
    return reachable([graph.start] if graph.start >= 0 else [], graph.successors)


def to_an_end(graph: FlowGraph) -> list[bool]:
    """Return for each node whether a case can get from there to where it leaves."""
    return reachable([i for i, out in enumerate(graph.successors) if not out], graph.predecessors)


def components(graph: FlowGraph) -> list[list[int]]:
    """Return the strongly connected components that the start reaches, in topological order."""
    return [] if graph.start < 0 else strong_components(graph.start, graph.successors)


def strong_components(start: int, successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """
    Return the strongly connected components that a node reaches, in topological order.

    Source:
        Tarjan (1972), SIAM Journal on Computing 1(2), 146-160, without recursion.
    """
    count = len(successors)
    number = [0] * count  # 0: not met
    low = [0] * count
    on_stack = [False] * count
    result: list[list[int]] = []
    stack: list[int] = []
    met = 1
    number[start] = low[start] = met
    stack.append(start)
    on_stack[start] = True
    work = [(start, iter(successors[start]))]
    while work:
        node, rest = work[-1]
        for other in rest:
            if not number[other]:
                met += 1
                number[other] = low[other] = met
                stack.append(other)
                on_stack[other] = True
                work.append((other, iter(successors[other])))
                break
            if on_stack[other] and number[other] < low[node]:
                low[node] = number[other]
        else:
            work.pop()
            if work and low[node] < low[work[-1][0]]:
                low[work[-1][0]] = low[node]
            if low[node] == number[node]:
                component = []
                while True:
                    other = stack.pop()
                    on_stack[other] = False
                    component.append(other)
                    if other == node:
                        break
                result.append(component)
    result.reverse()
    return result


def unavoidable(entry: int, exits: Container[int], successors: Sequence[Sequence[int]]) -> list[int]:
    """
    Return the nodes on every path from an entry to an exit, in order; none where no path leads there.

    One path is taken; a node of it is unavoidable unless something reached before it bypasses it. Linear in what lies
    between the entry and the exits.

    Args:
        entry: Where paths begin.
        exits: Where a path stops.
        successors: For each node, where a path may go next.
    """
    parent = {entry: -1}
    queue = [entry]
    before: dict[int, list[int]] = {entry: []}
    last = -1
    stops = []
    for node in queue:
        if node in exits:
            stops.append(node)
            last = node if last < 0 else last
            continue
        for other in successors[node]:
            if other not in parent:
                parent[other] = node
                before[other] = []
                queue.append(other)
            before[other].append(node)
    path: list[int] = []
    while last >= 0:
        path.append(last)
        last = parent[last]
    path.reverse()
    alive = set(stops)
    for node in stops:
        for other in before[node]:
            if other not in alive:
                alive.add(other)
                stops.append(other)
    position = {node: i for i, node in enumerate(path)}
    beyond = len(path)  # stands behind every exit
    seen: set[int] = set()
    result = []
    farthest = 0
    for i, node in enumerate(path):
        if farthest <= i:
            result.append(node)
        stack = [node]
        while stack:
            current = stack.pop()
            if current in exits:
                farthest = beyond
                continue
            for other in successors[current]:
                if other in position:
                    farthest = max(farthest, position[other])
                elif other in alive and other not in seen:
                    seen.add(other)
                    stack.append(other)
    return result


def longest_paths(
    graph: FlowGraph, weights: Sequence[float], *, at_most: int = 100
) -> tuple[float, list[list[int]]]:
    """
    Return the length of the longest paths from the start to where cases leave, and these paths.

    A loop is passed once: flows that lead back are left out, and with them what only they lead on from. Which flows of a
    loop with several entries lead back is decided by the ids of its nodes. Weights within a relative 1e-9 count as ties.
    Where no path leads out there is none, of length 0.

    Args:
        graph: Of the procedure.
        weights: Of each node, not negative; shape (n_nodes,).
        at_most: How many ties are listed.
    """
    if graph.start < 0:
        return 0.0, []
    order, onward = onward_flows(graph)
    best: dict[int, float] = {}
    for node in reversed(order):
        best[node] = weights[node] + max([best[other] for other in onward[node]], default=0.0)
    paths: list[list[int]] = []
    stack = [[graph.start]] if graph.start in best else []
    while stack and len(paths) < at_most:
        path = stack.pop()
        ahead = onward[path[-1]]
        if not ahead:
            paths.append(path)
            continue
        most = max(best[other] for other in ahead)
        stack.extend([*path, other] for other in reversed(ahead) if isclose(best[other], most, rel_tol=1e-9))
    return best.get(graph.start, 0.0), paths


def onward_flows(graph: FlowGraph) -> tuple[list[int], dict[int, list[int]]]:
    """
    Return the nodes on ways from the start to where cases leave, in topological order, and the flows of each on them.

    A loop is passed once: flows that lead back are left out, and nodes from which all do.
    """
    # In which order flows are written says nothing; the last are the first to be looked behind.
    by_id = [sorted(out, key=graph.id, reverse=True) for out in graph.successors]
    order, forward = _without_back_flows(graph, by_id)
    onward: dict[int, list[int]] = {}
    for node in reversed(order):
        flows = set(forward[node])
        ahead = [other for other in graph.successors[node] if other in onward and other in flows]
        if ahead or not graph.successors[node]:
            onward[node] = ahead
    return [node for node in order if node in onward], onward


def reverse_postorder(graph: FlowGraph) -> list[int]:
    """Return what the start reaches so that, flows that lead back left out, every node stands behind what leads to it."""
    return [] if graph.start < 0 else _without_back_flows(graph, graph.successors)[0]


def _without_back_flows(
    graph: FlowGraph, successors: Sequence[Sequence[int]]
) -> tuple[list[int], dict[int, list[int]]]:
    """Return a topological order of what the start reaches, and each node's flows but those that lead back."""
    state = {graph.start: 1}  # 1: on the way, 2: done
    forward: dict[int, list[int]] = {graph.start: []}
    order: list[int] = []
    work = [(graph.start, iter(successors[graph.start]))]
    while work:
        node, rest = work[-1]
        for other in rest:
            if state.get(other) != 1:
                forward[node].append(other)
            if other not in state:
                state[other] = 1
                forward[other] = []
                work.append((other, iter(successors[other])))
                break
        else:
            state[node] = 2
            order.append(node)
            work.pop()
    order.reverse()
    return order, forward


def runs(graph: FlowGraph) -> list[list[int]]:
    """
    Return the steps that follow each other with nothing between, in stretches as long as they can be, at least two steps.

    No flow leads into a stretch but to its first step, and none out of it but from its last.
    """
    count = len(graph.procedure.steps)  # steps are the first nodes
    following: dict[int, int] = {}
    for i in range(count):
        if len(graph.successors[i]) == 1:
            j = graph.successors[i][0]
            if j < count and j != graph.start and len(graph.predecessors[j]) == 1:
                following[i] = j
    behind = set(following.values())
    found = []
    for i in following:
        if i not in behind:
            run = [i]
            while run[-1] in following:
                run.append(following[run[-1]])
            found.append(run)
    return found


def likeliest_way(graph: FlowGraph, nested: Blocks) -> list[int]:
    """
    Return the nodes of the most probable way from the start to where cases leave, loops passed once.

    What runs side by side is left out: the way goes from a split to the join that closes it. There is none where blocks do
    not close or a choice has no probabilities.
    """
    if graph.start < 0 or nested.unstructured is not None:
        return []
    joins = {block.split: block.join for block in nested.blocks}
    order, forward = _without_back_flows(graph, graph.successors)
    best: dict[int, tuple[float, int]] = {}
    for node in reversed(order):
        ahead = []
        if node in joins:
            ahead = [(best[joins[node]][0], joins[node])] if joins[node] in best else []
        elif not graph.successors[node]:
            ahead = [(0.0, -1)]
        else:
            onward = set(forward[node])
            for other, p in zip(graph.successors[node], graph.probabilities[node], strict=True):
                if p is None and graph.splits[node]:
                    return []
                if other in best and other in onward and (p is None or p > 0):
                    ahead.append((best[other][0] + (log(p) if p else 0.0), other))
        if ahead:
            best[node] = max(ahead, key=lambda pair: pair[0])
    way = []
    node = graph.start if graph.start in best else -1
    while node >= 0:
        way.append(node)
        node = best[node][1]
    return way


def implied_flows(graph: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """
    Return the edges of a precedence graph that other paths imply, in the order of the graph.

    In a graph with cycles only edges between strongly connected components can be implied.

    Args:
        graph: An edge says that the target waits for the source.

    Example:
        >>> import networkx as nx
        >>> implied_flows(nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")]))
        [('a', 'c')]

    Source:
        Aho, Garey & Ullman (1972), The transitive reduction of a directed graph.
    """
    import networkx as nx

    condensed = nx.condensation(graph)
    component = condensed.graph["mapping"]
    kept = set(nx.transitive_reduction(condensed).edges)
    return [
        (source, target)
        for source, target in graph.edges
        if component[source] != component[target] and (component[source], component[target]) not in kept
    ]
