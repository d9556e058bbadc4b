"""Dominance: textbook eliminations, brute force, beliefs that justify what is kept, and invariance."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games import NormalFormGame
from games.errors import MethodError, ProfileError
from solvers import dominance

CASES = json.loads((Path(__file__).parents[1] / "cases" / "dominance.json").read_text())


def random_game(seed, shape, top=4):
    return NormalFormGame(np.random.default_rng(seed).integers(0, top, (*shape, len(shape))))


def own_table(game, i, kept=None):
    kept = kept or [range(k) for k in game.shape]
    table = np.moveaxis(game.payoffs[np.ix_(*kept)][..., i], i, 0)
    return table.reshape(table.shape[0], -1)


def dominated_by_program(table, a, notion):
    """The textbook linear programs, in another form than the solver's."""
    gains = np.delete(table, a, axis=0) - table[a]
    k, n = gains.shape
    if k == 0:
        return False
    if notion == "strict":
        answer = linprog(
            np.r_[np.zeros(k), -1.0],
            A_ub=np.c_[-gains.T, np.ones(n)],
            b_ub=np.zeros(n),
            A_eq=[np.r_[np.ones(k), 0.0]],
            b_eq=[1.0],
            bounds=[(0, None)] * k + [(None, None)],
        )
        return -answer.fun > 1e-7
    answer = linprog(-gains.sum(axis=1), A_ub=-gains.T, b_ub=np.zeros(n), A_eq=[np.ones(k)], b_eq=[1.0])
    return answer.status == 0 and -answer.fun > 1e-6


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_known_eliminations(case):
    game = NormalFormGame(case["payoffs"])
    strict = dominance.iterated_strict(game)
    assert [list(k) for k in strict.kept] == case["strict"]
    assert [list(k) for k in dominance.rationalizable(game).kept] == case["strict"]
    assert [list(k) for k in dominance.strictly_dominated(game, by="pure").kept] == case[
        "strict_pure_one_round"
    ]
    assert [list(k) for k in dominance.iterated_weak(game).kept] == case["weak"]
    if "order" in case:
        assert [[s.player, s.action] for s in strict.steps] == case["order"]
        assert [s.round for s in strict.steps] == sorted(s.round for s in strict.steps)
    if "margin" in case:
        assert strict.steps[0].margin == pytest.approx(case["margin"], abs=1e-14)


@pytest.mark.parametrize("notion", ["strict", "weak"])
def test_one_round_against_linear_programs(notion):
    find = {"strict": dominance.strictly_dominated, "weak": dominance.weakly_dominated}[notion]
    rng = np.random.default_rng(20)
    seen = 0
    for seed in range(60):
        shape = tuple(int(k) for k in rng.integers(1, 6, size=2 if seed % 3 else 3))
        game = random_game(seed, shape)
        found = find(game)
        for i, k in enumerate(shape):
            table = own_table(game, i)
            for a in range(k):
                expected = dominated_by_program(table, a, notion)
                assert (a not in found.kept[i]) == expected
                seen += expected
    assert seen > 40


def test_pure_dominance_against_loops():
    for seed in range(80):
        game = random_game(seed, (3, 4, 2), top=6)
        strict = dominance.strictly_dominated(game, by="pure")
        weak = dominance.weakly_dominated(game, by="pure")
        for i in range(3):
            table = own_table(game, i)
            for a in range(len(table)):
                others = [b for b in range(len(table)) if b != a]
                assert (a not in strict.kept[i]) == any(all(table[b] > table[a]) for b in others)
                assert (a not in weak.kept[i]) == any(
                    all(table[b] >= table[a]) and any(table[b] > table[a]) for b in others
                )


