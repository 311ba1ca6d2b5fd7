"""Cases that are open at the start: where they stand, and where their other branches wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.messages import Message
from pubservice.simulation.streams import word

if TYPE_CHECKING:
    from pubservice.model.open_cases import OpenCases
    from pubservice.simulation.draft import ServiceDraft


def add_open_cases(of: ServiceDraft, where: str, item: OpenCases) -> None:
    """Add cases that stand at a node; of blocks around it all other branches are done."""
    columns, i = of.draft.columns, of.graph.index[item.at]
    region = of.nested.region_of[i]
    if i not in of.reached or (of.joins and of.nested.unstructured is not None):
        of.fault(where, Message("where else a case at {id!r} is, cannot be told", id=item.at))
        return
    columns["standing"].append(of.first + i)
    columns["standing_service"].append(of.number)
    columns["standing_cases"].append(item.cases)
    columns["standing_waited"].append(0.0 if item.waited is None else of.elapsed(where, item.waited))
    columns["standing_held"].append(len(columns["standing_place"]))
    columns["standing_key"].append(word(f"open cases {of.service.id} {item.at}"))
    while of.joins and region is not None and region.block is not None:
        block = region.block
        sources = of.graph.predecessors[block.join]
        inside = [of.nested.region_of[source] for source in sources]
        for source, branch in zip(sources, inside, strict=True):
            mine = branch is region
            if block.kind == "parallel" and not mine:
                columns["standing_place"].append(of.placed[source, block.join])
                columns["standing_join"].append(of.joins[block.join])
                columns["standing_needs"].append(0)
            elif block.kind == "inclusive" and mine:
                columns["standing_place"].append(-1)  # nobody waits: this branch is the only one
                columns["standing_join"].append(of.joins[block.join])
                columns["standing_needs"].append(1)
        region = block.region
