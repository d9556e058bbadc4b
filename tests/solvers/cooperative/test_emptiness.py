"""The proof that a core is empty, in rational arithmetic."""

from __future__ import annotations

from fractions import Fraction

from solvers.cooperative._emptiness import balanced_above, words

HALF, ONE = Fraction(1, 2), Fraction(1)
PAIRS = (3, 5, 6)
ROWS = [[Fraction(s >> i & 1) for s in PAIRS] for i in range(3)]


def test_three_pairs_that_are_worth_the_whole_cannot_be_satisfied():
    proof = balanced_above(PAIRS, ROWS, [ONE] * 3, [ONE] * 3, ONE)
    assert proof == (((3, HALF), (5, HALF), (6, HALF)), HALF)


def test_pairs_that_are_worth_two_thirds_can():
    assert balanced_above(PAIRS, ROWS, [ONE] * 3, [Fraction(2, 3)] * 3, ONE) is None


def test_rounding_of_the_worths_is_no_proof():
    worths = [Fraction(2, 3) + Fraction(1, 10**12)] * 3
    assert balanced_above(PAIRS, ROWS, [ONE] * 3, worths, ONE) is not None
    assert balanced_above(PAIRS, ROWS, [ONE] * 3, worths, ONE, Fraction(1, 10**9)) is None


def test_the_words_name_the_proof():
    assert words([("A + B", HALF)], 1.0, 0.5).startswith(
        "The core is empty: 1/2 * v(A + B) = 1.5, more than the 1 of"
    )
    assert "up to the rounding" in words([], 1.0, 0.0, rounded=True)
