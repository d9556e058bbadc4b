"""Players who decide nothing for the others are split off, so that the exact solver of two-player games answers for the rest.

Without a choice: one action, or one that is left after strictly dominated ones are removed. Without influence: no
other player's payoff depends on what the player does. The others then play their own game, and the player adds its
best responses to each equilibrium of that game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from games.normal_form import NormalFormGame
from games.types import MixedProfile
from solvers.equilibrium.proof import is_exact_equilibrium
from solvers.equilibrium.results import Equilibria, Proof
from solvers.nash.many_players._pieces import Supports

__all__ = ["Split", "SplitPoint", "split"]

T = TypeVar("T")


@dataclass(frozen=True)
class SplitPoint:
    """An equilibrium of the whole game, made of one of the rest."""

    profile: MixedProfile
    proof: Proof
    index: int | None
    radius: float | None


@dataclass(frozen=True)
class Split:
    """What the rest's equilibria make of the whole game.

    Attributes
    ----------
    points : the equilibria
    components : connected sets of them, as positions
    shapes : for each its dimension, None where it is not known, and its supports
    rest : the solution of the rest
    sure : False if a tie of the added player could not be decided
    """

    points: list[SplitPoint]
    components: list[list[int]]
    shapes: list[tuple[int | None, tuple[Supports, ...]]]
    rest: Equilibria
    sure: bool


def split(game: NormalFormGame, solve: Callable[[NormalFormGame], Equilibria]) -> Split | None:
    """Solve the game by one with fewer players, or return None if every player has a choice and influence."""
    idle = [i for i, k in enumerate(game.shape) if k == 1]
    if idle and len(idle) < game.n_players:
        return _without(game, idle, solve)
    if not idle:
        for i in range(game.n_players):
            if not _has_influence(game, i):
                return _add(game, i, solve)
    return None


def _payoffs(game: NormalFormGame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64 | np.object_]]:
    return game.payoffs if game.floats_are_exact else game.exact


def _rest(game: NormalFormGame, gone: Sequence[int]) -> NormalFormGame:
    """The game of the other players, those gone playing their first action."""
    stay = [i for i in range(game.n_players) if i not in gone]
    at = tuple(0 if i in gone else slice(None) for i in range(game.n_players))
    return NormalFormGame(
        _payoffs(game)[at][..., stay], [game.players[i] for i in stay], [game.actions[i] for i in stay]
    )


def _placed(of_rest: Sequence[T], added: Mapping[int, T]) -> tuple[T, ...]:
    """What there is for each player of the rest, with what is added for those who are not of it."""
    rest = iter(of_rest)
    return tuple(added[i] if i in added else next(rest) for i in range(len(of_rest) + len(added)))


def _without(game: NormalFormGame, idle: list[int], solve: Callable[[NormalFormGame], Equilibria]) -> Split:
    found = solve(_rest(game, idle))
    added = {i: np.ones(1) for i in idle}
    points = [SplitPoint(_placed(e.profile, added), e.proof, e.index, e.radius) for e in found]
    shapes = [
        (c.dimension, tuple(_placed(s, dict.fromkeys(idle, (0,))) for s in c.supports))
        for c in found.components
    ]
    return Split(points, _same_components(found), shapes, found, True)


def _same_components(found: Equilibria) -> list[list[int]]:
    """The components of a solution as positions among its equilibria."""

    def inside(profile: MixedProfile, vertices: Sequence[MixedProfile]) -> bool:
        return any(all(np.array_equal(v, w) for v, w in zip(profile, vertex)) for vertex in vertices)

    return [
        [k for k, e in enumerate(found) if inside(e.profile, component.vertices)]
        for component in found.components
    ]


def _has_influence(game: NormalFormGame, i: int) -> bool:
    payoffs = np.moveaxis(_payoffs(game), i, 0)
    others = [j for j in range(game.n_players) if j != i]
    return bool((payoffs[..., others] != payoffs[:1][..., others]).any())


def _add(game: NormalFormGame, i: int, solve: Callable[[NormalFormGame], Equilibria]) -> Split | None:
    rest = _rest(game, [i])
    found = solve(rest)
    points: list[SplitPoint] = []
    of_rest: list[list[int]] = []
    sure = True
    for e in found:
        best, exact = _best(game, i, rest, e.profile)
        sure &= exact
        alone = len(best) == 1
        of_rest.append(list(range(len(points), len(points) + len(best))))
        for a in best:
            own = np.zeros(game.shape[i])
            own[a] = 1.0
            points.append(
                SplitPoint(
                    _placed(e.profile, {i: own}),
                    e.proof,
                    e.index if alone else None,
                    e.radius if alone else None,
                )
            )
    # Best responses to a connected set form one, as each is a simplex and they change upper hemicontinuously.
    components = [[p for k in ks for p in of_rest[k]] for ks in _same_components(found)]
    grouped = {p for ks in components for p in ks}
    components += [ks for ks in of_rest if len(ks) > 1 and not grouped & set(ks)]
    # One point with one best response is one point; what best responses to a larger set make of it is not worked out.
    shapes: list[tuple[int | None, tuple[Supports, ...]]] = [
        (0 if c.dimension == 0 and len(ks) == 1 else None, ()) for c, ks in zip(found.components, components)
    ]
    shapes += [(None, ())] * (len(components) - len(shapes))
    return Split(points, components, shapes, found, sure)


def _best(
    game: NormalFormGame, i: int, rest: NormalFormGame, profile: MixedProfile
) -> tuple[list[int], bool]:
    """Player i's best responses to an equilibrium of the others, and whether ties are decided exactly."""
    values = np.moveaxis(game.normalised[..., i], i, 0)
    for vector in profile:
        values = np.tensordot(values, vector, axes=(1, 0))
    close = np.flatnonzero(values >= values.max() - 1e-9).tolist()
    if len(close) == 1:
        return close, True
    guess = [[Fraction(float(p)).limit_denominator(10**6) for p in v] for v in profile]
    near = all(abs(float(q) - p) < 1e-12 for w, v in zip(guess, profile) for q, p in zip(w, v))
    if not (near and is_exact_equilibrium(rest, guess)):
        return close, False
    table = np.moveaxis(game.exact[..., i], i, 0)
    for w in guess:
        column = np.empty(len(w), dtype=object)
        column[:] = w
        table = np.moveaxis(table, 1, -1).dot(column)
    exact = [Fraction(x) for x in table.tolist()]
    return [a for a, x in enumerate(exact) if x == max(exact)], True
