"""
The tree of blocks of a procedure: parts with one way in and one way out, inside each other.

It is made of what `reduction` folds: sequences, blocks between gateways of one kind, loops; what cannot be folded is
cut where a single flow leads in and a single one out, and is then one rigid part. Where two flows are passed equally
often in every round through the procedure, what lies between them is such a part.

`blocks` tells for every analysis and in one pass what runs side by side; it stops at the first gateway whose branches do
not close. The tree tells how all of a procedure is built, also around what is rigid.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.graph.flowgraph import flowgraph, is_split_part
from pubservice.graph.reduction import Folding, Part, rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.graph.reduction import Folded, Rest
    from pubservice.model.procedure import Procedure

FragmentKind = Literal["node", "sequence", "exclusive", "parallel", "inclusive", "loop", "rigid"]


@attrs.frozen
class Fragment:
    """
    A part of a procedure with one way in and one way out.

    Attributes:
        kind: ``node``; ``sequence``; ``exclusive``, ``parallel`` or ``inclusive`` (branches between a split and a join
            of that kind); ``loop`` (what leads on, then what leads back); ``rigid`` (anything else).
        entry: Id of its first node; None where there is no node in it.
        exit: Id of its last node; None where there is none, or where cases end in it at several ends.
        parts: What is between them: of a sequence in order, of a block a branch each, in document order. An empty
            sequence is a branch without nodes.
    """

    kind: FragmentKind
    entry: str | None
    exit: str | None
    parts: tuple[Fragment, ...] = ()

    def walk(self) -> Iterator[tuple[int, Fragment]]:
        """Yield the fragment and all fragments in it with their depth, outer before inner."""
        stack: list[tuple[int, Fragment]] = [(0, self)]
        while stack:
            depth, fragment = stack.pop()
            yield depth, fragment
            stack.extend((depth + 1, part) for part in reversed(fragment.parts))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ids of its nodes, those before what is between them first."""
        ids = (id for _, fragment in self.walk() for id in (fragment.entry, fragment.exit))
        return tuple(dict.fromkeys(id for id in ids if id is not None))

    def text(self) -> str:
        """Return the tree, a line for each fragment."""
        lines = []
        for depth, fragment in self.walk():
            ends = dict.fromkeys(id for id in (fragment.entry, fragment.exit) if id is not None)
            words = list(ends) if fragment.kind == "node" else [fragment.kind, *ends]
            lines.append("  " * depth + " ".join(words))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        made: dict[int, dict[str, Any]] = {}
        for _, fragment in reversed(list(self.walk())):
            made[id(fragment)] = {
                "kind": fragment.kind,
                "entry": fragment.entry,
                "exit": fragment.exit,
                "parts": [made[id(part)] for part in fragment.parts],
            }
        return made[id(self)]


def structure(procedure: Procedure) -> Fragment:
    """
    Return the tree of blocks of what the start of a procedure reaches.

    It is the same however flows are ordered, but for the order of branches. Near linear: a pass for each level at which
    rigid parts stand inside each other. A flow that an inclusive gateway never takes is left out.

    Example:
        >>> from pubservice.model.procedure import Flow, Procedure, Step
        >>> print(structure(Procedure(
        ...     steps=[Step("intake"), Step("visit"), Step("letter"), Step("decide")],
        ...     flows=[Flow("intake", "visit"), Flow("intake", "letter"), Flow("visit", "decide"), Flow("letter", "decide")],
        ... )))
        exclusive intake decide
          visit
          letter

    Source:
        Vanhatalo, Völzer & Koehler (2009), The refined process structure tree, Data & Knowledge Engineering 68(9),
        793-818, for the tree; Johnson, Pearson & Pingali (1994), The program structure tree, PLDI, 171-185, for rigid
        parts.
    """
    graph = flowgraph(procedure)
    if graph.start < 0:
        return Fragment("sequence", None, None)
    left = rest(graph)
    while not left.is_folded:
        _fold_rigid(left)
    return _fragment(graph, left.flows[left.start].folded)


def _fold_rigid(left: Rest) -> None:
    """Fold the innermost rigid parts into a flow each, and go on folding from there."""
    if left.is_connected:
        for first, last, nodes in reversed(_innermost(left)):  # the flow out of one may lead into the next
            _replace(left, first, last, nodes)
    else:
        _replace(left, left.start, None, set(left.nodes) - {left.final})
    Folding(left).run()


def _replace(left: Rest, first: int, last: int | None, nodes: set[int]) -> None:
    """Let a flow run on through nodes and the flow out of them; None for all flows to the end."""
    flow = left.flows[first]
    inside = sorted(n for i in nodes for n in left.nodes[i].into if n != first)
    leaving = left.nodes[left.final].into if last is None else [last]
    target = left.final if last is None else left.flows[last].target
    branches: list[tuple[int, Folded]] = [(-1, (i, left.nodes[i].folded)) for i in sorted(nodes)]
    branches += [(n, left.flows[n].folded) for n in (*inside, *(leaving if last is None else ()))]
    exit = left.final if last is None else left.flows[last].source
    flow.folded = (flow.folded, Part("rigid", flow.target, exit, tuple(branches)))
    if last is None:
        left.nodes[target].into = [first]
    else:
        flow.folded = (flow.folded, left.flows[last].folded)
        into = left.nodes[target].into
        into[into.index(last)] = first
    flow.target = target
    for n in (*inside, *leaving):
        del left.flows[n]
    for i in nodes:
        del left.nodes[i]


