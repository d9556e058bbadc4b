"""Cooperative games with side payments: what every coalition of players is worth.

Notation: a coalition S is an integer whose bit i is set if player i belongs to it, so that `values[S]` is its worth
v(S); `values[0]` is 0 and `values[2**N - 1]` is the worth of all together. Worths are in one common unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError, MethodError, ProfileError, SizeError, did_you_mean
from games.exact import exactly
from games.types import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CoalitionalGame", "airport", "bankruptcy", "gloves", "war", "weighted_voting"]

_MOST_PLAYERS = 20
# Higher powers of fractions have many digits; they are taken as floats.
_EXACT_POWERS = 8


class CoalitionalGame:
    """A game in characteristic function form: immutable, labelled and validated.

    Parameters
    ----------
    values : array of shape (2**N,)
        `values[S]` is the worth of the coalition whose members are the set bits of S; `values[0]` must be 0.
        Integers and fractions are kept exactly beside their float values.
    players : sequence of N distinct strings, optional
    title : str, optional

    Raises
    ------
    GameError
        For a length that is not a power of two, a worth that is not finite, or a worthless coalition that has a
        worth.
    SizeError
        For more than 20 players.

    Examples
    --------
    >>> game = CoalitionalGame([0, 0, 0, 1], players=["A", "B"])
    >>> game.value(["A", "B"])
    1.0
    """

    @checked
    def __init__(self, values: npt.ArrayLike, players: Sequence[str] | None = None, title: str = "") -> None:
        given = np.asarray(values)
        try:
            table = np.array(given, dtype=np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise GameError(f"values must be an array of numbers: {error}") from None
        n = table.size.bit_length() - 1
        if table.ndim != 1 or n < 1 or table.size != 2**n:
            raise GameError(
                f"values have shape {table.shape}; N players need one worth for each of 2**N coalitions"
            )
        if n > _MOST_PLAYERS:
            raise SizeError(f"{n} players have {2**n} coalitions; at most {_MOST_PLAYERS} players are taken")
        if not np.isfinite(table).all():
            where = int(np.flatnonzero(~np.isfinite(table))[0])
            raise GameError(f"values[{where}] is {table[where]}; every worth must be a finite number")
        if table[0] != 0:
            raise GameError(f"the empty coalition is worth {table[0]:g}; it must be worth 0")
        names = tuple(f"Player {i + 1}" for i in range(n)) if players is None else tuple(map(str, players))
        if isinstance(players, str) or len(names) != n or len(set(names)) != n:
            raise GameError(f"players: {n} different names are needed, got {players!r}")
        table.setflags(write=False)
        self._values = table
        self._given = given.copy() if given.dtype == object or given.dtype.kind in "iu" else None
        self._players = names
        self._title = str(title)

    @classmethod
    @checked
    def from_worths(
        cls, worths: Mapping[Sequence[str] | str, float], players: Sequence[str], title: str = ""
    ) -> CoalitionalGame:
        """Make a game from named coalitions; a coalition left out is worth nothing.

        >>> CoalitionalGame.from_worths({("A", "B"): 1}, players=["A", "B", "C"]).values[3]
        np.float64(1.0)
        """
        names = list(players)
        values: list[float | Fraction] = [0] * 2 ** len(names)
        for coalition, worth in worths.items():
            members = [coalition] if isinstance(coalition, str) else list(coalition)
            for name in members:
                if name not in names:
                    raise ProfileError(f"there is no player {name!r}{did_you_mean(name, names)}")
            values[sum(1 << names.index(m) for m in set(members))] = worth
        return cls(_table(values), names, title)

    @classmethod
    @checked
    def from_function(
        cls, worth: Callable[[tuple[str, ...]], float], players: Sequence[str], title: str = ""
    ) -> CoalitionalGame:
        """Make a game from a function that gives the worth of a tuple of player names.

        >>> CoalitionalGame.from_function(lambda members: len(members) ** 2, players=["A", "B"]).values.tolist()
        [0.0, 1.0, 1.0, 4.0]
        """
        names = list(players)
        coalitions = (
            tuple(p for i, p in enumerate(names) if mask >> i & 1) for mask in range(1, 2 ** len(names))
        )
        values = [0, *(worth(members) for members in coalitions)]
        return cls(_table(values), names, title)

    @property
    def values(self) -> FloatArray:
        """Read-only array of shape (2**N,): the worth of every coalition."""
        return self._values

    @cached_property
    def exact(self) -> tuple[Fraction, ...]:
        """The worths as fractions: exactly the numbers that were given."""
        return tuple(_exactly(x) for x in self.raw.tolist())

    @property
    def raw(self) -> npt.NDArray[Any]:
        """The worths in the type in which they came where that is exact (integers, fractions), else as floats."""
        return self._values if self._given is None else self._given

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the N players."""
        return self._players

    @property
    def title(self) -> str:
        """A name to show above tables; may be empty."""
        return self._title

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return len(self._players)

    @cached_property
    def scale(self) -> float:
        """The largest distance between a coalition's worth and its members' own worths: the unit for tolerances.

        Adding a constant to what each player has for itself leaves it as it is.
        """
        spread = float(np.abs(self._values - self.membership @ self._values[self.singletons]).max())
        return spread if spread > 0 else max(float(np.abs(self._values).max()), 1.0)

    @property
    def rounding(self) -> float:
        """How far sums of worths may be off: zero for integers and fractions, a few last digits for floats."""
        return 0.0 if self._given is not None else 1e-12 * float(np.abs(self._values).max())

    @cached_property
    def singletons(self) -> npt.NDArray[np.int64]:
        """The N coalitions of one player each."""
        return np.asarray(1 << np.arange(self.n_players))

    @cached_property
    def membership(self) -> FloatArray:
        """Array of shape (2**N, N): 1 where the player belongs to the coalition, else 0."""
        masks = np.arange(2**self.n_players)[:, None]
        return np.asarray((masks >> np.arange(self.n_players) & 1).astype(np.float64))

    @checked
    def coalition(self, members: Sequence[str | int]) -> int:
        """The integer that stands for a coalition given by names or indices."""
        mask = 0
        for member in members:
            if isinstance(member, str):
                if member not in self._players:
                    raise ProfileError(f"there is no player {member!r}{did_you_mean(member, self._players)}")
                member = self._players.index(member)
            if not 0 <= member < self.n_players:
                raise ProfileError(
                    f"there is no player with index {member}; there are {self.n_players} players"
                )
            mask |= 1 << int(member)
        return mask

    @checked
    def members(self, coalition: int) -> tuple[str, ...]:
        """The names of a coalition's members."""
        return tuple(p for i, p in enumerate(self._players) if coalition >> i & 1)

    @checked
    def label(self, coalition: int) -> str:
        """A coalition in words, `A + B`."""
        return " + ".join(self.members(coalition)) or "nobody"

    @checked
    def value(self, members: Sequence[str | int]) -> float:
        """The worth of a coalition given by names or indices."""
        return float(self._values[self.coalition(members)])

    def to_frame(self) -> pd.DataFrame:
        """One row for each coalition but the empty one, small ones first."""
        import pandas as pd

        order = sorted(range(1, 2**self.n_players), key=lambda s: (s.bit_count(), s))
        return pd.DataFrame(
            {"size": [s.bit_count() for s in order], "worth": self._values[order]},
            index=pd.Index([self.label(s) for s in order], name="coalition"),
        )

    def __repr__(self) -> str:
        title = f" {self._title!r}" if self._title else ""
        return f"<CoalitionalGame{title}: {', '.join(self._players)}; all together are worth {self._values[-1]:g}>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(border=0))


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
    exact = [_exactly(w) for w in weights]
    if any(w < 0 for w in exact):
        raise GameError(f"weights are {list(weights)}; none may be negative")
    if len(exact) > _MOST_PLAYERS:
        raise SizeError(
            f"{len(exact)} players have 2**{len(exact)} coalitions; a table holds those of at most {_MOST_PLAYERS} "
            "players. games.voting.weighted makes a rule for hundreds, without a table"
        )
    total = sum(exact, Fraction(0))
    if quota is not None and not 0 < _exactly(quota) <= total:
        raise GameError(
            f"the quota is {quota:g}; it must lie above 0 and not above {float(total):g}, all weights together"
        )
    # Whole numbers in place of fractions: their sums over coalitions are exact, and Python's are never too long.
    unit = lcm(*(w.denominator for w in exact))
    whole = [int(w * unit) for w in exact]
    sums = np.zeros(1, dtype=np.int64 if 2 * sum(whole) < 2**62 else object)
    for w in whole:
        sums = np.concatenate([sums, sums + w])
    least = sum(whole) // 2 + 1 if quota is None else ceil(_exactly(quota) * unit)
    return CoalitionalGame((sums >= least).astype(np.int64), players, "weighted voting")


