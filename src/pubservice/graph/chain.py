"""Absorbing Markov chains: how often a case is in each state, how much that varies, and how it ends."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem, UndefinedResultError
from pubservice.graph.paths import reachable
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_STATES = 2_000

Row = tuple[float, ...]


def _matrix(rows: Sequence[Sequence[float]]) -> tuple[Row, ...]:
    return tuple(tuple(map(float, row)) for row in rows)


@attrs.frozen
class AbsorbingChain:
    """
    What is known of a chain from each state in which it may begin: n states that it leaves, m in which it ends.

    Attributes:
        transient: Q, the probabilities from each state to each; shape (n, n).
        visits: N, the expected visits of each state; the one at the beginning counts. Shape (n, n).
        visits_variance: Their variances; shape (n, n).
        steps: t, the expected visits of all states together; shape (n,).
        steps_variance: Their variance; shape (n,).
        outcomes: B, the probability of each end; shape (n, m).
    """

    transient: tuple[Row, ...]
    visits: tuple[Row, ...]
    visits_variance: tuple[Row, ...]
    steps: Row
    steps_variance: Row
    outcomes: tuple[Row, ...]

    def duration(self, means: Sequence[float], variances: Sequence[float] | None = None) -> tuple[Row, Row]:
        """
        Return the mean and the variance of the time until the end, where each visit of a state takes its own time.

        Args:
            means: Of a visit of each state, at least 0; shape (n,).
            variances: Likewise; 0 where left out.

        Returns:
            Two rows of shape (n,), in the unit of the means and in its square.

        Raises:
            InvalidModelError: There is not one value for each state.

        Example:
            >>> chain = absorbing_chain([[0.2]], [[0.8]])
            >>> [round(value, 4) for (value,) in chain.duration([5])]
            [6.25, 7.8125]
        """
        import numpy as np

        given = {"means": means, "variances": [0.0] * len(means) if variances is None else variances}
        problems = [
            Problem(name, Message("expected {n} values, got {found}", n=len(self.steps), found=len(values)))
            for name, values in given.items()
            if len(values) != len(self.steps)
        ]
        if problems:
            raise InvalidModelError(problems)
        d, v = (np.array(values, dtype=float) for values in given.values())
        visits = np.array(self.visits)
        mean = visits @ d
        square = visits @ (d**2 + v + 2 * d * (np.array(self.transient) @ mean))
        return tuple(mean.tolist()), tuple((square - mean**2).tolist())


def absorbing_chain(
    transient: Sequence[Sequence[float]],
    absorbing: Sequence[Sequence[float]],
    *,
    names: Sequence[str] | None = None,
    max_states: int = MAX_STATES,
) -> AbsorbingChain:
    """
    Return what is known of an absorbing Markov chain, from each state in which it may begin.

    With N = (I - Q)⁻¹: t = N 1, Var(t) = (2N - I) t - t², B = N R; the variances of visits are N (2 diag(N) - I) - N².

    Args:
        transient: Q, the probabilities from each state to each; shape (n, n).
        absorbing: R, the probabilities from each state to each end; shape (n, m). A row of both sums to 1 within 1e-9.
        names: Of the states, for errors; their numbers from 0 where left out.
        max_states: More are refused, because time grows with their cube.

    Raises:
        InvalidModelError: A row has another length, a value is no probability, or a row does not sum to 1.
        UndefinedResultError: From some states no end is ever reached; the text names them.

    Example:
        A walk between two doors (Grinstead & Snell): three places, a step to either side is as likely.

        >>> chain = absorbing_chain([[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]], [[0.5, 0], [0, 0], [0, 0.5]])
        >>> [round(steps, 9) for steps in chain.steps]
        [3.0, 4.0, 3.0]

    Source:
        Kemeny & Snell (1960), Finite Markov Chains, ch. 3; Grinstead & Snell, Introduction to Probability, ch. 11.
    """
    import numpy as np

    q, r = _matrix(transient), _matrix(absorbing)
    called = [str(i) for i in range(len(q))] if names is None else list(names)
    problems = list(_faults(q, r, called, max_states))
    if problems:
        raise InvalidModelError(problems)
    into: list[list[int]] = [[j for j, row in enumerate(q) if row[i] > 0] for i in range(len(q))]
    ending = reachable([i for i, row in enumerate(r) if any(p > 0 for p in row)], into)
    if not all(ending):
        raise _trapped([called[i] for i, ends in enumerate(ending) if not ends])
    unit = np.eye(len(q))
    balance = -np.array(q)
    # 1 - q of a state as the sum of what leaves it: nothing is lost where nearly nothing does.
    np.fill_diagonal(balance, [sum((*row[:i], *row[i + 1 :], *r[i])) for i, row in enumerate(q)])
    try:
        n = np.linalg.inv(balance)
    except np.linalg.LinAlgError:
        raise _trapped(called) from None
    t = n.sum(axis=1)
    return AbsorbingChain(
        q,
        _rows(n),
        _rows(n @ (2 * np.diag(np.diag(n)) - unit) - n**2),
        tuple(t.tolist()),
        tuple(((2 * n - unit) @ t - t**2).tolist()),
        _rows(n @ np.array(r)),
    )


def _trapped(names: list[str]) -> UndefinedResultError:
    found = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return UndefinedResultError(Message("no end is ever reached from {found}", found=found))


def _rows(matrix: Any) -> tuple[Row, ...]:
    return tuple(map(tuple, matrix.tolist()))


def _faults(q: tuple[Row, ...], r: tuple[Row, ...], names: list[str], max_states: int) -> Iterator[Problem]:
    """Yield what keeps two tables from being those of a chain; what is wrong with their shape before all else."""
    n = len(q)
    if not 0 < n <= max_states:
        message = Message(
            "expected 1 to {bound:,} states, got {found:,}: raise max_states for more",
            bound=max_states,
            found=n,
        )
        yield Problem("transient", message)
        return
    shapes = [("absorbing", len(r), n), ("names", len(names), n)]
    shapes += [(f"transient[{i}]", len(row), n) for i, row in enumerate(q)]
    shapes += [(f"absorbing[{i}]", len(row), len(r[0])) for i, row in enumerate(r)]
    wrong = [
        Problem(path, Message("expected {n} values, got {found}", n=wanted, found=found))
        for path, found, wanted in shapes
        if found != wanted
    ]
    if wrong:
        yield from wrong
        return
    for i, rows in enumerate(zip(q, r, strict=True)):
        odd = [
            Problem(
                f"{path}[{i}][{j}]", Message("expected a probability from 0 to 1, got {value!r}", value=p)
            )
            for path, row in zip(("transient", "absorbing"), rows, strict=True)
            for j, p in enumerate(row)
            if not 0 <= p <= 1
        ]
        total = fsum((*rows[0], *rows[1]))
        if odd:
            yield from odd
        elif abs(total - 1) > 1e-9:
            message = Message(
                "probabilities out of {id!r} sum to {total:.10g}, expected 1", id=names[i], total=total
            )
            yield Problem(f"transient[{i}]", message)
