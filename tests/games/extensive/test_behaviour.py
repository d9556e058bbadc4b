"""Behaviour strategies in every form in which people write them are the same vectors."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import catalog
from games.errors import ProfileError

HORSE = catalog.trees.seltens_horse()
PURE = {"1": "D", "2": "c", "3": "L"}


@pytest.mark.parametrize(
    "written",
    [
        ["D", "c", "L"],
        {"1": [0, 1], "2": [1, 0], "3": [1, 0]},
        {"1": {"D": 1}, "2": {"c": "1"}, "3": {"L": Fraction(1)}},
    ],
)
def test_labels_vectors_and_mappings_say_the_same(written):
    for own, theirs in zip(HORSE.behaviour(PURE), HORSE.behaviour(written)):
        assert own.tolist() == theirs.tolist()


def test_one_float_makes_all_floats_and_the_arrays_are_read_only():
    vectors = HORSE.behaviour({**PURE, "2": [0.25, 0.75]})
    assert all(v.dtype == np.float64 and not v.flags.writeable for v in vectors)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"1": "D"}, "says nothing about information set '2'"),
        ({**PURE, "2": [1, 1]}, "add up to 2"),
        ({**PURE, "2": [-1, 2]}, "negative probability"),
        ({**PURE, "2": "x"}, "no action 'x'"),
        ({**PURE, "2": [1, object()]}, "not a number"),
        ("DcL", "one entry for each"),
    ],
)
def test_what_is_not_a_strategy_is_refused(written, words):
    with pytest.raises(ProfileError, match=words):
        HORSE.behaviour(written)
