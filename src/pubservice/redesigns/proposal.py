"""The search for the combinations of edits that are worth doing."""

from __future__ import annotations

from math import comb, isnan
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from pubservice.analysis.check import check
from pubservice.edits.edit import as_data, as_edits
from pubservice.errors import InvalidEditError
from pubservice.messages import Message, translate
from pubservice.provenance import Method
from pubservice.redesigns.effects import MEASURES, REWIRING, Effects, combinations_up_to
from pubservice.redesigns.sequence import in_sequence
from pubservice.redesigns.validation import Validation, validate
from pubservice.table import table
from pubservice.units import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.edits.edit import Edit
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

    Floats = NDArray[np.float64]

Goal = Literal["cycle_time", "cost", "applicant_time", "flexibility"]
_MOST_EDITS = 62  # bits of an integer of numpy
_MOST_TRIALS = 1_000  # of an edit behind another
_SAME = 1e-9  # relative to today: smaller differences are rounding


@attrs.frozen
class Plan:
    """
    Edits done together, and what they come to. Measures are per case of the average service, weighted by arrivals.

    Attributes:
        edits: In the order in which they are to be done.
        cycle_time_s: Mean seconds from arrival to end, on each service's clock.
        cost: What a case costs the office, added or saved capacity included at its yearly cost.
        applicant_time_s: Mean seconds of the applicant.
        flexibility: How many could do a step, over its visits.
        given_up: Controls that are given up, as pairs of service and fact.
    """

    edits: tuple[Edit, ...]
    cycle_time_s: float | None
    cost: Money | None
    applicant_time_s: float | None
    flexibility: float | None
    validation: Validation = attrs.field(eq=False, repr=False)

    def describe(self, language: Language = "en") -> str:
        """Return the edits in words, numbered in their order."""
        return "\n".join(
            f"{n}. {edit.describe().text(language)}" for n, edit in enumerate(self.edits, start=1)
        )

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "edits": [as_data(edit) for edit in self.edits],
            "cycle_time_s": self.cycle_time_s,
            "cost": None if self.cost is None else self.cost.data(),
            "applicant_time_s": self.applicant_time_s,
            "flexibility": self.flexibility,
            "given_up": [
                {"service": service, "check": fact.check, "of": fact.of}
                for service, fact in self.validation.given_up
            ],
        }


@attrs.frozen
class Plans:
    """
    The combinations of edits none of which is worse than another in every measure (the Pareto set); a sequence of plans.

    Attributes:
        goal: What the first of them is best at.
        today: Without any edit.
        plans: The best for the goal first; plans that change nothing measurable are not among them.
        best: The best for the goal; today where no plan is better.
        method: Exact where all combinations were looked at, else the search that was made, or that edits were left out
            which hold behind others.
        considered: How many combinations were looked at.
        refused: Edits that were left out, and why: they cannot be applied, or would lose something, by themselves and
            behind any one of the others; or they change flows and hold only behind one that does not, which is not
            searched.
    """

    goal: Goal
    today: Plan
    plans: tuple[Plan, ...]
    best: Plan = attrs.field(repr=False)
    method: Method
    considered: int
    refused: tuple[tuple[Edit, Message], ...] = ()

    def __len__(self) -> int:
        return len(self.plans)

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.plans)

    def __getitem__(self, index: int) -> Plan:
        return self.plans[index]

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for today and one for each plan."""
        return [
            {
                "plan": "today" if plan is self.today else str(n),
                "edits": len(plan.edits),
                "cycle time / hour": None if plan.cycle_time_s is None else plan.cycle_time_s / 3600,
                "office cost": None if plan.cost is None else str(plan.cost),
                "applicant's time / hour": None
                if plan.applicant_time_s is None
                else plan.applicant_time_s / 3600,
                "flexibility": plan.flexibility,
            }
            for n, plan in enumerate((self.today, *self.plans))
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, then the edits of the first plan, how it was found and what was left out."""
        parts = [table(self.rows(), language=language)]
        if self.plans:
            parts.append(self.plans[0].describe(language))
        found = "; ".join(translate(part, language) for part in self.method.name.split("; "))
        parts.append(f"{found} ({self.considered:,})")
        parts.extend(
            Message("left out: {edit}: {why}", edit=edit.describe(), why=why).text(language)
            for edit, why in self.refused
        )
        return "\n\n".join(parts[:2]) + "\n\n" + "\n".join(parts[2:]) if self.plans else "\n".join(parts)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "goal": self.goal,
            "today": self.today.data(),
            "plans": [plan.data() for plan in self.plans],
            "method": self.method.data(),
            "considered": self.considered,
            "refused": [{"edit": as_data(edit), "why": str(why)} for edit, why in self.refused],
        }


