from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pubservice as ps

ATTRIBUTES = {"amount": "uniform(2, 9)", "kind": {"new": 0.7, "renewal": 0.3, "lost": 0}}


def service(
    *conditions: str | None, attributes: Any = ATTRIBUTES, kind: Any = "exclusive"
) -> ps.PublicService:
    """Return a service with one choice, its flows with these conditions."""
    steps = [ps.Step(f"s{i}", processing_time="5 min") for i, _ in enumerate(conditions)]
    return ps.PublicService(
        "permit",
        attributes=attributes,
        procedure=ps.Procedure(
            steps=steps,
            gateways=[ps.Gateway("split", kind=kind)],
            flows=[
                ps.Flow("split", step.id, condition=of) for step, of in zip(steps, conditions, strict=True)
            ],
        ),
    )


@pytest.mark.parametrize(
    "conditions",
    [
        ("amount > 5", None),
        (None, "amount > 5"),
        ("amount > 5", "amount <= 5"),
        ("amount > 5", "amount < 5"),
        ("amount > 1", "amount > 5"),
        ("amount < 9", "kind == 'new'"),
        ("kind == 'new'", "kind == 'renewal'"),
        ("kind in ('new', 'renewal')", "kind == 'lost'"),
        ("amount > 5 and kind == 'new'", "not (amount >= 5 and kind == 'new')"),
    ],
)
@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_every_case_can_go_on(conditions: tuple[str | None, ...], kind: str) -> None:
    """
    A choice fits where a case for which no condition holds has no chance to come, or a flow for the rest.
    """
    assert service(*conditions, kind=kind).procedure.flows


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (("amount > 5", "amount < 4"), "is for a case with amount == 4.5: leave one without condition"),
        (("amount > 5", "amount > 3"), "is for a case with amount == 2.5"),
        (("amount < 8", "amount < 3"), "is for a case with amount == 8.5"),
        (("kind == 'new'", "kind == 'lost'"), "is for a case with kind == 'renewal'"),
        (("amount > 5", "kind == 'new'"), "is for a case with amount == 3.5, kind == 'renewal'"),
        (("amuont > 5", None), "no attribute 'amuont', did you mean 'amount'?"),
        (("amount == 'new'", None), "'amount' is a number, and cannot be compared with 'new'"),
        (("kind in ('new', 5)", None), "'kind' is a word, and cannot be compared with 5"),
        (("kind < 'new'", None), "'kind' is a word: compare it by == or !=, not by <"),
        (("kind != 'newe'", None), "'kind' is never 'newe', did you mean 'new'?"),
        (("amount > 5", None, None), "a second flow without condition out of 'split'"),
        (("amount > 5",), "the only flow out of 'split' is always taken: no condition"),
    ],
)
def test_what_does_not_fit_is_told(conditions: tuple[str | None, ...], said: str) -> None:
    """
    Conditions fit the attributes and each other, or the model is refused.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        service(*conditions)
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1


def test_what_is_always_the_same_is_one_kind_of_case() -> None:
    """
    Fixed and observed numbers are looked at as they are.
    """
    observed = {"amount": "empirical(1, 3, 3)"}
    assert service("amount < 2", "amount == 3", attributes=observed).attributes
    with pytest.raises(ps.InvalidModelError, match="is for a case with amount == 3:"):
        service("amount < 2", "amount > 3", attributes=observed)
    with pytest.raises(ps.InvalidModelError, match="is for a case with amount == 4:"):
        service("amount < 2", "amount > 5", attributes={"amount": 4})


def test_numbers_without_a_bound_are_looked_at_beyond_all_that_is_named() -> None:
    """
    Of an exponential number also that above the greatest bound is a kind of case.
    """
    with pytest.raises(ps.InvalidModelError, match="is for a case with amount == 150:"):
        service("amount < 50", "amount < 99.6666666666666666", attributes={"amount": "exponential(5)"})


def test_no_more_than_some_kinds_of_cases_are_tried() -> None:
    """
    Where many attributes meet, a case that cannot go on may stay unnoticed until it is met.
    """
    known = {f"a{i}": {"x": 0.5, "y": 0.5} for i in range(11)}
    every = " or ".join(f"{id} == 'x'" for id in known)
    assert service(every, "a0 == 'x'", attributes=known).attributes
    with pytest.raises(ps.InvalidModelError, match="is for a case with a0 == 'y', a1 == 'y'"):
        service("a0 == 'x'", "a1 == 'x'", attributes=known)


def test_all_that_is_taken_has_no_condition() -> None:
    """
    Flows out of a parallel gateway have no conditions.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        service("amount > 5", None, kind="parallel")
    assert [str(problem.message) for problem in caught.value.problems] == [
        "every flow out of the parallel gateway 'split' is taken: no condition"
    ]


TEXT = """pubservice: 1
id: city-hall
services:
  - id: permit
    attributes: {{{attributes}}}
    procedure:
      steps: [{{id: intake}}, {{id: assess}}, {{id: reject}}]
      flows:
        - {{source: intake, target: assess, condition: "{condition}"}}
        - {{source: intake, target: reject}}
"""


def test_a_file_says_what_cases_differ_in(tmp_path: Path) -> None:
    """
    Attributes and conditions are read, and written as they stand.
    """
    path = tmp_path / "city-hall.yaml"
    path.write_text(TEXT.format(attributes="amount: 5, kind: {new: 1/4, old: 0.75}", condition="amount>4"))
    found = ps.read_yaml(path)
    assert found.services[0].attributes == (
        ps.Attribute("amount", number=5),
        ps.Attribute("kind", words={"new": 0.25, "old": 0.75}),
    )
    ps.write_yaml(found, path)
    assert "condition: amount > 4" in path.read_text()
    assert ps.read_yaml(path) == found


@pytest.mark.parametrize(
    ("attributes", "condition", "faults"),
    [
        ("amount: -5", "amount > 4", ["5: services[0].attributes.amount"]),
        (
            "amount: 5, kind: {a: 2}, or: 1",
            "x > 4",
            ["5: services[0].attributes", "5: services[0].attributes.kind"],
        ),
        ("amount: 5", "amont > 4", ["9: services[0].procedure.flows[0].condition"]),
        ("amount: 5", "amount >", ["9: services[0].procedure.flows[0].condition"]),
    ],
)
def test_each_fault_of_a_file_is_told_once(
    tmp_path: Path, attributes: str, condition: str, faults: list[str]
) -> None:
    """
    A fault has its line and its place, and nothing is said that only follows from it.
    """
    path = tmp_path / "city-hall.yaml"
    path.write_text(TEXT.format(attributes=attributes, condition=condition))
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_yaml(path)
    assert sorted(f"{problem.line}: {problem.path}" for problem in caught.value.problems) == faults
