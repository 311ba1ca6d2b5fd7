"""The administrative cost of the services of a model."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given

import pubservice as ps
from strategies import organisations

TARIFF = "20000 IDR/hour"


@pytest.mark.parametrize("name", ps.example_names())
def test_the_obligations_of_every_example_share_the_applicants_time(name: str) -> None:
    """
    The hours of the obligations of a service together are the applicant's time; in a year, × the cases of the year.
    """
    organisation = ps.read_example(name)
    for service in ps.performance(organisation).services:
        cost = ps.administrative_cost(organisation, service=service.id)
        assert {obligation.of for obligation in cost.obligations} == {service.id}
        hours = sum(obligation.hours or 0.0 for obligation in cost.obligations)
        assert hours == pytest.approx((service.applicant_time_s or 0.0) / 3600)
        assert cost.hours == pytest.approx(hours * (cost.obligations[0].quantity or 0.0))


def test_a_document_is_obtained_and_shares_the_steps_that_ask_for_it() -> None:
    """
    By hand: the site plan takes six hours and 1.5 million, and a third of each of 4/3 visits to intake.
    """
    organisation = ps.read_example("building-permit")
    cost = ps.administrative_cost(organisation, service="building-permit", tariff=TARIFF)
    (plan,) = [obligation for obligation in cost.obligations if obligation.name == "site-plan"]
    assert [(a.name, round(a.times, 3)) for a in plan.activities] == [
        ("obtain site-plan", 1.0),
        ("intake", 1.333),
    ]
    step = ps.performance(organisation).service("building-permit").step("intake")
    minutes = ((step.processing_time_s or 0) + (step.waiting_time_s or 0)) / 60 + 90
    assert plan.hours == pytest.approx(6 + 4 / 3 * minutes / 60 / 3)
    assert plan.price is not None
    assert plan.price.amount == pytest.approx(1_500_000 + 20_000 * (plan.hours or 0.0))


def test_business_as_usual_and_the_value_of_time_come_from_the_model() -> None:
    """
    What applicants would bear anyway is no burden; the service says what an hour is worth, and a tariff overrides it.
    """
    service = ps.PublicService(
        "s",
        arrival_rate="1 case/day",
        time_value="10 EUR/hour",
        requirements=[ps.Requirement("accounts", business_as_usual=0.75), "form"],
        procedure=ps.Procedure(steps=[ps.Step("a", processing_time="1 min")]),
    )
    organisation = ps.PublicOrganisation(
        "o", services=[service], evidence=[ps.Evidence("accounts", time_to_obtain="4 hour")]
    )
    cost = ps.administrative_cost(organisation)
    assert cost.cost is not None
    assert cost.burden is not None
    assert (cost.cost[0].amount, cost.burden[0].amount) == pytest.approx((40 * 365.25, 10 * 365.25))
    overridden = ps.administrative_cost(organisation, tariff="20 EUR/hour", overhead=0.25)
    assert overridden.cost is not None
    assert overridden.cost[0].amount == pytest.approx(100 * 365.25)


def test_fees_are_no_administrative_cost() -> None:
    """
    A fee is what a service costs, not what asking for it costs.
    """
    organisation = ps.read_example("business-licence")
    (service,) = [s for s in organisation.services if s.id == "food-licence"]
    free = attrs.evolve(
        organisation, services=[attrs.evolve(service, fees=[], requirements=service.requirements)]
    )
    alone = attrs.evolve(organisation, services=[service])
    assert (
        ps.administrative_cost(free, tariff=TARIFF).cost == ps.administrative_cost(alone, tariff=TARIFF).cost
    )


def test_an_overloaded_counter_leaves_cost_undefined() -> None:
    """
    Where the queue is unknown so is the cost, and the reason is that of the applicant's time.
    """
    step = ps.Step("a", resource="clerk", processing_time="1 hour", contact="in-person", asks=["form"])
    service = ps.PublicService(
        "s", arrival_rate="2 case/hour", requirements=["form"], procedure=ps.Procedure(steps=[step])
    )
    organisation = ps.PublicOrganisation("o", resources=[ps.Resource("clerk")], services=[service])
    cost = ps.administrative_cost(organisation, tariff=TARIFF)
    assert cost.cost is None
    assert "cannot keep up" in cost.undefined["cost"]


def test_a_service_without_an_arrival_rate_has_no_year() -> None:
    """
    Without cases there is a price each time, and no cost of a year.
    """
    step = ps.Step("a", actor="applicant", processing_time="1 hour")
    organisation = ps.PublicOrganisation(
        "o", services=[ps.PublicService("s", procedure=ps.Procedure(steps=[step]))]
    )
    (obligation,) = ps.administrative_cost(organisation, tariff=TARIFF).obligations
    assert obligation.name == "steps that ask for no document"
    assert obligation.price == ps.Money(20_000, "IDR")
    assert obligation.undefined["cost"] == "how many cases there are in a year is not known"


def test_what_cannot_be_walked_is_undefined() -> None:
    """
    Where visits do not exist, the service has one obligation, whose hours are undefined with the reason.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")], flows=[ps.Flow("a", "b"), ps.Flow("a", "c")]
    )
    organisation = ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
    (obligation,) = ps.administrative_cost(organisation).obligations
    assert obligation.hours is None
    assert "'a'" in obligation.undefined["hours"]


def test_without_a_procedure_documents_are_still_obtained() -> None:
    """
    A service of which only the requirements are known costs what obtaining them takes.
    """
    organisation = ps.PublicOrganisation(
        "o",
        services=[ps.PublicService("s", requirements=["id-card"], arrival_rate="1 case/year")],
        evidence=[ps.Evidence("id-card", time_to_obtain="3 hour", cost_to_obtain="9 EUR")],
    )
    cost = ps.administrative_cost(organisation)
    assert cost.hours == pytest.approx(3)
    assert cost.external_cost is not None
    assert [round(amount.amount, 9) for amount in cost.external_cost] == [9]


def test_bad_input_is_named() -> None:
    """
    An unknown service, a negative tariff and a negative overhead are refused, each with what was given.
    """
    organisation = ps.read_example("civil-registration")
    with pytest.raises(ps.UnknownIdError, match="no service 'birth-certificat', did you mean"):
        ps.administrative_cost(organisation, service="birth-certificat")
    with pytest.raises(ps.InvalidQuantityError, match="got '-1 IDR/hour'"):
        ps.administrative_cost(organisation, tariff="-1 IDR/hour")
    with pytest.raises(ps.InvalidQuantityError, match="got -1"):
        ps.administrative_cost(ps.PublicOrganisation("o"), overhead=-1)


@given(organisations())
def test_hours_are_the_applicants_time_of_any_organisation(organisation: ps.PublicOrganisation) -> None:
    """
    For any organisation the obligations of a service take the applicant's time, and say why where they do not.
    """
    for service in ps.performance(organisation).services:
        cost = ps.administrative_cost(organisation, service=service.id)
        hours = [obligation.hours for obligation in cost.obligations]
        described = organisation.service(service.id).procedure.steps
        if service.applicant_time_s is not None:
            assert sum(h or 0.0 for h in hours) == pytest.approx(service.applicant_time_s / 3600, rel=1e-9)
            assert None not in hours
        elif described:
            assert None in hours
        for obligation in cost.obligations:
            lacking = {name for name, value in obligation.data().items() if value is None}
            assert lacking <= set(obligation.undefined)
        assert str(cost) or not cost.obligations
