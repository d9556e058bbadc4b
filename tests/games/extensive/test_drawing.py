"""The picture of a tree: well-formed, complete, and readable without colours."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from games import catalog
from games.bayesian import BayesianGame
from games.errors import ProfileError, SizeError
from tests.games.extensive.random_trees import perfect_information

TREES = [name for name in catalog.trees.names() if not isinstance(catalog.trees.get(name), BayesianGame)]
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", TREES)
def test_every_tree_is_drawn(name: str) -> None:
    tree = catalog.trees.get(name)
    root = ET.fromstring(tree.draw())
    assert len(root.findall(f"{SVG}polyline")) == tree.n_nodes - 1
    assert len(root.findall(f"{SVG}circle")) == sum(tree.mover >= 0)
    assert len(root.findall(f"{SVG}rect")) == sum(tree.mover == -1)
    assert len(root.findall(f"{SVG}line")) == len(tree.terminals)
    joined = sum(len(s.nodes) - 1 for s in tree.information_sets)
    assert len(root.findall(f"{SVG}path")) == joined
    # No arrowheads where no strategy is given, and nothing outside the picture.
    assert not root.findall(f"{SVG}polygon")
    width = float(root.get("viewBox", "").split()[2])
    assert all(0 <= float(t.get("x", "0")) <= width for t in root.iter(f"{SVG}text"))


def test_what_is_played_is_thick_and_carries_an_arrowhead() -> None:
    tree = catalog.trees.beer_quiche()
    behaviour = {"surly": "beer", "wimp": ["1/2", "1/2"], "after beer": "no duel", "after quiche": "duel"}
    svg = tree.draw(behaviour, {"after beer": [0.9, 0.1]})
    root = ET.fromstring(svg)
    played = sum(
        p > 0 for s, v in zip(tree.information_sets, tree.behaviour(behaviour)) for p in v for _ in s.nodes
    )
    assert len(root.findall(f"{SVG}polygon")) == played
    assert sum(line.get("stroke-width") == "3" for line in root.findall(f"{SVG}polyline")) == played
    words = texts(svg)
    assert words.count("beer (1/2)") == 1
    assert "Receiver: after beer [0.9]" in words
    assert any("thick with an arrowhead: played" in w for w in words)
    assert "Played: surly: beer; after beer: no duel; after quiche: duel; wimp: beer or quiche." in svg


def test_labels_are_escaped_and_the_same_input_gives_the_same_bytes() -> None:
    from games import ExtensiveGame
    from games.extensive import Decision, Terminal

    tree = ExtensiveGame(Decision("A & B", {"<go>": Terminal([1], 'the "end"')}), title="<T>")
    assert "A &amp; B" in tree.draw()
    assert "&lt;go&gt;" in tree.draw()
    assert tree.draw() == tree.draw()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(SizeError, match="at most 3,000 can be drawn"):
        perfect_information(0, 4000).draw()
    with pytest.raises(ProfileError, match="needs 2 probabilities"):
        catalog.trees.beer_quiche().draw(None, {"after beer": [1]})
