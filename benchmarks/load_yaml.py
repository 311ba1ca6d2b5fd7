"""CPU time of loading a file of 1,000 steps, against PyYAML's C loader on the same text."""

from __future__ import annotations

import statistics
import time

import yaml

from pubservice.io.yaml import from_yaml, to_yaml
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Flow, Procedure, Step
from pubservice.model.resource import Resource
from pubservice.model.service import PublicService


def organisation(steps: int) -> PublicOrganisation:
    """Return one service of so many steps, with data, checks, choices and times."""
    made = [
        Step(
            f"step-{i}",
            name={"en": f"Step {i}", "id": f"Langkah {i}"},
            resource="clerk" if i % 2 else "officer",
            processing_time=f"triangular({i % 7 + 1}, {i % 7 + 5}, {i % 7 + 20}) min",
            needs=[f"datum-{i - 1}"] if i else [],
            checks=[f"datum-{i - 1}"] if i % 5 == 1 else [],
            gives=[f"datum-{i}"],
        )
        for i in range(steps)
    ]
    flows = []
    for i in range(steps - 1):
        if i % 10 == 5 and i > 5:
            flows += [
                Flow(f"step-{i}", f"step-{i + 1}", probability=0.9),
                Flow(f"step-{i}", f"step-{i - 3}", probability=0.1),
            ]
        else:
            flows.append(Flow(f"step-{i}", f"step-{i + 1}"))
    service = PublicService(
        "service", arrival_rate="1 case/day", procedure=Procedure(start="step-0", steps=made, flows=flows)
    )
    resources = [Resource("clerk", capacity=20, cost="60000 IDR/hour"), Resource("officer", capacity=20)]
    return PublicOrganisation("office", resources=resources, services=[service])


def cpu(work: object) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work()  # type: ignore[operator]  # a function
    return time.process_time() - begun


def main() -> None:
    """Measure in turn, and print medians and the ratio."""
    text = to_yaml(organisation(1000))
    ours, theirs = [], []
    for _ in range(9):
        theirs.append(cpu(lambda: yaml.load(text, Loader=yaml.CSafeLoader)))
        ours.append(cpu(lambda: from_yaml(text)))
    mine, base = statistics.median(ours), statistics.median(theirs)
    print(f"PyYAML C loader {base * 1000:.1f} ms, pubservice {mine * 1000:.1f} ms: ratio {mine / base:.2f}")


if __name__ == "__main__":
    main()
