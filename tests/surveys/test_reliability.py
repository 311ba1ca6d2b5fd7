"""Cronbach's alpha, against a published table of SPSS."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps

ITEMS = [f"item-{n}" for n in range(1, 6)]
DENIS = [
    (10, 12, 15, 11, 12),
    (12, 18, 12, 12, 1),
    (8, 16, 14, 14, 4),
    (6, 8, 16, 8, 6),
    (4, 7, 8, 7, 5),
    (6, 6, 3, 7, 3),
    (3, 4, 6, 5, 8),
    (7, 3, 7, 9, 9),
    (8, 9, 4, 10, 10),
    (9, 5, 6, 11, 12),
]


def alpha(rows: Any, items: list[str] = ITEMS) -> ps.Reliability:
    """Return the reliability of rows of answers."""
    own = ps.Instrument("test", items=items, low=0, high=20)
    table = {item: [row[i] for row in rows] for i, item in enumerate(items)}
    return ps.cronbach_alpha(ps.answers_from(table, instrument=own))


def test_alpha_is_that_of_spss() -> None:
    """
    Denis, Applied Univariate, Bivariate, and Multivariate Statistics: SPSS prints 0.633; item 1 correlates by 0.712.
    """
    result = alpha(DENIS)
    assert result.alpha == pytest.approx(0.633, abs=5e-4)
    assert result.value == result.alpha
    assert [round(item.mean, 4) for item in result.items] == [7.3, 8.8, 9.1, 9.4, 7.0]
    assert [round(item.deviation, 5) for item in result.items] == [2.71006, 5.05085, 4.7481, 2.71621, 3.80058]
    assert result.items[0].correlation == pytest.approx(0.712, abs=5e-4)


def test_alpha_without_an_item_is_alpha_of_the_others() -> None:
    """
    What each item does to alpha is what remains without it.
    """
    result = alpha(DENIS)
    for i, item in enumerate(result.items):
        others = [tuple(value for j, value in enumerate(row) if j != i) for row in DENIS]
        assert item.alpha_without == pytest.approx(alpha(others, ITEMS[:4]).alpha)


def test_those_who_left_something_open_are_left_out() -> None:
    """
    Alpha is of complete answers, and says how many are not.
    """
    result = alpha([*DENIS, (1, None, 2, 3, 4)])
    assert (result.respondents, result.left_out) == (10, 1)
    assert result.alpha == alpha(DENIS).alpha


@pytest.mark.parametrize(
    ("rows", "items", "why"),
    [
        ([(1,), (2,)], 1, "no alpha: one question alone has no consistency"),
        ([(1, 2)], 2, "no alpha: 1 respondent who answered every question, two are needed"),
        ([(1, 2), (2, 1), (3, 0)], 2, "no alpha: the sums of the answers do not vary"),
        ([(1, 2), (1, 2)], 2, "no alpha: the sums of the answers do not vary"),
    ],
)
def test_alpha_that_does_not_exist_is_none(rows: Any, items: int, why: str) -> None:
    """
    The reason is told in place of a number.
    """
    result = alpha(rows, ITEMS[:items])
    assert result.alpha is None
    assert result.undefined == {"alpha": why}
    assert str(result).splitlines()[0] == why
    data: Any = result.data()
    assert data["undefined"] == {"alpha": why}


def test_questions_that_do_not_vary_have_no_correlation() -> None:
    """
    A question everyone answers alike says nothing of the others.
    """
    result = alpha([(1, 5, 2), (2, 5, 4), (3, 5, 3)], ITEMS[:3])
    assert result.items[1].correlation is None
    assert result.items[0].correlation == pytest.approx(0.5)


def test_results_say_themselves() -> None:
    """
    Text in both languages, rows and JSON.
    """
    result = alpha(DENIS)
    assert str(result).startswith(
        "Cronbach's alpha 0.633, 10 respondents who answered everything, 0 left out\n"
    )
    assert "korelasi butir-total" in result.text("id")
    data: Any = result.data()
    assert data["items"][0]["column"] == "item-1"


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=2, max_size=20))
def test_alpha_is_at_most_one(rows: list[tuple[int, ...]]) -> None:
    """
    Alpha is 1 for items that agree throughout, and never more.
    """
    result = alpha(rows, ITEMS[:3])
    assert result.alpha is None or result.alpha <= 1 + 1e-9
    same = alpha([(row[0],) * 3 for row in rows], ITEMS[:3])
    assert same.alpha is None or same.alpha == pytest.approx(1)


def test_reversed_items_are_turned_round() -> None:
    """
    Alpha of an item that was worded negatively, and is reversed, is that of the item worded positively.
    """
    scores = [[5, 6, 7, 3], [4, 6, 7, 2], [5, 5, 6, 4]]
    plain = {f"P{n}": column for n, column in enumerate(scores, 1)}
    turned = plain | {"P2": [8 - score for score in scores[1]]}
    expected = ps.cronbach_alpha(ps.answers_from(plain, instrument="servperf"))
    found = ps.cronbach_alpha(ps.answers_from(turned, instrument="servperf"), reversed_items=["perception-2"])
    assert found == expected
    with pytest.raises(ps.UnknownIdError, match="no item 'perception-9'"):
        ps.cronbach_alpha(ps.answers_from(plain, instrument="servperf"), reversed_items=["perception-9"])


def test_alpha_of_servqual_is_that_of_the_gaps() -> None:
    """
    What should be and what is are no one scale: of each statement the gap counts, as the authors of SERVQUAL took it.
    """
    expected = [(7, 6), (6, 6), (7, 5), (5, 7)]
    found = [(5, 5), (6, 4), (3, 3), (5, 6)]
    both = [{"E1": e[0], "E2": e[1], "P1": p[0], "P2": p[1]} for e, p in zip(expected, found, strict=True)]
    gaps = [(10 + p[0] - e[0], 10 + p[1] - e[1]) for e, p in zip(expected, found, strict=True)]
    own = ps.Instrument("gaps", items=["a", "b"], low=1, high=20)
    alone = ps.cronbach_alpha(ps.answers_from([{"a": a, "b": b} for a, b in gaps], instrument=own))
    result = ps.cronbach_alpha(ps.answers_from(both, instrument="servqual"))
    assert result.alpha == pytest.approx(alone.alpha)
    assert [item.column for item in result.items] == ["P1", "P2"]
    only = ps.answers_from([{"E1": 7, "P1": 5}, {"E1": 6, "P1": 5}], instrument="servqual")
    assert "one question alone" in str(ps.cronbach_alpha(only))
