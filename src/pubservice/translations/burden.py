"""Texts of what a service costs those served."""

TEXTS: dict[str, str] = {}
