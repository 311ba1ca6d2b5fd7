"""The Indonesian texts, each under its English template; one module for each part of the house."""

from pubservice.translations import (
    analysis,
    burden,
    edits,
    errors,
    eventlog,
    files,
    graph,
    management,
    metrics,
    model,
    planning,
    queueing,
    rule_pages,
    rules,
    surveys,
    times,
    words,
)

PARTS = (
    analysis,
    burden,
    edits,
    errors,
    eventlog,
    files,
    graph,
    management,
    metrics,
    model,
    planning,
    queueing,
    rule_pages,
    rules,
    surveys,
    times,
    words,
)
INDONESIAN: dict[str, str] = {english: other for part in PARTS for english, other in part.TEXTS.items()}
