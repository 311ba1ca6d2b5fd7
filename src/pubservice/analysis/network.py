"""
The resources of an organisation as one network of queues: how the cases of all services come to each.

Cases come from outside as Poisson. Inside they do not: what many hands work on at even speed comes evenly to the next, and
the work of a case comes together, side by side behind a fork, in batches, or again and again. So each resource is looked
at as a case meets it: once, with all of its work there.

- Departures, splits and superpositions are those of QNA, for cases rather than visits: a case that comes back to a resource
  is not another stream.
- Work that is still to come of the cases that wait is as if it waited too, which holds the closer the busier a resource
  is. For exponential times that changes nothing: networks of product form stay exact.
"""

from __future__ import annotations

from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.load import Evaluation, Stream, evaluate
from pubservice.analysis.performance import Performance, performance_of
from pubservice.analysis.profile import batch_size
from pubservice.graph.firsts import serial_chain
from pubservice.graph.paths import components
from pubservice.graph.visits import balance
from pubservice.memory import uncollected
from pubservice.model.procedure import Step
from pubservice.queueing.flows import superposition_weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pubservice.analysis.load import ResourceLoad
    from pubservice.analysis.profile import Profile
    from pubservice.graph.blocks import Region
    from pubservice.graph.firsts import SerialChain
    from pubservice.model.organisation import PublicOrganisation

_MOST_SWEEPS = 5_000_000  # nodes that are looked at for one service, all of its resources together
_ROUNDS = 100
_CLOSE = 1e-12
_LEAST_WORK = 1e-100  # of a resource: with less its squares are no numbers, and nobody waits
_MOST_USED = 0.999  # a resource that cannot keep up is taken as just full


@attrs.define(eq=False)
class _Meeting:
    """
    How cases meet one resource; sums over services, weighted by cases per second of its open time.

    Attributes:
        cases: That come to it at least once.
        visits: Of them.
        work: Seconds.
        square: Of the time of each visit, squared.
        mean_square: Of its mean, squared.
        later: Of each visit × the work that comes after it.
        ahead: The work that comes after each visit.
        beside: Of each two visits side by side, the product.
        batched: Of each visit × the others in its batch, half.
        sources: Cases that come from each other resource; the rest comes from outside.
    """

    cases: float = 0.0
    visits: float = 0.0
    work: float = 0.0
    square: float = 0.0
    mean_square: float = 0.0
    later: float = 0.0
    ahead: float = 0.0
    beside: float = 0.0
    batched: float = 0.0
    sources: dict[str, float] = attrs.Factory(dict)


