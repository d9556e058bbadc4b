"""Scrambled Sobol points: the same numbers as `scipy.stats.qmc.Sobol`, without loading all of `scipy.stats`.

That library takes most of a second to load, longer than the points themselves. Direction numbers: Joe and Kuo,
"Constructing Sobol sequences with better two-dimensional projections", SIAM Journal on Scientific Computing 2008.
Scrambling: a random lower triangular matrix and a digital shift for each dimension (Matousek 1998).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.types import FloatArray

__all__ = ["DIMENSIONS", "scrambled"]

_BITS = 30
# From the second dimension on: a primitive polynomial over the integers modulo 2 as its bits, and the first numbers m_1, m_2, ...
_START: tuple[tuple[int, tuple[int, ...]], ...] = (
    (3, (1,)),
    (7, (1, 3)),
    (11, (1, 3, 1)),
    (13, (1, 1, 1)),
    (19, (1, 1, 3, 3)),
    (25, (1, 3, 5, 13)),
    (37, (1, 1, 5, 5, 17)),
    (41, (1, 1, 5, 5, 5)),
    (47, (1, 1, 7, 11, 19)),
    (55, (1, 1, 5, 1, 1)),
    (59, (1, 1, 1, 3, 11)),
    (61, (1, 3, 5, 5, 31)),
    (67, (1, 3, 3, 9, 7, 49)),
    (91, (1, 1, 1, 15, 21, 21)),
    (97, (1, 3, 1, 13, 27, 49)),
    (103, (1, 1, 1, 15, 7, 5)),
    (109, (1, 3, 1, 15, 13, 25)),
    (115, (1, 1, 5, 5, 19, 61)),
    (131, (1, 3, 7, 11, 23, 15, 103)),
    (137, (1, 3, 7, 13, 13, 15, 69)),
    (143, (1, 1, 3, 13, 7, 35, 63)),
    (145, (1, 3, 5, 9, 1, 25, 53)),
    (157, (1, 3, 1, 13, 9, 35, 107)),
    (167, (1, 3, 1, 5, 27, 61, 31)),
    (171, (1, 1, 5, 11, 19, 41, 61)),
    (185, (1, 3, 5, 3, 3, 13, 69)),
    (191, (1, 1, 7, 13, 1, 19, 1)),
    (193, (1, 3, 7, 5, 13, 19, 59)),
    (203, (1, 1, 3, 9, 25, 29, 41)),
    (211, (1, 3, 5, 13, 23, 1, 55)),
    (213, (1, 3, 7, 3, 13, 59, 17)),
    (229, (1, 3, 1, 3, 5, 53, 69)),
    (239, (1, 1, 5, 5, 23, 33, 13)),
    (241, (1, 1, 7, 7, 1, 61, 123)),
    (247, (1, 1, 7, 9, 13, 61, 49)),
    (253, (1, 3, 3, 5, 3, 55, 33)),
    (285, (1, 3, 1, 15, 31, 13, 49, 245)),
    (299, (1, 3, 5, 15, 31, 59, 63, 97)),
    (301, (1, 3, 1, 11, 11, 11, 77, 249)),
)
DIMENSIONS = len(_START) + 1
"""Dimensions for which direction numbers are kept here; more come from scipy."""


def scrambled(dimensions: int, exponent: int, seed: int) -> FloatArray:
    """The first 2^exponent scrambled points, shape (2^exponent, dimensions), with entries in [0, 1).

    >>> scrambled(2, 2, seed=0).shape
    (4, 2)
    """
    if dimensions > DIMENSIONS:
        from scipy.stats import qmc

        engine = qmc.Sobol(d=dimensions, scramble=True, seed=seed)
        return np.asarray(engine.random_base2(exponent))
    rng = np.random.default_rng(seed)
    powers = 2 ** np.arange(_BITS, dtype=np.uint32)
    # In the order in which scipy takes them.
    shift = rng.integers(2, size=(dimensions, _BITS), dtype=np.uint32) @ powers
    lower = np.tril(rng.integers(2, size=(dimensions, _BITS, _BITS), dtype=np.uint32))
    lower[:, np.arange(_BITS), np.arange(_BITS)] = 1
    steps = _scrambled_directions(_directions(dimensions), lower)
    points = np.empty((2**exponent, dimensions), dtype=np.uint32)
    points[0] = shift
    # Points follow the Gray code: each half is the half before it in reverse, moved by the next direction.
    for k in range(exponent):
        points[2**k : 2 ** (k + 1)] = points[: 2**k][::-1] ^ steps[:, k]
    return np.asarray(points / 2.0**_BITS)


def _directions(dimensions: int) -> npt.NDArray[np.uint32]:
    """Direction numbers as whole numbers of `_BITS` bits, shape (dimensions, _BITS)."""
    rows = [[1] * _BITS]
    for polynomial, start in _START[: dimensions - 1]:
        degree = len(start)
        row = list(start)
        for j in range(degree, _BITS):
            value = row[j - degree]
            for k in range(degree):
                if (polynomial >> (degree - 1 - k)) & 1:
                    value ^= row[j - k - 1] << (k + 1)
            row.append(value)
        rows.append(row)
    return np.array(rows, dtype=np.uint32) << np.arange(_BITS - 1, -1, -1, dtype=np.uint32)


def _scrambled_directions(
    directions: npt.NDArray[np.uint32], lower: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """Directions whose bits, the first one highest, are multiplied by the matrices (dimensions, _BITS, _BITS) modulo 2."""
    places = np.arange(_BITS - 1, -1, -1, dtype=np.uint32)
    bits = (directions[:, None, :] >> places[:, None]) & np.uint32(1)
    product = np.matmul(lower, bits) & np.uint32(1)
    return np.asarray((product << places[:, None]).sum(axis=1), dtype=np.uint32)
