"""The Indonesian texts, each under its English template; one module for each part of the house."""

from pubservice.translations import (
    analysis,
    edits,
    errors,
    eventlog,
    files,
    graph,
    model,
    rule_pages,
    rules,
    words,
)

PARTS = (analysis, edits, errors, eventlog, files, graph, model, rule_pages, rules, words)
INDONESIAN: dict[str, str] = {english: other for part in PARTS for english, other in part.TEXTS.items()}
