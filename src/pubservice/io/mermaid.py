"""Procedures as Mermaid flowcharts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pubservice.model.procedure import End, Gateway, Step

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.model.procedure import Node, Procedure

_SIGNS = {"exclusive": "×", "parallel": "+", "inclusive": "○"}


def to_mermaid(procedure: Procedure, *, language: Language = "en") -> str:
    """
    Return a procedure as a Mermaid flowchart: steps as boxes, waits as rounded boxes, gateways as diamonds.

    Args:
        procedure: What is drawn.
        language: Of the names.

    Example:
        >>> from pubservice.model.procedure import Flow, Procedure, Step
        >>> print(to_mermaid(Procedure(steps=[Step("intake"), Step("decide")], flows=[Flow("intake", "decide")])))
        flowchart LR
          n0["intake"]
          n1["decide"]
          n0 --> n1
    """
    key = {node.id: f"n{i}" for i, node in enumerate(procedure.nodes)}
    lines = ["flowchart LR"]
    lines.extend(f"  {key[node.id]}{_shape(node, language)}" for node in procedure.nodes)
    for flow in procedure.flows:
        words = [flow.name.text(language)] if flow.name else []
        if flow.probability is not None:
            words.append(f"{flow.probability:.0%}")
        label = f'|"{_escape(" ".join(words))}"|' if words else ""
        lines.append(f"  {key[flow.source]} -->{label} {key[flow.target]}")
    return "\n".join(lines)


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
