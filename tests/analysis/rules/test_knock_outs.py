"""Checks that refuse cases: their order (RED004), and the work before them that they do not look at (RED005)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from math import prod

import attrs
import pytest

import pubservice as ps
from planting import Sketch, sketches
from pubservice.edits.application import without_basis
from written import applied, found, model, only, texts


def refusing(service: ps.PublicService, chances: dict[str, float]) -> ps.PublicService:
    """Return a service in which steps also refuse cases, each with its probability."""
    flows = [
        attrs.evolve(f, probability=1 - chances[f.source]) if f.source in chances else f
        for f in service.procedure.flows
    ]
    flows += [ps.Flow(step, "refused", probability=p) for step, p in chances.items()]
    ends = [*service.procedure.ends, ps.End("refused")]
    return attrs.evolve(service, procedure=attrs.evolve(service.procedure, flows=flows, ends=ends))


def office(sketch: Sketch, chances: dict[str, float], *, linked: bool = True) -> ps.PublicOrganisation:
    """Return an organisation with a random service in which planted steps refuse cases."""
    organisation = sketch.organisation(linked=linked, requirements=["card", "form", "map"], outputs=["file"])
    return attrs.evolve(organisation, services=[refusing(organisation.services[0], chances)])


def expected_work(order: Sequence[tuple[float, float]]) -> float:
    """Return the expected work of a case, by the definition."""
    return sum(e * prod(1 - r for _, r in order[:n]) for n, (e, _) in enumerate(order))


THREE = """
requirements: [identity, income, blacklist]
procedure:
  steps:
    - {id: identity, processing_time: 5 min, checks: [identity]}
    - {id: income, processing_time: 20 min, checks: [income]}
    - {id: blacklist, processing_time: 2 min, checks: [blacklist]}
  ends: [{id: granted}, {id: refused}]
  flows:
    - {source: identity, target: income, probability: 0.95}
    - {source: identity, target: refused, probability: 0.05}
    - {source: income, target: blacklist, probability: 0.7}
    - {source: income, target: refused, probability: 0.3}
    - {source: blacklist, target: granted, probability: 0.9}
    - {source: blacklist, target: refused, probability: 0.1}
