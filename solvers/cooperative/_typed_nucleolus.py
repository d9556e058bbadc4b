"""The nucleolus of games whose players come in types, by constraint generation: up to 25 players who all differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import BargainingError, ConvergenceError
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import Deadline
from solvers.base.precision import refuse_lost_worths
from solvers.base.programs import cut_short, linprog, within
from solvers.base.progress import track
from solvers.base.rational import solve_exactly
from solvers.base.result import Result
from solvers.cooperative._generation import Classes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TypedAllocation", "TypedNucleolus", "out_of_time", "typed_nucleolus"]

# Multipliers of programs with small whole coefficients are rationals with small denominators, far from this; so are excesses that
# differ, in units of the largest.
_POSITIVE = 1e-7
_TOLERANCE = 1e-7
# Games of 25 players who all differ take some hundreds.
_MOST_PROGRAMS = 2000


@dataclass(frozen=True, eq=False, repr=False)
class TypedAllocation(Result):
    """What each player of each type gets under one value.

    Attributes
    ----------
    game : TypedGame
    name : the value's name
    payoffs : array (T,), what one player of each type gets, in the game's common unit
    """

    game: TypedGame
    name: str
    payoffs: FloatArray

    @property
    def by_player(self) -> FloatArray:
        """Array (N,): the payoffs of all players, in the order of `game.players`."""
        return np.repeat(self.payoffs, self.game.sizes)

    def summary(self) -> str:
        shares = ", ".join(f"{name} {x:.6g}" for name, x in zip(self.game.types, self.payoffs))
        total = float(self.payoffs @ np.array(self.game.sizes))
        return (
            f"{self.name}, for each player of a type: {shares}; in all {total:.6g} of "
            f"{float(self.game.exactly(-1)):.6g}. Needs a common unit of payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each type: how many players it has, what each of them gets."""
        import pandas as pd

        return pd.DataFrame(
            {"players": self.game.sizes, self.name: self.payoffs},
            index=pd.Index(list(self.game.types), name="type"),
        )


@dataclass(frozen=True, eq=False, repr=False)
class TypedNucleolus(TypedAllocation):
    """The nucleolus of a game of types and its proof.

    Attributes
    ----------
    exact : the payoffs as fractions
    verified : Kohlberg's criterion was checked over all classes of coalitions at every level of excess, and holds
    programs : linear programs that were solved
    levels : the distinct excesses at which the programs fixed coalitions, largest first
    """

    exact: tuple[Fraction, ...] = ()
    verified: bool = False
    programs: int = 0
    levels: tuple[float, ...] = ()

    def summary(self) -> str:
        proof = "Kohlberg's criterion holds" if self.verified else "Kohlberg's criterion FAILS"
        return f"{super().summary()} {proof}."


@checked
def typed_nucleolus(game: TypedGame, pre: bool = False, *, time_limit: float | None = None) -> TypedNucleolus:
    """The nucleolus (Schmeidler 1969) of a game of types.

    It is unique, and so treats players of one type alike: the programs have one payoff for each type. Each program holds
    only some classes of coalitions, and the class of largest excess among all others is added until none exceeds the
    optimum. The payoffs then solve the tight equations in rational arithmetic, and Kohlberg's criterion (1971) is
    checked over all classes.

    Raises
    ------
    BargainingError
        If the players' own worths add up to more than all together are worth; `pre=True` needs no imputation.
    ConvergenceError
        If the programs do not end, or not within `time_limit` seconds of wall time.

    Examples
    --------
    >>> from games.voting import security_council
    >>> typed_nucleolus(security_council().typed()).exact
    (Fraction(1, 5), Fraction(0, 1))
    """
    refuse_lost_worths(game)
    deadline = Deadline(time_limit)
    classes = Classes(game)
    sizes = [Fraction(n) for n in game.sizes]
    total = classes.total
    if not pre and total < 0:
        raise BargainingError(
            "the players' own worths add up to more than all together are worth: no allocation satisfies each of them; "
            "the prenucleolus (pre=True) needs none"
        )
    levels, floors, programs = _tight(classes, pre, deadline)
    width = len(sizes) + len(levels)
    rows, right = [[*sizes, *([Fraction(0)] * len(levels))]], [total]
    for k, tight in enumerate(levels):
        for index in tight:
            row = [Fraction(int(m)) for m in game.counts(index)] + [Fraction(0)] * len(levels)
            row[len(sizes) + k] = Fraction(1)
            rows.append(row)
            right.append(classes.surplus(index))
    for t in floors:
        rows.append([Fraction(int(t == j)) for j in range(width)])
        right.append(Fraction(0))
    solved = solve_exactly(rows, right)
    if solved is None:
        raise ConvergenceError("the tight coalitions of the nucleolus are inconsistent", "nucleolus")
    shares = solved[: len(sizes)]
    exact = tuple(x * classes.unit + a for x, a in zip(shares, classes.alone))
    return TypedNucleolus(
        game,
        "prenucleolus" if pre else "nucleolus",
        np.array([float(x) for x in exact]),
        exact,
        _kohlberg(classes, shares, pre, deadline),
        programs,
        tuple(float(e * classes.unit) for e in solved[len(sizes) :]),
    )


def _complement(fixed: FloatArray) -> FloatArray:
    """Rows: an orthonormal basis of the vectors at right angles to all given rows."""
    # Many rows are first turned into as few as there are types: the SVD would hold a square matrix of their number.
    reduced = np.linalg.qr(fixed, mode="r") if len(fixed) > fixed.shape[1] else fixed
    _, singular, directions = np.linalg.svd(reduced)
    rank = int((singular > 1e-9 * singular[0]).sum())
    return np.asarray(directions[rank:])


