"""Rules about waiting: what they find, what only looks like it, and what their remedies do."""

from __future__ import annotations

import pytest

import pubservice as ps
from pubservice.analysis.rules.wai006_hidden_batch import until_open
from pubservice.queueing import waiting_time
from written import applied, found, model, only, steps, texts

# WAI002: independent steps in sequence

FIVE = """
resources: [{id: ra}, {id: rb}, {id: rc}, {id: rd}, {id: re}]
requirements: [form]
outputs: [e]
procedure:
  steps:
    - {id: a, resource: ra, processing_time: 2 day, needs: [form], gives: [a]}
    - {id: b, resource: rb, processing_time: 5 day, needs: [a], gives: [b]}
    - {id: c, resource: rc, processing_time: 3 day, needs: [a], gives: [c]}
    - {id: d, resource: rd, processing_time: 4 day, needs: [a], gives: [d]}
    - {id: e, resource: re, processing_time: 1 day, needs: [b, c, d], gives: [e]}
  flows:
    - {source: a, target: b}
    - {source: b, target: c}
    - {source: c, target: d}
    - {source: d, target: e}
"""


def test_independent_steps_go_side_by_side() -> None:
    """
    Of five steps the three that need only the first run side by side: 15 days become 8 (oracle parallelise).
    """
    one = only(FIVE, "WAI002")
    assert one.remedy == ps.Parallelise("s", [["b"], ["c"], ["d"]])
    assert (
        str(one.message)
        == "b | c | d need nothing of each other: side by side they take 120.0 hour instead of 288.0 hour"
    )
    before, after = model(FIVE), applied(FIVE, one.remedy)
    days = [
        (ps.performance(office).services[0].theoretical_cycle_time_s or 0.0) / 86400
        for office in (before, after)
    ]
    assert days == pytest.approx([15, 8])
    assert not ps.check(after, select=["WAI002"])


def test_without_data_nothing_is_known_to_be_independent() -> None:
    """
    Steps that neither give nor check anything are left in order.
    """
    assert found("procedure: {steps: [{id: a}, {id: b}], flows: [{source: a, target: b}]}", "WAI002") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needs: [a], gives: [c]", "needs: [a, b], gives: [c]"),
        ("needs: [a], gives: [c]", "needs: [a], checks: [{check: right, of: b}], gives: [c]"),
        ("needs: [a], gives: [c]", "needs: [a], gives: [c, b]"),
        ("needs: [a], gives: [c]", "needs: [a], gives: [c, a]"),
        ("resource: rc", "resource: rb"),
        ("needs: [a], gives: [c]", "needs: [a]"),
        ("needs: [a], gives: [c]", "gives: [c]"),
        ("needs: [a], gives: [c]", "needs: [a], gives: [c], kind: approval"),
    ],
    ids=[
        "reads it",
        "checks it",
        "gives it too",
        "changes what it read",
        "same staff",
        "effect unknown",
        "input unknown",
        "approves",
    ],
)
def test_what_binds_steps_keeps_them_in_order(old: str, new: str) -> None:
    """
    Data, staff and kind keep one step behind another, and a step of which they are not known stays where it is.
    """
    text = FIVE.replace(old, new).replace("needs: [a], gives: [d]", "needs: [a, c, b], gives: [d]")
    assert found(text, "WAI002") == []


def test_a_requirement_and_what_meets_it_are_one_datum() -> None:
    """
    A step that needs what is required is behind one that makes a new version of what meets it.
    """
    text = FIVE.replace("[form]\n", "[form, {id: proof, evidence: [c, card]}]\n")
    text = text.replace("needs: [a], gives: [d]", "needs: [a, proof], gives: [d]")
    assert only(text, "WAI002").remedy == ps.Parallelise("s", [["b"], ["c", "d"]])


def test_steps_that_depend_stay_in_order_on_a_branch() -> None:
    """
    A step that needs one of the others follows it on its branch; of several ways the one that saves most is taken.
    """
    text = FIVE.replace("needs: [a], gives: [d]", "needs: [b], gives: [d]")
    one = only(text, "WAI002")
    assert one.remedy == ps.Parallelise("s", [["b", "d"], ["c"]])
    assert not ps.check(applied(text, one.remedy), select=["WAI002"])


