"""Classic games of two players: equilibria at parameters other than those that the catalogue lists, by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import catalog
from games.errors import GameError


def pure(game) -> set[tuple[str, ...]]:
    return {game.labels(tuple(a)) for a in np.argwhere(game.best_response_mask.all(axis=-1)).tolist()}


@pytest.mark.parametrize(("win", "lose"), [(1, -1), (2, -1), (1, -3)])
def test_rock_paper_scissors_is_worth_a_third_of_win_and_loss(win, lose):
    game = catalog.rock_paper_scissors(win, lose)
    even = [[Fraction(1, 3)] * 3] * 2
    assert game.regret(even) == pytest.approx([0, 0], abs=1e-12)
    assert game.expected(even) == pytest.approx([(win + lose) / 3] * 2)
    assert pure(game) == set()


def test_shapleys_cycling_game_cycles_through_best_responses():
    # Row wants to match, column to be one step ahead: no pure equilibrium, and each cell is a best response for one at most.
    game = catalog.shapley_cycling()
    assert pure(game) == set()
    assert game.expected([[1 / 3] * 3] * 2) == pytest.approx([1 / 3, 1 / 3])


@pytest.mark.parametrize(("prize", "left"), [(80, "1/2"), (200, "1/5"), (320, "1/8"), (440, "1/11")])
def test_the_prize_of_asymmetric_matching_pennies_moves_the_other_player(prize, left):
    # Row is indifferent where (prize - 40) q = 40 (1 - q), so q = 40 / prize; column keeps row at one half.
    q = Fraction(left)
    profile = [[0.5, 0.5], [float(q), float(1 - q)]]
    assert catalog.asymmetric_matching_pennies(prize).regret(profile) == pytest.approx([0, 0], abs=1e-9)


def test_oneill_is_worth_a_fifth_less_to_one_side():
    # Each plays the joker with 2/5: it wins with 2/5 and loses with 3/5.
    game = catalog.oneill()
    optimal = [[0.2, 0.2, 0.2, 0.4]] * 2
    assert game.expected(optimal) == pytest.approx([-0.2, 0.2])
    assert game.regret(optimal) == pytest.approx([0, 0], abs=1e-12)


def test_winkels_ties_are_exact():
    assert catalog.winkels().exact[4, 0, 0] == Fraction(5, 2)


@pytest.mark.parametrize(
    ("n", "intercept", "cost", "each"), [(1, 8, 0, 4), (2, 12, 0, 4), (3, 16, 0, 4), (2, 12, 3, 3)]
)
def test_cournot_firms_sell_what_is_left_over_divided_by_one_more(n, intercept, cost, each):
    # (intercept - cost) / (n + 1) lies on the grid, so that the continuous answer is the one of the grid, too.
    assert each == (intercept - cost) / (n + 1)
    game = catalog.cournot(n, range(9), intercept, cost)
    assert (str(each),) * n in pure(game)
    assert game.payoff([str(each)] * n) == pytest.approx([each * (intercept - n * each - cost)] * n)


def test_the_duopoly_of_judd_and_others_has_its_grid_and_its_cost():
    game = catalog.judd_yeltekin_conklin()
    q = Fraction(12, 7)
    assert game.exact[4, 4, 0] == q * (6 - 2 * q - Fraction(3, 5))
    assert game.shape == (15, 15)


@pytest.mark.parametrize("pie", [2, 4, 7])
def test_every_efficient_split_is_an_equilibrium_of_the_demand_game(pie):
    assert pure(catalog.nash_demand(pie)) == {(str(d), str(pie - d)) for d in range(1, pie)}


def test_travellers_talk_each_other_down():
    game = catalog.travellers_dilemma(high=10, bonus=3)
    assert pure(game) == {("2", "2")}
    assert game.payoff(["9", "10"]).tolist() == [12, 6]


def test_somebody_gives_in_at_once_in_a_war_of_attrition():
    game = catalog.war_of_attrition(value=3, periods=4)
    assert pure(game) == {("0", "3"), ("0", "4"), ("3", "0"), ("4", "0")}
    assert game.exact[2, 2].tolist() == [Fraction(-1, 2)] * 2
    assert game.payoff(["1", "4"]).tolist() == [-1, 2]


def test_blotto_is_even():
    game = catalog.colonel_blotto(troops=4, fields=2)
    A = game.payoffs[..., 0]
    assert (A == -A.T).all()
    assert game.payoff(["4-0", "2-2"]).tolist() == [0, 0]
    assert catalog.colonel_blotto().payoff(["3-0-0", "1-1-1"]).tolist() == [-1, 1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: catalog.rock_paper_scissors(win=-1),
        lambda: catalog.asymmetric_matching_pennies(40),
        lambda: catalog.cournot(2, (1, 1)),
        lambda: catalog.judd_yeltekin_conklin(1),
        lambda: catalog.nash_demand(1),
        lambda: catalog.travellers_dilemma(bonus=1),
        lambda: catalog.war_of_attrition(0),
        lambda: catalog.colonel_blotto(0),
    ],
)
def test_numbers_of_another_game_are_refused(call):
    with pytest.raises(GameError):
        call()
