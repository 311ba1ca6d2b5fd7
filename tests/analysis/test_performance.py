"""Times, money and outcomes."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps
from pubservice.analysis.load import evaluate
from pubservice.analysis.performance import evidence_times, service_performance


def one(procedure: ps.Procedure, **fields: object) -> ps.ServicePerformance:
    """Return the performance of one service."""
    shared = {
        key: fields.pop(key) for key in ("resources", "calendars", "calendar", "evidence") if key in fields
    }
    service = ps.PublicService("s", procedure=procedure, **fields)  # type: ignore[arg-type]
    return ps.performance(ps.PublicOrganisation("o", services=[service], **shared)).services[0]  # type: ignore[arg-type]


def fork(left: str, right: str, kind: str = "parallel", p: tuple[float, float] | None = None) -> ps.Procedure:
    """Return two branches."""
    probabilities = p or (None, None)
    return ps.Procedure(
        steps=[ps.Step("l", processing_time=left), ps.Step("r", processing_time=right)],
        gateways=[ps.Gateway("f", kind=kind), ps.Gateway("j", kind=kind)],  # type: ignore[arg-type]
        flows=[
            ps.Flow("f", "l", probability=probabilities[0]),
            ps.Flow("f", "r", probability=probabilities[1]),
            ps.Flow("l", "j"),
            ps.Flow("r", "j"),
        ],
    )


def test_of_parallel_branches_the_longest_counts_for_time_and_all_for_work() -> None:
    """
    Time takes the longest branch, work adds them; exact where one branch always is the longest.
    """
    found = one(fork("10 min", "uniform(20, 40) min"))
    assert (found.cycle_time_s, found.processing_time_s) == (1800, 2400)
    assert found.method["cycle_time_s"].kind == "exact"
    assert (
        one(fork("uniform(1, 30) min", "uniform(20, 40) min")).method["cycle_time_s"].name
        == "max of means, a lower bound"
    )


def test_of_inclusive_branches_every_combination_counts() -> None:
    """
    The mean over the combinations of branches, given that at least one is taken.
    """
    found = one(fork("10 min", "20 min", "inclusive", (0.5, 0.4)))
    some = 1 - 0.5 * 0.6
    assert found.cycle_time_s == pytest.approx(60 * (0.4 * 20 + 0.6 * 0.5 * 10) / some)
    assert found.step("l").visits == pytest.approx(0.5 / some)
    assert found.on_every_path == ()
    assert one(fork("10 min", "20 min", "inclusive", (1, 0.4))).on_every_path == ("l",)


def test_a_precedence_graph_without_blocks_takes_its_longest_path() -> None:
    """
    Without choices the longest path holds even where branches cross (course hand-out, oracle cpm-assembly in shape).
    """
    steps = [ps.Step(k, processing_time=f"{t} hour") for k, t in (("a", 1), ("b", 5), ("c", 2), ("d", 4))]
    gateways = [ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
    flows = [
        ps.Flow(*pair.split()) for pair in ("f a", "f b", "a g", "g c", "g h", "b h", "h d", "c j", "d j")
    ]
    found = one(ps.Procedure(start="f", steps=steps, gateways=gateways, flows=flows))
    assert found.cycle_time_s == 9 * 3600
    assert found.method["cycle_time_s"].kind == "exact"
    assert found.critical_paths == (("f", "b", "h", "d", "j"),)
    assert found.on_every_path == ("a", "b", "c", "d")


def test_all_critical_paths_are_reported() -> None:
    """
    Nineteen days, all slacks zero: two critical paths (oracle cpm-two-critical; the source names one).
    """
    days = {"A": 4, "B": 3, "C": 5, "D": 2, "E": 6, "F": 4}
    procedure = ps.Procedure(
        steps=[ps.Step(k, processing_time=f"{t} day") for k, t in days.items()],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[ps.Flow(*p.split()) for p in ("A f", "f B", "B D", "D j", "f C", "C j", "j E", "E F")],
    )
    found = one(procedure)
    assert found.cycle_time_s == 19 * 86400
    assert found.critical_paths == (("A", "f", "B", "D", "j", "E", "F"), ("A", "f", "C", "j", "E", "F"))


def test_elapsed_waits_pass_through_the_calendar() -> None:
    """
    Three days are three office days from Monday or Tuesday and fewer over a weekend; working days are hours by a calendar.

    By hand, of seven hours a day: 21, 21, 17.5, 10.5 and 7 from Monday to Friday on average. Whoever begins on Wednesday
    or Thursday is done at the weekend, and goes on on Monday at eight.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 hour")],
        waits=[
            ps.Wait("w", cause="applicant", clock="elapsed", time="3 day"),
            ps.Wait("v", cause="signature", clock="working", time="2 working_day"),
        ],
        flows=[ps.Flow("a", "w"), ps.Flow("w", "v")],
    )
    office = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})
    found = one(procedure, calendars=[office], calendar="office", arrival_rate="2 case/working_day")
    share = 35 / 168
    assert found.cycle_time_s == pytest.approx((1 + 77 / 5 + 2 * 7) * 3600, rel=1e-3)
    since_eight = (4 * 2 + 3 * 6.5) / 7
    rest = (48 - since_eight + 24 - since_eight) / 5
    assert found.cycle_time_elapsed_s == pytest.approx((15 / share + 72 + rest) * 3600, rel=1e-3)
    assert found.arrival_rate_per_s == pytest.approx(2 / (7 * 3600))
    assert found.method["cycle_time_elapsed_s"].kind == "approximation"
    without = one(procedure)
    assert without.cycle_time_s is None
    assert str(without.undefined["cycle_time_s"]) == "'v' lasts working days, and there is no calendar"


