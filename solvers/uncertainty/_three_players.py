"""Mixed equilibria of many games of three players in which two have two actions each, in closed form.

Where no tie is near, the player with m actions plays at most three of them. To be indifferent between s of them it needs s - 1
equations in the two others' probabilities. Every support is then a linear or a quadratic equation in one unknown, solved for all
games together (McKelvey and McLennan 1996 survey such polynomial systems).

Notation: the first player mixes by p (m,), the others play their first action with probabilities q and r.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

from games.normal_form import BoolArray, FloatArray
from games.types import IntArray

__all__ = ["Solutions", "solve"]

# Closer to a tie than this share of a payoff range, or to 0 or 1 as a probability, a game is left to a search with proofs.
_TIE = 1e-9


class Solutions(NamedTuple):
    """Mixed equilibria of B games in one list of M: `rows` (M,) says of which, `p` (M, m), `q` (M,), `r` (M,).

    `sure` (B,): no tie is near, so that these are all of the game's mixed equilibria. Of the other games none is listed.
    """

    rows: IntArray
    p: FloatArray
    q: FloatArray
    r: FloatArray
    sure: BoolArray


class _Candidates(NamedTuple):
    """Profiles of one support: `p` (K, B, s) on the actions `support`, `q`, `r` (K, B); NaN where there is none.

    `lost` (B,): games in which the equations nearly leave something open.
    """

    support: tuple[int, ...]
    p: FloatArray
    q: FloatArray
    r: FloatArray
    lost: BoolArray


class _Games:
    """Coefficients: the first player's payoffs are `value[..., 0] + [1] q + [2] r + [3] q r`, (B, m, 4); the second gains
    `second[..., 0] + [1] r` by its first action while the first plays k, the third `third[..., 0] + [1] q`, (B, m, 2)."""

    def __init__(self, payoffs: FloatArray) -> None:
        u, v, w = (payoffs[..., i] for i in range(3))
        constant, by_q, by_r = u[:, :, 1, 1], u[:, :, 0, 1] - u[:, :, 1, 1], u[:, :, 1, 0] - u[:, :, 1, 1]
        both = u[:, :, 0, 0] - u[:, :, 0, 1] - u[:, :, 1, 0] + u[:, :, 1, 1]
        self.value = np.stack([constant, by_q, by_r, both], axis=-1)
        gain = v[:, :, 0] - v[:, :, 1]
        self.second = np.stack([gain[:, :, 1], gain[:, :, 0] - gain[:, :, 1]], axis=-1)
        gain = w[:, :, :, 0] - w[:, :, :, 1]
        self.third = np.stack([gain[:, :, 1], gain[:, :, 0] - gain[:, :, 1]], axis=-1)
        self.small = _TIE * np.ptp(payoffs, axis=(1, 2, 3))  # (B, 3)
        top = np.sort(u, axis=1)
        size = u.shape[1]
        self.sure = (np.abs(v[:, :, 0] - v[:, :, 1]) > self.small[:, None, None, 1]).all(axis=(1, 2))
        self.sure &= (np.abs(w[..., 0] - w[..., 1]) > self.small[:, None, None, 2]).all(axis=(1, 2))
        if size > 1:
            self.sure &= (top[:, -1] - top[:, -2] > self.small[:, None, None, 0]).all(axis=(1, 2))

    def values(self, q: FloatArray, r: FloatArray) -> FloatArray:
        """The first player's payoffs (K, B, m)."""
        c = self.value
        q, r = q[..., None], r[..., None]
        return np.asarray(c[..., 0] + c[..., 1] * q + c[..., 2] * r + c[..., 3] * (q * r))


def solve(payoffs: FloatArray) -> Solutions:
    """All mixed equilibria of games (B, m, 2, 2, 3).

    >>> u, v, w = [[[3, 0], [0, 1]], [[0, 2], [2, 0]]], [[[2, 0], [0, 1]], [[0, 3], [1, 0]]], [[[0, 2], [1, 0]], [[2, 0], [0, 3]]]
    >>> found = solve(np.stack([u, v, w], axis=-1)[None].astype(float))
    >>> len(found.rows), bool(found.sure[0])
    (3, True)
    """
    games = _Games(payoffs)
    size = payoffs.shape[1]
    sure = games.sure
    kept: list[tuple[IntArray, FloatArray, FloatArray, FloatArray]] = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for found in _candidates(games, size):
            sure &= ~found.lost
            for p, q, r in zip(found.p, found.q, found.r):
                good, near = _judged(games, found.support, p, q, r)
                sure &= ~near
                rows = np.flatnonzero(good)
                full = np.zeros((len(rows), size))
                full[:, list(found.support)] = p[rows]
                kept.append((rows, full, q[rows], r[rows]))
    rows = np.concatenate([k[0] for k in kept])
    fine = sure[rows]
    p, q, r = (np.concatenate([k[i] for k in kept])[fine] for i in (1, 2, 3))
    return Solutions(rows[fine], p, q, r, sure)


