"""The door of public functions: what kinds it tells apart, what it calls them, and whose error it raises."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from games import arguments, catalog, load
from games.arguments import checked
from games.errors import AutomatonError, GameError, MethodError, ScenarioError
from solvers import compare, minmax, nash, uncertainty


@checked
def door(
    count: int = 1,
    part: float = 0.5,
    word: Literal["low", "high"] = "low",
    names: Sequence[str] = (),
    by_name: Mapping[str, float] | None = None,
    table: npt.ArrayLike = 0.0,
    seed: int = 0,
    flag: bool = False,
) -> tuple[object, ...]:
    """What comes through."""
    return count, part, word, names, by_name, table, seed, flag


def test_what_fits_comes_through_as_it_is_and_whole_numbers_as_int():
    table = np.eye(2)
    found = door(np.float64(3.0), 2, "high", ["a"], {"a": 1.0}, table, 7, True)
    assert found == (3, 2, "high", ["a"], {"a": 1.0}, table, 7, True)
    assert type(found[0]) is int
    assert found[5] is table


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"count": 2.5}, "count must be a whole number; got 2.5"),
        ({"count": True}, "count must be a whole number; got True"),
        ({"part": "x"}, "part must be a finite number; got 'x'"),
        ({"part": float("nan")}, "part must be a finite number; got nan"),
        ({"names": "China"}, "names must be a list of texts; got 'China'"),
        ({"names": ["a", 1]}, "names must be a list of texts"),
        ({"by_name": [1]}, "by_name must be a mapping from names to values or None"),
        ({"table": [[1], [2, 3]]}, "table must be an array of numbers"),
        ({"table": "x"}, "table must be an array of numbers"),
        ({"seed": -1}, "seed must be a whole number that is not negative; got -1"),
        ({"word": 3}, "word must be a text; got 3"),
        ({"flag": 1}, "flag must be True or False; got 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(given, words):
    with pytest.raises((GameError, MethodError)) as caught:
        door(**given)
    assert str(caught.value).startswith(words)


def test_an_argument_too_few_or_too_many_is_told_in_python_s_own_words():
    with pytest.raises(TypeError, match=r"door\(\) got an unexpected keyword argument 'colour'"):
        door(colour="red")


@pytest.mark.parametrize("kind", [np.float32, np.int8, np.uint16, bool])
def test_large_arrays_of_numbers_are_not_copied_to_be_looked_at(kind, monkeypatch):
    def refuse(*_):
        raise AssertionError("looked at number by number")

    monkeypatch.setattr(arguments, "numbers", refuse)
    table = np.zeros((3, 3), dtype=kind)
    assert door(table=table)[5] is table


@pytest.mark.parametrize(
    ("room", "error"),
    [
        ("games.strategies.doctrines", AutomatonError),
        ("games.world", ScenarioError),
        ("games.scenario", ScenarioError),
        ("games.normal_form", GameError),
        ("solvers.nash", GameError),
    ],
)
def test_the_error_is_that_of_the_room(room, error):
    def share(part: float) -> float:
        return part

    share.__module__ = room
    with pytest.raises(error, match="part must be a finite number"):
        checked(share)("x")


def test_a_word_of_a_solver_is_a_method_and_one_of_a_game_is_not():
    def named(word: str) -> str:
        return word

    named.__module__ = "solvers.nash"
    with pytest.raises(MethodError):
        checked(named)(3)
    named.__module__ = "games.normal_form"
    with pytest.raises(GameError):
        checked(named)(3)


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("time_limit", "soon"),
        ("seed", -1),
        ("max_iterations", 2.5),
        ("tolerance", float("nan")),
        ("draws", "many"),
    ],
)
def test_an_option_of_a_solver_is_refused_as_one_and_what_it_is_asked_about_is_not(option, wrong):
    def solve(
        game: float,
        time_limit: float | None = None,
        seed: int = 0,
        max_iterations: int = 10,
        tolerance: float = 1e-9,
        draws: Sequence[float] | int = 64,
        weights: Sequence[float] | None = None,
    ) -> float:
        return game

    solve.__module__ = "solvers.nash"
    with pytest.raises(MethodError, match=f"{option} must be"):
        checked(solve)(1.0, **{option: wrong})
    with pytest.raises(GameError, match="game must be"):
        checked(solve)("chess")
    with pytest.raises(GameError, match="weights must be"):
        checked(solve)(1.0, weights="heavy")
    # Still what a Python user expects of a wrong value.
    assert issubclass(MethodError, ValueError)
    solve.__module__ = "games.catalog"
    with pytest.raises(GameError, match=f"{option} must be"):
        checked(solve)(1.0, **{option: wrong})


def test_options_of_real_solvers():
    game = catalog.prisoners_dilemma()
    for call in (
        lambda: nash.find_all(game, time_limit="soon"),
        lambda: nash.find_all(game, max_paths=2.5),
        lambda: minmax.values(game, "mixed", tolerance="small"),
        lambda: uncertainty.assess(load("us-china-russia-2021"), draws="many"),
    ):
        with pytest.raises(MethodError, match="must be"):
            call()


def test_the_name_of_a_scenario_is_told_how_to_become_a_model():
    with pytest.raises(GameError, match=r"read it with games\.load"):
        compare.concert("us-china-russia-2021")
    assert compare.concert(load("us-china-russia-2021")).players[0] == "United States"


def test_annotations_are_read_where_the_function_is_written_whatever_decorates_it():
    """A decorator of another module in between: its names are not those of the annotations."""
    space = {"Kind": Literal["one", "two"], "__name__": "solvers.somewhere"}
    exec("def pick(kind: 'Kind' = 'one'): return kind", space)

    @checked
    @functools.wraps(space["pick"])
    def between(*args, **kwargs):
        return space["pick"](*args, **kwargs)

    assert between("two") == "two"
    with pytest.raises(MethodError, match="kind must be"):
        between(["one"])
