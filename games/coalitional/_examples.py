"""Cooperative games by rule: weighted voting, bankruptcy, airports, gloves, war."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, lcm

import numpy as np

from games.arguments import checked
from games.coalitional._game import MOST_PLAYERS, CoalitionalGame, exact_number, table_of
from games.errors import GameError, MethodError, SizeError
from games.exact import as_written
from games.heartbeat import beating

__all__ = ["airport", "bankruptcy", "gloves", "war", "weighted_voting"]

# Higher powers of fractions have many digits; they are taken as floats.
_EXACT_POWERS = 8


@checked
def weighted_voting(
    weights: Mapping[str, float] | Sequence[float],
    quota: float | None = None,
    players: Sequence[str] | None = None,
) -> CoalitionalGame:
    """A simple game: a coalition wins (is worth 1) if its weights reach the quota, by default more than half of all.

    Raises GameError for a negative weight, or a quota that nobody, or the empty coalition, reaches; SizeError for more
    than 20 players (`games.voting` takes hundreds).

    >>> weighted_voting({"A": 3, "B": 2, "C": 2}).values.tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    """
    if isinstance(weights, Mapping):
        players = list(weights)
        weights = list(weights.values())
    exact = [exact_number(w) for w in weights]
    if any(w < 0 for w in exact):
        raise GameError(f"weights are {list(weights)}; none may be negative")
    if len(exact) > MOST_PLAYERS:
        raise SizeError(
            f"{len(exact)} players have 2**{len(exact)} coalitions; a table holds those of at most {MOST_PLAYERS} "
            "players. games.voting.weighted makes a rule for hundreds, without a table"
        )
    total = sum(exact, Fraction(0))
    if quota is not None and not 0 < exact_number(quota) <= total:
        raise GameError(
            f"the quota is {quota:g}; it must lie above 0 and not above {float(total):g}, all weights together"
        )
    # Whole numbers in place of fractions: their sums over coalitions are exact, and Python's are never too long.
    unit = lcm(*(w.denominator for w in exact))
    whole = [int(w * unit) for w in exact]
    sums = np.zeros(1, dtype=np.int64 if 2 * sum(whole) < 2**62 else object)
    for w in whole:
        sums = np.concatenate([sums, sums + w])
    least = sum(whole) // 2 + 1 if quota is None else ceil(exact_number(quota) * unit)
    return CoalitionalGame((sums >= least).astype(np.int64), players, "weighted voting")


@checked
def bankruptcy(
    estate: float, claims: Sequence[float], players: Sequence[str] | None = None
) -> CoalitionalGame:
    """The bankruptcy game: a coalition is worth what the claims of all others leave of the estate (O'Neill 1982).

    >>> bankruptcy(200, [100, 200, 300]).values.tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0, 200.0]
    """
    owed = [exact_number(c) for c in claims]
    if not owed:
        raise GameError("claims is empty; a bankruptcy needs at least one claim")
    if min(owed) < 0 or not 0 <= exact_number(estate) <= sum(owed, Fraction(0)):
        raise GameError(
            f"the estate is {estate} and the claims are {list(claims)}; "
            "claims are not negative, and the estate does not exceed their sum"
        )
    total = sum(owed, Fraction(0))
    values = []
    for mask in range(2 ** len(owed)):
        inside = sum((c for i, c in enumerate(owed) if mask >> i & 1), Fraction(0))
        values.append(max(Fraction(0), exact_number(estate) - (total - inside)) if mask else Fraction(0))
    return CoalitionalGame(np.array(values, dtype=object), players, "bankruptcy")


@checked
def airport(costs: Sequence[float], players: Sequence[str] | None = None) -> CoalitionalGame:
    """The airport game: a coalition pays for the longest runway that any member needs (Littlechild and Owen 1973).

    Worths are costs with a minus sign.

    >>> airport([1, 2]).values.tolist()
    [0.0, -1.0, -2.0, -2.0]
    """
    need = [exact_number(c) for c in costs]
    values = [
        -max((c for i, c in enumerate(need) if mask >> i & 1), default=Fraction(0))
        for mask in range(2 ** len(need))
    ]
    return CoalitionalGame(np.array(values, dtype=object), players, "airport")


@checked
def gloves(left: Sequence[str], right: Sequence[str]) -> CoalitionalGame:
    """The glove game: everybody owns a left or a right glove, and a pair is worth 1 (Shapley 1959).

    >>> gloves(["A"], ["B", "C"]).value(["A", "B", "C"])
    1.0
    """
    return CoalitionalGame.from_function(
        lambda members: min(sum(m in left for m in members), sum(m in right for m in members)),
        [*left, *right],
        "gloves",
    )


@checked
def war(
    capabilities: Mapping[str, float | Fraction],
    *,
    prize: float | Fraction = 1,
    decisiveness: float = 1.0,
    costs: Mapping[str, float | Fraction] | float | Fraction = 0,
    opposition: str = "united",
) -> CoalitionalGame:
    """The war game: a coalition is worth what it would take by fighting all others, less what that costs its members.

    A side of capability R takes the share `R**d / (R**d + sum of the others' R**d)` of the prize (the ratio form of Tullock
    1980). With a decisiveness d of 1 chances are in proportion to capability. With infinity the stronger side wins for certain,
    and equals win half the time. All together do not fight and are worth the whole prize.

    Parameters
    ----------
    capabilities : power -> capability in any unit, none negative. Decimals are taken as they are written.
    prize : what is divided
    decisiveness : d, not negative; infinity for winner takes all
    costs : what war costs each power, in the unit of the prize; one number for all, or one each
    opposition : `united` if all others fight as one side, `divided` if each fights for itself

    Raises
    ------
    GameError
        For negative capabilities, costs or decisiveness, no capability at all, or costs for other powers.
    MethodError
        For another word in `opposition`.
    SizeError
        For more than 20 powers.

    Examples
    --------
    >>> war({"A": 2, "B": 1, "C": 1}).value(["A", "B"])
    0.75
    >>> war({"A": 0.45, "B": 0.33, "C": 0.22}, decisiveness=float("inf")).value(["B", "C"])
    1.0
    """
    names = list(capabilities)
    if len(names) > MOST_PLAYERS:
        raise SizeError(
            f"{len(names)} powers have 2**{len(names)} coalitions; at most {MOST_PLAYERS} are taken"
        )
    if opposition not in ("united", "divided"):
        raise MethodError(f"opposition is {opposition!r}; it is 'united' or 'divided'")
    if not decisiveness >= 0:
        raise GameError(f"decisiveness is {decisiveness}; it must not be negative")
    strength = [as_written("the capability", p, capabilities[p]) for p in names]
    if not any(strength):
        raise GameError("at least one power needs some capability")
    if not isinstance(costs, Mapping):
        costs = dict.fromkeys(names, costs)
    if set(costs) != set(names):
        raise GameError(f"costs are for {', '.join(map(str, costs))}; they must be for {', '.join(names)}")
    cost = [as_written("the cost", p, costs[p]) for p in names]
    exact_prize = as_written("the prize", "all", prize)
    full = 2 ** len(names) - 1
    values: list[Fraction | float] = [Fraction(0)]
    for mask in beating(range(1, full + 1)):
        if mask == full:
            values.append(exact_prize)
            continue
        own = sum((s for i, s in enumerate(strength) if mask >> i & 1), Fraction(0))
        others = [s for i, s in enumerate(strength) if not mask >> i & 1]
        rivals = [sum(others, Fraction(0))] if opposition == "united" else others
        paid = sum((c for i, c in enumerate(cost) if mask >> i & 1), Fraction(0))
        values.append(exact_prize * _won(own, rivals, decisiveness) - paid)
    return CoalitionalGame(table_of(values), names, "war")


def _won(own: Fraction, rivals: Sequence[Fraction], decisiveness: float) -> Fraction:
    """The share of one side; exact where the decisiveness is a small whole number or infinite."""
    best = max(own, *rivals)
    if best == 0:
        return Fraction(1, len(rivals) + 1)
    if decisiveness == float("inf"):
        return Fraction(int(own == best), [own, *rivals].count(best))
    if decisiveness == int(decisiveness) and decisiveness <= _EXACT_POWERS:
        raised = [x ** int(decisiveness) for x in (own, *rivals)]
    else:
        raised = [Fraction(float(x / best) ** decisiveness) for x in (own, *rivals)]
    return raised[0] / sum(raised)
