"""Game files: round trips are exact, malformed files are told apart, and nothing is left half-written."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import tracemalloc
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog, formats
from games.codecs import _tables, _workbook
from games.errors import FormatError

quick = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ENDINGS = [".nfg", ".json", ".csv", ".xlsx"]

numbers = {
    "integers": st.integers(-(10**20), 10**20),
    "fractions": st.fractions(min_value=-1000, max_value=1000),
    "floats": st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
}
# Labels that a table can hold: no space at the ends, no control characters, no # that would begin a comment.
plain = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp"),
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    min_size=1,
    max_size=6,
).map(lambda s: s.strip().lstrip("#").strip())


@st.composite
def games(
    draw: st.DrawFn, labels: st.SearchStrategy[str], kinds: tuple[str, ...] = tuple(numbers)
) -> NormalFormGame:
    shape = draw(st.sampled_from([(1,), (3,), (2, 2), (3, 2), (1, 3), (2, 3, 2), (2, 1, 2, 2)]))
    kind = draw(st.sampled_from(kinds))
    size = int(np.prod(shape)) * len(shape)
    flat = np.empty(size, dtype=np.float64 if kind == "floats" else object)
    flat[:] = draw(st.lists(numbers[kind], min_size=size, max_size=size))
    distinct = {"unique_by": str.casefold}
    players = draw(st.lists(labels.filter(bool), min_size=len(shape), max_size=len(shape), **distinct))
    actions = [draw(st.lists(labels.filter(bool), min_size=k, max_size=k, **distinct)) for k in shape]
    return NormalFormGame(flat.reshape(*shape, len(shape)), players, actions, draw(labels))


def same(one: NormalFormGame, other: NormalFormGame) -> bool:
    """Equal in labels and float payoffs; and in exact payoffs, where these say what was meant."""
    return one == other and (not one.rational or bool((one.exact == other.exact).all()))


# ------------------------------------------------------------------ round trips


@pytest.mark.parametrize("ending", ENDINGS)
@quick
@given(game=games(plain))
def test_round_trip_is_exact(game: NormalFormGame, ending: str, tmp_path: Path) -> None:
    assume(not any(p.casefold().startswith("payoff of") for p in game.players))
    path = tmp_path / f"game{ending}"
    formats.write(game, path)
    again = formats.read(path)
    assert same(game, again)
    if ending != ".csv":
        assert again.title == game.title


@pytest.mark.parametrize("ending", [".nfg", ".json"])
@quick
@given(game=games(st.text(max_size=6).filter(str.strip).filter(lambda s: s.replace("\n", "").isprintable())))
def test_round_trip_of_any_label(game: NormalFormGame, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"game{ending}"
    formats.write(game, path)
    assert same(game, formats.read(path))
    assert formats.read(path).title == game.title


@pytest.mark.parametrize(
    "label", ['a"b', "a\\b", 'a\\"b', "a\\\\", "\\", '"', "a\nb", "{", ",", "=1+1", "#N/A", "é €"]
)
@pytest.mark.parametrize("ending", ENDINGS)
def test_awkward_labels_survive(label: str, ending: str, tmp_path: Path) -> None:
    game = NormalFormGame([[[1, 2]], [[3, 4]]], ["A", label], [[label, "other"], ["x"]], title=label)
    formats.write(game, tmp_path / f"game{ending}")
    assert same(game, formats.read(tmp_path / f"game{ending}"))


@pytest.mark.parametrize("name", catalog.names())
def test_every_catalogue_game_goes_through_nfg_and_json(name: str, tmp_path: Path) -> None:
    game = catalog.get(name)
    if game.payoffs.size > 5000:
        game = game.restrict([labels[:20] for labels in game.actions])
    for ending in (".nfg", ".json"):
        game.write(tmp_path / f"game{ending}")
        assert same(game, NormalFormGame.read(tmp_path / f"game{ending}"))


@quick
@given(game=games(plain, kinds=("floats",)))
def test_json_keeps_floats_as_floats(game: NormalFormGame, tmp_path: Path) -> None:
    formats.write(game, tmp_path / "game.json")
    again = formats.read(tmp_path / "game.json")
    assert not again.rational
    assert (again.exact == game.exact).all()


# ------------------------------------------------------------------ the grammar


def read_text(tmp_path: Path, ending: str, text: str) -> NormalFormGame:
    path = tmp_path / f"file{ending}"
    path.write_text(text, encoding="utf-8")
    return formats.read(path)


def test_a_bimatrix_is_read(tmp_path: Path) -> None:
    text = 'Row \\ Column,C,D\nC,"3, 3","0, 5"\nD,(5; 0),1/2 1\n'
    game = read_text(tmp_path, ".csv", text)
    assert game.players == ("Row", "Column")
    assert game.actions == (("C", "D"), ("C", "D"))
    assert game.exact[1, 1].tolist() == [Fraction(1, 2), 1]
    assert game.payoff(("D", "C")).tolist() == [5, 0]


def test_a_bimatrix_without_players_names(tmp_path: Path) -> None:
    game = read_text(tmp_path, ".csv", ";L;R\nT;1,2;3,4\nB;5,6;7,8\n")
    assert game.players == ("Player 1", "Player 2")
    assert game.payoffs.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_long_table_in_any_order_of_rows_and_columns(separator: str, tmp_path: Path) -> None:
    rows = [
        ["payoff of B", "A", "B", "payoff of A"],
        ["4", "up", "right", "3"],
        ["", "", "", ""],
        ["2", "up", "left", "1"],
    ]
    game = read_text(tmp_path, ".csv", "\n".join(separator.join(row) for row in rows) + "\n")
    assert game.players == ("A", "B")
    assert game.actions == (("up",), ("right", "left"))
    assert game.payoff(("up", "left")).tolist() == [1, 2]


def test_a_workbook_with_numbers_for_labels_and_payoffs(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in [["A", "payoff of A"], [1, 0.1], [2.0, "1/3"], [None, None]]:
        book.active.append(row)
    book.save(tmp_path / "file.xlsx")
    game = formats.read(tmp_path / "file.xlsx")
    assert game.actions == (("1", "2"),)
    assert game.exact[:, 0].tolist() == [Fraction(1, 10), Fraction(1, 3)]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes("\ufeffA,payoff of A\nx,1\n".encode())
    assert formats.read(tmp_path / "file.csv").players == ("A",)


# ------------------------------------------------------------------ malformed files

GOOD = {
    "format": "concert-game",
    "version": 1,
    "players": [{"name": "A", "actions": ["x", "y"]}],
    "payoffs": [[1], ["1/2"]],
}


def changed(**changes: Any) -> str:
    return json.dumps({k: v for k, v in {**GOOD, **changes}.items() if v is not ...})


BAD = [
    (".json", "", "line 1, column 1: not JSON"),
    (".json", "{\n'a': 1}", "line 2, column 1: not JSON"),
    (".json", "[]", "one object with the keys"),
    (".json", "[" * 100000, "cannot be read as JSON|not JSON"),
    (".json", changed(version=2), "key 'version': it is 2"),
    (".json", changed(format="gambit"), "key 'format'"),
    (".json", changed(payoffs=...), "the key 'payoffs' is missing"),
    (".json", changed(payofs=1), "did you mean 'payoffs'"),
    (".json", changed(title=3), "key 'title'"),
    (".json", changed(players=[]), "key 'players'"),
    (".json", changed(players=["A"]), r"players\[0\]: it must be an object"),
    (".json", changed(players=[{"name": 1, "actions": ["x"]}]), r"players\[0\].name"),
    (".json", changed(players=[{"name": "A", "actions": []}]), r"players\[0\].actions"),
    (".json", changed(players=[{"name": "A", "actions": ["x", "x"]}]), "'x' stands more than once"),
    (".json", changed(payoffs=[[1]]), "payoffs: it has 1 entries; it needs a list of 2, one for each action"),
    (".json", changed(payoffs=[[1], 2]), r"payoffs\[1\]: it has the value 2; it needs a list of 1"),
    (".json", changed(payoffs=[[1], ["a"]]), r"payoffs\[1\]\[0\]: 'a' is not a number"),
    (".json", changed(payoffs=[[1], [None]]), r"payoffs\[1\]\[0\]: None is not a number"),
    (".json", changed(payoffs=[[1], [True]]), r"payoffs\[1\]\[0\]: True is not a number"),
    (".json", changed(payoffs=[[1], [float("nan")]]), "NaN is not a payoff"),
    (".json", changed().replace('"1/2"', "1e999"), r"payoffs\[1\]\[0\]: the number is too large"),
    (".json", '{"version": 1, "version": 2}', "stands more than once"),
    (".csv", "", "a row of headings and a row for each profile"),
    (".csv", "A,payoff of A\n", "a row of headings and a row for each profile"),
    (
        ".csv",
        "A,B,payoff of A\nx,y,1\n",
        "line 1, column 2: the player 'B' needs one column headed 'payoff of B'",
    ),
    (".csv", "A,payoff of A,payoff of C\nx,1,2\n", "line 1, column 3: 'payoff of C' belongs to no player"),
    (".csv", "A,A,payoff of A\nx,y,1\n", "the player 'A' has two columns"),
    (".csv", ",payoff of A\nx,1\n", "line 1, column 1: the heading is empty"),
    (".csv", "A,payoff of A\nx,one\n", "line 2, column 2: 'one' is not a payoff; write a number such as 3"),
    (".csv", "A,payoff of A\nx,\n", "line 2, column 2: the payoff is missing"),
    (".csv", "A,payoff of A\n\nx,1\n,2\n", "line 4, column 1: the action of A is missing"),
    (".csv", "A,payoff of A\nx,1\nx,2\n", r"line 3, column 1: the profile \(x\) stands twice"),
    (
        ".csv",
        "A,B,payoff of A,payoff of B\nx,l,1,1\ny,r,2,2\n",
        r"2 of 4 profiles are missing, the first is \(x, r\)",
    ),
    (
        ".csv",
        "A;payoff of A\nx;0,5\ny;1.5\n",
        "line 2, column 2: '0,5': the comma may mark decimals or thousands",
    ),
    (".csv", 'A,payoff of A\nx,"1,234"\n', "'1,234': the comma may mark decimals or thousands"),
    (".csv", "A,u1,u3\nx,1,2\n", "line 1, column 2: 'u1' looks like a payoff column"),
    (".csv", "A \\ B,L,R\nT,1,2 3\n", "a zero-sum table has one number in every cell"),
    (
        ".json",
        '{"format": "concert-game", "version": 1, "players": [{"name": "A", "actions": ["x"]}], "payoffs": [[1'
        + "0" * 400
        + "]]}",
        "too large for a float",
    ),
    (
        ".json",
        '{"format": "concert-game", "version": 1, "players": [{"name": "A", "actions": ["x"]}], "payoffs": '
        + "[" * 800
        + "]" * 800
        + "}",
        "a list of 1 is not a number",
    ),
    (
        ".json",
        '{"format": "concert-game", "version": 1, "title": "\\ud800", '
        '"players": [{"name": "A", "actions": ["x"]}], "payoffs": [[1]]}',
        "control character",
    ),
    (
        ".json",
        '{"format": "concert-game", "version": 1, "title": "\\u0000", '
        '"players": [{"name": "A", "actions": ["x"]}], "payoffs": [[1]]}',
        "control character",
    ),
    (".nfg", 'NFG 1 R "\x1b[31mred" { "A" } { 1 } 1', "control character"),
    (".nfg", 'NFG 1 R "\u202eder" { "A" } { 1 } 1', "control character"),
    (".csv", 'A,payoff of A\n"x,1\n', "not a CSV table"),
    (".csv", "A \\ B,L,R\nT,1 2,3\n", "line 2, column 3: '3' is not a pair of payoffs"),
    (".csv", "A \\ B,L,L\nT,1 2,3 4\n", "'L' stands more than once"),
    (".csv", "A \\ B,L\nT,1 x\n", "line 2, column 2: 'x' is not a payoff"),
    (".csv", "A \\ B,L\n,1 2\n", "line 2, column 1: the first cell is empty"),
    (".csv", "A \\ B,,R\nT,1 2,3 4\n", "line 1, column 2: the heading is empty"),
    (".xlsx", "not a workbook", "not an Excel workbook"),
]


@pytest.mark.parametrize(
    ("ending", "text", "message"), BAD, ids=[f"{e[1:]}-{i}" for i, (e, _, _) in enumerate(BAD)]
)
def test_malformed_files_say_where_and_what_would_be_right(
    ending: str, text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read_text(tmp_path, ending, text)
    assert str(tmp_path / f"file{ending}") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_cell_of_a_workbook_is_named(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in [["A", "payoff of A"], ["x", 1], ["y", "much"]]:
        book.active.append(row)
    book.save(tmp_path / "file.xlsx")
    with pytest.raises(FormatError, match="cell B3: 'much' is not a payoff"):
        formats.read(tmp_path / "file.xlsx")


@given(st.binary(max_size=60), st.sampled_from(ENDINGS))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_rubbish_never_raises_anything_else(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"file{ending}"
    path.write_bytes(data)
    with contextlib.suppress(FormatError):
        formats.read(path)


def test_damaged_workbooks_raise_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "game.xlsx"
    formats.write(catalog.chicken(), path)
    whole = path.read_bytes()
    random = np.random.default_rng(5)
    for _ in range(150):
        damaged = bytearray(whole)
        for place in random.integers(0, len(damaged), 3):
            damaged[place] = random.integers(256)
        path.write_bytes(bytes(damaged))
        with contextlib.suppress(FormatError):
            formats.read(path)


@quick
@given(st.data())
def test_a_truncated_file_is_never_another_game(tmp_path: Path, data: st.DataObject) -> None:
    game = catalog.mckelvey_mclennan()
    # A table does not say how many rows it should have, so that a whole slice may be missing unnoticed.
    ending = data.draw(st.sampled_from([".nfg", ".json"]))
    path = tmp_path / f"game{ending}"
    formats.write(game, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 4))])
    with pytest.raises(FormatError):
        formats.read(path)


@pytest.mark.parametrize("name", ["game", "game.txt", "game.NFGX", "game.nfgg"])
def test_unknown_endings_are_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    for act in (lambda p: formats.read(p), lambda p: formats.write(catalog.chicken(), p)):
        with pytest.raises(FormatError, match=r"\.nfg, \.json, \.csv, \.xlsx"):
            act(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_missing_files_folders_and_encodings_are_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="No such file"):
        formats.read(tmp_path / "none.nfg")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FormatError, match="directory"):
        formats.read(tmp_path / "folder.csv")
    (tmp_path / "latin.csv").write_bytes(b"A,payoff of A\n\xe9,1\n")
    with pytest.raises(FormatError, match="line 2: the file is not UTF-8"):
        formats.read(tmp_path / "latin.csv")
    with pytest.raises(FormatError, match="cannot be written"):
        formats.write(catalog.chicken(), tmp_path / "nowhere" / "game.nfg")


# ------------------------------------------------------------------ writing


@pytest.mark.parametrize(
    ("players", "actions", "message"),
    [
        (["A ", "B"], ["x"], "space at an end"),
        (["A", "B"], [" x"], "space at an end"),
        (["A", "a"], ["x"], "capitals only"),
        (["payoff of B", "B"], ["x"], "taken for a payoff column"),
    ],
)
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_tables_refuse_labels_that_they_would_lose(
    players: list[str], actions: list[str], message: str, ending: str, tmp_path: Path
) -> None:
    game = NormalFormGame([[[1, 2]]], players, [actions, ["y"]])
    with pytest.raises(FormatError, match=message):
        formats.write(game, tmp_path / f"game{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_refuses_control_characters(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="control character"):
        formats.write(NormalFormGame([[1]], ["A\x01B"]), tmp_path / "game.xlsx")


def test_writing_replaces_the_whole_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "game.nfg"
    path.write_text("x" * 10_000)
    path.chmod(0o640)
    formats.write(catalog.chicken(), path)
    assert formats.read(path) == catalog.chicken()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["game.nfg"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "game.json"
    formats.write(catalog.chicken(), path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FormatError, match="No space left"):
        formats.write(catalog.stag_hunt(), path)
    assert formats.read(path) == catalog.chicken()
    assert [p.name for p in tmp_path.iterdir()] == ["game.json"]


# ------------------------------------------------------------------ Gambit reads what we write


# Gambit takes printable ASCII labels without doubled spaces; 16.7 fails on a label that is the number of another action.
ascii_labels = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\"), min_size=1, max_size=5
).filter(lambda label: not label.isdigit())


@pytest.mark.peer
@quick
@given(game=games(ascii_labels))
def test_gambit_reads_the_same_game(game: NormalFormGame, tmp_path: Path) -> None:
    gambit = pytest.importorskip("pygambit")
    path = tmp_path / "game.nfg"
    formats.write(game, path)
    peer = gambit.read_nfg(str(path))
    assert [p.label for p in peer.players] == list(game.players)
    assert [[s.label for s in p.strategies] for p in peer.players] == [list(a) for a in game.actions]
    for a in np.ndindex(game.shape):
        outcome = peer[tuple(game.labels(a))]
        for i, player in enumerate(peer.players):
            value = Fraction(str(outcome[player]))
            assert float(value) == game.payoffs[(*a, i)]
            if game.rational:
                assert value == game.exact[(*a, i)]


# ------------------------------------------------------------------ tables as people write them


DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


@pytest.mark.parametrize(
    "text",
    [
        ",1,2\n1,3:3,0:5\n2,5:0,1:1\n",
        ",1,2\n1,3;3,0;5\n2,5;0,1;1\n",
        "# by hand\n# twice\nP,Q,u1,u2\n1,1,3,3\n1,2,0,5\n2,1,5,0\n2,2,1,1\n",
        "sep=;\nP;Q;Payoff 1;payoff_2\n1;1;3,0;3\n1;2;0;5\n2;1;5;0\n2;2;1;1\n",
        "P,Q,U2,U1\n1,1,3,3\n1,2,5,0\n2,1,0,5\n2,2,1,1\n",
        ';1;2\n1;"3,0; 3,0";0:5,0\n2;5 0;1|1\n',
    ],
)
def test_tables_as_people_write_them(text: str, tmp_path: Path) -> None:
    game = read_text(tmp_path, ".csv", text)
    np.testing.assert_array_equal(game.payoffs, DILEMMA.payoffs)


def test_a_table_with_one_number_in_each_cell_is_zero_sum(tmp_path: Path) -> None:
    game = read_text(tmp_path, ".csv", ",R,P\nR,0,\N{MINUS SIGN}1\nP,1/3,0\n")
    assert game.exact[0, 1].tolist() == [-1, 1]
    assert game.exact[1, 0].tolist() == [Fraction(1, 3), Fraction(-1, 3)]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["3,5", "0"], ["7/2", "0"]),
        (["1,234", "0,5"], ["617/500", "1/2"]),
        (["\N{MINUS SIGN}2,25", "1"], ["-9/4", "1"]),
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_decimal_comma_is_taken_where_it_cannot_be_mistaken(
    cells: list[str], values: list[str], separator: str, tmp_path: Path
) -> None:
    rows = "".join(f'{label}{separator}"{cell}"\n' for label, cell in zip("xy", cells))
    game = read_text(tmp_path, ".csv", f"A{separator}payoff of A\n{rows}")
    assert game.exact.reshape(-1).tolist() == [Fraction(v) for v in values]


@pytest.mark.parametrize("label", ["=1+1", "+x", "-x", "@x", "'x", "''", "'=x", "-1"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_labels_that_look_like_formulas_are_text(label: str, ending: str, tmp_path: Path) -> None:
    game = NormalFormGame([[[1, -2]], [[3, 4]]], [label, "B"], [[label, "other"], ["x"]])
    path = tmp_path / f"game{ending}"
    formats.write(game, path)
    assert same(game, formats.read(path))
    if ending == ".csv":
        cells = [cell for line in path.read_text().splitlines() for cell in line.split(",")[:2]]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


@pytest.mark.parametrize("ending", ENDINGS)
def test_control_characters_are_refused_before_anything_is_written(ending: str, tmp_path: Path) -> None:
    for game in (
        NormalFormGame([[1]], title="a\x07b"),
        NormalFormGame([[1]], players=["a\x9b31mb"]),
        NormalFormGame([[1]], actions=[["a\x00b"]]),
    ):
        with pytest.raises(FormatError, match="control character"):
            formats.write(game, tmp_path / f"game{ending}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_carriage_return_is_refused_where_it_would_be_lost(ending: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="carriage return"):
        formats.write(NormalFormGame([[1]], players=["a\rb"]), tmp_path / f"game{ending}")


def test_a_workbook_with_a_cell_far_out_is_refused_by_its_size(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "A"
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(FormatError, match="XFD1048576"):
        formats.read(tmp_path / "far.xlsx")


@pytest.mark.parametrize(
    "cells",
    [
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1"/><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ],
)
def test_a_workbook_by_hand_cannot_fill_the_memory_either(cells: str, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "A"
    book.save(tmp_path / "whole.xlsx")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as out:
        for part in whole.namelist():
            own = part.endswith("sheet1.xml")
            rows, _, rest = cells.partition("<merge")
            text = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>{rest and "<merge" + rest}</worksheet>'
            out.writestr(part, text.encode() if own else whole.read(part))
    tracemalloc.start()
    with pytest.raises(FormatError):
        formats.read(tmp_path / "x.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300e6


def test_a_link_is_followed_when_a_game_is_written(tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    (tmp_path / "link.json").symlink_to(target)
    formats.write(DILEMMA, tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert formats.read(target) == DILEMMA


def hand_made(rows):
    """A workbook whose first sheet has these rows of XML, as no program would write them."""
    from openpyxl import Workbook

    plain, made = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, f"{head}{rows}</sheetData></worksheet>" if sheet else old.read(name))
    return made.getvalue()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
            "reaches to cell A1048576, and more than 100,000",
        ),
        ('<row r="9"><c r="XFD9"><v>1</v></c></row>', "reaches to cell XFD9, and more than 100,000"),
        ("<row/>" * 100_003, "more than 100,000 cells are empty"),
        ('<row><c s="1"/></row>' * 100_003, "more than 100,000 cells are empty"),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "it has 17,179,869,184 cells"),
    ],
    ids=["last row", "last column", "rows of nothing", "formats", "last cell"],
)
def test_a_workbook_of_little_that_reaches_far_is_refused_before_it_is_read(rows, says):
    begun = time.thread_time()
    with pytest.raises(FormatError, match=says):
        _workbook.from_bytes(hand_made(rows), "far.xlsx")
    # Reading the first of them cell by cell took ten seconds.
    assert time.thread_time() - begun < 5


def test_a_workbook_of_many_sheets_is_refused():
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for k in range(200):
        book.create_sheet(f"s{k}")
    book.save(out)
    with pytest.raises(FormatError, match="has 201 sheets; at most 200"):
        _workbook.from_bytes(out.getvalue(), "many.xlsx")


@pytest.mark.parametrize("line", ["", " ", "# remark", ",,,", "sep=;"])
def test_a_long_stretch_without_cells_before_a_table_costs_little(line):
    table = "Row,Column,payoff of Row,payoff of Column\nC,C,1,2\n"
    if line in ("# remark", "sep=;"):
        text = f"{line}\n" * 100_000 + table
    else:
        head, rest = table.split("\n", 1)
        text = f"{head}\n" + f"{line}\n" * 100_000 + rest
    begun = time.thread_time()
    game = _tables.from_csv(text, "long.csv")
    assert list(game.labels((0, 0))) == ["C", "C"]
    assert time.thread_time() - begun < 5
