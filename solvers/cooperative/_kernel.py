"""The kernel: allocations at which no player outweighs a partner, by what each could gain without the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import BargainingError, GameError, ProfileError, SizeError
from games.exact import finite
from games.normal_form import FloatArray
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time, reached, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.programs import linprog
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kernel", "KernelCheck", "coalition_structure", "in_kernel", "kernel"]

# Four players can make tens of thousands of linear programs, five too many.
_MOST_PLAYERS = 4
_MOST_CHECKED = 14
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class KernelCheck(Result):
    """Whether an allocation lies in the kernel of a game with a coalition structure.

    Attributes
    ----------
    game : CoalitionalGame
    structure : the coalitions that have formed, as integers
    allocation : fractions, one for each player
    surplus : array (N, N): the largest excess of a coalition with the row's player and without the column's; NaN for
        players of different coalitions
    outweighs : pairs (i, j) in which i outweighs j: a larger surplus, and j has more than it is worth alone
    rational : everybody has at least what it is worth alone, and each coalition shares exactly its worth
    """

    game: CoalitionalGame
    structure: tuple[int, ...]
    allocation: tuple[Fraction, ...]
    surplus: FloatArray
    outweighs: tuple[tuple[int, int], ...]
    rational: bool

    @property
    def in_kernel(self) -> bool:
        """The allocation is individually rational, and no player outweighs another."""
        return self.rational and not self.outweighs

    def summary(self) -> str:
        if not self.rational:
            return "Not in the kernel: a coalition does not share exactly its worth, or a player has less than alone."
        if self.outweighs:
            i, j = self.outweighs[0]
            return (
                f"Not in the kernel: {self.game.players[i]} outweighs {self.game.players[j]}, "
                f"{self.surplus[i, j]:.6g} against {self.surplus[j, i]:.6g} without each other."
            )
        return "In the kernel: no player outweighs a partner, as checked in exact arithmetic."

    def to_frame(self) -> pd.DataFrame:
        """The surplus of each player (row) against each partner (column)."""
        import pandas as pd

        names = pd.Index(self.game.players, name="player")
        return pd.DataFrame(self.surplus, index=names, columns=pd.Index(self.game.players, name="against"))


@dataclass(frozen=True, eq=False, repr=False)
class Kernel(Result):
    """All of the kernel of a small game: a union of polytopes, each given by its vertices.

    Attributes
    ----------
    game : CoalitionalGame
    structure : the coalitions that have formed, as integers
    pieces : for each polytope its vertices, rows of fractions that were each checked exactly
    """

    game: CoalitionalGame
    structure: tuple[int, ...]
    pieces: tuple[tuple[tuple[Fraction, ...], ...], ...]

    def summary(self) -> str:
        formed = ", ".join(self.game.label(s) for s in self.structure)
        if len(self.pieces) == 1 and len(self.pieces[0]) == 1:
            shares = ", ".join(f"{p} {x}" for p, x in zip(self.game.players, self.pieces[0][0]))
            return f"The kernel for {formed} is one allocation: {shares}. All cases were examined."
        return (
            f"The kernel for {formed} is a union of {len(self.pieces)} polytopes; their vertices are listed. "
            "All cases were examined by linear programs, and the vertices checked in exact arithmetic."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each vertex: its polytope and the payoffs."""
        import pandas as pd

        rows = [(k, *map(float, vertex)) for k, piece in enumerate(self.pieces) for vertex in piece]
        return pd.DataFrame(rows, columns=["polytope", *self.game.players]).set_index("polytope")


def coalition_structure(game: CoalitionalGame, structure: Sequence[Sequence[str]] | None) -> tuple[int, ...]:
    """The coalitions that have formed as integers; None for all together. Players in none stand alone.

    >>> from games.coalitional import weighted_voting
    >>> coalition_structure(weighted_voting([1, 1, 1], players=["A", "B", "C"]), [["A", "B"]])
    (3, 4)
    """
    if structure is None:
        return (2**game.n_players - 1,)
    masks, taken = [], 0
    for members in structure:
        mask = game.coalition(list(members))
        if not mask or mask & taken:
            raise GameError(f"coalitions of a structure are disjoint and not empty; got {list(structure)}")
        masks.append(mask)
        taken |= mask
    return tuple(masks + [1 << i for i in range(game.n_players) if not taken >> i & 1])


def allocation_of(game: CoalitionalGame, allocation: Sequence[float | Fraction]) -> tuple[Fraction, ...]:
    """An allocation as fractions, checked for its length."""
    values = tuple(
        finite(x, f"share {k} of the allocation", ProfileError) for k, x in enumerate(allocation, 1)
    )
    if len(values) != game.n_players:
        raise ProfileError(f"the allocation has {len(values)} shares for {game.n_players} players")
    return values


