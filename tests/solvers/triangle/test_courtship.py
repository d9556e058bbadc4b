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
    assert "a counter-offer of 2 keeps Russia and China together" in found.summary()
    richer = courtship(triangle_of_today(us_gain=5.5), "US", "Russia")
    assert richer.pays
    assert richer.keeping_price == 3.5


def test_the_courted_may_keep_both() -> None:
    found = courtship(triangle_of_today(us_gain=4), "US", "Russia", keep_tie=True)
    assert found.end == PIVOT
    assert found.asked == -2
    assert found.price == 0
    assert found.pays
    assert "would change sides without payment" in found.summary()


def test_the_table() -> None:
    frame = courtship(triangle_of_today(us_gain=4), "US", "Russia").to_frame()
    assert frame["change"].tolist() == [4, -3, -2]
    assert frame.loc["China", "would pay at most"] == 3
    assert frame.loc["Russia", "asks at least"] == 2
    assert np.isnan(frame.loc["US", "asks at least"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_courter_wins_exactly_if_it_outbids(seed: int) -> None:
    table = np.random.default_rng(seed).normal(size=(2, 3))
    found = courtship(
        from_payoffs(
            lambda s: table[0] if s == MARRIAGE else table[1] if s == WEDGE else (0, 0, 0), ["U", "C", "R"]
        ),
        "U",
        "R",
    )
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
    with pytest.raises(MethodError, match="not a triangle"):
        courtship(textbook(("US", "China", "Russia")), "US", "Russia", start=(0, 0, 0))
