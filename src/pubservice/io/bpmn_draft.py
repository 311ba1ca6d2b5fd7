"""A graph as BPMN reads it, on its way to a procedure: what it implies at a node is written out as gateways."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import attrs

from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.model.procedure import GatewayKind, Node


@attrs.frozen
class Pass:
    """A node at which nothing happens: what leads to it leads on to where its flow goes; without a flow it is a gateway."""

    id: str
    name: str = ""


@attrs.define
class Arrow:
    """
    A flow between two nodes of a draft.

    Attributes:
        source: Position of a node.
        target: Position of a node.
        name: What stands on the line.
        conditional: Whether it has a condition under which alone it is taken.
        default: Whether it is taken where no condition holds.
        id: How it is called where it comes from.
    """

    source: int
    target: int
    name: str = ""
    conditional: bool = attrs.field(default=False, kw_only=True)
    default: bool = attrs.field(default=False, kw_only=True)
    id: str = attrs.field(default="", kw_only=True)


class Ids:
    """Slugs, each given once: collisions are numbered."""

    def __init__(self) -> None:
        self._next: Counter[str] = Counter()
        self._taken: set[str] = set()

    def take(self, wanted: str, otherwise: str) -> str:
        """Return an id made of the wanted one, or of the other where nothing of that is left."""
        plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-").lstrip("-._") or otherwise
        found = slug
        while found in self._taken:
            self._next[slug] += 1
            found = f"{slug}-{self._next[slug] + 1}"
        self._taken.add(found)
        return found


@attrs.define
class Draft:
    """
    Nodes, and arrows between their positions.

    Several arrows out of a step or a wait are all taken, as in BPMN; several into one are a merge. Where two arrows join
    the same two nodes, a gateway is put there.

    Attributes:
        unnamed: Ids of arrows whose name no arrow of the procedure bears.
    """

    ids: Ids = attrs.Factory(Ids)
    nodes: list[Node | Pass] = attrs.Factory(list)
    arrows: list[Arrow] = attrs.Factory(list)
    unnamed: list[str] = attrs.Factory(list)

    def add(self, node: Node | Pass) -> int:
        """Add a node, and return its position."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def add_gateway(self, kind: GatewayKind, wanted: str, name: str = "") -> int:
        """Add a gateway with an id like the wanted one, and return its position."""
        return self.add(Gateway(self.ids.take(wanted, kind), kind=kind, name=name))

    def procedure(self, starts: Sequence[int], *, together: bool = False) -> Procedure:
        """
        Return the procedure.

        Args:
            starts: Positions of the first nodes, at least one.
            together: Whether all of several first nodes begin, or one of them.
        """
        start = starts[0]
        if len(starts) > 1:
            start = self.add_gateway("parallel" if together else "exclusive", "start")
            self.arrows += [Arrow(start, first) for first in starts]
        self._split()
        start = self._shorten(start)
        self._separate()
        kept: dict[type, list[Node]] = {Step: [], Wait: [], Gateway: [], End: []}
        for node in self.nodes:
            if not isinstance(node, Pass):
                kept[type(node)].append(node)
        return Procedure(
            start=self.nodes[start].id,
            steps=[node for node in kept[Step] if isinstance(node, Step)],
            waits=[node for node in kept[Wait] if isinstance(node, Wait)],
            gateways=[node for node in kept[Gateway] if isinstance(node, Gateway)],
            ends=[node for node in kept[End] if isinstance(node, End)],
            flows=[
                Flow(self.nodes[arrow.source].id, self.nodes[arrow.target].id, name=arrow.name)
                for arrow in self.arrows
            ],
        )

    def _leaving(self) -> dict[int, list[Arrow]]:
        leaving: defaultdict[int, list[Arrow]] = defaultdict(list)
        for arrow in self.arrows:
            leaving[arrow.source].append(arrow)
        return leaving

    def _split(self) -> None:
        """Put a gateway behind each node that several arrows leave and that is none."""
        for position, leaving in self._leaving().items():
            node = self.nodes[position]
            if len(leaving) > 1 and not isinstance(node, Gateway):
                split = self.add_gateway(split_kind(leaving), f"{node.id}-split")
                for arrow in leaving:
                    arrow.source = split
                self.arrows.append(Arrow(position, split))

    def _shorten(self, start: int) -> int:
        """Leave out the passes, and return where the start is now."""
        leaving = self._leaving()
        after = {
            position: leaving[position][0]
            for position, node in enumerate(self.nodes)
            if isinstance(node, Pass) and position in leaving
        }
        beyond: dict[int, int] = {}
        names: dict[int, str] = {}
        stays: set[int] = set()
        for first in after:
            trail, at = [], first
            while at in after and at not in beyond:
                trail.append(at)
                beyond[at] = at  # for now, so that a circle is noticed
                at = after[at].target
            final = beyond.get(at, at)
            if final in after:  # in a circle of passes, one stays
                stays.add(final)
            beyond.update(dict.fromkeys(trail, final))
            for position in reversed(trail):
                names[position] = after[position].name or names.get(after[position].target, "")
        left_out = after.keys() - stays
        for position, node in enumerate(self.nodes):
            if isinstance(node, Pass) and position not in left_out:
                self.nodes[position] = Gateway(node.id, kind="exclusive", name=node.name)
        kept = [arrow for arrow in self.arrows if arrow.source not in left_out]
        for arrow in kept:
            arrow.name = arrow.name or names.get(arrow.target, "")
            arrow.target = beyond.get(arrow.target, arrow.target)
        said = {arrow.name for arrow in kept}
        self.unnamed += [arrow.id for arrow in after.values() if arrow.name and arrow.name not in said]
        self.arrows = kept
        return beyond.get(start, start)

    def _separate(self) -> None:
        """Put a gateway on each further arrow between the same two nodes."""
        pairs: set[tuple[int, int]] = set()
        for arrow in list(self.arrows):
            pair = (arrow.source, arrow.target)
            if pair in pairs:
                between = self.add_gateway("exclusive", f"{self.nodes[arrow.source].id}-between")
                self.arrows.append(Arrow(between, arrow.target))
                arrow.target = between
            pairs.add(pair)


def split_kind(leaving: Sequence[Arrow]) -> GatewayKind:
    """
    Return as what BPMN reads several flows out of an activity or event.

    Without conditions all are taken; one with a condition against a default is a choice; else any of them may be.
    """
    conditional = sum(arrow.conditional for arrow in leaving)
    default = sum(arrow.default for arrow in leaving)
    if not conditional:
        return "parallel"
    return "exclusive" if (conditional, default, len(leaving)) == (1, 1, 2) else "inclusive"
