"""What the event loop reads, and nothing else: an organisation as flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pubservice.simulation.calendars import Clocks

END, PASS, STEP, WAIT, JOIN, MEET = range(6)
ONWARD, CHOICE, ALL, SOME, FINAL, FIRST, EACH = range(7)
NOT_MET, OWN_WORK, SERVED, COMES_AND_WORKS = range(4)


class Parts(NamedTuple):
    """
    Everything as flat arrays; of what hangs together, the first of each and of what comes behind the last.

    Attributes:
        clocks: Opening hours; number 0 is always open.
        start: Of each service, its first node.
        service_clock: Of each service, its clock.
        arrival_clock: Of each service, the clock on which cases arrive: its seconds weigh as much as cases come in them.
        arrival_rate: Of each service, cases per second of that clock.
        interval: Of each service, the law of the clock's seconds from one case to the next; -1 is at random.
        interval_a: Its parameters.
        interval_b: Likewise.
        interval_c: Likewise.
        slot: Of each service, seconds of that clock from one slot of appointments to the next; 0 without.
        seats: Of each service, places in a slot.
        taken: Of each service, which share of them is booked.
        no_show: Of each service, which share of those who are booked does not come.
        earliest: Of each service, how many seconds before its slot somebody comes at most.
        early: Of each service, the law of how long before it they come; -1 is on time.
        early_a: Its parameters.
        early_b: Likewise.
        early_c: Likewise.
        late: Likewise of how long after it.
        late_a: Likewise.
        late_b: Likewise.
        late_c: Likewise.
        taken_key: Of each service, the word for whether a place is booked.
        no_show_key: The word for whether somebody comes.
        early_key: The word for how early.
        late_key: The word for how late.
        growth: Of each service, by which share more cases arrive each year.
        yearly: Of each service, seconds of its arrival clock in a year.
        standing: Of each place where open cases stand, its node.
        standing_service: Likewise, the service.
        standing_cases: Likewise, how many.
        standing_waited: Likewise, for how many elapsed seconds they have stood there.
        standing_held: Likewise, the first of the places at joins where their other branches wait.
        standing_place: The numbers of these places.
        standing_join: The joins that they are at.
        standing_needs: How many branches these joins wait for.
        standing_key: Of each place where open cases stand, its word.
        promise: Of each service, elapsed seconds until its cases are due.
        withdrawn: Of each service, the number of the outcome of cases that give up; -1 where none does.
        start_obtain: Of each service, seconds in which applicants obtain what they hand in with the application.
        kind: Of each node, what a case meets there.
        local: Of each node, its number in its service.
        counts: Of each node, whether visits of it are counted: it takes time, or chooses.
        extra: Of each step, whether it collects, asks, sets up or meets the applicant: what few steps do.
        split: Of each node, how flows leave it.
        out: Of each node, its first flow.
        target: Of each flow, the node it leads to.
        chance: Of each flow, its probability; of a choice added up.
        first: Of each flow out of an inclusive split, the probability that it or one before it is the first that is taken.
        test: Of each flow, the first test of its condition; where some have conditions, one without is the last.
        test_attribute: Of each test, the number of its attribute.
        test_sign: How it compares it.
        test_value: With what.
        test_yes: Which test comes where it is so, or that the condition holds or fails.
        test_no: Likewise where it is not.
        attribute: Of each attribute of cases, the law of its value.
        attribute_a: Its parameters.
        attribute_b: Likewise.
        attribute_c: Likewise.
        attribute_key: Its word.
        place: Of each flow, its number among those into joins of the service; -1 elsewhere.
        join: Of each node, its number among the joins of its service; -1 elsewhere.
        gate: Of each node, the first place of the flows into it; -1 elsewhere.
        lags: Of each node, the same among all services.
        enters: Of each node, how many flows enter it.
        closing: Of each node that splits inclusively, the number of the join that closes it; -1 elsewhere.
        law: Of each step and wait, the law of its time.
        law_a: Its parameters.
        law_b: Likewise.
        law_c: Likewise.
        setup: Likewise of its set-up; -1 without.
        setup_a: Likewise.
        setup_b: Likewise.
        setup_c: Likewise.
        values: What was observed, of all empirical laws.
        clock: Of each step and wait, the clock on which it passes.
        cause: Of each wait, the number of its cause.
        group: Of each step, who it is done by; -1 where nobody is waited for.
        patience: Likewise of how long it is waited for; -1 is for ever.
        patience_a: Likewise.
        patience_b: Likewise.
        patience_c: Likewise.
        patience_key: Of each node, its word for patience.
        batch: Of each step, how many cases it collects; 0 is none, or by time.
        period: Of each step, after how many seconds it takes what is collected; 0 is never.
        period_clock: Of each step, the clock of the period.
        time_key: Of each node, its word for times.
        setup_key: Of each node, its word for set-ups.
        choice_key: Of each node, its word for choices.
        outcome: Of each end, the number of its outcome; -1 elsewhere.
        meets: Of each step, how the applicant takes part.
        travel: Of each step, the applicant's seconds on the way.
        asks: Of each step, the first datum that it asks for and that has to be obtained.
        datum: Of each of these data, its number in the service.
        obtain: Likewise, seconds to obtain it.
        expense: Of each node and currency, what a visit costs.
        hourly: Of each node and currency, what a second of work costs.
        fee: Of each node and currency, what the applicant pays for a visit.
        uses: Of each group, the first resource it takes.
        used: The numbers of these resources.
        only: Of each group, its resource where it takes one alone; -1 where it takes several.
        staff: Of each group, how many of each resource it takes.
        group_clock: Of each group, when all it takes are there.
        rank: Of each group, what stands before the number in the queue: groups of a higher priority have a lower one.
        by_due: Of each group, whether who is due first is next.
        finish: Of each group, whether work that was begun is finished behind closing time.
        ordered: Of each resource, whether somebody may be served before who came earlier.
        capacity: Of each resource, how many cases it can serve at once; each of a staff of several counts.
        serves: Of each resource, the first group that takes it.
        served: The numbers of these groups.
    """

    clocks: Clocks
    start: Any
    service_clock: Any
    arrival_clock: Any
    arrival_rate: Any
    interval: Any
    interval_a: Any
    interval_b: Any
    interval_c: Any
    slot: Any
    seats: Any
    taken: Any
    no_show: Any
    earliest: Any
    early: Any
    early_a: Any
    early_b: Any
    early_c: Any
    late: Any
    late_a: Any
    late_b: Any
    late_c: Any
    taken_key: Any
    no_show_key: Any
    early_key: Any
    late_key: Any
    growth: Any
    yearly: Any
    standing: Any
    standing_service: Any
    standing_cases: Any
    standing_waited: Any
    standing_held: Any
    standing_place: Any
    standing_join: Any
    standing_needs: Any
    standing_key: Any
    promise: Any
    withdrawn: Any
    start_obtain: Any
    kind: Any
    local: Any
    counts: Any
    extra: Any
    split: Any
    out: Any
    target: Any
    chance: Any
    first: Any
    test: Any
    test_attribute: Any
    test_sign: Any
    test_value: Any
    test_yes: Any
    test_no: Any
    attribute: Any
    attribute_a: Any
    attribute_b: Any
    attribute_c: Any
    attribute_key: Any
    place: Any
    join: Any
    gate: Any
    lags: Any
    enters: Any
    closing: Any
    law: Any
    law_a: Any
    law_b: Any
    law_c: Any
    setup: Any
    setup_a: Any
    setup_b: Any
    setup_c: Any
    values: Any
    clock: Any
    cause: Any
    group: Any
    patience: Any
    patience_a: Any
    patience_b: Any
    patience_c: Any
    patience_key: Any
    batch: Any
    period: Any
    period_clock: Any
    time_key: Any
    setup_key: Any
    choice_key: Any
    outcome: Any
    meets: Any
    travel: Any
    asks: Any
    datum: Any
    obtain: Any
    expense: Any
    hourly: Any
    fee: Any
    uses: Any
    used: Any
    only: Any
    staff: Any
    group_clock: Any
    rank: Any
    by_due: Any
    finish: Any
    ordered: Any
    capacity: Any
    serves: Any
    served: Any


class Sizes(NamedTuple):
    """
    How much room a case takes.

    Attributes:
        nodes: The most nodes of a service.
        places: The most flows into joins of a service.
        joins: The most joins of a service.
        data: The most data that have to be obtained for a service.
        currencies: How many currencies there are.
        fan: The most flows out of a node.
        lags: How many flows into joins there are.
    """

    nodes: int
    places: int
    joins: int
    data: int
    currencies: int
    fan: int
    lags: int


_REAL = {
    "growth",
    "interval_a",
    "interval_b",
    "interval_c",
    "slot",
    "taken",
    "no_show",
    "earliest",
    "early_a",
    "early_b",
    "early_c",
    "late_a",
    "late_b",
    "late_c",
    "promise",
    "rank",
    "patience_a",
    "patience_b",
    "patience_c",
    "yearly",
    "standing_waited",
    "arrival_rate",
    "start_obtain",
    "chance",
    "first",
    "test_value",
    "attribute_a",
    "attribute_b",
    "attribute_c",
    "law_a",
    "law_b",
    "law_c",
    "setup_a",
    "setup_b",
    "setup_c",
    "values",
    "period",
    "travel",
    "obtain",
    "expense",
    "hourly",
    "fee",
}


def array_of(name: str, column: list[Any]) -> Any:
    """Return a column as an array of its kind: words, real numbers or whole ones."""
    import numpy as np

    if name.endswith("_key"):
        return np.array(column, np.uint64)
    return np.array(column, np.float64 if name in _REAL else np.int64)