"""


def test_three_checks_are_put_into_the_best_order() -> None:
    """
    Three independent checks are done in increasing order of work per refusal (oracle knockout-3).
    """
    one = only(THREE, "RED004")
    assert str(one.message) == (
        "take 25.33 min of work a case, 23.15 min in the order blacklist, income, identity"
    )
    assert one.remedy == ps.Reorder("s", ["blacklist", "income", "identity"])
    before, after = model(THREE), applied(THREE, one.remedy)
    for organisation, minutes in ((before, 25.33), (after, 23.15)):
        service = ps.performance(organisation).services[0]
        assert (service.processing_time_s or 0) / 60 == pytest.approx(minutes, abs=1e-8)
        assert service.outcomes[0].probability == pytest.approx(0.5985, abs=1e-8)
    assert not ps.check(after, select=["RED004"])


def test_only_the_checks_that_move_are_named() -> None:
    """
    What stands right already in a row is no part of the finding.
    """
    text = THREE.replace("identity, processing_time: 5 min", "identity, processing_time: 30 s")
    assert only(text, "RED004").steps == ("income", "blacklist")
    assert not found(
        text.replace("income, processing_time: 20 min", "income, processing_time: 4 min"), "RED004"
    )


@pytest.mark.parametrize(
    "later",
    [
        "needs: [income-proof], checks: [blacklist]",
        "checks: [blacklist, income-proof]",
        "checks: [blacklist], gives: [income]",
        "checks: [blacklist], gives: [income-proof]",
        "checks: [blacklist], asks: [income-proof]",
    ],
    ids=["needs", "checks", "makes what is read", "makes the same", "asks for the same"],
)
def test_data_keep_checks_in_order(later: str) -> None:
    """
    A check stays behind another whose data it shares; the others still change places.
    """
    text = THREE.replace("checks: [income]}", "checks: [income], gives: [income-proof]}")
    text = text.replace("checks: [blacklist]", later)
    one = only(text, "RED004")
    assert one.remedy == ps.Reorder("s", ["income", "blacklist", "identity"])
    assert not ps.check(applied(text, one.remedy), select=["RED004"])


def test_what_those_refused_are_told_keeps_checks_in_order() -> None:
    """
    A check whose refusal rests on what another has made stays behind it.
    """
    text = THREE.replace("checks: [income]}", "checks: [income], gives: [report]}")
    letter = text.replace("ends:", "  - {id: letter, needs: [report]}\n  ends:")
    letter = letter.replace("source: blacklist, target: refused", "source: blacklist, target: letter")
    letter = letter.replace("ends:", "  - {id: post}\n    - {id: mail}\n  ends:", 1)
    ways = "letter, target: post", "letter, target: mail", "post, target: refused", "mail, target: refused"
    letter = letter.replace("flows:", "flows:" + "".join(f"\n    - {{source: {way}}}" for way in ways))
    assert only(text, "RED004").remedy == ps.Reorder("s", ["blacklist", "income", "identity"])
    assert "in the order income, blacklist, identity" in str(only(letter, "RED004").message)


def test_a_long_way_behind_a_refusal_is_not_looked_through() -> None:
    """
    Where more lies behind a refusal than is looked at, nothing is said that may be wrong.
    """
    long = "".join(f"    - {{id: l{n}}}\n" for n in range(250))
    flows = "".join(f"    - {{source: l{n}, target: l{n + 1}}}\n" for n in range(249))
    text = THREE.replace("checks: [income]}", "checks: [income], gives: [report]}")
    text = text.replace("  ends:", f"{long}  ends:").replace("  flows:\n", f"  flows:\n{flows}")
    text = text.replace("source: blacklist, target: refused", "source: blacklist, target: l0")
    text = text.replace("  flows:\n", "  flows:\n    - {source: l249, target: refused}\n")
    assert "in the order income, blacklist, identity" in str(only(text, "RED004").message)


def test_the_order_of_two_legal_steps_is_a_proposal() -> None:
    """
    Where both checks have a legal basis, their order is changed only if these are.
    """
    text = THREE.replace("checks: [income]", "checks: [income], legal_basis: [UU 1/2020]")
    text = text.replace("checks: [blacklist]", "checks: [blacklist], legal_basis: [UU 2/2020]")
    best = only(text, "RED004")
    assert best.remedy == ps.Reorder("s", ["income", "blacklist", "identity"])
    text = text.replace("checks: [identity]", "checks: [identity], legal_basis: [UU 3/2020]")
    one = only(text, "RED004")
    assert one.remedy is None
    assert one.proposal == ps.Proposal(
        ("UU 3/2020", "UU 1/2020", "UU 2/2020"), ps.Reorder("s", ["blacklist", "income", "identity"])
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r", probability: 0\.[37]", ""),
        ("processing_time: 20 min, ", ""),
        ("{id: income,", "{id: income, kind: decision,"),
        (r"checks: \[income\]", "needs: [income]"),
        ("{id: refused}]", "{id: refused, outcome: other}]"),
    ],
    ids=["no probability", "no time", "decision", "no check", "no refusal"],
)
def test_what_is_no_knock_out_keeps_its_place(old: str, new: str) -> None:
    """
    Without numbers, or where a step decides on what came before or turns nobody away, no order is better.
    """
    assert not found(re.sub(old, new, THREE), "RED004")


def test_a_way_back_is_no_refusal() -> None:
    """
    A check that sends cases back for correction turns nobody away.
    """
    text = """
    requirements: [form, card]
    procedure:
      start: a
      steps:
        - {id: a, processing_time: 20 min, checks: [form]}
        - {id: b, processing_time: 1 min, checks: [card]}
      waits: [{id: correction, cause: applicant, clock: elapsed, time: 1 day}]
      ends: [{id: granted}]
      flows:
        - {source: a, target: b, probability: 0.9}
        - {source: a, target: correction, probability: 0.1}
        - {source: correction, target: a}
        - {source: b, target: granted, probability: 0.5}
        - {source: b, target: correction, probability: 0.5}
    """
    assert not found(text, "RED004")


DELIVERS = """
requirements: [form, card]
outputs: [permit]
procedure:
  steps:
    - {id: a, processing_time: 20 min, checks: [form]}
    - {id: b, processing_time: 1 min, checks: [card]}
    - {id: issue, processing_time: 1 min, gives: [permit]}
    - {id: no-a}
    - {id: no-b}
  gateways: [{id: g, kind: exclusive}, {id: h, kind: exclusive}]
  flows:
    - {source: a, target: g}
    - {source: g, target: b, probability: 0.9}
    - {source: g, target: no-a, probability: 0.1}
    - {source: b, target: h}
    - {source: h, target: issue, probability: 0.5}
    - {source: h, target: no-b, probability: 0.5}