def test_an_overloaded_resource_is_an_answer_with_numbers() -> None:
    """
    Overload leaves everything that exists, and says by how much.
    """
    procedure = ps.Procedure(steps=[ps.Step("a", resource="clerk", processing_time="24 min")])
    model = ps.PublicOrganisation(
        "o",
        resources=[ps.Resource("clerk", capacity=3, cost="60 EUR/hour")],
        services=[ps.PublicService("s", procedure=procedure, arrival_rate="10 case/hour")],
    )
    found = ps.performance(model)
    service = found.services[0]
    assert (service.cycle_time_s, service.processing_time_s) == (None, 24 * 60)
    assert str(service.office_cost) == "24 EUR"
    assert (
        str(service.undefined["cycle_time_s"])
        == "clerk: utilisation 1.33: capacity 3 cannot keep up with 4; 5 would"
    )
    assert found.bottlenecks.loads[0].utilisation == pytest.approx(4 / 3)
    assert "cannot keep up" in str(found)
    assert "cannot keep up" in str(found.bottlenecks)


def test_an_exponential_queue_is_exact() -> None:
    """
    One exponential processing time, arrivals Poisson: M/M/1, 10 minutes at 80 % wait 40.
    """
    found = one(
        ps.Procedure(steps=[ps.Step("a", resource="r", processing_time="exponential(mean=10 min)")]),
        resources=[ps.Resource("r")],
        arrival_rate="4.8 case/hour",
    )
    assert found.waiting_time_s == pytest.approx(40 * 60)
    assert found.method["cycle_time_s"].kind == "exact"


def test_unknown_times_name_the_step() -> None:
    """
    A step of unknown time leaves undefined what depends on it, and nothing else.
    """
    found = one(
        ps.Procedure(steps=[ps.Step("a", processing_time="1 min"), ps.Step("b")], flows=[ps.Flow("a", "b")])
    )
    assert found.processing_time_s is None
    assert str(found.undefined["cycle_time_s"]) == "the processing time of step 'b' is unknown"
    assert [o.probability for o in found.outcomes] == [1.0]
    assert one(ps.Procedure()).undefined["cycle_time_s"] == "the service describes no procedure"


