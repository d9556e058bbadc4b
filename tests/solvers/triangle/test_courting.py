"""Courting: prices and counter-offers by hand, and that they add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import MethodError
from solvers.triangle import courtship, from_payoffs, textbook

MARRIAGE, WEDGE, PIVOT = (-1, -1, 1), (-1, 1, -1), (-1, 1, 1)


def triangle_of_today(us_gain: float):
    """Players US, China, Russia: Russia loses 2 by turning from China, China loses 3."""
    table = {MARRIAGE: (0, 4, 5), WEDGE: (us_gain, 1, 3), PIVOT: (1, 3, 7)}
    return from_payoffs(lambda s: table.get(s, (0, 0, 0)), ["US", "China", "Russia"])


def test_a_reverse_kissinger_by_hand() -> None:
    found = courtship(triangle_of_today(us_gain=4), "US", "Russia")
    assert (found.start, found.end) == (MARRIAGE, WEDGE)
    assert found.rival == "China"
    assert (found.asked, found.worth, found.counter) == (2, 4, 3)
    assert found.price == 5
    assert not found.pays
    assert found.pays_unopposed
    assert found.keeping_price == 2
    assert "US would not pay it" in found.summary()
    assert "a counter-offer of 2 keeps Russia and China together, which it can afford" in found.summary()
    before, after = table
    if found.pays:
        # After paying the price the courted power does at least as well as with the rival's best counter-offer.
        assert after[2] + found.price >= before[2] + max(0, before[1] - after[1]) - 1e-12
        assert after[0] - found.price > before[0]
    elif found.worth > 0 and found.counter > 0:
        assert found.keeping_price <= found.counter + 1e-12


def test_bad_input_is_named() -> None:
    with pytest.raises(MethodError, match="cannot court itself"):
        courtship(textbook(("US", "China", "Russia")), "US", "US")
    with pytest.raises(MethodError, match="no triangle"):
        courtship(textbook(("US", "China", "Russia")), "US", "Russia", start=(0, 0, 0))
