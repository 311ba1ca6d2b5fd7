"""
Waiting, handovers and contacts planted in random procedures: each is found, and what only looks like it is not.

Each case says by rule how to plant both; what else a rule finds in the random procedure is its own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest

import pubservice as ps
from planting import Block, Seq, Sketch, sketches
from pubservice.analysis.load import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

Planted = tuple[ps.PublicOrganisation, set[tuple[str, ...]]]  # and the steps of findings that must be there

MANY = 1000
FRIDAYS = [
    ps.Calendar("office", hours={"mon-fri": "08:00-16:00"}),
    ps.Calendar("fridays", hours={"fri": "08:00-16:00"}),
    ps.Calendar("mornings", hours={"mon-fri": "08:00-13:00"}),
]


def office(
    sketch: Sketch, *resources: ps.Resource, around: dict[str, Any] | None = None, **fields: Any
) -> ps.PublicOrganisation:
    """Return an organisation with the service, with plenty of the usual resources and with others."""
    plenty = [ps.Resource(id, capacity=10**6) for id in sketch.resources]
    return ps.PublicOrganisation(
        "o", resources=[*plenty, *resources], services=[sketch.service(**fields)], **(around or {})
    )


def visits(sketch: Sketch, id: str, *resources: ps.Resource) -> float:
    """Return how often a case comes to a node of the procedure as it is now."""
    profile = evaluate(office(sketch, *resources)).profiles["s"]
    assert profile.visits is not None
    return profile.visits[profile.graph.index[id]]


def independent(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant two neighbours that read the same; alike where one reads or makes what the other makes, or one does both."""
    reads, who, makes = ("application", "engineer", "y")
    if alike:
        reads, who, makes = sketch.rng.choice(
            [("x", who, makes), (reads, "clerk", makes), (reads, who, "x")],
        )
    one = sketch.step(resource="clerk", needs=["application"], gives=["x"])
    other = sketch.step(resource=who, needs=[reads], gives=[makes])
    sketch.put(one, other, sketch.step())  # the step behind keeps a choice from following at once
    return office(sketch, requirements=["application"]), {(one.id, other.id)}


