"""
What a run comes to, in numbers: of each service, and of each resource.

A case counts where it ends: with those that have ended by the end of a run, and that arrived whenever, nobody is left out
for taking long. What ended in the warm-up does not count, nor what resources did in it. The waiting time is what is neither work nor rework: waits of
later visits are part of the rework.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.messages import Message
from pubservice.model.cause import CAUSES
from pubservice.simulation.calendars import open_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService
    from pubservice.simulation.program import Program
    from pubservice.simulation.record import Record

    Floats = NDArray[np.float64]

QUANTILES = {"cycle_time_median": 0.5, "cycle_time_p90": 0.9, "cycle_time_p95": 0.95}
SAMPLE = 512  # cycle times of a replication that are kept
_HOUR, _DAY = 3600.0, 86400.0

TITLES: dict[str, tuple[Message, float]] = {
    "cases": (Message("cases"), 1.0),
    "no_shows": (Message("did not come"), 1.0),
    "cycle_time": (Message("cycle time / hour"), _HOUR),
    "cycle_time_working": (Message("cycle time / working hour"), _HOUR),
    "cycle_time_median": (Message("median of the cycle time / hour"), _HOUR),
    "cycle_time_p90": (Message("90 % point of the cycle time / hour"), _HOUR),
    "cycle_time_p95": (Message("95 % point of the cycle time / hour"), _HOUR),
    "waiting_time": (Message("waiting time / hour"), _HOUR),
    "processing_time": (Message("processing time / hour"), _HOUR),
    "applicant_time": (Message("applicant's time / hour"), _HOUR),
    "on_time": (Message("on time"), 1.0),
    "throughput": (Message("throughput / (case/day)"), 1 / _DAY),
    "work_in_progress": (Message("work in progress"), 1.0),
    "utilisation": (Message("utilisation"), 1.0),
    "wait": (Message("wait of a visit / min"), 60.0),
    "queue": (Message("cases in the queue"), 1.0),
    "longest_queue": (Message("most cases in the queue"), 1.0),
    "visits": (Message("visits"), 1.0),
}
_OF_CASES = (
    "cycle_time",
    "cycle_time_working",
    *QUANTILES,
    "waiting_time",
    "processing_time",
    "applicant_time",
)
_BY_CAUSE, COST, _FEE, OUTCOME = "time_", "cost_", "fee_", "outcome_"
SHARES = ("on_time", OUTCOME)
_OF_RUNS = ("cases", "throughput", "work_in_progress", "utilisation", "queue", "longest_queue", "visits")

_WHY_NOTHING = {
    "utilisation": Message("it was never open"),
    "wait": Message("no case came to it"),
    **dict.fromkeys(
        ("throughput", "work_in_progress", "queue"), Message("the runs ended before their warm-up")
    ),
}

Values = dict[str, float | None]


class Title(NamedTuple):
    """
    How a measure is shown.

    Attributes:
        text: With its unit.
        unit: So many seconds, or whatever it is stored in, are one of that unit.
    """

    text: Message
    unit: float


def title(measure: str) -> Title:
    """
    Return how a measure is shown.

    Example:
        >>> title("cost_IDR").text, title("cycle_time").unit
        ('office cost / IDR', 3600.0)
    """
    if measure in TITLES:
        return Title(*TITLES[measure])
    if measure.startswith(_BY_CAUSE):
        cause = measure.removeprefix(_BY_CAUSE)
        found = next(text for id, text in CAUSES.items() if id == cause)
        return Title(Message("{cause} / hour", cause=found), _HOUR)
    if measure.startswith(COST):
        return Title(Message("office cost / {currency}", currency=measure.removeprefix(COST)), 1.0)
    if measure.startswith(_FEE):
        return Title(Message("fees / {currency}", currency=measure.removeprefix(_FEE)), 1.0)
    return Title(Message("ended {outcome}", outcome=measure.removeprefix(OUTCOME)), 1.0)


def counted_in(measure: str) -> str | None:
    """
    Return the measure that counts what a measure is a mean of; None where it is of a run as a whole.

    Example:
        >>> counted_in("cycle_time"), counted_in("wait"), counted_in("utilisation")
        ('cases', 'visits', None)
    """
    if measure in _OF_RUNS:
        return None
    return "visits" if measure == "wait" else "cases"


def why_nothing(measure: str) -> Message:
    """Return why there is nothing to measure in any replication."""
    return _WHY_NOTHING.get(measure, Message("no case has ended"))


@attrs.frozen
class Observed:
    """
    What a replication comes to: measures of services and of resources, by id; None where there is nothing to measure.

    Attributes:
        services: Times in elapsed seconds where nothing else is said, money, shares, counts.
        resources: Likewise.
        samples: Of each service, cycle times in order, at most 512 of them, that stand for equally many cases.
    """

    services: dict[str, Values]
    resources: dict[str, Values]
    samples: dict[str, array[float]]


@attrs.frozen
class Standing:
    """
    What cases of a service are held against.

    Attributes:
        promised_s: The completion time that its standard promises; None without one.
        working: Whether that is in working time.
        outcomes: How its cases can end.
    """

    promised_s: float | None
    working: bool
    outcomes: tuple[str, ...]


def standing(service: PublicService, organisation: PublicOrganisation) -> Standing:
    """
    Return what cases of a service are held against.

    Example:
        >>> standing(city_hall.service("building-permit"), city_hall).outcomes
        ('completed',)
    """
    ends = dict.fromkeys(end.outcome for end in service.procedure.ends)
    leaving = {flow.source for flow in service.procedure.flows}
    if any(node.id not in leaving for node in service.procedure.nodes if node not in service.procedure.ends):
        ends["completed"] = None
    length = service.standard.completion_time
    calendar = organisation.calendar_of(service)
    hours = None if calendar is None else calendar.hours_per_working_day
    promised = None if length is None else length.seconds(hours_per_working_day=hours)
    working = length is not None and length.unit.startswith("working")
    return Standing(promised, working, tuple(ends))


def observe(record: Record, standings: tuple[Standing, ...]) -> Observed:
    """
    Return what a run comes to after its warm-up, from when on its resources are counted.

    Args:
        record: Of the run.
        standings: What the cases of each service are held against, in the order of the services.
    """
    import numpy as np

    program = record.program
    order = np.argsort(record.case_service, kind="stable")
    bounds = np.searchsorted(record.case_service[order], np.arange(len(program.services) + 1))
    rows = {id: order[bounds[k] : bounds[k + 1]] for k, id in enumerate(program.services)}
    services = {id: _service(record, k, rows[id], standings[k]) for k, id in enumerate(program.services)}
    resources = {id: _resource(record, r) for r, id in enumerate(program.resources)}
    return Observed(services, resources, {id: _sample(record, of) for id, of in rows.items()})


def _sample(record: Record, rows: NDArray[np.intp]) -> array[float]:
    """Return cycle times of cases that ended after the warm-up: all in order, or those in the middle of equal shares."""
    import numpy as np

    ended = rows[record.case_end_s[rows] > record.since_s]
    times = np.sort(record.case_end_s[ended] - record.case_arrival_s[ended])
    if len(times) > SAMPLE:
        times = times[((np.arange(SAMPLE) + 0.5) / SAMPLE * len(times)).astype(np.intp)]
    return array("d", times.tobytes())


def _service(record: Record, k: int, rows: NDArray[np.intp], standing: Standing) -> Values:
    import numpy as np

    since = record.since_s
    arrivals, ends = record.case_arrival_s[rows], record.case_end_s[rows]
    until = np.where(np.isnan(ends), record.end_s, ends)
    inside = np.maximum(until - np.maximum(arrivals, since), 0.0).sum()
    window = record.end_s - since
    ended = rows[ends > since]
    n = len(ended)
    values: Values = {
        "cases": float(n),
        "throughput": n / window if window > 0 else None,
        "work_in_progress": float(inside / window) if window > 0 else None,
    }
    if record.program.parts.slot[k] > 0:
        values["no_shows"] = float(record.missed[k])
    if not n:
        return values | dict.fromkeys(_OF_CASES)
    begin, end = record.case_arrival_s[ended], record.case_end_s[ended]
    clocks, clock = record.program.parts.clocks, int(record.program.parts.arrival_clock[k])
    times, working = end - begin, open_seconds(clocks, clock, end) - open_seconds(clocks, clock, begin)
    mean = float(times.mean())
    causes = record.case_cause_s[ended].mean(axis=0)
    by_cause = {cause: float(seconds) for cause, seconds in zip(CAUSES, causes, strict=True)}
    points = np.quantile(times, list(QUANTILES.values()))
    values |= {"cycle_time": mean, "cycle_time_working": float(working.mean())}
    values |= {id: float(point) for id, point in zip(QUANTILES, points, strict=True)}
    values["waiting_time"] = mean - by_cause["processing"] - by_cause["rework"]
    values["processing_time"] = float(record.case_work_s[ended].mean())
    values["applicant_time"] = float(record.case_applicant_s[ended].mean())
    if standing.promised_s is not None:
        kept = (working if standing.working else times) <= standing.promised_s * (1 + _ROUNDING)
        values["on_time"] = float(kept.mean())
    currencies = record.program.currencies
    costs, fees = (of[ended].mean(axis=0) for of in (record.case_cost, record.case_fee))
    values |= {COST + currency: float(cost) for currency, cost in zip(currencies, costs, strict=True)}
    values |= {_FEE + currency: float(fee) for currency, fee in zip(currencies, fees, strict=True)}
    values |= {_BY_CAUSE + cause: seconds for cause, seconds in by_cause.items()}
    return values | dict(_outcomes(record.case_outcome[ended], record.program, standing))


_ROUNDING = 1e-9  # of a promise: what sums of floats may be off


def _outcomes(found: NDArray[np.int64], program: Program, standing: Standing) -> Iterator[tuple[str, float]]:
    import numpy as np

    counts = np.bincount(found, minlength=len(program.outcomes))
    for outcome, count in zip(program.outcomes, counts, strict=True):
        if count or outcome in standing.outcomes:
            yield OUTCOME + outcome, float(count) / len(found)


def _resource(record: Record, r: int) -> Values:
    opened, queued, visits = float(record.open_s[r]), float(record.queue_s[r]), int(record.visits[r])
    window, capacity = record.end_s - record.since_s, int(record.program.parts.capacity[r])
    return {
        "utilisation": float(record.busy_s[r]) / (opened * capacity) if opened > 0 else None,
        "wait": queued / visits if visits else None,
        "queue": queued / window if window > 0 else None,
        "longest_queue": float(record.most_queued[r]),
        "visits": float(visits),
    }
