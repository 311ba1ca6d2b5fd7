"""A public service and its parts."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from pubservice.errors import InvalidModelError, InvalidQuantityError
from pubservice.model.metric import Target
from pubservice.model.procedure import Procedure, Step
from pubservice.model.service import (
    DELIVERY_COMPONENTS,
    MANUFACTURING_COMPONENTS,
    Channel,
    Event,
    Evidence,
    Fee,
    Output,
    PublicService,
    Requirement,
    ServiceStandard,
)
from pubservice.units import Duration, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Callable

PERMIT = PublicService(
    "permit",
    name={"en": "Permit", "id": "Izin"},
    kind="administrative",
    audience=["residents"],
    legal_basis=["UU 25/2009"],
    requirements=["form", Requirement("identity", evidence=["id-card", "passport"])],
    outputs=["permit", Output("notice", legal_basis="UU 25/2009")],
    channels=[Channel("counter", kind="counter", travel_time="1 hour")],
    fees=[Fee("50000 IDR", at="pay"), Fee("10000 IDR")],
    life_events=["moving"],
    business_events=[Event("founding")],
    standard=ServiceStandard(completion_time="14 working_day"),
    targets=[Target("cycle-time", value="14 working_day")],
    arrival_rate="3 case/hour",
    procedure=Procedure(steps=[Step("pay", channel="counter")]),
)


def refusal(function: Callable[..., object], /, *arguments: Any, **fields: Any) -> str:
    with pytest.raises(InvalidModelError) as caught:
        function(*arguments, **fields)
    return str(caught.value)


def test_service_reads_what_people_write() -> None:
    """
    The fields of a service are read from text; a name alone is a requirement, an output or an event of that id.
    """
    assert PERMIT.requirements == (
        Requirement("form"),
        Requirement("identity", evidence=("id-card", "passport")),
    )
    assert PERMIT.outputs == (Output("permit"), Output("notice", legal_basis=("UU 25/2009",)))
    assert (PERMIT.life_events, PERMIT.business_events) == ((Event("moving"),), (Event("founding"),))
    assert (PERMIT.arrival_rate, PERMIT.fees[0].amount) == (Rate(3, "hour"), Money(50000, "IDR"))
    assert PERMIT.channels[0].travel_time == Duration(1, "hour")


def test_requirement_is_met_by_itself() -> None:
    """
    A requirement without alternatives is met by the datum of its own id.
    """
    assert Requirement("id-card").evidence == ("id-card",)


def test_evidence_reads_what_people_write() -> None:
    """
    What evidence costs and takes is read from text.
    """
    card = Evidence(
        "id-card", issuer="civil-registry", validity="5 year", time_to_obtain="3 h", cost_to_obtain="0 IDR"
    )
    assert (card.validity, card.time_to_obtain, card.cost_to_obtain) == (
        Duration(5, "year"),
        Duration(3, "hour"),
        Money(0, "IDR"),
    )


def test_standard_has_the_fourteen_components() -> None:
    """
    A standard has the six components of delivery and the eight of manufacturing (Permenpan RB 15/2014).
    """
    assert {field.name for field in attrs.fields(ServiceStandard)} == {
        *DELIVERY_COMPONENTS,
        *MANUFACTURING_COMPONENTS,
    }
    assert (len(DELIVERY_COMPONENTS), len(MANUFACTURING_COMPONENTS)) == (6, 8)


def test_a_service_may_be_only_named() -> None:
    """
    A service without a described procedure is a service.
    """
    service = PublicService("permit")
    assert (service.procedure, service.standard, service.arrival_rate) == (
        Procedure(),
        ServiceStandard(),
        None,
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"kind": "good"},
            "kind: expected one of goods, services, administrative, got 'good', did you mean 'goods'?",
        ),
        ({"provider": 3}, "provider: expected a text, got 3"),
        ({"calendar": 3}, "calendar: expected a text, got 3"),
        ({"requirements": "form"}, "expected a list, got 'form'"),
        ({"outputs": {"permit": 1}}, "expected a list, got {'permit': 1}"),
        ({"outputs": 3}, "expected a list, got 3"),
        ({"outputs": [3]}, "expected a Output, got 3"),
        ({"channels": ["counter"]}, "expected a Channel, got 'counter'"),
        ({"fees": ["5 IDR"]}, "expected a Fee, got '5 IDR'"),
        ({"targets": [3]}, "expected a Target, got 3"),
        ({"standard": None}, "standard: expected a ServiceStandard, got None"),
        ({"procedure": "pay"}, "procedure: expected a Procedure, got 'pay'"),
        ({"requirements": ["form", "form"]}, "requirements[1].id: 'form' is there already"),
        ({"outputs": ["a", "b", "b"]}, "outputs[2].id: 'b' is there already"),
        ({"channels": [Channel("c"), Channel("c")]}, "channels[1].id: 'c' is there already"),
        ({"life_events": ["x", "x"]}, "life_events[1].id: 'x' is there already"),
        ({"business_events": ["x", "x"]}, "business_events[1].id: 'x' is there already"),
        (
            {"fees": [Fee("1 IDR", at="pey")], "procedure": Procedure(steps=[Step("pay")])},
            "fees[0].at: no node 'pey', did you mean 'pay'?",
        ),
        (
            {"channels": [Channel("counter")], "procedure": Procedure(steps=[Step("pay", channel="conter")])},
            "procedure.steps[0].channel: no channel 'conter', did you mean 'counter'?",
        ),
    ],
)
def test_service_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A service names the place at fault, what it expected and what it found.
    """
    assert refusal(PublicService, "permit", **fields) == message