def test_without_times_the_claim_has_no_number() -> None:
    """
    Steps are independent whether their times are known or not.
    """
    one = only(FIVE.replace("processing_time: 3 day, ", ""), "WAI002")
    assert str(one.message) == "b | c | d need nothing of each other"
    assert one.remedy == ps.Parallelise("s", [["b"], ["c"], ["d"]])


def test_a_provision_that_demands_both_may_fix_their_order() -> None:
    """
    Steps of one provision are put side by side only as a proposal that names it; of different ones at once.
    """
    text = FIVE.replace("needs: [a], gives: [d]", "needs: [a, c, b], gives: [d]")
    for old in ("gives: [b]}", "gives: [c]}"):
        text = text.replace(old, old[:-1] + ", legal_basis: [UU 1/2020]}")
    one = only(text, "WAI002")
    assert one.remedy is None
    assert one.proposal == ps.Proposal(("UU 1/2020",), ps.Parallelise("s", [["b"], ["c"]]))
    assert str(one.message).endswith("; UU 1/2020 would have to change")
    other = text.replace("gives: [c], legal_basis: [UU 1/2020]", "gives: [c], legal_basis: [UU 2/2020]")
    assert only(other, "WAI002").remedy is not None


def test_the_applicant_and_another_body_are_in_one_place() -> None:
    """
    Two steps with the applicant, or of one other body, are not put side by side.
    """
    text = """
    requirements: [form]
    procedure:
      steps:
        - {id: a, WHO, needs: [form], gives: [a]}
        - {id: b, WHO, needs: [form], gives: [b]}
      flows: [{source: a, target: b}]
    """
    assert found(text.replace("WHO", "contact: remote"), "WAI002")
    for who in ("contact: in-person", "actor: applicant", "actor: other-body"):
        assert found(text.replace("WHO", who), "WAI002") == []


def test_a_step_that_decides_keeps_what_follows_behind_it() -> None:
    """
    Where the case may end behind a step, what stands behind it is not done in vain beside it.
    """
    text = """
    requirements: [form]
    procedure:
      steps: [{id: a, needs: [form], gives: [a]}, {id: b, needs: [form], gives: [b]}]
      ends: [{id: refused}, {id: granted}]
      flows:
        - {source: a, target: b}
        - {source: b, target: granted, probability: 0.9}
        - {source: b, target: refused, probability: 0.1}
    """
    assert found(text, "WAI002") == []


def test_staff_without_time_cannot_do_it_beside() -> None:
    """
    Steps of a resource that cannot keep up today are not put beside others.
    """
    text = f"arrival_rate: 1 case/day\n{FIVE}"
    assert [f.steps for f in found(text, "WAI002")] == []
    assert found(text.replace("1 case/day", "0.01 case/day"), "WAI002")


# WAI003 and WAI011: resources near their capacity

NEAR = """
arrival_rate: 9 case/hour
resources: [{id: clerk, capacity: 2}]
procedure: {steps: [{id: intake, resource: clerk, processing_time: exponential(12) min}]}
"""


def test_near_capacity_says_what_one_more_brings() -> None:
    """
    Two clerks at 90 % and what a third would bring: the waits are those of Erlang's C formula.
    """
    one = only(NEAR, "WAI003")
    now, then = (waiting_time(arrival_rate=9, service_rate=5, servers=c) * 60 for c in (2, 3))
    assert str(one.message) == (
        f"clerk: utilisation 0.90: a visit waits {now:.3g} min, with capacity 3 it would wait {then:.3g} min"
    )
    assert one.remedy == ps.SetCapacity("clerk", 3)
    assert not ps.check(applied(NEAR, one.remedy), select=["WAI003"])


def test_only_what_is_near_its_capacity_is_near_it() -> None:
    """
    What has room, what is overloaded, and what nobody knows the load of is not near its capacity.
    """
    for rate in ("8 case/hour", "11 case/hour"):
        assert found(NEAR.replace("9 case/hour", rate), "WAI003") == []
    assert found(NEAR.replace("arrival_rate: 9 case/hour\n", ""), "WAI003") == []


