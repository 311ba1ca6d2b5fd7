"""The way of an applicant through a service: visits, documents, time and money."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from strategies import organisations


def office(service: ps.PublicService, **more: Any) -> ps.PublicOrganisation:
    """Return an office with one clerk that provides a service."""
    return ps.PublicOrganisation(
        "office", resources=[ps.Resource("clerk", capacity=1)], services=[service], **more
    )


def permit(**more: Any) -> ps.PublicService:
    """Return a permit: hand in at the counter, be sent back once in four times, fetch it, pay online."""
    given: dict[str, Any] = {
        "requirements": ["form", ps.Requirement("proof", evidence=["passport", "id-card"]), "sketch"],
        "channels": [
            ps.Channel("counter", kind="counter", travel_time="1 hour"),
            ps.Channel("portal", kind="online"),
        ],
        "fees": [ps.Fee("100 IDR", at="pay"), ps.Fee("1 EUR")],
        "procedure": ps.Procedure(
            start="hand-in",
            steps=[
                ps.Step(
                    "hand-in",
                    resource="clerk",
                    processing_time="10 min",
                    contact="in-person",
                    channel="counter",
                    asks=["proof", "sketch"],
                ),
                ps.Step("pay", actor="applicant", processing_time="6 min", kind="payment", channel="portal"),
                ps.Step("wait-for-it", resource="clerk", processing_time="30 min"),
                ps.Step(
                    "fetch",
                    resource="clerk",
                    processing_time="5 min",
                    contact="in-person",
                    channel="counter",
                    asks=["proof"],
                ),
                ps.Step("tell", resource="clerk", processing_time="1 min", contact="remote"),
            ],
            flows=[
                ps.Flow("hand-in", "hand-in-again", probability=0.25),
                ps.Flow("hand-in", "pay", probability=0.75),
                ps.Flow("hand-in-again", "hand-in"),
                ps.Flow("pay", "wait-for-it"),
                ps.Flow("wait-for-it", "tell"),
                ps.Flow("tell", "fetch"),
            ],
            waits=[ps.Wait("hand-in-again", cause="applicant", clock="elapsed", time="3 day")],
        ),
    }
    return ps.PublicService("permit", **{**given, **more})


EVIDENCE = [
    ps.Evidence("passport", time_to_obtain="3 hour", cost_to_obtain="350 IDR"),
    ps.Evidence("id-card", issuer="registry", time_to_obtain="10 min", cost_to_obtain="20 IDR"),
    ps.Evidence("sketch", cost_to_obtain="7 EUR"),
]


def found(service: ps.PublicService | None = None, **more: Any) -> ps.Journey:
    """Return the journey through the permit."""
    return ps.journeys(
        office(service or permit(arrival_rate="1 case/day"), evidence=EVIDENCE, **more)
    ).journeys[0]


def test_contacts_and_visits_are_expectations() -> None:
    """
    One in four comes back, once in four again: 4/3 visits to hand in, one to fetch, one call.
    """
    journey = found()
    assert journey.in_person == pytest.approx(4 / 3 + 1)
    assert journey.visits == pytest.approx(4 / 3 + 1)
    assert journey.remote == pytest.approx(1)


def test_who_is_there_already_does_not_come_again() -> None:
    """
    Two steps at the counter in a row are two contacts and one visit.
    """
    steps = [ps.Step(id, processing_time="1 min", contact="in-person") for id in "ab"]
    service = ps.PublicService("s", procedure=ps.Procedure(steps=steps, flows=[ps.Flow("a", "b")]))
    (journey,) = ps.journeys(office(service))
    assert (journey.in_person, journey.visits) == (2.0, 1.0)


def test_documents_are_counted_first_and_again() -> None:
    """
    Three documents are handed in; each that a loop or a later step asks for again counts again.
    """
    journey = found()
    assert journey.documents == pytest.approx(3)  # the form comes with the application
    assert journey.documents_elsewhere == pytest.approx(2)
    assert journey.documents_again == pytest.approx(1 / 3 + (4 / 3 + 1 - 1))
    assert journey.unstated == ("sketch", "form")


def test_the_alternative_that_is_there_soonest_is_obtained() -> None:
    """
    Of passport and identity card the applicant gets the card: ten minutes and 20 IDR, once.
    """
    journey = found()
    assert journey.spent is not None
    assert journey.spent.obtaining_s == pytest.approx(600)
    assert journey.cost_to_obtain == (ps.Money(20, "IDR"), ps.Money(7, "EUR"))


def test_without_times_the_first_alternative_counts() -> None:
    """
    Where no alternative says how long it takes, the one that is named first is obtained.
    """
    dear, cheap = ps.Evidence("dear", cost_to_obtain="9 IDR"), ps.Evidence("cheap", cost_to_obtain="1 IDR")
    service = ps.PublicService("s", requirements=[ps.Requirement("proof", evidence=["dear", "cheap"])])
    service = attrs.evolve(service, procedure=ps.Procedure(steps=[ps.Step("a", processing_time="1 min")]))
    (journey,) = ps.journeys(office(service, evidence=[cheap, dear]))
    assert journey.cost_to_obtain == (ps.Money(9, "IDR"),)


def test_fees_are_paid_each_time_and_never_mixed() -> None:
    """
    A fee at the start is due each time that a case comes there; each currency has its own sum.
    """
    journey = found()
    assert journey.fees is not None
    assert {fee.currency: fee.amount for fee in journey.fees} == pytest.approx({"IDR": 100, "EUR": 4 / 3})
    assert journey.payments == pytest.approx(4 / 3 + 1)
    assert journey.out_of_pocket is not None
    assert {fee.currency: fee.amount for fee in journey.out_of_pocket} == pytest.approx(
        {"IDR": 120, "EUR": 4 / 3 + 7}
    )


def test_touchpoints_come_in_the_order_of_the_case() -> None:
    """
    What comes with the application stands first, then steps as cases come to them, with what is handed in and paid.
    """
    journey = found()
    assert [point.node for point in journey.touchpoints] == [None, "hand-in", "pay", "tell", "fetch"]
    before, hand_in, pay, tell, fetch = journey.touchpoints
    assert before.documents == ("form",)
    assert hand_in.documents == ("proof", "sketch")
    assert {m.currency: m.amount for m in hand_in.paid} == pytest.approx({"EUR": 4 / 3 + 7, "IDR": 20})
    assert (pay.contact, pay.spent.own_work_s) == ("none", 360)
    assert (tell.contact, tell.visits, tell.spent.total_s) == ("remote", 0, 0)
    assert (fetch.spent.obtaining_s, fetch.spent.travel_s, fetch.spent.served_s) == (0, 3600, 300)
    rows = journey.rows()
    assert rows[0]["step"] == "before the application"
    assert rows[4]["documents"] == "proof"


def test_a_fee_may_be_due_where_nobody_works() -> None:
    """
    A fee at an end is a touchpoint with nothing but the money.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 min")], ends=[ps.End("z")], flows=[ps.Flow("a", "z")]
    )
    service = ps.PublicService("s", procedure=procedure, fees=[ps.Fee("5 IDR", at="z")])
    (journey,) = ps.journeys(office(service))
    (point,) = journey.touchpoints
    assert (point.node, point.channel, point.paid) == ("z", None, (ps.Money(5, "IDR"),))
    assert point.spent == ps.ApplicantTimes()


