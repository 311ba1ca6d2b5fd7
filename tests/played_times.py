"""
Cycle times by playing cases one by one, as plainly as can be: the truth that computed distributions are held against.

Nothing waits for resources here. Import as ``from played_times import played_times``.
"""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

import pubservice as ps

if TYPE_CHECKING:
    from collections.abc import Iterator


def played_times(procedure: ps.Procedure, cases: int, seed: int) -> np.ndarray:
    """Return the seconds from start to end of so many cases, ascending; elapsed time and working time are one."""
    rng = np.random.default_rng(seed)
    lengths = {
        node.id: _lengths(node.processing_time if isinstance(node, ps.Step) else node.time, rng)
        for node in procedure.workers
    }
    out: dict[str, list[ps.Flow]] = {}
    for flow in procedure.flows:
        out.setdefault(flow.source, []).append(flow)
    return np.sort([_play(procedure, out, lengths, rng) for _ in range(cases)])


def _lengths(time: ps.Distribution | None, rng: np.random.Generator) -> Iterator[float]:
    assert time is not None
    seconds = time.mean_seconds()
    assert seconds is not None
    factor = seconds / time.mean_in_unit if time.mean_in_unit else 0.0
    while True:
        yield from (time.sample(rng, 1000) * factor).tolist()


def _play(
    procedure: ps.Procedure,
    out: dict[str, list[ps.Flow]],
    lengths: dict[str, Iterator[float]],
    rng: np.random.Generator,
) -> float:
    """Return when the last token of a case arrives at an end; a token carries how many were sent out with it, and since when."""
    numbers = count()
    tokens: list[tuple[float, int, str, tuple[tuple[int, int], ...]]] = [
        (0.0, next(numbers), procedure.first or "", ())
    ]
    waiting: dict[tuple[str, tuple[tuple[int, int], ...]], int] = {}
    while True:
        now, _, id, sent = heapq.heappop(tokens)
        node = procedure.node(id)
        flows = out.get(id, [])
        if isinstance(node, ps.Gateway) and node.kind != "exclusive":
            if len(flows) == 1:  # a join
                here = (id, sent)
                waiting[here] = waiting.get(here, 0) + 1
                if waiting[here] < sent[-1][0]:
                    continue
                sent = sent[:-1]
            else:
                taken: list[ps.Flow] = []
                while not taken:
                    taken = [
                        flow for flow in flows if flow.probability is None or rng.random() < flow.probability
                    ]
                mark = (len(taken), next(numbers))
                for flow in taken:
                    heapq.heappush(tokens, (now, next(numbers), flow.target, (*sent, mark)))
                continue
        later = now + (next(lengths[id]) if id in lengths else 0.0)
        if not flows:
            return later
        target = flows[0].target
        if len(flows) > 1:
            chances = [flow.probability or 0.0 for flow in flows]
            target = flows[int(rng.choice(len(flows), p=np.array(chances) / sum(chances)))].target
        heapq.heappush(tokens, (later, next(numbers), target, sent))
