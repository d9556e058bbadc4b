"""Minmax values: how low the others can hold a player, and what it can secure by itself.

Three kinds, by what the punishers may do: play one profile (`pure`), randomise each by itself (`mixed`), or
randomise together unseen by the punished (`correlated`). For two players the last two are the same. In general

    maxmin in mixed strategies = correlated minmax <= independent mixed minmax <= pure minmax.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from games.arguments import checked
from games.errors import MethodError, did_you_mean
from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.base.deadline import Deadline
from solvers.base.limits import seconds, whole
from solvers.base.matrix_game import MatrixGames, solve_matrix_games
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kind", "MatrixGames", "MinmaxValues", "solve_matrix_games", "values"]

Kind: TypeAlias = Literal["pure", "mixed", "correlated"]
"""How the others punish: by pure actions, by independent mixtures, or on a common signal."""
_KINDS = ("pure", "mixed", "correlated")
_BATCH = 64


@dataclass(frozen=True, eq=False, repr=False)
class MinmaxValues(Result):
    """Minmax values of every player.

    Attributes
    ----------
    game : NormalFormGame
    kind : `pure`, `mixed` or `correlated`
    values : array (N,)
        What player i gets from its best response to `punishments[i]`: exact for `pure`, exact up to rounding for
        `correlated` and for two players, otherwise the best punishment found (equal to `upper`).
    lower, upper : arrays (N,)
        The minmax value lies between them, up to rounding.
    security : array (N,)
        The most the player secures by itself whatever the others do: in pure strategies if the kind is `pure`,
        else in mixed ones.
    punishments : one for each player i
        `pure`: a profile of N action indices. `mixed`: N probability vectors. In both i's own entry is a best
        response to the others'. `correlated`: the others' joint distribution, an array that has their numbers of
        actions as its shape.
    guarantee : what is guaranteed, in words
    """

    game: NormalFormGame
    kind: Kind
    values: FloatArray
    lower: FloatArray
    upper: FloatArray
    security: FloatArray
    punishments: tuple[Any, ...]
    guarantee: str

    @property
    def gap(self) -> FloatArray:
        """`upper - lower`, shape (N,), in each player's payoff units."""
        return np.asarray(self.upper - self.lower)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def summary(self) -> str:
        return f"{self.kind} minmax values; {self.guarantee}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: the value, its bounds, and what the player can secure by itself."""
        import pandas as pd

        return pd.DataFrame(
            {"minmax": self.values, "lower": self.lower, "upper": self.upper, "security": self.security},
            index=pd.Index(self.game.players, name="player"),
        )


@checked
def values(
    game: NormalFormGame,
    kind: Kind = "mixed",
    *,
    tolerance: float = 1e-6,
    max_nodes: int | None = None,
    time_limit: float | None = None,
) -> MinmaxValues:
    """Compute each player's minmax value.

    Parameters
    ----------
    game : NormalFormGame
    kind : `pure`, `mixed` (each punisher randomises by itself) or `correlated`
    tolerance : gap at which the search for an independent mixed punishment stops, relative to the player's payoff range
    max_nodes : most boxes of strategies examined in that search for each player; by default as many as take
        some seconds
    time_limit : seconds for that search over all players; when they are over the bracket is as wide as it is

    Raises
    ------
    MethodError
        For another kind, or a tolerance that is not positive.

    Notes
    -----
    Pure and correlated values are a table look-up and one matrix game for each player (von Neumann 1928). The independent mixed
    minmax of three or more players is a nonconvex problem, hard even to approximate in general (Borgs, Chayes, Immorlica, Kalai,
    Mirrokni and Papadimitriou 2010). It is bracketed by branch and bound: each punisher's simplex is cut into smaller ones.
    Within a product of simplices the punishers' *correlated* minmax over its corners bounds the independent one from below. Their
    marginals, improved one punisher at a time, bound it from above.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    >>> values(pennies, "pure").values, values(pennies, "mixed").values
    (array([1., 1.]), array([0., 0.]))
    """
    if kind not in _KINDS:
        raise MethodError(f"there is no minmax of kind {kind!r}{did_you_mean(kind, _KINDS)}")
    if not tolerance > 0:
        raise MethodError(f"tolerance is {tolerance}; it must be positive")
    if max_nodes is not None:
        whole("max_nodes", max_nodes, 1)
    limit = seconds("time_limit", time_limit)
    refuse_lost_differences(game)
    if kind == "pure":
        return _pure(game)
    if kind == "correlated" or game.n_players <= 2:
        return _correlated(game, kind)
    return _independent(game, tolerance, max_nodes, Deadline(limit))


