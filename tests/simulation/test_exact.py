"""Where the analysis is exact, what is simulated agrees with it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps

SURE = 0.9999  # of an interval, so that chance alone fails one example of ten thousand


@st.composite
def exact_offices(draw: st.DrawFn) -> ps.PublicOrganisation:
    """Return an office of one to three pools in a row, exponential times, and a share of cases that are sent back."""
    count = draw(st.integers(1, 3))
    again = draw(st.sampled_from([0.0, 0.1, 0.3]))
    rate = draw(st.floats(0.5, 5))  # cases per hour
    capacities = [draw(st.integers(1, 4)) for _ in range(count)]
    loads = [draw(st.floats(0.1, 0.75)) for _ in range(count)]
    steps = [
        ps.Step(
            f"step-{n}",
            resource=f"pool-{n}",
            processing_time=f"exponential({load * capacity * (1 - again) / rate}) hour",
        )
        for n, (capacity, load) in enumerate(zip(capacities, loads, strict=True))
    ]
    flows = [ps.Flow(f"step-{n}", f"step-{n + 1}") for n in range(count - 1)]
    last = f"step-{count - 1}"
    if again:
        flows += [
            ps.Flow(last, "step-0", probability=again),
            ps.Flow(last, "done", probability=1 - again),
        ]
    else:
        flows.append(ps.Flow(last, "done"))
    return ps.PublicOrganisation(
        "office",
        resources=[ps.Resource(f"pool-{n}", capacity=capacity) for n, capacity in enumerate(capacities)],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate=f"{rate} case/hour",
                fees=[ps.Fee("10 EUR", at=last)],
                procedure=ps.Procedure(start="step-0", steps=steps, ends=[ps.End("done")], flows=flows),
            )
        ],
    )


@given(exact_offices())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_intervals_cover_what_is_exact(office: ps.PublicOrganisation) -> None:
    """
    Cycle time, work, fees and utilisation of networks that the analysis computes exactly lie in the simulated intervals.

    Runs are long for the load, so that the beginning is no part of what may differ.
    """
    found = ps.performance(office).services[0]
    assert found.method["cycle_time_s"].kind == "exact"
    study = ps.simulate(office, horizon="1500 hour", warm_up="100 hour", replications=12, seed=2026)
    service = study.scenarios[0].services[0]
    expected = {
        "cycle_time": found.cycle_time_elapsed_s,
        "processing_time": found.processing_time_s,
        "fee_EUR": found.fees[0].amount,
    }
    for measure, exact in expected.items():
        interval = service.estimate(measure, SURE).interval
        assert interval is not None
        assert exact is not None
        assert interval.low <= exact <= interval.high, measure
    loads = {load.resource: load.utilisation for load in ps.find_bottlenecks(office).loads}
    for resource in study.scenarios[0].resources:
        interval = resource.estimate("utilisation", SURE).interval
        utilisation = loads[resource.id]
        assert interval is not None
        assert utilisation is not None
        assert interval.low <= utilisation <= interval.high, resource.id
