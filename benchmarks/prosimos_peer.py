"""The procedure of benchmarks/simulation.py in Prosimos, with the full log; run in an environment of its own."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from simulation_peers import CAPACITY, GAP, MINUTES, RESOURCE, ROUTES, STEPS

ALWAYS = [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00.000", "endTime": "23:59:59.999"}]
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DAYS = 1000  # that no exponential time is longer than


def exponential(minutes: float) -> dict[str, Any]:
    """Return the distribution in seconds: its mean, least and most."""
    values = (minutes * 60, 0.0, DAYS * 86400.0)
    return {"distribution_name": "expon", "distribution_params": [{"value": value} for value in values]}


def diagram(path: Path) -> None:
    """Write the procedure as BPMN: a gateway before each step that several come to, and behind each that several leave."""
    ET.register_namespace("", BPMN)
    root = ET.Element(f"{{{BPMN}}}definitions", id="definitions", targetNamespace="permit")
    process = ET.SubElement(root, f"{{{BPMN}}}process", id="permit", isExecutable="false")

    def add(kind: str, id: str, **other: str) -> None:
        ET.SubElement(process, f"{{{BPMN}}}{kind}", {"id": id, "name": id, **other})

    def flow(source: str, target: str) -> None:
        add("sequenceFlow", f"{source}-to-{target}", sourceRef=source, targetRef=target)

    add("startEvent", "start")
    add("endEvent", "end")
    into = {step: [s for s, ways in ROUTES.items() if step in ways] for step in STEPS}
    entry = {step: f"join-{step}" if len(into[step]) > 1 else step for step in STEPS}
    for step in STEPS:
        add("task", step)
        if entry[step] != step:
            add("exclusiveGateway", entry[step], gatewayDirection="Converging")
            flow(entry[step], step)
    flow("start", entry[STEPS[0]])
    for step, ways in ROUTES.items():
        source = step
        if len(ways) > 1:
            source = f"split-{step}"
            add("exclusiveGateway", source, gatewayDirection="Diverging")
            flow(step, source)
        for target in ways:
            flow(source, entry[target])
        if not ways:
            flow(step, "end")
    ET.ElementTree(root).write(path, xml_declaration=True, encoding="UTF-8")


def parameters(path: Path) -> None:
    """Write what Prosimos is to know beside it."""
    into = {step: [s for s, ways in ROUTES.items() if step in ways] for step in STEPS}
    entry = {step: f"join-{step}" if len(into[step]) > 1 else step for step in STEPS}
    found = {
        "resource_profiles": [
            {
                "id": name,
                "name": name,
                "resource_list": [
                    {
                        "id": name,
                        "name": name,
                        "cost_per_hour": 0,
                        "amount": amount,
                        "calendar": "always",
                        "assigned_tasks": [step for step in STEPS if RESOURCE[step] == name],
                    }
                ],
            }
            for name, amount in CAPACITY.items()
        ],
        "arrival_time_distribution": exponential(GAP),
        "arrival_time_calendar": ALWAYS,
        "gateway_branching_probabilities": [
            {
                "gateway_id": f"split-{step}",
                "probabilities": [
                    {"path_id": f"split-{step}-to-{entry[target]}", "value": p} for target, p in ways.items()
                ],
            }
            for step, ways in ROUTES.items()
            if len(ways) > 1
        ],
        "task_resource_distribution": [
            {
                "task_id": step,
                "resources": [{"resource_id": RESOURCE[step]} | exponential(MINUTES[step])],
            }
            for step in STEPS
        ],
        "resource_calendars": [{"id": "always", "name": "always", "time_periods": ALWAYS}],
        "event_distribution": [],
    }
    path.write_text(json.dumps(found))


def main(cases: int) -> None:
    """Print the CPU seconds of a run, and how many visits it has logged."""
    from prosimos.simulation_engine import run_simulation

    with tempfile.TemporaryDirectory() as folder:
        model, options, log = (Path(folder) / name for name in ("permit.bpmn", "permit.json", "log.csv"))
        diagram(model)
        parameters(options)
        begun = time.process_time()
        run_simulation(str(model), str(options), cases, log_out_path=str(log))
        print(time.process_time() - begun, log.read_text().count("\n") - 1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
