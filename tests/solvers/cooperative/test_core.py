"""The core: known answers, proofs that stand on their own, and the theorem that ties it to the nucleolus."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import coalitional
from games.coalitional import CoalitionalGame
from games.errors import SizeError
from solvers.cooperative import core, nucleolus
from tests.solvers.cooperative.known_games import CASES, make


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_known_cores(case: dict) -> None:
    found = core(make(case))
    assert found.empty == case["core_empty"]
    if "core_low" in case:
        assert found.low == pytest.approx(case["core_low"], abs=1e-9)
        assert found.high == pytest.approx(case["core_high"], abs=1e-9)
    if "missing" in case:
        assert found.missing == pytest.approx(case["missing"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 100_000), n=st.integers(2, 5), top=st.integers(0, 60))
def test_the_proof_stands_on_its_own(seed: int, n: int, top: int) -> None:
    values = np.random.default_rng(seed).integers(0, 30, size=2**n)
    values[0], values[-1] = 0, top
    game = CoalitionalGame(values)
    found = core(game)
    if found.empty:
        for i in range(n):
            assert sum(w for s, w in found.balanced if s >> i & 1) == 1
        assert all(w > 0 for _, w in found.balanced)
        worth = sum((w * game.exact[s] for s, w in found.balanced), Fraction(0))
        assert worth > game.exact[-1]
        assert found.missing == pytest.approx(float(worth - game.exact[-1]))
        enough = values.astype(object)
        enough[-1] = worth
        assert not core(CoalitionalGame(enough)).empty
    else:
        shares = nucleolus(game).exact
        assert sum(shares) == game.exact[-1]
        for s in range(1, 2**n):
            assert sum((x for i, x in enumerate(shares) if s >> i & 1), Fraction(0)) >= game.exact[s]
        assert found.point is not None
        assert (found.low - 1e-7 <= found.point).all()
        assert (found.point <= found.high + 1e-7).all()


def test_a_core_of_one_point_is_not_taken_for_an_empty_one() -> None:
    third = Fraction(1, 3)
    game = CoalitionalGame(np.array([0, 0, 0, 2 * third, 0, 2 * third, 2 * third, 1], dtype=object))
    found = core(game)
    assert not found.empty
    assert found.low == pytest.approx([1 / 3] * 3)
    almost = CoalitionalGame(
        np.array([0, 0, 0, 2 * third, 0, 2 * third, 2 * third, 1 - Fraction(1, 10**15)], dtype=object)
    )
    assert core(almost).empty


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_scale_and_shift(scale: float) -> None:
    base = np.array([0, 0, 0, 1, 0, 1, 1, 1.25])
    shift = np.array([0.0, 5, 10, 15, 20, 25, 30, 35])
    assert core(CoalitionalGame(base * scale + shift * scale)).empty
    base[-1] = 1.75
    assert not core(CoalitionalGame(base * scale + shift * scale)).empty


def test_words_and_tables() -> None:
    empty = core(coalitional.weighted_voting({"A": 1, "B": 1, "C": 1}))
    assert "The core is empty: 1/2 * v(A + B) + 1/2 * v(A + C) + 1/2 * v(B + C) = 1.5" in empty.summary()
    assert empty.to_frame()["weight"].tolist() == [0.5, 0.5, 0.5]
    there = core(coalitional.gloves(["L"], ["R1", "R2"]))
    assert "not empty" in there.summary()
    assert there.to_frame().loc["L"].tolist() == pytest.approx([1, 1, 1])
    alone = core(CoalitionalGame([0, 5]))
    assert not alone.empty


def test_many_players_need_whole_numbers() -> None:
    with pytest.raises(SizeError, match="whole numbers"):
        core(CoalitionalGame(np.linspace(0, 1, 2**17)))


def test_rounding_of_floats_neither_fills_nor_empties_a_core() -> None:
    # In floats 0.1 + 0.2 exceeds 0.3: without care the core of this additive game would be empty by 6e-17.
    game = CoalitionalGame([0, 0.1, 0.2, 0.3])
    found = core(game)
    assert not found.empty
    assert found.point == pytest.approx([0.1, 0.2])
    assert "rounding" in found.summary()
    third = 2 / 3
    pairs = CoalitionalGame([0, 0, 0, third, 0, third, third, 1.0])
    assert not core(pairs).empty
    assert core(CoalitionalGame([0, 0, 0, third, 0, third, third, 1 - 1e-9])).empty
