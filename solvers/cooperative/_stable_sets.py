"""Stable sets of von Neumann and Morgenstern: finite sets of imputations that dominate everything else and not each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import BargainingError, GameError, SizeError
from games.voting import VotingRule
from solvers.base.deadline import checkpoint, keeps_time, reached, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.result import Result
from solvers.cooperative._kernel import allocation_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StableSetCheck", "is_stable_set", "main_simple_solution"]

_MOST_PLAYERS = 8
# Cases of the search for an imputation that nothing dominates; at most some seconds.
_MOST_CASES = 10**6


@dataclass(frozen=True, eq=False, repr=False)
class StableSetCheck(Result):
    """Whether a finite set of imputations is stable, exactly.

    Attributes
    ----------
    game : CoalitionalGame
    points : the imputations, rows of fractions
    internal : no member of the set dominates another
    external : every imputation outside is dominated by a member
    dominating : for a set that is not internally stable, (dominating, dominated, coalition): two indices into `points` and
        the coalition by which one dominates the other; else None
    undominated : for a set that is not externally stable, an imputation outside that no member dominates; else None
    """

    game: CoalitionalGame
    points: tuple[tuple[Fraction, ...], ...]
    internal: bool
    external: bool
    dominating: tuple[int, int, int] | None
    undominated: tuple[Fraction, ...] | None

    @property
    def stable(self) -> bool:
        """The set is internally and externally stable."""
        return self.internal and self.external

    def summary(self) -> str:
        if self.stable:
            return f"The {len(self.points)} imputations are a stable set: checked in exact arithmetic over all imputations."
        parts = []
        if self.dominating is not None:
            a, b, s = self.dominating
            parts.append(f"point {a + 1} dominates point {b + 1} through {self.game.label(s)}")
        if self.undominated is not None:
            shares = ", ".join(f"{p} {x}" for p, x in zip(self.game.players, self.undominated))
            parts.append(f"no point dominates the imputation {shares}")
        return f"Not a stable set: {'; '.join(parts)}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each imputation of the set."""
        import pandas as pd

        return pd.DataFrame([list(map(float, p)) for p in self.points], columns=list(self.game.players))


@checked
@keeps_time("the check for a stable set", "take fewer points")
def is_stable_set(
    game: CoalitionalGame, points: Sequence[Sequence[float | Fraction]], *, time_limit: float | None = None
) -> StableSetCheck:
    """Decide exactly whether finitely many imputations are a stable set (von Neumann and Morgenstern 1944, section 30).

    x dominates y through a coalition S if every member of S gets more in x and S can enforce it, x(S) <= v(S). An
    imputation escapes all points if for each point and each coalition that can enforce it, some member has at least as
    much. Naming that member for each gives lower bounds on payoffs; all ways of naming are examined.

    Parameters
    ----------
    game : CoalitionalGame of at most eight players
    points : imputations: shares that add up to the worth of all, none below what the player is worth alone
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For a point that is not an imputation.
    SizeError
        For more than eight players, or too many cases.

    Examples
    --------
    The three ways in which two of three equals share alike are the symmetric stable set of the majority game.

    >>> from games.coalitional import weighted_voting
    >>> half = Fraction(1, 2)
    >>> majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    >>> is_stable_set(majority, [(half, half, 0), (half, 0, half), (0, half, half)]).stable
    True
    """
    refuse_lost_worths(game)
    n, values = game.n_players, game.exact
    if n > _MOST_PLAYERS:
        raise SizeError(f"stable sets are checked for at most {_MOST_PLAYERS} players; this game has {n}")
    own = tuple(values[1 << i] for i in range(n))
    members = []
    for k, point in enumerate(points):
        checkpoint()
        x = allocation_of(game, point)
        if sum(x) != values[-1] or any(a < b for a, b in zip(x, own)):
            raise GameError(
                f"point {k + 1} is not an imputation: its shares must add up to {values[-1]} exactly, none below what the "
                "player is worth alone; give fractions"
            )
        if x not in members:
            members.append(x)
    if not members:
        raise GameError("at least one imputation is needed")
    effective = [
        [s for s in range(1, 2**n) if sum((x[i] for i in range(n) if s >> i & 1), Fraction(0)) <= values[s]]
        for x in steps(members, len(members), "points' effective coalitions")
    ]
    dominating = next(
        (
            (a, b, s)
            for a, x in steps(enumerate(members), len(members), "points compared with the others")
            for b, y in enumerate(members)
            for s in effective[a]
            if all(x[i] > y[i] for i in range(n) if s >> i & 1)
        ),
        None,
    )
    escapes = _undominated(members, effective, own, values[-1])
    return StableSetCheck(game, tuple(members), dominating is None, escapes is None, dominating, escapes)