def _own_first(game: NormalFormGame, i: int) -> FloatArray:
    """Player i's normalised payoffs with its own actions on the first axis, the others' in their order on the rest."""
    return np.moveaxis(game.normalised[..., i], i, 0)


def _in_payoffs(game: NormalFormGame, i: int, share: float) -> float:
    """A normalised payoff of player i in its payoff units."""
    return float(game.payoffs[..., i].min() + game.ranges[i] * share)


def _pure(game: NormalFormGame) -> MinmaxValues:
    value, secured, profiles = [], [], []
    for i in range(game.n_players):
        table = _own_first(game, i)
        flat = table.reshape(table.shape[0], -1)
        best = flat.max(axis=0)
        column = int(best.argmin())
        others = [int(a) for a in np.unravel_index(column, table.shape[1:])]
        profiles.append((*others[:i], int(flat[:, column].argmax()), *others[i:]))
        value.append(game.payoffs[profiles[-1]][i])
        safe = int(flat.min(axis=1).argmax())
        secured.append(np.moveaxis(game.payoffs[..., i], i, 0)[safe].min())
    found = np.array(value)
    return MinmaxValues(
        game,
        "pure",
        found,
        found.copy(),
        found.copy(),
        np.array(secured),
        tuple(profiles),
        "exact: every profile of the others' actions was compared.",
    )


def _correlated(game: NormalFormGame, kind: Kind) -> MinmaxValues:
    lower, upper = np.empty(game.n_players), np.empty(game.n_players)
    joint = []
    for i in range(game.n_players):
        table = _own_first(game, i)
        solved = solve_matrix_games(table.reshape(table.shape[0], -1))
        lower[i] = _in_payoffs(game, i, solved.lower[0])
        upper[i] = _in_payoffs(game, i, max(solved.upper[0], solved.lower[0]))
        joint.append(solved.columns[0].reshape(table.shape[1:]))
    if kind == "correlated":
        punishments: tuple[Any, ...] = tuple(joint)
        words = (
            "a matrix game for each player, with the gap between both players' strategies as its certificate."
        )
    else:
        punishments = tuple(
            _with_best_response(game, i, [joint[i]] * (game.n_players - 1)) for i in range(game.n_players)
        )
        words = "exact up to rounding: with two players one matrix game for each, so equal to the correlated minmax."
    return MinmaxValues(game, kind, upper, lower, upper.copy(), lower.copy(), punishments, words)


def _with_best_response(game: NormalFormGame, i: int, others: list[FloatArray]) -> MixedProfile:
    table = _own_first(game, i)
    own = np.zeros(table.shape[0])
    own[int(_against(table, others).argmax())] = 1.0
    return (*others[:i], own, *others[i:])


def _against(table: FloatArray, others: list[FloatArray]) -> FloatArray:
    out = table
    for vector in reversed(others):
        out = out @ vector
    return np.asarray(out)


