"""The standard: components, completeness, and the promise against the model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import pubservice as ps
from pubservice.analysis.components import COMPONENTS
from pubservice.model.service import DELIVERY_COMPONENTS, MANUFACTURING_COMPONENTS
from strategies import checkable
from written import model


def checked(text: str) -> ps.CheckedStandard:
    """Return the standard of the service that a text describes."""
    return ps.check_standards(model(text)).service("s")


def promise_of(text: str) -> ps.Promise:
    """Return its promise."""
    found = checked(text).promise
    assert found is not None
    return found


def test_components_are_those_of_the_law_in_its_order() -> None:
    """
    Six components of delivery and eight of manufacturing, 14 in all.

    Source:
        UU 25/2009 art. 21; Permenpan RB 15/2014.
    """
    assert tuple(COMPONENTS) == (*DELIVERY_COMPONENTS, *MANUFACTURING_COMPONENTS)
    assert (len(DELIVERY_COMPONENTS), len(MANUFACTURING_COMPONENTS)) == (6, 8)


def test_a_component_stands_in_the_text_or_in_the_model() -> None:
    """
    The text of a component counts, and so does what the service holds in its place; a text that is empty does not.
    """
    found = checked(
        """
        requirements: [id-card]
        fees: [{amount: 5 EUR}]
        standard: {fee: Five euro, product: ''}
        procedure: {steps: [{id: a, processing_time: 1 min}]}
        """
    )
    assert (found.places["requirements"], found.places["fee"], found.places["product"]) == (
        "model",
        "text",
        None,
    )
    assert found.present == ("requirements", "procedure", "fee")
    assert found.delivery_completeness == 0.5
    assert found.manufacturing_completeness == 0
    assert found.completeness == 3 / 14
    assert found.promise is None


@settings(max_examples=50)
@given(checkable)
def test_the_report_agrees_with_the_rule(office: ps.PublicOrganisation) -> None:
    """
    What the report calls missing is what LEG002 finds, in services that state anything of a standard.
    """
    told = {finding.service: finding.message for finding in ps.check(office, select=["LEG002"])}
    for found in ps.check_standards(office).services:
        if found.stated and found.missing:
            assert told.pop(found.service).values["count"] == len(found.missing)
    assert told == {}


PROCEDURE = """
procedure:
  steps: [{id: a, processing_time: 1 hour}]
  waits: [{id: w, cause: other-body, clock: elapsed, time: 9 hour}]
  flows: [{source: a, target: w}]
