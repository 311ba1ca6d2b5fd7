"""What a plan has to reach, as people write it and as models hold it."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps
from pubservice.planning.target import model_targets

PERMIT = ps.PublicService(
    "permit",
    procedure=ps.Procedure(
        steps=[ps.Step("intake", resource="clerk"), ps.Step("apply", actor="applicant")],
        flows=[ps.Flow("apply", "intake")],
    ),
)
OFFICE = ps.PublicOrganisation(
    "office",
    resources=[ps.Resource("clerk"), ps.Resource("money", kind="budget"), ps.Resource("both")],
    services=[PERMIT, ps.PublicService("both")],
    metrics=[ps.Metric("smiles", unit="number", direction="higher", goal="satisfying")],
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("clerk: 90% within 15 min", {"metric": "waiting-time", "share": 0.9, "resource": "clerk"}),
        (" clerk : 99.5 %  within 1 hour ", {"metric": "waiting-time", "share": 0.995, "resource": "clerk"}),
        ("clerk: mean wait 5 min", {"metric": "waiting-time", "share": None, "resource": "clerk"}),
        (
            "permit/intake: 80% within 10 min",
            {"metric": "waiting-time", "service": "permit", "step": "intake"},
        ),
        ("permit/intake: mean wait 10 min", {"metric": "waiting-time", "step": "intake", "share": None}),
        ("permit: 95% within 14 working_day", {"metric": "cycle-time", "share": 0.95, "service": "permit"}),
        ("permit: mean 6 working days", {"metric": "cycle-time", "share": None, "resource": None}),
        ("permit: mean wait 2 hour", {"metric": "waiting-time", "service": "permit", "step": None}),
        ("utilisation 0.85", {"metric": "utilisation", "value": 0.85, "resource": None}),
        ("clerk: utilisation 80%", {"metric": "utilisation", "value": 0.8, "resource": "clerk"}),
        ("clerk: at most 4", {"metric": "capacity", "value": 4.0, "resource": "clerk"}),
    ],
)
def test_targets_are_read_from_text(text: str, fields: dict[str, Any]) -> None:
    """
    A target is whose it is and what is asked; what is printed reads back as the same target.
    """
    target = ps.planning_target(text, OFFICE)

    assert {name: getattr(target, name) for name in fields} == fields
    assert ps.planning_target(str(target), OFFICE) == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clerk: fast", "expected a target such as"),
        ("90% within 15 min", "say whose wait: a resource, a step or a service"),
        ("mean wait 5 min", "say whose wait"),
        ("clerk: mean 5 min", "expected a target such as"),
        ("clerk: 1.2.3% within 5 min", "expected a target such as"),
        ("clerk: 100% within 5 min", "above 0 %, at most 99.9999 %"),
        ("clerk: 90% within 5 kg", "expected a duration"),
        ("utilisation 120%", "expected a utilisation above 0, at most 1"),
        ("permit: utilisation 0.8", "expected a target such as"),
        ("permit: at most 3", "expected a target such as"),
        ("clerk: at most 0", "at most 0 would leave nobody: expected at least 1, got 'clerk: at most 0'"),
        ("clerk: at least 5", "a plan finds by itself how many it takes at least"),
        ("klerk: mean wait 5 min", "no resource or service 'klerk', did you mean 'clerk'?"),
        ("money: mean wait 5 min", "no resource or service 'money'"),
        ("permt/intake: mean wait 5 min", "no resource or service 'permt', did you mean 'permit'?"),
        (
            "permit/intak: mean wait 5 min",
            "no step 'intak' that a resource does in service 'permit', did you mean",
        ),
        ("permit/apply: mean wait 5 min", "no step 'apply' that a resource does"),
        ("both: mean wait 5 min", "'both' is both a resource and a service"),
    ],
)
def test_what_is_no_target_is_refused(text: str, said: str) -> None:
    """
    What cannot be read, is out of range or names what is not there is refused, with what would be right.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        ps.planning_target(text, OFFICE)
    assert said in str(caught.value)


def models(*targets: ps.Target, promise: str | None = None) -> tuple[list[str], list[str]]:
    """Return what a service with some targets asks of a plan, and what it does not."""
    service = ps.PublicService(
        "permit", targets=targets, standard=ps.ServiceStandard(completion_time=promise)
    )
    office = ps.PublicOrganisation("office", services=[service], metrics=OFFICE.metrics)
    found, left = model_targets(office, share=0.9)
    return [f"{target} ({target.source})" for target in found], [
        f"{out.metric}: {out.reason}" for out in left
    ]


def test_targets_and_standards_of_the_model_count() -> None:
    """
    Cycle times, waits and utilisations that the model states are targets of a plan, and so is the promise of a standard.
    """
    found, left = models(
        ps.Target("cycle-time", value="10 working_day", share=0.8),
        ps.Target("cycle-time", value="3 working_day"),
        ps.Target("waiting-time", value="1 hour"),
        ps.Target("utilisation", value=0.9),
        ps.Target("on-time-share", value=0.97),
        promise="14 working_day",
    )

    assert found == [
        "permit: 90 % within 14 working_day (standard)",
        "permit: 80 % within 10 working_day (target)",
        "permit: mean 3 working_day (target)",
        "permit: mean wait 1 hour (target)",
        "permit: utilisation 0.9 (target)",
        "permit: 97 % within 14 working_day (target)",
    ]
    assert left == []


def test_a_promise_that_is_a_target_too_counts_once() -> None:
    """
    Where a target states the share for the time that the standard promises, the target counts.
    """
    found, _ = models(ps.Target("cycle-time", value="14 day", share=0.8), promise="14 day")

    assert found == ["permit: 80 % within 14 day (target)"]


def test_targets_that_no_capacity_changes_are_named() -> None:
    """
    What a plan has nothing to do with is left out, each with its reason.
    """
    found, left = models(
        ps.Target("ikm", value=80),
        ps.Target("smiles", value=3),
        ps.Target("cycle-time", value="14 day", share=1),
        ps.Target("waiting-time", value="1 hour", share=0.9),
        ps.Target("on-time-share", value=0.9),
    )

    assert found == []
    assert left == [
        "ikm: no capacity changes it",
        "smiles: a metric of the organisation's own",
        "cycle-time: no capacity is enough for all cases, or for none",
        "waiting-time: only the mean of all waits is worked out",
        "on-time-share: no capacity changes it",
    ]
