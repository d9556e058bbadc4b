"""Voting rules with any number of voters: weights, quotas, vetoes and double majorities, without a table of coalitions.

A rule has *criteria*, each a weight for every voter and a quota, and *alternatives*, each a set of criteria. A coalition
wins if it meets every criterion of at least one alternative. Weights are kept as whole numbers, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm, prod
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import GameError, ProfileError, SizeError, did_you_mean
from games.exact import finite

if TYPE_CHECKING:
    from games.typed import TypedGame

__all__ = ["Criterion", "VotingRule", "double_majority", "security_council", "weighted"]

_MOST_IN_TABLE = 20
_MOST_CLASSES = 2**25


@dataclass(frozen=True)
class Criterion:
    """One test of a coalition: do its members' weights reach the quota?

    Attributes
    ----------
    name : what is counted, `votes` or `population`
    weights : whole numbers, one for each voter, none negative
    quota : the smallest sum that passes, a whole number in the same unit
    """

    name: str
    weights: tuple[int, ...]
    quota: int


@dataclass(frozen=True)
class VotingRule:
    """A monotone voting rule.

    Attributes
    ----------
    players : names of the N voters
    criteria : the tests
    alternatives : sets of indices into `criteria`; meeting all of one set wins
    title : a name to show above tables

    Raises
    ------
    GameError
        For names that are not distinct; for a negative weight, or weights of another number; for an alternative that
        names no criterion; for a rule that all together do not meet, or that the empty coalition meets.

    Examples
    --------
    >>> rule = weighted({"A": 3, "B": 2, "C": 2}, quota=4)
    >>> rule.wins(["B", "C"]), rule.wins(["A"])
    (True, False)
    """

    players: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    alternatives: tuple[tuple[int, ...], ...]
    title: str = ""

    def __post_init__(self) -> None:
        n = len(self.players)
        if not n or len(set(self.players)) != n:
            raise GameError(f"players: different names are needed, at least one; got {self.players!r}")
        for criterion in self.criteria:
            if len(criterion.weights) != n:
                raise GameError(
                    f"{criterion.name!r} has {len(criterion.weights)} weights for {n} voters; one each is needed"
                )
            if min(criterion.weights) < 0:
                raise GameError(f"{criterion.name!r} has a negative weight, {min(criterion.weights)}")
        if not self.alternatives or any(
            not chosen or not all(0 <= k < len(self.criteria) for k in chosen) for chosen in self.alternatives
        ):
            raise GameError("every alternative must name at least one criterion, by its index")
        if not self.wins(self.players):
            raise GameError("all voters together do not meet the rule; lower a quota")
        if self.wins([]):
            raise GameError("the empty coalition meets the rule; every alternative needs a quota above 0")

    @property
    def n_players(self) -> int:
        """Number of voters N."""
        return len(self.players)

    @checked
    def wins(self, members: Sequence[str]) -> bool:
        """Does the coalition of these voters win?"""
        indices = set()
        for name in members:
            if name not in self.players:
                raise ProfileError(f"there is no voter {name!r}{did_you_mean(name, self.players)}")
            indices.add(self.players.index(name))
        met = [sum(c.weights[i] for i in indices) >= c.quota for c in self.criteria]
        return any(all(met[k] for k in chosen) for chosen in self.alternatives)

    @property
    def types(self) -> tuple[tuple[int, ...], ...]:
        """Voters with the same weights under every criterion, as groups of indices."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for i in range(self.n_players):
            groups.setdefault(tuple(c.weights[i] for c in self.criteria), []).append(i)
        return tuple(tuple(g) for g in groups.values())

    def game(self) -> CoalitionalGame:
        """The rule as a table of all coalitions: 1 for those that win. At most 20 voters."""
        if self.n_players > _MOST_IN_TABLE:
            raise SizeError(
                f"{self.n_players} voters have 2**{self.n_players} coalitions; a table takes at most {_MOST_IN_TABLE}"
            )
        shape = (2,) * self.n_players
        worths = self._table([(i,) for i in range(self.n_players)]).reshape(shape)
        # The table's first axis is the first voter; a coalition's first bit is the last axis.
        return CoalitionalGame(worths.transpose().reshape(-1), self.players, self.title)

    def typed(self) -> TypedGame:
        """The rule as a game of symmetric players by type (`games.typed`), at most 2**25 classes of coalitions."""
        from games.typed import TypedGame

        groups = self.types
        names = [
            self.players[g[0]] if len(g) == 1 else f"{self.players[g[0]]} ... ({len(g)})" for g in groups
        ]
        if len(set(names)) < len(names):
            names = [f"{name}, type {k + 1}" for k, name in enumerate(names)]
        return TypedGame(
            self._table(groups),
            {name: [self.players[i] for i in g] for name, g in zip(names, groups)},
            self.title,
        )

    def _table(self, groups: Sequence[tuple[int, ...]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """1 where so many of each group win, else 0."""
        shape = tuple(len(g) + 1 for g in groups)
        if prod(shape) > _MOST_CLASSES:
            raise SizeError(
                f"the rule has {prod(shape)} classes of coalitions ({len(groups)} types of voters); at most "
                f"{_MOST_CLASSES} are taken"
            )
        met = []
        for c in self.criteria:
            sums = np.zeros((1,) * len(shape), dtype=np.int64 if sum(c.weights) < 2**62 else object)
            for axis, g in enumerate(groups):
                along = [1] * len(shape)
                along[axis] = len(g) + 1
                step = np.arange(len(g) + 1, dtype=sums.dtype) * c.weights[g[0]]
                sums = sums + step.reshape(along)
            met.append((sums >= c.quota).astype(np.bool_))
        won = np.zeros(shape, dtype=np.bool_)
        for chosen in self.alternatives:
            won |= np.logical_and.reduce([met[k] for k in chosen])
        return won.astype(np.int64)


def _whole(
    name: str, weights: Sequence[float | Fraction], quota: Fraction, strict: bool = False
) -> Criterion:
    """A criterion in whole numbers; `strict` for sums that must exceed the quota."""
    exact = [finite(w, f"{name}: a weight") for w in weights]
    unit = lcm(*(w.denominator for w in exact))
    least = quota * unit
    return Criterion(
        name, tuple(int(w * unit) for w in exact), int(least // 1) + 1 if strict else ceil(least)
    )


@checked
def weighted(weights: Mapping[str, float | Fraction], quota: float | Fraction | None = None) -> VotingRule:
    """A weighted voting rule: a coalition wins if its weights reach the quota, by default more than half of all.

    Raises GameError for a negative weight, or a quota that all together do not reach or that nobody needs to.

    >>> weighted({"A": 3, "B": 2, "C": 1}).criteria[0].quota
    4
    """
    names, numbers = tuple(weights), list(weights.values())
    total = sum((finite(w, f"the weight of {p!r}") for p, w in weights.items()), Fraction(0))
    if quota is None:
        criterion = _whole("votes", numbers, total / 2, strict=True)
    else:
        criterion = _whole("votes", numbers, finite(quota, "the quota"))
    return VotingRule(names, (criterion,), ((0,),), "weighted voting")


@checked
def double_majority(
    populations: Mapping[str, float | Fraction],
    members: float | Fraction = Fraction(55, 100),
    population: float | Fraction = Fraction(65, 100),
    blocking: int = 4,
) -> VotingRule:
    """The double majority of the Council of the European Union (Treaty on European Union, article 16(4)).

    A proposal passes with a share `members` of the members who represent a share `population` of the people. A minority
    that blocks must have at least `blocking` members: fewer objectors than that never block.

    Parameters
    ----------
    populations : member -> number of people (any unit)
    members, population : shares in (0, 1]; a decimal such as .65 is taken for 65/100
    blocking : the smallest number of members who may block; 1 leaves the clause out

    Examples
    --------
    >>> rule = double_majority({"A": 60, "B": 20, "C": 10, "D": 10}, blocking=2)
    >>> rule.wins(["A", "B", "C"]), rule.wins(["B", "C", "D"]), rule.wins(["A", "B"])
    (True, True, False)
    """
    names, n = tuple(populations), len(populations)
    shares = []
    for label, share in (("members", members), ("population", population)):
        exact = finite(str(share) if isinstance(share, float) else share, label)
        if not 0 < exact <= 1:
            raise GameError(f"{label} is {share}; it is a share above 0 and not above 1")
        shares.append(exact)
    if not 1 <= blocking <= n:
        raise GameError(f"blocking is {blocking}; it is a number of members between 1 and {n}")
    people = list(populations.values())
    total = sum((finite(x, f"the population of {p!r}") for p, x in populations.items()), Fraction(0))
    ones = (1,) * n
    criteria = [
        Criterion("members", ones, ceil(shares[0] * n)),
        _whole("population", people, shares[1] * total),
    ]
    alternatives: list[tuple[int, ...]] = [(0, 1)]
    if blocking > 1:
        criteria.append(Criterion("fewer objectors than may block", ones, n - blocking + 1))
        alternatives.append((0, 2))
    return VotingRule(names, tuple(criteria), tuple(alternatives), "double majority")


def security_council() -> VotingRule:
    """The Security Council of the United Nations since 1966: nine of fifteen votes, all five permanent members among them.

    Charter, article 27(3); abstentions count here as votes against.

    >>> rule = security_council()
    >>> rule.n_players, len(rule.types)
    (15, 2)
    """
    permanent = ("China", "France", "Russia", "United Kingdom", "United States")
    names = permanent + tuple(f"Elected {k + 1}" for k in range(10))
    veto = Criterion("permanent members", (1,) * 5 + (0,) * 10, 5)
    votes = Criterion("votes", (1,) * 15, 9)
    return VotingRule(names, (veto, votes), ((0, 1),), "UN Security Council")
