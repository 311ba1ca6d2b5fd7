from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.errors import NoFlowError
from pubservice.model.attribute import attributes as several
from pubservice.model.condition import Condition, holds
from pubservice.simulation.conditions import Decisions, case_attribute, lookup_of, passes, value_of
from pubservice.simulation.log import event_log, write_event_log
from pubservice.simulation.parts import Parts
from pubservice.simulation.program import Program, program
from pubservice.simulation.record import Record
from pubservice.simulation.run import run
from pubservice.simulation.streams import word
from strategies import attributes, conditions

CASES = 20_000
STEPS = ("s0", "s1", "s2")
CHANCE = 1e-6  # that a test fails where the library is right


def office(
    *conditions: str | None,
    attributes: Any,
    kind: Literal["exclusive", "inclusive"] = "exclusive",
    rate: str = "60 case/hour",
) -> ps.PublicOrganisation:
    """Return an office where cases go by conditions to one step each, and meet again."""
    steps = [ps.Step(f"s{n}", processing_time="1 min") for n, _ in enumerate(conditions)]
    return ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate=rate,
                attributes=attributes,
                procedure=ps.Procedure(
                    steps=steps,
                    gateways=[ps.Gateway("split", kind=kind), ps.Gateway("join", kind=kind)],
                    ends=[ps.End("done")],
                    flows=[
                        *(ps.Flow("split", f"s{n}", condition=of) for n, of in enumerate(conditions)),
                        *(ps.Flow(step.id, "join") for step in steps),
                        ps.Flow("join", "done"),
                    ],
                ),
            )
        ],
    )


def shares(record: Record) -> dict[str, float]:
    """Return the share of cases that went through each step."""
    assert record.event_node is not None
    nodes = np.bincount(record.event_node, minlength=len(record.program.nodes)) / record.cases
    return {id: float(nodes[n]) for n, id in enumerate(record.program.nodes) if id in STEPS}


def near(p: float) -> Any:
    """Return what a share of the cases is near, by Hoeffding's inequality."""
    return pytest.approx(p, abs=math.sqrt(math.log(2 / CHANCE) / 2 / CASES))


def test_shares_of_branches_are_those_of_the_attributes() -> None:
    """
    As many cases take a flow as have what its condition asks for, the first that fits, and the rest another.
    """
    made = office(
        None,
        "kind == 'renewal' and amount > 5",
        "kind in ('renewal', 'transfer')",
        attributes={"kind": {"new": 0.5, "renewal": 0.3, "transfer": 0.2}, "amount": "exponential(4)"},
    )
    found = shares(run(program(made), seed=1, cases=CASES, log=True))
    both = 0.3 * math.exp(-5 / 4)
    assert found == {"s0": near(0.5), "s1": near(both), "s2": near(0.5 - both)}


def test_each_flow_whose_condition_holds_is_taken() -> None:
    """
    Behind an inclusive gateway conditions are looked at one by one; the flow without is for cases that none is for.
    """
    made = office("amount > 2", None, "amount > 6", attributes={"amount": "uniform(0, 8)"}, kind="inclusive")
    record = run(program(made), seed=1, cases=CASES, log=True)
    assert shares(record) == {"s0": near(0.75), "s1": near(0.25), "s2": near(0.25)}
    assert record.inside == 0
    amounts = event_log(record).frame["case:amount"].to_numpy()
    steps = event_log(record).frame["activity"].to_numpy()
    assert (amounts[steps == "s0"] > 2).all()
    assert (amounts[steps == "s1"] <= 2).all()
    assert (amounts[steps == "s2"] > 6).all()


def made_of(known: list[ps.Attribute]) -> tuple[Parts, list[Any]]:
    """Return attributes as arrays, without anything else that is simulated."""
    columns: dict[str, list[Any]] = {name: [] for name in Parts._fields}
    drawn = [case_attribute(attribute, 0, columns) for attribute in known]
    arrays: dict[str, Any] = dict(columns)
    return Parts(**arrays), drawn


