"""The validation page on a few epochs: everything is there, failures included."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from games.errors import OutputError
from reports import validation


@pytest.fixture(scope="module")
def made():
    return validation.page(
        draws=8, epochs=[1950, 1962, 1972], triangle_years=[1972], concert_years=[1853], history_draws=20
    )


def test_the_page_has_every_table_and_says_what_it_does_not_show(made):
    text, _ = made
    for heading in (
        "Which powers quarrel",
        "Disputes and wars",
        "The triangle",
        "The Concert of Europe",
        "What this does not show",
    ):
        assert f"## {heading}" in text
    for name in ("the rules", "base rate", "persistence", "capability ratio", "data", "data and the rules"):
        assert f"| {name} |" in text
    assert "it does not tell which rivalries become wars" in text
    assert "nan" not in text
    assert validation.PICTURE in text


def test_the_picture_is_sound_svg(made):
    root = ElementTree.fromstring(made[1])
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags.count("polyline") == 2
    assert "circle" in tags


def test_cells():
    import pandas as pd

    table = pd.DataFrame({"a": [0.5, float("nan")], "b": [1950, 3]})
    assert validation.markdown(table).splitlines()[2:] == ["| 0.50 | 1950 |", "|  | 3 |"]


def test_a_folder_that_is_not_there_is_said_before_anything_is_computed(tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        validation.main(["-o", str(tmp_path / "no" / "page.md")])
