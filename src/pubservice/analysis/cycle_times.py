"""How long the cases of a service take, from the quickest to the slowest: quantiles, and how sure a promise is."""

from __future__ import annotations

from functools import cached_property
from math import ceil, log, sqrt
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.composition import ELAPSED, approximate_waits
from pubservice.analysis.performance import Performance, performance
from pubservice.analysis.stays import Queueing
from pubservice.analysis.walk import CASES, Walk
from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.messages import Message, translate
from pubservice.provenance import Method
from pubservice.table import table
from pubservice.units import duration, in_words, quantity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.analysis.case import Case
    from pubservice.analysis.open_time import OpenTime
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.units import Duration, Quantity

    Floats = NDArray[np.float64]

Clock = Literal["working", "elapsed"]

SHARES = (0.5, 0.8, 0.9, 0.95)  # of which quantiles are printed
_MOST = 0.999999  # of the slowest cases grids tell no more
_LEVELS = 12  # up and down: from a sixteen-millionth of the first grid to as many of it
_COARSE = 32  # a quantile in a smaller part of a grid is looked up on a finer one
_SPARE = 64  # times a quantile, that a grid is long at most on which elapsed time is looked up
_HALVINGS = 40
_SHARED = "ways that share steps taken as independent, an upper bound"
_BEYOND = 8  # cases at least are beyond a quantile of those that were walked
_SAME = 1e-12  # a limit is that of a time but for rounding


