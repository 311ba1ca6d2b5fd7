"""The service triangle, and what a model shows of each claim."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.management.claims import CLAIMS
from pubservice.management.showing import Office
from pubservice.management.triangle import CORNERS, QUESTIONS
from strategies import checkable
from written import model

EVERY = [name for names in QUESTIONS.values() for name in names]
OPEN = [name for name in EVERY if CLAIMS[name].look is None]


def shown(claim: str, text: str) -> ps.Showing:
    """Return what the model that a text describes shows of a claim."""
    return CLAIMS[claim].shown_by(Office(model(text)))


def told(claim: str, text: str) -> tuple[bool | None, str]:
    """Return whether a claim holds, and why."""
    found = shown(claim, text)
    return found.holds, str(found.why)


def test_every_question_is_asked_once() -> None:
    """
    The corners ask different questions, each of which says what would raise it and where it comes from.
    """
    assert len(EVERY) == len(set(EVERY))
    assert set(QUESTIONS) == set(CORNERS)
    assert all(CLAIMS[name].words and CLAIMS[name].raised_by and CLAIMS[name].source for name in EVERY)


def test_an_empty_model_shows_nothing() -> None:
    """
    Of an organisation without anything every answer is unknown, and no corner has a score.
    """
    triangle = ps.service_triangle(ps.PublicOrganisation("o"))
    assert [corner.score for corner in triangle.corners] == [None] * 4
    assert all(question.by is None for corner in triangle.corners for question in corner.questions)
    assert triangle.corner("people").data()["undefined"] == {"score": "no question is answered"}


@settings(max_examples=40)
@given(checkable, st.dictionaries(st.sampled_from(EVERY), st.booleans(), max_size=4))
def test_scores_are_shares_of_what_is_answered(
    office: ps.PublicOrganisation, answers: dict[str, bool]
) -> None:
    """
    A score is yes / (yes + no); unknown counts neither way, and every question is yes, no or unknown.
    """
    triangle = ps.service_triangle(office, answers=answers)
    for corner, row in zip(triangle.corners, triangle.rows(), strict=True):
        yes, no, unknown = (row[key] for key in ("answered yes", "answered no", "unknown"))
        assert (yes, no, unknown) == tuple(
            sum(question.holds is answer for question in corner.questions) for answer in (True, False, None)
        )
        expected = (
            sum(q.holds is True for q in corner.questions) / len(corner.answered) if corner.answered else None
        )
        assert corner.score == expected
        assert {q.claim.id for q in corner.open} == {q.claim.id for q in corner.questions if not q.holds}


@settings(max_examples=40)
@given(checkable)
def test_more_yes_never_lowers_a_score(office: ps.PublicOrganisation) -> None:
    """
    Answering open questions with yes raises a score, or leaves it; with no it lowers it, or leaves it.
    """
    before, better, worse = (
        ps.service_triangle(office, answers=dict.fromkeys(OPEN, answer) if answer is not None else {})
        for answer in (None, True, False)
    )
    for was, up, down in zip(before.corners, better.corners, worse.corners, strict=True):
        assert up.score is not None
        assert down.score is not None
        assert (
            down.score <= (was.score if was.score is not None else down.score) <= up.score
            or was.score is None
        )


def test_evidence_in_the_model_goes_before_answers() -> None:
    """
    An answer that the model contradicts is not used, and said to be overruled; one that it confirms is not.
    """
    office = ps.PublicOrganisation("o", vision="Everybody counted")
    (question,) = ps.service_triangle(office, answers={"vision": False}).corner("culture").answered
    assert (question.holds, question.by, question.overruled) == (True, "model", True)
    (question,) = ps.service_triangle(office, answers={"vision": True}).corner("culture").answered
    assert not question.overruled


def test_answers_that_are_not_used_are_named() -> None:
    """
    Answers to what the model shows are listed, those it contradicts first; an answer that counts is not among them.
    """
    office = ps.PublicOrganisation("o", vision="Everybody counted", commitments=["We answer within a week"])
    triangle = ps.service_triangle(office, answers={"vision": True, "commitments": False, "training": True})
    assert [(question.claim.id, question.given) for question in triangle.unused] == [
        ("commitments", False),
        ("vision", True),
    ]
    assert triangle.text().splitlines()[-3:] == [
        "answers that are not used, because the model shows it",
        "  overruled: commitments: answered no, the model shows yes (the organisation states it)",
        "  confirmed: vision: answered yes, the model shows yes (the organisation states it)",
    ]
    first = triangle.corner("culture").data()["questions"][0]
    assert (first["given"], first["overruled"]) == (True, False)


@pytest.mark.parametrize("wrong", ["vision", 3, ["vision"]])
def test_answers_are_by_question(wrong: Any) -> None:
    """
    What is no mapping of questions to answers is refused.
    """
    with pytest.raises(ps.InvalidModelError, match="^answers: expected answers by question, got "):
        ps.service_triangle(ps.PublicOrganisation("o"), answers=wrong)


def test_answers_fill_what_the_model_leaves_open() -> None:
    """
    An answer counts where the model shows nothing, and is said to be one.
    """
    triangle = ps.service_triangle(ps.PublicOrganisation("o"), answers={"training": False, "courtesy": True})
    corner = triangle.corner("people")
    assert corner.score == 0.5
    assert {question.by for question in corner.answered} == {"answers"}
    assert corner.open[0].claim.id == "training"
    data = corner.data()["questions"][3]
    assert (data["question"], data["holds"], data["raised_by"]) == (
        "training",
        False,
        "train staff every year",
    )


def test_answers_to_nothing_are_refused_together() -> None:
    """
    Unknown questions and what is no answer are told with their paths.
    """
    wrong: Any = {"visoin": True, "vision": "yes"}
    with pytest.raises(ps.InvalidModelError) as error:
        ps.service_triangle(ps.PublicOrganisation("o"), answers=wrong)
    assert str(error.value).splitlines() == [
        "answers.visoin: no question 'visoin', did you mean 'vision'?",
        "answers.vision: expected true or false, got 'yes'",
    ]


def test_what_some_services_state_the_others_lack() -> None:
    """
    A fact of all services is a yes, of some a no that names the rest, of none unknown.
    """
    one = "audience: [parents]"
    assert told("audience", one) == (True, "in all services: 1")
    assert told("audience", f"{one}\nbeside: [{{id: t}}, {{id: u}}]") == (False, "not in t, u")
    assert told("audience", "beside: [{id: t}]") == (None, "no service says so")
    many = ", ".join(f"{{id: t{n}}}" for n in range(5))
    assert told("audience", f"{one}\nbeside: [{many}]") == (False, "not in t0, t1, t2 +2")


def test_one_owner_is_one_kind_of_staff() -> None:
    """
    Facilities beside staff are no second owner, a system owns what it does alone, and a step that names nobody has none.
    """
    text = """
    resources: [{{id: clerk}}, {{id: head}}, {{id: camera, kind: facility}}, {{id: it, kind: information-system}}]
    procedure: {{steps: [{{id: a, resource: {first}}}, {{id: b, resource: {second}}}], flows: [{{source: a, target: b}}]}}
    """
    assert told("owner", text.format(first="[clerk, camera]", second="it")) == (True, "all steps have one: 2")
    assert told("owner", text.format(first="[clerk, head]", second="[]")) == (False, "several owners: s.a")
    assert told("owner", text.format(first="clerk", second="[]")) == (False, "no owner: s.b")
    assert told("owner", text.format(first="[]", second="[]")) == (None, "no step says who does it")


def test_competences_are_those_of_who_does_the_step() -> None:
    """
    What a step requires has to be held by one of its resources; where no step requires any, nothing is shown.
    """
    text = """
    resources: [{{id: clerk, competences: [intake]}}, {{id: head, competences: [law]}}]
    procedure: {{steps: [{{id: a, resource: [clerk, head], competences: {wanted}}}]}}
    """
    assert shown("competences", text.format(wanted="[intake, law]")).holds is True
    assert told("competences", text.format(wanted="[law, zoning]")) == (False, "not held: s.a: zoning")
    assert told("competences", text.format(wanted="[]")) == (None, "no step says what it takes")


def test_load_is_that_of_staff() -> None:
    """
    Staff that more work reaches than they can do contradict it; without an arrival rate it is unknown.
    """
    text = """
    resources: [{{id: clerk}}, {{id: it, kind: information-system}}]
    {rate}
    procedure: {{steps: [{{id: a, resource: clerk, processing_time: 30 min}}]}}
    """
    assert told("load", text.format(rate="arrival_rate: 1 case/hour")) == (True, "busiest: clerk, 50%")
    over = shown("load", text.format(rate="arrival_rate: 3 case/hour"))
    assert (over.holds, str(over.why), over.codes) == (False, "cannot keep up: clerk", ("WAI001",))
    assert told("load", text.format(rate="")) == (None, "clerk: a service that uses it has no arrival rate")
    assert told("load", "requirements: [a]") == (None, "there are no staff in the model")


def test_channels_are_digital_or_not_stated() -> None:
    """
    Services without any channel show nothing; one with a counter alone contradicts it.
    """
    online, desk = "channels: [{id: web, kind: online}]", "channels: [{id: desk, kind: counter}]"
    assert told("digital", online) == (True, "in all services: 1")
    assert told("digital", f"{online}\nbeside: [{{id: t, {desk}}}]") == (False, "not in t")
    assert told("digital", f"{online}\nbeside: [{{id: t}}]") == (None, "no channels are stated: t")
    assert told("digital", "requirements: [a]") == (None, "no service says how it is reached")


def test_findings_speak_against_a_claim_with_their_codes() -> None:
    """
    A finding contradicts; none found in described procedures shows the claim; a procedure that is not described does not.
    """
    checks = "checks: [id-card]"
    work = f"steps: [{{id: a, {checks}}}, {{id: b, {checks}, gives: [permit]}}], flows: [{{source: a, target: b}}]"
    twice = f"requirements: [id-card]\noutputs: [permit]\nprocedure: {{{work}}}"
    found = shown("lean", twice)
    assert (found.holds, found.codes, str(found.why)) == (False, ("RED001",), "1 found by RED001: s")
    once = twice.replace(f"{checks}, gives", "gives")
    assert told("lean", once) == (True, "none found by RED")
    assert told("lean", f"{once}\nbeside: [{{id: t}}]") == (None, "no procedure is described: t")
    silent = once.replace("outputs: [permit]\n", "")
    assert told("lean", silent) == (None, "s: the service declares no outputs")
    empty = ps.PublicOrganisation("o")
    assert str(CLAIMS["lean"].shown_by(Office(empty)).why) == "there are no services"


def test_promises_are_kept_by_all_or_not() -> None:
    """
    One promise that is missed on average contradicts; one that is not known leaves it open.
    """
    text = """
    standard: {{completion_time: {promise}}}
    procedure: {{steps: [{{id: a, processing_time: 1 hour}}]}}
    """
    assert told("promises-kept", text.format(promise="1 day")) == (True, "kept on average in all services: 1")
    broken = shown("promises-kept", text.format(promise="5 min"))
    assert (broken.holds, broken.codes) == (False, ("LEG003",))
    assert told("promises-kept", text.format(promise="1 working_day"))[0] is None
    assert told("promises-kept", "requirements: [a]")[1] == "no promise, or no cycle time: s"
    empty = ps.PublicOrganisation("o")
    assert str(CLAIMS["promises-kept"].shown_by(Office(empty)).why) == "there are no services"


def test_a_target_for_satisfaction_may_be_of_a_metric_of_ones_own() -> None:
    """
    A target counts by the goal of its metric, whether ours or the organisation's.
    """
    kindness = ps.Metric("kindness", unit="number", direction="higher", goal="satisfying")
    service = ps.PublicService("s", targets=[ps.Target("kindness", value=3)])
    office = Office(ps.PublicOrganisation("o", metrics=[kindness], services=[service]))
    assert CLAIMS["satisfaction"].shown_by(office).holds is True
    assert shown("satisfaction", "targets: [{metric: cycle-time, value: 1 day}]").holds is None


def test_it_prints_what_would_raise_it() -> None:
    """
    Below the scores stands each corner with what is missing, no first; a corner that lacks nothing is left out.
    """
    office = ps.read_example("civil-registration")
    triangle = ps.service_triangle(office, answers=dict.fromkeys(QUESTIONS["culture"], True))
    text = str(triangle)
    assert "strategy and culture: what would raise it" not in text
    assert "  no: competences: train, or give the step to those who are able (not held: " in text
    assert text.index("no: competences") < text.index("unknown: training")
    assert "sumber daya manusia: yang akan meningkatkannya" in triangle.text("id")
    assert "every question of a corner counts the same" in triangle.data()["provenance"]["assumptions"]
