"""Proofs about single equilibria in interval arithmetic: existence, uniqueness nearby, index.

The payoffs are taken to be exactly the numbers given. All enclosures are balls of python-flint's `arb`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, ObjectArray

__all__ = ["Certificate", "is_exact_equilibrium", "prove"]

_BITS = 113
_LARGEST = 1e-6


@dataclass(frozen=True)
class Certificate:
    """Exactly one equilibrium has every probability within `radius` of the profile; its index is `index`."""

    radius: float
    index: int


def prove(
    game: NormalFormGame, profile: Sequence[FloatArray], supports: Sequence[Sequence[int]] | None = None
) -> Certificate | Literal["refuted", "unclear"]:
    """Prove that exactly one regular equilibrium lies in a small box around a profile, or that none does.

    `supports` are the actions that each player is to mix over (those with positive probability, if left out). The answer
    is `refuted` if the box holds one root of their indifference equations and that root is provably no equilibrium, `unclear` if
    neither can be shown.

    Krawczyk's operator K = x - Y F(x) + (1 - Y F'(X)) (X - x) of the indifference equations F maps the box X into its own
    interior, so X holds exactly one root of F (Neumaier, "Interval Methods for Systems of Equations", 1990, theorem
    5.1.8). On all of X the probabilities of the support are positive and the actions outside it are strictly worse.

    The index is the sign of det(-F') in the coordinates that leave out one action of each support; strict pure equilibria have
    +1. The indices of a game whose equilibria are all regular add up to +1 (Gul, Pearce and Stacchetti, "A bound on the
    proportion of pure strategy equilibria in generic games", Mathematics of Operations Research 1993).

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> prove(game, game.mixed([[2 / 3, 1 / 3], [1 / 3, 2 / 3]])).index
    -1
    """
    import flint

    if supports is None:
        supports = [np.flatnonzero(vector > 0).tolist() for vector in profile]
    degrees = [len(s) - 1 for s in supports]
    n = sum(degrees)
    starts = np.concatenate([[0], np.cumsum(degrees)])
    with flint.ctx.workprec(_BITS):
        tables = [_gains(game, i, supports) for i in range(game.n_players)]
        centre = [vector[list(s)][1:] for vector, s in zip(profile, supports)]
        exact = [_with_first(np.array([flint.arb(float(p)) for p in free], dtype=object)) for free in centre]
        if n == 0:
            verdict = _verdict(tables, exact, degrees)
            return Certificate(0.0, 1) if verdict == "equilibrium" else verdict
        values, jacobian = _system(tables, exact, degrees, starts)
        middle = np.array([[float(entry.mid()) for entry in row] for row in jacobian])
        try:
            inverse = np.linalg.inv(middle)
        except np.linalg.LinAlgError:
            return "unclear"
        if not np.isfinite(inverse).all():
            return "unclear"
        Y = np.array([[flint.arb(float(entry)) for entry in row] for row in inverse], dtype=object)
        shift = -Y.dot(values)
        reach = max(float(abs(entry).upper()) for entry in shift)
        for radius in (4.0 * reach + 1e-15, 64.0 * reach + 1e-13, 1e-10, 1e-8):
            if radius > _LARGEST:
                continue
            ball = flint.arb(0, radius)
            box = [
                _with_first(np.array([flint.arb(float(p)) + ball for p in free], dtype=object))
                for free in centre
            ]
            slope = _system(tables, box, degrees, starts)[1]
            rest = -Y.dot(slope)
            for a in range(n):
                rest[a, a] = rest[a, a] + 1
            image = shift + rest.dot(np.full(n, ball, dtype=object))
            if not all(bool(abs(entry) < radius) for entry in image):
                continue
            verdict = _verdict(tables, box, degrees)
            if verdict != "equilibrium":
                return verdict
            determinant = flint.arb_mat([list(row) for row in Y]).det()
            if determinant.contains(0):
                return "unclear"
            sign = 1 if bool(determinant > 0) else -1
            width = radius * max(degrees) + 1e-15
            return Certificate(width, sign * (-1) ** n)
    return "unclear"


def is_exact_equilibrium(game: NormalFormGame, profile: Sequence[Sequence[Any]]) -> bool:
    """Whether a profile of fractions is an equilibrium of the payoffs as given, in rational arithmetic."""
    vectors = [np.array(list(v), dtype=object) for v in profile]
    if any(sum(v) != 1 or min(v) < 0 for v in vectors):
        return False
    for i, own in enumerate(vectors):
        values = game.exact[..., i]
        for j in reversed(range(game.n_players)):
            if j != i:
                values = np.moveaxis(values, j, -1).dot(vectors[j])
        best = max(values)
        if any(p > 0 and value != best for p, value in zip(own, values)):
            return False
    return True


def _gains(game: NormalFormGame, i: int, supports: Sequence[Sequence[int]]) -> ObjectArray:
    """Player i's gains by each other action (those of its support first) over the first of its support, as balls."""
    import flint

    chosen = [list(s) for s in supports]
    chosen[i] += [a for a in range(game.shape[i]) if a not in supports[i]]
    payoffs = game.payoffs if game.floats_are_exact else game.exact
    table = np.moveaxis(payoffs[(*np.ix_(*chosen), i)], i, 0)
    out = np.empty((table.shape[0] - 1, *table.shape[1:]), dtype=object)
    if game.floats_are_exact:
        balls = np.empty(table.shape, dtype=object)
        balls.reshape(-1)[:] = [flint.arb(x) for x in table.reshape(-1).tolist()]
        out[...] = balls[1:] - balls[:1]
    else:
        # Differences first, in fractions: an offset may have more digits than a ball.
        gains = (table[1:] - table[:1]).reshape(-1).tolist()
        out.reshape(-1)[:] = [flint.arb(flint.fmpq(x.numerator, x.denominator)) for x in gains]
    return out


def _with_first(free: ObjectArray) -> ObjectArray:
    import flint

    first = flint.arb(1) - sum(free.tolist(), flint.arb(0))
    return np.array([first, *free.tolist()], dtype=object)


def _contract(table: ObjectArray, x: Sequence[ObjectArray], i: int, keep: int | None = None) -> ObjectArray:
    others = [j for j in range(len(x)) if j != i]
    out = table
    for axis in reversed(range(len(others))):
        if others[axis] != keep:
            out = np.moveaxis(out, axis + 1, -1).dot(x[others[axis]])
    return out


def _system(
    tables: Sequence[ObjectArray], x: Sequence[ObjectArray], degrees: Sequence[int], starts: FloatArray
) -> tuple[ObjectArray, ObjectArray]:
    import flint

    n = int(starts[-1])
    jacobian = np.full((n, n), flint.arb(0), dtype=object)
    values = np.full(n, flint.arb(0), dtype=object)
    for i, d in enumerate(degrees):
        if not d:
            continue
        here = slice(int(starts[i]), int(starts[i + 1]))
        slope: ObjectArray | None = None
        last = 0
        for j, e in enumerate(degrees):
            if j != i and e:
                slope, last = _contract(tables[i][:d], x, i, keep=j), j
                jacobian[here, int(starts[j]) : int(starts[j + 1])] = slope[:, 1:] - slope[:, :1]
        values[here] = _contract(tables[i][:d], x, i) if slope is None else slope.dot(x[last])
    return values, jacobian


def _verdict(
    tables: Sequence[ObjectArray], x: Sequence[ObjectArray], degrees: Sequence[int]
) -> Literal["equilibrium", "refuted", "unclear"]:
    gains = [gain for i, d in enumerate(degrees) for gain in _contract(tables[i][d:], x, i)]
    played = [p for vector in x if len(vector) > 1 for p in vector]
    if all(bool(p > 0) for p in played) and all(bool(gain < 0) for gain in gains):
        return "equilibrium"
    if any(bool(p < 0) for p in played) or any(bool(gain > 0) for gain in gains):
        return "refuted"
    return "unclear"
