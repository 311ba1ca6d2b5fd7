"""Rules: what they find, and what only looks like it."""

from __future__ import annotations

import pytest

import pubservice as ps
from pubservice.analysis import register
from written import model

every_rule = pytest.mark.parametrize("rule", ps.rules(), ids=lambda r: r.code)


@every_rule
def test_rule_flags_its_bad_example(rule: ps.Rule) -> None:
    """
    Each rule finds something in the example that shows why it exists.
    """
    assert [f.code for f in ps.check(model(rule.bad), select=[rule.code])]


@every_rule
def test_rule_passes_its_good_example(rule: ps.Rule) -> None:
    """
    Each rule finds nothing in the same example without the fault.
    """
    assert list(ps.check(model(rule.good), select=[rule.code])) == []


@every_rule
def test_rule_is_documented(rule: ps.Rule) -> None:
    """
    The page of each rule says why it matters, the remedy, its limits and its source.
    """
    for section in ("Why it matters:", "Remedy:", "Known limits:", "Source:", "Found in:", "Not found in:"):
        assert section in rule.text()


@every_rule
def test_remedies_can_be_applied_and_help(rule: ps.Rule) -> None:
    """
    What a rule offers as a remedy applies, and afterwards the finding is gone.
    """
    before = model(rule.bad)
    found = ps.check(before, select=[rule.code])
    after = ps.redesign(before, [f.remedy for f in found if f.remedy])
    left = {(f.steps, str(f.message)) for f in ps.check(after, select=[rule.code])}
    assert not [f for f in found if f.remedy and (f.steps, str(f.message)) in left]


def codes(text: str, code: str) -> list[tuple[str, ...]]:
    """Return the steps of each finding of one rule."""
    return [f.steps for f in ps.check(model(text), select=[code])]


CHECKS = "checks: [{check: valid, of: card}]"


def test_a_check_after_the_evidence_changed_is_not_repeated() -> None:
    """
    A new version of what was checked has to be checked again.
    """
    text = f"""
    requirements: [card]
    procedure:
      steps:
        - {{id: a, {CHECKS}}}
        - {{id: b, gives: [card]}}
        - {{id: c, {CHECKS}}}
      flows: [{{source: a, target: b}}, {{source: b, target: c}}]
    """
    assert codes(text, "RED001") == []
    assert codes(text.replace("gives: [card]", "gives: [other]"), "RED001") == [("a", "c")]


def test_checks_on_exclusive_branches_are_not_repeated() -> None:
    """
    Branches that exclude each other check once each; a check after both is repeated.
    """
    text = f"""
    requirements: [card]
    procedure:
      steps:
        - {{id: start}}
        - {{id: a, {CHECKS}}}
        - {{id: b, {CHECKS}}}
        - {{id: c, {CHECKS}}}
      flows:
        - {{source: start, target: a}}
        - {{source: start, target: b}}
        - {{source: a, target: c}}
        - {{source: b, target: c}}
    """
    assert codes(text, "RED001") == [("a", "c")]


def test_a_check_in_a_correction_loop_is_not_repeated() -> None:
    """
    The first pass brings nothing, so the loop alone repeats nothing; nor does what only one way checked.
    """
    text = f"""
    requirements: [card]
    procedure:
      start: a
      steps:
        - {{id: a}}
        - {{id: b, {CHECKS}}}
        - {{id: c, {CHECKS}}}
      flows:
        - {{source: a, target: b}}
        - {{source: b, target: a}}
        - {{source: a, target: c}}
    """
    assert codes(text, "RED001") == []


PARALLEL = """
requirements: [card]
procedure:
  steps:
    - {{id: a, {a}}}
    - {{id: b, {b}}}
    - {{id: c, {c}}}
  gateways: [{{id: f, kind: {kind}}}, {{id: j, kind: {kind}}}]
  flows:
    - {{source: f, target: a{p}}}
    - {{source: f, target: b{p}}}
    - {{source: a, target: j}}
    - {{source: b, target: j}}
    - {{source: j, target: c}}
"""
GIVES = "gives: [card]"
NONE = "kind: work"


