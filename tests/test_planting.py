"""What is planted in grows in clean ground."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps
from planting import sketches


def test_sketches_are_clean() -> None:
    """
    A random procedure has an end that every case reaches, and linked data are never unused, missing or asked twice.
    """
    for sketch in sketches(1000):
        organisation = sketch.organisation(linked=True)
        assert [str(f) for f in ps.check(organisation, select=["MOD", "RED001", "RED002", "EVD001"])] == []
        found = ps.performance(organisation).services[0]
        assert [outcome.probability for outcome in found.outcomes] == pytest.approx([1.0])


def test_what_is_planted_in_order_is_passed_in_order() -> None:
    """
    Items put in order stand in this order on every way, so that the later check repeats the earlier.
    """
    for sketch in sketches(1000):
        one, other = (sketch.step(checks=["card"]) for _ in range(2))
        sketch.put_in_order(one, other, between=1)
        found = ps.check(sketch.organisation(requirements=["card"]), select=["RED001"])
        assert [f.steps for f in found] == [(one.id, other.id)]


def test_what_is_planted_apart_is_apart() -> None:
    """
    Items put in branches of a choice exclude each other, so that neither check repeats the other.
    """
    for sketch in sketches(1000):
        sketch.put_apart("exclusive", *(sketch.step(checks=["card"]) for _ in range(2)))
        assert not ps.check(sketch.organisation(requirements=["card"]), select=["RED001"])


def test_planted_second_eyes_are_kept() -> None:
    """
    A later check that a provision demands of others, and one after a change of what is checked, are no repetition.
    """
    for n, sketch in enumerate(sketches(1000)):
        changes = {"gives": ["card"]} if n % 2 else {}
        law = {} if n % 2 else {"legal_basis": ["four eyes"]}
        first = sketch.step(checks=["card"], **changes)
        again = sketch.step(checks=["card"], **law)
        sketch.put_in_order(first, again, between=1)
        organisation = sketch.organisation(requirements=["card"])
        service = organisation.services[0]
        steps = [
            attrs.evolve(step, resource=["one"] if step.id == first.id else ["other"])
            if step.id in (first.id, again.id)
            else step
            for step in service.procedure.steps
        ]
        service = attrs.evolve(service, procedure=attrs.evolve(service.procedure, steps=steps))
        resources = [*organisation.resources, ps.Resource("one"), ps.Resource("other")]
        organisation = attrs.evolve(organisation, resources=resources, services=[service])
        assert not ps.check(organisation, select=["RED001"])
