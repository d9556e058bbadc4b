"""Extreme equilibria from the sequence form, beside those of the normal form and of linear programs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import SizeError
from solvers.equilibrium.corners import all_corners
from solvers.equilibrium.sequence_form import of_tree
from solvers.nash.two_players._components import maximal_nash_subsets
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix
from tests.games.extensive.random_trees import simultaneous, with_recall


def pairs_of(corners):
    """Pairs of strategies as floats, without the empty sequence."""
    return {
        (tuple(map(float, corners.first[i][1:])), tuple(map(float, corners.second[j][1:])))
        for i, j in corners.pairs
    }


def of_normal_form(A, B):
    return enumerate_bimatrix(NormalFormGame.from_bimatrix(A, B))


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (3, 3), (1, 3)])
def test_one_shot_games_have_the_equilibria_of_their_normal_form(shape) -> None:
    rng = np.random.default_rng(shape)
    for _ in range(6):
        A, B = rng.integers(0, 4, (2, *shape)).tolist()
        found = all_corners(of_tree(simultaneous(A, B)))
        want = of_normal_form(A, B)
        assert len(found.pairs) == len(want)
        assert pairs_of(found) == {tuple(tuple(v.tolist()) for v in e.profile) for e in want}
        assert len(found.blocks) == len(maximal_nash_subsets(want))
        # A game that is not degenerate lists no components: each equilibrium is one.
        assert len(found.components) == (len(want.components) or len(want))
        assert sorted(k for group in found.components for k in group) == list(range(len(found.pairs)))
        # Plans stand in falling order, each once.
        for plans in (found.first, found.second):
            assert list(plans) == sorted(set(plans), reverse=True)
        assert list(found.pairs) == sorted(found.pairs)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (3, 4)])
def test_opposed_interests_are_solved_on_the_face_of_optimal_solutions(shape) -> None:
    """All pairs of optimal strategies, the same as by complementary slackness and by the normal form."""
    rng = np.random.default_rng([7, *shape])
    for _ in range(8):
        A = rng.integers(0, 3, shape)
        form = of_tree(simultaneous(A.tolist(), (5 - A).tolist()))
        assert form.zero_sum == 5
        face, whole = all_corners(form), all_corners(replace(form, zero_sum=None))
        assert face == whole
        assert pairs_of(face) == {
            tuple(tuple(v.tolist()) for v in e.profile) for e in of_normal_form(A, 5 - A)
        }
        assert len(face.pairs) == len(face.first) * len(face.second)
        assert len(face.components) == 1


@pytest.mark.parametrize("seed", range(4))
def test_trees_of_opposed_interests_have_the_same_equilibria_either_way(seed) -> None:
    form = of_tree(with_recall(seed, depth=3))
    # The first player's payoffs, and what is left of zero.
    opposed = {at: (u, -u) for at, (u, _) in form.payoffs.items()}
    form = replace(form, payoffs=opposed, zero_sum=0)
    assert set(all_corners(form).first) == set(all_corners(replace(form, zero_sum=None)).first)
    assert set(all_corners(form).second) == set(all_corners(replace(form, zero_sum=None)).second)


def test_kuhn_poker_has_a_segment_of_optimal_plans_and_one_answer() -> None:
    form = of_tree(catalog.trees.kuhn_poker())
    found = all_corners(form)
    assert (len(found.first), len(found.second)) == (2, 1)
    assert found.blocks == (((0, 1), (0,)),)
    assert found.components == ((0, 1),)


def test_limits_of_rays_and_of_whoever_asked() -> None:
    rng = np.random.default_rng(9)
    A, B = rng.integers(0, 99, (2, 4, 4)).tolist()
    form = of_tree(simultaneous(A, B))
    with pytest.raises(SizeError):
        all_corners(form, limit=5)

    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    opposed = of_tree(simultaneous(A, [[-v for v in row] for row in A]))
    for each in (form, opposed):
        with pytest.raises(Enough):
            all_corners(each, check=stop)


def test_payoffs_in_any_unit_and_from_any_level() -> None:
    """A positive factor and a constant for each player, fractions among them."""
    from fractions import Fraction

    form = of_tree(simultaneous([[3, 0], [5, 1]], [[3, 5], [0, 2]]))
    other = replace(
        form,
        payoffs={at: (u / Fraction(7) - 100, 3 * v + Fraction(1, 3)) for at, (u, v) in form.payoffs.items()},
    )
    assert all_corners(form) == all_corners(other)
