"""From the parts of a tree to flat lists over its nodes, with every check."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import GameError, did_you_mean
from games.exact import exactly
from games.extensive._nodes import Chance, Decision, Node, Terminal
from games.lotteries import exact_lottery

__all__ = ["Parts", "check", "from_nodes", "payoffs", "probabilities", "sequences"]

Given: TypeAlias = int | float | Fraction
"""A payoff as it is kept: exactly, or rounded before it came here."""

_CHANCE, _END = -1, -2


@dataclass
class Parts:
    """A tree as flat lists in preorder.

    Attributes
    ----------
    parent, branch, mover, information, outcome, names : one entry for each node
    chance : node -> (labels, exact probabilities)
    sets : (label, player, actions) of each information set
    outcomes : (name, payoffs as they were given); a node's payoffs are those of all outcomes on the way to it
    """

    players: list[str]
    title: str = ""
    comment: str = ""
    parent: list[int] = field(default_factory=list)
    branch: list[int] = field(default_factory=list)
    mover: list[int] = field(default_factory=list)
    information: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    chance: dict[int, tuple[tuple[str, ...], tuple[Fraction, ...]]] = field(default_factory=dict)
    sets: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    outcomes: list[tuple[str, tuple[Given, ...]]] = field(default_factory=list)

    def add(self, parent: int, branch: int, mover: int, information: int, name: str) -> int:
        """Append a node and return its number."""
        self.parent.append(parent)
        self.branch.append(branch)
        self.mover.append(mover)
        self.information.append(information)
        self.outcome.append(-1)
        self.names.append(name)
        return len(self.parent) - 1


def from_nodes(root: Node, players: Sequence[str] | None, title: str) -> Parts:
    """The parts of a tree that is given by its nodes."""
    named = _players(root, players)
    parts = Parts(named, str(title))
    numbers = {player: i for i, player in enumerate(named)}
    sets: dict[Any, int] = {}
    where: dict[str, tuple[int, tuple[str, ...]]] = {}
    anonymous: list[int] = []
    for node, parent, branch in _walk(root):
        if isinstance(node, Terminal):
            number = parts.add(parent, branch, _END, -1, "")
            parts.outcome[number] = len(parts.outcomes)
            parts.outcomes.append((node.name, _values(node, named, parts, number)))
        elif isinstance(node, Chance):
            number = parts.add(parent, branch, _CHANCE, -1, node.name)
            labels = tuple(map(str, node.branches))
            parts.chance[number] = (
                labels,
                probabilities([p for p, _ in node.branches.values()], partial(_place, parts, number)),
            )
        elif isinstance(node, Decision):
            i = numbers[node.player]
            actions = tuple(map(str, node.branches))
            key: Any = len(parts.parent) if node.information is None else str(node.information)
            if key not in sets:
                sets[key] = len(parts.sets)
                if isinstance(key, str):
                    where[key] = (i, actions)
                else:
                    anonymous.append(len(parts.sets))
                parts.sets.append((str(key), i, actions))
            elif where[key][0] != i:
                raise GameError(
                    f"information set {key!r} holds decisions of {named[where[key][0]]} and of {node.player}; "
                    "an information set belongs to one player"
                )
            elif where[key][1] != actions:
                raise GameError(
                    f"information set {key!r} has the actions {', '.join(where[key][1])} at one node and "
                    f"{', '.join(actions)} at another; its nodes must have the same actions in the same order"
                )
            parts.add(parent, branch, i, sets[key], node.name)
        else:
            raise GameError(f"a tree is made of Decision, Chance and Terminal; got {node!r}")
    _name(parts, anonymous)
    return parts


def _name(parts: Parts, anonymous: Sequence[int]) -> None:
    """Number the information sets without a name by player."""
    unnamed = set(anonymous)
    used = {label for k, (label, _, _) in enumerate(parts.sets) if k not in unnamed}
    counts = [0] * len(parts.players)
    for k in anonymous:
        _, i, actions = parts.sets[k]
        while True:
            counts[i] += 1
            label = f"{parts.players[i]} {counts[i]}"
            if label not in used:
                break
        parts.sets[k] = (label, i, actions)


def _walk(root: Node) -> Iterator[tuple[Node, int, int]]:
    """Every node in preorder with its parent's number and its branch, without recursion: trees may be thousands deep."""
    stack: list[tuple[Node, int, int]] = [(root, -1, -1)]
    number = 0
    while stack:
        node, parent, branch = stack.pop()
        yield node, parent, branch
        if isinstance(node, Decision):
            following = list(node.branches.values())
        elif isinstance(node, Chance):
            following = [child for _, child in node.branches.values()]
        else:
            following = []
        stack += [(following[k], number, k) for k in reversed(range(len(following)))]
        number += 1


def _players(root: Node, players: Sequence[str] | None) -> list[str]:
    moving = dict.fromkeys(node.player for node, _, _ in _walk(root) if isinstance(node, Decision))
    if players is None:
        named = list(moving)
        for node, _, _ in _walk(root):
            if isinstance(node, Terminal) and isinstance(node.payoffs, Mapping):
                named += [str(p) for p in node.payoffs if str(p) not in named]
    else:
        if isinstance(players, str) or not hasattr(players, "__len__"):
            raise GameError(f"players are a list of names; got {players!r}")
        named = [str(p) for p in players]
    for player in moving:
        if player not in named:
            raise GameError(f"{player!r} moves but is not among the players{did_you_mean(player, named)}")
    return named


