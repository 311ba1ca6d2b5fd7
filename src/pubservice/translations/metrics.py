"""Texts of metrics, measurements and charts."""

TEXTS: dict[str, str] = {}