@pytest.mark.parametrize(
    ("a", "b", "c", "kind", "p", "expected"),
    [
        (CHECKS, CHECKS, NONE, "parallel", "", [("a", "b")]),
        (CHECKS, NONE, CHECKS, "parallel", "", [("a", "c")]),
        (CHECKS, GIVES, CHECKS, "parallel", "", []),
        (CHECKS, CHECKS, NONE, "inclusive", ", probability: 0.5", []),
        (CHECKS, NONE, CHECKS, "inclusive", ", probability: 0.5", []),
        (CHECKS, CHECKS, CHECKS, "inclusive", ", probability: 0.5", [("a", "c")]),
        (CHECKS, NONE, CHECKS, "inclusive", ", probability: 1", [("a", "c")]),
    ],
)
def test_facts_and_branches(
    a: str, b: str, c: str, kind: str, p: str, expected: list[tuple[str, ...]]
) -> None:
    """
    A parallel join has what any branch brings, less what another changes; an inclusive one what holds whichever ran.
    """
    assert codes(PARALLEL.format(a=a, b=b, c=c, kind=kind, p=p), "RED001") == expected


def test_blocks_that_do_not_close_claim_nothing_that_may_be_wrong() -> None:
    """
    Where branches cross, a datum that some node gives is never taken to be unchanged.
    """
    text = f"""
    requirements: [card]
    procedure:
      steps: [{{id: a, {CHECKS}}}, {{id: b, {CHECKS}}}, {{id: c, gives: [x]}}]
      gateways: [{{id: f, kind: parallel}}]
      flows: [{{source: f, target: a}}, {{source: f, target: c}}, {{source: a, target: b}}]
    """
    assert codes(text, "RED001") == [("a", "b")]
    assert codes(text.replace("gives: [x]", "gives: [card]"), "RED001") == []


def test_a_legal_basis_is_named_and_gets_no_remedy() -> None:
    """
    A repeated check that a provision demands is reported without a remedy, naming the provision.
    """
    text = f"""
    requirements: [card]
    procedure:
      steps: [{{id: a, {CHECKS}}}, {{id: b, {CHECKS}, legal_basis: [UU 1/2020]}}]
      flows: [{{source: a, target: b}}]
    """
    (found,) = ps.check(model(text), select=["RED001"])
    assert found.remedy is None
    assert str(found.message) == "repeats the check of valid of card; UU 1/2020 would have to change"


def test_unused_output_takes_the_whole_cascade() -> None:
    """
    What only a dead step read is no longer made either, but what another step reads stays (oracle unused-output, with a cascade).
    """
    text = """
    requirements: [form]
    outputs: [permit, receipt]
    procedure:
      steps:
        - {id: s1, needs: [form], gives: [receipt, file]}
        - {id: s2, needs: [file], gives: [opinion]}
        - {id: copy, needs: [file], gives: [copy]}
        - {id: s4, needs: [copy], gives: [internal-memo]}
        - {id: s3, needs: [opinion], gives: [permit]}
      flows:
        - {source: s1, target: s2}
        - {source: s2, target: copy}
        - {source: copy, target: s4}
        - {source: s4, target: s3}
    """
    (found,) = ps.check(model(text), select=["RED002"])
    assert found.steps == ("s4", "copy")
    assert found.remedy == ps.DropOutputs("s", [("s4", "internal-memo"), ("copy", "copy")], ["s4", "copy"])
    after = ps.redesign(model(text), [found.remedy])
    assert [step.id for step in after.services[0].procedure.steps] == ["s1", "s2", "s3"]
    skipped = ps.check(model(text.replace("outputs: [permit, receipt]", "")), select=["RED002"]).skipped
    assert str(skipped[0].reason) == "the service declares no outputs"


