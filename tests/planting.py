"""
Random block-structured procedures without redundancy, and places in them where something can be planted.

A `Sketch` is a tree of sequences and blocks; `service` makes a service of it. Everything is drawn from the seed alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import attrs

import pubservice as ps


@attrs.define(eq=False)
class Seq:
    """Items one after the other."""

    items: list[Item] = attrs.Factory(list)


@attrs.define(eq=False)
class Block:
    """
    A choice, a fork or a loop. Of a loop the first branch is the body, the second what is done before it is repeated.
    """

    kind: str  # exclusive, parallel, inclusive or loop
    branches: list[Seq]
    probabilities: list[float]


Item = ps.Step | ps.Wait | Block


@attrs.define(eq=False)
class Sketch:
    """A procedure in the making."""

    rng: random.Random
    root: Seq = attrs.Factory(Seq)
    resources: tuple[str, ...] = ("clerk", "officer", "engineer")
    _count: int = 0

    # Drawing

    def step(self, **fields: Any) -> ps.Step:
        """Return a new step of a random resource with a fixed time of 1 to 30 minutes."""
        self._count += 1
        fields.setdefault("resource", self.rng.choice(self.resources))
        fields.setdefault("processing_time", f"{self.rng.randint(1, 30)} min")
        return ps.Step(f"s{self._count}", **fields)

    def fill(self, seq: Seq, size: int, *, kinds: tuple[str, ...], depth: int = 3) -> None:
        """Add about so many steps to a sequence, in blocks of the given kinds."""
        while size > 0:
            if depth and size >= 3 and kinds and self.rng.random() < 0.5:
                kind = self.rng.choice(kinds)
                part = self.rng.randint(2, min(size, 8))
                size -= part
                seq.items.append(self.block(kind, part, kinds=kinds, depth=depth - 1))
            else:
                seq.items.append(self.step())
                size -= 1

    def block(self, kind: str, size: int, *, kinds: tuple[str, ...] = (), depth: int = 0) -> Block:
        """Return a new block with about so many steps."""
        count = 2 if kind == "loop" else self.rng.randint(2, 3)
        branches = []
        for _ in range(count):
            seq = Seq()
            self.fill(seq, max(1, size // count), kinds=kinds, depth=depth)
            branches.append(seq)
        weights = [self.rng.randint(1, 9) for _ in branches]
        chances = [weight / sum(weights) for weight in weights]
        if kind == "inclusive":
            chances = [self.rng.choice((0.3, 0.5, 0.9)) for _ in branches]
        return Block(kind, branches, chances)

    # Places

    def sequences(self) -> list[Seq]:
        """Return all sequences, outer before inner."""
        found = [self.root]
        for seq in found:
            for item in seq.items:
                if isinstance(item, Block):
                    found.extend(item.branches)
        return found

    def blocks(self, kind: str) -> list[Block]:
        """Return all blocks of a kind."""
        items = [item for seq in self.sequences() for item in seq.items]
        return [item for item in items if isinstance(item, Block) and item.kind == kind]

    def put(self, *items: Item, seq: Seq | None = None) -> Seq:
        """Put items next to each other at a random place; return the sequence."""
        seq = seq or self.rng.choice(self.sequences())
        at = self.rng.randint(0, len(seq.items))
        seq.items[at:at] = items
        return seq

    def put_in_order(self, first: Item, *later: Item, between: int = 0) -> Seq:
        """
        Put items at random places of one sequence, so that whoever comes to the later has passed the earlier.

        Args:
            first: The first.
            later: The others in order.
            between: At least so many items stand between one and the next.
        """
        seq = self.rng.choice(self.sequences())
        while len(seq.items) < between * len(later):
            seq.items.append(self.step())
        at = sorted(self.rng.randint(0, len(seq.items) - between * len(later)) for _ in range(len(later) + 1))
        for n, item in reversed(list(enumerate((first, *later)))):
            place = at[n] + between * n
            seq.items[place:place] = [item]
        return seq

    def put_apart(self, kind: str, one: Item, other: Item) -> Block:
        """Put two items in different branches of a block of a kind, a new one where there is none."""
        found = self.blocks(kind)
        if found:
            block = self.rng.choice(found)
        else:
            block = self.block(kind, 4)
            self.put(block)
        a, b = self.rng.sample(block.branches, 2)
        self.put(one, seq=a)
        self.put(other, seq=b)
        return block

    # Making

    def service(self, id: str = "s", *, linked: bool = False, **fields: Any) -> ps.PublicService:
        """
        Return the service.

        Args:
            id: Of the service.
            linked: Every step without data of its own makes something that a later step needs, so that no two steps can
                change places and nothing is made in vain; what comes out at the end is the service's output.
            fields: Of the service.
        """
        maker = _Maker(linked=linked)
        exits, carried = maker.sequence(self.root, ["application"], [], last=True)
        maker.ends.append(ps.End("done"))
        maker.join(exits, "done")
        if linked:
            fields["outputs"] = [*fields.get("outputs", ()), *(c for c in carried if c != "application")]
            fields["requirements"] = [*fields.get("requirements", ()), "application"]
        procedure = ps.Procedure(
            start=maker.first,
            steps=maker.steps,
            waits=maker.waits,
            gateways=maker.gateways,
            ends=maker.ends,
            flows=maker.flows,
        )
        return ps.PublicService(id, procedure=procedure, **fields)

    def organisation(self, *, linked: bool = False, **fields: Any) -> ps.PublicOrganisation:
        """Return an organisation with the service, and with capacity in plenty."""
        resources = [ps.Resource(id, capacity=1000) for id in self.resources]
        return ps.PublicOrganisation(
            "o", resources=resources, services=[self.service(linked=linked, **fields)]
        )


Exit = tuple[str, float | None]  # the node a flow leaves, and its probability


class _Maker:
    """Nodes and flows of a procedure, from its tree."""

    def __init__(self, *, linked: bool) -> None:
        self.linked = linked
        self.steps: list[ps.Step] = []
        self.waits: list[ps.Wait] = []
        self.gateways: list[ps.Gateway] = []
        self.ends: list[ps.End] = []
        self.flows: list[ps.Flow] = []
        self.first: str | None = None

    def join(self, exits: list[Exit], target: str) -> None:
        """Let everything that is open lead to a node."""
        self.first = self.first or target
        self.flows += [ps.Flow(source, target, probability=p) for source, p in exits]

    def gateway(self, kind: Any) -> str:
        """Return the id of a new gateway."""
        self.gateways.append(ps.Gateway(f"g{len(self.gateways) + 1}", kind=kind))
        return self.gateways[-1].id

    def sequence(
        self, seq: Seq, carried: list[str], exits: list[Exit], *, last: bool
    ) -> tuple[list[Exit], list[str]]:
        """Add a sequence behind what is open; return what is open then, and the data at hand for who follows."""
        for n, item in enumerate(seq.items):
            more = last or n + 1 < len(seq.items)
            if isinstance(item, Block):
                exits, carried = self.block(item, exits, carried, last=more)
                continue
            if isinstance(item, ps.Step):
                item, carried = self.data(item, carried, gives=more)
                self.steps.append(item)
            else:
                self.waits.append(item)
            self.join(exits, item.id)
            exits = [(item.id, None)]
        return exits, carried

    def data(self, step: ps.Step, carried: list[str], *, gives: bool) -> tuple[ps.Step, list[str]]:
        """Let a step need what is at hand and make something, unless it has data of its own."""
        if not self.linked or step.needs or step.gives:
            return step, carried
        step = attrs.evolve(step, needs=carried, gives=[f"d-{step.id}"] if gives else [])
        return step, list(step.gives) or carried

    def block(
        self, block: Block, exits: list[Exit], carried: list[str], *, last: bool
    ) -> tuple[list[Exit], list[str]]:
        """Add a block; return what is open, and the data at hand behind it."""
        if block.kind == "loop":
            return self.loop(block, exits, carried, last=last)
        split = self.gateway(block.kind)
        self.join(exits, split)
        ends: list[list[Exit]] = []
        made: list[str] = []
        for branch, p in zip(block.branches, block.probabilities, strict=True):
            parallel = block.kind == "parallel"
            start: list[Exit] = [(split, None if parallel else p)]
            left, at_hand = self.sequence(branch, carried, start, last=last and parallel)
            made += [datum for datum in at_hand if datum not in made]
            ends.append(left)
        join = self.gateway(block.kind)
        for left in ends:
            self.join(left, join)
        return [(join, None)], made if block.kind == "parallel" else carried

    def loop(
        self, block: Block, exits: list[Exit], carried: list[str], *, last: bool
    ) -> tuple[list[Exit], list[str]]:
        """Add a loop: a merge, the body, a choice, and on the way back the second branch."""
        body, again = block.branches
        merge = self.gateway("exclusive")
        self.join(exits, merge)
        left, at_hand = self.sequence(body, carried, [(merge, None)], last=last)
        choice = self.gateway("exclusive")
        self.join(left, choice)
        back, _ = self.sequence(again, at_hand, [(choice, block.probabilities[1])], last=False)
        self.join(back, merge)
        return [(choice, block.probabilities[0])], at_hand


def sketches(
    count: int,
    *,
    size: int = 12,
    kinds: tuple[str, ...] = ("exclusive", "parallel", "inclusive", "loop"),
    seed: int = 2026,
) -> Iterator[Sketch]:
    """Return so many random sketches of about so many steps each, with blocks of the given kinds."""
    for n in range(count):
        sketch = Sketch(random.Random(f"{seed}-{n}"))
        sketch.fill(sketch.root, sketch.rng.randint(2, size), kinds=kinds)
        yield sketch
