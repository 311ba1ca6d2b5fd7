"""Critical paths, slack, and how often a branch is the longest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from timed import timed

# Activities with hours and what they wait for, from a course hand-out ("prototype ... final assembly") and a published
# example problem whose solution names one of its two critical paths.
ASSEMBLY = {
    "A": (6, ""),
    "B": (2, "A"),
    "C": (2, "A"),
    "D": (3, "B"),
    "F": (2, "C"),
    "E": (4, "DF"),
    "G": (1, "E"),
}
TWO_CRITICAL = {"A": (4, ""), "B": (3, "A"), "C": (5, "A"), "D": (2, "B"), "E": (6, "CD"), "F": (4, "E")}


def plan(activities: dict[str, tuple[int, str]]) -> ps.CriticalPath:
    """Return the critical path of a table of activities, with a gateway where one is waited for by, or waits for, several."""
    followers = {k: [j for j, (_, before) in activities.items() if k in before] for k in activities}
    splits = {k: f"{k}-done" if len(after) > 1 else k for k, after in followers.items()}
    joins = {k: f"{k}-ready" if len(before) > 1 else k for k, (_, before) in activities.items()}
    gateways = [id for ids in (splits, joins) for k, id in ids.items() if id != k]
    flows = [ps.Flow(k, id) for k, id in splits.items() if id != k]
    flows += [ps.Flow(id, k) for k, id in joins.items() if id != k]
    flows += [ps.Flow(splits[k], joins[j]) for k, after in followers.items() for j in after]
    procedure = ps.Procedure(
        steps=[ps.Step(k, processing_time=f"{hours} hour") for k, (hours, _) in activities.items()],
        gateways=[ps.Gateway(id, kind="parallel") for id in gateways],
        flows=flows,
    )
    return of(procedure)


def of(procedure: ps.Procedure, **fields: Any) -> ps.CriticalPath:
    """Return the critical path of a procedure."""
    service = ps.PublicService("s", procedure=procedure)
    return ps.critical_path(ps.PublicOrganisation("o", services=[service], **fields), "s")


def hours(found: ps.CriticalPath, name: str) -> dict[str, float]:
    """Return one number of each step, in hours."""
    return {slack.id: getattr(slack, name) / 3600 for slack in found.slacks}


def test_slack_of_the_assembly_hand_out() -> None:
    """
    Sixteen hours, A-B-D-E-G, an hour of slack for C and F (oracle cpm-assembly).
    """
    found = plan(ASSEMBLY)
    assert found.length_s == 16 * 3600
    assert [[id for id in path if id in ASSEMBLY] for path in found.paths] == [["A", "B", "D", "E", "G"]]
    assert found.critical == ("A", "B", "D", "E", "G")
    assert hours(found, "earliest_start_s") == {"A": 0, "B": 6, "C": 6, "D": 8, "F": 8, "E": 11, "G": 15}
    assert hours(found, "earliest_finish_s") == {"A": 6, "B": 8, "C": 8, "D": 11, "F": 10, "E": 15, "G": 16}
    assert hours(found, "latest_start_s") == {"A": 0, "B": 6, "C": 7, "D": 8, "F": 9, "E": 11, "G": 15}
    assert hours(found, "latest_finish_s") == {"A": 6, "B": 8, "C": 9, "D": 11, "F": 11, "E": 15, "G": 16}
    assert hours(found, "total_s") == {"A": 0, "B": 0, "C": 1, "D": 0, "F": 1, "E": 0, "G": 0}
    assert hours(found, "free_s") == {"A": 0, "B": 0, "C": 0, "D": 0, "F": 1, "E": 0, "G": 0}
    assert [slack.criticality for slack in found.slacks] == pytest.approx([1, 1, 0, 1, 0, 1, 1])


def test_two_critical_paths_are_both_told() -> None:
    """
    Nineteen days in the source, all slacks 0 (oracle cpm-two-critical): branches that end together are both critical.
    """
    found = plan(TWO_CRITICAL)
    assert found.length_s == 19 * 3600
    assert [[id for id in path if id in TWO_CRITICAL] for path in found.paths] == [
        ["A", "B", "D", "E", "F"],
        ["A", "C", "E", "F"],
    ]
    assert set(hours(found, "total_s").values()) == set(hours(found, "free_s").values()) == {0}
    assert hours(found, "earliest_start_s") == {"A": 0, "B": 4, "C": 4, "D": 7, "E": 9, "F": 15}
    assert [slack.criticality for slack in found.slacks] == pytest.approx([1] * 6)


def test_criticality_is_the_probability_to_be_the_longest() -> None:
    """
    Of exponential times of 10, 20 and 30 minutes beside each other each is last with the probability that inclusion and
    exclusion over the shorter ones gives.
    """
    means = {"a": 10, "b": 20, "c": 30}
    procedure = ps.Procedure(
        steps=[ps.Step(k, processing_time=f"exponential(mean={m} min)") for k, m in means.items()],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[ps.Flow("f", k) for k in means] + [ps.Flow(k, "j") for k in means],
    )
    found = of(procedure)
    rates = {k: 1 / m for k, m in means.items()}
    for k, rate in rates.items():
        one, other = (rates[j] for j in means if j != k)
        last = 1 - rate / (rate + one) - rate / (rate + other) + rate / (rate + one + other)
        assert found.slack(k).criticality == pytest.approx(last, abs=1e-4)


def test_criticality_inside_an_inclusive_block_is_given_that_it_is_taken() -> None:
    """
    The shorter of two fixed branches decides where the longer is not taken; one that is never taken is never critical.
    """
    procedure = ps.Procedure(
        steps=[ps.Step(k, processing_time=f"{m} min") for k, m in (("a", 10), ("b", 20), ("c", 90))],
        gateways=[ps.Gateway("f", kind="inclusive"), ps.Gateway("j", kind="inclusive")],
        flows=[ps.Flow("f", k, probability=p) for k, p in (("a", 0.5), ("b", 0.4), ("c", 0))]
        + [ps.Flow(k, "j") for k in "abc"],
    )
    found = of(procedure)
    some = 1 - 0.5 * 0.6
    assert found.slack("a").criticality == pytest.approx(0.5 * 0.6 / some / (0.5 / some))
    assert found.slack("b").criticality == pytest.approx(1)
    assert found.slack("c").criticality == 0


@given(st.integers(0, 10**6))
def test_slack_is_consistent(seed: int) -> None:
    """
    Free slack is at most the total, both at least 0; what is on a longest way has none; the longest way is as long as said.
    """
    found = ps.critical_path(timed(seed), "s")
    for slack in found.slacks:
        assert -1e-6 <= slack.free_s <= slack.total_s + 1e-6
        assert slack.latest_finish_s - slack.earliest_finish_s == pytest.approx(slack.total_s, abs=1e-3)
        assert slack.latest_finish_s <= found.length_s * (1 + 1e-9)
        assert slack.criticality is not None
        assert 0 <= slack.criticality <= 1
    spent = {slack.id: slack.earliest_finish_s - slack.earliest_start_s for slack in found.slacks}
    for path in found.paths:
        assert sum(spent.get(id, 0.0) for id in path) == pytest.approx(found.length_s, rel=1e-9)
        assert {id for id in path if id in spent} <= set(found.critical)


def test_what_only_leads_back_is_on_no_way_to_the_end() -> None:
    """
    A long wait for a correction, after which the case is looked at again, is neither critical nor slack.
    """
    procedure = ps.Procedure(
        start="look",
        steps=[ps.Step("look", processing_time="1 hour"), ps.Step("decide", processing_time="1 hour")],
        waits=[ps.Wait("correction", cause="applicant", clock="elapsed", time="30 day")],
        flows=[
            ps.Flow("look", "decide", probability=0.5),
            ps.Flow("look", "correction", probability=0.5),
            ps.Flow("correction", "look"),
        ],
    )
    found = of(procedure)
    assert found.paths == (("look", "decide"),)
    assert found.critical == ("look", "decide")
    with pytest.raises(ps.UnknownIdError):
        found.slack("correction")


def test_a_network_has_slack_but_no_criticality() -> None:
    """
    Where branches cross, slack is that of the precedence graph.
    """
    steps = [ps.Step(k, processing_time=f"{t} hour") for k, t in (("a", 1), ("b", 5), ("c", 2), ("d", 4))]
    gateways = [ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
    pairs = ("f a", "f b", "a g", "g c", "g h", "b h", "h d", "c j", "d j")
    found = of(
        ps.Procedure(start="f", steps=steps, gateways=gateways, flows=[ps.Flow(*p.split()) for p in pairs])
    )
    assert hours(found, "total_s") == {"a": 4, "b": 0, "c": 6, "d": 0}
    assert hours(found, "free_s") == {"a": 0, "b": 0, "c": 6, "d": 0}
    assert {slack.criticality for slack in found.slacks} == {None}


def test_a_critical_path_prints_as_rows_and_data() -> None:
    """
    Ways, then a table of slack, in either language; what does not exist is refused.
    """
    found = plan(ASSEMBLY)
    assert str(found).splitlines()[1].split(" → ")[-1] == "G"
    assert "kelonggaran total" in found.text("id")
    assert list(found.data()) == ["service", "length_s", "paths", "slacks"]
    assert len(found.rows()) == len(ASSEMBLY)
    with pytest.raises(ps.UndefinedResultError, match="processing time of step 'a' is unknown"):
        of(ps.Procedure(steps=[ps.Step("a")]))


def test_criticality_agrees_with_drawn_times() -> None:
    """
    A lognormal branch beside two steps in a row: as often the longest as in 200,000 draws.
    """
    procedure = ps.Procedure(
        steps=[
            ps.Step("a", processing_time="lognormal(mean=1 hour, sd=1 hour)"),
            ps.Step("b", processing_time="uniform(10, 50) min"),
            ps.Step("c", processing_time="exponential(mean=20 min)"),
        ],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[ps.Flow(*pair.split()) for pair in ("f a", "a j", "f b", "b c", "c j")],
    )
    rng = np.random.default_rng(11)
    a, b, c = (
        step.processing_time.sample(rng, 200_000)
        * (step.processing_time.mean_seconds() or 0.0)
        / step.processing_time.mean_in_unit
        for step in procedure.steps
        if step.processing_time is not None
    )
    assert of(procedure).slack("a").criticality == pytest.approx((a > b + c).mean(), abs=0.005)