def test_a_shared_resource_is_reported_once() -> None:
    """
    A resource of several services is reported for the one that brings it most.
    """
    other = "beside: [{id: other, arrival_rate: 1 case/hour, procedure: {steps: [{id: x, resource: clerk, processing_time: 6 min}]}}]"
    assert [f.service for f in found(NEAR + other, "WAI003")] == ["s"]
    assert found(NEAR.replace("arrival_rate: 9 case/hour", ""), "WAI001") == []
    over = NEAR.replace("9 case/hour", "11 case/hour") + other
    assert [f.service for f in found(over, "WAI001")] == ["s"]


POOL = """
arrival_rate: 49 case/hour
resources: [{id: a, competences: [x, y]}, {id: b, competences: [y, x]}]
procedure:
  steps:
    - {id: one, resource: a, competences: [x], processing_time: exponential(1/55) hour}
    - {id: two, resource: b, competences: [y], processing_time: exponential(MEAN) hour}
  flows: [{source: one, target: two}]
""".replace("1/55", "0.0181818181818")


def test_pooling_says_what_one_queue_brings() -> None:
    """
    Two queues of which one is busy become one with the wait of M/M/2; where both are busy there is nobody with time.
    """
    text = POOL.replace("MEAN", "0.0100")
    one = only(text, "WAI011")
    assert one.remedy == ps.PoolResources(["a", "b"], "a")
    pooled = applied(text, one.remedy)
    assert [resource.capacity for resource in pooled.resources] == [2]
    (load,) = ps.find_bottlenecks(pooled).loads
    assert str(one.message) == (
        "b can do the work of a too and has time: a visit waits 8.91 min, "
        f"for both together it would wait {load.waiting_time_s:.3g} s"
    )
    assert not ps.check(pooled, select=["WAI011"])
    assert found(POOL.replace("MEAN", "0.0181818181818"), "WAI011") == []


def test_an_overloaded_resource_may_join_another() -> None:
    """
    What cannot keep up alone may in a pool, and there is no wait of today to compare with.
    """
    text = POOL.replace("MEAN", "0.0050").replace("0.0181818181818", "0.021")
    assert str(only(text, "WAI011").message) == "b can do the work of a too and has time"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{id: b, competences: [y, x]}", "{id: b, competences: [y]}"),
        ("{id: a, competences: [x, y]}", "{id: a, competences: [x]}"),
        ("{id: b, competences: [y, x]}", "{id: b, kind: facility, competences: [y, x]}"),
        ("{id: b, competences: [y, x]}", "{id: b, cost: 1 IDR/hour, competences: [y, x]}"),
        ("competences: [y], processing", "processing"),
        ("competences: [x], processing", "processing"),
        ("{id: two, resource: b", "{id: two, resource: [b, a]"),
        ("arrival_rate: 49 case/hour", ""),
    ],
    ids=[
        "cannot do it",
        "cannot do theirs",
        "other kind",
        "cost unknown",
        "theirs unknown",
        "its own unknown",
        "used together",
        "load unknown",
    ],
)
def test_only_who_can_do_the_same_is_pooled(old: str, new: str) -> None:
    """
    Pools are proposed only of what is alike and can do each other's work, as the competences say.
    """
    assert found(POOL.replace("MEAN", "0.0010").replace(old, new), "WAI011") == []


def test_the_best_of_several_partners_is_named() -> None:
    """
    Of several that could join, the one is named with which the wait is least; a busy one is left alone.
    """
    text = POOL.replace("MEAN", "0.0100").replace(
        "[y, x]}]", "[y, x]}, {id: c, competences: [x, y]}, {id: d, competences: [x, y]}]"
    )
    text = text.replace(
        "  flows:",
        "    - {id: three, resource: c, competences: [y], processing_time: 1 min}\n"
        "    - {id: four, resource: d, competences: [y], processing_time: 5 s}\n  flows:",
    ).replace("target: two}]", "target: two}, {source: two, target: three}, {source: three, target: four}]")
    assert {f.remedy for f in found(text, "WAI011")} == {ps.PoolResources(["a", "d"], "a")}
    first = text.replace("0.0100", "0.0001")
    assert {f.remedy for f in found(first, "WAI011")} == {ps.PoolResources(["a", "b"], "a")}


