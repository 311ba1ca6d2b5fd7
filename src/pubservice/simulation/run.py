"""A run: the event loop with the room it needs, and what it leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pubservice.errors import DeadlockError, InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.simulation import engine
from pubservice.simulation.calendars import Clocks, moment, open_time
from pubservice.simulation.compiled import compiled as compiled_loop
from pubservice.simulation.compiled import is_available
from pubservice.simulation.engine import (
    CASES_FULL,
    CAUSES,
    CROWDED,
    EVENTS_FULL,
    FINISHED,
    FREE_SLOT,
    FREE_TOKEN,
    GONE,
    LIMIT,
    LOGGING,
    NUMBER,
    OVER,
    PAUSED,
    QUEUEING,
    SCALARS,
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
from pubservice.simulation.program import Parts
from pubservice.simulation.record import Events, Record
from pubservice.simulation.streams import MASK, NEXT, mixed, uniform, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.simulation.program import Program

SLICE = 200_000  # events between two looks at what else there is, such as Ctrl-C
EVENTS_AT_ONCE = 65_536
CASES_AT_ONCE = 8_192
NEVER = 2**62

_TOKENS = (
    "link",
    "slot",
    "node",
    "came",
    "stage",
    "word",
    "again",
    "leads",
    "ready",
    "begun",
    "started",
    "work",
    "order",
)
_SLOTS = (
    "slot_link",
    "service",
    "number",
    "key",
    "arrived",
    "alive",
    "held",
    "ended",
    "worked",
    "applicant",
)
_WORDS = {"word", "key", "visits", "next_case", "next_arrival"}
_REAL = {
    "now",
    "arrives",
    "busy",
    "queued",
    "lag",
    "ready",
    "begun",
    "started",
    "work",
    "causes",
    "arrived",
    "worked",
    "applicant",
    "costs",
    "fees",
    "event_ready",
    "event_start",
    "event_end",
    "case_arrival",
    "case_end",
    "case_work",
    "case_applicant",
    "case_causes",
    "case_costs",
    "case_fees",
}


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
    chunks = list(play.events())
    return play.record(chunks)


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
        keep: Whether the numbers of each case are kept.
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
        self.since = since_s
        self.before: tuple[Any, ...] | None = None
        self.keep = keep
        self.is_compiled = is_available() if compiled is None else compiled
        self.advance = compiled_loop() if self.is_compiled else engine.advance
        self.parts = program.parts if self.is_compiled else _lists(program.parts)
        self.logging = log
        self.finished: list[dict[str, Any]] = []
        self._begin(NEVER if cases is None else cases)

    # Room

    def _column(self, name: str, size: int, fill: float = 0) -> Any:
        if not self.is_compiled:
            return [float(fill) if name in _REAL else fill] * size
        import numpy as np

        kind = np.uint64 if name in _WORDS else np.float64 if name in _REAL else np.int64
        return np.full(size, fill, kind)

    def _longer(self, name: str, column: Any, size: int, fill: float = 0) -> Any:
        more = self._column(name, size, fill)
        if not self.is_compiled:
            column += more
            return column
        import numpy as np

        return np.concatenate([column, more])

    def _begin(self, limit: int) -> None:
        """Make room, and put the first arrivals on the agenda."""
        parts, sizes = self.parts, self.program.sizes
        services, groups, nodes = len(parts.start), len(parts.staff), len(parts.kind)
        resources = len(parts.capacity)
        lengths = (
            dict.fromkeys(("next_case", "next_arrival", "arrives"), services)
            | dict.fromkeys(
                (
                    "free",
                    "waiting",
                    "most",
                    "busy",
                    "queued",
                    "begins",
                    "dirty",
                    "is_dirty",
                ),
                resources,
            )
            | dict.fromkeys(("head", "tail", "wakes"), groups)
            | dict.fromkeys(("batch_head", "batch_tail", "collected"), nodes)
            | dict.fromkeys(("lag", "lagged"), sizes.lags)
            | {"now": 1, "scalars": SCALARS, "taken": max(1, sizes.fan)}
        )
        columns = {name: self._column(name, 0) for name in State._fields}
        for name, size in lengths.items():
            columns[name] = self._column(
                name, size, -1 if name in ("head", "tail", "batch_head", "batch_tail") else 0
            )
        self.state = State(**columns)
        self._buffers()
        self.agenda: Any = []
        if self.is_compiled:
            self.agenda = (
                *(self._column(name, 0) for name in ("now", "order", "order")),
                self._column("order", 1),
            )
        scalars = self.state.scalars
        scalars[STACK] = scalars[FREE_TOKEN] = scalars[FREE_SLOT] = -1
        scalars[LIMIT], scalars[LOGGING] = limit, int(self.logging)
        for r in range(resources):
            self.state.free[r] = int(parts.capacity[r])
        self._more_tokens(max(256, 4 * sizes.fan))
        self._more_slots(64)
        key = mixed((mixed((self.seed + NEXT) & MASK) + self.replication * NEXT) & MASK)
        for service, id in enumerate(self.program.services):
            self.state.next_case[service] = mixed(key ^ word(f"case {id}"))
            first = mixed(key ^ word(f"arrival {id}"))
            self.state.next_arrival[service] = first
            passed = -math.log(uniform(first)) / float(parts.arrival_rate[service])
            self.state.arrives[service] = passed
            scalars[NUMBER] += 1
            at = moment(parts.clocks, int(parts.arrival_clock[service]), passed)
            self._note(float(at), int(scalars[NUMBER]), service * 8 + engine.ARRIVAL)

    def _note(self, time: float, number: int, code: int) -> None:
        from pubservice.simulation import compiled

        (compiled.note if self.is_compiled else engine.note)(self.agenda, time, number, code)

    def _buffers(self) -> None:
        """Make room for events and for cases that end."""
        sizes = self.program.sizes
        columns = {
            name: self._column(name, EVENTS_AT_ONCE if self.logging else 1)
            for name in State._fields
            if name.startswith("event_")
        }
        widths = {"case_causes": CAUSES, "case_costs": sizes.currencies, "case_fees": sizes.currencies}
        columns |= {
            name: self._column(name, CASES_AT_ONCE * widths.get(name, 1))
            for name in State._fields
            if name.startswith("case_")
        }
        self.state = self.state._replace(**columns)

    def _more_tokens(self, size: int) -> None:
        state, scalars = self.state, self.state.scalars
        before = len(state.link)
        columns = {name: self._longer(name, getattr(state, name), size) for name in _TOKENS}
        columns["causes"] = self._longer("causes", state.causes, size * CAUSES)
        for token in range(before, before + size):
            columns["link"][token] = token + 1
            columns["stage"][token] = GONE
        columns["link"][before + size - 1] = scalars[FREE_TOKEN]
        scalars[FREE_TOKEN] = before
        scalars[TOKENS_LEFT] += size
        self.state = state._replace(**columns)
        if self.is_compiled:
            room = len(self.state.link) + len(state.next_case) + len(state.head) + len(state.batch_head) + 1
            times, numbers, codes, count = self.agenda
            self.agenda = (
                self._longer("now", times, room - len(times)),
                self._longer("order", numbers, room - len(numbers)),
                self._longer("order", codes, room - len(codes)),
                count,
            )

    def _more_slots(self, size: int) -> None:
        state, scalars, sizes = self.state, self.state.scalars, self.program.sizes
        before = len(state.slot_link)
        columns = {name: self._longer(name, getattr(state, name), size) for name in _SLOTS}
        for name, width in (
            ("costs", sizes.currencies),
            ("fees", sizes.currencies),
            ("visits", sizes.nodes),
            ("at_place", sizes.places),
            ("full", sizes.joins),
            ("needs", sizes.joins),
            ("has", sizes.data),
        ):
            columns[name] = self._longer(name, getattr(state, name), size * width)
        for slot in range(before, before + size):
            columns["slot_link"][slot] = slot + 1
            columns["number"][slot] = -1
        columns["slot_link"][before + size - 1] = scalars[FREE_SLOT]
        scalars[FREE_SLOT] = before
        scalars[SLOTS_LEFT] += size
        self.state = state._replace(**columns)

    # Going on

    def events(self) -> Iterator[Events]:
        """Go on until the end; yield events each time there are many, and those that are left."""
        while True:
            until = self.until if self.before is not None else min(self.since, self.until)
            status = self.advance(self.parts, self.state, self.program.sizes, self.agenda, until, SLICE)
            if status == OVER and self.before is None:
                self.before = self._counts(self.since)
                self.state.most[:] = self.state.waiting[:]
                continue
            if status == EVENTS_FULL or (status == OVER and self.logging):
                yield self._events()
            if status in (CASES_FULL, OVER):
                self._cases()
            if status == OVER:
                return
            if status == TOKENS_FULL:
                self._more_tokens(len(self.state.link))
            elif status == SLOTS_FULL:
                self._more_slots(len(self.state.slot_link))
            elif status not in (PAUSED, EVENTS_FULL, CASES_FULL):
                raise self._error(status)

    def _events(self) -> Events:
        import numpy as np

        state, count = self.state, self.state.scalars[WRITTEN]
        state.scalars[WRITTEN] = 0
        first = np.array([*self.program.parts.used, -1])
        resource = np.append(self.program.parts.uses, -1)
        case, node, ready, start, end = (
            np.array(getattr(state, name)[:count]) for name in State._fields if name.startswith("event_")
        )
        whole = node.astype(np.int64)
        group = self.program.parts.group[whole]
        found = np.where(group >= 0, first[resource[group]], -1)
        return Events(case.astype(np.int64), whole, ready, start, end, found)

    def _cases(self) -> None:
        """Keep the numbers of cases that have ended."""
        import numpy as np

        state, count = self.state, self.state.scalars[FINISHED]
        state.scalars[FINISHED] = 0
        if not self.keep:
            return
        sizes = self.program.sizes
        widths = {"case_causes": CAUSES, "case_costs": sizes.currencies, "case_fees": sizes.currencies}
        self.finished.append(
            {
                name: np.array(getattr(state, name)[: count * widths.get(name, 1)])
                for name in State._fields
                if name.startswith("case_")
            }
        )

    def _error(self, status: int) -> Exception:
        state, program = self.state, self.program
        who, where = int(state.scalars[WHO]), int(state.scalars[WHERE])
        slot = list(state.number).index(who)
        service = program.services[int(state.service[slot])]
        if status == STUCK:
            if where < 0:
                where = next(
                    int(state.node[token])
                    for token in range(len(state.link))
                    if state.stage[token] == engine.HELD and state.slot[token] == slot
                )
            return DeadlockError(service, who, program.nodes[where])
        at = f"services.{service}.{program.nodes[where]}"
        if status == CROWDED:
            message = Message("more than {most:,} branches of one case at once", most=engine.MOST_TOKENS)
        else:
            message = Message("cases go round here without any time passing")
        return InvalidModelError([Problem(at, message)])

    # What is left

    def record(self, chunks: list[Events]) -> Record:
        """Return what the run leaves."""
        import numpy as np

        program, state = self.program, self.state
        end = self.until if math.isfinite(self.until) else max(self.since, float(state.now[0]))
        arrived = int(state.scalars[engine.ARRIVED])
        currencies = program.sizes.currencies
        service = np.zeros(arrived, np.int64)
        outcome = np.full(arrived, -1)
        ended, work, applicant = (np.full(arrived, np.nan) for _ in range(3))
        arrival = np.zeros(arrived)
        causes = np.full((arrived, CAUSES), np.nan)
        cost, fee = (np.full((arrived, currencies), np.nan) for _ in range(2))
        for slot, number in enumerate(state.number):
            if number >= 0:
                service[int(number)] = state.service[slot]
                arrival[int(number)] = state.arrived[slot]
        while self.finished:
            done = self.finished.pop()
            at = done["case_number"].astype(np.int64)
            service[at], outcome[at] = done["case_service"], done["case_outcome"]
            arrival[at], ended[at] = done["case_arrival"], done["case_end"]
            work[at], applicant[at] = done["case_work"], done["case_applicant"]
            causes[at] = done["case_causes"].reshape(-1, CAUSES)
            cost[at] = done["case_costs"].reshape(len(at), currencies)
            fee[at] = done["case_fees"].reshape(len(at), currencies)
        assert self.before is not None  # counted at the latest now
        busy, opened, queued, visits = (
            after - before for after, before in zip(self._counts(end), self.before, strict=True)
        )
        return Record(
            program,
            self.seed,
            self.replication,
            end,
            service,
            arrival,
            ended,
            outcome,
            causes,
            work,
            applicant,
            cost,
            fee,
            self.since,
            busy,
            opened,
            queued,
            np.array(state.most, np.int64),
            visits,
            *(joined(chunks) if self.logging else ()),
        )

    def _counts(self, end: float) -> tuple[Any, ...]:
        """Return of each resource seconds of work, open and in the queue, and visits, until a moment: the present."""
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
                    passed = open_time(parts.clocks, clock, end) - open_time(
                        parts.clocks, clock, float(state.started[token])
                    )
                    busy[used] += passed * int(parts.staff[group])
        opened = np.array([open_time(parts.clocks, clock, end) for clock in program.resource_clock])
        return busy, opened, queued, np.array(state.begins, np.int64)


def joined(chunks: list[Events]) -> Events:
    """Return events as one; those that were given are let go of column by column."""
    import numpy as np

    columns = [list(column) for column in zip(*chunks, strict=True)]
    chunks.clear()
    found = []
    for column in columns:
        found.append(np.concatenate(column))
        column.clear()
    return Events(*found)


def _lists(parts: Parts) -> Parts:
    return Parts(
        Clocks(*(column.tolist() for column in parts.clocks)), *(column.tolist() for column in parts[1:])
    )
