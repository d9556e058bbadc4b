"""Maximal complete bipartite subgraphs: which strategies of one player are equilibria with which of the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from games.errors import SizeError
from solvers.base.deadline import checkpoint, steps

__all__ = ["Pair", "maximal_bicliques"]

Pair: TypeAlias = tuple[int, int]


def maximal_bicliques(pairs: Iterable[Pair], limit: int = 100_000) -> list[tuple[list[int], list[int]]]:
    """All maximal complete bipartite subgraphs of the graph with these edges, in a fixed order.

    Their right-hand sides are the nonempty intersections of neighbourhoods of left-hand nodes. Raises SizeError past `limit`.
    """
    neighbours: dict[int, int] = {}
    for i, j in pairs:
        neighbours[i] = neighbours.get(i, 0) | 1 << j
    closed: set[int] = set()
    for own in neighbours.values():
        checkpoint()
        closed |= {own} | {own & other for other in closed}
        if len(closed) > limit:
            raise SizeError(f"more than {limit} maximal Nash subsets")
    closed.discard(0)
    out = []
    for right in steps(closed, len(closed), "subsets"):
        left = sorted(i for i, own in neighbours.items() if own & right == right)
        out.append((left, [j for j in range(right.bit_length()) if right >> j & 1]))
    return sorted(out)