known_attributes = st.lists(attributes(), min_size=1, max_size=3, unique_by=lambda attribute: attribute.id)


@given(known_attributes.flatmap(lambda known: st.tuples(st.just(known), conditions(tuple(known)))), st.data())
def test_tests_say_what_the_condition_says(
    both: tuple[list[ps.Attribute], Condition], data: st.DataObject
) -> None:
    """
    For any case, its tests lead to where the condition holds exactly if it does.
    """
    known, of = both
    parts, drawn = made_of(known)
    first = Decisions(parts._asdict(), {a.id: (n, a) for n, a in enumerate(drawn)}).first(of)
    key = word(f"case {data.draw(st.integers(0, 2**40))}")
    values = {a.id: value_of(parts, n, a, key) for n, a in enumerate(drawn)}
    assert passes(lookup_of(parts), first, key) == holds(of, values)


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_compiled_and_interpreted_runs_choose_alike(kind: Literal["exclusive", "inclusive"]) -> None:
    """
    The same cases take the same flows at the same times, to the last bit.
    """
    made = program(
        office(
            "amount > 5 and not kind == 'a'",
            "kind == 'b' or amount <= 2",
            None,
            attributes={"kind": {"a": "1/3", "b": "1/3", "c": "1/3"}, "amount": "gamma(mean=4, sd=3)"},
            kind=kind,
        )
    )
    pytest.importorskip("numba")
    runs = [run(made, seed=7, cases=500, log=True, compiled=compiled) for compiled in (False, True)]
    one, other = (record.arrays() for record in runs)
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def test_attributes_stay_when_the_procedure_changes() -> None:
    """
    A case is the same in every scenario: what it is does not depend on what is done with it.
    """
    known = {"amount": "lognormal(mean=5, sd=2)", "kind": {"new": 0.5, "old": 0.5}}
    few = office("amount > 5", None, attributes=known)
    more = office("kind == 'new'", "amount > 5", None, attributes=known)
    frames = [event_log(run(program(made), seed=3, cases=50, log=True)).frame for made in (few, more)]
    one, other = (frame.sort("case").select("case", "case:amount", "case:kind").rows() for frame in frames)
    assert one == other


def test_the_log_says_what_cases_are() -> None:
    """
    An attribute is a column of the log; a service that has none of its name leaves it empty.
    """
    first = office("amount > 5", None, attributes={"amount": "5", "size": 2}).services[0]
    second = ps.PublicService(
        "other",
        arrival_rate="60 case/hour",
        attributes={"size": {"small": 1}},
        procedure=ps.Procedure(steps=[ps.Step("do", processing_time="1 min")]),
    )
    frame = event_log(
        run(program(ps.PublicOrganisation("office", services=[first, second])), seed=1, cases=50, log=True)
    ).frame
    rows = {
        (row["case:service"], row["case:amount"], row["case:size"]) for row in frame.iter_rows(named=True)
    }
    assert rows == {("permit", 5.0, "2.0"), ("other", None, "small")}


def test_a_log_that_is_written_says_it_too(tmp_path: Path) -> None:
    """
    Attributes stand in a log that is written while the run goes on as in one that is kept.
    """
    made = program(office("amount > 5", None, attributes={"amount": "exponential(5)", "kind": {"a": 1}}))
    write_event_log(made, tmp_path / "log.parquet", seed=1, cases=300)
    kept = event_log(run(made, seed=1, cases=300, log=True)).frame
    written = ps.read_parquet(tmp_path / "log.parquet").frame
    columns = ["case", "case:amount", "case:kind"]
    assert written.select(columns).rows() == kept.select(columns).rows()


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
@pytest.mark.parametrize("compiled", [False, True])
def test_a_case_that_no_flow_is_for_is_named(
    kind: Literal["exclusive", "inclusive"], *, compiled: bool
) -> None:
    """
    Where only the run shows that no condition holds for a case, its attributes and the node are named.
    """
    pytest.importorskip("numba")
    known = {f"a{n}": {"x": 0.5, "y": 0.5} for n in range(11)}
    every = " or ".join(f"{id} == 'x'" for id in known)
    made = program(office(every, "a0 == 'x'", attributes=known, kind=kind))
    with pytest.raises(NoFlowError) as caught:
        run(made, seed=1, cases=CASES, compiled=compiled)
    assert caught.value.node == "split"
    assert caught.value.values == dict.fromkeys(known, "y")
    assert "with a0 == 'y', a1 == 'y'" in str(caught.value)


