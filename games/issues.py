"""What two sides bargain over: issues, deals that bundle them, and threats.

An *issue* is a small game of two sides, written as a list of options. The first option is the breakdown: no agreement on this
issue, an equilibrium of it. Every other option says what each side gets while both keep to it, and what each would gain
at once by breaking it alone. A *deal* is a bundle of issues and the sides' discount factors; `solvers.linkage` says which of its
swaps hold. A *threat* is the other way to a concession: the one who makes it must want to carry it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import DiscountError, GameError, ProfileError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["Bundle", "Issue", "Threat"]


@dataclass(frozen=True, eq=False)
class Issue:
    """Something two sides can agree on or not. Made by `concession`, `mutual` or `from_game`.

    Attributes
    ----------
    name : the issue
    sides : names of the two sides
    options : K labels, the breakdown (no agreement) first
    agreed : array (K, 2), what each side gets a period while both keep to an option; row 0 is the breakdown
    gain : array (K, 2), what each side would gain in the period in which it alone breaks the option, at least 0
    """

    name: str
    sides: tuple[str, str]
    options: tuple[str, ...]
    agreed: FloatArray
    gain: FloatArray

    def __post_init__(self) -> None:
        if len(self.sides) != 2 or self.sides[0] == self.sides[1]:
            raise GameError(
                f"{self.name}: an issue is between two sides with different names; got {self.sides!r}"
            )
        if len(self.options) < 2 or len(set(self.options)) != len(self.options):
            raise GameError(
                f"{self.name}: an issue has a breakdown and at least one other option, all with different labels; "
                f"got {self.options!r}"
            )
        for what in ("agreed", "gain"):
            array = np.array(getattr(self, what), dtype=np.float64)
            if array.shape != (len(self.options), 2) or not np.isfinite(array).all():
                raise GameError(
                    f"{self.name}: {what} has shape {array.shape}; it needs a finite number for each of "
                    f"{len(self.options)} options and 2 sides"
                )
            array.setflags(write=False)
            object.__setattr__(self, what, array)
        if (self.gain < 0).any() or self.gain[0].any():
            raise GameError(
                f"{self.name}: gains from breaking an option are at least 0, and 0 at the breakdown"
            )

    @classmethod
    def concession(cls, name: str, by: str, to: str, cost: float, value: float) -> Issue:
        """A concession that one side makes to the other: it costs the first `cost` a period and is worth `value` to the second.

        Alone it never holds if it costs anything: the side that makes it gets nothing for it.

        >>> Issue.concession("leave the base", by="A", to="B", cost=1, value=3).agreed
        array([[ 0., 0.], [-1., 3.]])
        """
        agreed = np.array([[0.0, 0.0], [-cost, value]])
        return cls(
            name, (by, to), ("no concession", name), agreed, np.array([[0.0, 0.0], [max(cost, 0.0), 0.0]])
        )

    @classmethod
    def mutual(
        cls,
        name: str,
        cooperate: Mapping[str, float],
        defect: Mapping[str, float],
        breakdown: Mapping[str, float],
    ) -> Issue:
        """An issue on which both restrain themselves or neither does, from three payoffs for each side.

        `cooperate` is what a side gets while both do, `defect` in the period in which it alone does not, `breakdown` while
        neither does (an equilibrium: nobody then gains by restraint of its own).

        >>> Issue.mutual("arms", {"A": 3, "B": 3}, {"A": 5, "B": 5}, {"A": 1, "B": 1}).gain
        array([[0., 0.], [2., 2.]])
        """
        sides = tuple(cooperate)
        if len(sides) != 2:
            raise ProfileError(f"{name}: cooperate names {len(sides)} sides; an issue is between two")
        for what, given in (("defect", defect), ("breakdown", breakdown)):
            if set(given) != set(sides):
                raise ProfileError(
                    f"{name}: {what} names {', '.join(given)}; it needs {' and '.join(sides)}, as in cooperate"
                )
        kept, broken, none = (
            np.array([t[s] for s in sides], dtype=np.float64) for t in (cooperate, defect, breakdown)
        )
        gain = np.maximum(broken - kept, 0.0)
        return cls(
            name,
            (sides[0], sides[1]),
            ("no agreement", name),
            np.array([none, kept]),
            np.array([0 * gain, gain]),
        )

    @classmethod
    def from_game(
        cls, name: str, game: NormalFormGame, breakdown: Sequence[Any] | npt.ArrayLike | None = None
    ) -> Issue:
        """An issue that is a game of two players: every profile of actions but the breakdown is an option.

        Parameters
        ----------
        name : str
        game : NormalFormGame of two players, whose names are the sides
        breakdown : a profile that is a pure Nash equilibrium; by default the only one there is

        Raises
        ------
        GameError
            If the game has not two players, or the breakdown is not an equilibrium, or none or several could be it.

        Examples
        --------
        >>> from games import catalog
        >>> Issue.from_game("arms", catalog.prisoners_dilemma()).options
        ('Defect / Defect', 'Cooperate / Cooperate', 'Cooperate / Defect', 'Defect / Cooperate')
        """
        if game.n_players != 2:
            raise GameError(f"{name}: an issue is a game of two players; this one has {game.n_players}")
        gains = np.stack(
            [game.payoffs[..., i].max(axis=i, keepdims=True) - game.payoffs[..., i] for i in range(2)],
            axis=-1,
        )
        gains[gains <= 1e-12 * game.ranges] = 0.0
        stable = [tuple(map(int, cell)) for cell in np.argwhere((gains == 0).all(axis=-1))]
        if breakdown is None:
            if len(stable) != 1:
                found = ", ".join(" / ".join(game.labels(cell)) for cell in stable) or "none"
                raise GameError(
                    f"{name}: the breakdown must be a pure Nash equilibrium and the game has not just one ({found}); "
                    "name it with breakdown="
                )
            start = stable[0]
        else:
            start = tuple(game.profile(breakdown))  # type: ignore[arg-type]
            if start not in stable:
                raise GameError(
                    f"{name}: the breakdown {' / '.join(game.labels(start))} is not a Nash equilibrium, so nobody need "
                    "believe in it; take one of " + ", ".join(" / ".join(game.labels(c)) for c in stable)
                )
        cells = [start] + [cell for cell in np.ndindex(game.shape) if cell != start]
        labels = tuple(" / ".join(game.labels(cell)) for cell in cells)
        agreed = np.array([game.payoffs[cell] for cell in cells])
        return cls(
            name, (game.players[0], game.players[1]), labels, agreed, np.array([gains[c] for c in cells])
        )

    def seen_by(self, sides: Sequence[str]) -> Issue:
        """The same issue with its sides in another order. Raises ProfileError if they are not its sides."""
        for side in sides:
            if side not in self.sides:
                raise ProfileError(
                    f"{self.name} is between {' and '.join(self.sides)}; {side!r} is no side of it"
                    f"{did_you_mean(side, self.sides)}"
                )
        order = [self.sides.index(side) for side in sides]
        first, second = sides
        return Issue(self.name, (first, second), self.options, self.agreed[:, order], self.gain[:, order])


@dataclass(frozen=True, eq=False, init=False)
class Bundle:
    """A bundle of issues between two sides who meet again every period.

    Parameters
    ----------
    issues : one or more issues, all between the same two sides
    discount : one discount factor, or one for each side by name, strictly between 0 and 1
    title, source : what it is and where it comes from
    unit : the unit of the payoffs; side payments make sense only if it is one that both sides share
    false_alarm, detection : probabilities a period of an alarm (that both hear, and that ends the deal) if both keep to it,
        and if somebody breaks it

    Raises
    ------
    GameError, ProfileError, DiscountError
        For no issue at all, two of one name, issues between other sides, an impossible discount factor or rate.

    Examples
    --------
    >>> forces = Issue.concession("forces leave", by="United States", to="China", cost=1, value=4)
    >>> patrols = Issue.concession("fewer patrols", by="China", to="United States", cost=2, value=3)
    >>> Bundle([forces, patrols], {"United States": 0.77, "China": 0.87}).sides
    ('United States', 'China')
    """

    issues: tuple[Issue, ...]
    sides: tuple[str, str]
    discount: FloatArray
    title: str
    source: str
    unit: str
    false_alarm: float
    detection: float

    def __init__(
        self,
        issues: Sequence[Issue],
        discount: float | Mapping[str, float],
        title: str = "",
        source: str = "",
        unit: str = "points",
        false_alarm: float = 0.0,
        detection: float = 1.0,
    ) -> None:
        if not issues:
            raise GameError("a deal needs at least one issue")
        sides = issues[0].sides
        seen = tuple(issue.seen_by(sides) for issue in issues)
        given = [issue.name for issue in seen]
        for name in given:
            if given.count(name) > 1:
                raise GameError(f"two issues of the deal are named {name!r}; names must differ")
        for what, rate in (("false_alarm", false_alarm), ("detection", detection)):
            if not 0 <= rate <= 1:
                raise GameError(f"{what} is {rate}; it is a probability between 0 and 1")
        if detection < false_alarm:
            raise GameError(
                f"detection is {detection} and false_alarm {false_alarm}: a breach must be at least as likely to raise the alarm "
                "as its absence"
            )
        object.__setattr__(self, "issues", seen)
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "discount", _discount(discount, sides))
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "false_alarm", float(false_alarm))
        object.__setattr__(self, "detection", float(detection))

    def side_index(self, side: str) -> int:
        """Which side it is, 0 or 1. Raises ProfileError for an unknown one."""
        if side not in self.sides:
            raise ProfileError(f"the deal has no side {side!r}{did_you_mean(side, self.sides)}")
        return self.sides.index(side)

    def __repr__(self) -> str:
        what = ", ".join(issue.name for issue in self.issues)
        return f"<Bundle between {' and '.join(self.sides)}: {what}>"


@dataclass(frozen=True)
class Threat:
    """One side asks for a concession and threatens the other. Payoffs a period, by side, against any common origin.

    Attributes
    ----------
    threatener, target : the two sides
    demand, penalty : what is asked, and what is threatened, in words
    complied : payoffs if the target gives in
    status_quo : payoffs if it refuses and nothing happens
    carried_out : payoffs if it refuses and the threat is carried out
    discount : the threatener's discount factor
    title, source : what it is and where it comes from
    """

    threatener: str
    target: str
    demand: str
    penalty: str
    complied: Mapping[str, float]
    status_quo: Mapping[str, float]
    carried_out: Mapping[str, float]
    discount: float
    title: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.threatener == self.target:
            raise GameError(f"{self.threatener} cannot threaten itself; name another target")
        for what in ("complied", "status_quo", "carried_out"):
            given = getattr(self, what)
            if set(given) != {self.threatener, self.target} or not all(
                np.isfinite(v) for v in given.values()
            ):
                raise ProfileError(
                    f"{what} is {dict(given)!r}; it needs one finite payoff for each of {self.threatener} and {self.target}"
                )
        _discount(self.discount, (self.threatener, self.target))

    def game(self) -> NormalFormGame:
        """The plans of both as a normal form: what the threatener would do after a refusal, and whether the target refuses.

        Its Nash equilibria include ones held up by threats that nobody would carry out; `linkage.coercion` rules them out.
        """
        sides = (self.threatener, self.target)
        rows = [(self.complied, self.carried_out), (self.complied, self.status_quo)]
        payoffs = [[[cell[side] for side in sides] for cell in row] for row in rows]
        return NormalFormGame(
            payoffs, sides, (("carry it out", "back down"), ("comply", "refuse")), self.title or "A threat"
        )


def _discount(discount: float | Mapping[str, float], sides: tuple[str, str]) -> FloatArray:
    if isinstance(discount, Mapping):
        for side in discount:
            if side not in sides:
                raise ProfileError(f"discount names {side!r}, which is no side{did_you_mean(side, sides)}")
        for side in sides:
            if side not in discount:
                raise DiscountError(f"the discount factor of {side} is missing")
        factors = np.array([discount[side] for side in sides], dtype=np.float64)
    else:
        factors = np.full(2, discount, dtype=np.float64)
    for side, d in zip(sides, factors):
        if not 0 < d < 1:
            raise DiscountError(
                f"the discount factor of {side} is {d:g}; it must lie strictly between 0 and 1"
            )
    factors.setflags(write=False)
    return factors