# WAI004 and WAI005: waits and batches

LYING = """
arrival_rate: 1 case/hour
resources: [{id: clerk}]
procedure:
  steps: [{id: intake, resource: clerk, processing_time: 15 min}]
  waits: [{id: opinion, cause: statutory, clock: elapsed, time: 10 day}]
  flows: [{source: intake, target: opinion}]
"""


def test_a_wait_that_is_most_of_the_time_is_named() -> None:
    """
    A wait of a quarter of the cycle time or more is named, with the provision that demands it; a short one is not.
    """
    assert texts(LYING, "WAI004") == [
        "opinion: of 240.3 hour from arrival to end, 240.0 hour are spent waiting here"
    ]
    by_law = LYING.replace("10 day", "10 day, legal_basis: [UU 1/2020]")
    assert texts(by_law, "WAI004")[0].endswith("; UU 1/2020 would have to change")
    assert texts(LYING.replace("10 day", "4 min"), "WAI004") == []


def test_a_queue_dominates_where_work_is_short_and_the_wait_long() -> None:
    """
    A queue is named where it takes more than nine tenths of the time at its step, at 92 % use of one server.
    """
    busy = """
    arrival_rate: 3.68 case/hour
    resources: [{id: clerk}]
    procedure: {steps: [{id: intake, resource: clerk, processing_time: exponential(15) min}]}
    """
    assert texts(busy, "WAI004") == [
        "intake: of 3.1 hour from arrival to end, 2.9 hour are spent waiting here"
    ]
    assert texts(busy.replace("3.68", "3.4"), "WAI004") == []
    assert texts(busy.replace("processing_time: exponential(15) min", "contact: none"), "WAI004") == []


def test_where_no_time_is_known_no_wait_dominates() -> None:
    """
    Without a cycle time there is no share of it: a time is unknown, probabilities are missing, or no case gets there.
    """
    assert texts(LYING.replace(", processing_time: 15 min", ""), "WAI004") == []
    choice = LYING.replace("target: opinion}", "target: opinion}, {source: intake, target: intake}")
    assert texts(choice.replace("procedure:", "procedure:\n  start: intake"), "WAI004") == []
    lost = LYING.replace("  flows: [{source: intake, target: opinion}]\n", "").replace(
        "procedure:", "procedure:\n  start: intake"
    )
    assert texts(lost, "WAI004") == []


BATCH = """
arrival_rate: 2 case/hour
resources: [{id: printer}]
procedure: {steps: [{id: print, resource: printer, processing_time: 5 min, setup_time: 2 min, batch: {size: 11}}]}
"""


def test_a_batch_waits_for_its_last_case() -> None:
    """
    Of eleven cases at two an hour each waits (11 − 1) / (2 × 2) hours, of a period half: Reijers & Liman Mansar's order-based work.
    """
    one = only(BATCH, "WAI005")
    assert (
        str(one.message)
        == "a case waits 2.5 hour until its batch is complete; one by one each takes 1.82 min more of set-up"
    )
    assert one.remedy == ps.DropBatch("s", "print")
    assert not ps.check(applied(BATCH, one.remedy), select=["WAI005"])
    daily = BATCH.replace("setup_time: 2 min, batch: {size: 11}", "batch: {period: 1 day}")
    assert texts(daily, "WAI005") == ["print: a case waits 12.0 hour until its batch is complete"]


def test_a_batch_that_is_no_batch_makes_nobody_wait() -> None:
    """
    A batch of one, and a batch at a step that no case reaches, make nobody wait.
    """
    assert found(BATCH.replace("11", "1"), "WAI005") == []
    lost = BATCH.replace("{steps: [", "{start: a, steps: [{id: a}, ")
    assert found(lost, "WAI005") == []


def test_what_a_batch_saves_is_weighed() -> None:
    """
    Where a set-up for each case would be too much, the batch stays; where a provision demands it, it is a proposal.
    """
    heavy = BATCH.replace("setup_time: 2 min", "setup_time: 40 min")
    one = only(heavy, "WAI005")
    assert one.remedy is None
    assert str(one.message).endswith(
        "each takes 36.4 min more of set-up, with which printer could not keep up"
    )
    by_law = only(BATCH.replace("batch:", "legal_basis: [UU 1/2020], batch:"), "WAI005")
    assert by_law.proposal == ps.Proposal(("UU 1/2020",), ps.DropBatch("s", "print"))


