"""Gambit's extensive-form files, `.efg`.

The grammar is that of the Gambit manual, "The extensive game (.efg) file format": a prologue

    EFG 2 R "title" { "player" ... } "comment"

and then the nodes, each before those that follow it, first branches first:

    c "name" NUMBER "information set" { "branch" PROBABILITY ... } OUTCOME "outcome" { payoffs }
    p "name" PLAYER NUMBER "information set" { "action" ... } OUTCOME "outcome" { payoffs }
    t "name" OUTCOME "outcome" { payoffs }

Players are numbered from 1. An information set describes its actions where it appears first and may leave them out later, and
so with outcomes; outcome 0 is none. Empty and repeated labels are completed by numbers.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from games import files
from games.codecs.gambit import Reader, distinct, quoted, unquoted
from games.codecs.labels import refuse_control_characters
from games.errors import FormatError, GameError
from games.extensive.parts import Parts, probabilities

if TYPE_CHECKING:
    from games.extensive._game import ExtensiveGame

__all__ = ["from_text", "read", "to_text", "write"]


def read(path: str | Path) -> Parts:
    """The parts of the tree in a file."""
    path = Path(path)
    if path.suffix.lower() != ".efg":
        raise FormatError(
            f"{path}: a tree is read from a Gambit file whose name ends in .efg; games in normal form "
            "(.nfg, .json, .csv, .xlsx) are read by NormalFormGame.read"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from None
    return from_text(files.text_of(data, str(path)), str(path))


def write(game: ExtensiveGame, path: str | Path) -> None:
    """Write a tree to a file; it appears whole or not at all."""
    path = Path(path)
    if path.suffix.lower() != ".efg":
        raise FormatError(f"{path}: a tree is written to a Gambit file; end its name in .efg")
    refuse_control_characters(str(path), _texts(game._parts))
    files.write(path, to_text(game).encode())


def to_text(game: ExtensiveGame) -> str:
    """The tree as `.efg` text."""
    parts = game._parts
    players = " ".join(quoted(p) for p in parts.players)
    lines = [f"EFG 2 R {quoted(parts.title)} {{ {players} }}", quoted(parts.comment), ""]
    within = [0] * len(parts.players)
    numbers = []
    for _, i, _ in parts.sets:
        within[i] += 1
        numbers.append(within[i])
    described: set[Any] = set()
    seen: Counter[str] = Counter()
    moves = 0
    for node, mover in enumerate(parts.mover):
        # Gambit wants a name of a node to stand once.
        seen[parts.names[node]] += 1
        again = seen[parts.names[node]] if parts.names[node] else 1
        name = quoted(parts.names[node] + (f" ({again})" if again > 1 else ""))
        outcome = _outcome(parts, parts.outcome[node], described)
        if mover == -2:
            lines.append(f"t {name} {outcome}")
        elif mover == -1:
            moves += 1
            labels, values = parts.chance[node]
            pairs = " ".join(f"{quoted(label)} {p}" for label, p in zip(labels, values))
            lines.append(f'c {name} {moves} "" {{ {pairs} }} {outcome}')
        else:
            number = parts.information[node]
            label, _, actions = parts.sets[number]
            head = f"p {name} {mover + 1} {numbers[number]} {quoted(label)}"
            lines.append(f"{head} {{ {' '.join(map(quoted, actions))} }} {outcome}")
    return "\n".join(lines) + "\n"


def _outcome(parts: Parts, outcome: int, described: set[Any]) -> str:
    if outcome < 0:
        return "0"
    name, values = parts.outcomes[outcome]
    if outcome in described:
        return str(outcome + 1)
    described.add(outcome)
    # Gambit does not take "1e+16".
    numbers = ", ".join(
        str(x) if isinstance(x, (int, Fraction)) else repr(x).replace("e+", "e") for x in values
    )
    return f"{outcome + 1} {quoted(name)} {{ {numbers} }}"


def from_text(text: str, name: str) -> Parts:
    """The parts of the tree in `.efg` text; `name` is the file's, for messages."""
    parts = _Tree(text, name).parts()
    refuse_control_characters(name, _texts(parts))
    return parts


def _texts(parts: Parts) -> list[tuple[str, str]]:
    """Its title and labels, each with what it is."""
    texts = [("title", parts.title), ("comment", parts.comment)]
    texts += [("name of a player", p) for p in parts.players]
    texts += [("label of a node", x) for x in parts.names]
    texts += [("label of an outcome", x) for x, _ in parts.outcomes]
    texts += [("label of a chance branch", x) for labels, _ in parts.chance.values() for x in labels]
    texts += [("label of a set or action", x) for label, _, actions in parts.sets for x in (label, *actions)]
    return texts


