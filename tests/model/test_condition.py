from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.condition import (
    MOST_CHARACTERS,
    MOST_NESTED,
    And,
    Comparison,
    Condition,
    Membership,
    Not,
    Or,
    comparisons,
    condition,
    holds,
)
from strategies import conditions

KNOWN = (
    ps.Attribute("amount", number="exponential(5)"),
    ps.Attribute("kind-of", words={"new": 0.5, "it's": 0.25, "<&> é": 0.25}),
)
cases = st.fixed_dictionaries(
    {
        "amount": st.floats(0, 1e6) | st.integers(0, 20).map(float),
        "kind-of": st.sampled_from([word for word, _ in KNOWN[1].words]),
    }
)


@given(conditions(KNOWN))
def test_a_condition_is_read_as_it_is_written(of: Condition) -> None:
    """
    The text of a condition gives the condition again.
    """
    assert condition(str(of)) == condition(of) == of


@given(conditions(KNOWN), cases)
def test_a_condition_means_what_it_means_in_python(of: Condition, case: dict[str, float | str]) -> None:
    """
    A condition holds where Python says so of the same text.
    """
    # A list of one is a tuple in brackets without a comma; and a name of Python has no hyphen
    written = re.sub(r" in \(([^()]*)\)", r" in [\1]", str(of)).replace("kind-of", "kind_of")
    names = {"amount": case["amount"], "kind_of": case["kind-of"]}
    assert holds(of, case) == eval(written, {"__builtins__": {}}, names)


@given(conditions(KNOWN), conditions(KNOWN), cases)
def test_not_turns_and_into_or(a: Condition, b: Condition, case: dict[str, float | str]) -> None:
    """
    De Morgan: not both is one of them not.
    """
    assert holds(Not(And((a, b))), case) == holds(Or((Not(a), Not(b))), case)


@given(st.text("ab<>=!()'\", .50eandornoti\n", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    """
    Whatever is written, it is read, and then written the same again, or refused with its fault.
    """
    try:
        read = condition(text)
    except ps.InvalidModelError as error:
        assert error.problems
    else:
        assert condition(str(read)) == read


def test_and_binds_closer_than_or() -> None:
    """
    Not, and, or: in this order, as in Python; brackets go before all.
    """
    assert condition("not a<1 and b == 'x' or c>=2") == Or(
        (And((Not(Comparison("a", "<", 1.0)), Comparison("b", "==", "x"))), Comparison("c", ">=", 2.0))
    )
    assert condition("a < 1 and (b < 2 or c < 3)") == And(
        (Comparison("a", "<", 1.0), Or((Comparison("b", "<", 2.0), Comparison("c", "<", 3.0))))
    )


def test_not_in_is_a_negated_list() -> None:
    """
    Several values stand in brackets behind ``in`` or ``not in``.
    """
    assert condition("a not in (\"x\", 'y')") == Not(Membership("a", ("x", "y")))
    assert [str(test) for test in comparisons(condition("not a in (1, 2) and (b < 3 or a > 5)"))] == [
        "a in (1, 2)",
        "b < 3",
        "a > 5",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a condition such as 'amount > 5', got ''"),
        ("  ", "expected a condition such as"),
        (5, "expected a condition such as 'amount > 5', got 5"),
        ("a >", "ends too early"),
        ("(a > 5", "ends too early"),
        ("a  $ 5", "at character 4: '$' does not fit there"),
        ("a > 'x", 'at character 5: "\'" does not fit there'),
        ("a > 5 6", "at character 7: '6' does not fit there"),
        ("a > 5)", "at character 6: ')' does not fit there"),
        ("5 < a", "at character 1: '5' does not fit there"),
        ("a > b", "at character 5: 'b' does not fit there"),
        ("a = 5", "at character 3: '=' does not fit there"),
        ("a in ()", "at character 7: ')' does not fit there"),
        ("a not 5", "at character 7: '5' does not fit there"),
        ("a > 1e999", "at character 5: '1e999' does not fit there"),
        ("__import__('os')", "at character 1: '_' does not fit there"),
        ("a > " + "9" * MOST_CHARACTERS, "expected a condition of at most 1,000 characters, got 1,004"),
        ("(" * MOST_NESTED + "a > 5" + ")" * MOST_NESTED, "nested more than 32 deep"),
        ("not " * MOST_NESTED + "a > 5", "nested more than 32 deep"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, said: str) -> None:
    """
    A fault is told with the character at which it stands.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        condition(text)
    assert said in str(caught.value)


def test_depth_is_counted_from_the_outside() -> None:
    """
    What stands side by side is not nested.
    """
    text = "(" * (MOST_NESTED - 1) + "a > 5" + ")" * (MOST_NESTED - 1)
    assert condition(text) == Comparison("a", ">", 5.0)
    assert len(list(comparisons(condition(" or ".join(["(a > 5)"] * 80))))) == 80
