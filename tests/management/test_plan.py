"""The management plan: demand, division of work, handovers, control, means and budgets."""

from __future__ import annotations

from math import isclose
from typing import Any

import pytest
from hypothesis import given, settings

import pubservice as ps
from pubservice.units import SECONDS_PER_YEAR, Money
from strategies import organisations
from written import model

HOURS = SECONDS_PER_YEAR / 3600


def plan(text: str) -> ps.ManagementPlan:
    """Return the plan of the organisation that a text describes."""
    return ps.management_plan(model(text))


def counts(text: str) -> dict[tuple[str, str], float | None]:
    """Return how often a case changes hands, by who has it before and after."""
    return {(str(h.source.said), str(h.target.said)): h.per_case for h in plan(text).handovers}


@settings(max_examples=60)
@given(organisations())
def test_shares_sum_to_the_utilisation(office: ps.PublicOrganisation) -> None:
    """
    What the steps take of a resource adds up to its utilisation, over all services.
    """
    assignments = ps.management_plan(office).assignments
    for load in ps.find_bottlenecks(office).loads:
        shares = [a.share for a in assignments if a.resource == load.resource]
        known = [share for share in shares if share is not None]
        if load.utilisation is not None and len(known) == len(shares):
            assert isclose(sum(known), load.utilisation, rel_tol=1e-9, abs_tol=1e-300)


@settings(max_examples=60)
@given(organisations())
def test_every_step_of_the_office_is_assigned(office: ps.PublicOrganisation) -> None:
    """
    Each step of the office stands once for each of its resources, or once with nobody; a number that is None has a reason.
    """
    assigned = [(a.service, a.step, a.resource) for a in ps.management_plan(office).assignments]
    steps = [(s.id, step) for s in office.services for step in s.procedure.steps if step.actor == "office"]
    assert assigned == [(id, step.id, r) for id, step in steps for r in (step.resource or (None,))]
    for a in ps.management_plan(office).assignments:
        assert (a.share is None) == ("share" in a.undefined)
        assert (a.hours_per_year is None) == ("hours_per_year" in a.undefined)


def test_demand_is_per_year_of_the_calendar() -> None:
    """
    Cases per working day times the working days of a year; without an arrival rate there is none, with the reason.
    """
    text = """
    calendars: [{id: office, hours: {mon-fri: "09:00-17:00"}}]
    calendar: office
    arrival_rate: 7 case/working_day
    beside: [{id: t}]
    """
    demands = plan(text).demands
    assert demands[0].cases_per_year == pytest.approx(7 * 5 * SECONDS_PER_YEAR / (7 * 86400))
    assert demands[1].cases_per_year is None
    assert demands[1].data()["undefined"] == {"cases_per_year": "the service has no arrival rate"}
    assert demands[0].data()["undefined"] == {}
    assert plan(text).assignments == ()


WORK = """
resources: [{id: clerk, capacity: 2, competences: [intake]}, {id: head}, {id: room, kind: facility, capacity: 3}]
arrival_rate: 1 case/hour
procedure:
  steps:
    - {id: a, resource: [clerk, room], processing_time: 30 min, competences: [intake, law]}
    - {id: b, resource: [clerk, head], processing_time: 15 min, staff: 1}
    - {id: c, processing_time: 5 min}
    - {id: d, actor: applicant}
  flows:
    - {source: a, target: b}
    - {source: b, target: c}
    - {source: c, target: d}
"""


def test_work_is_shared_out() -> None:
    """
    Half an hour of each case an hour is a quarter of two clerks and a sixth of three rooms; hours add up over a year.
    """
    found = {(a.step, a.resource): a for a in plan(WORK).assignments}
    assert found["a", "clerk"].share == pytest.approx(1 / 4)
    assert found["a", "room"].share == pytest.approx(1 / 6)
    assert found["a", "clerk"].hours_per_year == pytest.approx(HOURS / 2)
    assert (found["a", "clerk"].is_owner, found["a", "room"].is_owner) == (True, False)
    assert (found["b", "clerk"].is_owner, found["b", "head"].is_owner) == (False, False)
    assert found["a", "clerk"].lacking == ("law",)
    assert found["c", None].undefined == dict.fromkeys(
        ("hours_per_year", "share"), "the step names no resource"
    )


