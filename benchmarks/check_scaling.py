"""CPU time of checking one long procedure at 1,000 and 10,000 steps, and of savings against one performance call."""

from __future__ import annotations

import random
import statistics
import time

from pubservice.analysis.check import check
from pubservice.analysis.performance import performance
from pubservice.analysis.savings import savings
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step
from pubservice.model.resource import Resource
from pubservice.model.service import PublicService


def organisation(size: int) -> PublicOrganisation:
    """Return one service of so many steps: sequences, choices, loops and parallel blocks; a datum is used at most five times."""
    rng = random.Random(size)
    steps: list[Step] = []
    gateways: list[Gateway] = []
    flows: list[Flow] = []
    uses: dict[str, int] = {}
    recent: list[str] = ["form"]

    def step() -> str:
        i = len(steps)
        known = [datum for datum in recent[-20:] if uses.get(datum, 0) < 5]
        read = rng.sample(known, min(2, len(known)))
        for datum in read:
            uses[datum] = uses.get(datum, 0) + 1
        steps.append(
            Step(
                f"s{i}",
                resource=f"r{rng.randrange(5)}",
                processing_time="1 min",
                needs=read[:1],
                checks=[{"check": "valid", "of": datum} for datum in read[1:]],
                gives=[f"d{i}"] if rng.random() < 0.8 else [],
            ),
        )
        if steps[-1].gives:
            recent.append(f"d{i}")
        return f"s{i}"

    last = step()
    while len(steps) < size:
        kind = rng.random()
        if kind < 0.6:
            following = step()
            flows.append(Flow(last, following))
        elif kind < 0.8:
            n = len(gateways)
            gateways += [Gateway(f"g{n}", kind="parallel"), Gateway(f"g{n + 1}", kind="parallel")]
            a, b = step(), step()
            flows += [
                Flow(last, f"g{n}"),
                Flow(f"g{n}", a),
                Flow(f"g{n}", b),
                Flow(a, f"g{n + 1}"),
                Flow(b, f"g{n + 1}"),
            ]
            following = step()
            flows.append(Flow(f"g{n + 1}", following))
        else:
            a, b, following = step(), step(), step()
            flows += [
                Flow(last, a, probability=0.5),
                Flow(last, b, probability=0.5),
                Flow(a, following),
                Flow(b, following),
            ]
            after = step()
            flows += [Flow(following, after, probability=0.9), Flow(following, last, probability=0.1)]
            following = after
        last = following
    flows.append(Flow(last, "granted"))
    procedure = Procedure(start="s0", steps=steps, gateways=gateways, ends=[End("granted")], flows=flows)
    service = PublicService(
        "long", requirements=["form"], outputs=[recent[-1]], arrival_rate="0.1 case/day", procedure=procedure
    )
    return PublicOrganisation(
        "office", resources=[Resource(f"r{i}", capacity=100) for i in range(5)], services=[service]
    )


def cpu(work: object) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work()  # type: ignore[operator]  # a function
    return time.process_time() - begun


def main() -> None:
    """Measure, and print medians and ratios."""
    small, large = organisation(1000), organisation(10000)
    times: dict[str, list[float]] = {"small": [], "large": []}
    for _ in range(5):
        times["small"].append(cpu(lambda: check(small)))
        times["large"].append(cpu(lambda: check(large)))
    low, high = statistics.median(times["small"]), statistics.median(times["large"])
    print(
        f"check: 1,000 steps {low * 1000:.0f} ms, 10,000 steps {high * 1000:.0f} ms: ratio {high / low:.1f}"
    )
    found = [finding for finding in check(small) if finding.remedy is not None]
    one, each = [], []
    for _ in range(5):
        one.append(cpu(lambda: performance(small)))
        each.append(cpu(lambda: savings(small, found)) / len(found))
    base, mine = statistics.median(one), statistics.median(each)
    print(
        f"savings: {len(found)} remedies, {mine * 1000:.1f} ms each, performance {base * 1000:.1f} ms: ratio {mine / base:.2f}"
    )


if __name__ == "__main__":
    main()
