"""Legal bases (LEG001), the standard (LEG002) and its promise (LEG003)."""

from __future__ import annotations

import pytest

import pubservice as ps
from planting import sketches
from pubservice.analysis.components import COMPONENTS
from pubservice.model.service import DELIVERY_COMPONENTS, MANUFACTURING_COMPONENTS
from written import found, model, only, texts

BASES = """
evidence: [{id: photo, legal_basis: [UU 3/2020]}]
requirements: [{id: form, legal_basis: [UU 1/2020]}, card]
procedure:
  steps:
    - {id: a, asks: [card, photo]}
    - {id: visit, contact: in-person}
    - {id: fill, actor: applicant}
    - {id: b, contact: remote}
    - {id: hear, contact: in-person, legal_basis: [UU 2/2020]}
  flows: [{source: a, target: visit}, {source: visit, target: fill}, {source: fill, target: b}, {source: b, target: hear}]
"""


def test_what_is_demanded_without_a_legal_basis_is_told() -> None:
    """
    A requirement, an appearance and an act of the applicant without a provision are told, one each.
    """
    assert texts(BASES, "LEG001") == [
        "a: card is demanded without a legal basis",
        "visit: applicants have to appear without a legal basis",
        "fill: applicants have to act without a legal basis",
    ]


def test_who_hands_in_what_the_law_demands_appears_for_that() -> None:
    """
    A step that asks for something needs no basis of its own to appear; a step with one covers what it asks for.
    """
    text = BASES.replace("{id: a,", "{id: a, contact: in-person, legal_basis: [UU 4/2020],")
    assert [f.steps for f in found(text, "LEG001")] == [("visit",), ("fill",)]


def test_requirements_and_steps_are_compared_with_their_like() -> None:
    """
    Where no requirement, or no step, states a basis, that kind is not judged; where only the service does, that is said.
    """
    no_steps = BASES.replace(", legal_basis: [UU 2/2020]", "")
    assert [f.steps for f in found(no_steps, "LEG001")] == [("a",)]
    no_requirements = BASES.replace(", legal_basis: [UU 1/2020]", "").replace(
        ", legal_basis: [UU 3/2020]", ""
    )
    assert [f.steps for f in found(no_requirements, "LEG001")] == [("visit",), ("fill",)]
    neither = no_steps.replace(", legal_basis: [UU 1/2020]", "").replace(", legal_basis: [UU 3/2020]", "")
    assert str(ps.check(model(neither), select=["LEG001"])) == "no findings"
    general = "legal_basis: [UU 5/2020]\n" + neither.strip()
    (skipped,) = ps.check(model(general), select=["LEG001"]).skipped
    assert str(skipped.reason) == (
        "the service has a legal basis, but none of its requirements and steps states one"
    )
    assert str(ps.check(model("procedure: {steps: [{id: a}]}"), select=["LEG001"])) == "no findings"


def test_planted_demands_without_a_basis_are_found_and_look_alikes_are_not() -> None:
    """
    An appearance without a basis beside one with a basis is found; one with its own basis, or by remote, is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        fields: dict[str, str] = {"contact": "remote" if n % 3 == 1 else "in-person"}
        step = sketch.step(**fields, legal_basis=["UU 2/2020"] if n % 3 == 2 else [])
        sketch.put(step)
        sketch.put(sketch.step(contact="in-person", legal_basis=["UU 1/2020"]))
        found_ = [f.steps for f in ps.check(sketch.organisation(), select=["LEG001"])]
        assert found_ == [(step.id,)] * (n % 3 == 0)


def test_the_components_are_the_fourteen_of_the_standard() -> None:
    """
    The rule looks at the six components of delivery, then at the eight of manufacturing.
    """
    assert tuple(COMPONENTS) == (*DELIVERY_COMPONENTS, *MANUFACTURING_COMPONENTS)


@pytest.mark.parametrize("name", COMPONENTS)
def test_each_missing_component_is_named(name: str) -> None:
    """
    A standard that lacks one component is told which, in both languages; its typed counterpart stands in for it.
    """
    values = {part: "1 day" if part == "completion_time" else "Text" for part in COMPONENTS if part != name}
    service = ps.PublicService("s", standard=ps.ServiceStandard(**values))
    (one,) = ps.check(ps.PublicOrganisation("o", services=[service]), select=["LEG002"])
    assert str(one.message) == f"lacks 1 of the 14 components of its standard: {COMPONENTS[name]}"
    assert str(COMPONENTS[name]) not in one.message.text("id")
    typed = {
        "requirements": {"requirements": ["form"]},
        "procedure": {"procedure": ps.Procedure(steps=[ps.Step("a")])},
        "fee": {"fees": [ps.Fee("5 IDR")]},
        "product": {"outputs": ["permit"]},
        "legal_basis": {"legal_basis": ["UU 1/2020"]},
    }
    fields = typed.get(name)
    if fields is not None:
        standing_in = ps.PublicService("s", standard=service.standard, **fields)  # type: ignore[arg-type]  # idem
        assert not ps.check(ps.PublicOrganisation("o", services=[standing_in]), select=["LEG002"])


def test_a_service_without_any_standard_is_not_judged() -> None:
    """
    A model that holds nothing of a standard says nothing about whether there is one.
    """
    assert str(ps.check(model("procedure: {}"), select=["LEG002"])) == "no findings"


PROMISE = """
resources: [{id: clerk}]
standard: {completion_time: 2 hour}
arrival_rate: 1 case/hour
procedure:
  steps: [{id: a, resource: clerk, processing_time: "exponential(45 min)"}]