def test_a_batch_waits_whether_or_not_it_is_known_how_long() -> None:
    """
    Without an arrival rate the wait has no number, and whether there is time for a set-up is not known.
    """
    one = only(BATCH.replace("arrival_rate: 2 case/hour\n", ""), "WAI005")
    assert (
        str(one.message)
        == "cases wait until a batch is complete; one by one each takes 1.82 min more of set-up"
    )
    assert one.remedy is not None


# WAI006: hidden batches


def test_who_is_there_on_fridays_makes_a_batch() -> None:
    """
    Of five days of eight hours the head is there on the last: who comes before waits half of the four on average, 16 × 4 / 5 hours.
    """
    (rule,) = [rule for rule in ps.rules() if rule.code == "WAI006"]
    assert texts(rule.bad, "WAI006") == [
        "sign: head is there 20% of the time: a case that comes waits 12.8 hour for it, others before it left out"
    ]


@pytest.mark.parametrize(
    ("own", "office", "hours"),
    [
        ({"fri": "08:00-16:00"}, {"mon-fri": "08:00-16:00"}, 32 * 32 / 2 / 40),
        ({"wed": "08:00-16:00"}, {"mon-fri": "08:00-16:00"}, 32 * 32 / 2 / 40),
        ({"mon": "08:00-16:00", "fri": "08:00-16:00"}, {"mon-fri": "08:00-16:00"}, 24 * 24 / 2 / 40),
        ({"mon-fri": "08:00-10:00"}, {"mon-fri": "08:00-16:00"}, 5 * 6 * 6 / 2 / 40),
        ({"sat": "08:00-10:00"}, {"mon-fri": "08:00-16:00"}, 40 * 40 / 2 / 40),
        ({"mon-fri": "08:00-16:00"}, {"mon-fri": "08:00-16:00"}, 0),
        ({"mon": "00:00-24:00"}, None, 144 * 144 / 2 / 168),
        ({"mon": "00:00-12:00", "sun": "12:00-24:00"}, None, 144 * 144 / 2 / 168),
    ],
)
def test_until_open(own: dict[str, str], office: dict[str, str] | None, hours: float) -> None:
    """
    A gap of g hours in a week of w is met with probability g / w and lasts g / 2 more: the residual time of renewal theory.
    """
    calendar = None if office is None else ps.Calendar("office", hours=office)
    assert until_open(ps.Calendar("own", hours=own), calendar) / 3600 == pytest.approx(hours)


def test_hidden_batches_need_calendars_that_compare() -> None:
    """
    Without a calendar the service is always open; of another time zone, or where no case comes, nothing is claimed.
    """
    text = """
    calendars: [{id: fridays, hours: {fri: "08:00-16:00"}}]
    resources: [{id: head, calendar: fridays}]
    procedure: {steps: [{id: sign, resource: head}]}
    """
    assert texts(text, "WAI006")[0].startswith(
        "sign: head is there 5% of the time: a case that comes waits 76.2 hour"
    )
    zone = text.replace(
        "calendars: [",
        'calendar: office\n    calendars: [{id: office, hours: {mon-fri: "08:00-16:00"}, time_zone: Asia/Jakarta}, ',
    )
    assert texts(zone, "WAI006") == []
    assert texts(text.replace("{steps: [", "{start: a, steps: [{id: a}, "), "WAI006") == []


# WAI007: rework

LOOP = """
requirements: [form]
resources: [{id: clerk, competences: [law]}]
procedure:
  start: intake
  steps:
    - {id: intake, resource: clerk, processing_time: 10 min, needs: [form]}
    - {id: assess, processing_time: 50 min, checks: [{check: complete, of: form}]}
    - {id: explain, processing_time: 5 min}
  waits: [{id: correction, cause: applicant, clock: elapsed, time: 3 day, gives: [form]}]
  ends: [{id: done}]
  flows:
    - {source: intake, target: assess}
    - {source: assess, target: done, probability: 0.8}
    - {source: assess, target: explain, probability: 0.2}
    - {source: explain, target: correction}
    - {source: correction, target: intake}
"""


