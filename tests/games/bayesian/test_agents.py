"""Other forms of a Bayesian game: each pays what the game pays."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import BayesianGame, NormalFormGame
from games.errors import GameError, ProfileError, SizeError
from tests.games.bayesian.test_game import random_game

SIZES = [((2, 2), (2, 3)), ((1, 3), (2, 2)), ((2, 1, 2), (2, 2, 2))]


def random_strategy(game: BayesianGame, seed: int) -> list[list[list[Fraction]]]:
    rng = np.random.default_rng(seed)
    out = []
    for count, k in zip(game.n_types, game.shape):
        own = []
        for _ in range(count):
            w = rng.integers(0, 4, k)
            w[rng.integers(k)] += 1
            own.append([Fraction(int(x), int(w.sum())) for x in w])
        out.append(own)
    return out


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n_types", "shape"), SIZES)
def test_every_form_pays_the_same(seed: int, n_types, shape) -> None:
    game = random_game(seed, n_types, shape)
    strategy = random_strategy(game, seed)
    interim = np.concatenate([v.astype(float) for v in game.interim(strategy)])
    agents = game.agent_form()
    assert agents.expected([[float(p) for p in v] for v in game.to_agents(strategy)]) == pytest.approx(
        interim
    )
    tree = game.tree()
    behaviour = {
        f"{game.players[i]}: {game.types[i][t]}": strategy[i][t]
        for i in range(game.n_players)
        for t in range(game.n_types[i])
    }
    assert tree.expected(behaviour) == pytest.approx(game.ex_ante(strategy))
    mixed = tree.to_mixed(behaviour, reduced=False)
    plans = game.normal_form()
    # The tree's players choose plans in the same order: types in the order in which the tree meets them.
    order = [[s.label for s in tree.information_sets if s.player == i] for i in range(game.n_players)]
    if all(own == [f"{game.players[i]}: {t}" for t in game.types[i]] for i, own in enumerate(order)):
        assert plans.expected([v.astype(float) for v in mixed]) == pytest.approx(game.ex_ante(strategy))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n_types", "shape"), SIZES)
def test_the_agent_form_leads_back(seed: int, n_types, shape) -> None:
    game = random_game(seed, n_types, shape)
    agents = game.agent_form()
    back = BayesianGame.from_agent_form(agents, game.types, game.exact_prior, game.players)
    assert (back.agent_form().exact == agents.exact).all()
    assert back.actions == game.actions
    strategy = random_strategy(game, seed)
    assert game.from_agents(game.to_agents(strategy))[0].tolist() == [list(row) for row in strategy[0]]
    for mine, theirs in zip(back.interim(strategy), game.interim(strategy)):
        assert mine.tolist() == theirs.tolist()


def test_zero_probability_type_profiles_are_fine() -> None:
    rng = np.random.default_rng(5)
    half = Fraction(1, 2)
    game = BayesianGame([["a", "b"], ["x", "y"]], [[half, 0], [0, half]], rng.integers(0, 9, (2, 2, 2, 2, 2)))
    back = BayesianGame.from_agent_form(game.agent_form(), game.types, game.exact_prior)
    assert (back.agent_form().exact == game.agent_form().exact).all()
    assert game.tree().n_nodes == 1 + 2 * 7


def test_a_game_that_is_no_agent_form_is_refused() -> None:
    rng = np.random.default_rng(0)
    other = NormalFormGame(rng.integers(0, 9, (2, 2, 2, 2, 4)))
    with pytest.raises(GameError, match="no Bayesian game with these types and prior has this agent form"):
        BayesianGame.from_agent_form(other, [["a", "b"], ["x", "y"]], [["1/4"] * 2] * 2)
    with pytest.raises(GameError, match="has 4 players; 3 types were named"):
        BayesianGame.from_agent_form(other, [["a", "b"], ["x"]], [["1/2"], ["1/2"]])
    uneven = NormalFormGame(np.zeros((2, 3, 2, 3)), actions=[["l", "r"], ["l", "m", "r"], ["l", "r"]])
    with pytest.raises(GameError, match="types of player 1 have different actions"):
        BayesianGame.from_agent_form(uneven, [["a", "b"], ["x"]], [["1/2"], ["1/2"]])


def test_information_refines_types() -> None:
    game = random_game(2, (2, 2), (2, 2))
    told = game.inform(0)
    assert told.types[0] == ("00 | 10", "00 | 11", "01 | 10", "01 | 11")
    assert told.exact_prior.sum() == 1
    assert told.posterior(0, "00 | 11").tolist() == [0, 1]
    # Whoever ignores what it is told plays the old game.
    strategy = random_strategy(game, 1)
    same = [[strategy[0][0], strategy[0][0], strategy[0][1], strategy[0][1]], strategy[1]]
    assert told.ex_ante(same) == pytest.approx(game.ex_ante(strategy))
    with pytest.raises(GameError, match="knows its own type already"):
        game.inform(0, 0)


def test_sizes_are_refused() -> None:
    types = [[str(k) for k in range(12)], [str(k) for k in range(12)]]
    prior = np.full((12, 12), Fraction(1, 144), dtype=object)
    game = BayesianGame(types, prior, np.zeros((12, 12, 2, 2, 2), dtype=int))
    with pytest.raises(SizeError, match="the agent form of this game holds"):
        game.agent_form()
    with pytest.raises(SizeError, match="the normal form of this game holds"):
        game.normal_form()
    with pytest.raises(ProfileError, match="24 players; got a profile of 1"):
        game.from_agents([[1, 0]])
