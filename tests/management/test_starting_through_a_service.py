"""Starting a business through a service, counted as Doing Business counted."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps

INCOME = "1000 IDR"


def office(**more: Any) -> ps.PublicOrganisation:
    """Return an office where a company is registered: one form online, one visit, a fee, two documents."""
    given: dict[str, Any] = {
        "requirements": ["id-card", "deed", "form"],
        "channels": [ps.Channel("web", kind="online"), ps.Channel("desk", kind="counter")],
        "fees": [ps.Fee("40 IDR")],
        "procedure": ps.Procedure(
            start="apply",
            steps=[
                ps.Step(
                    "apply", actor="applicant", processing_time="1 hour", contact="remote", channel="web"
                ),
                ps.Step("sign", processing_time="1 hour", contact="in-person", channel="desk"),
                ps.Step("explain", processing_time="1 hour", contact="remote"),
                ps.Step("file", processing_time="1 hour"),
            ],
            waits=[ps.Wait("stamp", cause="signature", clock="elapsed", time="6 day")],
            flows=[
                ps.Flow("apply", "explain", probability=0.1),
                ps.Flow("apply", "sign", probability=0.9),
                ps.Flow("explain", "sign"),
                ps.Flow("sign", "file"),
                ps.Flow("file", "stamp"),
            ],
        ),
    }
    return ps.PublicOrganisation(
        "office",
        evidence=[
            ps.Evidence("id-card", issuer="registry"),
            ps.Evidence("deed", time_to_obtain="4 day", cost_to_obtain="10 IDR"),
        ],
        services=[ps.PublicService("company", **{**given, **more})],
    )


def test_contacts_and_documents_of_most_cases_are_counted() -> None:
    """
    What most cases come to is counted once, documents first; a form of one's own and rare contacts are not.
    """
    found = ps.starting_business(office(), "company", income_per_capita=INCOME)
    assert [(p.of, p.kind, p.days) for p in found.procedures] == [
        ("id-card", "document", 1.0),
        ("deed", "document", 4.0),
        ("apply", "online", 0.5),
        ("sign", "contact", 1.0),
    ]


def test_documents_run_at_the_same_time_before_the_case() -> None:
    """
    The deed takes four days, the card one day from the second; the case then takes its six days and hours.
    """
    found = ps.starting_business(office(), "company", income_per_capita=INCOME)
    assert found.days == pytest.approx(4 + 6 + 3.1 / 24)
    assert found.cost == pytest.approx(0.05)
    score = found.score
    assert score is not None
    assert [c.value for c in score.components] == pytest.approx([4, found.days, 0.05, 0])


def test_a_quick_case_takes_the_days_of_its_contacts() -> None:
    """
    A case of an hour takes no less than half a day online and a day at the desk.
    """
    step = [
        ps.Step("apply", processing_time="1 min", contact="remote", channel="web"),
        ps.Step("sign", processing_time="1 min", contact="in-person", channel="desk"),
    ]
    quick = office(procedure=ps.Procedure(steps=step, flows=[ps.Flow("apply", "sign")]), requirements=[])
    assert ps.starting_business(quick, "company", income_per_capita=INCOME).days == 1.5


def test_capital_counts_as_a_fraction_of_income() -> None:
    """
    Minimum capital of twice the income per capita scores one half.
    """
    found = ps.starting_business(office(), "company", income_per_capita=INCOME, minimum_capital="2000 IDR")
    assert found.minimum_capital == 2
    assert found.score is not None
    assert found.score.components[3].score == 50


def test_other_currencies_leave_the_cost_undefined() -> None:
    """
    A fee in another currency than the income leaves cost and score undefined, with both named; a fee of 0 does not.
    """
    found = ps.starting_business(office(), "company", income_per_capita="70 USD")
    assert (found.cost, found.score) == (None, None)
    assert found.undefined["cost"] == "costs in USD, IDR do not add without a rate"
    assert "undefined: costs in USD, IDR" in str(found)
    assert found.data()["score"] is None
    free = office(fees=[ps.Fee("0 EUR")], requirements=[])
    assert ps.starting_business(free, "company", income_per_capita=INCOME).cost == 0


def test_what_cannot_be_walked_is_undefined() -> None:
    """
    Without a procedure nothing is counted, and days and cost say why.
    """
    found = ps.starting_business(
        office(procedure=ps.Procedure(), fees=[]), "company", income_per_capita=INCOME
    )
    assert (found.procedures, found.days, found.cost) == ((), None, None)
    assert set(found.undefined.values()) == {"the service describes no procedure"}


def test_bad_input_is_named() -> None:
    """
    An income of zero, a capital in another currency and an unknown service are refused.
    """
    with pytest.raises(
        ps.InvalidModelError, match="income_per_capita: expected an amount above zero, got '0 IDR'"
    ):
        ps.starting_business(office(), "company", income_per_capita="0 IDR")
    with pytest.raises(ps.InvalidModelError, match="minimum_capital: costs in IDR, USD do not add"):
        ps.starting_business(office(), "company", income_per_capita=INCOME, minimum_capital="1 USD")
    with pytest.raises(ps.UnknownIdError, match="no service 'compny', did you mean 'company'"):
        ps.starting_business(office(), "compny", income_per_capita=INCOME)


def test_it_says_how_it_counted() -> None:
    """
    The text has the procedures, the score with its end, and each rule of counting, in both languages.
    """
    found = ps.starting_business(office(), "company", income_per_capita=INCOME)
    assert str(found).count("counted so: ") == 5
    assert "discontinued" in str(found)
    assert "dihitung demikian: yang dihitung, satu kali" in found.text("id")
    data = found.data()
    assert (data["procedures"][0]["of"], len(data["rules"])) == ("id-card", 5)
    assert data["score"]["score"] == pytest.approx(found.score.score if found.score else None)
