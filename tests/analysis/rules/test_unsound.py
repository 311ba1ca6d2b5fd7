"""Procedures that cannot be carried out as described (MOD006), and what other rules say of them."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest

import pubservice as ps
from planting import sketches
from pubservice.analysis import subject as subject_module
from written import found, model, texts

SPLIT = """
procedure:
  steps: [{{id: a}}, {{id: b}}, {{id: c}}, {{id: d}}]
  gateways: [{{id: f, kind: {fork}}}, {{id: j, kind: {join}}}]
  ends: [{{id: done}}]
  flows:
    - {{source: a, target: f}}
    - {{source: f, target: b}}
    - {{source: f, target: c}}
    - {{source: b, target: j}}
    - {{source: c, target: j}}
    - {{source: j, target: d}}
    - {{source: d, target: done}}
"""


@pytest.mark.parametrize(
    ("fork", "join", "kinds"),
    [
        ("parallel", "parallel", 0),
        ("exclusive", "exclusive", 0),
        ("exclusive", "parallel", 1),
        ("parallel", "exclusive", 2),
    ],
)
def test_a_split_has_to_be_closed_by_its_kind(fork: str, join: str, kinds: int) -> None:
    """
    A choice that a parallel gateway joins gets stuck before it; a fork that an exclusive one merges passes and ends twice.
    """
    told = texts(SPLIT.format(fork=fork, join=join), "MOD006")
    assert len(told) == kinds
    if kinds:
        assert ", after a, f, b" in told[0]


def test_what_other_rules_say_is_said_once() -> None:
    """
    What no way leads to, a loop without a way out, and a procedure without an end are not told again.
    """
    lost = SPLIT.format(fork="parallel", join="parallel").replace("{id: d}]", "{id: d}, {id: lost}]")
    lost = lost.replace("procedure:", "procedure:\n  start: a")
    loop = """
    procedure:
      start: a
      steps: [{id: a}, {id: b}, {id: c}]
      ends: [{id: done}]
      flows: [{source: a, target: b}, {source: a, target: done}, {source: b, target: c}, {source: c, target: b}]
    """
    endless = "procedure: {start: a, steps: [{id: a}, {id: b}], flows: [{source: a, target: b}, {source: b, target: a}]}"
    for text, code in ((lost, "MOD001"), (loop, "MOD002"), (endless, "MOD003")):
        assert [f.code for f in ps.check(model(text), select=["MOD001", "MOD002", "MOD003", "MOD006"])] == [
            code
        ]


def test_what_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Beyond the number of states that are looked at, the rule claims nothing and says so.
    """
    text = """
    procedure:
      steps: [{id: a}, {id: b}, {id: c}]
      gateways:
        - {id: f, kind: inclusive}
        - {id: g, kind: exclusive}
        - {id: j, kind: inclusive}
        - {id: k, kind: exclusive}
      flows:
        - {source: f, target: a, probability: 0.5}
        - {source: f, target: b, probability: 0.5}
        - {source: a, target: g}
        - {source: g, target: j, probability: 0.5}
        - {source: g, target: k, probability: 0.5}
        - {source: b, target: j}
        - {source: j, target: k}
        - {source: k, target: c}
    """
    assert found(text, "MOD006")
    monkeypatch.setattr(subject_module, "_MOST_STATES", 1)
    result = ps.check(model(text), select=["MOD006"])
    assert list(result) == []
    assert str(result.skipped[0].reason) == "more than 1 states"


def test_planted_joins_of_the_wrong_kind_are_found_and_clean_procedures_are_not() -> None:
    """
    A random procedure is sound; with one of its parallel joins made exclusive it is not.
    """
    for sketch in sketches(1000):
        assert not ps.check(sketch.organisation(), select=["MOD006"])
    for sketch in sketches(1000, kinds=("exclusive", "parallel")):  # loops around it make many states
        sketch.put(sketch.block("parallel", 4))
        organisation = sketch.organisation()
        (service,) = organisation.services
        procedure = service.procedure
        into = Counter(flow.target for flow in procedure.flows)
        joins = [g.id for g in procedure.gateways if g.kind == "parallel" and into[g.id] > 1]
        wrong = sketch.rng.choice(joins)
        gateways = [attrs.evolve(g, kind="exclusive") if g.id == wrong else g for g in procedure.gateways]
        spoilt = attrs.evolve(service, procedure=attrs.evolve(procedure, gateways=gateways))
        assert ps.check(attrs.evolve(organisation, services=[spoilt]), select=["MOD006"])
