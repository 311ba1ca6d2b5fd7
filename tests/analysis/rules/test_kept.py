"""What looks redundant and is kept, and rules that cannot say anything and say so."""

from __future__ import annotations

import types
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import pubservice as ps
from pubservice.analysis import register
from pubservice.cli import main
from written import found, model

DECIDES = """
resources: [{id: officer, capacity: 3}]
requirements: [form]
outputs: [permit]
arrival_rate: 1 case/hour
procedure:
  steps:
    - {id: assess, resource: officer, processing_time: 20 min, needs: [form], gives: [opinion]}
    - {id: issue, resource: officer, processing_time: 5 min, gives: [permit]}
  gateways: [{id: ok, kind: exclusive}]
  ends: [{id: granted}, {id: refused}]
  flows:
    - {source: assess, target: ok}
    - {source: ok, target: issue, probability: 0.9}
    - {source: ok, target: refused, probability: 0.1}
    - {source: issue, target: granted}
"""


def test_a_step_that_decides_at_the_gateway_behind_it_is_kept() -> None:
    """
    Nobody reads the opinion, but the gateway decides by it: its remedy leaves the step.
    """
    (finding,) = found(DECIDES, "RED002")
    assert finding.remedy == ps.DropOutputs("s", [("assess", "opinion")])
    after = ps.redesign(model(DECIDES), [finding.remedy])
    assert [step.id for step in after.services[0].procedure.steps] == ["assess", "issue"]


SENT = """
requirements: [form]
outputs: [permit]
procedure:
  start: ask-fire
  steps:
    - {id: ask-fire, needs: [form], gives: [request-letter]}
    - {id: decide, needs: [fire-opinion], gives: [permit]}
  gateways: [{id: split, kind: parallel}, {id: join, kind: parallel}]
  waits: [{id: fire, cause: CAUSE, clock: elapsed, gives: [fire-opinion]}]
  flows:
    - {source: ask-fire, target: split}
    - {source: split, target: fire}
    - {source: split, target: join}
    - {source: fire, target: join}
    - {source: join, target: decide}
"""


@pytest.mark.parametrize(
    ("cause", "codes"),
    [("other-body", 0), ("applicant", 0), ("statutory", 0), ("signature", 1), ("other", 1)],
)
def test_what_goes_to_others_is_used(cause: str, codes: int) -> None:
    """
    A letter that is written before others have the case is for them; what lies in our own tray is for nobody.
    """
    assert len(found(SENT.replace("CAUSE", cause), "RED002")) == codes


def test_what_another_actor_gets_is_used() -> None:
    """
    A step of the applicant or another body that does not say what it needs may need what was made just before.
    """
    text = """
    outputs: [permit]
    procedure:
      steps:
        - {id: write, gives: [invitation]}
        - {id: come, actor: applicant}
        - {id: issue, gives: [permit]}
      flows: [{source: write, target: come}, {source: come, target: issue}]
    """
    assert found(text, "RED002") == []
    assert len(found(text.replace("actor: applicant", "actor: applicant, needs: [permit]"), "RED002")) == 1


EYES = """
resources: [{id: examiner}, {id: judge}]
requirements: [claim]
outputs: [order]
procedure:
  start: examine
  steps:
    - {id: examine, resource: examiner, checks: [claim], legal_basis: [Act s 12]}
    - {id: again, resource: judge, checks: [claim], legal_basis: [Act s 44 four eyes], gives: [order]}
  ends: [{id: done}]
  flows: [{source: examine, target: again}, {source: again, target: done}]
"""


def test_second_eyes_that_the_law_demands_are_no_repetition() -> None:
    """
    A provision that demands the later check of others is kept; of the same people it is a proposal; without it, a remedy.
    """
    assert found(EYES, "RED001") == []
    (same,) = found(EYES.replace("resource: judge", "resource: examiner"), "RED001")
    assert same.remedy is None
    assert same.proposal is not None
    (free,) = found(EYES.replace(", legal_basis: [Act s 44 four eyes]", ""), "RED001")
    assert free.remedy == ps.DropCheck("s", "again", "claim", "claim")


