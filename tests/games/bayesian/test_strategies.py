"""Strategies of Bayesian games: every form in which they are given, and what they pay."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import catalog
from games.errors import ProfileError
from tests.games.bayesian.test_game import random_game


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("n_types", "shape"), [((2, 2), (2, 3)), ((2, 1, 2), (2, 2, 2))])
def test_payoffs_by_hand(seed: int, n_types, shape) -> None:
    game = random_game(seed, n_types, shape)
    rng = np.random.default_rng(seed)
    strategy = [rng.dirichlet(np.ones(k), size=t) for t, k in zip(n_types, shape)]
    n = len(shape)
    for i in range(n):
        for t in range(n_types[i]):
            total, mass = 0.0, 0.0
            for types in np.ndindex(n_types):
                if types[i] != t:
                    continue
                mass += game.prior[types]
                for a in np.ndindex(shape):
                    weight = np.prod([strategy[j][types[j]][a[j]] for j in range(n)])
                    total += game.prior[types] * weight * game.payoffs[(*types, *a, i)]
            assert game.interim(strategy)[i][t] == pytest.approx(total / mass)
    ex_ante = sum(game.marginal(0).astype(float) * game.interim(strategy)[0])
    assert game.ex_ante(strategy)[0] == pytest.approx(ex_ante)
    assert all((r >= 0).all() for r in game.regret(strategy))


def test_strategies_in_every_form() -> None:
    game = catalog.trees.kydd_trust()
    forms = [
        ["Cooperate", {"trustworthy": 0, "untrustworthy": "Defect"}],
        [[0, 0], [[1, 0], [0, 1]]],
        [["Cooperate", "Cooperate"], ["Cooperate", [Fraction(0), Fraction(1)]]],
    ]
    for form in forms:
        assert [own.tolist() for own in game.strategy(form)] == [[[1, 0], [1, 0]], [[1, 0], [0, 1]]]
    for bad, words in [
        (["Cooperate"], "one entry for each of First, Second"),
        (["Cooperate", {"trustworthy": 0}], "needs one entry for each of its types"),
        (["Cooperate", {"honest": 0}], "Second has no type 'honest'"),
        (["Cooperate", [[0.5, 0.4], 0]], "type 'trustworthy' of Second add up to 0.9"),
        (["Cooperate", [[1.5, -0.5], 0]], "negative or undefined"),
        (["Cooperate", [[1], 0]], "has 1 probabilities"),
        (["Betray", 0], "has no action 'Betray'"),
    ]:
        with pytest.raises(ProfileError) as error:
            game.strategy(bad)
        assert words in str(error.value)
