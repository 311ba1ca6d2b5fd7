"""Which steps hold a case up: the longest ways through its procedure, and how much slack the others have."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.performance import performance
from pubservice.errors import UndefinedResultError, UnknownIdError
from pubservice.graph.paths import onward_flows
from pubservice.graph.visits import branch_probabilities
from pubservice.model.procedure import Step, Wait
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.analysis.case import Case
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class Slack:
    """
    When a step or a wait can begin and end, in mean seconds after arrival on the service's clock.

    Attributes:
        id: The node.
        earliest_start_s: When all before it is done.
        earliest_finish_s: A visit later.
        latest_start_s: So that the longest way does not grow.
        latest_finish_s: Likewise.
        total_s: How much later it may end without making the longest way longer.
        free_s: How much later without holding up what follows.
        criticality: The probability that nothing beside it takes longer, given that a case comes to it: of branches side
            by side each may be the longest in some cases. Blocks inside each other are taken as independent. None where
            blocks do not nest.
    """

    id: str
    earliest_start_s: float
    earliest_finish_s: float
    latest_start_s: float
    latest_finish_s: float
    total_s: float
    free_s: float
    criticality: float | None


@attrs.frozen
class CriticalPath:
    """
    The longest ways through the procedure of a service, by mean time.

    Of a choice the longest alternative counts, and a loop is passed once, so that where there are any the length is not
    the cycle time.

    Attributes:
        service: Its id.
        length_s: Seconds on the service's clock.
        paths: The longest ways, as node ids; all of them where there are ties, at most 100.
        slacks: Of each step and wait on a way to the end, in document order; not of those that only lead back.
    """

    service: str
    length_s: float
    paths: tuple[tuple[str, ...], ...]
    slacks: tuple[Slack, ...]

    @property
    def critical(self) -> tuple[str, ...]:
        """The steps and waits without total slack, in document order."""
        return tuple(slack.id for slack in self.slacks if not slack.total_s)

    def slack(self, id: str) -> Slack:
        """
        Return when a step or a wait can begin and end.

        Raises:
            UnknownIdError: There is no such node, or it is on no way to the end.
        """
        for slack in self.slacks:
            if slack.id == id:
                return slack
        raise UnknownIdError("node", id, [slack.id for slack in self.slacks])

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each step and wait; times in hours."""
        return [
            {
                "node": slack.id,
                "earliest start / hour": slack.earliest_start_s / 3600,
                "latest finish / hour": slack.latest_finish_s / 3600,
                "total slack / hour": slack.total_s / 3600,
                "free slack / hour": slack.free_s / 3600,
                "criticality": slack.criticality,
            }
            for slack in self.slacks
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "service": self.service,
            "length_s": self.length_s,
            "paths": [list(path) for path in self.paths],
            "slacks": [attrs.asdict(slack) for slack in self.slacks],
        }

    def text(self, language: Language = "en") -> str:
        """Return the longest ways, and a table of the slack of each step and wait."""
        ways = ["  " + " → ".join(path) for path in self.paths]
        return "\n".join([self.service, *ways, table(self.rows(), language=language)])

    def __str__(self) -> str:
        return self.text()


def critical_path(organisation: PublicOrganisation, service: str) -> CriticalPath:
    """
    Return the longest ways through the procedure of a service and the slack beside them.

    Exact by mean times where the procedure has no choice and no loop; elsewhere of a choice the longest alternative counts,
    and a loop is passed once. Queues are in the times.

    Args:
        organisation: With all services that share its resources.
        service: The id of the one that is asked for.

    Raises:
        UnknownIdError: There is no such service.
        UndefinedResultError: Its cycle time does not exist; the text says why.

    Example:
        >>> found = critical_path(city_hall, "building-permit")
        >>> found.paths[0]
        ('intake', 'completeness-check', 'assess', 'decide')

    Source:
        Kelley & Walker (1959), Critical-path planning and scheduling; for criticality as a probability Van Slyke (1963),
        Operations Research 11(5), 839-860.
    """
    found = performance(organisation).service(service)
    if found.cycle_time_s is None:
        raise UndefinedResultError(found.undefined["cycle_time_s"])
    return _of(found.case, CaseTime(found.case))


def _of(case: Case, time: CaseTime) -> CriticalPath:
    graph, stays = case.of.graph, case.stays
    order, forward = onward_flows(graph)
    start = dict.fromkeys(order, 0.0)
    for node in order:
        for other in forward[node]:
            start[other] = max(start[other], start[node] + stays[node])
    length = max(start[node] + stays[node] for node in order)
    finish: dict[int, float] = {}
    for node in reversed(order):
        finish[node] = min((finish[other] - stays[other] for other in forward[node]), default=length)
    criticality = _criticality(time)
    slacks = []
    for node in sorted(order):
        if not isinstance(graph.nodes[node], Step | Wait):
            continue
        done = start[node] + stays[node]
        following = min((start[other] for other in forward[node]), default=length)
        slacks.append(
            Slack(
                graph.id(node),
                start[node],
                done,
                finish[node] - stays[node],
                finish[node],
                _between(done, finish[node]),
                _between(done, following),
                criticality[node],
            )
        )
    return CriticalPath(case.of.service.id, length, case.critical_paths(), tuple(slacks))


def _between(early: float, late: float) -> float:
    """Return how much later the one is than the other; 0 where they are the same but for rounding."""
    return 0.0 if isclose(early, late, rel_tol=1e-9) else late - early


def _criticality(time: CaseTime) -> list[float | None]:
    """Return for each node the probability that no branch beside it takes longer, given that it is come to."""
    of = time.case.of
    if time.is_network:
        return [None] * len(of.graph.nodes)
    of_region = {id(of.nested.regions[0]): 1.0}
    if of.nested.blocks:
        joined = time.grid(0).joined
        for block in of.nested.blocks:
            given = [p or 0.0 for p in of.graph.probabilities[block.split]]
            taken = [1.0] * len(given) if block.kind == "parallel" else branch_probabilities(given)
            for branch, p, decisive in zip(block.branches, taken, joined[block.split].decisive, strict=True):
                outer = of_region[id(block.region)]
                of_region[id(branch)] = outer * min(1.0, decisive / p) if p else 0.0
    return [None if region is None else of_region[id(region)] for region in of.nested.region_of]
