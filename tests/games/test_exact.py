"""Exact numbers: fractions of what was given, and arrays that lose nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from games.errors import GameError
from games.exact import as_written, exactly, exactly_all, lossless


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        (3, Fraction(3)),
        (0.1, Fraction(3602879701896397, 2**55)),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.float64(0.25), Fraction(1, 4)),
        (np.int8(-7), Fraction(-7)),
        (np.uint64(2**64 - 1), Fraction(2**64 - 1)),
        (Decimal("0.1"), Fraction(1, 10)),
        ("2/7", Fraction(2, 7)),
    ],
)
def test_a_number_is_the_fraction_that_it_is(given, fraction):
    found = exactly(given)
    assert type(found) is Fraction
    assert found == fraction


def test_arrays_keep_their_shape():
    found = exactly_all(np.array([[0.5, 2], [0.25, -1]]))
    assert found.dtype == object
    assert found.tolist() == [[Fraction(1, 2), Fraction(2)], [Fraction(1, 4), Fraction(-1)]]
    assert exactly_all(np.array([[2**70, Fraction(1, 3)]], dtype=object)).tolist() == [
        [2**70, Fraction(1, 3)]
    ]
    assert exactly_all(np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.uint8, np.uint32, np.int64, np.bool_])
def test_narrow_integers_are_widened(dtype):
    found = lossless(np.array([1, 0], dtype=dtype))
    assert found.dtype == np.int64
    assert found.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("largest", "dtype"),
    [(2**63 - 1, np.dtype(np.int64)), (2**63, np.dtype(object)), (2**64 - 1, np.dtype(object))],
)
def test_unsigned_integers_are_not_wrapped_round(largest, dtype):
    found = lossless(np.array([0, largest], dtype=np.uint64))
    assert found.dtype == dtype
    assert found.tolist() == [0, largest]
    assert lossless(np.zeros(0, dtype=np.uint64)).dtype == np.int64


@pytest.mark.parametrize(
    ("numbers", "dtype"),
    [
        ([2**53 - 1, 0.5], np.dtype(float)),
        # The first whole number beside which a float may have to be rounded.
        ([2**53, 0.5], np.dtype(object)),
        ([-(2**53) - 1, 0.5], np.dtype(object)),
        ([[2**60 + 1, 0.5], [1, 2]], np.dtype(object)),
        # Without an integer among them nothing was lost.
        ([1e300, 0.5], np.dtype(float)),
        (np.array([2.0**60, 0.5]), np.dtype(float)),
        ([0.5, 1], np.dtype(float)),
        ([], np.dtype(float)),
    ],
)
def test_integers_beside_floats_are_kept(numbers, dtype):
    found = lossless(numbers)
    assert found.dtype == dtype
    assert found.tolist() == (numbers.tolist() if isinstance(numbers, np.ndarray) else numbers)


def test_objects_stay_what_they_are():
    given = np.array([2**70, Fraction(1, 3)], dtype=object)
    assert lossless(given).tolist() == given.tolist()


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        (0.1, Fraction(1, 10)),
        (np.float64(0.3), Fraction(3, 10)),
        (np.float32(0.5), Fraction(1, 2)),
        (0, 0),
        ("2/7", Fraction(2, 7)),
        (Fraction(1, 3), Fraction(1, 3)),
        (2**60 + 1, 2**60 + 1),
    ],
)
def test_decimals_are_what_is_written(given, fraction):
    assert as_written("the weight", "A", given) == fraction


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (-0.1, "must not be negative"),
        (-1, "must not be negative"),
        (float("nan"), "must be a finite number"),
        (float("inf"), "must be a finite number"),
        ("1/0", "must be a finite number"),
        ("much", "must be a finite number"),
        (None, "must be a finite number"),
    ],
)
def test_what_is_no_weight_is_named(given, expected):
    with pytest.raises(GameError, match=f"the weight of 'A' is .*{expected}"):
        as_written("the weight", "A", given)
