"""How many of each resource it takes, at the least cost, so that every target holds."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.cycle_times import distribution_of
from pubservice.analysis.load import evaluate
from pubservice.errors import InfeasiblePlanError, InvalidQuantityError
from pubservice.messages import Message, listed
from pubservice.model.resource import QUEUEABLE
from pubservice.planning.attainment import Attainment
from pubservice.planning.interval import Week, interval_minutes, open_by, scaled
from pubservice.planning.levels import Levels
from pubservice.planning.rated import with_rates
from pubservice.planning.search import LeastCost
from pubservice.planning.staffed import PlannedTarget, StaffedResource, Staffing, mean_staff, said, total
from pubservice.planning.target import MOST_SHARE, PlanningTarget, model_targets, planning_target
from pubservice.units import SECONDS_PER_YEAR, Duration, Money, in_words
from pubservice.units import share as share_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.planning.search import Amounts
    from pubservice.planning.target import LeftOut

_ASYMPTOTE = 1e-6  # above a time that is reached only without queues
_SAME = 1e-9


def staffing(
    organisation: PublicOrganisation,
    *,
    targets: Iterable[str | PlanningTarget] = (),
    demand: float = 1.0,
    years: float = 0.0,
    month: str | None = None,
    interval: Duration | str = "1 hour",
    shrinkage: float | str = 0.0,
    share: float = 0.95,
    with_model: bool = True,
) -> Staffing:
    """
    Return how many of each resource it takes, at the least cost, so that every target holds.

    The cheapest of all combinations is found. Where demand varies over the day or the week, each resource is staffed
    interval by interval: the targets of resources and steps hold in each, and those of cycle times with the mean wait of the
    week's visits. The load of an interval follows the cases by as long as the work takes.

    Args:
        organisation: With arrival rates; services without one are not planned, and the plan says so.
        targets: As `planning_target` reads them.
        demand: Times as many cases come as today; 1.2 for 20 % more.
        years: Of the growth that services state.
        month: ``jan`` to ``dec``, whose weights count; None for the mean month.
        interval: Into which the open week is cut where demand varies; a divisor of a day.
        shrinkage: The share of paid time in which staff are on leave or in training, at least 0, below 1.
        share: Of the cases that the completion time of a standard is promised to.
        with_model: Whether the targets and standards of the model count too.

    Raises:
        InvalidQuantityError: An option or a target cannot be read.
        UndefinedResultError: No service has an arrival rate, or what a resource has to do is not known.
        InfeasiblePlanError: Targets contradict each other, or ask for less than the work itself takes.

    Example:
        Fourteen agents answer 90 % of 200 calls an hour, three minutes each, within 40 s; a third as many again are
        employed where 30 % of the time goes to leave and training.

        >>> centre = ps.PublicOrganisation(
        ...     "centre",
        ...     resources=[ps.Resource("agent")],
        ...     services=[ps.PublicService(
        ...         "advice", arrival_rate="200 case/hour",
        ...         procedure=ps.Procedure(steps=[
        ...             ps.Step("answer", resource="agent", processing_time="exponential(3) min")]),
        ...     )],
        ... )
        >>> plan = staffing(centre, targets=["agent: 90% within 40 s"], shrinkage=0.3)
        >>> plan.resource("agent").needed, plan.resource("agent").employed
        (14, 20)

    Source:
        Green, Kolesar & Whitt (2007) and Jennings et al. (1996) for intervals; Gans, Koole & Mandelbaum (2003) for shrinkage.
    """
    away = share_of(shrinkage)
    if away >= 1:
        raise InvalidQuantityError(Message("expected a shrinkage below 1, got {value!r}", value=shrinkage))
    promised = share_of(share)
    if not 0 < promised <= MOST_SHARE:
        message = Message(
            "expected a share above 0, at most {most}, got {value!r}", most=MOST_SHARE, value=share
        )
        raise InvalidQuantityError(message)
    minutes = interval_minutes(interval)
    given = [planning_target(str(target), organisation) for target in targets]
    planned = scaled(organisation, factor=demand, years=years, month=month)
    planned, notes = with_rates(planned)
    varies = any(service.demand is not None and service.demand.varies for service in planned.services)
    week = Week(evaluate(planned), minutes if varies else None)
    own, left_out = model_targets(planned, share=promised) if with_model else ((), ())
    return _Planner(week, away).plan([*given, *own], left_out, notes)


@attrs.define(eq=False)
class _Planner:
    """
    A plan in the making.

    Attributes:
        week: What is planned for.
        away: Share of paid time in which staff are not there.
    """

    week: Week
    away: float

    @cached_property
    def attained(self) -> Attainment:
        organisation = self.week.organisation
        visited = [r.id for r in organisation.resources if r.kind in QUEUEABLE and self.week.visitors(r)]
        return Attainment(self.week, tuple(visited))

    @property
    def ids(self) -> tuple[str, ...]:
        return self.attained.resources

    @cached_property
    def kept(self) -> dict[str, int]:
        """What is taken as it is: no staff, and without a cost; at least so many that it keeps up."""
        found = {}
        for id in self.ids:
            resource = self.week.organisation.resource(id)
            if resource.kind != "staff" and resource.cost is None:
                found[id] = max(resource.capacity or 1, self.attained.least(id))
        return found

    @cached_property
    def planned(self) -> list[int]:
        """The positions of what is planned."""
        return [i for i, id in enumerate(self.ids) if id not in self.kept]

    @cached_property
    def costs(self) -> dict[str, Money | None]:
        """What a year of one of each that is planned costs, leave and training included."""
        return {id: self._cost(id) for id in self.ids if id not in self.kept}

    def _cost(self, id: str) -> Money | None:
        resource = self.week.organisation.resource(id)
        if resource.cost is None:
            return None
        calendar = open_by(self.week.organisation, resource)
        seconds = SECONDS_PER_YEAR * (1.0 if calendar is None else calendar.open_share)
        return Money(resource.cost.per_second * seconds / (1 - self._away(id)), resource.cost.currency)

    def _away(self, id: str) -> float:
        return self.away if self.week.organisation.resource(id).kind == "staff" else 0.0

    # The search

    def _find(self, asked: Sequence[PlanningTarget]) -> tuple[Levels, Amounts, bool]:
        """Return the least cost at which some targets hold."""
        levels = Levels(self.attained, tuple(target for target in asked if not target.of_week), self.kept)
        in_money = total(list(self.costs.values())) is not None

        def price(i: int, level: int) -> float:
            cost = self.costs.get(self.ids[i]) if in_money else None
            if self.ids[i] in self.kept:
                return 0.0
            return mean_staff(levels.week(self.ids[i], level)) * (1.0 if cost is None else cost.amount)

        upper = tuple(0 if id in self.kept else self._most_levels(id) for id in self.ids)
        goals = [levels.goal(target) for target in asked if target.of_week]
        found = LeastCost((0,) * len(upper), upper, price).find(goals)
        return levels, found.amounts, found.is_proven

    def _most_levels(self, id: str) -> int:
        return self.attained.enough(id) - self.attained.least(id) + 1

    # The plan

    def plan(
        self, targets: Sequence[PlanningTarget], left_out: tuple[LeftOut, ...], notes: tuple[Message, ...]
    ) -> Staffing:
        asked = [target for target in targets if target.metric != "capacity"]
        posts = [target for target in targets if target.metric == "capacity"]
        self._check(asked)
        levels, amounts, is_proven = self._find(asked)
        self._check_posts(posts, levels, amounts, asked)
        resources = tuple(self._staffed(i, levels, amounts, asked) for i in self.planned)
        return Staffing(
            resources,
            tuple(self._planned(target, asked, levels, amounts, resources) for target in targets),
            left_out,
            (*notes, *self._overloads(), *self._unpriced(), *self._taken(), *self._left_out()),
            is_proven,
            self.away,
            self.week.organisation,
        )

    def _check(self, asked: Sequence[PlanningTarget]) -> None:
        """Refuse targets that no number of resources reaches."""
        reasons = []
        for target in asked:
            counts = {id: {None: self.attained.enough(id)} for id in self.attained.ids(target)}
            value = self.attained.at_mean(target, counts)
            if not self.attained.is_met(target, value):
                assert value is not None  # they keep up
                reasons.append(self._too_much(target, value))
            elif value is not None and (why := self._only_without_queues(target, value)) is not None:
                reasons.append(why)
        if reasons:
            raise InfeasiblePlanError(reasons)

    def _too_much(self, target: PlanningTarget, value: float) -> Message:
        """Return why a target is not reached, however many there are."""
        filling = self._filling(target, value)
        if filling is not None:
            return filling
        if target.metric == "cycle-time" and target.share is not None:
            assert target.service is not None  # of a service
            loads = {id: self.attained.load(id, self.attained.enough(id)) for id in self.attained.ids(target)}
            case = self.attained.performance(target.service, loads).case
            return Message(
                "{target}: shorter than the work itself: if nobody queued, {attained} would be done by then, and {share} "
                "within {time}",
                target=target.words,
                attained=f"{value:.1%}",
                share=f"{target.share:.6%}".rstrip("0%").rstrip(".") + " %",
                time=in_words(distribution_of(CaseTime(case)).quantile_s(target.share)),
            )
        if target.metric == "cycle-time":
            return Message(
                "{target}: shorter than the work itself: if nobody queued, it would be {value}",
                target=target.words,
                value=said(target, value),
            )
        return Message(
            "{target}: however many there are, it is {value}", target=target.words, value=said(target, value)
        )

    def _filling(self, target: PlanningTarget, value: float) -> Message | None:
        """Return what a target comes to while batches fill, however many there are; None where none is waited for."""
        if target.service is None or target.step is not None:
            return None
        of = self.week.evaluation.profiles[target.service]
        waits = {
            step.id: of.waits[i] or 0.0
            for i, step in enumerate(of.service.procedure.steps)
            if step.batch is not None
        }
        if not any(waits.values()):
            return None
        step = max(waits, key=waits.__getitem__)
        return Message(
            "{target}: however many there are, it is {value}: the batch of step {step!r} takes {time} on average to fill",
            target=target.words,
            value=said(target, value),
            step=step,
            time=in_words(waits[step]),
        )

    def _only_without_queues(self, target: PlanningTarget, value: float) -> Message | None:
        """Return why a mean that is the work itself is asked in vain; None where it is not."""
        is_mean = target.metric == "cycle-time" and target.share is None
        if (
            not is_mean
            or not self.attained.ids(target)
            or self.attained.limit(target) > value * (1 + _ASYMPTOTE)
        ):
            return None
        return Message(
            "{target}: as long as the work itself: reached only if nobody ever queues, which no number of staff makes "
            "sure; ask for more than {value}",
            target=target.words,
            value=said(target, value),
        )

    def _check_posts(
        self,
        posts: Sequence[PlanningTarget],
        levels: Levels,
        amounts: Amounts,
        asked: Sequence[PlanningTarget],
    ) -> None:
        """Refuse a plan that takes more than there may be of a resource, and say what asks for it."""
        reasons = []
        for target in posts:
            i = self.ids.index(target.resource) if target.resource in self.ids else -1
            if i not in self.planned:
                continue
            busiest = max(levels.week(self.ids[i], amounts[i]), key=lambda interval: interval.staff)
            if busiest.staff > self.attained.limit(target):
                binding = [other.words for other in self._bound_by(i, levels, amounts, asked)]
                reasons.append(
                    Message(
                        "{target} contradicts {others}: {staff} are needed for a load of {load:.3g}{when}",
                        target=target.words,
                        others=listed(binding) if binding else Message("the demand"),
                        staff=busiest.staff,
                        load=busiest.offered_load,
                        when=""
                        if busiest.hours is None
                        else Message(" on {day} {hours}", day=busiest.hours.day, hours=str(busiest.hours)),
                    )
                )
        if reasons:
            raise InfeasiblePlanError(reasons)

    def _staffed(
        self, i: int, levels: Levels, amounts: Amounts, asked: Sequence[PlanningTarget]
    ) -> StaffedResource:
        id = self.ids[i]
        week = levels.week(id, amounts[i])
        resource = self.week.organisation.resource(id)
        assert resource.capacity is not None  # cases queue for it
        mean, needed, cost = mean_staff(week), max(interval.staff for interval in week), self.costs[id]
        offered = sum(w.offered_load * w.minutes for w in week) / sum(w.minutes for w in week)
        return StaffedResource(
            id,
            resource.capacity,
            needed,
            ceil(needed / (1 - self._away(id)) - _SAME),
            mean,
            offered / mean if mean else 0.0,
            self.attained.offered(id) / resource.capacity,
            week,
            self._bound_by(i, levels, amounts, asked),
            None if cost is None else cost.times(mean),
        )

    def _bound_by(
        self, i: int, levels: Levels, amounts: Amounts, asked: Sequence[PlanningTarget]
    ) -> tuple[PlanningTarget, ...]:
        """Return the targets that would be missed with one less in the busiest interval, or at the next lower level."""
        id = self.ids[i]
        busiest = max(levels.week(id, amounts[i]), key=lambda interval: interval.staff)
        one_less = busiest.staff - 1
        keeps_up = one_less >= self.attained.least(id, busiest.hours)
        lower = (*amounts[:i], amounts[i] - 1, *amounts[i + 1 :])
        found = []
        for target in asked:
            if i not in self.attained.of(target):
                continue
            if not target.of_week:
                if keeps_up and not self.attained.is_met(
                    target, self.attained.single(target, id, one_less, busiest.hours)
                ):
                    found.append(target)
            elif amounts[i] and not levels.goal(target).holds(
                tuple(lower[j] for j in self.attained.of(target))
            ):
                found.append(target)
        return tuple(found)

    def _planned(
        self,
        target: PlanningTarget,
        asked: Sequence[PlanningTarget],
        levels: Levels,
        amounts: Amounts,
        resources: Sequence[StaffedResource],
    ) -> PlannedTarget:
        organisation = self.week.organisation
        today = {
            id: dict.fromkeys(
                (w.hours for w in levels.week(id, 0) if w.offered_load),
                organisation.resource(id).capacity or 1,
            )
            for id in self.attained.ids(target)
        }
        now = (
            self.attained.worst(target, today)
            if not target.of_week
            else self.attained.at_mean(
                target,
                {id: {None: organisation.resource(id).capacity or 1} for id in self.attained.ids(target)},
            )
        )
        staff, cost = 0.0, None
        if target.metric != "capacity":
            fewer, less, _ = self._find([other for other in asked if other is not target])
            means = [mean_staff(fewer.week(self.ids[i], less[i])) for i in self.planned]
            saved = [r.mean_staff - mean for r, mean in zip(resources, means, strict=True)]
            staff = sum(saved)
            costs = [self.costs[r.resource] for r in resources]
            cost = total([None if c is None else c.times(n) for c, n in zip(costs, saved, strict=True)])
        return PlannedTarget(
            target, now, self.attained.is_met(target, now), levels.worst(target, amounts), cost, staff
        )

    # What is to be known

    def _overloads(self) -> list[Message]:
        found = []
        for id in self.ids:
            capacity = self.week.organisation.resource(id).capacity or 1
            load = self.attained.load(id, capacity)
            if load.waiting_time_s is None:
                found.append(Message("{resource}: {why}", resource=id, why=load.undefined["waiting_time_s"]))
        return found

    def _unpriced(self) -> list[Message]:
        without = [id for id, cost in self.costs.items() if cost is None]
        if without and len(without) < len(self.costs):
            return [
                Message(
                    "the fewest of all resources are planned, not the cheapest: {ids} have no cost",
                    ids=", ".join(without),
                )
            ]
        if not without and total(list(self.costs.values())) is None:
            message = Message(
                "the fewest of all resources are planned, not the cheapest: costs are in several currencies"
            )
            return [message] if self.costs else []
        return []

    def _taken(self) -> list[Message]:
        return [
            Message(
                "{resource}: taken as it is, at {count}: no staff, and without a cost", resource=id, count=n
            )
            for id, n in self.kept.items()
        ]

    def _left_out(self) -> list[Message]:
        return [
            Message("{resource}: {why}", resource=id, why=what)
            for id in self.ids
            for what in self.attained.load(id, self.attained.enough(id)).left_out
        ]
