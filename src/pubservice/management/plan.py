"""The management of an organisation in one view: planning, organising, coordinating, controlling, and the means for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.analysis.load import evaluate
from pubservice.analysis.performance import performance
from pubservice.errors import InvalidModelError, Problem
from pubservice.management.coordination import handovers
from pubservice.management.division import division_of_work
from pubservice.management.means import budget_use, means
from pubservice.management.measures import LOGGED
from pubservice.management.modelled import MODELLED
from pubservice.management.trend import key_of
from pubservice.management.verdict import Promised
from pubservice.messages import Message, listed
from pubservice.model.organisation import metrics_of
from pubservice.model.vocabulary import METRICS
from pubservice.provenance import provenance
from pubservice.table import table
from pubservice.units import SECONDS_PER_YEAR, Duration, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.analysis.profile import Profile
    from pubservice.management.coordination import Handover
    from pubservice.management.division import Assignment
    from pubservice.management.means import BudgetUse, Means
    from pubservice.management.scorecard import Scorecard, ScorecardRow
    from pubservice.messages import Language
    from pubservice.model.metric import Metric, Target
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService
    from pubservice.provenance import Provenance

Record = Literal["model", "log", "survey", "records"]

ASSUMPTIONS = (
    Message("a year is as today: the same demand, the same capacity"),
    Message("every budget pays for every service"),
)
SOURCES = (
    "Gulick (1937), Notes on the Theory of Organization (POSDCORB)",
    "Fayol (1916), Administration industrielle et générale (to plan, organise, command, co-ordinate, control)",
)
_SURVEYED = {
    *("satisfaction", "ikm", "user-satisfaction", "user-satisfaction-mean"),
    *("servqual-gap", "nps", "csat", "ces"),
}
_RECORDS = {
    "model": Message("model"),
    "log": Message("event log"),
    "survey": Message("survey"),
    "records": Message("records of the office"),
}


@attrs.frozen
class ServiceDemand:
    """
    What a service is planned for.

    Attributes:
        service: Its id.
        cases_per_year: Expected; None without an arrival rate.
        targets: How many it has.
    """

    service: str
    cases_per_year: float | None
    targets: int

    @property
    def undefined(self) -> dict[str, Message]:
        """Why a number is None, by its name."""
        if self.cases_per_year is not None:
            return {}
        return {"cases_per_year": Message("the service has no arrival rate")}

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "service": self.service,
            "cases per year": None if self.cases_per_year is None else f"{self.cases_per_year:,.0f}",
            "targets": self.targets,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "cases_per_year": self.cases_per_year,
            "targets": self.targets,
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


@attrs.frozen
class Told:
    """
    What a scorecard says of a target in the last period.

    Attributes:
        row: Of the scorecard.
        change: Value − that of the period before, in the unit of the value; None where there are not two to compare.
    """

    row: ScorecardRow
    change: float | None

    @property
    def gap(self) -> Message:
        """What was measured and why that does not keep the target, or why nothing is known."""
        shown, why = self.row.cells(), self.row.judgement.reason
        said = (
            why
            if shown["measured"] is None
            else Message(
                "{measured} in {period}: {why}", measured=shown["measured"], period=shown["period"], why=why
            )
        )
        return Message(
            "{service}: {metric}: {why}", service=self.row.service, metric=self.row.metric.id, why=said
        )

    def cells(self) -> dict[str, object]:
        """Return what a table shows of it."""
        shown = self.row.cells()
        return {
            **{title: shown[title] for title in ("measured", "period")},
            "change": None if self.change is None else f"{self.change:+,.4g}",
            "verdict": shown["verdict"],
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        found = self.row.data()
        return {
            **{key: found[key] for key in ("period", "measured", "verdict", "reason")},
            "change": self.change,
        }


@attrs.frozen
class Control:
    """
    A target, and what tells whether it is reached.

    Attributes:
        service: Its id.
        target: What shall be reached.
        metric: Of which.
        told_by: ``model`` for what today's model says, ``log``, ``survey`` or ``records`` for what is measured. Of a target
            that a share of the cases must meet the model tells cycle times only.
        told: What a scorecard says of it in the last period, from each source; None where no scorecard was given.
    """

    service: str
    target: Target
    metric: Metric = attrs.field(repr=False)
    told_by: tuple[Record, ...]
    told: tuple[Told, ...] | None = None

    def rows(self, language: Language = "en") -> list[dict[str, object]]:
        """Return it as a row, or as one for each source of the scorecard."""
        value = self.target.value
        row: dict[str, object] = {
            "service": self.service,
            "metric": self.metric.name.text(language) or self.metric.id,
            "target": value.said
            if isinstance(value, Duration)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value),
            "for": None if self.target.share is None else f"{self.target.share:.0%}",
            "told by": listed([_RECORDS[record] for record in self.told_by]),
        }
        return [row] if self.told is None else [row | told.cells() for told in self.told]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        value = self.target.value
        return {
            "service": self.service,
            "metric": self.target.metric,
            "value": value.plain
            if isinstance(value, Money)
            else value
            if isinstance(value, float)
            else str(value),
            "share": self.target.share,
            "told_by": list(self.told_by),
            "told": None if self.told is None else [told.data() for told in self.told],
        }


@attrs.frozen
class ManagementPlan:
    """
    How an organisation is managed, as far as its model says.

    Attributes:
        demands: Planning: what each service is planned for.
        assignments: Organising: who does which step, with which share of their capacity.
        handovers: Coordinating: where cases change hands.
        controls: Controlling: each target with what tells whether it is reached.
        means: People, facilities, information, money and mandates.
        budgets: What a year costs, against the budgets, by currency.
        uncounted: What is not in these costs and budgets, and why.
    """

    demands: tuple[ServiceDemand, ...]
    assignments: tuple[Assignment, ...]
    handovers: tuple[Handover, ...]
    controls: tuple[Control, ...]
    means: tuple[Means, ...]
    budgets: tuple[BudgetUse, ...]
    uncounted: tuple[Message, ...]
    _organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    @property
    def gaps(self) -> tuple[Message, ...]:
        """What is not managed: steps without one owner, competences nobody has, targets that are not set or not met, budgets that are over or unknown."""
        found = [*_owner_gaps(self.assignments)]
        lacking = {(a.service, a.step): a.lacking for a in self.assignments if a.lacking}
        found.extend(
            Message(
                "{service}: {step}: nobody who does it has {competences}",
                service=service,
                step=step,
                competences=", ".join(competences),
            )
            for (service, step), competences in lacking.items()
        )
        found.extend(
            Message("{service}: no target is set", service=demand.service)
            for demand in self.demands
            if not demand.targets
        )
        found.extend(
            told.gap for control in self.controls for told in control.told or () if told.row.verdict != "met"
        )
        for use in self.budgets:
            cost, names = str(use.capacity_cost), ", ".join(use.budgets)
            if use.excess is not None:
                message = Message(
                    "{budgets}: a year costs {cost}, {excess} more than there is",
                    budgets=names,
                    cost=cost,
                    excess=str(use.excess),
                )
                found.append(message)
            elif not use.budgets:
                message = Message(
                    "no budget in {currency} pays for {cost} a year", currency=use.currency, cost=cost
                )
                found.append(message)
        found.extend(self.uncounted)
        return tuple(found)

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(self._organisation, ASSUMPTIONS, SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return the division of work: a row for each step and each of its resources."""
        return [assignment.row() for assignment in self.assignments]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self._organisation.id,
            "provenance": self.provenance.data(),
            "demands": [demand.data() for demand in self.demands],
            "assignments": [assignment.data() for assignment in self.assignments],
            "handovers": [handover.data() for handover in self.handovers],
            "controls": [control.data() for control in self.controls],
            "means": [part.data() for part in self.means],
            "budgets": [use.data() for use in self.budgets],
            "gaps": [str(gap) for gap in self.gaps],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table for each function of management, one of the means, and what is not managed."""
        parts: tuple[tuple[Message, list[Mapping[str, object]]], ...] = (
            (Message("planning"), [demand.row() for demand in self.demands]),
            (Message("organising"), [assignment.row() for assignment in self.assignments]),
            (Message("coordinating"), [handover.row() for handover in self.handovers]),
            (Message("controlling"), [row for control in self.controls for row in control.rows(language)]),
            (Message("means"), [kind.row() for kind in self.means]),
            (Message("budget use in a year"), [use.row() for use in self.budgets]),
        )
        shown = [_section(title, rows, language) for title, rows in parts if rows]
        if self.gaps:
            title = Message("what is not managed").text(language)
            shown.append("\n".join([title, *(f"  {gap.text(language)}" for gap in self.gaps)]))
        return "\n\n".join(shown)

    def __str__(self) -> str:
        return self.text()


def _section(title: Message, rows: Iterable[Mapping[str, object]], language: Language) -> str:
    lines = table(rows, language=language).splitlines()
    return "\n".join([title.text(language), *(f"  {line}" for line in lines)])


def _owner_gaps(assignments: Iterable[Assignment]) -> list[Message]:
    """Return the steps that nobody answers for: several kinds of staff, or no resource at all."""
    owned: dict[tuple[str, str], bool] = {}
    named: dict[tuple[str, str], list[str]] = {}
    for a in assignments:
        owned[a.service, a.step] = owned.get((a.service, a.step), False) or a.is_owner
        named.setdefault((a.service, a.step), []).extend([a.resource] if a.resource else [])
    return [
        Message("{service}: {step}: no resource is named", service=service, step=step)
        if not names
        else Message(
            "{service}: {step}: no single owner: {names}", service=service, step=step, names=", ".join(names)
        )
        for (service, step), names in named.items()
        if not owned[service, step]
    ]


def management_plan(
    organisation: PublicOrganisation, *, scorecard: Scorecard | None = None
) -> ManagementPlan:
    """
    Return how an organisation is managed: demand and targets, division of work, handovers, control, means and budgets.

    Args:
        organisation: With arrival rates, targets, competences and costs; what is not stated is named in `gaps`.
        scorecard: Of this organisation: then each target stands beside what was last measured, and what is missed, at risk
            or not known is among the `gaps`.

    Raises:
        InvalidModelError: The scorecard is of another organisation.

    Example:
        >>> plan = management_plan(city_hall)
        >>> [(a.step, a.resource, round(a.share, 3)) for a in plan.assignments][:2]
        [('intake', 'clerk', 0.25), ('completeness-check', 'clerk', 0.5)]
        >>> plan.gaps[0]
        'building-permit: no target is set'

    Source:
        Gulick (1937) and Fayol (1916) for the functions of management.
    """
    if scorecard is not None and scorecard.organisation != organisation:
        message = Message(
            "expected a scorecard of {id!r} as it is here, got one of {other!r}",
            id=organisation.id,
            other=scorecard.organisation.id,
        )
        raise InvalidModelError([Problem("scorecard", message)])
    evaluation = evaluate(organisation)
    profiles = evaluation.profiles
    budgets, uncounted = budget_use(evaluation, performance(organisation))
    return ManagementPlan(
        tuple(_demand(service, profiles[service.id]) for service in organisation.services),
        division_of_work(evaluation),
        handovers(evaluation),
        _controls(organisation, scorecard),
        means(organisation),
        budgets,
        uncounted,
        organisation,
    )


def _demand(service: PublicService, of: Profile) -> ServiceDemand:
    cases = None if of.rate is None else of.rate * of.clock.share * SECONDS_PER_YEAR
    return ServiceDemand(service.id, cases, len(service.targets))


def _controls(organisation: PublicOrganisation, scorecard: Scorecard | None) -> tuple[Control, ...]:
    metrics = metrics_of(organisation)
    told = None if scorecard is None else _told(scorecard)
    return tuple(
        Control(
            service.id,
            target,
            metrics[target.metric],
            _told_by(metrics[target.metric], target),
            None
            if told is None
            else told[service.id, target.metric, Promised(target.value, target.share, "target")],
        )
        for service in organisation.services
        for target in service.targets
    )


def _told(scorecard: Scorecard) -> dict[tuple[str | None, str, Promised | None], tuple[Told, ...]]:
    """Return what a scorecard last said, by service, metric and promise."""
    changes = {key_of(trend.measurements[0]): trend.change for trend in scorecard.trends}
    found: dict[tuple[str | None, str, Promised | None], tuple[Told, ...]] = {}
    for row in scorecard.latest:
        key = (row.service, row.metric.id, row.promised)
        change = None if row.measured is None else changes.get(key_of(row.measured))
        found[key] = (*found.get(key, ()), Told(row, change))
    return found


def _told_by(metric: Metric, target: Target) -> tuple[Record, ...]:
    found: list[Record] = []
    if METRICS.get(metric.id) == metric:  # one of the organisation's own may be called the same
        if metric.id in MODELLED and (target.share is None or metric.id == "cycle-time"):
            found.append("model")
        if metric.id in LOGGED:
            found.append("log")
        if metric.id in _SURVEYED:
            found.append("survey")
    return tuple(found) or ("records",)
