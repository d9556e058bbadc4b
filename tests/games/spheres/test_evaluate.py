"""Evaluation in blocks: regions and ties add up, deviations are profiles, and no block shows in a result."""

from __future__ import annotations

import numpy as np
import pytest

from games import stances
from games.errors import ProfileError
from games.spheres import _evaluate as evaluate
from games.spheres import payoffs
from tests.games.spheres.small_world import small


@pytest.fixture(scope="module")
def model():
    return small()


@pytest.fixture(scope="module")
def profiles():
    """All 64 stances of three powers."""
    return stances.contest_matrices(np.array(list(np.ndindex(4, 4, 4))))


def test_payoffs_are_those_from_regions_and_from_ties(model, profiles):
    worlds = model._worlds(None, None)
    total = evaluate.totals(worlds, profiles, ())
    parts, ties = evaluate.regions(worlds, profiles, ()), evaluate.ties(worlds, profiles, ())
    assert total.shape == ties.shape == (64, 3)
    assert parts.shape == (64, 5, 3)
    assert (ties != 0).any()
    assert total == pytest.approx(parts.sum(axis=1) + ties)


def test_autonomy_is_a_share_of_each_region(model, profiles):
    found = evaluate.autonomy(model._worlds(None, None), profiles, ())
    assert found.shape == (64, 5)
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert len(np.unique(found[:, 0])) > 1


@pytest.mark.parametrize("actions", [(0, 0, 0), (3, 3, 3), (1, 0, 2)])
def test_deviations_are_the_payoffs_of_the_profiles_that_they_lead_to(model, actions):
    worlds = model._worlds(None, None)
    found = evaluate.unilateral(worlds, stances.contest_matrices(np.array([actions]))[0], ())
    assert found.payoffs.shape == (3,)
    assert found.deviations.shape == (3, 4)
    for i in range(3):
        for a in range(4):
            there = np.array([[*actions[:i], a, *actions[i + 1 :]]])
            expected = evaluate.totals(worlds, stances.contest_matrices(there), ())[0, i]
            assert found.deviations[i, a] == pytest.approx(expected)
        assert found.payoffs[i] == found.deviations[i, actions[i]]
    assert found.gains == pytest.approx(found.deviations.max(axis=1) - found.payoffs)
    assert (found.gains >= 0).all()


@pytest.mark.parametrize(("numbers", "worlds"), [(1, 2048), (2**19, 1), (2**19, 3), (700, 2048)])
def test_blocks_do_not_show(model, profiles, monkeypatch, numbers, worlds):
    """The results over seven draws are those of each draw alone, however large a block may be."""
    draws = model.draws(7, seed=1)
    args = model._worlds(None, draws), profiles[::9], (7,)
    functions = (evaluate.totals, evaluate.regions, evaluate.autonomy, evaluate.ties)
    whole = [function(*args) for function in functions]
    alone = evaluate.unilateral(args[0], profiles[5], (7,))
    for table in whole:
        # The draws differ, so that a wrong block would show.
        assert table.shape[0] == 7
        assert (np.ptp(table, axis=0) > 0).any()
    sizes = []
    real = evaluate._blocks

    def counted(count, width):
        blocks = list(real(count, width))
        sizes.append(max(stop - start for start, stop in blocks))
        assert [start for start, _ in blocks] == [0, *(stop for _, stop in blocks[:-1])]
        assert blocks[-1][1] == count
        return iter(blocks)

    monkeypatch.setattr(evaluate, "_BLOCK", numbers)
    monkeypatch.setattr(evaluate, "_WORLDS", worlds)
    monkeypatch.setattr(evaluate, "_blocks", counted)
    for function, table in zip(functions, whole):
        assert function(*args) == pytest.approx(table, rel=1e-12, abs=1e-12)
    again = evaluate.unilateral(args[0], profiles[5], (7,))
    assert again.deviations == pytest.approx(alone.deviations, rel=1e-12, abs=1e-12)
    assert max(sizes) <= worlds
    if numbers == 1:
        assert set(sizes) == {1}


def test_a_block_holds_no_more_numbers_than_fit(monkeypatch):
    monkeypatch.setattr(evaluate, "_BLOCK", 100)
    assert list(evaluate._blocks(10, 30)) == [(0, 3), (3, 6), (6, 9), (9, 10)]
    assert list(evaluate._blocks(2, 1000)) == [(0, 1), (1, 2)]
    assert list(evaluate._blocks(3, 0)) == [(0, 3)]


@pytest.mark.parametrize("block", [2048, 3])
def test_profiles_of_each_draw_s_own(model, profiles, monkeypatch, block):
    monkeypatch.setattr(evaluate, "_WORLDS", block)
    draws = model.draws(4)
    own = np.stack([profiles[k : k + 2] for k in (0, 10, 20, 62)])
    together = evaluate.totals(model._worlds(None, draws), own, (4,))
    for k in range(4):
        every = evaluate.totals(model._worlds(None, draws), own[k], (4,))
        assert together[k] == pytest.approx(every[k], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((3, 3), r"they need \(B, 3, 3\)"),
        ((5, 2, 3), r"shape \(5, 2, 3\); they need \(B, 3, 3\)"),
        ((5, 3, 2), r"they need \(B, 3, 3\)"),
        ((1, 2, 5, 3, 3), r"they need \(B, 3, 3\)"),
        ((3, 5, 3, 3), "1 maps, 2 draws and 3 sets of profiles"),
    ],
)
def test_profiles_of_another_shape_are_refused(model, shape, expected):
    with pytest.raises(ProfileError, match=expected):
        evaluate.totals(model._worlds(None, model.draws(2)), np.zeros(shape, dtype=bool), (2,))


def test_outcomes_are_chances_of_who_holds_each_region(model, profiles):
    worlds = model._worlds(None, None)
    found = evaluate.outcomes(worlds, profiles, ())
    assert found.shape == (64, 5, 4)
    assert (found >= 0).all()
    assert found.sum(axis=-1) == pytest.approx(np.ones((64, 5)))
    # Nobody contests anything in the first profile: each region stays with its holder, -1 being nobody, but for the one that is
    # held by force and may free itself.
    holders = model.holders()
    assert -1 in holders
    free = [not region.forced for region in model.regions]
    assert np.array_equal(found[0][free], np.eye(4)[holders][free])
    assert 0 < found[0, 1, 3] < 1
    # Elsewhere what a power holds beyond what it takes is what stays with the lead.
    parts = payoffs.region_holders(worlds.arena(0, 1), profiles)
    kept = found[..., :3] - parts.taken[0]
    for r, (holder, region) in enumerate(zip(holders, model.regions)):
        for i in range(3):
            if i != holder:
                assert kept[:, r, i] == pytest.approx(np.zeros(64))
            elif region.piece is not None:
                assert kept[:, r, i] == pytest.approx(1 - parts.taken[0, :, r].sum(axis=-1))
            else:
                assert kept[:, r, i] == pytest.approx(parts.defended[0, :, r])
    assert (found[:, 0, 1] > 0).any()
    assert 0 < found[:, 0, 0].min() < 1


def test_whoever_waits_can_stop_each_block(model, profiles, monkeypatch):
    """A beat before every block: of seven draws in blocks of two there are four."""
    heard = []
    monkeypatch.setattr(evaluate, "beat", lambda: heard.append(1))
    monkeypatch.setattr(evaluate, "_WORLDS", 2)
    evaluate.totals(model._worlds(None, model.draws(7, seed=1)), profiles[:3], (7,))
    assert len(heard) == 4
