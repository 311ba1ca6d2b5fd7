"""CPU time of analysing a catalogue of services, against a plain networkx loop over the same graphs."""

from __future__ import annotations

import statistics
import sys
import time

import attrs
import networkx as nx

from pubservice.analysis.bottlenecks import find_bottlenecks
from pubservice.analysis.check import check
from pubservice.analysis.performance import performance
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step
from pubservice.model.resource import Resource
from pubservice.model.service import Channel, PublicService


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


def furnished(services: int) -> PublicOrganisation:
    """Return the same with data, contacts and set-ups at every step, so that every rule has something to look at."""
    bare = organisation(services)
    steps = [
        attrs.evolve(
            step,
            needs=[f"d{i - 1}"] if i else ["form"],
            asks=["photo"] if i == 3 else [],
            checks=[{"check": "valid", "of": f"d{i - 1}"}] if i % 4 == 1 else [],
            gives=[f"d{i}"],
            setup_time="1 min" if i % 5 == 0 else None,
            contact="in-person" if i in (0, 3, 19) else "none",
            channel="counter" if i in (0, 3, 19) else None,
            competences=[f"c{i % 5}"],
        )
        for i, step in enumerate(procedure().steps)
    ]
    made = attrs.evolve(procedure(), steps=steps)
    channels = [Channel("counter", kind="counter", travel_time="1 hour"), Channel("portal", kind="online")]
    offered = [
        attrs.evolve(
            service, requirements=["form", "photo"], outputs=["d19"], channels=channels, procedure=made
        )
        for service in bare.services
    ]
    return attrs.evolve(bare, services=offered)


def every_rule(organisation: PublicOrganisation) -> int:
    """Return how much all rules find."""
    return len(check(organisation))


def cpu(work: object, argument: PublicOrganisation) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work(argument)  # type: ignore[operator]  # a function
    return time.process_time() - begun


def main(sizes: list[int]) -> None:
    """Measure in turn, and print medians and ratios."""
    for size in sizes:
        bare, full = organisation(size), furnished(size)
        works = {
            "networkx": (plain, bare),
            "analysed": (analysed, bare),
            "all rules": (every_rule, bare),
            "all rules, with data": (every_rule, full),
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(3 if size > 1000 else 7):
            for name, (work, model) in works.items():
                times[name].append(cpu(work, model))
        base = statistics.median(times.pop("networkx"))
        print(f"{size:6} services: networkx {base / size * 1e6:.0f} µs a service")
        for name, measured in times.items():
            mine = statistics.median(measured)
            print(f"{'':8}{name:20} {mine / size * 1e6:6.0f} µs: ratio {mine / base:.2f}")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100, 1000, 10000])
