"""The cooperative games that a game induces: known answers, the order between them, partitions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError, SizeError
from solvers.coalitions.induced import coalition_structures, coalitional_game, merge, partition_function

BELL = [1, 1, 2, 5, 15, 52, 203]


def random_game(seed: int, shape: tuple[int, ...]) -> NormalFormGame:
    return NormalFormGame(
        np.random.default_rng(seed).integers(-4, 5, size=(*shape, len(shape))).astype(float)
    )


def public_good(n: int, gain: float) -> NormalFormGame:
    """Each contributes 1 or nothing; everybody gets `gain` for each contribution."""
    table = np.zeros((*[2] * n, n))
    for a in product(range(2), repeat=n):
        table[a] = gain * sum(a) - np.array(a)
    return NormalFormGame(table)


@pytest.mark.parametrize("n", range(7))
def test_partitions_are_counted_by_bell(n: int) -> None:
    found = list(coalition_structures(n))
    assert len(found) == len(set(found)) == BELL[n]
    for partition in found:
        assert sorted(i for block in partition for i in block) == list(range(n))


def test_a_merged_player_gets_the_sum() -> None:
    game = random_game(1, (2, 3, 2))
    merged = merge(game, [("Player 3", "Player 1"), ("Player 2",)])
    assert merged.players == ("Player 1 + Player 3", "Player 2")
    for a, b, c in product(range(2), range(3), range(2)):
        joint = merged.payoff((a * 2 + c, b))
        assert joint == pytest.approx([game.payoff((a, b, c))[[0, 2]].sum(), game.payoff((a, b, c))[1]])
    assert merged.actions[0][3] == "2 & 2"


def test_matching_pennies_tells_alpha_from_beta() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    assert coalitional_game(pennies, "alpha").values.tolist() == [0, -1, -1, 0]
    assert coalitional_game(pennies, "beta").values.tolist() == [0, 1, 1, 0]
    for kind in ("alpha", "beta"):
        assert coalitional_game(pennies, kind, mixed=True).values == pytest.approx([0, 0, 0, 0], abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_alpha_is_at_most_the_mixed_value_and_that_at_most_beta(seed: int) -> None:
    game = random_game(seed, (2, 2, 3))
    alpha = coalitional_game(game, "alpha").values
    mixed = coalitional_game(game, "alpha", mixed=True).values
    beta = coalitional_game(game, "beta").values
    assert (alpha <= mixed + 1e-9).all()
    assert (mixed <= beta + 1e-9).all()
    for s in range(1, 7):
        inside = [i for i in range(3) if s >> i & 1]
        outside = [i for i in range(3) if not s >> i & 1]
        sums = game.payoffs[..., inside].sum(axis=-1)
        worst_case = sums.min(axis=tuple(outside))
        assert alpha[s] == worst_case.max()
        assert beta[s] == sums.max(axis=tuple(inside)).min()


def test_gamma_of_a_public_good() -> None:
    # With gain .5 a single one never contributes, a pair gains nothing net by it, all three do: 3 * (1.5 - 1).
    game = public_good(3, 0.5)
    assert coalitional_game(game, "gamma").values == pytest.approx([0, 0, 0, 0, 0, 0, 0, 1.5])
    # With gain .6 a pair contributes and the third rides free: the pair gets 4 * .6 - 2.
    game = public_good(3, 0.6)
    assert coalitional_game(game, "gamma").values == pytest.approx([0, 0, 0, 0.4, 0, 0.4, 0.4, 2.4])
    frame = partition_function(game).to_frame()
    rider = frame[
        (frame["partition"] == "Player 1 + Player 2 | Player 3") & (frame["coalition"] == "Player 3")
    ]
    assert rider["low"].tolist() == pytest.approx([1.2])


def test_several_equilibria_give_an_interval() -> None:
    stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    assert coalitional_game(stag_hunt, which="low").values.tolist() == [0, 2, 2, 8]
    assert coalitional_game(stag_hunt, which="high").values.tolist() == [0, 4, 4, 8]
    found = partition_function(stag_hunt)
    assert found.low[((0,), (1,))].tolist() == [2, 2]
    assert found.high[((0,), (1,))].tolist() == [4, 4]
    assert "1 of them has several" in found.summary()


def test_without_a_pure_equilibrium_mixed_ones_are_used() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    assert coalitional_game(pennies).values == pytest.approx([0, 0, 0, 0], abs=1e-9)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000), shift=st.floats(-100, 100), scale=st.sampled_from([1e-9, 1.0, 1e9]))
def test_a_common_change_of_unit_carries_over(seed: int, shift: float, scale: float) -> None:
    game = random_game(seed, (2, 2, 2))
    moved = game.rescale(scale, shift * scale)
    sizes = np.array([s.bit_count() for s in range(8)])
    for kind in ("alpha", "beta"):
        ours, theirs = coalitional_game(game, kind).values, coalitional_game(moved, kind).values
        assert theirs == pytest.approx(scale * (ours + shift * sizes), rel=1e-9, abs=1e-9 * scale)


@pytest.mark.parametrize(
    ("kind", "options", "says"),
    [
        ("gamma", {"mixed": True}, "'gamma' takes no option mixed; 'alpha' and 'beta' do"),
        ("alpha", {"which": "low"}, "'alpha' takes no option which; 'gamma' does"),
        ("gamma", {"which": "middle"}, "which cannot be 'middle'"),
    ],
)
def test_options_that_do_not_apply_are_refused(kind, options, says) -> None:
    with pytest.raises(MethodError, match=says):
        coalitional_game(public_good(3, 0.5), kind, **options)


def test_bad_input_is_named() -> None:
    game = public_good(3, 0.5)
    with pytest.raises(MethodError, match="did you mean 'beta'"):
        coalitional_game(game, "delta")
    with pytest.raises(MethodError, match="not a coalition structure"):
        merge(game, [(0, 1)])
    with pytest.raises(MethodError, match="not a coalition structure"):
        merge(game, [(0, 1), (1, 2)])
    with pytest.raises(SizeError, match="at most 10"):
        coalitional_game(NormalFormGame(np.zeros((*[1] * 11, 11))))
