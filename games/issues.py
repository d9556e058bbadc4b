"""What two sides bargain over: issues, bundles of issues, and threats.

An *issue* is a small game of two sides, written as a list of options. The first option is the breakdown: no agreement on this
issue, an equilibrium of it. Every other option says what each side gets while both keep to it, and what each would gain
in the period in which it alone breaks it. A *bundle* is several issues with the sides' discount factors; `solvers.linkage` says
which of its swaps hold. A *threat* is the other way to a concession: the side that makes it must want to carry it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from games.arguments import instance, number, numbers, table
from games.errors import DiscountError, GameError, ProfileError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["Bundle", "Issue", "Threat"]


@dataclass(frozen=True, eq=False)
class Issue:
    """Something on which two sides can agree or not. Made by `concession`, `mutual` or `from_game`.

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
        if not isinstance(self.name, str):
            raise GameError(f"the name of an issue must be a text; got {self.name!r}")
        if len(self.options) < 2 or len(set(self.options)) != len(self.options):
            raise GameError(
                f"{self.name}: an issue has a breakdown and at least one other option, all with different labels; "
                f"got {self.options!r}"
            )
        for what in ("agreed", "gain"):
            array = np.array(numbers(getattr(self, what), f"{self.name}: {what}"))
            if array.shape != (len(self.options), 2) or not np.isfinite(array).all():
                raise GameError(
                    f"{self.name}: {what} has shape {array.shape}; it needs a finite number for each of "
                    f"{len(self.options)} options and 2 sides"
                )
            array.setflags(write=False)
            object.__setattr__(self, what, array)
        if (self.gain < 0).any() or self.gain[0].any():
            raise GameError(
                f"{self.name}: gains from breaking an option must be at least 0, and 0 at the breakdown"
            )

    @classmethod
    def concession(cls, name: str, by: str, to: str, cost: float, value: float) -> Issue:
        """A concession that one side makes to the other: it costs the first `cost` a period and is worth `value` to the second.

        Alone it never holds if it costs anything, because the side that makes it gets nothing in return.

        >>> Issue.concession("leave the base", by="A", to="B", cost=1, value=3).agreed
        array([[ 0., 0.], [-1., 3.]])
        """
        cost = number(cost, f"{name}: cost is a finite number")
        value = number(value, f"{name}: value is a finite number")
        instance(name, str, "the name of an issue")
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
        """An issue on which both sides restrain themselves or neither does, from three payoffs for each side.

        `cooperate` is what a side gets while both do, `defect` in the period in which it alone does not, `breakdown` while
        neither does (an equilibrium: then neither side gains by restraint alone).

        >>> Issue.mutual("arms", {"A": 3, "B": 3}, {"A": 5, "B": 5}, {"A": 1, "B": 1}).gain
        array([[0., 0.], [2., 2.]])
        """
        instance(name, str, "the name of an issue")
        sides = tuple(table(cooperate, f"{name}: cooperate", ProfileError))
        if len(sides) != 2:
            raise ProfileError(f"{name}: cooperate names {len(sides)} sides; an issue is between two")
        for what, payoffs in (("defect", defect), ("breakdown", breakdown)):
            if set(table(payoffs, f"{name}: {what}", ProfileError)) != set(sides):
                raise ProfileError(
                    f"{name}: {what} names {', '.join(payoffs)}; it needs {' and '.join(sides)}, as in cooperate"
                )
        restrained, tempted, none = (
            numbers([payoffs[s] for s in sides], f"{name}: payoffs")
            for payoffs in (cooperate, defect, breakdown)
        )
        gain = np.maximum(tempted - restrained, 0.0)
        return cls(
            name,
            (sides[0], sides[1]),
            ("no agreement", name),
            np.array([none, restrained]),
            np.array([0 * gain, gain]),
        )

    @classmethod
    def from_game(
        cls, name: str, game: NormalFormGame, breakdown: Sequence[Any] | npt.ArrayLike | None = None
    ) -> Issue:
        """An issue that is a game of two players: every profile of actions except the breakdown is an option.

        Parameters
        ----------
        name : str
        game : NormalFormGame of two players, whose names are the sides
        breakdown : a profile that is a pure Nash equilibrium; by default the only one

        Raises
        ------
        GameError
            If the game does not have two players, the breakdown is not an equilibrium, or it is not named and the game has
            no pure equilibrium or several.

        Examples
        --------
        >>> from games import catalog
        >>> Issue.from_game("arms", catalog.prisoners_dilemma()).options
        ('Defect / Defect', 'Cooperate / Cooperate', 'Cooperate / Defect', 'Defect / Cooperate')
        """
        if instance(game, NormalFormGame, f"{name}: the game").n_players != 2:
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
                    f"{name}: the breakdown must be a pure Nash equilibrium, and the game does not have exactly one ({found}); "
                    "name it with breakdown="
                )
            start = stable[0]
        else:
            start = tuple(game.profile(breakdown))  # type: ignore[arg-type]
            if start not in stable:
                raise GameError(
                    f"{name}: the breakdown {' / '.join(game.labels(start))} is not a Nash equilibrium, so it "
                    "would not be played; choose one of "
                    + ", ".join(" / ".join(game.labels(c)) for c in stable)
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
                    f"{self.name} is between {' and '.join(self.sides)}; {side!r} is not one of them"
                    f"{did_you_mean(side, self.sides)}"
                )
        order = [self.sides.index(side) for side in sides]
        first, second = sides
        return Issue(self.name, (first, second), self.options, self.agreed[:, order], self.gain[:, order])


