"""A run: the event loop with the room it needs, and what it leaves."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pubservice.errors import DeadlockError, InvalidModelError, NoFlowError, Problem
from pubservice.messages import Message
from pubservice.simulation import compiled as machine
from pubservice.simulation import engine
from pubservice.simulation.agenda import ARRIVAL, PLACE, STANDING, note
from pubservice.simulation.calendars import Clocks, open_time
from pubservice.simulation.coming import next_arrival
from pubservice.simulation.conditions import value_of
from pubservice.simulation.parts import Parts
from pubservice.simulation.record import Events, Record
from pubservice.simulation.room import column, cut, grow, state_of
from pubservice.simulation.state import (
    AGENDA_FULL,
    ARRIVED,
    CASES_FULL,
    CAUSES,
    CROWDED,
    EVENTS_FULL,
    FREE_SLOT,
    FREE_TOKEN,
    GONE,
    HELD,
    KEEPING,
    LIMIT,
    LOGGING,
    MOST_TOKENS,
    NOWHERE,
    NUMBER,
    OVER,
    PATIENT,
    PAUSED,
    QUEUEING,
    ROOM_FOR_PATIENT,
    SLOTS_FULL,
    SLOTS_LEFT,
    STACK,
    STUCK,
    TOKENS_FULL,
    TOKENS_LEFT,
    WHERE,
    WHO,
    WORKING,
    WRITTEN,
    State,
)
from pubservice.simulation.streams import MASK, NEXT, mixed, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.simulation.program import Program
    from pubservice.simulation.room import Per

SLICE = 200_000  # events between two looks at what else there is, such as Ctrl-C
EVENTS_AT_ONCE = 65_536
CASES_AT_ONCE = 8_192
NEVER = 2**60


def run(
    program: Program,
    *,
    seed: int,
    replication: int = 0,
    horizon_s: float | None = None,
    cases: int | None = None,
    since_s: float = 0.0,
    log: bool = False,
    compiled: bool | None = None,
) -> Record:
    """
    Return what happens in one run.

    The same seed and replication give the same numbers, compiled or not.

    Args:
        program: What is simulated.
        seed: Of the random numbers.
        replication: Which run of that seed; each has numbers of its own.
        horizon_s: For how many elapsed seconds; cases inside at the end have not ended.
        cases: Or how many cases arrive, of all services together; the run goes on until nothing happens any more.
        since_s: From when on resources are counted, so that a warm-up can be left out.
        log: Whether events are kept.
        compiled: Whether numba compiles the loop; None is where it is installed.

    Raises:
        InvalidModelError: Not exactly one of `horizon_s` and `cases` is given, or cases go round without time passing.
        DeadlockError: A join waits for ever.
        MissingExtraError: Compiled is asked for, and numba is not installed.
    """
    play = Play(program, seed, replication, horizon_s, cases, since_s=since_s, log=log, compiled=compiled)
    while play.goes_on():
        pass
    return play.record()


class Play:
    """
    A run that is going on.

    Args:
        program: As for `run`, and all others too.
        seed: Likewise.
        replication: Likewise.
        horizon_s: Likewise.
        cases: Likewise.
        since_s: Likewise.
        log: Likewise.
        compiled: Likewise.
        keep: Whether the numbers of each case, and all events, are kept; else memory follows the cases inside.
    """

    def __init__(
        self,
        program: Program,
        seed: int,
        replication: int,
        horizon_s: float | None,
        cases: int | None,
        *,
        since_s: float = 0.0,
        log: bool = False,
        compiled: bool | None = None,
        keep: bool = True,
    ) -> None:
        problems = []
        if (horizon_s is None) == (cases is None):
            problems.append(Problem("", Message("expected a horizon or a number of cases, one of them")))
        if horizon_s is not None and not 0 < horizon_s < math.inf:
            wrong = Message("expected a horizon above zero, got {value!r}", value=horizon_s)
            problems.append(Problem("horizon_s", wrong))
        if cases is not None and not 0 < cases < NEVER:
            wrong = Message("expected a whole number of at least 1, got {value!r}", value=cases)
            problems.append(Problem("cases", wrong))
        if not 0 <= since_s < (math.inf if horizon_s is None else horizon_s):
            wrong = Message("expected a moment before the end of the run, got {value!r}", value=since_s)
            problems.append(Problem("since_s", wrong))
        if problems:
            raise InvalidModelError(problems)
        self.program, self.seed, self.replication = program, seed, replication
        self.until = math.inf if horizon_s is None else horizon_s
        self.since, self.keep, self.logging = since_s, keep, log
        self.before: tuple[Any, ...] | None = None
        self.is_compiled = machine.is_available() if compiled is None else compiled
        self.advance = machine.compiled() if self.is_compiled else engine.advance
        self.parts = program.parts if self.is_compiled else _lists(program.parts)
        self._begin(NEVER if cases is None else cases)

    def _begin(self, limit: int) -> None:
        """Make room, and put the first arrivals on the agenda."""
        tokens, slots = max(256, 4 * self.program.sizes.fan), 64
        self.state: State = state_of(
            self.program,
            tokens=0,
            slots=0,
            events=EVENTS_AT_ONCE if self.logging else 1,
            cases=min(limit, CASES_AT_ONCE) if self.keep else 1,
            compiled=self.is_compiled,
        )
        state, scalars = self.state, self.state.scalars
        scalars[STACK] = scalars[FREE_TOKEN] = scalars[FREE_SLOT] = -1
        state.opened[0], state.closes[0] = -math.inf, math.inf
        parts = self.program.parts
        scalars[LOGGING], scalars[KEEPING] = int(self.logging), int(self.keep)
        scalars[LIMIT] = limit + int(parts.standing_cases.sum())
        for r, capacity in enumerate(parts.capacity):
            state.free[r] = int(capacity)
        self.agenda: Any = []
        if self.is_compiled:
            self.agenda = (
                *(column(name, 0, compiled=True) for name in ("now", "link", "link")),
                column("link", 1, compiled=True),
            )
        self._more("token", tokens)
        self._more("slot", slots)
        put = machine.note if self.is_compiled else note
        put(self.agenda, (math.inf, 0, 0))  # what never happens
        key = word(f"seed {self.seed} replication {self.replication}")
        for standing, cases in enumerate(parts.standing_cases):
            state.left[standing] = int(cases)
            state.next_standing[standing] = mixed(key ^ int(parts.standing_key[standing]))
            scalars[NUMBER] += 1
            put(self.agenda, (0.0, int(scalars[NUMBER]), standing * 8 + STANDING))
        self._begin_arrivals(key, put)

    def _begin_arrivals(self, key: int, put: Callable[[Any, tuple[float, int, int]], None]) -> None:
        """Put the first arrival, or the first place of the first slot, of each service on the agenda."""
        state, scalars = self.state, self.state.scalars
        words = [(mixed(key ^ word(f"arrival {id}")) - NEXT) & MASK for id in self.program.services]
        none = [0] * len(words)
        begun = SimpleNamespace(next_arrival=words, arrives=[0.0] * len(words), called=none, missed=none)
        parts = _lists(self.program.parts)
        for service, id in enumerate(self.program.services):
            state.next_case[service] = mixed(key ^ word(f"case {id}"))
            first = next_arrival(parts, begun, service)
            state.next_arrival[service] = begun.next_arrival[service]
            state.arrives[service] = begun.arrives[service]
            scalars[NUMBER] += 1
            what = PLACE if parts.slot[service] else ARRIVAL
            put(self.agenda, (first, int(scalars[NUMBER]), service * 8 + what))

    def _more(self, per: Per, more: int) -> None:
        """Make room for more tokens, slots, events or cases."""
        before = len(self.state.link if per == "token" else self.state.slot_link)
        self.state = grow(self.state, per, more, self.program.sizes, compiled=self.is_compiled)
        state, scalars = self.state, self.state.scalars
        if per == "token":
            state.stage[before:] = [GONE] * more
            state.link[before:] = [*range(before + 1, before + more), int(scalars[FREE_TOKEN])]
            scalars[FREE_TOKEN] = before
            scalars[TOKENS_LEFT] += more
            self._more_patient(0)
        elif per == "slot":
            state.slot_link[before:] = [*range(before + 1, before + more), int(scalars[FREE_SLOT])]
            scalars[FREE_SLOT] = before
            scalars[SLOTS_LEFT] += more

    def _more_patient(self, more: int) -> None:
        """Make room on the agenda: for what each token does next, who is booked, and who will have waited too long."""
        state, scalars = self.state, self.state.scalars
        scalars[ROOM_FOR_PATIENT] = max(int(scalars[ROOM_FOR_PATIENT]) + more, 64)
        if self.is_compiled:
            others = (state.next_case, state.head, state.batch_head, state.left)
            things = len(state.link) + sum(map(len, others)) + int(scalars[ROOM_FOR_PATIENT]) + 2
            for part in self.agenda[:3]:
                part.resize(things, refcheck=False)

    def _events_to_come(self) -> int:
        """Return how many more events there will be, as far as it can be told from what part of the run is over."""
        scalars, known = self.state.scalars, len(self.state.event_case)
        past = max(float(self.state.now[0]) / self.until, int(scalars[ARRIVED]) / int(scalars[LIMIT]))
        return int(min(max(1.05 / past - 1, 0.5), 15.0) * known) if past else known

    # Going on

    def goes_on(self) -> bool:
        """Go on for a while; return whether there is more to come. Without keeping, events are to be taken in between."""
        state = self.state
        until = self.until if self.before is not None else min(self.since, self.until)
        status = self.advance(self.parts, state, self.program.sizes, self.agenda, until, SLICE)
        if status == OVER:
            if self.before is not None:
                return False
            self.before = self._counts(self.since)
            state.most[:] = state.waiting[:]
        elif status == TOKENS_FULL:
            self._more("token", len(state.link))
        elif status == SLOTS_FULL:
            self._more("slot", len(state.slot_link))
        elif status == AGENDA_FULL:
            self._more_patient(int(state.scalars[PATIENT]))
        elif status == CASES_FULL:
            self._more("case", len(state.case_end) // 2)
        elif status == EVENTS_FULL:
            if self.keep:
                self._more("event", self._events_to_come())
        elif status != PAUSED:
            raise self._error(status)
        return True

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another event."""
        return bool(self.state.scalars[WRITTEN] == len(self.state.event_case))

    def events(self) -> Events:
        """Take the events that are there, so that there is room for others."""
        import numpy as np

        state, count = self.state, int(self.state.scalars[WRITTEN])
        found = [
            cut(getattr(state, name) if self.keep else getattr(state, name)[:count].copy(), count)
            for name in State._fields
            if name.startswith("event_")
        ]
        state.scalars[WRITTEN] = 0
        parts = self.program.parts
        first = np.array([*parts.used[parts.uses[:-1]], -1])[parts.group]  # group -1 is the last
        case, node, ready, start, end, key = found
        return Events(case, node, ready, start, end, first[node], key.astype(np.uint64))

    def _error(self, status: int) -> Exception:
        state, program = self.state, self.program
        slot, where = int(state.scalars[WHO]), int(state.scalars[WHERE])
        who = int(state.number[slot])
        service = program.services[int(state.service[slot])]
        if status == STUCK:
            if where < 0:
                where = next(
                    int(state.node[token])
                    for token in range(len(state.link))
                    if state.stage[token] == HELD and state.slot[token] == slot
                )
            return DeadlockError(service, who, program.nodes[where])
        if status == NOWHERE:
            key, number = int(state.key[slot]), int(state.service[slot])
            values = {
                attribute.id: value_of(program.parts, n, attribute, key)
                for n, attribute in enumerate(program.attributes)
                if attribute.service == number
            }
            return NoFlowError(service, who, program.nodes[where], values)
        at = f"services.{service}.{program.nodes[where]}"
        if status == CROWDED:
            message = Message("more than {most:,} branches of one case at once", most=MOST_TOKENS)
        else:
            message = Message("cases go round here without any time passing")
        return InvalidModelError([Problem(at, message)])

    # What is left

    def record(self) -> Record:
        """Return what the run leaves; room is given back."""
        import numpy as np

        program, state = self.program, self.state
        end = self.until if math.isfinite(self.until) else max(self.since, float(state.now[0]))
        arrived = int(state.scalars[ARRIVED])
        currencies = program.sizes.currencies
        assert self.before is not None  # counted at the latest now
        busy, opened, queued, visits, missed = (
            after - before for after, before in zip(self._counts(end), self.before, strict=True)
        )
        log = self.events() if self.logging else ()
        return Record(
            program,
            self.seed,
            self.replication,
            end,
            cut(state.case_service, arrived),
            cut(state.case_arrival, arrived),
            cut(state.case_end, arrived),
            cut(state.case_outcome, arrived),
            cut(state.case_causes, arrived * CAUSES).reshape(arrived, CAUSES),
            cut(state.case_work, arrived),
            cut(state.case_applicant, arrived),
            cut(state.case_costs, arrived * currencies).reshape(arrived, currencies),
            cut(state.case_fees, arrived * currencies).reshape(arrived, currencies),
            self.since,
            busy,
            opened,
            queued,
            np.array(state.most, np.int64),
            visits,
            missed,
            *log,
        )

    def _counts(self, end: float) -> tuple[Any, ...]:
        """
        Return what happened until a moment, the present.

        Of each resource seconds of work, open and in the queue, and visits; of each service who did not come.
        """
        import numpy as np

        program, state, parts = self.program, self.state, self.parts
        busy, queued = np.array(state.busy), np.array(state.queued)
        for token, stage in enumerate(state.stage):
            if stage in (WORKING, QUEUEING) and parts.group[int(state.node[token])] >= 0:
                group = int(parts.group[int(state.node[token])])
                used = [int(parts.used[j]) for j in range(int(parts.uses[group]), int(parts.uses[group + 1]))]
                if stage == QUEUEING:
                    queued[used] += end - state.begun[token]
                else:
                    clock = int(parts.group_clock[group])
                    started = float(state.started[token])
                    passed = open_time(parts.clocks, clock, end) - open_time(parts.clocks, clock, started)
                    if parts.finish[group]:
                        passed = end - started
                    busy[used] -= (float(state.work[token]) - passed) * int(parts.staff[group])
        opened = np.array([open_time(parts.clocks, clock, end) for clock in program.resource_clock])
        return busy, opened, queued, np.array(state.begins, np.int64), np.array(state.missed, np.int64)


def _lists(parts: Parts) -> Parts:
    return Parts(
        Clocks(*(column.tolist() for column in parts.clocks)), *(column.tolist() for column in parts[1:])
    )
