"""Two-by-two games by name: the ordinal types of Rapoport and Guyer, in the order of Robinson and Goforth.

Only the order of each player's four payoffs matters. Call *cooperate* the action of a player under which the **other** finds its
best outcome. A player's payoffs are then R (both cooperate), S (I alone do), T (the other alone does) and P (neither does), the
best of them R or T, and their order is one of twelve patterns. Two equal patterns make one of the twelve symmetric games; two
different ones one of the 132 asymmetric games, named by both patterns. Swapping rows, columns or players changes nothing
but the order of the two names.

Sources: Rapoport and Guyer 1966, General Systems 11 (the 78 games); Robinson and Goforth 2005, The Topology of the 2x2 Games;
Bruns 2015, Games 6(4), 'Names for games' (naming asymmetric games by their patterns).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from games.arguments import instance
from games.errors import GameError
from games.normal_form import NormalFormGame

__all__ = ["PATTERNS", "OrdinalType", "classify"]

PATTERNS = {
    "TRPS": "prisoner's dilemma",
    "TRSP": "chicken",
    "TSRP": "battle of the sexes (leader)",
    "TSPR": "battle of the sexes (hero)",
    "TPSR": "compromise",
    "TPRS": "deadlock",
    "RTPS": "stag hunt",
    "RPTS": "assurance",
    "RPST": "safe coordination",
    "RSPT": "peace",
    "RSTP": "harmony",
    "RTSP": "concord",
}
"""The twelve orders of R, S, T and P, best first, with the names of their symmetric games."""


@dataclass(frozen=True)
class OrdinalType:
    """What kind of 2x2 game it is.

    Attributes
    ----------
    name : the name; an asymmetric game has the names of both patterns, the first player's first; `with ties` where some player
        is indifferent between outcomes
    symmetric : True if some labelling of the actions makes it ordinally the same for both players
    ties : True if some player is indifferent between two outcomes
    borders : with ties, the names of the strict games into which breaking the ties can turn it; otherwise only the name
    cooperate : the action labels that are called cooperation, one for each player; None with ties, where that can be ambiguous
    equilibria : the pure equilibria, as action labels
    dominant : for each player its strictly dominant action, or None
    """

    name: str
    symmetric: bool
    ties: bool
    borders: tuple[str, ...]
    cooperate: tuple[str, str] | None
    equilibria: tuple[tuple[str, str], ...]
    dominant: tuple[str | None, str | None]

    @property
    def cyclic(self) -> bool:
        """True if there is no pure equilibrium: one player always wants to change its action."""
        return not self.equilibria


def classify(game: NormalFormGame) -> OrdinalType:
    """Name a 2x2 game by the order of its payoffs.

    Raises GameError unless there are two players with two actions each.

    >>> from games import catalog
    >>> classify(catalog.aumann_chicken()).name
    'chicken'
    >>> classify(catalog.battle_of_the_sexes()).name
    'battle of the sexes (with ties)'
    """
    if instance(game, NormalFormGame, "the game").shape != (2, 2):
        size = "x".join(map(str, game.shape))
        raise GameError(f"only 2x2 games have ordinal names; this one is {size}")
    own = game.payoffs[..., 0], game.payoffs[..., 1].T
    ranks = tuple(tuple(int(r) for r in np.unique(u, return_inverse=True)[1].reshape(-1)) for u in own)
    ties = any(len(set(r)) < 4 for r in ranks)
    symmetric = _symmetric(ranks)
    cooperate = None
    if ties:
        borders = _borders(ranks, symmetric)
        name = _name_with_ties(game, ranks, symmetric, borders)
    else:
        name, (row, column) = _strict(*ranks)
        borders = (name,)
        cooperate = game.actions[0][row], game.actions[1][column]
    equilibria = tuple(
        (game.actions[0][a], game.actions[1][b]) for a, b in np.argwhere(game.best_response_mask.all(axis=-1))
    )
    dominant = tuple(_dominant(u, labels) for u, labels in zip(own, game.actions))
    return OrdinalType(name, symmetric, ties, borders, cooperate, equilibria, (dominant[0], dominant[1]))


_Ranks = tuple[int, ...]


def _strict(row: _Ranks, column: _Ranks) -> tuple[str, tuple[int, int]]:
    """Name of a strict game, and who cooperates by which action. Ranks stand in the order (own, other's): 00, 01, 10, 11."""
    # Where my best payoff lies, the other is doing what I call its cooperation.
    column_cooperates = row.index(3) % 2
    row_cooperates = column.index(3) % 2
    first = PATTERNS[_order(row, row_cooperates, column_cooperates)]
    second = PATTERNS[_order(column, column_cooperates, row_cooperates)]
    return (first if first == second else f"{first} / {second}"), (row_cooperates, column_cooperates)


def _order(ranks: _Ranks, mine: int, other: int) -> str:
    """The letters R, S, T, P, best first, when `mine` and `other` are the cooperative actions."""
    cell = {"R": (mine, other), "S": (mine, 1 - other), "T": (1 - mine, other), "P": (1 - mine, 1 - other)}
    return "".join(sorted(cell, key=lambda letter: -ranks[2 * cell[letter][0] + cell[letter][1]]))


def _relabelled(ranks: _Ranks, swap_mine: int, swap_other: int) -> _Ranks:
    return tuple(ranks[2 * (a ^ swap_mine) + (b ^ swap_other)] for a, b in product(range(2), repeat=2))


def _symmetric(ranks: Sequence[_Ranks]) -> bool:
    row, column = ranks
    return any(_relabelled(row, a, b) == _relabelled(column, b, a) for a, b in product(range(2), repeat=2))


def _broken(ranks: _Ranks) -> Iterator[_Ranks]:
    """All strict orders that refine a weak one."""
    for strict in permutations(range(4)):
        if all(strict[x] < strict[y] for x, y in product(range(4), repeat=2) if ranks[x] < ranks[y]):
            yield strict


def _borders(ranks: Sequence[_Ranks], symmetric: bool) -> tuple[str, ...]:
    row, column = ranks
    found = {
        _strict(a, b)[0]
        for a, b in product(_broken(row), _broken(column))
        if not symmetric or _symmetric((a, b))
    }
    return tuple(sorted(found))


def _name_with_ties(
    game: NormalFormGame, ranks: Sequence[_Ranks], symmetric: bool, borders: tuple[str, ...]
) -> str:
    matching = (1, 0, 0, 1)
    row, column = ranks
    if set(row) == set(column) == {0}:
        return "all outcomes equal (with ties)"
    pair = {row, _relabelled(row, 0, 1)} | {column, _relabelled(column, 0, 1)}
    if pair == {matching, (0, 1, 1, 0)}:
        together = row == _relabelled(column, 0, 0)
        return "pure coordination (with ties)" if together else "matching pennies (with ties)"
    if not game.best_response_mask.all(axis=-1).any():
        return "cyclic (with ties)"
    if symmetric and set(borders) == {"battle of the sexes (hero)", "battle of the sexes (leader)"}:
        return "battle of the sexes (with ties)"
    if len(borders) == 1:
        return f"{borders[0]} (with ties)"
    if len(borders) <= 3:
        return f"between {' and '.join(borders)} (with ties)"
    return f"bordering on {len(borders)} strict games (with ties)"


def _dominant(own: np.ndarray[tuple[int, ...], np.dtype[np.float64]], labels: Sequence[str]) -> str | None:
    for a in range(2):
        if (own[a] > own[1 - a]).all():
            return labels[a]
    return None
