"""Resources and calendars."""

from __future__ import annotations

import pickle
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice.errors import InvalidModelError, MissingExtraError
from pubservice.model.resource import (
    WEEKDAYS,
    Calendar,
    Closure,
    OpenHours,
    Resource,
    _public_holidays,
    closures,
    open_hours,
)
from pubservice.units import CostRate, Money

# Working hours of the civil service: 37.5 hours in five days, Perpres 21/2023.
CIVIL_SERVICE = {"mon-thu": "07:30-12:00, 13:00-16:00", "fri": "07:30-11:30, 13:00-16:30"}
# Joint leave (cuti bersama) around public holidays.
JOINT_LEAVE = [
    "2026-02-16",
    "2026-03-18",
    "2026-03-20",
    "2026-03-23..2026-03-24",
    "2026-05-15",
    "2026-05-28",
    "2026-12-24",
]
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(name="jakarta", scope="module")
def _jakarta() -> Calendar:
    return Calendar(
        "office",
        hours=CIVIL_SERVICE,
        time_zone="Asia/Jakarta",
        holidays="ID",
        closures=JOINT_LEAVE,
        year=2026,
    )


def refusal(kind: Any, /, *arguments: Any, **fields: Any) -> str:
    with pytest.raises(InvalidModelError) as caught:
        kind(*arguments, **fields)
    return str(caught.value)


def test_hours_are_read() -> None:
    """
    Hours are a stretch for each day of a span and each part between breaks, in order.
    """
    hours = open_hours({"sat": "08:00-12:00", "mon-tue": "13:00-24:00, 08:00-12:00"})
    assert [(h.day, str(h)) for h in hours] == [
        ("mon", "08:00-12:00"),
        ("mon", "13:00-24:00"),
        ("tue", "08:00-12:00"),
        ("tue", "13:00-24:00"),
        ("sat", "08:00-12:00"),
    ]


def test_hours_stay_themselves() -> None:
    """
    Stretches that are read already are put in order.
    """
    tuesday, monday = OpenHours("tue", 0, 60), OpenHours("mon", 0, 60)
    assert open_hours([tuesday, monday]) == (monday, tuesday)


@pytest.mark.parametrize(
    "hours",
    [
        "mon-fri 08:00-16:00",
        3,
        None,
        ["08:00-16:00"],
        {"monday": "08:00-16:00"},
        {"mon-": "8:00-16:00"},
        {"mon-day": "08:00-16:00"},
        {"fri-mon": "08:00-16:00"},
        {"mon": 8},
        {"mon": "08:00-16:00;"},
        {"mon": "08:00-08:60"},
        {"mon": "08:60-09:00"},
        {"mon": "16:00-08:00"},
        {"mon": "08:00-08:00"},
        {"mon": "08:00-24:01"},
        {3: "08:00-16:00"},
    ],
)
def test_hours_say_what_is_wrong(hours: Any) -> None:
    """
    The error for what are no hours shows right ones and what was found.
    """
    expected = f"expected hours such as {{mon-fri: '08:00-12:00, 13:00-16:00'}}, got {hours!r}"
    assert expected == refusal(open_hours, hours)


def test_hours_do_not_overlap() -> None:
    """
    Two stretches of a day that overlap are named.
    """
    message = refusal(open_hours, {"mon-fri": "08:00-12:00", "tue": "11:00-13:00"})
    assert message == "hours of tue overlap: 08:00-12:00 and 11:00-13:00"


@pytest.mark.parametrize(
    ("day", "start", "end"), [("day", 0, 60), ("mon", 60, 60), ("mon", 0, 1441), ("mon", "8", 9)]
)
def test_a_stretch_is_checked(day: Any, start: Any, end: Any) -> None:
    """
    A stretch made by hand is checked like one that is read.
    """
    assert "expected hours such as" in refusal(OpenHours, day, start, end)


def test_closures_are_read() -> None:
    """
    Closures are days and spans of days, and print as they are read.
    """
    found = closures(
        [
            "2026-03-20",
            "2026-03-23 .. 2026-03-24",
            date(2026, 5, 15),
            Closure(date(2026, 1, 2), date(2026, 1, 3)),
        ]
    )
    assert [str(closure) for closure in found] == [
        "2026-03-20",
        "2026-03-23..2026-03-24",
        "2026-05-15",
        "2026-01-02..2026-01-03",
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-03-20", "expected a list, got '2026-03-20'"),
        (3, "expected a list, got 3"),
        (["20 March"], "expected a day such as 2026-03-20 or 2026-03-20..2026-03-27, got '20 March'"),
        ([None], "expected a day such as 2026-03-20 or 2026-03-20..2026-03-27, got 'None'"),
        (
            ["2026-03-27..2026-03-20"],
            "expected a day such as 2026-03-20 or 2026-03-20..2026-03-27, got '2026-03-27..2026-03-20'",
        ),
    ],
)
def test_closures_say_what_is_wrong(value: Any, message: str) -> None:
    """
    The error for what are no closures says what was expected and what was found.
    """
    assert message == refusal(closures, value)


