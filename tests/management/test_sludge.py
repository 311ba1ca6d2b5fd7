"""The sludge audit: frictions by type, what they take, and what would lessen them."""

from __future__ import annotations

from typing import Any, get_args

import attrs
import pytest
from hypothesis import given

import pubservice as ps
from pubservice.management.sludge import TYPES, FrictionType
from strategies import organisations


def audit(service: ps.PublicService, **more: Any) -> ps.SludgeAudit:
    """Return the audit of a service of an office with one clerk."""
    office = ps.PublicOrganisation("office", resources=[ps.Resource("clerk")], services=[service], **more)
    return ps.sludge_audit(office).audits[0]


def one(*steps: ps.Step, **more: Any) -> ps.PublicService:
    """Return a service whose steps follow each other."""
    flows = [ps.Flow(a.id, b.id) for a, b in zip(steps, steps[1:], strict=False)]
    return ps.PublicService("s", procedure=ps.Procedure(steps=steps, flows=flows), **more)


def places(found: ps.SludgeAudit) -> dict[str, list[str]]:
    """Return where each type is met."""
    return {type: [friction.of for friction in found.of_type(type)] for type in found.types}


def test_types_are_a_closed_list() -> None:
    """
    Every type has a meaning and rules that exist; another type is not known.
    """
    assert tuple(TYPES) == get_args(FrictionType)
    known = {rule.code for rule in ps.rules()}
    assert all(set(each.codes) <= known and each.meaning for each in TYPES.values())
    with pytest.raises(ps.UnknownIdError, match="no type of friction 'quue', did you mean 'queue'"):
        audit(one(ps.Step("a"))).of_type("quue")  # type: ignore[arg-type]  # what is refused


def test_a_step_of_the_applicant_is_a_form() -> None:
    """
    What the applicant does alone is a form, and a channel is missed only where there is contact to be had.
    """
    found = audit(
        one(
            ps.Step("fill-in", actor="applicant", processing_time="6 min", channel="web"),
            channels=[ps.Channel("web")],
        )
    )
    (friction,) = found.frictions
    assert (friction.type, friction.applicant_time_s, friction.times) == ("form", 360, 1)


def test_certifying_is_a_certified_copy() -> None:
    """
    A copy that the applicant has certified, or comes to have certified, is one of its own type.
    """
    alone = ps.Step("legalise", kind="certify", actor="applicant", processing_time="1 hour")
    found = audit(one(alone))
    assert places(found) == {"certified-copy": ["legalise"], "unclear-channel": ["legalise"]}
    assert found.applicant_time_s == 3600
    at_counter = ps.Step(
        "legalise", kind="certify", resource="clerk", processing_time="1 min", contact="in-person"
    )
    assert places(audit(one(at_counter, arrival_rate="1 case/day")))["certified-copy"] == ["legalise"]


def test_paying_is_one_friction_with_time_and_money() -> None:
    """
    A payment that the applicant makes takes its time, and the fee that is due there, once.
    """
    pay = ps.Step("pay", kind="payment", actor="applicant", processing_time="10 min", channel="bank")
    found = audit(
        one(
            pay,
            channels=[ps.Channel("bank")],
            fees=[ps.Fee("5 EUR", at="pay", legal_basis=["law"]), ps.Fee("2 IDR")],
        )
    )
    (friction,) = found.frictions
    assert (friction.type, friction.times, friction.applicant_time_s) == ("payment", 1, 600)
    assert friction.paid == (ps.Money(5, "EUR"), ps.Money(2, "IDR"))
    assert friction.legal_basis == ("law",)


def test_a_fee_is_paid_where_the_applicant_does_nothing_else() -> None:
    """
    A fee at a gateway or at a step of the office is a payment without time.
    """
    found = audit(one(ps.Step("a", processing_time="1 min"), fees=[ps.Fee("5 EUR")]))
    assert [(f.type, f.of, f.applicant_time_s) for f in found.frictions] == [("payment", "a", 0.0)]


