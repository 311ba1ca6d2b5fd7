"""Everything at once."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps


def analysed(procedure: ps.Procedure, completion_time: str | None = None, **fields: Any) -> ps.Analysis:
    """Return the analysis of one service that promises a completion time."""
    resources = fields.pop("resources", [])
    standard = ps.ServiceStandard(completion_time=completion_time)
    service = ps.PublicService("s", procedure=procedure, standard=standard, **fields)
    return ps.analyse(ps.PublicOrganisation("o", services=[service], resources=resources))


def step(time: str, **fields: Any) -> ps.Procedure:
    """Return a procedure of one step."""
    return ps.Procedure(steps=[ps.Step("a", processing_time=time, **fields)])


def test_an_analysis_tells_causes_quantiles_and_whether_the_promise_holds() -> None:
    """
    Of an exponential hour 95 % are done within three, and 1 - 1/e within the hour that is promised.
    """
    found = analysed(step("exponential(mean=1 hour)"), "1 hour")
    (service,) = found.data()["services"]
    assert service["promise"] == pytest.approx(1 - 1 / 2.718281828, abs=1e-4)
    assert [line["share"] for line in service["distribution"]["quantiles"]] == [0.5, 0.8, 0.9, 0.95]
    assert [line for line in service["causes"] if line["time_s"]] == [
        {"cause": "processing", "time_s": 3600, "elapsed_s": 3600}
    ]
    text = str(found)
    assert "cases done: 50% within 41.6 min, 80% within 96.6 min" in text
    assert "promise kept: 63.2% within 1 hour" in text
    assert "work on the case" in text
    assert "permohonan selesai: 50% dalam 41.6 menit" in found.text("id")


def test_what_is_not_promised_or_cannot_be_told_has_a_reason() -> None:
    """
    No promise, an overloaded resource, working days without a calendar, numbers beyond numbers: each says why.
    """
    (service,) = analysed(step("1 hour")).data()["services"]
    assert service["promise"] is None
    assert service["undefined"]["promise"] == "the standard of the service promises no completion time"
    overloaded = analysed(
        step("1 hour", resource="r"), "1 day", resources=[ps.Resource("r")], arrival_rate="2 case/hour"
    )
    (service,) = overloaded.data()["services"]
    assert service["distribution"] is service["promise"] is None
    assert "cannot keep up" in service["undefined"]["distribution"]
    assert service["undefined"]["promise"] == service["undefined"]["distribution"]
    assert service["undefined"]["contention"] == service["undefined"]["cycle_time_s"]
    (service,) = analysed(step("1 hour"), "3 working_day").data()["services"]
    assert service["distribution"] is not None
    assert service["undefined"]["promise"] == "3 working_day is working time, and there is no calendar"
    huge = analysed(step("exponential(mean=1e153 s)"))
    assert (
        huge.data()["services"][0]["undefined"]["distribution"] == "the result is larger than a number can be"
    )
    assert "cases done" not in str(huge)


def test_a_service_without_procedure_has_no_table_of_causes() -> None:
    """
    Where nothing is known, the reason stands once, and no table of dashes.
    """
    text = str(analysed(ps.Procedure()))
    assert text.count("the service describes no procedure") == 1
    assert "cause" not in text


def test_an_analysis_tells_what_moves_where_it_is_asked_to() -> None:
    """
    Kinds of bottleneck and sensitivities are in text and data only where they are asked for.
    """
    model = ps.read_example("business-licence")
    assert "sensitivity" not in ps.analyse(model).data()
    found = ps.analyse(model, moves=True)
    data = found.data()["sensitivity"]
    assert data["bottlenecks"]["capacity"][0]["at"] == "health"
    assert len(data["levers"]) == len(ps.sensitivity(model).effects)
    assert "what a tenth better buys, per case" in str(found)
    assert "leverage: a tenth better buys most" in str(found)