def test_strict_elimination_does_not_depend_on_the_order():
    """One action at a time, in a random order, leaves the same."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        game = random_game(seed, (4, 4), top=8)
        kept = [list(range(k)) for k in game.shape]
        while True:
            fallen = [
                (i, a)
                for i in range(2)
                for a in kept[i]
                if dominated_by_program(own_table(game, i, kept), kept[i].index(a), "strict")
            ]
            if not fallen:
                break
            i, a = fallen[rng.integers(len(fallen))]
            kept[i].remove(a)
        assert dominance.iterated_strict(game).kept == tuple(map(tuple, kept))


@given(
    st.integers(0, 10**9), st.sampled_from([(3, 3), (4, 3), (3, 2, 3)]), st.sampled_from(["strict", "weak"])
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_step_holds_where_it_was_taken(seed, shape, notion):
    game = random_game(seed, shape)
    run = {"strict": dominance.iterated_strict, "weak": dominance.iterated_weak}[notion](game)
    kept = [set(range(k)) for k in shape]
    for number in range(1, run.rounds + 1):
        steps = [s for s in run.steps if s.round == number]
        assert steps
        lists = [sorted(k) for k in kept]
        for step in steps:
            table = own_table(game, step.player, lists)
            weights = step.by[lists[step.player]]
            assert weights.sum() == pytest.approx(1.0, abs=1e-12)
            assert step.by[step.action] == 0.0
            gains = weights @ table - table[lists[step.player].index(step.action)]
            if notion == "strict":
                assert gains.min() == pytest.approx(step.margin, abs=1e-12)
                assert gains.min() > 0
            else:
                assert gains.min() >= -1e-12
                assert gains.max() == pytest.approx(step.margin, abs=1e-12)
            assert step.proof == "exact"
        for step in steps:
            kept[step.player].remove(step.action)
    assert tuple(tuple(sorted(k)) for k in kept) == run.kept
    assert run.game.shape == tuple(map(len, kept))


@given(st.integers(0, 10**9), st.sampled_from([(4, 4), (3, 3, 3)]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_kept_actions_are_justified_by_a_belief(seed, shape):
    game = random_game(seed, shape, top=7)
    found = dominance.rationalizable(game)
    for i in range(len(shape)):
        for a in found.kept[i]:
            belief, shortfall = found.belief(i, a)
            assert belief.sum() == pytest.approx(1.0, abs=1e-12)
            assert belief.min() >= 0
            assert shortfall <= 1e-12
            values = own_table(game, i, found.kept) @ belief.reshape(-1)
            assert values[found.kept[i].index(a)] == pytest.approx(values.max(), abs=1e-11)


@given(
    st.integers(0, 10**9),
    st.sampled_from([(1e12, 0.0), (1e-12, 0.0), (0.3, 1e6), ([7.0, 1e-12], [0.1, 1e-7])]),
    st.sampled_from([dominance.iterated_strict, dominance.iterated_weak]),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_units_do_not_matter(seed, units, run):
    game = random_game(seed, (4, 3))
    assert run(game.rescale(*units)).kept == run(game).kept


@given(st.integers(0, 10**9), st.permutations([0, 1, 2]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_order_of_players_and_copies_do_not_matter(seed, order):
    game = random_game(seed, (3, 2, 3))
    for run in (dominance.iterated_strict, dominance.iterated_weak):
        kept = run(game).kept
        assert run(game.permute(order)).kept == tuple(kept[i] for i in order)
        doubled = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:1]], axis=0))
        assert run(doubled).kept == (kept[0] + ((3,) if 0 in kept[0] else ()), *kept[1:])


def test_a_tie_with_a_mixture_that_floats_cannot_hold():
    """A third of each: weakly but not strictly dominated, and known exactly although 1/3 is not a float."""
    game = NormalFormGame.from_bimatrix(
        [[3, 0, 0, 3], [0, 3, 0, 3], [0, 0, 3, 3], [1, 1, 1, 2]], np.zeros((4, 4), dtype=int)
    )
    assert dominance.strictly_dominated(game).kept[0] == (0, 1, 2, 3)
    (step,) = dominance.weakly_dominated(game).steps
    assert step.action == 3
    np.testing.assert_allclose(step.by[:3], 1 / 3, atol=1e-12)
    assert step.proof == "exact"


def test_linear_cournot_closes_in_on_the_equilibrium():
    """Inverse demand 12 - q1 - q2, no cost, whole quantities: only 3, 4 and 5 are left, equilibria (4, 4), (3, 5), (5, 3)."""
    quantity = np.arange(13)
    profit = quantity[:, None] * (12 - quantity[:, None] - quantity[None, :])
    found = dominance.iterated_strict(NormalFormGame.from_bimatrix(profit, profit.T))
    assert found.kept == ((3, 4, 5), (3, 4, 5))
    assert found.rounds == 3


def test_nash_supports_survive_strict_elimination():
    for seed in range(30):
        game = random_game(seed, (3, 3, 2))
        kept = dominance.iterated_strict(game).kept
        for profile in np.argwhere(game.best_response_mask.all(axis=-1)):
            assert all(a in kept[i] for i, a in enumerate(profile))


@pytest.mark.peer
def test_agrees_with_quantecon_and_gambit():
    """QuantEcon: strictly dominated by mixed strategies. Gambit: strictly dominated by pure ones. Both one round."""
    theory = pytest.importorskip("quantecon.game_theory")
    gambit = pytest.importorskip("pygambit")
    for seed in range(12):
        game = random_game(seed, [(4, 3), (5, 5), (3, 3, 2)][seed % 3], top=7)
        n = game.n_players
        mixed, pure = dominance.strictly_dominated(game), dominance.strictly_dominated(game, by="pure")
        other = gambit.Game.from_arrays(*(np.ascontiguousarray(game.payoffs[..., i]) for i in range(n)))
        support = other.strategy_support_profile()
        for i in range(n):
            axes = [(i + m) % n for m in range(n)]
            player = theory.Player(np.ascontiguousarray(game.payoffs[..., i].transpose(axes)))
            fallen = set(range(game.shape[i])) - set(mixed.kept[i])
            assert {int(a) for a in player.dominated_actions()} == fallen
            strategies = list(list(other.players)[i].strategies)
            beaten = {
                a for a, s in enumerate(strategies) if support.is_dominated(s, strict=True, external=False)
            }
            assert beaten == set(range(game.shape[i])) - set(pure.kept[i])


def test_what_it_looks_like():
    game = NormalFormGame(
        CASES[3]["payoffs"], players=["Row", "Column"], actions=[["U", "M", "D"], ["L", "R"]]
    )
    found = dominance.strictly_dominated(game)
    frame = found.to_frame()
    assert frame.loc[0, "dominated by"] == "0.5 U + 0.5 D"
    assert frame.loc[0, "player"] == "Row"
    assert "Left are Row: U, D; Column: L, R." in repr(found)
    assert "order" in dominance.iterated_weak(game).summary()
    three = dominance.rationalizable(NormalFormGame(CASES[5]["payoffs"])).summary()
    assert "correlated beliefs" in three


def test_bad_input_is_named():
    game = random_game(0, (2, 2))
    with pytest.raises(MethodError, match="did you mean 'mixed'"):
        dominance.iterated_strict(game, by="mixd")
    pd = NormalFormGame(CASES[0]["payoffs"])
    with pytest.raises(ProfileError, match="was eliminated"):
        dominance.iterated_strict(pd).belief(0, 0)
