"""Rules about handovers and contacts: what they find, what only looks like it, and what their remedies do."""

from __future__ import annotations

import pytest

import pubservice as ps
from pubservice.analysis.merging import stretches
from written import applied, found, model, only, steps, texts

# HND002: steps of one resource in a row

ROLES = """
resources: [{id: clerk, capacity: 100}, {id: officer, capacity: 100}]
procedure:
  steps:
    - {id: register, resource: clerk, setup_time: 2 min, processing_time: 3 min}
    - {id: stamp, resource: clerk, setup_time: 2 min, processing_time: 1 min}
    - {id: scan, resource: clerk, setup_time: 2 min, processing_time: 4 min}
    - {id: review, resource: officer, setup_time: 5 min, processing_time: 20 min}
    - {id: sign, resource: officer, setup_time: 5 min, processing_time: 2 min}
  flows:
    - {source: register, target: stamp}
    - {source: stamp, target: scan}
    - {source: scan, target: review}
    - {source: review, target: sign}
"""
RATE = "arrival_rate: 1 case/hour\n"


def test_steps_of_one_role_become_one() -> None:
    """
    Three steps of a clerk and two of an officer become one each: 46 minutes become 37 (oracle merge-same-role).
    """
    both = found(RATE + ROLES, "HND002")
    assert [f.steps for f in both] == [("register", "stamp", "scan"), ("review", "sign")]
    assert [str(f.message) for f in both] == [
        "clerk does them one after the other: in one go each case saves about 4 min",
        "officer does them one after the other: in one go each case saves about 5 min",
    ]
    before, after = model(RATE + ROLES), applied(RATE + ROLES, *(f.remedy for f in both))
    minutes = [(ps.performance(office).services[0].processing_time_s or 0) / 60 for office in (before, after)]
    assert minutes == pytest.approx([46, 37])
    assert not ps.check(after, select=["HND002"])


def test_queues_count_where_they_are_known() -> None:
    """
    Where the load is unknown the claim has no number; where there is neither queue nor set-up nothing is saved.
    """
    assert str(found(ROLES, "HND002")[0].message) == "clerk does them one after the other"
    alone = ROLES.replace("setup_time: 2 min, ", "").replace("setup_time: 5 min, ", "")
    assert len(found(alone, "HND002")) == 2
    idle = RATE + alone.replace("processing_time: ", "processing_time: 0 min # ").replace(
        " # ", ", cost: 1 IDR} # "
    )
    assert found(idle, "HND002") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: stamp, resource: clerk", "id: stamp, resource: officer"),
        ("id: stamp, resource: clerk", "id: stamp, resource: clerk, kind: check"),
        ("id: stamp, resource: clerk", "id: stamp, resource: clerk, kind: payment"),
        ("id: stamp, resource: clerk", "id: stamp, resource: clerk, contact: in-person"),
        ("id: stamp, resource: clerk", "id: stamp, resource: clerk, staff: 2"),
        ("processing_time: 1 min", "processing_time: 1 working_hour"),
        ("processing_time: 1 min", "cost: 1 EUR"),
        ("source: register, target: stamp", "source: register, target: w}\n    - {source: w, target: stamp"),
        ("id: stamp, resource: clerk, setup_time: 2 min", "id: stamp"),
    ],
    ids=[
        "others",
        "other eyes",
        "payment",
        "applicant",
        "more staff",
        "other clock",
        "other currency",
        "a wait between",
        "nobody",
    ],
)
def test_what_differs_is_not_merged(old: str, new: str) -> None:
    """
    Steps that others do, that others have to do, or that do not add up, stay apart.
    """
    text = ROLES.replace(old, new).replace("processing_time: 3 min", "processing_time: 3 min, cost: 5 IDR")
    if "target: w}" in new:
        text = text.replace("  flows:", "  waits: [{id: w, cause: signature, clock: elapsed}]\n  flows:")
    assert ("register", "stamp") not in [f.steps[:2] for f in found(text, "HND002")]


def test_what_is_checked_in_between_is_not_merged() -> None:
    """
    A step that looks at what the one before made stays behind it; one that reads it does not have to.
    """
    made = ROLES.replace("processing_time: 3 min", "processing_time: 3 min, gives: [entry]")
    late = made.replace(
        "processing_time: 1 min", "processing_time: 1 min, checks: [{check: right, of: entry}]"
    )
    assert [f.steps for f in found(late, "HND002")] == [("stamp", "scan"), ("review", "sign")]
    read = made.replace("processing_time: 1 min", "processing_time: 1 min, needs: [entry]")
    assert found(read, "HND002")[0].steps == ("register", "stamp", "scan")


