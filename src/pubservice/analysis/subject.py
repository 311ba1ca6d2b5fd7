"""What a rule sees: one service in its organisation, with everything that is worked out once for all rules."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from pubservice.analysis.controls import Controls
from pubservice.analysis.load import Evaluation, evaluate
from pubservice.analysis.performance import evidence_times, service_performance
from pubservice.analysis.questions import Asked
from pubservice.analysis.unused import what_is_unused
from pubservice.graph.blocks import Blocks, blocks
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.graph.paths import from_start, likeliest_way, runs
from pubservice.graph.presence import Presence
from pubservice.graph.soundness import soundness_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.analysis.profile import Profile
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.analysis.unused import UnusedData
    from pubservice.graph.soundness import Soundness
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import Evidence, PublicService


class Setting:
    """What rules may ask of the organisation around a service; worked out once for all services."""

    def __init__(self, organisation: PublicOrganisation) -> None:
        self.organisation = organisation

    @cached_property
    def evaluation(self) -> Evaluation:
        """The organisation, worked out."""
        return evaluate(self.organisation)

    @cached_property
    def times_to_obtain(self) -> dict[str, float]:
        """The seconds that it takes an applicant to obtain each datum of which that is stated."""
        return evidence_times(self.organisation)

    def performance(self, service: str) -> ServicePerformance:
        """Return what a case of a service goes through."""
        evaluation = self.evaluation
        return service_performance(
            evaluation.profiles[service], evaluation.loads, self.times_to_obtain, evaluation
        )

    @cached_property
    def staff(self) -> frozenset[str]:
        """The resources that are people."""
        return frozenset(resource.id for resource in self.organisation.resources if resource.kind == "staff")

    @cached_property
    def busiest(self) -> dict[str, str]:
        """By resource of which the utilisation is known, the service that brings it most work; the first where there are ties."""
        found = {}
        for id, load in self.evaluation.loads.items():
            if load.utilisation:
                of, _ = max(
                    load.demands,
                    key=lambda pair: (pair[0].rate or 0.0) * pair[1].staffed / pair[1].open_share,
                )
                found[id] = of.service.id
        return found

    @cached_property
    def _holders(self) -> dict[str, frozenset[str]]:
        holders: defaultdict[str, set[str]] = defaultdict(set)
        for resource in self.organisation.resources:
            for competence in resource.competences:
                holders[competence].add(resource.id)
        return {competence: frozenset(ids) for competence, ids in holders.items()}

    def able(self, competences: Iterable[str]) -> frozenset[str]:
        """Return the resources that have all of some competences, at least one; none where none are named."""
        holders = [self._holders.get(competence, frozenset()) for competence in competences]
        return frozenset.intersection(*holders) if holders else frozenset()

    @cached_property
    def _work(self) -> tuple[dict[str, frozenset[str]], set[frozenset[str]]]:
        """What the steps of each resource take, none where one does not say, and which resources steps use together."""
        required: dict[str, set[str]] = {}
        silent: set[str] = set()
        together: set[frozenset[str]] = set()
        for service in self.organisation.services:
            for step in service.procedure.steps:
                for id in step.resource:
                    required.setdefault(id, set()).update(step.competences)
                    if not step.competences:
                        silent.add(id)
                if len(step.resource) > 1:
                    together.update(map(frozenset, combinations(step.resource, 2)))
        known = {id: frozenset(needed) for id, needed in required.items() if id not in silent}
        return known, together

    def required(self, resource: str) -> frozenset[str]:
        """Return the competences that the steps of a resource take; none where one of them does not say."""
        return self._work[0].get(resource, frozenset())

    def are_used_together(self, one: str, other: str) -> bool:
        """Return whether a step takes two resources at once."""
        return frozenset((one, other)) in self._work[1]

    @cached_property
    def _wanted_by(self) -> dict[str, set[str]]:
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for service in self.organisation.services:
            for requirement in service.requirements:
                for datum in (requirement.id, *requirement.evidence):
                    wanted[datum].add(service.id)
            for step in service.procedure.steps:
                for datum in (*step.needs, *step.asks, *(fact.of for fact in step.checks)):
                    wanted[datum].add(service.id)
            for wait in service.procedure.waits:
                for datum in wait.needs:
                    wanted[datum].add(service.id)
        return wanted

    def wanted_elsewhere(self, datum: str, service: str) -> bool:
        """Return whether another service needs, asks for or checks a datum."""
        return bool(self._wanted_by.get(datum, set()) - {service})

    @cached_property
    def _owed_by(self) -> dict[str, dict[str, None]]:
        owed: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for service in self.organisation.services:
            for output in service.outputs:
                owed[output.id][service.id] = None
        return owed

    def owed_elsewhere(self, datum: str, service: str) -> bool:
        """Return whether a datum is the output of another service."""
        return self.source(datum, service) is not None

    def source(self, datum: str, service: str) -> str | None:
        """Return the first other service of which a datum is an output; None where there is none."""
        return next((other for other in self._owed_by.get(datum, ()) if other != service), None)

    @cached_property
    def asked(self) -> Asked:
        """What all services ask of their applicants."""
        return Asked(self.organisation)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the organisation and its services are called."""
        organisation = self.organisation
        named = [(organisation.id, organisation.name), *((s.id, s.name) for s in organisation.services)]
        return frozenset(
            word for id, name in named for word in (id, *(text for _, text in name.translations))
        )

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """The data there is something to say about."""
        return {item.id: item for item in self.organisation.evidence}


