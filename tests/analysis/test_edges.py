"""Performance where a model is at an edge: just full, in teams, in loops with two ways in, with faults in its structure."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from written import model

QUEUE = """
resources: [{{id: r, capacity: {capacity}}}]
arrival_rate: {rate} case/hour
procedure:
  start: a
  steps: [{{id: a, resource: r, staff: {staff}, processing_time: {time} min}}]
  ends: [{{id: x}}]
  flows: [{{source: a, target: x, probability: {p}}}, {{source: a, target: a, probability: {q}}}]
"""


def queue(capacity: int, rate: str, time: str, p: str, q: str, staff: int = 1) -> ps.PublicOrganisation:
    """Return one step that is repeated."""
    return model(QUEUE.format(capacity=capacity, rate=rate, time=time, p=p, q=q, staff=staff))


@pytest.mark.parametrize(
    "full", [(3, "3.6", "15", "0.3", "0.7"), (3, "30", "2", "1/3", "2/3"), (1, "6", "5", "0.5", "0.5")]
)
def test_exactly_full_is_overloaded(full: tuple[int, str, str, str, str]) -> None:
    """
    Where work demanded equals work available there is no steady state, whatever the last digit of a float says.
    """
    office = queue(*full)
    load = ps.find_bottlenecks(office).loads[0]
    assert load.utilisation == 1
    assert load.waiting_time_s is None
    assert "cannot keep up" in load.undefined["waiting_time_s"]
    assert [f.code for f in ps.check(office, select=["WAI001", "WAI003"])] == ["WAI001"]
    assert ps.performance(office).services[0].cycle_time_s is None


def test_staff_who_do_not_fill_a_team_are_not_available() -> None:
    """
    Three officers of whom every visit takes two serve one case at a time: 80 minutes an hour are more than they can do.
    """
    office = queue(3, "1", "80", "1", "0", staff=2)
    load = ps.find_bottlenecks(office).loads[0]
    assert load.utilisation == pytest.approx(80 / 60)
    assert load.throughput_limit_per_s == pytest.approx(0.75 / 3600)
    found = ps.check(office, select=["WAI001"])[0]
    assert (
        found.message
        == "r: utilisation 1.33: 2 of capacity 3, in whole teams, cannot keep up with 2.67; 4 would"
    )
    assert found.remedy == ps.SetCapacity("r", 4)
    after = ps.find_bottlenecks(ps.redesign(office, [found.remedy])).loads[0]
    assert after.utilisation == pytest.approx(2 / 3)
    assert after.method["waiting_time_s"].name.endswith("several staff at once as whole teams")


def test_visits_of_different_teams_share_all_of_the_capacity() -> None:
    """
    Where some visits take one and some take two, nobody need be left over.
    """
    text = """
    resources: [{id: r, capacity: 3}]
    arrival_rate: 1 case/hour
    procedure:
      steps:
        - {id: a, resource: r, staff: 2, processing_time: 20 min}
        - {id: b, resource: r, processing_time: 20 min}
      flows: [{source: a, target: b}]
    """
    load = ps.find_bottlenecks(model(text)).loads[0]
    assert (load.team, load.available) == (1, 3)
    assert load.utilisation == pytest.approx(1 / 3)


def test_without_an_arrival_rate_teams_bound_the_throughput() -> None:
    """
    The limit counts whole teams.
    """
    text = QUEUE.format(capacity=5, rate=1, time=30, p=1, q=0, staff=2).replace(
        "arrival_rate: 1 case/hour", ""
    )
    assert ps.find_bottlenecks(model(text)).loads[0].throughput_limit_per_s == pytest.approx(4 / 3600)


LOOP = """
procedure:
  start: intake
  steps:
    - {id: intake, processing_time: 5 min}
    - {id: correction, actor: applicant, processing_time: 30 min}
    - {id: decide, processing_time: 1 min}
  flows:
    - {source: intake, target: correction, probability: 0.5}
    - {source: intake, target: decide, probability: 0.5}
    - {source: correction, target: intake}
