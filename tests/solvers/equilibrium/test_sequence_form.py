"""Sequences, what pairs of them pay, and plans beside behaviour strategies."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import ExtensiveGame, catalog
from solvers.equilibrium.sequence_form import of_bayesian, of_tree
from tests.games.bayesian.test_game import random_game
from tests.games.extensive.random_trees import random_behaviour, simultaneous, with_recall


def of_players(tree: ExtensiveGame, behaviour: list) -> tuple[list, list]:
    """Each player's own part of a behaviour profile, in the order of its information sets."""
    first, second = ([v for s, v in zip(tree.information_sets, behaviour) if s.player == i] for i in range(2))
    return first, second


def total(form, x, y, part):
    return sum(x[r] * y[c] * part(v) for (r, c), v in form.payoffs.items())


def test_a_one_shot_game_has_its_payoffs_at_pairs_of_actions() -> None:
    form = of_tree(simultaneous([[1, 2], [3, 4]], [[5, 6], [7, 9]]))
    assert form.first == form.second
    assert form.first.before == (-1, 0, 0)
    assert form.first.sets == ((0, (1, 2)),)
    assert form.first.size == 3
    assert form.payoffs == {(1, 1): (1, 5), (1, 2): (2, 6), (2, 1): (3, 7), (2, 2): (4, 9)}
    assert set(form.weights.values()) == {1}
    assert form.zero_sum is None
    assert of_tree(simultaneous([[1, 2], [3, 4]], [[5, 4], [3, 2]])).zero_sum == 6


def test_kuhn_poker_has_twelve_moves_of_each_player() -> None:
    form = of_tree(catalog.trees.kuhn_poker())
    assert (form.first.size, form.second.size) == (13, 13)
    assert (len(form.first.sets), len(form.second.sets)) == (6, 6)
    assert form.zero_sum == 0
    # The first player's second move continues a check: sequences are two moves long at most.
    assert sorted(form.first.before).count(0) == 6
    assert all(before == 0 for before, _ in form.second.sets)
    # Five ends of each deal, of which there are six.
    assert sum(form.weights.values()) == 5


@pytest.mark.parametrize("seed", range(6))
def test_plans_pay_what_the_behaviour_pays(seed: int) -> None:
    tree = with_recall(seed)
    form = of_tree(tree)
    behaviour = random_behaviour(tree, seed)
    own = of_players(tree, behaviour)
    x, y = form.first.plan(own[0]), form.second.plan(own[1])
    assert (x[0], y[0]) == (1, 1)
    assert list(tree.outcome(behaviour) @ tree.exact) == [
        total(form, x, y, lambda v, i=i: v[i]) for i in range(2)
    ]
    # Chance and the players lead somewhere with probability one.
    assert sum(x[r] * y[c] * w for (r, c), w in form.weights.items()) == 1
    for plans, plan, vectors in ((form.first, x, own[0]), (form.second, y, own[1])):
        for (before, after), vector, again in zip(plans.sets, vectors, plans.behaviour(plan)):
            assert sum(plan[s] for s in after) == plan[before]
            assert all(plans.before[s] == before for s in after)
            # What a plan does where it keeps play from coming is left open.
            assert again == (list(vector) if plan[before] > 0 else None)


@pytest.mark.parametrize("seed", range(3))
def test_a_bayesian_game_has_the_sequence_form_of_its_tree(seed: int) -> None:
    """Each type is an information set; payoffs, weights and what they add up to are the tree's."""
    game = random_game(seed, n_types=(2, 3), shape=(2, 3))
    form = of_bayesian(game)
    assert (form.first.size, form.second.size) == (1 + 2 * 2, 1 + 3 * 3)
    assert [after for _, after in form.second.sets] == [(1, 2, 3), (4, 5, 6), (7, 8, 9)]
    tree = game.tree()
    behaviour = random_behaviour(tree, seed)
    own = of_players(tree, behaviour)
    x, y = form.first.plan(own[0]), form.second.plan(own[1])
    assert [total(form, x, y, lambda v, i=i: v[i]) for i in range(2)] == list(
        tree.outcome(behaviour) @ tree.exact
    )
    assert sum(x[r] * y[c] * w for (r, c), w in form.weights.items()) == 1
    assert form.zero_sum is None


def test_a_bayesian_game_of_opposed_interests_is_known_as_such() -> None:
    from games import BayesianGame

    payoffs = random_game(1).payoffs.astype(int)
    payoffs[..., 1] = 3 - payoffs[..., 0]
    prior = [[Fraction(1, 4)] * 2] * 2
    assert of_bayesian(BayesianGame([["a", "b"], ["c", "d"]], prior, payoffs)).zero_sum == 3
