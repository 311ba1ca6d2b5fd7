"""Edits that change what steps do and who does them: preconditions, and what the new steps are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import attrs
import pytest

import pubservice as ps
from pubservice.edits.application import apply_to_service, without_basis
from pubservice.model.distribution import Fixed, Gamma

CLERK = ps.Resource("clerk", capacity=2, cost="10 EUR/hour", competences=["intake"])
OFFICER = ps.Resource("officer", capacity=3, cost="20 EUR/hour", competences=["law"])
SYSTEM = ps.Resource("system", kind="information-system", capacity=9)


def office(
    *steps: ps.Step, resources: Any = (CLERK, OFFICER, SYSTEM), calendars: Any = (), **fields: Any
) -> ps.PublicOrganisation:
    """Return an organisation with a service of steps in a row, and another that issues cards."""
    flows = [ps.Flow(a.id, b.id) for a, b in zip(steps, steps[1:], strict=False)]
    service = ps.PublicService(
        "s",
        channels=[ps.Channel("desk", kind="counter"), ps.Channel("web", kind="online")],
        procedure=ps.Procedure(steps=steps, flows=flows),
        **fields,
    )
    issue = ps.Procedure(steps=[ps.Step("issue", gives=["card"], resource="clerk")])
    registry = ps.PublicService("registry", outputs=["card"], procedure=issue)
    return ps.PublicOrganisation("o", resources=resources, calendars=calendars, services=[service, registry])


def steps_after(model: ps.PublicOrganisation, edit: ps.Edit) -> tuple[ps.Step, ...]:
    """Return the steps of the service after an edit."""
    return ps.apply(model, edit).service("s").procedure.steps


def refusal(model: ps.PublicOrganisation, edit: ps.Edit) -> str:
    """Return why an edit is refused."""
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.apply(model, edit)
    return str(caught.value)


VALID = ps.Check("valid", "form")


# Checks, asks and outputs


def test_a_check_is_dropped_or_done_elsewhere() -> None:
    """
    Dropping leaves the other facts; relocating adds the fact where it is not established yet.
    """
    model = office(ps.Step("a", checks=[VALID]), ps.Step("b", checks=[VALID, "form"]), ps.Step("c"))
    assert steps_after(model, ps.DropCheck("s", "b", "valid", "form"))[1].checks == (
        ps.Check("form", "form"),
    )
    _, b, c = steps_after(model, ps.RelocateCheck("s", "b", "valid", "form", "c"))
    assert (b.checks, c.checks) == ((ps.Check("form", "form"),), (VALID,))
    a, b, _ = steps_after(model, ps.RelocateCheck("s", "b", "valid", "form", "a"))
    assert (a.checks, b.checks) == ((VALID,), (ps.Check("form", "form"),))
    itself = ps.RelocateCheck("s", "b", "valid", "form", "b")
    assert refusal(model, itself) == "step 'b' checks it already"


def test_what_a_provision_demands_is_neither_dropped_nor_relocated() -> None:
    """
    At a step with a legal basis nothing is taken away, and the provision is named in both languages.
    """
    step = ps.Step("b", checks=[VALID], asks=["card"], gives=["x"], legal_basis=["UU 1", "UU 2"])
    model = office(ps.Step("a"), step)
    for edit, what in (
        (ps.DropCheck("s", "b", "valid", "form"), "valid of form"),
        (ps.RelocateCheck("s", "b", "valid", "form", "a"), "valid of form"),
        (ps.DropAsk("s", "b", "card"), "card"),
        (ps.DropOutputs("s", [("b", "x")]), "x"),
        (ps.RemoveStep("s", "b"), "the work"),
    ):
        assert refusal(model, edit) == f"{what} at 'b' is demanded by UU 1, UU 2"
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.apply(model, ps.RemoveStep("s", "b"))
    assert caught.value.args[0].text("id") == "pekerjaan pada 'b' diwajibkan oleh UU 1, UU 2"


def test_a_question_is_dropped_only_where_the_answer_is_known() -> None:
    """
    The only question for something that is required stays; a further one goes where every way has brought the answer.
    """
    drop = ps.DropAsk("s", "b", "plan")
    asks = ps.Step("b", asks=["plan"])
    expected = "'plan' is not asked for or handed in on every way to 'b'"
    assert refusal(office(ps.Step("a"), asks, requirements=["plan"]), drop) == expected
    assert refusal(office(ps.Step("a"), asks), drop) == expected
    assert steps_after(office(ps.Step("a", asks=["plan"]), asks), drop)[1].asks == ()
    assert steps_after(office(ps.Step("a", gives=["plan"]), asks), drop)[1].asks == ()


def test_outputs_are_dropped_at_steps_and_waits() -> None:
    """
    Several outputs of one node go together, and steps that are named after that.
    """
    model = office(ps.Step("a", gives=["x", "y", "z"]), ps.Step("b"))
    wait = ps.Wait("w", cause="other", clock="elapsed", gives=["v"])
    procedure = attrs.evolve(
        model.service("s").procedure, waits=[wait], flows=[ps.Flow("a", "w"), ps.Flow("w", "b")]
    )
    model = attrs.evolve(model, services=[attrs.evolve(model.service("s"), procedure=procedure)])
    after = ps.apply(model, ps.DropOutputs("s", [("a", "x"), ("a", "z"), ("w", "v")], ["b"]))
    assert [node.gives for node in after.service("s").procedure.workers] == [("y",), ()]
    assert refusal(model, ps.DropOutputs("s", [("a", "x"), ("a", "x")])) == "'a' does not give 'x'"
    assert refusal(model, ps.DropOutputs("s", [("q", "x")])) == "'q' does not give 'x'"


# Once only


def test_evidence_is_fetched_by_its_own_name() -> None:
    """
    Steps need what they asked for, and whatever named the requirement names the evidence: checks, needs and new versions.
    """
    model = office(
        ps.Step("a", asks=["proof", "form"], checks=[{"check": "valid", "of": "proof"}, "form"]),
        ps.Step("b", needs=["card", "proof"], gives=["proof"]),
        ps.Step("c", needs=["form"]),
        requirements=[ps.Requirement("proof", evidence=["card"]), "form"],
    )
    after = ps.apply(model, ps.FetchEvidence("s", "card", "registry")).service("s")
    a, b, c = after.procedure.steps
    assert (a.asks, a.needs) == (("form",), ("card",))
    assert a.checks == (ps.Check("valid", "card"), ps.Check("form", "form"))
    assert (b.needs, b.gives) == (("card",), ("card",))
    assert c is model.service("s").procedure.steps[2]
    assert [requirement.id for requirement in after.requirements] == ["form"]


def test_the_only_evidence_of_a_requirement_is_fetched_under_either_name() -> None:
    """
    A requirement and the only evidence that meets it are one, whichever of them the other service issues.
    """
    model = office(ps.Step("a", asks=["paper"]), requirements=[ps.Requirement("card", evidence=["paper"])])
    after = ps.apply(model, ps.FetchEvidence("s", "card", "registry")).service("s")
    assert (after.procedure.steps[0].asks, after.procedure.steps[0].needs) == ((), ("card",))
    assert after.requirements == ()


def test_a_new_version_that_a_wait_brings_is_named_alike() -> None:
    """
    A resubmission of what is fetched still ends what was verified of it.
    """
    model = office(ps.Step("a", asks=["proof"]), requirements=[ps.Requirement("proof", evidence=["card"])])
    waits = [
        ps.Wait("w", cause="applicant", clock="elapsed", needs=["x", "proof"], gives=["proof"]),
        ps.Wait("v", cause="other", clock="elapsed"),
    ]
    procedure = attrs.evolve(
        model.service("s").procedure, waits=waits, flows=[ps.Flow("a", "w"), ps.Flow("w", "v")]
    )
    service = attrs.evolve(model.service("s"), procedure=procedure)
    fetched = apply_to_service(service, ps.FetchEvidence("s", "card", "registry"))
    assert [wait.gives for wait in fetched.procedure.waits] == [("card",), ()]
    assert [wait.needs for wait in fetched.procedure.waits] == [("x", "card"), ()]


def test_who_has_other_evidence_is_not_shut_out() -> None:
    """
    A requirement that other evidence meets too is not fetched, but a step that asks for one kind by name may be served.
    """
    several = ps.Requirement("proof", evidence=["card", "paper"])
    fetch = ps.FetchEvidence("s", "card", "registry")
    expected = "paper meets '{}' too: who has only that could not apply"
    assert refusal(office(ps.Step("a", asks=["proof"]), requirements=[several]), fetch) == expected.format(
        "proof"
    )
    assert refusal(office(ps.Step("a"), requirements=[several]), fetch) == expected.format("proof")
    own = attrs.evolve(several, id="card")
    assert refusal(office(ps.Step("a", asks=["card"]), requirements=[own]), fetch) == expected.format("card")
    after = ps.apply(office(ps.Step("a", asks=["card"]), requirements=[several]), fetch).service("s")
    assert (after.procedure.steps[0].asks, after.procedure.steps[0].needs) == ((), ("card",))
    assert after.requirements == (several,)


def test_what_the_law_has_handed_in_is_not_fetched() -> None:
    """
    A provision of the requirement, or of the step that asks, would have to change first.
    """
    fetch = ps.FetchEvidence("s", "card", "registry")
    demanded = ps.Requirement("proof", evidence=["card"], legal_basis=["Act 9"])
    assert (
        refusal(office(ps.Step("a"), requirements=[demanded]), fetch)
        == "card at 'proof' is demanded by Act 9"
    )
    asking = ps.Step("a", asks=["card"], legal_basis=["Act 9"])
    assert refusal(office(asking), fetch) == "card at 'a' is demanded by Act 9"
    model = office(attrs.evolve(asking, asks=["proof"]), requirements=[demanded])
    freed = apply_to_service(without_basis(model.service("s"), ["Act 9"]), fetch)
    assert freed.requirements == ()


def test_only_what_is_asked_for_and_issued_is_fetched() -> None:
    """
    The source must be another service that issues the datum, and somebody must ask for it today.
    """
    model = office(ps.Step("a"), outputs=["x"])
    assert refusal(model, ps.FetchEvidence("s", "x", "s")) == "'s' does not issue 'x'"
    assert refusal(model, ps.FetchEvidence("s", "y", "registry")) == "'registry' does not issue 'y'"
    assert refusal(model, ps.FetchEvidence("s", "card", "registry")) == "nothing in 's' asks for 'card'"
    assert refusal(model, ps.FetchEvidence("s", "card", "registri")).startswith("no service 'registri'")


# Who does it, and how


def test_steps_are_given_to_another_resource() -> None:
    """
    A resource takes steps whose competences it has and that take one resource, so that nothing else is lost.
    """
    model = office(
        ps.Step("a", resource="clerk", competences=["law"]),
        ps.Step("b", resource=["clerk", "system"]),
        ps.Step("c", actor="applicant"),
    )
    assert steps_after(model, ps.Reassign("s", ["a"], "officer"))[0].resource == ("officer",)
    message = "clerk lacks law"
    assert refusal(model, ps.Reassign("s", ["a"], "clerk")) == message
    assert refusal(model, ps.Reassign("s", ["b"], "officer")) == "b takes several resources"
    assert "only a step of the office uses resources" in refusal(model, ps.Reassign("s", ["c"], "officer"))
    assert refusal(model, ps.Reassign("s", ["d"], "officer")) == "no step 'd' in service 's'"


def test_a_system_does_a_step_and_nobody_answers_for_a_decision() -> None:
    """
    An automated step takes no people, no set-up, no batch and no applicant; decisions and approvals stay with people.
    """
    step = ps.Step(
        "a",
        actor="other-body",
        body="bank",
        contact="in-person",
        channel="desk",
        batch=ps.Batch(size=2),
        setup_time="1 min",
        competences=["law"],
        checks=["form"],
    )
    model = office(step, ps.Step("b", kind="decision"), ps.Step("c", kind="approval"))
    by_system = steps_after(model, ps.Automate("s", "a", "5 s", resource="system"))[0]
    assert by_system == ps.Step("a", resource="system", processing_time="5 s", checks=["form"])
    assert steps_after(model, ps.Automate("s", "a", "5 s"))[0].resource == ()
    for id in "bc":
        assert refusal(model, ps.Automate("s", id, "1 s")) == f"step '{id}' takes somebody who answers for it"
    assert (
        refusal(model, ps.Automate("s", "a", "1 s", resource="clerk")) == "'clerk' is no information system"
    )
    assert "no resource 'sistem'" in refusal(model, ps.Automate("s", "a", "1 s", resource="sistem"))


def test_channels_and_batches_change() -> None:
    """
    A step is met by another channel of the service, or done for each case as it comes.
    """
    model = office(ps.Step("a", contact="in-person", channel="desk", batch=ps.Batch(size=3)))
    online = steps_after(model, ps.ChangeChannel("s", "a", "web", "remote"))[0]
    assert (online.channel, online.contact) == ("web", "remote")
    assert steps_after(model, ps.ChangeChannel("s", "a", None, "none"))[0].contact == "none"
    assert "no channel 'wep', did you mean 'web'?" in refusal(
        model, ps.ChangeChannel("s", "a", "wep", "remote")
    )
    assert steps_after(model, ps.DropBatch("s", "a"))[0].batch is None
    assert refusal(office(ps.Step("a")), ps.DropBatch("s", "a")) == "step 'a' has no batch"


def test_the_model_says_what_a_service_alone_cannot_be() -> None:
    """
    An edit of one service is refused with its reason, whether an organisation stands around it or not.
    """
    service = office(ps.Step("a", contact="in-person", channel="desk")).service("s")
    with pytest.raises(ps.InvalidEditError, match="s: a by the channel wep, from afar: no channel 'wep'"):
        apply_to_service(service, ps.ChangeChannel("s", "a", "wep", "remote"))


def test_a_step_that_takes_more_than_there_is_is_refused() -> None:
    """
    What the organisation cannot do names the edit and the reason.
    """
    model = office(ps.Step("a", resource="officer", staff=3))
    assert refusal(model, ps.Reassign("s", ["a"], "clerk")) == (
        "s: a done by clerk: 'clerk' has capacity 2, the step takes 3 at once"
    )
    assert refusal(model, ps.SetCapacity("officer", 2)) == (
        "officer: capacity 2: 'officer' has capacity 2, the step takes 3 at once"
    )


# Merging


def test_merged_steps_are_one_that_does_it_all() -> None:
    """
    The one step has the needs from outside, all that was asked, checked and made, and every provision.
    """
    one = ps.Step(
        "a", resource="clerk", needs=["form"], asks=["card"], gives=["x"], cost="1 EUR", setup_time="2 min"
    )
    two = ps.Step(
        "b",
        resource="clerk",
        needs=["x", "form", "y"],
        checks=["form"],
        gives=["z"],
        cost="2 EUR",
        setup_time="90 s",
        legal_basis=["UU 1"],
        contact="in-person",
        channel="desk",
        competences=["law"],
        value="value-adding",
    )
    (merged,) = steps_after(office(one, two), ps.MergeSteps("s", ["a", "b"]))
    assert merged == ps.Step(
        "a",
        resource="clerk",
        needs=["form", "y"],
        asks=["card"],
        checks=["form"],
        gives=["x", "z"],
        cost="3 EUR",
        setup_time="2 min",
        legal_basis=["UU 1"],
        contact="in-person",
        channel="desk",
        competences=["law"],
    )


@pytest.mark.parametrize(
    ("times", "mean", "deviation", "unit"),
    [
        (("2 min", "30 s"), 2.5, 0, "min"),
        (("exponential(3) min", "exponential(240) s"), 7, 5, "min"),
        (("1 hour", "1 day"), 25, 0, "hour"),
        (("1 working_day", "2 working_day"), 3, 0, "working_day"),
        (("gamma(mean=4, sd=3) working_hour", "1 working_hour"), 5, 3, "working_hour"),
    ],
)
def test_merged_times_have_the_mean_and_variance_of_the_sum(
    times: tuple[str, str], mean: float, deviation: float, unit: str
) -> None:
    """
    Means add up and so do variances, in the unit of the first; what does not vary is fixed.
    """
    model = office(*(ps.Step(id, processing_time=time) for id, time in zip("ab", times, strict=True)))
    (merged,) = steps_after(model, ps.MergeSteps("s", ["a", "b"]))
    expected = Gamma(mean, deviation, unit=unit) if deviation else Fixed(mean, unit=unit)
    assert type(merged.processing_time) is type(expected)
    assert merged.processing_time is not None
    assert merged.processing_time.unit == unit
    assert merged.processing_time.mean_in_unit == pytest.approx(mean)
    assert merged.processing_time.scv * mean**2 == pytest.approx(deviation**2)


def test_what_is_not_known_of_a_part_is_not_known_of_the_whole() -> None:
    """
    A time that is not known stays so; costs and set-ups there are none of are none.
    """
    model = office(ps.Step("a", processing_time="1 min"), ps.Step("b"))
    assert steps_after(model, ps.MergeSteps("s", ["a", "b"])) == (ps.Step("a"),)


@pytest.mark.parametrize(
    ("one", "two", "kind", "value"),
    [
        ({"kind": "check"}, {"kind": "check"}, "check", None),
        ({"kind": "check"}, {"kind": "payment"}, "work", None),
        ({"kind": "check"}, {"kind": "decision"}, "decision", None),
        ({"value": "value-adding"}, {"value": "value-adding"}, "work", "value-adding"),
        ({"kind": "approval"}, {"kind": "approval"}, "approval", None),
    ],
)
def test_what_kind_of_step_a_merged_one_is(
    one: dict[str, Any], two: dict[str, Any], kind: str, value: str | None
) -> None:
    """
    What all of them are it is; where one decides it decides.
    """
    (merged,) = steps_after(office(ps.Step("a", **one), ps.Step("b", **two)), ps.MergeSteps("s", ["a", "b"]))
    assert (merged.kind, merged.value) == (kind, value)


@pytest.mark.parametrize(
    ("one", "two", "message"),
    [
        ({"resource": "clerk"}, {"resource": "officer"}, "'a' and 'b' differ in resource"),
        ({}, {"actor": "applicant"}, "'a' and 'b' differ in actor"),
        ({}, {"batch": ps.Batch(size=2)}, "'a' and 'b' differ in batch"),
        ({}, {"patience": "1 hour"}, "'a' and 'b' differ in patience"),
        ({"gives": ["x"]}, {"checks": ["x"]}, "'b' looks at 'x', which is made in between"),
        ({"gives": ["x"]}, {"asks": ["x"]}, "'b' looks at 'x', which is made in between"),
        (
            {"contact": "remote", "channel": "web"},
            {"contact": "in-person", "channel": "desk"},
            "applicants meet a, b by different channels",
        ),
        ({"kind": "work"}, {"kind": "approval"}, "an approval among a, b: nobody approves their own work"),
        ({"cost": "1 EUR"}, {"cost": "1 USD"}, "costs in EUR, USD do not add without a rate"),
        (
            {"processing_time": "1 working_day"},
            {"processing_time": "1 hour"},
            "working time and other time do not add without a calendar",
        ),
        (
            {"processing_time": "1 working_day"},
            {"processing_time": "1 working_hour"},
            "working days and hours do not add without a calendar",
        ),
    ],
)
def test_what_cannot_be_one_step(one: dict[str, Any], two: dict[str, Any], message: str) -> None:
    """
    Steps that others do, that look at what is made in between, or whose amounts do not add are not merged.
    """
    model = office(ps.Step("a", **one), ps.Step("b", **two))
    assert refusal(model, ps.MergeSteps("s", ["a", "b"])) == message


def test_the_last_of_merged_steps_may_decide() -> None:
    """
    A choice after the last step is the choice after the merged one; one in the middle is not hidden.
    """
    ends = [ps.End("granted"), ps.End("refused")]
    choice = [ps.Flow("b", "granted", probability=0.6), ps.Flow("b", "refused", probability=0.4)]
    steps = [ps.Step("a"), ps.Step("b"), ps.Step("c")]
    procedure = ps.Procedure(steps=steps[:2], ends=ends, flows=[ps.Flow("a", "b"), *choice])
    merged = apply_to_service(ps.PublicService("s", procedure=procedure), ps.MergeSteps("s", ["a", "b"]))
    assert [(f.source, f.target, f.probability) for f in merged.procedure.flows] == [
        ("a", "granted", 0.6),
        ("a", "refused", 0.4),
    ]
    flows = [ps.Flow("a", "b"), ps.Flow("b", "c", probability=0.6), choice[1], ps.Flow("c", "granted")]
    procedure = ps.Procedure(steps=steps, ends=ends, flows=flows)
    with pytest.raises(ps.InvalidEditError, match="step 'b' decides where the case goes on"):
        apply_to_service(ps.PublicService("s", procedure=procedure), ps.MergeSteps("s", ["a", "b", "c"]))


# Splitting


WHOLE = ps.Step(
    "a",
    resource="clerk",
    processing_time="exponential(10) min",
    needs=["form"],
    asks=["card"],
    checks=[VALID],
    gives=["x"],
    cost="5 EUR",
    kind="decision",
)


def test_parts_share_what_a_step_does() -> None:
    """
    Each part has its share of the mean and the variance; the cost goes with the first, the decision with the last.
    """
    parts = [
        ps.Part("a", 0.2, needs=["form"], asks=["card"]),
        ps.Part("b", 0.8, resource="officer", needs=["card"], checks=[VALID], gives=["x"]),
    ]
    first, last = steps_after(office(WHOLE), ps.SplitStep("s", "a", parts))
    assert (first.resource, last.resource) == (("clerk",), ("officer",))
    assert (first.cost, last.cost) == (WHOLE.cost, None)
    assert (first.kind, last.kind) == ("work", "decision")
    assert (first.asks, last.checks, last.gives) == (("card",), (VALID,), ("x",))
    times = [first.processing_time, last.processing_time]
    assert [time and time.mean_in_unit for time in times] == pytest.approx([2, 8])
    assert [time and time.scv * time.mean_in_unit**2 for time in times] == pytest.approx([20, 80])
    bare = steps_after(office(ps.Step("a")), ps.SplitStep("s", "a", [ps.Part("x", 0.5), ps.Part("y", 0.5)]))
    assert bare == (ps.Step("x"), ps.Step("y"))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([ps.Part("a", 1)], "expected at least two parts whose shares sum to 1"),
        ([ps.Part("a", 0.5), ps.Part("b", 0.4)], "expected at least two parts whose shares sum to 1"),
        ([ps.Part("a", 0.5, needs=["y"]), ps.Part("b", 0.5)], "'a' needs 'y', which is not there"),
        (
            [ps.Part("a", 0.5, needs=["form"], asks=["card"], checks=[VALID]), ps.Part("b", 0.5)],
            "together the parts of 'a' do not do the same: gives",
        ),
        (
            [ps.Part("a", 0.5, asks=["card"], checks=[VALID]), ps.Part("b", 0.5, gives=["x"])],
            "together the parts of 'a' do not do the same: needs",
        ),
        (
            [ps.Part("a", 0.5, needs=["form"], gives=["form"]), ps.Part("b", 0.5, checks=[VALID])],
            "'b' looks at 'form', which is made in between",
        ),
        (
            [
                ps.Part("z", 0.5, needs=["form"], asks=["card"], checks=[VALID]),
                ps.Part("b", 0.5, gives=["x"]),
            ],
            "'z' is the id of another node",
        ),
        (
            [
                ps.Part("b", 0.5, needs=["form"], asks=["card"], checks=[VALID]),
                ps.Part("b", 0.5, gives=["x"]),
            ],
            "'b' is the id of another node",
        ),
    ],
)
def test_parts_that_do_not_do_the_same(parts: list[ps.Part], message: str) -> None:
    """
    Nothing is lost, nothing is added and nothing is looked at after it has changed.
    """
    assert refusal(office(WHOLE, ps.Step("z")), ps.SplitStep("s", "a", parts)) == message


# Triage


def test_types_of_case_have_their_own_time_and_resource() -> None:
    """
    What a type does not say is as it was.
    """
    cases = [
        ps.CaseType("easy", 0.9, processing_time="1 min"),
        ps.CaseType("hard", 0.1, resource="officer"),
    ]
    easy, hard = steps_after(office(WHOLE), ps.Triage("s", "a", cases))
    assert easy == attrs.evolve(WHOLE, id="easy", processing_time="1 min")
    assert hard == attrs.evolve(WHOLE, id="hard", resource="officer")


def test_types_of_case_that_are_not_all_the_cases() -> None:
    """
    Probabilities sum to 1, over two types at least, with ids that nothing else has.
    """
    model = office(WHOLE, ps.Step("z"))
    message = "expected at least two types of case whose probabilities sum to 1"
    for cases in (
        [ps.CaseType("x", 1)],
        [ps.CaseType("x", 0.5), ps.CaseType("y", 0.4)],
    ):
        assert refusal(model, ps.Triage("s", "a", cases)) == message
    taken = [ps.CaseType("x", 0.5), ps.CaseType("z", 0.5)]
    assert refusal(model, ps.Triage("s", "a", taken)) == "'z' is the id of another node"
    foreign = [ps.CaseType("x", 0.5, resource="boss"), ps.CaseType("y", 0.5)]
    assert refusal(model, ps.Triage("s", "a", foreign)).endswith("no resource 'boss'")


# Pooling


def test_a_pool_does_the_work_of_all_its_members_in_every_service() -> None:
    """
    Capacities and competences add up, costs are averaged by capacity, and every step of a member takes the pool.
    """
    model = office(ps.Step("a", resource="officer"), ps.Step("b", resource="system"))
    after = ps.apply(model, ps.PoolResources(["clerk", "officer"], "staff"))
    assert after.resources == (
        ps.Resource("staff", capacity=5, cost="16 EUR/hour", competences=["intake", "law"]),
        SYSTEM,
    )
    assert [step.resource for step in after.service("s").procedure.steps] == [("staff",), ("system",)]
    assert after.service("registry").procedure.steps[0].resource == ("staff",)
    same = ps.apply(model, ps.PoolResources(["officer", "clerk"], "clerk"))
    assert [resource.id for resource in same.resources] == ["clerk", "system"]


def test_services_that_do_not_use_a_pool_are_not_touched() -> None:
    """
    A service whose steps take none of the members stays as it is.
    """
    model = office(ps.Step("a", resource="system"))
    after = ps.apply(model, ps.PoolResources(["clerk", "officer"], "staff"))
    assert after.service("s") is model.service("s")


def test_pools_without_costs_have_none() -> None:
    """
    Members that cost the same, or nothing that is known, need no mean.
    """
    free = [ps.Resource("x"), ps.Resource("y")]
    after = ps.apply(office(ps.Step("a"), resources=[CLERK, *free]), ps.PoolResources(["x", "y"], "x"))
    assert after.resource("x") == ps.Resource("x", capacity=2)


@pytest.mark.parametrize(
    ("ids", "into", "message"),
    [
        (["clerk"], "pool", "expected at least two resources to pool"),
        (["clerk", "boss"], "pool", "no resource 'boss'"),
        (["clerk", "system"], "pool", "'clerk' and 'system' differ in kind"),
        (["clerk", "night"], "pool", "'clerk' and 'night' differ in calendar"),
        (["clerk", "late"], "pool", "'clerk' and 'late' differ in closing"),
        (["clerk", "queue"], "pool", "'clerk' and 'queue' differ in discipline"),
        (["clerk", "adviser"], "pool", "'clerk' and 'adviser' differ in cases_at_once"),
        (["clerk", "dollar"], "pool", "the costs of clerk, dollar do not compare"),
        (["clerk", "free"], "pool", "the costs of clerk, free do not compare"),
        (["budget", "budget2"], "pool", "'budget' is a budget: cases do not queue for it"),
        (["clerk", "officer"], "system", "clerk, officer pooled as system: 'system' is there already"),
        (["free", "other"], "pool", "both takes several resources"),
    ],
)
def test_resources_that_are_no_pool(ids: list[str], into: str, message: str) -> None:
    """
    Members are of one kind and one calendar and work and serve alike, their costs compare, and no step takes several of them.
    """
    resources = [
        CLERK,
        OFFICER,
        SYSTEM,
        ps.Resource("night", calendar="night"),
        ps.Resource("late", closing="finish"),
        ps.Resource("queue", discipline="priority"),
        ps.Resource("adviser", cases_at_once=3),
        ps.Resource("dollar", cost="10 USD/hour"),
        ps.Resource("free"),
        ps.Resource("other"),
        ps.Resource("budget", kind="budget"),
        ps.Resource("budget2", kind="budget"),
    ]
    night = ps.Calendar("night", hours={"mon-fri": "20:00-22:00"})
    both = ps.Step("both", resource=["free", "other"])
    model = office(both, resources=resources, calendars=[night])
    assert refusal(model, ps.PoolResources(ids, into)) == message


# In words and as data


EVERY: list[tuple[ps.Edit, dict[str, Any], str, str]] = [
    (
        ps.DropCheck("s", "b", "valid", "form"),
        {"edit": "drop_check", "service": "s", "step": "b", "check": "valid", "of": "form"},
        "s: b no longer checks valid of form",
        "s: b tidak lagi memeriksa valid atas form",
    ),
    (
        ps.RelocateCheck("s", "b", "valid", "form", "a"),
        {"edit": "relocate_check", "service": "s", "step": "b", "check": "valid", "of": "form", "to": "a"},
        "s: a checks valid of form instead of b",
        "s: a memeriksa valid atas form menggantikan b",
    ),
    (
        ps.FetchEvidence("s", "card", "registry"),
        {"edit": "fetch_evidence", "service": "s", "datum": "card", "source": "registry"},
        "s: card fetched from registry, no longer asked for",
        "s: card diambil dari registry, tidak diminta lagi",
    ),
    (
        ps.DropOutputs("s", [("b", "x")], ["b"]),
        {"edit": "drop_outputs", "service": "s", "outputs": [["b", "x"]], "remove": ["b"]},
        "s: x (b) no longer made, b removed",
        "s: x (b) tidak lagi dibuat, b dihapus",
    ),
    (
        ps.MergeSteps("s", ["a", "b"]),
        {"edit": "merge_steps", "service": "s", "steps": ["a", "b"]},
        "s: a, b merged",
        "s: a, b digabung",
    ),
    (
        ps.SplitStep("s", "a", [ps.Part("x", 0.5, checks=[VALID]), ps.Part("y", "1/2")]),
        {
            "edit": "split_step",
            "service": "s",
            "step": "a",
            "parts": [
                {
                    "id": "x",
                    "share": 0.5,
                    "resource": [],
                    "needs": [],
                    "asks": [],
                    "checks": [{"check": "valid", "of": "form"}],
                    "gives": [],
                },
                {"id": "y", "share": 0.5, "resource": [], "needs": [], "asks": [], "checks": [], "gives": []},
            ],
        },
        "s: a split into x, y",
        "s: a dipecah menjadi x, y",
    ),
    (
        ps.Reorder("s", ["b", "a"]),
        {"edit": "reorder", "service": "s", "steps": ["b", "a"]},
        "s: done in the order b, a",
        "s: dikerjakan menurut urutan b, a",
    ),
    (
        ps.RemoveStep("s", "a", gives_up=["form", {"check": "valid", "of": "card"}]),
        {
            "edit": "remove_step",
            "service": "s",
            "step": "a",
            "gives_up": [{"check": "form", "of": "form"}, {"check": "valid", "of": "card"}],
        },
        "s: a removed, form, valid of card need not be checked",
        "s: a dihapus, form, valid atas card tidak perlu diperiksa",
    ),
    (
        ps.Parallelise("s", ["a", ["b", "c"]]),
        {"edit": "parallelise", "service": "s", "branches": [["a"], ["b", "c"]]},
        "s: a | b, c side by side",
        "s: a | b, c dikerjakan berdampingan",
    ),
    (
        ps.Automate("s", "a", "5 min"),
        {"edit": "automate", "service": "s", "step": "a", "processing_time": "5 min", "resource": None},
        "s: a automated, 5 min",
        "s: a diotomatisasi, 5 min",
    ),
    (
        ps.ChangeChannel("s", "a", "web", "remote"),
        {"edit": "change_channel", "service": "s", "step": "a", "channel": "web", "contact": "remote"},
        "s: a by the channel web, from afar",
        "s: a melalui saluran web, dari jarak jauh",
    ),
    (
        ps.ChangeChannel("s", "a", "desk", "in-person"),
        {"edit": "change_channel", "service": "s", "step": "a", "channel": "desk", "contact": "in-person"},
        "s: a by the channel desk, in person",
        "s: a melalui saluran desk, dengan hadir sendiri",
    ),
    (
        ps.ChangeChannel("s", "a", "web", "none"),
        {"edit": "change_channel", "service": "s", "step": "a", "channel": "web", "contact": "none"},
        "s: a by the channel web, without the applicant",
        "s: a melalui saluran web, tanpa kehadiran pemohon",
    ),
    (
        ps.ChangeChannel("s", "a", None, "none"),
        {"edit": "change_channel", "service": "s", "step": "a", "channel": None, "contact": "none"},
        "s: a without the applicant",
        "s: a tanpa kehadiran pemohon",
    ),
    (
        ps.DropBatch("s", "a"),
        {"edit": "drop_batch", "service": "s", "step": "a"},
        "s: a done case by case",
        "s: a dikerjakan per permohonan",
    ),
    (
        ps.Triage("s", "a", [ps.CaseType("x", 0.5, processing_time="1 min"), ps.CaseType("y", 0.5)]),
        {
            "edit": "triage",
            "service": "s",
            "step": "a",
            "cases": [
                {"id": "x", "probability": 0.5, "processing_time": "1 min", "resource": []},
                {"id": "y", "probability": 0.5, "processing_time": None, "resource": []},
            ],
        },
        "s: a separately for x, y",
        "s: a terpisah untuk x, y",
    ),
    (
        ps.PoolResources(["a", "b"], "c"),
        {"edit": "pool_resources", "resources": ["a", "b"], "into": "c"},
        "a, b pooled as c",
        "a, b disatukan menjadi c",
    ),
]


@pytest.mark.parametrize(("edit", "data", "english", "indonesian"), EVERY)
def test_an_edit_as_data_and_in_words(
    edit: ps.Edit, data: dict[str, Any], english: str, indonesian: str
) -> None:
    """
    Every edit has a JSON form that names it and a sentence in both languages.
    """
    from pubservice.edits.edit import as_data

    assert as_data(edit) == data
    assert (str(edit.describe()), edit.describe().text("id")) == (english, indonesian)


# What is no edit


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda: ps.Reassign("s", [], "clerk"), "expected at least one step"),
        (lambda: ps.DropOutputs("s", []), "expected data that are no longer made, or steps to remove"),
        (
            lambda: ps.ChangeChannel("s", "a", None, "in-person"),
            "expected the channel of the contact 'in-person'",
        ),
    ],
)
def test_an_edit_that_changes_nothing_cannot_be_made(edit: Callable[[], ps.Edit], expected: str) -> None:
    """
    An edit names what it changes, and a contact the channel by which it takes place.
    """
    with pytest.raises(ps.InvalidEditError) as caught:
        edit()
    assert str(caught.value) == expected


@pytest.mark.parametrize("use", [ps.redesign, lambda o, edits: ps.propose(o, edits=edits)])
def test_what_is_no_edit_is_named_with_its_place(use: Callable[[Any, Any], object]) -> None:
    """
    Where one of many is no edit, the error says which one, and what it is.
    """
    model = office(ps.Step("a"), ps.Step("b"))
    with pytest.raises(ps.InvalidEditError) as caught:
        use(model, [ps.RemoveStep("s", "a"), "b"])
    assert str(caught.value) == "edits[1]: expected an edit, got a str: 'b'"


def test_applying_what_is_no_edit() -> None:
    """
    Applying nothing is no edit either.
    """
    with pytest.raises(ps.InvalidEditError, match="expected an edit, got a NoneType: None"):
        ps.apply(office(ps.Step("a")), cast("Any", None))
