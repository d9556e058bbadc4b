"""Bargaining problems: what agreements, and lotteries over them, give each player, and what they get without one.

The set of payoffs is the convex hull of finitely many points, or the sum of several such hulls (one for each region that is to be
assigned, say). It is never listed in full. Every step asks for the point that is best in some direction, and small linear
programs over the points found so far do the rest (column generation). Payoffs may be thrown away (free disposal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import numbers, whole
from games.errors import BargainingError, did_you_mean
from games.normal_form import FloatArray
from games.words import counted, listed
from solvers.base.programs import minimise
from solvers.base.rounding import TOLERANCE

__all__ = ["BargainingProblem", "Key", "Mixture"]

Key: TypeAlias = tuple[int, ...]

_ROUNDS = 10_000


@dataclass(frozen=True)
class Mixture:
    """The optimum of a linear program over a problem's payoff set, in scaled gains.

    Gains are payoffs less disagreement payoffs in units of `BargainingProblem.scale`. `level` is the optimum, `gap`
    a proven bound on what it may miss. `normal` is the direction (N,) in which the optimum's tangent plane bounds
    the whole set. `lottery` holds the agreements mixed, `duals` a multiplier for each row.
    """

    level: float
    gains: FloatArray
    lottery: tuple[tuple[float, Key], ...]
    normal: FloatArray
    duals: FloatArray
    gap: float


@dataclass(frozen=True, eq=False, init=False)
class BargainingProblem:
    """A set of possible agreements, lotteries over them, and the payoffs without agreement.

    Parameters
    ----------
    points : array (P, N), or a sequence of arrays (P_b, N)
        The payoffs of each agreement. Several arrays mean that an agreement picks one row of each, and that
        payoffs add up over them.
    disagreement : array (N,), payoffs without an agreement
    players : names of the N players
    labels : names of the agreements: for one array P strings, for several a list for each, or a function of the row numbers
    source : where the disagreement point comes from, in words

    Attributes
    ----------
    blocks : the arrays of points
    disagreement, ideal : arrays (N,), payoffs without agreement, and the most that each can get while nobody gets less than that
    scale : array (N,), how far each player's payoffs and its disagreement payoff lie apart: the unit of all tolerances

    Raises
    ------
    BargainingError
        If the arrays do not fit together; if no agreement gives every player what it has without one (the disagreement
        point lies outside the set); or if none gives every player more (the bargaining set is empty).

    Examples
    --------
    Two players divide one unit; the second gets .2 without an agreement.

    >>> problem = BargainingProblem([[1, 0], [0, 1]], disagreement=[0, 0.2])
    >>> problem.ideal.tolist()
    [0.8, 1.0]
    """

    blocks: tuple[FloatArray, ...]
    disagreement: FloatArray
    players: tuple[str, ...]
    labels: Sequence[str] | Sequence[Sequence[str]] | Callable[[Key], str] | None
    source: str
    scale: FloatArray
    ideal: FloatArray
    _pool: dict[Key, FloatArray]
    _scaled: tuple[FloatArray, ...]

    def __init__(
        self,
        points: npt.ArrayLike | Sequence[npt.ArrayLike],
        disagreement: npt.ArrayLike,
        players: Sequence[str] | None = None,
        labels: Sequence[str] | Sequence[Sequence[str]] | Callable[[Key], str] | None = None,
        source: str = "as given",
    ) -> None:
        blocks = tuple(_table(b, i) for i, b in enumerate(_as_blocks(points)))
        without = numbers(disagreement, "the disagreement payoffs", BargainingError) + 0.0
        n = blocks[0].shape[1]
        if any(b.shape[1] != n for b in blocks) or without.shape != (n,):
            raise BargainingError(
                f"points are payoffs of {' and '.join(str(b.shape[1]) for b in blocks)} players and the disagreement "
                f"point has shape {without.shape}; all need one payoff for each of the same players"
            )
        if n < 2:
            raise BargainingError("bargaining needs at least two players")
        if not np.isfinite(without).all():
            raise BargainingError(
                f"the disagreement point is {without.tolist()}; every payoff must be a finite number"
            )
        if players is not None and not isinstance(players, Sequence):
            raise BargainingError(f"players must be {n} names; got {players!r}")
        names = tuple(f"Player {i + 1}" for i in range(n)) if players is None else tuple(players)
        if len(names) != n:
            raise BargainingError(f"{n} players need as many names; got {players!r}")
        # The disagreement payoffs are taken off before any sum over arrays, so that large constants cancel.
        relative = [b - b[0] for b in blocks]
        rest = np.sum([b[0] for b in blocks], axis=0) - without
        # Each player's unit: how far its payoffs and its disagreement payoff lie apart.
        least = rest + np.sum([b.min(axis=0) for b in relative], axis=0)
        most = rest + np.sum([b.max(axis=0) for b in relative], axis=0)
        span = np.maximum(most, 0.0) - np.minimum(least, 0.0)
        scale = np.where(span > 0, span, 1.0)
        for array in (without, scale):
            array.setflags(write=False)
        object.__setattr__(self, "players", names)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "blocks", blocks)
        object.__setattr__(self, "disagreement", without)
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "_pool", {})
        object.__setattr__(
            self, "_scaled", ((relative[0] + rest) / scale, *(b / scale for b in relative[1:]))
        )
        self._check()

    def _check(self) -> None:
        best = self.optimise(np.zeros(self.n_players), 1.0, np.ones(self.n_players))
        names = self.names
        if best.level < -TOLERANCE:
            short = names[int(best.normal.argmax())]
            point = ", ".join(f"{name} {value:.6g}" for name, value in zip(names, self.disagreement))
            raise BargainingError(
                f"the disagreement point ({self.source}) lies outside the set: no agreement or lottery gives every player "
                f"at least what it has there ({point}); {short} is among those that get less. Choose "
                "a disagreement point that some agreement weakly improves on for all players"
            )
        ideal = np.array(
            [
                self.optimise(np.eye(self.n_players)[i], 0.0, np.zeros(self.n_players)).level
                for i in range(self.n_players)
            ]
        )
        stuck = [names[i] for i in range(self.n_players) if ideal[i] <= TOLERANCE]
        if stuck or best.level <= TOLERANCE * 1e-3:
            raise BargainingError(
                f"the bargaining set is empty: compared with the disagreement point ({self.source}), no agreement that "
                f"leaves no player worse off gives more to {listed(stuck) if stuck else 'every player'}"
            )
        object.__setattr__(self, "ideal", self.disagreement + ideal * self.scale)

    # ------------------------------------------------------------------ what it is

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the N players."""
        return self.players

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return int(self.disagreement.shape[0])

    @property
    def n_agreements(self) -> int:
        """Number of agreements, lotteries aside."""
        count = 1
        for block in self.blocks:
            count *= len(block)
        return count

    def payoffs(self, key: Key) -> FloatArray:
        """Payoffs of one agreement, given by its row in each array, shape (N,)."""
        return np.asarray(np.sum([b[k] for b, k in zip(self.blocks, key)], axis=0))

    def describe(self, key: Key) -> str:
        """One agreement in words."""
        if callable(self.labels):
            return self.labels(key)
        if self.labels is None:
            return "agreement " + ", ".join(str(k + 1) for k in key)
        if len(self.blocks) == 1:
            return str(self.labels[key[0]])
        return "; ".join(str(names[k]) for names, k in zip(self.labels, key))

    def best_in(self, direction: FloatArray) -> tuple[float, Key]:
        """The largest value of direction * scaled gains over all agreements, and an agreement that attains it."""
        keys, total = [], 0.0
        for block in self._scaled:
            values = block @ direction
            keys.append(int(values.argmax()))
            total += float(values[keys[-1]])
        return total, tuple(keys)

    def gains(self, key: Key) -> FloatArray:
        """Scaled gains of one agreement: payoff less disagreement, in units of each player's `scale`."""
        return np.asarray(np.sum([b[k] for b, k in zip(self._scaled, key)], axis=0))

    # ------------------------------------------------------------------ linear programs over the set

    def optimise(
        self,
        objective: FloatArray,
        lift: float,
        direction: FloatArray,
        floor: FloatArray | None = None,
        rows: Sequence[tuple[FloatArray, float]] = (),
    ) -> Mixture:
        """Maximise objective * x + lift * t over scaled gains x of the set with x >= floor + t * direction.

        `floor` defaults to zero (the disagreement point); `rows` are further conditions (a, b): a * x >= b.
        The points found in earlier programs are kept, so that later ones start where those ended. Raises ConvergenceError
        if a program cannot be solved.
        """
        n = self.n_players
        low = np.zeros(n) if floor is None else floor
        extra = np.array([a for a, _ in rows]).reshape(-1, n)
        right = np.concatenate([low, [b for _, b in rows]])
        pool = self._pool
        if not pool:
            self.remember(self.best_in(row)[1] for row in np.eye(n))
        best: Mixture | None = None
        for _ in range(_ROUNDS):
            keys = list(pool)
            atoms = np.array([pool[k] for k in keys])
            conditions = np.hstack(
                [
                    -np.vstack([atoms.T, extra @ atoms.T]),
                    np.concatenate([direction, np.zeros(len(extra))])[:, None],
                ]
            )
            solved = minimise(
                -np.append(atoms @ objective, lift),
                upper=conditions,
                limits=-right,
                equal=np.append(np.ones(len(keys)), 0.0)[None],
                totals=[1.0],
                bounds=[(0, None)] * len(keys) + [(None, None) if lift else (0, 0)],
                what="a program over the bargaining set",
            )
            duals = solved.upper_duals
            normal = objective + duals[:n] + duals[n:] @ extra
            value, key = self.best_in(normal)
            weights = np.maximum(solved.x[:-1], 0.0)
            weights /= weights.sum()
            gains = weights @ atoms
            gap = max(0.0, value - float(solved.equal_duals[0]))
            lottery = tuple((float(w), k) for w, k in zip(weights, keys) if w > 0)
            best = Mixture(-solved.value, gains, lottery, normal, duals, gap)
            if gap <= 1e-13 * (1.0 + abs(value)) or key in pool:
                break
            pool[key] = self.gains(key)
        assert best is not None
        return best

    def remember(self, keys: Iterable[Key]) -> None:
        """Let later programs start from these agreements."""
        for key in keys:
            self._pool[key] = self.gains(key)

    # ------------------------------------------------------------------ how it looks

    def outline(self, first: str | int = 0, second: str | int = 1) -> FloatArray:
        """The corners of the set as seen by two players, in payoffs, shape (V, 2), anticlockwise.

        >>> BargainingProblem([[1, 0], [0, 1], [0.2, 0.2]], [0, 0]).outline().tolist()
        [[1.0, 0.0], [0.0, 1.0], [0.2, 0.2]]
        """
        pair = [self._index(first), self._index(second)]

        def corner(a: float, b: float) -> FloatArray:
            direction = np.zeros(self.n_players)
            direction[pair] = a, b
            return self.payoffs(self.best_in(direction)[1])[pair]

        def between(p: FloatArray, q: FloatArray) -> list[FloatArray]:
            edge = (q - p) / self.scale[pair]
            if np.abs(edge).max() <= 1e-12:
                return []
            new = corner(edge[1], -edge[0])
            beyond = np.array([edge[1], -edge[0]]) @ ((new - p) / self.scale[pair])
            if beyond <= 1e-12 * float(np.hypot(*edge)):
                return []
            return [*between(p, new), new, *between(new, q)]

        ends = [corner(1, 0), corner(0, 1), corner(-1, 0), corner(0, -1)]
        out: list[FloatArray] = []
        for p, q in zip(ends, [*ends[1:], ends[0]]):
            out += [p, *between(p, q)]
        return _corners(np.array(out), self.scale[pair])

    def _index(self, player: str | int) -> int:
        if isinstance(player, str):
            if player not in self.names:
                raise BargainingError(f"there is no player {player!r}{did_you_mean(player, self.names)}")
            return self.names.index(player)
        return whole(
            player,
            f"a player is a name or a number from 0 to {self.n_players - 1}",
            BargainingError,
            most=self.n_players - 1,
        )

    def __repr__(self) -> str:
        without = ", ".join(f"{p} {x:.6g}" for p, x in zip(self.names, self.disagreement))
        return f"<BargainingProblem: {counted(self.n_agreements, 'agreement')}; without one ({self.source}): {without}>"


