"""The indifference systems of many support profiles of one shape at once: values, Jacobians, Newton's method.

The N players of a system (those that mix) stand in some fixed order. `rows[i]` has shape (m, c_i, s_1, ..., s_N)
without the axis of player i itself. It says, in each of m systems, what player i gains by each of c_i other actions
over the first action of its support. There is one number for each choice of the others within their supports. The
first d_i = s_i - 1 of the c_i actions are the rest of its support: their gains must be zero. The other actions'
gains must not be positive. Strategies are arrays (m, s_i) whose rows sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.types import FloatArray

__all__ = ["Roots", "contract", "degrees_of", "gains", "indifference", "invert", "isolation", "newton"]

Array: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class Roots:
    """Real roots of a batch of m systems.

    Attributes
    ----------
    owner : integer array (r,), the system that each root belongs to
    x : N arrays (r, s_i) whose rows sum to one; a root may stand there more than once
    open : boolean array (m,), systems that may have further roots (with positive probabilities)
    """

    owner: npt.NDArray[np.int64]
    x: list[FloatArray]
    open: npt.NDArray[np.bool_]


def degrees_of(rows: Sequence[FloatArray]) -> tuple[int, ...]:
    """The numbers d_i = s_i - 1 of a batch of systems."""
    sizes = [rows[1].shape[2], *(rows[0].shape[j + 1] for j in range(1, len(rows)))]
    return tuple(s - 1 for s in sizes)


def contract(tensor: Array, x: Sequence[Array], i: int, keep: int | None = None) -> Array:
    """Sum player i's tensor (m, c, others) against the others' strategies, leaving out that of player `keep`."""
    out = tensor
    for j, spec in _contractions(len(x), i, keep):
        out = np.einsum(spec, out, x[j])
    return out


@cache
def _contractions(players: int, i: int, keep: int | None) -> tuple[tuple[int, str], ...]:
    """One factor at a time from the last axis: an einsum of many factors at once would visit every combination."""
    letters = "abcdefghijkl"
    names = "".join(letters[j] for j in range(players) if j != i)
    steps = []
    for j in reversed(range(players)):
        if j not in (i, keep):
            rest = names.replace(letters[j], "")
            steps.append((j, f"zy{names},z{letters[j]}->zy{rest}"))
            names = rest
    return tuple(steps)


def gains(rows: Sequence[FloatArray], x: Sequence[FloatArray]) -> list[FloatArray]:
    """What each player gains by each other action over the first of its support: N arrays (m, c_i)."""
    return [contract(tensor, x, i) for i, tensor in enumerate(rows)]


def indifference(rows: Sequence[FloatArray], x: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """The indifference equations and their Jacobian, shapes (m, n) and (m, n, n) with n = sum of d_i.

    The unknowns are all probabilities but the first of each player, which makes up the rest to one.
    """
    n_players = len(x)
    degrees = [v.shape[1] - 1 for v in x]
    starts = np.concatenate([[0], np.cumsum(degrees)])
    m, n = len(x[0]), int(starts[-1])
    jacobian = np.zeros((m, n, n), dtype=np.result_type(rows[0], x[0]))
    values = np.empty((m, n), dtype=jacobian.dtype)
    for i in range(n_players):
        tensor = rows[i][:, : degrees[i]]
        here = slice(starts[i], starts[i + 1])
        for j in range(n_players):
            if j != i:
                slope = contract(tensor, x, i, keep=j)
                jacobian[:, here, starts[j] : starts[j + 1]] = slope[:, :, 1:] - slope[:, :, :1]
        values[:, here] = np.einsum(
            "zyj,zj->zy", slope, x[n_players - 1 if i < n_players - 1 else n_players - 2]
        )
    return values, jacobian


def newton(
    rows: Sequence[FloatArray], x: Sequence[FloatArray], steps: int = 8
) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """Newton's method from the given strategies; returns the last iterate, its step's size (m,) and the inverse Jacobians.

    A system whose Jacobian is singular along the way has an infinite last step.
    """
    x = [v.copy() for v in x]
    m = len(x[0])
    size = np.full(m, np.inf)
    inverse = np.zeros((m, 0, 0))
    for _ in range(steps):
        values, jacobian = indifference(rows, x)
        inverse = invert(jacobian)
        step = -np.einsum("zab,zb->za", inverse, values)
        size = np.abs(step).max(axis=1)
        bad = ~np.isfinite(size) | (size > 1e3)
        size[bad] = np.inf
        step[bad] = 0.0
        place = 0
        for v in x:
            d = v.shape[1] - 1
            v[:, 1:] += step[:, place : place + d]
            v[:, 0] = 1.0 - v[:, 1:].sum(axis=1)
            place += d
        if not (size[~bad] > 1e-14).any():
            break
    return x, np.asarray(size, dtype=np.float64), inverse


def invert(matrices: Array) -> Array:
    """Inverses of a stack of matrices; NaN where one is exactly singular."""
    try:
        return np.linalg.inv(matrices)
    except np.linalg.LinAlgError:
        # The sign of the determinant, because the determinant itself may overflow.
        sign = np.linalg.slogdet(matrices)[0] != 0
        safe = np.where(sign[:, None, None], matrices, np.eye(matrices.shape[1]))
        try:
            out = np.linalg.inv(safe)
        except np.linalg.LinAlgError:
            out = np.full_like(matrices, np.nan)
            for place, matrix in enumerate(safe):
                try:
                    out[place] = np.linalg.inv(matrix)
                except np.linalg.LinAlgError:
                    continue
        out[~sign] = np.nan
        return out


def isolation(rows: Sequence[FloatArray], inverse: FloatArray) -> FloatArray:
    """For systems of three players: how far from a root (in every probability) there is certainly no other, shape (m,).

    Let Y be the inverse Jacobian at x. Y F is one-to-one on a box of radius r around x where |Y| times the change of
    the Jacobian over the box has norm below 1. The equations are bilinear, so that change is r times second
    differences.
    """
    bounds: list[FloatArray] = []
    for tensor, d in zip(rows, degrees_of(rows)):
        inner = tensor[:, :d]
        mixed = inner[:, :, 1:, 1:] - inner[:, :, :1, 1:] - inner[:, :, 1:, :1] + inner[:, :, :1, :1]
        bounds.append(2.0 * np.abs(mixed).sum(axis=(2, 3)))
    change = np.einsum("zab,zb->za", np.abs(inverse), np.concatenate(bounds, axis=1)).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        radius = 0.99 / change
    return np.where(np.isfinite(radius), radius, 0.0)
