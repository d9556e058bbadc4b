"""The cooperative games that a game in normal form induces: what each coalition can count on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked, choice, instance
from games.coalitional import CoalitionalGame
from games.errors import GameError, MethodError, PrecisionError, SizeError
from games.normal_form import FloatArray, NormalFormGame
from solvers.base.deadline import keeps_time, steps
from solvers.base.matrix_game import solve_matrix_games
from solvers.base.options import Method, Registry
from solvers.base.precision import from_lowest, refuse_lost_differences
from solvers.base.result import Result
from solvers.base.rounding import pure_equilibria

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CoalitionStructure",
    "PartitionFunction",
    "coalition_structures",
    "coalitional_game",
    "merge",
    "partition_function",
]

CoalitionStructure: TypeAlias = tuple[tuple[int, ...], ...]
"""A division of the players into coalitions."""

_MOST_PLAYERS = 10


@checked
def coalition_structures(n: int) -> Iterator[CoalitionStructure]:
    """All coalition structures of players 0 to n - 1, in a fixed order.

    >>> len(list(coalition_structures(4)))
    15
    """
    if n < 0:
        raise GameError(f"n is {n}; a number of players is at least 0")
    return _structures(n)


def _structures(n: int) -> Iterator[CoalitionStructure]:
    if n == 0:
        yield ()
        return
    for smaller in _structures(n - 1):
        for k, block in enumerate(smaller):
            yield (*smaller[:k], (*block, n - 1), *smaller[k + 1 :])
        yield (*smaller, (n - 1,))


@checked
def merge(game: NormalFormGame, structure: Sequence[Sequence[str | int]]) -> NormalFormGame:
    """The game in which each coalition of a structure acts as one player that gets the sum of its members' payoffs.

    The sum needs a common unit of payoffs. Raises MethodError unless every player belongs to exactly one coalition.

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> merge(game, [("Player 1", "Player 2")]).to_frame().iloc[:, 0].tolist()
    [6.0, 5.0, 5.0, 2.0]
    """
    blocks = [tuple(sorted(game.player_index(p) for p in block)) for block in structure]
    order = [i for block in blocks for i in block]
    if sorted(order) != list(range(game.n_players)) or not all(blocks):
        raise MethodError(
            f"{[[str(p) for p in b] for b in structure]} is not a coalition structure of {', '.join(game.players)}: "
            "each player belongs to exactly one coalition, and no coalition is empty"
        )
    payoffs: npt.NDArray[Any] = game.payoffs if game.floats_are_exact else game.exact
    table = payoffs.transpose([*order, game.n_players])
    sizes = [int(np.prod([game.shape[i] for i in block])) for block in blocks]
    sums = np.stack([table[..., list(block)].sum(axis=-1) for block in blocks], axis=-1)
    labels = [
        [
            " & ".join(game.actions[i][a] for i, a in zip(block, joint))
            for joint in np.ndindex(*(game.shape[i] for i in block))
        ]
        for block in blocks
    ]
    return NormalFormGame(
        sums.reshape([*sizes, len(blocks)]),
        [" + ".join(game.players[i] for i in block) for block in blocks],
        labels,
        game.title,
    )


@keeps_time("the induced game", "take alpha or beta without mixing, which need no equilibria")
def coalitional_game(
    game: NormalFormGame,
    kind: Literal["alpha", "beta", "gamma"] = "gamma",
    mixed: bool | None = None,
    which: Literal["low", "high"] | None = None,
    *,
    time_limit: float | None = None,
) -> CoalitionalGame:
    """The cooperative game with side payments that a game in normal form induces.

    Parameters
    ----------
    game : NormalFormGame; payoffs are added over members, so they need a common unit
    kind : what a coalition S can count on against the players outside
        `alpha`: what S can secure, max over its joint actions of the min over the others' (von Neumann and
        Morgenstern 1944; Aumann 1961);
        `beta`: what the others cannot keep from S, min over theirs of the max over its;
        `gamma`: what S gets in an equilibrium against the others acting each alone (Chander and Tulkens 1997).
    mixed : for alpha and beta, allow correlated lotteries over joint actions; both are then the same number, the value
        of a zero-sum game
    which : for gamma, take the lowest (`low`, by default) or the highest (`high`) payoff of several equilibria
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For an unknown kind, an option that the kind does not take, or a coalition for which gamma finds no equilibrium.
    SizeError
        For more than 10 players.

    Examples
    --------
    In the prisoner's dilemma each player can secure 1, and the two together 6.

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> coalitional_game(game, "alpha").values.tolist()
    [0.0, 1.0, 1.0, 6.0]
    """
    options = KINDS.options(kind, {"mixed": mixed, "which": which})
    choice(which or "low", ("low", "high"), "which")
    instance(game, NormalFormGame, "the game")
    n = _check_size(game)
    whole, (game, lowest) = game, from_lowest(game)
    if lowest is not None and (kind == "gamma" or options.get("mixed")):
        raise PrecisionError(
            "payoffs share a part beside which floats lose what equilibria are worth. Leave out what all payoffs of a player "
            "have in common: it adds as much to the worth of every coalition with that player"
        )
    values = np.zeros(2**n)
    for mask in steps(range(1, 2**n), 2**n - 1, "coalitions"):
        inside = tuple(i for i in range(n) if mask >> i & 1)
        outside = tuple(i for i in range(n) if not mask >> i & 1)
        if not outside:
            values[mask] = game.payoffs.sum(axis=-1).max()
        elif kind == "gamma":
            low, high = _equilibrium_values(merge(game, [inside, *((i,) for i in outside)]))
            values[mask] = high[0] if which == "high" else low[0]
        else:
            table = merge(game, [inside, outside]).payoffs[..., 0]
            if options.get("mixed"):
                values[mask] = _zero_sum_value(table)
            else:
                values[mask] = table.min(axis=1).max() if kind == "alpha" else table.max(axis=0).min()
    title = f"{kind} game{' (mixed)' if mixed else ''}" + (f" of {game.title}" if game.title else "")
    if lowest is None:
        return CoalitionalGame(values, game.players, title)
    shared = [sum((x for i, x in enumerate(lowest) if mask >> i & 1), Fraction(0)) for mask in range(2**n)]
    exact = np.array([Fraction(v) + part for v, part in zip(values.tolist(), shared)], dtype=object)
    return CoalitionalGame(exact, whole.players, title)


KINDS: Registry[Callable[..., CoalitionalGame]] = Registry(
    "induced game",
    [
        Method("alpha", lambda game, **options: coalitional_game(game, "alpha", **options), ("mixed",)),
        Method("beta", lambda game, **options: coalitional_game(game, "beta", **options), ("mixed",)),
        Method("gamma", lambda game, **options: coalitional_game(game, "gamma", **options), ("which",)),
    ],
)


@dataclass(frozen=True, eq=False, repr=False)
class PartitionFunction(Result):
    """What every coalition gets in every coalition structure (Thrall and Lucas 1963).

    Attributes
    ----------
    game : NormalFormGame
    low, high : for each coalition structure, the lowest and the highest equilibrium payoff of each of its coalitions, when every
        coalition acts as one player; in a common unit
    """

    game: NormalFormGame
    low: Mapping[CoalitionStructure, FloatArray]
    high: Mapping[CoalitionStructure, FloatArray]

    def summary(self) -> str:
        several = sum(not np.array_equal(self.low[p], self.high[p]) for p in self.low)
        return (
            f"The partition function of {', '.join(self.game.players)} gives equilibrium payoffs in {len(self.low)} coalition "
            "structures when every coalition acts as one player, in a common unit; "
            f"{several} of them {'has' if several == 1 else 'have'} several equilibrium payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each coalition of each structure: structure, coalition, lowest and highest payoff."""
        import pandas as pd

        names = self.game.players
        rows = []
        for partition in self.low:
            label = " | ".join(" + ".join(names[i] for i in block) for block in partition)
            rows += [
                (label, " + ".join(names[i] for i in block), float(low), float(high))
                for block, low, high in zip(partition, self.low[partition], self.high[partition])
            ]
        return pd.DataFrame(rows, columns=["partition", "coalition", "low", "high"])


