"""The three kinds of bottleneck."""

from __future__ import annotations

import pytest

import pubservice as ps


def model() -> ps.PublicOrganisation:
    """Return a service where the busiest, the longest and what is worth most are three different things."""
    steps = [
        ps.Step("stamp", resource="clerk", processing_time="exponential(mean=55.2 min)"),
        ps.Step("test", processing_time="10 hour"),
    ]
    waits = [ps.Wait("post", cause="applicant", clock="elapsed", time="20 hour")]
    flows = [ps.Flow("stamp", "post"), ps.Flow("post", "test")]
    service = ps.PublicService(
        "permit", arrival_rate="1 case/hour", procedure=ps.Procedure(steps=steps, waits=waits, flows=flows)
    )
    return ps.PublicOrganisation("o", resources=[ps.Resource("clerk")], services=[service])


def test_three_kinds_are_told_apart() -> None:
    """
    The clerk is busiest, the post takes most of the time, and a tenth less of the clerk's work saves more than a tenth
    less of the post: of M/M/1 at 0.92 it is 11.5 - 4.8 hours.
    """
    found = ps.bottleneck_kinds(model())
    (capacity,), (delay,), (leverage,) = (found.of(kind) for kind in ("capacity", "delay", "leverage"))
    assert capacity.at == "clerk"
    assert capacity.value == pytest.approx(0.92)
    stay = 0.92 / 0.08
    assert delay.at == "permit post"
    assert delay.value == pytest.approx(20 / (30 + stay))
    assert str(leverage.at) == "processing time of permit stamp"
    assert leverage.value == pytest.approx((stay - 0.828 / (1 - 0.828)) * 3600)


def test_they_print_and_turn_into_data() -> None:
    """
    One table, in both languages, and plain data.
    """
    found = ps.bottleneck_kinds(model())
    assert str(found).splitlines()[1].split() == [
        "capacity:",
        "the",
        "busiest",
        "clerk",
        "utilisation",
        "0.92",
    ]
    assert "dari waktu siklus" in found.text("id")
    assert [row["at"] for row in found.rows()][:2] == ["clerk", "permit post"]
    assert found.data()["capacity"] == [{"at": "clerk", "value": pytest.approx(0.92)}]


def test_ties_are_all_there() -> None:
    """
    Two clerks of the same work are both the bottleneck, in every sense.
    """
    steps = [ps.Step(id, resource=f"clerk-{id}", processing_time="30 min") for id in ("a", "b")]
    procedure = ps.Procedure(steps=steps, flows=[ps.Flow("a", "b")])
    service = ps.PublicService("s", arrival_rate="1 case/hour", procedure=procedure)
    resources = [ps.Resource("clerk-a"), ps.Resource("clerk-b")]
    found = ps.bottleneck_kinds(ps.PublicOrganisation("o", resources=resources, services=[service]))
    assert [len(found.of(kind)) for kind in ("capacity", "delay", "leverage")] == [2, 2, 2]


def test_what_joins_wait_for_is_a_delay_too() -> None:
    """
    Where branches take long now and then, their join may be where the time goes; services without rates count alike.
    """
    steps = [ps.Step(f"s{n}", processing_time="exponential(mean=1 hour)") for n in range(8)]
    gateways = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    flows = [flow for step in steps for flow in (ps.Flow("f", step.id), ps.Flow(step.id, "j"))]
    procedure = ps.Procedure(start="f", steps=steps, gateways=gateways, flows=flows)
    found = ps.bottleneck_kinds(
        ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
    )
    (delay,) = found.delay
    assert str(delay.at) == "joins of s"
    assert delay.value == pytest.approx(1 - 1 / 2.717857, rel=1e-3)
    assert found.capacity == ()


def test_an_overloaded_organisation_has_a_capacity_bottleneck_only() -> None:
    """
    Where nothing has a steady state only the load can be told.
    """
    step = ps.Step("a", resource="clerk", processing_time="2 hour")
    service = ps.PublicService("s", arrival_rate="1 case/hour", procedure=ps.Procedure(steps=[step]))
    found = ps.bottleneck_kinds(
        ps.PublicOrganisation("o", resources=[ps.Resource("clerk")], services=[service])
    )
    assert [one.at for one in found.capacity] == ["clerk"]
    assert found.delay == found.leverage == ()
