"""
What combinations of edits change, thousands at a time.

Most edits change what single nodes take and leave the flows as they are, or leave a step out, which is the same as a step
that takes nothing. What a case takes is then a sum over nodes: visits × time for each region, visits × wait for each queue,
work for each resource. Edits that name no node in common add up, so that each group of edits that do is applied once for
each of its own combinations, and all combinations of all groups are sums. Only what is not a sum is worked out for each:
the wait for a resource from its load, the longest branch of a block, what has to be obtained at most once.

Edits that change flows give a structure of their own, in which the others are sums again.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from pubservice.analysis.load import Total, evaluate, load
from pubservice.analysis.performance import evidence_times
from pubservice.analysis.profile import Profile, add_node
from pubservice.edits.application import names_of
from pubservice.edits.edit import (
    FetchEvidence,
    Parallelise,
    PoolResources,
    RemoveFlow,
    Reorder,
    SetCapacity,
    SplitStep,
    Triage,
)
from pubservice.errors import InvalidEditError
from pubservice.graph.visits import branch_probabilities
from pubservice.model.procedure import Step, Wait
from pubservice.redesigns.sequence import in_sequence
from pubservice.units import SECONDS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.edits.edit import Edit
    from pubservice.graph.blocks import Block, Region
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Resource

    Floats = NDArray[np.float64]

REWIRING = (Parallelise, Reorder, SplitStep, Triage, RemoveFlow, PoolResources)
MEASURES = ("cycle_time", "cost", "applicant_time", "flexibility")

_LOAD = ("rate", "work", "square", "staffed", "staff", "cases", "unit_work", "services", "without_rate")


class Key(NamedTuple):
    """
    What is summed.

    Attributes:
        kind: Of the sum.
        of: The service; the resource for a load.
        at: The region, the resources waited for, or the datum.
    """

    kind: str
    of: str = ""
    at: Any = None


Sums = dict[Key, float]


class Change(NamedTuple):
    """
    What edits add.

    Attributes:
        sums: To the sums.
        capacity: The new capacity of resources.
    """

    sums: Sums
    capacity: dict[str, int]


class Effects:
    """
    The effects of edits on an organisation.

    Attributes:
        edits: In the order in which they are applied: those that change flows first.
    """

    def __init__(
        self, organisation: PublicOrganisation, edits: Iterable[Edit], tied: Iterable[tuple[Edit, Edit]] = ()
    ) -> None:
        given = tuple(edits)
        self.organisation = organisation
        self.edits = (
            *(edit for edit in given if isinstance(edit, REWIRING)),
            *(edit for edit in given if not isinstance(edit, REWIRING)),
        )
        self._rewiring = sum(isinstance(edit, REWIRING) for edit in given)
        self._tied = tuple(
            tied
        )  # edits of which one holds only behind the other, though they name nothing in common
        self._structures: dict[int, _Structure | None] = {}

    def measure(self, masks: NDArray[np.int64]) -> Floats:
        """
        Return what each combination comes to.

        Args:
            masks: Combinations; bit i stands for edit i.

        Returns:
            One row for each combination, one column for each of `MEASURES`, per case of the average service: seconds, money,
            seconds, staff; NaN where undefined. All NaN where the edits cannot be applied together.
        """
        import numpy as np

        result = np.full((len(masks), len(MEASURES)), np.nan)
        rewired = masks & ((1 << self._rewiring) - 1)
        for flows in np.unique(rewired):
            structure = self._structure(int(flows))
            if structure is not None:
                rows = np.flatnonzero(rewired == flows)
                result[rows] = structure.measure(masks[rows] >> self._rewiring)
        return result

    @property
    def knows_no_priorities(self) -> bool:
        """Whether a resource serves by priority, of which waits here know nothing: they are as first come, first served."""
        structure = self._structure(0)
        assert structure is not None  # no edits can always be applied
        return any(load.by_priority for load in structure.evaluation.loads.values())

    def _structure(self, flows: int) -> _Structure | None:
        if flows not in self._structures:
            chosen = [edit for i, edit in enumerate(self.edits[: self._rewiring]) if flows >> i & 1]
            try:
                organisation = in_sequence(self.organisation, chosen)
            except InvalidEditError:
                self._structures[flows] = None
            else:
                self._structures[flows] = _Structure(
                    self.organisation, organisation, self.edits[self._rewiring :], self._tied
                )
        return self._structures[flows]


def _groups(
    organisation: PublicOrganisation, edits: Sequence[Edit], tied: Iterable[tuple[Edit, Edit]]
) -> list[list[int]]:
    """Return the edits that are tied or name something in common, together, directly or through others."""
    group = list(range(len(edits)))
    seen: dict[object, int] = {}

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for i, edit in enumerate(edits):
        for thing in _named(organisation, edit):
            group[root(i)] = root(seen.setdefault(thing, i))
    place = {edit: i for i, edit in enumerate(edits)}
    for one, other in tied:
        if one in place and other in place:
            group[root(place[one])] = root(place[other])
    found: dict[int, list[int]] = {}
    for i in range(len(edits)):
        found.setdefault(root(i), []).append(i)
    return list(found.values())


def _named(organisation: PublicOrganisation, edit: Edit) -> list[tuple[object, ...]]:
    """Return what an edit changes; edits that change nothing in common add up."""
    of = getattr(edit, "service", None)
    named: list[tuple[object, ...]] = [("resource" if of is None else of, id) for id in _texts(edit)]
    if isinstance(edit, FetchEvidence):
        service = organisation.service(edit.service)
        names = names_of(service, edit.datum)
        named.extend((of, id) for id in names)
        named.extend((of, step.id) for step in service.procedure.steps if not names.isdisjoint(step.asks))
    return named


def _texts(item: Any) -> list[str]:
    if isinstance(item, str):
        return [item]
    if isinstance(item, tuple):
        return [text for part in item for text in _texts(part)]
    if attrs.has(type(item)):
        return [
            text
            for field in attrs.fields(type(item))
            if field.name != "service"
            for text in _texts(getattr(item, field.name))
        ]
    return []


class _Structure:
    """An organisation whose flows stay as they are, and the sums that edits change."""

    def __init__(
        self,
        before: PublicOrganisation,
        organisation: PublicOrganisation,
        edits: Sequence[Edit],
        tied: Iterable[tuple[Edit, Edit]],
    ) -> None:
        self.organisation = organisation
        self.evaluation = evaluate(organisation)
        self.evidence = evidence_times(organisation)
        self.resources = {resource.id: resource for resource in organisation.resources}
        self.capacity = {id: resource.capacity or 0 for id, resource in self.resources.items()}
        self.salaries = _salaries(organisation)
        self.salaries_today = sum(
            salary * (before.resource(r).capacity or 0) for r, salary in _salaries(before).items()
        )
        self.base: Sums = {}
        for of in self.evaluation.profiles.values():
            for i, node in enumerate(of.graph.nodes):
                if isinstance(node, Step | Wait):
                    self._add(self.base, of, i, node, 1)
            for requirement in of.service.requirements:
                _plus(self.base, Key("required", of.service.id, requirement.id), 1.0)
        self.edits = edits
        self.groups = _groups(organisation, edits, tied)
        self._known: dict[tuple[int, int], Change | None] = {}

    def change(self, group: int, choice: int) -> Change | None:
        """Return what a combination of the edits of a group adds; None where it cannot be applied."""
        key = (group, choice)
        if key not in self._known:
            chosen = [self.edits[i] for bit, i in enumerate(self.groups[group]) if choice >> bit & 1]
            try:
                self._known[key] = self._difference(in_sequence(self.organisation, chosen), chosen)
            except InvalidEditError:
                self._known[key] = None
        return self._known[key]

    def _difference(self, after: PublicOrganisation, edits: list[Edit]) -> Change:
        sums: Sums = {}
        capacity = {edit.resource: edit.capacity for edit in edits if isinstance(edit, SetCapacity)}
        for old, new in zip(self.organisation.services, after.services, strict=True):
            if old is new:
                continue
            of = self.evaluation.profiles[old.id]
            nodes = {node.id: node for node in new.procedure.workers}
            for i, node in enumerate(of.graph.nodes):
                if isinstance(node, Step | Wait) and nodes.get(node.id) is not node:
                    self._add(sums, of, i, node, -1)
                    if node.id in nodes:
                        self._add(sums, of, i, nodes[node.id], 1)
            kept = {requirement.id for requirement in new.requirements}
            for requirement in old.requirements:
                if requirement.id not in kept:
                    _plus(sums, Key("required", old.id, requirement.id), -1.0)
        return Change(sums, capacity)

    def _add(self, sums: Sums, of: Profile, i: int, node: Step | Wait, sign: int) -> None:
        """Add what the cases of a service take at one node, or take it away with sign -1."""
        id = of.service.id
        for datum in node.asks if isinstance(node, Step) else ():
            _plus(sums, Key("asking", id, datum), sign)
        if of.visits is None or not of.visits[i]:
            return
        n = sign * of.visits[i]
        count = len(of.graph.nodes)
        alone = attrs.evolve(of, times=[0.0] * count, waits=[0.0] * count, unknown={}, demands={})
        add_node(alone, i, node, self.organisation, self.evaluation.clocks)
        time, wait = alone.times[i], alone.waits[i]
        region = of.nested.region_of[i]
        at = None if region is None else id_of(region)
        if time is None or wait is None:
            _plus(sums, Key("unknown", id), n)
        if isinstance(node, Wait):
            _plus(sums, Key("time", id, at), n * (wait or 0.0))
            return
        shares = {r: demand.open_share for r, demand in alone.demands.items()}
        stay = max([time or 0.0, *((time or 0.0) / share for share in shares.values())])
        _plus(sums, Key("time", id, at), n * (stay + (wait or 0.0)))
        queue = tuple(sorted(shares.items()))
        if queue:
            _plus(sums, Key("queue", id, (at, queue)), n)
        _plus(sums, Key("able", id, node.resource), n)
        _plus(sums, Key("visits", id), n)
        for r, demand in alone.demands.items():
            total = Total()
            total.add(of, demand)
            for name in _LOAD:
                _plus(sums, Key(name, r), sign * float(getattr(total, name)))
        self._add_money(sums, of, node, n, time)
        self._add_burden(sums, of, node, n, time, wait, queue)

    def _add_money(self, sums: Sums, of: Profile, step: Step, n: float, time: float | None) -> None:
        id = of.service.id
        if step.cost is not None:
            _plus(sums, Key("cost", id, step.cost.currency), n * step.cost.amount)
        for r in step.resource:
            cost = self.resources[r].cost
            if cost is not None and time is None:
                _plus(sums, Key("unpriced", id), n)
            elif cost is not None:
                paid = n * (time or 0.0) * step.staff * self.resources[r].cost_per_second
                _plus(sums, Key("cost", id, cost.currency), paid)

    def _add_burden(
        self,
        sums: Sums,
        of: Profile,
        step: Step,
        n: float,
        time: float | None,
        wait: float | None,
        queue: tuple[tuple[str, float], ...],
    ) -> None:
        id = of.service.id
        in_person = step.contact == "in-person"
        if step.actor == "applicant" or (in_person and step.actor == "office"):
            if time is None or wait is None:
                _plus(sums, Key("unknown burden", id), n)
            _plus(sums, Key("burden", id), n * ((time or 0.0) + ((wait or 0.0) if in_person else 0.0)))
            if in_person and queue:
                _plus(sums, Key("appears", id, queue), n)
        if in_person and step.channel is not None:
            channel = next(c for c in of.service.channels if c.id == step.channel)
            if channel.travel_time is not None:
                travel = channel.travel_time.seconds(hours_per_working_day=8.0) or 0.0
                _plus(sums, Key("burden", id), n * travel)
        for datum in step.asks:
            _plus(sums, Key("asked", id, datum), n)

    # All combinations at once

    def measure(self, masks: NDArray[np.int64]) -> Floats:
        """Return the measures of combinations of the edits that leave the flows as they are."""
        import numpy as np

        groups = []
        possible = np.ones(len(masks), dtype=bool)
        for g, group in enumerate(self.groups):
            choice = np.zeros(len(masks), dtype=np.int64)
            for bit, i in enumerate(group):
                choice |= (masks >> i & 1) << bit
            different, which = np.unique(choice, return_inverse=True)
            changes = [self.change(g, int(one)) for one in different]
            possible &= np.array([change is not None for change in changes])[which]
            groups.append(([change or Change({}, {}) for change in changes], which))
        result = _Rows(self, groups, len(masks)).measures()
        result[~possible] = np.nan
        return result


class _Rows:
    """The sums of combinations, one value for each."""

    def __init__(
        self,
        structure: _Structure,
        groups: list[tuple[list[Change], NDArray[np.intp]]],
        count: int,
    ) -> None:
        self.of = structure
        self.groups = groups  # for each its different changes, and which of them each combination has
        self.count = count
        self.waits: dict[str, Floats] = {}
        self.changed: dict[Key, list[int]] = {}
        for g, (changes, _) in enumerate(groups):
            for key in {key for change in changes for key in change.sums}:
                self.changed.setdefault(key, []).append(g)

    def sum(self, key: Key) -> Floats:
        """Return one sum, shape (n_combinations,)."""
        import numpy as np

        result = np.full(self.count, self.of.base.get(key, 0.0))
        for g in self.changed.get(key, ()):
            changes, which = self.groups[g]
            result += np.array([change.sums.get(key, 0.0) for change in changes])[which]
        return result

    def keys(self, kind: str, id: str) -> list[Key]:
        """Return the sums of a kind that a service has in some combination."""
        return [key for key in {**self.of.base, **self.changed} if key.kind == kind and key.of == id]

    def capacity(self, r: str) -> NDArray[np.int64]:
        """Return the capacity of a resource, shape (n_combinations,)."""
        import numpy as np

        result = np.full(self.count, self.of.capacity[r])
        for changes, which in self.groups:
            if any(r in change.capacity for change in changes):
                result = np.array([change.capacity.get(r, self.of.capacity[r]) for change in changes])[which]
        return result

    def wait(self, r: str) -> Floats:
        """Return how long a visit waits for a resource, shape (n_combinations,); NaN where it cannot keep up."""
        import numpy as np

        if r not in self.waits:
            columns = [self.sum(Key(name, r)) for name in _LOAD]
            table = np.column_stack([*columns, self.capacity(r).astype(float)])
            different, which = np.unique(np.round(table, 12), axis=0, return_inverse=True)
            resource = self.of.resources[r]
            found = [_wait(resource, row) for row in different]
            self.waits[r] = np.array(found)[which.reshape(-1)]
        return self.waits[r]

    def queue(self, queue: tuple[tuple[str, float], ...]) -> Floats:
        """Return how long a visit waits for resources needed together: the longest of their waits."""
        import numpy as np

        return np.asarray(np.maximum.reduce([self.wait(r) / share for r, share in queue]))

    def measures(self) -> Floats:
        """Return the measures per case of the average service."""
        import numpy as np

        profiles = self.of.evaluation.profiles
        rates = [None if of.rate is None else of.rate * of.clock.share for of in profiles.values()]
        known = [rate for rate in rates if rate is not None]
        weights = known if len(known) == len(rates) else [1.0] * len(rates)
        result = np.full((self.count, len(MEASURES)), np.nan)
        for column, measure in enumerate((self.cycle_time, self.cost, self.applicant_time, self.flexibility)):
            values = [measure(id) for id in profiles]
            there = [(w, v) for w, v in zip(weights, values, strict=True) if v is not None]
            if there:
                total = sum(weight for weight, _ in there)
                result[:, column] = np.sum([weight / total * value for weight, value in there], axis=0)
        if len(known) == len(rates):
            result[:, 1] += self.salaries() / (sum(known) * SECONDS_PER_YEAR)
        return result

    def salaries(self) -> Floats:
        """Return what more capacity than today's costs in a year, shape (n_combinations,)."""
        import numpy as np

        result = np.full(self.count, -self.of.salaries_today)
        for r, salary in self.of.salaries.items():
            result += self.capacity(r) * salary
        return result

    def known(self, kind: str, id: str, values: Floats) -> Floats:
        """Return values, NaN for combinations with something unknown of a kind."""
        import numpy as np

        return np.where(self.sum(Key(kind, id)) > _NOTHING, np.nan, values)

    def cycle_time(self, id: str) -> Floats | None:
        """Return the cycle time of a service; None where it is not known today, whatever queues there are."""
        import numpy as np

        of = self.of.evaluation.profiles[id]
        lacks = Key("unknown", id) in self.of.base
        if of.visits is None or of.nested.unstructured is not None or lacks:
            return None
        totals: dict[object, Floats] = {id_of(region): np.zeros(self.count) for region in of.nested.regions}
        for key in self.keys("time", id):
            totals[key.at] += self.sum(key)
        for key in self.keys("queue", id):
            at, queue = key.at
            n = self.sum(key)
            totals[at] += np.where(n > _NOTHING, n * self.queue(queue), 0.0)
        for block in reversed(of.nested.blocks):
            entered = of.visits[block.split]
            if entered:
                branches = [totals[id_of(branch)] / entered for branch in block.branches]
                totals[id_of(block.region)] += entered * _block_time(block, branches, of)
        return self.known("unknown", id, totals[id_of(of.nested.regions[0])])

    def cost(self, id: str) -> Floats | None:
        """Return what a case of a service costs the office; None where that is not known, or in several currencies."""
        currencies = {key.at for key in (*self.of.base, *self.changed) if key.kind == "cost"}
        keys = self.keys("cost", id)
        if len(currencies) != 1 or not keys or Key("unpriced", id) in self.of.base:
            return None
        return self.known("unpriced", id, self.sum(keys[0]))

    def applicant_time(self, id: str) -> Floats | None:
        """Return what a case of a service takes of the applicant's time; None where that is not known."""
        import numpy as np

        of = self.of.evaluation.profiles[id]
        if of.visits is None or Key("unknown burden", id) in self.of.base:
            return None
        result = self.sum(Key("burden", id))
        for key in self.keys("appears", id):
            n = self.sum(key)
            result += np.where(n > _NOTHING, n * self.queue(key.at), 0.0)
        requirements = {r.id: r.evidence for r in self.of.organisation.service(id).requirements}
        asked = {str(key.at): self.sum(key) for key in self.keys("asked", id)}
        for key in self.keys("required", id):
            # Handed in with the application, unless a step asks for it.
            handed_in = self.sum(key) * (self.sum(Key("asking", id, key.at)) < 0.5)
            asked[key.at] = asked.get(key.at, 0.0) + handed_in
        for datum, times in asked.items():
            known = [self.of.evidence[e] for e in requirements.get(datum, (datum,)) if e in self.of.evidence]
            if known:
                result += np.minimum(1.0, times) * min(known)
        return self.known("unknown burden", id, result)

    def flexibility(self, id: str) -> Floats | None:
        """Return how many could do a step, over the visits of steps that people or systems do; None without any."""
        import numpy as np

        able = np.zeros(self.count)
        total = np.zeros(self.count)
        for key in self.keys("able", id):
            resources: tuple[str, ...] = key.at
            if resources:
                n = self.sum(key)
                able += n * np.minimum.reduce([self.capacity(r) for r in resources])
                total += n
        if not total.any():
            return None
        return np.divide(able, total, out=np.zeros(self.count), where=total > _NOTHING)


