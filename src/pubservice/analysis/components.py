"""The 14 components of a service standard: in words, and where a service states each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pubservice.messages import Message
from pubservice.model.service import ServiceStandard

if TYPE_CHECKING:
    from pubservice.model.service import PublicService

Place = Literal["text", "model"]

# Those that are published first; each in words.
COMPONENTS = {
    "requirements": Message("requirements"),
    "procedure": Message("system and procedure"),
    "completion_time": Message("completion time"),
    "fee": Message("fee"),
    "product": Message("product"),
    "complaints": Message("complaints"),
    "legal_basis": Message("legal basis"),
    "facilities": Message("facilities"),
    "staff_competence": Message("competence of staff"),
    "internal_supervision": Message("internal supervision"),
    "staff_count": Message("number of staff"),
    "service_guarantee": Message("guarantee of service"),
    "safety_guarantee": Message("guarantee of safety"),
    "performance_evaluation": Message("evaluation of performance"),
}
_NONE = ServiceStandard()


def has_standard(service: PublicService) -> bool:
    """Return whether a service states anything of a standard; one that does not may have one that the model lacks."""
    return service.standard != _NONE


def places(service: PublicService) -> dict[str, Place | None]:
    """
    Return where each component of the standard of a service stands.

    Returns:
        ``text`` where the standard says it, ``model`` where only its typed counterpart does (requirements, procedure,
        fees, outputs, legal basis), None where neither does.

    Example:
        >>> from pubservice.model.service import PublicService
        >>> places(PublicService("permit", requirements=["id-card"], standard=ServiceStandard(fee="Free of charge")))["fee"]
        'text'
    """
    counterparts = {
        "requirements": service.requirements,
        "procedure": service.procedure.steps,
        "fee": service.fees,
        "product": service.outputs,
        "legal_basis": service.legal_basis,
    }
    return {
        name: "text" if getattr(service.standard, name) else "model" if counterparts.get(name) else None
        for name in COMPONENTS
    }
