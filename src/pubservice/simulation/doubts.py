"""What makes the figures of a study doubtful, said beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.errors import UndefinedResultError
from pubservice.messages import Message
from pubservice.simulation.offered import cases_per_second, offered
from pubservice.simulation.precision import is_sure
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.simulation.offered import Offered
    from pubservice.simulation.scenario import Scenario, Simulated
    from pubservice.simulation.study import Study

_FEW_CASES = 100  # that end in a run
_SHORT = 10  # cycle times in a run
_RELAXATIONS = 20  # of a queue, after which what it began with is about a hundredth of its mean
_WIDE = 0.2  # half of an interval / the mean


def doubts(study: Study, named: Mapping[str, PublicOrganisation]) -> Iterator[Message]:
    """
    Yield what makes the figures doubtful: overload, runs too short, means too unsure.

    Args:
        study: Whose figures.
        named: Its scenarios.
    """
    for scenario in study.scenarios:
        organisation = named[scenario.name]
        try:
            asked = offered(organisation)
        except UndefinedResultError as error:
            yield Message(
                "{scenario}: whether resources keep up is not known beforehand: {reason}",
                scenario=scenario.name,
                reason=error.message,
            )
            asked = []
        overload = list(_overload(scenario, asked))
        yield from overload
        yield from _forgetting(study, scenario, organisation, asked)
        for service in scenario.services:
            yield from _short(study, scenario, service)
            if not overload:
                yield from _unsure(study, scenario, service)


def _overload(scenario: Scenario, asked: Iterable[Offered]) -> Iterator[Message]:
    for each in asked:
        if not each.keeps_up:
            yield Message(
                "{scenario}: {resource}: utilisation is {utilisation:.2f}: work for {work:.2f} arrives while {capacity} are "
                "open, so that the queue grows as long as is simulated",
                scenario=scenario.name,
                resource=each.resource,
                utilisation=each.utilisation,
                work=each.work,
                capacity=each.capacity,
            )


def _forgetting(
    study: Study, scenario: Scenario, organisation: PublicOrganisation, asked: Iterable[Offered]
) -> Iterator[Message]:
    """Yield the resources whose queues remember their beginning for a large part of each run."""
    rate = sum(cases_per_second(service, organisation) for service in organisation.services)
    length = (study.cases or 0) / rate if study.horizon is None else study.horizon.seconds() or 0.0
    window = length - study.warm_up.seconds
    for each in asked:
        wanted = _RELAXATIONS * each.relaxation_s
        if wanted > window:
            yield Message(
                "{scenario}: {resource}: busy {utilisation:.0%} of its time, its queue takes {time} to forget where it began, "
                "a run after the warm-up {window}: its means may be too low however many replications there are, simulate "
                "{wanted} after the warm-up",
                scenario=scenario.name,
                resource=each.resource,
                utilisation=each.utilisation,
                time=in_words(each.relaxation_s),
                window=in_words(window),
                wanted=in_words(wanted),
            )


def _short(study: Study, scenario: Scenario, service: Simulated) -> Iterator[Message]:
    cases = service.estimate("cases").mean or 0.0
    if cases < _FEW_CASES:
        yield Message(
            "{scenario}: {service}: {cases:,.0f} cases end in a run after the warm-up: simulate longer",
            scenario=scenario.name,
            service=service.id,
            cases=cases,
        )
    time = service.estimate("cycle_time").mean
    seconds = None if study.horizon is None else study.horizon.seconds()
    if seconds is None or time is None:
        return
    window = seconds - study.warm_up.seconds
    if window < _SHORT * time:
        yield Message(
            "{scenario}: {service}: a case takes {time}, a run after the warm-up {window}: simulate longer",
            scenario=scenario.name,
            service=service.id,
            time=in_words(time),
            window=in_words(window),
        )


def _unsure(study: Study, scenario: Scenario, service: Simulated) -> Iterator[Message]:
    mean = service.estimate("cycle_time", study.confidence)
    width = mean.relative_half_width
    if width is None:
        return
    if study.precision is not None and not study.precision.reached:
        wanted = study.precision.wanted
        if not is_sure(mean, wanted):
            yield Message(
                "{scenario}: {service}: after {replications} replications the mean cycle time is known to {width:.1%}, not to "
                "{wanted:.1%}: allow more of them",
                scenario=scenario.name,
                service=service.id,
                replications=study.replications,
                width=width,
                wanted=wanted,
            )
    elif width > _WIDE:
        yield Message(
            "{scenario}: {service}: the mean cycle time is known to {width:.0%} only: simulate longer or more replications",
            scenario=scenario.name,
            service=service.id,
            width=width,
        )
