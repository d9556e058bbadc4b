"""Cooperative games with side payments: what every coalition of players is worth.

Notation: a coalition S is an integer whose bit i is set if player i belongs to it, so that `values[S]` is its worth v(S).
`values[0]` is 0, and `values[2**N - 1]` is the worth of all together. Worths are in one common unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError, ProfileError, SizeError, did_you_mean
from games.exact import finite, lossless
from games.heartbeat import beating
from games.types import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_PLAYERS", "CoalitionalGame", "exact_number", "table_of"]

MOST_PLAYERS = 20


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
        try:
            given = lossless(values)
            if given.dtype.kind not in "biufO":
                raise TypeError(f"these are of type {given.dtype}")
            table = np.array(given, dtype=np.float64)
            # A worth of minus zero is one of zero.
            table += 0.0
        except (TypeError, ValueError, OverflowError) as error:
            raise GameError(f"values must be an array of numbers: {error}") from None
        n = table.size.bit_length() - 1
        if table.ndim != 1 or n < 1 or table.size != 2**n:
            raise GameError(
                f"values have shape {table.shape}; N players need one worth for each of 2**N coalitions"
            )
        if n > MOST_PLAYERS:
            raise SizeError(f"{n} players have {2**n} coalitions; at most {MOST_PLAYERS} players are taken")
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
        return cls(table_of(values), names, title)

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
        return cls(table_of(values), names, title)

    @property
    def values(self) -> FloatArray:
        """Read-only array of shape (2**N,): the worth of every coalition."""
        return self._values

    @cached_property
    def exact(self) -> tuple[Fraction, ...]:
        """The worths as fractions: exactly the numbers that were given."""
        return tuple(exact_number(x) for x in beating(self.raw.tolist()))

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
    def floats_are_exact(self) -> bool:
        """True if the floats in `values` are exactly the worths that were given."""
        return self._given is None or all(a == b for a, b in zip(self._given.tolist(), self._values.tolist()))

    @cached_property
    def surplus(self) -> FloatArray:
        """What each coalition is worth beyond its members alone, (2**N,): subtracted before it is rounded."""
        if self.floats_are_exact and float(np.abs(self._values).max()) < 2.0**53:
            return np.asarray(self._values - self.membership @ self._values[self.singletons])
        alone = [self.exact[1 << i] for i in range(self.n_players)]
        sums = [Fraction(0)]
        for worth in alone:
            sums += [inside + worth for inside in sums]
        return np.array([float(w - inside) for w, inside in zip(self.exact, sums)])

    @property
    def lost(self) -> bool:
        """True if the worths came as floats too large to hold the differences that the players make to each other."""
        largest = float(np.abs(self._values).max())
        if self._given is not None and not any(isinstance(x, float) for x in self._given.tolist()):
            return False
        return largest >= 2.0**53 and np.spacing(largest) / 2.0 > float(np.abs(self.surplus).max()) / 16.0

    @cached_property
    def scale(self) -> float:
        """The largest distance between a coalition's worth and its members' own worths: the unit for tolerances.

        Adding a constant to what each player has for itself leaves it as it is.
        """
        spread = float(np.abs(self.surplus).max())
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


def table_of(values: Sequence[float | Fraction]) -> npt.NDArray[Any]:
    """An array that keeps integers, fractions and decimals exactly, unless one worth is a float and so rounded anyway."""
    floats = any(isinstance(v, (float, np.floating)) for v in values)
    exact = [v if isinstance(v, float) else exact_number(v) for v in values]
    return np.array(exact, dtype=np.float64 if floats else object)


def exact_number(number: object) -> Fraction:
    return finite(number, "a worth")
