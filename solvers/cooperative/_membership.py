"""Does a given allocation lie in the core, and if not, which coalition would object?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import ProfileError, SizeError, did_you_mean
from games.exact import finite
from games.typed import TypedGame
from games.voting import VotingRule
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.precision import refuse_lost_worths
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Membership", "core_membership"]

_SHOWN = 10
# For allocations given as floats, as a share of the largest worth.
_ROUNDING = 1e-9
_BLOCK = 2**16
_MOST_LONG = 2**20


@dataclass(frozen=True, eq=False, repr=False)
class Membership(Result):
    """Whether an allocation lies in the core.

    Attributes
    ----------
    players : names of the N players
    allocation : what each gets, as fractions
    total, worth : what the allocation adds up to, and what all together are worth
    objections : coalitions that have more alone than under the allocation, with what they have more; the largest objections
        first, at most ten. In a game of types a coalition stands for all of the same type that get as much.
    tolerance : what an objection must exceed, and the total may differ by (0 for integers and fractions)
    """

    players: tuple[str, ...]
    allocation: tuple[Fraction, ...]
    total: Fraction
    worth: Fraction
    objections: tuple[tuple[tuple[str, ...], Fraction], ...]
    tolerance: Fraction

    @property
    def efficient(self) -> bool:
        """The allocation adds up to what all together are worth."""
        return abs(self.total - self.worth) <= self.tolerance

    @property
    def feasible(self) -> bool:
        """The allocation does not add up to more than all together are worth."""
        return self.total <= self.worth + self.tolerance

    @property
    def in_core(self) -> bool:
        """All can pay for the allocation, and no coalition would do better alone."""
        return self.feasible and not self.objections

    def summary(self) -> str:
        exact = " in exact arithmetic" if not self.tolerance else f" (tolerance {float(self.tolerance):.3g})"
        if not self.feasible:
            return (
                f"Not in the core: the allocation adds up to {float(self.total):.6g}, more than the "
                f"{float(self.worth):.6g} that all together are worth."
            )
        if not self.objections:
            return f"In the core: no coalition would do better alone, checked for every coalition{exact}."
        coalition, gain = self.objections[0]
        if len(coalition) == len(self.players):
            return f"Not in the core: the allocation gives away {float(self.total):.6g} of {float(self.worth):.6g}."
        return (
            f"Not in the core: {' + '.join(coalition)} would object, with {float(gain):.6g} more alone than the allocation "
            f"gives them{exact}. Needs a common unit of payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each objection: the coalition, what it gets, what it is worth alone, its gain."""
        import pandas as pd

        share = dict(zip(self.players, self.allocation))
        rows = []
        for coalition, gain in self.objections:
            gets = sum((share[p] for p in coalition), Fraction(0))
            rows.append((" + ".join(coalition), float(gets), float(gets + gain), float(gain)))
        return pd.DataFrame(rows, columns=["coalition", "gets", "worth alone", "gain"])


@checked
@keeps_time("the check for the core", "give shares with a small common denominator")
def core_membership(
    game: CoalitionalGame | TypedGame | VotingRule,
    allocation: Mapping[str, float | Fraction] | Sequence[float | Fraction],
    *,
    time_limit: float | None = None,
) -> Membership:
    """Check whether a given allocation lies in the core (Gillies 1959), and find the coalitions that object.

    Parameters
    ----------
    game : a table, a game of types, or a voting rule of at most 2**25 classes of coalitions
    allocation : what each player gets, by name or in the order of `players`; one value for each player
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError
        For a player without a share, a share without a player, or a share that is not a finite number.
    SizeError
        For too many classes of coalitions: 2**25, or 2**20 where shares have long denominators.

    Examples
    --------
    >>> from games.coalitional import weighted_voting
    >>> found = core_membership(weighted_voting({"A": 1, "B": 1, "C": 1}), [Fraction(1, 3)] * 3)
    >>> found.in_core, found.objections[0]
    (False, (('A', 'B'), Fraction(1, 3)))
    """
    if isinstance(game, CoalitionalGame):
        refuse_lost_worths(game)
    if isinstance(game, VotingRule):
        order: tuple[str, ...] = game.players
        game = game.typed()
    else:
        order = game.players
    shares, floats = _shares(order, allocation)
    objections: list[tuple[tuple[str, ...], Fraction]]
    if isinstance(game, CoalitionalGame):
        worth = game.exact[-1]
        scale = max(float(np.abs(game.values).max()), max(abs(float(x)) for x in shares.values()))
        tolerance = Fraction(_ROUNDING * scale) if floats or game.rounding else Fraction(0)
        objections = _of_table(game, shares, tolerance)
    else:
        worth = game.exactly(-1)
        scale = max(float(np.abs(game.values).max()), max(abs(float(x)) for x in shares.values()))
        tolerance = Fraction(_ROUNDING * scale) if floats else Fraction(0)
        objections = _of_types(game, shares, tolerance)
    total = sum(shares.values(), Fraction(0))
    return Membership(order, tuple(shares[p] for p in order), total, worth, tuple(objections), tolerance)


