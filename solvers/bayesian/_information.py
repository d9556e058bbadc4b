"""What it is worth to know another's type, and what it costs all that types are not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.bayesian import BayesianGame
from games.normal_form import FloatArray
from games.words import the
from solvers.base.precision import refuse_rounding
from solvers.base.result import Result
from solvers.bayesian._find_all import find_all
from solvers.bayesian._results import BayesEquilibria, BayesEquilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CostOfDoubt", "InformationValue", "cost_of_doubt", "value_of_information"]


def _range(found: BayesEquilibria) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest ex ante payoff of each player over the equilibria; NaN where none was found.

    On a set of equilibria of two players payoffs are largest and smallest at corners, so corners are enough.
    """
    if not len(found):
        nothing = np.full(found.game.n_players, np.nan)
        return nothing, nothing
    table = np.array([e.payoffs for e in found])
    return table.min(axis=0), table.max(axis=0)


@dataclass(frozen=True, eq=False, repr=False)
class CostOfDoubt(Result):
    """The same game with types known and unknown.

    Where there are several equilibria the numbers are intervals: the lowest and highest expected payoff over all of them
    (with types known: over all choices of an equilibrium at each type profile).

    Attributes
    ----------
    game : BayesianGame
    known : array (N, 2), lowest and highest expected payoff with types known to all
    unknown : array (N, 2), the same with types unknown
    complete : True if all equilibria of all games were found
    """

    game: BayesianGame
    known: FloatArray
    unknown: FloatArray
    complete: bool

    @property
    def cost(self) -> FloatArray:
        """What doubt costs each player, lowest and highest, shape (N, 2); negative where a player gains by it."""
        return np.stack(
            [self.known[:, 0] - self.unknown[:, 1], self.known[:, 1] - self.unknown[:, 0]], axis=1
        )

    def summary(self) -> str:
        parts = []
        for player, (low, high) in zip(self.game.players, self.cost):
            parts.append(
                f"{the(player)} {low:.6g}"
                if np.isclose(low, high)
                else f"{the(player)} between {low:.6g} and {high:.6g}"
            )
        rest = "" if self.complete else " Not all equilibria were found, so the intervals may be wider."
        return f"What it costs in expected payoff that types are not known: {', '.join(parts)}.{rest}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: lowest and highest expected payoff with types known and unknown, and the cost of doubt."""
        import pandas as pd

        columns = ["known low", "known high", "unknown low", "unknown high", "cost low", "cost high"]
        table = np.concatenate([self.known, self.unknown, self.cost], axis=1)
        return pd.DataFrame(table, index=pd.Index(self.game.players, name="player"), columns=columns)


@checked
def cost_of_doubt(game: BayesianGame, *, time_limit: float | None = None) -> CostOfDoubt:
    """Compare a Bayesian game with the one in which all types are known before anybody acts.

    >>> from games import catalog
    >>> found = cost_of_doubt(catalog.trees.entry_deterrence())
    >>> found.known.tolist(), found.unknown.tolist()
    ([[0.625, 0.625], [0.375, 0.375]], [[0.25, 0.25], [0.0, 0.0]])
    """
    from solvers.nash import find_all as find_all_nash

    refuse_rounding(game)
    low, high = np.zeros(game.n_players), np.zeros(game.n_players)
    complete = True
    for _, weight, stage in game.type_profiles():
        found = find_all_nash(stage, time_limit=time_limit)
        complete = complete and found.complete
        table = np.array([e.payoffs for e in found])
        low += float(weight) * (table.min(axis=0) if len(table) else np.nan)
        high += float(weight) * (table.max(axis=0) if len(table) else np.nan)
    equilibria = find_all(game, time_limit=time_limit)
    unknown = np.stack(_range(equilibria), axis=1)
    return CostOfDoubt(game, np.stack([low, high], axis=1), unknown, complete and equilibria.complete)


@dataclass(frozen=True, eq=False, repr=False)
class InformationValue(Result):
    """What it is worth to a player to learn others' types before it acts.

    Attributes
    ----------
    game : BayesianGame
    informed : BayesianGame, the game in which the player knows, and all know that it does
    player : index of the player
    before, after : array (N, 2), lowest and highest ex ante payoffs over the equilibria of both games
    secret : for each equilibrium of `game` what the player would gain if it alone knew and nobody else could tell; never negative
    complete : True if all equilibria of both games were found
    """

    game: BayesianGame
    informed: BayesianGame
    player: int
    before: FloatArray
    after: FloatArray
    secret: FloatArray
    complete: bool

    @property
    def value(self) -> FloatArray:
        """What it is worth to each player that this one openly knows, lowest and highest, shape (N, 2); may be negative."""
        return np.stack([self.after[:, 0] - self.before[:, 1], self.after[:, 1] - self.before[:, 0]], axis=1)

    def summary(self) -> str:
        name = the(self.game.players[self.player])
        low, high = self.value[self.player]
        openly = f"{low:.6g}" if np.isclose(low, high) else f"between {low:.6g} and {high:.6g}"
        secretly = (
            f"{self.secret.min():.6g}"
            if np.isclose(self.secret.min(), self.secret.max())
            else f"between {self.secret.min():.6g} and {self.secret.max():.6g}"
        )
        rest = "" if self.complete else " Not all equilibria were found, so the intervals may be wider."
        return (
            f"Knowing the others' types is worth {openly} to {name} if all know that it knows, and {secretly} "
            f"if nobody does.{rest}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: payoffs before and after, lowest and highest, and the value."""
        import pandas as pd

        columns = ["before low", "before high", "after low", "after high", "value low", "value high"]
        table = np.concatenate([self.before, self.after, self.value], axis=1)
        return pd.DataFrame(table, index=pd.Index(self.game.players, name="player"), columns=columns)


@checked
def value_of_information(
    game: BayesianGame, player: str | int, about: str | int | None = None, *, time_limit: float | None = None
) -> InformationValue:
    """What it is worth to a player to learn another's type (or all types) before it acts.

    Open information may hurt the one who has it, since the others adapt to its having it; secret information never does.

    >>> from games import catalog
    >>> found = value_of_information(catalog.trees.entry_deterrence(), "Challenger")
    >>> found.value[0].tolist(), found.secret.tolist()
    ([0.375, 0.375], [0.375])
    """
    refuse_rounding(game)
    i = game.player_index(player)
    informed = game.inform(i, about)
    one, two = find_all(game, time_limit=time_limit), find_all(informed, time_limit=time_limit)
    secret = np.array([_secretly(game, informed, i, e) for e in one])
    return InformationValue(
        game,
        informed,
        i,
        np.stack(_range(one), axis=1),
        np.stack(_range(two), axis=1),
        secret,
        one.complete and two.complete,
    )


def _secretly(game: BayesianGame, informed: BayesianGame, i: int, e: BayesEquilibrium) -> float:
    """The gain of player i from answering the others' equilibrium strategies with full knowledge."""
    own = np.zeros((informed.n_types[i], informed.shape[i]))
    own[:, 0] = 1.0
    strategy = [own if j == i else s.astype(np.float64) for j, s in enumerate(e.strategy)]
    best = informed.action_values(strategy)[i].max(axis=1)
    return float((informed.marginal(i).astype(np.float64) * best).sum() - e.payoffs[i])