def test_rework_is_what_returns_repeat() -> None:
    """
    A fifth goes back: 60 × r / (1 − r) minutes of the body and 5 × r / (1 − r) on the way back (oracle rework-geometric: r = 0.2).
    """
    one = only(LOOP, "WAI007")
    assert one.steps == ("intake", "correction")
    assert str(one.message) == (
        "20% of the cases that come through go back: 16.2 min of work is done again for each case; "
        "intake could check complete of form"
    )
    assert (60 + 5) * 0.2 / 0.8 == 16.25
    assert one.remedy == ps.RelocateCheck("s", "assess", "complete", "form", "intake")
    (left,) = ps.check(applied(LOOP, one.remedy), select=["WAI007"])
    assert left.remedy is None


def test_few_returns_are_no_finding() -> None:
    """
    Fewer returns than one in ten, unknown ones, and a procedure without a loop are no finding.
    """
    assert found(LOOP.replace("0.8", "0.95").replace("0.2", "0.05"), "WAI007") == []
    assert found(LOOP.replace(", probability: 0.8", "").replace(", probability: 0.2", ""), "WAI007") == []
    assert found(LOOP.replace("    - {source: correction, target: intake}\n", ""), "WAI007") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needs: [form]}", "needs: [form], gives: [form]}"),
        ("checks: [{", "asks: [form], checks: [{"),
        ("needs: [form]}", "needs: [form], checks: [{check: complete, of: form}]}"),
        ("checks: [{", "competences: [building], checks: [{"),
        ("checks: [{check: complete, of: form}]", "needs: [form]"),
    ],
    ids=["made in between", "asked in between", "checked there already", "others can", "nothing checked"],
)
def test_a_check_that_cannot_come_earlier_stays(old: str, new: str) -> None:
    """
    Where the first step of the loop could not make the check, the loop is reported without a remedy.
    """
    one = only(LOOP.replace(old, new), "WAI007")
    assert (one.remedy, one.proposal) == (None, None)


def test_a_check_by_law_is_moved_only_as_a_proposal() -> None:
    """
    A check that a provision demands where it is made is moved when the provision changes.
    """
    one = only(
        LOOP.replace("checks: [{", "competences: [law], legal_basis: [UU 1/2020], checks: [{"), "WAI007"
    )
    assert one.proposal == ps.Proposal(
        ("UU 1/2020",), ps.RelocateCheck("s", "assess", "complete", "form", "intake")
    )


def test_a_loop_of_which_times_are_unknown_is_reported_without_them() -> None:
    """
    Returns are counted where times are not known; where no work is repeated, none is named.
    """
    for old, new in ((", processing_time: 50 min", ""), ("processing_time: ", "processing_time: 0 min # ")):
        text = "\n".join(line.replace(old, new) if "# " not in new else line for line in LOOP.splitlines())
        if "# " in new:
            for minutes in ("10", "50", "5"):
                text = text.replace(f"processing_time: {minutes} min", "processing_time: 0 min")
        assert "of work" not in only(text, "WAI007").message


def test_a_step_repeated_by_itself_and_a_loop_behind_a_gateway() -> None:
    """
    A step that leads back to itself is a loop, and so is what lies between a merge and a choice.
    """
    alone = """
    procedure:
      start: a
      steps: [{id: a, processing_time: 10 min}, {id: b}]
      flows: [{source: a, target: a, probability: 0.5}, {source: a, target: b, probability: 0.5}]
    """
    assert texts(alone, "WAI007") == [
        "a: 50% of the cases that come through go back: 10 min of work is done again for each case"
    ]
    gateways = """
    requirements: [form]
    procedure:
      start: merge
      steps: [{id: a, processing_time: 10 min}, {id: c, checks: [form], processing_time: 0 min}, {id: b}]
      gateways: [{id: merge, kind: exclusive}, {id: right, kind: exclusive}]
      flows:
        - {source: merge, target: a}
        - {source: a, target: c}
        - {source: c, target: right}
        - {source: right, target: merge, probability: 0.5}
        - {source: right, target: b, probability: 0.5}
    """
    one = only(gateways, "WAI007")
    assert one.steps == ("merge", "right")
    assert one.remedy == ps.RelocateCheck("s", "c", "form", "form", "a")
    wait = gateways.replace(
        "steps: [{id: a, processing_time: 10 min}, ",
        "waits: [{id: a, cause: other, clock: elapsed, time: 1 hour}]\n      steps: [",
    )
    assert only(wait, "WAI007").remedy is None


