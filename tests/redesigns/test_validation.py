"""What is proven of a redesign: each guarantee kept, and each broken with its proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import pytest

import pubservice as ps

VALID = ps.Check("valid", "form")
FLOWS = (
    ("intake", "check"),
    ("check", "f", 0.8),
    ("check", "refused", 0.2),
    ("f", "assess"),
    ("f", "inspect"),
    ("assess", "j"),
    ("inspect", "j"),
    ("j", "decide"),
    ("decide", "granted"),
)


def office(flows: Iterable[tuple[Any, ...]] = FLOWS, **changes: dict[str, Any]) -> ps.PublicOrganisation:
    """Return a permit office; `changes` by step, or to the service."""
    steps = [
        ps.Step("intake", asks=["form"], checks=["form"], gives=["file"]),
        ps.Step("check", needs=["file"], checks=[VALID], legal_basis=["law 1"]),
        ps.Step("assess", needs=["file"], gives=["report"]),
        ps.Step("inspect", needs=["file"], gives=["photo"], legal_basis=["law 2"]),
        ps.Step("decide", needs=["report", "photo"], gives=["permit"]),
    ]
    service = ps.PublicService(
        "s",
        requirements=["form"],
        outputs=["permit"],
        procedure=ps.Procedure(
            start="intake",
            steps=[attrs.evolve(step, **changes.get(step.id, {})) for step in steps],
            gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
            ends=[ps.End("granted"), ps.End("refused")],
            flows=[ps.Flow(f[0], f[1], probability=f[2] if len(f) > 2 else None) for f in flows],
        ),
    )
    registry = ps.PublicService("registry", outputs=["id-card", "permit"])
    return ps.PublicOrganisation(
        "o", services=[attrs.evolve(service, **changes.get("service", {})), registry]
    )


def without(step: str) -> list[tuple[Any, ...]]:
    """Return the flows with a step left out."""
    after = {f[0]: f[1] for f in FLOWS}
    return [(f[0], after[step], *f[2:]) if f[1] == step else f for f in FLOWS if f[0] != step]


CLAIMS = {
    "sound": ("every case can end, and ends once", "setiap permohonan dapat selesai, dan selesai satu kali"),
    "outcomes": ("every outcome is as probable as before", "peluang setiap hasil akhir tetap sama"),
    "supply": (
        "every step has what it needs on every path",
        "setiap langkah memperoleh yang diperlukannya di setiap jalan",
    ),
    "versions": (
        "every step reads what the same steps made",
        "setiap langkah membaca apa yang dibuat langkah yang sama",
    ),
    "outputs": (
        "whatever a case got with its outcome, it still gets, from the same steps",
        "apa yang diperoleh permohonan bersama hasil akhirnya tetap diperoleh, dari langkah yang sama",
    ),
    "law": (
        "every step that a provision demands is still done, in an order it allows",
        "setiap langkah yang diwajibkan ketentuan masih dilakukan, dalam urutan yang diizinkannya",
    ),
    "controls": (
        "whatever was verified of a case, still is",
        "apa yang diperiksa pada suatu permohonan tetap diperiksa",
    ),
}


def test_what_is_kept_is_said_in_both_languages() -> None:
    """
    Each guarantee of a changed service is listed; services that have not changed are not.
    """
    before = office()
    after = office(intake={"processing_time": "5 min"})
    found = ps.validate(before, after)
    assert found.holds
    assert [str(guarantee.claim) for guarantee in found.guarantees] == [
        english for english, _ in CLAIMS.values()
    ]
    assert str(found).splitlines() == [f"s: {english}: holds" for english, _ in CLAIMS.values()]
    assert found.text("id").splitlines() == [f"s: {text}: terjaga" for _, text in CLAIMS.values()]
    assert str(found.guarantees[0]) == "s: every case can end, and ends once: holds"
    assert ps.validate(before, before).guarantees == ()


BROKEN: list[tuple[str, ps.PublicOrganisation, str]] = [
    (
        "sound",
        office([*FLOWS[:-3], ("inspect", "refused"), *FLOWS[-2:]]),
        "the case ends ",
    ),
    (
        "outcomes",
        office([("intake", "check"), ("check", "f"), *FLOWS[3:]]),
        "no case can end as 'refused' any more",
    ),
    (
        "outcomes",
        office([*FLOWS[:-1], ("decide", "granted", 0.9), ("decide", "assess", 0.1)]),
        "",
    ),
    (
        "outcomes",
        office([*FLOWS[:1], ("check", "f", 0.7), ("check", "refused", 0.3), *FLOWS[3:]]),
        "0.8 of the cases ended as 'granted', now 0.7",
    ),
    (
        "supply",
        office(intake={"gives": []}),
        "step 'check' needs 'file', which nothing would supply any more",
    ),
    (
        "supply",
        office(assess={"gives": []}, inspect={"gives": ["photo"]}, decide={"gives": ["permit", "report"]}),
        "step 'decide' needs 'report', which is not there on the way intake, check, f, assess, inspect, j, decide",
    ),
    (
        "supply",
        office(inspect={"needs": ["report"]}),
        "step 'inspect' needs 'report', which is made beside it",
    ),
    (
        "outputs",
        office(decide={"gives": []}),
        "the service owes 'permit', which nothing would supply any more",
    ),
    (
        "outputs",
        office([*FLOWS[:-2], ("j", "granted")], decide={"gives": ["permit"]}),
        "",
    ),
    ("law", office(check={"legal_basis": []}), "law 1 is not followed any more"),
    (
        "law",
        office(check={"legal_basis": []}, decide={"legal_basis": ["law 1"]}),
        "law 1 is not followed any more",
    ),
    (
        "law",
        office(
            [
                ("intake", "f"),
                *FLOWS[3:-1],
                ("decide", "check", 0.8),
                ("decide", "refused", 0.2),
                ("check", "granted"),
            ]
        ),
        "law 1 is not followed on the way intake, f, assess, inspect, j, decide, refused",
    ),
    (
        "law",
        office(
            [
                ("intake", "f"),
                *FLOWS[3:-1],
                ("decide", "check"),
                ("check", "granted", 0.8),
                ("check", "refused", 0.2),
            ]
        ),
        "'inspect' (law 2) would no longer come after check (law 1)",
    ),
    (
        "versions",
        office(check={"gives": ["file"]}),
        "step 'assess' would read 'file' as check made it, no longer as intake did",
    ),
    (
        "outputs",
        office(inspect={"gives": ["photo", "permit"]}, decide={"gives": []}),
        "the service owes 'permit' to cases that end as 'granted' as inspect made it, no longer as decide did",
    ),
    ("controls", office(intake={"checks": []}), "nothing checks form any more"),
    (
        "controls",
        office(intake={"checks": []}, assess={"checks": ["form"]}),
        "form is not checked of cases that end as 'refused' on the way intake, check, refused",
    ),
]


@pytest.mark.parametrize(("which", "after", "proof"), [case for case in BROKEN if case[2]])
def test_what_is_lost_is_proven(which: str, after: ps.PublicOrganisation, proof: str) -> None:
    """
    The guarantee that is broken is named, with the path, the datum or the provision that shows it.
    """
    found = ps.validate(office(), after)
    broken = {str(g.claim): str(g.broken) for g in found.guarantees if g.broken is not None}
    assert broken[CLAIMS[which][0]].startswith(proof)
    assert not found.holds
    assert f"s: {broken[CLAIMS[which][0]]}" in [str(message) for message in found.broken]
    indonesian = next(g for g in found.guarantees if str(g.claim) == CLAIMS[which][0])
    assert indonesian.text("id").startswith(f"s: {CLAIMS[which][1]}: ")


def test_a_new_outcome_is_named() -> None:
    """
    Cases may not end in a way in which they could not end before.
    """
    ends = [ps.End("granted"), ps.End("refused"), ps.End("lost")]
    procedure = office().service("s").procedure
    flows = [
        *procedure.flows[:-1],
        ps.Flow("decide", "granted", probability=0.5),
        ps.Flow("decide", "lost", probability=0.5),
    ]
    after = office(service={"procedure": attrs.evolve(procedure, ends=ends, flows=flows)})
    assert "s: cases can end as 'lost', which they could not" in map(str, ps.validate(office(), after).broken)


def test_an_output_of_some_cases_only_is_owed_too() -> None:
    """
    What a case gets with its outcome on every path it gets afterwards; what another service issues does not make up for it.
    """
    late = [*FLOWS[:-1], ("decide", "refused", 0.1), ("decide", "granted", 0.9)]
    whole = office().service("s").procedure
    choice = attrs.evolve(
        whole,
        gateways=[*whole.gateways, ps.Gateway("g", kind="exclusive")],
        flows=[
            *whole.flows[:-2],
            ps.Flow("j", "g"),
            ps.Flow("g", "decide", probability=0.5),
            ps.Flow("g", "granted", probability=0.5),
            whole.flows[-1],
        ],
    )
    after = office(service={"procedure": choice})
    proof = "the service owes 'permit' to cases that end as 'granted', which is not there on the way "
    assert f"s: {proof}intake, check, f, assess, inspect, j, g, granted" in map(
        str, ps.validate(office(), after).broken
    )
    assert "s: the service owes 'permit', which nothing would supply any more" in map(
        str, ps.validate(after, office(late, decide={"gives": []})).broken
    )


def test_what_did_not_hold_before_need_not_hold_afterwards() -> None:
    """
    A procedure with faults is improved bit by bit: only what is lost is refused.
    """
    before = office(
        [("intake", "check"), ("check", "f"), *FLOWS[3:-2], ("j", "decide"), ("decide", "granted")],
        intake={"gives": []},
        decide={"gives": []},
    )
    unknown = office([(f[0], f[1]) for f in FLOWS], assess={"needs": ["nothing"]})
    stuck = office([*FLOWS[:-3], ("inspect", "refused"), *FLOWS[-2:]])
    for model in (before, unknown, stuck):
        service = model.service("s")
        better = attrs.evolve(
            service, procedure=attrs.evolve(service.procedure, steps=service.procedure.steps[::1])
        )
        assert ps.validate(model, attrs.evolve(model, services=[better, model.service("registry")])).holds


def test_a_step_that_lost_what_it_needs_is_found_beside_one_that_never_had_it() -> None:
    """
    That another step lacked a datum already excuses nobody who had it.
    """
    before = office(intake={"needs": ["file"]})
    after = office(intake={"needs": ["file"], "gives": []})
    assert "s: step 'check' needs 'file', which nothing would supply any more" in map(
        str, ps.validate(before, after).broken
    )


def test_a_step_has_what_it_asks_for() -> None:
    """
    Checking what the applicant hands in at the same step needs nobody before.
    """
    before = office()
    assert ps.validate(
        before, office(intake={"asks": [], "needs": []}, service={"requirements": ["form"]})
    ).holds
    lost = office(intake={"asks": []}, service={"requirements": []})
    assert "s: step 'intake' needs 'form', which nothing would supply any more" in map(
        str, ps.validate(before, lost).broken
    )


def test_beside_is_not_before() -> None:
    """
    A step of an unstructured part gets no datum that is only made beside it, and the proof says so.
    """
    flows = [("a", "f"), ("f", "b"), ("f", "c"), ("b", "j"), ("c", "j")]

    def model(*steps: ps.Step) -> ps.PublicOrganisation:
        procedure = ps.Procedure(
            start="a",
            steps=steps,
            gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
            flows=[ps.Flow(x, y) for x, y in flows],
        )
        return ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])

    before = model(ps.Step("a", gives=["x"]), ps.Step("b", gives=["x"]), ps.Step("c", needs=["x"]))
    after = model(ps.Step("a"), ps.Step("b", gives=["x"]), ps.Step("c", needs=["x"]))
    first, second = ps.validate(before, after).broken
    assert str(first).startswith("s: step 'c' needs 'x', which is ")
    assert str(second) == "s: step 'c' would read 'x' as nobody here, b made it, no longer as a, b did"


def test_a_removed_control_is_given_up_and_said() -> None:
    """
    Removing a step that verifies gives up the facts that the edit names, and nothing in silence, nor without the step.
    """
    before = office(
        intake={"checks": []}, assess={"checks": ["form"], "gives": []}, decide={"needs": ["photo"]}
    )
    removed = ps.RemoveStep("s", "assess", gives_up=["form"])
    after = ps.redesign(before, [removed])
    found = ps.validate(before, after, [removed])
    assert found.given_up == (("s", ps.Check("form", "form")),)
    assert str(found).endswith("s: form is no longer checked")
    assert found.text("id").endswith("s: form tidak diperiksa lagi")
    with pytest.raises(ps.InvalidEditError, match="s: nothing checks form any more"):
        ps.redesign(before, [ps.RemoveStep("s", "assess")])
    with pytest.raises(ps.InvalidEditError, match="s: nothing checks form any more"):
        ps.redesign(before, [ps.DropCheck("s", "assess", "form", "form")])


def test_a_check_of_what_changes_later_counts() -> None:
    """
    What was verified once of every case must still be verified, though a new version came since.
    """
    before = office(assess={"gives": ["report", "form"]})
    assert "s: nothing checks form any more" in map(
        str, ps.validate(before, office(assess={"gives": ["report", "form"]}, intake={"checks": []})).broken
    )


def test_a_new_version_ends_what_was_verified_of_the_old() -> None:
    """
    A step that changes what was verified loses it, on the way that is shown.
    """
    after = office(assess={"gives": ["report", "form"]})
    broken = [str(message) for message in ps.validate(office(), after).broken]
    assert broken[0].startswith(
        "s: form is not checked of cases that end as 'granted' on the way intake, check, f,"
    )
    last = office(decide={"gives": ["permit", "form"]})
    assert not ps.validate(office(), last).holds
    ending = office([*FLOWS[:-1]], decide={"gives": ["permit", "form"], "checks": ["form"]})
    kept = office([*FLOWS[:-1]], decide={"checks": ["form"]})
    assert not ps.validate(kept, ending).holds


def test_fetched_evidence_is_verified_by_its_own_name() -> None:
    """
    A check of a requirement is kept by the same check of the evidence that is fetched, and by nothing less.
    """
    before = office(
        intake={"asks": ["proof", "form"], "checks": ["form", {"check": "valid", "of": "proof"}]},
        service={"requirements": ["form", ps.Requirement("proof", evidence=["id-card"])]},
    )
    edit = ps.FetchEvidence("s", "id-card", "registry")
    assert ps.validate(before, ps.redesign(before, [edit]), [edit]).holds
    partly = office(
        intake={"asks": ["form"], "needs": ["id-card"]},
        assess={"checks": [{"check": "valid", "of": "id-card"}]},
    )
    assert "s: nothing checks valid of proof any more" in map(str, ps.validate(before, partly, [edit]).broken)


def test_the_order_of_decisions_leaves_every_outcome_as_probable() -> None:
    """
    Knock-outs of one outcome may stand in any order; what they verify need not be verified of those turned away before.
    """
    flows = [("intake", "check"), ("check", "refused", 0.2), ("check", "assess", 0.8)]
    flows += [
        ("assess", "refused", 0.5),
        ("assess", "inspect", 0.5),
        ("inspect", "decide"),
        ("decide", "granted"),
    ]
    before = office(flows, check={"legal_basis": []})
    edit = ps.Reorder("s", ["assess", "check"])
    found = ps.validate(before, ps.redesign(before, [edit]), [edit])
    assert found.holds
    assert "s: every outcome is as probable as before: holds" in str(found)
    assert str(found).endswith("unless it is turned away before: holds")


def test_steps_that_no_case_reaches_need_nothing() -> None:
    """
    What a step reads to which no flow leads is not asked for, before or after.
    """

    def model(gives: list[str]) -> ps.PublicOrganisation:
        steps = [ps.Step("a", gives=gives), ps.Step("b"), ps.Step("c", needs=["x"])]
        procedure = ps.Procedure(start="a", steps=steps, flows=[ps.Flow("a", "b")])
        return ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])

    assert ps.validate(model(["x"]), model([])).holds


def test_what_a_wait_needs_is_still_there() -> None:
    """
    Whom a case waits for must have what the wait needs, or the proof names the wait.
    """

    def model(gives: list[str]) -> ps.PublicOrganisation:
        procedure = ps.Procedure(
            steps=[ps.Step("ask", gives=gives)],
            waits=[ps.Wait("fire", cause="other-body", clock="elapsed", needs=["letter"])],
            flows=[ps.Flow("ask", "fire")],
        )
        return ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])

    first = ps.validate(model(["letter"]), model([])).broken[0]
    assert str(first) == "s: wait 'fire' needs 'letter', which nothing would supply any more"