def test_conditions_go_before_probabilities() -> None:
    """
    A probability beside a condition is for what is computed: a flow of probability 0 is taken where its condition holds.
    """
    steps = [ps.Step(id, processing_time="1 min") for id in ("ask", "s1", "s2")]
    flows = [
        ps.Flow("ask", "s1", probability=0, condition="kind == 'new'"),
        ps.Flow("ask", "s2", probability=1),
    ]
    made = ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/hour",
                attributes=several({"kind": {"new": 1}}),
                procedure=ps.Procedure(steps=steps, flows=flows),
            )
        ],
    )
    assert shares(run(program(made), seed=1, cases=10, log=True)) == {"s1": 1.0, "s2": 0.0}
    assert ps.performance(made).service("permit").cycle_time_s == 120.0


def test_the_program_tells_its_attributes() -> None:
    """
    Words are stretches of the numbers from 0 to 1, as long as their shares, and the last reaches to the end.
    """
    made: Program = program(office("kind == 'a'", None, attributes={"kind": {"a": 0.7, "b": 0.3, "c": 0}}))
    ((service, id, words, bounds),) = made.attributes
    assert (service, id, words, bounds) == (0, "kind", ("a", "b", "c"), (0.7, 1.0, 1.0))


def looping(*flows: ps.Flow) -> ps.PublicOrganisation:
    """Return an office with these flows between steps."""
    used = {flow.source for flow in flows} | {flow.target for flow in flows}
    steps = [ps.Step(id, processing_time="1 min") for id in sorted(used)]
    return ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/hour",
                attributes=several({"amount": "uniform(0, 9)"}),
                procedure=ps.Procedure(start="a", steps=steps, flows=flows),
            )
        ],
    )


@pytest.mark.parametrize(
    ("flows", "at"),
    [
        ([ps.Flow("a", "b"), ps.Flow("b", "a", condition="amount > 5"), ps.Flow("b", "c")], "b"),
        ([ps.Flow("a", "a", condition="amount > 5"), ps.Flow("a", "b"), ps.Flow("b", "c")], "a"),
    ],
)
def test_what_conditions_send_back_never_leaves(flows: list[ps.Flow], at: str) -> None:
    """
    A round in which only conditions choose is refused, because what they ask for does not change.
    """
    with pytest.raises(ps.InvalidModelError, match=f"a case that conditions send back to '{at}' goes round"):
        program(looping(*flows))


def test_a_round_without_a_choice_is_a_dead_end() -> None:
    """
    Where conditions lead into a round that nothing leads out of, that no end can be reached is what is told.
    """
    made = looping(
        ps.Flow("a", "b", condition="amount > 5"), ps.Flow("a", "c"), ps.Flow("b", "d"), ps.Flow("d", "b")
    )
    with pytest.raises(ps.InvalidModelError) as caught:
        program(made)
    assert [str(problem.message) for problem in caught.value.problems] == [
        "no end can be reached from 'b'",
        "no end can be reached from 'd'",
    ]


def test_a_round_that_chance_ends_is_played() -> None:
    """
    Where probabilities choose in a round too, cases leave it.
    """
    made = looping(
        ps.Flow("a", "b", condition="amount > 5"),
        ps.Flow("a", "c"),
        ps.Flow("b", "a", probability=0.5),
        ps.Flow("b", "c", probability=0.5),
    )
    assert run(program(made), seed=1, cases=100).inside == 0
