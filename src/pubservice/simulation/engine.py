"""
The event loop: cases, tokens, queues and resources over flat arrays.

A case is a slot; where it is, are its tokens: one, or one for each branch. A token carries why the time of its case has
passed so far, by cause, so that those of every token add up to the age of the case; a split copies them, a join goes on
with those of the branch that has been longest on average, and calls the rest synchronisation.

`advance` runs as it is, on lists, and compiled, on arrays, and both do the same to the last bit. It stops where room is
used up, and can be called again.
"""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import Any, NamedTuple

from pubservice.simulation.calendars import end_of_work, moment, open_time, opening
from pubservice.simulation.program import (
    ALL,
    CHOICE,
    JOIN,
    MEET,
    NOT_MET,
    ONWARD,
    OWN_WORK,
    STEP,
    WAIT,
    Parts,
    Sizes,
)
from pubservice.simulation.streams import MASK, NEXT, drawn, mixed, uniform

CAUSES = 12
PROCESSING, CONTENTION, UNAVAILABILITY, BATCHING, PRIORITY, SYNCHRONISATION = range(6)
REWORK = 10

MOVING, COLLECTED, COLLECTING, QUEUEING, WORKING, WAITING, HELD, GONE = range(8)
DONE, ARRIVAL, OPENING, PERIOD = range(4)
OVER, PAUSED, TOKENS_FULL, SLOTS_FULL, EVENTS_FULL, CASES_FULL, STUCK, ENDLESS, CROWDED = range(9)

(
    NUMBER,
    STACK,
    FREE_TOKEN,
    FREE_SLOT,
    TOKENS_LEFT,
    SLOTS_LEFT,
    DIRTY,
    ARRIVED,
    LIMIT,
    WRITTEN,
    FINISHED,
    LOGGING,
) = range(12)
MOVES, WHO, WHERE = range(12, 15)
SCALARS = 15

MOST_TOKENS = 10_000  # of one case
MOST_MOVES = 1_000_000  # at one moment


class State(NamedTuple):
    """
    What changes, as flat arrays.

    Attributes:
        now: The moment; shape (1,).
        scalars: Whole numbers, by the names above; shape (SCALARS,).
        next_case: Of each service, the word of its next case.
        next_arrival: Of each service, the word of its next arrival.
        arrives: Of each service, open seconds until its last arrival.
        free: Of each resource, how many are free.
        waiting: Of each resource, how many tokens queue for it.
        most: Of each resource, how many that were at most.
        busy: Of each resource, seconds of work done.
        queued: Of each resource, seconds in its queue of those who have left it.
        begins: Of each resource, how many visits began.
        dirty: Resources at which somebody may begin.
        is_dirty: Of each resource, whether it is among them.
        head: Of each group, who waits longest; -1 is nobody.
        tail: Of each group, who came last.
        wakes: Of each group, whether its opening is on the agenda.
        batch_head: Of each node, who is collected there, first; -1 is nobody.
        batch_tail: Likewise, last.
        collected: Of each node, how many are.
        lag: Of each flow into a join, seconds that its tokens waited there.
        lagged: Likewise, how many did.
        taken: Of each flow out of one node, whether it is taken.
        link: Of each token, which is next where it waits; of what is not used too.
        slot: Of each token, its case.
        node: Of each token, where it is.
        came: Of each token, by which place it came to a join.
        stage: Of each token, what it is doing.
        word: Of each token, the word of its visit.
        again: Of each token, whether its visit is not the first of its node.
        leads: Of each token, whether it bears the set-up of its batch.
        ready: Of each token, when it came.
        begun: Of each token, when it began to queue.
        started: Of each token, when work began.
        work: Of each token, seconds of work.
        order: Of each token, its number in the queue.
        causes: Of each token and cause, seconds.
        slot_link: Of each slot that is free, the next.
        service: Of each slot, the service of its case.
        number: Of each slot, the number of its case.
        key: Of each slot, the word of its case.
        arrived: Of each slot, when its case arrived.
        alive: Of each slot, how many tokens there are.
        held: Of each slot, how many of them wait at joins.
        ended: Of each slot, the outcome of the token that ended last.
        worked: Of each slot, seconds of work.
        applicant: Of each slot, seconds of the applicant.
        costs: Of each slot and currency.
        fees: Of each slot and currency.
        visits: Of each slot and node, the word of the next visit.
        at_place: Of each slot and flow into a join, who came by it; -1 is nobody.
        full: Of each slot and join, by how many flows somebody came.
        needs: Of each slot and join, by how many flows somebody will.
        has: Of each slot and datum, whether it was obtained.
        event_case: Of each event of the log, the number of the case.
        event_node: Of each event, the node.
        event_ready: Of each event, when the case came.
        event_start: Of each event, when work began.
        event_end: Of each event, when it ended.
        case_number: Of each case that ended, its number.
        case_service: Likewise, its service.
        case_arrival: Likewise, when it arrived.
        case_end: Likewise, when it ended.
        case_outcome: Likewise, how.
        case_work: Likewise, seconds of work.
        case_applicant: Likewise, seconds of the applicant.
        case_causes: Likewise, by cause.
        case_costs: Likewise, by currency.
        case_fees: Likewise, by currency.
    """

    now: Any
    scalars: Any
    next_case: Any
    next_arrival: Any
    arrives: Any
    free: Any
    waiting: Any
    most: Any
    busy: Any
    queued: Any
    begins: Any
    dirty: Any
    is_dirty: Any
    head: Any
    tail: Any
    wakes: Any
    batch_head: Any
    batch_tail: Any
    collected: Any
    lag: Any
    lagged: Any
    taken: Any
    link: Any
    slot: Any
    node: Any
    came: Any
    stage: Any
    word: Any
    again: Any
    leads: Any
    ready: Any
    begun: Any
    started: Any
    work: Any
    order: Any
    causes: Any
    slot_link: Any
    service: Any
    number: Any
    key: Any
    arrived: Any
    alive: Any
    held: Any
    ended: Any
    worked: Any
    applicant: Any
    costs: Any
    fees: Any
    visits: Any
    at_place: Any
    full: Any
    needs: Any
    has: Any
    event_case: Any
    event_node: Any
    event_ready: Any
    event_start: Any
    event_end: Any
    case_number: Any
    case_service: Any
    case_arrival: Any
    case_end: Any
    case_outcome: Any
    case_work: Any
    case_applicant: Any
    case_causes: Any
    case_costs: Any
    case_fees: Any


