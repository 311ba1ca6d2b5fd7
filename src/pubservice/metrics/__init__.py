"""Measures of how well a service runs, as closed formulas on plain numbers."""
