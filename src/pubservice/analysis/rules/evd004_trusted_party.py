"""EVD004: trusted party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.manual import AT_ONCE, is_by_hand
from pubservice.analysis.register import rule
from pubservice.edits.edit import Automate
from pubservice.graph.decisions import decides
from pubservice.messages import Message, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.model.procedure import Check

# Checks that ask nothing but whether a datum is what its issuer says; any other check is a judgement of the office.
_GENUINE = frozenset(("authentic", "genuine", "registered", "valid", "asli", "berlaku", "sah", "terdaftar"))


@rule(
    "EVD004",
    "trusted-party",
    bad="""
    resources: [{id: clerk}]
    evidence: [{id: land-title, issuer: land office}]
    requirements: [land-title]
    procedure:
      steps:
        - {id: verify, resource: clerk, kind: check, processing_time: 20 min, checks: [{check: authentic, of: land-title}]}
        - {id: assess, resource: clerk, processing_time: 1 hour, needs: [land-title]}
      flows:
        - {source: verify, target: assess}
    """,
    good="""
    resources: [{id: clerk}, {id: register-link, kind: information-system}]
    evidence: [{id: land-title, issuer: land office}]
    requirements: [land-title]
    procedure:
      steps:
        - {id: query, resource: register-link, kind: check, processing_time: 1 min, checks: [{check: authentic, of: land-title}]}
        - {id: assess, resource: clerk, processing_time: 1 hour, needs: [land-title], checks: [{check: matches-plan, of: land-title}]}
      flows:
        - {source: query, target: assess}
    """,
)
def trusted_party(subject: Subject) -> Iterator[Finding]:
    """
    Find checks by hand of whether what another body issued is genuine and valid.

    Why it matters:
        Whoever issued it knows; everybody else looks at paper and guesses.

    Remedy:
        Trusted party: ask the issuer's register. A step of kind check that does nothing else is automated; elsewhere the
        rest of the step stays, and there is no edit.

    Known limits:
        What a check asks is read from its name: authentic, genuine, registered, valid, or in Indonesian asli, berlaku, sah,
        terdaftar; other names are taken for a judgement of the office's own. Whether the issuer can be asked is not known.
        A step that a provision demands and that does more is not reported. An issuer named like the organisation, or like a service of it, is the office itself.

    Source:
        Reijers & Liman Mansar (2005), trusted party, Omega 33(4), 283-306.
    """
    service, evidence = subject.service, subject.setting.evidence
    if not evidence:
        return
    for i, step in enumerate(service.procedure.steps):  # the first nodes of the graph
        issuers = {fact: _issuer(subject, fact) for fact in step.checks}
        facts = [
            fact
            for fact, issuer in issuers.items()
            if issuer is not None and not subject.flow.is_available(fact, i)  # else another rule's
        ]
        if not facts or step.actor != "office" or not subject.reached[i] or not is_by_hand(subject, step):
            continue
        message = Message(
            "checks what {issuer} could confirm: {facts}",
            issuer=", ".join(dict.fromkeys(str(issuers[fact]) for fact in facts)),
            facts=listed([fact.said for fact in facts]),
        )
        alone = (
            step.kind == "check"
            and step.contact == "none"
            and len(facts) == len(set(step.checks))
            and not (step.asks or step.gives)
            and not decides(subject.graph, i)
        )
        if alone:
            edit = Automate(service.id, step.id, AT_ONCE)
            yield claim(service.id, (step.id,), message, edit, step.legal_basis)
        elif not step.legal_basis:
            yield Finding(service.id, steps=(step.id,), message=message)


def _issuer(subject: Subject, fact: Check) -> str | None:
    """Return the other body that could confirm a fact; None where there is none, or it is a judgement of the office."""
    known = subject.setting.evidence.get(fact.of)
    if known is None or known.issuer is None or fact.check not in _GENUINE:
        return None
    return None if known.issuer in subject.setting.own_names else known.issuer
