"""What coalitions can undo: loops over deviations, the published recursion of coalition-proofness, lotteries."""

from itertools import combinations, product

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import MethodError
from solvers import nash, selection

HUNT = NormalFormGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=[["stag", "hare"]] * 2)
DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def random_game(seed, shape, top=5):
    return NormalFormGame(np.random.default_rng(seed).integers(0, top, (*shape, len(shape))))


def gaining(game, a, coalition):
    """All joint actions of a coalition by which every member gains, as profiles."""
    for joint in product(*(range(game.shape[i]) for i in coalition)):
        b = list(a)
        for i, action in zip(coalition, joint):
            b[i] = action
        if all(game.payoffs[tuple(b)][i] > game.payoffs[tuple(a)][i] for i in coalition):
            yield tuple(b)


def proper_parts(coalition):
    for size in range(1, len(coalition)):
        yield from combinations(coalition, size)


def is_coalition_proof(game, a, coalition):
    """The published recursion: self-enforcing, and not beaten by another self-enforcing play of the coalition."""

    def self_enforcing(b):
        return all(is_coalition_proof(game, b, part) for part in proper_parts(coalition))

    if len(coalition) == 1:
        return not any(gaining(game, a, coalition))
    return self_enforcing(a) and not any(self_enforcing(b) for b in gaining(game, a, coalition))


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2)])
def test_pure_profiles_against_the_definitions(shape):
    everyone = tuple(range(len(shape)))
    seen = {"strong": 0, "coalition-proof": 0}
    for seed in range(12):
        game = random_game(seed, shape, top=3 + seed % 4)
        for a in product(*map(range, shape)):
            strong = not any(
                next(gaining(game, a, part), None) is not None for part in (*proper_parts(everyone), everyone)
            )
            proof = is_coalition_proof(game, a, everyone)
            assert selection.strong(game, a).stable == strong
            assert selection.coalition_proof(game, a).stable == proof
            assert proof or not strong
            seen["strong"] += strong
            seen["coalition-proof"] += proof
    assert seen["coalition-proof"] >= seen["strong"] > 0


def test_the_dilemma_is_coalition_proof_but_not_strong():
    check = selection.strong(DILEMMA, (1, 1))
    assert not check.stable
    assert check.coalition == ("Player 1", "Player 2")
    assert check.deviation.tolist() == [[1.0, 0.0], [0.0, 0.0]]
    np.testing.assert_allclose(check.gains, [2.0, 2.0])
    assert selection.coalition_proof(DILEMMA, (1, 1)).stable
    assert selection.coalition_proof(DILEMMA, (0, 0)).coalition == ("Player 1",)


def test_three_players_of_whom_two_pair_up():
    """Each names another; two who name each other get 1 each, all others 0: a pair stays, a ring is undone by any two."""
    payoffs = np.zeros((2, 2, 2, 3))
    choices = [(1, 2), (0, 2), (0, 1)]
    for a in product(range(2), repeat=3):
        named = [choices[i][a[i]] for i in range(3)]
        for i, j in combinations(range(3), 2):
            if named[i] == j and named[j] == i:
                payoffs[a][[i, j]] = 1.0
    game = NormalFormGame(payoffs)
    for a in product(range(2), repeat=3):
        paired = payoffs[a].sum() > 0
        assert selection.strong(game, a).stable == paired
        assert selection.coalition_proof(game, a).stable == paired


def test_three_players_who_divide_by_majority():
    """Each pair would take all from the third, and can always be split: some equilibria, but no strong one.

    Everyone names a partner (or stays out): a pair that names each other shares 6 as (4, 2), the one earlier in the ring
    1 -> 2 -> 3 -> 1 getting 4; without a pair everyone gets 1.
    """
    payoffs = np.ones((2, 2, 2, 3))
    for a in product(range(2), repeat=3):
        named = [(i + 1) % 3 if a[i] == 0 else (i + 2) % 3 for i in range(3)]
        for i in range(3):
            j = (i + 1) % 3
            if named[i] == j and named[j] == i:
                payoffs[a] = 0.0
                payoffs[a][[i, j]] = [4.0, 2.0]
    game = NormalFormGame(payoffs)
    for a in product(range(2), repeat=3):
        assert not selection.strong(game, a).stable
        assert selection.coalition_proof(game, a).stable == is_coalition_proof(game, a, (0, 1, 2))


def test_lotteries_can_undo_what_pure_actions_cannot():
    """From (0, 0) each pure joint move hurts one of the two; a fair coin between them gains for both."""
    A = np.array([[0, -9, -9], [-9, 3, -9], [-9, -9, -1]])
    B = np.array([[0, -9, -9], [-9, -1, -9], [-9, -9, 3]])
    game = NormalFormGame.from_bimatrix(A, B)
    assert selection.strong(game, (0, 0)).stable
    check = selection.strong(game, (0, 0), deviations="correlated")
    assert not check.stable
    np.testing.assert_allclose(check.gains, [1.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(np.diag(check.deviation), [0.0, 0.5, 0.5], atol=1e-12)
    assert "including lotteries" in check.summary()


def test_mixed_profiles_are_checked_against_the_others_mixed_play():
    """Matching pennies with a bystander: her payoff, and a coalition's, are expectations over the mixing."""
    payoffs = np.zeros((2, 2, 2, 3))
    pennies = np.array([[1, -1], [-1, 1]])
    payoffs[..., 0] = pennies[:, :, None]
    payoffs[..., 1] = -pennies[:, :, None]
    payoffs[..., 2] = [0, 1]
    game = NormalFormGame(payoffs)
    half = [0.5, 0.5]
    assert selection.strong(game, (half, half, 1)).stable
    check = selection.strong(game, (half, half, 0))
    assert check.coalition == ("Player 3",)
    np.testing.assert_allclose(check.gains, [1.0])


def test_four_players_finish_quickly_and_agree():
    game = random_game(8, (4, 4, 4, 4), top=9)
    for e in nash.pure(game):
        a = tuple(int(p.argmax()) for p in e.profile)
        assert selection.coalition_proof(game, a).stable == is_coalition_proof(game, a, (0, 1, 2, 3))


def test_what_it_looks_like():
    check = selection.strong(DILEMMA, (1, 1))
    assert "Player 1 + Player 2 can undo" in repr(check)
    assert check.to_frame().to_dict("list") == {"Player 1": ["1"], "Player 2": ["1"], "probability": [1.0]}
    assert len(selection.strong(HUNT, (0, 0)).to_frame()) == 0


def test_bad_input_is_named():
    with pytest.raises(MethodError, match="correlated"):
        selection.strong(HUNT, (0, 0), deviations="mixed")