def test_a_closure_has_days() -> None:
    """
    A closure made of moments instead of days is refused.
    """
    assert "expected a day such as" in refusal(Closure, datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 2))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hours": {}}, "hours: expected at least one stretch of open hours, got none"),
        ({"holidays": "ID"}, "year: expected the year whose holidays and closures count, such as 2026"),
        (
            {"closures": ["2026-01-02"]},
            "year: expected the year whose holidays and closures count, such as 2026",
        ),
        ({"year": 20260}, "year: expected a year such as 2026, got 20260"),
        ({"year": 0}, "year: expected a whole number of at least 1, got 0"),
        (
            {"holidays": "Indonesia", "year": 2026},
            "holidays: expected a country code such as 'ID', got 'Indonesia'",
        ),
        ({"time_zone": "WIB"}, "time_zone: expected a time zone such as 'Asia/Jakarta', got 'WIB'"),
        (
            {"time_zone": "../etc/passwd"},
            "time_zone: expected a time zone such as 'Asia/Jakarta', got '../etc/passwd'",
        ),
        ({"time_zone": None}, "time_zone: expected a time zone such as 'Asia/Jakarta', got None"),
    ],
)
def test_calendar_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A calendar names the field, what it expected and what it found.
    """
    assert refusal(Calendar, "office", **{"hours": {"mon": "08:00-16:00"}} | fields) == message


def test_calendar_reports_all_faults_together() -> None:
    """
    All that does not fit together in a calendar is said at once.
    """
    with pytest.raises(InvalidModelError) as caught:
        Calendar("office", hours={}, holidays="Indonesia")
    assert [problem.path for problem in caught.value.problems] == ["hours", "year", "holidays"]


def test_civil_service_week() -> None:
    """
    Five days make the 37.5 hours that the civil service works in a week (Perpres 21/2023).
    """
    office = Calendar("office", hours=CIVIL_SERVICE)
    assert office.hours_per_working_day == 7.5
    assert office.open_share == pytest.approx(37.5 / 168)


def test_year_of_an_indonesian_office(jakarta: Calendar) -> None:
    """
    2026 has 261 weekdays, of which 13 are public holidays and 8 joint leave: 240 days of 7.5 hours.
    """
    assert jakarta.open_share * 365 * 24 == pytest.approx(240 * 7.5)


def test_indonesian_holidays(jakarta: Calendar) -> None:
    """
    Independence Day, a Monday in 2026, is closed; the Tuesday after is open all day.
    """
    assert jakarta.open_on(date(2026, 8, 17)) == ()
    assert [(a.hour, b.hour) for a, b in jakarta.open_on(date(2026, 8, 18))] == [(7, 12), (13, 16)]


def test_over_the_feast(jakarta: Calendar) -> None:
    """
    From the day before the leave of Idulfitri 2026 at 15:00 to 26 March at 09:00 the office is open for 10 hours.

    17 March: 1. Then leave (18), Nyepi (19), leave (20), Idulfitri (21, 22), leave (23, 24). 25 March: 7.5. 26 March: 1.5.
    """
    worked = jakarta.working_time(datetime(2026, 3, 17, 15), datetime(2026, 3, 26, 9))
    assert str(worked) == "10 working_hour"


def test_over_the_break(jakarta: Calendar) -> None:
    """
    The long break of Friday is not working time.
    """
    assert str(jakarta.working_time(datetime(2026, 1, 9, 11), datetime(2026, 1, 9, 14))) == "1.5 working_hour"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 1, 9, 11, 29), True),
        (datetime(2026, 1, 9, 11, 30), False),
        (datetime(2026, 1, 9, 13, 0), True),
        (datetime(2026, 1, 10, 10, 0), False),
        (datetime(2026, 1, 9, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 9, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 9, 9, 30, tzinfo=UTC), False),
        (datetime(2026, 1, 9, 9, 0, tzinfo=timezone(timedelta(hours=9))), False),
    ],
)
def test_is_open(jakarta: Calendar, when: datetime, expected: bool) -> None:
    """
    A stretch has its first moment and not its last; a moment of another zone is converted.
    """
    assert expected is jakarta.is_open(when)


def test_end_before_start(jakarta: Calendar) -> None:
    """
    No time passes where the end is before the start.
    """
    assert jakarta.working_time(datetime(2026, 1, 9, 14), datetime(2026, 1, 9, 9)).magnitude == 0


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Jakarta", date(2026, 3, 8), 24),
    ],
)
def test_days_of_clock_changes(zone: str, day: date, expected: float) -> None:
    """
    A day on which clocks change is as long as it is: 23 hours, 25, or 24.5 on Lord Howe Island.
    """
    always = Calendar("always", hours={"mon-sun": "00:00-24:00"}, time_zone=zone)
    start = datetime(day.year, day.month, day.day)
    assert always.working_time(start, start + timedelta(days=1)).magnitude == expected


def test_hours_that_the_clock_leaps_over() -> None:
    """
    Hours that do not exist on the day of a clock change are no working time.
    """
    night = Calendar("night", hours={"sun": "02:00-03:00"}, time_zone="America/New_York")
    assert night.working_time(datetime(2026, 3, 8), datetime(2026, 3, 9)).magnitude == 0


def test_the_hour_that_comes_twice() -> None:
    """
    When the clock is put back, 01:50 before and 01:10 after are 20 minutes apart.
    """
    always = Calendar("always", hours={"mon-sun": "00:00-24:00"}, time_zone="America/New_York")
    first = datetime(2026, 11, 1, 1, 50, tzinfo=NEW_YORK)
    second = datetime(2026, 11, 1, 1, 10, tzinfo=NEW_YORK, fold=1)
    assert always.working_time(first, second).magnitude == pytest.approx(1 / 3)


def test_opening_in_the_hour_that_comes_twice() -> None:
    """
    An office that opens at 01:30 opens when the clock shows it first, and is open when it shows 01:10 again.
    """
    night = Calendar("night", hours={"sun": "01:30-04:00"}, time_zone="America/New_York")
    again = datetime(2026, 11, 1, 1, 10, tzinfo=NEW_YORK, fold=1)
    assert night.is_open(again)
    assert night.working_time(again, datetime(2026, 11, 1, 4, tzinfo=NEW_YORK)).magnitude == pytest.approx(
        2 + 5 / 6
    )


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30))


@given(
    st.lists(MOMENTS, min_size=3, max_size=3).map(sorted),
    st.sampled_from(["Asia/Jakarta", "America/New_York"]),
)
@settings(max_examples=30, deadline=None)
def test_working_time_is_additive(moments: list[datetime], zone: str) -> None:
    """
    The working time from a to c is that from a to b and that from b to c together.
    """
    a, b, c = (moment.replace(tzinfo=UTC) for moment in moments)
    office = Calendar(
        "office", hours=CIVIL_SERVICE | {"sun": "00:30-03:30"}, time_zone=zone, holidays="US", year=2026
    )
    parts = office.working_time(a, b).magnitude + office.working_time(b, c).magnitude
    assert office.working_time(a, c).magnitude == pytest.approx(parts, abs=1e-6)


@given(MOMENTS)
@settings(max_examples=50, deadline=None)
def test_working_time_passes_where_it_is_open(moment: datetime) -> None:
    """
    A second of working time passes from a whole minute on exactly where the calendar is open then.
    """
    start = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    office = Calendar("office", hours={"mon-sun": "00:00-12:00, 13:00-24:00"}, time_zone="America/New_York")
    passed = office.working_time(start, start + timedelta(seconds=1)).magnitude * 3600
    assert passed == pytest.approx(1 if office.is_open(start) else 0)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[OpenHours, ...]:
    stretches = []
    for day in draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1)):
        cuts = sorted(draw(st.lists(st.integers(0, 1440), unique=True, min_size=2, max_size=4)))
        stretches += [OpenHours(day, *cuts[i : i + 2]) for i in range(0, len(cuts) - 1, 2)]
    return tuple(stretches)


@given(weeks(), st.booleans(), st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_open_share_is_a_share(hours: tuple[OpenHours, ...], year: bool, closed: list[date]) -> None:
    """
    The open share lies from 0 to 1, and closures never raise it.
    """
    share = Calendar("office", hours=hours, year=2026 if year else None).open_share
    less = Calendar("office", hours=hours, closures=closed, year=2026).open_share
    assert 0 <= less <= 1
    assert 0 < share <= 1
    assert not year or less <= share


@given(weeks())
@settings(max_examples=20, deadline=None)
def test_open_share_is_the_working_time_of_the_year(hours: tuple[OpenHours, ...]) -> None:
    """
    The open share of a year without clock changes is its working time over its length.
    """
    office = Calendar("office", hours=hours, time_zone="Asia/Jakarta", year=2026)
    worked = office.working_time(datetime(2026, 1, 1), datetime(2027, 1, 1)).magnitude
    assert office.open_share == pytest.approx(worked / (365 * 24))


def test_unknown_country() -> None:
    """
    A country without known holidays is refused with the nearest that is known.
    """
    office = Calendar("office", hours={"mon": "08:00-12:00"}, holidays="XX", year=2026)
    with pytest.raises(InvalidModelError, match=r"holidays: no holidays are known for 'XX'"):
        office.open_share  # noqa: B018 - the access is the test


def test_subdivision() -> None:
    """
    The holidays of a part of a country follow after a hyphen: Epiphany in Bavaria, not in Berlin.
    """
    parts = [
        Calendar("o", hours={"mon-sun": "08:00-12:00"}, holidays=f"DE-{x}", year=2026) for x in ("BY", "BE")
    ]
    assert [bool(part.open_on(date(2026, 1, 6))) for part in parts] == [False, True]


def test_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without the library of holidays the error names the extra that brings it.
    """
    monkeypatch.setitem(sys.modules, "holidays", None)
    _public_holidays.cache_clear()
    with pytest.raises(MissingExtraError, match=r"pip install 'pubservice\[calendars\]'"):
        Calendar("office", hours={"mon": "08:00-12:00"}, holidays="ID", year=2026).open_on(date(2026, 1, 5))


