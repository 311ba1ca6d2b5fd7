"""The room that a run needs: columns of a state, lists where it is interpreted, arrays where it is compiled, that grow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from pubservice.simulation.state import CAUSES, SCALARS, State

if TYPE_CHECKING:
    from pubservice.simulation.parts import Sizes
    from pubservice.simulation.program import Program

Per = Literal[
    "run",
    "standing",
    "service",
    "resource",
    "clock",
    "group",
    "node",
    "place",
    "flow",
    "token",
    "slot",
    "event",
    "case",
]

_NAMES: dict[Per, str] = {
    "run": "now scalars no_visits no_causes",
    "standing": "left next_standing",
    "service": "next_case next_arrival called missed arrives",
    "resource": "free waiting most busy queued begins dirty is_dirty",
    "clock": "opened closes",
    "group": "head tail wakes",
    "node": "batch_head batch_tail collected",
    "place": "lag lagged",
    "flow": "taken",
    "token": "link slot node came stage word leads ready begun started work order gives_up passed causes",
    "slot": "slot_link service number key arrived alive held worked applicant costs fees visits at_place full needs has",
    "event": "event_case event_node event_ready event_start event_end event_key",
    "case": "case_service case_arrival case_end case_outcome case_work case_applicant case_causes case_costs case_fees",
}
PER: dict[str, Per] = {name: per for per, names in _NAMES.items() for name in names.split()}
_WORDS = frozenset(
    ("word", "key", "visits", "no_visits", "next_case", "next_arrival", "next_standing", "event_key")
)
_REAL = frozenset(
    (
        "now",
        "no_causes",
        "arrives",
        "busy",
        "queued",
        "lag",
        "opened",
        "closes",
        "ready",
        "begun",
        "queue",
        "started",
        "work",
        "order",
        "gives_up",
        "passed",
        "arrived",
        "causes",
        "worked",
        "applicant",
        "costs",
        "fees",
        "event_ready",
        "event_start",
        "event_end",
        "case_arrival",
        "case_end",
        "case_work",
        "case_applicant",
        "case_causes",
        "case_costs",
        "case_fees",
    )
)
_NOBODY = frozenset(("head", "tail", "batch_head", "batch_tail", "number", "case_outcome"))
_UNKNOWN = frozenset(("case_end", "case_work", "case_applicant", "case_causes", "case_costs", "case_fees"))


def widths_of(sizes: Sizes) -> dict[str, int]:
    """Return how many numbers there are for each token, slot or case, in columns where it is not one."""
    return {
        "scalars": SCALARS,
        "no_visits": sizes.nodes,
        "no_causes": CAUSES,
        "causes": CAUSES,
        "case_causes": CAUSES,
        **dict.fromkeys(("costs", "fees", "case_costs", "case_fees"), sizes.currencies),
        "visits": sizes.nodes,
        "at_place": sizes.places,
        "full": sizes.joins,
        "needs": sizes.joins,
        "has": sizes.data,
    }


def column(name: str, size: int, *, compiled: bool) -> Any:
    """Return a new column of a state."""
    fill = -1 if name in _NOBODY else 0
    real = math.nan if name in _UNKNOWN else 0.0
    if not compiled:
        return [real if name in _REAL else fill] * size
    import numpy as np

    if name in _REAL:
        return np.full(size, real, np.float64) if name in _UNKNOWN else np.zeros(size, np.float64)
    return (
        np.full(size, fill, np.int64) if fill else np.zeros(size, np.uint64 if name in _WORDS else np.int64)
    )


def state_of(program: Program, *, tokens: int, slots: int, events: int, cases: int, compiled: bool) -> State:
    """Return a state in which nothing has happened."""
    parts, widths = program.parts, widths_of(program.sizes)
    lengths: dict[Per, int] = {
        "run": 1,
        "standing": len(parts.standing),
        "service": len(parts.start),
        "resource": len(parts.capacity),
        "clock": len(parts.clocks.cycle),
        "group": len(parts.staff),
        "node": len(parts.kind),
        "place": program.sizes.lags,
        "flow": max(1, program.sizes.fan),
        "token": tokens,
        "slot": slots,
        "event": events,
        "case": cases,
    }
    return State(
        **{
            name: column(name, lengths[PER[name]] * widths.get(name, 1), compiled=compiled)
            for name in State._fields
        }
    )


def grow(state: State, per: Per, more: int, sizes: Sizes, *, compiled: bool) -> State:
    """Return the state with room for more tokens, slots, events or cases; room for events is not touched before its use."""
    widths, columns = widths_of(sizes), {}
    for name in (name for name, of in PER.items() if of == per):
        found = getattr(state, name)
        if not compiled:
            found += column(name, more * widths.get(name, 1), compiled=False)
            continue
        import numpy as np

        columns[name] = longer = np.empty(len(found) + more * widths.get(name, 1), found.dtype)
        longer[: len(found)] = found
        if per != "event":
            longer[len(found) :] = column(name, 1, compiled=True)[0]
    return state._replace(**columns)


def cut(found: Any, size: int) -> Any:
    """Return a column as an array of so many numbers."""
    import numpy as np

    if isinstance(found, list):
        return np.array(found[:size], np.float64 if found and isinstance(found[0], float) else np.int64)
    found.resize(size, refcheck=False)
    return found
