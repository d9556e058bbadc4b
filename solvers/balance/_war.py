"""War as the alternative to a division among many: what coalitions could take, and whether any division satisfies them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame, war
from games.errors import MethodError
from games.normal_form import FloatArray
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.cooperative import Membership, core, core_membership

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WarRange", "division", "war_range"]


@dataclass(frozen=True, eq=False, repr=False)
class WarRange(Result):
    """The divisions that all powers, and all coalitions of them, prefer to war.

    Attributes
    ----------
    game : the war game: what each coalition would have from fighting all others
    threats : `coalitions`, or `single powers` where only wars of one against all were considered
    empty : no division satisfies all of them
    point : array (N,), a division that satisfies all, or None
    low, high : arrays (N,), the least and most of each power over all such divisions, or None
    balanced : for an empty range, the proof: coalitions and weights under which every power's weights add up to 1 and the
        coalitions together have more from war than the whole prize
    missing : what the prize would have to be larger for the range not to be empty
    """

    game: CoalitionalGame
    threats: str
    empty: bool
    point: FloatArray | None
    low: FloatArray | None
    high: FloatArray | None
    balanced: tuple[tuple[int, Fraction], ...]
    missing: float

    def summary(self) -> str:
        if self.empty:
            wars = ", ".join(f"{self.game.label(s)} (weight {w})" for s, w in self.balanced)
            return (
                f"The bargaining range is empty: no division satisfies {wars}, who together could take "
                f"{self.missing:.6g} more by war than there is to divide. Needs a common unit."
            )
        assert self.low is not None
        assert self.high is not None
        ranges = ", ".join(
            f"{p} {a:.6g} to {b:.6g}" for p, a, b in zip(self.game.players, self.low, self.high)
        )
        return f"There are divisions that all {self.threats} prefer to war: {ranges}. Needs a common unit."

    def to_frame(self) -> pd.DataFrame:
        """One row for each power: what it has from war against all, its least and most over the range, one division."""
        import pandas as pd

        nothing = np.full(self.game.n_players, np.nan)
        return pd.DataFrame(
            {
                "war alone": self.game.values[self.game.singletons],
                "least": nothing if self.low is None else self.low,
                "most": nothing if self.high is None else self.high,
                "a division": nothing if self.point is None else self.point,
            },
            index=pd.Index(self.game.players, name="power"),
        )


@checked
@keeps_time("the bargaining range", "take threats of single powers")
def war_range(
    capabilities: Mapping[str, float | Fraction],
    *,
    prize: float | Fraction = 1,
    decisiveness: float = 1.0,
    costs: Mapping[str, float | Fraction] | float | Fraction = 0,
    opposition: str = "united",
    threats: str = "coalitions",
    time_limit: float | None = None,
) -> WarRange:
    """The bargaining range among N powers, and whether it is empty.

    For two powers this is Fearon's range (1995). With three and more a range may be empty although war is costly, for
    several coalitions may each be able to take most of the prize (Jordan 2015, *A Bargain Might Not Exist*).

    Parameters
    ----------
    capabilities, prize, decisiveness, costs, opposition : as in `games.coalitional.war`
    threats : `coalitions` for wars of any coalition against all others, `single powers` for one against all only
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For capabilities or costs that do not make a war game.
    MethodError
        For another word in `threats` or `opposition`.
    SizeError
        For more than 20 powers.

    Examples
    --------
    Where the larger half of all capability takes everything, any two of these three can.

    >>> found = war_range({"A": 0.45, "B": 0.33, "C": 0.22}, decisiveness=float("inf"))
    >>> found.empty, found.missing
    (True, 0.5)

    Where chances are in proportion to capabilities, costs leave room.

    >>> found = war_range({"A": 0.45, "B": 0.33, "C": 0.22}, costs=Fraction(1, 20))
    >>> found.empty, found.low.round(3).tolist()
    (False, [0.4, 0.28, 0.17])
    """
    if threats not in ("coalitions", "single powers"):
        raise MethodError(f"threats is {threats!r}; it is 'coalitions' or 'single powers'")
    game = war(capabilities, prize=prize, decisiveness=decisiveness, costs=costs, opposition=opposition)
    if threats == "coalitions":
        checkpoint()
        found = core(game)
        return WarRange(
            game, threats, found.empty, found.point, found.low, found.high, found.balanced, found.missing
        )
    alone = [game.exact[1 << i] for i in range(game.n_players)]
    spare = game.exact[-1] - sum(alone, Fraction(0))
    if spare < -Fraction(game.rounding):
        balanced = tuple((1 << i, Fraction(1)) for i in range(game.n_players))
        return WarRange(game, threats, True, None, None, None, balanced, -float(spare))
    low = np.array([float(a) for a in alone])
    return WarRange(
        game, threats, False, low + float(spare) / game.n_players, low, low + float(spare), (), 0.0
    )


@checked
@keeps_time("the check of the division", "take fewer powers")
def division(
    capabilities: Mapping[str, float | Fraction],
    shares: Mapping[str, float | Fraction],
    *,
    prize: float | Fraction = 1,
    decisiveness: float = 1.0,
    costs: Mapping[str, float | Fraction] | float | Fraction = 0,
    opposition: str = "united",
    time_limit: float | None = None,
) -> Membership:
    """Does a given division of the prize satisfy every coalition, and if not, which one would rather fight?

    Parameters
    ----------
    capabilities, prize, decisiveness, costs, opposition : as in `games.coalitional.war`
    shares : power -> what it gets, in units of the prize
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError, ProfileError
        For a war game or a division that does not fit.

    Examples
    --------
    >>> powers = {"A": 45, "B": 33, "C": 22}
    >>> found = division(powers, {"A": Fraction(1, 2), "B": Fraction(3, 10), "C": Fraction(1, 5)})
    >>> found.in_core, found.objections[0]
    (False, (('B', 'C'), Fraction(1, 20)))
    """
    game = war(capabilities, prize=prize, decisiveness=decisiveness, costs=costs, opposition=opposition)
    return core_membership(game, shares)