@attrs.frozen
class CycleTimeDistribution:
    """
    How long the cases of a service take.

    Attributes:
        service: Its id.
        mean_s: Seconds on the service's clock; joins wait for the branch that takes longest in each case.
        standard_deviation_s: Likewise.
    """

    service: str
    mean_s: float
    standard_deviation_s: float
    time: CaseTime = attrs.field(eq=False, repr=False)

    @property
    def mean(self) -> Quantity:
        """Mean time from arrival to end on the service's clock, in hours."""
        return quantity(self.mean_s / 3600, "hour")

    @property
    def standard_deviation(self) -> Quantity:
        """Its standard deviation, in hours."""
        return quantity(self.standard_deviation_s / 3600, "hour")

    def quantile(self, share: float, *, clock: Clock = "working") -> Quantity:
        """
        Return the time within which a share of cases is done, in hours.

        Args:
            share: Above 0, at most 0.999999.
            clock: ``working`` for the service's clock, ``elapsed`` for that of those who wait outside.

        Raises:
            InvalidQuantityError: The share is out of range.
        """
        return quantity(self.quantile_s(share, clock=clock) / 3600, "hour")

    def quantile_s(self, share: float, *, clock: Clock = "working") -> float:
        """Return the same in seconds."""
        if not 0 < share <= _MOST:
            raise InvalidQuantityError(
                Message("expected a share above 0, at most {most}, got {value!r}", most=_MOST, value=share)
            )
        if clock == "working" or self._open_time is None:
            return self._quantile(share)
        if self._walk is None:
            return self._elapsed_quantile(share, self._open_time)
        return self._walked_quantile(share, self._walk.elapsed)

    def probability_within(self, limit: Duration | str) -> float:
        """
        Return the share of cases that take no longer than a limit, 0 to 1.

        A limit in `working_hour` or `working_day` is held on the service's clock. Any other is elapsed time: it is held
        through the calendar, for cases that arrive evenly over its open time.

        Raises:
            UndefinedResultError: The limit is in working days, and there is no calendar.

        Example:
            >>> permit = cycle_time_distribution(city_hall, "building-permit")
            >>> round(permit.probability_within("1 day"), 3)
            1.0
        """
        length = duration(limit)
        if self._walk is not None and not length.unit.startswith("working_"):
            import numpy as np

            elapsed = self._walk.elapsed
            done = np.searchsorted(elapsed, (length.seconds() or 0.0) * (1 + _SAME), side="right")
            return float(done) / len(elapsed)
        return share_in_time(self.time, open_within(self._case, length))

    @property
    def _case(self) -> Case:
        return self.time.case

    @property
    def _open_time(self) -> OpenTime | None:
        return self._case.of.clock.open_time

    @cached_property
    def _walk(self) -> Walk | None:
        """Cases that are walked through the calendar, where waits pass while it is closed too; else None."""
        return Walk(self.time, self._open_time) if self._open_time and self._case.of.passing else None

    # On grids

    def _quantile(self, share: float) -> float:
        if not self.time.varies:
            return self.mean_s
        level = 0
        while self.time.grid(level).steps.at[-1] < share and level < _LEVELS:
            level += 1
        value = self._on(level, share)
        while 0 < value * _COARSE < self.time.reach * 4.0**level and level > -_LEVELS:
            # The quantile lies between the same two points, however coarse they are.
            level = level_of(self.time, value + self.time.grid(level).lattice.step)
            value = self._on(level, share)
        return value

    def _on(self, level: int, share: float) -> float:
        """Return a quantile as one grid tells it."""
        import numpy as np

        lattice, steps, *_ = self.time.grid(level)
        point = min(int(np.searchsorted(steps.at, share - 1e-12)), lattice.size - 1)
        if point == 0 or steps.below[point] <= share:
            return float(point * lattice.step)
        low, high = float(steps.at[point - 1]), float(steps.below[point])
        return (point - 1 + (share - low) / (high - low)) * lattice.step

    def _elapsed_quantile(self, share: float, open_time: OpenTime) -> float:
        low = self._quantile(share)
        high = open_time.longest(low)
        # Starts differ in how much of an elapsed time is open: the grid has to be longer than the quantile.
        level = level_of(self.time, min(_SPARE * low, max(self.time.reach, 4 * low)))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if _probabilities(self.time, open_time.within(middle), level).mean() < share:
                low = middle
            else:
                high = middle
        return high

    def _walked_quantile(self, share: float, elapsed: Floats) -> float:
        most = 1 - _BEYOND / len(elapsed)
        if share > most:
            message = Message(
                "{n:,} cases were walked through the calendar: they tell no share above {most:.4f}, got {value!r}",
                n=len(elapsed),
                most=most,
                value=share,
            )
            raise UndefinedResultError(message)
        return float(elapsed[max(0, ceil(share * len(elapsed) - 1e-9) - 1)])

    # For people and programs

    @cached_property
    def method(self) -> dict[str, Method]:
        """How the numbers were found: ``mean_s``, the ``distribution`` and, under a calendar, ``elapsed`` times."""
        case, time = self._case, self.time
        means = approximate_waits(case)
        if time.is_network and time.varies:
            means.append(_SHARED)
        shape = list(means)
        queued = [
            visits
            for visits, found in zip(case.of.visits or (), time.parts, strict=True)
            if any(isinstance(part, Queueing) for part in found)
        ]
        if queued and not case.evaluation.product_form:
            shape.append("waits exponential where there are any")
        if sum(queued) > 1 + 1e-9:
            shape.append("waits of a case independent of each other")
        found = {
            "mean_s": Method("approximation", "; ".join(means))
            if means
            else Method("exact", "flow analysis"),
            "distribution": Method("approximation", "; ".join(shape))
            if shape
            else Method("exact", "flow analysis on a grid of times"),
        }
        if time.waits_for_branches:
            found["mean_s"] = found["distribution"]
        if self._walk is not None:
            name = f"{CASES:,} cases walked through the calendar, arrivals spread evenly over its open time"
            waits = [part for part in shape if part not in (ELAPSED, _SHARED)]
            found["elapsed"] = Method("simulation", "; ".join([name, *waits]))
        elif self._open_time is not None:
            found["elapsed"] = Method(
                "approximation",
                "; ".join([*shape, "arrivals spread evenly over the open time of the calendar"]),
            )
        return found

    def rows(self) -> list[dict[str, float]]:
        """Return a row for each of some shares of cases; times in hours, on the service's clock and elapsed."""
        return [
            {
                "share": share,
                "within / hour": self.quantile_s(share) / 3600,
                "elapsed / hour": self.quantile_s(share, clock="elapsed") / 3600,
            }
            for share in SHARES
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "mean_s": self.mean_s,
            "standard_deviation_s": self.standard_deviation_s,
            "quantiles": [
                {
                    "share": share,
                    "cycle_time_s": self.quantile_s(share),
                    "cycle_time_elapsed_s": self.quantile_s(share, clock="elapsed"),
                }
                for share in SHARES
            ],
            "method": {name: method.data() for name, method in self.method.items()},
        }

    def text(self, language: Language = "en") -> str:
        """Return mean, deviation and quantiles."""
        lines = [
            f"{translate(label, language)}: {in_words(seconds).text(language)}"
            for label, seconds in (
                ("mean cycle time", self.mean_s),
                ("standard deviation", self.standard_deviation_s),
            )
        ]
        return "\n".join([self.service, *lines, table(self.rows(), language=language)])

    def __str__(self) -> str:
        return self.text()