def test_the_applicant_is_in_the_centre() -> None:
    """
    The applicant's time is their own steps, visits in person with the queue and the way there, and evidence once.
    """
    procedure = ps.Procedure(
        steps=[
            ps.Step("form", actor="applicant", processing_time="20 min"),
            ps.Step("hand-in", processing_time="10 min", contact="in-person", channel="c", asks=["proof"]),
            ps.Step("again", processing_time="5 min", contact="in-person", channel="c", asks=["proof"]),
        ],
        flows=[ps.Flow("form", "hand-in"), ps.Flow("hand-in", "again")],
    )
    found = one(
        procedure,
        channels=[ps.Channel("c", travel_time="60 min")],
        requirements=[ps.Requirement("proof", evidence=["card", "passport"]), "birth"],
        evidence=[
            ps.Evidence("card", time_to_obtain="3 hour"),
            ps.Evidence("passport", time_to_obtain="9 hour"),
            ps.Evidence("birth", time_to_obtain="1 hour"),
        ],
        fees=[ps.Fee("100 EUR"), ps.Fee("5 USD", at="again")],
    )
    assert found.applicant_time_s == 60 * (20 + 10 + 5 + 2 * 60 + 180 + 60)
    assert [str(fee) for fee in found.fees] == ["100 EUR", "5 USD"]


def test_costs_in_two_currencies_do_not_add() -> None:
    """
    Two currencies leave the cost undefined, with the reason.
    """
    procedure = ps.Procedure(
        steps=[
            ps.Step("a", processing_time="1 min", cost="1 EUR"),
            ps.Step("b", processing_time="1 min", cost="1 USD"),
        ],
        flows=[ps.Flow("a", "b")],
    )
    assert str(one(procedure).undefined["office_cost"]) == "costs in EUR, USD do not add without a rate"


def test_batches_collect_and_share_their_set_up() -> None:
    """
    A batch of five at one case an hour collects for two hours on average, and a set-up is shared by five.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 min", setup_time="10 min", batch=ps.Batch(size=5))]
    )
    found = one(procedure, arrival_rate="1 case/hour")
    assert found.step("a").waiting_time_s == pytest.approx(2 * 3600)
    assert found.processing_time_s == pytest.approx(180)
    daily = ps.Procedure(steps=[ps.Step("a", processing_time="1 min", batch=ps.Batch(period="1 day"))])
    assert one(daily).waiting_time_s == 12 * 3600
    assert "unknown without an arrival rate" in str(one(procedure).undefined["cycle_time_s"])


def test_results_print_and_turn_into_rows_and_json() -> None:
    """
    A result prints in both languages, has a row for each part, and says where it comes from.
    """
    model = ps.read_example("building-permit")
    result = ps.analyse(model)
    data = result.data()
    assert {r["id"] for r in data["resources"] if r["bottleneck"]} == {"engineer"}
    assert set(data["services"][1]["cost"]) == {"office", "fee", "applicant_time_s"}
    assert all(finding["remedy"] is None or finding["saving"]["per_year"] for finding in data["findings"])
    assert "leher botol: engineer" in result.text("id")
    assert str(result).startswith("One-stop service office of a city")
    assert data["provenance"]["digest"].startswith("sha256:")
    service = result.performance.service("building-permit")
    quantities = (
        service.cycle_time,
        service.waiting_time,
        service.processing_time,
        service.theoretical_cycle_time,
        service.applicant_time,
    )
    assert all(q is not None and q.units == ps.ureg.hour for q in quantities)
    assert [load.waiting_time is None for load in result.performance.bottlenecks.loads] == [
        False,
        False,
        False,
        False,
        True,
    ]
    busy = result.performance.bottlenecks.loads[0].processing_time
    assert busy is not None
    assert busy.to("min").magnitude == pytest.approx(82.8, abs=0.1)
    with pytest.raises(ps.UnknownIdError, match="no service 'x'"):
        result.performance.service("x")
    with pytest.raises(ps.UnknownIdError, match="no step 'intak', did you mean 'intake'"):
        service.step("intak")
    assert ps.compare(
        model, ps.redesign(model, [f.remedy for f in result.findings if f.code == "RED002" and f.remedy])
    ).rows()


def test_costs_need_times_and_prices() -> None:
    """
    A priced resource at a step of unknown time, and no price at all, leave the cost undefined, each with its reason.
    """
    clerk = ps.Resource("clerk", capacity=1, cost="60 EUR/hour")
    timed = ps.Procedure(steps=[ps.Step("a", resource=["clerk"], processing_time="30 min", staff=2)])
    found = one(timed, resources=[ps.Resource("clerk", capacity=2, cost="60 EUR/hour")])
    assert str(found.office_cost) == "60 EUR"
    untimed = ps.Procedure(steps=[ps.Step("a", resource=["clerk"])])
    why = one(untimed, resources=[clerk]).undefined["office_cost"]
    assert str(why) == "the processing time of step 'a' is unknown"
    free = one(ps.Procedure(steps=[ps.Step("a", processing_time="1 min")]))
    assert str(free.undefined["office_cost"]) == "no step and no resource it uses has a cost"


def test_what_has_no_visits_has_no_money_and_no_journey() -> None:
    """
    Without probabilities there are no visits, and whatever rests on them says so.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time="1 min"), ps.Step("b"), ps.Step("c")],
        flows=[ps.Flow("a", "b"), ps.Flow("a", "c")],
    )
    found = one(procedure, fees=[ps.Fee("5 USD")])
    for name in ("fees", "office_cost", "applicant_time_s", "cycle_time_s"):
        assert str(found.undefined[name]) == "the flows out of 'a' have no probabilities", name
    assert found.fees == ()


