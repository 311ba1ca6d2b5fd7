"""Texts of standards, plans, people and means."""

TEXTS: dict[str, str] = {}
