"""How a resource is staffed over a week, level by level."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import attrs

from pubservice.planning.search import Goal
from pubservice.planning.staffed import StaffedInterval, mean_staff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.analysis.load import ResourceLoad
    from pubservice.model.resource import OpenHours
    from pubservice.planning.attainment import Attainment
    from pubservice.planning.search import Amounts
    from pubservice.planning.target import PlanningTarget

_SAME = 1e-9


@attrs.define(eq=False)
class Levels:
    """
    How a resource is staffed over a week, level by level: the next level costs more, and waits are shorter.

    At level 0 every interval keeps up and reaches the targets of single resources. Where nothing varies, each level is one
    more. Where demand varies, at level n no interval waits longer than n - 1 more than keep up would let wait at the mean
    rate.

    Attributes:
        attained: What is attained.
        local: The targets of single resources.
        kept: How many there are of what is not planned.
    """

    attained: Attainment
    local: tuple[PlanningTarget, ...]
    kept: Mapping[str, int]
    _known: dict[tuple[str, int], tuple[StaffedInterval, ...]] = attrs.Factory(dict)

    def week(self, id: str, level: int) -> tuple[StaffedInterval, ...]:
        """Return a resource over the intervals of a week; one where nothing varies."""
        if (id, level) not in self._known:
            self._known[id, level] = tuple(self._interval(id, hours, level) for hours in self._hours(id))
        return self._known[id, level]

    def _hours(self, id: str) -> tuple[OpenHours | None, ...]:
        week = self.attained.week
        return week.intervals(week.organisation.resource(id)) or (None,)

    def _interval(self, id: str, hours: OpenHours | None, level: int) -> StaffedInterval:
        offered = self.attained.offered(id, hours)
        if not offered:
            return StaffedInterval(hours, 0.0, self.kept.get(id, 0), None, None)
        if id in self.kept:
            staff = max(self.kept[id], self.attained.least(id, hours))
        elif hours is None or not level:
            staff = self._least(id, hours, None) + level
        else:
            mean = self.attained.load(id, self.attained.least(id) + level - 1)
            staff = self._least(id, hours, mean.waiting_time_s)
        load = self.attained.load(id, staff, hours)
        return StaffedInterval(hours, offered, staff, offered / staff, load.waiting_time_s)

    def _least(self, id: str, hours: OpenHours | None, longest: float | None) -> int:
        """Return the least number that reaches the targets of single resources, and waits no longer than some seconds."""

        def holds(count: int) -> bool:
            wait = self.attained.load(id, count, hours).waiting_time_s
            if wait is None or (longest is not None and wait > longest + _SAME):
                return False
            return all(
                self.attained.is_met(target, self.attained.single(target, id, count, hours))
                for target in self.local
                if id in self.attained.ids(target)
            )

        low = self.attained.least(id, hours)
        if holds(low):
            return low
        fails, step = low, 1
        while not holds(fails + step):
            fails, step = fails + step, step * 2
        high = fails + step
        while high - fails > 1:
            middle = (fails + high) // 2
            fails, high = (fails, middle) if holds(middle) else (middle, high)
        return high

    def load(self, id: str, level: int) -> ResourceLoad:
        """Return the load over a week: at the mean rate, with the mean wait of the visits of all intervals."""
        week = self.week(id, level)
        staff = max(self.attained.least(id), ceil(mean_staff(week) - _SAME))
        load = self.attained.load(id, staff)
        visits = sum(interval.offered_load * interval.minutes for interval in week)
        if week[0].hours is None or not visits:
            return load
        waits = sum(i.offered_load * i.minutes * (i.waiting_time_s or 0.0) for i in week)
        return attrs.evolve(load, waiting_time_s=waits / visits)

    def goal(self, target: PlanningTarget) -> Goal:
        """Return a target that is of more than single resources as a goal of levels."""
        of = self.attained.of(target)

        def holds(levels: Amounts) -> bool:
            loads = {
                (id := self.attained.resources[i]): self.load(id, n) for i, n in zip(of, levels, strict=True)
            }
            return self.attained.is_met(target, self.attained.value(target, loads))

        return Goal(of, holds)

    def worst(self, target: PlanningTarget, levels: Amounts) -> float:
        """Return what is attained of a target: of single resources, in the worst interval."""
        of = self.attained.of(target)
        if target.of_week:
            loads = {(id := self.attained.resources[i]): self.load(id, levels[i]) for i in of}
            value = self.attained.value(target, loads)
            assert value is not None  # all keep up
            return value
        counts = {
            (id := self.attained.resources[i]): {
                w.hours: w.staff for w in self.week(id, levels[i]) if w.offered_load
            }
            for i in of
        }
        value = self.attained.worst(target, counts)
        assert value is not None  # idem
        return value
