"""Payoff sets with voluntary payments, against published numbers, the repeated game, and the sets without payments."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, StochasticGame
from games.errors import DiscountError, GameError
from solvers import stochastic, transfers
from tests.solvers.stochastic.examples import CASES, arms_race, named, random_game, reserves


@pytest.mark.parametrize("case", CASES["transfers"]["cases"], ids=lambda case: str(case["discount"]))
def test_published_dilemma(case) -> None:
    found = stochastic.transfers(named("abreu-brooks-sannikov", case["discount"]))
    small = CASES["transfers"]["tolerance"]
    assert found.joint == pytest.approx(case["joint"], abs=small)
    assert found.lowest == pytest.approx(np.repeat(np.array(case["lowest"])[:, None], 2, axis=1), abs=small)
    assert found.profiles == (tuple(case["profile"]),) * 2


@pytest.mark.slow
def test_published_reserves() -> None:
    case = CASES["reserves"]
    found = stochastic.transfers(reserves(20, 20, 3, 4, 2 / 3))
    assert found.joint[:6] == pytest.approx(case["joint"], abs=case["tolerance"])
    assert found.lowest[:6] == pytest.approx(np.array(case["lowest"]), abs=case["tolerance"])


def test_published_arms_race() -> None:
    """The published path; what it pays and how hard an armed rival can punish, both by hand."""
    case = CASES["arms race"]
    d, most = case["discount"], case["most"]
    game = arms_race(d)
    found = stochastic.transfers(game)
    for s, (x, y) in enumerate(np.ndindex(most + 1, most + 1)):
        expected = tuple(f"wait {'destroy' if own else 'keep'}" for own in (x, y))
        assert game.stages[s].labels(found.profiles[s]) == expected
        left = sum(d**t * max(own - t, 0) for own in (x, y) for t in range(most))
        assert found.joint[s] == pytest.approx(-(1 - d) * case["upkeep"] * left, abs=1e-12)
    # Who has nothing and faces a full arsenal cannot end the attacks, and building would only cost.
    assert found.lowest[most, 0] == pytest.approx(-most, abs=1e-12)


def test_arms_race_by_plain_iteration_of_the_operator() -> None:
    """From all that is feasible inwards: joint payoffs and punishments of what last round's leave enforceable."""
    d = 0.9
    game = arms_race(d)
    U = np.zeros(game.n_states)
    v = np.full((game.n_states, 2), min(g.payoffs.min() for g in game.stages))
    for _ in range(250):
        rows = []
        for g, p in zip(game.stages, game.transitions):
            worth = (1 - d) * g.payoffs + d * (p @ v)
            best = np.stack(
                [np.broadcast_to(worth[..., i].max(axis=i, keepdims=True), g.shape) for i in (0, 1)], axis=-1
            )
            together = (1 - d) * g.payoffs.sum(axis=-1) + d * (p @ U)
            fits = together >= best.sum(axis=-1) - 1e-10
            rows.append((together[fits].max(), *best[fits].min(axis=0)))
        U, v = np.array(rows)[:, 0], np.array(rows)[:, 1:]
    found = stochastic.transfers(game)
    assert found.joint == pytest.approx(U, abs=1e-9)
    assert found.lowest == pytest.approx(v, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_one_state_is_the_repeated_game(seed: int) -> None:
    rng = np.random.default_rng(seed)
    players = 2 + seed % 2
    game = NormalFormGame(rng.integers(-5, 6, size=(3,) * players + (players,)).astype(float))
    d = float(rng.uniform(0.1, 0.95))
    ours = stochastic.transfers(StochasticGame([game], [[1.0]], d))
    theirs = transfers.payoff_set(RepeatedGame(game, d))
    assert ours.empty is theirs.empty
    if not ours.empty:
        assert ours.joint[0] == pytest.approx(theirs.joint, abs=1e-9)
        assert ours.lowest[0] == pytest.approx(theirs.lowest, abs=1e-9)
        assert ours.vertices(0) == pytest.approx(theirs.vertices, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_payments_never_take_away(seed: int) -> None:
    game = random_game(seed, actions=3)
    without, with_them = stochastic.payoff_set(game), stochastic.transfers(game)
    for s, f in enumerate(without):
        if not f.empty:
            assert all(with_them.contains(s, v) for v in f.inner.vertices)


@pytest.mark.parametrize("seed", range(6))
def test_what_can_be_played_is_the_largest_such_set(seed: int) -> None:
    """Plain iteration of the two values and of leaving out, without policies."""
    game = random_game(seed, players=3, states=3, discount=0.6)
    d, n = 0.6, 3
    allowed = [np.ones(g.shape, dtype=bool) for g in game.stages]
    while True:
        U, v = np.full(3, -9.0), np.full((3, n), 9.0)
        U, v = np.zeros(3), np.zeros((3, n))
        for _ in range(300):
            U = np.array(
                [
                    max(0.4 * g.payoffs[a].sum() + d * p[a] @ U for a in np.ndindex(*g.shape) if ok[a])
                    for g, p, ok in zip(game.stages, game.transitions, allowed)
                ]
            )
            worth = [0.4 * g.payoffs + d * (p @ v) for g, p in zip(game.stages, game.transitions)]
            best = [
                np.stack(
                    [np.broadcast_to(w[..., i].max(axis=i, keepdims=True), w.shape[:-1]) for i in range(n)],
                    -1,
                )
                for w in worth
            ]
            v = np.array([b[ok].min(axis=0) for b, ok in zip(best, allowed)])
        after = [
            ok & (0.4 * g.payoffs.sum(-1) + d * (p @ U) >= b.sum(-1) - 1e-9)
            for g, p, ok, b in zip(game.stages, game.transitions, allowed, best)
        ]
        if not all(ok.any() for ok in after):
            assert stochastic.transfers(game).empty
            return
        if all((a == b).all() for a, b in zip(after, allowed)):
            break
        allowed = after
    found = stochastic.transfers(game)
    assert found.joint == pytest.approx(U, abs=1e-8)
    assert found.lowest == pytest.approx(v, abs=1e-8)
    assert all((a == b).all() for a, b in zip(found.possible, allowed))


def test_an_empty_state_is_said() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    found = stochastic.transfers(StochasticGame([pennies, pd], [[1, 0], [0, 1]], 0.6))
    assert found.profiles == (None, (0, 0))
    assert len(found.vertices(0)) == 0
    assert not found.contains(0, [0, 0])
    assert "from 'state 2' on" in found.summary()
    assert stochastic.transfers(StochasticGame([pennies], [[1.0]], 0.6)).empty


def test_input_is_checked() -> None:
    with pytest.raises(DiscountError, match="one discount factor for all"):
        stochastic.transfers(random_game(0, discount=[0.5, 0.6]))
    with pytest.raises(GameError, match="one for each"):
        stochastic.transfers(random_game(0)).contains(0, [1.0])