"""


def test_a_way_without_what_is_owed_is_a_refusal() -> None:
    """
    Ends without a name refuse where nothing behind makes the output; the gateways behind checks move with them.
    """
    one = only(DELIVERS, "RED004")
    assert one.remedy == ps.Reorder("s", ["b", "a", "issue"])
    assert not ps.check(applied(DELIVERS, one.remedy), select=["RED004"])


def test_an_order_that_no_edit_can_bring_about_has_no_remedy() -> None:
    """
    Where it cannot be seen which way leads on behind the last check, the finding stands without a remedy.
    """
    for middle in ("{id: e, kind: exclusive}", "{id: e, kind: parallel}"):
        text = DELIVERS.replace("{id: h, kind: exclusive}]", f"{{id: h, kind: exclusive}}, {middle}]")
        text = text.replace("source: h, target: issue", "source: h, target: e")
        text = text.replace("  flows:", "  flows:\n    - {source: e, target: issue}")
        assert only(text, "RED004").remedy is None
    merged = DELIVERS.replace("{id: no-a}", "{id: no-a}\n    - {id: late}")
    merged = merged.replace("start: a", "").replace("procedure:", "procedure:\n  start: a")
    merged = merged.replace("  flows:", "  flows:\n    - {source: late, target: issue}")
    assert only(merged, "RED004").remedy is None


def test_a_row_of_many_checks_is_put_in_order_by_what_data_allow() -> None:
    """
    Of many checks that data bind, the least work per refusal comes next; of more than forty, forty at a time.
    """
    count = 45
    parts = [
        ps.Step(f"c{n}", processing_time=f"{count - n} min", checks=[f"d{n}"], gives=["x"] if n < 2 else [])
        for n in range(count)
    ]
    flows = [ps.Flow(f"c{n}", f"c{n + 1}", probability=0.9) for n in range(count - 1)]
    flows += [ps.Flow(f"c{n}", "refused", probability=0.1) for n in range(count)]
    flows.append(ps.Flow(f"c{count - 1}", "granted", probability=0.9))
    procedure = ps.Procedure(steps=parts, flows=flows, ends=[ps.End("granted"), ps.End("refused")])
    service = ps.PublicService("s", requirements=[f"d{n}" for n in range(count)], procedure=procedure)
    first, second = ps.check(ps.PublicOrganisation("o", services=[service]), select=["RED004"])
    assert (len(first.steps), len(second.steps)) == (40, 5)
    assert isinstance(first.remedy, ps.Reorder)
    assert first.remedy.steps == (*(f"c{n}" for n in range(39, 1, -1)), "c0", "c1")


def test_planted_checks_are_put_in_the_order_that_trying_all_finds_best() -> None:
    """
    Of checks planted in a row, the finding is the best of all orders; in the best order nothing is found.
    """
    for sketch in sketches(1000, size=6):
        rng = sketch.rng
        chosen = [(rng.randint(1, 60), rng.choice((0.05, 0.1, 0.3))) for _ in range(rng.randint(2, 4))]
        best = min(itertools.permutations(chosen), key=lambda order: expected_work(list(order)))
        for order in (chosen, list(best)):
            planted = attrs.evolve(sketch, rng=rng, root=type(sketch.root)(list(sketch.root.items)))
            checks = [planted.step(processing_time=f"{e} min", checks=["card"]) for e, _ in order]
            planted.put(*checks, planted.step(), seq=planted.root)
            organisation = office(
                planted, {c.id: r for c, (_, r) in zip(checks, order, strict=True)}, linked=False
            )
            result = list(ps.check(organisation, select=["RED004"]))
            worse = expected_work(order) > expected_work(list(best)) * (1 + 1e-9)
            assert len(result) == worse
            if worse:
                after = ps.redesign(organisation, [f.remedy for f in result if f.remedy])
                assert not ps.check(after, select=["RED004"])
                old, new = (ps.performance(o).services[0] for o in (organisation, after))
                assert [o.probability for o in new.outcomes] == pytest.approx(
                    [o.probability for o in old.outcomes]
                )
                assert (new.processing_time_s or 0) < (old.processing_time_s or 0)


def test_planted_checks_that_data_bind_are_left() -> None:
    """
    Planted in the worse order, but the second looks at what the first makes: nothing is found.
    """
    for sketch in sketches(1000):
        one = sketch.step(processing_time="1 hour", checks=["card"], gives=["opinion"])
        other = sketch.step(processing_time="1 min", checks=["opinion"])
        sketch.put(one, other, seq=sketch.root)
        assert not ps.check(office(sketch, {one.id: 0.1, other.id: 0.5}), select=["RED004"])


# RED005


LATE = """
requirements: [form, site-plan]
outputs: [permit]
procedure:
  steps:
    - {id: draw, processing_time: 1 hour, needs: [site-plan], gives: [map], staff: 2}
    - {id: copy, processing_time: 10 min, needs: [map]}
    - {id: screen, processing_time: 5 min, checks: [form]}
    - {id: decide, processing_time: 5 min, needs: [map], gives: [permit]}
  ends: [{id: granted}, {id: refused}]
  flows:
    - {source: draw, target: copy}
    - {source: copy, target: screen}
    - {source: screen, target: decide, probability: 0.8}
    - {source: screen, target: refused, probability: 0.2}
    - {source: decide, target: granted}