def _shares(
    players: tuple[str, ...], allocation: Mapping[str, float | Fraction] | Sequence[float | Fraction]
) -> tuple[dict[str, Fraction], bool]:
    """The shares by player as fractions, and whether one of them came as a float."""
    if not isinstance(allocation, Mapping):
        values = list(allocation)
        if len(values) != len(players):
            raise ProfileError(f"the allocation has {len(values)} shares for {len(players)} players")
        allocation = dict(zip(players, values))
    for name in allocation:
        if name not in players:
            raise ProfileError(f"there is no player {name!r}{did_you_mean(name, players)}")
    missing = [p for p in players if p not in allocation]
    if missing:
        raise ProfileError(f"the allocation has no share for {missing[0]!r}; every player needs one")
    out, floats = {}, False
    for p in players:
        value: object = allocation[p]
        out[p] = finite(value, f"the share of {p!r}", ProfileError)
        floats = floats or isinstance(value, (float, np.floating))
    return out, floats


def _of_table(
    game: CoalitionalGame, shares: Mapping[str, Fraction], tolerance: Fraction
) -> list[tuple[tuple[str, ...], Fraction]]:
    """A coalition's members stand for its bits: the last player's bit is the slowest to turn."""
    if game.rounding:
        # Worths that are floats anyway: compared as floats, and the gains computed from the worths as they were given.
        found = []
        for mask in _largest(
            _excess(game.values, [[float(shares[p])] for p in reversed(game.players)], np.float64)
        ):
            members = game.members(mask)
            gain = Fraction(float(game.values[mask])) - sum((shares[p] for p in members), Fraction(0))
            found += [(members, gain)] if gain > tolerance else []
        return sorted(found, key=lambda pair: -pair[1])
    types = {p: [p] for p in reversed(game.players)}
    found = _of_types(TypedGame(game.raw.reshape((2,) * game.n_players), types), shares, tolerance)
    place = {p: i for i, p in enumerate(game.players)}
    return [(tuple(sorted(members, key=place.__getitem__)), gain) for members, gain in found]


def _of_types(
    game: TypedGame, shares: Mapping[str, Fraction], tolerance: Fraction
) -> list[tuple[tuple[str, ...], Fraction]]:
    """The cheapest coalition of a class takes from each type the players who get least."""
    cheap = [sorted(group, key=lambda p: shares[p]) for group in game.types.values()]
    if tolerance:
        excess = _excess(game.values.reshape(-1), [[float(shares[p]) for p in g] for g in cheap], np.float64)
    else:
        # Whole numbers over one denominator: every coalition is compared exactly.
        common = lcm(game.denominator, *(x.denominator for x in shares.values()))
        whole = [[int(shares[p] * common) for p in g] for g in cheap]
        factor = common // game.denominator
        bound = factor * int(np.abs(game.numerators).max()) + sum(abs(x) for g in whole for x in g)
        dtype = np.int64 if bound < 2**62 and game.numerators.dtype != object else object
        if dtype is object and game.numerators.size > _MOST_LONG:
            raise SizeError(
                f"{game.numerators.size} classes of coalitions and shares with long denominators; at most {_MOST_LONG} are "
                "compared exactly. Give shares as floats, or with a small common denominator"
            )
        excess = _excess(game.numerators, whole, dtype, factor)
    out = []
    for index in _largest(excess):
        members = tuple(p for group, m in zip(cheap, game.counts(index)) for p in group[: int(m)])
        gain = game.exactly(index) - sum((shares[p] for p in members), Fraction(0))
        if gain > tolerance:
            out.append((members, gain))
    return sorted(out, key=lambda pair: -pair[1])


def _excess(
    values: npt.NDArray[Any], cheap: Sequence[Sequence[Any]], dtype: npt.DTypeLike, factor: int = 1
) -> npt.NDArray[Any]:
    """What each class of coalitions is worth, times a factor, less what its cheapest coalition gets."""
    sums = np.zeros(1, dtype=dtype)
    for group in cheap:
        checkpoint()
        step = np.array(list(accumulate([0, *group])), dtype=dtype)
        sums = np.add.outer(sums, step).reshape(-1)
    for begin in range(0, len(sums), _BLOCK):
        checkpoint()
        block = slice(begin, begin + _BLOCK)
        sums[block] = values[block].astype(dtype) * factor - sums[block]
    return sums


def _largest(excess: npt.NDArray[Any]) -> list[int]:
    """The classes of largest positive excess, the empty one left out; equal ones in their order."""
    checkpoint()
    positive = np.flatnonzero(excess[1:] > 0) + 1
    if len(positive) > _BLOCK:
        cut = np.partition(excess[positive], len(positive) - _SHOWN)[len(positive) - _SHOWN]
        positive = positive[excess[positive] >= cut]
    return [int(k) for k in positive[np.argsort(-excess[positive], kind="stable")][:_SHOWN]]
