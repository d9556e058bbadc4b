"""Stances: labels, bit patterns and matrices agree with one another."""

from __future__ import annotations

import numpy as np
import pytest

from games import stances
from games.errors import ProfileError

THREE = ("United States", "China", "Russia")


def test_labels_read_as_a_person_would_say_them():
    assert stances.action_labels(THREE, 0) == (
        "accommodate China and Russia",
        "contest China, accommodate Russia",
        "contest Russia, accommodate China",
        "contest China and Russia",
    )


def test_long_labels_are_lists_and_all_differ():
    labels = stances.action_labels(["A", "B", "C", "D", "E"], 0)
    assert labels[0] == "accommodate B, C, D and E"
    assert labels[1] == "contest B, accommodate C, D and E"
    assert len(set(labels)) == 16


@pytest.mark.parametrize("count", [2, 3, 4])
def test_matrices_turn_back_into_actions(count):
    profiles = stances.all_profiles(count)
    assert len(profiles) == (2 ** (count - 1)) ** count
    matrices = stances.contest_matrices(profiles)
    assert not matrices[:, np.arange(count), np.arange(count)].any()
    assert len(np.unique(matrices.reshape(len(profiles), -1), axis=0)) == len(profiles)
    for row, matrix in list(zip(profiles, matrices))[:: max(1, len(profiles) // 50)]:
        assert [stances.action_of(matrix[i], i) for i in range(count)] == row.tolist()


def test_the_order_of_profiles_is_that_of_a_payoff_array():
    profiles = stances.all_profiles(3)
    assert profiles[17].tolist() == list(np.unravel_index(17, (4, 4, 4)))


def test_blocs():
    profile = stances.blocs(THREE, [["United States", "Russia"]])
    assert [stances.action_labels(THREE, i)[a] for i, a in enumerate(profile)] == [
        "contest China, accommodate Russia",
        "contest United States and Russia",
        "contest China, accommodate United States",
    ]


def test_regimes_of_three_powers():
    regimes = stances.name_regimes(THREE, {"G2": [["China", "United States"]]})
    assert regimes["concert"] == (0, 0, 0)
    assert regimes["all-out"] == (3, 3, 3)
    assert set(regimes) == {
        "concert", "all-out", "G2", "China + Russia against United States", "United States + Russia against China",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([["Chna"]], "a bloc names 'Chna', which is not a power here; did you mean 'China'"),
        ([["China"], ["China", "Russia"]], "China is in two blocs"),
    ],
)
def test_bad_blocs(groups, expected):
    with pytest.raises(ProfileError, match=expected):
        stances.blocs(THREE, groups)
