"""The strategic triangle: three powers, each pair friendly or hostile; which triangles are stable, and what changes cost.

A triangle is the signs of the three ties, in the order (first with second, first with third, second with third); +1 is friendly,
-1 hostile. Its four kinds and their roles are Dittmer's (1981, World Politics 33). In a ménage à trois all three are friends. A
romantic triangle has a pivot with two wings that are hostile to each other. In a stable marriage two friends stand against an
outcast, and in a unit veto all three are foes.

Two triangles are neighbours if one tie differs. A tie becomes friendly if both ends agree to it, and hostile as soon as
one end wants it so (pairwise stability: Jackson and Wolinsky 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from games.arguments import checked, numbers
from games.errors import GameError, MethodError, ProfileError, did_you_mean
from games.normal_form import FloatArray
from games.words import listed, sentence, the
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE, payoff_units

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres import MapLike, SpheresModel

__all__ = [
    "ALL",
    "PAIRS",
    "Move",
    "Route",
    "Signs",
    "Triangles",
    "check",
    "from_model",
    "from_payoffs",
    "kind",
    "roles",
    "textbook",
]

Signs: TypeAlias = tuple[int, int, int]
"""Three ties, each friendly (+1) or hostile (-1)."""

PAIRS = ((0, 1), (0, 2), (1, 2))
ALL: tuple[Signs, ...] = tuple(cast(Signs, s) for s in product((1, -1), repeat=3))


@checked
def kind(signs: Signs) -> str:
    """The name of a triangle: ménage à trois, romantic triangle, stable marriage or unit veto.

    >>> kind((1, 1, -1))
    'romantic triangle'
    """
    return ("unit veto", "stable marriage", "romantic triangle", "ménage à trois")[check(signs).count(1)]


@checked
def roles(signs: Signs) -> tuple[str, str, str]:
    """The role of each power: friend, pivot, wing, outcast or foe.

    >>> roles((1, 1, -1))
    ('pivot', 'wing', 'wing')
    """
    check(signs)
    friends = [sum(signs[k] == 1 for k, pair in enumerate(PAIRS) if i in pair) for i in range(3)]
    names = {
        "ménage à trois": {2: "friend"},
        "romantic triangle": {2: "pivot", 1: "wing"},
        "stable marriage": {1: "friend", 0: "outcast"},
        "unit veto": {0: "foe"},
    }[kind(signs)]
    return (names[friends[0]], names[friends[1]], names[friends[2]])


@dataclass(frozen=True)
class Move:
    """A change of one tie: between which powers, to what, and the compensation without which it would not be made.

    `owed` maps each power to what it would have to be paid to agree. For a tie that becomes friendly these are both ends' losses.
    For a tie that becomes hostile it is the smaller of the two losses, since one end is enough. Amounts are in a common unit.
    """

    start: Signs
    end: Signs
    between: tuple[str, str]
    owed: Mapping[str, float]

    @property
    def cost(self) -> float:
        """The compensation in all."""
        return float(sum(self.owed.values()))

    @property
    def description(self) -> str:
        """The move in words."""
        sign = "become friends" if sum(self.end) > sum(self.start) else "become hostile"
        return f"{the(self.between[0])} and {the(self.between[1])} {sign}"


@dataclass(frozen=True, eq=False, repr=False)
class Route(Result):
    """The cheapest way from one triangle to another, one tie at a time.

    Attributes
    ----------
    start, end : the two triangles
    moves : the moves, in order
    """

    start: Signs
    end: Signs
    moves: tuple[Move, ...]

    @property
    def cost(self) -> float:
        """The compensation along the way, in a common unit."""
        return float(sum(m.cost for m in self.moves))

    def summary(self) -> str:
        if not self.moves:
            return "The two triangles are the same, so nothing has to change."
        steps = sentence("; then ".join(m.description for m in self.moves))
        return (
            f"{steps} This takes compensation of {self.cost:.6g} in all, in a common unit, paid move by move."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each move: the change, the triangle that results, and what must be paid to which power."""
        import pandas as pd

        rows = [
            (
                m.description,
                kind(m.end),
                m.cost,
                ", ".join(f"{p} {x:.6g}" for p, x in m.owed.items() if x > 0),
            )
            for m in self.moves
        ]
        return pd.DataFrame(rows, columns=["move", "leads to", "compensation", "owed to"])


