"""
Means and quantiles of cycle times, and mean waits at resources, against long simulations.

First come, first served, on the clock of the services. ``cycle_time_accuracy.py CASES`` prints the first table,
``cycle_time_accuracy.py CASES waits`` the second.
"""

from __future__ import annotations

import heapq
import sys
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

import pubservice as ps
from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.cycle_times import distribution_of
from pubservice.analysis.stays import Lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARES = (0.5, 0.8, 0.9, 0.95)
LEAST = 1.0  # seconds that a visit waits on average, to be told


@attrs.define(eq=False)
class Token:
    """A case, or a branch of one."""

    service: str
    arrived: float
    node: int
    sent: tuple[tuple[int, int], ...] = ()
    queued: float = 0.0


class Office:
    """A simulated organisation."""

    def __init__(self, organisation: ps.PublicOrganisation, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.services = {service.id: service.case for service in ps.performance(organisation).services}
        self.capacity = {r.id: r.capacity or 0 for r in organisation.resources}
        self.queue: dict[str, deque[tuple[Token, ps.Step]]] = {id: deque() for id in self.capacity}
        self.collected: dict[tuple[str, int], list[Token]] = {}
        self.waiting: dict[Any, int] = {}
        self.visits = dict.fromkeys(self.capacity, 0)
        self.waited = dict.fromkeys(self.capacity, 0.0)  # seconds, of all visits
        self.numbers = count()
        self.events: list[tuple[float, int, str, Token]] = []
        self.lengths = {
            (id, i): self._lengths([part for part in parts if isinstance(part, Lasting)])
            for id, case in self.services.items()
            for i, parts in enumerate(CaseTime(case).parts)
        }

    def _lengths(self, parts: list[Lasting]) -> Iterator[float]:
        while True:
            total = np.zeros(4096)
            for part in parts:
                total += part.distribution.sample(self.rng, 4096) * part.seconds
            yield from total.tolist()

    def at(self, time: float, what: str, token: Token) -> None:
        """Let something happen later."""
        heapq.heappush(self.events, (time, next(self.numbers), what, token))

    def run(self, service: str, cases: int) -> np.ndarray:
        """Return the cycle times of so many cases of a service, after a tenth of them."""
        for id, case in self.services.items():
            if case.of.rate:
                self.at(self.rng.exponential(1 / case.of.rate), "arrive", Token(id, 0.0, case.of.graph.start))
        times: list[float] = []
        while len(times) < cases * 1.1:
            now, _, what, token = heapq.heappop(self.events)
            case = self.services[token.service]
            if what == "arrive":
                rate = case.of.rate or 0.0
                self.at(now + self.rng.exponential(1 / rate), "arrive", Token(token.service, 0.0, token.node))
                token.arrived = now
                self.come(now, token)
            else:
                node = case.of.graph.nodes[token.node]
                if what == "free" and isinstance(node, ps.Step):
                    for id in node.resource:
                        self.capacity[id] += node.staff
                    for id in node.resource:
                        self.serve(now, id)
                if not case.of.graph.successors[token.node]:
                    if token.service == service:
                        times.append(now - token.arrived)
                else:
                    self.leave(now, token)
        return np.array(times[cases // 10 :])

    def come(self, now: float, token: Token) -> None:
        """Let a token come to a node."""
        case = self.services[token.service]
        graph = case.of.graph
        node = graph.nodes[token.node]
        if isinstance(node, ps.Step):
            if node.batch is not None and node.batch.size is not None:
                batch = self.collected.setdefault((token.service, token.node), [])
                batch.append(token)
                if len(batch) == node.batch.size:
                    for one in batch:
                        self.begin(now, one, node)
                    batch.clear()
            else:
                self.begin(now, token, node)
        elif isinstance(node, ps.Wait):
            self.at(now + next(self.lengths[token.service, token.node]), "done", token)
        elif graph.joins[token.node] in ("parallel", "inclusive"):
            place = (token.service, token.node, token.sent[-1][1])
            self.waiting[place] = self.waiting.get(place, 0) + 1
            if self.waiting[place] == token.sent[-1][0]:
                del self.waiting[place]
                token.sent = token.sent[:-1]
                self.at(now, "done", token)
        else:
            self.at(now, "done", token)

    def begin(self, now: float, token: Token, step: ps.Step) -> None:
        """Let a token queue for what a step needs."""
        if step.resource:
            token.queued = now
            self.queue[step.resource[0]].append((token, step))
            self.serve(now, step.resource[0])
        else:
            self.at(now + next(self.lengths[token.service, token.node]), "done", token)

    def serve(self, now: float, resource: str) -> None:
        """Begin the work at the head of a queue as long as all that it needs is free."""
        queue = self.queue[resource]
        while queue and all(self.capacity[id] >= queue[0][1].staff for id in queue[0][1].resource):
            token, step = queue.popleft()
            self.visits[resource] += 1
            self.waited[resource] += now - token.queued
            for id in step.resource:
                self.capacity[id] -= step.staff
            self.at(now + next(self.lengths[token.service, token.node]), "free", token)

    def leave(self, now: float, token: Token) -> None:
        """Let a token go on."""
        graph = self.services[token.service].of.graph
        targets, chances = graph.successors[token.node], graph.probabilities[token.node]
        if graph.splits[token.node] in ("parallel", "inclusive"):
            taken: list[int] = []
            while not taken:
                taken = [
                    t for t, p in zip(targets, chances, strict=True) if p is None or self.rng.random() < p
                ]
            mark = (len(taken), next(self.numbers))
            for target in taken:
                self.come(now, Token(token.service, token.arrived, target, (*token.sent, mark)))
            return
        place = 0
        if len(targets) > 1:
            place = int(np.searchsorted(np.cumsum([p or 0.0 for p in chances]), self.rng.random()))
        token.node = targets[min(place, len(targets) - 1)]
        self.come(now, token)


def row(*times: str, servers: int = 1, rate: str) -> ps.PublicOrganisation:
    """Return steps one after the other, each with its own resource."""
    steps = [ps.Step(f"s{i}", resource=f"r{i}", processing_time=time) for i, time in enumerate(times)]
    flows = [ps.Flow(f"s{i}", f"s{i + 1}") for i in range(len(times) - 1)]
    resources = [ps.Resource(f"r{i}", capacity=servers) for i in range(len(times))]
    service = ps.PublicService("s", arrival_rate=rate, procedure=ps.Procedure(steps=steps, flows=flows))
    return ps.PublicOrganisation("o", resources=resources, services=[service])


def looped(time: str, again: float, rate: str) -> ps.PublicOrganisation:
    """Return a step that is done again with a probability."""
    procedure = ps.Procedure(
        start="do",
        steps=[ps.Step("do", resource="r", processing_time=time)],
        ends=[ps.End("done")],
        flows=[ps.Flow("do", "do", probability=again), ps.Flow("do", "done", probability=1 - again)],
    )
    service = ps.PublicService("s", arrival_rate=rate, procedure=procedure)
    return ps.PublicOrganisation("o", resources=[ps.Resource("r")], services=[service])


def forked(left: str, right: str, rate: str) -> ps.PublicOrganisation:
    """Return two steps side by side, each with its own resource."""
    procedure = ps.Procedure(
        steps=[
            ps.Step("a", resource="r", processing_time=left),
            ps.Step("b", resource="q", processing_time=right),
        ],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[ps.Flow(*pair.split()) for pair in ("f a", "f b", "a j", "b j")],
    )
    service = ps.PublicService("s", arrival_rate=rate, procedure=procedure)
    return ps.PublicOrganisation("o", resources=[ps.Resource("r"), ps.Resource("q")], services=[service])


def scenarios() -> Iterator[tuple[str, ps.PublicOrganisation, str]]:
    """Yield what is compared: its name, the organisation, the service."""
    ten = "exponential(mean=10 min)"
    yield "M/M/1, 80 % busy", row(ten, rate="4.8 case/hour"), "s"
    yield "M/M/3, 80 % busy", row(ten, servers=3, rate="14.4 case/hour"), "s"
    yield "three M/M/1 in a row, 80 %", row(ten, ten, ten, rate="4.8 case/hour"), "s"
    yield "M/M/1 with feedback, 30 % again, 80 %", looped(ten, 0.3, "3.36 case/hour"), "s"
    yield "M/D/1, 80 %", row("10 min", rate="4.8 case/hour"), "s"
    yield "M/D/3, 90 %", row("10 min", servers=3, rate="16.2 case/hour"), "s"
    lognormal = "lognormal(mean=10 min, sd=15 min)"
    yield "M/G/1, lognormal, cv 1.5, 80 %", row(lognormal, rate="4.8 case/hour"), "s"
    yield "three M/G/2 in a row, lognormal, 80 %", row(*[lognormal] * 3, servers=2, rate="9.6 case/hour"), "s"
    yield (
        "two M/M/1 side by side, 80 % and 60 %",
        forked(ten, "exponential(mean=7.5 min)", "4.8 case/hour"),
        "s",
    )
    for name in ps.example_names():
        organisation = ps.read_example(name)
        for service in organisation.services:
            yield f"{name}: {service.id}", organisation, service.id


def one_queue(left: str, right: str, *, servers: int, rate: str) -> ps.PublicOrganisation:
    """Return two steps side by side that one resource does."""
    organisation = forked(left, right, rate)
    (service,) = organisation.services
    steps = [attrs.evolve(step, resource="r") for step in service.procedure.steps]
    procedure = attrs.evolve(service.procedure, steps=steps)
    services = [attrs.evolve(service, procedure=procedure)]
    return attrs.evolve(organisation, resources=[ps.Resource("r", capacity=servers)], services=services)


def networks() -> Iterator[tuple[str, ps.PublicOrganisation, str]]:
    """Yield organisations in which arrivals are not Poisson, and what is simulated long enough of."""
    ten, lognormal = "exponential(mean=10 min)", "lognormal(mean=10 min, sd=15 min)"
    yield "three M/M/1 in a row", row(ten, ten, ten, rate="4.8 case/hour"), "s"
    yield "fixed work done again, 30 %", looped("10 min", 0.3, "3.36 case/hour"), "s"
    yield "lognormal work in a row, two servers", row(*[lognormal] * 3, servers=2, rate="9.6 case/hour"), "s"
    yield "fork to one server", one_queue(ten, ten, servers=1, rate="2.4 case/hour"), "s"
    yield "fork to three servers", one_queue(ten, "10 min", servers=3, rate="7.2 case/hour"), "s"
    for name in ps.example_names():
        organisation = ps.read_example(name)
        yield name, organisation, organisation.services[-1].id


def times(cases: int) -> None:
    """Print how far computed times of cases are from simulated ones."""
    heads = "".join(f"{share:.0%} | " for share in SHARES)
    print(f"| What | Mean | {heads}done within the 95 % |\n|---|" + "---|" * (len(SHARES) + 2))
    for name, organisation, service in scenarios():
        found = distribution_of(CaseTime(ps.performance(organisation).service(service).case))
        simulated = Office(organisation, 2026).run(service, cases)
        cells = [found.mean_s / simulated.mean() - 1]
        cells += [found.quantile_s(share) / np.quantile(simulated, share) - 1 for share in SHARES]
        kept = (simulated <= found.quantile_s(0.95)).mean()
        print(f"| {name} | " + "".join(f"{cell:+.1%} | " for cell in cells) + f"{kept:.1%} |", flush=True)


def waits(cases: int) -> None:
    """Print how far computed waits at resources are from simulated ones."""
    print("| What | Resource | Busy | Simulated / min | Poisson | Network |\n|---|---|---|---|---|---|")
    for name, organisation, service in networks():
        alone, network = (
            {load.resource: load for load in found.bottlenecks.loads}
            for found in (ps.performance(organisation), ps.network_performance(organisation))
        )
        office = Office(organisation, 2026)
        office.run(service, cases)
        for id, visits in office.visits.items():
            wait = office.waited[id] / visits if visits else 0.0
            if wait >= LEAST:
                found = [of[id].waiting_time_s or 0.0 for of in (alone, network)]
                cells = "".join(f"{one / wait - 1:+.0%} | " for one in found)
                print(
                    f"| {name} | {id} | {alone[id].utilisation:.0%} | {wait / 60:.2f} | {cells}", flush=True
                )


def main() -> None:
    """Simulate, and print how far computed numbers are from it."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    (waits if sys.argv[2:] == ["waits"] else times)(cases)


if __name__ == "__main__":
    main()