def test_evidence_asked_for_twice() -> None:
    """
    The application form asked for at two steps is asked for twice (oracle once-only-evidence, the part of one service).
    """
    text = """
    requirements: [id-card, application-form]
    procedure:
      steps: [{id: s1, asks: [id-card]}, {id: s2, asks: [application-form]}, {id: s3, asks: [application-form]}]
      flows: [{source: s1, target: s2}, {source: s2, target: s3}]
    """
    assert codes(text, "EVD001") == [("s3",)]


def test_ping_pongs_overlap() -> None:
    """
    Counter, back office, counter, back office, head, counter: two ping-pongs (oracle handoffs-pingpong).
    """
    roles = ["counter", "back-office", "counter", "back-office", "head", "counter"]
    steps = ", ".join(f"{{id: s{i}, resource: {role}}}" for i, role in enumerate(roles))
    flows = ", ".join(f"{{source: s{i}, target: s{i + 1}}}" for i in range(5))
    text = f"resources: [{{id: counter}}, {{id: back-office}}, {{id: head}}]\nprocedure:\n  steps: [{steps}]\n  flows: [{flows}]"
    assert codes(text, "HND001") == [("s0", "s1", "s2"), ("s1", "s2", "s3")]


def test_data_without_source_suggests_the_name() -> None:
    """
    A misspelt datum is found with the name that was meant; another service's output is a source.
    """
    (rule,) = [r for r in ps.rules() if r.code == "MOD005"]
    (found,) = ps.check(model(rule.bad), select=["MOD005"])
    assert (
        str(found.message)
        == "nothing supplies 'application-from' before it, did you mean 'application-form'?"
    )


def test_unknown_rules_are_refused() -> None:
    """
    Selecting or ignoring what no rule is called is an error that names the nearest.
    """
    with pytest.raises(ps.UnknownIdError, match="no rule 'RDE001', did you mean 'RED001'"):
        ps.check(model("procedure: {}"), select=["RDE001"])
    with pytest.raises(ps.UnknownIdError):
        ps.find_rule("nothing")
    assert ps.find_rule("red001").name == "repeated-check"
    assert not [
        f for f in ps.check(ps.read_example("building-permit"), ignore="RED") if f.code.startswith("RED")
    ]


def test_findings_are_a_sequence_that_prints() -> None:
    """
    Findings can be counted, indexed, sliced, printed in both languages and turned into rows.
    """
    found = ps.check(ps.read_example("business-licence"), select=["RED", "EVD"])
    assert len(found) == len(list(found)) == len(found.rows()) == len(found[:])
    assert found[0].text("id").endswith("mengulang pemeriksaan registered atas tax-number")
    assert isinstance(found, ps.Findings)
    assert str(ps.check(model("procedure: {}"), select=["MOD"])) == "no findings"


def test_savings_are_measured_by_applying_each_remedy() -> None:
    """
    What a remedy saves is the difference between two performances, per case and per year.
    """
    before = ps.read_example("building-permit")
    found = ps.check(before)
    saved = ps.savings(before, found)
    assert len(saved) == len(saved.rows()) == len([f for f in found if f.would_help])
    for saving in (saving for saving in saved if saving.finding.remedy):
        after = ps.performance(ps.redesign(before, [saving.finding.remedy])).service("building-permit")  # type: ignore[list-item]
        base = ps.performance(before).service("building-permit")
        assert saving.per_case is not None
        assert saving.per_year is not None
        assert base.cycle_time_s is not None
        assert after.cycle_time_s is not None
        assert base.processing_time_s is not None
        assert after.processing_time_s is not None
        assert saving.per_case.cycle_time_s == pytest.approx(
            base.cycle_time_s - after.cycle_time_s, rel=1e-6, abs=1e-3
        )
        assert saving.per_case.processing_time_s == pytest.approx(
            base.processing_time_s - after.processing_time_s, abs=1e-6
        )
    assert "sebelum" not in saved.text("id")
    assert "tidak lagi dibuat" in saved.text("id")