@dataclass(frozen=True, eq=False, repr=False)
class Triangles(Result):
    """All eight triangles of three powers, their payoffs, and which of them are stable.

    Attributes
    ----------
    players : the three names
    payoffs : array (8, 3), each power's payoff in each triangle, in the order of `signs`
    source : where the payoffs come from, in words
    """

    players: tuple[str, str, str]
    payoffs: FloatArray
    source: str

    @property
    def signs(self) -> tuple[Signs, ...]:
        """The eight triangles."""
        return ALL

    def payoff(self, signs: Signs) -> FloatArray:
        """The three payoffs in one triangle."""
        return np.asarray(self.payoffs[ALL.index(check(signs))])

    def label(self, signs: Signs) -> str:
        """A triangle in words, by kind and with its odd one out."""
        name, role = kind(signs), roles(signs)
        if name == "romantic triangle":
            return f"{name}, {self.players[role.index('pivot')]} the pivot"
        if name == "stable marriage":
            return f"{name}, {self.players[role.index('outcast')]} the outcast"
        return name

    def named(self, name: str, odd: str | None = None) -> Signs:
        """The triangle of a kind; `odd` is the pivot of a romantic triangle or the outcast of a stable marriage.

        >>> textbook(("US", "China", "Russia")).named("stable marriage", "US")
        (-1, -1, 1)
        """
        kinds = ("ménage à trois", "romantic triangle", "stable marriage", "unit veto")
        if name not in kinds:
            raise MethodError(f"there is no triangle {name!r}{did_you_mean(name, kinds)}")
        if name in ("ménage à trois", "unit veto"):
            return (1, 1, 1) if name == "ménage à trois" else (-1, -1, -1)
        if odd is None:
            raise MethodError(f"a {name} needs `odd`: its {'pivot' if name[0] == 'r' else 'outcast'}")
        i, own = self._index(odd), 1 if name == "romantic triangle" else -1
        return cast(Signs, tuple(own if i in pair else -own for pair in PAIRS))

    def move(self, signs: Signs, tie: int) -> Move:
        """The change of one tie (0, 1 or 2 in the order of the signs) and what it takes."""
        end = _flip(signs, tie)
        loss = np.maximum(self.payoff(signs) - self.payoff(end), 0.0)
        i, j = PAIRS[tie]
        if end[tie] == 1:
            owed = {self.players[i]: float(loss[i]), self.players[j]: float(loss[j])}
        else:
            who = i if loss[i] <= loss[j] else j
            owed = {self.players[who]: float(loss[who])}
        return Move(signs, end, (self.players[i], self.players[j]), owed)

    def leaks(self, signs: Signs) -> tuple[Move, ...]:
        """The moves that would be made without compensation: those that undo the triangle. Empty if it is pairwise stable.

        A tie becomes friendly if neither end loses and one gains, hostile if one end gains. This does not need a common unit.
        """
        ranges = np.ptp(self.payoffs, axis=0)
        rounding = payoff_units(ranges) * TOLERANCE
        out = []
        for tie, pair in enumerate(PAIRS):
            change = (self.payoff(_flip(signs, tie)) - self.payoff(signs))[list(pair)]
            least = rounding[list(pair)]
            better, worse = change > least, change < -least
            if better.any() and (signs[tie] == 1 or not worse.any()):
                out.append(self.move(signs, tie))
        return tuple(out)

    @property
    def stable(self) -> tuple[Signs, ...]:
        """The pairwise stable triangles."""
        return tuple(s for s in ALL if not self.leaks(s))

    def cheapest_route(self, start: Signs, end: Signs) -> Route:
        """The route from one triangle to another, one tie at a time, that needs the least compensation.

        Compensation is counted move by move, against the triangle before it, in a common unit; the gains of powers that
        need no compensation are not offset against it.
        """
        check(start), check(end)
        best: dict[Signs, tuple[float, int, tuple[Move, ...]]] = {start: (0.0, 0, ())}
        todo = [start]
        while todo:
            reached = min(todo, key=lambda s: best[s][:2])
            todo.remove(reached)
            spent, steps, moves = best[reached]
            for tie in range(3):
                move = self.move(reached, tie)
                offer = (spent + move.cost, steps + 1)
                if move.end not in best or offer < best[move.end][:2]:
                    best[move.end] = (*offer, (*moves, move))
                    todo.append(move.end)
        return Route(start, end, best[end][2])

    def summary(self) -> str:
        stable = "; ".join(self.label(s) for s in self.stable) or "none"
        return (
            f"Strategic triangle of {listed([the(p) for p in self.players])} ({self.source}). Of all eight triangles these are "
            f"pairwise stable: {stable}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each triangle: ties, kind, every power's role and payoff, whether it is stable, and what undoes it."""
        import pandas as pd

        rows = []
        for signs, payoff in zip(ALL, self.payoffs):
            undone = self.leaks(signs)
            row: dict[str, object] = {"triangle": self.label(signs)}
            row |= {
                f"{self.players[i]}-{self.players[j]}": "friendly" if s == 1 else "hostile"
                for (i, j), s in zip(PAIRS, signs)
            }
            row |= {f"role of {p}": r for p, r in zip(self.players, roles(signs))}
            row |= {f"payoff of {p}": float(x) for p, x in zip(self.players, payoff)}
            row |= {"stable": not undone, "undone by": "; ".join(m.description for m in undone)}
            rows.append(row)
        return pd.DataFrame(rows).set_index("triangle")

    def moves_frame(self) -> pd.DataFrame:
        """The compensation on the cheapest route from each triangle (rows) to each (columns), in a common unit."""
        import pandas as pd

        labels = [self.label(s) for s in ALL]
        costs = [[self.cheapest_route(a, b).cost for b in ALL] for a in ALL]
        return pd.DataFrame(costs, index=pd.Index(labels, name="from"), columns=labels)

    def _index(self, player: str) -> int:
        if player not in self.players:
            raise ProfileError(f"there is no player {player!r}{did_you_mean(player, self.players)}")
        return self.players.index(player)


@checked
def from_payoffs(
    payoffs: Callable[[Signs], Sequence[float]], players: Sequence[str], source: str = "as given"
) -> Triangles:
    """The triangles of three powers with any payoffs: a function from the three signs to three payoffs.

    >>> [kind(s) for s in from_payoffs(lambda s: (-s[0] - s[1], -s[0] - s[2], -s[1] - s[2]), ["A", "B", "C"]).stable]
    ['unit veto']
    """
    names = tuple(players) if isinstance(players, Sequence) and not isinstance(players, str) else ()
    if len(names) != 3 or len(set(names)) != 3:
        raise GameError(f"a triangle has three different powers; got {players!r}")
    if not callable(payoffs):
        raise GameError(f"payoffs must be a function of the three signs; got {payoffs!r}")
    table = np.array(numbers([payoffs(s) for s in ALL], "the payoffs of a triangle"))
    if table.shape != (8, 3) or not np.isfinite(table).all():
        raise GameError("the payoffs of a triangle must be three finite numbers for each of its eight forms")
    table.setflags(write=False)
    return Triangles(names, table, source)


@checked
def textbook(players: Sequence[str] = ("A", "B", "C")) -> Triangles:
    """The triangle scored by signs alone: own two ties less the tie between the other two.

    It gives a pivot 3, a friend 1, a wing -1 and an outcast -3 (and each foe of a unit veto -1). One's own friends are worth
    having, and so is hostility between the other two. This gives the ranking of roles in Dittmer (1981).

    >>> textbook().payoff((1, 1, -1)).tolist()
    [3.0, -1.0, -1.0]
    """

    def score(s: Signs) -> tuple[int, int, int]:
        return (s[0] + s[1] - s[2], s[0] + s[2] - s[1], s[1] + s[2] - s[0])

    return from_payoffs(score, players, "own ties less the tie of the other two")


@checked
def from_model(
    model: SpheresModel, powers: Sequence[str] | None = None, map: MapLike = "status quo"
) -> Triangles:
    """The triangles of three powers of a model: friendly is mutual accommodation, hostile is mutual contest.

    Parameters
    ----------
    model : SpheresModel
    powers : the three powers; may be left out if the model has just three. Ties with any others are friendly
    map : the map on which the stances are taken

    Raises
    ------
    GameError
        If the model has not three powers and none are named.

    Examples
    --------
    >>> from games import load
    >>> from_model(load("us-china-russia-2025")).payoffs.shape
    (8, 3)
    """
    if powers is None and len(model.players) != 3:
        raise GameError(f"name the three powers of the triangle; the model has {', '.join(model.players)}")
    names = tuple(model.players if powers is None else powers)
    for name in names:
        if name not in model.players:
            raise ProfileError(f"there is no power {name!r}{did_you_mean(name, model.players)}")
    if len(set(names)) != 3:
        raise GameError(f"a triangle has three different powers; got {names!r}")
    where = [model.players.index(p) for p in names]
    contests = np.zeros((8, len(model.players), len(model.players)), dtype=np.bool_)
    for row, signs in zip(contests, ALL):
        for (i, j), s in zip(PAIRS, signs):
            row[where[i], where[j]] = row[where[j], where[i]] = s == -1
    table = model.payoffs(contests, map)[:, where]
    place = map if isinstance(map, str) else "a partition"
    return from_payoffs(lambda s: table[ALL.index(s)].tolist(), names, f"payoffs of {model.name}, {place}")


def check(signs: Signs) -> Signs:
    """The signs themselves, or MethodError if they do not describe a triangle."""
    if not isinstance(signs, Sequence) or tuple(signs) not in ALL:
        raise MethodError(
            f"{signs!r} is not a triangle; a triangle is three signs, each 1 (friendly) or -1 (hostile)"
        )
    return cast(Signs, tuple(signs))


def _flip(signs: Signs, tie: int) -> Signs:
    return cast(Signs, tuple(-s if k == tie else s for k, s in enumerate(check(signs))))