class _OfService:
    """The cases of one service on their way from resource to resource."""

    def __init__(self, of: Profile, visits: Sequence[float]) -> None:
        self.of = of
        self.visits = visits
        steps = of.service.procedure.steps
        self.used = {
            id: [i for i, step in enumerate(steps) if id in step.resource and visits[i]] for id in of.demands
        }
        self.place = {node: n for n, part in enumerate(components(of.graph)) for node in part}

    def add_to(self, found: dict[str, _Meeting]) -> None:
        """Add how they meet each resource."""
        of = self.of
        again = [
            id for id, steps in self.used.items() if len(steps) > 1 or any(self.visits[i] > 1 for i in steps)
        ]
        closed = of.nested.unstructured is None and len(again) * len(of.graph.nodes) <= _MOST_SWEEPS
        for id, steps in self.used.items():
            demand = of.demands[id]
            if demand.undefined is not None or not steps or of.rate is None:
                continue
            meeting = found[id]
            rate = of.rate / demand.open_share
            cases = min(1.0, demand.visits)
            meeting.cases += rate * cases
            meeting.visits += rate * demand.visits
            meeting.work += rate * demand.work
            meeting.square += rate * demand.square
            meeting.mean_square += rate * sum(self.visits[i] * self._time(i) ** 2 for i in steps)
            meeting.batched += rate * self._batched(steps)
            if closed and id in again:
                later, ahead, beside = self._again(steps)
                meeting.later += rate * later
                meeting.ahead += rate * ahead
                meeting.beside += rate * beside
            for source, share in self._sources(id, steps):
                meeting.sources[source] = meeting.sources.get(source, 0.0) + rate * cases * share

    @cached_property
    def _chain(self) -> SerialChain:
        """The procedure with branches one after another."""
        return serial_chain(self.of.graph, self.of.nested)

    def _time(self, i: int) -> float:
        return self.of.times[i] or 0.0

    def _batched(self, steps: list[int]) -> float:
        total = 0.0
        for i in steps:
            step = self.of.service.procedure.steps[i]
            size = batch_size(self.of, step, self.visits[i])
            total += self.visits[i] * self._time(i) * (size - 1) / 2
        return total

    def _again(self, steps: list[int]) -> tuple[float, float, float]:
        """Return how the visits of one resource follow each other, and which are side by side."""
        count = len(self._chain.graph.successors)
        visits, work = [0.0] * count, [0.0] * count
        for i in steps:
            visits[i] = self.visits[i]
            work[i] = self.visits[i] * self._time(i)
        behind = balance(self._chain.graph, self._chain.weights, work)
        later = sum(self._time(i) * (behind[i] - work[i]) for i in steps)
        behind = balance(self._chain.graph, self._chain.weights, visits)
        ahead = sum(self._time(i) * (behind[i] - visits[i]) for i in steps)
        # In the chain branches follow each other; in truth they are side by side.
        beside = 0.0
        for pairs, in_order, together in self._side_by_side(visits, work):
            later -= pairs
            ahead -= in_order
            beside += together
        return max(0.0, later), max(0.0, ahead), beside

    def _side_by_side(self, visits: list[float], work: list[float]) -> Iterator[tuple[float, float, float]]:
        """Yield for each two branches of a block the product of their work, as in the chain and in truth."""
        nested = self.of.nested
        totals: dict[int, tuple[float, float]] = {}

        def total(region: Region) -> tuple[float, float]:
            if id(region) not in totals:
                inner = [total(branch) for block in region.blocks for branch in block.branches]
                totals[id(region)] = (
                    sum(visits[i] for i in region.nodes) + sum(n for n, _ in inner),
                    sum(work[i] for i in region.nodes) + sum(w for _, w in inner),
                )
            return totals[id(region)]

        for region in reversed(nested.regions):
            total(region)
        for block in nested.blocks:
            entered = self.visits[block.split]
            some = 1.0
            if block.kind == "inclusive":
                for p in self.of.graph.probabilities[block.split]:
                    some *= 1 - (p or 0.0)
                some = 1 - some
            n_before = w_before = 0.0
            for branch in block.branches if entered else ():
                n, w = totals[id(branch)]
                yield w_before * w / entered, n_before * w / entered, w_before * w / entered * some
                n_before, w_before = n_before + n, w_before + w

    def _sources(self, id: str, steps: list[int]) -> Iterator[tuple[str, float]]:
        """Yield from which other resources cases come to the first step of one, and which share of them."""
        graph, visits = self.of.graph, self.visits
        first = min(steps, key=lambda i: self.place[i])
        found: dict[str, float] = {}
        outside = 1.0 if first == graph.start else 0.0
        met, ways = {first}, [first]
        for node in ways:
            for before in graph.predecessors[node]:
                if before in met or not visits[before]:
                    continue
                met.add(before)
                step = graph.nodes[before]
                resources = step.resource if isinstance(step, Step) else ()
                if not resources or id in resources:
                    ways.append(before)
                    outside += before == graph.start
                    continue
                for other in resources:
                    found[other] = found.get(other, 0.0) + visits[before] / len(resources)
        total = outside + sum(found.values())
        yield from ((other, amount / total) for other, amount in found.items())


def _meetings(evaluation: Evaluation) -> dict[str, _Meeting]:
    found = {id: _Meeting() for id in evaluation.totals}
    for of in evaluation.profiles.values():
        if of.visits is not None and of.rate:
            _OfService(of, of.visits).add_to(found)
            of.release()
    return {id: meeting for id, meeting in found.items() if meeting.work > _LEAST_WORK}


@attrs.frozen
class _Sender:
    """
    What a resource does to the stream of cases that pass it.

    Attributes:
        busy: The share of time in which it is always busy, ρ².
        excess: Squared coefficient of variation of what it then sends out, less 1.
        recovery: Seconds in which its queue forgets where it was.
    """

    busy: float
    excess: float
    recovery: float


