"""The continuous Blotto game: cases of the theorem, and that they join."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games.errors import GameError
from solvers.contests import blotto_value
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["blotto_value"], ids=lambda c: c["source"])
def test_known_shares(case: dict) -> None:
    found = blotto_value(*case["forces"], case["fields"])
    assert found.shares[0] == Fraction(case["share"])
    assert sum(found.shares) == 1
    assert blotto_value(*case["forces"][::-1], case["fields"]).shares == found.shares[::-1]


@pytest.mark.parametrize("fields", [3, 4, 7])
def test_the_cases_join_and_rise_with_force(fields: int) -> None:
    for edge in (Fraction(2, fields), Fraction(1, fields - 1)):
        tiny = Fraction(1, 10**9)
        below = blotto_value(edge - tiny, Fraction(1), fields).shares[0]
        above = blotto_value(edge + tiny, Fraction(1), fields).shares[0]
        assert float(above - below) == pytest.approx(0, abs=1e-6)
    shares = [blotto_value(Fraction(k, 97), 1, fields).shares[0] for k in range(98)]
    assert shares == sorted(shares)


def test_bad_input_and_views() -> None:
    with pytest.raises(GameError, match="some force"):
        blotto_value(0, 0, 3)
    with pytest.raises(GameError, match="not be negative"):
        blotto_value(-1, 2, 3)
    with pytest.raises(GameError, match="at least 1"):
        blotto_value(1, 2, 0)
    assert blotto_value(0.3, 0.4, 3).shares[0] == Fraction(3, 8)
    assert blotto_value(1, 2, 1).shares == (0, 1)
    assert "expected shares 3/8 and 5/8" in blotto_value(3, 4, 3).summary()
