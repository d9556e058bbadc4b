"""From inside: polytopes by state that generate themselves, and so consist of equilibrium payoffs.

Suppose V(s) lies inside what promises from the V(t) generate in s, for every s, with deviators held to the worst
payoffs of the V(t) themselves. Then every point of every V(s) is the payoff of an equilibrium (Abreu, Pearce and
Stacchetti 1990, theorem 1, by state). What is handed back has been checked so, vertex by vertex. It is looked for
inside the outer polytopes: these themselves, then the same pulled in by more and more; and it may grow by the
operator, which keeps it so.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope
from solvers.stochastic._fan import Fan
from solvers.stochastic._operator import generate, lowest
from solvers.stochastic._pairs import Pairs

__all__ = ["EXACT", "distance", "images", "inner_sets"]

EXACT = 4.0 * ROUNDING
"""Polytopes that stick out of what they generate by no more than this are taken to generate themselves."""

# Attempts with growing pulls, in units of how far the operator would still move the outer sets in all its rounds.
_PULLS = (3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6)
# Rounds after each pull; random games of three players and 64 profiles took three.
_TRIES = 12
# Multiples of the outer sets tried where no pull succeeds, the largest first.
_SHARES = (0.7, 0.55, 0.4, 0.3, 0.2, 0.1, 0.05)
# Vertices from which on sets are thinned. With half as many, random games of three players and 64 profiles gave the same gap.
_MANY = 60
# Rounds of growth; it ends before, once a round closes less than a hundredth of the gap.
_GROWTH = 100


def images(pairs: Pairs, sets: Sequence[Polytope]) -> tuple[list[Polytope] | None, float]:
    """What the sets generate with their own worst payoffs as threats, and how far they stick out of it; None if a state
    has nothing."""
    made = generate(pairs, Fan.of(sets), lowest(sets))
    begins = np.searchsorted(made.pairs, pairs.first)
    if (np.diff(begins) == 0).any():
        return None, np.inf
    found = [Polytope.hull(made.payoffs[b:e]) for b, e in itertools.pairwise(begins)]
    out = max(float(image.excess(V.vertices).max()) for image, V in zip(found, sets))
    if out <= EXACT:
        out = max(out, max(float(image.distance(V.vertices).max()) for image, V in zip(found, sets)))
    return found, out


def distance(outer: Sequence[Polytope], inner: Sequence[Polytope]) -> FloatArray:
    """How far the vertices of each outer polytope lie from the inner one, (S,)."""
    return np.array([V.furthest(W.vertices) for W, V in zip(outer, inner)])


def inner_sets(
    pairs: Pairs,
    outer: Sequence[Polytope],
    known: Callable[[], Sequence[FloatArray]],
    moved: float,
    tolerance: float,
    deadline: Deadline,
) -> tuple[list[Polytope], FloatArray]:
    """Self-generating polytopes as close to the outer ones as can be had, and their distances (S,); infinite if none were
    found.

    `known` gives payoffs (S, N) of equilibria that are known otherwise, such as Markov perfect ones; asked if nothing else
    is found.
    """
    W = list(outer)
    unit = max(moved, tolerance) / (1.0 - float(pairs.discount.max()))
    best: list[Polytope] | None = None
    gap = np.inf
    found, out = images(pairs, W)
    if found is not None and out <= EXACT:
        return _plain(pairs, W), np.zeros(len(W))
    for pull in (0.0, *_PULLS):
        if gap <= 100.0 * unit or pull * unit > 0.5 or deadline.passed:
            break
        light = [_lighter(v, unit) for v in W]
        V = W if pull == 0.0 else [v.pulled(1.0 - pull * unit) for v in light]
        for attempt in range(_TRIES if pull else 3 * _TRIES):
            # Thinned sets never meet an exact one: without a pull only sets on few vertices are followed.
            if attempt and not pull and max(len(v.vertices) for v in V) > _MANY:
                break
            found, out = images(pairs, V)
            if found is None or deadline.passed:
                break
            if out <= EXACT:
                other, away = _grown(pairs, W, V, 100.0 * unit, deadline)
                if away < gap:
                    best, gap = other, away
                break
            V = [_lighter(image, 0.3 * max(moved, tolerance)) for image in found]
    if best is None:
        best = _small(pairs, W, deadline)
        steady = known()
        if len(steady):
            cores = [Polytope.hull(np.stack([values[s] for values in steady])) for s in range(len(W))]
            # The hull of two self-generating sets is self-generating.
            best = cores if best is None else [_joined(v, core) for v, core in zip(best, cores)]
        if best is not None and images(pairs, best)[1] <= EXACT:
            best, gap = _grown(pairs, W, best, 100.0 * unit, deadline)
        elif best is not None:
            best = None
    if best is None:
        return [Polytope.nothing(pairs.n_players)] * len(W), np.full(len(W), np.inf)
    return best, distance(W, best)


def _joined(one: Polytope, other: Polytope) -> Polytope:
    return Polytope.hull(np.vstack([one.vertices, other.vertices]))


def _small(pairs: Pairs, W: list[Polytope], deadline: Deadline) -> list[Polytope] | None:
    """The first of some multiples of the outer sets, around the means of their vertices, that generate themselves."""
    for share in _SHARES:
        V = [w.pulled(share) for w in W]
        if deadline.passed:
            return None
        if images(pairs, V)[1] <= EXACT:
            return V
    return None


def _plain(pairs: Pairs, W: list[Polytope]) -> list[Polytope]:
    """Without corners that rounding alone has made, if the sets stand without them."""
    plain = [V.thinned(10.0 * ROUNDING, outwards=False) for V in W]
    return plain if images(pairs, plain)[1] <= EXACT else W


def _lighter(V: Polytope, error: float) -> Polytope:
    return V.thinned(error, outwards=False) if len(V.vertices) > _MANY else V


def _grown(
    pairs: Pairs, W: list[Polytope], V: list[Polytope], enough: float, deadline: Deadline
) -> tuple[list[Polytope], float]:
    """Let self-generating sets grow: what lies between them and their image generates itself, too. Checked at the end."""
    begun, gap = V, float(distance(W, V).max())
    for _ in range(_GROWTH):
        found, out = images(pairs, V)
        if found is None or out > EXACT:
            break
        begun = V
        V = [
            Polytope.hull(np.vstack([v.vertices, image.thinned(0.02 * gap, outwards=False).vertices]))
            if len(image.vertices) > _MANY
            else image
            for v, image in zip(V, found)
        ]
        before, gap = gap, float(distance(W, V).max())
        if gap <= enough or gap > 0.99 * before or deadline.passed:
            break
    if images(pairs, V)[1] <= EXACT:
        return V, gap
    return begun, float(distance(W, begun).max())