"""


def test_a_critical_path_leads_to_where_cases_leave() -> None:
    """
    A loop whose way back is left out is no end, however long it lasts.
    """
    assert ps.performance(model(LOOP)).services[0].critical_paths == (("intake", "decide"),)


def test_critical_paths_do_not_depend_on_the_order_of_flows() -> None:
    """
    Of a loop with two entries the same flow leads back, whichever is written first.
    """
    flows = [("a", "x"), ("a", "y"), ("x", "y"), ("y", "x"), ("x", "e")]
    shares = {("a", "x"): 0.5, ("a", "y"): 0.5, ("x", "y"): 0.5, ("x", "e"): 0.5}
    steps = [ps.Step(id, processing_time="1 min") for id in "axye"]
    found = set()
    for order in itertools.permutations(flows):
        written = [ps.Flow(s, t, probability=shares.get((s, t))) for s, t in order]
        procedure = ps.Procedure(start="a", steps=steps, flows=written)
        office = ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
        found.add(frozenset(ps.performance(office).services[0].critical_paths))
    assert len(found) == 1


def test_without_an_end_there_is_no_critical_path() -> None:
    """
    Where no way leads out, none is the longest.
    """
    text = "procedure: {start: a, steps: [{id: a}, {id: b}], flows: [{source: a, target: b}, {source: b, target: a}]}"
    assert ps.performance(model(text)).services[0].critical_paths == ()


def asking(*flows: str, asks: str) -> ps.PublicOrganisation:
    """Return steps from flows such as ``a b 0.5`` of which some ask for a datum that takes ten hours to obtain."""
    parts = [flow.split() for flow in flows]
    ids = dict.fromkeys(id for source, target, _ in parts for id in (source, target))
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step(id, processing_time="1 min", asks=["e"] if id in asks else []) for id in ids],
        flows=[ps.Flow(s, t, probability=float(p) if float(p) < 1 else None) for s, t, p in parts],
    )
    evidence = [ps.Evidence("e", time_to_obtain="10 hour")]
    service = ps.PublicService("s", requirements=["e"], procedure=procedure)
    return ps.PublicOrganisation("o", evidence=evidence, services=[service])


def hours(office: ps.PublicOrganisation) -> float | None:
    """Return the applicant's time, in hours."""
    seconds = ps.performance(office).services[0].applicant_time_s
    return None if seconds is None else seconds / 3600


def test_evidence_is_obtained_with_the_probability_of_being_asked_at_all() -> None:
    """
    Of two independent branches of one half, three in four cases come to one that asks.
    """
    office = asking("a b .5", "a c .5", "b c 1", "c d .5", "c z .5", "d z 1", asks="bd")
    assert hours(office) == pytest.approx(7.5)
    assert ps.performance(office).services[0].method["applicant_time_s"].kind == "exact"


def test_evidence_asked_for_in_a_loop_is_obtained_once() -> None:
    """
    Whoever comes to a step that asks, the first time, obtains it then: 0.6 × 0.5 / (1 − 0.6 × 0.5) / … by hand.
    """
    office = asking("a b .6", "a z .4", "b c .5", "b a .5", "c a 1", asks="c")
    # From a: to b with 0.6, from there to c (asked) or back to a, each 0.5: h = 0.6 (0.5 + 0.5 h), so h = 0.3 / 0.7.
    assert hours(office) == pytest.approx(10 * 0.3 / 0.7)


def test_evidence_asked_for_side_by_side_is_an_approximation() -> None:
    """
    Where two branches at once may ask, their visits add up to one at most, and the method says so.
    """
    text = """
    evidence: [{id: e, time_to_obtain: 10 hour}]
    requirements: [e]
    procedure:
      start: f
      steps: [{id: a, processing_time: 1 min, asks: [e]}, {id: b, processing_time: 1 min, asks: [e]}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      flows: [{source: f, target: a}, {source: f, target: b}, {source: a, target: j}, {source: b, target: j}]
    """
    assert hours(model(text)) == pytest.approx(10)
    assert "side by side" in ps.performance(model(text)).services[0].method["applicant_time_s"].name


@given(st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3))
def test_the_chance_of_being_asked_is_that_of_the_ways(p: list[float]) -> None:
    """
    It equals the sum over all ways through of those with a step that asks.
    """
    flows = []
    for i, share in enumerate(p):
        here, ask, there = "acegz"[i], "bdf"[i], "acegz"[i + 1]
        flows += [f"{here} {ask} {share!r}", f"{here} {there} {1 - share!r}", f"{ask} {there} 1"]
    expected = 1 - (1 - p[0]) * (1 - p[1]) * (1 - p[2])
    assert hours(asking(*flows, asks="bdf")) == pytest.approx(10 * expected)


def test_a_loop_that_only_a_flow_of_probability_0_leads_to_traps_nobody() -> None:
    """
    Visits are those of the cases there are, also where such a loop and choices without probabilities lie behind.
    """
    text = """
    procedure:
      start: a
      steps: [{id: a, processing_time: 1 min}, {id: b, processing_time: 1 min}, {id: c}, {id: d}]
      ends: [{id: e}]
      flows:
        - {source: a, target: b, probability: 1}
        - {source: a, target: c, probability: 0}
        - {source: c, target: c}
        - {source: c, target: d}
        - {source: d, target: a}
        - {source: b, target: e}
    """
    found = ps.performance(model(text)).services[0]
    assert [step.visits for step in found.steps] == [1, 1, 0, 0]
    assert found.cycle_time_s == 120
    assert found.data()["undefined"] == {
        "arrival_rate_per_s": "the service has no arrival rate",
        "office_cost": "no step and no resource it uses has a cost",
        **{f"steps.{id}.cost": "no step and no resource it uses has a cost" for id in "ab"},
        **{f"steps.{id}.processing_time_s": f"the processing time of step '{id}' is unknown" for id in "cd"},
        **{f"steps.{id}.cost": "no step and no resource it uses has a cost" for id in "cd"},
    }


