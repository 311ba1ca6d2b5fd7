"""Hypothesis strategies for networks of queues that keep up; import them as ``from stations import networks``."""

from __future__ import annotations

from hypothesis import strategies as st

from pubservice.queueing import Station


@st.composite
def networks(draw: st.DrawFn, *, again: bool = True) -> tuple[list[Station], dict[str, dict[str, float]]]:
    """Return stations that keep up, and a routing that every case leaves in the end; back to themselves only if so said."""
    size = draw(st.integers(1, 6))
    ids = [f"s{n}" for n in range(size)]
    routing = {}
    for id in ids:
        weights = draw(st.lists(st.floats(0, 1), min_size=size, max_size=size))
        if not again:
            weights[ids.index(id)] = 0.0
        stay = draw(st.floats(0, 0.9))
        routing[id] = {other: stay * w / (sum(weights) or 1) for other, w in zip(ids, weights, strict=True)}
    outside = [draw(st.floats(0, 5)) for _ in ids]
    outside[0] += 0.1
    rates = [1e-9] * size
    for _ in range(300):
        rates = [
            gamma + sum(rates[i] * routing[ids[i]][id] for i in range(size))
            for id, gamma in zip(ids, outside, strict=True)
        ]
    stations = [
        Station(
            id,
            arrival_rate=gamma,
            servers=(servers := draw(st.integers(1, 4))),
            service_rate=max(rate, 0.01) / servers / draw(st.floats(0.1, 0.95)),
        )
        for id, gamma, rate in zip(ids, outside, rates, strict=True)
    ]
    return stations, routing