class _Tree(Reader):
    def parts(self) -> Parts:
        title, players = self.head("EFG, with which a Gambit extensive-form file begins,", "2")
        self.out = Parts(players, title)
        if self.kind == "text":
            self.out.comment = unquoted(self.value)
            self.next()
        # By Gambit's numbers: information sets of players, moves of chance, outcomes.
        self.sets: dict[tuple[int, int], int] = {}
        self.moves: dict[int, tuple[tuple[str, ...], tuple[Fraction, ...]]] = {}
        self.described: dict[int, int] = {}
        self.titles: list[str] = []
        # Branches that still wait for a node: (parent, branch).
        waiting = [(-1, -1)]
        while waiting:
            parent, branch = waiting.pop()
            if self.kind == "end":
                self.fail(
                    f"the file ends after {len(self.out.parent)} nodes, and {len(waiting) + 1} more "
                    f"{'branch' if not waiting else 'branches'} should lead to a node; it may have been cut short"
                )
            count = self.node(parent, branch)
            waiting += [(len(self.out.parent) - 1, k) for k in reversed(range(count))]
        if self.kind != "end":
            self.wanted("the end of the file (every branch has led to an end of the game)")
        self.out.sets = [(label, i, actions) for label, (_, i, actions) in zip(self.labels(), self.out.sets)]
        try:
            from games.extensive.parts import check, payoffs

            check(self.out)
            payoffs(self.out)
        except GameError as error:
            raise FormatError(f"{self.name}: {error}") from None
        return self.out

    def labels(self) -> list[str]:
        """Distinct labels of the information sets: their names, or their player and number."""
        count = [0] * len(self.out.players)
        names = []
        for title, (_, i, _) in zip(self.titles, self.out.sets):
            count[i] += 1
            names.append(title if title.strip() else f"{self.out.players[i]} {count[i]}")
        return distinct(names)

    def node(self, parent: int, branch: int) -> int:
        """Read one node, and return how many branches lead on."""
        kind = self.value if self.kind == "word" else ""
        if kind not in ("c", "p", "t"):
            self.wanted("c, p or t (a node of chance, of a player, or an end)")
        self.next()
        name = unquoted(self.take("text", "the node's name in quotation marks"))
        if kind == "t":
            node = self.out.add(parent, branch, -2, -1, name)
            self.outcome(node)
            return 0
        if kind == "c":
            node = self.out.add(parent, branch, -1, -1, name)
            self.out.chance[node] = self.chance_move()
            self.outcome(node)
            return len(self.out.chance[node][0])
        number = self.player_set()
        node = self.out.add(parent, branch, self.out.sets[number][1], number, name)
        self.outcome(node)
        return len(self.out.sets[number][2])

    def heading(self, what: str) -> tuple[int, str]:
        number = self.count(f"the number of the {what}")
        title = ""
        if self.kind == "text":
            title = unquoted(self.value)
            self.next()
        return number, title

    def chance_move(self) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
        line = self.line
        number, _ = self.heading("move of chance")
        if (self.kind, self.value) != ("brace", "{"):
            if number not in self.moves:
                self.fail(
                    f'chance move {number} appears first here and needs its branches: {{ "name" 1/2 ... }}'
                )
            return self.moves[number]
        self.next()
        labels, values = [], []
        while self.kind == "text":
            labels.append(unquoted(self.value))
            self.next()
            values.append(self.number(f"the probability of branch {labels[-1]!r}"))
        self.take("brace", "} after the branches of chance (a name and a probability each)", "}")
        if not labels:
            self.fail("this move of chance has no branch")
        try:
            move = (tuple(distinct(labels)), probabilities(values, lambda: f"move {number}"))
        except GameError as error:
            raise FormatError(f"{self.name}, line {line}: {error}") from None
        if self.moves.setdefault(number, move) != move:
            raise FormatError(
                f"{self.name}, line {line}: chance move {number} has other branches or probabilities than before"
            )
        return move

    def player_set(self) -> int:
        line = self.line
        i = self.count("the player's number")
        if not 1 <= i <= len(self.out.players):
            raise FormatError(
                f"{self.name}, line {line}: there is no player {i}; players run from 1 to {len(self.out.players)}"
            )
        number, title = self.heading("information set")
        key = (i - 1, number)
        if (self.kind, self.value) != ("brace", "{"):
            if key not in self.sets:
                self.fail(
                    f'information set {number} of player {i} appears first here and needs its actions: {{ "name" ... }}'
                )
            return self.sets[key]
        self.next()
        actions = tuple(distinct(self.texts()))
        self.take("brace", "} after the actions (labels stand in quotation marks)", "}")
        if not actions:
            self.fail(f"information set {number} of player {i} has no action")
        if key not in self.sets:
            self.sets[key] = len(self.out.sets)
            self.out.sets.append((title, i - 1, actions))
            self.titles.append(title)
        known = self.out.sets[self.sets[key]][2]
        if known != actions:
            raise FormatError(
                f"{self.name}, line {line}: information set {number} of player {i} has the actions {', '.join(actions)} here "
                f"and {', '.join(known)} before; its nodes must have the same actions in the same order"
            )
        return self.sets[key]

    def outcome(self, node: int) -> None:
        line = self.line
        number = self.count("the number of the outcome (0 for none)")
        title = ""
        if self.kind == "text":
            title = unquoted(self.value)
            self.next()
        if (self.kind, self.value) != ("brace", "{"):
            if number and number not in self.described:
                raise FormatError(
                    f"{self.name}, line {line}: outcome {number} appears first here and needs its payoffs: {{ 1, 2, ... }}"
                )
            self.out.outcome[node] = self.described[number] if number else -1
            return
        if not number:
            self.fail(
                "outcome 0 means that nothing is paid here; give an outcome with payoffs another number"
            )
        self.next()
        n = len(self.out.players)
        values = []
        for i in range(n):
            values.append(self.payoff(f"payoff {i + 1} of {n} in outcome {number}"))
            if self.kind == "comma":
                self.next()
        self.take("brace", f"}} after {n} payoffs", "}")
        if number not in self.described:
            self.described[number] = len(self.out.outcomes)
            self.out.outcomes.append((title, tuple(values)))
        known = self.out.outcomes[self.described[number]][1]
        if known != tuple(values):
            raise FormatError(
                f"{self.name}, line {line}: outcome {number} pays {', '.join(map(str, values))} here and "
                f"{', '.join(map(str, known))} before"
            )
        self.out.outcome[node] = self.described[number]

    def payoff(self, what: str) -> Fraction | int:
        value = self.number(what)
        return int(value) if value.denominator == 1 else value
