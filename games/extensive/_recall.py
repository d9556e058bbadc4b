"""What players know in a tree: information sets, moves of chance, and who forgets what."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from games.extensive._game import ExtensiveGame

__all__ = ["ChanceMove", "InformationSet", "fault"]


@dataclass(frozen=True)
class InformationSet:
    """Nodes that the player who moves there cannot tell apart.

    Attributes
    ----------
    label : unique within the game
    player : index of the player
    actions : labels of the actions
    nodes : indices of the nodes, in order
    """

    label: str
    player: int
    actions: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class ChanceMove:
    """What chance does at a node: labels and exact probabilities of the branches."""

    actions: tuple[str, ...]
    probabilities: tuple[Fraction, ...]


def fault(tree: ExtensiveGame) -> str | None:
    """See `ExtensiveGame.recall_fault`."""
    for s in tree.information_sets:
        before = tree.sequence_of[list(s.nodes), s.player]
        other = int(np.argmax(before != before[0]))
        if before[0] != before[other]:
            first, second = (_own_moves(tree, s.player, int(before[k])) for k in (0, other))
            return (
                f"{tree.players[s.player]} has imperfect recall: information set {s.label!r} holds a node after "
                f"{first} and one after {second}"
            )
    return None


def _own_moves(tree: ExtensiveGame, player: int, sequence: int) -> str:
    moves: list[str] = []
    while sequence:
        sequence, number, action = tree.sequences[player][sequence]
        reached = tree.information_sets[number]
        moves.append(f"{reached.actions[action]!r} at {reached.label!r}")
    return " and ".join(reversed(moves)) or "no move of its own"
