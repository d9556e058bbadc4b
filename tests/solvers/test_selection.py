"""Selection on a found set: textbook games, what is said of incomplete searches, and invariance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError
from solvers import nash, selection
from solvers.equilibrium.results import Equilibria, Equilibrium

HUNT = NormalFormGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=[["stag", "hare"]] * 2)
DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def random_game(seed, shape, top=5):
    return NormalFormGame(np.random.default_rng(seed).integers(0, top, (*shape, len(shape))))


def found_in(game, profiles, complete=True):
    equilibria = tuple(Equilibrium(game, p, proof="numeric") for p in profiles)
    return Equilibria(game, equilibria, complete, None, "a list made by hand", 0.0)


def hunt_equilibria():
    return found_in(HUNT, [(0, 0), (1, 1), ([0.75, 0.25], [0.75, 0.25])])


def test_stag_hunt():
    """Harsanyi and Selten (1988): the stag is payoff dominant, the hare risk dominant (losses 1 x 1 against 3 x 3)."""
    found = hunt_equilibria()
    assert selection.strict(found).kept == (0, 1)
    assert selection.pareto_undominated(found).kept == (0,)
    assert selection.payoff_dominant(found).kept == (0,)
    assert selection.risk_dominant(found).kept == (1,)
    assert selection.select(found, "strong").kept == (0,)
    # Both leaving the hare for the stag is self-enforcing, so the hare is not coalition-proof either.
    assert selection.select(found, "coalition-proof").kept == (0,)
    assert selection.strict(found).equilibria[1].describe() == "Player 1: hare; Player 2: hare"


def test_battle_of_the_sexes():
    """Neither pure equilibrium dominates the other in payoffs; risk decides by the products of losses."""
    game = NormalFormGame.from_bimatrix([[3, 0], [0, 1]], [[1, 0], [0, 2]])
    found = found_in(game, [(0, 0), (1, 1), ([2 / 3, 1 / 3], [1 / 4, 3 / 4])])
    assert selection.strict(found).kept == (0, 1)
    assert selection.pareto_undominated(found).kept == (0, 1)
    assert selection.payoff_dominant(found).kept == ()
    assert selection.risk_dominant(found).kept == (0,)


def test_risk_dominance_by_its_definition():
    """The strict equilibrium with the larger basin: its partner needs less than half a chance on it (symmetric games)."""
    for seed in range(40):
        a, b, c, d = np.random.default_rng(seed).permutation(9)[:4]
        A = np.array([[a, b], [c, d]])
        game = NormalFormGame.from_bimatrix(A, A.T)
        found = nash.pure(game)
        if a > c and d > b:
            kept = selection.risk_dominant(found).kept
            against_half = A @ [0.5, 0.5]
            if against_half[0] == against_half[1]:
                assert kept == ()
            else:
                (position,) = kept
                assert found[position].profile[0].argmax() == against_half.argmax()


def test_risk_dominance_has_nothing_to_compare():
    assert selection.risk_dominant(nash.pure(DILEMMA)).kept == ()
    assert "1 is strict" in selection.risk_dominant(nash.pure(DILEMMA)).summary()
    tie = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    assert "equal" in selection.risk_dominant(nash.pure(tie)).summary()
    with pytest.raises(MethodError, match="3x2"):
        selection.risk_dominant(nash.pure(random_game(0, (3, 2))))


def test_ties_are_not_strict():
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 0]], [[1, 0], [0, 1]])
    found = found_in(game, [(0, 0)])
    assert selection.strict(found).kept == ()


def test_an_incomplete_search_is_said():
    found = found_in(HUNT, [(1, 1)], complete=False)
    chosen = selection.pareto_undominated(found)
    assert chosen.kept == (0,)
    assert "NOT complete" in chosen.summary()
    assert "NOT complete" not in selection.pareto_undominated(hunt_equilibria()).summary()


def test_an_empty_set_selects_nothing():
    found = found_in(HUNT, [], complete=False)
    for name in (
        "strict",
        "pareto-undominated",
        "payoff-dominant",
        "risk-dominant",
        "strong",
        "coalition-proof",
    ):
        assert selection.select(found, name).kept == ()


@given(st.integers(0, 10**9), st.permutations([0, 1, 2]), st.sampled_from([1e12, 1e-12, 0.3]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_units_and_order_of_players_do_not_matter(seed, order, scale):
    game = random_game(seed, (2, 3, 2), top=4)
    found = nash.pure(game)
    moved = game.permute(order).rescale([scale, 1.0, 7.0], [0.0, 1.0, -3.0])
    again = found_in(moved, [tuple(e.profile[i] for i in order) for e in found])
    for name in ("strict", "pareto-undominated", "payoff-dominant", "strong", "coalition-proof"):
        assert selection.select(found, name).kept == selection.select(again, name).kept


def test_limiting_logit():
    """Turocy (2005): in symmetric 2x2 coordination games the branch ends at the risk-dominant equilibrium."""
    found = hunt_equilibria()
    assert selection.limiting_logit(found).kept == (1,)
    assert selection.limiting_logit(found_in(HUNT, [(0, 0)])).kept == ()


def test_what_it_looks_like():
    chosen = selection.strict(hunt_equilibria())
    assert chosen.to_frame()["strict"].tolist() == [True, True, False]
    assert "2 of 3 equilibria found are strict" in repr(chosen)
    assert set(selection.criteria()) >= {"strict", "limiting-logit", "coalition-proof"}


def test_bad_input_is_named():
    with pytest.raises(MethodError, match="did you mean 'strict'"):
        selection.select(hunt_equilibria(), "stirct")
