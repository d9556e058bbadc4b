"""The nucleolus: the allocation whose excesses v(S) - x(S), sorted from the largest, are lexicographically smallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import BargainingError
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import Deadline
from solvers.base.precision import refuse_lost_worths
from solvers.base.programs import cut_short, linprog, within
from solvers.base.progress import track
from solvers.base.rational import solve_exactly
from solvers.cooperative._typed_nucleolus import out_of_time, typed_nucleolus
from solvers.cooperative._values import Allocation

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Nucleolus", "normalise", "nucleolus"]

# Beyond, constraints are generated: programs over all coalitions at once would hold too many rows.
_MOST_AT_ONCE = 14
# Multipliers of a program with 0/1 coefficients are rationals with small denominators, far from this.
_POSITIVE = 1e-7


@dataclass(frozen=True, eq=False, repr=False)
class Nucleolus(Allocation):
    """The nucleolus and its proof.

    Attributes
    ----------
    exact : the payoffs as fractions, computed in rational arithmetic from the worths that were given
    verified : Kohlberg's criterion was checked at every level of excess and holds
    levels : the distinct excesses at which the linear programs fixed coalitions, largest first
    """

    exact: tuple[Fraction, ...] = ()
    verified: bool = False
    levels: tuple[float, ...] = ()

    def summary(self) -> str:
        proof = "Kohlberg's criterion holds" if self.verified else "Kohlberg's criterion FAILS"
        return f"{super().summary()} {proof}."


@checked
def nucleolus(game: CoalitionalGame, pre: bool = False, *, time_limit: float | None = None) -> Nucleolus:
    """The nucleolus (Schmeidler 1969), by a sequence of linear programs, made exact and verified.

    The programs (HiGHS) decide only which coalitions are tight: those with a positive multiplier, which no optimum
    relaxes, and those whose vectors they span. The payoffs then solve those equations in rational arithmetic, and
    Kohlberg's criterion (1971) is checked for the result.

    Parameters
    ----------
    game : CoalitionalGame. With more than 14 players, players who can change places are put together, and constraints
        are generated (`typed_nucleolus`, which takes up to 25 players who all differ)
    pre : search among all efficient allocations (the prenucleolus), not only those that give each player at
        least what it is worth alone
    time_limit : seconds of wall time, optional

    Raises
    ------
    BargainingError
        If the players' own worths add up to more than all together are worth: there is nothing to share, except
        by the prenucleolus.
    SizeError
        For more than 16 players whose worths are not whole numbers.
    ConvergenceError
        If the time limit is reached: it is all or nothing, for only the last program tells the payoffs.

    Examples
    --------
    The Talmud divides 200 among claims of 100, 200 and 300 as 50, 75, 75 (Aumann and Maschler 1985).

    >>> from games.coalitional import bankruptcy
    >>> nucleolus(bankruptcy(200, [100, 200, 300])).payoffs.tolist()
    [50.0, 75.0, 75.0]
    """
    refuse_lost_worths(game)
    n = game.n_players
    deadline = Deadline(time_limit)
    if n > _MOST_AT_ONCE:
        return _by_types(game, pre, deadline)
    alone = [game.exact[1 << i] for i in range(n)]
    if not pre and sum(alone, Fraction(0)) > game.exact[-1] + Fraction(game.rounding):
        raise BargainingError(
            f"the players' own worths add up to {float(sum(alone)):g}, more than the {game.values[-1]:g} of all together: "
            "no allocation satisfies each of them; the prenucleolus (pre=True) needs none"
        )
    shifted, unit = normalise(game)
    levels, floors = _tight(np.array([float(w) for w in shifted]), game.membership, pre, deadline)

    width = n + len(levels)
    rows, right = [[Fraction(1)] * n + [Fraction(0)] * len(levels)], [shifted[-1]]
    for k, coalitions in enumerate(levels):
        for s in coalitions:
            row = [Fraction(s >> i & 1) for i in range(n)] + [Fraction(0)] * len(levels)
            row[n + k] = Fraction(1)
            rows.append(row)
            right.append(shifted[s])
    for i in floors:
        rows.append([Fraction(int(i == j)) for j in range(width)])
        right.append(Fraction(0))
    solved = solve_exactly(rows, right)
    if solved is None:
        raise ArithmeticError("the tight coalitions of the nucleolus are inconsistent")
    shares = solved[:n]
    exact = tuple(x * unit + a for x, a in zip(shares, alone))
    return Nucleolus(
        game,
        "prenucleolus" if pre else "nucleolus",
        np.array([float(x) for x in exact]),
        exact,
        _kohlberg(shifted, shares, game.membership, pre, deadline),
        tuple(float(e * unit) for e in solved[n:]),
    )


def _by_types(game: CoalitionalGame, pre: bool, deadline: Deadline) -> Nucleolus:
    typed = TypedGame.from_game(game)
    found = typed_nucleolus(typed, pre, time_limit=deadline.left if deadline.finite else None)
    share = {p: x for x, group in zip(found.exact, typed.types.values()) for p in group}
    exact = tuple(share[p] for p in game.players)
    payoffs = np.array([float(x) for x in exact])
    return Nucleolus(game, found.name, payoffs, exact, found.verified, found.levels)


def normalise(game: CoalitionalGame) -> tuple[list[Fraction], Fraction]:
    """The worths less what the members are worth alone, in units of the largest of them, and that unit.

    In rational arithmetic: a large constant added to every player's own worth must not drown the differences. What is no
    more than the rounding of worths given as floats is taken for zero.
    """
    alone = [game.exact[1 << i] for i in range(game.n_players)]
    surplus = [w - _total(alone, s) for s, w in enumerate(game.exact)]
    noise = Fraction(game.rounding)
    if all(abs(w) <= noise for w in surplus):
        surplus = [Fraction(0)] * len(surplus)
    elif -noise <= surplus[-1] < 0:
        surplus[-1] = Fraction(0)
    unit = max(map(abs, surplus)) or Fraction(1)
    return [w / unit for w in surplus], unit


def _total(values: Sequence[Fraction], coalition: int) -> Fraction:
    return sum((v for i, v in enumerate(values) if coalition >> i & 1), Fraction(0))


def _tight(
    values: FloatArray, membership: FloatArray, pre: bool, deadline: Deadline
) -> tuple[list[list[int]], list[int]]:
    """Coalitions that each program in turn fixes, and the players held at zero, until all payoffs are determined."""
    n = membership.shape[1]
    proper = np.arange(1, len(values) - 1)
    fixed, targets = [np.ones(n)], [float(values[-1])]
    levels: list[list[int]] = []
    floors: list[int] = []
    progress = track(count(), n - 1, "nucleolus")
    while np.linalg.matrix_rank(np.array(fixed)) < n:
        next(progress)
        free = proper[_outside_span(membership[proper], np.array(fixed))]
        loose = [] if pre else [i for i in range(n) if i not in floors]
        upper = np.vstack(
            [
                np.hstack([-membership[free], -np.ones((len(free), 1))]),
                np.hstack([-np.eye(n)[loose], np.zeros((len(loose), 1))]),
            ]
        )
        equal = np.hstack([np.array(fixed), np.zeros((len(fixed), 1))])
        solved = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=upper,
            b_ub=np.append(-values[free], np.zeros(len(loose))),
            A_eq=equal,
            b_eq=targets,
            bounds=[(None, None)] * (n + 1),
            method="highs-ds",
            options=within(deadline),
        )
        if cut_short(solved, deadline):
            raise out_of_time(len(fixed), n)
        if solved.status != 0:
            raise ArithmeticError(f"a program of the nucleolus was not solved: {solved.message}")
        multipliers = -np.asarray(solved.ineqlin.marginals)
        hit = [int(s) for s in free[multipliers[: len(free)] > _POSITIVE]]
        levels.append(hit)
        excess = float(solved.fun)
        held = [i for k, i in enumerate(loose) if multipliers[len(free) + k] > _POSITIVE]
        floors += held
        for row, target in [
            *((membership[s], values[s] - excess) for s in hit),
            *((np.eye(n)[i], 0.0) for i in held),
        ]:
            # Dependent rows add nothing but rounding.
            if np.linalg.matrix_rank(np.array([*fixed, row])) > len(fixed):
                fixed.append(row)
                targets.append(float(target))
    progress.close()
    return levels, floors


def _outside_span(vectors: FloatArray, basis: FloatArray) -> npt.NDArray[np.bool_]:
    """Which of the 0/1 vectors (rows) are no linear combinations of the basis (rows)."""
    q = np.linalg.qr(basis.T)[0]
    return np.asarray(np.linalg.norm(vectors - vectors @ q @ q.T, axis=1) > 1e-9)


def _kohlberg(
    values: Sequence[Fraction],
    shares: Sequence[Fraction],
    membership: FloatArray,
    pre: bool,
    deadline: Deadline,
) -> bool:
    """Kohlberg's criterion, level by level.

    With D the coalitions of excess at least t, and D0 the players at their floor: every y that adds up to zero and
    has y(S) >= 0 on D and D0 has y(S) = 0 on D. Levels that add nothing to the span of D need no program of their own.
    """
    n = membership.shape[1]
    excess = [values[s] - _total(shares, s) for s in range(len(values))]
    if excess[-1] != 0:
        return False
    floors = [] if pre else [i for i in range(n) if shares[i] == 0]
    if not pre and min(shares) < 0:
        return False
    held = np.eye(n)[floors]
    so_far: list[int] = []
    span = np.ones((1, n))
    by_level: dict[Fraction, list[int]] = {}
    for s in range(1, len(values) - 1):
        by_level.setdefault(excess[s], []).append(s)
    for level in sorted(by_level, reverse=True):
        so_far += by_level[level]
        new = membership[by_level[level]]
        new = new[_outside_span(new, span)]
        if not len(new):
            continue
        rows = np.vstack([membership[so_far], held])
        solved = linprog(
            -membership[so_far].sum(axis=0),
            A_ub=-rows,
            b_ub=np.zeros(len(rows)),
            A_eq=np.ones((1, n)),
            b_eq=[0.0],
            bounds=[(-1, 1)] * n,
            method="highs-ds",
            options=within(deadline),
        )
        if cut_short(solved, deadline):
            raise out_of_time(n, n)
        if solved.status != 0 or -solved.fun > 1e-6:
            return False
        for row in new:
            if np.linalg.matrix_rank(np.vstack([span, row])) > len(span):
                span = np.vstack([span, row])
        if len(span) == n:
            return True
    return True