def propose(
    organisation: PublicOrganisation,
    *,
    goal: Goal = "cycle_time",
    edits: Iterable[Edit] | None = None,
    at_most: int | None = None,
    budget: int = 100_000,
) -> Plans:
    """
    Return the combinations of edits that are worth doing.

    Each combination is evaluated as a whole, since savings do not add up, and every plan is validated: one that would lose
    something is left out. Its edits are applied in the order given, those that change flows first, those last that hold
    only behind one of the others. Where all combinations fit into the budget all are looked at, and the result is exact;
    else a beam search adds one edit at a time to the best. Deterministic.

    Args:
        organisation: What is redesigned.
        goal: ``cycle_time``, ``cost``, ``applicant_time`` (least is best) or ``flexibility`` (most is best).
        edits: What may be done; the remedies of `check` where left out. At most 62.
        at_most: So many edits in one plan.
        budget: So many combinations are evaluated.

    Raises:
        InvalidEditError: What is given is no edit.
        ValueError: The goal is unknown, or a bound is below 1.

    Example:
        >>> from pubservice.edits.edit import SetCapacity
        >>> plans = propose(city_hall, edits=[SetCapacity("clerk", 3), SetCapacity("engineer", 4)])
        >>> len(plans.best.edits), round(plans.today.cycle_time_s / 3600, 2), round(plans.best.cycle_time_s / 3600, 2)
        (2, 4.64, 1.76)

    Source:
        Pareto dominance; Reijers & Liman Mansar (2005), Omega 33(4), 283-306, for the measures (time, cost, flexibility).
    """
    import numpy as np

    if goal not in MEASURES:
        message = f"expected one of {', '.join(MEASURES)}, got {goal!r}"
        raise ValueError(message)
    if budget < 1 or (at_most is not None and at_most < 1):
        message = f"expected bounds of at least 1, got budget {budget} and at_most {at_most}"
        raise ValueError(message)
    given: Iterable[Edit] = (
        [f.remedy for f in check(organisation) if f.remedy] if edits is None else as_edits(edits)
    )
    kept, tied, refused, hold_behind = _possible(organisation, list(dict.fromkeys(given)))
    effects = Effects(organisation, kept[:_MOST_EDITS], tied)
    refused.extend(
        (edit, Message("more than {most} edits at once", most=_MOST_EDITS)) for edit in kept[_MOST_EDITS:]
    )
    count = len(effects.edits)
    most = count if at_most is None else min(at_most, count)
    if sum(comb(count, size) for size in range(most + 1)) <= budget:
        masks = np.array(combinations_up_to(count, most), dtype=np.int64)
        measures = effects.measure(masks)
        method = (
            Method("approximation", "all combinations evaluated but those of edits that are left out")
            if hold_behind
            else Method("exact", "all combinations evaluated")
        )
    else:
        masks, measures = _beam(effects, most, budget, MEASURES.index(goal))
        method = Method("approximation", "beam search: not every combination evaluated")
    if effects.knows_no_priorities:
        method = Method("approximation", f"{method.name}; waits as first come, first served")
    currency = _currency(organisation)
    today = _plan((), measures[0], currency, Validation(()))
    front = _valid_front(organisation, effects, masks, measures)
    column = MEASURES.index(goal)
    losses = _comparable(measures)
    ranked = sorted((0, *front), key=lambda row: (losses[row][column], *losses[row]))
    plan_of = {0: today}
    for row, (chosen, validation) in front.items():
        plan_of[row] = _plan(chosen, measures[row], currency, validation)
    plans = [plan_of[row] for row in ranked]
    better = tuple(plan for plan in plans if plan is not today)
    return Plans(goal, today, better, plans[0], method, len(masks), tuple(refused))


class _Possible(NamedTuple):
    """
    Edits that may be part of a plan.

    Attributes:
        kept: Those that hold by themselves, then those that hold only behind one of them.
        tied: The latter, each with the first that it holds behind.
        refused: The others, and why.
        hold_behind: Whether some of the others may hold behind one that is kept.
    """

    kept: list[Edit]
    tied: list[tuple[Edit, Edit]]
    refused: list[tuple[Edit, Message]]
    hold_behind: bool


def _possible(organisation: PublicOrganisation, edits: list[Edit]) -> _Possible:
    """Return the edits that can be applied without losing anything, by themselves or behind another, and why others cannot."""
    why = {edit: _why_not(organisation, (edit,)) for edit in edits}
    alone = [edit for edit in edits if why[edit] is None]
    tied: list[tuple[Edit, Edit]] = []
    refused: list[tuple[Edit, Message]] = []
    hold_behind = False
    trials = 0
    for edit, reason in why.items():
        if reason is None:
            continue
        others = [other for other in alone if _may_help(other, edit)][: max(0, _MOST_TRIALS - trials)]
        trials += len(others)
        behind = next((other for other in others if _why_not(organisation, (other, edit)) is None), None)
        if behind is None or (isinstance(edit, REWIRING) and not isinstance(behind, REWIRING)):
            refused.append((edit, reason))
            hold_behind |= behind is not None or trials >= _MOST_TRIALS
        else:
            tied.append((edit, behind))
    return _Possible([*alone, *(edit for edit, _ in tied)], tied, refused, hold_behind)


