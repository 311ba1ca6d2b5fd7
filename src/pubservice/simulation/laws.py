"""What must hold of every run, whatever was drawn: checked on its record, by code that the event loop does not use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.simulation.record import Record

_DIGITS = 1e-9  # what may be lost, of the length of the run


def broken_laws(record: Record) -> tuple[Message, ...]:
    """
    Return which laws a run breaks; none, if the simulation is right.

    Cases end after they arrive; their time is the sum of its causes. With a log also: queues hold what their cases waited, work begins after the case has come and while all that it needs is open,
    is as long as these are open, never takes more than there is, and goes to who came first.

    Example:
        >>> from pubservice.simulation.program import program
        >>> from pubservice.simulation.run import run
        >>> broken_laws(run(program(city_hall), seed=2026, cases=1000, log=True))
        ()
    """
    return (*_of_cases(record), *_of_events(record))


def _of_cases(record: Record) -> Iterator[Message]:
    import numpy as np

    lost = _DIGITS * max(1.0, record.end_s)
    ended = record.case_outcome >= 0
    arrival, end = record.case_arrival_s, np.where(ended, record.case_end_s, record.end_s)
    stay = end - arrival
    if (np.diff(arrival[arrival > 0]) < 0).any():  # those that were open at the start come first
        yield Message("cases are not in order of arrival")
    if (stay < 0).any() or (end > record.end_s).any():
        yield Message("a case ends before it arrives, or after the run")
    if (np.isnan(record.case_end_s) != ~ended).any():
        yield Message("a case has an end and no outcome, or an outcome and no end")
    if (np.abs(record.case_cause_s[ended].sum(axis=1) - stay[ended]) > lost).any():
        yield Message("the causes of a case do not sum to its time")
    if (record.case_cause_s[ended] < -lost).any():
        yield Message("a cause is negative")
    open_s = record.open_s.copy()
    for g in np.flatnonzero(record.program.parts.finish):
        open_s[record.program.parts.used[record.program.parts.uses[g] : record.program.parts.uses[g + 1]]] = (
            record.end_s
        )
    if (record.busy_s < 0).any() or (record.busy_s > _capacity(record) * open_s + lost).any():
        yield Message("a resource works longer than it is open")


def _capacity(record: Record) -> NDArray[np.int64]:
    found: NDArray[np.int64] = record.program.parts.capacity
    return found


def _of_events(record: Record) -> Iterator[Message]:
    case, node = record.event_case, record.event_node
    ready, start, end = record.event_ready_s, record.event_start_s, record.event_end_s
    if case is None or node is None or ready is None or start is None or end is None:
        return
    import numpy as np

    parts = record.program.parts
    lost = _DIGITS * max(1.0, record.end_s)
    if (ready < record.case_arrival_s[case]).any() or (start < ready).any() or (end < start).any():
        yield Message("work begins before the case has come, or ends before it begins")
    last = record.case_arrival_s.copy()
    np.maximum.at(last, case, end)
    ended = record.case_outcome >= 0
    withdrawn = np.array([outcome == "withdrawn" for outcome in record.program.outcomes])
    gap = record.case_end_s - last
    exact = ended & ~np.append(withdrawn, False)[record.case_outcome]  # who gives up ends without work
    if (gap[ended] < -lost).any() or (gap[exact] > lost).any():
        yield Message("a case does not end with its last work")
    group = parts.group[node]
    for g in range(len(parts.staff)):
        its = group == g
        if not _is_open(record, int(parts.group_clock[g]), start[its]).all():
            yield Message("work begins outside opening hours")
        if (
            not parts.ordered[parts.used[parts.uses[g]]]
            and (parts.batch[node[its]] == 0).all()
            and (parts.period[node[its]] == 0).all()
        ):
            in_order = np.lexsort((start[its], ready[its]))
            if (np.diff(start[its][in_order]) < 0).any():
                yield Message("who came later is served earlier")
    for r, capacity in enumerate(parts.capacity):
        if _most_taken(record, r, group, start, end) > capacity:
            yield Message("{resource} is used beyond its capacity", resource=record.program.resources[r])
        done = waited = 0.0
        for g in parts.served[parts.serves[r] : parts.serves[r + 1]]:
            its = group == g
            clock, staff = int(parts.group_clock[g]), int(parts.staff[g])
            worked = end[its] - start[its]
            if not parts.finish[g]:
                worked = _open_until(record, clock, end[its]) - _open_until(record, clock, start[its])
            done += float(worked.sum()) * staff
            single = its & (parts.batch[node] == 0) & (parts.period[node] == 0)
            waited += float((start[single] - ready[single]).sum())
        if not record.since_s and waited > record.queue_s[r] + lost * max(1, len(case)):
            yield Message(
                "cases wait longer than {resource} has a queue", resource=record.program.resources[r]
            )
        if done > record.busy_s[r] + lost * max(1, len(case)):
            yield Message(
                "{resource} works less than its cases are worked on", resource=record.program.resources[r]
            )


def _most_taken(
    record: Record, r: int, group: NDArray[np.int64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> int:
    """Return how many of a resource were taken at once at most; who ends at a moment makes room for who begins then."""
    import numpy as np

    parts = record.program.parts
    groups = parts.served[parts.serves[r] : parts.serves[r + 1]]
    its = np.isin(group, groups)
    staff = parts.staff[group[its]]
    moments = np.concatenate([end[its], start[its]])
    change = np.concatenate([-staff, staff])
    lasts = np.concatenate([end[its] > start[its]] * 2)
    order = np.argsort(moments[lasts], kind="stable")
    return int(np.cumsum(change[lasts][order]).max(initial=0))


def _is_open(record: Record, clock: int, moments: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether a clock is open at moments."""
    import numpy as np

    opens, closes, cycle = _hours(record, clock)
    if not cycle:
        return np.ones(len(moments), bool)
    inside = (moments % cycle)[:, None]
    return np.any((opens <= inside) & (inside < closes), axis=1)  # type: ignore[no-any-return]  # of rows, an array


def _open_until(record: Record, clock: int, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how long a clock has been open until moments."""
    import numpy as np

    opens, closes, cycle = _hours(record, clock)
    if not cycle:
        return moments
    turns, inside = np.divmod(moments, cycle)
    whole = turns * (closes - opens).sum()
    found: NDArray[np.float64] = whole + np.clip(inside[:, None] - opens, 0, closes - opens).sum(axis=1)
    return found


def _hours(record: Record, clock: int) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    k = record.program.parts.clocks
    own = slice(int(k.first[clock]), int(k.last[clock]))
    return k.opens[own], k.closes[own], float(k.cycle[clock])
