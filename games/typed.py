"""Cooperative games whose players come in types: a coalition is worth what so many of each type are worth.

A coalition class is a vector of counts (m_1, ..., m_T), m_t of the n_t players of type t. Fifteen members of the Security
Council have 32,768 coalitions, but only 6 * 11 = 66 classes. A game whose players all differ has one type for each.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import GameError, SizeError
from games.exact import finite, lossless
from games.normal_form import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TypedGame"]

_MOST_CLASSES = 2**25
# Worths that are floats or long fractions are held as Python's integers, which is slow.
_MOST_LONG = 2**16
_MOST_IN_TABLE = 20
_LARGEST = Fraction(sys.float_info.max)


class TypedGame:
    """A game in characteristic function form of players who come in types: immutable, labelled and validated.

    Parameters
    ----------
    worths : array of shape (n_1 + 1, ..., n_T + 1)
        The worth of a coalition with so many players of each type; `worths[0, ..., 0]` must be 0. Integers, fractions and
        floats are all kept exactly.
    types : mapping from the name of a type to its players' names, or to their number
    title : str, optional

    Raises
    ------
    GameError
        For a shape that does not fit the types, a worth that is not finite, or an empty coalition that has a worth.
    SizeError
        For more than 2**25 classes, or more than 2**16 whose worths do not fit 62 bits over a common denominator.

    Examples
    --------
    Two buyers and one seller: a pair is worth 1.

    >>> game = TypedGame([[0, 0, 0], [0, 1, 1]], {"seller": 1, "buyer": 2})
    >>> game.players, game.worth({"seller": 1, "buyer": 1})
    (('seller', 'buyer 1', 'buyer 2'), Fraction(1, 1))
    """

    def __init__(
        self, worths: npt.ArrayLike, types: Mapping[str, Sequence[str] | int], title: str = ""
    ) -> None:
        groups: dict[str, tuple[str, ...]] = {}
        for name, members in types.items():
            if isinstance(members, int):
                members = [name] if members == 1 else [f"{name} {k + 1}" for k in range(members)]
            groups[str(name)] = tuple(map(str, members))
        shape = tuple(len(g) + 1 for g in groups.values())
        if not shape or min(shape) < 2:
            raise GameError("every type needs at least one player, and a game at least one type")
        try:
            given = lossless(worths)
        except (TypeError, ValueError) as error:
            raise GameError(f"worths must be numbers: {error}") from None
        if given.shape != shape:
            raise GameError(f"worths have shape {given.shape}; these types need {shape}")
        if given.size > _MOST_CLASSES:
            raise SizeError(f"{given.size} classes of coalitions; at most {_MOST_CLASSES} are taken")
        self._groups = groups
        self._title = str(title)
        self._floats = given.dtype.kind == "f"
        self._numerators, self._denominator = _whole_numbers(given.reshape(-1))
        if self._numerators[0] != 0:
            raise GameError("the empty coalition has a worth; it must be worth 0")
        players = [p for g in groups.values() for p in g]
        if len(set(players)) != len(players):
            raise GameError("two players have the same name")

    @classmethod
    @checked
    def from_game(cls, game: CoalitionalGame) -> TypedGame:
        """Group the players of a table who can change places in every coalition.

        >>> from games.coalitional import weighted_voting
        >>> TypedGame.from_game(weighted_voting({"A": 3, "B": 1, "C": 1})).sizes
        (1, 2)
        """
        n = game.n_players
        values = _whole_numbers(game.raw)[0]
        groups: list[list[int]] = []
        for i in range(n):
            for group in groups:
                j = group[0]
                masks = np.arange(2**n)
                only_i = masks[((masks >> i & 1) == 1) & ((masks >> j & 1) == 0)]
                if bool(np.all(values[only_i] == values[only_i ^ (1 << i) ^ (1 << j)])):
                    group.append(i)
                    break
            else:
                groups.append([i])
        index = np.zeros((1,) * len(groups), dtype=np.int64)
        for axis, group in enumerate(groups):
            along = [1] * len(groups)
            along[axis] = len(group) + 1
            firsts = np.cumsum([0, *(1 << i for i in group)])
            index = index + firsts.reshape(along)
        names = {
            game.players[g[0]] if len(g) == 1 else f"{game.players[g[0]]} ... ({len(g)})": g for g in groups
        }
        return cls(game.raw[index], {k: [game.players[i] for i in g] for k, g in names.items()}, game.title)

    @property
    def types(self) -> dict[str, tuple[str, ...]]:
        """The players of each type."""
        return dict(self._groups)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many players each type has."""
        return tuple(len(g) for g in self._groups.values())

    @property
    def players(self) -> tuple[str, ...]:
        """Names of all N players, type by type."""
        return tuple(p for g in self._groups.values() for p in g)

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return sum(self.sizes)

    @property
    def title(self) -> str:
        """A name to show above tables; may be empty."""
        return self._title

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the table of classes, (n_1 + 1, ..., n_T + 1)."""
        return tuple(n + 1 for n in self.sizes)

    @property
    def numerators(self) -> npt.NDArray[Any]:
        """The worths of all classes in C order, times `denominator`: int64, or Python's integers where those are longer."""
        return self._numerators

    @property
    def denominator(self) -> int:
        """The common denominator of all worths."""
        return self._denominator

    @cached_property
    def values(self) -> FloatArray:
        """The worths of all classes as floats, of shape `shape`."""
        if self._numerators.dtype == object:
            flat = np.array([int(x) / self._denominator for x in self._numerators], dtype=np.float64)
        else:
            flat = self._numerators / np.float64(self._denominator)
        return np.asarray(flat.reshape(self.shape))

    @cached_property
    def lost(self) -> bool:
        """True if the worths came as floats too large to hold the differences that the players make to each other."""
        largest = float(np.abs(self.values).max())
        if not self._floats or largest < 2.0**53:
            return False
        size = self._numerators.size
        alone = [self.worth({name: 1}) for name in self._groups]
        beyond = (
            abs(self.exactly(k) - sum(int(c) * a for c, a in zip(self.counts(k), alone))) for k in range(size)
        )
        return bool(np.spacing(largest) / 2.0 > float(max(beyond)) / 16.0)

    def exactly(self, index: int) -> Fraction:
        """The worth of one class (an index in C order) as a fraction."""
        return Fraction(int(self._numerators[index]), self._denominator)

    def counts(self, index: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """How many of each type belong to the classes with these indices, shape (..., T)."""
        return np.stack(np.unravel_index(np.asarray(index), self.shape), axis=-1).astype(np.int64)

    def worth(self, members: Mapping[str, int]) -> Fraction:
        """The worth of so many players of each type; types left out are absent."""
        where = []
        for name, size in zip(self._groups, self.sizes):
            count = members.get(name, 0)
            if not 0 <= count <= size:
                raise GameError(f"{count} of {name!r}; there are {size}")
            where.append(count)
        unknown = [m for m in members if m not in self._groups]
        if unknown:
            raise GameError(
                f"there is no type {unknown[0]!r}; the types are {', '.join(map(repr, self._groups))}"
            )
        return self.exactly(int(np.ravel_multi_index(where, self.shape)))

    def label(self, index: int) -> str:
        """A class of coalitions in words, `2 buyer + 1 seller`."""
        counts = self.counts(index)
        parts = [
            name if size == 1 else f"{int(c)} of {name}"
            for name, size, c in zip(self._groups, self.sizes, counts)
            if c
        ]
        return " + ".join(parts) or "nobody"

    def split(self, name: str) -> TypedGame:
        """The same game with one player of a type set apart as a type of its own, which comes first."""
        if name not in self._groups:
            raise GameError(f"there is no type {name!r}; the types are {', '.join(map(repr, self._groups))}")
        axis = list(self._groups).index(name)
        table = self._numerators.reshape(self.shape)
        group = self._groups[name]
        if len(group) == 1:
            return self
        without = np.take(table, np.arange(len(group)), axis=axis)
        having = np.take(table, np.arange(1, len(group) + 1), axis=axis)
        out = object.__new__(TypedGame)
        out._groups = {
            f"{group[0]} alone": group[:1],
            **{k: (g[1:] if k == name else g) for k, g in self._groups.items()},
        }
        out._title, out._denominator = self._title, self._denominator
        out._numerators = np.stack([without, having]).reshape(-1)
        return out

    def game(self) -> CoalitionalGame:
        """The game as a table of all coalitions, for at most 20 players."""
        n = self.n_players
        if n > _MOST_IN_TABLE:
            raise SizeError(
                f"{n} players have 2**{n} coalitions; a table takes at most {_MOST_IN_TABLE} players"
            )
        masks, index, first = np.arange(2**n), np.zeros(2**n, dtype=np.int64), 0
        for size in self.sizes:
            inside = sum(masks >> i & 1 for i in range(first, first + size))
            index = index * (size + 1) + inside
            first += size
        if self._denominator == 1 and self._numerators.dtype != object:
            return CoalitionalGame(self._numerators[index], self.players, self._title)
        values = np.array([self.exactly(int(k)) for k in index], dtype=object)
        return CoalitionalGame(values, self.players, self._title)

    def to_frame(self) -> pd.DataFrame:
        """One row for each class of coalitions but the empty one."""
        import pandas as pd

        counts = self.counts(np.arange(prod(self.shape)))[1:]
        frame = pd.DataFrame(counts, columns=list(self._groups))
        frame["worth"] = self.values.reshape(-1)[1:]
        return frame

    def __repr__(self) -> str:
        title = f" {self._title!r}" if self._title else ""
        parts = ", ".join(f"{len(g)} of {name}" for name, g in self._groups.items())
        return f"<TypedGame{title}: {parts}; all together are worth {float(self.exactly(-1)):g}>"


def _whole_numbers(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], int]:
    """The same numbers as integers over a common denominator: int64 where sums of them fit, else Python's integers."""
    if values.dtype.kind in "iub" and int(values.max()) < 2**40 and int(values.min()) > -(2**40):
        return values.astype(np.int64), 1
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise GameError("every worth must be a finite number")
        if np.abs(values).max() < 2**40 and (values == np.round(values)).all():
            return values.astype(np.int64), 1
    if values.size > _MOST_LONG:
        raise SizeError(
            f"{values.size} worths that are not whole numbers; more than {_MOST_LONG} are taken only as integers"
        )
    exact = [finite(x, "a worth") for x in values.tolist()]
    if max(map(abs, exact)) > _LARGEST:
        raise GameError("a worth is larger than the largest float; give worths in a larger unit")
    unit = lcm(*(x.denominator for x in exact))
    whole = [int(x * unit) for x in exact]
    fits = max(map(abs, whole)) < 2**40
    return np.array(whole, dtype=np.int64 if fits else object), unit
