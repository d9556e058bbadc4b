"""Equilibria in which three players mix, one of them two actions, decided exactly; curves and surfaces of them included.

With that player's probability held, the conditions of each of the two others are linear in the strategy of the other. So along
this probability (`_sweep`) their strategies fill a product of polytopes, of which the third player's conditions leave a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from games.types import MixedProfile, ObjectArray
from solvers.nash.many_players._cones import dot
from solvers.nash.many_players._decide import gains
from solvers.nash.many_players._line import Undecided
from solvers.nash.many_players._pieces import Piece, Supports
from solvers.nash.many_players._sweep import Cell, Part, part, swept

__all__ = ["families"]


def families(payoffs: Sequence[ObjectArray], supports: Supports) -> list[Piece]:
    """All equilibria with these supports of three mixing players, one of whom plays two actions; raises Undecided.

    With that player's probability held, the conditions of the two others are linear in each other's strategies. Decided are
    games in which one of these two then has a single strategy, or the third player's conditions hold for all of them or none.
    """
    mixing = [i for i, s in enumerate(supports) if len(s) > 1]
    if len(mixing) == 3:
        for k in mixing:
            if len(supports[k]) == 2:
                with suppress(Undecided):
                    return _family(payoffs, supports, mixing, k)
    raise Undecided


def _family(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int], k: int) -> list[Piece]:
    from flint import fmpz_poly

    i, j = (m for m in mixing if m != k)
    size = {i: len(supports[i]), j: len(supports[j])}
    # Equations and inequalities on the strategy of i, of j, and on both together.
    alone: dict[int, tuple[list[list[Any]], list[list[Any]]]] = {i: ([], []), j: ([], [])}
    both: tuple[list[list[list[Any]]], list[list[list[Any]]]] = ([], [])
    for m in range(len(supports)):
        for a, gain in gains(payoffs, supports, m):
            table = gain.reshape([1 if x == m else len(supports[x]) for x in mixing])
            table = np.moveaxis(table, mixing.index(k), -1)
            start = table[..., 0]
            step = table[..., -1] - start
            polynomials = [
                [fmpz_poly([int(start[x, y]), int(step[x, y])]) for y in range(start.shape[1])]
                for x in range(start.shape[0])
            ]
            strict = a not in supports[m]
            if m == i:
                alone[j][strict].append(polynomials[0])
            elif m == j:
                alone[i][strict].append([row[0] for row in polynomials])
            else:
                both[strict].append(polynomials)

    def fibre(cell: Cell) -> dict[int, Part] | None:
        parts = {}
        for m in (i, j):
            own = part(cell, size[m], *alone[m])
            if own is None:
                return None
            parts[m] = own
        for one, other, turn in ((i, j, False), (j, i, True)):
            if len(parts[one].rays) == 1:
                (ray,) = parts[one].rays
                more = [[_contracted(table, ray, turn) for table in tables] for tables in both]
                own = part(cell, size[other], alone[other][0] + more[0], alone[other][1] + more[1])
                return None if own is None else {one: parts[one], other: own}
        for tables, equal in zip(both, (True, False)):
            for table in tables:
                signs = {
                    cell.sign(dot(_contracted(table, p, False), q))
                    for p in parts[i].rays
                    for q in parts[j].rays
                }
                if signs == {0} or (not equal and 1 not in signs):
                    continue
                if len(signs - {0}) == 1:
                    # Of one sign inside, where all corners have weight.
                    return None
                raise Undecided
        return parts

    def at(t: float) -> list[float]:
        return [1.0 - t, t]

    def t_of(point: MixedProfile) -> float:
        return float(point[k][supports[k][1]])

    return swept(fibre, (False, False), payoffs[0].shape, supports, k, at, t_of)


def _contracted(table: list[list[Any]], ray: list[Any], turn: bool) -> list[Any]:
    """The linear function of one strategy that a bilinear one becomes when the other, the first unless turned, is held."""
    rows = table if turn else list(zip(*table))
    return [dot(row, ray) for row in rows]
