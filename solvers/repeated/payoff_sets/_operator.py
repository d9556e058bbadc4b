"""The operator of Abreu, Pearce and Stacchetti (1990) on polytopes, for N players and one discount factor each.

Notation: g(a) is the stage payoff at profile a, h_i(a) what player i gains there by its best deviation, d_i its
discount factor. W is the set that continuation payoffs are taken from, u_i the value to which a deviator is held.
Profile a is enforced by w in W if `(1 - d_i) g_i(a) + d_i w_i >= (1 - d_i) (g_i(a) + h_i(a)) + d_i u_i` for every i,
that is, if w lies in

    Q(a, W, u) = W cut by the corner { w >= t(a) },   t_i(a) = u_i + (1 - d_i) / d_i * h_i(a).

The operator maps W to the hull of all `(1 - d) g(a) + d w`. With a common discount factor it is enough to take g(a) itself where
`g(a) >= t(a)`, and elsewhere the vertices of Q(a, W, u) on which a constraint binds. The largest fixed point for given u is the
same (Abreu and Sannikov 2014; nothing in their argument needs two players).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.types import BoolArray, IndexArray
from solvers.base.deadline import checkpoint
from solvers.base.rounding import best_response_payoffs, payoff_units
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope

__all__ = ["Corners", "Generated", "Stage", "corner_vertices", "generate", "normalised"]


@dataclass(frozen=True)
class Stage:
    """A stage game with every player's payoffs scaled to [0, 1]; A profiles in the order of `numpy.ndindex`.

    Attributes
    ----------
    payoffs : array (A, N)
    costs : array (A, N), (1 - d_i) / d_i * h_i(a)
    discount : array (N,)
    minmax : array (N,), the pure minmax
    scale, shift : arrays (N,); the game's own payoffs are `scale * payoffs + shift`
    """

    payoffs: FloatArray
    costs: FloatArray
    discount: FloatArray
    minmax: FloatArray
    scale: FloatArray
    shift: FloatArray

    @cached_property
    def equal_discount(self) -> bool:
        """True if all players discount alike."""
        return bool(np.ptp(self.discount) == 0.0)

    @cached_property
    def steady(self) -> FloatArray:
        """Payoffs of the pure stage equilibria, (E, N): to play one forever is always an equilibrium."""
        return self.payoffs[(self.costs <= 0.0).all(axis=1)]


@dataclass(frozen=True)
class Corners:
    """Vertices of a polytope W cut by `{w >= t}`, for several corners t; rows of equal index belong together.

    Attributes
    ----------
    rows : array (P,), the numbers of the corners
    points : array (P, N), the vertices
    faces : array (P, N), at least two columns, the vertices of W between which the point lies, by number; filled up with -1
    planes : boolean array (P, N), the constraints `w_i >= t_i` that place it on that face. A point at t itself has all of them
        and no face
    """

    rows: IndexArray
    points: FloatArray
    faces: IndexArray
    planes: BoolArray


@dataclass(frozen=True)
class Generated:
    """Payoffs that the operator generates: rows of equal index belong together.

    Attributes
    ----------
    payoffs : array (P, N)
    profiles : array (P,) of profile numbers
    continuations : array (P, N), the promised payoffs w with `payoffs = (1 - d) g + d w`
    faces, planes : as in `Corners`; a stage payoff played forever has neither
    """

    payoffs: FloatArray
    profiles: IndexArray
    continuations: FloatArray
    faces: IndexArray
    planes: BoolArray


def normalised(play: RepeatedGame) -> Stage:
    """The stage game in units of each player's payoff range. A player whose payoffs never vary is worth 0 throughout."""
    game, discount = play.stage, play.discount
    n = game.n_players
    shift = game.payoffs.reshape(-1, n).min(axis=0)
    scale = payoff_units(game.ranges)
    table = game.normalised
    best = best_response_payoffs(table).reshape(-1, n)
    minmax = np.asarray(best.min(axis=0))
    costs = (1.0 - discount) / discount * (best - table.reshape(-1, n))
    return Stage(table.reshape(-1, n), costs, discount, minmax, scale, shift)


