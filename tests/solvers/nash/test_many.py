from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import GameError
from solvers import nash


@pytest.mark.parametrize("n", [2, 3])
def test_many_games_at_once_have_the_equilibria_that_each_has_alone(n):
    payoffs = np.random.default_rng(n).random((60, *(2,) * n, n))
    many = nash.find_all_many(payoffs)
    assert many.sure.all()
    for m, table in enumerate(payoffs):
        alone = nash.find_all(NormalFormGame(table))
        mine = many.owner == m
        expected = sorted(([float(v[1]) for v in e.profile], e.index) for e in alone)
        found = sorted(zip(many.second[mine].tolist(), many.index[mine].tolist()))
        assert len(found) == len(expected)
        for (p, i), (q, j) in zip(found, expected):
            np.testing.assert_allclose(p, q, atol=1e-7)
            assert i == j


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([2, 3]))
def test_games_with_ties_are_not_called_sure_unless_they_are_whole(seed, n):
    payoffs = np.random.default_rng(seed).integers(0, 4, (1, *(2,) * n, n)).astype(float)
    many = nash.find_all_many(payoffs)
    if many.sure[0]:
        alone = nash.find_all(NormalFormGame(payoffs[0]))
        assert alone.complete
        assert len(alone) == len(many.owner)


def test_pure_equilibria_of_many_games():
    payoffs = np.random.default_rng(0).integers(0, 3, (200, 3, 2, 4, 3))
    many = nash.pure_many(payoffs)
    for table, mask in zip(payoffs, many):
        np.testing.assert_array_equal(mask, NormalFormGame(table).best_response_mask.all(axis=-1))


def test_units_and_origins_change_nothing():
    payoffs = np.random.default_rng(5).random((50, 2, 2, 2, 3))
    one = nash.find_all_many(payoffs)
    other = nash.find_all_many(payoffs * [1e6, 1.0, 1e-6] + [0.0, 3.0, -1e-6])
    np.testing.assert_array_equal(one.owner, other.owner)
    np.testing.assert_allclose(one.second, other.second, atol=1e-7)


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        (np.zeros((4, 3, 3, 2)), "Use find_all"),
        (np.zeros((2, 2)), "many games need payoffs of shape"),
        (np.full((1, 2, 2, 2), np.nan), "finite"),
        ([["x"]], "array of numbers"),
    ],
)
def test_what_is_not_many_games_is_refused(payoffs, message):
    with pytest.raises(GameError, match=message):
        nash.find_all_many(payoffs)
