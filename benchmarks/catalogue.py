"""CPU time of analysing a catalogue of services, against a plain networkx loop over the same graphs."""

from __future__ import annotations

import statistics
import sys
import time

import networkx as nx

from pubservice.analysis.bottlenecks import find_bottlenecks
from pubservice.analysis.findings import check
from pubservice.analysis.performance import performance
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step
from pubservice.model.resource import Resource
from pubservice.model.service import PublicService


def procedure() -> Procedure:
    """Return 20 steps with a correction loop, a parallel block and a refusal."""
    steps = [
        Step(f"s{i}", resource=f"r{i % 5}", processing_time=f"{i + 1} min", cost="1000 IDR")
        for i in range(20)
    ]
    flows = [Flow(f"s{i}", f"s{i + 1}") for i in range(19) if i not in (2, 6, 7, 8, 15)]
    flows += [Flow("s2", "s3", probability=0.8), Flow("s2", "s1", probability=0.2)]
    flows += [
        Flow("s6", "fork"),
        Flow("fork", "s7"),
        Flow("fork", "s8"),
        Flow("s7", "join"),
        Flow("s8", "join"),
        Flow("join", "s9"),
    ]
    flows += [
        Flow("s15", "s16", probability=0.7),
        Flow("s15", "refused", probability=0.3),
        Flow("s19", "granted"),
    ]
    return Procedure(
        start="s0",
        steps=steps,
        gateways=[Gateway("fork", kind="parallel"), Gateway("join", kind="parallel")],
        ends=[End("granted"), End("refused")],
        flows=flows,
    )


def organisation(services: int) -> PublicOrganisation:
    """Return so many services that share five resources."""
    made = procedure()
    return PublicOrganisation(
        "country",
        resources=[Resource(f"r{i}", capacity=services, cost="60000 IDR/hour") for i in range(5)],
        services=[
            PublicService(f"service-{i}", arrival_rate="0.4 case/hour", procedure=made)
            for i in range(services)
        ],
    )


def plain(organisation: PublicOrganisation) -> float:
    """Build every graph, its strong components, dominators, and the longest path of its condensation."""
    total = 0.0
    for service in organisation.services:
        graph: nx.DiGraph[str] = nx.DiGraph()
        for node in service.procedure.nodes:
            graph.add_node(node.id)
        for flow in service.procedure.flows:
            graph.add_edge(flow.source, flow.target, probability=flow.probability)
        condensed = nx.condensation(graph)
        nx.immediate_dominators(graph, "s0")
        total += nx.dag_longest_path_length(condensed)
    return total


def analysed(organisation: PublicOrganisation) -> float:
    """Touch what a catalogue is judged by: times, costs, loads, structural findings."""
    total = 0.0
    for service in performance(organisation).services:
        total += (service.cycle_time_s or 0) + (service.applicant_time_s or 0)
        total += service.office_cost.amount if service.office_cost else 0
    total += sum(load.utilisation or 0 for load in find_bottlenecks(organisation).loads)
    return total + len(check(organisation, select=["MOD001", "MOD002", "MOD003", "MOD004"]))


def cpu(work: object, argument: PublicOrganisation) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work(argument)  # type: ignore[operator]  # a function
    return time.process_time() - begun


def main(sizes: list[int]) -> None:
    """Measure in turn, and print medians and ratios."""
    for size in sizes:
        model = organisation(size)
        ours, theirs = [], []
        for _ in range(3 if size > 1000 else 7):
            theirs.append(cpu(plain, model))
            ours.append(cpu(analysed, model))
        mine, base = statistics.median(ours), statistics.median(theirs)
        print(
            f"{size:6} services: networkx {base / size * 1e6:6.0f} µs, pubservice {mine / size * 1e6:6.0f} µs a service: "
            f"ratio {mine / base:.2f}",
        )


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100, 1000, 10000])
