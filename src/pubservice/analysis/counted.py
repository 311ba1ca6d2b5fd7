"""Which branches count: of those side by side the one that takes longest on average."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

from pubservice.analysis.case_time import chances_of, chances_of_longest
from pubservice.graph.paths import longest_paths
from pubservice.graph.visits import branch_probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.analysis.case import Case
    from pubservice.graph.blocks import Block


def shares_counted(case: Case, unknown: Sequence[bool]) -> list[float | None]:
    """
    Return for each node the share of its time that counts in the cycle time; None where that is unknown.

    Visits × time × share add up to the cycle time: the shares are its derivatives, of equal branches each in part.

    Args:
        case: Its visits exist.
        unknown: For each node whether cases come to it and its time is unknown.
    """
    of = case.of
    assert of.visits is not None  # the caller looked
    if of.nested.unstructured is not None:
        if any(unknown):
            return [None] * len(of.graph.nodes)
        _, (path, *_) = longest_paths(of.graph, case.stays, at_most=1)
        on_it = set(path)
        return [float(i in on_it) for i in range(len(of.graph.nodes))]
    open_ended = {id(region) for region in of.nested.regions if any(unknown[i] for i in region.nodes)}
    totals = case.region_times(of.visits, case.stays)
    for block in reversed(of.nested.blocks):
        if any(id(branch) in open_ended for branch in block.branches):
            open_ended.add(id(block.region))
    counted: dict[int, float | None] = {id(of.nested.regions[0]): 1.0}
    for block in of.nested.blocks:
        outer = counted[id(block.region)]
        known = outer is not None and not any(id(branch) in open_ended for branch in block.branches)
        shares = _shares(case, block, [totals[id(branch)] for branch in block.branches]) if known else None
        for n, branch in enumerate(block.branches):
            counted[id(branch)] = None if shares is None or outer is None else outer * shares[n]
    return [0.0 if region is None else counted[id(region)] for region in of.nested.region_of]


def _shares(case: Case, block: Block, totals: list[float]) -> list[float]:
    """Return for each branch of a block the share of its time that counts."""
    if block.kind == "parallel":
        longest = max(totals)
        ties = [isclose(total, longest, rel_tol=1e-12) for total in totals]
        return [tie / sum(ties) for tie in ties]
    chances = chances_of(case, block)
    taken = branch_probabilities(chances)
    means = [total / p if p else 0.0 for total, p in zip(totals, taken, strict=True)]
    return [
        share / p if p else 0.0 for share, p in zip(chances_of_longest(chances, means), taken, strict=True)
    ]
