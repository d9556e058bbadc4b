"""Typed rows are the rows of the table."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import pytest

from games.errors import GameError
from solvers.base.rows import typed


class Sale(NamedTuple):
    shop: str
    self_made: bool
    price_low: float


FRAME = pd.DataFrame(
    {"price low": [1.0, 2.5], "self-made": [True, False], "more": [0, 0]},
    index=pd.Index(["A", "B"], name="shop"),
)


def test_fields_are_columns_and_the_index():
    assert typed(FRAME, Sale) == (Sale("A", True, 1.0), Sale("B", False, 2.5))
    assert all(type(row.price_low) is float and type(row.self_made) is bool for row in typed(FRAME, Sale))


def test_an_empty_table_has_no_rows():
    assert typed(FRAME.iloc[:0], Sale) == ()


def test_a_field_without_a_column_is_refused():
    with pytest.raises(GameError, match="no column for 'price_low'"):
        typed(FRAME.drop(columns="price low"), Sale)


class Fare(NamedTuple):
    case: str
    percentile_5: float
    premium_low: tuple[float, ...]
    by_player: tuple[str, ...]


PER_PLAYER = pd.DataFrame(
    {
        "5 %": [0.05],
        "A premium low": [1.0],
        "North Sea-Bay premium low": [2.0],
        "A": ["x"],
        "North Sea-Bay": ["y"],
    },
    index=pd.Index(["only"], name="case"),
)


def test_a_field_for_each_player_holds_their_columns_in_their_order():
    rows = typed(PER_PLAYER, Fare, ["A", "North Sea-Bay"])
    assert rows == (Fare("only", 0.05, (1.0, 2.0), ("x", "y")),)
    assert typed(PER_PLAYER, Fare, ["North Sea-Bay", "A"])[0].premium_low == (2.0, 1.0)


def test_a_player_without_its_column_is_refused():
    with pytest.raises(GameError, match="no column for 'premium_low'"):
        typed(PER_PLAYER, Fare, ["A", "C"])
    with pytest.raises(GameError, match="no column for 'premium_low'"):
        typed(PER_PLAYER, Fare)