def _judged(
    games: _Games, support: tuple[int, ...], p: FloatArray, q: FloatArray, r: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Which candidates are equilibria, and which are so close to a tie that it is not known."""
    small = games.small
    worst = np.full(len(q), np.inf)
    # What mixes must do so with a chance between 0 and 1.
    for chance in (*(p.T if p.shape[1] > 1 else ()), q, r):
        pure = (
            (chance == 0) | (chance == 1) if chance is q or chance is r else np.zeros(len(q), dtype=np.bool_)
        )
        inside = np.where(pure, np.inf, np.minimum(chance, 1 - chance) / _TIE)
        worst = np.fmin(worst, np.where(np.isnan(chance), -np.inf, inside))
    values = games.values(q, r)
    others = np.delete(values, support, axis=-1).max(axis=-1, initial=-np.inf)
    worst = np.fmin(worst, (values[:, support[0]] - others) / small[:, 0])
    at = list(support)
    for chance, gains, other, unit in ((q, games.second, r, small[:, 1]), (r, games.third, q, small[:, 2])):
        gain = np.einsum("bs,bs->b", p, gains[:, at, 0] + gains[:, at, 1] * other[:, None]) / unit
        worst = np.where(
            chance == 1, np.fmin(worst, gain), np.where(chance == 0, np.fmin(worst, -gain), worst)
        )
    return worst > 1, np.abs(worst) <= 1


def _candidates(games: _Games, size: int) -> Iterator[_Candidates]:
    count = len(games.value)
    none = np.zeros(count, dtype=np.bool_)
    whole = [np.zeros(count), np.ones(count)]
    for k in range(size):
        r, q = _root(games.second[:, k]), _root(games.third[:, k])
        yield _Candidates((k,), np.ones((1, count, 1)), q[None], r[None], none)
    for pair in combinations(range(size), 2):
        difference = games.value[:, pair[0]] - games.value[:, pair[1]]
        for pure in whole:
            # The third player plays one action, then the second.
            q = -(difference[:, 0] + difference[:, 2] * pure) / (difference[:, 1] + difference[:, 3] * pure)
            p = _mixture(games.second[:, pair, 0] + games.second[:, pair, 1] * pure[:, None])
            yield _Candidates(pair, p[None], q[None], pure[None], none)
            r = -(difference[:, 0] + difference[:, 1] * pure) / (difference[:, 2] + difference[:, 3] * pure)
            p = _mixture(games.third[:, pair, 0] + games.third[:, pair, 1] * pure[:, None])
            yield _Candidates(pair, p[None], pure[None], r[None], none)
        yield _all_mix(games, pair, difference)
    for triple in combinations(range(size), 3):
        yield _three_actions(games, triple)


def _all_mix(games: _Games, pair: tuple[int, ...], difference: FloatArray) -> _Candidates:
    """The first player mixes two actions, and both others mix: r and p are ratios of polynomials in q."""
    a, b, c, d = difference.T
    # r = -(a + b q) / (c + d q), put into the second player's indifference p (e0 + f0 r) + (1 - p) (e1 + f1 r) = 0
    top, bottom = np.stack([a, b], axis=-1), np.stack([c, d], axis=-1)
    one, other = (games.second[:, k, :1] * bottom - games.second[:, k, 1:] * top for k in pair)
    mine, yours = (games.third[:, k] for k in pair)
    # p = -other / (one - other) and p = -yours / (mine - yours)
    q, lost = _quadratic(_product(other, mine) - _product(yours, one))
    below = c + d * q
    r = -(a + b * q) / below
    inside = (q > 0) & (q < 1)
    lost |= (inside & (np.abs(below) <= games.small[:, 0])).any(axis=0)
    gains = np.stack([mine[:, 0] + mine[:, 1] * q, yours[:, 0] + yours[:, 1] * q], axis=-1)
    lost |= (inside & (np.abs(gains).max(axis=-1) <= games.small[:, 2])).any(axis=0)
    return _Candidates(pair, _mixture(gains), q, r, lost)


def _three_actions(games: _Games, triple: tuple[int, ...]) -> _Candidates:
    """The first player mixes three actions: its two indifferences give q and r, the others' give p."""
    (a, b, c, d), (e, f, g, h) = ((games.value[:, k] - games.value[:, triple[2]]).T for k in triple[:2])
    top, bottom = np.stack([a, b], axis=-1), np.stack([c, d], axis=-1)
    q, lost = _quadratic(
        _product(np.stack([e, f], axis=-1), bottom) - _product(np.stack([g, h], axis=-1), top)
    )
    below = c + d * q
    inside = (q > 0) & (q < 1)
    lost |= (inside & (np.abs(below) <= games.small[:, 0])).any(axis=0)
    r = -(a + b * q) / below
    second = games.second[:, triple, 0] + games.second[:, triple, 1] * r[..., None]
    third = games.third[:, triple, 0] + games.third[:, triple, 1] * q[..., None]
    # p is at right angles to both players' gains.
    p = np.cross(second, third)
    return _Candidates(triple, p / p.sum(axis=-1, keepdims=True), q, r, lost)


def _root(line: FloatArray) -> FloatArray:
    return np.asarray(-line[:, 0] / line[:, 1])


def _mixture(gains: FloatArray) -> FloatArray:
    """Chances of two actions (..., 2) at which an opponent that gains `gains` against each is indifferent."""
    p = -gains[..., 1] / (gains[..., 0] - gains[..., 1])
    return np.stack([p, 1 - p], axis=-1)


def _product(x: FloatArray, y: FloatArray) -> FloatArray:
    """Coefficients (B, 3) of the product of two linear polynomials (B, 2), the constant first."""
    return np.stack([x[:, 0] * y[:, 0], x[:, 0] * y[:, 1] + x[:, 1] * y[:, 0], x[:, 1] * y[:, 1]], axis=-1)


def _quadratic(coefficients: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Both real roots (2, B), NaN where there are none, and where they nearly coincide or everything nearly vanishes."""
    c, b, a = coefficients.T
    square, product = b * b, 4 * a * c
    discriminant = square - product
    lost = np.abs(discriminant) <= _TIE * (square + np.abs(product))
    # The sum of two numbers of one sign loses nothing to rounding.
    half = -0.5 * (b + np.where(b < 0, -1.0, 1.0) * np.sqrt(discriminant))
    return np.stack([half / a, c / half]), lost