def generate(
    stage: Stage,
    W: Polytope,
    punishment: FloatArray,
    full: bool = False,
    give: float = ROUNDING,
    among: BoolArray | None = None,
) -> Generated:
    """What the profiles generate with continuation payoffs in W when deviators are held to `punishment`.

    Parameters
    ----------
    punishment : array (N,)
    full : bool
        With a common discount factor, take all vertices of every Q(a, W, u) rather than the few that matter.
    give : float
        Constraints may be violated by this much (rounding error).
    among : boolean array (A,), optional
        The profiles to try; all of them by default.

    Returns
    -------
    Generated
        Empty if no profile can be enforced.
    """
    n = len(punishment)
    thresholds = punishment + stage.costs
    possible = (thresholds <= W.highest + give).all(axis=1)
    if among is not None:
        possible &= among
    short = stage.equal_discount and not full
    if short:
        steady = (stage.payoffs >= thresholds - give).all(axis=1)
        own = np.flatnonzero(steady if among is None else steady & among)
        possible &= ~steady
    rows = np.flatnonzero(possible)
    found = corner_vertices(W, thresholds[rows], binding_only=short, give=give)
    profiles, w = rows[found.rows], found.points
    d = stage.discount
    v = (1.0 - d) * stage.payoffs[profiles] + d * w
    if not short:
        return Generated(v, profiles, w, found.faces, found.planes)
    g = stage.payoffs[own]
    none = np.full((len(own), max(n, 2)), -1, dtype=np.intp)
    return Generated(
        np.concatenate([g, v]),
        np.concatenate([own, profiles]),
        np.concatenate([g, w]),
        np.concatenate([none, found.faces]),
        np.concatenate([np.zeros((len(own), n), dtype=np.bool_), found.planes]),
    )


def corner_vertices(W: Polytope, corners: FloatArray, binding_only: bool, give: float = ROUNDING) -> Corners:
    """Vertices of W cut by `{w >= t}` for every row t of `corners`, an array (A, N).

    A vertex at which k of the constraints bind lies where a k-dimensional face of W meets the k planes.
    """
    n = corners.shape[1]
    found = _Collection(corners, give)
    above = W.vertices[None, :, :] - corners[:, None, :]
    near = above >= -give
    good = near.all(axis=2)
    if binding_only:
        good &= (above <= give).any(axis=2)
    row, vertex = np.nonzero(good)
    found.add(row, W.vertices[vertex], vertex[:, None], (), sure=True)
    if n > 2 or W.dimension == 1:
        over = above > give
        first, second = W.edges.T
        for i in range(n):
            checkpoint()
            up, under = over[:, :, i], ~near[:, :, i]
            row, edge = np.nonzero(up[:, first] & under[:, second] | under[:, first] & up[:, second])
            one, other = above[row, first[edge], i], above[row, second[edge], i]
            share = (one / (one - other))[:, None]
            points = (1.0 - share) * W.vertices[first[edge]] + share * W.vertices[second[edge]]
            found.add(row, points, W.edges[edge], (i,))
    for k in range(2, min(n - 1, W.dimension)):
        _faces_on_planes(W, corners, k, found)
    if W.dimension > 1:
        for free in range(n):
            checkpoint()
            _lines(W, corners, free, give, found)
    return found.corners()


class _Collection:
    """Gathers the vertices of the cut polytopes, those that meet every constraint."""

    def __init__(self, corners: FloatArray, give: float) -> None:
        self.limits = corners - give
        self.n = corners.shape[1]
        self.parts: list[tuple[IndexArray, FloatArray, IndexArray, tuple[int, ...]]] = []

    def add(
        self,
        row: IndexArray,
        points: FloatArray,
        faces: IndexArray,
        planes: tuple[int, ...],
        sure: bool = False,
    ) -> None:
        if not sure:
            fits = (points >= self.limits[row]).all(axis=1)
            row, points, faces = row[fits], points[fits], faces[fits]
        self.parts.append((row, points, faces, planes))

    def corners(self) -> Corners:
        rows = np.concatenate([part[0] for part in self.parts])
        # An edge has two ends even where there is one player only.
        faces = np.full((len(rows), max(self.n, 2)), -1, dtype=np.intp)
        planes = np.zeros((len(rows), self.n), dtype=np.bool_)
        at = 0
        for row, _, face, bound in self.parts:
            to = at + len(row)
            faces[at:to, : face.shape[1]] = face
            planes[at:to, list(bound)] = True
            at = to
        return Corners(rows, np.concatenate([part[1] for part in self.parts]), faces, planes)


