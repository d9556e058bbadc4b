"""The operator of Abreu, Pearce and Stacchetti (1990) on polytopes, for N players and one discount factor each.

Notation: g(a) is the stage payoff at profile a, h_i(a) what player i gains there by its best deviation, d_i its discount
factor, W the set that continuation payoffs are taken from, u_i the value a deviator is held to. Profile a is enforced by w in W
if `(1 - d_i) g_i(a) + d_i w_i >= (1 - d_i) (g_i(a) + h_i(a)) + d_i u_i` for every i, that is, if w lies in

    Q(a, W, u) = W cut by the corner { w >= t(a) },   t_i(a) = u_i + (1 - d_i) / d_i * h_i(a).

The operator maps W to the hull of all `(1 - d) g(a) + d w`. With a common discount factor it is enough to take g(a)
itself where `g(a) >= t(a)`, and elsewhere the vertices of Q(a, W, u) on which a constraint binds (Abreu and Sannikov 2014;
nothing in their argument needs two players): the largest fixed point for given u is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from solvers.repeated.polytope import ROUNDING, IntArray, Polytope

__all__ = ["Generated", "Stage", "corner_vertices", "generate", "normalised"]


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

    @property
    def common(self) -> bool:
        """True if all players discount alike."""
        return bool(np.ptp(self.discount) == 0.0)


@dataclass(frozen=True)
class Generated:
    """Payoffs that the operator generates: rows of equal index belong together.

    Attributes
    ----------
    payoffs : array (P, N)
    profiles : array (P,) of profile numbers
    continuations : array (P, N), the promised payoffs w with `payoffs = (1 - d) g + d w`
    """

    payoffs: FloatArray
    profiles: IntArray
    continuations: FloatArray


def normalised(play: RepeatedGame) -> Stage:
    """The stage game in units of each player's payoff range. A player whose payoffs never vary is worth 0 throughout."""
    game, discount = play.stage, play.discount
    n = game.n_players
    shift = game.payoffs.reshape(-1, n).min(axis=0)
    scale = np.where(game.ranges > 0.0, game.ranges, 1.0)
    table = (game.payoffs - shift) / scale
    gains = np.empty_like(table)
    minmax = np.empty(n)
    for i in range(n):
        best = table[..., i].max(axis=i, keepdims=True)
        gains[..., i] = best - table[..., i]
        minmax[i] = best.min()
    costs = (1.0 - discount) / discount * gains.reshape(-1, n)
    return Stage(table.reshape(-1, n), costs, discount, minmax, scale, shift)


def generate(
    stage: Stage, W: Polytope, threat: FloatArray, full: bool = False, give: float = ROUNDING
) -> Generated:
    """What the profiles generate with continuation payoffs in W when deviators are held to `threat`.

    Parameters
    ----------
    threat : array (N,)
    full : bool
        With a common discount factor, take all vertices of every Q(a, W, u) rather than the few that matter.
    give : float
        Constraints may be missed by this much (rounding error).

    Returns
    -------
    Generated
        Empty if no profile can be enforced.
    """
    thresholds = threat + stage.costs
    possible = (thresholds <= W.highest + give).all(axis=1)
    short = stage.common and not full
    if short:
        steady = (stage.payoffs >= thresholds - give).all(axis=1)
        possible &= ~steady
    rows = np.flatnonzero(possible)
    which, w = corner_vertices(W, thresholds[rows], binding_only=short, give=give)
    profiles = rows[which]
    d = stage.discount
    v = (1.0 - d) * stage.payoffs[profiles] + d * w
    if short:
        kept = np.flatnonzero(steady)
        g = stage.payoffs[kept]
        return Generated(np.vstack([g, v]), np.concatenate([kept, profiles]), np.vstack([g, w]))
    return Generated(v, profiles, w)


