"""Steps, waits, gateways, ends, flows, and what a procedure checks of them."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.errors import InvalidModelError, InvalidQuantityError, UnknownIdError
from pubservice.model.distribution import Fixed
from pubservice.model.procedure import Batch, Check, End, Flow, Gateway, Procedure, Step, Wait, checks
from pubservice.model.text import MOST_PROBLEMS, Text
from pubservice.units import Duration, Money

if TYPE_CHECKING:
    from collections.abc import Callable


NO_ID = "expected an id of letters, digits, '.', '_' and '-', got"


def refusal(function: Callable[..., object], /, *arguments: Any, **fields: Any) -> str:
    with pytest.raises(InvalidModelError) as caught:
        function(*arguments, **fields)
    return str(caught.value)


def chain(*ids: str) -> list[Flow]:
    return [Flow(a, b) for a, b in zip(ids, ids[1:], strict=False)]


PERMIT = Procedure(
    start="intake",
    steps=[Step("intake", processing_time="10 min"), Step("assess"), Step("inspect"), Step("decide")],
    waits=[Wait("correction", cause="applicant", clock="elapsed", time="3 day", gives="form")],
    gateways=[Gateway("fork", kind="parallel"), Gateway("join", kind="parallel")],
    ends=[End("granted"), End("refused")],
    flows=[
        Flow("intake", "fork", probability=0.8),
        Flow("intake", "correction", probability=0.2),
        Flow("correction", "intake"),
        Flow("fork", "assess"),
        Flow("fork", "inspect"),
        Flow("assess", "join"),
        Flow("inspect", "join"),
        Flow("join", "decide"),
        Flow("decide", "granted", probability="2/3"),
        Flow("decide", "refused", probability="1/3"),
    ],
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((), ()),
        ("identity", (Check("identity", "identity"),)),
        (
            ["identity", {"check": "valid", "of": "form"}],
            (Check("identity", "identity"), Check("valid", "form")),
        ),
        ({"check": "valid", "of": ["a", "b"]}, (Check("valid", "a"), Check("valid", "b"))),
        (Check("valid", "a"), (Check("valid", "a"),)),
        ([Check("valid", "a")], (Check("valid", "a"),)),
    ],
)
def test_checks_are_facts(value: Any, expected: tuple[Check, ...]) -> None:
    """
    A check is a fact about a datum; a name alone is a fact about the datum of that name, a list of data several.
    """
    assert expected == checks(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "checks: expected a check such as {check: valid, of: id-card}, got 3"),
        ([3], "checks[0]: expected a check such as {check: valid, of: id-card}, got 3"),
        (
            [{"check": "valid"}],
            "checks[0]: expected a check such as {check: valid, of: id-card}, got {'check': 'valid'}",
        ),
        (["a", {"check": "valid", "of": []}], "checks[1].of: expected at least one datum, got []"),
        ({"check": "valid", "of": 3}, f"checks.of: {NO_ID} 3"),
        ("two words", f"checks: {NO_ID} 'two words'"),
        ([{"check": 3, "of": ["a", 4]}], f"checks[0].check: {NO_ID} 3\nchecks[0].of[1]: {NO_ID} 4"),
        ([{"check": 3, "of": {"a": 4}}], f"checks[0].check: {NO_ID} 3\nchecks[0].of: {NO_ID} {{'a': 4}}"),
    ],
)
def test_checks_say_what_is_wrong(value: Any, message: str) -> None:
    """
    The error for what is no check says where, what was expected and what was found, of every part at once.
    """
    assert message == refusal(checks, value)


@pytest.mark.parametrize("value", [[3] * 3000, [{"check": "valid", "of": [3] * 3000}]])
def test_wrong_checks_have_an_end(value: Any) -> None:
    """
    No more faults are told of one step than of a whole file.
    """
    assert refusal(checks, value).count("\n") + 1 == MOST_PROBLEMS


def test_checks_print() -> None:
    """
    A fact prints as what is checked, and of what where that differs.
    """
    assert [str(check) for check in checks(["identity", {"check": "valid", "of": "form"}])] == [
        "identity",
        "valid of form",
    ]


def test_step_reads_what_people_write() -> None:
    """
    The fields of a step are read from text, one or several.
    """
    step = Step(
        "intake",
        name={"en": "Intake", "id": "Penerimaan"},
        resource="clerk",
        processing_time="10 min",
        batch=Batch(period="1 day"),
        cost="500 IDR",
        needs="form",
        gives=["case-file"],
    )
    assert (step.name.text("id"), step.resource, step.needs, step.gives) == (
        "Penerimaan",
        ("clerk",),
        ("form",),
        ("case-file",),
    )
    assert (step.processing_time, step.cost) == (Fixed(10, unit="min"), Money(500, "IDR"))
    assert step.batch is not None
    assert step.batch.period == Duration(1, "day")


def test_unknown_time_is_not_zero() -> None:
    """
    A step without a processing time has none; it is not taken as zero.
    """
    assert Step("intake").processing_time is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"actor": "ofice"},
            "actor: expected one of office, applicant, other-body, got 'ofice', did you mean 'office'?",
        ),
        ({"staff": 0}, "staff: expected a whole number of at least 1, got 0"),
        ({"staff": None}, "staff: expected a whole number of at least 1, got None"),
        (
            {"kind": "works"},
            "kind: expected one of work, check, approval, decision, payment, transport, certify, got 'works', did you mean 'work'?",
        ),
        ({"contact": "visit"}, "contact: expected one of none, remote, in-person, got 'visit'"),
        ({"batch": 3}, "batch: expected a Batch, got 3"),
        (
            {"gives": "case file"},
            "gives: expected an id of letters, digits, '.', '_' and '-', got 'case file'",
        ),
        ({"resource": 3}, "expected a text or a list of texts, got 3"),
        ({"body": "court"}, "body: only a step of an other-body names it, got actor 'office'"),
        (
            {"actor": "applicant", "resource": "clerk", "staff": 2, "body": "court"},
            "resource: only a step of the office uses resources, got actor 'applicant'\n"
            "staff: only a step of the office has staff, got actor 'applicant'\n"
            "body: only a step of an other-body names it, got actor 'applicant'",
        ),
    ],
)
def test_step_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A step names each field at fault, what it expected and what it found, all together.
    """
    assert refusal(Step, "a", **fields) == message