def _tight(classes: Classes, pre: bool, deadline: Deadline) -> tuple[list[list[int]], list[int], int]:
    """Classes that each program in turn fixes, the types held at their own worth, and the number of programs."""
    game = classes.game
    n_types = len(game.sizes)
    fixed, targets = [np.array(game.sizes, dtype=np.float64)], [float(classes.total)]
    levels: list[list[int]] = []
    floors: list[int] = []
    pool: dict[int, tuple[FloatArray, float]] = {}

    def add(indices: Sequence[int]) -> int:
        fresh = [k for k in indices if k not in pool]
        for k in fresh:
            pool[k] = game.counts(k).astype(np.float64), float(classes.surplus(k))
        return len(fresh)

    last = prod(game.shape) - 1
    single = [int(np.ravel_multi_index(row, game.shape)) for row in np.eye(n_types, dtype=np.int64)]
    add([k for k in single + [last - k for k in single] if 0 < k < last])
    programs = 0
    complement = _complement(np.array(fixed))
    progress = track(count(), n_types - 1, "nucleolus")
    while len(complement):
        next(progress)
        loose = [] if pre else [t for t in range(n_types) if t not in floors]
        while True:
            if deadline.passed:
                raise out_of_time(n_types - len(complement), n_types)
            free = [k for k, (row, _) in pool.items() if np.abs(complement @ row).max() > 1e-9]
            if not free:
                start = np.linalg.lstsq(np.array(fixed), np.array(targets), rcond=None)[0]
                add([k for _, k in classes.worst(start, complement)])
                continue
            upper = np.array(
                [[*-pool[k][0], -1.0] for k in free] + [[*-np.eye(n_types)[t], 0.0] for t in loose]
            )
            solved = linprog(
                np.append(np.zeros(n_types), 1.0),
                A_ub=upper,
                b_ub=[-pool[k][1] for k in free] + [0.0] * len(loose),
                A_eq=np.hstack([np.array(fixed), np.zeros((len(fixed), 1))]),
                b_eq=targets,
                bounds=[(None, None)] * (n_types + 1),
                method="highs-ds",
                options=within(deadline),
            )
            programs += 1
            if cut_short(solved, deadline):
                raise out_of_time(n_types - len(complement), n_types)
            if solved.status != 0 or programs > _MOST_PROGRAMS:
                raise ConvergenceError(
                    f"the nucleolus was not found in {programs} programs: {solved.message}", "nucleolus"
                )
            excess = float(solved.fun)
            worse = [k for e, k in classes.worst(solved.x[:-1], complement) if e > excess + _TOLERANCE]
            if not add(worse):
                break
        multipliers = -np.asarray(solved.ineqlin.marginals)
        hit = [k for k, m in zip(free, multipliers) if m > _POSITIVE]
        held = [t for t, m in zip(loose, multipliers[len(free) :]) if m > _POSITIVE]
        levels.append(hit)
        floors += held
        for row, target in [
            *((pool[k][0], pool[k][1] - excess) for k in hit),
            *((np.eye(n_types)[t], 0.0) for t in held),
        ]:
            if len(complement) and np.abs(complement @ row).max() > 1e-9:
                fixed.append(row)
                targets.append(target)
                complement = _complement(np.array(fixed))
    progress.close()
    return levels, floors, programs


def out_of_time(fixed: int, n: int) -> ConvergenceError:
    """What to raise when the time is over; the payoffs are known only once all of their dimensions are fixed."""
    return ConvergenceError(
        f"the nucleolus had {fixed} of {n} dimensions fixed and was not yet proved when the time limit was reached; raise "
        "time_limit",
        "nucleolus",
    )


def _kohlberg(classes: Classes, shares: Sequence[Fraction], pre: bool, deadline: Deadline) -> bool:
    """Kohlberg's criterion, level by level, over directions that treat players of a type alike.

    The excesses are exact. If some direction y refutes the criterion, so does its mean over all exchanges of like
    players. Where it held at the levels above, y is at right angles to their classes: only the new ones need a program.
    """
    sizes = np.array(classes.game.sizes, dtype=np.float64)
    if sum(x * n for x, n in zip(shares, classes.game.sizes)) != classes.total:
        return False
    if not pre and min(shares) < 0:
        return False
    held = np.eye(len(sizes))[[] if pre else [t for t, x in enumerate(shares) if x == 0]]
    complement = _complement(sizes[None, :])
    while len(complement):
        if deadline.passed:
            raise out_of_time(len(sizes), len(sizes))
        level = classes.exact_level(shares, complement)
        if level is None:
            return True
        projected = classes.game.counts(level[1]) @ complement.T
        # Rounded only to find equal rows: the rows themselves keep all their digits.
        new = projected[np.unique(np.round(projected, 9), axis=0, return_index=True)[1]]
        floor = held @ complement.T
        solved = linprog(
            -new.sum(axis=0),
            A_ub=-np.vstack([new, floor]),
            b_ub=np.zeros(len(new) + len(floor)),
            bounds=[(-1, 1)] * len(complement),
            method="highs-ds",
        )
        if solved.status != 0 or -solved.fun > 1e-6:
            return False
        complement = _complement(new) @ complement if len(new) else complement
    return True
