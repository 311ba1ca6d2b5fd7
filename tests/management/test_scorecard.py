"""Scorecards: promised, modelled and measured side by side, and the verdict."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.management.scorecard import promises
from pubservice.management.verdict import value_text
from strategies import measurements

CALENDAR = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
PROCEDURE = ps.Procedure(
    steps=[
        ps.Step(
            "receive", resource="clerk", processing_time="1 hour", contact="in-person", value="value-adding"
        ),
        ps.Step("decide", resource="clerk", processing_time="1 hour"),
    ],
    waits=[ps.Wait("tray", cause="signature", clock="working", time="6 working_hour")],
    ends=[ps.End("granted"), ps.End("withdrawn")],
    flows=[
        ps.Flow("receive", "tray"),
        ps.Flow("tray", "decide"),
        ps.Flow("decide", "granted", probability=0.9),
        ps.Flow("decide", "withdrawn", probability=0.1),
    ],
)
SERVICE: dict[str, Any] = {
    "procedure": PROCEDURE,
    "arrival_rate": "2 case/working_day",
    "fees": [ps.Fee("5 GBP")],
}


def office(*targets: ps.Target, **fields: Any) -> ps.PublicOrganisation:
    """Return an office with one service, its model, and some targets."""
    return ps.PublicOrganisation(
        "office",
        calendar="office",
        calendars=[CALENDAR],
        resources=[ps.Resource("clerk", capacity=2, cost="10 GBP/hour")],
        services=[ps.PublicService("permit", targets=targets, **SERVICE | fields)],
        metrics=[
            ps.Metric(
                "noise",
                name={"en": "Noise", "id": "Kebisingan"},
                unit="number",
                direction="lower",
                goal="smooth",
            ),
            ps.Metric("fee", unit="money", direction="higher", goal="smooth"),
        ],
    )


def measured(metric: str, value: Any, period: str = "2026-Q1", **fields: Any) -> ps.Measurement:
    return ps.Measurement(
        metric, **{"value": value, "period": period, "service": "permit", "obtained": "register"} | fields
    )


def row(target: ps.Target | None, *given: ps.Measurement, **fields: Any) -> ps.ScorecardRow:
    """Return the only row of a scorecard."""
    (found,) = ps.scorecard(office(*([target] if target else []), **fields), given).every
    return found


@pytest.mark.parametrize(
    ("metric", "promised", "value", "verdict"),
    [
        ("ikm", 80, 80, "met"),
        ("ikm", 80, 80.01, "met"),
        ("ikm", 80, 79.99, "missed"),
        ("complaints-per-1000", 2, 2, "met"),
        ("complaints-per-1000", 2, 2.5, "missed"),
        ("cycle-time", "2 working_day", "16 working_hour", "met"),
        ("cycle-time", "2 working_day", "16.1 working_hour", "missed"),
        ("cycle-time", "2 day", "47 hour", "met"),
        ("cycle-time", "2 day", "16 working_hour", "unknown"),
        ("processing-time", "2 hour", "2 working_hour", "met"),
        ("cost-per-transaction", "5 GBP", "4.99 GBP", "met"),
        ("throughput", "2 case/working_day", "1.9 case/working_day", "missed"),
        ("throughput", "2 case/working_day", "10 case/week", "met"),
        ("cost-recovery", 1, 1, "unknown"),
        ("arrival-rate", "2 case/working_day", "3 case/working_day", "unknown"),
    ],
)
def test_a_promise_is_met_by_what_is_as_good(metric: str, promised: Any, value: Any, verdict: str) -> None:
    """
    The direction of the metric decides; exactly what is promised keeps it, and different clocks do not compare.
    """
    assert row(ps.Target(metric, value=promised), measured(metric, value)).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(81, 90, "met"), (80, 90, "met"), (79, 90, "at-risk"), (70, 85.5, "at-risk"), (84, 85.5, "met")],
)
def test_an_interval_that_contains_the_promise_is_a_risk(low: float, high: float, verdict: str) -> None:
    """
    Where the 95 % interval contains the promised value, chance cannot be told apart from the truth.
    """
    found = row(ps.Target("ikm", value=80), measured("ikm", 85, low=low, high=high))
    assert found.verdict == verdict
    if verdict == "at-risk":
        assert f"{low} to {high}" in found.judgement.reason


def test_a_miss_that_may_be_chance_is_a_risk_too() -> None:
    """
    A value below its target whose interval reaches above it is at risk, and one that does not reach it is missed.
    """
    target = ps.Target("ikm", value=80)
    assert row(target, measured("ikm", 78, low=75, high=81)).verdict == "at-risk"
    assert row(target, measured("ikm", 78, low=77, high=79)).verdict == "missed"


def months(values: list[Any], metric: str = "ikm", **fields: Any) -> list[ps.Measurement]:
    """Return measurements of the months of 2025."""
    return [measured(metric, v, f"2025-{i:02d}", **fields) for i, v in enumerate(values, 1)]


FALLING = [90, 91, 90, 92, 91, 90, 91, 92, 85]


def test_a_kept_promise_that_gets_worse_is_at_risk() -> None:
    """
    Where the control chart signals a worsening at a period, what is still kept there is at risk, and the signal says why.
    """
    card = ps.scorecard(office(ps.Target("ikm", value=80)), months(FALLING))
    assert [r.verdict for r in card.every] == ["met"] * 8 + ["at-risk"]
    assert card.latest[0].judgement.reason == (
        "kept, but it is getting worse: 2025-09 is below the lower limit"
    )
    assert "permit, Public satisfaction index: 2025-09 is below the lower limit" in str(card)


def test_a_change_for_the_better_is_no_risk() -> None:
    """
    A signal in the better direction leaves a promise met; for time and cost that is downwards.
    """
    rising = [180 - v for v in FALLING]
    assert ps.scorecard(office(ps.Target("ikm", value=75)), months(rising)).latest[0].verdict == "met"
    lower = ps.scorecard(office(ps.Target("noise", value=95)), months(FALLING, "noise"))
    assert lower.latest[0].verdict == "met"
    higher = ps.scorecard(office(ps.Target("noise", value=100)), months(rising, "noise"))
    assert higher.latest[0].verdict == "at-risk"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([90] * 7, "a control chart takes at least 8 periods, there are 7"),
        (["1 day"] * 7 + ["1 hour"], "no control chart: values in day, hour"),
    ],
)
def test_why_there_is_no_chart(values: list[Any], reason: str) -> None:
    """
    Below eight periods, or in several units, there is no chart, and a trend says so.
    """
    metric = "ikm" if values[0] == 90 else "cycle-time"
    (trend,) = ps.scorecard(office(), months(values, metric)).trends
    assert trend.chart is None
    assert trend.data()["undefined"] == reason
    assert str(trend).endswith(reason)


def test_periods_of_different_lengths_are_not_charted() -> None:
    """
    A quarter among months varies less than they do, so that one chart does not fit both.
    """
    (trend,) = ps.scorecard(office(), [*months([90] * 9), measured("ikm", 90, "2025-Q4")]).trends
    assert trend.data()["undefined"] == "no control chart: periods of 28 to 92 days"


def test_a_trend_says_how_it_moved() -> None:
    """
    The change is the last value less the one before, in one unit; periods without a value are passed over.
    """
    lost = measured("ikm", None, "2025-03", reason="no survey")
    one, other = months([90, 92])
    (trend,) = ps.scorecard(office(), [other, lost, one]).trends
    assert (trend.change, trend.data()["values"]) == (2, [90, 92, None])
    assert str(trend).splitlines()[:3] == ["2025-01: 90", "2025-02: 92", "2025-03: -"]
    (mixed,) = ps.scorecard(office(), months(["1 day", "9 hour"], "cycle-time")).trends
    (single,) = ps.scorecard(office(), [one, lost]).trends
    assert (mixed.change, single.change) == (None, None)


def test_a_value_that_is_missing_is_unknown_with_its_reason() -> None:
    """
    The reason of a measurement without a value is that of the verdict, whether a person or the library wrote it.
    """
    target = ps.Target("ikm", value=80)
    assert row(target, measured("ikm", None, reason="no survey")).judgement.reason == "no survey"
    said = row(target, measured("ikm", None, reason=ps.Message("nobody answered"))).judgement.reason
    assert said.text("id") != "nobody answered"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (ps.Target("ikm", value=80), "not measured"),
        (ps.Target("cycle-time", value="10 working_day"), "not measured; the model keeps it"),
        (ps.Target("cycle-time", value="1 working_hour"), "not measured; the model does not keep it"),
        (
            ps.Target("cycle-time", value="2 working_day", share=0.9),
            "not measured: the share of cases within 2 working_day; the model keeps it",
        ),
        (
            ps.Target("cycle-time", value="7 working_hour", share=0.9),
            "not measured: the share of cases within 7 working_hour; the model does not keep it",
        ),
        (ps.Target("noise", value=3, share=0.9), "no metric measures what share of the cases reaches it"),
    ],
)
def test_a_promise_that_nothing_measures_is_unknown(target: ps.Target, reason: str) -> None:
    """
    Without a measurement the verdict is unknown; whether the model keeps the promise is told beside it.
    """
    found = row(target)
    assert (found.verdict, found.judgement.reason, found.period) == ("unknown", reason, None)


def test_the_model_says_what_share_of_cases_is_in_time() -> None:
    """
    Beside a promise for a share of the cases stands the share that the model expects, else the reason.
    """
    target = ps.Target("cycle-time", value="8 working_hour", share=0.9)
    found = row(target)
    expected = ps.cycle_time_distribution(office(target), "permit").probability_within("8 working_hour")
    assert (found.modelled.value, found.meets) == (expected, False)
    assert 0.8 < expected < 0.9
    assert found.modelled.method is not None
    idle = ps.scorecard(office(target, arrival_rate=None)).every[0]
    assert (idle.modelled.value, idle.meets) == (None, None)
    assert idle.judgement.reason == "not measured: the share of cases within 8 working_hour"
    elapsed = row(ps.Target("cycle-time", value="1 day", share=0.5))
    assert elapsed.modelled.method is not None
    assert "arrivals spread evenly" in elapsed.modelled.method.name


def test_working_days_without_a_calendar_have_no_share() -> None:
    """
    The model cannot say what share of the cases is done within working days that have no hours.
    """
    step = ps.Step("decide", processing_time="1 hour")
    target = ps.Target("cycle-time", value="1 working_day", share=0.5)
    service = ps.PublicService("permit", targets=[target], procedure=ps.Procedure(steps=[step]))
    (found,) = ps.scorecard(ps.PublicOrganisation("office", services=[service])).every
    assert str(found.modelled.reason) == "1 working_day is working time, and there is no calendar"


def test_the_model_speaks_in_the_unit_of_the_promise() -> None:
    """
    A mean that is promised in working days is modelled in working days, by the hours of the calendar.
    """
    assert (
        str(row(ps.Target("cycle-time", value="10 working_day")).cells()["modelled"]) == "1.008 working_day"
    )


def test_reasons_are_told_without_a_promise_too() -> None:
    """
    A measurement without a value is told with its reason, whether or not anything is promised.
    """
    card = ps.scorecard(office(), [measured("ikm", None, reason="no survey was held")])
    assert "permit, Public satisfaction index: no survey was held" in str(card)


def test_a_share_of_the_cases_is_held_against_a_share() -> None:
    """
    A target for a share of the cases is met by the measured share within its time, and by no mean.
    """
    target = ps.Target("cycle-time", value="2 working_day", share=0.9)
    given = [
        measured("cycle-time", "1 working_hour"),
        measured("on-time-share", 0.85, within="2 working_day"),
        measured("on-time-share", 0.95, within="9 working_day"),
    ]
    card = ps.scorecard(office(target), given)
    assert [(r.metric.id, r.verdict) for r in card.every] == [
        ("cycle-time", "missed"),
        ("cycle-time", "unknown"),
        ("on-time-share", "unknown"),
    ]
    assert card.missed[0].measured == given[1]
    assert card.every[1].judgement.reason == "nothing is promised"
    assert re.split(r" {2,}", str(card).splitlines()[1]) == [
        *(
            "permit",
            "Cycle time",
            "2 working_day for 90% of cases",
            ">99.99%",
            "85%",
            "2026-Q1",
            "missed",
        )
    ]


def test_a_share_without_a_time_is_of_the_only_one_that_is_promised() -> None:
    """
    Where one time is promised, a measured share on time is of it; where there are two, it must say of which.
    """
    one = ps.Target("cycle-time", value="2 working_day", share=0.9)
    other = ps.Target("cycle-time", value="3 working_day", share=0.99)
    given = measured("on-time-share", 0.95)
    assert [r.verdict for r in ps.scorecard(office(one), [given]).every] == ["met"]
    both = ps.scorecard(office(one, other), [given]).every
    assert [(r.verdict, r.metric.id) for r in both] == [("unknown", "cycle-time")] * 2 + [
        ("unknown", "on-time-share")
    ]


def test_a_published_time_is_for_every_case_unless_a_target_says_otherwise() -> None:
    """
    The standard promises its completion time to all; a target for a share of the cases within the same time takes its place.
    """
    standard = ps.ServiceStandard(completion_time="2 working_day")
    (row_of_standard,) = ps.scorecard(
        office(standard=standard), [measured("on-time-share", 0.999, within="2 working_day")]
    ).every
    assert (row_of_standard.verdict, row_of_standard.promised) == (
        "missed",
        ps.Promised(ps.Duration(2, "working_day"), 1.0, "standard"),
    )
    assert "2 working_day for every case" in row_of_standard.cells().values()
    softer = ps.Target("cycle-time", value="2 working_day", share=0.9)
    (service,) = office(softer, ps.Target("ikm", value=80), standard=standard).services
    assert [(metric, p.origin) for metric, p in promises(service)] == [
        ("cycle-time", "target"),
        ("ikm", "target"),
    ]


MODELLED = {
    "cycle-time": "8.067 working_hour",
    "waiting-time": "6.067 working_hour",
    "processing-time": "2 hour",
    "applicant-time": "1.033 hour",
    "cycle-time-efficiency": "24.79%",
    "value-added-ratio": "12.4%",
    "office-cost": "20 GBP",
    "completion-rate": "90%",
    "arrival-rate": "2 case/working_day",
    "throughput": "2 case/working_day",
    "utilisation": "0.25",
    "work-in-progress": "2.02",
    "handovers": "0",
    "soundness": "100%",
    "standard-completeness": "14.29%",
    "ikm": None,
}


@pytest.mark.parametrize("metric", MODELLED)
def test_the_model_stands_beside(metric: str) -> None:
    """
    What the model says of a metric is told in its unit, and what it does not say is not.

    Two clerks see half a visit an hour of one hour each: by Erlang's C formula with fixed times a visit waits 1/30 hour, and a
    case takes 2 + 6 + 2/30 hours.
    """
    values = {
        "duration": "1 working_hour",
        "money": "1 GBP",
        "rate": "1 case/day",
        "fraction": 0.5,
        "number": 1,
    }
    possible = {"ikm": 76.61}
    found = row(None, measured(metric, possible.get(metric, values[ps.METRICS[metric].unit])))
    assert found.cells()["modelled"] == MODELLED[metric]
    assert (found.modelled.value is None) is (found.modelled.reason is not None)


def test_the_model_counts_fees_and_a_metric_of_the_same_name_does_not() -> None:
    """
    The expected fee is modelled; a metric of the organisation's own that is called so is another.
    """
    assert row(None, measured("fee", "1 GBP")).modelled.value is None
    plain = ps.PublicOrganisation(
        "o", services=[ps.PublicService("permit", procedure=PROCEDURE_ALONE, fees=[ps.Fee("5 GBP")])]
    )
    (found,) = ps.scorecard(plain, [measured("fee", "1 GBP")]).every
    assert found.modelled.value == ps.Money(5, "GBP")


PROCEDURE_ALONE = ps.Procedure(steps=[ps.Step("decide", processing_time="1 hour", actor="applicant")])


UNDECIDED = ps.Procedure(
    steps=[ps.Step("a", processing_time="1 hour"), ps.Step("b"), ps.Step("c")],
    flows=[ps.Flow("a", "b"), ps.Flow("a", "c")],
)


@pytest.mark.parametrize(
    ("metric", "service", "reason"),
    [
        ("fee", {}, "the model does not say"),
        ("fee", {"fees": [ps.Fee("5 GBP"), ps.Fee("5 EUR")]}, "fees in GBP, EUR do not add without a rate"),
        ("completion-rate", {"procedure": ps.Procedure()}, "the model does not say"),
        ("arrival-rate", {}, "the service has no arrival rate"),
        ("throughput", {}, "the service has no arrival rate"),
        ("work-in-progress", {}, "the service has no arrival rate"),
        (
            "work-in-progress",
            {"procedure": ps.Procedure(steps=[ps.Step("a")]), "arrival_rate": "1 case/day"},
            "unknown",
        ),
        ("utilisation", {}, "no case needs a resource"),
        ("handovers", {"procedure": UNDECIDED}, "probabilit"),
        ("cycle-time", {"procedure": ps.Procedure(steps=[ps.Step("a")])}, "unknown"),
    ],
)
def test_why_the_model_does_not_say(metric: str, service: dict[str, Any], reason: str) -> None:
    """
    A number that the model does not have comes with the reason.
    """
    fields = {"procedure": PROCEDURE_ALONE} | service
    organisation = ps.PublicOrganisation("o", services=[ps.PublicService("permit", **fields)])
    values = {"duration": "1 hour", "money": "1 GBP", "rate": "1 case/day", "fraction": 0.5, "number": 1}
    (found,) = ps.scorecard(organisation, [measured(metric, values[ps.METRICS[metric].unit])]).every
    assert found.modelled.value is None
    assert found.modelled.reason is not None
    assert reason in found.modelled.reason


def test_a_resource_that_cannot_keep_up_has_no_throughput() -> None:
    """
    An overloaded pool has a utilisation, and no steady state in which as many leave as come; without rates it has neither.
    """
    busy = ps.scorecard(
        office(arrival_rate="20 case/working_day"),
        [measured("utilisation", 1), measured("throughput", "1 case/day")],
    ).every
    found = {r.metric.id: r.modelled for r in busy}
    assert found["utilisation"].value == pytest.approx(2.5)
    assert found["throughput"].reason == "a resource cannot keep up: there is no steady state"
    (idle,) = ps.scorecard(office(arrival_rate=None), [measured("utilisation", 1)]).every
    assert idle.modelled.reason == "clerk: a service that uses it has no arrival rate"


def test_handovers_are_those_inside_the_office() -> None:
    """
    Of a case that goes from a clerk to the applicant, back to the clerk and on to a head, one handover is inside the office.
    """
    steps = [
        ps.Step("receive", resource="clerk", processing_time="1 hour"),
        ps.Step("correct", actor="applicant", processing_time="1 hour"),
        ps.Step("assess", resource="clerk", processing_time="1 hour"),
        ps.Step("sign", resource="head", processing_time="1 hour"),
    ]
    flows = [ps.Flow(a.id, b.id) for a, b in zip(steps, steps[1:], strict=False)]
    organisation = ps.PublicOrganisation(
        "o",
        resources=[ps.Resource("clerk"), ps.Resource("head")],
        services=[ps.PublicService("permit", procedure=ps.Procedure(steps=steps, flows=flows))],
    )
    (found,) = ps.scorecard(organisation, [measured("handovers", 1)]).every
    assert (found.modelled.value, found.modelled.method and found.modelled.method.kind) == (1, "exact")


def test_an_unsound_model_says_so_and_one_that_is_not_known_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Soundness is 0 where a case can get stuck, and none where the search was given up.
    """
    stuck = ps.Procedure(
        steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")],
        gateways=[ps.Gateway("both", kind="parallel")],
        flows=[ps.Flow("a", "b"), ps.Flow("a", "c"), ps.Flow("b", "both"), ps.Flow("c", "both")],
    )
    assert row(None, measured("soundness", 1), procedure=stuck).modelled.value == 0.0
    monkeypatch.setattr("pubservice.management.modelled.soundness", partial(ps.soundness, at_most_states=1))
    names = [f"b{i}" for i in range(8)]
    wide = ps.Procedure(
        start="split",
        steps=[ps.Step(name) for name in names],
        gateways=[ps.Gateway("split", kind="parallel"), ps.Gateway("join", kind="inclusive")],
        flows=[ps.Flow(*pair) for name in names for pair in (("split", name), (name, "join"))],
    )
    unknown = row(None, measured("soundness", 1), procedure=wide).modelled
    assert (unknown.value, unknown.reason) == (None, "more than 1 states")


