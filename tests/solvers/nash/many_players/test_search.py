"""The search for regular equilibria: how support profiles are grouped, and its arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.base.deadline import Deadline
from solvers.nash.many_players import _search
from solvers.nash.many_players._search import (
    Group,
    Search,
    _batches,
    _dependent,
    _linear,
    _roots,
    _rows,
    _sift,
    _subdivided,
    _values,
    exact_parts,
    same_point,
    seconds_for,
    solve_groups,
    support_groups,
)
from solvers.nash.many_players._supports import undominated


def everything(shape):
    alive = np.zeros([2**k for k in shape], dtype=bool)
    alive[tuple(slice(1, None) for _ in shape)] = True
    return alive


def test_support_profiles_are_grouped_by_shape_and_pure_ones_left_out():
    groups = support_groups(np.zeros((2, 2, 2, 3)), everything((2, 2, 2)))
    assert {(g.order, g.degrees, len(g.masks)) for g in groups} == {
        ((1, 2), (1, 1), 2),
        ((0, 2), (1, 1), 2),
        ((0, 1), (1, 1), 2),
        ((0, 1, 2), (1, 1, 1), 1),
    }
    # What costs least comes first.
    assert groups[-1].degrees == (1, 1, 1)


def test_profiles_with_more_equations_than_unknowns_are_left_out():
    groups = support_groups(np.zeros((3, 2, 2)), everything((3, 2)))
    # Three pairs of the first's actions with both of the second's; not all three.
    assert [(g.degrees, len(g.masks)) for g in groups] == [((1, 1), 3)]
    # The players stand in order of their supports' sizes.
    for g in support_groups(np.zeros((3, 2, 2, 3)), everything((3, 2, 2))):
        assert list(g.degrees) == sorted(g.degrees)


def test_values_of_actions_against_many_profiles():
    rng = np.random.default_rng(0)
    tensor = rng.normal(size=(2, 3, 4))
    x = [rng.dirichlet(np.ones(k), 5) for k in tensor.shape]
    for i, formula in enumerate(("abc,zb,zc->za", "abc,za,zc->zb", "abc,za,zb->zc")):
        others = [x[j] for j in range(3) if j != i]
        assert _values(tensor, x, i) == pytest.approx(np.einsum(formula, tensor, *others))


def test_parts_add_up_to_payoffs_that_one_float_cannot_hold():
    whole = NormalFormGame(np.arange(8).reshape(2, 2, 2))
    assert len(exact_parts(whole)) == 1
    payoffs = np.array([[[10**17 + 1, 0], [10**17, 1]], [[3, 0], [2, 1]]], dtype=object)
    parts = exact_parts(NormalFormGame(payoffs))
    assert len(parts) == 2
    high, low = (part[0, 0, 0] - part[0, 1, 0] for part in parts)
    # In shares of the range.
    assert high + low == pytest.approx(1e-17)


def test_points_are_the_same_up_to_rounding():
    one = (np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    assert same_point(one, tuple(v + 1e-8 for v in one))
    assert not same_point(one, (one[0] + [1e-3, -1e-3], one[1]))


def test_the_estimate_of_time_grows_with_the_system():
    estimates = [seconds_for(d) for d in ((1, 1), (1, 1, 1), (2, 2, 2), (2, 2, 3), (1, 1, 1, 1, 1, 1))]
    assert estimates == sorted(estimates)


def test_candidates_are_proved_and_the_indices_add_up():
    """The ring of three who want to differ has one equilibrium, the middle."""
    payoffs = np.zeros((2, 2, 2, 3))
    for a in np.ndindex(2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[0]]
    game = NormalFormGame(payoffs)
    search = Search(game, exact_parts(game), game.normalised)
    solve_groups(search, support_groups(search.payoffs, undominated(search.payoffs)), 0, Deadline(None))
    search.prove_candidates(Deadline(None))
    assert [[v.tolist() for v in p.profile] for p in search.points] == [[pytest.approx([0.5, 0.5])] * 3]
    assert (search.index_sum, search.open, search.unresolved) == (1, False, 0)


def test_what_the_time_does_not_reach_is_counted():
    game = NormalFormGame(np.random.default_rng(0).normal(size=(2, 2, 2, 3)))
    search = Search(game, exact_parts(game), game.normalised)
    groups = support_groups(search.payoffs, everything((2, 2, 2)))
    solve_groups(search, groups, 0, Deadline(1e-9))
    assert search.skipped == 7
    assert "time limit" in search.interrupted
    search.candidates.append((game.mixed([[0.5, 0.5]] * 3), [[0, 1]] * 3))
    search.prove_candidates(Deadline(1e-9))
    assert search.unresolved == 1
    assert search.open


def test_a_point_far_from_any_equilibrium_is_not_added():
    game = NormalFormGame.from_bimatrix([[3, 3], [0, 0]], [[2, 0], [2, 0]])
    search = Search(game, (game.payoffs,), game.normalised)
    assert not search.settle(game.mixed([[0.0, 1.0], [0.0, 1.0]]))
    assert search.settle(game.mixed([[1.0, 0.0], [1.0, 0.0]]))
    assert search.settle(game.mixed([[1.0, 0.0], [1.0, 0.0]]))
    assert len(search.points) == len(search.singular) == 1


def test_equations_of_one_player_that_follow_from_one_another_are_seen():
    rng = np.random.default_rng(1)
    rows = [rng.normal(size=(4, 3, 2, 3)), rng.normal(size=(4, 1, 3, 3)), rng.normal(size=(4, 2, 3, 2))]
    degrees = (2, 1, 2)
    assert not _dependent(rows, degrees).any()
    # The first's second equation of system 1, and the third's of system 2; a third row is no equation of the first.
    rows[0][1, 1] = 3 * rows[0][1, 0]
    rows[2][2, 1] = -rows[2][2, 0]
    rows[0][3, 2] = rows[0][3, 0]
    # A player with one equation has none to depend on.
    rows[1][3] = 0.0
    assert _dependent(rows, degrees).tolist() == [False, True, True, False]
    # Three equations in two unknowns always do.
    assert _dependent([rng.normal(size=(2, 3, 2))], (3,)).all()


def test_two_who_mix_have_the_null_vectors_of_each_other_s_equations():
    """Gains over the first action: (1, -1) makes the other play halves, (3, -1) a quarter and three quarters."""
    first = np.array([[[1.0, -1.0]], [[1.0, -1.0]], [[1.0, 1.0]], [[0.0, 0.0]], [[2.0, 2.0 + 1e-12]]])
    second = np.array([[[3.0, -1.0]], [[3.0, 1.0]], [[3.0, -1.0]], [[3.0, -1.0]], [[3.0, -1.0]]])
    found = _linear([first, second], 1)
    # In the second and third somebody would need a negative chance, in the fourth anything would do.
    assert found.owner.tolist() == [0]
    assert [v.tolist() for v in found.x] == [[[0.25, 0.75]], [[0.5, 0.5]]]
    assert found.open.tolist() == [False, False, False, True, False]


def test_tensors_hold_differences_to_the_first_action_of_the_support_and_then_those_outside():
    """Actions 0 and 2 of three, 1 and 2 of three, the second of two; and one system more with other actions."""
    rng = np.random.default_rng(3)
    payoffs = rng.normal(size=(3, 3, 2, 3)) * 1e3
    masks = np.array([[0b101, 0b110, 0b10], [0b011, 0b101, 0b01]])
    for parts in ((payoffs,), (payoffs - 0.25, np.full_like(payoffs, 0.25))):
        first, second = _rows(parts, masks, (0, 1))
        assert (first.shape, second.shape) == ((2, 2, 2), (2, 2, 2))
        for system, (own, others, fixed) in enumerate((([0, 2, 1], [1, 2], 1), ([0, 1, 2], [0, 2], 0))):
            gain = payoffs[own][:, others, fixed, 0]
            gain = gain[1:] - gain[0]
            assert first[system] == pytest.approx(gain / np.abs(gain).max(axis=1, keepdims=True))
        for system, (own, others, fixed) in enumerate((([1, 2, 0], [0, 2], 1), ([0, 2, 1], [0, 1], 0))):
            gain = payoffs[others][:, own, fixed, 1].T
            gain = gain[1:] - gain[0]
            assert second[system] == pytest.approx(gain / np.abs(gain).max(axis=1, keepdims=True))


def test_tensors_of_three_who_mix_stand_in_the_order_of_the_players_named():
    rng = np.random.default_rng(4)
    payoffs = rng.integers(-9, 10, size=(2, 2, 2, 3)).astype(float)
    payoffs[1, ..., 0] = payoffs[0, ..., 0]
    rows = _rows((payoffs,), np.array([[3, 3, 3]]), (2, 0, 1))
    gain = payoffs[:, :, 1, 2] - payoffs[:, :, 0, 2]
    assert rows[0][0, 0] == pytest.approx(gain / np.abs(gain).max())
    # No gain at all is none, not an undefined share of itself.
    assert not rows[1].any()
    gain = (payoffs[:, 1, :, 1] - payoffs[:, 0, :, 1]).T
    assert rows[2][0, 0] == pytest.approx(gain / np.abs(gain).max())


def pennies_beside_a_third():
    """Matching pennies of the first two; the third's second action is better by one."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[..., 0] = np.array([[1, -1], [-1, 1]])[:, :, None]
    payoffs[..., 1] = -payoffs[..., 0]
    payoffs[:, :, 1, 2] = 1
    game = NormalFormGame(payoffs)
    return Search(game, exact_parts(game), game.normalised)


