"""All equilibria of ten thousand small games in one call: two or three players with two actions each; pure ones of any game.

A sweep over a model's inputs makes games by the thousand; one array pass over all of them costs less than ten calls of
`find_all`. Everything here is arithmetic in floats, checked by the sum of the indices of each game's equilibria.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError
from games.types import BoolArray, FloatArray, IntArray
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ManyEquilibria", "find_all_many", "pure_many"]

# A gain, as a share of the largest of its kind, that is closer to zero than this may be a tie.
_TIE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class ManyEquilibria(Result):
    """The equilibria of M games of N players with two actions each.

    Attributes
    ----------
    owner : array (E,), the game that each equilibrium belongs to, in ascending order
    second : array (E, N), each player's probability of its second action
    index : array (E,), +1 or -1
    sure : array (M,)
        True where these are all equilibria: no payoffs (nearly) tie and the indices add up to +1. Ask `find_all` about
        the others.
    """

    _rows_shown = 20

    owner: IntArray
    second: FloatArray
    index: IntArray
    sure: BoolArray

    def summary(self) -> str:
        left = int((~self.sure).sum())
        rest = (
            "all of them are complete" if not left else f"{left:,} have ties or near ties and need find_all"
        )
        return f"{len(self.owner):,} equilibria of {len(self.sure):,} games; {rest}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: its game, the probability of each player's second action, its index."""
        import pandas as pd

        frame = pd.DataFrame(self.second, columns=[f"player {i + 1}" for i in range(self.second.shape[1])])
        frame.insert(0, "game", self.owner)
        frame["index"] = self.index
        return frame


@checked
def pure_many(payoffs: npt.ArrayLike) -> BoolArray:
    """Which profiles are pure equilibria, in many games of one size.

    Parameters
    ----------
    payoffs : array (M, k_1, ..., k_N, N)

    Returns
    -------
    array (M, k_1, ..., k_N), ties compared exactly as the floats stand

    Raises
    ------
    GameError
        For another shape, or payoffs that are not finite.

    Examples
    --------
    >>> pure_many([[[[3, 3], [0, 5]], [[5, 0], [1, 1]]]]).tolist()
    [[[False, False], [False, True]]]
    """
    table = _checked(payoffs)
    n = table.shape[-1]
    out = np.ones(table.shape[:-1], dtype=np.bool_)
    for i in range(n):
        own = table[..., i]
        out &= own == own.max(axis=i + 1, keepdims=True)
    return out


@checked
def find_all_many(payoffs: npt.ArrayLike) -> ManyEquilibria:
    """All equilibria of many games of two or three players with two actions each.

    Parameters
    ----------
    payoffs : array (M, 2, 2, 2) or (M, 2, 2, 2, 3)

    Raises
    ------
    GameError
        For another shape, or payoffs that are not finite.

    Notes
    -----
    Pure profiles by their gains from deviating; two mixing players by two linear equations; three by one quadratic, which
    is left of the three bilinear equations when two unknowns are eliminated. In a game without ties the indices of
    all equilibria add up to +1 (Gul, Pearce and Stacchetti 1993), which is checked.

    Examples
    --------
    >>> found = find_all_many([[[[2, 1], [0, 0]], [[0, 0], [1, 2]]]])
    >>> found.second.round(4).tolist(), found.sure.tolist()
    ([[0.0, 0.0], [0.3333, 0.6667], [1.0, 1.0]], [True])
    """
    table = _checked(payoffs)
    n = table.shape[-1]
    if n not in (2, 3) or table.shape[1:-1] != (2,) * n:
        raise GameError(
            f"many games at once need shape (M, 2, 2, 2) or (M, 2, 2, 2, 3); got {table.shape}. Use find_all for others"
        )
    count = len(table)
    # gains[i][m, others]: what player i's second action adds over its first.
    gains = [np.diff(table[..., i], axis=i + 1).reshape(count, *(2,) * (n - 1)) for i in range(n)]
    scale = [np.abs(g).reshape(count, -1).max(axis=1) for g in gains]
    gains = [g / np.where(s > 0, s, 1.0).reshape(count, *(1,) * (n - 1)) for g, s in zip(gains, scale)]
    near = np.zeros(count, dtype=np.bool_)
    for g in gains:
        near |= (np.abs(g) < _TIE).reshape(count, -1).any(axis=1)
    parts = [_pure(gains), *(_pairs(gains, near)), *([_mixed(gains, near)] if n == 3 else [])]
    owner = np.concatenate([p[0] for p in parts])
    second = np.concatenate([p[1] for p in parts])
    index = np.concatenate([p[2] for p in parts])
    order = np.lexsort((*second.T[::-1], owner))
    owner, second, index = owner[order], second[order], index[order]
    total = np.bincount(owner, weights=index, minlength=count)
    return ManyEquilibria(owner, second, index, ~near & (total == 1))


Part = tuple[IntArray, FloatArray, IntArray]


