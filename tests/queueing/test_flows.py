"""How variable streams are: published equations, the Poisson stream that stays one, and the bounds of each."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError

SHARE, SCV = st.floats(0, 1), st.floats(0, 10)


def test_qna_departure_split() -> None:
    """
    From ρ 0.8, ca² 1 and cs² 0.25 departs a stream of 0.52, of which three tenths have 0.856.

    Source: oracle qna-departure-split, computed from Whitt (1983), Bell System Technical Journal 62(9).
    """
    departing = q.departure_scv(utilisation=0.8, arrival_scv=1, service_scv=0.25, servers=1)
    assert departing == pytest.approx(0.52, abs=1e-9)
    assert q.splitting_scv(scv=departing, probability=0.3) == pytest.approx(0.856, abs=1e-9)


@given(SHARE, SCV, st.floats(0.2, 10))
def test_what_departs_is_between_what_comes_and_what_is_served(rho: float, ca2: float, cs2: float) -> None:
    """
    An idle server sends on what comes, a busy one what it serves; between them ρ² weighs the two.
    """
    departing = q.departure_scv(utilisation=rho, arrival_scv=ca2, service_scv=cs2)
    assert departing == pytest.approx(ca2 + rho**2 * (cs2 - ca2))
    assert q.departure_scv(utilisation=0, arrival_scv=ca2, service_scv=cs2) == ca2


@given(SHARE, st.integers(1, 1000), st.lists(st.floats(0.01, 10), min_size=1, max_size=8))
def test_poisson_streams_stay_poisson(rho: float, servers: int, rates: list[float]) -> None:
    """
    Exponential servers, choices and merges keep a squared coefficient of variation of 1.

    Source: Burke (1956), The output of a queueing system, Operations Research 4(6), 699-704.
    """
    assert q.departure_scv(utilisation=rho, arrival_scv=1, service_scv=1, servers=servers) == pytest.approx(1)
    assert q.splitting_scv(scv=1, probability=rho) == pytest.approx(1)
    assert q.superposition_scv(rates=rates, scvs=[1] * len(rates), utilisation=rho) == pytest.approx(1)


@given(st.lists(st.tuples(st.floats(0.01, 10), SCV), min_size=1, max_size=8), SHARE)
def test_a_merge_is_between_poisson_and_the_mean(streams: list[tuple[float, float]], rho: float) -> None:
    """
    At a full queue the mean of the streams counts, at others Poisson comes in; one stream alone stays as it is.
    """
    rates, scvs = zip(*streams, strict=True)
    mean = sum(rate * scv for rate, scv in streams) / sum(rates)
    merged = q.superposition_scv(rates=rates, scvs=scvs, utilisation=rho)
    assert min(1, mean) - 1e-9 <= merged <= max(1, mean) + 1e-9
    assert q.superposition_scv(rates=rates, scvs=scvs, utilisation=1) == pytest.approx(mean)
    assert q.superposition_scv(rates=[0, rates[0]], scvs=[5, scvs[0]], utilisation=rho) == pytest.approx(
        scvs[0]
    )


def test_many_streams_are_nearly_poisson() -> None:
    """
    A hundred streams like clockwork are Poisson to a lightly used queue.
    """
    assert q.superposition_scv(rates=[1] * 100, scvs=[0] * 100, utilisation=0.2) > 0.99


def test_streams_that_cannot_be_are_refused() -> None:
    """
    A utilisation or probability above 1, a negative variation, no stream or unequal lists are refused.
    """
    with pytest.raises(InvalidQuantityError, match=r"probability from 0 to 1, got 1\.5"):
        q.departure_scv(utilisation=1.5, arrival_scv=1, service_scv=1)
    with pytest.raises(InvalidQuantityError, match="probability from 0 to 1, got nan"):
        q.splitting_scv(scv=1, probability=math.nan)
    with pytest.raises(InvalidQuantityError, match="squared coefficient of variation ≥ 0, got -1"):
        q.splitting_scv(scv=-1, probability=0.5)
    with pytest.raises(InvalidQuantityError, match="expected an arrival rate ≥ 0"):
        q.superposition_scv(rates=[-1, 2], scvs=[1, 1], utilisation=0.5)
    for rates, scvs in (([], []), ([0], [1]), ([1, 2], [1])):
        with pytest.raises(InvalidQuantityError, match="expected as many rates as scvs, and a rate above 0"):
            q.superposition_scv(rates=rates, scvs=scvs, utilisation=0.5)
