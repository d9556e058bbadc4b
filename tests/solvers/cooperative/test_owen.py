"""The Owen value, against orders of players that keep unions together."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from games.coalitional import CoalitionalGame, weighted_voting
from games.errors import GameError, ProfileError
from solvers.cooperative import owen, shapley


def by_orders(game: CoalitionalGame, groups: list[list[int]]) -> np.ndarray:
    total, count = np.zeros(game.n_players), 0
    for order in permutations(range(game.n_players)):
        places = [[order.index(i) for i in group] for group in groups]
        if any(max(p) - min(p) != len(p) - 1 for p in places):
            continue
        mask = 0
        for i in order:
            total[i] += game.values[mask | 1 << i] - game.values[mask]
            mask |= 1 << i
        count += 1
    return total / count


@pytest.mark.parametrize(
    "groups", [[[0, 1], [2], [3, 4]], [[0, 1, 2, 3, 4]], [[0], [1], [2], [3], [4]], [[0, 4, 2], [1, 3]]]
)
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_mean_over_orders(groups: list[list[int]], seed: int) -> None:
    values = np.random.default_rng(seed).integers(-5, 20, size=32)
    values[0] = 0
    game = CoalitionalGame(values)
    names = [[game.players[i] for i in group] for group in groups]
    assert owen(game, names).payoffs == pytest.approx(by_orders(game, groups))


def test_unions_of_one_and_one_union_give_the_shapley_value() -> None:
    game = weighted_voting([4, 3, 2, 1])
    assert owen(game, []).payoffs == pytest.approx(shapley(game).payoffs)
    assert owen(game, [list(game.players)]).payoffs == pytest.approx(shapley(game).payoffs)


def test_bad_unions_are_refused() -> None:
    game = weighted_voting({"A": 1, "B": 1, "C": 1})
    with pytest.raises(GameError, match="two unions"):
        owen(game, [["A", "B"], ["B"]])
    with pytest.raises(GameError, match="two unions"):
        owen(game, [["A", "A"]])
    with pytest.raises(ProfileError, match="no player"):
        owen(game, [["D"]])
