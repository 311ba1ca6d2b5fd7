"""Laws of redesigns, over random procedures, judged by the token game."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import attrs
import pytest

import pubservice as ps
from planting import Sketch, sketches
from pubservice.edits.edit import as_data
from pubservice.graph.soundness import soundness
from pubservice.redesigns.proof import CONTROLS
from tokens import Seen, outcome_probabilities, play

RESOURCES = ("clerk", "officer", "engineer")


def furnished(sketch: Sketch) -> ps.PublicOrganisation:
    """Return an organisation with a service that has data, checks, provisions, fees, refusals and a second service."""
    rng = sketch.rng
    service = sketch.service()
    procedure = service.procedure
    in_a_row = [item.id for item in sketch.root.items if isinstance(item, ps.Step)]
    made = ["card", "form"]
    later: dict[str, list[str]] = {}
    for step in procedure.steps:  # in the order of the sketch
        later[step.id] = list(made)
        if step.id in in_a_row:
            made.append(f"d-{step.id}")

    def with_data(step: ps.Step) -> ps.Step:
        known = later[step.id]
        fields: dict[str, Any] = {"gives": [f"d-{step.id}"] if rng.random() < 0.7 else []}
        if step.id in in_a_row:
            fields["gives"] = [f"d-{step.id}", *(["form"] if rng.random() < 0.15 else [])]
        fields["needs"] = [datum for datum in known[1:] if rng.random() < 0.25]
        if rng.random() < 0.3:
            fields["checks"] = [{"check": rng.choice(["valid", "complete"]), "of": rng.choice(known[1:])}]
        if rng.random() < 0.15:
            fields["legal_basis"] = [rng.choice(["law 1", "law 2", "law 3"])]
        if rng.random() < 0.15:
            fields["batch"] = ps.Batch(size=2)
        if rng.random() < 0.2:
            fields["asks"] = ["card"]
            fields["checks"] = [*fields.get("checks", ()), "card"]
        if rng.random() < 0.2:
            fields["contact"], fields["channel"] = "in-person", "counter"
        return attrs.evolve(step, **fields)

    steps = [with_data(step) for step in procedure.steps]
    asked = any("card" in step.asks for step in steps)
    flows: list[ps.Flow] = []
    for flow in procedure.flows:
        if flow.source in in_a_row and rng.random() < 0.25:
            flows.append(attrs.evolve(flow, probability=0.75))
            flows.append(ps.Flow(flow.source, "refused", probability=0.25))
        else:
            flows.append(flow)
    parallel = [gateway.id for gateway in procedure.gateways if gateway.kind == "parallel"]
    for split, join in itertools.pairwise(
        parallel
    ):  # numbered as they are met: a join right behind its split
        pair = {(flow.source, flow.target) for flow in flows}
        inside = [flow.target for flow in flows if flow.source == split]
        closed = len(inside) > 1 and all((node, join) in pair for node in inside)
        if closed and rng.random() < 0.5:
            flows.append(ps.Flow(split, join))
    ends = list(procedure.ends)
    if any(flow.target == "refused" for flow in flows):
        ends.append(ps.End("refused"))
    service = attrs.evolve(
        service,
        requirements=["form", ps.Requirement("proof", evidence=["card", "paper"])]
        if asked
        else ["form", ps.Requirement("card", evidence=["card"])],
        outputs=[datum for datum in made[2:] if rng.random() < 0.3],
        channels=[ps.Channel("counter", kind="counter"), ps.Channel("web", kind="online")],
        fees=[ps.Fee("1 EUR", at=rng.choice(steps).id), ps.Fee("2 EUR")],
        ignore=[ps.Suppression("RED002", step=rng.choice(steps).id, reason="known")],
        procedure=attrs.evolve(procedure, steps=steps, flows=flows, ends=ends),
    )
    registry = ps.PublicService(
        "registry", outputs=["card"], procedure=ps.Procedure(steps=[ps.Step("issue", gives=["card"])])
    )
    return ps.PublicOrganisation(
        "o",
        resources=[
            *(ps.Resource(id, capacity=9) for id in RESOURCES),
            ps.Resource("system", kind="information-system", capacity=9),
        ],
        services=[service, registry],
    )


def random_edit(organisation: ps.PublicOrganisation, rng: random.Random) -> ps.Edit:
    """Return an edit of a random kind, which may not hold."""
    service = organisation.service("s")
    procedure = service.procedure
    steps = {step.id: step for step in procedure.steps}
    follows = [(f.source, f.target) for f in procedure.flows if f.source in steps and f.target in steps]
    step = steps[rng.choice(list(steps))]
    a, b = rng.choice(follows) if follows else (step.id, step.id)
    fact = rng.choice(step.checks) if step.checks else ps.Check("valid", "form")
    other = rng.choice(list(steps))
    shares = [(d, rng.random() < 0.5) for d in step.gives]
    parts = [
        ps.Part(
            f"{step.id}-1",
            0.4,
            needs=step.needs,
            asks=step.asks,
            checks=step.checks,
            gives=[d for d, early in shares if early],
        ),
        ps.Part(
            f"{step.id}-2",
            0.6,
            needs=[d for d, early in shares if early],
            gives=[d for d, early in shares if not early],
        ),
    ]
    given = [(node.id, datum) for node in procedure.workers for datum in node.gives]
    gateways = {gateway.id for gateway in procedure.gateways}
    between = [flow for flow in procedure.flows if {flow.source, flow.target} <= gateways]
    flow = rng.choice(between or [ps.Flow(step.id, step.id)])
    outputs = [rng.choice(given)] if given else []
    remove = rng.choice([(), (step.id,)])
    kinds: list[ps.Edit] = [
        ps.DropCheck("s", step.id, fact.check, fact.of),
        ps.RelocateCheck("s", step.id, fact.check, fact.of, other),
        ps.DropAsk("s", step.id, "card"),
        ps.FetchEvidence("s", "card", "registry"),
        ps.DropOutputs("s", outputs, remove if outputs else [step.id]),
        ps.RemoveStep("s", step.id, gives_up=step.checks[:1]),
        ps.RemoveFlow("s", flow.source, flow.target),
        ps.MergeSteps("s", [a, b]),
        ps.SplitStep("s", step.id, parts),
        ps.Reorder("s", [b, a]),
        ps.Parallelise("s", [[a], [b]]),
        ps.Reassign("s", [step.id], rng.choice(RESOURCES)),
        ps.Automate("s", step.id, "1 min", resource=rng.choice([None, "system"])),
        ps.ChangeChannel("s", step.id, "web", "remote"),
        ps.DropBatch("s", step.id),
        ps.Triage("s", step.id, [ps.CaseType(f"{step.id}-x", 0.3), ps.CaseType(f"{step.id}-y", 0.7)]),
        ps.SetCapacity(rng.choice(RESOURCES), rng.randint(1, 12)),
        ps.PoolResources(["clerk", "officer"], rng.choice(["clerk", "pool"])),
    ]
    return rng.choice(kinds)


def seen_of(organisation: ps.PublicOrganisation, kin: Callable[[str], str]) -> Seen:
    """Return what is seen of the service, with what is handed in and issued by others at hand."""
    service = organisation.service("s")
    asked = {datum for step in service.procedure.steps for datum in step.asks}
    handed_in = {r.id for r in service.requirements if r.id not in asked}
    issued = {o.id for other in organisation.services if other is not service for o in other.outputs}
    return play(service.procedure, frozenset(handed_in | issued), most=2500, kin=kin)


def are_guarantees_kept(
    before: ps.PublicOrganisation, after: ps.PublicOrganisation, edits: list[ps.Edit]
) -> bool:
    """Hold what is seen of a redesign against what was seen before; return whether both were seen as a whole."""
    kin = kinship(edits)
    old, new = seen_of(before, kin), seen_of(after, kin)
    if not (old.whole and new.whole):
        return False
    assert not new.stuck, edits
    assert new.got.keys() == old.got.keys(), edits
    assert all(new.needs.values()), (edits, new.needs)
    owed = {output.id for output in before.service("s").outputs}
    given_up = {fact for edit in edits if isinstance(edit, ps.RemoveStep) for fact in edit.gives_up}
    moved = {id for edit in edits if isinstance(edit, ps.Reorder) for id in edit.steps}
    for outcome, got in old.got.items():
        if outcome == "refused":  # what a reordered step checks, cases that are refused before do not come to
            given_up |= {
                fact
                for step in before.service("s").procedure.steps
                if step.id in moved
                for fact in step.checks
            }
        assert got & owed <= new.got[outcome], edits
        assert named(old.followed[outcome], kinship(edits)) <= named(new.followed[outcome], kinship(edits)), (
            edits
        )
        assert old.verified[outcome] - given_up <= new.verified[outcome], edits
        assert old.holding[outcome] - given_up <= new.holding[outcome], edits
    for demanded, earlier in old.before.items():
        assert earlier <= new.before[demanded], edits
    for (reader, datum), makers in _named_reads(new, kin).items():
        others = _named_reads(old, kin).get((reader, datum), makers)
        assert others - {reader} == makers - {reader}, (edits, reader, datum)
    for outcome, datum in old.delivered:
        if datum in owed:
            assert named(old.delivered[outcome, datum], kin) == named(new.delivered[outcome, datum], kin), (
                edits
            )
    for node in before.service("s").procedure.steps:
        lost = set(node.checks) - given_up - new.covered.get(node.id, frozenset(node.checks))
        assert not lost, edits
    was = outcome_probabilities(before.service("s").procedure)
    now = outcome_probabilities(after.service("s").procedure)
    assert was is None or now is None or now == pytest.approx(was), edits
    return True


def kinship(edits: list[ps.Edit]) -> Callable[[str], str]:
    """Return what gives a node and all that became of it one name."""
    one: dict[str, str] = {}

    def kin(id: str) -> str:
        while id in one:
            id = one[id]
        return id

    for edit in edits:
        ids: tuple[str, ...] = ()
        if isinstance(edit, ps.MergeSteps):
            ids = edit.steps
        elif isinstance(edit, ps.SplitStep):
            ids = (edit.step, *(part.id for part in edit.parts))
        elif isinstance(edit, ps.Triage):
            ids = (edit.step, *(case.id for case in edit.cases))
        for id in ids[1:]:
            if kin(id) != kin(ids[0]):
                one[kin(id)] = kin(ids[0])
    return kin


def named(ids: Iterable[str], kin: Callable[[str], str]) -> set[str]:
    """Return nodes by their one names."""
    return {kin(id) for id in ids}


def _named_reads(seen: Seen, kin: Callable[[str], str]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for (step, datum), makers in seen.reads.items():
        found.setdefault((kin(step), datum), set()).update(named(makers, kin))
    return found


def accepted(
    before: ps.PublicOrganisation, rng: random.Random, most: int
) -> tuple[list[ps.Edit], ps.PublicOrganisation]:
    """Return up to so many random edits that are accepted together, and what they make of an organisation."""
    edits: list[ps.Edit] = []
    after = before
    for _ in range(8):
        edit = random_edit(before, rng)
        try:
            after = ps.redesign(before, [*edits, edit])
        except ps.InvalidEditError:
            continue
        edits.append(edit)
        if len(edits) == most:
            break
    return edits, after


@pytest.mark.parametrize("most", [1, 3])
def test_whatever_is_accepted_keeps_every_guarantee(most: int) -> None:
    """
    After every redesign that is accepted all runs of the token game end once, as before, with all that was guaranteed.
    """
    judged: Counter[str] = Counter()
    for sketch in sketches(1000, size=6, seed=most):
        before = furnished(sketch)
        copy = deepcopy(before)
        edits, after = accepted(before, sketch.rng, most)
        assert before == copy
        if are_guarantees_kept(before, after, edits):
            judged.update(type(edit).__name__ for edit in edits)
    assert len(judged) == 18
    assert judged.total() > 700 * most


def test_whatever_is_accepted_keeps_visits_and_fees() -> None:
    """
    A redesign that reorders nothing leaves every step that is still there as many visits, and every fee as often due.
    """
    for sketch in sketches(1000, size=12, seed=3):
        before = furnished(sketch)
        edits, after = accepted(before, sketch.rng, 3)
        assert soundness(after.service("s").procedure).verdict == "sound"
        for edit in edits:
            assert json.loads(json.dumps(as_data(edit))) == as_data(edit)
        if any(isinstance(edit, ps.Reorder) for edit in edits):
            continue
        old, new = (ps.performance(organisation).services[0] for organisation in (before, after))
        assert [fee.amount for fee in new.fees] == pytest.approx([fee.amount for fee in old.fees])
        was = {step.id: step.visits for step in old.steps}
        assert all(step.visits == pytest.approx(was[step.id]) for step in new.steps if step.id in was)


def test_what_the_proof_refuses_is_lost_in_some_run() -> None:
    """
    Whatever the proof says is lost by one edit, some run of the token game loses: nothing is refused in vain.

    Which cases would have come to a step that is gone, to be checked there, the game cannot tell.
    """
    refused = 0
    for sketch in sketches(1000, size=6, seed=4):
        before = furnished(sketch)
        edit = random_edit(before, sketch.rng)
        try:
            after = ps.apply(before, edit)
        except ps.InvalidEditError:
            continue
        broken = [g.claim for g in ps.validate(before, after, [edit]).guarantees if g.broken is not None]
        if broken and not (broken == [CONTROLS] and isinstance(edit, ps.DropOutputs)):
            refused += 1
            with pytest.raises(AssertionError):
                are_guarantees_kept(before, after, [edit])
    assert refused > 50


def test_a_redesign_without_edits_is_the_same_organisation() -> None:
    """
    Nothing in, nothing changed.
    """
    for sketch in sketches(50, size=12, seed=5):
        before = furnished(sketch)
        assert ps.redesign(before, []) == before
