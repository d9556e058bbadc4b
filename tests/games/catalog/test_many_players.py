"""Games of three and more players: equilibria at other numbers of players and other parameters, by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from games import catalog
from games.errors import GameError


def pure(game) -> set[tuple[str, ...]]:
    return {game.labels(tuple(a)) for a in np.argwhere(game.best_response_mask.all(axis=-1)).tolist()}


@pytest.mark.parametrize(("share", "plays"), [("1/2", "Withhold"), ("3/2", "Contribute")])
def test_public_goods_turn_where_a_contribution_pays_for_itself(share, plays):
    game = catalog.public_goods(4, Fraction(share), 1)
    assert pure(game) == {(plays,) * 4}
    assert game.payoff(["Contribute"] * 4)[0] == 4 * Fraction(share) - 1


@pytest.mark.parametrize(("n", "benefit"), [(2, 4), (3, 9), (4, 8)])
def test_each_volunteer_waits_as_diekmann_says(n, benefit):
    wait = (1 / benefit) ** (1 / (n - 1))
    game = catalog.volunteers_dilemma(n, benefit, 1)
    mixed = [[1 - wait, wait]] * n
    assert game.regret(mixed) == pytest.approx([0] * n, abs=1e-12)
    # Indifferent to volunteering, which pays benefit less cost whatever the others do.
    assert game.expected(mixed) == pytest.approx([benefit - 1] * n)
    assert len(pure(game)) == n


@pytest.mark.parametrize(("mixing", "prize"), [(2, 9), (3, 9), (3, 16), (4, 27)])
def test_those_who_mix_in_anti_coordination_claim_less_the_more_they_are(mixing, prize):
    safe = prize ** (-1 / (mixing - 1))
    n = 4
    profile = [[safe, 1 - safe]] * mixing + [[1.0, 0.0]] * (n - mixing)
    assert catalog.anti_coordination(n, prize).regret(profile) == pytest.approx([0] * n, abs=1e-12)


def test_the_largest_number_of_equilibria_of_a_generic_cube_is_nine():
    entry = catalog.entry("mckelvey_mclennan")
    assert entry.count == len(entry.known) == 9
    game = catalog.mckelvey_mclennan()
    for profile in entry.equilibria():
        assert game.regret(profile) == pytest.approx([0, 0, 0], abs=1e-12)


def test_naus_equilibrium_is_a_root_of_his_quadratic():
    (profile,) = catalog.entry("nau_irrational").equilibria()
    q = profile[1][0]
    assert 12 * q**2 + 13 * q - 9 == pytest.approx(0, abs=1e-12)
    assert pure(catalog.nau_irrational()) == set()
    assert catalog.entry("nau_irrational").exact_equilibria() == ()


def test_the_three_pure_equilibria_of_naus_continuum():
    assert pure(catalog.nau_continuum()) == {
        ("Top", "Right", "1"),
        ("Bottom", "Left", "1"),
        ("Bottom", "Right", "2"),
    }


def test_nobody_can_be_at_rest_in_jordans_game():
    game = catalog.jordan()
    assert pure(game) == set()
    assert game.payoff(["Heads", "Heads", "Tails"]).tolist() == [1, -1, 1]
    assert game.expected([[0.5, 0.5]] * 3) == pytest.approx([0, 0, 0])


def test_seltens_horse_pays_what_its_tree_pays():
    game, tree = catalog.seltens_horse(), catalog.trees.seltens_horse()
    for first, second, third in np.ndindex(2, 2, 2):
        # What the normal form calls right for player 3, the tree calls left.
        plan = {"1": "CD"[first], "2": "cd"[second], "3": "LR"[third]}
        assert game.payoffs[first, second, third] == pytest.approx(tree.expected(plan))


@pytest.mark.parametrize("n", [3, 5])
def test_pure_equilibria_of_a_minority_game_divide_as_evenly_as_they_can(n):
    assert len(pure(catalog.minority(n))) == 2 * comb(n, n // 2)


@pytest.mark.parametrize(("n", "seats"), [(3, 1), (5, 3), (4, 4)])
def test_the_bar_is_exactly_full(n, seats):
    found = pure(catalog.el_farol(n, seats))
    assert len(found) == comb(n, seats)
    assert {profile.count("Go") for profile in found} == {seats}


def test_every_common_effort_is_an_equilibrium_and_the_highest_pays_most():
    game = catalog.minimum_effort(3, 4)
    assert pure(game) == {(str(e),) * 3 for e in range(1, 5)}
    assert [game.payoff([str(e)] * 3)[0] for e in range(1, 5)] == [70, 80, 90, 100]
    assert game.payoff(["4", "1", "4"]).tolist() == [40, 70, 40]


def test_of_two_who_guess_the_lower_number_wins():
    game = catalog.beauty_contest(2, 4)
    for low, high in ((0, 3), (1, 4), (2, 3)):
        assert game.payoff([str(low), str(high)]).tolist() == [1, 0]
    assert game.payoff(["2", "2"]).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "call",
    [
        lambda: catalog.public_goods(0),
        lambda: catalog.volunteers_dilemma(3, 1, 1),
        lambda: catalog.anti_coordination(3, 1),
        lambda: catalog.minority(4),
        lambda: catalog.minority(1),
        lambda: catalog.el_farol(3, 4),
        lambda: catalog.minimum_effort(3, 0),
        lambda: catalog.beauty_contest(1),
    ],
)
def test_numbers_of_another_game_are_refused(call):
    with pytest.raises(GameError):
        call()
