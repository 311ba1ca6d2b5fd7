"""Procedures as networkx graphs, and back."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step, Wait

if TYPE_CHECKING:
    import networkx as nx

_KINDS: dict[type, str] = {Step: "step", Wait: "wait", Gateway: "gateway", End: "end"}


def digraph(procedure: Procedure) -> nx.DiGraph[str]:
    """
    Return a procedure as a networkx graph, for any networkx algorithm.

    Nodes are ids, with the attributes ``node`` (the object of the model), ``kind`` (``step``, ``wait``, ``gateway`` or
    ``end``), ``first`` (whether cases begin there) and ``start`` (whether the procedure names it as start, so that it
    need not be found). Edges are flows, with ``flow`` (the object), ``probability`` (a number, or None) and ``position``
    (among the flows, from 0).

    Example:
        >>> graph = digraph(city_hall.service("building-permit").procedure)
        >>> import networkx as nx
        >>> nx.has_path(graph, "intake", "decide"), graph.nodes["assess"]["kind"]
        (True, 'step')
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in procedure.nodes:
        graph.add_node(
            node.id,
            node=node,
            kind=_KINDS[type(node)],
            first=node.id == procedure.first,
            start=node.id == procedure.start,
        )
    for position, flow in enumerate(procedure.flows):
        graph.add_edge(flow.source, flow.target, flow=flow, probability=flow.probability, position=position)
    return graph


def procedure_from(graph: nx.DiGraph[str]) -> Procedure:
    """
    Return the procedure that a networkx graph describes; what `digraph` was made of comes back equal.

    A node without the attribute ``node`` becomes a step; one with ``start`` is named as start. An edge's ``probability``
    counts, its ``flow`` gives the condition and the name, and edges without a ``position`` come last.

    Args:
        graph: Nodes are ids.

    Raises:
        InvalidModelError: A node is not what its id says, or the procedure breaks the rules of the model.

    Example:
        >>> import networkx as nx
        >>> [step.id for step in procedure_from(nx.DiGraph([("intake", "decide")])).steps]
        ['intake', 'decide']
        >>> procedure = city_hall.service("building-permit").procedure
        >>> procedure_from(digraph(procedure)) == procedure
        True
    """
    nodes: dict[type, list[Any]] = {Step: [], Wait: [], Gateway: [], End: []}
    problems = []
    start = None
    for id, data in graph.nodes(data=True):
        node = data["node"] if "node" in data else Step(id)
        if type(node) not in nodes or node.id != id:
            problems.append(
                Problem(str(id), Message("expected the node {id!r}, got {value!r}", id=id, value=node))
            )
            continue
        nodes[type(node)].append(node)
        if data.get("start"):
            start = id
    if problems:
        raise InvalidModelError(problems)
    flows = [
        Flow(
            source,
            target,
            probability=data.get("probability"),
            condition=data["flow"].condition if "flow" in data else None,
            name=data["flow"].name if "flow" in data else "",
        )
        for source, target, data in sorted(graph.edges(data=True), key=_position)
    ]
    return Procedure(
        start=start,
        steps=nodes[Step],
        waits=nodes[Wait],
        gateways=nodes[Gateway],
        ends=nodes[End],
        flows=flows,
    )


def _position(edge: tuple[str, str, dict[str, Any]]) -> float:
    position: float = edge[2].get("position", inf)
    return position
