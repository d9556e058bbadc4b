"""Voting power in rules of up to hundreds of voters: Shapley-Shubik and Banzhaf, in exact integers.

Both indices follow from how many winning coalitions of each size contain each voter. Three ways of counting them:

- *generating functions* (Mann and Shapley 1962 for Shapley-Shubik; Brams and Affuso 1976 for Banzhaf): the number of
  coalitions by sum of weights and size is a polynomial, the product over the voters of 1 + y x^w. Its coefficients in y are
  packed into one Python integer, so that adding and shifting long integers does the work; a voter is taken out by division;
- *two halves*, where sums of weights are too many to list (populations in persons): all coalitions of each half, joined by
  their sums; up to about 40 voters;
- *enumeration* of all pairs of half coalitions, for rules with two and more weightings that differ: up to 30 voters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SizeError, did_you_mean
from games.normal_form import FloatArray
from games.voting import VotingRule
from solvers.base.deadline import checkpoint, keeps_time, reached, steps
from solvers.base.progress import track
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METHODS", "VotingPower", "voting_power"]

METHODS = ("auto", "generating functions", "two halves", "enumeration")

# Bytes moved by the long additions of the generating functions: about 2e9 a second on a laptop, so a minute at most.
_MOST_BYTES_MOVED = 10**11
_MOST_BYTES_HELD = 10**9
_MOST_HALVES = 40
_MOST_ENUMERATED = 30
# The time is looked at once in so many steps, less one: some milliseconds.
_OFTEN = 2**13 - 1


@dataclass(frozen=True, eq=False, repr=False)
class VotingPower(Result):
    """Power of each voter under one rule, exactly.

    Attributes
    ----------
    rule : VotingRule
    method : how coalitions were counted
    winning : the number of winning coalitions
    swings : for each voter, the number of winning coalitions that would lose without it
    shapley_shubik : the Shapley-Shubik indices as fractions; they add up to 1
    """

    rule: VotingRule
    method: str
    winning: int
    swings: tuple[int, ...]
    shapley_shubik: tuple[Fraction, ...]

    @property
    def banzhaf(self) -> tuple[Fraction, ...]:
        """The normalised Banzhaf indices: each voter's share of all swings (Banzhaf 1965)."""
        total = sum(self.swings)
        return tuple(Fraction(s, total) for s in self.swings)

    @property
    def penrose(self) -> tuple[Fraction, ...]:
        """The probability that a voter swings if all others toss coins (Penrose 1946): the absolute Banzhaf measure."""
        return tuple(Fraction(s, 2 ** (self.rule.n_players - 1)) for s in self.swings)

    @property
    def power_to_act(self) -> Fraction:
        """The share of all coalitions that win (Coleman 1971)."""
        return Fraction(self.winning, 2**self.rule.n_players)

    def summary(self) -> str:
        order = sorted(range(self.rule.n_players), key=lambda i: -self.shapley_shubik[i])
        top = self.rule.players[order[0]]
        return (
            f"Voting power of {self.rule.n_players} voters by {self.method}, in exact integers: {top} has the most, "
            f"Shapley-Shubik {float(self.shapley_shubik[order[0]]):.4f} and Banzhaf {float(self.banzhaf[order[0]]):.4f}. "
            f"{float(self.power_to_act):.4%} of all coalitions win."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each voter: both indices, the Penrose measure, the number of swings (as text where it is long)."""
        import pandas as pd

        def as_floats(values: Sequence[Fraction]) -> FloatArray:
            return np.array([float(v) for v in values])

        return pd.DataFrame(
            {
                "Shapley-Shubik": as_floats(self.shapley_shubik),
                "Banzhaf": as_floats(self.banzhaf),
                "Penrose": as_floats(self.penrose),
                "swings": [s if s < 2**53 else str(s) for s in self.swings],
            },
            index=pd.Index(self.rule.players, name="voter"),
        )


@checked
@keeps_time("the voting power", "give weights in a coarser unit")
def voting_power(rule: VotingRule, method: str = "auto", *, time_limit: float | None = None) -> VotingPower:
    """Shapley-Shubik and Banzhaf indices of a voting rule, in exact integers.

    Parameters
    ----------
    rule : VotingRule
    method : `generating functions`, `two halves`, `enumeration`, or `auto` for the first that is feasible
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For an unknown method, or one that does not fit the rule: the first two take one weighting and any number of
        conditions on how many members a coalition has.
    SizeError
        Before any work, where the method would take too long or too much memory; the message says how much.

    Examples
    --------
    The Council of the European Economic Community of 1958: Luxembourg never made a difference.

    >>> from games.voting import weighted
    >>> six = {"Germany": 4, "France": 4, "Italy": 4, "Belgium": 2, "Netherlands": 2, "Luxembourg": 1}
    >>> found = voting_power(weighted(six, quota=12))
    >>> [str(x) for x in found.banzhaf]
    ['5/21', '5/21', '5/21', '1/7', '1/7', '0']
    """
    if method not in METHODS:
        raise MethodError(f"there is no method {method!r}{did_you_mean(method, METHODS)}")
    thresholds = _by_size(rule)
    problems: list[str] = []
    for name in METHODS[1:] if method == "auto" else (method,):
        problem = _too_large(rule, name, thresholds is not None)
        if problem is None:
            break
        problems.append(problem)
    else:
        if method != "auto" and thresholds is None and method != "enumeration":
            raise MethodError(problems[0])
        raise SizeError("; ".join(problems))
    if name == "enumeration":
        containing = _enumerate(rule)
    else:
        assert thresholds is not None
        weights, least = thresholds
        containing = (_generating if name == METHODS[1] else _two_halves)(weights, least)
    return _indices(rule, name, containing)


def _indices(rule: VotingRule, method: str, containing: list[list[int]]) -> VotingPower:
    """From the winning coalitions of each size that contain each voter (N lists of N + 1) to the indices.

    A winning coalition of size s - 1 without i still wins with i, so i swings in those of size s that contain it less
    the winning ones of size s - 1 that do not.
    """
    n = rule.n_players
    # Every winning coalition of size s is counted once for each of its s members.
    winning = [0] + [sum(row[s] for row in containing) // s for s in range(1, n + 1)]
    orders = factorial(n)
    swings, shapley = [], []
    for row in containing:
        by_size = [row[s] - (winning[s - 1] - row[s - 1]) for s in range(1, n + 1)]
        swings.append(sum(by_size))
        total = sum(x * factorial(s - 1) * factorial(n - s) for s, x in enumerate(by_size, start=1) if x)
        shapley.append(Fraction(total, orders))
    return VotingPower(rule, method, sum(winning), tuple(swings), tuple(shapley))


def _by_size(rule: VotingRule) -> tuple[tuple[int, ...], list[int | None]] | None:
    """The rule as one weighting and the least sum that wins for each size (None: none does), if it has that form."""
    weightings = {c.weights for c in rule.criteria if len(set(c.weights)) > 1}
    if len(weightings) > 1:
        return None
    weights = weightings.pop() if weightings else (1,) * rule.n_players
    least: list[int | None] = []
    for size in range(rule.n_players + 1):
        sums = []
        for chosen in rule.alternatives:
            needed, met = 0, True
            for k in chosen:
                criterion = rule.criteria[k]
                if len(set(criterion.weights)) > 1:
                    needed = max(needed, criterion.quota)
                else:
                    met = met and size * criterion.weights[0] >= criterion.quota
            if met:
                sums.append(needed)
        least.append(min(sums) if sums else None)
    return weights, least


def _gigabytes(count: int) -> str:
    # Weights have any number of digits, and a float has not.
    return f"{Decimal(count) / 10**9:.3g}"


def _too_large(rule: VotingRule, method: str, one_weighting: bool) -> str | None:
    n = rule.n_players
    if method == "enumeration":
        if n > _MOST_ENUMERATED:
            return f"enumeration takes at most {_MOST_ENUMERATED} voters; this rule has {n}"
        if max(sum(c.weights) for c in rule.criteria) >= 2**62:
            return "enumeration takes weights whose sum is below 2**62"
        return None
    if not one_weighting:
        return f"{method} take one weighting; this rule has several that differ"
    if method == "two halves":
        return (
            None if n <= _MOST_HALVES else f"two halves take at most {_MOST_HALVES} voters; this rule has {n}"
        )
    total = sum(next((c.weights for c in rule.criteria if len(set(c.weights)) > 1), (1,) * n))
    each = (n + 1) * (n + 1) // 8 + 32
    kinds = len({tuple(c.weights[i] for c in rule.criteria) for i in range(n)})
    held, moved = (total + 1) * each, (total + 1) * each * (n + 2 * kinds)
    # Below the cost of the other way nothing is refused.
    if held > _MOST_BYTES_HELD or moved > _MOST_BYTES_MOVED:
        return (
            f"generating functions would hold {_gigabytes(held)} GB and move {_gigabytes(moved)} GB for {n} voters whose weights "
            f"add up to {Decimal(total):.6g}; at most {_MOST_BYTES_HELD / 1e9:g} and {_MOST_BYTES_MOVED / 1e9:g} are taken. "
            "Weights in a coarser unit need less"
        )
    return None


def _generating(weights: Sequence[int], least: Sequence[int | None]) -> list[list[int]]:
    n, total, width = len(weights), sum(weights), len(weights) + 1
    # all_voters[x]: coalitions whose weights add up to x, the coefficients by size packed at `width` bits each.
    all_voters = [0] * (total + 1)
    all_voters[0] = 1
    reached = 0
    for w in weights:
        for x in range(reached, -1, -1):
            if not x & _OFTEN:
                checkpoint()
            if all_voters[x]:
                all_voters[x + w] += all_voters[x] << width
        reached += w
    rows: dict[int, list[int]] = {}
    kinds = sorted(set(weights))
    for w in steps(track(kinds, len(kinds), "voting power"), len(kinds), "kinds of voters"):
        if w == 0:
            # The factor is 1 + y for every sum alike.
            others = [_without_size(packed, width) for packed in all_voters]
        else:
            others = all_voters[: total - w + 1]
            for x in range(w, total - w + 1):
                if not x & _OFTEN:
                    checkpoint()
                if others[x - w]:
                    others[x] -= others[x - w] << width
        for x in range(len(others) - 2, -1, -1):
            if not x & _OFTEN:
                checkpoint()
            others[x] += others[x + 1]
        packed = {t: others[max(t - w, 0)] if t - w < len(others) else 0 for t in set(least) if t is not None}
        rows[w] = _winning_by_size(n, least, width, packed)
    return [rows[w] for w in weights]


def _without_size(packed: int, width: int) -> int:
    """Divide a packed polynomial by 1 + y."""
    out, carry, position, mask = 0, 0, 0, (1 << width) - 1
    while packed >> position:
        carry = (packed >> position & mask) - carry
        out |= carry << position
        position += width
    return out


def _winning_by_size(n: int, least: Sequence[int | None], width: int, packed: Mapping[int, int]) -> list[int]:
    """Winning coalitions by size that contain a voter; `packed` has for each threshold, packed by size, those of the
    others that reach it together with the voter."""
    mask = (1 << width) - 1
    row = [0] * (n + 1)
    for size in range(1, n + 1):
        threshold = least[size]
        if threshold is not None:
            row[size] = packed[threshold] >> (size - 1) * width & mask
    return row


def _sums(weights: Sequence[int], width: int) -> dict[int, int]:
    """Coalitions by the sum of their weights, packed by size."""
    table = {0: 1}
    for w in weights:
        grown = dict(table)
        checkpoint()
        for x, packed in table.items():
            grown[x + w] = grown.get(x + w, 0) + (packed << width)
        table = grown
    return table


def _watched(items: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The items, with a look at the time now and then."""
    for k, item in enumerate(items):
        if not k & _OFTEN:
            checkpoint()
        yield item


def _two_halves(weights: Sequence[int], least: Sequence[int | None]) -> list[list[int]]:
    n, width = len(weights), len(weights) + 1
    order = sorted(range(n), key=lambda i: weights[i])
    halves = order[::2], order[1::2]
    rows: dict[int, list[int]] = {}
    for k, (inside, outside) in enumerate((halves, halves[::-1])):
        reached(f"{k} of 2 halves were done")
        other = _sums([weights[i] for i in outside], width)
        sums = sorted(other)
        upward = [0] * (len(sums) + 1)
        for k in range(len(sums) - 1, -1, -1):
            upward[k] = upward[k + 1] + other[sums[k]]
        for i in inside:
            if weights[i] in rows:
                continue
            own = _sums([weights[j] for j in inside if j != i], width)
            packed = {
                t: sum(
                    count * upward[bisect_left(sums, t - weights[i] - x)]
                    for x, count in _watched(own.items())
                )
                for t in set(least)
                if t is not None
            }
            rows[weights[i]] = _winning_by_size(n, least, width, packed)
    return [rows[w] for w in weights]


def _enumerate(rule: VotingRule) -> list[list[int]]:
    """All coalitions, as rows (of the first half of the voters) by columns (of the second)."""
    n = rule.n_players
    first = n // 2
    masks = [np.arange(2**k) for k in (first, n - first)]
    sizes = [np.bitwise_count(m).astype(np.int64) for m in masks]
    columns = np.argsort(sizes[1], kind="stable")
    edges = np.searchsorted(sizes[1][columns], np.arange(n - first + 1))
    sums = []
    for c in rule.criteria:
        halves = []
        for part, m in zip((c.weights[:first], c.weights[first:]), masks):
            halves.append(
                sum((w * (m >> i & 1) for i, w in enumerate(part)), np.zeros(len(m), dtype=np.int64))
            )
        sums.append((halves[0], halves[1][columns], c.quota))
    by_row = np.zeros((len(masks[0]), n - first + 1), dtype=np.int64)
    by_column = np.zeros((first + 1, len(masks[1])), dtype=np.int64)
    for r in steps(range(len(masks[0])), len(masks[0]), "rows of coalitions"):
        met = [right >= quota - left[r] for left, right, quota in sums]
        won = np.zeros(len(masks[1]), dtype=np.bool_)
        for chosen in rule.alternatives:
            won |= np.logical_and.reduce([met[k] for k in chosen])
        by_row[r] = np.add.reduceat(won, edges, dtype=np.int64)
        by_column[sizes[0][r]] += won
    containing = [[0] * (n + 1) for _ in range(n)]
    for i in range(first):
        inside = (masks[0] >> i & 1) == 1
        for s in range(first + 1):
            for t, count in enumerate(by_row[inside & (sizes[0] == s)].sum(axis=0)):
                containing[i][s + t] += int(count)
    for i in range(n - first):
        inside = (masks[1][columns] >> i & 1) == 1
        for t in range(n - first + 1):
            for s, count in enumerate(by_column[:, inside & (sizes[1][columns] == t)].sum(axis=1)):
                containing[first + i][s + t] += int(count)
    return containing
