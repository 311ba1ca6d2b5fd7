"""What each remedy would save, per case and per year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.load import Evaluation, evaluate, load
from pubservice.analysis.performance import evidence_times, service_performance
from pubservice.analysis.profile import Profile, profile
from pubservice.edits.application import apply, apply_to_service, without_basis
from pubservice.edits.edit import PoolResources, SetCapacity
from pubservice.errors import InvalidEditError
from pubservice.messages import Message, translate
from pubservice.table import table
from pubservice.units import SECONDS_PER_YEAR, Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class Amounts:
    """
    What is saved; positive is saved, negative costs more.

    Attributes:
        cycle_time_s: Seconds on the service's clock.
        processing_time_s: Seconds of work.
        applicant_time_s: Seconds of the applicant.
        office_cost: Money of the office.
        fee: What applicants pay, per currency.
    """

    cycle_time_s: float | None = None
    processing_time_s: float | None = None
    applicant_time_s: float | None = None
    office_cost: Money | None = None
    fee: tuple[Money, ...] = ()

    def times(self, factor: float) -> Amounts:
        """Return all amounts multiplied."""

        def scaled(money: Money) -> Money:
            return Money(money.amount * factor, money.currency)

        return Amounts(
            None if self.cycle_time_s is None else self.cycle_time_s * factor,
            None if self.processing_time_s is None else self.processing_time_s * factor,
            None if self.applicant_time_s is None else self.applicant_time_s * factor,
            None if self.office_cost is None else scaled(self.office_cost),
            tuple(scaled(money) for money in self.fee),
        )

    def data(self) -> dict[str, Any]:
        """Return them for JSON."""
        return {
            "cycle_time_s": self.cycle_time_s,
            "processing_time_s": self.processing_time_s,
            "applicant_time_s": self.applicant_time_s,
            "office_cost": None if self.office_cost is None else self.office_cost.data(),
            "fee": [money.data() for money in self.fee],
        }


@attrs.frozen
class Saving:
    """
    What the remedy of one finding, or what it proposes, would save the cases of its service.

    Attributes:
        finding: With its remedy.
        per_case: On average; None where the remedy cannot be applied.
        per_year: At today's arrival rate; None without one.
        undefined: Why something is None, by its name.
    """

    finding: Finding
    per_case: Amounts | None
    per_year: Amounts | None
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "per_case": None if self.per_case is None else self.per_case.data(),
            "per_year": None if self.per_year is None else self.per_year.data(),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


@attrs.frozen
class Savings:
    """
    What each remedy would save by itself. Savings do not add up: `redesign` with several, and compare.

    Attributes:
        savings: One for each finding with a remedy or a proposal, in their order.
    """

    savings: tuple[Saving, ...]

    def __len__(self) -> int:
        return len(self.savings)

    def __iter__(self) -> Iterator[Saving]:
        return iter(self.savings)

    def __getitem__(self, index: int) -> Saving:
        return self.savings[index]

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each remedy."""
        rows: list[dict[str, str | float | None]] = []
        for saving in self.savings:
            case, year = saving.per_case or Amounts(), saving.per_year or Amounts()
            rows.append(
                {
                    "code": saving.finding.code,
                    "remedy": str(saving.finding.would_help),
                    "cycle time / min": _minutes(case.cycle_time_s),
                    "work / min": _minutes(case.processing_time_s),
                    "applicant / min": _minutes(case.applicant_time_s),
                    "work per year / hour": None
                    if year.processing_time_s is None
                    else year.processing_time_s / 3600,
                    "cost per year": None if year.office_cost is None else str(year.office_cost),
                },
            )
        return rows

    def text(self, language: Language = "en") -> str:
        """Return a table of what each remedy saves, then why any number is missing."""
        rows = self.rows()
        for row, saving in zip(rows, self.savings, strict=True):
            row["remedy"] = saving.finding.would_help.text(language)
        reasons = dict.fromkeys(reason for saving in self.savings for reason in saving.undefined.values())
        missing = [f"{translate('undefined', language)}: {reason.text(language)}" for reason in reasons]
        return "\n".join([table(rows, language=language), *missing])

    def __str__(self) -> str:
        return self.text()


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def savings(organisation: PublicOrganisation, findings: Iterable[Finding]) -> Savings:
    """
    Return what the remedy of each finding would save by itself, for the cases of its service.

    Only the changed service and the resources it uses are worked out again. Other services gain from shorter queues
    too; that is not counted here. Capacity is paid for while it is open, at the cost of the resource, used or not.

    Args:
        organisation: What was checked.
        findings: What `check` found; those without a remedy or a proposal are left out.

    Returns:
        Differences before − after, per case and per year.

    Example:
        >>> from pubservice.analysis.check import check
        >>> found = check(city_hall, select=["RED001"])
        >>> savings(city_hall, found)[0].per_case.processing_time_s
        0.0

        A check inside a step costs nothing of its own here: the step keeps its processing time.
    """
    evaluation = evaluate(organisation)
    evidence = evidence_times(organisation)
    before: dict[str, ServicePerformance] = {}
    result = []
    for finding in findings:
        if finding.remedy is None and finding.proposal is None:
            continue
        base = before.get(finding.service)
        if base is None:
            of = evaluation.profiles[finding.service]
            base = before[finding.service] = service_performance(of, evaluation.loads, evidence, evaluation)
        try:
            after, of_after = _after(evaluation, evidence, finding)
        except InvalidEditError as error:
            reason = error.args[0]
            result.append(Saving(finding, None, None, {"per_case": reason, "per_year": reason}))
            continue
        per_case = _difference(base, after)
        undefined = _reasons(per_case, base, after)
        per_year = None
        if of_after.cases_per_year is None:
            undefined["per_year"] = Message("the service has no arrival rate")
        else:
            per_year = per_case.times(of_after.cases_per_year)
            if isinstance(finding.remedy, SetCapacity):
                per_year = _with_capacity(per_year, finding.remedy, of_after, evaluation, undefined)
        result.append(Saving(finding, per_case, per_year, undefined))
    return Savings(tuple(result))


