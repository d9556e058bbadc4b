"""The Pareto front, against a comparison of every pair of points."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.partitions import pareto_front


@given(seed=st.integers(0, 1000), levels=st.integers(2, 5))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_pareto_front_is_what_nothing_dominates(seed, levels):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, levels, (30, 3)).astype(float)
    better = (points[None] >= points[:, None]).all(axis=2) & (points[None] > points[:, None]).any(axis=2)
    assert pareto_front(points).tolist() == np.flatnonzero(~better.any(axis=1)).tolist()
