"""CPU time of each combination of twelve remedies on thirty steps, against one `performance` from scratch."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from pubservice.analysis.performance import performance
from pubservice.edits.edit import (
    Automate,
    ChangeChannel,
    DropBatch,
    Edit,
    MergeSteps,
    Parallelise,
    Reassign,
    RemoveStep,
    SetCapacity,
)
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Batch, End, Flow, Gateway, Procedure, Step
from pubservice.model.resource import Resource
from pubservice.model.service import Channel, PublicService
from pubservice.redesigns.effects import Effects, combinations_up_to
from pubservice.redesigns.proposal import propose

if TYPE_CHECKING:
    from collections.abc import Callable

EDITS: tuple[Edit, ...] = (
    RemoveStep("permit", "s3"),
    RemoveStep("permit", "s12"),
    RemoveStep("permit", "s27"),
    Automate("permit", "s5", "1 min"),
    Reassign("permit", ["s9"], "r1"),
    Reassign("permit", ["s18"], "r2"),
    ChangeChannel("permit", "s0", "online", "remote"),
    DropBatch("permit", "s21"),
    MergeSteps("permit", ["s24", "s25"]),
    SetCapacity("r0", 4),
    SetCapacity("r3", 5),
    Parallelise("permit", [["s28"], ["s29"]]),
)


def organisation() -> PublicOrganisation:
    """Return thirty steps with a correction loop, a parallel block, a refusal and a batch."""
    steps = [
        Step(f"s{i}", resource=f"r{i % 5}", processing_time=f"{i % 7 + 1} min", cost="1000 IDR")
        for i in range(30)
        if i not in (0, 21, 25)
    ]
    steps += [
        Step("s0", resource="r0", processing_time="5 min", contact="in-person", channel="counter"),
        Step("s21", resource="r1", processing_time="4 min", batch=Batch(size=5)),
        Step("s25", resource="r4", processing_time="6 min"),
    ]
    flows = [Flow(f"s{i}", f"s{i + 1}") for i in range(29) if i not in (2, 6, 7, 8, 15)]
    flows += [Flow("s2", "s3", probability=0.8), Flow("s2", "s1", probability=0.2)]
    flows += [Flow("s6", "fork"), Flow("fork", "s7"), Flow("fork", "s8")]
    flows += [Flow("s7", "join"), Flow("s8", "join"), Flow("join", "s9")]
    flows += [Flow("s15", "s16", probability=0.7), Flow("s15", "refused", probability=0.3)]
    flows += [Flow("s29", "granted")]
    procedure = Procedure(
        start="s0",
        steps=steps,
        gateways=[Gateway("fork", kind="parallel"), Gateway("join", kind="parallel")],
        ends=[End("granted"), End("refused")],
        flows=flows,
    )
    service = PublicService(
        "permit",
        arrival_rate="2 case/hour",
        channels=[Channel("counter", kind="counter", travel_time="1 hour"), Channel("online", kind="online")],
        procedure=procedure,
    )
    resources = [Resource(f"r{i}", capacity=3, cost="60000 IDR/hour") for i in range(5)]
    return PublicOrganisation("office", resources=resources, services=[service])


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure in turn, and print medians and ratios."""
    model = organisation()
    masks = np.array(combinations_up_to(len(EDITS), len(EDITS)))
    found = propose(model, edits=EDITS)
    assert not found.refused, found.refused
    assert found.considered == len(masks)
    scratch, alone, whole = [], [], []
    for _ in range(7):
        scratch.append(cpu(lambda: [performance(model) for _ in range(100)]) / 100)
        alone.append(cpu(lambda: Effects(model, EDITS).measure(masks)) / len(masks))
        whole.append(cpu(lambda: propose(model, edits=EDITS)) / len(masks))
    base = statistics.median(scratch)
    print(f"performance from scratch: {base * 1e6:.0f} µs")
    for name, times in (("evaluation", alone), ("propose", whole)):
        each = statistics.median(times)
        print(f"{name}, {len(masks):,} combinations: {each * 1e6:.1f} µs each, ratio {each / base:.3f}")


if __name__ == "__main__":
    main()