"""


@pytest.mark.parametrize(
    ("length", "verdict", "margin"),
    [
        ("20 hour", "kept", 0.5),
        ("10 hour", "kept", 0.0),
        ("5 hour", "missed", -1.0),
        ("30 min", "impossible", -19.0),
        ("0 min", "impossible", None),
    ],
)
def test_a_promise_is_held_against_theory_and_mean(length: str, verdict: str, margin: float | None) -> None:
    """
    One hour of work and nine of waiting: less than an hour is impossible, less than ten is missed on average.
    """
    found = promise_of(f"standard: {{completion_time: {length}}}\n{PROCEDURE}")
    assert (found.theoretical_s, found.mean_s) == (3600, 36000)
    assert (found.verdict, found.margin) == (verdict, margin)


def test_times_are_said_in_the_unit_of_the_promise() -> None:
    """
    Table and data give promise, theoretical and mean cycle time; a promise of no time has none to say them in.
    """
    found = ps.check_standards(model(f"standard: {{completion_time: 1 day}}\n{PROCEDURE}"))
    (row,) = found.rows()
    assert row == {
        "service": "s",
        "components": "2/14",
        "delivery": "2/6",
        "manufacturing": "0/8",
        "promise": "1 day",
        "without waiting": "0.04167 day",
        "mean": "0.4167 day",
        "margin": "58%",
        "verdict": "kept on average",
    }
    assert promise_of(f"standard: {{completion_time: 0 min}}\n{PROCEDURE}").said(3600) == "60 min"
    data = found.data()["services"][0]["promise"]
    assert (data["length"], data["verdict"], data["undefined"]) == ("1 day", "kept", {})


def test_the_clock_of_the_service_counts() -> None:
    """
    A promise in working days is compared on the office's clock; without a calendar it is undefined, with the reason.
    """
    open_office = """
    calendars: [{id: office, hours: {mon-fri: "09:00-17:00"}}]
    calendar: office
    """
    promised = f"standard: {{completion_time: 2 working_day}}\n{PROCEDURE}"
    found = promise_of("\n".join(line.strip() for line in open_office.splitlines()) + "\n" + promised)
    assert found.promised_s == 16 * 3600
    without = ps.check_standards(model(promised))
    nothing = without.service("s").promise
    assert nothing is not None
    assert (nothing.promised_s, nothing.verdict, nothing.margin) == (None, None, None)
    reason = "the promise is in working days, and there is no calendar"
    assert nothing.data()["undefined"] == {"promised_s": reason}
    assert f"s: whether the promise is kept is not known: {reason}" in str(without)
    assert without.rows()[0]["mean"] is None


def test_a_promise_without_times_says_why() -> None:
    """
    Where a processing time is unknown there is neither a theoretical nor a mean cycle time, and no verdict.
    """
    found = promise_of("standard: {completion_time: 1 day}\nprocedure: {steps: [{id: a}]}")
    assert (found.verdict, found.margin) == (None, None)
    assert found.undefined == dict.fromkeys(
        ("theoretical_cycle_time_s", "cycle_time_s"), "the processing time of step 'a' is unknown"
    )


def test_a_wait_of_unknown_length_leaves_what_is_impossible() -> None:
    """
    Work alone that takes longer than the promise breaks it, whatever is not known besides.
    """
    text = """
    standard: {{completion_time: {length}}}
    procedure:
      steps: [{{id: a, processing_time: 1 hour}}]
      waits: [{{id: w, cause: other, clock: elapsed}}]
      flows: [{{source: a, target: w}}]
    """
    assert promise_of(text.format(length="30 min")).verdict == "impossible"
    unknown = ps.check_standards(model(text.format(length="2 hour")))
    assert unknown.rows()[0]["verdict"] == "unknown"
    assert unknown.rows()[0]["without waiting"] == "1 hour"


def test_what_is_missing_is_printed() -> None:
    """
    Below the table stands what is missing; of a service that states nothing, that what counts stands elsewhere.
    """
    found = ps.check_standards(ps.read_example("building-permit"))
    assert "zoning-advice: missing: facilities, competence of staff" in str(found)
    assert "zoning-advice: belum ada: sarana dan prasarana" in found.text("id")
    nothing = ps.check_standards(ps.PublicOrganisation("o", services=[ps.PublicService("s")]))
    assert "s: states nothing of a standard; what counts stands elsewhere in the service" in str(nothing)
    assert nothing.service("s").completeness == 0
    assert str(ps.check_standards(ps.PublicOrganisation("o"))) == "there are no services"


def test_an_overloaded_office_leaves_the_verdict_unknown() -> None:
    """
    Where staff cannot keep up there is no mean: the verdict is unknown, and the reason stands below the table; of a time
    that work alone exceeds it is impossible all the same.
    """
    text = """
    calendars: [{{id: office, hours: {{mon-fri: "09:00-17:00"}}}}]
    calendar: office
    resources: [{{id: clerk}}]
    arrival_rate: 40 case/working_day
    standard: {{completion_time: {length}}}
    procedure: {{steps: [{{id: a, resource: clerk, processing_time: 1 working_hour}}]}}
    """
    text = "\n".join(line.strip() for line in text.splitlines())
    late = ps.check_standards(model(text.format(length="2 working_day")))
    assert late.rows()[0]["verdict"] == "unknown"
    why = "clerk: utilisation 5.00: capacity 1 cannot keep up with 5; 6 would"
    assert f"s: whether the promise is kept is not known: {why}" in str(late)
    never = ps.check_standards(model(text.format(length="30 min")))
    assert never.rows()[0]["verdict"] == "impossible"
    assert f"s: {why}" in str(never)


def test_unknown_services_are_refused() -> None:
    """
    Asking for a service that is not there names the nearest.
    """
    with pytest.raises(ps.UnknownIdError, match="no service 's2'"):
        ps.check_standards(ps.PublicOrganisation("o", services=[ps.PublicService("s1")])).service("s2")


def test_data_says_where_it_comes_from() -> None:
    """
    JSON has the shares, the places and the sources of a report.
    """
    data: Any = ps.check_standards(ps.read_example("civil-registration")).data()
    assert data["organisation"] == "civil-registry"
    assert data["services"][0]["completeness"] == 1
    assert set(data["services"][0]["components"]) == set(COMPONENTS)
    assert any("15/2014" in source for source in data["provenance"]["sources"])