def test_a_resource_that_no_case_comes_to_is_not_the_busiest() -> None:
    """
    Only resources that cases visit count for the highest utilisation.
    """
    service = ps.PublicService(
        "permit",
        arrival_rate="1 case/day",
        procedure=ps.Procedure(
            start="decide",
            steps=[
                ps.Step("decide", resource="clerk", processing_time="6 hour"),
                ps.Step("inspect", resource="inspector", processing_time="20 hour"),
            ],
            ends=[ps.End("granted")],
            flows=[
                ps.Flow("decide", "granted", probability=1),
                ps.Flow("decide", "inspect", probability=0),
                ps.Flow("inspect", "granted"),
            ],
        ),
    )
    organisation = ps.PublicOrganisation(
        "o", resources=[ps.Resource("clerk"), ps.Resource("inspector")], services=[service]
    )
    (found,) = ps.scorecard(organisation, [measured("utilisation", 1)]).every
    assert found.modelled.value == pytest.approx(0.25)


def test_an_elapsed_promise_is_put_on_the_clock_of_the_model() -> None:
    """
    Under a calendar the model counts working time: of 7 days the office is open 40 hours, by its share in the long run.
    """
    assert row(ps.Target("cycle-time", value="7 day")).meets is True
    assert row(ps.Target("cycle-time", value="1 day")).meets is False
    assert row(ps.Target("applicant-time", value="1.5 hour")).meets is True


