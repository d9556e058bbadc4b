"""Gambit's strategic-form files, `.nfg`, with either body: a list of payoffs, or outcomes and their numbers.

The grammar is that of the Gambit manual, "The strategic game (.nfg) file format": a prologue

    NFG 1 R "title" { "player" ... } { { "action" ... } ... } "comment"

(or the numbers of actions in place of their labels; the comment may be left out), then for every profile, the first player's
action moving fastest, the payoffs of all players, or the number of an outcome listed before, 0 for none.
Empty and repeated labels are completed by numbers, as Gambit does. Gambit itself takes printable ASCII labels only, and
its version 16.7 refuses a label that is the number of another action ("2" for the first action); we write labels as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from games.codecs._game_data import GameData
from games.codecs.gambit import Reader, distinct, quoted
from games.errors import FormatError

__all__ = ["from_text", "to_text"]


def to_text(game: GameData) -> str:
    """The game as `.nfg` text, with a list of payoffs."""
    players = " ".join(quoted(p) for p in game.players)
    actions = "\n".join("{ " + " ".join(quoted(a) for a in labels) + " }" for labels in game.actions)
    # Fortran order of the profile axes is "first player fastest".
    n = len(game.players)
    rows = game.numbers().transpose(*reversed(range(n)), n).reshape(-1, n)
    body = "\n".join(" ".join(row) for row in rows.tolist())
    return f"NFG 1 R {quoted(game.title)} {{ {players} }}\n\n{{\n{actions}\n}}\n\n{body}\n"


def from_text(text: str, name: str) -> GameData:
    """The game in `.nfg` text; `name` is the file's, for messages."""
    return _Reader(text, name).game()


class _Reader(Reader):
    def game(self) -> GameData:
        title, players = self.head("NFG, with which a Gambit strategic-form file begins,", "1")
        if len(players) > 63:
            self.fail(
                f"the file has {len(players)} players, more than an array has axes; at most 63 are taken"
            )
        actions = self.actions(players)
        if self.kind == "text":
            self.next()
        shape = tuple(len(labels) for labels in actions)
        payoffs = self.outcomes(shape) if (self.kind, self.value) == ("brace", "{") else self.payoffs(shape)
        if self.kind != "end":
            self.wanted("the end of the file (all profiles have their payoffs)")
        return GameData(payoffs, players, actions, title)

    def actions(self, players: Sequence[str]) -> list[list[str]]:
        self.take("brace", "{ before the players' actions", "{")
        out = []
        for player in players:
            if (self.kind, self.value) == ("brace", "{"):
                self.next()
                labels = distinct(self.texts())
                self.take("brace", f"}} after the actions of {player} (labels stand in quotation marks)", "}")
            else:
                count = self.count(f"the number of actions of {player}")
                if count > 10**6:
                    self.fail(
                        f"{player} has {count} actions; a payoff table with more than a million is out of reach"
                    )
                labels = [str(a + 1) for a in range(count)]
            if not labels:
                self.fail(f"{player} has no action; every player needs at least one")
            out.append(labels)
        self.take("brace", f"}} after the actions of {len(players)} players", "}")
        return out

    def payoffs(self, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
        n = len(shape)
        wanted = n * _product(shape)
        numbers = []
        for position in range(wanted):
            if self.kind == "end":
                self.fail(
                    f"the file ends after {position} payoffs; {'x'.join(map(str, shape))} actions and {n} players need {wanted}"
                )
            numbers.append(self.number(f"payoff {position + 1} of {wanted}"))
        return _by_profile(numbers, shape, n)

    def outcomes(self, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
        n = len(shape)
        self.take("brace", "{ before the outcomes", "{")
        known = [[Fraction(0)] * n]
        while (self.kind, self.value) == ("brace", "{"):
            self.next()
            self.take("text", "the outcome's name in quotation marks")
            values = []
            for i in range(n):
                values.append(self.number(f"payoff {i + 1} of {n} in outcome {len(known)}"))
                if self.kind == "comma":
                    self.next()
            self.take("brace", f"}} after {n} payoffs", "}")
            known.append(values)
        self.take("brace", "} after the last outcome", "}")
        numbers: list[Fraction] = []
        wanted = _product(shape)
        for position in range(wanted):
            if self.kind == "end":
                self.fail(f"the file ends after {position} outcome numbers; there are {wanted} profiles")
            line = self.line
            index = self.count(f"outcome number {position + 1} of {wanted}")
            if index >= len(known):
                raise FormatError(
                    f"{self.name}, line {line}: there is no outcome {index}; outcomes run from 1 to {len(known) - 1}, 0 is none"
                )
            numbers.extend(known[index])
        return _by_profile(numbers, shape, n)


def _by_profile(
    numbers: Sequence[Fraction], shape: tuple[int, ...], n: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    flat = np.empty(len(numbers), dtype=object)
    flat[:] = numbers
    return flat.reshape(*reversed(shape), n).transpose(*reversed(range(n)), n)


def _product(shape: Sequence[int]) -> int:
    out = 1
    for k in shape:
        out *= k
    return out
