"""Games with ties: which support profiles are decided exactly, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from games.normal_form import NormalFormGame
from games.types import BoolArray, IntArray, ObjectArray
from solvers.base.deadline import Deadline
from solvers.nash.many_players._decide import Undecided, decide
from solvers.nash.many_players._pieces import Piece, Supports
from solvers.nash.many_players._supports import balanced, weakly_undominated

__all__ = ["Decisions", "decide_supports", "has_ties", "supports_of"]


@dataclass
class Decisions:
    """What is decided exactly, and what is left.

    Attributes
    ----------
    pieces : the connected sets of equilibria found so far
    alive : boolean over support profiles: balanced ones that are left to the search for regular equilibria
    unbalanced : the profiles left that have more equations than unknowns
    finished : False if the time was over first
    """

    pieces: list[Piece] = field(default_factory=list)
    alive: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    unbalanced: list[Supports] = field(default_factory=list)
    finished: bool = True


def has_ties(game: NormalFormGame) -> bool:
    """Whether some player is indifferent between two actions against some actions of the others."""
    payoffs = game.payoffs if game.floats_are_exact else game.exact
    for i in range(game.n_players):
        own = np.sort(np.moveaxis(payoffs[..., i], i, 0), axis=0)
        if len(own) > 1 and bool((own[1:] == own[:-1]).any()):
            return True
    return False


def decide_supports(game: NormalFormGame, payoffs: Sequence[ObjectArray], deadline: Deadline) -> Decisions:
    """Decide every support profile with few mixing players exactly, small supports first.

    `payoffs` are those of `_decide.integers`.
    """
    out = Decisions()
    possible = weakly_undominated(game.payoffs if game.floats_are_exact else game.exact)
    out.alive = np.zeros_like(possible)
    masks = np.argwhere(possible)
    sizes = np.bitwise_count(masks)
    for row in np.argsort(sizes.sum(axis=1), kind="stable").tolist():
        if deadline.passed:
            out.finished = False
            break
        mask = masks[row]
        try:
            out.pieces += decide(payoffs, supports_of(mask, game.shape))
        except Undecided:
            if balanced(sizes[row].tolist()):
                out.alive[tuple(mask)] = True
            else:
                out.unbalanced.append(supports_of(mask, game.shape))
    return out


def supports_of(mask: IntArray, shape: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(a for a in range(k) if int(bits) >> a & 1) for k, bits in zip(shape, mask.tolist()))