def test_of_loops_in_loops_the_deepest_are_looked_at() -> None:
    """
    Loops are reported outer before inner; of thirty one in another, the outermost are left out.
    """

    def nest(depth: int) -> ps.PublicOrganisation:
        flows = [ps.Flow(f"s{i}", f"s{i + 1}") for i in range(depth)]
        flows += [ps.Flow(f"t{i}", f"s{i}", probability=0.2) for i in range(depth)]
        flows += [ps.Flow(f"t{i}", f"t{i - 1}", probability=0.8) for i in range(1, depth)]
        flows += [ps.Flow(f"s{depth}", f"t{depth - 1}"), ps.Flow("t0", "out", probability=0.8)]
        made = [ps.Step(id, processing_time="1 min") for i in range(depth) for id in (f"s{i}", f"t{i}")]
        made += [ps.Step(f"s{depth}", processing_time="1 min"), ps.Step("out")]
        procedure = ps.Procedure(start="s0", steps=made, flows=flows)
        return ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])

    few = ps.check(nest(3), select=["WAI007"])
    assert [f.steps for f in few] == [("s0", "t0"), ("s1", "t1"), ("s2", "t2")]
    many = ps.check(nest(60), select=["WAI007"])
    assert 20 <= len(many) < 60
    assert many[-1].steps == ("s59", "t59")
    assert [str(skipped.reason) for skipped in many.skipped] == [
        "loops are nested very deep: the outermost were not looked at"
    ]


# WAI008: slack at joins

FORK = """
procedure:
  steps: [{id: a, processing_time: 5 min}, {id: b, processing_time: 4 hour}, {id: c, processing_time: 0 min}]
  gateways: [{id: f, kind: KIND}, {id: j, kind: KIND}]
  flows:
    - {source: f, target: a}
    - {source: f, target: b}
    - {source: a, target: j}
    - {source: b, target: j}
    - {source: j, target: c}
""".replace("KIND", "parallel")


def test_a_branch_done_long_before_the_longest_has_slack() -> None:
    """
    A branch of less than a fifth of the longest is named with the time it waits at the join (slack = latest − earliest).
    """
    assert texts(FORK, "WAI008") == ["a, j: done 3.9 hour before the longest branch, which takes 4.0 hour"]
    assert texts(FORK.replace("5 min", "1 hour"), "WAI008") == []


def test_slack_counts_where_the_block_does() -> None:
    """
    A block that takes a small part of the cycle time, is inclusive, or is never entered has no slack worth a word.
    """
    assert texts(FORK.replace("0 min", "2 day"), "WAI008") == []
    inclusive = FORK.replace("kind: parallel", "kind: inclusive")
    for target in ("a", "b"):
        inclusive = inclusive.replace(
            f"source: f, target: {target}", f"source: f, target: {target}, probability: 0.5"
        )
    assert texts(inclusive, "WAI008") == []
    assert texts(FORK.replace(", processing_time: 5 min", ""), "WAI008") == []
    assert texts(FORK.replace("    - {source: b, target: j}\n", ""), "WAI008") == []
    never = FORK.replace("procedure:", "procedure:\n  start: s").replace(
        "steps: [", "steps: [{id: s, processing_time: 1 min}, {id: e, processing_time: 1 min}, "
    )
    never = never.replace(
        "  flows:",
        "  flows:\n    - {source: s, target: f, probability: 0}\n    - {source: s, target: e, probability: 1}",
    )
    assert texts(never, "WAI008") == []


# WAI009: single points of failure

ALONE = """
arrival_rate: 4 case/hour
resources: [{id: head, competences: [signature]}, {id: clerk, competences: [intake]}]
procedure: {steps: [{id: sign, resource: head, processing_time: 12 min}]}
"""