def test_no_time_has_no_efficiency() -> None:
    """
    Where nothing takes time, its efficiency is undefined.
    """
    found = one(ps.Procedure(steps=[ps.Step("a", processing_time="0 min")]))
    assert found.cycle_time_s == 0
    assert str(found.undefined["cycle_time_efficiency"]) == "the cycle time is 0"


def test_the_applicant_waits_for_what_is_overloaded() -> None:
    """
    At a counter that cannot keep up the applicant's time is undefined, and the counter is named.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", resource=["desk"], processing_time="30 min", contact="in-person")]
    )
    found = one(procedure, resources=[ps.Resource("desk", capacity=1)], arrival_rate="3 case/hour")
    assert str(found.undefined["applicant_time_s"]).startswith("desk: utilisation 1.50")
    form = ps.Procedure(steps=[ps.Step("form", actor="applicant")])
    assert str(one(form).undefined["applicant_time_s"]) == "the processing time of step 'form' is unknown"


def test_approximations_are_named() -> None:
    """
    Two resources together, several staff and waits in elapsed time under a calendar are approximations that say so.
    """
    office = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
    procedure = ps.Procedure(
        steps=[
            ps.Step("a", resource=["x", "y"], processing_time="10 min", staff=2),
            ps.Step("b", processing_time="1 min", batch=ps.Batch(size=2)),
        ],
        waits=[ps.Wait("w", cause="other-body", clock="elapsed", time="2 day")],
        flows=[ps.Flow("a", "b"), ps.Flow("b", "w")],
    )
    found = one(
        procedure,
        resources=[ps.Resource("x", capacity=4), ps.Resource("y", capacity=4)],
        arrival_rate="4 case/working_day",
        calendars=[office],
        calendar="office",
    )
    name = found.method["cycle_time_s"].name
    for part in (
        "several staff at once as whole teams",
        "elapsed waits taken as begun at any open moment",
        "batches fill evenly",
        "resources needed together",
    ):
        assert part in name
    elapsed = "elapsed waits, and cycle time without them / open share of the calendar"
    assert found.method["cycle_time_elapsed_s"].name == elapsed


def test_working_days_need_a_calendar() -> None:
    """
    A set-up or a time in working days has no length without a calendar.
    """
    for step in (
        ps.Step("a", processing_time="1 working_day"),
        ps.Step("a", processing_time="1 min", setup_time="1 working_day"),
    ):
        found = one(ps.Procedure(steps=[step]))
        assert str(found.undefined["cycle_time_s"]) == "'a' lasts working days, and there is no calendar"


def test_bottlenecks_say_where_they_come_from() -> None:
    """
    The loads alone have a provenance too, with the digest of the same model.
    """
    model = ps.read_example("building-permit")
    assert ps.find_bottlenecks(model).provenance.digest == ps.performance(model).provenance.digest


def test_what_is_undefined_has_no_method() -> None:
    """
    A number has a method exactly if it exists.
    """
    unknown = one(ps.Procedure(steps=[ps.Step("form", actor="applicant")]))
    assert set(unknown.method) == {"outcomes", "visits", "fees"}
    still = one(ps.Procedure(steps=[ps.Step("a", processing_time="0 min")]))
    assert "waiting_time_s" in still.method
    assert "cycle_time_efficiency" not in still.method
    open_choice = ps.Procedure(
        steps=[ps.Step(id) for id in "abc"], flows=[ps.Flow("a", "b"), ps.Flow("a", "c")]
    )
    assert one(open_choice).method == {}


def unclosed(**times: str) -> ps.Procedure:
    """Return branches that cross, so that no block closes, behind a choice of x and y."""
    return ps.Procedure(
        start="s",
        steps=[ps.Step(id, processing_time=times.get(id, "1 hour")) for id in ("s", "x", "y", *"abcd")],
        gateways=[
            ps.Gateway("m", kind="exclusive"),
            *(ps.Gateway(id, kind="parallel") for id in ("f", "g", "h", "j")),
        ],
        flows=[
            ps.Flow("s", "x", probability=0.5),
            ps.Flow("s", "y", probability=0.5),
            *(
                ps.Flow(*pair.split())
                for pair in (
                    "x m",
                    "y m",
                    "m f",
                    "f a",
                    "f b",
                    "a g",
                    "g c",
                    "g h",
                    "b h",
                    "h d",
                    "c j",
                    "d j",
                )
            ),
        ],
    )


def test_crossing_branches_with_a_choice_have_work_and_no_cycle_time() -> None:
    """
    Where branches cross and a choice is made, work is exact, time is undefined and names the gateway.
    """
    found = one(unclosed())
    assert found.processing_time_s == 6 * 3600
    assert str(found.undefined["cycle_time_s"]).startswith("the branches of gateway 'g' are not closed")
    assert found.undefined["theoretical_cycle_time_s"] == found.undefined["cycle_time_s"]
    assert found.on_every_path == ("s",)


def test_crossing_branches_of_random_times_are_a_lower_bound() -> None:
    """
    The longest path of means is below the mean of the longest path.
    """
    steps = [ps.Step(k, processing_time="uniform(1, 3) hour") for k in "abcd"]
    gateways = [ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
    flows = [
        ps.Flow(*pair.split()) for pair in ("f a", "f b", "a g", "g c", "g h", "b h", "h d", "c j", "d j")
    ]
    found = one(ps.Procedure(start="f", steps=steps, gateways=gateways, flows=flows))
    assert found.cycle_time_s == 4 * 3600
    assert found.method["cycle_time_s"].name == "max of means, a lower bound"


def test_what_no_case_comes_to_costs_nothing() -> None:
    """
    Work, queues and blocks behind a flow of probability 0 count for no case, even where their times are unknown.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[
            ps.Step("a", processing_time="1 hour", cost="3 EUR"),
            ps.Step("b", resource="r", contact="in-person"),
            ps.Step("c"),
        ],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        ends=[ps.End("out")],
        flows=[
            ps.Flow("a", "f", probability=0),
            ps.Flow("a", "out", probability=1),
            *(ps.Flow(*pair.split()) for pair in ("f b", "f c", "b j", "c j")),
        ],
    )
    model = ps.PublicOrganisation(
        "o",
        resources=[ps.Resource("r")],
        services=[ps.PublicService("s", procedure=procedure, arrival_rate="1 case/hour")],
    )
    result = ps.performance(model)
    found = result.services[0]
    assert (found.cycle_time_s, found.applicant_time_s, str(found.office_cost)) == (3600, 0, "3 EUR")
    assert found.step("b").visits == 0
    (load,) = result.bottlenecks.loads
    assert load.utilisation == 0
    assert load.undefined["waiting_time_s"] == "no case needs it"
    assert load.method == {}