@pytest.mark.parametrize(
    ("promised", "value", "verdict"),
    [
        ("2 working_day", "1.5 working_day", "met"),
        ("2 working_day", "10 working_hour", "unknown"),
        ("3 case/day", "22 case/week", "met"),
    ],
)
def test_without_a_calendar_working_days_compare_with_each_other(
    promised: str, value: str, verdict: str
) -> None:
    """
    A working day has no hours without a calendar, and is a working day all the same.
    """
    metric = "throughput" if "case" in value else "cycle-time"
    service = ps.PublicService("permit", targets=[ps.Target(metric, value=promised)])
    (found,) = ps.scorecard(ps.PublicOrganisation("o", services=[service]), [measured(metric, value)]).every
    assert found.verdict == verdict
    if verdict == "unknown":
        assert found.judgement.reason == "a working day has no hours without a calendar"


def test_rates_per_working_day_need_a_calendar() -> None:
    """
    A rate per working day and one per week do not compare without a calendar.
    """
    service = ps.PublicService("permit", targets=[ps.Target("throughput", value="3 case/working_day")])
    (found,) = ps.scorecard(
        ps.PublicOrganisation("o", services=[service]), [measured("throughput", "22 case/week")]
    ).every
    assert found.judgement.reason == "a working day has no hours without a calendar"


