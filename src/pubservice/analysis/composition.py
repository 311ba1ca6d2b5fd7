"""Whether the cycle time of a case is composed exactly from the times of its visits, and what is approximate."""

from __future__ import annotations

from itertools import pairwise
from math import inf, isinf
from typing import TYPE_CHECKING

from pubservice.model.procedure import Step, Wait
from pubservice.provenance import Method

if TYPE_CHECKING:
    from pubservice.analysis.case import Case
    from pubservice.graph.blocks import Block, Region

ELAPSED = "elapsed waits taken as begun at any open moment"


def cycle_time_method(case: Case, *, with_waits: bool) -> Method:
    """Return how the cycle time was composed."""
    parts: list[str] = []
    if case.of.nested.unstructured is not None:
        if not all(_fixed(case, i, with_waits=with_waits) for i in range(len(case.of.graph.nodes))):
            parts.append("max of means, a lower bound")
    elif any(not one_is_longest(case, block, with_waits=with_waits) for block in case.of.nested.blocks):
        parts.append("max of means, a lower bound")
    if with_waits:
        parts.extend(approximate_waits(case))
    return Method("approximation", "; ".join(parts)) if parts else Method("exact", "flow analysis")


def approximate_waits(case: Case) -> list[str]:
    """Return what is approximate in how long visits wait on average."""
    of = case.of
    parts: list[str] = []
    used = [case.loads[id] for id, demand in of.demands.items() if demand.visits]
    names = [load.method["waiting_time_s"].name for load in used if "waiting_time_s" in load.method]
    if names and not case.evaluation.product_form:
        parts.extend(
            name if name != "M/M/c" else "M/M/c, arrivals taken as Poisson" for name in dict.fromkeys(names)
        )
    if used and any(profile.varies for load in used for profile, _ in load.demands):
        parts.append("demand that varies over time taken at its mean rate")
    if of.passing:
        parts.append(ELAPSED)
    if any(isinstance(n, Step) and n.batch is not None for n in of.graph.nodes):
        parts.append("batches fill evenly")
    if any(isinstance(n, Step) and len(n.resource) > 1 for n in of.graph.nodes):
        parts.append("resources needed together: the longest of their waits, a lower bound")
    return parts


def _fixed(case: Case, i: int, *, with_waits: bool) -> bool:
    low, high = _bounds(case, i, with_waits=with_waits)
    return low == high


def _bounds(case: Case, i: int, *, with_waits: bool) -> tuple[float, float]:
    """Return the least and the greatest time of a visit."""
    node = case.of.graph.nodes[i]
    low, high = 0.0, 0.0
    if isinstance(node, Step):
        for part in (node.processing_time, node.setup_time):
            if part is not None and part.mean_in_unit:
                scale = (
                    part.mean_seconds(hours_per_working_day=case.of.clock.hours_per_working_day) or 0.0
                ) / part.mean_in_unit
                low, high = low + part.support()[0] * scale, high + part.support()[1] * scale
        if with_waits and (node.batch is not None or case.queues.get(i)):
            high = inf
    elif isinstance(node, Wait) and with_waits and node.time is not None and node.time.mean_in_unit:
        least, greatest = node.time.support()
        open_time = case.of.clock.open_time
        if i in case.of.passing and open_time is not None:
            unit = case.of.elapsed_wait(i)[0] / node.time.mean_in_unit
            low = float(open_time.within(least * unit).min())
            high = inf if isinf(greatest) else float(open_time.within(greatest * unit).max())
        else:
            scale = (case.of.waits[i] or 0.0) / node.time.mean_in_unit
            low, high = least * scale, greatest * scale
    return low, high


def one_is_longest(case: Case, block: Block, *, with_waits: bool) -> bool:
    """Return whether, of the branches that can be taken together, one always takes longest: then max is exact."""
    spans = [_region_bounds(case, branch, with_waits=with_waits) for branch in block.branches]
    if block.kind == "inclusive":
        # Whichever branches are taken, their order by length must never change.
        spans.sort()
        return all(a[1] <= b[0] for a, b in pairwise(spans))
    return any(
        all(span[0] >= other[1] for j, other in enumerate(spans) if j != i) for i, span in enumerate(spans)
    )


def _region_bounds(case: Case, region: Region, *, with_waits: bool) -> tuple[float, float]:
    """Return bounds on the time through a branch: sums where nothing is chosen, else none but 0 and its own sum."""
    low = high = 0.0
    chosen = any(case.of.graph.splits[i] == "exclusive" for i in region.nodes)
    for i in region.nodes:
        bounds = _bounds(case, i, with_waits=with_waits)
        low, high = low + bounds[0], high + bounds[1]
    for block in region.blocks:
        spans = [_region_bounds(case, branch, with_waits=with_waits) for branch in block.branches]
        low += max(s[0] for s in spans) if block.kind == "parallel" else min(s[0] for s in spans)
        high += max(s[1] for s in spans)
    if chosen:
        entry = case.of.visits[region.block.split] if region.block and case.of.visits else 1.0
        loops = any((case.of.visits or [])[i] > entry * (1 + 1e-9) for i in region.nodes)
        low, high = 0.0, inf if loops or case.has_loop else high
    return low, high
