"""The procedure of benchmarks/simulation.py in Ciw and in SimPy, each with the full log; run in an environment of its own."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

STEPS = ("intake", "check", "ask", "assess", "inspect", "review", "decide", "notify")
RESOURCE = {
    "intake": "clerk",
    "check": "clerk",
    "ask": "clerk",
    "assess": "engineer",
    "inspect": "inspector",
    "review": "engineer",
    "decide": "head",
    "notify": "clerk",
}
CAPACITY = {"clerk": 4, "engineer": 5, "inspector": 3, "head": 1}
MINUTES = {
    "intake": 10.0,
    "check": 15.0,
    "ask": 5.0,
    "assess": 40.0,
    "inspect": 50.0,
    "review": 15.0,
    "decide": 12.0,
    "notify": 5.0,
}
ROUTES = {
    "intake": {"check": 1.0},
    "check": {"ask": 0.25, "assess": 0.75},
    "ask": {"check": 1.0},
    "assess": {"inspect": 0.6, "review": 0.4},
    "inspect": {"review": 1.0},
    "review": {"assess": 0.1, "decide": 0.9},
    "decide": {"notify": 1.0},
    "notify": {},
}
GAP = 15.0  # minutes between cases


def with_ciw(cases: int) -> int:
    """Return how many visits Ciw has logged."""
    import ciw

    index = {name: i for i, name in enumerate(STEPS)}
    # Ciw's servers belong to one node: a resource shared by steps is one node visited by classes of cases.
    resources = list(CAPACITY)
    node_of = {name: resources.index(RESOURCE[name]) for name in STEPS}
    classes = [str(i) for i in range(len(STEPS))]

    class Route(ciw.routing.NodeRouting):  # type: ignore[misc]  # Ciw is untyped
        """Where a case goes behind a step; its class is the step."""

        def next_node(self, ind: Any) -> Any:
            """Return the node of the next step."""
            ways = ROUTES[STEPS[int(ind.customer_class)]]
            if not ways:
                return self.simulation.nodes[-1]
            (step,) = random.choices(list(ways), list(ways.values()))
            ind.customer_class = str(index[step])
            return self.simulation.nodes[node_of[step] + 1]

    work = {
        name: [
            ciw.dists.Exponential(1 / MINUTES[step]) if node_of[step] == n else ciw.dists.Deterministic(0.0)
            for n in range(len(resources))
        ]
        for name, step in zip(classes, STEPS, strict=True)
    }
    network = ciw.create_network(
        arrival_distributions={
            name: [
                ciw.dists.Exponential(1 / GAP) if step == "intake" and n == 0 else None
                for n in range(len(resources))
            ]
            for name, step in zip(classes, STEPS, strict=True)
        },
        service_distributions=work,
        number_of_servers=list(CAPACITY.values()),
        routing={name: ciw.routing.NetworkRouting([Route() for _ in resources]) for name in classes},
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(cases, method="Finish")
    return len(simulation.get_all_records())


def with_simpy(cases: int) -> int:
    """Return how many visits SimPy has logged."""
    import simpy

    env = simpy.Environment()
    rng = random.Random(1)
    resources = {name: simpy.Resource(env, capacity=n) for name, n in CAPACITY.items()}
    ways = {name: (list(routes), list(routes.values())) for name, routes in ROUTES.items()}
    log: list[tuple[int, str, float, float, float]] = []

    def case(number: int) -> Generator[Any, Any, None]:
        step = "intake"
        while True:
            ready = env.now
            with resources[RESOURCE[step]].request() as request:
                yield request
                start = env.now
                yield env.timeout(rng.expovariate(1 / MINUTES[step]))
            log.append((number, step, ready, start, env.now))
            to, chances = ways[step]
            if not to:
                return
            step = to[0] if len(to) == 1 else rng.choices(to, chances)[0]

    def arrivals() -> Generator[Any, Any, None]:
        for number in range(cases):
            yield env.timeout(rng.expovariate(1 / GAP))
            env.process(case(number))

    env.process(arrivals())
    env.run()
    return len(log)


PEERS: dict[str, Callable[[int], int]] = {"ciw": with_ciw, "simpy": with_simpy}

if __name__ == "__main__":
    peer, cases = sys.argv[1], int(sys.argv[2])
    begun = time.process_time()
    events = PEERS[peer](cases)
    print(time.process_time() - begun, events)