def test_steps_by_law_are_merged_only_as_a_proposal() -> None:
    """
    A step that a provision demands stays a step of its own until the provision says otherwise.
    """
    one = found(ROLES.replace("id: scan", "id: scan, legal_basis: [UU 1/2020]"), "HND002")[0]
    assert one.remedy is None
    assert one.proposal == ps.Proposal(("UU 1/2020",), ps.MergeSteps("s", ["register", "stamp", "scan"]))


def test_costs_of_one_currency_add_up() -> None:
    """
    What has no cost fits what has one, and the remedy can be applied; a step of unknown time breaks the row.
    """
    text = ROLES.replace("processing_time: 1 min", "processing_time: 1 min, cost: 1 IDR")
    assert steps(applied(text, *(f.remedy for f in found(text, "HND002")))) == ["register", "review"]
    unknown = RATE + ROLES.replace(", processing_time: 1 min", "")
    assert [f.steps for f in found(unknown, "HND002")] == [("review", "sign")]


def test_no_steps_are_no_stretch() -> None:
    """
    Without steps there is nothing to merge.
    """
    assert list(stretches([])) == []


def test_a_loop_that_starts_with_a_merge_has_a_first_step() -> None:
    """
    The first step of a procedure begins a row, even where a flow leads back to it; what no case reaches is no row.
    """
    text = """
    resources: [{id: clerk}]
    procedure:
      start: b
      steps: [{id: a, resource: clerk}, {id: b, resource: clerk}, {id: c, resource: clerk}, {id: d, resource: clerk}]
      flows: [{source: a, target: b}, {source: b, target: a}, {source: c, target: d}]
    """
    assert [f.steps for f in found(text, "HND002")] == [("b", "a")]


# HND003 and HND004: who has the case


def path(*roles: str, **more: str) -> str:
    """Return a procedure in which roles have the case one after the other."""
    own = ", ".join(f"{{id: {role}}}" for role in dict.fromkeys(roles))
    made = "\n".join(
        f"    - {{id: s{n}, resource: {role}{more.get(f's{n}', '')}}}" for n, role in enumerate(roles)
    )
    flows = "\n".join(f"    - {{source: s{n}, target: s{n + 1}}}" for n in range(len(roles) - 1))
    return f"resources: [{own}]\nprocedure:\n  start: s0\n  steps:\n{made}\n  flows:\n{flows}\n"


def test_excess_handovers_are_those_that_are_no_ping_pong() -> None:
    """
    Five handovers between three roles, two if each had it once; two are ping-pong, the return to the counter is the third (oracle handoffs-pingpong).
    """
    text = path("counter", "back-office", "counter", "back-office", "head", "counter")
    assert texts(text, "HND003") == [
        "s5: comes back to staff who had it: 5 handovers on the likeliest way, 2 if each of the staff had it once"
    ]
    assert len(found(text, "HND001")) == 2


@pytest.mark.parametrize(
    "roles",
    [("a", "b", "c"), ("a", "b", "a"), ("a", "a", "b", "b", "c"), ("a", "b"), ("a", "b", "a", "b", "c")],
)
def test_no_return_over_others_is_no_excess(roles: tuple[str, ...]) -> None:
    """
    Each of the staff once, and there and straight back, are no excess.
    """
    assert texts(path(*roles), "HND003") == []


def test_machines_and_rare_ways_hand_nothing_over() -> None:
    """
    A system between two steps of staff is no handover, and neither is a return that few cases take.
    """
    text = path("a", "b", "c", "a")
    machine = text.replace("{id: c}", "{id: c, kind: information-system}").replace(
        "{id: b}", "{id: b}, {id: d}"
    )
    assert texts(machine, "HND003") == []
    rare = text.replace("source: s2, target: s3", "source: s2, target: s3, probability: 0.1")
    rare = rare.replace(
        "  flows:", "  ends: [{id: done}]\n  flows:\n    - {source: s2, target: done, probability: 0.9}"
    )
    assert texts(rare, "HND003") == []
    unknown = rare.replace(", probability: 0.1", "").replace(", probability: 0.9", "")
    assert texts(unknown, "HND003") == []