"""


def test_a_promise_shorter_than_the_mean_is_told() -> None:
    """
    One clerk, 45 minutes a case, one case an hour: three hours on average (M/M/1), two promised.
    """
    assert texts(PROMISE, "LEG003") == ["promises 2 hour, and a case takes 3 hour on average"]
    assert not found(PROMISE.replace("2 hour", "3.01 hour"), "LEG003")


def test_a_promise_shorter_than_the_work_is_told() -> None:
    """
    What is shorter than the work alone cannot be kept however little waits.
    """
    assert texts(PROMISE.replace("2 hour", "30 min"), "LEG003") == [
        "promises 30 min, and without any waiting a case takes 45 min"
    ]


def test_a_promise_without_a_cycle_time_is_told_where_a_resource_cannot_keep_up() -> None:
    """
    An overloaded resource leaves no cycle time to promise; a missing arrival rate or time is a reason not to judge.
    """
    (told,) = texts(PROMISE.replace("1 case/hour", "2 case/hour"), "LEG003")
    assert told.startswith("promises 2 hour, and there is no cycle time: clerk: utilisation 1.50")
    for text in (
        PROMISE.replace("arrival_rate: 1 case/hour\n", ""),
        PROMISE.replace(', processing_time: "exponential(45 min)"', ""),
    ):
        assert len(ps.check(model(text), select=["LEG003"]).skipped) == 1
    assert not found(PROMISE.replace("standard: {completion_time: 2 hour}", ""), "LEG003")
    assert not found("standard: {completion_time: 2 hour}", "LEG003")


def test_a_promise_in_working_days_runs_by_the_calendar() -> None:
    """
    A wait of two working days breaks a promise of one; without a calendar it cannot be said.
    """
    text = """
    standard: {completion_time: 1 working_day}
    procedure:
      steps: [{id: a, processing_time: 0 min}]
      waits: [{id: w, cause: other, clock: working, time: 16 hour}]
      flows: [{source: a, target: w}]
    """
    (skipped,) = ps.check(model(text), select=["LEG003"]).skipped
    assert str(skipped.reason) == "the promise is in working days, and there is no calendar"
    calendar = '    calendars: [{id: office, hours: {mon-fri: "08:00-16:00"}}]\n    calendar: office\n'
    one = only(calendar + text.strip("\n"), "LEG003")
    assert str(one.message) == "promises 1 working_day, and a case takes 2 working_day on average"


def test_planted_promises_are_told_exactly_where_they_are_too_short() -> None:
    """
    Just below the mean cycle time a promise is told, just above it is not, whatever the procedure.
    """
    for n, sketch in enumerate(sketches(1000)):
        organisation = sketch.organisation()
        cycle = ps.performance(organisation).services[0].cycle_time_s
        if cycle is None:
            continue  # without an arrival rate nothing queues, so that this is a matter of the procedure alone
        factor = 0.99 if n % 2 else 1.01
        standard = ps.ServiceStandard(completion_time=f"{cycle * factor} s")
        planted = sketch.organisation(standard=standard)
        assert len(ps.check(planted, select=["LEG003"])) == n % 2