def test_savings_of_a_remedy_that_cannot_be_applied_say_why() -> None:
    """
    A remedy whose precondition does not hold saves nothing, and says why; more capacity is measured too.
    """
    before = ps.read_example("civil-registration")
    wrong = ps.Finding(
        "identity-card",
        steps=(),
        message=ps.Message("no findings"),
        remedy=ps.RemoveStep("identity-card", "nothing"),
    )
    more = ps.Finding(
        "identity-card", steps=(), message=ps.Message("no findings"), remedy=ps.SetCapacity("operator", 5)
    )
    none, gain = ps.savings(before, [wrong, more])
    assert none.per_case is None
    assert "no step 'nothing'" in str(none.undefined["per_case"])
    assert none.data()["per_case"] is None
    assert "no step .nothing." in none.data()["undefined"]["per_year"].replace("'", ".")
    assert gain.per_case is not None
    assert (gain.per_case.cycle_time_s or 0) > 0


def test_evidence_asked_for_side_by_side() -> None:
    """
    Two branches that ask for one thing in every case are reported without a remedy: neither comes first.
    """
    text = """
    requirements: [card]
    procedure:
      steps: [{id: a, asks: [card]}, {id: b, asks: [card]}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      flows:
        - {source: f, target: a}
        - {source: f, target: b}
        - {source: a, target: j}
        - {source: b, target: j}
    """
    (found,) = ps.check(model(text), select=["EVD001"])
    assert found.text() == "EVD001 s: a, b: asks for card, as a does beside it: ask before they begin"
    assert found.remedy is None
    assert codes(text.replace("kind: parallel", "kind: exclusive"), "EVD001") == []


def test_asking_again_by_law_gets_no_remedy() -> None:
    """
    What a provision makes a step ask for again is a proposal to change the provision.
    """
    text = """
    requirements: [card]
    procedure:
      steps: [{id: a, asks: [card]}, {id: b, asks: [card], legal_basis: [UU 1/2020]}]
      flows: [{source: a, target: b}]
    """
    (found,) = ps.check(model(text), select=["EVD001"])
    assert str(found.message) == "asks again for card; UU 1/2020 would have to change"
    assert found.remedy is None


def test_flows_are_implied_where_branches_do_not_close() -> None:
    """
    A flow to a join that another branch reaches without a choice is implied, blocks or not; behind a choice it is not.
    """
    text = """
    procedure:
      steps: [{id: a}, {id: b}, {id: c}]
      gateways: [{id: f, kind: parallel}, {id: g, kind: parallel}, {id: j, kind: parallel}, {id: k, kind: parallel}]
      flows:
        - {source: f, target: a}
        - {source: f, target: b}
        - {source: f, target: j}
        - {source: a, target: g}
        - {source: g, target: j}
        - {source: g, target: k}
        - {source: b, target: k}
        - {source: k, target: c}
    """
    assert codes(text, "RED003") == [("f", "j")]
    choice = text.replace("{id: g, kind: parallel}", "{id: g, kind: exclusive}")
    assert codes(choice, "RED003") == []
    assert codes(text.replace("        - {source: f, target: j}\n", ""), "RED003") == []


def test_what_only_dead_steps_use_by_law() -> None:
    """
    A datum that a provision orders and only a useless step reads is a proposal to change the provision.
    """
    text = """
    outputs: [permit]
    procedure:
      steps:
        - {id: a, gives: [permit]}
        - {id: b, gives: [register], legal_basis: [UU 1/2020]}
        - {id: c, needs: [register], gives: [copy]}
      flows: [{source: a, target: b}, {source: b, target: c}]
    """
    found = {f.steps: f for f in ps.check(model(text), select=["RED002"])}
    assert str(found["c",].message) == "nobody uses copy; c serves nothing else"
    assert str(found["b",].message) == (
        "only steps that serve nothing use register; UU 1/2020 would have to change"
    )
    assert found["b",].remedy is None
    (alone,) = ps.check(
        model(text.replace(", gives: [copy]", "").replace("needs: [register]", "")), select=["RED002"]
    )
    assert str(alone.message) == "nobody uses register; UU 1/2020 would have to change"


