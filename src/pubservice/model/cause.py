"""Why the time of a case passes: one vocabulary for models, event logs and simulations."""

from __future__ import annotations

from typing import Literal

from pubservice.messages import Message

Cause = Literal[
    "processing",
    "contention",
    "unavailability",
    "batching",
    "priority",
    "synchronisation",
    "applicant",
    "other-body",
    "statutory",
    "signature",
    "rework",
    "other",
]
WaitCause = Literal["applicant", "other-body", "statutory", "signature", "other"]

CAUSES: dict[Cause, Message] = {
    "processing": Message("work on the case"),
    "contention": Message("queue for a busy resource"),
    "unavailability": Message("closed hours"),
    "batching": Message("batch still collecting"),
    "priority": Message("other cases first"),
    "synchronisation": Message("branches finishing at different times"),
    "applicant": Message("the applicant"),
    "other-body": Message("another body"),
    "statutory": Message("statutory period"),
    "signature": Message("signature"),
    "rework": Message("doing it again"),
    "other": Message("other"),
}