def _sender(meeting: _Meeting, load: ResourceLoad) -> _Sender:
    """
    Return what a resource does to the stream of cases that pass it.

    One that is always busy sends cases as evenly as its work on each is. Where visits are exponential, only the cases that
    visit it once can be told from Poisson.
    """
    used = min(_MOST_USED, load.utilisation or 0.0)
    size = meeting.cases / meeting.work / meeting.work
    whole = (meeting.square + 2 * meeting.later + 2 * meeting.beside) * size - 2
    visits = (meeting.square - 2 * meeting.mean_square) * size
    even = max(0.0, 2 - meeting.square / meeting.mean_square)
    recovery = meeting.work / meeting.cases / load.servers / (1 - used) ** 2
    return _Sender(used * used, visits + even * (whole - visits), recovery)


def _arrival_scvs(evaluation: Evaluation, meetings: dict[str, _Meeting]) -> dict[str, float]:
    """
    Return the squared coefficient of variation of the times between cases that come to each resource.

    The equations of QNA, in rounds: each has a factor below 1. How even a resource makes a stream is felt by the next one
    as far as its own queue is as short-lived.
    """
    senders = {id: _sender(meeting, evaluation.loads[id]) for id, meeting in meetings.items()}
    ways: dict[str, list[tuple[str, float, float]]] = {}
    for id, meeting in meetings.items():
        sources = {q: rate for q, rate in meeting.sources.items() if q in meetings}
        shares = [rate / meeting.cases for rate in sources.values()]
        rest = max(0.0, 1 - sum(shares))
        weight = superposition_weight(
            [s for s in (*shares, rest) if s], evaluation.loads[id].utilisation or 0.0
        )
        ways[id] = []
        for (q, rate), share in zip(sources.items(), shares, strict=True):
            felt = senders[q].busy / (1 + sqrt(senders[id].recovery / senders[q].recovery / 2))
            ways[id].append((q, weight * share * min(1.0, rate / meetings[q].cases), felt))
    excess = dict.fromkeys(meetings, 0.0)
    for _ in range(_ROUNDS):
        moved = 0.0
        for id, sources_of in ways.items():
            new = sum(
                part * ((1 - felt) * excess[q] + felt * senders[q].excess) for q, part, felt in sources_of
            )
            moved = max(moved, abs(new - excess[id]))
            excess[id] = new
        if moved < _CLOSE:
            break
    return {id: 1 + value for id, value in excess.items()}


def streams(evaluation: Evaluation) -> dict[str, Stream]:
    """Return how unevenly visits come to each resource that is visited."""
    meetings = _meetings(evaluation)
    found = {}
    for id, scv in _arrival_scvs(evaluation, meetings).items():
        of = meetings[id]
        scale = of.visits / (of.work * (of.work + of.ahead))
        scv_of_visits = of.square * of.visits / of.work / of.work - 1
        found[id] = Stream(
            arrival_scv=max(0.0, 1 + (scv - 1) * of.work**2 / of.cases * scale),
            service_scv=max(0.0, scv_of_visits),
            again=(of.square + 2 * of.later) * scale - 1 - scv_of_visits,
            beside=of.beside * scale,
            batched_s=of.batched / of.visits,
        )
    return found


def network_performance(organisation: PublicOrganisation) -> Performance:
    """
    Return what cases of each service go through, with queues that feed each other.

    `performance` takes the arrivals at each resource as Poisson, one resource at a time. Here they are what the resources
    before send on, what a fork or a batch brings at once, and what comes back: QNA for the cases of all services. Where
    all queues are M/M/c and nothing comes at once both are the same, and exact.

    Args:
        organisation: Services with procedures and arrival rates.

    Returns:
        As `performance`; `method` names what is approximate.

    Example:
        Rework comes back to the clerks who sent it, and what they send on comes evenly.

        >>> print(network_performance(city_hall).bottlenecks)
        resource  utilisation  processing time / min  waiting time / min
        clerk            0.92                   10.0                45.1
        engineer         0.90                   54.0                39.7

    Source:
        Whitt (1983), The queueing network analyzer, Bell System Technical Journal 62(9), 2779-2815; Reiman (1988), A
        multiclass feedback queue in heavy traffic, Advances in Applied Probability 20(1), 179-207, for work that comes
        back.
    """
    with uncollected():
        evaluation = evaluate(organisation)
        return performance_of(attrs.evolve(evaluation, streams=streams(evaluation)))
