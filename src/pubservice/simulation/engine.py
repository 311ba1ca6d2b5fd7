"""
The event loop: cases, tokens, queues and resources over flat arrays.

A case is a slot; where it is, are its tokens: one, or one for each branch. A token carries why the time of its case has
passed so far, by cause, so that those of every token add up to the age of the case; a split copies them, a join goes on
with those of the branch that has been longest on average, and calls the rest synchronisation.

`advance` runs as it is, on lists, and compiled, on arrays, and both do the same to the last bit. It stops where room is
used up, and can be called again. It is one piece: compiled, a function that is handed the state takes as long to call as a
case takes altogether, since numba counts references to each of its arrays.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Any

from pubservice.simulation.agenda import (
    ARRIVAL,
    DONE,
    GIVING_UP,
    OPENING,
    PERIOD,
    PLACE,
    STANDING,
    note,
    take,
)
from pubservice.simulation.calendars import Clocks, end_of_work, moment, open_time, opening
from pubservice.simulation.coming import called_up, next_arrival
from pubservice.simulation.conditions import lookup_of, passes
from pubservice.simulation.parts import (
    ALL,
    CHOICE,
    EACH,
    FINAL,
    FIRST,
    JOIN,
    MEET,
    NOT_MET,
    ONWARD,
    OWN_WORK,
    SERVED,
    STEP,
    WAIT,
    Parts,
    Sizes,
)
from pubservice.simulation.state import (
    AGENDA_FULL,
    ARRIVED,
    BATCHING,
    CASES_FULL,
    CAUSES,
    COLLECTED,
    COLLECTING,
    CONTENTION,
    CROWDED,
    DIRTY,
    DUE,
    ENDLESS,
    EVENTS_FULL,
    FREE_SLOT,
    FREE_TOKEN,
    GONE,
    HELD,
    KEEPING,
    LIMIT,
    LOGGING,
    MOST_MOVES,
    MOST_TOKENS,
    MOVES,
    MOVING,
    NOWHERE,
    NUMBER,
    OTHER,
    OVER,
    PATIENT,
    PAUSED,
    PRIORITY,
    PROCESSING,
    QUEUEING,
    REWORK,
    ROOM_FOR_PATIENT,
    SLOTS_FULL,
    SLOTS_LEFT,
    SPLITTING,
    STACK,
    STUCK,
    SYNCHRONISATION,
    TOKENS_FULL,
    TOKENS_LEFT,
    UNAVAILABILITY,
    WAITING,
    WHERE,
    WHO,
    WORKING,
    WRITTEN,
    State,
)
from pubservice.simulation.streams import EXPONENTIAL, MASK, NEXT, drawn, mixed, uniform


def stretch(k: Clocks, s: State, c: int, now: float) -> None:
    """Note the stretch in which clock c is open, or will be next."""
    opens = opening(k, c, now)
    turns = math.floor(opens / k.cycle[c])
    i = bisect_right(k.opens, opens - turns * k.cycle[c], k.first[c], k.last[c]) - 1
    s.opened[c] = turns * k.cycle[c] + k.opens[i]
    s.closes[c] = turns * k.cycle[c] + k.closes[i]


def advance(p: Parts, s: State, z: Sizes, agenda: Any, until: float, most: int) -> int:
    """
    Let things happen until a moment, or until so many have, or until something is in the way; return which.

    The agenda holds what happens later as times, numbers in order of being noted, and codes: what happens, and to whom. A
    last thing stands on it that never happens.

    Args:
        p: What is simulated.
        s: How things stand; changed.
        z: How much room a case takes.
        agenda: What happens later; changed.
        until: In seconds; what happens then is left.
        most: How many things of the agenda.
    """
    k, kind, local, counts, extra, split = p.clocks, p.kind, p.local, p.counts, p.extra, p.split
    out, target, chance, place = p.out, p.target, p.chance, p.place
    test, lookup = p.test, lookup_of(p)
    law, law_a, law_b, law_c, values = p.law, p.law_a, p.law_b, p.law_c, p.values
    clock, group, time_key, choice_key = p.clock, p.group, p.time_key, p.choice_key
    opened, closes = s.opened, s.closes
    uses, used, only, staff, group_clock = p.uses, p.used, p.only, p.staff, p.group_clock
    serves, served = p.serves, p.served
    free, waiting, busy, queued, begins, most_waiting = s.free, s.waiting, s.busy, s.queued, s.begins, s.most
    dirty, is_dirty, head, tail, wakes = s.dirty, s.is_dirty, s.head, s.tail, s.wakes
    link, slot, node, came, stage, word = s.link, s.slot, s.node, s.came, s.stage, s.word
    ready, begun, started, work, order, causes = s.ready, s.begun, s.started, s.work, s.order, s.causes
    case, key, alive, held, visits, worked = s.number, s.key, s.alive, s.held, s.visits, s.worked
    event_case, event_node, event_ready = s.event_case, s.event_node, s.event_ready
    event_start, event_end = s.event_start, s.event_end
    scalars = s.scalars
    now = s.now[0]
    number, stack, dirty_count = scalars[NUMBER], scalars[STACK], scalars[DIRTY]
    free_token, tokens_left = scalars[FREE_TOKEN], scalars[TOKENS_LEFT]
    moves, written = scalars[MOVES], scalars[WRITTEN]
    logging, keeping = scalars[LOGGING], scalars[KEEPING]
    room_for_events, room_for_cases = len(event_case), len(s.case_end)
    nodes, places, joins, data, currencies = z.nodes, z.places, z.joins, z.data, z.currencies
    entering = -1
    beginning = -1
    leaving = -1
    released = -1
    start = now
    queue = 0.0
    passed_over = 0.0
    gives_up = 0
    while True:
        if entering >= 0 or leaving >= 0:
            pass  # on with it
        elif stack >= 0:
            entering = stack
            stack = link[entering]
        elif dirty_count > 0:
            # Who may begin at this resource: first come, first served; those who lack another one are passed over
            r = dirty[dirty_count - 1]
            after = -1.0
            behind = -1
            best = -1
            while free[r] > 0 and waiting[r] > 0:
                best = -1
                least = math.inf
                for j in range(serves[r], serves[r + 1]):
                    g = served[j]
                    t = head[g]
                    if (
                        t >= 0
                        and order[t] < least
                        and (order[t] > after or (order[t] == after and g > behind))
                    ):
                        c = group_clock[g]
                        if now >= closes[c]:
                            stretch(k, s, c, now)
                        opens = opened[c]
                        if opens <= now:
                            best = g
                            least = order[t]
                        elif wakes[g] == 0:
                            wakes[g] = 1
                            number += 1
                            note(agenda, (opens, number, g * 8 + OPENING))
                if best < 0:
                    break
                if free[r] < staff[best]:
                    best = -1
                    break
                lacks = 0
                if only[best] < 0:
                    for j in range(uses[best], uses[best + 1]):
                        if free[used[j]] < staff[best]:
                            lacks = 1
                if lacks == 0:
                    break
                after = least
                behind = best
            if best < 0:
                dirty_count -= 1
                is_dirty[r] = 0
                continue
            beginning = head[best]
            head[best] = link[beginning]
            if only[best] >= 0:
                free[r] -= staff[best]
                waiting[r] -= 1
                begins[r] += 1
                queued[r] += now - begun[beginning]
            else:
                for j in range(uses[best], uses[best + 1]):
                    r = used[j]
                    free[r] -= staff[best]
                    waiting[r] -= 1
                    begins[r] += 1
                    queued[r] += now - begun[beginning]
            start = now
            c = group_clock[best]
            queue = now - begun[beginning]
            if begun[beginning] < opened[c]:
                queue = open_time(k, c, now) - open_time(k, c, begun[beginning])
            passed_over = 0.0
            r = used[uses[best]]
            if p.ordered[r] == 1:
                if s.passed[beginning] >= 0.0:
                    passed_over = open_time(k, c, now) - open_time(k, c, s.passed[beginning])
                for j in range(serves[r], serves[r + 1]):
                    t = head[served[j]]
                    if t >= 0 and begun[t] < begun[beginning] and s.passed[t] < 0.0:
                        s.passed[t] = now
        else:
            if written == room_for_events:
                status = EVENTS_FULL
                break
            if most == 0:
                status = PAUSED
                break
            if scalars[PATIENT] >= scalars[ROOM_FOR_PATIENT]:
                status = AGENDA_FULL
                break
            most -= 1
            time, turn, code = take(agenda)
            if time >= until:
                note(agenda, (time, turn, code))
                status = OVER
                break
            if time > now:
                now = time
                moves = 0
            else:
                moves += 1
            of = code >> 3
            what = code & 7
            if what == DONE:
                t = of
                n = node[t]
                g = group[n]
                if g >= 0:
                    r = only[g]
                    if r >= 0:
                        free[r] += staff[g]
                        if waiting[r] > 0:
                            is_dirty[r] = 1
                            dirty[dirty_count] = r
                            dirty_count += 1
                    else:
                        for j in range(uses[g], uses[g + 1]):
                            r = used[j]
                            free[r] += staff[g]
                            if waiting[r] > 0:
                                is_dirty[r] = 1
                                dirty[dirty_count] = r
                                dirty_count += 1
                if logging == 1:
                    event_case[written] = case[slot[t]]
                    event_node[written] = n
                    event_ready[written] = ready[t]
                    event_start[written] = started[t]
                    event_end[written] = now
                    s.event_key[written] = key[slot[t]]
                    written += 1
                leaving = t
            elif what in (ARRIVAL, STANDING):
                i = scalars[ARRIVED]
                if i >= scalars[LIMIT]:
                    continue
                status = OVER
                if tokens_left <= places:
                    status = TOKENS_FULL
                elif scalars[SLOTS_LEFT] == 0:
                    status = SLOTS_FULL
                elif i == room_for_cases and keeping == 1:
                    status = CASES_FULL
                if status != OVER:
                    note(agenda, (time, turn, code))
                    break
                scalars[ARRIVED] += 1
                sl = scalars[FREE_SLOT]
                scalars[FREE_SLOT] = s.slot_link[sl]
                scalars[SLOTS_LEFT] -= 1
                case[sl] = i
                alive[sl] = 1
                held[sl] = 0
                worked[sl] = 0.0
                s.applicant[sl] = 0.0
                visits[sl * nodes : sl * nodes + nodes] = s.no_visits
                if places > 0:
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
                came[t] = -1
                stage[t] = MOVING
                causes[t * CAUSES : t * CAUSES + CAUSES] = s.no_causes
                entering = t
                time = now
                if what == STANDING:
                    node[t] = p.standing[of]
                    time = now - p.standing_waited[of]
                    causes[t * CAUSES + OTHER] = p.standing_waited[of]
                    s.next_standing[of] = (s.next_standing[of] + NEXT) & MASK
                    key[sl] = mixed(s.next_standing[of])
                    for j in range(p.standing_held[of], p.standing_held[of + 1]):
                        f = sl * joins + p.standing_join[j]
                        s.needs[f] = p.standing_needs[j]
                        if p.standing_place[j] >= 0:
                            q = free_token
                            free_token = link[q]
                            tokens_left -= 1
                            slot[q] = sl
                            node[q] = -1
                            stage[q] = HELD
                            ready[q] = now
                            link[q] = -1
                            causes[q * CAUSES : q * CAUSES + CAUSES] = causes[
                                t * CAUSES : t * CAUSES + CAUSES
                            ]
                            s.at_place[sl * places + p.standing_place[j]] = q
                            s.full[f] += 1
                            alive[sl] += 1
                            held[sl] += 1
                    s.left[of] -= 1
                    if s.left[of] > 0:
                        number += 1
                        note(agenda, (now, number, of * 8 + STANDING))
                    of = p.standing_service[of]
                else:
                    node[t] = p.start[of]
                    s.applicant[sl] = p.start_obtain[of]
                    s.next_case[of] = (s.next_case[of] + NEXT) & MASK
                    key[sl] = mixed(s.next_case[of])
                s.service[sl] = of
                s.arrived[sl] = time
                if keeping == 1:
                    s.case_service[i] = of
                    s.case_arrival[i] = time
                if what == ARRIVAL:
                    if p.slot[of] > 0.0:
                        scalars[PATIENT] -= 1
                    elif i + 1 < scalars[LIMIT]:
                        number += 1
                        note(agenda, (next_arrival(p, s, of), number, of * 8 + ARRIVAL))
            elif what == PLACE:
                if scalars[ARRIVED] < scalars[LIMIT]:
                    time = called_up(p, s, of)
                    if time < math.inf:
                        scalars[PATIENT] += 1
                        number += 1
                        note(agenda, (max(now, time), number, of * 8 + ARRIVAL))
                    number += 1
                    note(agenda, (max(now, next_arrival(p, s, of)), number, of * 8 + PLACE))
            elif what == OPENING:
                wakes[of] = 0
                r = used[uses[of]]
                is_dirty[r] = 1
                dirty[dirty_count] = r
                dirty_count += 1
            elif what == PERIOD:
                released = of
            else:
                scalars[PATIENT] -= 1
                if stage[of] == QUEUEING and s.gives_up[of] == now:
                    # Out of the queue, and out of the office
                    t = of
                    n = node[t]
                    g = group[n]
                    if head[g] == t:
                        head[g] = link[t]
                    else:
                        i = head[g]
                        while link[i] != t:
                            i = link[i]
                        link[i] = link[t]
                        if tail[g] == t:
                            tail[g] = i
                    for j in range(uses[g], uses[g + 1]):
                        waiting[used[j]] -= 1
                        queued[used[j]] += now - begun[t]
                    c = group_clock[g]
                    queue = open_time(k, c, now) - open_time(k, c, begun[t])
                    own = t * CAUSES
                    if word[t] > 0:
                        causes[own + REWORK] += now - ready[t]
                    else:
                        causes[own + CONTENTION] += queue
                        causes[own + UNAVAILABILITY] += now - begun[t] - queue
                        causes[own + BATCHING] += begun[t] - ready[t]
                    if p.meets[n] == SERVED:
                        s.applicant[slot[t]] += queue
                    gives_up = 1
                    leaving = t
                    # Whoever stood behind may go ahead, where another resource was lacking
                    r = used[uses[g]]
                    is_dirty[r] = 1
                    dirty[dirty_count] = r
                    dirty_count += 1
        if leaving >= 0:
            t = leaving
            leaving = -1
            n = node[t]
            sl = slot[t]
            how = split[n]
            f = out[n]
            outcome = p.outcome[n]
            if gives_up == 1:
                gives_up = 0
                how = FINAL
                outcome = p.withdrawn[s.service[sl]]
            if how == FINAL:
                alive[sl] -= 1
                if alive[sl] == 0:
                    if keeping == 1:
                        i = case[sl]
                        s.case_end[i] = now
                        s.case_outcome[i] = outcome
                        s.case_work[i] = worked[sl]
                        s.case_applicant[i] = s.applicant[sl]
                        j = i * CAUSES
                        s.case_causes[j : j + CAUSES] = causes[t * CAUSES : t * CAUSES + CAUSES]
                        for j in range(currencies):
                            s.case_costs[i * currencies + j] = s.costs[sl * currencies + j]
                            s.case_fees[i * currencies + j] = s.fees[sl * currencies + j]
                    s.slot_link[sl] = scalars[FREE_SLOT]
                    scalars[FREE_SLOT] = sl
                    scalars[SLOTS_LEFT] += 1
                elif alive[sl] == held[sl]:
                    scalars[WHO] = sl
                    scalars[WHERE] = -1
                    status = STUCK
                    break
                stage[t] = GONE
                link[t] = free_token
                free_token = t
                tokens_left += 1
                continue
            if how == CHOICE:
                u = uniform(key[sl] ^ choice_key[n] ^ word[t])
                while u >= chance[f]:
                    f += 1
            elif how == FIRST:
                last = out[n + 1]
                while f < last and not passes(lookup, test[f], key[sl]):
                    f += 1
                if f == last:
                    scalars[WHO] = sl
                    scalars[WHERE] = n
                    status = NOWHERE
                    break
            elif how != ONWARD:
                last = out[n + 1]
                if tokens_left < last - f:
                    stage[t] = SPLITTING
                    entering = t
                    status = TOKENS_FULL
                    break
                first = f
                count = last - f
                if how == ALL:
                    for j in range(count):
                        s.taken[j] = 1
                elif how == EACH:
                    # All whose condition holds; the last, where it has none, if there is no other
                    first = -1
                    count = 0
                    for j in range(last - 1, f - 1, -1):
                        s.taken[j - f] = 0
                        if test[j] >= 0 and passes(lookup, test[j], key[sl]):
                            s.taken[j - f] = 1
                            first = j
                            count += 1
                    if count == 0 and test[last - 1] < 0:
                        first = last - 1
                        s.taken[first - f] = 1
                        count = 1
                    if count == 0:
                        scalars[WHO] = sl
                        scalars[WHERE] = n
                        status = NOWHERE
                        break
                else:
                    # The first that is taken, given that one is; each behind it by itself
                    w = key[sl] ^ choice_key[n] ^ word[t]
                    u = uniform(w)
                    while u >= p.first[first]:
                        first += 1
                    count = 1
                    for j in range(first + 1, last):
                        w = mixed((w + NEXT) & MASK)
                        s.taken[j - f] = 0
                        if uniform(w) < chance[j]:
                            s.taken[j - f] = 1
                            count += 1
                if how != ALL and p.closing[n] >= 0:
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
                        causes[i * CAUSES : i * CAUSES + CAUSES] = causes[t * CAUSES : t * CAUSES + CAUSES]
                        link[i] = stack
                        stack = i
                f = first
                alive[sl] += count - 1
                if alive[sl] > MOST_TOKENS:
                    scalars[WHO] = sl
                    scalars[WHERE] = n
                    status = CROWDED
                    break
            node[t] = target[f]
            came[t] = place[f]
            entering = t
        if entering >= 0:
            t = entering
            entering = -1
            n = node[t]
            sl = slot[t]
            what = kind[n]
            queues = 0
            if stage[t] == COLLECTED:
                queues = 1
            elif stage[t] == SPLITTING:
                stage[t] = MOVING
                leaving = t
            else:
                if what != STEP:
                    moves += 1
                if moves > MOST_MOVES:
                    scalars[WHO] = sl
                    scalars[WHERE] = n
                    status = ENDLESS
                    break
                if counts[n] == 1:
                    j = sl * nodes + local[n]
                    word[t] = visits[j]
                    visits[j] = (visits[j] + NEXT) & MASK
                    ready[t] = now
                if currencies > 0:
                    for j in range(currencies):
                        s.fees[sl * currencies + j] += p.fee[n * currencies + j]
                if what == STEP:
                    queues = 1
                    if extra[n] == 1:
                        for j in range(p.asks[n], p.asks[n + 1]):
                            i = sl * data + p.datum[j]
                            if s.has[i] == 0:
                                s.has[i] = 1
                                s.applicant[sl] += p.obtain[j]
                        s.leads[t] = 1
                        if p.batch[n] > 0 or p.period[n] > 0.0:
                            queues = 0
                            s.leads[t] = 0
                            stage[t] = COLLECTING
                            link[t] = -1
                            if s.batch_head[n] < 0:
                                s.batch_head[n] = t
                                if p.batch[n] == 0:
                                    c = p.period_clock[n]
                                    time = p.period[n] * (math.floor(open_time(k, c, now) / p.period[n]) + 1)
                                    number += 1
                                    note(agenda, (max(now, moment(k, c, time)), number, n * 8 + PERIOD))
                            else:
                                link[s.batch_tail[n]] = t
                            s.batch_tail[n] = t
                            s.collected[n] += 1
                            if s.collected[n] == p.batch[n]:
                                released = n
                elif what == WAIT:
                    time = drawn(
                        law[n],
                        law_a[n],
                        law_b[n],
                        law_c[n],
                        values,
                        key[sl] ^ time_key[n] ^ word[t],
                    )
                    started[t] = now
                    stage[t] = WAITING
                    c = clock[n]
                    end = now + time
                    if c != 0:
                        end = end_of_work(k, c, opening(k, c, now), time)
                    number += 1
                    note(agenda, (end, number, t * 8 + DONE))
                    if word[t] > 0:
                        causes[t * CAUSES + REWORK] += end - now
                    else:
                        causes[t * CAUSES + p.cause[n]] += time
                        if c != 0:
                            causes[t * CAUSES + UNAVAILABILITY] += end - now - time
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
                        # Go on with the branch that has been longest on average: the one that has waited least
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
                        scalars[WHO] = sl
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
                    c = clock[n]
                    if now >= closes[c]:
                        stretch(k, s, c, now)
                    start = max(now, opened[c])
                    queue = passed_over = 0.0
                else:
                    # At once, where all that is needed is there and nobody else waits for it
                    r = only[g]
                    lacks = 0
                    if r >= 0:
                        if waiting[r] > 0 or free[r] < staff[g]:
                            lacks = 1
                    else:
                        for j in range(uses[g], uses[g + 1]):
                            if waiting[used[j]] > 0 or free[used[j]] < staff[g]:
                                lacks = 1
                    c = group_clock[g]
                    if now >= closes[c]:
                        stretch(k, s, c, now)
                    opens = opened[c]
                    if lacks == 0 and opens <= now:
                        if r >= 0:
                            free[r] -= staff[g]
                            begins[r] += 1
                        else:
                            for j in range(uses[g], uses[g + 1]):
                                free[used[j]] -= staff[g]
                                begins[used[j]] += 1
                        beginning = t
                        start = now
                        queue = passed_over = 0.0
                    else:
                        stage[t] = QUEUEING
                        number += 1
                        order[t] = p.rank[g] + number
                        link[t] = -1
                        s.passed[t] = -1.0
                        s.gives_up[t] = math.inf
                        if p.by_due[g] == 1:
                            order[t] = s.arrived[sl] + p.promise[s.service[sl]] + DUE
                        if head[g] < 0:
                            head[g] = t
                            tail[g] = t
                        elif order[t] >= order[tail[g]]:
                            link[tail[g]] = t
                            tail[g] = t
                        elif order[t] < order[head[g]]:
                            link[t] = head[g]
                            head[g] = t
                        else:
                            i = head[g]
                            while order[link[i]] <= order[t]:
                                i = link[i]
                            link[t] = link[i]
                            link[i] = t
                        if extra[n] == 1 and p.patience[n] >= 0:
                            w = key[sl] ^ p.patience_key[n] ^ word[t]
                            time = drawn(
                                p.patience[n], p.patience_a[n], p.patience_b[n], p.patience_c[n], values, w
                            )
                            s.gives_up[t] = now + time
                            scalars[PATIENT] += 1
                            number += 1
                            note(agenda, (now + time, number, t * 8 + GIVING_UP))
                        if r >= 0:
                            waiting[r] += 1
                            if waiting[r] > most_waiting[r]:
                                most_waiting[r] = waiting[r]
                        else:
                            for j in range(uses[g], uses[g + 1]):
                                r = used[j]
                                waiting[r] += 1
                                if waiting[r] > most_waiting[r]:
                                    most_waiting[r] = waiting[r]
                        if opens > now:
                            if wakes[g] == 0:
                                wakes[g] = 1
                                number += 1
                                note(agenda, (opens, number, g * 8 + OPENING))
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
            released = -1
        if beginning >= 0:
            t = beginning
            beginning = -1
            n = node[t]
            sl = slot[t]
            w = key[sl] ^ time_key[n] ^ word[t]
            if law[n] == EXPONENTIAL:
                time = -law_a[n] * math.log(uniform(w))
            else:
                time = drawn(law[n], law_a[n], law_b[n], law_c[n], values, w)
            collecting = 0.0
            if extra[n] == 1:
                if p.setup[n] >= 0 and s.leads[t] == 1:
                    w = key[sl] ^ p.setup_key[n] ^ word[t]
                    time += drawn(p.setup[n], p.setup_a[n], p.setup_b[n], p.setup_c[n], values, w)
                collecting = begun[t] - ready[t]
                c = p.service_clock[s.service[sl]]
                if collecting > 0.0 and c != 0:
                    collecting = open_time(k, c, begun[t]) - open_time(k, c, ready[t])
                if p.meets[n] != NOT_MET:
                    s.applicant[sl] += time + p.travel[n]
                    if p.meets[n] != OWN_WORK:
                        s.applicant[sl] += queue + collecting
            c = clock[n]
            end = start + time
            g = group[n]
            if end > closes[c] and (g < 0 or p.finish[g] == 0):
                end = end_of_work(k, c, start, time)
            number += 1
            note(agenda, (end, number, t * 8 + DONE))
            work[t] = time
            started[t] = start
            stage[t] = WORKING
            # Why the time of this visit will have passed when it is over
            own = t * CAUSES
            if word[t] > 0:
                causes[own + REWORK] += end - ready[t]
            else:
                causes[own + PROCESSING] += time
                if queue > 0.0:
                    causes[own + CONTENTION] += queue - passed_over
                    causes[own + PRIORITY] += passed_over
                if collecting > 0.0:
                    causes[own + BATCHING] += collecting
                if c != 0:
                    causes[own + UNAVAILABILITY] += end - ready[t] - time - queue - collecting
            worked[sl] += time
            if currencies > 0:
                for j in range(currencies):
                    i = n * currencies + j
                    s.costs[sl * currencies + j] += p.expense[i] + p.hourly[i] * time
            if g >= 0:
                r = only[g]
                if r >= 0:
                    busy[r] += time * staff[g]
                else:
                    for j in range(uses[g], uses[g + 1]):
                        busy[used[j]] += time * staff[g]
    if entering >= 0:
        link[entering] = stack
        stack = entering
    s.now[0] = now
    scalars[NUMBER] = number
    scalars[STACK] = stack
    scalars[DIRTY] = dirty_count
    scalars[FREE_TOKEN] = free_token
    scalars[TOKENS_LEFT] = tokens_left
    scalars[MOVES] = moves
    scalars[WRITTEN] = written
    return status