def test_measurements_of_the_organisation_stand_below() -> None:
    """
    What is measured of the organisation as a whole has no promise, no model and no service.
    """
    card = ps.scorecard(office(), [measured("ikm", 83, service=None), measured("csat", 0.8)])
    assert [(r.service, r.metric.id) for r in card.every] == [("permit", "csat"), (None, "ikm")]
    assert str(card).splitlines()[-1].startswith("-        Public satisfaction index    -")


def test_only_the_periods_that_are_asked_for() -> None:
    """
    Only measurements whose period lies in one that is asked for are told; a quarter holds its months.
    """
    given = months([80, 81, 82, 83])
    card = ps.scorecard(office(), given, periods=["2025-Q1"])
    assert [str(r.period) for r in card.every] == ["2025-01", "2025-02", "2025-03"]


def test_faults_are_told_together_with_their_numbers() -> None:
    """
    Everything that does not fit is one error, with the position of each measurement.
    """
    wrong = [measured("ikm", 80), measured("ikm", 82), measured("ikmm", 3), measured("csat", "3 day")]
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.scorecard(office(), wrong)
    assert str(caught.value).splitlines() == [
        "measurements[1].period: the period 2026-Q1 overlaps 2026-Q1 of measurements[0], from the same source",
        "measurements[2].metric: no metric 'ikmm', did you mean 'ikm'?",
        "measurements[3].value: expected a fraction for 'csat', got '3 day'",
    ]


