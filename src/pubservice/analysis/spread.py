"""How far a time spreads, without its shape: mass, mean and variance of sums, mixtures and repetitions."""

from __future__ import annotations

import attrs


@attrs.frozen
class Spread:
    """
    What is known of a time that is taken with some probability.

    All that is computed is a sum of what is not negative, so that no digits are lost, however little a long sum varies.

    Attributes:
        mass: How often it is taken, at least 0.
        mean: Of the time, where it is taken.
        variance: Likewise.
    """

    mass: float = 1.0
    mean: float = 0.0
    variance: float = 0.0

    def __add__(self, other: Spread) -> Spread:
        """Return that of either; they exclude each other."""
        mass = self.mass + other.mass
        if not mass:
            return self
        p, q = self.mass / mass, other.mass / mass
        apart = self.mean - other.mean
        return Spread(
            mass,
            p * self.mean + q * other.mean,
            p * self.variance + q * other.variance + p * q * apart * apart,
        )

    def __mul__(self, other: Spread | float) -> Spread:
        """Return that of one after the other, independently, or taken with a probability."""
        if isinstance(other, Spread):
            return Spread(self.mass * other.mass, self.mean + other.mean, self.variance + other.variance)
        return Spread(self.mass * other, self.mean, self.variance)

    def repeated(self) -> Spread:
        """Return that of none, one or more in a row: as many as a geometric distribution says."""
        times = self.mass / (1 - self.mass)
        return Spread(
            1 / (1 - self.mass),
            times * self.mean,
            times * self.variance + times * (1 + times) * self.mean * self.mean,
        )
