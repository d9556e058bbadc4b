"""Fixed points of the operator, reached faster than by iterating it.

Iterating the operator does two things. It finds out which profile generates each vertex, and with which promise: a vertex of the
polytope again, or the point of one of its faces at which incentive constraints bind. And it moves the vertices, at the rate of
the discount factor, to where they belong. The first is soon done. The second is then a system of smooth equations, a few for each
vertex. It can be iterated without looking for hulls, or solved by Newton's method. Taking turns leads to a polytope that the
operator leaves as it is, or to none. That it is the largest one is not shown here; see `solvers.repeated.payoff_sets._largest`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.normal_form import FloatArray
from games.types import BoolArray, IndexArray
from solvers.base.deadline import Deadline, checkpoint
from solvers.base.threads import one_thread
from solvers.repeated.payoff_sets._operator import Generated, Stage, generate
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope

__all__ = ["EXACT", "fixed_point", "settled"]

EXACT = 4.0 * ROUNDING
"""Polytopes that differ by no more than this are taken for the same, in units of the payoff range."""

_BLUR = 10.0 * ROUNDING
_ROUNDS = 25
# Corners from which on a polytope is thinned, by this share of how far the operator moves it, or given up.
_MANY, _TOO_MANY = 150, 500
_SHARE = 0.1
_STRIKES = 2
# Movement below which Newton's method takes over.
_ALMOST = 1e-5
_STEPS = 25
_NEARER = 0.9
_NEWTON_STEPS = 6
_STILL = 1e-15
_ENOUGH = 1e-13
# Payoffs lie between 0 and 1: points out here have gone astray.
_FAR = 3.0


def fixed_point(
    stage: Stage, V: Polytope, deadline: Deadline, effort: int | None = None
) -> tuple[Polytope, Generated] | None:
    """A polytope that the operator maps to itself, looked for from V, and what it generates.

    If none is found, the last polytope on the way that generates itself and more, or None. Deviators are always held to the
    worst payoffs of the polytope itself. `effort` is how many generated payoffs may be examined before giving up.
    """
    least, plain, inside, strikes, spent = np.inf, None, None, 0, 0
    for _ in range(_ROUNDS):
        made = generate(stage, V, V.lowest)
        spent += len(made.payoffs)
        if effort is not None and spent > effort:
            break
        if not len(made.payoffs):
            lost = moved = np.inf
        else:
            image = Polytope.hull(made.payoffs)
            if len(image.vertices) > _TOO_MANY:
                break
            lost = float(image.excess(V.vertices).max())
            moved = max(lost, float(V.excess(image.vertices).max()))
        better = moved < least
        if lost <= EXACT:
            if moved <= _STILL or (moved <= EXACT and least <= EXACT):
                return V, made
            # From here on it can only grow, as long as what generates itself is not given up again.
            better = better or inside is None
            inside = (V, made) if better else inside
        elif inside is not None:
            better = False
        strikes = 0 if better else strikes + 1
        if better or (lost <= EXACT and strikes <= _STRIKES):
            least = moved if better else least
            # Corners that rounding alone has made would be settled, too.
            corners = image if moved > EXACT else Polytope.hull(image.vertices, _BLUR)
            points = settled(stage, V.vertices, corners.vertices, made, to_the_end=moved <= _ALMOST)
            plain = image if better else plain
            V = image if points is None else Polytope.hull(points, _BLUR)
        elif plain is not None:
            # Settling led astray: go on from where the operator itself led.
            V, plain = plain, None
        elif np.isfinite(moved):
            V = image
        else:
            break
        if deadline.passed:
            break
        if len(V.vertices) > _MANY:
            few = V.thinned(_SHARE * least, outwards=False)
            # What lies between a polytope that generates itself and its image does so, too.
            V = few if inside is None else Polytope.hull(np.concatenate([few.vertices, inside[0].vertices]))
    return inside


def settled(
    stage: Stage, before: FloatArray, vertices: FloatArray, made: Generated, to_the_end: bool
) -> FloatArray | None:
    """Points (V, N) that generate one another in the way in which the vertices were generated.

    Parameters
    ----------
    before : array (U, N), the vertices of the polytope that promises were taken from
    vertices : array (V, N), the vertices of its image
    made : everything that polytope generates; vertices are rows of it
    to_the_end : solve for these points; by default come nearer to them only

    Returns
    -------
    array (V', N), or None if that failed
    """
    rules = _Rules.of(stage, before, vertices, made)
    X = made.payoffs[rules.which]
    best = np.inf
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            checkpoint()
            step = rules.apply(X) - X
            step[~np.isfinite(step).all(axis=1)] = 0.0
            size = float(np.abs(step).max())
            # A few points may be repelled by where they belong: then it is Newton's turn.
            if not size <= _NEARER * best:
                break
            X, best = X + step, size
        if not np.abs(X).max() <= _FAR:
            return None
        return _newton(rules, X) if to_the_end else X


@one_thread
def _newton(rules: _Rules, X: FloatArray) -> FloatArray | None:
    """The points near X that generate themselves, by Newton's method; None if it leads away or nowhere."""
    best = np.inf
    for _ in range(_NEWTON_STEPS):
        checkpoint()
        jacobian = np.zeros((*X.shape, *X.shape))
        step = rules.apply(X, jacobian) - X
        size = float(np.abs(step).max())
        if size <= _STILL or best <= size <= _ENOUGH:
            return X
        best = size
        system = -jacobian.reshape(X.size, X.size)
        system[np.diag_indices(X.size)] += 1.0
        try:
            X = X + np.linalg.solve(system, step.ravel()).reshape(X.shape)
        except np.linalg.LinAlgError:
            return None
        if not np.abs(X).max() <= _FAR:
            return None
    return X if size <= _ALMOST else None


@dataclass(frozen=True)
class _Group:
    """Points generated from faces with as many vertices: their numbers (G,), faces (G, k + 1), binding constraints (G, k)."""

    points: IndexArray
    faces: IndexArray
    bound: IndexArray


@dataclass(frozen=True)
class _Rules:
    """How points are generated from one another: `x = (1 - d) g + d w`, w on a face where constraints bind."""

    which: IndexArray
    discount: FloatArray
    own: FloatArray
    costs: FloatArray
    at_threats: IndexArray
    groups: tuple[_Group, ...]

    @classmethod
    def of(cls, stage: Stage, before: FloatArray, vertices: FloatArray, made: Generated) -> _Rules:
        n = len(stage.scale)
        size, bound = (made.faces >= 0).sum(axis=1), made.planes.sum(axis=1)
        clear = np.flatnonzero((size == bound + 1) | ((size == 0) & ((bound == 0) | (bound == n))))
        # What lay nearest to the same vertex becomes one point.
        which, place = np.unique(clear[_rows(vertices, made.payoffs[clear])], return_inverse=True)
        now = place[_nearest(before, vertices)]
        profiles, planes = made.profiles[which], made.planes[which].copy()
        faces = np.where(made.faces[which] < 0, -1, now[made.faces[which]])
        _collapse(faces, planes)
        size = (faces >= 0).sum(axis=1)
        still = (size == 0) & ~planes.any(axis=1)
        own = np.where(still[:, None], 1.0, 1.0 - stage.discount) * stage.payoffs[profiles]
        groups = []
        for k in range(n):
            points = np.flatnonzero(size == k + 1)
            if len(points):
                groups.append(
                    _Group(
                        points, faces[points, : k + 1], np.nonzero(planes[points])[1].reshape(len(points), k)
                    )
                )
        at_threats = np.flatnonzero((size == 0) & planes.any(axis=1))
        return cls(which, stage.discount, own, stage.costs[profiles], at_threats, tuple(groups))

    def apply(self, X: FloatArray, jacobian: FloatArray | None = None) -> FloatArray:
        """The points (M, N) that the points X generate; `jacobian` (M, N, M, N) is filled with the derivatives."""
        d = self.discount
        n = len(d)
        each = np.arange(n)
        made = self.own.copy()
        worst = X.argmin(axis=0)
        limits = X[worst, each] + self.costs
        made[self.at_threats] += d * limits[self.at_threats]
        if jacobian is not None:
            jacobian[self.at_threats[:, None], each, worst, each] += d
        for group in self.groups:
            points, faces, bound = group.points, group.faces, group.bound
            start = X[faces[:, 0]]
            k = bound.shape[1]
            if k == 0:
                made[points] += d * start
                if jacobian is not None:
                    jacobian[points[:, None], each, faces, each] += d
                continue
            row = np.arange(len(points))[:, None]
            along = X[faces[:, 1:]] - start[:, None]
            pivot = along[row[:, :, None], np.arange(k)[:, None], bound[:, None, :]]
            inverse = _inverse(pivot)
            # Where constraint b moves by one, the point slides by slide[:, b] along the face.
            slide = inverse @ along
            short = limits[points[:, None], bound] - start[row, bound]
            made[points] += d * (start + (short[:, None, :] @ slide)[:, 0])
            if jacobian is None:
                continue
            later = (short[:, None, :] @ inverse)[:, 0]
            shares = np.column_stack([1.0 - later.sum(axis=1), later])
            held = np.zeros((len(points), n, n))
            held[:, each, each] = 1.0
            for b in range(k):
                held[row[:, 0], :, bound[:, b]] -= slide[:, b]
                jacobian[points[:, None], each, worst[bound[:, b]][:, None], bound[:, b][:, None]] += (
                    d * slide[:, b]
                )
            for r in range(k + 1):
                part = d[:, None] * shares[:, r, None, None] * held
                jacobian[points[:, None, None], each[:, None], faces[:, r, None, None], each] += part
        return made


def _collapse(faces: IndexArray, planes: BoolArray) -> None:
    """Faces of which vertices have become one point are smaller faces, and fewer constraints place a point there."""
    ordered = np.sort(faces, axis=1)
    for row in np.flatnonzero(((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any(axis=1)):
        kept = np.unique(faces[row][faces[row] >= 0])
        faces[row] = -1
        faces[row, : len(kept)] = kept
        planes[row, np.flatnonzero(planes[row])[len(kept) - 1 :]] = False


def _inverse(matrices: FloatArray) -> FloatArray:
    """Inverses of (G, k, k) matrices, of which singular ones give infinities or NaN."""
    if matrices.shape[1] == 1:
        return np.asarray(1.0 / matrices)
    if matrices.shape[1] == 2:
        turned = matrices[:, ::-1, ::-1].transpose(0, 2, 1) * np.array([[1.0, -1.0], [-1.0, 1.0]])
        size = matrices[:, 0, 0] * matrices[:, 1, 1] - matrices[:, 0, 1] * matrices[:, 1, 0]
        return np.asarray(turned / size[:, None, None])
    singular = np.linalg.det(matrices) == 0.0
    return np.linalg.inv(np.where(singular[:, None, None], np.nan, matrices))


def _rows(points: FloatArray, table: FloatArray) -> IndexArray:
    """For each of the points, which are rows of the table, the number of one such row (or one that rounding cannot tell)."""
    mix = np.sqrt(np.arange(2.0, 2.0 + points.shape[1]))
    key = (table * mix).sum(axis=1)
    order = np.argsort(key)
    after = np.searchsorted(key, (points * mix).sum(axis=1), sorter=order)
    around = order[np.clip(after[:, None] + np.array([-1, 0, 1]), 0, len(order) - 1)]
    away = np.abs(table[around] - points[:, None]).sum(axis=2)
    return np.asarray(around[np.arange(len(points)), away.argmin(axis=1)])


def _nearest(points: FloatArray, others: FloatArray) -> IndexArray:
    """For each of the points the number of the nearest of the others."""
    away = np.zeros((len(points), len(others)))
    for x, y in zip(points.T, others.T):
        away += np.abs(x[:, None] - y)
    return np.asarray(away.argmin(axis=1))
