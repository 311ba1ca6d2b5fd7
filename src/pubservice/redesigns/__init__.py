"""Redesign: edits applied together, the proof that nothing is lost, and the search for the best of them."""
