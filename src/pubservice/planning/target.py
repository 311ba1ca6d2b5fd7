"""What a plan has to reach: promises to applicants, limits on waits and on how busy people are, and posts that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message, did_you_mean
from pubservice.model.resource import QUEUEABLE
from pubservice.model.vocabulary import METRICS
from pubservice.units import Duration, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.messages import Language
    from pubservice.model.metric import Target
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService

Asked = Literal["cycle-time", "waiting-time", "utilisation", "capacity"]
Source = Literal["given", "target", "standard"]
MOST_SHARE = 0.999999  # of the slowest cases a distribution tells no more

_ID = "[A-Za-z0-9][A-Za-z0-9._-]*"
_OF = re.compile(rf"\s*({_ID})(?:/({_ID}))?\s*:(.*)")
_WITHIN = re.compile(r"\s*([0-9.]+)\s*%\s*within\s+(.+?)\s*")
_MEAN = re.compile(r"\s*mean\s+(wait\s+)?(.+?)\s*")
_UTILISATION = re.compile(r"\s*utilisation\s+([0-9.]+)\s*(%?)\s*")
_AT_LEAST = re.compile(r"\s*at\s+least\s+.*")
_AT_MOST = re.compile(r"\s*at\s+most\s+([0-9]{1,9})\s*")


@attrs.frozen(kw_only=True)
class PlanningTarget:
    """
    One thing that a plan has to reach.

    Attributes:
        metric: ``cycle-time`` of a service; ``waiting-time`` at a resource or a step, or of all of a service;
            ``utilisation`` of a resource; ``capacity`` for how many of a resource there may be at most.
        value: What it may be at most.
        share: Of the cases or visits that must meet it; None where the mean must.
        resource: Which resource; None for all, or where a service is meant.
        service: Which service.
        step: Which of its steps.
        source: ``given`` for this plan, a ``target`` of the model, or the completion time of a ``standard``.
    """

    metric: Asked
    value: Duration | float
    share: float | None = None
    resource: str | None = None
    service: str | None = None
    step: str | None = None
    source: Source = "given"

    @property
    def of(self) -> str:
        """Whose it is: a resource, a service, a service and a step, or nothing for all resources."""
        if self.service is None:
            return self.resource or ""
        return self.service if self.step is None else f"{self.service}/{self.step}"

    @property
    def of_week(self) -> bool:
        """Whether it is of more than single resources, so that no interval reaches or misses it by itself."""
        return self.metric == "cycle-time" or (
            self.metric == "waiting-time" and self.service is not None and self.step is None
        )

    @property
    def said(self) -> Message:
        """What is asked, without whose it is."""
        match self.metric:
            case "capacity":
                return Message("at most {count}", count=f"{self.value:.0f}")
            case "utilisation":
                return Message("utilisation {limit}", limit=f"{self.value:g}")
            case _ if self.share is not None:
                return Message("{share} within {length}", share=_percent(self.share), length=str(self.value))
            case "waiting-time":
                return Message("mean wait {length}", length=str(self.value))
            case _:
                return Message("mean {length}", length=str(self.value))

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "metric": self.metric,
            "value": str(self.value) if isinstance(self.value, Duration) else self.value,
            "share": self.share,
            "resource": self.resource,
            "service": self.service,
            "step": self.step,
            "source": self.source,
        }

    @property
    def words(self) -> Message:
        """All of it."""
        return Message("{of}: {asked}", of=self.of, asked=self.said) if self.of else self.said

    def text(self, language: Language = "en") -> str:
        """Return it as it is written."""
        return self.words.text(language)

    def __str__(self) -> str:
        return self.text()


def _percent(share: float) -> str:
    return f"{share * 100:.6g} %"


def planning_target(text: str, organisation: PublicOrganisation) -> PlanningTarget:
    """
    Return a target from what people write.

    Args:
        text: Whose it is, a colon, and what is asked; without a colon it is asked of every resource:

            - ``counter: 90% within 15 min``: the share of visits that wait no longer;
            - ``permit/intake: mean wait 5 min``: at the resources of one step;
            - ``permit: 95% within 14 working_day``, ``permit: mean 6 working_day``: the cycle time of a service;
            - ``utilisation 0.85``;
            - ``registrar: at most 1``: posts that there are.
        organisation: With the services and resources.

    Raises:
        InvalidQuantityError: It cannot be read, or names what is not there.

    Example:
        >>> target = planning_target("clerk: 90% within 15 min", city_hall)
        >>> target.metric, target.share, str(target.value)
        ('waiting-time', 0.9, '15 min')
    """
    match = _OF.fullmatch(text)
    place: dict[str, Any] = {}
    rest = text
    if match:
        place, rest = _place(match[1], match[2], organisation), match[3]
    of_service = "service" in place and "step" not in place
    if not place and (_WITHIN.fullmatch(rest) or _MEAN.fullmatch(rest)):
        message = Message("say whose wait: a resource, a step or a service, got {value!r}", value=text)
        raise InvalidQuantityError(message)
    if found := _WITHIN.fullmatch(rest):
        share = _number(found[1], text) / 100
        if not 0 < share <= MOST_SHARE:
            raise InvalidQuantityError(
                Message("expected a share above 0 %, at most 99.9999 %, got {value!r}", value=text)
            )
        return PlanningTarget(
            metric="cycle-time" if of_service else "waiting-time",
            value=duration(found[2]),
            share=share,
            **place,
        )
    if found := _MEAN.fullmatch(rest):
        if of_service or found[1]:
            metric: Asked = "waiting-time" if found[1] else "cycle-time"
            return PlanningTarget(metric=metric, value=duration(found[2]), **place)
    elif (found := _UTILISATION.fullmatch(rest)) and "service" not in place:
        limit = _number(found[1], text) / (100 if found[2] else 1)
        if not 0 < limit <= 1:
            message = Message("expected a utilisation above 0, at most 1, got {value!r}", value=text)
            raise InvalidQuantityError(message)
        return PlanningTarget(metric="utilisation", value=limit, **place)
    elif (found := _AT_MOST.fullmatch(rest)) and "resource" in place:
        if not int(found[1]):
            raise InvalidQuantityError(
                Message("at most 0 would leave nobody: expected at least 1, got {value!r}", value=text)
            )
        return PlanningTarget(metric="capacity", value=float(found[1]), **place)
    if _AT_LEAST.fullmatch(rest):
        raise InvalidQuantityError(
            Message(
                "a plan finds by itself how many it takes at least: say what they shall reach, or at most how many there "
                "may be, such as 'registrar: at most 3', got {value!r}",
                value=text,
            )
        )
    raise _not_a_target(text)


def _number(digits: str, text: str) -> float:
    try:
        return float(digits)
    except ValueError:
        raise _not_a_target(text) from None


def _not_a_target(text: str) -> InvalidQuantityError:
    message = Message(
        "expected a target such as 'counter: 90% within 15 min', 'permit: 95% within 14 working_day', "
        "'clerk: mean wait 5 min', 'utilisation 0.85' or 'registrar: at most 1', got {value!r}",
        value=text,
    )
    return InvalidQuantityError(message)


def _place(id: str, step: str | None, organisation: PublicOrganisation) -> dict[str, str]:
    """Return whose a target is: of a step, of a resource, else of a service."""
    services = {service.id: service for service in organisation.services}
    resources = {resource.id for resource in organisation.resources if resource.kind in QUEUEABLE}
    if step is None and id in resources and id in services:
        message = Message(
            "{id!r} is both a resource and a service: name a step of the service, or rename one", id=id
        )
        raise InvalidQuantityError(message)
    if step is None and id in resources:
        return {"resource": id}
    if id not in services:
        known = [*services] if step is not None else [*resources, *services]
        hint = did_you_mean(id, known)
        raise InvalidQuantityError(Message("no resource or service {id!r}{hint}", id=id, hint=hint))
    if step is None:
        return {"service": id}
    steps = [known.id for known in services[id].procedure.steps if known.resource]
    if step not in steps:
        hint = did_you_mean(step, steps)
        message = Message(
            "no step {id!r} that a resource does in service {service!r}{hint}", id=step, service=id, hint=hint
        )
        raise InvalidQuantityError(message)
    return {"service": id, "step": step}


@attrs.frozen
class LeftOut:
    """
    A target of the model that no capacity changes, or that cannot be planned for.

    Attributes:
        service: Its id.
        metric: Of the target.
        reason: Why.
    """

    service: str
    metric: str
    reason: Message


def model_targets(
    organisation: PublicOrganisation, *, share: float
) -> tuple[tuple[PlanningTarget, ...], tuple[LeftOut, ...]]:
    """
    Return what the model itself asks of a plan, and which of its targets a plan has nothing to do with.

    Args:
        organisation: With targets and standards.
        share: Of the cases that the completion time of a standard is promised to.
    """
    found: list[PlanningTarget | LeftOut] = []
    own = {metric.id for metric in organisation.metrics}
    for service in organisation.services:
        found.extend(_of_standard(service, share))
        found.extend(_of_target(service, target, own) for target in service.targets)
    return (
        tuple(target for target in found if isinstance(target, PlanningTarget)),
        tuple(target for target in found if isinstance(target, LeftOut)),
    )


def _of_standard(service: PublicService, share: float) -> Iterator[PlanningTarget]:
    """Yield the promise of a service, if there is one that is not a target too."""
    promised = service.standard.completion_time
    again = any(target.metric == "cycle-time" and target.value == promised for target in service.targets)
    if promised is not None and not again:
        yield PlanningTarget(
            metric="cycle-time", value=promised, share=share, service=service.id, source="standard"
        )


def _of_target(service: PublicService, target: Target, own: Iterable[str]) -> PlanningTarget | LeftOut:
    value = target.value
    if target.metric in own or target.metric not in METRICS:
        return LeftOut(service.id, target.metric, Message("a metric of the organisation's own"))
    if target.share is not None and not 0 < target.share <= MOST_SHARE:
        return LeftOut(service.id, target.metric, Message("no capacity is enough for all cases, or for none"))
    match target.metric, value:
        case "cycle-time", Duration():
            return PlanningTarget(
                metric="cycle-time", value=value, share=target.share, service=service.id, source="target"
            )
        case "waiting-time", Duration() if target.share is None:
            return PlanningTarget(metric="waiting-time", value=value, service=service.id, source="target")
        case "waiting-time", _:
            return LeftOut(service.id, target.metric, Message("only the mean of all waits is worked out"))
        case "utilisation", float() if target.share is None and 0 < value <= 1:
            return PlanningTarget(metric="utilisation", value=value, service=service.id, source="target")
        case "on-time-share", float() if (
            0 < value <= MOST_SHARE and service.standard.completion_time is not None
        ):
            return PlanningTarget(
                metric="cycle-time",
                value=service.standard.completion_time,
                share=value,
                service=service.id,
                source="target",
            )
        case _:
            return LeftOut(service.id, target.metric, Message("no capacity changes it"))
