"""A redesign as a whole: on the command line, in words and in numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

import pubservice as ps
from pubservice.cli import main
from pubservice.io.example import example_text


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Return the path of an example."""
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    return str(file)


def test_the_remedies_of_selected_rules_are_applied_and_proven(office: str) -> None:
    """
    Without a goal all selected remedies are applied: edits, numbers, changes in words, and what was proven.
    """
    result = run("redesign", office, "--select", "RED002")
    assert result.exit_code == 0
    for part in (
        "1. building-permit: register-summary (register-report)",
        "building-permit: register is gone",
        "building-permit  steps",
        "building-permit: every step has what it needs on every path: holds",
    ):
        assert part in result.output
    before = ps.read_yaml(office)
    same = ps.redesign_for(before, ps.check(before, select=["RED002"]))
    assert str(same) == same.text() == result.output.rstrip("\n")
    assert "nothing to change" in run("redesign", office, "--select", "MOD").output


def test_a_goal_searches_the_best_combination(office: str) -> None:
    """
    With a goal the plans are listed and the best, or the one that is named, is taken.
    """
    data = json.loads(run("redesign", office, "--goal", "cycle_time", "--format", "json").stdout)
    assert data["edits"] == data["search"]["plans"][0]["edits"]
    assert data["search"]["method"]["kind"] == "exact"
    registry = Path(office).with_name("registry.yaml")
    registry.write_text(example_text("civil-registration"), encoding="utf-8")
    first = run("redesign", str(registry), "--goal", "flexibility").output
    second = run("redesign", str(registry), "--goal", "flexibility", "--plan", "2").output
    assert "edits:" not in first
    assert "edits:" in second
    other = run("redesign", office, "--goal", "cycle_time", "--plan", "99")
    assert other.exit_code == 2
    assert "no plan '99'" in other.stderr
    nothing = run("redesign", office, "--goal", "cost", "--select", "MOD", "--lang", "id")
    assert "tidak ada yang perlu diubah" in nothing.output
    assert "before_and_after" in json.loads(
        run("redesign", office, "--goal", "cost", "--select", "MOD", "--format", "json").stdout
    )
    assert "leher" not in run("redesign", office, "--goal", "cost", "--lang", "id").output


@pytest.mark.parametrize("option", ["--plan", "--at-most"])
def test_what_chooses_among_plans_takes_a_search(office: str, option: str) -> None:
    """
    Without a goal nothing is searched, and naming a plan, or a bound of the search, is an error and not ignored.
    """
    result = run("redesign", office, option, "3", "--select", "RED002")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--plan and --at-most choose among what a search finds: give --goal\n"
    chosen: Any = {option[2:].replace("-", "_"): 3}
    with pytest.raises(ValueError, match="give a goal"):
        ps.redesign_for(ps.read_yaml(office), [], **chosen)


def test_a_redesign_is_written_only_where_nothing_is_lost(office: str, tmp_path: Path) -> None:
    """
    The new model is written on request; a file that is there is kept unless told otherwise.
    """
    new = tmp_path / "leaner.yaml"
    assert run("redesign", office, "--select", "RED002", "-o", str(new)).exit_code == 0
    steps = {step.id for step in ps.read_yaml(new).service("building-permit").procedure.steps}
    assert "register" not in steps
    before = new.read_text()
    again = run("redesign", office, "--select", "EVD001", "-o", str(new))
    assert again.exit_code == 2
    assert "is there already: --overwrite replaces it" in again.stderr
    assert new.read_text() == before
    as_json = tmp_path / "leaner.json"
    assert run("redesign", office, "-o", str(as_json), "--select", "EVD001").exit_code == 0
    assert run("redesign", office, "-o", str(as_json), "--overwrite", "--select", "RED002").exit_code == 0
    assert ps.read_json(as_json) == ps.read_yaml(new)
    wrong = run("redesign", office, "--select", "ABC")
    assert wrong.exit_code == 2
    assert "no rule 'ABC'" in wrong.stderr


def permit(**fields: Any) -> ps.PublicOrganisation:
    """Return a small service in which every kind of thing can change."""
    service = ps.PublicService(
        "permit",
        requirements=["card", ps.Requirement("proof", evidence=["paper", "file"])],
        channels=[ps.Channel("desk", kind="counter"), ps.Channel("web", kind="online")],
        fees=[ps.Fee("10 EUR", at="pay"), ps.Fee("3 USD")],
        procedure=ps.Procedure(
            start="receive",
            steps=[
                ps.Step(
                    "receive", resource="clerk", processing_time="5 min", contact="in-person", channel="desk"
                ),
                ps.Step(
                    "record",
                    resource="system",
                    processing_time="1 min",
                    asks=["photo"],
                    batch=ps.Batch(size=4),
                ),
                ps.Step("pay", actor="applicant", processing_time="5 min", channel="web"),
            ],
            waits=[ps.Wait("pause", cause="statutory", clock="elapsed", time="2 day")],
            ends=[ps.End("granted"), ps.End("refused")],
            flows=[
                ps.Flow("receive", "record", probability=0.5),
                ps.Flow("receive", "refused", probability=0.5),
                ps.Flow("record", "pay"),
                ps.Flow("pay", "pause"),
                ps.Flow("pause", "granted"),
            ],
        ),
        arrival_rate="1 case/hour",
    )
    prices = {"card": "7 EUR", "paper": "2 EUR", "file": "1 EUR", "photo": "4 EUR"}
    return ps.PublicOrganisation(
        "o",
        resources=[
            ps.Resource("clerk", capacity=2, cost="30 EUR/hour"),
            ps.Resource("system", kind="information-system", capacity=9),
        ],
        evidence=[ps.Evidence(id, cost_to_obtain=price) for id, price in prices.items()],
        services=[attrs.evolve(service, **fields)],
    )


