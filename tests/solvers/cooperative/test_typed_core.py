"""The core by constraint generation, against the programs over all coalitions at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional import weighted_voting
from games.typed import TypedGame
from games.voting import security_council, weighted
from solvers.cooperative import core, typed_core
from tests.solvers.cooperative.test_typed_nucleolus import random_game


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_it_agrees_with_all_coalitions_at_once(seed: int) -> None:
    game = random_game(seed)
    typed = TypedGame.from_game(game)
    found, expected = typed_core(typed), core(game)
    assert found.empty == expected.empty
    assert found.missing == pytest.approx(expected.missing, abs=1e-9)
    if found.empty:
        counts = typed.counts([k for k, _ in found.balanced])
        weights = [w for _, w in found.balanced]
        for t, n in enumerate(typed.sizes):
            assert sum(w * int(m) for w, m in zip(weights, counts[:, t])) == n
        assert sum(w * typed.exactly(k) for k, w in found.balanced) > typed.exactly(-1)
    else:
        at = {p: t for t, group in enumerate(typed.types.values()) for p in group}
        order = [at[p] for p in game.players]
        assert found.low[order] == pytest.approx(expected.low, abs=1e-6)
        assert found.high[order] == pytest.approx(expected.high, abs=1e-6)


def test_the_core_of_the_security_council_belongs_to_the_vetoes() -> None:
    found = core(security_council().game())
    assert not found.empty
    assert found.high == pytest.approx([1] * 5 + [0] * 10, abs=1e-7)
    assert found.low == pytest.approx([0] * 15, abs=1e-7)


def test_sixteen_equals_have_no_core() -> None:
    found = core(weighted_voting([1] * 16))
    assert found.empty
    assert found.missing == pytest.approx(16 / 9 - 1)
    for i in range(16):
        assert sum((w for s, w in found.balanced if s >> i & 1), Fraction(0)) == 1


def test_degenerate_games() -> None:
    alone = typed_core(TypedGame([0, 5], {"A": 1}))
    assert (alone.point.tolist(), alone.low.tolist(), alone.high.tolist()) == ([5], [5], [5])
    nothing = typed_core(TypedGame(np.zeros((3, 3), dtype=int), {"A": 2, "B": 2}))
    assert not nothing.empty
    assert nothing.low == pytest.approx([0, 0], abs=1e-9)
    costs = typed_core(TypedGame([0, -2, -3], {"A": 2}))
    assert costs.low == pytest.approx([-2])
    assert costs.high == pytest.approx([-1])


def test_views() -> None:
    assert "not empty" in typed_core(security_council().typed()).summary()
    empty = typed_core(weighted({"A": 1, "B": 1, "C": 1}).typed())
    assert "The core is empty: 3/2 * v(2 of A ... (3)) = 1.5" in empty.summary()
    assert empty.to_frame()["weight"].tolist() == [1.5]
    assert np.isclose(empty.missing, 0.5)