def test_a_scorecard_speaks_both_languages() -> None:
    """
    Titles, names of metrics, verdicts and reasons are said in Indonesian too.
    """
    targets = [ps.Target("cycle-time", value="2 working_day", share=0.9), ps.Target("ikm", value=80)]
    card = ps.scorecard(office(*targets), [measured("ikm", 75)])
    assert [line.split("  ")[0] for line in card.text("id").splitlines()] == [
        "layanan",
        "permit",
        "permit",
        "permit, Waktu siklus: tidak diukur: proporsi permohonan dalam 2 hari kerja; model menepatinya",
        "permit, Indeks Kepuasan Masyarakat (IKM): lebih buruk dari yang dijanjikan",
    ]
    title, cycle, index = (re.split(r" {2,}", line) for line in card.text("id").splitlines()[:3])
    assert title == ["layanan", "ukuran", "dijanjikan", "menurut model", "terukur", "periode", "penilaian"]
    assert cycle[2] == "2 hari kerja untuk 90% permohonan"
    assert (cycle[-1], index[-1]) == ("tidak diketahui", "tidak tercapai")


def test_data_of_a_scorecard() -> None:
    """
    The JSON has promises, model, measurements and verdicts, its sources and the digest of the model.
    """
    target = ps.Target("cycle-time", value="2 working_day", share=0.9)
    card = ps.scorecard(office(target), [measured("on-time-share", 0.95, population=40), *months(FALLING)])
    data = card.data()
    assert json.loads(json.dumps(data)) == data
    assert data["rows"][0]["promised"] == {
        "value": {"magnitude": 2.0, "unit": "working_day"},
        "share": 0.9,
        "origin": "target",
    }
    assert data["rows"][0]["measured"]["population"] == 40
    assert data["rows"][0]["modelled"]["method"]["kind"] == "approximation"
    assert data["trends"][0]["chart"]["kind"] == "XmR"
    assert data["provenance"]["digest"] == ps.performance(office(target)).provenance.digest
    assert any("Western Electric" in source for source in data["provenance"]["sources"])
    assert next(r["verdict"] for r in card.rows()) == "met"
    unmeasured = ps.scorecard(office(target)).data()["rows"][0]
    assert (unmeasured["measured"], unmeasured["period"]) == (None, None)


