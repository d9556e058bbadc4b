"""Strategies out of payoff sets pass a check that shares nothing with how they were found."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import ProfileError
from solvers import stochastic
from tests.solvers.stochastic.examples import named, random_game


@pytest.mark.parametrize(
    "seeds", [range(20), range(20, 40), pytest.param(range(40, 200), marks=pytest.mark.thorough)], ids=str
)
def test_extracted_strategies_are_equilibria(seeds) -> None:
    for one in seeds:
        rng = np.random.default_rng(one)
        game = random_game(one, actions=int(rng.integers(2, 4)))
        found = stochastic.payoff_set(game)
        for s, f in enumerate(found):
            if f.empty or f.inner.dimension < 0:
                continue
            assert f.outer.excess(f.inner.vertices).max() <= 1e-9
            V = f.inner.vertices
            for target in (V[0], rng.dirichlet(np.ones(len(V))) @ V):
                plan = stochastic.strategy(found, s, target)
                assert plan.payoffs[s] == pytest.approx(target, abs=1e-8)
                assert stochastic.check(game, plan).is_equilibrium


def test_three_players() -> None:
    game = named("contribution", 2 / 3)
    found = stochastic.payoff_set(game)
    for s in range(2):
        for v in found[s].inner.vertices:
            plan = stochastic.strategy(found, s, v)
            assert stochastic.check(game, plan).is_equilibrium
            assert plan.payoffs[s] == pytest.approx(v, abs=1e-8)


def test_what_is_not_in_the_set_is_refused() -> None:
    found = stochastic.payoff_set(named("abreu-brooks-sannikov", 0.7))
    with pytest.raises(ProfileError, match="not in the inner polytope"):
        stochastic.strategy(found, 0, [9.0, 9.0])
    with pytest.raises(ProfileError, match="one number for each"):
        stochastic.strategy(found, 0, [1.0])