_NOTHING = 1e-12  # sums that differ from 0 by less are the rounding of what was taken away


def id_of(region: Region) -> tuple[int, int]:
    """Return what tells a region from the others of its procedure."""
    return (-1 if region.block is None else region.block.split, region.branch)


def _plus(sums: Sums, key: Key, value: float) -> None:
    sums[key] = sums.get(key, 0.0) + value


def _wait(resource: Resource, row: Floats) -> float:
    """Return how long a visit waits for a resource of which the load is given; NaN where it cannot keep up."""
    values = dict(zip(_LOAD, (float(value) for value in row), strict=False))
    total = Total(
        **{
            name: round(value) if name in ("services", "without_rate") else value
            for name, value in values.items()
        }  # type: ignore[arg-type]  # by name
    )
    found = load(attrs.evolve(resource, capacity=int(row[-1])), total)
    wait = found.waiting_time_s
    return float("nan") if wait is None else wait


def _block_time(block: Block, branches: list[Floats], of: Profile) -> Floats:
    """Return how long a block takes: the longest branch; of an inclusive block the longest that is taken."""
    import numpy as np

    if block.kind == "parallel":
        return np.asarray(np.maximum.reduce(branches))
    given = [p or 0.0 for p in of.graph.probabilities[block.split]]
    shares = branch_probabilities(given)
    taken = [i for i, share in enumerate(shares) if share]
    times = np.column_stack([branches[i] / shares[i] for i in taken])
    order = np.argsort(-times, axis=1)
    chances = np.array([given[i] for i in taken])[order]
    longest_first = np.take_along_axis(times, order, axis=1)
    none_longer = np.cumprod(np.column_stack([np.ones(len(times)), 1 - chances]), axis=1)
    mean = (longest_first * chances * none_longer[:, :-1]).sum(axis=1)
    return np.asarray(mean / (1 - none_longer[:, -1]))


def _salaries(organisation: PublicOrganisation) -> dict[str, float]:
    """Return for each resource with a cost what one of it costs in a year."""
    found = {}
    for resource in organisation.resources:
        if resource.cost is not None:
            calendar = organisation.calendar_of(resource)
            share = 1.0 if calendar is None else calendar.open_share
            found[resource.id] = resource.cost.per_second * share * SECONDS_PER_YEAR
    return found


def combinations_up_to(count: int, most: int) -> list[int]:
    """Return the masks of all combinations of so many things, the smaller first."""
    return [
        sum(1 << i for i in chosen) for size in range(most + 1) for chosen in combinations(range(count), size)
    ]
