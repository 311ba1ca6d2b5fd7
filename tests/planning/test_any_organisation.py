"""Whatever is described can be planned for, or it is said why not."""

from __future__ import annotations

import json
from typing import Any

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubservice as ps
from strategies import organisations

any_organisation = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def held(work: Any) -> Any:
    """Return what is worked out, having printed it; None where it is refused with a reason in both languages."""
    try:
        found = work()
    except ps.PubserviceError as error:
        assert error.text("en")
        assert error.text("id")
        return None
    for one in found if isinstance(found, tuple) else (found,):
        assert isinstance(one.text("id"), str)
        json.dumps(one.data(), allow_nan=False)
    return found


@any_organisation
@given(organisations(), st.sampled_from(["1 hour", "1 day"]), st.sampled_from([0.0, 0.25]))
def test_every_organisation_is_planned_for_or_told_why_not(
    office: ps.PublicOrganisation, interval: str, shrinkage: float
) -> None:
    """
    Any organisation has a plan, a forecast and a budget, or an error of pubservice says why not; needs are never below the
    load.
    """
    plan = held(lambda: ps.staffing(office, interval=interval, shrinkage=shrinkage))
    held(lambda: ps.forecast_demand(office, interval=interval))
    if plan is not None:
        held(lambda: ps.plan_budget(plan))
        for resource in plan.resources:
            assert all(i.staff >= i.offered_load for i in resource.intervals)
            assert resource.employed >= resource.needed


@any_organisation
@given(organisations())
def test_every_service_promises_and_every_backlog_has_a_day_or_a_reason(
    office: ps.PublicOrganisation,
) -> None:
    """
    Any service has a shortest promise, and any open cases a day, or an error of pubservice says why not.
    """
    for service in office.services:
        held(lambda service=service: ps.shortest_promise(office, service.id))
    held(lambda: ps.clear_backlog(office, since="2026-01-05", by="2026-02-05"))


@any_organisation
@given(organisations(), st.floats(0.1, 3))
def test_small_organisations_that_keep_up_are_planned_for(office: ps.PublicOrganisation, rate: float) -> None:
    """
    With arrival rates and times that a human office has, plans are found, and keep up.
    """
    services = []
    for service in office.services:
        steps = [
            attrs.evolve(step, processing_time="exponential(10) min", setup_time=None, batch=None)
            for step in service.procedure.steps
        ]
        services.append(
            attrs.evolve(
                service,
                arrivals=None,
                arrival_rate=f"{rate} case/week",
                targets=(),
                standard=ps.ServiceStandard(),
                procedure=attrs.evolve(service.procedure, steps=steps),
            )
        )
    plan = held(lambda: ps.staffing(attrs.evolve(office, services=services), targets=["utilisation 0.9"]))
    if plan is not None:
        assert all(resource.utilisation <= 0.9 + 1e-9 for resource in plan.resources)