def test_gaps_are_named() -> None:
    """
    Steps without one owner, competences that nobody has, services without targets, and costs that are not known.
    """
    assert [str(gap) for gap in plan(WORK).gaps] == [
        "s: b: no single owner: clerk, head",
        "s: c: no resource is named",
        "s: a: nobody who does it has law",
        "s: no target is set",
        "the resource 'clerk' has no cost",
        "the resource 'head' has no cost",
        "s: no step and no resource it uses has a cost",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("arrival_rate: 1 case/hour", "the service has no arrival rate"),
        ("processing_time: 30 min, ", "the processing time of step 'a' is unknown"),
    ],
)
def test_work_that_is_not_known_says_why(change: str, reason: str) -> None:
    """
    Without an arrival rate or a processing time a share is undefined, with the reason.
    """
    first = plan(WORK.replace(change, "")).assignments[0]
    assert (first.share, first.undefined["share"]) == (None, reason)


def test_cases_that_can_never_end_have_no_shares() -> None:
    """
    Where visits do not exist, neither do shares nor counts; who hands over to whom is still told.
    """
    text = """
    resources: [{id: clerk}, {id: head}]
    arrival_rate: 1 case/hour
    procedure:
      steps: [{id: a, resource: clerk}, {id: b, resource: head}, {id: c, resource: clerk}]
      flows: [{source: a, target: b}, {source: a, target: c}]
    """
    found = plan(text)
    assert "probabilities" in str(found.assignments[0].undefined["share"])
    (handover,) = found.handovers
    assert (handover.per_case, handover.per_year) == (None, None)
    assert set(handover.data()["undefined"]) == {"per_case", "per_year"}


STAFF = "resources: [{id: clerk}, {id: engineer}, {id: head}, {id: it, kind: information-system}]"


def test_handovers_are_counted_with_their_probabilities() -> None:
    """
    A case that comes back with probability 1/4 changes hands 1 / (1 − 1/4) times each way, and once to the end.
    """
    text = f"""
    {STAFF}
    procedure:
      start: a
      steps: [{{id: a, resource: clerk}}, {{id: b, resource: engineer}}, {{id: c, resource: clerk}}]
      flows:
        - {{source: a, target: b}}
        - {{source: b, target: a, probability: 1/4}}
        - {{source: b, target: c, probability: 3/4}}
    """
    assert counts(text) == {
        ("clerk", "engineer"): pytest.approx(4 / 3),
        ("engineer", "clerk"): pytest.approx(4 / 3),
    }
    (first, _) = plan(text).handovers
    assert first.undefined == {"per_year": "the service has no arrival rate"}
    assert (first.kind, first.per_year) == ("office", None)


def test_gateways_and_signature_waits_pass_on_who_had_the_case() -> None:
    """
    Branches that meet hand over each for itself; a wait for a signature is nobody's.
    """
    text = f"""
    {STAFF}
    procedure:
      start: fork
      steps:
        - {{id: a, resource: clerk}}
        - {{id: b, resource: engineer}}
        - {{id: c, resource: head}}
      waits: [{{id: tray, cause: signature, clock: working, time: 1 hour}}]
      gateways: [{{id: fork, kind: parallel}}, {{id: join, kind: parallel}}]
      flows:
        - {{source: fork, target: a}}
        - {{source: fork, target: b}}
        - {{source: a, target: join}}
        - {{source: b, target: join}}
        - {{source: join, target: tray}}
        - {{source: tray, target: c}}
    """
    assert counts(text) == {("clerk", "head"): 1, ("engineer", "head"): 1}


def test_a_loop_without_steps_loses_no_case() -> None:
    """
    A case that waits again and again is handed over once.
    """
    text = f"""
    {STAFF}
    procedure:
      steps: [{{id: a, resource: clerk}}, {{id: b, resource: head}}]
      waits: [{{id: tray, cause: signature, clock: working, time: 1 hour}}]
      gateways: [{{id: signed, kind: exclusive}}]
      flows:
        - {{source: a, target: tray}}
        - {{source: tray, target: signed}}
        - {{source: signed, target: tray, probability: 0.9}}
        - {{source: signed, target: b, probability: 0.1}}
    """
    assert counts(text) == {("clerk", "head"): pytest.approx(1)}


