"""What changes in a run, as flat arrays, and the codes that stand in them."""

from __future__ import annotations

from typing import Any, NamedTuple

CAUSES = 12
PROCESSING, CONTENTION, UNAVAILABILITY, BATCHING, PRIORITY, SYNCHRONISATION = range(6)
REWORK = 10
OTHER = 11

MOVING, SPLITTING, COLLECTED, COLLECTING, QUEUEING, WORKING, WAITING, HELD, GONE = range(9)
OVER, PAUSED, TOKENS_FULL, SLOTS_FULL, CASES_FULL, EVENTS_FULL, AGENDA_FULL = range(7)
STUCK, ENDLESS, CROWDED, NOWHERE = range(7, 11)

NUMBER, STACK, FREE_TOKEN, FREE_SLOT, TOKENS_LEFT, SLOTS_LEFT, DIRTY, ARRIVED, LIMIT, WRITTEN = range(10)
MOVES, WHO, WHERE, LOGGING, KEEPING, PATIENT, ROOM_FOR_PATIENT = range(10, 17)
SCALARS = 17

DUE = 1e12  # added to what is due, so that what was due long ago is a number above zero too
MOST_TOKENS = 10_000  # of one case
MOST_MOVES = 10_000_000  # at one moment


class State(NamedTuple):
    """
    What changes, as flat arrays.

    Attributes:
        now: The moment; shape (1,).
        scalars: Whole numbers, by the names above; shape (SCALARS,).
        no_visits: Of each node of a service, 0.
        no_causes: Of each cause, 0.
        left: Of each place where open cases stand, how many are still to be put there.
        next_standing: Likewise, the word of the next.
        next_case: Of each service, the word of its next case.
        next_arrival: Of each service, the word of its next arrival, or place.
        called: Of each service, how many places of slots have been called up.
        missed: Of each service, to how many of them nobody came who was booked.
        arrives: Of each service, open seconds until its last arrival.
        free: Of each resource, how many are free.
        waiting: Of each resource, how many tokens queue for it.
        most: Of each resource, how many that were at most.
        busy: Of each resource, seconds of work that was begun.
        queued: Of each resource, seconds in its queue of those who have left it.
        begins: Of each resource, how many visits began.
        opened: Of each clock, when the stretch began in which it is or was open last, or when the next begins.
        closes: Of each clock, when that stretch ends.
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
        leads: Of each token, whether it bears the set-up of its batch.
        ready: Of each token, when it came.
        begun: Of each token, when it began to queue.
        started: Of each token, when work began.
        work: Of each token, seconds of work.
        order: Of each token, its number in the queue.
        gives_up: Of each token, when it will have waited too long.
        passed: Of each token, when somebody who came later was first served before it; below 0 never.
        causes: Of each token and cause, seconds.
        slot_link: Of each slot that is free, the next.
        service: Of each slot, the service of its case.
        number: Of each slot, the number of its case.
        key: Of each slot, the word of its case.
        arrived: Of each slot, when its case arrived.
        alive: Of each slot, how many tokens there are.
        held: Of each slot, how many of them wait at joins.
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
        event_key: Of each event, the word of the case.
        case_service: Of each case, in order of arrival, its service.
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
    no_visits: Any
    no_causes: Any
    left: Any
    next_standing: Any
    next_case: Any
    next_arrival: Any
    called: Any
    missed: Any
    arrives: Any
    free: Any
    waiting: Any
    most: Any
    busy: Any
    queued: Any
    begins: Any
    opened: Any
    closes: Any
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
    leads: Any
    ready: Any
    begun: Any
    started: Any
    work: Any
    order: Any
    gives_up: Any
    passed: Any
    causes: Any
    slot_link: Any
    service: Any
    number: Any
    key: Any
    arrived: Any
    alive: Any
    held: Any
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
    event_key: Any
    case_service: Any
    case_arrival: Any
    case_end: Any
    case_outcome: Any
    case_work: Any
    case_applicant: Any
    case_causes: Any
    case_costs: Any
    case_fees: Any
