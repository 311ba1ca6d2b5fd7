"""Simulation: a model in, runs of it and what they say out."""
