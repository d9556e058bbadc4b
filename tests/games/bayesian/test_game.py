"""Bayesian games: what they are, what they refuse, and what strategies pay."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

from games import BayesianGame, catalog
from games.errors import GameError, ProfileError

ZERO = np.zeros((2, 2, 2, 2, 2), dtype=int)
TYPES = [["a", "b"], ["x", "y"]]
QUARTERS = [["1/4", "1/4"], ["1/4", "1/4"]]


def random_game(
    seed: int, n_types=(2, 2), shape=(2, 3), correlated: bool = True, top: int = 5
) -> BayesianGame:
    rng = np.random.default_rng(seed)
    n = len(shape)
    payoffs = rng.integers(-top, top + 1, (*n_types, *shape, n))
    types = [[f"{i}{t}" for t in range(k)] for i, k in enumerate(n_types)]
    weights = rng.integers(1, 6, n_types)
    if correlated:
        total = int(weights.sum())
        prior = np.vectorize(lambda w: Fraction(int(w), total), otypes=[object])(weights)
        return BayesianGame(types, prior, payoffs)
    vectors = [rng.integers(1, 6, k) for k in n_types]
    return BayesianGame.independent(
        types, [[Fraction(int(w), int(v.sum())) for w in v] for v in vectors], payoffs
    )


def test_priors_are_exact_and_may_be_correlated() -> None:
    game = BayesianGame(TYPES, [[0.1, 0.2], [0.3, 0.4]], ZERO)
    assert game.exact_prior.tolist() == [[Fraction(1, 10), Fraction(1, 5)], [Fraction(3, 10), Fraction(2, 5)]]
    assert not game.is_independent
    assert game.marginal(0).tolist() == [Fraction(3, 10), Fraction(7, 10)]
    assert game.posterior(0, "a").tolist() == [Fraction(1, 3), Fraction(2, 3)]
    assert BayesianGame(TYPES, QUARTERS, ZERO).is_independent
    assert sum(BayesianGame(TYPES, [[1 / 3, 1 / 3], [0, 1 / 3]], ZERO).exact_prior.reshape(-1)) == 1


@pytest.mark.parametrize(
    ("types", "prior", "payoffs", "words"),
    [
        (
            TYPES,
            [["1/2", 0], ["1/2", 0]],
            ZERO,
            "the prior gives type 'y' of Player 2 probability 0; leave out",
        ),
        (TYPES, [["1/2", "1/4"], [0, 0]], ZERO, "add up to 3/4; they must add up to 1"),
        (TYPES, [[0.5, 0.4], [0, 0]], ZERO, "add up to 0.9; they must add up to 1"),
        (TYPES, [[1, 0], [1, -1]], ZERO, "has the negative probability -1"),
        (TYPES, [["1/2", "one"], [0, 0]], ZERO, "'one', which is not a number"),
        (
            TYPES,
            [["1/2", "1/2"]],
            ZERO,
            "the prior has shape (1, 2); it needs one probability for each type profile",
        ),
        ([["a", "a"], ["x", "y"]], QUARTERS, ZERO, "types of Player 1: the label 'a' stands more than once"),
        ([["a", ""], ["x", "y"]], QUARTERS, ZERO, "types of Player 1: a label is empty"),
        ([["a"], ["x", "y"]], QUARTERS, ZERO, "the payoffs have 2 types on this axis"),
        (
            TYPES,
            QUARTERS,
            np.zeros((2, 2, 2, 2)),
            "payoffs have shape (2, 2, 2, 2); a Bayesian game of 2 players",
        ),
        (TYPES, QUARTERS, np.full((2, 2, 2, 2, 2), np.nan), "every payoff must be a finite number"),
        ([], QUARTERS, ZERO, "types must hold a list of labels"),
    ],
)
def test_what_is_not_a_game_is_refused_in_one_line(types, prior, payoffs, words) -> None:
    with pytest.raises(GameError) as error:
        BayesianGame(types, prior, payoffs)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_independent_priors() -> None:
    game = random_game(3, (2, 3), (2, 2), correlated=False)
    assert game.is_independent
    with pytest.raises(GameError, match="one vector for each of 2 players"):
        BayesianGame.independent(TYPES, [[1]], ZERO)
    with pytest.raises(GameError, match="the prior of player 2 add up to 3/4"):
        BayesianGame.independent(TYPES, [["1/2", "1/2"], ["1/2", "1/4"]], ZERO)


def test_games_are_immutable_values() -> None:
    game = random_game(1)
    assert pickle.loads(pickle.dumps(game)) == game
    assert hash(pickle.loads(pickle.dumps(game))) == hash(game)
    assert game != random_game(2)
    for array in (game.prior, game.payoffs, game.exact, game.exact_prior):
        with pytest.raises(ValueError, match="read-only"):
            array[(0,) * array.ndim] = 1
    with pytest.raises(ProfileError, match="no type with index 2"):
        game.stage((2, 0))
    assert game.stage(("00", "11")).payoffs.tolist() == game.payoffs[0, 1].tolist()


def test_views() -> None:
    game = catalog.trees.entry_deterrence()
    assert repr(game) == (
        "<BayesianGame 'Deterrence of an unknown defender': types 1x2, actions 2x2, players Challenger, Defender>"
    )
    page = game._repr_html_()
    assert "Defender: strong (probability 3/8)" in page
    assert page.count("<table") == 2
    frame = game.to_frame()
    assert len(frame) == 8
    assert frame["prior"].unique().tolist() == [0.375, 0.625]
