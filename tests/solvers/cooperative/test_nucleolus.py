"""The nucleolus: known answers, a check by brute force over other allocations, its axioms, degenerate games."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import coalitional
from games.coalitional import CoalitionalGame
from games.errors import BargainingError, ConvergenceError, SizeError
from solvers.base.deadline import Deadline
from solvers.cooperative import nucleolus
from tests.solvers.cooperative.known_games import CASES, make


def random_game(seed: int, n: int) -> CoalitionalGame:
    values = np.random.default_rng(seed).integers(0, 30, size=2**n)
    values[0] = 0
    values[1 << np.arange(n)] = 0
    values[-1] = values.max() + 3
    return CoalitionalGame(values)


def sorted_excesses(game: CoalitionalGame, shares: np.ndarray) -> np.ndarray:
    return np.sort((game.values - game.membership @ shares)[1:-1])[::-1]


@pytest.mark.parametrize("case", [c for c in CASES if "nucleolus" in c], ids=lambda c: c["name"])
def test_known_nucleoli_come_out_exactly(case: dict) -> None:
    found = nucleolus(make(case))
    assert found.exact == tuple(Fraction(x) for x in case["nucleolus"])
    assert found.verified


def contested_garment(claims: list[Fraction], estate: Fraction) -> list[Fraction]:
    """Aumann and Maschler's rule: equal gains up to half the claims, equal losses beyond."""
    half = [c / 2 for c in claims]
    if estate <= sum(half):
        return equal_gains(half, estate)
    losses = equal_gains(half, sum(claims) - estate)
    return [c - x for c, x in zip(claims, losses)]


def equal_gains(caps: list[Fraction], estate: Fraction) -> list[Fraction]:
    left, out = estate, [Fraction(0)] * len(caps)
    order = sorted(range(len(caps)), key=lambda i: caps[i])
    for k, i in enumerate(order):
        out[i] = min(caps[i], left / (len(caps) - k))
        left -= out[i]
    return out


@settings(max_examples=25, deadline=None, derandomize=True)
@given(claims=st.lists(st.integers(1, 40), min_size=2, max_size=6), part=st.integers(0, 20))
def test_bankruptcy_games_agree_with_the_rule_of_the_talmud(claims: list[int], part: int) -> None:
    estate = Fraction(sum(claims) * part, 20)
    found = nucleolus(coalitional.bankruptcy(estate, claims))
    assert list(found.exact) == contested_garment([Fraction(c) for c in claims], estate)
    assert found.verified


@pytest.mark.parametrize("seed", range(15))
def test_no_other_allocation_has_smaller_excesses(seed: int) -> None:
    n = 3 + seed % 3
    game = random_game(seed, n)
    found = nucleolus(game)
    assert found.verified
    assert min(found.exact) >= 0
    assert sum(found.exact) == game.exact[-1]
    ours = sorted_excesses(game, found.payoffs)
    rng = np.random.default_rng(seed)
    for k in range(300):
        if k % 2:
            other = rng.dirichlet(np.ones(n)) * game.values[-1]
        else:
            step = rng.normal(size=n) * 10.0 ** -rng.integers(0, 4)
            other = found.payoffs + step - step.mean()
            if other.min() < 0:
                continue
        theirs = sorted_excesses(game, other)
        differ = np.flatnonzero(np.abs(theirs - ours) > 1e-9)
        assert not len(differ) or theirs[differ[0]] > ours[differ[0]]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([Fraction(1, 10**12), Fraction(3, 7), Fraction(10**12)]),
    shift=st.integers(-(10**6), 10**6),
)
def test_units_and_own_worths_move_the_nucleolus_with_them(seed: int, scale: Fraction, shift: int) -> None:
    game = random_game(seed, 4)
    moved = CoalitionalGame(
        np.array([scale * v + shift * s.bit_count() for s, v in enumerate(game.exact)], dtype=object)
    )
    expected = tuple(scale * x + shift for x in nucleolus(game).exact)
    assert nucleolus(moved).exact == expected


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_players_does_not_matter(seed: int) -> None:
    game = random_game(seed, 4)
    order = np.random.default_rng(seed).permutation(4)
    masks = np.arange(16)
    image = sum((masks >> int(old) & 1) << new for new, old in enumerate(order))
    values = np.empty(16, dtype=np.int64)
    values[image] = game.values.astype(np.int64)
    ours, theirs = nucleolus(game).exact, nucleolus(CoalitionalGame(values)).exact
    assert theirs == tuple(ours[int(old)] for old in order)


def test_degenerate_games_with_many_ties() -> None:
    found = nucleolus(CoalitionalGame([0] * 31 + [10]))
    assert found.exact == (2, 2, 2, 2, 2)
    found = nucleolus(CoalitionalGame(np.arange(8)))
    assert found.exact == (1, 2, 4)
    weights = coalitional.weighted_voting([1, 1, 1, 1, 1, 1, 1])
    assert nucleolus(weights).exact == (Fraction(1, 7),) * 7
    assert nucleolus(CoalitionalGame([0, 4])).exact == (4,)


def test_without_an_imputation_only_the_prenucleolus_exists() -> None:
    game = CoalitionalGame([0, 3, 3, 4], ["A", "B"])
    with pytest.raises(BargainingError, match="prenucleolus"):
        nucleolus(game)
    assert nucleolus(game, pre=True).exact == (2, 2)


def test_the_floor_of_what_each_has_alone_can_bind() -> None:
    # Without the floor player 3 would get less than nothing.
    game = CoalitionalGame([0, 0, 0, 6, 0, 0, 0, 1])
    free = nucleolus(game, pre=True)
    held = nucleolus(game)
    assert free.exact[2] < 0
    assert held.exact == (Fraction(1, 2), Fraction(1, 2), 0)
    assert free.verified
    assert held.verified


def test_kohlbergs_criterion_rejects_other_allocations() -> None:
    from solvers.cooperative._nucleolus import _kohlberg

    game = coalitional.bankruptcy(200, [100, 200, 300])
    right, wrong = [Fraction(50), Fraction(75), Fraction(75)], [Fraction(60), Fraction(70), Fraction(70)]
    assert _kohlberg(game.exact, right, game.membership, pre=False, deadline=Deadline(None))
    assert not _kohlberg(game.exact, wrong, game.membership, pre=False, deadline=Deadline(None))


def test_ten_players() -> None:
    claims = list(range(1, 11))
    found = nucleolus(coalitional.bankruptcy(20, claims))
    assert list(found.exact) == contested_garment([Fraction(c) for c in claims], Fraction(20))
    assert found.verified


def test_many_players_need_whole_numbers() -> None:
    with pytest.raises(SizeError, match="whole numbers"):
        nucleolus(CoalitionalGame(np.linspace(0, 1, 2**17)))


def test_time_runs_out_within_a_second(clock) -> None:
    rng = np.random.default_rng(0)
    game = CoalitionalGame(rng.integers(0, 1000, 2**13).astype(float) * (np.arange(2**13) > 0))
    begun = time.process_time()
    with pytest.raises(ConvergenceError, match="raise time_limit"):
        nucleolus(game, pre=True, time_limit=0.05)
    assert time.process_time() - begun < 2
