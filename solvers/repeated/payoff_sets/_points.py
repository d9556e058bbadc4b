"""Clouds of points and bundles of directions: what hulls are made from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import checkpoint

__all__ = ["blocks", "clearly_solid", "compass", "distinct", "merged", "reach"]

# Numbers in a block of products: half a megabyte, which the second cache of a core holds.
_BLOCK = 60_000
# Squared size, in payoff ranges, from which a simplex is far from rounding's reach: 1e-4 in length against 1e-12.
_FLAT = 1e-8
# Odd multipliers that spread neighbouring cells over 64 bits (the first is Knuth's golden ratio).
_MIXERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    dtype=np.uint64,
)


def reach(points: FloatArray, normals: FloatArray) -> FloatArray:
    """The greatest value of each of the normals (F, N) on the points (P, N), an array (F,)."""
    out = np.full(len(normals), -np.inf)
    for rows in blocks(len(points), len(normals)):
        checkpoint()
        np.maximum(out, (points[rows] @ normals.T).max(axis=0), out=out)
    return out


def blocks(rows: int, columns: int) -> Iterator[slice]:
    """Slices of a product's rows so small that it stays in the processor's cache, and is not worth a second thread."""
    step = max(1, _BLOCK // max(columns, 1))
    return (slice(begin, begin + step) for begin in range(0, rows, step))


def distinct(vectors: FloatArray, digits: int) -> FloatArray:
    """The vectors, rows of an array, without those that are equal to others in so many digits after the point."""
    return np.asarray(vectors[np.unique(vectors.round(digits), axis=0, return_index=True)[1]])


def merged(points: FloatArray, rounding: float) -> FloatArray:
    """The points without those that coincide on a grid of width `rounding`."""
    cells = np.round(points / rounding).astype(np.int64)
    mixers = np.resize(_MIXERS, cells.shape[1]) + np.arange(cells.shape[1], dtype=np.uint64) * np.uint64(2)
    # Sorted by one mixed number each, equal cells are neighbours. Unequal ones that share it are compared in full.
    code = cells.view(np.uint64) @ mixers
    order = np.argsort(code, kind="stable")
    there = cells[order]
    fresh = np.ones(len(points), dtype=np.bool_)
    fresh[order[1:]] = (there[1:] != there[:-1]).any(axis=1)
    return np.asarray(points[fresh])


def clearly_solid(points: FloatArray) -> bool:
    """Do N + 1 of the points span a simplex that is far from flat? Each is the furthest from those chosen before."""
    rest = points - points[0]
    for _ in range(points.shape[1]):
        squares = (rest * rest).sum(axis=1)
        far = int(squares.argmax())
        if squares[far] < _FLAT:
            return False
        axis = rest[far] / np.sqrt(squares[far])
        rest = rest - (rest @ axis)[:, None] * axis
    return True


def compass(n: int) -> FloatArray:
    """The 3**n - 1 directions with coordinates -1, 0 and 1."""
    grid = np.stack(np.meshgrid(*[[-1.0, 0.0, 1.0]] * n, indexing="ij"), axis=-1).reshape(-1, n)
    return np.asarray(grid[np.abs(grid).sum(axis=1) > 0])
