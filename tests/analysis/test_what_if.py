"""What would be: edits and demand, side by side with today."""

from __future__ import annotations

import pytest

import pubservice as ps


def counter(rate: str | None = "3 case/hour") -> ps.PublicOrganisation:
    """Return two services of one clerk."""
    step = ps.Step("serve", resource="clerk", processing_time="exponential(mean=6 min)")
    services = [
        ps.PublicService(id, arrival_rate=rate, procedure=ps.Procedure(steps=[step])) for id in ("a", "b")
    ]
    return ps.PublicOrganisation("o", resources=[ps.Resource("clerk")], services=services)


def change(comparison: ps.Comparison, of: str, measure: str) -> tuple[float | None, float | None]:
    """Return a measure before and after."""
    (found,) = [c for c in comparison.changes if (c.of, c.measure) == (of, measure)]
    return found.before, found.after


def test_more_cases_of_one_service_are_felt_by_the_other() -> None:
    """
    Half as many cases again of one service make both wait as in M/M/1 at utilisation 0.75 instead of 0.6.
    """
    found = ps.what_if(counter(), demand={"a": 1.5})
    for id in ("a", "b"):
        assert change(found, id, "cycle time / hour") == pytest.approx((0.1 / 0.4, 0.1 / 0.25))
    assert change(found, "clerk", "utilisation") == pytest.approx((0.6, 0.75))
    assert change(ps.what_if(counter(), demand=1.25), "clerk", "utilisation") == pytest.approx((0.6, 0.75))


def test_edits_are_made_in_their_order() -> None:
    """
    Later edits see what earlier ones did, and demand comes on top.
    """
    edits = [ps.SetCapacity("clerk", 5), ps.SetCapacity("clerk", 2)]
    found = ps.what_if(counter(), edits, demand=2)
    assert change(found, "clerk", "utilisation") == pytest.approx((0.6, 0.6))


def test_nothing_done_changes_nothing() -> None:
    """
    Without edits and with today's demand both sides are the same, also where nobody says how many come.
    """
    for model in (counter(), counter(None)):
        assert {c.difference for c in ps.what_if(model).changes} <= {0.0, None}
    silent = ps.what_if(counter(None), demand=3)
    assert change(silent, "clerk", "utilisation") == (None, None)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_demand_is_a_factor(factor: float) -> None:
    """
    A factor that is none is refused, and so is one of a service that is not there.
    """
    with pytest.raises(ps.InvalidQuantityError, match="expected a factor above 0"):
        ps.what_if(counter(), demand=factor)
    with pytest.raises(ps.UnknownIdError, match="did you mean 'a'"):
        ps.what_if(counter(), demand={"aa": 2})


def test_what_is_not_an_edit_is_refused() -> None:
    """
    Only edits can be made.
    """
    with pytest.raises(ps.InvalidEditError, match="expected an edit"):
        ps.what_if(counter(), ["more staff"])  # type: ignore[list-item]  # that is the point