def test_value_lists_its_options() -> None:
    """
    A value that is none of the three is refused.
    """
    assert refusal(Step, "a", value="useful").startswith("value: expected one of value-adding, ")


def test_step_of_another_body() -> None:
    """
    A step of another body may name it.
    """
    assert Step("opinion", actor="other-body", body="fire-service").body == "fire-service"


@pytest.mark.parametrize("fields", [{}, {"size": 3, "period": "1 day"}])
def test_batch_is_by_size_or_by_period(fields: dict[str, Any]) -> None:
    """
    Cases are collected up to a number or for a time, one of them.
    """
    assert refusal(Batch, **fields) == "expected a batch by size or by period, one of them"


def test_batch_size() -> None:
    """
    A batch has at least one case.
    """
    assert refusal(Batch, size=0) == "size: expected a whole number of at least 1, got 0"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"cause": "citizen"},
            "cause: expected one of applicant, other-body, statutory, signature, other, got 'citizen'",
        ),
        ({"clock": "wall"}, "clock: expected one of elapsed, working, got 'wall'"),
        (
            {"time": "14 working_day"},
            "time: working time passes on the working clock, got '14 working_day' and clock 'elapsed'",
        ),
    ],
)
def test_wait_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A wait names the field at fault; working days do not pass on the elapsed clock.
    """
    assert refusal(Wait, "w", **{"cause": "statutory", "clock": "elapsed"} | fields) == message


def test_wait_in_working_days() -> None:
    """
    Working days pass on the working clock.
    """
    assert Wait("w", cause="statutory", clock="working", time="14 working_day").time == Fixed(
        14, unit="working_day"
    )


def test_gateway_has_a_kind() -> None:
    """
    A gateway of no known kind is refused.
    """
    assert (
        refusal(Gateway, "g", kind="xor") == "kind: expected one of exclusive, parallel, inclusive, got 'xor'"
    )


@pytest.mark.parametrize(
    ("end", "outcome", "completed"),
    [
        (End("granted"), "granted", True),
        (End("refused"), "refused", True),
        (End("withdrawn"), "withdrawn", False),
        (End("e1", outcome="withdrawn"), "withdrawn", False),
        (End("withdrawn", completed=True), "withdrawn", True),
        (End("e2", outcome="moved", completed=False), "moved", False),
    ],
)
def test_ends_have_outcomes(end: End, outcome: str, completed: bool) -> None:
    """
    The outcome is the id where none is given, and only a withdrawal is not completed unless said otherwise.
    """
    assert (end.outcome, end.completed) == (outcome, completed)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"outcome": 3}, "outcome: expected a text, got 3"),
        ({"completed": "yes"}, "completed: expected true or false, got 'yes'"),
    ],
)
def test_end_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    An end names the field at fault.
    """
    assert refusal(End, "e", **fields) == message