def test_what_an_overloaded_counter_takes_is_unknown() -> None:
    """
    Without a steady state the queue is undefined and so is the whole; travel and being served are still told.
    """
    journey = found(permit(arrival_rate="100 case/hour"))
    assert journey.spent is not None
    assert (journey.spent.queueing_s, journey.applicant_time_s) == (None, None)
    assert journey.spent.travel_s == pytest.approx((4 / 3 + 1) * 3600)
    assert "cannot keep up" in journey.undefined["applicant_time_s"]
    assert "undefined: clerk: utilisation" in str(journey)
    data = journey.data()
    assert data["spent"]["queueing_s"] is None
    assert "cannot keep up" in data["undefined"]["applicant_time_s"]


def test_an_unknown_processing_time_names_the_step() -> None:
    """
    Where it is not known how long the counter takes, the applicant's time is undefined and names the step.
    """
    step = ps.Step("a", contact="in-person")
    (journey,) = ps.journeys(office(ps.PublicService("s", procedure=ps.Procedure(steps=[step]))))
    assert journey.spent is not None
    assert journey.spent.served_s is None
    assert journey.undefined["applicant_time_s"] == "the processing time of step 'a' is unknown"


def test_without_a_procedure_there_is_no_journey() -> None:
    """
    A service that describes no procedure has no numbers, and says why.
    """
    (journey,) = ps.journeys(office(ps.PublicService("s", requirements=["form"])))
    assert (journey.visits, journey.documents, journey.fees, journey.out_of_pocket) == (None,) * 4
    assert set(journey.undefined.values()) == {"the service describes no procedure"}
    assert str(journey) == "s\n  undefined: the service describes no procedure"
    assert journey.data()["fees"] is None


def test_journeys_are_found_by_service() -> None:
    """
    A service is found by its id; another is not known, with a hint.
    """
    all_of_it = ps.journeys(ps.read_example("civil-registration"))
    assert len(all_of_it) == 2
    assert all_of_it.service("identity-card").service == "identity-card"
    with pytest.raises(ps.UnknownIdError, match="no service 'identity-crd', did you mean 'identity-card'"):
        all_of_it.service("identity-crd")
    assert [row["service"] for row in all_of_it.rows()] == ["birth-certificate", "identity-card"]
    assert "kunjungan ke kantor" in all_of_it.text("id")
    assert str(all_of_it).startswith("service")
    assert all_of_it.data()[0]["service"] == "birth-certificate"
    assert all_of_it.provenance.digest.startswith("sha256:")