def test_calendar_pickles_and_is_frozen(jakarta: Calendar) -> None:
    """
    A calendar travels between processes, computed shares included, and cannot be changed.
    """
    before = jakarta.open_share
    copy: Any = pickle.loads(pickle.dumps(jakarta))
    assert (copy, copy.open_share, hash(copy)) == (jakarta, before, hash(jakarta))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        copy.year = 2027


def test_resource_defaults() -> None:
    """
    A resource that cases queue for has capacity 1 where none is given; a budget and a mandate have none.
    """
    kinds = ["staff", "facility", "information-system", "budget", "mandate"]
    capacities = [Resource("r", kind=kind).capacity for kind in kinds]  # type: ignore[arg-type]
    assert capacities == [1, 1, 1, None, None]


def test_resource_reads_money() -> None:
    """
    Cost and amount are read from text.
    """
    clerk = Resource("clerk", cost="60000 IDR/hour", competences="intake")
    budget = Resource("budget", kind="budget", amount="2e9 IDR")
    assert (clerk.cost, clerk.competences) == (CostRate(60000, "IDR", "hour"), ("intake",))
    assert budget.amount == Money(2e9, "IDR")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"capacity": 0}, "capacity: expected a whole number of at least 1, got 0"),
        ({"capacity": 10**400}, "capacity: expected a capacity of at most 1,000,000,000, got more"),
        ({"capacity": 1.5}, "capacity: expected a whole number of at least 1, got 1.5"),
        ({"capacity": None}, "capacity: expected a whole number of at least 1, got None"),
        (
            {"cases_at_once": 10**400},
            "cases_at_once: expected at most 1,000,000,000 cases at once, got more",
        ),
        ({"cases_at_once": 0}, "cases_at_once: expected a whole number of at least 1, got 0"),
        ({"kind": "budget", "cases_at_once": 2}, "cases_at_once: a budget serves no cases, got 2"),
        ({"kind": "budget", "capacity": 2}, "capacity: a budget has no capacity, got 2"),
        ({"amount": "5 IDR"}, "amount: only a budget has an amount, got '5 IDR'"),
        (
            {"kind": "stuff"},
            "kind: expected one of staff, facility, information-system, budget, mandate, got 'stuff', "
            "did you mean 'staff'?",
        ),
        ({"calendar": 3}, "calendar: expected a text, got 3"),
        (
            {"kind": "mandate", "capacity": 2, "amount": "5 IDR"},
            "capacity: a mandate has no capacity, got 2\namount: only a budget has an amount, got '5 IDR'",
        ),
    ],
)
def test_resource_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A resource names each field at fault, what it expected and what it found.
    """
    assert refusal(Resource, "r", **fields) == message
