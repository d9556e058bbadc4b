"""Payoffs of perfect public equilibria at fixed discount factors, between an outer and an inner polytope.

Pure strategies that depend on past public signals alone, a public lottery before every period. The set of these payoffs is the
largest bounded V with V = B(V) for the operator of `_programs` (Abreu, Pearce and Stacchetti 1990; Fudenberg, Levine and
Maskin 1994).

*Outer.* Half-spaces in a growing list of directions are moved in. With a common discount factor a profile a cannot
reach further than its own stage payoff does in the best direction, since promises are equilibrium payoffs themselves.
*Inner.* A polytope V inside B(V) consists of equilibrium payoffs. It is looked for inside the outer one, pulled in more
and more; what is handed back has been checked, vertex by vertex, by linear programs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from games.errors import MethodError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.repeated.payoff_sets.directions import directions
from solvers.repeated.payoff_sets.polytope import Polytope, distinct
from solvers.repeated.public._programs import ACCURACY, Furthest, SignalGame, signal_game

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublicPayoffSet", "public_payoff_set"]

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

# New directions are looked for in so many of the rounds, and so many found at once.
_EVERY, _NEW = 3, 10
_MOST = {2: 56, 3: 64}
_PULLS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.2, 0.4)
_TRIES, _GROWTH = 4, 40
_GOINGS = 300


@dataclass(frozen=True, eq=False, repr=False)
class PublicPayoffSet(Result):
    """The payoffs of perfect public equilibria, bracketed; in the units of the stage game.

    Attributes
    ----------
    play : RepeatedGame
    outer : Polytope that contains every such payoff (pure strategies, public lotteries), up to 1e-9 of the payoff range;
        without vertices if there is none
    inner : Polytope of such payoffs, checked to generate itself to 1e-9; without vertices if none was found
    gap : distance of the outer polytope's furthest vertex from the inner one, every player's payoff range counted as 1;
        infinity without an inner polytope
    empty : True if it is proved that no perfect public equilibrium in pure strategies exists
    status : `converged`, `iteration limit` or `time limit`; outer and inner are sound in every case
    iterations : rounds of the outer polytope
    seconds : processor time used
    """

    play: RepeatedGame
    outer: Polytope
    inner: Polytope
    gap: float
    empty: bool
    status: Literal["converged", "iteration limit", "time limit"]
    iterations: int
    seconds: float

    @property
    def converged(self) -> bool:
        """True if the iteration met its tolerance."""
        return self.status == "converged"

    def worst(self, player: str | int) -> float:
        """The player's worst payoff in the inner polytope; infinity if there is none."""
        return float(self.inner.lowest[self.play.stage.player_index(player)])

    def best(self, player: str | int) -> float:
        """The player's best payoff in the inner polytope; minus infinity if there is none."""
        return float(self.inner.highest[self.play.stage.player_index(player)])

    def summary(self) -> str:
        if self.empty:
            return (
                "No perfect public equilibrium in pure strategies exists at these discount factors: the stage game has no pure "
                "equilibrium, and the signals allow no profile to be enforced."
            )
        what = {0: "a point", 1: "a segment", 2: "a polygon"}.get(
            self.outer.dimension, f"a polytope of dimension {self.outer.dimension}"
        )
        end = (
            ""
            if self.converged
            else f" The computation stopped at the {self.status}: more time narrows the gap."
        )
        head = "The payoffs of perfect public equilibria (pure strategies, public lotteries)"
        if self.inner.dimension < 0:
            return (
                f"{head} lie in {what} with {counted(len(self.outer.vertices), 'vertex', 'vertices')}; no "
                "self-generating polytope was found inside "
                f"(one may still exist).{end}"
            )
        return (
            f"{head} fill {what} between an inner polytope with "
            f"{counted(len(self.inner.vertices), 'vertex', 'vertices')}, checked to be "
            f"self-generating, and an outer one with {len(self.outer.vertices)}. They differ by at most {self.gap:.2g} of the "
            f"payoff range.{end}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: the worst and best payoffs of the outer and the inner polytope."""
        import pandas as pd

        frame = pd.DataFrame(index=pd.Index(self.play.stage.players, name="player"))
        for name, found in (("outer", self.outer), ("inner", self.inner)):
            frame[f"worst ({name})"] = found.lowest if len(found.vertices) else np.nan
            frame[f"best ({name})"] = found.highest if len(found.vertices) else np.nan
        return frame


def public_payoff_set(
    play: RepeatedGame,
    *,
    tolerance: float | None = None,
    max_iterations: int = 5000,
    time_limit: float | None = None,
) -> PublicPayoffSet:
    """What `repeated.payoff_set` gives for a game with public signals; two or three players."""
    if play.n_players not in (2, 3):
        raise MethodError(
            f"public signals are handled for two or three players; this game has {play.n_players}. "
            "repeated.limit_set takes any number, for patient players"
        )
    begun = time.process_time()
    deadline = Deadline(time_limit)
    game = signal_game(play)
    tolerance = tolerance or (1e-4 if play.n_players == 2 else 1e-3)
    none = Polytope.nothing(play.n_players)
    status: Literal["converged", "iteration limit", "time limit"] = "iteration limit"
    search = _Search(game)
    rounds = 0
    for rounds in range(1, max_iterations + 1):
        moved = search.round()
        if moved is None:
            return PublicPayoffSet(
                play, none, none, 0.0, True, "converged", rounds, time.process_time() - begun
            )
        refined = search.refine(tolerance) if rounds % _EVERY == 0 or moved <= tolerance else False
        if moved <= tolerance and not refined:
            status = "converged"
            break
        if deadline.passed:
            status = "time limit"
            break
    inner = _inner(game, search.W, search.normals, deadline)
    gap = np.inf if inner is None else inner.furthest(search.W.vertices)
    return PublicPayoffSet(
        play,
        search.W.scaled(game.scale, game.shift),
        (inner or none).scaled(game.scale, game.shift),
        float(gap),
        False,
        status,
        rounds,
        time.process_time() - begun,
    )


class _Search:
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
        bounds = _Bounds(self.normals, self.levels) if self.game.n_players == 2 else None
        found = _image(self.game, self.W.vertices, self.normals, self.possible, self.game.common, bounds)
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
        order = np.argsort(-out)[:_NEW]
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


class _Bounds:
    """In the plane: what the levels of all directions are at most, given one another, without further linear programs.

    The duals of the programs of one round bound each profile's reach by the levels of the directions next to their prices, in
    whatever set. Going round with them does at once what the operator would do over many rounds.
    """

    def __init__(self, normals: FloatArray, levels: FloatArray) -> None:
        self.order = np.argsort(np.arctan2(normals[:, 1], normals[:, 0]))
        self.normals, self.levels = normals, levels
        self.floor = np.full(len(normals), -np.inf)
        self.rows: list[tuple[IntArray, FloatArray, FloatArray, FloatArray]] = []

    def add(self, mine: IntArray, answer: Furthest, cap: FloatArray) -> None:
        """Take in the bounds of one profile in the directions `mine`."""
        count, signals, _ = answer.prices.shape
        matrix = np.zeros((count, len(self.normals)))
        ring = self.normals[self.order]
        angles = np.arctan2(ring[:, 1], ring[:, 0])
        flat = answer.prices.reshape(-1, 2)
        place = np.searchsorted(angles, np.arctan2(flat[:, 1], flat[:, 0]), side="right")
        one, other = self.order[place - 1], self.order[place % len(ring)]
        system = np.stack([self.normals[one], self.normals[other]], axis=2)
        parts = np.linalg.solve(system, flat[:, :, None])[:, :, 0]
        row = np.repeat(np.arange(count), signals)
        np.add.at(matrix, (row, one), np.maximum(parts[:, 0], 0.0))
        np.add.at(matrix, (row, other), np.maximum(parts[:, 1], 0.0))
        # Rounding of the multipliers is worth no more than this, payoffs lying between 0 and 1.
        spare = 4e-16 + np.minimum(parts, 0.0).min(initial=0.0) * -2.0
        self.rows.append((mine, answer.constant + spare, matrix, cap))

    def settled(self, levels: FloatArray) -> FloatArray:
        """Levels after going round until they stay, none above those given."""
        mine = np.concatenate([row[0] for row in self.rows])
        constant, matrix, cap = (np.concatenate([row[k] for row in self.rows]) for k in (1, 2, 3))
        for _ in range(_GOINGS):
            after = self.floor.copy()
            np.maximum.at(after, mine, np.minimum(cap, constant + matrix @ levels))
            after = np.minimum(levels, after)
            moved = float((levels - after).max())
            levels = after
            if moved <= 1e-12:
                break
        return levels


def _image(
    game: SignalGame,
    vertices: FloatArray,
    normals: FloatArray,
    possible: BoolArray,
    capped: bool,
    bounds: _Bounds | None = None,
) -> tuple[FloatArray, FloatArray] | None:
    """Bounds (K,) on what the operator makes of the polytope in each direction, and the payoffs that it reaches (P, N).

    Profiles that nothing enforces are struck off `possible`. With `capped` a profile's value in a direction is at most that of
    its own stage payoff, and profiles that cannot win for that reason are not tried.
    """
    reach = (vertices @ (game.discount * normals).T).max(axis=0)
    caps = ((1.0 - game.discount) * game.payoffs) @ normals.T + reach
    if capped:
        caps = np.minimum(caps, game.payoffs @ normals.T)
    caps[~possible] = -np.inf
    best = np.full(len(normals), -np.inf)
    points = []
    tried = np.zeros(caps.shape, dtype=np.bool_)
    while True:
        left = np.where(tried, -np.inf, caps)
        candidate = left.argmax(axis=0)
        worth = left.max(axis=0) > best
        if not worth.any():
            break
        for a in np.unique(candidate[worth]):
            mine = np.flatnonzero(worth & (candidate == a))
            answer = game.furthest(int(a), vertices, normals[mine])
            tried[a, mine] = True
            if answer is None:
                possible[a] = False
                caps[a] = -np.inf
                continue
            best[mine] = np.maximum(best[mine], np.minimum(answer.values, caps[a, mine]))
            points.append(answer.points)
            if bounds is not None:
                cap = game.payoffs[a] @ normals[mine].T if capped else np.full(len(mine), np.inf)
                bounds.add(mine, answer, cap)
    if bounds is not None:
        bounds.floor = left.max(axis=0)
    return (best, np.concatenate(points)) if points else None


def _pressed(W: Polytope, normals: FloatArray, levels: FloatArray, points: FloatArray) -> Polytope:
    """W cut by half-spaces that are known to hold the set."""
    n = W.vertices.shape[1]
    if n == 2:
        ring = W.vertices
        for normal, level in zip(normals, levels):
            kept = _clipped(ring, ring @ normal - level)
            ring = kept if len(kept) else ring
        return Polytope.hull(ring, 1e-11)
    if Polytope.hull(points).dimension == n:
        from scipy.spatial import HalfspaceIntersection, QhullError

        centre = points.mean(axis=0)
        if (levels - normals @ centre).min() > 1e-7:
            try:
                corners = HalfspaceIntersection(np.column_stack([normals, -levels]), centre).intersections
                return Polytope.hull(corners)
            except QhullError:
                return W
    # Flat: the box around it is sound.
    rows = [
        np.flatnonzero((normals == sign * axis).all(axis=1))[0] for axis in np.eye(n) for sign in (1.0, -1.0)
    ]
    high, low = levels[rows[::2]], -levels[rows[1::2]]
    box = np.stack(np.meshgrid(*zip(np.minimum(low, high), high), indexing="ij"), axis=-1).reshape(-1, n)
    return Polytope.hull(box)


def _clipped(ring: FloatArray, beyond: FloatArray) -> FloatArray:
    """The part of a convex polygon (corners in order) where `beyond` is at most 0 (Sutherland and Hodgman 1974)."""
    inside = beyond <= 1e-12
    if inside.all():
        return ring
    after, there = np.roll(ring, -1, axis=0), np.roll(beyond, -1)
    crosses = inside != (there <= 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(crosses, beyond / (beyond - there), 0.0)
    share = np.clip(share, 0.0, 1.0)[:, None]
    stacked = np.stack([ring, (1.0 - share) * ring + share * after], axis=1)
    return np.asarray(stacked[np.stack([inside, crosses], axis=1)])


def _generates(game: SignalGame, V: Polytope, normals: FloatArray) -> tuple[Polytope | None, float]:
    """Payoffs that V generates, as a polytope, and how far V sticks out of it."""
    possible = np.ones(len(game.payoffs), dtype=np.bool_)
    every = distinct(np.vstack([normals, V.normals]), 10)
    found = _image(game, V.vertices, every, possible, capped=False)
    if found is None:
        return None, np.inf
    image = Polytope.hull(found[1], 1e-11)
    return image, float(image.excess(V.vertices).max())


def _inner(game: SignalGame, W: Polytope, normals: FloatArray, deadline: Deadline) -> Polytope | None:
    """A self-generating polytope inside W, as large as can be had."""
    steady = [game.payoffs[a] for a in range(len(game.payoffs)) if (game.departures(a)[2] <= 0.0).all()]
    best = Polytope.hull(np.array(steady)) if steady else None
    for pull in (0.0, *_PULLS):
        if deadline.passed:
            break
        V = W if pull == 0.0 else _towards(W, steady, pull)
        for _ in range(_TRIES):
            image, out = _generates(game, V, normals)
            if image is None:
                break
            if out <= ACCURACY:
                return _grown(game, W, V, image, normals, pull, deadline)
            V = image
    return best


def _towards(W: Polytope, steady: list[FloatArray], pull: float) -> Polytope:
    """W pulled in, towards the mean of its vertices; what stage equilibria give stays in."""
    pulled = W.pulled(1.0 - pull).vertices
    return Polytope.hull(np.vstack([pulled, *steady]) if steady else pulled)


def _grown(
    game: SignalGame,
    W: Polytope,
    V: Polytope,
    image: Polytope,
    normals: FloatArray,
    pull: float,
    deadline: Deadline,
) -> Polytope:
    """Let a self-generating polytope grow by the operator; each one handed on has been checked."""
    gap = V.furthest(W.vertices)
    for _ in range(_GROWTH if pull > 1e-5 else 0):
        larger = Polytope.hull(np.vstack([V.vertices, image.vertices]), 1e-11)
        if len(larger.vertices) > 150:
            larger = larger.thinned(0.05 * gap, outwards=False)
        after, out = _generates(game, larger, normals)
        if after is None or out > ACCURACY:
            break
        V, image, before = larger, after, gap
        gap = V.furthest(W.vertices)
        if gap > 0.97 * before or deadline.passed:
            break
    return V
