"""M/M/c: the quantile of the wait; the other formulas are tested in test_every_formula."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError


def test_ninety_of_a_hundred_calls_wait_at_most_58_seconds() -> None:
    """
    48 calls a minute and 50 agents: 20.8 seconds on average, 16.7 in queue, 90 % wait at most 58.1 seconds.

    Source: Garnett, Mandelbaum & Reiman (2002), M&SOM 4(3), table "comparing models with and without abandonment".
    """
    rates: dict[str, Any] = {"arrival_rate": 48.0, "service_rate": 1.0, "servers": 50}
    assert round(q.waiting_time(**rates) * 60, 1) == 20.8
    assert round(q.waiting_time_quantile(**rates, share=0.9) * 60, 1) == 58.1
    assert round(q.queue_length(arrival_rate=48, waiting_time=q.waiting_time(**rates))) == 17


@given(st.integers(1, 40), st.floats(0.01, 0.98), st.floats(0.01, 100), st.floats(0, 0.999999))
def test_the_quantile_inverts_the_service_level(servers: int, rho: float, mu: float, share: float) -> None:
    """
    The share that waits no longer than the quantile is the share asked for, or all who do not wait.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * servers * mu, "service_rate": mu}
    wait = q.waiting_time_quantile(**rates, servers=servers, share=share)
    level = q.service_level(**rates, servers=servers, within=wait)
    if wait:
        assert level == pytest.approx(share)
    else:
        assert level >= share


def test_a_share_of_all_cases_has_no_longest_wait() -> None:
    """
    A share of 1, or none, is refused, and so is an overload.
    """
    for share in (1.0, -0.1, math.nan):
        with pytest.raises(InvalidQuantityError, match="expected a share of cases from 0 to below 1"):
            q.waiting_time_quantile(arrival_rate=1, service_rate=2, share=share)
    with pytest.raises(UnstableQueueError):
        q.waiting_time_quantile(arrival_rate=2, service_rate=2, share=0.5)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_the_slope_of_erlangs_c_is_what_differences_tend_to(servers: int, used: float) -> None:
    """
    The derivative of Erlang's C by the load is the difference that a little more load makes.
    """
    load, little = used * servers, 1e-6 * used * servers
    more, less = (q.erlang_c(offered_load=load + by, servers=servers) for by in (little, -little))
    slope = q.erlang_c_slope(offered_load=load, servers=servers)
    assert slope == pytest.approx((more - less) / (2 * little), rel=1e-5, abs=1e-9)


def test_the_slope_of_erlangs_c_needs_a_load_that_is_kept_up_with() -> None:
    """
    Without load, and at full load, there is none.
    """
    with pytest.raises(InvalidQuantityError, match="expected an offered load > 0, got 0"):
        q.erlang_c_slope(offered_load=0, servers=2)
    with pytest.raises(UnstableQueueError, match="utilisation is 1.00"):
        q.erlang_c_slope(offered_load=2, servers=2)
