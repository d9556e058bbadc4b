"""All equilibria of three players who mix over two actions each: one quadratic equation.

Given the strategy y of the first player, the third player's indifference is linear in the second's strategy, and the second
player's is linear in the third's. Each of these two is therefore the null vector of a linear form in y. Put into the first
player's indifference they leave a quadratic form in y, which has no root, or two, on the line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.types import BoolArray, FloatArray
from solvers.nash.many_players._systems import Roots

__all__ = ["quadratic_roots"]

# In units of the product of the largest gains. Rounding moves a coefficient by 1e-15 and the discriminant by 1e-14: within these
# margins the number of roots, or a root itself to some digits, is left to subdivision.
_COEFFICIENT, _DISCRIMINANT, _VECTOR = 1e-12, 1e-8, 1e-3
# Newton's method moves a root by less than this.
_OUTSIDE = -1e-2


def quadratic_roots(rows: Sequence[FloatArray]) -> Roots:
    """Roots of m systems of three players with two actions in each support; systems too close to singular are left open.

    `rows` are three tensors as in `_systems`. Roots are good to a few digits at least, as starts of Newton's method.
    """
    first, second, third = (tensor[:, 0] for tensor in rows)
    sizes = [np.abs(tensor).max(axis=(1, 2)) for tensor in (first, second, third)]
    size = sizes[0] * sizes[1] * sizes[2]
    # At the ends of y, axis 1: the other two players' strategies up to scale.
    x = np.stack([third[:, :, 1], -third[:, :, 0]], axis=2)
    z = np.stack([second[:, :, 1], -second[:, :, 0]], axis=2)
    form = np.einsum("mas,msg,mbg->mab", x, first, z)
    a, b, c = form[:, 0, 0], form[:, 0, 1] + form[:, 1, 0], form[:, 1, 1]
    discriminant = b * b - 4.0 * a * c
    coefficients, margin = np.stack([a, b, c]), _COEFFICIENT * size
    one_sign = (coefficients > margin).all(axis=0) | (coefficients < -margin).all(axis=0)
    near_double = _DISCRIMINANT * size**2
    none = (discriminant < -near_double) | one_sign
    two = ~none & (discriminant > near_double)
    open_ = ~none & ~two
    owner = np.flatnonzero(two)
    a, b, c, discriminant = a[owner], b[owner], c[owner], discriminant[owner]
    # The root of the larger size has no cancellation; both as homogeneous pairs, without division.
    u = -0.5 * (b + np.copysign(np.sqrt(discriminant), b))
    y = np.concatenate([np.stack([c, u], axis=1), np.stack([u, a], axis=1)])
    owner = np.concatenate([owner, owner])
    y, good = _shares(y)
    owner, y = owner[good], y[good]
    out = [y]
    for vectors, largest in ((x, sizes[2]), (z, sizes[1])):
        at = np.einsum("ra,ras->rs", y, vectors[owner])
        vanishes = np.abs(at).max(axis=1) <= _VECTOR * largest[owner]
        open_[owner[vanishes]] = True
        at, good = _shares(at)
        good = good & ~vanishes
        owner, y, out = owner[good], y[good], [*(v[good] for v in out), at[good]]
    keep = ~open_[owner]
    return Roots(owner[keep], [v[keep] for v in out], open_)


def _shares(pairs: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Pairs divided by their sums, and which of them may be probabilities."""
    # A sum of zero, or nearly, leaves no number or one far below zero.
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = pairs / pairs.sum(axis=1, keepdims=True)
    return shares, shares.min(axis=1) > _OUTSIDE