def test_a_set_up_adds_to_a_known_time_only() -> None:
    """
    A set-up before work of unknown length leaves the time unknown, and the step is named.
    """
    found = one(ps.Procedure(steps=[ps.Step("a", setup_time="5 min")]))
    assert str(found.undefined["cycle_time_s"]) == "the processing time of step 'a' is unknown"


def branches(kind: str, *, inner: list[ps.Flow], steps: dict[str, str], wait: str) -> ps.Procedure:
    """Return a block of one wait beside steps; the exclusive gateway m is there where flows name it."""
    p = None if kind == "parallel" else 0.5
    merges = [ps.Gateway("m", kind="exclusive")] if any(flow.target == "m" for flow in inner) else []
    return ps.Procedure(
        start="f",
        steps=[ps.Step(id, processing_time=time) for id, time in steps.items()],
        waits=[ps.Wait("w", cause="statutory", clock="elapsed", time=wait)],
        gateways=[ps.Gateway("f", kind=kind), ps.Gateway("j", kind=kind), *merges],  # type: ignore[arg-type]
        flows=[
            ps.Flow("f", next(iter(steps)), probability=p),
            ps.Flow("f", "w", probability=p),
            *inner,
            ps.Flow("w", "j"),
        ],
    )


def test_a_choice_inside_a_branch_is_bounded_by_its_steps() -> None:
    """
    A wait longer than everything beside it decides in every case, whatever is chosen there, unless work repeats.
    """
    steps = {"a": "1 hour", "b": "2 hour", "c": "3 hour"}
    choice = [
        ps.Flow("a", "b", probability=0.5),
        ps.Flow("a", "c", probability=0.5),
        *(ps.Flow(*pair.split()) for pair in ("b m", "c m", "m j")),
    ]
    long = one(branches("parallel", inner=choice, steps=steps, wait="uniform(6, 8) hour"))
    assert (long.cycle_time_s, long.method["cycle_time_s"].kind) == (7 * 3600, "exact")
    short = one(branches("parallel", inner=choice, steps=steps, wait="uniform(5, 7) hour"))
    assert short.method["cycle_time_s"].name == "max of means, a lower bound"
    again = [ps.Flow("a", "a", probability=0.5), ps.Flow("a", "j", probability=0.5)]
    repeated = one(branches("parallel", inner=again, steps={"a": "1 hour"}, wait="100 hour"))
    assert repeated.method["cycle_time_s"].name == "max of means, a lower bound"


