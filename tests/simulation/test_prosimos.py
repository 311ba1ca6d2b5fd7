"""The scenarios of Prosimos with what its own tests expect of them, as models of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs
import numpy as np
import pytest

import pubservice as ps
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.simulation.run import run

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "bpmn" / "prosimos"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the scenarios of Prosimos are not beside the project"
)


def scenario(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def process(name: str) -> ps.Procedure:
    """Return a process; what another tool says of its simulation is left out."""
    with pytest.warns(ps.LossyImportWarning, match="left out"):
        return ps.read_bpmn(FOLDER / name)


def durations(read: Mapping[str, Any]) -> list[float]:
    """Return the fixed seconds of each task, in the order of the scenario."""
    return [
        task["resources"][0]["distribution_params"][0]["value"] for task in read["task_resource_distribution"]
    ]


def office(
    procedure: ps.Procedure, *, rate: str, attributes: Mapping[str, Mapping[str, float]] | None = None
) -> ps.PublicOrganisation:
    """Return an office with one clerk, who does every step."""
    steps = [attrs.evolve(step, resource=["clerk"], actor="office") for step in procedure.steps]
    return ps.PublicOrganisation(
        "office",
        resources=[ps.Resource("clerk")],
        services=[
            ps.PublicService(
                "process",
                arrival_rate=rate,
                attributes=attributes or {},
                procedure=attrs.evolve(procedure, steps=steps),
            )
        ],
    )


def timed(procedure: ps.Procedure, seconds: Mapping[str, float]) -> ps.Procedure:
    """Return the procedure with the fixed seconds of each step."""
    steps = [attrs.evolve(step, processing_time=f"{seconds[step.id]} s") for step in procedure.steps]
    return attrs.evolve(procedure, steps=steps)


def chosen(procedure: ps.Procedure, chances: Mapping[str, float]) -> ps.Procedure:
    """Return the procedure with the chance of each step behind the gateway that splits."""
    flows = [attrs.evolve(flow, probability=chances.get(flow.target)) for flow in procedure.flows]
    return attrs.evolve(procedure, flows=flows)


def worked(record: Record) -> list[list[str]]:
    """Return the steps that each case went through, in the order of their names."""
    assert record.event_case is not None
    assert record.event_node is not None
    found: list[list[str]] = [[] for _ in range(record.cases)]
    for case, node in zip(record.event_case.tolist(), record.event_node.tolist(), strict=True):
        found[case].append(record.program.nodes[node])
    return [sorted(steps) for steps in found]


def gateway(kind: Literal["inclusive", "exclusive"]) -> tuple[ps.Procedure, str]:
    """Return the process of one gateway before the tasks A, B and C of 1, 2 and 3 seconds, and how its cases come."""
    read = scenario("gateway_conditions/gateway_no_condition.json")
    procedure = process("gateway_conditions/gateway_condition_or_model.bpmn")
    seconds = dict(zip((step.id for step in procedure.steps), durations(read), strict=True))
    gateways = [attrs.evolve(each, kind=kind) for each in procedure.gateways]
    rate = f"{1 / read['arrival_time_distribution']['distribution_params'][0]['value']} case/s"
    return attrs.evolve(timed(procedure, seconds), gateways=gateways), rate


@pytest.mark.parametrize(
    ("true", "each"),
    [("ABC", ["A", "B", "C"]), ("B", ["B"]), ("AB", ["A", "B"]), ("A", ["A"])],
    ids=["all true", "one true", "several true", "one condition"],
)
def test_an_inclusive_gateway_takes_each_branch_whose_condition_holds(true: str, each: list[str]) -> None:
    """
    Of 250 cases every one does the tasks whose condition is true, and is worked on for the sum of their durations.
    """
    procedure, rate = gateway("inclusive")
    names = {step.id: str(step.name) or step.id for step in procedure.steps}
    procedure = chosen(procedure, {id: float(name in true) for id, name in names.items()})
    record = run(program(office(procedure, rate=rate)), seed=1, cases=250, log=True)
    assert all(sorted(names[id] for id in case) == each for case in worked(record))
    assert record.case_work_s.sum() == pytest.approx(250 * sum("ABC".index(name) + 1 for name in each))


def conditional(
    kind: Literal["inclusive", "exclusive"], conditions: Mapping[str, str], values: Mapping[str, float]
) -> ps.PublicOrganisation:
    """Return the office whose cases differ in the type of the client, each step under its condition."""
    procedure, rate = gateway(kind)
    flows = [attrs.evolve(flow, condition=conditions.get(flow.target)) for flow in procedure.flows]
    words = {word: values.get(word, 0.0) for word in ("REGULAR", "BUSINESS", "NONE")}
    return office(attrs.evolve(procedure, flows=flows), rate=rate, attributes={"client_type": words})


def from_scenario(name: str, kind: Literal["inclusive", "exclusive"]) -> ps.PublicOrganisation:
    """Return the office of a scenario whose flows have conditions."""
    read = scenario(f"gateway_conditions/{name}.json")
    (attribute,) = read["case_attributes"]
    rules = {
        rule["id"]: " or ".join(
            " and ".join(f"{part['attribute']} == '{part['value']}'" for part in parts)
            for parts in rule["rules"]
        )
        for rule in read["branch_rules"]
    }
    paths = read["gateway_branching_probabilities"][0]["probabilities"]
    steps = [step.id for step in gateway(kind)[0].steps]
    conditions = {id: rules[path["condition_id"]] for id, path in zip(steps, paths, strict=True)}
    return conditional(kind, conditions, {value["key"]: value["value"] for value in attribute["values"]})


@pytest.mark.parametrize(
    ("name", "kind", "each"),
    [
        ("gateway_all_true_condition", "inclusive", ["A", "B", "C"]),
        ("gateway_one_true_condition", "inclusive", ["B"]),
        ("gateway_all_true_condition", "exclusive", ["A"]),
        ("gateway_one_true_condition", "exclusive", ["B"]),
    ],
)
def test_conditions_of_a_scenario_choose(
    name: str, kind: Literal["inclusive", "exclusive"], each: list[str]
) -> None:
    """
    Of 250 cases every one does the tasks whose condition is true for its client, one task behind an exclusive gateway.
    """
    made = from_scenario(name, kind)
    names = {step.id: str(step.name) or step.id for step in made.services[0].procedure.steps}
    record = run(program(made), seed=1, cases=250, log=True)
    assert all(sorted(names[id] for id in case) == each for case in worked(record))
    assert record.case_work_s.sum() == pytest.approx(250 * sum("ABC".index(task) + 1 for task in each))


@pytest.mark.parametrize(("true", "each"), [("AB", ["A", "B"]), ("A", ["A"])], ids=["several", "one"])
def test_several_conditions_may_be_true(true: str, each: list[str]) -> None:
    """
    Of 250 cases every one does the two tasks, or the one, whose condition is true.
    """
    names = {step.id: str(step.name) or step.id for step in gateway("inclusive")[0].steps}
    conditions = {
        id: f"client_type == '{'REGULAR' if name in true else 'NONE'}'" for id, name in names.items()
    }
    record = run(program(conditional("inclusive", conditions, {"REGULAR": 1.0})), seed=1, cases=250, log=True)
    assert all(sorted(names[id] for id in case) == each for case in worked(record))


def test_a_scenario_in_which_no_condition_is_true_is_no_model() -> None:
    """
    Where Prosimos goes on by probabilities, the client for whom no condition holds is named.
    """
    with pytest.raises(ps.InvalidModelError, match="is for a case with client_type == 'REGULAR'"):
        from_scenario("gateway_all_false_condition", "inclusive")


@pytest.mark.parametrize("kind", ["inclusive", "exclusive"])
def test_without_a_condition_chances_decide(kind: Literal["inclusive", "exclusive"]) -> None:
    """
    Of 250 cases each does one to three tasks behind an inclusive gateway, exactly one behind an exclusive one.
    """
    procedure, rate = gateway(kind)
    (split,) = scenario("gateway_conditions/gateway_no_condition.json")["gateway_branching_probabilities"][:1]
    chances = dict(
        zip(
            (step.id for step in procedure.steps),
            (float(path["value"]) for path in split["probabilities"]),
            strict=True,
        )
    )
    record = run(program(office(chosen(procedure, chances), rate=rate)), seed=1, cases=250, log=True)
    counts = {len(case) for case in worked(record)}
    assert counts <= ({1, 2, 3} if kind == "inclusive" else {1})
    seconds = {step.id: n for n, step in enumerate(procedure.steps, start=1)}
    assert record.case_work_s.sum() == pytest.approx(
        sum(seconds[id] for case in worked(record) for id in case)
    )


def test_a_timer_passes_beside_the_work() -> None:
    """
    Five cases give five tasks of 30 minutes and five timer events of 15.
    """
    read = scenario("timer_with_task.json")
    procedure = process("timer_with_task.bpmn")
    (step,) = procedure.steps
    (wait,) = procedure.waits
    (event,) = read["event_distribution"]
    timer = attrs.evolve(wait, time=f"{event['distribution_params'][0]['value']} s")
    procedure = attrs.evolve(timed(procedure, {step.id: durations(read)[0]}), waits=[timer])
    record = run(program(office(procedure, rate="1 case/hour")), seed=1, cases=5, log=True)
    assert record.event_end_s is not None
    assert record.event_start_s is not None
    assert record.event_node is not None
    lasted = (record.event_end_s - record.event_start_s).tolist()
    nodes = [record.program.nodes[node] for node in record.event_node.tolist()]
    assert sorted(zip(nodes, np.round(lasted, 6).tolist(), strict=True)) == sorted(
        [(step.id, 1800.0)] * 5 + [(wait.id, 900.0)] * 5
    )


def test_a_batch_waits_until_it_is_full() -> None:
    """
    Cases are taken four at a time: work begins when the fourth comes, and those that are fewer stay inside.
    """
    read = scenario("1_task-batch.json")
    (rule,) = read["batch_processing"]
    size = int(rule["firing_rules"][0][0]["value"])
    procedure = ps.read_bpmn(FOLDER / "1_task-batch.bpmn")
    (step,) = procedure.steps
    batched = attrs.evolve(
        timed(procedure, {step.id: durations(read)[0]}).steps[0], batch=ps.Batch(size=size)
    )
    made = office(attrs.evolve(procedure, steps=[batched]), rate="1 case/day")
    record = run(program(made), seed=1, horizon_s=60 * 86400, log=True)
    assert record.event_start_s is not None
    starts = np.sort(record.event_start_s)[::size]
    fourth = record.case_arrival_s[size - 1 :: size]
    assert size == 4
    assert len(fourth) >= 10
    assert starts.tolist() == pytest.approx(fourth[: len(starts)].tolist())
    assert record.inside >= record.cases % size
