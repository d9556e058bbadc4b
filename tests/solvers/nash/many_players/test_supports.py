from __future__ import annotations

import itertools

import numpy as np
import pytest

from solvers.nash.many_players._supports import (
    balanced,
    members,
    root_count,
    supports_of,
    undominated,
    undominated_actions,
    weakly_undominated,
)


def mask(actions):
    return sum(1 << a for a in actions)


def strictly(better, worse):
    return (better > worse).all()


def weakly(better, worse):
    return (better >= worse).all() and (better > worse).any()


@pytest.mark.parametrize(("quick", "beats"), [(undominated, strictly), (weakly_undominated, weakly)])
@pytest.mark.parametrize("shape", [(3, 3, 3), (2, 3, 4), (2, 2, 2, 2)])
def test_conditional_dominance_by_brute_force(shape, quick, beats):
    rng = np.random.default_rng(len(shape))
    payoffs = rng.integers(0, 5, (*shape, len(shape))).astype(float)
    alive = quick(payoffs)
    n = len(shape)
    subsets = [[s for r in range(1, k + 1) for s in itertools.combinations(range(k), r)] for k in shape]
    for supports in itertools.product(*subsets):
        possible = True
        for i in range(n):
            own = np.moveaxis(payoffs[..., i], i, 0)
            own = own[np.ix_(range(shape[i]), *(supports[j] for j in range(n) if j != i))].reshape(
                shape[i], -1
            )
            possible &= not any(beats(own[b], own[a]) for a in supports[i] for b in range(shape[i]))
        assert alive[tuple(mask(s) for s in supports)] == possible
    # Somebody without any action plays no equilibrium.
    assert not any(alive.take(0, axis=i).any() for i in range(n))


def test_iterated_dominance_keeps_what_it_must():
    # Row 2 is dominated by row 1; only then is column 2 dominated by column 1.
    A = np.array([[3, 2], [1, 1]])
    B = np.array([[2, 1], [0, 5]])
    kept = undominated_actions(np.stack([A, B], axis=-1).astype(float))
    assert [k.tolist() for k in kept] == [[0], [0]]
    # The last of three players, who have two actions each.
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    payoffs[..., 1, 2] -= 2.0
    assert undominated_actions(payoffs)[2].tolist() == [0]


def test_root_counts_are_the_known_multihomogeneous_bezout_numbers():
    # McKelvey and McLennan 1997: totally mixed equilibria of N players with two actions are at most the derangements'
    # analogue 1, 2, 9, 44, 265; three players with three and four actions 10 and 56.
    assert [root_count((1,) * n) for n in (2, 3, 4, 5, 6)] == [1, 2, 9, 44, 265]
    assert [root_count((d, d, d)) for d in (2, 3)] == [10, 56]
    assert root_count((1, 1, 3)) == 0
    assert root_count((2, 1, 3)) == root_count((3, 2, 1)) == 3


def test_all_supports_of_4x4x4_have_5248_roots():
    choices = [1, 4, 6, 4, 1]
    total = sum(
        int(np.prod([choices[s] for s in sizes])) * root_count(tuple(s - 1 for s in sizes))
        for sizes in itertools.product(range(1, 5), repeat=3)
    )
    assert total == 5248


def test_balance_is_when_there_are_roots():
    for sizes in itertools.product(range(1, 5), repeat=3):
        assert balanced(sizes) == (root_count(tuple(s - 1 for s in sizes)) > 0)


def test_members_lists_the_bits():
    assert members(np.array([5, 6, 3]), 2).tolist() == [[0, 2], [1, 2], [0, 1]]
    assert members(np.array([], dtype=np.int64), 2).shape == (0, 2)


def test_supports_of_masks():
    assert supports_of(np.array([5, 2, 1]), (3, 2, 1)) == ((0, 2), (1,), (0,))