def test_two_offices_are_compared_by_what_applicants_save() -> None:
    """
    A redesign that asks once less saves a document; a currency, and a service, that only one has is undefined elsewhere.
    """
    before = ps.read_example("building-permit")
    after = ps.redesign(before, [ps.DropAsk("building-permit", "ask-zoning", "land-title")])
    changes = {c.measure: c for c in ps.compare_journeys(before, after).changes if c.of == "building-permit"}
    assert changes["documents asked again"].difference == pytest.approx(-1)
    assert changes["visits to the office"].difference == pytest.approx(0)
    assert changes["paid / IDR"].before == pytest.approx(3_850_000)
    nothing = ps.journeys(ps.PublicOrganisation("empty"))
    gone = ps.compare_journeys(ps.journeys(before), nothing)
    assert all(change.after is None for change in gone.changes)
    assert len(gone.changes) == 2 * 15


@pytest.mark.parametrize("name", ps.example_names())
def test_every_example_adds_up(name: str) -> None:
    """
    The parts of the applicant's time and the times of touchpoints add up to the applicant's time of `performance`.
    """
    organisation = ps.read_example(name)
    for journey in ps.journeys(organisation):
        whole = ps.performance(organisation).service(journey.service).applicant_time_s
        assert whole is not None
        assert journey.spent is not None
        assert journey.spent.total_s == pytest.approx(whole)
        assert sum(point.spent.total_s or 0.0 for point in journey.touchpoints) == pytest.approx(whole)
        paid = [m.amount for point in journey.touchpoints for m in point.paid]
        assert sum(paid) == pytest.approx(sum(m.amount for m in journey.out_of_pocket or ()))


@given(organisations())
def test_every_journey_agrees_with_the_performance(organisation: ps.PublicOrganisation) -> None:
    """
    For any organisation a journey has the applicant's time of `performance`, in parts that add up to it, and a reason
    for every number that it lacks.
    """
    for journey, service in zip(
        ps.journeys(organisation), ps.performance(organisation).services, strict=True
    ):
        assert journey.applicant_time_s == service.applicant_time_s
        lacking = {name for name, value in journey.data().items() if value is None}
        assert lacking <= set(journey.undefined)
        if journey.spent is not None:
            assert (journey.spent.total_s is None) == (journey.applicant_time_s is None)
            assert (journey.spent.total_s or 0.0) == pytest.approx(journey.applicant_time_s or 0.0, rel=1e-9)
            assert (journey.visits or 0) <= (journey.in_person or 0) * (1 + 1e-9)
        assert str(journey)


chances = st.floats(0.01, 0.9)


@given(chances, chances, st.integers(1, 3), st.floats(0, 600))
def test_loops_and_choices_add_up(again: float, skip: float, documents: int, minutes: float) -> None:
    """
    With loops and choices, documents asked at several steps are obtained once, and all parts add up.
    """
    names = [f"document-{n}" for n in range(documents)]
    evidence = [
        ps.Evidence(name, time_to_obtain=ps.Duration(minutes, "min"), cost_to_obtain="3 IDR")
        for name in names
    ]
    visit: dict[str, Any] = {"contact": "in-person", "channel": "counter", "resource": "clerk", "asks": names}
    service = ps.PublicService(
        "s",
        arrival_rate="1 case/week",
        requirements=names,
        channels=[ps.Channel("counter", travel_time="30 min")],
        procedure=ps.Procedure(
            start="a",
            steps=[
                ps.Step("a", processing_time="1 min", **visit),
                ps.Step("b", processing_time="2 min", actor="applicant"),
                ps.Step("c", processing_time="3 min", **visit),
                ps.Step("d", processing_time="4 min"),
            ],
            flows=[
                ps.Flow("a", "b", probability=again),
                ps.Flow("a", "c", probability=(1 - again) * (1 - skip)),
                ps.Flow("a", "d", probability=1 - again - (1 - again) * (1 - skip)),
                ps.Flow("b", "a"),
                ps.Flow("c", "d"),
            ],
        ),
    )
    organisation = office(service, evidence=evidence)
    (journey,), (performance,) = ps.journeys(organisation), ps.performance(organisation).services
    assert journey.spent is not None
    assert journey.spent.total_s == pytest.approx(performance.applicant_time_s)
    assert journey.spent.obtaining_s == pytest.approx(documents * minutes * 60)
    assert journey.documents == pytest.approx(documents)
    visits = 1 / (1 - again)
    assert journey.documents_again == pytest.approx(documents * (visits + 1 - skip - 1))
    assert journey.cost_to_obtain is not None
    assert sum(m.amount for m in journey.cost_to_obtain) == pytest.approx(3 * documents)
