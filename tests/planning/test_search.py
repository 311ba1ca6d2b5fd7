"""The search for the least cost, against every possibility."""

from __future__ import annotations

from itertools import product
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from pubservice.planning.search import Amounts, Goal, Least, LeastCost


@st.composite
def problems(draw: st.DrawFn) -> tuple[LeastCost, list[Goal]]:
    """Return small problems: weighted amounts must reach a sum, each amount counting less the more there is of it."""
    size = draw(st.integers(1, 4))
    prices = [draw(st.integers(0, 9)) for _ in range(size)]
    upper = tuple(draw(st.integers(0, 9 if size < 3 else 4)) for _ in range(size))
    goals = []
    for _ in range(draw(st.integers(0, 3))):
        of = tuple(sorted(draw(st.sets(st.integers(0, size - 1), min_size=1))))
        gains = [draw(st.integers(0, 5)) for _ in of]
        best = sum(gain * sqrt(upper[i]) for gain, i in zip(gains, of, strict=True))
        wanted = best * draw(st.floats(0, 0.999))

        def holds(amounts: Amounts, gains: list[int] = gains, wanted: float = wanted) -> bool:
            return sum(gain * sqrt(n) for gain, n in zip(gains, amounts, strict=True)) >= wanted - 1e-9

        goals.append(Goal(of, holds))
    return LeastCost((0,) * size, upper, lambda i, n: float(prices[i] * n)), goals


def cheapest(search: LeastCost, goals: list[Goal]) -> float:
    """Return the least cost of all possibilities."""
    return min(
        sum(search.price(i, n) for i, n in enumerate(amounts))
        for amounts in product(*(range(most + 1) for most in search.upper))
        if all(goal.holds(tuple(amounts[i] for i in goal.of)) for goal in goals)
    )


@given(problems())
def test_nothing_is_cheaper(problem: tuple[LeastCost, list[Goal]]) -> None:
    """
    What is found holds every goal, and no other possibility that does costs less.
    """
    search, goals = problem
    found = search.find(goals)

    assert found.is_proven
    assert all(goal.holds(tuple(found.amounts[i] for i in goal.of)) for goal in goals)
    assert sum(search.price(i, n) for i, n in enumerate(found.amounts)) == cheapest(search, goals)


@given(problems())
def test_what_cannot_be_proven_is_still_a_plan(problem: tuple[LeastCost, list[Goal]]) -> None:
    """
    Where the search is cut short, what is found holds every goal, none of it can be less, and it says whether it is proven.
    """
    search, goals = problem
    short = LeastCost(search.lower, search.upper, search.price, most=0)
    found = short.find(goals)

    assert all(goal.holds(tuple(found.amounts[i] for i in goal.of)) for goal in goals)
    for i, amount in enumerate(found.amounts):
        if amount and not found.is_proven:
            less = (*found.amounts[:i], amount - 1, *found.amounts[i + 1 :])
            assert not all(goal.holds(tuple(less[j] for j in goal.of)) for goal in goals)


def test_the_dearer_is_left_where_the_cheaper_is_enough() -> None:
    """
    Of two that help alike, the cheaper is taken; with no goal nothing is.
    """
    search = LeastCost((0, 0), (5, 5), lambda i, n: float(n * (3, 2)[i]))

    assert search.find([Goal((0, 1), lambda amounts: sum(amounts) >= 3)]) == Least((0, 3), is_proven=True)
    assert search.find([]) == Least((0, 0), is_proven=True)


def test_what_became_superfluous_is_taken_back() -> None:
    """
    Of a search that is cut short, what one goal took and another made superfluous is not in the plan.
    """
    goals = [Goal((0, 1), lambda amounts: sum(amounts) >= 1), Goal((1,), lambda amounts: amounts[0] >= 1)]
    search = LeastCost((0, 0), (3, 3), lambda i, n: float(n * (1, 2)[i]), most=0)

    assert search.find(goals) == Least((0, 1), is_proven=False)