def test_a_branch_that_never_arrives_at_a_join_is_named() -> None:
    """
    A step that nothing reaches, with a choice after it, and a join that waits for it leave times undefined.
    """
    text = """
    procedure:
      start: a
      steps: [{id: a}, {id: b}, {id: c}, {id: d}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      flows:
        - {source: a, target: f}
        - {source: f, target: b}
        - {source: f, target: c}
        - {source: b, target: j}
        - {source: c, target: j}
        - {source: d, target: j}
        - {source: d, target: b}
    """
    found = ps.performance(model(text)).services[0]
    assert "do not arrive equally often at the parallel gateway 'j'" in found.undefined["cycle_time_s"]
    assert found.data()["undefined"]["steps.a.visits"] == found.undefined["cycle_time_s"]
    assert not any(skipped.failed for skipped in ps.check(model(text)).skipped)


def test_a_check_that_only_its_own_loop_has_made_is_not_repeated() -> None:
    """
    Behind a join that waits for the check itself, no other step has checked.
    """
    text = """
    outputs: [y]
    procedure:
      start: n2
      steps: [{id: n2, gives: [y, z]}, {id: n3, checks: [z, x]}, {id: n4, checks: [z, x]}]
      gateways: [{id: n1, kind: parallel}]
      flows:
        - {source: n1, target: n4}
        - {source: n2, target: n1, probability: 0.5}
        - {source: n2, target: n2, probability: 0.5}
        - {source: n3, target: n2}
        - {source: n4, target: n4, probability: 0.4}
        - {source: n4, target: n1, probability: 0.6}
    """
    result = ps.check(model(text), select=["RED001"])
    assert (len(result), result.skipped) == (0, ())


def test_what_a_saving_does_not_know_has_its_reason() -> None:
    """
    A remedy under overload saves an unknown time, and says why in text and JSON.
    """
    text = """
    resources: [{id: r}]
    arrival_rate: 30 case/hour
    procedure:
      steps: [{id: a, resource: r, processing_time: 5 min, checks: [x]}, {id: b, resource: r, processing_time: 5 min, checks: [x]}]
      flows: [{source: a, target: b}]
    requirements: [x]
    """
    office = model(text)
    saved = ps.savings(office, ps.check(office, select=["RED001"]))
    assert saved[0].data()["undefined"] == {
        "cycle_time_s": "r: utilisation 5.00: capacity 1 cannot keep up with 5; 6 would",
        "office_cost": "no step and no resource it uses has a cost",
    }
    assert "undefined: r: utilisation 5.00" in str(saved)
    without_rate = model(text.replace("arrival_rate: 30 case/hour", ""))
    saved = ps.savings(without_rate, ps.check(without_rate, select=["RED001"]))
    assert saved[0].undefined["per_year"] == "the service has no arrival rate"


@pytest.mark.parametrize(
    ("promise", "codes"), [("30 min", []), ("10 min", ["LEG003"]), ("2 hour", []), ("1 day", [])]
)
def test_a_short_promise_is_read_as_generously_as_it_can_be(promise: str, codes: list[str]) -> None:
    """
    Half an hour at the counter is half an hour of work, though the office is closed most of the week.
    """
    text = f"""
    calendars: [{{id: office, hours: {{mon-fri: "08:00-12:00, 13:00-16:00"}}}}]
    calendar: office
    standard: {{completion_time: {promise}}}
    procedure: {{steps: [{{id: serve, processing_time: 15 min}}]}}
    """
    assert [f.code for f in ps.check(model(text), select=["LEG003"])] == codes


def test_without_visits_nothing_is_known_of_what_is_handed_in() -> None:
    """
    Where a choice has no probabilities the documents are none, and the reason is that of the visits.
    """
    text = """
    requirements: [card]
    procedure:
      start: a
      steps: [{id: a}, {id: b}, {id: c}]
      flows: [{source: a, target: b}, {source: a, target: c}]
    """
    found = ps.performance(model(text)).services[0]
    assert found.documents == ()
    assert found.undefined["applicant_time_s"] == "the flows out of 'a' have no probabilities"