def open_within(case: Case, limit: Duration | str) -> NDArray[np.float64]:
    """
    Return how many seconds of the service's clock a limit gives a case, for each moment at which it may arrive.

    Raises:
        UndefinedResultError: The limit is in working days, and there is no calendar.
    """
    import numpy as np

    length = duration(limit)
    seconds = length.seconds(hours_per_working_day=case.of.clock.hours_per_working_day)
    if seconds is None:
        raise UndefinedResultError(
            Message("{length} is working time, and there is no calendar", length=str(length))
        )
    open_time = None if length.unit.startswith("working_") else case.of.clock.open_time
    return np.array([seconds]) if open_time is None else open_time.within(seconds)


def level_of(time: CaseTime, seconds: float) -> int:
    """Return the level of the shortest grid of a case that holds a time."""
    if seconds <= 0:
        return 0
    return max(-_LEVELS, min(_LEVELS, ceil(log(seconds / time.reach) / log(4))))


def _probabilities(time: CaseTime, seconds: NDArray[np.float64], level: int) -> NDArray[np.float64]:
    """Return the share of cases that take no longer than each of some times, as one grid tells it."""
    import numpy as np

    if not time.varies:
        return (seconds >= time.spread.mean * (1 - 1e-9)).astype(float)
    lattice, steps, *_ = time.grid(level)
    place = np.minimum(seconds / lattice.step, lattice.size - 1)
    point = np.floor(place + 1e-9).astype(int)
    after = np.minimum(point + 1, lattice.size - 1)
    beyond = np.maximum(0.0, place - point)
    found: NDArray[np.float64] = steps.at[point] + beyond * (steps.below[after] - steps.at[point])
    return found


def share_in_time(time: CaseTime, within: NDArray[np.float64]) -> float:
    """Return the share of cases that take no longer than they have, for as many moments of arrival as are given."""
    return float(_probabilities(time, within, level_of(time, float(within.max()))).mean())


def cycle_time_distribution(
    organisation: PublicOrganisation | Performance, service: str
) -> CycleTimeDistribution:
    """
    Return how long the cases of a service take, from the quickest to the slowest.

    Mean and variance are exact for sums, choices and loops of independent times. Quantiles, and what joins wait for, are
    worked out on a grid of 2,048 times, refined where they are small. Waits at resources are none with the probability of
    Erlang's C, else exponential, which is exact for M/M/c; `method` says what is approximate.

    Args:
        organisation: With all services that share its resources, or what `performance` or `network_performance` found.
        service: The id of the one that is asked for.

    Raises:
        UnknownIdError: There is no such service.
        UndefinedResultError: Its cycle time does not exist; the text says why.

    Example:
        >>> permit = cycle_time_distribution(city_hall, "building-permit")
        >>> round(permit.mean.magnitude, 2), round(permit.quantile(0.9).magnitude, 2)
        (4.64, 7.39)

    Source:
        Pritsker (1966), GERT: Graphical Evaluation and Review Technique, RAND RM-4973, for transforms of networks; Abate
        & Whitt (1992), Queueing Systems 10, 5-87, for a transform inside the unit circle.
    """
    of = organisation if isinstance(organisation, Performance) else performance(organisation)
    found = of.service(service)
    if found.cycle_time_s is None:
        raise UndefinedResultError(found.undefined["cycle_time_s"])
    return distribution_of(CaseTime(found.case))


def distribution_of(time: CaseTime) -> CycleTimeDistribution:
    """Return how long cases take whose time is worked out."""
    spread = time.spread
    return CycleTimeDistribution(time.case.of.service.id, spread.mean, sqrt(spread.variance), time)
