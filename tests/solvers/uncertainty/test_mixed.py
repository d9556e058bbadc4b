"""All equilibria of many games together against one game at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError
from solvers import nash
from solvers.uncertainty._mixed import find, undominated

PENNIES = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)


def check(payoffs, found):
    """Every equilibrium of every draw, beside `nash.find_all`."""
    for d, table in enumerate(payoffs):
        one = nash.find_all(NormalFormGame(table))
        own = found.rows == d
        expected = sorted(np.concatenate(e.profile).round(6).tolist() for e in one)
        vertices = [np.concatenate(v).round(6).tolist() for c in one.components for v in c.vertices]
        got = sorted(
            np.concatenate([s[k] for s in found.strategies]).round(6).tolist() for k in np.flatnonzero(own)
        )
        # Deleting dominated actions can only make the search easier.
        assert found.complete[d] or not one.complete
        if not one.components:
            assert np.array(got) == pytest.approx(np.array(expected), abs=1e-5)
        else:
            assert all(any(np.allclose(g, e, atol=1e-5) for e in expected + vertices) for g in got)
        for k in np.flatnonzero(own):
            assert found.pure[k] == all(s[k].max() == 1 for s in found.strategies)
            game = NormalFormGame(table)
            profile = tuple(s[k] for s in found.strategies)
            assert found.payoffs[k] == pytest.approx(game.expected(profile), abs=1e-9)
            assert game.regret(profile).max() < 1e-7


@pytest.mark.parametrize("shape", [(2, 2), (4, 2), (2, 3), (3, 3), (2, 2, 2), (3, 2, 2)])
@pytest.mark.parametrize("levels", [None, 2])
def test_all_equilibria_of_random_games(shape, levels):
    rng = np.random.default_rng(5)
    payoffs = rng.normal(size=(10, *shape, len(shape)))
    if levels:
        payoffs = np.round(payoffs * levels) / levels
    check(payoffs, find(payoffs, "all"))


def test_matching_pennies_with_a_bystander_who_has_a_dominant_action():
    payoffs = np.zeros((1, 2, 3, 2, 3))
    payoffs[0, ..., 0] = PENNIES[:, None, :, 0]
    payoffs[0, ..., 2] = PENNIES[:, None, :, 1]
    payoffs[0, ..., 1] = np.array([0.0, 2.0, 1.0])[None, :, None]
    found = find(payoffs)
    assert found.rows.tolist() == [0]
    assert not found.pure[0]
    assert [s[0].tolist() for s in found.strategies] == [[0.5, 0.5], [0, 1, 0], [0.5, 0.5]]
    assert found.payoffs[0].tolist() == [0, 2, 0]


def test_mixed_equilibria_only_where_they_are_asked_for():
    hunt = np.array([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], dtype=float)
    payoffs = np.stack([PENNIES, hunt])
    assert find(payoffs, "never").counts.tolist() == [0, 2]
    assert find(payoffs).counts.tolist() == [1, 2]
    assert find(payoffs, "all").counts.tolist() == [1, 3]
    with pytest.raises(MethodError, match="did you mean 'where none'"):
        find(payoffs, "where nun")


def test_a_search_that_was_not_complete_is_said_to_be_so():
    # Rounded payoffs make ties; whether the search proves that it found all is for the search to say.
    rng = np.random.default_rng(5)
    payoffs = np.round(rng.normal(size=(10, 2, 2, 2, 3)) * 2) / 2
    found = find(payoffs, "all")
    for d, table in enumerate(payoffs):
        alive = undominated(payoffs[d : d + 1])
        if all(a.all() for a in alive):
            assert found.complete[d] == nash.find_all(NormalFormGame(table)).complete


def test_a_search_that_gives_up_is_not_called_complete(monkeypatch):
    real = nash.find_all
    monkeypatch.setattr(nash, "find_all", lambda *a, **k: replace(real(*a, **k), complete=False))
    payoffs = np.random.default_rng(5).normal(size=(10, 3, 3, 2, 3))
    whole = [all(a.all() for a in undominated(payoffs[d : d + 1])) for d in range(10)]
    assert any(whole)
    assert not find(payoffs, "all").complete[whole].any()


def test_bounds_take_the_mixed_ones_in():
    chicken = np.array([[[0, 0], [7, 2]], [[2, 7], [6, 6]]], dtype=float)
    low, high = find(chicken[None], "all").bounds()
    # The mixed equilibrium plays the first action with chance 1/3 and pays 14/3.
    assert low[0].tolist() == [2, 2]
    assert high[0].tolist() == [7, 7]
    mixed = find(chicken[None], "all")
    assert mixed.payoffs[~mixed.pure][0] == pytest.approx([14 / 3, 14 / 3])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_deleting_dominated_actions_keeps_every_equilibrium(seed):
    payoffs = np.random.default_rng(seed).normal(size=(1, 3, 3, 2))
    alive = undominated(payoffs)
    for equilibrium in nash.find_all(NormalFormGame(payoffs[0])):
        for kept, vector in zip(alive, equilibrium.profile):
            assert not vector[~kept[0]].any()


def test_too_large_a_game_is_said_to_be_incomplete():
    # Five players each chase the next: no pure equilibrium, and the search for mixed ones is not tried.
    payoffs = np.zeros((1, 2, 2, 2, 2, 2, 5))
    for i in range(5):
        sign = -1 if i == 0 else 1
        own, following = np.indices((2,) * 5)[i], np.indices((2,) * 5)[(i + 1) % 5]
        payoffs[0, ..., i] = sign * (own == following)
    found = find(payoffs)
    assert found.counts.tolist() == [0]
    assert not found.complete[0]
    assert np.isnan(found.bounds().low).all()
