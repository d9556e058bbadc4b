"""Games with ties: which support profiles are decided, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import NormalFormGame
from solvers import nash
from solvers.base.deadline import Deadline
from solvers.base.rounding import same_profile
from solvers.nash.many_players._decide import integers
from solvers.nash.many_players._search import Search, exact_parts
from solvers.nash.many_players._tied import (
    _add_piece,
    _beyond,
    _exactly,
    decide_supports,
    has_ties,
    solve_tied,
)


def ring():
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for a in np.ndindex(2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[0]]
    return NormalFormGame(payoffs)


def test_a_tie_is_between_two_actions_of_one_player():
    payoffs = np.arange(24).reshape(2, 2, 2, 3)
    assert not has_ties(NormalFormGame(payoffs))
    # Equal payoffs for different actions of the others are no tie.
    same = payoffs.copy()
    same[0, 0, 0, 0] = same[0, 1, 1, 0]
    assert not has_ties(NormalFormGame(same))
    tied = payoffs.copy()
    tied[1, 0, 1, 0] = tied[0, 0, 1, 0]
    assert has_ties(NormalFormGame(tied))
    assert has_ties(NormalFormGame(tied).permute([2, 0, 1]))
    assert not has_ties(NormalFormGame(np.ones((1, 1, 1, 3))))


def test_ties_that_floats_blur_are_none():
    payoffs = np.arange(24).reshape(2, 2, 2, 3).astype(object)
    payoffs[1, 0, 1, 0], payoffs[0, 0, 1, 0] = 10**20, 10**20 + 1
    assert not has_ties(NormalFormGame(payoffs))


def test_all_profiles_of_two_actions_each_are_decided():
    game = ring()
    found = decide_supports(game, integers(game), Deadline(None))
    assert found.finished
    assert not found.alive.any()
    assert found.unbalanced == []
    assert sorted(p.supports for p in found.pieces if p.dimension == 0) == [((0, 1),) * 3]


def test_profiles_out_of_reach_are_passed_on_by_kind():
    game = NormalFormGame(np.random.default_rng(1).integers(0, 2, (4, 2, 2, 3)))
    found = decide_supports(game, integers(game), Deadline(None))
    # Three actions of the first need three equations in two unknowns of the others at least.
    assert all(max(map(len, s)) == 4 for s in found.unbalanced)
    left = np.argwhere(found.alive)
    assert all(np.bitwise_count(mask)[0] == 3 and (np.bitwise_count(mask)[1:] == 2).all() for mask in left)


def test_no_time_decides_nothing():
    game = ring()
    found = decide_supports(game, integers(game), Deadline(1e-9))
    assert not found.finished
    assert found.pieces == []


@pytest.mark.parametrize(
    ("shape", "masks"),
    [
        ((2, 2, 2), []),
        # Only the full support of the first beside two who mix.
        ((3, 2, 2), [(7, 3, 3)]),
        ((2, 2, 2, 2), [(3, 3, 3, 3)]),
    ],
)
def test_what_lies_beyond_the_exact_way(shape, masks):
    assert [tuple(m) for m in np.argwhere(_beyond(shape)).tolist()] == masks


def test_a_tied_game_of_three_is_solved_completely():
    """Each gets 1 if all choose alike: pure coordination, one mixed, and with two apart the third is indifferent."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[0, 0, 0] = payoffs[1, 1, 1] = 1
    game = NormalFormGame(payoffs)
    found = nash.find_all(game)
    assert found.complete
    for a in np.ndindex(2, 2, 2):
        # With two at odds with one another nobody can bring all together alone, unless exactly one is the odd one out.
        alone = [sum(a) == 1, sum(a) == 2]
        expected = not any(alone)
        listed = any(all(v[k] == 1 for v, k in zip(e.profile, a)) for e in found)
        assert listed == expected
    assert any(all(v == pytest.approx([0.5, 0.5]) for v in e.profile) for e in found)


