"""What a Bayesian game is made from: labels of types, and priors as fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.bayesian import _priors
from games.errors import GameError

TYPES = (("low", "high"), ("x",))
PLAYERS = ("A", "B")


def test_labels_are_counted_and_told_apart():
    assert _priors.distinct(["low", "high"], 2, "types of A") == ("low", "high")
    assert _priors.distinct([1, 2], 2, "types of A") == ("1", "2")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["low"], "have 2 types on this axis; got the labels"),
        ("ab", "have 2 types on this axis"),
        (["low", "low"], "the label 'low' stands more than once"),
        (["low", " "], "a label is empty"),
    ],
)
def test_other_labels_are_refused(labels, words):
    with pytest.raises(GameError, match=words):
        _priors.distinct(labels, 2, "types of A")


def test_a_prior_is_exact_and_read_only():
    prior = _priors.checked_prior([[0.1], [0.9]], TYPES, PLAYERS)
    assert prior.tolist() == [[Fraction(1, 10)], [Fraction(9, 10)]]
    with pytest.raises(ValueError, match="read-only"):
        prior[0, 0] = 1


@pytest.mark.parametrize(
    ("prior", "words"),
    [
        ([0.5, 0.5], r"has shape \(2,\); it needs one probability for each type profile, shape \(2, 1\)"),
        ([[1], [0]], "gives type 'high' of A probability 0; leave out a type"),
        ([[0.5], [0.4]], r"the probabilities of the prior add up to 0\.9"),
        ([["1/2"], ["one half"]], "the prior has the probability 'one half', which is not a number"),
    ],
)
def test_other_priors_are_refused(prior, words):
    with pytest.raises(GameError, match=words):
        _priors.checked_prior(prior, TYPES, PLAYERS)


def test_rounded_floats_are_divided_by_their_sum():
    thirds = np.array([1 / 3, 1 / 3, 1 / 3], dtype=object)
    assert sum(_priors.normalised(thirds, "x")) == 1


def test_frozen_is_the_same_array():
    array = np.zeros(2)
    assert _priors.frozen(array) is array
    assert not array.flags.writeable