_MOST_STATES = 1_000  # of one procedure: what is wrong shows early, and a catalogue holds thousands of them


class Subject:
    """One service in its organisation: graph, blocks and data flow, worked out once for all rules."""

    def __init__(self, service: PublicService, setting: Setting) -> None:
        self.service = service
        self.setting = setting

    @cached_property
    def graph(self) -> FlowGraph:
        """The graph of its procedure."""
        return flowgraph(self.service.procedure)

    @cached_property
    def nested(self) -> Blocks:
        """Its parallel and inclusive blocks."""
        return blocks(self.graph)

    @cached_property
    def reached(self) -> list[bool]:
        """For each node, whether a case can get there."""
        return from_start(self.graph)

    @cached_property
    def flow(self) -> DataFlow:
        """Its data flow."""
        return DataFlow(self.graph, self.nested, self.service.requirements)

    @cached_property
    def soundness(self) -> Soundness:
        """Whether every case of it can finish."""
        return soundness_of(self.graph, self.nested, at_most_states=_MOST_STATES)

    @cached_property
    def controls(self) -> Controls:
        """Its knock-outs."""
        return Controls(self.graph, self.flow, (output.id for output in self.service.outputs))

    @cached_property
    def profile(self) -> Profile:
        """What one case of it asks of the organisation, queues left out."""
        return self.setting.evaluation.profiles[self.service.id]

    @cached_property
    def unused(self) -> UnusedData:
        """What nobody uses of what it makes; only of a service that declares outputs can that be said."""
        return what_is_unused(self)

    @cached_property
    def presence(self) -> Presence | None:
        """How probable it is that something is there at a node; None where visits are undefined."""
        visits = self.setting.evaluation.profiles[self.service.id].visits
        return None if visits is None else Presence(self.graph, self.nested, visits)

    @cached_property
    def performance(self) -> ServicePerformance:
        """What a case of it goes through."""
        return self.setting.performance(self.service.id)

    @cached_property
    def runs(self) -> list[list[int]]:
        """Its steps that follow each other with nothing between, in stretches as long as they can be."""
        return [run for run in runs(self.graph) if self.reached[run[0]]]

    @cached_property
    def likeliest_way(self) -> list[int]:
        """The nodes of its likeliest way; none where that is not known."""
        return likeliest_way(self.graph, self.nested)

    def node(self, index: int) -> Node:
        """Return a node of its graph."""
        return self.graph.nodes[index]