def test_one_of_a_kind_that_is_busy_is_a_single_point_of_failure() -> None:
    """
    A resource of which there is one is named when busy more than 70 % of the time, or alone able to do a step.
    """
    assert texts(ALONE, "WAI009") == ["sign: there is one head, busy 80% of the time"]
    for rate in ("3 case", "6 case"):
        assert texts(ALONE.replace("4 case", rate), "WAI009") == []
    assert texts(ALONE.replace("id: head,", "id: head, capacity: 2,"), "WAI009") == []
    able = ALONE.replace("4 case", "1 case").replace(
        "resource: head", "resource: head, competences: [signature]"
    )
    assert texts(able, "WAI009") == ["sign: only head can do it, and of that there is one"]
    assert texts(able.replace("[intake]", "[intake, signature]"), "WAI009") == []
    unknown = able.replace("competences: [signature], processing", "competences: [law], processing")
    assert texts(unknown, "WAI009") == []


def test_a_single_point_of_failure_is_reported_once() -> None:
    """
    Of services that share a resource of which there is one, the one that brings it most work reports it.
    """
    other = "beside: [{id: other, arrival_rate: 1 case/hour, procedure: {steps: [{id: x, resource: head, processing_time: 1 min}]}}]"
    assert [f.service for f in found(ALONE + other, "WAI009")] == ["s"]


# WAI010: case mix

MIX = """
arrival_rate: 3 case/hour
resources: [{id: officer}, {id: other}]
procedure:
  start: sort
  steps:
    - {id: simple, resource: officer, processing_time: 5 min}
    - {id: complex, resource: officer, processing_time: 90 min}
    - {id: write, resource: other, processing_time: 1 min}
  gateways: [{id: sort, kind: exclusive}, {id: done, kind: exclusive}]
  flows:
    - {source: sort, target: simple, probability: 0.9}
    - {source: sort, target: complex, probability: 0.1}
    - {source: simple, target: done}
    - {source: complex, target: write}
    - {source: write, target: done}
"""


def test_rare_heavy_cases_make_all_wait() -> None:
    """
    One case in ten takes eighteen times the work: the wait is Pollaczek and Khinchine's, with and without these cases.
    """
    mean = 0.9 * 5 + 0.1 * 90
    square = 0.9 * 25 + 0.1 * 8100
    now = 0.05 * square / (2 * (1 - 0.05 * mean))
    then = 0.045 * 25 / (2 * (1 - 0.045 * 5))
    assert texts(MIX, "WAI010") == [
        f"complex: 18.0 times the work of the usual cases, in one queue for officer: a visit waits {now:.3g} min, without them {60 * then:.3g} s"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("90 min", "14 min"),
        ("complex, resource: officer", "complex, resource: other"),
        ("arrival_rate: 3 case/hour", ""),
        ("arrival_rate: 3 case/hour", "arrival_rate: 0.1 case/hour"),
        ("arrival_rate: 3 case/hour", "arrival_rate: 30 case/hour"),
        ("processing_time: 90 min", "processing_time: 90 min, setup_time: 1 min"),
        (", probability: 0.1", ""),
        (", resource: officer, processing_time: 5 min", ""),
    ],
    ids=[
        "not heavy",
        "other queue",
        "no rate",
        "no queue",
        "overloaded",
        "set-up",
        "no probabilities",
        "not usual work",
    ],
)
def test_a_mix_that_costs_nothing_is_no_finding(old: str, new: str) -> None:
    """
    Rare cases matter where they are heavy, in the same queue, and the queue is longer than the usual work.
    """
    text = MIX.replace(old, new)
    if ", probability: 0.1" not in text:
        text = text.replace(", probability: 0.9", "")
    assert found(text, "WAI010") == []


def test_frequent_heavy_cases_are_no_mix_of_rare_ones() -> None:
    """
    A branch that a fifth of the cases or more take is no exception.
    """
    text = MIX.replace("0.9", "0.8").replace("0.1}", "0.2}").replace("3 case", "2 case")
    assert found(text, "WAI010") == []
    assert steps(model(text)) == ["simple", "complex", "write"]
