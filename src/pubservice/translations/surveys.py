"""Texts of surveys."""

TEXTS: dict[str, str] = {}
