from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import tables
from reports.document import Column


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        (1234.5, Column("", "number"), "1,234.50"),
        (-0.126, Column("", "number"), "−0.13"),
        (0.0, Column("", "signed"), "0.00"),
        (1e-15, Column("", "signed"), "0.00"),
        (0.003, Column("", "number"), "0.0030"),
        (0.00456, Column("", "number"), "0.0046"),
        (3e-6, Column("", "number"), "3.0e-06"),
        (2.5e12, Column("", "number"), "2.5e+12"),
        (0.126, Column("", "signed"), "+0.13"),
        (0.5, Column("", "percent", 0), "50%"),
        (math.inf, Column("", "discount", 3), "none"),
        (-math.inf, Column("", "number"), "−∞"),
        ((0.25, math.inf), Column("", "discount", 2), "0.25 to none"),
        ((0.25, 0.2500001), Column("", "discount", 2), "0.25"),
        (None, Column("", "number"), "–"),
        (True, Column(""), "yes"),
        ("words", Column("", "number"), "words"),
        (27361.0, Column(""), "27361"),
    ],
)
def test_cells_as_they_are_written(cell, column, words):
    assert tables.text(cell, column) == words


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.floats(-1e100, 1e100), st.integers(0, 4))
def test_what_is_not_nothing_is_not_shown_as_nothing(value, digits):
    words = tables.text(value, Column("", "number", digits)).replace("−", "-").replace(",", "")
    if abs(value) >= tables.ZERO:
        assert float(words) != 0
        assert abs(float(words) - value) <= max(0.5 * 10.0**-digits, 0.06 * abs(value)) * (1 + 1e-9)
    else:
        assert float(words) == 0


def test_plain_cells():
    assert tables.plain_cell(np.float64(1.5)) == 1.5
    assert type(tables.plain_cell(np.float64(1.5))) is float
    assert type(tables.plain_cell(np.bool_(True))) is bool
    assert tables.plain_cell(float("nan")) is None
    assert tables.plain_cell(pd.NA) is None
    assert tables.plain_cell((1, 2)) == (1.0, 2.0)


def test_from_frame_keeps_labels_and_kinds():
    frame = pd.DataFrame(
        {"x": [1.23456, 2.0], "n": [1, 2], "w": ["a", "b"], "b": [True, False]},
        index=pd.MultiIndex.from_tuples([("p", "q"), ("r", "s")], names=["first", None]),
    )
    table = tables.from_frame(frame, "caption")
    assert [column.name for column in table.columns] == ["first", "", "x", "n", "w", "b"]
    assert [column.kind for column in table.columns] == ["text", "text", "number", "number", "text", "text"]
    assert table.rows[0] == ("p", "q", 1.23456, 1, "a", True)
    assert [tables.text(c, k) for c, k in zip(table.rows[0], table.columns)][2:] == ["1.235", "1", "a", "yes"]


def test_headings_carry_unit_and_dagger():
    assert tables.heading(Column("GDP", "number", 0, "$bn", common_unit=True)) == "GDP,\u00a0$bn\u00a0†"


def test_what_counts_as_zero_depends_on_the_numbers_beside_it() -> None:
    small = tables.from_frame(pd.DataFrame({"payoff": [5e-13, 1e-12], "regret": [0.0, 1e-29]}), "", 4)
    assert [[tables.text(c, k) for c, k in zip(row, small.columns)][1:] for row in small.rows] == [
        ["5.0e-13", "0.0000"],
        ["1.0e-12", "0.0000"],
    ]
    ordinary = tables.from_frame(pd.DataFrame({"payoff": [3.0, 1e18], "regret": [1e-16, 0.0]}), "", 4)
    assert [tables.text(row[2], ordinary.columns[2]) for row in ordinary.rows] == ["0.0000", "0.0000"]


def test_whole_numbers_are_written_as_such_where_one_is_missing() -> None:
    frame = pd.DataFrame({"index": pd.array([1, None, -1], dtype="Int64")})
    made = tables.from_frame(frame, "")
    assert [tables.text(row[1], made.columns[1]) for row in made.rows] == ["1", "–", "−1"]
