"""A national catalogue: what is worked out of thousands of services takes time in proportion to them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pubservice as ps

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def catalogue(size: int) -> ps.PublicOrganisation:
    """Return so many services, each with evidence and staff of its own, in a ring where each issues what the next needs."""
    return ps.PublicOrganisation(
        "o",
        evidence=[ps.Evidence(f"e{i}", validity="30 day") for i in range(size)],
        resources=[ps.Resource(f"r{i}", cost="10 EUR/hour") for i in range(size)],
        services=[
            ps.PublicService(
                f"s{i}",
                arrival_rate="1 case/year",
                requirements=[f"e{i}"],
                outputs=[f"e{(i + 1) % size}"],
                procedure=ps.Procedure(
                    steps=[ps.Step("decide", resource=f"r{i}", processing_time="10 min", needs=[f"e{i}"])]
                ),
            )
            for i in range(size)
        ],
    )


def instructions(function: Callable[[ps.PublicOrganisation], object], size: int) -> int:
    """Return how many instructions of ours run: a measure of time that is the same on every machine."""
    count: Counter[str] = Counter()
    home = str(Path(ps.__file__).parent)

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(home):
            return None
        frame.f_trace_opcodes = True
        count[event] += 1
        return trace

    office = catalogue(size)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(office)
    finally:
        sys.settrace(before)
    return count["opcode"]


@pytest.mark.parametrize(
    "function",
    [
        ps.service_triangle,
        ps.check_principles,
        ps.management_plan,
        ps.check_standards,
        ps.scorecard,
        ps.burden,
    ],
)
def test_twice_the_services_take_twice_the_time(function: Callable[[ps.PublicOrganisation], object]) -> None:
    """
    What forty more services add is twice what twenty more add: nothing is looked for in all services for each service.
    """
    function(catalogue(1))  # what is imported at first use is there then
    twenty, forty, eighty = (instructions(function, size) for size in (20, 40, 80))
    assert eighty - forty == pytest.approx(2 * (forty - twenty), rel=0.01)