def _checked(payoffs: npt.ArrayLike) -> FloatArray:
    try:
        table = np.asarray(payoffs, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise GameError(f"payoffs must be an array of numbers: {error}") from None
    if table.ndim < 3 or table.shape[-1] != table.ndim - 2 or 0 in table.shape[1:]:
        raise GameError(f"many games need payoffs of shape (M, k_1, ..., k_N, N); got {table.shape}")
    if not np.isfinite(table).all():
        raise GameError("every payoff must be a finite number; got NaN or infinity")
    return table


def _pure(gains: list[FloatArray]) -> Part:
    n = len(gains)
    owners, points = [], []
    for profile in np.ndindex(*(2,) * n):
        good = np.ones(len(gains[0]), dtype=np.bool_)
        for i, g in enumerate(gains):
            own = g[(slice(None), *profile[:i], *profile[i + 1 :])]
            good &= own >= 0 if profile[i] else own <= 0
        here = np.flatnonzero(good)
        owners.append(here)
        points.append(np.tile(np.array(profile, dtype=np.float64), (len(here), 1)))
    owner = np.concatenate(owners)
    return owner, np.concatenate(points), np.ones(len(owner), dtype=np.int64)


def _pairs(gains: list[FloatArray], near: BoolArray) -> list[Part]:
    """Two players mix; a third, if there is one, plays one of its actions."""
    n = len(gains)
    out = []
    for j in range(n):
        for k in range(j + 1, n):
            rest = [i for i in range(n) if i not in (j, k)]
            for held in np.ndindex(*(2,) * len(rest)):
                of_j, of_k = _line(gains, j, k, rest, held), _line(gains, k, j, rest, held)
                good = (of_j[:, 0] * of_j[:, 1] < 0) & (of_k[:, 0] * of_k[:, 1] < 0)
                here = np.flatnonzero(good)
                of_j, of_k = of_j[here], of_k[here]
                second = np.empty((len(here), n))
                second[:, k] = of_j[:, 0] / (of_j[:, 0] - of_j[:, 1])
                second[:, j] = of_k[:, 0] / (of_k[:, 0] - of_k[:, 1])
                index = np.where((of_j[:, 1] - of_j[:, 0]) * (of_k[:, 1] - of_k[:, 0]) < 0, 1, -1)
                for i, a in zip(rest, held):
                    gain = _value(gains[i][here], second[:, [j, k]])
                    near[here[np.abs(gain) < _TIE]] = True
                    stays = gain >= 0 if a else gain <= 0
                    second[:, i] = a
                    here, second, index = here[stays], second[stays], index[stays]
                out.append((here, second, index))
    return out


def _line(gains: list[FloatArray], i: int, other: int, rest: list[int], held: tuple[int, ...]) -> FloatArray:
    """Player i's gain at both actions of the other mixing player, shape (M, 2)."""
    axes = [p for p in range(len(gains)) if p != i]
    at = tuple(slice(None) if p == other else held[rest.index(p)] for p in axes)
    return gains[i][(slice(None), *at)]


def _value(gain: FloatArray, second: FloatArray) -> FloatArray:
    q, r = second[:, 0], second[:, 1]
    return np.asarray(
        (1 - q) * ((1 - r) * gain[:, 0, 0] + r * gain[:, 0, 1])
        + q * ((1 - r) * gain[:, 1, 0] + r * gain[:, 1, 1])
    )


def _mixed(gains: list[FloatArray], near: BoolArray) -> Part:
    """All three mix. With p the first player's, the other two gains give q(p) and r(p), the first player's a quadratic in p."""
    first, of_second, of_third = gains

    def ratio(gain: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        # gain[:, p, x] = 0 for x = above / below.
        zero = gain[:, 0, 0] + p * (gain[:, 1, 0] - gain[:, 0, 0])
        one = gain[:, 0, 1] + p * (gain[:, 1, 1] - gain[:, 0, 1])
        return zero, zero - one

    def quadratic(p: FloatArray) -> FloatArray:
        r, r_below = ratio(of_second, p)
        q, q_below = ratio(of_third, p)
        a, b = q_below - q, r_below - r
        return np.asarray(
            first[:, 0, 0] * a * b + first[:, 0, 1] * a * r + first[:, 1, 0] * q * b + first[:, 1, 1] * q * r
        )

    count = len(first)
    c = quadratic(np.zeros(count))
    end, middle = quadratic(np.ones(count)), quadratic(np.full(count, 0.5))
    a = 2.0 * (end + c) - 4.0 * middle
    b = end - c - a
    size = np.abs(a) + np.abs(b) + np.abs(c)
    discriminant = b * b - 4.0 * a * c
    near |= (size < _TIE) | (np.abs(discriminant) < _TIE * size**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = -0.5 * (b + np.where(b >= 0, 1.0, -1.0) * np.sqrt(discriminant))
        roots = np.stack([turn / a, c / turn])
    owners, points, signs = [], [], []
    for p in roots:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            r, r_below = ratio(of_second, p)
            q, q_below = ratio(of_third, p)
            second = np.stack([p, q / q_below, r / r_below], axis=1)
        border = (np.abs(second) < _TIE) | (np.abs(second - 1.0) < _TIE)
        inside = np.isfinite(second).all(axis=1) & (second > 0).all(axis=1) & (second < 1).all(axis=1)
        near |= (border & (second > -_TIE) & (second < 1.0 + _TIE)).any(axis=1)
        here = np.flatnonzero(inside)
        x = second[here]
        slope = [
            [_slope(g[here], x[:, [j for j in range(3) if j != i]], axis) for axis in (0, 1)]
            for i, g in enumerate(gains)
        ]
        # det(-J) of the 3x3 Jacobian with zeros on its diagonal.
        determinant = -(slope[0][0] * slope[1][1] * slope[2][0] + slope[0][1] * slope[1][0] * slope[2][1])
        owners.append(here)
        points.append(x)
        signs.append(np.where(determinant > 0, 1, -1))
    return np.concatenate(owners), np.concatenate(points), np.concatenate(signs)


def _slope(gain: FloatArray, others: FloatArray, axis: int) -> FloatArray:
    change = np.diff(gain, axis=axis + 1).reshape(len(gain), 2)
    rest = others[:, 1 - axis]
    return np.asarray((1 - rest) * change[:, 0] + rest * change[:, 1])