def _lines(W: Polytope, corners: FloatArray, free: int, give: float, found: _Collection) -> None:
    """All constraints but one bind: where the line along the `free` coordinate enters and leaves W."""
    slope = W.normals[:, free]
    fixed = corners.copy()
    fixed[:, free] = 0.0
    # Where a facet is nearly parallel to the line, rounding may cut off far too much: such facets give way a little.
    room = W.offsets + np.where(np.abs(slope) < 1e-3, give, 0.0) - fixed @ W.normals.T
    up, down = np.flatnonzero(slope > 1e-11), np.flatnonzero(slope < -1e-11)
    level = np.abs(slope) <= 1e-11
    if not len(up) or not len(down):
        return
    above, below = room[:, up] / slope[up], room[:, down] / slope[down]
    leaves, enters = above.argmin(axis=1), below.argmax(axis=1)
    each = np.arange(len(corners))
    highest, lowest = above[each, leaves], below[each, enters]
    bottom = np.maximum(lowest, corners[:, free])
    meets = (room[:, level] >= -20.0 * give).all(axis=1) & (bottom <= highest + give)
    planes = tuple(i for i in range(corners.shape[1]) if i != free)

    def add(row: IndexArray, height: FloatArray, facet: IndexArray, bound: tuple[int, ...]) -> None:
        points = corners[row].copy()
        points[:, free] = height
        found.add(row, points, _corners_of(W, facet), bound)

    row = np.flatnonzero(meets)
    add(row, highest[row], up[leaves[row]], planes)
    row = np.flatnonzero(meets & (lowest >= corners[:, free]))
    add(row, np.minimum(lowest, highest)[row], down[enters[row]], planes)
    if free == 0:
        # Below the corner the line has not entered W yet, or the corner itself is in W; once is enough for all N lines.
        row = np.flatnonzero(meets & (lowest < corners[:, free]))
        found.add(
            row,
            corners[row],
            np.zeros((len(row), 0), dtype=np.intp),
            tuple(range(corners.shape[1])),
            sure=True,
        )


def _corners_of(W: Polytope, facets: IndexArray) -> IndexArray:
    """The vertices of W's facets, an array (P, D); -1 for half-spaces that only hold a flat polytope in its plane."""
    known = facets < len(W.simplices)
    return np.where(known[:, None], W.simplices[np.where(known, facets, 0)], -1)


def _faces_on_planes(W: Polytope, corners: FloatArray, k: int, found: _Collection) -> None:
    """Exactly k constraints bind, 2 <= k <= N - 2: barycentric coordinates in every k-dimensional boundary simplex."""
    faces = W.faces(k)
    if not len(faces):
        return
    for planes in combinations(range(corners.shape[1]), k):
        checkpoint()
        system = np.ones((len(faces), k + 1, k + 1))
        system[:, 1:, :] = W.vertices[faces][:, :, list(planes)].transpose(0, 2, 1)
        sound = np.abs(np.linalg.det(system)) > 1e-14
        if not sound.any():
            continue
        right = np.column_stack([np.ones(len(corners)), corners[:, list(planes)]])
        shares = np.einsum("fij,aj->afi", np.linalg.inv(system[sound]), right)
        row, face = np.nonzero((shares >= -ROUNDING).all(axis=2))
        points = np.einsum("pi,pin->pn", shares[row, face], W.vertices[faces[sound][face]])
        found.add(row, points, faces[sound][face], planes)
