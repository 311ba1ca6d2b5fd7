"""Procedures as networkx graphs, and back."""

from __future__ import annotations

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
    ``end``) and ``start`` (whether it is the first). Edges are flows, with ``flow`` (the object) and ``probability`` (a
    number, or None).

    Example:
        >>> graph = digraph(city_hall.service("building-permit").procedure)
        >>> import networkx as nx
        >>> nx.has_path(graph, "intake", "decide"), graph.nodes["assess"]["kind"]
        (True, 'step')
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in procedure.nodes:
        graph.add_node(node.id, node=node, kind=_KINDS[type(node)], start=node.id == procedure.first)
    for flow in procedure.flows:
        graph.add_edge(flow.source, flow.target, flow=flow, probability=flow.probability)
    return graph


def procedure_from(graph: nx.DiGraph[str]) -> Procedure:
    """
    Return the procedure that a networkx graph describes; `digraph` gives an equal graph back.

    A node without the attribute ``node`` becomes a step. An edge's ``probability`` counts, its ``flow`` gives the name.

    Args:
        graph: Nodes are ids.

    Raises:
        InvalidModelError: A node is not what its id says, or the procedure breaks the rules of the model.

    Example:
        >>> import networkx as nx
        >>> [step.id for step in procedure_from(nx.DiGraph([("intake", "decide")])).steps]
        ['intake', 'decide']
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
            name=data["flow"].name if "flow" in data else "",
        )
        for source, target, data in graph.edges(data=True)
    ]
    return Procedure(
        start=start,
        steps=nodes[Step],
        waits=nodes[Wait],
        gateways=nodes[Gateway],
        ends=nodes[End],
        flows=flows,
    )
