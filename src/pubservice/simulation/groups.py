"""Who works: resources, and groups of what is taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubservice.simulation.draft import Draft

_RANK = 2.0**42  # more than there are numbers in a queue


def open_by(draft: Draft, id: str) -> int:
    """Return the number of the clock that a resource is open by; 0 where it has no calendar, and services differ."""
    calendar = draft.organisation.calendar_of(draft.organisation.resource(id))
    if calendar is not None:
        return draft.clock(draft.known[calendar.id])
    own = {clock for uses, _, clock, _ in draft.groups if draft.resources[id] in uses}
    return own.pop() if len(own) == 1 else 0


def add_resources(draft: Draft) -> None:
    """Add what is taken together, and the resources that it is taken of."""
    columns = draft.columns
    serves: list[list[int]] = [[] for _ in draft.resources]
    levels = sorted({level for *_, level in draft.groups}, reverse=True)
    for (uses, staff, clock, level), number in draft.groups.items():
        pool = draft.pools[uses[0]]
        columns["rank"].append(_RANK * levels.index(level) if pool.discipline == "priority" else 0.0)
        columns["by_due"].append(int(pool.discipline == "due-date"))
        columns["finish"].append(int(all(draft.pools[r].closing == "finish" for r in uses)))
        columns["uses"].append(len(columns["used"]))
        columns["used"] += uses
        columns["only"].append(uses[0] if len(uses) == 1 else -1)
        columns["staff"].append(staff)
        columns["group_clock"].append(clock)
        for r in uses:
            serves[r].append(number)
    columns["uses"].append(len(columns["used"]))
    for pool, groups in zip(draft.pools, serves, strict=True):
        columns["capacity"].append((pool.capacity or 0) * pool.cases_at_once)
        columns["ordered"].append(
            int(any(draft.pools[_first(draft, g)].discipline != "first-come" for g in groups))
        )
        columns["serves"].append(len(columns["served"]))
        columns["served"] += groups
    columns["serves"].append(len(columns["served"]))


def _first(draft: Draft, group: int) -> int:
    """Return the first resource of a group, whose discipline is that of the group."""
    return int(draft.columns["used"][draft.columns["uses"][group]])
