"""From the staff that each interval of a week takes to shifts: start, end, pause, and who has which days off."""

from __future__ import annotations

import re
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from pubservice.analysis.load import evaluate
from pubservice.errors import (
    InfeasiblePlanError,
    InvalidQuantityError,
    MissingExtraError,
    UndefinedResultError,
)
from pubservice.messages import Message, listed, translate
from pubservice.model.resource import WEEKDAYS, OpenHours
from pubservice.planning.interval import Week, open_by
from pubservice.table import table
from pubservice.units import SECONDS_PER_YEAR, Duration, Money, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.messages import Language
    from pubservice.model.resource import Calendar
    from pubservice.planning.staffed import Staffing

_DAY = 1440
_WEEK = 7 * 86400  # seconds
_HOURLY = 60  # minutes of the intervals where nothing varies
_INFEASIBLE = 2  # what scipy's milp says
_PER_EMPLOYEE = 1e-3  # of a shift: of plans with the same hours that with the fewest employees


def _minutes(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    given = duration(value)
    seconds = None if given.unit.startswith("working_") else given.seconds()
    if seconds is None or seconds % 60:
        raise InvalidQuantityError(Message("expected whole minutes, got {value!r}", value=str(given)))
    return int(seconds // 60)


def _lengths(value: Duration | str | Iterable[Duration | str | int]) -> tuple[int, ...]:
    several = [value] if isinstance(value, str | Duration) else list(value)
    found = tuple(sorted({_minutes(item) for item in several}))
    if not found or not 0 < found[0] <= found[-1] <= _DAY:
        raise InvalidQuantityError(
            Message("expected shifts of at most a day, got {value!r}", value=", ".join(map(str, several)))
        )
    return found


def _clock(value: str | int) -> int:
    match = re.fullmatch(r"(\d\d):(\d\d)", value) if isinstance(value, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else value
    if not isinstance(minutes, int) or not 0 <= minutes <= _DAY or (match and int(match[2]) > 59):
        raise InvalidQuantityError(Message("expected a time such as '08:00', got {value!r}", value=value))
    return minutes


def _days_off(value: int) -> int:
    if value not in range(7):
        message = Message("expected from 0 to 6 days off in a week, got {value!r}", value=value)
        raise InvalidQuantityError(message)
    return value


@attrs.frozen(kw_only=True)
class ShiftRules:
    """
    What a shift may be like; times are minutes inside, and may be written as durations and times of the day.

    Attributes:
        lengths: From start to end, the pause included; an employee always works the same.
        pause: Not worked and not paid.
        most_without_pause: A longer shift has one pause, and neither part of it is longer.
        earliest: No shift starts before.
        latest: No shift ends after.
        days_off: In a week, at least.
        most_hours: Worked in a week, at most.

    Example:
        >>> ShiftRules(lengths=["4 hour", "8 hour"], earliest="07:00").lengths
        (240, 480)

    Source:
        The defaults are those of UU 13/2003 art. 77 and 79 as amended: 40 hours in a week of five days, half an hour of
        rest after four hours.
    """

    lengths: tuple[int, ...] = attrs.field(converter=_lengths, default=(480,))
    pause: int = attrs.field(converter=_minutes, default=30)
    most_without_pause: int = attrs.field(converter=_minutes, default=240)
    earliest: int = attrs.field(converter=_clock, default=0)
    latest: int = attrs.field(converter=_clock, default=1440)
    days_off: int = attrs.field(converter=_days_off, default=2)
    most_hours: int = attrs.field(converter=_minutes, default=2400)

    def __attrs_post_init__(self) -> None:
        faults = []
        if self.latest - self.earliest < self.lengths[0]:
            faults.append(
                Message(
                    "between {earliest} and {latest} there is no room for a shift of {length} min",
                    earliest=_written(self.earliest),
                    latest=_written(self.latest),
                    length=self.lengths[0],
                )
            )
        paused = [length for length in self.lengths if length > self.most_without_pause]
        if paused and self.pause >= paused[0]:
            faults.append(
                Message(
                    "a pause of {pause} min leaves no work in a shift of {length} min",
                    pause=self.pause,
                    length=paused[0],
                )
            )
        if faults:
            raise InvalidQuantityError(listed(faults))

    def worked(self, length: int) -> int:
        """Return the minutes that are worked in a shift."""
        return length - self.pause if length > self.most_without_pause else length

    def days(self, length: int) -> int:
        """Return on how many days of a week an employee may work such shifts."""
        return min(7 - self.days_off, floor(self.most_hours / self.worked(length)))


@attrs.frozen
class Shift:
    """
    A shift of a day, and how many work it.

    Attributes:
        day: ``mon`` to ``sun``.
        start: Minutes after midnight.
        end: Likewise.
        pause: Start and end of the pause, likewise; None where there is none.
        staff: How many work it.
    """

    day: str
    start: int
    end: int
    pause: tuple[int, int] | None
    staff: int = 1

    def covers(self, hours: OpenHours) -> bool:
        """Return whether it is worked during all of an interval."""
        if hours.day != self.day or not (self.start <= hours.start and hours.end <= self.end):
            return False
        return self.pause is None or hours.end <= self.pause[0] or self.pause[1] <= hours.start

    def row(self) -> dict[str, object]:
        """Return it as a row."""
        return {
            "day": self.day,
            "shift": str(self),
            "pause": None if self.pause is None else str(OpenHours(self.day, *self.pause)),
            "staff": self.staff,
        }

    def __str__(self) -> str:
        return str(OpenHours(self.day, self.start, self.end))


class Covered(NamedTuple):
    """
    An interval, and how many are there.

    Attributes:
        hours: Day, start and end.
        required: How many it takes.
        on_duty: How many work then.
    """

    hours: OpenHours
    required: int
    on_duty: int


@attrs.frozen
class ShiftPlan:
    """
    The shifts of one resource in a week.

    Attributes:
        resource: Its id.
        shifts: By day and start.
        roster: For each employee, the shifts of the week.
        coverage: Of the intervals in which it is open.
        worked_hours: Of all in a week, pauses left out.
        cost: Of a year, leave and training included; None where the resource states no cost.
        employed: How many to employ so that all shifts are worked in spite of leave and training.
        is_proven: Whether no plan takes fewer hours.
    """

    resource: str
    shifts: tuple[Shift, ...]
    roster: tuple[tuple[Shift, ...], ...]
    coverage: tuple[Covered, ...]
    worked_hours: float
    cost: Money | None
    employed: int
    is_proven: bool

    @property
    def employees(self) -> int:
        """How many it takes if nobody is ever away."""
        return len(self.roster)

    @property
    def idle_hours(self) -> float:
        """Worked hours in a week beyond what the intervals take."""
        needed = sum(c.required * (c.hours.end - c.hours.start) for c in self.coverage) / 60
        return self.worked_hours - needed

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each shift of a day."""
        return [shift.row() for shift in self.shifts]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "resource": self.resource,
            "shifts": [shift.row() for shift in self.shifts],
            "roster": [[f"{shift.day} {shift}" for shift in shifts] for shifts in self.roster],
            "coverage": [
                {
                    "day": covered.hours.day,
                    "hours": str(covered.hours),
                    "required": covered.required,
                    "on_duty": covered.on_duty,
                }
                for covered in self.coverage
            ],
            "employees": self.employees,
            "employed": self.employed,
            "worked_hours": self.worked_hours,
            "idle_hours": self.idle_hours,
            "cost": None if self.cost is None else self.cost.data(),
            "is_proven": self.is_proven,
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of shifts, and how many employees, hours and how much money they take."""
        values = [
            ("employees", str(self.employees)),
            ("employed", str(self.employed)),
            ("hours worked in a week", f"{self.worked_hours:,.1f}"),
            ("of which idle", f"{self.idle_hours:,.1f}"),
            ("cost of a year", None if self.cost is None else str(self.cost)),
        ]
        lines = [f"{translate(label, language)}: {value}" for label, value in values if value is not None]
        return "\n".join([self.resource, table(self.rows(), language=language), *lines])

    def __str__(self) -> str:
        return self.text()


def plan_shifts(
    staffing: Staffing,
    resource: str,
    *,
    rules: ShiftRules | None = None,
    employees: int | None = None,
    seconds: float = 60.0,
) -> ShiftPlan:
    """
    Return the shifts with the fewest hours that cover what a plan takes of a resource, then with the fewest employees.

    Needs the extra ``planning``. Shifts lie within a day; rest between two of them is not looked at.

    Args:
        staffing: The plan.
        resource: Its id.
        rules: What a shift may be like.
        employees: How many there are at most; None for as many as it takes.
        seconds: That the solver may take; the best that it has found until then is returned, and is not proven.

    Raises:
        UnknownIdError: The plan has no such resource.
        InfeasiblePlanError: An interval cannot be covered; the text says which, and why.
        UndefinedResultError: The solver has found nothing until then.
        MissingExtraError: scipy is not installed.

    Example:
        >>> plan = ps.staffing(ps.read_example("civil-registration"), targets=["counter: 90% within 15 min"])
        >>> found = plan_shifts(plan, "counter")
        >>> found.employees, str(found.shifts[0])
        (3, '08:00-16:00')

    Source:
        Dantzig (1954), A comment on Edie's traffic delays at toll booths, Operations Research 2(3), 339-341 (set covering);
        Huangfu & Hall (2018), Math. Prog. Comp. 10, 119-142 (the solver HiGHS).
    """
    if employees is not None and (type(employees) is not int or employees < 1):
        raise InvalidQuantityError(
            Message("expected a whole number of at least 1, got {value!r}", value=employees)
        )
    return _Shifts(staffing, resource, rules or ShiftRules(), employees, seconds).plan()


@attrs.define(eq=False)
class _Shifts:
    """The shifts of a resource in the making."""

    staffing: Staffing
    resource: str
    rules: ShiftRules
    employees: int | None
    seconds: float

    @cached_property
    def required(self) -> dict[OpenHours, int]:
        """How many each interval takes; those that take none are left out."""
        staffed = self.staffing.resource(self.resource)
        by_hour = {w.hours: w.staff for w in staffed.intervals if w.hours is not None and w.staff}
        if any(w.hours is not None for w in staffed.intervals):
            return by_hour
        organisation = self.staffing.organisation
        week = Week(evaluate(organisation), _HOURLY)
        return dict.fromkeys(week.intervals(organisation.resource(self.resource)), staffed.needed)

    @cached_property
    def candidates(self) -> list[Shift]:
        """Every shift that may be worked: it begins or ends with an interval, and pauses begin or end with one."""
        rules, found = self.rules, dict[Shift, None]()
        lengths = [length for length in rules.lengths if rules.days(length) > 0]
        for day in WEEKDAYS:
            hours = [h for h in self.required if h.day == day]
            edges = sorted({edge for h in hours for edge in (h.start, h.end)})
            for length in lengths:
                starts = {h.start for h in hours} | {h.end - length for h in hours}
                starts |= {rules.earliest, rules.latest - length} if hours else set()
                for start in sorted(starts):
                    if rules.earliest <= start and start + length <= rules.latest:
                        for pause in self._pauses(start, length, edges):
                            found[Shift(day, start, start + length, pause)] = None
        return list(found)

    def _pauses(self, start: int, length: int, edges: Sequence[int]) -> list[tuple[int, int] | None]:
        rules = self.rules
        if length <= rules.most_without_pause or not rules.pause:
            return [None]
        first = max(start, start + length - rules.pause - rules.most_without_pause)
        last = min(start + rules.most_without_pause, start + length - rules.pause)
        begins = set(edges) | {edge - rules.pause for edge in edges} | {first, last}
        return [(begin, begin + rules.pause) for begin in sorted(begins) if first <= begin <= last]

    def plan(self) -> ShiftPlan:
        """Return the plan."""
        hours = list(self.required)
        bare = [h for h in hours if not any(shift.covers(h) for shift in self.candidates)]
        if bare:
            raise InfeasiblePlanError(self._uncovered(bare))
        counts, is_proven = self._solve()
        shifts = tuple(
            sorted(
                (attrs.evolve(shift, staff=n) for shift, n in counts.items() if n),
                key=lambda shift: (WEEKDAYS.index(shift.day), shift.start, shift.end, shift.pause or ()),
            )
        )
        worked = sum(self.rules.worked(s.end - s.start) * s.staff for s in shifts) / 60
        roster = self._roster(shifts)
        resource = self.staffing.organisation.resource(self.resource)
        away = self.staffing.shrinkage if resource.kind == "staff" else 0.0
        cost = None
        if resource.cost is not None:
            amount = resource.cost.per_second * worked * 3600 * self._weeks / (1 - away)
            cost = Money(amount, resource.cost.currency)
        coverage = tuple(
            Covered(h, n, sum(s.staff for s in shifts if s.covers(h))) for h, n in self.required.items()
        )
        employed = ceil(len(roster) / (1 - away) - 1e-9)
        return ShiftPlan(self.resource, shifts, roster, coverage, worked, cost, employed, is_proven)

    @property
    def _weeks(self) -> float:
        """How many weeks of a year it is open: fewer where days are closed."""
        organisation = self.staffing.organisation
        calendar = open_by(organisation, organisation.resource(self.resource))
        return SECONDS_PER_YEAR / _WEEK * (1.0 if calendar is None else _kept(calendar))

    def _uncovered(self, bare: Sequence[OpenHours]) -> list[Message]:
        lengths = ", ".join(f"{length / 60:g}" for length in self.rules.lengths)
        return [
            Message(
                "{resource}: {day} {hours} takes {count}, and no shift covers it: shifts of {lengths} hours lie between "
                "{earliest} and {latest}, with at most {part} hours before and after a pause of {pause} min",
                resource=self.resource,
                day=h.day,
                hours=str(h),
                count=self.required[h],
                lengths=lengths,
                earliest=_written(self.rules.earliest),
                latest=_written(self.rules.latest),
                part=f"{self.rules.most_without_pause / 60:g}",
                pause=self.rules.pause,
            )
            for h in bare
        ]

    # The solver

    def _solve(self) -> tuple[dict[Shift, int], bool]:
        """Return how many work each shift, and whether it is proven that fewer hours are not enough."""
        import numpy as np

        result = self._milp(with_shortfall=False)
        if result is None:
            missing = self._milp(with_shortfall=True)
            assert missing is not None  # there is always a plan that falls short
            values, _ = missing
            short = values[-len(self.required) :]
            raise InfeasiblePlanError(
                Message(
                    "{resource}: {day} {hours} takes {count}, and {employees} employees with {days} days off and at most "
                    "{most} hours in a week leave {on_duty}",
                    resource=self.resource,
                    day=h.day,
                    hours=str(h),
                    count=n,
                    employees=self.employees,
                    days=self.rules.days_off,
                    most=f"{self.rules.most_hours / 60:g}",
                    on_duty=round(n - lacking),
                )
                for (h, n), lacking in zip(self.required.items(), short.tolist(), strict=True)
                if lacking > 0.5
            )
        values, is_proven = result
        counts = np.rint(values[: len(self.candidates)]).astype(int).tolist()
        return dict(zip(self.candidates, counts, strict=True)), is_proven

    def _milp(self, *, with_shortfall: bool) -> tuple[NDArray[np.float64], bool] | None:
        """Return shifts, employees by length of shift and, if asked for, what falls short; None where there is no plan."""
        try:
            from scipy.optimize import LinearConstraint, milp
            from scipy.sparse import lil_matrix
        except ImportError:
            raise MissingExtraError("scipy", "planning") from None
        import numpy as np

        rules, shifts, hours = self.rules, self.candidates, list(self.required)
        lengths = sorted({shift.end - shift.start for shift in shifts})
        employee = {length: len(shifts) + i for i, length in enumerate(lengths)}
        width = len(shifts) + len(lengths) + (len(hours) if with_shortfall else 0)
        cost = np.zeros(width)
        for i, shift in enumerate(shifts):
            cost[i] = 0.0 if with_shortfall else rules.worked(shift.end - shift.start)
        cost[len(shifts) : len(shifts) + len(lengths)] = _PER_EMPLOYEE * lengths[0]
        for k, h in enumerate(hours if with_shortfall else ()):
            cost[len(shifts) + len(lengths) + k] = h.end - h.start
        rows: list[tuple[dict[int, float], float]] = []  # each at least a number
        for k, h in enumerate(hours):
            row = {i: 1.0 for i, shift in enumerate(shifts) if shift.covers(h)}
            if with_shortfall:
                row[len(shifts) + len(lengths) + k] = 1.0
            rows.append((row, self.required[h]))
        for length, place in employee.items():
            of_length = [i for i, shift in enumerate(shifts) if shift.end - shift.start == length]
            rows.append(({place: float(rules.days(length)), **dict.fromkeys(of_length, -1.0)}, 0.0))
            for day in WEEKDAYS:
                of_day = [i for i in of_length if shifts[i].day == day]
                rows.append(({place: 1.0, **dict.fromkeys(of_day, -1.0)}, 0.0))
        if self.employees is not None:
            rows.append((dict.fromkeys(employee.values(), -1.0), -float(self.employees)))
        matrix = lil_matrix((len(rows), width))
        for r, (row, _) in enumerate(rows):
            for column, value in row.items():
                matrix[r, column] = value
        found = milp(
            cost,
            integrality=np.ones(width, dtype=np.int64),
            constraints=LinearConstraint(matrix.tocsr(), lb=np.array([least for _, least in rows])),
            options={"time_limit": self.seconds, "mip_rel_gap": 0.0},
        )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None:
            message = Message(
                "no plan of {count:,} possible shifts was found in {seconds:g} s: allow fewer lengths, or longer intervals",
                count=len(shifts),
                seconds=self.seconds,
            )
            raise UndefinedResultError(message)
        return found.x, found.status == 0

    # Who works which

    def _roster(self, shifts: Sequence[Shift]) -> tuple[tuple[Shift, ...], ...]:
        """Return the shifts of each employee: in turn, so that nobody has two on a day, nor one more day than another."""
        found: list[tuple[Shift, ...]] = []
        for length in self.rules.lengths:
            of_length = [shift for shift in shifts if shift.end - shift.start == length]
            by_day = {day: sum(s.staff for s in of_length if s.day == day) for day in WEEKDAYS}
            if of_length:
                found += _in_turn(of_length, self._employees(by_day, length))
        return tuple(found)

    def _employees(self, by_day: Mapping[str, int], length: int) -> int:
        """Return how many it takes at the least."""
        return max(*by_day.values(), ceil(sum(by_day.values()) / self.rules.days(length)))


def _in_turn(shifts: Sequence[Shift], employees: int) -> list[tuple[Shift, ...]]:
    weeks: list[list[Shift]] = [[] for _ in range(employees)]
    turn = 0
    for shift in shifts:
        for _ in range(shift.staff):
            weeks[turn % employees].append(attrs.evolve(shift, staff=1))
            turn += 1
    return [tuple(week) for week in weeks]


def _kept(calendar: Calendar) -> float:
    """Return the share of the hours of a calendar that no closed day takes."""
    weekly = sum(hours.end - hours.start for hours in calendar.hours) * 60
    return calendar.open_share * _WEEK / weekly


def _written(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
