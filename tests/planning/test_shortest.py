"""The shortest promise."""

from __future__ import annotations

from math import log
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from offices import HOURS, procedure, town_hall


def alone(minutes: float, **fields: Any) -> ps.PublicOrganisation:
    """Return one step of exponential time by a body that nobody queues for."""
    step = ps.Step("work", processing_time=f"exponential({minutes!r}) min")
    service = ps.PublicService(
        "permit", arrival_rate="1 case/week", procedure=ps.Procedure(steps=[step]), **fields
    )
    return ps.PublicOrganisation("office", calendar="hours", calendars=[HOURS], services=[service])


@given(st.floats(1, 5000), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_it_is_the_least_that_keeps_the_share(minutes: float, share: float) -> None:
    """
    Of an exponential time the promise is the quantile -m ln(1 - p), rounded up to whole days of seven hours, or hours below
    one; one less does not keep the share.
    """
    found = ps.shortest_promise(alone(minutes), "permit", share=share)
    quantile = -minutes * log(1 - share)
    unit, length = ("working_day", 420) if found.length.unit == "working_day" else ("working_hour", 60)

    assert found.length.unit == unit
    assert (quantile > 420 * 1.01) <= (unit == "working_day")
    assert (found.length.magnitude - 1) * length <= quantile * 1.01
    assert quantile <= found.length.magnitude * length * 1.01
    assert found.kept >= share - 1e-9
    assert found.kept_shorter < share + 0.01


def test_without_a_calendar_days_and_hours_pass() -> None:
    """
    Without a calendar the promise is in days and hours of the clock.
    """
    day = attrs.evolve(alone(3000), calendar=None, calendars=[])
    hour = attrs.evolve(alone(100), calendar=None, calendars=[])

    assert str(ps.shortest_promise(day, "permit").length) == "7 day"  # 3,000 min × ln 20 = 6.24 days
    assert str(ps.shortest_promise(hour, "permit").length) == "5 hour"  # 100 min × ln 20 = 4.99 hours


def test_what_is_published_is_held_against_it() -> None:
    """
    Beside the shortest promise stands the published one, with the share that keeps it.
    """
    standard = ps.ServiceStandard(completion_time="2 working_day")
    found = ps.shortest_promise(alone(200, standard=standard), "permit", share="9/10")
    lines = str(found).splitlines()

    assert lines == [
        "permit: 2 working_day can be promised: 98.5% of cases take no longer",
        "permit: 2 working_day is published: 98.5% of cases take no longer",
    ]
    assert found.rows()[0]["kept today"] == "98.5%"
    assert found.data()["published"] == "2 working_day"
    assert "dapat dijanjikan" in found.text("id")


def test_a_promise_that_means_nothing_is_not_held_against_it() -> None:
    """
    Working days without a calendar have no length; nothing published is nothing kept.
    """
    office = attrs.evolve(
        alone(200, standard=ps.ServiceStandard(completion_time="2 working_day")), calendar=None, calendars=[]
    )

    assert ps.shortest_promise(office, "permit").kept_today is None
    assert ps.shortest_promise(alone(200), "permit").data()["published"] is None
    assert len(str(ps.shortest_promise(alone(200), "permit")).splitlines()) == 1


@pytest.mark.parametrize("share", [0, 1])
def test_shares_that_nothing_keeps_are_refused(share: float) -> None:
    """
    No time is long enough for all cases, and any is for none.
    """
    with pytest.raises(ps.InvalidQuantityError, match="expected a share above 0, at most 0.999999"):
        ps.shortest_promise(alone(10), "permit", share=share)


def test_an_overloaded_service_can_promise_nothing() -> None:
    """
    Where a resource cannot keep up there is no promise, and the text says so with numbers.
    """
    busy = town_hall(procedure=procedure(intake=("clerk", "20 min")))
    with pytest.raises(ps.UndefinedResultError, match=r"utilisation 1\.33: capacity 1 cannot keep up"):
        ps.shortest_promise(busy, "permit")
