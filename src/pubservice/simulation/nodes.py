"""What one service adds to a program: how its cases come, where they stand, and each of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from pubservice.errors import Problem
from pubservice.messages import Message
from pubservice.model.procedure import End, Gateway, Step, Wait
from pubservice.simulation.arrivals import add_arrivals
from pubservice.simulation.choices import add_flows
from pubservice.simulation.open_cases import add_open_cases
from pubservice.simulation.parts import CHOICE, END, JOIN, MEET, PASS, SOME, STEP, WAIT
from pubservice.simulation.reachable import round_for_ever, to_an_end
from pubservice.simulation.stations import add_step, add_wait
from pubservice.simulation.streams import word

if TYPE_CHECKING:
    from pubservice.model.procedure import Node
    from pubservice.simulation.draft import ServiceDraft


def add_service(of: ServiceDraft) -> None:
    """Add a service to the arrays, or what is wrong with it to the problems."""
    columns = of.draft.columns
    columns["start"].append(of.first + of.graph.start)
    columns["service_clock"].append(of.draft.clock(of.hours))
    add_arrivals(of)
    promise = of.service.standard.completion_time
    columns["promise"].append(0.0 if promise is None else of.elapsed("standard.completion_time", promise))
    gives_up = any(step.patience is not None for step in of.service.procedure.steps)
    columns["withdrawn"].append(of.draft.outcome(End("withdrawn")) if gives_up else -1)
    early = [r.id for r in of.service.requirements if r.id not in of.asked]
    columns["start_obtain"].append(sum(of.obtain(datum) or 0.0 for datum in early))
    most = of.draft.most
    for name, size in (("nodes", len(of.graph.nodes)), ("places", len(of.placed)), ("joins", len(of.joins))):
        most[name] = max(most[name], size)
    fees: dict[int, dict[str, float]] = {}
    for fee in of.service.fees:
        at = of.graph.start if fee.at is None else of.graph.index[fee.at]
        amounts = fees.setdefault(at, {})
        amounts[fee.amount.currency] = amounts.get(fee.amount.currency, 0.0) + fee.amount.amount
    stuck = of.reached - to_an_end(of.graph, of.reached, of.by_case)
    if of.graph.start in of.joins:
        of.fault("procedure.start", Message("a case cannot begin at a gateway that joins"))
    for i, node in enumerate(of.graph.nodes):
        _add_node(of, i, node, fees.get(i, {}))
        if i in stuck:
            of.fault(of.place(i), Message("no end can be reached from {id!r}", id=node.id))
    for i in round_for_ever(of.graph, of.reached, of.by_case):
        message = Message(
            "a case that conditions send back to {id!r} goes round for ever: leave rework to probabilities",
            id=of.graph.id(i),
        )
        of.fault(of.place(i), message)
    for position, item in enumerate(of.service.open_cases):
        add_open_cases(of, f"open_cases[{position}]", item)
    most["data"] = max(most["data"], len(of.data))
    of.draft.lags += len(of.placed)


def _add_node(of: ServiceDraft, i: int, node: Node, fees: dict[str, float]) -> None:
    """Add a node: what a case meets there, what it costs, and where it goes on."""
    columns = of.draft.columns
    graph = of.graph
    of.draft.ids.append((of.number, node.id))
    row: dict[str, Any] = dict.fromkeys(
        ("setup", "patience", "group", "outcome", "closing"), -1
    ) | dict.fromkeys(
        (
            "law",
            "law_a",
            "law_b",
            "law_c",
            "setup_a",
            "setup_b",
            "setup_c",
            "patience_a",
            "patience_b",
            "patience_c",
            "clock",
            "cause",
            "batch",
            "period",
            "period_clock",
            "meets",
            "travel",
        ),
        0,
    )
    key = node.id if graph.index[node.id] == i else f"{node.id} split"
    row["local"] = i
    row["time_key"] = word(f"time {key}")
    row["setup_key"] = word(f"setup {key}")
    row["patience_key"] = word(f"patience {key}")
    row["choice_key"] = word(f"choice {key}")
    row["join"] = of.joins.get(i, -1)
    row["gate"] = of.gates.get(i, -1)
    row["lags"] = of.draft.lags + row["gate"]
    row["enters"] = len(graph.predecessors[i])
    row["asks"] = len(columns["datum"])
    of.draft.fees.append(fees)
    expense: dict[str, float] = {}
    hourly: dict[str, float] = {}
    row["kind"] = PASS
    if not graph.successors[i]:
        row["outcome"] = of.draft.outcome(node)
    match node:
        case Step():
            row["kind"] = STEP
            if i in of.reached:
                add_step(of, i, node, row, expense, hourly)
        case Wait():
            row["kind"] = WAIT
            if i in of.reached:
                add_wait(of, i, node, row)
        case End():
            row["kind"] = END
        case Gateway():
            if graph.joins[i] == "parallel":
                row["kind"] = JOIN
            elif graph.joins[i] == "inclusive":
                row["kind"] = MEET
                if of.nested.unstructured is not None and i in of.reached:
                    of.draft.problems.append(Problem(f"{of.path}.{of.place(i)}", of.nested.unstructured))
        case _:
            assert_never(node)
    of.draft.expenses.append(expense)
    of.draft.hourly.append(hourly)
    add_flows(of, i, row)
    row["counts"] = int(row["kind"] in (STEP, WAIT) or row["split"] in (CHOICE, SOME))
    does = (
        row["batch"],
        row["period"],
        row["meets"],
        row["travel"],
        row["setup"] >= 0,
        row["patience"] >= 0,
    )
    row["extra"] = int(any(does) or len(columns["datum"]) > row["asks"])
    for name, value in row.items():
        columns[name].append(value)