def test_flow_reads_fractions() -> None:
    """
    A third is written as such.
    """
    assert Flow("a", "b", probability="1/3").probability == 1 / 3


def test_flow_refuses_what_is_no_probability() -> None:
    """
    A probability lies from 0 to 1.
    """
    with pytest.raises(
        InvalidQuantityError, match=r"expected a number from 0 to 1 such as 0\.25 or 1/4, got 1\.5"
    ):
        Flow("a", "b", probability=1.5)


def test_procedure_finds_nodes() -> None:
    """
    A procedure finds a node of any kind by its id and lists them all.
    """
    found = [PERMIT.node(id) for id in ("decide", "correction", "fork", "granted")]
    assert [type(node) for node in found] == [Step, Wait, Gateway, End]
    assert len(PERMIT.nodes) == 9
    assert PERMIT.workers == (*PERMIT.steps, *PERMIT.waits)


def test_procedure_does_not_find_what_is_not_there() -> None:
    """
    An unknown node is an error with the nearest that is known.
    """
    with pytest.raises(UnknownIdError, match=r"no node 'inteke', did you mean 'intake'\?"):
        PERMIT.node("inteke")


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        (PERMIT, "intake"),
        (Procedure(), None),
        (Procedure(steps=[Step("b"), Step("a")], flows=chain("a", "b")), "a"),
        (Procedure(ends=[End("e")]), "e"),
    ],
)
def test_first_node(procedure: Procedure, expected: str | None) -> None:
    """
    The first node is the one stated, else the only one without an incoming flow; an empty procedure has none.
    """
    assert expected == procedure.first


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"steps": "a"}, "expected a list, got 'a'"),
        ({"steps": {"a": 1}}, "expected a list, got {'a': 1}"),
        ({"waits": 3}, "expected a list, got 3"),
        ({"gateways": [End("e")]}, "expected a Gateway, got End(id='e', "),
        ({"ends": ["e"]}, "expected a End, got 'e'"),
        ({"start": 3}, "start: expected a text, got 3"),
        ({"flows": [], "start": "a", "steps": [Step("b")]}, "start: no node 'a'"),
        (
            {"steps": [Step("a")], "waits": [Wait("a", cause="other", clock="working")]},
            "waits[0].id: 'a' is the id of another node",
        ),
        (
            {
                "steps": [Step("intake"), Step("b")],
                "flows": [*chain("intake", "b"), Flow("b", "intke")],
                "start": "b",
            },
            "flows[1].target: no node 'intke', did you mean 'intake'?",
        ),
        ({"steps": [Step("a")], "flows": [Flow("x", "a")], "start": "a"}, "flows[0].source: no node 'x'"),
        (
            {"steps": [Step("a")], "ends": [End("e")], "flows": chain("a", "e", "a"), "start": "a"},
            "flows[1].source: 'e' is an end, nothing flows out of it",
        ),
        (
            {
                "steps": [Step("a"), Step("b")],
                "flows": [Flow("a", "b", probability=0.5), Flow("a", "b", probability=0.5)],
            },
            "flows[1]: a second flow from 'a' to 'b': put a gateway between",
        ),
        (
            {"steps": [Step("a"), Step("b")], "flows": chain("a", "b", "a")},
            "start: every node has an incoming flow: name the first node as start",
        ),
        (
            {"steps": [Step(x) for x in "ab"]},
            "start: ambiguous: a, b have no incoming flow: name the first node as start",
        ),
        (
            {"steps": [Step(x) for x in "abcdefg"]},
            "start: ambiguous: a, b, c, d, e, ... have no incoming flow: name the first node as start",
        ),
        (
            {
                "steps": [Step(x) for x in "abc"],
                "flows": [Flow("a", "b", probability=0.7), Flow("a", "c", probability=0.7)],
            },
            "flows[0].probability: probabilities out of 'a' sum to 1.4, expected 1",
        ),
        (
            {"steps": [Step(x) for x in "abc"], "flows": [Flow("a", "b"), Flow("a", "c", probability=0.7)]},
            "flows[0].probability: expected a probability on all flows out of 'a' or on none",
        ),
        (
            {
                "gateways": [Gateway("g", kind="parallel")],
                "steps": [Step("a")],
                "flows": [Flow("g", "a", probability=1)],
            },
            "flows[0].probability: every flow out of the parallel gateway 'g' is taken: no probability",
        ),
        (
            {
                "gateways": [Gateway("g", kind="inclusive")],
                "steps": [Step("a")],
                "flows": [Flow("g", "a", probability=0)],
            },
            "flows[0].probability: no flow out of the inclusive gateway 'g' can be taken",
        ),
    ],
)
def test_procedure_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A procedure names the place at fault, what it expected and what it found.
    """
    assert refusal(Procedure, **fields).startswith(message)


def test_only_the_faulty_flow_out_of_a_parallel_gateway_is_named() -> None:
    """
    Of the flows out of a parallel gateway only those with a probability are at fault.
    """
    with pytest.raises(InvalidModelError) as caught:
        Procedure(
            gateways=[Gateway("g", kind="parallel")],
            steps=[Step("a"), Step("b")],
            flows=[Flow("g", "a"), Flow("g", "b", probability=0.5)],
        )
    assert [problem.path for problem in caught.value.problems] == ["flows[1].probability"]


def test_inclusive_probabilities_need_not_sum_to_one() -> None:
    """
    Out of an inclusive gateway each flow has a probability of its own.
    """
    flows = [Flow("g", "a", probability=0.9), Flow("g", "b", probability=0.9)]
    assert Procedure(
        gateways=[Gateway("g", kind="inclusive")], steps=[Step("a"), Step("b")], flows=flows
    ).flows


def test_structural_faults_load() -> None:
    """
    Unreachable steps, dead ends and missing probabilities are findings of a procedure, not errors.
    """
    procedure = Procedure(
        start="a",
        steps=[Step(x) for x in "abcd"],
        flows=[Flow("a", "b"), Flow("a", "c"), Flow("c", "a")],
    )
    assert procedure.first == "a"


def test_all_faults_of_a_procedure_together() -> None:
    """
    All faults of a procedure are reported at once, in document order.
    """
    with pytest.raises(InvalidModelError) as caught:
        Procedure(
            start="nowhere",
            steps=[Step("a"), Step("a"), Step("b"), Step("c")],
            flows=[Flow("a", "x"), Flow("b", "c", probability=0.5)],
        )
    assert [problem.path for problem in caught.value.problems] == [
        "steps[1].id",
        "flows[0].target",
        "flows[1].probability",
        "start",
    ]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_shares_of_a_whole_sum_to_one(shares: list[int]) -> None:
    """
    Shares written as quotients are accepted whatever their rounding.
    """
    total = sum(shares)
    targets = [f"t{i}" for i in range(len(shares))]
    flows = [Flow("a", t, probability=f"{share}/{total}") for t, share in zip(targets, shares, strict=True)]
    assert len(Procedure(steps=[Step("a")], ends=[End(t) for t in targets], flows=flows).flows) == len(shares)


@pytest.mark.parametrize("thing", [*PERMIT.nodes, *PERMIT.flows, PERMIT, Check("a", "b"), Batch(size=2)])
def test_parts_are_frozen_hashable_and_pickle(thing: Any) -> None:
    """
    No part of a procedure can be changed; each stands in sets and travels between processes.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.name = "x"
    assert {thing} == {pickle.loads(pickle.dumps(thing))}


def test_lookups_survive_pickling() -> None:
    """
    A procedure that was asked for a node travels and is asked again.
    """
    assert PERMIT.node("intake") == pickle.loads(pickle.dumps(PERMIT)).node("intake")


def test_evolve() -> None:
    """
    A changed copy is made with attrs, and the original stays.
    """
    renamed = attrs.evolve(PERMIT.steps[0], name="Intake")
    assert (renamed.name, PERMIT.steps[0].name) == (Text((("", "Intake"),)), Text())