def test_roots_become_candidates_once_each_where_nobody_gains():
    search = pennies_beside_a_third()
    group = Group(np.array([[3, 3, 1], [3, 3, 2]]), (1, 0), (1, 1))
    # Half and half with the third's second action, twice; with its first; and 0.6, which the second would use.
    owner = np.array([1, 1, 0, 1])
    x = [np.array([[0.5, 0.5]] * 4), np.array([[0.5, 0.5]] * 3 + [[0.6, 0.4]])]
    x[1][1] += [1e-13, -1e-13]
    _sift(search, group, owner, x)
    ((profile, supports),) = search.candidates
    assert [v.tolist() for v in profile] == [[0.5, 0.5], [0.5, 0.5], [0, 1]]
    assert supports == [[0, 1], [0, 1], [1]]
    _sift(search, group, owner[:0], [v[:0] for v in x])
    assert len(search.candidates) == 1


def test_systems_of_one_shape_are_solved_together_in_pieces(monkeypatch):
    game = NormalFormGame(np.random.default_rng(5).normal(size=(2, 2, 3, 3)))
    search = Search(game, exact_parts(game), game.normalised)
    groups = support_groups(search.payoffs, everything((2, 2, 3)))
    batches = [
        (degrees, [(g.order, len(g.masks)) for g in parts]) for degrees, parts in _batches(search, groups)
    ]
    # Two of three players with two actions, the third's fixed, or the third with one of the others.
    assert sorted(batches) == [
        ((1, 1), [((0, 1), 3)]),
        ((1, 1), [((0, 2), 6), ((1, 2), 6)]),
        ((1, 1, 1), [((0, 1, 2), 3)]),
        ((1, 1, 2), [((0, 1, 2), 1)]),
    ]
    monkeypatch.setattr(_search, "_CHUNK", 4)
    pieces = [
        (degrees, [(g.order, len(g.masks)) for g in parts]) for degrees, parts in _batches(search, groups)
    ]
    of_two = [parts for degrees, parts in pieces if degrees == (1, 1)]
    assert sorted(of_two) == [[((0, 1), 3)], [((0, 2), 2)], [((0, 2), 4)], [((1, 2), 2)], [((1, 2), 4)]]
    monkeypatch.setattr(_search, "_CHUNK", 8)
    of_two = [
        [len(g.masks) for g in parts] for degrees, parts in _batches(search, groups) if degrees == (1, 1)
    ]
    assert sorted(of_two) == [[3], [6], [6]]
    # Whatever the pieces, the same is found.
    found = []
    for chunk in (1, 2000):
        monkeypatch.setattr(_search, "_CHUNK", chunk)
        one = Search(game, exact_parts(game), game.normalised)
        solve_groups(one, groups, 0, Deadline(None))
        found.append(sorted(np.concatenate(p).round(9).tolist() for p, _ in one.candidates))
    assert found[0] == found[1]


