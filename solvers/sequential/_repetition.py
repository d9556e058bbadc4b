"""A game repeated finitely often: all payoffs of pure subgame perfect equilibria, backwards from the last period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

from games.arguments import instance
from games.errors import DiscountError, GameError, SizeError
from games.exact import exactly, finite
from games.normal_form import NormalFormGame, Profile
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time, reached
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FiniteRepetition", "repeat"]

Value = tuple[Fraction, ...]

_MAX_VALUES = 200_000
# Paths are kept whole, so that time grows with the square of the periods: a second or two at this limit with one equilibrium.
_MAX_PERIODS = 10_000
# The time is looked at once in so many payoff vectors, less one: some milliseconds.
_OFTEN = 2**10 - 1


@dataclass(frozen=True, eq=False, repr=False)
class FiniteRepetition(Result):
    """All payoffs that pure subgame perfect equilibria of a finitely repeated game have, exactly.

    Attributes
    ----------
    game : NormalFormGame
    periods : int
    discount : weight of the next period against this one
    values : the payoff vectors, each player's sum over all periods discounted to the first, in order
    paths : for each of them one equilibrium path, a profile of actions for each period
    """

    game: NormalFormGame
    periods: int
    discount: Fraction
    values: tuple[Value, ...]
    paths: tuple[tuple[Profile, ...], ...]

    _rows_shown: ClassVar[int | None] = 30

    @property
    def average(self) -> tuple[Value, ...]:
        """The payoff vectors a period: divided by the sum of the weights."""
        weight = sum((self.discount**t for t in range(self.periods)), Fraction(0))
        return tuple(tuple(x / weight for x in value) for value in self.values)

    def path(self, value: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
        """Labels of one equilibrium path with this payoff vector. GameError if no equilibrium has it."""
        wanted = tuple(finite(x, "a payoff") for x in value)
        if wanted not in self.values:
            raise GameError(f"no pure subgame perfect equilibrium pays {', '.join(map(str, wanted))}")
        return tuple(self.game.labels(profile) for profile in self.paths[self.values.index(wanted)])

    def summary(self) -> str:
        if not self.values:
            return (
                "No subgame perfect equilibrium in pure strategies: the game itself has none to end with. Equilibria in mixed "
                "strategies exist and are not searched for."
            )
        number = len(self.values)
        what = "one payoff vector" if number == 1 else f"{number:,} payoff vectors"
        return (
            f"Pure subgame perfect equilibria of {counted(self.periods, 'period')} (discount {self.discount}) "
            f"have {what}: all of them, "
            "with all past actions seen and without public lotteries."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each payoff vector: the payoffs and one equilibrium path."""
        import pandas as pd

        rows = [
            [*map(float, value), " → ".join("/".join(self.game.labels(a)) for a in path)]
            for value, path in zip(self.values, self.paths)
        ]
        return pd.DataFrame(rows, columns=[*(f"payoff of {p}" for p in self.game.players), "path"])


@keeps_time("the list of payoffs", "take fewer periods")
def repeat(
    game: NormalFormGame, periods: int, discount: Any = 1, *, time_limit: float | None = None
) -> FiniteRepetition:
    """All payoffs of pure subgame perfect equilibria of a finitely repeated game (Benoît and Krishna 1985).

    In the last period an equilibrium of the game is played. Before that a profile can be played if no player gains by
    deviating, when its deviation is followed by the equilibrium of the rest that is worst for it.

    Parameters
    ----------
    game : NormalFormGame
    periods : int, at least 1
    discount : weight of the next period against this one, above 0 and at most 1; fractions and strings stay exact
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        If there is no period.
    DiscountError
        If the discount factor is not in (0, 1].
    SizeError
        If there are more than 10,000 periods or 200,000 payoff vectors.

    Examples
    --------
    With two equilibria that both prefer differently, cooperation lasts until the end draws near (Benoît and Krishna):

    >>> pd = NormalFormGame.from_bimatrix([[4, 0, 0], [5, 1, 0], [0, 0, 3]], [[4, 5, 0], [0, 1, 0], [0, 0, 3]])
    >>> found = repeat(pd, 2)
    >>> [tuple(map(int, v)) for v in found.values]
    [(2, 2), (3, 8), (4, 4), (6, 6), (7, 7), (8, 3)]
    >>> found.path((7, 7))
    (('1', '1'), ('3', '3'))
    """
    instance(game, NormalFormGame, "game")
    if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
        raise GameError(f"periods is {periods!r}; a repeated game has a whole number of periods, at least 1")
    if periods > _MAX_PERIODS:
        raise SizeError(
            f"so many periods are too many to count back: at most {_MAX_PERIODS:,}; solvers.repeated.payoff_set brackets the "
            "payoffs of endless repetition"
        )
    try:
        weight = exactly(repr(discount) if isinstance(discount, float) else discount)
    except (TypeError, ValueError, OverflowError):
        raise DiscountError(
            f"the discount factor is {discount!r}; it is a number above 0 and at most 1"
        ) from None
    if not 0 < weight <= 1:
        raise DiscountError(
            f"the discount factor is {discount}; over finitely many periods it is above 0 and at most 1"
        )
    n = game.n_players
    payoffs: dict[Profile, Value] = {a: tuple(game.exact[a]) for a in product(*map(range, game.shape))}
    # What the best deviation of each player pays against a profile.
    tempting: dict[Profile, Value] = {
        a: tuple(max(payoffs[(*a[:i], b, *a[i + 1 :])][i] for b in range(game.shape[i])) for i in range(n))
        for a in payoffs
    }
    values: dict[Value, tuple[Profile, ...]] = {}
    for a in payoffs:
        if payoffs[a] == tempting[a]:
            values.setdefault(payoffs[a], (a,))
    for done in range(1, periods):
        reached(f"{done:,} of {counted(periods, 'period')} had {counted(len(values), 'payoff vector')}")
        worst = [min((v[i] for v in values), default=Fraction(0)) for i in range(n)]
        longer: dict[Value, tuple[Profile, ...]] = {}
        for a, own in payoffs.items():
            needed = [(tempting[a][i] - own[i]) / weight + worst[i] for i in range(n)]
            for k, (value, path) in enumerate(values.items()):
                if not k & _OFTEN:
                    checkpoint()
                if all(value[i] >= needed[i] for i in range(n)):
                    longer.setdefault(tuple(own[i] + weight * value[i] for i in range(n)), (a, *path))
            if len(longer) > _MAX_VALUES:
                raise SizeError(
                    f"more than {_MAX_VALUES:,} payoff vectors; solvers.repeated.payoff_set brackets those of endless repetition"
                )
        values = longer
    order = sorted(values)
    return FiniteRepetition(game, periods, weight, tuple(order), tuple(values[v] for v in order))