def test_a_loop_that_is_hardly_ever_left_is_cut_off() -> None:
    """
    Where a loop without steps is gone round thousands of times, what is counted is a lower bound, found in bounded time.
    """
    text = f"""
    {STAFF}
    procedure:
      steps: [{{id: a, resource: clerk}}, {{id: b, resource: head}}]
      waits: [{{id: tray, cause: signature, clock: working, time: 1 hour}}]
      flows:
        - {{source: a, target: tray}}
        - {{source: tray, target: b, probability: 1e-5}}
        - {{source: tray, target: again, probability: 0.99999}}
        - {{source: again, target: tray}}
      gateways: [{{id: again, kind: exclusive}}]
    """
    (times,) = counts(text).values()
    assert times is not None
    assert 0 < times < 1


def test_others_are_parties_too() -> None:
    """
    Applicants, other bodies and systems have cases; a wait for another body is for the one that acts beside it.
    """
    text = f"""
    {STAFF}
    arrival_rate: 2 case/year
    procedure:
      steps:
        - {{id: a, resource: [clerk, it]}}
        - {{id: b, actor: other-body, body: Laboratory}}
        - {{id: c, resource: it}}
        - {{id: d}}
        - {{id: e, actor: applicant}}
        - {{id: f, resource: clerk}}
        - {{id: g, actor: other-body}}
      waits:
        - {{id: before, cause: other-body, clock: elapsed, time: 1 day}}
        - {{id: alone, cause: other-body, clock: elapsed, time: 1 day}}
        - {{id: fix, cause: applicant, clock: elapsed, time: 1 day}}
      flows:
        - {{source: a, target: before}}
        - {{source: before, target: b}}
        - {{source: b, target: c}}
        - {{source: c, target: d}}
        - {{source: d, target: e}}
        - {{source: e, target: fix}}
        - {{source: fix, target: f}}
        - {{source: f, target: alone}}
        - {{source: alone, target: h}}
        - {{source: h, target: g}}
      gateways: [{{id: h, kind: exclusive}}]
    """
    assert counts(text) == {
        ("clerk", "Laboratory"): 1,
        ("Laboratory", "it"): 1,
        ("it", "office"): 1,
        ("office", "applicant"): 1,
        ("applicant", "clerk"): 1,
        ("clerk", "another body"): 1,
    }
    found = plan(text).handovers
    assert [h.kind for h in found] == [
        *("other-body", "other-body", "office", "applicant", "applicant", "other-body"),
    ]
    assert all(h.per_year == pytest.approx(2) for h in found)
    assert found[0].data()["to"] == {"kind": "other-body", "names": ["Laboratory"]}
    assert found[-1].row()["per year"] == "2"


def test_targets_say_what_tells_them() -> None:
    """
    The model tells means, and of cycle times what share of the cases keeps them; a log what happened, a survey satisfaction,
    records the rest. Of a metric of one's own that is called as one of ours no model tells.
    """
    service = ps.PublicService(
        "s",
        targets=[
            ps.Target("cycle-time", value="1 day"),
            ps.Target("cycle-time", value="2 day", share=0.9),
            ps.Target("satisfaction", value=80),
            ps.Target("applicant-time", value="1 hour"),
            ps.Target("office-cost", value="5 EUR"),
            ps.Target("coverage", value=0.9),
            ps.Target("nps", value=30),
        ],
    )
    own = ps.Metric("nps", unit="number", direction="higher", goal="satisfying")
    found = ps.management_plan(ps.PublicOrganisation("o", metrics=[own], services=[service]))
    assert [control.told_by for control in found.controls] == [
        ("model", "log"),
        ("model", "log"),
        ("survey",),
        ("model",),
        ("model",),
        ("records",),
        ("records",),
    ]
    assert [control.data()["value"] for control in found.controls][2:5] == [80, "1 hour", "5 EUR"]
    assert found.controls[1].rows() == [
        {
            "service": "s",
            "metric": "Cycle time",
            "target": "2 day",
            "for": "90%",
            "told by": "model, event log",
        }
    ]
    assert "log peristiwa" in found.text("id")


BUDGET = """
resources:
  - {{id: clerk, capacity: 2, cost: 10 EUR/hour}}
  - {{id: purse, kind: budget, amount: {amount}}}
  {more}
arrival_rate: 1 case/hour
procedure: {{steps: [{{id: a, resource: clerk, processing_time: 30 min, cost: 3 EUR}}]}}
"""


def budgets(amount: str = "200000 EUR", more: str = "") -> tuple[ps.BudgetUse, ...]:
    """Return the use of budgets in a model with one clerk's office."""
    return plan(BUDGET.format(amount=amount, more=more)).budgets


