"""What a run leaves: numbers of every case and every resource, and events if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.simulation.program import Program


class Events(NamedTuple):
    """
    Visits of steps and waits that ended, in this order; arrays of one length.

    Attributes:
        case: Number of the case.
        node: Number of the node.
        ready_s: When the case came.
        start_s: When work, or the wait, began.
        end_s: When it ended.
        resource: Number of the first resource that is used; -1 where there is none.
        key: The word of the case, from which its attributes are drawn.
    """

    case: NDArray[np.int64]
    node: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    resource: NDArray[np.int64]
    key: NDArray[np.uint64]


@attrs.frozen(eq=False)
class Record:
    """
    What a run leaves. Times are elapsed seconds from the start of the program.

    Attributes:
        program: What was simulated; the names of services, nodes, resources, outcomes and currencies.
        seed: Of the random numbers.
        replication: Which run of that seed.
        end_s: When the run ended.
        case_service: Of each case, in order of arrival, the number of its service; shape (n_cases,).
        case_arrival_s: When it arrived.
        case_end_s: When it ended; NaN while it is inside.
        case_outcome: The number of its outcome; -1 while it is inside.
        case_cause_s: Why its time passed, in the order of `CAUSES`, shape (n_cases, 12); rows sum to end − arrival, those of
            cases inside are NaN.
        case_work_s: Seconds of work in its steps, branches added; NaN while it is inside.
        case_applicant_s: Seconds of the applicant; likewise.
        case_cost: What the office spends, by currency, shape (n_cases, n_currencies); likewise.
        case_fee: What the applicant pays, likewise.
        since_s: From when on resources are counted.
        busy_s: Of each resource, seconds of work, each of several that work at once by itself; shape (n_resources,).
        open_s: Seconds in which it was open, once for all of its capacity.
        queue_s: Seconds that cases waited for it; divided by the seconds that are counted the mean length of its queue.
        most_queued: How many waited at most.
        visits: How many visits began, of cases or of their branches.
        missed: Of each service, how many were booked in that time, and did not come; shape (n_services,).
        event_case: Of each event, the number of its case; None without a log.
        event_node: The number of its node.
        event_ready_s: When the case came there.
        event_start_s: When work, or the wait, began.
        event_end_s: When it ended.
        event_resource: The number of the first resource that it took; -1 where there was none.
        event_key: The word of its case, from which its attributes are drawn.
    """

    program: Program = attrs.field(repr=False)
    seed: int
    replication: int
    end_s: float
    case_service: NDArray[np.int64] = attrs.field(repr=False)
    case_arrival_s: NDArray[np.float64] = attrs.field(repr=False)
    case_end_s: NDArray[np.float64] = attrs.field(repr=False)
    case_outcome: NDArray[np.int64] = attrs.field(repr=False)
    case_cause_s: NDArray[np.float64] = attrs.field(repr=False)
    case_work_s: NDArray[np.float64] = attrs.field(repr=False)
    case_applicant_s: NDArray[np.float64] = attrs.field(repr=False)
    case_cost: NDArray[np.float64] = attrs.field(repr=False)
    case_fee: NDArray[np.float64] = attrs.field(repr=False)
    since_s: float
    busy_s: NDArray[np.float64] = attrs.field(repr=False)
    open_s: NDArray[np.float64] = attrs.field(repr=False)
    queue_s: NDArray[np.float64] = attrs.field(repr=False)
    most_queued: NDArray[np.int64] = attrs.field(repr=False)
    visits: NDArray[np.int64] = attrs.field(repr=False)
    missed: NDArray[np.int64] = attrs.field(repr=False)
    event_case: NDArray[np.int64] | None = attrs.field(default=None, repr=False)
    event_node: NDArray[np.int64] | None = attrs.field(default=None, repr=False)
    event_ready_s: NDArray[np.float64] | None = attrs.field(default=None, repr=False)
    event_start_s: NDArray[np.float64] | None = attrs.field(default=None, repr=False)
    event_end_s: NDArray[np.float64] | None = attrs.field(default=None, repr=False)
    event_resource: NDArray[np.int64] | None = attrs.field(default=None, repr=False)
    event_key: NDArray[np.uint64] | None = attrs.field(default=None, repr=False)

    @property
    def cases(self) -> int:
        """How many cases arrived."""
        return len(self.case_service)

    @property
    def inside(self) -> int:
        """How many of them had not ended."""
        return int((self.case_outcome < 0).sum())

    @property
    def events(self) -> Events | None:
        """The events together; None without a log."""
        columns = (self.event_case, self.event_node, self.event_ready_s, self.event_start_s, self.event_end_s)
        if any(column is None for column in columns):
            return None
        return Events(*columns, self.event_resource, self.event_key)  # type: ignore[arg-type]  # none of them is None

    def arrays(self) -> dict[str, Any]:
        """Return all arrays by name, those of a log only where there is one."""
        import numpy as np

        found = {field.name: getattr(self, field.name) for field in attrs.fields(Record)}
        return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}