def near_capacity(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a step that fills 90 % of a resource's time; alike where it fills less, or more than there is."""
    capacity = sketch.rng.randint(1, 5)
    busy = ps.Resource("busy", capacity=capacity)
    use = sketch.rng.choice((0.3, 0.84, 1.2)) if alike else sketch.rng.choice((0.86, 0.9, 0.99))
    step = sketch.step(resource="busy")
    seq = sketch.put(step)
    hours = use * capacity / visits(sketch, step.id, busy)
    replace(seq, step, attrs.evolve(step, processing_time=f"{hours} hour"))
    return office(sketch, busy, arrival_rate="1 case/hour"), {(step.id,)}


def replace(seq: Seq, old: ps.Step | ps.Wait, new: ps.Step | ps.Wait) -> None:
    """Put another item in the place of one."""
    seq.items[seq.items.index(old)] = new


def dominating(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a wait that takes nearly all the time of a case, or nearly none."""
    wait = ps.Wait("w", cause="other", clock="elapsed")
    seq = sketch.put(wait)
    hours = (1e-6 if alike else 1e4) / visits(sketch, "w")
    replace(seq, wait, ps.Wait("w", cause="other", clock="elapsed", time=f"{hours} hour"))
    return office(sketch, arrival_rate="1 case/hour"), {("w",)}


def batch(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a step that collects cases; alike where its batch is one case."""
    step = sketch.step(batch=ps.Batch(size=1 if alike else sketch.rng.randint(2, 9)), setup_time="5 min")
    sketch.put(step)
    return office(sketch, arrival_rate="1 case/hour"), {(step.id,)}


def hidden_batch(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a step of someone who is there on Fridays; alike every morning."""
    step = sketch.step(resource="head")
    sketch.put(step)
    head = ps.Resource("head", calendar="mornings" if alike else "fridays")
    return office(sketch, head, around={"calendars": FRIDAYS, "calendar": "office"}), {(step.id,)}


def join_slack(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a fork of which one branch takes very long and the other a minute, or as long."""
    long, short = sketch.step(), sketch.step(processing_time="1 min")
    block = Block("parallel", [Seq([long]), Seq([short])], [0.5, 0.5])
    sketch.put(block)
    hours = f"{1e4 / visits(sketch, long.id)} hour"
    replace(block.branches[0], long, sketch.step(processing_time=hours))
    if alike:
        replace(block.branches[1], short, short := sketch.step(processing_time=hours))
    return office(sketch, arrival_rate="1 case/hour"), {(short.id,)}


def single_point(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a step that one person alone can do; alike where a deputy can too."""
    step = sketch.step(resource="head", competences=["seal"])
    sketch.put(step)
    deputy = ps.Resource("deputy", competences=["seal"] if alike else ["stamp"])
    return office(sketch, ps.Resource("head", competences=["seal"]), deputy), {(step.id,)}


def case_mix(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a choice between usual cases and rare heavy ones of one resource; alike where frequent, light or of another."""
    weight, p, who = 20.0, 0.1, "expert"
    if alike:
        weight, p, who = sketch.rng.choice([(2.0, p, who), (weight, 0.3, who), (weight, p, "clerk")])
    usual, rare = sketch.step(resource="expert"), sketch.step(resource=who)
    block = Block("exclusive", [Seq([usual]), Seq([rare])], [1 - p, p])
    sketch.put(block)
    expert = ps.Resource("expert")
    work = visits(sketch, usual.id, expert) + weight * visits(sketch, rare.id, expert)
    replace(block.branches[0], usual, sketch.step(resource="expert", processing_time=f"{0.9 / work} hour"))
    heavy = sketch.step(resource=who, processing_time=f"{0.9 * weight / work} hour")
    replace(block.branches[1], rare, heavy)
    return office(sketch, expert, arrival_rate="1 case/hour"), {(heavy.id,)}


def poolable(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant steps of two resources of which one is busy and the other idle; alike where it cannot do the work, or is busy."""
    able, use = sketch.rng.choice([("y", 0.3), ("x", 0.95)]) if alike else ("x", 0.3)
    pair = [ps.Resource("a", competences=["x"]), ps.Resource("b", competences=[able])]
    one, other = (sketch.step(resource=r.id, competences=r.competences) for r in pair)
    seq = sketch.put(one, other)
    often = visits(sketch, one.id, *pair)
    busy = attrs.evolve(one, processing_time=f"{0.95 / often} hour")
    replace(seq, one, busy)
    replace(seq, other, attrs.evolve(other, processing_time=f"{use / often} hour"))
    return office(sketch, *pair, arrival_rate="1 case/hour"), {(busy.id,)}


def in_a_row(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant two neighbours of one resource; alike where another does one of them, it checks, or time passes between."""
    how = sketch.rng.choice(("other", "check", "wait")) if alike else ""
    one = sketch.step(resource="archivist")
    fields = {"kind": "check"} if how == "check" else {}
    other = sketch.step(resource="copyist" if how == "other" else "archivist", **fields)
    between = [ps.Wait("w", cause="signature", clock="elapsed")] if how == "wait" else []
    sketch.put(one, *between, other)
    return office(sketch, ps.Resource("archivist"), ps.Resource("copyist")), {(one.id, other.id)}


def coming_back(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a way over two others back to the first; alike where it goes to a fourth."""
    roles = ["x", "y", "z", "v" if alike else "x"]
    made = [sketch.step(resource=role) for role in roles]
    sketch.put(*made, seq=sketch.root)
    return office(sketch, *(ps.Resource(role) for role in "xyzv")), {(made[-1].id,)}


def many_units(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant thirty steps of thirty units; alike of two."""
    roles = [f"u{n % 2 if alike else n}" for n in range(30)]
    made = [sketch.step(resource=role) for role in roles]
    sketch.put(*made, seq=sketch.root)
    resources = [ps.Resource(role) for role in dict.fromkeys(roles)]
    return office(sketch, *resources), {tuple(step.id for step in made)}


CHANNELS = [ps.Channel("counter", kind="counter"), ps.Channel("portal", kind="online")]


def visitor(sketch: Sketch, **fields: Any) -> ps.Step:
    """Return a step at which the applicant appears."""
    return sketch.step(contact="in-person", channel="counter", **fields)


def many_contacts(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant two visits with work between; alike where one follows the other at once."""
    one, other = visitor(sketch, asks=["form"]), visitor(sketch, asks=["photo"])
    between = [] if alike else [sketch.step()]
    sketch.put(one, *between, other, seq=sketch.root)
    return office(sketch, channels=CHANNELS, requirements=["form", "photo"]), {(one.id, other.id)}


def payments(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant two payments on one way; alike on ways that exclude each other."""
    one, other = sketch.step(kind="payment"), sketch.step(kind="payment")
    if alike:
        sketch.put_apart("exclusive", one, other)
    else:
        sketch.put_in_order(one, other, between=1)
    return office(sketch), {(one.id, other.id)}


def not_digital(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant one visit in a service that goes online else; alike two."""
    step = visitor(sketch, asks=["form"])
    sketch.put(step)
    sketch.put(sketch.step(contact="remote", channel="portal"))
    if alike:
        sketch.put(visitor(sketch, asks=["photo"]))
    return office(sketch, channels=CHANNELS, requirements=["form", "photo"]), {(step.id,)}


def needless(sketch: Sketch, *, alike: bool) -> Planted:
    """Plant a visit at which nothing changes hands; alike where something does."""
    step = visitor(sketch, asks=["form"] if alike else [])
    sketch.put(step)
    sketch.put(visitor(sketch, asks=["photo"]))
    return office(sketch, channels=CHANNELS, requirements=["form", "photo"]), {(step.id,)}


PLANTS: dict[str, Callable[..., Planted]] = {
    "WAI002": independent,
    "WAI003": near_capacity,
    "WAI004": dominating,
    "WAI005": batch,
    "WAI006": hidden_batch,
    "WAI008": join_slack,
    "WAI009": single_point,
    "WAI010": case_mix,
    "WAI011": poolable,
    "HND002": in_a_row,
    "HND003": coming_back,
    "HND004": many_units,
    "HND005": many_contacts,
    "HND006": payments,
    "HND007": not_digital,
    "HND008": needless,
}


def planted(f: ps.Finding, wanted: set[tuple[str, ...]]) -> bool:
    """Return whether a finding names all the steps that were planted together."""
    return any(set(steps) <= set(f.steps) for steps in wanted)


@pytest.mark.parametrize("code", PLANTS)
def test_what_is_planted_is_found(code: str) -> None:
    """
    In every random procedure the rule finds what was planted: recall 1.
    """
    for sketch in sketches(MANY):
        organisation, wanted = PLANTS[code](sketch, alike=False)
        found = ps.check(organisation, select=[code])
        assert [f for f in found if planted(f, wanted)], f"{organisation}"


@pytest.mark.parametrize("code", PLANTS)
def test_what_only_looks_like_it_is_not_found(code: str) -> None:
    """
    In no random procedure the rule names the look-alike that was planted: no false alarm.
    """
    for sketch in sketches(MANY):
        organisation, wanted = PLANTS[code](sketch, alike=True)
        found = ps.check(organisation, select=[code])
        assert [str(f) for f in found if planted(f, wanted)] == []


@pytest.mark.parametrize("often", [0.05, 0.2], ids=["seldom", "often"])
def test_a_planted_loop_is_found_where_many_go_back(often: float) -> None:
    """
    A loop that a fifth of the cases pass again is found with the work repeated, one that a twentieth do is not.
    """
    for sketch in sketches(MANY, kinds=("exclusive", "parallel", "inclusive")):
        body, again = sketch.step(processing_time="40 min"), sketch.step(processing_time="20 min")
        sketch.put(Block("loop", [Seq([body]), Seq([again])], [1 - often, often]))
        organisation = office(sketch)
        entered = visits(sketch, body.id) * (1 - often)
        found = ps.check(organisation, select=["WAI007"])
        assert len(found) == (1 if often == 0.2 else 0)
        for f in found:
            assert f.message.values["what"] == "20% of the cases that come through go back"
            said = f.message.values["again"].values
            repeated = said.get("seconds", 0) / 60 + said.get("minutes", 0) + said.get("hours", 0) * 60
            assert repeated == pytest.approx(entered * 60 * often / (1 - often))
