"""Closed forms of m x 2 x 2 games against the search that proves each equilibrium."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, catalog
from solvers import nash
from solvers.uncertainty._mixed import find
from solvers.uncertainty._three_players import solve


def _by_search(payoffs: np.ndarray) -> np.ndarray:
    found = nash.find_all(NormalFormGame(payoffs))
    assert found.complete
    mixed = [np.concatenate(e.profile) for e in found if not e.is_pure]
    return np.array(sorted(map(tuple, mixed))).reshape(len(mixed), sum(payoffs.shape[:-1]))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_random_games_have_the_equilibria_that_a_search_proves(size: int) -> None:
    payoffs = np.random.default_rng(size).normal(size=(10, size, 2, 2, 3))
    found = solve(payoffs)
    assert found.sure.all()
    counts = set()
    for k in np.flatnonzero(found.sure):
        mine = found.rows == k
        table = np.column_stack(
            [found.p[mine], *(np.stack([x, 1 - x], axis=1)[mine] for x in (found.q, found.r))]
        )
        table = np.array(sorted(map(tuple, table))).reshape(-1, size + 4)
        expected = _by_search(payoffs[k])
        counts.add(len(expected))
        assert table.shape == expected.shape
        np.testing.assert_allclose(table, expected, atol=1e-9)
    assert len(counts) > 1


def test_the_order_of_players_does_not_matter() -> None:
    payoffs = np.random.default_rng(7).normal(size=(6, 3, 2, 2, 3))
    straight = find(payoffs, "all")
    for order in ((1, 0, 2), (1, 2, 0)):
        turned = payoffs.transpose(0, *(1 + i for i in order), 4)[..., list(order)]
        found = find(turned, "all")
        assert (found.counts == straight.counts).all()
        for one, other in zip(found.bounds(), straight.bounds()):
            np.testing.assert_allclose(one, other[:, list(order)], atol=1e-9)


def test_a_game_with_a_tie_is_left_to_the_search() -> None:
    game = np.random.default_rng(1).normal(size=(2, 2, 2, 2, 3))
    game[0, 0, 0, 0, 1] = game[0, 0, 1, 0, 1]  # the second player does not care
    found = solve(game)
    assert found.sure.tolist() == [False, True]
    assert (found.rows == 1).all()


def test_a_game_whose_equations_leave_an_unknown_out_is_left_to_the_search() -> None:
    # Nobody cares about one of the others, so that no equation gives that one's chance from another's (Jordan 1993).
    payoffs = catalog.jordan().payoffs[None]
    assert not solve(payoffs).sure[0]
    found = find(payoffs, "where none")
    np.testing.assert_allclose(np.concatenate(found.strategies), 0.5)


@pytest.mark.parametrize("scales", [(1e12, 1, 1e-12), (1e-12, 1e12, 1), (1, 1e-12, 1e12)])
def test_the_players_units_do_not_matter(scales: tuple[float, float, float]) -> None:
    payoffs = np.random.default_rng(3).normal(size=(10, 3, 2, 2, 3))
    one, other = solve(payoffs), solve(payoffs * np.array(scales))
    assert other.sure.all()
    assert other.rows.tolist() == one.rows.tolist()
    for name in ("p", "q", "r"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-6)


def test_a_chance_near_0_is_left_to_the_search() -> None:
    """Matching pennies in which one player's prize makes the other mix with a chance of 1e-10."""
    payoffs = np.random.default_rng(0).uniform(size=(2, 2, 2, 2, 3))
    for k, prize in enumerate((1e10, 1e6)):
        payoffs[k, :, :, 0, 0] = [[prize, 0], [0, 1]]
        payoffs[k, :, :, 0, 1] = [[0, 1], [1, 0]]
        payoffs[k, ..., 0, 2] += 1.0
    assert solve(payoffs).sure.tolist() == [False, True]


def test_a_first_player_without_a_choice_watches_the_others() -> None:
    payoffs = np.zeros((1, 1, 2, 2, 3))
    payoffs[0, 0, ..., 1] = [[1, -1], [-1, 1]]
    payoffs[0, 0, ..., 2] = [[-1, 1], [1, -1]]
    found = solve(payoffs)
    assert found.sure.all()
    assert (found.p.tolist(), found.q.tolist(), found.r.tolist()) == ([[1.0]], [0.5], [0.5])
