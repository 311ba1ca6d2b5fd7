"""Where cases go on: the flows out of each node, taken by probability, by condition, or all."""

from __future__ import annotations

from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING, Any

from pubservice.messages import Message
from pubservice.simulation.conditions import HOLDS
from pubservice.simulation.parts import ALL, CHOICE, EACH, FINAL, FIRST, ONWARD, SOME

if TYPE_CHECKING:
    from pubservice.simulation.draft import ServiceDraft


def add_flows(of: ServiceDraft, i: int, row: dict[str, Any]) -> None:
    """Add the flows out of a node; a choice has its probabilities added up, or is made by conditions."""
    columns, graph = of.draft.columns, of.graph
    targets, given = graph.successors[i], graph.probabilities[i]
    row["out"] = len(columns["target"])
    row["split"] = {
        "": ONWARD if targets else FINAL,
        "exclusive": CHOICE,
        "parallel": ALL,
        "inclusive": SOME,
    }[graph.splits[i]]
    chances: list[float] = [1.0] * len(targets)
    tests = [HOLDS] * len(targets)
    if row["split"] in (CHOICE, SOME) and graph.id(i) in of.by_case:
        row["split"] = FIRST if row["split"] == CHOICE else EACH
        conditions = {target: of.conditions[graph.id(i), graph.id(target)] for target in targets}
        targets = sorted(targets, key=lambda target: conditions[target] is None)
        tests = [
            HOLDS if condition is None else of.tests.first(condition)
            for condition in map(conditions.get, targets)
        ]
    elif row["split"] in (CHOICE, SOME):
        if None in given and i in of.reached:
            of.fault(of.place(i), Message("the flows out of {id!r} have no probabilities", id=graph.id(i)))
        chances = [p or 0.0 for p in given]
    first = [0.0] * len(targets)
    if row["split"] == CHOICE:
        chances = _added_up(chances)
    if row["split"] == SOME:
        none = list(accumulate((1 - p for p in chances), mul, initial=1.0))
        some = 1 - none[-1] or 1.0
        first = _added_up([before * p / some for before, p in zip(none, chances, strict=False)])
    if row["split"] in (SOME, EACH) and i in of.closing:
        row["closing"] = of.joins[of.closing[i]]
    for target, chance, so_far, test in zip(targets, chances, first, tests, strict=True):
        columns["target"].append(of.first + target)
        columns["chance"].append(chance)
        columns["first"].append(so_far)
        columns["test"].append(test)
        columns["place"].append(of.placed.get((i, target), -1))


def _added_up(chances: list[float]) -> list[float]:
    """Return chances added up; what is lost in the last digits goes to the last that there is."""
    last = max((n for n, p in enumerate(chances) if p), default=0)
    return [total if n < last else 2.0 for n, total in enumerate(accumulate(chances))]