@checked
@keeps_time("the check for the kernel", "check core_membership instead")
def in_kernel(
    game: CoalitionalGame,
    allocation: Sequence[float | Fraction],
    structure: Sequence[Sequence[str]] | None = None,
    *,
    time_limit: float | None = None,
) -> KernelCheck:
    """Check an allocation against the definition of the kernel (Davis and Maschler 1965), exactly.

    The surplus s_ij is the best that i can do with others but without j. Player i outweighs its partner j if s_ij
    exceeds s_ji and j has more than it is worth alone. The kernel is where nobody outweighs a partner.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    GameError, ProfileError
        For a structure or an allocation that does not fit the game.
    SizeError
        For more than 14 players.

    Examples
    --------
    >>> from games.coalitional import weighted_voting
    >>> majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    >>> half = Fraction(1, 2)
    >>> in_kernel(majority, [half, half, 0], [["A", "B"]]).in_kernel
    True
    """
    refuse_lost_worths(game)
    n = game.n_players
    if n > _MOST_CHECKED:
        raise SizeError(f"the kernel is checked for at most {_MOST_CHECKED} players; this game has {n}")
    formed, x = coalition_structure(game, structure), allocation_of(game, allocation)
    excess = [w - sum((x[i] for i in range(n) if s >> i & 1), Fraction(0)) for s, w in enumerate(game.exact)]
    noise = Fraction(game.rounding)
    surplus = np.full((n, n), np.nan)
    outweighs = []
    pairs = [p for block in formed for p in combinations([k for k in range(n) if block >> k & 1], 2)]
    for i, j in steps(pairs, len(pairs), "pairs of partners"):
        s_ij = max(e for s, e in enumerate(excess) if s >> i & 1 and not s >> j & 1)
        s_ji = max(e for s, e in enumerate(excess) if s >> j & 1 and not s >> i & 1)
        surplus[i, j], surplus[j, i] = float(s_ij), float(s_ji)
        if s_ij > s_ji + noise and x[j] > game.exact[1 << j] + noise:
            outweighs.append((i, j))
        if s_ji > s_ij + noise and x[i] > game.exact[1 << i] + noise:
            outweighs.append((j, i))
    rational = all(abs(excess[block]) <= noise for block in formed) and all(
        x[i] >= game.exact[1 << i] - noise for i in range(n)
    )
    return KernelCheck(game, formed, x, surplus, tuple(outweighs), rational)


@checked
@keeps_time("the kernel", "check one allocation with in_kernel")
def kernel(
    game: CoalitionalGame,
    structure: Sequence[Sequence[str]] | None = None,
    *,
    time_limit: float | None = None,
) -> Kernel:
    """The whole kernel of a game of at most four players, by cases.

    For each pair of partners two things are guessed: which coalitions attain their surpluses, and whether these balance or one of
    the two is at its own worth. Each guess is a set of linear constraints, dropped as soon as no allocation meets them.

    Parameters
    ----------
    game : CoalitionalGame
    structure : the coalitions that have formed, by names; None for all together
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    BargainingError
        If a coalition of the structure is worth less than its members are worth alone.
    SizeError
        For more than four players; `in_kernel` checks an allocation of larger games.

    Examples
    --------
    >>> from games.coalitional import weighted_voting
    >>> found = kernel(weighted_voting({"A": 1, "B": 1, "C": 1}), [["A", "B"]])
    >>> [str(x) for x in found.pieces[0][0]]
    ['1/2', '1/2', '0']
    """
    refuse_lost_worths(game)
    n = game.n_players
    if n > _MOST_PLAYERS:
        raise SizeError(
            f"the kernel is listed for at most {_MOST_PLAYERS} players; this game has {n}. in_kernel checks one allocation"
        )
    formed = coalition_structure(game, structure)
    for block in formed:
        own = sum((game.exact[1 << i] for i in range(n) if block >> i & 1), Fraction(0))
        if own > game.exact[block]:
            raise BargainingError(f"{game.label(block)} is worth less than its members are worth alone")
    # Measured from what each is worth alone, in the unit of the game: no answer depends on either.
    alone, unit = [game.exact[1 << i] for i in range(n)], game.scale
    values, member = game.surplus / unit, game.membership
    equal = [(member[block], values[block]) for block in formed]
    upper = [(-member[1 << i], -values[1 << i]) for i in range(n)]
    pairs = [p for b in formed for p in combinations([k for k in range(n) if b >> k & 1], 2)]
    found: list[FloatArray] = []
    for rows, right, rows_equal, right_equal in _cases(values, member, pairs, equal, upper):
        reached(f"{counted(len(found), 'piece')} of it had been found")
        vertices = _vertices(rows, right, rows_equal, right_equal)
        if len(vertices):
            found.append(vertices)
    pieces = []
    # Denominators are looked for in what all worths are whole multiples of.
    step = Fraction(1)
    if not game.rounding:
        common = lcm(*(w.denominator for w in game.exact))
        step = Fraction(gcd(*(int(w * common) for w in game.exact)) or 1, common)
    for vertices in _largest(found):
        exact = [
            tuple(
                own + (Fraction(x) * Fraction(unit) / step).limit_denominator(10**6) * step
                for own, x in zip(alone, vertex.tolist())
            )
            for vertex in vertices
        ]
        if all(in_kernel(game, v, structure).in_kernel for v in exact):
            pieces.append(tuple(exact))
        else:
            # Worths that are floats have no small denominators: the digits of the program stand.
            pieces.append(
                tuple(tuple(own + Fraction(x * unit) for own, x in zip(alone, v.tolist())) for v in vertices)
            )
    return Kernel(game, formed, tuple(sorted(pieces)))


