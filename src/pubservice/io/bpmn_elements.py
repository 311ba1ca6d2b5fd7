"""The vocabulary of BPMN 2.0: what its elements are called, and the texts in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pubservice.model.distribution import Fixed
from pubservice.units import ELAPSED_SECONDS

if TYPE_CHECKING:
    from pubservice.model.procedure import GatewayKind

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"

TASKS = frozenset(
    (
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
    )
)
SUBPROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
GATEWAYS: dict[str, GatewayKind] = {
    "exclusiveGateway": "exclusive",
    "eventBasedGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "complexGateway": "inclusive",
}
EVENTS = frozenset(
    ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
)
NODES = TASKS | SUBPROCESSES | EVENTS | GATEWAYS.keys()

_AMOUNT = r"(\d{1,9}(?:\.\d{1,9})?)"
_DURATION = re.compile(
    rf"\s*P(?:{_AMOUNT}Y)?(?:{_AMOUNT}M)?(?:{_AMOUNT}W)?(?:{_AMOUNT}D)?"
    rf"(?:T(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?\s*"
)
_UNITS = ("year", "month", "week", "day", "hour", "min", "s")


def kind_of(element: Any) -> str:
    """Return what an element of BPMN is called, and ``""`` for one of another vocabulary."""
    tag = str(element.tag)
    return tag[len(BPMN) :] if tag.startswith(BPMN) else ""


def label_of(element: Any) -> str:
    """Return the id of an element, or the line it stands in."""
    return str(element.get("id") or f"line {element.sourceline}")


def name_of(element: Any) -> str:
    """Return the name of an element on one line."""
    return " ".join(element.get("name", "").split())


def foreign_name(element: Any) -> str:
    """Return what an element of another vocabulary is called, as it is written."""
    name = str(element.tag).rpartition("}")[2]
    return (f"{element.prefix}:{name}" if element.prefix else name)[:80]


def reference(text: str | None) -> str:
    """Return the id in a reference, which may have the prefix of a namespace."""
    return (text or "").strip().rpartition(":")[2]


def duration_of(text: str) -> Fixed | None:
    """
    Return a duration as ISO 8601 writes it, in the smallest unit that it names; None if it is none.

    Example:
        >>> for text in ("PT15M", "P1DT12H", "${patience}"):
        ...     print(duration_of(text))
        15 min
        36 hour
        None
    """
    found = _DURATION.fullmatch(text)
    parts = found.groups() if found else ()
    given = [(float(part), unit) for part, unit in zip(parts, _UNITS, strict=False) if part]
    if not given:
        return None
    unit = given[-1][1]
    seconds = sum(amount * ELAPSED_SECONDS[part] for amount, part in given)
    return Fixed(seconds / ELAPSED_SECONDS[unit], unit=unit)
