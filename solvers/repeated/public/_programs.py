"""Linear programs for what is promised after public signals.

Profile a is enforced by promises w(y) in a polytope W, one for every signal y, if for every player i and action b

    d_i sum_y (p(y | a) - p(y | b, a_-i)) w_i(y)  >=  (1 - d_i) (g_i(b, a_-i) - g_i(a)).

Enforced, it pays `(1 - d) g(a) + d sum_y p(y | a) w(y)`. The furthest of these payoffs in a direction are found by a
linear program in the weights of the vertices of W (Abreu, Pearce and Stacchetti 1990; Judd, Yeltekin and Conklin
2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.types import IndexArray
from solvers.base.programs import TIGHT, linprog
from solvers.base.rounding import payoff_units

__all__ = ["ACCURACY", "Furthest", "SignalGame", "signal_game"]

ACCURACY = 1e-9
"""What the programs are solved to, in units of the payoff range: above `TIGHT` by what coefficients of order one magnify."""

# Programs of one profile are solved together, up to so many variables: each call has a cost of its own, and programs much larger
# no longer fit into the processor's cache.
_TOGETHER = 6000


@dataclass(frozen=True)
class SignalGame:
    """A game with public signals, every player's payoffs scaled to [0, 1]; A profiles in the order of `numpy.ndindex`.

    Attributes
    ----------
    payoffs : array (A, N)
    signals : array (A, Y)
    discount : array (N,)
    shape : numbers of actions
    scale, shift : arrays (N,); the game's own payoffs are `scale * payoffs + shift`
    """

    payoffs: FloatArray
    signals: FloatArray
    discount: FloatArray
    shape: tuple[int, ...]
    scale: FloatArray
    shift: FloatArray

    @property
    def n_players(self) -> int:
        return len(self.shape)

    @cached_property
    def common(self) -> bool:
        """True if all players discount alike."""
        return bool(np.ptp(self.discount) == 0.0)

    def departures(self, a: int) -> tuple[IndexArray, FloatArray, FloatArray]:
        """Who may depart from profile a (D,), what that changes in the chances of signals (D, Y), and what it gains (D,).

        Only departures that gain in the period itself matter, or that shift signals; of the rest promises cannot tell.
        """
        at = np.unravel_index(a, self.shape)
        who, less, gain = [], [], []
        for i, k in enumerate(self.shape):
            for b in range(k):
                if b == at[i]:
                    continue
                other = int(np.ravel_multi_index([*at[:i], b, *at[i + 1 :]], self.shape))
                who.append(i)
                less.append(self.signals[a] - self.signals[other])
                gain.append(self.payoffs[other, i] - self.payoffs[a, i])
        return (
            np.array(who, dtype=np.intp),
            np.array(less).reshape(len(who), self.signals.shape[1]),
            np.array(gain, dtype=np.float64),
        )

    def furthest(self, a: int, vertices: FloatArray, directions: FloatArray) -> Furthest | None:
        """Of the payoffs of profile a with promises in the hull of the vertices (V, N), the furthest in each direction (K, N).

        None if no promises enforce the profile.
        """
        from scipy import sparse

        who, less, gain = self.departures(a)
        d, count, signals = self.discount, len(vertices), self.signals.shape[1]
        blind = (np.abs(less) <= 1e-15).all(axis=1)
        if (gain[blind] > ACCURACY).any():
            return None
        who, less, gain = who[~blind], less[~blind], gain[~blind]
        # Weights of vertex v after signal y, in the order (y, v).
        incentive = -(less[:, :, None] * vertices.T[who][:, None, :]).reshape(len(who), signals * count)
        limits = -(1.0 - d[who]) / d[who] * gain
        one = np.kron(np.eye(signals), np.ones(count))
        base = (1.0 - d) * self.payoffs[a]
        values, points = np.empty(len(directions)), np.empty((len(directions), self.n_players))
        prices, constant = np.empty((len(directions), signals, self.n_players)), directions @ base
        block = max(1, _TOGETHER // (signals * count))
        for begin in range(0, len(directions), block):
            some = directions[begin : begin + block]
            cost = (self.signals[a][None, :, None] * ((d * some) @ vertices.T)[:, None, :]).reshape(
                len(some), -1
            )
            many = sparse.eye(len(some), format="csr")
            answer = linprog(
                -cost.ravel(),
                sparse.kron(many, incentive, format="csr") if len(who) else None,
                np.tile(limits, len(some)) if len(who) else None,
                sparse.kron(many, one, format="csr"),
                np.ones(signals * len(some)),
                options=TIGHT,
            )
            if answer.status != 0:
                return None
            weights = answer.x.reshape(len(some), signals, count)
            promised = np.einsum("kyv,vn->kyn", weights, vertices)
            here = base + d * np.einsum("y,kyn->kn", self.signals[a], promised)
            points[begin : begin + block] = here
            values[begin : begin + block] = (here * some).sum(axis=1)
            prices[begin : begin + block] = self.signals[a][None, :, None] * (d * some)[:, None, :]
            if len(who):
                price = np.maximum(-answer.ineqlin.marginals.reshape(len(some), len(who)), 0.0)
                constant[begin : begin + block] += price @ limits
                for r, i in enumerate(who):
                    prices[begin : begin + block, :, i] += price[:, r, None] * less[r]
        return Furthest(values, points, constant, prices)


@dataclass(frozen=True)
class Furthest:
    """How far a profile reaches with promises from W: rows of equal index belong to one direction.

    Attributes
    ----------
    values : array (K,)
    points : array (K, N), the payoffs that reach so far
    constant, prices : arrays (K,) and (K, Y, N); with promises from any other set the profile reaches at most
        `constant + sum over y of (the greatest value of prices[y] on that set)` (duality of linear programs)
    """

    values: FloatArray
    points: FloatArray
    constant: FloatArray
    prices: FloatArray


def signal_game(play: RepeatedGame) -> SignalGame:
    """The arrays of a repeated game with public signals; signals that never differ in meaning are put together."""
    game, n = play.stage, play.n_players
    if play.monitoring.signals is None:
        raise ValueError("the game has no public signals")
    signals = play.monitoring.signals.reshape(-1, play.monitoring.signals.shape[-1])
    shift = game.payoffs.reshape(-1, n).min(axis=0)
    scale = payoff_units(game.ranges)
    return SignalGame(
        ((game.payoffs - shift) / scale).reshape(-1, n),
        _merged(signals),
        play.discount,
        game.shape,
        scale,
        shift,
    )


def _merged(signals: FloatArray) -> FloatArray:
    """Signals whose chances stand in the same ratio after every profile tell the same, and are added up."""
    kept = signals[:, signals.max(axis=0) > 0.0]
    ratio = (kept / kept.sum(axis=0)).round(12)
    number = np.unique(ratio, axis=1, return_inverse=True)[1].ravel()
    out = np.zeros((len(kept), int(number.max()) + 1))
    np.add.at(out.T, number, kept.T)
    return out