def test_coming_is_travel_queue_and_counter() -> None:
    """
    Each step at which the applicant appears has a way there, a queue and the counter.
    """
    step = ps.Step(
        "a", resource="clerk", processing_time="exponential(30) min", contact="in-person", channel="office"
    )
    found = audit(
        one(step, channels=[ps.Channel("office", travel_time="1 hour")], arrival_rate="1 case/hour")
    )
    by_type = {friction.type: friction.applicant_time_s for friction in found.frictions}
    assert by_type == pytest.approx({"travel": 3600, "queue": 1800, "counter": 1800})  # M/M/1 at one half


def test_another_body_takes_the_way_alone() -> None:
    """
    Where the applicant appears before another body only the way is known to take time; its queue delays the case.
    """
    step = ps.Step(
        "a", actor="other-body", processing_time="1 hour", contact="in-person", batch=ps.Batch(size=3)
    )
    found = audit(one(step, arrival_rate="1 case/hour"))
    assert places(found) == {"unclear-channel": ["a"], "travel": ["a"], "waiting": ["a"]}
    assert found.of_type("waiting")[0].delay_s == pytest.approx(3600)


def test_what_is_done_again_is_correction() -> None:
    """
    One in four is sent back: a third of a visit is correction, with the wait of the applicant, and no more travel.
    """
    service = ps.PublicService(
        "s",
        requirements=["form"],
        channels=[ps.Channel("office", travel_time="1 hour")],
        arrival_rate="1 case/day",
        procedure=ps.Procedure(
            start="a",
            steps=[
                ps.Step("a", processing_time="1 hour", contact="in-person", channel="office", asks=["form"]),
                ps.Step("b", processing_time="1 hour"),
            ],
            waits=[ps.Wait("w", cause="applicant", clock="elapsed", time="1 day")],
            flows=[
                ps.Flow("a", "w", probability=0.25),
                ps.Flow("a", "b", probability=0.75),
                ps.Flow("w", "a"),
            ],
        ),
    )
    found = audit(service)
    again, wait = found.of_type("correction")
    assert (again.of, wait.of) == ("a", "w")
    assert again.times == pytest.approx(1 / 3)
    assert (again.applicant_time_s, wait.delay_s) == pytest.approx((2400, 86400 / 3))
    assert again.codes == ("WAI007",)
    (travel,) = found.of_type("travel")
    assert (travel.times, travel.applicant_time_s) == (1, 3600)
    (asked,) = found.of_type("asked-again")
    assert (asked.of, asked.codes) == ("form", ("EVD006",))
    assert asked.times == pytest.approx(1 / 3)


def test_waiting_is_delay_and_not_the_applicants_time() -> None:
    """
    Waits and queues that the applicant does not stand in delay the case alone.
    """
    found = ps.sludge_audit(ps.read_example("business-licence")).service("food-licence")
    waiting = found.of_type("waiting")
    assert all(friction.applicant_time_s == 0 for friction in waiting)
    (laboratory,) = [friction for friction in waiting if friction.of == "laboratory"]
    assert laboratory.codes == ("WAI004",)
    assert laboratory.delay_s == pytest.approx(4 * 7 * 3600)


def test_findings_on_a_document_are_linked_with_it_alone() -> None:
    """
    A finding that names a datum belongs to that document, and not to others that the same step asks for.
    """
    found = ps.sludge_audit(ps.read_example("building-permit")).service("building-permit")
    codes = {friction.of: friction.codes for friction in found.of_type("evidence")}
    assert codes["zoning-advice"] == ("EVD002",)
    assert codes["land-title"] == ("EVD003",)
    assert codes["id-card"] == ()
    assert (found.avoidable_time_s or 0) < (found.applicant_time_s or 0)


def test_an_incomplete_standard_is_a_lack_of_information() -> None:
    """
    A standard that lacks components is met once, by everybody, at no time that is known.
    """
    found = ps.sludge_audit(ps.read_example("building-permit")).service("zoning-advice")
    (friction,) = found.of_type("information")
    assert (friction.of, friction.codes) == ("zoning-advice", ("LEG002",))


def test_given_findings_are_taken() -> None:
    """
    Findings of an earlier check, or some of them, are linked instead of new ones.
    """
    office = ps.read_example("building-permit")
    assert not any(
        friction.findings for each in ps.sludge_audit(office, findings=[]) for friction in each.frictions
    )
    some = ps.sludge_audit(office, findings=ps.check(office, select=["EVD001"]))
    assert {code for each in some for f in each.frictions for code in f.codes} == {"EVD001"}


