"""Voluntary payments: the ladder of discount factors against brute force, explicit strategies and games without payments."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, RepeatedGame, catalog
from games.errors import DiscountError, GameError, MethodError
from games.repeated import Monitoring
from solvers import repeated, transfers
from tests.solvers.payments_by_hand import best_replies, by_iteration, random_game

CASES = json.loads((Path(__file__).parents[2] / "cases" / "linkage.json").read_text())
SHAPES = [(2, 2), (3, 3), (2, 3), (2, 2, 2), (3, 2, 2)]
quick = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.mark.parametrize("case", CASES["cutoffs"], ids=lambda c: c["game"])
def test_known_ladders(case):
    found = transfers.cutoffs(NormalFormGame(np.array(case["rows"], dtype=float)))
    assert found.discount == pytest.approx(case["discount"])
    assert found.joint == pytest.approx(case["joint"])
    assert found.lowest.tolist() == case["lowest"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_discount_factor_against_the_fixed_point(shape):
    for seed in range(6):
        game = random_game(seed, shape)
        ladder = transfers.cutoffs(game)
        for d in (0.03, 0.21, 0.37, 0.5001, 0.66, 0.83, 0.97):
            expected, found = by_iteration(game, d), ladder.at(d)
            if expected is None:
                assert found.empty
                assert "no equilibrium" in found.summary()
            else:
                assert found.joint == pytest.approx(expected[0])
                assert found.lowest == pytest.approx(expected[1])


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_found_is_an_equilibrium_of_explicit_strategies(shape):
    """Play the path, punish by a fine that leads back to it, and check every one-shot deviation of every player."""
    checked = 0
    for seed in range(8):
        game = random_game(100 + seed, shape)
        n, d = game.n_players, 0.6
        found = transfers.cutoffs(game).at(d)
        if found.empty:
            continue
        best = best_replies(game)
        v, u = found.lowest, found.joint
        for state in (found.profile, *found.punishments):
            # Continuation values before the next payments: enough for each not to deviate, the rest shared equally.
            needed = v + (1 - d) / d * (np.array(best[state]) - game.payoffs[state])
            w = needed + (u - needed.sum()) / n
            assert w.sum() == pytest.approx(u)
            assert (w >= v - 1e-9).all()
            for i in range(n):
                assert (1 - d) * game.payoffs[state][i] + d * w[i] >= (1 - d) * best[state][i] + d * v[
                    i
                ] - 1e-9
        # Who refuses the fine is held to its best reply against the punishment, and then owes the same fine again.
        for i, state in enumerate(found.punishments):
            assert (1 - d) * best[state][i] + d * v[i] == pytest.approx(v[i])
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize("seed", range(6))
def test_payments_only_add_equilibria(seed):
    game = random_game(200 + seed, (2, 2), 6)
    for d in (0.3, 0.6):
        without = repeated.payoff_set(RepeatedGame(game, d))
        having = transfers.payoff_set(RepeatedGame(game, d))
        for payoff in without.inner.vertices:
            assert having.contains(payoff)


@quick
@given(st.integers(0, 10_000), st.sampled_from(SHAPES))
def test_patience_never_shrinks_the_set(seed, shape):
    ladder = transfers.cutoffs(random_game(seed, shape))
    assert (np.diff(ladder.discount) > 0).all()
    assert (np.diff(ladder.joint) >= 0).all()
    assert (np.diff(ladder.lowest, axis=0) <= 0).all()


@quick
@given(st.integers(0, 10_000), st.sampled_from([1e-12, 1e-3, 1e12]), st.sampled_from([0.0, 1e6, -7.0]))
def test_a_common_unit_may_change_for_all(seed, scale, shift):
    game = random_game(seed, (3, 2))
    shift = shift if scale >= 1e-3 else 0.0
    a, b = transfers.cutoffs(game), transfers.cutoffs(game.rescale(scale, shift))
    assert b.discount == pytest.approx(a.discount, abs=1e-6)
    assert b.joint == pytest.approx(scale * a.joint + 2 * shift)


@quick
@given(st.integers(0, 10_000))
def test_names_and_copies_do_not_matter(seed):
    game = random_game(seed, (3, 2, 2))
    order = [2, 0, 1]
    a, b = transfers.cutoffs(game), transfers.cutoffs(game.permute(order))
    assert b.discount == pytest.approx(a.discount)
    assert b.lowest == pytest.approx(a.lowest[:, order])
    doubled = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:1]], axis=0))
    c = transfers.cutoffs(doubled)
    assert c.discount == pytest.approx(a.discount)
    assert c.joint == pytest.approx(a.joint)


def test_the_simplex():
    found = transfers.payoff_set(RepeatedGame(catalog.prisoners_dilemma(), 0.3))
    assert found.joint == 5
    assert found.vertices.tolist() == [[4, 1], [1, 4]]
    assert found.contains([2.5, 2.5])
    assert found.contains([1, 1])
    assert not found.contains([3, 3])
    assert not found.contains([0.9, 2])
    assert found.to_frame()["at most (common unit)"].tolist() == [4, 4]
    assert "unit that all players share" in repr(found)
    with pytest.raises(GameError, match="one for each of"):
        found.contains([1, 2, 3])


def test_public_good_of_three_needs_a_half():
    """Marginal return .5, cost 1, three powers: .5, with payments as without (all are alike)."""
    game = catalog.public_goods()
    ladder = transfers.cutoffs(game)
    full = game.payoffs.sum(axis=-1).max()
    assert float(ladder.discount[np.argmax(ladder.joint == full)]) <= 0.5 + 1e-12


def test_bad_input():
    game = catalog.prisoners_dilemma()
    with pytest.raises(DiscountError, match="one discount factor for all"):
        transfers.payoff_set(RepeatedGame(game, [0.5, 0.6]))
    with pytest.raises(MethodError, match="perfect monitoring"):
        transfers.payoff_set(RepeatedGame(game, 0.5, monitoring=Monitoring(0.1, 0.9)))
    with pytest.raises(DiscountError, match="strictly between"):
        transfers.cutoffs(game).at(1.0)


def ladder_in_fractions(game):
    """The steps (discount factor, joint payoff) by the definition, in exact arithmetic from payoffs in tenths."""
    n = game.n_players
    u = {a: [Fraction(round(10 * x), 10) for x in game.payoffs[a]] for a in np.ndindex(game.shape)}
    best = {
        a: [max(u[(*a[:i], b, *a[i + 1 :])][i] for b in range(game.shape[i])) for i in range(n)] for a in u
    }
    need = {a: sum(best[a]) - sum(u[a]) for a in u}
    levels = []
    for level in sorted(set(need.values())):
        among = [a for a in u if need[a] <= level]
        joint, lowest = max(sum(u[a]) for a in among), [min(best[a][i] for a in among) for i in range(n)]
        surplus = joint - sum(lowest)
        if level == 0 or surplus > 0:
            levels.append((level / (level + surplus) if level else Fraction(0), joint, lowest))
    steps = []
    for d in sorted({d for d, _, _ in levels}):
        _, joint, lowest = [level for level in levels if level[0] <= d][-1]
        if not steps or (joint, lowest) != steps[-1][1:]:
            steps.append((d, joint, lowest))
    return steps


def test_equal_cutoffs_are_one_step():
    """Cutoffs that are equal in fractions must not be split by the rounding of sums."""
    tied = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        game = NormalFormGame(rng.integers(0, 12, size=(3, 3, 2)) / 10)
        expected = ladder_in_fractions(game)
        found = transfers.cutoffs(game)
        assert found.discount == pytest.approx([float(d) for d, _, _ in expected], abs=1e-9)
        assert found.joint == pytest.approx([float(joint) for _, joint, _ in expected], abs=1e-9)
        tied += len(expected) > 2
    assert tied > 5


def test_no_cutoff_reaches_one():
    for seed in range(30):
        found = transfers.cutoffs(random_game(seed, (3, 3)))
        assert (found.discount < 1).all()


PUBLIC_GOODS = [
    (0, 0.7), (0.2, 4.3), (0.22, 4.6), (0.2364, 4.9), (0.25, 5.2), (0.2615, 5.5), (0.2714, 5.8), (0.28, 6.1), (0.2875, 6.4),
    (0.2941, 6.7), (0.3, 7.0),
]  # fmt: skip


@pytest.mark.parametrize("exact", [True, False])
def test_equal_thresholds_are_one_step(exact):
    """The public goods game of Goldluecke and Kranz's repgame tutorial: costs .6 and .7, contributions 1 to 10.

    All contributions of the first player below 10 suffice from .2 on, too: they are no steps of their own.
    """
    costs = [Fraction(3, 5), Fraction(7, 10)] if exact else [0.6, 0.7]
    half = Fraction(1, 2) if exact else 0.5
    payoffs = np.empty((10, 10, 2), dtype=object if exact else float)
    for x in range(1, 11):
        for y in range(1, 11):
            payoffs[x - 1, y - 1] = [(x + y) * half - costs[0] * x, (x + y) * half - costs[1] * y]
    game = NormalFormGame(payoffs)
    found = transfers.cutoffs(game)
    assert found.discount == pytest.approx([d for d, _ in PUBLIC_GOODS], abs=6e-5)
    assert found.joint == pytest.approx([u for _, u in PUBLIC_GOODS])
    assert transfers.payoff_set(RepeatedGame(game, discount=0.2)).joint == pytest.approx(4.3)


@quick
@given(seed=st.integers(0, 10**9), shape=st.sampled_from(SHAPES))
def test_whole_numbers_and_floats_give_the_same_ladder(seed, shape):
    values = np.random.default_rng(seed).integers(-6, 7, size=(*shape, len(shape)))
    whole, floats = transfers.cutoffs(NormalFormGame(values)), transfers.cutoffs(NormalFormGame(values / 7.0))
    assert floats.discount == pytest.approx(whole.discount)
    assert floats.joint * 7 == pytest.approx(whole.joint)


def test_long_fractions_stay_exact():
    # In floats both thresholds are 1/3; exactly, playing (1, 1) needs a little more than (1, 2) does.
    tiny = Fraction(1, 10**30)
    payoffs = np.array([[[2, 2], [-1, 3 + tiny]], [[3 + tiny, -1], [0, 0]]], dtype=object)
    found = transfers.cutoffs(NormalFormGame(payoffs))
    assert found.joint.tolist() == pytest.approx([0, 2, 4])
    assert found.discount.tolist() == pytest.approx([0, 1 / 3, 1 / 3])
    huge = transfers.cutoffs(NormalFormGame(np.array([[[2, 2], [-1, 3]], [[3, -1], [0, 0]]]) * 10**17))
    assert huge.discount.tolist() == pytest.approx([0, 1 / 3])