def test_a_year_costs_capacity_and_expenses() -> None:
    """
    Two clerks at 10 an hour for a year and 3 for each case; the work on cases is what is used of it.
    """
    (use,) = budgets()
    assert use.capacity_cost.amount == pytest.approx(HOURS * (20 + 3))
    assert use.case_cost.amount == pytest.approx(HOURS * (5 + 3))
    assert (use.budgets, use.amount) == (("purse",), Money(200000, "EUR"))
    assert use.share == pytest.approx(HOURS * 23 / 200000)
    assert use.is_over is True
    assert use.excess is not None
    assert use.excess.amount == pytest.approx(HOURS * 23 - 200000)
    assert budgets("300000 EUR")[0].is_over is False
    assert budgets("0 EUR")[0].share is None


def test_what_is_over_is_named() -> None:
    """
    A budget that a year exceeds is a gap, and so is a currency that no budget pays.
    """
    gaps = plan(BUDGET.format(amount="200000 EUR", more="")).gaps
    assert "purse: a year costs 201,618 EUR, 1,618 EUR more than there is" in gaps
    other = plan(BUDGET.format(amount="9000 USD", more=""))
    assert "no budget in EUR pays for 201,618 EUR a year" in other.gaps
    assert [use.currency for use in other.budgets] == ["USD", "EUR"]
    assert (other.budgets[0].share, other.budgets[1].is_over) == (0, None)


def test_budgets_in_one_currency_add() -> None:
    """
    Budgets of a currency are counted together, and nothing is converted.
    """
    (use,) = budgets(more="- {id: grant, kind: budget, amount: 50000 EUR}")
    assert (use.budgets, use.amount) == (("purse", "grant"), Money(250000, "EUR"))


def test_a_budget_without_an_amount_leaves_the_use_open() -> None:
    """
    What a budget holds that does not say is not known: no share, not over, and the reason.
    """
    found = plan(BUDGET.format(amount="1 EUR", more="- {id: grant, kind: budget}"))
    (use,) = found.budgets
    assert (use.budgets, use.amount, use.share, use.is_over) == (("purse", "grant"), None, None, None)
    assert found.gaps[-1] == "the budget 'grant' states no amount"
    assert use.row()["over"] is None


def test_staff_without_a_cost_make_it_a_lower_bound() -> None:
    """
    Where something is not counted, costs that fit may not fit; those that exceed the budget exceed it all the more.
    """
    more = "- {id: head}"
    assert budgets("300000 EUR", more)[0].is_over is None
    assert budgets("200000 EUR", more)[0].is_over is True
    assert budgets("300000 EUR", more)[0].is_lower_bound


def test_overload_costs_what_is_asked_for() -> None:
    """
    Where a resource cannot keep up, the plan says that work on cases costs more than can be done.
    """
    text = BUDGET.format(amount="200000 EUR", more="")
    assert not [gap for gap in plan(text).gaps if "asked for" in str(gap)]
    busier = plan(text.replace("1 case/hour", "9 case/hour"))
    (said,) = [str(gap) for gap in busier.gaps if "asked for" in str(gap)]
    assert "cannot keep up" in said
    assert busier.budgets[0].case_cost.amount > busier.budgets[0].capacity_cost.amount


def test_means_are_of_five_kinds() -> None:
    """
    People, facilities, information, money and mandates are listed, also those of which there is none.
    """
    found = ps.management_plan(ps.read_example("civil-registration")).means
    assert [(part.kind, len(part.resources)) for part in found] == [
        ("staff", 3),
        ("facility", 1),
        ("information-system", 1),
        ("budget", 1),
        ("mandate", 1),
    ]
    assert found[0].row()["capacity"] == 8
    assert found[3].row()["capacity"] is None
    assert found[4].data() == {"kind": "mandate", "resources": ["delegation"]}


def test_it_prints_the_functions_of_management() -> None:
    """
    Each function has its table under its name; what is empty is left out; rows are the division of work.
    """
    found = ps.management_plan(ps.read_example("business-licence"))
    titles = [part.splitlines()[0] for part in str(found).split("\n\n")]
    assert titles == [
        *("planning", "organising", "coordinating", "controlling", "means", "budget use in a year"),
        "what is not managed",
    ]
    assert "perencanaan" in found.text("id")
    assert len(found.rows()) == len(found.assignments)
    complete = ps.management_plan(ps.PublicOrganisation("o"))
    assert [part.splitlines()[0] for part in str(complete).split("\n\n")] == ["means"]