def test_a_year_is_so_many_cases() -> None:
    """
    Hours, their worth and what is paid in a year are those of a case × the cases; the tariff overrides the model's value.
    """
    office = ps.read_example("civil-registration")
    found = ps.sludge_audit(office, tariff="20000 IDR/hour").service("identity-card")
    assert found.cases_per_year is not None
    for row, type in zip(found.rows(), found.types, strict=True):
        seconds = sum(friction.applicant_time_s or 0.0 for friction in found.of_type(type))
        assert row["hours a year"] == pytest.approx(seconds / 3600 * found.cases_per_year)
        worth = ps.Money(seconds / 3600 * found.cases_per_year * 20_000, "IDR")
        assert row["time worth a year"] == str(worth)


def test_without_cases_there_is_no_year() -> None:
    """
    Without an arrival rate the case is told, the year is not, and says why.
    """
    found = audit(one(ps.Step("a", actor="applicant", processing_time="1 min"), fees=[ps.Fee("5 EUR")]))
    assert found.undefined == {"cases_per_year": "the service has no arrival rate"}
    assert all(row["hours a year"] is None and row["paid a year"] is None for row in found.rows())
    assert str(found).endswith("undefined: the service has no arrival rate")


def test_what_is_unknown_leaves_sums_undefined() -> None:
    """
    An overloaded counter leaves the time of its queue undefined, and a wait of unknown length the delay, with reasons.
    """
    step = ps.Step("a", resource="clerk", processing_time="1 hour", contact="in-person")
    found = audit(one(step, arrival_rate="2 case/hour"))
    assert found.applicant_time_s is None
    assert "cannot keep up" in found.undefined["applicant_time_s"]
    assert {row["friction"]: row["time / min"] for row in found.rows()}["queue"] is None
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 min")],
        waits=[ps.Wait("w", cause="signature", clock="working")],
        flows=[ps.Flow("a", "w")],
    )
    unsure = audit(ps.PublicService("s", procedure=procedure))
    assert unsure.undefined["delay_s"] == "the time of the wait 'w' is unknown"


def test_without_a_procedure_nothing_is_met() -> None:
    """
    A service that describes no procedure has no frictions, and says why.
    """
    found = audit(ps.PublicService("s", arrival_rate="1 case/day"))
    assert (found.frictions, found.undefined) == ((), {"frictions": "the service describes no procedure"})


def test_audits_are_found_by_service_and_print() -> None:
    """
    A service is found by its id; all print in both languages, with no more places than fit, and travel as JSON.
    """
    found = ps.sludge_audit(ps.read_example("business-licence"))
    assert len(found) == 2
    with pytest.raises(ps.UnknownIdError, match="no service 'food-license'"):
        found.service("food-license")
    assert "score-risk, copy-score, file-score and 9 more" in str(found)
    assert "score-risk, copy-score, file-score dan 9 lainnya" in found.text("id")
    assert {row["service"] for row in found.rows()} == {"business-identity", "food-licence"}
    assert found.provenance.digest.startswith("sha256:")
    data = found.data()[1]
    assert data["service"] == "food-licence"
    assert set(data["frictions"][0]) == {f.name for f in attrs.fields(ps.Friction)}


@given(organisations())
def test_frictions_share_the_applicants_time(organisation: ps.PublicOrganisation) -> None:
    """
    For any organisation the frictions of a service take all of the applicant's time and each second once, and there is
    a reason for what is undefined.
    """
    audits = ps.sludge_audit(organisation, findings=[])
    for found, service in zip(audits, ps.performance(organisation).services, strict=True):
        if "frictions" in found.undefined:
            assert service.applicant_time_s is None
            continue
        assert (found.applicant_time_s is None) == (service.applicant_time_s is None)
        assert (found.applicant_time_s or 0.0) == pytest.approx(service.applicant_time_s or 0.0, rel=1e-9)
        assert ("applicant_time_s" in found.undefined) == (found.applicant_time_s is None)
        delays = [friction.delay_s for friction in found.frictions]
        assert ("delay_s" in found.undefined) == (None in delays)
        assert all(friction.times > 0 for friction in found.frictions)
        assert str(found)
