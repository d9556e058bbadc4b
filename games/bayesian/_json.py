"""Bayesian games as JSON, in a schema of our own.

    {
      "format": "concert-bayesian-game",
      "version": 1,
      "title": "Is the rival resolved?",
      "players": [
        {"name": "Challenger", "types": ["any"], "actions": ["Attack", "Wait"]},
        {"name": "Defender", "types": ["strong", "weak"], "actions": ["Fight", "Yield"]}
      ],
      "prior": [["1/4", "3/4"]],
      "payoffs": [[[[[-1, 1], [2, 0]], [[0, 1], [0, 1]]], [[[-1, -2], [2, 0]], [[0, 1], [0, 1]]]]]
    }

`prior[t_1]...[t_N]` is the probability of a type profile, `payoffs[t_1]...[t_N][a_1]...[a_N]` lists the N payoffs. Numbers are
written as in game files: whole numbers are exact, numbers with a point are floats, texts hold exact fractions or decimals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from games import files
from games.codecs.json_numbers import collect, plain
from games.codecs.labels import refuse_control_characters
from games.errors import FormatError, GameError, did_you_mean

if TYPE_CHECKING:
    from games.bayesian._game import BayesianGame

__all__ = ["from_text", "read", "to_text", "write"]

_KEYS = ("format", "version", "title", "players", "prior", "payoffs")
_PLAYER = ("name", "types", "actions")


def read(kind: type[BayesianGame], path: str | Path) -> BayesianGame:
    """The game in a file."""
    path = Path(path)
    _check_ending(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from None
    return from_text(kind, files.text_of(content, str(path)), str(path))


def write(game: BayesianGame, path: str | Path) -> None:
    """Write the game to a file; it appears whole or not at all."""
    path = Path(path)
    _check_ending(path)
    people = [
        {"name": p, "types": t, "actions": a} for p, t, a in zip(game.players, game.types, game.actions)
    ]
    refuse_control_characters(str(path), _texts(game.title, people))
    files.write(path, to_text(game).encode())


def _check_ending(path: Path) -> None:
    if path.suffix.lower() != ".json":
        raise FormatError(
            f"{path}: Bayesian games are read and written as .json (their trees as .efg, by ExtensiveGame)"
        )


def to_text(game: BayesianGame) -> str:
    """The game as JSON text."""
    data = {
        "format": "concert-bayesian-game",
        "version": 1,
        "title": game.title,
        "players": [
            {"name": p, "types": list(t), "actions": list(a)}
            for p, t, a in zip(game.players, game.types, game.actions)
        ],
    }
    head = json.dumps(data, ensure_ascii=False, indent=2)
    prior = json.dumps(plain(game.exact_prior.tolist()), ensure_ascii=False)
    payoffs = json.dumps(plain((game.exact if game.rational else game.payoffs).tolist()), ensure_ascii=False)
    return head[:-2] + f',\n  "prior": {prior},\n  "payoffs": {payoffs}\n}}\n'


def from_text(kind: type[BayesianGame], text: str, name: str) -> BayesianGame:
    """The game in JSON text; `name` is the file's, for messages."""

    def fail(where: str, what: str) -> NoReturn:
        raise FormatError(f"{name}{', ' + where if where else ''}: {what}")

    def no_constant(constant: str) -> NoReturn:
        fail("", f"{constant} is not a payoff; every payoff must be a finite number")

    try:
        data = json.loads(text, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        fail(f"line {error.lineno}, column {error.colno}", f"not JSON: {error.msg}")
    except (RecursionError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        fail("", f"cannot be read as JSON: {error}")
    if not isinstance(data, dict):
        fail("", f"the file must hold one object with the keys {', '.join(_KEYS)}")
    for key in data:
        if key not in _KEYS:
            fail(f"key {key!r}", f"unknown key{did_you_mean(key, _KEYS)}")
    for key in _KEYS:
        if key not in data and key != "title":
            fail("", f"the key {key!r} is missing")
    if data["format"] != "concert-bayesian-game":
        fail(
            "key 'format'",
            f'it is {data["format"]!r}; a file of a Bayesian game says "concert-bayesian-game"',
        )
    if data["version"] != 1 or isinstance(data["version"], bool):
        fail("key 'version'", f"it is {data['version']!r}; this version of the program reads 1")
    if not isinstance(data.get("title", ""), str):
        fail("key 'title'", f"it is {data['title']!r}; it must be a text")
    people = data["players"]
    example = '{"name": "Row", "types": ["strong", "weak"], "actions": ["Fight", "Yield"]}'
    if not isinstance(people, list) or not people:
        fail("key 'players'", f"it must be a list with one object such as {example} for each player")
    for i, player in enumerate(people):
        if not isinstance(player, dict) or set(player) != set(_PLAYER) or not isinstance(player["name"], str):
            fail(f"players[{i}]", f"it must be an object such as {example}")
        for key in ("types", "actions"):
            if (
                not isinstance(player[key], list)
                or not player[key]
                or not all(isinstance(x, str) for x in player[key])
            ):
                fail(f"players[{i}].{key}", "it must be a list of at least one text")
    refuse_control_characters(name, _texts(data.get("title", ""), people))
    types = [player["types"] for player in people]
    actions = [player["actions"] for player in people]
    counts = tuple(map(len, types))
    prior: list[Any] = []
    collect(data["prior"], counts, "prior", prior, fail)
    numbers: list[Any] = []
    shape = (*counts, *map(len, actions), len(people))
    collect(data["payoffs"], shape, "payoffs", numbers, fail)
    floats = all(isinstance(x, float) for x in numbers)
    flat = np.empty(len(numbers), dtype=np.float64 if floats else object)
    flat[:] = numbers
    chances = np.empty(len(prior), dtype=object)
    chances[:] = prior
    try:
        return kind(
            types,
            chances.reshape(counts),
            flat.reshape(shape),
            [p["name"] for p in people],
            actions,
            data.get("title", ""),
        )
    except GameError as error:
        raise FormatError(f"{name}: {error}") from None


def _texts(title: str, people: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The title and labels, each with what it is."""
    texts = [("title", title), *(("name of a player", p["name"]) for p in people)]
    texts += [
        (f"label of a type or action of {p['name']!r}", x)
        for p in people
        for x in (*p["types"], *p["actions"])
    ]
    return texts