def test_many_units_for_few_steps() -> None:
    """
    Five units for five steps are many; four, or five for ten steps, are not; another body is a unit.
    """
    assert texts(path(*"abcde"), "HND004") == [
        "s0, s1, s2, s3, s4: 5 units for 5 steps on the likeliest way: a, b, c, d, e"
    ]
    assert texts(path(*"abcd"), "HND004") == []
    assert texts(path(*"aabbccddee"), "HND004") == []
    body = (
        path(*"abcd")
        .replace("procedure:\n", "procedure:\n  waits: []\n")
        .replace(
            "  flows:",
            "    - {id: s4, actor: other-body, body: laboratory}\n  flows:\n    - {source: s3, target: s4}",
        )
    )
    assert len(found(body, "HND004")) == 1
    assert texts(path(*"abcde").replace("{id: e}", "{id: e, kind: facility}"), "HND004") == []


# HND005, HND007 and HND008: where applicants appear

VISITS = """
requirements: [form, photo]
outputs: [permit]
channels: [{id: counter, kind: counter, travel_time: 1 hour}, {id: portal, kind: online}]
procedure:
  steps:
    - {id: apply, contact: in-person, channel: counter, asks: [form]}
    - {id: assess, gives: [permit]}
    - {id: bring, contact: in-person, channel: counter, asks: [photo]}
    - {id: collect, contact: in-person, channel: counter, needs: [permit]}
  flows:
    - {source: apply, target: assess}
    - {source: assess, target: bring}
    - {source: bring, target: collect}
"""
CONTACTS = ("HND005", "HND007", "HND008")


