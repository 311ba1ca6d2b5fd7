"""Choices by the attributes of cases: whether conditions fit the attributes, and whether every case can go on."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

from pubservice.errors import Problem
from pubservice.messages import Message, did_you_mean
from pubservice.model.condition import Comparison, Membership, comparisons, holds
from pubservice.model.shortfall import atoms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pubservice.model.attribute import Attribute
    from pubservice.model.condition import Condition
    from pubservice.model.procedure import Flow
    from pubservice.model.service import PublicService

MOST_TRIED = 1_000  # kinds of cases at one choice


def choice_problems(service: PublicService) -> Iterator[Problem]:
    """Yield conditions that do not fit the attributes of a service, and choices that some of its cases cannot make."""
    known = {attribute.id: attribute for attribute in service.attributes}
    choices: defaultdict[str, list[Flow]] = defaultdict(list)
    wrong: set[str] = set()
    for position, flow in enumerate(service.procedure.flows):
        choices[flow.source].append(flow)
        if flow.condition is not None:
            misfits = (_misfit(test, known) for test in comparisons(flow.condition))
            message = next((message for message in misfits if message is not None), None)
            if message is not None:
                wrong.add(flow.source)
                yield Problem(f"procedure.flows[{position}].condition", message)
    for position, flow in enumerate(service.procedure.flows):
        out = choices.pop(flow.source, [])
        conditions = [each.condition for each in out if each.condition is not None]
        if conditions and len(conditions) == len(out) and flow.source not in wrong:
            case = _stranded(conditions, known)
            if case is not None:
                message = Message(
                    "no flow out of {id!r} is for a case with {values}: leave one without condition",
                    id=flow.source,
                    values=", ".join(str(Comparison(id, "==", value)) for id, value in case.items()),
                )
                yield Problem(f"procedure.flows[{position}].condition", message)


def _misfit(test: Comparison | Membership, known: Mapping[str, Attribute]) -> Message | None:
    """Return what a comparison takes an attribute for that it is not; None where it fits."""
    id = test.attribute
    attribute = known.get(id)
    if attribute is None:
        return Message("no attribute {id!r}{hint}", id=id, hint=did_you_mean(id, known))
    words = [word for word, _ in attribute.words]
    for value in test.values if isinstance(test, Membership) else (test.value,):
        if not words and isinstance(value, str):
            return Message("{id!r} is a number, and cannot be compared with {value!r}", id=id, value=value)
        if words and not isinstance(value, str):
            return Message("{id!r} is a word, and cannot be compared with {value:g}", id=id, value=value)
        if isinstance(value, str) and value not in words:
            hint = did_you_mean(value, words)
            return Message("{id!r} is never {value!r}{hint}", id=id, value=value, hint=hint)
    if words and isinstance(test, Comparison) and test.sign not in ("==", "!="):
        return Message("{id!r} is a word: compare it by == or !=, not by {sign}", id=id, sign=test.sign)
    return None


def _stranded(conditions: list[Condition], known: Mapping[str, Attribute]) -> dict[str, float | str] | None:
    """Return a case for which no condition holds, None where none is found; no more than some are tried."""
    bounds: defaultdict[str, set[float]] = defaultdict(set)
    for test in (test for of in conditions for test in comparisons(of)):
        values = test.values if isinstance(test, Membership) else (test.value,)
        bounds[test.attribute] |= {value for value in values if isinstance(value, float)}
    kinds = [_kinds_of(known[id], between) for id, between in bounds.items()]
    for values in islice(product(*kinds), MOST_TRIED):
        case = dict(zip(bounds, values, strict=True))
        if not any(holds(of, case) for of in conditions):
            return case
    return None


def _kinds_of(attribute: Attribute, bounds: Iterable[float]) -> list[float | str]:
    """Return a value of each kind that cases have with a probability above 0, as seen from some bounds."""
    if attribute.number is None:
        return [word for word, share in attribute.words if share]
    single = [value for value, _ in atoms(attribute.number)]
    if single:
        return [*single]
    low, high = attribute.number.support()
    inside = [low, *sorted(bound for bound in bounds if low < bound < high)]
    inside.append(min(high, 2 * inside[-1] + 1))
    return [(below + above) / 2 for below, above in pairwise(inside)]