def test_the_performance_may_be_given() -> None:
    """
    A performance that is there already is not worked out anew.
    """
    organisation = office(ps.Target("cycle-time", value="2 working_day"))
    given = ps.performance(organisation)
    assert ps.scorecard(organisation, performance=given).every == ps.scorecard(organisation).every


@given(st.lists(measurements(tuple(ps.METRICS.values()), ("permit",)), max_size=6))
def test_every_measurement_is_told(given_: list[ps.Measurement]) -> None:
    """
    Whatever fits is in the scorecard, once for each promise of it, or once where nothing is promised; rows print.
    """
    organisation = office(ps.Target("ikm", value=80), ps.Target("cycle-time", value="2 day"))
    try:
        card = ps.scorecard(organisation, given_)
    except ps.InvalidModelError:
        return
    told = [r.measured for r in card.every if r.measured is not None]
    assert sorted(map(id, told)) == sorted(map(id, given_))
    assert all(r.judgement.reason for r in card.every)
    assert len(card.rows()) == len(card.every)
    assert json.dumps(card.data())
    assert card.text("id")


@pytest.mark.parametrize(
    ("value", "metric", "text"),
    [
        (ps.Duration(123456, "hour"), "cycle-time", "123,456 hour"),
        (ps.Duration(0.123456, "hour"), "cycle-time", "0.1235 hour"),
        (0.95, "csat", "95%"),
        (1234.5, "nps", "1,234.5"),
        (ps.Money(1234.5, "GBP"), "fee", "1,234 GBP"),
        (ps.Rate(2.34567, "day"), "throughput", "2.346 case/day"),
    ],
)
def test_values_are_said_for_people(value: Any, metric: str, text: str) -> None:
    """
    Shares are percent in print, and numbers have as many digits as people read.
    """
    assert value_text(value, ps.METRICS[metric]) == text


