"""Clusters by complete linkage are those of scipy, in its order, with and without ties."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from games.world._clusters import complete_linkage


def of_scipy(apart, limit):
    labels = fcluster(linkage(squareform(apart, checks=False), "complete"), limit, "distance")
    return [np.flatnonzero(labels == label).tolist() for label in sorted(set(labels))]


@pytest.mark.parametrize("seed", range(60))
def test_as_scipy(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 40))
    # Every third case lies on a coarse grid, where many distances are equal.
    places = rng.integers(0, 4, (count, 2)) if seed % 3 == 0 else rng.normal(size=(count, 2))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    limit = float(rng.uniform(0, 1.2 * apart.max()))
    assert complete_linkage(apart, limit) == of_scipy(apart, limit)


def test_the_whole_is_one_group_where_all_are_near():
    assert complete_linkage(np.zeros((3, 3)), 0.0) == [[0, 1, 2]]


def test_farthest_members_decide():
    # 0 and 2 are neighbours of 1, but not of each other.
    apart = np.abs(np.subtract.outer([0.0, 1.0, 2.1], [0.0, 1.0, 2.1]))
    assert complete_linkage(apart, 1.5) == [[0, 1], [2]]