def test_simplification_counts_what_programmes_count() -> None:
    """
    Fees are weighted by the cases that pay; of evidence the cheapest counts, and what half are asked for counts half.
    """
    before = permit()
    after = ps.redesign(before, [ps.ChangeChannel("permit", "receive", "web", "remote")])
    found: dict[str, Any] = {
        str(count.measure): (count.before, count.after) for count in ps.simplification(before, after).counts
    }
    euros = 0.5 * 10 + 7 + 1 + 0.5 * 4
    assert found["applicant's money / EUR"] == (euros, euros)
    assert found["applicant's money / USD"] == (3, 3)
    assert found["steps"] == (3, 3)
    assert found["documents"] == (3, 3)
    assert found["contacts"] == (1.5, 1.5)
    assert found["digital steps"] == (2, 3)  # record by a system, pay online, and now receive online
    assert found["office cost / EUR"] == (2.5, 2.5)
    assert "kontak" in ps.simplification(before, after).text("id")
    assert str(ps.simplification(before, after)) == ps.simplification(before, after).text()
    assert ps.simplification(before, before).counts == ()
    several = [*before.evidence[1:], ps.Evidence("card", cost_to_obtain="9 USD")]
    other = attrs.evolve(after, evidence=several)
    assert {str(c.measure): c.after for c in ps.simplification(before, other).counts}[
        "applicant's money / USD"
    ] == 12


def test_simplification_says_what_is_not_known() -> None:
    """
    Without probabilities there are no expected contacts, and no difference is claimed.
    """
    procedure = permit().services[0].procedure
    flows = [ps.Flow(flow.source, flow.target) for flow in procedure.flows]
    unknown = permit(procedure=attrs.evolve(procedure, flows=flows))
    found = {str(count.measure): count for count in ps.simplification(permit(), unknown).counts}
    assert found["contacts"].after is None
    assert [
        row["difference"]
        for row in ps.simplification(permit(), unknown).rows()
        if row["measure"] == "contacts"
    ] == [None]


def test_changes_are_told_in_words() -> None:
    """
    What is gone, new or different is said with its old and its new value, in both languages.
    """
    before = permit()
    service = before.services[0]
    procedure = service.procedure
    receive, record, pay = procedure.steps
    after = permit(
        requirements=["proof2"],
        fees=[ps.Fee("10 EUR"), ps.Fee("3 USD", at="pay")],
        procedure=attrs.evolve(
            procedure,
            steps=[
                attrs.evolve(receive, asks=["photo"], processing_time="3 min", contact="none", channel=None),
                attrs.evolve(record, asks=[], batch=ps.Batch(period="2 hour")),
                attrs.evolve(pay, needs=["a"], checks=["b"]),
                ps.Step("extra", resource="clerk", processing_time="1 min"),
                ps.Step("bare"),
            ],
            gateways=[ps.Gateway("gate", kind="exclusive")],
            ends=[ps.End("granted", outcome="issued"), ps.End("refused")],
            flows=[
                ps.Flow("receive", "record", probability=0.6),
                ps.Flow("receive", "refused", probability=0.4),
                ps.Flow("record", "gate"),
                ps.Flow("gate", "pay"),
                ps.Flow("pay", "pause"),
                ps.Flow("pause", "extra"),
                ps.Flow("extra", "bare"),
                ps.Flow("bare", "granted"),
            ],
        ),
    )
    told = [str(change) for change in ps.changes(before, after)]
    for expected in (
        "permit: card is gone",
        "permit: proof2 is new",
        "permit: receive: asks also photo",
        "permit: receive: processing_time 5 min → 3 min",
        "permit: receive: channel desk → -",
        "permit: record: asks without photo",
        "permit: record: batch 4 → 2 hour",
        "permit: pay: checks also b",
        "permit: extra is new (clerk, 1 min)",
        "permit: bare is new",
        "permit: gate is new (exclusive)",
        "permit: granted: outcome granted → issued",
        "permit: no flow from record to pay",
        "permit: flow from gate to pay",
        "permit: flow from receive to record: 50.0% → 60.0%",
        "permit: fees are due at receive, pay",
    ):
        assert expected in told
    assert all(change.text("id") for change in ps.changes(before, after))
    reassigned = ps.redesign(before, [ps.Reassign("permit", ["record"], "clerk"), ps.SetCapacity("clerk", 3)])
    assert [str(change) for change in ps.changes(before, reassigned)] == [
        "clerk: capacity 2 → 3",
        "permit: record: resource system → clerk",
    ]
    flows = [attrs.evolve(flow, probability=None) for flow in procedure.flows]
    without = permit(procedure=attrs.evolve(procedure, flows=flows))
    assert "permit: flow from receive to record: 50.0% → -" in map(str, ps.changes(before, without))