def test_a_survey_becomes_a_measurement() -> None:
    """
    The index of a survey has its interval and its respondents; one that does not exist has its reason.
    """
    from pubservice.management.satisfaction import satisfaction_measurement

    answers = ps.answers_from([{f"U{n}": 1 + (n + i) % 4 for n in range(1, 10)} for i in range(50)])
    found = satisfaction_measurement(ps.satisfaction_index(answers), period="2026-Q1", service="permit")
    assert (found.population, found.obtained) == (50, "survey")
    assert found.low is not None
    nobody = ps.answers_from([{f"U{n}": "NA" for n in range(1, 10)}])
    missing = satisfaction_measurement(ps.satisfaction_index(nobody), period="2026-Q1")
    assert (missing.value, missing.low, missing.reason) == (None, None, "nobody answered")


def test_measurements_are_a_list_of_measurements() -> None:
    """
    What is no list, and what does not belong into it, is refused with its position.
    """
    office, wrong = ps.PublicOrganisation("o"), cast("Any", ["x", None])
    with pytest.raises(ps.InvalidModelError, match="^measurements: expected a list, got 'x'"):
        ps.scorecard(office, wrong[0])
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.scorecard(office, wrong)
    assert str(caught.value).splitlines() == [
        "measurements[0]: expected a Measurement, got 'x'",
        "measurements[1]: expected a Measurement, got None",
    ]


def test_a_measurement_of_satisfaction_is_made_of_an_index() -> None:
    """
    Answers are no index yet.
    """
    wrong: Any = "answers"
    with pytest.raises(ps.InvalidModelError, match="^index: expected a SatisfactionIndex, got 'answers'"):
        ps.satisfaction_measurement(wrong, period="2026")


def test_nothing_to_show_is_said() -> None:
    """
    Of an organisation that promises nothing and of which nothing was measured, the text says so.
    """
    empty = ps.scorecard(ps.PublicOrganisation("o", services=[ps.PublicService("s")]))
    assert str(empty) == "nothing is promised, and nothing was measured"
    assert empty.text("id") == "tidak ada yang dijanjikan dan tidak ada yang diukur"
