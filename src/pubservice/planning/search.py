"""The least cost at which every goal holds, where more of anything harms no goal."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Amounts = tuple[int, ...]
MOST_LOOKED_AT = 20_000


class Goal(NamedTuple):
    """
    What shall hold.

    Attributes:
        of: The positions of the amounts that it depends on.
        holds: Whether it does, of those amounts alone; more of any never harms it.
    """

    of: tuple[int, ...]
    holds: Callable[[Amounts], bool]


class Least(NamedTuple):
    """
    What was found.

    Attributes:
        amounts: At which every goal holds, and none of which can be less by itself.
        is_proven: Whether nothing cheaper holds every goal; otherwise too many amounts were in question.
    """

    amounts: Amounts
    is_proven: bool


@attrs.define(eq=False)
class LeastCost:
    """
    A search for the least cost, best first.

    Where a goal fails it fails at all smaller amounts too. So each failure is first made as large as it can be while the
    goal still fails; whatever holds the goal has more of at least one amount than that, and those are looked at next, the
    cheapest of all that are open first. The first at which every goal holds is the cheapest.

    Attributes:
        lower: Of each amount.
        upper: Of each amount; every goal holds there.
        price: Of so many at a position; more never costs less.
        most: How many amounts are looked at.
    """

    lower: Amounts
    upper: Amounts
    price: Callable[[int, int], float]
    most: int = MOST_LOOKED_AT
    _known: dict[tuple[Goal, Amounts], bool] = attrs.Factory(dict)
    _failures: dict[Goal, list[Amounts]] = attrs.Factory(dict)

    def find(self, goals: Sequence[Goal]) -> Least:
        """Return the least cost at which some goals hold; what was learnt of a goal serves the next search too."""
        queue = [(*self._cost(self.lower), self.lower)]
        seen = {self.lower}
        while True:
            _, _, amounts = heapq.heappop(queue)
            failure = self._failure(goals, amounts)
            if failure is None:
                return Least(amounts, is_proven=True)
            if len(seen) > self.most:
                return Least(self._reduced(goals, amounts), is_proven=False)
            for more in self._beyond(amounts, *failure):
                if more not in seen:
                    seen.add(more)
                    heapq.heappush(queue, (*self._cost(more), more))

    def _cost(self, amounts: Amounts) -> tuple[float, int]:
        """Return what amounts cost, and how many they are, which decides between those that cost the same."""
        return round(sum(self.price(i, amount) for i, amount in enumerate(amounts)), 6), sum(amounts)

    def _step(self, i: int, amount: int) -> float:
        """Return what one more costs."""
        return self.price(i, amount + 1) - self.price(i, amount)

    def _failure(self, goals: Sequence[Goal], amounts: Amounts) -> tuple[Goal, Amounts] | None:
        """Return a goal that fails, and the largest known amounts at which it still does; None where none fails."""
        for goal in goals:
            own = tuple(amounts[i] for i in goal.of)
            for failed in self._failures.get(goal, ()):
                if all(a <= b for a, b in zip(own, failed, strict=True)):
                    return goal, failed
        for goal in goals:
            own = tuple(amounts[i] for i in goal.of)
            if not self._holds(goal, own):
                failed = self._enlarged(goal, own)
                self._failures.setdefault(goal, []).append(failed)
                return goal, failed
        return None

    def _holds(self, goal: Goal, own: Amounts) -> bool:
        if (goal, own) not in self._known:
            self._known[goal, own] = goal.holds(own)
        return self._known[goal, own]

    def _enlarged(self, goal: Goal, own: Amounts) -> Amounts:
        """Return amounts at which a goal fails and none of which can be more, cheap ones enlarged first."""
        found = list(own)
        for i in sorted(range(len(own)), key=lambda i: self._step(goal.of[i], own[i])):
            fails, top = found[i], self.upper[goal.of[i]]
            step = 1
            holds = top + 1
            while fails < top:
                found[i] = min(top, fails + step)
                if self._holds(goal, tuple(found)):
                    holds = found[i]
                    break
                fails, step = found[i], step * 2
            while holds - fails > 1 and holds <= top:
                found[i] = (fails + holds) // 2
                if self._holds(goal, tuple(found)):
                    holds = found[i]
                else:
                    fails = found[i]
            found[i] = fails
        return tuple(found)

    def _beyond(self, amounts: Amounts, goal: Goal, failed: Amounts) -> Iterator[Amounts]:
        """Yield the least amounts that are more than a failure in one place, which everything that holds the goal is."""
        for i, most in zip(goal.of, failed, strict=True):
            if most < self.upper[i]:
                yield (*amounts[:i], most + 1, *amounts[i + 1 :])

    def _reduced(self, goals: Sequence[Goal], amounts: Amounts) -> Amounts:
        """Return amounts at which every goal holds, from some at which one fails: up along the cheapest way, then down."""
        while (failure := self._failure(goals, amounts)) is not None:
            amounts = min(self._beyond(amounts, *failure), key=self._cost)
        for i in sorted(range(len(amounts)), key=lambda i: -self._step(i, amounts[i] - 1)):
            while amounts[i] > self.lower[i]:
                less = (*amounts[:i], amounts[i] - 1, *amounts[i + 1 :])
                if self._failure(goals, less) is not None:
                    break
                amounts = less
        return amounts
