"""Our Sobol points are those of scipy to the last bit, in every dimension kept here."""

import numpy as np
import pytest
from scipy.stats import qmc

from games.spheres._sobol import DIMENSIONS, scrambled


@pytest.mark.parametrize(
    ("dimensions", "exponent", "seed"), [(1, 0, 0), (2, 1, 5), (24, 11, 0), (DIMENSIONS, 8, 2**40)]
)
def test_points_of_scipy(dimensions, exponent, seed):
    expected = qmc.Sobol(d=dimensions, scramble=True, seed=seed).random_base2(exponent)
    found = scrambled(dimensions, exponent, seed)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected)


def test_more_dimensions_come_from_scipy():
    expected = qmc.Sobol(d=DIMENSIONS + 1, scramble=True, seed=3).random_base2(4)
    np.testing.assert_array_equal(scrambled(DIMENSIONS + 1, 4, 3), expected)


def test_every_dimension_is_balanced():
    # A set of 2^m points has one in each of 2^m equal intervals, in every dimension (a digital net).
    points = scrambled(DIMENSIONS, 6, seed=9)
    np.testing.assert_array_equal(
        np.sort(np.floor(points * 64), axis=0), np.tile(np.arange(64.0)[:, None], DIMENSIONS)
    )