def _with_capacity(
    year: Amounts, edit: SetCapacity, of: Profile, evaluation: Evaluation, undefined: dict[str, Message]
) -> Amounts:
    """Return what a year saves with the changed capacity paid for while it is open; work itself costs what it did."""
    resource = evaluation.organisation.resource(edit.resource)
    if resource.cost is None:
        undefined["office_cost"] = Message("the resource {id!r} has no cost", id=edit.resource)
        return attrs.evolve(year, office_cost=None)
    paid = resource.cost.per_second * evaluation.clocks.share(resource, of.clock) * SECONDS_PER_YEAR
    fewer = (resource.capacity or 0) - edit.capacity
    return attrs.evolve(year, office_cost=Money(paid * fewer, resource.cost.currency))


def _after(
    evaluation: Evaluation, evidence: dict[str, float], finding: Finding
) -> tuple[ServicePerformance, Profile]:
    """Return the performance of the service of a finding after its remedy, or what it proposes."""
    old = evaluation.profiles[finding.service]
    edit = finding.remedy
    if isinstance(edit, SetCapacity):
        resource = apply(evaluation.organisation, edit).resource(edit.resource)
        loads = {**evaluation.loads, edit.resource: load(resource, evaluation.totals[edit.resource])}
        return service_performance(old, loads, evidence, evaluation), old
    if isinstance(edit, PoolResources):
        pooled = evaluate(apply(evaluation.organisation, edit))
        new = pooled.profiles[finding.service]
        return service_performance(new, pooled.loads, evidence, pooled), new
    if edit is None:
        assert finding.proposal is not None  # the caller looked
        service = without_basis(old.service, finding.proposal.provisions)
        changed = apply_to_service(service, finding.proposal.edit)
    else:
        changed = apply_to_service(old.service, edit)
    new = profile(changed, evaluation.organisation, evaluation.clocks)
    loads = {}
    for id in dict.fromkeys((*old.demands, *new.demands)):
        total = evaluation.totals[id].copy()
        if id in old.demands:
            total.add(old, old.demands[id], -1)
        if id in new.demands:
            total.add(new, new.demands[id])
        loads[id] = load(evaluation.organisation.resource(id), total)
    return service_performance(new, loads, evidence, evaluation), new


def _difference(before: ServicePerformance, after: ServicePerformance) -> Amounts:
    return Amounts(
        _minus(before.cycle_time_s, after.cycle_time_s),
        _minus(before.processing_time_s, after.processing_time_s),
        _minus(before.applicant_time_s, after.applicant_time_s),
        _money_minus(before.office_cost, after.office_cost),
        tuple(_fees_minus(before.fees, after.fees)),
    )


def _reasons(saved: Amounts, before: ServicePerformance, after: ServicePerformance) -> dict[str, Message]:
    """Return why an amount is None, by its name."""
    found = {}
    for name in ("cycle_time_s", "processing_time_s", "applicant_time_s", "office_cost"):
        if getattr(saved, name) is None:
            mixed = Message("the cost is in another currency afterwards")
            found[name] = before.undefined.get(name) or after.undefined.get(name, mixed)
    return found


def _minus(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else before - after


def _money_minus(before: Money | None, after: Money | None) -> Money | None:
    if before is None or after is None or before.currency != after.currency:
        return None
    return Money(before.amount - after.amount, before.currency)


def _fees_minus(before: tuple[Money, ...], after: tuple[Money, ...]) -> Iterator[Money]:
    total = {fee.currency: fee.amount for fee in before}
    for fee in after:
        total[fee.currency] = total.get(fee.currency, 0.0) - fee.amount
    yield from (Money(amount, currency) for currency, amount in total.items())
