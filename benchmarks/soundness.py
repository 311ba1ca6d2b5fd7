"""
CPU time of soundness, against building the same graph in networkx, and against the Woflan of pm4py.

pm4py lives in an environment of its own: ``python3 -m venv ENV; ENV/bin/pip install pm4py``, and its Python is given as
the argument or in PM4PY_PYTHON.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from pubservice.graph.soundness import soundness
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step

if TYPE_CHECKING:
    from collections.abc import Callable

WOFLAN = """
import contextlib, io, json, sys, time
from pm4py.algo.analysis.woflan import algorithm as woflan
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to
for line in sys.stdin:
    transitions = json.loads(line)
    net, places = PetriNet(), {}
    def place(name):
        if name not in places:
            places[name] = PetriNet.Place(name)
            net.places.add(places[name])
        return places[name]
    for number, (before, after) in enumerate(transitions):
        transition = PetriNet.Transition(str(number), str(number))
        net.transitions.add(transition)
        for name in before:
            add_arc_from_to(place(name), transition, net)
        for name in after:
            add_arc_from_to(transition, place(name), net)
    begun = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        found = woflan.apply(net, Marking({place("i"): 1}), Marking({place("o"): 1}), parameters={
            "print_diagnostics": False, "return_diagnostics": False, "return_asap_when_not_sound": True})
    print(json.dumps([bool(found), time.process_time() - begun]), flush=True)
"""
LONGEST = 60  # seconds that Woflan may take on one net


def nested(steps: int, *, seed: int = 1) -> Procedure:
    """Return so many steps in sequences, choices, loops and parallel blocks inside each other."""
    rng = random.Random(seed)
    gateways: list[Gateway] = []
    flows: list[Flow] = []
    made = 0

    def gateway(kind: str) -> str:
        gateways.append(Gateway(f"g{len(gateways)}", kind=kind))  # type: ignore[arg-type]  # it is one
        return gateways[-1].id

    def block(size: int) -> tuple[str, str]:
        nonlocal made
        if size == 1:
            made += 1
            return f"s{made}", f"s{made}"
        cut = rng.randrange(1, size)
        kind = rng.choice(["sequence", "sequence", "exclusive", "parallel", "loop"])
        one, other = block(cut), block(size - cut)
        if kind == "sequence":
            flows.append(Flow(one[1], other[0]))
            return one[0], other[1]
        first = gateway("exclusive" if kind == "loop" else kind)
        last = gateway("exclusive" if kind == "loop" else kind)
        back = Flow(last, other[0]), Flow(other[1], first)
        onward = Flow(first, other[0]), Flow(other[1], last)
        flows.extend([Flow(first, one[0]), Flow(one[1], last), *(back if kind == "loop" else onward)])
        return first, last

    parts = [block(min(20, steps - at)) for at in range(0, steps, 20)]
    flows += [Flow(a[1], b[0]) for a, b in pairwise(parts)]
    flows += [Flow("first", parts[0][0]), Flow(parts[-1][1], "granted")]
    return Procedure(
        start="first",
        steps=[Step("first"), *(Step(f"s{i + 1}") for i in range(made))],
        gateways=gateways,
        ends=[End("granted")],
        flows=flows,
    )


def parallel(branches: int) -> Procedure:
    """Return one parallel block."""
    steps = [Step(f"b{i}") for i in range(branches)]
    return Procedure(
        start="fork",
        steps=steps,
        gateways=[Gateway("fork", kind="parallel"), Gateway("join", kind="parallel")],
        ends=[End("granted")],
        flows=[
            *(Flow("fork", step.id) for step in steps),
            *(Flow(step.id, "join") for step in steps),
            Flow("join", "granted"),
        ],
    )


def net(procedure: Procedure) -> list[tuple[list[str], list[str]]]:
    """Return the workflow net of a procedure without inclusive gateways, a place for each flow."""
    into: dict[str, list[str]] = {procedure.first or "": ["i"]}
    out: dict[str, list[str]] = {}
    for flow in procedure.flows:
        out.setdefault(flow.source, []).append(f"{flow.source}>{flow.target}")
        into.setdefault(flow.target, []).append(f"{flow.source}>{flow.target}")
    transitions = []
    for node in procedure.nodes:
        before, after = into[node.id], out.get(node.id, ["o"])
        if isinstance(node, Gateway) and node.kind == "parallel":
            transitions.append((before, after))
        else:
            transitions += [([b], [a]) for b in before for a in after]
    return transitions


def plain(procedure: Procedure) -> nx.DiGraph[str]:
    """Return the graph of a procedure in networkx."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in procedure.nodes:
        graph.add_node(node.id)
    for flow in procedure.flows:
        graph.add_edge(flow.source, flow.target)
    return graph


def cpu(work: Callable[[], object], *, times: int = 1) -> float:
    """Return the CPU seconds of one call, as the mean of some."""
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def against_networkx() -> None:
    """Print the ratios to the build of the graph, and that of ten times as many steps."""
    medians = {}
    for size in (1000, 10_000):
        procedure = nested(size)
        ours, theirs = [], []
        times = 20_000 // size  # so that each mean has its share of garbage collection
        for _ in range(9):
            theirs.append(cpu(lambda: plain(procedure), times=times))  # noqa: B023 - called at once
            ours.append(cpu(lambda: soundness(procedure), times=times))  # noqa: B023 - idem
        medians[size] = statistics.median(ours)
        base = statistics.median(theirs)
        print(
            f"{size:6} steps: soundness {medians[size] * 1000:6.2f} ms, networkx build {base * 1000:6.2f} ms: "
            f"ratio {medians[size] / base:.2f}"
        )
    print(f"10,000 steps against 1,000: ratio {medians[10_000] / medians[1000]:.1f}")


def wide_blocks() -> None:
    """Print the time of parallel blocks by their branches."""
    for branches in (2, 17, 200):
        procedure = parallel(branches)
        each = statistics.median(cpu(lambda: soundness(procedure), times=50) for _ in range(5))  # noqa: B023 - idem
        print(
            f"{branches:6} parallel branches: {each * 1e6:7.0f} µs, {each / branches * 1e6:5.1f} µs a branch"
        )


def against_woflan(python: str) -> None:
    """Print the ratios to Woflan, which is given the net and need not print."""
    nets = {"parallel block of 8": parallel(8)}
    nets |= {f"{size} steps": nested(size) for size in (20, 30, 40, 50)}
    for name, procedure in nets.items():
        ours = statistics.median(cpu(lambda: soundness(procedure), times=50) for _ in range(5))  # noqa: B023 - idem
        verdict = soundness(procedure).verdict
        try:
            done = subprocess.run(
                [python, "-c", WOFLAN],
                input=json.dumps(net(procedure)) + "\n",
                check=True,
                capture_output=True,
                text=True,
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            print(
                f"{name}: {ours * 1000:.3f} ms ({verdict}), Woflan over {LONGEST} s: ratio over {LONGEST / ours:,.0f}"
            )
            continue
        found, theirs = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{name}: {ours * 1000:.3f} ms ({verdict}), Woflan {theirs * 1000:,.0f} ms ({'sound' if found else 'not sound'}): "
            f"ratio {theirs / ours:,.0f}"
        )


def main() -> None:
    """Measure, and print medians and ratios."""
    against_networkx()
    wide_blocks()
    python = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PM4PY_PYTHON", "")
    if python:
        against_woflan(python)
    else:
        print("Woflan: not measured; give the Python of an environment with pm4py, or set PM4PY_PYTHON")


if __name__ == "__main__":
    main()
