"""Values of games of types, against the table."""

from __future__ import annotations

import numpy as np
import pytest

from games.typed import TypedGame
from games.voting import security_council
from solvers.cooperative import banzhaf, shapley, typed_banzhaf, typed_shapley, voting_power


@pytest.mark.parametrize("seed", range(6))
def test_they_agree_with_the_table(seed: int) -> None:
    worths = np.random.default_rng(seed).integers(-5, 20, size=(3, 2, 4))
    worths[0, 0, 0] = 0
    game = TypedGame(worths, {"A": 2, "B": 1, "C": 3})
    table = game.game()
    assert typed_shapley(game).by_player == pytest.approx(shapley(table).payoffs)
    for normalised in (True, False):
        assert typed_banzhaf(game, normalised).by_player == pytest.approx(banzhaf(table, normalised).payoffs)


def test_the_security_council_by_two_ways() -> None:
    rule = security_council()
    exact = voting_power(rule)
    typed = rule.typed()
    assert typed_shapley(typed).by_player == pytest.approx([float(x) for x in exact.shapley_shubik])
    assert typed_banzhaf(typed).by_player == pytest.approx([float(x) for x in exact.banzhaf])