# The agenda: what happens later, in order of time, then of being noted. Compiled, these three work on arrays.


def note(agenda: Any, time: float, number: int, code: int) -> None:
    """Put something on the agenda."""
    heappush(agenda, (time, number, code))


def soonest(agenda: Any) -> float:
    """Return when the next thing on the agenda happens; infinity where there is none."""
    return agenda[0][0] if agenda else math.inf


def take(agenda: Any) -> tuple[float, int, int]:
    """Take the next thing off the agenda."""
    return heappop(agenda)  # type: ignore[no-any-return]  # idem


def advance(p: Parts, s: State, z: Sizes, agenda: Any, until: float, most: int) -> int:
    """
    Let things happen until a moment, or until so many have, or until something is in the way; return which.

    Args:
        p: What is simulated.
        s: How things stand; changed.
        z: How much room a case takes.
        agenda: What happens later; changed.
        until: In seconds; what happens then is left.
        most: How many things of the agenda.
    """
    k, kind, local, split, out, target, chance, place = (
        p.clocks,
        p.kind,
        p.local,
        p.split,
        p.out,
        p.target,
        p.chance,
        p.place,
    )
    law, law_a, law_b, law_c, values, clock, group = (
        p.law,
        p.law_a,
        p.law_b,
        p.law_c,
        p.values,
        p.clock,
        p.group,
    )
    uses, used, staff, group_clock, serves, served = (
        p.uses,
        p.used,
        p.staff,
        p.group_clock,
        p.serves,
        p.served,
    )
    free, waiting, busy, queued, begins = s.free, s.waiting, s.busy, s.queued, s.begins
    dirty, is_dirty, head, tail, wakes = s.dirty, s.is_dirty, s.head, s.tail, s.wakes
    link, slot, node, came, stage, word, again = s.link, s.slot, s.node, s.came, s.stage, s.word, s.again
    ready, begun, started, work, order, causes = s.ready, s.begun, s.started, s.work, s.order, s.causes
    key, alive, held, visits, worked, applicant = s.key, s.alive, s.held, s.visits, s.worked, s.applicant
    scalars = s.scalars
    now = s.now[0]
    number, stack, dirty_count = scalars[NUMBER], scalars[STACK], scalars[DIRTY]
    free_token, tokens_left = scalars[FREE_TOKEN], scalars[TOKENS_LEFT]
    free_slot, slots_left = scalars[FREE_SLOT], scalars[SLOTS_LEFT]
    moves, written, finished, logging = scalars[MOVES], scalars[WRITTEN], scalars[FINISHED], scalars[LOGGING]
    room_for_events, room_for_cases = len(s.event_case), len(s.case_number)
    nodes, places, joins, data, currencies, fan = z.nodes, z.places, z.joins, z.data, z.currencies, z.fan
    entering = -1
    status = OVER
    while True:
        # Room for whatever one turn may write
        if tokens_left <= fan:
            status = TOKENS_FULL
            break
        if slots_left == 0:
            status = SLOTS_FULL
            break
        if written == room_for_events:
            status = EVENTS_FULL
            break
        if finished == room_for_cases:
            status = CASES_FULL
            break
        leaving = -1
        beginning = -1
        released = -1
        start = now
        if entering < 0:
            if stack >= 0:
                entering = stack
                stack = link[entering]
            elif dirty_count > 0:
                # Who may begin at this resource: first come, first served; those who lack another one are passed over
                r = dirty[dirty_count - 1]
                after = -1
                while True:
                    best = -1
                    first = number + 1
                    for j in range(serves[r], serves[r + 1]):
                        g = served[j]
                        t = head[g]
                        if t >= 0 and after < order[t] < first:
                            c = group_clock[g]
                            opens = now if c == 0 else opening(k, c, now)
                            if opens == now:
                                best = g
                                first = order[t]
                            elif wakes[g] == 0:
                                wakes[g] = 1
                                number += 1
                                note(agenda, opens, number, g * 8 + OPENING)
                    if best < 0:
                        break
                    if free[r] < staff[best]:
                        best = -1
                        break
                    lacks = 0
                    for j in range(uses[best], uses[best + 1]):
                        if free[used[j]] < staff[best]:
                            lacks = 1
                    if lacks == 0:
                        break
                    after = first
                if best < 0:
                    dirty_count -= 1
                    is_dirty[r] = 0
                    continue
                beginning = head[best]
                head[best] = link[beginning]
                for j in range(uses[best], uses[best + 1]):
                    r = used[j]
                    free[r] -= staff[best]
                    waiting[r] -= 1
                    begins[r] += 1
                    queued[r] += now - begun[beginning]
            else:
                if most == 0:
                    status = PAUSED
                    break
                most -= 1
                if soonest(agenda) >= until:
                    status = OVER
                    break
                time, _, code = take(agenda)
                if time > now:
                    now = time
                    moves = 0
                start = now
                of = code >> 3
                what = code & 7
                if what == DONE:
                    leaving = of
                    t = of
                    n = node[t]
                    sl = slot[t]
                    own = t * CAUSES
                    c = clock[n]
                    if kind[n] == STEP:
                        g = group[n]
                        time = work[t]
                        queue = started[t] - begun[t]
                        if queue > 0.0 and c != 0:
                            queue = open_time(k, c, started[t]) - open_time(k, c, begun[t])
                        collecting = begun[t] - ready[t]
                        if collecting > 0.0 and p.arrival_clock[s.service[sl]] != 0:
                            c = p.arrival_clock[s.service[sl]]
                            collecting = open_time(k, c, begun[t]) - open_time(k, c, ready[t])
                        if again[t] == 1:
                            causes[own + REWORK] += now - ready[t]
                        else:
                            causes[own + PROCESSING] += time
                            if queue > 0.0:
                                causes[own + CONTENTION] += queue
                            if collecting > 0.0:
                                causes[own + BATCHING] += collecting
                            if c != 0:
                                causes[own + UNAVAILABILITY] += now - ready[t] - time - queue - collecting
                        worked[sl] += time
                        if currencies > 0:
                            for j in range(currencies):
                                s.costs[sl * currencies + j] += (
                                    p.expense[n * currencies + j] + p.hourly[n * currencies + j] * time
                                )
                        if p.meets[n] != NOT_MET:
                            applicant[sl] += time + p.travel[n]
                            if p.meets[n] != OWN_WORK:
                                applicant[sl] += queue + collecting
                        if g >= 0:
                            for j in range(uses[g], uses[g + 1]):
                                r = used[j]
                                free[r] += staff[g]
                                busy[r] += time * staff[g]
                                if waiting[r] > 0 and is_dirty[r] == 0:
                                    is_dirty[r] = 1
                                    dirty[dirty_count] = r
                                    dirty_count += 1
                    else:
                        time = work[t]
                        if again[t] == 1:
                            causes[own + REWORK] += now - ready[t]
                        else:
                            causes[own + p.cause[n]] += time
                            if c != 0:
                                causes[own + UNAVAILABILITY] += now - ready[t] - time
                    if logging == 1:
                        s.event_case[written] = s.number[sl]
                        s.event_node[written] = n
                        s.event_ready[written] = ready[t]
                        s.event_start[written] = started[t]
                        s.event_end[written] = now
                        written += 1
                elif what == ARRIVAL:
                    if scalars[ARRIVED] >= scalars[LIMIT]:
                        continue
                    sl = free_slot
                    free_slot = s.slot_link[sl]
                    slots_left -= 1
                    s.service[sl] = of
                    s.number[sl] = scalars[ARRIVED]
                    scalars[ARRIVED] += 1
                    s.next_case[of] = (s.next_case[of] + NEXT) & MASK
                    key[sl] = mixed(s.next_case[of])
                    s.arrived[sl] = now
                    alive[sl] = 1
                    held[sl] = 0
                    s.ended[sl] = -1
                    worked[sl] = 0.0
                    applicant[sl] = p.start_obtain[of]
                    for j in range(sl * nodes, sl * nodes + nodes):
                        visits[j] = 0
                    for j in range(sl * places, sl * places + places):
                        s.at_place[j] = -1
                    for j in range(sl * joins, sl * joins + joins):
                        s.full[j] = 0
                    for j in range(sl * data, sl * data + data):
                        s.has[j] = 0
                    for j in range(sl * currencies, sl * currencies + currencies):
                        s.costs[j] = 0.0
                        s.fees[j] = 0.0
                    t = free_token
                    free_token = link[t]
                    tokens_left -= 1
                    slot[t] = sl
                    node[t] = p.start[of]
                    came[t] = -1
                    stage[t] = MOVING
                    for j in range(t * CAUSES, t * CAUSES + CAUSES):
                        causes[j] = 0.0
                    entering = t
                    if scalars[ARRIVED] < scalars[LIMIT]:
                        s.next_arrival[of] = (s.next_arrival[of] + NEXT) & MASK
                        s.arrives[of] -= math.log(uniform(s.next_arrival[of])) / p.arrival_rate[of]
                        number += 1
                        note(agenda, moment(k, p.arrival_clock[of], s.arrives[of]), number, of * 8 + ARRIVAL)
                elif what == OPENING:
                    wakes[of] = 0
                    r = used[uses[of]]
                    if is_dirty[r] == 0:
                        is_dirty[r] = 1
                        dirty[dirty_count] = r
                        dirty_count += 1
                else:
                    released = of
        if entering >= 0:
            t = entering
            entering = -1
            n = node[t]
            sl = slot[t]
            what = kind[n]
            queues = 0
            if stage[t] == COLLECTED:
                queues = 1
            else:
                moves += 1
                if moves > MOST_MOVES:
                    scalars[WHO] = s.number[sl]
                    scalars[WHERE] = n
                    status = ENDLESS
                    break
                if what in (STEP, WAIT) or split[n] & 1 == 1:  # choices and inclusive splits
                    j = sl * nodes + local[n]
                    w = visits[j]
                    word[t] = w
                    again[t] = 0 if w == 0 else 1
                    visits[j] = (w + NEXT) & MASK
                    ready[t] = now
                if currencies > 0:
                    for j in range(currencies):
                        s.fees[sl * currencies + j] += p.fee[n * currencies + j]
                if what == STEP:
                    for j in range(p.asks[n], p.asks[n + 1]):
                        i = sl * data + p.datum[j]
                        if s.has[i] == 0:
                            s.has[i] = 1
                            applicant[sl] += p.obtain[j]
                    if p.batch[n] == 0 and p.period[n] == 0.0:
                        s.leads[t] = 1
                        queues = 1
                    else:
                        s.leads[t] = 0
                        stage[t] = COLLECTING
                        link[t] = -1
                        if s.batch_head[n] < 0:
                            s.batch_head[n] = t
                            if p.batch[n] == 0:
                                c = p.period_clock[n]
                                passed = p.period[n] * (math.floor(open_time(k, c, now) / p.period[n]) + 1)
                                number += 1
                                note(agenda, max(now, moment(k, c, passed)), number, n * 8 + PERIOD)
                        else:
                            link[s.batch_tail[n]] = t
                        s.batch_tail[n] = t
                        s.collected[n] += 1
                        if s.collected[n] == p.batch[n]:
                            released = n
                elif what == WAIT:
                    time = drawn(
                        law[n], law_a[n], law_b[n], law_c[n], values, key[sl] ^ ((p.time_key[n] + w) & MASK)
                    )
                    started[t] = now
                    work[t] = time
                    stage[t] = WAITING
                    c = clock[n]
                    end = now + time
                    if c != 0:
                        end = max(now, end_of_work(k, c, opening(k, c, now), time))
                    number += 1
                    note(agenda, end, number, t * 8 + DONE)
                elif what in (JOIN, MEET):
                    j = sl * joins + p.join[n]
                    i = sl * places + came[t]
                    link[t] = s.at_place[i]
                    s.at_place[i] = t
                    ready[t] = now
                    stage[t] = HELD
                    held[sl] += 1
                    if link[t] < 0:
                        s.full[j] += 1
                    if s.full[j] == (p.enters[n] if what == JOIN else s.needs[j]):
                        least = math.inf
                        for i in range(p.enters[n]):
                            t = s.at_place[sl * places + p.gate[n] + i]
                            if t >= 0:
                                f = p.lags[n] + i
                                s.lag[f] += now - ready[t]
                                s.lagged[f] += 1
                                if s.lag[f] / s.lagged[f] < least:
                                    least = s.lag[f] / s.lagged[f]
                                    leaving = t
                        for i in range(sl * places + p.gate[n], sl * places + p.gate[n] + p.enters[n]):
                            t = s.at_place[i]
                            if t >= 0:
                                s.at_place[i] = link[t]
                                if link[t] < 0:
                                    s.full[j] -= 1
                                held[sl] -= 1
                                if t != leaving:
                                    alive[sl] -= 1
                                    stage[t] = GONE
                                    link[t] = free_token
                                    free_token = t
                                    tokens_left += 1
                        causes[leaving * CAUSES + SYNCHRONISATION] += now - ready[leaving]
                    elif alive[sl] == held[sl]:
                        scalars[WHO] = s.number[sl]
                        scalars[WHERE] = n
                        status = STUCK
                        break
                else:
                    leaving = t
            if queues == 1:
                g = group[n]
                begun[t] = now
                if g < 0:
                    beginning = t
                    start = opening(k, clock[n], now)
                else:
                    # At once, where all that is needed is there and nobody else waits for it
                    lacks = 0
                    for j in range(uses[g], uses[g + 1]):
                        r = used[j]
                        if waiting[r] > 0 or free[r] < staff[g]:
                            lacks = 1
                    c = group_clock[g]
                    opens = now if c == 0 else opening(k, c, now)
                    if lacks == 0 and opens == now:
                        for j in range(uses[g], uses[g + 1]):
                            r = used[j]
                            free[r] -= staff[g]
                            begins[r] += 1
                        beginning = t
                    else:
                        stage[t] = QUEUEING
                        number += 1
                        order[t] = number
                        link[t] = -1
                        if head[g] < 0:
                            head[g] = t
                        else:
                            link[tail[g]] = t
                        tail[g] = t
                        for j in range(uses[g], uses[g + 1]):
                            r = used[j]
                            waiting[r] += 1
                            if waiting[r] > s.most[r]:
                                s.most[r] = waiting[r]
                        if opens != now:
                            if wakes[g] == 0:
                                wakes[g] = 1
                                number += 1
                                note(agenda, opens, number, g * 8 + OPENING)
                        else:
                            r = used[uses[g]]
                            if free[r] > 0 and is_dirty[r] == 0:
                                is_dirty[r] = 1
                                dirty[dirty_count] = r
                                dirty_count += 1
        if released >= 0:
            t = s.batch_head[released]
            s.leads[t] = 1
            while t >= 0:
                stage[t] = COLLECTED
                t = link[t]
            link[s.batch_tail[released]] = stack
            stack = s.batch_head[released]
            s.batch_head[released] = -1
            s.collected[released] = 0
        if beginning >= 0:
            t = beginning
            n = node[t]
            sl = slot[t]
            w = word[t]
            time = drawn(law[n], law_a[n], law_b[n], law_c[n], values, key[sl] ^ ((p.time_key[n] + w) & MASK))
            if p.setup[n] >= 0 and s.leads[t] == 1:
                time += drawn(
                    p.setup[n],
                    p.setup_a[n],
                    p.setup_b[n],
                    p.setup_c[n],
                    values,
                    key[sl] ^ ((p.setup_key[n] + w) & MASK),
                )
            work[t] = time
            started[t] = start
            stage[t] = WORKING
            c = clock[n]
            number += 1
            note(agenda, start + time if c == 0 else end_of_work(k, c, start, time), number, t * 8 + DONE)
        if leaving >= 0:
            t = leaving
            n = node[t]
            sl = slot[t]
            f = out[n]
            last = out[n + 1]
            if f == last:
                s.ended[sl] = p.outcome[n]
                alive[sl] -= 1
                if alive[sl] == 0:
                    s.case_number[finished] = s.number[sl]
                    s.case_service[finished] = s.service[sl]
                    s.case_arrival[finished] = s.arrived[sl]
                    s.case_end[finished] = now
                    s.case_outcome[finished] = s.ended[sl]
                    s.case_work[finished] = worked[sl]
                    s.case_applicant[finished] = applicant[sl]
                    for j in range(CAUSES):
                        s.case_causes[finished * CAUSES + j] = causes[t * CAUSES + j]
                    for j in range(currencies):
                        s.case_costs[finished * currencies + j] = s.costs[sl * currencies + j]
                        s.case_fees[finished * currencies + j] = s.fees[sl * currencies + j]
                    finished += 1
                    s.number[sl] = -1
                    s.slot_link[sl] = free_slot
                    free_slot = sl
                    slots_left += 1
                elif alive[sl] == held[sl]:
                    scalars[WHO] = s.number[sl]
                    scalars[WHERE] = -1
                    status = STUCK
                    break
                stage[t] = GONE
                link[t] = free_token
                free_token = t
                tokens_left += 1
            else:
                how = split[n]
                if how == CHOICE:
                    u = uniform(key[sl] ^ ((p.choice_key[n] + word[t]) & MASK))
                    while u >= chance[f]:
                        f += 1
                elif how != ONWARD:
                    first = f
                    count = last - f
                    if how == ALL:
                        for j in range(count):
                            s.taken[j] = 1
                    else:
                        # The first that is taken, given that one is; each behind it by itself
                        none = 1.0
                        for j in range(f, last):
                            none *= 1.0 - chance[j]
                        w = key[sl] ^ ((p.choice_key[n] + word[t]) & MASK)
                        u = uniform(w) * (1.0 - none)
                        none = 1.0
                        first = -1
                        count = 0
                        for j in range(f, last):
                            w = (w + NEXT) & MASK
                            s.taken[j - f] = 0
                            if first >= 0:
                                if uniform(w) < chance[j]:
                                    s.taken[j - f] = 1
                                    count += 1
                            elif u < none * chance[j]:
                                first = j
                                count = 1
                                s.taken[j - f] = 1
                            else:
                                u -= none * chance[j]
                                none *= 1.0 - chance[j]
                        if first < 0:  # lost in the last digits: the last that can be
                            first = last - 1
                            while chance[first] == 0.0:
                                first -= 1
                            count = 1
                            s.taken[first - f] = 1
                        if p.closing[n] >= 0:
                            s.needs[sl * joins + p.closing[n]] = count
                    for j in range(last - 1, first, -1):
                        if s.taken[j - f] == 1:
                            i = free_token
                            free_token = link[i]
                            tokens_left -= 1
                            slot[i] = sl
                            node[i] = target[j]
                            came[i] = place[j]
                            stage[i] = MOVING
                            for q in range(CAUSES):
                                causes[i * CAUSES + q] = causes[t * CAUSES + q]
                            link[i] = stack
                            stack = i
                    f = first
                    alive[sl] += count - 1
                    if alive[sl] > MOST_TOKENS:
                        scalars[WHO] = s.number[sl]
                        scalars[WHERE] = n
                        status = CROWDED
                        break
                node[t] = target[f]
                came[t] = place[f]
                stage[t] = MOVING
                entering = t
    if entering >= 0:
        link[entering] = stack
        stack = entering
    s.now[0] = now
    scalars[NUMBER] = number
    scalars[STACK] = stack
    scalars[DIRTY] = dirty_count
    scalars[FREE_TOKEN] = free_token
    scalars[TOKENS_LEFT] = tokens_left
    scalars[FREE_SLOT] = free_slot
    scalars[SLOTS_LEFT] = slots_left
    scalars[MOVES] = moves
    scalars[WRITTEN] = written
    scalars[FINISHED] = finished
    return status
