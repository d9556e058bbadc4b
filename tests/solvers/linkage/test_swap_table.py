"""The table of swaps: efficiency by brute force, the weaker side, views and selections."""

from __future__ import annotations

import numpy as np
import pytest

from games import deals
from solvers import linkage
from solvers.linkage._swap_table import efficient, weaker_side


@pytest.mark.parametrize("seed", range(12))
def test_efficiency_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(-4, 5, (60, 2)) * (1.0 if seed % 2 else np.array([1e-12, 1e12]))
    every = np.vstack([points, np.zeros((1, 2))])
    expected = [not any((q >= p).all() and (q > p).any() for q in every) for p in points]
    assert efficient(points).tolist() == expected


def test_points_that_differ_by_rounding_are_equal():
    assert efficient(np.array([[0.3, 1.0], [0.1 + 0.2, 1.0], [0.3, 0.9]])).tolist() == [True, True, False]
    assert efficient(np.empty((0, 2))).tolist() == []


def test_the_weaker_side():
    own = np.array([0.7, 0.8])
    critical = np.array([[0.6, 0.75], [0.2, 0.3], [np.inf, 0.9], [0.1, np.nan]])
    assert weaker_side(own, critical).tolist() == [1, 0, 0, 1]


def test_selections_and_views():
    found = linkage.swaps(deals.get("taiwan"))
    few = found.select(found.mutual & found.efficient)
    assert len(few) >= 1
    assert few.concessions(0)[0] == "the US ends its commitment to Taiwan"
    every = found.to_frame(np.arange(len(found)))
    assert len(every) == 7
    assert sorted(found.to_frame().index) == np.flatnonzero(found.mutual).tolist()
    assert (every["closing payment (common unit)"] >= 0).any()
    assert "<table" in found._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        found.gains[0, 0] = 1.0