def test_a_rule_that_fails_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A rule of one's own that raises is listed as not run; the other rules still speak.
    """
    monkeypatch.setattr(register, "_REGISTER", dict(register._REGISTER))

    @register.rule("RED999", "fails", bad="", good="")
    def fails(subject: object) -> list[ps.Finding]:
        raise KeyError("x")

    found = ps.check(ps.read_example("building-permit"))
    assert found
    assert "RED999 building-permit: not checked: the rule failed: KeyError('x')" in str(found)
    with pytest.raises(ValueError, match="RED999 is 'fails' already"):
        register.rule("RED999", "other", bad="", good="")(fails)


def test_no_rule_fails_on_the_examples() -> None:
    """
    Whatever is skipped in the examples is skipped for a reason of the model.
    """
    for name in ps.example_names():
        assert "the rule failed" not in str(ps.check(ps.read_example(name)))


@pytest.mark.parametrize(
    ("middle", "owner", "reason"),
    [
        ("resource: [b]", "[a, c]", "several together have the case"),
        ("resource: [b, c]", "[a]", "s1 takes several resources"),
        ("resource: [b], kind: approval", "[a]", "s1 is for other eyes"),
        ("resource: [b], legal_basis: [UU 1/2020]", "[a]", "UU 1/2020 would have to change"),
    ],
)
def test_a_ping_pong_without_a_remedy_says_why(middle: str, owner: str, reason: str) -> None:
    """
    Where who has the case cannot do the step between too, the finding says why.
    """
    text = f"""
    resources: [{{id: a}}, {{id: b}}, {{id: c}}]
    procedure:
      steps: [{{id: s0, resource: {owner}}}, {{id: s1, {middle}}}, {{id: s2, resource: {owner}}}]
      flows: [{{source: s0, target: s1}}, {{source: s1, target: s2}}]
    """
    (found,) = ps.check(model(text), select=["HND001"])
    assert found.remedy is None
    assert str(found.message).endswith(f"; {reason}")


def test_what_no_case_reaches_repeats_nothing() -> None:
    """
    A check in a step that no case reaches is the business of MOD001, not of RED001.
    """
    text = f"""
    requirements: [card]
    procedure:
      start: a
      steps: [{{id: a, {CHECKS}}}, {{id: lost, {CHECKS}}}]
    """
    assert codes(text, "RED001") == []


def test_a_procedure_in_which_nothing_is_used_keeps_its_first_step() -> None:
    """
    Where every step serves nothing, the first stays, so that a procedure is left.
    """
    text = """
    outputs: [permit]
    procedure:
      steps: [{id: a, gives: [x]}, {id: b, gives: [y]}]
      flows: [{source: a, target: b}]
    """
    before = model(text)
    found = ps.check(before, select=["RED002"])
    after = ps.redesign(before, [f.remedy for f in found if f.remedy])
    assert [step.id for step in after.services[0].procedure.steps] == ["a"]
    assert codes("outputs: [permit]", "RED002") == []


def test_a_loop_without_a_way_out_is_a_dead_end() -> None:
    """
    Steps from which no end is reached are named; where there is no end at all, that is the fault.
    """
    text = """
    procedure:
      steps: [{id: a}, {id: b}, {id: c}]
      ends: [{id: done}]
      flows: [{source: a, target: done}, {source: a, target: b}, {source: b, target: c}, {source: c, target: b}]
    """
    assert codes(text, "MOD002") == [("b", "c")]


@pytest.mark.parametrize(("code", "field"), [("RED010", "checks"), ("EVD006", "asks")])
def test_what_is_repeated_on_some_ways_only_comes_with_its_share(code: str, field: str) -> None:
    """
    What 30 % of the cases have had done before is done again for 30 % of the visits; after a change for none.
    """
    text = f"""
    requirements: [card]
    procedure:
      steps:
        - {{id: a}}
        - {{id: b, {field}: [card]}}
        - {{id: c}}
        - {{id: d, {field}: [card]}}
      flows:
        - {{source: a, target: b, probability: 0.3}}
        - {{source: a, target: c, probability: 0.7}}
        - {{source: b, target: c}}
        - {{source: c, target: d}}
    """
    (found,) = ps.check(model(text), select=[code])
    assert found.steps[-1] == "d"
    assert found.message.values["share"] == pytest.approx(0.3)
    assert found.remedy is None
    unknown = text.replace(", probability: 0.3", "").replace(", probability: 0.7", "")
    assert not ps.check(model(unknown), select=[code])
    changed = text.replace("{id: c}", "{id: c, gives: [card]}")
    assert not ps.check(model(changed), select=[code])


def test_asking_in_a_loop_is_asking_twice_on_some_ways() -> None:
    """
    Of the visits in a loop that half of the cases pass again, half are repetitions; a check there is rework.
    """
    text = """
    requirements: [card]
    procedure:
      start: a
      steps:
        - {id: a, asks: [card], checks: [card]}
        - {id: b}
      flows:
        - {source: a, target: a, probability: 0.5}
        - {source: a, target: b, probability: 0.5}
    """
    (found,) = ps.check(model(text), select=["EVD006", "RED010"])
    assert (found.code, found.steps) == ("EVD006", ("a",))
    assert found.message.values["share"] == pytest.approx(0.5)


def test_shares_are_not_known_where_things_run_side_by_side() -> None:
    """
    Where what brings a datum and what asks for it run side by side, nothing is claimed.
    """
    text = """
    requirements: [card]
    procedure:
      steps:
        - {id: a}
        - {id: b, asks: [card], checks: [card]}
        - {id: c, asks: [card], checks: [card]}
        - {id: d}
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      flows:
        - {source: a, target: b, probability: 0.5}
        - {source: a, target: f, probability: 0.5}
        - {source: b, target: f2}
        - {source: f, target: c}
        - {source: f, target: d}
        - {source: c, target: j}
        - {source: d, target: j}
    """
    text = text.replace("target: f2", "target: j2").replace(
        "{id: j, kind: parallel}", "{id: j, kind: parallel}, {id: j2, kind: exclusive}"
    )
    assert not ps.check(model(text), select=["EVD006", "RED010"])


@pytest.mark.parametrize(("code", "field", "bound"), [("RED010", "checks", 1), ("EVD006", "asks", 1)])
def test_a_procedure_with_very_many_repetitions_is_looked_at_in_part(
    code: str, field: str, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What is found within the bound is reported, and that there may be more is listed.
    """
    monkeypatch.setitem(ps.find_rule(code).find.__globals__, "_MOST_NODES", bound)
    text = f"""
    requirements: [card]
    procedure:
      steps:
        - {{id: a}}
        - {{id: b, {field}: [card]}}
        - {{id: c, {field}: [card]}}
        - {{id: d, {field}: [card]}}
        - {{id: e}}
      flows:
        - {{source: a, target: b, probability: 0.5}}
        - {{source: a, target: c, probability: 0.3}}
        - {{source: a, target: d, probability: 0.2}}
        - {{source: b, target: c}}
        - {{source: c, target: d, probability: 0.5}}
        - {{source: c, target: e, probability: 0.5}}
        - {{source: d, target: c, probability: 0.5}}
        - {{source: d, target: e, probability: 0.5}}
    """
    found = ps.check(model(text), select=[code])
    assert [f.steps[-1] for f in found] == ["c"]
    assert "too large" in found.skipped[0].reason