"""


def test_work_before_a_check_that_does_not_look_at_it_is_late_refusal() -> None:
    """
    Two people draw for an hour, one copies for ten minutes, and then a fifth of the cases is refused without a look.
    """
    one = only(LATE, "RED005")
    assert one.text() == (
        "RED005 s: screen, draw, copy: refuses 20% of its cases after 130 min of work that it does not look at"
    )
    assert one.remedy == ps.Reorder("s", ["screen", "draw", "copy", "decide"])
    before, after = ps.performance(model(LATE)), ps.performance(applied(LATE, one.remedy))
    saved = (before.services[0].processing_time_s or 0) - (after.services[0].processing_time_s or 0)
    assert saved / 60 == pytest.approx(
        0.2 * 70
    )  # processing time counts each piece of work once, whatever its staff
    assert not ps.check(applied(LATE, one.remedy), select=["RED005"])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("checks: [form]", "checks: [form, map]", [("screen", "copy")]),
        ("needs: [map]}\n", "needs: [map], gives: [form]}\n", []),
        ("needs: [map]}\n", "}\n", []),
        ("probability: 0.8", "probability: 0.995", []),
        ("checks: [form]", "checks: [form], kind: decision", []),
        ("checks: [form]", "needs: [form]", []),
        (", probability: 0.8", "", []),
    ],
    ids=[
        "data",
        "changes what is checked",
        "not described",
        "rarely refuses",
        "decision",
        "no check",
        "no numbers",
    ],
)
def test_what_a_check_may_rest_on_stays_before_it(
    old: str, new: str, expected: list[tuple[str, ...]]
) -> None:
    """
    A check moves only before what it is known not to rest on.
    """
    text = LATE.replace(old, new)
    text = text.replace(
        "probability: 0.2", {"probability: 0.8": "probability: 0.2"}.get(old, "probability: 0.2")
    )
    if "0.995" in new:
        text = text.replace("probability: 0.2", "probability: 0.005")
    if not new:
        text = text.replace(", probability: 0.2", "")
    assert [f.steps for f in found(text, "RED005")] == expected


def test_work_in_blocks_and_behind_waits_is_counted_without_a_remedy() -> None:
    """
    Where a wait or a block stands before the check, the work is counted with its visits, and no edit moves the check.
    """
    text = """
    requirements: [form, site-plan]
    procedure:
      steps:
        - {id: a, processing_time: 10 min, needs: [site-plan]}
        - {id: b, processing_time: 10 min, needs: [site-plan]}
        - {id: c, processing_time: 20 min, needs: [site-plan]}
        - {id: d, processing_time: 30 min, needs: [site-plan]}
        - {id: screen, processing_time: 5 min, checks: [form]}
      waits: [{id: post, cause: other, clock: elapsed, time: 1 day}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}, {id: x, kind: inclusive}, {id: y, kind: inclusive}, {id: one, kind: exclusive}]
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: a, target: f}
        - {source: f, target: x}
        - {source: f, target: b}
        - {source: x, target: c, probability: 1}
        - {source: x, target: d, probability: 0.5}
        - {source: c, target: y}
        - {source: d, target: y}
        - {source: y, target: j}
        - {source: b, target: j}
        - {source: j, target: one}
        - {source: one, target: post}
        - {source: post, target: screen}
        - {source: screen, target: granted, probability: 0.5}
        - {source: screen, target: refused, probability: 0.5}
    """
    one = only(text, "RED005")
    assert one.steps == ("screen", "a", "b", "c", "d", "post")
    assert "after 55 min of work" in str(one.message)
    assert one.remedy is None
    inside = text.replace("{source: b, target: j}", "{source: b, target: screen2}")
    inside = inside.replace("{id: screen,", "{id: screen2, checks: [form]}\n        - {id: screen,")
    inside = inside.replace("flows:", "flows:\n        - {source: screen2, target: j}")
    assert [f.steps for f in found(inside, "RED005")] == [(*one.steps[:3], "c", "d", "screen2", "post")]


def test_work_behind_another_choice_is_not_counted() -> None:
    """
    The search ends at a choice, at a merge and at the start of a branch; no work before a check is no finding.
    """
    text = LATE.replace("{source: copy, target: screen}", "{source: copy, target: screen, probability: 0.5}")
    text = text.replace("flows:", "flows:\n    - {source: copy, target: decide, probability: 0.5}")
    assert not found(text, "RED005")
    assert not found(
        LATE.replace("processing_time: 1 hour, ", "").replace("processing_time: 10 min, ", ""), "RED005"
    )


def test_work_that_serves_nothing_is_another_rules() -> None:
    """
    A step that nobody needs is removed, not done later.
    """
    text = LATE.replace("needs: [site-plan], gives: [map]", "needs: [site-plan], gives: [memo]")
    text = text.replace("copy, processing_time: 10 min, needs: [map]", "copy, needs: [form]").replace(
        "needs: [map], ", ""
    )
    assert not found(text, "RED005")
    assert found(text.replace("outputs: [permit]\n", ""), "RED005")


def test_a_late_refusal_that_the_law_orders_is_a_proposal() -> None:
    """
    Past steps with a legal basis a check with one moves only if these change; what it may pass today comes first.
    """
    text = LATE.replace("checks: [form]", "checks: [form], legal_basis: [UU 1/2020]")
    assert only(text, "RED005").remedy is not None
    text = text.replace("needs: [site-plan]", "needs: [site-plan], legal_basis: [UU 2/2020]")
    assert only(text, "RED005").steps == ("screen", "copy")
    text = text.replace("needs: [map]}\n", "needs: [map], legal_basis: [UU 2/2020]}\n", 1)
    one = only(text, "RED005")
    edit = ps.Reorder("s", ["screen", "draw", "copy", "decide"])
    assert one.proposal == ps.Proposal(("UU 2/2020", "UU 1/2020"), edit)
    free = without_basis(model(text).services[0], ["UU 1/2020", "UU 2/2020"])
    assert not ps.check(ps.redesign(ps.PublicOrganisation("o", services=[free]), [edit]), select=["RED005"])


def test_planted_late_refusals_are_found_and_mended() -> None:
    """
    Planted behind work that it does not look at, a check is found; what it looks at is no finding.
    """
    for sketch in sketches(1000):
        alike = sketch.rng.random() < 0.5
        work = sketch.step(needs=["map"], gives=["drawing"])
        check = sketch.step(checks=["drawing" if alike else "card"])
        after = sketch.step(needs=["drawing"], gives=["file"])
        sketch.root.items[0:0] = [sketch.step(checks=["form"])] if alike else []
        sketch.put(work, check, after, seq=sketch.root)
        organisation = office(sketch, {check.id: 0.25})
        result = list(ps.check(organisation, select=["RED005"]))
        assert [f.steps[0] for f in result] == ([] if alike else [check.id])
        for one in result:
            assert work.id in one.steps
            if one.remedy is not None:
                assert not ps.check(ps.redesign(organisation, [one.remedy]), select=["RED005"])


def test_findings_speak_indonesian() -> None:
    """
    What is claimed about knock-outs is said in Indonesian too.
    """
    for text, code in ((THREE, "RED004"), (LATE, "RED005")):
        assert only(text, code).message.text("id") != str(only(text, code).message)
        assert texts(text, code)