def test_inclusive_branches_of_separate_spans_are_exact() -> None:
    """
    Where the order of branches by length never changes the mean over their combinations is exact, else a lower bound.
    """
    inner = [ps.Flow("a", "j")]
    apart = one(branches("inclusive", inner=inner, steps={"a": "uniform(1, 2) hour"}, wait="3 hour"))
    assert apart.method["cycle_time_s"].kind == "exact"
    assert apart.cycle_time_s == pytest.approx(3600 * (0.5 * 3 + 0.25 * 1.5) / 0.75)
    mixed = one(branches("inclusive", inner=inner, steps={"a": "uniform(1, 4) hour"}, wait="3 hour"))
    assert mixed.method["cycle_time_s"].name == "max of means, a lower bound"


def test_blocks_inside_a_branch_take_their_longest() -> None:
    """
    A branch that holds a block lasts as long as the longest of the branches in it.
    """
    procedure = ps.Procedure(
        start="f",
        steps=[
            ps.Step(id, processing_time=t) for id, t in (("a", "1 hour"), ("b", "4 hour"), ("c", "2 hour"))
        ],
        gateways=[ps.Gateway(id, kind="parallel") for id in "fgkj"],
        flows=[ps.Flow(*pair.split()) for pair in ("f g", "f c", "g a", "g b", "a k", "b k", "k j", "c j")],
    )
    found = one(procedure)
    assert (found.cycle_time_s, found.method["cycle_time_s"].kind) == (4 * 3600, "exact")


