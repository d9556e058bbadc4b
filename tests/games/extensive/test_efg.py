"""Gambit's tree files, both ways, and what a broken one says."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import ExtensiveGame, catalog
from games.bayesian import BayesianGame
from games.errors import FormatError
from games.extensive import Decision, Terminal, _efg
from tests.games.extensive.random_trees import perfect_information, with_recall

TREES = [name for name in catalog.trees.names() if not isinstance(catalog.trees.get(name), BayesianGame)]

WHOLE = """EFG 2 R "Entry with \\"labels\\"" { "Entrant" "Incumbent" }
"A comment
on two lines"

c "start" 1 "weather" { "fair" 1/2 "foul" .5 } 0
p "fair" 1 1 "enters?" { "out" "in" } 0
t "" 1 "stays out" { 0, 2 }
p "" 2 1 "" { "fight" "yield" } 0
t "" 2 "war" { -1 -1.5 }
t "" 3 "" { 1, 1e1 }
p "foul" 1 2 "" { "" "in" } 0
t "" 1
p "" 2 1 0
t "" 2 "war" { -1, -3/2 }
t "" 0
"""


def read(tmp_path, text: str) -> ExtensiveGame:
    (tmp_path / "game.efg").write_text(text, encoding="utf-8")
    return ExtensiveGame.read(tmp_path / "game.efg")


def test_every_part_of_the_grammar_is_read(tmp_path) -> None:
    tree = read(tmp_path, WHOLE)
    assert tree.title == 'Entry with "labels"'
    assert tree.players == ("Entrant", "Incumbent")
    assert tree.chance[0].probabilities == (Fraction(1, 2), Fraction(1, 2))
    assert [s.label for s in tree.information_sets] == ["enters?", "Incumbent 1", "Entrant 2"]
    assert tree.information_sets[2].actions == ("_1", "in")
    assert tree.information_sets[1].nodes == (3, 8)
    assert tree.payoffs.tolist() == [[0, 2], [-1, -1.5], [1, 10], [0, 2], [-1, -1.5], [0, 0]]
    assert tree.node_name(1) == "fair"
    assert tree.node_name(2) == "stays out"
    tree.write(tmp_path / "copy.efg")
    again = ExtensiveGame.read(tmp_path / "copy.efg")
    assert again == tree
    assert (tmp_path / "copy.efg").read_text().count("A comment") == 1


@pytest.mark.parametrize("name", TREES)
def test_the_catalogue_comes_back(name: str, tmp_path) -> None:
    tree = catalog.trees.get(name)
    tree.write(tmp_path / "tree.efg")
    again = ExtensiveGame.read(tmp_path / "tree.efg")
    assert again == tree
    assert again.title == tree.title
    # The same game gives the same bytes.
    again.write(tmp_path / "again.efg")
    assert (tmp_path / "again.efg").read_bytes() == (tmp_path / "tree.efg").read_bytes()


@pytest.mark.parametrize("seed", range(15))
def test_random_trees_come_back(seed: int, tmp_path) -> None:
    for tree in (perfect_information(seed, 40, chance=True), with_recall(seed)):
        tree.write(tmp_path / "tree.efg")
        assert ExtensiveGame.read(tmp_path / "tree.efg") == tree


def test_floats_come_back_as_the_decimals_that_they_spell(tmp_path) -> None:
    from games.extensive import Decision, Terminal

    tree = ExtensiveGame(Decision("A", {"x": Terminal([0.1]), "y": Terminal([1e22])}))
    tree.write(tmp_path / "tree.efg")
    assert ExtensiveGame.read(tmp_path / "tree.efg").payoffs.tolist() == [[0.1], [1e22]]


@pytest.mark.parametrize("lines", range(5, 15))
def test_a_file_cut_short_says_so(lines: int, tmp_path) -> None:
    short = "\n".join(WHOLE.splitlines()[:lines]) + "\n"
    with pytest.raises(FormatError, match=r"game.efg, line \d+: .*(cut short|found the end of the file)"):
        read(tmp_path, short)


@pytest.mark.parametrize(
    ("change", "to", "words"),
    [
        ("EFG 2", "NFG 1", "line 1: found NFG where EFG"),
        ("EFG 2", "EFG 3", "line 1: found 3 where the version, 2,"),
        ('{ "Entrant" "Incumbent" }', "{ }", "names no player"),
        (
            '"fair" 1/2',
            '"fair" 1/3',
            "line 5: the probabilities of chance move 1 add up to 5/6; they must add up to 1",
        ),
        ('"fair" 1/2', '"fair" -1/2', "line 5: chance move 1 has the negative probability -1/2"),
        ('"fair" 1/2', '"fair" half', "line 5: found half where the probability of branch 'fair'"),
        ('p "fair" 1 1', 'p "fair" 3 1', "line 6: there is no player 3; players run from 1 to 2"),
        ('"enters?" { "out" "in" }', '"enters?"', "line 6: information set 1 of player 1 appears first here"),
        ('{ "out" "in" }', "{ }", "information set 1 of player 1 has no action"),
        (
            'p "" 2 1 0',
            'p "" 2 1 "" { "fight" "no" } 0',
            "has the actions fight, no here and fight, yield before",
        ),
        ('p "" 2 1 0', 'p "" 1 1 0', None),
        ('2 "war" { -1, -3/2 }', '2 "war" { -1, -2 }', "outcome 2 pays -1, -2 here and -1, -3/2 before"),
        ('t "" 1\n', 't "" 9\n', "line 12: outcome 9 appears first here and needs its payoffs"),
        ("{ 0, 2 }", "{ 0 }", "found } where payoff 2 of 2 in outcome 1"),
        ("{ 0, 2 }", "{ 0, 2, 3 }", "found 3 where } after 2 payoffs"),
        ('t "" 0\n', 't "" 0 "none" { 1, 1 }\n', "outcome 0 means that nothing is paid here"),
        ('t "" 0\n', 't "" 0\nt "" 0\n', "found t where the end of the file"),
        ('c "start"', 'x "start"', "line 5: found x where c, p or t"),
        ('"foul" .5 } 0', '"foul" .5 } one', "found one where the number of the outcome"),
        ('t "" 0\n', 't "open 0\n', "begins with a quotation mark does not end"),
    ],
)
def test_a_broken_file_names_line_and_cure(change: str, to: str, words: str | None, tmp_path) -> None:
    assert change in WHOLE
    broken = WHOLE.replace(change, to, 1)
    if words is None:
        # Both nodes of that set are now on one way through the tree: a game of imperfect recall, which is read.
        assert read(tmp_path, broken).information_sets[0].nodes == (1, 8)
        return
    with pytest.raises(FormatError) as error:
        read(tmp_path, broken)
    assert words in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "game.efg"))
    assert "\n" not in str(error.value)


def test_files_that_are_not_there_or_not_trees(tmp_path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        ExtensiveGame.read(tmp_path / "none.efg")
    with pytest.raises(FormatError, match=r"ends in \.efg; games in normal form"):
        ExtensiveGame.read(tmp_path / "game.nfg")
    with pytest.raises(FormatError, match=r"end its name in \.efg"):
        catalog.trees.beer_quiche().write(tmp_path / "game.txt")
    (tmp_path / "latin.efg").write_bytes('EFG 2 R "Caf\xe9" { "A" }'.encode("latin-1"))
    with pytest.raises(FormatError, match="line 1: the file is not UTF-8"):
        ExtensiveGame.read(tmp_path / "latin.efg")


def test_names_of_nodes_are_written_once_each(tmp_path) -> None:
    # Gambit refuses a file in which two nodes have one name.
    text = WHOLE.replace('t "" 0\n', 't "fair" 0\n')
    read(tmp_path, text).write(tmp_path / "copy.efg")
    names = re.findall(r'^[cpt] "([^"]+)"', (tmp_path / "copy.efg").read_text(), re.M)
    assert len(set(names)) == len(names) == 4


@pytest.mark.peer
def test_gambits_public_trees_both_ways(tmp_path) -> None:
    gambit = pytest.importorskip("pygambit")
    compared = 0
    for name in gambit.catalog.games()["Game"]:
        theirs = gambit.catalog.load(name)
        if not theirs.is_tree:
            continue
        theirs.to_efg(tmp_path / "theirs.efg")
        ours = ExtensiveGame.read(tmp_path / "theirs.efg")
        ours.write(tmp_path / "ours.efg")
        back = gambit.read_efg(tmp_path / "ours.efg")
        assert len(back.nodes) == len(theirs.nodes) == ours.n_nodes
        assert len(back.infosets) == len(theirs.infosets) == len(ours.information_sets)
        assert back.is_perfect_recall == theirs.is_perfect_recall == (ours.recall_fault is None)
        size = np.prod([len(p.strategies) for p in theirs.players])
        if size > 20_000:
            continue
        mine = ours.normal_form().payoffs
        for other in (theirs, back):
            tables = [np.array(t, dtype=object).astype(float) for t in other.to_arrays()]
            assert np.allclose(np.stack(tables, axis=-1), mine, atol=1e-9)
        compared += 1
    assert compared >= 20


def test_text_is_made_without_a_file() -> None:
    text = _efg.to_text(catalog.trees.zagare_kilgour())
    assert text.startswith('EFG 2 R "Rudimentary asymmetric deterrence" { "Challenger" "Defender" }\n')
    assert _efg.from_text(text, "text").players == ["Challenger", "Defender"]


@pytest.mark.parametrize("place", ["title", "Ann", "a set", "left", "an end", "remark"])
def test_control_characters_are_refused_where_a_terminal_would_obey_them(place: str, tmp_path: Path) -> None:
    text = (
        'EFG 2 R "title" { "Ann" "Bob" }\n"remark"\n\np "" 1 1 "a set" { "left" "right" } 0\n'
        't "" 1 "an end" { 1, 2 }\nt "" 2 "" { 3, 4 }\n'
    )
    (tmp_path / "x.efg").write_text(text)
    assert ExtensiveGame.read(tmp_path / "x.efg").n_nodes == 3
    (tmp_path / "x.efg").write_text(text.replace(place, place + "\x1b[31m"))
    with pytest.raises(FormatError, match=r"holds the control character '\\x1b'; remove it"):
        ExtensiveGame.read(tmp_path / "x.efg")


@pytest.mark.parametrize("label", ["a\x00b", "\x1b[31m", "\u202ex", "\ud800", "\ufeff", "\uffff"])
@pytest.mark.parametrize("place", ["title", "player", "action", "set", "node"])
def test_what_could_not_be_read_again_is_not_written(tmp_path, label, place):
    own = {place: label}
    player = own.get("player", "A")
    after = Decision("B", {"x": Terminal([0, 0]), "y": Terminal([3, 1])}, own.get("set", "h"))
    root = Decision(player, {own.get("action", "l"): Terminal([1, 2], own.get("node", "")), "r": after})
    game = ExtensiveGame(root, [player, "B"], own.get("title", ""))
    with pytest.raises(FormatError, match="control character"):
        game.write(tmp_path / "game.efg")
    assert not (tmp_path / "game.efg").exists()
