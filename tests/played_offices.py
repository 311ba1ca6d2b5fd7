"""Small organisations that are simulated."""

from __future__ import annotations

from typing import Any

import pubservice as ps
from pubservice.simulation.program import program
from pubservice.simulation.record import Record
from pubservice.simulation.run import run

OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"}, time_zone="Asia/Jakarta")


def one_service(*steps: ps.Step, rate: str = "1 case/hour", **more: Any) -> ps.PublicOrganisation:
    """Return an organisation with one service, its steps in a row unless flows are given."""
    resources = more.pop("resources", [ps.Resource("clerk"), ps.Resource("engineer")])
    office = {name: more.pop(name) for name in ("calendar", "calendars", "evidence") if name in more}
    parts = {name: more.pop(name) for name in ("start", "waits", "gateways", "ends") if name in more}
    flows = more.pop("flows", None)
    if flows is None:
        nodes = [*steps, *parts.get("waits", ()), *parts.get("ends", ())]
        flows = [ps.Flow(a.id, b.id) for a, b in zip(nodes, nodes[1:], strict=False)]
    service = ps.PublicService(
        "s",
        arrival_rate=rate,
        procedure=ps.Procedure(steps=steps, flows=flows, **parts),
        **more,
    )
    return ps.PublicOrganisation("o", resources=resources, services=[service], **office)


def played(office: ps.PublicOrganisation, seed: int = 1, **more: Any) -> Record:
    """Return an interpreted run with its events."""
    return run(program(office), seed=seed, log=True, **{"compiled": False, **more})


def station(
    time: str = "exponential(1 hour)", rate: str = "2.4 case/hour", capacity: int = 3
) -> ps.PublicOrganisation:
    """Return an organisation with one step and one pool."""
    return one_service(
        ps.Step("serve", resource="desk", processing_time=time),
        rate=rate,
        resources=[ps.Resource("desk", capacity=capacity)],
    )
