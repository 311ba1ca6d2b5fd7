"""Organisations written as text, for tests of rules; import them as ``from written import model``."""

from __future__ import annotations

import json
import textwrap

import yaml

import pubservice as ps

AROUND = ("resources", "evidence", "calendars", "calendar")  # what an example says of the organisation


def model(text: str) -> ps.PublicOrganisation:
    """Return an organisation around one service; `beside` holds other services of it."""
    parts = yaml.safe_load(textwrap.dedent(text))
    around = {key: parts.pop(key) for key in AROUND if key in parts}
    beside = parts.pop("beside", [])
    services = [{"id": "s", **parts}, *beside]
    return ps.from_json(json.dumps({"pubservice": 1, "id": "o", **around, "services": services}))


def found(text: str, code: str) -> list[ps.Finding]:
    """Return what one rule finds."""
    return list(ps.check(model(text), select=[code]))


def texts(text: str, code: str) -> list[str]:
    """Return what one rule finds, as ``steps: message``."""
    return [f.text().split(": ", 1)[1] if f.steps else str(f.message) for f in found(text, code)]


def only(text: str, code: str) -> ps.Finding:
    """Return the one thing that a rule finds."""
    (one,) = found(text, code)
    return one


def applied(text: str, *edits: ps.Edit | None) -> ps.PublicOrganisation:
    """Return the organisation with edits applied, each of which has to be one."""
    return ps.redesign(model(text), [edit for edit in edits if edit is not None])


def steps(organisation: ps.PublicOrganisation) -> list[str]:
    """Return the steps of the first service."""
    return [step.id for step in organisation.services[0].procedure.steps]