def test_a_loop_that_no_case_reaches_is_no_dead_end() -> None:
    """
    What nobody reaches is the business of MOD001, although no end is reached from there.
    """
    text = """
    procedure:
      start: a
      steps: [{id: a}, {id: b}, {id: c}]
      ends: [{id: done}]
      flows: [{source: a, target: done}, {source: b, target: c}, {source: c, target: b}]
    """
    assert codes(text, "MOD002") == []


def test_an_unreachable_step_that_the_law_demands_stays() -> None:
    """
    It is no leftover that could be removed: the finding names the provision that no case meets.
    """
    text = """
    procedure:
      start: a
      steps: [{id: a}, {id: b, legal_basis: [UU 1/2020]}]
      ends: [{id: done}]
      flows: [{source: a, target: done}, {source: b, target: done}]
    """
    found = ps.check(model(text), select=["MOD001"])[0]
    assert found.message == "no case can reach it from the start, though UU 1/2020 demands it"
    assert found.remedy is None


def test_only_staff_hand_over() -> None:
    """
    A system between two steps of one person is no handover, and gateways that many ways meet are looked through once.
    """
    text = """
    resources: [{id: ani}, {id: budi}, {id: register, kind: information-system}]
    procedure:
      start: s0
      steps:
        - {id: s0, resource: ani}
        - {id: s1, resource: MIDDLE}
        - {id: s2, resource: ani}
      gateways: [{id: x, kind: exclusive}, {id: y, kind: exclusive}, {id: z, kind: exclusive}]
      flows:
        - {source: s0, target: x, probability: 0.5}
        - {source: s0, target: y, probability: 0.5}
        - {source: x, target: z}
        - {source: y, target: z}
        - {source: z, target: s1}
        - {source: s1, target: s2}
    """
    assert codes(text.replace("MIDDLE", "register"), "HND001") == []
    assert codes(text.replace("MIDDLE", "budi"), "HND001") == [("s0", "s1", "s2")]


