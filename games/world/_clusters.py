"""Clusters by complete linkage: the same as scipy's, without loading `scipy.cluster`, which costs more than a world.

Two clusters are as far apart as their farthest members. The two nearest are merged until none are within the limit
(chains of nearest neighbours: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", The Computer
Journal 1983).
"""

from __future__ import annotations

import numpy as np

from games.types import FloatArray

__all__ = ["complete_linkage"]


def complete_linkage(distances: FloatArray, limit: float) -> list[list[int]]:
    """Groups whose members all lie within `limit` of each other, from a symmetric array of distances (S, S).

    Members of a group are in ascending order. Groups are in the order in which scipy's `fcluster` numbers them, from one side
    of the tree of mergers to the other.

    >>> complete_linkage(np.abs(np.subtract.outer([0.0, 5.0, 1.0], [0.0, 5.0, 1.0])), 2.0)
    [[1], [0, 2]]
    """
    merged = _mergers(np.array(distances, dtype=np.float64))
    count = len(distances)
    # Inner nodes of the tree are numbered on from the members, in the order of their heights.
    at = list(range(count))
    children: list[tuple[int, int]] = []
    heights: list[float] = []
    for height, one, other in sorted(merged, key=lambda step: step[0]):
        pair = at[one], at[other]
        new = count + len(children)
        children.append((min(pair), max(pair)))
        heights.append(height)
        at = [new if node in pair else node for node in at]
    groups: list[list[int]] = []

    def members(node: int) -> list[int]:
        if node < count:
            return [node]
        left, right = children[node - count]
        return members(left) + members(right)

    def walk(node: int) -> None:
        if node < count or heights[node - count] <= limit:
            groups.append(sorted(members(node)))
            return
        # Below a merger that is too wide, inner nodes come before single members.
        for child in sorted(children[node - count], key=lambda c: c < count):
            walk(child)

    walk(count + len(children) - 1)
    return groups


def _mergers(apart: FloatArray) -> list[tuple[float, int, int]]:
    """All mergers: height, and a member of each of the two clusters. `apart` is overwritten."""
    count = len(apart)
    np.fill_diagonal(apart, np.inf)
    alive = np.ones(count, dtype=np.bool_)
    chain: list[int] = []
    out = []
    for _ in range(count - 1):
        if not chain:
            chain = [int(alive.argmax())]
        while True:
            here = chain[-1]
            row = np.where(alive, apart[here], np.inf)
            nearest = int(row.argmin())
            # Among equals the one before in the chain, so that the chain ends.
            if len(chain) > 1 and row[chain[-2]] <= row[nearest]:
                nearest = chain[-2]
                break
            chain.append(nearest)
        del chain[-2:]
        gone, kept = sorted((here, nearest))
        out.append((float(apart[gone, kept]), gone, kept))
        alive[gone] = False
        apart[kept] = apart[:, kept] = np.maximum(apart[kept], apart[gone])
        apart[kept, kept] = np.inf
    return out
