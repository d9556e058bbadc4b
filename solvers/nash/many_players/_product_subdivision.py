"""All equilibria in support profiles of four and more players by subdivision of the product of their simplices.

A cell is a product of one simplex for each player. Payoffs are multilinear, so over a cell every gain, and
every entry of the Jacobian of the indifference equations, lies within the hull of its values at the cell's
vertices. A cell holds no equilibrium if a gain that must be zero has one sign there, or if an action outside a
support is better throughout. The same is true if the mean value form of the equations, preconditioned by an inverse
Jacobian, excludes zero. It holds one candidate at most if the preconditioned Jacobian stays within distance one of
the identity (Neumaier, "Interval Methods for Systems of Equations", 1990, chapter 5). All other cells are cut in
two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.types import BoolArray, FloatArray, IntArray
from solvers.base.deadline import Deadline
from solvers.nash.many_players._subdivision import bisect
from solvers.nash.many_players._supports import root_count
from solvers.nash.many_players._systems import Roots, degrees_of, invert, newton

__all__ = ["subdivide_product"]

# Rounding in sums of products of numbers up to one stays well below this.
_MARGIN = 1e-12
_LARGER = 1.5
# A round costs much the same for few cells as for one, so that these are cut twice or three times before the next: of random
# 2x2x2x2 games that takes a little more than half as long.
_FEW, _VERY_FEW = 200, 25


def subdivide_product(
    rows: Sequence[FloatArray], deadline: Deadline, rounds: int = 80, cells_per_system: int | None = None
) -> Roots:
    """Find every equilibrium in m support profiles of N players; profiles with too many cells are left open.

    `rows` are N tensors as in `_systems`, with entries up to about one; the other arguments are those of
    `_subdivision.subdivide`.
    """
    degrees = degrees_of(rows)
    n, count = len(degrees), len(rows[0])
    if cells_per_system is None:
        # Beyond this, following all paths of the profile is likely to be cheaper.
        cells_per_system = 400 + 20 * root_count(degrees)
    owner = np.arange(count)
    cells = [np.broadcast_to(np.eye(d + 1), (count, d + 1, d + 1)).copy() for d in degrees]
    left_open = np.zeros(count, dtype=np.bool_)
    found: list[tuple[IntArray, list[FloatArray]]] = []
    for _ in range(rounds):
        if not len(owner) or deadline.passed:
            break
        corners = [_at_vertices(tensor[owner], cells, i) for i, tensor in enumerate(rows)]
        alive = _possible(corners, degrees)
        owner, cells, corners = owner[alive], [v[alive] for v in cells], [c[alive] for c in corners]
        if not len(owner):
            break
        excluded, single = _mean_value(corners, degrees)
        done = single & ~excluded
        if done.any():
            x = [v[done].mean(axis=1) for v in cells]
            x, step, _ = newton([tensor[owner[done]] for tensor in rows], x)
            # The root must lie where it is the only one; if not, nothing is known about the cell itself.
            settled = (step < 1e-9) & _within([v[done] for v in cells], x)
            found.append((owner[done][settled], [v[settled] for v in x]))
            done[done] = settled
        keep = ~(excluded | done)
        load = np.bincount(owner[keep], minlength=count)
        left_open |= load > cells_per_system
        keep &= ~left_open[owner]
        cells, owner = [v[keep] for v in cells], owner[keep]
        for _ in range(1 + (len(owner) < _FEW) + (len(owner) < _VERY_FEW)):
            cells, owner = _cut(cells), np.concatenate([owner, owner])
    left_open[owner] = True
    owners = np.concatenate([np.zeros(0, dtype=np.int64), *(o for o, _ in found)])
    roots = [np.concatenate([np.zeros((0, degrees[i] + 1)), *(v[i] for _, v in found)]) for i in range(n)]
    return Roots(owners, roots, left_open)


def _enlarged(size: int) -> FloatArray:
    """The vertices of a simplex drawn larger around its centre by `_LARGER`, in barycentric coordinates."""
    return np.asarray(_LARGER * np.eye(size) + (1.0 - _LARGER) / size)


def _within(cells: Sequence[FloatArray], x: Sequence[FloatArray]) -> BoolArray:
    """Whether points lie in the enlarged cells."""
    inside = np.ones(len(x[0]), dtype=np.bool_)
    for cell, v in zip(cells, x):
        place = np.einsum("zs,zsv->zv", v, np.linalg.inv(_enlarged(cell.shape[1]) @ cell))
        inside &= (place > -1e-9).all(axis=1)
    return inside


def _at_vertices(tensor: FloatArray, cells: Sequence[FloatArray], i: int) -> FloatArray:
    """Player i's gains (z, c, ...) at all combinations of the other players' vertices."""
    out = tensor
    turn = (0, 1, tensor.ndim - 1, *range(2, tensor.ndim - 1))
    for j in reversed(range(len(cells))):
        if j != i:
            # The last axis, which then becomes the first of the others': after all of them they stand as before.
            flat = out.reshape(len(out), -1, out.shape[-1]) @ cells[j].transpose(0, 2, 1)
            out = flat.reshape(out.shape).transpose(turn)
    return out


def _possible(corners: Sequence[FloatArray], degrees: Sequence[int]) -> BoolArray:
    alive = np.ones(len(corners[0]), dtype=np.bool_)
    for values, d in zip(corners, degrees):
        flat = values.reshape(*values.shape[:2], -1)
        low, high = flat.min(axis=2), flat.max(axis=2)
        alive &= ~((low > _MARGIN) | (high < -_MARGIN))[:, :d].any(axis=1) & ~(low > _MARGIN)[:, d:].any(
            axis=1
        )
    return alive


def _mean_value(corners: Sequence[FloatArray], degrees: Sequence[int]) -> tuple[BoolArray, BoolArray]:
    """Which cells the mean value form excludes, and which, drawn larger, hold one root at most."""
    count, total = len(corners[0]), sum(degrees)
    larger = [np.broadcast_to(_enlarged(d + 1), (count, d + 1, d + 1)) for d in degrees]
    corners = [_at_vertices(values, larger, i) for i, values in enumerate(corners)]
    starts = np.concatenate([[0], np.cumsum(degrees)])
    low = np.zeros((count, total, total))
    high = np.zeros((count, total, total))
    centre = np.empty((count, total))
    for i, d in enumerate(degrees):
        values = corners[i][:, :d]
        here = slice(starts[i], starts[i + 1])
        centre[:, here] = values.reshape(count, d, -1).mean(axis=2)
        for axis, j in enumerate(j for j in range(len(degrees)) if j != i):
            moved = values.swapaxes(axis + 2, 2)
            slope = (moved[:, :, 1:] - moved[:, :, :1]).reshape(count, d, degrees[j], -1)
            there = slice(starts[j], starts[j + 1])
            low[:, here, there], high[:, here, there] = slope.min(axis=3), slope.max(axis=3)
    inverse = invert(0.5 * (low + high))
    usable = np.asarray(np.isfinite(inverse).all(axis=(1, 2)))
    inverse = np.where(usable[:, None, None], inverse, 0.0)
    spread = np.matmul(np.abs(inverse), 0.5 * (high - low))
    single = usable & (spread.sum(axis=2).max(axis=1) < 0.99)
    # In barycentric coordinates the centre is 1 / s away from zero and 1 - 1 / s = d / (d + 1) from one.
    reach = np.concatenate([np.full(d, d / (d + 1.0) / _LARGER) for d in degrees])
    bound = reach + spread @ reach
    offset = np.abs(np.einsum("zab,zb->za", inverse, centre))
    slack = _MARGIN * (1.0 + np.abs(inverse).sum(axis=2))
    return usable & (offset > bound + slack).any(axis=1), single


def _cut(cells: Sequence[FloatArray]) -> list[FloatArray]:
    """Cut in each cell the simplex with the longest edge."""
    size = [np.abs(v[:, :, None] - v[:, None]).max(axis=(1, 2, 3)) for v in cells]
    widest = np.argmax(size, axis=0) if len(cells[0]) else np.zeros(0, dtype=np.int64)
    out = []
    for i, v in enumerate(cells):
        here = widest == i
        two = np.concatenate([v, v])
        if here.any():
            two[np.concatenate([here, here])] = bisect(v[here])
        out.append(two)
    return out
