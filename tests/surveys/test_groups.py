"""Breakdowns by group: nothing small is shown, and nothing small can be had by subtraction."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.surveys.groups import said_of_hidden


def answers(groups: dict[str | None, int], missing: dict[str | None, int] | None = None) -> ps.Answers:
    """Return answers to two questions of so many respondents in each group, some without the second."""
    rows = []
    for group, n in groups.items():
        without = (missing or {}).get(group, 0)
        rows += [
            {"group": group, "parks": 1 + i % 5, "roads": None if i < without else 1 + i % 3}
            for i in range(n)
        ]
    own = ps.Instrument("city", items=["parks", "roads"], low=1, high=5)
    return ps.answers_from(rows, instrument=own)


def parks(given: ps.Answers) -> ps.SatisfactionShare:
    """Return the satisfaction with parks."""
    return ps.customer_satisfaction(given, item="parks")


def shown(result: ps.Breakdown) -> set[str | None]:
    """Return the groups that are not kept back."""
    return {group.name for group in result.groups if not group.suppressed}


def test_small_groups_are_kept_back() -> None:
    """
    Two small groups that are large enough together hide each other.
    """
    result = ps.breakdown(answers({"a": 30, "b": 6, "c": 5}), "group", parks)
    assert shown(result) == {"a"}
    assert [(group.respondents, group.index) for group in result.groups[1:]] == [(None, None), (None, None)]
    assert result.respondents == 41
    assert result.total is not None
    assert result.total.value == parks(answers({"a": 30, "b": 6, "c": 5})).value


def test_one_small_group_takes_the_next_with_it() -> None:
    """
    A lone group could be had by subtraction from the total, so the smallest of the others is kept back too.
    """
    assert shown(ps.breakdown(answers({"a": 30, "b": 20, "c": 3}), "group", parks)) == {"a"}


def test_groups_that_are_small_together_take_another_with_them() -> None:
    """
    What is kept back is at least ten answers.
    """
    assert shown(ps.breakdown(answers({"a": 30, "b": 20, "c": 3, "d": 4}), "group", parks)) == {"a"}
    assert shown(ps.breakdown(answers({"a": 30, "b": 20, "c": 3, "d": 7}), "group", parks)) == {"a", "b"}


def test_respondents_without_a_group_are_one() -> None:
    """
    Those who gave no group are shown or kept back as any other.
    """
    result = ps.breakdown(answers({"a": 30, "b": 20, None: 2}), "group", parks)
    assert [group.name for group in result.groups] == ["a", "b", None]
    assert shown(result) == {"a"}


def test_a_question_few_answered_makes_a_group_small() -> None:
    """
    A large group of whom few answered one question would tell their answers, and so would the rest of the total.
    """
    assert shown(ps.breakdown(answers({"a": 30, "b": 20, "c": 40}, {"b": 15}), "group", parks)) == {"c"}
    assert shown(ps.breakdown(answers({"a": 30, "b": 20}, {"b": 20}), "group", parks)) == {"a", "b"}


def test_too_few_in_all_show_nothing() -> None:
    """
    Where even all together are few, the total is kept back too.
    """
    result = ps.breakdown(answers({"a": 5, "b": 4}), "group", parks)
    assert (shown(result), result.total, result.respondents) == (set(), None, None)
    assert [row["respondents"] for row in result.rows()] == ["suppressed"] * 3
    assert ps.breakdown(answers({"a": 5, "b": 4}), "group", parks, at_least=1).respondents == 9


def test_nobody_has_no_groups() -> None:
    """
    An empty survey has an empty breakdown, whose total is undefined.
    """
    empty = ps.answers_from({"nps": [], "group": []}, instrument="nps")
    result = ps.breakdown(empty, "group", ps.net_promoter_score)
    assert (result.groups, result.respondents) == ((), 0)
    assert result.rows() == [{"group": "all", "respondents": 0, "value": None}]


def test_every_index_can_be_broken_down() -> None:
    """
    A satisfaction index by group has its grade, elements and interval for each.
    """
    rows = [
        {"sex": "f" if i % 2 else "m", **{f"U{n}": 1 + (i + n) % 4 for n in range(1, 10)}} for i in range(40)
    ]
    result = ps.breakdown(ps.answers_from(rows), "sex", ps.satisfaction_index)
    data: Any = result.data()
    assert [group["group"] for group in data["groups"]] == ["f", "m"]
    assert data["groups"][0]["index"]["respondents"] == 20
    assert data["total"]["respondents"] == 40
    assert isinstance(result.groups[0].index, ps.SatisfactionIndex)


def test_results_say_themselves() -> None:
    """
    The text names how many groups are kept back and why; for JSON they are null and marked.
    """
    result = ps.breakdown(answers({"a": 30, "b": 6, "c": 5}), "group", parks)
    lines = str(result).splitlines()
    assert lines[0].split() == ["group", "respondents", "value"]
    assert lines[2].split() == ["b", "suppressed", "-"]
    assert lines[5].startswith("2 groups are kept back, so that nobody can be recognised")
    assert "ditahan" in result.text("id")
    data: Any = result.data()
    assert data["groups"][1] == {"group": "b", "respondents": None, "suppressed": True, "index": None}
    assert len(str(ps.breakdown(answers({"a": 30, "b": 20}), "group", parks)).splitlines()) == 4
    hidden: Any = ps.breakdown(answers({"a": 5}), "group", parks).data()
    assert (hidden["respondents"], hidden["total"]) == (None, None)


def test_a_bound_is_a_number() -> None:
    """
    At least one answer is always shown, and the column has to be there.
    """
    with pytest.raises(ps.InvalidModelError, match="expected a whole number of at least 1, got 0"):
        ps.breakdown(answers({"a": 5}), "group", parks, at_least=0)
    with pytest.raises(ps.UnknownIdError, match="no column 'grup', did you mean 'group'"):
        ps.breakdown(answers({"a": 5}), "grup", parks)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 25), st.integers(0, 25)), min_size=1),
    st.integers(1, 12),
)
def test_nothing_small_is_shown_or_follows(sizes: dict[str, tuple[int, int]], least: int) -> None:
    """
    Every group shown, and what the groups kept back hold together, has no question with few answers; one is never alone.
    """
    given = answers(
        {name: n for name, (n, _) in sizes.items()}, {name: out for name, (_, out) in sizes.items()}
    )
    result = ps.breakdown(given, "group", parks, at_least=least)
    rows = given.frame.select("group", "parks", "roads").rows()
    hidden = {group.name for group in result.groups if group.suppressed}
    if result.total is None:
        assert not shown(result)
        return
    sets = [{name} for name in shown(result)] + ([hidden] if hidden else [])
    for names in sets:
        counts = Counter({"all": 0, "roads": 0})
        for group, _, roads in rows:
            if group in names:
                counts.update(["all"] if roads is None else ["all", "roads"])
        assert all(n == 0 or n >= least for n in counts.values())
    assert len(hidden) != 1


def test_one_group_that_is_kept_back_is_one() -> None:
    """
    The text says a group of one, and groups of several.
    """
    assert said_of_hidden(1, 10).startswith("1 group is kept back, ")
    assert said_of_hidden(2, 10).startswith("2 groups are kept back, ")