@keeps_time("the partition function", "merge players first")
def partition_function(game: NormalFormGame, *, time_limit: float | None = None) -> PartitionFunction:
    """The partition function form of a game: the coalitions of each structure play an equilibrium against one another.

    Pure equilibria are used where there are any, otherwise all that `solvers.nash.find_all` finds. Sums over members need
    a common unit. Raises MethodError for a structure in which no equilibrium is found, SizeError above 10 players.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> partition_function(game).to_frame()["low"].tolist()
    [6.0, 1.0, 1.0]
    """
    n = _check_size(instance(game, NormalFormGame, "the game"))
    refuse_lost_differences(game)
    low: dict[CoalitionStructure, FloatArray] = {}
    high: dict[CoalitionStructure, FloatArray] = {}
    structures = list(coalition_structures(n))
    for partition in steps(structures, len(structures), "coalition structures"):
        low[partition], high[partition] = _equilibrium_values(merge(game, partition))
    return PartitionFunction(game, low, high)


def _check_size(game: NormalFormGame) -> int:
    if game.n_players > _MOST_PLAYERS:
        raise SizeError(
            f"{game.n_players} players have {2**game.n_players} coalitions; at most {_MOST_PLAYERS} players are allowed"
        )
    return game.n_players


def _equilibrium_values(game: NormalFormGame) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest payoff of each player over the pure equilibria, or over those found if none is pure."""
    payoffs = game.payoffs[pure_equilibria(game)]
    if not len(payoffs):
        from solvers import nash

        found = nash.find_all(game)
        if not len(found):
            raise MethodError(
                f"no equilibrium was found among {', '.join(game.players)} ({found.method}); "
                "the alpha and beta games do not need one"
            )
        payoffs = np.array([e.payoffs for e in found])
    return payoffs.min(axis=0), payoffs.max(axis=0)


def _zero_sum_value(table: FloatArray) -> float:
    """The value of a zero-sum game to its row player."""
    solved = solve_matrix_games(table)
    return float((solved.lower[0] + solved.upper[0]) / 2)
