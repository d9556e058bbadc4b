"""Names as they stand in sentences."""

from __future__ import annotations

import pytest

from games.words import a, listed, possessive, sentence, the


@pytest.mark.parametrize(
    ("names", "words"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D"], "A, B, C and D")]
)
def test_lists(names, words):
    assert listed(names) == words


def test_lists_of_alternatives():
    assert listed(["A", "B", "C"], "or") == "A, B or C"


def test_articles():
    assert the("United Kingdom") == "the United Kingdom"
    assert the("Russia") == "Russia"
    assert the("Unitedland") == "Unitedland"


@pytest.mark.parametrize(
    "name",
    ["United States", "United Arab Emirates", "Soviet Union", "European Union", "Baltics", "Philippines", "Netherlands",
     "Bahamas", "Czech Republic", "Democratic Republic of the Congo", "Central African Republic", "Ottoman Empire",
     "Philippines and South China Sea", "Arctic", "Middle East", "Papal States", "US", "EU", "Caucasus",
     "German Federal Republic", "Republic of Vietnam", "Panama Canal"],
)  # fmt: skip
def test_names_with_an_article(name):
    assert the(name) == f"the {name}"
    assert the(the(name)) == the(name)


@pytest.mark.parametrize(
    "name",
    ["China", "Russia", "France", "Ukraine", "Taiwan", "Central Asia", "Korea", "Panama", "Greenland", "Canada", "Laos",
     "Cyprus", "Honduras", "Two Sicilies", "New Zealand", "Saudi Arabia", "South Africa", "A", "Player 1", "World", ""],
)  # fmt: skip
def test_names_without_an_article(name):
    assert the(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("United States", "the United States'"),
        ("Philippines", "the Philippines'"),
        ("Soviet Union", "the Soviet Union's"),
        ("China", "China's"),
        ("Laos", "Laos's"),
        ("Player 1", "Player 1's"),
    ],
)
def test_possessives(name, words):
    assert possessive(name) == words


def test_sentences():
    assert sentence("the Baltics gain") == "The Baltics gain."
    assert sentence("China gains.") == "China gains."
    assert sentence("") == ""
    assert a("option") == "an option"
    assert a("player") == "a player"
