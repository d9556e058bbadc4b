"""A deal tried under doubt: each power keeps it or breaks it at once, and nobody knows what the others will do.

The trial is a Bayesian game. If all keep the deal it goes on forever. A power that breaks it plays, for one period, what pays
its type best against the deal; from then on all compete. Payoffs are averages per period: a type with discount factor d
gets (1 - d) times that period and d times competition.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from games.arguments import checked
from games.bayesian import BayesianGame, TypeStrategy
from games.errors import DiscountError, GameError, MethodError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame, Profile
from games.words import listed, the
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING
from solvers.bayesian import BayesEquilibria, CostOfDoubt, cost_of_doubt, find_all

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KindRow", "PowerType", "Trial", "trial"]

KEEP, BREAK = 0, 1


@dataclass(frozen=True, eq=False)
class PowerType:
    """One way a power may be.

    Attributes
    ----------
    label : what it is called, such as `patient` or `war is cheap`
    probability : its prior probability; those of one power add up to 1
    deal : the stage game on the deal's map with this type's payoffs; only the power's own payoffs are read
    rivalry : the stage game in which competition is played after a breach
    discount : the type's discount factor, from 0 (only this period counts) to below 1
    """

    label: str
    probability: Any
    deal: NormalFormGame
    rivalry: NormalFormGame
    discount: float


@checked
@keeps_time("the trial", "take fewer types")
def trial(
    types: Mapping[str, Sequence[PowerType]],
    profile: Sequence[Any],
    competition: Sequence[Any],
    title: str = "",
    *,
    time_limit: float | None = None,
) -> Trial:
    """Try a deal among powers with unknown types.

    Parameters
    ----------
    types : for each power of the stage games, in order, its possible types; a power that all know has one
    profile : what the deal asks for, a pure profile of the stage games
    competition : what is played after a breach, a mixed profile of the stage games
    title : str, optional
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        If the powers are not those of the stage games, or probabilities do not add up to 1.
    DiscountError
        If a discount factor is not in [0, 1).

    Examples
    --------
    Two powers in a prisoner's dilemma; the second may be impatient. The deal is mutual cooperation.

    >>> from games import catalog
    >>> stage = catalog.prisoners_dilemma()
    >>> found = trial(
    ...     {
    ...         "Player 1": [PowerType("patient", 1, stage, stage, 0.8)],
    ...         "Player 2": [PowerType("patient", "3/4", stage, stage, 0.8), PowerType("rash", "1/4", stage, stage, 0.2)],
    ...     },
    ...     (0, 0),
    ...     (1, 1),
    ... )
    >>> found.holds, float(found.failure)
    (True, 0.25)
    >>> round(found.threshold("Player 2"), 6)
    0.142857
    """
    powers = tuple(types)
    for power, own in types.items():
        if not own:
            raise GameError(f"{power} has no type; give it at least one")
        for kind in own:
            for stage in (kind.deal, kind.rivalry):
                if stage.players != powers:
                    raise GameError(
                        f"the stage games of {power} are played by {', '.join(stage.players)}; "
                        f"the types are of {', '.join(powers)}"
                    )
            if not 0 <= kind.discount < 1:
                raise DiscountError(
                    f"the discount factor of {power} ({kind.label}) is {kind.discount}; it must be in [0, 1)"
                )
    first = next(iter(types.values()))[0]
    deal = first.deal.profile(profile)
    rivalry = first.rivalry.mixed(competition)
    n = len(powers)
    kinds = [list(own) for own in types.values()]
    counts = tuple(map(len, kinds))
    breach = [[_best_deviation(kind.deal, deal, i) for kind in own] for i, own in enumerate(kinds)]
    after = [[float(kind.rivalry.expected(rivalry)[i]) for kind in own] for i, own in enumerate(kinds)]
    payoffs = np.empty((*counts, *(2,) * n, n))
    for t in steps(product(*map(range, counts)), math.prod(counts), "profiles of types"):
        for actions in product((KEEP, BREAK), repeat=n):
            played = tuple(breach[i][t[i]] if a == BREAK else deal[i] for i, a in enumerate(actions))
            for i in range(n):
                kind = kinds[i][t[i]]
                now = kind.deal.payoffs[played][i]
                if any(actions):
                    now = (1 - kind.discount) * now + kind.discount * after[i][t[i]]
                payoffs[(*t, *actions, i)] = now
    game = BayesianGame.independent(
        [[kind.label for kind in own] for own in kinds],
        [[kind.probability for kind in own] for own in kinds],
        payoffs,
        powers,
        [("Keep", "Break")] * n,
        title,
    )
    return Trial(game, deal, rivalry, tuple(map(tuple, breach)), tuple(np.array(own) for own in after))


def _best_deviation(game: NormalFormGame, profile: Profile, i: int) -> int:
    """The action other than the deal's that pays a power best against the deal."""
    values = game.action_values(profile)[i].copy()
    values[profile[i]] = -np.inf
    return int(values.argmax())