@checked
def bankruptcy(
    estate: float, claims: Sequence[float], players: Sequence[str] | None = None
) -> CoalitionalGame:
    """The bankruptcy game: a coalition is worth what the claims of all others leave of the estate (O'Neill 1982).

    >>> bankruptcy(200, [100, 200, 300]).values.tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0, 200.0]
    """
    owed = [_exactly(c) for c in claims]
    if not owed:
        raise GameError("claims is empty; a bankruptcy needs at least one claim")
    if min(owed) < 0 or not 0 <= _exactly(estate) <= sum(owed, Fraction(0)):
        raise GameError(
            f"the estate is {estate} and the claims are {list(claims)}; "
            "claims are not negative, and the estate does not exceed their sum"
        )
    total = sum(owed, Fraction(0))
    values = []
    for mask in range(2 ** len(owed)):
        inside = sum((c for i, c in enumerate(owed) if mask >> i & 1), Fraction(0))
        values.append(max(Fraction(0), _exactly(estate) - (total - inside)) if mask else Fraction(0))
    return CoalitionalGame(np.array(values, dtype=object), players, "bankruptcy")


@checked
def airport(costs: Sequence[float], players: Sequence[str] | None = None) -> CoalitionalGame:
    """The airport game: a coalition pays for the longest runway that any member needs (Littlechild and Owen 1973).

    Worths are costs with a minus sign.

    >>> airport([1, 2]).values.tolist()
    [0.0, -1.0, -2.0, -2.0]
    """
    need = [_exactly(c) for c in costs]
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

    A side of capability R takes the share `R**d / (R**d + sum of the others' R**d)` of the prize, with d the decisiveness
    (the ratio form of Tullock 1980): 1 for chances in proportion to capability, infinity for a war that the stronger side
    wins for certain and equals win half the time. All together do not fight and are worth the whole prize.

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
    if len(names) > _MOST_PLAYERS:
        raise SizeError(
            f"{len(names)} powers have 2**{len(names)} coalitions; at most {_MOST_PLAYERS} are taken"
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
    for mask in range(1, full + 1):
        if mask == full:
            values.append(exact_prize)
            continue
        own = sum((s for i, s in enumerate(strength) if mask >> i & 1), Fraction(0))
        others = [s for i, s in enumerate(strength) if not mask >> i & 1]
        rivals = [sum(others, Fraction(0))] if opposition == "united" else others
        paid = sum((c for i, c in enumerate(cost) if mask >> i & 1), Fraction(0))
        values.append(exact_prize * _won(own, rivals, decisiveness) - paid)
    return CoalitionalGame(_table(values), names, "war")


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


def as_written(what: str, name: str, number: object) -> Fraction:
    """A number that is not negative, as a fraction; decimals as they are written."""
    try:
        value = _exactly(repr(float(number)) if isinstance(number, (float, np.floating)) else number)
    except (TypeError, ValueError, OverflowError):
        raise GameError(f"{what} of {name!r} is {number!r}; it must be a finite number") from None
    if value < 0:
        raise GameError(f"{what} of {name!r} is {number!r}; it must not be negative")
    return value


def _table(values: Sequence[float | Fraction]) -> npt.NDArray[Any]:
    """An array that keeps integers and fractions exactly, unless one worth is a float and so rounded anyway."""
    exact = all(isinstance(v, (int, np.integer, Fraction)) for v in values)
    return np.array([Fraction(v) for v in values] if exact else values, dtype=object if exact else np.float64)


def _exactly(number: object) -> Fraction:
    try:
        return exactly(number)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise GameError(f"{number!r} is not a finite number") from None