def corner_vertices(
    W: Polytope, corners: FloatArray, binding_only: bool, give: float = ROUNDING
) -> tuple[IntArray, FloatArray]:
    """Vertices of W cut by `{w >= t}` for every row t of `corners`, an array (A, N).

    A vertex at which k of the constraints bind lies where a k-dimensional face of W meets the k planes.
    Returns the rows (P,) that the vertices belong to, and the vertices (P, N).
    """
    n = corners.shape[1]
    rows: list[IntArray] = []
    found: list[FloatArray] = []

    def keep(row: IntArray, points: FloatArray) -> None:
        fits = (points >= corners[row] - give).all(axis=1)
        rows.append(row[fits])
        found.append(points[fits])

    above = W.vertices[None, :, :] - corners[:, None, :]
    good = (above >= -give).all(axis=2)
    if binding_only:
        good &= (above <= give).any(axis=2)
    row, vertex = np.nonzero(good)
    rows.append(row)
    found.append(W.vertices[vertex])
    if W.dimension == 0:
        return np.concatenate(rows), np.vstack(found)
    if n > 2 or W.dimension == 1:
        ends = np.vstack([W.edges, W.edges[:, ::-1]])
        for i in range(n):
            up = above[:, ends[:, 0], i]
            down = above[:, ends[:, 1], i]
            row, edge = np.nonzero((up > give) & (down < -give))
            share = (up[row, edge] / (up[row, edge] - down[row, edge]))[:, None]
            keep(row, (1.0 - share) * W.vertices[ends[edge, 0]] + share * W.vertices[ends[edge, 1]])
    for k in range(2, min(n - 1, W.dimension)):
        _faces_on_planes(W, corners, k, keep)
    if W.dimension > 1:
        for free in range(n):
            _lines(W, corners, free, give, keep)
    return np.concatenate(rows), np.vstack(found)


def _lines(W: Polytope, corners: FloatArray, free: int, give: float, keep) -> None:  # type: ignore[no-untyped-def]
    """All constraints but one bind: where the line along the `free` coordinate enters and leaves W."""
    slope = W.normals[:, free]
    fixed = corners.copy()
    fixed[:, free] = 0.0
    # Where a facet is nearly parallel to the line, rounding may cut off far too much: such facets give way a little.
    room = W.offsets + np.where(np.abs(slope) < 1e-3, give, 0.0) - fixed @ W.normals.T
    up, down, level = slope > 1e-11, slope < -1e-11, np.abs(slope) <= 1e-11
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = room / slope
    highest = reach[:, up].min(axis=1, initial=np.inf)
    lowest = np.maximum(reach[:, down].max(axis=1, initial=-np.inf), corners[:, free])
    meets = (room[:, level] >= -20.0 * give).all(axis=1) & (lowest <= highest + give) & np.isfinite(highest)
    row = np.flatnonzero(meets)
    for level_of in (highest, np.minimum(lowest, highest)):
        points = corners[row].copy()
        points[:, free] = level_of[row]
        keep(row, points)


def _faces_on_planes(W: Polytope, corners: FloatArray, k: int, keep) -> None:  # type: ignore[no-untyped-def]
    """Exactly k constraints bind, 2 <= k <= N - 2: barycentric coordinates in every k-dimensional boundary simplex."""
    faces = W.faces(k)
    if not len(faces):
        return
    for planes in combinations(range(corners.shape[1]), k):
        system = np.ones((len(faces), k + 1, k + 1))
        system[:, 1:, :] = W.vertices[faces][:, :, list(planes)].transpose(0, 2, 1)
        sound = np.abs(np.linalg.det(system)) > 1e-14
        if not sound.any():
            continue
        right = np.column_stack([np.ones(len(corners)), corners[:, list(planes)]])
        shares = np.einsum("fij,aj->afi", np.linalg.inv(system[sound]), right)
        row, face = np.nonzero((shares >= -ROUNDING).all(axis=2))
        keep(row, np.einsum("pi,pin->pn", shares[row, face], W.vertices[faces[sound][face]]))
