"""From inside: polytopes of promises that generate themselves, and so consist of perfect public equilibrium payoffs.

In the plane the outer polytope is pulled in more and more until it generates itself; it soon does. With three players that loses
incentives everywhere at once. There corners move in along their rays, each as far as the operator asks (the inner
approximation of Judd, Yeltekin and Conklin 2003), until all stand. What stands then grows: the hull of self-generating
sets generates itself, and so does what lies between such a set and its image (Abreu, Pearce and Stacchetti 1990). Stage
equilibria are such sets, and so are pairs of points, a profile played until a lottery after bad news ends it for good.

What is handed back has been checked, vertex by vertex, by linear programs.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.programs import linprog
from solvers.repeated.payoff_sets.polytope import Polytope, distinct
from solvers.repeated.public._image import image
from solvers.repeated.public._programs import ACCURACY, SignalGame
from solvers.repeated.public._rays import Rays, generates_itself

__all__ = ["inner_set", "seeds"]

# Shares pulled in: from rounding's to nearly half, about three to a power of ten where sets end up.
_PULLS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.2, 0.4)
# Applications of the operator to each pulled set.
_TRIES = 4
# Corners of three players' sets: thinned to about thirty by this error (a program each); moved in by so many times what the
# operator asks, and a little, so that rounds are a dozen and not thirty, for growth makes good what that loses; at the most
# so often.
_ROUGH, _BEYOND, _NUDGE, _MOVES = 0.02, 3.0, 1e-4, 60
_LEAST_MOVE = 1e-9
# Rounds of growth by the number of players, and the share of the gap that a round may leave; with three players a round may
# stall (the furthest corner moves in few directions), several in a row do not.
_GROWTH, _LEAST, _STALLED = {2: 40, 3: 40}, {2: 0.97, 3: 0.98}, 3
# Share of the time that is kept for the check: one program for each vertex, as long as a dozen rounds together.
_CHECKING = 0.5
# Vertices from which on sets in the plane are thinned, by a share of the gap that growth soon makes good.
_MANY, _THIN = 150, 0.05


def inner_set(game: SignalGame, W: Polytope, normals: FloatArray, deadline: Deadline) -> Polytope | None:
    """A self-generating polytope inside W, as large as can be had; None if none was found."""
    steady = [game.payoffs[a] for a in range(len(game.payoffs)) if (game.departures(a)[2] <= 0.0).all()]
    if game.n_players > 2:
        moved = _moved_in(game, W, normals, steady, deadline)
        return moved if moved.dimension >= 0 else None
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


def _moved_in(
    game: SignalGame, W: Polytope, normals: FloatArray, steady: list[FloatArray], deadline: Deadline
) -> Polytope:
    """What is left of W when corners have moved in along their rays, with stage equilibria and seeds, grown and checked."""
    sure = Polytope.hull(np.array([*steady, *seeds(game, steady)])) if steady else None
    if sure is not None and not generates_itself(game, sure.vertices, deadline):
        sure = Polytope.hull(np.array(steady))
    room = deadline.left
    V = W.thinned(_ROUGH, outwards=False).vertices if W.dimension == game.n_players else W.vertices
    centre = W.vertices.mean(axis=0)
    for _ in range(_MOVES):
        rays = Rays(game, V)
        lengths = np.array([-1.0 if deadline.passed else rays.length(centre, v) for v in V])
        if lengths.min() < 0.0:
            break
        if ((1.0 - lengths) * np.abs(V - centre).max(axis=1) <= ACCURACY).all():
            sure = Polytope.hull(V if sure is None else np.vstack([V, sure.vertices]))
            break
        further = 1.0 - _BEYOND * (1.0 - lengths) - _NUDGE
        V = centre + np.where(lengths < 1.0 - _LEAST_MOVE, np.maximum(further, 0.0), 1.0)[:, None] * (
            V - centre
        )
    if sure is None:
        return Polytope.nothing(game.n_players)
    larger = _grown_unchecked(game, W, sure, normals, deadline, room)
    return larger if generates_itself(game, larger.vertices, deadline) else sure


def _grown_unchecked(
    game: SignalGame, W: Polytope, V: Polytope, normals: FloatArray, deadline: Deadline, room: float
) -> Polytope:
    """A self-generating polytope and its images, round after round; stands up to rounding, which is left to be checked."""
    possible = np.ones(len(game.payoffs), dtype=np.bool_)
    gap, stalled = V.furthest(W.vertices), 0
    for _ in range(_GROWTH[3]):
        if deadline.finite and deadline.left < _CHECKING * room:
            break
        found = image(game, V.vertices, normals, possible, capped=False)
        if found is None:
            break
        V = Polytope.hull(np.vstack([V.vertices, found[1]]), 1e-11)
        before, gap = gap, V.furthest(W.vertices)
        stalled = stalled + 1 if gap > _LEAST[3] * before else 0
        if stalled == _STALLED:
            break
    return V


def _generates(game: SignalGame, V: Polytope, normals: FloatArray) -> tuple[Polytope | None, float]:
    """Payoffs that V generates, as a polytope, and how far V sticks out of it."""
    possible = np.ones(len(game.payoffs), dtype=np.bool_)
    every = distinct(np.vstack([normals, V.normals]), 10)
    found = image(game, V.vertices, every, possible, capped=False)
    if found is None:
        return None, np.inf
    made = Polytope.hull(found[1], 1e-11)
    return made, float(made.excess(V.vertices).max())


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
    for _ in range(_GROWTH[2] if pull > 1e-5 else 0):
        larger = Polytope.hull(np.vstack([V.vertices, found.vertices]), 1e-11)
        if len(larger.vertices) > _MANY:
            larger = larger.thinned(_THIN * gap, outwards=False)
        after, out = _generates(game, larger, normals)
        if after is None or out > ACCURACY:
            break
        V, found, before = larger, after, gap
        gap = V.furthest(W.vertices)
        if gap > _LEAST[2] * before or deadline.passed:
            break
    return V
