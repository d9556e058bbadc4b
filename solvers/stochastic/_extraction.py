"""Strategies out of payoff sets: an equilibrium that attains given payoffs from a state on.

Every vertex of a self-generating set is a public lottery over generated payoffs `(1 - d) g + d w`: play now, and be
promised w on average over next states. The promise is a lottery over tuples of vertices, one for each next state, and each
of these is again such a lottery. Who departs alone is sent to a vertex that is its worst in the state that follows.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import ProfileError
from games.normal_form import FloatArray
from games.types import IndexArray
from games.words import counted
from solvers.base.deadline import keeps_time, reached
from solvers.repeated.payoff_sets.polytope import Polytope
from solvers.stochastic._fan import Fan
from solvers.stochastic._operator import generate, lowest
from solvers.stochastic._payoff_set import PayoffSets
from solvers.stochastic._strategy import Strategy

__all__ = ["strategy"]

# Weights below this are rounding: with payoffs between 0 and 1 leaving them out moves nothing by more than that.
_SMALL = 1e-13


@checked
@keeps_time("the strategy", "ask for a payoff near a vertex of the inner set")
def strategy(
    found: PayoffSets, state: str | int, payoff: npt.ArrayLike, *, time_limit: float | None = None
) -> Strategy:
    """An equilibrium with public lotteries that attains the payoff from the state on.

    Parameters
    ----------
    found : PayoffSets
    state : name or index of the state that play starts in
    payoff : array (N,), a point of `found[state].inner`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError
        If the payoff is not in the inner polytope of that state, or there is none.

    Examples
    --------
    >>> from games import NormalFormGame, StochasticGame
    >>> from solvers import stochastic
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> game = StochasticGame([pd, pd.rescale(2)], [[0.5, 0.5], [0.5, 0.5]], 0.7)
    >>> found = stochastic.payoff_set(game)
    >>> plan = strategy(found, "state 1", [3.2, 3.4])
    >>> stochastic.check(game, plan).is_equilibrium, plan.payoffs[0]
    (True, array([3.2, 3.4]))
    """
    game, pairs = found.game, found.pairs
    s = game.state_index(state) if isinstance(state, str) else int(state)
    target = np.asarray(payoff, dtype=np.float64)
    if target.shape != (game.n_players,) or not np.isfinite(target).all():
        raise ProfileError(f"a payoff is one number for each of {', '.join(game.players)}; got {payoff!r}")
    inside = (target - pairs.shift) / pairs.scale
    place = found.alive.index(s) if s in found.alive else -1
    if place < 0 or found.cores[place].dimension < 0 or found.cores[place].excess(inside[None, :])[0] > 1e-9:
        raise ProfileError(
            f"{target.tolist()} is not in the inner polytope of equilibrium payoffs from {game.names[s]!r} on; "
            "ask found[state].inner.contains(payoff), or give one of found[state].inner.vertices"
        )
    return _Builder(found).strategy(place, inside)


class _Builder:
    """Follows what is promised until every node that may be met is known."""

    def __init__(self, found: PayoffSets) -> None:
        self.found = found
        self.pairs = found.pairs
        self.cores = list(found.cores)
        self.fan = Fan.of(self.cores)
        self.made = generate(self.pairs, self.fan, lowest(self.cores))
        begins = np.searchsorted(self.made.pairs, self.pairs.first)
        self.images: list[Polytope] = []
        self.corners: list[IndexArray] = []
        for b, e in itertools.pairwise(begins):
            points = self.made.payoffs[b:e]
            image = Polytope.hull(points)
            self.images.append(image)
            self.corners.append(
                np.array([b + int(np.abs(points - v).max(axis=1).argmin()) for v in image.vertices])
            )
        self.of_vertex: dict[tuple[int, int], dict[int, float]] = {}

    def lottery(self, state: int, vertex: int) -> dict[int, float]:
        """A vertex of a state's set as a lottery over rows of what is generated."""
        if (state, vertex) not in self.of_vertex:
            weights = self.images[state].weights(self.cores[state].vertices[vertex])
            self.of_vertex[state, vertex] = self._rows(state, weights)
        return self.of_vertex[state, vertex]

    def _rows(self, state: int, weights: FloatArray) -> dict[int, float]:
        used = np.flatnonzero(weights > _SMALL)
        total = float(weights[used].sum())
        return {int(self.corners[state][v]): float(weights[v]) / total for v in used}

    def onwards(self, row: int) -> dict[int, dict[int, float]]:
        """What a promise means: for every next state a lottery over rows."""
        step = self.pairs.step[self.made.pairs[row]]
        sums = np.tensordot(step, self.fan.vertices, axes=1)
        hull = Polytope.hull(sums)
        weights = hull.weights(self.made.promises[row])
        out: dict[int, dict[int, float]] = {int(t): {} for t in np.flatnonzero(step > 0.0)}
        used = np.flatnonzero(weights > _SMALL)
        for v in used:
            k = int(np.abs(sums - hull.vertices[v]).max(axis=1).argmin())
            for t, mix in out.items():
                for corner, share in self.lottery(t, int(self.fan.index[t, k])).items():
                    mix[corner] = mix.get(corner, 0.0) + float(weights[v] / weights[used].sum()) * share
        return out

    def strategy(self, place: int, target: FloatArray) -> Strategy:
        game, pairs = self.found.game, self.pairs
        n, states = game.n_players, pairs.n_states
        weights = self.cores[place].weights(target)
        first: dict[int, float] = {}
        for v in np.flatnonzero(weights > _SMALL):
            for corner, share in self.lottery(place, int(v)).items():
                first[corner] = first.get(corner, 0.0) + float(weights[v]) * share
        worst = [
            [self.lottery(t, int(self.cores[t].vertices[:, i].argmin())) for t in range(states)]
            for i in range(n)
        ]
        queue = list(first) + [row for punished in worst for mix in punished for row in mix]
        follow: dict[int, dict[int, dict[int, float]]] = {}
        while queue:
            reached(f"{counted(len(follow), 'promise')} had been followed")
            row = queue.pop()
            if row not in follow:
                follow[row] = self.onwards(row)
                queue += [other for mix in follow[row].values() for other in mix]
        rows = sorted(follow)
        number = {row: k for k, row in enumerate(rows)}
        kept = np.zeros((len(rows), len(rows)))
        departed = np.zeros((n, len(rows)))
        for row in rows:
            for mix in follow[row].values():
                for other, share in mix.items():
                    kept[number[row], number[other]] += share
        for i in range(n):
            for mix in worst[i]:
                for other, share in mix.items():
                    departed[i, number[other]] += share
        start = np.zeros(len(rows))
        for row, share in first.items():
            start[number[row]] = share
        alive = np.array(self.found.alive, dtype=np.intp)
        chosen = self.made.pairs[rows]
        local = pairs.state[chosen]
        outputs = tuple(
            tuple(int(a) for a in np.unravel_index(int(m - pairs.first[t]), game.stages[alive[t]].shape))
            for m, t in zip(chosen, local)
        )
        return Strategy(
            game,
            alive[local],
            outputs,
            kept,
            np.repeat(departed[:, None, :], len(rows), axis=1),
            start / start.sum(),
        )
