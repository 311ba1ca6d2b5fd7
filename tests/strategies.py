"""Hypothesis strategies for models, whole and in parts; import them as ``from strategies import organisations``."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.attribute import KEYWORDS
from pubservice.model.condition import SIGNS, And, Comparison, Condition, Membership, Not, Or
from pubservice.model.demand import MONTHS
from pubservice.model.measurement import OBTAINED
from pubservice.model.metric import Unit
from pubservice.model.period import period
from pubservice.model.resource import QUEUEABLE, WEEKDAYS
from pubservice.model.vocabulary import METRICS
from pubservice.units import ELAPSED_SECONDS, WORKING_UNITS, CostRate, Duration, Money, Rate

ELAPSED_UNITS = tuple(ELAPSED_SECONDS)

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)
id_lists = st.lists(ids, max_size=3)
plain_texts = st.text(max_size=12)
texts = (
    plain_texts
    | st.sampled_from(
        ["NO", "12:30:00", "010", "1e5", "2026-01-01", "null", "~", "- a", "a: b", "# c", ".inf"]
    )
    | st.dictionaries(st.sampled_from(["en", "id", "jv", ""]) | plain_texts, plain_texts, max_size=3)
)
text_lists = st.lists(plain_texts, max_size=2)
amounts = st.floats(0, 1e15)
fractions = st.floats(0, 1)


def durations(units: tuple[str, ...] = (*ELAPSED_UNITS, *WORKING_UNITS)) -> st.SearchStrategy[Duration]:
    """Return lengths of time in the given units."""
    return st.builds(Duration, amounts, st.sampled_from(units))


money = st.builds(Money, amounts, st.sampled_from(["IDR", "EUR", "USD"]))
cost_rates = st.builds(
    CostRate,
    amounts,
    st.sampled_from(["IDR", "EUR"]),
    st.sampled_from([*ELAPSED_UNITS, "working_hour"]),
)


def rates(units: tuple[str, ...]) -> st.SearchStrategy[Rate]:
    """Return cases per time in the given units."""
    return st.builds(Rate, st.floats(1e-9, 1e9), st.sampled_from(units))


@st.composite
def distributions(
    draw: st.DrawFn, units: tuple[str, ...] = (*ELAPSED_UNITS, *WORKING_UNITS)
) -> ps.Distribution:
    """Return durations as random variables, of every kind."""
    unit = draw(st.sampled_from(units))
    positive = st.floats(1e-6, 1e9)
    low, mode, high = sorted(draw(st.tuples(*[st.floats(0, 1e9) | st.integers(0, 2**70)] * 3)))
    mean, sd = draw(positive), draw(st.floats(0, 1e9))
    several: list[ps.Distribution] = [
        ps.Fixed(low, unit=unit),
        ps.Uniform(low, high, unit=unit),
        ps.Triangular(low, mode, high, unit=unit),
        ps.Pert(low, mode, high, unit=unit),
        ps.Exponential(mean, unit=unit),
        ps.Lognormal(mean, sd, unit=unit),
        ps.Gamma(mean, sd, unit=unit),
        ps.Weibull(0.5 + mean % 5, mean, unit=unit),
        ps.Empirical([low, mode, high, mode], unit=unit),
    ]
    return draw(st.sampled_from(several))


checks = st.builds(ps.Check, ids, ids)
batches = st.builds(ps.Batch, size=st.integers(1, 10**20)) | st.builds(ps.Batch, period=durations())


@st.composite
def metrics(draw: st.DrawFn) -> ps.Metric:
    """Return metrics, those of fractions and numbers with bounds or without."""
    units: list[Unit] = ["duration", "money", "rate", "fraction", "number"]
    unit = draw(st.sampled_from(units))
    low, high = None, None
    if unit in ("fraction", "number"):
        low = draw(
            st.none() | st.floats(0, 0.25) if unit == "fraction" else st.none() | st.floats(-1e9, 0.25)
        )
        high = draw(st.none() | st.floats(0.5, 1) if unit == "fraction" else st.none() | st.floats(0.5, 1e9))
    return ps.Metric(
        draw(ids),
        name=draw(texts),
        unit=unit,
        direction=draw(st.sampled_from(["higher", "lower", "neither"])),
        goal=draw(st.sampled_from(["orderly", "smooth", "on-target", "satisfying"])),
        low=low,
        high=high,
        formula=draw(texts),
        source=draw(plain_texts),
    )


def within(metric: ps.Metric) -> tuple[float, float]:
    """Return bounds of what a value of a fraction or a number can be."""
    low, high = metric.bounds
    return -1e9 if low is None else low, 1e9 if high is None else high


evidence = st.builds(
    ps.Evidence,
    ids,
    name=texts,
    issuer=st.none() | plain_texts,
    validity=st.none() | durations(),
    time_to_obtain=st.none() | durations(),
    cost_to_obtain=st.none() | money,
    legal_basis=text_lists,
)
requirements = ids | st.builds(
    ps.Requirement,
    ids,
    name=texts,
    evidence=id_lists,
    business_as_usual=fractions,
    legal_basis=text_lists,
)
outputs = ids | st.builds(ps.Output, ids, name=texts, legal_basis=text_lists)
events = ids | st.builds(ps.Event, ids, name=texts)
channels = st.builds(
    ps.Channel,
    ids,
    name=texts,
    kind=st.sampled_from(["counter", "online", "phone", "post", "mobile", "other"]),
    travel_time=st.none() | durations(),
)
standards = st.builds(
    ps.ServiceStandard,
    completion_time=st.none() | durations(),
    **dict.fromkeys(("requirements", "procedure", "fee", "safety_guarantee", "staff_count"), texts),
)


def unique(items: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    """Return lists of things whose ids differ."""
    return st.lists(items, max_size=most, unique_by=lambda item: item if isinstance(item, str) else item.id)


@st.composite
def calendars(draw: st.DrawFn) -> ps.Calendar:
    """Return calendars with hours, breaks, closures and holidays."""
    hours = {}
    for day in draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True)):
        minutes = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=4)))
        clock = [f"{m // 60:02d}:{m % 60:02d}" for m in minutes]
        hours[day] = ", ".join(f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=False))
    days = st.dates(dt.date(1000, 1, 1), dt.date(9990, 1, 1))
    spans = st.tuples(days, st.integers(0, 9)).map(
        lambda pair: ps.Closure(pair[0], pair[0] + dt.timedelta(days=pair[1]))
    )
    closures = draw(st.lists(spans, max_size=2))
    holidays = draw(st.none() | st.sampled_from(["ID", "DE-BY"]))
    return ps.Calendar(
        draw(ids),
        name=draw(texts),
        hours=hours,
        time_zone=draw(st.sampled_from(["UTC", "Asia/Jakarta", "Asia/Jayapura"])),
        holidays=holidays,
        closures=closures,
        year=draw(st.integers(2000, 2100)) if closures or holidays else draw(st.none() | st.just(2026)),
    )


@st.composite
def resources(draw: st.DrawFn, calendar: st.SearchStrategy[str | None]) -> ps.Resource:
    """Return resources of every kind."""
    kind: Any = draw(
        st.sampled_from(["staff", "staff", "facility", "information-system", "budget", "mandate"])
    )
    return ps.Resource(
        draw(ids),
        name=draw(texts),
        kind=kind,
        cost=draw(st.none() | cost_rates),
        calendar=draw(calendar),
        closing=draw(st.sampled_from(["stop", "stop", "finish"])),
        discipline=draw(st.sampled_from(["first-come", "first-come", "priority", "due-date"])),
        competences=draw(id_lists),
        legal_basis=draw(text_lists),
        capacity=draw(st.integers(1, 9)) if kind in QUEUEABLE else None,
        cases_at_once=draw(st.sampled_from([1, 1, 2, 7])) if kind in QUEUEABLE else 1,
        amount=draw(money) if kind == "budget" else None,
    )


@st.composite
def steps(draw: st.DrawFn, id: str, pool: tuple[ps.Resource, ...], ways: tuple[str, ...]) -> ps.Step:
    """Return steps that use the given resources and channels."""
    actor: Any = draw(st.sampled_from(["office", "office", "applicant", "other-body"]))
    used = draw(st.lists(st.sampled_from(pool), max_size=2, unique_by=lambda r: r.id)) if pool else []
    least = min((resource.capacity or 1 for resource in used), default=3)
    more: dict[str, Any] = {}
    if actor == "office":
        more = {"resource": [r.id for r in used], "staff": draw(st.integers(1, least))}
    if actor == "other-body":
        more = {"body": draw(st.none() | plain_texts)}
    return ps.Step(
        id,
        name=draw(texts),
        actor=actor,
        kind=draw(
            st.sampled_from(["work", "check", "approval", "decision", "payment", "transport", "certify"])
        ),
        processing_time=draw(st.none() | distributions()),
        setup_time=draw(st.none() | distributions()),
        batch=draw(st.none() | batches),
        patience=draw(st.none() | st.none() | distributions()),
        cost=draw(st.none() | money),
        needs=draw(id_lists),
        asks=draw(id_lists),
        checks=draw(st.lists(checks, max_size=2)),
        gives=draw(id_lists),
        value=draw(st.sampled_from([None, "value-adding", "business-value-adding", "non-value-adding"])),
        legal_basis=draw(text_lists),
        channel=draw(st.sampled_from([None, *ways])),
        contact=draw(st.sampled_from(["none", "remote", "in-person"])),
        competences=draw(id_lists),
        **more,
    )


@st.composite
def waits(draw: st.DrawFn, id: str) -> ps.Wait:
    """Return waits on either clock."""
    clock: Any = draw(st.sampled_from(["elapsed", "working"]))
    units = ELAPSED_UNITS if clock == "elapsed" else (*ELAPSED_UNITS, *WORKING_UNITS)
    return ps.Wait(
        id,
        name=draw(texts),
        cause=draw(st.sampled_from(["applicant", "other-body", "statutory", "signature", "other"])),
        clock=clock,
        time=draw(st.none() | distributions(units)),
        needs=draw(id_lists),
        gives=draw(id_lists),
        legal_basis=draw(text_lists),
    )


@st.composite
def ends(draw: st.DrawFn, id: str) -> ps.End:
    """Return ends with outcomes of their own and without."""
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more["outcome"] = draw(plain_texts | st.sampled_from(["granted", "refused", "withdrawn"]))
    if draw(st.booleans()):
        more["completed"] = draw(st.booleans())
    return ps.End(id, name=draw(texts), **more)


@st.composite
def procedures(
    draw: st.DrawFn, pool: tuple[ps.Resource, ...] = (), ways: tuple[str, ...] = ()
) -> ps.Procedure:
    """Return procedures of every node and any shape, sound or not."""
    names = draw(st.lists(ids, max_size=7, unique=True))
    sorts = [draw(st.sampled_from(["step", "step", "step", "wait", "gateway", "end"])) for _ in names]
    made: dict[str, list[Any]] = {"step": [], "wait": [], "gateway": [], "end": []}
    for name, sort in zip(names, sorts, strict=True):
        match sort:
            case "step":
                node: Any = draw(steps(name, pool, ways))
            case "wait":
                node = draw(waits(name))
            case "gateway":
                kind: Any = draw(st.sampled_from(["exclusive", "parallel", "inclusive"]))
                node = ps.Gateway(name, name=draw(texts), kind=kind)
            case _:
                node = draw(ends(name))
        made[sort].append(node)
    kinds = {gateway.id: gateway.kind for gateway in made["gateway"]}
    sources = [name for name, sort in zip(names, sorts, strict=True) if sort != "end"]
    flows = []
    for source in sources:
        targets = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        given = bool(targets) and kinds.get(source) != "parallel" and draw(st.booleans())
        chances: list[float | None] = [None] * len(targets)
        if given:
            weights = [draw(st.integers(1, 100)) for _ in targets]
            total = sum(weights)
            chances = [weight / total for weight in weights]
            if kinds.get(source) == "inclusive":
                chances = [draw(st.floats(0.01, 1)) for _ in targets]
        flows += [
            ps.Flow(source, target, probability=chance, name=draw(st.just("") | texts))
            for target, chance in zip(targets, chances, strict=True)
        ]
    reached = {flow.target for flow in flows}
    clear = sum(name not in reached for name in names) == 1
    start = draw(st.sampled_from(names)) if names and not (clear and draw(st.booleans())) else None
    return ps.Procedure(
        start=start,
        steps=made["step"],
        waits=made["wait"],
        gateways=made["gateway"],
        ends=made["end"],
        flows=flows,
    )


@st.composite
def targets(draw: st.DrawFn, known: tuple[ps.Metric, ...]) -> ps.Target:
    """Return targets of the given metrics, in their units."""
    metric = draw(st.sampled_from(known))
    values: dict[str, st.SearchStrategy[Any]] = {
        "duration": durations(),
        "money": money,
        "rate": rates((*ELAPSED_UNITS, *WORKING_UNITS)),
    }
    if metric.unit not in values:
        values[metric.unit] = st.floats(*within(metric))
    return ps.Target(metric.id, value=draw(values[metric.unit]), share=draw(st.none() | fractions))


def _span(first: dt.date, days: int, named: str) -> ps.Period:
    texts = {
        "year": f"{first:%Y}",
        "quarter": f"{first:%Y}-Q{(first.month + 2) // 3}",
        "month": f"{first:%Y-%m}",
    }
    return period(texts[named]) if named in texts else ps.Period(first, first + dt.timedelta(days=days))


periods = st.builds(
    _span,
    st.dates(dt.date(1000, 1, 1), dt.date(9990, 1, 1)),
    st.integers(0, 800),
    st.sampled_from(["year", "quarter", "month", "span"]),
)


@st.composite
def measurements(
    draw: st.DrawFn, known: tuple[ps.Metric, ...] = tuple(METRICS.values()), services: tuple[str, ...] = ()
) -> ps.Measurement:
    """Return measurements of the given metrics, in their units, of the services or of any."""
    metric = draw(st.sampled_from(known))
    places: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
        "duration": (st.sampled_from((*ELAPSED_UNITS, *WORKING_UNITS)), Duration),
        "money": (st.sampled_from(["IDR", "EUR"]), Money),
        "rate": (st.sampled_from(ELAPSED_UNITS), Rate),
    }
    least, most = (0.0, 1e15) if metric.unit in places else within(metric)
    low, value, high = sorted(draw(st.tuples(*[st.floats(least, most)] * 3)))
    numbers: list[Any] = [low, value, high]
    if metric.unit in places:
        units, make = places[metric.unit]
        unit = draw(units)
        numbers = [make(number, unit) for number in numbers]
    known_value, certain = draw(st.booleans()), draw(st.booleans())
    return ps.Measurement(
        metric.id,
        value=numbers[1] if known_value else None,
        period=draw(periods),
        service=draw(st.none() | (st.sampled_from(services) if services else ids)),
        population=draw(st.none() | st.integers(int(known_value), 10**12)),
        obtained=draw(st.sampled_from(OBTAINED)),
        low=numbers[0] if known_value and certain else None,
        high=numbers[2] if known_value and certain else None,
        within=draw(st.none() | durations() | st.floats(0, 1e9)),
        source=draw(
            plain_texts
            | st.sampled_from(
                ["=1+1", "'x", "a,b;c", " spaced ", "1e5", "-5", "line\nbreak", "carriage\rreturn"]
            )
        ),
        reason="" if known_value else draw(plain_texts.filter(str.strip)),
    )


@st.composite
def arrivals(draw: st.DrawFn, units: tuple[str, ...]) -> ps.Arrivals:
    """Return ways in which cases come, by intervals or by appointment, in the given units."""
    interval = draw(distributions(units))
    if draw(st.booleans()) and interval.mean_in_unit:
        return ps.Arrivals(interval=interval)
    early = st.none() | st.sampled_from(["5 min", "uniform(0, 20) min", "pert(0, 5, 60) min"])
    late = st.none() | st.sampled_from(["2 min", "exponential(5) min", "gamma(mean=1, sd=2) hour"])
    return ps.Arrivals(
        appointments=ps.Appointments(
            slot=Duration(draw(st.floats(1e4, 1e9)), draw(st.sampled_from(units))),
            cases=draw(st.integers(1, 1_000)),
            no_show=draw(st.floats(0, 0.99)),
            early=draw(early),
            late=draw(late),
        )
    )


def _weights(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[dict[str, float]]:
    return st.dictionaries(parts, st.floats(0.01, 100) | st.integers(1, 9), max_size=most)


@st.composite
def demands(draw: st.DrawFn) -> ps.Demand:
    """Return demands with weights above 0 of every kind."""
    minutes = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    clock = [f"{m // 60:02d}:{m % 60:02d}" for m in minutes]
    spans = [f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=False)]
    return ps.Demand(
        weekdays=draw(_weights(st.sampled_from(WEEKDAYS), 7)),
        hours=draw(_weights(st.sampled_from(spans), 2)) if spans else {},
        months=draw(_weights(st.sampled_from(MONTHS), 12)),
        growth=draw(st.floats(-0.99, 100)),
    )


@st.composite
def attributes(draw: st.DrawFn) -> ps.Attribute:
    """Return attributes of cases: numbers, and words with shares."""
    id = draw(
        st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,6}", fullmatch=True).filter(lambda name: name not in KEYWORDS)
    )
    if draw(st.booleans()):
        return ps.Attribute(id, number=draw(distributions(("s",))))
    letters = st.characters(exclude_categories=["C"], exclude_characters='"')
    words = draw(st.lists(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=3, unique=True))
    weights = [draw(st.integers(1, 100)) for _ in words]
    return ps.Attribute(
        id,
        words={word: weight / sum(weights) for word, weight in zip(words, weights, strict=True)},
    )


def conditions(known: tuple[ps.Attribute, ...]) -> st.SearchStrategy[Condition]:
    """Return conditions that fit the given attributes, at least one."""
    numbers = st.floats(0, 1e6) | st.integers(0, 20).map(float)

    def tests(attribute: ps.Attribute) -> st.SearchStrategy[Condition]:
        words = [word for word, _ in attribute.words]
        values: st.SearchStrategy[Any] = st.sampled_from(words) if words else numbers
        signs: list[Any] = ["==", "!="] if words else list(SIGNS)
        several = st.lists(values, min_size=1, max_size=3).map(tuple)
        return st.builds(Comparison, st.just(attribute.id), st.sampled_from(signs), values) | st.builds(
            Membership, st.just(attribute.id), several
        )

    def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)

    return st.recursive(st.sampled_from(known).flatmap(tests), joined, max_leaves=6)


@st.composite
def conditional(draw: st.DrawFn, procedure: ps.Procedure, known: tuple[ps.Attribute, ...]) -> ps.Procedure:
    """Return the procedure with conditions on the given attributes at some choices, each with a flow for the rest."""
    parallel = {gateway.id for gateway in procedure.gateways if gateway.kind == "parallel"}
    last = {flow.source: flow for flow in procedure.flows if flow.source not in parallel}
    choosing: list[bool] = [bool(known) and draw(st.booleans()) for _ in last]
    by_case = {source for source, chosen in zip(last, choosing, strict=True) if chosen}
    flows = [
        attrs.evolve(flow, condition=draw(conditions(known)))
        if flow.source in by_case and flow is not last[flow.source]
        else flow
        for flow in procedure.flows
    ]
    return attrs.evolve(procedure, flows=flows)


@st.composite
def services(
    draw: st.DrawFn,
    pool: tuple[ps.Resource, ...] = (),
    calendar: st.SearchStrategy[str | None] = st.none(),  # noqa: B008 - a strategy is never changed
    known: tuple[ps.Metric, ...] = tuple(METRICS.values()),
    *,
    under_calendar: bool = False,
) -> ps.PublicService:
    """Return services that share resources, calendars and metrics."""
    ways = draw(unique(channels))
    own_attributes = tuple(draw(unique(attributes())))
    procedure = draw(procedures(pool, tuple(channel.id for channel in ways)))
    procedure = draw(conditional(procedure, own_attributes))
    own = draw(calendar)
    open_units = (*WORKING_UNITS, "week", "month", "year")
    units = open_units if own is not None or under_calendar else ELAPSED_UNITS
    places = st.sampled_from([None, *(node.id for node in procedure.nodes)])
    fees = st.builds(ps.Fee, money, at=places, name=texts, legal_basis=text_lists)
    ignored = st.builds(ps.Suppression, ids, step=places, reason=plain_texts.filter(str.strip))
    standing = [*(step.id for step in procedure.steps), *(wait.id for wait in procedure.waits)]
    open_cases = st.builds(
        ps.OpenCases,
        at=st.sampled_from(standing or [""]),
        cases=st.integers(1, 10**9),
        waited=st.none() | durations(),
    )
    comes = draw(st.none() | st.none() | arrivals(units))
    rate: dict[str, Any] = {} if comes else {"arrival_rate": draw(st.none() | rates(units))}
    return ps.PublicService(
        draw(ids),
        name=draw(texts),
        description=draw(texts),
        kind=draw(st.sampled_from(["goods", "services", "administrative"])),
        provider=draw(st.none() | plain_texts),
        audience=draw(text_lists),
        legal_basis=draw(text_lists),
        requirements=draw(unique(requirements)),
        outputs=draw(unique(outputs)),
        channels=ways,
        fees=draw(st.lists(fees, max_size=2)),
        life_events=draw(unique(events, 1)),
        business_events=draw(unique(events, 1)),
        standard=draw(standards),
        targets=draw(st.lists(targets(known), max_size=2)),
        arrivals=comes,
        demand=draw(st.none() | demands()),
        attributes=own_attributes,
        open_cases=draw(st.lists(open_cases, max_size=2)) if standing else [],
        priority=draw(st.integers(1, 3)),
        time_value=draw(st.none() | cost_rates),
        calendar=own,
        procedure=procedure,
        ignore=draw(st.lists(ignored, max_size=2)),
        **rate,
    )


@st.composite
def organisations(draw: st.DrawFn) -> ps.PublicOrganisation:
    """Return whole organisations, with everything that the model has."""
    kept = draw(unique(calendars()))
    calendar = st.sampled_from([None, *(item.id for item in kept)])
    pool = draw(unique(resources(calendar), 3))
    measured = draw(unique(metrics(), 1))
    own = draw(calendar)
    queueable = tuple(resource for resource in pool if resource.kind in QUEUEABLE)
    known = {**METRICS, **{metric.id: metric for metric in measured}}
    service = services(queueable, calendar, tuple(known.values()), under_calendar=own is not None)
    return ps.PublicOrganisation(
        draw(ids),
        name=draw(texts),
        description=draw(texts),
        vision=draw(texts),
        commitments=draw(st.lists(texts, max_size=2)),
        legal_basis=draw(text_lists),
        calendar=own,
        calendars=kept,
        resources=pool,
        evidence=draw(unique(evidence)),
        metrics=measured,
        services=draw(unique(service)),
    )


def without_suppressions(office: ps.PublicOrganisation) -> ps.PublicOrganisation:
    """Return an organisation that ignores no rule: those of `organisations` ignore rules that do not exist."""
    return attrs.evolve(office, services=[attrs.evolve(service, ignore=()) for service in office.services])


checkable = organisations().map(without_suppressions)
