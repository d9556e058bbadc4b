"""Games as JSON, in a schema of our own.

    {
      "format": "concert-game",
      "version": 1,
      "title": "Prisoner's dilemma",
      "players": [{"name": "Row", "actions": ["C", "D"]}, {"name": "Column", "actions": ["C", "D"]}],
      "payoffs": [[[3, 3], [0, 5]], [[5, 0], ["1/3", 0.5]]]
    }

`payoffs[a_1]...[a_N]` lists the N payoffs at a profile. A whole number is exact; a number with a point or an exponent is a float;
a string holds an exact fraction or decimal. `title` may be left out.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import numpy as np

from games.codecs._game_data import GameData
from games.codecs.json_numbers import collect, plain
from games.errors import FormatError, did_you_mean

__all__ = ["from_text", "to_text"]

# NumPy's arrays have 64 axes, one of them for the players.
_MOST_PLAYERS = 64
_KEYS = ("format", "version", "title", "players", "payoffs")


def to_text(game: GameData) -> str:
    """The game as JSON text."""
    data = {
        "format": "concert-game",
        "version": 1,
        "title": game.title,
        "players": [{"name": p, "actions": list(a)} for p, a in zip(game.players, game.actions)],
    }
    head = json.dumps(data, ensure_ascii=False, indent=2)
    cells = json.dumps(plain(game.payoffs.tolist()), ensure_ascii=False)
    return head[:-2] + f',\n  "payoffs": {cells}\n}}\n'


def from_text(text: str, name: str) -> GameData:
    """The game in JSON text; `name` is the file's, for messages."""

    def fail(where: str, what: str) -> NoReturn:
        raise FormatError(f"{name}{', ' + where if where else ''}: {what}")

    def no_constant(constant: str) -> NoReturn:
        fail("", f"{constant} is not a payoff; every payoff must be a finite number")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                fail("", f"the key {key!r} stands more than once in one object")
            seen.add(key)
        return dict(pairs)

    try:
        data = json.loads(text, parse_constant=no_constant, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        fail(f"line {error.lineno}, column {error.colno}", f"not JSON: {error.msg}")
    except (RecursionError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        fail("", f"cannot be read as JSON: {error}")
    if not isinstance(data, dict):
        fail("", 'the file must hold one object with the keys "format", "version", "players" and "payoffs"')
    for key in data:
        if key not in _KEYS:
            fail(f"key {key!r}", f"unknown key{did_you_mean(key, _KEYS)}")
    for key in _KEYS:
        if key not in data and key != "title":
            fail("", f"the key {key!r} is missing")
    if data["format"] != "concert-game":
        fail("key 'format'", f'it is {data["format"]!r}; a game file says "concert-game"')
    if data["version"] != 1 or isinstance(data["version"], bool):
        fail("key 'version'", f"it is {data['version']!r}; this version of the program reads 1")
    title = data.get("title", "")
    if not isinstance(title, str):
        fail("key 'title'", f"it is {title!r}; it must be a text")
    players, actions = _people(data["players"], fail)
    shape = tuple(len(labels) for labels in actions)
    numbers: list[Any] = []
    collect(data["payoffs"], (*shape, len(players)), "payoffs", numbers, fail)
    floats = all(isinstance(x, float) for x in numbers)
    flat = np.empty(len(numbers), dtype=np.float64 if floats else object)
    flat[:] = numbers
    if len(players) >= _MOST_PLAYERS:
        fail(
            "key 'players'",
            f"{len(players)} players are more than an array has axes; at most {_MOST_PLAYERS - 1} are taken",
        )
    return GameData(flat.reshape(*shape, len(players)), players, actions, title)


def _people(given: Any, fail: Any) -> tuple[list[str], list[list[str]]]:
    example = '{"name": "Row", "actions": ["C", "D"]}'
    if not isinstance(given, list) or not given:
        fail("key 'players'", f"it must be a list with one object such as {example} for each player")
    players, actions = [], []
    for i, player in enumerate(given):
        where = f"players[{i}]"
        if not isinstance(player, dict) or set(player) != {"name", "actions"}:
            fail(where, f'it must be an object with the keys "name" and "actions", such as {example}')
        if not isinstance(player["name"], str):
            fail(f"{where}.name", f"it is {player['name']!r}; it must be a text")
        labels = player["actions"]
        if not isinstance(labels, list) or not labels or not all(isinstance(a, str) for a in labels):
            fail(f"{where}.actions", "it must be a list of at least one text")
        players.append(player["name"])
        actions.append(labels)
    return players, actions