def test_data_has_every_part() -> None:
    """
    JSON has each part, the gaps in words, and where the numbers come from.
    """
    data = ps.management_plan(ps.read_example("business-licence")).data()
    assert data["budgets"][0]["is_over"] is True
    assert any("more than there is" in gap for gap in data["gaps"])
    assert "every budget pays for every service" in data["provenance"]["assumptions"]
    assert data["assignments"][0]["undefined"] == {}
    assert data["demands"][0]["targets"] == 2


def promising(**more: Any) -> ps.PublicOrganisation:
    """Return an office that promises three things of one service."""
    targets = [
        ps.Target("cycle-time", value="2 day", share=0.9),
        ps.Target("ikm", value=80),
        ps.Target("coverage", value=0.9),
    ]
    return ps.PublicOrganisation("office", services=[ps.PublicService("permit", targets=targets)], **more)


def surveyed(period: str, value: float, source: str = "counter") -> ps.Measurement:
    """Return an index of a survey."""
    return ps.Measurement(
        "ikm", value=value, period=period, service="permit", obtained="survey", source=source
    )


def test_a_scorecard_stands_beside_the_targets() -> None:
    """
    Controlling shows what was last measured from each source, since when it changed and by how much, and the verdict.
    """
    office = promising()
    measured = [surveyed("2026-Q1", 82), surveyed("2026-Q2", 78.5), surveyed("2026-Q1", 85, "online")]
    found = ps.management_plan(office, scorecard=ps.scorecard(office, measured))
    told = found.controls[1].told
    assert told is not None
    assert [(one.row.verdict, one.change) for one in told] == [("missed", -3.5), ("met", None)]
    assert found.controls[1].rows()[0] | {"service": "", "metric": ""} == {
        "service": "",
        "metric": "",
        "target": "80",
        "for": None,
        "told by": "survey",
        "measured": "78.5",
        "period": "2026-Q2",
        "change": "-3.5",
        "verdict": "missed",
    }
    assert [one.row.verdict for one in found.controls[2].told or ()] == ["unknown"]
    assert found.gaps[:3] == (
        "permit: cycle-time: not measured: the share of cases within 2 day",
        "permit: ikm: 78.5 in 2026-Q2: worse than promised",
        "permit: coverage: not measured",
    )
    assert "perubahan" in found.text("id")
    data = found.data()["controls"][1]["told"][0]
    assert (data["period"], data["measured"]["value"], data["verdict"], data["change"]) == (
        "2026-Q2",
        78.5,
        "missed",
        -3.5,
    )
    assert ps.management_plan(office).data()["controls"][1]["told"] is None


def test_a_scorecard_is_of_the_same_organisation() -> None:
    """
    What another organisation, or the same one with other targets, was measured by does not control this one.
    """
    with pytest.raises(
        ps.InvalidModelError, match="^scorecard: expected a scorecard of 'office' as it is here"
    ):
        ps.management_plan(promising(), scorecard=ps.scorecard(promising(vision="Quick")))


def test_costs_in_several_currencies_go_to_the_budgets_in_each() -> None:
    """
    A service whose steps cost rupiah and euros is counted in both, converted in neither; staff that cost nothing that is
    known make both sums the least that it costs.
    """
    text = """
    resources:
      - {{id: clerk, cost: 60000 IDR/hour}}
      - {{id: consultant, cost: 40 EUR/hour}}
      {more}
      - {{id: apbd, kind: budget, amount: 1000000000 IDR}}
      - {{id: grant, kind: budget, amount: 900000 EUR}}
    arrival_rate: 1 case/hour
    procedure:
      steps:
        - {{id: a, resource: clerk, processing_time: 30 min, cost: 5000 IDR}}
        - {{id: b, resource: consultant, processing_time: 15 min, cost: 2 EUR}}
      flows: [{{source: a, target: b}}]
    """
    found = plan(text.format(more=""))
    rupiah, euros = found.budgets
    assert rupiah.case_cost.amount == pytest.approx(HOURS * (30_000 + 5_000))
    assert euros.case_cost.amount == pytest.approx(HOURS * (10 + 2))
    assert rupiah.capacity_cost.amount == pytest.approx(HOURS * (60_000 + 5_000))
    assert euros.capacity_cost.amount == pytest.approx(HOURS * (40 + 2))
    assert (rupiah.is_over, euros.is_over, found.uncounted) == (False, False, ())
    least = plan(text.format(more="- {id: head}")).budgets[1]
    assert least.row()["of which work on cases"] == "at least 105,192 EUR"
    assert least.is_over is None
