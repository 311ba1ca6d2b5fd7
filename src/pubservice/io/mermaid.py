"""Procedures as Mermaid flowcharts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pubservice.graph.structure import structure
from pubservice.messages import translate
from pubservice.model.procedure import End, Gateway, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.graph.structure import Fragment
    from pubservice.messages import Language
    from pubservice.model.procedure import Node, Procedure

_FRAMED = ("exclusive", "parallel", "inclusive", "loop", "rigid")
_SIGNS = {"exclusive": "×", "parallel": "+", "inclusive": "○"}


def to_mermaid(
    procedure: Procedure, *, blocks: bool = False, marked: Iterable[str] = (), language: Language = "en"
) -> str:
    """
    Return a procedure as a Mermaid flowchart: steps as boxes, waits as rounded boxes, gateways as diamonds.

    Args:
        procedure: What is drawn.
        blocks: Whether choices, parallel work, loops and rigid parts are framed, as `structure` finds them.
        marked: Ids of nodes that stand out, such as the steps of a finding.
        language: Of the names.

    Raises:
        UnknownIdError: No node has a marked id.

    Example:
        >>> from pubservice.model.procedure import Flow, Procedure, Step
        >>> print(to_mermaid(Procedure(steps=[Step("intake"), Step("decide")], flows=[Flow("intake", "decide")])))
        flowchart LR
          n0["intake"]
          n1["decide"]
          n0 --> n1
    """
    key = {node.id: f"n{i}" for i, node in enumerate(procedure.nodes)}
    stand_out = dict.fromkeys(key[procedure.node(id).id] for id in marked)
    lines = ["flowchart LR"]
    shapes = {node.id: f"{key[node.id]}{_shape(node, language)}" for node in procedure.nodes}
    if blocks:
        lines.extend(_framed(procedure, shapes, language))
    lines.extend(f"  {shape}" for shape in shapes.values())
    for flow in procedure.flows:
        words = [flow.name.text(language)] if flow.name else []
        if flow.probability is not None:
            words.append(f"{flow.probability:.0%}")
        if flow.condition is not None:
            words.append(str(flow.condition))
        label = f'|"{_escape(" ".join(words))}"|' if words else ""
        lines.append(f"  {key[flow.source]} -->{label} {key[flow.target]}")
    if stand_out:
        lines += ["  classDef marked stroke-width:4px", f"  class {','.join(stand_out)} marked"]
    return "\n".join(lines)


def _framed(procedure: Procedure, shapes: dict[str, str], language: Language) -> Iterator[str]:
    """Yield the nodes that the start reaches, in the frames of their blocks, and take them out of the shapes."""
    frames = 0
    ahead: list[tuple[int, Fragment | None]] = [(1, structure(procedure))]
    while ahead:
        depth, fragment = ahead.pop()
        indent = "  " * depth
        if fragment is None:
            yield f"{indent}end"
            continue
        if fragment.kind in _FRAMED:
            yield f'{indent}subgraph b{frames}["{_escape(translate(fragment.kind, language))}"]'
            frames += 1
            ahead.append((depth, None))
            depth += 1
        for id in (fragment.entry, fragment.exit):
            if id in shapes and fragment.kind != "sequence":
                yield f"{'  ' * depth}{shapes.pop(id)}"
        ahead.extend((depth, part) for part in reversed(fragment.parts))


def _shape(node: Node, language: Language) -> str:
    name = _escape(node.name.text(language) or node.id)
    if isinstance(node, Step):
        return f'["{name}"]'
    if isinstance(node, Gateway):
        return f'{{"{_SIGNS[node.kind]}"}}' if not node.name else f'{{"{_SIGNS[node.kind]} {name}"}}'
    if isinstance(node, End):
        return f'(["{name}"])'
    return f'("{name}")'


def _escape(text: str) -> str:
    """Write everything that Mermaid or HTML could read as markup as a character code."""
    return re.sub(r"[^\w .,:%()/+-]", lambda match: f"#{ord(match[0])};", text)
