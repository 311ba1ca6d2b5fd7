"""When a backlog is cleared."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

import pubservice as ps
from offices import HOURS, procedure, town_hall

MONDAY = "2026-01-05"


def waiting(*standing: ps.OpenCases, **fields: Any) -> ps.PublicOrganisation:
    """Return a town hall with open cases, whose three resources work 12, 45 and 8 minutes."""
    return town_hall(open_cases=standing, **fields)


def test_open_work_goes_through_every_step_that_is_left() -> None:
    """
    Twenty cases before the engineer still take 45 minutes of one and 8 of the head, and nothing of the clerk.
    """
    found = ps.clear_backlog(waiting(ps.OpenCases(at="assess", cases=20)), since=MONDAY)

    assert {r.resource: r.work_s / 60 for r in found.resources} == pytest.approx(
        {"engineer": 900, "head": 160}
    )


def test_the_queue_melts_by_what_new_cases_leave() -> None:
    """
    A clerk who is busy for 28 × 12 of 420 minutes a day has 84 left: 300 minutes of open work take 3.57 working days, and
    are done on the fourth, a Thursday.
    """
    found = ps.clear_backlog(
        waiting(ps.OpenCases(at="intake", cases=25), procedure=procedure(intake=("clerk", "12 min"))),
        since=MONDAY,
    )
    (clerk,) = found.resources

    assert clerk.cleared_s == pytest.approx(300 / 0.2 * 60)
    assert clerk.cleared_on == date(2026, 1, 8)
    assert found.services[0].cleared_on == date(2026, 1, 8)
    assert (found.services[0].cases, found.services[0].resource) == (25, "clerk")
    assert found.method.kind == "approximation"


def test_closed_days_are_skipped() -> None:
    """
    Begun on a Friday, with the Monday closed, the same work ends on the Thursday after.
    """
    closed = attrs.evolve(HOURS, closures=["2026-01-12"], year=2026)
    office = waiting(
        ps.OpenCases(at="intake", cases=15),
        procedure=procedure(intake=("clerk", "12 min")),
        arrival_rate=None,
    )
    found = ps.clear_backlog(attrs.evolve(office, calendars=[closed]), since="2026-01-09", by="2026-01-12")
    longer = ps.clear_backlog(
        attrs.evolve(
            office,
            calendars=[closed],
            services=[attrs.evolve(office.services[0], open_cases=[ps.OpenCases(at="intake", cases=40)])],
        ),
        since="2026-01-09",
        by="2026-01-12",
    )

    assert found.resources[0].cleared_on == date(2026, 1, 9)
    assert longer.resources[0].cleared_on == date(2026, 1, 13)
    assert longer.resources[0].needed == 2
    assert longer.resources[0].missing_s == pytest.approx((480 - 420) * 60)


def test_what_it_takes_by_a_day_is_enough_and_one_less_is_not() -> None:
    """
    With the capacity that it names the backlog is done by the day; with one less it is not.
    """
    office = waiting(ps.OpenCases(at="assess", cases=60))
    needed = ps.clear_backlog(office, since=MONDAY, by="2026-01-09").resources[0].needed
    assert needed is not None

    for capacity, in_time in ((needed, True), (needed - 1, False)):
        resources = [
            attrs.evolve(r, capacity=capacity) if r.id == "engineer" else r for r in office.resources
        ]
        found = ps.clear_backlog(attrs.evolve(office, resources=resources), since=MONDAY, by="2026-01-09")
        assert (found.resources[0].cleared_on or date.max) <= date(2026, 1, 9) or not in_time
        assert (found.resources[0].missing_s == 0) is in_time


def test_a_queue_that_only_grows_is_never_cleared() -> None:
    """
    Where new cases alone keep all busy, there is no date, and the text says so with numbers.
    """
    found = ps.clear_backlog(waiting(ps.OpenCases(at="assess", cases=1)), since=MONDAY, by=MONDAY)
    engineer = found.resources[0]

    assert engineer.cleared_on is None
    assert engineer.data()["undefined"]["cleared_on"] == (
        "never cleared: new cases alone keep 3 busy, and there are 3"
    )
    assert engineer.needed == 4
    assert found.services[0].cleared_on is None
    assert "never cleared" in str(found)


def test_branches_of_one_case_are_one_case() -> None:
    """
    Cases on both branches of a parallel block are one case after the join; a loop is done as often as it is likely.
    """
    flows = "fork a, fork b, a join, b join, join sign"
    block = ps.Procedure(
        start="fork",
        steps=[ps.Step(id, resource="clerk", processing_time="10 min") for id in ("a", "b")]
        + [ps.Step("sign", resource="head", processing_time="6 min")],
        gateways=[ps.Gateway("fork", kind="parallel"), ps.Gateway("join", kind="parallel")],
        ends=[ps.End("done")],
        flows=[ps.Flow(*pair.split()) for pair in flows.split(", ")]
        + [ps.Flow("sign", "done", probability=0.5), ps.Flow("sign", "fork", probability=0.5)],
    )
    both = waiting(
        ps.OpenCases(at="a", cases=8), ps.OpenCases(at="b", cases=8), procedure=block, arrival_rate=None
    )
    found = {r.resource: r.work_s / 60 for r in ps.clear_backlog(both, since=MONDAY).resources}

    # 8 cases at both branches, then each is signed twice on average and goes once more through both branches.
    assert found == pytest.approx({"clerk": 8 * 20 + 8 * 20, "head": 8 * 2 * 6})


def test_cases_that_only_wait_need_nobody() -> None:
    """
    Open cases behind the last step ask nothing of anybody, and have no date.
    """
    wait = ps.Procedure(
        steps=[ps.Step("intake", resource="clerk", processing_time="5 min")],
        waits=[ps.Wait("post", cause="other", clock="working", time="1 working_day")],
        flows=[ps.Flow("intake", "post")],
    )
    found = ps.clear_backlog(
        waiting(ps.OpenCases(at="post", cases=3), procedure=wait), since=date(2026, 1, 5)
    )

    assert found.resources == ()
    assert (found.services[0].cleared_on, found.services[0].resource) == (None, None)


def test_cases_that_have_waited_longer_than_the_promise_are_late() -> None:
    """
    Cases that have stood at one place for longer than the whole promise are counted, where both are known.
    """
    standing = (
        ps.OpenCases(at="intake", cases=2, waited="3 working_day"),
        ps.OpenCases(at="sign", cases=5, waited="1 working_day"),
        ps.OpenCases(at="sign", cases=7),
    )
    promised = ps.ServiceStandard(completion_time="2 working_day")

    assert ps.clear_backlog(waiting(*standing, standard=promised), since=MONDAY).services[0].late == 2
    assert ps.clear_backlog(waiting(*standing), since=MONDAY).services[0].late is None
    assert ps.clear_backlog(waiting(standing[2], standard=promised), since=MONDAY).services[0].late is None


def test_days_too_far_away_are_no_dates() -> None:
    """
    A backlog of more than a hundred years, or beyond the last day there is, has no date.
    """
    many = waiting(
        ps.OpenCases(at="intake", cases=10**9),
        procedure=procedure(intake=("clerk", "12 min")),
        arrival_rate=None,
    )
    found = ps.clear_backlog(many, since=MONDAY).resources[0]
    assert (found.cleared_on, str(found.undefined["cleared_on"])) == (None, "not cleared within 36,525 days")
    assert found.cleared_s is not None
    assert ps.clear_backlog(many, since="9999-12-30").resources[0].cleared_on is None


def test_a_day_without_open_hours_needs_no_number() -> None:
    """
    By a day before it opens again no number is enough, and the text says so; without a calendar every hour counts.
    """
    office = waiting(ps.OpenCases(at="sign", cases=3))
    sunday = ps.clear_backlog(office, since="2026-01-10", by="2026-01-11").resources[0]
    always = attrs.evolve(
        office,
        calendar=None,
        calendars=[],
        services=[attrs.evolve(office.services[0], arrival_rate="1 case/day")],
    )

    assert sunday.needed is None
    assert str(sunday.undefined["needed"]) == "it is not open from 2026-01-10 to 2026-01-11"
    assert ps.clear_backlog(always, since="2026-01-10").resources[0].cleared_on == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"since": "soon"}, "expected a day such as 2026-03-20, got 'soon'"),
        ({"since": MONDAY, "by": "2026-01-04"}, "expected a day from 2026-01-05 on, got 2026-01-04"),
    ],
)
def test_days_that_are_none_are_refused(days: dict[str, str], said: str) -> None:
    """
    What is no day, or lies before the first, is refused.
    """
    with pytest.raises(ps.InvalidQuantityError, match=said):
        ps.clear_backlog(waiting(ps.OpenCases(at="sign", cases=3)), **days)


def test_what_cannot_be_known_says_why() -> None:
    """
    Nothing open, unknown work, choices without probabilities and unknown new work leave no date.
    """
    steps = [ps.Step("a", resource="clerk"), ps.Step("b", resource="clerk", processing_time="5 min")]
    unknown = ps.Procedure(steps=steps, flows=[ps.Flow("a", "b")])
    choice = ps.Procedure(
        steps=steps,
        ends=[ps.End("x"), ps.End("y")],
        flows=[ps.Flow("a", "b"), ps.Flow("b", "x"), ps.Flow("b", "y")],
    )
    for office, said in (
        (town_hall(), "no open cases are stated for any of 1 services"),
        (
            waiting(ps.OpenCases(at="a", cases=1), procedure=unknown),
            "the processing time of step 'a' is unknown",
        ),
        (
            waiting(ps.OpenCases(at="b", cases=1), procedure=unknown),
            "the processing time of step 'a' is unknown",
        ),
        (waiting(ps.OpenCases(at="a", cases=1), procedure=choice), "permit: "),
    ):
        with pytest.raises(ps.UndefinedResultError, match=said):
            ps.clear_backlog(office, since=MONDAY)


def test_it_prints_and_is_data() -> None:
    """
    The text has a table of services and one of resources, in both languages; the data hold the same dates.
    """
    found = ps.clear_backlog(waiting(ps.OpenCases(at="sign", cases=3)), since=MONDAY, by="2026-01-09")
    data = found.data()

    assert str(found).splitlines()[0].split() == ["service", "open", "cases", "late", "cleared", "on", "by"]
    assert "permohonan terbuka" in found.text("id")
    assert (data["since"], data["by"]) == (MONDAY, "2026-01-09")
    assert data["resources"][0]["cleared_on"] == data["services"][0]["cleared_on"] == MONDAY
    assert found.rows()[0]["needed"] == 1


def test_a_block_that_no_case_comes_to_is_no_hindrance() -> None:
    """
    Where a choice never leads to a parallel block, nothing stands there, and the backlog of the other way is cleared.
    """
    procedure = ps.Procedure(
        start="x",
        steps=[ps.Step(id, resource="clerk", processing_time="1 hour") for id in ("a", "b", "c")],
        gateways=[
            ps.Gateway("x", kind="exclusive"),
            ps.Gateway("f", kind="parallel"),
            ps.Gateway("j", kind="parallel"),
        ],
        flows=[
            ps.Flow("x", "a", probability=1.0),
            ps.Flow("x", "f", probability=0.0),
            *(ps.Flow(*pair.split()) for pair in ("f b", "f c", "b j", "c j")),
        ],
    )
    service = ps.PublicService(
        "s", arrival_rate="1 case/day", procedure=procedure, open_cases=[ps.OpenCases(at="a", cases=3)]
    )
    office = ps.PublicOrganisation("o", resources=[ps.Resource("clerk")], services=[service])
    (cleared,) = ps.clear_backlog(office, since="2026-01-05").resources
    assert cleared.work_s == 3 * 3600
