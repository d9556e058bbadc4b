"""Amounts as sentences show them."""

from __future__ import annotations

import pytest

from solvers.compare import _phrases as phrases


@pytest.mark.parametrize(("x", "words"), [(1.25, "+1.2"), (-3.0, "−3.0"), (0.0, "+0.0")])
def test_signed_numbers(x, words):
    assert phrases.signed(x) == words
