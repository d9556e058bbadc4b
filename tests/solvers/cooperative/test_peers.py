"""The same games by other libraries, where they are installed."""

from __future__ import annotations

import numpy as np
import pytest

from games.coalitional import CoalitionalGame
from solvers.cooperative import banzhaf, core, nucleolus, shapley

pytestmark = pytest.mark.peer


def random_game(seed: int, n: int) -> CoalitionalGame:
    values = np.random.default_rng(seed).integers(0, 30, size=2**n)
    values[0] = 0
    values[1 << np.arange(n)] = 0
    return CoalitionalGame(values)


@pytest.mark.parametrize("seed", range(20))
def test_values_agree_with_coopgame(seed: int) -> None:
    coopgame = pytest.importorskip("coopgame")
    n = 3 + seed % 4
    game = random_game(seed, n)
    other = coopgame.Game(game.values[1:].astype(int).tolist())
    assert shapley(game).payoffs == pytest.approx(list(coopgame.shapley(other)), abs=1e-9)
    assert banzhaf(game, normalised=False).payoffs == pytest.approx(list(coopgame.banzhaf(other)), abs=1e-9)
    assert core(game).empty == (not other.has_nonempty_core())
    for pre, domain in ((False, "imputation"), (True, "preimputation")):
        theirs = coopgame.nucleolus_exact(game.values[1:].astype(int).tolist(), domain)
        found = nucleolus(game, pre=pre)
        assert found.exact == tuple(theirs["allocation"] if isinstance(theirs, dict) else theirs.allocation)
        assert found.verified


@pytest.mark.parametrize("seed", range(5))
def test_shapley_agrees_with_coopgt(seed: int) -> None:
    shapley_value = pytest.importorskip("coopgt.shapley_value")
    n = 2 + seed % 3
    game = random_game(seed, n)
    table = {tuple(i + 1 for i in range(n) if s >> i & 1): game.values[s] for s in range(2**n)}
    assert shapley(game).payoffs == pytest.approx(shapley_value.calculate(table, n), abs=1e-9)
