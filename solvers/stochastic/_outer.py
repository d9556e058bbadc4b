"""From outside: polytopes by state that hold every equilibrium payoff, shrunk by the operator until they stay.

With a common discount factor each round goes further than the operator alone. Let x_s be the greatest value of a direction
on the equilibrium payoffs of state s. Whatever pair of s is best there, x_s is at most what the operator makes of it, and
at most `(1 - d) g + d sum_t p(t) x_t`, since promises are equilibrium payoffs themselves. So x is at most the solution of

    x_s = max over pairs of  min { operator's value, (1 - d) g + d sum_t p(t) x_t },

a contraction that policy iteration solves (the max-min-max operator of Abreu, Brooks and Sannikov 2020). Where no incentive
constraint binds, one round does what would take the operator many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from games.normal_form import FloatArray
from games.types import IndexArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets.directions import FINEST, directions, enclosing, refined
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope, distinct
from solvers.stochastic._fan import Fan
from solvers.stochastic._operator import Generated, generate, lowest
from solvers.stochastic._pairs import Pairs

__all__ = ["Outer", "Status", "outer_sets"]

Status: TypeAlias = Literal["converged", "iteration limit", "time limit"]

# Vertices from which on a polytope with a common discount factor is put on fewer ones. With half and twice as many,
# random games of three players and 64 profiles took the same time within a fifth. Gaps were the same within a third.
_MANY = 60
# Vertices up to which they are followed to the end: published sets have up to twenty, and rounds on so few are quick.
_FEW = 40
# With curved surfaces, as in `solvers.repeated`: directions that an error asks for, rounds before the first are added (the
# set must have come near), rounds between (new ones must have taken effect), share added each time.
_FACETS, _FIRST, _EVERY, _NEW = 0.14, 8, 3, 0.04
# Policies end after a few rounds where they end; if they go round, plain rounds from above are sound however few.
_POLICY_ROUNDS = 30
_VALUE_ROUNDS = 20


@dataclass(frozen=True)
class Outer:
    """Where iteration from outside stopped.

    Attributes
    ----------
    alive : the states that are left, as numbers of the whole game's
    pairs : the pairs of these states
    sets : a polytope for each of them
    moved : how far the last round moved them
    """

    alive: IndexArray
    pairs: Pairs
    sets: list[Polytope]
    moved: float
    rounds: int
    status: Status


def outer_sets(
    pairs: Pairs, tolerance: float, max_iterations: int, deadline: Deadline, exact: float = 1.0
) -> Outer:
    """Shrink from all conceivable payoffs until the polytopes move by no more than the tolerance.

    Polytopes on few vertices, with a common discount factor, are followed down to `exact`: they tend to be finite sets.
    """
    n = pairs.n_players
    alive = np.arange(pairs.n_states)
    W = [_start(pairs)] * pairs.n_states
    punishments = pairs.minmax.copy()
    curved = n > 2 and not pairs.common
    normals = directions(n)
    most = len(normals) + round(_FACETS / max(tolerance, FINEST))
    moved = np.inf
    for round_ in range(1, max_iterations + 1):
        made = generate(pairs, Fan.of(W), punishments)
        lost = np.setdiff1d(np.arange(pairs.n_states), pairs.state[made.pairs])
        if len(lost):
            # Nothing can be enforced there, and so nothing in any state from which play may lead there.
            kept = np.flatnonzero(~pairs.reaches[:, lost].any(axis=1))
            alive = alive[kept]
            if not len(kept):
                return Outer(alive, pairs, [], 0.0, round_, "converged")
            pairs, W, punishments = pairs.among(kept), [W[s] for s in kept], punishments[kept]
            continue
        if deadline.passed:
            return Outer(alive, pairs, W, moved, round_, "time limit")
        points = _by_state(pairs, made)
        refining = False
        enclosed = [enclosing(p, V, normals) if curved else None for p, V in zip(points, W)]
        if curved and all(e is not None for e in enclosed):
            W = [e[0] for e in enclosed if e is not None]
            moved = max(e[1] for e in enclosed if e is not None)
            due = moved <= tolerance or (round_ >= _FIRST and (round_ - _FIRST) % _EVERY == 0)
            if due and len(normals) < most:
                had = len(normals)
                room = min(round(_NEW / max(tolerance, FINEST)), most - had)
                for V, p in zip(W, points):
                    normals = refined(normals, V, p, max(1, room // len(W)), tolerance)
                refining = len(normals) > had
        else:
            images = [Polytope.hull(p) for p in points]
            images = [_lighter(image, pairs, min(moved, 1.0), tolerance) for image in images]
            if pairs.common:
                images = [
                    _lighter(V, pairs, min(moved, 1.0), tolerance) for V in _cut_back(pairs, made, images)
                ]
            moved = max(max(0.0, float(image.excess(V.vertices).max())) for image, V in zip(images, W))
            W = images
        punishments = np.maximum(punishments, lowest(W))
        few = pairs.common and max(len(V.vertices) for V in W) <= _FEW
        if moved <= (min(tolerance, exact) if few else tolerance) and not refining:
            return Outer(alive, pairs, W, moved, round_, "converged")
    return Outer(alive, pairs, W, moved, max_iterations, "iteration limit")


def _start(pairs: Pairs) -> Polytope:
    """All averages of stage payoffs; with unequal discount factors, trade over time can lead anywhere in the players'
    ranges."""
    if pairs.common:
        return Polytope.hull(pairs.payoffs)
    low, high = pairs.payoffs.min(axis=0), pairs.payoffs.max(axis=0)
    corners = np.stack(np.meshgrid(*zip(low, high), indexing="ij"), axis=-1)
    return Polytope.hull(corners.reshape(-1, len(low)))


def _by_state(pairs: Pairs, made: Generated) -> list[FloatArray]:
    begins = np.searchsorted(made.pairs, pairs.first)
    return [made.payoffs[begins[s] : begins[s + 1]] for s in range(pairs.n_states)]


def _lighter(W: Polytope, pairs: Pairs, moved: float, tolerance: float) -> Polytope:
    """W on fewer vertices, where they have become many, and a little larger: by less than what movement is left."""
    if len(W.vertices) <= _MANY:
        return W
    share = 0.1 if pairs.common else 0.2 * (1.0 - float(pairs.discount.max()))
    error = share * max(moved, tolerance)
    thin = W.thinned(error, outwards=True)
    if len(thin.vertices) < 0.7 * len(W.vertices):
        return thin
    if len(W.vertices) > 2 * _MANY and 2 < pairs.n_players == W.dimension:
        # Thin sets resist being thinned by moving vertices; moving a few facets always covers them.
        unit = distinct(W.thinned(0.2 * error, outwards=False).normals, 12)
        enclosed = enclosing(W.vertices, W, unit)
        if (
            enclosed is not None
            and len(enclosed[0].vertices) < 0.7 * len(W.vertices)
            and W.furthest(enclosed[0].vertices) < max(moved, tolerance)
        ):
            return enclosed[0]
    return W


def _cut_back(pairs: Pairs, made: Generated, images: list[Polytope]) -> list[Polytope]:
    """The images, their facets moved in to where the max-min-max operator has them."""
    flat = [image.dimension < pairs.n_players for image in images]
    if pairs.n_players > 2 and all(flat):
        return images
    owner = np.concatenate([np.full(len(image.normals), s) for s, image in enumerate(images)])
    normals = np.concatenate([image.normals for image in images])
    # Facets that face the same way need one level only.
    _, kept, number = np.unique(normals.round(13) + 0.0, axis=0, return_index=True, return_inverse=True)
    heads, number = normals[kept], number.ravel()
    begins = np.flatnonzero(np.diff(made.pairs, prepend=-1))
    rows = made.pairs[begins]
    ends = np.append(begins[1:], len(made.pairs))
    caps = np.stack([(heads @ made.payoffs[b:e].T).max(axis=1) for b, e in zip(begins, ends)])
    own = (1.0 - float(pairs.discount[0])) * (pairs.payoffs[rows] @ heads.T)
    levels = _least_levels(pairs, rows, own, caps)
    out = []
    for s, image in enumerate(images):
        mine = owner == s
        limit = levels[s, number[mine]]
        less = limit < image.offsets - ROUNDING
        out.append(image.cut(image.normals[less], limit[less]) if less.any() else image)
    return out


def _least_levels(pairs: Pairs, rows: IndexArray, own: FloatArray, caps: FloatArray) -> FloatArray:
    """Levels x (S, K) with `x_s >= max over the rows of s of min(caps, own + d P x)`, as small as can be had.

    Whatever satisfies that is an upper bound. Policy iteration finds the least one; where it does not end, plain iteration
    from above comes near enough.
    """
    d = float(pairs.discount[0])
    step = pairs.step[rows]
    begins = np.flatnonzero(np.diff(pairs.state[rows], prepend=-1))
    state = pairs.state[rows]
    x = np.maximum.reduceat(caps, begins)
    count, many = x.shape
    each = np.arange(many)

    def apply(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        onwards = own + d * (step @ x)
        return np.minimum(caps, onwards), onwards

    trial = x
    for _ in range(_POLICY_ROUNDS):
        worth, onwards = apply(trial)
        best = np.maximum.reduceat(worth, begins)
        hit = np.stack([begins[s] + (worth[state == s] == best[s]).argmax(axis=0) for s in range(count)])
        free = onwards[hit, each] <= caps[hit, each]
        system = np.eye(count) - d * np.where(free.T[:, :, None], step[hit].transpose(1, 0, 2), 0.0)
        right = np.where(free, own[hit, each], caps[hit, each])
        solved = np.linalg.solve(system, right.T[:, :, None])[:, :, 0].T
        if np.abs(solved - trial).max() <= ROUNDING:
            break
        trial = solved
    # Sound only where it bounds its own image from above.
    over = np.maximum.reduceat(apply(solved)[0], begins)
    sound = (over <= solved + ROUNDING).all(axis=0)
    x = np.where(sound, np.minimum(np.maximum(solved, over), x), x)
    for _ in range(0 if sound.all() else _VALUE_ROUNDS):
        x = np.minimum(x, np.maximum.reduceat(apply(x)[0], begins))
    return x