def test_value_is_work_by_what_it_is_worth() -> None:
    """
    Work is added over branches and visits; of the ratio's branches the longest counts, and what is unclassified adds none.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[
            ps.Step("a", processing_time="1 hour", value="non-value-adding"),
            ps.Step("b", processing_time="2 hour", value="value-adding"),
            ps.Step("c", processing_time="1 hour", value="value-adding"),
            ps.Step("d", processing_time="1 hour"),
        ],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        flows=[
            ps.Flow("a", "a", probability=0.5),
            ps.Flow("a", "f", probability=0.5),
            *(ps.Flow(*pair.split()) for pair in ("f b", "f c", "b j", "c j", "j d")),
        ],
    )
    found = one(procedure)
    assert found.value_times == ps.ValueTimes(3 * 3600, 0, 2 * 3600, 3600)
    assert found.value_added_ratio == pytest.approx(2 / 5)
    assert (
        found.method["value_added_ratio"].name == "unclassified work taken as adding no value, a lower bound"
    )
    assert found.data()["value_times"]["value_adding_s"] == 3 * 3600
    assert "of which value-adding: 3.0 hour" in str(found)
    assert "value-adding" not in str(one(fork("1 min", "1 min")))
    random = fork("uniform(1, 30) min", "uniform(20, 40) min")
    assert (
        one(random).method["value_added_ratio"].name.startswith("max of means, a lower bound; unclassified")
    )


def test_value_is_undefined_with_the_time_it_is_of() -> None:
    """
    Without work there is no value, without a cycle time no ratio, each with the reason.
    """
    found = one(ps.Procedure(steps=[ps.Step("a", value="value-adding")]))
    assert (found.value_times, found.value_added_ratio) == (None, None)
    assert found.undefined["value_times"] == "the processing time of step 'a' is unknown"
    assert found.undefined["value_added_ratio"] == found.undefined["cycle_time_efficiency"]
    assert found.data()["value_times"] is None
    still = one(ps.Procedure(steps=[ps.Step("a", processing_time="0 min", value="value-adding")]))
    assert still.value_times == ps.ValueTimes()
    assert (still.value_added_ratio, still.undefined["value_added_ratio"]) == (None, "the cycle time is 0")


def test_what_is_let_go_is_made_again() -> None:
    """
    Graphs are not kept for services that nobody looks at closely, and details asked for later are the same.
    """
    model = ps.read_example("building-permit")
    found = ps.performance(model)
    kept = evaluate(model)
    for service in found.services:
        of = kept.profiles[service.id]
        again = service_performance(of, kept.loads, evidence_times(model), kept)
        assert (service.steps, service.outcomes, service.critical_paths, service.method) == (
            again.steps,
            again.outcomes,
            again.critical_paths,
            again.method,
        )


def test_branches_have_times_of_their_own() -> None:
    """
    Each branch of each block has its mean time; where branches do not close, or visits are unknown, there are none.
    """
    steps = [ps.Step(id, processing_time=f"{n} min") for id, n in (("a", 10), ("b", 30), ("c", 5))]
    gateways = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    flows = [ps.Flow(*pair) for pair in (("f", "a"), ("f", "b"), ("a", "j"), ("b", "c"), ("c", "j"))]

    def branch_times(**fields: Any) -> tuple[tuple[float, ...], ...]:
        procedure = ps.Procedure(**{"steps": steps, "gateways": gateways, "flows": flows, **fields})
        office = ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
        return ps.performance(office).services[0].branch_times

    assert branch_times() == ((600.0, 2100.0),)
    assert branch_times(flows=flows[:-1]) == ()
    choice = [ps.Step("x"), *steps]
    assert branch_times(steps=choice, flows=[ps.Flow("x", "f"), ps.Flow("x", "c"), *flows[:-2]]) == ()