def _may_help(one: Edit, other: Edit) -> bool:
    """Return whether an edit concerns the same service as another, or every service."""
    return getattr(one, "service", None) in (None, getattr(other, "service", None)) or not hasattr(
        other, "service"
    )


def _why_not(organisation: PublicOrganisation, edits: tuple[Edit, ...]) -> Message | None:
    """Return why edits cannot be done in their order; None where they can."""
    try:
        after = in_sequence(organisation, edits)
    except InvalidEditError as error:
        reason: Message = error.args[0]
        return reason
    return next(iter(validate(organisation, after, edits).broken), None)


def _beam(effects: Effects, most: int, budget: int, column: int) -> tuple[NDArray[np.int64], Floats]:
    """Return combinations found by adding one edit at a time to the best, and what they come to."""
    import numpy as np

    count = len(effects.edits)
    width = max(1, budget // (count * most))
    layer = [0]
    masks = [0]
    seen = {0}
    measures = [effects.measure(np.array([0], dtype=np.int64))]
    for _ in range(most):
        new = sorted({mask | 1 << i for mask in layer for i in range(count)} - seen)[: budget - len(masks)]
        if not new:
            break
        found = effects.measure(np.array(new, dtype=np.int64))
        masks.extend(new)
        seen.update(new)
        measures.append(found)
        losses = _losses(found)
        order = np.lexsort((*(losses[:, c] for c in range(losses.shape[1])), losses[:, column]))
        front = _front(losses)
        chosen = dict.fromkeys([*(int(i) for i in front), *(int(i) for i in order)])
        layer = [new[i] for i in list(chosen)[:width] if not np.isnan(found[i]).all()]
    return np.array(masks, dtype=np.int64), np.vstack(measures)


def _losses(measures: Floats) -> Floats:
    """Return measures as what is to be least; what is undefined is worst."""
    import numpy as np

    losses = measures.copy()
    losses[:, MEASURES.index("flexibility")] *= -1
    return np.where(np.isnan(losses), np.inf, losses)


def _comparable(measures: Floats) -> Floats:
    """Return measures as what is to be least, relative to today's in the first row, without what is only rounding."""
    import numpy as np

    scale = np.abs(measures[0])
    scale = np.where(np.isnan(scale) | (scale == 0), 1.0, scale)
    return np.asarray(np.round(_losses(measures) / scale / _SAME) * _SAME)


def _front(losses: Floats) -> list[int]:
    """Return the rows that no other row beats; of rows that are the same, the first."""
    import numpy as np

    left = np.lexsort(tuple(losses[:, column] for column in reversed(range(losses.shape[1]))))
    front = []
    while len(left):  # nothing that comes later in this order beats the first
        front.append(int(left[0]))
        left = left[~(losses[left] >= losses[left[0]]).all(axis=1)]
    return sorted(front)


def _valid_front(
    organisation: PublicOrganisation,
    effects: Effects,
    masks: NDArray[np.int64],
    measures: Floats,
) -> dict[int, tuple[tuple[Edit, ...], Validation]]:
    """Return the combinations that no other valid one beats, but that of no edit: by row, their edits and validation."""
    import numpy as np

    losses = _comparable(measures)
    sizes = np.array([int(mask).bit_count() for mask in masks])
    rows = np.lexsort((masks, sizes))  # of combinations that come to the same, the fewest edits
    rows = rows[~np.isnan(measures[rows]).all(axis=1)]
    known: dict[int, tuple[tuple[Edit, ...], Validation]] = {}
    front = rows
    while len(rows):
        front = rows[_front(losses[rows])]
        refused = []
        for row in front:
            if int(row) in known:
                continue
            chosen = tuple(edit for i, edit in enumerate(effects.edits) if int(masks[row]) >> i & 1)
            validation = _validated(organisation, chosen)
            if validation is None:
                refused.append(row)
            else:
                known[int(row)] = (chosen, validation)
        if not refused:
            break
        rows = rows[~np.isin(rows, refused)]
    return {int(row): known[int(row)] for row in front if masks[row]}


def _validated(organisation: PublicOrganisation, edits: tuple[Edit, ...]) -> Validation | None:
    try:
        found = validate(organisation, in_sequence(organisation, edits), edits)
    except InvalidEditError:
        return None
    return found if found.holds else None


def _currency(organisation: PublicOrganisation) -> str | None:
    found = {r.cost.currency for r in organisation.resources if r.cost is not None}
    found |= {s.cost.currency for o in organisation.services for s in o.procedure.steps if s.cost is not None}
    return next(iter(found)) if len(found) == 1 else None


def _plan(edits: tuple[Edit, ...], row: Floats, currency: str | None, validation: Validation) -> Plan:
    cycle, cost, applicant, flexibility = (None if isnan(value) else float(value) for value in row)
    money = None if cost is None or currency is None else Money(cost, currency)
    return Plan(edits, cycle, money, applicant, flexibility, validation)
