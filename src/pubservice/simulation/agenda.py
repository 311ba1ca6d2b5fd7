"""
The agenda: what happens later, as times, numbers in order of being noted, and codes.

A code is eight times whom it happens to, and what happens. The agenda is a heap: of tuples in a list, or, compiled, arrays
with `note` and `take` standing for functions over them.
"""

from __future__ import annotations

from heapq import heappop, heappush

DONE, ARRIVAL, OPENING, PERIOD, STANDING, GIVING_UP, PLACE = range(7)

note, take = heappush, heappop