def test_second_eyes_are_none_on_some_ways_either() -> None:
    """
    What is repeated on some ways only, by others whom a provision names, is not reported.
    """
    text = EYES.replace("start: examine", "start: sort").replace(
        "  ends:", "  gateways: [{id: sort, kind: exclusive}]\n  ends:"
    )
    text = text.replace(
        "flows: [",
        "flows: [{source: sort, target: examine, probability: 0.5}, {source: sort, target: again, probability: 0.5}, ",
    )
    assert found(text, "RED010") == []
    assert len(found(text.replace("resource: judge", "resource: examiner"), "RED010")) == 1


LOST = """
resources: [{id: clerk}]
channels: [{id: desk, kind: counter}]
arrival_rate: 1 case/hour
procedure:
  start: a
  steps:
    - {id: a, resource: clerk, processing_time: 5 min, contact: in-person, channel: desk}
    - {id: b, resource: clerk, processing_time: 50 min}
  waits: [{id: w, cause: other-body, clock: elapsed, time: 3 day}]
  gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}, {id: x, kind: exclusive}]
  ends: [{id: done}]
  flows:
    - {source: a, target: f}
    - {source: f, target: b}
    - {source: f, target: w}
    - {source: b, target: j}
    - {source: w, target: j}
    - {source: j, target: x}
    - {source: x, target: a}
    - {source: x, target: done}
"""


@pytest.mark.parametrize("code", ["WAI004", "WAI007", "WAI008", "HND005"])
def test_a_rule_without_its_numbers_says_so(code: str) -> None:
    """
    Where a choice has no probabilities nothing is claimed, and the reason is listed.
    """
    result = ps.check(model(LOST), select=[code])
    assert len(result) == 0
    assert [str(s.reason) for s in result.skipped] == ["the flows out of 'x' have no probabilities"]
    assert not result.skipped[0].failed


def test_a_wait_is_not_weighed_against_an_unknown_cycle_time() -> None:
    """
    Visits are known and a processing time is not: whether the wait dominates cannot be said.
    """
    text = """
    procedure:
      steps: [{id: a}]
      waits: [{id: w, cause: signature, clock: elapsed, time: 3 day}]
      flows: [{source: a, target: w}]
    """
    (skipped,) = ps.check(model(text), select=["WAI004"]).skipped
    assert str(skipped.reason) == "the processing time of step 'a' is unknown"


def test_a_mix_of_cases_needs_an_arrival_rate_and_visits() -> None:
    """
    Without a rate, or where cases are trapped, no wait could fall.
    """
    text = """
    resources: [{id: officer}]
    arrival_rate: 1 case/hour
    procedure:
      start: sort
      steps: [{id: a, resource: officer, processing_time: 5 min}, {id: b, resource: officer, processing_time: 90 min}]
      gateways: [{id: sort, kind: exclusive}]
      flows: [{source: sort, target: a, probability: 0.9}, {source: sort, target: b, probability: 0.1}, {source: b, target: b}]
    """
    (skipped,) = ps.check(model(text), select=["WAI010"]).skipped
    assert "cases never leave the loop of b" in str(skipped.reason)
    (skipped,) = ps.check(model(text.replace("arrival_rate: 1 case/hour", "")), select=["WAI010"]).skipped
    assert str(skipped.reason) == "the service has no arrival rate"