def test_no_flow_is_implied_where_none_goes_straight_to_a_join() -> None:
    """
    Where branches do not close and each has work, every flow is needed.
    """
    text = """
    procedure:
      steps: [{id: a}, {id: b}]
      gateways: [{id: f, kind: parallel}]
      flows: [{source: f, target: a}, {source: f, target: b}]
    """
    assert codes(text, "RED003") == []


def test_a_proposal_is_data_and_a_rule_prints_its_page() -> None:
    """
    What the law stands behind is JSON with its provisions; a rule prints as its page.
    """
    text = """
    requirements: [card]
    procedure:
      steps:
        - {id: a, checks: [card]}
        - {id: b, kind: check, checks: [card], legal_basis: [UU 1/2020]}
      flows: [{source: a, target: b}]
    """
    (found,) = ps.check(model(text), select=["RED001"])
    assert found.data()["proposal"] == {
        "provisions": ["UU 1/2020"],
        "edit": {"edit": "remove_step", "service": "s", "step": "b", "gives_up": []},
    }
    rule = ps.find_rule("RED001")
    assert str(rule) == rule.text()


def test_what_no_case_reaches_asks_nobody_twice() -> None:
    """
    A step that no case reaches is left out of what is asked again on some ways.
    """
    text = """
    requirements: [card]
    procedure:
      start: a
      steps:
        - {id: a, asks: [card]}
        - {id: lost, asks: [card]}
    """
    assert not ps.check(model(text), select=["EVD006"])


def test_a_pool_saves_waiting() -> None:
    """
    What pooling saves is the difference to the organisation in which the resources are one.
    """
    text = """
    arrival_rate: 4 case/hour
    resources:
      - {id: north, capacity: 2, competences: [desk]}
      - {id: south, capacity: 2, competences: [desk]}
    procedure:
      steps:
        - {id: a, resource: north, processing_time: exponential(20) min}
        - {id: b, resource: south, processing_time: exponential(20) min}
      flows: [{source: a, target: b}]
    """
    before = model(text)
    edit = ps.PoolResources(["north", "south"], "desk")
    finding = ps.Finding("s", steps=("a",), message=ps.Message("apart"), remedy=edit)
    (saving,) = ps.savings(before, [finding])
    after = ps.performance(ps.redesign(before, [edit])).service("s")
    base = ps.performance(before).service("s")
    assert saving.per_case is not None
    assert base.cycle_time_s is not None
    assert after.cycle_time_s is not None
    assert saving.per_case.cycle_time_s == pytest.approx(base.cycle_time_s - after.cycle_time_s)
    assert base.cycle_time_s > after.cycle_time_s
