"""Savings, computed and simulated."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

import pubservice as ps
from blocks import city_hall
from pubservice.cli import main


@pytest.fixture(scope="module")
def third() -> ps.PublicOrganisation:
    return ps.redesign(city_hall(), [ps.SetCapacity("clerk", 3)])


def test_simulated_savings_stand_beside_the_computed_ones(third: ps.PublicOrganisation) -> None:
    """
    A third clerk saves about the two hours that Allen and Cunneen's formula says, surely.
    """
    found = ps.simulated(city_hall(), third, horizon="1 year", replications=10)
    cycle, applicant = found.savings
    assert (cycle.measure, applicant.measure) == ("cycle_time", "applicant_time")
    before, after = (
        ps.performance(office).services[0].cycle_time_elapsed_s for office in (city_hall(), third)
    )
    assert before is not None
    assert after is not None
    assert cycle.computed == pytest.approx(before - after)
    assert cycle.simulated.interval is not None
    assert cycle.simulated.interval.low > 0
    assert cycle.simulated.mean == pytest.approx(cycle.computed, rel=0.25)
    paired = found.study.difference("today", "after", "cycle_time").estimate
    assert cycle.simulated == paired


def test_money_is_saved_in_its_currency() -> None:
    """
    What a case costs is simulated too, in the one currency of the office; a service that is new saves nothing.
    """
    office = attrs.evolve(
        city_hall(), resources=[attrs.evolve(r, cost="60 EUR/hour") for r in city_hall().resources]
    )
    service = office.services[0]
    faster = [
        attrs.evolve(step, processing_time="5 min") if step.id == "intake" else step
        for step in service.procedure.steps
    ]
    after = attrs.evolve(
        office,
        services=[
            attrs.evolve(service, procedure=attrs.evolve(service.procedure, steps=faster)),
            attrs.evolve(service, id="new", arrival_rate="1 case/year"),
        ],
    )
    found = ps.simulated(office, {"faster": after}, cases=300, warm_up="0 s", replications=5)
    assert {saving.service for saving in found.savings} == {"building-permit"}
    cost = found.savings[-1]
    assert cost.measure == "cost_EUR"
    assert cost.computed == pytest.approx(5)
    assert cost.simulated.mean == pytest.approx(5, rel=0.2)


def test_two_currencies_are_not_computed_as_one() -> None:
    """
    Where the computed cost is undefined, the simulated one stands alone.
    """
    clerk, engineer = city_hall().resources
    office = attrs.evolve(
        city_hall(),
        resources=[attrs.evolve(clerk, cost="60 EUR/hour"), attrs.evolve(engineer, cost="1 IDR/hour")],
    )
    found = ps.simulated(office, office, cases=50, warm_up="0 s", replications=3)
    costs = [saving for saving in found.savings if saving.measure.startswith("cost_")]
    assert [saving.measure for saving in costs] == ["cost_EUR", "cost_IDR"]
    assert [saving.computed for saving in costs] == [None, None]


def test_the_plans_of_a_search_are_simulated_by_their_numbers() -> None:
    """
    Every plan that the search kept is a scenario beside today's.
    """
    office = city_hall()
    plans = ps.propose(office, edits=[ps.SetCapacity("clerk", 3), ps.SetCapacity("engineer", 4)])
    found = ps.simulated(office, plans, cases=200, warm_up="0 s", replications=3)
    assert [scenario.name for scenario in found.study.scenarios] == ["today", "1", "2", "3"][: 1 + len(plans)]
    assert {saving.scenario for saving in found.savings} == {str(n + 1) for n in range(len(plans))}


def test_so_many_plans_are_simulated_and_the_others_are_counted() -> None:
    """
    The best for the goal come first; how many were left out is said in text and JSON.
    """
    office = city_hall()
    plans = ps.propose(
        attrs.evolve(office, resources=[attrs.evolve(r, cost="60 EUR/hour") for r in office.resources]),
        edits=[ps.SetCapacity("clerk", 3), ps.SetCapacity("engineer", 4)],
    )
    assert len(plans) > 1
    found = ps.simulated(office, plans, cases=100, warm_up="0 s", replications=2, most_plans=1)
    assert {saving.scenario for saving in found.savings} == {"1"}
    assert found.left_out == found.data()["plans_left_out"] == len(plans) - 1
    assert f"plans that were not simulated: {len(plans) - 1}" in str(found)
    assert "rencana yang tidak disimulasikan" in found.text("id")
    with pytest.raises(ValueError, match="most_plans 0"):
        ps.simulated(office, plans, cases=100, most_plans=0)


def test_savings_are_printed_with_intervals(third: ps.PublicOrganisation) -> None:
    """
    Computed and simulated stand side by side, in both languages; without an interval no simulated figure does.
    """
    found = ps.simulated(city_hall(), third, cases=300, warm_up="0 s", replications=5)
    assert "computed  simulated" in str(found)
    assert "dihitung  disimulasikan" in found.text("id")
    assert found.rows()[0]["low"] <= found.rows()[0]["simulated"] <= found.rows()[0]["high"]
    data = json.loads(json.dumps(found.data()))
    assert data["savings"][0]["measure"] == "cycle_time"
    assert data["study"]["replications"] == 5
    one = ps.simulated(city_hall(), third, cases=300, warm_up="0 s", replications=1)
    assert one.rows()[0]["simulated"] is None
    assert "one replication alone says nothing" in str(one)


def test_a_redesign_is_simulated_on_request(tmp_path: Path) -> None:
    """
    ``redesign --simulate`` adds what is saved with intervals, in text and JSON; without it nothing is simulated.
    """
    file = tmp_path / "office.yaml"
    ps.write_yaml(city_hall(), file)

    def run(*options: str) -> str:
        result = CliRunner().invoke(main, ["redesign", str(file), "--select", "RED", *options])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "computed and simulated" not in run()
    assert "computed and simulated:\nscenario  service" in run("--simulate", "30 day")
    assert "simulated" not in json.loads(run("--format", "json"))
    data = json.loads(run("--format", "json", "--simulate", "30 day"))["simulated"]
    assert data["study"]["horizon_s"] == 30 * 86400


def test_a_search_is_simulated_plan_by_plan(tmp_path: Path) -> None:
    """
    With a goal every plan that was found is a scenario, by its number; with a plan chosen that one alone.
    """
    file = tmp_path / "office.yaml"
    ps.write_yaml(ps.read_example("civil-registration"), file)

    def scenarios(*options: str) -> list[str]:
        command = ["redesign", str(file), "--goal", "cycle_time", "--simulate", "10 day", "--format", "json"]
        result = CliRunner().invoke(main, [*command, *options])
        assert result.exit_code == 0, result.output
        data = json.loads(result.stdout)
        assert len(data["search"]["plans"]) >= 1
        return [each["name"] for each in data["simulated"]["study"]["scenarios"]]

    found = scenarios()
    assert found == ["today", *(str(n + 1) for n in range(len(found) - 1))]
    assert scenarios("--plan", "1") == ["today", "after"]
