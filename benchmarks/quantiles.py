"""CPU time of causes, quantiles and sensitivities of 20 services that share 15 resources, against the analysis without."""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING

import attrs
import networkx as nx

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.causes import times_of
from pubservice.analysis.check import check
from pubservice.analysis.cycle_times import distribution_of
from pubservice.analysis.network import network_performance
from pubservice.analysis.performance import Performance, performance
from pubservice.analysis.savings import savings
from pubservice.analysis.sensitivity import sensitivity
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step, Wait
from pubservice.model.resource import Calendar, Resource
from pubservice.model.service import PublicService, ServiceStandard

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = (
    "triangular(5, 10, 30) min",
    "lognormal(mean=20 min, sd=15 min)",
    "exponential(mean=15 min)",
    "12 min",
    "gamma(mean=30 min, sd=10 min)",
)


def service(n: int, rng: random.Random) -> PublicService:
    """Return a service of twenty steps: a loop of corrections, a choice, two parallel blocks."""
    steps = [
        Step(f"s{i}", resource=f"r{rng.randrange(15)}", processing_time=rng.choice(TIMES)) for i in range(20)
    ]
    waits = [Wait("correction", cause="applicant", clock="elapsed", time="lognormal(mean=3 day, sd=2 day)")]
    gateways = [Gateway(id, kind="parallel") for id in ("f", "j", "g", "k")]
    pairs = "s0 s1, s2 s3, s3 f, f s4, f s5, s4 j, s5 j, j s6, s6 s7, s9 s10, s10 g, g s11, g s12, g s13, s11 s14, s12 k"
    pairs += ", s13 k, s14 k, k s15, s15 s16, s16 s17, s17 s18, s18 s19, s19 granted"
    flows = [Flow(*pair.split()) for pair in pairs.split(", ")]
    flows += [Flow("s1", "s2", probability=0.75), Flow("s1", "correction", probability=0.25)]
    flows += [Flow("correction", "s1"), Flow("s7", "s8", probability=0.4), Flow("s7", "s9", probability=0.6)]
    flows += [Flow("s8", "s9")]
    procedure = Procedure(
        start="s0", steps=steps, waits=waits, gateways=gateways, ends=[End("granted")], flows=flows
    )
    return PublicService(
        f"service-{n}",
        arrival_rate="4 case/working_day",
        standard=ServiceStandard(completion_time="5 working_day"),
        procedure=procedure,
    )


def organisation() -> PublicOrganisation:
    """Return twenty services that share fifteen resources under a calendar."""
    rng = random.Random(2026)
    return PublicOrganisation(
        "office",
        calendar="office",
        calendars=[Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})],
        resources=[Resource(f"r{i}", capacity=12) for i in range(15)],
        services=[service(n, rng) for n in range(20)],
    )


def graphs(model: PublicOrganisation) -> None:
    """Build the graphs of all services in networkx."""
    for one in model.services:
        graph: nx.DiGraph[str] = nx.DiGraph()
        for node in one.procedure.nodes:
            graph.add_node(node.id, node=node)
        for flow in one.procedure.flows:
            graph.add_edge(flow.source, flow.target, probability=flow.probability)


def analysis(model: PublicOrganisation) -> None:
    """Work out all that is printed but causes and quantiles."""
    found = check(model)
    result = performance(model)
    for one in result.services:
        one.data()
    savings(model, found)


def causes(result: Performance) -> None:
    """Tell what cases of each service spend their time on."""
    for one in result.services:
        times_of(one, CaseTime(one.case))


def quantiles(result: Performance) -> None:
    """Work out quantiles of each service on the service's clock."""
    for one in result.services:
        found = distribution_of(CaseTime(one.case))
        for share in (0.5, 0.8, 0.9, 0.95):
            found.quantile_s(share)


def all_of_it(result: Performance) -> None:
    """Work out causes, and quantiles on both clocks."""
    for one in result.services:
        case_time = CaseTime(one.case)
        times_of(one, case_time)
        distribution_of(case_time).data()


def without_promises(model: PublicOrganisation) -> PublicOrganisation:
    """Return the same services, which promise no completion time."""
    services = [attrs.evolve(one, standard=ServiceStandard()) for one in model.services]
    return attrs.evolve(model, services=services)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure in turn, and print medians and ratios."""
    model = organisation()
    result, silent = performance(model), without_promises(model)
    work: dict[str, Callable[[], object]] = {
        "networkx build": lambda: graphs(model),
        "performance": lambda: performance(model),
        "analysis without causes and quantiles": lambda: analysis(model),
        "causes": lambda: causes(result),
        "quantiles": lambda: quantiles(result),
        "causes and quantiles on both clocks": lambda: all_of_it(result),
        "queues that feed each other": lambda: network_performance(model),
        "sensitivities of time and cost": lambda: sensitivity(silent),
        "sensitivities with promises": lambda: sensitivity(model),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(9):
        for name, call in work.items():
            times[name].append(cpu(call))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, value in medians.items():
        of_performance = value / medians["performance"]
        of_analysis = value / medians["analysis without causes and quantiles"]
        of_build = value / medians["networkx build"]
        print(
            f"{name:40} {value * 1000:8.1f} ms  {of_build:6.1f} × build  {of_performance:6.1f} × performance  "
            f"{of_analysis:6.2f} × analysis"
        )


if __name__ == "__main__":
    main()