@dataclass(frozen=True, eq=False, init=False)
class Bundle:
    """Several issues between two sides that meet again every period, agreed on or broken together.

    Parameters
    ----------
    issues : one or more issues, all between the same two sides
    discount : one discount factor, or one for each side by name, strictly between 0 and 1
    title, source : what it is and where it comes from
    unit : the unit of the payoffs; side payments make sense only if both sides share it
    false_alarm, detection : probabilities a period of an alarm (public, and ending the bundle) if both keep to it,
        and if one breaks it

    Raises
    ------
    GameError, ProfileError, DiscountError
        For no issue at all, two with the same name, issues between other sides, an impossible discount factor or rate.

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
        if not isinstance(issues, Sequence) or not issues:
            raise GameError("a bundle needs at least one issue")
        for issue in issues:
            instance(issue, Issue, "each entry of a bundle")
        sides = issues[0].sides
        seen = tuple(issue.seen_by(sides) for issue in issues)
        names = [issue.name for issue in seen]
        for name in names:
            if names.count(name) > 1:
                raise GameError(f"two issues of the bundle are named {name!r}; names must be distinct")
        for what, rate in (("false_alarm", false_alarm), ("detection", detection)):
            number(rate, f"{what} is a probability between 0 and 1", least=0.0, most=1.0)
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
            raise ProfileError(f"the bundle has no side {side!r}{did_you_mean(side, self.sides)}")
        return self.sides.index(side)

    def __repr__(self) -> str:
        what = ", ".join(issue.name for issue in self.issues)
        return f"<Bundle between {' and '.join(self.sides)}: {what}>"


@dataclass(frozen=True)
class Threat:
    """One side demands a concession and threatens the other. Payoffs are per period, by side, from any common origin.

    Attributes
    ----------
    threatener, target : the two sides
    demand, penalty : what is demanded, and what is threatened, in words
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
            payoffs = table(getattr(self, what), what, ProfileError)
            if set(payoffs) != {self.threatener, self.target} or not (
                np.isfinite(numbers(list(payoffs.values()), what, ProfileError)).all()
            ):
                raise ProfileError(
                    f"{what} is {dict(payoffs)!r}; it needs one finite payoff for each of {self.threatener} and {self.target}"
                )
        _discount(self.discount, (self.threatener, self.target))

    def game(self) -> NormalFormGame:
        """The plans of both sides as a normal form: what the threatener would do after a refusal, and whether the target refuses.

        Its Nash equilibria include some that rest on threats that would not be carried out; `linkage.coercion` rules them out.
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
                raise ProfileError(f"discount names {side!r}, which is not a side{did_you_mean(side, sides)}")
        for side in sides:
            if side not in discount:
                raise DiscountError(f"the discount factor of {side} is missing")
        factors = np.array(numbers([discount[side] for side in sides], "discount", DiscountError))
    else:
        factor = number(
            discount,
            "the discount factor must lie strictly between 0 and 1",
            DiscountError,
            finite=False,
        )
        factors = np.full(2, factor)
    for side, d in zip(sides, factors):
        if not 0 < d < 1:
            raise DiscountError(
                f"the discount factor of {side} is {d:g}; it must lie strictly between 0 and 1"
            )
    factors.setflags(write=False)
    return factors