class KindRow(NamedTuple):
    """A row of `Trial.to_frame`."""

    power: str
    type: str
    prior: float
    keeps_if_the_others_do: bool
    keeping_gains: float
    competition: float


@dataclass(frozen=True, eq=False, repr=False)
class Trial(Result):
    """A deal tried under doubt.

    Attributes
    ----------
    game : BayesianGame with the actions Keep and Break
    profile : what the deal asks for
    competition : what is played after a breach
    breach : for each power and type the action that it breaks the deal with
    after : for each power an array (types,), what competition gives each type
    """

    game: BayesianGame
    profile: Profile
    competition: MixedProfile
    breach: tuple[tuple[int, ...], ...]
    after: tuple[FloatArray, ...]

    @cached_property
    def reliable(self) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], ...]:
        """For each power and type: does it keep the deal if it is certain that all others keep it?"""
        gain = self._values(["Keep"] * self.game.n_players)
        return tuple(values[:, KEEP] >= values[:, BREAK] for values in gain)

    def _values(self, strategy: Sequence[Any]) -> tuple[FloatArray, ...]:
        floats = [own.astype(np.float64) for own in self.game.strategy(strategy)]
        return tuple(np.asarray(v, dtype=np.float64) for v in self.game.action_values(floats))

    @cached_property
    def trust(self) -> TypeStrategy:
        """The trusting strategies: reliable types keep the deal, the others break it."""
        return self.game.strategy([["Keep" if good else "Break" for good in own] for own in self.reliable])

    @cached_property
    def margins(self) -> tuple[FloatArray, ...]:
        """For each power and type what keeping gains over breaking if all others play the trusting strategies."""
        return tuple(values[:, KEEP] - values[:, BREAK] for values in self._values(self.trust))

    @property
    def holds(self) -> bool:
        """Are the trusting strategies an equilibrium: is the deal worth keeping for every reliable type, in
        spite of the doubt?"""
        units = np.maximum(self.game.ranges, np.finfo(np.float64).tiny) * ROUNDING
        return all(
            bool((m[good] >= -unit).all()) and bool((m[~good] <= unit).all())
            for m, good, unit in zip(self.margins, self.reliable, units)
        )

    @property
    def failure(self) -> float:
        """The probability that somebody breaks the deal at once if all play the trusting strategies."""
        whole = 1.0
        for i, good in enumerate(self.reliable):
            whole *= float(self.game.marginal(i)[good].sum())
        return 1.0 - whole

    @cached_property
    def equilibria(self) -> BayesEquilibria:
        """All Bayes-Nash equilibria of the trial; see `solvers.bayesian.find_all`."""
        return find_all(self.game)

    @cached_property
    def cost(self) -> CostOfDoubt:
        """What doubt costs each power: the trial with types known less the trial as it is, over all equilibria.

        That is also what a forum would be worth that made every type known before anybody acts.
        """
        return cost_of_doubt(self.game)

    @cached_property
    def price(self) -> FloatArray:
        """What doubt costs each power if all trust where they can: with types known less with types unknown, shape (N,).

        Known: at each type profile the deal is kept if all types there are reliable; otherwise all compete from the start.
        """
        total = np.zeros(self.game.n_players)
        for t, weight, stage in self.game.type_profiles():
            if all(good[k] for good, k in zip(self.reliable, t)):
                total += float(weight) * stage.payoffs[(KEEP,) * self.game.n_players]
            else:
                total += float(weight) * np.array([own[k] for own, k in zip(self.after, t)])
        return total - self.game.ex_ante(self.trust)

    def threshold(self, power: str | int) -> float:
        """From which probability that a power is reliable the deal is worth trying; above 1 if from none.

        The smallest probability at which every reliable type of the other powers gains by keeping and gets at least what
        competition gives it, all other doubts unchanged. Both grow linearly in it. MethodError if no type of
        the power is reliable or all are.
        """
        j = self.game.player_index(power)
        good = self.reliable[j]
        if good.all() or not good.any():
            what = "every type of it keeps" if good.all() else "no type of it keeps"
            raise MethodError(f"{the(self.game.players[j])} has no threshold: {what} the deal")
        slack = [self._slack(j, share) for share in (0.0, 1.0)]
        needed = 0.0
        for low, high in zip(*slack):
            if low >= 0 and high >= 0:
                continue
            if high <= low or high < 0:
                return float("inf")
            needed = max(needed, -low / (high - low))
        return needed

    def _slack(self, j: int, share: float) -> list[float]:
        """What each reliable type of the others gains by keeping, and over competition, if power j is reliable
        with this probability."""
        prior = self.game.marginal(j).astype(np.float64)
        good = self.reliable[j]
        weights = np.where(good, prior / prior[good].sum() * share, prior / prior[~good].sum() * (1 - share))
        values: list[float] = []
        for i in range(self.game.n_players):
            if i == j:
                continue
            for t in np.flatnonzero(self.reliable[i]):
                keep, rest = self._conditional(i, int(t), j, weights)
                values += [keep - rest, keep - float(self.after[i][t])]
        return values

    def _conditional(self, i: int, t: int, j: int, weights: FloatArray) -> tuple[float, float]:
        """Payoffs of a type from keeping and from breaking with other weights on power j's types."""
        n = self.game.n_players
        marginals = [self.game.marginal(k).astype(np.float64) for k in range(n)]
        marginals[j] = weights
        out = np.zeros(2)
        others = [k for k in range(n) if k != i]
        for types in product(*(range(self.game.n_types[k]) for k in others)):
            weight = float(np.prod([marginals[k][s] for k, s in zip(others, types)]))
            if not weight:
                continue
            full = [0] * n
            full[i] = t
            actions = [KEEP] * n
            for k, s in zip(others, types):
                full[k] = s
                actions[k] = KEEP if self.reliable[k][s] else BREAK
            for own in (KEEP, BREAK):
                actions[i] = own
                out[own] += weight * self.game.payoffs[(*full, *actions, i)]
        return float(out[KEEP]), float(out[BREAK])

    def hostage(self, power: str | int) -> pd.DataFrame:
        """What each type of a power would have to lose by breaking, a period, so that it keeps the deal if the others do.

        One row for each type: `hostage` is what breaking gains over keeping (0 for a reliable type). The column `worth` of each
        other power is what it gains, in the trusting strategies, if such a hostage makes every type of this power keep.
        """
        import pandas as pd

        j = self.game.player_index(power)
        values = self._values(["Keep"] * self.game.n_players)[j]
        needed = np.maximum(values[:, BREAK] - values[:, KEEP], 0.0)
        strategy = [own.astype(np.float64) for own in self.trust]
        before = self.game.ex_ante(strategy)
        strategy[j] = np.tile([1.0, 0.0], (self.game.n_types[j], 1))
        gain = self.game.ex_ante(strategy) - before
        rows = {"hostage": needed}
        rows |= {
            f"worth to {p}": np.full(len(needed), gain[i]) for i, p in enumerate(self.game.players) if i != j
        }
        return pd.DataFrame(rows, index=pd.Index(self.game.types[j], name="type"))

    def signal(self, power: str | int) -> tuple[float, float]:
        """Costs of a signal, a period, that only reliable types of a power would send to be trusted: (low, high).

        The others keep the deal after the signal and compete without it. A signal that costs at least `low` is then
        not worth it to any unreliable type; one that costs at most `high` is worth it to every reliable type. No
        signal separates if low > high.
        """
        j = self.game.player_index(power)
        good = self.reliable[j]
        if good.all() or not good.any():
            raise MethodError(
                f"{the(self.game.players[j])} has nothing to signal: its types do not differ in keeping the deal"
            )
        values = self._values(["Keep"] * self.game.n_players)[j]
        gain = np.where(good, values[:, KEEP], values[:, BREAK]) - self.after[j]
        return max(0.0, float(gain[~good].max())), float(gain[good].min())

    def summary(self) -> str:
        players = self.game.players
        never = [p for p, good in zip(players, self.reliable) if not good.any()]
        doubtful = [p for p, good in zip(players, self.reliable) if good.any() and not good.all()]
        if never:
            breakers = listed([the(p) for p in never])
            return f"The deal fails whatever the doubt: {breakers} would break it even if all others kept it."
        if not doubtful:
            return "Every type keeps the deal if the others do: the doubt does not matter."
        verdict = (
            "the deal is worth trying: every reliable type gains by keeping it"
            if self.holds
            else "the deal is not worth trying: some reliable type would rather break it first"
        )
        return (
            f"With doubt about {listed([the(p) for p in doubtful])}, {verdict}. "
            f"It fails at once with probability {self.failure:.3g} if "
            "the reliable keep it."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each power and type: prior, whether it is reliable, what keeping gains under doubt, competition."""
        import pandas as pd

        rows = [
            (power, label, float(p), bool(good), float(margin), float(after))
            for i, power in enumerate(self.game.players)
            for label, p, good, margin, after in zip(
                self.game.types[i], self.game.marginal(i), self.reliable[i], self.margins[i], self.after[i]
            )
        ]
        columns = ["power", "type", "prior", "keeps if the others do", "keeping gains", "competition"]
        return pd.DataFrame(rows, columns=columns)