def _innermost(left: Rest) -> list[tuple[int, int | None, set[int]]]:
    """Return the parts that hold no other: the flows into and out of them, None for all to the end, and their nodes."""
    following: dict[int, int | None] = {}
    for chain in _passed_equally_often(left):
        following.update(pairwise(chain))
        if chain[0] == left.start and left.flows[chain[-1]].target != left.final:
            following[chain[-1]] = None
    found = []
    for first, last in following.items():
        nodes = {left.flows[first].target}
        stack = list(nodes)
        while stack:
            out = [n for n in left.nodes[stack.pop()].out if n != last]
            if any(n in following for n in out):
                break
            new = {left.flows[n].target for n in out} - nodes - {left.final}
            nodes |= new
            stack.extend(new)
        else:
            found.append((first, last, nodes))
    return found


def _passed_equally_often(left: Rest) -> list[list[int]]:
    """
    Return the flows that every cycle from the start over the end back to it passes equally often, in order.

    Of a spanning tree, each flow that is not in it is a bit; one that is in it has the bits of the flows around it. Two
    flows have the same bits exactly if taking both away cuts the graph in two.
    """
    between = {
        n: (left.final if flow.source < 0 else flow.source, flow.target) for n, flow in left.flows.items()
    }
    around: dict[int, list[int]] = {i: [] for i in left.nodes}
    for n, (source, target) in between.items():
        around[source].append(n)
        around[target].append(n)
    parent = {left.final: -1}
    order = [left.final]
    for i in order:
        for n in around[i]:
            for other in between[n]:
                if other not in parent:
                    parent[other] = n
                    order.append(other)
    tree = set(parent.values())
    bits = dict.fromkeys(left.nodes, 0)
    label = {}
    for position, n in enumerate(n for n in between if n not in tree):
        label[n] = 1 << position
        for i in between[n]:
            bits[i] ^= label[n]
    for i in reversed(order[1:]):
        n = parent[i]
        label[n] = bits[i]
        source, target = between[n]
        bits[source if target == i else target] ^= bits[i]
    chains: dict[int, list[int]] = {}
    for n in _from_start(left):
        chains.setdefault(label[n], []).append(n)
    return list(chains.values())


def _from_start(left: Rest) -> list[int]:
    """Return the flows as a search from the start meets them."""
    order = [left.start]
    seen = {left.final}
    for n in order:
        target = left.flows[n].target
        if target not in seen:
            seen.add(target)
            order.extend(left.nodes[target].out)
    return order


def _fragment(graph: FlowGraph, folded: Folded) -> Fragment:
    """Return what was folded as a tree, without recursion."""
    parts: list[Part] = []
    stack = [folded]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, Part):
            parts.append(item)
            stack.extend(branch for _, branch in item.branches)
    made: dict[Part, Fragment] = {}
    for part in reversed(parts):
        branches = [_sequence(graph, branch, made) for _, branch in part.branches]
        entry, exit = _id(graph, part.entry), _id(graph, part.exit)
        if part.kind == "rigid":
            outer = (Fragment("sequence", None, None), *(Fragment("node", id, id) for id in (entry, exit)))
            branches = [branch for branch in branches if branch not in outer]
        made[part] = Fragment(part.kind, entry, exit, tuple(branches))  # type: ignore[arg-type]  # it is a kind
    return _sequence(graph, folded, made)


def _sequence(graph: FlowGraph, folded: Folded, made: dict[Part, Fragment]) -> Fragment:
    """Return what was folded as one fragment; nodes that begin or end a block are in the block."""
    items: list[Part | int] = []
    stack = [folded]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend((item[1], item[0]))
        elif item is not None:
            items.append(item)
    fragments = []
    for before, item, after in zip([None, *items], items, [*items[1:], None], strict=False):
        if isinstance(item, Part):
            fragments.append(made[item])
        elif not (
            is_split_part(graph, item)
            or (isinstance(before, Part) and before.exit == item)
            or (isinstance(after, Part) and after.entry == item)
        ):
            fragments.append(Fragment("node", graph.id(item), graph.id(item)))
    if len(fragments) == 1:
        return fragments[0]
    if not fragments:
        return Fragment("sequence", None, None)
    return Fragment("sequence", fragments[0].entry, fragments[-1].exit, tuple(fragments))


def _id(graph: FlowGraph, node: int) -> str | None:
    return graph.id(node) if node < len(graph.nodes) else None