def out_of_reach():
    rng = np.random.default_rng(3)
    payoffs = rng.integers(-9, 10, (3, 2, 2, 3))
    for a, b, c in ((0, 0, 0), (1, 0, 1), (2, 1, 0)):
        payoffs[a, b, c, 0] = 20 + a
    payoffs[0, :, 0, 1], payoffs[1, :, 0, 1] = [1, 5], [7, 2]
    payoffs[0, 0, :, 2], payoffs[1, 0, :, 2] = [1, 5], [7, 2]
    return NormalFormGame(payoffs)


def test_a_balanced_profile_out_of_reach_is_left_to_the_search():
    """Three actions of the first and two of each other: as many equations as unknowns."""
    game = out_of_reach()
    found = decide_supports(game, integers(game), Deadline(None))
    assert np.argwhere(found.alive).tolist() == [[7, 3, 3]]
    assert found.unbalanced == []


def parity():
    """Each of four actions of the first is best against one choice of the others, who mismatch and match its parity."""
    payoffs = np.zeros((4, 2, 2, 3), dtype=int)
    for a, b, c in np.ndindex(4, 2, 2):
        payoffs[a, b, c] = [a == 2 * b + c, (a + b) % 2, (a // 2 + c) % 2]
    return NormalFormGame(payoffs)


def test_a_profile_with_more_equations_than_unknowns_is_kept_apart():
    game = parity()
    found = decide_supports(game, integers(game), Deadline(None))
    assert ((0, 1, 2, 3), (0, 1), (0, 1)) in found.unbalanced
    assert not found.alive[15, 3, 3]


def lines():
    """A prisoners' dilemma beside which a third player, who does not care, adds 1 to the first one's payoff or not."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[..., :2] = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])[:, :, None]
    payoffs[:, :, 1, 0] += 1
    return NormalFormGame(payoffs)


def searched(game, seconds=None):
    search = Search(game, exact_parts(game), game.normalised)
    solve_tied(search, 0, Deadline(seconds))
    return search


def test_a_segment_of_equilibria_is_held_by_its_ends():
    search = searched(lines())
    assert sorted(np.concatenate(p.profile).tolist() for p in search.points) == [
        [0, 1, 0, 1, 0, 1],
        [0, 1, 0, 1, 1, 0],
    ]
    assert [p.index for p in search.points] == [None, None]
    assert search.components == [[0, 1]]
    assert [dimension for dimension, _ in search.shapes] == [1]
    assert search.decided
    # The same piece once more adds no point.
    (piece,) = [p for p in decide_supports(lines(), integers(lines()), Deadline(None)).pieces if p.dimension]
    _add_piece(search, piece)
    assert len(search.points) == 2
    # An end that is no equilibrium of the game is not listed, and the profile is left open.
    search.points.clear()
    kept, gone = piece.points
    false = (gone[0][::-1], *gone[1:])
    _add_piece(search, replace(piece, points=(kept, false)))
    assert [same_profile(p.profile, kept) for p in search.points] == [True]
    assert search.left[-1] == piece.supports


def test_pure_equilibria_are_exact_and_mixed_ones_proved_in_intervals():
    (middle,) = searched(ring()).points
    assert (middle.proof, middle.index) == ("interval", 1)
    assert middle.radius > 0
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[0, 0, 0] = 2
    payoffs[0, 0, 1] = payoffs[0, 1, 0] = payoffs[1, 0, 0] = 1
    (corner,) = searched(NormalFormGame(payoffs)).points[:1]
    assert (corner.proof, corner.radius) == ("exact", None)


def test_without_time_nothing_is_decided():
    search = searched(lines(), 1e-9)
    assert not search.decided
    assert search.interrupted == "The time limit was reached."


def profiles(search):
    return sorted(np.concatenate(p.profile).round(6).tolist() for p in search.points)


def test_regular_equilibria_of_what_was_left_to_the_search_are_found_and_proved():
    """Both pure ones are exact; between them the first and the third mix, which an interval proves."""
    search = searched(out_of_reach())
    assert [(p.proof, p.index) for p in search.points] == [("exact", 1), ("exact", 1), ("interval", -1)]
    assert search.decided
    assert (search.left, search.unresolved, search.components) == ([], 0, [])


def test_what_the_search_leaves_open_is_decided_by_all_roots():
    """x = y = z, w = 1/2 and (2 x - 1)^2 = 0 with four players: an isolated equilibrium without an index."""
    payoffs = np.zeros((2, 2, 2, 2, 4), dtype=int)
    for x, y, z, w in np.ndindex(2, 2, 2, 2):
        payoffs[x, y, z, w] = [
            x * (y - z + 2 * w - 1),
            y * (2 * x - 1) * (2 * z - 1),
            z * (x - y),
            w * (y - z),
        ]
    search = searched(NormalFormGame(payoffs))
    assert search.left == [((0, 1),) * 4]
    assert (search.decided, search.unresolved) == (True, 0)
    assert [0.5] * 8 in profiles(search)
    (middle,) = [k for k, p in enumerate(search.points) if np.concatenate(p.profile).max() < 0.75]
    assert search.points[middle].index is None
    assert [middle] in search.components
    assert sorted(dimension for dimension, _ in search.shapes) == [0, 1, 1]


def test_all_roots_may_show_that_there_is_nothing_more():
    """Profiles with more equations than unknowns, and one that the search leaves open, without any equilibrium."""
    unbalanced = searched(NormalFormGame(np.random.default_rng(1).integers(0, 3, (4, 2, 2, 3))))
    assert (unbalanced.decided, unbalanced.unresolved, unbalanced.left) == (True, 0, [])
    assert profiles(unbalanced) == [[0.5, 0.5, 0, 0, 0, 1, 0.5, 0.5]]
    assert (unbalanced.points[0].proof, unbalanced.points[0].index) == ("interval", 1)
    left = searched(NormalFormGame(np.random.default_rng(3).integers(0, 3, (4, 2, 2, 3))))
    assert left.left == [((0, 1, 2), (0, 1), (0, 1))]
    assert (left.decided, left.unresolved) == (True, 0)
    assert [p.proof for p in left.points].count("interval") == 1


def test_a_set_of_equilibria_in_more_equations_than_unknowns():
    """All four actions of the first, and both of each other: a curve of equilibria between two points."""
    search = searched(parity())
    assert (search.decided, search.unresolved) == (True, 0)
    assert [dimension for dimension, _ in search.shapes] == [1]
    assert [0, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5] in profiles(search)
    # The middle of that curve is an equilibrium as well.
    game = parity()
    assert game.regret(game.mixed([[0.25] * 4, [0.5, 0.5], [0.5, 0.5]])).max() == 0


def test_all_roots_of_one_profile_or_none_where_they_are_not_to_be_had():
    payoffs = integers(ring())
    (piece,) = _exactly(payoffs, ((0, 1),) * 3, Deadline(None))
    assert piece.dimension == 0
    assert _exactly(payoffs, ((0, 1),) * 3, Deadline(1e-9)) is None
    # Infinitely many roots are left to the sweep, where that reaches.
    flat = integers(NormalFormGame(np.zeros((2, 2, 2, 3))))
    assert [piece.dimension for piece in _exactly(flat, ((0, 1),) * 3, Deadline(None))] == [3]
    flat = integers(NormalFormGame(np.zeros((3, 3, 3, 3))))
    assert _exactly(flat, ((0, 1, 2),) * 3, Deadline(None)) is None


def test_what_all_roots_cannot_decide_is_unresolved():
    """Four players of whom three mind nothing: where the fourth is indifferent is a surface."""
    payoffs = np.zeros((2, 2, 2, 2, 4), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        payoffs[x, y, z, 1, 3] = 4 * (x + y + z) - 3
    search = searched(NormalFormGame(payoffs))
    assert not search.decided
    assert search.unresolved > 0
