"""Gambit's strategic-form files: both bodies, completed labels, and what is malformed, by line."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame
from games.codecs import _nfg
from games.errors import FormatError


def read(text: str) -> NormalFormGame:
    data = _nfg.from_text(text, "file.nfg")
    return NormalFormGame(data.payoffs, data.players, data.actions, data.title)


def test_nfg_payoff_body_runs_through_the_first_players_actions_first() -> None:
    text = 'NFG 1 R "t" { "A" "B" } { 3 2 }\n\n1 1 0 2 0 2 1 1 0 3 2 0'
    game = read(text)
    assert game.shape == (3, 2)
    assert game.actions == (("1", "2", "3"), ("1", "2"))
    assert game.payoffs[..., 0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert game.payoffs[..., 1].tolist() == [[1, 1], [2, 3], [2, 0]]


def test_nfg_outcome_body_with_commas_comment_and_null_outcome() -> None:
    text = (
        'NFG 1 R "Coordination" { "A" "B" }\n{ { "l" "r" } { "l" "r" } }\n"a comment { with braces"\n'
        '{ { "good" 1, 1/3 } { "" -0.25 2e-1 } }\n1 0 0 2\n'
    )
    game = read(text)
    assert game.title == "Coordination"
    assert game.exact[0, 0].tolist() == [1, Fraction(1, 3)]
    assert game.exact[1, 1].tolist() == [Fraction(-1, 4), Fraction(1, 5)]
    assert game.payoffs[0, 1].tolist() == game.payoffs[1, 0].tolist() == [0, 0]


def test_nfg_outcome_body_order_tells_the_profiles_apart() -> None:
    text = 'NFG 1 R "" { "A" "B" } { 2 3 } { { "a" 1 1 } { "b" 2 2 } } 1 2 1 1 1 1'
    game = read(text)
    assert game.payoffs[..., 0].tolist() == [[1, 1, 1], [2, 1, 1]]


def test_nfg_decimals_are_exact() -> None:
    game = read('NFG 1 R "" { "A" } { 2 } 0.1 .5')
    assert game.rational
    assert game.exact[:, 0].tolist() == [Fraction(1, 10), Fraction(1, 2)]


def test_nfg_completes_empty_and_repeated_labels() -> None:
    game = read('NFG 1 R "" { "A" "A" } { { "" "x" } { "y" "y" "y_1" } } ' + "0 " * 12)
    assert game.players == ("A_1", "A_2")
    assert game.actions == (("_1", "x"), ("y_2", "y_3", "y_1"))


def test_the_first_players_action_moves_fastest_when_written() -> None:
    payoffs = np.arange(12.0).reshape(3, 2, 2)
    text = _nfg.to_text(_nfg.GameData(payoffs, ["A", 'B "b"'], [["x", "y", "z"], ["l", "r"]], "t"))
    assert text == (
        'NFG 1 R "t" { "A" "B \\"b\\"" }\n\n{\n{ "x" "y" "z" }\n{ "l" "r" }\n}\n\n'
        "0.0 1.0\n4.0 5.0\n8.0 9.0\n2.0 3.0\n6.0 7.0\n10.0 11.0\n"
    )


HEAD = 'NFG 1 R "t" { "A" "B" } { 2 2 }\n'
BAD = [
    ("", "line 1: found the end of the file where NFG"),
    ("EFG 2 R", "line 1: found EFG where NFG"),
    ("NFG 2 R", "line 1: found 2 where the version, 1"),
    ("NFG 1 X", "found X where R"),
    ("NFG 1 R title", "found title where the title in quotation marks"),
    ('NFG 1 R "title', "does not end"),
    ('NFG 1 R "t" { A }', "found A where } after the players' names"),
    ('NFG 1 R "t" { } { }', "names no player"),
    ('NFG 1 R "t" { "A" } { 0 }', "A has no action"),
    ('NFG 1 R "t" { "A" } { 1.5 }', "must be a whole number"),
    ('NFG 1 R "t" { "A" } { 99999999 }', "out of reach"),
    ('NFG 1 R "t" { "A" } { 2 2 }', "found 2 where } after the actions of 1 players"),
    (
        HEAD + "1 2 3\n4 5 6 7",
        "line 3: the file ends after 7 payoffs; 2x2 actions and 2 players need 8",
    ),
    (HEAD + "1 2 3 4\n5 6 7 8 9", "line 3: found 9 where the end of the file"),
    (HEAD + "1 2 three", "line 2: found three where payoff 3 of 8"),
    (HEAD + "1 2 1/0 4", "found 1/0 where payoff 3"),
    (HEAD + "1 2 nan 4", "found nan where payoff 3"),
    (HEAD + "1 2 1e999999999 4", "found 1e999999999 where payoff 3"),
    (HEAD + '{ { "a" 1 } } 1 1 1 1', "found } where payoff 2 of 2 in outcome 1"),
    (HEAD + '{ { "a" 1 2 3 } } 1 1 1 1', "found 3 where } after 2 payoffs"),
    (HEAD + '{ { "a" 1 2 } }\n1 1 2 1', "line 3: there is no outcome 2; outcomes run from 1 to 1"),
    (HEAD + '{ { "a" 1 2 } } 1 1', "ends after 2 outcome numbers; there are 4 profiles"),
    (HEAD + '{ { "a" 1 2 } } 1 1 1 -1', "it must be a whole number, not negative"),
    ('NFG 1 R "" { ' + '"p" ' * 64 + "} { " + "1 " * 64 + "} 1", "at most 63 are taken"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=range(len(BAD)))
def test_malformed_files_say_where_and_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read(text)
    assert "file.nfg" in str(caught.value)
    assert "\n" not in str(caught.value)
