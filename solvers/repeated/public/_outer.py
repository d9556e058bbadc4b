"""From outside: half-spaces that hold all payoffs of perfect public equilibria, moved in until they stay.

With a common discount factor a profile cannot reach further than its own stage payoff does in the best direction, since promises
are equilibrium payoffs themselves.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.repeated.payoff_sets.directions import directions
from solvers.repeated.payoff_sets.polytope import Polytope
from solvers.repeated.public._image import Bounds, image
from solvers.repeated.public._programs import SignalGame

__all__ = ["Search"]

# Directions added at once, and how many there are at the most (16 and 26 to begin with). Measured on the noisy dilemma
# at .75, all at about the same cost: four at a time leave a gap of 3e-4, ten and twenty 1.6e-3. Up to 32 directions left
# 8e-3, up to 96 no less than up to 56. With three players rounds are expensive, so that directions come in tens.
_NEW = {2: 4, 3: 10}
_MOST = {2: 56, 3: 64}


class Search:
    """The outer polytope and the directions it is held in."""

    def __init__(self, game: SignalGame) -> None:
        self.game = game
        n = game.n_players
        self.normals = directions(n)
        if game.common:
            self.W = Polytope.hull(game.payoffs)
        else:
            corners = np.stack(np.meshgrid(*[[0.0, 1.0]] * n, indexing="ij"), axis=-1)
            self.W = Polytope.hull(corners.reshape(-1, n))
        self.levels = (self.W.vertices @ self.normals.T).max(axis=0)
        self.possible = np.ones(len(game.payoffs), dtype=np.bool_)
        self.points = game.payoffs

    def round(self) -> float | None:
        """Move the half-spaces in by one application of the operator; returns by how much, None if nothing is left."""
        bounds = Bounds(self.normals, self.levels) if self.game.n_players == 2 else None
        found = image(self.game, self.W.vertices, self.normals, self.possible, self.game.common, bounds)
        if found is None:
            return None
        levels, self.points = found
        after = np.minimum(self.levels, levels)
        if bounds is not None:
            after = bounds.settled(after)
        moved = float((self.levels - after).max())
        self.levels = after
        self.W = _pressed(self.W, self.normals, after, self.points)
        return moved

    def refine(self, tolerance: float) -> bool:
        """Add the directions of facets of the reached points that corners of the polytope stand out from."""
        n = self.game.n_players
        hull = Polytope.hull(self.points)
        if hull.dimension < n or len(self.normals) >= _MOST[n]:
            return False
        beyond = self.W.vertices @ hull.normals.T - hull.offsets
        out = beyond.max(axis=0)
        order = np.argsort(-out)[: _NEW[n]]
        new = [
            hull.normals[f]
            for f in order
            if out[f] > 3.0 * tolerance and (self.normals @ hull.normals[f]).max() < 1.0 - 1e-12
        ]
        if not new:
            return False
        self.normals = np.vstack([self.normals, *new])
        self.levels = np.append(self.levels, (self.W.vertices @ np.array(new).T).max(axis=0))
        return True


def _pressed(W: Polytope, normals: FloatArray, levels: FloatArray, points: FloatArray) -> Polytope:
    """W cut by half-spaces that are known to hold the set."""
    n = W.vertices.shape[1]
    if n == 2:
        return W.cut(normals, levels)
    if Polytope.hull(points).dimension == n:
        cut = W.cut(normals, levels)
        if cut is not W:
            return cut
    # Flat, or too thin to be cut: the box around it is sound.
    rows = [
        np.flatnonzero((normals == sign * axis).all(axis=1))[0] for axis in np.eye(n) for sign in (1.0, -1.0)
    ]
    high, low = levels[rows[::2]], -levels[rows[1::2]]
    box = np.stack(np.meshgrid(*zip(np.minimum(low, high), high), indexing="ij"), axis=-1).reshape(-1, n)
    return Polytope.hull(box)
