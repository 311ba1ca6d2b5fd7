"""What is known and held where in a procedure: its data flow, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from pubservice.analysis.subject import Setting, Subject
from pubservice.errors import UnknownIdError
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.paths import reachable
from pubservice.messages import translate
from pubservice.model.procedure import Step, Wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Check

_MOST_NODES = 20_000_000  # looked at for shares; beyond, shares are not told


@attrs.frozen
class Conflict:
    """
    A datum that a node makes or reads while another, side by side with it, makes it: which version counts is chance.

    Attributes:
        datum: The datum.
        other: Id of the node beside it that makes the datum.
        kind: ``written twice`` where both make it, ``read while written`` where this node reads it.
    """

    datum: str
    other: str
    kind: Literal["written twice", "read while written"]


@attrs.frozen
class NodeData:
    """
    What a step or a wait has before it, and what becomes of what it makes.

    Attributes:
        id: The node.
        facts: Checks that hold before it on every path, of the present version of what was checked.
        partly_facts: Those that hold on some paths only, with the share of its visits; None where the share is not known.
        data: What the office holds before it on every path.
        partly_data: What it holds on some paths only, likewise.
        reads: By datum that it needs or checks, the nodes whose version it may read; ``""`` stands for what was there
            without them: handed in, asked for, or another service's output.
        unused: What it makes and nobody uses: read by no step before the next version, and owed to nobody.
        conflicts: With what runs side by side.
    """

    id: str
    facts: tuple[Check, ...]
    partly_facts: dict[Check, float | None] = attrs.field(hash=False)
    data: tuple[str, ...]
    partly_data: dict[str, float | None] = attrs.field(hash=False)
    reads: dict[str, tuple[str, ...]] = attrs.field(hash=False)
    unused: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@attrs.frozen
class ServiceData:
    """
    The data flow of one service.

    Attributes:
        service: Its id.
        nodes: Steps and waits that cases reach, in document order.
    """

    service: str
    nodes: tuple[NodeData, ...]

    def node(self, id: str) -> NodeData:
        """
        Return what is known and held at one node.

        Raises:
            UnknownIdError: There is no such step or wait, or no case reaches it.
        """
        for node in self.nodes:
            if node.id == id:
                return node
        raise UnknownIdError("node", id, [node.id for node in self.nodes])

    def rows(self) -> list[dict[str, str]]:
        """Return a row for each node."""
        return [_row(node, "en") for node in self.nodes]

    def text(self, language: Language = "en") -> str:
        """Return what is known and held, node by node."""
        lines = []
        for row in (_row(node, language) for node in self.nodes):
            lines.append(row["node"])
            lines.extend(
                f"  {translate(title, language)}: {value}"
                for title, value in row.items()
                if value and title != "node"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def _row(node: NodeData, language: Language) -> dict[str, str]:
    return {
        "node": node.id,
        "checked": ", ".join(_parts(map(str, node.facts), node.partly_facts)),
        "held": ", ".join(_parts(node.data, node.partly_data)),
        "reads": ", ".join(
            f"{datum} ({', '.join(by or '-' for by in givers)})" for datum, givers in node.reads.items()
        ),
        "unused": ", ".join(node.unused),
        "conflicts": ", ".join(
            f"{conflict.datum}: {translate(conflict.kind, language)} ({conflict.other})"
            for conflict in node.conflicts
        ),
    }


def _parts(
    always: Iterator[str] | tuple[str, ...], partly: dict[Check, float | None] | dict[str, float | None]
) -> Iterator[str]:
    yield from always
    for thing, share in partly.items():
        yield f"{thing} ({'?' if share is None else f'{share:.0%}'})"


def data_flow(organisation: PublicOrganisation, service: str) -> ServiceData:
    """
    Return what is known and held at each step and wait of a service, on every path and on some.

    Correct under choices, loops and work side by side: what another branch makes is there only behind the join, and what it
    changes is not known meanwhile. Where the branches of gateways do not close, everything counts as running beside
    everything, so that nothing is claimed that may be wrong.

    Args:
        organisation: Of the service; its other services may supply data.
        service: Id of the service.

    Raises:
        UnknownIdError: There is no such service.

    Example:
        >>> found = data_flow(city_hall, "building-permit")
        >>> [str(fact) for fact in found.node("assess").facts]
        ['identity']

    Source:
        Available expressions, reaching definitions and live variables: Aho, Lam, Sethi & Ullman (2006), Compilers, 2nd ed.,
        §9.2.
    """
    subject = Subject(organisation.service(service), Setting(organisation))
    return ServiceData(service, tuple(_Knowledge(subject).nodes()))


class _Knowledge:
    """The data flow of a service, with every fact and every datum."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._graph = subject.graph
        self._flow = DataFlow(subject.graph, subject.nested, subject.service.requirements, every_fact=True)
        flow, setting, id = self._flow, subject.setting, subject.service.id
        self._workers = [
            (i, node)
            for i, node in enumerate(self._graph.nodes)
            if isinstance(node, Step | Wait) and flow.is_reached(i)
        ]
        self._supplies = {i: flow.supplies(i) for i, _ in self._workers}
        used = {datum for data in flow.uses.values() for datum in data}
        self._elsewhere = {datum for datum in used if setting.owed_elsewhere(datum, id)}
        self._held = flow.held(self._supplies, sorted(flow.handed_in | self._elsewhere))
        self._given = flow.held(flow.gives)
        self._owed = {output.id for output in subject.service.outputs}

    def nodes(self) -> Iterator[NodeData]:
        """Yield what is known and held at each node."""
        for i, node in self._workers:
            leads = reachable(self._graph.predecessors[i], self._graph.predecessors)
            yield NodeData(
                node.id,
                tuple(fact for fact in self._flow.checkers if self._flow.is_available(fact, i)),
                self._partly_facts(i),
                tuple(datum for datum in self._held.bits if self._held.holds(datum, i)),
                self._partly_data(i, leads),
                self._reads(i),
                self._unused(i),
                tuple(self._conflicts(i)),
            )

    def _share(self, i: int, makers: list[int], enders: list[int]) -> float | None:
        presence = self._subject.presence
        if presence is None or presence.looked_at > _MOST_NODES:
            return None
        return presence.probability(i, makers, enders)

    def _partly_facts(self, i: int) -> dict[Check, float | None]:
        flow = self._flow
        found = {}
        for fact, at in flow.checkers.items():
            if flow.is_possible(fact, i) and not flow.is_available(fact, i):
                enders = [j for j, _ in flow.definitions_of(fact.of)]
                found[fact] = self._share(i, [j for j in at if j not in enders], enders)
        return {fact: share for fact, share in found.items() if share is None or share > 0}

    def _partly_data(self, i: int, leads: list[bool]) -> dict[str, float | None]:
        makers: dict[str, list[int]] = {}
        for j, data in self._supplies.items():
            if leads[j]:
                for datum in data:
                    makers.setdefault(datum, []).append(j)
        found = {
            datum: self._share(i, at, []) for datum, at in makers.items() if not self._held.holds(datum, i)
        }
        return {datum: share for datum, share in found.items() if share is None or share > 0}

    def _reads(self, i: int) -> dict[str, tuple[str, ...]]:
        flow, found = self._flow, {}
        for datum in flow.uses.get(i, ()):
            givers = [j for j, _ in flow.definitions_of(datum) if i in flow.readers[j, datum]]
            without = [] if self._given.holds(datum, i) else [""]
            found[datum] = (*without, *self._graph.ids(givers))
        return found

    def _unused(self, i: int) -> tuple[str, ...]:
        setting, id = self._subject.setting, self._subject.service.id
        return tuple(
            datum
            for datum in self._flow.gives.get(i, ())
            if datum not in self._owed
            and not self._flow.readers[i, datum]
            and not setting.wanted_elsewhere(datum, id)
        )

    def _conflicts(self, i: int) -> Iterator[Conflict]:
        flow, nested = self._flow, self._subject.nested
        for datum in dict.fromkeys((*flow.gives.get(i, ()), *flow.uses.get(i, ()))):
            kind: Literal["written twice", "read while written"] = (
                "written twice" if datum in flow.gives.get(i, ()) else "read while written"
            )
            for j, _ in flow.definitions_of(datum):
                if j != i and flow.is_reached(j) and nested.concurrent(i, j):
                    yield Conflict(datum, self._graph.id(j), kind)