def speaking(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Return by rule about contacts the steps that it speaks about."""
    return {code: [f.steps for f in found(text, code)] for code in CONTACTS if found(text, code)}


def test_visits_are_counted_and_the_last_that_can_goes_online() -> None:
    """
    Who appears at two steps in a row comes once: two visits, of which the second can go by the portal.
    """
    one = only(VISITS, "HND005")
    assert one.steps == ("apply", "bring")
    assert (
        str(one.message)
        == "applicants come to the office 2.00 times: each time but the first is 60 min on the way"
    )
    assert one.remedy == ps.ChangeChannel("s", "bring", "portal", "remote")
    assert speaking(VISITS) == {"HND005": [("apply", "bring")]}
    after = applied(VISITS, one.remedy)
    (left,) = ps.check(after, select=["HND005"])
    assert left.steps == ("apply", "collect")
    assert not ps.check(ps.redesign(after, [left.remedy] if left.remedy else []), select=["HND005"])


def test_visits_without_another_channel_are_reported_without_a_remedy() -> None:
    """
    Without another channel, or where a facility works on the applicant, the visits are counted and that is all.
    """
    plain = VISITS.replace(", {id: portal, kind: online}", "").replace(", travel_time: 1 hour", "")
    assert texts(plain, "HND005") == ["apply, bring: applicants come to the office 2.00 times"]
    assert only(plain, "HND005").remedy is None
    camera = "resources: [{id: camera, kind: facility}]" + VISITS
    for step in ("apply", "bring"):
        camera = camera.replace(f"id: {step},", f"id: {step}, resource: camera,")
    assert only(camera, "HND005").remedy is None


def test_visits_by_law_are_a_proposal() -> None:
    """
    Where a provision demands every visit, changing it is proposed; where it demands one, another goes online.
    """
    law = VISITS.replace("id: bring,", "id: bring, legal_basis: [UU 1/2020],")
    assert only(law, "HND005").remedy == ps.ChangeChannel("s", "apply", "portal", "remote")
    both = law.replace("id: apply,", "id: apply, legal_basis: [UU 2/2020],")
    assert only(both, "HND005").proposal == ps.Proposal(
        ("UU 1/2020",), ps.ChangeChannel("s", "bring", "portal", "remote")
    )


def test_one_visit_and_a_rare_second_are_not_many() -> None:
    """
    One visit, and a second for fewer than one in ten, are not many; without probabilities nobody knows.
    """
    assert (
        speaking(
            VISITS.replace("id: bring, contact: in-person", "id: bring, contact: remote")
            .replace("id: collect, contact: in-person", "id: collect, contact: remote")
            .replace("channel: counter, asks: [photo]", "channel: counter")
        )
        == {}
    )
    rare = VISITS.replace("source: assess, target: bring", "source: assess, target: bring, probability: 0.05")
    rare = rare.replace(
        "  flows:", "  ends: [{id: done}]\n  flows:\n    - {source: assess, target: done, probability: 0.95}"
    )
    assert speaking(rare) == {}
    assert speaking(rare.replace(", probability: 0.05", "").replace(", probability: 0.95", "")) == {}


def test_gateways_do_not_send_the_applicant_home() -> None:
    """
    Between steps at which applicants appear a choice or a merge is no journey; a join of branches is one.
    """
    text = """
    requirements: [form, photo]
    procedure:
      steps:
        - {id: a, contact: in-person, asks: [form]}
        - {id: b, contact: in-person, asks: [photo]}
        - {id: c, contact: in-person, asks: [photo]}
      gateways: [{id: g, kind: exclusive}, {id: h, kind: exclusive}]
      flows:
        - {source: a, target: g}
        - {source: g, target: b, probability: 0.5}
        - {source: g, target: h, probability: 0.5}
        - {source: b, target: h}
        - {source: h, target: c}
    """
    assert speaking(text) == {}
    fork = text.replace("exclusive", "parallel").replace(", probability: 0.5", "")
    assert speaking(fork) == {"HND005": [("a", "c")]}


ONLINE = """
requirements: [form]
outputs: [permit]
channels: [{id: counter, kind: counter}, {id: portal, kind: online}]
procedure:
  steps:
    - {id: apply, actor: applicant, contact: remote, channel: portal}
    - {id: assess, gives: [permit]}
    - {id: collect, contact: in-person, channel: counter, needs: [permit]}
  flows:
    - {source: apply, target: assess}
    - {source: assess, target: collect}
"""


def test_the_only_step_that_is_not_digital_is_named_once() -> None:
    """
    One visit in a service that goes online else is named, by one rule only, and can go online.
    """
    assert speaking(ONLINE) == {"HND007": [("collect",)]}
    one = only(ONLINE, "HND007")
    assert one.remedy == ps.ChangeChannel("s", "collect", "portal", "remote")
    assert not ps.check(applied(ONLINE, one.remedy), select=CONTACTS)
    law = only(ONLINE.replace("id: collect,", "id: collect, legal_basis: [UU 1/2020],"), "HND007")
    assert law.proposal == ps.Proposal(("UU 1/2020",), ps.ChangeChannel("s", "collect", "portal", "remote"))
    needless = ONLINE.replace(", needs: [permit]", "")
    assert speaking(needless) == {"HND007": [("collect",)]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("contact: remote, channel: portal", "contact: none"),
        ("kind: online", "kind: phone"),
        ("contact: remote, channel: portal", "contact: remote"),
        ("id: collect,", "id: collect, resource: camera,"),
        ("contact: in-person, channel: counter, needs", "contact: remote, channel: portal, needs"),
    ],
    ids=["no other contact", "not digital", "channel unknown", "takes the applicant", "digital throughout"],
)
def test_what_is_no_gap_in_a_digital_service(old: str, new: str) -> None:
    """
    A visit is a gap only where the other contacts are digital and no facility takes the applicant.
    """
    text = "resources: [{id: camera, kind: facility}]" + ONLINE.replace(old, new)
    assert found(text, "HND007") == []


ADVICE = """
requirements: [form]
outputs: [permit]
channels: [{id: counter, kind: counter}, {id: hotline, kind: phone}]
procedure:
  steps:
    - {id: advise, contact: in-person, channel: counter}
    - {id: apply, contact: in-person, channel: counter, asks: [form], gives: [permit]}
  flows: [{source: advise, target: apply}]
"""


def test_a_talk_can_be_a_call() -> None:
    """
    A step at which nothing changes hands goes by the best channel there is, as a proposal where a provision is against it.
    """
    one = only(ADVICE, "HND008")
    assert str(one) == "HND008 s: advise: applicants appear though nothing changes hands; hotline could do"
    assert one.remedy == ps.ChangeChannel("s", "advise", "hotline", "remote")
    assert speaking(applied_text(ADVICE)) == {}
    better = ADVICE.replace("kind: phone}", "kind: phone}, {id: app, kind: mobile}, {id: mail, kind: post}")
    assert only(better, "HND008").remedy == ps.ChangeChannel("s", "advise", "app", "remote")
    law = only(ADVICE.replace("id: advise,", "id: advise, legal_basis: [UU 1/2020],"), "HND008")
    assert law.proposal == ps.Proposal(("UU 1/2020",), ps.ChangeChannel("s", "advise", "hotline", "remote"))


def applied_text(text: str) -> str:
    """Return the text with the talk as a call."""
    return text.replace(
        "advise, contact: in-person, channel: counter", "advise, contact: remote, channel: hotline"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("channel: counter}", "channel: counter, asks: [card]}"),
        ("channel: counter}", "channel: counter, needs: [permit]}"),
        ("channel: counter}", "channel: counter, gives: [permit]}"),
        ("channel: counter}", "channel: counter, resource: camera}"),
        (", {id: hotline, kind: phone}", ""),
        ("{id: hotline, kind: phone}", "{id: hotline, kind: other}"),
    ],
    ids=[
        "hands in",
        "handed over",
        "made and handed over",
        "takes the applicant",
        "no channel",
        "channel unknown",
    ],
)
def test_what_changes_hands_takes_the_applicant(old: str, new: str) -> None:
    """
    Papers, the product and facilities are reasons to appear; without another channel there is no way around it.
    """
    text = "resources: [{id: camera, kind: facility}]" + ADVICE.replace(old, new)
    assert found(text, "HND008") == []


# HND006: payments

PAY = """
fees: [{amount: 50000 IDR, at: one}, {amount: 200000 IDR, at: two}]
procedure:
  steps:
    - {id: one, actor: applicant, kind: payment, processing_time: 20 min}
    - {id: two, actor: applicant, kind: payment, processing_time: 20 min}
    - {id: file, processing_time: 1 min}
  flows: [{source: one, target: two}, {source: two, target: file}]
"""


def test_two_payments_in_a_row_become_one() -> None:
    """
    Two payments that follow each other become one, with both fees; where something lies between they are only named.
    """
    one = only(PAY, "HND006")
    assert one.text() == "HND006 s: one, two: the applicant pays here, and has paid at one"
    assert one.remedy == ps.MergeSteps("s", ["one", "two"])
    after = applied(PAY, one.remedy)
    assert [fee.at for fee in after.services[0].fees] == ["one", "one"]
    assert not ps.check(after, select=["HND006"])
    between = PAY.replace(
        "{source: one, target: two}, {source: two, target: file}",
        "{source: one, target: file}, {source: file, target: two}",
    )
    assert (only(between, "HND006").steps, only(between, "HND006").remedy) == (("one", "two"), None)


def test_payments_by_law_are_merged_only_as_a_proposal() -> None:
    """
    Where a provision demands a payment, one payment for both is a proposal to change it.
    """
    law = only(PAY.replace("id: two,", "id: two, legal_basis: [UU 1/2022],"), "HND006")
    assert law.proposal == ps.Proposal(("UU 1/2022",), ps.MergeSteps("s", ["one", "two"]))
    other = PAY.replace("id: two, actor: applicant", "id: two")
    assert only(other, "HND006").remedy is None


def test_one_payment_is_one() -> None:
    """
    A fee due where it is paid is one payment, and so are payments on ways that exclude each other, or again in a loop.
    """
    once = PAY.replace("at: one", "at: two").replace("id: one, actor: applicant, kind: payment", "id: one")
    assert found(once, "HND006") == []
    apart = """
    procedure:
      start: g
      steps: [{id: one, kind: payment}, {id: two, kind: payment}]
      gateways: [{id: g, kind: exclusive}]
      flows: [{source: g, target: one, probability: 0.5}, {source: g, target: two, probability: 0.5}, {source: two, target: g}]
    """
    assert found(apart, "HND006") == []


def test_every_payment_before_it_is_named() -> None:
    """
    A payment behind two ways with a payment each names both; a fee without a place is due at the start.
    """
    text = """
    fees: [{amount: 1 IDR}]
    procedure:
      steps: [{id: start, processing_time: 1 min}, {id: b, kind: payment}, {id: c}, {id: d, kind: payment}]
      flows:
        - {source: start, target: b, probability: 0.5}
        - {source: start, target: c, probability: 0.5}
        - {source: b, target: d}
        - {source: c, target: d}
    """
    assert [f.steps for f in found(text, "HND006")] == [("start", "b"), ("start", "b", "d")]


def test_of_very_many_payments_some_are_named() -> None:
    """
    Behind more than ten payments on ways that exclude each other, ten are named.
    """
    ways = [f"p{n}" for n in range(15)]
    procedure = ps.Procedure(
        start="g",
        steps=[ps.Step(id, kind="payment") for id in (*ways, "last")],
        gateways=[ps.Gateway("g", kind="exclusive")],
        flows=[ps.Flow("g", id) for id in ways] + [ps.Flow(id, "last") for id in ways],
    )
    office = ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
    (one,) = ps.check(office, select=["HND006"])
    assert len(one.steps) == 11