def _place(parts: Parts, node: int) -> str:
    """Where a node is, in words: the moves that lead to it (their numbers where labels are not known yet)."""
    moves = []
    while parts.parent[node] >= 0:
        parent, branch = parts.parent[node], parts.branch[node]
        if parts.mover[parent] == _CHANCE:
            labels = parts.chance[parent][0] if parent in parts.chance else ()
        else:
            labels = parts.sets[parts.information[parent]][2]
        moves.append(labels[branch] if branch < len(labels) else f"branch {branch + 1}")
        node = parent
    return "after " + ", ".join(reversed(moves)) if moves else "at the root"


def _values(node: Terminal, players: Sequence[str], parts: Parts, number: int) -> tuple[Given, ...]:
    given: Any = node.payoffs
    if isinstance(given, Mapping):
        for player in given:
            if str(player) not in players:
                raise GameError(
                    f"the end {_place(parts, number)} pays {player!r}, who is not a player{did_you_mean(player, players)}"
                )
        named = {str(player): value for player, value in given.items()}
        given = [named.get(player, 0) for player in players]
    elif isinstance(given, str) or not hasattr(given, "__len__") or len(given) != len(players):
        raise GameError(
            f"the end {_place(parts, number)} needs one payoff for each of {', '.join(players)}; got {given!r}"
        )
    return tuple(_number(x, partial(_place, parts, number)) for x in given)


def _number(value: Any, place: Callable[[], str]) -> Given:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not math.isfinite(number):
            raise GameError(
                f"the end {place()} has the payoff {number}; every payoff must be a finite number"
            )
        return number
    try:
        given = exactly(value)
        return int(given) if given.denominator == 1 else given
    except (TypeError, ValueError, OverflowError):
        raise GameError(f"the end {place()} has the payoff {value!r}, which is not a number") from None


def probabilities(given: Sequence[Any], place: Callable[[], str]) -> tuple[Fraction, ...]:
    """Probabilities of chance as fractions that add up to exactly 1."""
    return tuple(exact_lottery(given, lambda: f"chance {place()}"))


def check(parts: Parts) -> None:
    """Raise GameError for names that are missing or stand twice, and for decisions without an action."""
    if not parts.players:
        raise GameError("the game has no player; name one, or let one move")
    _labels(parts.players, "players")
    for label, player, actions in parts.sets:
        what = f"information set {label!r} of {parts.players[player]}"
        if not actions:
            raise GameError(f"{what} has no action; every decision needs at least one")
        _labels(actions, f"actions at {what}")
    _labels([label for label, _, _ in parts.sets], "information sets")
    for node, (labels, _) in parts.chance.items():
        if not labels:
            raise GameError(f"chance {_place(parts, node)} has no branch")
        _labels(labels, f"branches of chance {_place(parts, node)}")


def _labels(labels: Sequence[str], what: str) -> None:
    seen = set()
    for label in labels:
        if label in seen:
            raise GameError(f"{what}: the label {label!r} stands more than once; labels must differ")
        if not label.strip():
            raise GameError(f"{what}: a label is empty")
        seen.add(label)


def payoffs(parts: Parts) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """Payoffs at the ends, summed over the outcomes on the way, exactly and in floats, both (Z, N) and read-only."""
    n = len(parts.players)
    exact = [tuple(Fraction(x) for x in values) for _, values in parts.outcomes]
    zero = (Fraction(0),) * n
    totals: list[tuple[Fraction, ...]] = []
    rows = []
    for node, parent in enumerate(parts.parent):
        own = exact[parts.outcome[node]] if parts.outcome[node] >= 0 else zero
        before = totals[parent] if parent >= 0 else zero
        total = own if before is zero or not any(before) else tuple(a + b for a, b in zip(before, own))
        totals.append(total)
        if parts.mover[node] == _END:
            rows.append(total)
    table = np.empty((len(rows), n), dtype=object)
    table.reshape(-1)[:] = [x for row in rows for x in row]
    try:
        floats = table.astype(np.float64)
    except OverflowError:
        raise GameError("a payoff is larger than the largest float; rescale the payoffs") from None
    table.setflags(write=False)
    floats.setflags(write=False)
    return table, floats


def sequences(
    parts: Parts,
) -> tuple[tuple[tuple[tuple[int, int, int], ...], ...], npt.NDArray[np.int64]]:
    """Each player's sequences of own moves, and for each node the number of each player's sequence there."""
    n = len(parts.players)
    known: list[dict[tuple[int, int, int], int]] = [{(-1, -1, -1): 0} for _ in range(n)]
    at = np.zeros((len(parts.parent), n), dtype=np.int64)
    for node, parent in enumerate(parts.parent):
        if parent < 0:
            continue
        at[node] = at[parent]
        i = parts.mover[parent]
        if i >= 0:
            key = (int(at[parent, i]), parts.information[parent], parts.branch[node])
            at[node, i] = known[i].setdefault(key, len(known[i]))
    at.setflags(write=False)
    return tuple(tuple(k) for k in known), at
