"""From inside: polytopes of promises that generate themselves, and so consist of perfect public equilibrium payoffs.

Two ways. *Pulled in*: the outer polytope, pulled in more and more until it generates itself; in the plane it soon does.
*Grown*: the hull of self-generating sets generates itself, and so does what lies between such a set and its image (Abreu,
Pearce and Stacchetti 1990). Seeds are stage equilibria and pairs of points, a profile played until a lottery after bad news
ends it for good; they grow by the operator, with as large a step towards the outer polytope as stands. With three players the
set is thin where incentives bind, pulling loses them everywhere at once, and only growing finds it.

What is handed back has been checked, vertex by vertex, by linear programs.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets.polytope import Polytope, distinct
from solvers.repeated.public._image import image
from solvers.repeated.public._programs import ACCURACY, SignalGame

__all__ = ["inner_set", "seeds"]

# Shares pulled in: from rounding's to nearly half, about three to a power of ten where sets end up.
_PULLS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.2, 0.4)
# Applications of the operator to each pulled set, and to a set that generates itself. Growth stops before, once a round
# closes less than 3% of the gap.
_TRIES, _GROWTH = 4, 40
_LEAST = 0.97
# Steps towards the outer polytope, as shares of the way: the first one, and the bounds between which they are halved where one
# does not stand and lengthened by half where it does.
_STRIDE, _SHORTEST, _LONGEST = 0.25, 0.02, 0.8
# Vertices from which on sets are thinned: programs grow with them, by a share of the gap that growth soon makes good.
_MANY = {2: 150, 3: 60}
_THIN = 0.05
# Corners that stick out further than this from what is reached in the directions are not worth a look.
_FAR = 0.02


def inner_set(game: SignalGame, W: Polytope, normals: FloatArray, deadline: Deadline) -> Polytope | None:
    """A self-generating polytope inside W, as large as can be had; None if none was found."""
    steady = [game.payoffs[a] for a in range(len(game.payoffs)) if (game.departures(a)[2] <= 0.0).all()]
    if game.n_players > 2 and steady:
        return _from_seeds(game, W, steady, normals, deadline)
    best = Polytope.hull(np.array(steady)) if steady else None
    for pull in (0.0, *_PULLS):
        if deadline.passed:
            break
        V = W if pull == 0.0 else _towards(W, steady, pull)
        for _ in range(_TRIES):
            found, out = _generates(game, V, normals)
            if found is None:
                break
            if out <= ACCURACY:
                return _grown(game, W, V, found, normals, pull, deadline)
            V = found
    return best


def seeds(game: SignalGame, steady: list[FloatArray]) -> list[FloatArray]:
    """Payoffs x of profiles that are played until a lottery after bad news ends them for a stage equilibrium e.

    {x, e} generates itself. With `x = e + s (g - e)` and promises `x - z(y) (g - e)` the conditions are linear in s and z.
    One discount factor only: with several, x does not lie between g and e.
    """
    from scipy.optimize import linprog

    if not game.common:
        return []
    d, count = float(game.discount[0]), game.signals.shape[1]
    out = []
    for a, g in enumerate(game.payoffs):
        who, less, gain = game.departures(a)
        for e in steady:
            rows = np.column_stack([np.zeros(len(who)), d * (g - e)[who, None] * less])
            below = np.column_stack([-np.ones(count), np.eye(count)])
            answer = linprog(
                np.append(-1.0, np.zeros(count)),
                np.vstack([rows, below]),
                np.concatenate([-(1.0 - d) * gain, np.zeros(count)]),
                np.append(1.0 - d, d * game.signals[a])[None, :],
                [1.0 - d],
            )
            if answer.status == 0:
                out.append(e + float(answer.x[0]) * (g - e))
    return out


def _from_seeds(
    game: SignalGame, W: Polytope, steady: list[FloatArray], normals: FloatArray, deadline: Deadline
) -> Polytope:
    """The hull of stage equilibria and seeds, grown; the last one that has been checked."""
    V = Polytope.hull(np.array([*steady, *seeds(game, steady)]))
    found, out = _generates(game, V, normals)
    if found is None or out > ACCURACY:
        return Polytope.hull(np.array(steady))
    stride, gap = _STRIDE, V.furthest(W.vertices)
    for _ in range(_GROWTH):
        larger = Polytope.hull(np.vstack([V.vertices, found.vertices]), 1e-11)
        # Further than the operator goes at once; then fewer vertices than it gives; and what it gives, which stands.
        for trial in (_light(_closer(larger, W, normals, stride), gap), _light(larger, gap), larger):
            if deadline.passed:
                return V
            after, out = _generates(game, trial, normals)
            if after is not None and out <= ACCURACY:
                break
            stride = max(0.5 * stride, _SHORTEST)
        else:
            break
        stride = min(1.5 * stride, _LONGEST)
        V, found, before = trial, after, gap
        gap = V.furthest(W.vertices)
        if gap > _LEAST * before:
            break
    return V


def _closer(V: Polytope, W: Polytope, normals: FloatArray, share: float) -> Polytope:
    """V and points on the way from where it reaches furthest in each direction to where W does."""
    own, other = (P.vertices[(P.vertices @ normals.T).argmax(axis=0)] for P in (V, W))
    return Polytope.hull(np.vstack([V.vertices, own + share * (other - own)]))


def _light(V: Polytope, gap: float) -> Polytope:
    many = _MANY[V.vertices.shape[1]]
    return V.thinned(_THIN * gap, outwards=False) if len(V.vertices) > many else V


def _generates(game: SignalGame, V: Polytope, normals: FloatArray) -> tuple[Polytope | None, float]:
    """Payoffs that V generates, as a polytope, and how far V sticks out of it."""
    possible = np.ones(len(game.payoffs), dtype=np.bool_)
    every = distinct(np.vstack([normals, V.normals]), 10) if game.n_players == 2 else normals
    found = image(game, V.vertices, every, possible, capped=False)
    if found is None:
        return None, np.inf
    made = Polytope.hull(found[1], 1e-11)
    beyond = made.excess(V.vertices)
    out = float(beyond.max())
    if out <= ACCURACY or game.n_players == 2 or out > _FAR:
        return made, out
    # The points reached in some directions leave corners of what is generated uncovered: these are looked at one by one.
    there = V.vertices[beyond > ACCURACY]
    out = max(float(beyond[beyond <= ACCURACY].max(initial=0.0)), game.shortfall(V.vertices, there))
    return (Polytope.hull(np.vstack([made.vertices, there]), 1e-11) if out <= ACCURACY else made), out


def _towards(W: Polytope, steady: list[FloatArray], pull: float) -> Polytope:
    """W pulled in, towards the mean of its vertices; what stage equilibria give stays in."""
    pulled = W.pulled(1.0 - pull).vertices
    return Polytope.hull(np.vstack([pulled, *steady]) if steady else pulled)


def _grown(
    game: SignalGame,
    W: Polytope,
    V: Polytope,
    found: Polytope,
    normals: FloatArray,
    pull: float,
    deadline: Deadline,
) -> Polytope:
    """Let a self-generating polytope grow by the operator; each one handed on has been checked."""
    gap = V.furthest(W.vertices)
    for _ in range(_GROWTH if pull > 1e-5 else 0):
        larger = _light(Polytope.hull(np.vstack([V.vertices, found.vertices]), 1e-11), gap)
        after, out = _generates(game, larger, normals)
        if after is None or out > ACCURACY:
            break
        V, found, before = larger, after, gap
        gap = V.furthest(W.vertices)
        if gap > _LEAST * before or deadline.passed:
            break
    return V
