"""Staff who serve several cases at once count as so many places, wherever queues are looked at."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps


def chat(
    capacity: int, cases_at_once: int, *, rate: str = "20 case/hour", staff: int = 1
) -> ps.PublicOrganisation:
    """Return advisers who answer for a quarter of an hour."""
    step = ps.Step("answer", resource="adviser", staff=staff, processing_time="exponential(15) min")
    service = ps.PublicService("question", arrival_rate=rate, procedure=ps.Procedure(steps=[step]))
    adviser = ps.Resource("adviser", capacity=capacity, cases_at_once=cases_at_once)
    return ps.PublicOrganisation("chat", resources=[adviser], services=[service])


@pytest.mark.parametrize("staff", [1, 2])
def test_so_many_places_wait_like_so_many_servers(staff: int) -> None:
    """
    Two advisers with three chats each are six servers of one case: the same wait, as exact, at half the load of four.
    """
    rate = f"{20 / staff} case/hour"
    several, single = (
        ps.find_bottlenecks(chat(*of, rate=rate, staff=staff)).loads[0] for of in ((2, 3), (6, 1))
    )
    assert several.utilisation == single.utilisation == pytest.approx(5 / 6)
    assert several.waiting_time_s == single.waiting_time_s
    assert several.waiting_probability == single.waiting_probability
    assert several.method == single.method
    assert several.capacity == 2
    assert several.offered_load == pytest.approx(5 / 3)
    assert several.capacity_needed == 2


def test_overload_says_how_many_advisers_would_do() -> None:
    """
    Ten chats at a time are too many for two advisers with three each; four can do it.
    """
    office = chat(2, 3, rate="40 case/hour")
    (finding,) = ps.check(office, select=["WAI001"])
    assert str(finding.message) == ("adviser: utilisation 1.67: capacity 2 cannot keep up with 3.33; 4 would")
    assert finding.remedy == ps.SetCapacity("adviser", 4)
    plan = ps.staffing(office)
    assert (plan.resource("adviser").needed, plan.resource("adviser").today) == (4, 2)
    assert plan.resource("adviser").utilisation == pytest.approx(10 / 12)
    assert ps.performance(plan.planned).service("question").cycle_time_s is not None
    assert not ps.check(chat(2, 6, rate="40 case/hour"), select=["WAI001"])


def test_a_backlog_is_cleared_in_all_places() -> None:
    """
    Twelve questions that wait take six places, five of them busy with new ones, three hours of a quarter of an hour each.
    """
    office = chat(2, 3)
    waiting = attrs.evolve(office.services[0], open_cases=[ps.OpenCases(at="answer", cases=12)])
    (cleared,) = ps.clear_backlog(attrs.evolve(office, services=[waiting]), since="2026-01-05").resources
    assert cleared.work_s == 3 * 3600
    assert cleared.cleared_s == pytest.approx(3 * 3600)
    assert cleared.offered_load == pytest.approx(5 / 3)


def test_savings_and_plans_count_places() -> None:
    """
    A third adviser makes nine places, whether performance, savings of a redesign or proposals are asked.
    """
    office = chat(2, 3)
    more = ps.SetCapacity("adviser", 3)
    after = ps.performance(ps.redesign(office, [more])).service("question").cycle_time_s
    assert after == pytest.approx(ps.performance(chat(9, 1)).service("question").cycle_time_s)
    assert ps.propose(office, edits=[more]).best.cycle_time_s == pytest.approx(after)
    effect = next(e for e in ps.sensitivity(office).effects if e.lever.kind == "capacity")
    today = ps.performance(office).service("question").cycle_time_s or 0.0
    assert effect.slopes["cycle_time"]["question"] == pytest.approx((after or 0.0) - today)
