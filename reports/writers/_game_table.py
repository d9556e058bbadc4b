"""A game as plain tables of words: what a writer needs that cannot show the HTML or text of `games.view`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from games.normal_form import NormalFormGame
from reports.document import Column, GameView
from reports.tables import text

__all__ = ["GameTable", "GameTables", "tabulate"]

_LARGEST = 400
_NUMBER = Column("", "number", 2)


class Payoffs(NamedTuple):
    """The words of one cell, and whether it is a pure equilibrium."""

    words: str
    equilibrium: bool = False


class GameTable(NamedTuple):
    """One table: its heading row, and rows that begin with their label."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Payoffs, ...], ...]


class GameTables(NamedTuple):
    """A game as tables, with the notes that explain the marks."""

    title: str
    parts: tuple[GameTable, ...]
    notes: tuple[str, ...]


def tabulate(view: GameView) -> GameTables:
    """Two players make a table, three one table for each action of the third, others a list of profiles.

    >>> from games import catalog
    >>> made = tabulate(GameView.of(catalog.prisoners_dilemma()))
    >>> [cell.words for cell in made.parts[0].rows[1]]
    ['Defect', '5.00●, 0.00', '1.00●, 1.00◆ ★']
    """
    from games.view import MARKS, dominated_actions

    game = view.game()
    marks = [MARKS[i % len(MARKS)] for i in range(game.n_players)]
    dominated = dominated_actions(game)
    labels = [
        tuple(f"~{label}~" if a in dominated[i] else label for a, label in enumerate(names))
        for i, names in enumerate(game.actions)
    ]
    if game.n_players in (2, 3):
        parts = _slices(game, labels, marks)
    else:
        parts = (_profiles(game, labels, marks),)
    order = ", ".join(f"{player} {mark}" for player, mark in zip(game.players, marks))
    notes = (
        f"Payoffs in the order {order}. A mark: this player has no better response to what the others do there. "
        "★ and bold: a pure equilibrium. ~action~: strictly dominated by a single action.",
    )
    return GameTables(game.title, parts, notes)


def _cell(game: NormalFormGame, profile: tuple[int, ...], marks: list[str]) -> Payoffs:
    best = game.best_response_mask[profile]
    values = [
        text(float(value), _NUMBER) + (mark if good else "")
        for value, mark, good in zip(game.payoffs[profile], marks, best)
    ]
    equilibrium = bool(best.all())
    return Payoffs(", ".join(values) + (" ★" if equilibrium else ""), equilibrium)


def _slices(game: NormalFormGame, labels: list[tuple[str, ...]], marks: list[str]) -> tuple[GameTable, ...]:
    rests = [()] if game.n_players == 2 else [(c,) for c in range(game.shape[2])]
    corner = f"{game.players[0]} {marks[0]} \\ {game.players[1]} {marks[1]}"
    out = []
    for rest in rests:
        caption = f"{game.players[2]} {marks[2]}: {labels[2][rest[0]]}" if rest else ""
        rows = tuple(
            (Payoffs(labels[0][a]), *(_cell(game, (a, b, *rest), marks) for b in range(game.shape[1])))
            for a in range(game.shape[0])
        )
        out.append(GameTable(caption, (corner, *labels[1]), rows))
    return tuple(out)


def _profiles(game: NormalFormGame, labels: list[tuple[str, ...]], marks: list[str]) -> GameTable:
    rows = []
    for number, profile in enumerate(np.ndindex(game.shape)):
        if number == _LARGEST:
            break
        names = (Payoffs(labels[i][a]) for i, a in enumerate(profile))
        rows.append((*names, _cell(game, profile, marks)))
    total = int(np.prod(game.shape))
    caption = f"The first {_LARGEST} of {total:,} profiles" if total > _LARGEST else ""
    return GameTable(caption, (*game.players, "payoffs"), tuple(rows))
