"""Coordination: where cases change hands, inside the office and with others, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.graph.paths import components
from pubservice.graph.visits import flow_shares
from pubservice.messages import Message
from pubservice.model.procedure import Step, Wait
from pubservice.units import SECONDS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.analysis.load import Evaluation
    from pubservice.analysis.profile import Profile
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.model.procedure import Node

Kind = Literal["office", "other-body", "applicant"]
_SWEEPS = 1_000  # a loop of gateways and waits alone is gone round so often
_ENOUGH = 1e-12


@attrs.frozen
class Party:
    """
    Who has a case.

    Attributes:
        kind: ``office``, ``other-body`` or ``applicant``.
        names: Of the office the staff, else the other resources, none where a step names none; the name of a body.
    """

    kind: Kind
    names: tuple[str, ...] = ()

    @property
    def said(self) -> Message:
        """The party in words."""
        if self.names:
            return Message("{names}", names=" + ".join(self.names))
        return _UNNAMED[self.kind]


_UNNAMED = {
    "office": Message("office"),
    "other-body": Message("another body"),
    "applicant": Message("applicant"),
}


@attrs.frozen
class Handover:
    """
    An interface: one party has a case, then another.

    Attributes:
        service: Its id.
        source: Who hands over.
        target: Who receives.
        per_case: Expected times.
        per_year: At today's arrival rate.
        undefined: Why a number is None, by its name.
    """

    service: str
    source: Party
    target: Party
    per_case: float | None
    per_year: float | None
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)

    @property
    def kind(self) -> Kind:
        """With whom: ``office`` inside, else ``other-body`` or ``applicant``."""
        return self.source.kind if self.source.kind != "office" else self.target.kind

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "service": self.service,
            "from": self.source.said,
            "to": self.target.said,
            "per case": self.per_case,
            "per year": None if self.per_year is None else f"{self.per_year:,.0f}",
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "kind": self.kind,
            "from": {"kind": self.source.kind, "names": list(self.source.names)},
            "to": {"kind": self.target.kind, "names": list(self.target.names)},
            "per_case": self.per_case,
            "per_year": self.per_year,
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def handovers(evaluation: Evaluation) -> tuple[Handover, ...]:
    """
    Return where cases change hands, the most frequent first within each service.

    Steps and waits for somebody have a party; gateways and other waits stay with who had the case before. Branches that
    meet hand over each for itself. To the applicant it goes to be acted on, not with the result. Exact, but for loops without any step in them, which are gone round until what is left
    does not matter.
    """
    kinds = {resource.id: resource.kind for resource in evaluation.organisation.resources}
    return tuple(handover for of in evaluation.profiles.values() for handover in _of_service(of, kinds))


def _parties(graph: FlowGraph, kinds: Mapping[str, str]) -> list[Party | None]:
    """Return who has a case at each node; None where it stays with who had it."""
    found = [_party(node, kinds) for node in graph.nodes]
    for i, node in enumerate(graph.nodes):
        if isinstance(node, Wait) and node.cause == "other-body":
            # The body that acted before it, or acts after it, is the one that is waited for.
            beside = (found[j] for j in (*graph.predecessors[i], *graph.successors[i]))
            named = (party for party in beside if party is not None and party.kind == "other-body")
            found[i] = next(named, _UNKNOWN)
    return found


_UNKNOWN = Party("other-body")


def _party(node: Node, kinds: Mapping[str, str]) -> Party | None:
    if isinstance(node, Wait):
        return Party("applicant") if node.cause == "applicant" else None
    if not isinstance(node, Step):
        return None
    if node.actor == "applicant":
        return Party("applicant")
    if node.actor == "other-body":
        return Party("other-body", () if node.body is None else (node.body,))
    staff = tuple(sorted(id for id in node.resource if kinds[id] == "staff"))
    return Party("office", staff or tuple(sorted(node.resource)))


def _of_service(of: Profile, kinds: Mapping[str, str]) -> list[Handover]:
    counts = _counts(of, _parties(of.graph, kinds))
    undefined: dict[str, Message] = {}
    if of.undefined is not None:
        undefined = {"per_case": of.undefined, "per_year": of.undefined}
    elif of.rate is None:
        undefined = {"per_year": Message("the service has no arrival rate")}
    cases = None if of.rate is None else of.rate * of.clock.share * SECONDS_PER_YEAR
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return [
        Handover(
            of.service.id,
            source,
            target,
            None if "per_case" in undefined else count,
            None if cases is None or "per_year" in undefined else count * cases,
            undefined,
        )
        for (source, target), count in ordered
    ]


def _counts(of: Profile, parties: list[Party | None]) -> dict[tuple[Party, Party], float]:
    """Return how often a case goes from one party to another; where that is undefined, in which pairs it can."""
    graph = of.graph
    visits = of.visits or [1.0] * len(graph.nodes)
    shares = [
        known if len(known) == len(out) else [1.0] * len(out)
        for known, out in zip(flow_shares(graph), graph.successors, strict=True)
    ]
    held: list[dict[Party, float]] = [
        {} for _ in graph.nodes
    ]  # of nodes without a party: from whom, how often
    order = [i for component in components(graph) for i in component]
    for _ in range(_SWEEPS):
        changed = 0.0
        for i in order:
            if parties[i] is not None:
                continue
            now: dict[Party, float] = {}
            for before in dict.fromkeys(graph.predecessors[i]):
                share = shares[before][graph.successors[before].index(i)]
                party = parties[before]
                arriving = held[before] if party is None else {party: visits[before]}
                for who, times in arriving.items():
                    now[who] = now.get(who, 0.0) + times * share
            changed = max([changed, *(abs(times - held[i].get(who, 0.0)) for who, times in now.items())])
            held[i] = now
        if changed <= _ENOUGH:
            break
    counts: dict[tuple[Party, Party], float] = {}
    for i in order:
        party = parties[i]
        arriving = held[i] if party is None else {party: visits[i]}
        for other, share in zip(graph.successors[i], shares[i], strict=True):
            target = parties[other]
            for source, times in arriving.items():
                if target is not None and target != source and times * share > 0:
                    counts[source, target] = counts.get((source, target), 0.0) + times * share
    return counts
