"""
The graph behind a procedure.

`flowgraph` is the indexed form that all analyses share, built in one pass; `digraph` is the same as a networkx graph,
for any networkx algorithm.
"""
