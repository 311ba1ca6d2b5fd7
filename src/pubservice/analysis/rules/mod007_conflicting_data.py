"""MOD007: conflicting data."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD007",
    "conflicting-data",
    bad="""
    requirements: [form]
    procedure:
      steps:
        - {id: correct, processing_time: 10 min, needs: [form], gives: [form]}
        - {id: assess, processing_time: 30 min, needs: [form]}
      gateways:
        - {id: fork, kind: parallel}
        - {id: join, kind: parallel}
      flows:
        - {source: fork, target: correct}
        - {source: fork, target: assess}
        - {source: correct, target: join}
        - {source: assess, target: join}
    """,
    good="""
    requirements: [form]
    procedure:
      steps:
        - {id: correct, processing_time: 10 min, needs: [form], gives: [form]}
        - {id: assess, processing_time: 30 min, needs: [form]}
      flows:
        - {source: correct, target: assess}
    """,
)
def conflicting_data(subject: Subject) -> Iterator[Finding]:
    """
    Find data that one step makes while another, side by side with it, reads or makes them too.

    Why it matters:
        Which version is read then depends on who is faster that day: two equal cases are decided differently.

    Remedy:
        Put one behind the other, or let them work on data of their own.

    Known limits:
        Where a version of its own for each is meant, each needs a name of its own. Two that make a datum that nobody reads
        and nobody is owed are not reported. Where the branches of gateways do not close, what runs side by side is not
        known and the rule does not run.

    Source:
        Sun, Zhao, Nunamaker & Liu Sheng (2006), Formulating the data-flow perspective for business process management,
        Information Systems Research 17(4), 374-391 (conflicting data); Bernstein (1966), Analysis of programs for parallel
        processing, IEEE Transactions on Electronic Computers EC-15(5), 757-763.
    """
    nested = subject.nested
    if not nested.blocks and nested.unstructured is None:
        return
    flow = subject.flow
    if not flow.gives:
        return
    if nested.unstructured is not None:
        raise SkipRuleError(nested.unstructured)
    readers: defaultdict[str, list[int]] = defaultdict(list)
    for i, data in flow.uses.items():
        for datum in data:
            readers[datum].append(i)
    owed = {output.id for output in subject.service.outputs}
    makers: defaultdict[str, list[int]] = defaultdict(list)
    for i, datum in flow.definitions:
        makers[datum].append(i)
    for datum, at in makers.items():
        inside = [i for i in at if _is_in_branch(subject, i)]
        if len(inside) > _MOST or len(readers[datum]) > _MOST:
            raise SkipRuleError(Message("too many steps make and read {datum}", datum=datum))
        told: list[set[int]] = []
        for n, i in enumerate(inside):
            group = {i, *(j for j in inside[n + 1 :] if nested.concurrent(i, j))}
            if len(group) < 2 or any(group <= other for other in told):
                continue
            if readers[datum] or datum in owed:
                told.append(group)
                message = Message("make {datum} side by side: which version is left is chance", datum=datum)
                yield Finding(subject.service.id, steps=subject.graph.ids(sorted(group)), message=message)
        for reader in readers[datum]:
            beside = [i for i in inside if nested.concurrent(i, reader)]
            if beside and reader not in inside:
                yield _race(subject, datum, reader, beside)


_MOST = 200  # makers, or readers, of one datum: each pair is looked at


def _is_in_branch(subject: Subject, i: int) -> bool:
    region = subject.nested.region_of[i]
    return region is not None and region.block is not None


def _race(subject: Subject, datum: str, reader: int, beside: list[int]) -> Finding:
    """Return that a step reads what others make beside it, and which other version it may read."""
    flow, graph = subject.flow, subject.graph
    earlier = [
        i for i, name in flow.definitions_of(datum) if i not in beside and reader in flow.readers[i, name]
    ]
    held = (
        datum in flow.handed_in
        or flow.present_data.holds(datum, reader)
        or subject.setting.owed_elsewhere(datum, subject.service.id)
    )
    if earlier or held:
        before = (
            Message("that of {steps}", steps=", ".join(graph.ids(earlier)))
            if earlier
            else Message("what was there before")
        )
        message = Message(
            "reads {datum} while {others} makes it: that version or {before}, by chance",
            datum=datum,
            others=", ".join(graph.ids(beside)),
            before=before,
        )
    else:
        message = Message(
            "reads {datum} while {others} makes it: there may be none yet",
            datum=datum,
            others=", ".join(graph.ids(beside)),
        )
    return Finding(subject.service.id, steps=graph.ids([reader, *beside]), message=message)
