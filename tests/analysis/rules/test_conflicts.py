"""Data that steps side by side make and read (MOD007)."""

from __future__ import annotations

import pytest

import pubservice as ps
from planting import sketches
from written import found, model, texts

BESIDE = """
requirements: [form]
procedure:
  steps:
    - {{id: start{start}}}
    - {{id: a{a}}}
    - {{id: b{b}}}
    - {{id: c{c}}}
    - {{id: last{last}}}
  gateways: [{{id: f, kind: {kind}}}, {{id: j, kind: {kind}}}]
  flows:
    - {{source: start, target: f}}
    - {{source: f, target: a{p}}}
    - {{source: f, target: b{p}}}
    - {{source: f, target: c{p}}}
    - {{source: a, target: j}}
    - {{source: b, target: j}}
    - {{source: c, target: j}}
    - {{source: j, target: last}}
"""


def beside(kind: str = "parallel", **fields: str) -> str:
    """Return a procedure with three branches."""
    named = {name: f", {fields[name]}" if name in fields else "" for name in ("start", "a", "b", "c", "last")}
    p = ", probability: 0.5" if kind == "inclusive" else ""
    return BESIDE.format(**named, kind=kind, p=p)


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_two_that_make_one_datum_are_told_where_it_matters(kind: str) -> None:
    """
    Branches that make the same leave it to chance which version is left, if somebody reads it or it is owed.
    """
    both = {"a": "gives: [x]", "b": "gives: [x]", "c": "gives: [x]"}
    assert texts(beside(kind, **both, last="needs: [x]"), "MOD007") == [
        "a, b, c: make x side by side: which version is left is chance"
    ]
    assert not found(beside(kind, **both), "MOD007")
    assert len(found("outputs: [x]" + beside(kind, **both), "MOD007")) == 1
    assert not found(beside("exclusive", **both, last="needs: [x]"), "MOD007")


def test_a_maker_that_reads_what_the_other_makes_is_told_once() -> None:
    """
    Two corrections of one form side by side are one finding.
    """
    fix = "needs: [form], gives: [form]"
    assert texts(beside(a=fix, b=fix), "MOD007") == [
        "a, b: make form side by side: which version is left is chance"
    ]


@pytest.mark.parametrize(
    ("fields", "rest"),
    [
        ({"a": "gives: [x]", "b": "needs: [x]"}, "there may be none yet"),
        ({"a": "gives: [form]", "b": "needs: [form]"}, "that version or what was there before, by chance"),
        (
            {"start": "asks: [x]", "a": "gives: [x]", "b": "checks: [x]"},
            "that version or what was there before, by chance",
        ),
        (
            {"start": "gives: [x]", "a": "gives: [x]", "b": "needs: [x]"},
            "that version or that of start, by chance",
        ),
    ],
    ids=["none", "handed in", "asked for", "made"],
)
def test_a_read_beside_a_write_says_which_versions_there_are(fields: dict[str, str], rest: str) -> None:
    """
    Who reads what another makes beside it may read that version, or the one before, or none.
    """
    datum = "form" if "form" in fields["a"] else "x"
    assert texts(beside(**fields), "MOD007") == [f"b, a: reads {datum} while a makes it: {rest}"]


def test_another_service_is_a_version_too() -> None:
    """
    What another service issues is there before.
    """
    text = beside(a="gives: [x]", b="needs: [x]") + "beside: [{id: other, outputs: [x]}]\n"
    assert texts(text, "MOD007") == [
        "b, a: reads x while a makes it: that version or what was there before, by chance"
    ]


def test_order_and_data_of_their_own_are_no_conflict() -> None:
    """
    What is made before or after a block, in one branch alone, or by steps that no case reaches conflicts with nothing.
    """
    assert not found(beside(start="gives: [x]", a="needs: [x]", b="needs: [x]", last="gives: [x]"), "MOD007")
    assert not found(beside(a="gives: [x], needs: [x]", last="needs: [x]"), "MOD007")
    assert not found(beside(), "MOD007")
    lost = beside(a="gives: [x]").replace(
        "  gateways", "    - {id: lost, gives: [x], needs: [x]}\n  gateways"
    )
    assert not found(lost.replace("procedure:", "procedure:\n  start: start"), "MOD007")


def test_what_runs_side_by_side_has_to_be_known() -> None:
    """
    Where blocks do not close, or very many steps share a datum, the rule says why it does not run.
    """
    text = beside(a="gives: [x]").replace("    - {source: c, target: j}\n", "")
    assert "not checked" in str(ps.check(model(text), select=["MOD007"]))
    assert "not checked" not in str(
        ps.check(model(text.replace("gives: [x]", "needs: []")), select=["MOD007"])
    )
    steps = [ps.Step(f"s{n}", gives=["x"]) for n in range(201)]
    flows = [ps.Flow("f", step.id) for step in steps] + [ps.Flow(step.id, "j") for step in steps]
    gateways = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    service = ps.PublicService("s", procedure=ps.Procedure(steps=steps, gateways=gateways, flows=flows))
    found_ = ps.check(ps.PublicOrganisation("o", services=[service]), select=["MOD007"])
    assert "too many steps make and read x" in str(found_)


def test_planted_conflicts_are_found_and_look_alikes_are_not() -> None:
    """
    A version made in a branch beside a reader is found; in a branch of a choice, or before the reader, it is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        maker, reader = sketch.step(gives=["x"]), sketch.step(needs=["x"])
        if n % 3 == 2:
            sketch.put_in_order(maker, reader)
        else:
            sketch.put_apart(("parallel", "exclusive")[n % 3], maker, reader)
        found_ = [f.steps for f in ps.check(sketch.organisation(), select=["MOD007"])]
        assert found_ == [(reader.id, maker.id)] * (n % 3 == 0)