def _independent(
    game: NormalFormGame, tolerance: float, max_nodes: int | None, deadline: Deadline
) -> MinmaxValues:
    n = game.n_players
    lower, upper, security = np.empty(n), np.empty(n), np.empty(n)
    punishments = []
    worst = 0.0
    for i in range(n):
        table = _own_first(game, i)
        nodes = (
            max_nodes if max_nodes is not None else max(64, min(20_000, 200_000_000 // (table.size + 2_000)))
        )
        search = _Search(table, tolerance, nodes, deadline)
        search.run()
        lower[i], security[i] = _in_payoffs(game, i, search.lower), _in_payoffs(game, i, search.root)
        # Recomputed from the game's own payoffs: the value is what the profile below really concedes.
        conceded = float(_against(table, search.best).max())
        upper[i] = _in_payoffs(game, i, conceded)
        worst = max(worst, conceded - search.lower)
        punishments.append(_with_best_response(game, i, search.best))
    upper = np.maximum(upper, lower)
    words = (
        "each value is attained by the punishment given, and branch and bound over independent strategies proves "
        f"that none holds the player lower by more than {worst:.2g} of its payoff range"
        # The search ends where bounds differ by the tolerance, give or take their rounding.
        + ("." if worst <= tolerance + 1e-12 else f" (the search stopped before reaching {tolerance:.2g}).")
    )
    return MinmaxValues(game, "mixed", upper, lower, upper.copy(), security, tuple(punishments), words)


class _Search:
    """Best-first branch and bound for one player, on payoffs (k_i, k_j for each punisher j) in [0, 1]."""

    def __init__(self, table: FloatArray, tolerance: float, nodes: int, deadline: Deadline) -> None:
        self.table, self.tolerance, self.nodes, self.deadline = table, tolerance, nodes, deadline
        self.shape = table.shape[1:]
        self.best: list[FloatArray] = []
        self.upper = np.inf
        self.lower = self.root = 0.0
        self.queue: list[tuple[float, int, FloatArray, list[FloatArray], tuple[int, int, int]]] = []
        self.pushed = 0

    def run(self) -> None:
        flat = self.table.reshape(self.table.shape[0], -1)
        pure = np.unravel_index(int(flat.max(axis=0).argmin()), self.shape)
        self._improve([np.eye(k)[a] for k, a in zip(self.shape, pure)])
        self._improve([np.full(k, 1.0 / k) for k in self.shape])
        self._examine(self.table[None], [np.eye(k)[None] for k in self.shape], np.array([0.0]))
        done = 1
        size = max(1, min(_BATCH, 4_000_000 // self.table.size))
        while self.queue and done < self.nodes and not self.deadline.passed:
            chosen = [heapq.heappop(self.queue) for _ in range(min(size, len(self.queue)))]
            self._examine(*self._split(chosen))
            done += 2 * len(chosen)

    def _split(
        self, chosen: list[tuple[float, int, FloatArray, list[FloatArray], tuple[int, int, int]]]
    ) -> tuple[FloatArray, list[FloatArray], FloatArray]:
        """Halve the chosen edge of each box: both halves' payoffs at their corners, corners and inherited bounds."""
        tables, corners, bounds = [], [], []
        for bound, _, table, corner, (j, a, b) in chosen:
            for keep, drop in ((a, b), (b, a)):
                half = table.copy()
                axis = np.moveaxis(half, 1 + j, 0)
                axis[drop] = 0.5 * (axis[keep] + axis[drop])
                moved = corner[j].copy()
                moved[drop] = 0.5 * (moved[keep] + moved[drop])
                tables.append(half)
                corners.append([*corner[:j], moved, *corner[j + 1 :]])
                bounds.append(bound)
        stacked = [np.stack([c[j] for c in corners]) for j in range(len(self.shape))]
        return np.stack(tables), stacked, np.array(bounds)

    def _examine(self, tables: FloatArray, corners: list[FloatArray], inherited: FloatArray) -> None:
        """Bound B boxes below and above, and queue those that may still hold a better punishment."""
        B, m = tables.shape[:2]
        solved = solve_matrix_games(tables.reshape(B, m, -1))
        below = np.maximum(solved.lower, inherited)
        if not self.pushed:
            self.root = float(below[0])
        joint = solved.columns.reshape(B, *self.shape)
        marginals = []
        for j in range(len(self.shape)):
            others = tuple(1 + k for k in range(len(self.shape)) if k != j)
            marginals.append(np.einsum("bk,bka->ba", joint.sum(axis=others), corners[j]))
        conceded = np.broadcast_to(self.table, tables.shape)
        for vector in reversed(marginals):
            conceded = np.matmul(conceded, vector.reshape(B, *[1] * (conceded.ndim - 3), -1, 1))[..., 0]
        above = conceded.max(axis=1)
        first = int(above.argmin())
        if above[first] < self.upper - 1e-12:
            self._improve([vector[first] for vector in marginals])
        edges = self._edges(tables, corners, joint)
        for b in np.flatnonzero(below < self.upper - self.tolerance):
            self.pushed += 1
            item = (float(below[b]), self.pushed, tables[b], [c[b] for c in corners], edges[b])
            heapq.heappush(self.queue, item)
        # Boxes dropped so far hold nothing below upper - tolerance.
        floor = self.upper - self.tolerance
        self.lower = max(self.root, min(self.queue[0][0], floor) if self.queue else floor)

    def _edges(
        self, tables: FloatArray, corners: list[FloatArray], joint: FloatArray
    ) -> list[tuple[int, int, int]]:
        """For each box the punisher and the pair of corners whose correlation with the others matters most.

        With weights w_a, w_b on corners a, b of punisher j and the others' conditional play c_a, c_b, playing the two
        independently of the others changes the payoffs by w_a w_b / (w_a + w_b) * (u_a - u_b) (c_a - c_b).
        """
        B, m = tables.shape[:2]
        score = np.full(B, -1.0)
        edge = [(0, 0, 0)] * B
        for j, k in enumerate(self.shape):
            if k == 1:
                continue
            play = np.moveaxis(joint, 1 + j, 1).reshape(B, k, -1)
            payoff = np.moveaxis(tables, 2 + j, 2).reshape(B, m, k, -1)
            weight = play.sum(axis=2)
            given = np.divide(
                play, weight[:, :, None], out=np.zeros_like(play), where=weight[:, :, None] > 1e-12
            )
            cross = np.matmul(payoff, given.transpose(0, 2, 1)[:, None])
            own = np.diagonal(cross, axis1=2, axis2=3)
            error = own[:, :, :, None] + own[:, :, None, :] - cross - cross.transpose(0, 1, 3, 2)
            total = weight[:, :, None] + weight[:, None, :]
            share = weight[:, :, None] * weight[:, None, :] / np.where(total > 0.0, total, 1.0)
            length = np.abs(corners[j][:, :, None] - corners[j][:, None]).max(axis=3)
            # The small second term prefers long edges, so that no edge stays whole forever.
            value = share * np.abs(error).max(axis=1) + 1e-9 * length
            a, b = np.triu_indices(k, 1)
            flat = value[:, a, b]
            top = flat.argmax(axis=1)
            better = flat[np.arange(B), top] > score
            for box in np.flatnonzero(better):
                edge[box] = (j, int(a[top[box]]), int(b[top[box]]))
            score = np.maximum(score, flat.max(axis=1))
        return edge

    def _improve(self, start: list[FloatArray]) -> None:
        """Let one punisher after another play its best against the rest, as long as the player's payoff falls."""
        play = list(start)
        value = float(_against(self.table, play).max())
        while True:
            before = value
            for j in range(len(play)):
                if self.deadline.passed:
                    break
                part = np.moveaxis(self.table, 1 + j, -1)
                part = _against_first(part, [v for k, v in enumerate(play) if k != j])
                solved = solve_matrix_games(part)
                if solved.upper[0] < value:
                    value, play[j] = float(solved.upper[0]), solved.columns[0]
            if not value < before - 1e-13:
                break
        if value < self.upper:
            self.upper, self.best = value, play


def _against_first(part: FloatArray, others: list[FloatArray]) -> FloatArray:
    """Contract every axis between the first and the last, leaving a matrix."""
    out = part
    for vector in others:
        out = np.tensordot(out, vector, axes=(1, 0))
    return out
