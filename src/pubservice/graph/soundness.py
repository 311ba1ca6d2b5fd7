"""
Whether every case of a procedure can finish, once and with nothing left over.

A token waits on a flow. A case begins with one before the first node. A node with several exclusive flows into it
happens for each token by itself; a parallel join takes one token from each flow into it, an inclusive join one from each
that has any, as soon as no other token can still get to one that has none. A choice takes one of its flows, also one of
probability 0: structure is looked at, not frequency. An inclusive gateway takes any of its flows, at least one, those
with probability 1 always and those with 0 never. Where a node has no flow out of it, the case ends.

Three methods, the cheapest first. Nested blocks that close are sound if all nodes lie on a way from the start to an end.
Else everything is folded that cannot go wrong; if something is left and it has no inclusive gateway, it is a free-choice
net, which is decided without looking at states. For the rest, and for runs that show what is wrong, states are explored,
up to a number; beyond it the answer is "unknown".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.graph.blocks import blocks
from pubservice.graph.faults import (
    Fault,
    dead_nodes,
    deadlocks,
    hopeless,
    improper_completions,
    in_document_order,
    is_improper,
    lack_of_synchronisation,
    listed,
    livelocks,
    unbounded,
)
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.freechoice import free_choice_net, is_live_and_bounded
from pubservice.graph.paths import to_an_end
from pubservice.graph.reduction import rest
from pubservice.graph.statespace import crowded, explore
from pubservice.memory import uncollected
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.graph.reduction import Rest
    from pubservice.messages import Language
    from pubservice.model.procedure import Procedure

__all__ = ["Fault", "Soundness", "Verdict", "soundness", "soundness_of"]

Verdict = Literal["sound", "unsound", "unknown"]
_WORDS: dict[Verdict, Message] = {
    "sound": Message("sound"),
    "unsound": Message("not sound"),
    "unknown": Message("not known to be sound"),
}


@attrs.frozen
class Soundness:
    """
    Whether a procedure is sound, and what is wrong where it is not.

    Attributes:
        verdict: ``sound`` if the four properties hold, ``unsound`` if one does not, else ``unknown``.
        faults: What is wrong.
        option_to_complete: Whether a case can always get to where nothing is left to do; None is unknown.
        proper_completion: Whether nothing is left to do when a case ends, and it ends once.
        no_dead_nodes: Whether every node happens in some case.
        safe: Whether there are never two tokens on one flow.
        method: How it was decided, or why it is not known.
    """

    verdict: Verdict
    faults: tuple[Fault, ...]
    option_to_complete: bool | None
    proper_completion: bool | None
    no_dead_nodes: bool | None
    safe: bool | None
    method: Message

    def text(self, language: Language = "en") -> str:
        """Return the verdict and how it was found, then a line for each fault."""
        head = Message("{verdict}: {method}", verdict=_WORDS[self.verdict], method=self.method)
        return "\n".join([head.text(language), *(fault.text(language) for fault in self.faults)])

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "verdict": self.verdict,
            "faults": [fault.data() for fault in self.faults],
            "option_to_complete": self.option_to_complete,
            "proper_completion": self.proper_completion,
            "no_dead_nodes": self.no_dead_nodes,
            "safe": self.safe,
            "method": str(self.method),
        }


def soundness(procedure: Procedure, *, at_most_states: int = 100_000) -> Soundness:
    """
    Return whether every case of a procedure can finish, once and with nothing left over.

    A procedure without nodes is sound: there is nothing that could go wrong.

    Args:
        procedure: With any gateways.
        at_most_states: After how many states the search for a run that goes wrong is given up.

    Example:
        An exclusive choice that a parallel gateway joins.

        >>> from pubservice.model.procedure import Flow, Gateway, Procedure, Step
        >>> print(soundness(Procedure(
        ...     steps=[Step("intake"), Step("visit"), Step("letter")],
        ...     gateways=[Gateway("both", kind="parallel")],
        ...     flows=[Flow("intake", "visit"), Flow("intake", "letter"), Flow("visit", "both"), Flow("letter", "both")],
        ... )))
        not sound: 3 states
        the case gets stuck: both waits for letter, from where nothing comes any more, after intake, visit
        no case ever gets past what comes before both

    Source:
        van der Aalst (1997), Verification of workflow nets, LNCS 1248, 407-426.
    """
    with uncollected():
        graph = flowgraph(procedure)
        nested = blocks(graph)
    return soundness_of(graph, nested, at_most_states=at_most_states)


def soundness_of(graph: FlowGraph, nested: Blocks, *, at_most_states: int = 100_000) -> Soundness:
    """Return the soundness of a procedure whose graph and blocks are there already; see `soundness`."""
    if graph.start < 0:
        return _sound(Message("there is nothing to do"))
    if _is_nested(graph, nested):
        return _sound(Message("nested blocks, every node on a way from the start to an end"))
    left = rest(graph)
    unreached = _unreached(left)
    if left.is_folded:
        method = Message("nothing is left when series, blocks and loops are folded")
        return _sound(method) if not unreached else _unsound(unreached, method, no_dead_nodes=False)
    certain = None
    if left.is_free_choice:
        certain = left.is_connected and is_live_and_bounded(free_choice_net(left), 0)
        method = Message("rank theorem on the {flows} flows left after folding", flows=len(left.flows))
        if certain:
            return _sound(method) if not unreached else _unsound(unreached, method, no_dead_nodes=False)
    elif not left.is_connected:
        certain = False
    return _explored(left, unreached, certain, at_most_states)


def _is_nested(graph: FlowGraph, nested: Blocks) -> bool:
    """Return whether blocks close, and every node lies on a way from the start to an end."""
    return (
        nested.unstructured is None
        and None not in nested.region_of
        and all(to_an_end(graph))
        and not any(
            0 in graph.probabilities[block.split] for block in nested.blocks if block.kind == "inclusive"
        )
    )


def _sound(method: Message) -> Soundness:
    return Soundness("sound", (), True, True, True, True, method)


def _unsound(faults: list[Fault], method: Message, *, no_dead_nodes: bool) -> Soundness:
    return Soundness("unsound", tuple(faults), True, True, no_dead_nodes, True, method)


def _unreached(left: Rest) -> list[Fault]:
    ids = in_document_order(left, left.unreached)
    if not ids:
        return []
    return [Fault("dead-node", ids, Message("no way leads from the start to {nodes}", nodes=listed(ids)))]


def _explored(left: Rest, unreached: list[Fault], certain: bool | None, at_most_states: int) -> Soundness:
    """Return the soundness by the states of what is left, and what is known of it already."""
    space = explore(left, at_most_states=at_most_states)
    piling = unbounded(space)
    twice = lack_of_synchronisation(space)
    whole = space.is_whole
    endless = [] if left.nodes[left.final].into else [_no_end(left)]
    faults = [
        *endless,
        *deadlocks(space),
        *([] if endless else livelocks(space)),
        *piling,
        *twice,
        *improper_completions(space),
        *(dead_nodes(space) if whole else []),
        *unreached,
    ]
    completes = _holds(not endless and not hopeless(space), whole and not piling)
    proper = _holds(not any(is_improper(left, arrival) for arrival in space.arrivals), whole)
    all_happen = len(space.fired) == len(left.nodes) - 1
    no_dead = False if unreached else True if all_happen else False if whole else None
    safe = _holds(
        not piling and all(crowded(left, arrival.state) is None for arrival in space.arrivals), whole
    )
    properties = (completes, proper, no_dead, safe)
    verdict: Verdict = "sound" if all(properties) else "unknown"
    method = Message("{count} states", count=len(space.arrivals))
    if not whole:
        method = (
            Message("more than {count} states", count=at_most_states)
            if len(space.arrivals) > at_most_states
            else Message("an inclusive gateway is reached with two tokens on a flow")
        )
    if False in properties or certain is False:
        verdict = "unsound"
    if verdict == "unsound" and not faults:
        ids = in_document_order(left, left.nodes)
        message = Message(
            "splits and joins do not fit together at {nodes}; no run was found that shows it in {count} states",
            nodes=listed(ids),
            count=at_most_states,
        )
        faults = [Fault("unsound", ids, message)]
    return Soundness(verdict, tuple(faults), *properties, method)


def _holds(holds: bool, whole: bool) -> bool | None:
    """Return whether a property holds: it does not where it fails somewhere, and does where everything was seen."""
    return None if holds and not whole else holds


def _no_end(left: Rest) -> Fault:
    start = left.graph.id(left.graph.start)
    return Fault("no-end", (start,), Message("no case that starts at {start} can ever end", start=start))
