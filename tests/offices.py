"""Organisations to plan for."""

from __future__ import annotations

from typing import Any

import pubservice as ps

HOURS = ps.Calendar("hours", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})


def procedure(**steps: tuple[str, str]) -> ps.Procedure:
    """Return steps in sequence, each with its resource and processing time."""
    ids = list(steps)
    return ps.Procedure(
        steps=[
            ps.Step(id, resource=resource, processing_time=time) for id, (resource, time) in steps.items()
        ],
        flows=[ps.Flow(a, b) for a, b in zip(ids[:-1], ids[1:], strict=True)],
    )


def call_centre(**fields: Any) -> ps.PublicOrganisation:
    """Return one queue of 200 calls an hour, three minutes each."""
    return ps.PublicOrganisation(
        "centre",
        resources=[ps.Resource("agent", capacity=11, cost="40000 IDR/hour")],
        services=[
            ps.PublicService(
                "advice",
                arrival_rate="200 case/hour",
                procedure=procedure(answer=("agent", "exponential(3) min")),
                **fields,
            )
        ],
    )


def town_hall(**fields: Any) -> ps.PublicOrganisation:
    """Return a permit of three resources under a calendar."""
    permit: dict[str, Any] = {
        "arrival_rate": "28 case/working_day",
        "procedure": procedure(
            intake=("clerk", "exponential(12) min"),
            assess=("engineer", "exponential(45) min"),
            sign=("head", "exponential(8) min"),
        ),
    }
    return ps.PublicOrganisation(
        "hall",
        calendar="hours",
        calendars=[HOURS],
        resources=[
            ps.Resource("clerk", cost="40000 IDR/hour"),
            ps.Resource("engineer", capacity=3, cost="90000 IDR/hour"),
            ps.Resource("head", cost="150000 IDR/hour"),
        ],
        services=[ps.PublicService("permit", **permit | fields)],
    )