_Rows = list[tuple[FloatArray, float]]


def _cases(
    values: FloatArray, member: FloatArray, pairs: Sequence[tuple[int, int]], equal: _Rows, upper: _Rows
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray, FloatArray]]:
    """All guesses that some allocation meets, as (A, b, A_eq, b_eq) of A x <= b, A_eq x = b_eq."""
    if not _feasible(equal, upper):
        return
    if not pairs:
        yield _matrix(upper) + _matrix(equal)
        return
    (i, j), rest = pairs[0], pairs[1:]
    masks = range(1, len(values) - 1)
    with_i = [s for s in masks if s >> i & 1 and not s >> j & 1]
    with_j = [s for s in masks if s >> j & 1 and not s >> i & 1]
    for a in with_i:
        # e(S) = v(S) - x(S): the guess attains the surplus if it is at least as large as all others.
        first = [(member[a] - member[s], values[a] - values[s]) for s in with_i if s != a]
        if not _feasible(equal, upper + first):
            continue
        for b in with_j:
            second = [(member[b] - member[s], values[b] - values[s]) for s in with_j if s != b]
            both = upper + first + second
            if not _feasible(equal, both):
                continue
            balance = (member[a] - member[b], values[a] - values[b])
            larger = (-balance[0], -balance[1])
            own = [(member[1 << k], values[1 << k]) for k in (i, j)]
            yield from _cases(values, member, rest, [*equal, balance], both)
            yield from _cases(values, member, rest, [*equal, own[1]], [*both, balance])
            yield from _cases(values, member, rest, [*equal, own[0]], [*both, larger])


def _matrix(rows: _Rows) -> tuple[FloatArray, FloatArray]:
    return np.array([r for r, _ in rows]), np.array([b for _, b in rows])


def _feasible(equal: _Rows, upper: _Rows) -> bool:
    rows, right = _matrix(upper)
    rows_equal, right_equal = _matrix(equal)
    solved = linprog(
        np.zeros(rows.shape[1]),
        A_ub=rows,
        b_ub=right + _TOLERANCE,
        A_eq=rows_equal,
        b_eq=right_equal,
        bounds=[(None, None)] * rows.shape[1],
        method="highs-ds",
    )
    return bool(solved.status == 0)


def _vertices(rows: FloatArray, right: FloatArray, equal: FloatArray, right_equal: FloatArray) -> FloatArray:
    """The vertices of a polytope in few dimensions: every choice of constraints that leaves one point."""
    start = np.linalg.lstsq(equal, right_equal, rcond=None)[0]
    if np.abs(equal @ start - right_equal).max() > 1e-7:
        return np.empty((0, len(start)))
    _, singular, directions = np.linalg.svd(equal)
    basis = directions[int((singular > 1e-9).sum()) :]
    if not len(basis):
        inside = (rows @ start <= right + 1e-7).all()
        return np.asarray(start[None, :] if inside else np.empty((0, len(start))), dtype=np.float64)
    inner = np.unique(np.round(np.column_stack([rows @ basis.T, right - rows @ start]), 10), axis=0)
    inner = inner[np.abs(inner[:, :-1]).max(axis=1) > 1e-9]
    out = []
    for choice in combinations(range(len(inner)), len(basis)):
        checkpoint()
        chosen = inner[list(choice)]
        if abs(np.linalg.det(chosen[:, :-1])) < 1e-9:
            continue
        point = start + np.linalg.solve(chosen[:, :-1], chosen[:, -1]) @ basis
        if (rows @ point <= right + 1e-7).all():
            out.append(point)
    if not out:
        return np.empty((0, len(start)))
    return np.asarray(np.unique(np.round(out, 9), axis=0))


def _largest(found: Sequence[FloatArray]) -> list[FloatArray]:
    """The polytopes that do not lie in another, by their vertices: each once."""

    def inside(point: FloatArray, vertices: FloatArray) -> bool:
        if np.abs(vertices - point).max(axis=1).min() < 1e-7:
            return True
        if len(vertices) == 1:
            return False
        solved = linprog(
            np.zeros(len(vertices)),
            A_eq=np.vstack([vertices.T, np.ones(len(vertices))]),
            b_eq=np.append(point, 1.0),
            method="highs-ds",
        )
        return bool(solved.status == 0)

    unique: dict[bytes, FloatArray] = {}
    for vertices in found:
        unique.setdefault((np.round(vertices, 7) + 0.0).tobytes(), vertices)
    kept: list[FloatArray] = []
    for vertices in sorted(unique.values(), key=len, reverse=True):
        if not any(all(inside(v, other) for v in vertices) for other in kept):
            kept.append(vertices)
    return kept