def test_a_candidate_that_cannot_be_proved_is_settled_or_counts_as_unresolved():
    """With two equal columns any mixture of them will do: no proof that a point is alone, but it is an equilibrium."""
    game = NormalFormGame.from_bimatrix([[1, 1], [0, 0]], [[1, 1], [0, 0]])
    search = Search(game, exact_parts(game), game.normalised)
    search.candidates.append((game.mixed([[1, 0], [0.5, 0.5]]), [[0], [0, 1]]))
    search.prove_candidates(Deadline(None))
    (point,) = search.points
    assert (point.proof, point.index, search.unresolved) == ("exact", None, 0)
    assert search.left == [((0,), (0, 1))]
    assert search.singular == [0]
    assert search.open
    assert not search.regular
    # Irrational weights are known as floats only.
    share = np.sqrt(0.5)
    assert search.settle(game.mixed([[1, 0], [share, 1 - share]]))
    assert search.points[1].proof == "numeric"
    # Weights below zero by rounding are none.
    assert search.settle((np.array([1 + 1e-14, -1e-14]), np.array([0.25, 0.75])))
    assert search.points[2].profile[0].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("degrees", "direct"),
    [((1, 1, 1), True), ((2, 3, 4), True), ((3, 4, 4), True), ((3, 3, 4), False), ((4, 4, 4), False)],
)
def test_which_supports_of_three_are_subdivided(degrees, direct):
    assert _subdivided(degrees) == direct


