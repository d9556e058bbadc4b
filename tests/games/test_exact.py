"""Exact numbers: fractions of what was given, and arrays that lose nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame, coalitional, typed, voting
from games.errors import ConcertError, GameError, SizeError
from games.exact import as_written, exactly, exactly_all, finite, lossless
from games.lotteries import exact_lottery
from solvers import bargaining, contests, cooperative, minmax, nash, repeated


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


MASKED = np.ma.array([[3.0, 0.0], [5.0, 1.0]], mask=[[True, False], [False, False]])


@pytest.mark.parametrize(
    "make",
    [
        lambda: NormalFormGame.from_bimatrix(MASKED, [[3, 5], [0, 1]]),
        lambda: NormalFormGame(np.ma.stack([MASKED, MASKED], axis=-1)),
        lambda: coalitional.CoalitionalGame(np.ma.array([0, 1, 1, 5], mask=[0, 1, 0, 0])),
        lambda: typed.TypedGame(np.ma.array([0, 1, 2], mask=[0, 1, 0]), {"a": 2}),
        lambda: minmax.solve_matrix_games([MASKED]),
        lambda: nash.pure_many(np.ma.stack([MASKED, MASKED], axis=-1)[None]),
        lambda: bargaining.BargainingProblem(MASKED, [0, 0]),
        lambda: contests.all_pay(np.ma.array([1.0, 2.0], mask=[True, False])),
        lambda: repeated.threshold(np.ma.array([1.0, 2.0], mask=[True, False]), 1.0, 0.0),
    ],
)
def test_masked_entries_are_refused_and_not_read(make):
    with pytest.raises(ConcertError):
        make()


def test_an_array_without_a_masked_entry_is_an_array():
    game = NormalFormGame.from_bimatrix(np.ma.array([[3.0, 0.0], [5.0, 1.0]]), [[3, 5], [0, 1]])
    assert game.payoffs[0, 0].tolist() == [3.0, 3.0]


@pytest.mark.parametrize("value", [b"1", np.datetime64("2020"), np.timedelta64(3), date(2020, 1, 1), None])
def test_bytes_dates_and_nothing_are_no_numbers(value):
    table = np.array([[1, 0], [0, 1]], dtype=object)
    table[0, 0] = value
    for make in (
        lambda: NormalFormGame.from_bimatrix(table),
        lambda: coalitional.CoalitionalGame([0, 0, value, 1]),
        lambda: typed.TypedGame(np.array([0, value, 1], dtype=object), {"a": 2}),
        lambda: minmax.solve_matrix_games(table),
        lambda: bargaining.BargainingProblem(table, [0, 0]),
        lambda: repeated.threshold([value], [1], [0]),
    ):
        with pytest.raises(ConcertError):
            make()


@pytest.mark.parametrize("value", [10**400, Fraction(10**400, 3), Decimal("1e400")])
def test_numbers_beyond_floats_are_refused_by_name(value):
    for make in (
        lambda: NormalFormGame.from_bimatrix([[value, 0], [0, 1]]),
        lambda: coalitional.CoalitionalGame([0, 0, value, 1]),
        lambda: typed.TypedGame([0, value, 1], {"a": 2}),
        lambda: bargaining.BargainingProblem([[value, 0], [0, 1]], [0, 0]),
        lambda: exact_lottery([value, 1], lambda: "the prior"),
        lambda: nash.find_one(NormalFormGame.from_bimatrix([[1, 0], [0, 1]]), time_limit=-value),
    ):
        with pytest.raises(ConcertError):
            make()


def test_weights_beyond_floats_are_counted_exactly():
    rule = voting.weighted({"A": 10**400, "B": 1, "C": 1})
    assert list(cooperative.voting_power(rule).swings) == [4, 0, 0]
    with pytest.raises(SizeError, match="GB"):
        cooperative.voting_power(rule, method="generating functions")


def test_a_gain_without_bounds_needs_more_than_any_patience():
    assert repeated.threshold([np.inf, 1.0], 3.0, 1.0).tolist() == [np.inf, 1 / 3]


def test_minus_zero_is_zero():
    problem = bargaining.BargainingProblem([[1, -0.0], [-0.0, 1]], [-0.0, -0.0])
    assert "-0" not in str(bargaining.solve(problem, "nash"))
    assert "-0" not in str(cooperative.shapley(coalitional.CoalitionalGame([-0.0] * 4)))


@pytest.mark.parametrize(
    "given",
    [
        "1e-99999999",
        "1e99999999",
        Decimal("1e-99999999"),
        Decimal("1e99999999"),
        Decimal("nan"),
        Decimal("sNaN"),
        Decimal("-inf"),
        "1/0",
        "1_000",
        "nan",
        "x",
        "9" * 10_000,
        float("nan"),
        float("inf"),
        None,
        b"1",
        [1],
        1 + 2j,
        np.complex128(1),
        np.datetime64("2020"),
        np.timedelta64(3, "D"),
    ],
    ids=repr,
)
def test_what_is_not_one_finite_number_is_refused_at_once(given):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        exactly(given)
    with pytest.raises(GameError, match="it must be a finite number") as refused:
        finite(given, "the worth")
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (np.int8(-128), -128),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float16(1.5), Fraction(3, 2)),
        (np.longdouble(0.5), Fraction(1, 2)),
        (np.array(3.0), 3),
        (np.bool_(True), 1),
        (Decimal("0.1"), Fraction(1, 10)),
        (" -2.50 ", Fraction(-5, 2)),
        ("1e-300", Fraction(1, 10**300)),
    ],
)
def test_numbers_of_every_kind_are_taken_as_they_are(given, value):
    assert exactly(given) == value


def test_texts_among_payoffs_are_what_they_spell():
    table = np.array([["1/3", 2], [Decimal("0.1"), 10**30]], dtype=object)
    assert lossless(table).tolist() == [[Fraction(1, 3), 2], [Decimal("0.1"), 10**30]]
