"""Joint deviations: known games, brute force over all joint actions, invariance, and the notion of self-enforcing."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError, ProfileError
from solvers.coalitions import coalition_proof, deviations_of, joint_deviations, strong


def dollar_division() -> NormalFormGame:
    """Three powers name a partner; two that name each other split 300, the third loses 60; else everybody gets 50."""
    names = ["A", "B", "C"]
    choices = [["B", "C"], ["A", "C"], ["A", "B"]]
    table = np.zeros((2, 2, 2, 3))
    for a in product(range(2), repeat=3):
        picks = [choices[i][a[i]] for i in range(3)]
        table[a] = 50
        for i, j in combinations(range(3), 2):
            if picks[i] == names[j] and picks[j] == names[i]:
                table[a] = -60
                table[a][[i, j]] = 150
    return NormalFormGame(table, names, choices)


def random_game(seed: int, shape: tuple[int, ...]) -> NormalFormGame:
    rng = np.random.default_rng(seed)
    return NormalFormGame(rng.integers(-4, 5, size=(*shape, len(shape))).astype(float))


def brute_force(game: NormalFormGame, profile: tuple[int, ...], members: tuple[int, ...]) -> dict:
    """Every joint action that makes each member gain, with the smallest gain as a share of the payoff range."""
    out = {}
    for joint in product(*(range(game.shape[i]) for i in members)):
        after = list(profile)
        for i, a in zip(members, joint):
            after[i] = a
        gains = game.payoff(tuple(after)) - game.payoff(profile)
        if all(gains[i] > 0 for i in members):
            out[joint] = min(gains[i] / game.ranges[i] for i in members)
    return out


def test_prisoners_can_leave_mutual_defection_but_not_for_good() -> None:
    game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    found = joint_deviations(game, ("D", "D"))
    best = found.pairs[0].best
    assert best is not None
    assert best.actions == ("C", "C")
    assert best.gains.tolist() == [2, 2]
    assert best.normalised.tolist() == [0.4, 0.4]
    assert not best.self_enforcing
    assert best.loyalty_price == 2
    assert best.bribe == 0
    assert best.payable
    assert found.pairs[0].best_self_enforcing is None
    assert joint_deviations(game, ("C", "C")).pairs[0].best is None


def test_a_pair_shuts_the_third_out() -> None:
    game = dollar_division()
    # A and C name each other; B and C would have to be left by C, who has nothing to gain.
    found = joint_deviations(game, ("B", "C", "A"))
    assert game.payoff(("B", "C", "A")).tolist() == [50, 50, 50]
    best = found.pairs[0].best
    assert best is not None
    assert best.coalition == ("A", "B")
    assert best.actions == ("B", "A")
    assert best.gains.tolist() == [100, 100]
    assert best.others == ("C",)
    assert best.losses.tolist() == [110]
    assert best.bribe == 110
    assert best.payable
    assert best.self_enforcing
    assert not len(found.grand)


def test_table_has_one_row_for_each_pair_and_the_columns_that_were_promised() -> None:
    frame = joint_deviations(dollar_division(), ("B", "C", "A")).to_frame()
    assert frame.index.tolist() == ["A + B", "A + C", "B + C"]
    assert frame.columns.tolist()[:7] == [
        "joint action A",
        "joint action B",
        "gain A",
        "gain B",
        "self-enforcing",
        "bribe",
        "third",
    ]
    assert frame.loc["A + B", "third"] == "C"
    frame = joint_deviations(dollar_division(), ("B", "A", "A")).to_frame()
    assert frame.loc["A + B", "joint action A"] == "none"
    assert frame.loc["A + B", "gain A"] == 0
    assert np.isnan(frame.loc["A + B", "bribe"])


def test_the_words_say_what_was_searched() -> None:
    found = joint_deviations(dollar_division(), ("B", "C", "A"))
    assert "3 of 3 pairs gain" in found.summary()
    assert "All pure joint actions were examined" in found.summary()
    assert "common unit" in found.summary()
    assert "lotteries over them were not" in found.pairs[0].summary()
    assert "A + B" in repr(found)


@pytest.mark.parametrize("seed", range(12))
def test_all_joint_deviations_agree_with_brute_force(seed: int) -> None:
    game = random_game(seed, (2, 3, 2) if seed % 2 else (2, 2, 2, 3))
    profile = tuple(0 for _ in game.shape)
    found = joint_deviations(game, profile)
    every = [*found.pairs, found.grand]
    assert len(found.pairs) == len(list(combinations(range(game.n_players), 2)))
    for deviations in every:
        expected = brute_force(game, profile, deviations.members)
        assert {tuple(a) for a in deviations.actions.tolist()} == set(expected)
        if expected:
            assert deviations.best is not None
            assert deviations.best.normalised.min() == pytest.approx(max(expected.values()))


@pytest.mark.parametrize("seed", range(12))
def test_a_pairs_deviation_enforces_itself_exactly_if_it_is_an_equilibrium_between_the_two(seed: int) -> None:
    game = random_game(seed, (3, 3, 2))
    for deviations in joint_deviations(game, (0, 0, 0)).pairs:
        for m in range(len(deviations)):
            after = [0, 0, 0]
            for i, a in zip(deviations.members, deviations.actions[m]):
                after[i] = int(a)
            stable = all(game.regret(tuple(after))[i] == 0 for i in deviations.members)
            assert deviations[m].self_enforcing == stable


def self_enforcing_by_definition(game: NormalFormGame, profile: tuple, members: tuple) -> bool:
    for size in range(1, len(members)):
        for part in combinations(members, size):
            for joint in brute_force(game, profile, part):
                after = list(profile)
                for i, a in zip(part, joint):
                    after[i] = a
                if self_enforcing_by_definition(game, tuple(after), part):
                    return False
    return True


@pytest.mark.parametrize("seed", range(25))
def test_all_together_enforce_what_the_recursive_definition_says(seed: int) -> None:
    game = random_game(seed, (2, 2, 2))
    for profile in product(range(2), repeat=3):
        grand = joint_deviations(game, profile).grand
        for m in range(len(grand)):
            after = tuple(int(a) for a in grand.actions[m])
            assert grand[m].self_enforcing == self_enforcing_by_definition(game, after, (0, 1, 2))


@pytest.mark.parametrize("seed", range(12))
def test_what_no_group_undoes_is_strong_and_what_none_undoes_for_good_is_coalition_proof(seed: int) -> None:
    game = random_game(seed, (2, 2, 2))
    for profile in product(range(2), repeat=3):
        found = joint_deviations(game, profile)
        groups = [deviations_of(game, profile, [i]) for i in range(3)] + [*found.pairs, found.grand]
        assert strong(game, profile).stable == (not any(len(g) for g in groups))
        assert coalition_proof(game, profile).stable == all(g.best_self_enforcing is None for g in groups)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    scale=st.lists(st.sampled_from([1e-12, 0.3, 1.0, 7.0, 1e12]), min_size=3, max_size=3),
    shift=st.lists(st.sampled_from([-5.0, 0.0, 100.0]), min_size=3, max_size=3),
)
def test_nobodys_unit_matters(seed: int, scale: list[float], shift: list[float]) -> None:
    game = random_game(seed, (2, 3, 2))
    other = game.rescale(scale, np.array(shift) * np.array(scale))
    for ours, theirs in zip(
        joint_deviations(game, (0, 0, 0)).pairs, joint_deviations(other, (0, 0, 0)).pairs
    ):
        assert len(ours) == len(theirs)
        for m in range(len(ours)):
            assert ours[m].normalised.min() == pytest.approx(theirs[m].normalised.min(), rel=1e-6)
        assert {tuple(a) for a in ours.actions.tolist()} == {tuple(a) for a in theirs.actions.tolist()}


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), order=st.permutations([0, 1, 2]))
def test_the_order_of_players_does_not_matter(seed: int, order: list[int]) -> None:
    game = random_game(seed, (2, 3, 2))
    other = game.permute(order)
    for deviations in joint_deviations(game, (0, 0, 0)).pairs:
        names = [game.players[i] for i in deviations.members]
        assert len(deviations_of(other, (0, 0, 0), names)) == len(deviations)


@pytest.mark.parametrize("seed", range(8))
def test_an_action_that_stands_twice_changes_nothing(seed: int) -> None:
    game = random_game(seed, (2, 3, 2))
    twice = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:, -1:]], axis=1))
    for ours, theirs in zip(
        joint_deviations(game, (0, 0, 0)).pairs, joint_deviations(twice, (0, 0, 0)).pairs
    ):
        assert (ours.best is None) == (theirs.best is None)
        if ours.best is not None and theirs.best is not None:
            assert ours.best.gains.tolist() == theirs.best.gains.tolist()
        first, second = ours.best_self_enforcing, theirs.best_self_enforcing
        assert (first is None) == (second is None)


def test_a_shift_of_a_million_makes_no_gain_out_of_rounding() -> None:
    game = dollar_division().rescale(1e-3, 1e6)
    assert [len(c) for c in joint_deviations(game, ("B", "A", "A")).pairs] == [0, 0, 0]
    assert [len(c) for c in joint_deviations(game, ("B", "C", "A")).pairs] == [1, 1, 1]


def test_a_player_who_does_not_care_never_gains() -> None:
    game = NormalFormGame(np.stack([np.arange(4.0).reshape(2, 2), np.full((2, 2), 3.0)], axis=-1))
    assert not len(joint_deviations(game, (0, 0)).grand)


def test_five_powers_with_sixteen_actions_each_are_no_burden() -> None:
    rng = np.random.default_rng(5)
    game = NormalFormGame(rng.normal(size=(16, 16, 16, 16, 16, 5)))
    start = tuple(int(x) for x in np.unravel_index(int(game.payoffs.sum(axis=-1).argmax()), game.shape))
    found = joint_deviations(game, start)
    assert len(found.pairs) == 10
    assert found.grand.searched == 16**5
    # A profile that is best for all, hidden behind another that tempts more but that one player would leave.
    table = game.payoffs.copy()
    table[3, 1, 4, 1, 5], table[2, 7, 1, 8, 2], table[0, 7, 1, 8, 2] = 10, 20, [21, 0, 0, 0, 0]
    game = NormalFormGame(table)
    worst = tuple(int(x) for x in np.unravel_index(int(game.payoffs.max(axis=-1).argmin()), game.shape))
    grand = joint_deviations(game, worst).grand
    assert len(grand) > 100_000
    assert grand.actions[0].tolist() == [2, 7, 1, 8, 2]
    assert not grand[0].self_enforcing
    agreed = grand.best_self_enforcing
    assert agreed is not None
    assert game.profile(agreed.actions) == (3, 1, 4, 1, 5)


def test_bad_input_is_named() -> None:
    game = dollar_division()
    with pytest.raises(ProfileError, match="no action"):
        joint_deviations(game, ("X", "A", "A"))
    with pytest.raises(ProfileError, match="no player 'D'"):
        deviations_of(game, ("B", "C", "A"), ["A", "D"])
    with pytest.raises(MethodError, match="at least one member"):
        deviations_of(game, ("B", "C", "A"), [])
