"""Colonel Blotto with regiments: known values, proofs, and the continuous game as the limit."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from games.errors import GameError, MethodError, SizeError
from solvers.contests import blotto, blotto_value
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["blotto"], ids=lambda c: c["source"])
def test_known_values(case: dict) -> None:
    assert blotto(case["first"], case["second"], case["fields"], case["score"]).value == Fraction(
        case["value"]
    )


@pytest.mark.parametrize(("first", "second", "fields"), [(4, 3, 2), (5, 4, 3), (3, 3, 3), (6, 4, 2)])
def test_fields_alike_and_fields_told_apart_have_one_value(first: int, second: int, fields: int) -> None:
    one = blotto(first, second, fields)
    # Told apart by a worth that differs by nothing that matters: the value moves by no more than that.
    slightly = [1] * (fields - 1) + [Fraction(1_000_001, 1_000_000)]
    other = blotto(first, second, slightly)
    assert one.symmetric
    assert not other.symmetric
    assert abs(float(one.value - other.value)) < 1e-5
    assert one.value == -blotto(second, first, fields).value


def test_the_strategies_secure_the_value() -> None:
    found = blotto(5, 4, 3)
    for own, other_count, sign in ((0, 4, 1), (1, 5, -1)):
        strategy = found.strategies[own]
        assert sum(strategy.values()) == 1
        worst = None
        for x in range(other_count + 1):
            for y in range(other_count - x + 1):
                reply = (x, y, other_count - x - y)
                total = Fraction(0)
                for allocation, p in strategy.items():
                    orders = list(permutations(allocation))
                    net = sum((a > b) - (a < b) for o in orders for a, b in zip(o, reply))
                    total += p * Fraction(net, len(orders))
                worst = total if worst is None else min(worst, total)
        assert worst == sign * found.value


def test_many_regiments_come_near_the_continuous_game() -> None:
    # Shares are (1 + value / fields) / 2.
    for first, second in ((16, 24), (18, 20)):
        share = (1 + blotto(first, second, 3).value / 3) / 2
        assert float(share) == pytest.approx(float(blotto_value(first, second, 3).shares[0]), abs=0.03)


def test_what_does_not_fit_is_refused() -> None:
    for call, error, words in (
        (lambda: blotto(-1, 2, 2), GameError, "not negative"),
        (lambda: blotto(2, 2, 0), GameError, "at least one field"),
        (lambda: blotto(2, 2, [1, 0]), GameError, "worth something"),
        (lambda: blotto(2, 2, 2, score="glory"), MethodError, "captures"),
        (lambda: blotto(1000, 2, 5), SizeError, "ways"),
    ):
        with pytest.raises(error, match=words):
            call()


def test_views() -> None:
    found = blotto(4, 3, 2, score="captures")
    assert "the value is 14/9" in found.summary()
    assert found.to_frame()["probability"].sum() == pytest.approx(2)
