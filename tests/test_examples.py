"""The shipped example organisations: what their comments promise is what the rules find, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import pubservice as ps
from pubservice.io.example import example_text
from pubservice.model.service import DELIVERY_COMPONENTS, MANUFACTURING_COMPONENTS

REDUNDANT = {
    "building-permit": {
        ("RED001", ("intake", "assess-structure")),
        ("RED001", ("inspect-site", "check-zoning")),
        ("RED002", ("register-report", "register")),
        ("RED003", ("fork", "join")),
        ("EVD001", ("ask-zoning",)),
        ("EVD002", ("ask-zoning",)),
        ("EVD003", ("intake", "ask-zoning")),
        ("EVD004", ("intake",)),
        ("EVD006", ("intake",)),
    },
    "business-licence": {
        ("RED001", ("accept", "score-risk")),
        ("RED002", ("file-score", "copy-score")),
        ("EVD001", ("prepare-visit",)),
        ("EVD002", ()),
        ("EVD003", ("accept",)),
        ("EVD004", ("accept",)),
    },
    "civil-registration": {
        ("RED001", ("receive", "enter")),
        ("RED002", ("photocopy",)),
        ("RED002", ("log-sheet",)),
        ("EVD001", ("hand-over",)),
        ("EVD004", ("ask-hospital",)),
    },
}
BOTTLENECK = {"building-permit": "engineer", "business-licence": "health", "civil-registration": "operator"}
MAIN = {
    "building-permit": ["building-permit"],
    "business-licence": ["business-identity", "food-licence"],
    "civil-registration": ["birth-certificate", "identity-card"],
}


@pytest.mark.parametrize("name", ps.example_names())
def test_redundancies_are_those_that_the_comments_name(name: str) -> None:
    """
    The rules find each redundancy of an example, and none of the look-alikes: checks after a change or on other branches.
    """
    found = {
        (f.code, f.steps) for f in ps.check(ps.read_example(name), select=["MOD", "RED", "EVD", "WAI001"])
    }
    assert REDUNDANT[name] == found


@pytest.mark.parametrize("name", ps.example_names())
def test_bottleneck_is_busy_and_keeps_up(name: str) -> None:
    """
    One resource is the bottleneck, busy between 85 and 97 % of its time.
    """
    (busiest,) = ps.find_bottlenecks(ps.read_example(name)).bottlenecks
    assert busiest.resource == BOTTLENECK[name]
    assert 0.85 <= (busiest.utilisation or 0) <= 0.97


@pytest.mark.parametrize("name", ps.example_names())
def test_the_bottleneck_is_reported_with_a_remedy(name: str) -> None:
    """
    The bottleneck is near its capacity, and one more is what the rules say would help.
    """
    remedies = [f.remedy for f in ps.check(ps.read_example(name), select=["WAI003"])]
    assert BOTTLENECK[name] in [edit.resource for edit in remedies if isinstance(edit, ps.SetCapacity)]


@pytest.mark.parametrize("name", ps.example_names())
def test_every_time_is_defined(name: str) -> None:
    """
    Every service of an example has a cycle time, and nothing in it is undefined.
    """
    services = ps.performance(ps.read_example(name)).services
    assert all(service.cycle_time is not None and not service.undefined for service in services)


@pytest.mark.parametrize("name", ps.example_names())
def test_figures_are_called_illustrative(name: str) -> None:
    """
    The file and the description, in both languages, say that the figures are illustrative.
    """
    description = ps.read_example(name).description
    assert "illustrative" in example_text(name).split("pubservice: 1")[0]
    assert ("illustrative" in description.text("en"), "ilustrasi" in description.text("id")) == (True, True)


@pytest.mark.parametrize("name", ps.example_names())
def test_main_services_have_a_complete_standard(name: str) -> None:
    """
    Each of the 14 components of a standard is a text of the standard or stands elsewhere in the service.
    """
    for id in MAIN[name]:
        service = ps.read_example(name).service(id)
        typed = {
            "requirements": service.requirements,
            "procedure": service.procedure.steps,
            "fee": service.fees,
            "product": service.outputs,
            "legal_basis": service.legal_basis,
        }
        components = (*DELIVERY_COMPONENTS, *MANUFACTURING_COMPONENTS)
        assert [c for c in components if not (getattr(service.standard, c) or typed.get(c))] == []


@pytest.mark.parametrize("name", ps.example_names())
def test_names_stand_in_both_languages(name: str) -> None:
    """
    Organisation, services, resources, evidence, steps and waits have an English and an Indonesian name.
    """
    office = ps.read_example(name)
    things: list[Any] = [office, *office.services, *office.resources, *office.evidence]
    things += [node for service in office.services for node in service.procedure.workers]
    assert [thing.id for thing in things if {"en", "id"} - set(dict(thing.name.translations))] == []


def test_building_permit_asks_for_what_the_office_issued() -> None:
    """
    The building permit asks the applicant for evidence that another service of the same office gives.
    """
    office = ps.read_example("building-permit")
    issued = {output.id for service in office.services for output in service.outputs}
    asked = {datum for step in office.service("building-permit").procedure.steps for datum in step.asks}
    assert asked & issued == {"zoning-advice"}


@pytest.mark.parametrize("name", ps.example_names())
def test_closures_are_the_days_of_the_decree(name: str) -> None:
    """
    Offices close on the public holidays and joint leave of 2026: fifteen and eight days of the joint decree.

    Source:
        Joint decree (SKB 3 Menteri) 1497/2025, 2/2025 and 5/2025: 17 holidays, two of them Sundays without a closure
        here, and 8 days of joint leave.
    """
    holidays = [
        "0101",
        "0116",
        "0217",
        "0319",
        "0321",
        "0322",
        "0403",
        "0501",
        "0514",
        "0527",
        "0601",
        "0616",
        "0817",
        "0825",
        "1225",
    ]
    joint_leave = ["0216", "0318", "0320", "0323", "0324", "0515", "0528", "1224"]
    (calendar,) = ps.read_example(name).calendars
    days = [
        f"{day:%m%d}"
        for closure in calendar.closures
        for day in (closure.first + timedelta(n) for n in range((closure.last - closure.first).days + 1))
    ]
    assert days == sorted(holidays + joint_leave)
