"""How the wait for a resource answers to what is asked of it: exactly, a little or much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.queueing import erlang_c, erlang_c_slope

if TYPE_CHECKING:
    from pubservice.analysis.load import ResourceLoad, Total


@attrs.frozen
class Asked:
    """
    A small change of what is asked of a resource, per second of its open time.

    Attributes:
        work: Of visits × mean time.
        square: Of visits × mean squared time.
        staffed: Of visits × mean time × staff.
        bend: By how much more the squares change than their slope says, for a change twice as large four times as much.
    """

    work: float = 0.0
    square: float = 0.0
    staffed: float = 0.0
    bend: float = 0.0

    def plus(self, other: Asked) -> Asked:
        """Return both changes together."""
        return Asked(
            self.work + other.work,
            self.square + other.square,
            self.staffed + other.staffed,
            self.bend + other.bend,
        )

    def times(self, factor: float) -> Asked:
        """Return what so many such visits change."""
        return Asked(self.work * factor, self.square * factor, self.staffed * factor, self.bend * factor)

    def moved(self, by: float) -> Asked:
        """Return what changes if the lever is moved by so much."""
        return Asked(self.work * by, self.square * by + self.bend * by * by, self.staffed * by)


@attrs.frozen
class Slope:
    """
    How the wait for a resource answers to what is asked of it.

    With C Erlang's, ρ = staffed / available and n servers the wait is C(nρ) ρ / (1 - ρ) × square / (2 work²), which is
    Allen and Cunneen's formula for Poisson arrivals, and exact for M/M/c.

    Attributes:
        by_staffed: Derivative of the wait.
        by_work: Likewise.
        by_square: Likewise.
        chance_by_staffed: Derivative of the probability of having to wait.
    """

    by_staffed: float = 0.0
    by_work: float = 0.0
    by_square: float = 0.0
    chance_by_staffed: float = 0.0

    def wait(self, asked: Asked) -> float:
        """Return how the wait changes, in seconds."""
        return self.by_staffed * asked.staffed + self.by_work * asked.work + self.by_square * asked.square

    def chance(self, asked: Asked) -> float:
        """Return how the probability of having to wait changes."""
        return self.chance_by_staffed * asked.staffed


def after(load: ResourceLoad, total: Total, asked: Asked) -> tuple[float, float]:
    """
    Return by how much the wait and the probability of having to wait change if what is asked changes as much as it says.

    Where a resource could not keep up any more its wait has no bound: as far as it is known, nothing changes.
    """
    wait = load.waiting_time_s
    used = (total.staffed + asked.staffed) / load.available
    work, square = total.work + asked.work, total.square + asked.square
    if not wait or not 0 < used < 1 or work <= 0:
        return 0.0, 0.0
    assert load.waiting_probability is not None  # there is a wait
    chance = erlang_c(offered_load=used * load.servers, servers=load.servers)
    then = chance * used / (1 - used) * square / (2 * work * work)
    return then - wait, chance - load.waiting_probability


def slope(load: ResourceLoad, total: Total) -> Slope:
    """
    Return how the wait for a resource answers to what is asked of it; not at all where there is none.

    Args:
        load: Of the resource.
        total: The sums that it was made from.
    """
    wait, used = load.waiting_time_s, load.utilisation
    if not wait or not used:
        return Slope()
    offered, servers = used * load.servers, load.servers
    chance = erlang_c(offered_load=offered, servers=servers)
    rise = servers * erlang_c_slope(offered_load=offered, servers=servers)
    per_used = wait * (rise / chance + 1 / used + 1 / (1 - used))
    return Slope(
        per_used / load.available,
        -2 * wait / total.work,
        wait / total.square,
        rise / load.available,
    )
