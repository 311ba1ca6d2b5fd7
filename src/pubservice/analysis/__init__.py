"""Analyses: a model in, a result out."""
