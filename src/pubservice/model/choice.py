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
            message = next(_misfits(flow.condition, known), None)
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
                    values=said(case),
                )
                yield Problem(f"procedure.flows[{position}].condition", message)


def said(case: Mapping[str, float | str]) -> str:
    """Return the attributes of a case in one line."""
    return ", ".join(str(Comparison(id, "==", value)) for id, value in case.items())


def _misfits(of: Condition, known: Mapping[str, Attribute]) -> Iterator[Message]:
    """Yield what a condition takes attributes for that they are not."""
    for test in comparisons(of):
        attribute = known.get(test.attribute)
        if attribute is None:
            hint = did_you_mean(test.attribute, known)
            yield Message("no attribute {id!r}{hint}", id=test.attribute, hint=hint)
            continue
        words = [word for word, _ in attribute.words]
        for value in test.values if isinstance(test, Membership) else (test.value,):
            if attribute.number is not None and isinstance(value, str):
                yield Message(
                    "{id!r} is a number, and cannot be compared with {value!r}", id=attribute.id, value=value
                )
            elif attribute.number is None and not isinstance(value, str):
                yield Message(
                    "{id!r} is a word, and cannot be compared with {value:g}", id=attribute.id, value=value
                )
            elif isinstance(value, str) and value not in words:
                hint = did_you_mean(value, words)
                yield Message("{id!r} is never {value!r}{hint}", id=attribute.id, value=value, hint=hint)
        if attribute.words and isinstance(test, Comparison) and test.sign not in ("==", "!="):
            yield Message(
                "{id!r} is a word: compare it by == or !=, not by {sign}", id=attribute.id, sign=test.sign
            )


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
