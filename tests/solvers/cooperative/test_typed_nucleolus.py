"""The nucleolus by constraint generation, against the programs over all coalitions at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional import CoalitionalGame
from games.errors import BargainingError
from games.typed import TypedGame
from games.voting import security_council, weighted
from solvers.base.deadline import Deadline
from solvers.cooperative import nucleolus, typed_nucleolus
from solvers.cooperative._generation import Classes
from solvers.cooperative._typed_nucleolus import _kohlberg


def random_game(seed: int) -> CoalitionalGame:
    rng = np.random.default_rng(seed)
    n = 2 + seed % 5
    values = rng.integers(0, 30 if seed % 2 else 3, size=2**n)
    values[0] = 0
    if seed % 3 == 0:
        values[1 << np.arange(n)] = 0
    values[-1] = max(values.max(), values[1 << np.arange(n)].sum()) + rng.integers(0, 4)
    return CoalitionalGame(values)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), pre=st.booleans())
def test_it_agrees_with_all_coalitions_at_once(seed: int, pre: bool) -> None:
    game = random_game(seed)
    typed = TypedGame.from_game(game)
    found, expected = typed_nucleolus(typed, pre), nucleolus(game, pre)
    share = {p: x for x, group in zip(found.exact, typed.types.values()) for p in group}
    assert tuple(share[p] for p in game.players) == expected.exact
    assert found.verified


def test_the_security_council_gives_all_to_the_vetoes() -> None:
    found = nucleolus(security_council().game())
    assert found.exact == (Fraction(1, 5),) * 5 + (Fraction(0),) * 10
    assert found.verified


@pytest.mark.parametrize("seed", range(3))
def test_sixteen_different_weights(seed: int) -> None:
    weights = np.random.default_rng(seed).choice(np.arange(5, 60), 16, replace=False).tolist()
    found = typed_nucleolus(weighted({f"P{i}": w for i, w in enumerate(weights)}).typed())
    assert found.verified
    assert sum(found.exact) == 1
    # A heavier voter is never worth less: in a voting game the nucleolus respects desirability.
    order = np.argsort(weights)
    shares = [found.exact[i] for i in order]
    assert shares == sorted(shares)


def test_fractions_and_large_numbers_stay_exact() -> None:
    game = random_game(7)
    moved = CoalitionalGame(
        np.array(
            [Fraction(v) * Fraction(10**12, 7) + 10**15 * s.bit_count() for s, v in enumerate(game.exact)],
            dtype=object,
        )
    )
    typed = TypedGame.from_game(moved)
    found = typed_nucleolus(typed)
    share = {p: x for x, group in zip(found.exact, typed.types.values()) for p in group}
    wanted = nucleolus(game).exact
    assert tuple(share[p] for p in moved.players) == tuple(x * Fraction(10**12, 7) + 10**15 for x in wanted)


def test_without_an_imputation_only_the_prenucleolus_exists() -> None:
    game = TypedGame([0, 3, 4], {"T": 2})
    with pytest.raises(BargainingError, match="pre=True"):
        typed_nucleolus(game)
    assert typed_nucleolus(game, pre=True).exact == (2,)


def test_kohlbergs_criterion_rejects_other_allocations() -> None:
    game = TypedGame.from_game(random_game(3))
    classes = Classes(game)
    right = [(x - a) / classes.unit for x, a in zip(typed_nucleolus(game).exact, classes.alone)]
    assert _kohlberg(classes, right, False, Deadline(None))
    step = Fraction(1, 100)
    wrong = [right[0] + step / game.sizes[0], right[1] - step / game.sizes[1], *right[2:]]
    assert not _kohlberg(classes, wrong, True, Deadline(None))
    assert not _kohlberg(classes, [x + 1 for x in right], True, Deadline(None))


def test_views() -> None:
    found = typed_nucleolus(security_council().typed())
    assert found.by_player.shape == (15,)
    assert "Kohlberg's criterion holds" in found.summary()
    assert found.to_frame()["players"].tolist() == [5, 10]