def _undominated(
    points: Sequence[tuple[Fraction, ...]],
    effective: Sequence[Sequence[int]],
    own: tuple[Fraction, ...],
    total: Fraction,
) -> tuple[Fraction, ...] | None:
    """An imputation outside the set that no point dominates, or None; by lower bounds on the payoffs."""
    n = len(own)
    # Coalitions that contain a smaller one that can enforce the same point add nothing.
    claims = [
        (x, s)
        for x, coalitions in steps(zip(points, effective), len(points), "points' smallest coalitions")
        for s in coalitions
        if not any(t != s and t & s == t for t in coalitions)
    ]
    visited: set[tuple[int, tuple[Fraction, ...]]] = set()
    stack = [(0, own)]
    while stack:
        k, floor = stack.pop()
        if (k, floor) in visited:
            continue
        visited.add((k, floor))
        reached(f"{len(visited):,} cases had been examined")
        if len(visited) > _MOST_CASES:
            raise SizeError(f"more than {_MOST_CASES} cases; take fewer points or players")
        left = total - sum(floor)
        if left < 0:
            continue
        while k < len(claims) and any(floor[i] >= claims[k][0][i] for i in range(n) if claims[k][1] >> i & 1):
            k += 1
        if k == len(claims):
            # Everything above the floors escapes; it must lie in the set.
            found = _outside(floor, left, points)
            if found is not None:
                return found
            continue
        x, s = claims[k]
        stack += [
            (k + 1, tuple(max(f, x[i]) if j == i else f for j, f in enumerate(floor)))
            for i in range(n)
            if s >> i & 1
        ]
    return None


def _outside(
    floor: tuple[Fraction, ...], left: Fraction, points: Sequence[tuple[Fraction, ...]]
) -> tuple[Fraction, ...] | None:
    """A point above the floors that is not in the set: what is left can be divided in more ways than the set has points."""
    n = len(floor)
    if left == 0 or n == 1:
        only = tuple(f + left if i == 0 else f for i, f in enumerate(floor))
        return None if only in points else only
    for k in range(len(points) + 1):
        part = left * Fraction(k, len(points) + 1)
        point = tuple(f + (part if i == 0 else left - part if i == 1 else 0) for i, f in enumerate(floor))
        if point not in points:
            return point
    raise AssertionError("more points than the set has cannot all lie in it")


@checked
@keeps_time("the main simple solution", "take fewer voters")
def main_simple_solution(
    rule: VotingRule, *, time_limit: float | None = None
) -> tuple[tuple[Fraction, ...], ...]:
    """The main simple solution of a homogeneous weighted majority game: a finite stable set.

    Each coalition that wins with exactly the quota shares 1 among its members in proportion to their weights (von Neumann
    and Morgenstern 1944, section 50). It exists where the game is constant-sum and all minimal winning coalitions weigh the
    same.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    BargainingError
        For a rule with several criteria, one that is not constant-sum, or not homogeneous in the weights given.
    SizeError
        For more than 20 voters.

    Examples
    --------
    >>> from games.voting import weighted
    >>> [[str(x) for x in point] for point in main_simple_solution(weighted({"A": 2, "B": 1, "C": 1, "D": 1}))]
    [['2/3', '1/3', '0', '0'], ['2/3', '0', '1/3', '0'], ['2/3', '0', '0', '1/3'], ['0', '1/3', '1/3', '1/3']]
    """
    if len(rule.criteria) != 1:
        raise BargainingError("the main simple solution is defined for one weighting")
    game, (criterion,) = rule.game(), rule.criteria
    won = game.values > 0
    if (won == won[::-1]).any():
        raise BargainingError(
            "the game is not constant-sum: of a coalition and all others exactly one must win"
        )
    n = rule.n_players
    masks = np.arange(len(won))
    least = won.copy()
    for i in steps(range(n), n, "voters"):
        # A coalition that wins without one of its members is not minimal.
        least &= (masks >> i & 1 == 0) | ~won[masks & ~(1 << i)]
    minimal = [int(s) for s in np.flatnonzero(least)]
    weights = {
        s: sum(criterion.weights[i] for i in range(n) if s >> i & 1)
        for s in steps(minimal, len(minimal), "minimal winning coalitions")
    }
    if len(set(weights.values())) > 1:
        raise BargainingError(
            "the weights are not homogeneous: the minimal winning coalitions weigh "
            f"{min(weights.values())} to {max(weights.values())}; all must weigh the same"
        )
    return tuple(
        tuple(Fraction(criterion.weights[i] if s >> i & 1 else 0, weights[s]) for i in range(n))
        for s in steps(minimal, len(minimal), "points")
    )