def _corners(loop: FloatArray, scale: FloatArray) -> FloatArray:
    """A closed convex loop of points without those that repeat the one before or lie on an edge."""
    keep = [
        k
        for k, p in enumerate(loop)
        if k == 0 or min(np.abs((p - q) / scale).max() for q in (loop[k - 1], loop[0])) > 1e-12
    ]
    loop = loop[keep]
    if len(loop) < 3:
        return loop
    back, ahead = (loop - np.roll(loop, 1, axis=0)) / scale, (np.roll(loop, -1, axis=0) - loop) / scale
    turn = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0]
    flat = np.abs(turn) <= 1e-12 * np.hypot(*back.T) * np.hypot(*ahead.T)
    ends = (back * ahead).sum(axis=1) < 0
    return np.asarray(loop[~flat | ends])


def _as_blocks(points: Any) -> list[Any]:
    if isinstance(points, np.ndarray):
        return [points]
    try:
        arrays = list(points)
        return arrays if arrays and np.ndim(arrays[0]) == 2 else [arrays]
    except (TypeError, ValueError):
        raise BargainingError(f"points must be an array of payoffs, or several; got {points!r}") from None


def _table(block: npt.ArrayLike, number: int) -> FloatArray:
    # Minus zero is zero.
    table = numbers(block, f"points (array {number + 1})", BargainingError) + 0.0
    if table.ndim != 2 or table.size == 0:
        raise BargainingError(
            f"points (array {number + 1}) have shape {table.shape}; they need a row of payoffs for each agreement"
        )
    if not np.isfinite(table).all():
        raise BargainingError(f"points (array {number + 1}) contain a payoff that is not a finite number")
    table.setflags(write=False)
    return table