def test_a_file_of_rules_that_cannot_be_loaded_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    It is named in what was not checked, all others run, and the command ends with 2.
    """
    real = import_module

    def broken(name: str) -> types.ModuleType:
        if name.endswith("red003_implied_flow"):
            raise SyntaxError("invalid syntax")
        return real(name)

    monkeypatch.setattr("pubservice.analysis.register.import_module", broken)
    register.load_rules.cache_clear()
    try:
        result = ps.check(model(DECIDES))
        (failed,) = [s for s in result.skipped if s.failed]
        assert (failed.code, failed.service) == ("red003_implied_flow", "o")
        assert "cannot be loaded: SyntaxError" in str(failed.reason)
        assert [f.code for f in result if f.code == "RED002"] == ["RED002"]
    finally:
        register.load_rules.cache_clear()


def test_a_rule_that_fails_never_passes_a_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """
    Exit code 2 in every format, and an annotation in that of GitHub.
    """

    def fail(subject: ps.Subject) -> list[ps.Finding]:
        raise RuntimeError(f"no luck with {subject.service.id}")

    rules = register._REGISTER
    monkeypatch.setitem(rules, "RED003", register.Rule("RED003", "implied-flow", fail, "", ""))
    file = tmp_path / "o.yaml"
    file.write_text("pubservice: 1\nid: o\nservices: [{id: s, procedure: {steps: [{id: a}]}}]\n")
    for style in ("text", "json", "sarif", "github"):
        result = CliRunner().invoke(main, ["check", str(file), "--select", "RED003", "--format", style])
        assert result.exit_code == 2, style
    assert result.stdout.endswith("o.yaml,title=RED003::s: the rule failed: RuntimeError('no luck with s')\n")


def test_a_test_of_the_applicant_takes_the_applicant() -> None:
    """
    A step that finds something out about somebody and makes a result of it is no mere conversation.
    """
    text = """
    channels: [{id: hall, kind: counter}, {id: portal, kind: online}]
    procedure:
      steps:
        - {id: road-test, contact: in-person, channel: hall, checks: [can-drive], gives: [result]}
        - {id: talk, contact: in-person, channel: hall}
      flows: [{source: road-test, target: talk}]
    """
    assert [f.steps for f in found(text, "HND008")] == [("talk",)]


def test_a_repeated_check_is_not_also_put_beside_the_first() -> None:
    """
    What could be left out need not be moved.
    """
    text = """
    resources: [{id: clerk, capacity: 9}, {id: officer, capacity: 9}]
    requirements: [card]
    procedure:
      steps:
        - {id: a, resource: clerk, processing_time: 1 hour, kind: check, checks: [card]}
        - {id: b, resource: officer, processing_time: 1 hour, kind: check, checks: [card]}
      flows: [{source: a, target: b}]
    """
    assert found(text, "WAI002") == []
    assert len(found(text, "RED001")) == 1


def test_branches_that_take_no_time_have_no_slack() -> None:
    """
    Where nothing takes time there is nothing to compare.
    """
    text = """
    procedure:
      start: f
      steps: [{id: a, processing_time: 0 min}, {id: b, processing_time: 0 min}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      flows: [{source: f, target: a}, {source: f, target: b}, {source: a, target: j}, {source: b, target: j}]
    """
    result = ps.check(model(text), select=["WAI008"])
    assert (len(result), result.skipped) == (0, ())


def test_gateways_that_meet_are_looked_behind_once() -> None:
    """
    What is made before a choice whose ways meet again, with nobody else behind them, goes to nobody.
    """
    text = """
    outputs: [permit]
    procedure:
      start: write
      steps: [{id: write, kind: transport, gives: [letter]}, {id: issue, gives: [permit]}]
      gateways: [{id: x, kind: exclusive}, {id: y, kind: exclusive}, {id: z, kind: exclusive}]
      flows:
        - {source: write, target: x}
        - {source: x, target: y, probability: 0.5}
        - {source: x, target: z, probability: 0.5}
        - {source: y, target: z}
        - {source: z, target: issue}
    """
    assert len(found(text, "RED002")) == 1


def test_a_ping_pong_is_not_given_to_one_who_could_not_keep_up() -> None:
    """
    The finding stays, without a remedy that would overload its owner.
    """
    text = """
    resources: [{id: ani}, {id: budi}]
    arrival_rate: 1 case/hour
    procedure:
      steps:
        - {id: a, resource: ani, processing_time: 20 min}
        - {id: b, resource: budi, processing_time: 30 min}
        - {id: c, resource: ani, processing_time: 20 min}
      flows: [{source: a, target: b}, {source: b, target: c}]
    """
    (finding,) = found(text, "HND001")
    assert finding.remedy is None
    assert "ani could not keep up" in finding.message