def test_a_game_in_which_the_indices_do_not_add_up_is_not_called_regular():
    search = pennies_beside_a_third()
    assert not search.regular
    search.add(search.core.mixed([[0.5, 0.5], [0.5, 0.5], [0, 1]]), "interval", 1)
    assert search.regular
    assert not search.open
    search.unresolved = 1
    assert search.open
    search.add(search.core.mixed([[1, 0], [0.5, 0.5], [0, 1]]), "interval", 1)
    assert (search.index_sum, search.regular) == (2, False)


def test_a_root_on_the_border_of_its_simplex_is_a_candidate():
    """The second is indifferent only where the first gives up its first action, and the first where the second halves."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[..., 0] = np.array([[1, -1], [-1, 1]])[:, :, None]
    payoffs[0, 0, :, 1] = 1
    payoffs[:, :, 1, 2] = 1
    game = NormalFormGame(payoffs)
    search = Search(game, exact_parts(game), game.normalised)
    solve_groups(search, support_groups(search.payoffs, everything((2, 2, 2))), 0, Deadline(None))
    found = [np.concatenate(p).round(9).tolist() for p, _ in search.candidates]
    assert [0, 1, 0.5, 0.5, 0, 1] in found


@pytest.mark.parametrize("shape", [(3, 3, 3), (2, 2, 2, 2), (4, 4, 2)])
def test_the_indices_of_what_is_found_add_up_with_the_pure_ones(shape):
    """One for each pure equilibrium of a game without ties; all others are mixed."""
    payoffs = np.random.default_rng(shape).random((*shape, len(shape)))
    game = NormalFormGame(payoffs)
    search = Search(game, exact_parts(game), game.normalised)
    solve_groups(search, support_groups(search.payoffs, undominated(search.payoffs)), 0, Deadline(None))
    search.prove_candidates(Deadline(None))
    pure = sum(
        all(payoffs[(*a[:i], slice(None), *a[i + 1 :], i)].argmax() == a[i] for i in range(len(shape)))
        for a in np.ndindex(shape)
    )
    assert search.index_sum + pure == 1
    assert (search.unresolved, search.left) == (0, [])


def test_systems_whose_roots_are_not_isolated_stay_open():
    """A double root with two actions each; and two equations of one player that say the same, with three."""
    double = [
        np.array(t, dtype=float)[None, None]
        for t in ([[1, -1], [-1, 1]], [[0, 1], [-1, 0]], [[0, 1], [-1, 0]])
    ]
    _, _, open_ = _roots(double, (1, 1, 1), 0, Deadline(None))
    assert open_.tolist() == [True]
    rng = np.random.default_rng(7)
    rows = [rng.uniform(-1, 1, (2, 2, 3, 3)) for _ in range(3)]
    whole = _roots(rows, (2, 2, 2), 0, Deadline(None))
    assert not whole[2].any()
    # The middle of all simplices solves what is left of the second system.
    for tensor in rows:
        tensor[1] -= tensor[1].mean(axis=(1, 2), keepdims=True)
    rows[0][1, 1] = 2 * rows[0][1, 0]
    owner, _, open_ = _roots(rows, (2, 2, 2), 0, Deadline(None))
    assert open_.tolist() == [False, True]
    assert (owner == 0).sum() == (whole[0] == 0).sum()


@pytest.mark.parametrize(
    ("degrees", "seconds"),
    [
        ((2, 2), 1e-5),
        ((1, 1, 1), 4e-5),
        ((2, 2, 2), 1.5e-3),
        ((3, 3, 3), 0.056),
        ((3, 3, 4), 0.1),
        ((1,) * 4, 0.018),
    ],
)
def test_seconds_that_refusals_announce(degrees, seconds):
    """Measured ones; a third more or less does not matter."""
    assert 0.7 < seconds_for(degrees) / seconds < 1.4