def test_all_faults_of_a_service_together() -> None:
    """
    All faults of a service are reported at once, in document order.
    """
    with pytest.raises(InvalidModelError) as caught:
        PublicService(
            "permit",
            requirements=["form", "form"],
            fees=[Fee("1 IDR", at="x"), Fee("1 IDR", at="pay"), Fee("1 IDR", at="y")],
            procedure=Procedure(steps=[Step("pay", channel="z")]),
        )
    assert [problem.path for problem in caught.value.problems] == [
        "requirements[1].id",
        "fees[0].at",
        "fees[2].at",
        "procedure.steps[0].channel",
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: PublicService("s", time_value="-1 IDR/hour"),
            "expected a cost such as '60000 IDR/hour', got '-1 IDR/hour'",
        ),
        (
            lambda: Requirement("r", business_as_usual=2),
            "expected a number from 0 to 1 such as 0.25 or 1/4, got 2",
        ),
        (
            lambda: PublicService("s", arrival_rate="3 hour"),
            "expected a rate such as '3 case/hour', got '3 hour'",
        ),
        (lambda: Fee("free"), "expected an amount such as '60000 IDR', got 'free'"),
        (lambda: Fee("-5 IDR"), "expected an amount that is not negative, got '-5 IDR'"),
        (lambda: Channel("c", travel_time="far"), "expected a duration such as '15 min', got 'far'"),
        (lambda: Evidence("e", validity="ever"), "expected a duration such as '15 min', got 'ever'"),
        (lambda: ServiceStandard(completion_time="soon"), "expected a duration such as '15 min', got 'soon'"),
    ],
)
def test_quantities_say_what_is_wrong(make: Callable[[], object], message: str) -> None:
    """
    A quantity that cannot be read says what was expected and what was found.
    """
    with pytest.raises(InvalidQuantityError) as caught:
        make()
    assert str(caught.value) == message


def test_channel_has_a_kind() -> None:
    """
    A channel of no known kind is refused.
    """
    assert refusal(Channel, "c", kind="desk") == (
        "kind: expected one of counter, online, phone, post, mobile, other, got 'desk'"
    )


@pytest.mark.parametrize(
    "thing",
    [
        PERMIT,
        *PERMIT.requirements,
        *PERMIT.outputs,
        *PERMIT.channels,
        *PERMIT.fees,
        PERMIT.standard,
        *PERMIT.life_events,
        Evidence("e"),
    ],
)
def test_parts_are_frozen_hashable_and_pickle(thing: Any) -> None:
    """
    No part of a service can be changed; each stands in sets and travels between processes.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.name = "x"
    assert {thing} == {pickle.loads(pickle.dumps(thing))}
